"""What shapes are painted with: colors and gradients, references followed and units resolved.

In: the value of `fill` or `stroke`, and the shape it is for. Out: a color or a gradient in the shape's own coordinates;
None where nothing is painted. Rule: a reference to nothing paints its fallback, else nothing, as browsers do.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exfig_rx.vector import geometry, values
from exfig_rx.vector.cascade import Style
from exfig_rx.vector.drawing import LinearGradient, Paint, RadialGradient, Stop
from exfig_rx.vector.markup import Element
from exfig_rx.vector.matrices import Matrix, inverse, multiplied
from exfig_rx.vector.values import CURRENT, Color, PaintText, Reference

if TYPE_CHECKING:
    from exfig_rx.vector.svg import Context

_DEEPEST_HREF = 16


def resolved(paint: PaintText, d: str, style: Style, context: "Context", use: str) -> Paint | None:
    """`paint` for a shape with the path data `d`; `use` is "fill" or "stroke", for what is told."""
    if isinstance(paint, Color):
        return paint
    if not isinstance(paint, Reference):
        return None
    target = context.by_id.get(paint.id)
    if target is not None and target.tag in ("linearGradient", "radialGradient"):
        return _gradient(target, d, style, context)
    if target is not None:
        context.lose(f"a {target.tag} as {use}")
    return paint.fallback


def _gradient(element: Element, d: str, style: Style, context: "Context") -> Paint | None:
    chain = list(_chain(element, context))
    attributes: dict[str, str] = {}
    for one in reversed(chain):
        attributes |= one.attributes
    stops = next((found for one in chain if (found := _stops(one, style, context))), ())
    if len(stops) < 2:
        return stops[0].color if stops else None
    matrix = values.transform(attributes.get("gradientTransform", ""))
    across, down = context.view
    if attributes.get("gradientUnits") != "userSpaceOnUse":
        box = geometry.bounds(geometry.absolute(d))
        if box is None or box[0] == box[2] or box[1] == box[3]:
            return None  # a line has no box to stretch a gradient over
        matrix = multiplied(_box_matrix(box), matrix)
        across = down = 1.0
    if inverse(matrix) is None:
        return stops[-1].color
    spread = attributes.get("spreadMethod", "pad")

    def at(name: str, default: str, whole: float) -> float:
        return values.length(attributes.get(name, default), whole) or 0.0

    if element.tag == "linearGradient":
        x1, y1 = at("x1", "0%", across), at("y1", "0%", down)
        x2, y2 = at("x2", "100%", across), at("y2", "0%", down)
        if (x1, y1) == (x2, y2):
            return stops[-1].color
        return LinearGradient(stops, x1, y1, x2, y2, matrix, spread)
    cx, cy = at("cx", "50%", across), at("cy", "50%", down)
    r = at("r", "50%", ((across**2 + down**2) / 2) ** 0.5)
    if r <= 0:
        return stops[-1].color
    fx, fy = at("fx", str(cx), across), at("fy", str(cy), down)
    return RadialGradient(stops, cx, cy, r, fx, fy, matrix, spread)


def _chain(element: Element, context: "Context") -> Iterator[Element]:
    """A gradient and those that it takes over from."""
    for _ in range(_DEEPEST_HREF):
        yield element
        target = context.by_id.get(element.attributes.get("href", "").removeprefix("#"))
        if target is None or target.tag not in ("linearGradient", "radialGradient"):
            return
        element = target


def _stops(element: Element, style: Style, context: "Context") -> tuple[Stop, ...]:
    stops: list[Stop] = []
    for child in element.children:
        if child.tag != "stop":
            continue
        declared = context.sheet.declared(child)
        offset = values.fraction(child.attributes.get("offset", "0")) or 0.0
        paint = values.paint(declared.get("stop-color", "black"))
        color = style.color if paint == CURRENT else paint
        if not isinstance(color, Color):
            color = Color(0)
        opacity = values.fraction(declared.get("stop-opacity", "1"))
        alpha = color.alpha * (1.0 if opacity is None else opacity)
        stops.append(Stop(max([offset, *(stop.offset for stop in stops[-1:])]), Color(color.rgb, alpha)))
    return tuple(stops)


def _box_matrix(box: geometry.Box) -> Matrix:
    left, top, right, bottom = box
    return (right - left, 0.0, 0.0, bottom - top, left, top)
