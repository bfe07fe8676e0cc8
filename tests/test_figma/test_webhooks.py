"""Webhooks at Figma: what is asked, how answers are read, and what refusals mean."""

import json
from typing import Any

import pytest
import reactivex as rx

from exfig_rx.errors import FigmaError, FigmaRefused, UsageError
from exfig_rx.figma.refusals import refusal
from exfig_rx.figma.webhooks import (
    Answered,
    Context,
    Webhook,
    answered,
    checked_endpoint,
    equal_one,
    explained,
    listing,
    parse_webhook,
    parse_webhooks,
    registration,
    removal,
)
from exfig_rx.model import Problem, Request, Response, Tier

FILE, TEAM = Context("file", "Ab12"), Context("team", "77")
HERE = "https://hooks.example.com/figma"


def item(id_: str = "1", **more: Any) -> dict[str, Any]:
    """A webhook as Figma writes it."""
    usual = {
        "id": id_,
        "event_type": "FILE_UPDATE",
        "team_id": "77",
        "context": "FILE",
        "context_id": "Ab12",
        "plan_api_id": "team:77",
        "status": "ACTIVE",
        "client_id": None,
        "passcode": "",
        "endpoint": HERE,
        "description": None,
    }
    return {**usual, **more}


def test_requests_are_of_tier_2_and_count_for_their_file() -> None:
    made = registration("FILE_UPDATE", FILE, HERE, "geheim")
    requests = [listing(FILE), listing(TEAM), made, removal("1/../2")]
    assert [request.tier for request in requests] == [Tier.TWO] * 4
    assert [request.file_key for request in requests] == ["Ab12", "", "Ab12", ""]
    assert [(request.method, request.path) for request in requests] == [
        ("GET", "/v2/webhooks"),
        ("GET", "/v2/webhooks"),
        ("POST", "/v2/webhooks"),
        ("DELETE", "/v2/webhooks/1%2F..%2F2"),
    ]
    assert listing(TEAM).query == (("context", "team"), ("context_id", "77"))
    assert json.loads(made.body or b"") == {
        "event_type": "FILE_UPDATE",
        "context": "file",
        "context_id": "Ab12",
        "endpoint": HERE,
        "passcode": "geheim",
        "description": "exfig",
    }
    assert "geheim" not in made.what


def test_a_list_is_read_whatever_figma_adds_or_leaves_out() -> None:
    body = {"webhooks": [item("1"), item("2", status="PAUSED", new=[1]), {}, None, {"id": 3}], "pagination": {}}
    first, second = parse_webhooks(body)
    assert first == Webhook("1", "FILE_UPDATE", FILE, HERE, "ACTIVE")
    assert (first.is_active, second.is_active) == (True, False)
    assert parse_webhook({"id": "9"}) == Webhook("9", "", Context("", ""), "", "ACTIVE")


@pytest.mark.parametrize("body", [{}, {"webhooks": None}, {"webhooks": {"1": {}}}])
def test_a_list_of_another_shape_is_an_error(body: dict[str, Any]) -> None:
    with pytest.raises(FigmaRefused, match="no list of webhooks"):
        parse_webhooks(body, "Ab12")


def test_equal_is_what_tells_the_same_to_the_same_endpoint_and_an_active_one_comes_first() -> None:
    paused, active = (parse_webhook(item(id_, status=status)) for id_, status in (("1", "PAUSED"), ("2", "ACTIVE")))
    there = [paused, active]
    assert equal_one(there, "FILE_UPDATE", FILE, HERE) == active
    assert equal_one([paused], "FILE_UPDATE", FILE, HERE) == paused
    assert equal_one(there, "LIBRARY_PUBLISH", FILE, HERE) is None
    assert equal_one(there, "FILE_UPDATE", TEAM, HERE) is None
    assert equal_one(there, "FILE_UPDATE", FILE, HERE + "/") is None


