"""`exfig batch --watch` as a process, followed by the events that it tells."""

import json
import signal
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

from tests.test_cli.conftest import TOKEN, Project

PATIENCE_S = 30.0
"""Seconds after which an event that has not come is taken for one that never will."""

Told = dict[str, Any]


class Watched:
    """A watch over `project`; leaving it ends it. `told` is every event so far."""

    def __init__(self, project: Project, *argv: str, env: dict[str, str] | None = None) -> None:
        self.told: list[Told] = []
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        limits = () if "--rate-limit" in argv else ("--rate-limit", "6000")
        self.process = project.start(
            "batch", "configs", "--watch", "--events", "ndjson", "--debounce", "50", *limits, *argv, env=env
        )
        self.stderr = ""
        self._threads = [threading.Thread(target=self._read), threading.Thread(target=self._read_errors)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._close()

    def _close(self) -> None:
        for thread in self._threads:
            thread.join()
        assert self.process.stdout is not None and self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()
        assert TOKEN not in self.stderr

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._queue.put(line)
        self._queue.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self.stderr = self.process.stderr.read()

    def until(self, event: str, matches: Callable[[Told], bool] = lambda _: True, **fields: Any) -> Told:
        """The next event of that name with these fields."""
        while True:
            try:
                line = self._queue.get(timeout=PATIENCE_S)
            except Empty:
                raise AssertionError(f"no {event} {fields}; last: {self.told[-5:]}") from None
            assert line is not None, f"it ended before {event} {fields}: {self.told[-3:]}"
            assert TOKEN not in line
            told: Told = json.loads(line)
            self.told.append(told)
            if told["event"] == event and all(told.get(key) == fields[key] for key in fields) and matches(told):
                return told

    def rests(self) -> list[Told]:
        """What was told until nothing runs any more."""
        before = len(self.told)
        self.until("cycle-ended")
        return self.told[before:]

    def ended(self, event: str = "config-succeeded") -> list[str]:
        """The file names of configs that ended in this way, in order, so far."""
        return [told["config"].rpartition("/")[2] for told in self.told if told["event"] == event]

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """The exit code after a signal."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_S)
        self._close()
        return code
