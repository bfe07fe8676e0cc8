"""iOS: color sets byte for byte, Swift lines in all their shapes, bundles, and names that Swift or a disk refuses."""

import json

import pytest

from exfig_rx.errors import ConfigError, DesignError
from exfig_rx.model import Rgba
from tests.test_export.grammars import assert_parses
from tests.test_export.palettes import (
    BRIGHT,
    IOS_ASSETS,
    IOS_CODE,
    NIGHT,
    STARK,
    VEIL,
    WATER,
    Keys,
    body,
    color,
    ios,
    rendered,
    text_of,
    texts,
)

FOLDER = "App/Assets.xcassets/Palette"
SWIFT: Keys = {**IOS_ASSETS, "colorSwift": "UIColor.swift", "swiftuiColorSwift": "Color.swift"}
SPACED: Keys = {**SWIFT, "groupUsingNamespace": True}
CODE: Keys = {**IOS_CODE, "colorSwift": "UIColor.swift", "swiftuiColorSwift": "Color.swift"}


def members(text: str) -> list[str]:
    """The lines of an extension that declare something, trimmed."""
    return [line.strip() for line in text.splitlines() if "static var " in line]


def test_a_light_color_set_has_xcodes_bytes() -> None:
    files = texts(ios(), color("waterDeep", VEIL))
    assert files[f"{FOLDER}/waterDeep.colorset/Contents.json"] == (
        '{\n  "colors": [\n    {\n      "color": {\n        "color-space": "srgb",\n        "components": {\n'
        '          "alpha": "0.800",\n          "blue": "0xAB",\n          "green": "0x86",\n          "red": "0x2E"\n'
        '        }\n      },\n      "idiom": "universal"\n    }\n  ],\n'
        '  "info": {\n    "author": "xcode",\n    "version": 1\n  }\n}'
    )
    assert files[f"{FOLDER}/Contents.json"] == '{\n  "info" : {\n    "author" : "xcode",\n    "version" : 1\n  }\n}\n'


def test_the_modes_of_a_color_set_come_in_a_fixed_order_with_their_appearances_first() -> None:
    text = texts(ios(), color("a", WATER, NIGHT, STARK, BRIGHT))[f"{FOLDER}/a.colorset/Contents.json"]
    entries = json.loads(text)["colors"]
    assert [entry["color"]["components"]["red"] for entry in entries] == ["0x2E", "0x0B", "0x00", "0xFF"]
    dark = {"appearance": "luminosity", "value": "dark"}
    high = {"appearance": "contrast", "value": "high"}
    assert [entry.get("appearances") for entry in entries] == [None, [dark], [high], [dark, high]]
    assert [list(entry) for entry in entries[1:]] == [["appearances", "color", "idiom"]] * 3


@pytest.mark.parametrize(
    ("channel", "digits"),
    [
        (0.5, "0x80"),
        (0.5 / 255, "0x01"),
        (2.5 / 255, "0x03"),
        (0.0, "0x00"),
        (1.0, "0xFF"),
        (1.5, "0xFF"),
        (-0.1, "0x00"),
        (1, "0xFF"),
    ],
)
def test_channels_round_half_up_and_stay_within_a_byte(channel: float, digits: str) -> None:
    text = texts(ios(), color("a", Rgba(channel, 0, 0)))[f"{FOLDER}/a.colorset/Contents.json"]
    assert json.loads(text)["colors"][0]["color"]["components"]["red"] == digits


def test_namespaces_are_folders_of_the_original_name() -> None:
    soft = color("surfaceCardRaised", original="Surface//Card Raised")
    plain = color("ink", original="Ink", node="1:2")
    same = color("sky", original="sky", node="1:3")
    files = texts(ios(SPACED), soft, plain, same)
    assert [path for path in files if path.endswith(".json")] == [
        f"{FOLDER}/Contents.json",
        f"{FOLDER}/Surface/Contents.json",
        f"{FOLDER}/Ink.colorset/Contents.json",
        f"{FOLDER}/sky.colorset/Contents.json",
        f"{FOLDER}/Surface/Card Raised.colorset/Contents.json",
    ]
    assert json.loads(files[f"{FOLDER}/Surface/Contents.json"])["properties"] == {"provides-namespace": True}
    assert files[f"{FOLDER}/Surface/Contents.json"].endswith('"provides-namespace" : true\n  }\n}\n')
    assert members(files["UIColor.swift"]) == [
        'static var ink: UIColor { UIColor(named: "Ink")! }',
        'static var sky: UIColor { UIColor(named: "sky")! }',
        'static var surfaceCardRaised: UIColor { UIColor(named: "Surface/Card Raised")! }',
    ]


