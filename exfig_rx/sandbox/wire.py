"""HTTP/1.1 on a socket: bytes in, requests out; answers in, bytes out.

One `Connection` per client, on one event loop, answering in order, with keep-alive and pipelining. Rules: whatever a
client sends or stops sending, the worst that happens is that its own connection ends; sizes are capped; and a
`Reply` can misbehave on purpose (late, cut short, reset), because that is what the sandbox is for.
"""

import asyncio
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import cast

MAX_HEAD_BYTES = 65_536
MAX_BODY_BYTES = 4 * 1024 * 1024
MAX_TARGET_BYTES = 8_192
_REASONS = {status.value: status.phrase for status in HTTPStatus}
_TOO_LONG = b"<html><head><title>413 ERROR</title></head><body><h1>413 ERROR</h1>Bad request.</body></html>"


class Ending(Enum):
    """How a reply leaves."""

    WHOLE = "whole"
    CUT = "half of the body, then the end"
    CLOSE = "nothing, then the end"
    RESET = "nothing, then a reset"


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A request as it came: header names are lower-case, `target` is the path with the query, still escaped."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What to send back, `delay_s` seconds from now."""

    status: int
    body: bytes
    media_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0
    ending: Ending = Ending.WHOLE


class _Unreadable(Exception):
    def __init__(self, status: int, body: bytes = b"") -> None:
        super().__init__(status)
        self.reply = Reply(status, body, "text/html")


class Connection(asyncio.Protocol):
    """The protocol of one client; `answer` must not block and must not raise."""

    def __init__(self, answer: Callable[[WireRequest], Reply], open_ones: set["Connection"]) -> None:
        self._answer = answer
        self._open_ones = open_ones
        self._received = bytearray()
        self._transport: asyncio.Transport
        # While a late reply is on its way, or the client does not read, later requests stay in `_received`.
        self._late: asyncio.TimerHandle | None = None
        self._choked = False
        self._told_to_continue = False
        self._all_received = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._open_ones.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_ones.discard(self)
        if self._late is not None:
            self._late.cancel()

    def end(self) -> None:
        """Cuts the connection now."""
        self._transport.abort()

    def pause_writing(self) -> None:
        self._choked = True

    def resume_writing(self) -> None:
        self._choked = False
        self._proceed()

    def eof_received(self) -> bool:
        # The client has said all it will say, but may still read: what it asked is answered first.
        self._all_received = True
        self._proceed()
        return True

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) > MAX_HEAD_BYTES + MAX_BODY_BYTES:
            self.end()
            return
        self._proceed()

    def _proceed(self) -> None:
        while not (self._late or self._choked or self._transport.is_closing()):
            try:
                request = self._next_request()
            except _Unreadable as error:
                self._send(error.reply, keep=False, bodiless=False)
                return
            if request is None:
                if self._all_received:
                    self._transport.close()
                return
            self._respond(request)

    def _next_request(self) -> WireRequest | None:
        end = self._received.find(b"\r\n\r\n", 0, MAX_HEAD_BYTES)
        if end < 0:
            if len(self._received) >= MAX_HEAD_BYTES:
                raise _Unreadable(413, _TOO_LONG)
            return None
        method, target, headers = _head(bytes(self._received[:end]))
        length = _body_length(headers)
        body_at = end + 4
        if len(self._received) < body_at + length:
            if headers.get("expect", "").lower() == "100-continue" and not self._told_to_continue:
                self._told_to_continue = True
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        body = bytes(self._received[body_at : body_at + length])
        del self._received[: body_at + length]
        self._told_to_continue = False
        return WireRequest(method, target, headers, body)

    def _respond(self, request: WireRequest) -> None:
        keep = (
            request.headers[":version"] == "HTTP/1.1" and "close" not in request.headers.get("connection", "").lower()
        )
        bodiless = request.method == "HEAD"
        reply = self._answer(request)
        if reply.delay_s <= 0:
            self._send(reply, keep=keep, bodiless=bodiless)
            return

        def send_late() -> None:
            self._late = None
            self._send(reply, keep=keep, bodiless=bodiless)
            self._proceed()

        self._late = asyncio.get_running_loop().call_later(reply.delay_s, send_late)

    def _send(self, reply: Reply, *, keep: bool, bodiless: bool) -> None:
        if self._transport.is_closing():
            return
        if reply.ending is Ending.RESET:
            sock: socket.socket = self._transport.get_extra_info("socket")
            # Lingering for zero seconds turns the close into a reset.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.end()
            return
        if reply.ending is not Ending.CLOSE:
            body = b"" if bodiless else reply.body
            cut = len(body) // 2 if reply.ending is Ending.CUT else len(body)
            self._transport.write(_head_of(reply, keep=keep) + body[:cut])
        if not keep or reply.ending is not Ending.WHOLE:
            self._transport.close()


def _head(head: bytes) -> tuple[str, str, dict[str, str]]:
    lines = head.lstrip(b"\r\n").decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1.") or not parts[1].startswith("/"):
        raise _Unreadable(400)
    method, target, version = parts
    if len(target) > MAX_TARGET_BYTES:
        raise _Unreadable(413, _TOO_LONG)
    headers = {":version": version}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise _Unreadable(400)
        headers[name.lower()] = value.strip()
    return method, target, headers


def _body_length(headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise _Unreadable(411)
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit()):
        raise _Unreadable(400)
    if len(text) > 9 or int(text) > MAX_BODY_BYTES:
        raise _Unreadable(413)
    return int(text)


def _head_of(reply: Reply, *, keep: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Unknown')}",
        f"Content-Type: {reply.media_type}",
        f"Content-Length: {len(reply.body)}",
        *(f"{name}: {value}" for name, value in reply.headers),
    ]
    if not keep:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
