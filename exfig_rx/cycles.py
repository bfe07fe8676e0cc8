"""What a watch has seen so far, as a fold of its events: cycles, changes, polls, what came in from Figma.

In: events, in any order. Out: a `WatchState` that stays small over days. Rule: as in `fold`, of which this is a part:
pure, total, and an event that makes no sense changes nothing.
"""

from dataclasses import dataclass, replace
from typing import Final, TypeAlias, assert_never

from exfig_rx.events import ConfigCancelled, ConfigFailed, ConfigSucceeded, RequestSent
from exfig_rx.model import FileCounts, Tier
from exfig_rx.watch_events import (
    ChangeNoticed,
    CycleEnded,
    CycleStarted,
    HookReceived,
    PollPlanned,
    WatchContinued,
    WatchPaused,
    WatchStarted,
)

MOST_CYCLES: Final = 100
"""Cycles that are remembered."""

MOST_CHANGES: Final = 20
"""Changes that are remembered."""

NO_FILES: Final = FileCounts()


@dataclass(frozen=True, slots=True)
class Cycle:
    """One time in which configs ran; times are epoch seconds. `requests` are those of tiers 1, 2, 3."""

    number: int
    started_at: float
    ended_at: float | None = None
    reasons: tuple[str, ...] = ()
    succeeded: int = 0
    unchanged: int = 0
    failed: int = 0
    cancelled: int = 0
    files: FileCounts = NO_FILES
    requests: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class WatchState:
    """`cycle` is the one that goes on; `history` are the last ones that ended, oldest first; so are `changes`.

    `poll_every_s` and `next_poll_at` are of the versions of `polled` files.
    """

    since: float
    debounce_s: float
    webhook: str = ""
    is_paused: bool = False
    cycle: Cycle | None = None
    cycles: int = 0
    history: tuple[Cycle, ...] = ()
    changes: tuple[ChangeNoticed, ...] = ()
    pending: tuple[str, ...] = ()
    poll_every_s: float | None = None
    next_poll_at: float | None = None
    polled: int = 0
    hooks_accepted: int = 0
    hooks_ignored: int = 0


Happened: TypeAlias = (
    ChangeNoticed | CycleStarted | CycleEnded | PollPlanned | HookReceived | WatchPaused | WatchContinued
)

Counted: TypeAlias = RequestSent | ConfigSucceeded | ConfigFailed | ConfigCancelled


def begun(event: WatchStarted) -> WatchState:
    """A watch that has seen nothing."""
    return WatchState(event.at, event.debounce_s, event.webhook)


def watched(state: WatchState, event: Happened) -> WatchState:
    """The state after `event`."""
    match event:
        case ChangeNoticed():
            changes = (*state.changes, event)[-MOST_CHANGES:]
            return (
                _with_reason(replace(state, changes=changes), event.what)
                if event.configs
                else replace(state, changes=changes)
            )
        case CycleStarted():
            cycle = Cycle(event.number, event.at, reasons=state.pending)
            return replace(state, cycle=cycle, cycles=state.cycles + 1, pending=())
        case CycleEnded():
            if state.cycle is None or state.cycle.number != event.number:
                return state
            ended = replace(state.cycle, ended_at=event.at)
            return replace(state, cycle=None, history=(*state.history, ended)[-MOST_CYCLES:])
        case PollPlanned():
            return replace(state, poll_every_s=event.every_s, next_poll_at=event.next_at, polled=event.files)
        case HookReceived():
            if event.accepted:
                return replace(state, hooks_accepted=state.hooks_accepted + 1)
            return replace(state, hooks_ignored=state.hooks_ignored + 1)
        case WatchPaused():
            return replace(state, is_paused=True)
        case WatchContinued():
            return replace(state, is_paused=False)
        case _:
            assert_never(event)


def counted(state: WatchState, event: Counted) -> WatchState:
    """What counts for the cycle that goes on."""
    cycle = state.cycle
    if cycle is None:
        return state
    match event:
        case RequestSent():
            first, second, third = cycle.requests
            cycle = replace(
                cycle,
                requests=(
                    first + (event.tier is Tier.ONE),
                    second + (event.tier is Tier.TWO),
                    third + (event.tier is Tier.THREE),
                ),
            )
        case ConfigSucceeded():
            files = FileCounts(
                cycle.files.created + event.files.created,
                cycle.files.updated + event.files.updated,
                cycle.files.unchanged + event.files.unchanged,
                cycle.files.deleted + event.files.deleted,
            )
            cycle = replace(
                cycle, succeeded=cycle.succeeded + 1, unchanged=cycle.unchanged + event.unchanged, files=files
            )
        case ConfigFailed():
            cycle = replace(cycle, failed=cycle.failed + 1)
        case ConfigCancelled():
            cycle = replace(cycle, cancelled=cycle.cancelled + 1)
        case _:
            assert_never(event)
    return replace(state, cycle=cycle)


def _with_reason(state: WatchState, what: str) -> WatchState:
    """A change belongs to the cycle that goes on, or else to the one that it begins."""
    if state.cycle is not None:
        return replace(state, cycle=replace(state.cycle, reasons=_more(state.cycle.reasons, what)))
    return replace(state, pending=_more(state.pending, what))


def _more(reasons: tuple[str, ...], what: str) -> tuple[str, ...]:
    return reasons if what in reasons else (*reasons, what)[-MOST_CHANGES:]
