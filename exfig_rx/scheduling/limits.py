"""What Figma allows: plans × tiers in one table, and what the wait that a 429 asks for means.

In: options, configs and the headers of a refusal. Out: the budget of a run, seconds to wait, the text of a lock-out.
Rule: every number of a plan stands in this table and nowhere else.
Source: https://developers.figma.com/docs/rest-api/rate-limits/
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from exfig_rx.errors import FigmaError, LockedOut, RateLimited
from exfig_rx.model import Location, Problem, Request, Tier

DEFAULT_RETRY_AFTER_S: Final = 60.0
"""Waited when a 429 does not say how long, or says nonsense."""

LONGEST_LOCK_OUT_S: Final = 366 * 86_400.0
"""A lock-out is believed up to a year; the longest one reported by users lasted five days."""


ClockText: TypeAlias = Callable[[float], str]
"""Epoch seconds to what people read."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Requests a minute of tiers 1, 2, 3.

    Where tier 1 is counted by the month, `tier1_per_month` is Figma's number and `per_min[0]` only how fast that
    month's requests may go.
    """

    per_min: tuple[int, int, int]
    tier1_per_month: int | None = None


PLANS: Final[Mapping[str, Budget]] = MappingProxyType(
    {
        "starter": Budget((1, 5, 10), tier1_per_month=6),
        "professional": Budget((10, 25, 50)),
        "organization": Budget((15, 50, 100)),
        "enterprise": Budget((20, 100, 150)),
    }
)
"""What a Dev or Full seat gets, by the plan that owns the file; Starter gives every seat the same."""

VIEW_SEAT: Final = Budget((1, 5, 10), tier1_per_month=6)
"""What a View or Collab seat gets in any plan, at most."""

ASSUMED_PLAN: Final = "professional"


@dataclass(frozen=True, slots=True)
class Limits:
    """The budget of a run: requests a minute of tiers 1, 2, 3, and for people where the numbers come from."""

    per_min: tuple[int, int, int]
    source: str

    def of(self, tier: Tier) -> int:
        """Requests a minute of one tier."""
        return self.per_min[tier - 1]


def resolve_limits(*, rate_limit: int | None, config_limits: Sequence[tuple[str, int]], plan: str | None) -> Limits:
    """The budget in force: `--rate-limit`, else the lowest `figma.rateLimit`, else the plan, else Professional's.

    `rate_limit` and the numbers of `config_limits` (name of the config, requests a minute) set tier 1; tiers 2 and 3
    follow in the ratio of the plan. `plan` is a key of `PLANS`, None when nobody named one.

    Raises:
        ValueError: for an unknown plan, or a limit below 1.
    """
    budget = _budget(plan)
    if rate_limit is not None:
        return Limits(_scaled(budget, rate_limit), "--rate-limit")
    if config_limits:
        name, lowest = min(config_limits, key=lambda named: named[1])
        return Limits(_scaled(budget, lowest), f"figma.rateLimit of {name}")
    if plan is None:
        return Limits(budget.per_min, f"plan {ASSUMED_PLAN} (assumed; --plan names another)")
    if budget.tier1_per_month is not None:
        monthly, paced = budget.tier1_per_month, budget.per_min[0]
        return Limits(budget.per_min, f"plan {plan} (tier 1: up to {monthly} a month, sent at {paced} a minute)")
    return Limits(budget.per_min, f"plan {plan}")


def _budget(plan: str | None) -> Budget:
    try:
        return PLANS[ASSUMED_PLAN if plan is None else plan]
    except KeyError:
        raise ValueError(f"unknown plan {plan!r}; known are {', '.join(PLANS)}") from None


def _scaled(budget: Budget, tier1: int) -> tuple[int, int, int]:
    """Tier 1 as asked for, the others in the plan's ratio; a monthly tier 1 has no ratio, there they stay."""
    if tier1 < 1:
        raise ValueError(f"a limit is at least 1 request a minute, not {tier1}")
    first, second, third = budget.per_min
    if budget.tier1_per_month is not None:
        return (tier1, second, third)
    return (tier1, max(1, tier1 * second // first), max(1, tier1 * third // first))


def asked_wait_s(retry_after_s: float | None, spacing_s: float) -> float:
    """Seconds that a 429 means: 60 when absent, negative or not a number; one spacing for 0; fractions round up."""
    if retry_after_s is None or not math.isfinite(retry_after_s) or retry_after_s < 0:
        return DEFAULT_RETRY_AFTER_S
    if retry_after_s == 0:
        return spacing_s
    return float(min(math.ceil(retry_after_s), LONGEST_LOCK_OUT_S))


def local_time(epoch_s: float) -> str:
    """An instant as people read clocks here: `2026-10-03 14:05 CEST`."""
    local = datetime.fromtimestamp(epoch_s, tz=UTC).astimezone()
    return f"{local:%Y-%m-%d %H:%M %Z}"


def lock_out(refusal: RateLimited, request: Request, *, wait_s: float, until: float, clock_text: str) -> LockedOut:
    """The failure of everything that needs this request's tier and file before `until` (epoch seconds)."""
    where = f" for file {request.file_key}" if request.file_key else ""
    plan, limit_type = refusal.plan or "not named", refusal.limit_type or "not named"
    message = (
        f"Figma locked this token out of tier {int(request.tier)} requests{where} until {clock_text} "
        f"({_span(wait_s)} from now); plan: {plan}, limit type: {limit_type}"
    )
    location = Location(figma_file=request.file_key) if request.file_key else None
    return LockedOut(Problem("figma.locked-out", message, _way_out(refusal), location), until=until)


def refused_too_often(request: Request, refusals: int) -> FigmaError:
    """The failure of one request that was refused with a 429 `refusals` times in a row."""
    what = request.what or request.path
    return FigmaError(
        Problem(
            "figma.refused-repeatedly",
            f"Figma refused {what} {refusals} times in a row (HTTP 429), each time after the wait it had asked for",
            "Something else uses up the same budget: run again later, or lower --rate-limit.",
            Location(figma_file=request.file_key) if request.file_key else None,
        ),
        status=429,
    )


def _way_out(refusal: RateLimited) -> str:
    monthly = f"up to {VIEW_SEAT.tier1_per_month} tier 1 requests a month"
    if refusal.plan == "starter":
        advice = f"Files of a Starter plan get {monthly}: move the file to a paid team, or wait."
    elif refusal.limit_type == "low":
        advice = f"View and Collab seats get {monthly}: use a token of a Dev or Full seat in the file's team, or wait."
    else:
        advice = "Wait, or raise --max-wait if the wait is short enough."
    host = urlsplit(refusal.upgrade_url).hostname if refusal.upgrade_url else None
    return f"{advice} Figma offers an upgrade at {host}." if host else advice


def _span(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
