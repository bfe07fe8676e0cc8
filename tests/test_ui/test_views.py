"""Screens, lines, summary and report as text: what a person reads at each size, and that nothing can break them."""

import io
import json
from functools import reduce as folded
from importlib import resources
from itertools import accumulate
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType
from rich.text import Text

from exfig_rx import events as ev
from exfig_rx.errors import UsageError
from exfig_rx.fold import reduce
from exfig_rx.model import AssetCounts, ConfigId, Conflict, FileCounts, Location, Problem, Tier
from exfig_rx.run_state import INITIAL, BatchState, Step
from exfig_rx.ui.console import is_ascii, is_live, make_console
from exfig_rx.ui.live import view
from exfig_rx.ui.plain import plain_lines
from exfig_rx.ui.problems import headline, place
from exfig_rx.ui.recording import recorded_moment
from exfig_rx.ui.report import check_report_path, report, report_text, write_report
from exfig_rx.ui.summary import last_line, print_summary, requests_line
from tests.test_ui.events_strategy import IDS, sequences

T0 = 1_790_000_000.0


def ids(count: int) -> list[ConfigId]:
    return [ConfigId(f"/c/app-{n:03}.yaml", f"app-{n:03}.yaml", f"app-{n:03}.yaml") for n in range(count)]


def state_after(*events: ev.Event) -> BatchState:
    return folded(reduce, events, INITIAL)


def text_of(drawn: RenderableType, width: int, height: int = 50) -> list[str]:
    console = Console(width=width, height=height, file=io.StringIO(), color_system=None, _environ={})
    with console.capture() as capture:
        console.print(drawn)
    return [line.rstrip() for line in capture.get().splitlines()]


def screen(
    state: BatchState, width: int = 80, height: int = 24, now: float = T0 + 10, ascii_only: bool = False
) -> list[str]:
    return text_of(view(state, width, height, now, ascii_only=ascii_only), width, height)


def summary_text(state: BatchState, width: int = 100, quiet: bool = False, verbose: bool = False) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None, _environ={}, emoji=False, markup=False)
    with console.capture() as capture:
        print_summary(console, state, quiet=quiet, verbose=verbose)
    return capture.get()


def run_of(count: int, *more: ev.Event) -> BatchState:
    started = ev.RunStarted(T0, 3, (10, 25, 50), "--plan")
    return state_after(started, *(ev.ConfigDiscovered(T0, id_) for id_ in ids(count)), *more)


def rates(sent: int, queued: int) -> ev.RateSampled:
    return ev.RateSampled(
        T0,
        (ev.TierRate(Tier.ONE, sent, 10, queued), ev.TierRate(Tier.TWO, 0, 25, 0), ev.TierRate(Tier.THREE, 4, 50, 0)),
    )


# ── the live screen ──


def test_the_header_says_time_counts_rate_and_headroom() -> None:
    first, second, third = ids(3)
    state = run_of(
        3,
        ev.ConfigStarted(T0, first),
        ev.ConfigStarted(T0, second),
        ev.ConfigSucceeded(T0 + 2, first, AssetCounts(colors=17), FileCounts(created=3)),
        rates(7, 2),
    )
    lines = screen(state)
    assert lines[0] == "exfig 10.0 s  1 of 3 done, 0 failed, 1 running, 1 waiting"
    assert "7 of 10 requests/min, headroom 3, 2 queued" in lines[1]
    assert lines[2] == "✓ app-000.yaml 17 colors; 3 new  2.0 s"
    assert lines[3].endswith("app-001.yaml starting  10.0 s")
    assert lines[4] == "· app-002.yaml waiting"
    assert third.label in lines[4]


def test_a_pause_counts_down_and_says_whom_it_holds() -> None:
    state = run_of(1, rates(10, 1), ev.Paused(T0, T0 + 51.2, "429", None))
    assert screen(state)[1] == "Figma asked to wait: 42 s, all configs paused"
    assert "10 of 10 requests/min, headroom 0" in screen(state)[2]


