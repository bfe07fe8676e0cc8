"""Whose turn it is in a run that stays: configs that wait, run, and run again, at most so many at once.

In: wishes that a config runs. Out: the events of its runs, and of its place in line. Rules: a config waits once and
runs once at a time; what is wished for while it runs is done once afterwards; a newer edit cancels what runs, which
leaves no trace unless its commit has begun, and then that is finished first. Everything is on the reactor.
"""

from collections.abc import Callable, Collection
from typing import Final

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.subject import Subject

from exfig_rx.batch.stop import Stop, StopReason
from exfig_rx.events import Event
from exfig_rx.model import ConfigId
from exfig_rx.watch.streams import merged
from exfig_rx.watch_events import ConfigQueued, CycleEnded, CycleStarted

SUPERSEDED: Final = StopReason("a newer change", 0)
"""Why a run of a config ends early that is about to run again."""

WITHDRAWN: Final = StopReason("not wanted any more", 0)
"""Why a run of a config ends early that does not run again."""

Run = Callable[[ConfigId, Observable[StopReason]], Observable[Event]]


class Jobs:
    """The line of configs, of which `parallel` run at once.

    Args:
        run: the events of one run of a config, from its start to its one end, which `stop` brings early.
        refuse: what is said instead of a run; nothing where the config can run.
        rivals: configs that one must not run beside.
        clock: the reactor.
        now_s: gives epoch seconds.
    """

    def __init__(
        self,
        run: Run,
        refuse: Callable[[ConfigId], Collection[Event]],
        rivals: Callable[[ConfigId], Collection[ConfigId]],
        *,
        parallel: int,
        clock: abc.SchedulerBase,
        now_s: Callable[[], float],
    ) -> None:
        self._run = run
        self._refuse = refuse
        self._rivals = rivals
        self._clock = clock
        self._now_s = now_s
        # configs as they line up; one that was withdrawn meanwhile is passed over
        self._turns: Subject[ConfigId] = Subject()
        self._notices: Subject[Event] = Subject()
        # who waits in line; who waits for a rival to end; who runs, and how that is stopped
        self._waiting: set[ConfigId] = set()
        self._blocked: dict[ConfigId, None] = {}
        self._running: dict[ConfigId, Stop] = {}
        # what is done when a run of a config has ended: another run and why, or an event
        self._again: dict[ConfigId, str] = {}
        self._then: dict[ConfigId, Event] = {}
        self._cycle = 0
        self._is_busy = False
        self._is_over = False
        self.events: Observable[Event] = merged(
            self._notices, self._turns.pipe(ops.map(self._turn), ops.merge(max_concurrent=parallel))
        )
        """Everything that happens to configs; completes after `stop`, when the last run has ended."""

    def ask(self, config: ConfigId, reason: str, *, cancels: bool = False) -> None:
        """Run `config` as soon as it is its turn, for a `reason` in few words. `cancels`: what runs now is outdated."""
        if self._is_over:
            return
        self._then.pop(config, None)
        if config in self._running:
            self._again[config] = reason
            if cancels:
                self._running[config].request(SUPERSEDED)
        elif config not in self._waiting and config not in self._blocked:
            self._enter(config, reason)
        elif refused := self._refuse(config):
            self._leave(config)
            self._say(*refused)
            self._rest_soon()

    def withdraw(self, config: ConfigId, last: Event) -> None:
        """Don't run `config` any more; `last` is said when nothing of it runs."""
        self._leave(config)
        self._again.pop(config, None)
        if config in self._running:
            self._then[config] = last
            self._running[config].request(WITHDRAWN)
        else:
            self._say(last)
            self._rest_soon()

    def stop(self, reason: StopReason) -> None:
        """Start nothing more, and end what runs."""
        self._is_over = True
        self._waiting.clear()
        self._blocked.clear()
        self._again.clear()
        self._turns.on_completed()
        for stop in self._running.values():
            stop.request(reason)
        self._rest_soon()

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs or waits."""
        return not (self._waiting or self._blocked or self._running)

    def _enter(self, config: ConfigId, reason: str) -> None:
        if not self._is_busy:
            self._is_busy = True
            self._cycle += 1
            self._say(CycleStarted(self._now_s(), self._cycle))
        self._say(ConfigQueued(self._now_s(), config, reason))
        if refused := self._refuse(config):
            self._say(*refused)
            self._rest_soon()
            return
        self._waiting.add(config)
        self._turns.on_next(config)

    def _leave(self, config: ConfigId) -> None:
        self._waiting.discard(config)
        self._blocked.pop(config, None)

    def _turn(self, config: ConfigId) -> Observable[Event]:
        """One run, if it is still wanted when its turn has come."""

        def begin(_: abc.SchedulerBase) -> Observable[Event]:
            if config not in self._waiting:
                return rx.empty()
            self._waiting.discard(config)
            if any(rival in self._running for rival in self._rivals(config)):
                self._blocked[config] = None
                return rx.empty()
            stop = self._running[config] = Stop(self._clock)
            return self._run(config, stop.signal).pipe(ops.finally_action(leave))

        def leave() -> None:
            # Later: whoever runs has to be off its slot before it lines up again.
            self._clock.schedule(lambda *_: self._ended(config))

        return rx.defer(begin)

    def _ended(self, config: ConfigId) -> None:
        del self._running[config]
        if config in self._then:
            self._say(self._then.pop(config))
        blocked, self._blocked = self._blocked, {}
        for other in blocked:
            self._waiting.add(other)
            self._turns.on_next(other)
        if config in self._again:
            self._enter(config, self._again.pop(config))
        self._rest_soon()

    def _say(self, *events: Event) -> None:
        for event in events:
            self._notices.on_next(event)

    def _rest_soon(self) -> None:
        """Later: what comes together is one cycle."""
        self._clock.schedule(lambda *_: self._rest())

    def _rest(self) -> None:
        if not self.is_idle:
            return
        if self._is_busy:
            self._is_busy = False
            self._say(CycleEnded(self._now_s(), self._cycle))
        if self._is_over:
            self._notices.on_completed()
