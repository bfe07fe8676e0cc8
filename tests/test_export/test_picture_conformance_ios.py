"""What the exporter of icons and images promises on iOS, for any names and idioms that a designer may think of."""

import json
import posixpath
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from exfig_rx.config.picture_entries import SVG, PictureEntry
from exfig_rx.errors import DesignError
from exfig_rx.export.pictures import PictureSet
from exfig_rx.load.naming import final_name
from exfig_rx.model import Rendered
from exfig_rx.pictures import Blob, Picture, Variant
from tests.test_export.grammars import assert_parses
from tests.test_export.ios_sets import FILE, entries, rendered
from tests.test_export.palettes import text_of
from tests.test_export.test_conformance import any_text, hostile, printable

SWIFT = {
    "imageSwift": "{}/UIImage.swift",
    "swiftUIImageSwift": "{}/Image.swift",
    "codeConnectSwift": "{}/Connect.swift",
}


def block(folder: str, place: str, **keys: object) -> dict[str, object]:
    """An entry in a folder of the catalog, with all its Swift files in the folder `place`."""
    files = {key: name.format(place) for key, name in SWIFT.items()}
    return {"assetsFolder": folder, "nameStyle": "camelCase", **files, **keys}


SHAPES = {
    "vectors": entries({"icons": [block("Icons", "A", format="pdf", preservesVectorRepresentation=["*a*"])]}),
    "rasters": entries(
        {"images": [block("Art", "A", scales=[2, 1, 3])], "xcassetsInMainBundle": False, "addObjcAttribute": True}
    ),
    "drawn": entries(
        {
            "images": [block("Art", "A", sourceFormat="svg", outputFormat="heic", renderMode="original")],
            "xcassetsInSwiftPackage": True,
            "resourceBundleNames": ["Kit"],
        }
    ),
    "merged": entries({"icons": [block("All", "A", format="svg")], "images": [block("All", "B")]}),
}
CATALOG = PurePosixPath("App/Assets.xcassets")
DRAWING = Path(__file__).parent.parent / "golden/whole/expected/flutter/assets/icons/ic_24_bell.svg"

known = st.sampled_from(["", "ipad", "iphone", "watch", "car", "universal"])
idioms = known | st.sampled_from(["iPad", "fridge", "..", "a/b", "x\\..\\y", "L", "@2x"]) | hostile
plain_idioms = known | st.sampled_from(["fridge", "L", "D", "@2x", "{{ x }}", '"'])
sets_of_idioms = st.lists(idioms, min_size=1, max_size=3, unique=True)
plain_sets = st.lists(plain_idioms, max_size=2, unique=True).map(lambda drawn: ["", *(set(drawn) - {""})])
exportable = printable.map(lambda name: name.replace("/", "").replace("\\", ""))
marks = st.tuples(st.booleans(), st.booleans(), st.sampled_from(["", "template", "original", "default"]))


def variants(name: str, drawn: Iterable[str], entry: PictureEntry) -> tuple[Variant, ...]:
    """A drawing for each idiom, rendered as the entry needs it; only an SVG is on disk, which is read."""
    renders = {
        spec: Blob(str(DRAWING) if spec == SVG else f"{spec.format}{spec.scale:g}", 1, "0" * 64) for spec in entry.specs
    }
    return tuple(Variant(FILE, "1:1", f"{name}~{idiom}", idiom, renders) for idiom in drawn)


def picture(entry: PictureEntry, name: str, light: list[str], dark: list[str], mark: tuple[bool, bool, str]) -> Picture:
    """A picture of the file of the tests, called in Figma as in code."""
    is_rtl, is_kept, mode = mark
    day, night = variants(name, light, entry), variants(name, dark, entry)
    return Picture(name, name, day, night, "9:9", mode, is_rtl, is_kept)


@st.composite
def anything(draw: st.DrawFn, shape: str) -> list[PictureSet]:
    """Any pictures at all."""
    drawn = st.tuples(any_text, sets_of_idioms, st.lists(idioms, max_size=2, unique=True), marks)
    return [
        PictureSet(entry, tuple(picture(entry, *one) for one in draw(st.lists(drawn, max_size=3))))
        for entry in SHAPES[shape]
    ]


@st.composite
def fair(draw: st.DrawFn, shape: str) -> list[PictureSet]:
    """Pictures with hostile names that can all be exported: each begins with a letter of its own."""
    sets: list[PictureSet] = []
    for n, entry in enumerate(SHAPES[shape]):
        drawn = draw(
            st.lists(st.tuples(exportable, plain_sets, plain_sets | st.just([]), marks), min_size=1, max_size=3)
        )
        letters = (chr(97 + n * 8 + i) for i in range(3))
        pictures = (
            picture(entry, f"{letter}{name}"[:180], light, dark, mark)
            for letter, (name, light, dark, mark) in zip(letters, drawn, strict=False)
        )
        sets.append(PictureSet(entry, tuple(pictures)))
    return sets


def made(sets: list[PictureSet]) -> Rendered | None:
    """What is made of them; None if the names are refused, which they may be if it is said why."""
    try:
        return rendered(*((one.entry, one.pictures) for one in sets))
    except DesignError as error:
        assert all(problem.message.isprintable() and problem.hint for problem in error.problems)
        return None


