"""Requests and answers of Figma's endpoints, with the odd things that real files hold."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.errors import FigmaError
from exfig_rx.figma.endpoints import parse_style_nodes, parse_styles, style_nodes, styles
from exfig_rx.model import ConfigId, Paint, Rgba, Style, StyleNode, Tier

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


@given(st.dictionaries(st.sampled_from(["meta", "nodes", "styles"]), json_values))
def test_any_json_is_either_read_or_refused_with_words(body: dict[str, Any]) -> None:
    for parse in (parse_styles, parse_style_nodes):
        try:
            parse(body)
        except FigmaError as error:
            assert error.problems[0].code == "figma.odd-answer"
