"""The closed set of events: the only output of the core.

Everything that a person or a machine sees is a subscriber that folds these (see `fold`); those that only a watch emits
stand in `watch_events`. `at` is always wall-clock
time in epoch seconds, taken from the injected scheduler. `config` is None where an event belongs to the whole run.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from exfig_rx.model import AssetCounts, ConfigId, Conflict, FileCounts, Problem, Tier
from exfig_rx.watch_events import WatchEvent


class Phase(StrEnum):
    """What a running config is busy with."""

    FETCHING = "fetching"
    DOWNLOADING = "downloading"
    RENDERING = "rendering"
    WRITING = "writing"
    SYNCING = "syncing"
    """Names go back to Figma; the files are in place."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """First event. `limits_per_min` are the budgets of tiers 1, 2, 3 in requests a minute; `limit_source` says why."""

    at: float
    parallel: int
    limits_per_min: tuple[int, int, int]
    limit_source: str


@dataclass(frozen=True, slots=True)
class ConfigDiscovered:
    """A config is part of this run; the order of these events is the order of the configs."""

    at: float
    config: ConfigId


@dataclass(frozen=True, slots=True)
class ConflictsFound:
    """Configs of this run would own the same paths; sent before the first request."""

    at: float
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class ConfigStarted:
    """A pipeline has begun and occupies one of the `--parallel` slots."""

    at: float
    config: ConfigId


@dataclass(frozen=True, slots=True)
class PhaseProgressed:
    """Progress of a running config within a phase; `total` is None while unknown."""

    at: float
    config: ConfigId
    phase: Phase
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class RequestSent:
    """A request to the API left; it counts against the budget of its tier."""

    at: float
    config: ConfigId | None
    tier: Tier
    what: str


@dataclass(frozen=True, slots=True)
class RequestShared:
    """A question was answered by somebody else's request of this run: one request saved."""

    at: float
    config: ConfigId | None
    tier: Tier
    what: str


@dataclass(frozen=True, slots=True)
class RequestRetried:
    """A failed request will be tried again after `wait_s` seconds; `attempt` is 1 for the first retry."""

    at: float
    config: ConfigId | None
    tier: Tier
    what: str
    reason: str
    attempt: int
    wait_s: float


@dataclass(frozen=True, slots=True)
class Paused:
    """Figma asked to wait: no config sends anything until `until` (epoch seconds). A later one replaces it."""

    at: float
    until: float
    reason: str
    config: ConfigId | None


@dataclass(frozen=True, slots=True)
class Resumed:
    """The pause is over."""

    at: float


@dataclass(frozen=True, slots=True)
class TierRate:
    """One tier at one moment: requests sent in the last 60 s, the limit in force (a minute), requests waiting.

    `budget` is empty for the budget of the run; files of a lower plan have one of its name.
    """

    tier: Tier
    sent_last_minute: int
    limit_per_min: int
    queued: int
    budget: str = ""

    @property
    def headroom(self) -> int:
        """Requests that could still be sent within this minute's limit."""
        return max(0, self.limit_per_min - self.sent_last_minute)


@dataclass(frozen=True, slots=True)
class RateSampled:
    """How the budgets stand, at most once a second, when that changes: one `TierRate` per tier, in order.

    Behind these three come the tiers of budgets that only some files count against. `paused_until` is epoch seconds.
    """

    at: float
    tiers: tuple[TierRate, ...]
    paused_until: float | None = None

    @property
    def of_run(self) -> tuple[TierRate, ...]:
        """The tiers of the budget of the run."""
        return tuple(rate for rate in self.tiers if not rate.budget)

    @property
    def of_lower_plans(self) -> tuple[TierRate, ...]:
        """The tiers of the budgets that only some files count against."""
        return tuple(rate for rate in self.tiers if rate.budget)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something people should know that fails nothing."""

    at: float
    config: ConfigId | None
    problem: Problem


@dataclass(frozen=True, slots=True)
class ConfigSucceeded:
    """All files of a config are in place. `unchanged`: nothing had to be done."""

    at: float
    config: ConfigId
    counts: AssetCounts
    files: FileCounts
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class ConfigFailed:
    """A config ended without changing a file."""

    at: float
    config: ConfigId
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ConfigSkipped:
    """A config was never started; `reason` is for people."""

    at: float
    config: ConfigId
    reason: str


@dataclass(frozen=True, slots=True)
class ConfigCancelled:
    """A running config was stopped in the middle and left no trace."""

    at: float
    config: ConfigId
    reason: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """Last event. `exit_code` as documented; `reason` is empty for an ordinary end."""

    at: float
    exit_code: int
    reason: str = ""


Event: TypeAlias = (
    RunStarted
    | ConfigDiscovered
    | ConflictsFound
    | ConfigStarted
    | PhaseProgressed
    | RequestSent
    | RequestShared
    | RequestRetried
    | Paused
    | Resumed
    | RateSampled
    | Warned
    | ConfigSucceeded
    | ConfigFailed
    | ConfigSkipped
    | ConfigCancelled
    | WatchEvent
    | RunEnded
)
