"""Clip paths and masks: what of a node shows.

In: a `clipPath` or `mask` element, and the node that it cuts. Out: clips in the node's own coordinates. Rule: a mask of
opaque shapes is a clip, one that lets the same share of everything through is a clip and an opacity; one with
half-tones, which no vector format of the platforms has, becomes the nearest clip, and is named.
Source: https://www.w3.org/TR/css-masking-1/
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from exfig_rx.vector import curves, shapes, values
from exfig_rx.vector.cascade import Style, color_of, computed
from exfig_rx.vector.curves import Box
from exfig_rx.vector.document import Document
from exfig_rx.vector.drawing import Clip, Layer, Node, Shape
from exfig_rx.vector.markup import Element
from exfig_rx.vector.matrices import IDENTITY, Matrix, applied, multiplied
from exfig_rx.vector.transforms import matrix_in
from exfig_rx.vector.values import NONE, Color

_DEEPEST: Final = 4
"""Clips of clips, and uses in them."""

_FAINT: Final = 0.02
"""An opacity that nobody sees."""

_HALF_TONES: Final = "a mask with half-tones"


class _Veil(NamedTuple):
    """A shape in a mask: how bright it is, how much of it covers what is under it, both 0 to 1."""

    layer: Layer
    light: float
    alpha: float


# ── clip paths ──


def clips_of(element: Element, node: Node, document: Document, depth: int = 0) -> list[Clip]:
    """The clips that a `clipPath` means for `node`; all of them hold together."""
    style = document.style_of(element)
    base = matrix_in(document.sheet.declared(element), document.view)
    if element.attributes.get("clipPathUnits") == "objectBoundingBox":
        base = multiplied(_box_matrix(box_of(node, document)), base)
    found: list[Clip] = []
    plain: list[Layer] = []
    for child in element.children:
        layers = tuple(_layers(child, base, style, document, 0))
        own = _clip_of(document, child)
        if own is None:
            plain += layers
        elif layers:
            document.lose("a clip path inside a clip path")
            plain += layers
    found.append(Clip(tuple(plain)))
    nested = _clip_of(document, element)
    if nested is not None and depth < _DEEPEST:
        found += clips_of(nested, node, document, depth + 1)
    return found


def _clip_of(document: Document, element: Element) -> Element | None:
    id_ = values.reference(document.sheet.declared(element).get("clip-path", ""))
    target = document.by_id.get(id_) if id_ is not None else None
    return target if target is not None and target.tag == "clipPath" else None


def _layers(element: Element, base: Matrix, parent: Style, document: Document, depth: int) -> Iterator[Layer]:
    declared = document.sheet.declared(element)
    style = computed(parent, declared, document.view)
    matrix = multiplied(base, matrix_in(declared, document.view))
    if declared.get("display") == "none" or not style.is_visible:
        return
    if element.tag == "use":
        target = document.target(element.attributes.get("href"))
        if target is not None and depth < _DEEPEST:
            yield from _layers(target, _used(element, matrix, document), style, document, depth + 1)
        return
    d = document.path_data(element)
    if d:
        yield Layer(d, matrix, style.clip_rule or "nonzero")
    elif element.tag == "text":
        document.lose("text in a clip path")


def _used(element: Element, matrix: Matrix, document: Document) -> Matrix:
    """Where a `use` puts what it uses."""
    x, y = (values.length(element.attributes.get(name, "0"), document.view[i]) or 0.0 for i, name in enumerate("xy"))
    return multiplied(matrix, (1.0, 0.0, 0.0, 1.0, x, y))


# ── masks ──


def mask_of(element: Element, node: Node, document: Document, depth: int = 0) -> tuple[list[Clip], float | None]:
    """The clips that a `mask` comes to for `node`, and the opacity of what shows, None where it is all of it."""
    declared = document.sheet.declared(element)
    style = document.style_of(element)
    base: Matrix = IDENTITY
    if element.attributes.get("maskContentUnits") == "objectBoundingBox":
        base = _box_matrix(box_of(node, document))
    by_alpha = declared.get("mask-type", element.attributes.get("mask-type", "")).strip() == "alpha"
    veils = list(_veils(element.children, base, style, document, 0))
    layers, opacity = _weighed(veils, document, by_alpha=by_alpha)
    clips = [Clip(layers), *_region(element, layers, node, document)]
    # what masks a mask shows that share of what the mask shows
    outer = document.by_id.get(values.reference(declared.get("mask", "")) or "")
    if outer is None or outer.tag != "mask":
        return clips, opacity
    if depth == _DEEPEST:
        document.lose("masks of masks")
        return clips, opacity
    more, share = mask_of(outer, node, document, depth + 1)
    if share is not None:
        opacity = share if opacity is None else share * opacity
    return clips + more, opacity


def _weighed(veils: Sequence[_Veil], document: Document, *, by_alpha: bool) -> tuple[tuple[Layer, ...], float | None]:
    """Veils as layers that show or hide, and what share of it those that show let through."""
    shares = [veil.alpha if by_alpha else veil.alpha * veil.light for veil in veils]
    shown = [share for share in shares if share > _FAINT]
    covers = all(veil.alpha > 1 - _FAINT for veil in veils)
    if not shown:
        return (), None
    is_even = max(shown) - min(shown) < _FAINT and (covers or len(veils) == 1 or max(shown) > 1 - _FAINT)
    if not is_even:
        document.lose(_HALF_TONES)
    opacity = None if not is_even or min(shown) > 1 - _FAINT else min(shown)
    least = _FAINT if is_even else 0.5
    layers: list[Layer] = []
    for veil, share in zip(veils, shares, strict=True):
        shows = share > least
        if shows or (layers and veil.alpha > 0.5 and not by_alpha):  # black under white hides nothing
            layers.append(veil.layer if shows else veil.layer._replace(shows=False))
    return tuple(layers), opacity


def _veils(elements: Sequence[Element], base: Matrix, parent: Style, document: Document, depth: int) -> Iterator[_Veil]:
    for element in elements:
        declared = document.sheet.declared(element)
        style = computed(parent, declared, document.view)
        if declared.get("display") == "none":
            continue
        matrix = multiplied(base, matrix_in(declared, document.view))
        if any(declared.get(name, "none").strip() != "none" for name in ("mask", "filter", "clip-path")):
            document.lose(_HALF_TONES)
        if element.tag in ("g", "a", "use"):
            if (values.fraction(declared.get("opacity", "1")) or 0.0) < 1 - _FAINT:
                document.lose(_HALF_TONES)
            inside: Sequence[Element] = element.children
            if element.tag == "use":
                matrix = _used(element, matrix, document)
                target = document.target(element.attributes.get("href"))
                inside = () if target is None or depth >= _DEEPEST else (target,)
            yield from _veils(inside, matrix, style, document, depth + (element.tag == "use"))
            continue
        d = document.path_data(element)
        if not style.is_visible:
            continue
        if d:
            yield from _veil(d, matrix, style, declared.get("opacity", "1"), document)
        elif element.tag in ("image", "text", "foreignObject", "symbol", "svg", "switch"):
            document.lose(f"a mask with <{element.tag}>")


def _veil(d: str, matrix: Matrix, style: Style, opacity: str, document: Document) -> Iterator[_Veil]:
    """A shape of a mask, if it has a fill."""
    if style.stroke != NONE and style.stroke_width != 0:
        document.lose("a mask with a stroke")
    fill = color_of(style.fill, style)
    if fill == NONE:
        return
    alpha = 1.0 if style.fill_opacity is None else style.fill_opacity
    alpha *= values.fraction(opacity) or 0.0
    light = 1.0
    if isinstance(fill, Color):
        alpha *= fill.alpha
        light = _luminance(fill.rgb)
    else:
        document.lose(_HALF_TONES)
    if alpha > _FAINT:
        yield _Veil(Layer(d, matrix, style.fill_rule or "nonzero"), light, alpha)


def _luminance(rgb: int) -> float:
    """How bright a color is (https://www.w3.org/TR/css-masking-1/#MaskValues)."""
    return (0.2125 * (rgb >> 16) + 0.7154 * (rgb >> 8 & 255) + 0.0721 * (rgb & 255)) / 255


def _region(element: Element, layers: Sequence[Layer], node: Node, document: Document) -> list[Clip]:
    """The edges of a mask, if they cut anything of it."""
    attributes = element.attributes
    matrix: Matrix = IDENTITY
    if attributes.get("maskUnits") == "userSpaceOnUse":
        wholes = (*document.view, *document.view)
    else:
        wholes = (1.0, 1.0, 1.0, 1.0)
        matrix = _box_matrix(box_of(node, document))
    sides = (("x", "-10%"), ("y", "-10%"), ("width", "120%"), ("height", "120%"))
    x, y, width, height = (
        values.length(attributes.get(name, usual), whole) or 0.0
        for (name, usual), whole in zip(sides, wholes, strict=True)
    )
    left, top, right, bottom = (
        matrix[0] * x + matrix[4], matrix[3] * y + matrix[5],
        matrix[0] * (x + width) + matrix[4], matrix[3] * (y + height) + matrix[5],
    )  # fmt: skip
    box = curves.union(document.box(layer.d, layer.matrix) for layer in layers if layer.shows)
    slack = 0.01
    if box is None or (
        left - slack <= box[0] and top - slack <= box[1] and right + slack >= box[2] and bottom + slack >= box[3]
    ):
        return []
    if right <= left or bottom <= top:
        return [Clip(())]
    return [Clip((Layer(shapes.rectangle(left, top, right - left, bottom - top), IDENTITY, "nonzero"),))]


# ── boxes ──


def box_of(node: Node, document: Document) -> Box | None:
    """The box of a node in its own coordinates, strokes not counted; that of a group is around the boxes in it.

    So a shape that is turned has a larger one there than alone, as in browsers.
    """
    if isinstance(node, Shape):
        return document.box(node.d)
    return curves.union([_outer_box(child, document) for child in node.children])


def _outer_box(node: Node, document: Document) -> Box | None:
    box = box_of(node, document)
    if box is None or node.transform is None:
        return box
    left, top, right, bottom = box
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return curves.around([applied(node.transform.matrix, x, y) for x, y in corners])


def _box_matrix(box: Box | None) -> Matrix:
    if box is None:
        return IDENTITY
    return (box[2] - box[0], 0.0, 0.0, box[3] - box[1], box[0], box[1])
