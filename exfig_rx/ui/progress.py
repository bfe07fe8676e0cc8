"""How a run is followed while it goes: live on a terminal, in lines elsewhere, not at all when quiet.

In: steps. Out: text on the console of stderr. Rule: one of the three ways, chosen once; text is written on a thread of
its own, which is not woken for steps that show nothing.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from reactivex import Observable, abc
from reactivex import operators as ops
from rich.console import Console

from exfig_rx.events import ConfigStarted, ConflictsFound, RateSampled
from exfig_rx.fold import Step
from exfig_rx.ui.console import is_live
from exfig_rx.ui.plain import plain_lines
from exfig_rx.ui.problems import conflict_table

if TYPE_CHECKING:
    from exfig_rx.ui.live import LiveScreen

SHOW_CURSOR = "\x1b[?25h\n"


class Progress:
    """Follows one run on `console`, whose text is written on `scheduler`; `now_s` gives epoch seconds.

    `tell_conflicts` shows conflicts on a live terminal when they are found, where nobody asks about them.
    """

    def __init__(
        self,
        console: Console,
        now_s: Callable[[], float],
        scheduler: abc.SchedulerBase,
        *,
        quiet: bool,
        verbose: bool,
        tell_conflicts: bool,
    ) -> None:
        self._console = console
        self._scheduler = scheduler
        self._quiet = quiet
        self._verbose = verbose
        live = is_live(console) and not quiet and not verbose
        self._screen = _live_screen(console, now_s, scheduler) if live else None
        self._tell_conflicts = tell_conflicts
        self._started = False

    def follow(self, steps: Observable[Step]) -> Observable[Step]:
        """Shows `steps` as they come; those that change what is printed come out again, when they are shown."""
        return steps.pipe(
            ops.do_action(self._keep),
            ops.filter(self._is_shown),
            ops.observe_on(self._scheduler),
            ops.do_action(self._show),
        )

    def _keep(self, step: Step) -> None:
        if self._screen is not None:
            self._screen.show(step.state)

    def _is_shown(self, step: Step) -> bool:
        return not self._quiet and not isinstance(step.event, RateSampled)

    def _show(self, step: Step) -> None:
        if self._screen is not None:
            self._screen.changed()
            if isinstance(step.event, ConflictsFound) and self._tell_conflicts:
                self._console.print("These configs write the same paths; the later one wins:", style="bold yellow")
                self._console.print(conflict_table(step.event.conflicts))
            # Not before the first config runs: until then there may be a question on the terminal.
            if isinstance(step.event, ConfigStarted) and not self._started:
                self._started = True
                self._screen.start()
        else:
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


def _live_screen(console: Console, now_s: Callable[[], float], scheduler: abc.SchedulerBase) -> "LiveScreen":
    from exfig_rx.ui.live import LiveScreen  # with what Rich needs for it 2 ms, which pipes are spared

    return LiveScreen(console, now_s, scheduler)
