"""The inside of an SVG as JSX, for React components.

In: the bytes of an SVG, and the name of its component. Out: a viewBox and markup that React and TypeScript accept.
Rules: the markup of a plain icon stays byte for byte but for the names of attributes; ids (and classes that a style
sheet knows) get the component's name in front, so that two icons of one page don't take one another's gradients; what
the root says of its children is kept.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from exfig_rx.errors import DesignError
from exfig_rx.model import Problem
from exfig_rx.vector import geometry, values
from exfig_rx.vector.current_color import CURRENT_COLOR, CurrentColor, is_opaque, is_repainted, repaint
from exfig_rx.vector.markup import HTML_PREFIX, Element, parse_markup
from exfig_rx.vector.react import STYLED, TAGS, literal, react_name, style_object, takes
from exfig_rx.vector.scoping import Scope, fetched, is_global, keyframes, scoped, with_keyframes
from exfig_rx.vector.stylesheet import declarations

_TAG = re.compile(r"<(/?)([A-Za-z][\w]*)((?:\s+[A-Za-z][\w-]*=(?:\"[^\"<>{}&\\]*\"|'[^'<>{}&\\]*'))*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"([A-Za-z][\w-]*)(=(?:\"[^\"]*\"|'[^']*'))")
_URL = re.compile(r"""url\(\s*(['"]?)#([^'"()\s]+)\1\s*\)""")
_NUMBERS = re.compile(r"[-+\d.eE,\s]+", re.ASCII)
_INSIDE = re.compile(r"\s*(#|data:|$)", re.IGNORECASE)

_NOT_PLAIN: Final = frozenset({"style", "id", "href", "mask", "clip-path", "filter"})
_NOT_SHOWN: Final = frozenset({"title", "desc", "metadata"})
_TEXT_TAGS: Final = frozenset({"text", "tspan", "textPath"})
_SHAPES: Final = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "use"})
_HTML_TAGS: Final = frozenset({"div", "span", "p", "br"})
_HTML_ATTRIBUTES: Final = frozenset({"class", "id", "style"})
_TEXTS: Final = frozenset({"aria-label", "font-family", "id", "class"})
_SHEET_ATTRIBUTES: Final = frozenset({"media", "type"})
_KEPT_OF_ROOT: Final = frozenset(
    {"color", "display", "filter", "mask", "opacity", "stroke", "style", "transform", "transform-origin", "visibility"}
)
_ANIMATIONS: Final = frozenset({"animate", "set"})
_NOT_PLAIN_TAGS: Final = _ANIMATIONS | {"style"}


@dataclass(frozen=True, slots=True)
class Jsx:
    """`view_box` is four numbers; `body` is what is inside the `svg`; `losses` is what React has no place for."""

    view_box: str
    body: str
    losses: tuple[str, ...] = ()


def jsx(content: bytes, name: str, current_color: CurrentColor = "off") -> Jsx:
    """The JSX of an SVG for the component `name`. Raises DesignError for bytes that are none, or that have no size."""
    root = parse_markup(content, with_html=True)
    view_box = _view_box(root)
    around = _around(root)
    # style sheets know it as the root that it stands for
    top = Element("svg", around, root.children) if around else root
    is_current = is_repainted(root, current_color)
    if not around and all(_is_plain(element) for child in root.children for element in child.everything()):
        plain = _plain_body(content.decode("utf-8-sig", errors="replace"), is_current=is_current)
        if plain is not None:
            return Jsx(view_box, plain)
    if is_current:
        repaint(top)
    if around:
        top.tag = "g"
    writer = _Writer(top, name)
    lines = [line for element in ([top] if around else root.children) for line in writer.element(element)]
    return Jsx(view_box, "\n".join(lines), tuple(writer.losses))


def _view_box(root: Element) -> str:
    text = root.attributes.get("viewBox", "")
    box = geometry.numbers(text)
    if len(box) == 4 and min(box[2:]) > 0 and _NUMBERS.fullmatch(text):
        return " ".join(text.split())
    sizes = [_length(root.attributes.get(name, "")) for name in ("width", "height")]
    if not all(0 < size < math.inf for size in sizes):
        raise DesignError(
            Problem("vector.no-size", "the SVG has neither a viewBox nor a size", "Export it from Figma again.")
        )
    return f"0 0 {' '.join(map(geometry.number, sizes))}"


