"""Worker processes, each with a thread that talks to it: rasters in, outcomes out.

Rule: a picture that ends its process fails alone; the next one gets a new process. Processes start when there is work
for them, by `exec` (a fork of a process with threads may hang), and end with this one, whatever ends it.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, TypeAlias

from exfig_rx.model import Problem
from exfig_rx.pictures import Blob, Raster

CLOSING_S = 2.0
"""How long closing waits for killed processes to be gone."""

_BOOT = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    "sys.path[:] = sys.argv[1].split(sys.argv[2]); "
    "from exfig_rx.raster.worker import serve; serve(*sys.argv[3:])"
)
_SIMPLER = "Simplify it in Figma, or let Figma render it: sourceFormat: png."


@dataclass(frozen=True, slots=True)
class RasterFailed:
    """A picture that could not be made, and why; `problem` names no node, for it knows only bytes."""

    problem: Problem


Outcome: TypeAlias = Blob | RasterFailed


class Workers:
    """At most `count` processes that make pictures into `folder`, which they create.

    `deliver` gets each raster with its outcome, on threads of this object. `submit` is called on one thread only.
    """

    def __init__(
        self, folder: str, count: int, time_limit_s: float, deliver: Callable[[Raster, Outcome], None]
    ) -> None:
        self._folder = os.path.abspath(folder)
        self._count = count
        self._time_limit_s = time_limit_s
        self._deliver = deliver
        self._queue: SimpleQueue[Raster | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        # guards the two below: processes start on many threads, and are killed on another
        self._lock = threading.Lock()
        self._processes: set[_Process] = set()
        self._is_closed = False
        # why no process can be used: found out once, said of every picture
        self._unusable: RasterFailed | None = None

    def submit(self, raster: Raster, outstanding: int) -> None:
        """Queue one; `outstanding` is how many are under way, itself included: as many processes are of use."""
        self._queue.put(raster)
        if len(self._threads) < min(outstanding, self._count):
            # The one that starts a process stays as long as the process: Linux kills a child with the thread it is of.
            thread = threading.Thread(target=self._work, name=f"exfig-raster-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Kill all processes, at once; what they were at is lost."""
        with self._lock:
            self._is_closed = True
            for process in self._processes:
                process.kill()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(CLOSING_S)

    def _work(self) -> None:
        process: _Process | None = None
        while (raster := self._queue.get()) is not None and not self._is_closed:
            if process is None:
                process = self._started()
            outcome = self._unusable if process is None else process.outcome(raster, self._time_limit_s)
            if process is not None and not process.is_alive:
                self._end(process)
                process = None
            if outcome is not None and not self._is_closed:
                self._deliver(raster, outcome)
        if process is not None:
            self._end(process)

    def _started(self) -> "_Process | None":
        """A new process; None if there is none to be had, for the reason in `_unusable`."""
        if self._unusable is not None:
            return None
        try:
            os.makedirs(self._folder, exist_ok=True)
            process = _Process(self._folder, self._time_limit_s)
        except OSError as error:
            self._unusable = _no_worker(error.strerror or str(error))
            return None
        with self._lock:
            self._processes.add(process)
            if self._is_closed:
                process.kill()
        reason = process.greeting()
        if reason is None:
            return process
        self._unusable = _no_worker(reason)
        self._end(process)
        return None

    def _end(self, process: "_Process") -> None:
        process.end()
        with self._lock:
            self._processes.discard(process)


def _environment() -> dict[str, str]:
    """What a worker inherits: it asks nobody, and so gets no token."""
    return {name: value for name, value in os.environ.items() if "TOKEN" not in name.upper()}


class _Process:
    """One worker process, used by one thread; `kill` may be called by any."""

    def __init__(self, folder: str, time_limit_s: float) -> None:
        self._folder = folder
        # Started from here in isolation, it finds what this process finds, and nothing that lies in its directory.
        path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)
        command = [sys.executable, "-I", "-c", _BOOT, path, os.pathsep, folder, str(os.getpid()), str(time_limit_s)]
        self._popen = subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.is_alive = True

    def greeting(self) -> str | None:
        """Why this process is of no use; None if it is ready."""
        line = self._line()
        return f"it ended with {self._end_in_words()}" if not line else json.loads(line)

    def outcome(self, raster: Raster, time_limit_s: float) -> Outcome:
        """What became of one picture; if the process does not survive it, `is_alive` is False afterwards."""
        source = raster.source
        order = (os.path.abspath(source.path), raster.source_format, raster.encoding, raster.scale, raster.quality)
        stdin = self._popen.stdin
        assert stdin is not None
        with suppress(BrokenPipeError):
            stdin.write(json.dumps((*order, raster.is_lossless, source.offset, source.size)).encode() + b"\n")
            stdin.flush()
        line = self._line()
        if line:
            return _read(json.loads(line), self._folder)
        code = self.end()
        if code == -signal.SIGALRM:
            message = f"can't be made within {time_limit_s:g} seconds"
            return RasterFailed(Problem("raster.too-slow", message, _SIMPLER))
        message = f"can't be made: the process that made it ended with {self._end_in_words()}; it may be too complex"
        return RasterFailed(Problem("raster.crashed", message, _SIMPLER))

    def kill(self) -> None:
        self._popen.kill()

    def end(self) -> int:
        """End the process and wait for it; its exit code, negative for a signal."""
        self.is_alive = False
        for stream in (self._popen.stdin, self._popen.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        try:
            return self._popen.wait(CLOSING_S)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            return self._popen.wait()

    def _line(self) -> bytes:
        """The next reply; empty once the process has died, which includes a reply that was cut off."""
        stdout = self._popen.stdout
        assert stdout is not None
        line = stdout.readline()
        return line if line.endswith(b"\n") else b""

    def _end_in_words(self) -> str:
        code = self.end()
        try:
            return signal.Signals(-code).name if code < 0 else f"exit code {code}"
        except ValueError:
            return f"signal {-code}"


def _read(reply: Sequence[Any], folder: str) -> Outcome:
    if len(reply) == 2:
        digest, size = reply
        return Blob(os.path.join(folder, digest), size, digest)
    code, message, hint = reply
    return RasterFailed(Problem(code, message, hint))


def _no_worker(reason: str) -> RasterFailed:
    hint = "Install exfig anew, or see whether the machine has memory and processes to spare."
    return RasterFailed(Problem("raster.no-worker", f"can't be made: no process can draw here: {reason}", hint))
