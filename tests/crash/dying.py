"""A child that is killed before the n-th of its calls that change anything; production code knows nothing of it."""

import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import Any

from exfig_rx.state.shared_file import SharedFile

CALLS = ("open", "write", "replace", "rename", "link", "unlink", "mkdir", "rmdir", "fsync", "sync")


def dies(work: Callable[[], object], at: int) -> bool:
    """Whether `work`, run in a child, came to its call number `at` (from 0), before which the child is killed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of newer Pythons: there are threads
        child = os.fork()
    if not child:
        _live(work, at)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed; what it said is among the captured output"
    return False


def _live(work: Callable[[], object], at: int) -> None:
    done = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            nonlocal done
            if done == at:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1
            return real(*args, **options)

        return call

    try:
        for name in CALLS:
            setattr(os, name, counted(getattr(os, name)))
        SharedFile.transact = counted(SharedFile.transact)  # type: ignore[method-assign]
        work()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(3)
    os._exit(0)
