"""Workers in virtual time: so many at once, each busy for as long as a download takes, and a log of what they did."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from reactivex import abc
from reactivex.testing import TestScheduler

from exfig_rx.connections import Line
from exfig_rx.download.exchange import Download
from exfig_rx.download.failures import DownloadFailed, Trouble
from exfig_rx.download.pool import DownloadPool
from exfig_rx.download.store import Part
from exfig_rx.model import ConfigId, Problem
from exfig_rx.pictures import Blob, RenderFormat
from tests.virtual_time import now

TAKES_S = 1.0
"""How long every download takes."""


def config(name: str) -> ConfigId:
    return ConfigId(f"/configs/{name}.yaml", f"{name}.yaml", f"{name}.yaml")


A, B, C = config("a"), config("b"), config("c")


def svg(name: str) -> Download:
    return Download(f"https://pictures.invalid/{name}", RenderFormat.SVG)


def svgs(name: str, count: int) -> list[Download]:
    return [svg(f"{name}{number}") for number in range(count)]


def blob(wanted: Download) -> Blob:
    return Blob(f"/blobs/{wanted.url}", 1, wanted.url)


def trouble(*, may_pass: bool = True, part: Part | None = None, asks_anew: bool = False) -> Trouble:
    failed = DownloadFailed(Problem("download.server-error", "the storage failed", "Try again."), 503, asks_anew)
    return Trouble(failed, may_pass, part)


@dataclass
class VirtualWorkers(Executor):
    """At most `count` tasks at once; what they do happens at the end of `TAKES_S`."""

    scheduler: TestScheduler
    count: int
    waiting: deque[Callable[[], None]] = field(default_factory=deque)
    busy: int = 0
    most_busy: int = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.waiting.append(lambda: fn(*args))
        self._next()
        return Future()

    def _next(self) -> None:
        if self.waiting and self.busy < self.count:
            task = self.waiting.popleft()
            self.busy += 1
            self.most_busy = max(self.busy, self.most_busy)

            def end(*_: object) -> None:
                self.busy -= 1
                task()
                self._next()

            self.scheduler.schedule_relative(TAKES_S, end)


@dataclass
class VirtualLoop:
    """A reactor on the virtual clock."""

    scheduler: abc.SchedulerBase

    def post(self, action: Callable[[], None]) -> None:
        self.scheduler.schedule(lambda *_: action())


@dataclass
class World:
    """A pool in virtual time.

    `answers` are what tries of an address end with, one after the other (a blob when there are no more); `log` has
    (seconds, name) of each try when it ends, `lines` and `parts` what it was given.
    """

    connections: int = 2
    max_retries: int = 2
    random: float = 1.0
    answers: Mapping[Download, Sequence[Blob | Trouble | BaseException]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scheduler = TestScheduler()
        self.workers = VirtualWorkers(self.scheduler, self.connections)
        self.log: list[tuple[float, str]] = []
        self.lines: dict[Download, Line] = {}
        self.parts: list[Part | None] = []
        self._left = {wanted: list(ends) for wanted, ends in self.answers.items()}
        self.pool = DownloadPool(
            self._fetch,
            workers=self.workers,
            connections=self.connections,
            reactor=VirtualLoop(self.scheduler),
            max_retries=self.max_retries,
            random=lambda: self.random,
        )

    @property
    def fetched(self) -> list[str]:
        """The names of what was tried, in order of the ends."""
        return [name for _, name in self.log]

    def _fetch(self, wanted: Download, line: Line, part: Part | None) -> Blob | Trouble:
        self.log.append((now(self.scheduler), wanted.url.rsplit("/", 1)[1]))
        self.lines[wanted] = line
        self.parts.append(part)
        left = self._left.get(wanted)
        ended = left.pop(0) if left else blob(wanted)
        if isinstance(ended, BaseException):
            raise ended
        return ended


def names(results: Sequence[Mapping[Download, object]]) -> list[list[str]]:
    """The names of what came, part by part."""
    return [[wanted.url.rsplit("/", 1)[1] for wanted in part] for part in results]
