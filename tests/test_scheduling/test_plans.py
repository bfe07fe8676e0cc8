"""Files of several plans under one token, and what a long refusal closes: as narrow as Figma's words allow."""

from itertools import pairwise
from typing import Any

import pytest
from reactivex.testing import TestScheduler

from exfig_rx.errors import LockedOut
from exfig_rx.events import Event, Paused, TierRate, Warned
from exfig_rx.model import Response, Tier
from exfig_rx.scheduling.ledger import NOTHING_NEW, News, Refusal
from exfig_rx.scheduling.limits import Limits, resolve_limits
from exfig_rx.scheduling.scheduler import RequestScheduler
from tests.test_scheduling.figma import OK, A, B, C, Figma, no_jitter, request, too_many
from tests.virtual_time import Timeline, run_until, timeline

ENTERPRISE = resolve_limits(rate_limit=None, config_limits=[], plan="enterprise")
ASSUMED = resolve_limits(rate_limit=None, config_limits=[], plan=None)
DAYS_S = 400_000


@pytest.fixture
def time() -> TestScheduler:
    return TestScheduler()


def scheduler_for(
    figma: Figma, limits: Limits = ENTERPRISE, memory: News = NOTHING_NEW, max_wait_s: float = 300
) -> RequestScheduler:
    return RequestScheduler(
        figma.send,
        limits,
        reactor=figma.time,
        max_wait_s=max_wait_s,
        jitter=no_jitter,
        memory=memory,
        clock_text=lambda at: f"{at:.0f} s",
    )


def ask(scheduler: RequestScheduler, time: TestScheduler, *names: str, **more: Any) -> list[Timeline[Response]]:
    return [timeline(time, scheduler(request(name, **more))) for name in names]


def warned(events: Timeline[Event]) -> list[str]:
    return [event.problem.message for event in events.values if isinstance(event, Warned)]


def waits_for(figma: Figma, name: str) -> list[float]:
    """Seconds between the sends of one name."""
    times = [at for at, what in figma.sent if what == name]
    return [round(later - earlier, 3) for earlier, later in pairwise(times)]


# ── budgets ──


def test_a_429_that_names_a_lower_plan_moves_that_file_alone_to_its_own_pace(time: TestScheduler) -> None:
    figma = Figma(time, answers={"low": [too_many(5, plan="pro", limit_type="high")]})
    scheduler = scheduler_for(figma)
    events = timeline(time, scheduler.events)
    ask(scheduler, time, *["low"] * 5, file_key="Low")
    ask(scheduler, time, *["high"] * 14, file_key="High", charged_to=B)
    run_until(time, 59)
    assert warned(events) == ["Figma counts file Low against another plan (professional)"]
    # Professional's spacing for the one, Enterprise's for the other
    assert set(waits_for(figma, "low")[2:]) == {6.0}
    assert set(waits_for(figma, "high")[2:]) == {3.0}


def test_what_a_file_sent_before_it_moved_counts_in_its_new_budget(time: TestScheduler) -> None:
    limits = resolve_limits(rate_limit=60, config_limits=[], plan="enterprise")
    figma = Figma(time, answers={"last": [too_many(1, plan="pro", limit_type="high")]})
    scheduler = scheduler_for(figma, limits)
    ask(scheduler, time, *["low"] * 9, "last", file_key="Low")
    run_until(time, 60.3)
    # ten of this file within the minute are all that Professional allows
    assert len(figma.sent) == 10
    run_until(time, 60.5)
    assert len(figma.sent) == 11


@pytest.mark.parametrize("rate_limit", [None, 10])
def test_a_plan_that_is_not_lower_moves_nothing_as_unknown_files_may_share_it(
    time: TestScheduler, rate_limit: int | None
) -> None:
    asked = resolve_limits(rate_limit=rate_limit, config_limits=[], plan=None)
    figma = Figma(time, answers={"x": [too_many(1, plan="enterprise", limit_type="high")]})
    scheduler = scheduler_for(figma, asked)
    events = timeline(time, scheduler.events)
    ask(scheduler, time, "x", file_key="Key")
    run_until(time, 10)
    assert warned(events) == []
    sample = timeline(time, scheduler.samples())
    run_until(time, 10.5)
    assert [rate.budget for rate in sample.values[0].tiers] == ["", "", ""]


def test_a_plan_learnt_in_an_earlier_run_counts_from_the_first_request_on(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, memory=News(plans={"Low": "starter"}))
    ask(scheduler, time, "low", "low", file_key="Low", charged_to=A)
    ask(scheduler, time, "high", "high", "high", file_key="High", charged_to=B)
    run_until(time, 60)
    assert figma.names.count("low") == 1
    assert figma.names.count("high") == 3


