"""The type of a text node as Figma's answers have it, whole or with holes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.figma.endpoints import parse_style_nodes
from exfig_rx.figma.typography import type_style
from exfig_rx.text_styles import TextCase, TypeStyle

INTER: dict[str, Any] = {
    "fontFamily": "Inter",
    "fontPostScriptName": "Inter-SemiBold",
    "fontStyle": "Semi Bold",
    "fontWeight": 600,
    "fontSize": 16,
    "letterSpacing": 0.25,
    "lineHeightPx": 24.5,
    "lineHeightPercent": 126.5,
    "lineHeightUnit": "PIXELS",
    "textAlignHorizontal": "LEFT",
}


def type_of(**changes: Any) -> TypeStyle:
    """The type of Inter with `changes`; `...` leaves a key out."""
    style = {key: value for key, value in {**INTER, **changes}.items() if value is not ...}
    found = type_style(style)
    assert found is not None
    return found


def test_a_whole_type_is_taken_as_it_is() -> None:
    assert type_of(textDecoration="UNDERLINE", textCase="UPPER", italic=True, paragraphSpacing=8) == TypeStyle(
        family="Inter",
        post_script_name="Inter-SemiBold",
        weight=600.0,
        size_px=16.0,
        line_height_px=24.5,
        letter_spacing_px=0.25,
        case=TextCase.UPPER,
        figma_case="UPPER",
        decoration="UNDERLINE",
        is_italic=True,
        paragraph_spacing_px=8.0,
    )


def test_what_figma_leaves_out_has_its_default() -> None:
    assert type_style({"fontSize": 12}) == TypeStyle("", "", 400.0, 12.0, None, 0.0)


def test_a_font_is_upright_unless_it_is_said_to_be_italic() -> None:
    assert [type_of(italic=value).is_italic for value in (True, False, ..., "yes")] == [True, False, False, False]


def test_integers_become_floats() -> None:
    found = type_of(fontSize=16, letterSpacing=1, lineHeightPx=24)
    assert [repr(number) for number in (found.size_px, found.letter_spacing_px, found.line_height_px)] == [
        "16.0",
        "1.0",
        "24.0",
    ]


@pytest.mark.parametrize(
    ("unit", "pixels", "expected"),
    [
        ("PIXELS", 24, 24.0),
        ("FONT_SIZE_%", 19.2, 19.2),
        ("INTRINSIC_%", 18.75, None),
        ("SOMETHING_NEW", 20, 20.0),
        (..., 20, 20.0),
        ("PIXELS", ..., None),
        ("PIXELS", 0, None),
        ("PIXELS", -4, None),
    ],
)
def test_a_line_height_counts_unless_the_font_decides_it(unit: Any, pixels: Any, expected: float | None) -> None:
    assert type_of(lineHeightUnit=unit, lineHeightPx=pixels).line_height_px == expected


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("UPPER", TextCase.UPPER),
        ("LOWER", TextCase.LOWER),
        *[
            (word, TextCase.ORIGINAL)
            for word in ("ORIGINAL", "TITLE", "SMALL_CAPS", "SMALL_CAPS_FORCED", "NEW", "upper")
        ],
    ],
)
def test_a_text_case_without_counterpart_is_the_original_and_keeps_its_word(word: str, case: TextCase) -> None:
    found = type_of(textCase=word)
    assert (found.case, found.figma_case) == (case, word)


@pytest.mark.parametrize("missing", [None, ..., ""])
def test_a_font_without_a_postscript_name_goes_by_its_family(missing: Any) -> None:
    assert type_of(fontPostScriptName=missing).font_name == "Inter"
    assert type_of().font_name == "Inter-SemiBold"
    assert type_of(fontPostScriptName=missing, fontFamily=missing).font_name == ""


@pytest.mark.parametrize("size", [..., None, 0, -1, "16", True, float("nan"), float("inf"), 10**400])
def test_without_a_font_size_there_is_no_type(size: Any) -> None:
    style = {key: value for key, value in {**INTER, "fontSize": size}.items() if value is not ...}
    assert type_style(style) is None


def test_a_letter_spacing_of_minus_zero_is_zero() -> None:
    assert repr(type_of(letterSpacing=-0.0).letter_spacing_px) == "0.0"


def test_a_text_style_is_read_from_the_node_behind_it() -> None:
    document = {"id": "1:2", "name": "text/body", "type": "TEXT", "fills": [], "style": INTER}
    body = {"nodes": {"1:2": {"document": document}, "1:3": {"document": {"id": "1:3", "type": "RECTANGLE"}}}}
    nodes = parse_style_nodes(body, "File")
    text, rectangle = nodes["1:2"], nodes["1:3"]
    assert text is not None and rectangle is not None
    assert (text.name, text.type) == ("text/body", type_of())
    assert rectangle.type is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=4) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)


@given(st.dictionaries(st.sampled_from([*INTER, "textCase", "textDecoration", "italic", "paragraphSpacing"]), anything))
def test_nothing_in_a_type_can_surprise(style: dict[str, Any]) -> None:
    found = type_style(style)
    if found is not None:
        assert found.size_px > 0
        assert found.line_height_px is None or found.line_height_px > 0
        # Numbers can be printed as JSON without words such as NaN, and texts as UTF-8.
        numbers = (found.weight, found.size_px, found.line_height_px, found.letter_spacing_px)
        json.dumps([*numbers, found.paragraph_spacing_px], allow_nan=False)
        "".join((found.family, found.post_script_name, found.figma_case, found.decoration)).encode()
