"""What Android's renderer of pictures promises, whatever names and drawings come: sound files in their own place."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.errors import DesignError
from exfig_rx.load.naming import final_name
from exfig_rx.model import Rendered
from exfig_rx.pictures import Picture
from tests.test_export.android_sets import ANCHOR, FRAME, KOTLIN, MOON, Shelf, icons, images, rendered, text_of, texts
from tests.test_export.grammars import assert_parses
from tests.test_vector.corpus import corpus

ENTRIES = {
    "drawables": icons({"composePackageName": "app.reef.ui"}, **KOTLIN),
    "vectors": icons(
        {
            "composeFormat": "imageVector",
            "composePackageName": "app.reef.ui",
            "composeExtensionTarget": "app.reef.ReefIcons",
        },
        **KOTLIN,
    ),
    "camel case": icons({"nameStyle": "camelCase", "composePackageName": "app.reef.ui"}, **KOTLIN),
    "images": images({"format": "svg"}),
    "rasters": images({"format": "webp", "sourceFormat": "svg"}),
}
HOMES = ("app/res/figma/drawable", "app/res/figma/drawable-night", "app/res/art", "app/src/app/reef/ui")

hostile = st.sampled_from(
    ["*/", "${x}", "`", '"', "\\", "..", "class", "val", "Icons", "{{ 1 }}", "{% raw %}", "24", "_", "x" * 150, "½"]
) | st.sampled_from(["\ufeff", "\u202e", "\u0301", ';:) !"£$%&()=?^*', "🎨 Format=F-02 X", ".9", "Größe"])
any_text = st.lists(hostile | st.text(st.characters(), max_size=6), min_size=1, max_size=3).map("".join)
latin = st.lists(
    hostile | st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "L", "N"]), max_size=6), max_size=2
).map("".join)


def numbered(drawn: list[str]) -> list[str]:
    """Names that differ by what stands in front of each."""
    return [f"{'abcd'[index]}{name}" for index, name in enumerate(drawn)]


exportable = st.lists(latin, min_size=1, max_size=4).map(numbered)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Where renders lie; equal ones are one file, so examples share it."""
    return Shelf(tmp_path_factory.mktemp("renders"))


def pictures_of(shelf: Shelf, entry: PictureEntry, names: list[str]) -> list[Picture]:
    """Icons of these names in Figma, each with a dark drawing."""
    return [
        shelf.drawn(final_name(name, entry.names), ANCHOR, MOON, node=f"1:{index}", original_name=name)
        for index, name in enumerate(names)
    ]


def result_of(entry: PictureEntry, pictures: list[Picture]) -> Rendered | None:
    """What the renderer makes of them; None if it refuses the names, and says why."""
    try:
        return rendered((entry, pictures))
    except DesignError as error:
        assert all(problem.message.isprintable() and problem.hint for problem in error.problems)
        return None


def paths_of(result: Rendered) -> list[str]:
    """All files, of either kind."""
    return [file.path for file in result.files] + [file.path for file in result.rasters]


def assert_sound(result: Rendered) -> None:
    """Every file parses and lies at home, on a path of its own even where letter case is ignored."""
    paths = paths_of(result)
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in map(PurePosixPath, paths):
        assert any(path.is_relative_to(home) for home in HOMES)
        assert ".." not in path.parts and all(len(part.encode()) <= 255 for part in path.parts)
        assert path.suffix == ".kt" or path.name.partition(".")[0].isidentifier()
    for file in result.files:
        assert_parses(file.path, text_of(file))


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=25)
@given(names=exportable)
def test_a_hostile_name_gives_files_that_parse_and_stay_at_home(shelf: Shelf, shape: str, names: list[str]) -> None:
    (entry,) = ENTRIES[shape]
    result = result_of(entry, pictures_of(shelf, entry, names))
    assume(result)  # a strategy that is refused too often fails the health check, so this is never vacuous
    assert result is not None
    assert_sound(result)


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=25)
@given(names=st.lists(any_text, max_size=3))
def test_any_text_is_exported_soundly_or_refused_with_reasons(shelf: Shelf, shape: str, names: list[str]) -> None:
    (entry,) = ENTRIES[shape]
    pictures = [shelf.drawn(name, node=f"1:{index}") for index, name in enumerate(names)]
    result = result_of(entry, pictures)
    if result is not None:
        assert_sound(result)


@pytest.mark.parametrize("shape", list(ENTRIES))
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_neither_order_nor_a_second_run_changes_a_byte(shelf: Shelf, shape: str, data: st.DataObject) -> None:
    (entry,) = ENTRIES[shape]
    pictures = pictures_of(shelf, entry, data.draw(exportable))
    first = result_of(entry, pictures)
    assume(first)
    assert result_of(entry, data.draw(st.permutations(pictures))) == first
    assert result_of(entry, pictures) == first


@pytest.mark.parametrize("shape", ["drawables", "vectors"])
def test_every_drawing_of_the_corpus_gives_a_file_that_parses(shelf: Shelf, shape: str) -> None:
    (entry,) = ENTRIES[shape]
    drawings = [(f"c{index}", source) for index, (_, source) in enumerate(corpus())]
    result = rendered((entry, [shelf.drawn(name, source, node=f"2:{name}") for name, source in drawings]))
    assert result.failures == () and len(result.files) >= len(drawings)
    for path, text in texts(result).items():
        assert_parses(path, text)
        assert "\r" not in text and not any(line.endswith((" ", "\t")) for line in text.split("\n"))


@pytest.mark.parametrize("shape", ["drawables", "vectors"])
@pytest.mark.parametrize("tail", ['" + evil() + "', "${evil}", "&#10;fun evil() {}", "\\", "&lt;evil/&gt;", "--&gt;"])
def test_what_is_no_path_data_never_gets_into_generated_code(shelf: Shelf, shape: str, tail: str) -> None:
    (entry,) = ENTRIES[shape]
    clip = f"<clipPath id='c'><path d='M0 0H9V9Z {tail}'/></clipPath><g clip-path='url(#c)'><path d='M4 4H20V20Z'/></g>"
    path = f"<path d='M4 4H20V20Z {tail}' fill='#000'/>"
    for path_, text in texts(rendered((entry, [shelf.drawn("a", FRAME.format(clip + path))]))).items():
        assert "evil" not in text and "\\" not in text
        assert_parses(path_, text)


def test_the_home_of_each_kind_is_what_the_config_says(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    results = [rendered((entry, [shelf.drawn("a", ANCHOR, MOON)])) for (entry,) in ENTRIES.values()]
    found = {str(PurePosixPath(path).parent) for result in results for path in paths_of(result)}
    densities = ("mdpi", "hdpi", "xhdpi", "xxhdpi", "xxxhdpi")
    assert found == {
        *HOMES[:2],
        HOMES[3],
        *(f"app/res/art/drawable{night}" for night in ("", "-night")),
        *(f"app/res/art/drawable{night}-{density}" for night in ("", "-night") for density in densities),
    }
