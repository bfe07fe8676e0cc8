"""A process that has imported all of exfig, and bears a child for each run that is asked of it.

A new interpreter for each run would spend most of its time on imports, where nothing worth a test happens. `Nursery` is
the end that tests hold; `python -m tests.nursery` is the other one. In: lines of JSON with arguments, directory,
environment, files for the standard streams, and after how many seconds the child is killed (null: never). Out: a line
for each, with the exit code of the child, negative where a signal ended it, and the seconds it took.
"""

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import exfig_rx


class Nursery:
    """Runs `exfig`; one at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        argv: Sequence[str],
        directory: Path,
        environ: Mapping[str, str],
        *,
        stdout: Path,
        stderr: Path,
        kill_after_s: float | None = None,
    ) -> tuple[int, float]:
        """Exit code and seconds of one run in `directory`, whose output goes to files."""
        asked = {
            "argv": list(argv),
            "directory": str(directory),
            "environ": dict(environ),
            "stdout": str(stdout),
            "stderr": str(stderr),
            "kill_after_s": kill_after_s,
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code, took_s = json.loads(self._process.stdout.readline())
        return code, took_s

    def close(self) -> None:
        """End it."""
        self._process.communicate()


@cache
def nursery() -> Nursery:
    """The one of this process, begun when it is first needed."""
    return Nursery()


def main() -> None:
    """Bear children until nobody asks any more."""
    for module in pkgutil.walk_packages(exfig_rx.__path__, "exfig_rx."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    for line in sys.stdin:
        sys.stdout.write(json.dumps(born(json.loads(line))) + "\n")
        sys.stdout.flush()


def born(asked: dict[str, Any]) -> tuple[int, float]:
    """The exit code and the seconds of one run."""
    start = time.monotonic()
    child = os.fork()
    if not child:
        live(asked)
    kill_after_s = asked["kill_after_s"]
    if kill_after_s is None:
        signal.sigwait({signal.SIGCHLD})
    elif signal.sigtimedwait({signal.SIGCHLD}, kill_after_s) is None:
        os.kill(child, signal.SIGKILL)
        signal.sigwait({signal.SIGCHLD})
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), time.monotonic() - start


def live(asked: dict[str, Any]) -> None:
    """Be `exfig`."""
    code = 99
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.chdir(asked["directory"])
        os.environ.clear()
        os.environ.update(asked["environ"])
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        out, err = (os.open(asked[name], flags, 0o600) for name in ("stdout", "stderr"))
        for descriptor, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, out), (2, err)):
            os.dup2(source, descriptor)
        from exfig_rx.__main__ import main as exfig

        code = exfig(asked["argv"])
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
