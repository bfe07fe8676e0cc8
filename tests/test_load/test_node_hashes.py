"""What is equal to a hash and what is not: everything that a picture can show, and nothing else."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.load.node_hashes import BOUND, UNSEEN, node_hashes

Json = dict[str, Any]
Change = Callable[[Json], object]


def vector(id_: str, path: str = "M0 0L8 0L8 8Z", **more: Any) -> Json:
    return {
        "id": id_,
        "name": "Vector",
        "type": "VECTOR",
        "scrollBehavior": "SCROLLS",
        "blendMode": "PASS_THROUGH",
        "fills": [solid()],
        "strokes": [],
        "strokeWeight": 1.0,
        "strokeAlign": "INSIDE",
        "absoluteBoundingBox": {"x": 103.0, "y": 204.0, "width": 8.0, "height": 8.0},
        "absoluteRenderBounds": {"x": 103.0, "y": 204.0, "width": 8.0, "height": 8.0},
        "constraints": {"vertical": "SCALE", "horizontal": "SCALE"},
        "relativeTransform": [[1.0, 0.0, 3.0], [0.0, 1.0, 4.0]],
        "size": {"x": 8.0, "y": 8.0},
        "fillGeometry": [{"path": path, "windingRule": "NONZERO"}],
        "strokeGeometry": [],
        "effects": [],
        "interactions": [],
        **more,
    }


def solid(**more: Any) -> Json:
    color = {"r": 0.20000000298023224, "g": 1, "b": 0, "a": 1}
    return {"blendMode": "NORMAL", "type": "SOLID", "color": color, **more}


def icon(id_: str = "1:1", **more: Any) -> Json:
    """A component with a group, a hidden layer, an image and a text in it."""
    photo = {"type": "IMAGE", "scaleMode": "FILL", "imageRef": "b7c1", "blendMode": "NORMAL"}
    shadow = {
        "type": "DROP_SHADOW",
        "visible": True,
        "radius": 4.0,
        "offset": {"x": 0.0, "y": 2.0},
        "color": {"a": 0.25},
    }
    text = vector("1:6", type="TEXT", characters="24", style={"fontFamily": "Inter", "fontSize": 12.0}, fillGeometry=[])
    group = vector("1:3", type="GROUP", children=[vector("1:4", "M1 1L2 2"), vector("1:5", fills=[photo])])
    hidden = vector("1:7", "M7 7Z", visible=False, children=[vector("1:8")])
    corners: Json = {"rectangleCornerRadii": [1.0, 2.0, 3.0, 4.0], "cornerRadius": 2.0, "effects": [shadow]}
    children = [vector("1:2", **corners), group, hidden, text]
    return vector(id_, type="COMPONENT", name="bell", clipsContent=False, children=children, **more)


def hash_of(component: Json) -> str | None:
    return node_hashes({"type": "CANVAS", "children": [component]}, [component["id"]]).get(component["id"])


def changed(change: Change) -> Json:
    component = icon()
    change(component)
    return component


def put(node: Json, **more: Any) -> Json:
    node.update(more)
    return node


def layer(component: Json, *way: int) -> Json:
    for index in way:
        component = component["children"][index]
    return component


SAME: dict[str, Change] = {
    "moved": lambda c: put(c, relativeTransform=[[1.0, 0.0, 900.5], [0.0, 1.0, -7.0]], x=900.5, y=-7.0),
    "moved with its boxes": lambda c: put(layer(c, 0), absoluteBoundingBox={"x": 9}, absoluteRenderBounds=None),
    "renamed": lambda c: put(c, name="bell/filled"),
    "a layer renamed": lambda c: put(layer(c, 1, 0), name="Union"),
    "other ids": lambda c: [put(one, id="9:9") for one in (layer(c, 1), layer(c, 1, 0))],
    "a style given": lambda c: put(layer(c, 0), styles={"fill": "4:4"}),
    "a variable bound": lambda c: put(layer(c, 0), boundVariables={"fills": [{"id": "VariableID:1:1"}]}),
    "a variable bound in a paint": lambda c: put(layer(c, 0)["fills"][0], boundVariables={"color": {"id": "V"}}),
    "another component behind it": lambda c: put(layer(c, 1), componentId="7:7", overrides=[{"id": "7:8"}]),
    "properties": lambda c: put(c, componentPropertyDefinitions={"Size": {"type": "VARIANT"}}),
    "a prototype": lambda c: put(layer(c, 0), interactions=[{"trigger": {"type": "ON_CLICK"}}], scrollBehavior="FIXED"),
    "ready for development": lambda c: put(c, devStatus={"type": "READY_FOR_DEV"}, annotations=[{"label": "24"}]),
    "export settings": lambda c: put(c, exportSettings=[{"suffix": "@2x", "format": "PNG"}]),
    "plugin data": lambda c: put(layer(c, 1, 1), pluginData={"1": {"a": "b"}}, sharedPluginData={"c": {}}),
    "whole numbers": lambda c: put(layer(c, 0), strokeWeight=1, cornerRadius=2, size={"x": 8, "y": 8}),
    "less than a millionth": lambda c: layer(c, 0)["fills"][0]["color"].update(r=0.2),
    "minus zero": lambda c: put(layer(c, 0), relativeTransform=[[1.0, -0.0, 3.0], [0, 1.0, 4.0]]),
    "a hidden layer changed": lambda c: put(layer(c, 2), fillGeometry=[], fills=[]),
    "a layer in a hidden one changed": lambda c: put(layer(c, 2, 0), fills=[]),
    "a hidden layer gone": lambda c: c["children"].pop(2),
    "a hidden layer without an outline": lambda c: layer(c, 2).pop("fillGeometry"),
}

OTHER: dict[str, Change] = {
    "turned": lambda c: put(c, relativeTransform=[[0.0, 1.0, 3.0], [-1.0, 0.0, 4.0]]),
    "another size": lambda c: put(c, size={"x": 8.0, "y": 9.0}),
    "hidden": lambda c: put(c, visible=False),
    "transparent": lambda c: put(c, opacity=0.5),
    "clipped": lambda c: put(c, clipsContent=True),
    "a path edited": lambda c: layer(c, 0)["fillGeometry"][0].update(path="M0 0L8 0L8 9Z"),
    "a path more": lambda c: layer(c, 0)["fillGeometry"].append({"path": "M0 0Z", "windingRule": "NONZERO"}),
    "a path deep inside": lambda c: layer(c, 1, 0)["fillGeometry"][0].update(path="M1 1L2 3"),
    "another winding rule": lambda c: layer(c, 0)["fillGeometry"][0].update(windingRule="EVENODD"),
    "a stroke": lambda c: put(layer(c, 0), strokeGeometry=[{"path": "M0 0Z", "windingRule": "NONZERO"}]),
    "another color": lambda c: layer(c, 0)["fills"][0]["color"].update(g=0.9960784316062927),
    "a tenth of a shade": lambda c: layer(c, 0)["fills"][0]["color"].update(g=0.9996),
    "a hidden paint": lambda c: layer(c, 0)["fills"][0].update(visible=False),
    "a paint on top": lambda c: layer(c, 0)["fills"].append(solid()),
    "another picture": lambda c: layer(c, 1, 1)["fills"][0].update(imageRef="b7c2"),
    "a rounder corner": lambda c: put(layer(c, 0), cornerRadius=2.5),
    "corners in turn": lambda c: put(layer(c, 0), rectangleCornerRadii=[2.0, 1.0, 3.0, 4.0]),
    "a softer shadow": lambda c: layer(c, 0)["effects"][0].update(radius=8.0),
    "no shadow": lambda c: layer(c, 0)["effects"][0].update(visible=False),
    "a layer moved": lambda c: put(layer(c, 1, 0), relativeTransform=[[1.0, 0.0, 3.5], [0.0, 1.0, 4.0]]),
    "a layer hidden": lambda c: put(layer(c, 1, 0), visible=False),
    "a layer shown": lambda c: layer(c, 2).pop("visible"),
    "a layer gone": lambda c: layer(c, 1)["children"].pop(),
    "layers in another order": lambda c: layer(c, 1)["children"].reverse(),
    "a layer out of its group": lambda c: c["children"].insert(2, layer(c, 1)["children"].pop()),
    "a mask": lambda c: put(layer(c, 1, 0), isMask=True),
    "text": lambda c: put(layer(c, 3), characters="25"),
    "text in another font": lambda c: layer(c, 3)["style"].update(fontFamily="Lora"),
    "another blend mode": lambda c: put(layer(c, 0), blendMode="MULTIPLY"),
    "something new": lambda c: put(layer(c, 0), shimmer={"depth": 3}),
    "something new that is null": lambda c: put(layer(c, 0), shimmer=None),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_what_no_picture_shows_does_not_count(change: Change) -> None:
    assert repr(changed(change)) != repr(icon())
    assert hash_of(changed(change)) == hash_of(icon()) is not None


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_what_a_picture_can_show_counts(change: Change) -> None:
    assert hash_of(changed(change)) not in (hash_of(icon()), None)


def test_two_changes_differ_from_each_other() -> None:
    hashes = {hash_of(changed(change)) for change in OTHER.values()}
    assert len(hashes) == len(OTHER)


def test_a_hash_is_the_same_on_every_machine() -> None:
    # It is kept on disk: whoever changes this number moves `_FORM`, so that no old hash is taken for a new one.
    assert hash_of(icon()) == "92e4cf251fc5c42c2ba3a8f622fb9dcb"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": ["x", "yz"]}, {"a": ["xy", "z"]}),
        ({"a": ["", "x"]}, {"a": ["x", ""]}),
        ({"a": "x\0", "b": "y"}, {"a": "x", "b": "\0y"}),
        ({"a": [[1, 2], [3]]}, {"a": [[1], [2, 3]]}),
        ({"a": [[], [1]]}, {"a": [[1], []]}),
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}),
        ({"a": {"c": 1}, "b": {"c": 2}}, {"a": {"c": 2}, "b": {"c": 1}}),
        ({"a": True}, {"a": 1}),
        ({"a": None}, {"a": 0}),
        ({"a": None}, {"a": False}),
        ({"a": []}, {"a": {}}),
        ({"a": "1"}, {"a": 1}),
        ({"a": "[]"}, {"a": []}),
        ({"a": [{"b": 1}, {"b": "x"}, {"b": [2]}]}, {"a": [{"b": 1}, {"b": "y"}, {"b": [2]}]}),
        ({"a": [{"b": 1}, {}]}, {"a": [{}, {"b": 1}]}),
        ({"a": float("inf")}, {"a": float("-inf")}),
        ({"a\nb": 1}, {"a": 1}),
        ({"a": "\ud800"}, {"a": "\ud801"}),
    ],
)
def test_values_that_look_alike_are_told_apart(one: Json, other: Json) -> None:
    assert len({hash_of(vector("1:1", **one)), hash_of(vector("1:1", **other)), None}) == 3


NUMBERS = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6, width=32) | st.floats(-1e6, 1e6)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=4)
KEYS = st.sampled_from(["fills", "size", "x", "name", "id", BOUND, "styles", "visible", "new"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
)


@st.composite
def nodes(draw: st.DrawFn, depth: int = 2) -> Json:
    node = draw(st.dictionaries(KEYS, VALUES, max_size=5))
    node |= {"type": "VECTOR", "fillGeometry": draw(VALUES)}
    if depth and draw(st.booleans()):
        node["children"] = draw(st.lists(nodes(depth - 1), max_size=3))
    return node


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key or index) of a tree."""
    found: list[tuple[Any, Any]] = []
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    for key in keys:
        found += [(value, key), *places(value[key])]
    return found


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Json, Json]:
    """A tree, and the same with one change in it."""
    one = draw(nodes())
    other = copy.deepcopy(one)
    container, key = draw(st.sampled_from(places(other)))
    if key not in ("type", "fillGeometry", "children") and not (
        isinstance(container[key], dict) and "fillGeometry" in container[key]
    ):
        container[key] = draw(VALUES)
    elif isinstance(container[key], list):
        container[key] = container[key][::-1]
    return one, other


