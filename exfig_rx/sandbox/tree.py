"""The document tree of a file: pages, frames, components, and the layers that a component's SVG stands for.

In: a `DesignFile`. Out: nodes as GET file and GET nodes return them, cut at a depth or down to some ids. Rule: a
drawing that changes is a node that changes, and outlines come only with `geometry=paths`, as with Figma.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from xml.etree import ElementTree

from exfig_rx.sandbox.design import DesignFile, Json
from exfig_rx.sandbox.payloads import bare_node, channel, rgba

_SHAPES = {"g": "GROUP", "rect": "RECTANGLE", "circle": "ELLIPSE", "ellipse": "ELLIPSE", "line": "LINE"}
_TRANSFORM = re.compile(r"(matrix|translate|rotate|scale)\(([^)]*)\)")


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
        children.append(bare_node(one["id"], one["name"], "COMPONENT_SET") | {"children": members})
    return bare_node(frame["id"], frame["name"], "FRAME") | {"children": children}


def _component(component: Json, geometry: bool) -> Json:
    width, height = component.get("size", (24, 24))
    box = {"x": 0, "y": 0, "width": width, "height": height}
    node = bare_node(component["id"], component["name"], "COMPONENT")
    node |= {name: component[name] for name in ("visible", "opacity") if name in component}
    drawing = ElementTree.fromstring(f"<svg>{component.get('svg', '')}</svg>")  # noqa: S314 - our own design file
    gradients = {one.get("id", ""): one for one in drawing.iter() if one.tag.endswith("Gradient")}
    numbers = count(1)

    def layer(element: ElementTree.Element) -> Json:
        return _layer(f"{component['id']}{next(numbers):03d}", element, gradients, geometry, layer)

    children = [layer(element) for element in drawing if element.tag != "defs"]
    render = box if children and component.get("visible", True) else None
    return node | {"absoluteBoundingBox": box, "absoluteRenderBounds": render, "children": children}


def _layer(
    id_: str,
    element: ElementTree.Element,
    gradients: Mapping[str, ElementTree.Element],
    geometry: bool,
    layer: Callable[[ElementTree.Element], Json],
) -> Json:
    node = bare_node(id_, element.get("id", element.tag), _SHAPES.get(element.tag, "VECTOR"))
    for attribute, key in (("fill", "fills"), ("stroke", "strokes")):
        node[key] = _layer_paints(element.get(attribute, "none"), gradients)
    if "stroke-width" in element.attrib:
        node["strokeWeight"] = channel(float(element.get("stroke-width", 1)))
    if "opacity" in element.attrib:
        node["opacity"] = channel(float(element.get("opacity", 1)))
    if geometry:
        node["relativeTransform"] = _matrix(element.get("transform", ""))
        rule = "EVENODD" if element.get("fill-rule") == "evenodd" else "NONZERO"
        node["fillGeometry"] = [{"path": outline, "windingRule": rule} for outline in [_outline(element)] if outline]
    if len(element):
        node["children"] = [layer(child) for child in element]
    return node


def _layer_paints(painted: str, gradients: Mapping[str, ElementTree.Element]) -> list[Json]:
    if painted.startswith("#"):
        return [{"blendMode": "NORMAL", "type": "SOLID", "color": rgba(painted)}]
    gradient = gradients.get(painted.removeprefix("url(#").removesuffix(")"))
    if gradient is None:
        return []
    kind = "GRADIENT_LINEAR" if gradient.tag == "linearGradient" else "GRADIENT_RADIAL"
    stops = [
        {"position": channel(float(stop.get("offset", 0))), "color": rgba(stop.get("stop-color", "#000000"))}
        for stop in gradient.iter("stop")
    ]
    return [{"blendMode": "NORMAL", "type": kind, "gradientStops": stops}]


def _outline(element: ElementTree.Element) -> str:
    """The path of a basic shape; corners of rectangles stay sharp."""
    value = {name: float(text) for name, text in element.attrib.items() if re.fullmatch(r"-?[\d.]+", text)}
    x, y = value.get("x", 0), value.get("y", 0)
    match element.tag:
        case "path":
            return element.get("d", "")
        case "rect":
            right, bottom = x + value["width"], y + value["height"]
            return f"M{x:g} {y:g}H{right:g}V{bottom:g}H{x:g}Z"
        case "circle" | "ellipse":
            rx, ry = (value.get(name, value.get("r", 0)) for name in ("rx", "ry"))
            left, right, middle = value["cx"] - rx, value["cx"] + rx, value["cy"]
            arc = f"A{rx:g} {ry:g} 0 1 1"
            return f"M{left:g} {middle:g}{arc} {right:g} {middle:g}{arc} {left:g} {middle:g}Z"
        case _:
            return ""


def _matrix(transform: str) -> list[list[float]]:
    """An SVG transform list as the two rows of Figma's `relativeTransform`."""
    a, b, c, d, e, f = 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    for name, text in _TRANSFORM.findall(transform):
        numbers = [float(number) for number in re.split(r"[\s,]+", text.strip())]
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
        case _:
            return [tuple(numbers)]
