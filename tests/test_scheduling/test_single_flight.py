"""Ask once: concurrent, late, failed, disposed and cancelled askers of one question."""

from dataclasses import replace

import pytest
import reactivex as rx
from reactivex.testing import ReactiveTest, Recorded, TestScheduler
from reactivex.testing.subscription import Subscription

from exfig_rx.errors import ExfigError, FigmaUnavailable, LockedOut
from exfig_rx.events import Event, RequestShared
from exfig_rx.model import Problem, Request, Response, Tier
from exfig_rx.scheduling.single_flight import SingleFlight
from tests.test_scheduling.figma import OK, A, B, C, Figma, request, scheduler_for, too_many
from tests.virtual_time import do_at, now, run_until, timeline


class Sharing:
    """A single flight over a source that answers five seconds after it is asked."""

    def __init__(self, failure: Exception | None = None, linger_s: float = 0.0) -> None:
        self.time = TestScheduler()
        answer: list[Recorded[Response]] = [ReactiveTest.on_next(5, OK), ReactiveTest.on_completed(5)]
        failed: list[Recorded[Response]] = [ReactiveTest.on_error(5, failure)] if failure else []
        self.source = self.time.create_cold_observable(failed or answer)
        self.events: list[Event] = []
        self.asked: list[Request] = []

        def ask(asked: Request) -> rx.Observable[Response]:
            self.asked.append(asked)
            return self.source

        self.flight = SingleFlight(ask, self.events.append, lambda: now(self.time), self.time, linger_s)


def test_many_who_ask_the_same_at_once_get_the_answer_of_one_request() -> None:
    sharing = Sharing()
    answers = [timeline(sharing.time, sharing.flight(request("styles", who))) for who in (A, B, C)]
    run_until(sharing.time, 10)
    assert sharing.source.subscriptions == [Subscription(0, 5)]
    assert all(answer == [(5, OK)] and answer.completed_at == 5 for answer in answers)
    assert sharing.events == [
        RequestShared(0, B, Tier.ONE, "styles"),
        RequestShared(0, C, Tier.ONE, "styles"),
    ]


def test_one_who_asks_while_it_is_under_way_joins_and_one_who_asks_later_gets_it_at_once() -> None:
    sharing = Sharing()
    timeline(sharing.time, sharing.flight(request("styles", A)))
    joined = timeline(sharing.time, sharing.flight(request("styles", B)), at=3)
    late = timeline(sharing.time, sharing.flight(request("styles", C)), at=80)
    run_until(sharing.time, 100)
    assert sharing.source.subscriptions == [Subscription(0, 5)]
    assert (joined, late) == ([(5, OK)], [(80, OK)])
    assert late.completed_at == 80
    assert sharing.events == [RequestShared(3, B, Tier.ONE, "styles"), RequestShared(80, C, Tier.ONE, "styles")]


@pytest.mark.parametrize(
    "failure",
    [
        FigmaUnavailable(Problem("figma.unavailable", "no answer")),
        too_many(10),
        LockedOut(Problem("figma.locked-out", "locked out"), until=99),
    ],
)
def test_a_failure_is_shared_and_not_repeated_by_each(failure: ExfigError) -> None:
    sharing = Sharing(failure)
    answers = [timeline(sharing.time, sharing.flight(request("styles", who))) for who in (A, B)]
    late = timeline(sharing.time, sharing.flight(request("styles", C)), at=8)
    run_until(sharing.time, 10)
    assert sharing.source.subscriptions == [Subscription(0, 5)]
    assert [answer.error for answer in (*answers, late)] == [failure] * 3
    assert [answer.failed_at for answer in (*answers, late)] == [5, 5, 8]


def test_different_questions_go_apart() -> None:
    sharing = Sharing()
    for asked in (request("styles"), request("meta"), replace(request("styles"), query=(("ids", "1:2"),))):
        timeline(sharing.time, sharing.flight(asked))
    run_until(sharing.time, 10)
    assert len(sharing.asked) == 3
    assert sharing.events == []


def test_what_is_no_get_is_never_shared() -> None:
    sharing = Sharing()
    for _ in range(2):
        timeline(sharing.time, sharing.flight(replace(request("variables"), method="POST", body=b"{}")))
    run_until(sharing.time, 10)
    assert len(sharing.asked) == 2
    assert sharing.events == []


def test_the_one_who_pays_may_leave_and_the_others_still_get_the_answer() -> None:
    sharing = Sharing()
    payer = timeline(sharing.time, sharing.flight(request("styles", A)))
    other = timeline(sharing.time, sharing.flight(request("styles", B)))
    do_at(sharing.time, 2, payer.dispose)
    run_until(sharing.time, 10)
    assert sharing.source.subscriptions == [Subscription(0, 5)]
    assert payer == []
    assert other == [(5, OK)]


