"""What every renderer promises, asked of each in every shape it has: a new platform joins by adding its rows."""

import json
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import Ios, IosColors
from exfig_rx.errors import DesignError
from exfig_rx.load.naming import final_name
from exfig_rx.model import OutputFile, Rgba, ThemedColor
from tests.test_export.grammars import assert_parses
from tests.test_export.palettes import IOS_ASSETS, IOS_CODE, android, flutter, ios, rendered, text_of, web

SWIFT = {"colorSwift": "App/UIColor.swift", "swiftuiColorSwift": "App/Color.swift"}
KOTLIN = {"mainSrc": "app/src", "resourcePackage": "app.reef"}

ENTRIES = {
    "ios-flat": ios({**IOS_ASSETS, **SWIFT}, xcassetsInMainBundle=False),
    "ios-namespaces": ios(
        {**IOS_ASSETS, **SWIFT, "groupUsingNamespace": True},
        xcassetsInSwiftPackage=True,
        resourceBundleNames=["Kit"],
    ),
    "ios-code": ios({**IOS_CODE, **SWIFT}, addObjcAttribute=True),
    "android": android({"composePackageName": "app.reef.ui"}, **KOTLIN),
    "flutter": flutter(),
    "web": web({"jsonFileName": "theme.json"}),
}

FIXED = {
    "ios-flat": {"App/UIColor.swift", "App/Color.swift"},
    "ios-namespaces": {"App/UIColor.swift", "App/Color.swift"},
    "ios-code": {"App/UIColor.swift", "App/Color.swift"},
    "android": {"app/res/values/colors.xml", "app/res/values-night/colors.xml", "app/src/app/reef/ui/Colors.kt"},
    "flutter": {"lib/gen/colors.dart"},
    "web": {"web/theme.css", "web/variables.ts", "web/theme.json"},
}
"""The files that the config alone names; all others lie in the catalog's folder."""

CATALOG = PurePosixPath("App/Assets.xcassets/Palette")

values = st.builds(Rgba, *[st.floats(-0.5, 1.5, width=32)] * 4)
hostile = st.sampled_from(
    ["*/", "-->", "'", '"', "\\", "\\(1)", "${x}", "`", "{{ 1 }}", "{% raw %}", "%}", "class", "x" * 150, "..", "{"]
) | st.sampled_from(["\ufeff", "\u202e", "\u200b", "\u0301", "\uffff", "½", ';:) !"£$%&()=?^*', "🎨 Format=F-02 X"])
refused = st.sampled_from(["\x00", "\ud800", "\u2028", "\n", "../../x", "a/../b", "/", "x" * 245])
printable = hostile | st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8)
unlettered = hostile | st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "L", "N"]), max_size=8)
any_text = st.lists(printable | refused | st.text(st.characters(), max_size=8), max_size=3).map("".join)

ONE_SCRIPT = {"android", "flutter"}
"""Platforms that refuse letters of other scripts than Latin."""


def themed(name: str, original: str, modes: tuple[Rgba, Rgba | None, Rgba | None, Rgba | None]) -> ThemedColor:
    """A color of file F."""
    return ThemedColor(name, original, *modes, file_key="F", node_id="1:1")


four = st.tuples(values, st.none() | values, st.none() | values, st.none() | values)
anything = st.lists(st.builds(themed, any_text, any_text, four), max_size=3)


def exportable(platform: str) -> st.SearchStrategy[list[ThemedColor]]:
    """One to four colors whose names are hostile, but such that the platform can have them all."""
    letters = unlettered if platform in ONE_SCRIPT else printable
    text = st.lists(letters, max_size=2).map("".join)
    part = text.map(lambda name: f"p{name.replace('/', '')}".replace("..", "").replace("\\", ""))
    original = st.lists(part, min_size=1, max_size=3).map("/".join)

    def numbered(drawn: list[tuple[str, str, tuple[Rgba, Rgba | None, Rgba | None, Rgba | None]]]) -> list[ThemedColor]:
        return [
            themed(f"{chr(97 + n)}{name.replace('/', '').replace(chr(92) + '..', '')}", f"{chr(97 + n)}/{raw}", modes)
            for n, (name, raw, modes) in enumerate(drawn)
        ]

    return st.lists(st.tuples(text, original, four), min_size=1, max_size=4).map(numbered)


