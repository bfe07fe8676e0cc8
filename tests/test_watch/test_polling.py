"""Looks at versions in virtual time: what moves is told, failures once, and a day, a sleep and an outage stay calm."""

from collections.abc import Callable
from itertools import pairwise

import pytest
import reactivex as rx
from reactivex import Observable
from reactivex.subject import BehaviorSubject, Subject
from reactivex.testing import TestScheduler

from exfig_rx.errors import ExfigError, FigmaRefused, FigmaUnavailable, LockedOut
from exfig_rx.model import Problem
from exfig_rx.watch.polling import Look, Moved, Planned, Raised, Reachable, Unreachable, poll_raised, polled
from tests.virtual_time import Timeline, answer_after, do_at, fail_after, now, run_until, timeline

LATENCY_S = 0.2


def keys(count: int) -> frozenset[str]:
    return frozenset(f"file{number:03}" for number in range(count))


class Figma:
    """Versions of files, what is asked for them and when; `errors` by file, "" for all."""

    def __init__(self, clock: TestScheduler) -> None:
        self.clock = clock
        self.versions: dict[str, str | None] = {}
        self.errors: dict[str, Exception] = {}
        self.asked: list[tuple[float, str]] = []
        self.in_flight = 0
        self.most_in_flight = 0

    def ask(self, key: str) -> Observable[str | None]:
        self.asked.append((now(self.clock), key))
        error = self.errors.get(key) or self.errors.get("")
        if error is not None:
            return fail_after(self.clock, LATENCY_S, error)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)

        def done() -> None:
            self.in_flight -= 1

        answer: Observable[str | None] = answer_after(self.clock, LATENCY_S, self.versions.get(key, "1"))
        return rx.using(lambda: _Closing(done), lambda _: answer)

    def times(self, key: str) -> list[float]:
        return [at for at, file in self.asked if file == key]


class _Closing(rx.abc.DisposableBase):
    def __init__(self, close: Callable[[], None]) -> None:
        self._close: Callable[[], None] | None = close

    def dispose(self) -> None:
        if self._close is not None:
            self._close()
            self._close = None


class Watch:
    """A stream of looks over a stand-in for Figma, with everything that may happen to it."""

    def __init__(
        self, files: frozenset[str], *, period_s: float = 30, limit: int = 50, known: dict[str, str] | None = None
    ) -> None:
        self.clock = TestScheduler()
        self.figma = Figma(self.clock)
        self.files = BehaviorSubject(files)
        self.nudges = Subject[str]()
        self.known = known or {}
        self.all: Timeline[Look] = timeline(
            self.clock,
            polled(
                self.files,
                self.figma.ask,
                known=lambda key: self.known.get(key),
                nudges=self.nudges,
                period_s=period_s,
                limit_per_min=limit,
                scheduler=self.clock,
                random=lambda: 0.5,
            ),
        )

    def until(self, time_s: float) -> None:
        run_until(self.clock, time_s)

    def at(self, time_s: float, action: Callable[[], object]) -> None:
        def act() -> None:
            action()

        do_at(self.clock, time_s, act)

    @property
    def told(self) -> list[Look]:
        """Everything but plans."""
        return [look for look in self.all.values if not isinstance(look, Planned)]

    @property
    def plans(self) -> list[Planned]:
        return [look for look in self.all.values if isinstance(look, Planned)]


def unavailable() -> ExfigError:
    return FigmaUnavailable(Problem("figma.unreachable", "Figma does not answer"))


def refused(code: str = "figma.forbidden") -> ExfigError:
    return FigmaRefused(Problem(code, "no access to this file"), status=403)


def test_a_version_that_is_only_learnt_is_not_told_and_the_next_one_is() -> None:
    watch = Watch(keys(1))
    watch.at(100, lambda: watch.figma.versions.update(file000="2"))
    watch.until(200)
    assert watch.told == [Moved("file000", "2")]


def test_a_version_other_than_that_of_the_last_export_is_told_by_the_first_look() -> None:
    watch = Watch(keys(1), known={"file000": "0"})
    watch.until(200)
    assert watch.told == [Moved("file000", "1")]


def test_a_version_that_was_exported_before_it_was_looked_at_is_not_told() -> None:
    watch = Watch(keys(1), known={"file000": "1"})
    watch.at(100, lambda: watch.figma.versions.update(file000="2"))
    watch.at(100, lambda: watch.known.update(file000="2"))
    watch.until(300)
    assert watch.told == []


