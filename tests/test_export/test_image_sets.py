"""Image sets: what files are called, where Xcode shows them, in which order, and `Contents.json` byte for byte."""

import json
from collections.abc import Sequence

import pytest

from exfig_rx.export.image_sets import SLOTS, FileNames, doubled, image_files, image_set, set_fault, unplaced
from exfig_rx.pictures import Picture, Variant
from tests.test_export.palettes import text_of

VECTORS = FileNames("pdf")
RASTERS = FileNames("png", (1, 2, 3))
TERSE = FileNames("png", (1, 2, 3), is_terse=True)


def picture(name: str, light: Sequence[str] = ("",), dark: Sequence[str] = ()) -> Picture:
    """A picture with a drawing for each idiom by day and by night."""
    day = tuple(Variant("F", f"1:{n}", f"{name}~{idiom}", idiom) for n, idiom in enumerate(light))
    night = tuple(Variant("F", f"2:{n}", f"{name}_dark~{idiom}", idiom) for n, idiom in enumerate(dark))
    return Picture(name, name, day, night)


def names_of(drawn: Picture, names: FileNames) -> list[str]:
    """The names of the files of a picture, in the order of the catalog."""
    return [file.name for file in image_files(drawn, names)]


@pytest.mark.parametrize(
    ("names", "light", "dark", "files"),
    [
        (VECTORS, ("",), (), ["a.pdf"]),
        (FileNames("svg"), ("",), (), ["a.svg"]),
        (VECTORS, ("",), ("",), ["aL.pdf", "aD.pdf"]),
        (VECTORS, ("", "ipad"), ("ipad",), ["aL.pdf", "a~ipadL.pdf", "a~ipadD.pdf"]),
        (RASTERS, ("",), (), ["a@1x.png", "a@2x.png", "a@3x.png"]),
        (FileNames("heic", (2,)), ("",), (), ["a@2x.heic"]),
        (FileNames("png", (1,)), ("ipad",), ("ipad",), ["a~ipadL@1x.png", "a~ipadD@1x.png"]),
        (TERSE, ("",), (), ["a.png", "a@2x.png", "a@3x.png"]),
        (FileNames("png", (1, 2), is_terse=True), ("",), ("",), ["a.png", "a@2x.png", "aD.png", "aD@2x.png"]),
        (FileNames("heic", (1,), is_terse=True), ("", "tv"), ("tv",), ["a.heic", "a~tv.heic", "a~tvD.heic"]),
    ],
)
def test_a_name_tells_idiom_mode_and_scale(
    names: FileNames, light: Sequence[str], dark: Sequence[str], files: list[str]
) -> None:
    assert names_of(picture("a", light, dark), names) == files


@pytest.mark.parametrize(
    ("idiom", "scales"),
    [
        ("iphone", [1, 2, 3]),
        ("ipad", [1, 2]),
        ("tv", [1, 2]),
        ("mac", [1, 2]),
        ("watch", [2]),
        ("car", [2, 3]),
        ("universal", [1, 2, 3]),
        ("", [1, 2, 3]),
        ("fridge", []),
        ("iPad", []),
    ],
)
def test_a_raster_is_there_only_for_slots_that_xcode_has(idiom: str, scales: list[int]) -> None:
    files = image_files(picture("a", (idiom,)), RASTERS)
    assert [file.scale for file in files] == scales
    assert {file.idiom for file in files} <= {idiom or "universal"}


def test_a_vector_of_an_unknown_idiom_is_universal_and_keeps_its_name() -> None:
    (file,) = image_files(picture("a", ("fridge",)), VECTORS)
    assert (file.name, file.idiom, file.scale) == ("a~fridge.pdf", "universal", None)


@pytest.mark.parametrize(
    "light", [("", "car", "ipad", "watch"), ("watch", "ipad", "", "car"), ("ipad", "", "watch", "car")]
)
def test_files_come_universal_first_then_by_idiom_then_by_scale_and_all_light_ones_before_dark(
    light: Sequence[str],
) -> None:
    drawn = picture("a", light, tuple(reversed(light)))
    assert names_of(drawn, FileNames("png", (2, 3))) == [
        "aL@2x.png",
        "aL@3x.png",
        "a~carL@2x.png",
        "a~carL@3x.png",
        "a~ipadL@2x.png",
        "a~watchL@2x.png",
        "aD@2x.png",
        "aD@3x.png",
        "a~carD@2x.png",
        "a~carD@3x.png",
        "a~ipadD@2x.png",
        "a~watchD@2x.png",
    ]


