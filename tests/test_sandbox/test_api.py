"""What the sandbox answers: the shapes, words and tiers of Figma's REST API."""

import json
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from exfig_rx.model import Tier
from exfig_rx.sandbox import Design, Sandbox, tree
from tests.sandbox_designs import design_with_colors, design_with_components, design_with_variables
from tests.test_sandbox.conftest import LIGHT, TOKENS, Client

TIERS = {
    "/v1/me": Tier.THREE,
    f"/v1/files/{LIGHT}": Tier.ONE,
    f"/v1/files/{LIGHT}/nodes?ids=10:2": Tier.ONE,
    f"/v1/images/{LIGHT}?ids=20:2": Tier.ONE,
    f"/v1/files/{LIGHT}/images": Tier.TWO,
    f"/v1/files/{LIGHT}/versions": Tier.TWO,
    f"/v1/files/{LIGHT}/variables/local": Tier.TWO,
    f"/v1/files/{LIGHT}/variables/published": Tier.TWO,
    f"/v1/files/{LIGHT}/meta": Tier.THREE,
    f"/v1/files/{LIGHT}/components": Tier.THREE,
    f"/v1/files/{LIGHT}/component_sets": Tier.THREE,
    f"/v1/files/{LIGHT}/styles": Tier.THREE,
}


@pytest.mark.parametrize(("path", "tier"), TIERS.items())
def test_each_endpoint_answers_and_is_counted_in_its_documented_tier(
    client: Client, sandbox: Sandbox, path: str, tier: Tier
) -> None:
    assert client.get(path).status == 200
    assert [(entry.tier, entry.status) for entry in sandbox.log] == [(tier, 200)]


def test_a_style_leads_over_its_node_id_to_a_rectangle_with_the_fill(client: Client) -> None:
    styles = client.get(f"/v1/files/{LIGHT}/styles").json
    assert (styles["status"], styles["error"]) == (200, False)
    style = next(item for item in styles["meta"]["styles"] if item["name"] == "Accent/Deep Sea")
    assert (style["style_type"], style["file_key"]) == ("FILL", LIGHT)
    assert {"key", "node_id", "description", "created_at", "updated_at", "sort_position", "user"} <= set(style)
    answer = client.get(f"/v1/files/{LIGHT}/nodes", ids=style["node_id"]).json
    node = answer["nodes"][style["node_id"]]["document"]
    assert (node["type"], node["name"]) == ("RECTANGLE", "Accent/Deep Sea")
    [paint] = node["fills"]
    assert paint["type"] == "SOLID"
    assert [round(paint["color"][name] * 255) for name in "rgb"] == [0x0F, 0x6A, 0x8E]
    assert isinstance(answer["version"], str)


def test_numbers_are_float32_or_whole_and_transparency_is_the_opacity_of_the_paint(
    connect: Callable[..., Client],
) -> None:
    with Sandbox(design_with_colors({"F": {"a": "#33FF0080"}})) as sandbox:
        [paint] = connect(sandbox.url).get("/v1/files/F/nodes", ids="1:1").json["nodes"]["1:1"]["document"]["fills"]
    assert paint["color"] == {"r": 0.20000000298023224, "g": 1, "b": 0, "a": 1}
    assert paint["opacity"] == 0.501960813999176


def test_unknown_node_ids_are_null_and_hyphens_are_not_colons(client: Client) -> None:
    nodes = client.get(f"/v1/files/{LIGHT}/nodes", ids="10:2,404:1,10-3").json["nodes"]
    assert list(nodes) == ["10:2", "404:1", "10-3"]
    assert [nodes["404:1"], nodes["10-3"]] == [None, None]
    images = client.get(f"/v1/images/{LIGHT}", ids="20:2,404:1", format="svg").json
    assert images["err"] is None
    assert images["images"]["404:1"] is None
    assert images["images"]["20:2"].startswith("http://127.0.0.1:")


