"""Text styles as plain values: what a node of Figma says of its type, and a style under its final name.

In: nothing. Out: values that the client parses and renderers print. Rule: sizes are Figma's pixels, which are points
on iOS, sp on Android and px on the web, without conversion.
"""

from dataclasses import dataclass
from enum import StrEnum


class TextCase(StrEnum):
    """How letters are set; Figma's title and small caps have no counterpart in code and are the original."""

    ORIGINAL = "original"
    UPPER = "uppercased"
    LOWER = "lowercased"


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """The type of a text node (https://developers.figma.com/docs/rest-api/file-property-types/#typestyle-type).

    Sizes in pixels; `line_height_px` is None where the font decides. `post_script_name` is empty where Figma has none.
    `figma_case` and `decoration` are Figma's words, known or not, empty where it says nothing.
    """

    family: str
    post_script_name: str
    weight: float
    size_px: float
    line_height_px: float | None
    letter_spacing_px: float
    case: TextCase = TextCase.ORIGINAL
    figma_case: str = ""
    decoration: str = ""
    is_italic: bool = False
    paragraph_spacing_px: float = 0.0

    @property
    def font_name(self) -> str:
        """The name that code asks for: PostScript's, else the family's."""
        return self.post_script_name or self.family


@dataclass(frozen=True, slots=True)
class TextStyle:
    """A text style under its final name; `original_name` is Figma's.

    `dynamic_type` is Apple's text style as the description names it ("Large Title"), empty for none.
    """

    name: str
    original_name: str
    type: TypeStyle
    dynamic_type: str = ""
    file_key: str = ""
    node_id: str = ""
