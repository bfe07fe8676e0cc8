"""Retries in virtual time: which failures, after which waits, with which events."""

import reactivex as rx
from reactivex import Observable
from reactivex.testing import TestScheduler

from exfig_rx.errors import FigmaRefused, FigmaUnavailable, RateLimited
from exfig_rx.events import Event, RequestRetried
from exfig_rx.figma.retry import retrying
from exfig_rx.model import Problem, Request, Response, Send, Tier
from tests.virtual_time import Timeline, run_until, timeline

REQUEST = Request(Tier.ONE, "/v1/files/k/nodes", what="nodes of k")
DOWN = FigmaUnavailable(Problem("figma.server-error", "Figma failed with HTTP 503"), status=503)
OK = Response(200, {})


def played(
    answers: list[Response | Exception], max_retries: int, random: float = 1.0
) -> tuple[Timeline[Response], list[float], list[Event]]:
    """What comes out when `send` gives `answers` one after the other, when it was asked, and the events."""
    scheduler = TestScheduler()
    asked: list[float] = []
    events: list[Event] = []
    left = iter(answers)

    def send(_: Request) -> Observable[Response]:
        def start(_: object) -> Observable[Response]:
            asked.append(scheduler.to_seconds(scheduler.now))
            answer = next(left)
            return rx.of(answer) if isinstance(answer, Response) else rx.throw(answer)

        return rx.defer(start)

    patient: Send = retrying(
        send, max_retries=max_retries, reactor=scheduler, emit=events.append, random=lambda: random
    )
    seen = timeline(scheduler, patient(REQUEST))
    run_until(scheduler, 1000.0)
    return seen, asked, events


def test_waits_double_and_each_retry_is_an_event() -> None:
    seen, asked, events = played([DOWN, DOWN, DOWN, OK], max_retries=4)
    assert asked == [0.0, 1.0, 3.0, 7.0]
    assert seen == [(7.0, OK)]
    assert [(event.attempt, event.wait_s) for event in events if isinstance(event, RequestRetried)] == [
        (1, 1.0),
        (2, 2.0),
        (3, 4.0),
    ]
    assert all(isinstance(event, RequestRetried) and "503" in event.reason for event in events)


def test_jitter_takes_the_whole_range_down_to_no_wait() -> None:
    _, asked, _ = played([DOWN, DOWN, OK], max_retries=4, random=0.0)
    assert asked == [0.0, 0.0, 0.0]


def test_after_the_last_retry_the_error_says_how_often_it_was_asked() -> None:
    seen, asked, _ = played([DOWN] * 9, max_retries=2)
    assert len(asked) == 3
    assert isinstance(seen.error, FigmaUnavailable)
    assert "asked 3 times" in str(seen.error)
    assert seen.error.status == 503


def test_without_retries_the_error_stays_as_it_is() -> None:
    seen, asked, events = played([DOWN], max_retries=0)
    assert (seen.error, len(asked), events) == (DOWN, 1, [])


def test_refusals_429s_and_bugs_are_not_retried() -> None:
    for error in (
        FigmaRefused(Problem("figma.not-found", "no file"), status=404),
        RateLimited(retry_after_s=1.0),
        ZeroDivisionError("a bug"),
    ):
        seen, asked, events = played([error, OK], max_retries=4)
        assert (seen.error, len(asked), events) == (error, 1, [])
