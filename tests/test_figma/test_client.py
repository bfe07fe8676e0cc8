"""HTTP to Figma, against the sandbox: what each refusal and silence becomes, in words that people can use."""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TypeVar

import pytest
import reactivex as rx
from hypothesis import given
from hypothesis import strategies as st
from reactivex import Observable

from exfig_rx.errors import FigmaError, FigmaRefused, FigmaUnavailable, RateLimited, UsageError
from exfig_rx.figma.client import HttpClient, checked_address, checked_token, read_timeout_s, retry_after_s
from exfig_rx.model import Request, Tier
from exfig_rx.sandbox.design import Design
from exfig_rx.sandbox.faults import Fault, FaultKind
from exfig_rx.sandbox.server import Sandbox

T = TypeVar("T")

TOKEN = "figd_a-token-that-nobody-may-see"
KEY = "AbCdEfGhIjKlMnOpQrStUv"
STYLES = Request(Tier.THREE, f"/v1/files/{KEY}/styles", file_key=KEY, what=f"styles of file {KEY}")
DESIGN = Design.of({"files": {KEY: {"name": "Colors", "colors": [{"id": "1:1", "name": "Ink", "fill": "#0B3C49"}]}}})


NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def at_once(work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
    return rx.from_callable(work)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(DESIGN, accepted_tokens=[TOKEN]) as running:
        yield running
        assert running.crashes == []


def client(url: str, token: str = TOKEN, timeout_s: float | None = None) -> HttpClient:
    return HttpClient(url, token, timeout_s=timeout_s, connections=2, blocking=at_once, wall_s=NOW.timestamp)


def refusal(sandbox: Sandbox, *faults: Fault, request: Request = STYLES, token: str = TOKEN) -> FigmaError:
    sandbox.faults.extend(faults)
    with pytest.raises(FigmaError) as caught:
        client(sandbox.url, token, timeout_s=0.5).exchange(request)
    assert TOKEN not in repr(caught.value) + str(caught.value.problems)
    return caught.value


def test_an_answer_is_a_json_object(sandbox: Sandbox) -> None:
    answer = client(sandbox.url).exchange(STYLES)
    assert answer.status == 200
    assert answer.body["meta"]["styles"][0]["name"] == "Ink"


def test_white_space_around_the_token_is_cut(sandbox: Sandbox) -> None:
    assert client(sandbox.url, f" {TOKEN}\n").exchange(STYLES).status == 200


def test_connections_are_kept_and_queries_are_escaped(sandbox: Sandbox) -> None:
    talking = client(sandbox.url)
    request = Request(Tier.ONE, f"/v1/files/{KEY}/nodes", (("ids", "1:1,9:9"),), file_key=KEY)
    body = talking.exchange(request).body
    assert body["nodes"]["9:9"] is None
    assert sandbox.log[-1].query == (("ids", "1:1,9:9"),)


@pytest.mark.parametrize(
    ("status", "message", "code", "hint"),
    [
        (403, "Invalid token", "figma.invalid-token", "FIGMA_PERSONAL_TOKEN"),
        (403, "Token expired", "figma.invalid-token", "FIGMA_PERSONAL_TOKEN"),
        (401, "", "figma.invalid-token", "FIGMA_PERSONAL_TOKEN"),
        (
            403,
            "Invalid scope(s): file_content:read. This endpoint requires the library_content:read scope",
            "figma.missing-scope",
            "library_content:read",
        ),
        (403, "Limited by Figma plan", "figma.plan", "Enterprise"),
        (403, "Forbidden", "figma.no-access", "open the file"),
        (404, "Not found", "figma.not-found", "/design/"),
        (400, "Request too large. If applicable, filter by query params.", "figma.too-large", "Split"),
        (400, "Render timeout, try requesting fewer or smaller images", "figma.render-timeout", "fewer"),
        (413, "", "figma.too-large", "Split"),
        (400, "ids: bad", "figma.bad-request", ""),
    ],
)
def test_a_refusal_says_what_it_means_and_what_to_do(
    sandbox: Sandbox, status: int, message: str, code: str, hint: str
) -> None:
    error = refusal(sandbox, Fault(FaultKind.STATUS, status=status, message=message))
    (problem,) = error.problems
    assert isinstance(error, FigmaRefused)
    assert not error.retryable
    assert (error.status, problem.code) == (status, code)
    assert hint in problem.hint
    assert problem.location is not None
    assert problem.location.figma_file == KEY


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(FaultKind.STATUS, status=500, message="boom"), "HTTP 500: boom"),
        (Fault(FaultKind.STATUS, status=503), "HTTP 503"),
        (Fault(FaultKind.RESET), "cut the connection"),
        (Fault(FaultKind.CLOSE), "cut the connection"),
        (Fault(FaultKind.TRUNCATE), "cut the connection"),
        (Fault(FaultKind.GARBLE), "not the JSON that was expected"),
        (Fault(FaultKind.HTML), "text/html"),
        (Fault(FaultKind.EMPTY), "not the JSON that was expected"),
        (Fault(FaultKind.SLOW, seconds=20), "did not answer in time"),
    ],
    ids=lambda value: str(value.kind) if isinstance(value, Fault) else "",
)
def test_a_failure_that_may_pass_can_be_retried(sandbox: Sandbox, fault: Fault, words: str) -> None:
    error = refusal(sandbox, fault)
    assert isinstance(error, FigmaUnavailable)
    assert error.retryable
    assert words in error.problems[0].message


