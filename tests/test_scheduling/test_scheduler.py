"""The scheduler as whole traces in virtual time: what left when, and what was said about it."""

from typing import Any

import pytest
import reactivex as rx
from reactivex import abc
from reactivex.testing import ReactiveTest, TestScheduler

from exfig_rx.errors import FigmaError, LockedOut
from exfig_rx.events import Event, Paused, RateSampled, RequestSent, Resumed, TierRate
from exfig_rx.model import ConfigId, Response, Tier
from exfig_rx.scheduling.limits import Limits
from exfig_rx.scheduling.scheduler import RequestScheduler
from tests.test_scheduling.figma import OK, A, B, C, Figma, config, request, scheduler_for, too_many
from tests.virtual_time import Timeline, do_at, run_until, timeline


@pytest.fixture
def time() -> TestScheduler:
    return TestScheduler()


def ask(
    figma: Figma, scheduler: RequestScheduler, *names: str, charged_to: ConfigId | None = A, **more: Any
) -> list[Timeline[Response]]:
    return [timeline(figma.time, scheduler(request(name, charged_to, **more))) for name in names]


# ── pace ──


def test_a_professional_tier_1_sends_3_at_once_then_every_6_s_and_10_in_a_minute(time: TestScheduler) -> None:
    figma = Figma(time)
    answers = ask(figma, scheduler_for(figma), *(str(index) for index in range(14)))
    run_until(time, 70)
    assert [at for at, _ in figma.sent] == [0, 0, 0, 6, 12, 18, 24, 30, 36, 42, 60.4, 60.4, 60.4, 66.4]
    assert all(answer == [(at, OK)] for answer, (at, _) in zip(answers, figma.sent, strict=True))
    assert all(answer.completed_at is not None for answer in answers)


def test_tiers_are_paced_apart(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, per_min=(1, 2, 60))
    for tier in Tier:
        ask(figma, scheduler, *[f"t{tier.value}"] * 5, tier=tier)
    run_until(time, 31)
    assert [sent for sent in figma.sent if sent[1] == "t1"] == [(0, "t1")]
    assert [sent for sent in figma.sent if sent[1] == "t2"] == [(0, "t2"), (0, "t2")]
    assert [at for at, what in figma.sent if what == "t3"] == [0, 0, 0, 1, 2]


def test_nothing_happens_before_somebody_subscribes_and_each_subscription_is_a_request(time: TestScheduler) -> None:
    figma = Figma(time)
    answer = scheduler_for(figma)(request("x"))
    run_until(time, 1)
    assert figma.sent == []
    timeline(time, answer)
    timeline(time, answer)
    run_until(time, 2)
    assert figma.sent == [(1, "x"), (1, "x")]


def test_a_permit_may_be_had_alone_and_counts(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, per_min=(1, 1, 1))
    permits = [timeline(time, scheduler.admit(A, Tier.ONE, rank)) for rank in (5, 1)]
    run_until(time, 61)
    assert permits[1].times == [0]
    assert permits[0].times == [60.4]
    assert [permit.at for permit in permits[0].values] == [60.4]
    assert permits[0].completed_at == 60.4


def test_an_hour_of_waiting_takes_one_timer_per_request_and_no_polling() -> None:
    rings = 0

    class Counting(TestScheduler):
        def schedule_absolute(self, duetime: Any, action: Any, state: Any = None) -> abc.DisposableBase:
            nonlocal rings
            rings += 1
            return super().schedule_absolute(duetime, action, state)

    figma = Figma(Counting())
    scheduler = scheduler_for(figma, per_min=(1, 1, 1))
    ask(figma, scheduler, *["x"] * 61)
    run_until(figma.time, 60.4 * 60)
    assert len(figma.sent) == 61
    assert rings <= 62


# ── fairness ──


def test_a_config_with_one_request_does_not_wait_behind_the_500_of_another(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma)
    ask(figma, scheduler, *["bulk"] * 500)
    run_until(time, 100)
    before = len(figma.sent)
    ask(figma, scheduler, "single", charged_to=B)
    run_until(time, 110)
    assert "single" in figma.names[before : before + 2]


