"""An SVG document to a drawing.

In: bytes. Out: a `Drawing`, with names of what it could not take along. Rules: references are followed with a guard
against loops; what is hidden is left out; what CSS or SVG says of a broken value happens to it. `paints` reads what
shapes are painted with, `masking` what cuts them.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from exfig_rx.vector import geometry, shapes, values
from exfig_rx.vector.cascade import Declarations, Style, StyleSheet, color_of, computed
from exfig_rx.vector.drawing import Clip, Drawing, Fill, Group, Node, Shape, Stroke, Transform
from exfig_rx.vector.markup import Element, parse_markup
from exfig_rx.vector.masking import clips_of, mask_of
from exfig_rx.vector.matrices import IDENTITY, Matrix, applied, inverse
from exfig_rx.vector.paints import resolved
from exfig_rx.vector.values import NONE

DEFAULT_SIZE: Final = 24.0
"""Pixels, for an SVG that has neither size nor viewBox."""

DRAWN_TAGS: Final = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
GROUP_TAGS: Final = frozenset({"g", "a", "svg", "switch"})

LOST_TAGS: Final = {
    "text": "text",
    "image": "an image",
    "foreignObject": "foreignObject (an angular gradient, or HTML)",
}
SILENT_TAGS: Final = frozenset(
    {
        "defs", "title", "desc", "metadata", "style", "linearGradient", "radialGradient", "clipPath", "mask", "symbol",
        "pattern", "filter", "marker", "script",
    }
)  # fmt: skip

_DEEPEST_USE = 16


def parse_svg(content: bytes) -> Drawing:
    """The drawing in an SVG document. Raises DesignError for bytes that are none."""
    return _Reader(parse_markup(content)).drawing()


@dataclass(slots=True)
class Context:
    """What all parts of one document share."""

    sheet: StyleSheet
    by_id: dict[str, Element]
    view: tuple[float, float]
    losses: dict[str, None] = field(default_factory=dict)

    def lose(self, what: str) -> None:
        """Notes something that a drawing can't hold."""
        self.losses[what] = None


