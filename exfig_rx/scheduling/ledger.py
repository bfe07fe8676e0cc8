"""What the scheduler keeps beyond its own process: a seam, so that it knows no disk.

In: sends, plans and refusals of this run. Out: those of other runs with the same token. Rule: a ledger never raises;
one that can't be read or written forgets, and the run goes on alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from exfig_rx.model import Tier


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that left: its tier, the file it was about ("" for none) and when, in epoch microseconds."""

    tier: Tier
    file_key: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A 429 for what left at `sent_at`: nothing of tier `tier` of a file before `until` (both epoch seconds).

    `plan` and `limit_type` are the words of its headers, else "". Whether that is a pause or a lock-out is up to who
    reads it: it depends on how long that one is ready to wait.
    """

    tier: Tier
    file_key: str
    until: float
    plan: str = ""
    limit_type: str = ""
    upgrade_host: str = ""
    sent_at: float = 0.0


@dataclass(frozen=True, slots=True)
class News:
    """What other runs sent and wait to send, the budgets of files (words of `limits`), and refusals.

    Only what this run has not heard of yet; at its beginning, all that still counts.
    """

    sends: tuple[Sent, ...] = ()
    waits: tuple[Sent, ...] = ()
    plans: Mapping[str, str] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    @property
    def teaches(self) -> bool:
        """Whether there is more in it than sends."""
        return bool(self.plans or self.refusals)


NOTHING_NEW = News()


class Ledger(Protocol):
    """The memory of a token, shared by all runs of a user; every call is short and blocks."""

    def claim(self, send: Sent, allowed: Callable[[News], bool]) -> bool:
        """Count `send`, which would leave now, if `allowed` says so after the news; nobody else counts in between."""
        ...

    def wait(self, send: Sent) -> None:
        """Let other runs know that they were quicker, and that `send` waits for its turn."""
        ...

    def learn(self, file_key: str, plan: str, until: float) -> None:
        """Remember the budget of a file until then (epoch seconds)."""
        ...

    def refused(self, refusal: Refusal) -> None:
        """Remember a refusal until it is over."""
        ...
