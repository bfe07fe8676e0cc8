"""Figma's notices: what they mean, and what becomes of whatever else arrives at the same door."""

import errno
import json
import os
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reactivex.disposable import SerialDisposable

from exfig_rx.errors import UsageError
from exfig_rx.reactor import Reactor
from exfig_rx.watch.receiver import MOST_BODY_BYTES, MOST_HEAD_BYTES
from exfig_rx.watch.webhook import Heard, Hook, Ignored, address_of, exposed, hooks, listen, parse

WAIT_S = 20.0
PASSCODE = "geheim-0123456789"
KEY = "Harbor00000000000000001"


def notice(event_type: Any = "FILE_UPDATE", /, **more: Any) -> bytes:
    """A notice as Figma sends it, but for `more`."""
    usual = {"event_type": event_type, "passcode": PASSCODE, "file_key": KEY, "file_name": "Harbor"}
    return json.dumps({**usual, **more}).encode()


# What a notice means


@pytest.mark.parametrize("event_type", ["LIBRARY_PUBLISH", "FILE_UPDATE"])
def test_a_change_of_a_file_is_heard_with_its_key_and_name(event_type: str) -> None:
    assert parse(notice(event_type, webhook_id="7", created_styles=[]), PASSCODE) == Hook(event_type, KEY, "Harbor")


def test_a_named_version_is_heard_with_its_id() -> None:
    heard = parse(notice("FILE_VERSION_UPDATE", version_id="2187"), PASSCODE)
    assert heard == Hook("FILE_VERSION_UPDATE", KEY, "Harbor", "2187")
    assert parse(notice(version_id="2187"), PASSCODE) == Hook("FILE_UPDATE", KEY, "Harbor", None)


def test_a_ping_is_heard_and_is_of_no_file() -> None:
    assert parse(notice("PING"), PASSCODE) == Hook("PING")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"1" * 100_000, "not JSON"),
        (b"[]", "no notice"),
        (b'{"event_type": "PING"}', "without a passcode"),
        (b'{"event_type": "PING", "passcode": 7}', "without a passcode"),
        (notice(passcode=""), "another passcode"),
        (notice(passcode=PASSCODE + "x"), "another passcode"),
        (notice(passcode=PASSCODE.upper()), "another passcode"),
        (notice(passcode="\ud800é"), "another passcode"),
        (notice("FILE_DELETE"), "FILE_DELETE, which changes nothing"),
        (notice("FILE_COMMENT"), "FILE_COMMENT, which changes nothing"),
        (notice(None), "without an event, which changes nothing"),
        (notice(["FILE_UPDATE"]), "without an event, which changes nothing"),
        (notice(file_key=""), "without a file"),
        (notice(file_key=12), "without a file"),
    ],
)
def test_anything_else_is_ignored_in_few_words(body: bytes, said: str) -> None:
    heard = parse(body, PASSCODE)
    assert isinstance(heard, Ignored)
    assert said in heard.what


def test_nothing_of_a_notice_with_a_wrong_passcode_is_repeated() -> None:
    heard = parse(notice("LOOK AT ME", passcode="guess-1", file_name="or at me"), PASSCODE)
    assert not re.search("guess|LOOK|or at me|geheim", repr(heard))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)), st.text())
def test_a_notice_may_hold_anything_anywhere(value: Any, passcode: str) -> None:
    for name in ("event_type", "passcode", "file_key", "file_name", "version_id"):
        for event_type in ("FILE_VERSION_UPDATE", "PING"):
            heard = parse(notice(event_type, **{name: value}), passcode if name == "passcode" else PASSCODE)
            assert isinstance(heard, Hook | Ignored)
            repr(heard).encode()


def test_names_are_bounded() -> None:
    heard = parse(notice(file_name="x" * 10_000), PASSCODE)
    assert isinstance(heard, Hook)
    assert len(heard.file_name) == 200


# The door


@dataclass
class Door:
    """An address with something behind it; `heard` fills on the reactor, bugs included."""

    address: str
    heard: "SimpleQueue[Heard | Exception]"
    close: Callable[[], None]

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_S)

    def say(self, *parts: bytes) -> bytes:
        """The whole answer to some bytes; empty where the door closed without a word, or reset the connection."""
        with self.connect() as sock:
            for part in parts:
                sock.sendall(part)
            return said_on(sock)

    def post(self, body: bytes, *headers: str, path: str = "/") -> int:
        lines = [f"POST {path} HTTP/1.1", "Host: x", *(headers or (f"Content-Length: {len(body)}",))]
        return status(self.say("\r\n".join(lines).encode() + b"\r\n\r\n" + body))

    def next(self) -> Heard | Exception:
        return self.heard.get(timeout=WAIT_S)


def said_on(sock: socket.socket) -> bytes:
    received = b""
    try:
        while block := sock.recv(65536):
            received += block
    except ConnectionResetError:
        pass
    return received


def status(answer: bytes) -> int:
    """The status of the one answer; 0 for none."""
    heads = re.findall(rb"HTTP/1\.1 (\d+)", answer)
    assert len(heads) <= 1, answer
    return int(heads[0]) if heads else 0


