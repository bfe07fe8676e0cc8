"""Faults on demand: each kind does what it says, to the requests it fits, as often as it says."""

import http.client
import json
from collections.abc import Callable
from typing import Any

import pytest

from exfig_rx.model import Tier
from exfig_rx.sandbox import Fault, FaultKind, Sandbox
from tests.test_sandbox.conftest import LIGHT, TOKENS, Client

STYLES = f"/v1/files/{LIGHT}/styles"


def test_an_error_status_speaks_the_dialect_of_the_endpoint_and_is_used_up(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.append(Fault(FaultKind.STATUS, times=2))
    sandbox.faults.append(Fault(FaultKind.STATUS, status=403, message="Invalid scope(s): none"))
    assert client.get(STYLES).json == {"status": 500, "err": "Internal server error"}
    assert client.get(f"/v1/files/{TOKENS}/variables/local").json == {
        "error": True,
        "status": 500,
        "message": "Internal server error",
    }
    assert client.get(STYLES).json == {"status": 403, "err": "Invalid scope(s): none"}
    assert client.get(STYLES).status == 200
    assert [entry.fault for entry in sandbox.log] == ["status", "status", "status", ""]
    assert len(sandbox.faults) == 0


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.RESET, ConnectionResetError),
        (FaultKind.CLOSE, http.client.RemoteDisconnected),
        (FaultKind.TRUNCATE, http.client.IncompleteRead),
    ],
)
def test_a_cut_connection_is_cut_in_its_own_way_and_the_next_one_works(
    sandbox: Sandbox, connect: Callable[..., Client], kind: FaultKind, error: type[Exception]
) -> None:
    sandbox.faults.append(Fault(kind))
    with pytest.raises(error) as caught:
        connect(sandbox.url).get(STYLES)
    assert type(caught.value) is error
    assert connect(sandbox.url).get(STYLES).status == 200


