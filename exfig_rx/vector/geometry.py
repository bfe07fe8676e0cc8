"""Path data: text to segments, segments to text.

In: the text of `d` attributes. Out: commands as they stand, or segments with absolute coordinates, and text again.
Rules: numbers are written as short as a precision allows and never as `-0`; a path with a mistake ends before it, as
the standard says; every pattern here takes time that grows with the text, and no more.
"""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from exfig_rx.vector.matrices import IDENTITY, Matrix, Point

Segment: TypeAlias = tuple[str, tuple[float, ...]]
"""A command of path data with its numbers. Absolute ones are M, L, C, Q and Z only."""

PRECISION: Final = 4

LARGEST: Final = 1e9
"""Numbers are cut off here: nobody draws out there, and their products stay finite."""

NUMBER: Final = r"[-+]?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][-+]?+[0-9]++)?+"
"""A number of SVG; the quantifiers never give back, so that no text makes them try again and again."""

_EXACT: Final = 9
"""Decimals that keep any number of a design."""

_COMMANDS = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])([^MmZzLlHhVvCcSsQqTtAa]*+)")
_NUMBER = re.compile(NUMBER)
_NEXT = re.compile(rf"\s*+,?+\s*+({NUMBER})")
_NUMBERS_ONLY = re.compile(rf"(?:\s*+,?+\s*+{NUMBER})*+\s*+")
_FLAG = re.compile(r"\s*+,?+\s*+([01])")
_COUNTS = {"m": 2, "z": 0, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7}


# ── what every reader understands ──

_PLAIN = r"-?+(?:[0-9]{1,9}+(?![0-9])(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE](?:-[0-9]{1,2}+|[0-9])(?![0-9.]))?+"
_GAP = r"[ ]*+,?+[ ]*+"
_BREAK = r"(?:[ ]++,?+[ ]*+|,[ ]*+)"
_RADIUS = r"(?=0?+\.?+0*+[1-9])" + _PLAIN


def _command(letters: str, first: str, *others: str) -> str:
    """A command whose groups of numbers may repeat."""
    rest = "".join(others)
    return rf"[{letters}][ ]*+{first}{rest}(?:{_GAP}{first}{rest})*+[ ]*+"


_NUMBERS = [f"{_GAP}{_PLAIN}"] * 5
_ARC = (_RADIUS, _GAP, _RADIUS, _GAP, _PLAIN, *[_BREAK, "[01]"] * 2, f"(?:{_BREAK}|(?=-))", _PLAIN, _GAP, _PLAIN)
_PATIENT = re.compile(
    f"[ ]*+(?:{_command('Mm', _PLAIN, *_NUMBERS[:1])}(?:"
    + "|".join(
        (
            _command("Cc", _PLAIN, *_NUMBERS[:5]),
            _command("LlMmTt", _PLAIN, *_NUMBERS[:1]),
            _command("HhVv", _PLAIN),
            "[Zz][ ]*+",
            _command("SsQq", _PLAIN, *_NUMBERS[:3]),
            _command("Aa", *_ARC),
        )
    )
    + ")*+)?+"
)

# what nearly all path data looks like, which is looked at first as it takes a third of the time
_USUAL = re.compile("M# #(?:C# # # # # #|L# #|[HV]#|Z|M# #)*+".replace("#", r"-?[0-9]{1,9}+(?:\.[0-9]++)?+"))


def needs_rewriting(d: str) -> bool:
    """Whether readers that are less patient than a browser misread `d`, or stop at it.

    Flags of arcs without separators, arcs without a radius, plus signs, line breaks, numbers too many or too few, and
    whatever is no path data at all.
    """
    return _USUAL.fullmatch(d) is None and _PATIENT.fullmatch(d) is None


def spelled_out(d: str) -> str:
    """`d` in the same commands, as every reader understands it."""
    return "".join(letter + " ".join([number(value, _EXACT) for value in values]) for letter, values in _lined(d))


def _lined(d: str) -> Iterator[Segment]:
    """Commands, arcs without a radius as the lines that they are."""
    for letter, values in commands(d):
        if letter in "Aa" and not (round(values[0], _EXACT) and round(values[1], _EXACT)):
            yield "Ll"["Aa".index(letter)], values[5:]
        else:
            yield letter, values


# ── numbers ──


def number(value: float, precision: int = PRECISION) -> str:
    """As short as `precision` decimals allow: `3`, `0.25`, `-1.5`; never `-0`, never an exponent."""
    if not -LARGEST < value < LARGEST:
        value = _bounded(value)
    text = f"{value:.{precision}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _bounded(value: float) -> float:
    return 0.0 if value != value else max(-LARGEST, min(LARGEST, value))


def numbers(text: str) -> list[float]:
    """All numbers in a list such as `points` or `viewBox`; reading ends at the first mistake."""
    found: list[str] = []
    at = 0
    while match := _NEXT.match(text, at):
        found.append(match[1])
        at = match.end()
    return _floats(found)


