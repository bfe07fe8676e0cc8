"""A drawing as plain values: what an SVG means once styles, references and units are resolved.

Nothing flows in; `svg` makes it, the emitters read it. Coordinates are user units of the group around; opacities of
groups and shapes are those of the element alone.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from exfig_rx.vector.matrices import IDENTITY, Matrix, Step
from exfig_rx.vector.values import Color


@dataclass(frozen=True, slots=True)
class Stop:
    """A color of a gradient, its opacity already in `color.alpha`."""

    offset: float
    color: Color


@dataclass(frozen=True, slots=True)
class LinearGradient:
    """From (x1, y1) to (x2, y2) under `matrix`; `spread` is pad, reflect or repeat."""

    stops: tuple[Stop, ...]
    x1: float
    y1: float
    x2: float
    y2: float
    matrix: Matrix = IDENTITY
    spread: str = "pad"


@dataclass(frozen=True, slots=True)
class RadialGradient:
    """Around (cx, cy) up to `r` under `matrix`; (fx, fy) is where the first color sits."""

    stops: tuple[Stop, ...]
    cx: float
    cy: float
    r: float
    fx: float
    fy: float
    matrix: Matrix = IDENTITY
    spread: str = "pad"


Gradient: TypeAlias = LinearGradient | RadialGradient
Paint: TypeAlias = Color | Gradient


@dataclass(frozen=True, slots=True)
class Fill:
    """`opacity` is None where the design says nothing; nor does it of the paint unless `is_stated`, which is black."""

    paint: Paint
    opacity: float | None = None
    is_stated: bool = True


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line; cap, join and miter limit are None where the design says nothing (butt, miter, 4)."""

    paint: Paint
    width: float = 1.0
    opacity: float | None = None
    cap: str | None = None
    join: str | None = None
    miter_limit: float | None = None
    dashes: tuple[float, ...] = ()
    dash_offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Transform:
    """A matrix, and the functions it was written with, which some formats can repeat."""

    matrix: Matrix
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A path: `d` as in the design where it was one there; `rule` is nonzero, evenodd, or None where nobody says."""

    d: str
    fill: Fill | None
    stroke: Stroke | None
    rule: str | None = None
    is_line_first: bool = False
    opacity: float | None = None
    transform: Transform | None = None


class Layer(NamedTuple):
    """An outline that shows or hides what lies under it: path data, its matrix, its fill rule."""

    d: str
    matrix: Matrix
    rule: str
    shows: bool = True


@dataclass(frozen=True, slots=True)
class Clip:
    """Each point is as the last of the layers that cover it says; one that none covers is hidden."""

    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Things drawn one over the other, inside all of `clips`, which are in the coordinates of the children."""

    children: "tuple[Shape | Group, ...]"
    transform: Transform | None = None
    opacity: float | None = None
    clips: tuple[Clip, ...] = ()


Node: TypeAlias = Shape | Group


@dataclass(frozen=True, slots=True)
class Drawing:
    """Size in pixels, the part of the plane that is shown (left, top, width, height), and what is on it.

    `losses` names what an SVG can hold and a drawing can't, each once.
    """

    width: float
    height: float
    view: tuple[float, float, float, float]
    nodes: tuple[Node, ...]
    losses: tuple[str, ...] = ()