def test_when_all_have_left_the_request_is_cancelled_and_forgotten() -> None:
    sharing = Sharing()
    answers = [timeline(sharing.time, sharing.flight(request("styles", who))) for who in (A, B)]
    for moment, answer in enumerate(answers, start=1):
        do_at(sharing.time, moment, answer.dispose)
    again = timeline(sharing.time, sharing.flight(request("styles", C)), at=3)
    run_until(sharing.time, 10)
    assert sharing.source.subscriptions == [Subscription(0, 2), Subscription(3, 8)]
    assert again == [(8, OK)]
    assert sharing.events == [RequestShared(0, B, Tier.ONE, "styles")]


def test_an_answer_that_comes_while_one_asks_is_shared_too() -> None:
    time = TestScheduler()
    figma = Figma(time)
    events: list[Event] = []
    flight = SingleFlight(figma.send, events.append, lambda: now(time), time)
    answers = [timeline(time, flight(request("styles", who))) for who in (A, B)]
    run_until(time, 1)
    assert answers == [[(0, OK)], [(0, OK)]]
    assert figma.names == ["styles"]
    assert events == [RequestShared(0, B, Tier.ONE, "styles")]


def test_over_the_scheduler_a_config_that_leaves_the_queue_does_not_take_the_question_with_it() -> None:
    time = TestScheduler()
    figma = Figma(time)
    scheduler = scheduler_for(figma, burst=1)
    flight = SingleFlight(scheduler, lambda _: None, lambda: now(time), time)
    timeline(time, scheduler(request("first")))
    payer = timeline(time, flight(request("styles", A)))
    other = timeline(time, flight(request("styles", B)))
    do_at(time, 1, payer.dispose)
    run_until(time, 10)
    assert figma.sent == [(0, "first"), (6, "styles")]
    assert other == [(6, OK)]


def test_over_the_scheduler_a_question_that_everybody_left_leaves_the_queue() -> None:
    time = TestScheduler()
    figma = Figma(time)
    scheduler = scheduler_for(figma, burst=1)
    flight = SingleFlight(scheduler, lambda _: None, lambda: now(time), time)
    timeline(time, scheduler(request("first")))
    for moment, who in enumerate((A, B), start=1):
        do_at(time, moment, timeline(time, flight(request("styles", who))).dispose)
    run_until(time, 10)
    assert figma.names == ["first"]


def test_what_nobody_waits_for_any_more_lingers_for_whoever_comes_right_behind() -> None:
    sharing = Sharing(linger_s=3)
    first = timeline(sharing.time, sharing.flight(request("styles", A)))
    do_at(sharing.time, 2, first.dispose)
    second = timeline(sharing.time, sharing.flight(request("styles", A)), at=4)
    run_until(sharing.time, 100)
    assert sharing.source.subscriptions == [Subscription(0, 5)]
    assert (first, second) == ([], [(5, OK)])


def test_an_answer_that_comes_while_nobody_waits_is_kept() -> None:
    sharing = Sharing(linger_s=3)
    first = timeline(sharing.time, sharing.flight(request("styles", A)))
    do_at(sharing.time, 4, first.dispose)
    late = timeline(sharing.time, sharing.flight(request("styles", B)), at=80)
    run_until(sharing.time, 100)
    assert late == [(80, OK)]
    assert len(sharing.asked) == 1


def test_when_nobody_comes_it_is_cut_and_asked_anew_later() -> None:
    sharing = Sharing(linger_s=2)
    first = timeline(sharing.time, sharing.flight(request("styles", A)))
    do_at(sharing.time, 1, first.dispose)
    again = timeline(sharing.time, sharing.flight(request("styles", A)), at=10)
    run_until(sharing.time, 100)
    assert sharing.source.subscriptions == [Subscription(0, 3), Subscription(10, 15)]
    assert again == [(15, OK)]


def test_who_comes_and_leaves_again_has_a_time_of_its_own() -> None:
    sharing = Sharing(linger_s=3)
    first = timeline(sharing.time, sharing.flight(request("styles", A)))
    do_at(sharing.time, 1, first.dispose)
    second = timeline(sharing.time, sharing.flight(request("styles", A)), at=2)
    do_at(sharing.time, 3, second.dispose)
    run_until(sharing.time, 100)
    assert sharing.source.subscriptions == [Subscription(0, 5)]
