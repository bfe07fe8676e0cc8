"""Whose turn it is while configs run again and again, in virtual time."""

from collections import Counter
from collections.abc import Callable, Collection
from typing import NamedTuple

import pytest
import reactivex as rx
from hypothesis import given
from hypothesis import strategies as st
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler

from exfig_rx.batch.stop import INTERRUPTED, StopReason
from exfig_rx.events import ConfigCancelled, ConfigFailed, ConfigStarted, ConfigSucceeded, Event
from exfig_rx.model import AssetCounts, ConfigId, FileCounts, Problem
from exfig_rx.watch.jobs import Jobs
from exfig_rx.watch_events import ConfigQueued, ConfigRemoved, CycleEnded, CycleStarted
from tests.virtual_time import Timeline, do_at, run_until, timeline

A, B, C, D = (ConfigId(f"/{name}.yaml", f"{name}.yaml", f"{name}.yaml") for name in "abcd")
BROKEN = Problem("config.test", "broken")


class Line:
    """Jobs whose configs each run for `run_s` seconds, the last `commit_s` of which can't be cancelled."""

    def __init__(
        self,
        parallel: int = 2,
        run_s: float = 10.0,
        commit_s: float = 0.0,
        rivals: Callable[[ConfigId], Collection[ConfigId]] = lambda _: (),
    ) -> None:
        self.time = TestScheduler()
        self.broken: set[ConfigId] = set()
        self.run_s = run_s
        self.commit_s = commit_s
        self.jobs = Jobs(
            self._run, self._refuse, rivals, parallel=parallel, clock=self.time, now_s=lambda: self.time.clock
        )
        self.said: Timeline[Event] = timeline(self.time, self.jobs.events)

    def _refuse(self, config: ConfigId) -> Collection[Event]:
        return [ConfigFailed(self.time.clock, config, (BROKEN,))] if config in self.broken else []

    def _run(self, config: ConfigId, stop: Observable[StopReason]) -> Observable[Event]:
        def end(_: object) -> Event:
            return ConfigSucceeded(self.time.clock, config, AssetCounts(), FileCounts())

        done = rx.timer(self.run_s, scheduler=self.time).pipe(ops.map(end))
        committing = rx.timer(self.run_s - self.commit_s, scheduler=self.time) if self.commit_s else rx.never()

        def cancel(why: StopReason) -> Event:
            return ConfigCancelled(self.time.clock, config, why.text)

        cancelled = stop.pipe(ops.take_until(committing), ops.map(cancel))
        return rx.merge(done, cancelled).pipe(ops.take(1), ops.start_with(ConfigStarted(self.time.clock, config)))

    def ask(self, at: float, config: ConfigId, *, cancels: bool = False) -> None:
        do_at(self.time, at, lambda: self.jobs.ask(config, "asked", cancels=cancels))

    def heard(self, *kinds: type) -> list[tuple[float, str, str]]:
        """When what of these kinds was said of whom."""
        wanted = kinds or (ConfigStarted, ConfigSucceeded, ConfigCancelled, ConfigFailed, ConfigRemoved)
        return [
            (at, type(event).__name__.removeprefix("Config").lower(), getattr(event, "config", A).label[0])
            for at, event in self.said
            if isinstance(event, wanted)
        ]


def test_at_most_so_many_run_and_the_others_wait_in_order() -> None:
    line = Line(parallel=2)
    for config in (A, B, C):
        line.ask(1, config)
    run_until(line.time, 100)
    assert line.heard() == [
        (1, "started", "a"),
        (1, "started", "b"),
        (11, "succeeded", "a"),
        (11, "succeeded", "b"),
        (11, "started", "c"),
        (21, "succeeded", "c"),
    ]


def test_what_is_asked_while_it_waits_is_done_once() -> None:
    line = Line(parallel=1)
    for at, config in ((1, A), (2, B), (3, B), (4, B)):
        line.ask(at, config)
    run_until(line.time, 100)
    assert line.heard(ConfigStarted) == [(1, "started", "a"), (11, "started", "b")]


def test_what_is_asked_while_it_runs_is_done_once_more_afterwards() -> None:
    line = Line()
    for at in (1, 2, 3, 9):
        line.ask(at, A)
    run_until(line.time, 100)
    assert line.heard() == [
        (1, "started", "a"),
        (11, "succeeded", "a"),
        (11, "started", "a"),
        (21, "succeeded", "a"),
    ]


