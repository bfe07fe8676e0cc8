"""What Figma's refusals and silences mean, in words: status and text to an error with code, message and hint.

In: the request, the HTTP status, Figma's own text. Out: errors. Rule: every message names the file; every hint is
something that the reader can do now. Texts seen in practice: https://developers.figma.com/docs/rest-api/errors/
"""

import errno
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from requests.exceptions import ContentDecodingError, InvalidSchema, InvalidURL, ProxyError, Timeout
from urllib3.exceptions import DecodeError, LocationValueError, NameResolutionError, ReadTimeoutError

from exfig_rx.errors import FigmaError, FigmaRefused, FigmaUnavailable, RateLimited
from exfig_rx.model import Location, Problem, Request

NEW_TOKEN = "Make a new one in Figma (Settings, Security, Personal access tokens) and set FIGMA_PERSONAL_TOKEN."  # noqa: S105

_CUT_TLS = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""The other side hung up: that may pass, and says nothing about trust."""

_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN)

_E = TypeVar("_E", bound=BaseException)


def refusal(request: Request, status: int, text: str) -> FigmaError:
    """The error for a status that is neither success nor 429."""
    if status >= 500 or status == 408:
        said = f": {text}" if text else ""
        return FigmaUnavailable(
            _problem(request, "figma.server-error", f"Figma failed with HTTP {status}{said}", "Try again later."),
            status=status,
        )
    code, message, hint = _meaning(request, status, text)
    return FigmaRefused(_problem(request, code, message, hint), status=status)


def rate_limited(request: Request, headers: Mapping[str, str], wait_s: float | None) -> RateLimited:
    """The error for a 429, with what its headers say."""
    return RateLimited(
        retry_after_s=wait_s,
        plan=headers.get("X-Figma-Plan-Tier", ""),
        limit_type=headers.get("X-Figma-Rate-Limit-Type", ""),
        upgrade_url=headers.get("X-Figma-Upgrade-Link", ""),
        location=_where(request),
    )


def not_figma(request: Request, status: int, kind: str) -> Problem:
    """A refusal that is not in Figma's JSON: a company proxy, a firewall, a captive portal."""
    return _problem(
        request,
        "figma.not-figma",
        f"something between here and Figma refused {_what(request)} with HTTP {status} ({kind})",
        "Look at HTTPS_PROXY, NO_PROXY and firewalls; check FIGMA_API_URL and --figma-url.",
    )


def no_answer(request: Request, base_url: str, error: Exception) -> FigmaError:
    """The network, TLS, a proxy or the address failed: what is the first that a reader should look at."""
    host = urlsplit(base_url).hostname or base_url
    causes = tuple(_causes(error))
    unsafe = _first(causes, ssl.SSLError)
    if unsafe is not None and not isinstance(unsafe, _CUT_TLS):
        return FigmaRefused(_no_trust(host, unsafe))
    if _first(causes, InvalidURL, InvalidSchema, LocationValueError, UnicodeError) is not None:
        return FigmaRefused(
            _problem(
                request,
                "figma.bad-address",
                f"nothing can be sent to {host}: its address, or that of the proxy, is not understood",
                "Check FIGMA_API_URL, --figma-url and HTTPS_PROXY.",
            )
        )
    if _first(causes, ContentDecodingError, DecodeError) is not None:
        return FigmaUnavailable(garbled(request, "compressed data that does not unpack"))
    what, hint = _silence(causes)
    return FigmaUnavailable(_problem(request, "figma.no-answer", f"{what} ({_what(request)})", hint))


def no_certificates(path: str) -> Problem:
    """The certificates that the environment asks for can't be read."""
    return Problem(
        "figma.no-certificates",
        f"the certificates to trust are not there, or not readable: {path}",
        "REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE) names a file or folder that exists, or is not set.",
    )


def redirected(request: Request, where: str) -> Problem:
    """A redirect that is not followed, because the token must not go there."""
    return _problem(
        request,
        "figma.redirected",
        f"Figma's address redirects {where}, where the token must not go",
        "Check FIGMA_API_URL and --figma-url.",
    )


def garbled(request: Request, kind: str) -> Problem:
    """A success whose body is not a JSON object."""
    return _problem(
        request,
        "figma.garbled",
        f"the answer is not the JSON that was expected, but {kind} ({_what(request)})",
        "A proxy may stand between here and Figma; check FIGMA_API_URL and HTTPS_PROXY.",
    )


