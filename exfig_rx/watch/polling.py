"""Looks at the versions of Figma files, again and again, as a stream.

In: the files that count, how to ask, hints that a file changed. Out: versions that moved, when the next look is due,
and whether Figma answers. Rules: one look at a time, at the moments that `cadence` gives; a failure is told once, and
once when it is over; one timer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.disposable import CompositeDisposable, Disposable, SerialDisposable

from exfig_rx.errors import ExfigError, FigmaRefused, LockedOut
from exfig_rx.model import Problem
from exfig_rx.watch.cadence import LONGEST_US, SECOND_US, Cadence, gap_us

_OUTAGE: Final = "outage"
_LOCKED: Final = "locked out"
_AGAIN: Final = Problem("watch.reachable", "Figma answers again: versions of files are asked for as before")


@dataclass(frozen=True, slots=True)
class Moved:
    """A file has a version that nobody has seen before."""

    file_key: str
    version: str


@dataclass(frozen=True, slots=True)
class Planned:
    """`files` files are looked at, none more often than every `every_s` seconds.

    The next look is at `next_at`, in epoch seconds; None where there is nothing to look at.
    """

    next_at: float | None
    every_s: float
    files: int


@dataclass(frozen=True, slots=True)
class Raised:
    """Looks are further apart than was asked for."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Figma does not answer, or not for some file. It is asked less often, until all is `Reachable`."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Reachable:
    """All that was unreachable is reached again; `problem` is how that is told."""

    problem: Problem = _AGAIN


Look: TypeAlias = Moved | Planned | Raised | Unreachable | Reachable


def poll_raised(period_s: float, files: int, limit_per_min: float) -> Problem | None:
    """What to tell, where so many files can't be asked every `period_s` seconds; `limit_per_min` is of tier 3."""
    least_s = files * gap_us(limit_per_min) / SECOND_US
    if least_s <= period_s:
        return None
    return Problem(
        "watch.poll-raised",
        f"the versions of {files} files are asked for every {least_s:.0f} s, not every {period_s:g} s",
        f"Figma allows {limit_per_min:g} such requests a minute, and a third of them is used. "
        "With --webhook a change is known at once.",
    )


