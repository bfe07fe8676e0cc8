"""The pace of one tier against its definition, written another way: all windows, all stretches."""

from fractions import Fraction
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.pacer import MARGIN_US, SECOND_US, WINDOW_US, Pacer

START_US = 1_790_000_000 * SECOND_US


def send_all(state: Pacer, wanted_us: list[int]) -> list[int]:
    """Sends as early as allowed from each wanted time on, in order."""
    times: list[int] = []
    for wanted in wanted_us:
        now_us = pacer.earliest(state, max([wanted, *times[-1:]]))
        state = pacer.sent(state, now_us)
        times.append(now_us)
    return times


def earliest_by_definition(times_us: list[int], wanted_us: int, limit: int, burst: int) -> int:
    """The first instant at which no stretch holds more than `burst` + its refill, and no window more than `limit`."""
    bounds = [wanted_us, *times_us[-1:]]
    count = len(times_us)
    for index, time in enumerate(times_us):
        sends = count - index + 1
        bounds.append(time + ceil(Fraction((sends - burst) * WINDOW_US, limit)))
    if count >= limit:
        bounds.append(times_us[count - limit] + WINDOW_US + MARGIN_US)
    return max(bounds)


arrivals = st.lists(st.integers(0, 40 * SECOND_US), min_size=1, max_size=60).map(
    lambda gaps: [START_US + sum(gaps[:index]) // 8 for index in range(len(gaps))]
)


@given(limit=st.integers(1, 40), burst=st.integers(1, 5), wanted=arrivals)
def test_every_send_goes_at_the_first_moment_that_both_rules_allow(limit: int, burst: int, wanted: list[int]) -> None:
    times = send_all(pacer.fresh(limit, burst), wanted)
    for index, time in enumerate(times):
        assert time == earliest_by_definition(times[:index], wanted[index], limit, burst)


@given(limit=st.integers(1, 40), burst=st.integers(1, 50), wanted=arrivals)
def test_no_window_of_60_s_holds_more_than_the_limit(limit: int, burst: int, wanted: list[int]) -> None:
    times = send_all(pacer.fresh(limit, burst), wanted)
    for earlier, later in zip(times, times[limit:], strict=False):
        assert later - earlier >= WINDOW_US


def test_a_professional_tier_1_goes_3_at_once_then_every_6_s_then_waits_for_the_window() -> None:
    times = send_all(pacer.fresh(10), [0] * 14)
    assert [time / SECOND_US for time in times] == [0, 0, 0, 6, 12, 18, 24, 30, 36, 42, 60.4, 60.4, 60.4, 66.4]


def test_a_send_leaves_the_window_60_s_and_a_margin_later() -> None:
    state = pacer.sent(pacer.fresh(1), START_US)
    assert pacer.earliest(state, START_US) == START_US + WINDOW_US + MARGIN_US
    assert pacer.sent_last_minute(state, START_US + WINDOW_US - 1) == 1
    assert pacer.sent_last_minute(state, START_US + WINDOW_US) == 0


def test_a_spacing_that_is_no_whole_number_of_microseconds_is_rounded_up() -> None:
    times = send_all(pacer.fresh(7, burst=1), [START_US] * 7)
    assert [later - earlier for earlier, later in pairwise(times)] == [8_571_429] * 6


def test_the_state_keeps_no_more_sends_than_it_needs() -> None:
    state = pacer.fresh(5)
    for index in range(50):
        state = pacer.sent(state, index * WINDOW_US)
    assert len(state.sends_us) == 5


def test_a_refusal_lowers_the_pace_to_seven_tenths_and_answers_raise_it_to_the_limit_but_not_above() -> None:
    state = pacer.refused(pacer.sent(pacer.fresh(10), 0), sent_us=0, now_us=1, resume_us=SECOND_US)
    assert state.limit_in_force == 7
    for count in range(1, 100):
        state = pacer.answered(state, count * SECOND_US)
        assert state.limit_in_force <= 10
        if count == 14:
            assert state.limit_in_force == 9
    assert state.pace_per_hour == 600


def test_refusals_of_requests_that_left_before_the_pace_fell_lower_it_once() -> None:
    state = pacer.sent(pacer.sent(pacer.fresh(10), 0), 0)
    once = pacer.refused(state, sent_us=0, now_us=5, resume_us=SECOND_US)
    assert pacer.refused(once, sent_us=0, now_us=6, resume_us=SECOND_US).limit_in_force == once.limit_in_force
    assert pacer.refused(once, sent_us=7, now_us=8, resume_us=SECOND_US).limit_in_force == 4


def test_the_pace_never_falls_below_one_a_minute() -> None:
    state = pacer.fresh(10)
    for index in range(30):
        state = pacer.refused(state, sent_us=index, now_us=index, resume_us=index)
    assert state.limit_in_force == 1


def test_after_a_pause_the_flow_comes_back_at_pace_and_not_as_a_burst() -> None:
    resume_us = 100 * SECOND_US
    state = pacer.refused(pacer.sent(pacer.fresh(10), 0), sent_us=0, now_us=SECOND_US, resume_us=resume_us)
    first, second = send_all(state, [resume_us, resume_us])
    assert first == resume_us
    assert second - first == ceil(Fraction(WINDOW_US, 7))


def test_a_pause_shorter_than_the_spacing_gives_no_send_away() -> None:
    state = pacer.fresh(10)
    for _ in range(3):
        state = pacer.sent(state, 0)
    state = pacer.refused(state, sent_us=0, now_us=0, resume_us=SECOND_US)
    assert pacer.earliest(state, SECOND_US) == ceil(Fraction(WINDOW_US, 7))


def times_from(state: Pacer, now_us: int, count: int) -> list[int]:
    """When the next `count` sends go."""
    return send_all(state, [now_us] * count)


@given(
    limit=st.integers(1, 40), burst=st.integers(1, 5), sends=st.lists(st.integers(0, 130), max_size=60), by=st.data()
)
def test_sends_of_others_count_like_ones_own(limit: int, burst: int, sends: list[int], by: st.DataObject) -> None:
    """However the sends are shared out, and whenever one run hears of the other's, together they are no faster."""
    times = send_all(pacer.fresh(limit, burst), [START_US + sec * SECOND_US for sec in sorted(sends)])
    now_us = times[-1] if times else START_US
    alone = together = pacer.fresh(limit, burst)
    others: list[int] = []
    for time in times:
        alone = pacer.sent(alone, time)
        if by.draw(st.booleans()):
            others.append(time)
        else:
            if by.draw(st.booleans()):
                together, others = pacer.merged(together, others, time), []
            together = pacer.sent(together, time)
    together = pacer.merged(together, others, now_us)
    assert all(
        mine >= due for mine, due in zip(times_from(together, now_us, 9), times_from(alone, now_us, 9), strict=True)
    )


@given(limit=st.integers(1, 40), burst=st.integers(1, 5), sends=st.lists(st.integers(0, 130), min_size=1, max_size=60))
def test_a_run_that_knows_nothing_but_the_sends_of_the_run_before_goes_on_at_its_pace(
    limit: int, burst: int, sends: list[int]
) -> None:
    times = send_all(pacer.fresh(limit, burst), [START_US + sec * SECOND_US for sec in sorted(sends)])
    before = pacer.fresh(limit, burst)
    for time in times:
        before = pacer.sent(before, time)
    after = pacer.merged(pacer.fresh(limit, burst), times, times[-1])
    assert times_from(after, times[-1], 9) == times_from(before, times[-1], 9)


def test_news_from_the_future_of_a_clock_that_was_set_back_are_kept_in_order() -> None:
    state = pacer.merged(pacer.sent(pacer.fresh(2), START_US), [START_US + 5, START_US - 5], START_US + 9)
    assert state.sends_us == tuple(sorted(state.sends_us))


def test_a_bucket_that_is_held_gives_one_send_at_the_end_and_goes_on_at_pace() -> None:
    state = pacer.held(pacer.fresh(10), resume_us=START_US)
    assert [time - START_US for time in times_from(state, START_US, 3)] == [0, 6 * SECOND_US, 12 * SECOND_US]


def test_what_others_sent_since_a_pause_comes_out_of_the_one_send_that_it_left() -> None:
    state = pacer.held(pacer.fresh(10), resume_us=START_US)
    heard = pacer.merged(state, [START_US + SECOND_US // 2], START_US + SECOND_US)
    assert pacer.earliest(heard, START_US + SECOND_US) == START_US + 6 * SECOND_US
    before = pacer.merged(state, [START_US - SECOND_US], START_US + SECOND_US)
    assert pacer.earliest(before, START_US + SECOND_US) == START_US + SECOND_US


def test_refusals_of_what_left_before_a_file_joined_a_line_do_not_lower_its_pace() -> None:
    state = pacer.joined(pacer.fresh(10), START_US)
    same = pacer.refused(state, sent_us=START_US - 1, now_us=START_US + 5, resume_us=START_US + SECOND_US)
    assert same.limit_in_force == 10
    lower = pacer.refused(state, sent_us=START_US + 1, now_us=START_US + 5, resume_us=START_US + SECOND_US)
    assert lower.limit_in_force == 7


@pytest.mark.parametrize(("limit", "burst"), [(0, 3), (10, 0)])
def test_nonsense_is_refused(limit: int, burst: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        pacer.fresh(limit, burst)