def test_a_config_of_weight_three_is_served_three_times_as_often(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, per_min=(60, 60, 60), burst=1)
    scheduler.weigh(B, 3)
    for who, name in ((A, "a"), (B, "b")):
        ask(figma, scheduler, *[name] * 30, charged_to=who)
    run_until(time, 23.5)
    for start in range(0, len(figma.names) - 4, 4):
        assert sorted(figma.names[start : start + 4]) == ["a", "b", "b", "b"]


def test_configs_that_ask_in_the_same_instant_share_the_first_burst(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma)
    for who, name in ((A, "a"), (B, "b"), (C, "c")):
        ask(figma, scheduler, name, name, charged_to=who)
    run_until(time, 20)
    assert figma.names == ["a", "b", "c", "a", "b", "c"]


def test_within_a_config_the_lower_rank_goes_first(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, burst=1)
    ask(figma, scheduler, "render", rank=10)
    ask(figma, scheduler, "metadata", rank=1)
    run_until(time, 10)
    assert figma.names == ["metadata", "render"]


# ── pause ──


def test_a_429_pauses_every_tier_and_the_refused_request_goes_first_in_its_config(time: TestScheduler) -> None:
    figma = Figma(time, answers={"a1": [too_many(42)]})
    scheduler = scheduler_for(figma, burst=1)
    events = timeline(time, scheduler.events)
    ask(figma, scheduler, "a1", "a2")
    ask(figma, scheduler, "b1", charged_to=B)
    timeline(time, scheduler(request("meta", C, Tier.THREE)), at=1)
    run_until(time, 70)
    # a1's config has had its turn, so b1 goes first when the pause ends; tier 1 comes back at 7 a minute and rises
    assert figma.sent == [(0, "a1"), (42, "b1"), (42, "meta"), (50.333334, "a1"), (58.441443, "a2")]
    sample = RateSampled(
        0, (TierRate(Tier.ONE, 1, 10, 2), TierRate(Tier.TWO, 0, 25, 0), TierRate(Tier.THREE, 0, 50, 0)), 42
    )
    expected: list[tuple[float, Event]] = [
        (0, RequestSent(0, A, Tier.ONE, "a1")),
        (0, sample),
        (0, Paused(0, 42, "HTTP 429 for a1: waiting 42 s", A)),
        (42, Resumed(42)),
        (42, RequestSent(42, B, Tier.ONE, "b1")),
        (42, RequestSent(42, C, Tier.THREE, "meta")),
        (50.333334, RequestSent(50.333334, A, Tier.ONE, "a1")),
        (58.441443, RequestSent(58.441443, A, Tier.ONE, "a2")),
    ]
    assert events == expected


def test_the_pause_is_looked_at_when_a_permit_is_given_not_when_a_request_comes(time: TestScheduler) -> None:
    figma = Figma(time, answers={"1": [too_many(5)]})
    ask(figma, scheduler_for(figma), "1", "2", "3")
    run_until(time, 4.9)
    assert figma.sent == [(0, "1")]


@pytest.mark.parametrize(("first", "second", "pauses"), [(10, 50, [12, 52]), (50, 10, [52])])
def test_of_two_429s_the_later_deadline_holds_whichever_comes_first(
    time: TestScheduler, first: float, second: float, pauses: list[float]
) -> None:
    figma = Figma(time, 2.0, answers={"a": [too_many(first)], "b": [too_many(second)]})
    scheduler = scheduler_for(figma)
    events = timeline(time, scheduler.events)
    ask(figma, scheduler, "a", "b", "c")
    run_until(time, 100)
    assert [event.until for event in events.values if isinstance(event, Paused)] == pauses
    assert [at for at, event in events if isinstance(event, Resumed)] == [52]
    assert figma.sent[3][0] == 52


def test_jitter_is_added_to_the_end_of_the_pause(time: TestScheduler) -> None:
    figma = Figma(time, answers={"a": [too_many(10)]})
    ask(figma, scheduler_for(figma, jitter=lambda: 0.25), "a")
    run_until(time, 20)
    assert [at for at, _ in figma.sent] == [0, 10.25]


