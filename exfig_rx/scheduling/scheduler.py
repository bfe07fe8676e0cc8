"""The request scheduler: every API request of a token goes through here and leaves when limits and fairness allow.

In: requests of all configs. Out: their answers, and events (sent, paused, resumed, rate samples). Rule: a request waits
for a permit, goes, and waits again at the front of its config's queue when Figma refused it; nothing else sends.
Everything runs on the reactor, so there are no locks.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.disposable import CompositeDisposable, Disposable, SingleAssignmentDisposable
from reactivex.subject import Subject

from exfig_rx.errors import RateLimited
from exfig_rx.events import Event, RateSampled, RequestSent
from exfig_rx.model import ConfigId, Request, Response, Send, Tier
from exfig_rx.scheduling.ledger import NOTHING_NEW, Ledger, News
from exfig_rx.scheduling.limits import MOST_REFUSALS, ClockText, Limits, local_time, refused_too_often
from exfig_rx.scheduling.permits import Permits
from exfig_rx.scheduling.waiting import Permit, Waiter


@dataclass(eq=False, slots=True)
class _Errand(abc.DisposableBase):
    """One request on its way; `place` is what it waits in now: the queue, or a send. Disposing leaves that."""

    request: Request
    observer: abc.ObserverBase[Response]
    place: abc.DisposableBase | None = None
    refusals: int = 0
    gone: bool = False

    def move_to(self, place: abc.DisposableBase) -> None:
        self.place = place
        if self.gone:
            place.dispose()

    def dispose(self) -> None:
        self.gone = True
        if self.place is not None:
            self.place.dispose()


def _small_jitter_s() -> float:
    return random.uniform(0.05, 0.5)  # noqa: S311  spreads processes that share a token; no secret


class RequestScheduler:
    """Paces, shares out and pauses all requests of one token; is itself a `Send`.

    Args:
        send: sends a request and answers on the reactor; fails with `RateLimited` for a 429.
        limits: requests a minute per tier.
        reactor: the scheduler on which everything here runs; its clock is epoch seconds and never goes back.
        max_wait_s: a 429 that asks for more locks out instead of pausing.
        burst: requests of a tier that may leave at once after a quiet time.
        most_in_flight: requests on their way at once, as many as `send` really starts: one that had to wait again
            behind its permit would leave at another time than was counted, or in a pause.
        jitter: seconds added to the end of each pause.
        clock_text: writes epoch seconds for people.
        ledger: shares what is sent and learnt with other runs of the token; None keeps it to this run.
        memory: what those runs had sent and learnt when this one began.
    """

    def __init__(
        self,
        send: Send,
        limits: Limits,
        *,
        reactor: abc.SchedulerBase,
        max_wait_s: float = 300,
        burst: int = 3,
        most_in_flight: float = math.inf,
        jitter: Callable[[], float] = _small_jitter_s,
        clock_text: ClockText = local_time,
        ledger: Ledger | None = None,
        memory: News = NOTHING_NEW,
    ) -> None:
        self._send = send
        self._reactor = reactor
        self._events: Subject[Event] = Subject()
        self._permits = Permits(
            limits,
            reactor=reactor,
            burst=burst,
            most_in_flight=most_in_flight,
            max_wait_s=max_wait_s,
            jitter=jitter,
            clock_text=clock_text,
            ledger=ledger,
            memory=memory,
            emit=self._events.on_next,
        )
        self.events: Observable[Event] = self._events.pipe(ops.as_observable())
        """RequestSent, Paused (behind a sample), Resumed and Warned as they happen; hot."""

    def __call__(self, request: Request) -> Observable[Response]:
        """The answer to `request`: cold; queues on subscription, sends when its turn comes.

        Disposing withdraws it from the queue or cancels the send, which stays counted.

        Raises (as `on_error`):
            LockedOut: the tier of this file is locked out for longer than `max_wait_s`.
            FigmaError: refused five times in a row, or whatever else `send` fails with.
        """

        def subscribe(observer: abc.ObserverBase[Response], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
            errand = _Errand(request, observer)
            self._wait(errand)
            return errand

        return Observable(subscribe)

    def admit(self, config: ConfigId | None, tier: Tier, rank: int = 0, *, file_key: str = "") -> Observable[Permit]:
        """Leave to send one request: cold; queues on subscription, emits one `Permit` and completes.

        `rank`: lower goes first within the config. Disposing withdraws. Fails with `LockedOut` while `tier` is locked
        out for `file_key`.
        """

        def subscribe(observer: abc.ObserverBase[Permit], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
            def granted(permit: Permit) -> None:
                self._permits.came_back(permit)
                observer.on_next(permit)
                observer.on_completed()

            waiter = Waiter(
                tier, None, config, file_key, rank, granted, observer.on_error, withdraw=self._permits.withdraw
            )
            return self._permits.queue(waiter)

        return Observable(subscribe)

    def weigh(self, config: ConfigId, weight: int) -> None:
        """Gives a config `weight` (at least 1) times the turns of one that was not weighed."""
        self._permits.weigh(config, weight)

    def next_opening(self) -> float | None:
        """When the next lock-out ends, in epoch seconds; None if there is none."""
        return self._permits.next_opening()

    def samples(self, period_s: float = 1.0) -> Observable[RateSampled]:
        """How the budgets stand: now, and then every `period_s` seconds in which that changes, until disposed; cold."""
        looks = rx.timer(0.0, period_s, scheduler=self._reactor)
        return looks.pipe(ops.map(lambda _: self._permits.sample()), ops.distinct_until_changed(_standing))

    def dispose(self) -> None:
        """Ends `events` and withdraws the timer; what still waits is never admitted."""
        self._permits.dispose()
        self._events.on_completed()

    # ── a request's way: wait, go, and wait again if refused ──
    # Written out, not composed of `flat_map` and `catch`: each waiting request held 9 kB of operators, now under 2 kB.

    def _wait(self, errand: _Errand) -> None:
        request = errand.request
        waiter = Waiter(
            request.tier,
            request.leads_to,
            request.charged_to,
            request.file_key,
            request.rank,
            partial(self._go, errand),
            errand.observer.on_error,
            withdraw=self._permits.withdraw,
        )
        errand.move_to(self._permits.queue(waiter, front=errand.refusals > 0))

    def _go(self, errand: _Errand, permit: Permit) -> None:
        observer = errand.observer
        request = errand.request.late.fill() if errand.request.late is not None else errand.request
        back = Disposable(partial(self._permits.came_back, permit))

        def answered(response: Response) -> None:
            back.dispose()
            self._permits.answered(permit)
            observer.on_next(response)

        def failed(error: Exception) -> None:
            back.dispose()
            if isinstance(error, RateLimited):
                self._refused(errand, permit, error)
            else:
                observer.on_error(error)

        def completed() -> None:
            back.dispose()
            observer.on_completed()

        self._events.on_next(RequestSent(permit.at, request.charged_to, request.tier, request.what))
        if errand.gone:  # whoever saw that event may have ended it
            back.dispose()
            return
        sending = SingleAssignmentDisposable()
        # before subscribing: a refusal at once moves it on
        errand.move_to(CompositeDisposable(sending, back))
        sending.disposable = self._send(request).subscribe(answered, failed, completed, scheduler=self._reactor)

    def _refused(self, errand: _Errand, permit: Permit, answer: RateLimited) -> None:
        """What a 429 does: lock out, or pause all and ask again from the front of the config's queue."""
        request = errand.request
        locked = self._permits.refused(permit, answer, request.what or request.path)
        if locked is not None:
            errand.observer.on_error(locked)
            return
        errand.refusals += 1
        # what it carries may have been refused before, in requests of others
        in_a_row = errand.refusals if request.late is None else request.late.refused()
        if in_a_row >= MOST_REFUSALS:
            errand.observer.on_error(refused_too_often(request, in_a_row))
            return
        self._wait(errand)
        if request.late is not None:
            request.late.empty()


def _standing(sample: RateSampled) -> object:
    """What a sample says, whenever it was taken."""
    return sample.tiers, sample.paused_until
