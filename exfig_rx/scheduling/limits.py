"""What Figma allows: plans × tiers in one table, and what the wait that a 429 asks for means.

In: options, configs and the headers of a refusal. Out: the budget of a run, seconds to wait, the text of a lock-out.
Rule: every number of a plan stands in this table and nowhere else.
Source: https://developers.figma.com/docs/rest-api/rate-limits/
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from exfig_rx.errors import FigmaError, LockedOut, RateLimited
from exfig_rx.model import Location, Problem, Request, Tier
from exfig_rx.scheduling.ledger import Refusal

DEFAULT_RETRY_AFTER_S: Final = 60.0
"""Waited when a 429 does not say how long, or says nonsense."""

LONGEST_LOCK_OUT_S: Final = 366 * 86_400.0
"""A lock-out is believed up to a year; the longest one reported by users lasted five days."""

PLAN_KEPT_S: Final = 7 * 86_400.0
"""How long it is remembered that a file belongs to a lower plan: teams buy plans, and files move."""

MONTHLY_PLAN_KEPT_S: Final = 86_400.0
"""How long beyond its wait a budget counted by the month is remembered: it slows down most, and an upgrade ends it."""

MOST_REFUSALS: Final = 5
"""So many 429s in a row fail a request."""

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

LOW: Final = "low"
"""What Figma calls the limits of a View or Collab seat in `X-Figma-Rate-Limit-Type`."""

_HEADER_WORDS: Final = {"pro": "professional", "org": "organization"}
"""Plans as `X-Figma-Plan-Tier` says them, where that differs from the names above."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The budget of a run: requests a minute of tiers 1, 2, 3, and for people where the numbers come from.

    `plan` is the plan whose files it is for.
    """

    per_min: tuple[int, int, int]
    source: str
    plan: str = ASSUMED_PLAN

    def of(self, tier: Tier) -> int:
        """Requests a minute of one tier."""
        return self.per_min[tier - 1]


def resolve_limits(
    *, rate_limit: int | None, config_limits: Sequence[tuple[str, int]], plan: str | None, learnt: str | None = None
) -> Limits:
    """The budget in force: `--rate-limit`, else the lowest `figma.rateLimit`, else the plan, else Professional's.

    `rate_limit` and the numbers of `config_limits` (name of the config, requests a minute) set tier 1; tiers 2 and 3
    follow in the ratio of the plan, which is named where nobody asked for it. `plan` is a key of `PLANS`, None when
    nobody named one; then `learnt` counts, the plan that earlier refusals named.

    Raises:
        ValueError: for an unknown plan, or a limit below 1.
    """
    name = plan or learnt or ASSUMED_PLAN
    budget = _budget(name)
    how = "learnt from Figma" if learnt else "assumed"
    others = "" if plan is not None else f"; tiers 2 and 3 by plan {name}, {how}"
    if rate_limit is not None:
        return Limits(_scaled(budget, rate_limit), f"--rate-limit{others}", name)
    if config_limits:
        config, lowest = min(config_limits, key=lambda named: named[1])
        return Limits(_scaled(budget, lowest), f"figma.rateLimit of {config}{others}", name)
    if plan is None:
        return Limits(budget.per_min, f"plan {name} ({how}; --plan names another)", name)
    if budget.tier1_per_month is not None:
        monthly, paced = budget.tier1_per_month, budget.per_min[0]
        return Limits(budget.per_min, f"plan {plan} (tier 1: up to {monthly} a month, sent at {paced} a minute)", name)
    return Limits(budget.per_min, f"plan {plan}", name)


def budget_named(plan: str, limit_type: str) -> str | None:
    """The name of the budget that the headers of a refusal speak of; None if they name none that we know.

    A name is a key of `PLANS`; a low seat has a budget of its own in each plan (`professional/low`).
    """
    name = _HEADER_WORDS.get(plan, plan)
    known = name if name in PLANS else ""
    if limit_type == LOW and known != "starter":
        return f"{known}/{LOW}" if known else LOW
    return known or None


def budget_of(name: str) -> Budget | None:
    """The numbers behind a name that `budget_named` gave, None for any other text."""
    if name == LOW or (name.endswith(f"/{LOW}") and name.removesuffix(f"/{LOW}") in PLANS):
        return VIEW_SEAT
    return PLANS.get(name)


def is_lower(name: str, than: str) -> bool:
    """Whether the budget `name` allows less of tier 1 than the budget `than`."""
    return _allowance(name) < _allowance(than)


def _allowance(name: str) -> tuple[bool, int]:
    budget = budget_of(name) or _budget(ASSUMED_PLAN)
    return budget.tier1_per_month is None, budget.per_min[0]


def limits_of(name: str, run: Limits) -> tuple[int, int, int]:
    """Requests a minute for files of budget `name` in a run with the limits `run`; never above its own."""
    budget = budget_of(name) or _budget(ASSUMED_PLAN)
    first, second, third = (min(pair) for pair in zip(budget.per_min, run.per_min, strict=True))
    return first, second, third


def usual_plan(plans: Iterable[str]) -> str | None:
    """What to take for the plan of a file that nothing is known of: the lowest paid plan among the known ones."""
    paid = [name for name in plans if name in PLANS and PLANS[name].tier1_per_month is None]
    return min(paid, key=_allowance, default=None)


def _budget(plan: str) -> Budget:
    try:
        return PLANS[plan]
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


def remembered_until(name: str, *, now_s: float, over_at: float) -> float:
    """Until when (epoch seconds) the budget `name` of a file is remembered, learnt now from a wait until `over_at`."""
    budget = budget_of(name) or _budget(ASSUMED_PLAN)
    return now_s + PLAN_KEPT_S if budget.tier1_per_month is None else over_at + MONTHLY_PLAN_KEPT_S


def asked_wait_s(retry_after_s: float | None, spacing_s: float) -> float:
    """Seconds that a 429 means: 60 when absent, negative or no number; one spacing for 0; fractions round up.

    More than a year is a year.
    """
    if retry_after_s is None or math.isnan(retry_after_s) or retry_after_s < 0:
        return DEFAULT_RETRY_AFTER_S
    if retry_after_s == 0:
        return spacing_s
    return float(math.ceil(min(retry_after_s, LONGEST_LOCK_OUT_S)))


def local_time(epoch_s: float) -> str:
    """An instant as people read clocks here: `2026-10-03 14:05 CEST`."""
    local = datetime.fromtimestamp(epoch_s, tz=UTC).astimezone()
    return f"{local:%Y-%m-%d %H:%M %Z}"


def refusal_of(answer: RateLimited, tier: Tier, file_key: str, *, sent_at: float, until: float) -> Refusal:
    """What `answer` says of a request that left at `sent_at`, to be kept until `until` (both epoch seconds)."""
    host = urlsplit(answer.upgrade_url).hostname if answer.upgrade_url else None
    return Refusal(tier, file_key, until, answer.plan, answer.limit_type, host or "", sent_at)


def locked_out(refusal: Refusal, *, now_s: float, clock_text: ClockText) -> LockedOut:
    """The failure of everything that needs what `refusal` closes."""
    where = f" for file {refusal.file_key} and others of its plan" if refusal.file_key else ""
    seat = {LOW: " (View or Collab seat)", "high": " (Dev or Full seat)"}.get(refusal.limit_type, "")
    message = (
        f"Figma locked this token out of tier {int(refusal.tier)} requests{where} until {clock_text(refusal.until)} "
        f"({_span(refusal.until - now_s)} from now); plan: {refusal.plan or 'not named'}, "
        f"limit type: {refusal.limit_type or 'not named'}{seat}"
    )
    location = Location(figma_file=refusal.file_key) if refusal.file_key else None
    return LockedOut(Problem("figma.locked-out", message, _way_out(refusal), location), until=refusal.until)


def lower_plan(file_key: str, name: str, run: Limits) -> Problem:
    """That a file goes at a pace of its own, and how to have that forgotten."""
    per_min = limits_of(name, run)[0]
    return Problem(
        "figma.lower-plan",
        f"Figma counts file {file_key} against another plan ({name})",
        f"Its tier 1 requests go at {per_min} a minute; other files go on at {run.per_min[0]}. "
        "If that is over, --plan or --rate-limit drops what was learnt.",
        Location(figma_file=file_key),
    )


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


def _way_out(refusal: Refusal) -> str:
    monthly = f"up to {VIEW_SEAT.tier1_per_month} tier 1 requests a month"
    if refusal.plan == "starter":
        advice = f"Files of a Starter plan get {monthly}: move the file to a paid team, or wait."
    elif refusal.limit_type == LOW:
        advice = f"View and Collab seats get {monthly}: use a token of a Dev or Full seat in the file's team, or wait."
    else:
        advice = "Wait, or raise --max-wait if the wait is short enough."
    advice += " --ignore-lockout asks Figma all the same."
    return f"{advice} Figma offers an upgrade at {refusal.upgrade_host}." if refusal.upgrade_host else advice


def _span(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
