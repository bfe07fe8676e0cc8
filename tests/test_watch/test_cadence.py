"""When which file is looked at: the budget in every minute, evenness, slowing down, and no herd ever."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.watch.cadence import FIRST_PAUSE_US, LONGEST_US, MINUTE_US, SECOND_US, Cadence, gap_us

START_US = 1_790_000_000 * SECOND_US


def keys(count: int) -> frozenset[str]:
    return frozenset(f"file{number:03}" for number in range(count))


def fresh(count: int, *, period_s: float = 30, limit: float = 50, at_us: int = START_US) -> Cadence:
    return Cadence(round(period_s * SECOND_US), gap_us(limit)).of(keys(count), at_us)


def run(state: Cadence, until_us: int, *, changes: bool = True) -> tuple[Cadence, list[tuple[int, str]]]:
    """Every look is made at its moment and answered at once; when each of them was."""
    looks: list[tuple[int, str]] = []
    while (turn := state.next()) is not None and turn.at_us < until_us:
        state = state.asked(turn.at_us).answered(turn.file, turn.at_us, changed=changes)
        looks.append(turn)
    return state, looks


def distances(looks: list[tuple[int, str]]) -> set[int]:
    """The times between looks, to ten microseconds: places in a period are no whole ones."""
    return {round(later - earlier, -1) for (earlier, _), (later, _) in pairwise(looks)}


def most_in_a_minute(times_us: list[int]) -> int:
    return max(sum(start <= time < start + MINUTE_US for time in times_us) for start in times_us)


@pytest.mark.parametrize(("limit", "per_min"), [(50, 16), (100, 33), (150, 50), (10, 3), (3, 1)])
def test_the_gap_leaves_two_thirds_of_the_budget(limit: int, per_min: int) -> None:
    gap = gap_us(limit)
    assert gap * per_min >= MINUTE_US > gap * per_min - per_min


def test_a_budget_of_less_than_three_a_minute_is_asked_for_less_than_once_a_minute() -> None:
    assert gap_us(1) == 3 * MINUTE_US


def test_files_are_looked_at_one_after_the_other_in_equal_distances() -> None:
    _, looks = run(fresh(6), START_US + 120 * SECOND_US)
    assert distances(looks) == {5 * SECOND_US}
    assert len({file for _, file in looks[:6]}) == 6
    assert [file for _, file in looks[6:12]] == [file for _, file in looks[:6]]


def test_the_first_look_comes_within_the_first_period_and_not_at_once() -> None:
    _, looks = run(fresh(1), START_US + 31 * SECOND_US)
    assert START_US < looks[0][0] <= START_US + 30 * SECOND_US


def test_a_hundred_files_at_50_a_minute_are_asked_every_375_s_in_turn() -> None:
    state = fresh(100)
    assert state.period_us == 375 * SECOND_US
    _, looks = run(state, START_US + 750 * SECOND_US)
    assert len(looks) == 200
    assert len({file for _, file in looks[:100]}) == 100
    assert most_in_a_minute([time for time, _ in looks]) == 16


def test_a_new_file_comes_between_the_others_and_puts_none_of_them_off() -> None:
    state, _ = run(fresh(4, period_s=40), START_US + 60 * SECOND_US)
    before = {key: file.due_us for key, file in state.files.items()}
    state = state.of(keys(5), START_US + 60 * SECOND_US)
    assert {key: state.files[key].due_us for key in before} == before
    assert min(abs(state.files["file004"].due_us - due) for due in before.values()) == 5 * SECOND_US


def test_files_that_go_leave_the_others_as_they_were() -> None:
    state = fresh(5)
    fewer = state.of(keys(4), START_US + SECOND_US)
    assert fewer.files == {key: file for key, file in state.files.items() if key != "file004"}


def test_no_set_of_files_asks_for_nothing() -> None:
    assert fresh(3).of(frozenset(), START_US).next() is None


@pytest.mark.parametrize(("after_min", "times"), [(9, 1), (11, 2), (61, 4), (300, 8)])
def test_a_file_that_does_not_change_is_asked_less_often_the_longer_it_does_not(after_min: int, times: int) -> None:
    state, _ = run(fresh(2), START_US + after_min * MINUTE_US, changes=False)
    state, looks = run(state, START_US + after_min * MINUTE_US + 2 * LONGEST_US, changes=False)
    own = [time for time, file in looks if file == "file000"]
    assert own[1] - own[0] == times * 30 * SECOND_US


def test_ten_minutes_is_the_longest_time_unless_the_period_is_longer() -> None:
    state, _ = run(fresh(1, period_s=120), START_US + 600 * MINUTE_US, changes=False)
    _, looks = run(state, START_US + 700 * MINUTE_US, changes=False)
    assert looks[1][0] - looks[0][0] == LONGEST_US
    state, _ = run(fresh(1, period_s=3600), START_US + 600 * MINUTE_US, changes=False)
    assert state.shortest_us == 3600 * SECOND_US


def test_a_change_brings_the_file_back_to_the_period_and_leaves_the_others_slow() -> None:
    state, _ = run(fresh(2), START_US + 300 * MINUTE_US, changes=False)
    turn = state.next()
    assert turn is not None
    (other,) = state.files.keys() - {turn.file}
    before = state.files[other]
    state = state.asked(turn.at_us).answered(turn.file, turn.at_us, changed=True)
    assert state.files[other] == before
    assert state.files[turn.file].due_us == turn.at_us + 30 * SECOND_US
    assert state.shortest_us == 30 * SECOND_US


def test_a_nudge_has_a_file_asked_at_once_and_more_often_again() -> None:
    state, _ = run(fresh(2), START_US + 300 * MINUTE_US, changes=False)
    now_us = START_US + 300 * MINUTE_US + gap_us(50)
    state = state.nudged("file001", now_us)
    assert state.next() == (now_us, "file001")
    state = state.asked(now_us).answered("file001", now_us, changed=False)
    assert state.files["file001"].due_us - now_us <= 45 * SECOND_US


def test_nudges_of_all_files_are_followed_within_the_budget() -> None:
    state = fresh(40)
    for key in keys(40):
        state = state.nudged(key, START_US)
    _, looks = run(state, START_US + 150 * SECOND_US)
    assert {file for _, file in looks} == keys(40)
    assert most_in_a_minute([time for time, _ in looks]) == 16


def test_after_a_sleep_of_hours_the_files_come_one_by_one_in_one_period() -> None:
    state, _ = run(fresh(30, period_s=120), START_US + 10 * MINUTE_US)
    woke_us = START_US + 190 * MINUTE_US
    state = state.awake(woke_us)
    _, looks = run(state, woke_us + 120 * SECOND_US)
    assert sorted(file for _, file in looks) == sorted(keys(30))
    assert distances(looks) == {4 * SECOND_US}


def test_a_file_that_is_only_a_little_late_is_not_put_off() -> None:
    state = fresh(3)
    turn = state.next()
    assert turn is not None
    assert state.awake(turn.at_us + 29 * SECOND_US) == state


def test_failures_are_followed_by_longer_and_longer_pauses_of_all_and_by_another_file_each() -> None:
    state, now_us = fresh(5), START_US
    pauses: list[int] = []
    tried: list[str] = []
    for _ in range(9):
        turn = state.next()
        assert turn is not None
        now_us = turn.at_us
        tried.append(turn.file)
        state = state.asked(now_us).failed(turn.file, now_us)
        pauses.append(state.resume_us - now_us)
    assert pauses == [min(FIRST_PAUSE_US * 2**number, LONGEST_US) for number in range(9)]
    assert len(set(tried[:2])) == 2


def test_the_first_success_ends_the_pauses_and_nothing_that_is_overdue_comes_in_a_herd() -> None:
    state = fresh(10, period_s=60)
    state = state.asked(START_US).failed("file000", START_US)
    for _ in range(7):
        state = state.failed("file000", START_US)
    now_us = state.resume_us
    state = state.asked(now_us).answered("file001", now_us, changed=False)
    assert (state.failures, state.resume_us) == (0, 0)
    _, looks = run(state, now_us + 60 * SECOND_US)
    assert min(distances(looks)) >= 5 * SECOND_US


def test_a_file_that_is_held_is_not_even_asked_when_something_hints_at_it() -> None:
    until_us = START_US + 60 * MINUTE_US
    state = fresh(2).put_off("file000", until_us, START_US, held=True).nudged("file000", START_US)
    _, looks = run(state, until_us + MINUTE_US)
    own = [time for time, file in looks if file == "file000"]
    assert until_us <= own[0] <= until_us + 30 * SECOND_US


def test_a_file_that_is_put_off_is_asked_when_something_hints_at_it() -> None:
    state = fresh(2).put_off("file000", START_US + 60 * MINUTE_US, START_US, held=False).nudged("file000", START_US)
    assert state.next() == (START_US, "file000")


acts = st.lists(
    st.tuples(st.sampled_from(["look", "fail", "nudge", "files", "wait", "lock"]), st.integers(0, 12)), max_size=60
)


@given(acts=acts, limit=st.integers(1, 150), period_s=st.integers(5, 90), jitter=st.floats(0, 1))
def test_no_minute_has_more_than_a_third_of_the_budget_and_no_file_is_forgotten(
    acts: list[tuple[str, int]], limit: int, period_s: int, jitter: float
) -> None:
    state, now_us = fresh(3, period_s=period_s, limit=limit), START_US
    looks: list[int] = []
    for act, number in acts:
        key = f"file{number:03}"
        match act:
            case "files":
                state = state.of(keys(number), now_us)
            case "nudge":
                state = state.nudged(key, now_us)
            case "lock":
                state = state.put_off(key, now_us + number * MINUTE_US, now_us, held=True)
            case "wait":
                now_us += number * 7 * SECOND_US
                state = state.awake(now_us)
            case _:
                turn = state.next()
                if turn is not None:
                    now_us = max(now_us, turn.at_us)
                    looks.append(now_us)
                    state = state.asked(now_us)
                    if act == "fail":
                        state = state.failed(turn.file, now_us, jitter=jitter)
                    else:
                        state = state.answered(turn.file, now_us, changed=number > 6, jitter=jitter)
        for file in state.files.values():
            assert file.due_us <= max(now_us, file.held_us) + 2 * max(LONGEST_US, 2 * state.period_us)
    if looks:
        assert most_in_a_minute(looks) <= max(1, limit // 3)
