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
from exfig_rx.vector.geometry import LARGEST, NUMBER, numbers
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
_FUNCTION = re.compile(r"(rgba?|hsla?|color)\(([^()]*)\)", re.IGNORECASE)
_URL = re.compile(r"""url\(\s*+["']?+#([^"')]*+)["']?+\s*+\)(.*+)""", re.DOTALL | re.IGNORECASE)
_LENGTH = re.compile(rf"({NUMBER})\s*+(%|px|pt|pc|mm|cm|in|em|rem|ex|q)?+", re.IGNORECASE)
_PART = re.compile(rf"({NUMBER})(%?+)")
_TRANSFORM = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*+\(([^()]*+)\)")
_PIXELS = {
    "": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 96 / 101.6,
    "em": 16.0, "rem": 16.0, "ex": 8.0,
}  # fmt: skip
"""What a unit is in pixels; fonts are 16 pixels high, since no text is drawn that says otherwise."""

_COUNTS = {"matrix": (6,), "translate": (1, 2), "scale": (1, 2), "rotate": (1, 3), "skewX": (1,), "skewY": (1,)}

SMALLEST: Final = 1e-4
"""The least width or height that is one: what is below is written as 0."""

_CACHED = 1024
"""Values that are remembered: few ever differ, and none is long."""


@lru_cache(maxsize=_CACHED)
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
    space = parts.pop(0).lower() if name == "color" and parts else "srgb"
    if len(parts) not in (3, 4) or space not in ("srgb", "display-p3"):
        return None
    alpha = _part(parts[3], 1.0) if len(parts) == 4 else 1.0
    if name.startswith("hsl"):
        hue, saturation, lightness = _angle(parts[0]), *(_part(part.rstrip("%"), 0.01) for part in parts[1:3])
        if hue is None or saturation is None or lightness is None:
            return None
        inside_of_one = (min(1.0, max(0.0, value)) for value in (lightness, saturation))
        return _of(colorsys.hls_to_rgb(hue / 360 % 1, *inside_of_one), alpha)
    whole = 1.0 if name == "color" else 1 / 255
    channels = [_part(part, 0.01 if part.endswith("%") else whole) for part in parts[:3]]
    red, green, blue = channels
    if red is None or green is None or blue is None:
        return None
    return _of(_from_p3((red, green, blue)) if space == "display-p3" else (red, green, blue), alpha)


def _part(text: str, unit: float) -> float | None:
    """A number or percentage in units; a percentage alone counts in hundredths."""
    if text == "none":
        return 0.0
    match = _PART.fullmatch(text)
    if match is None:
        return None
    return float(match[1]) * (0.01 if match[2] else unit)


def _angle(text: str) -> float | None:
    units = {"deg": 1.0, "grad": 0.9, "rad": 180 / math.pi, "turn": 360.0}
    unit = next((unit for unit in units if text.endswith(unit)), "")
    return _part(text.removesuffix(unit), units.get(unit, 1.0))


def _of(channels: tuple[float, float, float], alpha: float | None) -> Color | None:
    if alpha is None:
        return None
    red, green, blue = (math.floor(min(1.0, max(0.0, channel)) * 255 + 0.5) for channel in channels)
    return Color(red << 16 | green << 8 | blue, min(1.0, max(0.0, alpha)))


def _from_p3(channels: tuple[float, float, float]) -> tuple[float, float, float]:
    """Display P3 as sRGB, cut off at its edges (https://www.w3.org/TR/css-color-4/#color-conversion-code)."""
    red, green, blue = (_linear(channel) for channel in channels)
    return (
        _encoded(1.2249401763 * red - 0.2249401763 * green),
        _encoded(-0.0420569547 * red + 1.0420569547 * green),
        _encoded(-0.0196375546 * red - 0.0786360456 * green + 1.0982736002 * blue),
    )


def _linear(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return channel / 12.92 if channel <= 0.04045 else math.pow((channel + 0.055) / 1.055, 2.4)


def _encoded(channel: float) -> float:
    channel = max(0.0, channel)
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * math.pow(channel, 1 / 2.4) - 0.055


@lru_cache(maxsize=_CACHED)
def paint(text: str) -> PaintText | None:
    """The value of `fill` or `stroke`."""
    text = text.strip()
    low = text.lower()
    if low == "none":
        return NONE
    if low == "currentcolor":
        return CURRENT
    if match := _URL.fullmatch(text):
        rest = match[2].strip()
        return Reference(match[1].strip(), color(rest) if rest and rest != "none" else None)
    return color(text)


def reference(text: str) -> str | None:
    """The id in `url(#id)`; None for `none` and for anything else."""
    match = _URL.match(text.strip())
    return match[1].strip() if match else None


@lru_cache(maxsize=_CACHED)
def length(text: str, whole: float = 100.0) -> float | None:
    """Pixels; percents are of `whole`. None for sizes that nobody means."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    value, unit = float(match[1]), (match[2] or "").lower()
    value *= whole / 100 if unit == "%" else _PIXELS[unit]
    return value if -LARGEST < value < LARGEST else None


@lru_cache(maxsize=_CACHED)
def fraction(text: str) -> float | None:
    """An opacity or offset, 0 to 1; `50%` is half."""
    value = length(text, 1.0)
    return None if value is None else min(1.0, max(0.0, value))


@lru_cache(maxsize=_CACHED)
def box(text: str) -> tuple[float, float, float, float] | None:
    """A `viewBox`: left, top, width, height; None if it shows nothing."""
    found = numbers(text)
    if len(found) != 4 or min(found[2:]) < SMALLEST:
        return None
    return (found[0], found[1], found[2], found[3])


Step: TypeAlias = tuple[str, tuple[float, ...]]
"""One function of a `transform` attribute with its numbers."""


@lru_cache(maxsize=_CACHED)
def transform_steps(text: str) -> tuple[Step, ...]:
    """The functions of a `transform` attribute in order; none if any of it can't be read."""
    if _TRANSFORM.sub("", text).strip(" ,\t\r\n"):
        return ()
    steps = tuple((name, tuple(numbers(inside))) for name, inside in _TRANSFORM.findall(text))
    return steps if all(len(found) in _COUNTS[name] for name, found in steps) else ()


@lru_cache(maxsize=_CACHED)
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
