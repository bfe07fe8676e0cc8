"""Why a server did not answer, told from what the network libraries raised.

In: an exception of `requests`, `urllib3`, `ssl` or `socket`, with whatever lies beneath it. Out: one `Silence`, of the
kind that a reader should look at first. Rule: it says what happened and words nothing; Figma and the storage of its
pictures need other words.
"""

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from requests.exceptions import ContentDecodingError, InvalidSchema, InvalidURL, ProxyError, RequestException, Timeout
from urllib3.exceptions import DecodeError, HTTPError, LocationValueError, NameResolutionError, ReadTimeoutError
from urllib3.exceptions import ProxyError as TunnelError

FOREIGN = (RequestException, HTTPError, OSError, UnicodeError)
"""What the layers below raise when the network, the server or the address is at fault."""

_CUT_TLS = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""The other side hung up: that may pass, and says nothing about trust."""

_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN)

_E = TypeVar("_E", bound=BaseException)


class Why(Enum):
    """What kept the answer away."""

    UNTRUSTED = "a certificate that nobody vouches for"
    NO_TLS = "no secure connection came about"
    BAD_ADDRESS = "an address, or that of the proxy, that is not understood"
    UNPACKABLE = "compressed data that does not unpack"
    PROXY = "the proxy did not connect us"
    LATE = "no byte in time"
    UNKNOWN_HOST = "a host name without an address"
    REFUSED = "nobody listens there"
    UNREACHABLE = "no way to there"
    CUT = "the connection ended in the middle"


@dataclass(frozen=True, slots=True)
class Silence:
    """Why there was no answer; `detail` is what the system or the proxy said of it, empty if nothing."""

    why: Why
    detail: str = ""

    @property
    def may_pass(self) -> bool:
        """Whether the same request may be answered later."""
        return self.why not in (Why.UNTRUSTED, Why.NO_TLS, Why.BAD_ADDRESS)


def silence_of(error: BaseException) -> Silence:
    """What `error`, one of `FOREIGN`, means."""
    causes = tuple(_causes(error))
    unsafe = _first(causes, ssl.SSLError)
    if isinstance(unsafe, ssl.SSLCertVerificationError):
        return Silence(Why.UNTRUSTED, unsafe.verify_message)
    if unsafe is not None and not isinstance(unsafe, _CUT_TLS):
        return Silence(Why.NO_TLS, (unsafe.reason or "unknown reason").lower().replace("_", " "))
    if _first(causes, InvalidURL, InvalidSchema, LocationValueError, UnicodeError) is not None:
        return Silence(Why.BAD_ADDRESS)
    if _first(causes, ContentDecodingError, DecodeError) is not None:
        return Silence(Why.UNPACKABLE)
    if _first(causes, ProxyError, TunnelError) is not None:
        said = (re.match(r"Tunnel connection failed: (\d+[\w -]*)", str(cause)) for cause in causes)
        return Silence(Why.PROXY, next((f"HTTP {words.group(1)[:60]}" for words in said if words), ""))
    if _first(causes, NameResolutionError, socket.gaierror) is not None:
        return Silence(Why.UNKNOWN_HOST)
    if _first(causes, TimeoutError, Timeout, ReadTimeoutError) is not None:
        return Silence(Why.LATE)
    if _first(causes, ConnectionRefusedError) is not None:
        return Silence(Why.REFUSED)
    lost = next((cause for cause in causes if isinstance(cause, OSError) and cause.errno in _NO_WAY), None)
    return Silence(Why.UNREACHABLE, lost.strerror or "") if lost is not None else Silence(Why.CUT)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and all that lies beneath it; libraries wrap one another's exceptions in four ways."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += (cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args)


def _first(causes: tuple[BaseException, ...], *kinds: type[_E]) -> _E | None:
    return next((cause for cause in causes if isinstance(cause, kinds)), None)