def _length(text: str) -> float:
    """Pixels; 0 for what has none of its own."""
    return 0.0 if text.strip().endswith("%") else values.length(text) or 0.0


def _around(root: Element) -> dict[str, str]:
    """What the root says of its children. The component says `fill="none"` for it, as Figma does."""
    has_sheet = any(element.tag == "style" for element in root.everything())
    kept = {
        name: text
        for name, text in root.attributes.items()
        if name in _KEPT_OF_ROOT
        or (name == "fill" and text != "none")
        or (name in ("class", "id") and has_sheet)
        or ("-" in name and takes(name, text) and not name.startswith(("aria-", "data-")))
    }
    if has_sheet and "id" not in kept and _repaints_others(root):
        kept["id"] = _free_id(root)
    if "fill" not in root.attributes and any(
        element.tag in _SHAPES and "fill" not in element.attributes for element in root.everything()
    ):
        kept = {"fill": "black", **kept}
    return kept


def _repaints_others(root: Element) -> bool:
    """Whether a style sheet of the drawing would count for others on its page."""
    elements = list(root.everything())
    scope = _scope(elements, "")
    return any(is_global(one.text, scope) for one in elements if one.tag == "style")


def _free_id(root: Element) -> str:
    taken = {element.attributes.get("id") for element in root.everything()}
    free = "root"
    while free in taken:
        free += "-"
    return free


def _scope(elements: Sequence[Element], name: str) -> Scope:
    """The names that the component `name` gives to those of its drawing."""

    def new(names: Iterable[str]) -> dict[str, str]:
        return {one: f"{name}-{one}" for one in names}

    sheets = [element.text for element in elements if element.tag == "style"]
    classes = {word for one in elements for word in one.attributes.get("class", "").split()} if sheets else ()
    ids = [id_ for one in elements if (id_ := one.attributes.get("id"))]
    return Scope(new(ids), new(classes), new(keyframes(sheets)))


# ── plain icons: text that stays as it is ──


def _is_plain(element: Element) -> bool:
    """Whether an element needs no more than React's names."""
    return (
        element.tag in TAGS
        and element.tag not in _NOT_PLAIN_TAGS
        and all(
            name not in _NOT_PLAIN and takes(name, text) and ("(" not in text or fetched(text) is None)
            for name, text in element.attributes.items()
        )
    )