def test_a_version_that_nobody_knows_says_nothing() -> None:
    watch = Watch(keys(1), known={"file000": "1"})
    watch.figma.versions["file000"] = None
    watch.until(300)
    assert watch.told == []
    assert len(watch.figma.asked) > 5


def test_the_plan_says_when_the_next_look_is() -> None:
    watch = Watch(keys(2))
    watch.until(100)
    for plan, (at, _) in zip(watch.plans, watch.figma.asked, strict=False):
        assert plan == Planned(at, 30, 2)


def test_without_files_the_plan_says_that_there_is_nothing_to_look_at() -> None:
    watch = Watch(keys(2))
    watch.at(50, lambda: watch.files.on_next(frozenset()))
    watch.until(300)
    assert watch.plans[-1] == Planned(None, 30, 0)
    assert max(at for at, _ in watch.figma.asked) < 50


def test_a_period_that_the_budget_does_not_allow_is_raised_and_that_is_told_once() -> None:
    watch = Watch(keys(100))
    watch.at(50, lambda: watch.files.on_next(keys(101)))
    watch.until(100)
    (raised,) = watch.told
    assert isinstance(raised, Raised)
    assert "every 375 s, not every 30 s" in raised.problem.message
    assert watch.plans[0].every_s == 375


def test_it_is_told_again_when_the_period_has_doubled() -> None:
    watch = Watch(keys(10))
    watch.at(50, lambda: watch.files.on_next(keys(19)))
    watch.at(60, lambda: watch.files.on_next(keys(20)))
    watch.until(100)
    assert [isinstance(look, Raised) for look in watch.told] == [True, True]


def test_a_period_that_the_budget_allows_is_as_asked_for() -> None:
    assert poll_raised(30, 8, 50) is None
    assert poll_raised(30, 9, 50) is not None


def test_a_nudge_has_the_file_asked_at_once() -> None:
    watch = Watch(keys(3), period_s=300)
    watch.at(20, lambda: watch.nudges.on_next("file002"))
    watch.until(21)
    assert watch.figma.asked == [(20, "file002")]


def test_a_nudge_for_a_file_that_nobody_reads_does_nothing() -> None:
    watch = Watch(keys(3), period_s=300)
    watch.at(20, lambda: watch.nudges.on_next("other"))
    watch.until(21)
    assert watch.figma.asked == []


def test_a_file_that_goes_while_it_is_looked_at_takes_nothing_with_it() -> None:
    watch = Watch(keys(2), known={"file000": "0", "file001": "0"})
    watch.at(1, lambda: watch.nudges.on_next("file000"))
    watch.at(1.1, lambda: watch.files.on_next(frozenset({"file001"})))
    watch.until(100)
    assert watch.told == [Moved("file001", "1")]
    assert watch.figma.in_flight == 0


def test_an_outage_is_told_once_and_once_when_it_is_over() -> None:
    watch = Watch(keys(20), period_s=120)
    error = unavailable()
    watch.at(200, lambda: watch.figma.errors.update({"": error}))
    watch.at(200 + 3 * 3600, lambda: watch.figma.errors.clear())
    watch.until(200 + 4 * 3600)
    assert watch.told == [Unreachable(error.problems[0]), Reachable()]
    during = [at for at, _ in watch.figma.asked if 200 <= at < 200 + 3 * 3600]
    assert len(during) < 30  # 10, 20, 40, ... 600 s
    (back,) = (at for at, look in watch.all if isinstance(look, Reachable))
    after = [at for at, _ in watch.figma.asked if back <= at < back + 120]
    assert 19 <= len(after) <= 20
    assert min(later - earlier for earlier, later in pairwise(after)) > 4


def test_one_file_that_always_fails_does_not_keep_the_others_from_being_asked() -> None:
    watch = Watch(keys(5))
    watch.figma.errors["file003"] = unavailable()
    watch.until(3600)
    assert all(len(watch.figma.times(key)) > 40 for key in keys(5) - {"file003"})