def plainly(value: Any, *, is_node: bool) -> Any:
    """What counts in a tree, as it is said and not as it is quick."""
    if isinstance(value, dict):
        unseen = UNSEEN | {BOUND, "children"} if is_node else {BOUND}
        kept = {key: plainly(value[key], is_node=False) for key in value if key not in unseen}
        if is_node:
            drawn = [child for child in value.get("children", []) if child.get("visible") is not False]
            kept["children"] = [plainly(child, is_node=True) for child in drawn]
        return kept
    if isinstance(value, list):
        return [plainly(item, is_node=False) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return round(value * 2**20)


def said(tree: Json) -> str:
    root = {key: value for key, value in tree.items() if key != "x"}
    return json.dumps(plainly(root, is_node=True), sort_keys=True)


@given(pairs())
def test_hashes_are_equal_where_all_that_counts_is(pair: tuple[Json, Json]) -> None:
    one, other = (hash_of({**tree, "id": "1:1"}) for tree in pair)
    assert None not in (one, other)
    assert (one == other) == (said(pair[0]) == said(pair[1]))


def shuffled(value: Any, order: Callable[[list[Any]], list[Any]]) -> Any:
    if isinstance(value, dict):
        return {key: shuffled(value[key], order) for key in order(list(value))}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value


@given(nodes(), st.randoms(use_true_random=False))
def test_the_order_of_keys_and_a_trip_through_json_change_nothing(tree: Json, chance: Any) -> None:
    def mixed(keys: list[Any]) -> list[Any]:
        chance.shuffle(keys)
        return keys

    tree = {**tree, "id": "1:1"}
    assert hash_of(json.loads(json.dumps(shuffled(tree, mixed)))) == hash_of(tree)


def test_all_components_of_a_tree_are_hashed_or_those_that_are_wanted() -> None:
    frame = {
        "id": "9:1",
        "type": "FRAME",
        "children": [icon("1:1"), {"type": "COMPONENT_SET", "children": [icon("1:9")]}],
    }
    whole = node_hashes(frame)
    assert set(whole) == {"1:1", "1:9"}
    assert whole["1:1"] == whole["1:9"] == hash_of(icon())
    assert node_hashes(frame, {"1:9", "4:4"}) == {"1:9": whole["1:9"]}
    assert node_hashes(frame, []) == {}
    assert node_hashes(icon()) == {"1:1": whole["1:1"]}


def test_a_component_within_one_is_not_hashed_for_itself() -> None:
    assert set(node_hashes(vector("1:1", type="COMPONENT", children=[icon("1:2")]))) == {"1:1"}


@pytest.mark.parametrize(
    "type_",
    ["VECTOR", "BOOLEAN_OPERATION", "ELLIPSE", "LINE", "RECTANGLE", "REGULAR_POLYGON", "STAR", "TEXT", "NEW", None, []],
)
def test_a_component_with_a_shape_that_came_without_its_outline_has_no_hash(type_: Any) -> None:
    without = {"fillGeometry", "strokeGeometry"}
    bare = {key: value for key, value in vector("1:3", type=type_).items() if key not in without}
    frame = {"type": "FRAME", "children": [vector("1:1", type="COMPONENT", children=[bare]), icon("1:9")]}
    assert set(node_hashes(frame)) == {"1:9"}
    one_is_enough = {**bare, "strokeGeometry": []}
    assert hash_of(vector("1:1", children=[one_is_enough])) is not None


def test_a_container_needs_no_outline_but_a_size() -> None:
    bare = {"type": "GROUP", "children": [vector("1:4")]}
    assert hash_of(vector("1:1", children=[{**bare, "size": {"x": 1, "y": 1}}])) is not None
    assert hash_of(vector("1:1", children=[bare])) is None


def test_a_pattern_of_a_node_that_may_be_elsewhere_has_no_hash() -> None:
    assert hash_of(vector("1:1", children=[vector("1:2", fills=[{"type": "PATTERN", "sourceNodeId": "5:5"}])])) is None


HOSTILE: list[Any] = [
    {},
    [],
    None,
    {"id": "1:1"},
    {"id": ["1:1"], "type": "COMPONENT"},
    {"id": "1:1", "type": "COMPONENT", "children": 7},
    {"id": "1:1", "type": "COMPONENT", "children": [None]},
    {"children": {"id": "1:1"}},
    {"children": 7},
    {**vector("1:1", type="COMPONENT"), "id": ["1:1"]},
    {"children": [None, 7, ["x"], {"children": "no"}]},
    vector("1:1", children={"a": 1}),
    vector("1:1", children=[vector("1:2"), "x"]),
    vector("1:1", strokeWeight=10**400),
]


@pytest.mark.parametrize("document", HOSTILE)
def test_trees_of_another_shape_are_survived_and_have_no_hash(document: Any) -> None:
    assert node_hashes(document) == {}
    assert node_hashes({"children": [document]}, {"1:1"}) == {}


def test_numbers_that_are_none_are_equal_to_themselves() -> None:
    nan, again = (json.loads('{"a": [NaN, 1e999, -1e999]}') for _ in range(2))
    assert hash_of(vector("1:1", **nan)) == hash_of(vector("1:1", **again)) is not None


def test_a_tree_may_be_deeper_than_the_stack() -> None:
    depth = 20_000
    deep: Json = vector("1:2")
    value: list[Any] = []
    for _ in range(depth):
        deep, value = {"type": "GROUP", "size": {}, "children": [deep]}, [value]
    other = vector("1:2", "M0 0Z")
    for _ in range(depth):
        other = {"type": "GROUP", "size": {}, "children": [other]}
    one, two, three = (
        hash_of(vector("1:1", **more)) for more in ({"children": [deep]}, {"children": [other]}, {"a": value})
    )
    assert len({one, two, three, None}) == 4
