"""What is rare and costs dearly: odd file names, pipes and devices, narrow windows, a thousand configs, late events."""

import io
import json
import os
import re
import stat
from functools import reduce as folded
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from reactivex.testing import TestScheduler
from rich.cells import cell_len
from rich.console import Console, RenderableType

from exfig_rx import events as ev
from exfig_rx.fold import reduce
from exfig_rx.model import AssetCounts, ConfigId, Conflict, FileCounts, Problem, Tier
from exfig_rx.run_state import INITIAL, BatchState, Status, Step
from exfig_rx.ui.live import LiveScreen, view
from exfig_rx.ui.plain import plain_lines
from exfig_rx.ui.problems import full
from exfig_rx.ui.recording import recorded_moment
from exfig_rx.ui.report import check_report_path, report, report_text, write_report
from exfig_rx.ui.wording import shortened
from tests.test_ui.events_strategy import sequences

T0 = 1_790_000_000.0
CURSOR_UP = "\x1b[1A"


def config(name: str) -> ConfigId:
    return ConfigId(f"/configs/{name}", name, name)


def state_after(*events: ev.Event) -> BatchState:
    return folded(reduce, events, INITIAL)


def ended_run_of(*configs: ConfigId) -> BatchState:
    return state_after(*(ev.ConfigDiscovered(T0, one) for one in configs), ev.RunEnded(T0 + 1, 0))


def drawn(renderable: RenderableType, width: int) -> list[str]:
    console = Console(width=width, file=io.StringIO(), color_system=None, _environ={})
    with console.capture() as capture:
        console.print(renderable)
    return capture.get().splitlines()


# ── the fold ──


class CountedId(ConfigId):
    """A config that counts how often any config is hashed."""

    hashed: ClassVar[int] = 0

    def __hash__(self) -> int:
        CountedId.hashed += 1
        return hash(self.path)


def test_an_event_of_one_config_does_not_touch_the_other_thousand() -> None:
    ids = [CountedId(f"/{n}.yaml", f"{n}.yaml", f"{n}.yaml") for n in range(1000)]
    state = state_after(*(ev.ConfigDiscovered(T0, id_) for id_ in ids))
    before = CountedId.hashed
    reduce(state, ev.RequestSent(T0, ids[500], Tier.ONE, "styles"))
    assert CountedId.hashed - before < 10


def test_an_earlier_state_stays_as_it_was() -> None:
    one = config("a.yaml")
    before = state_after(ev.ConfigDiscovered(T0, one))
    after = reduce(before, ev.ConfigStarted(T0, one))
    assert [state.by_id[one].status for state in (before, after)] == [Status.WAITING, Status.RUNNING]
    assert INITIAL.configs == ()


@given(sequences, sequences)
def test_the_counts_add_up_even_when_events_come_after_the_end(early: list[ev.Event], late: list[ev.Event]) -> None:
    document = report(state_after(*early, ev.RunEnded(T0, 1), *late))
    counts = [document[f"{name}Count"] for name in ("success", "failure", "skipped", "cancelled")]
    assert sum(counts) == document["totalConfigs"] == len(document["results"])


def test_downloads_of_several_rounds_add_up() -> None:
    one = config("a.yaml")
    rounds = [
        (ev.Phase.DOWNLOADING, 0),
        (ev.Phase.DOWNLOADING, 40),
        (ev.Phase.DOWNLOADING, 60),
        (ev.Phase.RENDERING, 5),
        (ev.Phase.DOWNLOADING, 8),
    ]
    progress = [ev.PhaseProgressed(T0, one, phase, done, 60) for phase, done in rounds]
    document = report(state_after(ev.ConfigDiscovered(T0, one), ev.ConfigStarted(T0, one), *progress))
    assert document["results"][0]["requests"]["downloads"] == document["requests"]["downloads"] == 68


# ── the report ──