def test_text_effect_and_grid_styles_have_nodes_of_their_own_types(client: Client) -> None:
    styles = client.get(f"/v1/files/{LIGHT}/styles").json["meta"]["styles"]
    ids = {item["style_type"]: item["node_id"] for item in styles}
    nodes = client.get(f"/v1/files/{LIGHT}/nodes", ids=",".join(ids.values())).json["nodes"]
    types = {kind: nodes[id_]["document"]["type"] for kind, id_ in ids.items()}
    assert types == {"FILL": "RECTANGLE", "TEXT": "TEXT", "EFFECT": "RECTANGLE", "GRID": "FRAME"}
    assert {"fontFamily", "fontSize", "fontWeight", "lineHeightPx", "lineHeightUnit", "letterSpacing"} <= set(
        nodes[ids["TEXT"]]["document"]["style"]
    )


def test_components_tell_their_frame_in_camel_case_and_their_set(client: Client) -> None:
    items = client.get(f"/v1/files/{LIGHT}/components").json["meta"]["components"]
    by_name = {item["name"]: item for item in items}
    frame = by_name["ic/anchor"]["containing_frame"]
    assert (frame["name"], frame["nodeId"], frame["pageName"]) == ("Icons", "20:1", "🧭 Icons")
    assert "containingComponentSet" not in frame
    variant = by_name["Size=24, Direction=Left"]["containing_frame"]
    assert variant["containingComponentSet"] == {"nodeId": "21:9", "name": "Chevron"}
    [chevron] = client.get(f"/v1/files/{LIGHT}/component_sets").json["meta"]["component_sets"]
    assert (chevron["name"], chevron["node_id"]) == ("Chevron", "21:9")


def test_meta_is_wrapped_and_its_version_is_a_string(client: Client) -> None:
    file = client.get(f"/v1/files/{LIGHT}/meta").json["file"]
    assert file["version"] == "2187346511034821930"
    assert {"name", "last_touched_at", "creator", "editorType"} <= set(file)


def test_a_file_can_be_cut_by_depth_by_ids_and_shown_with_outlines(client: Client) -> None:
    pages = client.get(f"/v1/files/{LIGHT}", depth=1).json["document"]["children"]
    assert [(page["type"], "children" in page) for page in pages] == [("CANVAS", False)] * 2
    chosen = client.get(f"/v1/files/{LIGHT}", ids="20:2").json["document"]["children"]
    assert [len(page["children"]) for page in chosen] == [1, 0]
    [anchor] = chosen[0]["children"][0]["children"]
    assert anchor["name"] == "ic/anchor"
    assert not any("fillGeometry" in layer for layer in anchor["children"])
    drawn = client.get(f"/v1/files/{LIGHT}/nodes", ids="20:2", geometry="paths").json["nodes"]["20:2"]["document"]
    assert drawn["children"][1]["fillGeometry"][0]["path"].startswith("M12 7v14")


def test_a_changed_drawing_is_a_changed_node(sandbox: Sandbox, client: Client) -> None:
    query = {"ids": "20:10", "geometry": "paths"}
    before = client.get(f"/v1/files/{LIGHT}/nodes", **query).json["nodes"]
    wheel = next(item for *_, item in sandbox.design.files[LIGHT][0].components() if item["id"] == "20:8")
    assert wheel["name"] == "ic/ship-wheel"
    turned = wheel["svg"].replace("rotate(45 ", "rotate(50 ")
    client.send("POST", "/sandbox/edit", {"file": LIGHT, "node": "20:8", "set": {"svg": turned}})
    assert client.get(f"/v1/files/{LIGHT}/nodes", **query).json["nodes"] == before
    old, new = (
        client.get(f"/v1/files/{LIGHT}/nodes", ids="20:8", geometry="paths", version=file.version).json["nodes"]
        for file in sandbox.design.files[LIGHT]
    )
    assert old != new


def test_outlines_sizes_and_places_come_with_all_nodes_where_they_are_asked_for(client: Client) -> None:
    more = {"size", "relativeTransform", "fillGeometry", "strokeGeometry"}
    for geometry in ({}, {"geometry": "paths"}):
        [page, _] = client.get(f"/v1/files/{LIGHT}", ids="20:2,21:9", **geometry).json["document"]["children"]
        found = [more & set(node) for child in page["children"] for node in tree.walk(child)]
        assert len(found) > 5
        assert all(keys == (more if geometry else set()) for keys in found)


