"""The fold: what a run's events add up to."""

from functools import reduce as folded

from hypothesis import given

from exfig_rx import events as ev
from exfig_rx import watch_events as we
from exfig_rx.fold import reduce
from exfig_rx.model import AssetCounts, ConfigId, FileCounts, Problem, Tier
from exfig_rx.run_state import INITIAL, BatchState, Export, Status
from tests.test_ui.events_strategy import sequences

A, B, C = (ConfigId(f"/{name}.yaml", f"{name}.yaml", f"{name}.yaml") for name in "abc")
PROBLEM = Problem("x.y", "broken")


def state_after(*events: ev.Event) -> BatchState:
    return folded(reduce, events, INITIAL)


def state_after_in(before: BatchState, *events: ev.Event) -> BatchState:
    return folded(reduce, events, before)


def discovered(*ids: ConfigId) -> list[ev.Event]:
    return [ev.RunStarted(100.0, 3, (10, 25, 50), "test"), *(ev.ConfigDiscovered(100.0, id_) for id_ in ids)]


def statuses(state: BatchState) -> list[Status]:
    return [config.status for config in state.configs]


def test_configs_keep_the_order_of_their_discovery() -> None:
    state = state_after(*discovered(B, A, C), ev.ConfigStarted(101.0, A))
    assert [config.id for config in state.configs] == [B, A, C]
    assert statuses(state) == [Status.WAITING, Status.RUNNING, Status.WAITING]


def test_at_the_end_what_waited_was_skipped_and_what_ran_was_cancelled() -> None:
    state = state_after(*discovered(A, B), ev.ConfigStarted(101.0, A), ev.RunEnded(105.0, 130, "interrupted"))
    assert statuses(state) == [Status.CANCELLED, Status.SKIPPED]
    assert [config.reason for config in state.configs] == ["interrupted", "interrupted"]
    assert (state.exit_code, state.ended_at) == (130, 105.0)


def test_a_config_ends_once() -> None:
    state = state_after(
        *discovered(A),
        ev.ConfigStarted(101.0, A),
        ev.ConfigFailed(102.0, A, (PROBLEM,)),
        ev.ConfigSucceeded(103.0, A, AssetCounts(1), FileCounts(1)),
        ev.ConfigStarted(104.0, A),
    )
    assert statuses(state) == [Status.FAILED]
    assert state.configs[0].ended_at == 102.0


def test_phases_are_timed_from_their_first_progress_to_the_next_phase() -> None:
    state = state_after(
        *discovered(A),
        ev.ConfigStarted(101.0, A),
        ev.PhaseProgressed(101.0, A, ev.Phase.FETCHING, 0, 2),
        ev.PhaseProgressed(103.0, A, ev.Phase.FETCHING, 2, 2),
        ev.PhaseProgressed(104.0, A, ev.Phase.WRITING, 0, 5),
        ev.ConfigSucceeded(104.5, A, AssetCounts(2), FileCounts(5)),
    )
    assert state.configs[0].phase_times == ((ev.Phase.FETCHING, 3.0), (ev.Phase.WRITING, 0.5))


def test_requests_count_for_the_run_and_for_the_config_that_pays() -> None:
    state = state_after(
        *discovered(A),
        ev.RequestSent(101.0, A, Tier.ONE, "x"),
        ev.RequestSent(101.0, None, Tier.THREE, "x"),
        ev.RequestShared(101.0, A, Tier.ONE, "x"),
        ev.RequestRetried(101.0, A, Tier.ONE, "x", "down", 1, 1.0),
    )
    assert (state.requests.sent, state.requests.tier1, state.requests.tier3) == (2, 1, 1)
    paid = state.configs[0].requests
    assert (paid.sent, paid.shared, paid.retries) == (1, 1, 1)


def test_a_prolonged_pause_is_one_pause_and_its_time_counts_once() -> None:
    state = state_after(
        ev.Paused(10.0, 20.0, "429", None), ev.Paused(15.0, 40.0, "429", None), ev.Resumed(40.5), ev.Resumed(41.0)
    )
    assert (state.pauses, state.paused_s, state.pause) == (1, 30.5, None)


def test_a_run_that_ends_in_a_pause_counts_it() -> None:
    assert state_after(ev.Paused(10.0, 99.0, "429", None), ev.RunEnded(14.0, 130)).paused_s == 4.0


def watched(*more: ev.Event) -> BatchState:
    """A watch of A, which exported at 102, in a first cycle."""
    good = ev.ConfigSucceeded(102.0, A, AssetCounts(1), FileCounts(1))
    first = (we.CycleStarted(101.0, 1), ev.ConfigStarted(101.0, A), good, we.CycleEnded(102.0, 1))
    return state_after(*discovered(A), we.WatchStarted(100.0, 0.3, "127.0.0.1:1"), *first, *more)


GOOD = Export(102.0, AssetCounts(1), FileCounts(1))


