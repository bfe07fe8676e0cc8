"""Virtual time for tests: a stream goes in, a typed list of what came out and when comes back.

Time is stepped with `run_until`, never `TestScheduler.start()`: `start()` moves the clock on by a second after a
hundred actions at one instant, so a crowd released together would be seen spread out. The clock begins at 0 s.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.testing import TestScheduler

T = TypeVar("T")


class Timeline(list[tuple[float, T]], Generic[T]):
    """What a stream emitted so far, as `(seconds, value)`; compares equal to a plain list.

    `completed_at` and `failed_at` are seconds, None until then; `error` is what it failed with. `dispose()`
    unsubscribes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.completed_at: float | None = None
        self.failed_at: float | None = None
        self.error: Exception | None = None
        self._subscription: abc.DisposableBase | None = None

    @property
    def values(self) -> list[T]:
        """The values without their times."""
        return [value for _, value in self]

    @property
    def times(self) -> list[float]:
        """The times without their values, in seconds."""
        return [time for time, _ in self]

    @property
    def ended(self) -> bool:
        """Whether the stream completed or failed."""
        return self.completed_at is not None or self.failed_at is not None

    def dispose(self) -> None:
        """Unsubscribes from the stream."""
        if self._subscription is not None:
            self._subscription.dispose()

    def record(self, scheduler: TestScheduler, stream: Observable[T]) -> None:
        """Subscribes to `stream` and keeps what it says from now on."""

        def failed(error: Exception) -> None:
            self.failed_at, self.error = now(scheduler), error

        def completed() -> None:
            self.completed_at = now(scheduler)

        self._subscription = stream.subscribe(
            lambda value: self.append((now(scheduler), value)), failed, completed, scheduler=scheduler
        )


def now(scheduler: TestScheduler) -> float:
    """The virtual time in seconds, rounded to the microsecond grain of the clock."""
    return round(scheduler.to_seconds(scheduler.now), 6)


def timeline(scheduler: TestScheduler, stream: Observable[T], *, at: float | None = None) -> Timeline[T]:
    """Subscribes to `stream`, now or at `at` seconds, and returns the list that fills while time is stepped."""
    recorded: Timeline[T] = Timeline()
    if at is None:
        recorded.record(scheduler, stream)
    else:
        do_at(scheduler, at, lambda: recorded.record(scheduler, stream))
    return recorded


def run_until(scheduler: TestScheduler, time_s: float) -> None:
    """Runs everything that is due up to and including `time_s`, and leaves the clock there.

    Raises:
        ValueError: if `time_s` is not later than now; nothing would run.
    """
    if time_s <= now(scheduler):
        raise ValueError(f"it is {now(scheduler)} s already; run_until({time_s}) would run nothing")
    scheduler.advance_to(float(time_s))


def do_at(scheduler: TestScheduler, time_s: float, action: Callable[[], None]) -> None:
    """Calls `action` at `time_s` seconds."""

    def run(_: abc.SchedulerBase, __: object = None) -> None:
        action()

    scheduler.schedule_absolute(float(time_s), run)


def answer_after(scheduler: TestScheduler, delay_s: float, value: T) -> Observable[T]:
    """A cold stream that gives `value` and completes `delay_s` seconds after each subscription."""
    return rx.timer(delay_s, scheduler=scheduler).pipe(ops.map(lambda _: value))


def fail_after(scheduler: TestScheduler, delay_s: float, error: Exception) -> Observable[T]:
    """A cold stream that fails with `error` `delay_s` seconds after each subscription."""

    def throw(_: int) -> Observable[T]:
        return rx.throw(error)

    return rx.timer(delay_s, scheduler=scheduler).pipe(ops.flat_map(throw))
