"""Path data: text to segments, segments to text.

In: the text of `d` attributes. Out: segments with absolute coordinates, boxes, text again. Rules: numbers are written
as short as a precision allows and never as `-0`; a path with a mistake ends before it, as the standard says.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from exfig_rx.vector.matrices import Matrix, Point

Segment: TypeAlias = tuple[str, tuple[float, ...]]
"""A command of path data with its numbers. Absolute ones are M, L, C, Q and Z only."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""

PRECISION: Final = 4

_COMMANDS = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])([^MmZzLlHhVvCcSsQqTtAa]*)")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBERS_ONLY = re.compile(rf"(?:\s*,?\s*{_NUMBER.pattern})*\s*")
_FLAG = re.compile(r"\s*,?\s*([01])")
_NEXT = re.compile(rf"\s*,?\s*({_NUMBER.pattern})")
_COUNTS = {"m": 2, "z": 0, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7}
_ARC_SAFE = re.compile(r"[Aa](?:\s*,?\s*[-+.\d eE]+?[\s,]+){3}[01][\s,]+[01](?:[\s,]+|(?=[-+]))")


# ── numbers ──


def number(value: float, precision: int = PRECISION) -> str:
    """As short as `precision` decimals allow: `3`, `0.25`, `-1.5`; never `-0`, never an exponent."""
    text = f"{value:.{precision}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def numbers(text: str) -> list[float]:
    """All numbers in a list such as `points` or `viewBox`; reading ends at the first mistake."""
    found: list[float] = []
    at = 0
    while match := _NEXT.match(text, at):
        found.append(float(match[1]))
        at = match.end()
    return found


# ── path data ──


def commands(d: str) -> Iterator[Segment]:
    """The commands of path data as they stand, implicit repeats made explicit; ends before the first mistake."""
    first = True
    for letter, text in _COMMANDS.findall(d):
        if first and letter not in "Mm":
            return
        first = False
        count = _COUNTS[letter.lower()]
        if count == 0:
            yield letter, ()
            if text.strip():
                return
            continue
        values = _arc_numbers(text) if count == 7 else _plain_numbers(text)
        whole = len(values) - len(values) % count
        for start in range(0, whole, count):
            repeated = "Ll"["Mm".index(letter)] if start and letter in "Mm" else letter
            yield repeated, tuple(values[start : start + count])
        if whole < len(values) or not values or (count != 7 and not _NUMBERS_ONLY.fullmatch(text)):
            return


def _plain_numbers(text: str) -> list[float]:
    return [float(value) for value in _NUMBER.findall(text)] if _NUMBERS_ONLY.fullmatch(text) else numbers(text)


def _arc_numbers(text: str) -> list[float]:
    """Groups of seven; the flags may stand without a separator (`a6 6 0 1112 0`)."""
    found: list[float] = []
    at = 0
    while True:
        pattern = _FLAG if len(found) % 7 in (3, 4) else _NEXT
        match = pattern.match(text, at)
        if match is None:
            return found
        found.append(float(match[1]))
        at = match.end()


def needs_rewriting(d: str) -> bool:
    """Whether readers that are less patient than a browser misread `d`: flags of arcs without separators."""
    return any(
        not all(_ARC_SAFE.match("a" + " ".join(group.split())) for group in _arcs(text))
        for letter, text in _COMMANDS.findall(d)
        if letter in "Aa"
    )


def _arcs(text: str) -> Iterator[str]:
    """The text of each arc of a command."""
    at = 0
    while at < len(text):
        start = at
        for index in range(7):
            match = (_FLAG if index in (3, 4) else _NEXT).match(text, at)
            if match is None:
                return
            at = match.end()
        yield text[start:at].lstrip(" ,\n\t\r")


def absolute(d: str) -> list[Segment]:
    """Path data as M, L, C, Q and Z with absolute coordinates."""
    out: list[Segment] = []
    x = y = start_x = start_y = 0.0
    control: tuple[str, float, float] | None = None  # of the last curve, for S and T
    for letter, values in commands(d):
        kind = letter.upper()
        relative = letter != kind
        dx, dy = (x, y) if relative else (0.0, 0.0)
        before = control
        control = None
        if kind == "M":
            x, y = values[0] + dx, values[1] + dy
            start_x, start_y = x, y
            out.append(("M", (x, y)))
        elif kind == "Z":
            x, y = start_x, start_y
            out.append(("Z", ()))
        elif kind in "LHV":
            if kind == "L":
                x, y = values[0] + dx, values[1] + dy
            elif kind == "H":
                x = values[0] + dx
            else:
                y = values[0] + dy
            out.append(("L", (x, y)))
        elif kind in "CS":
            if kind == "S":
                mirrored = (2 * x - before[1], 2 * y - before[2]) if before and before[0] == "C" else (x, y)
                points = (*mirrored, *(v + (dx, dy)[i % 2] for i, v in enumerate(values)))
            else:
                points = tuple(v + (dx, dy)[i % 2] for i, v in enumerate(values))
            out.append(("C", points))
            control = ("C", points[2], points[3])
            x, y = points[4], points[5]
        elif kind in "QT":
            if kind == "T":
                cx, cy = (2 * x - before[1], 2 * y - before[2]) if before and before[0] == "Q" else (x, y)
                points = (cx, cy, values[0] + dx, values[1] + dy)
            else:
                points = tuple(v + (dx, dy)[i % 2] for i, v in enumerate(values))
            out.append(("Q", points))
            control = ("Q", points[0], points[1])
            x, y = points[2], points[3]
        else:
            rx, ry, turn, large, sweep, end_x, end_y = values
            end = (end_x + dx, end_y + dy)
            out += arc_curves((x, y), (rx, ry), turn, large=bool(large), sweep=bool(sweep), end=end)
            x, y = end
    return out


