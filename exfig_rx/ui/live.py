"""The live screen: `view(state, …)` draws one moment, `LiveScreen` shows the newest state when there is one.

In: states. Out: a screen that is redrawn in place and leaves nothing behind. Rule: drawing is a pure function of state,
size and time; the reactor only stores the newest state, so a terminal that nobody reads holds nothing up. It is drawn
at most ten times a second, and once a second where nothing but time goes by.
`python -m exfig_rx.ui.live` draws a recorded moment, for eyes; `save_picture` makes the picture of the README.
"""

import io
from collections.abc import Callable, Sequence

from reactivex import abc
from reactivex.disposable import SerialDisposable
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType, Segment
from rich.text import Text

from exfig_rx.run_state import INITIAL, BatchState, ConfigState, Status
from exfig_rx.ui.console import is_ascii
from exfig_rx.ui.problems import headline
from exfig_rx.ui.recording import recorded_moment
from exfig_rx.ui.screen_parts import Part, fitted, glyph_of, label, label_width, pause_line, phase_parts, rate_line
from exfig_rx.ui.summary import STYLES
from exfig_rx.ui.wording import asset_counts, file_counts, safe, seconds

FRAME_S = 0.1
"""Seconds between two frames at least."""

TICK_S = 1.0
"""Seconds between two frames at most: countdowns and spinners go on."""

PICTURE_WIDTH = 96
PICTURE_HEIGHT = 14


def view(state: BatchState, width: int, height: int, now: float, *, ascii_only: bool) -> RenderableType:
    """One moment of a run in at most `height` lines of at most `width` columns; `now` is epoch seconds."""
    header = [_counts(state, width, now, ascii_only), rate_line(state, width, ascii_only)]
    if state.pause is not None:
        header.insert(1, pause_line(state.pause, width, now, ascii_only))
    header = header[: max(1, height - 1)]
    room = max(0, height - len(header))
    return Group(*(line for line in (*header, *_config_lines(state, width, room, now, ascii_only))))


