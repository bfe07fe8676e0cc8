"""Theme attributes: their names, their lines, and what becomes of the user's XML files around them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from exfig_rx.config.schema import NameStyle, NameTransform
from exfig_rx.errors import DesignError
from exfig_rx.export.theme_attributes import attribute_name, united
from exfig_rx.model import Problem, Rendered, SharedSection, ThemedColor, WhenMissing
from exfig_rx.output.sections import with_section
from tests.test_export.palettes import NIGHT, WATER, Keys, android, color, rendered

THEME: Keys = {"enabled": True, "themeName": "Theme.Reef"}
TINT: Keys = {**THEME, "nameTransform": {"prefix": "tint", "stripPrefixes": ["reef_"]}}

ATTRS = """\
<?xml version="1.0" encoding="utf-8"?>
<resources>
    <declare-styleable name="TideView">
        <attr name="tideLevel" format="dimension" />
    </declare-styleable>

    <!-- FIGMA COLORS MARKER START: Theme.Reef -->
    <attr name="tintGone" format="color" />
    <!-- FIGMA COLORS MARKER END: Theme.Reef -->
</resources>
"""

STYLES = """\
<resources xmlns:tools="http://schemas.android.com/tools">
    <style name="Theme.Reef" parent="Theme.Material3.DayNight">
        <item name="android:windowBackground" tools:targetApi="l">@color/reef_dark</item>
        <!-- FIGMA COLORS MARKER START: Theme.Reef -->
        <!-- FIGMA COLORS MARKER END: Theme.Reef -->
    </style>
    <style name="Theme.Reef.Overlay" parent="">
        <!-- FIGMA COLORS MARKER START: Theme.Reef.Overlay -->
        <item name="tintDark">@color/other</item>
        <!-- FIGMA COLORS MARKER END: Theme.Reef.Overlay -->
    </style>
