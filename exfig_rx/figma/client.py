"""HTTP to Figma: one request to one answer or one error.

In: requests. Out: decoded JSON objects. Rules: one request is one exchange, as it was counted; the token goes to the
API's own origin and nowhere else, and into no text; foreign exceptions end here, as errors that say what happened, what
it means and what to do; bodies have a size limit; an exchange that nobody waits for any more is cut.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import reactivex as rx
import requests
from reactivex import Observable
from reactivex import operators as ops
from requests.structures import CaseInsensitiveDict

from exfig_rx import __version__
from exfig_rx.connections import Line, is_loopback, open_session, proxies_for, unreadable_certificates
from exfig_rx.errors import FigmaError, FigmaRefused, FigmaUnavailable, UsageError
from exfig_rx.figma import refusals
from exfig_rx.model import Problem, Request, Response
from exfig_rx.reactor import Blocking
from exfig_rx.silence import FOREIGN

DEFAULT_TIMEOUT_S: Final = 30.0
RENDER_TIMEOUT_S: Final = 75.0
"""Figma gives up a render after some 55 s; a client that gives up earlier pays for nothing."""

CONNECT_TIMEOUT_S: Final = 15.0
MOST_BODY_BYTES: Final = 256 * 2**20
MOST_ERROR_BYTES: Final = 64 * 2**10
LONGEST_TEXT: Final = 300
"""Characters of anything that a server says and people get to read."""

_CHUNK = 1 << 16
_PORTS = {"http": 80, "https": 443}


class HttpClient:
    """A `Send` over keep-alive connections to one API.

    Args:
        base_url: origin of the API; https, or http on the loopback.
        token: personal access token; white space around it is cut.
        timeout_s: seconds without a byte before a request fails (None: 30); renders get at least 75.
        connections: kept open at most.
        blocking: runs the exchanges on workers and answers on the reactor.
        wall_s: epoch seconds of the clock on the wall, for answers that don't say when they were made.
        most_body_bytes: size of an answer, unpacked, beyond which it is refused.

    Raises:
        UsageError: for an address or token that can't be right; the token is not shown.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeout_s: float | None,
        connections: int,
        blocking: Blocking,
        wall_s: Callable[[], float],
        most_body_bytes: int = MOST_BODY_BYTES,
    ) -> None:
        self._base = checked_address(base_url)
        self._token = checked_token(token)
        self._timeout_s = timeout_s
        self._blocking = blocking
        self._wall_s = wall_s
        self._most_body_bytes = most_body_bytes
        headers = {
            "X-Figma-Token": self._token,
            "User-Agent": f"exfig/{__version__}",
            "Accept": "application/json",
        }
        self._session = open_session(headers, proxies_for(self._base), connections=connections)

    def __call__(self, request: Request) -> Observable[Response]:
        """The answer to `request`: cold. Fails with a FigmaError; disposing ends the exchange."""

        def start(_: object) -> Observable[Response]:
            line = Line()
            return self._blocking(lambda: self.exchange(request, line)).pipe(ops.finally_action(line.cut))

        return rx.defer(start)

    def exchange(self, request: Request, line: Line | None = None) -> Response:
        """Send and read, blocking, until `line` is cut. Raises FigmaRefused, FigmaUnavailable or RateLimited."""
        bundle = unreadable_certificates() if self._base.startswith("https:") else None
        if bundle is not None:
            raise FigmaRefused(refusals.no_certificates(bundle))
        try:
            with line or Line(), self._send(request) as answer:
                return self._read(answer, request)
        except FOREIGN as error:
            raise refusals.no_answer(request, self._base, error) from None

    def _send(self, request: Request) -> requests.Response:
        timeout_s = read_timeout_s(request, self._timeout_s)
        return self._session.request(
            request.method,
            self._base + request.path,
            params=request.query,
            data=request.body,
            headers={"Content-Type": "application/json"} if request.body is not None else None,
            timeout=(min(CONNECT_TIMEOUT_S, timeout_s), timeout_s),
            allow_redirects=False,
            stream=True,
        )

    def _read(self, answer: requests.Response, request: Request) -> Response:
        status, headers = answer.status_code, answer.headers
        if answer.is_redirect:
            raise FigmaRefused(refusals.redirected(request, self._plain(_target(answer))))
        if status == 429:  # decided before the body is read: one that is cut or slow must not cost us the pause
            wait_s = retry_after_s(headers.get("Retry-After"), headers.get("Date"), self._wall_s())
            told = CaseInsensitiveDict((name, self._plain(value)) for name, value in headers.items())
            raise refusals.rate_limited(request, told, wait_s)
        if not 200 <= status < 300:
            raise self._refusal(answer, request)
        body = _decoded(b"".join(self._chunks(answer, request)))
        if body is None:
            raise FigmaUnavailable(refusals.garbled(request, self._kind(answer)), status=status)
        return Response(status, body if request.digest is None else request.digest(body))

    def _chunks(self, answer: requests.Response, request: Request) -> Iterator[bytes]:
        size = 0
        for chunk in answer.iter_content(_CHUNK):
            size += len(chunk)
            if size > self._most_body_bytes:
                raise FigmaRefused(refusals.too_large(request, self._most_body_bytes))
            yield chunk

    def _refusal(self, answer: requests.Response, request: Request) -> FigmaError:
        try:
            body = _decoded(next(answer.iter_content(MOST_ERROR_BYTES), b""))
        except FOREIGN:
            body = None  # the status alone says enough
        kind = self._kind(answer)
        if body is None and answer.status_code in (401, 403, 404, 407) and "json" not in kind:
            return FigmaRefused(refusals.not_figma(request, answer.status_code, kind), status=answer.status_code)
        return refusals.refusal(request, answer.status_code, self._plain(_message(body)))

    def _kind(self, answer: requests.Response) -> str:
        """What an answer claims to be, for people."""
        return self._plain(answer.headers.get("Content-Type", "").split(";")[0]) or "no declared type"

    def _plain(self, text: str) -> str:
        """What a server said, on one line of bounded length and without the token, should it be in there."""
        line = "".join(char if char.isprintable() else " " for char in text.replace(self._token, "***"))
        return " ".join(line.split())[:LONGEST_TEXT]


