"""Waits before retries: they grow, and not for ever."""

from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.backoff import BASE_S, CAP_S, longest_wait_s


def test_the_longest_wait_doubles() -> None:
    assert [longest_wait_s(attempt) for attempt in range(1, 7)] == [BASE_S, 2.0, 4.0, 8.0, 16.0, CAP_S]


@given(st.integers(1, 10_000))
def test_a_wait_is_never_above_the_cap(attempt: int) -> None:
    assert BASE_S <= longest_wait_s(attempt) <= CAP_S