@pytest.mark.parametrize(
    "url", [HERE, "https://a.b:8443/x?y=z", "http://127.0.0.1:8787", "http://localhost/", "https://[::1]/"]
)
def test_an_endpoint_is_https_or_on_this_machine(url: str) -> None:
    assert checked_endpoint(url) == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.com", "is not https"),
        ("https://me:secret@a.b/", "has a user or a password in it"),
        ("https://" + "a" * 2048 + ".example", "has more than 2,048 characters"),
        ("ftp://a.b/", "is no address"),
        ("hooks.example.com", "is no address"),
        ("https://", "is no address"),
        ("https://a.b:port/", "is no address"),
        ("https://a.b:0/", "is no address"),
        ("https://[a/", "is no address"),
        ("https://a b/", "is no address"),
        ("https://a.b/\n", "is no address"),
        ("https://bücher.example/", "is no address"),
        ("", "is no address"),
    ],
)
def test_any_other_endpoint_is_refused_with_a_reason_and_not_repeated(url: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"the endpoint {said}") as caught:
        checked_endpoint(url)
    assert "secret" not in str(caught.value.problems)
    assert caught.value.problems[0].hint


def told(request: Request, status: int, text: str, context: Context | None = None) -> Problem:
    return explained(request, refusal(request, status, text), context)


POST = registration("FILE_UPDATE", FILE, HERE, "geheim")
TEAM_POST = registration("FILE_UPDATE", TEAM, HERE, "geheim")


@pytest.mark.parametrize(
    ("request_", "context", "status", "text", "code", "parts"),
    [
        (POST, FILE, 403, "Not allowed", "webhook.no-right", ["register a webhook", ": Not allowed", "edit the file"]),
        (TEAM_POST, TEAM, 403, "", "webhook.no-right", ["register a webhook", "of team 77", "admin of the team"]),
        (listing(TEAM), TEAM, 403, "plan too low", "webhook.no-right", ["see the webhooks of team 77", "paid plan"]),
        (removal("9"), None, 403, "", "webhook.no-right", ["remove webhook 9", "admin of the team"]),
        (POST, FILE, 403, "Invalid scope", "figma.missing-scope", ["Scope needed: webhooks:write."]),
        (listing(FILE), FILE, 403, "Invalid scope", "figma.missing-scope", ["Scope needed: webhooks:read."]),
        (POST, FILE, 403, "Invalid token", "figma.invalid-token", ["does not accept the token"]),
        (TEAM_POST, TEAM, 404, "Not found", "webhook.not-found", ["no team 77, or the token may not see it"]),
        (removal("9"), None, 404, "Not found", "webhook.not-found", ["no webhook 9", "exfig webhook list"]),
        (POST, FILE, 400, "limit reached", "webhook.refused", [": limit reached", "may have 3", "list --file Ab12"]),
        (TEAM_POST, TEAM, 400, "bad endpoint", "webhook.refused", ["may have 20", "look at the endpoint"]),
        (POST, FILE, 503, "", "figma.server-error", ["HTTP 503", "may be there all the same", "nothing twice"]),
        (listing(FILE), FILE, 503, "", "figma.server-error", ["HTTP 503"]),
    ],
)
def test_a_refusal_says_what_it_means_for_a_webhook_and_what_to_do(
    request_: Request, context: Context | None, status: int, text: str, code: str, parts: list[str]
) -> None:
    problem = told(request_, status, text, context)
    assert problem.code == code
    said = f"{problem.message} | {problem.hint}"
    assert [part for part in parts if part not in said] == []
    assert "geheim" not in said


def test_answers_come_in_order_refusals_as_values_and_bugs_as_bugs() -> None:
    requests = [removal("1"), removal("2"), removal("3")]
    refused = FigmaError(Problem("x", "no", ""), status=404)

    def ask(request: Request) -> "rx.Observable[Response]":
        return rx.throw(refused) if request.path.endswith("/2") else rx.of(Response(200, item(request.path[-1])))

    got: list[Answered] = []
    answered(ask, requests).subscribe(got.append)
    assert [one.request for one in got] == requests
    assert [isinstance(one.answer, Response) for one in got] == [True, False, True]
    bugs: list[Exception] = []
    answered(lambda _: rx.throw(RuntimeError("a bug")), requests).subscribe(on_error=bugs.append)
    assert [type(bug) for bug in bugs] == [RuntimeError]
    answered(ask, []).subscribe(got.append)
    assert len(got) == 3
