"""A client as plain as can be, so that what is tested is the sandbox."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from exfig_rx.sandbox import Sandbox

LIGHT, TOKENS = "HarborLight00000000001", "HarborTokens0000000006"


@dataclass(frozen=True)
class Got:
    """An answer as received."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Client:
    """Keeps one connection to one address."""

    def __init__(self, url: str, token: str | None = "figd_any") -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
        self.headers = {} if token is None else {"X-Figma-Token": token}

    def get(self, path: str, **query: Any) -> Got:
        return self.send("GET", path + ("?" + urlencode(query, safe=",:") if query else ""))

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Got:
        data = json.dumps(body).encode() if body is not None and not isinstance(body, bytes) else body
        self.connection.request(method, path, data, {**self.headers, **(headers or {})})
        answer = self.connection.getresponse()
        return Got(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    one = Client(sandbox.url)
    yield one
    one.connection.close()


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    """Clients that are closed with the test."""
    made: list[Client] = []

    def start(url: str, token: str | None = "figd_any") -> Client:
        made.append(Client(url, token))
        return made[-1]

    yield start
    for one in made:
        one.connection.close()


def raw(url: str, data: bytes) -> bytes:
    """What comes back for raw bytes, until the server closes."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        received = b""
        while block := sock.recv(65536):
            received += block
        return received