IN_OTHER = "in: BundleProvider.bundle, compatibleWith: nil"


@pytest.mark.parametrize(
    ("keys", "section", "uikit", "swiftui"),
    [
        (SWIFT, {}, "UIColor(named: #function)!", "Color(#function)"),
        (SPACED, {}, 'UIColor(named: "Ink/Soft")!', 'Color("Ink/Soft")'),
        (
            SWIFT,
            {"xcassetsInMainBundle": False},
            f"UIColor(named: #function, {IN_OTHER})!",
            "Color(#function, bundle: BundleProvider.bundle)",
        ),
        (
            SPACED,
            {"xcassetsInMainBundle": False},
            f'UIColor(named: "Ink/Soft", {IN_OTHER})!',
            'Color("Ink/Soft", bundle: BundleProvider.bundle)',
        ),
    ],
)
def test_a_lookup_has_four_shapes(keys: Keys, section: Keys, uikit: str, swiftui: str) -> None:
    files = texts(ios(keys, **section), color("inkSoft", original="Ink/Soft"))
    assert members(files["UIColor.swift"]) == [f"static var inkSoft: UIColor {{ {uikit} }}"]
    assert members(files["Color.swift"]) == [f"static var inkSoft: Color {{ {swiftui} }}"]


def test_the_objc_attribute_is_for_uikit_alone() -> None:
    files = texts(ios(SWIFT, addObjcAttribute=True), color("ink"))
    assert members(files["UIColor.swift"]) == ["@objc static var ink: UIColor { UIColor(named: #function)! }"]
    assert members(files["Color.swift"]) == ["static var ink: Color { Color(#function) }"]


NAMES: Keys = {"resourceBundleNames": ["Kit_UI", "Kit_Core"]}
PACKAGE: Keys = {"xcassetsInSwiftPackage": True}


@pytest.mark.parametrize("in_main", [True, False])
@pytest.mark.parametrize(
    ("section", "provider", "finder"),
    [
        ({**PACKAGE, **NAMES}, "Bundle._module", True),
        (PACKAGE, "Bundle.module", False),
        ({}, "Bundle(for: BundleProvider.self)", False),
    ],
)
def test_the_bundle_provider_follows_the_package_keys(
    section: Keys, provider: str, *, finder: bool, in_main: bool
) -> None:
    files = texts(ios(SWIFT, xcassetsInMainBundle=in_main, **section), color("ink"))
    for path, module in (("UIColor.swift", "UIKit"), ("Color.swift", "SwiftUI")):
        text = files[path]
        provided = f"private class BundleProvider {{\n    static let bundle = {provider}\n}}"
        assert f"\n\nimport {module}\n\n{provided}\n\npublic extension " in text
        assert ("private extension Foundation.Bundle {" in text) == finder
        assert ("BundleProvider.bundle" in text) == (not in_main)
        assert_parses(path, text)


@pytest.mark.parametrize(
    ("in_main", "provider", "finder", "warnings"),
    [(True, "", True, []), (False, "Bundle(for: BundleProvider.self)", False, ["config.unused-key"])],
)
def test_bundle_names_without_a_package_never_break_the_code(
    provider: str, warnings: list[str], *, in_main: bool, finder: bool
) -> None:
    entry = ios(SWIFT, xcassetsInMainBundle=in_main, **NAMES)
    result = rendered(entry, color("ink"))
    for text in (text_of(file) for file in result.files if file.path.endswith(".swift")):
        assert ("private class BundleProvider" in text) == bool(provider)
        assert provider in text
        assert ("_module" in text) == finder
    assert [problem.code for problem in result.warnings] == warnings


def test_the_bundle_finder_looks_in_the_documented_order() -> None:
    text = texts(ios(SWIFT, **PACKAGE, **NAMES), color("ink"))["UIColor.swift"]
    finder = text[text.index("}\n\nprivate extension Foundation.Bundle {") :]
    wanted = [
        "private class BundleFinder {}",
        "static let _module: Bundle = {",
        'let bundleNames = ["Kit_UI", "Kit_Core"]',
        "Bundle.main.resourceURL, finderURL, Bundle.main.bundleURL",
        "\n#if DEBUG\n",
        "finderURL?.deletingLastPathComponent(),",
        "finderURL?.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent(),",
        "finderURL?.deletingLastPathComponent().deletingLastPathComponent()\n",
        "\n#endif\n",
        "for candidate in candidates {",
        "for name in bundleNames {",
        "fatalError(",
    ]
    places = [finder.index(piece) for piece in wanted]
    assert places == sorted(places)
    assert text.endswith("}\n") and not text.endswith("\n\n")


