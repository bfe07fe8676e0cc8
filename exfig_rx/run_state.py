"""What is known of a run, as plain values: the state that everything people and machines see is drawn from.

Nothing flows in; `fold` makes these of events.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from exfig_rx.cycles import WatchState
from exfig_rx.events import Event, Phase, RateSampled
from exfig_rx.model import AssetCounts, ConfigId, Conflict, FileCounts, Problem, Tier


class Status(StrEnum):
    """Where a config stands; the last four are final."""

    WAITING = "waiting"
    RUNNING = "running"
    HELD = "held"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to the config."""
        return self not in (Status.WAITING, Status.RUNNING, Status.HELD)


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests sent by tier, answers shared instead of asked, and retries."""

    tier1: int = 0
    tier2: int = 0
    tier3: int = 0
    shared: int = 0
    retries: int = 0

    @property
    def sent(self) -> int:
        """All requests to the API."""
        return self.tier1 + self.tier2 + self.tier3

    def plus(self, tier: Tier) -> "Requests":
        """One more sent."""
        match tier:
            case Tier.ONE:
                return replace(self, tier1=self.tier1 + 1)
            case Tier.TWO:
                return replace(self, tier2=self.tier2 + 1)
            case Tier.THREE:
                return replace(self, tier3=self.tier3 + 1)


NO_ASSETS = AssetCounts()
NO_FILES = FileCounts()
NO_REQUESTS = Requests()


@dataclass(frozen=True, slots=True)
class Export:
    """What a config exported when it last succeeded, at `at` epoch seconds."""

    at: float
    counts: AssetCounts
    files: FileCounts


@dataclass(frozen=True, slots=True)
class ConfigState:
    """One config of the run. Times are epoch seconds; `phase_times` are seconds spent in each phase that is over.

    In a watch a config runs again and again: `last` is what came of it when it last succeeded, in whichever turn.
    """

    id: ConfigId
    status: Status = Status.WAITING
    started_at: float | None = None
    ended_at: float | None = None
    phase: Phase | None = None
    phase_since: float = 0.0
    done: int = 0
    total: int | None = None
    phase_times: tuple[tuple[Phase, float], ...] = ()
    counts: AssetCounts = NO_ASSETS
    files: FileCounts = NO_FILES
    unchanged: bool = False
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    requests: Requests = NO_REQUESTS
    downloads: int = 0
    reason: str = ""
    last: Export | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent from `since` to `until` (epoch seconds)."""

    since: float
    until: float
    reason: str
    config: ConfigId | None


@dataclass(frozen=True, slots=True)
class BatchState:
    """Everything known about a run so far. `configs` are in the order in which they were discovered.

    `watch` is None in a run that ends by itself.
    """

    started_at: float | None = None
    ended_at: float | None = None
    parallel: int = 0
    limits_per_min: tuple[int, int, int] = (0, 0, 0)
    limit_source: str = ""
    by_id: Mapping[ConfigId, ConfigState] = field(default_factory=dict)
    rate: RateSampled | None = None
    pause: Pause | None = None
    pauses: int = 0
    paused_s: float = 0.0
    requests: Requests = NO_REQUESTS
    conflicts: tuple[Conflict, ...] = ()
    warnings: tuple[Problem, ...] = ()
    exit_code: int | None = None
    reason: str = ""
    watch: WatchState | None = None

    @property
    def configs(self) -> tuple[ConfigState, ...]:
        """All configs, in order."""
        return tuple(self.by_id.values())

    def count(self, status: Status) -> int:
        """How many configs are in `status`."""
        return sum(config.status is status for config in self.by_id.values())


INITIAL = BatchState()


@dataclass(frozen=True, slots=True)
class Step:
    """What subscribers get: an event (None before the first) and the state after it."""

    event: Event | None
    state: BatchState
