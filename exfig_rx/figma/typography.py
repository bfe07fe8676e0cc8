"""The type of a text node, as Figma's JSON says it, to a `TypeStyle`.

In: the `style` of a node. Out: its type, or None where it has no font size. Rule: numbers may be ints, strings are
Figma's words, known or not, and what is left out has Figma's default.
https://developers.figma.com/docs/rest-api/file-property-types/#typestyle-type
"""

import math
from collections.abc import Mapping
from typing import Any, Final

from exfig_rx.figma.answers import text
from exfig_rx.text_styles import TextCase, TypeStyle

_CASES: Final = {"UPPER": TextCase.UPPER, "LOWER": TextCase.LOWER}
_BY_FONT: Final = "INTRINSIC_%"
"""The unit of a line height that the font decides."""


def type_style(style: Mapping[str, Any]) -> TypeStyle | None:
    """The type that `style` describes; None without a font size above zero, which nothing can be set in."""
    size = _number(style.get("fontSize"))
    if size is None or size <= 0:
        return None
    line_height = _number(style.get("lineHeightPx"))
    by_font = text(style.get("lineHeightUnit")) == _BY_FONT
    figma_case = text(style.get("textCase"))
    return TypeStyle(
        family=text(style.get("fontFamily")),
        post_script_name=text(style.get("fontPostScriptName")),
        weight=_number(style.get("fontWeight")) or 400.0,
        size_px=size,
        line_height_px=line_height if line_height and line_height > 0 and not by_font else None,
        letter_spacing_px=_number(style.get("letterSpacing")) or 0.0,
        case=_CASES.get(figma_case, TextCase.ORIGINAL),
        figma_case=figma_case,
        decoration=text(style.get("textDecoration")),
        is_italic=style.get("italic") is True,
        paragraph_spacing_px=_number(style.get("paragraphSpacing")) or 0.0,
    )


def _number(value: Any) -> float | None:
    """A finite number, None for anything else; JSON can hold integers that no float can."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
