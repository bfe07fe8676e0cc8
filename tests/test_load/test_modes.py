"""Which collection and which modes a config means: exact names, and what is said about others."""

from dataclasses import replace
from typing import Any

import pytest

from exfig_rx.config.schema import VariablesSource
from exfig_rx.errors import DesignError
from exfig_rx.load.modes import configured_modes, named_collection, named_modes, unknown_primitives
from exfig_rx.load.pairing import Mode, Subject
from exfig_rx.model import Problem
from exfig_rx.variables import FileVariables, VariableCollection
from tests.test_load.design import WHITE
from tests.test_load.tables import Table, tokens

SUBJECT = Subject("web.colors", "color")
THEME = Table("Theme", ["Light", "Dark"], {"ink": [WHITE, WHITE]})
COPY = Table("Theme", ["Day"], {"ink": [WHITE], "text": [WHITE]}, is_remote=True)


def source(**keys: Any) -> VariablesSource:
    return VariablesSource.model_validate(
        {"tokensFileId": "K", "tokensCollectionName": "Theme", "lightModeName": "Light", **keys}
    )


def refused(file: FileVariables, name: str = "Theme") -> Problem:
    with pytest.raises(DesignError) as caught:
        named_collection(file, name, SUBJECT)
    (problem,) = caught.value.problems
    assert problem.location is not None
    assert (problem.location.key, problem.location.figma_file) == ("web.colors", "K")
    return problem


@pytest.mark.parametrize("tables", [(THEME, COPY), (COPY, THEME), (COPY, THEME, COPY)])
def test_the_collection_of_the_file_itself_comes_before_copies_of_libraries(tables: tuple[Table, ...]) -> None:
    found = named_collection(tokens(*tables), "Theme", SUBJECT)
    assert (found.is_remote, len(found.modes)) == (False, 2)


def test_a_copy_is_found_where_there_is_nothing_else() -> None:
    assert named_collection(tokens(COPY), "Theme", SUBJECT).is_remote


def test_letters_count_as_equal_however_they_are_composed() -> None:
    file = tokens(Table("Cafe\u0301", ["Light"], {"ink": [WHITE]}))
    assert named_collection(file, "Caf\u00e9", SUBJECT).name == "Cafe\u0301"


def test_two_collections_of_one_name_are_both_told_with_what_they_hold() -> None:
    other = Table("Theme", ["Light"], {"ink": [WHITE], "text": [WHITE]})
    problem = refused(tokens(THEME, other))
    assert problem.code == "design.ambiguous-collection"
    assert problem.message == (
        "2 collections in file K are called 'Theme': VariableCollectionId:1 (1 variable, modes 'Light', 'Dark'), "
        "VariableCollectionId:2 (2 variables, modes 'Light')"
    )
    assert problem.hint == "rename all but one in Figma"


def test_copies_from_two_libraries_are_a_matter_of_their_files() -> None:
    problem = refused(tokens(COPY, COPY))
    assert problem.code == "design.ambiguous-collection"
    assert problem.message.startswith("2 collections of libraries in file K are called 'Theme'")
    assert "tokensFileId" in problem.hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("theme", "did you mean 'Theme'?"),
        (" Theme", "did you mean 'Theme'?"),
        ("Tones", "set tokensCollectionName to one of these."),
    ],
)
def test_an_unknown_collection_lists_those_that_there_are_the_files_own_first(name: str, hint: str) -> None:
    problem = refused(tokens(Table("Aa", ["X"], {}, is_remote=True), THEME, Table("Sizes", ["X"], {})), name)
    assert problem.code == "design.unknown-collection"
    assert problem.message == f"collection '{name}' not found in file K: it has 'Sizes', 'Theme', 'Aa (of a library)'"
    assert problem.hint == hint


def test_a_file_without_variables_says_so() -> None:
    problem = refused(tokens())
    assert problem.message == "collection 'Theme' not found in file K: it has no collections of variables"
    assert problem.hint == "is it the right file in tokensFileId?"