def test_a_component_that_is_moved_stands_elsewhere_and_looks_the_same(sandbox: Sandbox, client: Client) -> None:
    query = {"ids": "20:2", "geometry": "paths"}
    old = client.get(f"/v1/files/{LIGHT}", **query).json
    client.send("POST", "/sandbox/edit", {"file": LIGHT, "node": "20:2", "set": {"x": 48, "y": -7.5}})
    new, again = (
        client.get(f"/v1/files/{LIGHT}", **query, **version).json for version in ({}, {"version": old["version"]})
    )
    assert again == old
    before, after = (tree.by_id(answer["document"])["20:2"] for answer in (old, new))
    assert after["relativeTransform"] == [[1, 0, 48], [0, 1, -7.5]]
    boxes = [node["absoluteBoundingBox"] for node in tree.walk(after)]
    assert all((box["x"], box["y"]) == (48, -7.5) for box in boxes)
    places = ("absoluteBoundingBox", "absoluteRenderBounds", "relativeTransform")
    for one, other in zip(tree.walk(before), tree.walk(after), strict=True):
        kept = [key for key in one if key not in places and key != "children"]
        assert [one[key] for key in kept] == [other[key] for key in kept]


NOT_DRAWN = {"id", "gradientUnits", "clip-path", "clip-rule"}


def test_every_attribute_of_a_drawing_is_in_its_node() -> None:
    tried: set[tuple[str, str]] = set()
    for versions in Design.bundled().files.values():
        for *_, component in versions[0].components():
            drawing = ElementTree.fromstring(f"<svg>{component['svg']}</svg>")
            for element in drawing.iter():
                for name, value in element.items():
                    if (element.tag, name) in tried or name in NOT_DRAWN or element.tag == "clipPath":
                        continue
                    tried.add((element.tag, name))
                    before = drawn(drawing)
                    element.set(name, other_value(value))
                    assert drawn(drawing) != before, f"{name} of {element.tag}, {value}"
                    element.set(name, value)
    assert len(tried) >= 40


def drawn(drawing: ElementTree.Element) -> Any:
    """The document of a file with one component, which is drawn so."""
    markup = "".join(ElementTree.tostring(child, encoding="unicode") for child in drawing)
    return tree.document(design_with_components("F", {"Icons": {"one": markup}}).files["F"][0], geometry=True)


def other_value(value: str) -> str:
    """Another value of the same kind: color, number or word."""
    words = {"round": "square", "evenodd": "nonzero"}
    if value in words:
        return words[value]
    if value.startswith(("#", "url")):
        return "#123456"
    return re.sub(r"\d", lambda digit: str(9 - int(digit.group())), value, count=1)


def test_variables_have_modes_aliases_and_ghosts(client: Client) -> None:
    meta = client.get(f"/v1/files/{TOKENS}/variables/local").json["meta"]
    themes = [item for item in meta["variableCollections"].values() if item["name"] == "Harbor Theme"]
    assert sorted(item["remote"] for item in themes) == [False, True]
    theme = next(item for item in themes if not item["remote"])
    assert [mode["name"] for mode in theme["modes"]] == ["Light", "Dark", "Light HC", "Dark HC"]
    sea = next(meta["variables"][id_] for id_ in theme["variableIds"] if meta["variables"][id_]["codeSyntax"])
    alias = sea["valuesByMode"][theme["defaultModeId"]]
    assert alias["type"] == "VARIABLE_ALIAS"
    target = meta["variables"][alias["id"]]
    assert (target["name"], target["hiddenFromPublishing"]) == ("sea/600", True)
    assert set(next(iter(target["valuesByMode"].values()))) == set("rgba")
    published = client.get(f"/v1/files/{TOKENS}/variables/published").json["meta"]
    assert "sea/600" not in {item["name"] for item in published["variables"].values()}
    assert all("valuesByMode" not in item for item in published["variables"].values())


