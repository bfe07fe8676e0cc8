"""A Figma of one function for the scheduler's tests: answers in virtual time and logs what it saw."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.disposable import Disposable
from reactivex.testing import TestScheduler

from exfig_rx.errors import RateLimited
from exfig_rx.model import ConfigId, Request, Response, Tier
from exfig_rx.scheduling.limits import Limits
from exfig_rx.scheduling.scheduler import RequestScheduler
from tests.virtual_time import now

OK = Response(200, {})


def config(name: str) -> ConfigId:
    return ConfigId(f"/configs/{name}.yaml", f"{name}.yaml", f"{name}.yaml")


A, B, C = config("a"), config("b"), config("c")


def request(
    what: str,
    charged_to: ConfigId | None = A,
    tier: Tier = Tier.ONE,
    *,
    file_key: str = "",
    rank: int = 0,
    leads_to: Tier | None = None,
) -> Request:
    return Request(
        tier, f"/v1/{what}", charged_to=charged_to, file_key=file_key, what=what, rank=rank, leads_to=leads_to
    )


def too_many(retry_after_s: float | None, *, plan: str = "", limit_type: str = "") -> RateLimited:
    return RateLimited(retry_after_s=retry_after_s, plan=plan, limit_type=limit_type)


def at_once(answer: Exception | Response) -> Observable[Response]:
    """Answers while it is subscribed to; `rx.throw` would wait for the scheduler, whichever it is given."""

    def subscribe(observer: abc.ObserverBase[Response], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
        if isinstance(answer, Exception):
            observer.on_error(answer)
        else:
            observer.on_next(answer)
            observer.on_completed()
        return Disposable()

    return Observable(subscribe)


@dataclass
class Figma:
    """Answers after `latency_s`; `answers[what]` are consumed first: an error, or another answer.

    `sent` and `cancelled` are (seconds, what).
    """

    time: TestScheduler
    latency_s: float = 0.0
    answers: dict[str, list[Exception | Response]] = field(default_factory=dict)
    sent: list[tuple[float, str]] = field(default_factory=list)
    cancelled: list[tuple[float, str]] = field(default_factory=list)

    def send(self, asked: Request) -> Observable[Response]:
        def start(_: object) -> Observable[Response]:
            self.sent.append((now(self.time), asked.what))
            queued = self.answers.get(asked.what)
            answer = queued.pop(0) if queued else OK
            said = at_once(answer)
            if self.latency_s == 0:
                return said
            ended = False

            def end() -> None:
                nonlocal ended
                ended = True

            def last() -> None:
                if not ended:
                    self.cancelled.append((now(self.time), asked.what))

            return rx.timer(self.latency_s, scheduler=self.time).pipe(
                ops.do_action(lambda _: end()), ops.flat_map(lambda _: said), ops.finally_action(last)
            )

        return rx.defer(start)

    @property
    def names(self) -> list[str]:
        return [what for _, what in self.sent]


def no_jitter() -> float:
    return 0.0


def scheduler_for(
    figma: Figma,
    *,
    per_min: tuple[int, int, int] = (10, 25, 50),
    burst: int = 3,
    max_wait_s: float = 300,
    most_in_flight: float = math.inf,
    jitter: Callable[[], float] = no_jitter,
) -> RequestScheduler:
    return RequestScheduler(
        figma.send,
        Limits(per_min, "test"),
        reactor=figma.time,
        max_wait_s=max_wait_s,
        most_in_flight=most_in_flight,
        burst=burst,
        jitter=jitter,
        clock_text=lambda epoch_s: f"{epoch_s:.0f} o'clock",
    )