@pytest.mark.parametrize(
    ("retry_after_s", "again_at"), [(None, 60), (-3, 60), (float("nan"), 60), (0, 12), (0.1, 1), (42.5, 43)]
)
def test_what_retry_after_says_decides_when_it_is_asked_again(
    time: TestScheduler, retry_after_s: float | None, again_at: float
) -> None:
    figma = Figma(time, answers={"a": [too_many(retry_after_s)]})
    scheduler = scheduler_for(figma, per_min=(5, 5, 5))
    ask(figma, scheduler, "a")
    events = timeline(time, scheduler.events)
    run_until(time, 100)
    pause = next(event for event in events.values if isinstance(event, Paused))
    assert figma.sent[1][0] == pause.until == again_at


def test_requests_in_flight_when_a_429_comes_finish(time: TestScheduler) -> None:
    figma = Figma(time, 2.0, answers={"a": [too_many(30)]})
    scheduler = scheduler_for(figma)
    _, other = ask(figma, scheduler, "a", "b")
    run_until(time, 3)
    assert other == [(2, OK)]


def test_after_a_429_only_the_refused_tier_is_slower(time: TestScheduler) -> None:
    figma = Figma(time, answers={"a": [too_many(1)]})
    scheduler = scheduler_for(figma, per_min=(10, 20, 30))
    ask(figma, scheduler, "a")
    run_until(time, 0.5)
    sample = timeline(time, scheduler.samples())
    run_until(time, 0.9)
    assert [rate.limit_per_min for rate in sample.values[0].tiers] == [7, 20, 30]


def test_a_success_that_raises_the_pace_lets_those_who_wait_go_earlier(time: TestScheduler) -> None:
    figma = Figma(time, 1.0, answers={"a": [too_many(10)]})
    ask(figma, scheduler_for(figma, burst=1), "a", "b")
    run_until(time, 30)
    # 60 / 7 s at the pace after the refusal; the answer at 12 raises it to 7.2 a minute for the rest of the way
    assert figma.sent == [(0, "a"), (11, "a"), (pytest.approx(12 + (1 - 7 / 60) * 60 / 7.2, abs=1e-5), "b")]


def test_five_429s_in_a_row_fail_the_request_and_say_so(time: TestScheduler) -> None:
    figma = Figma(time, answers={"nodes of Ab12": [too_many(1) for _ in range(9)]})
    scheduler = scheduler_for(figma, per_min=(600, 600, 600))
    (answer,) = ask(figma, scheduler, "nodes of Ab12", file_key="Ab12")
    run_until(time, 60)
    assert len(figma.sent) == 5
    assert isinstance(answer.error, FigmaError)
    (problem,) = answer.error.problems
    assert problem.message.startswith("Figma refused nodes of Ab12 5 times in a row (HTTP 429)")
    assert problem.hint
    assert not answer.error.retryable


def test_an_answer_between_starts_the_count_of_429s_anew(time: TestScheduler) -> None:
    figma = Figma(time, answers={"a": [too_many(1)] * 4})
    scheduler = scheduler_for(figma, per_min=(600, 600, 600))
    (answer,) = ask(figma, scheduler, "a")
    run_until(time, 60)
    assert answer.values == [OK]


def test_any_other_failure_is_passed_on_as_it_is(time: TestScheduler) -> None:
    bug = ZeroDivisionError("a bug")
    figma = Figma(time, answers={"a": [bug]})
    (answer,) = ask(figma, scheduler_for(figma), "a")
    run_until(time, 1)
    assert answer.error is bug
    assert figma.names == ["a"]


def test_after_a_pause_no_tier_comes_back_as_a_burst(time: TestScheduler) -> None:
    figma = Figma(time, answers={"x": [too_many(30)]})
    scheduler = scheduler_for(figma)
    ask(figma, scheduler, "x", tier=Tier.THREE)
    for tier in Tier:
        for _ in range(3):
            timeline(time, scheduler(request(f"t{tier.value}", B, tier)), at=1)
    run_until(time, 31)
    assert sorted(what for at, what in figma.sent if at == 30) == ["t1", "t2", "t3"]
    assert all(at >= 30 + 60 / 50 for at, what in figma.sent[4:])


# ── room ──


def test_no_more_are_on_their_way_than_the_sender_really_starts(time: TestScheduler) -> None:
    figma = Figma(time, 4.0)
    scheduler = scheduler_for(figma, per_min=(600, 600, 600), burst=10, most_in_flight=2)
    answers = ask(figma, scheduler, *["x"] * 5)
    do_at(time, 1, answers[0].dispose)  # whoever leaves makes room, too
    run_until(time, 20)
    assert [at for at, _ in figma.sent] == [0, 0, 1, 4, 5]