def arc_curves(start: Point, radii: Point, turn: float, *, large: bool, sweep: bool, end: Point) -> Iterator[Segment]:
    """An elliptic arc as cubic curves (https://www.w3.org/TR/SVG11/implnote.html#ArcImplementationNotes)."""
    rx, ry = abs(radii[0]), abs(radii[1])
    if start == end:
        return
    if rx == 0 or ry == 0:
        yield "L", end
        return
    phi = math.radians(turn % 360)
    cos, sin = math.cos(phi), math.sin(phi)
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    px, py = cos * half_x + sin * half_y, -sin * half_x + cos * half_y
    grow = (px / rx) ** 2 + (py / ry) ** 2
    if grow > 1:
        rx, ry = rx * math.sqrt(grow), ry * math.sqrt(grow)
    below = (rx * py) ** 2 + (ry * px) ** 2
    above = max(0.0, (rx * ry) ** 2 - below)
    factor = math.sqrt(above / below) * (-1 if large == sweep else 1)
    cpx, cpy = factor * rx * py / ry, -factor * ry * px / rx
    cx, cy = cos * cpx - sin * cpy + (start[0] + end[0]) / 2, sin * cpx + cos * cpy + (start[1] + end[1]) / 2
    first = math.atan2((py - cpy) / ry, (px - cpx) / rx)
    extent = math.atan2((-py - cpy) / ry, (-px - cpx) / rx) - first
    if sweep and extent < 0:
        extent += 2 * math.pi
    elif not sweep and extent > 0:
        extent -= 2 * math.pi
    pieces = max(1, math.ceil(abs(extent) / (math.pi / 2) - 1e-9))
    step = extent / pieces
    k = 4 / 3 * math.tan(step / 4)

    def on(x: float, y: float) -> Point:
        return (cx + cos * rx * x - sin * ry * y, cy + sin * rx * x + cos * ry * y)

    for piece in range(pieces):
        one, two = first + piece * step, first + (piece + 1) * step
        c1, s1, c2, s2 = math.cos(one), math.sin(one), math.cos(two), math.sin(two)
        last = end if piece == pieces - 1 else on(c2, s2)
        yield "C", (*on(c1 - k * s1, s1 + k * c1), *on(c2 + k * s2, s2 - k * c2), *last)


def transformed(segments: Iterable[Segment], matrix: Matrix) -> list[Segment]:
    """Absolute segments under a matrix."""
    a, b, c, d, e, f = matrix
    return [
        (
            letter,
            tuple(
                a * x + c * y + e if axis == 0 else b * x + d * y + f
                for x, y in zip(values[::2], values[1::2], strict=True)
                for axis in (0, 1)
            ),
        )
        for letter, values in segments
    ]


def path_text(segments: Iterable[Segment], precision: int = PRECISION) -> str:
    """Segments as path data: `M3 4L20 19Z`."""
    return "".join(letter + " ".join(number(value, precision) for value in values) for letter, values in segments)


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
        if letter == "M":
            start_x, start_y = end_x, end_y
        for found, start, controls, end in (
            (xs, x, values[0:-2:2], end_x),
            (ys, y, values[1:-2:2], end_y),
        ):
            found.append(end)
            if letter != "M":
                found.append(start)
                found += _extremes(start, controls, end)
        x, y = end_x, end_y
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None


def _extremes(start: float, controls: Sequence[float], end: float) -> Iterator[float]:
    """The values of a Bézier curve on one axis where it turns."""
    if len(controls) == 1:
        (control,) = controls
        below = start - 2 * control + end
        times = [(start - control) / below] if abs(below) > 1e-12 else []
        for t in times:
            if 0 < t < 1:
                yield (1 - t) ** 2 * start + 2 * (1 - t) * t * control + t * t * end
    elif len(controls) == 2:
        one, two = controls
        a, b, c = -start + 3 * one - 3 * two + end, 2 * (start - 2 * one + two), one - start
        for t in _roots(a, b, c):
            if 0 < t < 1:
                u = 1 - t
                yield u**3 * start + 3 * u * u * t * one + 3 * u * t * t * two + t**3 * end


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
    """The point of a Bézier curve at time `t`, 0 to 1."""
    points = list(curve)
    while len(points) > 1:
        points = [(one[0] + (two[0] - one[0]) * t, one[1] + (two[1] - one[1]) * t) for one, two in pairwise(points)]
    return points[0]
