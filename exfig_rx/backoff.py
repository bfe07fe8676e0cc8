"""How long to wait before asking again: exponential with full jitter, so that what failed together comes back apart.

In: which retry it is. Out: the upper bound of its wait in seconds; the wait itself is a random part of it
(https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
"""

from typing import Final

BASE_S: Final = 1.0
"""Upper bound of the first wait; it doubles with each attempt."""

CAP_S: Final = 30.0
"""Upper bound of any wait."""


def longest_wait_s(attempt: int) -> float:
    """The most that the retry number `attempt` (from 1) waits, in seconds."""
    return min(CAP_S, BASE_S * 2.0 ** min(attempt - 1, 16))
