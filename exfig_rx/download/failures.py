"""Why a download failed, in words.

In: what the server, the network or the disk said. Out: a `Trouble`: the failure as people read it, and whether it may
pass. Rule: a message names the host and never the rest of an address, which lets whoever has it fetch the picture. It
is the end of a sentence, for whoever knows which picture it was for.
"""

from dataclasses import dataclass
from typing import Final

from exfig_rx.download.kinds import Mistaken
from exfig_rx.download.store import Part
from exfig_rx.model import Problem
from exfig_rx.silence import Silence, Why

EXPIRED: Final = (403, 404, 410)
"""What a storage answers for an address that was good once."""

PASSING: Final = (408, 416, 425, 429)
"""Refusals that may pass, as all of 5xx may; 416 does when the whole is asked for."""

_PROXIES = "Something may stand between here and Figma's pictures: look at HTTPS_PROXY, NO_PROXY and firewalls."


@dataclass(frozen=True, slots=True)
class DownloadFailed:
    """A download that did not come about; `status` is the last HTTP status, None without an answer.

    `asks_anew`: another address of the same picture may work, because this one has expired or leads to something else.
    """

    problem: Problem
    status: int | None = None
    asks_anew: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """How one try ended: `may_pass` if the same again can end well, and then `part` is what is there already."""

    failed: DownloadFailed
    may_pass: bool = False
    part: Part | None = None


def refused(host: str, status: int, said: str) -> Trouble:
    """A status that is no success; `said` is the storage's code for it, or what the body is."""
    words = f"HTTP {status}, {said}" if said else f"HTTP {status}"
    if status >= 500 or status in PASSING:
        return _passing("download.server-error", f"{host} failed ({words})", "Try again later.", status)
    if status in EXPIRED:
        message = f"its address at {host} is not valid any more ({words})"
        problem = Problem("download.expired", message, f"Run again; addresses last for a while only. {_PROXIES}")
        return Trouble(DownloadFailed(problem, status, asks_anew=True))
    problem = Problem("download.refused", f"{host} refused the download ({words})", _PROXIES)
    return Trouble(DownloadFailed(problem, status, asks_anew=True))


def not_the_picture(host: str, status: int, mistaken: Mistaken) -> Trouble:
    """A success whose bytes are not the picture, or not all of it."""
    if mistaken.is_cut:
        problem = Problem("download.cut", f"{host} sent {mistaken.wanted} that ends in the middle", "Try again.")
    else:
        message = f"{host} sent {mistaken.found} instead of {mistaken.wanted}"
        problem = Problem("download.wrong-type", message, _PROXIES)
    return Trouble(DownloadFailed(problem, status, asks_anew=True), may_pass=mistaken.is_cut or mistaken.is_empty)


def other_part(host: str, status: int) -> Trouble:
    """A part of the picture that is not the one that was asked for."""
    return _passing("download.cut", f"{host} sent a part of the picture that was not asked for", "Try again.", status)


def too_large(host: str, status: int, most_bytes: int) -> Trouble:
    """More bytes than are allowed."""
    message = f"the download from {host} is larger than {most_bytes / 2**20:.3g} MB"
    return Trouble(DownloadFailed(Problem("download.too-large", message, "Raise --max-asset-size."), status))


def too_slow(host: str, limit_s: float) -> Trouble:
    """Bytes that trickle."""
    message = f"{host} did not send it all within {limit_s:g} s"
    return _passing("download.no-answer", message, "Try again, or use fewer --concurrent-downloads.")


def redirected(host: str, where: str, status: int) -> Trouble:
    """A redirect that is not followed."""
    message = f"{host} redirects the download {where}"
    return Trouble(DownloadFailed(Problem("download.redirected", message, _PROXIES), status))


def bad_address() -> Trouble:
    """An address that nothing is fetched from."""
    hint = "Is what answers really Figma's API? Check FIGMA_API_URL and --figma-url."
    return Trouble(DownloadFailed(Problem("download.bad-address", "its address is not one of https", hint)))


def no_certificates(path: str) -> Trouble:
    """The certificates that the environment asks for can't be read."""
    message = f"the certificates to trust are not there, or not readable: {path}"
    hint = "REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE) names a file or folder that exists, or is not set."
    return Trouble(DownloadFailed(Problem("download.no-certificates", message, hint)))


def not_stored(said: str, *, may_pass: bool = False) -> Trouble:
    """The disk did not take it; it may pass where the next try goes elsewhere."""
    problem = Problem(
        "download.not-stored", f"the download can't be stored: {said}", "Is there room in the temporary folder?"
    )
    return Trouble(DownloadFailed(problem), may_pass)


def no_answer(host: str, silence: Silence) -> Trouble:
    """The network, TLS, a proxy or the address failed."""
    code, message, hint = _silence(host, silence)
    if not silence.may_pass:
        return Trouble(DownloadFailed(Problem(code, message, hint)))
    return _passing(code, message, hint, None)


def given_up(failed: DownloadFailed, tries: int) -> DownloadFailed:
    """`failed` after so many tries, which it says if there were several."""
    if tries < 2:
        return failed
    problem = failed.problem
    told = Problem(problem.code, f"{problem.message} (tried {tries} times)", problem.hint)
    return DownloadFailed(told, failed.status, failed.asks_anew)


def _passing(code: str, message: str, hint: str, status: int | None = None) -> Trouble:
    return Trouble(DownloadFailed(Problem(code, message, hint), status), may_pass=True)


def _silence(host: str, silence: Silence) -> tuple[str, str, str]:
    """Code, message and hint for a connection that did not bring an answer."""
    said = f": {silence.detail}" if silence.detail else ""
    match silence.why:
        case Why.UNTRUSTED:
            hint = "If a company proxy signs connections, point REQUESTS_CA_BUNDLE at its certificates."
            return "download.no-trust", f"the connection to {host} is not trusted{said}", hint
        case Why.NO_TLS:
            return "download.no-tls", f"no secure connection to {host}{said}", _PROXIES
        case Why.BAD_ADDRESS:
            message = f"nothing can be fetched from {host}: the address, or that of the proxy, is not understood"
            return "download.bad-address", message, "Check HTTPS_PROXY."
        case Why.UNPACKABLE:
            return "download.cut", f"{host} sent compressed data that does not unpack", _PROXIES
        case Why.PROXY:
            return "download.no-answer", f"the proxy did not connect us to {host}{said}", "Check HTTPS_PROXY, NO_PROXY."
        case Why.LATE:
            return "download.no-answer", f"{host} did not answer in time", "Try again, or raise --timeout."
        case Why.UNKNOWN_HOST:
            return "download.no-answer", f"{host} could not be found: the name has no address", "Check the network."
        case Why.REFUSED:
            return "download.no-answer", f"{host} refused the connection", "Check the network and HTTPS_PROXY."
        case Why.UNREACHABLE:
            return "download.no-answer", f"{host} can't be reached{said}", "Check the network."
        case Why.CUT:
            return "download.no-answer", f"{host} cut the connection in the middle", _PROXIES
