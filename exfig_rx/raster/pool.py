"""Pictures to make, as a stream: rasters of all configs in turns over as many processes as there are cores.

In: the rasters of a config. Out: where each picture is, or why there is none, as they come. Rule: equal pictures are
made once in a run, whoever asks; one that fails takes no other along. Nothing starts before the first is wanted.
"""

import os
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import reactivex as rx
from reactivex import Observable, abc
from reactivex.disposable import Disposable
from reactivex.internal.exceptions import DisposedException

from exfig_rx.model import ConfigId
from exfig_rx.pictures import Blob, Encoding, Raster, RenderFormat
from exfig_rx.raster.processes import Outcome, RasterFailed, Workers
from exfig_rx.reactor import Reactor
from exfig_rx.scheduling.fair_queue import FairQueue, Ticket

TIME_LIMIT_S = 60.0
"""How long one picture may take."""

AHEAD = 3
"""Pictures that are handed out for each process, so that none waits for a reactor that is busy elsewhere."""

MOST_DONE = 1000
"""Pictures that are still there for the next cycle of a run that stays."""

__all__ = ["Outcome", "RasterFailed", "Rasterizer", "cores"]


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True, eq=False)
class _Asked:
    """One subscription: what is still missing, and what came since the last part."""

    observer: abc.ObserverBase[Mapping[Raster, Outcome]]
    missing: int = 0
    part: dict[Raster, Outcome] = field(default_factory=dict)

    def hand_over(self) -> None:
        """Emit what came, and end if it was the last."""
        part, self.part = self.part, {}
        if part:
            self.observer.on_next(part)
        if not self.missing:
            self.observer.on_completed()


@dataclass(slots=True, eq=False)
class _Task:
    """One picture that somebody waits for; `ticket` is its place in the queue, None once it is with the workers."""

    raster: Raster
    ticket: Ticket["_Task"] | None = None
    waiting: list[tuple[_Asked, Raster]] = field(default_factory=list)


class Rasterizer:
    """Makes pictures into `folder`, each named by its SHA-256, with `processes` workers (default: one for each core).

    Called and subscribed on the reactor; `close` may be called on any thread.
    """

    def __init__(
        self, folder: str, *, reactor: Reactor, processes: int | None = None, time_limit_s: float = TIME_LIMIT_S
    ) -> None:
        self._reactor = reactor
        self._room = AHEAD * (processes or cores())
        self._workers = Workers(folder, processes or cores(), time_limit_s, self._deliver)
        self._queue: FairQueue[_Task] = FairQueue()
        # what was made or failed in this run
        self._done: dict[Hashable, Outcome] = {}
        # what somebody waits for, or a worker is at
        self._tasks: dict[Hashable, _Task] = {}
        self._at_work = 0
        # outcomes on their way to the reactor
        self._arrived: SimpleQueue[tuple[Raster, Outcome]] = SimpleQueue()

    def __call__(self, wanted: Sequence[Raster], config: ConfigId) -> Observable[Mapping[Raster, Outcome]]:
        """The outcomes of `wanted` in parts, as they come: cold. Never fails; disposing withdraws what waits."""

        def subscribe(
            observer: abc.ObserverBase[Mapping[Raster, Outcome]], _: abc.SchedulerBase | None = None
        ) -> abc.DisposableBase:
            asked = _Asked(observer)
            for raster in dict.fromkeys(wanted):
                self._want(raster, asked, config)
            asked.hand_over()
            self._feed()
            return Disposable(lambda: self._withdraw(asked))

        return rx.create(subscribe)

    def forget(self) -> None:
        """Drop what was made, once it is much; nobody may need any of it."""
        if len(self._done) > MOST_DONE:
            made = [outcome.path for outcome in self._done.values() if isinstance(outcome, Blob)]
            self._done.clear()
            for path in made:
                with suppress(OSError):
                    os.unlink(path)

    def close(self) -> None:
        """Kill the workers and wait for them to be gone, for a moment; streams that wait get nothing more."""
        self._workers.close()

    def _want(self, raster: Raster, asked: _Asked, config: ConfigId) -> None:
        key = _key(raster)
        done = self._done.get(key)
        if done is not None:
            asked.part[raster] = done
            return
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = _Task(raster)
            task.ticket = self._queue.push(config, task)
        task.waiting.append((asked, raster))
        asked.missing += 1

    def _feed(self) -> None:
        """Hand out as many as the workers should have at hand."""
        while self._at_work < self._room and len(self._queue):
            task = self._queue.pop()
            task.ticket = None
            self._at_work += 1
            self._workers.submit(task.raster, self._at_work)

    def _withdraw(self, asked: _Asked) -> None:
        if not asked.missing:
            return
        asked.missing = 0
        for key, task in list(self._tasks.items()):
            task.waiting = [place for place in task.waiting if place[0] is not asked]
            if not task.waiting and task.ticket is not None:
                self._queue.remove(task.ticket)
                del self._tasks[key]

    def _deliver(self, raster: Raster, outcome: Outcome) -> None:
        """Called by the workers' threads."""
        self._arrived.put((raster, outcome))
        with suppress(DisposedException):  # the run is over
            self._reactor.post(self._collect)

    def _collect(self) -> None:
        """Everything that has arrived, together: what a busy reactor finds waiting costs its subscribers one part."""
        touched: dict[_Asked, None] = {}
        for raster, outcome in self._drained():
            self._at_work -= 1
            key = _key(raster)
            self._done[key] = outcome
            for asked, wanted in self._tasks.pop(key).waiting:
                asked.part[wanted] = outcome
                asked.missing -= 1
                touched[asked] = None
        self._feed()
        for asked in touched:
            asked.hand_over()

    def _drained(self) -> Iterator[tuple[Raster, Outcome]]:
        with suppress(Empty):
            while True:
                yield self._arrived.get_nowait()


def _key(raster: Raster) -> Hashable:
    """What makes two pictures the same: the bytes of the source, wherever they are, and what is done to them."""
    is_vector = raster.source_format is RenderFormat.SVG
    counts = raster.encoding is not Encoding.PNG and not raster.is_lossless
    return (
        raster.source.digest,
        raster.source_format,
        raster.encoding,
        raster.scale if is_vector else 1.0,
        raster.quality if counts else None,
    )
