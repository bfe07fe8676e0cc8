"""Which assets a name filter or a description picks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.load.filters import is_left_out, matches, named_platforms, nearest
from exfig_rx.model import Platform


@pytest.mark.parametrize(
    ("filter_text", "name", "picked"),
    [
        pytest.param("ic/bell", "ic/bell", True, id="equal"),
        pytest.param("ic/bell", "ic/bells", False, id="not a prefix"),
        pytest.param("ic/bell", "IC/bell", False, id="case counts"),
        pytest.param("ic/*", "ic/24/bell", True, id="a star crosses slashes"),
        pytest.param("*", "anything / at all", True, id="a lone star"),
        pytest.param("*", "", True, id="a star may be nothing"),
        pytest.param("a*b", "acb!", False, id="a star matches whole names"),
        pytest.param("a*b*c", "a-b-b-c", True, id="several stars"),
        pytest.param("*_dark", "bg_dark_dark", True, id="the end may come twice"),
        pytest.param("a*", "a\nb", False, id="a star stops at a line break"),
        pytest.param("a.c", "abc", False, id="a dot is a dot"),
        pytest.param("a?[bc]", "ab", False, id="no other wildcards"),
        pytest.param(" x ,\tic/bell ,", "ic/bell", True, id="pieces are trimmed"),
        pytest.param("Size=24, Type=Line", "Size=24, Type=Line", False, id="a comma always separates"),
        pytest.param("Size=24*Type=Line", "Size=24, Type=Line", True, id="a star reaches over a comma"),
        pytest.param("", "", False, id="an empty filter picks nothing"),
        pytest.param("caf\u00e9", "cafe\u0301", True, id="canonically equal"),
    ],
)
def test_a_filter_picks_whole_raw_names(filter_text: str, name: str, picked: bool) -> None:
    assert matches(filter_text, name) is picked


def test_a_filter_with_many_stars_is_quick() -> None:
    assert not matches("*a" * 30 + "b", "a" * 300)


@given(st.lists(st.text("ab*/ \n", min_size=1), min_size=1, max_size=4), st.text("ab/ "))
def test_a_name_made_by_filling_in_the_stars_is_picked(pieces: list[str], filling: str) -> None:
    for piece in pieces:
        trimmed = piece.strip(" \t")
        if trimmed:
            assert matches(",".join(pieces), trimmed.replace("*", filling))


def test_the_nearest_names_come_once_each() -> None:
    names = ["Background/Primary", "Background/Secondary", "Text", "Background/Primary"]
    assert nearest("background/primary*, Txt", names) == ("Background/Primary", "Background/Secondary", "Text")
    assert nearest("qqq", names) == ()


@pytest.mark.parametrize(
    ("description", "platforms"),
    [
        ("", set()),
        ("ios", {"ios"}),
        ("iOS, Android", {"ios", "android"}),
        ("FLUTTER/web", {"flutter", "web"}),
        ("only for web.", {"web"}),
        ("kiosk, radios and scenarios", set()),
        ("for ios16 and webp", set()),
        ("ios_only", set()),
        (':) !"£$%&/()=?^*/\n', set()),
    ],
)
def test_a_description_names_platforms_by_whole_words(description: str, platforms: set[str]) -> None:
    assert named_platforms(description) == {Platform(word) for word in platforms}


@pytest.mark.parametrize(
    ("description", "left_out"),
    [("none", True), ("None.", True), ("ios none", True), ("nonetheless", False), ("", False)],
)
def test_none_as_a_word_leaves_an_asset_out(description: str, left_out: bool) -> None:
    assert is_left_out(description) is left_out
