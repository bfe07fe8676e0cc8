"""The fold: what a run's events add up to."""

from functools import reduce as folded

from hypothesis import given

from exfig_rx import events as ev
from exfig_rx.fold import INITIAL, BatchState, Status, reduce
from exfig_rx.model import AssetCounts, ConfigId, FileCounts, Problem, Tier
from tests.test_ui.events_strategy import sequences

A, B, C = (ConfigId(f"/{name}.yaml", f"{name}.yaml", f"{name}.yaml") for name in "abc")
PROBLEM = Problem("x.y", "broken")


def state_after(*events: ev.Event) -> BatchState:
    return folded(reduce, events, INITIAL)


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


@given(sequences)
def test_any_sequence_of_events_is_survived_and_the_counts_add_up(events: list[ev.Event]) -> None:
    state = state_after(*events, ev.RunEnded(1_790_000_999.0, 0))
    final = [Status.SUCCEEDED, Status.FAILED, Status.SKIPPED, Status.CANCELLED]
    assert sum(state.count(status) for status in final) == len(state.configs)
    assert state.pause is None
    assert state.requests.sent == sum(isinstance(event, ev.RequestSent) for event in events)
