"""An SVG document to a drawing.

In: bytes. Out: a `Drawing`, with names of what it could not take along. Rules: references are followed with a guard
against loops; what is hidden is left out; what CSS or SVG says of a broken value happens to it. `paints` reads what
shapes are painted with, `masking` what cuts them, `viewports` how things fit into one another.
"""

from typing import Final

from exfig_rx.vector import shapes, values
from exfig_rx.vector.cascade import Declarations, Style, color_of, computed
from exfig_rx.vector.document import Document
from exfig_rx.vector.drawing import Clip, Drawing, Fill, Group, Layer, Node, Shape, Stroke, Transform
from exfig_rx.vector.font_sizes import has_font_lengths, resolve_font_lengths
from exfig_rx.vector.limits import MOST_DEPTH, TOO_MUCH
from exfig_rx.vector.markup import Element, parse_markup, too_large
from exfig_rx.vector.masking import clips_of, mask_of
from exfig_rx.vector.matrices import IDENTITY, inverse, multiplied
from exfig_rx.vector.paints import resolved
from exfig_rx.vector.transforms import transform_of
from exfig_rx.vector.values import NONE
from exfig_rx.vector.viewports import frame, place_of, viewport

GROUP_TAGS: Final = frozenset({"g", "a", "svg", "switch", "use"})
LOST_TAGS: Final = {
    "text": "text",
    "image": "an image",
    "foreignObject": "foreignObject (an angular gradient, or HTML)",
}
SILENT_TAGS: Final = frozenset(
    {
        "defs", "title", "desc", "metadata", "style", "linearGradient", "radialGradient", "clipPath", "mask", "symbol",
        "pattern", "filter", "marker", "script", "view", "animate", "animateMotion", "animateTransform", "set",
    }
)  # fmt: skip
CUTS: Final = frozenset({"clip-path", "mask", "filter", "mix-blend-mode"})
MARKERS: Final = frozenset({"marker-start", "marker-mid", "marker-end"})


def parse_svg(content: bytes) -> Drawing:
    """The drawing in an SVG document. Raises DesignError for bytes that are none, or that would cost too much."""
    root = parse_markup(content)
    if has_font_lengths(content):
        resolve_font_lengths(root)
    return _Reader(root).drawing()


