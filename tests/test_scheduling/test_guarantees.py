"""What `exfig_rx.scheduling` promises, sentence by sentence, for random loads in virtual time.

One run is a scenario played on a scheduler; its log keeps, in order, what was queued, sent, refused, answered and
disposed. Each test reads the log of another crowd of runs.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

import reactivex as rx
from hypothesis import given, settings
from hypothesis import strategies as st
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler

import exfig_rx.scheduling
from exfig_rx.model import Request, Response, Tier
from exfig_rx.scheduling.limits import Limits, asked_wait_s
from exfig_rx.scheduling.scheduler import RequestScheduler
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
    """`start_s` is the reactor's clock at the beginning, in epoch seconds."""

    start_s: int
    per_min: tuple[int, int, int]
    burst: int
    wishes: tuple[Wish, ...]


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


def play(scenario: Scenario) -> Run:
    time = TestScheduler(float(scenario.start_s))
    run = Run(scenario)
    left = [list(wish.refusals) for wish in scenario.wishes]

    def send(request: Request) -> Observable[Response]:
        number = int(request.what)
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

    scheduler = RequestScheduler(
        send,
        Limits(scenario.per_min, "test"),
        reactor=time,
        burst=scenario.burst,
        jitter=lambda: 0.25,
    )
    for number in range(len(scenario.wishes)):
        plan(time, run, scheduler, number)
    run_until(time, scenario.start_s + 1_000_000)
    samples = timeline(time, scheduler.samples())
    run_until(time, scenario.start_s + 1_000_000.5)
    run.queued_at_the_end = sum(rate.queued for rate in samples.values[0].tiers)
    return run


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


def scenarios(*, refusals: bool = True, leaving: bool = True, most: int = 40) -> st.SearchStrategy[Scenario]:
    wishes = st.builds(
        Wish,
        config=st.integers(0, 3),
        tier=st.sampled_from([Tier.ONE, Tier.ONE, Tier.ONE, Tier.TWO, Tier.THREE]),
        rank=st.integers(0, 2),
        at=st.one_of(st.just(0.0), moments),
        latency_s=short,
        refusals=st.lists(waits, max_size=3).map(tuple) if refusals else st.just(()),
        leaves_after=st.one_of(st.none(), st.none(), moments) if leaving else st.none(),
    )
    limit = st.integers(1, 25)
    return st.builds(
        Scenario,
        start_s=st.sampled_from([0, 1_790_000_000]),
        per_min=st.tuples(limit, limit, limit),
        burst=st.integers(1, 4),
        wishes=st.lists(wishes, min_size=1, max_size=most).map(tuple),
    )


many = settings(max_examples=80, deadline=None)


@many
@given(scenarios())
def test_no_window_of_60_s_holds_more_sends_of_a_tier_than_its_limit_refused_and_retried_ones_included(
    scenario: Scenario,
) -> None:
    run = play(scenario)
    for tier, limit in zip(Tier, scenario.per_min, strict=True):
        times = [entry.at_us for entry in run.of("sent", tier=tier)]
        for earlier, later in zip(times, times[limit:], strict=False):
            assert later - earlier >= MINUTE_US


@many
@given(scenarios())
def test_nothing_is_sent_during_a_pause_from_a_429_until_the_latest_deadline_that_any_429_gave_plus_jitter(
    scenario: Scenario,
) -> None:
    deadline_us = 0
    for entry in play(scenario).of("sent", "refused"):
        if entry.kind == "refused":
            deadline_us = max(deadline_us, entry.at_us + round((entry.wait_s + 0.25) * 1_000_000))
        else:
            assert entry.at_us >= deadline_us


@many
@given(scenarios())
def test_nothing_is_lost_every_request_that_nobody_disposes_of_is_answered_or_fails_with_a_reason(
    scenario: Scenario,
) -> None:
    run = play(scenario)
    left = {entry.wish for entry in run.of("left")}
    for number, answer in enumerate(run.answers):
        if number not in left:
            assert answer.values == [OK]
            assert answer.completed_at is not None
    assert run.queued_at_the_end == 0


@many
@given(scenarios())
def test_nothing_is_sent_twice_unless_it_was_refused(scenario: Scenario) -> None:
    free_to_go: dict[int, bool] = defaultdict(lambda: True)
    for entry in play(scenario).of("sent", "refused"):
        assert entry.kind == "refused" or free_to_go[entry.wish]
        free_to_go[entry.wish] = entry.kind == "refused"


@many
@given(scenarios())
def test_nobody_is_starved_a_config_with_one_request_waits_for_at_most_one_of_each_other_config(
    scenario: Scenario,
) -> None:
    run = play(scenario)
    wishes = scenario.wishes
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
@given(scenarios(refusals=False))
def test_nothing_idles_with_room_in_the_limits_and_work_in_the_queue_something_is_sent(scenario: Scenario) -> None:
    run = play(scenario)
    for tier, limit in zip(Tier, scenario.per_min, strict=True):
        waiting: dict[int, int] = {}
        times: list[int] = []
        for entry in run.of("queued", "sent", "left", tier=tier):
            if entry.kind == "queued":
                waiting[entry.wish] = entry.at_us
            elif entry.kind == "sent":
                assert entry.at_us == max(min(waiting.values()), room_at(times, limit, scenario.burst))
                times.append(entry.at_us)
            if entry.kind != "queued":
                waiting.pop(entry.wish, None)


def room_at(times_us: list[int], limit: int, burst: int) -> int:
    """When burst, spacing, window and its margin allow the next send, straight from their definition."""
    count = len(times_us)
    bounds = [time + ceil(Fraction((count - i + 1 - burst) * MINUTE_US, limit)) for i, time in enumerate(times_us)]
    window = times_us[count - limit] + MINUTE_US + MARGIN_US if count >= limit else 0
    return max([*bounds, window, *times_us[-1:]], default=0)


@many
@given(scenarios())
def test_a_disposed_request_is_gone_it_leaves_the_queue_or_its_send_is_cancelled_and_stays_counted(
    scenario: Scenario,
) -> None:
    run = play(scenario)
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
