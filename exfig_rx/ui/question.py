"""The question before a run with conflicts.

In: conflicts. Out: yes or no. Rule: anything but a clear yes is a no.
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