def test_a_running_config_shows_its_phase_and_its_own_bar() -> None:
    (one,) = ids(1)
    state = run_of(1, ev.ConfigStarted(T0, one), ev.PhaseProgressed(T0, one, ev.Phase.FETCHING, 2, 4))
    assert "━━━━━━━━╌╌╌╌╌╌╌╌ fetching 2/4" in screen(state)[-1]


def test_a_failure_shows_the_first_line_of_its_error() -> None:
    (one,) = ids(1)
    broken = Problem(
        "config.word", 'expected pdf or svg, found "png"', "", Location("a.yaml", 14, 5, "ios.icons.format")
    )
    state = run_of(1, ev.ConfigFailed(T0, one, (broken,)))
    assert screen(state)[-1] == '✗ app-000.yaml a.yaml:14:5 ios.icons.format: expected pdf or svg, found "png"'


def test_with_more_configs_than_lines_the_active_ones_stay_and_the_rest_is_one_line() -> None:
    many = ids(40)
    done = [ev.ConfigSucceeded(T0 + n, many[n], AssetCounts(colors=1), FileCounts()) for n in range(12)]
    running = [ev.ConfigStarted(T0 + 20, many[n]) for n in range(30, 33)]
    lines = screen(run_of(40, *(ev.ConfigStarted(T0, id_) for id_ in many[:12]), *done, *running), height=10)
    assert len(lines) == 10
    assert all(any(many[n].label in line for line in lines) for n in (30, 31, 32))
    assert any(many[11].label in line for line in lines)
    assert not any(many[0].label in line for line in lines)
    assert lines[-1] == "+ 25 waiting, 8 succeeded"


def test_without_unicode_the_screen_is_ascii() -> None:
    state, now = recorded_moment()
    assert "\n".join(screen(state, now=now, ascii_only=True, width=70)).isascii()


@given(sequences, st.integers(1, 140), st.integers(1, 40), st.booleans())
def test_the_screen_fits_its_window_whatever_happened(
    events: list[ev.Event], width: int, height: int, ascii_only: bool
) -> None:
    lines = screen(state_after(*events), width, height, ascii_only=ascii_only)
    assert len(lines) <= height
    assert all(Console(width=999).measure(Text(line)).maximum <= width for line in lines)
    assert "\x1b" not in "".join(lines)


# ── lines ──


def test_each_change_of_state_is_one_line() -> None:
    (one,) = ids(1)
    events: list[ev.Event] = [
        ev.RunStarted(T0, 3, (10, 25, 50), "plan professional"),
        ev.ConfigDiscovered(T0, one),
        ev.ConfigStarted(T0, one),
        ev.RequestSent(T0, one, Tier.ONE, "nodes"),
        ev.RequestRetried(T0, one, Tier.ONE, "nodes", "HTTP 503", 1, 1.5),
        ev.Paused(T0, T0 + 42, "429", one),
        ev.Resumed(T0 + 42),
        ev.ConfigSucceeded(T0 + 50, one, AssetCounts(colors=2), FileCounts(created=1, unchanged=2)),
        ev.RunEnded(T0 + 50, 0),
    ]
    steps = list(
        accumulate(events, lambda step, event: Step(event, reduce(step.state, event)), initial=Step(None, INITIAL))
    )
    lines = [line for step in steps for line in plain_lines(step)]
    assert lines == [
        "limit: 10 requests a minute in tier 1, by plan professional",
        "app-000.yaml: started (1 of 1)",
        "app-000.yaml: nodes: HTTP 503; retry 1 in 1.5 s",
        "Figma asked to wait: 42 s, all configs paused (no request sent yet)",
        "the wait is over, all configs go on",
        "app-000.yaml: done, 2 colors; files: 1 new, 2 unchanged (50.0 s)",
    ]


@given(sequences, st.booleans())
def test_lines_never_carry_control_characters(events: list[ev.Event], verbose: bool) -> None:
    state = INITIAL
    for event in events:
        state = reduce(state, event)
        for line in plain_lines(Step(event, state), verbose=verbose):
            assert line.isprintable(), line


# ── the summary ──


