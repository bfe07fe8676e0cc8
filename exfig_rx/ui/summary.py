"""The end of a run on paper: a table of configs, every error in full, and one last line.

In: the final state. Out: text on a console. Rule: it reads the same in a terminal and in a log, and stays readable
with a thousand configs.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from exfig_rx.model import Problem
from exfig_rx.run_state import BatchState, ConfigState, Status
from exfig_rx.ui.console import is_ascii
from exfig_rx.ui.problems import Indented, conflict_table, full, grouped, headline
from exfig_rx.ui.wording import asset_counts, clock, counted, file_counts, safe, seconds

MOST_SUCCESSES = 50
"""Rows of succeeded configs; more are folded into one line unless asked for."""

MOST_NAMES = 5
"""Names of configs that share a problem; the others are counted."""

NARROW = 80
"""Below so many columns, a table that does not fit leaves out files, requests and times."""

MOST_OLD_WARNINGS = 5
"""Warnings of a whole watch that are told at its end."""

FIRST_RIGHT_ALIGNED = 3
"""Requests and times are numbers."""

Row: TypeAlias = tuple[tuple[str, str], ...]
"""Cells of one line, each with its style."""

STYLES = {
    Status.SUCCEEDED: "green",
    Status.FAILED: "red",
    Status.SKIPPED: "yellow",
    Status.CANCELLED: "yellow",
    Status.RUNNING: "cyan",
    Status.WAITING: "dim",
    Status.HELD: "yellow",
}

GLYPHS = {
    Status.SUCCEEDED: ("✓", "+"),
    Status.FAILED: ("✗", "x"),
    Status.SKIPPED: ("–", "-"),
    Status.CANCELLED: ("–", "-"),
    Status.RUNNING: ("●", "*"),
    Status.WAITING: ("·", "."),
    Status.HELD: ("!", "!"),
}


def print_summary(console: Console, state: BatchState, *, quiet: bool, verbose: bool) -> None:
    """Print the summary; `quiet` leaves out the table and the warnings."""
    for part in summary(state, console.width, quiet=quiet, verbose=verbose, ascii_only=is_ascii(console)):
        console.print(part)
    if state.reason:
        ended = "The run ended early" if state.watch is None else "The watch ended"
        console.print(Text(f"{ended}: {safe(state.reason)}.", style="bold yellow"), soft_wrap=True)
    console.print(Text(last_line(state), style="bold"), soft_wrap=True)


def summary(state: BatchState, width: int, *, quiet: bool, verbose: bool, ascii_only: bool) -> Iterator[RenderableType]:
    """The parts above the last line, each with an empty line behind it."""
    configs = state.configs
    if configs and not quiet:
        yield from _table(configs, width, verbose=verbose, ascii_only=ascii_only)
        yield ""
        yield from _warnings(state)
    for problems, labels, fate in _failures(configs):
        yield Text(f"{_names(labels)} {fate}:", style="bold red")
        for problem in problems:
            yield Indented(full(problem, ""), 2)
        yield ""
    # In a watch they come and go; the configs that were held for one say so.
    if state.conflicts and state.watch is None:
        yield Text("Configs that would write the same paths:", style="bold yellow")
        yield Indented(conflict_table(state.conflicts), 2)
        if state.exit_code == 3:
            yield Indented("Nothing was done. --on-conflict continue runs them all the same; the later wins.", 2)
        yield ""
    if not quiet and state.requests.sent:
        yield Text(requests_line(state), style="dim")


def _failures(configs: Sequence[ConfigState]) -> Iterator[tuple[tuple[Problem, ...], list[str], str]]:
    """What failed, the configs that failed of the same (a lock-out that stops thirty is told once), and their fate."""
    found: dict[tuple[object, ...], tuple[tuple[Problem, ...], list[str], str]] = {}
    for config in configs:
        if config.problems:
            fate = "failed" if config.status is Status.FAILED else str(Status.HELD)
            key = (fate, *((problem.code, headline(problem), problem.hint) for problem in config.problems))
            found.setdefault(key, (config.problems, [], fate))[1].append(config.id.label)
    yield from found.values()


def _names(labels: Sequence[str]) -> str:
    names = ", ".join(safe(label) for label in labels[:MOST_NAMES])
    more = len(labels) - MOST_NAMES
    return f"{names} and {more} more" if more > 0 else names


def requests_line(state: BatchState) -> str:
    """`38 requests, 12 of tier 1; 4 pauses, 31 s waiting; 61 requests saved by sharing`."""
    requests = state.requests
    parts = [f"{counted(requests.sent, 'request')}, {requests.tier1} of tier 1"]
    if requests.retries:
        parts.append(counted(requests.retries, "retry", "retries"))
    if state.pauses:
        parts.append(f"{counted(state.pauses, 'pause')}, {seconds(state.paused_s)} waiting")
    if requests.shared:
        parts.append(f"{counted(requests.shared, 'request')} saved by sharing")
    return "; ".join(parts) + f" (limit: {safe(state.limit_source)})"


def last_line(state: BatchState) -> str:
    """`Batch complete: 4 succeeded, 1 failed in 12.3 s`; skipped and cancelled ones are named when there are any.

    Of a watch: `Watch complete: 12 cycles; 4 succeeded, 1 failed in 3720.0 s`, the last state of each config.
    """
    parts = [f"{state.count(Status.SUCCEEDED)} succeeded", f"{state.count(Status.FAILED)} failed"]
    others = (Status.SKIPPED, Status.CANCELLED)
    parts += [f"{state.count(status)} {status}" for status in others if state.count(status)]
    took = (state.ended_at or 0.0) - (state.started_at if state.started_at is not None else state.ended_at or 0.0)
    begin = "Batch complete: " if state.watch is None else f"Watch complete: {counted(state.watch.cycles, 'cycle')}; "
    # Always in seconds with one decimal: scripts read this line.
    return f"{begin}{', '.join(parts)} in {max(0.0, took):.1f} s"


def _table(configs: tuple[ConfigState, ...], width: int, *, verbose: bool, ascii_only: bool) -> Iterator[Text]:
    """A line for each config in columns that fit `width`. By hand: Rich's tables take longer than twenty exports."""
    rows: list[Row] = [(("Config", "bold"), *((name, "bold") for name in ("Result", "Files", "Requests", "Time")))]
    succeeded = 0
    for config in configs:
        succeeded += config.status is Status.SUCCEEDED
        if verbose or config.status is not Status.SUCCEEDED or succeeded <= MOST_SUCCESSES:
            rows.append(_row(config, ascii_only))
    widths = [max(cell_len(row[column][0]) for row in rows) for column in range(5)]
    widths[0] = min(widths[0], max(12, width // 3))
    if sum(widths) + 2 * 4 > width and width < NARROW:
        widths[2:] = [0, 0, 0]
    widths[1] = max(8, min(widths[1], width - widths[0] - sum(size + 2 for size in widths[2:]) - 2))
    for row in rows:
        yield _line(row, widths, ascii_only)
    if succeeded > MOST_SUCCESSES and not verbose:
        yield Text(f"and {succeeded - MOST_SUCCESSES} more that succeeded", style="dim")


def _line(row: Row, widths: list[int], ascii_only: bool) -> Text:
    line = Text(no_wrap=True)
    for column, ((text, style), size) in enumerate(zip(row, widths, strict=True)):
        if not size:
            continue
        cell = Text(text, style=style)
        if column >= FIRST_RIGHT_ALIGNED:
            cell.pad_left(size - cell.cell_len)
        cell.truncate(size, overflow="crop" if ascii_only else "ellipsis", pad=True)
        line.append_text(cell)
        line.append("  ")
    line.rstrip()
    return line


def _row(config: ConfigState, ascii_only: bool) -> Row:
    name = f"{GLYPHS[config.status][ascii_only]} {safe(config.id.label)}"
    took = seconds(config.ended_at - config.started_at) if config.started_at and config.ended_at else ""
    match config.status:
        case Status.SUCCEEDED:
            result = ("unchanged: " if config.unchanged else "") + asset_counts(config.counts)
            files = file_counts(config.files)
        case Status.FAILED | Status.SKIPPED | Status.HELD if config.problems:
            # Who was held when a watch ended was skipped; why it was held says more.
            fate = "failed" if config.status is Status.FAILED else str(Status.HELD)
            more = f" (+{len(config.problems) - 1})" if len(config.problems) > 1 else ""
            result, files = f"{fate}: {headline(config.problems[0])}{more}", _exported(config)
        case _:
            result, files = f"{config.status}: {safe(config.reason)}", _exported(config)
    return (name, STYLES[config.status]), (result, ""), (files, ""), (str(config.requests.sent), ""), (took, "")


def _exported(config: ConfigState) -> str:
    """When a config that did not come to its end exported last, in an earlier turn of a watch."""
    return f"exported at {clock(config.last.at)}" if config.last is not None else ""


def _warnings(state: BatchState) -> Iterator[RenderableType]:
    # Of days, the last few; what is odd about configs is of their last turns anyway.
    told = state.warnings if state.watch is None else state.warnings[-MOST_OLD_WARNINGS:]
    labelled = [("", problem) for problem in told]
    labelled += [(config.id.label, problem) for config in state.configs for problem in config.warnings]
    if not labelled:
        return
    yield Text("Warnings:", style="bold yellow")
    for problem, by_keys in grouped(labelled):
        yield Indented(full(problem, ""), 2)
        for keys, labels in by_keys.items():
            if labels:
                yield Indented(Text(f"{safe(keys)} in {_names(labels)}".lstrip(), style="dim"), 6)
    yield ""
