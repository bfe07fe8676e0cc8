"""Figma's webhooks: how to register, list and remove them, and what the answers and refusals mean.

In: events, contexts, an endpoint, a passcode; decoded bodies. Out: requests of tier 2, `Webhook`s, problems. Rule: what
is there is looked at first, so that nothing is registered twice; a passcode goes to Figma and into no text.
https://developers.figma.com/docs/rest-api/webhooks-endpoints/
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlsplit

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.connections import is_loopback
from exfig_rx.errors import FigmaError, UsageError
from exfig_rx.figma.answers import mapping, odd_answer, text
from exfig_rx.figma.checkup import Answer, code_of
from exfig_rx.figma.refusals import NEW_TOKEN
from exfig_rx.model import Problem, Request, Response, Send, Tier

PATH: Final = "/v2/webhooks"
MOST: Final = {"team": 20, "project": 5, "file": 3}
"""Webhooks that Figma lets one team, project or file have."""

LONGEST_ENDPOINT: Final = 2048
_DESCRIPTION: Final = "exfig"
_RIGHTS: Final = {
    "team": "The owner of the token must be an admin of the team; webhooks need a paid plan.",
    "project": "The owner of the token must be able to edit the project; webhooks need a paid plan.",
    "file": "The owner of the token must be able to edit the file; webhooks need a paid plan.",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a webhook is about: `kind` is team, project or file."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def file_key(self) -> str:
        """The key of the file; empty for a team or a project."""
        return self.id if self.kind == "file" else ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as Figma lists it; `status` is ACTIVE or PAUSED. Its passcode is never told."""

    id: str
    event_type: str
    context: Context
    endpoint: str
    status: str

    @property
    def is_active(self) -> bool:
        """Whether notices are sent."""
        return self.status != "PAUSED"


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with what came of it."""

    request: Request
    answer: Answer


# What to ask


def listing(context: Context) -> Request:
    """The webhooks of a context."""
    query = (("context", context.kind), ("context_id", context.id))
    return Request(Tier.TWO, PATH, query, file_key=context.file_key, what=f"the webhooks of {context}")


def registration(event_type: str, context: Context, endpoint: str, passcode: str) -> Request:
    """A new webhook, to which Figma sends a PING at once. Sent twice, it makes two."""
    wanted = {
        "event_type": event_type,
        "context": context.kind,
        "context_id": context.id,
        "endpoint": endpoint,
        "passcode": passcode,
        "description": _DESCRIPTION,
    }
    return Request(
        Tier.TWO,
        PATH,
        file_key=context.file_key,
        what=f"a webhook for {event_type} of {context}",
        method="POST",
        body=json.dumps(wanted).encode(),
    )


def removal(id_: str) -> Request:
    """The end of a webhook."""
    return Request(Tier.TWO, f"{PATH}/{quote(id_, safe='')}", what=f"webhook {id_}", method="DELETE")


def answered(ask: Send, requests: Sequence[Request]) -> Observable[Answered]:
    """The answers or refusals, one after the other, in the order of the requests; cold. A bug goes on as one."""

    def one(request: Request) -> Observable[Answered]:
        def caught(error: Exception, _: object) -> Observable[Answered]:
            return rx.of(Answered(request, error)) if isinstance(error, FigmaError) else rx.throw(error)

        def came(response: Response) -> Answered:
            return Answered(request, response)

        return ask(request).pipe(ops.map(came), ops.catch(caught))

    return rx.concat(*map(one, requests)) if requests else rx.empty()


# What it means


def parse_webhooks(body: Mapping[str, Any], file_key: str = "") -> tuple[Webhook, ...]:
    """The webhooks of a list; items without an id are left out. Raises FigmaRefused."""
    items = body.get("webhooks")
    if not isinstance(items, list):
        raise odd_answer("list of webhooks", file_key)
    found = (parse_webhook(mapping(item)) for item in items)
    return tuple(webhook for webhook in found if webhook.id)


def parse_webhook(body: Mapping[str, Any]) -> Webhook:
    """One webhook, as it is answered to its registration or removal."""
    context = Context(text(body.get("context")).lower(), text(body.get("context_id")))
    return Webhook(
        text(body.get("id")),
        text(body.get("event_type")),
        context,
        text(body.get("endpoint")),
        text(body.get("status")) or "ACTIVE",
    )


def equal_one(there: Collection[Webhook], event_type: str, context: Context, endpoint: str) -> Webhook | None:
    """The one of those that are there that tells the same to the same endpoint; one that is active, if there is."""
    equal = [
        webhook
        for webhook in there
        if (webhook.event_type, webhook.context, webhook.endpoint) == (event_type, context, endpoint)
    ]
    return min(equal, key=lambda webhook: not webhook.is_active, default=None)


def checked_endpoint(url: str) -> str:
    """Where notices are to go. Raises UsageError unless it is https, or http on the loopback, and short enough."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a port or bracket out of place
        host, port = "", None
    fits = bool(host) and port != 0 and url.isascii() and url.isprintable() and " " not in url
    if not fits or parts.scheme not in ("https", "http"):
        raise UsageError(_no_endpoint("is no address", "It looks like https://hooks.example.com/figma."))
    if "@" in parts.netloc:
        hint = "Leave user and password out: the passcode tells who calls."
        raise UsageError(_no_endpoint("has a user or a password in it", hint))
    if parts.scheme == "http" and not is_loopback(host):
        hint = "The passcode must not travel in the open: let a tunnel or a reverse proxy take https."
        raise UsageError(_no_endpoint("is not https", hint))
    if len(url) > LONGEST_ENDPOINT:
        raise UsageError(_no_endpoint(f"has more than {LONGEST_ENDPOINT:,} characters", "Choose a shorter one."))
    return url


