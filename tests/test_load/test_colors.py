"""From published styles to colors: modes, paints, descriptions, filters, and every problem at once."""

import random
from collections.abc import Iterable
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.config.entries import ColorEntry, ColorSource, NameRules, SingleStyleFile, StyleFiles, needed_files
from exfig_rx.config.schema import NameStyle, VariablesSource
from exfig_rx.errors import DesignError
from exfig_rx.load.colors import LoadedColors, style_colors
from exfig_rx.model import FileStyles, Location, Paint, Problem, Rgba, Style, StyleNode, ThemedColor
from tests.test_load.design import (
    BLACK,
    GRADIENT,
    RED,
    WHITE,
    android_entry,
    figma_file,
    flutter_entry,
    ios_entry,
    solid,
)

SINGLE = SingleStyleFile("L", "_dark", "_lightHC", "_darkHC")


def load(entry: ColorEntry, *files: FileStyles, name_filter: str | None = None) -> LoadedColors:
    return style_colors(entry, {file.file_key: file for file in files}, name_filter)


def errors(entry: ColorEntry, *files: FileStyles, name_filter: str | None = None) -> tuple[Problem, ...]:
    with pytest.raises(DesignError) as caught:
        load(entry, *files, name_filter=name_filter)
    return caught.value.problems


def names(loaded: LoadedColors) -> list[str]:
    return [color.name for color in loaded.colors]


def codes(problems: Iterable[Problem]) -> list[str]:
    return [problem.code for problem in problems]


VARIABLES = VariablesSource(tokens_file_id="T", tokens_collection_name="C", light_mode_name="Light")


@pytest.mark.parametrize(
    ("source", "files"),
    [
        (StyleFiles("L"), ("L",)),
        (StyleFiles("L", "D", None, "DH"), ("L", "D", "DH")),
        (StyleFiles("L", "L", "H", "L"), ("L", "H")),
        (SINGLE, ("L",)),
        (VARIABLES, ()),
    ],
)
def test_each_file_is_needed_once(source: ColorSource, files: tuple[str, ...]) -> None:
    assert needed_files(source) == files


def test_a_color_keeps_its_raw_name_its_place_and_its_values() -> None:
    dim = Rgba(0.1, 0.2, 0.30000001192092896, 0.4)
    modes = StyleFiles("L", "D", "LH", "DH")
    loaded = load(
        ios_entry(modes),
        figma_file("L", {"x": RED, "Background / Primary": dim}),
        figma_file("D", {"Background / Primary": BLACK, "x": RED}),
        figma_file("LH", {"Background / Primary": WHITE, "x": RED}),
        figma_file("DH", {"Background / Primary": RED, "x": RED}),
    )
    assert loaded.colors[0] == ThemedColor(
        "backgroundPrimary", "Background / Primary", dim, BLACK, WHITE, RED, file_key="L", node_id="2:0"
    )
    assert loaded.warnings == ()


def test_suffixes_tell_the_modes_of_a_single_file_apart() -> None:
    file = figma_file("L", {"a/b_dark": BLACK, "a/b": WHITE, "a/b_lightHC": RED, "a/b_darkHC": RED, "c_Dark": RED})
    loaded = load(ios_entry(SINGLE), file)
    assert [(c.name, c.light, c.dark, c.light_hc, c.dark_hc) for c in loaded.colors] == [
        ("aB", WHITE, BLACK, RED, RED),
        ("cDark", RED, None, None, None),
    ]


def test_the_longest_suffix_wins() -> None:
    source = SingleStyleFile("L", "_dark", "_light_hc", "_hc_dark")
    loaded = load(ios_entry(source), figma_file("L", {"x": WHITE, "x_dark": BLACK, "x_hc_dark": RED}))
    assert [(c.name, c.dark, c.dark_hc) for c in loaded.colors] == [("x", BLACK, RED)]


def test_a_single_file_without_dark_names_lacks_nothing() -> None:
    loaded = load(ios_entry(SINGLE), figma_file("L", {"a": WHITE, "b": BLACK}))
    assert loaded.warnings == ()


def test_dark_high_contrast_without_a_dark_file_is_not_exported_and_says_so() -> None:
    files = (figma_file("L", {"a": WHITE}), figma_file("DH", {"a": RED, "b": RED}))
    loaded = load(ios_entry(StyleFiles("L", dark_hc="DH")), *files)
    assert [(c.dark, c.dark_hc) for c in loaded.colors] == [(None, None)]
    assert [problem.message for problem in loaded.warnings] == [
        "2 colors of dark high contrast not exported, as there is no dark mode"
    ]


