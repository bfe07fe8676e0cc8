"""Design tokens: files that are valid, say what Figma says, and whose aliases lead where they should."""

import json
import re
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exfig_rx.config.token_entries import TokenVariables
from exfig_rx.errors import DesignError
from exfig_rx.export.tokens import render_tokens
from exfig_rx.load.token_values import BASE, Held, LoadedTokens, Token, TokenType
from exfig_rx.load.tokens import load_tokens
from exfig_rx.model import Rgba
from exfig_rx.text_styles import TextCase, TypeStyle
from tests.test_export.token_files import documents, entry, faults, followed, leaves, rendered, the_file
from tests.test_load.tables import Cell, Table, extended, tokens

INK, SNOW, SEA = Rgba(0, 0, 0), Rgba(1, 1, 1), Rgba(0.2, 0.4, 0.6, 0.5)
BLACK = {"colorSpace": "srgb", "components": [0, 0, 0], "hex": "#000000"}
WHITE = {"colorSpace": "srgb", "components": [1, 1, 1], "hex": "#ffffff"}
PALETTE = Table("Palette", ["Value"], {"ink": [INK], "snow": [SNOW]})
THEME = Table("Theme", ["Light", "Dark"], {"text": ["{Palette/ink}", "{Palette/snow}"], "sea/deep": [SEA, SEA]})


def extension(token: Any) -> dict[str, Any]:
    found: dict[str, Any] = token["$extensions"]["com.exfig"]
    return found


def test_a_color_is_an_object_with_its_components_and_its_place_in_figma() -> None:
    assert the_file(Table("Theme", ["Value"], {"sea/deep": [SEA]}))["sea"]["deep"] == {
        "$type": "color",
        "$value": {"colorSpace": "srgb", "components": [0.2, 0.4, 0.6], "alpha": 0.5, "hex": "#336699"},
        "$extensions": {"com.exfig": {"fileId": "K", "variableId": "VariableID:1:0"}},
    }


def test_aliases_stay_aliases_and_modes_are_told_beside_the_usual_value() -> None:
    token = the_file(PALETTE, THEME)["text"]
    assert token["$value"] == "{ink}"
    assert extension(token)["modes"] == {"Light": "{ink}", "Dark": "{snow}"}
    assert "modes" not in extension(the_file(PALETTE)["ink"])


def test_the_first_named_mode_is_the_usual_one_and_others_are_left_out() -> None:
    token = documents(rendered(entry(TokenVariables("K", "Theme", ("Dark",))), PALETTE, THEME))["tokens.json"]["text"]
    assert (token["$value"], extension(token)) == (
        WHITE,
        {"fileId": "K", "variableId": "VariableID:2:0", "aliasOf": "snow"},
    )


def test_an_alias_to_what_is_not_in_the_file_is_its_value_and_says_whose() -> None:
    made = documents(rendered(entry(TokenVariables("K", "Theme")), PALETTE, THEME))["tokens.json"]
    assert made["text"]["$value"] == BLACK
    assert extension(made["text"])["aliasOf"] == "ink"


def test_an_alias_into_a_library_is_its_value() -> None:
    ghost = Table("Brand", ["Value"], {"mint": [None]}, is_remote=True)
    theme = Table("Theme", ["Value"], {"accent": ["{Brand/mint}"]})
    own = tokens(Table("Brand", ["Value"], {"mint": [SNOW]}, {"mint": {"key": "mint"}}), key="L")
    made = documents(rendered(entry(), theme, ghost, library=own))["tokens.json"]
    assert list(made) == ["$schema", "accent"]
    assert made["accent"]["$value"] == WHITE


def test_an_alias_to_a_token_of_another_type_is_its_value() -> None:
    sizes = Table("Sizes", ["Value"], {"700": [700.0]}, type="FLOAT")
    weights = Table("Fonts", ["Value"], {"bold": ["{Sizes/700}"]}, {"bold": {"scopes": ("FONT_WEIGHT",)}}, "FLOAT")
    made = the_file(sizes, weights)
    assert made["700"]["$value"] == {"value": 700, "unit": "px"}
    assert (made["bold"]["$type"], made["bold"]["$value"]) == ("fontWeight", 700)


def test_an_alias_that_the_usual_modes_would_lead_elsewhere_is_its_value() -> None:
    palette = Table("Palette", ["Base", "Vivid"], {"ink": [INK, SNOW]})
    theme = Table("Theme", ["Light"], {"text": ["{Palette/ink}"]})
    made = documents(rendered(entry(TokenVariables("K", None, (), "Vivid")), palette, theme))["tokens.json"]
    assert made["ink"]["$value"] == BLACK
    assert made["text"]["$value"] == WHITE


