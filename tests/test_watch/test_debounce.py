"""When touched keys are due: traces of the stream in virtual time, and the rule against its definition."""

import reactivex as rx
from hypothesis import given
from hypothesis import strategies as st
from reactivex.subject import Subject
from reactivex.testing import TestScheduler

from exfig_rx.watch.debounce import CEILING, Debounce, debounced
from tests.virtual_time import Timeline, answer_after, do_at, fail_after, run_until, timeline

QUIET_S = 0.3


def trace(*touches: tuple[float, str], until: float) -> Timeline[tuple[str, ...]]:
    """What is due and when, if the keys (a letter each) are touched at these times."""
    clock, source = TestScheduler(), Subject[str]()
    for at, keys in touches:
        do_at(clock, at, lambda keys=keys: source.on_next(keys))  # type: ignore[misc]
    due = timeline(clock, debounced(source, QUIET_S, clock))
    run_until(clock, until)
    return due


def test_a_key_is_due_when_nothing_touched_it_for_the_quiet_time() -> None:
    assert trace((1.0, "a"), until=9) == [(1.3, ("a",))]


def test_a_touch_within_the_quiet_time_puts_it_off() -> None:
    assert trace((1.0, "a"), (1.2, "a"), (1.4, "a"), until=9) == [(1.7, ("a",))]


def test_each_key_waits_for_itself() -> None:
    assert trace((1.0, "ab"), (1.2, "a"), until=9) == [(1.3, ("b",)), (1.5, ("a",))]


def test_keys_due_at_one_moment_come_together_in_the_order_of_their_first_touch() -> None:
    assert trace((1.0, "c"), (1.1, "a"), (1.2, "bac"), until=9) == [(1.5, ("c", "a", "b"))]


def test_a_key_that_is_touched_without_end_is_due_ten_quiet_times_after_its_first_touch_and_again() -> None:
    touches = [(1.0 + number / 10, "a") for number in range(70)]
    due = trace(*touches, until=20)
    assert due.times == [4.0, 7.1, 8.2]


def test_a_key_touched_again_after_it_was_due_is_due_again() -> None:
    assert trace((1.0, "a"), (2.0, "a"), until=9) == [(1.3, ("a",)), (2.3, ("a",))]


def test_nothing_touched_makes_nothing_due() -> None:
    assert trace((1.0, ""), until=9) == []


def test_what_waits_when_the_source_completes_is_due_at_its_time() -> None:
    clock = TestScheduler()
    due = timeline(clock, debounced(answer_after(clock, 1.0, "a"), QUIET_S, clock))
    run_until(clock, 9)
    assert (due, due.completed_at) == ([(1.3, ("a",))], 1.3)


def test_a_source_that_fails_fails_the_stream_at_once() -> None:
    clock = TestScheduler()
    broken = rx.merge(answer_after(clock, 1.0, "a"), fail_after(clock, 1.1, ValueError("broken")))
    due = timeline(clock, debounced(broken, QUIET_S, clock))
    run_until(clock, 9)
    assert (due, due.failed_at) == ([], 1.1)


def test_a_stream_that_is_disposed_leaves_its_source_and_its_timer() -> None:
    clock, source = TestScheduler(), Subject[str]()
    due = timeline(clock, debounced(source, QUIET_S, clock))
    do_at(clock, 1.0, lambda: source.on_next("a"))
    run_until(clock, 1.1)
    due.dispose()
    run_until(clock, 9)
    assert due == []
    assert source.observers == []


moments = st.lists(st.tuples(st.integers(0, 400), st.sets(st.sampled_from("abc"))), max_size=40).map(
    lambda touches: sorted(touches, key=lambda touch: touch[0])
)


def due_by_definition(touches: list[tuple[int, set[str]]], key: str, quiet: int) -> list[int]:
    """Bursts of touches of one key: each ends after `quiet`, or at the ceiling."""
    due: list[int] = []
    first: int | None = None
    last = 0
    for at in [at for at, keys in touches if key in keys] + [10**9]:
        if first is not None and at >= min(last + quiet, first + CEILING * quiet):
            due.append(min(last + quiet, first + CEILING * quiet))
            first = None
        first, last = (at if first is None else first), at
    return due


@given(touches=moments, quiet=st.integers(1, 40))
def test_no_key_is_due_at_any_other_moment_lost_or_due_twice(touches: list[tuple[int, set[str]]], quiet: int) -> None:
    state: Debounce[str] = Debounce(quiet)
    found: dict[str, list[int]] = {key: [] for key in "abc"}
    for at, keys in [*touches, (10**9, set())]:
        while (next_us := state.next_due_us) is not None and next_us <= at:
            due = state.due(next_us)
            assert due and len(set(due)) == len(due)
            for key in due:
                found[key].append(next_us)
            state = state.without(due)
        state = state.touched(keys, at)
    assert found == {key: due_by_definition(touches, key, quiet) for key in "abc"}