def test_a_file_that_is_refused_is_told_once_and_asked_seldom_and_the_others_as_before() -> None:
    watch = Watch(keys(3))
    error = refused()
    watch.figma.errors["file001"] = error
    watch.at(4000, lambda: watch.figma.errors.clear())
    watch.until(5000)
    assert watch.told == [Unreachable(error.problems[0]), Reachable()]
    assert len([at for at in watch.figma.times("file001") if at < 4000]) <= 8
    assert len([at for at in watch.figma.times("file002") if at < 600]) >= 19


def test_a_token_that_is_refused_for_all_files_is_told_once() -> None:
    watch = Watch(keys(8))
    watch.figma.errors[""] = refused("figma.bad-token")
    watch.until(3600)
    assert len(watch.told) == 1
    assert len(watch.figma.asked) <= 8 * 7


def test_a_lock_out_is_told_once_and_what_it_is_about_waits_until_its_end() -> None:
    watch = Watch(keys(4))
    error = LockedOut(Problem("figma.locked-out", "Figma asked to wait for an hour"), until=3700.0)
    locked = ("file000", "file001")
    watch.at(100, lambda: watch.figma.errors.update(dict.fromkeys(locked, error)))
    watch.at(3690, lambda: watch.figma.errors.clear())
    watch.at(500, lambda: watch.nudges.on_next("file000"))
    watch.until(3800)
    assert watch.told == [Unreachable(error.problems[0]), Reachable()]
    for key in locked:
        assert len([at for at in watch.figma.times(key) if 100 <= at < 3700]) == 1
        assert min(at for at in watch.figma.times(key) if at >= 3700) <= 3740
    assert len([at for at in watch.figma.times("file002") if 100 <= at < 700]) >= 19


def test_trouble_with_a_file_that_goes_is_over() -> None:
    watch = Watch(keys(2))
    watch.figma.errors["file001"] = refused()
    watch.at(100, lambda: watch.files.on_next(keys(1)))
    watch.until(200)
    assert isinstance(watch.told[-1], Reachable)


def test_an_outage_is_not_over_because_a_file_goes() -> None:
    watch = Watch(keys(2))
    watch.figma.errors[""] = unavailable()
    watch.at(100, lambda: watch.files.on_next(keys(1)))
    watch.until(200)
    assert len(watch.told) == 1


def test_a_bug_of_whoever_asks_ends_the_stream() -> None:
    watch = Watch(keys(1))
    watch.figma.errors[""] = ZeroDivisionError("a bug")
    watch.until(60)
    assert isinstance(watch.all.error, ZeroDivisionError)


def test_a_disposed_stream_asks_nothing_any_more() -> None:
    watch = Watch(keys(3))
    watch.at(100.01, watch.all.dispose)
    watch.until(1000)
    assert max(at for at, _ in watch.figma.asked) <= 100.01
    assert watch.figma.in_flight == 0
    assert watch.files.observers == [] and watch.nudges.observers == []


@pytest.mark.parametrize(("count", "hours"), [(3, 24), (100, 6)])
def test_a_day_of_which_one_file_changes_now_and_then_stays_within_the_budget(count: int, hours: int) -> None:
    watch = Watch(keys(count), limit=50)
    changes = [3_600.0 * hour + 1_234 for hour in range(0, hours - 1, 2)]
    for number, at in enumerate(changes):
        watch.at(at, lambda number=number: watch.figma.versions.update(file001=str(number + 10)))  # type: ignore[misc]
    watch.until(hours * 3_600.0)
    moved = [(at, look) for at, look in watch.all if isinstance(look, Moved)]
    assert [look for _, look in moved] == [Moved("file001", str(number + 10)) for number in range(len(changes))]
    assert all(at - change <= max(600, 375) * 1.5 + 1 for (at, _), change in zip(moved, changes, strict=True))
    times = [at for at, _ in watch.figma.asked]
    assert max(sum(1 for other in times[index : index + 17] if other < at + 60) for index, at in enumerate(times)) <= 16
    assert watch.figma.most_in_flight == 1
    assert all(len(watch.figma.times(key)) > 4 * hours for key in keys(count))


def test_three_hours_of_sleep_are_not_followed_by_a_herd() -> None:
    watch = Watch(keys(20), period_s=100)
    watch.until(500)
    watch.clock.sleep(3 * 3600.0)
    woke = now(watch.clock)
    watch.until(woke + 100)
    times = [at for at, _ in watch.figma.asked if at >= woke]
    assert len(times) == 20
    assert min(later - earlier for earlier, later in pairwise(times)) > 3.7
    assert watch.told == []