def test_one_file_can_be_light_and_dark_and_its_problems_are_told_once() -> None:
    loaded = load(ios_entry(StyleFiles("L", "L")), figma_file("L", {"a": WHITE, "g": GRADIENT}))
    assert [(c.light, c.dark) for c in loaded.colors] == [(WHITE, WHITE)]
    assert codes(loaded.warnings) == ["design.unsupported-paint"]


def test_only_color_styles_count() -> None:
    styles = (Style("1:0", "Body", "TEXT"), Style("2:0", "Red", "FILL"), Style("3:0", "Odd", "SHINY"))
    nodes = {style.node_id: StyleNode(style.node_id, style.name, solid(RED)) for style in styles}
    assert names(load(ios_entry(), FileStyles("L", styles, nodes))) == ["red"]


@pytest.mark.parametrize(
    ("fills", "code", "message"),
    [
        (GRADIENT, "design.unsupported-paint", "'bad' is a linear gradient and is left out"),
        ((Paint("SOLID", RED, visible=False),), "design.hidden-paint", "'bad' has hidden paints only and is left out"),
        ((), "design.no-paint", "'bad' has no paint and is left out"),
        (None, "design.node-missing", "'bad' has no node in Figma's answer and is left out"),
    ],
)
def test_a_style_without_a_color_is_left_out_with_a_warning(
    fills: tuple[Paint, ...] | None, code: str, message: str
) -> None:
    loaded = load(ios_entry(), figma_file("L", {"good": RED, "bad": fills}))
    assert names(loaded) == ["good"]
    assert loaded.warnings == (
        Problem(
            code,
            message,
            "open it in Figma: https://www.figma.com/design/L?node-id=2-0",
            Location(key="ios.colors", figma_file="L", node_id="2:0", node_name="bad"),
        ),
    )


def test_several_visible_paints_warn_and_give_the_first() -> None:
    loaded = load(ios_entry(), figma_file("L", {"mix": solid(RED) + solid(BLACK)}))
    assert loaded.colors[0].light == RED
    assert [problem.message for problem in loaded.warnings] == [
        "'mix' has 2 visible paints; only the first is exported"
    ]


def test_a_file_without_published_styles_says_to_publish_it() -> None:
    [problem] = errors(ios_entry(StyleFiles("L", "D")), figma_file("L", {"a": RED}), figma_file("D", {}))
    assert (problem.code, problem.message) == ("design.no-styles", "published styles not found in file D")
    assert "publish the library" in problem.hint
    assert problem.location == Location(key="ios.colors", figma_file="D")


def test_a_file_with_other_styles_only_says_so() -> None:
    [problem] = errors(ios_entry(), FileStyles("L", (Style("1:0", "Body", "TEXT"),), {}))
    assert problem.message == "published styles not found in file L: it publishes 1 style, none of them a color"


def test_every_file_without_styles_is_named() -> None:
    problems = errors(ios_entry(StyleFiles("L", "D")), figma_file("L", {}), figma_file("D", {}))
    assert [problem.location.figma_file for problem in problems if problem.location] == ["L", "D"]


def test_a_file_that_gives_no_color_fails_with_the_reasons() -> None:
    dark = figma_file("D", {"a": GRADIENT, "b": None, "c": RED}, {"c": "none"})
    [problem] = errors(ios_entry(StyleFiles("L", "D")), figma_file("L", {"a": RED}), dark)
    assert problem.code == "design.no-colors"
    assert problem.message == (
        "file D gives no color: 'a' is a linear gradient, 'b' has no node in Figma's answer, 'c' is described as none"
    )


def test_a_dark_color_whose_light_one_is_a_gradient_says_so() -> None:
    light = figma_file("L", {"hero": GRADIENT, "a": RED})
    [problem] = errors(ios_entry(StyleFiles("L", "D")), light, figma_file("D", {"hero": BLACK, "a": RED}))
    assert problem.code == "design.missing-in-light"
    assert problem.message.endswith("'hero'; left out of light: 'hero' is a linear gradient")