def test_a_token_without_modes_of_its_own_tells_what_it_is_in_those_of_others() -> None:
    parts = Table("Parts", ["Value"], {"button": ["{Theme/text}"]})
    made = documents(rendered(entry(), PALETTE, THEME, parts))["tokens.json"]
    assert "modes" not in extension(made["button"])
    assert followed(made, made["button"]["$value"], "Dark") == WHITE
    root = Table("Theme", ["Light", "Dark"], {"text": [INK, SNOW], "text/soft": [SEA, SEA]})
    button = the_file(root, parts)["button"]
    assert (button["$value"], extension(button)["modes"]) == (BLACK, {"Dark": WHITE})


def test_each_mode_has_a_whole_file_and_a_resolver_names_them() -> None:
    parts = Table("Parts", ["Value"], {"button": ["{Theme/text}"]})
    made = documents(rendered(entry(output="design", split="mode"), PALETTE, THEME, parts))
    assert list(made) == ["design/light.tokens.json", "design/dark.tokens.json", "design/tokens.resolver.json"]
    light, dark, resolver = made.values()
    assert [path for path, _ in leaves(light)] == [path for path, _ in leaves(dark)]
    assert [followed(one, one["button"]["$value"]) for one in (light, dark)] == [BLACK, WHITE]
    assert "modes" not in extension(dark["text"])
    assert resolver["modifiers"]["mode"] == {
        "contexts": {"Light": [{"$ref": "light.tokens.json"}], "Dark": [{"$ref": "dark.tokens.json"}]},
        "default": "Light",
    }


def test_without_modes_there_is_one_file_of_defaults_and_no_resolver() -> None:
    assert list(documents(rendered(entry(output="design", split="mode"), PALETTE))) == ["design/default.tokens.json"]


@pytest.mark.parametrize("modes", [("Day 1", "day-1"), ("Light", "⚡")])
def test_modes_that_can_not_name_files_are_an_error(modes: tuple[str, str]) -> None:
    with pytest.raises(DesignError, match="can't name a file"):
        rendered(entry(output="design", split="mode"), Table("Theme", modes, {"ink": [INK, INK]}))


@pytest.mark.parametrize(
    ("scopes", "number", "type_", "value"),
    [
        ((), 16.0, "dimension", {"value": 16, "unit": "px"}),
        (("ALL_SCOPES",), 0.5, "dimension", {"value": 0.5, "unit": "px"}),
        (("OPACITY", "GAP"), 4.0, "dimension", {"value": 4, "unit": "px"}),
        (("OPACITY",), 0.20000000298023224, "number", 0.2),
        (("OPACITY",), 0.10196078568696976, "number", 0.101960786),
        (("FONT_WEIGHT",), 450.0, "fontWeight", 450),
        (("FONT_WEIGHT",), 1200.0, "number", 1200),
        (("FONT_WEIGHT", "OPACITY"), 500.0, "number", 500),
        (("SOMETHING_NEW",), 2.0, "number", 2),
    ],
)
def test_scopes_tell_what_a_number_is(scopes: tuple[str, ...], number: float, type_: str, value: Any) -> None:
    token = the_file(Table("Sizes", ["Value"], {"s": [number]}, {"s": {"scopes": scopes}}, "FLOAT"))["s"]
    assert (token["$type"], token["$value"]) == (type_, value)
    assert extension(token).get("scopes", []) == (list(scopes) if scopes != ("ALL_SCOPES",) else [])


def test_texts_are_fonts_and_weights_and_others_are_told() -> None:
    fonts = Table(
        "Fonts",
        ["Value"],
        {"body": ["Inter {Tight}"], "strong": ["Semi Bold"], "slanted": ["Bold Italic"], "title": ["Hello"]},
        {
            "body": {"scopes": ("FONT_FAMILY",)},
            "strong": {"scopes": ("FONT_STYLE",)},
            "slanted": {"scopes": ("FONT_STYLE",)},
        },
        "STRING",
    )
    flags = Table("Flags", ["Value"], {"beta": [True]}, type="BOOLEAN")
    made = rendered(entry(), fonts, flags, PALETTE)
    document = documents(made)["tokens.json"]
    assert (document["strong"]["$type"], document["strong"]["$value"]) == ("fontWeight", 600)
    assert (document["body"]["$type"], document["body"]["$value"]) == ("fontFamily", ["Inter {Tight}"])
    (note,) = load_tokens(entry(), {}, {"K": tokens(fonts, flags, PALETTE)}).warnings
    assert note.code == "design.untyped-tokens"
    assert "'beta' (a truth value), 'slanted' (a font style), 'title' (a text)" in note.message
    picky = entry(kinds=["colors"])
    assert load_tokens(picky, {}, {"K": tokens(fonts, flags, PALETTE)}).warnings == ()


