"""Who waits where: the right line for each and the right queue in it, and who stands before a closed door.

In: those who want a permit, and what is closed. Out: the queue that is due in a line. Rule: each waits in one place;
for files of unknown plan, while another plan is locked out, that is a queue of which one at a time goes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from reactivex import abc

from exfig_rx.errors import LockedOut
from exfig_rx.model import ConfigId, Tier
from exfig_rx.scheduling.budgets import Budgets, Line
from exfig_rx.scheduling.fair_queue import FairQueue, Ticket
from exfig_rx.scheduling.ledger import Refusal
from exfig_rx.scheduling.limits import ClockText, budget_named, locked_out
from exfig_rx.scheduling.lock_outs import LockOuts


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


class WaitingRoom:
    """The queues of all lines of `budgets`; `now_s` gives epoch seconds."""

    def __init__(self, budgets: Budgets[Waiter], now_s: Callable[[], float], clock_text: ClockText) -> None:
        self._budgets = budgets
        self._now_s = now_s
        self._clock_text = clock_text
        self._lock_outs = LockOuts()

    def enter(self, waiter: Waiter, *, front: bool) -> bool:
        """Puts `waiter` in line, or fails it if it asks for what is locked out; whether it is alone in its queue."""
        locked = self.locked_out(waiter)
        if locked is not None:
            waiter.failed(locked)
            return False
        queue = self._queue_of(waiter)
        place = queue.push_front if front else queue.push
        waiter.place = (queue, place(waiter.config, waiter, waiter.rank))
        return len(queue) == 1

    def leave(self, waiter: Waiter) -> bool:
        """Takes `waiter` out, if it still stands there; whether nobody is left in its queue."""
        if waiter.place is None or not waiter.place[1].waiting:
            return False
        queue, ticket = waiter.place
        queue.remove(ticket)
        return not queue

    def due(self, line: Line[Waiter]) -> FairQueue[Waiter] | None:
        """The queue of a line to serve next, None if nobody may go: while a probe is out, that of known plans."""
        if not line.probes or (line.is_probing and self._lock_outs.any_of(line.tier, self._now_s())):
            return line.queue or None
        if not line.queue:
            return line.probes
        return min(line.queue, line.probes, key=lambda queue: queue.turns_of_next)

    def close(self, refusal: Refusal) -> LockedOut:
        """Closes a tier for a file and those known to share its plan; fails all that wait for them.

        Files of unknown plan are tried one at a time from now on.
        """
        named = budget_named(refusal.plan, refusal.limit_type)
        self._lock_outs.close(refusal, named or self._budgets.plan_of(refusal.file_key))
        for line in self._budgets:
            for queue in (line.queue, line.probes):
                for _, waiter in queue.take_all(lambda waiter: self.locked_out(waiter) is not None):
                    error = self.locked_out(waiter)
                    if error is not None:
                        waiter.failed(error)
        self.regroup()
        return self._error(refusal)

    def next_opening(self) -> float | None:
        """When the next of what is closed opens, in epoch seconds."""
        return self._lock_outs.next_opening(self._now_s())

    def prove(self, tier: Tier, file_key: str) -> None:
        """A file of unknown plan was answered although its tier is closed for others: it goes on like any other."""
        self._lock_outs.prove(tier, file_key)
        self.regroup(file_key)

    def regroup(self, file_key: str | None = None) -> bool:
        """Puts those who wait in the wrong queue into the right one, of all files or of one; whether there were any."""
        found = False
        for line in self._budgets:
            for queue in (line.queue, line.probes):
                for rank, waiter in queue.take_all(partial(self._is_misplaced, queue, file_key)):
                    right = self._queue_of(waiter)
                    waiter.place = (right, right.push(waiter.config, waiter, rank))
                    found = True
        return found

    def locked_out(self, waiter: Waiter) -> LockedOut | None:
        """Why `waiter` can't have what it wants, or what that leads to."""
        if not self._lock_outs:
            return None
        budget = self._budgets.plan_of(waiter.file_key)
        for tier in (waiter.tier, waiter.leads_to):
            if tier is not None:
                refusal = self._lock_outs.on(tier, waiter.file_key, budget, self._now_s())
                if refusal is not None:
                    return self._error(refusal)
        return None

    def _error(self, refusal: Refusal) -> LockedOut:
        return locked_out(refusal, now_s=self._now_s(), clock_text=self._clock_text)

    def _is_misplaced(self, queue: FairQueue[Waiter], file_key: str | None, waiter: Waiter) -> bool:
        return file_key in (None, waiter.file_key) and self._queue_of(waiter) is not queue

    def _queue_of(self, waiter: Waiter) -> FairQueue[Waiter]:
        line = self._budgets.line(waiter.tier, waiter.file_key)
        if not self._lock_outs or self._budgets.plan_of(waiter.file_key) is not None:
            return line.queue
        unsure = self._lock_outs.is_unsure(waiter.tier, waiter.file_key, self._now_s())
        return line.probes if unsure else line.queue
