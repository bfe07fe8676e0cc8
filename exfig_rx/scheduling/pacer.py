"""The pace of one tier, as a pure function of (state, now): when may the next request go?

Two rules hold together. A bucket of `burst` sends refills at the pace in force, so sends after a burst are spaced; and
no window of 60 s holds more sends than the limit. (The bucket alone would let `burst` more through in its first
minute.) Within these two nothing waits but a margin: a send leaves the count 60.4 s later, since the ways to Figma of
two requests are not equally long, and what left 60 s apart may arrive within a minute.
Times are whole microseconds, the grain of the reactor's clock, so that every comparison is exact.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

SECOND_US: Final = 1_000_000
WINDOW_US: Final = 60 * SECOND_US
MARGIN_US: Final = 400_000
"""Added to each window: the most that one request may be slower on its way than the next; costs 0.7 % of the time."""

_HOUR_US: Final = 3600 * SECOND_US
_SEND: Final = _HOUR_US
"""What one send takes from the bucket, in units of which `pace_per_hour` flow in each microsecond: no fractions."""

_LOWERED = (7, 10)
_RAISES = 50
"""A refusal takes the pace to 7/10; fifty answers take it from nothing to the limit."""


@dataclass(frozen=True, slots=True)
class Pacer:
    """The state of one tier.

    `limit_per_min` is never exceeded; `pace_per_hour` is the pace in force, at most 60 x the limit, lowered by
    refusals. `level` is what the bucket held at `level_at_us` (in the future: nothing flows in before); at `held_at_us`
    it held at most one send. `sends_us` are the last sends, oldest first, at most `kept` of them.
    """

    limit_per_min: int
    burst: int
    pace_per_hour: int
    level: int
    level_at_us: int = 0
    sends_us: tuple[int, ...] = ()
    lowered_at_us: int = -1
    held_at_us: int = -1

    @property
    def limit_in_force(self) -> int:
        """Sends allowed in any 60 s at the present pace; at least 1, at most `limit_per_min`."""
        return max(1, self.pace_per_hour // 60)

    @property
    def is_lowered(self) -> bool:
        """Whether refusals hold the pace below the limit."""
        return self.pace_per_hour < 60 * self.limit_per_min

    @property
    def kept(self) -> int:
        """Sends that either rule may still ask for."""
        return max(self.limit_per_min, self.burst)

    @property
    def spacing_s(self) -> float:
        """Seconds between two sends at the present pace."""
        return 3600 / self.pace_per_hour


def fresh(limit_per_min: int, burst: int = 3) -> Pacer:
    """A pacer that has sent nothing: full bucket, pace at the limit.

    Raises:
        ValueError: if limit or burst is below 1.
    """
    if limit_per_min < 1 or burst < 1:
        raise ValueError(f"limit and burst are at least 1, not {limit_per_min} and {burst}")
    return Pacer(limit_per_min, burst, pace_per_hour=60 * limit_per_min, level=burst * _SEND)


def earliest(state: Pacer, now_us: int) -> int:
    """The first instant from `now_us` on (microseconds) at which both rules let a request go."""
    return max(now_us, _bucket_ready(state, now_us), _window_ready(state))


def sent(state: Pacer, now_us: int) -> Pacer:
    """The state after a request left at `now_us`, whatever becomes of it."""
    # spelled out, as this happens at each send: `replace` takes three times as long, and unpacking copies twice
    sends = state.sends_us
    if len(sends) >= state.kept:
        sends = sends[len(sends) + 1 - state.kept :]
    return Pacer(
        state.limit_per_min,
        state.burst,
        state.pace_per_hour,
        level=_level(state, now_us) - _SEND,
        level_at_us=max(state.level_at_us, now_us),
        sends_us=sends + (now_us,),  # noqa: RUF005
        lowered_at_us=state.lowered_at_us,
        held_at_us=state.held_at_us,
    )


def merged(state: Pacer, others_us: Sequence[int], now_us: int) -> Pacer:
    """The state that also counts `others_us`, sends that somebody else made with the same token up to `now_us`.

    The bucket is counted anew from all sends known: full before the first, never fuller than it was, and with what the
    last pause left in it.
    """
    if not others_us:
        return state
    sends = sorted((*state.sends_us, *others_us))
    full, held_us = state.burst * _SEND, state.held_at_us
    level, at_us = full, sends[0] if held_us < 0 else min(sends[0], held_us)
    for instant in (*sends, now_us):
        if at_us <= held_us <= instant:
            level = min(_SEND, level + (held_us - at_us) * state.pace_per_hour)
            at_us, held_us = held_us, -1
        level = min(full, level + max(0, instant - at_us) * state.pace_per_hour) - _SEND
        at_us = max(at_us, instant)
    level = min(level + _SEND, _level(state, now_us))  # nothing was sent at the last instant
    kept = tuple(sends[-state.kept :])
    return replace(state, level=level, level_at_us=max(state.level_at_us, now_us), sends_us=kept)


def held(state: Pacer, *, resume_us: int) -> Pacer:
    """The state of a bucket that holds at most one send at `resume_us` and fills no earlier."""
    level, at_us = min(_SEND, _level(state, resume_us)), max(resume_us, state.level_at_us)
    return replace(state, level=level, level_at_us=at_us, held_at_us=resume_us)


def joined(state: Pacer, now_us: int) -> Pacer:
    """The state of a line that a file has just moved to: refusals of what left before don't lower its pace."""
    return replace(state, lowered_at_us=now_us)


def refused(state: Pacer, *, sent_us: int, now_us: int, resume_us: int) -> Pacer:
    """The state after a 429 for a request that left at `sent_us`; nothing goes before `resume_us`.

    The pace falls once for all refusals of requests sent before it fell, and the bucket holds at most one send when
    the pause ends: the flow comes back at pace, not as a burst into a bucket that has just overflowed.
    """
    lowered = state
    if sent_us > state.lowered_at_us:
        numerator, denominator = _LOWERED
        pace = max(60, state.pace_per_hour * numerator // denominator)
        lowered = replace(_settled(state, now_us), pace_per_hour=pace, lowered_at_us=now_us)
    return held(lowered, resume_us=resume_us)


def answered(state: Pacer, now_us: int) -> Pacer:
    """The state after a success: a lowered pace climbs by a fiftieth of the limit, never above it."""
    if not state.is_lowered:
        return state
    ceiling = 60 * state.limit_per_min
    step = max(1, ceiling // _RAISES)
    return replace(_settled(state, now_us), pace_per_hour=min(ceiling, state.pace_per_hour + step))


def sent_last_minute(state: Pacer, now_us: int) -> int:
    """Sends in the 60 s up to and including `now_us`."""
    return len(state.sends_us) - bisect_right(state.sends_us, now_us - WINDOW_US)


def _level(state: Pacer, at_us: int) -> int:
    flowed_in = max(0, at_us - state.level_at_us) * state.pace_per_hour
    return min(state.burst * _SEND, state.level + flowed_in)


def _settled(state: Pacer, now_us: int) -> Pacer:
    """The same bucket, read at `now_us`, so that a change of pace does not reach back."""
    return replace(state, level=_level(state, now_us), level_at_us=max(state.level_at_us, now_us))


def _bucket_ready(state: Pacer, now_us: int) -> int:
    missing = _SEND - _level(state, now_us)
    if missing <= 0:
        return now_us
    return max(now_us, state.level_at_us) + -(-missing // state.pace_per_hour)


def _window_ready(state: Pacer) -> int:
    allowed = state.limit_in_force
    if len(state.sends_us) < allowed:
        return 0
    return state.sends_us[-allowed] + WINDOW_US + MARGIN_US
