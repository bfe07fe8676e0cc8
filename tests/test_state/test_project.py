"""The folder of a project: it keeps out of Git, and tells runs that are at work from dead ones."""

import errno
import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from exfig_rx.state.project import FOLDER_NAME, ProjectFolder

HOLD = """
import sys
from pathlib import Path
from exfig_rx.state.project import ProjectFolder
print(ProjectFolder.open(Path(sys.argv[1])).run, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / FOLDER_NAME


@pytest.fixture
def project(folder: Path) -> Iterator[ProjectFolder]:
    opened = ProjectFolder.open(folder)
    yield opened
    opened.close()


def test_the_folder_is_its_owners_alone_and_ignores_itself(folder: Path, project: ProjectFolder) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / ".gitignore").read_text() == "*\n"
    assert stat.S_IMODE((folder / "runs" / project.run).stat().st_mode) == 0o700
    assert project.scratch.is_dir()
    assert project.folder == folder


def test_a_gitignore_of_somebody_stays(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".gitignore").write_text("blobs\n")
    ProjectFolder.open(folder).close()
    assert (folder / ".gitignore").read_text() == "blobs\n"


def test_runs_have_names_of_their_own_and_leave_nothing(folder: Path) -> None:
    one, other = ProjectFolder.open(folder), ProjectFolder.open(folder)
    assert one.run != other.run
    (one.scratch / "blob").write_text("x")
    one.close()
    assert sorted(os.listdir(folder / "runs")) == [other.run]
    other.close()
    assert sorted(os.listdir(folder / "runs")) == []


def test_a_run_is_alive_until_its_process_is_gone_however_it_goes(folder: Path, project: ProjectFolder) -> None:
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        run = process.stdout.readline().strip()
        assert project.is_alive(run)
        project.bury()
        assert (folder / "runs" / run).is_dir()
        process.kill()
        process.wait()
    assert not project.is_alive(run)
    assert project.is_alive(project.run)
    project.bury()
    assert os.listdir(folder / "runs") == [project.run]


def test_a_run_that_nobody_heard_of_is_not_alive(project: ProjectFolder) -> None:
    assert not project.is_alive("0123456789ab")


def test_folders_of_runs_that_died_at_any_moment_go(folder: Path, project: ProjectFolder) -> None:
    runs = folder / "runs"
    (runs / "before-the-lock").mkdir()
    (runs / "whole").mkdir()
    (runs / "whole/lock").touch()
    (runs / "whole/scratch").mkdir()
    (runs / "whole/scratch/blob").touch()
    project.bury()
    assert os.listdir(runs) == [project.run]


def test_a_run_that_is_taken_for_dead_before_it_has_its_lock_begins_again(
    folder: Path, project: ProjectFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fcntl.flock
    removed: list[str] = []

    def late(descriptor: int, operation: int) -> None:
        if not removed:
            removed.extend(name for name in os.listdir(folder / "runs") if name != project.run)
            project.bury()
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    other = ProjectFolder.open(folder)
    assert removed
    assert other.run not in removed
    assert project.is_alive(other.run)
    assert other.scratch.is_dir()
    other.close()


def test_where_nothing_can_be_locked_every_run_is_taken_for_alive(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refused)
    one, other = ProjectFolder.open(folder), ProjectFolder.open(folder)
    assert other.is_alive(one.run)
    other.bury()
    assert (folder / "runs" / one.run).is_dir()
    one.close()
    other.close()


def test_a_folder_that_cant_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / FOLDER_NAME).write_text("a file")
    with pytest.raises(OSError, match=r"exists|Not a directory"):
        ProjectFolder.open(tmp_path / FOLDER_NAME)


def test_a_run_whose_lock_cant_be_looked_at_is_taken_for_alive(folder: Path, project: ProjectFolder) -> None:
    (folder / "runs/theirs/lock").mkdir(parents=True)
    assert project.is_alive("theirs")
    project.bury()
    assert (folder / "runs/theirs/lock").is_dir()
