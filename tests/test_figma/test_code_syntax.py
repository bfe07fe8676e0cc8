"""Names of variables in code, on their way to Figma: what is sent, how often, and what a refusal tells people to do."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import reactivex as rx
from reactivex import Observable
from reactivex.testing import TestScheduler

from exfig_rx.errors import FigmaUnavailable
from exfig_rx.events import Event
from exfig_rx.figma.client import HttpClient
from exfig_rx.figma.code_syntax import MOST_BYTES, write_code_syntax
from exfig_rx.figma.endpoints import style_nodes
from exfig_rx.figma.refusals import refusal
from exfig_rx.figma.retry import retrying
from exfig_rx.figma.variables import local_variables, parse_variables
from exfig_rx.model import ConfigId, Problem, Request, Response, Tier
from exfig_rx.sandbox import Sandbox
from exfig_rx.variables import Variable
from tests.answering import api_over
from tests.sandbox_designs import design_with_variables

CONFIG = ConfigId("/a.yaml", "a.yaml", "a.yaml")
DONE = Response(200, {"status": 200, "error": False, "meta": {"tempIdToRealId": {}}})


def sent(request: Request) -> list[dict[str, Any]]:
    assert request.body is not None
    changes = json.loads(request.body)
    assert list(changes) == ["variables"]
    found = changes["variables"]
    assert isinstance(found, list)
    return found


def test_all_names_of_a_file_go_in_one_request_of_tier_3() -> None:
    names = {"VariableID:1:2": {"iOS": "Color.größe", "WEB": "--a"}, "VariableID:1:3": {"iOS": 'Color("b")'}}
    (request,) = write_code_syntax("a/b", names, CONFIG)
    assert (request.tier, request.method, request.path) == (Tier.THREE, "POST", "/v1/files/a%2Fb/variables")
    assert (request.query, request.charged_to, request.file_key) == ((), CONFIG, "a/b")
    assert request.what == "code names in file a/b"
    assert request.rank > max(local_variables("a/b", CONFIG).rank, style_nodes("a/b").rank)
    assert request.body is not None and "Color.größe".encode() in request.body
    assert sent(request) == [
        {"action": "UPDATE", "id": "VariableID:1:2", "codeSyntax": {"iOS": "Color.größe", "WEB": "--a"}},
        {"action": "UPDATE", "id": "VariableID:1:3", "codeSyntax": {"iOS": 'Color("b")'}},
    ]


def test_no_names_are_no_request() -> None:
    assert write_code_syntax("Key", {}, CONFIG) == []


@pytest.mark.parametrize(("size", "requests"), [(100, 1), (900_000, 2), (MOST_BYTES // 2 - 100, 3), (MOST_BYTES, 5)])
def test_more_names_than_one_request_may_carry_go_in_several(size: int, requests: int) -> None:
    names = {f"VariableID:1:{number}": {"iOS": "x" * size} for number in range(5)}
    made = write_code_syntax("Key", names, CONFIG)
    assert len(made) == requests
    assert {change["id"]: change["codeSyntax"] for request in made for change in sent(request)} == names
    assert all(len(request.body or b"") <= MOST_BYTES for request in made if len(sent(request)) > 1)


@pytest.mark.parametrize(("more", "requests"), [(0, [2, 1]), (1, [1, 2])])
def test_a_request_is_filled_to_the_last_byte_and_not_beyond(more: int, requests: list[int]) -> None:
    frame = len('{"variables":[]}') + 2 * len('{"action":"UPDATE","id":"1","codeSyntax":{"iOS":""}}') + len(",")
    half = MOST_BYTES // 2
    sizes = {"0": half, "1": MOST_BYTES - frame - half + more, "2": 1}
    made = write_code_syntax("Key", {id_: {"iOS": "x" * size} for id_, size in sizes.items()}, CONFIG)
    assert [len(sent(request)) for request in made] == requests
    assert max(len(request.body or b"") for request in made) <= MOST_BYTES
    assert more or len(made[0].body or b"") == MOST_BYTES


def test_more_than_one_full_request_is_counted_anew() -> None:
    frame = len('{"variables":[]}') + 2 * len('{"action":"UPDATE","id":"1","codeSyntax":{"iOS":""}}') + len(",")
    half = (MOST_BYTES - frame) // 2
    sizes = [MOST_BYTES, half, MOST_BYTES - frame - half + 1]
    made = write_code_syntax("Key", {str(n): {"iOS": "x" * size} for n, size in enumerate(sizes)}, CONFIG)
    assert [len(sent(request)) for request in made] == [1, 1, 1]


def test_writing_tells_how_many_names_there_were_after_the_last_request() -> None:
    names = {f"VariableID:1:{number}": {"iOS": "x" * 3_000_000} for number in range(3)}
    time, asked, values = TestScheduler(), list[Request](), list[int]()

    def send(request: Request) -> Observable[Response]:
        asked.append(request)
        return rx.timer(1.0, scheduler=time).pipe(rx.operators.map(lambda _: DONE))

    written = api_over(lambda request: rx.defer(lambda _: send(request)), time).write_code_syntax("Key", names, CONFIG)
    assert asked == []
    written.subscribe(values.append, scheduler=time)
    time.advance_to(2.5)
    assert (len(asked), values) == (3, [])
    time.advance_to(3.5)
    assert (len(asked), values) == (3, [3])


def test_a_write_is_tried_again_as_it_has_the_same_effect_twice() -> None:
    time, asked, values, events = TestScheduler(), list[Request](), list[Response](), list[Event]()
    down = FigmaUnavailable(Problem("figma.server-error", "down"))

    def send(request: Request) -> Observable[Response]:
        def start(_: object) -> Observable[Response]:
            asked.append(request)
            return rx.throw(down) if len(asked) == 1 else rx.of(DONE)

        return rx.defer(start)

    again = retrying(send, max_retries=2, reactor=time, emit=events.append, random=lambda: 0.5)
    (request,) = write_code_syntax("Key", {"VariableID:1:2": {"iOS": "a"}}, CONFIG)
    again(request).subscribe(values.append, scheduler=time)
    time.advance_to(60.0)
    assert (asked, values, len(events)) == ([request, request], [DONE], 1)


def test_figma_has_the_names_afterwards_and_nothing_else_has_changed() -> None:
    design = design_with_variables("Key", "Theme", ["Light"], {"a": ["#000000"], "b": ["#FFFFFF"]})
    with Sandbox(design) as figma:
        client = HttpClient(
            figma.url,
            "figd_token",
            timeout_s=10.0,
            connections=1,
            blocking=lambda work, release=None: rx.from_callable(work),
            wall_s=lambda: 0.0,
        )

        def variables() -> Mapping[str, Variable]:
            answer = client.exchange(local_variables("Key", CONFIG))
            return parse_variables(answer.body, "Key").variables

        before = variables()
        for request in write_code_syntax("Key", {"VariableID:1:1": {"iOS": "Color.a", "WEB": "--a"}}, CONFIG):
            client.exchange(request)
        after = variables()
        assert [(line.method, line.path) for line in figma.log][1] == ("POST", "/v1/files/Key/variables")
    assert after["VariableID:1:1"].code_syntax == {"iOS": "Color.a", "WEB": "--a"}
    assert after["VariableID:1:2"] == before["VariableID:1:2"]
    assert after["VariableID:1:1"].values == before["VariableID:1:1"].values


def refused(status: int, text: str) -> tuple[str, str, str]:
    (request,) = write_code_syntax("Key", {"VariableID:1:2": {"iOS": "a"}}, CONFIG)
    (problem,) = refusal(request, status, text).problems
    assert problem.location is not None
    assert problem.location.figma_file == "Key"
    return problem.code, problem.message, problem.hint


@pytest.mark.parametrize("text", ["Limited by Figma plan", "Incorrect account type", "Forbidden", ""])
def test_who_may_not_write_is_told_what_it_takes_and_how_to_do_without(text: str) -> None:
    code, message, hint = refused(403, text)
    said = f": {text}" if text else ""
    assert (code, message) == ("figma.not-writable", f"Figma lets us write no code names in file Key{said}")
    for need in ("Enterprise", "Full seat", "edit access", "access tokens of a plan", "--no-sync", "syncCodeSyntax"):
        assert need in hint


def test_a_token_without_the_scope_is_told_which_one_it_needs() -> None:
    code, _, hint = refused(403, "Invalid scope")
    assert (code, hint.startswith("Scope needed: file_variables:write.")) == ("figma.missing-scope", True)


def test_an_expired_token_and_a_refused_change_are_told_as_ever() -> None:
    assert refused(403, "Token expired")[0] == "figma.invalid-token"
    assert refused(400, "Variable is remote")[1] == (
        "Figma refused code names in file Key with HTTP 400: Variable is remote"
    )
