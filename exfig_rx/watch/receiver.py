"""What is posted to a socket, from anybody: HTTP/1.1 as far as that needs it, one request of a connection.

In: a listening socket. Out: bodies of POSTs to any path, for `take`. Rules: a connection gets one answer and some
seconds, whatever it does or fails to do; sizes and numbers are bounded; nothing that comes in ends the server. A GET is
greeted, so that people can see where their tunnel leads.
"""

import asyncio
import re
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

MOST_BODY_BYTES: Final = 2**20
MOST_HEAD_BYTES: Final = 16 * 2**10
MOST_CONNECTIONS: Final = 64
PATIENCE_S: Final = 10.0
"""How long a connection may last."""

LINGER_S: Final = 1.0
"""How long what is still sent is read after the answer: to close upon it would take the answer away."""

_HELLO: Final = b"exfig waits here for Figma's webhooks\n"
_FRAMING: Final = {"content-length", "transfer-encoding"}
_FIRST_LINE: Final = re.compile(r"(\S+) \S+ HTTP/1\.[01]")
_CHUNK_SIZE: Final = re.compile(rb"[0-9A-Fa-f]{1,8}")


class _Refused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Receiver:
    """A server for one thread, which calls `run`: a loop, and a task for each connection.

    Args:
        listening: closed at the end.
        take: gets each body, and None for one that is too large; says whether there was room for it. Must not block.
        fail: gets bugs.
        patience_s: seconds that a connection may last.
        most: connections at once; as many again are told so, and the rest is cut.
    """

    def __init__(
        self,
        listening: socket.socket,
        take: Callable[[bytes | None], bool],
        fail: Callable[[Exception], None],
        *,
        patience_s: float,
        most: int,
    ) -> None:
        self._listening = listening
        self._take = take
        self._fail = fail
        self._patience_s = patience_s
        self._most = most
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def run(self) -> None:
        """Serve until `close`."""
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        except Exception as bug:
            self._fail(bug)

    def close(self) -> None:
        """End it soon. Any thread may call this, at any time."""
        with suppress(RuntimeError):  # it is over already
            self._loop.call_soon_threadsafe(self._closing.set)

    async def _serve(self) -> None:
        self._loop.set_exception_handler(self._odd)
        server = await asyncio.start_server(self._meet, sock=self._listening, limit=MOST_HEAD_BYTES)
        await self._closing.wait()
        # Nobody else comes in; whoever was let in this very moment is met in the next turns of the loop, for which the
        # server must still be open: else asyncio lets the connection lie.
        self._loop.remove_reader(self._listening)
        for _ in range(5):
            await asyncio.sleep(0)
        server.close()
        for talk, writer in self._talks.items():
            talk.cancel()
            writer.transport.abort()  # a talk that has not begun can't do so itself
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _odd(self, _: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        error = context.get("exception")
        # An OSError is no bug: without a descriptor for the next connection, the loop tries again after a second.
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self._fail(error)

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks = len(self._talks)
        if talks >= 2 * self._most:  # not even a refusal
            writer.transport.abort()
            return
        talk = self._loop.create_task(self._talk(reader, writer, is_full=talks >= self._most))
        self._talks[talk] = writer
        talk.add_done_callback(self._ended)

    def _ended(self, talk: "asyncio.Task[None]") -> None:
        self._talks.pop(talk, None)
        bug = None if talk.cancelled() else talk.exception()
        if isinstance(bug, Exception):
            self._fail(bug)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_full: bool) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                status, body = (HTTPStatus.SERVICE_UNAVAILABLE, b"") if is_full else await self._answer(reader, writer)
                writer.write(_head_of(status, len(body)) + body)
                writer.write_eof()
                async with asyncio.timeout(LINGER_S):
                    while await reader.read(2**16):
                        pass
        except (OSError, EOFError):  # it was too slow, or has gone
            pass
        finally:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[HTTPStatus, bytes]:
        """Status and text for one request, which has been told by then."""
        try:
            body = await _posted_body(reader, writer)
        except _Refused as refused:
            if refused.status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self._take(None)
            return refused.status, b""
        if body is None:
            return HTTPStatus.OK, _HELLO
        return (HTTPStatus.OK if self._take(body) else HTTPStatus.SERVICE_UNAVAILABLE), b""


# HTTP/1.1, as far as it is needed: one request of a connection, to any path


async def _posted_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
    """What was posted; None for a GET. Raises _Refused, and EOFError if it ends too early."""
    try:
        method, headers = _head(await reader.readuntil(b"\r\n\r\n"))
    except asyncio.LimitOverrunError:
        raise _Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from None
    if method == "GET":
        return None
    if method != "POST":
        raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED)
    coding = headers.get("transfer-encoding", "").lower()
    if coding not in ("", "chunked"):
        raise _Refused(HTTPStatus.NOT_IMPLEMENTED)
    length = None if coding else _length(headers.get("content-length"))
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return await (_chunks(reader) if length is None else reader.readexactly(length))


def _head(head: bytes) -> tuple[str, Mapping[str, str]]:
    """Method and headers, names in small letters. Raises _Refused."""
    first, *lines = head.decode("latin-1").strip("\r\n").split("\r\n")
    asked = _FIRST_LINE.fullmatch(first)
    if asked is None:
        raise _Refused(HTTPStatus.BAD_REQUEST)
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        key = name.lower()
        # two lengths, or a length beside chunks, are how one request is made to look like two
        if not colon or name.strip() != name or not name or (key in headers and key in _FRAMING):
            raise _Refused(HTTPStatus.BAD_REQUEST)
        headers[key] = value.strip()
    if headers.keys() >= _FRAMING:
        raise _Refused(HTTPStatus.BAD_REQUEST)
    return asked[1], headers


def _length(written: str | None) -> int:
    if written is None:
        raise _Refused(HTTPStatus.LENGTH_REQUIRED)
    if not (written.isascii() and written.isdigit()):
        raise _Refused(HTTPStatus.BAD_REQUEST)
    if len(written) > 9 or int(written) > MOST_BODY_BYTES:
        raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return int(written)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    """A body that comes in chunks, up to the last one; what stands behind it is not looked at."""
    body = bytearray()
    while True:
        try:
            size = (await reader.readuntil(b"\r\n")).partition(b";")[0].strip()
        except asyncio.LimitOverrunError:
            raise _Refused(HTTPStatus.BAD_REQUEST) from None
        if not _CHUNK_SIZE.fullmatch(size):
            raise _Refused(HTTPStatus.BAD_REQUEST)
        count = int(size, 16)
        if not count:
            return bytes(body)
        if len(body) + count > MOST_BODY_BYTES:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body += await reader.readexactly(count)
        if await reader.readexactly(2) != b"\r\n":
            raise _Refused(HTTPStatus.BAD_REQUEST)


def _head_of(status: HTTPStatus, length: int) -> bytes:
    allow = "Allow: GET, POST\r\n" if status is HTTPStatus.METHOD_NOT_ALLOWED else ""
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n{allow}Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
    ).encode()
