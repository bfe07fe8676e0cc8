"""An SVG as the renderer may have it: checked, and with whole pixels for its size.

In: the bytes of a document, and pixels per point. Out: the same document, whose root says the size of the picture and
shows what fits into it. Rule: nothing in it may reach outside of it (files, addresses) or blow up (entities), and a
point is exactly `scale` pixels: what a size that is no whole number has too much is cut off, never squeezed in.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple
from xml.parsers import expat

from exfig_rx.vector.limits import excess

DEFAULT_SIZE: Final = 24.0
"""Points, for an SVG that has neither size nor viewBox; as for vector formats."""

_SVG: Final = "http://www.w3.org/2000/svg"
_ENCODING: Final = "utf-8"
"""The renderer reads UTF-8 whatever the document says of itself, so its guards do, too."""

_FRAME: Final = frozenset({b"width", b"height", b"viewBox", b"preserveAspectRatio"})
_PLACE: Final = frozenset({b"x", b"y", b"width", b"height", b"viewBox"})
_ATTRIBUTE: Final = re.compile(rb"""\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")
_LENGTH: Final = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(px|pt|pc|mm|cm|in)?\s*")
_PIXELS: Final = {None: 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_INSIDE: Final = re.compile(r"\s*(#|data:[^,#]*,|$)", re.IGNORECASE)

_SLACK: Final = 1e-6
"""Pixels: what a product of two floats may lack of a whole number."""


class Undrawable(Exception):
    """A picture that can't be made: a stable code, what is wrong, and what to do."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Framed(NamedTuple):
    """A document that draws exactly `width` x `height` pixels."""

    text: str
    width: int
    height: int


class View(NamedTuple):
    """A part of the plane, in user units."""

    left: float
    top: float
    across: float
    down: float


def framed(content: bytes, scale: float) -> Framed:
    """`content` with its size in points times `scale` in pixels, cut to whole ones, at least one.

    Raises Undrawable for what is no SVG, declares entities, refers to anything outside of itself, or is too much.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    root = _Root()
    what = excess(content, _ENCODING)
    if what:
        raise Undrawable("raster.too-large", f"can't be drawn: {what}", "Simplify it in Figma.")
    root.read(content)
    width, height, view, fitted = _frame(root.attributes)
    across, down = (max(1, int(points * scale + _SLACK)) for points in (width, height))
    shown = View(fitted.left, fitted.top, fitted.across * across / scale / width, fitted.down * down / scale / height)
    head, name = content[: root.start], root.name.encode()
    if b"%" in content and _numbers(shown[2:]) != _numbers(view[2:]):
        # percentages are of what the root shows, so that stays as it is, inside of a root of whole pixels
        outer = _sized(across, down, View(0.0, 0.0, across / scale, down / scale))
        kept, rest = _without(content, root.start + 1 + len(name), _PLACE)
        kept += f' width="{width:.9g}" height="{height:.9g}" viewBox="{_numbers(view)}"'.encode()
        parts = [head, f'<svg xmlns="{_SVG}"{outer}>'.encode(), b"<", name, kept, rest, b"</svg>"]
    else:
        kept, rest = _without(content, root.start + 1 + len(name), _FRAME)
        sized = _sized(across, down, shown) + ' preserveAspectRatio="none"'
        parts = [head, b"<", name, kept, sized.encode(), rest]
    try:
        return Framed(b"".join(parts).decode(), across, down)
    except UnicodeDecodeError as error:
        raise _broken(f"byte {error.start} is not UTF-8") from None


def _sized(width: int, height: int, view: View) -> str:
    """The attributes of a root that is as many pixels large and shows `view`."""
    return f' width="{width}" height="{height}" viewBox="{_numbers(view)}"'


def _without(content: bytes, start: int, names: frozenset[bytes]) -> tuple[bytes, bytes]:
    """The attributes that stand at `start` but for those with these names, and all that follows them."""
    kept = []
    while attribute := _ATTRIBUTE.match(content, start):
        if attribute[1] not in names:
            kept.append(attribute[0])
        start = attribute.end()
    return b"".join(kept), content[start:]


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{value:.9g}" for value in values)


class _Root:
    """Reads a whole document, and keeps where its root starts, what it is called, and its attributes."""

    def __init__(self) -> None:
        self.start = -1
        self.name = ""
        self.attributes: dict[str, str] = {}
        self._parser = expat.ParserCreate(_ENCODING)
        self._parser.StartElementHandler = self._element
        self._parser.EntityDeclHandler = _no_entities

    def read(self, content: bytes) -> None:
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            raise _broken(f"line {error.lineno}, column {error.offset + 1}: {expat.ErrorString(error.code)}") from None

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if self.start < 0:
            if tag != "svg":
                raise _broken("its root is not <svg>")
            self.start = self._parser.CurrentByteIndex
            self.name = name
            self.attributes = attributes
        for key, value in attributes.items():
            # by local name, whatever its prefix: the renderer's idea of namespaces may differ from ours
            if key.rpartition(":")[2] == "href" and tag != "a" and not _INSIDE.match(value):
                raise Undrawable(
                    "raster.outside",
                    f"can't be drawn: its <{tag[:40]}> refers to {value[:80]!r}, outside of the picture",
                    "Embed it in Figma; pictures never read files or addresses.",
                )


def _no_entities(name: str, *_: object) -> None:
    raise Undrawable("raster.broken", f"can't be drawn: it declares the entity {name[:40]!r}", _AGAIN)


_AGAIN: Final = "Export it from Figma again."


def _broken(what: str) -> Undrawable:
    return Undrawable("raster.broken", f"not a usable SVG: {what}", _AGAIN)


def _frame(attributes: dict[str, str]) -> tuple[float, float, View, View]:
    """Width and height in points, what percentages are of, and what fills the size, stretched if of another shape."""
    width, height = _points(attributes.get("width")), _points(attributes.get("height"))
    box = _view(attributes.get("viewBox", ""))
    if box is None:
        width, height = width or height or DEFAULT_SIZE, height or width or DEFAULT_SIZE
        view = View(0.0, 0.0, width, height)
        return width, height, view, view
    if width is None and height is None:
        width, height = box.across, box.down
    elif width is None or height is None:
        width, height = width or (height or 0) / box.down * box.across, height or (width or 0) / box.across * box.down
    return width, height, box, _fitted(box, width, height, attributes.get("preserveAspectRatio", "").split())


def _fitted(box: View, width: float, height: float, how: list[str]) -> View:
    """What shows of the plane (https://www.w3.org/TR/SVG11/coords.html#PreserveAspectRatioAttribute)."""
    align = how[0] if how else "xMidYMid"
    if align == "none":
        return box
    choose = max if how[1:2] == ["slice"] else min
    zoom = choose(width / box.across, height / box.down)
    across, down = width / zoom, height / zoom
    shares = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
    return View(
        box.left - (across - box.across) * shares.get(align[1:4], 0.5),
        box.top - (down - box.down) * shares.get(align[5:8], 0.5),
        across,
        down,
    )


def _points(text: str | None) -> float | None:
    """A length in points; None where it is absent, relative, or nothing."""
    match = _LENGTH.fullmatch(text) if text is not None else None
    value = float(match[1]) * _PIXELS[match[2]] if match else 0.0
    return value if 0 < value < float("inf") else None


def _view(text: str) -> View | None:
    try:
        numbers = [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        return None
    if len(numbers) != 4 or not all(abs(number) < float("inf") for number in numbers):
        return None
    return View(*numbers) if numbers[2] > 0 and numbers[3] > 0 else None
