"""What a run shares with the other runs of its project, at the end of the run."""

import threading
from pathlib import Path
from queue import SimpleQueue

from exfig_rx.cli.commands import Batch
from exfig_rx.cli.options import parse
from exfig_rx.model import Problem
from exfig_rx.project import FOLDER_NAME, ProjectState
from exfig_rx.reactor import Reactor

WAIT_S = 20.0


def ended(root: Path, *, hangs: bool) -> list[str]:
    """The runs that are left in the folder after one that ends while its state is still at work, or not."""
    bugs: SimpleQueue[Exception] = SimpleQueue()
    problems: list[Problem] = []
    reactor = Reactor(bugs.put, workers=1)
    command = parse(["batch"], {})
    assert isinstance(command, Batch)
    state = ProjectState(command.settings, root, reactor, problems.append)
    go_on = threading.Event()
    if hangs:
        state._shelf.submit(go_on.wait)
    state.drain(0.0 if hangs else WAIT_S)
    state.close(is_whole=True)
    left = [run.name for run in (root / FOLDER_NAME / "runs").iterdir()]
    if hangs:
        go_on.set()
        state.drain(WAIT_S)
        state.close(is_whole=True)
    reactor.close(WAIT_S)
    assert bugs.empty() and not problems
    return left


def test_a_run_leaves_its_folder_in_order(tmp_path: Path) -> None:
    assert ended(tmp_path, hangs=False) == []


def test_what_still_works_keeps_what_it_works_with(tmp_path: Path) -> None:
    assert len(ended(tmp_path, hangs=True)) == 1


def test_what_the_sandbox_keeps_is_in_the_folder_of_its_run_and_goes_with_it(tmp_path: Path) -> None:
    bugs: SimpleQueue[Exception] = SimpleQueue()
    reactor = Reactor(bugs.put, workers=1)
    command = parse(["batch", "--sandbox"], {})
    assert isinstance(command, Batch)
    state = ProjectState(command.settings, tmp_path, reactor, lambda problem: None)
    (cache,) = tmp_path.rglob("cache.sqlite3")
    assert cache.is_relative_to(state.scratch)
    state.drain(WAIT_S)
    state.close(is_whole=True)
    reactor.close(WAIT_S)
    assert bugs.empty() and not list(tmp_path.rglob("cache.sqlite3"))
