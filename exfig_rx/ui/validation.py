"""What `exfig validate` and `exfig migrate` say: every problem in full, and one last line.

In: judged configs, conflicts, notes. Out: text on a console. Rule: errors before warnings, configs in the order of the
run; the last line counts everything, whatever else is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from exfig_rx.model import Conflict, Problem
from exfig_rx.ui.problems import conflict_table, conflicts_by_pair, full, headline
from exfig_rx.ui.wording import safe


@dataclass(frozen=True, slots=True)
class Judged:
    """A config and what is wrong with it: without `errors` it is valid."""

    label: str
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def print_judgement(console: Console, judged: Sequence[Judged], conflicts: Sequence[Conflict], *, quiet: bool) -> None:
    """Errors, warnings (unless `quiet`), conflicts, and the last line."""
    _print_all(console, [problem for file in judged for problem in file.errors], "red")
    if not quiet:
        _print_all(console, [problem for file in judged for problem in file.warnings], "yellow")
    if conflicts:
        console.print(Text("These configs would write the same paths:", style="red"))
        console.print(conflict_table(conflicts))
    console.print(Text(_last_line(judged, conflicts), style="bold"))


def print_migration(console: Console, notes: Sequence[Problem], left: Sequence[Problem], last_line: str) -> None:
    """What was changed, one line each; what is left to do by hand, in full; and the last line."""
    for note in notes:
        hint = f" {safe(note.hint)}" if note.hint else ""
        console.print(Text(headline(note) + hint, overflow="fold"))
    if left:
        console.print(Text("Left to do by hand:", style="red"))
        _print_all(console, left, "red")
    console.print(Text(safe(last_line), style="bold"))


def _print_all(console: Console, problems: Sequence[Problem], style: str) -> None:
    for problem in problems:
        console.print(full(problem, style))


def _last_line(judged: Sequence[Judged], conflicts: Sequence[Conflict]) -> str:
    invalid = sum(1 for file in judged if file.errors)
    errors = sum(len(file.errors) for file in judged)
    warnings = sum(len(file.warnings) for file in judged)
    pairs = len(conflicts_by_pair(conflicts))
    parts = [
        f"{_count(len(judged), 'config')}: {len(judged) - invalid} valid, {invalid} invalid",
        _count(errors, "error"),
        _count(warnings, "warning"),
        *([f"{_count(pairs, 'pair')} of configs in conflict"] if pairs else []),
    ]
    return "; ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
