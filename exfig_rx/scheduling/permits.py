"""Leave to send: who may go now, and when the next one may.

In: those who wait, and what refusals taught. Out: permits, and events (paused, resumed, notes). Rule: permits are given
in one place (`_serve`), which looks at the pause, the pace, the other runs and the queue at that very moment. It waits
with one timer for the nearest admission. Everything runs on the reactor, so there are no locks.
"""

from collections.abc import Callable, Hashable
from typing import Final

from reactivex import abc
from reactivex.disposable import Disposable, SerialDisposable

from exfig_rx.errors import LockedOut, RateLimited
from exfig_rx.events import Event, Paused, RateSampled, Resumed, TierRate, Warned
from exfig_rx.model import ConfigId
from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.budgets import Budgets, Line
from exfig_rx.scheduling.ledger import NOTHING_NEW, Ledger, News, Refusal, Sent
from exfig_rx.scheduling.limits import (
    ClockText,
    Limits,
    asked_wait_s,
    budget_named,
    lower_plan,
    refusal_of,
    remembered_until,
)
from exfig_rx.scheduling.waiting import Permit, Waiter, WaitingRoom

HEARD_LATER_S: Final = 0.5
"""A pause that another run was told of lasts so much longer here, so that what was refused there goes first."""

LATE_US: Final = 100_000
"""A send that other runs held up for longer than that asks again."""


