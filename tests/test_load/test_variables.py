"""Colors from variables: which of them, their values in each mode, and what is said about the rest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from exfig_rx.config.entries import ColorEntry, NameRules, StyleFiles, needed_variable_files
from exfig_rx.config.schema import NameStyle, VariablesSource
from exfig_rx.errors import DesignError
from exfig_rx.load.colors import LoadedColors
from exfig_rx.load.variables import variable_colors
from exfig_rx.model import Location, Problem, Rgba, ThemedColor
from exfig_rx.variables import FileVariables
from tests.test_load.design import BLACK, RED, WHITE, android_entry, ios_entry
from tests.test_load.tables import Cell, Table, extended, tokens

GREY = Rgba(0.5, 0.5, 0.5)


def entry(names: NameRules | None = None, /, **keys: str) -> ColorEntry:
    return ios_entry(source(**keys), names)


def source(**keys: Any) -> VariablesSource:
    base = {"tokensFileId": "K", "tokensCollectionName": "Theme", "lightModeName": "Light"}
    return VariablesSource.model_validate({**base, **keys})


DARK: dict[str, Any] = {"darkModeName": "Dark"}
ALL: dict[str, Any] = {**DARK, "lightHCModeName": "Light HC", "darkHCModeName": "Dark HC"}


def theme(rows: Mapping[str, list[Cell]], modes: tuple[str, ...] = ("Light", "Dark"), **more: Any) -> Table:
    return Table("Theme", modes, rows, more)


def loaded(
    file: FileVariables, name_filter: str | None = None, names: NameRules | None = None, **keys: str
) -> LoadedColors:
    return variable_colors(entry(names, **keys), {"K": file}, name_filter)


def refused(
    file: FileVariables, name_filter: str | None = None, names: NameRules | None = None, **keys: str
) -> list[Problem]:
    with pytest.raises(DesignError) as caught:
        loaded(file, name_filter, names, **keys)
    return list(caught.value.problems)


def originals(found: LoadedColors) -> list[str]:
    return [color.original_name for color in found.colors]


def test_an_entry_reads_one_file_of_variables_and_none_with_styles() -> None:
    assert needed_variable_files(source()) == ("K",)
    assert needed_variable_files(StyleFiles("L")) == ()
    with pytest.raises(TypeError, match=r"ios\.colors"):
        variable_colors(ios_entry(), {})


def test_colors_have_a_value_in_each_mode_that_the_config_names() -> None:
    file = tokens(
        theme(
            {"Text/Primary": [BLACK, WHITE, RED, GREY], "Accent": [RED] * 4}, ("Light", "Dark", "Light HC", "Dark HC")
        )
    )
    found = loaded(file, **ALL)
    assert found == LoadedColors(
        (
            ThemedColor("accent", "Accent", RED, RED, RED, RED, "K", "VariableID:1:1"),
            ThemedColor("textPrimary", "Text/Primary", BLACK, WHITE, RED, GREY, "K", "VariableID:1:0"),
        )
    )


@pytest.mark.parametrize("modes", [("Light", "Dark", "Brand"), ("Brand", "Dark", "Light"), ("Dark", "Brand", "Light")])
def test_nothing_comes_from_a_mode_that_the_config_does_not_name(modes: tuple[str, ...]) -> None:
    values: dict[str, Cell] = {"Light": WHITE, "Dark": BLACK, "Brand": RED}
    file = tokens(theme({"ink": [values[mode] for mode in modes]}, modes))
    (color,) = loaded(file, **DARK).colors
    assert (color.light, color.dark) == (WHITE, BLACK)
    (color,) = loaded(file).colors
    assert (color.light, color.dark, color.light_hc, color.dark_hc) == (WHITE, None, None, None)


def test_dark_high_contrast_without_dark_is_a_warning_and_no_color_has_it() -> None:
    file = tokens(theme({"ink": [BLACK, WHITE]}, ("Light", "Dark HC")))
    found = loaded(file, darkHCModeName="Dark HC")
    assert [(color.light, color.dark_hc) for color in found.colors] == [(BLACK, None)]
    assert [warning.code for warning in found.warnings] == ["design.unused-dark-high-contrast"]


def test_aliases_are_followed_and_the_name_stays_that_of_the_first() -> None:
    tones = Table("Tones", ["Value", "Dark"], {"white": [WHITE, GREY], "black": [BLACK, BLACK]})
    file = tokens(tones, theme({"ink": ["{Tones/white}", "{Tones/white}"], "text": ["{Theme/ink}"] * 2}))
    found = loaded(file, **DARK)
    assert [(color.name, color.light, color.dark) for color in found.colors] == [
        ("ink", WHITE, GREY),
        ("text", WHITE, GREY),
    ]
    (ink, _) = loaded(file, primitivesModeName="Value", **DARK).colors
    assert (ink.light, ink.dark) == (WHITE, WHITE)


def test_a_library_of_the_run_gives_what_the_file_does_not_list() -> None:
    library = tokens(Table("Tones", ["Dark"], {"grey": [GREY]}), key="L")
    app = tokens(theme({"ink": [WHITE, "{VariableID:L-1-0/1:0}"]}))
    found = variable_colors(entry(**DARK), {"K": app, "L": library})
    assert found.colors[0].dark == GREY


def test_an_extension_of_a_collection_can_be_exported() -> None:
    base = tokens(Table("Base", ["Light", "Dark"], {"ink": [BLACK, WHITE], "text": ["{Base/ink}"] * 2}))
    file = extended(
        base,
        "Theme",
        "VariableCollectionId:1",
        {"VariableID:1:0": {"Dark": RED}},
        [("Light", "1:0"), ("Dark", "1:1")],
    )
    found = loaded(file, **DARK)
    assert [(color.name, color.light, color.dark) for color in found.colors] == [
        ("ink", BLACK, RED),
        ("text", BLACK, RED),
    ]


def test_deleted_variables_are_not_exported_but_aliases_lead_through_them() -> None:
    file = tokens(
        theme(
            {"old": [GREY], "grey": [RED], "ink": ["{Theme/old}"]}, ("Light",), old={"is_deleted": True, "name": "grey"}
        )
    )
    found = loaded(file)
    assert [(color.name, color.light) for color in found.colors] == [("grey", RED), ("ink", GREY)]
    assert found.warnings == ()


def test_hidden_variables_and_those_for_some_uses_only_are_exported() -> None:
    file = tokens(theme({"a": [RED], "b": [RED]}, ("Light",), a={"is_hidden": True}, b={"scopes": ("TEXT_FILL",)}))
    assert originals(loaded(file)) == ["a", "b"]


def test_what_is_no_color_is_no_color() -> None:
    others = {name: {"type": name} for name in ("FLOAT", "STRING", "BOOLEAN", "TIMELINE", "")}
    rows: dict[str, list[Cell]] = {"FLOAT": [1.0], "STRING": ["a"], "BOOLEAN": [True], "TIMELINE": [None], "": ["x"]}
    file = tokens(theme({**rows, "ink": [RED], "untyped": [RED]}, ("Light",), **others, untyped={"type": ""}))
    found = loaded(file)
    assert (originals(found), found.warnings) == (["ink", "untyped"], ())
    (problem,) = refused(tokens(theme(rows, ("Light",), **others)))
    assert (problem.code, problem.message) == (
        "design.no-colors",
        "collection 'Theme' of file K holds no color variable: its variables are BOOLEAN, FLOAT, STRING, TIMELINE, "
        "no type",
    )
    (problem,) = refused(tokens(theme({}, ("Light",))))
    assert problem.message == "collection 'Theme' of file K holds no color variable, and no other variable"


def test_descriptions_name_platforms_and_the_word_none_means_nothing() -> None:
    rows: dict[str, list[Cell]] = {"all": [RED], "phones": [RED], "site": [RED]}
    described = {
        "all": {"description": "none"},
        "phones": {"description": "iOS, Android"},
        "site": {"description": "web"},
    }
    file = tokens(theme(rows, ("Light",), **described))
    found = loaded(file)
    assert originals(found) == ["all", "phones"]
    (note,) = found.warnings
    assert note.code == "design.left-out"
    assert note.message == "1 color left out of ios because of descriptions in Figma: 'site' (web)"
    assert "none" not in note.hint
    assert originals(variable_colors(android_entry(source()), {"K": file})) == ["all", "phones"]
    (problem,) = refused(file, "site")
    assert problem.code == "design.no-colors"


def test_a_filter_picks_colors_by_their_raw_names() -> None:
    file = tokens(theme({"Text/Primary": [RED], "Text/Hint": [RED], "Line": [RED]}, ("Light",)))
    assert originals(loaded(file, "Text/*")) == ["Text/Hint", "Text/Primary"]
    (problem,) = refused(file, "Text/Primry")
    assert problem.code == "design.filter-without-match"
    assert problem.message == "the name filter 'Text/Primry' matches none of 3 color variables"
    assert problem.hint.startswith("did you mean 'Text/Primary'")


BROKEN = tokens(
    Table("Sizes", ["Light"], {"gap": [4.0], "on": [True], "font": ["Inter"]}, type="FLOAT"),
    theme(
        {
            "hen": ["{Theme/egg}", RED],
            "egg": ["{Theme/hen}", "{Theme/hen}"],
            "lost": ["{VariableID:9:9}"] * 2,
            "half": [RED, None],
            "gap": ["{Sizes/gap}", "{Sizes/on}"],
            "font": [RED, "{Sizes/font}"],
        }
    ),
)


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        (
            "hen",
            [
                (
                    "alias-cycle",
                    "'hen' has no color in mode 'Light': 'hen' is an alias that leads back to itself "
                    "(hen -> egg -> hen)",
                )
            ],
        ),
        (
            "lost",
            [
                (
                    "alias-target",
                    "'lost' has no color in mode 'Light', 'Dark': 'lost' is an alias to a variable that Figma's answer "
                    "does not list (lost -> VariableID:9:9)",
                )
            ],
        ),
        (
            "half",
            [("no-value", "'half' has no color in mode 'Dark': 'half' has no value in mode 'Dark' of 'Theme'")],
        ),
        (
            "gap",
            [
                ("not-a-color", "'gap' has no color in mode 'Light': 'gap' is a number (gap -> gap)"),
                ("not-a-color", "'gap' has no color in mode 'Dark': 'on' is a truth value (gap -> on)"),
            ],
        ),
        ("font", [("not-a-color", "'font' has no color in mode 'Dark': 'font' is a text (font -> font)")]),
    ],
)
def test_a_color_without_a_value_is_an_error_with_the_chain(name: str, problems: list[tuple[str, str]]) -> None:
    found = refused(BROKEN, name, **DARK)
    assert [(problem.code, problem.message) for problem in found] == [
        (f"design.{code}", text) for code, text in problems
    ]
    assert all(problem.hint for problem in found)
    location = found[0].location
    assert location is not None
    assert (location.key, location.figma_file, location.node_name) == ("ios.colors", "K", name)
    assert location.node_id is not None
    assert location.node_id.startswith("VariableID:2:")


def test_a_chain_that_is_too_long_is_told_by_its_beginning() -> None:
    rows: dict[str, list[Cell]] = {str(number): [f"{{Theme/{number + 1}}}"] for number in range(70)}
    (problem,) = refused(tokens(theme({**rows, "70": [RED]}, ("Light",))), "0")
    assert problem.code == "design.alias-depth"
    assert problem.message.startswith(
        "'0' has no color in mode 'Light': '0' is an alias over more than 64 variables (0 -> 1"
    )


def test_all_problems_of_an_entry_come_together() -> None:
    codes = {problem.code for problem in refused(BROKEN, **DARK)}
    assert codes == {
        "design.alias-cycle",
        "design.alias-target",
        "design.no-value",
        "design.not-a-color",
    }
    file = tokens(theme({"a": [RED], "b": ["{VariableID:9:9}"], "A b": [RED]}, ("Light",)))
    found = refused(file, names=NameRules(NameStyle.CAMEL, "^[a-z]$"))
    assert [problem.code for problem in found] == ["design.invalid-name", "design.alias-target"]


def test_what_is_broken_for_other_platforms_only_is_left_out_with_them() -> None:
    file = tokens(
        theme({"ink": [RED, RED], "site": [RED, "{VariableID:9:9}"]}, site={"description": "web"}),
    )
    found = loaded(file, **DARK)
    assert originals(found) == ["ink"]
    assert [warning.code for warning in found.warnings] == ["design.left-out"]


def test_two_variables_of_one_name_are_an_error_that_names_both() -> None:
    file = tokens(theme({"a": [RED], "b": [RED]}, ("Light",), b={"name": "a"}))
    (problem,) = refused(file)
    assert problem.code == "design.duplicate-name"
    assert problem.message == (
        "2 colors have the same name in light: 'a' (collection 'Theme', file K, VariableID:1:0), "
        "'a' (collection 'Theme', file K, VariableID:1:1)"
    )
    assert "node-id" not in problem.hint
    assert "https://www.figma.com/design/K" in problem.hint


def test_names_are_validated_and_replaced_as_those_of_styles() -> None:
    file = tokens(theme({"Text/Primary": [RED]}, ("Light",)))
    (color,) = loaded(file, names=NameRules(NameStyle.CAMEL, "^Text_(.*)$", "ink_$1")).colors
    assert (color.name, color.original_name) == ("inkPrimary", "Text/Primary")
    (problem,) = refused(file, names=NameRules(NameStyle.CAMEL, "^Ink"))
    assert problem.code == "design.invalid-name"


def test_a_copy_of_a_library_is_exported_with_a_warning() -> None:
    file = tokens(replace(theme({"ink": [RED]}, ("Light",)), is_remote=True))
    found = loaded(file)
    assert originals(found) == ["ink"]
    (warning,) = found.warnings
    assert warning.code == "design.copied-collection"
    assert warning.location == Location(key="ios.colors", figma_file="K")


def test_ids_without_a_variable_and_an_unknown_primitives_mode_are_warnings() -> None:
    file = tokens(theme({"ink": [RED]}, ("Light",)))
    (collection,) = file.collections.values()
    listed = replace(collection, variable_ids=(*collection.variable_ids, "VariableID:8:8"))
    found = loaded(replace(file, collections={collection.id: listed}), primitivesModeName="Value")
    assert [warning.code for warning in found.warnings] == [
        "design.unlisted-variables",
        "design.unknown-primitives-mode",
    ]
    assert found.warnings[0].message == (
        "1 variable of collection 'Theme' not in Figma's answer about file K: VariableID:8:8"
    )


def test_the_order_of_the_answer_changes_nothing() -> None:
    rows: dict[str, list[Cell]] = {name: [RED, "{Theme/a}"] for name in ("b", "c", "B", "a/b")}
    file = tokens(theme({**rows, "a": [RED, WHITE]}), replace(theme({"a": [GREY]}, ("Day",)), is_remote=True))
    turned = FileVariables("K", dict(list(file.collections.items())[::-1]), dict(list(file.variables.items())[::-1]))
    assert loaded(file, names=NameRules(NameStyle.PASCAL), name_filter="a*,c", **DARK) == loaded(
        turned, names=NameRules(NameStyle.PASCAL), name_filter="a*,c", **DARK
    )
    (own,) = [item for item in file.collections.values() if not item.is_remote]
    turned = replace(file, collections={**file.collections, own.id: replace(own, variable_ids=own.variable_ids[::-1])})
    assert loaded(file, "a*,c", **DARK) == loaded(turned, "a*,c", **DARK)
    assert refused(file, **DARK) == refused(turned, **DARK)
