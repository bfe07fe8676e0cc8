"""The queue of downloads of a run: whose turn it is, who waits for what, what is tried again, and when.

In: downloads, and the config that asks. Out: cold streams of results, in parts as they come. Rule: everything here runs
on the reactor, but for `_work`, which a worker runs; it leaves its result in a queue and wakes the reactor if nobody
has. A few downloads more than there are connections are with the workers, so that none waits for the reactor.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Final, Protocol, TypeAlias

import reactivex as rx
from reactivex import Observable, abc
from reactivex.disposable import Disposable
from reactivex.internal.exceptions import DisposedException

from exfig_rx.backoff import longest_wait_s
from exfig_rx.connections import Line
from exfig_rx.download.exchange import DEFAULT_TIMEOUT_S, Download, Exchange
from exfig_rx.download.failures import DownloadFailed, Trouble, given_up
from exfig_rx.download.store import Part, Store
from exfig_rx.model import ConfigId
from exfig_rx.pictures import Blob
from exfig_rx.reactor import DaemonPool
from exfig_rx.scheduling.fair_queue import FairQueue, Ticket

PART_S: Final = 0.1
"""Seconds for which results are gathered before they are told; the last ones are told at once."""

Result: TypeAlias = Blob | DownloadFailed
Results: TypeAlias = Mapping[Download, Result]


class Fetch(Protocol):
    """One try of one download, blocking, until `line` is cut; `part` is what an earlier try left."""

    def __call__(self, wanted: Download, line: Line, part: Part | None, /) -> Blob | Trouble: ...


class Loop(Protocol):
    """The part of a `Reactor` that is needed."""

    scheduler: abc.SchedulerBase

    def post(self, action: Callable[[], None]) -> None: ...


@dataclass(eq=False, slots=True)
class _Ask:
    """Somebody who waits: `missing` of what was asked for are not there yet, `arrived` is not told yet."""

    observer: abc.ObserverBase[Results]
    config: ConfigId
    missing: dict[Download, "_Flight"] = field(default_factory=dict)
    arrived: dict[Download, Result] = field(default_factory=dict)
    is_over: bool = False


@dataclass(eq=False, slots=True)
class _Flight:
    """One download and all who wait for it.

    In the queue it has a ticket in the lane of each config that asks; with a worker it has a `line`; between two tries
    it has a `timer`.
    """

    wanted: Download
    asks: list[_Ask] = field(default_factory=list)
    tickets: tuple[tuple[ConfigId, Ticket["_Flight"]], ...] = ()
    tries: int = 0
    part: Part | None = None
    line: Line | None = None
    timer: abc.DisposableBase | None = None


_Landed: TypeAlias = tuple[_Flight, Blob | Trouble | BaseException]


class DownloadPool:
    """Downloads for all configs of a run; see the guarantees of the package.

    Args:
        fetch: makes one try.
        workers: run it, at most `connections` at once.
        connections: transfers at once.
        reactor: the thread on which all happens that is not a transfer.
        max_retries: tries after the first one of what may pass.
        random: gives numbers from 0 to 1, for the waits before these.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        workers: Executor,
        connections: int,
        reactor: Loop,
        max_retries: int,
        random: Callable[[], float],
    ) -> None:
        self._fetch = fetch
        self._workers = workers
        self._most_out = 2 * connections
        self._reactor = reactor
        self._max_retries = max_retries
        self._random = random
        self._weights: dict[Hashable, int] = {}
        self._queue: FairQueue[_Flight] = FairQueue(self._weights)
        # what is wanted and not there yet, wherever it stands
        self._flights: dict[Download, _Flight] = {}
        # what was downloaded in this run
        self._done: dict[Download, Blob] = {}
        # tries that are with the workers; those that have ended; whether the reactor was told that there are some
        self._out = 0
        self._landed: SimpleQueue[_Landed] = SimpleQueue()
        self._is_woken = False
        # who has results that were not told yet, in order; and whether a timer will tell them
        self._untold: dict[_Ask, None] = {}
        self._is_telling = False

    def __call__(self, wanted: Sequence[Download], config: ConfigId) -> Observable[Results]:
        """What becomes of `wanted`, in parts as they come: cold. Disposing it withdraws what nobody else waits for."""

        def subscribe(observer: abc.ObserverBase[Results], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
            ask = _Ask(observer, config)
            for download in dict.fromkeys(wanted):
                blob = self._done.get(download)
                if blob is not None:
                    ask.arrived[download] = blob
                else:
                    self._join(ask, download)
            self._tell(ask)
            self._hand_out()
            return Disposable(lambda: self._withdraw(ask))

        return rx.create(subscribe)

    def weigh(self, config: ConfigId, weight: int) -> None:
        """Gives a config `weight` times the turns of others."""
        self._weights[config] = weight

    def forget(self) -> None:
        """Fetch anew what was fetched already, as it is there no more; nobody may wait for anything."""
        self._done.clear()

    def close(self) -> None:
        """Break off everything and let the workers go; nobody is told. Any thread may call this."""

        def end() -> None:
            for flight in reversed(tuple(self._flights.values())):
                for ask in flight.asks:
                    del ask.missing[flight.wanted]
                flight.asks.clear()
                self._abandon(flight)
            self._workers.shutdown(wait=False)

        with suppress(DisposedException):  # the run is over
            self._reactor.post(end)

    def _join(self, ask: _Ask, download: Download) -> None:
        flight = self._flights.get(download)
        if flight is None:
            flight = self._flights[download] = _Flight(download)
        is_queued = flight.line is None and flight.timer is None
        if is_queued and all(config != ask.config for config, _ in flight.tickets):
            flight.tickets += ((ask.config, self._queue.push(ask.config, flight)),)
        flight.asks.append(ask)
        ask.missing[download] = flight

    # ── out to the workers, and back ──

    def _hand_out(self) -> None:
        while self._out < self._most_out and self._queue:
            flight = self._queue.pop()
            self._leave_queue(flight)
            flight.tries += 1
            flight.line = Line()
            self._out += 1
            self._workers.submit(self._work, flight, flight.line, flight.part)
            flight.part = None

    def _work(self, flight: _Flight, line: Line, part: Part | None) -> None:
        try:
            ended: Blob | Trouble | BaseException = self._fetch(flight.wanted, line, part)
        except BaseException as bug:  # raised again on the reactor
            ended = bug
        self._landed.put((flight, ended))
        if not self._is_woken:
            self._is_woken = True
            with suppress(DisposedException):  # the run is over
                self._reactor.post(self._collect)

    def _collect(self) -> None:
        # First this: what lands from now on wakes the reactor again.
        self._is_woken = False
        with suppress(Empty):
            while True:
                flight, ended = self._landed.get_nowait()
                self._out -= 1
                flight.line = None
                self._land(flight, ended)
        self._hand_out()
        if self._untold and not self._is_telling:
            self._is_telling = True
            self._reactor.scheduler.schedule_relative(PART_S, lambda *_: self._tell_all())

    def _land(self, flight: _Flight, ended: Blob | Trouble | BaseException) -> None:
        match ended:
            case Blob():
                self._done[flight.wanted] = ended
                self._answer(flight, ended)
            case Trouble():
                if flight.asks and ended.may_pass and flight.tries <= self._max_retries:
                    flight.part = ended.part
                    self._wait(flight)
                    return
                self._discard(ended.part)
                self._answer(flight, given_up(ended.failed, flight.tries))
            case _:
                raise ended

    def _wait(self, flight: _Flight) -> None:
        """Put `flight` in the queue again, before the others of its configs, when it has waited."""

        def again(*_: object) -> None:
            flight.timer = None
            for config in dict.fromkeys(ask.config for ask in flight.asks):
                flight.tickets += ((config, self._queue.push_front(config, flight)),)
            self._hand_out()

        wait_s = self._random() * longest_wait_s(flight.tries)
        flight.timer = self._reactor.scheduler.schedule_relative(wait_s, again)

    # ── telling ──

    def _answer(self, flight: _Flight, result: Result) -> None:
        if self._flights.get(flight.wanted) is flight:
            del self._flights[flight.wanted]
        for ask in flight.asks:
            del ask.missing[flight.wanted]
            ask.arrived[flight.wanted] = result
            self._untold[ask] = None
        asks, flight.asks = flight.asks, []
        for ask in asks:
            if not ask.missing:
                self._tell(ask)

    def _tell_all(self) -> None:
        self._is_telling = False
        for ask in tuple(self._untold):
            self._tell(ask)

    def _tell(self, ask: _Ask) -> None:
        """Tells what has arrived, and the end if that is all."""
        self._untold.pop(ask, None)
        if ask.is_over:
            return
        ask.is_over = not ask.missing
        if ask.arrived:
            arrived, ask.arrived = ask.arrived, {}
            ask.observer.on_next(arrived)
        if not ask.missing:
            ask.observer.on_completed()

    # ── leaving ──

    def _withdraw(self, ask: _Ask) -> None:
        ask.is_over = True
        self._untold.pop(ask, None)
        # The last ones first: a worker that is free again must find that what waits for it is not wanted either.
        for flight in reversed(ask.missing.values()):
            flight.asks.remove(ask)
            if not flight.asks:
                self._abandon(flight)
            elif all(other.config != ask.config for other in flight.asks):
                for config, ticket in flight.tickets:
                    if config == ask.config:
                        self._queue.remove(ticket)
                flight.tickets = tuple(held for held in flight.tickets if held[0] != ask.config)
        ask.missing.clear()

    def _abandon(self, flight: _Flight) -> None:
        del self._flights[flight.wanted]
        self._leave_queue(flight)
        self._discard(flight.part)
        flight.part = None
        if flight.timer is not None:
            flight.timer.dispose()
        if flight.line is not None:
            flight.line.cut()

    def _leave_queue(self, flight: _Flight) -> None:
        for _, ticket in flight.tickets:
            self._queue.remove(ticket)
        flight.tickets = ()

    def _discard(self, part: Part | None) -> None:
        if part is not None:
            self._workers.submit(part.discard)


def open_pool(
    store: Store,
    *,
    connections: int,
    most_bytes: int,
    reactor: Loop,
    max_retries: int,
    random: Callable[[], float],
    timeout_s: float | None = None,
) -> DownloadPool:
    """A pool that downloads into `store`, at most `most_bytes` an asset; the other arguments as of `DownloadPool`.

    `timeout_s` are seconds without a byte before a try fails (None: 30).
    """
    timeout_s = timeout_s or DEFAULT_TIMEOUT_S
    return DownloadPool(
        Exchange(store, connections=connections, most_bytes=most_bytes, timeout_s=timeout_s),
        workers=DaemonPool(connections, "exfig-download"),
        connections=connections,
        reactor=reactor,
        max_retries=max_retries,
        random=random,
    )
