"""Panels of the dashboard: the keys, what is wrong with one config in full, and what the whole run warns of.

In: a state, a config, a width. Out: lines, as many as there are. Rule: whoever scrolls and whoever draws count the same
lines, so they are made in one place.
"""

import io
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.text import Text

from exfig_rx.model import Problem
from exfig_rx.run_state import BatchState, ConfigState, Status
from exfig_rx.ui.problems import full
from exfig_rx.ui.screen_parts import fitted
from exfig_rx.ui.wording import asset_counts, file_counts, safe


class Panel(StrEnum):
    """What is shown instead of the configs."""

    HELP = "help"
    ERROR = "error"
    WARNINGS = "warnings"


KEYS: Final = (
    ("up k, down j", "select a config, or scroll"),
    ("PgUp, PgDn", "a page up or down"),
    ("g, G", "the first, the last"),
    ("e, Enter", "show what is wrong with the selected config, in full"),
    ("r", "run the selected config again"),
    ("R", "run all configs again"),
    ("p", "let changes wait, and take them up again"),
    ("w", "show what the run warns of"),
    ("?", "these keys"),
    ("Esc", "close what is open"),
    ("q", "end the watch"),
    ("Ctrl-L", "draw the screen anew"),
)
"""Keys, and what they do."""


def panel_lines(
    panel: Panel, config: ConfigState | None, state: BatchState, width: int, *, ascii_only: bool
) -> list[Text]:
    """All lines of a panel, each of at most `width` columns; `config` is the selected one."""
    match panel:
        case Panel.HELP:
            size = max(len(keys) for keys, _ in KEYS) + 2
            return [fitted([(keys.ljust(size), "bold"), (does, "")], width, ascii_only) for keys, does in KEYS]
        case Panel.ERROR:
            content = Group(*_about(config)) if config is not None else Text("no config is selected")
        case Panel.WARNINGS:
            warnings = [*_paragraphs(state.warnings[::-1], "yellow")]
            content = Group(*warnings) if warnings else Text("nothing to warn of")
    return _lines(content, width, ascii_only)


def _about(config: ConfigState) -> Iterator[RenderableType]:
    yield from _paragraphs(config.problems, "red")
    if not config.problems:
        what = f"{config.status}: {safe(config.reason)}" if config.reason else str(config.status)
        yield Text(f"no error; {'running' if config.status is Status.RUNNING else what}")
        yield ""
    if config.last is not None:
        yield Text(f"Last good export: {asset_counts(config.last.counts)}; files: {file_counts(config.last.files)}")
        yield ""
    if config.warnings:
        yield Text("Warnings:", style="bold yellow")
        yield from _paragraphs(config.warnings, "yellow")


def _paragraphs(problems: Sequence[Problem], style: str) -> Iterator[RenderableType]:
    for problem in problems:
        yield full(problem, style)
        yield ""


def _lines(content: RenderableType, width: int, ascii_only: bool) -> list[Text]:
    console = Console(width=width, file=io.StringIO(), markup=False, emoji=False, highlight=False, _environ={})
    rendered = console.render_lines(content, console.options.update(height=None), pad=False)
    lines = [fitted([(part.text, part.style or "") for part in line], width, ascii_only) for line in rendered]
    while lines and not lines[-1].plain.strip():
        del lines[-1]
    return lines
