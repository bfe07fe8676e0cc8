"""The batch as a stream, in virtual time: slots, fail-fast, conflicts, stops, bugs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.batch.stop import INTERRUPTED, TERMINATED, Stop
from exfig_rx.errors import FigmaRefused
from exfig_rx.events import (
    ConfigDiscovered,
    ConfigFailed,
    ConfigSkipped,
    ConfigStarted,
    ConfigSucceeded,
    ConflictsFound,
    RunStarted,
)
from exfig_rx.model import Problem
from tests.test_batch.world import WORK_S, World, ends, key_of, rejected, valid

NOT_FOUND = FigmaRefused(Problem("figma.not-found", "no such file"), status=404)


@pytest.mark.parametrize("parallel", [1, 3, 5])
def test_exactly_parallel_pipelines_run_while_enough_are_left(tmp_path: Path, parallel: int) -> None:
    latencies = {key_of(n): 1.0 + n % 4 for n in range(12)}
    world = World(tmp_path, latencies)
    world.run([valid(n) for n in range(12)], parallel=parallel)
    last_start = max(time for time, event in world.events if isinstance(event, ConfigStarted))
    by_time = {time: count for time, count in world.running() if time < last_start}
    assert set(by_time.values()) == {parallel}


def test_configs_start_in_the_order_in_which_they_were_discovered(tmp_path: Path) -> None:
    events = World(tmp_path).run([valid(n) for n in range(7)])
    assert isinstance(events[0], RunStarted)
    discovered = [event.config.name for event in events if isinstance(event, ConfigDiscovered)]
    started = [event.config.name for event in events if isinstance(event, ConfigStarted)]
    assert discovered == started == [f"{n:03}.yaml" for n in range(7)]


def test_a_failure_and_a_rejected_config_leave_the_others_alone(tmp_path: Path) -> None:
    world = World(tmp_path, failures={key_of(1): NOT_FOUND})
    events = world.run([valid(0), valid(1), rejected(2), valid(3)])
    assert ends(events) == {
        "000.yaml": "succeeded",
        "001.yaml": "failed",
        "002.yaml": "failed",
        "003.yaml": "succeeded",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out-0", "out-3"]
    assert world.ended


def test_fail_fast_cancels_what_runs_and_skips_what_waits_at_once(tmp_path: Path) -> None:
    world = World(tmp_path, {key_of(0): 3.0, key_of(1): 10.0, key_of(2): 2.0}, {key_of(2): NOT_FOUND})
    events = world.run([valid(n) for n in range(6)], fail_fast=True)
    assert ends(events) == {
        "000.yaml": "cancelled",
        "001.yaml": "cancelled",
        "002.yaml": "failed",
        "003.yaml": "skipped",
        "004.yaml": "skipped",
        "005.yaml": "skipped",
    }
    failed_at = next(time for time, event in world.events if isinstance(event, ConfigFailed))
    assert world.events[-1][0] == failed_at
    assert max(time for time, _ in world.asked) <= failed_at
    assert list(tmp_path.iterdir()) == []


def test_fail_fast_starts_nothing_when_a_config_is_rejected(tmp_path: Path) -> None:
    world = World(tmp_path)
    events = world.run([valid(0), rejected(1)], fail_fast=True)
    assert ends(events) == {"000.yaml": "skipped", "001.yaml": "failed"}
    assert world.asked == []


def test_a_conflict_is_reported_before_any_request_and_refused_runs_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, answer=False)
    events = world.run([valid(0, "same"), valid(1, "./same/"), valid(2)])
    (found,) = [event for event in events if isinstance(event, ConflictsFound)]
    assert {(conflict.earlier.name, conflict.later.name) for conflict in found.conflicts} == {("000.yaml", "001.yaml")}
    assert set(ends(events).values()) == {"skipped"}
    assert world.asked == []
    assert world.stop.reason is not None
    assert world.stop.reason.exit_code == 3


def test_conflicting_configs_never_run_at_the_same_time_and_take_one_slot(tmp_path: Path) -> None:
    world = World(tmp_path)
    files = [valid(0, "same"), valid(1), valid(2, "same"), valid(3)]
    events = world.run(files, parallel=2)
    started = [event.config.name for event in events if isinstance(event, ConfigStarted)]
    assert started[:2] == ["000.yaml", "001.yaml"]
    times = {
        (type(event), event.config.name): time
        for time, event in world.events
        if isinstance(event, ConfigStarted | ConfigSucceeded)
    }
    assert times[ConfigStarted, "002.yaml"] >= times[ConfigSucceeded, "000.yaml"]
    assert max(count for _, count in world.running()) == 2


def test_without_conflicts_nobody_is_asked(tmp_path: Path) -> None:
    world = World(tmp_path, answer=False)
    events = world.run([valid(0), valid(1)])
    assert set(ends(events).values()) == {"succeeded"}


def test_an_interrupt_cancels_what_runs_and_leaves_no_file(tmp_path: Path) -> None:
    world = World(tmp_path)
    events = world.run([valid(n) for n in range(5)], parallel=2, at={1.5: lambda: world.stop.request(INTERRUPTED)})
    assert list(ends(events).values()) == ["cancelled", "cancelled", "skipped", "skipped", "skipped"]
    assert world.ended
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_while_the_question_is_open_counts_as_no(tmp_path: Path) -> None:
    world = World(tmp_path)
    events = world.run([valid(0, "x"), valid(1, "x")], at={2.0: lambda: world.stop.request(INTERRUPTED)})
    assert [event.reason for event in events if isinstance(event, ConfigSkipped)] == ["interrupted", "interrupted"]
    assert world.asked == []
    assert world.ended


def test_the_heaviest_reason_to_stop_is_kept(tmp_path: Path) -> None:
    stop = Stop(World(tmp_path).scheduler)
    for reason in (TERMINATED, INTERRUPTED, TERMINATED):
        stop.request(reason)
    assert stop.reason == INTERRUPTED


def test_a_bug_in_a_pipeline_is_not_a_failed_config(tmp_path: Path) -> None:
    world = World(tmp_path, failures={key_of(1): ZeroDivisionError("a bug")})
    events = world.run([valid(0), valid(1)])
    assert "001.yaml" not in ends(events)
    assert [str(error) for error in world.errors] == ["a bug"]


@given(
    count=st.integers(1, 8),
    parallel=st.integers(1, 4),
    fail_fast=st.booleans(),
    failing=st.sets(st.integers(0, 7)),
    broken=st.sets(st.integers(0, 7)),
    stop_at=st.none() | st.floats(0.2, 9.0),
)
def test_every_config_ends_in_exactly_one_event_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory,
    count: int,
    parallel: int,
    fail_fast: bool,
    failing: set[int],
    broken: set[int],
    stop_at: float | None,
) -> None:
    root = tmp_path_factory.mktemp("run")
    world = World(root, {key_of(n): 0.5 + n % 3 for n in range(8)}, {key_of(n): NOT_FOUND for n in failing})
    files = [rejected(n) if n in broken else valid(n) for n in range(count)]
    events = world.run(
        files,
        parallel=parallel,
        fail_fast=fail_fast,
        at={} if stop_at is None else {stop_at: lambda: world.stop.request(INTERRUPTED)},
    )
    outcome = ends(events)
    assert sorted(outcome) == sorted(file.id.name for file in files)
    assert world.ended
    assert all(0 <= running <= parallel for _, running in world.running())
    written = {path.name.removeprefix("out-").zfill(3) + ".yaml" for path in root.iterdir()}
    assert written == {name for name, end in outcome.items() if end == "succeeded"}


def test_a_stop_at_the_very_moment_at_which_files_are_staged_leaves_none_of_them(tmp_path: Path) -> None:
    undisturbed = World(tmp_path / "undisturbed")
    undisturbed.root.mkdir()
    undisturbed.run([valid(0)])
    staged_at = next(time for time, event in undisturbed.events if isinstance(event, ConfigSucceeded)) - WORK_S
    for turns in range(12):
        world = World(tmp_path / str(turns))
        world.root.mkdir()

        def later(world: World, left: int) -> None:
            if left:
                world.scheduler.schedule_absolute(staged_at, lambda *_: later(world, left - 1))
            else:
                world.stop.request(INTERRUPTED)

        later(world, turns + 1)
        world.run([valid(0)])
        assert [path.name for path in world.root.rglob(".exfig-*")] == [], f"after {turns} turns of the reactor"
