"""HTTP to Figma, byte by byte: cut lines, odd answers, redirects, proxies, TLS, and where the token goes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

import pytest
import reactivex as rx
from hypothesis import given, settings
from hypothesis import strategies as st
from reactivex import Observable

from exfig_rx.connections import Line
from exfig_rx.errors import FigmaError, FigmaRefused, FigmaUnavailable, RateLimited
from exfig_rx.figma.client import HttpClient
from exfig_rx.model import Request, Response, Tier
from exfig_rx.reactor import Reactor
from tests.test_figma.loopback import CERTIFICATE, PATIENCE_S, Cut, Loopback, Stall, answer

T = TypeVar("T")

TOKEN = "figd_a-token-that-nobody-may-see"
STYLES = Request(Tier.THREE, "/v1/files/Key/styles", file_key="Key", what="styles of file Key")
FINE = answer({"meta": {}})
PART = b'HTTP/1.1 200 Said\r\nContent-Length: 900\r\n\r\n{"meta": '
LAST_PART = PART.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def at_once(work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
    return rx.from_callable(work)


def client(url: str, timeout_s: float = PATIENCE_S, most_body_bytes: int = 1 << 20) -> HttpClient:
    return HttpClient(
        url,
        TOKEN,
        timeout_s=timeout_s,
        connections=2,
        blocking=at_once,
        wall_s=lambda: 0.0,
        most_body_bytes=most_body_bytes,
    )


def failure(*replies: bytes, tls: bool = False, timeout_s: float = PATIENCE_S) -> FigmaError:
    """What the client makes of `replies`; checks that the token is in no text."""
    with Loopback(replies, tls=tls) as server, pytest.raises(FigmaError) as caught:
        client(server.url, timeout_s, most_body_bytes=100_000).exchange(STYLES)
    assert TOKEN not in repr(caught.value) + repr(caught.value.problems)
    return caught.value


def code(error: FigmaError) -> str:
    (problem,) = error.problems
    return problem.code


@pytest.fixture
def reactor() -> Iterator[Reactor]:
    bugs: list[Exception] = []
    running = Reactor(bugs.append, workers=1)
    yield running
    running.close(PATIENCE_S)
    assert bugs == []


# Connections


def test_one_connection_serves_many_requests() -> None:
    with Loopback([FINE]) as server:
        talking = client(server.url)
        for _ in range(3):
            assert talking.exchange(STYLES) == Response(200, {"meta": {}})
        assert (server.connections, len(server.requests)) == (1, 3)


def test_a_packed_answer_is_unpacked() -> None:
    with Loopback([answer({"meta": {}}, packed=True)]) as server:
        assert client(server.url).exchange(STYLES).body == {"meta": {}}
        assert b"gzip" in server.requests[0]


# Cancelling


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 200 Sai", PART, LAST_PART])
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_disposing_hangs_up_at_once_wherever_the_answer_stands(
    reactor: Reactor, reply: bytes, tls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with Loopback([Stall(reply)], tls=tls) as server:
        assert_disposing_hangs_up(reactor, server, server.url)


def test_disposing_hangs_up_on_a_proxy_that_does_not_answer(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback([Stall()]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert_disposing_hangs_up(reactor, proxy, "https://figma.invalid")


def assert_disposing_hangs_up(reactor: Reactor, server: Loopback, url: str) -> None:
    seen: SimpleQueue[object] = SimpleQueue()
    talking = HttpClient(url, TOKEN, timeout_s=600, connections=1, blocking=reactor.blocking, wall_s=lambda: 0.0)
    subscription = talking(STYLES).subscribe(seen.put, seen.put, lambda: seen.put("completed"))
    assert server.asked.wait(PATIENCE_S)
    reactor.post(subscription.dispose)
    assert server.left.wait(PATIENCE_S), "the client still waits"
    # The worker is free again: the pool has one, and it takes the next work.
    done: SimpleQueue[bool] = SimpleQueue()
    reactor.blocking(lambda: True).subscribe(done.put)
    assert done.get(timeout=PATIENCE_S)
    assert seen.empty()


def test_what_is_cancelled_before_it_begins_is_not_sent() -> None:
    with Loopback([FINE]) as server:
        talking = client(server.url)
        talking.exchange(STYLES)
        line = Line()
        line.cut()
        for fresh in (talking, client(server.url)):
            with pytest.raises(FigmaUnavailable):
                fresh.exchange(STYLES, line)
        assert (server.connections, len(server.requests)) == (1, 1)


def test_cancelling_what_is_over_leaves_its_connection_to_the_others() -> None:
    with Loopback([FINE]) as server:
        talking, line = client(server.url), Line()
        talking.exchange(STYLES, line)
        line.cut()
        assert talking.exchange(STYLES).status == 200
        assert server.connections == 1


# Odd answers


@pytest.mark.parametrize(
    ("reply", "expected", "words"),
    [
        (Cut(b""), "figma.no-answer", "cut the connection"),
        (Cut(b"HTTP/1.1 200 Sai"), "figma.garbled", "not the JSON"),
        (Cut(b"SSH-2.0-OpenSSH_9.6\r\n"), "figma.no-answer", "cut the connection"),
        (Cut(PART), "figma.no-answer", "cut the connection"),
        (Cut(b"HTTP/1.1 200 K\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"), "figma.no-answer", "cut the connection"),
        (Cut(b"HTTP/1.1 200 K\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "figma.no-answer", "cut the connection"),
        (Cut(b"HTTP/1.1 503 Down\r\nContent-Length: 9\r\n\r\n{"), "figma.server-error", "HTTP 503"),
        (answer(b"junk", headers={"Content-Encoding": "gzip"}), "figma.garbled", "does not unpack"),
        (answer([1, 2]), "figma.garbled", "application/json"),
        (answer(b"<html>", headers={"Content-Type": "text/html; charset=x"}), "figma.garbled", "but text/html ("),
        (answer(b"[" * 99_000), "figma.garbled", "no declared type"),
        (answer(b"1" * 99_000), "figma.garbled", "not the JSON"),
        (answer(b"\xff\xfe{"), "figma.garbled", "not the JSON"),
    ],
)
def test_an_answer_that_is_none_may_be_asked_for_again(reply: bytes, expected: str, words: str) -> None:
    error = failure(reply)
    assert isinstance(error, FigmaUnavailable)
    assert code(error) == expected
    assert words in error.problems[0].message


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_body_has_a_size_limit_that_packing_does_not_lift(packed: bool) -> None:
    error = failure(answer(b"0" * 500_000, packed=packed))
    assert isinstance(error, FigmaRefused)
    assert code(error) == "figma.too-large"


@pytest.mark.parametrize("ending", [Cut, Stall])
def test_a_429_pauses_even_if_its_body_never_arrives(ending: type[bytes]) -> None:
    error = failure(ending(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 90\r\n\r\n{"))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 7.0
    assert error.problems[0].location is not None
    assert error.problems[0].location.figma_file == "Key"


def test_a_retry_after_date_counts_from_the_date_of_the_answer_not_from_our_clock() -> None:
    dates = {"Date": "Sun, 01 Mar 1998 12:00:00 GMT", "Retry-After": "Sun, 01 Mar 1998 12:01:30 GMT"}
    error = failure(answer({}, 429, dates))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 90.0


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_that_is_not_figmas_is_not_blamed_on_the_token_or_the_key(status: int) -> None:
    error = failure(answer(b"<html>Blocked by policy", status, {"Content-Type": "text/html"}))
    assert isinstance(error, FigmaRefused)
    assert (error.status, code(error)) == (status, "figma.not-figma")
    assert f"HTTP {status} (text/html)" in error.problems[0].message


def test_a_refusal_whose_words_are_lost_is_still_figmas() -> None:
    error = failure(Cut(b'HTTP/1.1 404 X\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"st'))
    assert code(error) == "figma.not-found"


def test_what_a_server_says_is_one_short_line_without_the_token() -> None:
    error = failure(answer({"err": f"no\n\x1b[31m {TOKEN} \u202e{'so ' * 900}"}, 400))
    (problem,) = error.problems
    assert problem.message.isprintable()
    assert "no [31m *** so so" in problem.message
    assert len(problem.message) < 400


def test_headers_of_a_429_can_not_carry_the_token_into_a_message() -> None:
    error = failure(answer({}, 429, {"X-Figma-Plan-Tier": TOKEN}))
    assert isinstance(error, RateLimited)
    assert error.plan == "***"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=60)
    | st.builds(
        lambda status, head, body: b"HTTP/1.1 %d X\r\n%s\r\n\r\n%s" % (status, head, body),
        st.integers(0, 999),
        st.sampled_from(
            [b"", b"Location: /", b"Content-Length: 3", b"Transfer-Encoding: chunked", b"Content-Length: -1"]
        )
        | st.binary(max_size=30),
        st.binary(max_size=30) | st.sampled_from([b"{}", b"2\r\n{}\r\n0\r\n\r\n", b"[]"]),
    )
)
def test_whatever_comes_over_the_wire_is_an_answer_or_an_error_with_words(reply: bytes) -> None:
    with Loopback([Cut(reply)]) as server:
        try:
            assert client(server.url).exchange(STYLES).status < 300
        except FigmaError as error:
            assert all(problem.message.isprintable() and problem.code for problem in error.problems)


# Redirects


@pytest.mark.parametrize(
    "location",
    [
        "/v1/there?a=b",
        "there",
        STYLES.path,
        "http://127.0.0.1:{other}/v1/me",
        "//127.0.0.1:{other}/v1/me",
        "http://localhost:{port}/v1/me",
        "https://127.0.0.1:{port}/v1/me",
        "http://127.0.0.1:{port}@127.0.0.1:{other}/v1/me",
        "http://127.0.0.1:{other}\\@127.0.0.1:{port}/v1/me",
        "http://user@127.0.0.1:{port}/v1/me",
        "http://[",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_the_token_stays_and_one_request_is_one_exchange(location: str, status: int) -> None:
    with Loopback([FINE]) as other, Loopback([FINE]) as server:
        target = location.format(port=server.port, other=other.port)
        server.replies.insert(0, answer(b"", status, {"Location": target}))
        with pytest.raises(FigmaRefused) as caught:
            client(server.url).exchange(STYLES)
        assert code(caught.value) == "figma.redirected"
        assert "where requests and the token don't follow" in caught.value.problems[0].message
        assert (other.connections, len(server.requests)) == (0, 1)


def test_a_redirect_is_told_with_its_target_but_not_with_its_query() -> None:
    error = failure(answer(b"", 302, {"Location": "https://login.example/sso?ticket=secret"}))
    assert "redirects styles of file Key to login.example/sso," in error.problems[0].message


# Where the token goes, and what the environment may say


def test_the_token_is_a_header_and_netrc_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Loopback([FINE]) as server:
        client(server.url).exchange(STYLES)
        (head,) = server.requests
    assert f"X-Figma-Token: {TOKEN}\r\n".encode() in head
    assert b"authorization" not in head.lower()
    assert TOKEN.encode() not in head.split(b"\r\n")[0]


def test_the_loopback_is_never_proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback([FINE]) as proxy, Loopback([FINE]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        client(server.url).exchange(STYLES)
        assert proxy.connections == 0


def test_a_proxy_is_used_and_does_not_see_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback([Cut(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(FigmaUnavailable) as caught:
            client("https://figma.invalid").exchange(STYLES)
        assert proxy.requests[0].startswith(b"CONNECT figma.invalid:443 HTTP/1.")
        assert TOKEN.encode() not in b"".join(proxy.requests)
    (problem,) = caught.value.problems
    assert problem.message == (
        "the proxy did not connect us to Figma (HTTP 407 Proxy Authentication Required) (styles of file Key)"
    )
    assert "HTTPS_PROXY" in problem.hint


def test_no_proxy_excludes_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback([FINE]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "figma.invalid")
        with pytest.raises(FigmaUnavailable, match="could not be found"):
            client("https://figma.invalid").exchange(STYLES)
        assert proxy.connections == 0


@pytest.mark.parametrize("proxy", ["pigeon://127.0.0.1:9", "http://[", "http://:80", "http://a..b:80"])
def test_a_proxy_that_is_not_understood_is_named_as_the_fault(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(FigmaRefused) as caught:
        client("https://figma.invalid").exchange(STYLES)
    assert code(caught.value) == "figma.bad-address"
    assert "HTTPS_PROXY" in caught.value.problems[0].hint


# TLS


def test_a_certificate_that_nobody_vouches_for_is_refused_and_nothing_is_sent() -> None:
    with Loopback([FINE], tls=True) as server:
        with pytest.raises(FigmaRefused) as caught:
            client(server.url).exchange(STYLES)
        assert server.requests == []
    (problem,) = caught.value.problems
    assert problem.code == "figma.no-trust"
    assert "127.0.0.1 is not trusted: self-signed certificate" in problem.message
    assert "REQUESTS_CA_BUNDLE" in problem.hint


def test_a_company_certificate_can_be_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with Loopback([FINE], tls=True) as server:
        assert client(server.url).exchange(STYLES).status == 200


def test_certificates_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such.pem")
    error = failure(FINE, tls=True)
    assert isinstance(error, FigmaRefused)
    assert code(error) == "figma.no-certificates"
    assert "/no/such.pem" in error.problems[0].message


def test_certificates_that_are_none_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("not a certificate")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(junk))
    error = failure(FINE, tls=True)
    assert isinstance(error, FigmaRefused)
    assert code(error) == "figma.no-tls"
    assert "REQUESTS_CA_BUNDLE" in error.problems[0].hint


def test_https_to_what_does_not_speak_it_is_refused() -> None:
    with Loopback([Cut(FINE)]) as server, pytest.raises(FigmaRefused) as caught:
        client(f"https://127.0.0.1:{server.port}").exchange(STYLES)
    assert code(caught.value) == "figma.no-tls"


def test_hanging_up_in_the_handshake_may_pass() -> None:
    with Loopback([Cut()]) as server, pytest.raises(FigmaUnavailable) as caught:
        client(f"https://127.0.0.1:{server.port}").exchange(STYLES)
    assert code(caught.value) == "figma.no-answer"
