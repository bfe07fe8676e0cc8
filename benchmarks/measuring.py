"""What every bench is made of: rows, and ratios of two things that are measured in turns.

In: things to run. Out: `Row`s. Rule: two things are run A B A B …, so that a machine that slows down slows both; the
ratio is that of the medians.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EXFIG = [sys.executable, "-m", "exfig_rx"]


@dataclass(frozen=True, slots=True)
class Row:
    """One measured ratio and the bound it should keep; None where there is none.

    `at_least` turns the bound round: the value should not be below it.
    """

    name: str
    value: float
    bound: float | None
    unit: str = "x"
    digits: int = 2
    at_least: bool = False

    @property
    def is_off(self) -> bool:
        """Whether it is worse than it should be."""
        if self.bound is None:
            return False
        shown = round(self.value, self.digits)
        return shown < self.bound if self.at_least else shown > self.bound


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(ours: Callable[[], object], theirs: Callable[[], object], runs: int) -> float:
    """Median of `ours` over median of `theirs`, both run in turns after one warm-up."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return statistics.median(pair[0] for pair in pairs) / statistics.median(pair[1] for pair in pairs)


def run(command: Sequence[str], environ: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
    """Run a command; what it prints is thrown away, and a failure of it ends the bench."""
    subprocess.run(command, check=True, env=environ, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def peak_megabytes(command: Sequence[str], environ: Mapping[str, str], cwd: Path) -> float:
    """Peak memory of a command, measured in a child of its own, whose only child it is."""
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], check=True, env=environ, cwd=cwd, capture_output=True, text=True
    )
    return int(done.stdout) * (1 if sys.platform == "darwin" else 1024) / 1e6
