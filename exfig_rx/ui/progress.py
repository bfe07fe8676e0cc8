"""How a run is followed while it goes: live on a terminal, in lines elsewhere, not at all when quiet.

In: steps. Out: text on the console of stderr, and what somebody at a watch wishes. Rule: one of these ways, chosen
once; text is written on a thread of its own, which is not woken for steps that show nothing.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from reactivex import Observable, abc
from reactivex import operators as ops
from rich.console import Console

from exfig_rx.events import ConfigStarted, ConflictsFound, RateSampled
from exfig_rx.run_state import Step
from exfig_rx.settings import Watching
from exfig_rx.ui.console import is_live
from exfig_rx.ui.plain import plain_lines
from exfig_rx.ui.problems import conflict_table
from exfig_rx.wishes import Wish

if TYPE_CHECKING:
    from exfig_rx.ui.dashboard import Dashboard
    from exfig_rx.ui.live import LiveScreen
    from exfig_rx.ui.notices import Notices

SHOW_CURSOR = "\x1b[?25h\n"


class Progress:
    """Follows one run on `console`, whose text is written on `scheduler`; `now_s` gives epoch seconds.

    `tell_conflicts` shows conflicts on a live terminal when they are found, where nobody asks about them. `watching`
    is how a run watches, None for one that ends by itself; `wish` gets what somebody wants of a watch, on any thread.
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
        watching: Watching | None = None,
        wish: Callable[[Wish], None] | None = None,
    ) -> None:
        self._console = console
        self._scheduler = scheduler
        self._quiet = quiet
        self._verbose = verbose
        self._screen: LiveScreen | None = None
        self._dashboard: Dashboard | None = None
        if is_live(console) and not quiet and not verbose:
            if watching is None:
                self._screen = _live_screen(console, now_s, scheduler)
            else:
                self._dashboard = _dashboard(console, now_s, scheduler, wish or (lambda _: None))
        self._notices = _notices(console, watching) if watching is not None else None
        self._tell_conflicts = tell_conflicts
        self._started = False
        self._is_mute = False

    def follow(self, steps: Observable[Step]) -> Observable[Step]:
        """Shows `steps` as they come; those that change what is printed come out again, when they are shown."""
        return steps.pipe(
            ops.do_action(self._keep),
            ops.filter(self._is_shown),
            ops.observe_on(self._scheduler),
            ops.do_action(self._show),
        )

    def _keep(self, step: Step) -> None:
        for screen in (self._screen, self._dashboard):
            if screen is not None:
                screen.show(step.state)

    def _is_shown(self, step: Step) -> bool:
        return (not self._quiet or self._notices is not None) and not isinstance(step.event, RateSampled)

    def _show(self, step: Step) -> None:
        """What a step changes on paper; where nothing can be written any more, the run goes on without."""
        if not self._is_mute:
            try:
                self._write(step)
            except OSError:
                self._is_mute = True

    def _write(self, step: Step) -> None:
        if self._notices is not None:
            self._notices.hear(step.event)
        if self._dashboard is not None:
            self._dashboard.changed()
            # At once: nobody is asked anything at a watch.
            if not self._started:
                self._started = True
                self._dashboard.start()
        elif self._screen is not None:
            self._show_live(self._screen, step)
        elif not self._quiet:
            for line in plain_lines(step, verbose=self._verbose):
                self._console.out(line, highlight=False)

    def _show_live(self, screen: "LiveScreen", step: Step) -> None:
        screen.changed()
        if isinstance(step.event, ConflictsFound) and self._tell_conflicts:
            self._console.print("These configs write the same paths; the later one wins:", style="bold yellow")
            self._console.print(conflict_table(step.event.conflicts))
        # Not before the first config runs: until then there may be a question on the terminal.
        if isinstance(step.event, ConfigStarted) and not self._started:
            self._started = True
            screen.start()

    def suspend(self) -> None:
        """Give the terminal back before the process is stopped; any thread may call this and `resume`."""
        if self._started and self._dashboard is not None:
            self._dashboard.suspend()

    def resume(self) -> None:
        """Take the terminal again."""
        if self._started and self._dashboard is not None:
            self._dashboard.resume()

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._started:
            self._started = False
            for screen in (self._screen, self._dashboard):
                if screen is not None:
                    screen.stop()

    def abandon(self) -> None:
        """Give the terminal back without waiting for anything, for an end by force."""
        if not self._started:
            return
        if self._dashboard is not None:
            self._dashboard.abandon()
        else:
            self._console.file.write(SHOW_CURSOR)
            self._console.file.flush()


def _live_screen(console: Console, now_s: Callable[[], float], scheduler: abc.SchedulerBase) -> "LiveScreen":
    from exfig_rx.ui.live import LiveScreen  # with what Rich needs for it 2 ms, which pipes are spared

    return LiveScreen(console, now_s, scheduler)


def _dashboard(
    console: Console, now_s: Callable[[], float], scheduler: abc.SchedulerBase, wish: Callable[[Wish], None]
) -> "Dashboard":
    from exfig_rx.ui.dashboard import Dashboard
    from exfig_rx.ui.keys import Keys

    return Dashboard(console, now_s, scheduler, wish, Keys())


def _notices(console: Console, watching: Watching) -> "Notices | None":
    from exfig_rx.ui.notices import Notices, here

    if not watching.bell and not watching.notice:
        return None

    def write(text: str) -> None:
        if console.is_terminal:
            console.file.write(text)
            console.file.flush()

    way = here(os.environ, is_terminal=console.is_terminal) if watching.notice else None
    return Notices(write, bell=watching.bell, way=way)