def test_the_last_line_names_what_did_not_run_too() -> None:
    a, b, c, d = ids(4)
    state = run_of(
        4,
        ev.ConfigSucceeded(T0, a, AssetCounts(), FileCounts()),
        ev.ConfigFailed(T0, b, (Problem("x.y", "no"),)),
        ev.ConfigCancelled(T0, c, "stopped"),
        ev.ConfigSkipped(T0, d, "stopped"),
        ev.RunEnded(T0 + 12.34, 1),
    )
    assert last_line(state) == "Batch complete: 1 succeeded, 1 failed, 1 skipped, 1 cancelled in 12.3 s"


def test_the_summary_has_a_row_for_each_config_and_every_error_in_full() -> None:
    a, b = ids(2)
    wrong = Problem(
        "config.word",
        'expected pdf or svg, found "png"',
        "Write pdf or svg.",
        Location("configs/b.yaml", 14, 5, "ios.icons.format"),
        "    format: png\n            ^",
    )
    odd = Problem("design.x", "gradient left out", "", Location(figma_file="Ab12", node_id="1:2", node_name="Sunset"))
    state = run_of(
        2,
        ev.ConfigStarted(T0, a),
        ev.Warned(T0, a, odd),
        ev.ConfigSucceeded(T0 + 3, a, AssetCounts(colors=17), FileCounts(created=1, updated=2, unchanged=3)),
        ev.ConfigFailed(T0, b, (wrong,)),
        ev.RunEnded(T0 + 3, 1),
    )
    text = summary_text(state)
    for part in (
        "✓ app-000.yaml",
        "17 colors",
        "1 new, 2 changed, 3 unchanged",
        "app-001.yaml failed:",
        'configs/b.yaml:14:5 ios.icons.format: expected pdf or svg, found "png"',
        "format: png",
        "Write pdf or svg.",
        '"Sunset": gradient left out',
        "https://www.figma.com/design/Ab12?node-id=1-2",
        "in app-000.yaml",
    ):
        assert part in text, part
    assert text.endswith("Batch complete: 1 succeeded, 1 failed in 3.0 s\n")


def test_equal_warnings_of_many_configs_are_told_once() -> None:
    many = ids(30)
    note = Problem("design.x", "gradient left out")
    state = run_of(30, *(ev.Warned(T0, id_, note) for id_ in many), ev.RunEnded(T0, 0))
    text = summary_text(state)
    assert text.count("gradient left out") == 1
    assert "and 25 more" in text


def test_what_is_odd_about_a_design_is_told_once_with_the_keys_that_read_it() -> None:
    first, second, third = ids(3)

    def note(key: str) -> Problem:
        place = Location(key=key, figma_file="Ab12", node_id="1:2", node_name="Sky")
        return Problem("design.gradient", "'Sky' is a gradient", "", place)

    told = ((first, "ios.colors"), (second, "ios.colors"), (third, "web.colors[1]"))
    text = summary_text(run_of(3, *(ev.Warned(T0, id_, note(key)) for id_, key in told), ev.RunEnded(T0, 0)))
    assert text.count("'Sky' is a gradient") == 1
    assert f"ios.colors in {first.label}, {second.label}\n" in text
    assert f"web.colors[1] in {third.label}\n" in text


def test_a_thousand_successes_stay_readable() -> None:
    many = ids(1000)
    state = run_of(
        1000, *(ev.ConfigSucceeded(T0, id_, AssetCounts(), FileCounts()) for id_ in many), ev.RunEnded(T0, 0)
    )
    assert len(summary_text(state).splitlines()) < 60
    assert "and 950 more that succeeded" in summary_text(state)
    assert len(summary_text(state, verbose=True).splitlines()) > 1000


def test_the_request_line_says_what_was_saved() -> None:
    state = run_of(
        1,
        ev.RequestSent(T0, None, Tier.ONE, "x"),
        ev.RequestSent(T0, None, Tier.THREE, "x"),
        ev.RequestShared(T0, None, Tier.ONE, "x"),
        ev.Paused(T0, T0 + 31, "429", None),
        ev.Resumed(T0 + 31),
    )
    assert requests_line(state) == (
        "2 requests, 1 of tier 1; 1 pause, 31.0 s waiting; 1 request saved by sharing (limit: --plan)"
    )


