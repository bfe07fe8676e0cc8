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
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType, Segment
from rich.text import Text

from exfig_rx.events import TierRate
from exfig_rx.fold import INITIAL, BatchState, ConfigState, Pause, Status
from exfig_rx.ui.console import is_ascii
from exfig_rx.ui.problems import headline
from exfig_rx.ui.recording import recorded_moment
from exfig_rx.ui.summary import GLYPHS, STYLES
from exfig_rx.ui.wording import asset_counts, countdown, file_counts, safe, seconds, shortened

FRAME_S = 0.1
"""Seconds between two frames at least."""

TICK_S = 1.0
"""Seconds between two frames at most: countdowns and spinners go on."""

PICTURE_WIDTH = 96
PICTURE_HEIGHT = 14
BAR_WIDTH = 20
SPINNER = ("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\")


def view(state: BatchState, width: int, height: int, now: float, *, ascii_only: bool) -> RenderableType:
    """One moment of a run in at most `height` lines of at most `width` columns; `now` is epoch seconds."""
    ellipsis = "~" if ascii_only else "…"
    header = [_counts(state, width, now, ellipsis), _rate(state, width, ascii_only, ellipsis)]
    if state.pause is not None:
        header.insert(1, _pause(state.pause, width, now, ellipsis))
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


def _counts(state: BatchState, width: int, now: float, ellipsis: str) -> Text:
    started = state.started_at if state.started_at is not None else now
    parts = [("exfig ", "bold"), (seconds(now - started), ""), ("  ", "")]
    total = len(state.by_id)
    done = state.count(Status.SUCCEEDED)
    words = [
        (f"{done} of {total} done", "green" if done else ""),
        (f"{state.count(Status.FAILED)} failed", "red" if state.count(Status.FAILED) else "dim"),
        (f"{state.count(Status.RUNNING)} running", "cyan"),
        (f"{state.count(Status.WAITING)} waiting", "dim"),
    ]
    for index, word in enumerate(words):
        parts += [(", ", "dim"), word] if index else [word]
    return _fitted(parts, width, ellipsis)


def _pause(pause: Pause, width: int, now: float, ellipsis: str) -> Text:
    text = f"Figma asked to wait: {countdown(pause.until - now)}, all configs paused"
    return _fitted([(text, "bold yellow")], width, ellipsis)


def _rate(state: BatchState, width: int, ascii_only: bool, ellipsis: str) -> Text:
    if state.rate is None:
        return _fitted([(f"limit {state.limits_per_min[0]}/min, {safe(state.limit_source)}", "dim")], width, ellipsis)
    first, *others = state.rate.of_run
    bar = _bar(first.sent_last_minute, first.limit_per_min, min(BAR_WIDTH, max(4, width // 5)), ascii_only)
    style = "yellow" if first.headroom == 0 else "green"
    parts = [
        (bar, style),
        (f" {first.sent_last_minute} of {first.limit_per_min} requests/min", ""),
        (f", headroom {first.headroom}", style),
        (f", {first.queued} queued" if first.queued else "", ""),
        ("".join(f"  tier {int(o.tier)}: {o.sent_last_minute}/{o.limit_per_min}" for o in others), "dim"),
        ("".join(_lower_plan(rate) for rate in state.rate.of_lower_plans if rate.queued), "yellow"),
    ]
    return _fitted(parts, width, ellipsis)


def _lower_plan(rate: TierRate) -> str:
    where = f"  {safe(rate.budget)} tier {int(rate.tier)}: {rate.sent_last_minute}/{rate.limit_per_min}"
    return f"{where}, {rate.queued} queued"


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
    shown = {config.id for config in chosen}
    lines = [_config_line(c, chosen, width, now, ascii_only) for c in configs if c.id in shown]
    rest = [config for config in configs if config.id not in shown]
    return [*lines, _fitted([(_rest(rest), "dim")], width, "~" if ascii_only else "…")]


def _rest(configs: Sequence[ConfigState]) -> str:
    counts = [(status, sum(config.status is status for config in configs)) for status in Status]
    return "+ " + ", ".join(f"{count} {status}" for status, count in counts if count)


def _config_line(config: ConfigState, beside: Sequence[ConfigState], width: int, now: float, ascii_only: bool) -> Text:
    longest = max(cell_len(_shown(other.id.label, ascii_only)) for other in beside)
    label_width = max(8, min(longest, width // 3))
    ellipsis = "~" if ascii_only else "…"
    name = shortened(_shown(config.id.label, ascii_only), label_width, ellipsis)
    label = set_cell_size(name, label_width)
    frames = SPINNER[ascii_only]
    glyph = GLYPHS[config.status][ascii_only]
    if config.status is Status.RUNNING:
        glyph = frames[int(now) % len(frames)]
    style = STYLES[config.status]
    return _fitted(
        [(f"{glyph} ", style), (f"{label} ", ""), *_state_of(config, width, now, ascii_only)], width, ellipsis
    )


def _state_of(config: ConfigState, width: int, now: float, ascii_only: bool) -> list[tuple[str, str]]:
    started = config.started_at if config.started_at is not None else now
    match config.status:
        case Status.RUNNING if config.phase is not None and config.total:
            bar = _bar(config.done, config.total, min(BAR_WIDTH, max(4, width // 5)), ascii_only)
            return [
                (bar, "cyan"),
                (f" {config.phase} {config.done}/{config.total}", ""),
                (f"  {seconds(now - started)}", "dim"),
            ]
        case Status.RUNNING:
            return [(str(config.phase or "starting"), ""), (f"  {seconds(now - started)}", "dim")]
        case Status.SUCCEEDED:
            what = "unchanged" if config.unchanged else f"{asset_counts(config.counts)}; {file_counts(config.files)}"
            return [(what, "green"), (f"  {seconds((config.ended_at or now) - started)}", "dim")]
        case Status.FAILED:
            return [(headline(config.problems[0]) if config.problems else "failed", "red")]
        case Status.WAITING:
            return [("waiting", "dim")]
        case _:
            return [(f"{config.status}: {safe(config.reason)}", "yellow")]


def _bar(done: int, total: int, width: int, ascii_only: bool) -> str:
    full, empty = ("#", ".") if ascii_only else ("━", "╌")
    filled = min(width, round(width * done / total)) if total else 0
    return full * filled + empty * (width - filled)


def _fitted(parts: Sequence[tuple[str, str]], width: int, ellipsis: str) -> Text:
    # Measured as it will be printed: a terminal without Unicode gets the umlaut of a name as four characters.
    shown = ((_shown(part, ellipsis.isascii()), style) for part, style in parts if part)
    text = Text.assemble(*shown, no_wrap=True, end="")
    if text.cell_len > width:
        text.truncate(width, overflow="crop" if ellipsis != "…" else "ellipsis")
    text.end = "\n"
    return text


def _shown(text: str, ascii_only: bool) -> str:
    text = safe(text)
    return text.encode("ascii", "backslashreplace").decode("ascii") if ascii_only else text


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
