"""A recorded moment of a run, for the picture in the README and for eyes: events that a real run could have sent.

In: nothing. Out: a state and the time at which to draw it.
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
