"""The request scheduler: every API request of a token goes through here and leaves when limits and fairness allow.

In: requests of all configs. Out: their answers, and events (sent, paused, resumed, rate samples). Rule: permits are
given in one place (`_serve`), which looks at the pause, the pacer and the queue at that very moment; nothing else
sends. It waits with one timer for the nearest admission. Everything runs on the reactor, so there are no locks.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.disposable import Disposable, SerialDisposable, SingleAssignmentDisposable
from reactivex.subject import Subject

from exfig_rx.errors import LockedOut, RateLimited
from exfig_rx.events import Event, Paused, RateSampled, RequestSent, Resumed, TierRate
from exfig_rx.model import ConfigId, Request, Response, Send, Tier
from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.fair_queue import FairQueue, Ticket
from exfig_rx.scheduling.limits import ClockText, Limits, asked_wait_s, local_time, lock_out, refused_too_often

MOST_REFUSALS: Final = 5
"""So many 429s in a row fail a request."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to send one request now; counted as sent from `at` (epoch seconds) on, used or not."""

    tier: Tier
    config: ConfigId | None
    at: float


@dataclass(eq=False, slots=True)
class _Waiter(abc.DisposableBase):
    """Somebody who wants a permit: `granted` or `failed` is called once, unless it was disposed before.

    `place` is where it stands, None until it does; disposing leaves that place by way of `withdraw`.
    """

    tier: Tier
    config: ConfigId | None
    file_key: str
    granted: Callable[[Permit], None]
    failed: Callable[[Exception], None]
    withdraw: "Callable[[Tier, Ticket[_Waiter]], None]"
    place: "Ticket[_Waiter] | None" = None

    def dispose(self) -> None:
        if self.place is not None:
            self.withdraw(self.tier, self.place)


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
        jitter: seconds added to the end of each pause.
        clock_text: writes epoch seconds for people.
    """

    def __init__(
        self,
        send: Send,
        limits: Limits,
        *,
        reactor: abc.SchedulerBase,
        max_wait_s: float = 300,
        burst: int = 3,
        jitter: Callable[[], float] = _small_jitter_s,
        clock_text: ClockText = local_time,
    ) -> None:
        self._send = send
        self._reactor = reactor
        self._max_wait_s = max_wait_s
        self._jitter = jitter
        self._clock_text = clock_text
        self._pacers = {tier: pacer.fresh(limits.of(tier), burst) for tier in Tier}
        # waiting for a permit, and nothing else: a granted, withdrawn or failed waiter is in no queue
        self._queues: dict[Tier, FairQueue[_Waiter]] = {tier: FairQueue() for tier in Tier}
        # the latest deadline that any 429 gave, and the same with jitter; both None while not paused
        self._deadline_us: int | None = None
        self._resume_us: int | None = None
        # what may not be asked until when; entries whose time has come are dropped when met
        self._locked: dict[tuple[Tier, str], LockedOut] = {}
        # the one timer, and when it is due; None: nothing to wait for
        self._timer = SerialDisposable()
        self._due_us: int | None = None
        self._events: Subject[Event] = Subject()
        self.events: Observable[Event] = self._events.pipe(ops.as_observable())
        """RequestSent, Paused and Resumed as they happen; hot."""

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
                observer.on_next(permit)
                observer.on_completed()

            return self._queue(rank, _Waiter(tier, config, file_key, granted, observer.on_error, self._withdraw))

        return Observable(subscribe)

    def samples(self, period_s: float = 1.0) -> Observable[RateSampled]:
        """How the budgets stand: now, and then every `period_s` seconds until disposed; cold."""
        return rx.timer(0.0, period_s, scheduler=self._reactor).pipe(ops.map(lambda _: self._sample()))

    def dispose(self) -> None:
        """Ends `events` and withdraws the timer; what still waits is never admitted."""
        self._timer.dispose()
        self._events.on_completed()

    # ── a request's way: wait, go, and wait again if refused ──
    # Written out, not composed of `flat_map` and `catch`: each waiting request held 9 kB of operators, now under 2 kB.

    def _wait(self, errand: _Errand) -> None:
        request = errand.request
        granted = partial(self._go, errand)
        waiter = _Waiter(
            request.tier, request.charged_to, request.file_key, granted, errand.observer.on_error, self._withdraw
        )
        errand.move_to(self._queue(request.rank, waiter, front=errand.refusals > 0))

    def _go(self, errand: _Errand, permit: Permit) -> None:
        request, observer = errand.request, errand.observer

        def answered(response: Response) -> None:
            self._raise_pace(permit.tier)
            observer.on_next(response)

        def failed(error: Exception) -> None:
            if isinstance(error, RateLimited):
                self._refused(errand, permit, error)
            else:
                observer.on_error(error)

        self._events.on_next(RequestSent(permit.at, request.charged_to, request.tier, request.what))
        if errand.gone:  # whoever saw that event may have ended it
            return
        sending = SingleAssignmentDisposable()
        errand.move_to(sending)  # before subscribing: a refusal at once moves it on
        sending.disposable = self._send(request).subscribe(
            answered, failed, observer.on_completed, scheduler=self._reactor
        )

    def _raise_pace(self, tier: Tier) -> None:
        before = self._pacers[tier]
        self._pacers[tier] = pacer.answered(before, self._now_us())
        if self._pacers[tier] is not before:
            self._arm()  # who waits may go earlier now

    def _refused(self, errand: _Errand, permit: Permit, refusal: RateLimited) -> None:
        """What a 429 does: lock out, or pause all and ask again from the front of the config's queue."""
        request, tier = errand.request, permit.tier
        wait_s = asked_wait_s(refusal.retry_after_s, self._pacers[tier].spacing_s)
        if wait_s > self._max_wait_s:
            errand.observer.on_error(self._lock(request, refusal, wait_s))
            return
        self._pause(request, wait_s)
        self._pacers[tier] = pacer.refused(
            self._pacers[tier],
            sent_us=round(permit.at * pacer.SECOND_US),
            now_us=self._now_us(),
            resume_us=self._resume_us or 0,
        )
        errand.refusals += 1
        if errand.refusals < MOST_REFUSALS:
            self._wait(errand)
        else:
            errand.observer.on_error(refused_too_often(request, errand.refusals))

    def _pause(self, request: Request, wait_s: float) -> None:
        """Pauses all tiers until the latest deadline seen; an earlier one changes nothing."""
        now_us = self._now_us()
        deadline_us = now_us + round(wait_s * pacer.SECOND_US)
        if self._deadline_us is not None and deadline_us <= self._deadline_us:
            return
        self._deadline_us = deadline_us
        self._resume_us = deadline_us + round(self._jitter() * pacer.SECOND_US)
        reason = f"HTTP 429 for {request.what or request.path}: waiting {wait_s:g} s"
        self._events.on_next(Paused(_seconds(now_us), _seconds(self._resume_us), reason, request.charged_to))
        self._arm()

    def _lock(self, request: Request, refusal: RateLimited, wait_s: float) -> LockedOut:
        """Locks the request's tier out for its file and fails all that wait for the same."""
        key = (request.tier, request.file_key)
        until = _seconds(self._now_us()) + wait_s
        known = self._locked.get(key)
        if known is not None and known.until >= until:
            return known
        locked = lock_out(refusal, request, wait_s=wait_s, until=until, clock_text=self._clock_text(until))
        self._locked[key] = locked
        queue = self._queues[request.tier]
        for ticket in list(queue):
            if ticket.item.file_key == request.file_key and ticket.waiting:
                queue.remove(ticket)
                ticket.item.failed(locked)
        return locked

    def _lock_in_force(self, tier: Tier, file_key: str) -> LockedOut | None:
        locked = self._locked.get((tier, file_key))
        if locked is not None and locked.until <= _seconds(self._now_us()):
            del self._locked[tier, file_key]
            return None
        return locked

    # ── permits ──

    def _queue(self, rank: int, waiter: _Waiter, *, front: bool = False) -> _Waiter:
        """Puts `waiter` in line, or fails it if it asks for what is locked out."""
        locked = self._lock_in_force(waiter.tier, waiter.file_key)
        if locked is not None:
            waiter.failed(locked)
            return waiter
        queue = self._queues[waiter.tier]
        waiter.place = (queue.push_front if front else queue.push)(waiter.config, waiter, rank)
        if len(queue) == 1:  # otherwise the timer is set for those who wait already
            self._arm()
        return waiter

    def _serve(self) -> None:
        """Gives every permit that may be given now; the only place that does."""
        self._due_us = None
        if self._resume_us is not None and self._now_us() >= self._resume_us:
            self._deadline_us = self._resume_us = None
            self._events.on_next(Resumed(_seconds(self._now_us())))
        for tier, queue in self._queues.items():
            # the pause is looked at again for each permit: an answer may arrive while permits are given
            while queue and self._resume_us is None:
                now_us = self._now_us()
                if pacer.earliest(self._pacers[tier], now_us) > now_us:
                    break
                waiter = queue.pop()
                self._pacers[tier] = pacer.sent(self._pacers[tier], now_us)
                waiter.granted(Permit(tier, waiter.config, _seconds(now_us)))
        self._arm()

    def _arm(self) -> None:
        """Sets the timer for the nearest moment at which `_serve` has something to do, unless it rings before that."""
        due_us = self._next_due_us()
        if due_us is None:
            self._due_us = None
            self._timer.disposable = Disposable()
            return
        if self._due_us is not None and self._due_us <= due_us:
            return
        self._due_us = due_us

        def ring(_: abc.SchedulerBase, __: object = None) -> None:
            self._serve()

        self._timer.disposable = self._reactor.schedule_absolute(_seconds(due_us), ring)

    def _next_due_us(self) -> int | None:
        if self._resume_us is not None:
            return self._resume_us
        now_us = self._now_us()
        ready = [pacer.earliest(self._pacers[tier], now_us) for tier, queue in self._queues.items() if queue]
        return min(ready, default=None)

    def _withdraw(self, tier: Tier, ticket: Ticket[_Waiter]) -> None:
        if ticket.waiting:
            self._queues[tier].remove(ticket)
            if not self._queues[tier]:
                self._arm()

    # ── seeing ──

    def _sample(self) -> RateSampled:
        now_us = self._now_us()
        rates = tuple(
            TierRate(tier, pacer.sent_last_minute(state, now_us), state.limit_in_force, len(self._queues[tier]))
            for tier, state in self._pacers.items()
        )
        return RateSampled(_seconds(now_us), rates)

    def _now_us(self) -> int:
        return round(self._reactor.to_seconds(self._reactor.now) * pacer.SECOND_US)


def _seconds(instant_us: int) -> float:
    return instant_us / pacer.SECOND_US
