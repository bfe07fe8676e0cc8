"""A drawing broken down to what Android's vectors know, XML and Compose alike.

In: a drawing. Out: groups with one clip and a transform of the form translate · rotate · scale, and paths with solid
or gradient paints. Rules: what the format has stays as it was written; what it lacks is rewritten exactly where that
can be (skews, dashes, elliptic gradients, unions of clips), and else to the nearest, by name in `losses`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from exfig_rx.vector import curves, geometry, outline
from exfig_rx.vector.curves import Box
from exfig_rx.vector.dashes import dashed
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
    Stroke,
)
from exfig_rx.vector.markup import too_large
from exfig_rx.vector.matrices import (
    IDENTITY,
    Matrix,
    Point,
    applied,
    axes,
    inverse,
    is_similarity,
    mean_scale,
    multiplied,
)
from exfig_rx.vector.overlap import overlap
from exfig_rx.vector.plain import (
    Placement,
    PlainDrawing,
    PlainGroup,
    PlainLinear,
    PlainNode,
    PlainPaint,
    PlainPath,
    PlainRadial,
    placements_of,
)
from exfig_rx.vector.values import Color

FARTHEST: Final = 1e9
"""Scales beyond this show nothing, and their numbers fit in no file."""


MOST_GROUPS: Final = 150
"""Groups inside one another; Android walks them on its stack, and so does whoever writes them."""


class _Around(NamedTuple):
    """What groups around come to: their matrix, their opacity (None where none says anything), how many they are."""

    world: Matrix = IDENTITY
    opacity: float | None = None
    depth: int = 0


def lowered(drawing: Drawing, precision: int = geometry.PRECISION) -> PlainDrawing:
    """`drawing` in plain terms; numbers that have to be made are written with `precision` decimals.

    Raises DesignError for more groups inside one another than anybody draws.
    """
    left, top, width, height = drawing.view
    lowering = _Lowering((left, top, left + width, top + height), precision)
    nodes: list[PlainNode] = []
    lowering.nodes(drawing.nodes, _Around(), nodes)
    if (left, top) != (0.0, 0.0) and nodes:
        nodes = [PlainGroup(tuple(nodes), Placement(-left, -top))]
    losses = drawing.losses
    if lowering.losses:
        losses = tuple(dict.fromkeys((*losses, *lowering.losses)))
    return PlainDrawing(drawing.width, drawing.height, width, height, tuple(nodes), losses)


class _Lowering:
    def __init__(self, view: Box, precision: int) -> None:
        self._view = view
        self._precision = precision
        self.losses: dict[str, None] = {}

    def nodes(self, nodes: tuple[Node, ...], around: _Around, out: list[PlainNode]) -> None:
        """Adds `nodes` in plain terms to `out`."""
        for node in nodes:
            if isinstance(node, Group):
                self._group(node, around, out)
            else:
                self._shape(node, around.opacity, out)

    # ── groups ──

    def _group(self, group: Group, around: _Around, out: list[PlainNode]) -> None:
        world, opacity, depth = around
        placements: tuple[Placement, ...] = ()
        if group.transform is not None:
            placements = placements_of(group.transform)
            world = multiplied(world, group.transform.matrix)
            if not max(map(abs, world)) < FARTHEST:
                return
        if group.opacity is not None:
            if group.opacity < 1 and overlap(group):
                self.losses["the opacity of a group whose shapes overlap"] = None
            opacity = group.opacity if opacity is None else group.opacity * opacity
        clips = [text for clip in group.clips if (text := self._clip(clip, world)) is not None]
        if "" in clips:
            return  # inside of nothing
        depth += max(1, len(placements)) + max(0, len(clips) - 1)
        if depth > MOST_GROUPS:
            raise too_large(f"more than {MOST_GROUPS} groups inside one another")
        children: list[PlainNode] = []
        self.nodes(group.children, _Around(world, opacity, depth), children)
        if not children:
            return
        for text in clips[1:]:
            children = [PlainGroup(tuple(children), clip=text)]
        placement = placements[-1] if placements else None
        out.append(_placed(PlainGroup(tuple(children), placement, clips[0] if clips else None), placements[:-1]))

    def _clip(self, clip: Clip, world: Matrix) -> str | None:
        """Path data of a clip; None if all of the drawing is inside it, "" if nothing is."""
        if not clip.layers:
            return ""
        segments, is_exact = outline.clip_segments(clip, _seen(self._view, world))
        if not is_exact:
            self.losses["a clip of outlines that cross one another"] = None
        if not segments:
            return ""
        if outline.is_box(geometry.transformed(segments, world), self._view):
            return None
        if len(clip.layers) == 1:
            d, matrix, rule, _ = clip.layers[0]
            if matrix == IDENTITY and rule == "nonzero":
                return _readable(d)
        return geometry.path_text(segments, self._precision)

    # ── shapes ──

    def _shape(self, shape: Shape, opacity: float | None, out: list[PlainNode]) -> None:
        if shape.opacity is not None:
            if shape.opacity < 1 and shape.fill is not None and shape.stroke is not None:
                self.losses["the opacity of a shape with a fill and a line"] = None
            opacity = shape.opacity if opacity is None else shape.opacity * opacity
        if shape.transform is None:
            out += self._paths(shape, opacity)
            return
        placements = placements_of(shape.transform)
        paths = tuple(self._paths(shape, opacity))
        if paths:
            out.append(_placed(PlainGroup(paths, placements[-1]), placements[:-1]))

    def _paths(self, shape: Shape, opacity: float | None) -> Iterator[PlainNode]:
        """One path; two where fill and line need different data, or stand in the other order."""
        fill, stroke, d = shape.fill, shape.stroke, _readable(shape.d)
        if not d:
            return
        bare = PlainPath(d, rule=shape.rule)
        if fill is None:
            if stroke is not None:
                yield from self._line(bare, shape, stroke, opacity)
            return
        paint, alpha = self._paint(fill.paint), _times(fill.opacity, opacity)
        if paint is None:
            filled: PlainNode = self._in_ellipse(shape, fill, alpha)
        else:
            filled = PlainPath(d, paint, alpha, fill.is_stated, shape.rule)
        if stroke is None:
            yield filled
        elif isinstance(filled, PlainPath) and not stroke.dashes and not shape.is_line_first:
            yield from self._line(filled, shape, stroke, opacity)
        elif shape.is_line_first:
            yield from (*self._line(bare, shape, stroke, opacity), filled)
        else:
            yield from (filled, *self._line(bare, shape, stroke, opacity))

    def _line(self, path: PlainPath, shape: Shape, stroke: Stroke, opacity: float | None) -> Iterator[PlainPath]:
        """`path` with the line of `shape`, if there is any."""
        paint = self._paint(stroke.paint)
        if paint is None:
            self.losses["an elliptic gradient along a line"] = None
            paint = _middle(stroke.paint)
        line = PlainPath(
            path.d,
            path.fill,
            path.fill_alpha,
            path.fill_is_stated,
            path.rule,
            paint,
            _times(stroke.opacity, opacity),
            stroke.width,
            stroke.cap,
            stroke.join,
            stroke.miter_limit,
        )
        if stroke.dashes:
            line = self._dashed(line, shape.d, stroke)
        if line.d:
            yield line

    def _dashed(self, line: PlainPath, d: str, stroke: Stroke) -> PlainPath:
        """A line in pieces; one that looks even from afar where there would be too many."""
        has_caps = stroke.cap in ("round", "square")
        pieces = dashed(geometry.absolute(d), stroke.dashes, stroke.dash_offset, has_caps=has_caps)
        if pieces is not None:
            return replace(line, d=geometry.path_text(pieces, self._precision))
        self.losses["dashes too fine to be seen"] = None
        share = sum(stroke.dashes[::2]) / sum(stroke.dashes)
        return replace(line, stroke_alpha=share * (1.0 if line.stroke_alpha is None else line.stroke_alpha))

    # ── paints ──

    def _paint(self, paint: Paint) -> PlainPaint | None:
        """A paint in the coordinates of the path data; None for an ellipse, which takes a group of its own."""
        if isinstance(paint, Color):
            return paint
        if isinstance(paint, LinearGradient):
            start, end = _line_under(paint)
            return PlainLinear(paint.stops, start, end, paint.spread)
        if (paint.fx, paint.fy) != (paint.cx, paint.cy):
            self.losses["the focus of a radial gradient"] = None
        if not is_similarity(paint.matrix):
            return None
        radius = paint.r * mean_scale(paint.matrix)
        return _round(paint, applied(paint.matrix, paint.cx, paint.cy), radius)

    def _in_ellipse(self, shape: Shape, fill: Fill, alpha: float | None) -> PlainNode:
        """A path with an elliptic gradient: in a group that is stretched, the path shrunk to match."""
        gradient = fill.paint
        assert isinstance(gradient, RadialGradient)
        angle, stretch_x, stretch_y, _ = axes(gradient.matrix)
        # the longer axis keeps its scale, so that path data stays in numbers of the design's size
        longest = max(abs(stretch_x), abs(stretch_y))
        center = applied(gradient.matrix, gradient.cx, gradient.cy)
        placement = Placement(*center, stretch_x / longest, stretch_y / longest, angle)
        back = inverse(placement.matrix)
        if back is None:
            return PlainPath(_readable(shape.d), _middle(gradient), alpha, rule=shape.rule)
        segments = geometry.transformed(geometry.absolute(shape.d), back)
        paint = _round(gradient, (0.0, 0.0), gradient.r * longest)
        path = PlainPath(geometry.path_text(segments, self._precision), paint, alpha, rule=shape.rule)
        return PlainGroup((path,), placement)


def _seen(view: Box, world: Matrix) -> Box | None:
    """What shows of the plane, in the coordinates of a group; None if that has none."""
    back = inverse(world)
    if back is None:
        return None
    left, top, right, bottom = view
    return curves.around([applied(back, x, y) for x in (left, right) for y in (top, bottom)])


def _placed(group: PlainGroup, placements: tuple[Placement, ...]) -> PlainGroup:
    """A group inside others that only place it; the outermost first."""
    for placement in reversed(placements):
        group = PlainGroup((group,), placement)
    return group


def _readable(d: str) -> str:
    """Path data as it was written, if every reader understands it, else spelled out."""
    return geometry.spelled_out(d) if geometry.needs_rewriting(d) else d


def _round(gradient: RadialGradient, center: Point, radius: float) -> PlainPaint:
    """A radial gradient in a circle; one of no size, which readers refuse, shows its last color."""
    if radius < 10**-geometry.PRECISION:
        return gradient.stops[-1].color
    return PlainRadial(gradient.stops, center, radius, gradient.spread)


def _line_under(gradient: LinearGradient) -> tuple[Point, Point]:
    """Start and end of a linear gradient under its matrix: its lines of one color stay straight, but may tilt."""
    matrix = gradient.matrix
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
    return paint if isinstance(paint, Color) else paint.stops[len(paint.stops) // 2].color


def _times(own: float | None, inherited: float | None) -> float | None:
    if inherited is None:
        return own
    return inherited if own is None else own * inherited