class _Reader:
    def __init__(self, root: Element) -> None:
        self._root = root
        self._width, self._height, self._view = frame(root)
        self._document = Document(root, self._view[2:])
        # elements that are being read: a reference to one of them would never end
        self._open: set[Element] = {root}

    def drawing(self) -> Drawing:
        root, document = self._root, self._document
        declared = document.sheet.declared(root)
        nodes: tuple[Node, ...] = ()
        if declared.get("display") != "none":
            nodes = self._children(root, computed(Style(), declared, document.view), 1)
        transform = transform_of(declared, document.view)
        if transform is not None and inverse(transform.matrix) is None:
            nodes = ()  # flat
        if nodes and (transform is not None or "opacity" in declared or not CUTS.isdisjoint(declared)):
            whole = self._cut(declared, Group(nodes, transform, _opacity(declared)))
            nodes = () if whole is None else (whole,)
        return Drawing(self._width, self._height, self._view, nodes, tuple(document.losses))

    def _children(self, element: Element, style: Style, depth: int) -> tuple[Node, ...]:
        found: list[Node] = []
        for child in element.children:
            node = self._node(child, style, depth)
            if node is not None:
                found.append(node)
        return tuple(found)

    def _node(self, element: Element, parent: Style, depth: int) -> Node | None:
        tag = element.tag
        if tag in SILENT_TAGS:
            return None
        document = self._document
        if depth > MOST_DEPTH:
            raise too_large(TOO_MUCH)
        declared = document.sheet.declared(element)
        if declared.get("display") == "none":
            return None
        style = computed(parent, declared, document.view) if declared else parent
        transform = transform_of(declared, document.view) if "transform" in declared else None
        if transform is not None and inverse(transform.matrix) is None:
            return None  # flat
        if tag == "use":
            transform = _used_at(transform, place_of(element, document.view))
        if style.dashes and style.stroke != NONE and "pathLength" in element.attributes:
            document.lose("dashes by a length that a path claims to have")
        d = document.path_data(element, is_dashed=bool(style.dashes))
        if d is not None:
            return self._shape(d, declared, style, transform)
        if tag not in GROUP_TAGS:
            self._lose(element, style)
            return None
        self._open.add(element)
        content = self._content(element, style, depth + 1)
        self._open.discard(element)
        return self._cut(declared, Group(content, transform, _opacity(declared))) if content else None

    def _content(self, element: Element, style: Style, depth: int) -> tuple[Node, ...]:
        if element.tag == "use":
            return self._used(element, style, depth)
        if element.tag == "svg":
            return self._viewport(element, style, depth, place_of(element, self._document.view))
        if element.tag == "switch":
            chosen = next((child for child in element.children if _is_for_us(child)), None)
            node = None if chosen is None else self._node(chosen, style, depth)
            return () if node is None else (node,)
        return self._children(element, style, depth)

    def _lose(self, element: Element, style: Style) -> None:
        """Notes an element that no drawing holds, if anything of it shows."""
        is_empty = element.tag == "text" and not any(
            one.text.strip() or one.tail.strip() for one in element.everything()
        )
        if style.is_visible and not is_empty:
            self._document.lose(LOST_TAGS.get(element.tag, f"<{element.tag}>"))

    # ── shapes ──

    def _shape(self, d: str, declared: Declarations, style: Style, transform: Transform | None) -> Node | None:
        if not d or not style.is_visible:
            return None
        document = self._document
        fill, stroke = None, None
        if style.fill != NONE:
            paint = resolved(color_of(style.fill, style), d, document, "fill")
            if paint is not None:
                fill = Fill(paint, style.fill_opacity, style.fill_is_stated)
        if style.stroke != NONE and style.stroke_width != 0:
            paint = resolved(color_of(style.stroke, style), d, document, "stroke")
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
                if declared.get("vector-effect") == "non-scaling-stroke":
                    document.lose("a line that does not scale")
        if fill is None and stroke is None:
            return None
        if not MARKERS.isdisjoint(declared) and any(declared.get(name, "none") != "none" for name in MARKERS):
            document.lose("markers")
        shape = Shape(d, fill, stroke, style.fill_rule, style.is_line_first, _opacity(declared), transform)
        return self._cut(declared, shape)

    def _cut(self, declared: Declarations, node: Node) -> Node | None:
        """`node` inside its clip paths and masks, and without what only a browser can do."""
        if CUTS.isdisjoint(declared):
            return node
        document = self._document
        for name, usual, what in (("filter", "none", "a filter"), ("mix-blend-mode", "normal", "blend mode ")):
            text = declared.get(name, usual).strip()
            if text not in (usual, "initial", "unset", ""):
                document.lose(f"{what}{text}" if name == "mix-blend-mode" else what)
        clips: list[Clip] = []
        opacity = None
        inner = node if node.transform is None else _moved(node, None)
        target = self._cutter(declared, "clip-path", "clipPath")
        if target is not None:
            clips += clips_of(target, inner, document)
        target = self._cutter(declared, "mask", "mask")
        if target is not None:
            found, opacity = mask_of(target, inner, document)
            clips += found
        if not clips and opacity is None:
            return node
        if isinstance(node, Group):
            opacity = node.opacity if opacity is None else opacity * (1.0 if node.opacity is None else node.opacity)
            return Group(node.children, node.transform, opacity, tuple(clips))
        return Group((inner,), node.transform, opacity, tuple(clips))

    def _cutter(self, declared: Declarations, name: str, tag: str) -> Element | None:
        """The element that a `clip-path` or `mask` refers to."""
        text = declared.get(name, "none").strip()
        if text in ("none", "initial", "unset", ""):
            return None
        id_ = values.reference(text)
        if id_ is None:
            self._document.lose(f"{name} {text.partition('(')[0]}")
            return None
        target = self._document.by_id.get(id_)
        return target if target is not None and target.tag == tag else None

    # ── references ──

    def _used(self, element: Element, style: Style, depth: int) -> tuple[Node, ...]:
        document = self._document
        href = element.attributes.get("href")
        target = document.target(href)
        if target is None:
            if href and not href.startswith("#"):
                document.lose("a <use> of another document")
            return ()
        if target in self._open:
            document.lose("a <use> that uses itself")
            return ()
        if target.tag in ("symbol", "svg"):
            _, _, width, height = place_of(element, document.view)
            inner = computed(style, document.sheet.declared(target), document.view)
            own = place_of(target, document.view)
            self._open.add(target)
            content = self._viewport(target, inner, depth, (0.0, 0.0, width or own[2], height or own[3]))
            self._open.discard(target)
            return content
        node = self._node(target, style, depth)
        return () if node is None else (node,)

    def _viewport(
        self, element: Element, style: Style, depth: int, place: tuple[float, float, float, float]
    ) -> tuple[Node, ...]:
        """The children of a nested `svg` or a `symbol`, fitted into its place and cut at its edges."""
        outer = self._document.view
        found = viewport(element, place, outer)
        self._document.view = found.view
        children = self._children(element, style, depth)
        self._document.view = outer
        if not children:
            return ()
        clips: tuple[Clip, ...] = ()
        if self._document.sheet.declared(element).get("overflow") not in ("visible", "auto"):
            clips = (Clip((Layer(shapes.rectangle(*found.edges), IDENTITY, "nonzero"),)),)
        return (Group(children, Transform(found.matrix), None, clips),)


def _used_at(transform: Transform | None, place: tuple[float, float, float, float]) -> Transform | None:
    """The transform of a `use` with its place: what cuts it is in the coordinates of what it uses."""
    x, y, _, _ = place
    if x == 0 and y == 0:
        return transform
    moved = Transform((1.0, 0.0, 0.0, 1.0, x, y), (("translate", (x, y)),))
    if transform is None:
        return moved
    return Transform(multiplied(transform.matrix, moved.matrix), (*transform.steps, *moved.steps))


def _moved(node: Node, transform: Transform | None) -> Node:
    if isinstance(node, Group):
        return Group(node.children, transform, node.opacity, node.clips)
    return Shape(node.d, node.fill, node.stroke, node.rule, node.is_line_first, node.opacity, transform)


def _is_for_us(element: Element) -> bool:
    """Whether a `switch` may choose an element: it needs no extension, and speaks English or any language."""
    languages = element.attributes.get("systemLanguage")
    speaks = languages is None or any(one.strip().partition("-")[0] == "en" for one in languages.split(","))
    return "requiredExtensions" not in element.attributes and speaks and element.tag not in SILENT_TAGS


def _opacity(declared: Declarations) -> float | None:
    text = declared.get("opacity")
    return None if text is None else values.fraction(text)