def files_of(entry: ColorEntry, colors: list[ThemedColor]) -> tuple[OutputFile, ...]:
    """The files, or none if the renderer refuses these names, which it may; then it has said why."""
    try:
        return rendered(entry, *colors).files
    except DesignError as error:
        assert all(problem.message.isprintable() and problem.hint for problem in error.problems)
        return ()


def assert_sound(platform: str, files: tuple[OutputFile, ...]) -> None:
    """Every file parses, lies where the config says, and has a path of its own even where letter case is ignored."""
    folded = [file.path.casefold() for file in files]
    assert len(set(folded)) == len(folded)
    for file in files:
        if file.path not in FIXED[platform]:
            path = PurePosixPath(file.path)
            assert path.is_relative_to(CATALOG)
            assert ".." not in path.parts
            assert all(len(part.encode()) <= 255 for part in path.parts)
        assert_parses(file.path, text_of(file))


@pytest.mark.parametrize("platform", list(ENTRIES))
@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_hostile_name_gives_files_that_parse_and_stay_in_their_place(platform: str, data: st.DataObject) -> None:
    files = files_of(ENTRIES[platform], data.draw(exportable(platform)))
    assume(files)  # a strategy that is refused too often fails the health check, so this is never vacuous
    assert_sound(platform, files)


@pytest.mark.parametrize("platform", list(ENTRIES))
@settings(deadline=None, max_examples=60)
@given(anything)
def test_a_name_that_can_not_be_exported_is_refused_with_words_and_never_breaks_a_file(
    platform: str, colors: list[ThemedColor]
) -> None:
    assert_sound(platform, files_of(ENTRIES[platform], colors))


@pytest.mark.parametrize("platform", list(ENTRIES))
@settings(deadline=None, max_examples=60)
@given(st.data())
def test_what_the_naming_rules_make_of_a_hostile_name_can_be_exported(platform: str, data: st.DataObject) -> None:
    entry = ENTRIES[platform]
    colors = [
        replace(color, name=final_name(color.original_name, entry.names)) for color in data.draw(exportable(platform))
    ]
    files = files_of(entry, colors)
    assume(files)
    assert_sound(platform, files)


@pytest.mark.parametrize("platform", list(ENTRIES))
@settings(deadline=None, max_examples=30)
@given(st.data())
def test_the_order_of_the_colors_changes_no_byte_and_neither_does_a_second_run(
    platform: str, data: st.DataObject
) -> None:
    colors = data.draw(exportable(platform))
    first = files_of(ENTRIES[platform], colors)
    assume(first)
    assert files_of(ENTRIES[platform], data.draw(st.permutations(colors))) == first
    assert files_of(ENTRIES[platform], colors) == first


@pytest.mark.parametrize("platform", list(ENTRIES))
def test_every_file_is_utf8_with_plain_line_ends_and_no_trailing_blanks(platform: str) -> None:
    sample = ThemedColor("größe", "größe", Rgba(0.5, 0.5, 0.5, 0.5), Rgba(0, 0, 0), file_key="F", node_id="1:1")
    files = rendered(ENTRIES[platform], sample).files
    assert files
    for file in files:
        text = text_of(file)
        assert "\r" not in text and not text.startswith("\ufeff")
        assert not any(line.endswith((" ", "\t")) for line in text.split("\n"))


@settings(deadline=None)
@given(any_text | printable)
@example('a"b\\c')
def test_a_swift_lookup_names_the_very_folder_of_its_color_set(original: str) -> None:
    entry = ENTRIES["ios-namespaces"]
    assert isinstance(entry.settings, IosColors) and isinstance(entry.section, Ios)
    files = files_of(entry, [ThemedColor("name", original, Rgba(0, 0, 0), file_key="F", node_id="1:1")])
    assume(files)
    (folder,) = [file.path for file in files if file.path.endswith(".colorset/Contents.json")]
    asset = folder.removeprefix(f"{CATALOG}/").removesuffix(".colorset/Contents.json")
    swift = next(text_of(file) for file in files if file.path == "App/Color.swift")
    line = next(line for line in swift.splitlines() if "static var name" in line)
    literal = line[line.index('"') : line.rindex('"') + 1]
    assert json.loads(literal) == asset
