"""A real batch, killed at random moments: no config is left half done, and one more run makes it all good.

`EXFIG_KILLS` says how often, `EXFIG_KILLS_SEED` where the random numbers begin.
"""

import os
import random
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from exfig_rx.output.recovery import recover
from exfig_rx.sandbox import Sandbox
from exfig_rx.sandbox.design import Design
from exfig_rx.state.exports import Exports
from exfig_rx.state.project import ProjectFolder
from tests.nursery import nursery
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
    """A project over a Figma."""

    root: Path
    sandbox: Sandbox

    def run(self, kill_after_s: float | None = None) -> tuple[int, float]:
        """Exit code and seconds of one batch."""
        environ = {"FIGMA_PERSONAL_TOKEN": TOKEN, "FIGMA_API_URL": self.sandbox.url, "PATH": os.environ["PATH"]}
        environ |= {"HOME": str(self.root), "XDG_STATE_HOME": str(self.root / ".state")}
        argv = ["batch", "configs", "--rate-limit", "6000", "--prune", "--quiet", "--parallel", str(CONFIGS)]
        output = self.root / "output.txt"
        output.unlink(missing_ok=True)
        return nursery().run(argv, self.root, environ, stdout=output, stderr=output, kill_after_s=kill_after_s)

    def whole(self) -> float:
        """One batch that nothing disturbs; the seconds it took."""
        code, took_s = self.run()
        assert code == 0, (self.root / "output.txt").read_text()
        return took_s

    def recovered(self) -> None:
        """What the next run does first."""
        project = ProjectFolder.open(self.root / ".exfig")
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
    with Sandbox(pictures(OLD), accepted_tokens=[TOKEN]) as sandbox:
        yield Runs(root, sandbox)
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