class LiveScreen:
    """Shows the newest state on a terminal, from `start` to `stop`; `now_s` gives epoch seconds.

    It is drawn on `scheduler`, whose thread may be held up by the terminal.
    """

    def __init__(self, console: Console, now_s: Callable[[], float], scheduler: abc.SchedulerBase) -> None:
        self._state = INITIAL
        self._now_s = now_s
        self._scheduler = scheduler
        self._timer = SerialDisposable()
        self._is_due = False
        self._drawn_at = 0.0
        self._ascii = is_ascii(console)
        self._drawn: list[int] = []  # columns of each line of the last frame
        self._live = Live(
            self,
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def start(self) -> None:
        """Begin to draw."""
        self._live.start()
        self._draw()

    def show(self, state: BatchState) -> None:
        """Draw `state` from the next frame on; returns at once, and may be called from any thread."""
        self._state = state

    def changed(self) -> None:
        """Something happened that should be seen soon, not with the next tick."""
        if self._live.is_started and not self._is_due:
            self._is_due = True
            wait_s = max(0.0, self._drawn_at + FRAME_S - self._now_s())
            self._timer.disposable = self._scheduler.schedule_relative(wait_s, self._draw)

    def stop(self) -> None:
        """Stop and wipe the screen."""
        self._timer.dispose()
        self._live.stop()

    def _draw(self, *_: object) -> None:
        if self._live.is_started:
            self._is_due = False
            self._drawn_at = self._now_s()
            self._timer.disposable = self._scheduler.schedule_relative(TICK_S, self._draw)
            self._live.refresh()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        # One line less than the window: the cursor stands below, and a full window would scroll at each frame.
        height = max(1, (options.height or console.height) - 1)
        # Where the window became narrower, terminals have wrapped the last frame into more rows than Rich will wipe.
        extra = _wrapped_rows(self._drawn, options.max_width)
        yield Control(*((ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2)) * extra)
        frame = view(self._state, options.max_width, height, self._now_s(), ascii_only=self._ascii)
        lines = console.render_lines(frame, options, pad=False)
        self._drawn = [Segment.get_line_length(line) for line in lines]
        for line in lines:
            yield from line
            yield Segment.line()


def _wrapped_rows(widths: Sequence[int], width: int) -> int:
    """Rows that lines of `widths` columns take up in a window of `width` columns, beyond one each."""
    return sum((columns - 1) // width for columns in widths if columns)


def _counts(state: BatchState, width: int, now: float, ascii_only: bool) -> Text:
    started = state.started_at if state.started_at is not None else now
    parts: list[Part] = [("exfig ", "bold"), (seconds(now - started), ""), ("  ", "")]
    total = len(state.by_id)
    done = state.count(Status.SUCCEEDED)
    words: list[Part] = [
        (f"{done} of {total} done", "green" if done else ""),
        (f"{state.count(Status.FAILED)} failed", "red" if state.count(Status.FAILED) else "dim"),
        (f"{state.count(Status.RUNNING)} running", "cyan"),
        (f"{state.count(Status.WAITING)} waiting", "dim"),
    ]
    for index, word in enumerate(words):
        parts += [(", ", "dim"), word] if index else [word]
    return fitted(parts, width, ascii_only)


def _config_lines(state: BatchState, width: int, room: int, now: float, ascii_only: bool) -> list[Text]:
    configs = state.configs
    if len(configs) <= room:
        return [_config_line(config, configs, width, now, ascii_only) for config in configs]
    if room <= 0:
        return []
    running = [config for config in configs if config.status is Status.RUNNING]
    over = sorted((c for c in configs if c.status.final), key=lambda c: c.ended_at or 0.0, reverse=True)
    failed = [config for config in over if config.status is Status.FAILED]
    others = [config for config in over if config.status is not Status.FAILED]
    waiting = [config for config in configs if config.status is Status.WAITING]
    chosen = (running + failed[:3] + others + failed[3:] + waiting)[: room - 1]
    in_view = {config.id for config in chosen}
    lines = [_config_line(c, chosen, width, now, ascii_only) for c in configs if c.id in in_view]
    rest = [config for config in configs if config.id not in in_view]
    return [*lines, fitted([(_rest(rest), "dim")], width, ascii_only)]


def _rest(configs: Sequence[ConfigState]) -> str:
    counts = [(status, sum(config.status is status for config in configs)) for status in Status]
    return "+ " + ", ".join(f"{count} {status}" for status, count in counts if count)


def _config_line(config: ConfigState, beside: Sequence[ConfigState], width: int, now: float, ascii_only: bool) -> Text:
    glyph = (f"{glyph_of(config, now, ascii_only)} ", STYLES[config.status])
    name = (f"{label(config, label_width(beside, width, ascii_only), ascii_only)} ", "")
    return fitted([glyph, name, *_state_of(config, width, now, ascii_only)], width, ascii_only)


def _state_of(config: ConfigState, width: int, now: float, ascii_only: bool) -> list[Part]:
    started = config.started_at if config.started_at is not None else now
    match config.status:
        case Status.RUNNING:
            return phase_parts(config, width, now, ascii_only)
        case Status.SUCCEEDED:
            what = "unchanged" if config.unchanged else f"{asset_counts(config.counts)}; {file_counts(config.files)}"
            return [(what, "green"), (f"  {seconds((config.ended_at or now) - started)}", "dim")]
        case Status.FAILED:
            return [(headline(config.problems[0]) if config.problems else "failed", "red")]
        case Status.WAITING:
            return [("waiting", "dim")]
        case _:
            return [(f"{config.status}: {safe(config.reason)}", "yellow")]


def save_picture() -> str:
    """The picture of the README: one moment of a recorded run, as SVG."""
    console = Console(record=True, width=PICTURE_WIDTH, file=io.StringIO(), force_terminal=True, _environ={})
    state, now = recorded_moment()
    console.print(view(state, PICTURE_WIDTH, PICTURE_HEIGHT, now, ascii_only=False))
    return console.export_svg(title="exfig batch ./configs --parallel 4", unique_id="exfig")


def main() -> None:
    """Draw the recorded moment on this terminal."""
    console = Console(stderr=True)
    state, now = recorded_moment()
    console.print(view(state, console.width, console.height - 1, now, ascii_only=is_ascii(console)))


if __name__ == "__main__":
    main()
