"""The dashboard as text: what it says at each size, that it survives everything, and how often it is drawn."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reactivex.testing import TestScheduler
from rich.console import Console
from rich.text import Text

from exfig_rx import events as ev
from exfig_rx import watch_events as we
from exfig_rx.model import AssetCounts, FileCounts, Problem
from exfig_rx.run_state import BatchState
from exfig_rx.ui.dashboard import Dashboard, rows, view
from exfig_rx.ui.look import Look, pressed
from exfig_rx.ui.panels import Panel
from exfig_rx.ui.recording import recorded_watch
from exfig_rx.wishes import Quit, Wish
from tests.test_ui.events_strategy import sequences
from tests.test_ui.test_views import text_of
from tests.test_ui.watches import BROKEN, T0, ids, rates, state_after, terminal, watch_of
from tests.virtual_time import now, run_until

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
KEYS = ("up", "down", "j", "k", "pageup", "pagedown", "g", "G", "e", "?", "w", "escape", "r", "R", "p", "q", "x")


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def screen(
    state: BatchState,
    look: Look = Look(),  # noqa: B008 - frozen
    width: int = 80,
    height: int = 24,
    now: float = T0 + 182,
    ascii_only: bool = False,
) -> list[str]:
    return text_of(view(state, look, width, height, now, ascii_only=ascii_only), width, height)


# ── what it says ──


def test_at_rest_it_says_what_is_watched_and_how_old_everything_is() -> None:
    lines = screen(watch_of(2, rates(T0 + 2)))
    assert lines[0] == "exfig  watching  2 configs  for 3 min"
    assert lines[1].startswith("╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 0 of 10 requests/min, headroom 10")
    assert lines[2] == "cycle 1 at 14:13:20: 2 succeeded in 2.0 s, 0 requests"
    assert lines[3] == "❯✓ app-000.yaml 3 min ago  17 colors; 3 new"
    assert lines[4] == " ✓ app-001.yaml 3 min ago  17 colors; 3 new"
    assert lines[-1] == "q quit   ? help   r run   R run all   p pause   e error   j/k select"
    assert len(lines) == 24


def test_requests_of_more_than_a_minute_ago_use_up_nothing() -> None:
    state = watch_of(1, rates(T0 + 2, sent=10))
    assert "10 of 10 requests/min, headroom 0" in screen(state, now=T0 + 30)[1]
    assert "0 of 10 requests/min, headroom 10" in screen(state, now=T0 + 63)[1]


def test_a_config_that_fails_shows_why_beside_what_it_exported_last() -> None:
    one, two = ids(2)
    state = watch_of(
        2,
        we.ConfigQueued(T0 + 60, two, "edited"),
        ev.ConfigFailed(T0 + 60, two, (BROKEN,)),
        we.ConfigHeld(T0 + 60, one, (Problem("conflict.held", "out/a.css is written by b.yaml, too"),)),
    )
    lines = screen(state, width=120)
    assert lines[0] == "exfig  watching  2 configs, 1 failed, 1 held  for 3 min"
    held, failed = (next(line for line in lines if name.label in line) for name in (one, two))
    assert held == "❯! app-000.yaml 3 min ago  17 colors  held: out/a.css is written by b.yaml, too"
    why = 'failed: line 14:5 ios.icons.format: expected pdf or svg, found "png"'
    assert failed == f" ✗ app-001.yaml 3 min ago  17 colors  {why}"


def test_what_runs_shows_its_bar_and_what_waits_why() -> None:
    one, two, _ = ids(3)
    state = watch_of(
        3,
        we.CycleStarted(T0 + 170, 2),
        we.ConfigQueued(T0 + 170, one, "edited"),
        we.ConfigQueued(T0 + 170, two, "edited"),
        ev.ConfigStarted(T0 + 180, one),
        ev.PhaseProgressed(T0 + 181, one, ev.Phase.FETCHING, 2, 4),
    )
    lines = screen(state)
    assert lines[0] == "exfig  exporting 1, 1 waiting  3 configs  for 3 min"
    assert lines[2][2:] == " app-000.yaml 3 min ago  ━━━━━━━━╌╌╌╌╌╌╌╌ fetching 2/4  2.0 s"
    assert lines[3] == " · app-001.yaml 3 min ago  waiting: edited"


def test_polls_webhook_pause_and_lock_out_have_their_lines() -> None:
    (one,) = ids(1)
    locked = Problem(
        "figma.locked-out",
        "Figma locked this token out of tier 1 requests until 2026-10-03 14:05 CEST (2 days from now); plan: starter",
    )
    state = watch_of(
        1,
        we.HookReceived(T0, "FILE_UPDATE", True),
        we.HookReceived(T0, "a wrong passcode", False),
        we.PollPlanned(T0 + 180, T0 + 240, 60, 4),
        we.ConfigQueued(T0 + 180, one, "edited"),
        ev.ConfigFailed(T0 + 180, one, (locked,)),
        ev.Paused(T0 + 180, T0 + 200, "429", None),
        we.WatchPaused(T0 + 181),
        webhook="http://127.0.0.1:8787",
    )
    lines = screen(state, width=110)
    assert lines[0] == "exfig  paused, changes wait  1 config, 1 failed  for 3 min"
    assert lines[1] == "Figma asked to wait: 18 s, all configs paused"
    assert lines[2] == "Figma locked this token out until 2026-10-03 14:05 CEST"
    polls = "next poll in 50 s: 4 files, each every 1 min"
    assert lines[4] == f"{polls}; webhook http://127.0.0.1:8787: 1 received, 1 ignored"
    assert "p go on" in lines[-1]
    assert "next poll in 8 s" in screen(state, now=T0 + 232, width=110)[4]


def test_the_last_changes_come_newest_first() -> None:
    one, two = ids(2)
    state = watch_of(
        2,
        we.ChangeNoticed(T0 + 60, we.Source.FILES, "app-000.yaml edited", (one,)),
        we.ChangeNoticed(T0 + 90, we.Source.POLL, "a new version of Ab12", (one, two)),
    )
    lines = screen(state)
    at = lines.index("Last changes")
    assert lines[at + 1 : at + 3] == [
        "14:14:50 a new version of Ab12 → 2 configs run again",
        "14:14:20 app-000.yaml edited → 1 config runs again",
    ]


def test_a_warning_of_the_run_has_one_line_and_all_of_them_a_panel() -> None:
    notes = [ev.Warned(T0, None, Problem("figma.no-answer", f"no answer, {n}")) for n in range(3)]
    state = watch_of(1, *notes)
    assert "warning (and 2 more: w): no answer, 2" in screen(state)
    assert [line for line in screen(state, Look(panel=Panel.WARNINGS)) if line.startswith("no answer")] == [
        f"no answer, {n}" for n in (2, 1, 0)
    ]


def test_without_configs_it_says_that_one_may_join() -> None:
    assert "  no config yet; one that is added joins" in screen(watch_of(0))


def test_without_unicode_it_is_ascii() -> None:
    state, at = recorded_watch()
    assert "\n".join(screen(state, now=at, ascii_only=True)).isascii()


# ── where it looks ──


@pytest.mark.parametrize("height", [5, 6, 8, 12, 24, 60])
@pytest.mark.parametrize("index", [0, 1, 500, 998, 999])
def test_of_a_thousand_configs_the_selected_one_is_in_view(height: int, index: int) -> None:
    state = watch_of(1000, we.ChangeNoticed(T0, we.Source.FILES, "x"), rates(T0))
    lines = screen(state, Look(ids(1000)[index], index), 60, height)
    assert len(lines) == height
    assert [line for line in lines if line.startswith("❯")] == [f"❯✓ app-{index:03}.yaml 3 min ago  17 colors; 3 new"]


def test_the_error_is_shown_in_full_and_scrolled_to_its_end() -> None:
    (one,) = ids(1)
    problems = tuple(Problem("x.y", f"problem {n}", "mend it") for n in range(20))
    state = watch_of(1, we.ConfigQueued(T0, one, "edited"), ev.ConfigFailed(T0, one, (BROKEN, *problems)))
    look, _ = pressed(Look(), "e", state, 80, 12)
    first = screen(state, look, height=12)
    assert first[1] == "app-000.yaml  lines 1 to 9 of 66"
    assert first[2:6] == [
        'configs/app-001.yaml:14:5 ios.icons.format: expected pdf or svg, found "png"',
        "        format: png",
        "                ^",
        "    Write pdf or svg.",
    ]
    look, _ = pressed(look, "G", state, 80, 12)
    last = screen(state, look, height=12)
    assert last[1] == "app-000.yaml  lines 58 to 66 of 66"
    assert last[10] == "Last good export: 17 colors; files: 3 new"
    assert last[-1].startswith("Esc close")


def test_help_names_every_key() -> None:
    shown = "\n".join(screen(watch_of(1), Look(panel=Panel.HELP)))
    assert all(f"{key}" in shown for key in ("PgUp", "g, G", "e, Enter", "r ", "R ", "p ", "Esc", "q ", "?"))


@given(
    sequences,
    st.booleans(),
    st.lists(st.sampled_from(KEYS), max_size=8),
    st.integers(1, 140),
    st.integers(1, 40),
    st.booleans(),
)
def test_it_fits_its_window_whatever_happened_and_whatever_was_pressed(
    events: list[ev.Event], watches: bool, keys: list[str], width: int, height: int, ascii_only: bool
) -> None:
    state = state_after(*([we.WatchStarted(T0, 0.3)] if watches else []), *events)
    look = Look()
    for key in keys:
        look, _ = pressed(look, key, state, width, height)
    lines = screen(state, look, width, height, ascii_only=ascii_only)
    assert len(lines) <= height
    assert len(rows(state, look, width, height, T0, ascii_only=ascii_only)) == height
    assert all(Console(width=999).measure(Text(line)).maximum <= width for line in lines)
    assert "\x1b" not in "".join(lines)


# ── the screen ──


class Keyboard:
    """Keys that a test presses."""

    def __init__(self) -> None:
        self.on_key: Callable[[str], None] | None = None

    def open(self, on_key: Callable[[str], None]) -> None:
        self.on_key = on_key

    def release(self) -> None:
        self.on_key = None

    restore = release


class Screen:
    """A dashboard on a terminal in memory, in virtual time."""

    def __init__(self, state: BatchState) -> None:
        self.time = TestScheduler()
        self.console, self.file = terminal()
        self.keyboard = Keyboard()
        self.wishes: list[Wish] = []
        self.is_ours = True
        self.dashboard = Dashboard(
            self.console,
            lambda: T0 + 600 + now(self.time),
            self.time,
            self.wishes.append,
            self.keyboard,
            lambda: self.is_ours,
        )
        self.dashboard.show(state)
        self.draws = 0
        draw = self.console.print

        def counted(*what: object, **how: object) -> None:
            self.draws += 1
            draw(*what, **how)  # type: ignore[arg-type]

        self.console.print = counted  # type: ignore[method-assign]

    def frames(self, seconds: float) -> int:
        """Frames of the next so many seconds."""
        before = self.draws
        run_until(self.time, now(self.time) + seconds)
        return self.draws - before

    def written(self) -> str:
        """What was written since this was last asked."""
        text = self.file.getvalue()
        self.file.seek(0)
        self.file.truncate()
        return text


def test_at_rest_it_is_drawn_once_in_ten_seconds() -> None:
    screen = Screen(watch_of(3))
    screen.dashboard.start()
    assert screen.frames(600) == 60


@pytest.mark.parametrize(
    "event",
    [
        ev.Paused(T0 + 600, T0 + 900, "429", None),
        we.PollPlanned(T0 + 600, T0 + 609, 60, 3),
        we.ConfigQueued(T0 + 600, ids(1)[0], "edited"),
    ],
    ids=["paused", "polled soon", "running"],
)
def test_where_seconds_are_counted_it_is_drawn_every_second(event: ev.Event) -> None:
    screen = Screen(watch_of(1, event, ev.ConfigStarted(T0 + 600, ids(1)[0])))
    screen.dashboard.start()
    assert screen.frames(8) == 8


def test_however_much_happens_it_is_drawn_ten_times_a_second() -> None:
    screen = Screen(watch_of(1))
    screen.dashboard.start()

    def happen(*_: object) -> None:
        screen.dashboard.changed()
        screen.time.schedule_relative(0.003, happen)

    happen()
    assert 45 <= screen.frames(5) <= 51


def test_only_lines_that_changed_are_written() -> None:
    screen = Screen(watch_of(3))
    screen.dashboard.start()
    assert "app-002.yaml" in screen.written()
    screen.dashboard.show(watch_of(3, we.WatchPaused(T0 + 601)))
    screen.dashboard.changed()
    run_until(screen.time, 0.5)
    again = screen.written()
    assert "paused, changes wait" in again
    assert "app-002.yaml" not in again


def test_a_window_of_another_size_is_drawn_anew_within_a_second() -> None:
    screen = Screen(watch_of(3))
    screen.dashboard.start()
    screen.written()
    screen.console.size = (60, 12)
    run_until(screen.time, 1.1)
    assert "app-002.yaml" in screen.written()


def test_a_key_moves_the_selection_and_a_wish_goes_out() -> None:
    screen = Screen(watch_of(3))
    screen.dashboard.start()
    screen.written()
    assert screen.keyboard.on_key is not None
    screen.keyboard.on_key("j")
    run_until(screen.time, 0.2)
    assert "❯✓ app-001.yaml" in screen.written()
    screen.keyboard.on_key("q")
    assert screen.wishes == [Quit()]


def test_it_leaves_the_terminal_as_it_was() -> None:
    screen = Screen(watch_of(1))
    screen.dashboard.start()
    assert screen.written().startswith(f"{ENTER}\x1b[H\x1b[?25l")
    screen.dashboard.stop()
    assert screen.written() == f"\x1b[?25h{LEAVE}"
    assert screen.keyboard.on_key is None
    assert screen.frames(60) == 0


def test_while_it_is_suspended_it_writes_nothing_and_then_everything() -> None:
    screen = Screen(watch_of(1))
    screen.dashboard.start()
    screen.written()
    screen.dashboard.suspend()
    assert screen.written().endswith(LEAVE)
    screen.dashboard.changed()
    assert screen.frames(30) == 0
    screen.dashboard.resume()
    run_until(screen.time, 31)
    again = screen.written()
    assert again.startswith(ENTER)
    assert "app-000.yaml" in again
    assert screen.keyboard.on_key is not None


def test_in_the_background_it_lets_the_terminal_alone_until_it_is_ours() -> None:
    screen = Screen(watch_of(1))
    screen.is_ours = False
    screen.dashboard.start()
    run_until(screen.time, 20)
    assert screen.written() == ""
    assert screen.keyboard.on_key is None
    screen.is_ours = True
    run_until(screen.time, 22)
    assert ENTER in screen.written()


def test_an_end_by_force_gives_the_terminal_back() -> None:
    screen = Screen(watch_of(1))
    screen.dashboard.start()
    screen.written()
    screen.dashboard.abandon()
    assert re.fullmatch(r"\x1b\[\?25h\x1b\[\?1049l", screen.written())


def test_a_terminal_that_is_gone_ends_the_drawing_and_nothing_else() -> None:
    screen = Screen(watch_of(1))
    screen.dashboard.start()

    def gone(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    screen.console.print = gone  # type: ignore[method-assign]
    run_until(screen.time, 60)
    screen.dashboard.stop()


def test_a_config_that_succeeded_again_is_as_old_as_its_last_export() -> None:
    (one,) = ids(1)
    again = ev.ConfigSucceeded(T0 + 170, one, AssetCounts(colors=18), FileCounts(updated=1))
    state = watch_of(1, we.ConfigQueued(T0 + 168, one, "edited"), ev.ConfigStarted(T0 + 169, one), again)
    assert "❯✓ app-000.yaml 10 s ago   18 colors; 1 changed" in screen(state)
