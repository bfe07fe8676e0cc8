"""Progress as lines, for pipes, CI logs and `--verbose`: one line for each change of state.

In: steps (an event and the state after it). Out: lines without control characters. Rule: same facts as the live screen.
"""

from typing import assert_never

from exfig_rx.events import (
    ConfigCancelled,
    ConfigDiscovered,
    ConfigFailed,
    ConfigSkipped,
    ConfigStarted,
    ConfigSucceeded,
    ConflictsFound,
    Paused,
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
from exfig_rx.model import ConfigId
from exfig_rx.run_state import BatchState, Status, Step
from exfig_rx.ui.plain_watch import watch_lines
from exfig_rx.ui.problems import conflicts_by_pair, headline
from exfig_rx.ui.wording import asset_counts, countdown, file_counts, safe, seconds
from exfig_rx.watch_events import WatchEvent


def plain_lines(step: Step, *, verbose: bool = False) -> list[str]:
    """The lines for one step, mostly none or one. `verbose` adds requests and phases."""
    event, state = step.event, step.state
    if isinstance(event, WatchEvent):
        return watch_lines(event, state, verbose=verbose)
    match event:
        case None | ConfigDiscovered() | RateSampled() | RunEnded():
            return []
        case ConflictsFound():
            return _conflict_lines(event)
        case RunStarted() | Paused() | Resumed():
            return [_run_line(event, state)]
        case RequestSent() | RequestShared() | PhaseProgressed():
            return [f"{_name(event.config)}: {_detail(event)}"] if verbose else []
        case Warned(config=None):
            return [f"warning: {headline(event.problem)}"]
        case _:
            return [f"{_name(event.config)}: {_config_line(event, state)}"]


def _conflict_lines(event: ConflictsFound) -> list[str]:
    """A line for each pair of configs, naming the first of the paths that they share."""
    lines = []
    for (earlier, later), shared in conflicts_by_pair(event.conflicts).items():
        more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
        who = f"{safe(earlier.label)} and {safe(later.label)}"
        lines.append(f"output conflict: {who} would both write {safe(shared[0].path)}{more}; the later one wins")
    return lines


def _run_line(event: RunStarted | Paused | Resumed, state: BatchState) -> str:
    match event:
        case RunStarted():
            return f"limit: {event.limits_per_min[0]} requests a minute in tier 1, by {safe(event.limit_source)}"
        case Paused():
            left = countdown(event.until - event.at)
            return f"Figma asked to wait: {left}, all configs paused ({_headroom(state)})"
        case Resumed():
            return "the wait is over, all configs go on"
        case _:
            assert_never(event)


def _detail(event: RequestSent | RequestShared | PhaseProgressed) -> str:
    match event:
        case RequestSent():
            return f"tier {event.tier} request: {safe(event.what)}"
        case RequestShared():
            return f"answered without a request: {safe(event.what)}"
        case PhaseProgressed():
            return f"{event.phase} {event.done} of {event.total}" if event.total is not None else str(event.phase)
        case _:
            assert_never(event)


def _config_line(
    event: ConfigStarted | RequestRetried | Warned | ConfigSucceeded | ConfigFailed | ConfigSkipped | ConfigCancelled,
    state: BatchState,
) -> str:
    match event:
        case ConfigStarted():
            return f"started ({_position(state)})" if state.watch is None else "started"
        case RequestRetried():
            return f"{safe(event.what)}: {safe(event.reason)}; retry {event.attempt} in {seconds(event.wait_s)}"
        case Warned():
            return f"warning: {headline(event.problem)}"
        case ConfigSucceeded():
            what = (
                "unchanged" if event.unchanged else f"{asset_counts(event.counts)}; files: {file_counts(event.files)}"
            )
            return f"done, {what} ({_took(state, event.config)})"
        case ConfigFailed():
            more = f" (and {len(event.problems) - 1} more)" if len(event.problems) > 1 else ""
            return f"failed: {headline(event.problems[0])}{more}"
        case ConfigSkipped():
            return f"skipped: {safe(event.reason)}"
        case ConfigCancelled():
            return f"cancelled: {safe(event.reason)}"
        case _:
            assert_never(event)


def _name(config: ConfigId | None) -> str:
    return safe(config.label) if config is not None else "run"


def _position(state: BatchState) -> str:
    waiting = state.count(Status.WAITING)
    return f"{len(state.by_id) - waiting} of {len(state.by_id)}"


def _headroom(state: BatchState) -> str:
    if state.rate is None:
        return "no request sent yet"
    first = state.rate.of_run[0]
    return f"tier 1: {first.sent_last_minute} of {first.limit_per_min} a minute, {first.queued} waiting"


def _took(state: BatchState, id_: ConfigId) -> str:
    config = state.by_id.get(id_)
    if config is None or config.started_at is None or config.ended_at is None:
        return "no time"
    return seconds(config.ended_at - config.started_at)
