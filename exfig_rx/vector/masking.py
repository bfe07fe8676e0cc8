"""Clip paths and masks: what of a node shows.

In: a `clipPath` or `mask` element, and the node that it cuts. Out: clips in the node's own coordinates. Rule: a mask of
opaque shapes is a clip, and is told apart from one with half-tones, which no vector format of the platforms has: that
one becomes the nearest clip, and is named.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exfig_rx.vector import geometry, shapes, values
from exfig_rx.vector.cascade import Style, color_of, computed
from exfig_rx.vector.drawing import Clip, Group, Node
from exfig_rx.vector.geometry import Box
from exfig_rx.vector.markup import Element
from exfig_rx.vector.matrices import IDENTITY, Matrix, multiplied
from exfig_rx.vector.values import NONE, Color

if TYPE_CHECKING:
    from exfig_rx.vector.svg import Context

Outline = tuple[str, Matrix, str]
"""Path data, its matrix, its fill rule."""

_DEEPEST = 8


def clips_of(element: Element, node: Node, context: "Context", depth: int = 0) -> list[Clip]:
    """The clips that a `clipPath` means for `node`; all of them hold together."""
    if element.tag != "clipPath" or depth > _DEEPEST:
        return []
    declared = context.sheet.declared(element)
    style = computed(Style(), declared)
    base = values.transform(element.attributes.get("transform", ""))
    if element.attributes.get("clipPathUnits") == "objectBoundingBox":
        base = multiplied(_box_matrix(box_of(node)), base)
    outlines = tuple(outline for child in element.children for outline in _outlines(child, base, style, context, 0))
    found = [Clip(outlines)]
    nested = values.reference(declared.get("clip-path", ""))
    if nested is not None and nested in context.by_id:
        found += clips_of(context.by_id[nested], node, context, depth + 1)
    return found


def _outlines(element: Element, base: Matrix, parent: Style, context: "Context", depth: int) -> Iterator[Outline]:
    declared = context.sheet.declared(element)
    style = computed(parent, declared)
    matrix = multiplied(base, values.transform(element.attributes.get("transform", "")))
    if declared.get("display") == "none" or not style.is_visible:
        return
    if element.tag == "use" and depth < _DEEPEST:
        target = context.by_id.get(element.attributes.get("href", "").removeprefix("#"))
        x, y = (values.length(element.attributes.get(name, "0"), 1.0) or 0.0 for name in "xy")
        if target is not None:
            moved = multiplied(matrix, (1.0, 0.0, 0.0, 1.0, x, y))
            yield from _outlines(target, moved, style, context, depth + 1)
        return
    d = _path_data(element, context)
    if d:
        yield d, matrix, style.clip_rule or "nonzero"
    elif element.tag == "text":
        context.lose("text in a clip path")


def _path_data(element: Element, context: "Context") -> str:
    if element.tag == "path":
        return element.attributes.get("d", "").strip()
    return shapes.path_of(element.tag, element.attributes, context.view) or ""


def mask_of(element: Element, node: Node, context: "Context") -> list[Clip]:
    """The clips that a `mask` comes to for `node`."""
    if element.tag != "mask":
        return []
    declared = context.sheet.declared(element)
    style = computed(Style(), declared)
    base: Matrix = IDENTITY
    if element.attributes.get("maskContentUnits") == "objectBoundingBox":
        base = _box_matrix(box_of(node))
    by_alpha = declared.get("mask-type", element.attributes.get("mask-type", "")).strip() == "alpha"
    shown: list[Outline] = []
    hidden: list[Outline] = []
    for outline, coverage in _covered(element.children, base, style, context, by_alpha=by_alpha):
        if 0.02 < coverage < 0.98:
            context.lose("a mask with half-tones")
        if coverage >= 0.5:
            shown.append(outline)
        elif shown:  # black under white hides nothing
            hidden.append(outline)
    return [Clip(tuple(shown), tuple(hidden)), *_region(element, shown)]


def _covered(
    elements: list[Element], base: Matrix, parent: Style, context: "Context", *, by_alpha: bool
) -> Iterator[tuple[Outline, float]]:
    """Each outline of a mask with how much of what lies under it shows, 0 to 1."""
    for element in elements:
        declared = context.sheet.declared(element)
        style = computed(parent, declared)
        matrix = multiplied(base, values.transform(element.attributes.get("transform", "")))
        if declared.get("display") == "none" or not style.is_visible:
            continue
        if element.tag in ("g", "a"):
            if declared.get("opacity", "1").strip() not in ("1", "100%") or "mask" in declared or "filter" in declared:
                context.lose("a mask with half-tones")
            yield from _covered(element.children, matrix, style, context, by_alpha=by_alpha)
            continue
        d = _path_data(element, context)
        if not d:
            if element.tag in ("image", "text", "use", "foreignObject"):
                context.lose(f"a mask with <{element.tag}>")
            continue
        if style.stroke != NONE and style.stroke_width != 0:
            context.lose("a mask with a stroke")
        fill = color_of(style.fill, style)
        if fill == NONE:
            continue
        opacities = (style.fill_opacity, values.fraction(declared.get("opacity", "1")))
        coverage = 1.0
        for opacity in opacities:
            coverage *= 1.0 if opacity is None else opacity
        if isinstance(fill, Color):
            coverage *= fill.alpha if by_alpha else fill.alpha * _luminance(fill.rgb)
        else:
            context.lose("a mask with half-tones")
        yield (d, matrix, style.fill_rule or "nonzero"), coverage


def _luminance(rgb: int) -> float:
    """How bright a color is (https://www.w3.org/TR/css-masking-1/#MaskValues)."""
    return (0.2125 * (rgb >> 16) + 0.7154 * (rgb >> 8 & 255) + 0.0721 * (rgb & 255)) / 255


def _region(element: Element, shown: list[Outline]) -> list[Clip]:
    """The edges of a mask in user space, if they cut anything of it."""
    if element.attributes.get("maskUnits") != "userSpaceOnUse":
        return []
    x, y, width, height = (
        values.length(element.attributes.get(name, "0")) or 0.0 for name in ("x", "y", "width", "height")
    )
    box = _union([box for d, matrix, _ in shown if (box := _box_under(d, matrix)) is not None])
    slack = 0.01
    inside = box is not None and (
        x - slack <= box[0] and y - slack <= box[1] and x + width + slack >= box[2] and y + height + slack >= box[3]
    )
    if inside or width <= 0 or height <= 0:
        return []
    rect = dict(zip(("x", "y", "width", "height"), map(str, (x, y, width, height)), strict=True))
    return [Clip(((shapes.path_of("rect", rect, (1.0, 1.0)) or "", IDENTITY, "nonzero"),))]


# ── boxes ──


def box_of(node: Node, matrix: Matrix = IDENTITY) -> Box | None:
    """The box around all outlines of a node, strokes not counted."""
    inner = multiplied(matrix, node.transform.matrix) if node.transform is not None else matrix
    if isinstance(node, Group):
        return _union([box for child in node.children if (box := box_of(child, inner)) is not None])
    return _box_under(node.d, inner)


def _box_under(d: str, matrix: Matrix) -> Box | None:
    return geometry.bounds(geometry.transformed(geometry.absolute(d), matrix))


def _union(boxes: list[Box]) -> Box | None:
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def _box_matrix(box: Box | None) -> Matrix:
    if box is None:
        return IDENTITY
    return (box[2] - box[0], 0.0, 0.0, box[3] - box[1], box[0], box[1])
