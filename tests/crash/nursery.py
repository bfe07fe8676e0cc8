"""A process that has imported all of exfig, and bears a child for each run that is asked of it: `python -m`.

In: lines of JSON with arguments, directory, environment, and after how many seconds the child is killed (null: never).
Out: a line for each, with the exit code of the child, negative where a signal ended it, and the seconds it took.
A new interpreter for each run would spend most of its time on imports, where nothing worth a test happens.
"""

import importlib
import json
import os
import pkgutil
import signal
import sys
import time
import traceback
from typing import Any

import exfig_rx


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
        out = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for descriptor, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, out), (2, out)):
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
