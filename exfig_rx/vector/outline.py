"""Clips as one nonzero outline, for formats that know no other: unions, differences, the evenodd rule.

In: a clip. Out: path data that means the same. Rule: contours are only turned round, never cut; whether that came out
right is looked at in a grid of points. What takes cutting is done by skia-pathops where that is installed, else told.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import dist
from typing import Final, NamedTuple

from exfig_rx.vector import curves, cutting, geometry
from exfig_rx.vector.curves import Box
from exfig_rx.vector.drawing import Clip
from exfig_rx.vector.geometry import Segment
from exfig_rx.vector.matrices import Point

GRID: Final = 40
"""Points along each side of a box at which an outline is compared with what it should be."""

MOST_WORK: Final = 2_000_000
"""Edges looked at for one clip; a finer one is taken as it is, and told."""

_PIECES: Final = 8

_BESIDE: Final = 1e-4
"""How far beside an edge is looked, in its lengths."""

Contour = list[Segment]
Points = list[Point]


class Filled(NamedTuple):
    """Closed lines of points, the rule that says what is inside of them, and whether that shows."""

    lines: list[Points]
    rule: str
    shows: bool = True


def contours(segments: Iterable[Segment]) -> list[Contour]:
    """Segments split at each M; what is drawn on after a Z starts where that line did."""
    found: list[Contour] = []
    is_closed = False
    for segment in segments:
        if segment[0] == "M" or not found:
            found.append([])
        elif is_closed:
            found.append([found[-1][0]])
        found[-1].append(segment)
        is_closed = segment[0] == "Z"
    return found


def turned_round(contour: Contour) -> Contour:
    """The same line from its end to its start."""
    points: Points = [(contour[0][1][0], contour[0][1][1])]
    back: Contour = []
    for letter, values in contour[1:]:
        if letter == "Z":
            continue
        start = points[-1]
        controls = list(zip(values[:-2:2], values[1:-2:2], strict=True))
        back.append((letter, tuple(c for point in (*reversed(controls), start) for c in point)))
        points.append((values[-2], values[-1]))
    closed: Contour = [("Z", ())] if contour[-1][0] == "Z" else []
    return [("M", points[-1]), *reversed(back), *closed]


def area(points: Sequence[Point]) -> float:
    """The signed area that a closed line of points goes round."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*points, points[0]])) / 2


def clip_segments(clip: Clip, seen: Box | None) -> tuple[list[Segment], bool]:
    """What shows, as one nonzero outline; and whether it is exactly that in the part of the plane that is `seen`."""
    placed = [geometry.transformed(geometry.absolute(layer.d), layer.matrix) for layer in clip.layers]
    if len(placed) == 1 and clip.layers[0].rule == "nonzero":
        return placed[0], True
    stack = [
        Filled(curves.flattened(segments, _PIECES), layer.rule, layer.shows)
        for segments, layer in zip(placed, clip.layers, strict=True)
    ]
    built = [segment for segments in placed for segment in segments]
    lines = sum(len(one.lines) for one in stack)
    if sum(map(len, (line for one in stack for line in one.lines))) * (GRID + lines) <= MOST_WORK:
        for build in (_layer_by_layer, _by_edges):
            built = build(placed, stack)
            if _is_same(Filled(curves.flattened(built, _PIECES), "nonzero"), stack, seen):
                return built, True
    cut = cutting.clipped(placed, clip.layers)
    return (built, False) if cut is None else (cut, True)


def _layer_by_layer(placed: Sequence[list[Segment]], stack: Sequence[Filled]) -> list[Segment]:
    """Each layer's own outline, one way round if it shows, the other if it hides: right where those that show cross."""
    built: list[Segment] = []
    for segments, layer in zip(placed, stack, strict=True):
        alone = [layer._replace(shows=True)]
        for contour, before, behind in _sides(segments, alone):
            if before != behind:
                built += contour if behind == layer.shows else turned_round(contour)
    return built


def _by_edges(placed: Sequence[list[Segment]], stack: Sequence[Filled]) -> list[Segment]:
    """Only the contours with something that shows on one side and nothing on the other: right where none cross."""
    built: list[Segment] = []
    for segments in placed:
        for contour, before, behind in _sides(segments, stack):
            if before != behind:
                built += contour if behind else turned_round(contour)
    return built