def test_people_are_told_once_of_a_file_that_begins_at_the_pace_of_a_remembered_plan(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(
        figma, memory=News(plans={"Low": "professional", "Same": "enterprise", "Unused": "starter"})
    )
    events = timeline(time, scheduler.events)
    assert warned(events) == []
    ask(scheduler, time, "low", "low", file_key="Low")
    ask(scheduler, time, "same", file_key="Same")
    ask(scheduler, time, "new", file_key="New")
    run_until(time, 60)
    assert warned(events) == ["Figma counts file Low against another plan (professional)"]
    (problem,) = [event.problem for event in events.values if isinstance(event, Warned)]
    assert "--plan or --rate-limit drops what was learnt" in problem.hint


def test_what_is_refused_after_its_file_moved_does_not_lower_the_new_pace(time: TestScheduler) -> None:
    refusal = too_many(2, plan="pro", limit_type="high")
    figma = Figma(time, 1.0, answers={"a": [refusal] * 3})
    scheduler = scheduler_for(figma)
    ask(scheduler, time, "a", "a", "a", file_key="Key")
    run_until(time, 3.5)
    samples = timeline(time, scheduler.samples())
    run_until(time, 3.6)
    assert [rate.limit_per_min for rate in samples.values[0].of_lower_plans] == [10, 25, 50]


def test_a_sample_shows_the_budgets_of_lower_plans_behind_those_of_the_run(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, memory=News(plans={"Low": "starter"}))
    ask(scheduler, time, "low", "low", file_key="Low")
    run_until(time, 1)
    samples = timeline(time, scheduler.samples())
    run_until(time, 1.5)
    assert samples.values[0].of_lower_plans[0] == TierRate(Tier.ONE, 1, 1, 1, "starter")
    assert [rate.limit_per_min for rate in samples.values[0].of_run] == [20, 100, 150]


def test_nonsense_in_the_memory_is_left_out(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, memory=News(plans={"Key": "platinum"}))
    ask(scheduler, time, "x", file_key="Key")
    run_until(time, 1)
    assert figma.names == ["x"]


# ── lock-outs ──


def locked(answer: Timeline[Response]) -> bool:
    return isinstance(answer.error, LockedOut)


def test_a_lock_out_takes_files_of_the_same_plan_along_and_lets_files_of_others_go(time: TestScheduler) -> None:
    refusal = too_many(DAYS_S, plan="pro", limit_type="high")
    figma = Figma(time, answers={"x": [refusal]})
    memory = News(plans={"Same": "professional", "Other": "enterprise"})
    scheduler = scheduler_for(figma, ASSUMED, memory)
    events = timeline(time, scheduler.events)
    (first,) = ask(scheduler, time, "x", file_key="Locked")
    run_until(time, 1)
    (same,) = ask(scheduler, time, "same", file_key="Same", charged_to=B)
    (other,) = ask(scheduler, time, "other", file_key="Other", charged_to=C)
    run_until(time, 30)
    assert (locked(first), locked(same), other.values) == (True, True, [OK])
    assert figma.names == ["x", "other"]
    assert not [event for event in events.values if isinstance(event, Paused)]


def test_files_of_unknown_plan_are_tried_one_at_a_time_while_another_is_locked_out(time: TestScheduler) -> None:
    refusal = too_many(DAYS_S, plan="starter", limit_type="high")
    figma = Figma(time, 2.0, answers={"x": [refusal], "b1": [refusal]})
    scheduler = scheduler_for(figma)
    ask(scheduler, time, "x", file_key="X")
    run_until(time, 5)
    b1, b2 = ask(scheduler, time, "b1", "b2", file_key="B", charged_to=B)
    c1, c2 = ask(scheduler, time, "c1", "c2", file_key="C", charged_to=C)
    run_until(time, 40)
    # b1 is refused after 2 s and takes b2 with it; c1 is answered, and from then on its file goes like any other
    assert figma.sent == [(0, "x"), (5, "b1"), (7, "c1"), (9, "c2")]
    assert [locked(answer) for answer in (b1, b2, c1, c2)] == [True, True, False, False]
    assert c2.values == [OK]


def test_a_probe_that_fails_otherwise_or_is_given_up_lets_the_next_one_go(time: TestScheduler) -> None:
    refusal = too_many(DAYS_S, plan="starter")
    figma = Figma(time, 2.0, answers={"x": [refusal], "b": [ZeroDivisionError()]})
    scheduler = scheduler_for(figma)
    ask(scheduler, time, "x", file_key="X")
    run_until(time, 5)
    ask(scheduler, time, "b", file_key="B", charged_to=B)
    (given_up,) = ask(scheduler, time, "c", file_key="C", charged_to=C)
    ask(scheduler, time, "d", file_key="D", charged_to=A)
    run_until(time, 8)
    given_up.dispose()
    run_until(time, 20)
    assert figma.sent == [(0, "x"), (5, "b"), (7, "c"), (8, "d")]


def test_other_tiers_go_on_during_a_lock_out_unless_all_they_lead_to_is_closed(time: TestScheduler) -> None:
    figma = Figma(time, answers={"x": [too_many(DAYS_S, plan="pro")]})
    scheduler = scheduler_for(figma)
    ask(scheduler, time, "x", file_key="X")
    run_until(time, 1)
    (meta,) = ask(scheduler, time, "meta", file_key="X", tier=Tier.THREE)
    (styles,) = ask(scheduler, time, "styles", file_key="X", tier=Tier.THREE, leads_to=Tier.ONE)
    run_until(time, 2)
    assert meta.values == [OK]
    assert locked(styles)


def test_a_lock_out_of_an_earlier_run_is_told_at_once_and_costs_no_request(time: TestScheduler) -> None:
    figma = Figma(time)
    lock = Refusal(Tier.ONE, "X", 1000.0, "starter", "high", "www.figma.com")
    scheduler = scheduler_for(figma, memory=News(plans={"Mate": "starter"}, refusals=(lock,)))
    (same,) = ask(scheduler, time, "x", file_key="X")
    (mate,) = ask(scheduler, time, "mate", file_key="Mate")
    assert isinstance(same.error, LockedOut)
    assert same.error.until == 1000.0
    assert "until 1000 s (17 min from now); plan: starter" in same.error.problems[0].message
    assert locked(mate)
    run_until(time, 999)
    assert figma.sent == []
    run_until(time, 1000.5)
    (later,) = ask(scheduler, time, "x", file_key="X")
    run_until(time, 1001)
    assert later.values == [OK]


def test_a_refusal_of_an_earlier_run_that_is_over_soon_enough_is_waited_for(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, memory=News(refusals=(Refusal(Tier.ONE, "X", 400.0, "pro"),)), max_wait_s=1000)
    events = timeline(time, scheduler.events)
    (same,) = ask(scheduler, time, "x", file_key="X")
    (other,) = ask(scheduler, time, "y", file_key="Y", tier=Tier.THREE, charged_to=B)
    run_until(time, 500)
    (pause,) = [event for event in events.values if isinstance(event, Paused)]
    assert (pause.at, pause.until) == (0, 400.5)
    assert (same, other) == ([(400.5, OK)], [(400.5, OK)])


def test_a_pause_of_an_earlier_run_is_a_lock_out_for_one_that_does_not_wait_so_long(time: TestScheduler) -> None:
    figma = Figma(time)
    scheduler = scheduler_for(figma, memory=News(refusals=(Refusal(Tier.ONE, "X", 90_000.0, "pro"),)))
    (same,) = ask(scheduler, time, "x", file_key="X")
    (other,) = ask(scheduler, time, "y", file_key="Y", charged_to=B)
    run_until(time, 10)
    assert (locked(same), other.values) == (True, [OK])


def test_a_config_that_asks_for_known_files_has_its_turns_while_others_are_tried(time: TestScheduler) -> None:
    figma = Figma(time, 1.0)
    memory = News(plans={"Known": "professional"}, refusals=(Refusal(Tier.ONE, "Z", 1e6, "starter"),))
    scheduler = scheduler_for(figma, ASSUMED, memory)
    ask(scheduler, time, *["warm"] * 3, file_key="Known")
    for number in range(30):
        timeline(time, scheduler(request(f"try {number}", A, file_key=f"U{number}")), at=1)
    for number in range(5):
        timeline(time, scheduler(request(f"known {number}", B, file_key="Known")), at=1)
    run_until(time, 60)
    assert figma.names[3:9] == ["known 0", "known 1", "try 0", "known 2", "try 1", "known 3"]


def test_those_who_wait_when_a_lock_out_comes_and_need_something_else_go_on(time: TestScheduler) -> None:
    figma = Figma(time, 1.0, answers={"x": [too_many(DAYS_S, plan="pro")]})
    scheduler = scheduler_for(figma)
    _, waiting = ask(scheduler, time, "x", *["x2"], file_key="X")
    others = ask(scheduler, time, *["y"] * 6, file_key="Y", charged_to=B)
    run_until(time, 60)
    assert locked(waiting) or waiting.values == [OK]  # it may have left with the burst
    assert all(answer.values == [OK] for answer in others)


def test_a_request_that_is_about_no_file_is_locked_out_by_its_own_refusal_alone(time: TestScheduler) -> None:
    figma = Figma(time, answers={"me": [too_many(DAYS_S)]})
    scheduler = scheduler_for(figma)
    (me,) = ask(scheduler, time, "me", tier=Tier.THREE, charged_to=None)
    run_until(time, 1)
    (again,) = ask(scheduler, time, "me", tier=Tier.THREE, charged_to=None)
    (meta,) = ask(scheduler, time, "meta", tier=Tier.THREE, file_key="X")
    run_until(time, 10)
    assert (locked(me), locked(again), meta.values) == (True, True, [OK])
