"""Colors as text: channels to bytes, hex digits and decimals.

In: channels as Figma sends them, floats around 0 to 1. Out: the digits that generated code shows. Rule: what lies
outside 0 to 1 is cut first; halves round up, so 0.5 is 0x80 (Python's `round` would go to the even neighbour).
"""

import math

from exfig_rx.model import Rgba


def clamped(channel: float) -> float:
    """`channel` cut to 0..1; what is no number counts as 0."""
    return min(float(channel), 1.0) if channel > 0 else 0.0


def byte(channel: float) -> int:
    """`channel` as 0..255."""
    return math.floor(clamped(channel) * 255 + 0.5)


def hex_byte(channel: float) -> str:
    """`channel` as two upper-case hex digits."""
    return f"{byte(channel):02X}"


def hex_rgb(color: Rgba) -> str:
    """`RRGGBB`, upper case, alpha left out."""
    return hex_byte(color.red) + hex_byte(color.green) + hex_byte(color.blue)


def hex_argb(color: Rgba) -> str:
    """`AARRGGBB`, upper case."""
    return hex_byte(color.alpha) + hex_rgb(color)


def three_digits(channel: float) -> str:
    """`channel` as a decimal with exactly three digits after the point."""
    return f"{clamped(channel):.3f}"


def rounded(number: float, digits: int) -> float:
    """`number` to `digits` decimals, half away from zero, and never minus zero."""
    scale = 10**digits
    return math.copysign(math.floor(abs(number) * scale + 0.5) / scale, number) + 0.0
