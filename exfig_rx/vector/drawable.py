"""Android's VectorDrawable as XML.

In: a plain drawing. Out: text. Rules: attributes, their order and their numbers are those that users of the older ExFig
have in their repositories wherever that drew the right picture; one attribute a line, no final newline.
Format: https://developer.android.com/reference/android/graphics/drawable/VectorDrawable
"""

from collections.abc import Iterator
from math import floor
from typing import Final

from exfig_rx.vector.plain import (
    Placement,
    PlainDrawing,
    PlainGroup,
    PlainLinear,
    PlainNode,
    PlainPath,
    PlainRadial,
    attribute_number,
    placement_number,
)
from exfig_rx.vector.values import Color

LONGEST_PATH: Final = 32_767
"""Bytes of one attribute that Android's packaging tool takes (STRING_TOO_LARGE)."""

_TILES: Final = {"reflect": "mirror", "repeat": "repeat"}
_FILL_TYPES: Final = {"evenodd": "evenOdd", "nonzero": "nonZero"}


def vector_drawable(drawing: PlainDrawing, *, mirrored: bool = False) -> str:
    """The XML of a drawable; `mirrored` in layouts from right to left."""
    body: list[str] = []
    for node in drawing.nodes:
        _node(node, "    ", body)
    gradients = '\n    xmlns:aapt="http://schemas.android.com/aapt"' if _has_gradient(drawing.nodes) else ""
    mirror = '\n    android:autoMirrored="true"' if mirrored else ""
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<vector\n"
        f'    xmlns:android="http://schemas.android.com/apk/res/android"{gradients}\n'
        f'    android:width="{attribute_number(drawing.width)}dp"\n'
        f'    android:height="{attribute_number(drawing.height)}dp"\n'
        f'    android:viewportWidth="{attribute_number(drawing.viewport_width)}"\n'
        f'    android:viewportHeight="{attribute_number(drawing.viewport_height)}"{mirror}>'
    )
    return "\n".join([head, *body, "</vector>"])


def longest_path(drawing: PlainDrawing) -> int:
    """Bytes of the longest path data in it, clips included."""
    return max((len(d.encode()) for d in _all_data(drawing.nodes)), default=0)


def _all_data(nodes: tuple[PlainNode, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, PlainPath):
            yield node.d
        else:
            if node.clip is not None:
                yield node.clip
            yield from _all_data(node.children)


def _has_gradient(nodes: tuple[PlainNode, ...]) -> bool:
    return any(
        _has_gradient(node.children)
        if isinstance(node, PlainGroup)
        else isinstance(node.fill, PlainLinear | PlainRadial) or isinstance(node.stroke, PlainLinear | PlainRadial)
        for node in nodes
    )


def _node(node: PlainNode, indent: str, out: list[str]) -> None:
    """Adds the lines of a path or a group to `out`."""
    if isinstance(node, PlainPath):
        _path(node, indent, out)
        return
    inner = f"{indent}    "
    attributes = _placement(node.placement) if node.placement is not None else []
    out.append(_opened(f"{indent}<group", attributes, f"\n{inner}") + ">")
    if node.clip is not None:
        out.append(f'{inner}<clip-path\n{inner}    android:pathData="{node.clip}"/>')
    for child in node.children:
        _node(child, inner, out)
    out.append(f"{indent}</group>")


def _opened(tag: str, attributes: list[str], gap: str) -> str:
    return gap.join([tag, *attributes])


def _placement(placement: Placement) -> list[str]:
    found = (
        ("translateX", placement.translate_x, 0.0),
        ("translateY", placement.translate_y, 0.0),
        ("scaleX", placement.scale_x, 1.0),
        ("scaleY", placement.scale_y, 1.0),
        ("rotation", placement.rotation, 0.0),
        ("pivotX", placement.pivot_x, 0.0),
        ("pivotY", placement.pivot_y, 0.0),
    )
    return [
        f'android:{name}="{placement_number(value, is_scale=usual == 1)}"'
        for name, value, usual in found
        if value != usual
    ]


def _path(path: PlainPath, indent: str, out: list[str]) -> None:
    fill, stroke = path.fill, path.stroke
    attributes = [f"{indent}<path", f'android:pathData="{path.d}"']
    inner: list[str] = []
    if fill is not None:
        if isinstance(fill, Color):
            attributes.append(f'android:fillColor="{_color(fill) if path.fill_is_stated else "#FF000000"}"')
        else:
            _gradient("fillColor", fill, f"{indent}    ", inner)
        if path.fill_alpha is not None:
            attributes.append(f'android:fillAlpha="{attribute_number(path.fill_alpha)}"')
    if path.rule is not None:
        attributes.append(f'android:fillType="{_FILL_TYPES[path.rule]}"')
    if stroke is not None:
        if isinstance(stroke, Color):
            attributes.append(f'android:strokeColor="{_color(stroke)}"')
        else:
            _gradient("strokeColor", stroke, f"{indent}    ", inner)
        if path.stroke_alpha is not None and path.stroke_alpha < 1:
            attributes.append(f'android:strokeAlpha="{attribute_number(path.stroke_alpha)}"')
        attributes.append(f'android:strokeWidth="{attribute_number(path.stroke_width)}"')
        if path.cap is not None:
            attributes.append(f'android:strokeLineCap="{path.cap}"')
        if path.join is not None:
            attributes.append(f'android:strokeLineJoin="{path.join}"')
        if path.miter_limit is not None and path.miter_limit != 4:
            attributes.append(f'android:strokeMiterLimit="{attribute_number(path.miter_limit)}"')
    text = f"\n{indent}    ".join(attributes)
    if inner:
        out += (f"{text}\n{indent}    >", *inner, f"{indent}</path>")
    else:
        out.append(f"{text}/>")


def _gradient(name: str, paint: PlainLinear | PlainRadial, indent: str, out: list[str]) -> None:
    """Adds the lines of a gradient, which stands inside its path."""
    if isinstance(paint, PlainLinear):
        numbers = zip(("startX", "startY", "endX", "endY"), (*paint.start, *paint.end), strict=True)
        kind = "linear"
    else:
        numbers = zip(("centerX", "centerY", "gradientRadius"), (*paint.center, paint.radius), strict=True)
        kind = "radial"
    attributes = [f'android:type="{kind}"', *(f'android:{key}="{attribute_number(value)}"' for key, value in numbers)]
    if paint.spread in _TILES:
        attributes.append(f'android:tileMode="{_TILES[paint.spread]}"')
    out += (
        f'{indent}<aapt:attr name="android:{name}">',
        _opened(f"{indent}    <gradient", attributes, f"\n{indent}        ") + ">",
    )
    for stop in paint.stops:
        alpha = floor(stop.color.alpha * 255 + 0.5)
        color = f"#{alpha:02X}{stop.color.rgb:06X}"
        out.append(f'{indent}        <item android:offset="{attribute_number(stop.offset)}" android:color="{color}"/>')
    out += (f"{indent}    </gradient>", f"{indent}</aapt:attr>")


def _color(color: Color) -> str:
    return f"#{color.rgb:06X}" if color.alpha >= 1 else f"#{int(color.alpha * 255):02X}{color.rgb:06X}"
