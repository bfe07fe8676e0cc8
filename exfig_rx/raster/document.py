"""An SVG as the renderer may have it: checked, and with whole pixels for its size.

In: the bytes of a document, and pixels per point. Out: the same document, whose root says the size of the picture and
shows what fits into it. Rule: nothing in it may reach outside of it (files, addresses) or blow up (entities), and a
point is exactly `scale` pixels: what a size that is no whole number has too much is cut off, never squeezed in.
"""

import re
from typing import Final, NamedTuple
from xml.parsers import expat

DEFAULT_SIZE: Final = 24.0
"""Points, for an SVG that has neither size nor viewBox; as for vector formats."""

_SIZE: Final = frozenset({b"width", b"height"})
_OURS: Final = _SIZE | {b"viewBox", b"preserveAspectRatio"}
_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_ATTRIBUTE: Final = re.compile(rb"""\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")
_LENGTH: Final = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(px|pt|pc|mm|cm|in)?\s*")
_PIXELS: Final = {None: 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_INSIDE: Final = re.compile(r"\s*(#|data:[^,#]*,|$)", re.IGNORECASE)

_MOST_DEPTH: Final = 512
"""Elements inside one another; the renderer recurses, and its stack ends beyond some thousands."""

_MOST_ATTRIBUTES: Final = 1_000
"""Of one element; the renderer takes quadratic time for them."""

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

    Raises Undrawable for what is no SVG, declares entities, or refers to anything outside of itself.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    root = _Root()
    root.read(content)
    width, height, view = _frame(root.attributes)
    across, down = (max(1, int(points * scale + _SLACK)) for points in (width, height))
    shown = View(view.left, view.top, view.across * across / scale / width, view.down * down / scale / height)
    start = root.tag_end(content)
    if b"%" in content[start:]:
        # Percentages are of the root's own box, which has to stay: it becomes an inner one.
        points = f"0 0 {across / scale:.9g} {down / scale:.9g}"
        size = f' width="{width:.9g}" height="{height:.9g}"'
        framing = f'<svg xmlns="{_NAMESPACE}" width="{across}" height="{down}" viewBox="{points}">'
        start_tag = framing.encode() + root.without(content, _SIZE) + size.encode()
        document = content[: root.start] + start_tag + content[start:] + b"</svg>"
    else:
        box = " ".join(f"{value:.9g}" for value in shown)
        frame = f' width="{across}" height="{down}" viewBox="{box}" preserveAspectRatio="none"'
        document = content[: root.start] + root.without(content, _OURS) + frame.encode() + content[start:]
    try:
        return Framed(document.decode(), across, down)
    except UnicodeDecodeError as error:
        raise _broken(f"byte {error.start} is not UTF-8") from None


class _Root:
    """Reads a whole document, and keeps where its root starts, what it is called, and its attributes."""

    def __init__(self) -> None:
        self.start = -1
        self.name = ""
        self.attributes: dict[str, str] = {}
        # the renderer reads UTF-8 whatever the document says of itself, so its guard does, too
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._element
        self._parser.EndElementHandler = self._end
        self._depth = 0
        self._parser.EntityDeclHandler = _no_entities

    def read(self, content: bytes) -> None:
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            raise _broken(f"line {error.lineno}, column {error.offset + 1}: {expat.ErrorString(error.code)}") from None

    def tag_end(self, content: bytes) -> int:
        """Where the attributes of the root end."""
        at = self._attributes_at
        while attribute := _ATTRIBUTE.match(content, at):
            at = attribute.end()
        return at

    def without(self, content: bytes, names: frozenset[bytes]) -> bytes:
        """The root's start tag without its end, and without some attributes."""
        at, kept = self._attributes_at, [content[self.start : self._attributes_at]]
        while attribute := _ATTRIBUTE.match(content, at):
            if attribute[1] not in names:
                kept.append(attribute[0])
            at = attribute.end()
        return b"".join(kept)

    @property
    def _attributes_at(self) -> int:
        return self.start + 1 + len(self.name.encode())

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MOST_DEPTH or len(attributes) > _MOST_ATTRIBUTES:
            raise Undrawable(
                "raster.too-large",
                f"can't be drawn: more than {_MOST_DEPTH} elements inside one another, or {_MOST_ATTRIBUTES} "
                "attributes on one",
                "Simplify it in Figma.",
            )
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


def _frame(attributes: dict[str, str]) -> tuple[float, float, View]:
    """Width and height in points, and the part of the plane that fills them, stretched if it has another shape."""
    width, height = _points(attributes.get("width")), _points(attributes.get("height"))
    box = _view(attributes.get("viewBox", ""))
    if box is None:
        width, height = width or height or DEFAULT_SIZE, height or width or DEFAULT_SIZE
        return width, height, View(0.0, 0.0, width, height)
    if width is None and height is None:
        width, height = box.across, box.down
    elif width is None or height is None:
        width, height = width or (height or 0) / box.down * box.across, height or (width or 0) / box.across * box.down
    return width, height, _fitted(box, width, height, attributes.get("preserveAspectRatio", "").split())


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
