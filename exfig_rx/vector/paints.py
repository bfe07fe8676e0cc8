"""What shapes are painted with: colors and gradients, references followed and units resolved.

In: the value of `fill` or `stroke`, and the shape it is for. Out: a color or a gradient in the shape's own coordinates;
None where nothing is painted. Rule: a reference to nothing paints its fallback, else nothing, as browsers do.
"""

from collections.abc import Iterator
from math import hypot, sqrt
from typing import Final

from exfig_rx.vector import values
from exfig_rx.vector.cascade import BLACK
from exfig_rx.vector.document import Document
from exfig_rx.vector.drawing import LinearGradient, Paint, RadialGradient, Stop
from exfig_rx.vector.markup import Element
from exfig_rx.vector.matrices import inverse, multiplied
from exfig_rx.vector.transforms import matrix_of
from exfig_rx.vector.values import CURRENT, NONE, Color, PaintText, Reference, Word

_DEEPEST_HREF: Final = 16
_LONGEST_TOLD: Final = 60
_GRADIENTS: Final = ("linearGradient", "radialGradient")


def resolved(paint: PaintText, d: str, document: Document, use: str) -> Paint | None:
    """`paint` for a shape with the path data `d`; `use` is "fill" or "stroke", for what is told."""
    if isinstance(paint, Color):
        return paint if paint.alpha > 0 else None
    if text := _lost(paint, document):
        return None if text.lower().startswith("context-") else BLACK
    if not isinstance(paint, Reference):
        return None
    target = document.by_id.get(paint.id)
    if target is not None and target.tag in _GRADIENTS:
        return _gradient(target, d, document)
    if target is not None:
        document.lose(f"a {target.tag} as {use}")
    return paint.fallback


def _lost(paint: PaintText | None, document: Document) -> str:
    """The text of a color that only browsers can tell, which is then told; "" for any other paint."""
    if not isinstance(paint, Word) or paint in (NONE, CURRENT):
        return ""
    document.lose(f"the color {paint.text[:_LONGEST_TOLD]}")
    return paint.text


def _gradient(element: Element, d: str, document: Document) -> Paint | None:
    chain = list(_chain(element, document))
    attributes: dict[str, str] = {}
    for one in reversed(chain):
        attributes |= one.attributes
    stops = next((found for one in chain if (found := _stops(one, document))), ())
    if len(stops) < 2:
        return stops[0].color if stops else None
    matrix = matrix_of(attributes.get("gradientTransform", ""))
    across, down = document.view
    if attributes.get("gradientUnits") != "userSpaceOnUse":
        box = document.box(d)
        if box is None or box[0] == box[2] or box[1] == box[3]:
            return None  # a line has no box to stretch a gradient over
        matrix = multiplied((box[2] - box[0], 0.0, 0.0, box[3] - box[1], box[0], box[1]), matrix)
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
    diagonal = hypot(across, down) / sqrt(2)
    r = at("r", "50%", diagonal)
    if r <= 0:
        return stops[-1].color
    if at("fr", "0", diagonal) > 0:
        document.lose("the focus of a radial gradient")
    fx = at("fx", "0", across) if "fx" in attributes else cx
    fy = at("fy", "0", down) if "fy" in attributes else cy
    return RadialGradient(stops, cx, cy, r, fx, fy, matrix, spread)


def _chain(element: Element, document: Document) -> Iterator[Element]:
    """A gradient and those that it takes over from."""
    for _ in range(_DEEPEST_HREF):
        yield element
        target = document.target(element.attributes.get("href"))
        if target is None or target.tag not in _GRADIENTS:
            return
        element = target


def _stops(element: Element, document: Document) -> tuple[Stop, ...]:
    stops: list[Stop] = []
    least = 0.0
    for child in element.children:
        if child.tag != "stop":
            continue
        document.spend()
        declared = document.sheet.declared(child)
        least = max(least, values.fraction(child.attributes.get("offset", "0")) or 0.0)
        paint = values.paint(declared.get("stop-color", "black"))
        if paint == CURRENT:
            paint = document.style_of(child).color
        _lost(paint, document)
        color = paint if isinstance(paint, Color) else BLACK
        opacity = values.fraction(declared.get("stop-opacity", "1"))
        stops.append(Stop(least, Color(color.rgb, color.alpha * (1.0 if opacity is None else opacity))))
    return tuple(stops)
