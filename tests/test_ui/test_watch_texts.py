"""A watch in lines, in its summary, and in the report."""

import io
import json
import re
from importlib import resources
from itertools import accumulate
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from rich.console import Console

from exfig_rx import events as ev
from exfig_rx import watch_events as we
from exfig_rx.fold import reduce
from exfig_rx.model import AssetCounts, Conflict, FileCounts, Problem, Tier
from exfig_rx.run_state import INITIAL, BatchState, Step
from exfig_rx.ui.plain import plain_lines
from exfig_rx.ui.report import report, report_text
from exfig_rx.ui.summary import last_line, print_summary
from exfig_rx.ui.wording import ago, rough
from tests.test_ui.events_strategy import sequences
from tests.test_ui.watches import BROKEN, T0, ids, state_after, watch_of

SCHEMA: dict[str, Any] = json.loads(resources.files("exfig_rx.ui").joinpath("report.schema.json").read_text())


def lines_of(*events: ev.Event, verbose: bool = False, before: BatchState = INITIAL) -> list[str]:
    def fold(step: Step, event: ev.Event) -> Step:
        return Step(event, reduce(step.state, event))

    steps = list(accumulate(events, fold, initial=Step(None, before)))
    return [line for step in steps for line in plain_lines(step, verbose=verbose)]


def summary_of(state: BatchState, width: int = 110) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None, _environ={}, emoji=False, markup=False)
    with console.capture() as capture:
        print_summary(console, state, quiet=False, verbose=False)
    return capture.get()


# ── lines ──


def test_a_watch_reads_well_in_a_log() -> None:
    one, two = ids(2)
    assert lines_of(
        ev.ConfigDiscovered(T0, one),
        ev.ConfigDiscovered(T0, two),
        we.WatchStarted(T0, 0.3, "http://127.0.0.1:8787"),
        we.PollPlanned(T0, T0 + 60, 60, 4),
        we.ChangeNoticed(T0, we.Source.FILES, "app-000.yaml edited", (one,)),
        we.CycleStarted(T0, 1),
        we.ConfigQueued(T0, one, "edited"),
        ev.ConfigStarted(T0, one),
        ev.ConfigSucceeded(T0 + 2, one, AssetCounts(colors=2), FileCounts(updated=1, unchanged=3)),
        we.CycleEnded(T0 + 2, 1),
        we.ConfigHeld(T0 + 3, two, (BROKEN, BROKEN)),
        we.ChangeNoticed(T0 + 4, we.Source.PERSON, "asked for", (one, two)),
        we.ChangeNoticed(T0 + 4, we.Source.POLL, "a new version of Ab12"),
        we.WatchPaused(T0 + 5),
        we.WatchContinued(T0 + 6),
        we.ConfigRemoved(T0 + 7, one),
    ) == [
        "watching 2 configs; debounce 0.3 s; webhook at http://127.0.0.1:8787",
        "changed: app-000.yaml edited: 1 config runs again",
        "app-000.yaml: started",
        "app-000.yaml: done, 2 colors; files: 1 changed, 3 unchanged (2.0 s)",
        "cycle 1 ended: 1 succeeded in 2.0 s; files: 1 changed, 3 unchanged",
        'app-001.yaml: held: configs/app-001.yaml:14:5 ios.icons.format: expected pdf or svg, found "png" (and 1 more)',
        "asked for: 2 configs run again",
        "changed: a new version of Ab12: no config runs again",
        "watch paused: changes wait",
        "watch goes on",
        "app-000.yaml: removed; its files stay",
    ]


def test_whoever_wants_everything_is_told_of_turns_polls_and_hooks() -> None:
    one, _ = ids(2)
    told = lines_of(
        we.CycleStarted(T0, 2),
        we.ConfigQueued(T0, one, "edited"),
        we.PollPlanned(T0, T0 + 60, 90, 4),
        we.PollPlanned(T0, None, 90, 0),
        we.HookReceived(T0, "FILE_UPDATE of Harbor", True),
        verbose=True,
        before=watch_of(2),
    )
    assert told == [
        "cycle 2 begins",
        "app-000.yaml: waits for its turn: edited",
        "next poll in 1 min 00 s: 4 files, each every 1 min 30 s",
        "no file of Figma to ask about",
        "webhook: FILE_UPDATE of Harbor",
    ]


def test_whoever_floods_the_webhook_does_not_flood_the_log() -> None:
    told = lines_of(*[we.HookReceived(T0, "a wrong passcode", False)] * 250, before=watch_of(1))
    assert told == [
        "webhook: ignored: a wrong passcode (1 message ignored so far)",
        "webhook: ignored: a wrong passcode (10 messages ignored so far)",
        "webhook: ignored: a wrong passcode (100 messages ignored so far)",
    ]


def test_a_cycle_tells_what_came_of_it() -> None:
    one, two, three = ids(3)
    told = lines_of(
        we.CycleStarted(T0 + 10, 2),
        *(we.ConfigQueued(T0 + 10, config, "edited") for config in (one, two, three)),
        *(ev.ConfigStarted(T0 + 10, config) for config in (one, two, three)),
        ev.ConfigSucceeded(T0 + 11, one, AssetCounts(), FileCounts(), True),
        ev.ConfigFailed(T0 + 12, two, (BROKEN,)),
        ev.ConfigCancelled(T0 + 13, three, "a newer change"),
        we.CycleEnded(T0 + 14, 2),
        before=watch_of(3),
    )
    assert told[-1] == "cycle 2 ended: 1 succeeded, 1 of them unchanged, 1 failed, 1 cancelled in 4.0 s; files: none"


