"""States of watches for tests, and the consoles that they are drawn on."""

import io
from functools import reduce as folded

from rich.console import Console

from exfig_rx import events as ev
from exfig_rx import watch_events as we
from exfig_rx.fold import reduce
from exfig_rx.model import AssetCounts, ConfigId, FileCounts, Location, Problem, Tier
from exfig_rx.run_state import INITIAL, BatchState

T0 = 1_790_000_000.0
BROKEN = Problem(
    "config.word",
    'expected pdf or svg, found "png"',
    "Write pdf or svg.",
    Location("configs/app-001.yaml", 14, 5, "ios.icons.format"),
    "    format: png\n            ^",
)


def ids(count: int) -> list[ConfigId]:
    return [ConfigId(f"/c/app-{n:03}.yaml", f"app-{n:03}.yaml", f"app-{n:03}.yaml") for n in range(count)]


def state_after(*events: ev.Event, before: BatchState = INITIAL) -> BatchState:
    return folded(reduce, events, before)


def watch_of(count: int, *more: ev.Event, debounce_s: float = 0.3, webhook: str = "") -> BatchState:
    """A watch of configs that all exported 17 colors at T0 + 2, in a first cycle."""
    configs = ids(count)
    return state_after(
        ev.RunStarted(T0, 3, (10, 25, 50), "--plan"),
        *(ev.ConfigDiscovered(T0, one) for one in configs),
        we.WatchStarted(T0, debounce_s, webhook),
        we.CycleStarted(T0, 1),
        *(ev.ConfigStarted(T0 + 1, one) for one in configs),
        *(ev.ConfigSucceeded(T0 + 2, one, AssetCounts(colors=17), FileCounts(created=3)) for one in configs),
        we.CycleEnded(T0 + 2, 1),
        *more,
    )


def rates(at: float, sent: int = 4) -> ev.RateSampled:
    tiers = (ev.TierRate(Tier.ONE, sent, 10, 0), ev.TierRate(Tier.TWO, 0, 25, 0), ev.TierRate(Tier.THREE, 2, 50, 0))
    return ev.RateSampled(at, tiers)


def terminal(width: int = 80, height: int = 24) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    console = Console(
        file=file, width=width, height=height, force_terminal=True, color_system=None, _environ={"TERM": "xterm"}
    )
    return console, file
