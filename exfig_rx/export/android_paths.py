"""Path data in fewer characters, for a limit on decimals or on length.

In: path data. Out: path data of the same picture. Rule: numbers are rounded where they end up, never step by step, so
that relative commands don't add up their errors; what Android's parser misreads (flags of arcs without separators) is
never written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from exfig_rx.vector import geometry
from exfig_rx.vector.geometry import Segment
from exfig_rx.vector.plain import PlainDrawing, PlainNode, PlainPath

MOST_DECIMALS: Final = 9
"""More than a float of 32 bits, which Android draws with, can tell apart."""

_FARTHEST: Final = 1e7
_RADII: Final = 3
"""The first numbers of an arc, which are no coordinates: two radii, an angle."""


def decimals(d: str) -> int:
    """The most digits behind the point that a number of `d` has, up to nine."""
    return _most_decimals(list(geometry.commands(d)))


def rounded(d: str, precision: int) -> str:
    """`d` with at most `precision` decimals; as it stands if it has no more."""
    commands = list(geometry.commands(d))
    return d if _most_decimals(commands) <= precision else _shortened(d, commands, precision)


def shortened(d: str, precision: int) -> str:
    """`d` in few characters with `precision` decimals: of each command the absolute or the relative form.

    Arcs whose numbers have more decimals become curves: a hair off a radius moves a centre by a hundred hairs. Data
    with numbers beyond all drawings stays as it is.
    """
    return _shortened(d, list(geometry.commands(d)), precision)


def _shortened(d: str, commands: Sequence[Segment], precision: int) -> str:
    if any(abs(value) > _FARTHEST for _, values in commands for value in values):
        return d
    if any(letter in "Aa" for letter, _ in commands) and _most_decimals(commands) > precision:
        commands = geometry.absolute(d)
    return "".join(_pieces(commands, _Grid(precision)))


def _most_decimals(commands: Sequence[Segment]) -> int:
    return min(MOST_DECIMALS, max((_decimals(value) for _, values in commands for value in values), default=0))


def with_paths(drawing: PlainDrawing, change: Callable[[str], str]) -> PlainDrawing:
    """`drawing` with all path data changed, clips included."""
    return replace(drawing, nodes=tuple(_changed(node, change) for node in drawing.nodes))


def _changed(node: PlainNode, change: Callable[[str], str]) -> PlainNode:
    if isinstance(node, PlainPath):
        return replace(node, d=change(node.d))
    children = tuple(_changed(child, change) for child in node.children)
    return replace(node, children=children, clip=None if node.clip is None else change(node.clip))


def _decimals(value: float) -> int:
    text = repr(value)
    if "e" not in text:
        _, _, behind = text.partition(".")
        return len(behind.rstrip("0"))
    exponent = Decimal(text).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class _Grid:
    """Numbers as whole steps of one decimal place."""

    def __init__(self, precision: int) -> None:
        self._precision = precision
        self._steps: int = 10**precision

    def steps(self, value: float) -> int:
        """The nearest step."""
        return round(value * self._steps)

    def text(self, steps: int) -> str:
        """A number of steps, shortest: `.5`, `-12`, `0`."""
        digits = str(abs(steps)).rjust(self._precision + 1, "0")
        at = len(digits) - self._precision
        whole, behind = digits[:at].lstrip("0"), digits[at:].rstrip("0")
        number = f"{whole}.{behind}" if behind else whole or "0"
        return f"-{number}" if steps < 0 else number


def _pieces(commands: Iterable[Segment], grid: _Grid) -> Iterator[str]:
    x = y = start_x = start_y = 0.0
    before = ""
    for letter, values in commands:
        kind = letter.upper()
        if kind == "Z":
            x, y = start_x, start_y
            before = kind
            yield "z"
            continue
        targets = _absolute(letter, values, x, y)
        end_x = targets[-1] if kind == "H" else x if kind == "V" else targets[-2]
        end_y = y if kind == "H" else targets[-1]
        if kind == "L":
            kind, targets = _straight(grid, targets, x, y)
        before, text = _shorter(grid, kind, targets, (x, y), before)
        yield text
        x, y = end_x, end_y
        if kind == "M":
            start_x, start_y = x, y


def _absolute(letter: str, values: tuple[float, ...], x: float, y: float) -> tuple[float, ...]:
    """The numbers of a command as if it were absolute."""
    if letter.isupper():
        return values
    if letter in "hv":
        return (values[0] + (x if letter == "h" else y),)
    if letter == "a":
        return (*values[:5], values[5] + x, values[6] + y)
    return tuple(value + (x, y)[index % 2] for index, value in enumerate(values))


def _straight(grid: _Grid, targets: tuple[float, ...], x: float, y: float) -> tuple[str, tuple[float, ...]]:
    """A line, with one number where it runs along an axis."""
    if grid.steps(targets[1]) == grid.steps(y):
        return "H", targets[:1]
    return ("V", targets[1:]) if grid.steps(targets[0]) == grid.steps(x) else ("L", targets)


def _shorter(
    grid: _Grid, kind: str, targets: tuple[float, ...], at: tuple[float, float], before: str
) -> tuple[str, str]:
    """A command's letter and text, which leaves the letter out where it repeats `before`."""
    steps = [grid.steps(value) for value in targets]
    from_x, from_y = grid.steps(at[0]), grid.steps(at[1])
    fixed = ""
    if kind == "A":  # with all its spaces: readers that are not patient stumble over flags
        flags = [str(int(value)) for value in targets[_RADII : _RADII + 2]]
        fixed = " ".join([*(grid.text(step) for step in steps[:_RADII]), *flags])
        steps = steps[_RADII + 2 :]
    origins = (from_y,) if kind == "V" else (from_x, from_y)
    absolute = [grid.text(step) for step in steps]
    relative = [grid.text(step - origins[index % len(origins)]) for index, step in enumerate(steps)]
    found = []
    for letter, numbers in ((kind, absolute), (kind.lower(), relative)):
        body = _spaced([fixed, *numbers] if fixed else numbers)
        if letter != before or kind == "M":
            found.append((letter, letter + body))
        else:
            found.append((letter, body if body.startswith("-") else f" {body}"))
    return min(found, key=lambda one: len(one[1]))


def _spaced(numbers: list[str]) -> str:
    """Numbers one after the other, with a space where nothing else parts them."""
    text = numbers[0]
    for before, number in pairwise(numbers):
        parts_itself = number.startswith("-") or (number.startswith(".") and "." in before.rpartition(" ")[2])
        text += number if parts_itself else f" {number}"
    return text
