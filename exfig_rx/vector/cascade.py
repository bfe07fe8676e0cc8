"""Which declaration wins: presentation attributes, style sheets, inline styles, inheritance.

In: elements of one document. Out: the declared properties of each, and the computed style that shapes are drawn with.
Rules: attribute < style sheet (by specificity, then order) < inline; a value that nobody understands is as if it were
not there; of the properties here all but `opacity`, `clip-path`, `mask`, `filter` and `display` are inherited.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from exfig_rx.vector import values
from exfig_rx.vector.markup import Element
from exfig_rx.vector.values import CURRENT, Color, PaintText

BLACK: Final = Color(0)


@dataclass(frozen=True, slots=True)
class Style:
    """The inherited properties of an element. None where nobody said anything, which some formats write differently.

    Widths in user units; opacities 0 to 1; `dashes` empty for a solid line.
    """

    fill: PaintText = BLACK
    fill_opacity: float | None = None
    fill_rule: str | None = None
    stroke: PaintText = values.NONE
    stroke_opacity: float | None = None
    stroke_width: float | None = None
    line_cap: str | None = None
    line_join: str | None = None
    miter_limit: float | None = None
    dashes: tuple[float, ...] = ()
    dash_offset: float = 0.0
    clip_rule: str | None = None
    color: Color = BLACK
    is_visible: bool = True


Declarations = Mapping[str, str]

_NO_DECLARATIONS: Final[Declarations] = {}


def _word(*known: str) -> Callable[[str], str | None]:
    return lambda text: text if text in known else None


def _dashes(text: str) -> tuple[float, ...] | None:
    if text.strip() == "none":
        return ()
    parts = [values.length(part) for part in re.split(r"[\s,]+", text.strip()) if part]
    if not parts or any(part is None or part < 0 for part in parts):
        return None
    lengths = tuple(part for part in parts if part is not None)
    if sum(lengths) == 0:
        return ()
    return lengths * 2 if len(lengths) % 2 else lengths


def _not_negative(text: str) -> float | None:
    value = values.length(text)
    return value if value is not None and value >= 0 else None


def _visible(text: str) -> bool | None:
    return {"visible": True, "hidden": False, "collapse": False}.get(text.strip())


INHERITED: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "fill": ("fill", values.paint),
    "fill-opacity": ("fill_opacity", values.fraction),
    "fill-rule": ("fill_rule", _word("nonzero", "evenodd")),
    "stroke": ("stroke", values.paint),
    "stroke-opacity": ("stroke_opacity", values.fraction),
    "stroke-width": ("stroke_width", _not_negative),
    "stroke-linecap": ("line_cap", _word("butt", "round", "square")),
    "stroke-linejoin": ("line_join", _word("miter", "round", "bevel")),
    "stroke-miterlimit": ("miter_limit", _not_negative),
    "stroke-dasharray": ("dashes", _dashes),
    "stroke-dashoffset": ("dash_offset", values.length),
    "clip-rule": ("clip_rule", _word("nonzero", "evenodd")),
    "color": ("color", values.color),
    "visibility": ("is_visible", _visible),
}

NOT_INHERITED: Final = frozenset(
    {"opacity", "clip-path", "mask", "filter", "display", "mix-blend-mode", "mask-type", "stop-color", "stop-opacity"}
)

_PROPERTIES: Final = frozenset(INHERITED) | NOT_INHERITED
_DECLARATION = re.compile(r"\s*([-\w]+)\s*:\s*((?:[^;\"'(]|\"[^\"]*\"|'[^']*'|\([^)]*\))*)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SIMPLE = re.compile(r"([.#]?)([\w-]+|\*)")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A selector without combinators: tag ("" for any), ids and classes that an element must have."""

    specificity: tuple[int, int, int]
    tag: str
    ids: frozenset[str]
    classes: frozenset[str]
    declarations: tuple[tuple[str, str, bool], ...]

    def fits(self, element: Element) -> bool:
        attributes = element.attributes
        return (
            (not self.tag or self.tag == element.tag)
            and (not self.ids or self.ids == {attributes.get("id")})
            and (not self.classes or self.classes <= set(attributes.get("class", "").split()))
        )


class StyleSheet:
    """The rules of all `<style>` elements of a document.

    `lost` are selectors that are not understood (combinators, pseudo-classes, at-rules).
    """

    def __init__(self, root: Element) -> None:
        self._rules: list[_Rule] = []
        self.lost: list[str] = []
        for element in root.everything():
            if element.tag == "style":
                self._read(element.text)

    def _read(self, text: str) -> None:
        for selectors, body in _RULE.findall(_COMMENT.sub("", text)):
            declared = tuple(declarations(body))
            for selector in selectors.split(","):
                rule = _rule(selector.strip(), declared)
                if rule is None:
                    self.lost.append(selector.strip())
                else:
                    self._rules.append(rule)
        self._rules.sort(key=lambda rule: rule.specificity)

    def declared(self, element: Element) -> Declarations:
        """The properties that are declared for an element, the winning text of each."""
        attributes = element.attributes
        inline = attributes.get("style")
        if not self._rules and not inline:
            return attributes
        found = {name: text for name, text in attributes.items() if name in _PROPERTIES}
        candidates = [one for rule in self._rules if rule.fits(element) for one in rule.declarations]
        candidates += declarations(inline or "")
        for wants_important in (False, True):
            for name, text, important in candidates:
                if important is not wants_important or name not in _PROPERTIES or not _is_valid(name, text):
                    continue
                # Figma writes an sRGB color and then the same in display-p3, which our formats don't have
                if not (text.startswith("color(") and name in found):
                    found[name] = text
        return found


def _rule(selector: str, declarations: tuple[tuple[str, str, bool], ...]) -> _Rule | None:
    parts = _SIMPLE.findall(selector)
    if not parts or "".join(mark + name for mark, name in parts) != selector:
        return None
    ids = frozenset(name for mark, name in parts if mark == "#")
    classes = frozenset(name for mark, name in parts if mark == ".")
    tags = [name for mark, name in parts if not mark and name != "*"]
    return _Rule((len(ids), len(classes), len(tags)), tags[0] if tags else "", ids, classes, declarations)


def declarations(text: str) -> Iterator[tuple[str, str, bool]]:
    """Name, value, and whether it is `!important`."""
    for name, value in _DECLARATION.findall(text):
        cut = re.sub(r"\s*!\s*important\s*$", "", value, flags=re.IGNORECASE)
        yield name.lower(), cut.strip(), cut != value


def _is_valid(name: str, text: str) -> bool:
    if text == "inherit" or name in NOT_INHERITED:
        return True
    return INHERITED[name][1](text) is not None


def computed(parent: Style, declared: Declarations) -> Style:
    """The style of an element whose parent has `parent`."""
    changes: dict[str, Any] = {}
    for name, text in declared.items():
        known = INHERITED.get(name)
        if known is not None and text != "inherit":
            value = known[1](text)
            if value is not None:
                changes[known[0]] = value
    return replace(parent, **changes) if changes else parent


def color_of(paint: PaintText, style: Style) -> PaintText:
    """`currentColor` resolved."""
    return style.color if paint == CURRENT else paint
