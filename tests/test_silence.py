"""Why a server did not answer: what the libraries raise, however deep it is wrapped."""

import errno
import socket
import ssl

import pytest
import requests
from urllib3.exceptions import DecodeError, MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError

from exfig_rx.silence import FOREIGN, Silence, Why, silence_of


def under(cause: BaseException, error: Exception) -> Exception:
    error.__cause__ = cause
    return error


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_message = "certificate has expired"
    return error


def spoken(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}]")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "silence"),
    [
        (ConnectionResetError(104, "reset"), Silence(Why.CUT)),
        (ProtocolError("Connection aborted.", ConnectionAbortedError()), Silence(Why.CUT)),
        (under(ssl.SSLEOFError(8, "eof"), requests.ConnectionError()), Silence(Why.CUT)),
        (requests.ConnectionError(MaxRetryError(None, "/", TimeoutError())), Silence(Why.LATE)),  # type: ignore[arg-type]
        (ReadTimeoutError(None, "/", "late"), Silence(Why.LATE)),  # type: ignore[arg-type]
        (under(ConnectionRefusedError(111, "no"), NewConnectionError(None, "x")), Silence(Why.REFUSED)),  # type: ignore[arg-type]
        (requests.ConnectionError(socket.gaierror(-2, "unknown")), Silence(Why.UNKNOWN_HOST)),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), Silence(Why.UNREACHABLE, "Network is unreachable")),
        (requests.exceptions.SSLError(untrusted()), Silence(Why.UNTRUSTED, "certificate has expired")),
        (requests.exceptions.SSLError(spoken("WRONG_VERSION_NUMBER")), Silence(Why.NO_TLS, "wrong version number")),
        (requests.exceptions.InvalidURL("x"), Silence(Why.BAD_ADDRESS)),
        (UnicodeError("label too long"), Silence(Why.BAD_ADDRESS)),
        (DecodeError("gzip"), Silence(Why.UNPACKABLE)),
        (
            requests.exceptions.ProxyError(OSError("Tunnel connection failed: 407 Proxy Authentication Required")),
            Silence(Why.PROXY, "HTTP 407 Proxy Authentication Required"),
        ),
    ],
)
def test_the_first_thing_to_look_at_is_found(error: Exception, silence: Silence) -> None:
    assert isinstance(error, FOREIGN)
    assert silence_of(error) == silence


def test_what_a_wrong_address_or_certificate_means_does_not_pass() -> None:
    lasting = {Why.UNTRUSTED, Why.NO_TLS, Why.BAD_ADDRESS}
    assert {why for why in Why if not Silence(why).may_pass} == lasting


def test_causes_in_circles_are_looked_at_once() -> None:
    first, second = OSError("a"), OSError("b")
    first.__cause__, second.__cause__ = second, first
    assert silence_of(first) == Silence(Why.CUT)
