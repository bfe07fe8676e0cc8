"""How often the screen is drawn and the printing thread woken, in virtual time."""

import io

import pytest
import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.testing import TestScheduler
from rich.console import Console

from exfig_rx import events as ev
from exfig_rx import watch_events as we
from exfig_rx.fold import reduce
from exfig_rx.model import ConfigId, Problem, Tier
from exfig_rx.run_state import INITIAL, Step
from exfig_rx.settings import Watching
from exfig_rx.ui.live import LiveScreen, view
from exfig_rx.ui.progress import Progress
from tests.test_ui.test_views import text_of
from tests.virtual_time import now, run_until, timeline

APP = ConfigId("/c/app.yaml", "app.yaml", "app.yaml")


class Counting(TestScheduler):
    """Virtual time that counts how often something is scheduled on it."""

    scheduled = 0

    def schedule_absolute(self, *args: object, **more: object) -> abc.DisposableBase:
        self.scheduled += 1
        return super().schedule_absolute(*args, **more)  # type: ignore[arg-type]


class Terminal:
    """A console in memory, the progress on it, and when frames were drawn."""

    def __init__(
        self, *, live: bool, verbose: bool = False, quiet: bool = False, watching: Watching | None = None
    ) -> None:
        self.time = Counting()
        self.file = io.StringIO()
        environ = {"TERM": "xterm"}
        self.console = Console(
            file=self.file, width=80, height=20, force_terminal=live, color_system=None, _environ=environ
        )
        self.progress = Progress(
            self.console,
            lambda: now(self.time),
            self.time,
            quiet=quiet,
            verbose=verbose,
            tell_conflicts=False,
            watching=watching,
        )

    def follow(self, events: Observable[ev.Event]) -> None:
        timeline(self.time, self.progress.follow(events.pipe(ops.scan(folded, Step(None, INITIAL)))))

    @property
    def frames(self) -> int:
        """Frames since this was last asked."""
        text = self.file.getvalue()
        self.file.seek(0)
        self.file.truncate()
        return text.count("exfig ")


def folded(before: Step, event: ev.Event) -> Step:
    return Step(event, reduce(before.state, event))


def sample(at: float) -> ev.RateSampled:
    return ev.RateSampled(at, tuple(ev.TierRate(tier, 1, 10, 5) for tier in Tier))


def a_start() -> Observable[ev.Event]:
    return rx.of(ev.RunStarted(0, 3, (10, 25, 50), "test"), ev.ConfigDiscovered(0, APP), ev.ConfigStarted(0, APP))


def every(terminal: Terminal, period_s: float, event: ev.Event) -> Observable[ev.Event]:
    return rx.timer(period_s, period_s, scheduler=terminal.time).pipe(ops.map(lambda _: event))


def test_while_a_run_waits_the_screen_is_drawn_once_a_second() -> None:
    terminal = Terminal(live=True)
    terminal.follow(rx.merge(a_start(), every(terminal, 1.0, sample(0))))
    run_until(terminal.time, 1.5)
    assert terminal.frames > 0
    run_until(terminal.time, 61.5)
    assert terminal.frames == 60


def test_however_much_happens_the_screen_is_drawn_ten_times_a_second() -> None:
    terminal = Terminal(live=True)
    happens = every(terminal, 0.003, ev.PhaseProgressed(0, APP, ev.Phase.FETCHING, 1, 2))
    terminal.follow(rx.merge(a_start(), happens))
    run_until(terminal.time, 1)
    assert terminal.frames > 0
    run_until(terminal.time, 5)
    assert 35 <= terminal.frames <= 41


def test_what_happens_is_seen_at_the_next_frame_and_what_is_only_measured_with_the_next_second() -> None:
    terminal = Terminal(live=True)
    paused = ev.Paused(5.5, 45.5, "HTTP 429", APP)
    terminal.follow(rx.merge(a_start(), rx.timer(5.5, scheduler=terminal.time).pipe(ops.map(lambda _: paused))))
    run_until(terminal.time, 5.45)
    assert "asked to wait" not in terminal.file.getvalue()
    run_until(terminal.time, 5.61)
    assert "asked to wait: 40 s" in terminal.file.getvalue()
    assert terminal.frames
    run_until(terminal.time, 6.61)
    assert "asked to wait: 39 s" in terminal.file.getvalue()