@pytest.fixture
def reactor() -> Iterator[Reactor]:
    bugs: list[Exception] = []
    it = Reactor(bugs.append, workers=1)
    yield it
    it.close(WAIT_S)
    assert bugs == []


@pytest.fixture
def open_door(reactor: Reactor) -> Iterator[Callable[..., Door]]:
    """Opens doors that close with the test; their threads and descriptors are gone then."""
    closers: list[Callable[[], None]] = []
    before = (set(threading.enumerate()), descriptors())

    def start(post: Callable[[Callable[[], None]], None] = reactor.post, **options: Any) -> Door:
        listening = listen("127.0.0.1", 0)
        heard: SimpleQueue[Heard | Exception] = SimpleQueue()
        subscription = SerialDisposable()
        closers.append(subscription.dispose)
        door = Door(address_of(listening), heard, subscription.dispose)
        subscription.disposable = hooks(listening, PASSCODE, post, **options).subscribe(heard.put, heard.put)
        return door

    yield start
    for close in closers:
        close()
    for thread in set(threading.enumerate()) - before[0]:
        if thread.name == "exfig-webhook":
            thread.join(WAIT_S)
            assert not thread.is_alive()
    assert descriptors() <= before[1]


def descriptors() -> int:
    """Open files of this process."""
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


@pytest.fixture
def door(open_door: Callable[..., Door]) -> Door:
    return open_door()


def test_a_notice_is_answered_200_and_arrives_on_the_reactor(open_door: Callable[..., Door], reactor: Reactor) -> None:
    posted: list[str] = []

    def post(action: Callable[[], None]) -> None:
        posted.append(threading.current_thread().name)
        reactor.post(action)

    door = open_door(post)
    assert door.post(notice(), path="/figma?from=tunnel") == 200
    assert door.next() == Hook("FILE_UPDATE", KEY, "Harbor")
    assert posted == ["exfig-webhook"]


def test_a_wrong_passcode_is_answered_200_too_and_told_as_ignored(door: Door) -> None:
    assert door.post(notice(passcode="x")) == 200
    assert door.next() == Ignored("a notice with another passcode")


def test_duplicates_are_passed_on_one_by_one_in_order(door: Door) -> None:
    for event_type in ("LIBRARY_PUBLISH", "LIBRARY_PUBLISH", "PING"):
        assert door.post(notice(event_type)) == 200
    found = [door.next() for _ in range(3)]
    assert [heard.event_type for heard in found if isinstance(heard, Hook)] == ["LIBRARY_PUBLISH"] * 2 + ["PING"]


def test_a_get_is_greeted_so_that_people_see_where_their_tunnel_leads(door: Door) -> None:
    answer = door.say(b"GET /any/path HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status(answer) == 200
    assert answer.endswith(b"exfig waits here for Figma's webhooks\n")
    assert door.heard.empty()


def test_a_body_may_come_in_chunks_byte_by_byte_and_after_a_question(door: Door) -> None:
    body = notice()
    chunks = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:])) + b"0\r\n\r\n"
    assert door.post(chunks, "Transfer-Encoding: chunked") == 200
    head = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n" % len(body)
    assert status(door.say(*(bytes([byte]) for byte in head + b"\r\n" + body))) == 200
    with door.connect() as sock:
        sock.sendall(head + b"Expect: 100-continue\r\n\r\n")
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        assert status(said_on(sock)) == 200
    assert [door.next() for _ in range(3)] == [Hook("FILE_UPDATE", KEY, "Harbor")] * 3


def test_a_connection_ends_with_its_answer_whatever_else_was_sent_on_it(door: Door) -> None:
    one = b"POST / HTTP/1.1\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n" % len(notice()) + notice()
    answer = door.say(one + one + one)
    assert status(answer) == 200
    assert b"\r\nConnection: close\r\n" in answer
    assert door.next() == Hook("FILE_UPDATE", KEY, "Harbor")
    assert door.post(notice("PING")) == 200
    assert door.next() == Hook("PING")


def test_a_body_of_more_than_a_megabyte_is_refused_and_that_is_told(door: Door) -> None:
    fits = notice(description="x" * (MOST_BODY_BYTES - len(notice(description=""))))
    assert len(fits) == MOST_BODY_BYTES
    assert door.post(fits) == 200
    assert isinstance(door.next(), Hook)
    assert door.post(fits + b" ") == 413
    assert door.next() == Ignored("a notice of more than 1 MB")
    chunk = b"%x\r\n%b\r\n" % (len(fits) // 2, fits[: len(fits) // 2])
    assert door.post(chunk * 3, "Transfer-Encoding: chunked") == 413
    assert door.next() == Ignored("a notice of more than 1 MB")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"\r\n\r\n", 400),
        (b"hello\r\n\r\n", 400),
        (b"POST / HTTP/2.0\r\n\r\n", 400),
        (b"POST  / HTTP/1.1\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\n: empty\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length : 3\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 9 + b"\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 100_000, 400),
        (b"DELETE / HTTP/1.1\r\n\r\n", 405),
        (b"OPTIONS * HTTP/1.1\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * MOST_HEAD_BYTES, 431),
        (b"\x16\x03\x01" + b"\x00" * 2 * MOST_HEAD_BYTES, 431),
        (b"x" * 2 * MOST_HEAD_BYTES, 431),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else None,
)
def test_what_is_no_request_gets_a_refusal_and_the_next_one_is_served(door: Door, sent: bytes, expected: int) -> None:
    assert status(door.say(sent)) == expected
    assert door.post(notice("PING")) == 200
    if expected == 413:
        assert isinstance(door.next(), Ignored)
    assert door.next() == Hook("PING")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST",
        b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
