"""The table of plans, and what a 429's wait means."""

import math

import pytest

from exfig_rx.errors import RateLimited
from exfig_rx.model import Tier
from exfig_rx.scheduling.ledger import Refusal
from exfig_rx.scheduling.limits import (
    Limits,
    asked_wait_s,
    budget_named,
    budget_of,
    is_lower,
    limits_of,
    local_time,
    locked_out,
    refusal_of,
    remembered_until,
    resolve_limits,
    usual_plan,
)


@pytest.mark.parametrize(
    ("plan", "per_min"),
    [
        ("professional", (10, 25, 50)),
        ("organization", (15, 50, 100)),
        ("enterprise", (20, 100, 150)),
        ("starter", (1, 5, 10)),
    ],
)
def test_a_plan_gives_its_documented_limits(plan: str, per_min: tuple[int, int, int]) -> None:
    limits = resolve_limits(rate_limit=None, config_limits=[], plan=plan)
    assert limits.per_min == per_min
    assert limits.source.startswith(f"plan {plan}")
    assert [limits.of(tier) for tier in Tier] == list(per_min)


def test_without_any_word_the_professional_plan_is_assumed_and_named() -> None:
    limits = resolve_limits(rate_limit=None, config_limits=[], plan=None)
    source = "plan professional (assumed; --plan names another)"
    assert limits == Limits((10, 25, 50), source, "professional")


def test_the_starter_plan_says_that_tier_1_is_counted_by_the_month() -> None:
    limits = resolve_limits(rate_limit=None, config_limits=[], plan="starter")
    assert limits.source == "plan starter (tier 1: up to 6 a month, sent at 1 a minute)"


def test_the_option_wins_over_configs_and_plan() -> None:
    limits = resolve_limits(rate_limit=12, config_limits=[("a.yaml", 3)], plan="enterprise")
    assert limits == Limits((12, 60, 90), "--rate-limit", "enterprise")


def test_the_lowest_limit_of_the_configs_wins_and_is_named() -> None:
    limits = resolve_limits(rate_limit=None, config_limits=[("a.yaml", 9), ("b.yaml", 4), ("c.yaml", 7)], plan=None)
    assert limits == Limits((4, 10, 20), "figma.rateLimit of b.yaml; tiers 2 and 3 by plan professional, assumed")


@pytest.mark.parametrize(
    ("learnt", "how"), [(None, "professional, assumed"), ("enterprise", "enterprise, learnt from Figma")]
)
def test_a_limit_names_the_plan_of_the_other_tiers_where_nobody_did(learnt: str | None, how: str) -> None:
    limits = resolve_limits(rate_limit=12, config_limits=[], plan=None, learnt=learnt)
    assert limits.source == f"--rate-limit; tiers 2 and 3 by plan {how}"


def test_a_plan_that_refusals_taught_counts_unless_one_is_named_and_says_so() -> None:
    learnt = resolve_limits(rate_limit=None, config_limits=[], plan=None, learnt="enterprise")
    source = "plan enterprise (learnt from Figma; --plan names another)"
    assert learnt == Limits((20, 100, 150), source, "enterprise")
    assert resolve_limits(rate_limit=None, config_limits=[], plan="organization", learnt="enterprise").per_min[0] == 15
    assert resolve_limits(rate_limit=8, config_limits=[], plan=None, learnt="enterprise").per_min == (8, 40, 60)


@pytest.mark.parametrize(
    ("plan", "limit_type", "name", "per_min"),
    [
        ("pro", "high", "professional", (10, 25, 50)),
        ("org", "high", "organization", (15, 50, 100)),
        ("enterprise", "", "enterprise", (20, 100, 150)),
        ("starter", "low", "starter", (1, 5, 10)),
        ("starter", "high", "starter", (1, 5, 10)),
        ("enterprise", "low", "enterprise/low", (1, 5, 10)),
        ("student", "low", "low", (1, 5, 10)),
        ("student", "high", None, None),
        ("", "", None, None),
        ("platinum", "high", None, None),
    ],
)
def test_the_headers_of_a_refusal_name_a_budget(
    plan: str, limit_type: str, name: str | None, per_min: tuple[int, int, int] | None
) -> None:
    assert budget_named(plan, limit_type) == name
    budget = budget_of(name) if name is not None else None
    assert (budget.per_min if budget is not None else None) == per_min


def test_a_lower_plan_never_goes_faster_than_a_limit_that_somebody_asked_for() -> None:
    asked = resolve_limits(rate_limit=12, config_limits=[], plan="enterprise")
    assert limits_of("organization", asked) == (12, 50, 90)
    assumed = resolve_limits(rate_limit=None, config_limits=[], plan=None)
    assert limits_of("starter", assumed) == (1, 5, 10)