def test_a_newer_edit_cancels_what_runs_and_begins_again_behind_it() -> None:
    line = Line(parallel=1)
    line.ask(1, A)
    line.ask(2, B)
    line.ask(5, A, cancels=True)
    run_until(line.time, 100)
    assert line.heard() == [
        (1, "started", "a"),
        (5, "cancelled", "a"),
        (5, "started", "b"),  # who waited longer
        (15, "succeeded", "b"),
        (15, "started", "a"),
        (25, "succeeded", "a"),
    ]


def test_a_commit_that_has_begun_is_finished_before_the_newer_edit_counts() -> None:
    line = Line(commit_s=3)
    line.ask(1, A)
    line.ask(9, A, cancels=True)
    run_until(line.time, 100)
    assert line.heard() == [(1, "started", "a"), (11, "succeeded", "a"), (11, "started", "a"), (21, "succeeded", "a")]


def test_others_go_on_when_one_is_cancelled() -> None:
    line = Line(parallel=2)
    line.ask(1, A)
    line.ask(2, B)
    line.ask(5, A, cancels=True)
    run_until(line.time, 100)
    assert (12, "succeeded", "b") in line.heard()
    assert line.heard(ConfigCancelled) == [(5, "cancelled", "a")]


def test_rivals_take_turns() -> None:
    line = Line(parallel=3, rivals=lambda config: {A: (B,), B: (A,)}.get(config, ()))
    for config in (A, B, C):
        line.ask(1, config)
    run_until(line.time, 100)
    assert line.heard(ConfigStarted) == [(1, "started", "a"), (1, "started", "c"), (11, "started", "b")]


def test_what_can_not_run_says_why_at_once_even_when_all_slots_are_taken() -> None:
    line = Line(parallel=1)
    line.ask(1, A)
    line.broken = {B}
    line.ask(2, B)
    run_until(line.time, 3)
    assert line.heard(ConfigFailed) == [(2, "failed", "b")]


def test_what_breaks_while_it_waits_leaves_the_line() -> None:
    line = Line(parallel=1)
    line.ask(1, A)
    line.ask(2, B)
    do_at(line.time, 3, lambda: line.broken.add(B))
    line.ask(4, B)
    run_until(line.time, 100)
    assert line.heard(ConfigFailed, ConfigStarted) == [(1, "started", "a"), (4, "failed", "b")]


def test_what_breaks_while_it_runs_is_cancelled_and_then_says_why() -> None:
    line = Line()
    line.ask(1, A)
    do_at(line.time, 3, lambda: line.broken.add(A))
    line.ask(4, A, cancels=True)
    run_until(line.time, 100)
    assert line.heard() == [(1, "started", "a"), (4, "cancelled", "a"), (4, "failed", "a")]


@pytest.mark.parametrize("at", [0.5, 2, 5])
def test_what_is_withdrawn_never_runs_again_and_its_last_word_comes_last(at: float) -> None:
    line = Line(parallel=1)
    line.ask(1, A)
    line.ask(2, A)
    do_at(line.time, at + 2, lambda: line.jobs.withdraw(A, ConfigRemoved(line.time.clock, A)))
    run_until(line.time, 100)
    assert line.heard()[-1][1:] == ("removed", "a")
    assert len(line.heard(ConfigStarted)) == 1


def test_what_comes_back_after_it_was_withdrawn_runs() -> None:
    line = Line()
    line.ask(1, A)
    do_at(line.time, 3, lambda: line.jobs.withdraw(A, ConfigRemoved(line.time.clock, A)))
    line.ask(3, A)
    run_until(line.time, 100)
    assert [word for _, word, _ in line.heard()] == ["started", "cancelled", "started", "succeeded"]


def test_a_cycle_lasts_as_long_as_anything_runs_or_waits() -> None:
    line = Line(parallel=1)
    for at, config in ((1, A), (5, B), (50, C)):
        line.ask(at, config)
    run_until(line.time, 100)
    cycles = [(at, event) for at, event in line.said if isinstance(event, CycleStarted | CycleEnded)]
    assert [(at, type(event).__name__, event.number) for at, event in cycles] == [
        (1, "CycleStarted", 1),
        (21, "CycleEnded", 1),
        (50, "CycleStarted", 2),
        (60, "CycleEnded", 2),
    ]