@pytest.mark.parametrize(
    ("seconds", "words", "past"),
    [
        (-5, "0 s", "just now"),
        (9, "9 s", "just now"),
        (34, "30 s", "30 s ago"),
        (200, "3 min", "3 min ago"),
        (7500, "2 h 05 min", "2 h ago"),
        (360000, "4 d 4 h", "4 d ago"),
    ],
)
def test_spans_are_said_roughly(seconds: float, words: str, past: str) -> None:
    assert (rough(seconds), ago(seconds)) == (words, past)


# ── the summary ──


def test_the_summary_of_a_watch_has_the_last_state_of_each_config() -> None:
    one, two, _ = ids(3)
    state = watch_of(
        3,
        we.CycleStarted(T0 + 10, 2),
        we.ConfigQueued(T0 + 10, one, "edited"),
        ev.ConfigFailed(T0 + 11, one, (BROKEN,)),
        we.CycleEnded(T0 + 11, 2),
        we.ConfigHeld(T0 + 12, two, (Problem("conflict.held", "out/a.css is written by app-002.yaml, too"),)),
        ev.RunEnded(T0 + 3600, 0),
    )
    text = summary_of(state)
    assert "app-001.yaml held:\n  out/a.css is written by app-002.yaml, too\n" in text
    assert "app-000.yaml failed:\n" in text
    assert re.search(r"– app-001.yaml +held: out/a.css is written by app-002.yaml, too +exported at \d", text)
    assert re.search(r"✓ app-002.yaml +17 colors", text)
    assert "the run ended" not in text
    assert text.endswith("Watch complete: 2 cycles; 1 succeeded, 1 failed, 1 skipped in 3600.0 s\n")


def test_the_summary_of_a_watch_is_no_wall_of_old_warnings() -> None:
    one, two = ids(2)
    old = [ev.Warned(T0 + n, None, Problem("figma.no-answer", f"no answer, {n}")) for n in range(50)]
    conflict = Conflict("out/a.css", one, "web", two, "web")
    state = watch_of(
        2, *old, ev.Warned(T0, one, Problem("x.y", "odd")), ev.ConflictsFound(T0, (conflict,)), ev.RunEnded(T0 + 9, 0)
    )
    text = summary_of(state)
    assert text.count("no answer") == 5
    assert "no answer, 49" in text
    assert "odd" in text
    assert "would write the same paths" not in text


def test_a_watch_that_was_interrupted_says_so() -> None:
    text = summary_of(watch_of(1, ev.RunEnded(T0 + 9, 130, "interrupted")))
    assert "The watch ended: interrupted.\n" in text


def test_the_last_line_counts_cycles() -> None:
    assert last_line(watch_of(2, ev.RunEnded(T0 + 9.5, 0))) == "Watch complete: 1 cycle; 2 succeeded, 0 failed in 9.5 s"


# ── the report ──


def test_the_report_tells_the_cycles_of_a_watch() -> None:
    one, _ = ids(2)
    document = report(
        watch_of(
            2,
            we.ChangeNoticed(T0 + 10, we.Source.FILES, "app-000.yaml edited", (one,)),
            we.CycleStarted(T0 + 10, 2),
            we.ConfigQueued(T0 + 10, one, "edited"),
            ev.ConfigStarted(T0 + 10, one),
            ev.RequestSent(T0 + 10, one, Tier.THREE, "meta"),
            ev.ConfigFailed(T0 + 11, one, (BROKEN,)),
            we.CycleEnded(T0 + 11.5, 2),
            we.HookReceived(T0, "?", False),
        )
    )
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    watch = document["watch"]
    assert (watch["since"], watch["cycles"], watch["hooksIgnored"]) == ("2026-09-21T14:13:20.000Z", 2, 1)
    assert [cycle["number"] for cycle in watch["history"]] == [1, 2]
    assert watch["history"][1] == {
        "number": 2,
        "startTime": "2026-09-21T14:13:30.000Z",
        "endTime": "2026-09-21T14:13:31.500Z",
        "duration": 1.5,
        "reasons": ["app-000.yaml edited"],
        "succeeded": 0,
        "unchanged": 0,
        "failed": 1,
        "cancelled": 0,
        "files": {"created": 0, "updated": 0, "unchanged": 0, "deleted": 0},
        "requests": {"tier1": 0, "tier2": 0, "tier3": 1},
    }
    failed = document["results"][0]
    assert failed["status"] == "failed"
    assert failed["lastExport"]["time"] == "2026-09-21T14:13:22.000Z"
    assert failed["lastExport"]["stats"]["colors"] == 17
    assert (document["endTime"], document["exitCode"]) == (None, None)


def test_the_report_of_a_run_that_ends_by_itself_has_no_watch() -> None:
    document = report(state_after(ev.ConfigDiscovered(T0, ids(1)[0]), ev.RunEnded(T0, 0)))
    assert document["watch"] is None
    assert (document["heldCount"], document["waitingCount"], document["runningCount"]) == (0, 0, 0)
    assert document["results"][0]["lastExport"] is None


@given(sequences)
def test_at_any_moment_of_a_watch_the_report_keeps_its_schema_and_its_counts_add_up(events: list[ev.Event]) -> None:
    document = json.loads(report_text(state_after(we.WatchStarted(T0, 0.3), *events)))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    names = ("success", "failure", "skipped", "cancelled", "held", "waiting", "running")
    counts = [document[f"{name}Count"] for name in names]
    assert sum(counts) == document["totalConfigs"] == len(document["results"])
