"""A real batch, killed at random moments: no config is left half done, and one more run makes it all good.

`EXFIG_KILLS` says how often, `EXFIG_KILLS_SEED` where the random numbers begin.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import pytest

from exfig_rx.output.recovery import recover
from exfig_rx.sandbox import Sandbox
from exfig_rx.sandbox.design import Design
from exfig_rx.state.exports import Exports
from exfig_rx.state.project import Project
from tests.test_cli.conftest import TOKEN
from tests.test_cli.test_pictures import BELL, EVERYWHERE, FILE, pictures

KILLS = int(os.environ.get("EXFIG_KILLS", "10"))
SEED = int(os.environ.get("EXFIG_KILLS_SEED", "7"))

HERE = Path(__file__).parents[2]
CONFIGS = 3
OLD = {f"ic/icon {n}": BELL.replace("4 4", f"4 {n / 10}") for n in range(24)}
NEW = {name: svg.replace("#0B3C49", "#C8553D") for name, svg in [*OLD.items()][4:]} | {
    f"ic/new {n}": BELL for n in range(4)
}

Tree = dict[str, bytes]


@dataclass
class Runs:
    """A project over a Figma, and a nursery to run `exfig` in."""

    root: Path
    sandbox: Sandbox
    nursery: "subprocess.Popen[str]"
    stdin: IO[str] = field(init=False)
    stdout: IO[str] = field(init=False)

    def __post_init__(self) -> None:
        assert self.nursery.stdin is not None and self.nursery.stdout is not None
        self.stdin, self.stdout = self.nursery.stdin, self.nursery.stdout

    def run(self, kill_after_s: float | None = None) -> tuple[int, float]:
        """Exit code and seconds of one batch."""
        environ = {"FIGMA_PERSONAL_TOKEN": TOKEN, "FIGMA_API_URL": self.sandbox.url, "PATH": os.environ["PATH"]}
        environ |= {"HOME": str(self.root), "XDG_STATE_HOME": str(self.root / ".state")}
        argv = ["batch", "configs", "--rate-limit", "6000", "--prune", "--quiet", "--parallel", str(CONFIGS)]
        asked = {"argv": argv, "directory": str(self.root), "environ": environ, "kill_after_s": kill_after_s}
        self.stdin.write(json.dumps(asked) + "\n")
        self.stdin.flush()
        code, took_s = json.loads(self.stdout.readline())
        return code, took_s

    def whole(self) -> float:
        """One batch that nothing disturbs; the seconds it took."""
        code, took_s = self.run()
        assert code == 0, (self.root / "output.txt").read_text()
        return took_s

    def recovered(self) -> None:
        """What the next run does first."""
        project = Project.open(self.root / ".exfig")
        exports = Exports(project.folder, project.run, lambda problem: None)
        told = recover(exports, project)
        exports.close()
        project.close()
        assert {problem.code for problem in told} <= {"output.recovered"}

    def trees(self) -> list[Tree]:
        """The files of each config."""
        return [tree(self.root / "out" / str(number)) for number in range(CONFIGS)]

    def keep(self, name: str) -> None:
        """`back_to` the same name goes back to what is there now, with all times."""
        shutil.copytree(self.root, self.root.with_name(name), symlinks=True)

    def back_to(self, name: str) -> None:
        """As it was when it was kept."""
        shutil.rmtree(self.root)
        shutil.copytree(self.root.with_name(name), self.root, symlinks=True)


def tree(folder: Path) -> Tree:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def runs(quick_path: Path, no_leaked_thread: None) -> Iterator[Runs]:
    root = quick_path / "project"
    (root / "configs").mkdir(parents=True)
    for number in range(CONFIGS):
        (root / f"configs/app-{number}.yaml").write_text(EVERYWHERE.replace("out/", f"out/{number}/"))
    command = [sys.executable, "-m", "tests.crash.nursery"]
    with (
        Sandbox(pictures(OLD), accepted_tokens=[TOKEN]) as sandbox,
        subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery,
    ):
        started = Runs(root, sandbox, nursery)
        yield started
        started.stdin.close()
    assert sandbox.crashes == []


def redesigned(sandbox: Sandbox) -> None:
    """Somebody draws every icon anew, removes some and adds others."""
    (before,) = sandbox.design.files[FILE]
    (drawn,) = pictures(NEW).files[FILE]
    after = replace(drawn, version=str(int(before.version) + 1))
    sandbox.design = Design({FILE: (before, after)})


@pytest.mark.timeout(30 + 3 * KILLS)
def test_a_batch_that_is_killed_at_any_moment_leaves_each_config_old_or_new(runs: Runs) -> None:
    numbers = random.Random(SEED)
    runs.keep("empty")
    starts = {"empty": runs.trees()}
    runs.whole()
    runs.keep("old")
    starts["old"] = runs.trees()
    redesigned(runs.sandbox)
    took_s = runs.whole()
    new = runs.trees()
    assert new[0] != starts["old"][0]
    for number in range(KILLS):
        start = "old" if number % 3 else "empty"
        runs.back_to(start)
        after_s = numbers.uniform(0, took_s)
        moment = f"kill {number}, {after_s:.4f} s after the start, with {start} files"
        assert runs.run(after_s)[0] in (-signal.SIGKILL, 0), (runs.root / "output.txt").read_text()
        runs.recovered()
        for was, will, there in zip(starts[start], new, runs.trees(), strict=True):
            assert there in (was, will), f"a config is half done: {moment}"
        assert not [*runs.root.rglob(".exfig-*")], moment
        runs.whole()
        assert runs.trees() == new, f"another tree than without a kill: {moment}"
