"""The lines of the dashboard: what is watched, budgets and polls, a line for each config, the last changes, the keys.

In: a state, a width, the time. Out: lines that fit. Rule: a config that fails or is held shows why, and beside it what
it exported when it last succeeded, which is what is on disk.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rich.text import Text

from exfig_rx.cycles import WatchState
from exfig_rx.events import RateSampled
from exfig_rx.run_state import BatchState, ConfigState, Status
from exfig_rx.ui.panels import Panel
from exfig_rx.ui.plain_watch import cycle_words, runs_again
from exfig_rx.ui.problems import headline
from exfig_rx.ui.screen_parts import (
    Part,
    fitted,
    glyph_of,
    label,
    pause_line,
    phase_parts,
    rate_line,
)
from exfig_rx.ui.summary import STYLES
from exfig_rx.ui.wording import ago, asset_counts, clock, countdown, counted, file_counts, rough, safe
from exfig_rx.watch_events import ChangeNoticed

SOON_S: Final = 10.0
"""A poll so near is counted down."""

MINUTE_S: Final = 60.0

WIDE: Final = 100
"""From so many columns on, what was exported is told beside an error."""

WITH_AGES: Final = 40
"""From so many columns on, lines of configs say how old their last export is."""

AGE_WIDTH: Final = 11


def title_line(state: BatchState, width: int, now: float, ascii_only: bool) -> Text:
    """What the watch is doing, with how many configs, how many of them are not well, and for how long it has run."""
    counts = Counter(config.status for config in state.by_id.values())
    watch = state.watch
    waiting = counts[Status.WAITING]
    doing: list[Part]
    if watch is not None and watch.is_paused:
        doing = [("paused", "bold yellow"), (", changes wait", "yellow")]
    elif counts[Status.RUNNING]:
        doing = [(f"exporting {counts[Status.RUNNING]}", "cyan"), (f", {waiting} waiting" if waiting else "", "dim")]
    else:
        doing = [("watching", "green")]
    since = watch.since if watch is not None else state.started_at
    parts: list[Part] = [("exfig  ", "bold"), *doing, (f"  {counted(len(state.by_id), 'config')}", "")]
    parts += [
        (f", {counts[status]} {status}", STYLES[status]) for status in (Status.FAILED, Status.HELD) if counts[status]
    ]
    return fitted([*parts, (f"  for {rough(now - (since if since is not None else now))}", "dim")], width, ascii_only)


def header_lines(state: BatchState, width: int, now: float, ascii_only: bool) -> list[Text]:
    """What else there is to know of the whole, the most urgent first."""
    lines = []
    if state.pause is not None:
        lines.append(pause_line(state.pause, width, now, ascii_only))
    if closed := _locked_out(state):
        lines.append(fitted([(closed, "bold yellow")], width, ascii_only))
    lines.append(rate_line(_aged(state, now), width, ascii_only))
    if state.watch is not None:
        if sources := _sources(state.watch, now):
            lines.append(fitted([(sources, "")], width, ascii_only))
        lines += _warning(state, width, ascii_only)
        if state.watch.history and state.watch.cycle is None:
            cycle = state.watch.history[-1]
            words = f"cycle {cycle.number} at {clock(cycle.started_at)}: {cycle_words(cycle)}"
            lines.append(fitted([(f"{words}, {counted(sum(cycle.requests), 'request')}", "dim")], width, ascii_only))
    return lines


def is_counting(state: BatchState, now: float) -> bool:
    """Whether something on the screen changes with every second."""
    watch = state.watch
    poll = watch.next_poll_at if watch is not None else None
    if state.pause is not None or (poll is not None and 0 <= poll - now <= SOON_S):
        return True
    return any(config.status is Status.RUNNING for config in state.by_id.values())


def _locked_out(state: BatchState) -> str:
    """That Figma asked to wait for longer than anybody does, and until when, where a config failed of it."""
    for config in state.by_id.values():
        for problem in config.problems:
            if problem.code == "figma.locked-out":
                end = problem.message.partition(" until ")[2].partition(" (")[0]
                return f"Figma locked this token out until {end}" if end else headline(problem)
    return ""


def _aged(state: BatchState, now: float) -> BatchState:
    """The state with the budgets of now: samples come while anything runs, and a minute later all requests are past."""
    rate: RateSampled | None = state.rate
    if rate is None or now - rate.at < MINUTE_S:
        return state
    tiers = tuple(replace(tier, sent_last_minute=0, queued=0) for tier in rate.tiers)
    return replace(state, rate=replace(rate, tiers=tiers))


def _sources(watch: WatchState, now: float) -> str:
    """Where changes of the design come from: `next poll in 8 s: 4 files, each every 1 min; webhook … : 3 received`."""
    parts = []
    if watch.next_poll_at is not None:
        left = watch.next_poll_at - now
        when = "now" if left <= 0 else f"in {countdown(left) if left <= SOON_S else rough(left)}"
        every = rough(watch.poll_every_s or 0.0)
        parts.append(f"next poll {when}: {counted(watch.polled, 'file')}, each every {every}")
    if watch.webhook:
        ignored = f", {watch.hooks_ignored} ignored" if watch.hooks_ignored else ""
        parts.append(f"webhook {safe(watch.webhook)}: {watch.hooks_accepted} received{ignored}")
    return "; ".join(parts)


def _warning(state: BatchState, width: int, ascii_only: bool) -> list[Text]:
    if not state.warnings:
        return []
    more = f" (and {len(state.warnings) - 1} more: w)" if len(state.warnings) > 1 else ""
    return [fitted([(f"warning{more}: {headline(state.warnings[-1])}", "yellow")], width, ascii_only)]


def config_line(config: ConfigState, size: int, width: int, now: float, *, is_selected: bool, ascii_only: bool) -> Text:
    """One config; `size` columns are its name's."""
    mark = (">" if ascii_only else "❯") if is_selected else " "
    age = ago(now - config.last.at) if config.last is not None else ""
    parts: list[Part] = [
        (mark, "bold cyan"),
        (f"{glyph_of(config, now, ascii_only)} ", STYLES[config.status]),
        (f"{label(config, size, ascii_only)} ", "bold" if is_selected else ""),
        (age.ljust(AGE_WIDTH) if width >= WITH_AGES else "", "dim"),
    ]
    return fitted([*parts, *_state_of(config, width, now, ascii_only)], width, ascii_only)


