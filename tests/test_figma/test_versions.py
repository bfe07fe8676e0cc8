"""The version of a file: what is asked, at which price, and what becomes of every kind of answer and refusal."""

from collections.abc import Mapping
from typing import Any

import pytest
import reactivex as rx
from hypothesis import given
from hypothesis import strategies as st
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler

from exfig_rx.errors import ExfigError, FigmaRefused, FigmaUnavailable, LockedOut, RateLimited, UsageError
from exfig_rx.figma.refusals import refusal
from exfig_rx.figma.versions import NO_SCOPE, Seen, meta, parse_version, shallow
from exfig_rx.model import ConfigId, FileVersion, Location, Problem, Request, Response, Tier
from tests.answering import api_over

ONE = ConfigId("/one.yaml", "one.yaml", "one.yaml")
OTHER = ConfigId("/other.yaml", "other.yaml", "other.yaml")
META, SHALLOW = "/v1/files/Key/meta", "/v1/files/Key"


def test_the_version_is_a_tier_3_question_that_needs_no_other_tier() -> None:
    request = meta("../Key", ONE)
    assert (request.tier, request.path, request.query) == (Tier.THREE, "/v1/files/..%2FKey/meta", ())
    assert (request.leads_to, request.lasting, request.charged_to) == (None, False, ONE)
    assert request.what == "the version of file ../Key"
    assert request.key == meta("../Key").key == meta("../Key", OTHER).key != meta("../Key", again=1).key


def test_without_the_scope_it_is_a_tier_1_question_for_nothing_but_pages() -> None:
    request = shallow("Key", ONE)
    assert (request.tier, request.path, request.query) == (Tier.ONE, SHALLOW, (("depth", "1"),))
    assert (request.lasting, request.charged_to) == (False, ONE)
    assert request.key != shallow("Key", again=1).key


@pytest.mark.parametrize(
    ("body", "version"),
    [
        ({"file": {"version": "21873465110348", "name": "Icons"}}, FileVersion("Key", "21873465110348", "Icons")),
        ({"version": "12", "name": "Icons", "document": {}}, FileVersion("Key", "12", "Icons")),
        ({"file": {"version": 21873465110348}}, FileVersion("Key", "21873465110348")),
        ({"file": {}, "version": "12"}, FileVersion("Key", "12")),
        ({"file": {"name": "Icons"}}, None),
        ({"file": {"version": ""}}, None),
        ({"file": {"version": True}}, None),
        ({"file": {"version": None, "name": 7}}, None),
        ({"file": []}, None),
        ({}, None),
    ],
)
def test_a_version_is_read_as_text_wherever_it_stands(body: Mapping[str, Any], version: FileVersion | None) -> None:
    assert parse_version(body, "Key") == version


@given(
    st.dictionaries(
        st.sampled_from(["file", "version", "name"]), st.none() | st.integers() | st.text() | st.lists(st.text())
    )
)
def test_any_version_is_survived(body: dict[str, Any]) -> None:
    found = parse_version(body, "Key")
    assert found is None or found.version


class Figma:
    """A `Send` that answers by path: bodies, or errors made of status and text; keeps what was asked."""

    def __init__(self, answers: Mapping[str, Mapping[str, Any] | tuple[int, str] | Exception]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, ConfigId | None]] = []

    def __call__(self, request: Request) -> Observable[Response]:
        def answer(_: object) -> Observable[Response]:
            self.asked.append((request.path, request.charged_to))
            given = self._answers[request.path]
            if isinstance(given, tuple):
                given = refusal(request, *given)
            return rx.throw(given) if isinstance(given, Exception) else rx.of(Response(200, given))

        return rx.defer(answer)


def outcomes(figma: Figma, *asks: tuple[str, ConfigId]) -> list[Seen | Exception]:
    """What each of `asks` gets, one after another, through one API."""
    found: list[Seen | Exception] = []
    time = TestScheduler()
    api = api_over(figma, time)
    for version in [api.version(*ask) for ask in asks]:
        version.subscribe(found.append, found.append, scheduler=time)
        time.advance_to(time.to_seconds(time.now) + 1.0)
    return found


KEY = ("Key", ONE)
LACKING = (403, "Invalid scope(s): file_content:read. This endpoint requires the file_metadata:read scope")
TWELVE = FileVersion("Key", "12", "Icons")
FILE = {"version": "12", "name": "Icons"}


