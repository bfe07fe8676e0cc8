"""What the scheduler keeps beyond its own process: a seam, so that it knows no disk.

In: sends, plans, pauses and lock-outs of this run. Out: those of other runs with the same token. Rule: a ledger never
raises; one that can't be read or written forgets, and the run goes on alone.
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
class LockOut:
    """Tier `tier` of a file refused until `until` (epoch seconds), in the words of the refusal's headers, else ""."""

    tier: Tier
    file_key: str
    until: float
    plan: str = ""
    limit_type: str = ""
    upgrade_host: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier runs learnt: the budget of each file (a word of `limits`), and the lock-outs in force."""

    plans: Mapping[str, str] = field(default_factory=dict)
    lock_outs: tuple[LockOut, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """What other runs did since this one last asked; `paused_until` in epoch seconds, 0 when nobody waits."""

    sends: tuple[Sent, ...] = ()
    paused_until: float = 0.0


class Ledger(Protocol):
    """The memory of a token, shared by all runs of a user; every call is short and blocks."""

    def claim(self, send: Sent, allowed: Callable[[News], bool]) -> bool:
        """Count `send` if `allowed` says so after it has heard the news; nobody else counts in between."""
        ...

    def learn(self, file_key: str, plan: str) -> None:
        """Remember the budget of a file."""
        ...

    def lock_out(self, lock_out: LockOut) -> None:
        """Remember a lock-out until it ends."""
        ...

    def pause(self, until: float) -> None:
        """Let other runs wait until then (epoch seconds), too; an earlier instant never shortens a later one."""
        ...
