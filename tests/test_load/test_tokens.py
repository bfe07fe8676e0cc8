"""What becomes a token: which collections, modes and styles, and what is said about the rest."""

from collections.abc import Mapping
from typing import Any

import pytest

from exfig_rx.config.entries import SingleStyleFile, StyleFiles
from exfig_rx.config.schema import Tokens
from exfig_rx.config.token_entries import KINDS, TokenEntry, TokenVariables
from exfig_rx.errors import DesignError
from exfig_rx.load.token_values import BASE, LoadedTokens, TokenType
from exfig_rx.load.tokens import load_tokens
from exfig_rx.model import FileStyles, Rgba, Style, StyleNode
from exfig_rx.text_styles import TypeStyle
from tests.test_load.design import BLACK, RED, WHITE, figma_file
from tests.test_load.tables import Table, extended, tokens

BODY = TypeStyle("Inter", "Inter-Regular", 400, 16, 24, 0)


def entry(
    variables: TokenVariables | None = None,
    styles: StyleFiles | SingleStyleFile | None = None,
    text_file: str | None = None,
    kinds: frozenset[str] | None = None,
) -> TokenEntry:
    settings = Tokens(output="tokens.json")
    return TokenEntry("tokens", kinds or KINDS, variables, styles, text_file, kinds is not None, settings)


def text_file(types: Mapping[str, TypeStyle | None]) -> FileStyles:
    made = [Style(f"{row}:9", name, "TEXT", f"for {name}") for row, name in enumerate(types)]
    nodes = {style.node_id: StyleNode(style.node_id, style.name, (), types[style.name]) for style in made}
    return FileStyles("T", tuple(made), nodes)


def of_tables(
    *tables: Table, source: TokenVariables | None = None, kinds: frozenset[str] | None = None
) -> LoadedTokens:
    return load_tokens(entry(source or TokenVariables("K"), kinds=kinds), {}, {"K": tokens(*tables)})


def failure(*tables: Table, **options: Any) -> str:
    with pytest.raises(DesignError) as caught:
        of_tables(*tables, **options)
    return "\n".join(f"{problem.code}: {problem.message} | {problem.hint}" for problem in caught.value.problems)


INK = Table("Theme", ["Light", "Dark"], {"ink": [BLACK, WHITE]})
SIZES = Table("Sizes", ["Compact"], {"s": [4.0]}, type="FLOAT")


def test_all_collections_of_the_file_are_read_and_those_of_libraries_are_not() -> None:
    ghost = Table("Brand", ["Value"], {"mint": [RED]}, is_remote=True)
    found = of_tables(INK, SIZES, ghost)
    assert [(token.name, token.type) for token in found.tokens] == [
        ("s", TokenType.DIMENSION),
        ("ink", TokenType.COLOR),
    ]


def test_modes_are_those_of_collections_with_several_the_default_first() -> None:
    density = Table("Density", ["Wide", "Tight"], {"gap": [8.0, 4.0]}, type="FLOAT", default=1)
    assert of_tables(INK, SIZES, density).modes == ("Tight", "Wide", "Light", "Dark")


def test_in_a_mode_every_collection_is_in_the_mode_of_that_name_or_in_its_default() -> None:
    parts = Table("Parts", ["Value"], {"button": ["{Theme/ink}"]})
    button = next(token for token in of_tables(INK, parts).tokens if token.name == "button")
    assert [button.at(mode).value for mode in (BASE, "Light", "Dark")] == [BLACK, BLACK, WHITE]
    assert button.own_modes == frozenset()


def test_kinds_pick_variables() -> None:
    assert [token.name for token in of_tables(INK, SIZES, kinds=frozenset({"numbers"})).tokens] == ["s"]


def test_deleted_variables_are_no_tokens_and_extensions_only_when_named() -> None:
    table = Table("Theme", ["Light"], {"ink": [BLACK], "old": [RED]}, {"old": {"is_deleted": True}})
    file = extended(
        tokens(table), "Brand", "VariableCollectionId:1", {"VariableID:1:0": {"Light": RED}}, [("Light", "1:0")]
    )
    for collection, color in ((None, BLACK), ("Brand", RED)):
        found = load_tokens(entry(TokenVariables("K", collection)), {}, {"K": file}).tokens
        assert [(token.name, token.at(BASE).value) for token in found] == [("ink", color)]


def test_what_leads_nowhere_is_an_error_with_its_modes() -> None:
    broken = Table("Theme", ["Light", "Dark"], {"ink": [BLACK, "{VariableID:9:9}"], "size": [BLACK, "{Sizes/s}"]})
    said = failure(broken, SIZES)
    assert "design.alias-target: 'ink' has no color in mode 'Dark': 'ink' is an alias to a variable" in said
    assert "design.not-a-color: 'size' has no color in mode 'Dark': 's' is no color (size -> s)" in said


