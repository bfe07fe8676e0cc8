"""A watch as lines, for pipes, logs and `--verbose`: what changed, what waits for it, and what each cycle came to.

In: an event of a watch and the state after it. Out: lines without control characters, mostly one. Rule: what comes by
the hour and asks for nothing (polls, hooks, turns) is told to those who want everything; what is ignored, as a count.
"""

from typing import assert_never

from exfig_rx.cycles import Cycle
from exfig_rx.run_state import BatchState
from exfig_rx.ui.problems import headline
from exfig_rx.ui.wording import counted, file_counts, safe, seconds
from exfig_rx.watch_events import (
    ChangeNoticed,
    ConfigHeld,
    ConfigQueued,
    ConfigRemoved,
    CycleEnded,
    CycleStarted,
    HookReceived,
    PollPlanned,
    Source,
    WatchContinued,
    WatchEvent,
    WatchPaused,
    WatchStarted,
)


def watch_lines(event: WatchEvent, state: BatchState, *, verbose: bool) -> list[str]:
    """The lines for one event; `verbose` adds turns, cycles' beginnings, polls and hooks."""
    match event:
        case ConfigQueued() | CycleStarted() | PollPlanned() | HookReceived(accepted=True):
            return [_detail(event)] if verbose else []
        case HookReceived():
            return _ignored(event, state, verbose=verbose)
        case CycleEnded():
            return _cycle(event, state)
        case _:
            return [_line(event, state)]


def _line(
    event: WatchStarted | ChangeNoticed | ConfigHeld | ConfigRemoved | WatchPaused | WatchContinued, state: BatchState
) -> str:
    match event:
        case WatchStarted():
            webhook = f"; webhook at {safe(event.webhook)}" if event.webhook else ""
            configs = counted(len(state.by_id), "config")
            return f"watching {configs}; debounce {seconds(event.debounce_s)}{webhook}"
        case ChangeNoticed():
            changed = "" if event.source is Source.PERSON else "changed: "
            return f"{changed}{safe(event.what)}: {runs_again(event)}"
        case ConfigHeld():
            more = f" (and {len(event.problems) - 1} more)" if len(event.problems) > 1 else ""
            return f"{safe(event.config.label)}: held: {headline(event.problems[0])}{more}"
        case ConfigRemoved():
            return f"{safe(event.config.label)}: removed; its files stay"
        case WatchPaused():
            return "watch paused: changes wait"
        case WatchContinued():
            return "watch goes on"
        case _:
            assert_never(event)


def runs_again(event: ChangeNoticed) -> str:
    """How many configs a change concerns: `2 configs run again`."""
    if not event.configs:
        return "no config runs again"
    return "1 config runs again" if len(event.configs) == 1 else f"{len(event.configs)} configs run again"


def _detail(event: ConfigQueued | CycleStarted | PollPlanned | HookReceived) -> str:
    match event:
        case ConfigQueued():
            return f"{safe(event.config.label)}: waits for its turn: {safe(event.reason)}"
        case CycleStarted():
            return f"cycle {event.number} begins"
        case PollPlanned(next_at=None):
            return "no file of Figma to ask about"
        case PollPlanned():
            left = seconds((event.next_at or event.at) - event.at)
            return f"next poll in {left}: {counted(event.files, 'file')}, each every {seconds(event.every_s)}"
        case HookReceived():
            return f"webhook: {safe(event.what)}"
        case _:
            assert_never(event)


def _ignored(event: HookReceived, state: BatchState, *, verbose: bool) -> list[str]:
    """The 1st, 10th, 100th… message that was ignored: whoever floods the address does not flood the log."""
    count = state.watch.hooks_ignored if state.watch is not None else 1
    if not verbose and str(count).strip("0") != "1":
        return []
    return [f"webhook: ignored: {safe(event.what)} ({counted(count, 'message')} ignored so far)"]


def _cycle(event: CycleEnded, state: BatchState) -> list[str]:
    history = state.watch.history if state.watch is not None else ()
    if not history or history[-1].ended_at is None:
        return []
    cycle = history[-1]
    return [f"cycle {event.number} ended: {cycle_words(cycle)}; files: {file_counts(cycle.files)}"]


def cycle_words(cycle: Cycle) -> str:
    """What came of a cycle, and in which time: `2 succeeded, 1 of them unchanged, 1 failed in 3.2 s`."""
    parts = [f"{cycle.succeeded} succeeded"]
    if cycle.unchanged:
        parts.append(f"{cycle.unchanged} of them unchanged")
    parts += [
        f"{number} {word}" for number, word in ((cycle.failed, "failed"), (cycle.cancelled, "cancelled")) if number
    ]
    took = (cycle.ended_at if cycle.ended_at is not None else cycle.started_at) - cycle.started_at
    return f"{', '.join(parts)} in {seconds(took)}"
