"""Icons and images for iOS: catalogs, Swift in all its shapes, entries that merge, pictures that fail, bad names."""

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from exfig_rx.errors import DesignError
from exfig_rx.export.pictures import PictureSet
from exfig_rx.model import Rendered
from exfig_rx.pictures import Picture
from tests.test_export.grammars import assert_parses
from tests.test_export.ios_sets import (
    ART,
    CATALOG,
    FILE,
    ICONS,
    SWIFT,
    Keys,
    Shelf,
    below,
    codes,
    entries,
    icons,
    images,
    listing,
    rendered,
    written,
)
from tests.test_export.palettes import body
from tests.test_export.rehearsing import refused_early

PROVIDER = "private class BundleProvider {\n    static let bundle = Bundle(for: BundleProvider.self)\n}"
PLAIN_FOLDER = '{\n  "info" : {\n    "author" : "xcode",\n    "version" : 1\n  }\n}\n'


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Where renders lie."""
    return Shelf(tmp_path)


def members(text: str) -> list[str]:
    """The lines of an extension that declare something, trimmed."""
    return [line.strip() for line in text.splitlines() if "static var " in line]


def declared(text: str) -> list[str]:
    """The names that an extension declares, as they are written."""
    return [line.split(":")[0].removeprefix("static var ") for line in members(text)]


def properties(result: Rendered, folder: str) -> object:
    """The `properties` of a set, None for none."""
    return json.loads(written(result)[f"{folder}/Contents.json"]).get("properties")


# ── catalogs ──


def test_a_catalog_is_a_plain_folder_with_a_set_for_each_picture(shelf: Shelf) -> None:
    (entry,) = icons()
    result = rendered((entry, [shelf.picture(entry, "star", node="1:2"), shelf.picture(entry, "bell")]))
    files = written(result)
    assert list(files) == [
        f"{ICONS}/Contents.json",
        f"{ICONS}/bell.imageset/Contents.json",
        f"{ICONS}/bell.imageset/bell.pdf",
        f"{ICONS}/star.imageset/Contents.json",
        f"{ICONS}/star.imageset/star.pdf",
    ]
    assert files[f"{ICONS}/Contents.json"] == PLAIN_FOLDER
    assert result.warnings == result.failures == result.losses == ()


def test_only_the_last_folder_of_a_path_is_ours_to_describe(shelf: Shelf) -> None:
    (entry,) = icons({"assetsFolder": "Generated/Icons"})
    files = written(rendered((entry, [shelf.picture(entry, "bell")])))
    assert next(iter(files)) == f"{CATALOG}/Generated/Icons/Contents.json"
    assert not {f"{CATALOG}/Contents.json", f"{CATALOG}/Generated/Contents.json"} & set(files)


@pytest.mark.parametrize("kind", ["pdf", "svg"])
def test_an_icon_is_stored_as_figma_made_it(shelf: Shelf, kind: str) -> None:
    (entry,) = icons({"format": kind})
    result = rendered((entry, [shelf.picture(entry, "bell", ("", "ipad"), ("",))]))
    assert list(below(result, f"{ICONS}/bell.imageset").items()) == [
        (f"bellL.{kind}", f"bell {kind} 1"),
        (f"bell~ipadL.{kind}", f"bell~ipad {kind} 1"),
        (f"bellD.{kind}", f"bell_dark {kind} 1"),
    ]
    assert [(item["filename"], item["idiom"]) for item in listing(result, f"{ICONS}/bell.imageset")] == [
        (f"bellL.{kind}", "universal"),
        (f"bell~ipadL.{kind}", "ipad"),
        (f"bellD.{kind}", "universal"),
    ]


@pytest.mark.parametrize(("scales", "of_one"), [(None, [1, 2, 3]), ([3, 1], [1, 3]), ([2, 2.0], [2]), ([1], [1])])
def test_an_image_from_png_has_a_file_for_each_scale_and_says_so_even_at_one(
    shelf: Shelf, scales: object, of_one: list[int]
) -> None:
    (entry,) = images({} if scales is None else {"scales": scales})
    result = rendered((entry, [shelf.picture(entry, "boat")]))
    assert below(result, f"{ART}/boat.imageset") == {f"boat@{scale}x.png": f"boat png {scale}" for scale in of_one}
    assert listing(result, f"{ART}/boat.imageset") == [
        {"filename": f"boat@{scale}x.png", "idiom": "universal", "scale": f"{scale}x"} for scale in of_one
    ]
    assert properties(result, f"{ART}/boat.imageset") is None
    assert result.rasters == ()


def test_an_image_from_svg_is_drawn_here_under_the_names_that_apps_know(shelf: Shelf) -> None:
    (entry,) = images({"sourceFormat": "svg", "scales": [2, 1]})
    result = rendered((entry, [shelf.picture(entry, "boat", ("", "ipad"), ("",))]))
    assert below(result, f"{ART}/boat.imageset") == {
        "boat.png": "boat svg 1 -> png 1",
        "boat@2x.png": "boat svg 1 -> png 2",
        "boat~ipad.png": "boat~ipad svg 1 -> png 1",
        "boat~ipad@2x.png": "boat~ipad svg 1 -> png 2",
        "boatD.png": "boat_dark svg 1 -> png 1",
        "boatD@2x.png": "boat_dark svg 1 -> png 2",
    }
    assert [(item["filename"], item["idiom"], item["scale"]) for item in listing(result, f"{ART}/boat.imageset")] == [
        ("boat.png", "universal", "1x"),
        ("boat@2x.png", "universal", "2x"),
        ("boat~ipad.png", "ipad", "1x"),
        ("boat~ipad@2x.png", "ipad", "2x"),
        ("boatD.png", "universal", "1x"),
        ("boatD@2x.png", "universal", "2x"),
    ]


@pytest.mark.parametrize(
    ("options", "how"),
    [(None, "90"), ({"quality": 40}, "40"), ({"encoding": "lossless"}, "lossless"), ({"encoding": "lossy"}, "90")],
)
def test_heic_is_made_here_from_either_source(shelf: Shelf, options: Keys | None, how: str) -> None:
    keys: Keys = {"outputFormat": "heic", "scales": [1, 2], **({} if options is None else {"heicOptions": options})}
    of_png, of_svg = images(keys, {**keys, "assetsFolder": "Drawn", "sourceFormat": "svg"})
    result = rendered((of_png, [shelf.picture(of_png, "boat")]), (of_svg, [shelf.picture(of_svg, "hull")]))
    assert below(result, f"{ART}/boat.imageset") == {
        "boat@1x.heic": f"boat png 1 -> heic 1 {how}",
        "boat@2x.heic": f"boat png 2 -> heic 1 {how}",
    }
    assert below(result, f"{CATALOG}/Drawn/hull.imageset") == {
        "hull.heic": f"hull svg 1 -> heic 1 {how}",
        "hull@2x.heic": f"hull svg 1 -> heic 2 {how}",
    }
    assert [item["filename"] for item in listing(result, f"{ART}/boat.imageset")] == ["boat@1x.heic", "boat@2x.heic"]
    assert result.warnings == ()


def test_without_an_encoder_png_takes_the_place_of_heic_with_one_word_on_what_to_install(shelf: Shelf) -> None:
    keys: Keys = {"outputFormat": "heic", "scales": [1]}
    of_png, of_svg = images(keys, {**keys, "assetsFolder": "Drawn", "sourceFormat": "svg"})
    result = rendered(
        (of_png, [shelf.picture(of_png, "boat")]), (of_svg, [shelf.picture(of_svg, "hull")]), can_heic=False
    )
    assert below(result, f"{ART}/boat.imageset") == {"boat@1x.png": "boat png 1"}
    assert below(result, f"{CATALOG}/Drawn/hull.imageset") == {"hull.png": "hull svg 1 -> png 1"}
    assert [item["filename"] for item in listing(result, f"{ART}/boat.imageset")] == ["boat@1x.png"]
    (warning,) = result.warnings
    assert warning.code == "ios.no-heic"
    assert "ios.images[0], ios.images[1]" in warning.message and "exfig-rx[heic]" in warning.hint
    (plain,) = images()
    assert rendered((plain, [shelf.picture(plain, "boat")]), can_heic=False).warnings == ()


# ── properties of a set ──


@pytest.mark.parametrize(
    ("mode", "written_"),
    [
        ("template", {"template-rendering-intent": "template"}),
        ("original", {"template-rendering-intent": "original"}),
        ("default", None),
    ],
)
def test_the_render_mode_of_a_picture_is_the_intent_of_its_set(shelf: Shelf, mode: str, written_: object) -> None:
    for block in (icons, images):
        (entry,) = block()
        result = rendered((entry, [shelf.picture(entry, "a", render_mode=mode)]))
        assert properties(result, f"{CATALOG}/{entry.settings.assets_folder}/a.imageset") == written_  # type: ignore[union-attr]


def test_an_icon_is_a_template_unless_the_config_says_otherwise_and_an_image_is_not(shelf: Shelf) -> None:
    icon, plain = (*icons(), *icons({"renderMode": "default", "assetsFolder": "Plain"}))
    image, mono = images({}, {"renderMode": "template", "assetsFolder": "Mono"})
    result = rendered(*((entry, [shelf.picture(entry, f"p{n}")]) for n, entry in enumerate((icon, plain, image, mono))))
    template = {"template-rendering-intent": "template"}
    assert properties(result, f"{ICONS}/p0.imageset") == template
    assert properties(result, f"{CATALOG}/Plain/p1.imageset") is None
    assert properties(result, f"{ART}/p2.imageset") is None
    assert properties(result, f"{CATALOG}/Mono/p3.imageset") == template


@pytest.mark.parametrize(
    ("patterns", "kept"),
    [
        (["bell"], {"bell"}),
        (["be*"], {"bell", "bellSmall"}),
        (["*ll*", "star"], {"bell", "bellSmall", "star"}),
        (["*"], {"bell", "bellSmall", "star"}),
        (["Bell", "bel", "be?l", ""], set()),
        ([], set()),
    ],
)
def test_vectors_are_kept_only_where_a_pattern_fits_the_whole_final_name(
    shelf: Shelf, patterns: list[str], kept: set[str]
) -> None:
    (entry,) = icons({"preservesVectorRepresentation": patterns, "renderMode": "default"})
    names = ("bell", "bellSmall", "star")
    result = rendered((entry, [shelf.picture(entry, name, node=f"1:{n}") for n, name in enumerate(names)]))
    keeps = {"preserves-vector-representation": True}
    for name in names:
        assert properties(result, f"{ICONS}/{name}.imageset") == (keeps if name in kept else None)


def test_only_icons_are_mirrored_and_then_in_all_their_files(shelf: Shelf) -> None:
    (icon,), (image,) = icons(), images({"scales": [1]})
    result = rendered(
        (icon, [shelf.picture(icon, "back", ("", "ipad"), ("",), is_rtl=True), shelf.picture(icon, "up", node="1:2")]),
        (image, [shelf.picture(image, "boat", is_rtl=True)]),
    )
    directions = [item["language-direction"] for item in listing(result, f"{ICONS}/back.imageset")]
    assert directions == ["left-to-right"] * 3
    for folder in (f"{ICONS}/up.imageset", f"{ART}/boat.imageset"):
        assert all("language-direction" not in item for item in listing(result, folder))


# ── slots ──


def test_an_icon_for_an_unknown_device_goes_to_all_and_is_told(shelf: Shelf) -> None:
    (entry,) = icons()
    result = rendered((entry, [shelf.picture(entry, "bell", ("fridge",)), shelf.picture(entry, "star", node="1:2")]))
    assert listing(result, f"{ICONS}/bell.imageset") == [{"filename": "bell~fridge.pdf", "idiom": "universal"}]
    (warning,) = result.warnings
    assert warning.code == "ios.unknown-idiom"
    assert "1 drawing" in warning.message and "'bell~fridge'" in warning.message
    assert "ipad" in warning.hint
    assert warning.location is not None and warning.location.node_id == "1:1"


def test_an_image_for_an_unknown_device_is_left_out_and_told(shelf: Shelf) -> None:
    (entry,) = images({"scales": [1, 3]})
    result = rendered((entry, [shelf.picture(entry, "boat", ("", "fridge", "watch"), ("fridge",))]))
    assert list(below(result, f"{ART}/boat.imageset")) == ["boatL@1x.png", "boatL@3x.png"]
    (warning,) = result.warnings
    assert warning.code == "ios.no-slot"
    assert "3 drawings left out" in warning.message and "at 1x or 3x" in warning.message
    assert "'boat~fridge', 'boat~watch', 'boat_dark~fridge'" in warning.message
    assert "watch at 2x" in warning.hint


@pytest.mark.parametrize("there", [False, True])
def test_an_image_without_any_slot_has_no_set_and_is_named_only_if_an_earlier_run_wrote_one(
    shelf: Shelf, *, there: bool
) -> None:
    (entry,) = images({"scales": [1, 2, 3], **SWIFT})
    pictures = [shelf.picture(entry, "boat", ("fridge",), ("",)), shelf.picture(entry, "hull", node="1:2")]
    kept = f"{ART}/boat.imageset/Contents.json"
    result = rendered((entry, pictures), there=[kept] if there else [])
    assert not any("boat.imageset" in path for path in written(result))
    assert declared(written(result)["Image.swift"]) == ["boat", "hull"] if there else ["hull"]
    (failure,) = result.failures
    assert failure.code == "ios.no-slot"
    assert failure.message.startswith("image 'boat': Xcode has no slot for its light drawings at 1x, 2x or 3x")
    assert result.warnings == ()


def test_a_scale_without_a_slot_is_dropped_without_a_word(shelf: Shelf) -> None:
    (entry,) = images()
    result = rendered((entry, [shelf.picture(entry, "boat", ("", "ipad"))]))
    assert [item["scale"] for item in listing(result, f"{ART}/boat.imageset")] == ["1x", "2x", "3x", "1x", "2x"]
    assert result.warnings == ()


def test_two_drawings_for_one_slot_are_told(shelf: Shelf) -> None:
    for block in (icons, images):
        (entry,) = block()
        result = rendered((entry, [shelf.picture(entry, "bell", ("", "universal", "ipad"))]))
        (warning,) = result.warnings
        assert warning.code == "ios.same-slot"
        assert "2 drawings" in warning.message and "'bell', 'bell~universal'" in warning.message


# ── Swift ──

IN_OTHER = "in: BundleProvider.bundle, compatibleWith: nil"
ELSEWHERE: Keys = {"xcassetsInMainBundle": False}


@pytest.mark.parametrize("block", [icons, images])
@pytest.mark.parametrize(
    ("section", "uikit", "swiftui"),
    [
        ({}, "UIImage(named: #function)!", "Image(#function)"),
        (ELSEWHERE, f"UIImage(named: #function, {IN_OTHER})!", "Image(#function, bundle: BundleProvider.bundle)"),
    ],
)
def test_a_property_has_two_shapes(shelf: Shelf, block: type, section: Keys, uikit: str, swiftui: str) -> None:
    (entry,) = block(SWIFT, **section)
    files = written(rendered((entry, [shelf.picture(entry, "boat", ("", "ipad"), ("",))])))
    assert members(files["UIImage.swift"]) == [f"static var boat: UIImage {{ {uikit} }}"]
    assert members(files["Image.swift"]) == [f"static var boat: Image {{ {swiftui} }}"]


def test_an_extension_has_the_frame_of_those_of_colors(shelf: Shelf) -> None:
    (entry,) = icons(SWIFT)
    files = written(rendered((entry, [shelf.picture(entry, "bell"), shelf.picture(entry, "star", node="1:2")])))
    assert files["UIImage.swift"].startswith("//  swiftlint:disable all\n//\n")
    assert files["UIImage.swift"].split("\n")[9:11] == ["", "import UIKit"]
    assert body(files["UIImage.swift"], "import") == (
        "import UIKit\n\n" + PROVIDER + "\n\n"
        "public extension UIImage {\n"
        "    static var bell: UIImage { UIImage(named: #function)! }\n"
        "    static var star: UIImage { UIImage(named: #function)! }\n}\n"
    )
    assert body(files["Image.swift"], "import") == (
        "import SwiftUI\n\n" + PROVIDER + "\n\n"
        "public extension Image {\n"
        "    static var bell: Image { Image(#function) }\n"
        "    static var star: Image { Image(#function) }\n}\n"
    )


def test_an_entry_of_which_nothing_could_be_made_writes_nothing_and_says_so(shelf: Shelf) -> None:
    (entry,) = icons(SWIFT)
    lost = [shelf.picture(entry, name, node=f"1:{name}", is_kept=True) for name in ("bell", "wave")]
    result = rendered((entry, lost))
    assert [problem.code for problem in result.failures] == ["export.nothing-made"]
    assert "none of 2 icons could be made" in result.failures[0].message
    assert not result.files


def test_without_members_an_extension_is_empty_and_there_is_no_code_connect() -> None:
    (entry,) = icons({**SWIFT, "codeConnectSwift": "CodeConnect.swift"})
    files = written(rendered((entry, [])))
    assert files["UIImage.swift"].endswith("public extension UIImage {\n}\n")
    assert files["Image.swift"].endswith("public extension Image {\n}\n")
    assert "CodeConnect.swift" not in files


def test_the_objc_attribute_is_for_uikit_alone(shelf: Shelf) -> None:
    (entry,) = images(SWIFT, addObjcAttribute=True)
    files = written(rendered((entry, [shelf.picture(entry, "boat")])))
    assert members(files["UIImage.swift"]) == ["@objc static var boat: UIImage { UIImage(named: #function)! }"]
    assert members(files["Image.swift"]) == ["static var boat: Image { Image(#function) }"]


PACKAGE: Keys = {"xcassetsInSwiftPackage": True}
NAMES: Keys = {"resourceBundleNames": ["Kit_UI", "Kit_Core"]}


@pytest.mark.parametrize("in_main", [True, False])
@pytest.mark.parametrize(
    ("section", "provider", "finder", "warns"),
    [
        ({**PACKAGE, **NAMES}, "Bundle._module", True, False),
        (PACKAGE, "Bundle.module", False, False),
        ({}, "Bundle(for: BundleProvider.self)", False, False),
        (NAMES, "Bundle(for: BundleProvider.self)", False, True),
    ],
)
def test_the_bundle_follows_the_keys_of_the_platform(
    shelf: Shelf, section: Keys, provider: str, *, finder: bool, warns: bool, in_main: bool
) -> None:
    (entry,) = icons(SWIFT, xcassetsInMainBundle=in_main, **section)
    result = rendered((entry, [shelf.picture(entry, "bell")]))
    if warns and in_main:
        # Nothing in the file uses the class, which ExFig 1.3.2 leaves out here; the finder it does write.
        provider, finder, warns = "", True, False
    for path in ("UIImage.swift", "Image.swift"):
        text = written(result)[path]
        provided = f"private class BundleProvider {{\n    static let bundle = {provider}\n}}\n\n" if provider else ""
        assert f"\n\n{provided}public extension " in text
        assert ("private class BundleProvider" in text) == bool(provider)
        assert ("\n}\n\nprivate extension Foundation.Bundle {\n" in text) == finder
        assert ("BundleProvider.bundle" in text) == (not in_main)
        assert_parses(path, text)
    assert codes(result) == (["config.unused-key"] if warns else [])


def test_members_are_in_the_order_of_their_declarations_with_keywords_in_backticks(shelf: Shelf) -> None:
    (entry,) = icons({**SWIFT, "codeConnectSwift": "Connect.swift"})
    names = ("class", "apple", "Zebra", "left", "ic10", "ic2")
    files = written(rendered((entry, [shelf.picture(entry, name, node=f"1:{n}") for n, name in enumerate(names)])))
    assert declared(files["Image.swift"]) == ["Zebra", "`class`", "`left`", "apple", "ic10", "ic2"]
    structs = [line.split(":")[0] for line in files["Connect.swift"].splitlines() if line.startswith("struct")]
    assert structs == [f"struct Asset_{name}" for name in ("Zebra", "apple", "class", "ic10", "ic2", "left")]
    assert f"{ICONS}/class.imageset/class.pdf" in files


def test_a_name_that_swift_refuses_gets_a_legal_one_and_looks_up_the_real_one(shelf: Shelf) -> None:
    (entry,) = icons({**SWIFT, "codeConnectSwift": "Connect.swift"})
    names = ("24home", 'a"b\\c', "größe", "-", "Image")
    result = rendered((entry, [shelf.picture(entry, name, node=f"1:{n}") for n, name in enumerate(names)]))
    files = written(result)
    assert members(files["Image.swift"]) == [
        'static var Image_: Image { Image("Image") }',
        'static var _24home: Image { Image("24home") }',
        'static var __: Image { Image("-") }',
        'static var a_b_c: Image { Image("a\\"b\\\\c") }',
        "static var größe: Image { Image(#function) }",
    ]
    assert "struct Asset_a_b_c: FigmaConnect {" in files["Connect.swift"]
    assert '        Image("a\\"b\\\\c")\n' in files["Connect.swift"]
    (warning,) = result.warnings
    assert warning.code == "design.renamed"
    assert warning.message.startswith("renamed 4 icons to get a legal Swift property: 'Image' to 'Image_', ")


def test_nobody_is_told_of_a_swift_name_that_no_file_has(shelf: Shelf) -> None:
    (entry,) = icons(SWIFT)
    lost = shelf.picture(entry, "24home", is_kept=True)
    assert rendered((entry, [lost, shelf.picture(entry, "bell", node="1:2")])).warnings == ()


def test_nobody_is_told_of_swift_names_where_no_extension_is_written(shelf: Shelf) -> None:
    (entry,) = icons({"codeConnectSwift": "Connect.swift"}, **NAMES, xcassetsInMainBundle=False)
    assert rendered((entry, [shelf.picture(entry, "24home")])).warnings == ()


def test_code_connect_ties_each_picture_to_its_component_or_set(shelf: Shelf) -> None:
    (entry,) = images({"codeConnectSwift": "Connect.swift", "scales": [1]})
    pictures = [
        shelf.picture(entry, "boat", node="41:7"),
        shelf.picture(entry, "boat-sails", node="41:9", link_id="40:1"),
    ]
    text = written(rendered((entry, pictures)))["Connect.swift"]
    assert text.startswith("//  swiftlint:disable all\n")
    assert body(text, "//\n\n#if") == (
        "//\n\n#if DEBUG\nimport SwiftUI\n\n\n"
        "struct Asset_boat: FigmaConnect {\n"
        f'    let figmaNodeUrl = "https://www.figma.com/design/{FILE}?node-id=41-7"\n\n'
        '    var body: some View {\n        Image("boat")\n    }\n}\n\n\n'
        "struct Asset_boat_sails: FigmaConnect {\n"
        f'    let figmaNodeUrl = "https://www.figma.com/design/{FILE}?node-id=40-1"\n\n'
        '    var body: some View {\n        Image("boat-sails")\n    }\n}\n\n\n'
        "#endif\n"
    )
    assert_parses("Connect.swift", text)


def test_no_key_no_swift(shelf: Shelf) -> None:
    (entry,) = icons()
    assert not any(path.endswith(".swift") for path in written(rendered((entry, [shelf.picture(entry, "bell")]))))


@pytest.mark.parametrize(("value", "notes"), [(False, ["ios.project-untouched"]), (True, []), (None, [])])
def test_one_note_stands_where_the_older_tool_edited_the_project(
    shelf: Shelf, value: bool | None, notes: list[str]
) -> None:
    first, second = icons(
        {"imageSwift": "A.swift"}, {"codeConnectSwift": "B.swift", "assetsFolder": "B"}, xcassetsInSwiftPackage=value
    )
    result = rendered((first, [shelf.picture(first, "a")]), (second, [shelf.picture(second, "b")]))
    assert codes(result) == notes
    assert all("A.swift, B.swift" in problem.message for problem in result.warnings)
    (silent,) = icons(xcassetsInSwiftPackage=value)
    assert rendered((silent, [shelf.picture(silent, "a")])).warnings == ()


# ── several entries ──


def test_entries_of_one_folder_make_one_catalog_and_files_of_their_own(shelf: Shelf) -> None:
    one, other = icons({"imageSwift": "A.swift"}, {"format": "svg", "imageSwift": "B.swift"})
    result = rendered((one, [shelf.picture(one, "bell")]), (other, [shelf.picture(other, "star", node="1:2")]))
    files = written(result)
    assert list(files) == [
        f"{ICONS}/Contents.json",
        f"{ICONS}/bell.imageset/Contents.json",
        f"{ICONS}/bell.imageset/bell.pdf",
        f"{ICONS}/star.imageset/Contents.json",
        f"{ICONS}/star.imageset/star.svg",
        "A.swift",
        "B.swift",
    ]
    assert (declared(files["A.swift"]), declared(files["B.swift"])) == (["bell"], ["star"])
    assert result.warnings == ()


def test_icons_and_images_may_share_a_folder_however_it_is_spelled(shelf: Shelf) -> None:
    icon, image = entries(
        {
            "icons": [{"format": "pdf", "assetsFolder": "All", "nameStyle": "camelCase"}],
            "images": [{"assetsFolder": "./all/", "nameStyle": "camelCase", "scales": [1]}],
        }
    )
    files = written(rendered((icon, [shelf.picture(icon, "bell")]), (image, [shelf.picture(image, "boat")])))
    assert [path for path in files if path.lower().endswith("/all/contents.json")] == [f"{CATALOG}/All/Contents.json"]
    with pytest.raises(DesignError, match="differ only in letter case"):
        rendered((icon, [shelf.picture(icon, "bell")]), (image, [shelf.picture(image, "bell", node="1:2")]))


def test_a_name_in_two_folders_is_told_once_as_code_finds_only_one(shelf: Shelf) -> None:
    (icon,), (image,) = icons(), images()
    names = ("bell", "star", "boat")
    result = rendered(
        (icon, [shelf.picture(icon, name, node=f"1:{n}") for n, name in enumerate(names)]),
        (image, [shelf.picture(image, name, node=f"2:{n}") for n, name in enumerate(names[1:])]),
    )
    (warning,) = result.warnings
    assert warning.code == "ios.same-name"
    assert warning.message.startswith("2 names in several folders of the catalog")
    assert "'boat' (ios.icons, ios.images), 'star' (ios.icons, ios.images)" in warning.message


# ── what fails ──


@pytest.mark.parametrize("there", [False, True])
def test_a_picture_that_failed_keeps_its_earlier_set_and_member_or_has_neither(shelf: Shelf, *, there: bool) -> None:
    (entry,) = icons({**SWIFT, "codeConnectSwift": "Connect.swift"})
    pictures = [shelf.picture(entry, "bell", is_kept=True), shelf.picture(entry, "star", node="1:2")]
    earlier = [f"{ICONS}/bell.imageset/Contents.json"] if there else []
    files = written(rendered((entry, pictures), there=earlier))
    assert not any(path.startswith(f"{ICONS}/bell.imageset") for path in files)
    names = ["bell", "star"] if there else ["star"]
    assert declared(files["UIImage.swift"]) == declared(files["Image.swift"]) == names
    assert files["Connect.swift"].count("struct Asset_") == len(names)


def test_a_fault_of_a_name_refuses_the_whole_config_before_any_picture_is_read(shelf: Shelf) -> None:
    (entry,) = icons()
    bare = replace(shelf.picture(entry, "bell"), light=(replace(shelf.picture(entry, "bell").light[0], renders={}),))
    with pytest.raises(DesignError, match="can't be exported"):
        rendered((entry, [bare, shelf.picture(entry, "x" * 247, node="1:2")]))


@pytest.mark.parametrize(
    ("keys", "first", "second", "says"),
    [
        ({}, "bell", "bell", "become the file 'App/Assets.xcassets/Icons/bell.imageset/Contents.json'"),
        ({}, "Add", "add", "become files whose names differ only in letter case: "),
        (SWIFT, "bell", "bell", "become the file 'App/Assets.xcassets/Icons/bell.imageset/Contents.json'"),
        (SWIFT, "Add", "add", "become files whose names differ only in letter case: "),
        ({"imageSwift": "A.swift"}, "a-b", "a_b", "become the Swift property 'a_b'"),
        ({"swiftUIImageSwift": "A.swift"}, "24", "_24", "become the Swift property '_24'"),
        ({"codeConnectSwift": "A.swift"}, "a-b", "a_b", "become the struct 'Asset_a_b'"),
        ({"codeConnectSwift": "A.swift"}, "Add", "add", "become files whose names differ only in letter case: "),
        ({**SWIFT, "codeConnectSwift": "A.swift"}, "a-b", "a_b", "become the Swift property 'a_b'"),
    ],
)
def test_two_pictures_that_would_share_a_place_are_named_together_and_once(
    shelf: Shelf, keys: Keys, first: str, second: str, says: str
) -> None:
    (entry,) = icons(keys)
    pair = [shelf.picture(entry, first, node="1:1"), shelf.picture(entry, second, node="1:2")]
    with pytest.raises(DesignError) as caught:
        rendered((entry, pair))
    (problem,) = caught.value.problems
    assert says in problem.message
    assert "node 1:1" in problem.message and "node 1:2" in problem.message
    assert "node-id=1-1" in problem.hint


def test_pictures_of_one_name_are_told_once_whatever_they_are_called_in_figma(shelf: Shelf) -> None:
    (entry,) = icons({**SWIFT, "codeConnectSwift": "Connect.swift"})
    pair = [
        shelf.picture(entry, "bell", node=f"1:{n}", original_name=raw) for n, raw in enumerate(("Bell", "bell/bell"))
    ]
    with pytest.raises(DesignError) as caught:
        rendered((entry, pair))
    (problem,) = caught.value.problems
    assert "'Bell' (file" in problem.message and "'bell/bell' (file" in problem.message


def test_names_that_clash_only_in_code_are_fine_without_code(shelf: Shelf) -> None:
    (entry,) = icons()
    files = written(rendered((entry, [shelf.picture(entry, "a-b"), shelf.picture(entry, "a_b", node="1:2")])))
    assert {f"{ICONS}/a-b.imageset/a-b.pdf", f"{ICONS}/a_b.imageset/a_b.pdf"} <= set(files)


def test_equal_names_of_two_entries_are_told_at_the_second(shelf: Shelf) -> None:
    one, other = icons({}, {"format": "svg"})
    with pytest.raises(DesignError) as caught:
        rendered((one, [shelf.picture(one, "bell")]), (other, [shelf.picture(other, "Bell", node="1:2")]))
    (problem,) = caught.value.problems
    assert problem.code == "config.same-target"
    assert "'bell' of ios.icons[0], 'Bell' of ios.icons[1]" in problem.message
    assert problem.location is not None and problem.location.key == "ios.icons[1]"


def test_entries_that_export_the_same_to_one_folder_are_one_error(shelf: Shelf) -> None:
    one, other = icons({}, {"format": "svg"})
    names = ("bell", "star")
    both = [
        (entry, [shelf.picture(entry, name, node=f"1:{n}") for n, name in enumerate(names)]) for entry in (one, other)
    ]
    with pytest.raises(DesignError) as caught:
        rendered(*both)
    (problem,) = caught.value.problems
    assert problem.code == "config.same-target"
    assert "ios.icons[0] and ios.icons[1] both write the files of 2 drawings" in problem.message
    assert "'bell', 'star'" in problem.message


def test_every_fault_of_all_entries_is_told_at_once_and_without_renders(shelf: Shelf) -> None:
    (icon,), (image,) = icons(SWIFT), images()
    bad = [shelf.picture(icon, name, node=f"1:{n}") for n, name in enumerate(("", "a\x07", "x" * 300, "b", "b"))]
    worse = [shelf.picture(image, "boat"), shelf.picture(image, "x" * 300, node="1:2")]
    with pytest.raises(DesignError) as caught:
        rendered((icon, bad), (image, worse))
    assert len(caught.value.problems) == 5
    assert "no letter or digit is left of it" in caught.value.problems[0].message
    sets = [PictureSet(icon, tuple(bad)), PictureSet(image, tuple(worse))]
    assert refused_early(sets) == caught.value.problems


@pytest.mark.parametrize("idiom", ["../../x", "a/b", "\x00", "..\\..\\x"])
def test_an_idiom_never_leads_out_of_its_set(shelf: Shelf, idiom: str) -> None:
    (icon,), (image,) = icons(), images()
    hostile = f"x\\{idiom}" if "\\" in idiom else idiom
    with pytest.raises(DesignError, match="can't be exported: its file"):
        rendered((icon, [shelf.picture(icon, "bell", (hostile,))]))
    result = rendered((image, [shelf.picture(image, "boat", ("", hostile))]))
    assert codes(result) == ["ios.no-slot"]
    assert all(problem.message.isprintable() for problem in result.warnings)


# ── the same again ──


def test_neither_the_order_of_pictures_nor_that_of_their_drawings_changes_a_byte(shelf: Shelf) -> None:
    (entry,) = images({**SWIFT, "codeConnectSwift": "C.swift", "scales": [3, 1, 2]})
    pictures = [
        shelf.picture(entry, "boat", ("", "ipad", "watch"), ("", "ipad"), link_id="9:9"),
        shelf.picture(entry, "24", node="1:2", link_id="9:9"),
        shelf.picture(entry, "class", node="1:3", link_id="9:9"),
    ]
    first = rendered((entry, pictures))

    def turned(picture: Picture) -> Picture:
        return replace(picture, light=picture.light[::-1], dark=picture.dark[::-1])

    for order in permutations(pictures):
        assert rendered((entry, order)) == first
        files = written(rendered((entry, list(map(turned, order)))))
        assert files == written(first) and list(files) == list(written(first))


# ── templates ──


def test_the_documented_variables_are_there(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    extension = (
        "{{ assetsInSwiftPackage }} {{ assetsInMainBundle }} {{ resourceBundleNames }} {{ addObjcPrefix }}\n"
        "{% for image in images %}{{ image.name }} {{ image.lookup }}\n{% endfor %}"
    )
    connect = (
        "{% for a in assets %}{{ a.name }}|{{ a.lookup }}|{{ a.structName }}|{{ a.nodeId }}|{{ a.fileId }}|"
        "{{ a.figmaUrl }}\n{% endfor %}"
    )
    (folder / "UIImage+extension.swift.stencil").write_text(extension)
    (folder / "Image+extension.swift.jinja").write_text(extension)
    (folder / "CodeConnect.figma.swift.j2").write_text(connect)
    (entry,) = icons({**SWIFT, "codeConnectSwift": "C.swift"}, addObjcAttribute=True, **PACKAGE, **NAMES)
    pictures = [shelf.picture(entry, "class", node="4:1"), shelf.picture(entry, "2x", node="4:2")]
    files = written(rendered((entry, pictures), templates=str(folder)))
    lines = '_2x "2x"\n`class` #function\n'
    assert files["UIImage.swift"] == f'true true ["Kit_UI", "Kit_Core"] true\n{lines}'
    assert files["Image.swift"] == f'true true ["Kit_UI", "Kit_Core"] false\n{lines}'
    link = f"https://www.figma.com/design/{FILE}?node-id="
    assert files["C.swift"] == (
        f'2x|"2x"|Asset_2x|4-2|{FILE}|{link}4-2\nclass|"class"|Asset_class|4-1|{FILE}|{link}4-1\n'
    )


PART = "{% for image in images %}<{{ image.name }}>{% endfor %}"


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"{}+extension.swift.stencil.include": PART}, "public extension {} {{\n<a><b>}}\n"),
        ({"{}+extension.swift.include.jinja": PART}, "public extension {} {{\n<a><b>}}\n"),
        (
            {
                "{}+extension.swift.stencil": '[{% include "{}+extension.swift.stencil.include" %}]',
                "{}+extension.swift.stencil.include": PART,
            },
            "[<a><b>]",
        ),
        ({"{}+extension.swift.jinja": '[{% include "{}+extension.swift.include" %}]'}, "    static var b: {} {{ {}("),
        ({"Bundle+extension.swift.stencil.include": "// found"}, "}}\n// found"),
        ({"Bundle+extension.swift.jinja": "// found"}, "}}\n// found"),
    ],
)
@pytest.mark.parametrize("type_", ["UIImage", "Image"])
def test_members_alone_and_the_frame_alone_can_be_replaced_as_in_other_tools(
    shelf: Shelf, tmp_path: Path, type_: str, files: dict[str, str], wanted: str
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("{}", type_)).write_text(text.replace("{}", type_))
    (entry,) = icons(SWIFT, **PACKAGE, **NAMES)
    pictures = [shelf.picture(entry, "a"), shelf.picture(entry, "b", node="1:2")]
    text = written(rendered((entry, pictures), templates=str(folder)))[f"{type_}.swift"]
    assert wanted.format(type_, type_) in text


USES = [f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(9)]
BOMBS = {
    "entities": ('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "the entity 'a'"),
    "depth": (f'<svg xmlns="http://www.w3.org/2000/svg">{"<g>" * 99}{"</g>" * 99}</svg>', "too large"),
    "uses": (f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(USES)}</svg>', "too large"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_an_svg_that_would_blow_up_whoever_opens_it_is_not_passed_on(shelf: Shelf, bomb: str) -> None:
    (entry,) = icons({"format": "svg", **SWIFT})
    content, why = BOMBS[bomb]
    bell = shelf.picture(entry, "bell", node="1:2")
    light = tuple(replace(variant, renders={entry.specs[0]: shelf.blob(content)}) for variant in bell.light)
    result = rendered((entry, [shelf.picture(entry, "star"), replace(bell, light=light)]))
    assert why in result.failures[0].message
    assert not any("bell" in path for path in written(result))
    assert "static var bell" not in written(result)["UIImage.swift"]
    there = f"{ICONS}/bell.imageset/Contents.json"
    kept = written(rendered((entry, [replace(bell, light=light)]), there=[there]))
    assert "static var bell" in kept["UIImage.swift"] and there not in kept
