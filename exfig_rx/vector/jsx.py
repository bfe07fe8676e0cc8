"""The inside of an SVG as JSX, for React components.

In: the bytes of an SVG, and the name of its component. Out: a viewBox and markup that React and TypeScript accept.
Rules: the markup of a plain icon stays byte for byte but for the names of attributes; ids get the component's name in
front, so that two icons of one page don't take one another's gradients; what the root says of its children is kept.
Names: https://react.dev/reference/react-dom/components/common
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from exfig_rx.errors import DesignError
from exfig_rx.model import Problem
from exfig_rx.vector import geometry, values
from exfig_rx.vector.cascade import INHERITED, declarations
from exfig_rx.vector.markup import Element, parse_markup

_TAG = re.compile(r"<(/?)([A-Za-z][\w]*)((?:\s+[A-Za-z][\w-]*=(?:\"[^\"<>{}&]*\"|'[^'<>{}&]*'))*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"([A-Za-z][\w-]*)(=(?:\"[^\"]*\"|'[^']*'))")
_URL = re.compile(r"""url\(\s*(['"]?)#([^'")]+)\1\s*\)""")
_NOT_PLAIN: Final = frozenset({"style", "id", "href", "mask-type", "mask", "clip-path", "filter"})
_LEFT_OUT: Final = frozenset({"title", "desc", "metadata", "script"})
_TEXT_TAGS: Final = frozenset({"text", "tspan", "textPath"})
_VENDORS: Final = ("webkit", "moz", "o", "ms")


@dataclass(frozen=True, slots=True)
class Jsx:
    """`view_box` as its four numbers; `body` without the `svg` element around it."""

    view_box: str
    body: str


def jsx(content: bytes, name: str) -> Jsx:
    """The JSX of an SVG. Raises DesignError for bytes that are none, or that have no size."""
    root = parse_markup(content)
    view_box = _view_box(root)
    inherited = {key: text for key, text in root.attributes.items() if key in INHERITED and (key, text) != _NO_FILL}
    plain = _plain_body(content.decode("utf-8-sig", errors="replace")) if not inherited else None
    if plain is not None:
        return Jsx(view_box, plain)
    writer = _Writer({id_: f"{name}-{id_}" for id_ in _ids(root)})
    lines = [line for child in root.children for line in writer.element(child)]
    if inherited:
        opening = "".join(f" {writer.attribute(key, text)}" for key, text in inherited.items())
        lines = [f"<g{opening}>", *lines, "</g>"]
    return Jsx(view_box, "\n".join(lines))


_NO_FILL: Final = ("fill", "none")
"""What Figma writes on each root, and what the component says, too."""


def react_name(name: str) -> str:
    """An attribute as React calls it: `stroke-width` is `strokeWidth`, `class` is `className`."""
    if name.startswith(("aria-", "data-")):
        return name
    if name == "class":
        return "className"
    first, *rest = re.split(r"[-:]", name)
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _view_box(root: Element) -> str:
    text = root.attributes.get("viewBox")
    if text is not None and len(geometry.numbers(text)) == 4:
        return text.strip()
    sizes = [values.length(root.attributes.get(name, "")) for name in ("width", "height")]
    if any(
        size is None or size <= 0 or root.attributes[name].endswith("%")
        for name, size in zip(("width", "height"), sizes, strict=True)
    ):
        raise DesignError(
            Problem("vector.no-size", "the SVG has neither a viewBox nor a size", "Export it from Figma again.")
        )
    return f"0 0 {' '.join(geometry.number(size or 0) for size in sizes)}"


def _plain_body(text: str) -> str | None:
    """The markup inside the root with React's names, if that is all it needs; else None."""
    start = text.find(">", text.find("<svg"))
    end = text.rfind("</svg>")
    if start < 0 or end < start or text[: text.find("<svg")].strip().removeprefix("\ufeff"):
        return None
    inner = text[start + 1 : end].strip()
    at = 0
    for match in _TAG.finditer(inner):
        if inner[at : match.start()].strip() or match[2] in _LEFT_OUT | {"style"}:
            return None
        if any(name in _NOT_PLAIN for name, _ in _ATTRIBUTE.findall(match[3])):
            return None
        at = match.end()
    if inner[at:].strip() or "url(" in inner:
        return None
    return _TAG.sub(_renamed, inner)


def _renamed(match: re.Match[str]) -> str:
    attributes = _ATTRIBUTE.sub(lambda one: react_name(one[1]) + one[2], match[3])
    return match[0].replace(match[3], attributes, 1) if match[3] else match[0]


def _ids(root: Element) -> Iterator[str]:
    for element in root.everything():
        if id_ := element.attributes.get("id"):
            yield id_


class _Writer:
    """Writes elements as lines; `ids` are the new names of ids."""

    def __init__(self, ids: dict[str, str]) -> None:
        self._ids = ids

    def element(self, element: Element) -> Iterator[str]:
        """An element and what is in it, one line for each tag."""
        if element.tag in _LEFT_OUT:
            return
        attributes = "".join(f" {text}" for text in self._attributes(element))
        text = element.text.strip() if element.tag in _TEXT_TAGS or element.tag == "style" else ""
        inside = [line for child in element.children for line in self.element(child)]
        if text:
            yield f"<{element.tag}{attributes}>{_expression(self._renamed(text))}{''.join(inside)}</{element.tag}>"
        elif inside:
            yield f"<{element.tag}{attributes}>"
            yield from inside
            yield f"</{element.tag}>"
        else:
            yield f"<{element.tag}{attributes}/>"

    def _attributes(self, element: Element) -> Iterator[str]:
        style: dict[str, str] = {}
        for name, text in element.attributes.items():
            if name == "style":
                for property_, value, _ in declarations(text):
                    if not (value.startswith("color(") and property_ in style):
                        style[property_] = value
            elif name == "mask-type":
                style.setdefault(name, text)
            else:
                yield self.attribute(name, text)
        if style:
            inner = ", ".join(f"{_style_name(key)}: {_literal(self._renamed(text))}" for key, text in style.items())
            yield f"style={{{{ {inner} }}}}"

    def attribute(self, name: str, text: str) -> str:
        """One attribute under React's name."""
        if name == "id":
            text = self._ids.get(text, text)
        elif name == "href" and text.startswith("#"):
            text = f"#{self._ids.get(text[1:], text[1:])}"
        else:
            text = self._renamed(text)
        quoted = f'"{text}"' if not set('"{}<>&\n\\') & set(text) else f"{{{_literal(text)}}}"
        return f"{react_name(name)}={quoted}"

    def _renamed(self, text: str) -> str:
        """Text with the references in it renamed."""
        return _URL.sub(lambda match: f"url(#{self._ids.get(match[2], match[2])})", text)


def _style_name(name: str) -> str:
    """A property in a style object: `maskType`, `WebkitMask`, `'--own'`."""
    if name.startswith("--"):
        return _literal(name)
    if name.startswith("-"):
        vendor, _, rest = name[1:].partition("-")
        if vendor in _VENDORS:
            prefix = vendor if vendor == "ms" else vendor.capitalize()
            return prefix + "".join(part.capitalize() for part in rest.split("-"))
    return react_name(name)


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'"


def _expression(text: str) -> str:
    return f"{{{_literal(text)}}}"
