"""Leave to send: who may go now, and when the next one may.

In: those who wait, and what refusals taught. Out: permits, and events (paused, resumed, notes). Rule: permits are given
in one place (`_serve`), which looks at the pause, the pace, the lock-outs and the queue at that very moment. It waits
with one timer for the nearest admission. Everything runs on the reactor, so there are no locks.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from reactivex import abc
from reactivex.disposable import Disposable, SerialDisposable

from exfig_rx.errors import LockedOut
from exfig_rx.events import Event, Paused, RateSampled, Resumed, TierRate, Warned
from exfig_rx.model import ConfigId, Location, Problem, Tier
from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.budgets import Budgets, Line
from exfig_rx.scheduling.fair_queue import FairQueue, Ticket
from exfig_rx.scheduling.ledger import Ledger, LockOut, Memory, News, Sent
from exfig_rx.scheduling.limits import ClockText, Limits, budget_named, limits_of, locked_out


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to send one request now; counted as sent from `at` (epoch seconds) on, used or not.

    `is_probe`: nobody else may go for a file of unknown plan until this one has come back.
    """

    tier: Tier
    config: ConfigId | None
    at: float
    file_key: str = ""
    is_probe: bool = False


@dataclass(eq=False, slots=True)
class Waiter(abc.DisposableBase):
    """Somebody who wants a permit: `granted` or `failed` is called once, unless it was disposed before.

    `place` is where it stands, None until it does; disposing leaves that place by way of `withdraw`.
    """

    tier: Tier
    leads_to: Tier | None
    config: ConfigId | None
    file_key: str
    rank: int
    granted: Callable[[Permit], None]
    failed: Callable[[Exception], None]
    withdraw: "Callable[[Waiter], None]"
    place: "tuple[FairQueue[Waiter], Ticket[Waiter]] | None" = None

    def dispose(self) -> None:
        self.withdraw(self)


