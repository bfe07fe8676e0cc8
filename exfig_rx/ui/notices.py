"""A bell and notices of the desktop when an export fails, for whoever looks elsewhere.

In: steps of a watch. Out: BEL or an escape sequence to the terminal, or a program of the desktop that is started. Rule:
nothing about a config that fails again, or that was held and fails now; one notice at once and one at the end of a
cycle, however many fail; what a design or a file is called reaches no shell and no terminal unescaped.
"""

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Thread
from typing import Final

from exfig_rx.events import ConfigFailed, ConfigSucceeded, Event
from exfig_rx.model import ConfigId, Problem
from exfig_rx.ui.problems import headline
from exfig_rx.ui.wording import counted, safe
from exfig_rx.watch_events import ConfigHeld, ConfigRemoved, CycleEnded

BELL: Final = "\a"

BELL_S: Final = 1.0
"""Seconds between two sounds at least."""

LONGEST: Final = 200
"""Characters of a notice."""

PROGRAM_S: Final = 10.0
"""A program of the desktop that takes longer is ended."""

TITLE: Final = "exfig"

SCRIPT: Final = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")
"""AppleScript that takes its words as arguments, so that it holds none of them."""


class Way(StrEnum):
    """How a notice reaches the desktop."""

    OSC_9 = "osc 9"
    OSC_777 = "osc 777"
    NOTIFY_SEND = "notify-send"
    OSASCRIPT = "osascript"


OF_TERMINALS: Final = {
    "iTerm.app": Way.OSC_9,
    "WezTerm": Way.OSC_9,
    "ghostty": Way.OSC_9,
}
"""What terminals that name themselves in TERM_PROGRAM understand."""

OF_TERMS: Final = {"xterm-kitty": Way.OSC_9, "rxvt": Way.OSC_777, "foot": Way.OSC_777}
"""What terminals understand whose TERM begins so."""


def way(environ: Mapping[str, str], which: Callable[[str], str | None], *, is_terminal: bool) -> Way | None:
    """How notices go out here: by the terminal, which works from afar, too, or by a program; None for not at all."""
    if is_terminal:
        if named := OF_TERMINALS.get(environ.get("TERM_PROGRAM", "")):
            return named
        for begin, known in OF_TERMS.items():
            if environ.get("TERM", "").startswith(begin):
                return known
    if environ.get("SSH_CONNECTION"):
        return None  # the desktop there is not where somebody sits
    if which("osascript"):
        return Way.OSASCRIPT
    has_desktop = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    return Way.NOTIFY_SEND if has_desktop and which("notify-send") else None


def command(way: Way, text: str) -> tuple[str, ...]:
    """The program that shows `text`, and its arguments; empty where the terminal does it."""
    match way:
        case Way.NOTIFY_SEND:
            # some desktops read the text as markup
            marked = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            return ("notify-send", "--app-name", TITLE, "--", TITLE, marked)
        case Way.OSASCRIPT:
            script = tuple(part for line in SCRIPT for part in ("-e", line))
            return ("osascript", *script, TITLE, text)
        case _:
            return ()


def sequence(way: Way, text: str) -> str:
    """What makes the terminal show `text`; empty where a program does it."""
    match way:
        case Way.OSC_9:
            return f"\x1b]9;{TITLE}: {text}\x1b\\"
        case Way.OSC_777:
            return f"\x1b]777;notify;{TITLE};{text.replace(';', ',')}\x1b\\"
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Who is not well, how many became so in this cycle, when the bell rang last; and what is due now."""

    unwell: frozenset[ConfigId] = frozenset()
    fresh: int = 0
    rang_at: float | None = None
    rings: bool = False
    text: str = ""


def heard(alarm: Alarm, event: Event | None) -> Alarm:
    """The alarm after `event`; `rings` and `text` are what this event calls for."""
    alarm = replace(alarm, rings=False, text="")
    match event:
        case ConfigFailed() | ConfigHeld():
            return _unwell(alarm, event.at, event.config, event.problems)
        case ConfigSucceeded() | ConfigRemoved():
            return replace(alarm, unwell=alarm.unwell - {event.config})
        case CycleEnded():
            others = alarm.fresh - 1
            text = f"{counted(others, 'more config')} failed" if others > 0 else ""
            return replace(alarm, fresh=0, text=text)
        case _:
            return alarm


def _unwell(alarm: Alarm, at: float, config: ConfigId, problems: tuple[Problem, ...]) -> Alarm:
    if config in alarm.unwell:
        return alarm
    after = replace(alarm, unwell=alarm.unwell | {config}, fresh=alarm.fresh + 1)
    if alarm.rang_at is None or at - alarm.rang_at >= BELL_S:
        after = replace(after, rings=True, rang_at=at)
    if after.fresh > 1:
        return after
    why = headline(problems[0]) if problems else "failed"
    return replace(after, text=f"{safe(config.label)}: {why}"[:LONGEST])


class Notices:
    """Follows the events of one watch; `write` puts text on the terminal, `run` runs a program without waiting."""

    def __init__(
        self,
        write: Callable[[str], None],
        *,
        bell: bool,
        way: Way | None,
        run: Callable[[Sequence[str]], None] | None = None,
    ) -> None:
        self._write = write
        self._bell = bell
        self._way = way
        self._run = run or _run
        self._alarm = Alarm()

    def hear(self, event: Event | None) -> None:
        """Ring and tell, if `event` calls for it."""
        self._alarm = heard(self._alarm, event)
        written = BELL if self._alarm.rings and self._bell else ""
        if self._alarm.text and self._way is not None:
            written += sequence(self._way, self._alarm.text)
            if arguments := command(self._way, self._alarm.text):
                self._run(arguments)
        if written:
            self._write(written)


def here(environ: Mapping[str, str], *, is_terminal: bool) -> Way | None:
    """How notices go out on this machine."""
    return way(environ, shutil.which, is_terminal=is_terminal)


def _run(arguments: Sequence[str]) -> None:
    def work() -> None:
        try:
            subprocess.run(  # noqa: S603
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=PROGRAM_S,
                check=False,
            )
        except (OSError, ValueError, subprocess.SubprocessError):
            return  # whoever has no notices sees the screen

    Thread(target=work, name="exfig-notice", daemon=True).start()
