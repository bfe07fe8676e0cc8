"""Event sequences for the tests of everything that folds or draws them."""

from hypothesis import strategies as st

from exfig_rx import events as ev
from exfig_rx import watch_events as we
from exfig_rx.model import AssetCounts, ConfigId, Conflict, FileCounts, Location, Problem, Tier

NAMES = (
    "reef-ios.yaml",
    "reef-android.yaml",
    "ärger [bold]x[/bold].yaml",
    "a" * 90 + ".yaml",
    "new\nline\x1b[31m.yaml",
)
IDS = [ConfigId(f"/configs/{name}", name, name) for name in NAMES]

config_ids = st.sampled_from(IDS)
times = st.floats(1_790_000_000, 1_790_000_500)
texts = st.sampled_from(["styles of file Ab12", "[red]markup[/red]", "two\nlines", "\x1b[2Jwipe", "日本語", ""])
counts = st.integers(0, 9999)
tiers = st.sampled_from(list(Tier))
locations = st.none() | st.builds(
    Location,
    file=st.none() | st.sampled_from(NAMES),
    line=st.none() | st.integers(1, 99),
    column=st.none() | st.integers(1, 99),
    key=st.none() | st.just("ios.icons[1].format"),
    figma_file=st.none() | st.just("AbCdEfGhIjKlMnOpQrStUv"),
    node_id=st.none() | st.just("1:2"),
    node_name=st.none() | texts,
)
problems = st.builds(
    Problem, st.just("config.word"), texts, texts, locations, st.sampled_from(["", "    format: png\n            ^"])
)
rates = st.builds(ev.TierRate, tiers, counts, st.integers(1, 600), counts)

events: st.SearchStrategy[ev.Event] = st.one_of(
    st.builds(ev.RunStarted, times, st.integers(1, 9), st.tuples(counts, counts, counts), texts),
    st.builds(ev.ConfigDiscovered, times, config_ids),
    st.builds(
        ev.ConflictsFound,
        times,
        st.lists(st.builds(Conflict, texts, config_ids, texts, config_ids, texts), max_size=4).map(tuple),
    ),
    st.builds(ev.ConfigStarted, times, config_ids),
    st.builds(ev.PhaseProgressed, times, config_ids, st.sampled_from(list(ev.Phase)), counts, st.none() | counts),
    st.builds(ev.RequestSent, times, st.none() | config_ids, tiers, texts),
    st.builds(ev.RequestShared, times, st.none() | config_ids, tiers, texts),
    st.builds(
        ev.RequestRetried, times, st.none() | config_ids, tiers, texts, texts, st.integers(1, 5), st.floats(0, 30)
    ),
    st.builds(ev.Paused, times, times, texts, st.none() | config_ids),
    st.builds(ev.Resumed, times),
    st.builds(ev.RateSampled, times, st.tuples(rates, rates, rates)),
    st.builds(ev.Warned, times, st.none() | config_ids, problems),
    st.builds(
        ev.ConfigSucceeded,
        times,
        config_ids,
        st.builds(AssetCounts, counts, counts, counts, counts),
        st.builds(FileCounts, counts, counts, counts, counts),
        st.booleans(),
    ),
    st.builds(ev.ConfigFailed, times, config_ids, st.lists(problems, min_size=1, max_size=3).map(tuple)),
    st.builds(ev.ConfigSkipped, times, config_ids, texts),
    st.builds(ev.ConfigCancelled, times, config_ids, texts),
    st.builds(we.WatchStarted, times, st.floats(0, 5), texts),
    st.builds(
        we.ChangeNoticed, times, st.sampled_from(list(we.Source)), texts, st.lists(config_ids, max_size=3).map(tuple)
    ),
    st.builds(we.ConfigQueued, times, config_ids, texts),
    st.builds(we.ConfigHeld, times, config_ids, st.lists(problems, min_size=1, max_size=2).map(tuple)),
    st.builds(we.ConfigRemoved, times, config_ids),
    st.builds(we.CycleStarted, times, counts),
    st.builds(we.CycleEnded, times, counts),
    st.builds(we.PollPlanned, times, st.none() | times, st.floats(1, 3600), counts),
    st.builds(we.HookReceived, times, texts, st.booleans()),
    st.builds(we.WatchPaused, times),
    st.builds(we.WatchContinued, times),
    st.builds(ev.RunEnded, times, st.sampled_from([0, 1, 3, 70, 130]), texts),
)

sequences = st.lists(events, max_size=40)
"""Any events in any order, legal or not."""
