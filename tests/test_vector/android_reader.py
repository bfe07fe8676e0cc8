"""A reader of VectorDrawables, as Android has one: XML and path data to SVG. What Android stops at fails here, too.

Path data is read the way of AOSP's PathParser.cpp: numbers end at a space, a comma, a minus or a second dot, and at
nothing else; a command with too many or too few of them makes the whole drawable fail.
"""

import re
import xml.etree.ElementTree as ET

from tests.test_vector.pictures import Svg

ANDROID = "{http://schemas.android.com/apk/res/android}"
AAPT = "{http://schemas.android.com/aapt}"

COUNTS = {"M": 2, "L": 2, "T": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7, "Z": 0}
PLACES = {
    "translateX": "x",
    "translateY": "y",
    "scaleX": "scaleX",
    "scaleY": "scaleY",
    "rotation": "rotation",
    "pivotX": "pivotX",
    "pivotY": "pivotY",
}
PATH_ATTRIBUTES = {
    "pathData",
    "fillColor",
    "fillAlpha",
    "fillType",
    "strokeColor",
    "strokeAlpha",
    "strokeWidth",
    "strokeLineCap",
    "strokeLineJoin",
    "strokeMiterLimit",
}
LONGEST = 32_767


def drawable_to_svg(xml: str) -> str:
    """A VectorDrawable as SVG."""
    root = ET.fromstring(xml)
    assert root.tag == "vector"
    out = Svg()
    body = "".join(_node(child, out) for child in root)
    width, height = (root.get(f"{ANDROID}{name}", "").removesuffix("dp") for name in ("width", "height"))
    view = (root.get(f"{ANDROID}viewportWidth", ""), root.get(f"{ANDROID}viewportHeight", ""))
    assert all(float(number) > 0 for number in (width, height, *view))
    return out.whole(width, height, view, body)


def path_data(d: str) -> str:
    """Path data as Android's parser understands it, every number on its own. Fails where that parser does."""
    out = []
    start = 0
    while start < len(d):
        end = start + 1
        while end < len(d) and not (d[end].isalpha() and d[end] not in "eE"):
            end += 1
        verb, numbers = d[start], _numbers(d[start + 1 : end])
        count = COUNTS.get(verb.upper())
        assert count is not None, f"{verb!r} is no command in {d!r}"
        assert (len(numbers) > 0 and len(numbers) % count == 0) if count else not numbers, f"{d[start:end]!r} in {d!r}"
        if verb in "Aa":
            assert all(numbers[at] and numbers[at + 1] for at in range(0, len(numbers), 7)), "an arc without a radius"
            assert all({numbers[at + 3], numbers[at + 4]} <= {0.0, 1.0} for at in range(0, len(numbers), 7))
        out.append(verb + " ".join(f"{number:g}" if number in (0, 1) else repr(number) for number in numbers))
        start = end
    return " ".join(out)


def _numbers(text: str) -> list[float]:
    found: list[float] = []
    at = 0
    while at < len(text):
        end, has_dot, is_exponent = at, False, False
        while end < len(text):
            character = text[end]
            was_exponent, is_exponent = is_exponent, character in "eE"
            if character in " ," or (character == "-" and end != at and not was_exponent):
                break
            if character == ".":
                if has_dot:
                    break
                has_dot = True
            end += 1
        if end > at:
            found.append(_float(text[at:end]))
        at = end + 1 if end < len(text) and text[end] in " ," else end
    return found


def _float(text: str) -> float:
    assert re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text), f"{text!r} is no number"
    assert abs(float(text)) < 3.4e38
    return float(text)


def _node(node: ET.Element, out: Svg) -> str:
    names = {name.removeprefix(ANDROID) for name in node.attrib}
    if node.tag == "group":
        assert names <= set(PLACES), names
        clips = [child for child in node if child.tag == "clip-path"]
        assert len(clips) <= 1
        assert not clips or node[0] is clips[0]
        body = "".join(_node(child, out) for child in node if child.tag != "clip-path")
        clip = path_data(clips[0].attrib[f"{ANDROID}pathData"]) if clips else None
        return out.group(body, clip, {PLACES[name]: float(node.attrib[f"{ANDROID}{name}"]) for name in names})
    assert node.tag == "path", node.tag
    assert names <= PATH_ATTRIBUTES, names

    def value(name: str, default: str) -> str:
        return node.get(f"{ANDROID}{name}", default)

    assert len(value("pathData", "").encode()) <= LONGEST
    fill, fill_alpha = _paint(node, "fillColor", out)
    stroke, stroke_alpha = _paint(node, "strokeColor", out)
    rule = {"evenOdd": "evenodd", "nonZero": "nonzero"}[value("fillType", "nonZero")]
    return (
        f'<path d="{path_data(value("pathData", ""))}" fill="{fill}" fill-rule="{rule}" '
        f'fill-opacity="{_share(value("fillAlpha", "1")) * fill_alpha}" '
        f'stroke="{stroke}" stroke-opacity="{_share(value("strokeAlpha", "1")) * stroke_alpha}" '
        f'stroke-width="{value("strokeWidth", "0")}" stroke-linecap="{value("strokeLineCap", "butt")}" '
        f'stroke-linejoin="{value("strokeLineJoin", "miter")}" stroke-miterlimit="{value("strokeMiterLimit", "4")}"/>'
    )


def _share(text: str) -> float:
    assert 0 <= float(text) <= 1
    return float(text)


def _paint(node: ET.Element, name: str, out: Svg) -> tuple[str, float]:
    color = node.get(f"{ANDROID}{name}")
    nested = [one for one in node.findall(f"{AAPT}attr") if one.get("name") == f"android:{name}"]
    assert (color is not None) + len(nested) <= 1
    if color is not None:
        argb = _argb(color)
        return f"#{argb[2:]}", int(argb[:2], 16) / 255
    if not nested:
        return "none", 1.0
    (gradient,) = nested[0]
    kind = gradient.attrib[f"{ANDROID}type"]
    names = {
        "linear": {"startX": "x1", "startY": "y1", "endX": "x2", "endY": "y2"},
        "radial": {"centerX": "cx", "centerY": "cy", "gradientRadius": "r"},
    }[kind]
    places = {theirs: gradient.attrib[f"{ANDROID}{ours}"] for ours, theirs in names.items()}
    assert float(places.get("r", "1")) > 0
    offsets = [float(item.attrib[f"{ANDROID}offset"]) for item in gradient]
    assert offsets == sorted(offsets)
    assert len(offsets) >= 2
    stops = [(item.attrib[f"{ANDROID}offset"], _argb(item.attrib[f"{ANDROID}color"])) for item in gradient]
    spread = {"mirror": "reflect", "repeat": "repeat", "clamp": "pad"}[gradient.get(f"{ANDROID}tileMode", "clamp")]
    return out.gradient(kind, places, stops, spread), 1.0


def _argb(color: str) -> str:
    assert re.fullmatch(r"#([0-9A-F]{2})?[0-9A-F]{6}", color), color
    return color[1:].rjust(8, "F")