class Permits:
    """The permits of one token; arguments as in `RequestScheduler`."""

    def __init__(
        self,
        limits: Limits,
        *,
        reactor: abc.SchedulerBase,
        burst: int,
        clock_text: ClockText,
        ledger: Ledger | None,
        memory: Memory,
        emit: Callable[[Event], None],
    ) -> None:
        self._limits = limits
        self._reactor = reactor
        self._clock_text = clock_text
        self._ledger = ledger
        self._emit = emit
        self._budgets: Budgets[Waiter] = Budgets(limits, burst)
        # the latest deadline that any 429 gave, and the same with jitter; both None while not paused
        self._deadline_us: int | None = None
        self._resume_us: int | None = None
        # what may not be asked until when, by tier and budget, and by tier and file; looked at with the time
        self._locked: dict[tuple[Tier, str, str], LockOut] = {}
        # files of unknown plan that were answered although their tier is locked out for others
        self._proven: set[tuple[Tier, str]] = set()
        # the one timer, and when it is due; None: nothing to wait for
        self._timer = SerialDisposable()
        self._due_us: int | None = None
        for file_key, plan in memory.plans.items():
            self._budgets.learn(file_key, plan, self.now_us())
        for lock in memory.lock_outs:
            self._close(lock)

    def weigh(self, lane: Hashable, weight: int) -> None:
        """Gives a config `weight` times the turns of others."""
        self._budgets.weigh(lane, weight)

    def queue(self, waiter: Waiter, *, front: bool = False) -> Waiter:
        """Puts `waiter` in line, or fails it if it asks for what is locked out."""
        locked = self._lock_on(waiter)
        if locked is not None:
            waiter.failed(locked)
            return waiter
        queue = self._queue_of(waiter)
        place = queue.push_front if front else queue.push
        waiter.place = (queue, place(waiter.config, waiter, waiter.rank))
        if len(queue) == 1:  # otherwise the timer is set for those who wait already
            self._arm()
        return waiter

    def withdraw(self, waiter: Waiter) -> None:
        """Takes `waiter` out of the line, if it still stands there."""
        if waiter.place is not None and waiter.place[1].waiting:
            queue, ticket = waiter.place
            queue.remove(ticket)
            if not queue:
                self._arm()

    def spacing_s(self, tier: Tier, file_key: str) -> float:
        """Seconds between two sends of this tier for this file, at the present pace."""
        return self._budgets.line(tier, file_key).pacer.spacing_s

    # ── what becomes of a permit ──

    def answered(self, permit: Permit) -> None:
        """A success: a lowered pace climbs, and a file of unknown plan that was tried may go on."""
        line = self._budgets.line(permit.tier, permit.file_key)
        climbs = line.pacer.is_lowered
        if climbs:
            line.pacer = pacer.answered(line.pacer, self.now_us())
        if permit.is_probe:
            self._proven.add((permit.tier, permit.file_key))
            self._move(line.probes, lambda waiter: waiter.file_key == permit.file_key)
        if permit.is_probe or climbs:
            self._arm()  # who waits may go earlier now

    def came_back(self, permit: Permit) -> None:
        """The request is over, whichever way; called once."""
        if permit.is_probe:
            for line in self._budgets:
                if line.tier is permit.tier:
                    line.is_probing = False
            self._arm()

    def learn(self, file_key: str, plan: str, limit_type: str) -> bool:
        """Takes in what a refusal says of a file; whether the file now has a lower budget of its own."""
        name = budget_named(plan, limit_type)
        if name is None or not file_key or self._budgets.plan_of(file_key) == name:
            return False
        moved = self._budgets.learn(file_key, name, self.now_us())
        if self._ledger is not None:
            self._ledger.learn(file_key, name)
        for line in self._budgets:
            for queue in (line.queue, line.probes):
                self._move(queue, lambda waiter: waiter.file_key == file_key)
        if moved:
            per_min = limits_of(name, self._limits)[0]
            message = f"Figma counts file {file_key} against another plan ({name})"
            hint = f"Its tier 1 requests go at {per_min} a minute; other files go on at {self._limits.per_min[0]}."
            problem = Problem("figma.lower-plan", message, hint, Location(figma_file=file_key))
            self._emit(Warned(_seconds(self.now_us()), None, problem))
        return moved

    def slow_down(self, permit: Permit, *, moved: bool) -> None:
        """Lowers the pace of the line that was refused; one that has just been opened is at its pace already."""
        line = self._budgets.line(permit.tier, permit.file_key)
        resume_us = self._resume_us or 0
        if moved:
            line.pacer = pacer.held(line.pacer, resume_us=resume_us)
        else:
            sent_us = round(permit.at * pacer.SECOND_US)
            line.pacer = pacer.refused(line.pacer, sent_us=sent_us, now_us=self.now_us(), resume_us=resume_us)

    def pause(self, deadline_us: int, jitter_s: float, reason: str, config: ConfigId | None) -> None:
        """Pauses everything until the latest deadline seen; an earlier one changes nothing."""
        if self._deadline_us is not None and deadline_us <= self._deadline_us:
            return
        self._deadline_us = deadline_us
        self._resume_us = deadline_us + round(jitter_s * pacer.SECOND_US)
        if self._ledger is not None:
            self._ledger.pause(_seconds(deadline_us))
        self._emit(Paused(_seconds(self.now_us()), _seconds(self._resume_us), reason, config))
        self._arm()

    def lock(self, lock: LockOut) -> LockedOut:
        """Closes a tier for a file and those known to share its plan; fails all that wait for them.

        Files of unknown plan are tried one at a time from now on.
        """
        self._close(lock)
        if self._ledger is not None:
            self._ledger.lock_out(lock)
        for line in self._budgets:
            for queue in (line.queue, line.probes):
                for _, waiter in queue.take_all(lambda waiter: self._lock_on(waiter) is not None):
                    error = self._lock_on(waiter)
                    if error is not None:
                        waiter.failed(error)
            self._move(line.queue, lambda waiter: self._queue_of(waiter) is not line.queue)  # noqa: B023  used at once
        return locked_out(lock, now_s=_seconds(self.now_us()), clock_text=self._clock_text)

    def _close(self, lock: LockOut) -> None:
        name = budget_named(lock.plan, lock.limit_type) or self._budgets.plan_of(lock.file_key)
        for key in ((lock.tier, "file", lock.file_key), (lock.tier, "budget", name or "")):
            known = self._locked.get(key)
            if key[2] and (known is None or known.until < lock.until):
                self._locked[key] = lock
        if not lock.file_key:
            self._locked[lock.tier, "file", ""] = lock

    def _lock_on(self, waiter: Waiter) -> LockedOut | None:
        """Why `waiter` can't have what it wants, or what that leads to."""
        if not self._locked:
            return None
        now_s = _seconds(self.now_us())
        plan = self._budgets.plan_of(waiter.file_key)
        for tier in (waiter.tier, waiter.leads_to):
            for kind, name in (("file", waiter.file_key), ("budget", plan)):
                lock = self._locked.get((tier, kind, name)) if tier is not None and name is not None else None
                if lock is not None and lock.until > now_s:
                    return locked_out(lock, now_s=now_s, clock_text=self._clock_text)
        return None

    def _any_lock(self, tier: Tier) -> bool:
        now_s = _seconds(self.now_us())
        return any(lock.tier is tier and lock.until > now_s for lock in self._locked.values())

    # ── permits ──

    def _queue_of(self, waiter: Waiter) -> FairQueue[Waiter]:
        line = self._budgets.line(waiter.tier, waiter.file_key)
        if not self._locked or self._budgets.plan_of(waiter.file_key) is not None:
            return line.queue
        unsure = (waiter.tier, waiter.file_key) not in self._proven and self._any_lock(waiter.tier)
        return line.probes if unsure else line.queue

    def _move(self, queue: FairQueue[Waiter], wanted: Callable[[Waiter], bool]) -> None:
        """Puts those who wait in the wrong queue into the right one."""
        for rank, waiter in queue.take_all(wanted):
            right = self._queue_of(waiter)
            waiter.place = (right, right.push(waiter.config, waiter, rank))

    def _serve(self, *_: object) -> None:
        """Gives every permit that may be given now; the only place that does."""
        self._due_us = None
        if self._resume_us is not None and self.now_us() >= self._resume_us:
            self._deadline_us = self._resume_us = None
            self._emit(Resumed(_seconds(self.now_us())))
        now_us = self.now_us()
        for line in self._budgets:
            # the pause is looked at again for each permit: an answer may arrive while permits are given
            while self._resume_us is None and (queue := self._open_queue(line)) is not None:
                if pacer.earliest(line.pacer, now_us) > now_us or not self._claim(line, queue.peek(), now_us):
                    break
                waiter = queue.pop()
                is_probe = queue is line.probes
                line.is_probing = line.is_probing or is_probe
                self._budgets.note(line, Sent(line.tier, waiter.file_key, now_us))
                waiter.granted(Permit(line.tier, waiter.config, _seconds(now_us), waiter.file_key, is_probe))
        self._arm()

    def _open_queue(self, line: Line[Waiter]) -> FairQueue[Waiter] | None:
        """The queue to serve next, None if nobody may go."""
        if line.probes and not (line.is_probing and self._any_lock(line.tier)):
            return line.probes
        return line.queue or None

    def _claim(self, line: Line[Waiter], waiter: Waiter, now_us: int) -> bool:
        """Whether this one may go, all runs of the token counted; what others did is taken in either way."""
        if self._ledger is None:
            return True
        paused_until = 0.0

        def allowed(news: News) -> bool:
            nonlocal paused_until
            paused_until = news.paused_until
            self._budgets.hear(news.sends, now_us)
            return paused_until <= _seconds(now_us) and pacer.earliest(line.pacer, now_us) <= now_us

        granted = self._ledger.claim(Sent(line.tier, waiter.file_key, now_us), allowed)
        if paused_until > _seconds(now_us):
            self.pause(round(paused_until * pacer.SECOND_US), 0.0, "HTTP 429 for another run with this token", None)
        return granted

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
        self._timer.disposable = self._reactor.schedule_absolute(_seconds(due_us), self._serve)

    def _next_due_us(self) -> int | None:
        if self._resume_us is not None:
            return self._resume_us
        now_us = self.now_us()
        ready = [pacer.earliest(line.pacer, now_us) for line in self._budgets if self._open_queue(line) is not None]
        return min(ready, default=None)

    def dispose(self) -> None:
        """Withdraws the timer; what still waits is never admitted."""
        self._timer.dispose()

    # ── seeing ──

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