def test_a_swift_file_starts_with_the_line_that_linters_read_and_a_frame_of_ten_lines() -> None:
    for text in texts(ios(SWIFT)).values():
        if text.startswith("//"):
            lines = text.split("\n")
            assert lines[0] == "//  swiftlint:disable all"
            assert all(line.startswith("//") for line in lines[:9])
            assert lines[9] == ""
            assert lines[10].startswith("import ")


def test_an_empty_palette_is_an_empty_extension() -> None:
    files = texts(ios(SWIFT))
    assert files["UIColor.swift"].endswith("}\n\npublic extension UIColor {\n}\n")
    assert files["Color.swift"].endswith("}\n\npublic extension ShapeStyle where Self == Color {\n}\n")


def test_members_come_in_code_point_order_of_their_bare_names() -> None:
    names = ["class", "apple", "Zebra", "left", "9lives"]
    text = texts(ios({**SWIFT, "assetsFolder": "Palette"}), *(color(name) for name in names))["Color.swift"]
    assert [line.split(":")[0].removeprefix("static var ") for line in members(text)] == [
        "_9lives",
        "Zebra",
        "apple",
        "`class`",
        "`left`",
    ]


def test_a_name_that_swift_refuses_gets_a_legal_one_and_looks_up_the_real_one() -> None:
    result = rendered(ios(SWIFT), color("24home"), color('a"b\\c', node="1:2"), color("größe"), color("-"))
    text = next(text_of(file) for file in result.files if file.path == "UIColor.swift")
    assert members(text) == [
        'static var __: UIColor { UIColor(named: "-")! }',
        'static var _24home: UIColor { UIColor(named: "24home")! }',
        'static var a_b_c: UIColor { UIColor(named: "a\\"b\\\\c")! }',
        "static var größe: UIColor { UIColor(named: #function)! }",
    ]
    (warning,) = result.warnings
    assert warning.message.startswith(
        "renamed 3 colors to get a legal Swift property: '-' to '__', '24home' to '_24home', "
    )
    assert "nameReplaceRegexp" in warning.hint


def test_a_property_never_hides_a_type_that_its_own_line_needs() -> None:
    text = texts(ios({**SWIFT, "nameStyle": "PascalCase"}), color("Color"))["Color.swift"]
    assert members(text) == ['static var Color_: Color { Color("Color") }']


def test_colors_in_code_keep_their_shapes() -> None:
    text = texts(ios(CODE), color("inkSoft", VEIL), color("waterDeep", WATER, NIGHT))["UIColor.swift"]
    assert body(text, "public extension") == (
        "public extension UIColor {\n"
        "    static var inkSoft: UIColor {\n"
        "        UIColor(red: 0.180, green: 0.525, blue: 0.671, alpha: 0.800)\n"
        "    }\n"
        "    static var waterDeep: UIColor {\n"
        "        UIColor { traitCollection -> UIColor in\n"
        "            if traitCollection.userInterfaceStyle == .dark {\n"
        "                return UIColor(red: 0.043, green: 0.224, blue: 0.329, alpha: 1.000)\n"
        "            } else {\n"
        "                return UIColor(red: 0.180, green: 0.525, blue: 0.671, alpha: 1.000)\n"
        "            }\n"
        "        }\n"
        "    }\n"
        "}\n"
    )


def test_high_contrast_in_code_is_a_branch_of_its_own() -> None:
    text = texts(ios(CODE), color("a", WATER, NIGHT, STARK, BRIGHT))["UIColor.swift"]
    decisions = [line.strip() for line in text.splitlines() if line.startswith(" " * 12)]
    assert decisions == [
        "if traitCollection.userInterfaceStyle == .dark && traitCollection.accessibilityContrast == .high {",
        "return UIColor(red: 1.000, green: 1.000, blue: 1.000, alpha: 1.000)",
        "} else if traitCollection.userInterfaceStyle == .dark {",
        "return UIColor(red: 0.043, green: 0.224, blue: 0.329, alpha: 1.000)",
        "} else if traitCollection.accessibilityContrast == .high {",
        "return UIColor(red: 0.000, green: 0.000, blue: 0.000, alpha: 1.000)",
        "} else {",
        "return UIColor(red: 0.180, green: 0.525, blue: 0.671, alpha: 1.000)",
        "}",
    ]
    assert_parses("UIColor.swift", text)


def test_swiftui_colors_in_code_say_which_modes_they_lose() -> None:
    result = rendered(ios(CODE), color("ink", VEIL), color("water", WATER, NIGHT), color("sky", WATER, None, STARK))
    text = next(text_of(file) for file in result.files if file.path == "Color.swift")
    assert members(text)[0] == (
        "static var ink: Color { Color(red: 0.180, green: 0.525, blue: 0.671, opacity: 0.800) }"
    )
    (warning,) = result.warnings
    assert warning.code == "design.modes-lost"
    assert "'sky', 'water'" in warning.message and "ink" not in warning.message


