"""Whatever a designer calls things: files stay where the config puts them, parse, and say nothing that a name said."""

import posixpath
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exfig_rx.batch.export import Export
from exfig_rx.config.ownership import Claim, owned
from exfig_rx.errors import ExfigError
from exfig_rx.export.files import LONGEST_NAME_BYTES
from exfig_rx.model import OutputFile
from tests.test_security.designs import BLOCKS, Thing, config_of, design, exported, number_of
from tests.test_security.hostile import TEXTS, any_text
from tests.test_security.skeletons import skeleton


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where renders lie; equal ones are one file."""
    return tmp_path_factory.mktemp("renders")


def code_of(export: Export) -> Counter[tuple[str, str]]:
    """The skeletons of all generated files, by suffix; data apart, of which a name may make more files."""
    texts = [file for file in export.files if isinstance(file.content, bytes)]
    found = ((file.path.rpartition(".")[2], repr(skeleton(file.path, _text(file)))) for file in texts)
    return Counter(item for item in found if item[0] != "json")


@cache
def harmless(shape: str, count: int, shelf: Path) -> Counter[tuple[str, str]]:
    """The code that `shape` has when nobody means any harm."""
    return code_of(exported(shape, design([Thing(f"a{number}Plain") for number in range(count)]), shelf))


def _text(file: OutputFile) -> str:
    assert isinstance(file.content, bytes)
    return file.content.decode("utf-8")


def assert_refused_well(error: ExfigError) -> None:
    """Every problem is one line without anything that a terminal obeys, and says where and what to do."""
    for problem in error.problems:
        assert problem.code.startswith("design.")
        assert problem.message.isprintable() and problem.hint.isprintable()
        assert problem.hint
        assert problem.location is not None and problem.location.figma_file is not None
        if problem.code not in {"design.mode-name", "design.unknown-mode"}:
            assert problem.location.node_id


def assert_at_home(shape: str, export: Export) -> None:
    """Every path is one that the config owns, and one that a file system can hold, whatever it thinks of case."""
    paths = [*(file.path for file in export.files), *(file.path for file in export.rasters)]
    assert len(set(map(str.casefold, paths))) == len(paths)
    claims = owned(config_of(shape))
    for path in paths:
        assert posixpath.normpath(path) == path and not path.startswith("/")
        assert "\0" not in path and "\n" not in path and "\u202e" not in path
        assert all(len(part.encode()) <= LONGEST_NAME_BYTES for part in path.split("/"))
        assert any(
            path == posixpath.normpath(claim.path)
            if claim.claim is Claim.FILE
            else path.startswith(f"{posixpath.normpath(claim.path)}/")
            for claim in claims
        )
    assert {section.path for section in export.sections} <= {claim.path for claim in claims}


def accepted(shape: str, things: Sequence[Thing], shelf: Path) -> tuple[Sequence[Thing], Export]:
    """The things that are not refused, and what is exported of them; what is refused is refused well.

    A harmless thing takes the place of each refused one, so that there are as many as before.
    """
    tried, refused = list(things), set[int]()
    while True:
        try:
            export = exported(shape, design(tried), shelf)
        except ExfigError as error:
            assert_refused_well(error)
            found = {number_of(place.node_id or ":-1") for problem in error.problems if (place := problem.location)}
            assert found - refused, error
            refused |= found
            tried = [Thing(f"z{index}Plain") if index in refused else thing for index, thing in enumerate(tried)]
        else:
            return [thing for index, thing in enumerate(things) if index not in refused], export


def assert_harmless(shape: str, things: Sequence[Thing], shelf: Path) -> Sequence[Thing]:
    """All that is exported of `things` is harmless; gives those that are."""
    left, export = accepted(shape, things, shelf)
    assert_at_home(shape, export)
    for section in export.sections:
        assert all("\n" not in line and line.count("<") <= 2 for line in section.lines.values())
    assert all(warning.message.isprintable() for warning in export.warnings)
    if code_of(export) != harmless(shape, len(things), shelf):
        for thing in left if len(things) > 1 else ():
            assert_harmless(shape, [thing], shelf)  # which one it is
        raise AssertionError(f"code that came from names: {left}")
    return left


PLACES: dict[str, Callable[[int, str], Thing]] = {
    "in a name": lambda number, text: Thing(f"a{number}{text}b"),
    "for a name": lambda _, text: Thing(text),
    "in all but the name": lambda number, text: Thing(f"a{number}Plain", text),
}


@pytest.mark.parametrize("place", list(PLACES))
@pytest.mark.parametrize("shape", list(BLOCKS))
def test_a_hostile_text_leaves_no_folder_and_adds_no_statement(shape: str, place: str, shelf: Path) -> None:
    things = [PLACES[place](number, text) for number, text in enumerate(TEXTS)]
    left = assert_harmless(shape, things, shelf)
    assert len(left) > len(TEXTS) // 4, "refusing everything would be easy"


@pytest.mark.parametrize("shape", [shape for shape in BLOCKS if shape.startswith("tokens")])
def test_neither_does_the_name_of_a_mode(shape: str, shelf: Path) -> None:
    for text in TEXTS:
        try:
            export = exported(shape, design([Thing("plain")], mode=f"Night{text}"), shelf)
        except ExfigError as error:
            assert_refused_well(error)
        else:
            assert_at_home(shape, export)


@pytest.mark.parametrize("shape", list(BLOCKS))
@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(any_text, any_text), min_size=1, max_size=4))
def test_no_mixture_of_hostile_texts_does_either(shape: str, drawn: list[tuple[str, str]], shelf: Path) -> None:
    assert_harmless(shape, [Thing(f"a{number}{name}", text) for number, (name, text) in enumerate(drawn)], shelf)


@pytest.mark.parametrize("shape", ["ios-icons", "ios-images"])
def test_neither_does_the_device_that_a_drawing_is_for(shape: str, shelf: Path) -> None:
    things = [Thing(f"a{number}~{text}") for number, text in enumerate(TEXTS)]
    left, export = accepted(shape, [*things, Thing("plain")], shelf)
    assert len(left) > len(TEXTS) // 4
    assert_at_home(shape, export)


@pytest.mark.parametrize("shape", ["tokens", "tokens-of-colors", "tokens-of-text-styles", "ios-namespaces"])
@pytest.mark.parametrize("depth", [460, 5_000])
def test_a_name_of_hundreds_of_folders_is_refused(shape: str, depth: int, shelf: Path) -> None:
    left = assert_harmless(shape, [Thing("a/" * depth + "b"), Thing("plain")], shelf)
    assert [thing.name for thing in left] == ["plain"]


@pytest.mark.parametrize("shape", list(BLOCKS))
def test_a_name_of_thousands_of_letters_is_refused_in_code(shape: str, shelf: Path) -> None:
    left = assert_harmless(shape, [Thing("a" * 5_000), Thing("plain")], shelf)
    assert [thing.name for thing in left if len(thing.name) > 9] == (["a" * 5_000] if "tokens" in shape else [])


def test_no_group_of_tokens_is_the_prototype_of_all_objects(shelf: Path) -> None:
    (file,) = exported("tokens", design([Thing("__proto__/evil"), Thing("a/__proto__")]), shelf).files
    assert '"__proto__"' not in _text(file) and '"_proto__"' in _text(file)
