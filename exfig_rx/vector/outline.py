"""Outlines for formats that know only nonzero clips and solid lines: unions, differences, dashes.

In: clips and path data. Out: path data that means the same under the nonzero rule. Rule: contours are only turned
round, never cut; whether that came out right is looked at in a grid of points, and told.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import pairwise
from math import hypot

from exfig_rx.vector import geometry
from exfig_rx.vector.drawing import Clip
from exfig_rx.vector.geometry import Box, Segment
from exfig_rx.vector.matrices import IDENTITY, Matrix, Point

GRID = 24
"""Points along each side of a box at which an outline is compared with what it should be."""

Contour = list[Segment]


def contours(segments: Iterable[Segment]) -> list[Contour]:
    """Segments split at each M."""
    found: list[Contour] = []
    for segment in segments:
        if segment[0] == "M" or not found:
            found.append([])
        found[-1].append(segment)
    return found


def turned_round(contour: Contour) -> Contour:
    """The same line from its end to its start."""
    points: list[Point] = [(contour[0][1][0], contour[0][1][1])]
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


def windings(lines: Sequence[Sequence[Point]], x: float, y: float) -> int:
    """How often closed lines go round a point."""
    total = 0
    for points in lines:
        for (x1, y1), (x2, y2) in pairwise([*points, points[0]]):
            if (y1 <= y) != (y2 <= y):
                side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
                if y2 > y1 and side > 0:
                    total += 1
                elif y2 <= y1 and side < 0:
                    total -= 1
    return total


def clip_segments(clip: Clip) -> tuple[list[Segment], bool]:
    """What shows, as one nonzero outline; and whether it is exactly that."""
    shown = [(_placed(d, matrix), rule) for d, matrix, rule in clip.paths]
    hidden = [(_placed(d, matrix), rule) for d, matrix, rule in clip.holes]
    if len(shown) == 1 and not hidden and shown[0][1] == "nonzero":
        return shown[0][0], True
    built = [segment for one, rule in shown for segment in _oriented(one, rule, outward=True)]
    built += [segment for one, rule in hidden for segment in _oriented(one, rule, outward=False)]
    return built, _is_same(built, shown, hidden)


def _placed(d: str, matrix: Matrix) -> list[Segment]:
    segments = geometry.absolute(d)
    return segments if matrix == IDENTITY else geometry.transformed(segments, matrix)


def _oriented(segments: list[Segment], rule: str, *, outward: bool) -> list[Segment]:
    """The contours turned so that outer ones go one way and holes the other."""
    parts = [(contour, lines[0]) for contour in contours(segments) if (lines := geometry.flattened(contour))]
    if rule == "nonzero":
        total = sum(area(points) for _, points in parts)
        flip = (total > 0) != outward
        return [segment for contour, _ in parts for segment in (turned_round(contour) if flip else contour)]
    out: list[Segment] = []
    for contour, points in parts:
        others = [line for _, line in parts if line is not points]
        depth = sum(windings([line], *points[0]) != 0 for line in others)
        wants_positive = (depth % 2 == 0) == outward
        out += contour if (area(points) > 0) == wants_positive else turned_round(contour)
    return out


def _is_same(
    built: list[Segment], shown: Sequence[tuple[list[Segment], str]], hidden: Sequence[tuple[list[Segment], str]]
) -> bool:
    box = geometry.bounds(built)
    if box is None:
        return True
    lines = geometry.flattened(built)
    wanted = [(geometry.flattened(one), rule) for one, rule in shown]
    unwanted = [(geometry.flattened(one), rule) for one, rule in hidden]
    wrong = 0
    for x, y in _grid(box):
        is_shown = any(_inside(one, rule, x, y) for one, rule in wanted)
        is_shown = is_shown and not any(_inside(one, rule, x, y) for one, rule in unwanted)
        wrong += is_shown != (windings(lines, x, y) != 0)
    return wrong <= GRID * GRID // 200  # points right on an edge may fall either way


def _inside(lines: Sequence[Sequence[Point]], rule: str, x: float, y: float) -> bool:
    count = windings(lines, x, y)
    return count % 2 != 0 if rule == "evenodd" else count != 0


def _grid(box: Box) -> Iterable[Point]:
    left, top, right, bottom = box
    for row in range(GRID):
        for column in range(GRID):
            # off the centre, so that no point lies on the lines that designs are made of
            yield left + (column + 0.4937) / GRID * (right - left), top + (row + 0.5113) / GRID * (bottom - top)


def is_box(segments: Sequence[Segment], box: Box) -> bool:
    """Whether segments are one upright rectangle that covers `box`."""
    if any(letter in "CQ" for letter, _ in segments):
        return False
    lines = geometry.flattened(segments)
    bounds = geometry.bounds(segments)
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


# ── dashes ──


def dashed(segments: Sequence[Segment], dashes: Sequence[float], offset: float) -> list[Segment]:
    """The pieces of a line that a dash pattern leaves, as lines of their own; curves stay curves."""
    out: list[Segment] = []
    for contour in contours(segments):
        out += _dashed_contour(contour, dashes, offset)
    return out


def _dashed_contour(contour: Contour, dashes: Sequence[float], offset: float) -> list[Segment]:
    position = offset % sum(dashes)
    index = 0
    while position >= dashes[index]:
        position -= dashes[index]
        index = (index + 1) % len(dashes)
    left = dashes[index] - position
    out: list[Segment] = []
    pen_is_down = False
    for curve in _curves(contour):
        lengths = _lengths(curve)
        total, done = lengths[-1], 0.0
        if total == 0:
            continue
        while done < total:
            step = min(left, total - done)
            if index % 2 == 0 and (step > 0 or left == 0):
                piece = _part(curve, _time_at(lengths, done), _time_at(lengths, done + step))
                if not pen_is_down:
                    out.append(("M", piece[0]))
                letter = "MLQC"[len(piece) - 1]
                out.append((letter, tuple(c for point in piece[1:] for c in point)))
                pen_is_down = True
            done += step
            left -= step
            if left <= 1e-9:
                index = (index + 1) % len(dashes)
                left = dashes[index]
                pen_is_down = False
                if left == 0 and index % 2:
                    index = (index + 1) % len(dashes)
                    left = dashes[index]
    return out


def _curves(contour: Contour) -> Iterable[list[Point]]:
    """Each segment with its start, the closing line included."""
    start = at = (contour[0][1][0], contour[0][1][1])
    for letter, values in contour[1:]:
        if letter == "Z":
            if at != start:
                yield [at, start]
            at = start
        else:
            points = list(zip(values[::2], values[1::2], strict=True))
            yield [at, *points]
            at = points[-1]


_PIECES = 32


def _lengths(curve: list[Point]) -> list[float]:
    """Lengths from the start at equal steps of time."""
    steps = 1 if len(curve) == 2 else _PIECES
    points = [geometry.on_curve(curve, step / steps) for step in range(steps + 1)]
    return reduce(
        lambda sums, pair: [*sums, sums[-1] + hypot(pair[1][0] - pair[0][0], pair[1][1] - pair[0][1])],
        pairwise(points),
        [0.0],
    )


def _time_at(lengths: list[float], length: float) -> float:
    steps = len(lengths) - 1
    for step in range(steps):
        if length <= lengths[step + 1] or step == steps - 1:
            width = lengths[step + 1] - lengths[step]
            return min(1.0, (step + ((length - lengths[step]) / width if width else 0.0)) / steps)
    return 1.0


def _part(curve: list[Point], start: float, end: float) -> list[Point]:
    """The piece of a curve between two times (de Casteljau)."""
    first = _split(curve, end)[0]
    return _split(first, start / end)[1] if end > 0 else [curve[0]] * len(curve)


def _split(curve: list[Point], t: float) -> tuple[list[Point], list[Point]]:
    left, right = [curve[0]], [curve[-1]]
    points = curve
    while len(points) > 1:
        points = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for (x1, y1), (x2, y2) in pairwise(points)]
        left.append(points[0])
        right.append(points[-1])
    return left, right[::-1]
