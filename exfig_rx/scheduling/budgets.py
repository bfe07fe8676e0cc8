"""Which budget a request counts against: one for the run, and one for each lower plan that some of its files are in.

In: the limits of the run, and what refusals taught about files. Out: the line in which a request waits. Rule: a file
goes at the pace of the run until Figma names a lower plan for it (a token reads files of several plans, and each plan
counts apart: https://developers.figma.com/docs/rest-api/rate-limits/).
"""

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from exfig_rx.model import Tier
from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.fair_queue import FairQueue
from exfig_rx.scheduling.ledger import Sent
from exfig_rx.scheduling.limits import Limits, budget_of, is_lower, limits_of
from exfig_rx.scheduling.pacer import Pacer

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class Line(Generic[T]):
    """One tier of one budget: its pace, and who waits for it.

    `probes` are those who wait for files of unknown plan while a plan is locked out: they go one at a time, and
    `is_probing` while one of them is out.
    """

    budget: str
    tier: Tier
    pacer: Pacer
    queue: FairQueue[T]
    probes: FairQueue[T]
    is_probing: bool = False

    @property
    def waiting(self) -> int:
        """How many wait here."""
        return len(self.queue) + len(self.probes)

    def count(self, others_us: list[int], now_us: int) -> None:
        """Counts sends that this line did not make itself."""
        self.pacer = pacer.merged(self.pacer, others_us, now_us)


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
        # what left in the last minute, oldest first: goes along when a file moves
        self._recent: deque[Sent] = deque()
        for tier in Tier:
            self._open(limits.plan, tier, limits.of(tier))

    def __iter__(self) -> Iterator[Line[T]]:
        """All lines, also while new ones open."""
        return iter(self._in_order)

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

        What the file sent in the last minute counts in its new line, and stays counted in the old one.
        """
        if budget_of(name) is None:
            return False
        before = self._budget_for(self._plans.get(file_key))
        self._plans[file_key] = name
        if self._budget_for(name) == before:
            return False
        for tier in Tier:
            sends = [sent.at_us for sent in self._recent if sent.file_key == file_key and sent.tier is tier]
            self.line(tier, file_key).count(sends, now_us)
        return True

    def note(self, line: Line[T], sent: Sent) -> None:
        """Counts a send that leaves now from `line`."""
        line.pacer = pacer.sent(line.pacer, sent.at_us)
        self._remember(sent)

    def hear(self, sends: tuple[Sent, ...], now_us: int) -> None:
        """Counts what other runs sent with the same token."""
        by_line: dict[Line[T], list[int]] = {}
        for sent in sends:
            by_line.setdefault(self.line(sent.tier, sent.file_key), []).append(sent.at_us)
            self._remember(sent)
        for line, instants in by_line.items():
            line.count(instants, now_us)

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
        line = Line[T](name, tier, fresh, FairQueue(self._weights), FairQueue(self._weights))
        self._lines[name, tier] = line
        self._in_order = (*self._in_order, line)
        return line