def polled(
    files: Observable[frozenset[str]],
    ask: Callable[[str], Observable[str | None]],
    *,
    known: Callable[[str], str | None],
    nudges: Observable[str] | None = None,
    period_s: float,
    limit_per_min: float,
    scheduler: abc.SchedulerBase,
    random: Callable[[], float],
) -> Observable[Look]:
    """What looks at the versions of `files` (the newest set counts) find.

    Args:
        files: keys of Figma files; the stream goes on when it completes.
        ask: emits the version of a file, None where nobody knows it; its `ExfigError`s are told, others end the stream.
        known: the version that the last export was made of. A file without one is only learnt by the first look.
        nudges: keys of files that something hints at; each is asked soon, and as often as files that change.
        period_s: the time between two looks at a file; longer where the budget does not allow it.
        limit_per_min: the budget of tier 3, of which at most a third is used.
        scheduler: whose clock gives epoch seconds.
        random: from 0 to 1, so that several runs don't keep step.
    """

    def subscribe(observer: abc.ObserverBase[Look], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
        cadence = Cadence(round(period_s * SECOND_US), gap_us(limit_per_min))
        poll = _Poll(observer, ask, known, cadence, limit_per_min, scheduler, random)
        hints: Observable[str] = nudges or rx.never()
        return CompositeDisposable(
            files.subscribe(poll.watch, observer.on_error, scheduler=scheduler),
            hints.subscribe(poll.nudge, observer.on_error, scheduler=scheduler),
            poll,
        )

    return rx.create(subscribe)


class _Poll(abc.DisposableBase):
    """One stream; arguments as in `polled`."""

    def __init__(
        self,
        observer: abc.ObserverBase[Look],
        ask: Callable[[str], Observable[str | None]],
        known: Callable[[str], str | None],
        cadence: Cadence,
        limit_per_min: float,
        scheduler: abc.SchedulerBase,
        random: Callable[[], float],
    ) -> None:
        self._observer = observer
        self._ask = ask
        self._known = known
        self._cadence = cadence
        self._limit_per_min = limit_per_min
        self._scheduler = scheduler
        self._random = random
        self._timer = SerialDisposable()
        self._look = SerialDisposable()
        # the file that is looked at now, "" for none
        self._asked = ""
        self._seen: dict[str, str] = {}
        # what is wrong, each with the files that met it
        self._troubles: dict[str, set[str]] = {}
        self._plan: Planned | None = None
        # the period that was told to be a raised one
        self._told_us = self._cadence.asked_us

    def dispose(self) -> None:
        """Asks nothing any more."""
        self._timer.dispose()
        self._look.dispose()

    def watch(self, files: frozenset[str]) -> None:
        """These are the files from now on."""
        self._cadence = self._cadence.of(files, self._now_us())
        self._seen = {key: version for key, version in self._seen.items() if key in files}
        outage = self._troubles.get(_OUTAGE, set()) if files else set()
        self._keep({**{trouble: keys & files for trouble, keys in self._troubles.items()}, _OUTAGE: outage})
        if self._asked and self._asked not in files:
            self._asked = ""
            self._look.disposable = Disposable()
        self._tell_if_raised()
        self._arm()

    def nudge(self, key: str) -> None:
        """Something hints that the file changed."""
        self._cadence = self._cadence.nudged(key, self._now_us())
        self._arm()

    # ── looks ──

    def _arm(self) -> None:
        """Waits for the next look, and tells when it is, unless there is one just now."""
        if self._asked:
            return
        turn = self._cadence.next()
        plan = Planned(
            None if turn is None else max(turn.at_us, self._now_us()) / SECOND_US,
            self._cadence.shortest_us / SECOND_US,
            len(self._cadence.files),
        )
        if turn is None:
            self._timer.disposable = Disposable()
        else:
            self._timer.disposable = self._scheduler.schedule_absolute(turn.at_us / SECOND_US, self._ring)
        if plan != self._plan:
            self._plan = plan
            self._observer.on_next(plan)

    def _ring(self, *_: object) -> None:
        now_us = self._now_us()
        self._cadence = self._cadence.awake(now_us)
        turn = self._cadence.next()
        if turn is None or turn.at_us > now_us:
            self._arm()
            return
        key = self._asked = turn.file
        self._cadence = self._cadence.asked(now_us)
        asked: Observable[str | None] = rx.defer(lambda _: self._ask(key))
        answer: Observable[str | None] = asked.pipe(ops.take(1), ops.default_if_empty(None))
        self._look.disposable = answer.subscribe(
            lambda version: self._answered(key, version),
            lambda error: self._failed(key, error),
            scheduler=self._scheduler,
        )

    def _answered(self, key: str, version: str | None) -> None:
        known, seen = self._known(key), self._seen.get(key)
        has_moved = version is not None and version not in (known, seen) and (known, seen) != (None, None)
        has_changed = has_moved or (version is not None and seen not in (version, None))
        if version is not None:
            self._seen[key] = version
        self._cadence = self._cadence.answered(key, self._now_us(), changed=has_changed, jitter=self._random())
        self._asked = ""
        self._keep({trouble: keys - {key} for trouble, keys in self._troubles.items() if trouble != _OUTAGE})
        if version is not None and has_moved:
            self._observer.on_next(Moved(key, version))
        self._arm()

    def _failed(self, key: str, error: Exception) -> None:
        now_us = self._now_us()
        match error:
            case LockedOut():
                until_us = round(error.until * SECOND_US)
                self._cadence = self._cadence.put_off(key, until_us, now_us, held=True)
                trouble = _LOCKED
            case FigmaRefused():  # Figma answers, and asking again soon won't help
                reached = self._cadence.answered(key, now_us, changed=False)
                self._cadence = reached.put_off(key, now_us + LONGEST_US, now_us, held=False)
                self._troubles.pop(_OUTAGE, None)
                trouble = error.problems[0].code
            case ExfigError():
                self._cadence = self._cadence.failed(key, now_us, jitter=self._random())
                trouble = _OUTAGE
            case _:
                self._observer.on_error(error)
                return
        self._asked = ""
        is_news = trouble not in self._troubles
        self._troubles.setdefault(trouble, set()).add(key)
        if is_news:
            self._observer.on_next(Unreachable(error.problems[0]))
        self._arm()

    # ── what is told once ──

    def _keep(self, troubles: dict[str, set[str]]) -> None:
        """These are left, as far as files have them."""
        had_any = bool(self._troubles)
        self._troubles = {trouble: keys for trouble, keys in troubles.items() if keys}
        if had_any and not self._troubles:
            self._observer.on_next(Reachable())

    def _tell_if_raised(self) -> None:
        """Tells that the period is a raised one, and again when it has doubled since."""
        period_us, asked_us = self._cadence.period_us, self._cadence.asked_us
        if period_us > asked_us and (self._told_us == asked_us or period_us >= 2 * self._told_us):
            self._told_us = period_us
            problem = poll_raised(asked_us / SECOND_US, len(self._cadence.files), self._limit_per_min)
            if problem is not None:
                self._observer.on_next(Raised(problem))

    def _now_us(self) -> int:
        return round(self._scheduler.to_seconds(self._scheduler.now) * SECOND_US)
