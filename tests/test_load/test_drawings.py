"""What is cut from the ends of raw names, and on which platforms."""

from dataclasses import replace
from typing import Any

import pytest

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.load.drawings import Drawing, drawings, filtered
from exfig_rx.load.pairing import Mode, Subject
from exfig_rx.model import Location, Problem
from tests.test_load.library import (
    SINGLE,
    SOURCE,
    TWO_FILES,
    android_icons,
    component,
    ios_icons,
    ios_images,
    library,
)

ICON = Subject("ios.icons", "icon")


def read(entry: PictureEntry, *names: str) -> tuple[Drawing, ...]:
    return drawings(entry, {"L": library("L", *names).components}, ICON).drawings


def parts(entry: PictureEntry, name: str) -> tuple[str, str, str, str]:
    [item] = read(entry, name)
    return item.name, item.mode.value, item.idiom, item.render_mode


@pytest.mark.parametrize(
    ("name", "light_or_dark"),
    [
        ("bell", ("bell", "light", "")),
        ("bell~ipad", ("bell", "light", "ipad")),
        ("a~b~ipad", ("a~b", "light", "ipad")),
        ("bell_dark", ("bell", "dark", "")),
        ("bell_dark~ipad", ("bell", "dark", "ipad")),
        ("bell~ipad_dark", ("bell", "light", "ipad_dark")),
        ("bell~", ("bell", "light", "")),
        ("bell~gizmo", ("bell", "light", "gizmo")),
        ("bell_Dark", ("bell_Dark", "light", "")),
        ("bell_dark_dark", ("bell_dark", "dark", "")),
    ],
)
def test_the_idiom_is_cut_first_and_then_the_suffix_of_the_mode(name: str, light_or_dark: tuple[str, str, str]) -> None:
    assert parts(ios_icons(SINGLE), name)[:3] == light_or_dark


def test_a_suffix_means_nothing_without_a_single_file_and_a_tilde_nothing_off_ios() -> None:
    assert parts(ios_icons(SOURCE), "bell_dark~ipad")[:3] == ("bell_dark", "light", "ipad")
    assert parts(android_icons(SINGLE), "bell~ipad")[:3] == ("bell~ipad", "light", "")


def test_suffixes_are_compared_in_composed_form() -> None:
    assert parts(ios_icons(replace(SOURCE, dark_suffix="_obscurite\u0301")), "a_obscurit\u00e9")[:2] == ("a", "dark")


SUFFIXES: dict[str, Any] = {
    "render_mode_default_suffix": "_default",
    "render_mode_original_suffix": "_original",
    "render_mode_template_suffix": "_template",
}


@pytest.mark.parametrize(
    ("base", "name", "rest", "render_mode"),
    [
        ("template", "bell", "bell", "template"),
        ("template", "bell_default", "bell", "default"),
        ("template", "bell_original", "bell", "original"),
        ("template", "bell_template", "bell_template", "template"),
        ("template", "bell_original_dark", "bell", "original"),
        ("template", "bell_dark_original", "bell_dark", "original"),
        ("template", "bell_original_dark~ipad", "bell", "original"),
        ("template", "bell_Original", "bell_Original", "template"),
        ("original", "bell_template", "bell", "template"),
        ("original", "bell_default", "bell_default", "original"),
        ("default", "bell_template", "bell", "template"),
        ("default", "bell", "bell", "default"),
    ],
)
def test_a_suffix_of_the_render_mode_is_cut_after_that_of_the_mode(
    base: str, name: str, rest: str, render_mode: str
) -> None:
    got = parts(ios_icons(SINGLE, render_mode=base, **SUFFIXES), name)
    assert (got[0], got[3]) == (rest, render_mode)


def test_an_empty_suffix_of_a_render_mode_matches_nothing() -> None:
    assert parts(ios_icons(render_mode_default_suffix=""), "bell")[3] == "template"


def test_images_have_the_render_mode_of_the_config_and_no_suffixes() -> None:
    assert parts(ios_images(**SUFFIXES), "boat_original")[::3] == ("boat_original", "")
    assert parts(ios_images(render_mode="original", **SUFFIXES), "boat_template")[::3] == ("boat_template", "original")
    assert parts(android_icons(), "bell_original")[::3] == ("bell_original", "")


def test_a_drawing_of_the_dark_file_is_dark_and_a_file_can_be_both() -> None:
    by_file = {"L": library("L", "a").components, "D": library("D", "b").components}
    found = drawings(ios_icons(TWO_FILES), by_file, ICON).drawings
    assert [(item.mode, item.file_key, item.name) for item in found] == [
        (Mode.LIGHT, "L", "a"),
        (Mode.DARK, "D", "b"),
    ]
    found = drawings(ios_icons(replace(TWO_FILES, dark_file="L")), by_file, ICON).drawings
    assert [(item.mode, item.file_key) for item in found] == [(Mode.LIGHT, "L"), (Mode.DARK, "L")]


def test_a_component_without_a_name_is_left_out_and_told_once() -> None:
    blank = component(7, " \t", "ornament")
    entry = ios_icons(replace(TWO_FILES, dark_file="L"))
    found = drawings(entry, {"L": (component(1, "a"), blank)}, ICON)
    assert {item.name for item in found.drawings} == {"a"}
    assert found.warnings == (
        Problem(
            "design.blank-name",
            "an icon without a name on page 'Library' in frame 'Icons', described as 'ornament', is left out",
            "name it in Figma: https://www.figma.com/design/L?node-id=7-0",
            Location(key="ios.icons", figma_file="L", node_id="7:0", node_name=" \t"),
        ),
    )


def test_a_right_to_left_drawing_that_nothing_stands_for_is_told() -> None:
    entry = ios_icons(replace(SOURCE, rtl_property="RTL"))
    found = drawings(entry, {"L": (component(1, "Size=24, RTL=on", set_name="back"),)}, ICON)
    assert found.drawings == ()
    [warning] = found.warnings
    assert warning.code == "design.rtl-alone"
    assert warning.message.startswith("'Size=24, RTL=on' of set 'back' is drawn right to left and left out")


@pytest.mark.parametrize(
    ("name_filter", "picked"),
    [
        ("ic/bell", ["ic/bell", "ic/bell_dark", "ic/bell~ipad", "ic/bell_dark~ipad"]),
        ("*~ipad", ["ic/bell", "ic/bell_dark", "ic/bell~ipad", "ic/bell_dark~ipad"]),
        ("ic/bells", ["ic/bells"]),
        ("bell", []),
    ],
)
def test_a_filter_brings_the_dark_and_idiom_siblings_of_what_it_picks(name_filter: str, picked: list[str]) -> None:
    found = read(ios_icons(SINGLE), "ic/bell", "ic/bell_dark", "ic/bell~ipad", "ic/bell_dark~ipad", "ic/bells")
    assert [item.raw_name for item in filtered(found, name_filter)] == picked


def test_a_filter_sees_the_own_name_of_a_variant_and_that_by_its_set() -> None:
    entry = ios_icons(replace(SOURCE, named_by_set=True))
    found = drawings(entry, {"L": library("L", "Size=24", "Size=16", set_name="bell").components}, ICON).drawings
    for name_filter in ("bell/24", "Size=24", "*24"):
        assert [item.raw_name for item in filtered(found, name_filter)] == ["bell/24"]
