"""Where text goes: a Rich console for one stream, right for its terminal, pipe and encoding.

In: a stream and the wish for color. Out: a console. Rule: nothing that is printed can fail for the sake of its
characters; NO_COLOR, FORCE_COLOR and TERM=dumb are honoured (https://no-color.org, https://force-color.org).
"""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO

from rich.console import Console

PIPE_WIDTH = 120
"""Columns for text that nobody's terminal limits."""


class StandingConsole(Console):
    """A console that outlives whoever reads it: when nothing can be written, it is silent, and nothing else ends."""

    def _check_buffer(self) -> None:
        try:
            super()._check_buffer()
        except OSError:  # the terminal is gone, the disk is full
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        """Rich would end the thread, and silence standard output, whichever stream broke."""
        self.quiet = True
        with suppress(OSError, ValueError):  # not every stream has a descriptor
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, self.file.fileno())  # what is left in its buffer goes nowhere at the end of the process
            os.close(silent)


def make_console(stream: TextIO, color: str, environ: Mapping[str, str] | None = None) -> Console:
    """A console on `stream`; `color` is auto, always or never."""
    environ = os.environ if environ is None else environ
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    terminal = bool(getattr(stream, "isatty", lambda: False)())
    dumb = environ.get("TERM", "").lower() in ("dumb", "unknown")
    wanted = color == "always" or (
        color == "auto"
        and not environ.get("NO_COLOR")
        and (bool(environ.get("FORCE_COLOR")) or (terminal and not dumb))
    )
    return StandingConsole(
        file=stream,
        force_terminal=terminal and not dumb,
        color_system=("auto" if terminal and not dumb else "standard") if wanted else None,
        no_color=not wanted,
        width=None if terminal else _columns(environ),
        highlight=False,
        emoji=False,
        markup=False,
        soft_wrap=False,
        legacy_windows=False if sys.platform != "win32" else None,
    )


def is_live(console: Console) -> bool:
    """Whether the screen can be redrawn in place."""
    return console.is_terminal and not console.is_dumb_terminal


def is_ascii(console: Console) -> bool:
    """Whether only ASCII can be shown."""
    return not (console.encoding or "").lower().replace("-", "").startswith("utf")


def _columns(environ: Mapping[str, str]) -> int:
    text = environ.get("COLUMNS", "")
    return int(text) if text.isdigit() and int(text) > 20 else PIPE_WIDTH
