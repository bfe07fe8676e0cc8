"""Android's VectorDrawable as XML.

In: a plain drawing. Out: text. Rules: attributes, their order and their numbers are those that users of the older ExFig
have in their repositories wherever that drew the right picture; one attribute a line, no final newline.
Format: https://developer.android.com/reference/android/graphics/drawable/VectorDrawable
"""

from collections.abc import Iterator
from math import floor
from typing import Final
from xml.sax.saxutils import quoteattr

from exfig_rx.vector import geometry
from exfig_rx.vector.plain import (
    Placement,
    PlainDrawing,
    PlainGroup,
    PlainLinear,
    PlainNode,
    PlainPaint,
    PlainPath,
    PlainRadial,
)
from exfig_rx.vector.values import Color

LONGEST_PATH: Final = 32_767
"""Bytes of one attribute that Android's packaging tool takes (STRING_TOO_LARGE)."""

_TILES: Final = {"reflect": "mirror", "repeat": "repeat"}


def vector_drawable(drawing: PlainDrawing, *, mirrored: bool = False) -> str:
    """The XML of a drawable; `mirrored` in layouts from right to left."""
    body = [line for node in drawing.nodes for line in _node(node, 1)]
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<vector"]
    lines.append('    xmlns:android="http://schemas.android.com/apk/res/android"')
    if any("<aapt:attr" in line for line in body):
        lines.append('    xmlns:aapt="http://schemas.android.com/aapt"')
    lines += [
        f'    android:width="{_number(drawing.width)}dp"',
        f'    android:height="{_number(drawing.height)}dp"',
        f'    android:viewportWidth="{_number(drawing.viewport_width)}"',
        f'    android:viewportHeight="{_number(drawing.viewport_height)}"',
    ]
    if mirrored:
        lines.append('    android:autoMirrored="true"')
    lines[-1] += ">"
    return "\n".join([*lines, *body, "</vector>"])


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


def _node(node: PlainNode, level: int) -> Iterator[str]:
    yield from _group(node, level) if isinstance(node, PlainGroup) else _path(node, level)


def _group(group: PlainGroup, level: int) -> Iterator[str]:
    indent = "    " * level
    attributes = _placement(group.placement) if group.placement is not None else []
    if attributes:
        yield f"{indent}<group"
        yield from (f"{indent}    {text}" for text in attributes[:-1])
        yield f"{indent}    {attributes[-1]}>"
    else:
        yield f"{indent}<group>"
    if group.clip is not None:
        yield f"{indent}    <clip-path"
        yield f"{indent}        android:pathData={_quoted(group.clip)}/>"
    for child in group.children:
        yield from _node(child, level + 1)
    yield f"{indent}</group>"


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
    return [f'android:{name}="{_fine(name, value)}"' for name, value, usual in found if value != usual]


def _fine(name: str, value: float) -> str:
    """Scales and angles act on everything far from their centre: two decimals more, where they have them."""
    return geometry.number(value, 6 if name in ("scaleX", "scaleY", "rotation") else geometry.PRECISION)


def _path(path: PlainPath, level: int) -> Iterator[str]:
    indent = "    " * level
    attributes = [f"android:pathData={_quoted(path.d)}"]
    inner: list[str] = []
    if path.fill is not None:
        attributes += _paint("fillColor", path.fill, inner, level + 1)
        if path.fill_alpha is not None:
            attributes.append(f'android:fillAlpha="{_number(path.fill_alpha)}"')
        if path.fill_rule is not None:
            attributes.append(f'android:fillType="{"evenOdd" if path.fill_rule == "evenodd" else "nonZero"}"')
    if path.stroke is not None:
        attributes += _paint("strokeColor", path.stroke, inner, level + 1)
        if path.stroke_alpha is not None and path.stroke_alpha < 1:
            attributes.append(f'android:strokeAlpha="{_number(path.stroke_alpha)}"')
        attributes.append(f'android:strokeWidth="{_number(path.stroke_width)}"')
        if path.cap is not None:
            attributes.append(f'android:strokeLineCap="{path.cap}"')
        if path.join is not None:
            attributes.append(f'android:strokeLineJoin="{path.join}"')
        if path.miter_limit is not None and path.miter_limit != 4:
            attributes.append(f'android:strokeMiterLimit="{_number(path.miter_limit)}"')
    yield f"{indent}<path"
    if not inner:
        yield from (f"{indent}    {text}" for text in attributes[:-1])
        yield f"{indent}    {attributes[-1]}/>"
        return
    yield from (f"{indent}    {text}" for text in attributes)
    yield f"{indent}    >"
    yield from inner
    yield f"{indent}</path>"


def _paint(name: str, paint: PlainPaint, inner: list[str], level: int) -> list[str]:
    """The attribute of a color; a gradient goes into `inner`."""
    if isinstance(paint, Color):
        return [f'android:{name}="{_color(paint)}"']
    indent = "    " * level
    inner.append(f'{indent}<aapt:attr name="android:{name}">')
    inner += (f"{indent}    {line}" for line in _gradient(paint))
    inner.append(f"{indent}</aapt:attr>")
    return []


def _gradient(paint: PlainLinear | PlainRadial) -> Iterator[str]:
    if isinstance(paint, PlainLinear):
        numbers = zip(("startX", "startY", "endX", "endY"), (*paint.start, *paint.end), strict=True)
        kind = "linear"
    else:
        numbers = zip(("centerX", "centerY", "gradientRadius"), (*paint.center, paint.radius), strict=True)
        kind = "radial"
    attributes = [f'android:type="{kind}"', *(f'android:{name}="{_number(value)}"' for name, value in numbers)]
    if paint.spread in _TILES:
        attributes.append(f'android:tileMode="{_TILES[paint.spread]}"')
    yield "<gradient"
    yield from (f"    {text}" for text in attributes[:-1])
    yield f"    {attributes[-1]}>"
    for stop in paint.stops:
        alpha = floor(stop.color.alpha * 255 + 0.5)
        yield f'    <item android:offset="{_number(stop.offset)}" android:color="#{alpha:02X}{stop.color.rgb:06X}"/>'
    yield "</gradient>"


def _color(color: Color) -> str:
    return f"#{color.rgb:06X}" if color.alpha >= 1 else f"#{int(color.alpha * 255):02X}{color.rgb:06X}"


def _number(value: float) -> str:
    return geometry.number(value)


def _quoted(d: str) -> str:
    return f'"{d}"' if not set('<>&"') & set(d) else quoteattr(d)
