"""What Android's vectors know: groups with one clip and one placement, paths with colors and simple gradients.

Nothing flows in; `lowering` makes it, `drawable` and `compose` write it. Rule: a placement is translate · rotate ·
scale around a pivot, in the numbers of the design where these fit.
"""

import math
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from exfig_rx.vector import geometry
from exfig_rx.vector.drawing import Stop, Transform
from exfig_rx.vector.geometry import number
from exfig_rx.vector.matrices import Matrix, Point, axes, close_to, multiplied
from exfig_rx.vector.values import Color

_EPSILON: Final = 1e-6
_NEXT_TO: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Placement:
    """translate · (pivot) rotate · scale (pivot back); angles in degrees."""

    translate_x: float = 0.0
    translate_y: float = 0.0
    scale_x: float = 1.0
    scale_y: float = 1.0
    rotation: float = 0.0
    pivot_x: float = 0.0
    pivot_y: float = 0.0

    @property
    def matrix(self) -> Matrix:
        """The same as a matrix."""
        cos, sin = math.cos(math.radians(self.rotation)), math.sin(math.radians(self.rotation))
        turned = (cos * self.scale_x, sin * self.scale_x, -sin * self.scale_y, cos * self.scale_y, 0.0, 0.0)
        back = (1.0, 0.0, 0.0, 1.0, -self.pivot_x, -self.pivot_y)
        there = (1.0, 0.0, 0.0, 1.0, self.translate_x + self.pivot_x, self.translate_y + self.pivot_y)
        return multiplied(multiplied(there, turned), back)


@dataclass(frozen=True, slots=True)
class PlainLinear:
    """A linear gradient between two points."""

    stops: tuple[Stop, ...]
    start: Point
    end: Point
    spread: str


@dataclass(frozen=True, slots=True)
class PlainRadial:
    """A radial gradient in a circle."""

    stops: tuple[Stop, ...]
    center: Point
    radius: float
    spread: str


PlainPaint: TypeAlias = Color | PlainLinear | PlainRadial


@dataclass(frozen=True, slots=True)
class PlainPath:
    """A path; alphas and rule are None where the design says nothing. A fill that is not stated is the usual black."""

    d: str
    fill: PlainPaint | None = None
    fill_alpha: float | None = None
    fill_is_stated: bool = True
    rule: str | None = None
    stroke: PlainPaint | None = None
    stroke_alpha: float | None = None
    stroke_width: float = 1.0
    cap: str | None = None
    join: str | None = None
    miter_limit: float | None = None


@dataclass(frozen=True, slots=True)
class PlainGroup:
    """Children under a placement, inside the nonzero outline `clip` (path data, in the group's coordinates)."""

    children: "tuple[PlainPath | PlainGroup, ...]"
    placement: Placement | None = None
    clip: str | None = None


PlainNode: TypeAlias = PlainPath | PlainGroup


@dataclass(frozen=True, slots=True)
class PlainDrawing:
    """Size in pixels, viewport in user units from (0, 0) on, and what could not be kept."""

    width: float
    height: float
    viewport_width: float
    viewport_height: float
    nodes: tuple[PlainNode, ...]
    losses: tuple[str, ...]


def attribute_number(value: float) -> str:
    """A number as users of the older ExFig have it: four decimals, none where a whole number is next to it."""
    whole = round(value) if -geometry.LARGEST < value < geometry.LARGEST else 0
    return str(whole) if abs(value - whole) < _NEXT_TO else number(value)


def placement_number(value: float, *, is_scale: bool) -> str:
    """The same in a placement; a small scale is written finer, as much hangs on each of its digits."""
    return number(value, 6) if is_scale and abs(value) < 0.1 else attribute_number(value)


def placements_of(transform: Transform) -> tuple[Placement, ...]:
    """A transform as placements, the outermost first: one, in the numbers it was written with where they fit, or two.

    Every matrix is a turn, a stretch along the axes, and another turn.
    """
    written = _written(transform)
    if written is not None and close_to(written.matrix, transform.matrix):
        return (written,)
    a, b, c, d, e, f = transform.matrix
    scale_x = math.hypot(a, b)
    if abs(a * c + b * d) <= _EPSILON * (a * a + b * b + c * c + d * d):
        return (Placement(e, f, scale_x, (a * d - b * c) / scale_x, math.degrees(math.atan2(b, a))),)
    outer, stretch_x, stretch_y, inner = axes(transform.matrix)
    return (Placement(e, f, stretch_x, stretch_y, outer), Placement(rotation=inner))


def _written(transform: Transform) -> Placement | None:
    placement = Placement()
    for name, numbers in transform.steps:
        match name, numbers:
            case "translate", (x, *rest):
                placement = replace(placement, translate_x=x, translate_y=rest[0] if rest else 0.0)
            case "scale", (x, *rest):
                placement = replace(placement, scale_x=x, scale_y=rest[0] if rest else x)
            case "rotate", (angle, x, y):
                placement = replace(placement, rotation=angle, pivot_x=x, pivot_y=y)
            case "rotate", (angle,):
                placement = replace(placement, rotation=angle)
            case _:
                return None
    return placement
