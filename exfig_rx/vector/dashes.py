"""Dashed lines for formats that know only solid ones: the pieces that a pattern leaves, each a line of its own.

In: absolute segments and a pattern. Out: segments. Rules: curves stay curves; a closed line that begins and ends in a
dash has one dash there, not two that meet; a pattern so fine that nobody sees its dashes is not split at all.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, TypeAlias

from exfig_rx.vector import curves
from exfig_rx.vector.curves import Curve
from exfig_rx.vector.geometry import Segment
from exfig_rx.vector.outline import Contour, contours

MOST_DASHES: Final = 4_000
"""Dashes of one path; more make data that no tool takes."""

DOT: Final = 0.01
"""The length of a dash of none: it shows nothing but its caps, which need a direction."""

Measured: TypeAlias = list[tuple[Curve, list[float]]]
"""Curves with their lengths at equal steps of time."""


def dashed(
    segments: Sequence[Segment], dashes: Sequence[float], offset: float, *, has_caps: bool
) -> list[Segment] | None:
    """The pieces of a line under a pattern of dashes and gaps, an even number of them; None for too many pieces.

    Dashes of no length are left out unless the line `has_caps`.
    """
    lines = [(_measured(contour), contour[-1][0] == "Z") for contour in contours(segments)]
    period = sum(dashes)
    total = sum(lengths[-1] for line, _ in lines for _, lengths in line)
    if not total / period * len(dashes) / 2 < MOST_DASHES:
        return None
    least = DOT if has_caps else 0.0
    return [one for line, is_closed in lines for one in _pieces(line, is_closed, dashes, offset % period, least)]


def _measured(contour: Contour) -> Measured:
    """Each segment with its start, the closing line included; those of no length are left out."""
    out: Measured = []
    start = at = (contour[0][1][0], contour[0][1][1])
    for letter, values in contour[1:]:
        curve = [at, *([start] if letter == "Z" else zip(values[::2], values[1::2], strict=True))]
        lengths = curves.lengths(curve)
        if lengths[-1] > 0:
            out.append((curve, lengths))
        at = curve[-1]
    return out


def _pieces(
    line: Measured, is_closed: bool, dashes: Sequence[float], position: float, least: float
) -> Iterator[Segment]:
    """The dashes of one contour, which the pattern enters at `position`."""
    ends = list(accumulate((lengths[-1] for _, lengths in line), initial=0.0))
    total = ends[-1]
    spans = list(_spans(dashes, position, total, least))
    pieces = [_between(line, ends, start, end) for start, end in spans]
    if is_closed and spans and spans[0][0] == 0 and spans[-1][1] == total:
        if len(spans) == 1:
            pieces[0].append(("Z", ()))
        else:
            pieces[-1] += pieces.pop(0)[1:]
    for piece in pieces:
        yield from piece


def _spans(dashes: Sequence[float], position: float, total: float, least: float) -> Iterator[tuple[float, float]]:
    """Start and end of each dash on a line, cut off at its ends."""
    at = -position
    while at < total:
        for index in range(0, len(dashes), 2):
            length = dashes[index] or least
            start, end = max(0.0, at), min(total, at + length)
            if start < end:
                yield start, end
            at += dashes[index] + dashes[index + 1]


def _between(line: Measured, ends: Sequence[float], start: float, end: float) -> list[Segment]:
    """The part of a line between two lengths."""
    out: list[Segment] = []
    index = bisect_right(ends, start) - 1
    while index < len(line) and ends[index] < end:
        curve, lengths = line[index]
        first = _time_at(lengths, start - ends[index]) if start > ends[index] else 0.0
        last = _time_at(lengths, end - ends[index]) if end < ends[index + 1] else 1.0
        piece = curves.part(curve, first, last)
        if not out:
            out.append(("M", piece[0]))
        out.append(("MLQC"[len(piece) - 1], tuple(c for point in piece[1:] for c in point)))
        index += 1
    return out


def _time_at(lengths: Sequence[float], length: float) -> float:
    """The time at which a curve is so long."""
    steps = len(lengths) - 1
    step = min(steps - 1, max(0, bisect_right(lengths, length) - 1))
    width = lengths[step + 1] - lengths[step]
    return min(1.0, (step + ((length - lengths[step]) / width if width else 0.0)) / steps)
