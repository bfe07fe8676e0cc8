"""The end of a run on paper: a table of configs, every error in full, and one last line.

In: the final state. Out: text on a console. Rule: it reads the same in a terminal and in a log, and stays readable with a
thousand configs.
"""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from exfig_rx.fold import BatchState, ConfigState, Status
from exfig_rx.ui.console import is_ascii
from exfig_rx.ui.problems import conflict_table, full, grouped, headline
from exfig_rx.ui.wording import asset_counts, file_counts, safe, seconds, shortened

MOST_SUCCESSES = 50
"""Rows of succeeded configs; more are folded into one line unless asked for."""

STYLES = {
    Status.SUCCEEDED: "green",
    Status.FAILED: "red",
    Status.SKIPPED: "yellow",
    Status.CANCELLED: "yellow",
    Status.RUNNING: "cyan",
    Status.WAITING: "dim",
}

GLYPHS = {
    Status.SUCCEEDED: ("✓", "+"),
    Status.FAILED: ("✗", "x"),
    Status.SKIPPED: ("–", "-"),
    Status.CANCELLED: ("–", "-"),
    Status.RUNNING: ("●", "*"),
    Status.WAITING: ("·", "."),
}


def print_summary(console: Console, state: BatchState, *, quiet: bool, verbose: bool) -> None:
    """Print the summary; `quiet` leaves out the table and the warnings."""
    for part in summary(state, quiet=quiet, verbose=verbose, ascii_only=is_ascii(console)):
        console.print(part)
    console.print(Text(last_line(state), style="bold"), soft_wrap=True)


def summary(state: BatchState, *, quiet: bool, verbose: bool, ascii_only: bool) -> Iterator[RenderableType]:
    """The parts above the last line, each with an empty line behind it."""
    configs = state.configs
    if configs and not quiet:
        yield _table(configs, verbose=verbose, ascii_only=ascii_only)
        yield ""
        yield from _warnings(state)
    for config in configs:
        if config.problems:
            yield Text(f"{safe(config.id.label)} failed:", style="bold red")
            for problem in config.problems:
                yield Padding.indent(full(problem, ""), 2)
            yield ""
    if state.conflicts:
        yield Text("Configs that would write the same paths:", style="bold yellow")
        yield Padding.indent(conflict_table(state.conflicts), 2)
        if state.exit_code == 3:
            yield Padding(
                "Nothing was done. --on-conflict continue runs them all the same; the later wins.", (0, 0, 0, 2)
            )
        yield ""
    if not quiet and state.requests.sent:
        yield Text(requests_line(state), style="dim")


def requests_line(state: BatchState) -> str:
    """`38 requests, 12 of tier 1; 4 pauses, 31 s waiting; 61 requests saved by sharing`."""
    requests = state.requests
    parts = [f"{_counted(requests.sent, 'request')}, {requests.tier1} of tier 1"]
    if requests.retries:
        parts.append(_counted(requests.retries, "retry", "retries"))
    if state.pauses:
        parts.append(f"{_counted(state.pauses, 'pause')}, {seconds(state.paused_s)} waiting")
    if requests.shared:
        parts.append(f"{_counted(requests.shared, 'request')} saved by sharing")
    return "; ".join(parts) + f" (limit: {safe(state.limit_source)})"


def last_line(state: BatchState) -> str:
    """`Batch complete: 4 succeeded, 1 failed in 12.3 s`; skipped and cancelled ones are named when there are any."""
    parts = [f"{state.count(Status.SUCCEEDED)} succeeded", f"{state.count(Status.FAILED)} failed"]
    for status in (Status.SKIPPED, Status.CANCELLED):
        if state.count(status):
            parts.append(f"{state.count(status)} {status}")
    took = (state.ended_at or 0.0) - (state.started_at if state.started_at is not None else state.ended_at or 0.0)
    reason = f" ({state.reason})" if state.reason else ""
    return f"Batch complete: {', '.join(parts)} in {seconds(took)}{reason}"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _table(configs: tuple[ConfigState, ...], *, verbose: bool, ascii_only: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    longest = max((len(config.id.label) for config in configs), default=0)
    table.add_column("Config", no_wrap=True, overflow="ellipsis", min_width=min(longest + 2, 26))
    table.add_column("Result", overflow="fold", ratio=2)
    table.add_column("Files", overflow="fold", ratio=1)
    table.add_column("Requests", justify="right", no_wrap=True)
    table.add_column("Time", justify="right", no_wrap=True)
    hidden = 0
    shown = 0
    for config in configs:
        if config.status is Status.SUCCEEDED and not verbose:
            shown += 1
            if shown > MOST_SUCCESSES:
                hidden += 1
                continue
        table.add_row(*_row(config, ascii_only))
    if hidden:
        table.add_row(f"and {hidden} more that succeeded", "", "", "", "")
    return table


def _row(config: ConfigState, ascii_only: bool) -> tuple[RenderableType, ...]:
    glyph = GLYPHS[config.status][ascii_only]
    name = Text(f"{glyph} {safe(config.id.label)}", style=STYLES[config.status])
    took = seconds(config.ended_at - config.started_at) if config.started_at and config.ended_at else ""
    match config.status:
        case Status.SUCCEEDED:
            result = asset_counts(config.counts) + (", unchanged" if config.unchanged else "")
            return name, result, file_counts(config.files), str(config.requests.sent), took
        case Status.FAILED:
            more = f" (+{len(config.problems) - 1})" if len(config.problems) > 1 else ""
            first = shortened(headline(config.problems[0]), 100) if config.problems else ""
            return name, Text(f"failed: {first}{more}"), "", str(config.requests.sent), took
        case _:
            return name, Text(f"{config.status}: {safe(config.reason)}"), "", str(config.requests.sent), took


def _warnings(state: BatchState) -> Iterator[RenderableType]:
    labelled = [("", problem) for problem in state.warnings]
    labelled += [(config.id.label, problem) for config in state.configs for problem in config.warnings]
    if not labelled:
        return
    yield Text("Warnings:", style="bold yellow")
    for problem, labels in grouped(labelled):
        yield Padding.indent(full(problem, ""), 2)
        if labels:
            names = ", ".join(safe(label) for label in labels[:5])
            more = f" and {len(labels) - 5} more" if len(labels) > 5 else ""
            yield Padding.indent(Text(f"in {names}{more}", style="dim"), 6)
    yield ""