def test_refused_conflicts_are_shown_again_with_the_way_out() -> None:
    a, b = ids(2)
    shared = tuple(
        Conflict(f"site/{n}.css", a, "web.colors.cssFileName", b, "web.colors.cssFileName") for n in range(9)
    )
    text = summary_text(run_of(2, ev.ConflictsFound(T0, shared), ev.RunEnded(T0, 3, "stopped")))
    assert "site/0.css" in text
    assert "and 3 more" in text
    assert text.count("app-001.yaml web.colors") == 1
    assert "--on-conflict continue" in text


@given(sequences, st.integers(20, 200), st.booleans(), st.booleans())
def test_the_summary_survives_everything(events: list[ev.Event], width: int, quiet: bool, verbose: bool) -> None:
    text = summary_text(state_after(*events, ev.RunEnded(T0, 0)), width, quiet, verbose)
    assert "Batch complete: " in text or "Watch complete: " in text
    assert "\x1b" not in text


# ── places ──


def test_a_place_is_something_to_jump_to() -> None:
    assert place(Location("a.yaml", 3, 7, "ios.icons[1]")) == "a.yaml:3:7 ios.icons[1]"
    assert place(Location("a.yaml")) == "a.yaml"
    assert headline(Problem("x", "two\nlines", "", Location(node_name="Sun\nset"))) == '"Sun\\x0aset": two lines'


# ── the report ──

SCHEMA: dict[str, Any] = json.loads(resources.files("exfig_rx.ui").joinpath("report.schema.json").read_text())


@given(sequences)
def test_every_report_keeps_its_schema(events: list[ev.Event]) -> None:
    document = json.loads(report_text(state_after(*events, ev.RunEnded(T0, 0, ""))))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    counts = [document[f"{name}Count"] for name in ("success", "failure", "skipped", "cancelled")]
    assert sum(counts) == document["totalConfigs"] == len(document["results"])


def test_times_are_utc_with_milliseconds_and_durations_are_seconds() -> None:
    document = report(state_after(ev.RunStarted(1_772_366_400.5, 1, (1, 1, 1), "x"), ev.RunEnded(1_772_366_402.75, 0)))
    assert (document["startTime"], document["duration"]) == ("2026-03-01T12:00:00.500Z", 2.25)


def test_the_report_replaces_the_old_one_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    write_report(path, run_of(1))
    assert json.loads(path.read_text())["totalConfigs"] == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


def test_a_report_path_that_can_not_work_is_told(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "it is a directory"), (tmp_path / "no/report.json", "there is no directory")):
        with pytest.raises(UsageError, match=words):
            check_report_path(path)


# ── consoles ──


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("color", "environ", "terminal", "colored"),
    [
        ("auto", {}, True, True),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {}, False, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("always", {}, False, True),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_color_follows_the_wish_the_terminal_and_the_conventions(
    color: str, environ: dict[str, str], terminal: bool, colored: bool
) -> None:
    stream = Terminal() if terminal else io.StringIO()
    console = make_console(stream, color, {"TERM": "xterm", **environ})
    console.print("x", style="red")
    assert ("\x1b[31m" in stream.getvalue()) is colored


def test_only_a_real_terminal_is_drawn_on() -> None:
    assert is_live(make_console(Terminal(), "auto", {"TERM": "xterm"}))
    assert is_live(make_console(Terminal(), "never", {"TERM": "xterm"}))
    assert not is_live(make_console(Terminal(), "auto", {"TERM": "dumb"}))
    assert not is_live(make_console(io.StringIO(), "always", {"FORCE_COLOR": "1"}))


def test_a_console_that_knows_ascii_alone_prints_everything_somehow() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    console = make_console(stream, "never", {})
    assert is_ascii(console)
    print_summary(console, state_after(ev.ConfigDiscovered(T0, IDS[2]), ev.RunEnded(T0, 0)), quiet=False, verbose=False)
    stream.flush()
    assert b"rger [bold]x[/bold].yaml" in raw.getvalue()