def test_whoever_is_silent_or_slow_is_sent_away(open_door: Callable[..., Door], sent: bytes) -> None:
    door = open_door(patience_s=0.1)
    with door.connect() as sock:
        sock.sendall(sent)
        assert said_on(sock) == b""
    with door.connect() as sock:  # or says no more, and leaves
        sock.sendall(sent)
        sock.shutdown(socket.SHUT_WR)
        assert said_on(sock) == b""
    assert door.heard.empty()


def test_beyond_the_most_connections_there_is_a_refusal_and_beyond_twice_as_many_nothing(
    open_door: Callable[..., Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exfig_rx.watch.receiver.LINGER_S", WAIT_S)
    door = open_door(most=1)
    with door.connect(), door.connect() as refused:
        assert status(said_on(refused)) == 503
        assert door.say(b"") == b""
    tries = (door.post(notice("PING")) for _ in range(1000))  # until both are known to be gone
    assert 200 in tries
    assert door.next() == Hook("PING")


def test_a_crowd_that_resets_its_connections_leaves_nothing_behind(open_door: Callable[..., Door]) -> None:
    door = open_door(most=8)
    for index in range(200):
        sock = door.connect()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with suppress(ConnectionError):
            sock.sendall((b"", b"POST / HTTP/1.1\r\n", b"\0" * 1000, b"POST / HTTP/1.1\r\n\r\n")[index % 4])
        sock.close()
    tries = (door.post(notice("PING")) for _ in range(1000))
    assert 200 in tries
    assert door.next() == Hook("PING")


def test_while_the_reactor_is_busy_no_more_than_the_most_notices_wait(open_door: Callable[..., Door]) -> None:
    waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
    door = open_door(waiting.put, most=2)
    assert [door.post(notice()) for _ in range(4)] == [200, 200, 503, 503]
    waiting.get()()
    assert door.post(notice("PING")) == 200
    assert waiting.qsize() == 2
    while not waiting.empty():
        waiting.get()()
    assert [door.next() for _ in range(3)] == [Hook("FILE_UPDATE", KEY, "Harbor")] * 2 + [Hook("PING")]


def test_a_bug_behind_the_door_fails_the_stream(open_door: Callable[..., Door], reactor: Reactor) -> None:
    calls: list[int] = []

    def broken(action: Callable[[], None]) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("a bug")
        reactor.post(action)

    door = open_door(broken)
    assert door.post(notice()) == 0
    assert isinstance(door.next(), RuntimeError)


def test_when_it_is_disposed_the_door_is_shut_and_all_who_wait_are_sent_away(door: Door) -> None:
    with door.connect() as waiting:
        waiting.sendall(b"POST / HTTP/1.1\r\n")
        door.close()
        assert said_on(waiting) == b""
    door.close()
    with pytest.raises(OSError):
        for _ in range(1000):
            door.connect().close()


def test_a_door_that_is_shut_before_it_is_open_stays_shut(open_door: Callable[..., Door]) -> None:
    for _ in range(20):
        open_door().close()


# The address


def test_an_address_that_is_taken_is_told_before_anything_runs() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"127\.0\.0\.1:{port}: something listens there already"):
            listen("127.0.0.1", port)


def test_an_address_that_can_t_be_had_is_told_with_what_to_do() -> None:
    with pytest.raises(UsageError, match="no such host") as caught:
        listen("no..such..host", 8787)
    assert "--webhook :8787" in caught.value.problems[0].hint
    with pytest.raises(UsageError, match="not one of this machine"):
        listen("192.0.2.1", 0)


def test_a_port_that_needs_rights_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> socket.socket:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refused)
    with pytest.raises(UsageError, match="not permitted") as caught:
        listen("127.0.0.1", 80)
    assert "1024" in caught.value.problems[0].hint


def test_localhost_is_the_loopback_of_ipv4_and_nothing_to_warn_of() -> None:
    with listen("localhost", 0) as listening:
        assert address_of(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"
        assert exposed(listening) is None


def test_what_other_machines_can_reach_is_warned_of() -> None:
    with listen("0.0.0.0", 0) as listening:
        problem = exposed(listening)
    assert problem is not None
    assert "not encrypted" in problem.message
    assert "TLS" in problem.hint
