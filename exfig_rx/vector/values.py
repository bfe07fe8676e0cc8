"""The values of properties: colors, lengths, numbers, references.

In: text as it stands in attributes and style sheets. Out: typed values, None where the text means nothing, so that the
value before it stays. Sources: https://www.w3.org/TR/css-color-4/, https://www.w3.org/TR/SVG11/coords.html
"""

import math
import re
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from exfig_rx.vector.color_functions import FUNCTIONS, srgb
from exfig_rx.vector.color_names import COLOR_NAMES, SYSTEM_COLORS
from exfig_rx.vector.geometry import LARGEST, NUMBER, numbers


class Color(NamedTuple):
    """sRGB: `rgb` is 0xRRGGBB, `alpha` 0 to 1."""

    rgb: int
    alpha: float = 1.0


class Reference(NamedTuple):
    """`url(#id)`, and what to paint with if there is no such element."""

    id: str
    fallback: "Color | None" = None


class Word(NamedTuple):
    """`none`, `currentColor`, or a color that only browsers can tell."""

    text: str


PaintText: TypeAlias = Color | Reference | Word

NONE: Final = Word("none")
CURRENT: Final = Word("currentColor")

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_FUNCTION = re.compile(rf"({'|'.join(FUNCTIONS)})\(([^()]*)\)", re.IGNORECASE)
_CHOICE = re.compile(
    r"light-dark\(([^,()]*+(?:\([^()]*+\)\s*+)?+),.*\)|var\(\s*+--[^\s,()]*+\s*+,(.*)\)", re.DOTALL | re.IGNORECASE
)
"""What has a color for here in it: of a light and a dark one the light one, of a variable what holds without it."""

_LONGEST_CHOICE: Final = 256
"""Characters, for one can be inside of another."""

_ANY_FUNCTION = re.compile(r"([a-z-]+)\((.*)\)", re.DOTALL)
_OF_BROWSERS: Final = frozenset({"color", "color-mix", "contrast-color", "device-cmyk", "env", "light-dark", "var"})
_URL = re.compile(r"""url\(\s*+["']?+#([^"')]*+)["']?+\s*+\)(.*+)""", re.DOTALL | re.IGNORECASE)
_LENGTH = re.compile(rf"({NUMBER})\s*+(%|px|pt|pc|mm|cm|in|em|rem|ex|q)?+", re.IGNORECASE)
_PIXELS = {
    "": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 96 / 101.6,
    "em": 16.0, "rem": 16.0, "ex": 8.0,
}  # fmt: skip
"""What a unit is in pixels, those of fonts where nobody says how large these are (see `font_sizes`)."""

SMALLEST: Final = 1e-4
"""The least width or height that is one: what is below is written as 0."""

CACHED = 1024
"""Values that are remembered: few ever differ, and none is long."""


@lru_cache(maxsize=CACHED)
def color(text: str) -> Color | None:
    """A color in any spelling of CSS Color 4 that designs use."""
    text = text.strip()
    if match := _HEX.fullmatch(text):
        digits = match[1]
        if len(digits) < 6:
            digits = "".join(digit * 2 for digit in digits)
        return Color(int(digits[:6], 16), int(digits[6:], 16) / 255 if len(digits) == 8 else 1.0)
    if match := _FUNCTION.fullmatch(text):
        found = srgb(match[1].lower(), match[2])
        if found is None:
            return None
        red, green, blue = (math.floor(min(1.0, max(0.0, channel)) * 255 + 0.5) for channel in found[0])
        return Color(red << 16 | green << 8 | blue, found[1])
    low = text.lower()
    if low == "transparent":
        return Color(0, 0.0)
    rgb = COLOR_NAMES.get(low)
    return None if rgb is None else Color(rgb)


def _is_of_browsers(low: str) -> bool:
    """Whether a text that is no color here is one in browsers: a mixture, a variable, a color of the system."""
    match = _ANY_FUNCTION.fullmatch(low)
    if match is None:
        return low in SYSTEM_COLORS or low in ("context-fill", "context-stroke")
    is_ours = match[1] in FUNCTIONS and match[1] != "color"
    return "(" in match[2] or match[2].startswith("from ") if is_ours else match[1] in _OF_BROWSERS


@lru_cache(maxsize=CACHED)
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
    if len(text) <= _LONGEST_CHOICE and (match := _CHOICE.fullmatch(text)):
        return paint(match[1] or match[2])
    found = color(text)
    return Word(text) if found is None and _is_of_browsers(low) else found


@lru_cache(maxsize=CACHED)
def text_color(text: str) -> PaintText | None:
    """The value of `color`, which `currentColor` stands for."""
    found = paint(text)
    return None if isinstance(found, Reference) or found in (NONE, CURRENT) else found


def reference(text: str) -> str | None:
    """The id in `url(#id)`; None for `none` and for anything else."""
    match = _URL.match(text.strip())
    return match[1].strip() if match else None


@lru_cache(maxsize=CACHED)
def length(text: str, whole: float = 100.0) -> float | None:
    """Pixels; percents are of `whole`. None for sizes that nobody means."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    value, unit = float(match[1]), (match[2] or "").lower()
    value *= whole / 100 if unit == "%" else _PIXELS[unit]
    return value if -LARGEST < value < LARGEST else None


@lru_cache(maxsize=CACHED)
def fraction(text: str) -> float | None:
    """An opacity or offset, 0 to 1; `50%` is half."""
    value = length(text, 1.0)
    return None if value is None else min(1.0, max(0.0, value))


@lru_cache(maxsize=CACHED)
def box(text: str) -> tuple[float, float, float, float] | None:
    """A `viewBox`: left, top, width, height; None if it shows nothing."""
    found = numbers(text)
    if len(found) != 4 or min(found[2:]) < SMALLEST:
        return None
    return (found[0], found[1], found[2], found[3])