def assert_sound(sets: list[PictureSet], result: Rendered) -> None:
    """Files lie where the config says, and parse; sets list exactly the files that they have; code finds its sets."""
    paths = [*(file.path for file in result.files), *(raster.path for raster in result.rasters)]
    assert len({path.casefold() for path in paths}) == len(paths)
    named = {key for one in sets for key in vars_of(one.entry)}
    inside = [path for path in paths if path not in named]
    for path in inside:
        assert posixpath.normpath(path) == path
        assert PurePosixPath(path).is_relative_to(CATALOG)
        assert all(len(part.encode()) <= 255 for part in PurePosixPath(path).parts)
    sets_on_disk: dict[str, set[str]] = {}
    for path in inside:
        folder, _, name = path.rpartition("/")
        if folder.endswith(".imageset"):
            sets_on_disk.setdefault(folder, set()).add(name)
    for file in result.files:
        if isinstance(file.content, bytes):
            assert_parses(file.path, text_of(file))
    texts = {file.path: text_of(file) for file in result.files if isinstance(file.content, bytes)}
    for folder, files in sets_on_disk.items():
        content = json.loads(texts[f"{folder}/Contents.json"])
        assert content["images"]
        assert {item["filename"] for item in content["images"]} | {"Contents.json"} == files
    for path in named & set(texts):
        for asset in looked_up(texts[path]):
            assert any(folder.endswith(f"/{asset}.imageset") for folder in sets_on_disk), (path, asset)


def vars_of(entry: PictureEntry) -> set[str]:
    """The files of an entry that the config alone names."""
    return {getattr(entry.settings, key) for key in ("image_swift", "swift_ui_image_swift", "code_connect_swift")}


_DECLARED = re.compile(r"static var (?P<name>\S+): \w+ \{ \w+\((?:named: )?(?P<lookup>#function|\".*\")[,)]")
_SHOWN = re.compile(r"^ {8}Image\((?P<lookup>\".*\")\)$")


def looked_up(text: str) -> list[str]:
    """The names of assets that generated Swift asks for."""
    found: list[str] = []
    for line in text.split("\n"):
        hit = _DECLARED.search(line) or _SHOWN.match(line)
        if hit is not None:
            lookup = hit["lookup"]
            literal = re.sub(r"(\", (?:in|bundle): BundleProvider\.bundle.*)$", '"', lookup)
            found.append(hit["name"].strip("`") if lookup == "#function" else json.loads(literal))
    return found


@pytest.mark.parametrize("shape", list(SHAPES))
@settings(deadline=None, max_examples=60)
@given(st.data())
def test_hostile_names_give_files_that_parse_and_sets_that_list_what_they_have(shape: str, data: st.DataObject) -> None:
    sets = data.draw(fair(shape))
    result = made(sets)
    assume(result is not None)  # a strategy that is refused too often fails the health check
    assert result is not None
    assert_sound(sets, result)


@pytest.mark.parametrize("shape", list(SHAPES))
@settings(deadline=None, max_examples=60)
@given(st.data())
def test_what_can_not_be_exported_is_refused_with_words_and_never_breaks_a_file(
    shape: str, data: st.DataObject
) -> None:
    sets = data.draw(anything(shape))
    result = made(sets)
    if result is not None:
        assert_sound(sets, result)


@pytest.mark.parametrize("shape", list(SHAPES))
@settings(deadline=None, max_examples=30)
@given(st.data())
def test_what_the_naming_rules_make_of_a_hostile_name_can_be_exported(shape: str, data: st.DataObject) -> None:
    sets = [
        replace(
            one, pictures=tuple(replace(it, name=final_name(it.original_name, one.entry.names)) for it in one.pictures)
        )
        for one in data.draw(fair(shape))
    ]
    result = made(sets)
    assume(result is not None)
    assert result is not None
    assert_sound(sets, result)


@pytest.mark.parametrize("shape", list(SHAPES))
@settings(deadline=None, max_examples=20)
@given(st.data())
def test_no_order_changes_a_byte_and_neither_does_a_second_run(shape: str, data: st.DataObject) -> None:
    sets = data.draw(fair(shape))
    first = made(sets)
    assume(first is not None)
    turned = [
        replace(one, pictures=tuple(replace(it, light=it.light[::-1], dark=it.dark[::-1]) for it in one.pictures[::-1]))
        for one in sets
    ]
    again = made(turned)
    assert first is not None and again is not None
    assert made(sets) == first
    assert (again.files, again.rasters) == (first.files, first.rasters)


@settings(deadline=None)
@given(printable)
@example('a"b\\c')
@example("class")
def test_code_looks_up_the_very_name_of_the_set(name: str) -> None:
    (entry,) = SHAPES["vectors"]
    result = made([PictureSet(entry, (picture(entry, name, [""], [], (False, False, "")),))])
    assume(result is not None)
    assert result is not None
    (folder,) = [file.path for file in result.files if file.path.endswith(".imageset/Contents.json")]
    asset = folder.removeprefix(f"{CATALOG}/Icons/").removesuffix(".imageset/Contents.json")
    swift = [text_of(file) for file in result.files if file.path.endswith(".swift")]
    assert [looked_up(text) for text in swift] == [[asset]] * 3


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_text_is_utf8_with_plain_line_ends_and_no_trailing_blanks(shape: str, tmp_path: Path) -> None:
    pictures = [
        picture(entry, f"größe{n}", ["", "ipad"], [""], (True, False, "")) for n, entry in enumerate(SHAPES[shape])
    ]
    result = rendered(*((entry, [one]) for entry, one in zip(SHAPES[shape], pictures, strict=True)))
    texts = [text_of(file) for file in result.files if isinstance(file.content, bytes)]
    assert len(texts) > 4
    for text in texts:
        assert "\r" not in text and not text.startswith("\ufeff")
        assert not any(line.endswith((" ", "\t")) for line in text.split("\n"))