def _plain_body(text: str, *, is_current: bool) -> str | None:
    """The markup inside the root with React's names, if it is nothing but tags; else None."""
    start = text.find(">", text.find("<svg"))
    end = text.rfind("</svg>")
    if start < 0 or end < start or text[: text.find("<svg")].strip():
        return None
    inner = text[start + 1 : end].strip()
    if _TAG.sub("", inner).strip():
        return None

    def attribute(match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        if is_current and name in ("fill", "stroke") and is_opaque(value[2:-1]):
            value = f'="{CURRENT_COLOR}"'
        return react_name(name) + value

    def tag(match: re.Match[str]) -> str:
        opening = f"<{match[1]}{match[2]}"
        return opening + _ATTRIBUTE.sub(attribute, match[3]) + match[0][len(opening) + len(match[3]) :]

    return _TAG.sub(tag, inner)


# ── everything else: written from the tree ──


class _Writer:
    """Writes elements below `top` as lines; `losses` are what it left out and somebody may miss."""

    def __init__(self, top: Element, name: str) -> None:
        self.losses: dict[str, None] = {}
        elements = list(top.everything())
        self._scope = scope = _scope(elements, name)
        if any(one.tag == "style" and is_global(one.text, scope) for one in elements):
            self._scope = replace(scope, around=scope.ids.get(top.attributes.get("id", "")))

    def element(self, element: Element) -> Iterator[str]:
        """An element and what is in it, one line for each tag; text and what is in it is one line."""
        tag = self._tag(element)
        if tag is None:
            return
        attributes = "".join(f" {text}" for text in self._attributes(element))
        if element.tag in _TEXT_TAGS or element.tag.startswith(HTML_PREFIX):
            inside = ["".join(self._contents(element))]
        elif tag == "style":
            inside = [self._sheet(element.text)]
        else:
            inside = [line for child in element.children for line in self.element(child)]
        match inside:
            case [] | [""]:
                yield f"<{tag}{attributes}/>"
            case [text] if not element.children or element.tag in _TEXT_TAGS or element.tag.startswith(HTML_PREFIX):
                yield f"<{tag}{attributes}>{text}</{tag}>"
            case lines:
                yield from (f"<{tag}{attributes}>", *lines, f"</{tag}>")

    def _tag(self, element: Element) -> str | None:
        """The name of an element in JSX, None for one that is left out. A link has no place in an icon: a group has."""
        tag = element.tag
        if tag == "a":
            return "g"
        if tag in _ANIMATIONS and "href" in element.attributes.get("attributeName", ""):
            self.losses["an animated reference"] = None
            return None
        if tag in TAGS:
            return tag
        bare = tag.removeprefix(HTML_PREFIX)
        if tag != bare and bare in _HTML_TAGS:
            return bare
        if tag not in _NOT_SHOWN:
            self.losses[f"<{bare}>"] = None
        return None

    def _contents(self, element: Element) -> Iterator[str]:
        """What is in an element with text."""
        if element.text.strip() or (element.text and element.children):
            yield self._expression(element.text)
        for child in element.children:
            yield from self.element(child)
            if child.tail:
                yield self._expression(child.tail)

    def _expression(self, text: str) -> str:
        return f"{{{literal(self._renamed(text))}}}"

    def _sheet(self, text: str) -> str:
        """A style sheet that knows ids and classes by their new names, and nothing outside of the drawing."""
        text, lost = scoped(text, self._scope)
        self.losses |= dict.fromkeys(lost)
        return self._expression(text) if text else ""

    def _attributes(self, element: Element) -> Iterator[str]:
        style: dict[str, str] = {}
        known: frozenset[str] | None = _HTML_ATTRIBUTES if element.tag.startswith(HTML_PREFIX) else None
        if element.tag == "style":
            known = _SHEET_ATTRIBUTES
        for name, text in element.attributes.items():
            if known is not None and name not in known:
                pass
            elif name == "style":
                style |= self._declared(text)
            elif name in STYLED:
                style.setdefault(name, text)
            elif name == "href" and element.tag == "a":
                pass
            elif name == "href" and not _INSIDE.match(text):
                self.losses[f"a reference to {text.strip()[:80]}"] = None
            elif "(" in text and name not in _TEXTS and (what := fetched(text)) is not None:
                self.losses[f"a reference to {what}"] = None
            elif takes(name, text):
                yield self._attribute(name, text)
        if style:
            renamed = {name: self._renamed(text) for name, text in style.items()}
            yield f"style={{{style_object(renamed)}}}"

    def _attribute(self, name: str, text: str) -> str:
        if name == "id":
            text = self._scope.ids.get(text, text)
        elif name == "class":
            text = " ".join(self._scope.classes.get(word, word) for word in text.split())
        elif name == "href" and text.startswith("#"):
            text = f"#{self._scope.ids.get(text[1:], text[1:])}"
        else:
            text = self._renamed(text)
        quoted = f'"{text}"' if not set('"{}<>&\n\\') & set(text) else f"{{{literal(text)}}}"
        return f"{react_name(name)}={quoted}"

    def _renamed(self, text: str) -> str:
        """Text with the references in it renamed."""
        return _URL.sub(lambda match: f"url(#{self._scope.ids.get(match[2], match[2])})", text)

    def _declared(self, text: str) -> Mapping[str, str]:
        """The properties of an inline style; where Figma writes a color twice, the one that every browser knows."""
        found: dict[str, str] = {}
        important: set[str] = set()
        for name, value, is_important in declarations(text):
            if (what := fetched(value)) is not None:
                self.losses[f"a reference to {what}"] = None
            elif (is_important or name not in important) and not (value.startswith("color(") and name in found):
                found[name] = with_keyframes(name, value, self._scope)
            if is_important:
                important.add(name)
        return found