def test_what_had_to_wait_for_room_waits_for_a_pause_that_came_meanwhile(time: TestScheduler) -> None:
    figma = Figma(time, 2.0, answers={"a": [too_many(30)]})
    scheduler = scheduler_for(figma, per_min=(600, 600, 600), burst=10, most_in_flight=2)
    ask(figma, scheduler, "a", "b", "c", "d")
    run_until(time, 60)
    assert [what for at, what in figma.sent if at < 32] == ["a", "b"]
    assert sorted(what for at, what in figma.sent if at >= 32) == ["a", "c", "d"]


def test_where_room_is_scarce_no_tier_gets_it_always(time: TestScheduler) -> None:
    figma = Figma(time, 1.0)
    scheduler = scheduler_for(figma, per_min=(600, 600, 600), burst=100, most_in_flight=1)
    for tier in Tier:
        ask(figma, scheduler, *[f"t{tier.value}"] * 10, tier=tier)
    run_until(time, 8)
    assert {figma.names.count(f"t{tier.value}") for tier in Tier} == {3}


def test_a_permit_that_was_asked_for_alone_takes_no_room(time: TestScheduler) -> None:
    scheduler = scheduler_for(Figma(time), most_in_flight=1)
    permits = [timeline(time, scheduler.admit(A, Tier.ONE)) for _ in range(3)]
    run_until(time, 1)
    assert [permit.times for permit in permits] == [[0], [0], [0]]


# ── lock-out ──


def test_a_429_beyond_the_longest_wait_fails_that_tier_of_that_file_and_nothing_else(time: TestScheduler) -> None:
    figma = Figma(time, answers={"a1": [too_many(396_749, plan="pro", limit_type="low")]})
    scheduler = scheduler_for(figma, burst=1)
    events = timeline(time, scheduler.events)
    first, queued = ask(figma, scheduler, "a1", "a2", file_key="Ab12")
    (neighbour,) = ask(figma, scheduler, "b1", charged_to=B, file_key="Ab12")
    (other_file,) = ask(figma, scheduler, "c1", charged_to=C, file_key="Xy99")
    (other_tier,) = ask(figma, scheduler, "meta", charged_to=C, file_key="Ab12", tier=Tier.THREE)
    run_until(time, 10)
    assert isinstance(first.error, LockedOut)
    assert first.error.until == 396_749
    assert "until 396749 o'clock" in first.error.problems[0].message
    for waited in (queued, neighbour):
        assert isinstance(waited.error, LockedOut)
        assert (waited.error.problems, waited.failed_at) == (first.error.problems, 0)
    assert (other_file.values, other_tier.values) == ([OK], [OK])
    assert not [event for event in events.values if isinstance(event, Paused)]
    (late,) = ask(figma, scheduler, "a3", file_key="Ab12")
    assert isinstance(late.error, LockedOut)
    assert figma.names == ["a1", "meta", "c1"]


def test_a_lock_out_ends_at_its_time(time: TestScheduler) -> None:
    figma = Figma(time, answers={"a": [too_many(301)]})
    scheduler = scheduler_for(figma)
    ask(figma, scheduler, "a", file_key="Ab12")
    run_until(time, 301)
    (answer,) = ask(figma, scheduler, "a", file_key="Ab12")
    run_until(time, 302)
    assert answer.values == [OK]


def test_the_longest_wait_itself_is_waited(time: TestScheduler) -> None:
    figma = Figma(time, answers={"a": [too_many(300)]})
    (answer,) = ask(figma, scheduler_for(figma, max_wait_s=300), "a")
    run_until(time, 301)
    assert answer == [(300, OK)]


# ── disposal ──


def test_a_disposed_request_leaves_the_queue_and_costs_nothing(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, burst=1)
    _, withdrawn, _ = ask(figma, scheduler, "1", "2", "3")
    do_at(time, 3, withdrawn.dispose)
    run_until(time, 10)
    assert figma.sent == [(0, "1"), (6, "3")]


