"""What Figma's refusals and silences mean, in words: status and text to an error with code, message and hint.

In: the request, the HTTP status, Figma's own text. Out: errors. Rule: every message names the file; every hint is
something that the reader can do now. Texts seen in practice: https://developers.figma.com/docs/rest-api/errors/
"""

import re
from collections.abc import Mapping

from exfig_rx.errors import FigmaError, FigmaRefused, FigmaUnavailable, RateLimited
from exfig_rx.model import Location, Problem, Request

NEW_TOKEN = "Make a new one in Figma (Settings, Security, Personal access tokens) and set FIGMA_PERSONAL_TOKEN."  # noqa: S105


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


def rate_limited(headers: Mapping[str, str], wait_s: float | None) -> RateLimited:
    """The error for a 429, with what its headers say."""
    return RateLimited(
        retry_after_s=wait_s,
        plan=headers.get("X-Figma-Plan-Tier", ""),
        limit_type=headers.get("X-Figma-Rate-Limit-Type", ""),
        upgrade_url=headers.get("X-Figma-Upgrade-Link", ""),
    )


def no_answer(request: Request, error: Exception) -> Problem:
    """The network failed: connection refused or reset, time-out, unknown host, cut answer."""
    name = type(error).__name__
    text = str(error)
    if "Timeout" in name or "timed out" in text:
        what = "did not answer in time"
        hint = "Try again, or raise --timeout."
    elif "resolve" in text or "getaddrinfo" in text or "NameResolution" in text:
        what = "could not be found: the host name has no address"
        hint = "Check the network, and FIGMA_API_URL or --figma-url."
    elif "refused" in text:
        what = "refused the connection"
        hint = "Check FIGMA_API_URL, --figma-url and HTTPS_PROXY."
    else:
        what = "cut the connection in the middle"
        hint = "Try again; if it stays, look at proxies and firewalls between here and Figma."
    return _problem(request, "figma.no-answer", f"Figma {what} ({request.what or request.path})", hint)


def no_trust(host: str, error: Exception) -> Problem:
    """TLS failed: asking again won't help."""
    reason = re.sub(r"^.*?(certificate[^(]*|SSL[^(]*).*$", r"\1", str(error), flags=re.DOTALL).strip()[:200]
    return Problem(
        "figma.no-trust",
        f"the connection to {host} is not trusted: {reason}",
        "If a company proxy signs connections, point REQUESTS_CA_BUNDLE at its certificates.",
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
        f"the answer is not the JSON that was expected, but {kind} ({request.what or request.path})",
        "A proxy may stand between here and Figma; check FIGMA_API_URL and HTTPS_PROXY.",
    )


def too_large(request: Request, most: int) -> Problem:
    """A body over the size limit."""
    return _problem(
        request, "figma.too-large", f"the answer is larger than {most >> 20} MB ({request.what})", "Split the file."
    )


def _problem(request: Request, code: str, message: str, hint: str) -> Problem:
    where = Location(figma_file=request.file_key) if request.file_key else None
    return Problem(code, message, hint, where)


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
            "The key is the part after /design/ or /file/ in the file's URL; the token's owner must be able to open it.",
        )
    if status == 413 or "too large" in low:
        return ("figma.too-large", f"the request is too large for Figma{said}", "Split the file or the frame.")
    if "render timeout" in low:
        return ("figma.render-timeout", f"Figma gave up rendering{said}", "Ask for fewer or smaller images at once.")
    return ("figma.bad-request", f"Figma refused {request.what or request.path} with HTTP {status}{said}", "")