def test_low_seats_and_starter_files_are_lower_than_every_paid_plan() -> None:
    assert is_lower("enterprise/low", "professional")
    assert is_lower("starter", "professional")
    assert is_lower("professional", "organization")
    assert not is_lower("enterprise", "organization")


def test_the_usual_plan_is_the_lowest_paid_one_among_those_learnt() -> None:
    assert usual_plan(["enterprise", "organization", "starter", "pro", "professional/low"]) == "organization"
    assert usual_plan(["starter", "low"]) is None


def test_other_tiers_follow_in_the_ratio_of_the_plan_and_stay_above_zero() -> None:
    assert resolve_limits(rate_limit=1, config_limits=[], plan="professional").per_min == (1, 2, 5)
    assert resolve_limits(rate_limit=600, config_limits=[], plan="organization").per_min == (600, 2000, 4000)


def test_a_monthly_tier_1_has_no_ratio_so_the_other_tiers_stay_as_documented() -> None:
    assert resolve_limits(rate_limit=30, config_limits=[], plan="starter").per_min == (30, 5, 10)


def test_an_unknown_plan_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown plan 'pro'; known are starter, professional, organization"):
        resolve_limits(rate_limit=None, config_limits=[], plan="pro")


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 request a minute, not 0"):
        resolve_limits(rate_limit=0, config_limits=[], plan=None)


@pytest.mark.parametrize(
    ("retry_after_s", "wait_s"),
    [
        (None, 60),
        (-1, 60),
        (math.nan, 60),
        (math.inf, 366 * 86_400),
        (0, 6),
        (0.2, 1),
        (41.01, 42),
        (42, 42),
        (1e12, 366 * 86_400),
    ],
)
def test_every_retry_after_has_a_meaning(retry_after_s: float | None, wait_s: float) -> None:
    assert asked_wait_s(retry_after_s, spacing_s=6.0) == wait_s


def told(answer: RateLimited) -> Refusal:
    return refusal_of(answer, Tier.ONE, "Ab12", sent_at=5.0, until=1e9)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            RateLimited(retry_after_s=396_749, plan="pro", limit_type="low", upgrade_url="https://www.figma.com/f?x=1"),
            ("View and Collab seats get up to 6 tier 1 requests a month", "at www.figma.com."),
        ),
        (
            RateLimited(retry_after_s=396_749, plan="starter", limit_type="high"),
            ("Files of a Starter plan get up to 6 tier 1 requests a month",),
        ),
        (RateLimited(retry_after_s=396_749), ("raise --max-wait",)),
    ],
)
def test_a_lock_out_tells_what_until_when_why_and_what_to_do(answer: RateLimited, said: tuple[str, ...]) -> None:
    error = locked_out(told(answer), now_s=1e9 - 396_749, clock_text=lambda _: "2026-10-03 14:05 CEST")
    (problem,) = error.problems
    assert problem.code == "figma.locked-out"
    assert problem.message.startswith(
        "Figma locked this token out of tier 1 requests for file Ab12 and others of its plan "
        "until 2026-10-03 14:05 CEST (4 d 14 h from now)"
    )
    assert f"plan: {answer.plan or 'not named'}, limit type: {answer.limit_type or 'not named'}" in problem.message
    for words in said:
        assert words in problem.hint
    assert "x=1" not in problem.hint
    assert "--ignore-lockout" in problem.hint
    assert problem.location is not None
    assert problem.location.figma_file == "Ab12"
    assert error.until == 1e9


@pytest.mark.parametrize(("wait_s", "span"), [(301, "6 min"), (3600, "1 h 0 min"), (36_098, "10 h 2 min")])
def test_a_lock_out_writes_its_length_as_people_say_it(wait_s: float, span: str) -> None:
    error = locked_out(told(RateLimited(retry_after_s=wait_s)), now_s=1e9 - wait_s, clock_text=lambda _: "later")
    assert f"({span} from now)" in error.problems[0].message


def test_a_paid_plan_is_remembered_for_a_week_and_a_monthly_one_a_day_longer_than_its_wait() -> None:
    day_s = 86_400
    assert remembered_until("organization", now_s=100.0, over_at=160.0) == 100 + 7 * day_s
    for name in ("starter", "enterprise/low"):
        assert remembered_until(name, now_s=100.0, over_at=160.0) == 160 + day_s


def test_local_time_reads_like_a_clock_with_its_zone() -> None:
    text = local_time(1_790_000_000)
    assert text.startswith("2026-09-2")
    assert len(text.split()) == 3
