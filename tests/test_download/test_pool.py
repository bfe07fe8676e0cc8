"""The queue of downloads in virtual time: turns, shared downloads, retries, parts, and what is withdrawn."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.download.failures import DownloadFailed
from exfig_rx.download.store import Part, Store
from exfig_rx.model import ConfigId
from tests.test_download.virtual_workers import A, B, C, World, blob, config, names, svg, svgs, trouble
from tests.virtual_time import do_at, run_until, timeline


def test_what_was_asked_for_comes_back_and_then_it_is_over() -> None:
    world = World()
    wanted = [svg("x"), svg("y"), svg("x")]
    seen = timeline(world.scheduler, world.pool(wanted, A))
    run_until(world.scheduler, 10)
    assert seen == [(1.0, {svg("x"): blob(svg("x")), svg("y"): blob(svg("y"))})]
    assert seen.completed_at == 1.0
    assert world.fetched == ["x", "y"]


def test_nothing_is_fetched_before_somebody_subscribes_and_nothing_for_nothing() -> None:
    world = World()
    world.pool([svg("x")], A)
    nothing = timeline(world.scheduler, world.pool([], A))
    run_until(world.scheduler, 10)
    assert (nothing, nothing.completed_at, world.fetched) == ([], 0.0, [])


def test_at_most_so_many_at_once_whoever_asks() -> None:
    world = World(connections=3)
    for who in (A, B, C):
        timeline(world.scheduler, world.pool(svgs(who.name, 5), who))
    run_until(world.scheduler, 10)
    assert world.workers.most_busy == 3
    assert [at for at, _ in world.log] == [at for at in (1.0, 2.0, 3.0, 4.0, 5.0) for _ in range(3)]


def test_results_are_told_in_parts_as_they_come_and_the_last_ones_at_once() -> None:
    world = World(connections=2)
    seen = timeline(world.scheduler, world.pool(svgs("x", 5), A))
    run_until(world.scheduler, 10)
    assert seen.times == [1.1, 2.1, 3.0]
    assert names(seen.values) == [["x0", "x1"], ["x2", "x3"], ["x4"]]
    assert seen.completed_at == 3.0


# Turns


def test_configs_are_served_in_turns() -> None:
    world = World(connections=1)
    for who in (A, B):
        timeline(world.scheduler, world.pool(svgs(who.name[0], 4), who))
    run_until(world.scheduler, 20)
    # the first two are with the workers before b asks
    assert world.fetched == ["a0", "a1", "b0", "a2", "b1", "a3", "b2", "b3"]


@given(st.integers(1, 4), st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(0, 5))
def test_nobody_is_starved(connections: int, crowds: list[int], comes_at: int) -> None:
    """A config with one download waits for what is with the workers, and for one download of each other config."""
    world = World(connections=connections)
    for number, count in enumerate(crowds):
        timeline(world.scheduler, world.pool(svgs(f"{number}-", count), config(f"{number}")))
    timeline(world.scheduler, world.pool([svg("late")], A), at=comes_at + 0.5)
    run_until(world.scheduler, 100)
    place = world.fetched.index("late")
    before = sum(at <= comes_at + 0.5 for at, _ in world.log)
    assert place - before <= 2 * connections + len(crowds)


def test_a_config_of_twice_the_weight_has_twice_the_turns() -> None:
    world = World(connections=1)
    world.pool.weigh(A, 2)
    timeline(world.scheduler, world.pool(svgs("c", 2), C))
    for who in (A, B):
        timeline(world.scheduler, world.pool(svgs(who.name[0], 6), who))
    run_until(world.scheduler, 20)
    assert sorted(world.fetched[2:8]) == ["a0", "a1", "a2", "a3", "b0", "b1"]


# Asking once


def test_an_address_is_fetched_once_and_everybody_gets_it() -> None:
    world = World()
    first = timeline(world.scheduler, world.pool([svg("x")], A))
    joined = timeline(world.scheduler, world.pool([svg("x"), svg("y")], B), at=0.5)
    late = timeline(world.scheduler, world.pool([svg("x")], C), at=5.0)
    run_until(world.scheduler, 10)
    assert world.fetched == ["x", "y"]
    assert [first.completed_at, joined.completed_at, late.completed_at] == [1.0, 1.5, 5.0]
    assert first.values == late.values == [{svg("x"): blob(svg("x"))}]


def test_what_two_configs_want_goes_with_the_one_whose_turn_is_first() -> None:
    world = World(connections=1)
    timeline(world.scheduler, world.pool([*svgs("a", 6), svg("x")], A))
    shared = timeline(world.scheduler, world.pool([svg("x")], B))
    run_until(world.scheduler, 20)
    assert shared.completed_at == 3.0
    assert world.fetched == ["a0", "a1", "x", "a2", "a3", "a4", "a5"]


def test_a_failure_is_told_to_all_who_wait_and_forgotten() -> None:
    world = World(answers={svg("x"): [trouble(may_pass=False, asks_anew=True)]})
    waiting = [timeline(world.scheduler, world.pool([svg("x"), svg("y")], who)) for who in (A, B)]
    again = timeline(world.scheduler, world.pool([svg("x")], A), at=5.0)
    run_until(world.scheduler, 10)
    for seen in waiting:
        results = {wanted: result for part in seen.values for wanted, result in part.items()}
        failed = results[svg("x")]
        assert isinstance(failed, DownloadFailed)
        assert (failed.status, failed.asks_anew) == (503, True)
        assert results[svg("y")] == blob(svg("y"))
    assert again.values == [{svg("x"): blob(svg("x"))}]


# Trying again


def test_what_may_pass_is_tried_again_after_waits_that_double() -> None:
    world = World(max_retries=4, answers={svg("x"): [trouble() for _ in range(3)]})
    seen = timeline(world.scheduler, world.pool([svg("x")], A))
    run_until(world.scheduler, 60)
    assert [at for at, _ in world.log] == [1.0, 3.0, 6.0, 11.0]
    assert seen == [(11.0, {svg("x"): blob(svg("x"))})]


def test_the_wait_is_a_random_part_of_the_longest_one() -> None:
    world = World(random=0.25, answers={svg("x"): [trouble(), trouble()]})
    timeline(world.scheduler, world.pool([svg("x")], A))
    run_until(world.scheduler, 60)
    assert [at for at, _ in world.log] == [1.0, 2.25, 3.75]


def test_after_the_last_try_it_is_kept_and_says_how_often_it_was_tried() -> None:
    world = World(max_retries=2, answers={svg("x"): [trouble() for _ in range(9)]})
    seen = timeline(world.scheduler, world.pool([svg("x"), svg("y")], A))
    run_until(world.scheduler, 60)
    assert world.fetched == ["x", "y", "x", "x"]
    failed = seen.values[-1][svg("x")]
    assert isinstance(failed, DownloadFailed)
    assert failed.problem.message == "the storage failed (tried 3 times)"
    assert seen.completed_at == 6.0


def test_what_can_not_pass_is_not_tried_again_and_says_nothing_of_tries() -> None:
    world = World(answers={svg("x"): [trouble(may_pass=False)]})
    seen = timeline(world.scheduler, world.pool([svg("x")], A))
    run_until(world.scheduler, 60)
    failed = seen.values[0][svg("x")]
    assert isinstance(failed, DownloadFailed)
    assert (world.fetched, failed.problem.message) == (["x"], "the storage failed")


def test_a_retry_goes_before_what_waits_and_does_not_hold_up_others_meanwhile() -> None:
    world = World(connections=1, random=0.5, answers={svg("x0"): [trouble()]})
    timeline(world.scheduler, world.pool(svgs("x", 6), A))
    run_until(world.scheduler, 60)
    assert world.fetched == ["x0", "x1", "x2", "x0", "x3", "x4", "x5"]


def begun(folder: Path) -> Part:
    """A part that is on the disk."""
    part = Store(str(folder)).begin()
    with part:
        part.write(b"<svg")
    return part


def test_the_next_try_is_given_what_is_there_already(tmp_path: Path) -> None:
    part = begun(tmp_path)
    world = World(answers={svg("x"): [trouble(part=part)]})
    timeline(world.scheduler, world.pool([svg("x")], A))
    run_until(world.scheduler, 60)
    assert world.parts == [None, part]


def test_a_bug_of_a_worker_comes_up_on_the_reactor() -> None:
    world = World(answers={svg("x"): [ZeroDivisionError("a bug")]})
    timeline(world.scheduler, world.pool([svg("x")], A))
    with pytest.raises(ZeroDivisionError, match="a bug"):
        run_until(world.scheduler, 60)


# Leaving


def test_what_is_disposed_leaves_the_queue() -> None:
    world = World(connections=1)
    seen = timeline(world.scheduler, world.pool(svgs("x", 6), A))
    other = timeline(world.scheduler, world.pool(svgs("y", 2), B))
    do_at(world.scheduler, 0.5, seen.dispose)
    run_until(world.scheduler, 60)
    assert world.fetched == ["x0", "x1", "y0", "y1"]
    assert (seen, seen.ended) == ([], False)
    assert other.completed_at == 4.0
    # what was with a worker was cut
    assert world.lines[svg("x0")].is_cut
    assert not world.lines[svg("y0")].is_cut


def test_what_somebody_else_waits_for_stays() -> None:
    world = World(connections=1)
    leaving = timeline(world.scheduler, world.pool(svgs("x", 6), A))
    staying = timeline(world.scheduler, world.pool([svg("x0"), svg("x5")], B))
    do_at(world.scheduler, 0.5, leaving.dispose)
    run_until(world.scheduler, 60)
    assert world.fetched == ["x0", "x1", "x5"]
    assert not world.lines[svg("x0")].is_cut
    assert staying.completed_at == 3.0


def test_who_leaves_what_is_shared_and_comes_back_has_a_place_again() -> None:
    world = World(connections=1)
    timeline(world.scheduler, world.pool(svgs("x", 4), C))
    leaving, other = (timeline(world.scheduler, world.pool([svg("y")], who)) for who in (A, B))
    do_at(world.scheduler, 0.25, leaving.dispose)
    back = timeline(world.scheduler, world.pool([svg("y")], A), at=0.5)
    do_at(world.scheduler, 0.75, other.dispose)
    run_until(world.scheduler, 60)
    assert back.completed_at == 3.0


def test_one_of_two_that_ask_for_the_same_config_keeps_its_place() -> None:
    world = World(connections=1)
    leaving = timeline(world.scheduler, world.pool(svgs("x", 4), A))
    staying = timeline(world.scheduler, world.pool(svgs("x", 4), A))
    do_at(world.scheduler, 0.5, leaving.dispose)
    run_until(world.scheduler, 60)
    assert world.fetched == ["x0", "x1", "x2", "x3"]
    assert staying.completed_at == 4.0


def test_what_is_disposed_between_two_tries_is_not_tried_again_and_leaves_no_file(tmp_path: Path) -> None:
    part = begun(tmp_path)
    world = World(answers={svg("x"): [trouble(part=part)]})
    seen = timeline(world.scheduler, world.pool([svg("x")], A))
    do_at(world.scheduler, 1.5, seen.dispose)
    run_until(world.scheduler, 60)
    assert world.fetched == ["x"]
    assert not Path(part.path).exists()


def test_a_try_that_fails_after_everybody_has_gone_is_the_last_and_leaves_no_file(tmp_path: Path) -> None:
    part = begun(tmp_path)
    world = World(answers={svg("x"): [trouble(part=part)]})
    seen = timeline(world.scheduler, world.pool([svg("x")], A))
    do_at(world.scheduler, 0.5, seen.dispose)
    run_until(world.scheduler, 60)
    assert world.fetched == ["x"]
    assert not Path(part.path).exists()


def test_what_was_fetched_is_fetched_anew_once_it_is_forgotten() -> None:
    world = World()
    for at in (0.0, 2.0, 6.0):
        timeline(world.scheduler, world.pool([svg("x")], A), at=at)
    do_at(world.scheduler, 4.0, world.pool.forget)
    run_until(world.scheduler, 10)
    assert [at for at, _ in world.log] == [1.0, 7.0]


def test_who_comes_back_after_everybody_left_is_served_anew() -> None:
    world = World(answers={svg("x"): [trouble()]})
    seen = timeline(world.scheduler, world.pool([svg("x")], A))
    do_at(world.scheduler, 0.25, seen.dispose)
    back = timeline(world.scheduler, world.pool([svg("x")], A), at=0.5)
    run_until(world.scheduler, 60)
    assert world.log == [(1.0, "x"), (1.5, "x")]
    assert back == [(1.5, {svg("x"): blob(svg("x"))})]


def test_who_leaves_on_the_first_part_gets_no_other() -> None:
    world = World(connections=1)
    seen = timeline(world.scheduler, world.pool(svgs("x", 6), A))
    do_at(world.scheduler, 1.2, seen.dispose)
    run_until(world.scheduler, 60)
    assert names(seen.values) == [["x0"]]
    assert world.fetched == ["x0", "x1", "x2"]


def test_a_closed_pool_breaks_off_everything() -> None:
    world = World(connections=1, answers={svg("x0"): [trouble()]})
    seen = timeline(world.scheduler, world.pool(svgs("x", 6), A))
    do_at(world.scheduler, 1.5, world.pool.close)
    run_until(world.scheduler, 60)
    assert world.fetched == ["x0", "x1", "x2"]
    assert (seen, seen.ended) == ([], False)
    assert world.lines[svg("x1")].is_cut


ASKS = st.lists(
    st.tuples(
        st.sampled_from([A, B, C]),
        st.lists(st.integers(0, 9), max_size=6),
        st.floats(0, 4).map(lambda at: round(at, 2)),
        st.one_of(st.none(), st.floats(0.01, 4).map(lambda after: round(after, 2))),
    ),
    max_size=8,
)


@given(ASKS, st.dictionaries(st.integers(0, 9), st.integers(1, 4), max_size=4), st.integers(1, 3))
def test_whatever_happens_everybody_who_stays_gets_everything(
    asks: list[tuple[ConfigId, list[int], float, float | None]], failing: dict[int, int], connections: int
) -> None:
    answers = {svg(f"{number}"): [trouble() for _ in range(times)] for number, times in failing.items()}
    world = World(connections=connections, answers=answers)
    everybody = []
    for who, numbers, at, leaves_after in asks:
        wanted = [svg(f"{number}") for number in numbers]
        seen = timeline(world.scheduler, world.pool(wanted, who), at=at + 0.001)
        everybody.append((wanted, seen, leaves_after))
        if leaves_after is not None:
            do_at(world.scheduler, at + leaves_after + 0.001, seen.dispose)
    run_until(world.scheduler, 200)
    for wanted, seen, leaves_after in everybody:
        told = [one for part in seen.values for one in part]
        assert len(told) == len(set(told))
        if leaves_after is None:
            assert seen.completed_at is not None
            assert set(told) == set(wanted)
    assert world.workers.most_busy <= connections
    assert world.workers.busy == 0
