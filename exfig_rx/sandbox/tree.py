"""The document tree of a file: pages, frames, components, and the layers that a component's SVG stands for.

In: a `DesignFile`. Out: nodes as GET file and GET nodes return them, cut at a depth or down to some ids. Rule: a
drawing that changes is a node that changes, and outlines come only with `geometry=paths`, as with Figma.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from xml.etree import ElementTree

from exfig_rx.sandbox.design import DesignFile, Json
from exfig_rx.sandbox.payloads import bare_node, channel, rgba

_SHAPES = {"g": "GROUP", "rect": "RECTANGLE", "circle": "ELLIPSE", "ellipse": "ELLIPSE", "line": "LINE"}
_NUMBERS = {"stroke-width": "strokeWeight", "opacity": "opacity"}
_WORDS = {"stroke-linecap": "strokeCap", "stroke-linejoin": "strokeJoin"}
_TRANSFORM = re.compile(r"(matrix|translate|rotate|scale)\(([^)]*)\)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def document(file: DesignFile, *, geometry: bool) -> Json:
    """The whole tree, from the root down."""
    pages = [
        bare_node(page["id"], page["name"], "CANVAS")
        | {
            "backgroundColor": rgba("#F5F5F5"),
            "children": [_frame(frame, geometry) for frame in page.get("frames", ())],
        }
        for page in file.entries("pages")
    ]
    pages = pages or [bare_node("0:1", "Page 1", "CANVAS") | {"children": []}]
    return bare_node("0:0", "Document", "DOCUMENT") | {"children": pages}


def cut(node: Json, depth: int | None) -> Json:
    """`node` with `depth` levels of children (None: all of them)."""
    if depth is None or "children" not in node:
        return node
    if depth == 0:
        return {name: value for name, value in node.items() if name != "children"}
    return {**node, "children": [cut(child, depth - 1) for child in node["children"]]}


def only(node: Json, ids: frozenset[str]) -> Json:
    """The tree with nothing but the nodes of `ids`, what is below them, the way to them, and all pages."""
    if node["id"] in ids or "children" not in node:
        return node
    kept = [only(child, ids) for child in node["children"] if child["type"] == "CANVAS" or _holds(child, ids)]
    return {**node, "children": kept}


def by_id(node: Json) -> dict[str, Json]:
    """Every node of the tree under its id."""
    return {one["id"]: one for one in walk(node)}


def walk(node: Json) -> Iterator[Json]:
    """`node` and everything below it, top down."""
    yield node
    for child in node.get("children", ()):
        yield from walk(child)


def _holds(node: Json, ids: frozenset[str]) -> bool:
    return any(one["id"] in ids for one in walk(node))


def _frame(frame: Json, geometry: bool) -> Json:
    children = [_component(component, geometry) for component in frame.get("components", ())]
    for one in frame.get("sets", ()):
        members = [_component(component, geometry) for component in one["components"]]
        outlined = _outlined((_WIDE, _WIDE), (0, 0)) if geometry else {}
        children.append(bare_node(one["id"], one["name"], "COMPONENT_SET") | outlined | {"children": members})
    outlined = _outlined((_WIDE, _WIDE), (0, 0)) if geometry else {}
    return bare_node(frame["id"], frame["name"], "FRAME") | outlined | {"children": children}


_WIDE = 1600
"""Side of frames and component sets, in px."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """The drawing of one component while it becomes layers."""

    component_id: str
    size: tuple[float, float]
    box: Json
    gradients: Mapping[str, ElementTree.Element]
    geometry: bool
    numbers: Iterator[int] = field(default_factory=lambda: count(1))


def _component(component: Json, geometry: bool) -> Json:
    width, height = component.get("size", (24, 24))
    x, y = (component.get(name, 0) for name in "xy")
    box = {"x": x, "y": y, "width": width, "height": height}
    node = bare_node(component["id"], component["name"], "COMPONENT")
    node |= {name: component[name] for name in ("visible", "opacity") if name in component}
    root = ElementTree.fromstring(f"<svg>{component.get('svg', '')}</svg>")  # noqa: S314 - our own design file
    gradients = {one.get("id", ""): one for one in root.iter() if one.tag.endswith("Gradient")}
    drawing = _Drawing(component["id"], (width, height), box, gradients, geometry)
    children = [_layer(element, drawing) for element in root if element.tag != "defs"]
    render = box if children and component.get("visible", True) else None
    node |= {"absoluteBoundingBox": box, "absoluteRenderBounds": render}
    outlined = _outlined((width, height), (x, y)) if geometry else {}
    return node | outlined | {"children": children}


def _outlined(size: tuple[float, float], at: tuple[float, float]) -> Json:
    """What `geometry=paths` adds to a frame."""
    width, height = size
    path = f"M0 0L{width:g} 0L{width:g} {height:g}L0 {height:g}L0 0Z"
    return {
        "size": {"x": width, "y": height},
        "relativeTransform": [[1, 0, at[0]], [0, 1, at[1]]],
        "fillGeometry": [{"path": path, "windingRule": "NONZERO"}],
        "strokeGeometry": [],
    }


def _layer(element: ElementTree.Element, drawing: _Drawing) -> Json:
    id_ = f"{drawing.component_id}{next(drawing.numbers):03d}"
    node = bare_node(id_, element.get("id", element.tag), _SHAPES.get(element.tag, "VECTOR"))
    for attribute, key in (("fill", "fills"), ("stroke", "strokes")):
        node[key] = _layer_paints(element, attribute, drawing)
    node |= {key: channel(_number(element.get(name, ""))) for name, key in _NUMBERS.items() if name in element.attrib}
    node |= {key: element.get(name, "").upper() for name, key in _WORDS.items() if name in element.attrib}
    if element.tag == "rect" and "rx" in element.attrib:
        node["cornerRadius"] = channel(_number(element.get("rx", "")))
    if "stroke-dasharray" in element.attrib:
        node["strokeDashes"] = [channel(float(dash)) for dash in _NUMBER.findall(element.get("stroke-dasharray", ""))]
    node["absoluteBoundingBox"] = drawing.box
    if drawing.geometry:
        rule = "EVENODD" if element.get("fill-rule") == "evenodd" else "NONZERO"
        outline = [{"path": path, "windingRule": rule} for path in [_outline(element)] if path]
        width, height = drawing.size
        node["size"] = {"x": width, "y": height}
        node["relativeTransform"] = _matrix(element.get("transform", ""))
        node["fillGeometry"] = outline
        # Figma outlines the stroke; here its middle has to do.
        node["strokeGeometry"] = outline if node["strokes"] else []
    if len(element):
        node["children"] = [_layer(child, drawing) for child in element]
    return node


def _layer_paints(element: ElementTree.Element, attribute: str, drawing: _Drawing) -> list[Json]:
    painted = element.get(attribute, "none")
    opacity = element.get(f"{attribute}-opacity")
    base: Json = {} if opacity is None else {"opacity": channel(_number(opacity))}
    base["blendMode"] = "NORMAL"
    if painted.startswith("#"):
        return [base | {"type": "SOLID", "color": rgba(painted)}]
    gradient = drawing.gradients.get(painted.removeprefix("url(#").removesuffix(")"))
    return [] if gradient is None else [base | _gradient(gradient, drawing.size)]


def _gradient(gradient: ElementTree.Element, size: tuple[float, float]) -> Json:
    """A gradient in user space as a paint, its handles in parts of the component's size."""
    value = {name: _number(gradient.get(name, "")) for name in ("x1", "y1", "x2", "y2", "cx", "cy", "r")}
    is_linear = gradient.tag == "linearGradient"
    start, end = ((value["x1"], value["y1"]), (value["x2"], value["y2"]))
    if not is_linear:
        start, end = ((value["cx"], value["cy"]), (value["cx"] + value["r"], value["cy"]))
    width = (start[0] - (end[1] - start[1]), start[1] + (end[0] - start[0]))
    stops = [
        {
            "position": channel(_number(stop.get("offset", ""))),
            "color": rgba(stop.get("stop-color", "#000000")) | {"a": channel(_number(stop.get("stop-opacity", "1")))},
        }
        for stop in gradient.iter("stop")
    ]
    return {
        "type": "GRADIENT_LINEAR" if is_linear else "GRADIENT_RADIAL",
        "gradientHandlePositions": [_in_parts(point, size) for point in (start, end, width)],
        "gradientStops": stops,
    }


