"""On a terminal: the question before a conflict, the live screen, and what is left when it is gone."""

import os
import pty
import select
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from exfig_rx.sandbox.faults import Fault, FaultKind
from tests.test_cli.conftest import TOKEN, Project, file_key

PATIENCE_S = 30.0


@dataclass
class Terminal:
    """`exfig` on a pseudo-terminal."""

    process: "subprocess.Popen[bytes]"
    master: int
    seen: str = ""
    _raw: bytes = field(default=b"", repr=False)

    def read_until(self, text: str) -> None:
        while text not in self.seen:
            assert self._read(), f"ended without {text!r}: {self.seen}"

    def read_to_the_end(self) -> int:
        while self._read():
            pass
        os.close(self.master)
        assert TOKEN not in self.seen
        return self.process.wait(PATIENCE_S)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def _read(self) -> bool:
        ready, _, _ = select.select([self.master], [], [], PATIENCE_S)
        assert ready, f"silent for {PATIENCE_S} s: {self.seen}"
        try:
            data = os.read(self.master, 65536)
        except OSError:  # Linux says EIO when the other side is closed
            return False
        self._raw += data
        self.seen = self._raw.decode("utf-8", "replace")
        return bool(data)


def on_terminal(project: Project, *argv: str, **environ: str) -> Terminal:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "exfig_rx", *argv],
        cwd=project.root,
        env=project.environ({"TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "100", "LINES": "30", **environ}),
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    return Terminal(process, master)


@pytest.fixture
def conflicting(project: Project) -> Project:
    project.web("configs/a.yaml", file_key(1), "out/same")
    project.web("configs/b.yaml", file_key(2), "out/same")
    return project


@pytest.mark.parametrize("answer", ["n\n", "\n", "perhaps\n", "\x04"])
def test_anything_but_yes_does_nothing(conflicting: Project, answer: str) -> None:
    terminal = on_terminal(conflicting, "batch", "configs")
    terminal.read_until("Continue? [y/N] ")
    assert "out/same/theme.css" in terminal.seen
    assert "a.yaml" in terminal.seen
    terminal.type(answer)
    assert terminal.read_to_the_end() == 3
    assert conflicting.asked() == []
    assert conflicting.files() == {}


def test_yes_runs_both_and_the_later_wins(conflicting: Project) -> None:
    terminal = on_terminal(conflicting, "batch", "configs", "--rate-limit", "6000")
    terminal.read_until("Continue? [y/N] ")
    terminal.type("y\n")
    assert terminal.read_to_the_end() == 0
    assert "rgba(2, 245, 247" in conflicting.files()["same/theme.css"]


def test_on_conflict_continue_shows_them_before_the_run_without_a_question(conflicting: Project) -> None:
    terminal = on_terminal(conflicting, "batch", "configs", "--on-conflict", "continue", "--rate-limit", "6000")
    assert terminal.read_to_the_end() == 0
    assert "Continue?" not in terminal.seen
    assert terminal.seen.index("out/same/theme.css") < terminal.seen.index("\x1b[?25l")


def test_ctrl_c_at_the_question_ends_the_run(conflicting: Project) -> None:
    terminal = on_terminal(conflicting, "batch", "configs")
    terminal.read_until("Continue? [y/N] ")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.read_to_the_end() == 130
    assert conflicting.asked() == []


def test_the_screen_is_drawn_live_and_wiped_before_the_summary(project: Project) -> None:
    project.webs(4)
    project.sandbox.faults.append(Fault(FaultKind.SLOW, match="*", seconds=0.2, times=None))
    terminal = on_terminal(project, "batch", "configs", "--rate-limit", "6000")
    assert terminal.read_to_the_end() == 0
    assert "of 4 done" in terminal.seen
    assert "requests/min" in terminal.seen
    assert terminal.seen.count("\x1b[?25l") == terminal.seen.count("\x1b[?25h") == 1
    summary = terminal.seen[terminal.seen.rindex("\x1b[?25h") :]
    assert "Batch complete: 4 succeeded, 0 failed" in summary
    assert "of 4 done" not in summary


def test_a_dumb_terminal_gets_lines_without_escapes(project: Project) -> None:
    project.webs(2)
    terminal = on_terminal(project, "batch", "configs", "--rate-limit", "6000", TERM="dumb")
    assert terminal.read_to_the_end() == 0
    assert "app-00.yaml: started" in terminal.seen
    assert "\x1b" not in terminal.seen


def test_no_color_keeps_the_screen_and_drops_the_colors(project: Project) -> None:
    project.webs(2)
    terminal = on_terminal(project, "batch", "configs", "--rate-limit", "6000", NO_COLOR="1")
    assert terminal.read_to_the_end() == 0
    assert "\x1b[3" not in terminal.seen


def test_ctrl_c_gives_the_terminal_back(project: Project, tmp_path: Path) -> None:
    project.webs(3)
    project.sandbox.faults.append(Fault(FaultKind.SLOW, match="*", seconds=20, times=None))
    terminal = on_terminal(project, "batch", "configs", "--report", "report.json")
    terminal.read_until("running")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.read_to_the_end() == 130
    assert terminal.seen.count("\x1b[?25l") == terminal.seen.count("\x1b[?25h")
    assert project.report()["cancelledCount"] == 3