def test_drawings_without_any_slot_are_known() -> None:
    drawn = picture("a", ("", "watch"), ("car", "fridge"))
    names = FileNames("png", (1, 3))
    left_out = unplaced(drawn, image_files(drawn, names))
    assert [variant.name for variant in left_out] == ["a~watch", "a_dark~fridge"]
    assert unplaced(drawn, image_files(drawn, VECTORS)) == ()


def test_drawings_for_one_slot_are_known() -> None:
    twice = picture("a", ("", "universal", "ipad"), ("", "ipad"))
    assert [one.idiom for one in doubled(image_files(twice, RASTERS))] == ["", "universal"]
    strange = picture("a", ("ipad",), ("fridge", "sink"))
    assert [one.idiom for one in doubled(image_files(strange, VECTORS))] == ["fridge", "sink"]
    assert doubled(image_files(picture("a", tuple(SLOTS), tuple(SLOTS)), RASTERS)) == ()


@pytest.mark.parametrize(
    ("drawn", "says"),
    [
        (picture("x" * 246), ""),
        (picture("x" * 247), "its file name would have 256 bytes"),
        (picture("x" * 240, ("universal",)), ""),
        (picture("x" * 245, ("universal",)), "can't be written: its file name would have 259 bytes"),
        (picture("a", ("../../etc",)), "its file 'a~../../etc.pdf' can't be written: it holds a slash"),
        (picture("a", ("..\\b",)), ""),
        (picture("a", ("b\\..\\c",)), "it would lead to another folder"),
        (picture("a", ("b\n",)), "U+000A"),
        (picture("a", ("",), ("\x00",)), "U+0000"),
        (picture("a", ("iPad", "ipad")), "two of its drawings would be one file: 'a~iPad.pdf', 'a~ipad.pdf'"),
        (picture("a/b"), "it holds a slash"),
    ],
)
def test_a_set_that_a_disk_can_not_hold_has_a_fault(drawn: Picture, says: str) -> None:
    fault = set_fault(drawn, VECTORS)
    assert says in fault
    assert bool(fault) == bool(says)


def test_rasters_of_idioms_that_only_differ_in_case_are_never_two_files() -> None:
    assert set_fault(picture("a", ("iPad", "ipad")), RASTERS) == ""


def test_a_set_of_vectors_has_xcodes_bytes() -> None:
    files = image_files(picture("bell", ("",), ("",)), VECTORS)
    made = image_set("Icons/bell.imageset", files, "template", keeps_vectors=True)
    assert made.path == "Icons/bell.imageset/Contents.json"
    assert text_of(made) == (
        '{\n  "images": [\n    {\n      "filename": "bellL.pdf",\n      "idiom": "universal"\n    },\n'
        '    {\n      "appearances": [\n        {\n          "appearance": "luminosity",\n'
        '          "value": "dark"\n        }\n      ],\n'
        '      "filename": "bellD.pdf",\n      "idiom": "universal"\n    }\n  ],\n'
        '  "info": {\n    "author": "xcode",\n    "version": 1\n  },\n'
        '  "properties": {\n    "preserves-vector-representation": true,\n'
        '    "template-rendering-intent": "template"\n  }\n}'
    )


def test_an_entry_has_its_keys_in_the_order_of_xcode() -> None:
    files = image_files(picture("a", ("ipad",), ("ipad",)), FileNames("png", (2,)))
    light, dark = json.loads(text_of(image_set("a.imageset", files, is_mirrored=True)))["images"]
    assert light == {
        "filename": "a~ipadL@2x.png",
        "idiom": "ipad",
        "language-direction": "left-to-right",
        "scale": "2x",
    }
    assert list(dark) == ["appearances", "filename", "idiom", "language-direction", "scale"]
    assert dark["appearances"] == [{"appearance": "luminosity", "value": "dark"}]


@pytest.mark.parametrize(
    ("intent", "properties"),
    [
        ("template", {"template-rendering-intent": "template"}),
        ("original", {"template-rendering-intent": "original"}),
        ("default", None),
        ("", None),
    ],
)
def test_only_an_intent_that_says_something_is_written(intent: str, properties: object) -> None:
    made = json.loads(text_of(image_set("a.imageset", image_files(picture("a"), VECTORS), intent)))
    assert made.get("properties") == properties
    assert "language-direction" not in made["images"][0]


def test_a_name_stands_in_the_catalog_as_on_disk() -> None:
    drawn = picture('größe "1" \\ 100%')
    text = text_of(image_set("a.imageset", image_files(drawn, VECTORS)))
    assert json.loads(text)["images"][0]["filename"] == names_of(drawn, VECTORS)[0] == 'größe "1" \\ 100%.pdf'
    assert "größe" in text
