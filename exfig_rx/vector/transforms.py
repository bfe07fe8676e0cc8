"""Transforms: functions in attributes and in style sheets, about an origin, as steps and as one matrix.

In: text; what is declared for an element, and the size of its viewport. Out: a `Transform`, None where nothing moves.
Rule: what can't be read moves nothing. Sources: https://www.w3.org/TR/SVG11/coords.html#TransformAttribute,
https://www.w3.org/TR/css-transforms-1/
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from exfig_rx.vector import values
from exfig_rx.vector.color_functions import angle
from exfig_rx.vector.drawing import Transform
from exfig_rx.vector.geometry import numbers
from exfig_rx.vector.matrices import IDENTITY, Matrix, Step, multiplied
from exfig_rx.vector.values import CACHED

_FUNCTION = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*+\(([^()]*+)\)")
_COUNTS: Final = {
    "matrix": (6,), "translate": (1, 2), "scale": (1, 2), "rotate": (1, 3), "skewX": (1,), "skewY": (1,)
}  # fmt: skip

_IN_STYLES = re.compile(r"\s*([a-z]+)\(([^()]*+)\)\s*", re.IGNORECASE)
_SIDES: Final = {"center": "50%", "left": "0%", "right": "100%", "top": "0%", "bottom": "100%"}


@lru_cache(maxsize=CACHED)
def transform_steps(text: str) -> tuple[Step, ...]:
    """The functions of a `transform` attribute in order; none if any of it can't be read."""
    if _FUNCTION.sub("", text).strip(" ,\t\r\n"):
        return ()
    steps = tuple((name, tuple(numbers(inside))) for name, inside in _FUNCTION.findall(text))
    return steps if all(len(found) in _COUNTS[name] for name, found in steps) else ()


@lru_cache(maxsize=CACHED)
def matrix_of(text: str) -> Matrix:
    """The matrix of a `transform` attribute."""
    matrix = IDENTITY
    for name, found in transform_steps(text):
        matrix = multiplied(matrix, _matrix(name, found))
    return matrix


def transform_of(declared: Mapping[str, str], view: tuple[float, float]) -> Transform | None:
    """What is declared as `transform`, about its `transform-origin`; percentages are of `view`."""
    text = declared.get("transform")
    if text is None:
        return None
    matrix = matrix_of(text)
    if matrix == IDENTITY:
        return None
    steps = transform_steps(text)
    x, y = _origin(declared.get("transform-origin", ""), view)
    if (x, y) == (0.0, 0.0):
        return Transform(matrix, steps)
    match steps:
        case [("rotate", (angle,))]:
            steps = (("rotate", (angle, x, y)),)
        case _:
            steps = (("translate", (x, y)), *steps, ("translate", (-x, -y)))
    matrix = multiplied(multiplied((1.0, 0.0, 0.0, 1.0, x, y), matrix), (1.0, 0.0, 0.0, 1.0, -x, -y))
    return Transform(matrix, steps)


def matrix_in(declared: Mapping[str, str], view: tuple[float, float]) -> Matrix:
    """The same as a matrix."""
    found = transform_of(declared, view)
    return IDENTITY if found is None else found.matrix


def in_attribute_syntax(text: str) -> str | None:
    """The value of the property `transform` as the attribute spells it; None for what it can't say, as percentages."""
    if text.strip().lower() == "none":
        return ""
    spelled: list[str] = []
    at = 0
    while match := _IN_STYLES.match(text, at):
        function = _spelled(match[1].lower(), [part.strip() for part in match[2].split(",")])
        if function is None:
            return None
        spelled.append(function)
        at = match.end()
    return " ".join(spelled) if spelled and at == len(text) else None


def _spelled(name: str, parts: list[str]) -> str | None:
    """One function of a style sheet."""
    axis = name[-1:] if name[:-1] in ("translate", "scale", "skew") and name[-1:] in ("x", "y") else ""
    kind = name.removesuffix(axis)
    read = _pixels if kind == "translate" else _degrees if kind in ("rotate", "rotatez", "skew") else _factor
    found = [read(part) for part in parts]
    args = [value for value in found if value is not None]
    if len(args) < len(found):
        return None
    match kind, args:
        case "translate" | "scale" | "skew", [value] if axis:
            still = 1.0 if kind == "scale" else 0.0
            args = [value, still] if axis == "x" else [still, value]
        case "translate" | "skew", [value]:
            args = [value, 0.0]
        case "scale", [value]:
            args = [value, value]
    match kind, args:
        case "translate" | "scale", [x, y]:
            return f"{kind}({x!r} {y!r})"
        case "skew", [x, y]:
            return f"matrix(1 {math.tan(math.radians(y))!r} {math.tan(math.radians(x))!r} 1 0 0)"
        case "rotate" | "rotatez", [turn]:
            return f"rotate({turn!r})"
        case "matrix", [_, _, _, _, _, _]:
            return f"matrix({' '.join(map(repr, args))})"
    return None


def _pixels(text: str) -> float | None:
    """A length; without a unit style sheets know only 0."""
    value = None if text.endswith("%") else values.length(text)
    return value if value is None or value == 0 or text[-1:].isalpha() else None


def _factor(text: str) -> float | None:
    return values.length(text, 1.0) if text[-1:].isdigit() or text.endswith(("%", ".")) else None


def _degrees(text: str) -> float | None:
    value = angle(text)
    return value if value == 0 or text[-1:].isalpha() else None


def _origin(text: str, view: tuple[float, float]) -> tuple[float, float]:
    """A point; (0, 0), which is where transforms are about unless somebody says otherwise, if it can't be read."""
    words = text.lower().split()
    if not 1 <= len(words) <= 3:
        return (0.0, 0.0)
    across, down = [*words, "center"][:2]
    if across in ("top", "bottom") or down in ("left", "right"):
        across, down = down, across
    x, y = (values.length(_SIDES.get(one, one), whole) for one, whole in zip((across, down), view, strict=True))
    return (0.0, 0.0) if x is None or y is None else (x, y)


def _matrix(name: str, found: tuple[float, ...]) -> Matrix:
    match name, found:
        case "matrix", (a, b, c, d, e, f):
            return (a, b, c, d, e, f)
        case "translate", (x, *rest):
            return (1.0, 0.0, 0.0, 1.0, x, rest[0] if rest else 0.0)
        case "scale", (x, *rest):
            return (x, 0.0, 0.0, rest[0] if rest else x, 0.0, 0.0)
        case "rotate", (angle, *rest):
            cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            turned = (cos, sin, -sin, cos, 0.0, 0.0)
            if len(rest) != 2:
                return turned
            x, y = rest
            return multiplied(multiplied((1, 0, 0, 1, x, y), turned), (1, 0, 0, 1, -x, -y))
        case "skewX", (angle,):
            return (1.0, 0.0, math.tan(math.radians(angle)), 1.0, 0.0, 0.0)
        case "skewY", (angle,):
            return (1.0, math.tan(math.radians(angle)), 0.0, 1.0, 0.0, 0.0)
    return IDENTITY
