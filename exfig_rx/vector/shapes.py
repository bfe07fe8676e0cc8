"""Basic shapes as path data: rect, circle, ellipse, line, polyline, polygon.

In: the attributes of an element, and what percents are of. Out: path data, "" where nothing is drawn. Rule: circles
and corners are four cubic curves each, k = 0.5523, in the spelling that users of the older ExFig have in their files.
"""

from collections.abc import Callable, Mapping
from math import hypot, sqrt
from typing import Final

from exfig_rx.vector import geometry, values

K: Final = 0.5523
"""How far the handles of a quarter circle reach, in radii."""

Attributes = Mapping[str, str]
View = tuple[float, float]
"""Width and height that percents are of."""


def path_of(tag: str, attributes: Attributes, view: View, *, is_dashed: bool = False) -> str | None:
    """The path data of an element; None if it is no basic shape.

    One that `is_dashed` starts where the standard says and goes that way round, since its dashes do.
    """
    if is_dashed and tag in _ROUND:
        return _ROUND[tag](attributes, view, -1)
    draw = _SHAPES.get(tag)
    return None if draw is None else draw(attributes, view)


def _length(attributes: Attributes, name: str, whole: float) -> float:
    text = attributes.get(name)
    return (values.length(text, whole) if text is not None else None) or 0.0


def _rect(attributes: Attributes, view: View) -> str:
    x, y = _length(attributes, "x", view[0]), _length(attributes, "y", view[1])
    width, height = _length(attributes, "width", view[0]), _length(attributes, "height", view[1])
    if width <= 0 or height <= 0:
        return ""
    rx, ry = (_radius(attributes, name, whole) for name, whole in zip(("rx", "ry"), view, strict=True))
    rx, ry = (ry if rx is None else rx) or 0.0, (rx if ry is None else ry) or 0.0
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if rx <= 0 or ry <= 0:
        return rectangle(x, y, width, height)
    right, bottom = x + width, y + height
    n = _number
    kx, ky = rx * (1 - K), ry * (1 - K)

    def corner(x1: float, y1: float, x2: float, y2: float, end_x: float, end_y: float) -> str:
        return f"C{n(x1)},{n(y1)} {n(x2)},{n(y2)} {n(end_x)},{n(end_y)}"

    return "".join(
        (
            f"M{n(x + rx)},{n(y)}L{n(right - rx)},{n(y)}",
            corner(right - kx, y, right, y + ky, right, y + ry),
            f"L{n(right)},{n(bottom - ry)}",
            corner(right, bottom - ky, right - kx, bottom, right - rx, bottom),
            f"L{n(x + rx)},{n(bottom)}",
            corner(x + kx, bottom, x, bottom - ky, x, bottom - ry),
            f"L{n(x)},{n(y + ry)}",
            corner(x, y + ky, x + kx, y, x + rx, y),
            "Z",
        )
    )


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """The path data of an upright rectangle without round corners."""
    left, top, right, bottom = (_number(value) for value in (x, y, x + width, y + height))
    return f"M{left},{top}L{right},{top}L{right},{bottom}L{left},{bottom}Z"


def _radius(attributes: Attributes, name: str, whole: float) -> float | None:
    text = attributes.get(name)
    value = values.length(text, whole) if text is not None else None
    return value if value is not None and value >= 0 else None


def _circle(attributes: Attributes, view: View, side: int = 1) -> str:
    radius = _length(attributes, "r", hypot(*view) / sqrt(2))
    return _ellipse_at(attributes, view, (radius, radius), side)


def _ellipse(attributes: Attributes, view: View, side: int = 1) -> str:
    rx, ry = (_radius(attributes, name, whole) for name, whole in zip(("rx", "ry"), view, strict=True))
    return _ellipse_at(attributes, view, ((ry if rx is None else rx) or 0.0, (rx if ry is None else ry) or 0.0), side)


def _ellipse_at(attributes: Attributes, view: View, radii: tuple[float, float], side: int) -> str:
    """From the left point (the right one if `side` is -1) down, round, and back."""
    rx, ry = radii
    if rx <= 0 or ry <= 0:
        return ""
    rx *= side
    x, y = _length(attributes, "cx", view[0]), _length(attributes, "cy", view[1])
    kx, ky = rx * K, ry * K
    n = _number
    return (
        f"M{n(x - rx)},{n(y)}"
        f"C{n(x - rx)},{n(y + ky)} {n(x - kx)},{n(y + ry)} {n(x)},{n(y + ry)}"
        f"C{n(x + kx)},{n(y + ry)} {n(x + rx)},{n(y + ky)} {n(x + rx)},{n(y)}"
        f"C{n(x + rx)},{n(y - ky)} {n(x + kx)},{n(y - ry)} {n(x)},{n(y - ry)}"
        f"C{n(x - kx)},{n(y - ry)} {n(x - rx)},{n(y - ky)} {n(x - rx)},{n(y)}Z"
    )


def _line(attributes: Attributes, view: View) -> str:
    ends = [_length(attributes, name, view[index % 2]) for index, name in enumerate(("x1", "y1", "x2", "y2"))]
    return _polygon_text(ends)


def _polyline(attributes: Attributes, _: View) -> str:
    return _polygon_text(geometry.numbers(attributes.get("points", "")))


def _polygon(attributes: Attributes, view: View) -> str:
    text = _polyline(attributes, view)
    return text and f"{text}Z"


def _polygon_text(coordinates: list[float]) -> str:
    points = list(zip(coordinates[::2], coordinates[1::2], strict=False))
    if len(points) < 2:
        return ""
    return "M" + "L".join(f"{_raw(x)},{_raw(y)}" for x, y in points)


def _raw(value: float) -> str:
    """A number in shortest form, with at least one decimal."""
    return repr(value + 0.0)


def _number(value: float) -> str:
    """Whole numbers below 10,000 without a fraction; else 3 decimals, zeros cut but one."""
    if value == int(value) and abs(value) < 10_000:
        return str(int(value))
    text = f"{value:.3f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text


_SHAPES: Final[Mapping[str, Callable[[Attributes, View], str]]] = {
    "rect": _rect,
    "circle": _circle,
    "ellipse": _ellipse,
    "line": _line,
    "polyline": _polyline,
    "polygon": _polygon,
}

_ROUND: Final[Mapping[str, Callable[[Attributes, View, int], str]]] = {"circle": _circle, "ellipse": _ellipse}
