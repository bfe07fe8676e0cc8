"""The dashboard of a watch: `view(state, look, …)` draws one moment, `Dashboard` shows the newest state and obeys keys.

In: states, keys. Out: a screen of its own that leaves nothing behind, and wishes. Rule: drawing is a pure function;
only lines that changed are written; at most ten frames a second, one a second where seconds are counted on the screen,
and one in ten seconds where nothing happens. A process in the background lets the terminal alone.
`python -m exfig_rx.ui.dashboard` plays a recorded watch, for eyes and hands.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock
from typing import Final, Protocol

from reactivex import abc
from reactivex.disposable import SerialDisposable
from reactivex.internal.exceptions import DisposedException
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from exfig_rx.reactor import SteadyLoop
from exfig_rx.run_state import INITIAL, BatchState
from exfig_rx.ui.console import is_ascii, make_console
from exfig_rx.ui.look import Look, panel_page, pressed, selected, selection
from exfig_rx.ui.panels import Panel, panel_lines
from exfig_rx.ui.recording import recorded_watch
from exfig_rx.ui.screen_parts import fitted, label_width
from exfig_rx.ui.watch_rows import (
    above_and_below,
    change_line,
    config_line,
    header_lines,
    is_counting,
    keys_line,
    title_line,
)
from exfig_rx.wishes import Quit, Wish

FRAME_S: Final = 0.1
"""Seconds between two frames at least."""

TICK_S: Final = 1.0
"""Seconds between two looks at whether a frame is due."""

IDLE_S: Final = 10.0
"""Seconds between two frames at most."""

LEAVE: Final = "\x1b[?25h\x1b[?1049l"
"""The cursor back, and the screen that was there before."""


def view(state: BatchState, look: Look, width: int, height: int, now: float, *, ascii_only: bool) -> RenderableType:
    """One moment of a watch in at most `height` lines of at most `width` columns; `now` is epoch seconds."""
    return Group(*rows(state, look, width, height, now, ascii_only=ascii_only))


def rows(state: BatchState, look: Look, width: int, height: int, now: float, *, ascii_only: bool) -> list[Text]:
    """The lines of `view`: exactly `height`, of which the last has the keys."""
    lines = [title_line(state, width, now, ascii_only)]
    room = height - 2
    if room >= 1:
        if look.panel is not None:
            lines += _panel(state, look, look.panel, width, height, ascii_only)
        else:
            header = header_lines(state, width, now, ascii_only)[: (room - 1) // 2]
            lines += header
            lines += _middle(state, look, width, room - len(header), now, ascii_only)
    lines = lines[: max(1, height - 1)]
    lines += [Text("")] * (height - 1 - len(lines))
    if height > 1:
        is_paused = state.watch is not None and state.watch.is_paused
        lines.append(keys_line(look.panel, is_paused=is_paused, width=width, ascii_only=ascii_only))
    return lines


def _panel(state: BatchState, look: Look, panel: Panel, width: int, height: int, ascii_only: bool) -> list[Text]:
    config = selected(look, state)
    lines = panel_lines(panel, config, state, width, ascii_only=ascii_only)
    page = panel_page(height)
    start = min(look.scroll, max(0, len(lines) - page))
    title = config.id.label if panel is Panel.ERROR and config is not None else str(panel)
    where = f"  lines {start + 1} to {min(start + page, len(lines))} of {len(lines)}" if len(lines) > page else ""
    heading = fitted([(title, "bold underline"), (where, "dim")], width, ascii_only)
    return [heading, *lines[start : start + page]]


def _middle(state: BatchState, look: Look, width: int, room: int, now: float, ascii_only: bool) -> list[Text]:
    """The configs around the selected one, and below them the last changes, in `room` lines."""
    configs = state.configs
    changes = state.watch.changes[::-1] if state.watch is not None else ()
    fewest = min(len(changes), room // 4)
    for_configs = room - (fewest + 1 if fewest else 0)
    if not configs:
        lines = [fitted([("  no config yet; one that is added joins", "dim")], width, ascii_only)]
    else:
        lines = _configs(state, look, width, for_configs, now, ascii_only)
    left = room - len(lines) - 1
    if changes and left >= 1:
        lines.append(fitted([("Last changes", "dim underline")], width, ascii_only))
        lines += [change_line(change, width, ascii_only) for change in changes[:left]]
    return lines


def _configs(state: BatchState, look: Look, width: int, room: int, now: float, ascii_only: bool) -> list[Text]:
    configs = state.configs
    chosen = selection(look, configs) or 0
    tells_place = len(configs) > room >= 3
    size = room - 1 if tells_place else room
    start = min(max(0, chosen - size // 2), max(0, len(configs) - size))
    seen = configs[start : start + size]
    columns = label_width(seen, width, ascii_only)
    lines = [
        config_line(config, columns, width, now, is_selected=index == chosen, ascii_only=ascii_only)
        for index, config in enumerate(seen, start)
    ]
    if tells_place:
        lines.append(above_and_below(start, start + len(seen), len(configs), width, ascii_only))
    return lines


class Keyboard(Protocol):
    """Tells of keys by their names while it is open."""

    def open(self, on_key: Callable[[str], None]) -> None:
        """Begin to tell."""
        ...

    def release(self) -> None:
        """Give the terminal back, and tell of no more keys."""
        ...

    def restore(self) -> None:
        """Give the terminal back, and wait for nothing."""
        ...


class Dashboard:
    """Shows the newest state of a watch on a terminal, from `start` to `stop`; `now_s` gives epoch seconds.

    It is drawn on `scheduler`, whose thread may be held up by the terminal. What somebody wishes goes to `wish`, on the
    thread of the keys. `in_foreground` says whether the terminal is ours at the moment.
    """

    def __init__(
        self,
        console: Console,
        now_s: Callable[[], float],
        scheduler: abc.SchedulerBase,
        wish: Callable[[Wish], None],
        keyboard: Keyboard | None = None,
        in_foreground: Callable[[], bool] | None = None,
    ) -> None:
        self._console = console
        self._now_s = now_s
        self._scheduler = scheduler
        self._wish = wish
        self._keyboard = keyboard
        self._in_foreground = in_foreground or (lambda: _in_foreground(console))
        self._ascii = is_ascii(console)
        self._state = INITIAL
        self._look = Look()  # changed on the thread of the keys alone
        self._timer = SerialDisposable()
        self._is_due = False
        self._drawn_at = 0.0
        # What follows is touched under the lock: whoever ends the screen is on another thread than whoever draws it.
        self._lock = Lock()
        self._is_wanted = False
        self._is_shown = False
        self._drawn: list[Text] = []
        self._size = (0, 0)

    def start(self) -> None:
        """Begin to draw, as soon as the terminal is ours."""
        with self._lock:
            self._is_wanted = True
        self._tick()

    def show(self, state: BatchState) -> None:
        """Draw `state` from the next frame on; returns at once, and may be called from any thread."""
        self._state = state

    def changed(self) -> None:
        """Something happened that should be seen soon."""
        if self._is_shown and not self._is_due:
            self._is_due = True
            wait_s = max(0.0, self._drawn_at + FRAME_S - self._now_s())
            self._timer.disposable = self._scheduler.schedule_relative(wait_s, self._tick)

    def press(self, key: str) -> None:
        """What a key does; called on one thread only, whichever that is."""
        size = self._console.size
        self._look, wish = pressed(self._look, key, self._state, size.width, size.height)
        if key == "redraw":
            self._size = (0, 0)
        if wish is not None:
            self._wish(wish)
        with suppress(DisposedException):  # the run has just ended
            self._scheduler.schedule(lambda *_: self.changed())

    def suspend(self) -> None:
        """Give the terminal back until `resume`; any thread may call both."""
        with self._lock:
            self._is_wanted = False
            self._leave()

    def resume(self) -> None:
        """Take the terminal again, as soon as it is ours."""
        with self._lock:
            self._is_wanted = True
        self._scheduler.schedule(lambda *_: self._tick())

    def stop(self) -> None:
        """Stop, and leave the terminal as it was."""
        self._timer.dispose()
        self.suspend()

    def abandon(self) -> None:
        """Give the terminal back without waiting for whoever draws."""
        if self._is_shown:
            if self._keyboard is not None:
                self._keyboard.restore()
            with suppress(OSError):
                self._console.file.write(LEAVE)
                self._console.file.flush()

    def _tick(self, *_: object) -> None:
        now = self._now_s()
        if self._is_due or self._is_stale(now):
            self._is_due = False
            self._drawn_at = now
            try:
                with self._lock:
                    self._draw(now)
            except OSError:  # the terminal is gone
                self._is_wanted = self._is_shown = False
                return
        self._timer.disposable = self._scheduler.schedule_relative(TICK_S, self._tick)

    def _is_stale(self, now: float) -> bool:
        """Whether what the terminal shows is not what it should show now."""
        if not self._is_shown:
            return self._is_wanted
        return self._size != self._console.size or now - self._drawn_at >= IDLE_S or is_counting(self._state, now)

    def _draw(self, now: float) -> None:
        if self._is_wanted and not self._is_shown and self._in_foreground():
            self._enter()
        if not self._is_shown:
            return
        size = self._console.size
        anew = self._size != size
        before = [] if anew else self._drawn
        after = rows(self._state, self._look, size.width, size.height, now, ascii_only=self._ascii)
        self._console.print(_Frame(before, after, is_whole=anew), end="", crop=False)
        self._drawn, self._size = after, size

    def _enter(self) -> None:
        self._is_shown = True
        self._size = (0, 0)
        self._console.set_alt_screen(True)
        self._console.show_cursor(False)
        if self._keyboard is not None:
            self._keyboard.open(self.press)

    def _leave(self) -> None:
        if not self._is_shown:
            return
        self._is_shown = False
        if self._keyboard is not None:
            self._keyboard.release()
        with suppress(OSError):
            self._console.show_cursor(True)
            self._console.set_alt_screen(False)


class _Frame:
    """The lines of `after` that are not those of `before`, each at its place; `is_whole` wipes the window first."""

    def __init__(self, before: Sequence[Text], after: Sequence[Text], *, is_whole: bool) -> None:
        self._before = before
        self._after = after
        self._is_whole = is_whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self._is_whole:
            yield Control.clear()
        for y, line in enumerate(self._after):
            if y < len(self._before) and _same(self._before[y], line):
                continue
            yield Control((ControlType.CURSOR_MOVE_TO, 0, y), (ControlType.ERASE_IN_LINE, 2))
            yield from console.render_lines(line, options, pad=False)[0]


def _same(one: Text, other: Text) -> bool:
    return one == other and one.style == other.style


def _in_foreground(console: Console) -> bool:
    """Whether this process may use the terminal; where there is no telling, it may."""
    try:
        return os.tcgetpgrp(console.file.fileno()) == os.getpgrp()
    except (OSError, ValueError, AttributeError):
        return True


def main() -> None:
    """Play the recorded watch on this terminal, until somebody quits."""
    import sys

    from exfig_rx.ui.keys import Keys

    state, at = recorded_watch()
    loop = SteadyLoop()
    began = loop.now.timestamp()
    wishes: SimpleQueue[Wish] = SimpleQueue()
    console = make_console(sys.stderr, "auto")
    dashboard = Dashboard(console, lambda: at + loop.now.timestamp() - began, loop, wishes.put, Keys())
    dashboard.show(state)
    loop.schedule(lambda *_: dashboard.start())
    asked = []
    try:
        with suppress(KeyboardInterrupt):
            while not isinstance(wish := wishes.get(), Quit):
                asked.append(wish)
    finally:
        dashboard.stop()
        loop.dispose()
    for wish in asked:
        console.print(str(wish))


if __name__ == "__main__":
    main()
