"""Requests and answers of Figma's endpoints, with the odd things that real files hold."""

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.errors import FigmaError
from exfig_rx.figma.endpoints import (
    components,
    parse_components,
    parse_renders,
    parse_style_nodes,
    parse_styles,
    renders,
    style_nodes,
    styles,
)
from exfig_rx.model import ConfigId, Paint, Rgba, Style, StyleNode, Tier
from exfig_rx.pictures import Component, FileComponents, RenderFormat, RenderSpec

CONFIG = ConfigId("/a.yaml", "a.yaml", "a.yaml")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_styles_are_a_tier_3_question_that_every_config_asks_alike() -> None:
    one, other = styles("Key", CONFIG), styles("Key", ConfigId("/b.yaml", "b.yaml", "b.yaml"))
    assert (one.tier, one.path, one.query) == (Tier.THREE, "/v1/files/Key/styles", ())
    assert one.key == other.key
    assert one.charged_to == CONFIG


def test_a_file_key_can_not_leave_its_place_in_the_path() -> None:
    assert styles("../me?x=1", CONFIG).path == "/v1/files/..%2Fme%3Fx%3D1/styles"


def test_the_nodes_of_styles_are_a_tier_1_question_and_styles_lead_to_it() -> None:
    lookup = style_nodes("Key")
    assert (lookup.tier, lookup.path, lookup.query) == (Tier.ONE, "/v1/files/Key/nodes", ())
    assert styles("Key", CONFIG).leads_to is Tier.ONE


def test_styles_of_unknown_kinds_and_without_descriptions_are_read() -> None:
    items = [
        {"node_id": "1:1", "name": "Ink", "style_type": "FILL", "description": None},
        {"node_id": "1:2", "name": "New", "style_type": "SOUND"},
        {"name": "no id", "style_type": "FILL"},
        None,
    ]
    assert parse_styles({"meta": {"styles": items}}) == (Style("1:1", "Ink", "FILL"), Style("1:2", "New", "SOUND"))


BLUNT = Rgba(0.0, 1.0, 0.0, 1.0)


def test_half_a_surrogate_pair_reaches_neither_a_url_nor_a_file() -> None:
    body = json.loads('{"meta": {"styles": [{"node_id": "1:\\ud800", "name": "Ink \\udc00", "style_type": "FILL"}]}}')
    (style,) = parse_styles(body)
    assert (style.node_id, style.name) == ("1:?", "Ink ?")
    body = json.loads('{"nodes": {"1:\\ud800": {"document": {"name": "Ink \\udc00"}}}}')
    assert parse_style_nodes(body) == {"1:?": StyleNode("1:?", "Ink ?")}


def solid(**more: Any) -> dict[str, Any]:
    return {"type": "SOLID", "color": {"r": 1, "g": 0, "b": 0.5, "a": 1}, **more}


@pytest.mark.parametrize(
    ("fill", "paint"),
    [
        (solid(), Paint("SOLID", Rgba(1.0, 0.0, 0.5, 1.0))),
        (solid(opacity=0.5), Paint("SOLID", Rgba(1.0, 0.0, 0.5, 0.5))),
        (
            {"type": "SOLID", "color": {"r": 1, "g": 1, "b": 1, "a": 0.5}, "opacity": 0.5},
            Paint("SOLID", Rgba(1, 1, 1, 0.25)),
        ),
        (solid(visible=False), Paint("SOLID", Rgba(1.0, 0.0, 0.5, 1.0), visible=False)),
        ({"type": "GRADIENT_LINEAR", "gradientStops": []}, Paint("GRADIENT_LINEAR")),
        ({"type": "PATTERN", "sourceNodeId": "1:1"}, Paint("PATTERN")),
        ({"type": "SOLID", "color": {"r": 7, "g": -1, "b": "x"}}, Paint("SOLID", Rgba(1.0, 0.0, 0.0, 1.0))),
        ({"type": "SOLID", "color": {"r": -0.0, "g": 10**400, "b": float("nan"), "a": True}}, Paint("SOLID", BLUNT)),
        ({"type": "SOLID", "color": [1, 1, 1]}, Paint("SOLID")),
        ({"type": "SOLID", "visible": None}, Paint("SOLID")),
        ({"type": 7}, Paint("")),
        ({}, Paint("")),
    ],
)
def test_a_paint_is_read_whatever_it_holds(fill: dict[str, Any], paint: Paint) -> None:
    body = {"nodes": {"1:1": {"document": {"name": "Ink", "fills": [fill, None]}}}}
    assert parse_style_nodes(body) == {"1:1": StyleNode("1:1", "Ink", (paint,))}


