"""Pieces that every live screen is made of: fitted lines, bars, rate, pause and phase, names, glyphs.

In: parts of text with their styles, and states. Out: lines of text that fit their width. Rule: everything is measured
as it will be printed, without control characters, and in ASCII where the terminal knows no more.
"""

from collections.abc import Sequence
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

from exfig_rx.events import TierRate
from exfig_rx.run_state import BatchState, ConfigState, Pause, Status
from exfig_rx.ui.summary import GLYPHS
from exfig_rx.ui.wording import countdown, safe, seconds, shortened

BAR_WIDTH = 20
SPINNER = ("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\")

Part: TypeAlias = tuple[str, str | Style]
"""Text and its style."""


def fitted(parts: Sequence[Part], width: int, ascii_only: bool) -> Text:
    """One line of at most `width` columns, cut at its end."""
    # Measured as it will be printed: a terminal without Unicode gets the umlaut of a name as four characters.
    text = Text.assemble(*((shown(part, ascii_only), style) for part, style in parts if part), no_wrap=True, end="")
    if text.cell_len > width:
        text.truncate(width, overflow="crop" if ascii_only else "ellipsis")
    text.end = "\n"
    return text


def shown(text: str, ascii_only: bool) -> str:
    """`text` as it is printed: no control characters, and in ASCII where the terminal knows no more."""
    text = safe(text)
    return text.encode("ascii", "backslashreplace").decode("ascii") if ascii_only else text


def label_width(configs: Sequence[ConfigState], width: int, ascii_only: bool) -> int:
    """Columns for the names of `configs` on lines of `width` columns."""
    longest = max(cell_len(shown(config.id.label, ascii_only)) for config in configs)
    return max(8, min(longest, width // 3))


def label(config: ConfigState, size: int, ascii_only: bool) -> str:
    """The name of a config in `size` columns."""
    return set_cell_size(shortened(shown(config.id.label, ascii_only), size, "~" if ascii_only else "…"), size)


def glyph_of(config: ConfigState, now: float, ascii_only: bool) -> str:
    """One character for where a config stands; it turns with the seconds while the config runs."""
    if config.status is Status.RUNNING:
        frames = SPINNER[ascii_only]
        return frames[int(now) % len(frames)]
    return GLYPHS[config.status][ascii_only]


def bar(done: int, total: int, width: int, ascii_only: bool) -> str:
    """A bar for a line of `width` columns."""
    size = min(BAR_WIDTH, max(4, width // 5))
    full, empty = ("#", ".") if ascii_only else ("━", "╌")
    filled = min(size, round(size * done / total)) if total else 0
    return full * filled + empty * (size - filled)


def phase_parts(config: ConfigState, width: int, now: float, ascii_only: bool) -> list[Part]:
    """How far a running config is: a bar, where its end is known, its phase, and for how long it has run."""
    took: Part = (f"  {seconds(now - (config.started_at if config.started_at is not None else now))}", "dim")
    if config.phase is None or not config.total:
        return [(str(config.phase or "starting"), ""), took]
    done = bar(config.done, config.total, width, ascii_only)
    return [(done, "cyan"), (f" {config.phase} {config.done}/{config.total}", ""), took]


def pause_line(pause: Pause, width: int, now: float, ascii_only: bool) -> Text:
    """That Figma asked to wait, and how long it still takes."""
    text = f"Figma asked to wait: {countdown(pause.until - now)}, all configs paused"
    return fitted([(text, "bold yellow")], width, ascii_only)


def rate_line(state: BatchState, width: int, ascii_only: bool) -> Text:
    """Requests of the last minute against the limit of tier 1, as a bar and in numbers; then the other tiers."""
    if state.rate is None:
        limit = f"limit {state.limits_per_min[0]}/min, {safe(state.limit_source)}"
        return fitted([(limit, "dim")], width, ascii_only)
    first, *others = state.rate.of_run
    style = "yellow" if first.headroom == 0 else "green"
    parts: list[Part] = [
        (bar(first.sent_last_minute, first.limit_per_min, width, ascii_only), style),
        (f" {first.sent_last_minute} of {first.limit_per_min} requests/min", ""),
        (f", headroom {first.headroom}", style),
        (f", {first.queued} queued" if first.queued else "", ""),
        ("".join(f"  tier {int(o.tier)}: {o.sent_last_minute}/{o.limit_per_min}" for o in others), "dim"),
        ("".join(_lower_plan(rate) for rate in state.rate.of_lower_plans if rate.queued), "yellow"),
    ]
    return fitted(parts, width, ascii_only)


def _lower_plan(rate: TierRate) -> str:
    where = f"  {safe(rate.budget)} tier {int(rate.tier)}: {rate.sent_last_minute}/{rate.limit_per_min}"
    return f"{where}, {rate.queued} queued"
