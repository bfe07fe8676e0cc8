"""Recorded moments of runs, for the picture in the README, the example in docs/report.md, and for eyes.

In: nothing. Out: states that events of a real run could have led to.
"""

from functools import reduce as folded

from exfig_rx.events import (
    ConfigDiscovered,
    ConfigFailed,
    ConfigStarted,
    ConfigSucceeded,
    Event,
    Phase,
    PhaseProgressed,
    RateSampled,
    RequestSent,
    RunEnded,
    RunStarted,
    TierRate,
)
from exfig_rx.fold import INITIAL, BatchState, reduce
from exfig_rx.model import AssetCounts, ConfigId, FileCounts, Location, Problem, Tier

START = 1_790_000_000.0

_NAMES = (
    "harbor-android.yaml",
    "harbor-flutter.yaml",
    "harbor-ios.yaml",
    "harbor-web.yaml",
    "lumen-android.yaml",
    "lumen-ios.yaml",
    "lumen-tablet.yaml",
    "lumen-web.yaml",
    "marketing-web.yaml",
    "partner-kit.yaml",
)


def recorded_end() -> BatchState:
    """A run of two configs that has ended: one succeeded, one failed."""
    good, bad = (ConfigId(f"/work/configs/{name}", name, name) for name in (_NAMES[3], _NAMES[9]))
    wrong = Problem(
        "config.word",
        'expected pdf or svg, found "png"',
        "Write pdf or svg, in this case.",
        Location("configs/partner-kit.yaml", 14, 5, "ios.icons.format"),
    )
    events: list[Event] = [
        RunStarted(START, 3, (10, 25, 50), "plan professional (assumed; --plan names another)"),
        ConfigDiscovered(START, good),
        ConfigDiscovered(START, bad),
        ConfigFailed(START + 0.1, bad, (wrong,)),
        ConfigStarted(START + 0.1, good),
        PhaseProgressed(START + 0.1, good, Phase.FETCHING, 0, 1),
        RequestSent(START + 0.1, good, Tier.THREE, "styles"),
        RequestSent(START + 0.6, good, Tier.ONE, "nodes"),
        PhaseProgressed(START + 1.2, good, Phase.WRITING, 0, 2),
        ConfigSucceeded(START + 1.25, good, AssetCounts(colors=24), FileCounts(updated=1, unchanged=1)),
        RunEnded(START + 1.25, 1),
    ]
    return folded(reduce, events, INITIAL)


def recorded_moment() -> tuple[BatchState, float]:
    """A run of ten configs, 14.2 seconds after it began."""
    ids = [ConfigId(f"/configs/{name}", name, name) for name in _NAMES]
    missing = Problem(
        "config.word", 'expected pdf or svg, found "png"', "", Location("configs/partner-kit.yaml", 14, 5, "ios.icons")
    )
    events: list[Event] = [
        RunStarted(START, 4, (10, 25, 50), "plan professional (assumed; --plan names another)"),
        *(ConfigDiscovered(START, id_) for id_ in ids),
        ConfigFailed(START, ids[9], (missing,)),
        *(ConfigStarted(START + 0.1, id_) for id_ in ids[:4]),
        ConfigSucceeded(START + 3.1, ids[0], AssetCounts(colors=24), FileCounts(created=3)),
        ConfigSucceeded(START + 3.4, ids[1], AssetCounts(colors=24), FileCounts(unchanged=1)),
        ConfigSucceeded(START + 6.9, ids[2], AssetCounts(colors=24), FileCounts(created=1, updated=2, unchanged=23)),
        *(ConfigStarted(START + 7, id_) for id_ in ids[4:7]),
        PhaseProgressed(START + 8, ids[3], Phase.WRITING, 2, 3),
        PhaseProgressed(START + 9, ids[4], Phase.RENDERING, 1, 2),
        PhaseProgressed(START + 9, ids[5], Phase.FETCHING, 2, 4),
        PhaseProgressed(START + 9, ids[6], Phase.FETCHING, 1, 4),
        RateSampled(
            START + 14,
            (TierRate(Tier.ONE, 7, 10, 3), TierRate(Tier.TWO, 0, 25, 0), TierRate(Tier.THREE, 8, 50, 0)),
        ),
    ]
    return folded(reduce, events, INITIAL), START + 14.2