</resources>"""


def sections(theme: Keys, *colors: ThemedColor) -> tuple[SharedSection, ...]:
    """The sections for attrs, styles and night styles."""
    return made(theme, *colors).sections


def made(theme: Keys, *colors: ThemedColor) -> Rendered:
    return rendered(android({"themeAttributes": theme}), *colors)


def names(transform: Keys, *resources: str) -> list[str]:
    """The attributes of colors with these resource names, as the sections have them."""
    attrs, *_ = sections({**THEME, "nameTransform": transform}, *(color(name) for name in resources))
    return list(attrs.lines)


def the_refusal(theme: Keys, *colors: ThemedColor) -> Problem:
    with pytest.raises(DesignError) as caught:
        made(theme, *colors)
    (problem,) = caught.value.problems
    return problem


def test_attributes_are_declared_once_and_set_alike_by_day_and_by_night() -> None:
    attrs, styles, night = sections(TINT, color("reef_dark", WATER, NIGHT), color("reef_abyss"))
    items = {
        "tintAbyss": '<item name="tintAbyss">@color/reef_abyss</item>',
        "tintDark": '<item name="tintDark">@color/reef_dark</item>',
    }
    key = "android.colors.themeAttributes"
    start, end = "FIGMA COLORS MARKER START", "FIGMA COLORS MARKER END"
    assert attrs == SharedSection(
        "app/res/values/attrs.xml",
        f"{key}.attrsFile",
        start,
        end,
        "Theme.Reef",
        {
            "tintAbyss": '<attr name="tintAbyss" format="color" />',
            "tintDark": '<attr name="tintDark" format="color" />',
        },
        4,
        WhenMissing.FAIL,
    )
    assert styles == SharedSection(
        "app/res/values/styles.xml", f"{key}.stylesFile", start, end, "Theme.Reef", items, 8, WhenMissing.FAIL
    )
    path = "app/res/values-night/styles.xml"
    assert night == replace(styles, path=path, key=f"{key}.stylesNightFile", when_missing=WhenMissing.SKIP)


def test_files_and_markers_are_the_ones_of_the_config() -> None:
    keys: Keys = {
        **THEME,
        "attrsFile": "../../theme/res/values/attrs.xml",
        "stylesFile": "values/themes.xml",
        "stylesNightFile": "values-night/themes.xml",
        "markerStart": "COLORS FROM HERE",
        "markerEnd": "COLORS TO HERE",
        "autoCreateMarkers": True,
    }
    found = sections(keys, color("a"))
    assert [section.path for section in found] == [
        "app/res/../../theme/res/values/attrs.xml",
        "app/res/values/themes.xml",
        "app/res/values-night/themes.xml",
    ]
    assert {(section.start, section.end) for section in found} == {("COLORS FROM HERE", "COLORS TO HERE")}
    assert [section.when_missing for section in found] == [WhenMissing.CREATE, WhenMissing.FAIL, WhenMissing.SKIP]


def test_nothing_is_made_unless_it_is_enabled() -> None:
    assert sections({**THEME, "enabled": False}, color("a")) == ()
    assert rendered(android(), color("a")).sections == ()


def test_theme_attributes_alone_are_an_output() -> None:
    found = rendered(android({"xmlDisabled": True, "themeAttributes": THEME}), color("a"))
    assert (found.files, found.warnings, len(found.sections)) == ((), (), 3)


@pytest.mark.parametrize(
    ("transform", "attribute"),
    [
        ({}, "colorReefDark"),
        ({"prefix": "tint", "stripPrefixes": ["sea_", "reef_"]}, "tintDark"),
        ({"stripPrefixes": ["re", "reef_"]}, "colorEfDark"),
        ({"stripPrefixes": ["dark"]}, "colorReefDark"),
        ({"prefix": "", "stripPrefixes": ["reef_dark"]}, "ReefDark"),
        ({"prefix": ""}, "ReefDark"),
        ({"style": "camelCase"}, "colorReefDark"),
        ({"style": "camelCase", "prefix": ""}, "reefDark"),
        ({"style": "snake_case"}, "color_reef_dark"),
        ({"style": "snake_case", "prefix": ""}, "reef_dark"),
        ({"style": "kebab-case"}, "color-reef-dark"),
        ({"style": "kebab-case", "prefix": ""}, "reef-dark"),
        ({"style": "SCREAMING_SNAKE_CASE"}, "COLOR_REEF_DARK"),
        ({"style": "SCREAMING_SNAKE_CASE", "prefix": ""}, "REEF_DARK"),
    ],
)
def test_an_attribute_is_named_by_prefixes_and_style(transform: Keys, attribute: str) -> None:
    assert names(transform, "reef_dark") == [attribute]


def test_only_one_prefix_is_cut_and_only_once() -> None:
    transform = NameTransform(style=NameStyle.SNAKE, prefix="", strip_prefixes=("", "a_", "b_"))
    assert attribute_name("a_a_b_ink", transform) == "a_b_ink"


def test_an_item_refers_to_the_resource_and_not_to_the_name_in_figma() -> None:
    _, styles, _ = sections(THEME, color("2xl", original="2XL"), color("native"))
    assert list(styles.lines.values()) == [
        '<item name="colorColor2Xl">@color/color_2xl</item>',
        '<item name="colorNative">@color/native_</item>',
    ]


@pytest.mark.parametrize(
    ("name", "transform", "attribute"),
    [
        ("ink_2", {"prefix": "", "stripPrefixes": ["ink_"]}, "2"),
        ("ink_default", {"prefix": "", "style": "camelCase", "stripPrefixes": ["ink_"]}, "default"),
        ("ink", {"prefix": "größe"}, "größeInk"),
    ],
)
def test_a_name_that_aapt_does_not_take_is_refused(name: str, transform: Keys, attribute: str) -> None:
    problem = the_refusal({**THEME, "nameTransform": transform}, color(name))
    assert problem.code == "design.unusable-name"
    assert f"its theme attribute would be called '{attribute}'" in problem.message


def test_of_two_colors_with_one_attribute_the_first_has_it_and_a_warning_says_so() -> None:
    theme: Keys = {**THEME, "nameTransform": {"stripPrefixes": ["sea_", "reef_"]}}
    found = made(theme, color("sea_ink", node="1:2"), color("reef_ink"))
    assert list(found.sections[1].lines.values()) == ['<item name="colorInk">@color/reef_ink</item>']
    (warning,) = found.warnings
    assert warning.code == "design.shared-attribute"
    assert "2 colors become the theme attribute 'colorInk': 'reef_ink' (" in warning.message
    assert warning.message.endswith("'sea_ink' (file FileOfLight, node 1:2); themes set it to the first of them")


def test_entries_with_one_theme_share_its_sections() -> None:
    one, other = sections(THEME, color("b"), color("c")), sections(THEME, color("a"), color("c"))
    found = united([*one, *other])
    assert [(section.path, list(section.lines)) for section in found] == [
        ("app/res/values/attrs.xml", ["colorB", "colorC", "colorA"]),
        ("app/res/values/styles.xml", ["colorB", "colorC", "colorA"]),
        ("app/res/values-night/styles.xml", ["colorB", "colorC", "colorA"]),
    ]


def test_one_path_in_two_spellings_is_one_file() -> None:
    attrs, *_ = sections(THEME, color("a"))
    assert len(united([attrs, replace(attrs, path="app/res/../res/values/attrs.xml")])) == 1


def test_entries_that_set_one_attribute_differently_are_refused() -> None:
    theme: Keys = {**THEME, "nameTransform": {"stripPrefixes": ["a_", "b_"]}}
    _, first, _ = sections(theme, color("a_ink"))
    _, second, _ = sections(theme, color("b_ink"))
    with pytest.raises(DesignError) as caught:
        united([first, replace(second, key="android.colors[1].themeAttributes.stylesFile")])
    (problem,) = caught.value.problems
    assert problem.message == (
        "android.colors.themeAttributes.stylesFile and android.colors[1].themeAttributes.stylesFile both set the theme "
        'attribute colorInk in app/res/values/styles.xml, to different values: <item name="colorInk">@color/a_ink'
        '</item> and <item name="colorInk">@color/b_ink</item>'
    )
    assert "themeName" in problem.hint


def test_themes_of_one_folder_declare_a_common_attribute_once_and_each_sets_it() -> None:
    transform: Keys = {"stripPrefixes": ["a_", "b_"]}
    day: Keys = {"enabled": True, "themeName": "A", "nameTransform": transform}
    dusk: Keys = {**day, "themeName": "B", "attrsFile": "values/more.xml"}
    found = united([*sections(day, color("a_ink")), *sections(dusk, color("b_ink"), color("b_sky"))])
    assert [(section.name, section.path, list(section.lines)) for section in found if "night" not in section.path] == [
        ("A", "app/res/values/attrs.xml", ["colorInk"]),
        ("A", "app/res/values/styles.xml", ["colorInk"]),
        ("B", "app/res/values/more.xml", ["colorSky"]),
        ("B", "app/res/values/styles.xml", ["colorInk", "colorSky"]),
    ]


def merged(text: str, parts: Sequence[SharedSection], newline: str = "\n", bom: bytes = b"") -> str:
    """What becomes of `text` with other ends of lines and a mark before it, given back as it was."""
    content: bytes | None = bom + text.replace("\n", newline).encode()
    for _ in range(2):
        for part in parts:
            content = with_section(content, part)
    assert content is not None
    assert content.startswith(bom)
    after = content.removeprefix(bom).decode()
    assert after.count("\n") == after.count(newline)
    return after.replace(newline, "\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_only_the_lines_between_the_markers_of_the_theme_change(newline: str, bom: bytes) -> None:
    attrs, styles, _ = sections(TINT, color("reef_dark"), color("reef_abyss"))
    assert merged(ATTRS, [attrs], newline, bom) == ATTRS.replace(
        '    <attr name="tintGone" format="color" />\n',
        '    <attr name="tintAbyss" format="color" />\n    <attr name="tintDark" format="color" />\n',
    )
    start = "        <!-- FIGMA COLORS MARKER START: Theme.Reef -->\n"
    assert merged(STYLES, [styles], newline, bom) == STYLES.replace(
        start,
        start
        + '        <item name="tintAbyss">@color/reef_abyss</item>\n'
        + '        <item name="tintDark">@color/reef_dark</item>\n',
    )
