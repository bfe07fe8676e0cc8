"""What the doctor asks, in which order, and what it makes of the answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import reactivex as rx
from reactivex import Observable

from exfig_rx.batch.checkup import (
    NamedFile,
    Told,
    about_configs,
    about_plans,
    checks,
    files_of,
)
from exfig_rx.batch.discovery import RejectedConfig, ValidConfig
from exfig_rx.config.parse import parse_config
from exfig_rx.errors import FigmaError, LockedOut
from exfig_rx.figma.checkup import Announcement, Finding, Verdict, about_token
from exfig_rx.figma.refusals import refusal
from exfig_rx.model import ConfigId, Problem, Request, Response, Tier
from exfig_rx.scheduling.ledger import NOTHING_NEW, News, Refusal
from exfig_rx.scheduling.limits import Limits

FILE, OTHER = "Lb9HarborLibrary00000001", "Vq3HarborTokens000000001"
ME = {"handle": "Maren", "email": "maren@harbor.example"}
META = {"file": {"name": "Harbor", "role": "viewer", "version": "12"}}
STYLES: dict[str, Any] = {"meta": {"styles": [{}, {}]}}
VARIABLES: dict[str, Any] = {"meta": {"variableCollections": {"c": {"name": "Theme"}}, "variables": {"v": {}, "w": {}}}}
LIMITS = Limits((10, 25, 50), "plan professional (assumed; --plan names another)")

Outcome = Mapping[str, Any] | tuple[int, str]
"""A body, or a status and Figma's words."""


def config(name: str, text: str) -> ValidConfig:
    return ValidConfig(ConfigId(f"/{name}", name, name), parse_config(text.encode(), name).config)


STYLED = config("a.yaml", f"figma: {{ lightFileId: {FILE} }}\nweb: {{ output: out, colors: {{}} }}\n")
WITH_VARIABLES = config(
    "b.yaml",
    f"figma: {{ lightFileId: {FILE} }}\nweb:\n  output: out2\n  icons: {{}}\n  colors:\n"
    f"    - {{ tokensFileId: {OTHER}, "
    "tokensCollectionName: Theme, lightModeName: Day }\n",
)


def told(configs: Sequence[ValidConfig], **outcomes: Outcome) -> tuple[list[Told], list[str]]:
    """What is told when `me`, `meta`, `styles` and `variables` come out like this; and what was asked."""
    answers: dict[str, Outcome] = {"me": ME, "meta": META, "styles": STYLES, "local": VARIABLES, **outcomes}
    asked: list[str] = []

    def ask(request: Request) -> Observable[Response]:
        asked.append(f"{int(request.tier)} {request.path}")
        outcome = answers[request.path.rpartition("/")[2]]
        if isinstance(outcome, tuple):
            return rx.throw(refusal(request, *outcome))
        return rx.of(Response(200, outcome))

    found: list[Told] = []
    checks(ask, files_of(configs)).subscribe(found.append)
    return found, asked


def lines(found: Sequence[Told]) -> list[str]:
    return [f"{it.verdict} {it.subject}: {it.message}" if isinstance(it, Finding) else it.text for it in found]


def test_a_healthy_project_costs_tier_3_alone() -> None:
    found, asked = told([STYLED])
    assert lines(found) == [
        "ok account: the token is accepted; it acts for Maren, maren@harbor.example",
        f'ok file {FILE}: "Harbor", as viewer; in a.yaml',
        "ok scope library_content:read: there: to list published styles and components",
        "ok scope file_content:read: not looked at, as that takes a request of tier 1; needed for colors, text styles, "
        "icons and images themselves",
    ]
    assert asked == ["3 /v1/me", f"3 /v1/files/{FILE}/meta", f"3 /v1/files/{FILE}/styles"]


def test_variables_are_asked_once_and_announced_before() -> None:
    found, asked = told([STYLED, WITH_VARIABLES])
    assert [line for line in asked if line[0] != "3"] == [f"2 /v1/files/{OTHER}/variables/local"]
    assert found[-2] == Announcement(f"one tier 2 request: the variables of file {OTHER}")
    assert lines(found)[-1] == f"ok variables of file {OTHER}: readable: 2 in 1 collections"
    assert "in a.yaml, b.yaml" in lines(found)[1]


def test_a_token_that_is_not_accepted_ends_it_there() -> None:
    found, asked = told([STYLED], me=(403, "Invalid token"))
    assert asked == ["3 /v1/me"]
    (finding,) = found
    assert isinstance(finding, Finding)
    assert finding.verdict is Verdict.FAIL
    assert "set FIGMA_PERSONAL_TOKEN" in finding.hint


def test_not_knowing_whose_token_it_is_hurts_nobody() -> None:
    found, asked = told([STYLED], me=(403, "Invalid scope(s): this endpoint requires the current_user:read scope"))
    assert lines(found)[0].startswith("ok account: the token is accepted; whose it is it may not tell")
    assert len(asked) == 3


def test_without_the_scope_for_facts_a_file_is_reached_by_what_it_publishes() -> None:
    found, asked = told([STYLED], meta=(403, "Invalid scope(s). This endpoint requires the file_metadata:read scope"))
    assert lines(found)[1:3] == [
        "warn scope file_metadata:read: missing: needed to ask for the version of a file at low cost",
        f"ok file {FILE}: reached; 2 published styles; in a.yaml",
    ]
    assert asked[1:] == [f"3 /v1/files/{FILE}/meta", *[f"3 /v1/files/{FILE}/styles"] * 2]