def test_a_request_disposed_in_flight_is_cancelled_and_stays_counted(time: TestScheduler) -> None:
    source = time.create_cold_observable(ReactiveTest.on_next(5, OK), ReactiveTest.on_completed(5))
    scheduler = RequestScheduler(lambda _: source, Limits((1, 1, 1), "test"), reactor=time)
    answers = [timeline(time, scheduler(request(name))) for name in ("cancelled", "next")]
    do_at(time, 2, answers[0].dispose)
    run_until(time, 100)
    # the source of the test ends at a whole second
    assert [(one.subscribe, one.unsubscribe) for one in source.subscriptions] == [(0, 2), (60.4, 65)]
    assert answers[0] == []
    assert answers[1] == [(65.4, OK)]


def test_a_refused_request_that_is_disposed_during_the_pause_is_not_sent_again(time: TestScheduler) -> None:
    figma = Figma(time, answers={"a": [too_many(10)]})
    (answer,) = ask(figma, scheduler_for(figma), "a")
    do_at(time, 5, answer.dispose)
    run_until(time, 100)
    assert figma.names == ["a"]


@pytest.mark.parametrize("kind", [Paused, RequestSent])
def test_a_run_that_ends_because_of_an_event_sends_nothing_more(time: TestScheduler, kind: type[Event]) -> None:
    figma = Figma(time, answers={"a": [too_many(10)]})
    scheduler = scheduler_for(figma)
    answers: list[Timeline[Response]] = []

    def end(event: Event) -> None:
        if isinstance(event, kind):
            for answer in answers:
                answer.dispose()

    scheduler.events.subscribe(end)
    answers += ask(figma, scheduler, "a", "b")
    run_until(time, 100)
    assert figma.names == ([] if kind is RequestSent else ["a"])


def test_a_scheduler_that_is_disposed_completes_its_events_and_admits_nobody(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma)
    events = timeline(time, scheduler.events)
    ask(figma, scheduler, "a")
    scheduler.dispose()
    run_until(time, 100)
    assert events.completed_at == 0
    assert figma.sent == []


# ── seeing ──


def test_a_sample_tells_what_was_sent_in_the_last_minute_what_is_allowed_and_what_waits(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, per_min=(10, 25, 50))
    ask(figma, scheduler, *["a"] * 5)
    ask(figma, scheduler, "meta", tier=Tier.THREE)
    samples = timeline(time, scheduler.samples(period_s=5))
    do_at(time, 13, samples.dispose)
    run_until(time, 100)

    def sample(at: float, sent: int, queued: int) -> tuple[float, RateSampled]:
        one = TierRate(Tier.ONE, sent, 10, queued)
        return (at, RateSampled(at, (one, TierRate(Tier.TWO, 0, 25, 0), TierRate(Tier.THREE, 1, 50, 0))))

    assert samples == [sample(0, 3, 2), sample(10, 4, 1)]  # at 5 nothing was different


def test_requests_of_the_run_itself_have_a_turn_like_a_config(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma)
    ask(figma, scheduler, "a", "a", "a")
    ask(figma, scheduler, "me", charged_to=None)
    run_until(time, 1)
    assert figma.names == ["a", "me", "a"]


def test_a_crowd_of_configs_answered_at_once_neither_recurses_nor_loses_any(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, per_min=(5000, 5000, 5000), burst=5000)
    answers = [ask(figma, scheduler, "x", charged_to=config(str(index)))[0] for index in range(3000)]
    run_until(time, 1)
    assert all(answer.values == [OK] for answer in answers)


def test_a_sender_may_ask_for_more_while_it_is_asked(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma)
    more: list[Timeline[Response]] = []
    first = scheduler(request("first"))
    first.subscribe(lambda _: more.extend(ask(figma, scheduler, "second")))
    run_until(time, 1)
    assert figma.sent == [(0, "first"), (0, "second")]
    assert more[0].values == [OK]


def test_a_sender_that_never_answers_holds_up_nobody(time: TestScheduler) -> None:
    asked: list[str] = []

    def silent(sent: Any) -> rx.Observable[Response]:
        asked.append(sent.what)
        return rx.never()

    scheduler = RequestScheduler(silent, Limits((10, 10, 10), "test"), reactor=time)
    for name in ("1", "2", "3", "4"):
        timeline(time, scheduler(request(name)))
    run_until(time, 7)
    assert asked == ["1", "2", "3", "4"]
