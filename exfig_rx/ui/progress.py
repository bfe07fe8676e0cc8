"""How a run is followed while it goes: live on a terminal, in lines elsewhere, not at all when quiet.

In: steps. Out: text on the console of stderr. Rule: one of the three ways, chosen once.
"""

from collections.abc import Callable

from rich.console import Console

from exfig_rx.events import ConfigStarted, ConflictsFound
from exfig_rx.fold import Step
from exfig_rx.ui.console import is_live
from exfig_rx.ui.live import LiveScreen
from exfig_rx.ui.plain import plain_lines
from exfig_rx.ui.problems import conflict_table

SHOW_CURSOR = "\x1b[?25h\n"


class Progress:
    """Follows one run on `console`; `now_s` gives epoch seconds.

    `tell_conflicts` shows conflicts on a live terminal when they are found, where nobody asks about them.
    """

    def __init__(
        self, console: Console, now_s: Callable[[], float], *, quiet: bool, verbose: bool, tell_conflicts: bool
    ) -> None:
        self._console = console
        self._quiet = quiet
        self._verbose = verbose
        self._screen = LiveScreen(console, now_s) if is_live(console) and not quiet and not verbose else None
        self._tell_conflicts = tell_conflicts
        self._started = False

    def on_step(self, step: Step) -> None:
        """Show what a step changed."""
        if self._screen is not None:
            self._screen.show(step.state)
            if isinstance(step.event, ConflictsFound) and self._tell_conflicts:
                self._console.print("These configs write the same paths; the later one wins:", style="bold yellow")
                self._console.print(conflict_table(step.event.conflicts))
            # Not before the first config runs: until then there may be a question on the terminal.
            if isinstance(step.event, ConfigStarted) and not self._started:
                self._started = True
                self._screen.start()
        elif not self._quiet:
            for line in plain_lines(step, verbose=self._verbose):
                self._console.out(line, highlight=False)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._started and self._screen is not None:
            self._screen.stop()
            self._started = False

    def abandon(self) -> None:
        """Give the cursor back without waiting for anything, for an end by force."""
        if self._started:
            self._console.file.write(SHOW_CURSOR)
            self._console.file.flush()