def read_timeout_s(request: Request, configured_s: float | None) -> float:
    """Seconds without a byte after which `request` fails: its own, else the configured ones; renders get longer."""
    timeout_s = request.timeout_s or configured_s or DEFAULT_TIMEOUT_S
    return max(timeout_s, RENDER_TIMEOUT_S) if request.path.startswith("/v1/images/") else timeout_s


def retry_after_s(text: str | None, answered: str | None, wall_s: float) -> float | None:
    """Seconds that a Retry-After header asks for, infinite for absurdly many; None when absent or unreadable.

    An HTTP date counts from `answered`, the answer's own Date, so that the clock of this machine plays no part; where
    there is none, from `wall_s`, in epoch seconds.
    """
    try:
        return None if not text or "_" in text else float(text)
    except ValueError:
        until, now = _moment(text), _moment(answered)
        return until.timestamp() - (now.timestamp() if now else wall_s) if until else None


def checked_address(url: str) -> str:
    """The address of an API, each in one spelling alone, as budgets are kept by it: host in small letters, no default
    port, no slash at the end. Raises UsageError unless it is https, or http on the loopback.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        fits = bool(host) and parts.port != 0 and url.isprintable() and " " not in url and "\\" not in url
    except ValueError:  # a port or bracket out of place; UnicodeError, a name that no host can have, is one, too
        raise UsageError(_no_address(url)) from None
    if parts.scheme not in ("http", "https") or not fits or "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(_no_address(url))
    if parts.scheme == "http" and not is_loopback(host):
        hint = "Plain http is for this machine only; the token must not travel in the open."
        raise UsageError(Problem("usage.figma-url", f"{url} is not https", hint))
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"


def checked_token(token: str) -> str:
    """`token` without the white space around it. Raises UsageError, which does not show it, if it can't be one."""
    cut = token.strip()
    hint = "Copy it again from Figma; it is a line of letters, digits, - and _."
    if not cut:
        raise UsageError(Problem("usage.token", "the Figma token is empty", hint))
    if not cut.isascii() or not cut.isprintable() or " " in cut:
        raise UsageError(Problem("usage.token", "the Figma token holds characters that no token has", hint))
    return cut


def _no_address(url: str) -> Problem:
    # What stands before an @ is a password, or looks like one.
    shown = "one with a user or password in it" if "@" in url else repr(url)
    hint = "It looks like https://api.figma.com: scheme and host, nothing else."
    return Problem("usage.figma-url", f"not an address of an API: {shown}", hint)


def _target(answer: requests.Response) -> str:
    """Where a redirect leads, without the query, which may hold secrets."""
    try:
        parts = urlsplit(urljoin(answer.url, answer.headers["Location"]))
        return f"{parts.hostname or parts.scheme}{parts.path}"
    except ValueError:
        return "something that is no address"


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _decoded(body: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _message(body: Mapping[str, Any] | None) -> str:
    """Figma's own words, in either dialect."""
    texts = [body.get(key) for key in ("err", "message")] if body is not None else []
    return next((text for text in texts if isinstance(text, str) and text), "")
