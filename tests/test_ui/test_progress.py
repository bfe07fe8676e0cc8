"""How often the screen is drawn and the printing thread woken, in virtual time."""

import io

import pytest
import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.testing import TestScheduler
from rich.console import Console

from exfig_rx import events as ev
from exfig_rx.fold import INITIAL, Step, reduce
from exfig_rx.model import ConfigId, Tier
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

    def __init__(self, *, live: bool, verbose: bool = False) -> None:
        self.time = Counting()
        self.file = io.StringIO()
        environ = {"TERM": "xterm"}
        self.console = Console(
            file=self.file, width=80, height=20, force_terminal=live, color_system=None, _environ=environ
        )
        self.progress = Progress(
            self.console, lambda: now(self.time), self.time, quiet=False, verbose=verbose, tell_conflicts=False
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