class _Reader:
    def __init__(self, root: Element) -> None:
        self._root = root
        by_id: dict[str, Element] = {}
        for element in root.everything():
            id_ = element.attributes.get("id")
            if id_:
                by_id.setdefault(id_, element)  # of two with one id the first counts, as in browsers
        self._width, self._height, self._view = _frame(root)
        self._context = Context(StyleSheet(root), by_id, self._view[2:])
        for selector in self._context.sheet.lost:
            self._context.lose(f"the style of {selector!r}")

    def drawing(self) -> Drawing:
        root = self._root
        style = computed(Style(), self._context.sheet.declared(root))
        nodes = self._children(root, style, 0)
        return Drawing(self._width, self._height, self._view, nodes, tuple(self._context.losses))

    def _children(self, element: Element, style: Style, depth: int) -> tuple[Node, ...]:
        found = (self._node(child, style, depth) for child in element.children)
        return tuple(node for node in found if node is not None)

    def _node(self, element: Element, parent: Style, depth: int) -> Node | None:
        tag = element.tag
        if tag not in DRAWN_TAGS and tag not in GROUP_TAGS and tag != "use":
            if tag in LOST_TAGS:
                self._context.lose(LOST_TAGS[tag])
            elif tag not in SILENT_TAGS:
                self._context.lose(f"<{tag}>")
            return None
        declared = self._context.sheet.declared(element)
        if declared.get("display") == "none":
            return None
        style = computed(parent, declared)
        if tag in DRAWN_TAGS:
            return self._shape(element, declared, style)
        transform = _transform(element)
        if tag == "use":
            content = self._used(element, style, depth)
        elif tag == "svg":
            content = self._viewport(element, style, depth, _place(element, self._context.view))
        elif tag == "switch":
            content = tuple(
                node for child in element.children[:1] if (node := self._node(child, style, depth)) is not None
            )
        else:
            content = self._children(element, style, depth)
        if not content:
            return None
        return self._cut(element, declared, Group(content, transform, _opacity(declared)))

    def _shape(self, element: Element, declared: Declarations, style: Style) -> Node | None:
        if element.tag == "path":
            d = element.attributes.get("d", "").strip()
        else:
            d = shapes.path_of(element.tag, element.attributes, self._context.view) or ""
        if not d or not style.is_visible:
            return None
        fill, stroke = None, None
        fill_paint = color_of(style.fill, style)
        if fill_paint != NONE:
            paint = resolved(fill_paint, d, style, self._context, "fill")
            if paint is not None:
                fill = Fill(paint, style.fill_opacity, style.fill_rule)
        if style.stroke != NONE and style.stroke_width != 0:
            paint = resolved(color_of(style.stroke, style), d, style, self._context, "stroke")
            if paint is not None:
                stroke = Stroke(
                    paint,
                    1.0 if style.stroke_width is None else style.stroke_width,
                    style.stroke_opacity,
                    style.line_cap,
                    style.line_join,
                    style.miter_limit,
                    style.dashes,
                    style.dash_offset,
                )
        if fill is None and stroke is None:
            return None
        if "marker-start" in element.attributes or "marker-end" in element.attributes:
            self._context.lose("markers")
        return self._cut(element, declared, Shape(d, fill, stroke, _opacity(declared), _transform(element)))

    def _cut(self, element: Element, declared: Declarations, node: Node) -> Node | None:
        """`node` inside its clip paths and masks, and without what only a browser can do."""
        for name in ("filter", "mix-blend-mode"):
            text = declared.get(name, "none").strip()
            if text not in ("none", "normal", ""):
                self._context.lose("a filter" if name == "filter" else f"blend mode {text}")
        clip_path, mask = declared.get("clip-path"), declared.get("mask")
        if clip_path is None and mask is None:
            return node
        clips: list[Clip] = []
        for reference, found_by in ((clip_path, clips_of), (mask, mask_of)):
            id_ = values.reference(reference) if reference is not None else None
            target = self._context.by_id.get(id_) if id_ is not None else None
            if target is not None:
                clips += found_by(target, replace(node, transform=None), self._context)
        if not clips:
            return node
        if isinstance(node, Group):
            return replace(node, clips=tuple(clips))
        return Group((replace(node, transform=None),), node.transform, None, tuple(clips))

    # ── references ──

    def _used(self, element: Element, style: Style, depth: int) -> tuple[Node, ...]:
        target = self._context.by_id.get(element.attributes.get("href", "").removeprefix("#"))
        if target is None or depth >= _DEEPEST_USE:
            if target is not None:
                self._context.lose("a <use> that uses itself")
            return ()
        x, y, width, height = _place(element, self._context.view)
        if target.tag in ("symbol", "svg"):
            declared = self._context.sheet.declared(target)
            inner = computed(style, declared)
            own = _place(target, self._context.view)
            size = (width or own[2], height or own[3])
            return self._viewport(target, inner, depth + 1, (x, y, *size))
        node = self._node(target, style, depth + 1)
        if node is None:
            return ()
        if x == 0 and y == 0:
            return (node,)
        return (Group((node,), _moved(x, y)),)

    def _viewport(
        self, element: Element, style: Style, depth: int, place: tuple[float, float, float, float]
    ) -> tuple[Node, ...]:
        """The children of a nested `svg` or a `symbol`, fitted into its place and cut at its edges."""
        x, y, width, height = place
        width, height = width or self._context.view[0], height or self._context.view[1]
        box = geometry.numbers(element.attributes.get("viewBox", ""))
        outer = self._context.view
        matrix: Matrix = (1.0, 0.0, 0.0, 1.0, x, y)
        edges = (0.0, 0.0, width, height)
        if len(box) == 4 and box[2] > 0 and box[3] > 0:
            matrix = _fitted((box[0], box[1], box[2], box[3]), place=(x, y, width, height), how=element)
            undone = inverse(matrix) or IDENTITY
            left, top = applied(undone, x, y)
            right, bottom = applied(undone, x + width, y + height)
            edges = (left, top, right - left, bottom - top)
            self._context.view = (box[2], box[3])
        children = self._children(element, style, depth)
        self._context.view = outer
        if not children:
            return ()
        rect = dict(zip(("x", "y", "width", "height"), map(str, edges), strict=True))
        d = shapes.path_of("rect", rect, (1.0, 1.0)) or ""
        shows_all = element.attributes.get("overflow") == "visible" or not d
        clips = () if shows_all else (Clip(((d, IDENTITY, "nonzero"),)),)
        return (Group(children, Transform(matrix), None, clips),)