@pytest.mark.parametrize(
    ("outcomes", "subject", "message"),
    [
        ({"meta": (404, "Not found")}, f"file {FILE}", "Figma has no file"),
        ({"meta": (403, "")}, f"file {FILE}", "denies access"),
        (
            {"styles": (403, "This endpoint requires the library_content:read scope")},
            "scope library_content:read",
            "missing",
        ),
        ({"local": (403, "Limited by Figma plan")}, f"variables of file {OTHER}", "plan does not allow"),
        ({"local": (403, "Invalid scope")}, "scope file_variables:read", "missing"),
        ({"local": {}}, f"variables of file {OTHER}", "holds no map of variable collections"),
    ],
)
def test_each_refusal_is_a_failure_with_advice_and_the_rest_goes_on(
    outcomes: dict[str, Outcome], subject: str, message: str
) -> None:
    found, _ = told([WITH_VARIABLES], **outcomes)
    failed = [it for it in found if isinstance(it, Finding) and it.verdict is Verdict.FAIL]
    assert {it.subject for it in failed} <= {subject, f"file {OTHER}"}
    assert any(it.subject == subject and message in it.message and it.hint for it in failed)
    assert isinstance(found[-1], Finding)
    assert "variables" in found[-1].subject


def test_a_lock_out_is_told_and_other_files_are_looked_at() -> None:
    def ask(request: Request) -> Observable[Response]:
        if request.path.endswith("/meta") and FILE in request.path:
            return rx.throw(LockedOut(Problem("figma.locked-out", "locked out until noon", "Wait."), until=9.0))
        return rx.of(Response(200, META))

    found: list[Told] = []
    checks(ask, files_of([WITH_VARIABLES])).subscribe(found.append)
    assert f"fail file {FILE}: locked out until noon; in b.yaml" in lines(found)
    assert f'ok file {OTHER}: "Harbor", as viewer; in b.yaml' in lines(found)


def test_a_bug_is_no_finding() -> None:
    errors: list[Exception] = []
    checks(lambda _: rx.throw(ZeroDivisionError()), ()).subscribe(on_error=errors.append)
    assert [type(error) for error in errors] == [ZeroDivisionError]
    assert not isinstance(errors[0], FigmaError)


def test_configs_that_cannot_run_are_named() -> None:
    broken = RejectedConfig(ConfigId("/c", "c", "c.yaml"), (Problem("a", "b"), Problem("c", "d")))
    assert lines(list(about_configs([STYLED, broken]))) == ["fail config c.yaml: 2 errors", "ok configs: 1 valid"]
    assert lines(list(about_configs([]))) == ["ok configs: none here, so no file is looked at"]


def plans(*keys: str, memory: News = NOTHING_NEW) -> list[Finding]:
    files = [NamedFile(key, (STYLED.id,), False) for key in keys]
    return list(about_plans(files, memory, LIMITS, now_s=100.0, clock_text=lambda at_s: f"{at_s:g}"))


def test_plan_and_seat_are_unknown_until_figma_refuses() -> None:
    assert lines(plans("a", "b")) == [
        f"ok plan and seat: unknown until Figma refuses a request; the limits are those of {LIMITS.source}"
    ]
    assert lines(plans()) == lines(plans("a"))


def test_what_refusals_taught_is_told_for_the_files_at_hand() -> None:
    memory = News(plans={"a": "organization", "b": "professional/low", "c": "starter", "x": "starter"})
    found = plans("a", "b", "c", "d", memory=memory)
    assert lines(found) == [
        "ok plan and seat: plan organization: a",
        "warn plan and seat: plan professional, View or Collab seat: b",
        "warn plan and seat: plan starter: c",
        "ok plan and seat of 1 more files: unknown until Figma refuses a request; the limits are those of "
        f"{LIMITS.source}",
    ]
    assert "6 requests of tier 1 a month" in found[1].hint
    assert lines(plans("a", memory=News(plans={"a": "low"}))) == [
        "warn plan and seat: a plan that is not named, View or Collab seat: a"
    ]


def test_a_lock_out_that_lasts_is_a_failure() -> None:
    memory = News(refusals=(Refusal(Tier.ONE, "a", 4000.0, "pro", "low"), Refusal(Tier.TWO, "a", 50.0)))
    (_, finding) = plans("a", memory=memory)
    assert (finding.verdict, finding.subject) == (Verdict.FAIL, "tier 1")
    assert "until 4000" in finding.message
    assert "--ignore-lockout" in finding.hint


@pytest.mark.parametrize(
    ("token", "verdict"),
    [("figd_x", Verdict.OK), ("figp_x", Verdict.OK), ("figu_x", Verdict.FAIL), ("1234-abcd", Verdict.WARN)],
)
def test_a_token_is_known_by_its_beginning_and_never_shown(token: str, verdict: Verdict) -> None:
    finding = about_token(token + "-secret")
    assert finding.verdict is verdict
    assert "secret" not in finding.message + finding.hint
