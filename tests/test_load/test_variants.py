"""What variants are called, and which right-to-left drawings stand aside."""

from dataclasses import replace

import pytest

from exfig_rx.config.picture_entries import PictureSource
from exfig_rx.load.variants import named_components
from exfig_rx.pictures import Component
from tests.test_load.library import SOURCE, component

BY_SET = replace(SOURCE, named_by_set=True)
RTL = replace(SOURCE, rtl_property="RTL")


def named(source: PictureSource, *components: Component) -> list[tuple[str, bool]]:
    result = named_components(components, source)
    return [(item.raw_name, item.is_rtl) for item in result.named]


@pytest.mark.parametrize(
    ("name", "set_name", "called", "by_set"),
    [
        pytest.param("ic/bell", "", "ic/bell", "ic/bell", id="no variant"),
        pytest.param("Size=24, Type=Line", "", "Size=24, Type=Line", "Size=24, Type=Line", id="a name like a variant"),
        pytest.param("Size=24, Type=Line", "Button", "Size=24, Type=Line", "Button/24/Line", id="two properties"),
        pytest.param("Size=24,Type=Line", "Button", "Size=24,Type=Line", "Button/24/Line", id="untidy"),
        pytest.param("Size=24", "ic / bell", "Size=24", "ic / bell/24", id="one property"),
        pytest.param("Type=a, b, Size=24", "X", "Type=a, b, Size=24", "X/a, b/24", id="a comma in a value"),
        pytest.param("Sum=1=1", "X", "Sum=1=1", "X/1=1", id="an equals sign in a value"),
        pytest.param("odd", "X", "odd", "X/odd", id="not a property"),
        pytest.param("Size=", "X", "Size=", "X", id="an empty value"),
        pytest.param("cafe\u0301", "", "caf\u00e9", "caf\u00e9", id="composed"),
    ],
)
def test_a_variant_has_its_own_name_or_that_of_its_set_and_values(
    name: str, set_name: str, called: str, by_set: str
) -> None:
    item = component(1, name, set_name=set_name)
    assert (named(SOURCE, item), named(BY_SET, item)) == ([(called, False)], [(by_set, False)])


@pytest.mark.parametrize(
    ("description", "is_rtl"),
    [("rtl", True), ("Mirrored: RTL.", True), ("turtle", False), ("", False), ("rtl_off", False)],
)
def test_without_a_property_the_word_in_a_description_marks_what_is_mirrored(description: str, is_rtl: bool) -> None:
    assert named(SOURCE, component(1, "a", description)) == [("a", is_rtl)]
    assert named(RTL, component(1, "a", description)) == [("a", False)]


@pytest.mark.parametrize("value", ["on", "True", "YES", "1", "rtl"])
def test_a_right_to_left_variant_is_left_out_and_the_other_is_mirrored(value: str) -> None:
    both = [
        component(1, "Size=24, RTL=off", set_name="back"),
        component(2, f"Size=24, RTL={value}", set_name="back"),
        component(3, "Size=16, RTL=off", set_name="back"),
        component(4, "Size=24", set_name="menu"),
    ]
    result = named_components(both, RTL)
    assert [(item.raw_name, item.is_rtl) for item in result.named] == [
        ("Size=24", True),
        ("Size=16", False),
        ("Size=24", False),
    ]
    assert result.unpaired == ()
    assert named(replace(RTL, named_by_set=True), *both) == [("back/24", True), ("back/16", False), ("menu/24", False)]


@pytest.mark.parametrize("written", ["rtl", "Rtl", "RTL"])
def test_the_property_is_found_in_any_letter_case(written: str) -> None:
    both = [component(1, f"{written}=off", set_name="a"), component(2, f"{written}=on", set_name="a")]
    assert named(RTL, *both) == [("a", True)]


def test_a_set_of_nothing_but_two_directions_is_called_like_the_set() -> None:
    both = [component(1, "RTL=off", set_name="arrow"), component(2, "RTL=on", set_name="arrow")]
    assert named(RTL, *both) == named(replace(RTL, named_by_set=True), *both) == [("arrow", True)]


def test_a_right_to_left_drawing_of_another_set_mirrors_nothing() -> None:
    items = [component(1, "RTL=off", set_name="a"), component(2, "RTL=on", set_name="b")]
    result = named_components(items, RTL)
    assert [(item.raw_name, item.is_rtl) for item in result.named] == [("a", False)]
    assert [item.node_id for item in result.unpaired] == ["2:0"]
