"""What Figma's refusals and silences mean, in words: status and text to an error with code, message and hint.

In: the request, the HTTP status, Figma's own text. Out: errors. Rule: every message names the file; every hint is
something that the reader can do now. Texts seen in practice: https://developers.figma.com/docs/rest-api/errors/
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from exfig_rx.errors import FigmaError, FigmaRefused, FigmaUnavailable, RateLimited
from exfig_rx.model import Location, Problem, Request
from exfig_rx.silence import Silence, Why, silence_of

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
    silence = silence_of(error)
    match silence.why:
        case Why.UNTRUSTED | Why.NO_TLS:
            return FigmaRefused(_no_trust(host, silence))
        case Why.BAD_ADDRESS:
            message = f"nothing can be sent to {host}: its address, or that of the proxy, is not understood"
            hint = "Check FIGMA_API_URL, --figma-url and HTTPS_PROXY."
            return FigmaRefused(_problem(request, "figma.bad-address", message, hint))
        case Why.UNPACKABLE:
            return FigmaUnavailable(garbled(request, "compressed data that does not unpack"))
    what, hint = _silence(silence)
    return FigmaUnavailable(_problem(request, "figma.no-answer", f"{what} ({_what(request)})", hint))


def no_certificates(path: str) -> Problem:
    """The certificates that the environment asks for can't be read."""
    return Problem(
        "figma.no-certificates",
        f"the certificates to trust are not there, or not readable: {path}",
        "REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE) names a file or folder that exists, or is not set.",
    )


def redirected(request: Request, target: str) -> Problem:
    """A redirect: none is followed, as the token must not go elsewhere, and each hop would be a request uncounted."""
    return _problem(
        request,
        "figma.redirected",
        f"Figma's address redirects {_what(request)} to {target}, where requests and the token don't follow",
        "Set FIGMA_API_URL or --figma-url to the address that answers itself.",
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


def _no_trust(host: str, silence: Silence) -> Problem:
    if silence.why is Why.UNTRUSTED:
        return Problem(
            "figma.no-trust",
            f"the connection to {host} is not trusted: {silence.detail}",
            "If a company proxy signs connections, point REQUESTS_CA_BUNDLE at its certificates.",
        )
    return Problem(
        "figma.no-tls",
        f"no secure connection to {host}: {silence.detail}",
        "Does it speak https? Check FIGMA_API_URL, --figma-url, HTTPS_PROXY and REQUESTS_CA_BUNDLE.",
    )


def _silence(silence: Silence) -> tuple[str, str]:
    """What happened, and a hint, when a connection did not bring an answer."""
    match silence.why:
        case Why.PROXY:
            said = f" ({silence.detail})" if silence.detail else ""
            return f"the proxy did not connect us to Figma{said}", "Check HTTPS_PROXY and NO_PROXY."
        case Why.LATE:
            return "Figma did not answer in time", "Try again, or raise --timeout."
        case Why.UNKNOWN_HOST:
            return (
                "Figma could not be found: the host name has no address",
                "Check the network, and FIGMA_API_URL or --figma-url.",
            )
        case Why.REFUSED:
            return "Figma refused the connection", "Check FIGMA_API_URL, --figma-url and HTTPS_PROXY."
        case Why.UNREACHABLE:
            return f"Figma can't be reached: {silence.detail}", "Check the network."
        case _:
            return (
                "Figma cut the connection in the middle",
                "Try again; if it stays, look at proxies and firewalls between here and Figma.",
            )


def _meaning(request: Request, status: int, text: str) -> tuple[str, str, str]:
    low = text.lower()
    said = f": {text}" if text else ""
    file = request.file_key or request.path
    scope = re.search(r"requires the ([\w:]+) scope", text)
    if status == 401 or (status == 403 and ("invalid token" in low or "token expired" in low)):
        return ("figma.invalid-token", f"Figma does not accept the token{said}", f"It may have expired. {NEW_TOKEN}")
    if status == 403 and "scope" in low:
        name = scope.group(1) if scope else _scope_of(request)
        return ("figma.missing-scope", f"the token lacks a scope{said}", f"Scope needed: {name}. {NEW_TOKEN}")
    if status == 403 and request.method != "GET":
        return ("figma.not-writable", f"Figma lets us write no {_what(request)}{said}", _TO_WRITE)
    if status == 403 and ("plan" in low or "account type" in low):
        return _not_in_plan(request, low, said)
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


_TO_WRITE = (
    "The owner of the token needs an Enterprise plan, a Full seat and edit access to the file; access tokens of a plan "
    "can't write. Without these run with --no-sync, or remove syncCodeSyntax."
)


def _scope_of(request: Request) -> str:
    """The scope that Figma means where it names none."""
    if not _is_about_variables(request):
        return "the one that Figma names"
    return "file_variables:read" if request.method == "GET" else "file_variables:write"


def _is_about_variables(request: Request) -> bool:
    return "/variables" in request.path


def _not_in_plan(request: Request, low: str, said: str) -> tuple[str, str, str]:
    """Only variables are a matter of the plan: https://developers.figma.com/docs/rest-api/variables-endpoints/"""
    what = request.what or "this"
    styles = (
        "Published styles work on every plan: publish the colors as styles, remove common.variablesColors, and set "
        "figma.lightFileId (name rules go into common.colors)."
    )
    if "account type" in low:
        return (
            "figma.plan",
            f"the account of the token may not have {what}{said}",
            "The owner of the token must be a member of the Enterprise organization that the file is in, not a guest; "
            f"else use the token of somebody who is. {styles}",
        )
    return (
        "figma.plan",
        f"the Figma plan does not allow {what}{said}",
        f"Figma's API gives out variables on Enterprise plans only. {styles}",
    )
