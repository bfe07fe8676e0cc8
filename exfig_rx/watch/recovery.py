"""Configs that failed for a reason that passes: they run again when it has, and nobody else is troubled meanwhile.

In: the events of configs. Out: the configs to run again. Rules: where nobody answers, one small question is asked, at
growing intervals, until somebody does; where Figma locked the token out, its end is waited for; however many configs
failed, there is one question and one timer.
"""

from collections.abc import Callable
from typing import Final

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.subject import Subject

from exfig_rx.errors import ExfigError, FigmaRefused
from exfig_rx.events import ConfigFailed, ConfigSucceeded, Event
from exfig_rx.model import ConfigId
from exfig_rx.watch_events import ConfigHeld, ConfigQueued, ConfigRemoved

LOCKED_OUT: Final = "figma.locked-out"

PASSING: Final = frozenset(
    {
        LOCKED_OUT,
        "download.cut",
        "download.no-answer",
        "download.server-error",
        "figma.garbled",
        "figma.no-answer",
        "figma.not-figma",
        "figma.rate-limited",
        "figma.refused-repeatedly",
        "figma.render-timeout",
        "figma.server-error",
    }
)
"""Codes of problems that pass without anybody's doing."""

FIRST_S: Final = 15.0
"""Seconds until the first question; twice as many until each next one …"""

MOST_S: Final = 600.0
"""… and never more than these."""

AFTER_S: Final = 1.0
"""Seconds by which the end of a lock-out is outwaited."""


class Recovery:
    """The configs that wait for something to pass.

    Args:
        glance: asks something small, as often as it likes; fails with ExfigError as long as nobody answers.
        next_opening: when the next lock-out ends, in epoch seconds.
        clock: the reactor.
        now_s: gives epoch seconds.
    """

    def __init__(
        self,
        glance: Callable[[ConfigId], Observable[object]],
        next_opening: Callable[[], float | None],
        clock: abc.SchedulerBase,
        now_s: Callable[[], float],
    ) -> None:
        self._glance = glance
        self._next_opening = next_opening
        self._clock = clock
        self._now_s = now_s
        # in the order in which they failed, and whether a lock-out was the reason
        self._ailing: dict[ConfigId, bool] = {}
        self._attempts = 0
        # whether a timer runs, and whether it is for the end of a lock-out
        self._is_waiting = False
        self._waits_for_opening = False
        self._waits: Subject[float] = Subject()

    @property
    def recovered(self) -> Observable[tuple[ConfigId, ...]]:
        """Configs that can run again; hot."""
        return self._waits.pipe(ops.map(self._after), ops.switch_latest(), ops.filter(bool))

    def saw(self, event: Event) -> None:
        """Takes in how configs fare."""
        match event:
            case ConfigFailed():
                codes = {problem.code for problem in event.problems}
                if codes and codes <= PASSING:
                    self._ailing[event.config] = LOCKED_OUT in codes
                    self._wait()
            case ConfigSucceeded():
                self._ailing.pop(event.config, None)
                self._attempts = 0
            case ConfigQueued() | ConfigHeld() | ConfigRemoved():
                self._ailing.pop(event.config, None)
            case _:
                pass

    def _wait(self) -> None:
        is_locked_out = all(self._ailing.values())
        if self._is_waiting and (is_locked_out or not self._waits_for_opening):
            return
        self._is_waiting = True
        opening = self._next_opening()
        self._waits_for_opening = opening is not None and is_locked_out
        if opening is not None and is_locked_out:
            self._waits.on_next(max(0.0, opening - self._now_s()) + AFTER_S)
        else:
            self._waits.on_next(min(MOST_S, FIRST_S * 2.0**self._attempts))
            self._attempts = min(self._attempts + 1, 16)

    def _after(self, wait_s: float) -> Observable[tuple[ConfigId, ...]]:
        def over(_: object) -> Observable[tuple[ConfigId, ...]]:
            self._is_waiting = self._waits_for_opening = False
            # What is locked out would not be asked; the others tell whether somebody answers.
            ailing = next((config for config, is_locked in self._ailing.items() if not is_locked), None)
            if ailing is None:
                return rx.of(self._taken())
            self._is_waiting = True
            return self._glance(ailing).pipe(ops.take(1), ops.map(answered), ops.catch(silent))

        def answered(_: object) -> tuple[ConfigId, ...]:
            self._is_waiting = False
            return self._taken()

        def silent(error: Exception, _: object) -> Observable[tuple[ConfigId, ...]]:
            if isinstance(error, FigmaRefused):
                return rx.of(answered(None))
            if not isinstance(error, ExfigError):
                return rx.throw(error)
            self._is_waiting = False
            # Later: this timer has to be over before the next one takes its place.
            self._clock.schedule(lambda *_: self._wait() if self._ailing else None)
            return rx.empty()

        timer: Observable[object] = rx.timer(wait_s, scheduler=self._clock)
        return timer.pipe(ops.flat_map(over))

    def _taken(self) -> tuple[ConfigId, ...]:
        ailing, self._ailing = tuple(self._ailing), {}
        return ailing