def test_descriptions_choose_platforms_and_one_note_tells_who_is_out() -> None:
    colors = dict.fromkeys(["all", "apple", "droid", "nobody", "prose"], RED)
    words = {"apple": "iOS", "droid": "Android / web", "nobody": "None", "prose": "kiosk, nonetheless"}
    loaded = load(ios_entry(), figma_file("L", colors, words))
    assert names(loaded) == ["all", "apple", "prose"]
    [note] = loaded.warnings
    assert note.code == "design.left-out"
    assert note.message == (
        "2 colors left out of ios because of descriptions in Figma: 'droid' (android and web), 'nobody' (none)"
    )
    assert names(load(android_entry(), figma_file("L", colors, words))) == ["all", "droid", "prose"]


def test_an_entry_whose_colors_are_all_for_other_platforms_fails() -> None:
    [problem] = errors(ios_entry(), figma_file("L", {"a": RED}, {"a": "web"}))
    assert problem.code == "design.no-colors"
    assert "no color is left for ios; 1 color left out of ios" in problem.message


def test_every_invalid_light_name_is_an_error_with_its_node() -> None:
    rules = NameRules(NameStyle.CAMEL, "^[a-z_]+$")
    light = figma_file("L", {"good/one": RED, "Bad/One": RED, "bad2": RED})
    dark = figma_file("D", {"good/one": RED, "Bad/One": RED, "bad2": RED})
    problems = errors(ios_entry(StyleFiles("L", "D"), rules), light, dark)
    assert codes(problems) == ["design.invalid-name"] * 2
    assert problems[0].message == "'Bad/One' (checked as 'Bad_One') does not match nameValidateRegexp '^[a-z_]+$'"
    assert problems[0].hint == (
        "rename it in Figma: https://www.figma.com/design/L?node-id=2-0, or change nameValidateRegexp"
    )
    assert problems[0].location == Location(key="ios.colors", figma_file="L", node_id="2:0", node_name="Bad/One")


def test_names_for_other_platforms_are_validated_too() -> None:
    rules = NameRules(NameStyle.CAMEL, "^[a-z]+$")
    assert codes(errors(ios_entry(names=rules), figma_file("L", {"a": RED, "B2": RED}, {"B2": "web"}))) == [
        "design.invalid-name"
    ]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("🔥", "'🔥' becomes '' in camelCase: no letter or digit is left of it"),
        ("//", "'//' becomes '' in camelCase: no letter or digit is left of it"),
    ],
)
def test_a_name_of_which_nothing_is_left_is_an_error(raw: str, message: str) -> None:
    [problem] = errors(ios_entry(), figma_file("L", {"a": RED, raw: RED}))
    assert (problem.code, problem.message) == ("design.invalid-name", message)


def test_a_name_that_is_a_suffix_alone_is_an_error() -> None:
    [problem] = errors(ios_entry(SINGLE), figma_file("L", {"a": RED, "_dark": RED}))
    assert problem.message == "'_dark': nothing is left of it without its suffix"


def test_names_that_a_replacement_makes_equal_are_one_error_that_names_it() -> None:
    rules = NameRules(NameStyle.CAMEL, r"^(ic)_(\d\d)_([a-z]+)$", "icon_$2_$1")
    [problem] = errors(ios_entry(names=rules), figma_file("L", dict.fromkeys(["ic/24/a", "ic/24/b", "ic/16/a"], RED)))
    assert problem.code == "design.duplicate-name"
    assert problem.message == (
        "2 colors become 'icon24Ic' in camelCase after nameReplaceRegexp 'icon_$2_$1': "
        "'ic/24/a' (file L, node 1:0), 'ic/24/b' (file L, node 2:0)"
    )
    assert "or change nameReplaceRegexp" in problem.hint


def test_equal_final_names_for_different_platforms_do_not_clash() -> None:
    file = figma_file("L", {"Icon A": RED, "icon_a": BLACK}, {"Icon A": "ios", "icon_a": "android"})
    assert [(c.name, c.light) for c in load(ios_entry(), file).colors] == [("iconA", RED)]
    assert [(c.name, c.light) for c in load(android_entry(), file).colors] == [("icon_a", BLACK)]


def test_names_that_differ_in_case_only_fail_where_they_name_files_and_warn_elsewhere() -> None:
    file = figma_file("L", {"iOS": RED, "ios": BLACK})
    assert codes(errors(ios_entry(), file)) == ["design.name-case"]
    for entry in (ios_entry(color_assets=False), flutter_entry()):
        loaded = load(entry, file)
        assert (names(loaded), codes(loaded.warnings)) == (["iOS", "ios"], ["design.name-case"])


