"""Which declaration wins: presentation attributes, style sheets, inline styles, inheritance.

In: elements of one document. Out: the declared properties of each, and the computed style that shapes are drawn with.
Rules: attribute < style sheet (by specificity, then order) < inline; a value that nobody understands is as if it were
not there; what browsers understand and no drawing holds is named. A `transform` is spelled as attributes spell it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from math import hypot, sqrt
from typing import Any, Final, NamedTuple

from exfig_rx.vector import values
from exfig_rx.vector.markup import Element
from exfig_rx.vector.stylesheet import NO_MATCHES, declarations, matches
from exfig_rx.vector.transforms import in_attribute_syntax
from exfig_rx.vector.values import CURRENT, Color, PaintText

BLACK: Final = Color(0)


class Style(NamedTuple):
    """The inherited properties of an element. None where nobody said anything, which some formats write differently.

    Widths in user units; opacities 0 to 1; `dashes` empty for a solid line; `fill` is black until somebody states one.
    """

    fill: PaintText = BLACK
    fill_is_stated: bool = False
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
    color: PaintText = BLACK
    is_visible: bool = True
    is_line_first: bool = False


Declarations = Mapping[str, str]


def _word(*known: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        if text in known:
            return text
        low = text.strip().lower()
        return low if low in known else None

    return read


def _dashes(text: str, whole: float = 100.0) -> tuple[float, ...] | None:
    if text.strip() == "none":
        return ()
    parts = [values.length(part, whole) for part in re.split(r"[\s,]+", text.strip()) if part]
    lengths = tuple(part for part in parts if part is not None and part >= 0)
    if not parts or len(lengths) < len(parts):
        return None
    if sum(lengths) == 0:
        return ()
    return lengths * 2 if len(lengths) % 2 else lengths


def _not_negative(text: str, whole: float = 100.0) -> float | None:
    value = values.length(text, whole)
    return value if value is not None and value >= 0 else None


def _miter_limit(text: str) -> float | None:
    value = values.length(text)
    return value if value is not None and value >= 1 else None


def _visible(text: str) -> bool | None:
    return {"visible": True, "hidden": False, "collapse": False}.get(text.strip())


def _line_first(text: str) -> bool | None:
    """Whether `paint-order` draws the line before the fill."""
    words = text.split()
    if not words or not {"normal", "fill", "stroke", "markers"} >= set(words):
        return None
    return "stroke" in words and "fill" not in words[: words.index("stroke")]


INHERITED: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "fill": ("fill", values.paint),
    "fill-opacity": ("fill_opacity", values.fraction),
    "fill-rule": ("fill_rule", _word("nonzero", "evenodd")),
    "stroke": ("stroke", values.paint),
    "stroke-opacity": ("stroke_opacity", values.fraction),
    "stroke-width": ("stroke_width", _not_negative),
    "stroke-linecap": ("line_cap", _word("butt", "round", "square")),
    "stroke-linejoin": ("line_join", _word("miter", "round", "bevel")),
    "stroke-miterlimit": ("miter_limit", _miter_limit),
    "stroke-dasharray": ("dashes", _dashes),
    "stroke-dashoffset": ("dash_offset", values.length),
    "clip-rule": ("clip_rule", _word("nonzero", "evenodd")),
    "color": ("color", values.text_color),
    "visibility": ("is_visible", _visible),
    "paint-order": ("is_line_first", _line_first),
}

_OF_THE_VIEW: Final[Mapping[str, Callable[[str, float], Any]]] = {
    "stroke-width": _not_negative,
    "stroke-dasharray": _dashes,
    "stroke-dashoffset": values.length,
}
"""Those that may be a percentage of the viewport's diagonal."""


def _anything(text: str) -> str:
    return text


NOT_INHERITED: Final[Mapping[str, Callable[[str], Any]]] = {
    "opacity": values.fraction,
    "clip-path": _anything,
    "mask": _anything,
    "filter": _anything,
    "display": _anything,
    "overflow": _anything,
    "mix-blend-mode": _anything,
    "mask-type": _anything,
    "vector-effect": _anything,
    "marker-start": _anything,
    "marker-mid": _anything,
    "marker-end": _anything,
    "stop-color": values.paint,
    "stop-opacity": values.fraction,
    "font-size": _anything,
    "transform-origin": _anything,
}

_RESET: Final = frozenset({"initial", "unset", "revert", "revert-layer"})
_KEYWORDS: Final = _RESET | {"inherit"}

_WIDER: Final = ("color(", "color-mix(", "lab(", "lch(", "oklab(", "oklch(")
"""What colors begin with that may be outside of sRGB."""