def test_garbled_empty_and_html_answers_have_status_200_and_are_no_json(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.extend(Fault(kind) for kind in (FaultKind.GARBLE, FaultKind.EMPTY, FaultKind.HTML))
    sandbox.faults.append(Fault(FaultKind.HTML, status=502))
    answers = [client.get(STYLES) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 502]
    for answer in answers:
        with pytest.raises(ValueError, match=r"Expecting|Unterminated|Invalid|codec"):
            answer.json  # noqa: B018 - the property raises
    assert answers[0].content.startswith(b'{"status":200')
    assert answers[1].content == b""
    assert answers[2].headers["content-type"] == "text/html; charset=utf-8"


def test_a_slow_answer_is_the_true_one_but_late(sandbox: Sandbox, connect: Callable[..., Client]) -> None:
    sandbox.faults.extend([Fault(FaultKind.SLOW, seconds=0.01), Fault(FaultKind.SLOW, seconds=600)])
    assert connect(sandbox.url).get(STYLES).status == 200
    impatient = connect(sandbox.url)
    impatient.connection.timeout = 0.2
    with pytest.raises(TimeoutError):
        impatient.get(STYLES)
    assert connect(sandbox.url).get(STYLES).status == 200


def test_a_redirect_leads_where_it_was_told_to(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.append(Fault(FaultKind.REDIRECT, location="http://127.0.0.1:9/elsewhere"))
    got = client.get(STYLES)
    assert (got.status, got.headers["location"]) == (302, "http://127.0.0.1:9/elsewhere")


@pytest.mark.parametrize("retry_after", [None, "0", "-5", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_rate_limit_carries_any_retry_after_that_a_server_may_send(
    sandbox: Sandbox, client: Client, retry_after: str | None
) -> None:
    sandbox.faults.append(Fault(FaultKind.RATE_LIMIT, retry_after=retry_after, plan="org", limit_type="low"))
    got = client.get(STYLES)
    assert (got.status, got.headers.get("retry-after")) == (429, retry_after)
    assert (got.headers["x-figma-plan-tier"], got.headers["x-figma-rate-limit-type"]) == ("org", "low")


def test_a_lock_out_holds_for_its_tier_counts_down_and_ends(connect: Callable[..., Client]) -> None:
    now = [0.0]
    lockout = Fault(FaultKind.LOCKOUT, tier=Tier.ONE, retry_after="396749", plan="starter", limit_type="low")
    with Sandbox(faults=[lockout], clock=lambda: now[0]) as sandbox:
        client = connect(sandbox.url)
        waits = []
        for now[0] in (0.0, 20.0, 396_748.5):
            waits.append(client.get(f"/v1/files/{LIGHT}").headers["retry-after"])
            assert client.get(STYLES).status == 200
        assert waits == ["396749", "396729", "1"]
        now[0] = 396_749
        assert client.get(f"/v1/files/{LIGHT}").status == 200


def test_renders_fail_by_node_or_by_the_number_of_ids(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.append(Fault(FaultKind.RENDER_TIMEOUT, min_ids=3, times=None))
    sandbox.faults.append(Fault(FaultKind.NULL_RENDER, node_ids=("20:3",)))
    too_many = client.get(f"/v1/images/{LIGHT}", ids="20:2,20:3,20:4")
    assert too_many.json == {"status": 400, "err": "Render timeout, try requesting fewer or smaller images"}
    assert client.get(f"/v1/files/{LIGHT}/nodes", ids="20:2,20:3,20:4").status == 200
    images = client.get(f"/v1/images/{LIGHT}", ids="20:2,20:3").json["images"]
    assert images["20:3"] is None
    assert images["20:2"]
    assert client.get(f"/v1/images/{LIGHT}", ids="20:2,20:3").json["images"]["20:3"]


def test_faults_fit_by_path_and_tier_after_so_many_requests(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.append(Fault(FaultKind.STATUS, match="/v1/files/*/styles", after=1))
    sandbox.faults.append(Fault(FaultKind.STATUS, tier=Tier.TWO, status=503))
    paths = [f"/v1/files/{LIGHT}/{name}" for name in ("meta", "styles", "versions", "versions", "styles", "styles")]
    assert [client.get(path).status for path in paths] == [200, 200, 503, 200, 500, 200]


def test_pictures_can_fail_too(sandbox: Sandbox, client: Client, connect: Callable[..., Client]) -> None:
    sandbox.faults.append(Fault(FaultKind.STATUS, match="/cdn/*", status=503))
    url = client.get(f"/v1/images/{LIGHT}", ids="20:2", format="svg").json["images"]["20:2"]
    cdn = connect(sandbox.cdn_url, None)
    path = url.removeprefix(sandbox.cdn_url)
    refused, fine = cdn.get(path), cdn.get(path)
    assert (refused.status, fine.status) == (503, 200)
    assert b"<Code>SlowDown</Code>" in refused.content
    assert refused.headers["content-type"] == "application/xml"


def test_faults_of_pictures_meet_pictures_alone(
    sandbox: Sandbox, client: Client, connect: Callable[..., Client]
) -> None:
    kinds = (FaultKind.EXPIRED, FaultKind.WRONG_TYPE, FaultKind.ENTITY_BOMB, FaultKind.NESTED_BOMB)
    sandbox.faults.extend(Fault(kind) for kind in kinds)
    url = client.get(f"/v1/images/{LIGHT}", ids="20:2", format="svg").json["images"]["20:2"]
    cdn = connect(sandbox.cdn_url, None)
    expired, other, entities, nested, fine = (cdn.get(url.removeprefix(sandbox.cdn_url)) for _ in range(5))
    assert expired.status == 403
    assert b"Request has expired" in expired.content
    assert other.content.startswith(b"\x89PNG")
    assert {one.headers["content-type"] for one in (other, entities, nested, fine)} == {"image/svg+xml"}
    assert entities.content.count(b"<!ENTITY") == 10
    assert len(entities.content) < 2_000
    assert nested.content.count(b"<g>") == nested.content.count(b"</g>") == 100_000
    assert [entry.fault for entry in sandbox.log if entry.tier is None] == [*kinds, ""]


def test_a_picture_of_a_png_link_that_has_the_wrong_type_is_an_svg(
    sandbox: Sandbox, client: Client, connect: Callable[..., Client]
) -> None:
    sandbox.faults.append(Fault(FaultKind.WRONG_TYPE))
    url = client.get(f"/v1/images/{LIGHT}", ids="20:2", format="png").json["images"]["20:2"]
    got = connect(sandbox.cdn_url, None).get(url.removeprefix(sandbox.cdn_url))
    assert got.headers["content-type"] == "image/png"
    assert got.content.startswith(b"<svg")


def test_faults_can_be_sent_listed_and_cleared_over_http(sandbox: Sandbox, client: Client) -> None:
    sent = [{"kind": "rate_limit", "match": "*/styles", "retry_after": 7}, {"kind": "slow", "seconds": 0.5, "tier": 1}]
    assert client.send("POST", "/sandbox/faults", sent).status == 200
    assert client.send("POST", "/sandbox/faults", {"kind": "reset", "times": None}).status == 200
    assert client.get("/sandbox/faults").json == [
        {"kind": "rate_limit", "match": "*/styles", "retry_after": "7"},
        {"kind": "slow", "seconds": 0.5, "tier": 1},
        {"kind": "reset", "times": None},
    ]
    assert client.get(STYLES).headers["retry-after"] == "7"
    assert client.send("DELETE", "/sandbox/faults").status == 200
    assert client.get(STYLES).status == 200
    assert [entry.path for entry in sandbox.log] == [STYLES, STYLES]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"{", "Expecting property name"),
        (b"7", "a fault is a JSON object"),
        ({}, "unknown fault kind None; possible are status, reset"),
        ({"kind": "explode"}, "unknown fault kind 'explode'"),
        ({"kind": "reset", "time": 3}, "unknown fault field 'time'; possible are after, kind, limit_type"),
        ({"kind": "slow", "seconds": "long"}, "fault field 'seconds' must be a number of 0 or more, not 'long'"),
        ({"kind": "reset", "tier": 4}, "4 is not a valid Tier"),
        ({"kind": "lockout", "retry_after": "soon"}, "a lock-out lasts a number of seconds, not 'soon'"),
        ({"kind": "null_render", "node_ids": "1:2"}, "fault field 'node_ids' must be a list"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_in_a_sentence(client: Client, sent: Any, said: str) -> None:
    got = client.send("POST", "/sandbox/faults", sent)
    assert got.status == 400
    assert said in got.json["error"]
    assert client.get("/sandbox/faults").json == []


def test_a_fault_survives_the_way_through_json() -> None:
    fault = Fault(FaultKind.RATE_LIMIT, "/v1/*", Tier.TWO, None, 3, 2, retry_after=None, node_ids=("1:2",))
    assert Fault.of(json.loads(json.dumps(fault.as_json()))) == fault