def test_names_that_the_format_forbids_are_changed_and_told() -> None:
    made = rendered(entry(), Table("Sizes", ["Value"], {"$gap/0.5": [1.0], " a / {b} ": [2.0]}, type="FLOAT"))
    assert [path for path, _ in leaves(documents(made)["tokens.json"])] == [("_gap", "0_5"), ("a", "_b_")]
    (note,) = made.warnings
    assert "'$gap/0.5' is '_gap/0_5'" in note.message


def test_a_name_style_is_for_each_part_of_a_name() -> None:
    made = rendered(entry(nameStyle="kebab-case"), Table("Theme", ["Value"], {"Text Colors/On Dark 0.5": [INK]}))
    assert [path for path, _ in leaves(documents(made)["tokens.json"])] == [("text-colors", "on-dark-0-5")]
    assert made.warnings == ()


def test_two_tokens_at_one_path_are_an_error_that_names_both() -> None:
    with pytest.raises(DesignError) as caught:
        rendered(entry(), Table("Theme", ["Value"], {"a.b": [INK]}), Table("Brand", ["Value"], {"a_b": [SNOW]}))
    (problem,) = caught.value.problems
    assert problem.code == "design.duplicate-name"
    assert "'a.b' (collection 'Theme', file K, VariableID:1:0)" in problem.message
    assert "'a_b' (collection 'Brand', file K, VariableID:2:0)" in problem.message


def test_a_name_of_which_nothing_is_left_is_an_error() -> None:
    with pytest.raises(DesignError, match="nothing is left of the name '//'"):
        rendered(entry(), Table("Theme", ["Value"], {"//": [INK]}))


def test_a_token_that_is_a_group_too_is_its_root_and_aliases_to_it_are_values() -> None:
    rows: dict[str, list[Cell]] = {"ink/10": [SNOW], "ink": [INK], "text": ["{Theme/ink}"]}
    made = the_file(Table("Theme", ["Value"], rows))
    assert (made["ink"]["$root"]["$value"], made["ink"]["10"]["$value"], made["text"]["$value"]) == (
        BLACK,
        WHITE,
        BLACK,
    )


def test_descriptions_and_hidden_variables_are_told() -> None:
    more = {"ink": {"description": "Text", "is_hidden": True}}
    token = the_file(Table("Theme", ["Value"], {"ink": [INK]}, more))["ink"]
    assert (token["$description"], extension(token)["hidden"]) == ("Text", True)


def test_braces_of_a_description_are_no_alias() -> None:
    more = {"ink": {"description": "Use {snow} or {nothing} on }dark{"}}
    token = the_file(Table("Theme", ["Value"], {"ink": [INK]}, more))["ink"]
    assert token["$description"] == "Use (snow) or (nothing) on }dark{"


def test_a_text_style_is_a_typography_token_and_the_rest_of_it_an_extension() -> None:
    style = TypeStyle(
        "Inter", "Inter-Bold", 700, 15, 22, -0.3199999928474426, TextCase.UPPER, "UPPER", "UNDERLINE", True
    )
    token = Token("h/1", TokenType.TYPOGRAPHY, ("F", "1:2"), {BASE: Held(style)})
    made = documents(render_tokens(entry(), LoadedTokens((token,))))["tokens.json"]["h"]["1"]
    assert made["$value"] == {
        "fontFamily": ["Inter"],
        "fontSize": {"value": 15, "unit": "px"},
        "fontWeight": 700,
        "letterSpacing": {"value": -0.32, "unit": "px"},
        "lineHeight": 1.4667,
    }
    assert extension(made) == {
        "fileId": "F",
        "nodeId": "1:2",
        "postScriptName": "Inter-Bold",
        "textCase": "UPPER",
        "textDecoration": "UNDERLINE",
        "italic": True,
    }


def test_a_line_height_that_the_font_decides_is_a_usual_one_and_says_so() -> None:
    token = Token("h", TokenType.TYPOGRAPHY, ("F", "1:2"), {BASE: Held(TypeStyle("Inter", "", 400, 16, None, 0))})
    made = documents(render_tokens(entry(), LoadedTokens((token,))))["tokens.json"]["h"]
    assert (made["$value"]["lineHeight"], extension(made)["lineHeight"]) == (1.2, "auto")


def test_an_extended_collection_is_exported_when_it_is_named() -> None:
    file = extended(
        tokens(PALETTE), "Brand", "VariableCollectionId:1", {"VariableID:1:0": {"Value": SEA}}, [("Value", "1:0")]
    )
    of = entry(TokenVariables("K", "Brand"))
    made = documents(render_tokens(of, load_tokens(of, {}, {"K": file})))["tokens.json"]
    assert (made["ink"]["$value"]["hex"], made["snow"]["$value"]) == ("#336699", WHITE)
    everything = entry()
    assert len(load_tokens(everything, {}, {"K": file}).tokens) == 2


