"""Whether shapes lie over one another, which tells if the opacity of a group is that of each shape in it.

In: a group of a drawing. Out: yes or no. Rule: it is looked at in a grid of points, so that what overlaps by less than
one sees is none; what is too much to look at counts as overlapping, as a loss is better told once too often.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from math import hypot, sqrt
from typing import Final, TypeAlias

from exfig_rx.vector import curves, geometry, outline
from exfig_rx.vector.curves import Box
from exfig_rx.vector.drawing import Group, Node, Shape
from exfig_rx.vector.matrices import IDENTITY, Matrix, Point, mean_scale, multiplied

MOST_SHAPES: Final = 200
MOST_PATH_DATA: Final = 100_000
"""Shapes of a group, and characters of their path data, that are looked at."""

_GRID: Final = 64
_PIECES: Final = 8

Edge: TypeAlias = tuple[Point, Point]


def overlap(group: Group) -> bool:
    """Whether anything in a group lies over something else of it."""
    shapes = list(islice(_shapes(group.children, IDENTITY), MOST_SHAPES + 1))
    size = sum(len(shape.d) for shape, _ in shapes)
    if len(shapes) > MOST_SHAPES or (size > MOST_PATH_DATA and len(shapes) > 1):
        return True
    covers = [cover for shape, matrix in shapes for cover in _covers(shape, matrix)]
    if not any(_meet(one.box, other.box) for one, other in combinations(covers, 2)):
        return False
    whole = curves.union([cover.box for cover in covers])
    return whole is not None and any(_is_twice(covers, xs, y) for xs, ys in (outline.grid(whole, _GRID),) for y in ys)


def _is_twice(covers: Sequence["_Cover"], xs: Sequence[float], y: float) -> bool:
    """Whether any point of a row is covered twice."""
    taken = [False] * len(xs)
    for cover in covers:
        if cover.box[1] <= y <= cover.box[3]:
            for at, is_covered in enumerate(cover.row(xs, y)):
                if is_covered:
                    if taken[at]:
                        return True
                    taken[at] = True
    return False


def _shapes(nodes: Sequence[Node], matrix: Matrix) -> Iterator[tuple[Shape, Matrix]]:
    for node in nodes:
        inner = multiplied(matrix, node.transform.matrix) if node.transform is not None else matrix
        if isinstance(node, Group):
            yield from _shapes(node.children, inner)
        else:
            yield node, inner


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _covers(shape: Shape, matrix: Matrix) -> Iterator["_Cover"]:
    """What a shape covers: the inside of it, and the line along it."""
    segments = geometry.transformed(geometry.absolute(shape.d), matrix)
    lines = curves.flattened(segments, _PIECES)
    box = curves.around(point for line in lines for point in line)
    if box is None:
        return
    if shape.fill is not None:
        yield _Cover(box, lines, shape.rule or "nonzero", 0.0)
    if shape.stroke is not None:
        reach = shape.stroke.width / 2 * mean_scale(matrix)
        yield _Cover((box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach), lines, "", reach)


@dataclass(frozen=True, slots=True)
class _Cover:
    """A part of the plane: inside of lines, or within `reach` of them."""

    box: Box
    lines: list[list[Point]]
    rule: str
    reach: float

    def row(self, xs: Sequence[float], y: float) -> list[bool]:
        """Which points of a row belong to it."""
        if not self.reach:
            return outline.inside_row(outline.Filled(self.lines, self.rule), xs, y)
        spans = [span for line in self.lines for edge in pairwise(line) if (span := _span(edge, self.reach, y))]
        return [any(left <= x <= right for left, right in spans) for x in xs]


def _span(edge: Edge, reach: float, y: float) -> tuple[float, float] | None:
    """Where a row lies within `reach` of an edge: all of it is between two points, as that is convex."""
    (x1, y1), (x2, y2) = edge
    if not min(y1, y2) - reach <= y <= max(y1, y2) + reach:
        return None
    found: list[float] = []
    for x, height in ((x1, y1), (x2, y2)):
        inner = reach * reach - (y - height) * (y - height)
        if inner >= 0:
            found += (x - sqrt(inner), x + sqrt(inner))
    length = hypot(x2 - x1, y2 - y1)
    if length > 0:
        across_x, across_y = -(y2 - y1) / length * reach, (x2 - x1) / length * reach
        corners = [(x1 + across_x, y1 + across_y), (x2 + across_x, y2 + across_y),
                   (x2 - across_x, y2 - across_y), (x1 - across_x, y1 - across_y)]  # fmt: skip
        found += (x for x, _ in outline.crossings([corners], y))
    return (min(found), max(found)) if found else None
