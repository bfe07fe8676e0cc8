"""How a viewBox fits into its place: of a whole document, a nested `svg`, a `symbol`.

In: elements with their sizes. Out: matrices and edges. Rule: nothing is stretched unless the document wants it; what
then shows beside the viewBox belongs to the picture.
Source: https://www.w3.org/TR/SVG11/coords.html#PreserveAspectRatioAttribute
"""

from typing import Final, NamedTuple, TypeAlias

from exfig_rx.vector import values
from exfig_rx.vector.markup import Element
from exfig_rx.vector.matrices import Matrix, applied, inverse

DEFAULT_SIZE: Final = 24.0
"""Pixels, for an SVG that has neither size nor viewBox."""

Place: TypeAlias = tuple[float, float, float, float]
"""Left, top, width, height."""


class Viewport(NamedTuple):
    """How content is moved into its place, where it is cut off (in its own units), what its percentages are of."""

    matrix: Matrix
    edges: Place
    view: tuple[float, float]


def frame(root: Element) -> tuple[float, float, Place]:
    """Width and height of a document, and the part of its plane that is shown."""
    attributes = root.attributes
    box = values.box(attributes.get("viewBox", ""))
    width, height = (_size(attributes.get(name, "")) for name in ("width", "height"))
    if box is None:
        width, height = width or height or DEFAULT_SIZE, height or width or DEFAULT_SIZE
        return width, height, (0.0, 0.0, width, height)
    _, _, across, down = box
    if width is None or height is None:
        if width is None and height is None:
            return across, down, box
        width, height = width or (height or 0) / down * across, height or (width or 0) / across * down
        width, height = max(width, values.SMALLEST), max(height, values.SMALLEST)
    if abs(width * down - height * across) <= 1e-6 * width * down or attributes.get("preserveAspectRatio", "").split()[
        :1
    ] == ["none"]:
        return width, height, box
    undone = inverse(_fitted(box, (0.0, 0.0, width, height), root))
    if undone is None:
        return width, height, box
    left, top = applied(undone, 0.0, 0.0)
    right, bottom = applied(undone, width, height)
    return width, height, (left, top, right - left, bottom - top)


def _size(text: str) -> float | None:
    if not text or text.endswith("%"):
        return None
    size = values.length(text)
    return size if size is not None and size >= values.SMALLEST else None


def place_of(element: Element, view: tuple[float, float]) -> Place:
    """x, y, width, height; 0 where they are not given."""
    attributes = element.attributes
    x, y, width, height = (
        values.length(attributes[name], view[index % 2]) or 0.0 if name in attributes else 0.0
        for index, name in enumerate(("x", "y", "width", "height"))
    )
    return (x, y, width, height)


def viewport(element: Element, place: Place, around: tuple[float, float]) -> Viewport:
    """The viewport that an element opens in its place; one without a size is as large as that `around` it."""
    x, y, width, height = place
    width, height = width or around[0], height or around[1]
    box = values.box(element.attributes.get("viewBox", ""))
    matrix = (1.0, 0.0, 0.0, 1.0, x, y) if box is None else _fitted(box, (x, y, width, height), element)
    undone = None if box is None else inverse(matrix)
    if box is None or undone is None:
        return Viewport(matrix, (0.0, 0.0, width, height), (width, height))
    left, top = applied(undone, x, y)
    right, bottom = applied(undone, x + width, y + height)
    return Viewport(matrix, (left, top, right - left, bottom - top), (box[2], box[3]))


def _fitted(box: Place, place: Place, element: Element) -> Matrix:
    """The matrix from a viewBox to its place."""
    left, top, across, down = box
    x, y, width, height = place
    align, *rest = element.attributes.get("preserveAspectRatio", "").split() or ["xMidYMid"]
    scale_x, scale_y = width / across, height / down
    if align != "none":
        scale_x = scale_y = max(scale_x, scale_y) if rest[:1] == ["slice"] else min(scale_x, scale_y)
    shares = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
    spare_x = (width - across * scale_x) * shares.get(align[1:4], 0.5)
    spare_y = (height - down * scale_y) * shares.get(align[5:8], 0.5)
    return (scale_x, 0.0, 0.0, scale_y, x + spare_x - left * scale_x, y + spare_y - top * scale_y)