_ONLY_STYLES: Final[Mapping[str, frozenset[str]]] = {
    "rotate": frozenset({"none"}),
    "scale": frozenset({"none", "1"}),
    "translate": frozenset({"none"}),
    "transform-box": frozenset({"view-box"}),
    "offset-path": frozenset({"none"}),
    "mask-image": frozenset({"none"}),
}
"""Properties of style sheets that move or cut things and are no attributes, with the values that change nothing."""

_GEOMETRY: Final[Mapping[str, frozenset[str]]] = {
    "path": frozenset({"d"}),
    "rect": frozenset({"x", "y", "width", "height", "rx", "ry"}),
    "circle": frozenset({"cx", "cy", "r"}),
    "ellipse": frozenset({"cx", "cy", "rx", "ry"}),
    "use": frozenset({"x", "y"}),
}
"""Attributes that style sheets may set, too."""


class StyleSheet:
    """All style sheets of the document below `root`.

    `losses` names, each once, what is said in vain: selectors and at-rules at once, properties when they are asked for.
    `elements` are those below `root`, for those who have a list of them.
    """

    def __init__(self, root: Element, elements: Iterable[Element] | None = None) -> None:
        texts = [element.text for element in elements or root.everything() if element.tag == "style"]
        found = matches(root, texts) if texts else NO_MATCHES
        self._declared = found.declared
        self.losses = {f"the style of {selector!r}": None for selector in found.lost}

    def declared(self, element: Element) -> Declarations:
        """The properties that are declared for an element, the winning text of each."""
        attributes = element.attributes
        inline = attributes.get("style")
        if not self._declared and inline is None:
            return attributes
        found = {name: text for name, text in attributes.items() if name in _ATTRIBUTES}
        candidates = [*self._declared.get(element, ()), *declarations(inline or "")]
        for wants_important in (False, True):
            for name, text, is_important in candidates:
                if is_important is wants_important:
                    self._declare(element, name, text, found)
        return found

    def _declare(self, element: Element, name: str, text: str, found: dict[str, str]) -> None:
        """Adds a declaration to those of an element, if it counts."""
        low = text.lower()
        if name in INHERITED or name in NOT_INHERITED:
            if low in _RESET and name in NOT_INHERITED:
                found.pop(name, None)
            # Figma writes an sRGB color and then the same in display-p3, which our formats don't have
            elif low in _KEYWORDS or (_is_valid(name, text) and not _is_finer(text, found.get(name))):
                found[name] = text
        elif name == "transform":
            known = "" if low in _KEYWORDS else in_attribute_syntax(text)
            if known is None:
                self._lose(name, text)
            else:
                found[name] = known
        elif name in _ONLY_STYLES:
            if low not in _ONLY_STYLES[name] | _KEYWORDS:
                self._lose(name, text)
        elif name in _GEOMETRY.get(element.tag, ()) and not _is_same(text, element.attributes.get(name)):
            self._lose(name, text)

    def _lose(self, name: str, text: str) -> None:
        self.losses[f"the style {name}: {text[:_LONGEST_TOLD]}"] = None


def _is_finer(text: str, before: str | None) -> bool:
    """Whether `text` says in a wider color space what `before` says in sRGB."""
    return text.lower().startswith(_WIDER) and before is not None and values.color(before) is not None


def _is_valid(name: str, text: str) -> bool:
    read = INHERITED[name][1] if name in INHERITED else NOT_INHERITED[name]
    return read(text) is not None


def _is_same(text: str, attribute: str | None) -> bool:
    """Whether a length is what an attribute says anyway."""
    return attribute is not None and values.length(text) == values.length(attribute)


_ATTRIBUTES: Final = INHERITED.keys() | NOT_INHERITED.keys() | {"transform"}
_LONGEST_TOLD: Final = 60
_FILL_IS_STATED: Final = Style._fields.index("fill_is_stated")
_INITIAL: Final = Style()
_PLACES: Final = {name: (Style._fields.index(field), read) for name, (field, read) in INHERITED.items()}


def computed(parent: Style, declared: Declarations, view: tuple[float, float] = (100.0, 100.0)) -> Style:
    """The style of an element whose parent has `parent`; percentages are of the diagonal of its viewport."""
    own: list[Any] | None = None
    for name, text in declared.items():
        known = _PLACES.get(name)
        if known is None or text == "inherit":
            continue
        place, read = known
        of_the_view = _OF_THE_VIEW.get(name) if "%" in text else None
        value = read(text) if of_the_view is None else of_the_view(text, hypot(*view) / sqrt(2))
        is_initial = value is None and text.strip().lower() == "initial"
        if value is not None or is_initial:
            own = own or list(parent)
            own[place] = _INITIAL[place] if is_initial else value
            if name == "fill":
                own[_FILL_IS_STATED] = True
    return parent if own is None else Style(*own)


def color_of(paint: PaintText, style: Style) -> PaintText:
    """`currentColor` resolved."""
    return style.color if paint == CURRENT else paint
