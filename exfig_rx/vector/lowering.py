"""A drawing broken down to what Android's vectors know, XML and Compose alike.

In: a drawing. Out: groups with one clip and a transform of the form translate · rotate · scale, and paths with solid
or gradient paints. Rules: what the format has stays as it was written; what it lacks is rewritten exactly where that
can be (skews, dashes, elliptic gradients, unions of clips), and else to the nearest, by name in `losses`.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from exfig_rx.vector import geometry, outline
from exfig_rx.vector.drawing import (
    Clip,
    Drawing,
    Fill,
    Group,
    LinearGradient,
    Node,
    Paint,
    RadialGradient,
    Shape,
    Stop,
    Stroke,
    Transform,
)
from exfig_rx.vector.geometry import Box, Segment
from exfig_rx.vector.masking import box_of
from exfig_rx.vector.matrices import (
    IDENTITY,
    Matrix,
    Point,
    applied,
    inverse,
    is_similarity,
    mean_scale,
    multiplied,
)
from exfig_rx.vector.plain import (
    Placement,
    PlainDrawing,
    PlainGroup,
    PlainLinear,
    PlainNode,
    PlainPaint,
    PlainPath,
    PlainRadial,
    placement_of,
)
from exfig_rx.vector.values import Color


def lowered(drawing: Drawing, precision: int = geometry.PRECISION) -> PlainDrawing:
    """`drawing` in plain terms; numbers that have to be made are written with `precision` decimals."""
    left, top, width, height = drawing.view
    lowering = _Lowering((left, top, left + width, top + height), precision)
    nodes = tuple(lowering.nodes(drawing.nodes, None, IDENTITY, None))
    if (left, top) != (0.0, 0.0) and nodes:
        nodes = (PlainGroup(nodes, Placement(-left, -top)),)
    losses = tuple(dict.fromkeys((*drawing.losses, *lowering.losses)))
    return PlainDrawing(drawing.width, drawing.height, width, height, nodes, losses)


class _Lowering:
    """`baked` matrices are those that no group can hold and that go into the path data below it."""

    def __init__(self, view: Box, precision: int) -> None:
        self._view = view
        self._precision = precision
        self.losses: dict[str, None] = {}

    def nodes(
        self, nodes: tuple[Node, ...], baked: Matrix | None, world: Matrix, opacity: float | None
    ) -> Iterator[PlainNode]:
        for node in nodes:
            if isinstance(node, Group):
                yield from self._group(node, baked, world, opacity)
            else:
                yield from self._shape(node, baked, opacity)

    # ── groups ──

    def _group(self, group: Group, baked: Matrix | None, world: Matrix, opacity: float | None) -> Iterator[PlainNode]:
        placement, baked = self._placed(group.transform, baked)
        if group.transform is not None:
            world = multiplied(world, group.transform.matrix)
        if group.opacity is not None:
            if group.opacity < 1 and _overlap(group):
                self.losses["the opacity of a group whose shapes overlap"] = None
            opacity = group.opacity * (1.0 if opacity is None else opacity)
        clips = [text for clip in group.clips if (text := self._clip(clip, baked, world)) is not None]
        if "" in clips:
            return  # inside of nothing
        children = tuple(self.nodes(group.children, baked, world, opacity))
        if not children:
            return
        for text in clips[1:]:
            children = (PlainGroup(children, clip=text),)
        yield PlainGroup(children, placement, clips[0] if clips else None)

    def _placed(self, transform: Transform | None, baked: Matrix | None) -> tuple[Placement | None, Matrix | None]:
        """How a group is placed, and what goes into its paths instead."""
        if transform is None:
            return None, baked
        if baked is not None:
            return None, multiplied(baked, transform.matrix)
        placement = placement_of(transform)
        return (None, transform.matrix) if placement is None else (placement, None)

    def _clip(self, clip: Clip, baked: Matrix | None, world: Matrix) -> str | None:
        """Path data of a clip; None if all of the drawing is inside it, "" if nothing is."""
        if not clip.paths:
            return ""
        segments, is_exact = outline.clip_segments(clip)
        if not is_exact:
            self.losses["a clip of outlines that cross one another"] = None
        if not segments:
            return ""
        if not clip.holes and outline.is_box(geometry.transformed(segments, world), self._view):
            return None
        if len(clip.paths) == 1 and not clip.holes and baked is None:
            d, matrix, rule = clip.paths[0]
            if matrix == IDENTITY and rule == "nonzero" and not geometry.needs_rewriting(d):
                return d
        if baked is not None:
            segments = geometry.transformed(segments, baked)
        return geometry.path_text(segments, self._precision)

    # ── shapes ──

    def _shape(self, shape: Shape, baked: Matrix | None, opacity: float | None) -> Iterator[PlainNode]:
        placement, baked = self._placed(shape.transform, baked)
        if shape.opacity is not None:
            if shape.opacity < 1 and shape.fill is not None and shape.stroke is not None:
                self.losses["the opacity of a shape with a fill and a line"] = None
            opacity = shape.opacity * (1.0 if opacity is None else opacity)
        paths = tuple(self._paths(shape, baked, opacity))
        if placement is None:
            yield from paths
        elif paths:
            yield PlainGroup(paths, placement)

    def _paths(self, shape: Shape, baked: Matrix | None, opacity: float | None) -> Iterator[PlainNode]:
        """One path; two or more where fill and line need different data."""
        fill, stroke = shape.fill, shape.stroke
        matrix = IDENTITY if baked is None else baked
        plain_fill = self._paint(fill.paint, matrix) if fill is not None else None
        filled = PlainPath("")
        if fill is not None:
            filled = replace(filled, fill=plain_fill, fill_alpha=_times(fill.opacity, opacity), fill_rule=fill.rule)
        elliptic = fill is not None and plain_fill is None
        apart = elliptic or (stroke is not None and bool(stroke.dashes))
        if not apart:
            yield self._with_line(replace(filled, d=self._data(shape.d, baked)), stroke, matrix, opacity)
            return
        if fill is not None and elliptic:
            yield self._in_ellipse(shape.d, fill, matrix, opacity)
        elif fill is not None:
            yield replace(filled, d=self._data(shape.d, baked))
        if stroke is not None:
            d = self._data(shape.d, baked)
            if stroke.dashes:
                segments = outline.dashed(geometry.absolute(shape.d), stroke.dashes, stroke.dash_offset)
                d = geometry.path_text(geometry.transformed(segments, matrix), self._precision)
            if d:
                yield self._with_line(PlainPath(d), stroke, matrix, opacity)

    def _data(self, d: str, baked: Matrix | None) -> str:
        """Path data as it was written, if that is safe, else anew."""
        if baked is None and not geometry.needs_rewriting(d):
            return d
        segments: list[Segment] = geometry.absolute(d)
        return geometry.path_text(segments if baked is None else geometry.transformed(segments, baked), self._precision)

    def _with_line(self, path: PlainPath, stroke: Stroke | None, matrix: Matrix, opacity: float | None) -> PlainPath:
        if stroke is None:
            return path
        if matrix != IDENTITY and not is_similarity(matrix):
            self.losses["a line under a skew"] = None
        paint = self._paint(stroke.paint, matrix)
        if paint is None:
            self.losses["an elliptic gradient along a line"] = None
            paint = _middle(stroke.paint)
        return replace(
            path,
            stroke=paint,
            stroke_alpha=_times(stroke.opacity, opacity),
            stroke_width=stroke.width * (1.0 if matrix == IDENTITY else mean_scale(matrix)),
            cap=stroke.cap,
            join=stroke.join,
            miter_limit=stroke.miter_limit,
        )

    # ── paints ──

    def _paint(self, paint: Paint, baked: Matrix) -> PlainPaint | None:
        """A paint in the coordinates of the path data; None for an ellipse, which takes a group of its own."""
        if isinstance(paint, Color):
            return paint
        matrix = multiplied(baked, paint.matrix)
        stops = tuple(sorted(paint.stops, key=lambda stop: stop.offset))
        if isinstance(paint, LinearGradient):
            start, end = _line_under(paint, matrix)
            return PlainLinear(stops, start, end, paint.spread)
        if (paint.fx, paint.fy) != (paint.cx, paint.cy):
            self.losses["the focus of a radial gradient"] = None
        if not is_similarity(matrix):
            return None
        return PlainRadial(stops, applied(matrix, paint.cx, paint.cy), paint.r * mean_scale(matrix), paint.spread)

    def _in_ellipse(self, d: str, fill: Fill, baked: Matrix, opacity: float | None) -> PlainNode:
        """A path with an elliptic gradient: in a group that is stretched, the path shrunk to match."""
        gradient = fill.paint
        assert isinstance(gradient, RadialGradient)
        matrix = multiplied(baked, gradient.matrix)
        center = applied(matrix, gradient.cx, gradient.cy)
        rotation, scale_x, scale_y = _axes(matrix)
        placement = Placement(*center, scale_x, scale_y, rotation)
        back = inverse(placement.matrix)
        if back is None:
            return PlainPath(self._data(d, baked), _middle(gradient), _times(fill.opacity, opacity), fill.rule)
        segments = geometry.transformed(geometry.absolute(d), multiplied(back, baked))
        stops = tuple(sorted(gradient.stops, key=lambda stop: stop.offset))
        paint = PlainRadial(stops, (0.0, 0.0), gradient.r, gradient.spread)
        path = PlainPath(geometry.path_text(segments, self._precision), paint, _times(fill.opacity, opacity), fill.rule)
        return PlainGroup((path,), placement)


def _axes(matrix: Matrix) -> tuple[float, float, float]:
    """Rotation (degrees) and half-axes of the ellipse that a matrix makes of a circle."""
    a, b, c, d, _, _ = matrix
    e, f, g, h = (a + d) / 2, (a - d) / 2, (b + c) / 2, (b - c) / 2
    q, r = math.hypot(e, h), math.hypot(f, g)
    return math.degrees((math.atan2(h, e) + math.atan2(g, f)) / 2), q + r, q - r


def _line_under(gradient: LinearGradient, matrix: Matrix) -> tuple[Point, Point]:
    """Start and end of a linear gradient under a matrix: its lines of one color stay straight, but may tilt."""
    x1, y1 = applied(matrix, gradient.x1, gradient.y1)
    x2, y2 = applied(matrix, gradient.x2, gradient.y2)
    a, b, c, d, _, _ = matrix
    across_x, across_y = -(gradient.y2 - gradient.y1), gradient.x2 - gradient.x1
    iso_x, iso_y = a * across_x + c * across_y, b * across_x + d * across_y
    normal_x, normal_y = -iso_y, iso_x
    length = normal_x * normal_x + normal_y * normal_y
    if length == 0:
        return (x1, y1), (x2, y2)
    share = ((x2 - x1) * normal_x + (y2 - y1) * normal_y) / length
    return (x1, y1), (x1 + share * normal_x, y1 + share * normal_y)


def _middle(paint: Paint) -> Color:
    """One color for a gradient."""
    if isinstance(paint, Color):
        return paint
    stops: tuple[Stop, ...] = paint.stops
    return stops[len(stops) // 2].color


def _times(own: float | None, inherited: float | None) -> float | None:
    if own is None and inherited is None:
        return None
    return (1.0 if own is None else own) * (1.0 if inherited is None else inherited)


def _overlap(group: Group) -> bool:
    """Whether anything in a group lies over something else of it, as far as boxes tell."""
    boxes = list(_boxes(group, IDENTITY))
    return any(
        one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
        for index, one in enumerate(boxes)
        for two in boxes[:index]
    )


def _boxes(node: Node, matrix: Matrix) -> Iterator[Box]:
    if isinstance(node, Group):
        inner = multiplied(matrix, node.transform.matrix) if node.transform is not None else matrix
        for child in node.children:
            yield from _boxes(child, inner)
        return
    box = box_of(node, matrix)
    if box is not None:
        if node.stroke is not None:
            reach = node.stroke.width / 2
            box = (box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach)
        yield box
        if node.fill is not None and node.stroke is not None:
            yield box