def test_no_channel_is_minus_zero() -> None:
    body = {"nodes": {"1:1": {"document": {"fills": [{"type": "SOLID", "color": {"r": -0.0, "g": -1, "b": 0}}]}}}}
    node = parse_style_nodes(body)["1:1"]
    assert node is not None
    assert "-0" not in repr(node.fills)


def test_missing_nodes_are_none_and_nodes_without_fills_have_none() -> None:
    body = {"nodes": {"1:1": None, "1:2": {"document": {"name": "Text", "fills": None}}}}
    assert parse_style_nodes(body) == {"1:1": None, "1:2": StyleNode("1:2", "Text")}


def test_components_are_a_tier_3_question_that_leads_to_tier_1() -> None:
    request = components("Key", CONFIG)
    assert (request.tier, request.path, request.query) == (Tier.THREE, "/v1/files/Key/components", ())
    assert (request.leads_to, request.rank, request.charged_to) == (Tier.ONE, 0, CONFIG)
    assert request.what == "components of file Key"


def listed(*items: Any) -> tuple[Component, ...]:
    found = parse_components({"meta": {"components": list(items)}}, "Key")
    assert found.file_key == "Key"
    return found.components


SET = {"nodeId": "9:1", "name": "Button"}


@pytest.mark.parametrize(
    ("frame", "component"),
    [
        (
            {"nodeId": "3:1", "name": "Icons", "pageId": "0:1", "pageName": "Library"},
            ("Icons", "Library", "", "", "3:1"),
        ),
        ({"nodeId": "3-1"}, ("", "", "", "", "3:1")),
        ({"pageId": "0:1", "pageName": "Library"}, ("", "Library", "", "", "")),
        ({"name": "Icons", "containingComponentSet": SET}, ("Icons", "", "9:1", "Button", "")),
        (
            {"name": "Icons", "containingComponentSet": None, "containingStateGroup": SET},
            ("Icons", "", "9:1", "Button", ""),
        ),
        ({"name": "Icons", "containingStateGroup": {}}, ("Icons", "", "", "", "")),
        ({"name": "Icons", "containingComponentSet": {"nodeId": "9:1"}}, ("Icons", "", "9:1", "", "")),
        ({"nodeId": 3, "name": 7, "pageName": None, "containingComponentSet": "odd"}, ("", "", "", "", "")),
        ({}, ("", "", "", "", "")),
        (None, ("", "", "", "", "")),
        ([], ("", "", "", "", "")),
    ],
)
def test_a_component_is_read_wherever_it_stands(frame: Any, component: tuple[str, str, str, str, str]) -> None:
    item = {"node_id": "1:1", "name": "Size=24", "description": "bell", "containing_frame": frame}
    assert listed(item) == (Component("1:1", "Size=24", "bell", *component),)


def test_components_without_an_id_or_a_name_are_left_out_and_absent_fields_are_empty() -> None:
    items = [{"node_id": "1:1", "name": "a"}, {"name": "b"}, {"node_id": "1:2"}, {"node_id": "", "name": "c"}, None]
    assert listed(*items) == (Component("1:1", "a"),)
    assert listed({"node_id": "1-3", "name": "a", "description": None}) == (Component("1:3", "a"),)