def _sides(segments: Sequence[Segment], stack: Sequence[Filled]) -> Iterator[tuple[Contour, bool, bool]]:
    """Contours that go round to the right, and what shows outside and inside of them."""
    for contour in contours(segments):
        lines = curves.flattened(contour, _PIECES)
        if not lines:
            continue
        turn = area(lines[0])
        if turn < 0:
            contour = turned_round(contour)
        (x1, y1), (x2, y2) = max(pairwise([*lines[0], lines[0][0]]), key=lambda edge: dist(*edge))
        x, y = x1 + 0.5003 * (x2 - x1), y1 + 0.5003 * (y2 - y1)
        length = dist((x1, y1), (x2, y2))
        if length == 0:
            continue
        step = _BESIDE * length * (1 if turn > 0 else -1)
        across_x, across_y = -(y2 - y1) / length * step, (x2 - x1) / length * step
        yield contour, _shows(stack, x - across_x, y - across_y), _shows(stack, x + across_x, y + across_y)


# ── what is inside ──


def crossings(lines: Iterable[Sequence[Point]], y: float) -> list[tuple[float, int]]:
    """Where closed lines cross a height, from left to right, and whether downwards (1) or up (-1)."""
    found: list[tuple[float, int]] = []
    for points in lines:
        x1, y1 = points[-1]
        for x2, y2 in points:
            if (y1 <= y) != (y2 <= y):
                found.append((x1 + (y - y1) / (y2 - y1) * (x2 - x1), 1 if y2 > y1 else -1))
            x1, y1 = x2, y2
    found.sort()
    return found


def inside_row(filled: Filled, xs: Sequence[float], y: float) -> list[bool]:
    """Which of the points at rising `xs` on one height are inside."""
    ahead = crossings(filled.lines, y)
    is_even = filled.rule == "evenodd"
    count = at = 0
    out: list[bool] = []
    for x in xs:
        while at < len(ahead) and ahead[at][0] <= x:
            count += ahead[at][1]
            at += 1
        out.append(count % 2 != 0 if is_even else count != 0)
    return out


def grid(box: Box, size: int = GRID) -> tuple[list[float], list[float]]:
    """Columns and rows of points in a box, off the centre, so that none lies on the lines that designs are made of."""
    left, top, right, bottom = box
    xs = [left + (column + 0.4937) / size * (right - left) for column in range(size)]
    ys = [top + (row + 0.5113) / size * (bottom - top) for row in range(size)]
    return xs, ys


def _shown_row(stack: Sequence[Filled], xs: Sequence[float], y: float) -> list[bool]:
    """What the last layer over each point of a row says."""
    out = [False] * len(xs)
    for layer in stack:
        for at, is_in in enumerate(inside_row(layer, xs, y)):
            if is_in:
                out[at] = layer.shows
    return out


def _shows(stack: Sequence[Filled], x: float, y: float) -> bool:
    return _shown_row(stack, (x,), y)[0]


def _is_same(built: Filled, stack: Sequence[Filled], seen: Box | None) -> bool:
    box = curves.around(point for layer in stack for line in layer.lines for point in line)
    if box is not None and seen is not None:
        box = curves.common(box, seen)
    if box is None:
        return True
    xs, ys = grid(box)
    return all(inside_row(built, xs, y) == _shown_row(stack, xs, y) for y in ys)


def is_box(segments: Sequence[Segment], box: Box) -> bool:
    """Whether segments are one upright rectangle that covers `box`."""
    if len(segments) > 6 or any(letter in "CQ" for letter, _ in segments):
        return False
    lines = curves.flattened(segments)
    bounds = curves.bounds(segments)
    if len(lines) != 1 or bounds is None:
        return False
    left, top, right, bottom = bounds
    full = (right - left) * (bottom - top)
    slack = 1e-3
    return (
        abs(abs(area(lines[0])) - full) <= 1e-6 * max(1.0, full)
        and left <= box[0] + slack
        and top <= box[1] + slack
        and right >= box[2] - slack
        and bottom >= box[3] - slack
    )
