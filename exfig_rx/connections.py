"""Connections to hosts that are kept, and that another thread can cut.

In: headers, proxies and certificates from the environment. Out: a `requests.Session` for one API, `Origins` for many
hosts, and a `Line` for each exchange. Rules: netrc is never read and the loopback is never proxied; a cut line ends a
blocked read at once, and sends nothing that it has not sent yet. A connection still being made ends by its time-out.
"""

import ipaddress
import os
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool

MOST_ORIGINS = 32
"""Hosts whose connections are kept at the same time."""


class Line:
    """What one exchange holds while it lasts: entered by the thread that works, cut by any other."""

    __slots__ = ("_connection", "_is_cut", "_socket")

    def __init__(self) -> None:
        self._is_cut = False
        self._connection: HTTPConnection | None = None
        self._socket: object = None

    def __enter__(self) -> Self:
        _here.line = self
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        # The connection goes back to the others, so a late `cut` must not reach it.
        self._connection = self._socket = None
        _here.line = None

    @property
    def is_cut(self) -> bool:
        """Whether somebody has cut it."""
        return self._is_cut

    def cut(self) -> None:
        """End the exchange, if it is not over: its thread gets an OSError. Any thread may call this."""
        self._is_cut = True
        connection = self._connection
        in_use = self._socket or (connection.sock if connection is not None else None)
        if isinstance(in_use, socket.socket):
            with suppress(OSError):
                # Below TLS on purpose: an SSLSocket's own `shutdown` takes away state that the reader is using.
                socket.socket.shutdown(in_use, socket.SHUT_RDWR)

    def hold(self, connection: HTTPConnection) -> None:
        """Remember what to cut. Raises ConnectionAbortedError when that has happened already."""
        # The socket too: after `Connection: close` the connection forgets it while the body is still being read.
        self._connection, self._socket = connection, connection.sock
        if self._is_cut:
            raise ConnectionAbortedError("the exchange was cancelled")


class _Here(threading.local):
    """The line of the exchange that this thread is in; connections are opened too deep down to be told."""

    line: Line | None = None


_here = _Here()


class _Connection(HTTPConnection):
    def connect(self) -> None:
        _hold(self)
        super().connect()
        _hold(self)

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        _hold(self)
        super().putrequest(method, url, skip_host, skip_accept_encoding)


class _TlsConnection(_Connection, HTTPSConnection):
    pass


_CUTTABLE: dict[type, type[_Connection]] = {HTTPConnection: _Connection, HTTPSConnection: _TlsConnection}


def _hold(connection: HTTPConnection) -> None:
    if _here.line is not None:
        _here.line.hold(connection)


class _Adapter(HTTPAdapter):
    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        """The pool as requests makes it, direct or through a proxy, with our connections in it."""
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        assert isinstance(pool, HTTPConnectionPool)  # of other kinds urllib3 has none
        # SOCKS proxies bring connections of their own, which end by their time-outs.
        pool.ConnectionCls = _CUTTABLE.get(pool.ConnectionCls, pool.ConnectionCls)
        return pool


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: requests would prepare the next request, for any host, and read a body of any size before that."""


def open_session(headers: Mapping[str, str], proxies: Mapping[str, str], *, connections: int) -> requests.Session:
    """A session that sends `headers` with every request and keeps at most `connections` connections."""
    session = _Session()
    session.trust_env = False  # would read netrc, too; what we do want from the environment comes from below
    session.headers.update(headers)
    session.proxies.update(proxies)
    session.verify = certificates() or True
    session.mount("http://", _Adapter(pool_maxsize=connections))
    session.mount("https://", _Adapter(pool_maxsize=connections))
    return session


class Origins:
    """Kept connections to any number of hosts, at most `connections` to each. Threads may share it."""

    def __init__(self, *, connections: int) -> None:
        self._adapter = _Adapter(pool_connections=MOST_ORIGINS, pool_maxsize=connections)
        # by scheme and host; making one costs a hundred times what finding it does
        self._pools: dict[tuple[str, str], HTTPConnectionPool] = {}

    def pool_of(self, address: SplitResult) -> HTTPConnectionPool:
        """The connections to the host of an absolute address. Raises requests.RequestException for one that is none."""
        origin = address.scheme, address.netloc
        pool = self._pools.get(origin)
        if pool is None:
            if len(self._pools) >= MOST_ORIGINS:
                self._pools.clear()  # from here on the adapter closes the oldest ones
            pool = self._pools.setdefault(origin, self._made(f"{address.scheme}://{address.netloc}/"))
        return pool

    def _made(self, url: str) -> HTTPConnectionPool:
        request, trusted = requests.Request("GET", url).prepare(), certificates() or True
        pool = self._adapter.get_connection_with_tls_context(request, trusted, proxies_for(url))
        self._adapter.cert_verify(pool, url, trusted, None)  # type: ignore[no-untyped-call]
        return pool


def proxies_for(url: str) -> dict[str, str]:
    """The proxies that HTTPS_PROXY and its kin name for `url`, unless NO_PROXY excludes it or it is on this machine."""
    return {} if is_loopback(urlsplit(url).hostname or "") else dict(get_environ_proxies(url))


def certificates() -> str | None:
    """The file or folder of certificates that the environment asks to trust instead of the usual ones."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")


def unreadable_certificates() -> str | None:
    """The file or folder of certificates that the environment asks to trust, if it is not there or not readable."""
    bundle = certificates()
    return bundle if bundle and not os.access(bundle, os.R_OK) else None


@lru_cache(maxsize=MOST_ORIGINS)
def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