def test_a_text_or_truth_value_that_leads_nowhere_is_no_error_as_it_is_left_out() -> None:
    flags = Table("Flags", ["Value"], {"beta": ["{VariableID:9:9}"]}, type="BOOLEAN")
    (note,) = of_tables(INK, flags).warnings
    assert note.code == "design.untyped-tokens"


def test_an_unknown_mode_is_an_error_that_lists_the_modes() -> None:
    said = failure(INK, SIZES, source=TokenVariables("K", None, ("Light", "Drak")))
    assert said == (
        "design.unknown-mode: no collection has the mode 'Drak'; modes are 'Compact', 'Light', 'Dark' "
        "| did you mean 'Dark'?"
    )


def test_two_modes_of_one_name_are_an_error() -> None:
    assert "2 modes of collection 'Theme' are called 'Day'" in failure(
        Table("Theme", ["Day", "Day"], {"a": [RED, RED]})
    )


def test_an_unknown_collection_and_a_file_without_any_are_errors() -> None:
    assert "design.unknown-collection" in failure(INK, source=TokenVariables("K", "Thema"))
    assert "design.no-collections" in failure(Table("Brand", ["Value"], {"mint": [RED]}, is_remote=True))


def test_color_styles_have_the_modes_of_their_files_and_their_nearest_value_in_each() -> None:
    light = figma_file("L", {"ink": BLACK, "snow": WHITE}, {"ink": "Text, ios only"})
    dark = figma_file("D", {"ink": WHITE})
    found = load_tokens(entry(styles=StyleFiles("L", "D")), {"L": light, "D": dark}, {})
    assert found.modes == ("Light", "Dark")
    ink, snow = found.tokens
    assert (ink.name, ink.description, ink.own_modes) == ("ink", "Text, ios only", frozenset({"Light", "Dark"}))
    assert [token.at("Dark").value for token in (ink, snow)] == [WHITE, WHITE]
    assert [warning.code for warning in found.warnings] == ["design.no-dark"]


def test_color_styles_of_a_single_file_lose_the_suffix_of_their_mode() -> None:
    file = figma_file("L", {"a/ink": BLACK, "a/ink_dark": WHITE, "a/gone": RED}, {"a/gone": "none"})
    source = SingleStyleFile("L", "_dark", "_lightHC", "_darkHC")
    (token,) = load_tokens(entry(styles=source), {"L": file}, {}).tokens
    assert (token.name, token.at("Light").value, token.at("Dark").value) == ("a/ink", BLACK, WHITE)


def test_a_dark_style_without_a_light_one_is_an_error() -> None:
    files = {"L": figma_file("L", {"ink": BLACK}), "D": figma_file("D", {"ink": WHITE, "night": RED})}
    with pytest.raises(DesignError, match="1 color of dark missing in light: 'night'"):
        load_tokens(entry(styles=StyleFiles("L", "D")), files, {})


def test_text_styles_are_tokens_and_those_without_a_font_are_left_out_with_a_word() -> None:
    file = text_file({"body": BODY, "gone": None, "bare": TypeStyle("", "", 400, 16, None, 0)})
    found = load_tokens(entry(text_file="T"), {"T": file}, {})
    assert [(token.name, token.type, token.description) for token in found.tokens] == [
        ("body", TokenType.TYPOGRAPHY, "for body")
    ]
    assert [warning.message for warning in found.warnings] == [
        "'gone' has no type in Figma's answer and is left out",
        "'bare' has no font and is left out",
    ]


def test_kinds_that_are_asked_for_by_name_must_be_there() -> None:
    colors, texts = figma_file("T", {"ink": BLACK}), text_file({"body": BODY})
    both = entry(styles=StyleFiles("T"), text_file="T")
    assert [token.name for token in load_tokens(both, {"T": colors}, {}).tokens] == ["ink"]
    assert [token.name for token in load_tokens(both, {"T": texts}, {}).tokens] == ["body"]
    picky = entry(styles=StyleFiles("T"), text_file="T", kinds=frozenset({"colors", "typography"}))
    with pytest.raises(DesignError, match="1 style, none of them a text style"):
        load_tokens(picky, {"T": colors}, {})
    with pytest.raises(DesignError, match="1 style, none of them a color"):
        load_tokens(picky, {"T": texts}, {})


def test_nothing_at_all_is_an_error() -> None:
    with pytest.raises(DesignError, match="nothing of colors, numbers, strings, typography is in file T"):
        load_tokens(entry(styles=StyleFiles("T"), text_file="T"), {"T": FileStyles("T", (), {})}, {})


def test_colors_keep_their_exact_channels() -> None:
    exact = Rgba(0.1, 0.2, 0.3, 0.4)
    assert of_tables(Table("Theme", ["Value"], {"a": [exact]})).tokens[0].at(BASE).value == exact
