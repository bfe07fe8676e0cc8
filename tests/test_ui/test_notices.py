"""The bell and the notices of the desktop: when they come, how they go out, and that nothing in them is obeyed."""

import subprocess
import sys
from queue import SimpleQueue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx import events as ev
from exfig_rx import watch_events as we
from exfig_rx.model import AssetCounts, FileCounts, Problem
from exfig_rx.ui.notices import Alarm, Notices, Way, command, heard, sequence, way
from tests.test_ui.events_strategy import sequences
from tests.test_ui.watches import T0, ids

WRONG = Problem("x.y", "no such file")
A, B, C = ids(3)
ALL = frozenset({"notify-send", "osascript"})


def failed(at: float, config: object = A, message: str = "no such file") -> ev.ConfigFailed:
    return ev.ConfigFailed(T0 + at, config, (Problem("x.y", message),))  # type: ignore[arg-type]


def written_for(*events: ev.Event, bell: bool = True, way: Way | None = None) -> list[str]:
    written: list[str] = []
    notices = Notices(written.append, bell=bell, way=way, run=lambda arguments: written.append(" ".join(arguments)))
    for event in events:
        notices.hear(event)
    return written


def test_the_bell_rings_when_a_config_fails_and_not_while_it_stays_so() -> None:
    good = ev.ConfigSucceeded(T0 + 30, A, AssetCounts(), FileCounts())
    assert written_for(failed(0), we.ConfigQueued(T0 + 9, A, "edited"), failed(10)) == ["\a"]
    assert written_for(failed(0), good, failed(40)) == ["\a", "\a"]
    assert written_for(we.ConfigHeld(T0, A, (WRONG,)), failed(10)) == ["\a"]
    assert written_for(failed(0), we.ConfigRemoved(T0 + 1, A), failed(2)) == ["\a", "\a"]


def test_many_that_fail_at_once_ring_once() -> None:
    assert written_for(failed(0, A), failed(0.2, B), failed(1.5, C)) == ["\a", "\a"]


def test_one_notice_comes_at_once_and_one_for_the_others_when_the_cycle_ends() -> None:
    ended = we.CycleEnded(T0 + 60, 1)
    told = written_for(failed(0, A), failed(1, B), failed(2, C), ended, ended, bell=False, way=Way.OSC_9)
    assert told == [
        "\x1b]9;exfig: app-000.yaml: no such file\x1b\\",
        "\x1b]9;exfig: 2 more configs failed\x1b\\",
    ]
    assert len(written_for(failed(0, A), ended, failed(70, B), ended, bell=False, way=Way.OSC_9)) == 2


def test_without_bell_and_way_nothing_is_written() -> None:
    assert written_for(failed(0), we.CycleEnded(T0, 1), bell=False) == []


@pytest.mark.parametrize(
    ("environ", "programs", "is_terminal", "expected"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, ALL, True, Way.OSC_9),
        ({"TERM_PROGRAM": "iTerm.app", "SSH_CONNECTION": "x"}, ALL, True, Way.OSC_9),
        ({"TERM": "xterm-kitty"}, frozenset(), True, Way.OSC_9),
        ({"TERM": "rxvt-unicode-256color"}, frozenset(), True, Way.OSC_777),
        ({"TERM": "xterm-kitty", "DISPLAY": ":0"}, {"notify-send"}, False, Way.NOTIFY_SEND),
        ({"TERM": "xterm-256color", "WAYLAND_DISPLAY": "w"}, {"notify-send"}, True, Way.NOTIFY_SEND),
        ({"TERM": "xterm-256color"}, {"notify-send"}, True, None),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "x"}, ALL, True, None),
        ({"TERM_PROGRAM": "Apple_Terminal"}, {"osascript"}, True, Way.OSASCRIPT),
        ({}, frozenset(), True, None),
    ],
)
def test_a_notice_goes_the_way_that_works_here(
    environ: dict[str, str], programs: frozenset[str], is_terminal: bool, expected: Way | None
) -> None:
    found = way(environ, lambda name: f"/bin/{name}" if name in programs else None, is_terminal=is_terminal)
    assert found is expected


def test_words_reach_programs_as_arguments() -> None:
    nasty = '"; rm -rf ~; $(x) <b>&'
    assert command(Way.NOTIFY_SEND, nasty)[-3:] == ("--", "exfig", '"; rm -rf ~; $(x) &lt;b&gt;&amp;')
    script = command(Way.OSASCRIPT, nasty)
    assert script[0] == "osascript"
    assert script[-1] == nasty
    assert not any(nasty in part for part in script[:-1])
    assert sequence(Way.OSC_777, "a;b") == "\x1b]777;notify;exfig;a,b\x1b\\"


@given(sequences, st.sampled_from(Way))
def test_no_event_gets_a_control_character_through(events: list[ev.Event], by: Way) -> None:
    alarm = Alarm()
    for event in events:
        alarm = heard(alarm, event)
        assert alarm.text.isprintable()
        assert len(alarm.text) <= 200
        if alarm.text:
            inside = sequence(by, alarm.text).removeprefix("\x1b]").removesuffix("\x1b\\")
            assert inside.isprintable()


def test_a_program_runs_beside_and_one_that_is_not_there_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: SimpleQueue[object] = SimpleQueue()
    run = subprocess.run

    def noted(arguments: list[str], **options: object) -> object:
        try:
            return run(
                [sys.executable, "-c", "", *arguments] if arguments[0] != "osascript" else ["/no/such"], **options
            )  # type: ignore[call-overload]
        finally:
            ran.put(arguments[0])

    monkeypatch.setattr(subprocess, "run", noted)
    for by in (Way.NOTIFY_SEND, Way.OSASCRIPT):
        Notices(lambda _: None, bell=False, way=by).hear(failed(0))
    assert {ran.get(timeout=20), ran.get(timeout=20)} == {"notify-send", "osascript"}
