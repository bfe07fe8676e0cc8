"""Where lines and curves go: boxes around them, points on them, their lengths and pieces.

In: absolute segments. Out: boxes, points, segments. Rule: boxes are tight; points are taken at equal steps of time.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias

from exfig_rx.vector.geometry import Segment
from exfig_rx.vector.matrices import Point

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""

Curve: TypeAlias = list[Point]
"""A line (2 points) or a Bézier curve (3 or 4): start, handles, end."""


def bounds(segments: Sequence[Segment]) -> Box | None:
    """The tight box around absolute segments; None for none."""
    xs: list[float] = []
    ys: list[float] = []
    x = y = start_x = start_y = 0.0
    for letter, values in segments:
        if letter == "Z":
            x, y = start_x, start_y
            continue
        end_x, end_y = values[-2], values[-1]
        xs.append(end_x)
        ys.append(end_y)
        if letter == "M":
            start_x, start_y = end_x, end_y
        else:
            xs.append(x)
            ys.append(y)
            if letter != "L":
                xs += _extremes(x, values[0:-2:2], end_x)
                ys += _extremes(y, values[1:-2:2], end_y)
        x, y = end_x, end_y
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None


def union(boxes: Iterable[Box | None]) -> Box | None:
    """The box around boxes; None for none."""
    found = [box for box in boxes if box is not None]
    if not found:
        return None
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def _extremes(start: float, controls: Sequence[float], end: float) -> Iterator[float]:
    """The values of a Bézier curve on one axis where it turns."""
    if len(controls) == 1:
        (control,) = controls
        below = start - 2 * control + end
        if abs(below) > 1e-12:
            t = (start - control) / below
            if 0 < t < 1:
                yield (1 - t) * (1 - t) * start + 2 * (1 - t) * t * control + t * t * end
        return
    one, two = controls
    if min(start, end) <= min(one, two) and max(one, two) <= max(start, end):
        return  # between its ends, and nowhere else
    for t in _roots(-start + 3 * one - 3 * two + end, 2 * (start - 2 * one + two), one - start):
        if 0 < t < 1:
            u = 1 - t
            yield u * u * u * start + 3 * u * u * t * one + 3 * u * t * t * two + t * t * t * end


def _roots(a: float, b: float, c: float) -> list[float]:
    if abs(a) < 1e-12:
        return [-c / b] if abs(b) > 1e-12 else []
    inner = b * b - 4 * a * c
    if inner < 0:
        return []
    root = math.sqrt(inner)
    return [(-b + root) / (2 * a), (-b - root) / (2 * a)]


def flattened(segments: Iterable[Segment], pieces: int = 16) -> list[list[Point]]:
    """Each contour as points; curves as `pieces` straight lines."""
    contours: list[list[Point]] = []
    for letter, values in segments:
        if letter == "M":
            contours.append([(values[0], values[1])])
        elif letter == "Z":
            if contours and contours[-1]:
                contours.append([contours[-1][0]])
        elif contours:
            points = contours[-1]
            curve = [points[-1], *zip(values[::2], values[1::2], strict=True)]
            if letter == "L":
                points.append(curve[-1])
            else:
                points += [on_curve(curve, step / pieces) for step in range(1, pieces + 1)]
    return [contour for contour in contours if len(contour) > 1]


def on_curve(curve: Sequence[Point], t: float) -> Point:
    """The point of a curve at time `t`, 0 to 1."""
    u = 1 - t
    if len(curve) == 4:
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve
        a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        return (a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3)
    if len(curve) == 3:
        (x0, y0), (x1, y1), (x2, y2) = curve
        return (u * u * x0 + 2 * u * t * x1 + t * t * x2, u * u * y0 + 2 * u * t * y1 + t * t * y2)
    (x0, y0), (x1, y1) = curve
    return (u * x0 + t * x1, u * y0 + t * y1)


def lengths(curve: Curve, pieces: int = 32) -> list[float]:
    """Lengths from the start of a curve at equal steps of time, the first 0."""
    steps = 1 if len(curve) == 2 else pieces
    points = [on_curve(curve, step / steps) for step in range(steps + 1)]
    return list(accumulate((math.dist(one, two) for one, two in pairwise(points)), initial=0.0))


def part(curve: Curve, start: float, end: float) -> Curve:
    """The piece of a curve between two times (de Casteljau)."""
    first = split(curve, end)[0]
    return split(first, start / end)[1] if end > 0 else [curve[0]] * len(curve)


def split(curve: Curve, t: float) -> tuple[Curve, Curve]:
    """A curve before and after a time."""
    left, right = [curve[0]], [curve[-1]]
    points = curve
    while len(points) > 1:
        points = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for (x1, y1), (x2, y2) in pairwise(points)]
        left.append(points[0])
        right.append(points[-1])
    return left, right[::-1]


def around(points: Iterable[Point]) -> Box | None:
    """The box around points; None for none."""
    found = list(points)
    if not found:
        return None
    xs, ys = zip(*found, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def common(one: Box, other: Box) -> Box | None:
    """What two boxes share; None for nothing."""
    left, top, right, bottom = (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )
    return (left, top, right, bottom) if left < right and top < bottom else None