def test_names_of_swiftuis_own_styles_are_pointed_out_only_where_they_matter() -> None:
    named = [problem.message for problem in rendered(ios(SWIFT), color("primary"), color("ink")).warnings]
    assert len(named) == 1 and "'primary'" in named[0] and "SwiftUI" in named[0]
    uikit_only = {**IOS_ASSETS, "colorSwift": "UIColor.swift"}
    assert rendered(ios(uikit_only), color("primary")).warnings == ()


@pytest.mark.parametrize(("value", "notes"), [(False, ["ios.project-untouched"]), (True, []), (None, [])])
def test_a_note_stands_where_the_older_tool_edited_the_project(value: bool | None, notes: list[str]) -> None:
    result = rendered(ios(SWIFT, xcassetsInSwiftPackage=value), color("ink"))
    assert [problem.code for problem in result.warnings] == notes
    assert all("UIColor.swift, Color.swift" in problem.message for problem in result.warnings)


def test_no_key_no_file() -> None:
    assert texts(ios(IOS_CODE), color("ink")) == {}
    assert all(path.endswith("Contents.json") for path in texts(ios(), color("ink")))


@pytest.mark.parametrize(
    ("original", "says"),
    [
        ("../../etc/passwd", "it would lead to another folder"),
        ("a/./b", "it would lead to another folder"),
        ("..\\..\\x", "it would lead to another folder"),
        ("a\x00b", "U+0000"),
        ("a/b\n", "U+000A"),
        ("a\ud800", "U+D800"),
        ("///", "nothing is left of it"),
        ("Icons.imageset/a", "Xcode would take its folder Icons.imageset for an asset"),
        ("x" * 250, "259 bytes"),
        ("ü" * 124 + "/a/" + "ü" * 124, "257 bytes"),
    ],
)
def test_an_original_name_that_is_no_path_inside_the_folder_is_refused(original: str, says: str) -> None:
    with pytest.raises(DesignError) as caught:
        rendered(ios(SPACED), color("fine", original=original, node="7:8"))
    (problem,) = caught.value.problems
    assert says in problem.message
    assert problem.location is not None and problem.location.node_id == "7:8"


def test_a_final_name_may_fill_a_file_name_to_the_last_byte() -> None:
    longest = "x" * (255 - len(".colorset"))
    assert f"{FOLDER}/{longest}.colorset/Contents.json" in texts(ios(), color(longest))
    with pytest.raises(DesignError, match="256 bytes"):
        rendered(ios(), color(longest + "x"))


@pytest.mark.parametrize(
    ("keys", "first", "second", "says"),
    [
        (SWIFT, ("ink", "Ink/"), ("ink", "ink"), "become the color set 'ink'"),
        (SWIFT, ("Add", "Add"), ("add", "add"), "become the color set 'add'"),
        (CODE, ("a-b", "a-b"), ("a_b", "a_b"), "become the Swift property 'a_b'"),
        (SPACED, ("inkSoft", "Ink/Soft"), ("inkSoft", "ink soft"), "become the Swift property 'inkSoft'"),
        (SPACED, ("a", "Brand/a"), ("b", "brand/b"), "lie in folders whose names differ only in letter case"),
    ],
)
def test_two_colors_that_would_share_a_place_are_named_together(
    keys: Keys, first: tuple[str, str], second: tuple[str, str], says: str
) -> None:
    pair = (color(name, original=raw, node=f"1:{n}") for n, (name, raw) in enumerate((first, second)))
    with pytest.raises(DesignError) as caught:
        rendered(ios(keys), *pair)
    (problem,) = caught.value.problems
    assert says in problem.message
    assert "node 1:0" in problem.message and "node 1:1" in problem.message
    assert "node-id=1-0" in problem.hint


def test_every_fault_of_an_entry_is_told_at_once() -> None:
    bad = [color("", node="1:1"), color("a\x07", node="1:2"), color("x" * 300, node="1:3"), color("b"), color("b")]
    with pytest.raises(DesignError) as caught:
        rendered(ios(SWIFT), *bad)
    assert len(caught.value.problems) == 4


def test_a_missing_assets_folder_is_an_error_of_the_config() -> None:
    entry = ios(IOS_CODE)
    settings = entry.settings.model_copy(update={"use_color_assets": True})
    with pytest.raises(ConfigError, match="assetsFolder is missing"):
        rendered(type(entry)(entry.platform, entry.key, entry.source, entry.names, entry.section, settings), color("a"))