class Permits:
    """The permits of one token; arguments as in `RequestScheduler`."""

    def __init__(
        self,
        limits: Limits,
        *,
        reactor: abc.SchedulerBase,
        burst: int,
        most_in_flight: float,
        max_wait_s: float,
        jitter: Callable[[], float],
        clock_text: ClockText,
        ledger: Ledger | None,
        memory: News,
        emit: Callable[[Event], None],
    ) -> None:
        self._limits = limits
        self._reactor = reactor
        self._most_in_flight = most_in_flight
        self._max_wait_s = max_wait_s
        self._jitter = jitter
        self._ledger = ledger
        # taken in when the first one asks: by then somebody hears the events
        self._memory = memory
        self._emit = emit
        self._budgets: Budgets[Waiter] = Budgets(limits, burst)
        self._room = WaitingRoom(self._budgets, lambda: _seconds(self.now_us()), clock_text)
        # permits that have not come back
        self._in_flight = 0
        # the latest deadline that any 429 gave, and the same with jitter; both None while not paused
        self._deadline_us: int | None = None
        self._resume_us: int | None = None
        # files on a lower line of which people have not been told, since nobody has asked for them yet
        self._untold: set[str] = set()
        # the one timer, and when it is due; None: nothing to wait for
        self._timer = SerialDisposable()
        self._due_us: int | None = None

    def weigh(self, lane: Hashable, weight: int) -> None:
        """Gives a config `weight` times the turns of others."""
        self._budgets.weigh(lane, weight)

    def queue(self, waiter: Waiter, *, front: bool = False) -> Waiter:
        """Puts `waiter` in line, or fails it if it asks for what is locked out."""
        if self._memory is not NOTHING_NEW:
            memory, self._memory = self._memory, NOTHING_NEW
            self._budgets.hear(memory, self.now_us())
            self._take_in(memory)
        if waiter.file_key in self._untold:
            self._tell(waiter.file_key)
        if self._room.enter(waiter, front=front):  # otherwise the timer is set for those who wait already
            self._arm()
        return waiter

    def withdraw(self, waiter: Waiter) -> None:
        """Takes `waiter` out of the line, if it still stands there."""
        if self._room.leave(waiter):
            self._arm()

    # ── what becomes of a permit ──

    def answered(self, permit: Permit) -> None:
        """A success of what was sent at a lowered pace: it climbs. A file of unknown plan that was tried goes on."""
        line = self._budgets.line(permit.tier, permit.file_key)
        climbs = line.pacer.is_lowered and permit.at * pacer.SECOND_US > line.pacer.lowered_at_us
        if climbs:
            line.pacer = pacer.answered(line.pacer, self.now_us())
        if permit.is_probe:
            self._room.prove(permit.tier, permit.file_key)
        if permit.is_probe or climbs:
            self._arm()  # who waits may go earlier now

    def came_back(self, permit: Permit) -> None:
        """The request is over, whichever way; called once."""
        was_full = self._in_flight >= self._most_in_flight
        self._in_flight -= 1
        if permit.is_probe:
            for line in self._budgets:
                if line.tier is permit.tier:
                    line.is_probing = False
        if was_full or permit.is_probe:
            self._arm()

    def refused(self, permit: Permit, answer: RateLimited, what: str) -> LockedOut | None:
        """What a 429 for the request of `permit` does: all wait, or what it closes fails, this request included.

        It also teaches which budget the file counts against. `what` names the request for people.
        """
        name = budget_named(answer.plan, answer.limit_type)
        if name is not None and permit.file_key:
            self._learn(permit.file_key, name, told=True)
        spacing_s = self._budgets.line(permit.tier, permit.file_key).pacer.spacing_s
        wait_s = asked_wait_s(answer.retry_after_s, spacing_s)
        now_us = self.now_us()
        until = _seconds(now_us + round(wait_s * pacer.SECOND_US))
        refusal = refusal_of(answer, permit.tier, permit.file_key, sent_at=permit.at, until=until)
        if self._ledger is not None:
            if name is not None and permit.file_key:
                kept_until = remembered_until(name, now_s=_seconds(now_us), over_at=until)
                self._ledger.learn(permit.file_key, name, kept_until)
            self._ledger.refused(refusal)
        reason = f"HTTP 429 for {what}: waiting {wait_s:g} s"
        return self._heed(refusal, self._jitter(), reason, permit.config)

    # ── what refusals teach, those of this run and of others ──

    def _take_in(self, news: News) -> None:
        for file_key, name in news.plans.items():
            self._learn(file_key, name, told=False)
        for refusal in news.refusals:
            if refusal.until > _seconds(self.now_us()):
                later_s = HEARD_LATER_S + self._jitter()
                self._heed(refusal, later_s, "HTTP 429 for another run with this token", None)

    def _learn(self, file_key: str, name: str, *, told: bool) -> None:
        """The budget of a file; people are told when it is lower, or else when somebody asks for that file."""
        moved = self._budgets.learn(file_key, name, self.now_us())
        is_waited_for = self._room.regroup(file_key)
        self._arm()
        if moved:
            self._untold.add(file_key)
            if told or is_waited_for:
                self._tell(file_key)

    def _tell(self, file_key: str) -> None:
        self._untold.discard(file_key)
        problem = lower_plan(file_key, self._budgets.plan_of(file_key) or "", self._limits)
        self._emit(Warned(_seconds(self.now_us()), None, problem))

    def _heed(self, refusal: Refusal, later_s: float, reason: str, config: ConfigId | None) -> LockedOut | None:
        """Waits until a refusal is over, and `later_s` longer, or closes what it is about if that takes too long."""
        now_us, until_us = self.now_us(), round(refusal.until * pacer.SECOND_US)
        if until_us - now_us > self._max_wait_s * pacer.SECOND_US:
            locked_out = self._room.close(refusal)
            self._arm()
            return locked_out
        self._pause(until_us, later_s, reason, config)
        line = self._budgets.line(refusal.tier, refusal.file_key)
        sent_us = round(refusal.sent_at * pacer.SECOND_US)
        line.pacer = pacer.refused(line.pacer, sent_us=sent_us, now_us=now_us, resume_us=until_us)
        return None

    def _pause(self, deadline_us: int, later_s: float, reason: str, config: ConfigId | None) -> None:
        """Pauses everything until the latest deadline seen, and `later_s` longer; an earlier one changes nothing."""
        if self._deadline_us is not None and deadline_us <= self._deadline_us:
            return
        self._deadline_us = deadline_us
        self._resume_us = deadline_us + round(later_s * pacer.SECOND_US)
        self._emit(self.sample())  # whoever is told of the pause sees what led to it
        self._emit(Paused(_seconds(self.now_us()), _seconds(self._resume_us), reason, config))
        self._arm()

    # ── permits ──

    def _serve(self, *_: object) -> None:
        """Gives every permit that may be given now; the only place that does."""
        self._due_us = None
        now_us = self.now_us()
        if self._resume_us is not None and now_us >= self._resume_us:
            # from the deadline on, which is the same for all runs: together they come back as one
            self._budgets.hold(self._deadline_us or now_us)
            self._deadline_us = self._resume_us = None
            self._emit(Resumed(_seconds(now_us)))
        due_us: int | None = None
        for line in self._budgets.in_turn():
            # looked at again for each permit: an answer may arrive while permits are given
            while (queue := self._room.due(line)) is not None and self._may_send:
                ready_us = line.ready(now_us)
                sent = Sent(line.tier, queue.peek().file_key, now_us)
                if ready_us > now_us or not (self._ledger is None or self._claim(self._ledger, line, sent)):
                    due_us = ready_us if due_us is None else min(due_us, ready_us)
                    break
                waiter = queue.pop()
                is_probe = queue is line.probes
                line.is_probing = line.is_probing or is_probe
                self._in_flight += 1
                self._budgets.note(line, sent)
                waiter.granted(Permit(line.tier, waiter.config, _seconds(now_us), waiter.file_key, is_probe))
            if self._in_flight >= self._most_in_flight:
                self._budgets.go_on_behind(line)
                break
        if not self._may_send:
            self._arm()
        elif due_us is not None:  # whatever else changed meanwhile has set the timer itself
            self._ring_at(due_us)

    @property
    def _may_send(self) -> bool:
        return self._resume_us is None and self._in_flight < self._most_in_flight

    def _claim(self, ledger: Ledger, line: Line[Waiter], sent: Sent) -> bool:
        """Whether this one may go, all runs of the token counted; what others did is taken in either way."""
        heard = NOTHING_NEW

        def allowed(news: News) -> bool:
            nonlocal heard
            heard = news
            if news is NOTHING_NEW:
                return True
            now_us = self.now_us()
            self._budgets.hear(news, now_us)
            # What others learnt may close the way of this one: it is looked at first, and asks again at once. So does
            # one that was kept waiting, since it would leave later than it was counted.
            is_late = now_us > sent.at_us + LATE_US
            return not (news.teaches or is_late) and pacer.earliest(line.pacer, now_us) <= now_us

        granted = ledger.claim(sent, allowed)
        if heard.teaches:
            self._take_in(heard)
        elif not granted and sent.at_us >= line.told_us + pacer.WINDOW_US // 2:
            line.told_us = sent.at_us
            ledger.wait(sent)
        return granted

    def _arm(self) -> None:
        """Sets the timer for the nearest moment at which `_serve` has something to do, unless it rings before that."""
        due_us = self._next_due_us()
        if due_us is None:
            self._due_us = None
            self._timer.disposable = Disposable()
        else:
            self._ring_at(due_us)

    def _ring_at(self, due_us: int) -> None:
        if self._due_us is None or due_us < self._due_us:
            self._due_us = due_us
            self._timer.disposable = self._reactor.schedule_absolute(_seconds(due_us), self._serve)

    def _next_due_us(self) -> int | None:
        if self._resume_us is not None:
            return self._resume_us
        if not self._may_send:
            return None
        now_us = self.now_us()
        ready = [line.ready(now_us) for line in self._budgets if self._room.due(line) is not None]
        return min(ready, default=None)

    def dispose(self) -> None:
        """Withdraws the timer; what still waits is never admitted."""
        self._timer.dispose()

    # ── seeing ──

    def next_opening(self) -> float | None:
        """When the next lock-out ends, in epoch seconds; None if there is none."""
        return self._room.next_opening()

    def sample(self) -> RateSampled:
        """How the budgets stand: the three tiers of the run, then those of other plans."""
        now_us = self.now_us()
        rates = tuple(
            TierRate(
                line.tier,
                pacer.sent_last_minute(line.pacer, now_us),
                line.pacer.limit_in_force,
                line.waiting,
                "" if line.budget == self._limits.plan else line.budget,
            )
            for line in self._budgets
        )
        return RateSampled(_seconds(now_us), rates, None if self._resume_us is None else _seconds(self._resume_us))

    def now_us(self) -> int:
        """Now, in epoch microseconds."""
        return round(self._reactor.to_seconds(self._reactor.now) * pacer.SECOND_US)


def _seconds(instant_us: int) -> float:
    return instant_us / pacer.SECOND_US
