"""Figma's webhooks: what is sent to an address of ours, as a stream.

In: a listening socket, the passcode, and what anybody posts there. Out: a `Hook` for each notice that has the passcode
and says that a file changed, an `Ignored` for all else, on the reactor. Rule: whatever is posted is answered 200, as
Figma gives up a webhook that answers 400; without the passcode nothing of it counts or is repeated. To be loaded where
it is used alone. https://developers.figma.com/docs/rest-api/webhooks/
"""

import errno
import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, Final, TypeAlias

from reactivex import Observable, abc
from reactivex.disposable import Disposable
from reactivex.internal.exceptions import DisposedException

from exfig_rx.connections import is_loopback
from exfig_rx.errors import UsageError
from exfig_rx.figma.answers import text
from exfig_rx.model import Problem
from exfig_rx.watch.receiver import MOST_BODY_BYTES, MOST_CONNECTIONS, PATIENCE_S, Receiver

PING: Final = "PING"
"""What Figma sends once, when a webhook is registered."""

CHANGES: Final = frozenset(("LIBRARY_PUBLISH", "FILE_VERSION_UPDATE", "FILE_UPDATE"))
"""The events after which a file may be another one."""

LONGEST_NAME: Final = 200
"""Characters of a name that count."""

_TOO_LONG: Final = f"a notice of more than {MOST_BODY_BYTES >> 20} MB"


@dataclass(frozen=True, slots=True)
class Hook:
    """A notice of Figma. `version` is that of the file where Figma tells it; a PING is of no file."""

    event_type: str
    file_key: str = ""
    file_name: str = ""
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that was posted and leads to nothing; `what` says it in few words, and never the passcode."""

    what: str


Heard: TypeAlias = Hook | Ignored


# What it means


def parse(body: bytes, passcode: str) -> Heard:
    """What somebody posted. Nothing of it counts, and nothing of it is repeated, unless it has the passcode."""
    try:
        notice = json.loads(body)
    except (ValueError, RecursionError):
        return Ignored("something that is not JSON")
    if not isinstance(notice, dict):
        return Ignored("something that is no notice of Figma")
    given = notice.get("passcode")
    if not isinstance(given, str):
        return Ignored("a notice without a passcode")
    if not compare_digest(*(code.encode(errors="surrogatepass") for code in (given, passcode))):
        return Ignored("a notice with another passcode")
    return _told(notice)


def _told(notice: Mapping[str, Any]) -> Heard:
    event_type, file_key = text(notice.get("event_type")), text(notice.get("file_key"))
    if event_type == PING:
        return Hook(PING)
    if event_type not in CHANGES:
        return Ignored(f"{event_type[:LONGEST_NAME] or 'a notice without an event'}, which changes nothing")
    if not file_key:
        return Ignored(f"{event_type} without a file")
    version = text(notice.get("version_id")) if event_type == "FILE_VERSION_UPDATE" else ""
    return Hook(event_type, file_key, text(notice.get("file_name"))[:LONGEST_NAME], version or None)


# Where it arrives


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. Raises UsageError where that is not possible."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        # `localhost` means both; tunnels try 127.0.0.1 first or alone
        family, *_, address = min(found, key=lambda one: one[0] != socket.AF_INET)
        return socket.create_server((str(address[0]), port), family=family, backlog=2 * MOST_CONNECTIONS)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that no host can have
        message, hint = _why_not(error)
        raise UsageError(Problem("usage.webhook", f"can't listen at {_place(host, port)}: {message}", hint)) from None


def address_of(listening: socket.socket) -> str:
    """Where Figma's word is awaited, as an address."""
    host, port = listening.getsockname()[:2]
    return f"http://{_place(host, port)}"


def exposed(listening: socket.socket) -> Problem | None:
    """What to say about a socket that other machines can reach; None for one of this machine."""
    host, port = listening.getsockname()[:2]
    if is_loopback(host):
        return None
    return Problem(
        "usage.webhook-open",
        f"other machines can reach the webhook at {_place(host, port)}, and what they send is not encrypted",
        "Let a tunnel or a reverse proxy with TLS stand before it, or leave the host out to listen on this machine.",
    )


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _why_not(error: Exception) -> tuple[str, str]:
    """What is in the way, and what to do."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return "there is no such host", "Leave it out for this machine: --webhook :8787"
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            return "something listens there already", "Choose another port, or end the other program (another watch?)."
        case errno.EACCES:
            return "that is not permitted", "Choose a port from 1024 on."
        case errno.EADDRNOTAVAIL:
            return "that address is not one of this machine", "Leave the host out: --webhook :8787"
    return str(error), "Choose another address."


def hooks(
    listening: socket.socket,
    passcode: str,
    post: Callable[[Callable[[], None]], None],
    *,
    patience_s: float = PATIENCE_S,
    most: int = MOST_CONNECTIONS,
) -> Observable[Heard]:
    """What is posted to `listening`, until disposed, which closes it; to be subscribed once. It never completes.

    Args:
        post: runs an action on the reactor. No more than `most` wait there: who comes then is asked to come again.
        patience_s: seconds that a connection may last.
        most: connections at once; the next ones are refused.
    """

    def subscribe(observer: abc.ObserverBase[Heard], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
        room = threading.BoundedSemaphore(most)

        def tell(heard: Heard) -> bool:
            def arrive() -> None:
                room.release()
                observer.on_next(heard)

            return room.acquire(blocking=False) and _posted(post, arrive)

        def take(body: bytes | None) -> bool:
            return tell(Ignored(_TOO_LONG) if body is None else parse(body, passcode))

        def fail(bug: Exception) -> None:
            _posted(post, lambda: observer.on_error(bug))

        receiver = Receiver(listening, take, fail, patience_s=patience_s, most=most)
        threading.Thread(target=receiver.run, name="exfig-webhook", daemon=True).start()
        return Disposable(receiver.close)

    return Observable(subscribe)


def _posted(post: Callable[[Callable[[], None]], None], action: Callable[[], None]) -> bool:
    try:
        post(action)
    except DisposedException:  # the run is over
        return False
    return True