def test_a_file_name_that_is_not_unicode_does_not_cost_the_report(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_report(path, ended_run_of(config(os.fsdecode(b"\xff.yaml"))))
    assert json.loads(path.read_text())["results"][0]["name"] == "\udcff.yaml"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


def test_a_report_to_a_pipe_goes_through_it_and_leaves_it_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        check_report_path(pipe)
        write_report(pipe, ended_run_of())
        assert json.loads(os.read(reader, 65536))["exitCode"] == 0
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert [entry.name for entry in tmp_path.iterdir()] == ["pipe"]


def test_a_report_through_a_link_replaces_what_the_link_points_to(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    write_report(tmp_path / "link.json", ended_run_of())
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["exitCode"] == 0


def test_the_report_is_json_also_where_standard_output_is_ascii() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="backslashreplace")
    stream.write(report_text(ended_run_of(config("ärger.yaml"))))
    stream.flush()
    assert json.loads(raw.getvalue())["results"][0]["name"] == "ärger.yaml"


# ── lines ──


def test_conflicts_are_told_by_pair_with_path_and_consequence() -> None:
    a, b, c = config("a.yaml"), config("b.yaml"), config("c.yaml")
    event = ev.ConflictsFound(
        T0,
        (
            Conflict("out/theme.css", a, "web.colors", b, "web.colors"),
            Conflict("out/theme.ts", a, "web.colors", c, "web.colors"),
            Conflict("out/theme.json", a, "web.colors", b, "web.colors"),
        ),
    )
    assert plain_lines(Step(event, reduce(INITIAL, event))) == [
        "output conflict: a.yaml and b.yaml would both write out/theme.css and 1 more; the later one wins",
        "output conflict: a.yaml and c.yaml would both write out/theme.ts; the later one wins",
    ]


# ── narrow windows ──


@pytest.mark.parametrize("width", [30, 60, 120])
def test_the_caret_stays_below_what_it_points_to(width: int) -> None:
    source = "    outputPath: " + "long/" * 16 + "here.swift"
    at = source.index("here")
    lines = drawn(full(Problem("x.y", "wrong", excerpt=f"{source}\n{' ' * at}^"), ""), width)
    caret = lines[-1].index("^")
    assert lines[-2][caret : caret + 4] == "here"
    assert all(cell_len(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("harbor-ios.yaml", 20, "harbor-ios.yaml"),
        ("harbor-ios.yaml", 9, "harb…yaml"),
        ("色彩設定.yaml", 9, "色彩…yaml"),
        ("abc", 1, "a"),
        ("abc", 0, ""),
    ],
)
def test_a_name_is_cut_in_the_middle_by_columns(text: str, width: int, expected: str) -> None:
    assert shortened(text, width) == expected


def test_rows_line_up_below_names_in_wide_characters() -> None:
    ids = [config("色彩設定.yaml"), config("reef.yaml")]
    done = [ev.ConfigSucceeded(T0, one, AssetCounts(colors=17), FileCounts()) for one in ids]
    state = state_after(*(ev.ConfigDiscovered(T0, one) for one in ids), *done)
    rows = drawn(view(state, 80, 10, T0, ascii_only=False), 80)[-2:]
    assert len({cell_len(row[: row.index("17 colors")]) for row in rows}) == 1


def test_without_unicode_a_row_is_as_wide_as_it_is_printed() -> None:
    named, failed = config("ä" * 40 + ".yaml"), config("b.yaml")
    wrong = Problem("x.y", "ungültige Größe " * 3)
    state = state_after(
        ev.ConfigDiscovered(T0, named), ev.ConfigDiscovered(T0, failed), ev.ConfigFailed(T0, failed, (wrong,))
    )
    rows = drawn(view(state, 40, 10, T0, ascii_only=True), 40)
    assert "\n".join(rows).isascii()
    assert all(len(row) <= 40 for row in rows)


def test_a_window_made_narrower_is_wiped_up_to_the_rows_that_wrapped() -> None:
    state, now = recorded_moment()
    console = Console(
        file=io.StringIO(), width=100, height=30, force_terminal=True, color_system=None, _environ={"TERM": "xterm"}
    )
    live = LiveScreen(console, lambda: now, TestScheduler())
    live.show(state)
    frames = []
    for width in (100, 50, 50):
        console.size = (width, 30)
        with console.capture() as capture:
            console.print(live)
        frames.append(capture.get())
    first = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", frames[0]).splitlines()
    wrapped = sum(-(-cell_len(line) // 50) - 1 for line in first if line)
    assert [frame.count(CURSOR_UP) for frame in frames] == [0, wrapped, 0]
    assert wrapped > 3
