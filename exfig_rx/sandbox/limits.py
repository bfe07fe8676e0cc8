"""The rate limits that the sandbox enforces: so many requests of a tier in any window, per token and plan.

In: who asks, which tier, when. Out: go ahead, or the seconds to wait. Rules: never more than the limit in any window
(60 s unless a test wants less); a refused request does not count. Figma's own bucket is not published, so this is the
strictest reading of "a minute" (https://developers.figma.com/docs/rest-api/rate-limits/).
"""

from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field

from exfig_rx.model import Tier

PROFESSIONAL = (10, 25, 50)
"""Requests a minute of tiers 1, 2, 3 for a Dev or Full seat in the Professional plan."""


@dataclass(slots=True)
class Window:
    """Counts admissions per budget and tier; `per_window` are the limits of tiers 1, 2, 3."""

    per_window: tuple[int, int, int]
    length_s: float = 60.0
    _admitted: dict[tuple[Hashable, Tier], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def admit(self, budget: Hashable, tier: Tier, now_s: float) -> float:
        """0 if the request may pass (and is counted), else the seconds until one would."""
        times = self._admitted[budget, tier]
        while times and times[0] <= now_s - self.length_s:
            times.popleft()
        limit = self.per_window[tier - 1]
        if len(times) < limit:
            times.append(now_s)
            return 0.0
        return times[0] + self.length_s - now_s if times else self.length_s