def test_half_a_surrogate_pair_in_a_component_reaches_nothing() -> None:
    (item,) = listed(json.loads('{"node_id": "1:\\ud800", "name": "\\udc00", "containing_frame": {"name": "\\ud800"}}'))
    assert item == Component("1:?", "?", "", "?")


@pytest.mark.parametrize(
    ("spec", "query", "portion", "noun"),
    [
        (
            RenderSpec(RenderFormat.SVG),
            {"format": "svg", "svg_include_id": "false", "svg_simplify_stroke": "false"},
            200,
            "SVG render",
        ),
        (RenderSpec(RenderFormat.PDF), {"format": "pdf"}, 100, "PDF render"),
        (RenderSpec(RenderFormat.PNG), {"format": "png", "scale": "1"}, 40, "PNG render"),
        (RenderSpec(RenderFormat.PNG, 2.0), {"format": "png", "scale": "2"}, 40, "PNG render"),
        (RenderSpec(RenderFormat.PNG, 1.5), {"format": "png", "scale": "1.5"}, 40, "PNG render"),
        (RenderSpec(RenderFormat.PNG, 3.0), {"format": "png", "scale": "3"}, 20, "PNG render"),
        (RenderSpec(RenderFormat.JPG, 4.0), {"format": "jpg", "scale": "4"}, 20, "JPG render"),
    ],
)
def test_a_render_is_asked_for_with_its_whole_box_and_as_it_was_drawn(
    spec: RenderSpec, query: dict[str, str], portion: int, noun: str
) -> None:
    lookup = renders("../Key", spec)
    assert (lookup.tier, lookup.path, lookup.file_key) == (Tier.ONE, "/v1/images/..%2FKey", "../Key")
    assert dict(lookup.query) == {**query, "use_absolute_bounds": "true"}
    assert (lookup.portion, lookup.noun, lookup.rank, lookup.optional) == (portion, noun, 1, True)


def test_an_attempt_is_part_of_the_question() -> None:
    spec = RenderSpec(RenderFormat.SVG)
    assert renders("Key", spec) == renders("Key", spec, 1) != renders("Key", spec, 2)


def test_addresses_come_by_node_id_and_nodes_that_figma_can_not_render_are_none() -> None:
    images = {"1:2": "https://a/b", "1:3": None, "1-4": "https://a/c", "I1:2;3:4": "https://a/d", "1:5": "", "1:6": 7}
    assert parse_renders({"err": None, "images": images}) == {
        "1:2": "https://a/b",
        "1:3": None,
        "1:4": "https://a/c",
        "I1:2;3:4": "https://a/d",
        "1:5": None,
        "1:6": None,
    }


@pytest.mark.parametrize("body", [{}, {"images": None}, {"images": ["https://a/b"]}, {"err": "no"}])
def test_an_answer_without_addresses_names_the_file(body: dict[str, Any]) -> None:
    with pytest.raises(FigmaError) as caught:
        parse_renders(body, "Key")
    [problem] = caught.value.problems
    assert (problem.code, problem.message) == ("figma.odd-answer", "Figma's answer holds no map of images")
    assert problem.location is not None
    assert problem.location.figma_file == "Key"


@given(st.dictionaries(st.sampled_from(["meta", "nodes", "styles", "components", "images"]), json_values))
def test_any_json_is_either_read_or_refused_with_words(body: dict[str, Any]) -> None:
    for parse in (parse_styles, parse_style_nodes, partial(parse_components, file_key="Key"), parse_renders):
        try:
            parse(body)
        except FigmaError as error:
            assert error.problems[0].code == "figma.odd-answer"


@given(st.lists(st.fixed_dictionaries({"node_id": st.text(), "name": st.text(), "containing_frame": json_values})))
def test_any_frame_of_a_component_is_survived(items: list[Any]) -> None:
    assert isinstance(parse_components({"meta": {"components": items}}, "Key"), FileComponents)