def test_a_pattern_without_the_group_fails_once_with_the_other_problems() -> None:
    rules = NameRules(NameStyle.CAMEL, "^[a-z_]+$", "font_$1")
    light = figma_file("L", {"a": RED, "b": RED})
    dark = figma_file("D", {"a": RED, "c": RED})
    problems = errors(ios_entry(StyleFiles("L", "D"), rules), light, dark)
    assert codes(problems) == ["design.regexp-group", "design.missing-in-light"]
    assert problems[0].location == Location(key="ios.colors")


def test_all_problems_of_an_entry_come_at_once() -> None:
    rules = NameRules(NameStyle.CAMEL, "^[A-Za-z_ ]+$")
    light = figma_file("L", dict.fromkeys(["ok", "no1", "x/y", "x_y", "Big A", "big_a"], RED))
    dark = figma_file("D", dict.fromkeys(["ok", "only dark"], RED))
    assert sorted(codes(errors(ios_entry(StyleFiles("L", "D"), rules), light, dark))) == [
        "design.duplicate-name",
        "design.duplicate-name",
        "design.invalid-name",
        "design.missing-in-light",
    ]


def test_a_filter_picks_colors_with_their_suffixed_siblings() -> None:
    file = figma_file("L", {"ic/bell": RED, "ic/bell_dark": BLACK, "ic/bells": RED, "x_dark": RED})
    loaded = load(ios_entry(SINGLE), file, name_filter="ic/bell")
    assert [(c.name, c.dark) for c in loaded.colors] == [("icBell", BLACK)]


def test_a_filter_on_dark_names_brings_their_light_siblings() -> None:
    file = figma_file("L", {"a": RED, "a_dark": BLACK, "b": RED})
    assert names(load(ios_entry(SINGLE), file, name_filter="*_dark")) == ["a"]


def test_a_filter_applies_to_all_files_and_a_dark_file_may_have_no_match() -> None:
    light = figma_file("L", {"a/x": RED, "b": RED})
    loaded = load(ios_entry(StyleFiles("L", "D")), light, figma_file("D", {"b": BLACK, "c": RED}), name_filter="a/*")
    assert [(c.name, c.dark) for c in loaded.colors] == [("aX", None)]


def test_a_filter_that_picks_a_color_without_its_light_value_says_so() -> None:
    file = figma_file("L", {"a": RED, "x_dark": BLACK})
    assert codes(errors(ios_entry(SINGLE), file, name_filter="x")) == ["design.missing-in-light"]


def test_a_filter_without_match_suggests_names() -> None:
    file = figma_file("L", {"Background/Primary": RED, "Text/Primary": RED})
    [problem] = errors(ios_entry(), file, name_filter="Backgroud/Primary")
    assert problem.code == "design.filter-without-match"
    assert problem.message == "the name filter 'Backgroud/Primary' matches none of 2 color styles"
    assert problem.hint.startswith("did you mean 'Background/Primary'")


Value: TypeAlias = Rgba | tuple[Paint, ...] | None
style_names: st.SearchStrategy[dict[str, Value]] = st.dictionaries(
    st.text("abAB/_ é1", min_size=1, max_size=4), st.sampled_from([RED, BLACK, GRADIENT, None]), max_size=6
)


def outcome(entry: ColorEntry, files: Iterable[FileStyles]) -> LoadedColors | tuple[Problem, ...]:
    try:
        return load(entry, *files)
    except DesignError as error:
        return error.problems


@given(style_names, style_names, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_figmas_answer_changes_nothing(
    light: dict[str, Value], dark: dict[str, Value], single: bool, rng: random.Random
) -> None:
    entry = ios_entry(SINGLE if single else StyleFiles("L", "D"))
    if single:
        light = light | {f"{name}_dark": value for name, value in dark.items()}
    files = [figma_file("L", light), figma_file("D", dark)]
    mixed = [FileStyles(f.file_key, tuple(rng.sample(f.styles, len(f.styles))), f.nodes) for f in files]
    assert outcome(entry, mixed) == outcome(entry, files)


@given(style_names)
def test_no_color_is_lost_without_a_word(light: dict[str, Value]) -> None:
    result = outcome(ios_entry(), [figma_file("L", light)])
    if isinstance(result, LoadedColors):
        told = {problem.location.node_name for problem in result.warnings if problem.location}
        assert {color.original_name for color in result.colors} | told == set(light)
        assert len({color.name for color in result.colors}) == len(result.colors)
