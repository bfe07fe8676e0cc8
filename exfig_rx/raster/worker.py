"""A worker process: orders come in as lines of JSON, pictures are stored, and a line says where each one is.

The first line it writes says that it is ready. Rules: results are named by their SHA-256 and appear whole or not at
all; nothing that a picture does outlasts the picture: time and memory are limited by the system, so that even a
renderer that never comes back ends. The process ends with its parent, whatever ends that, and leaves Ctrl-C to it.
"""

import hashlib
import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any, BinaryIO, Final

from exfig_rx.raster.document import Undrawable
from exfig_rx.raster.draw import Order, drawn

MOST_MEMORY: Final = 4 * 2**30
"""Bytes that a worker may write to; the largest picture allowed needs about a third of it, in each format."""

_PR_SET_PDEATHSIG: Final = 1


def serve(folder: str, parent: str, time_limit_s: str) -> None:
    """Draw until the orders end: results go to `folder`; `parent` is a process id, the limit is for each picture."""
    _end_with(int(parent))
    _limit_system()
    replies = _replies()
    _tell(replies, _unusable())
    for line in sys.stdin.buffer:
        _alarm(float(time_limit_s))
        reply = _answer(Order(*json.loads(line)), folder)
        _alarm(0)
        _tell(replies, reply)


def _answer(order: Order, folder: str) -> list[Any]:
    """Digest and size of the picture, which is then in `folder`; or code, message and hint of what went wrong."""
    try:
        with open(order.path, "rb") as source:
            if order.offset:
                source.seek(order.offset)
            content = source.read(order.size if order.offset else -1)
    except OSError as error:
        return ["raster.unreadable", f"can't be made: its source can't be read: {error.strerror or error}", ""]
    try:
        return _stored(drawn(content, order), folder)
    except Undrawable as error:
        return [error.code, error.message, error.hint]
    except OSError as error:
        hint = "Free some space and run again." if error.errno == 28 else ""
        return ["raster.not-written", f"can't be made: {error.strerror or error}", hint]
    except MemoryError:
        return ["raster.crashed", "can't be made: it needs too much memory", ""]
    except BaseException as error:  # a panic of the renderer is no Exception
        return ["raster.failed", f"can't be made: {type(error).__name__}: {str(error)[:200]}", ""]


def _stored(content: bytes, folder: str) -> list[Any]:
    digest = hashlib.sha256(content).hexdigest()
    part = os.path.join(folder, f".{os.getpid()}")
    with open(part, "wb") as stream:
        stream.write(content)
    os.replace(part, os.path.join(folder, digest))
    return [digest, len(content)]


def _unusable() -> str | None:
    """Why nothing can be drawn here; None if all is well."""
    try:
        import resvg_py  # noqa: F401
    except ImportError as error:
        return str(error)
    return None


def _replies() -> BinaryIO:
    """Where replies go; what libraries print goes nowhere, not between them."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies


def _tell(replies: BinaryIO, what: object) -> None:
    try:
        replies.write(json.dumps(what).encode() + b"\n")
        replies.flush()
    except BrokenPipeError:
        # nobody listens any more; closing would try once more, and fail aloud
        os._exit(0)


def _end_with(parent: int) -> None:
    """Be killed when the parent dies, even while the renderer holds the interpreter; elsewhere the pipe has to do."""
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if hasattr(os, "getppid") and os.getppid() != parent:
        os._exit(0)


def _limit_system() -> None:
    """No more memory than a picture can need, and no core files of renderers that crash."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_DATA, MOST_MEMORY)):
            hard = resource.getrlimit(limit)[1]
            resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _alarm(after_s: float) -> None:
    """End this process after so many seconds, by the system: no Python code gets to run in a renderer that hangs."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, after_s)
