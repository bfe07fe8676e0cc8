"""Which budget a request counts against: one for the run, and one for each lower plan that some of its files are in.

In: the limits of the run, and what refusals taught about files. Out: the line in which a request waits. Rule: a file
goes at the pace of the run until Figma names a lower plan for it (a token reads files of several plans, and each plan
counts apart: https://developers.figma.com/docs/rest-api/rate-limits/).
"""

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from exfig_rx.model import Tier
from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.fair_queue import FairQueue, Turns
from exfig_rx.scheduling.ledger import News, Sent
from exfig_rx.scheduling.limits import Limits, budget_of, is_lower, limits_of
from exfig_rx.scheduling.pacer import Pacer

T = TypeVar("T")

LONG_AGO_US: Final = -pacer.WINDOW_US

COURTESY_US: Final = 50_000
"""How long a run that used up the whole limit leaves room to other runs of the token before it takes it."""


@dataclass(eq=False, slots=True)
class Line(Generic[T]):
    """One tier of one budget: its pace, and who waits for it.

    `probes` are those who wait for files of unknown plan while a plan is locked out: they go one at a time, and
    `is_probing` while one of them is out. What a config gets from one of the two queues counts in both.
    `others_us` are the sends of other runs in the last minute, oldest first, and `rival_us` is when one of them last
    sent or waited here. For a minute from then on, this run leaves room that it finds until `yields_until_us`, the
    longer the more of the limit it has used itself. `told_us` is when it last told them that it waits, too.
    """

    budget: str
    tier: Tier
    pacer: Pacer
    queue: FairQueue[T]
    probes: FairQueue[T]
    is_probing: bool = False
    others_us: deque[int] = field(default_factory=deque)
    rival_us: int = LONG_AGO_US
    yields_until_us: int | None = None
    told_us: int = LONG_AGO_US

    @property
    def waiting(self) -> int:
        """How many wait here."""
        return len(self.queue) + len(self.probes)

    def ready(self, now_us: int) -> int:
        """The first instant from `now_us` on at which one may go."""
        ready_us = pacer.earliest(self.pacer, now_us)
        if ready_us > now_us or self.rival_us <= now_us - pacer.WINDOW_US:
            return ready_us
        if self.yields_until_us is None:
            while self.others_us and self.others_us[0] <= now_us - pacer.WINDOW_US:
                self.others_us.popleft()
            own = max(0, pacer.sent_last_minute(self.pacer, now_us) - len(self.others_us))
            self.yields_until_us = now_us + COURTESY_US * own // self.pacer.limit_per_min
        return max(now_us, self.yields_until_us)

    def sent(self, now_us: int) -> None:
        """Counts a send of this run."""
        self.pacer = pacer.sent(self.pacer, now_us)
        self.yields_until_us = None

    def count(self, others_us: list[int], now_us: int) -> None:
        """Counts sends that this line did not make itself."""
        self.pacer = pacer.merged(self.pacer, others_us, now_us)

    def heard(self, others_us: list[int], now_us: int) -> None:
        """Counts sends of other runs; a lowered pace climbs by each as by an answer, so that all runs keep one pace."""
        self.count(others_us, now_us)
        self.others_us.extend(sorted(others_us))
        self.rival_us = max(self.rival_us, *others_us)
        self.yields_until_us = None
        for at_us in others_us:
            if at_us > self.pacer.lowered_at_us:
                self.pacer = pacer.answered(self.pacer, now_us)