def test_the_validator_of_these_tests_finds_what_is_wrong() -> None:
    assert faults({"a": {"$type": "color", "$value": "#000000"}})
    assert faults({"a.b": {"$type": "number", "$value": 1}})
    assert faults({"version": "1", "resolutionOrder": []}, "resolver")


NAMES = st.lists(st.sampled_from(["a", "b", "0.5", "$x", "y}z", "é 漢"]), min_size=1, max_size=3).map("/".join)
COLORS = st.sampled_from([INK, SNOW, SEA])


@st.composite
def designs(draw: st.DrawFn) -> tuple[Table, ...]:
    """Collections whose variables are colors, or aliases to any color of these collections."""
    names = draw(st.lists(NAMES, min_size=2, max_size=8, unique=True))
    cut = draw(st.integers(1, len(names) - 1))
    modes = [draw(st.sampled_from([["V"], ["L", "D"], ["D", "L"]])) for _ in range(2)]
    everything = [("One", name) for name in names[:cut]] + [("Two", name) for name in names[cut:]]
    rows: dict[str, dict[str, list[Cell]]] = {"One": {}, "Two": {}}
    for index, (table, name) in enumerate(everything):
        cells: list[Cell] = []
        for _ in modes[0 if table == "One" else 1]:
            targets = [f"{{{of}/{other}}}" for of, other in everything[:index]]
            cells.append(draw(COLORS | st.sampled_from(targets)) if targets else draw(COLORS))
        rows[table][name] = cells
    return Table("One", modes[0], rows["One"]), Table("Two", modes[1], rows["Two"])


@settings(max_examples=60, deadline=None)
@given(designs(), st.sampled_from([None, "L", "V"]))
def test_whatever_the_design_files_are_valid_and_aliases_lead_to_the_values(
    tables: tuple[Table, ...], primitives: str | None
) -> None:
    of = entry(TokenVariables("K", None, (), primitives))
    loaded = load_tokens(of, {}, {"K": tokens(*tables)})
    one = documents(render_tokens(of, loaded))["tokens.json"]
    found = dict(leaves(one))
    assert len(found) == len(loaded.tokens)
    by_id = {extension(token)["variableId"]: token for token in found.values()}
    for token in loaded.tokens:
        leaf = by_id[token.id[1]]
        for mode in (BASE, *loaded.modes):
            value = token.at(mode).value
            assert isinstance(value, Rgba)
            written = extension(leaf).get("modes", {}).get(mode, leaf["$value"])
            assert followed(one, written, mode)["components"] == [value.red, value.green, value.blue]
    folder = entry(TokenVariables("K", None, (), primitives), output="d", split="mode")
    split = documents(render_tokens(folder, load_tokens(folder, {}, {"K": tokens(*tables)})))
    for mode, document in zip(loaded.modes, split.values(), strict=False):
        for _, leaf in leaves(document):
            value = next(t for t in loaded.tokens if t.id[1] == extension(leaf)["variableId"]).at(mode).value
            assert isinstance(value, Rgba)
            assert followed(document, leaf["$value"])["components"] == [value.red, value.green, value.blue]


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
@settings(deadline=None)
def test_numbers_are_the_same_32_bit_floats(number: float) -> None:
    made = the_file(Table("Sizes", ["Value"], {"s": [number + 0.0]}, {"s": {"scopes": ("OPACITY",)}}, "FLOAT"))
    written = made["s"]["$value"]
    assert struct.pack("<f", written) == struct.pack("<f", number + 0.0)
    assert len(repr(written)) <= len(repr(int(number) if number == int(number) else number))


def test_aliases_that_would_go_round_in_a_circle_are_values() -> None:
    one = Table("One", ["Raw", "Theme"], {"a": [INK, "{Two/b}"]})
    two = Table("Two", ["Raw", "Theme"], {"b": [INK, "{One/a}"]})
    of = entry(TokenVariables("K", None, ("Theme",), "Raw"))
    made = documents(rendered(of, one, two))["tokens.json"]
    assert [leaf["$value"] for _, leaf in leaves(made)] == [BLACK, BLACK]


def test_the_order_of_what_figma_sends_changes_no_byte() -> None:
    file = tokens(PALETTE, THEME)
    turned = replace(
        file,
        collections=dict(list(file.collections.items())[::-1]),
        variables=dict(list(file.variables.items())[::-1]),
    )
    first, second = (render_tokens(entry(), load_tokens(entry(), {}, {"K": one})) for one in (file, turned))
    assert first == second


def test_the_examples_of_the_docs_are_valid() -> None:
    page = (Path(__file__).parents[2] / "docs/tokens.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```json\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert faults(json.loads(example)) == []