def explained(request: Request, error: FigmaError, context: Context | None = None) -> Problem:
    """What a refusal means for a webhook of `context`; None where only its id is known."""
    problem, code = error.problems[0], code_of(error)
    if code == "figma.missing-scope":
        scope = "webhooks:read" if request.method == "GET" else "webhooks:write"
        return replace(problem, hint=f"Scope needed: {scope}. {NEW_TOKEN}")
    if error.status == 403 and code not in ("figma.invalid-token", "figma.not-figma"):
        hint = _RIGHTS[context.kind] if context is not None else _RIGHTS["team"]
        return replace(problem, code="webhook.no-right", message=_refused(request, problem), hint=hint)
    if error.status == 404 and code == "figma.not-found":
        if context is None:
            hint = "exfig webhook list shows what there is."
            return replace(problem, code="webhook.not-found", message=f"Figma has no {request.what}", hint=hint)
        message = f"Figma has no {context}, or the token may not see it"
        return replace(problem, code="webhook.not-found", message=message, hint=_RIGHTS[context.kind])
    if error.status == 400 and context is not None and request.method == "POST":
        hint = (
            f"A {context.kind} may have {MOST[context.kind]} webhooks, those of other programs included: see exfig "
            f"webhook list --{context.kind} {context.id}, and remove one, or choose fewer --event-types. If it is not "
            "that, look at the endpoint."
        )
        return replace(problem, code="webhook.refused", hint=hint)
    if error.retryable and request.method == "POST":
        hint = "It may be there all the same: run the command again, which registers nothing twice."
        return replace(problem, hint=f"{hint} {problem.hint}".strip())
    return problem


def _refused(request: Request, problem: Problem) -> str:
    """Figma's own words stand behind a colon."""
    _, colon, said = problem.message.partition(": ")
    verb = {"GET": "see", "POST": "register", "DELETE": "remove"}[request.method]
    return f"Figma does not let this token {verb} {request.what}{colon}{said}"


def _no_endpoint(what: str, hint: str) -> Problem:
    return Problem("usage.endpoint", f"the endpoint {what}", hint)