def _frame(root: Element) -> tuple[float, float, tuple[float, float, float, float]]:
    """Width, height and the part of the plane that is shown; of one shape unless the document wants it stretched."""
    box = geometry.numbers(root.attributes.get("viewBox", ""))
    has_box = len(box) == 4 and box[2] > 0 and box[3] > 0
    width, height = (
        None if text is None or text.strip().endswith("%") else values.length(text)
        for text in (root.attributes.get("width"), root.attributes.get("height"))
    )
    width = width if width is not None and width > 0 else None
    height = height if height is not None and height > 0 else None
    if not has_box:
        width, height = width or height or DEFAULT_SIZE, height or width or DEFAULT_SIZE
        return width, height, (0.0, 0.0, width, height)
    left, top, across, down = box
    if width is None and height is None:
        width, height = across, down
    elif width is None or height is None:
        width, height = width or (height or 0) / down * across, height or (width or 0) / across * down
    view = (left, top, across, down)
    undone = inverse(_fitted(view, place=(0.0, 0.0, width, height), how=root))
    if undone is not None and not root.attributes.get("preserveAspectRatio", "").startswith("none"):
        shown_left, shown_top = applied(undone, 0.0, 0.0)
        shown_right, shown_bottom = applied(undone, width, height)
        if abs((shown_right - shown_left) - across) > 1e-6 or abs((shown_bottom - shown_top) - down) > 1e-6:
            view = (shown_left, shown_top, shown_right - shown_left, shown_bottom - shown_top)
    return width, height, view


def _fitted(
    box: tuple[float, float, float, float], *, place: tuple[float, float, float, float], how: Element
) -> Matrix:
    """The matrix from a viewBox to its place (https://www.w3.org/TR/SVG11/coords.html#PreserveAspectRatioAttribute)."""
    left, top, across, down = box
    x, y, width, height = place
    align, *rest = how.attributes.get("preserveAspectRatio", "").split() or ["xMidYMid"]
    scale_x, scale_y = width / across, height / down
    if align != "none":
        scale_x = scale_y = max(scale_x, scale_y) if rest[:1] == ["slice"] else min(scale_x, scale_y)
    shares = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
    spare_x = (width - across * scale_x) * shares.get(align[1:4], 0.5)
    spare_y = (height - down * scale_y) * shares.get(align[5:8], 0.5)
    return (scale_x, 0.0, 0.0, scale_y, x + spare_x - left * scale_x, y + spare_y - top * scale_y)


def _place(element: Element, view: tuple[float, float]) -> tuple[float, float, float, float]:
    """x, y, width, height; 0 where they are not given."""
    found = [
        values.length(element.attributes.get(name, "0"), view[index % 2]) or 0.0
        for index, name in enumerate(("x", "y", "width", "height"))
    ]
    return (found[0], found[1], found[2], found[3])


def _moved(x: float, y: float) -> Transform:
    return Transform((1.0, 0.0, 0.0, 1.0, x, y), (("translate", (x, y)),))


def _transform(element: Element) -> Transform | None:
    text = element.attributes.get("transform")
    if text is None:
        return None
    matrix = values.transform(text)
    return None if matrix == IDENTITY else Transform(matrix, values.transform_steps(text))


def _opacity(declared: Declarations) -> float | None:
    text = declared.get("opacity")
    return None if text is None else values.fraction(text)
