"""From published components to pictures: modes, idioms, names, descriptions, filters, and every problem at once."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.config.entries import NameRules
from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.config.schema import NameStyle
from exfig_rx.errors import DesignError
from exfig_rx.load.pictures import LoadedPictures, load_pictures
from exfig_rx.model import Location, Problem
from exfig_rx.pictures import FileComponents, Picture, Variant
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

BY_SET = replace(SOURCE, named_by_set=True)


def load(entry: PictureEntry, *files: FileComponents, name_filter: str | None = None) -> LoadedPictures:
    return load_pictures(entry, {file.file_key: file for file in files}, name_filter)


def errors(entry: PictureEntry, *files: FileComponents, name_filter: str | None = None) -> tuple[Problem, ...]:
    with pytest.raises(DesignError) as caught:
        load(entry, *files, name_filter=name_filter)
    return caught.value.problems


def names(loaded: LoadedPictures) -> list[str]:
    return [picture.name for picture in loaded.pictures]


def codes(problems: Iterable[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def sets(*components: tuple[str, str]) -> FileComponents:
    """Variants as (set, name)."""
    return FileComponents(
        "L", tuple(component(number, name, set_name=of) for number, (of, name) in enumerate(components, 1))
    )


# ── modes and idioms ──


def test_a_picture_knows_its_nodes_its_names_and_where_to_link_to() -> None:
    loaded = load(ios_icons(), library("L", "ic/24/bell"))
    assert loaded == LoadedPictures(
        (
            Picture(
                "ic24Bell", "ic/24/bell", (Variant("L", "1:0", "ic/24/bell"),), link_id="1:0", render_mode="template"
            ),
        )
    )


def test_dark_drawings_come_from_their_own_file() -> None:
    loaded = load(ios_icons(TWO_FILES), library("L", "a", "b/c"), library("D", "b/c", "a"))
    assert [
        (p.name, [v.node_id for v in p.light], [(v.file_key, v.node_id) for v in p.dark]) for p in loaded.pictures
    ] == [
        ("a", ["1:0"], [("D", "2:0")]),
        ("bC", ["2:0"], [("D", "1:0")]),
    ]
    assert loaded.warnings == ()


def test_suffixes_tell_the_modes_of_a_single_file_apart_idioms_included() -> None:
    file = library("L", "bell~ipad", "bell_dark~ipad", "bell", "bell_dark", "bell~car")
    [picture] = load(ios_icons(SINGLE), file).pictures
    assert [(v.idiom, v.name) for v in picture.light] == [("", "bell"), ("car", "bell~car"), ("ipad", "bell~ipad")]
    assert [(v.idiom, v.name) for v in picture.dark] == [("", "bell_dark"), ("ipad", "bell_dark~ipad")]
    assert (picture.name, picture.original_name, picture.node_id, picture.link_id) == ("bell", "bell", "3:0", "3:0")


def test_a_picture_may_have_idioms_alone() -> None:
    [picture] = load(ios_icons(), library("L", "bell~mac", "bell~ipad")).pictures
    assert (picture.name, picture.link_id, [v.idiom for v in picture.light]) == ("bell", "2:0", ["ipad", "mac"])


def test_idioms_come_in_their_order_whatever_pages_they_are_on() -> None:
    items = (component(1, "bell~mac", page="A"), component(2, "bell~ipad", page="B"), component(3, "bell", page="C"))
    [picture] = load(ios_icons(), FileComponents("L", items)).pictures
    assert [variant.idiom for variant in picture.light] == ["", "ipad", "mac"]


def test_a_single_file_without_dark_names_lacks_nothing() -> None:
    assert load(ios_icons(SINGLE), library("L", "a", "b")).warnings == ()


def test_pictures_without_a_dark_drawing_are_told_where_others_have_one() -> None:
    loaded = load(ios_icons(SINGLE), library("L", "a", "a_dark", "c", "b"))
    assert [(problem.code, problem.message) for problem in loaded.warnings] == [
        ("design.no-dark", "2 icons without a drawing for dark: 'b', 'c'")
    ]


def test_a_dark_drawing_without_a_light_one_is_an_error() -> None:
    [problem] = errors(ios_icons(SINGLE), library("L", "a", "b_dark"))
    assert (problem.code, problem.message) == ("design.missing-in-light", "1 icon of dark missing in light: 'b'")
    assert problem.hint.startswith("publish an icon of the same name for light")


def test_pictures_come_in_the_order_of_their_key_names() -> None:
    assert names(load(ios_icons(), library("L", "b", "a/z", "Z", "a b"))) == ["z", "aB", "aZ", "b"]


def test_one_file_can_be_light_and_dark() -> None:
    [picture] = load(ios_icons(replace(TWO_FILES, dark_file="L")), library("L", "a")).pictures
    assert picture.light == picture.dark


# ── sets and right-to-left drawings ──


def test_a_variant_links_to_its_set_and_is_called_as_configured() -> None:
    file = sets(("ic/bell", "Size=24, Type=Line"))
    [picture] = load(ios_icons(), file).pictures
    assert (picture.name, picture.link_id, picture.node_id) == ("size24TypeLine", "set ic/bell", "1:0")
    [picture] = load(ios_icons(BY_SET), file).pictures
    assert (picture.name, picture.original_name, picture.light[0].name) == (
        "icBell24Line",
        "ic/bell/24/Line",
        "Size=24, Type=Line",
    )


def test_variants_of_two_sets_are_never_merged() -> None:
    file = sets(("bell", "Size=24"), ("gear", "Size=24"), ("gear", "Size=16"))
    [problem] = errors(ios_icons(), file)
    assert problem.code == "design.duplicate-name"
    assert problem.message == (
        "2 icons have the same name in light: 'Size=24' (set 'bell', page 'Library', file L, node 1:0), "
        "'Size=24' (set 'gear', page 'Library', file L, node 2:0)"
    )
    assert "node-id=1-0, https://www.figma.com/design/L?node-id=2-0" in problem.hint
    assert problem.hint.endswith(
        "or set variantNames: set in common.icons, which calls variants by their component sets"
    )
    assert names(load(ios_icons(BY_SET), file)) == ["bell24", "gear16", "gear24"]


def test_two_sets_of_one_name_can_only_be_renamed() -> None:
    items = (component(1, "Size=24", set_name="bell"), component(2, "Size=24", set_name="bell", set_id="another"))
    [problem] = errors(ios_icons(BY_SET), FileComponents("L", items))
    assert problem.message.startswith("2 icons have the same name in light: 'bell/24' (set 'bell', page 'Library', ")
    assert "variantNames" not in problem.hint


def test_variants_of_two_sets_that_become_equal_get_the_same_advice() -> None:
    [problem] = errors(ios_icons(), sets(("bell", "Size=24"), ("gear", "size=24")))
    assert "become 'size24' in camelCase" in problem.message
    assert "variantNames: set" in problem.hint


def test_a_mirrored_picture_says_so_and_its_right_to_left_drawing_is_left_out() -> None:
    entry = ios_icons(replace(SOURCE, rtl_property="RTL"))
    [picture] = load(entry, sets(("back", "RTL=off"), ("back", "RTL=on"))).pictures
    assert (picture.name, picture.original_name, picture.is_rtl, picture.node_id) == ("back", "back", True, "1:0")
    assert load(ios_icons(), library("L", "back", descriptions={"back": "RTL"})).pictures[0].is_rtl


# ── names ──


def test_two_components_of_one_name_are_an_error_that_names_both() -> None:
    items = (component(1, "bell"), component(2, "bell", page="Old"), component(3, "gear"))
    [problem] = errors(ios_icons(), FileComponents("L", items))
    assert problem == Problem(
        "design.duplicate-name",
        "2 icons have the same name in light: 'bell' (page 'Library', file L, node 1:0), "
        "'bell' (page 'Old', file L, node 2:0)",
        "rename all but one in Figma: https://www.figma.com/design/L?node-id=1-0, "
        "https://www.figma.com/design/L?node-id=2-0",
        Location(key="ios.icons", figma_file="L", node_id="2:0", node_name="bell"),
    )


@pytest.mark.parametrize(
    ("raw_names", "message"),
    [
        (["a", "a~ipad", "a~ipad"], "2 icons have the same name in light: 'a~ipad' ("),
        (["a", "a_dark", "a_dark"], "2 icons have the same name in dark: 'a_dark' ("),
        (["a/b", "a_b"], "2 icons become 'a_b' in light, where / turns into _: 'a/b' ("),
        (["a", "a_original"], "2 icons have the same name in light without their suffixes: 'a' ("),
        (["a", "a_original~ipad"], "2 icons have the same name in light without their suffixes: 'a' ("),
        (["a", "a~"], "2 icons have the same name in light without their suffixes: 'a' ("),
        (["caf\u00e9", "cafe\u0301"], "2 icons have the same name in light: 'caf\u00e9' ("),
        (["Icon A", "icon_a"], "2 icons become 'iconA' in camelCase: 'Icon A' ("),
        (["aB", "ab"], "2 icons become 'aB', 'ab' in camelCase, which differ only in letter case: 'aB' ("),
    ],
)
def test_pictures_that_would_share_a_name_are_one_error(raw_names: list[str], message: str) -> None:
    entry = ios_icons(SINGLE, render_mode_original_suffix="_original")
    [problem] = errors(entry, library("L", *raw_names))
    assert problem.message.startswith(message)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("_dark", "'_dark': nothing is left of it without its suffix"),
        ("~ipad", "'~ipad': nothing is left of it without its idiom and suffix"),
        ("_color", "'_color': nothing is left of it without its suffix"),
        ("🔥", "'🔥' becomes '' in camelCase: no letter or digit is left of it"),
    ],
)
def test_a_name_of_which_nothing_is_left_is_an_error(raw: str, message: str) -> None:
    [problem] = errors(ios_icons(SINGLE, render_mode_default_suffix="_color"), library("L", "a", raw))
    assert (problem.code, problem.message) == ("design.invalid-name", message)


def test_the_render_mode_is_that_of_the_light_drawing() -> None:
    entry = ios_icons(SINGLE, render_mode_original_suffix="_original")
    [picture] = load(entry, library("L", "bell_original", "bell_dark")).pictures
    assert (picture.name, picture.original_name, picture.render_mode) == ("bell", "bell", "original")
    [picture] = load(entry, library("L", "bell", "bell_original_dark")).pictures
    assert (picture.render_mode, [v.name for v in picture.dark]) == ("template", ["bell_original_dark"])


def test_only_light_names_are_validated_before_style_and_without_suffixes() -> None:
    rules = NameRules(NameStyle.CAMEL, r"^ic_([a-z]+)$", "icon_$1")
    entry = ios_icons(SINGLE, rules, render_mode_original_suffix="_original")
    assert names(load(entry, library("L", "ic/bell_original~ipad", "ic/bell_original_dark~ipad"))) == ["iconBell"]
    problems = errors(entry, library("L", "ic/bell", "Bell", "gear~ipad"))
    assert [problem.message for problem in problems] == [
        "'Bell' does not match nameValidateRegexp '^ic_([a-z]+)$'",
        "'gear~ipad' (checked as 'gear') does not match nameValidateRegexp '^ic_([a-z]+)$'",
    ]


def test_all_problems_of_an_entry_come_at_once() -> None:
    rules = NameRules(NameStyle.CAMEL, "^[A-Za-z_ ]+$")
    light = ["ok", "no1", "x/y", "x_y", "Big A", "big_a", "twice", "twice"]
    assert sorted(
        codes(errors(ios_icons(TWO_FILES, rules), library("L", *light), library("D", "ok", "only dark")))
    ) == [
        "design.duplicate-name",
        "design.duplicate-name",
        "design.duplicate-name",
        "design.invalid-name",
        "design.missing-in-light",
    ]


# ── descriptions and filters ──


def test_descriptions_choose_platforms_and_one_note_tells_who_is_out() -> None:
    words = {"apple": "iOS", "droid": "Android / web", "nobody": "None", "prose": "kiosk, nonetheless"}
    file = library("L", "all", "apple", "droid", "nobody", "prose", descriptions=words)
    loaded = load(ios_icons(), file)
    assert names(loaded) == ["all", "apple", "prose"]
    [note] = loaded.warnings
    assert (note.code, note.message) == (
        "design.left-out",
        "2 icons left out of ios because of descriptions in Figma: 'droid' (android and web), 'nobody' (none)",
    )
    assert note.location == Location(key="ios.icons", figma_file="L")
    assert names(load(android_icons(), file)) == ["all", "droid", "prose"]


def test_a_dark_drawing_needs_no_description_of_its_own_where_its_light_one_is_exported() -> None:
    file = library("L", "a", "a_dark", descriptions={"a": "ios"})
    assert [len(picture.dark) for picture in load(ios_icons(SINGLE), file).pictures] == [1]
    [problem] = errors(android_icons(SINGLE), file)
    assert problem.message == "1 icon of dark missing in light: 'a'; left out of light: 'a' is for ios"


def test_a_dark_drawing_whose_light_one_is_described_as_none_says_so() -> None:
    [problem] = errors(ios_icons(SINGLE), library("L", "a", "a_dark", descriptions={"a": "none"}))
    assert problem.message.endswith("left out of light: 'a' is described as none")


def test_a_name_that_is_left_out_clashes_with_nothing() -> None:
    file = library("L", "Icon A", "icon_a", "🔥", descriptions={"Icon A": "web", "🔥": "none"})
    assert names(load(ios_icons(), file)) == ["iconA"]


def test_an_entry_whose_pictures_are_all_left_out_says_why() -> None:
    [problem] = errors(ios_images(), library("L", "a", descriptions={"a": "web"}))
    assert problem.code == "design.no-images"
    assert problem.message == (
        "no image is left for ios; 1 image left out of ios because of descriptions in Figma: 'a' (web)"
    )
    [problem] = errors(ios_icons(), library("L", " "))
    assert problem.message == (
        "no icon is left for ios; an icon without a name on page 'Library' in frame 'Icons' is left out"
    )


def test_a_component_without_a_name_is_skipped_with_a_warning() -> None:
    loaded = load(ios_icons(), library("L", "a", " \t"))
    assert (names(loaded), codes(loaded.warnings)) == (["a"], ["design.blank-name"])


def test_a_filter_picks_pictures_with_all_modes_and_idioms() -> None:
    file = library("L", "ic/bell", "ic/bell_dark", "ic/bell~ipad", "ic/bells", "x_dark")
    [picture] = load(ios_icons(SINGLE), file, name_filter="ic/bell").pictures
    assert [v.name for v in picture.variants] == ["ic/bell", "ic/bell~ipad", "ic/bell_dark"]


def test_a_filter_applies_to_the_dark_file_which_may_have_no_match() -> None:
    loaded = load(ios_icons(TWO_FILES), library("L", "a/x", "b"), library("D", "b", "c"), name_filter="a/*")
    assert [(picture.name, picture.dark) for picture in loaded.pictures] == [("aX", ())]
    assert loaded.warnings == ()


def test_a_filter_without_match_suggests_names() -> None:
    [problem] = errors(ios_icons(), library("L", "ic/bell", "logo"), name_filter="ic/bel")
    assert (problem.code, problem.message) == (
        "design.filter-without-match",
        "the name filter 'ic/bel' matches none of 2 icons",
    )
    assert problem.hint == "did you mean 'ic/bell'?"


# ── properties ──

raw_names = st.lists(st.text("abAé/_~ ", min_size=1, max_size=4), max_size=6)
some_descriptions = st.sampled_from(["", "", "ios", "none", "web"])


def outcome(entry: PictureEntry, files: Iterable[FileComponents]) -> LoadedPictures | tuple[Problem, ...]:
    try:
        return load(entry, *files)
    except DesignError as error:
        return error.problems


def described(file_key: str, items: list[str], words: list[str]) -> FileComponents:
    made = [component(number, name, word) for number, (name, word) in enumerate(zip(items, words, strict=False))]
    return FileComponents(file_key, tuple(made))


@given(
    raw_names,
    raw_names,
    st.lists(some_descriptions, min_size=6, max_size=6),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_the_order_of_figmas_answer_changes_nothing(
    light: list[str], dark: list[str], words: list[str], single: bool, rng: random.Random
) -> None:
    entry = ios_icons(SINGLE if single else TWO_FILES)
    files = [described("L", light, words), described("D", dark, words)]
    mixed = [FileComponents(f.file_key, tuple(rng.sample(f.components, len(f.components)))) for f in files]
    assert outcome(entry, mixed) == outcome(entry, files)


@given(raw_names, st.lists(some_descriptions, min_size=6, max_size=6))
def test_no_component_is_lost_without_a_word_and_no_name_is_used_twice(light: list[str], words: list[str]) -> None:
    file = described("L", light, words)
    result = outcome(ios_icons(), [file])
    if isinstance(result, LoadedPictures):
        drawn = {variant.node_id for picture in result.pictures for variant in picture.variants}
        kept = {c.node_id for c in file.components if c.description not in ("none", "web") and c.name.strip()}
        assert drawn == kept
        folded = [picture.name.casefold() for picture in result.pictures]
        assert len(set(folded)) == len(folded)
