"""What `exfig_rx.scheduling` promises, sentence by sentence, for random loads in virtual time.

One run is a scenario played on a scheduler; its log keeps, in order, what was queued, sent, refused, answered and
disposed. Each promise is a check that reads one run; each test makes it for a crowd of runs, and each mutant at the end
shows that a scheduler with a well-known fault does not pass.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from math import ceil, inf
from typing import Any

import pytest
import reactivex as rx
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.disposable import Disposable, SingleAssignmentDisposable
from reactivex.testing import TestScheduler

import exfig_rx.scheduling
from exfig_rx.model import Request, Response, Tier
from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.fair_queue import FairQueue, Ticket
from exfig_rx.scheduling.limits import Limits, asked_wait_s
from exfig_rx.scheduling.pacer import Pacer
from exfig_rx.scheduling.permits import Permits
from exfig_rx.scheduling.scheduler import RequestScheduler, _Errand
from exfig_rx.scheduling.waiting import Permit
from tests.test_scheduling.figma import OK, at_once, config, too_many
from tests.virtual_time import Timeline, do_at, now, run_until, timeline

MINUTE_US = 60_000_000
MARGIN_US = 400_000
CONFIGS = [config(name) for name in "abcd"]


@dataclass(frozen=True)
class Wish:
    """One request of a scenario: who, when (seconds), how long its answers take, how often it is refused."""

    config: int
    tier: Tier
    rank: int
    at: float
    latency_s: float
    refusals: tuple[float | None, ...] = ()
    leaves_after: float | None = None


@dataclass(frozen=True)
class Scenario:
    """`start_s` is the reactor's clock at the beginning, in epoch seconds.

    `sleeps` are (when, for how long) in seconds: the machine was suspended, and the clock jumps ahead. `workers` is how
    many requests the sender has on their way at once; what it is given beyond that waits in the sender.
    """

    start_s: int
    per_min: tuple[int, int, int]
    burst: int
    wishes: tuple[Wish, ...]
    sleeps: tuple[tuple[float, float], ...] = ()
    workers: int = 1000


@dataclass(frozen=True)
class Entry:
    """A line of the log: what happened to which wish, when."""

    kind: str
    at_us: int
    wish: int
    wait_s: float = 0.0


@dataclass
class Run:
    """A scenario that was played to its end."""

    scenario: Scenario
    log: list[Entry] = field(default_factory=list)
    answers: list[Timeline[Response]] = field(default_factory=list)
    queued_at_the_end: int = 0

    def note(self, kind: str, time: TestScheduler, wish: int, wait_s: float = 0.0) -> None:
        self.log.append(Entry(kind, round(now(time) * 1_000_000), wish, wait_s))

    def of(self, *kinds: str, tier: Tier | None = None) -> list[Entry]:
        wishes = self.scenario.wishes
        return [e for e in self.log if e.kind in kinds and (tier is None or wishes[e.wish].tier is tier)]


class Pool:
    """So many workers, and a queue before them."""

    def __init__(self, workers: int) -> None:
        self._free = workers
        self._waiting: list[Callable[[], None]] = []

    def run(self, work: Callable[[], Observable[Response]]) -> Observable[Response]:
        """What `work` gives, once a worker is free for it."""

        def subscribe(observer: abc.ObserverBase[Response], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
            done = SingleAssignmentDisposable()

            def begin() -> None:
                self._free -= 1
                done.disposable = work().pipe(ops.finally_action(self._next)).subscribe(observer)

            def leave() -> None:
                if begin in self._waiting:
                    self._waiting.remove(begin)
                done.dispose()

            self._waiting.append(begin)
            if self._free > 0:
                self._waiting.pop(0)()
            return Disposable(leave)

        return Observable(subscribe)

    def _next(self) -> None:
        self._free += 1
        if self._waiting:
            self._waiting.pop(0)()


def play(scenario: Scenario) -> Run:
    time = TestScheduler(float(scenario.start_s))
    run = Run(scenario)
    left = [list(wish.refusals) for wish in scenario.wishes]

    def exchange(number: int) -> Observable[Response]:
        run.note("sent", time, number)

        def answer(_: int) -> Observable[Response]:
            if left[number]:
                retry_after_s = left[number].pop(0)
                run.note("refused", time, number, asked_wait_s(retry_after_s, 0.0))
                run.note("queued", time, number)
                return at_once(too_many(retry_after_s))
            run.note("answered", time, number)
            return at_once(OK)

        return rx.timer(scenario.wishes[number].latency_s, scheduler=time).pipe(ops.flat_map(answer))

    pool = Pool(scenario.workers)

    def send(request: Request) -> Observable[Response]:
        return pool.run(lambda: exchange(int(request.what)))

    scheduler = RequestScheduler(
        send,
        Limits(scenario.per_min, "test"),
        reactor=time,
        burst=scenario.burst,
        most_in_flight=scenario.workers,
        jitter=lambda: 0.25,
    )
    for number in range(len(scenario.wishes)):
        plan(time, run, scheduler, number)
    for at, length_s in scenario.sleeps:
        do_at(time, scenario.start_s + at, lambda length_s=length_s: jump(time, length_s))  # type: ignore[misc]
    run_until(time, scenario.start_s + 1_000_000)
    samples = timeline(time, scheduler.samples())
    run_until(time, scenario.start_s + 1_000_000.5)
    run.queued_at_the_end = sum(rate.queued for rate in samples.values[0].tiers)
    return run


def jump(time: TestScheduler, by_s: float) -> None:
    """What was due meanwhile happens late, at the new time."""
    time._clock = time.to_seconds(time._clock) + by_s


def plan(time: TestScheduler, run: Run, scheduler: RequestScheduler, number: int) -> None:
    """Arranges when a wish comes and when whoever made it leaves."""
    wish = run.scenario.wishes[number]
    asked = Request(wish.tier, "/v1/x", charged_to=CONFIGS[wish.config], what=str(number), rank=wish.rank)
    answer: Timeline[Response] = Timeline()
    run.answers.append(answer)

    def begin() -> None:
        run.note("queued", time, number)
        answer.record(time, scheduler(asked))

    def leave() -> None:
        if not answer.ended:
            run.note("left", time, number)
            answer.dispose()

    do_at(time, run.scenario.start_s + wish.at, begin)
    if wish.leaves_after is not None:
        do_at(time, run.scenario.start_s + wish.at + wish.leaves_after, leave)


moments = st.integers(0, 400).map(lambda tenths: tenths / 4)
short = st.sampled_from([0.0, 0.125, 0.5, 3.0, 11.0])
waits = st.sampled_from([None, -1.0, 0.0, 0.4, 1.0, 7.0, 7.5, 40.0])


sleeps = st.lists(st.tuples(moments, st.sampled_from([0.25, 5.0, 59.0, 3000.0])), max_size=2).map(tuple)


def scenarios(*, steady: bool = False) -> st.SearchStrategy[Scenario]:
    """Random runs; in a steady one nothing is refused and the clock runs on."""
    wishes = st.builds(
        Wish,
        config=st.integers(0, 3),
        tier=st.sampled_from([Tier.ONE, Tier.ONE, Tier.ONE, Tier.TWO, Tier.THREE]),
        rank=st.integers(0, 2),
        at=st.one_of(st.just(0.0), moments),
        latency_s=short,
        refusals=st.just(()) if steady else st.lists(waits, max_size=3).map(tuple),
        leaves_after=st.one_of(st.none(), st.none(), moments),
    )
    limit = st.one_of(st.integers(1, 4), st.integers(1, 25))  # a low one is met more often
    return st.builds(
        Scenario,
        start_s=st.sampled_from([0, 1_790_000_000]),
        per_min=st.tuples(limit, limit, limit),
        burst=st.integers(1, 4),
        wishes=st.lists(wishes, min_size=1, max_size=40).map(tuple),
        sleeps=st.just(()) if steady else sleeps,
        workers=st.just(1000) if steady else st.sampled_from([1, 2, 1000]),
    )


many = settings(max_examples=80, deadline=None)


# ── the promises ──


@many
@given(scenarios())
def test_no_window_of_60_s_holds_more_sends_of_a_tier_than_its_limit_refused_and_retried_ones_included(
    scenario: Scenario,
) -> None:
    check_windows(play(scenario))


def check_windows(run: Run) -> None:
    for tier, limit in zip(Tier, run.scenario.per_min, strict=True):
        times = [entry.at_us for entry in run.of("sent", tier=tier)]
        for earlier, later in zip(times, times[limit:], strict=False):
            assert later - earlier >= MINUTE_US


@many
@given(scenarios())
def test_nothing_is_sent_during_a_pause_from_a_429_until_the_latest_deadline_that_any_429_gave_plus_jitter(
    scenario: Scenario,
) -> None:
    check_pauses(play(scenario))


def check_pauses(run: Run) -> None:
    deadline_us = 0
    for entry in run.of("sent", "refused"):
        if entry.kind == "refused":
            deadline_us = max(deadline_us, entry.at_us + round((entry.wait_s + 0.25) * 1_000_000))
        else:
            assert entry.at_us >= deadline_us


@many
@given(scenarios())
def test_nothing_is_lost_every_request_that_nobody_disposes_of_is_answered_or_fails_with_a_reason(
    scenario: Scenario,
) -> None:
    check_answers(play(scenario))


def check_answers(run: Run) -> None:
    left = {entry.wish for entry in run.of("left")}
    for number, answer in enumerate(run.answers):
        if number not in left:
            assert answer.values == [OK]
            assert answer.completed_at is not None
    assert run.queued_at_the_end == 0


@many
@given(scenarios())
def test_nothing_is_sent_twice_unless_it_was_refused(scenario: Scenario) -> None:
    check_once(play(scenario))


def check_once(run: Run) -> None:
    free_to_go: dict[int, bool] = defaultdict(lambda: True)
    for entry in run.of("sent", "refused"):
        assert entry.kind == "refused" or free_to_go[entry.wish]
        free_to_go[entry.wish] = entry.kind == "refused"


@many
@given(scenarios())
def test_nobody_is_starved_a_config_with_one_request_waits_for_at_most_one_of_each_other_config(
    scenario: Scenario,
) -> None:
    check_turns(play(scenario))


def check_turns(run: Run) -> None:
    wishes = run.scenario.wishes
    for number, wish in enumerate(wishes):
        if sum(other.config == wish.config and other.tier is wish.tier for other in wishes) > 1:
            continue
        others: dict[int, int] | None = None
        for entry in run.of("queued", "sent", tier=wish.tier):
            if entry.wish == number:
                others = defaultdict(int) if entry.kind == "queued" else None
            elif others is not None and entry.kind == "sent":
                config_number = wishes[entry.wish].config
                others[config_number] += 1
                assert others[config_number] <= 1 or left_by(run, number, entry)


def left_by(run: Run, wish: int, entry: Entry) -> bool:
    return any(other.kind == "left" and other.wish == wish for other in run.log[: run.log.index(entry)])


@many
@given(scenarios(steady=True))
def test_nothing_idles_with_room_in_the_limits_and_work_in_the_queue_something_is_sent(scenario: Scenario) -> None:
    check_no_idling(play(scenario))


def check_no_idling(run: Run) -> None:
    for tier, limit in zip(Tier, run.scenario.per_min, strict=True):
        waiting: dict[int, int] = {}
        times: list[int] = []
        for entry in run.of("queued", "sent", "left", tier=tier):
            if entry.kind == "queued":
                waiting[entry.wish] = entry.at_us
            elif entry.kind == "sent":
                assert entry.at_us == max(min(waiting.values()), room_at(times, limit, run.scenario.burst))
                times.append(entry.at_us)
            if entry.kind != "queued":
                waiting.pop(entry.wish, None)


def room_at(times_us: list[int], limit: int, burst: int) -> int:
    """When burst, spacing, window and its margin allow the next send, straight from their definition."""
    number = len(times_us)
    bounds = [time + ceil(Fraction((number - i + 1 - burst) * MINUTE_US, limit)) for i, time in enumerate(times_us)]
    window = times_us[number - limit] + MINUTE_US + MARGIN_US if number >= limit else 0
    return max([*bounds, window, *times_us[-1:]], default=0)


@many
@given(scenarios())
def test_a_disposed_request_is_gone_it_leaves_the_queue_or_its_send_is_cancelled_and_stays_counted(
    scenario: Scenario,
) -> None:
    check_gone(play(scenario))


def check_gone(run: Run) -> None:
    gone: set[int] = set()
    for entry in run.log:
        assert entry.wish not in gone
        if entry.kind == "left":
            gone.add(entry.wish)
    for number in gone:
        assert run.answers[number] == []
        assert not run.answers[number].ended
    assert run.queued_at_the_end == 0


def test_every_promise_has_a_test_of_the_same_words() -> None:
    text = exfig_rx.scheduling.__doc__ or ""
    promises = re.findall(r"^ \d\. (.*?)\.$(?=\n \d\.|\n\n)", text, flags=re.MULTILINE | re.DOTALL)
    assert len(promises) == 7
    for promise in promises:
        name = "test_" + "_".join(re.findall(r"\w+", promise.lower()))
        assert name in globals(), f"no test of the words {promise!r} ({name})"


# ── well-known faults, and the promise that each breaks ──


def bucket_alone(patch: pytest.MonkeyPatch) -> None:
    """A token bucket that starts full and refills meanwhile: up to twice the limit in its first minute."""
    patch.setattr(pacer, "_window_ready", lambda _: 0)
    patch.setattr(pacer, "fresh", lambda limit, _: Pacer(limit, limit, 60 * limit, limit * pacer._SEND))


def pause_that_clears_early(patch: pytest.MonkeyPatch) -> None:
    """The newest 429 sets the deadline, although an earlier one asked for more."""
    honest = Permits._pause

    def pause(self: Permits, deadline_us: int, *rest: Any) -> None:
        self._deadline_us = None
        honest(self, deadline_us, *rest)

    patch.setattr(Permits, "_pause", pause)


def pause_for_newcomers_alone(patch: pytest.MonkeyPatch) -> None:
    """The pause is looked at when a request enters the queue; those who wait already leak out."""

    def pause(self: Permits, *_: Any) -> None:
        self._arm()

    patch.setattr(Permits, "_pause", pause)


def permit_that_waits_again(patch: pytest.MonkeyPatch) -> None:
    """More permits than the sender has workers: who has one waits for a worker, and goes in the middle of a pause."""
    honest = Permits.__init__

    def init(self: Permits, *args: Any, **more: Any) -> None:
        honest(self, *args, **{**more, "most_in_flight": inf})

    patch.setattr(Permits, "__init__", init)


def one_queue_newest_first(patch: pytest.MonkeyPatch) -> None:
    """LIFO."""
    arrivals = count()

    def push(self: FairQueue[Any], _: Hashable, item: Any, __: int = 0) -> Ticket[Any]:
        return self._enter("all", item, 1, -next(arrivals))

    patch.setattr(FairQueue, "push", push)


def one_queue_oldest_first(patch: pytest.MonkeyPatch) -> None:
    """FIFO: whoever queued five hundred goes first."""

    def push(self: FairQueue[Any], _: Hashable, item: Any, __: int = 0) -> Ticket[Any]:
        return self._enter("all", item, 1, 0)

    patch.setattr(FairQueue, "push", push)


def refused_and_forgotten(patch: pytest.MonkeyPatch) -> None:
    """A refused request is not asked again."""
    patch.setattr(RequestScheduler, "_refused", lambda *_: None)


def disposed_but_sent(patch: pytest.MonkeyPatch) -> None:
    """Whoever left keeps the place in the queue."""
    patch.setattr(_Errand, "dispose", lambda _: None)


def slower_than_need_be(patch: pytest.MonkeyPatch) -> None:
    """A second of rest after each send."""
    honest = pacer.earliest

    def earliest(state: Pacer, now_us: int) -> int:
        rested = state.sends_us[-1] + pacer.SECOND_US if state.sends_us else 0
        return max(honest(state, now_us), rested)

    patch.setattr(pacer, "earliest", earliest)


def answered_and_sent_again(patch: pytest.MonkeyPatch) -> None:
    """A request that was answered goes once more."""
    honest = RequestScheduler._go

    def go(self: RequestScheduler, errand: _Errand, permit: Permit) -> None:
        honest(self, errand, permit)
        if errand.refusals == 0:
            errand.refusals = 1
            honest(self, errand, permit)

    patch.setattr(RequestScheduler, "_go", go)


@pytest.mark.parametrize(
    ("mutate", "check", "steady"),
    [
        (bucket_alone, "check_windows", False),
        (pause_that_clears_early, "check_pauses", False),
        (pause_for_newcomers_alone, "check_pauses", False),
        (permit_that_waits_again, "check_pauses", False),
        (one_queue_newest_first, "check_turns", True),
        (one_queue_oldest_first, "check_turns", True),
        (refused_and_forgotten, "check_answers", False),
        (disposed_but_sent, "check_gone", False),
        (slower_than_need_be, "check_no_idling", True),
        (answered_and_sent_again, "check_once", False),
    ],
)
def test_a_scheduler_with_a_well_known_fault_breaks_its_promise(
    mutate: Callable[[pytest.MonkeyPatch], None], check: str, steady: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    @settings(max_examples=200, deadline=None, database=None, phases=[Phase.generate], derandomize=True)
    @given(scenarios(steady=steady))
    def holds(scenario: Scenario) -> None:
        globals()[check](play(scenario))

    mutate(monkeypatch)
    with pytest.raises(AssertionError):
        holds()