def test_code_names_can_be_written_and_a_bad_change_stores_nothing(connect: Callable[..., Client]) -> None:
    design = design_with_variables("V", "Theme", ["Day"], {"a": ["#000000"], "b": ["{Theme/a}"]})
    change = {"action": "UPDATE", "id": "VariableID:1:2", "codeSyntax": {"iOS": "Color.b"}}
    with Sandbox(design) as sandbox:
        client = connect(sandbox.url)
        bad = client.send("POST", "/v1/files/V/variables", {"variables": [change, {**change, "id": "VariableID:9:9"}]})
        assert (bad.status, bad.json["message"]) == (400, "Variable with id VariableID:9:9 not found")
        assert sandbox.design is design
        assert client.send("POST", "/v1/files/V/variables", {"variables": [change]}).status == 200
        found = client.get("/v1/files/V/variables/local").json["meta"]["variables"]
    assert found["VariableID:1:2"]["codeSyntax"] == {"iOS": "Color.b"}
    assert found["VariableID:1:2"]["valuesByMode"] == {"1:0": {"type": "VARIABLE_ALIAS", "id": "VariableID:1:1"}}


REFUSALS: list[tuple[str, str, int, Any]] = [
    ("GET", f"/v1/files/{LIGHT}/nodes", 400, {"status": 400, "err": "Missing required parameter: ids"}),
    ("GET", f"/v1/images/{LIGHT}?ids=", 400, {"status": 400, "err": "Missing required parameter: ids"}),
    ("GET", f"/v1/images/{LIGHT}?ids=1:1&format=webp", 400, {"status": 400, "err": "Invalid value for format: webp"}),
    ("GET", f"/v1/images/{LIGHT}?ids=1:1&scale=5", 400, {"status": 400, "err": "Invalid value for scale: 5"}),
    ("GET", f"/v1/images/{LIGHT}?ids=1:1&scale=nan", 400, {"status": 400, "err": "Invalid value for scale: nan"}),
    (
        "GET",
        f"/v1/images/{LIGHT}?ids=1:1&svg_include_id=False",
        400,
        {"status": 400, "err": "Invalid value for svg_include_id: False"},
    ),
    ("GET", f"/v1/files/{LIGHT}?depth=0", 400, {"status": 400, "err": "Invalid value for depth: 0"}),
    ("GET", "/v1/files/Nowhere", 404, {"status": 404, "err": "Not found"}),
    ("GET", f"/v1/files/{LIGHT}?version=1", 404, {"status": 404, "err": "Not found"}),
    ("GET", "/v1/files/Nowhere/styles", 404, {"error": True, "status": 404, "message": "Not found"}),
    ("GET", "/v1/files/Nowhere/variables/local", 404, {"error": True, "status": 404, "message": "Not found"}),
    ("GET", "/v1/teams/1/styles", 404, {"status": 404, "err": "Not found"}),
    ("DELETE", f"/v1/files/{LIGHT}", 404, {"status": 404, "err": "Not found"}),
]


@pytest.mark.parametrize(("method", "path", "status", "body"), REFUSALS)
def test_a_refusal_speaks_the_dialect_of_its_endpoint(
    client: Client, method: str, path: str, status: int, body: Any
) -> None:
    got = client.send(method, path)
    assert (got.status, got.json) == (status, body)


def test_a_token_is_needed_and_a_wrong_one_is_403_in_the_dialect_of_the_endpoint(
    connect: Callable[..., Client],
) -> None:
    with Sandbox(accepted_tokens=["figd_right"]) as sandbox:
        paths = ("/v1/me", f"/v1/files/{LIGHT}/variables/local")
        for token in (None, "", "figd_wrong"):
            bodies = [connect(sandbox.url, token).get(path).json for path in paths]
            assert bodies == [
                {"status": 403, "err": "Invalid token"},
                {"error": True, "status": 403, "message": "Invalid token"},
            ]
        assert connect(sandbox.url, "figd_right").get("/v1/me").status == 200
        bearer = {"Authorization": "Bearer figd_right"}
        assert connect(sandbox.url, None).send("GET", "/v1/me", headers=bearer).status == 200
        assert [entry.token_ok for entry in sandbox.log] == [False] * 6 + [True] * 2
        assert [entry.token_sent for entry in sandbox.log] == [False] * 4 + [True] * 4