def test_a_frame_that_is_due_is_not_asked_for_again() -> None:
    time, console = Counting(), Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "xterm"})
    screen = LiveScreen(console, lambda: now(time), time)
    screen.start()
    before = time.scheduled
    for _ in range(1000):
        screen.changed()
    assert time.scheduled == before + 1
    screen.stop()


def test_nothing_is_drawn_before_a_config_starts_nor_after_the_end() -> None:
    terminal = Terminal(live=True)
    terminal.follow(rx.of(ev.RunStarted(0, 3, (10, 25, 50), "test"), ev.ConfigDiscovered(0, APP)))
    run_until(terminal.time, 10)
    assert terminal.frames == 0
    terminal.follow(a_start())
    run_until(terminal.time, 12)
    terminal.progress.close()
    assert terminal.frames
    run_until(terminal.time, 20)
    assert terminal.frames == 0


@pytest.mark.parametrize("verbose", [False, True])
def test_samples_do_not_wake_whoever_prints_lines(verbose: bool) -> None:
    terminal = Terminal(live=False, verbose=verbose)
    steps = rx.from_iterable([Step(sample(0), INITIAL)] * 50)
    timeline(terminal.time, terminal.progress.follow(steps))
    before = terminal.time.scheduled
    run_until(terminal.time, 10)
    # the end of the stream alone
    assert terminal.time.scheduled - before <= 2
    terminal.follow(a_start())
    run_until(terminal.time, 20)
    assert "app.yaml: started" in terminal.file.getvalue()


def test_the_spinner_goes_on_with_every_second() -> None:
    state = INITIAL
    for event in (ev.ConfigDiscovered(0, APP), ev.ConfigStarted(0, APP)):
        state = reduce(state, event)
    signs = [text_of(view(state, 80, 20, second + 0.3, ascii_only=False), 80)[-1][0] for second in range(20)]
    assert len(set(signs[:10])) == 10
    assert signs[:10] == signs[10:]


def a_watch() -> Observable[ev.Event]:
    wrong = (Problem("x.y", "no such file"),)
    return rx.of(ev.ConfigDiscovered(0, APP), we.WatchStarted(0, 0.3), ev.ConfigFailed(0, APP, wrong))


def test_a_watch_has_a_screen_of_its_own_from_the_first_event_to_the_end() -> None:
    terminal = Terminal(live=True, watching=Watching())
    terminal.follow(a_watch())
    run_until(terminal.time, 1)
    text = terminal.file.getvalue()
    assert "\x1b[?1049h" in text
    assert "watching" in text
    assert "app.yaml" in text
    terminal.progress.suspend()
    assert terminal.file.getvalue().count("\x1b[?1049l") == 1
    terminal.progress.resume()
    run_until(terminal.time, 2)
    assert terminal.file.getvalue().count("\x1b[?1049h") == 2
    terminal.progress.close()
    assert terminal.file.getvalue().endswith("\x1b[?25h\x1b[?1049l")


@pytest.mark.parametrize(("live", "verbose"), [(False, False), (True, True)])
def test_a_watch_is_told_in_lines_off_a_terminal_and_where_everything_is_wanted(live: bool, verbose: bool) -> None:
    terminal = Terminal(live=live, verbose=verbose, watching=Watching())
    terminal.follow(a_watch())
    run_until(terminal.time, 1)
    assert terminal.file.getvalue().splitlines() == [
        "watching 1 config; debounce 0.3 s",
        "app.yaml: failed: no such file",
    ]


def test_the_bell_rings_on_a_terminal_also_where_it_is_quiet() -> None:
    for live, quiet, expected in ((True, True, "\a"), (False, True, "")):
        terminal = Terminal(live=live, quiet=quiet, watching=Watching(bell=True))
        terminal.follow(a_watch())
        run_until(terminal.time, 1)
        terminal.progress.close()
        assert terminal.file.getvalue() == expected
    silent = Terminal(live=True, watching=Watching())
    silent.follow(a_watch())
    run_until(silent.time, 1)
    silent.progress.close()
    assert "\a" not in silent.file.getvalue()


def test_an_end_by_force_leaves_the_screen_of_a_watch() -> None:
    terminal = Terminal(live=True, watching=Watching())
    terminal.follow(a_watch())
    run_until(terminal.time, 1)
    before = len(terminal.file.getvalue())
    terminal.progress.abandon()
    assert terminal.file.getvalue()[before:] == "\x1b[?25h\x1b[?1049l"
    terminal.progress.close()
