"""HTTP to Figma: one request to one answer or one located error.

In: requests. Out: decoded JSON objects. Rules: the token goes to the API's own origin and nowhere else; foreign
exceptions end here, as errors that say what happened, what it means and what to do; bodies have a size limit.
"""

import ipaddress
import json
import math
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
from reactivex import Observable
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from exfig_rx import __version__
from exfig_rx.errors import FigmaRefused, FigmaUnavailable, UsageError
from exfig_rx.figma import refusals
from exfig_rx.model import Problem, Request, Response
from exfig_rx.reactor import Blocking

DEFAULT_TIMEOUT_S: Final = 30.0
RENDER_TIMEOUT_S: Final = 75.0
"""Figma gives up a render after some 55 s; a client that gives up earlier pays for nothing."""

CONNECT_TIMEOUT_S: Final = 15.0
MOST_BODY_BYTES: Final = 256 * 2**20
MOST_REDIRECTS: Final = 3
_CHUNK = 1 << 16


class HttpClient:
    """A `Send` over keep-alive connections to one API.

    Args:
        base_url: origin of the API; https, or http on the loopback.
        token: personal access token; white space around it is cut.
        timeout_s: seconds without a byte before a request fails (None: 30); renders get at least 75.
        connections: kept open at most.
        blocking: runs the exchanges on workers and answers on the reactor.

    Raises:
        UsageError: for an address or token that can't be right; the token is not shown.
    """

    def __init__(
        self, base_url: str, token: str, *, timeout_s: float | None, connections: int, blocking: Blocking
    ) -> None:
        self._base = checked_address(base_url)
        self._timeout_s = timeout_s
        self._blocking = blocking
        self._session = _session(checked_token(token), connections)
        if not _is_loopback(urlsplit(self._base).hostname or ""):
            self._session.proxies.update(get_environ_proxies(self._base))

    def __call__(self, request: Request) -> Observable[Response]:
        """The answer to `request`: cold. Fails with a FigmaError; disposing drops the answer."""
        return self._blocking(lambda: self.exchange(request))

    def exchange(self, request: Request) -> Response:
        """Send and read, blocking. Raises FigmaRefused, FigmaUnavailable or RateLimited."""
        url = self._base + request.path
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with self._open(url, request) as answer:
                    if answer.status_code in (301, 302, 303, 307, 308):
                        url = self._next(url, answer.headers.get("Location", ""), request)
                        continue
                    return _read(answer, request)
        except requests.exceptions.SSLError as error:
            raise FigmaRefused(refusals.no_trust(urlsplit(url).hostname or "", error)) from None
        except (requests.exceptions.RequestException, OSError) as error:
            raise FigmaUnavailable(refusals.no_answer(request, error)) from None
        raise FigmaRefused(refusals.redirected(request, "in circles"))

    def _open(self, url: str, request: Request) -> requests.Response:
        timeout_s = request.timeout_s or self._timeout_s or DEFAULT_TIMEOUT_S
        if request.path.startswith("/v1/images/"):
            timeout_s = max(timeout_s, RENDER_TIMEOUT_S)
        return self._session.request(
            request.method,
            url,
            params=request.query if url == self._base + request.path else None,
            data=request.body,
            headers={"Content-Type": "application/json"} if request.body is not None else None,
            timeout=(min(CONNECT_TIMEOUT_S, timeout_s), timeout_s),
            allow_redirects=False,
            stream=True,
        )

    def _next(self, url: str, location: str, request: Request) -> str:
        """Where a redirect leads, if it may be followed: with a token, only on the same origin."""
        target = urljoin(url, location)
        if not location or urlsplit(target)[:2] != urlsplit(self._base)[:2]:
            raise FigmaRefused(refusals.redirected(request, f"to {urlsplit(target).hostname}"))
        return target


def retry_after_s(text: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for; an HTTP date counts from `now`. None when absent or unreadable."""
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return seconds if math.isfinite(seconds) else None


def _session(token: str, connections: int) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    bundle = _certificates()
    if bundle:
        session.verify = bundle
    session.headers.update({"X-Figma-Token": token, "User-Agent": f"exfig/{__version__}", "Accept": "application/json"})
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=connections)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _certificates() -> str | None:
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")


def checked_address(url: str) -> str:
    """The origin of an API without a trailing slash. Raises UsageError unless it is https, or http on the loopback."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        hint = "It looks like https://api.figma.com: scheme and host, nothing else."
        raise UsageError(Problem("usage.figma-url", f"not an address of an API: {url}", hint))
    if parts.scheme == "http" and not _is_loopback(host):
        hint = "Plain http is for this machine only; the token must not travel in the open."
        raise UsageError(Problem("usage.figma-url", f"{url} is not https", hint))
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def checked_token(token: str) -> str:
    """`token` without the white space around it. Raises UsageError, which does not show it, if it can't be one."""
    cut = token.strip()
    if not cut or not cut.isascii() or not cut.isprintable() or " " in cut:
        hint = "Copy it again from Figma; it is a line of letters, digits, - and _."
        raise UsageError(Problem("usage.token", "the Figma token holds characters that no token has", hint))
    return cut


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _read(answer: requests.Response, request: Request) -> Response:
    body = _decoded(_body(answer, request))
    if answer.status_code == 429:
        raise refusals.rate_limited(answer.headers, retry_after_s(answer.headers.get("Retry-After"), datetime.now(UTC)))
    if not 200 <= answer.status_code < 300:
        raise refusals.refusal(request, answer.status_code, _message(body))
    if body is None:
        kind = answer.headers.get("Content-Type", "nothing").split(";")[0]
        raise FigmaUnavailable(refusals.garbled(request, kind), status=answer.status_code)
    return Response(answer.status_code, body)


def _body(answer: requests.Response, request: Request) -> bytes:
    def chunks() -> Iterator[bytes]:
        size = 0
        for chunk in answer.iter_content(_CHUNK):
            size += len(chunk)
            if size > MOST_BODY_BYTES:
                raise FigmaRefused(refusals.too_large(request, MOST_BODY_BYTES))
            yield chunk

    body = b"".join(chunks())
    expected = answer.headers.get("Content-Length")
    if expected and expected.isdigit() and "Content-Encoding" not in answer.headers and len(body) != int(expected):
        raise requests.exceptions.ConnectionError(f"{len(body)} of {expected} bytes arrived")
    return body


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
