"""Lengths in the size of the font: `em`, `ex` and `rem` as pixels.

In: the tree of an SVG. Out: the same tree, its lengths changed in place. Rule: the size of a font is the one where an
element stands, which is also that of what is used elsewhere; 16 pixels where nobody says anything.
"""

import re
from typing import Final

from exfig_rx.vector import values
from exfig_rx.vector.cascade import Declarations, StyleSheet
from exfig_rx.vector.geometry import NUMBER
from exfig_rx.vector.markup import Element

USUAL_SIZE: Final = 16.0
"""Pixels, of a font in browsers."""

_IN_BYTES = re.compile(rb"[\d.](?:em|ex|rem)\b")
_RELATIVE = re.compile(rf"(?<![\w.])({NUMBER})(em|ex|rem)\b")
_LINES: Final = ("stroke-width", "stroke-dasharray", "stroke-dashoffset")
_LENGTHS: Final = frozenset(
    {"x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "fx", "fy", "fr", *_LINES}
)


def has_font_lengths(content: bytes) -> bool:
    """Whether a document may hold lengths in the size of the font; next to none does."""
    return (b"em" in content or b"ex" in content) and _IN_BYTES.search(content) is not None


def resolve_font_lengths(root: Element) -> None:
    """Write lengths in the size of the font as pixels, in place."""
    sheet = StyleSheet(root)
    top = _size(sheet.declared(root), USUAL_SIZE, USUAL_SIZE)
    waiting = [(root, USUAL_SIZE)]
    while waiting:
        element, size = waiting.pop()
        declared = sheet.declared(element)
        size = _size(declared, size, top)
        _resolve(element, declared, size, top)
        waiting += [(child, size) for child in element.children]


def _size(declared: Declarations, parent: float, root: float) -> float:
    """The size of an element's font in pixels."""
    text = declared.get("font-size")
    size = None if text is None else values.length(_in_pixels(text, parent, root), parent)
    return size if size is not None and size >= 0 else parent


def _resolve(element: Element, declared: Declarations, size: float, root: float) -> None:
    attributes = element.attributes
    for name in _LENGTHS & attributes.keys():
        attributes[name] = _in_pixels(attributes[name], size, root)
    if declared is not attributes:
        for name in _LINES:
            text = declared.get(name, "")
            if _RELATIVE.search(text):  # some style has the last word, and an inline one has it over all others
                attributes["style"] = f"{attributes.get('style', '')};{name}:{_in_pixels(text, size, root)}".lstrip(";")


def _in_pixels(text: str, size: float, root: float) -> str:
    def pixels(match: re.Match[str]) -> str:
        unit = {"em": size, "ex": size / 2, "rem": root}[match[2]]
        return f"{float(match[1]) * unit:.9g}"

    return _RELATIVE.sub(pixels, text)
