"""When what was touched counts: once nothing touched it for a while, or once it was touched for too long.

In: keys, whenever something touches them. Out: keys that are due, together where they are due at one moment, in the
order in which they were first touched. Rules: a key that is touched again and again is due in the end, too; no key is
lost or due twice; one timer, for the nearest deadline.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar

import reactivex as rx
from reactivex import Observable, abc
from reactivex.disposable import CompositeDisposable, Disposable, SerialDisposable

K = TypeVar("K", bound=Hashable)

CEILING: Final = 10
"""So many quiet times after its first touch a key is due, although something touches it still."""

SECOND_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Debounce(Generic[K]):
    """Keys that wait, with their first and last touch; all times are whole microseconds, so that none is missed."""

    quiet_us: int
    waiting: Mapping[K, tuple[int, int]] = field(default_factory=dict)

    def touched(self, keys: Iterable[K], now_us: int) -> "Debounce[K]":
        """The state after something touched `keys`."""
        waiting = dict(self.waiting)
        for key in keys:
            first_us, _ = waiting.get(key, (now_us, now_us))
            waiting[key] = (first_us, now_us)
        return replace(self, waiting=waiting)

    def due(self, now_us: int) -> tuple[K, ...]:
        """The keys that count by now, in the order in which they were first touched."""
        return tuple(key for key in self.waiting if self._due_us(key) <= now_us)

    def without(self, keys: Iterable[K]) -> "Debounce[K]":
        """The state in which nobody has touched `keys`."""
        gone = frozenset(keys)
        return replace(self, waiting={key: times for key, times in self.waiting.items() if key not in gone})

    @property
    def next_due_us(self) -> int | None:
        """When the next key is due, if nothing touches it until then; None where nothing waits."""
        return min(map(self._due_us, self.waiting), default=None)

    def _due_us(self, key: K) -> int:
        first_us, last_us = self.waiting[key]
        return min(last_us + self.quiet_us, first_us + CEILING * self.quiet_us)


def debounced(
    source: Observable[Iterable[K]], quiet_s: float, scheduler: abc.SchedulerBase
) -> Observable[tuple[K, ...]]:
    """The keys of `source`, each once nothing touched it for `quiet_s` seconds.

    When the source completes, what waits is still due at its time; when it fails, the stream fails at once.
    """

    def subscribe(observer: abc.ObserverBase[tuple[K, ...]], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
        state: Debounce[K] = Debounce(round(quiet_s * SECOND_US))
        timer = SerialDisposable()
        is_over = False

        def now_us() -> int:
            return round(scheduler.to_seconds(scheduler.now) * SECOND_US)

        def arm() -> None:
            due_us = state.next_due_us
            if due_us is not None:
                timer.disposable = scheduler.schedule_absolute(due_us / SECOND_US, ring)
            else:
                timer.disposable = Disposable()
                if is_over:
                    observer.on_completed()

        def ring(*_: object) -> None:
            nonlocal state
            due = state.due(now_us())
            state = state.without(due)
            if due:
                observer.on_next(due)
            arm()

        def touched(keys: Iterable[K]) -> None:
            nonlocal state
            state = state.touched(keys, now_us())
            arm()

        def completed() -> None:
            nonlocal is_over
            is_over = True
            arm()

        return CompositeDisposable(source.subscribe(touched, observer.on_error, completed, scheduler=scheduler), timer)

    return rx.create(subscribe)