def too_large(request: Request, most: int) -> Problem:
    """A body over the size limit."""
    return _problem(
        request, "figma.too-large", f"the answer is larger than {most >> 20} MB ({_what(request)})", "Split the file."
    )


def _problem(request: Request, code: str, message: str, hint: str) -> Problem:
    return Problem(code, message, hint, _where(request))


def _where(request: Request) -> Location | None:
    return Location(figma_file=request.file_key) if request.file_key else None


def _what(request: Request) -> str:
    return request.what or request.path


def _no_trust(host: str, error: ssl.SSLError) -> Problem:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Problem(
            "figma.no-trust",
            f"the connection to {host} is not trusted: {error.verify_message}",
            "If a company proxy signs connections, point REQUESTS_CA_BUNDLE at its certificates.",
        )
    reason = (error.reason or "unknown reason").lower().replace("_", " ")
    return Problem(
        "figma.no-tls",
        f"no secure connection to {host}: {reason}",
        "Does it speak https? Check FIGMA_API_URL, --figma-url, HTTPS_PROXY and REQUESTS_CA_BUNDLE.",
    )


def _silence(causes: tuple[BaseException, ...]) -> tuple[str, str]:
    """What happened, and a hint, when a connection did not bring an answer."""
    if _first(causes, ProxyError) is not None:
        said = (re.match(r"Tunnel connection failed: (\d+[\w -]*)", str(cause)) for cause in causes)
        why = next((f" (HTTP {words.group(1)[:60]})" for words in said if words), "")
        return f"the proxy did not connect us to Figma{why}", "Check HTTPS_PROXY and NO_PROXY."
    if _first(causes, TimeoutError, Timeout, ReadTimeoutError) is not None:
        return "Figma did not answer in time", "Try again, or raise --timeout."
    if _first(causes, socket.gaierror, NameResolutionError) is not None:
        return (
            "Figma could not be found: the host name has no address",
            "Check the network, and FIGMA_API_URL or --figma-url.",
        )
    if _first(causes, ConnectionRefusedError) is not None:
        return "Figma refused the connection", "Check FIGMA_API_URL, --figma-url and HTTPS_PROXY."
    lost = next((cause for cause in causes if isinstance(cause, OSError) and cause.errno in _NO_WAY), None)
    if lost is not None:
        return f"Figma can't be reached: {lost.strerror}", "Check the network."
    return (
        "Figma cut the connection in the middle",
        "Try again; if it stays, look at proxies and firewalls between here and Figma.",
    )


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


def _meaning(request: Request, status: int, text: str) -> tuple[str, str, str]:
    low = text.lower()
    said = f": {text}" if text else ""
    file = request.file_key or request.path
    scope = re.search(r"requires the ([\w:]+) scope", text)
    if status == 401 or (status == 403 and ("invalid token" in low or "token expired" in low)):
        return ("figma.invalid-token", f"Figma does not accept the token{said}", f"It may have expired. {NEW_TOKEN}")
    if status == 403 and "scope" in low:
        name = scope.group(1) if scope else "the one that Figma names"
        return ("figma.missing-scope", f"the token lacks a scope{said}", f"Scope needed: {name}. {NEW_TOKEN}")
    if status == 403 and ("plan" in low or "account type" in low):
        return (
            "figma.plan",
            f"the Figma plan does not allow {request.what or 'this'}{said}",
            "Variables are readable on Enterprise plans only; published styles work on every plan.",
        )
    if status == 403:
        return (
            "figma.no-access",
            f"Figma denies access to file {file}{said}",
            "The owner of the token must be able to open the file: share it with them, or use another token.",
        )
    if status == 404:
        return (
            "figma.not-found",
            f"Figma has no file {file}, or the token may not see it",
            "The key is the part after /design/ or /file/ in the file's URL; the token's owner must have access.",
        )
    if status == 413 or "too large" in low:
        return ("figma.too-large", f"the request is too large for Figma{said}", "Split the file or the frame.")
    if "render timeout" in low:
        return ("figma.render-timeout", f"Figma gave up rendering{said}", "Ask for fewer or smaller images at once.")
    return ("figma.bad-request", f"Figma refused {_what(request)} with HTTP {status}{said}", "")
