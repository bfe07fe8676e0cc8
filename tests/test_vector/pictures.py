"""Small interpreters of the generated formats: each draws its source back as SVG, which resvg turns into pixels.

They know nothing of how the formats are made: they read XML and Kotlin as Android would.
"""

import io
import re
import xml.etree.ElementTree as ET

import resvg_py
from PIL import Image, ImageChops, ImageStat

ANDROID = "{http://schemas.android.com/apk/res/android}"
AAPT = "{http://schemas.android.com/aapt}"
SIZE = 192
"""Pixels along the longer side of a picture."""


def drawn(svg: str) -> Image.Image:
    """The pixels of an SVG, on transparent ground."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, dpi=96))
    return Image.open(io.BytesIO(png)).convert("RGBA")


def difference(left: Image.Image, right: Image.Image) -> float:
    """The mean difference of two pictures in 255ths, on white and on black ground."""
    if left.size != right.size:
        return 255.0
    means = []
    for ground in ("white", "black"):
        under = Image.new("RGBA", left.size, ground)
        one, other = (Image.alpha_composite(under, picture).convert("RGB") for picture in (left, right))
        means.append(sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3)
    return max(means)


class _Svg:
    """SVG that is being written."""

    def __init__(self) -> None:
        self.defs: list[str] = []

    def gradient(self, kind: str, places: dict[str, str], stops: list[tuple[str, str]], spread: str) -> str:
        id_ = f"g{len(self.defs)}"
        attributes = " ".join(f'{name}="{value}"' for name, value in places.items())
        inner = "".join(
            f'<stop offset="{offset}" stop-color="#{color[-6:]}" stop-opacity="{alpha_of(color)}"/>'
            for offset, color in stops
        )
        self.defs.append(
            f'<{kind}Gradient id="{id_}" gradientUnits="userSpaceOnUse" spreadMethod="{spread}" {attributes}>'
            f"{inner}</{kind}Gradient>"
        )
        return f"url(#{id_})"

    def clip(self, d: str) -> str:
        id_ = f"c{len(self.defs)}"
        self.defs.append(f'<clipPath id="{id_}"><path d="{d}"/></clipPath>')
        return f"url(#{id_})"

    def whole(self, width: str, height: str, view: tuple[str, str], body: str) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {view[0]} {view[1]}" preserveAspectRatio="none">'
            f"<defs>{''.join(self.defs)}</defs>{body}</svg>"
        )


def alpha_of(color: str) -> float:
    digits = color.lstrip("#").removeprefix("0x")
    return int(digits[:2], 16) / 255 if len(digits) == 8 else 1.0


# ── VectorDrawable ──


def drawable_to_svg(xml: str) -> str:
    """A VectorDrawable as SVG."""
    root = ET.fromstring(xml)
    out = _Svg()
    body = "".join(_drawable_node(child, out) for child in root)
    width, height = (root.get(f"{ANDROID}{name}", "").removesuffix("dp") for name in ("width", "height"))
    view = (root.get(f"{ANDROID}viewportWidth", ""), root.get(f"{ANDROID}viewportHeight", ""))
    return out.whole(width, height, view, body)


def _drawable_node(node: ET.Element, out: _Svg) -> str:
    def value(name: str, default: str = "0") -> str:
        return node.get(f"{ANDROID}{name}", default)

    if node.tag == "group":
        clips = [child for child in node if child.tag == "clip-path"]
        assert len(clips) <= 1
        assert not clips or node[0] is clips[0]
        body = "".join(_drawable_node(child, out) for child in node if child.tag != "clip-path")
        if clips:
            body = f'<g clip-path="{out.clip(clips[0].get(f"{ANDROID}pathData", ""))}">{body}</g>'
        x, y, px, py = (float(value(name)) for name in ("translateX", "translateY", "pivotX", "pivotY"))
        scale = f"scale({value('scaleX', '1')} {value('scaleY', '1')})"
        place = f"translate({x + px} {y + py}) rotate({value('rotation')}) {scale} translate({-px} {-py})"
        return f'<g transform="{place}">{body}</g>'
    assert node.tag == "path", node.tag
    paints = {name: _drawable_paint(node, name, out) for name in ("fillColor", "strokeColor")}
    rule = {"evenOdd": "evenodd"}.get(value("fillType", "nonZero"), "nonzero")
    return (
        f'<path d="{value("pathData")}" fill="{paints["fillColor"][0]}" fill-rule="{rule}" '
        f'fill-opacity="{float(value("fillAlpha", "1")) * paints["fillColor"][1]}" '
        f'stroke="{paints["strokeColor"][0]}" '
        f'stroke-opacity="{float(value("strokeAlpha", "1")) * paints["strokeColor"][1]}" '
        f'stroke-width="{value("strokeWidth")}" stroke-linecap="{value("strokeLineCap", "butt")}" '
        f'stroke-linejoin="{value("strokeLineJoin", "miter")}" stroke-miterlimit="{value("strokeMiterLimit", "4")}"/>'
    )


def _drawable_paint(node: ET.Element, name: str, out: _Svg) -> tuple[str, float]:
    color = node.get(f"{ANDROID}{name}")
    if color is not None:
        return f"#{color[-6:]}", alpha_of(color)
    for attribute in node.findall(f"{AAPT}attr"):
        if attribute.get("name") == f"android:{name}":
            gradient = attribute[0]
            stops = [(item.get(f"{ANDROID}offset", ""), item.get(f"{ANDROID}color", "")) for item in gradient]
            names = {
                "linear": {"startX": "x1", "startY": "y1", "endX": "x2", "endY": "y2"},
                "radial": {"centerX": "cx", "centerY": "cy", "gradientRadius": "r"},
            }[gradient.get(f"{ANDROID}type", "")]
            places = {theirs: gradient.get(f"{ANDROID}{ours}", "") for ours, theirs in names.items()}
            spread = {"mirror": "reflect", "repeat": "repeat"}.get(gradient.get(f"{ANDROID}tileMode", ""), "pad")
            return out.gradient(gradient.get(f"{ANDROID}type", ""), places, stops, spread), 1.0
    return "none", 1.0


# ── ImageVector ──

_LETTERS = {
    "moveTo": "M",
    "lineTo": "L",
    "horizontalLineTo": "H",
    "verticalLineTo": "V",
    "curveTo": "C",
    "reflectiveCurveTo": "S",
    "quadTo": "Q",
    "reflectiveQuadTo": "T",
    "arcTo": "A",
    "close": "Z",
}


def image_vector_to_svg(kotlin: str) -> str:
    """An ImageVector as SVG."""
    sizes = dict(re.findall(r"(defaultWidth|defaultHeight|viewportWidth|viewportHeight) = ([\d.]+)(?:\.dp|f)", kotlin))
    lines = kotlin.split(").apply {\n", 1)[1].split("        }.build()", 1)[0].splitlines()
    out = _Svg()
    body = _kotlin_nodes([line.strip() for line in lines][::-1], out)
    return out.whole(
        sizes["defaultWidth"], sizes["defaultHeight"], (sizes["viewportWidth"], sizes["viewportHeight"]), body
    )


def _kotlin_nodes(lines: list[str], out: _Svg) -> str:
    """Nodes up to a closing brace; `lines` are in reverse and are used up."""
    body = ""
    while lines:
        line = lines.pop()
        if line == "}":
            return body
        parameters: list[str] = []
        while (parameter := lines.pop()) != ") {":
            parameters.append(parameter)
        named = _parameters(parameters, out)
        if line == "group(":
            inner = _kotlin_nodes(lines, out)
            if "clipPathData" in named:
                inner = f'<g clip-path="{out.clip(named["clipPathData"])}">{inner}</g>'
            x, y, px, py = (float(named.get(n, "0")) for n in ("translationX", "translationY", "pivotX", "pivotY"))
            scale = f"scale({named.get('scaleX', '1')} {named.get('scaleY', '1')})"
            place = f"translate({x + px} {y + py}) rotate({named.get('rotate', '0')}) {scale} translate({-px} {-py})"
            body += f'<g transform="{place}">{inner}</g>'
        else:
            assert line == "path(", line
            body += _kotlin_path(lines, named)
    return body


def _kotlin_path(lines: list[str], named: dict[str, str]) -> str:
    d = ""
    while (command := lines.pop()) != "}":
        match = re.fullmatch(r"(\w+)\((.*)\)", command)
        assert match is not None, command
        name = match[1].removesuffix("Relative")
        letter = _LETTERS[name]
        numbers = match[2].replace("true", "1").replace("false", "0").replace("f", "").replace(",", " ")
        d += f"{letter.lower() if match[1].endswith('Relative') else letter}{numbers}"
    fill, fill_alpha = _kotlin_color(named.get("fill", "none"))
    stroke, stroke_alpha = _kotlin_color(named.get("stroke", "none"))
    return (
        f'<path d="{d}" fill="{fill}" fill-rule="{named.get("pathFillType", "NonZero").lower()}" '
        f'fill-opacity="{float(named.get("fillAlpha", "1")) * fill_alpha}" stroke="{stroke}" '
        f'stroke-opacity="{float(named.get("strokeAlpha", "1")) * stroke_alpha}" '
        f'stroke-width="{named.get("strokeLineWidth", "0")}" '
        f'stroke-linecap="{named.get("strokeLineCap", "Butt").lower()}" '
        f'stroke-linejoin="{named.get("strokeLineJoin", "Miter").lower()}" '
        f'stroke-miterlimit="{named.get("strokeLineMiter", "4")}"/>'
    )


def _kotlin_color(text: str) -> tuple[str, float]:
    match = re.fullmatch(r"SolidColor\(Color\(0x(..)(......)\)\)", text)
    return (f"#{match[2]}", int(match[1], 16) / 255) if match else (text, 1.0)


def _parameters(lines: list[str], out: _Svg) -> dict[str, str]:
    """Named parameters; a gradient becomes its `url(#…)`."""
    named: dict[str, str] = {}
    waiting = lines[::-1]
    while waiting:
        name, _, value = waiting.pop().partition(" = ")
        if value.startswith("Brush."):
            inner: list[str] = []
            while (line := waiting.pop()) != "),":
                inner.append(line)
                if line == "colorStops = arrayOf(":
                    while (line := waiting.pop()) != "),":
                        inner.append(line)
            named[name] = _brush("linear" if "linear" in value else "radial", inner, out)
        else:
            text = value.removesuffix(",")
            if quoted := re.fullmatch(r'addPathNodes\("(.*)"\)', text):
                text = quoted[1]
            named[name] = text.removesuffix("f").rpartition("Type.")[2].rpartition("Cap.")[2].rpartition("Join.")[2]
            if text.startswith("SolidColor"):
                named[name] = text
    return named


def _brush(kind: str, lines: list[str], out: _Svg) -> str:
    text = "\n".join(lines)
    stops = [(offset, color) for offset, color in re.findall(r"([\d.]+)f to Color\(0x([0-9A-F]{8})\)", text)]
    spread = {"Mirror": "reflect", "Repeated": "repeat"}.get("".join(re.findall(r"TileMode\.(\w+)", text)), "pad")
    points = {name: (x, y) for name, x, y in re.findall(r"(\w+) = Offset\(([-\d.]+)f, ([-\d.]+)f\)", text)}
    if kind == "linear":
        (x1, y1), (x2, y2) = points["start"], points["end"]
        return out.gradient("linear", {"x1": x1, "y1": y1, "x2": x2, "y2": y2}, stops, spread)
    radius = "".join(re.findall(r"radius = ([\d.]+)f", text))
    return out.gradient("radial", {"cx": points["center"][0], "cy": points["center"][1], "r": radius}, stops, spread)
