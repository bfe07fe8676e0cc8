"""Other spellings of keys: read as meant where it is plain what was meant, and always told."""

import pytest

from exfig_rx.config.dialect import RULES, Renamed
from exfig_rx.config.schema import blocks, keys_of
from tests.test_config.reading import ANDROID, FLUTTER, IOS, WEB, accepted, read, rejected, the_error, the_warning

IOS_COLORS = IOS + "  colors: { useColorAssets: true, assetsFolder: Colors, nameStyle: camelCase"
IOS_ICONS = IOS + "  icons: { format: pdf, assetsFolder: Icons, nameStyle: camelCase"
IOS_FONTS = IOS + "  typography: { nameStyle: camelCase, generateLabels: false, fontSwift: F.swift"

MAPPED = [
    (
        WEB + "  colors: { cssFile: a.css }\n",
        "web.colors.cssFile: cssFile is read as cssFileName | Write cssFileName.",
        "css_file_name",
        "a.css",
    ),
    (WEB + "  colors: { tsFile: a.ts }\n", "tsFile is read as tsFileName", "ts_file_name", "a.ts"),
    (WEB + "  colors: { jsonFile: a.json }\n", "jsonFile is read as jsonFileName", "json_file_name", "a.json"),
    (WEB + "  icons: { assetsDirectory: svg }\n", "assetsDirectory is read as svgDirectory", "svg_directory", "svg"),
    (
        IOS_COLORS + ", swiftUIColorSwift: C.swift }\n",
        "swiftUIColorSwift is read as swiftuiColorSwift",
        "swiftui_color_swift",
        "C.swift",
    ),
    (
        IOS_COLORS + ", groupByPrefix: true }\n",
        "groupByPrefix is read as groupUsingNamespace",
        "group_using_namespace",
        True,
    ),
    (IOS_ICONS + ", renderingMode: original }\n", "renderingMode is read as renderMode", "render_mode", "original"),
    (
        IOS_ICONS + ", preservesVectorData: true }\n",
        "preservesVectorData is read as preservesVectorRepresentation",
        "preserves_vector_representation",
        ("*",),
    ),
    (
        IOS_ICONS + ", preservesVectorData: false }\n",
        "preservesVectorData is read as preservesVectorRepresentation",
        "preserves_vector_representation",
        (),
    ),
    (
        IOS_FONTS.replace(", fontSwift: F.swift", "") + ", fontExtensionDirectory: App/Fonts/ }\n",
        "fontExtensionDirectory is read as fontSwift",
        "font_swift",
        "App/Fonts/UIFont+extension.swift",
    ),
    (ANDROID + "  colors: { output: c.xml }\n", "output is read as xmlOutputFileName", "xml_output_file_name", "c.xml"),
]


@pytest.mark.parametrize(("text", "expected", "attribute", "value"), MAPPED)
def test_another_spelling_is_read_as_meant_and_told_with_the_right_one(
    text: str, expected: str, attribute: str, value: object
) -> None:
    assert expected in read(the_warning(text))
    config = accepted(text).config
    platform = next(section for section in (config.ios, config.android, config.web) if section is not None)
    block = next(getattr(platform, kind) for kind in ("colors", "icons", "typography") if getattr(platform, kind, None))
    entry = block[0] if isinstance(block, tuple) else block
    assert getattr(entry, attribute) == value


