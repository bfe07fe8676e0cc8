"""How messages show names, lists and links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.load.wording import counted, listed, node_link, one, platform_words, quoted
from exfig_rx.model import Platform


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Brand/Primary", "'Brand/Primary'"),
        (" Größe 图 ", "' Größe 图 '"),
        ("two\nlines\x1b[31m", "'two\\nlines\\x1b[31m'"),
        ("\u202eevil", "'\\u202eevil'"),
        ("", "''"),
        ("x" * 245, "'" + "x" * 79 + "…'"),
    ],
)
def test_a_name_shows_on_one_short_line(name: str, shown: str) -> None:
    assert quoted(name) == shown


@given(st.text(st.characters()))
def test_no_name_breaks_a_line_or_an_encoding(name: str) -> None:
    shown = quoted(name)
    assert shown.isprintable()
    assert shown.encode("utf-8")


def test_a_long_list_shows_ten_and_counts_the_rest() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(number) for number in range(10)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert listed([str(number) for number in range(500)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 490 more"


def test_one_thing_is_singular() -> None:
    assert (counted(1, "color"), counted(2, "color")) == ("1 color", "2 colors")
    assert (one("color"), one("icon"), one("image")) == ("a color", "an icon", "an image")


def test_platforms_are_named_in_their_order() -> None:
    assert platform_words({Platform.WEB, Platform.IOS}) == "ios and web"
    assert platform_words(()) == ""


def test_a_link_opens_the_node() -> None:
    assert node_link("Ab12", "1:23") == "https://www.figma.com/design/Ab12?node-id=1-23"
    assert node_link("Ab12", "I1:2;3:4") == "https://www.figma.com/design/Ab12?node-id=I1-2%3B3-4"
