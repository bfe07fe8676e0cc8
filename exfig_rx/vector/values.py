"""The values of properties: colors, lengths, numbers, transforms, references.

In: text as it stands in attributes and style sheets. Out: typed values, None where the text means nothing, so that the
value before it stays. Sources: https://www.w3.org/TR/css-color-4/, https://www.w3.org/TR/SVG11/coords.html
"""

import colorsys
import math
import re
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from exfig_rx.vector.color_names import COLOR_NAMES
from exfig_rx.vector.geometry import numbers
from exfig_rx.vector.matrices import IDENTITY, Matrix, multiplied


class Color(NamedTuple):
    """sRGB: `rgb` is 0xRRGGBB, `alpha` 0 to 1."""

    rgb: int
    alpha: float = 1.0


class Reference(NamedTuple):
    """`url(#id)`, and what to paint with if there is no such element."""

    id: str
    fallback: "Color | None" = None


class Word(NamedTuple):
    """`none` or `currentColor`."""

    text: str


PaintText: TypeAlias = Color | Reference | Word

NONE: Final = Word("none")
CURRENT: Final = Word("currentColor")

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_FUNCTION = re.compile(r"(rgba?|hsla?|color)\(\s*(.*?)\s*\)", re.IGNORECASE | re.DOTALL)
_URL = re.compile(r"""url\(\s*['"]?#(.*?)['"]?\s*\)\s*(.*)""", re.DOTALL)
_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%|px|pt|pc|mm|cm|in|em|rem|ex|q)?", re.IGNORECASE)
_TRANSFORM = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 96 / 101.6}
_FONT_PIXELS = {"em": 16.0, "rem": 16.0, "ex": 8.0}


@lru_cache(maxsize=4096)
def color(text: str) -> Color | None:
    """A color in any spelling of CSS Color 4 that designs use."""
    text = text.strip()
    if match := _HEX.fullmatch(text):
        digits = match[1]
        if len(digits) < 6:
            digits = "".join(digit * 2 for digit in digits)
        return Color(int(digits[:6], 16), int(digits[6:], 16) / 255 if len(digits) == 8 else 1.0)
    if match := _FUNCTION.fullmatch(text):
        return _color_function(match[1].lower(), match[2])
    low = text.lower()
    if low == "transparent":
        return Color(0, 0.0)
    rgb = COLOR_NAMES.get(low)
    return None if rgb is None else Color(rgb)


def _color_function(name: str, inside: str) -> Color | None:
    parts = [part for part in re.split(r"[\s,/]+", inside) if part]
    if name == "color":
        space, *parts = parts or [""]
        if space.lower() not in ("srgb", "display-p3") or len(parts) not in (3, 4):
            return None
        channels = [_part(part, 1.0) for part in parts]
        return _of(channels[:3], channels[3] if len(parts) == 4 else 1.0)
    if len(parts) not in (3, 4):
        return None
    alpha = _part(parts[3], 1.0) if len(parts) == 4 else 1.0
    if name.startswith("rgb"):
        return _of([None if (c := _part(part, 255.0)) is None else c / 255 for part in parts[:3]], alpha)
    hue, saturation, lightness = _angle(parts[0]), _part(parts[1], 1.0), _part(parts[2], 1.0)
    if hue is None or saturation is None or lightness is None:
        return None
    return _of(list(colorsys.hls_to_rgb(hue / 360 % 1, min(1, max(0, lightness)), min(1, max(0, saturation)))), alpha)


def _part(text: str, whole: float) -> float | None:
    try:
        return float(text[:-1]) / 100 * whole if text.endswith("%") else float(text)
    except ValueError:
        return 0.0 if text == "none" else None


def _angle(text: str) -> float | None:
    units = {"deg": 1.0, "grad": 0.9, "rad": 180 / math.pi, "turn": 360.0}
    unit = next((unit for unit in units if text.endswith(unit)), "")
    try:
        return float(text.removesuffix(unit)) * units.get(unit, 1.0)
    except ValueError:
        return None


def _of(channels: "list[float | None] | list[float]", alpha: float | None) -> Color | None:
    if alpha is None or any(channel is None or channel != channel for channel in channels):
        return None
    red, green, blue = (math.floor(min(1.0, max(0.0, channel or 0.0)) * 255 + 0.5) for channel in channels)
    return Color(red << 16 | green << 8 | blue, min(1.0, max(0.0, alpha)))


@lru_cache(maxsize=4096)
def paint(text: str) -> PaintText | None:
    """The value of `fill` or `stroke`."""
    text = text.strip()
    if text == "none":
        return NONE
    if text.lower() == "currentcolor":
        return CURRENT
    if match := _URL.fullmatch(text):
        rest = match[2].strip()
        return Reference(match[1], color(rest) if rest and rest != "none" else None)
    return color(text)


def reference(text: str) -> str | None:
    """The id in `url(#id)`; None for `none` and for anything else."""
    match = _URL.match(text.strip())
    return match[1] if match else None


@lru_cache(maxsize=4096)
def length(text: str, whole: float = 100.0) -> float | None:
    """Pixels; percents are of `whole`."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    value, unit = float(match[1]), (match[2] or "").lower()
    if unit == "%":
        return value / 100 * whole
    return value * (_PIXELS.get(unit) or _FONT_PIXELS[unit])


@lru_cache(maxsize=1024)
def fraction(text: str) -> float | None:
    """An opacity or offset, 0 to 1; `50%` is half."""
    value = length(text, 1.0)
    return None if value is None else min(1.0, max(0.0, value))


Step: TypeAlias = tuple[str, tuple[float, ...]]
"""One function of a `transform` attribute with its numbers."""


@lru_cache(maxsize=4096)
def transform_steps(text: str) -> tuple[Step, ...]:
    """The functions of a `transform` attribute in order; what can't be read is left out."""
    return tuple((name, tuple(numbers(inside))) for name, inside in _TRANSFORM.findall(text))


@lru_cache(maxsize=4096)
def transform(text: str) -> Matrix:
    """The matrix of a `transform` attribute."""
    matrix = IDENTITY
    for name, values in transform_steps(text):
        matrix = multiplied(matrix, _step(name, values))
    return matrix


def _step(name: str, values: tuple[float, ...]) -> Matrix:
    match name, values:
        case "matrix", (a, b, c, d, e, f):
            return (a, b, c, d, e, f)
        case "translate", (x, *rest):
            return (1.0, 0.0, 0.0, 1.0, x, rest[0] if rest else 0.0)
        case "scale", (x, *rest):
            return (x, 0.0, 0.0, rest[0] if rest else x, 0.0, 0.0)
        case "rotate", (angle, *rest):
            cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            turned = (cos, sin, -sin, cos, 0.0, 0.0)
            if len(rest) != 2:
                return turned
            x, y = rest
            return multiplied(multiplied((1, 0, 0, 1, x, y), turned), (1, 0, 0, 1, -x, -y))
        case "skewX", (angle,):
            return (1.0, 0.0, math.tan(math.radians(angle)), 1.0, 0.0, 0.0)
        case "skewY", (angle,):
            return (1.0, math.tan(math.radians(angle)), 0.0, 1.0, 0.0, 0.0)
    return IDENTITY
