"""The block of design tokens: where tokens come from, what is owned, and what can't be meant."""

from pathlib import Path

import pytest

from exfig_rx.config.entries import SingleStyleFile, StyleFiles
from exfig_rx.config.ownership import Claim, clashes_within, owned
from exfig_rx.config.schema import Tokens, keys_of
from exfig_rx.config.token_entries import TokenEntry, TokenVariables, token_entries
from tests.test_config.reading import FIGMA, SOURCE, accepted, read, rejected, the_error, the_warning

FILE = "Lb9HarborLibrary00000001"
OWN = "tokensFileId: Vq3HarborTokens000000001"


def entries(text: str) -> tuple[TokenEntry, ...]:
    parsed = accepted(text)
    assert parsed.warnings == ()
    return token_entries(parsed.config)


def the_entry(text: str) -> TokenEntry:
    (found,) = entries(text)
    return found


def test_variables_of_a_file_of_its_own_and_text_styles_of_the_light_file() -> None:
    found = the_entry(
        FIGMA + f"tokens: {{ output: t.json, {OWN}, modeNames: [Day, Night], primitivesModeName: Raw }}\n"
    )
    assert found.variables == TokenVariables("Vq3HarborTokens000000001", None, ("Day", "Night"), "Raw")
    assert (found.color_styles, found.text_file, found.is_picky) == (None, FILE, False)
    assert (found.variable_files, found.style_files) == (("Vq3HarborTokens000000001",), {FILE: frozenset({"TEXT"})})


def test_variables_of_common_with_the_modes_that_it_names() -> None:
    source = SOURCE.replace(" }", ", darkModeName: Night, primitivesModeName: Raw }")
    found = the_entry(f"common: {{ variablesColors: {source} }}\ntokens: {{ output: t.json }}\n")
    assert found.variables == TokenVariables("Vq3HarborTokens000000001", "Theme", ("Day", "Night"), "Raw")
    assert (found.text_file, found.style_files) == (None, {})


def test_published_color_styles_where_there_are_no_variables() -> None:
    dark = "figma: { lightFileId: Lb9HarborLibrary00000001, darkFileId: Db9HarborLibrary00000001 }\n"
    found = the_entry(dark + "tokens: { output: t.json }\n")
    assert found.color_styles == StyleFiles(FILE, "Db9HarborLibrary00000001")
    assert found.style_files == {FILE: {"FILL", "TEXT"}, "Db9HarborLibrary00000001": {"FILL"}}
    single = FIGMA + "common: { colors: { useSingleFile: true } }\ntokens: { output: t.json, kinds: [colors] }\n"
    found = the_entry(single)
    assert (found.color_styles, found.text_file) == (SingleStyleFile(FILE, "_dark", "_lightHC", "_darkHC"), None)


def test_kinds_ask_for_no_more_than_they_name() -> None:
    found = the_entry(
        f"common: {{ variablesColors: {SOURCE} }}\n" + FIGMA + "tokens: { output: t.json, kinds: [typography] }\n"
    )
    assert (found.variables, found.color_styles, found.text_file) == (None, None, FILE)


def test_a_list_of_blocks_has_an_entry_each() -> None:
    text = FIGMA + f"tokens:\n  - {{ output: a.json, {OWN} }}\n  - {{ output: b, split: mode, {OWN} }}\n"
    assert [entry.key for entry in entries(text)] == ["tokens[0]", "tokens[1]"]
    claims = [(claim.path, claim.key, claim.claim) for claim in owned(accepted(text).config)]
    assert claims == [
        ("a.json", "tokens[0].output", Claim.FILE),
        ("b", "tokens[1].output", Claim.NAMES),
        ("b/tokens.resolver.json", "tokens[1].output", Claim.FILE),
    ]


ERRORS = {
    "no source at all": (
        "tokens: { output: t.json }\n",
        "figma.lightFileId: figma.lightFileId is missing; tokens needs it",
    ),
    "text styles by name without their file": (
        f"tokens: {{ output: t.json, {OWN}, kinds: [typography] }}\n",
        "figma.lightFileId: figma.lightFileId is missing; tokens needs it",
    ),
    "no output": (FIGMA + "tokens: {}\n", "tokens.output: output is missing."),
    "a folder for one file": (
        FIGMA + "tokens: { output: design/ }\n",
        "tokens.output: all tokens are in one file, whose name ends with .json or .tokens | Write design/tokens.json",
    ),
    "a file for many": (
        FIGMA + "tokens: { output: t.json, split: mode }\n",
        "tokens.output: with split: mode there is a file for each mode | Write a folder",
    ),
    "modes without variables": (
        FIGMA + "tokens: { output: t.json, modeNames: [Day] }\n",
        "tokens.modeNames: modeNames needs tokensFileId | Add tokensFileId",
    ),
    "numbers without variables": (
        FIGMA + "tokens: { output: t.json, kinds: [colors, numbers] }\n",
        "tokens.kinds: numbers in kinds: only variables have them | Add tokensFileId",
    ),
    "a kind that is none": (
        FIGMA + "tokens: { output: t.json, kinds: [colours] }\n",
        'tokens.kinds[0]: expected colors, numbers, strings or typography, found "colours" | Did you mean colors?',
    ),
    "no kinds": (FIGMA + "tokens: { output: t.json, kinds: [] }\n", "tokens.kinds: an empty list | Remove the key"),
    "two sources": (
        FIGMA + f"common: {{ colors: {{}}, variablesColors: {SOURCE} }}\ntokens: {{ output: t.json }}\n",
        "common.colors and common.variablesColors exclude each other; tokens can't use both",
    ),
}


@pytest.mark.parametrize(("text", "expected"), ERRORS.values(), ids=ERRORS)
def test_what_can_not_be_meant_is_an_error(text: str, expected: str) -> None:
    assert expected in read(the_error(text))


def test_two_blocks_that_write_the_same_files_are_told() -> None:
    text = FIGMA + "tokens: [{ output: d, split: mode }, { output: ./d, split: mode }]\n"
    (problem,) = clashes_within(accepted(text).config)
    assert problem.message == "tokens[0].output and tokens[1].output both write d/tokens.resolver.json"


def test_common_colors_is_idle_only_if_nothing_reads_it() -> None:
    text = FIGMA + f"common: {{ colors: {{ nameValidateRegexp: [] }} }}\ntokens: {{ output: t.json, {OWN} }}\n"
    assert "nameValidateRegexp" in read(the_warning(text))
    assert len(rejected(text.replace(f", {OWN}", ""))) == 1


def test_the_docs_name_every_key_of_the_block() -> None:
    page = (Path(__file__).parents[2] / "docs/tokens.md").read_text(encoding="utf-8")
    assert [key for key in sorted(keys_of(Tokens)) if f"`{key}`" not in page] == []
