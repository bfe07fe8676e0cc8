"""The state of a run as a fold of its events: `reduce(state, event)`, pure and total.

In: events, in any order. Out: `BatchState`, which everything that people and machines see is drawn from. Rule: nobody
else counts; an event that makes no sense (an unknown config, a second end) changes nothing but what it can.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never

from exfig_rx.events import (
    ConfigCancelled,
    ConfigDiscovered,
    ConfigFailed,
    ConfigSkipped,
    ConfigStarted,
    ConfigSucceeded,
    ConflictsFound,
    Event,
    Paused,
    Phase,
    PhaseProgressed,
    RateSampled,
    RequestRetried,
    RequestSent,
    RequestShared,
    Resumed,
    RunEnded,
    RunStarted,
    Warned,
)
from exfig_rx.model import AssetCounts, ConfigId, Conflict, FileCounts, Problem, Tier


class Status(StrEnum):
    """Where a config stands; the last four are final."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to the config."""
        return self not in (Status.WAITING, Status.RUNNING)


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
class ConfigState:
    """One config of the run. Times are epoch seconds; `phase_times` are seconds spent in each phase that is over."""

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


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent from `since` to `until` (epoch seconds)."""

    since: float
    until: float
    reason: str
    config: ConfigId | None


@dataclass(frozen=True, slots=True)
class BatchState:
    """Everything known about a run so far. `configs` are in the order in which they were discovered."""

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


def reduce(state: BatchState, event: Event) -> BatchState:
    """The state after `event`."""
    match event:
        case RunStarted():
            return replace(
                state,
                started_at=event.at,
                parallel=event.parallel,
                limits_per_min=event.limits_per_min,
                limit_source=event.limit_source,
            )
        case ConfigDiscovered():
            # One that turns up after the end would be left waiting, and the counts would no longer add up.
            if event.config in state.by_id or state.ended_at is not None:
                return state
            return _with(state, ConfigState(event.config))
        case ConflictsFound():
            return replace(state, conflicts=event.conflicts)
        case RequestSent() | RequestShared() | RequestRetried():
            return _requested(state, event)
        case Paused() | Resumed():
            return _paused(state, event)
        case RateSampled():
            return replace(state, rate=event)
        case RunEnded():
            return _ended(state, event)
        case Warned(config=None):
            return replace(state, warnings=(*state.warnings, event.problem))
        case (
            ConfigStarted()
            | PhaseProgressed()
            | Warned()
            | ConfigSucceeded()
            | ConfigFailed()
            | ConfigSkipped()
            | ConfigCancelled()
        ):
            return _config_event(state, event)
        case _:
            assert_never(event)


def _with(state: BatchState, config: ConfigState) -> BatchState:
    # A copy of a plain dict takes its hashes along; unpacking one hashes every ConfigId anew, at each event.
    by_id = dict(state.by_id)
    by_id[config.id] = config
    return replace(state, by_id=by_id)


def _config_event(
    state: BatchState,
    event: ConfigStarted | PhaseProgressed | Warned | ConfigSucceeded | ConfigFailed | ConfigSkipped | ConfigCancelled,
) -> BatchState:
    config = state.by_id.get(event.config) if event.config is not None else None
    if config is None:
        return state
    if isinstance(event, Warned):
        return _with(state, replace(config, warnings=(*config.warnings, event.problem)))
    if config.status.final:
        return state
    match event:
        case ConfigStarted():
            return _with(state, replace(config, status=Status.RUNNING, started_at=event.at))
        case PhaseProgressed():
            return _with(state, _progressed(config, event))
        case ConfigSucceeded():
            done = replace(config, counts=event.counts, files=event.files, unchanged=event.unchanged)
            return _with(state, _over(done, Status.SUCCEEDED, event.at))
        case ConfigFailed():
            return _with(state, replace(_over(config, Status.FAILED, event.at), problems=event.problems))
        case ConfigSkipped():
            return _with(state, replace(_over(config, Status.SKIPPED, event.at), reason=event.reason))
        case ConfigCancelled():
            return _with(state, replace(_over(config, Status.CANCELLED, event.at), reason=event.reason))
        case _:
            assert_never(event)


def _progressed(config: ConfigState, event: PhaseProgressed) -> ConfigState:
    if event.phase is not config.phase:
        times = _phase_times(config, event.at)
        config = replace(config, phase=event.phase, phase_since=event.at, phase_times=times, done=0)
    downloaded = max(0, event.done - config.done) if event.phase is Phase.DOWNLOADING else 0
    return replace(config, done=event.done, total=event.total, downloads=config.downloads + downloaded)


def _phase_times(config: ConfigState, at: float) -> tuple[tuple[Phase, float], ...]:
    if config.phase is None:
        return config.phase_times
    return (*config.phase_times, (config.phase, max(0.0, at - config.phase_since)))


def _over(config: ConfigState, status: Status, at: float) -> ConfigState:
    return replace(config, status=status, ended_at=at, phase_times=_phase_times(config, at), phase=None)


def _requested(state: BatchState, event: RequestSent | RequestShared | RequestRetried) -> BatchState:
    def counted(requests: Requests) -> Requests:
        match event:
            case RequestSent():
                return requests.plus(event.tier)
            case RequestShared():
                return replace(requests, shared=requests.shared + 1)
            case RequestRetried():
                return replace(requests, retries=requests.retries + 1)

    after = replace(state, requests=counted(state.requests))
    config = state.by_id.get(event.config) if event.config is not None else None
    return after if config is None else _with(after, replace(config, requests=counted(config.requests)))


def _paused(state: BatchState, event: Paused | Resumed) -> BatchState:
    """A pause that is prolonged is one pause; its length counts when it is over."""
    before = state.pause
    if isinstance(event, Paused):
        since = before.since if before is not None else event.at
        pause = Pause(since, event.until, event.reason, event.config)
        return replace(state, pause=pause, pauses=state.pauses + (before is None))
    if before is None:
        return state
    return replace(state, pause=None, paused_s=state.paused_s + max(0.0, event.at - before.since))


def _ended(state: BatchState, event: RunEnded) -> BatchState:
    """What had not begun was skipped, what was running is cancelled; so the counts always add up."""
    after = replace(
        _paused(state, Resumed(event.at)), ended_at=event.at, exit_code=event.exit_code, reason=event.reason
    )
    configs = {
        id_: config
        if config.status.final
        else replace(
            _over(config, Status.SKIPPED if config.status is Status.WAITING else Status.CANCELLED, event.at),
            reason=event.reason or "the run ended",
        )
        for id_, config in after.by_id.items()
    }
    return replace(after, by_id=configs)
