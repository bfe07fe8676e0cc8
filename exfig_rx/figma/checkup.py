"""What `exfig doctor` asks of Figma, and what the answers mean: a verdict each.

In: a token's shape; answers and refusals. Out: requests, `Finding`s. Rule: a refusal that takes nothing from an export
is no fault; every other one says what to do now. Nothing here costs more than tier 3, but for variables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from exfig_rx.errors import FigmaError
from exfig_rx.figma.answers import file_path, mapping, text
from exfig_rx.figma.refusals import NEW_TOKEN
from exfig_rx.model import Problem, Request, Response, Tier
from exfig_rx.variables import FileVariables

SCOPES: Final[Mapping[str, str]] = {
    "current_user:read": "to name the owner of the token, which no export needs",
    "file_metadata:read": "to ask for the version of a file at low cost",
    "library_content:read": "to list published styles and components",
    "file_content:read": "for colors, text styles, icons and images themselves",
    "file_variables:read": "for colors from variables, on Enterprise plans",
}
"""The scopes that exfig has a use for, and which (https://developers.figma.com/docs/rest-api/scopes/)."""

_KINDS: Final = {
    "figd_": "a personal access token",
    "figp_": "a plan access token",
}
_OTHERS: Final = {
    "figu_": "an OAuth access token",
    "figur_": "an OAuth refresh token",
}


class Verdict(StrEnum):
    """How one thing stands."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `subject` names it, `hint` says what to do."""

    verdict: Verdict
    subject: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is about to be asked, told before it is."""

    text: str


Answer: TypeAlias = Response | FigmaError
"""What came of a request."""


# What to ask


def me() -> Request:
    """Whose token it is (tier 3)."""
    return Request(Tier.THREE, "/v1/me", what="the owner of the token")


def library(file_key: str) -> Request:
    """What a file publishes, which takes the scope that every export but one of variables needs (tier 3)."""
    return Request(Tier.THREE, f"{file_path(file_key)}/styles", file_key=file_key, what=f"styles of file {file_key}")


# What it means


def about_token(token: str) -> Finding:
    """What a token looks like; it is never shown."""
    kind = next((kind for prefix, kind in _KINDS.items() if token.startswith(prefix)), None)
    if kind is not None:
        return Finding(Verdict.OK, "token", f"looks like {kind}")
    other = next((kind for prefix, kind in _OTHERS.items() if token.startswith(prefix)), None)
    if other is not None:
        return Finding(Verdict.FAIL, "token", f"looks like {other}, which Figma takes for apps only", NEW_TOKEN)
    return Finding(
        Verdict.WARN, "token", "looks like none that Figma makes today: those begin with figd_", f"Old? {NEW_TOKEN}"
    )


def about_owner(answer: Answer) -> Finding:
    """Whether the token is accepted, and whose it is."""
    if isinstance(answer, Response):
        names = [name for name in (text(answer.body.get("handle")), text(answer.body.get("email"))) if name]
        return Finding(Verdict.OK, "account", f"the token is accepted; it acts for {', '.join(names) or 'somebody'}")
    if answer.status == 403 and code_of(answer) != "figma.invalid-token":
        message = (
            "the token is accepted; whose it is it may not tell (no scope current_user:read, which no export needs)"
        )
        return Finding(Verdict.OK, "account", message)
    return _failed("account", answer)


def is_hopeless(answer: Answer) -> bool:
    """Whether nothing else need be asked: the token is not accepted, or there is no Figma."""
    return isinstance(answer, FigmaError) and (
        answer.status not in (403, 404, 429) or code_of(answer) == "figma.invalid-token"
    )


def about_file(file_key: str, users: str, answer: Answer) -> Finding:
    """Whether a file is reached; `users` are the configs that name it."""
    subject = f"file {file_key}"
    if isinstance(answer, FigmaError):
        return _failed(subject, answer, f"; {users}")
    name, role = facts(answer.body)
    return Finding(Verdict.OK, subject, f'"{name}"{f", as {role}" if role else ""}; {users}')


def about_library(file_key: str, users: str, answer: Answer) -> Finding:
    """Whether a file is reached, by what it publishes."""
    subject = f"file {file_key}"
    if isinstance(answer, FigmaError):
        return _failed(subject, answer, f"; {users}")
    styles = mapping(answer.body.get("meta")).get("styles")
    count = len(styles) if isinstance(styles, list) else 0
    return Finding(Verdict.OK, subject, f"reached; {count} published styles; {users}")


def about_scope(scope: str, answer: Answer) -> Finding | None:
    """What `answer` says of a scope; None if that is nothing."""
    subject = f"scope {scope}"
    if isinstance(answer, Response):
        return Finding(Verdict.OK, subject, f"there: {SCOPES[scope]}")
    if code_of(answer) != "figma.missing-scope":
        return None
    verdict = Verdict.WARN if scope == "file_metadata:read" else Verdict.FAIL
    return Finding(verdict, subject, f"missing: needed {SCOPES[scope]}", NEW_TOKEN)


def about_variables(file_key: str, answer: FileVariables | FigmaError) -> Finding:
    """Whether the variables of a file are given out."""
    subject = f"variables of file {file_key}"
    if isinstance(answer, FigmaError):
        return _failed(subject, answer)
    return Finding(Verdict.OK, subject, f"readable: {len(answer.variables)} in {len(answer.collections)} collections")


def not_asked() -> Finding:
    """What can't be known at this price."""
    scope = "file_content:read"
    message = f"not looked at, as that takes a request of tier 1; needed {SCOPES[scope]}"
    return Finding(Verdict.OK, f"scope {scope}", message, "The first export tells.")


def code_of(error: FigmaError) -> str:
    """The stable code of what went wrong."""
    return error.problems[0].code


def facts(body: Mapping[str, Any]) -> tuple[str, str]:
    """Name and role of a `/meta` answer; Figma wraps it in `file`, its OpenAPI document does not."""
    file = mapping(body.get("file")) or body
    return text(file.get("name")), text(file.get("role"))


def _failed(subject: str, error: FigmaError, more: str = "") -> Finding:
    problem: Problem = error.problems[0]
    return Finding(Verdict.FAIL, subject, problem.message + more, problem.hint)