def test_pictures_come_from_another_port_and_have_the_right_form_and_size(
    sandbox: Sandbox, client: Client, connect: Callable[..., Client]
) -> None:
    cdn = connect(sandbox.cdn_url, None)
    assert sandbox.cdn_url != sandbox.url

    def picture(image_format: str, scale: str) -> tuple[str, bytes]:
        images = client.get(f"/v1/images/{LIGHT}", ids="30:2", format=image_format, scale=scale).json["images"]
        assert images["30:2"].startswith(sandbox.cdn_url)
        got = cdn.get(images["30:2"].removeprefix(sandbox.cdn_url))
        assert got.status == 200
        return got.headers["content-type"], got.content

    kind, svg = picture("svg", "1")
    root = ElementTree.fromstring(svg)
    assert (kind, root.get("viewBox"), root.get("fill")) == ("image/svg+xml", "0 0 160 120", "none")
    assert root.find("{*}defs/{*}linearGradient") is not None
    kind, png = picture("png", "1.5")
    assert (kind, struct.unpack(">II", png[16:24])) == ("image/png", (240, 180))
    assert len(zlib.decompress(png[png.index(b"IDAT") + 4 : -16])) == 180 * (1 + 30)
    kind, jpg = picture("jpg", "2")
    size_at = jpg.index(b"\xff\xc0") + 5
    assert (kind, struct.unpack(">HH", jpg[size_at : size_at + 4])) == ("image/jpeg", (240, 320))
    kind, pdf = picture("pdf", "1")
    table_at = int(pdf.split(b"startxref\n")[1].split()[0])
    assert (kind, b"/MediaBox [0 0 160 120]" in pdf, pdf[table_at:].startswith(b"xref")) == (
        "application/pdf",
        True,
        True,
    )
    assert [entry.token_sent for entry in sandbox.log if entry.tier is None] == [False] * 4


def test_a_part_of_a_picture_can_be_asked_for(client: Client, sandbox: Sandbox, connect: Callable[..., Client]) -> None:
    url = client.get(f"/v1/images/{LIGHT}", ids="30:2", format="svg").json["images"]["30:2"]
    cdn, path = connect(sandbox.cdn_url, None), url.removeprefix(sandbox.cdn_url)

    def get(asked: str, **headers: str) -> tuple[int, bytes, str]:
        got = cdn.send("GET", path, headers={"Range": asked, **headers})
        return got.status, got.content, got.headers.get("content-range", "")

    whole = cdn.get(path)
    size, etag = len(whole.content), whole.headers["etag"]
    assert get("bytes=10-") == (206, whole.content[10:], f"bytes 10-{size - 1}/{size}")
    assert get("bytes=0-3", **{"If-Range": etag}) == (206, b"<svg", f"bytes 0-3/{size}")
    assert get("bytes=0-3", **{"If-Range": '"another"'}) == (200, whole.content, "")
    assert get("lines=1-2") == (200, whole.content, "")
    status, _, where = get(f"bytes={size}-")
    assert (status, where) == (416, f"bytes */{size}")


def test_hidden_components_render_to_null_and_unknown_links_are_refused(
    client: Client, sandbox: Sandbox, connect: Callable[..., Client]
) -> None:
    assert client.get(f"/v1/images/{LIGHT}", ids="22:2", format="png").json["images"] == {"22:2": None}
    cdn = connect(sandbox.cdn_url, None)
    version = sandbox.design.files[LIGHT][0].version
    for path in ("/cdn/x", f"/cdn/{LIGHT}/{version}/20:2/1.gif", f"/cdn/{LIGHT}/1/20:2/1.png", "/v1/me"):
        assert cdn.get(path).status == 403


def test_image_fills_lead_to_pictures(client: Client, sandbox: Sandbox, connect: Callable[..., Client]) -> None:
    answer = client.get(f"/v1/files/{LIGHT}/images").json
    [url] = answer["meta"]["images"].values()
    got = connect(sandbox.cdn_url, None).get(url.removeprefix(sandbox.cdn_url))
    assert struct.unpack(">II", got.content[16:24]) == (256, 256)


def test_answers_are_json_in_utf8_that_nobody_may_cache(client: Client) -> None:
    got = client.get(f"/v1/files/{LIGHT}/styles")
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    assert got.headers["cache-control"] == "no-cache, no-store"
    assert "Akzent/Möwe" in got.content.decode()
    assert json.loads(got.content)["status"] == 200
