"""Designs and their life: loading, building, editing while the sandbox runs, and looking at what was asked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exfig_rx.sandbox import Design, DesignFault, Edit, Sandbox
from tests.sandbox_designs import design_with_colors, design_with_components, design_with_variables
from tests.test_sandbox.conftest import LIGHT, TOKENS, Client


def fills(client: Client, **query: str) -> Any:
    return client.get(f"/v1/files/{LIGHT}/nodes", ids="10:15", **query).json["nodes"]["10:15"]["document"]["fills"]


def test_an_edit_moves_the_version_and_the_old_one_can_still_be_asked_for(sandbox: Sandbox, client: Client) -> None:
    old = client.get(f"/v1/files/{LIGHT}/meta").json["file"]
    before = fills(client)
    edit = {"file": LIGHT, "node": "Accent/Kelp", "set": {"fill": "#00FF0080", "name": "Accent/Seaweed"}}
    answer = client.send("POST", "/sandbox/edit", edit)
    new = client.get(f"/v1/files/{LIGHT}/meta").json["file"]
    assert answer.json == {"file": LIGHT, "version": new["version"], "lastModified": new["last_touched_at"]}
    assert int(new["version"]) > int(old["version"])
    assert new["last_touched_at"] == "2026-10-02T08:16:00Z"
    [paint] = fills(client)
    assert (paint["color"]["g"], round(paint["opacity"], 3)) == (1, 0.502)
    assert fills(client, version=old["version"]) == before
    names = [item["name"] for item in client.get(f"/v1/files/{LIGHT}/styles").json["meta"]["styles"]]
    assert "Accent/Seaweed" in names
    assert "Accent/Kelp" not in names
    versions = client.get(f"/v1/files/{LIGHT}/versions").json["versions"]
    assert [(item["id"], item["label"]) for item in versions] == [(new["version"], None), (old["version"], "Published")]


def test_an_edit_in_process_is_seen_by_the_next_request_and_by_no_other_file(sandbox: Sandbox, client: Client) -> None:
    untouched = client.get(f"/v1/files/{TOKENS}/meta").content
    version = sandbox.edit(Edit(LIGHT))
    assert client.get(f"/v1/files/{LIGHT}/meta").json["file"]["version"] == version
    sandbox.edit(Edit(TOKENS, "Accent/Kelp", {"values": {"Dark": "#123456"}}))
    variables = client.get(f"/v1/files/{TOKENS}/variables/local").json["meta"]["variables"]
    changed = [item for item in variables.values() if item["name"] == "Accent/Kelp"]
    assert [round(item["valuesByMode"]["2:1"].get("b", 0) * 255) for item in changed].count(0x56) == 1
    assert client.get(f"/v1/files/{TOKENS}/meta").content != untouched


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"file": "Nowhere"}, "no file 'Nowhere'; there are HarborDark"),
        ({"file": LIGHT, "node": "Accent/Plaid", "set": {"fill": "#000000"}}, "has the id or name 'Accent/Plaid'"),
        ({"file": LIGHT, "node": "10:2"}, "`set` is empty"),
        ({"file": LIGHT, "node": "10:2", "set": {"fill": "red"}}, "must look like #RRGGBB"),
        ({"file": LIGHT, "node": "10:2", "set": {"fills": [1]}}, "`fills` is a list of paints"),
        ({"file": LIGHT, "node": "10:2", "set": {"name": 7}}, "`name` can't be 7"),
        ({"file": LIGHT, "node": "10:2", "set": {"id": "1:1"}}, "can't set 'id'; possible are name"),
        ({"file": LIGHT, "node": "20:2", "set": {"svg": "<path"}}, "`svg` is not well-formed"),
        ({"file": TOKENS, "node": "Accent/Kelp", "set": {"values": {"Dusk": "#000000"}}}, "no mode 'Dusk'; there are"),
        ({"file": TOKENS, "node": "Accent/Kelp", "set": {"values": {"Dark": "#12"}}}, "must look like #RRGGBB"),
        ([], "An edit is"),
        (b"{", "An edit is"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused_in_a_sentence_and_changes_nothing(
    sandbox: Sandbox, client: Client, edit: Any, said: str
) -> None:
    before = sandbox.design
    got = client.send("POST", "/sandbox/edit", edit)
    assert got.status == 400
    assert said in got.json["error"]
    assert sandbox.design is before


def test_the_log_is_served_as_json_and_can_be_cleared(sandbox: Sandbox, client: Client) -> None:
    client.get(f"/v1/files/{LIGHT}/nodes", ids="10:2,10:3")
    client.get("/sandbox/log")
    [entry] = client.get("/sandbox/log").json
    assert entry == {
        "at_s": entry["at_s"],
        "tier": 1,
        "method": "GET",
        "path": f"/v1/files/{LIGHT}/nodes",
        "query": [["ids", "10:2,10:3"]],
        "status": 200,
        "token_sent": True,
        "token_ok": True,
        "fault": "",
    }
    assert client.send("DELETE", "/sandbox/log").status == 200
    assert sandbox.log == []
    assert client.get("/sandbox/nothing").status == 404


def test_another_design_can_be_loaded_from_a_file(tmp_path: Path, connect: Callable[..., Client]) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"files": {"Mine": {"colors": [{"id": "1:1", "name": "ink", "fill": "#000000"}]}}}))
    with Sandbox(Design.load(path)) as sandbox:
        client = connect(sandbox.url)
        assert [item["name"] for item in client.get("/v1/files/Mine/styles").json["meta"]["styles"]] == ["ink"]
        assert client.get(f"/v1/files/{LIGHT}/styles").status == 404
    for text in ("[]", "{}", "{", '{"files": []}', '{"files": {"a": 1}}'):
        path.write_text(text)
        with pytest.raises(DesignFault, match=r"mine\.json: "):
            Design.load(path)


def test_the_builders_make_what_tests_ask_for(connect: Callable[..., Client]) -> None:
    gradient = [{"type": "GRADIENT_LINEAR", "gradientStops": [{"position": 0, "color": "#FF0000"}]}]
    colors = design_with_colors({"A": {"one": "#000000", "two": gradient}}, {"one": "ios"})
    with Sandbox(colors) as sandbox:
        client = connect(sandbox.url)
        styles = client.get("/v1/files/A/styles").json["meta"]["styles"]
        assert {item["name"]: item["description"] for item in styles} == {"one": "ios", "two": ""}
        node = client.get("/v1/files/A/nodes", ids="1:2").json["nodes"]["1:2"]["document"]
        assert node["fills"][0]["gradientStops"][0]["color"] == {"r": 1, "g": 0, "b": 0, "a": 1}
    with Sandbox(design_with_components("C", {"Icons": {"dot": '<circle cx="12" cy="12" r="3"/>'}})) as sandbox:
        [item] = connect(sandbox.url).get("/v1/files/C/components").json["meta"]["components"]
        assert (item["name"], item["containing_frame"]["name"]) == ("dot", "Icons")
    with Sandbox(design_with_variables("V", "T", ["L", "D"], {"x": ["#000000", 4]})) as sandbox:
        meta = connect(sandbox.url).get("/v1/files/V/variables/local").json["meta"]
        assert meta["variables"]["VariableID:1:1"]["valuesByMode"]["1:1"] == 4


def test_a_bug_of_the_sandbox_is_an_answer_and_is_kept(connect: Callable[..., Client]) -> None:
    with Sandbox(Design.of({"files": {"B": {"colors": [{"id": "1:1"}]}}})) as sandbox:
        client = connect(sandbox.url)
        got = client.get("/v1/files/B/styles")
        assert got.status == 500
        assert "Bug in the sandbox: KeyError('name')" in got.json["err"]
        assert client.get("/v1/me").status == 200
        assert [type(error) for error in sandbox.crashes] == [KeyError]
