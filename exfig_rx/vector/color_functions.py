"""Colors that are written as functions, `rgb(…)` to `oklch(…)`, as sRGB.

In: the name of a function and what is between its brackets. Out: red, green and blue, 0 to 1 for colors that sRGB has,
and alpha; None for what is no color. Rule: a color that sRGB lacks is cut off at its edges, channel by channel.
Source: https://www.w3.org/TR/css-color-4/#color-conversion-code
"""

import colorsys
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from exfig_rx.vector.geometry import NUMBER

Channels: TypeAlias = tuple[float, float, float]

_PART = re.compile(rf"({NUMBER})(%?+)")
_ANGLES: Final = {"deg": 1.0, "grad": 0.9, "rad": 180 / math.pi, "turn": 360.0}
_SPACES: Final = ("srgb", "display-p3")


def srgb(name: str, inside: str) -> tuple[Channels, float] | None:
    """Channels and alpha of a function; `name` is in small letters, and one of `FUNCTIONS`."""
    parts = [part for part in re.split(r"[\s,/]+", inside) if part]
    if name == "color":
        name = parts.pop(0).lower() if parts else ""
        if name not in _SPACES:
            return None
    if len(parts) not in (3, 4):
        return None
    read, wholes = _READERS[name]
    alpha = portion(parts[3], 1.0) if len(parts) == 4 else 1.0
    found = [angle(part) if whole is None else portion(part, whole) for part, whole in zip(parts, wholes, strict=False)]
    one, two, three = found
    if one is None or two is None or three is None or alpha is None:
        return None
    return read(one, two, three), min(1.0, max(0.0, alpha))


def portion(text: str, whole: float) -> float | None:
    """A number, or a percentage of `whole`; `none` is 0."""
    if text == "none":
        return 0.0
    match = _PART.fullmatch(text)
    if match is None:
        return None
    return float(match[1]) * whole / 100 if match[2] else float(match[1])


def angle(text: str) -> float | None:
    """Degrees, which a number without a unit is, too."""
    unit = next((unit for unit in _ANGLES if text.endswith(unit)), "")
    value = portion(text.removesuffix(unit), 1.0)
    return None if value is None else value * _ANGLES.get(unit, 1.0)


def _rgb(red: float, green: float, blue: float) -> Channels:
    return red / 255, green / 255, blue / 255


def _hsl(hue: float, saturation: float, lightness: float) -> Channels:
    return colorsys.hls_to_rgb(hue / 360 % 1, _share(lightness / 100), _share(saturation / 100))


def _hwb(hue: float, white: float, black: float) -> Channels:
    white, black = _share(white / 100), _share(black / 100)
    most = max(1.0, white + black)
    red, green, blue = (
        channel * (1 - (white + black) / most) + white / most
        for channel in colorsys.hls_to_rgb(hue / 360 % 1, 0.5, 1.0)
    )
    return red, green, blue


def _lab(lightness: float, a: float, b: float) -> Channels:
    y = (lightness + 16) / 116
    x, z = a / 500 + y, y - b / 200
    # white is that of D50, the rest of the matrices that of D65
    xyz = (_uncubed(x) * 0.9642956764, _uncubed(y), _uncubed(z) * 0.8251046025)
    return _gamma(_times(_XYZ_TO_SRGB, _times(_D50_TO_D65, xyz)))


def _oklab(lightness: float, a: float, b: float) -> Channels:
    long, middle, short = _times(_OKLAB_TO_CONES, (lightness, a, b))
    return _gamma(_times(_CONES_TO_SRGB, (long * long * long, middle * middle * middle, short * short * short)))


def _display_p3(red: float, green: float, blue: float) -> Channels:
    return _gamma(_times(_P3_TO_SRGB, (_linear(red), _linear(green), _linear(blue))))


def _polar(read: Callable[[float, float, float], Channels]) -> Callable[[float, float, float], Channels]:
    def reader(lightness: float, chroma: float, hue: float) -> Channels:
        turn = math.radians(hue % 360)
        return read(lightness, chroma * math.cos(turn), chroma * math.sin(turn))

    return reader


_Reader: TypeAlias = Callable[[float, float, float], Channels]
_READERS: Final[Mapping[str, tuple[_Reader, Sequence[float | None]]]] = {
    "rgb": (_rgb, (255, 255, 255)),
    "rgba": (_rgb, (255, 255, 255)),
    "hsl": (_hsl, (None, 100, 100)),
    "hsla": (_hsl, (None, 100, 100)),
    "hwb": (_hwb, (None, 100, 100)),
    "lab": (_lab, (100, 125, 125)),
    "lch": (_polar(_lab), (100, 150, None)),
    "oklab": (_oklab, (1, 0.4, 0.4)),
    "oklch": (_polar(_oklab), (1, 0.4, None)),
    "srgb": (lambda red, green, blue: (red, green, blue), (1, 1, 1)),
    "display-p3": (_display_p3, (1, 1, 1)),
}
"""How the three parts of a function become sRGB, and what a percentage of each is of; None for an angle."""

FUNCTIONS: Final = ("rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color")


# ── arithmetic ──

_D50_TO_D65: Final = (
    (0.9554734527, -0.0230985369, 0.0632593087),
    (-0.0283697070, 1.0099954580, 0.0210413990),
    (0.0123140017, -0.0205076964, 1.3303659366),
)
_XYZ_TO_SRGB: Final = (
    (3.2409699419, -1.5373831776, -0.4986107603),
    (-0.9692436363, 1.8759675015, 0.0415550574),
    (0.0556300797, -0.2039769589, 1.0569715142),
)
_P3_TO_SRGB: Final = (
    (1.2249401763, -0.2249401763, 0.0),
    (-0.0420569547, 1.0420569547, 0.0),
    (-0.0196375546, -0.0786360456, 1.0982736002),
)
_OKLAB_TO_CONES: Final = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_CONES_TO_SRGB: Final = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def _times(matrix: Sequence[Channels], values: Channels) -> Channels:
    one, two, three = (sum(map(float.__mul__, row, values)) for row in matrix)
    return one, two, three


def _gamma(linear: Channels) -> Channels:
    red, green, blue = map(_encoded, linear)
    return red, green, blue


def _uncubed(value: float) -> float:
    cube = value * value * value
    return cube if cube > 216 / 24389 else (116 * value - 16) * 27 / 24389


def _linear(channel: float) -> float:
    channel = _share(channel)
    return channel / 12.92 if channel <= 0.04045 else math.pow((channel + 0.055) / 1.055, 2.4)


def _encoded(channel: float) -> float:
    channel = _share(channel)
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * math.pow(channel, 1 / 2.4) - 0.055


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
