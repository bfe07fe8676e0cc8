"""What the renderers of pictures for Web and Flutter promise, whatever names come: sound files in their own place."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exfig_rx.config.picture_entries import PictureEntry, picture_entries
from exfig_rx.config.schema import Config
from exfig_rx.errors import DesignError
from exfig_rx.export.flutter_pictures import render_flutter_pictures
from exfig_rx.export.pictures import PictureSet
from exfig_rx.export.templates import Templates
from exfig_rx.export.web_pictures import render_web_pictures
from exfig_rx.load.naming import final_name
from exfig_rx.model import Platform, Rendered
from exfig_rx.pictures import Picture
from tests.test_export.android_sets import ANCHOR, MOON, Shelf, nothing_there
from tests.test_export.grammars import assert_parses
from tests.test_export.palettes import text_of
from tests.test_vector.corpus import corpus

FLUTTER = {"output": "lib/gen"}
WEB = {"output": "src"}
SECTIONS: dict[str, dict[str, object]] = {
    "flutter": {"flutter": {**FLUTTER, "icons": [{"output": "art"}], "images": [{"output": "pics", "format": "svg"}]}},
    "flutter kebab": {"flutter": {**FLUTTER, "icons": [{"output": "art", "nameStyle": "kebab-case"}]}},
    "flutter rasters": {
        "flutter": {**FLUTTER, "images": [{"output": "art", "format": "webp", "sourceFormat": "svg"}]},
    },
    "web": {"web": {**WEB, "icons": [{"outputDirectory": "i"}], "images": [{"outputDirectory": "p"}]}},
    "web pascal": {"web": {**WEB, "icons": [{"nameStyle": "PascalCase", "currentColor": "auto"}]}},
    "web imports": {"web": {**WEB, "images": [{"imageImport": "relative"}]}},
}
ENTRIES = {
    shape: picture_entries(Config.model_validate({"figma": {"lightFileId": "F"}, **section}))
    for shape, section in SECTIONS.items()
}
HOMES = ("art", "pics", "lib/gen", "src")
ONE_SCRIPT = {"flutter", "flutter kebab", "flutter rasters"}

hostile = st.sampled_from(
    ["*/", "-->", "${x}", "$", "`", "'", '"', "\\", "..", "class", "{{ 1 }}", "{% raw %}", "24", "_", "{", "x" * 150]
) | st.sampled_from(["\ufeff", "\u202e", "\u0301", ';:) !"£$%&()=?^*', "🎨 Format=F-02 X", "½", "Größe", "Types"])
any_text = st.lists(hostile | st.text(st.characters(), max_size=6), min_size=1, max_size=3).map("".join)


def exportable(shape: str) -> st.SearchStrategy[list[str]]:
    """Names that are hostile, but such that the platform can have them all."""
    without_letters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "L", "N"])
    printable = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
    free = st.text(without_letters if shape in ONE_SCRIPT else printable, max_size=6)
    parts = st.lists(hostile | free, max_size=2).map("".join)

    def numbered(drawn: list[str]) -> list[str]:
        return [f"{'abcd'[index]}{name}" for index, name in enumerate(drawn)]

    return st.lists(parts, min_size=1, max_size=4).map(numbered)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Where renders lie; equal ones are one file, so examples share it."""
    return Shelf(tmp_path_factory.mktemp("renders"))


def pictures_of(shelf: Shelf, entry: PictureEntry, names: Sequence[str]) -> list[Picture]:
    """Pictures of these names in Figma, each with a dark drawing."""
    return [
        shelf.drawn(final_name(name, entry.names), ANCHOR, MOON, node=f"1:{index}", original_name=name)
        for index, name in enumerate(names)
    ]


def result_of(shape: str, sets: Sequence[Sequence[Picture]]) -> Rendered | None:
    """What the renderer makes of the pictures of each entry; None if it refuses the names, and says why."""
    found = [PictureSet(entry, tuple(pictures)) for entry, pictures in zip(ENTRIES[shape], sets, strict=True)]
    try:
        if shape in ONE_SCRIPT:
            return render_flutter_pictures(found, Templates(Platform.FLUTTER, None), nothing_there)
        return render_web_pictures(found, Templates(Platform.WEB, None), nothing_there)
    except DesignError as error:
        assert all(problem.message.isprintable() and problem.hint for problem in error.problems)
        return None


def assert_sound(result: Rendered) -> None:
    """Every file parses and lies at home, on a path of its own; code names files that are there, and each of them."""
    paths = [file.path for file in result.files] + [file.path for file in result.rasters]
    assert len({path.casefold() for path in paths}) == len(paths)
    for place in map(PurePosixPath, paths):
        assert any(place.is_relative_to(home) for home in HOMES)
        assert ".." not in place.parts and all(len(part.encode()) <= 255 for part in place.parts)
    named: set[str] = set()
    for path, text in [(file.path, text_of(file)) for file in result.files if isinstance(file.content, bytes)]:
        assert_parses(path, text)
        assert "\r" not in text and not any(line.endswith((" ", "\t")) for line in text.split("\n"))
        if path.endswith(".dart"):
            named |= {re.sub(r"\\(.)", r"\1", found) for found in re.findall(r" = '(.*)';", text)}
        elif path.endswith("index.ts"):
            folder = path.removesuffix("/index.ts")
            named |= {f"{folder}/{found}.tsx" for found in re.findall(r"export \{ .* \} from './(.*)';", text)}
    assert named == {
        path for path in paths if path.endswith(".tsx") or (path.startswith(("art/", "pics/")) and "0x/" not in path)
    }


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_hostile_name_gives_files_that_parse_and_stay_at_home(shelf: Shelf, shape: str, data: st.DataObject) -> None:
    names = data.draw(exportable(shape))
    result = result_of(shape, [pictures_of(shelf, entry, names) for entry in ENTRIES[shape]])
    assume(result)  # a strategy that is refused too often fails the health check, so this is never vacuous
    assert result is not None
    assert_sound(result)


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=25)
@given(names=st.lists(any_text, max_size=3))
def test_any_text_is_exported_soundly_or_refused_with_reasons(shelf: Shelf, shape: str, names: list[str]) -> None:
    pictures = [shelf.drawn(name, ANCHOR, MOON, node=f"1:{index}") for index, name in enumerate(names)]
    result = result_of(shape, [pictures for _ in ENTRIES[shape]])
    if result is not None:
        assert_sound(result)


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_neither_order_nor_a_second_run_changes_a_byte(shelf: Shelf, shape: str, data: st.DataObject) -> None:
    names = data.draw(exportable(shape))
    sets = [pictures_of(shelf, entry, names) for entry in ENTRIES[shape]]
    first = result_of(shape, sets)
    assume(first)
    assert result_of(shape, [data.draw(st.permutations(pictures)) for pictures in sets]) == first
    assert result_of(shape, sets) == first


def test_every_drawing_of_the_corpus_is_a_component_that_parses(shelf: Shelf) -> None:
    drawings = [shelf.drawn(f"c{index}", source, node=f"2:{index}") for index, (_, source) in enumerate(corpus())]
    result = result_of("web pascal", [drawings])
    assert result is not None and result.failures == () and result.losses == ()
    assert len(result.files) == 2 * len(drawings) + 2
    assert_sound(result)
