"""Affine matrices: what transforms do to points.

In: matrices and points. Out: the same. Rule: six numbers in SVG's order, and nothing that raises: a matrix that
flattens everything has no inverse, which is None.
"""

import math
from typing import Final, TypeAlias

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: x' = a x + c y + e, y' = b x + d y + f."""

Point: TypeAlias = tuple[float, float]

Step: TypeAlias = tuple[str, tuple[float, ...]]
"""One function of a `transform` attribute with its numbers."""

IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiplied(left: Matrix, right: Matrix) -> Matrix:
    """The matrix that does `right` first and then `left`."""
    a, b, c, d, e, f = left
    g, h, i, j, k, m = right
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def inverse(matrix: Matrix) -> Matrix | None:
    """The matrix that undoes `matrix`; None if it flattens everything."""
    a, b, c, d, e, f = matrix
    determinant = a * d - b * c
    size = max(abs(a), abs(b), abs(c), abs(d))
    if not abs(determinant) > 1e-12 * size * size:  # so that what is no number is none, too
        return None
    return (
        d / determinant,
        -b / determinant,
        -c / determinant,
        a / determinant,
        (c * f - d * e) / determinant,
        (b * e - a * f) / determinant,
    )


def applied(matrix: Matrix, x: float, y: float) -> Point:
    """Where a point goes."""
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def mean_scale(matrix: Matrix) -> float:
    """By how much lengths grow on average: the root of the area's factor."""
    a, b, c, d, _, _ = matrix
    return math.sqrt(abs(a * d - b * c))


def axes(matrix: Matrix) -> tuple[float, float, float, float]:
    """A matrix as turn · stretch · turn: the outer angle, two factors, the inner angle; angles in degrees."""
    a, b, c, d, _, _ = matrix
    e, f, g, h = (a + d) / 2, (a - d) / 2, (b + c) / 2, (b - c) / 2
    q, r = math.hypot(e, h), math.hypot(f, g)
    one, two = math.degrees(math.atan2(g, f)), math.degrees(math.atan2(h, e))
    return (two + one) / 2, q + r, q - r, (two - one) / 2


def is_similarity(matrix: Matrix) -> bool:
    """Whether circles stay circles."""
    a, b, c, d, _, _ = matrix
    size = max(abs(a), abs(b), abs(c), abs(d), 1e-12)
    same = abs(a * a + b * b - c * c - d * d) <= 1e-6 * size * size
    return same and abs(a * c + b * d) <= 1e-6 * size * size


def close_to(left: Matrix, right: Matrix) -> bool:
    """Whether two matrices do the same, but for rounding."""
    return all(abs(x - y) <= 1e-6 * max(1.0, abs(x), abs(y)) for x, y in zip(left, right, strict=True))
