"""Where aliases lead: modes, collections, extensions, libraries, and what ends nowhere."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.load.alias_chains import LONGEST_CHAIN, Resolution, Resolved, Resolver, Unresolved
from exfig_rx.model import Rgba
from exfig_rx.variables import Alias, FileVariables, Variable, VariableCollection, VariableMode
from tests.test_load.design import BLACK, RED, WHITE
from tests.test_load.tables import Table, extended, tokens

GREY = Rgba(0.5, 0.5, 0.5)
PRIMITIVES = Table("Primitives", ["Value"], {"white": [WHITE], "black": [BLACK]})


def names(found: Resolution) -> list[str]:
    return [step.variable.name for step in found.chain]


def held(file: FileVariables, place: str, primitives: str | None = None) -> Resolution:
    """What the variable of `Collection/name@Mode` holds; both ways to ask must agree."""
    rest, _, mode_name = place.partition("@")
    table, _, name = rest.partition("/")
    (collection,) = [item for item in file.collections.values() if item.name == table]
    mode = next(mode.id for mode in collection.modes if mode.name == mode_name)
    resolver = Resolver({file.file_key: file}, file.file_key, primitives)
    step = next(step for step in resolver.variables(collection) if step.variable.name == name)
    found = resolver.column(collection, mode).value(step)
    plain = Resolver({file.file_key: file}, file.file_key, primitives).column(collection, mode).plain(step)
    assert plain == (found.value if isinstance(found, Resolved) else None)
    return found


THEME = Table(
    "Theme", ["Light", "Dark"], {"ink": ["{Primitives/black}", "{Primitives/white}"], "text": ["{Theme/ink}"] * 2}
)
BUTTON = Table(
    "Button", ["Dark", "Light", "Day"], {"label": ["{Theme/text}", "{Theme/text}", "{Theme/text}"]}, default=2
)
SIZES = Table("Sizes", ["Light", "Dark"], {"gap": [4.0, 8.0], "wide": ["{Sizes/gap}"] * 2}, type="FLOAT")
FLAGS = Table(
    "Flags", ["Light"], {"off": [False], "hidden": ["{Flags/off}"], "empty": [""], "none": [0.0]}, type="BOOLEAN"
)


@pytest.mark.parametrize(
    ("place", "value", "chain"),
    [
        pytest.param("Primitives/white@Value", WHITE, ["white"], id="a value of its own"),
        pytest.param("Theme/ink@Dark", WHITE, ["ink", "white"], id="another collection: its default mode"),
        pytest.param("Theme/text@Light", BLACK, ["text", "ink", "black"], id="the same collection: the same mode"),
        pytest.param("Theme/text@Dark", WHITE, ["text", "ink", "white"], id="and not the default one"),
        pytest.param("Button/label@Dark", WHITE, ["label", "text", "ink", "white"], id="the mode of the same name"),
        pytest.param("Button/label@Light", BLACK, ["label", "text", "ink", "black"], id="whatever order modes have"),
        pytest.param("Button/label@Day", BLACK, ["label", "text", "ink", "black"], id="no such name: the default mode"),
        pytest.param("Sizes/wide@Dark", 8.0, ["wide", "gap"], id="a number"),
        pytest.param("Flags/hidden@Light", False, ["hidden", "off"], id="a truth value, also a false one"),
        pytest.param("Flags/empty@Light", "", ["empty"], id="an empty text"),
        pytest.param("Flags/none@Light", 0.0, ["none"], id="a zero"),
    ],
)
def test_an_alias_leads_to_a_value(place: str, value: object, chain: list[str]) -> None:
    found = held(tokens(PRIMITIVES, THEME, BUTTON, SIZES, FLAGS), place)
    assert isinstance(found, Resolved)
    assert (found.value, names(found)) == (value, chain)


def test_the_mode_for_primitives_comes_before_the_one_of_the_same_name_but_only_elsewhere() -> None:
    tones = Table("Tones", ["Old", "Dark", "New"], {"grey": [WHITE, RED, GREY]})
    theme = Table("Theme", ["Dark", "New"], {"ink": ["{Tones/grey}", "{Tones/grey}"], "text": ["{Theme/ink}", BLACK]})
    file = tokens(tones, theme)
    for primitives, value in ((None, RED), ("New", GREY), ("Old", WHITE), ("Missing", RED)):
        found = held(file, "Theme/text@Dark", primitives)
        assert isinstance(found, Resolved)
        assert found.value == value


def test_a_chain_that_comes_back_to_its_collection_finds_it_in_the_mode_that_was_asked_for() -> None:
    theme = Table("Theme", ["Light", "Dark"], {"a": ["{Other/b}"] * 2, "c": [WHITE, BLACK]})
    other = Table("Other", ["Any"], {"b": ["{Theme/c}"]})
    found = held(tokens(theme, other), "Theme/a@Dark", "Light")
    assert isinstance(found, Resolved)
    assert (found.value, names(found)) == (BLACK, ["a", "b", "c"])


def test_names_of_modes_are_equal_however_their_letters_are_composed() -> None:
    theme = Table("Theme", ["caf\u00e9"], {"ink": ["{Tones/grey}"]})
    tones = Table("Tones", ["Other", "cafe\u0301"], {"grey": [WHITE, GREY]})
    found = held(tokens(theme, tones), "Theme/ink@caf\u00e9")
    assert isinstance(found, Resolved)
    assert found.value == GREY


LOST = Table(
    "Lost",
    ["A", "B"],
    {
        "hen": ["{Lost/egg}"] * 2,
        "egg": ["{Lost/hen}"] * 2,
        "chick": ["{Lost/egg}"] * 2,
        "self": ["{Lost/self}"] * 2,
        "gone": ["{VariableID:9:9}"] * 2,
        "far": ["{Lost/gone}"] * 2,
        "half": [WHITE, None],
        "late": ["{Lost/half}"] * 2,
    },
)


@pytest.mark.parametrize(
    ("name", "code", "path"),
    [
        ("hen", "alias-cycle", "hen -> egg -> hen"),
        ("chick", "alias-cycle", "chick -> egg -> hen -> egg"),
        ("self", "alias-cycle", "self -> self"),
        ("gone", "alias-target", "gone -> VariableID:9:9"),
        ("far", "alias-target", "far -> gone -> VariableID:9:9"),
        ("half", "no-value", "half"),
        ("late", "no-value", "late -> half"),
    ],
)
def test_what_leads_nowhere_shows_its_way(name: str, code: str, path: str) -> None:
    found = held(tokens(LOST), f"Lost/{name}@B")
    assert isinstance(found, Unresolved)
    assert (found.code, found.path) == (code, path)
    if code == "no-value":
        assert found.reason == "has no value in mode 'B' of 'Lost'"


def test_a_variable_whose_collection_is_not_listed_has_no_value() -> None:
    file = tokens(PRIMITIVES, THEME)
    file = replace(file, collections={id_: item for id_, item in file.collections.items() if item.name == "Theme"})
    found = held(file, "Theme/ink@Dark")
    assert isinstance(found, Unresolved)
    assert (found.code, found.path) == ("no-value", "ink -> white")
    resolver = Resolver({"K": file}, "K")
    assert isinstance(resolver.value(file.variables["VariableID:1:0"], "1:0"), Unresolved)


@pytest.mark.parametrize("first", ["0", "1", "30", "199"])
def test_a_chain_has_an_end_wherever_it_is_looked_at_first(first: str) -> None:
    rows = {str(number): [f"{{Long/{number + 1}}}"] for number in range(199)}
    file = tokens(Table("Long", ["A"], {**rows, "199": [RED]}))
    resolver = Resolver({"K": file}, "K")
    column = resolver.column(file.collections["VariableCollectionId:1"], "1:0")
    steps = {step.variable.name: step for step in resolver.variables(file.collections["VariableCollectionId:1"])}
    column.plain(steps[first])
    for name, step in steps.items():
        found = column.value(step)
        fits = 200 - int(name) <= LONGEST_CHAIN
        assert isinstance(found, Resolved) == fits
        assert column.plain(step) == (RED if fits else None)
        if isinstance(found, Unresolved):
            assert (found.code, len(found.chain)) == ("alias-depth", LONGEST_CHAIN)
            assert found.path.count("->") == 10
            assert "… 54 more …" in found.path


BASE = tokens(
    Table("Base", ["Light", "Dark"], {"ink": [BLACK, WHITE], "text": ["{Base/ink}"] * 2, "line": [GREY, GREY]})
)
MODES = [("Light", "1:0"), ("Dark", "1:1")]
PARENT = "VariableCollectionId:1"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        pytest.param("Brand/ink@Dark", RED, id="what an extension says itself"),
        pytest.param("Brand/ink@Light", BLACK, id="what it says nothing about in this mode"),
        pytest.param("Brand/text@Dark", RED, id="an inherited alias sees what the extension says"),
        pytest.param("Brand/line@Dark", GREY, id="what it says nothing about"),
        pytest.param("Base/text@Dark", WHITE, id="the parent knows nothing of it"),
        pytest.param("Season/text@Dark", RED, id="an extension of an extension"),
        pytest.param("Season/line@Dark", RED, id="a chain that comes back from another collection sees it, too"),
        pytest.param("Season/ink@Light", BLACK, id="and inherits through all of them"),
        pytest.param("Shop/price@Dark", WHITE, id="another collection means the parent, not one of its extensions"),
    ],
)
def test_an_extension_is_read_before_what_it_extends(place: str, value: Rgba) -> None:
    file = tokens(
        Table("Base", ["Light", "Dark"], {"ink": [BLACK, WHITE], "text": ["{Base/ink}"] * 2, "line": [GREY, GREY]}),
        Table("Shop", ["Dark"], {"price": ["{Base/text}"]}),
    )
    file = extended(file, "Brand", PARENT, {"VariableID:1:0": {"Dark": RED}}, MODES)
    brand = [(mode.name, mode.id) for mode in file.collections["VariableCollectionId:Brand"].modes]
    tones = {"VariableID:1:2": {"Dark": "{VariableID:2:0}"}}
    file = extended(file, "Season", "VariableCollectionId:Brand", tones, brand)
    found = held(file, place)
    assert isinstance(found, Resolved)
    assert found.value == value


def test_modes_of_an_extension_that_name_no_mode_of_the_parent_go_by_their_names() -> None:
    file = extended(BASE, "Brand", PARENT, {}, [("Dark", ""), ("Night", "7:7")])
    found = held(file, "Brand/text@Dark")
    assert isinstance(found, Resolved)
    assert found.value == WHITE
    assert isinstance(held(file, "Brand/text@Night"), Unresolved)


def test_collections_that_extend_each_other_end() -> None:
    file = extended(BASE, "Brand", "VariableCollectionId:Brand", {}, MODES)
    resolver = Resolver({"K": file}, "K")
    assert resolver.variables(file.collections["VariableCollectionId:Brand"]) == ()
    base = replace(file.collections[PARENT], parent_id="VariableCollectionId:Brand")
    brand = replace(file.collections["VariableCollectionId:Brand"], parent_id=PARENT)
    file = replace(file, collections={PARENT: base, brand.id: brand})
    assert isinstance(held(file, "Brand/text@Dark"), Resolved)


LIBRARY = tokens(Table("Tones", ["Dark"], {"grey": [GREY], "deep": ["{Tones/grey}"]}), key="L")


def test_an_alias_into_a_library_is_read_in_the_librarys_own_file() -> None:
    app = tokens(Table("Theme", ["Light", "Dark"], {"ink": ["{VariableID:L-1-1/1:1}"] * 2}))
    resolver = Resolver({"K": app, "L": LIBRARY}, "K")
    found = resolver.value(app.variables["VariableID:1:0"], "1:1")
    assert isinstance(found, Resolved)
    assert (found.value, found.path) == (GREY, "ink -> deep (file L) -> grey (file L)")
    alone = Resolver({"K": app}, "K").value(app.variables["VariableID:1:0"], "1:1")
    assert isinstance(alone, Unresolved)
    assert alone.path == "ink -> VariableID:L-1-1/1:1"


def test_a_copy_of_a_library_in_the_same_answer_comes_first_unless_it_is_a_dead_end() -> None:
    theme = Table("Theme", ["Dark"], {"ink": ["{Copy/L-1-0}"], "text": ["{Copy/L-1-1}"], "line": ["{Copy/lost}"]})
    copy = Table(
        "Copy", ["Dark"], {"L-1-0": [RED], "L-1-1": ["{VariableID:4:4}"], "lost": ["{VariableID:5:5}"]}, is_remote=True
    )
    app = tokens(theme, copy)
    resolver = Resolver({"L": LIBRARY, "K": app}, "K")
    column = resolver.column(app.collections["VariableCollectionId:1"], "1:0")
    steps = resolver.variables(app.collections["VariableCollectionId:1"])
    assert [column.plain(step) for step in steps] == [RED, GREY, None]
    assert [column.value(step).path for step in steps] == [
        "ink -> L-1-0",
        "text -> deep (file L) -> grey (file L)",
        "line -> lost -> VariableID:5:5",
    ]


def test_ids_of_two_files_that_look_alike_are_two_variables() -> None:
    library = tokens(Table("Tones", ["Dark"], {"grey": ["{Tones/deep}"], "deep": [GREY]}), key="L")
    app = tokens(Table("Theme", ["Dark"], {"ink": ["{VariableID:L-1-0/1:0}"], "text": [RED]}))
    found = Resolver({"K": app, "L": library}, "K").value(app.variables["VariableID:1:0"], "1:0")
    assert isinstance(found, Resolved)
    assert (found.value, names(found)) == (GREY, ["ink", "grey", "deep"])


def test_a_brand_extends_the_collection_of_a_library() -> None:
    library = tokens(Table("Base", ["Light", "Dark"], {"ink": [BLACK, WHITE], "text": ["{Base/ink}"] * 2}), key="L")
    other = tokens(Table("Other", ["Dark"], {"x": [GREY]}))
    overrides = {"VariableID:L-1-0/1:0": {"Dark": RED}}
    app = extended(other, "Brand", "VariableCollectionId:L-1/1:1", overrides, MODES)
    brand = app.collections["VariableCollectionId:Brand"]
    resolver = Resolver({"K": app, "L": library}, "K")
    steps = resolver.variables(brand)
    for mode, values in ((brand.modes[0], [BLACK, BLACK]), (brand.modes[1], [RED, RED])):
        assert [resolver.column(brand, mode.id).plain(step) for step in steps] == values
    assert [step.file_key for step in steps] == ["L", "L"]
    assert Resolver({"K": app}, "K").variables(brand) == ()
    # Two files may give one id to two modes.
    dark = VariableMode("1:0", "Dark", "1:1")
    alike = replace(brand, modes=(dark,), overrides={})
    resolver = Resolver({"K": replace(app, collections={brand.id: alike}), "L": library}, "K")
    assert [resolver.column(alike, "1:0").plain(step) for step in resolver.variables(alike)] == [WHITE, WHITE]


def test_ids_without_a_variable_are_told() -> None:
    file = tokens(PRIMITIVES)
    collection = replace(file.collections[PARENT], variable_ids=("VariableID:1:1", "VariableID:8:8", "VariableID:1:1"))
    resolver = Resolver({"K": file}, "K")
    assert [step.variable.name for step in resolver.variables(collection)] == ["black"]
    assert resolver.unlisted(collection) == ("VariableID:8:8",)


# Random files: three collections with modes of some common names; every variable is an alias or a number in each mode.

MODE_NAMES = ("Light", "Dark", "Value")


@st.composite
def files(draw: st.DrawFn) -> FileVariables:
    shapes = draw(
        st.lists(st.lists(st.sampled_from(MODE_NAMES), min_size=1, max_size=3, unique=True), min_size=1, max_size=3)
    )
    counts = [draw(st.integers(1, 4)) for _ in shapes]
    ids = [f"VariableID:{table}:{row}" for table, count in enumerate(counts) for row in range(count)]
    cells = st.sampled_from([*ids, "VariableID:9:9"]).map(Alias) | st.integers(0, 99).map(float)
    collections, variables = {}, {}
    for table, (modes, count) in enumerate(zip(shapes, counts, strict=True)):
        columns = tuple(VariableMode(f"{table}:{index}", name) for index, name in enumerate(modes))
        own = tuple(f"VariableID:{table}:{row}" for row in range(count))
        default = draw(st.sampled_from(columns)).id
        collections[f"C{table}"] = VariableCollection(f"C{table}", f"C{table}", "", columns, default, own)
        for id_ in own:
            values = {mode.id: draw(cells) for mode in columns}
            variables[id_] = Variable(id_, id_, "", f"C{table}", "FLOAT", values)
    return FileVariables("K", collections, variables)


def plainly(file: FileVariables, start: Variable, mode: VariableMode, primitives: str | None) -> Iterator[str | float]:
    """What the rule says, step by step: the ids of the chain, then a number or what is wrong."""
    at, seen = start.id, set()
    while True:
        yield at
        if at in seen:
            yield "alias-cycle"
            return
        if at not in file.variables:
            yield "alias-target"
            return
        seen.add(at)
        collection = file.collections[file.variables[at].collection_id]
        there = {item.name: item.id for item in collection.modes}
        if collection.id == start.collection_id:
            chosen = mode.id
        else:
            chosen = there.get(primitives or "", there.get(mode.name, collection.default_mode_id))
        value = file.variables[at].values[chosen]
        if not isinstance(value, Alias):
            assert isinstance(value, float)
            yield value
            return
        at = value.id


@given(files(), st.sampled_from((None, *MODE_NAMES)), st.randoms())
def test_any_web_of_aliases_resolves_as_the_rule_says_and_whatever_was_asked_before(
    file: FileVariables, primitives: str | None, chance: Random
) -> None:
    resolver = Resolver({"K": file}, "K", primitives)
    asked = [
        (variable, mode)
        for variable in file.variables.values()
        for mode in file.collections[variable.collection_id].modes
    ]
    chance.shuffle(asked)
    for variable, mode in asked:
        *chain, end = plainly(file, variable, mode, primitives)
        found = resolver.value(variable, mode.id)
        missing = [found.missing_id] if isinstance(found, Unresolved) and found.missing_id else []
        assert [*(step.variable.id for step in found.chain), *missing] == chain
        assert (found.value if isinstance(found, Resolved) else found.code) == end