def collection(*modes: str) -> VariableCollection:
    return tokens(Table("Theme", modes, {})).collections["VariableCollectionId:1"]


def test_each_mode_is_the_one_of_exactly_that_name_and_others_are_none() -> None:
    keys = {"darkModeName": "Dark", "lightHCModeName": "Light HC", "darkHCModeName": "Dark HC"}
    found = named_modes(collection("Brand", "Dark HC", "Dark", "Light HC", "Light", "dark"), source(**keys), SUBJECT)
    assert {mode: item.name for mode, item in found.items()} == configured_modes(source(**keys))
    assert list(named_modes(collection("Dark", "Light"), source(), SUBJECT)) == [Mode.LIGHT]


def unknown(modes: tuple[str, ...], **keys: Any) -> list[str]:
    with pytest.raises(DesignError) as caught:
        named_modes(collection(*modes), source(**keys), SUBJECT)
    assert {problem.code for problem in caught.value.problems} == {"design.unknown-mode"}
    assert all("its modes are " in problem.message for problem in caught.value.problems)
    return [f"{problem.message.partition(';')[0]}: {problem.hint}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("modes", "keys", "said"),
    [
        (
            ("Hell", "Dunkel"),
            {},
            [
                "collection 'Theme' has no mode 'Light' (lightModeName): set lightModeName to one of these. ExFig "
                "1.3.2 silently took 'Dunkel' for light"
            ],
        ),
        (
            ("Light", "Dark"),
            {"darkModeName": "dark "},
            [
                "collection 'Theme' has no mode 'dark ' (darkModeName): did you mean 'Dark'? ExFig 1.3.2 silently "
                "exported no values for dark, and took 'Dark' for light"
            ],
        ),
        (
            ("Dark", "Light"),
            {"lightHCModeName": "Contrast"},
            [
                "collection 'Theme' has no mode 'Contrast' (lightHCModeName): set lightHCModeName to one of these. "
                "ExFig 1.3.2 silently exported no values for light high contrast"
            ],
        ),
        (
            ("Dark",),
            {"darkModeName": "Dark"},
            [
                "collection 'Theme' has no mode 'Light' (lightModeName): set lightModeName to one of these. ExFig "
                "1.3.2 silently found no light values"
            ],
        ),
    ],
)
def test_an_unknown_mode_lists_the_modes_and_tells_what_the_older_tool_made_of_it(
    modes: tuple[str, ...], keys: dict[str, str], said: list[str]
) -> None:
    if keys.get("lightHCModeName"):
        keys = {**keys, "darkModeName": "Dark"}
    assert unknown(modes, **keys) == said


def test_all_unknown_modes_are_told_at_once() -> None:
    assert len(unknown(("A", "B"), darkModeName="Dark", darkHCModeName="Dark HC")) == 3


def test_two_modes_of_one_name_are_ambiguous() -> None:
    with pytest.raises(DesignError) as caught:
        named_modes(collection("Light", "Light"), source(), SUBJECT)
    (problem,) = caught.value.problems
    assert problem.code == "design.ambiguous-mode"
    assert problem.message == "2 modes of collection 'Theme' are called 'Light': 1:0, 1:1"


def test_a_mode_for_primitives_that_no_collection_has_is_a_warning() -> None:
    files = [tokens(THEME), tokens(Table("Tones", ["Value"], {}), key="L")]
    assert unknown_primitives(files, None, SUBJECT) == ()
    assert unknown_primitives(files, "Value", SUBJECT) == ()
    (problem,) = unknown_primitives(files, "value", SUBJECT)
    assert problem.code == "design.unknown-primitives-mode"
    assert problem.message.endswith("modes are 'Light', 'Dark', 'Value'")
    assert problem.hint == "did you mean 'Value'?"


def test_the_order_of_the_answer_changes_no_message() -> None:
    file = tokens(THEME, Table("Sizes", ["X"], {}), COPY)
    turned = replace(file, collections=dict(list(file.collections.items())[::-1]))
    assert refused(file, "Tones") == refused(turned, "Tones")
