"""Two runs of one project at once: who wants the same files waits or fails, who wants others does not even notice."""

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exfig_rx.sandbox import Fault, FaultKind, Sandbox
from tests.test_cli.conftest import Project, design, file_key
from tests.test_cli.test_pictures import BELL, WEB, pictures

LIMITS = ("--rate-limit", "6000")
WAITING = "waiting for another exfig (process"
SLOW = Fault(FaultKind.SLOW, match=f"*/{file_key(0)}/styles", seconds=1.0)
"""Gives the time to stop a run in the middle."""


@pytest.fixture
def project(tmp_path: Path, figma: Callable[..., Sandbox]) -> Project:
    """Two configs, of which the first one is slow, once."""
    project = Project(tmp_path, figma(design(2), faults=[SLOW]))
    project.webs(2)
    return project


@contextmanager
def stopped(project: Project) -> Iterator["subprocess.Popen[str]"]:
    """A run of the first config that stands still in the middle of its work."""
    process = project.start("batch", "configs/app-00.yaml", *LIMITS)
    try:
        while not any(entry.path.endswith("/styles") for entry in project.asked()):
            assert process.poll() is None
        process.send_signal(signal.SIGSTOP)
        yield process
    finally:
        process.kill()
        process.communicate(timeout=50)


def code_of(process: "subprocess.Popen[str]") -> int:
    """The exit code of a run, once it has ended."""
    process.communicate(timeout=50)
    return process.returncode


def waiting(project: Project) -> "subprocess.Popen[str]":
    """Another run of the same config, once it has said that it waits."""
    process = project.start("batch", "configs/app-00.yaml", "--report", "report.json", *LIMITS)
    assert process.stderr is not None
    while WAITING not in (line := process.stderr.readline()):
        assert line, process.communicate(timeout=50)
    return process


def test_who_wants_the_same_files_waits_and_then_finds_them_done(project: Project) -> None:
    with stopped(project) as first:
        second = waiting(project)
        assert project.files() == {} and second.poll() is None
        first.send_signal(signal.SIGCONT)
        assert code_of(first) == code_of(second) == 0
    assert set(project.files()) == {"app-00/theme.css", "app-00/variables.ts"}
    (result,) = project.report()["results"]
    assert result["unchanged"] and [warning["code"] for warning in result["warnings"]] == ["conflict.waits"]
    assert [entry.path.rsplit("/", 1)[-1] for entry in project.asked()] == ["meta", "styles", "nodes", "meta"]


def test_who_waited_for_a_run_that_is_killed_goes_on(project: Project) -> None:
    with stopped(project) as first:
        second = waiting(project)
        first.kill()
        assert code_of(second) == 0
    assert not project.report()["results"][0]["unchanged"] and len(project.files()) == 2


def test_who_does_not_want_to_wait_fails_at_once_and_says_for_whom(project: Project) -> None:
    with stopped(project) as first:
        second = project.run("batch", "configs", "--on-conflict", "abort")
        text = " ".join(second.stdout.split())
        assert second.code == 1
        assert f"another exfig (process {first.pid}) is writing the files of this config" in text
        assert "--on-conflict continue" in text
        assert set(project.files()) == {"app-01/theme.css", "app-01/variables.ts"}  # the other one is nobody's
        first.send_signal(signal.SIGCONT)
        assert code_of(first) == 0
    assert len(project.files()) == 4


def test_who_wants_other_files_does_not_wait(project: Project) -> None:
    with stopped(project) as first:
        second = project.run("batch", "configs/app-01.yaml")
        assert second.code == 0 and WAITING not in second.stderr and first.poll() is None
        assert set(project.files()) == {"app-01/theme.css", "app-01/variables.ts"}


def test_what_a_run_keeps_may_be_removed_while_it_is_at_work(tmp_path: Path, figma: Callable[..., Sandbox]) -> None:
    slow = Fault(FaultKind.SLOW, match="/v1/images/*", seconds=0.5)
    project = Project(tmp_path, figma(pictures({"ic/bell": BELL, "ic/wave": BELL}), faults=[slow]))
    project.write("configs/app.yaml", WEB)
    process = project.start("batch", "configs", "--report", "report.json", *LIMITS)
    while not any(entry.path.startswith("/v1/images/") for entry in project.asked()):
        assert process.poll() is None
    shutil.rmtree(tmp_path / ".exfig")
    out, err = process.communicate(timeout=50)
    assert process.returncode == 0, out + err
    assert {name for name in project.files() if name.endswith(".svg")} == {"svg/ic_bell.svg", "svg/ic_wave.svg"}
    assert "state.no-scratch" in [warning["code"] for warning in project.report()["warnings"]]
    assert project.run("batch", "configs").code == 0
