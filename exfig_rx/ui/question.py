"""Questions to whoever sits at the terminal: before a run with conflicts, and about a first config.

In: what to ask. Out: the answer. Rule: anything but a clear yes is a no.
"""

import sys

from rich.console import Console

from exfig_rx.model import Conflict
from exfig_rx.ui.problems import conflict_table


def ask_to_continue(console: Console, conflicts: tuple[Conflict, ...]) -> bool:
    """Show the conflicts and ask; blocks until a line is read from standard input."""
    console.print("These configs would write the same paths:")
    console.print(conflict_table(conflicts))
    console.file.write("Continue? [y/N] ")
    console.file.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def ask(question: str) -> str:
    """The line that is typed after `question`, trimmed; empty at the end of standard input."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()