def test_a_version_costs_one_request() -> None:
    figma = Figma({META: {"file": FILE}})
    assert outcomes(figma, KEY) == [Seen(TWELVE)]
    assert figma.asked == [(META, ONE)]


def test_nothing_is_asked_before_somebody_subscribes() -> None:
    figma = Figma({})
    api_over(figma, TestScheduler()).version("Key", ONE)
    assert figma.asked == []


def test_a_token_without_the_scope_pays_more_and_that_is_told_once() -> None:
    other = {"/v1/files/Other": {**FILE, "version": "13"}}
    figma = Figma({META: LACKING, SHALLOW: FILE, **other})
    seen = outcomes(figma, KEY, ("Key", OTHER), ("Other", OTHER))
    assert seen == [Seen(TWELVE, NO_SCOPE), Seen(TWELVE), Seen(FileVersion("Other", "13", "Icons"))]
    assert figma.asked == [(META, ONE), (SHALLOW, ONE), (SHALLOW, OTHER), ("/v1/files/Other", OTHER)]
    assert "file_metadata:read" in NO_SCOPE.hint


def test_files_that_are_asked_at_once_tell_of_the_scope_once() -> None:
    figma = Figma({META: LACKING, SHALLOW: FILE})
    found: list[Seen] = []
    time = TestScheduler()
    late = [rx.timer(1.0, scheduler=time), rx.timer(2.0, scheduler=time)]

    def send(request: Request) -> Observable[Response]:
        return rx.concat(late.pop(0).pipe(_nothing), figma(request)) if request.path == META else figma(request)

    api = api_over(send, time)
    for config in (ONE, OTHER):
        api.version("Key", config).subscribe(found.append, scheduler=time)
    time.advance_to(3.0)
    assert found == [Seen(TWELVE, NO_SCOPE), Seen(TWELVE)]


def _nothing(source: Observable[int]) -> Observable[Response]:
    return source.pipe(ops.flat_map(lambda _: rx.empty()))


@pytest.mark.parametrize(
    "refused",
    [
        (400, "Bad request"),
        (403, "No access"),
        (404, "Not found"),
        (403, "Limited by Figma plan"),
        {"file": {"name": "Icons"}},
    ],
)
def test_what_is_about_this_question_alone_leaves_the_version_unknown(refused: Any) -> None:
    assert outcomes(Figma({META: refused}), KEY) == [Seen(None)]
    assert outcomes(Figma({META: LACKING, SHALLOW: refused}), KEY) == [Seen(None, NO_SCOPE)]


@pytest.mark.parametrize(
    "failed", [(500, "Internal error"), FigmaUnavailable(Problem("figma.garbled", "Internal error"), status=200)]
)
def test_a_version_that_figma_fails_to_tell_after_all_is_unknown_and_that_is_told(failed: Any) -> None:
    [seen] = outcomes(Figma({META: failed}), KEY)
    assert isinstance(seen, Seen) and seen.version is None and seen.problem is not None
    assert seen.problem.code == "figma.no-version" and "Internal error" in seen.problem.message
    assert seen.problem.location == Location(figma_file="Key")
    assert outcomes(Figma({META: LACKING, SHALLOW: failed}), KEY) == [Seen(None, NO_SCOPE)]


LOCKED = LockedOut(Problem("figma.locked-out", "come back on Friday"), until=9e9)


@pytest.mark.parametrize(
    "error",
    [
        (403, "Invalid token"),
        (403, "Token expired"),
        (401, ""),
        RateLimited(retry_after_s=60.0),
        FigmaUnavailable(Problem("figma.no-answer", "nobody there")),
        FigmaRefused(Problem("figma.no-trust", "not trusted")),
        UsageError(Problem("usage.token", "no token")),
        ZeroDivisionError("a bug"),
    ],
)
def test_what_is_about_all_requests_is_not_swallowed(error: Any) -> None:
    for figma in (Figma({META: error}), Figma({META: LACKING, SHALLOW: error})):
        [got] = outcomes(figma, KEY)
        assert got is error or (isinstance(got, ExfigError) and got.problems[0].code == "figma.invalid-token")


def test_a_lock_out_ends_the_question_but_not_one_of_tier_1_that_others_can_do_without() -> None:
    assert outcomes(Figma({META: LOCKED}), KEY) == [LOCKED]
    assert outcomes(Figma({META: LACKING, SHALLOW: LOCKED}), KEY) == [Seen(None, NO_SCOPE)]
