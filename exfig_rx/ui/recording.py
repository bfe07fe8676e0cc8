"""Recorded moments of runs and watches, for the picture in the README, the example in docs/report.md, and for eyes.

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
from exfig_rx.fold import reduce
from exfig_rx.model import AssetCounts, ConfigId, FileCounts, Location, Problem, Tier
from exfig_rx.run_state import INITIAL, BatchState
from exfig_rx.watch_events import (
    ChangeNoticed,
    ConfigHeld,
    ConfigQueued,
    CycleEnded,
    CycleStarted,
    HookReceived,
    PollPlanned,
    Source,
    WatchStarted,
)

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
    good, bad = (ConfigId(f"/app/configs/{name}", name, name) for name in (_NAMES[3], _NAMES[9]))
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


def recorded_watch() -> tuple[BatchState, float]:
    """A watch of ten configs after twenty minutes: one is held, one failed, one runs, and one waits."""
    ids = [ConfigId(f"/configs/{name}", name, name) for name in _NAMES]
    shared = Problem(
        "conflict.held",
        "src/theme.css is written by lumen-web.yaml (web.colors), too",
        "give one of them another place; this config runs as soon as they no longer meet",
        Location("partner-kit.yaml", key="web.colors.cssFileName"),
    )
    lost = Problem(
        "figma.not-found",
        "Figma knows no file Ab12Cd34Ef56Gh78Ij90Kl",
        "Check lightFileId, and that the token's user may open it.",
        Location("configs/marketing-web.yaml", 3, 16, "figma.lightFileId"),
    )
    then = START + 1200
    design = 'design file "Harbor" changed'
    events: list[Event] = [
        RunStarted(START, 3, (10, 25, 50), "plan professional (assumed; --plan names another)"),
        *(ConfigDiscovered(START, id_) for id_ in ids),
        WatchStarted(START, 0.3, "127.0.0.1:8787"),
        CycleStarted(START, 1),
        *(ConfigStarted(START + 0.1, id_) for id_ in ids),
        *(RequestSent(START + 1, id_, Tier.ONE, "nodes") for id_ in ids),
        *(
            ConfigSucceeded(START + 4 + n, id_, AssetCounts(colors=24, icons=100 + n), FileCounts(created=3 + n))
            for n, id_ in enumerate(ids)
        ),
        CycleEnded(START + 14, 1),
        HookReceived(START + 500, "LIBRARY_PUBLISH of Harbor", True),
        ChangeNoticed(START + 500, Source.WEBHOOK, 'library "Harbor" published', (ids[1],)),
        CycleStarted(START + 500, 2),
        ConfigQueued(START + 500, ids[1], "library published"),
        ConfigStarted(START + 500, ids[1]),
        ConfigSucceeded(START + 503, ids[1], AssetCounts(colors=24), FileCounts(updated=1)),
        ChangeNoticed(START + 500, Source.FILES, "marketing-web.yaml edited", (ids[8],)),
        ConfigQueued(START + 500, ids[8], "edited"),
        ConfigStarted(START + 500, ids[8]),
        ConfigFailed(START + 504, ids[8], (lost,)),
        CycleEnded(START + 504, 2),
        HookReceived(START + 600, "a wrong passcode", False),
        ChangeNoticed(then - 40, Source.FILES, "partner-kit.yaml edited", (ids[9],)),
        ConfigHeld(then - 40, ids[9], (shared,)),
        ChangeNoticed(then - 2, Source.POLL, design, (ids[0], ids[2])),
        CycleStarted(then - 2, 3),
        ConfigQueued(then - 2, ids[0], design),
        ConfigQueued(then - 2, ids[2], design),
        ConfigStarted(then - 1.5, ids[0]),
        PhaseProgressed(then - 1, ids[0], Phase.FETCHING, 2, 4),
        RateSampled(
            then,
            (TierRate(Tier.ONE, 4, 10, 1), TierRate(Tier.TWO, 0, 25, 0), TierRate(Tier.THREE, 6, 50, 0)),
        ),
        PollPlanned(then, then + 25, 60, 4),
    ]
    return folded(reduce, events, INITIAL), then