def _state_of(config: ConfigState, width: int, now: float, ascii_only: bool) -> list[Part]:
    last = f"{asset_counts(config.last.counts)}  " if config.last is not None and width >= WIDE else ""
    match config.status:
        case Status.RUNNING:
            return phase_parts(config, width, now, ascii_only)
        case Status.SUCCEEDED:
            files = "unchanged" if config.unchanged else file_counts(config.files)
            return [(asset_counts(config.counts), "green"), (f"; {files}", "dim")]
        case Status.FAILED | Status.HELD:
            return [(last, "dim"), (f"{config.status}: {_why(config)}", STYLES[config.status])]
        case Status.WAITING:
            return [(f"waiting: {safe(config.reason)}" if config.reason else "waiting", "dim")]
        case _:
            return [(last, "dim"), (f"{config.status}: {safe(config.reason)}", "yellow")]


def _why(config: ConfigState) -> str:
    """The first problem in one line, without the name of the file where that is the config: the line has it already."""
    if not config.problems:
        return ""
    where = config.problems[0].location
    words = headline(config.problems[0])
    if where is None or where.file is None or not where.file.endswith(config.id.name):
        return words
    own = safe(where.file)
    return words.removeprefix(f"{own} ") if where.line is None else f"line {words.removeprefix(f'{own}:')}"


def change_line(change: ChangeNoticed, width: int, ascii_only: bool) -> Text:
    """`12:03:14 colors.yaml edited → 2 configs run again`."""
    arrow = "->" if ascii_only else "→"
    return fitted(
        [(clock(change.at), "dim"), (f" {safe(change.what)}", ""), (f" {arrow} {runs_again(change)}", "dim")],
        width,
        ascii_only,
    )


def above_and_below(start: int, end: int, total: int, width: int, ascii_only: bool) -> Text:
    """That there are more configs than lines."""
    return fitted([(f"  {start + 1} to {end} of {total}", "dim")], width, ascii_only)


def keys_line(panel: Panel | None, *, is_paused: bool, width: int, ascii_only: bool) -> Text:
    """The keys that are of use now, the most important first."""
    pause = ("p", "go on" if is_paused else "pause")
    keys: Sequence[tuple[str, str]]
    if panel is None:
        keys = (("q", "quit"), ("?", "help"), ("r", "run"), ("R", "run all"), pause, ("e", "error"), ("j/k", "select"))
    else:
        keys = (("Esc", "close"), ("j/k", "scroll"), ("r", "run"), ("R", "run all"), pause, ("q", "quit"))
    parts: list[Part] = []
    for key, does in keys:
        parts += [(f"{key} ", "bold"), (f"{does}   ", "dim")]
    return fitted(parts, width, ascii_only)