def test_nobody_there_is_a_failure_that_may_pass() -> None:
    with Sandbox(DESIGN) as gone:
        url = gone.url
    with pytest.raises(FigmaUnavailable, match="refused the connection"):
        client(url).exchange(STYLES)


def test_a_429_carries_what_its_headers_say(sandbox: Sandbox) -> None:
    error = refusal(sandbox, Fault(FaultKind.RATE_LIMIT, retry_after="129899", plan="org", limit_type="low"))
    assert isinstance(error, RateLimited)
    assert (error.retry_after_s, error.plan, error.limit_type) == (129899.0, "org", "low")
    assert error.upgrade_url.startswith("https://")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("30", 30.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("-3", -3.0),
        ("soon", None),
        ("1_0", None),
        ("60s", None),
        ("7, 9", None),
        ("+inf", math.inf),
        ("9" * 400, math.inf),
        ("", None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), -90.0),
    ],
)
def test_retry_after_is_read_in_every_form(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, format_datetime(NOW, usegmt=True), 0.0) == seconds


@pytest.mark.parametrize("answered", [None, "", "soon"])
def test_a_retry_after_date_counts_from_the_clock_on_the_wall_where_the_answer_has_no_date(
    answered: str | None,
) -> None:
    assert retry_after_s(format_datetime(NOW, usegmt=True), answered, NOW.timestamp() - 90) == 90


@given(st.text(max_size=40) | st.from_regex(r"Sun, 06 Nov [0-9]{1,25} [0-9]{2}:[0-9]{2}:[0-9]{2} [-+0-9A-Z]{3,5}"))
def test_no_retry_after_is_odd_enough_to_hurt(header: str) -> None:
    for seconds in (retry_after_s(header, "Sun, 01 Mar 2026 12:00:00 GMT", 0.0), retry_after_s("1", header, 0.0)):
        assert seconds is None or isinstance(seconds, float)


@pytest.mark.parametrize(
    ("path", "own_s", "configured_s", "seconds"),
    [
        ("/v1/files/k/styles", None, None, 30),
        ("/v1/files/k/styles", None, 5, 5),
        ("/v1/files/k/styles", 90, 5, 90),
        ("/v1/images/k", None, None, 75),
        ("/v1/images/k", None, 5, 75),
        ("/v1/images/k", None, 200, 200),
        ("/v1/files/k/images", None, 5, 5),
    ],
)
def test_renders_get_the_time_that_figma_gives_them(
    path: str, own_s: float | None, configured_s: float | None, seconds: float
) -> None:
    assert read_timeout_s(Request(Tier.ONE, path, timeout_s=own_s), configured_s) == seconds


@pytest.mark.parametrize(
    "url",
    [
        "api.figma.com",
        "ftp://api.figma.com",
        "http://api.figma.com",
        "https://",
        "https://u:p@figma.com",
        "https://a/?b",
        "https://a/#b",
        "https://[",
        "https://a:99999",
        "https://a:0",
        "https://a b",
        "https://a\n.com",
        "https://a\\@figma.com",
        "https://a..b",
        "http://127.0.0.1.evil.com",
    ],
)
def test_an_address_that_can_not_be_right_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_address(url)
    (problem,) = caught.value.problems
    assert problem.code == "usage.figma-url"
    assert problem.message.isprintable()


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        checked_address("https://me:sesame@api.figma.com")
    assert "sesame" not in repr(caught.value.problems)


@pytest.mark.parametrize(
    "url", ["https://api.figma.com/", "http://127.0.0.1:8", "http://localhost:1", "http://[::1]:1", "https://a/b/"]
)
def test_https_and_the_loopback_are_fine(url: str) -> None:
    assert checked_address(url) == url.rstrip("/")


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://API.Figma.com", "https://api.figma.com"),
        ("HTTPS://api.figma.com:443/", "https://api.figma.com"),
        ("http://LocalHost:80", "http://localhost"),
        ("http://[::1]:80/", "http://[::1]"),
        ("https://api.figma.com:80", "https://api.figma.com:80"),
        ("https://b\u00fccher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_spelling_whatever_its_case_and_default_port(url: str, same: str) -> None:
    assert checked_address(url) == same


@pytest.mark.parametrize("token", ["", "figd_a b", "figd_a\nb", "figd_ä", "figd_\x00"])
def test_a_token_that_can_not_be_one_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_token(token)
    assert not token or token not in str(caught.value)
