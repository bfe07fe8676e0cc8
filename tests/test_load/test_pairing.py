"""Light, dark and high contrast become pairs; every gap and clash is told once."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.load.naming import key_name
from exfig_rx.load.pairing import Asset, Mode, Paired, Sets, Subject, case_collisions, collisions, pair
from exfig_rx.model import Location, Platform, Problem

COLOR = Subject("ios.colors", "color")


def assets(text: str, file_key: str = "L", *, first_id: int = 1) -> list[Asset[str]]:
    """Assets from names split at blanks; `name:ios` limits one to a platform. The value of `a` in file L is `L.a`."""
    made = []
    for number, item in enumerate(text.split(), first_id):
        name, _, limit = item.partition(":")
        platforms = frozenset(Platform(word) for word in limit.split("+") if word)
        made.append(Asset(key_name(name), name, name, file_key, f"{number}:0", f"{file_key}.{name}", platforms))
    return made


def paired(
    light: str, dark: str | None = None, light_hc: str = "", dark_hc: str = "", platform: str = "ios"
) -> Paired[str]:
    darks = None if dark is None else assets(dark, "D")
    return pair(Sets(assets(light), darks, assets(light_hc, "LH"), assets(dark_hc, "DH")), Platform(platform), COLOR)


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def values(result: Paired[str]) -> list[tuple[str | None, ...]]:
    rows = [(p.light, p.dark, p.light_hc, p.dark_hc) for p in result.pairs]
    return [tuple(asset.value if asset else None for asset in row) for row in rows]


def test_partners_are_found_by_key_name() -> None:
    result = paired("a/b c", "c a_b", "c", "c")
    assert values(result) == [("L.a/b", "D.a_b", None, None), ("L.c", "D.c", "LH.c", "DH.c")]
    assert result.errors == ()


def test_pairs_come_in_the_order_of_code_points() -> None:
    assert [p.light.name for p in paired("b a é Z z 10 9").pairs] == ["10", "9", "Z", "a", "b", "z", "é"]


def test_composed_and_decomposed_names_are_partners() -> None:
    assert values(paired("caf\u00e9", "cafe\u0301")) == [("L.caf\u00e9", "D.cafe\u0301", None, None)]


def test_only_light_assets_for_the_platform_are_exported() -> None:
    result = paired("a:ios b:android c d:ios+web", "a:ios b:android c d:ios+web", platform="web")
    assert [p.light.name for p in result.pairs] == ["c", "d"]
    assert (result.errors, result.warnings) == ((), ())


@pytest.mark.parametrize(
    ("sets", "errors"),
    [
        pytest.param({"light": "a", "dark": "a b"}, ["design.missing-in-light"], id="dark needs light"),
        pytest.param({"light": "a", "light_hc": "b"}, ["design.missing-in-light"], id="light contrast needs light"),
        pytest.param(
            {"light": "a", "dark": "b", "light_hc": "b"},
            ["design.missing-in-light", "design.missing-in-light"],
            id="dark and light contrast are told apart",
        ),
        pytest.param(
            {"light": "a b", "dark": "a", "dark_hc": "b"}, ["design.missing-in-dark"], id="dark contrast needs dark"
        ),
        pytest.param({"light": "a", "dark": "", "dark_hc": "a"}, ["design.missing-in-dark"], id="even an empty dark"),
        pytest.param({"light": "a", "dark_hc": "a b"}, [], id="without dark, dark contrast is not checked"),
        pytest.param({"light": "a a"}, ["design.duplicate-name"], id="twice in light"),
        pytest.param({"light": "a", "dark": "a a"}, ["design.duplicate-name"], id="twice in dark"),
        pytest.param({"light": "a", "light_hc": "a a"}, ["design.duplicate-name"], id="twice in light contrast"),
        pytest.param(
            {"light": "a", "dark": "a", "dark_hc": "a a"}, ["design.duplicate-name"], id="twice in dark contrast"
        ),
        pytest.param({"light": "a/b a_b a"}, ["design.duplicate-name"], id="equal by the slash rule"),
        pytest.param({"light": "a:ios", "dark": "a"}, ["design.platform-mismatch"], id="dark for all platforms"),
        pytest.param({"light": "a:ios", "dark": "a:web"}, ["design.platform-mismatch"], id="dark for another platform"),
        pytest.param({"light": "a", "dark": "a:ios"}, [], id="light for all platforms is fine"),
        pytest.param({"light": "a:ios", "light_hc": "a"}, ["design.platform-mismatch"], id="contrast without dark"),
        pytest.param({"light": "a:ios", "dark": "", "light_hc": "a"}, [], id="contrast with dark is not compared"),
        pytest.param(
            {"light": "a a x:ios", "dark": "b x", "light_hc": "c"},
            ["design.duplicate-name", "design.missing-in-light", "design.missing-in-light", "design.platform-mismatch"],
            id="all errors at once",
        ),
    ],
)
def test_each_fault_is_one_error(sets: dict[str, str], errors: list[str]) -> None:
    assert codes(paired(**sets).errors) == errors


@pytest.mark.parametrize(
    ("sets", "warnings"),
    [
        pytest.param({"light": "a b"}, [], id="no dark configured"),
        pytest.param({"light": "a b", "dark": ""}, [], id="a single file without any dark name"),
        pytest.param({"light": "a b", "dark": "a"}, ["design.no-dark"], id="one without dark"),
        pytest.param({"light": "a b", "light_hc": "a"}, ["design.no-light-high-contrast"], id="one without contrast"),
        pytest.param(
            {"light": "a b", "dark": "a b", "dark_hc": "b"}, ["design.no-dark-high-contrast"], id="one without both"
        ),
        pytest.param(
            {"light": "a b c", "dark": "a b", "light_hc": "a", "dark_hc": "a"},
            ["design.no-dark", "design.no-light-high-contrast", "design.no-dark-high-contrast"],
            id="all of them, none overwritten",
        ),
        pytest.param({"light": "a", "dark_hc": "a"}, ["design.unused-dark-high-contrast"], id="contrast of no dark"),
        pytest.param({"light": "a b:web", "dark": "a"}, [], id="a color for other platforms is not missed"),
    ],
)
def test_gaps_are_warnings_where_a_mode_holds_anything(sets: dict[str, str], warnings: list[str]) -> None:
    result = paired(**sets)
    assert codes(result.warnings) == warnings
    assert result.errors == ()


def test_missing_names_are_counted_and_the_first_ten_named() -> None:
    names = " ".join(f"c{number:03}" for number in range(500))
    [problem] = paired("a", "a " + names).errors
    assert problem.message.startswith("500 colors of dark missing in light: 'c000', 'c001', ")
    assert problem.message.endswith("'c009' and 490 more")
    assert len(problem.message) + len(problem.hint) < 500
    assert problem.location == Location(key="ios.colors", figma_file="D", node_id="2:0", node_name="c000")
    assert "https://www.figma.com/design/D?node-id=2-0" in problem.hint


def test_a_missing_name_that_figma_has_says_why_it_is_missing() -> None:
    left_out = {Mode.LIGHT: {"b": "is a linear gradient", "z": "is an image"}}
    [problem] = pair(Sets(assets("a"), assets("a b c", "D"), left_out=left_out), Platform.IOS, COLOR).errors
    assert problem.message == (
        "2 colors of dark missing in light: 'b', 'c'; left out of light: 'b' is a linear gradient"
    )


def test_a_duplicate_names_both_nodes_with_file_and_link() -> None:
    [problem] = paired("Body/M x Body/M").errors
    assert problem.message == (
        "2 colors have the same name in light: 'Body/M' (file L, node 1:0), 'Body/M' (file L, node 3:0)"
    )
    assert "https://www.figma.com/design/L?node-id=1-0, https://www.figma.com/design/L?node-id=3-0" in problem.hint
    assert problem.location == Location(key="ios.colors", figma_file="L", node_id="3:0", node_name="Body/M")


def test_names_that_the_slash_rule_makes_equal_say_what_they_become() -> None:
    [problem] = paired("a/b a_b").errors
    assert "2 colors become 'a_b' in light, where / turns into _: 'a/b' (file L, node 1:0), 'a_b'" in problem.message


def test_final_names_that_are_equal_are_one_error_per_name() -> None:
    named = list(zip(["x", "y", "x", "x"], assets("a b c d"), strict=True))
    [problem] = collisions(named, "in camelCase", "or change nameReplaceRegexp", COLOR)
    assert problem.code == "design.duplicate-name"
    assert problem.message.startswith(
        "3 colors become 'x' in camelCase: 'a' (file L, node 1:0), 'c' (file L, node 3:0)"
    )
    assert problem.hint.endswith("; or change nameReplaceRegexp")


def test_final_names_that_differ_in_case_only_are_told_apart_from_equal_ones() -> None:
    finals = ["iOS", "ios", "ios", "straße", "STRASSE"]
    named = list(zip(finals, assets("a b c d e"), strict=True))
    problems = case_collisions(named, "in camelCase", "", COLOR)
    assert codes(problems) == ["design.name-case", "design.name-case"]
    assert "become 'iOS', 'ios' in camelCase, which differ only in letter case: 'a' (file L, node 1:0), 'b'" in (
        problems[0].message
    )


some_platforms = st.sampled_from(["", ":ios", ":android+web"])
mode_sets = st.lists(st.tuples(st.text("abAé/_", min_size=1, max_size=3), some_platforms), max_size=8).map(
    lambda items: " ".join(name + limit for name, limit in items)
)


@given(mode_sets, st.none() | mode_sets, mode_sets, mode_sets, st.randoms(use_true_random=False))
def test_the_order_of_assets_changes_nothing(
    light: str, dark: str | None, light_hc: str, dark_hc: str, rng: random.Random
) -> None:
    def shuffled(text: str, file_key: str) -> list[Asset[str]]:
        items = assets(text, file_key)
        return rng.sample(items, len(items))

    darks = None if dark is None else shuffled(dark, "D")
    mixed = Sets(shuffled(light, "L"), darks, shuffled(light_hc, "LH"), shuffled(dark_hc, "DH"))
    assert pair(mixed, Platform.IOS, COLOR) == paired(light, dark, light_hc, dark_hc)


@given(mode_sets, st.none() | mode_sets, mode_sets, mode_sets)
def test_without_errors_every_asset_is_in_exactly_one_pair(
    light: str, dark: str | None, light_hc: str, dark_hc: str
) -> None:
    result = paired(light, dark, light_hc, dark_hc)
    lights = {item for item in assets(light) if not item.platforms or Platform.IOS in item.platforms}
    if not result.errors:
        assert sorted(p.light.node_id for p in result.pairs) == sorted(item.node_id for item in lights)
        keys = {item.key for item in lights}
        for name, text in (
            ("dark", dark or ""),
            ("light_hc", light_hc),
            ("dark_hc", dark_hc if dark is not None else ""),
        ):
            partners = [getattr(p, name) for p in result.pairs]
            assert sorted(a.name for a in partners if a) == sorted(a.name for a in assets(text) if a.key in keys)
