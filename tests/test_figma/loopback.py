"""A server of a few lines that says exactly the bytes it is told to: for what no well-behaved server would send.

In: replies, one for each request; the last one repeats. Out: what arrived, and how often somebody connected.
"""

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CERTIFICATE = Path(__file__).parent / "loopback.pem"
"""Key and certificate for 127.0.0.1, signed by itself: nobody trusts it who is not told to."""

_TLS_HELLO = b"\x16\x03"
"""How a client begins that wants TLS; without it here, the server answers that in clear text."""

PATIENCE_S = 10.0
"""After this long a test that waits for something has failed."""


class Cut(bytes):
    """A reply after which the server hangs up."""


class Stall(bytes):
    """A reply after which the server says nothing more and waits for the client to hang up."""


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None, *, packed: bool = False) -> bytes:
    """A whole answer, in JSON unless `body` is bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    content = gzip.compress(content) if packed else content
    lines = {
        **({} if isinstance(body, bytes) else {"Content-Type": "application/json; charset=utf-8"}),
        **({"Content-Encoding": "gzip"} if packed else {}),
        "Content-Length": str(len(content)),
        **(headers or {}),
    }
    head = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in lines.items())]
    return "\r\n".join([*head, "", ""]).encode() + content


class Loopback:
    """Listens on 127.0.0.1 while entered.

    `replies` are still to be given, `requests` are the heads that arrived, `connections` counts who connected, `asked`
    is set by the first reply, `left` when a client has hung up on a `Stall`.
    """

    def __init__(self, replies: Sequence[bytes], *, tls: bool = False) -> None:
        self.replies = list(replies)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._context is not None:
            self._context.load_cert_chain(CERTIFICATE)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self.requests: list[bytes] = []
        self.connections = 0
        self.asked = threading.Event()
        self.left = threading.Event()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(client)
            self.connections += 1
            thread = threading.Thread(target=self._talk, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _talk(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            if self._context is not None:
                client = self._context.wrap_socket(client, server_side=True)
                self._open.append(client)
            with client:
                while head := self._head(client):
                    self.requests.append(head)
                    reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
                    client.sendall(reply)
                    self.asked.set()
                    if isinstance(reply, Stall):
                        self._wait_for_the_end(client)
                    if isinstance(reply, Cut | Stall):
                        return

    @staticmethod
    def _head(client: socket.socket) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head and not head.startswith(_TLS_HELLO):
            if not (more := client.recv(65536)):
                return b""
            head += more
        return head

    def _wait_for_the_end(self, client: socket.socket) -> None:
        with suppress(OSError):
            client.recv(1)
        self.left.set()