DROPPED = [
    (
        WEB + "  icons: { exportTypes: true }\n",
        "exportTypes has no effect: types.ts is written whenever generateReactComponents",
    ),
    (IOS_FONTS + ", swiftUILabelStyleSwift: a }\n", "swiftUILabelStyleSwift has no effect: there is no such feature"),
    (
        IOS_FONTS + ", fontMapping: { a: b } }\n",
        "ios.typography.fontMapping: fontMapping has no effect: there is no such feature",
    ),
    (
        ANDROID + "  typography: { nameStyle: camelCase, fontMapping: {} }\n",
        "android.typography.fontMapping: fontMapping has no effect",
    ),
    (ANDROID + "  icons: { output: x, useNativeVectorDrawable: true }\n", "useNativeVectorDrawable has no effect"),
    (
        ANDROID + "  colors: { nameStyle: camelCase }\n",
        "nameStyle has no effect: color resources are always snake_case",
    ),
    (ANDROID + "  colors: { hexFormat: argb }\n", "hexFormat has no effect"),
    (
        ANDROID + "  images: { output: x, format: png, nameStyle: camelCase }\n",
        "nameStyle has no effect: drawables are always",
    ),
    (
        ANDROID + "  typography: { nameStyle: camelCase, output: t.xml }\n",
        "output has no effect: the file is always values/typography.xml",
    ),
    (
        ANDROID + "  icons: { output: x }\ncommon: { icons: { nameStyle: camelCase } }\n",
        "common.icons.nameStyle: nameStyle has no effect",
    ),
    (
        ANDROID + "  colors: {}\ncommon: { colors: { figmaFrameName: Colors } }\n",
        "figmaFrameName has no effect: styles have no frame",
    ),
    (
        ANDROID + "  colors: {}\ncommon: { typography: { figmaFrameName: Text } }\n",
        "figmaFrameName has no effect: styles have no frame",
    ),
    (
        FLUTTER + "  colors: {}\n  assets: [a]\n",
        "flutter.assets: assets has no effect: assets are listed in pubspec.yaml",
    ),
    (
        ANDROID.replace("}", ", teamId: 1 }") + "  colors: {}\n",
        "figma.teamId: teamId has no effect: only files are read",
    ),
    (ANDROID.replace("}", ", projectId: 1 }") + "  colors: {}\n", "figma.projectId: projectId has no effect"),
]


@pytest.mark.parametrize(("text", "expected"), DROPPED)
def test_a_key_that_never_did_anything_is_left_out_and_told(text: str, expected: str) -> None:
    assert expected in read(the_warning(text))


def test_old_keys_of_variables_show_the_block_to_write_once() -> None:
    problem = the_error(
        ANDROID
        + "  colors: {}\ncommon:\n"
        + "  colors: { useVariables: true, variableCollectionName: T, lightModeName: L, darkModeName: D }\n"
    )
    assert read(problem).startswith(
        "6:13 common.colors.useVariables: colors from variables are described in common.variablesColors"
    )
    assert "tokensFileId" in problem.hint and "tokensCollectionName" in problem.hint


def test_both_spellings_of_a_key_are_an_error() -> None:
    problem = the_error(WEB + "  colors:\n    cssFileName: a.css\n    cssFile: b.css\n")
    assert read(problem) == (
        "6:5 web.colors.cssFile: cssFile is another spelling of cssFileName, which stands in line 5 | Remove cssFile."
    )


def test_a_wrong_value_under_another_spelling_stands_at_its_own_place() -> None:
    text = IOS_ICONS + ", renderingMode: colorful }\n"
    (problem,) = [problem for problem in rejected(text) if problem.code == "config.value"]
    assert read(problem).startswith(
        '5:83 ios.icons.renderMode: expected default, original or template, found "colorful"'
    )


def test_each_entry_of_a_list_is_rewritten_and_told_on_its_own() -> None:
    text = WEB + "  icons:\n    - { assetsDirectory: a }\n    - { svgDirectory: b }\n    - { assetsDirectory: c }\n"
    parsed = accepted(text)
    assert parsed.config.web is not None
    assert [entry.svg_directory for entry in parsed.config.web.icons] == ["a", "b", "c"]
    assert [problem.location and problem.location.key for problem in parsed.warnings] == [
        "web.icons[0].assetsDirectory",
        "web.icons[2].assetsDirectory",
    ]


def test_a_shared_block_is_rewritten_where_the_rule_applies_only() -> None:
    text = WEB + "  icons: &a { outputDirectory: i, assetsDirectory: svg }\n  images: *a\n"
    web = accepted(text).config.web
    assert web is not None
    assert (web.icons[0].svg_directory, web.images[0].assets_directory) == ("svg", "svg")


def test_rules_speak_of_blocks_and_keys_that_exist() -> None:
    for path, rules in RULES.items():
        known = keys_of(blocks()[path])
        for old, rule in rules.items():
            assert old not in known, f"{path}.{old} is a key of its own"
            if isinstance(rule, Renamed):
                assert rule.new in known, f"{path}.{rule.new} is no key"
