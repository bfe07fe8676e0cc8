"""The state of a run as a fold of its events: `reduce(state, event)`, pure and total.

In: events, in any order. Out: `BatchState`, which everything that people and machines see is drawn from. Rule: nobody
else counts; an event that makes no sense (an unknown config, a second end) changes nothing but what it can.
"""

from dataclasses import replace
from typing import Final, assert_never

from exfig_rx import cycles
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
from exfig_rx.model import Problem
from exfig_rx.run_state import BatchState, ConfigState, Export, Pause, Requests, Status
from exfig_rx.watch_events import ConfigHeld, ConfigQueued, ConfigRemoved, WatchEvent, WatchStarted

MOST_WARNINGS: Final = 100
"""Warnings of a watch that are remembered."""


def reduce(state: BatchState, event: Event) -> BatchState:
    """The state after `event`."""
    if isinstance(event, WatchEvent):
        return _watch_event(state, event)
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
            return _requested(_counted(state, event), event)
        case Paused() | Resumed():
            return _paused(state, event)
        case RateSampled():
            return replace(state, rate=event)
        case RunEnded():
            return _ended(state, event)
        case Warned(config=None):
            return _warned(state, event.problem)
        case (
            ConfigStarted()
            | PhaseProgressed()
            | Warned()
            | ConfigSucceeded()
            | ConfigFailed()
            | ConfigSkipped()
            | ConfigCancelled()
        ):
            return _config_event(_counted(state, event), event)
        case _:
            assert_never(event)


def _with(state: BatchState, config: ConfigState) -> BatchState:
    # A copy of a plain dict takes its hashes along; unpacking one hashes every ConfigId anew, at each event.
    by_id = dict(state.by_id)
    by_id[config.id] = config
    return replace(state, by_id=by_id)


def _watch_event(state: BatchState, event: WatchEvent) -> BatchState:
    match event:
        case ConfigQueued() | ConfigHeld() | ConfigRemoved():
            return _roster_event(state, event)
        case WatchStarted():
            return replace(state, watch=cycles.begun(event))
        case _:
            return state if state.watch is None else replace(state, watch=cycles.watched(state.watch, event))


def _counted(state: BatchState, event: Event) -> BatchState:
    if state.watch is None or not isinstance(event, RequestSent | ConfigSucceeded | ConfigFailed | ConfigCancelled):
        return state
    return replace(state, watch=cycles.counted(state.watch, event))


def _warned(state: BatchState, problem: Problem) -> BatchState:
    if state.watch is None:
        return replace(state, warnings=(*state.warnings, problem))
    # over days the same is told again and again, and once is enough
    others = tuple(one for one in state.warnings if one != problem)
    return replace(state, warnings=(*others, problem)[-MOST_WARNINGS:])


def _roster_event(state: BatchState, event: ConfigQueued | ConfigHeld | ConfigRemoved) -> BatchState:
    """What becomes of a config between its turns; one that runs ends first."""
    config = state.by_id.get(event.config)
    if config is None or state.ended_at is not None:
        return state
    match event:
        case ConfigRemoved():
            by_id = dict(state.by_id)
            del by_id[event.config]
            return replace(state, by_id=by_id)
        case ConfigQueued():
            again = ConfigState(event.config, reason=event.reason, last=config.last)
            return state if config.status is Status.RUNNING else _with(state, again)
        case ConfigHeld():
            held = ConfigState(event.config, Status.HELD, problems=event.problems, last=config.last)
            return state if config.status is Status.RUNNING else _with(state, held)
        case _:
            assert_never(event)


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
            return _with(state, replace(config, status=Status.RUNNING, started_at=event.at, reason=""))
        case PhaseProgressed():
            return _with(state, _progressed(config, event))
        case ConfigSucceeded():
            last = Export(event.at, event.counts, event.files)
            done = replace(config, counts=event.counts, files=event.files, unchanged=event.unchanged, last=last)
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
            _over(config, Status.CANCELLED if config.status is Status.RUNNING else Status.SKIPPED, event.at),
            reason=event.reason or "the run ended",
        )
        for id_, config in after.by_id.items()
    }
    return replace(after, by_id=configs)