def _in_parts(point: Sequence[float], size: Sequence[float]) -> Json:
    return {name: channel(at / side) for name, at, side in zip("xy", point, size, strict=True)}


def _number(text: str) -> float:
    """The number at the beginning of an attribute, 0 where there is none."""
    found = _NUMBER.match(text.strip())
    return float(found.group()) if found else 0.0


def _outline(element: ElementTree.Element) -> str:
    """The path of a basic shape; corners of rectangles stay sharp."""
    value = {name: float(text) for name, text in element.attrib.items() if _NUMBER.fullmatch(text)}
    x, y = value.get("x", 0), value.get("y", 0)
    match element.tag:
        case "path":
            return element.get("d", "")
        case "rect":
            right, bottom = x + value.get("width", 0), y + value.get("height", 0)
            return f"M{x:g} {y:g}H{right:g}V{bottom:g}H{x:g}Z"
        case "circle" | "ellipse":
            rx, ry = (value.get(name, value.get("r", 0)) for name in ("rx", "ry"))
            left, right, middle = value.get("cx", 0) - rx, value.get("cx", 0) + rx, value.get("cy", 0)
            arc = f"A{rx:g} {ry:g} 0 1 1"
            return f"M{left:g} {middle:g}{arc} {right:g} {middle:g}{arc} {left:g} {middle:g}Z"
        case "line":
            return f"M{value.get('x1', 0):g} {value.get('y1', 0):g}L{value.get('x2', 0):g} {value.get('y2', 0):g}"
        case "polygon" | "polyline":
            return f"M{element.get('points', '')}{'Z' if element.tag == 'polygon' else ''}"
        case _:
            return ""


def _matrix(transform: str) -> list[list[float]]:
    """An SVG transform list as the two rows of Figma's `relativeTransform`."""
    a, b, c, d, e, f = 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    for name, text in _TRANSFORM.findall(transform):
        numbers = [float(number) for number in _NUMBER.findall(text)]
        for m in _steps(name, numbers):
            a, b, c, d, e, f = (
                a * m[0] + c * m[1],
                b * m[0] + d * m[1],
                a * m[2] + c * m[3],
                b * m[2] + d * m[3],
                a * m[4] + c * m[5] + e,
                b * m[4] + d * m[5] + f,
            )
    return [[channel(value) for value in row] for row in ((a, c, e), (b, d, f))]


def _steps(name: str, numbers: list[float]) -> list[tuple[float, ...]]:
    match name, numbers:
        case "rotate", [degrees, *center]:
            cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
            x, y = center if len(center) == 2 else (0.0, 0.0)
            return [(1, 0, 0, 1, x, y), (cos, sin, -sin, cos, 0, 0), (1, 0, 0, 1, -x, -y)]
        case "translate", [x, *rest]:
            return [(1, 0, 0, 1, x, rest[0] if rest else 0)]
        case "scale", [x, *rest]:
            return [(x, 0, 0, rest[0] if rest else x, 0, 0)]
        case "matrix", [_, _, _, _, _, _]:
            return [tuple(numbers)]
        case _:
            return []
