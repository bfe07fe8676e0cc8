"""What every renderer promises, asked of each in every shape it has: a new platform joins by adding its rows."""

import json
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
from tests.test_export.palettes import IOS_ASSETS, IOS_CODE, android, flutter, ios, rendered, web

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
modes = st.none() | values
hostile = st.sampled_from(
    [
        "*/",
        "-->",
        "'",
        '"',
        "\\",
        "\\(1)",
        "${x}",
        "`",
        "{{ 1 }}",
        "{% raw %}",
        "..",
        "../../x",
        "a/../b",
        "/",
        "class",
        "x" * 245,
        ':) !"£$%&/()=?^*/\n',
        "\x00",
        "\ud800",
        "\u2028",
        "\ufeff",
        "\u202e",
        "🎨 Format=F-02 X",
    ]
)
pieces = st.text(st.characters(), max_size=8) | st.text("abAB01_-/ .é²一", max_size=8) | hostile
texts = st.lists(pieces, max_size=3).map("".join)


def colors_named(names: st.SearchStrategy[str]) -> st.SearchStrategy[list[ThemedColor]]:
    """Up to four colors under any names, with any modes."""
    one = st.builds(
        ThemedColor, names, texts, values, modes, modes, modes, file_key=st.just("F"), node_id=st.just("1:1")
    )
    return st.lists(one, max_size=4)


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
        assert_parses(file.path, file.content.decode("utf-8"))


@pytest.mark.parametrize("platform", list(ENTRIES))
@settings(deadline=None, max_examples=80)
@given(st.data())
def test_whatever_a_color_is_called_every_file_parses_and_stays_in_its_place(
    platform: str, data: st.DataObject
) -> None:
    assert_sound(platform, files_of(ENTRIES[platform], data.draw(colors_named(texts))))


@pytest.mark.parametrize("platform", list(ENTRIES))
@settings(deadline=None, max_examples=80)
@given(st.data())
def test_whatever_figma_calls_a_color_its_final_name_parses_and_stays_in_its_place(
    platform: str, data: st.DataObject
) -> None:
    entry = ENTRIES[platform]
    named = [
        ThemedColor(final_name(color.original_name, entry.names), color.original_name, color.light, color.dark)
        for color in data.draw(colors_named(st.just("")))
    ]
    assert_sound(platform, files_of(entry, named))


@pytest.mark.parametrize("platform", list(ENTRIES))
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_the_order_of_the_colors_changes_no_byte_and_neither_does_a_second_run(
    platform: str, data: st.DataObject
) -> None:
    colors = data.draw(colors_named(st.text("abcdeABC", min_size=1, max_size=6)))
    shuffled = data.draw(st.permutations(colors))
    first = files_of(ENTRIES[platform], colors)
    assert files_of(ENTRIES[platform], shuffled) == first
    assert files_of(ENTRIES[platform], colors) == first


@pytest.mark.parametrize("platform", list(ENTRIES))
def test_every_file_is_utf8_with_plain_line_ends_and_no_trailing_blanks(platform: str) -> None:
    sample = ThemedColor("größe", "größe", Rgba(0.5, 0.5, 0.5, 0.5), Rgba(0, 0, 0), file_key="F", node_id="1:1")
    files = rendered(ENTRIES[platform], sample).files
    assert files
    for file in files:
        text = file.content.decode("utf-8")
        assert "\r" not in text and not text.startswith("\ufeff")
        assert not any(line.endswith((" ", "\t")) for line in text.split("\n"))


@settings(deadline=None)
@given(texts)
@example('a"b\\c')
def test_a_swift_lookup_names_the_very_folder_of_its_color_set(original: str) -> None:
    entry = ENTRIES["ios-namespaces"]
    assert isinstance(entry.settings, IosColors) and isinstance(entry.section, Ios)
    files = files_of(entry, [ThemedColor("name", original, Rgba(0, 0, 0), file_key="F", node_id="1:1")])
    assume(files)
    (folder,) = [file.path for file in files if file.path.endswith(".colorset/Contents.json")]
    asset = folder.removeprefix(f"{CATALOG}/").removesuffix(".colorset/Contents.json")
    swift = next(file.content.decode() for file in files if file.path == "App/Color.swift")
    line = next(line for line in swift.splitlines() if "static var name" in line)
    literal = line[line.index('"') : line.rindex('"') + 1]
    assert json.loads(literal) == asset
