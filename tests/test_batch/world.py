"""A whole batch in virtual time: Figma is a `Send` with latencies, workers are timers, files go to a real folder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler

from exfig_rx.batch.claims import Claims
from exfig_rx.batch.discovery import LoadedConfig, RejectedConfig, ValidConfig
from exfig_rx.batch.memory import Memory
from exfig_rx.batch.run import BatchOptions, Connection, batch
from exfig_rx.batch.services import Project, Services
from exfig_rx.batch.stop import Stop
from exfig_rx.config.parse import parse_config
from exfig_rx.download.store import Store
from exfig_rx.events import (
    ConfigCancelled,
    ConfigFailed,
    ConfigSkipped,
    ConfigStarted,
    ConfigSucceeded,
    Event,
)
from exfig_rx.model import ConfigId, Conflict, Problem, Request, Response
from exfig_rx.scheduling.limits import Limits
from exfig_rx.settings import Caching, OnConflict
from exfig_rx.state.cache import Cache
from exfig_rx.state.exports import Exports
from tests.answering import api_over

T = TypeVar("T")

WORK_S = 0.125
"""Virtual seconds that each piece of blocking work takes."""

ENDS = (ConfigSucceeded, ConfigFailed, ConfigCancelled, ConfigSkipped)


def key_of(number: int) -> str:
    """A Figma file key of its own for each config."""
    return f"File{number:018}"


def valid(number: int, output: str | None = None) -> ValidConfig:
    """A config that exports one color of its own file."""
    name = f"{number:03}.yaml"
    text = f"figma: {{lightFileId: {key_of(number)}}}\nweb: {{output: {output or f'out-{number}'}, colors: {{}}}}\n"
    return ValidConfig(ConfigId(f"/configs/{name}", name, name), parse_config(text.encode(), name).config)


def rejected(number: int) -> RejectedConfig:
    """A config that can't run."""
    name = f"{number:03}.yaml"
    return RejectedConfig(ConfigId(f"/configs/{name}", name, name), (Problem("config.test", "broken"),))


@dataclass
class World:
    """Everything a run needs; what happened is in `events` and `asked`."""

    root: Path
    latencies: Mapping[str, float] = field(default_factory=dict)
    failures: Mapping[str, Exception] = field(default_factory=dict)
    answer: bool = True
    scheduler: TestScheduler = field(default_factory=TestScheduler)
    events: list[tuple[float, Event]] = field(default_factory=list)
    asked: list[tuple[float, str]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    ended: bool = False

    def __post_init__(self) -> None:
        self.stop = Stop(self.scheduler)

    def now_s(self) -> float:
        return self.scheduler.to_seconds(self.scheduler.now)

    def blocking(self, work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
        return rx.timer(WORK_S, scheduler=self.scheduler).pipe(ops.map(lambda _: work()))

    def send(self, request: Request) -> Observable[Response]:
        def answer(_: object) -> Observable[Response]:
            failure = self.failures.get(request.file_key)
            return rx.throw(failure) if failure is not None else rx.of(Response(200, body_of(request)))

        def start(_: object) -> Observable[Response]:
            self.asked.append((self.now_s(), request.path))
            wait = rx.timer(self.latencies.get(request.file_key, 1.0), scheduler=self.scheduler)
            return wait.pipe(ops.flat_map(answer))

        return rx.defer(start)

    def run(
        self,
        files: Sequence[LoadedConfig],
        *,
        parallel: int = 3,
        fail_fast: bool = False,
        at: Mapping[float, Callable[[], None]] | None = None,
        until: float = 1000.0,
    ) -> list[Event]:
        """Run `files` to the end, doing `at` each virtual second what it says; the events in order."""
        with TemporaryDirectory() as state, self.project(Path(state)) as project:
            return self._run(project, files, parallel, fail_fast, at or {}, until)

    @contextmanager
    def project(self, folder: Path) -> Iterator[Project]:
        """What the runs of a project share, in a folder of its own."""
        problems: list[Problem] = []
        records, journal = (Exports(folder, "run", problems.append) for _ in range(2))
        cache = Cache(
            folder, "world", "run", scratch=folder, wall_s=self.now_s, warn=problems.append, most_bytes=1 << 20
        )
        store = Store(str(folder / "scratch"))
        memory = Memory(cache, self.blocking, store.keep, Caching.ON)
        claims = Claims(
            records,
            self.blocking,
            lambda run: True,
            self.scheduler,
            self.root,
            OnConflict.CONTINUE,
            later=lambda work: work(),
            settle=lambda: rx.of(()),
        )
        try:
            yield Project(memory, claims, records, self.blocking, journal, self.blocking)
        finally:
            for kept in (cache, records, journal):
                kept.close()
            assert not problems

    def _run(
        self,
        project: Project,
        files: Sequence[LoadedConfig],
        parallel: int,
        fail_fast: bool,
        at: Mapping[float, Callable[[], None]],
        until: float,
    ) -> list[Event]:
        services = Services(
            api_over(self.send, self.scheduler),
            lambda wanted, config: rx.never(),
            lambda wanted, config: rx.never(),
            self.blocking,
            project,
            self.now_s,
            self.root,
        )
        stream = batch(
            [file.id for file in files],
            rx.from_iterable(files),
            options=BatchOptions(parallel, fail_fast, self.root, 0.0),
            connect=lambda _: Connection(services, Limits((10, 25, 50), "test"), rx.never(), rx.empty()),
            decide=self.decide,
            blocking=self.blocking,
            stop=self.stop,
        )
        stream.subscribe(
            lambda event: self.events.append((self.now_s(), event)),
            self.errors.append,
            lambda: setattr(self, "ended", True),
            scheduler=self.scheduler,
        )
        for time, action in sorted(at.items()):
            self.scheduler.advance_to(time)
            action()
        self.scheduler.advance_to(until)
        return [event for _, event in self.events]

    def decide(self, conflicts: tuple[Conflict, ...]) -> Observable[bool]:
        return rx.timer(5.0, scheduler=self.scheduler).pipe(ops.map(lambda _: self.answer))

    def running(self) -> list[tuple[float, int]]:
        """How many pipelines run after each start and end, with the time."""
        count, seen = 0, []
        for time, event in self.events:
            if isinstance(event, ConfigStarted):
                count += 1
            elif isinstance(event, ConfigSucceeded | ConfigCancelled) or (
                isinstance(event, ConfigFailed) and event.problems[0].code != "config.test"
            ):
                count -= 1
            else:
                continue
            seen.append((time, count))
        return seen


def body_of(request: Request) -> Mapping[str, object]:
    """One published color in every file."""
    if request.path.endswith("/meta"):
        return {"file": {"name": "Colors", "version": "1"}}
    if request.path.endswith("/styles"):
        style = {"node_id": "1:1", "name": "Ink", "style_type": "FILL", "description": ""}
        return {"status": 200, "error": False, "meta": {"styles": [style]}}
    paint = {"type": "SOLID", "color": {"r": 0, "g": 0.5, "b": 1, "a": 1}}
    return {"nodes": {"1:1": {"document": {"id": "1:1", "name": "Ink", "type": "RECTANGLE", "fills": [paint]}}}}


def ends(events: Sequence[Event]) -> dict[str, str]:
    """What became of each config, by file name; fails when one ended twice."""
    found: dict[str, str] = {}
    for event in events:
        if isinstance(event, ENDS):
            assert event.config.name not in found, f"{event.config.name} ended twice"
            found[event.config.name] = type(event).__name__.removeprefix("Config").lower()
    return found
