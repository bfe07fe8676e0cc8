"""Single keys of a terminal by their names: `up`, `pagedown`, `escape`, or the character.

In: bytes of standard input. Out: calls of `on_key`, on a thread of its own. Rule: the terminal is as it was whenever
nobody listens; Ctrl-C and Ctrl-Z stay signals; without a terminal, or in the background, there are no keys.
"""

import os
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread, current_thread
from typing import Any, Final, TextIO

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]

ESCAPE: Final = 0x1B

ESCAPE_S: Final = 0.05
"""A sequence of a terminal comes at once; what follows Escape after so long is another key."""

JOIN_S: Final = 1.0

SEQUENCES: Final = {
    b"A": "up",
    b"B": "down",
    b"C": "right",
    b"D": "left",
    b"H": "home",
    b"F": "end",
    b"1~": "home",
    b"4~": "end",
    b"5~": "pageup",
    b"6~": "pagedown",
    b"7~": "home",
    b"8~": "end",
}
"""What follows `ESC [` or `ESC O`, without modifiers."""

CONTROLS: Final = {"\r": "enter", "\n": "enter", "\x0c": "redraw"}


def decoded(data: bytes, *, is_all: bool) -> tuple[list[str], bytes]:
    """The keys in `data`, and the bytes at its end that may be the beginning of one; with `is_all`, they are none."""
    keys: list[str] = []
    while data:
        key, size = _control_sequence(data, is_all) if data[0] == ESCAPE else _character(data, is_all)
        if not size:
            break
        if key:
            keys.append(key)
        data = data[size:]
    return keys, data


def _control_sequence(data: bytes, is_all: bool) -> tuple[str, int]:
    """The first key of `data`, empty for one without a name, and its length; 0 for one that is not complete."""
    if data[1:2] not in (b"[", b"O"):
        return ("escape", 1) if is_all or len(data) > 1 else ("", 0)
    for end in range(2, len(data)):
        if 0x40 <= data[end] <= 0x7E:
            return SEQUENCES.get(_plain(data[2 : end + 1]), ""), end + 1
    return ("", len(data)) if is_all else ("", 0)


def _plain(sequence: bytes) -> bytes:
    """A sequence without its modifiers: `1;5A` is `A`, `5;2~` is `5~`."""
    final = sequence[-1:]
    first = sequence[:-1].partition(b";")[0]
    return first + final if final == b"~" else final


def _character(data: bytes, is_all: bool) -> tuple[str, int]:
    """As `_control_sequence`, of a character in UTF-8."""
    lead = data[0]
    full = 1 if lead < 0xC0 or lead > 0xF7 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    size = 1
    while size < min(full, len(data)) and 0x80 <= data[size] < 0xC0:
        size += 1
    if size < full and size == len(data) and not is_all:
        return "", 0
    char = data[:size].decode("utf-8", "ignore")
    return CONTROLS.get(char, char if char.isprintable() else ""), size


class Keys:
    """The keys of a terminal, which is standard input unless another `stream` is given."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stdin
        self._before: list[Any] | None = None
        self._thread: Thread | None = None
        self._end = -1

    def open(self, on_key: Callable[[str], None]) -> None:
        """Tell `on_key` of each key until `release`; without a terminal that is ours, of none."""
        descriptor = _terminal(self._stream)
        if descriptor is None or self._before is not None:
            return
        try:
            before = termios.tcgetattr(descriptor)
            single = [*before[:6], list(before[6])]
            single[3] &= ~(termios.ICANON | termios.ECHO)
            single[6][termios.VMIN], single[6][termios.VTIME] = 1, 0
            termios.tcsetattr(descriptor, termios.TCSANOW, single)
        except termios.error:
            return
        self._before = before
        ended, self._end = os.pipe()
        self._thread = Thread(target=_read, args=(descriptor, ended, on_key), name="exfig-keys", daemon=True)
        self._thread.start()

    def restore(self) -> None:
        """Leave the terminal as it was, and wait for nothing."""
        if self._before is not None:
            with suppress(OSError, ValueError, termios.error):
                termios.tcsetattr(self._stream.fileno(), termios.TCSANOW, self._before)

    def release(self) -> None:
        """Leave the terminal as it was, and tell of no more keys."""
        self.restore()
        self._before = None
        thread, self._thread = self._thread, None
        if thread is not None:
            os.close(self._end)  # which wakes the thread
            if thread is not current_thread():
                thread.join(JOIN_S)


def _terminal(stream: TextIO | None) -> int | None:
    """The descriptor of a terminal that this process may read."""
    if termios is None or stream is None:
        return None
    try:
        descriptor = stream.fileno()
        # Setting up the terminal from the background would stop the process.
        is_ours = os.isatty(descriptor) and os.tcgetpgrp(descriptor) == os.getpgrp()
    except (OSError, ValueError):
        return None
    return descriptor if is_ours else None


def _read(descriptor: int, ended: int, on_key: Callable[[str], None]) -> None:
    """Read until there is nothing more to read, or the other end of `ended` is closed."""
    rest = b""
    try:
        while True:
            ready, _, _ = select.select([descriptor, ended], [], [], ESCAPE_S if rest else None)
            if ended in ready:
                return
            data = os.read(descriptor, 1024) if ready else b""
            if ready and not data:
                return
            keys, rest = decoded(rest + data, is_all=not ready)
            for key in keys:
                on_key(key)
    except OSError:  # the terminal is gone
        return
    finally:
        os.close(ended)