def test_a_config_of_a_watch_runs_again_and_keeps_its_last_good_export() -> None:
    state = watched(we.ConfigQueued(110.0, A, "edited"))
    assert (statuses(state), state.configs[0].reason, state.configs[0].last) == ([Status.WAITING], "edited", GOOD)
    state = state_after_in(state, ev.ConfigStarted(111.0, A), ev.ConfigFailed(112.0, A, (PROBLEM,)))
    assert (statuses(state), state.configs[0].last) == ([Status.FAILED], GOOD)
    again = ev.ConfigSucceeded(121.0, A, AssetCounts(2), FileCounts())
    state = state_after_in(state, we.ConfigQueued(120.0, A, "edited"), ev.ConfigStarted(120.5, A), again)
    config = state.configs[0]
    assert (config.problems, config.started_at, config.last) == ((), 120.5, Export(121.0, AssetCounts(2), FileCounts()))


def test_a_held_config_tells_why_until_it_is_queued_again() -> None:
    state = watched(we.ConfigHeld(110.0, A, (PROBLEM,)))
    assert (statuses(state), state.configs[0].problems, state.configs[0].last) == ([Status.HELD], (PROBLEM,), GOOD)
    state = state_after_in(state, we.ConfigQueued(111.0, A, "free again"))
    assert (statuses(state), state.configs[0].problems) == ([Status.WAITING], ())


def test_a_config_that_runs_is_neither_queued_nor_held_before_it_ends() -> None:
    running = watched(we.ConfigQueued(110.0, A, "edited"), ev.ConfigStarted(111.0, A))
    for event in (we.ConfigQueued(112.0, A, "edited"), we.ConfigHeld(112.0, A, (PROBLEM,))):
        assert reduce(running, event) == running


def test_a_config_that_is_gone_counts_no_more_and_one_of_its_name_is_new() -> None:
    state = watched(we.ConfigRemoved(110.0, A))
    assert state.configs == ()
    state = state_after_in(state, ev.ConfigDiscovered(111.0, A))
    assert (statuses(state), state.configs[0].last) == ([Status.WAITING], None)


def test_a_cycle_has_the_changes_that_led_to_it_and_what_came_of_it() -> None:
    state = watched(
        we.ChangeNoticed(110.0, we.Source.FILES, "a.yaml edited", (A,)),
        we.ChangeNoticed(110.0, we.Source.FILES, "nothing of ours"),
        we.CycleStarted(110.0, 2),
        we.ChangeNoticed(111.0, we.Source.POLL, "design changed", (A,)),
        we.ConfigQueued(110.0, A, "edited"),
        ev.ConfigStarted(111.0, A),
        ev.RequestSent(111.0, A, Tier.THREE, "meta"),
        ev.ConfigSucceeded(112.0, A, AssetCounts(1), FileCounts(updated=2), True),
        we.CycleEnded(113.0, 2),
        ev.RequestSent(150.0, None, Tier.THREE, "a poll, which is of no cycle"),
    )
    assert state.watch is not None
    assert (state.watch.cycles, state.watch.cycle) == (2, None)
    cycle = state.watch.history[-1]
    assert cycle.reasons == ("a.yaml edited", "design changed")
    assert (cycle.started_at, cycle.ended_at, cycle.requests) == (110.0, 113.0, (0, 0, 1))
    assert (cycle.succeeded, cycle.unchanged, cycle.failed, cycle.files) == (1, 1, 0, FileCounts(updated=2))


def test_polls_hooks_and_pauses_of_a_watch_are_known() -> None:
    hooks = [we.HookReceived(110.0, "PING", accepted) for accepted in (True, False, False)]
    state = watched(we.PollPlanned(110.0, 170.0, 60.0, 4), *hooks, we.WatchPaused(111.0))
    watch = state.watch
    assert watch is not None
    assert (watch.next_poll_at, watch.poll_every_s, watch.polled) == (170.0, 60.0, 4)
    assert (watch.hooks_accepted, watch.hooks_ignored, watch.is_paused) == (1, 2, True)
    after = reduce(state, we.WatchContinued(112.0)).watch
    assert after is not None
    assert not after.is_paused


def test_a_watch_of_days_stays_small() -> None:
    state = watched()
    for n in range(300):
        what = f"change {n}"
        state = state_after_in(
            state,
            we.ChangeNoticed(float(n), we.Source.FILES, what, (A,)),
            ev.Warned(float(n), None, Problem("x.y", what)),
            we.CycleStarted(float(n), n + 2),
            we.CycleEnded(float(n), n + 2),
        )
    watch = state.watch
    assert watch is not None
    assert (len(watch.history), watch.history[-1].number, watch.cycles) == (100, 301, 301)
    assert (len(watch.changes), len(state.warnings)) == (20, 100)
    assert state_after_in(state, ev.Warned(999.0, None, state.warnings[0])).warnings[-1] == state.warnings[0]


def test_without_a_watch_its_events_mean_nothing() -> None:
    before = state_after(*discovered(A))
    for event in (we.CycleStarted(101.0, 1), we.WatchPaused(101.0), we.HookReceived(101.0, "PING", True)):
        assert reduce(before, event) == before


@given(sequences)
def test_any_sequence_of_events_is_survived_and_the_counts_add_up(events: list[ev.Event]) -> None:
    state = state_after(*events, ev.RunEnded(1_790_000_999.0, 0))
    final = [Status.SUCCEEDED, Status.FAILED, Status.SKIPPED, Status.CANCELLED]
    assert sum(state.count(status) for status in final) == len(state.configs)
    assert state.pause is None
    assert state.requests.sent == sum(isinstance(event, ev.RequestSent) for event in events)
