"""The webhooks of the sandbox: who wants to know, of what, and the notices that leave for it.

In: requests to /v2/webhooks, and edits. Out: JSON, and `Notice`s. Rules: events, contexts and limits are those of
https://developers.figma.com/docs/rest-api/webhooks/, but for the half hour that Figma waits for the end of an edit, and
its retries; what is registered for other machines is kept, and nothing is ever sent there.
"""

import asyncio
import ipaddress
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from exfig_rx.sandbox.api import Refused
from exfig_rx.sandbox.design import FIRST_MODIFIED, Design, DesignFile, Json
from exfig_rx.sandbox.payloads import USER

EVENTS = (
    "FILE_UPDATE",
    "FILE_VERSION_UPDATE",
    "FILE_DELETE",
    "LIBRARY_PUBLISH",
    "FILE_COMMENT",
    "DEV_MODE_STATUS_UPDATE",
)
MOST = {"team": 20, "project": 5, "file": 3}
"""Webhooks that one team, project or file may have."""

LONGEST = {"endpoint": 2048, "passcode": 100, "description": 150}
DELIVERY_S = 10.0
_LISTS = [
    f"{what}_{kind}" for what in ("created", "modified", "deleted") for kind in ("components", "styles", "variables")
]
_TEAM = "881440227719"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to one endpoint; `status` is that of the answer, 0 as long as there is none."""

    endpoint: str
    payload: Json
    status: int = 0

    @property
    def event_type(self) -> str:
        """What it is about."""
        return str(self.payload["event_type"])


class Webhooks:
    """What is registered. Any thread may look, edit and ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = count(730_001)
        self._registered: dict[str, Json] = {}

    def answer(
        self, method: str, path: str, query: Mapping[str, str], body: bytes, design: Design
    ) -> tuple[Json, list[Notice]]:
        """The answer to a request, and the notices that it leads to. Raises `Refused`."""
        id_ = path.removeprefix("/v2/webhooks").removeprefix("/")
        with self._lock:
            if method == "POST":
                hook = self._new(_wanted(body), design)
                ping = [] if hook["status"] == "PAUSED" else [_notice(hook, "PING", FIRST_MODIFIED, {})]
                return hook, ping
            if not id_:
                return {"webhooks": [_shown(hook) for hook in self._of(query)]}, []
            if id_ not in self._registered:
                raise Refused(404, "Webhook not found")
            return _shown(self._registered.pop(id_) if method == "DELETE" else self._registered[id_]), []

    def notices(self, file: DesignFile) -> list[Notice]:
        """What is told of an edit that is published at once: an update, and what the library has of it."""
        about = {"file_key": file.key, "file_name": file.name}
        published = {
            **about,
            **{name: [] for name in _LISTS},
            "library_item": file.key,
            "description": "",
            "triggered_by": {"id": USER["id"], "handle": USER["handle"]},
        }
        bodies: dict[str, Json] = {"FILE_UPDATE": about, "LIBRARY_PUBLISH": published}
        with self._lock:
            hooks = [hook for hook in self._registered.values() if _is_about(hook, file.key)]
        return [
            _notice(hook, name, file.last_modified, body)
            for name, body in bodies.items()
            for hook in hooks
            if hook["event_type"] == name
        ]

    def _new(self, wanted: Json, design: Design) -> Json:
        context, context_id = wanted["context"].lower(), wanted["context_id"]
        if context == "file" and design.file(context_id) is None:
            raise Refused(404, "Not found")
        there = list(self._of({"context": context, "context_id": context_id}))
        if len(there) >= MOST[context]:
            raise Refused(400, f"The limit of {MOST[context]} webhooks per {context} is reached")
        hook = {
            "id": str(next(self._ids)),
            "event_type": wanted["event_type"],
            "team_id": _TEAM,
            "context": context.upper(),
            "context_id": context_id,
            "plan_api_id": f"team:{_TEAM}",
            "status": wanted.get("status", "ACTIVE"),
            "client_id": None,
            "passcode": wanted["passcode"],
            "endpoint": wanted["endpoint"],
            "description": wanted.get("description"),
        }
        self._registered[hook["id"]] = hook
        return hook

    def _of(self, query: Mapping[str, str]) -> Iterator[Json]:
        context, context_id = query.get("context", "").upper(), query.get("context_id", "")
        if not context_id or context.lower() not in MOST:
            raise Refused(400, "Either context and context_id or plan_api_id must be given")
        for hook in self._registered.values():
            if (hook["context"], hook["context_id"]) == (context, context_id):
                yield hook


def _wanted(body: bytes) -> Json:
    """What is to be registered, checked. Raises `Refused`."""
    try:
        wanted: Any = json.loads(body)
    except ValueError:
        wanted = None
    if not isinstance(wanted, dict):
        raise Refused(400, "The body must be a JSON object")
    for name in ("event_type", "context", "context_id", "endpoint", "passcode"):
        if not isinstance(wanted.get(name), str) or not wanted[name]:
            raise Refused(400, f"Missing required parameter: {name}")
    fits = {
        "event_type": wanted["event_type"] in EVENTS,
        "context": wanted["context"].lower() in MOST,
        "endpoint": wanted["endpoint"].startswith(("http://", "https://")),
        "status": wanted.get("status", "ACTIVE") in ("ACTIVE", "PAUSED"),
    }
    lengths = {name: len(str(wanted.get(name) or "")) <= most for name, most in LONGEST.items()}
    for name, does_fit in (*fits.items(), *lengths.items()):
        if not does_fit:
            raise Refused(400, f"Invalid value for {name}")
    return wanted


def _shown(hook: Json) -> Json:
    """As Figma gives it out: without the passcode."""
    return {**hook, "passcode": ""}


def _is_about(hook: Json, file_key: str) -> bool:
    """Every team and project has all files here."""
    return bool(hook["status"] == "ACTIVE" and (hook["context"] != "FILE" or hook["context_id"] == file_key))


def _notice(hook: Json, event_type: str, timestamp: str, about: Json) -> Notice:
    head = {
        "event_type": event_type,
        "passcode": hook["passcode"],
        "timestamp": timestamp,
        "webhook_id": hook["id"],
    }
    return Notice(hook["endpoint"], {**head, **about})


# Delivery


def is_deliverable(notice: Notice) -> bool:
    """Whether its endpoint is on this machine."""
    try:
        parts = urlsplit(notice.endpoint)
        is_here = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
    return parts.scheme == "http" and bool(is_here)


async def delivered(notice: Notice) -> Notice:
    """The notice, posted, with the status of the answer."""
    with suppress(OSError, EOFError, ValueError):
        async with asyncio.timeout(DELIVERY_S):
            return replace(notice, status=await _posted(notice))
    return notice


async def _posted(notice: Notice) -> int:
    parts = urlsplit(notice.endpoint)
    body = json.dumps(notice.payload).encode()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    try:
        head = (
            f"POST {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        return int((await reader.readuntil(b"\r\n")).split()[1])
    finally:
        writer.close()


class Post:
    """Sends notices, on one loop; those that go to one endpoint keep their order. `sent` are all that have left."""

    def __init__(self) -> None:
        self.sent: list[Notice] = []
        self._last: dict[str, asyncio.Task[None]] = {}

    def send(self, notices: Iterable[Notice]) -> None:
        """Send what is for this machine; to be called on the loop."""
        for notice in filter(is_deliverable, notices):
            before = self._last.get(notice.endpoint)
            self._last[notice.endpoint] = asyncio.get_running_loop().create_task(self._deliver(notice, before))

    async def _deliver(self, notice: Notice, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait((before,))
        self.sent.append(await delivered(notice))
