"""Icons in the color of the text around them: which paints of a drawing become `currentColor`.

In: the tree of an SVG. Out: the same tree with its paints changed. Rules: only fills and strokes that show count, so
masks, clip paths, gradients, patterns and filters keep their colors; a color that lets others through keeps its alpha,
and so stays, as `currentColor` has none of its own.
"""

from typing import Final, Literal, TypeAlias

from exfig_rx.vector import values
from exfig_rx.vector.cascade import Style, StyleSheet, computed
from exfig_rx.vector.markup import HTML_PREFIX, Element
from exfig_rx.vector.values import NONE, Color, PaintText

CurrentColor: TypeAlias = Literal["off", "auto", "all"]
"""`off`: every color stays. `auto`: an icon whose paints are all one opaque color. `all`: every opaque color."""

CURRENT_COLOR: Final = "currentColor"

_UNSEEN: Final = frozenset({"mask", "clipPath", "linearGradient", "radialGradient", "pattern", "filter"})
_ELSEWHERE: Final = frozenset({"defs", "symbol"})
"""What is in these shows where something uses it."""

_PICTURES: Final = frozenset({"image", "foreignObject"})
_DEEPEST_USE: Final = 16
_DRAWN: Final = frozenset(
    {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath"}
)


def is_repainted(root: Element, mode: CurrentColor) -> bool:
    """Whether `mode` changes the opaque colors of a drawing."""
    if mode != "auto":
        return mode == "all"
    found = _Seen(root).paints
    (paint,) = found if len(found) == 1 else (None,)
    return isinstance(paint, Color) and paint.alpha == 1


def is_opaque(text: str) -> bool:
    """Whether a fill or stroke is one color that nothing shines through."""
    paint = values.paint(text)
    return isinstance(paint, Color) and paint.alpha == 1


def repaint(root: Element) -> None:
    """Make every opaque fill and stroke that shows `currentColor`, in place."""
    unseen = [element for element in root.everything() if element.tag in _UNSEEN]
    used = {_target(one) for element in unseen for one in element.everything() if one.tag == "use"}
    _repaint(root, StyleSheet(root), used)


def _repaint(element: Element, sheet: StyleSheet, used: set[str]) -> None:
    """`used` are the ids of elements that masks and clip paths hold."""
    if element.tag in _UNSEEN or element.attributes.get("id") in used:
        return
    declared = sheet.declared(element)
    attributes = element.attributes
    for name in ("fill", "stroke"):
        text = declared.get(name)
        if text is not None and is_opaque(text):
            if declared is attributes:
                attributes[name] = CURRENT_COLOR
            else:  # some style has the last word, and an inline one has it over all others
                attributes["style"] = f"{attributes.get('style', '')};{name}:{CURRENT_COLOR}".lstrip(";")
    for child in element.children:
        _repaint(child, sheet, used)


def _target(use: Element) -> str:
    return use.attributes.get("href", "").removeprefix("#")


class _Seen:
    """`paints` is every paint of a drawing that shows; None stands for pictures, which have many."""

    def __init__(self, root: Element) -> None:
        self.paints: set[PaintText | None] = set()
        self._sheet = StyleSheet(root)
        self._by_id = {id_: element for element in root.everything() if (id_ := element.attributes.get("id"))}
        # a target looks the same wherever it is used with the same style
        self._used: set[tuple[str, Style]] = set()
        self._depth = 0
        self._look(root, Style())

    def _look(self, element: Element, parent: Style) -> None:
        tag = element.tag
        declared = self._sheet.declared(element)
        if tag in _UNSEEN or declared.get("display") == "none":
            return
        if tag in _PICTURES or tag.startswith(HTML_PREFIX):
            self.paints.add(None)
            return
        style = computed(parent, declared)
        if tag in _DRAWN and style.is_visible:
            stroke = style.stroke if style.stroke_width != 0 else NONE
            self.paints |= {paint for paint in (style.fill, stroke) if paint != NONE and not _is_clear(paint)}
        if tag == "use":
            self._look_at_target(_target(element), style)
        elif tag not in _ELSEWHERE:
            self._look_into(element, style)

    def _look_into(self, element: Element, style: Style) -> None:
        for child in element.children:
            self._look(child, style)

    def _look_at_target(self, id_: str, style: Style) -> None:
        target = self._by_id.get(id_)
        if target is None or (id_, style) in self._used or self._depth == _DEEPEST_USE:
            return
        self._used.add((id_, style))
        self._depth += 1
        if target.tag == "symbol":
            self._look_into(target, computed(style, self._sheet.declared(target)))
        else:
            self._look(target, style)
        self._depth -= 1


def _is_clear(paint: PaintText) -> bool:
    return isinstance(paint, Color) and paint.alpha == 0