def _floats(texts: list[str]) -> list[float]:
    values = list(map(float, texts))
    if values and not (max(values) < LARGEST and min(values) > -LARGEST):
        return list(map(_bounded, values))
    return values


# ── path data ──


def commands(d: str) -> Iterator[Segment]:
    """The commands of path data as they stand, implicit repeats made explicit; ends before the first mistake."""
    d = d.strip()
    if not d.startswith(("M", "m")):
        return
    for letter, text in _COMMANDS.findall(d):
        count = _COUNTS[letter.lower()]
        if count == 0:
            yield letter, ()
            if text and not text.isspace():
                return
            continue
        is_clean = count != 7 and _NUMBERS_ONLY.fullmatch(text) is not None
        values = _floats(_NUMBER.findall(text)) if is_clean else _arc_numbers(text) if count == 7 else numbers(text)
        if len(values) == count:
            yield letter, tuple(values)
        else:
            whole = len(values) - len(values) % count
            for start in range(0, whole, count):
                repeated = "Ll"["Mm".index(letter)] if start and letter in "Mm" else letter
                yield repeated, tuple(values[start : start + count])
            if whole < len(values) or not values:
                return
        if count != 7 and not is_clean:
            return


def _arc_numbers(text: str) -> list[float]:
    """Groups of seven; the flags may stand without a separator (`a6 6 0 1112 0`)."""
    found: list[str] = []
    at = 0
    while True:
        pattern = _FLAG if len(found) % 7 in (3, 4) else _NEXT
        match = pattern.match(text, at)
        if match is None:
            return _floats(found)
        found.append(match[1])
        at = match.end()


def absolute(d: str) -> list[Segment]:
    """Path data as M, L, C, Q and Z with absolute coordinates."""
    out: list[Segment] = []
    x = y = start_x = start_y = 0.0
    control: tuple[str, float, float] | None = None  # of the last curve, for S and T
    for letter, values in commands(d):
        kind = letter.upper()
        if letter != kind and kind != "A":
            values = tuple([v + (y if i % 2 or kind == "V" else x) for i, v in enumerate(values)])
        before, control = control, None
        if kind == "M":
            x, y = start_x, start_y = values
        elif kind == "Z":
            x, y = start_x, start_y
        elif kind == "A":
            rx, ry, turn, large, sweep, end_x, end_y = values
            end = (end_x + x, end_y + y) if letter == "a" else (end_x, end_y)
            out += arc_curves((x, y), (rx, ry), turn, large=bool(large), sweep=bool(sweep), end=end)
            x, y = end
            continue
        elif kind in "LHV":
            x, y = values if kind == "L" else (values[0], y) if kind == "H" else (x, values[0])
            kind, values = "L", (x, y)
        else:
            if kind in "ST":
                kind = "C" if kind == "S" else "Q"
                mirrored = (2 * x - before[1], 2 * y - before[2]) if before and before[0] == kind else (x, y)
                values = (*mirrored, *values)
            control = (kind, values[-4], values[-3])
            x, y = values[-2], values[-1]
        out.append((kind, values))
    return out


def arc_curves(start: Point, radii: Point, turn: float, *, large: bool, sweep: bool, end: Point) -> Iterator[Segment]:
    """An elliptic arc as cubic curves (https://www.w3.org/TR/SVG11/implnote.html#ArcImplementationNotes)."""
    rx, ry = abs(radii[0]), abs(radii[1])
    if start == end:
        return
    phi = math.radians(turn % 360)
    cos, sin = math.cos(phi), math.sin(phi)
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    px, py = cos * half_x + sin * half_y, -sin * half_x + cos * half_y
    if min(rx, ry) <= 1e-9 * max(1.0, abs(px), abs(py)):
        yield "L", end
        return
    grow = math.hypot(px / rx, py / ry)
    if grow > 1:
        rx, ry = rx * grow, ry * grow
    along, across = px / rx, py / ry
    below = along * along + across * across
    factor = math.sqrt(max(0.0, 1 - below) / below) * (-1 if large == sweep else 1)
    cpx, cpy = factor * across, -factor * along
    cx = cos * rx * cpx - sin * ry * cpy + (start[0] + end[0]) / 2
    cy = sin * rx * cpx + cos * ry * cpy + (start[1] + end[1]) / 2
    first = math.atan2(across - cpy, along - cpx)
    extent = math.atan2(-across - cpy, -along - cpx) - first
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
    if matrix == IDENTITY:
        return list(segments)
    a, b, c, d, e, f = matrix
    return [
        (
            letter,
            tuple(
                [
                    a * x + c * y + e if axis == 0 else b * x + d * y + f
                    for x, y in zip(values[::2], values[1::2], strict=True)
                    for axis in (0, 1)
                ]
            ),
        )
        for letter, values in segments
    ]


def path_text(segments: Iterable[Segment], precision: int = PRECISION) -> str:
    """Segments as path data: `M3 4L20 19Z`."""
    return "".join(letter + " ".join([number(value, precision) for value in values]) for letter, values in segments)
