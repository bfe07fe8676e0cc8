"""What the main thread waits on while others work: a queue on which no signal is lost.

In: messages from any thread, and signals. Out: messages, in order. Rule: a signal that comes in the very moment in
which the main thread goes to sleep wakes it all the same; on a lock or a plain queue it would sleep on.
"""

import os
import select
import signal
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Over:
    """A message: nothing more happens, but not everybody has heard of it."""


class Finished:
    """A message: what was waited for has come to its end."""


class Inbox(Generic[T]):
    """A queue with a pipe beside it; the pipe tells only that there may be something to look at."""

    def __init__(self) -> None:
        # SimpleQueue.put may be called from a signal handler at any point of the main thread.
        self._messages: SimpleQueue[T] = SimpleQueue()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)

    def put(self, message: T) -> None:
        """Leave a message; any thread and any signal handler may."""
        self._messages.put(message)
        # A full pipe wakes the reader as well as one more byte.
        with suppress(BlockingIOError):
            os.write(self._writer, b"\0")

    def get(self, timeout_s: float | None = None) -> T | None:
        """The next message; waits for it, or until nothing has come for `timeout_s` seconds, which gives None."""
        while True:
            with suppress(Empty):
                return self._messages.get_nowait()
            if timeout_s is not None and not select.select([self._reader], [], [], timeout_s)[0]:
                return None
            os.read(self._reader, 1)

    def wake_on_signals(self) -> int:
        """Wake `get` on each signal that has a handler, before the handler runs; gives what to restore afterwards."""
        return signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