class Budgets(Generic[T]):
    """All lines of a token; those of the run come first."""

    def __init__(self, limits: Limits, burst: int) -> None:
        self._limits = limits
        self._burst = burst
        self._weights: dict[Hashable, int] = {}
        # budget of each file, as far as Figma has named it
        self._plans: dict[str, str] = {}
        self._lines: dict[tuple[str, Tier], Line[T]] = {}
        self._in_order: tuple[Line[T], ...] = ()
        # where the next round of all lines begins: behind the one that took the last room
        self._first = 0
        # what left in the last minute, oldest first: goes along when a file moves
        self._recent: deque[Sent] = deque()
        for tier in Tier:
            self._open(limits.plan, tier, limits.of(tier))

    def __iter__(self) -> Iterator[Line[T]]:
        """All lines, also while new ones open."""
        return iter(self._in_order)

    def in_turn(self) -> Iterator[Line[T]]:
        """All lines in the order in which they are served, once."""
        if not self._first:
            return iter(self._in_order)
        first, self._first = self._first, 0
        return iter((*self._in_order[first:], *self._in_order[:first]))

    def go_on_behind(self, line: Line[T]) -> None:
        """The next round begins behind `line`, which took the last room: none of them gets it always."""
        self._first = (self._in_order.index(line) + 1) % len(self._in_order)

    def line(self, tier: Tier, file_key: str) -> Line[T]:
        """Where requests of this tier for this file wait."""
        name = self._budget_for(self._plans.get(file_key))
        line = self._lines.get((name, tier))
        return self._open(name, tier, limits_of(name, self._limits)[tier - 1]) if line is None else line

    def plan_of(self, file_key: str) -> str | None:
        """The budget that Figma named for a file, None while it has not."""
        return self._plans.get(file_key)

    def weigh(self, lane: Hashable, weight: int) -> None:
        """Gives a lane `weight` times the turns of one that was not weighed."""
        self._weights[lane] = weight

    def learn(self, file_key: str, name: str, now_us: int) -> bool:
        """Remembers the budget of a file; whether its requests now wait in another line.

        What the file sent in the last minute counts in its new line, and stays counted in the old one; what of it is
        still refused does not lower the new pace.
        """
        if budget_of(name) is None:
            return False
        before = self._budget_for(self._plans.get(file_key))
        self._plans[file_key] = name
        if self._budget_for(name) == before:
            return False
        for tier in Tier:
            sends = [sent.at_us for sent in self._recent if sent.file_key == file_key and sent.tier is tier]
            line = self.line(tier, file_key)
            line.count(sends, now_us)
            line.pacer = pacer.joined(line.pacer, now_us)
        return True

    def note(self, line: Line[T], sent: Sent) -> None:
        """Counts a send that leaves now from `line`."""
        line.sent(sent.at_us)
        self._remember(sent)

    def hold(self, resume_us: int) -> None:
        """Leaves at most one send in each bucket at the end of a pause, so that a token doesn't come back as a herd."""
        for line in self._in_order:
            line.pacer = pacer.held(line.pacer, resume_us=resume_us)

    def hear(self, news: News, now_us: int) -> None:
        """Counts what other runs sent with the same token, and knows that they wait."""
        by_line: dict[Line[T], list[int]] = {}
        for wait in news.waits:
            line = self.line(wait.tier, wait.file_key)
            line.rival_us = max(line.rival_us, wait.at_us)
        for sent in news.sends:
            by_line.setdefault(self.line(sent.tier, sent.file_key), []).append(sent.at_us)
            self._remember(sent)
        for line, instants in by_line.items():
            line.heard(instants, now_us)

    def _remember(self, sent: Sent) -> None:
        self._recent.append(sent)
        while self._recent[0].at_us <= sent.at_us - pacer.WINDOW_US:
            self._recent.popleft()

    def _budget_for(self, plan: str | None) -> str:
        """The budget whose line takes files of `plan`: its own if that is lower than the one of the run.

        Files of a higher plan stay: those of unknown plan may share it, and two lines would be one too many.
        """
        run = self._limits.plan
        return plan if plan is not None and is_lower(plan, run) else run

    def _open(self, name: str, tier: Tier, per_min: int) -> Line[T]:
        fresh = pacer.fresh(per_min, self._burst)
        turns = Turns()
        line = Line[T](name, tier, fresh, FairQueue(self._weights, turns), FairQueue(self._weights, turns))
        self._lines[name, tier] = line
        self._in_order = (*self._in_order, line)
        return line
