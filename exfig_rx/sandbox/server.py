"""A small Figma on the loopback: `Sandbox` serves a design over real HTTP, with limits, faults, a log and live edits.

In: a design, requests. Out: answers of the REST subset on one port, pictures on a second one (the CDN, so that a client
that sends its token there is found out), notices to webhooks on this machine, and `/sandbox/log|faults|edit` for tests
in other processes. Rules: 127.0.0.1 only; one event-loop thread touches sockets and counts; nothing that a client does
ends it. A bug of ours answers 500 and lands in `crashes`.
"""

import asyncio
import json
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote

from exfig_rx.model import Tier
from exfig_rx.sandbox import api, renders, replies
from exfig_rx.sandbox.design import Design, Edit
from exfig_rx.sandbox.faults import Fault, Faults
from exfig_rx.sandbox.limits import Window
from exfig_rx.sandbox.webhooks import Notice, Post, Webhooks
from exfig_rx.sandbox.wire import Connection, Reply, WireRequest

HOST = "127.0.0.1"
_LOG_LENGTH = 200_000
_NO_CACHE = (("Cache-Control", "no-cache, no-store"),)


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request that came in, in order of arrival.

    `at_s` is read from the sandbox's clock; `tier` is None for pictures and unknown paths; `token_sent` says that a
    token header was there (on any host), `token_ok` that it was accepted; `fault` is the kind of fault it met.
    """

    at_s: float
    tier: Tier | None
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    status: int
    token_sent: bool
    token_ok: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    token: str
    body: bytes
    now_s: float
    range: str = ""
    if_range: str = ""

    @property
    def id_count(self) -> int:
        return sum(value.count(",") + 1 for name, value in self.query if name == "ids" and value)


class Sandbox:
    """A Figma to play with; `with Sandbox() as sandbox: … sandbox.url`.

    `limits` are requests per `window_s` seconds of tiers 1, 2, 3 and are enforced (None: no limits);
    `accepted_tokens` are the tokens that work (None: any that is not empty); `clock` gives seconds and only ever grows.
    """

    def __init__(
        self,
        design: Design | None = None,
        *,
        port: int = 0,
        limits: tuple[int, int, int] | None = None,
        window_s: float = 60.0,
        accepted_tokens: Iterable[str] | None = None,
        faults: Iterable[Fault] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.design = design if design is not None else Design.bundled()
        self.faults = Faults(faults)
        self.crashes: list[Exception] = []
        self.url = ""
        self.cdn_url = ""
        self._port = port
        self._window = Window(limits, window_s) if limits is not None else None
        self._accepted = None if accepted_tokens is None else frozenset(accepted_tokens)
        self._clock = clock
        self._log: deque[LoggedRequest] = deque(maxlen=_LOG_LENGTH)
        self._editing = threading.Lock()
        self._webhooks = Webhooks()
        self._post = Post()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stop_asked: asyncio.Event
        self._stopped = threading.Event()

    # ── life ──

    def start(self) -> str:
        """Listens and returns the address; raises OSError if the port is taken."""
        if self._thread is not None:
            raise RuntimeError("this sandbox is already running")
        ready = threading.Event()
        failures: list[OSError] = []
        self._stopped.clear()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready, failures)), name="sandbox", daemon=True
        )
        self._thread.start()
        ready.wait()
        if failures:
            self._thread.join()
            self._thread = None
            raise failures[0]
        return self.url

    def stop(self) -> None:
        """Cuts all connections and returns when nothing is left running; harmless when called twice."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._stop_asked.set)
            self._thread.join()
            self._thread = None

    def wait(self) -> None:
        """Blocks until `stop` is called elsewhere; KeyboardInterrupt passes through."""
        self._stopped.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _serve(self, ready: threading.Event, failures: list[OSError]) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop_asked = asyncio.Event()
        connections: set[Connection] = set()
        servers: list[asyncio.Server] = []
        try:
            for answer, port in ((self._answer_api, self._port), (self._answer_cdn, 0)):
                make = _connections(answer, connections)
                servers.append(await self._loop.create_server(make, HOST, port, backlog=1024))
            self.url, self.cdn_url = (f"http://{HOST}:{server.sockets[0].getsockname()[1]}" for server in servers)
            ready.set()
            await self._stop_asked.wait()
        except OSError as error:
            failures.append(error)
        finally:
            for server in servers:
                server.close()
            for connection in tuple(connections):
                connection.end()
            # One turn of the loop lets the transports close their sockets.
            await asyncio.sleep(0)
            self._stopped.set()
            ready.set()

    # ── what tests look at and change ──

    @property
    def log(self) -> list[LoggedRequest]:
        """Every request so far but those to `/sandbox/…`, oldest first (the last 200,000)."""
        return list(self._log)

    def clear_log(self) -> None:
        """Forgets the requests so far."""
        self._log.clear()

    def edit(self, edit: Edit) -> str:
        """Changes the design as somebody in Figma would, and returns the file's new version; raises `DesignFault`."""
        with self._editing:
            self.design = self.design.edited(edit)
            return self._tell_of(edit.file)

    @property
    def notices(self) -> list[Notice]:
        """What was sent to webhooks, oldest first, each once it is answered or given up."""
        return list(self._post.sent)

    def _tell_of(self, file_key: str) -> str:
        """Let the webhooks of a file know that it was edited; its version."""
        file = self.design.files[file_key][-1]
        self._send(self._webhooks.notices(file))
        return file.version

    def _send(self, notices: list[Notice]) -> None:
        if notices and self._thread is not None:
            self._loop.call_soon_threadsafe(self._post.send, notices)

    # ── answering; from here on everything runs on the loop's thread ──

    def _answer_api(self, request: WireRequest) -> Reply:
        return self._guarded(request, self._control if request.target.startswith("/sandbox/") else self._api)

    def _answer_cdn(self, request: WireRequest) -> Reply:
        return self._guarded(request, self._cdn)

    def _guarded(self, request: WireRequest, answer: Callable[[_Asked], Reply]) -> Reply:
        try:
            path, query = _target(request.target)
            authorization = request.headers.get("authorization", "")
            token = request.headers.get("x-figma-token", "") or authorization.removeprefix("Bearer ")
            part = request.headers.get("range", ""), request.headers.get("if-range", "")
            return answer(_Asked(request.method, path, query, token.strip(), request.body, self._clock(), *part))
        except Exception as error:
            self.crashes.append(error)
            return replies.json_reply(500, {"status": 500, "err": f"Bug in the sandbox: {error!r}"})

    def _note(self, asked: _Asked, tier: Tier | None, reply: Reply, fault: str = "") -> Reply:
        self._log.append(
            LoggedRequest(
                asked.now_s,
                tier,
                asked.method,
                asked.path,
                asked.query,
                reply.status,
                bool(asked.token),
                self._accepts(asked.token),
                fault,
            )
        )
        return reply

    def _accepts(self, token: str) -> bool:
        return bool(token) if self._accepted is None else token in self._accepted

    def _api(self, asked: _Asked) -> Reply:
        to = api.route(asked.method, asked.path)
        if to is None:
            return self._note(asked, None, replies.json_reply(404, {"status": 404, "err": "Not found"}))
        endpoint = to.endpoint
        if not self._accepts(asked.token):
            return self._note(asked, endpoint.tier, replies.error_reply(endpoint.dialect, 403, "Invalid token"))
        file = self.design.file(to.file_key)
        plan = file.plan if file else "pro"
        wait_s = self._window.admit((asked.token, plan), endpoint.tier, asked.now_s) if self._window else 0
        if wait_s:
            refusal = replies.rate_limited(endpoint.dialect, str(math.ceil(wait_s)), plan, "high")
            return self._note(asked, endpoint.tier, refusal)
        return self._spoil(asked, endpoint.tier, endpoint.dialect, lambda: self._true_answer(asked, to))

    def _spoil(self, asked: _Asked, tier: Tier | None, dialect: api.Dialect, true_answer: Callable[[], Reply]) -> Reply:
        """The true answer, unless a fault is waiting for this request."""
        met = self.faults.take(asked.path, tier, asked.id_count, asked.now_s)
        if met is None:
            return self._note(asked, tier, true_answer())
        fault, left_s = met
        reply = replies.without_answer(fault, left_s, dialect) or replies.spoiled(fault, true_answer())
        return self._note(asked, tier, reply, fault.kind)

    def _true_answer(self, asked: _Asked, to: api.Route) -> Reply:
        try:
            if to.name == "webhooks":
                query = dict(asked.query)
                answer, notices = self._webhooks.answer(asked.method, asked.path, query, asked.body, self.design)
                self._send(notices)
                return replies.json_reply(200, answer)
            if asked.method == "POST":
                with self._editing:
                    self.design, answer = api.post_variables(self.design, to.file_key, asked.body)
                return replies.json_reply(200, answer)
            return Reply(200, api.get(self.design, to, asked.query, self.cdn_url), headers=_NO_CACHE)
        except api.Refused as error:
            return replies.error_reply(to.endpoint.dialect, error.status, error.text)

    def _cdn(self, asked: _Asked) -> Reply:
        return self._spoil(asked, None, api.Dialect.STORAGE, lambda: self._picture(asked))

    def _picture(self, asked: _Asked) -> Reply:
        found = renders.picture(self.design, asked.path) if asked.method in ("GET", "HEAD") else None
        if found is None:
            # Expired and unknown links look alike on the real storage: a refusal in XML.
            return replies.error_reply(api.Dialect.STORAGE, 403, "Access Denied")
        return replies.picture_reply(*found, asked.range, asked.if_range)

    def _control(self, asked: _Asked) -> Reply:
        try:
            match asked.method, asked.path:
                case "GET", "/sandbox/log":
                    return replies.json_reply(200, [asdict(entry) for entry in self._log])
                case "DELETE", "/sandbox/log":
                    self.clear_log()
                case "GET", "/sandbox/faults":
                    return replies.json_reply(200, [fault.as_json() for fault in self.faults])
                case "DELETE", "/sandbox/faults":
                    self.faults.clear()
                case "POST", "/sandbox/faults":
                    self.faults.extend(_faults_of(asked.body))
                case "POST", "/sandbox/edit":
                    with self._editing:
                        self.design, answer = api.edit(self.design, asked.body)
                    self._tell_of(answer["file"])
                    return replies.json_reply(200, answer)
                case _:
                    return replies.json_reply(404, {"error": "there are /sandbox/log, …/faults and …/edit"})
        except (api.Refused, ValueError) as error:
            return replies.json_reply(400, {"error": error.text if isinstance(error, api.Refused) else str(error)})
        return replies.json_reply(200, {})


def _connections(answer: Callable[[WireRequest], Reply], open_ones: set[Connection]) -> Callable[[], Connection]:
    return lambda: Connection(answer, open_ones)


def _faults_of(body: bytes) -> list[Fault]:
    source: Any = json.loads(body)
    items = source if isinstance(source, list) else [source]
    if not all(isinstance(item, dict) for item in items):
        raise ValueError("a fault is a JSON object, or several are a list of them")
    return [Fault.of(item) for item in items]


@lru_cache(maxsize=4096)
def _target(target: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    path, _, query = target.partition("?")
    return unquote(path), tuple(parse_qsl(query, keep_blank_values=True))