def test_what_comes_together_is_one_cycle_although_some_of_it_can_not_run() -> None:
    line = Line()
    line.broken = {A}
    line.ask(1, A)
    line.ask(1, B)
    run_until(line.time, 100)
    assert [type(event) for event in line.said.values if isinstance(event, CycleStarted | CycleEnded)] == [
        CycleStarted,
        CycleEnded,
    ]


def test_a_stop_ends_what_runs_and_then_the_stream() -> None:
    line = Line(parallel=1)
    line.ask(1, A)
    line.ask(2, B)
    do_at(line.time, 5, lambda: line.jobs.stop(INTERRUPTED))
    line.ask(6, C)
    run_until(line.time, 100)
    assert line.heard() == [(1, "started", "a"), (5, "cancelled", "a")]
    assert line.said.completed_at == 5


def test_a_stop_lets_a_commit_end() -> None:
    line = Line(commit_s=3)
    line.ask(1, A)
    do_at(line.time, 9, lambda: line.jobs.stop(INTERRUPTED))
    run_until(line.time, 100)
    assert line.heard()[-1] == (11, "succeeded", "a")
    assert line.said.completed_at == 11


def test_a_stop_when_nothing_runs_ends_at_once() -> None:
    line = Line()
    do_at(line.time, 5, lambda: line.jobs.stop(INTERRUPTED))
    run_until(line.time, 6)
    assert line.said.completed_at == 5


class Deed(NamedTuple):
    at: float
    config: ConfigId
    what: str


deeds = st.lists(
    st.builds(
        Deed, st.integers(1, 60).map(float), st.sampled_from([A, B, C, D]), st.sampled_from(["ask", "edit", "withdraw"])
    ),
    max_size=25,
)


@given(deeds, st.integers(1, 3), st.sampled_from([0.0, 2.0]))
def test_everything_that_is_wished_for_is_done_after_the_wish_and_never_twice_at_once(
    wishes: list[Deed], parallel: int, commit_s: float
) -> None:
    rivals = {A: (B,), B: (A,)}
    line = Line(parallel, run_s=7, commit_s=commit_s, rivals=lambda config: rivals.get(config, ()))
    for wish in wishes:
        if wish.what == "withdraw":
            gone = ConfigRemoved(wish.at, wish.config)
            do_at(line.time, wish.at, lambda wish=wish, gone=gone: line.jobs.withdraw(wish.config, gone))  # type: ignore[misc]
        else:
            line.ask(wish.at, wish.config, cancels=wish.what == "edit")
    run_until(line.time, 1000)

    running: Counter[ConfigId] = Counter()
    for _, event in line.said:
        if isinstance(event, ConfigStarted):
            running[event.config] += 1
        elif isinstance(event, ConfigSucceeded | ConfigCancelled):
            running[event.config] -= 1
        assert sum(running.values()) <= parallel
        assert all(count in (0, 1) for count in running.values())
        assert not (running[A] and running[B])
    assert line.jobs.is_idle

    for config in (A, B, C, D):
        last = max((wish for wish in wishes if wish.config == config), key=lambda wish: wish.at, default=None)
        # of two at one moment either may be the last
        at_once = {wish.what for wish in wishes if last is not None and wish.config == config and wish.at == last.at}
        starts = [at for at, event in line.said if isinstance(event, ConfigStarted) and event.config == config]
        ends = [at for at, event in line.said if isinstance(event, ConfigSucceeded) and event.config == config]
        if last is not None and "withdraw" not in at_once:
            assert max(starts) >= last.at
            assert max(ends) > last.at

    cycles = [event for _, event in line.said if isinstance(event, CycleStarted | CycleEnded)]
    kinds = [CycleStarted, CycleEnded] * (len(cycles) // 2)
    assert [type(event) for event in cycles] == kinds
    assert [event.number for event in cycles[::2]] == list(range(1, len(cycles) // 2 + 1))
    queued = [at for at, event in line.said if isinstance(event, ConfigQueued)]
    assert bool(queued) == any(wish.what != "withdraw" for wish in wishes)
