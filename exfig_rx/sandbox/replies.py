"""Replies of the API and of its faults, as HTTP answers.

In: an error of an endpoint, or a fault. Out: a `Reply`. Rule: errors speak the dialect of their endpoint, and 429 has
the headers that Figma documents, whether a limit or a fault is behind it.
"""

import json
import math
from dataclasses import replace
from typing import Any

from exfig_rx.sandbox import api
from exfig_rx.sandbox.design import Json
from exfig_rx.sandbox.faults import Fault, FaultKind
from exfig_rx.sandbox.wire import Ending, Reply

_UPGRADE_LINK = "https://www.figma.com/files?api_paywall=true"
_HTML = b"<!DOCTYPE html>\n<html><head><title>Please sign in</title></head><body>Please sign in</body></html>\n"


def json_reply(status: int, body: Any) -> Reply:
    """`body` as JSON."""
    return Reply(status, json.dumps(body).encode())


def error_reply(dialect: api.Dialect, status: int, text: str) -> Reply:
    """An error in the words of the endpoint."""
    return json_reply(status, api.error_body(dialect, status, text))


def rate_limited(dialect: api.Dialect, retry_after: str | None, plan: str, limit_type: str) -> Reply:
    """429 with the documented headers; `retry_after` is the raw text of its header, None leaves it out."""
    labels = (
        ("X-Figma-Plan-Tier", plan),
        ("X-Figma-Rate-Limit-Type", limit_type),
        ("X-Figma-Upgrade-Link", _UPGRADE_LINK),
    )
    wait = () if retry_after is None else (("Retry-After", retry_after),)
    return replace(error_reply(dialect, 429, "Rate limit exceeded"), headers=wait + labels)


def without_answer(fault: Fault, left_s: float, dialect: api.Dialect) -> Reply | None:
    """The reply of a fault that needs no true answer; None for those that only spoil it."""
    match fault.kind:
        case FaultKind.STATUS:
            status = fault.status or 500
            return error_reply(dialect, status, fault.message or "Internal server error")
        case FaultKind.RATE_LIMIT:
            return rate_limited(dialect, fault.retry_after, fault.plan, fault.limit_type)
        case FaultKind.LOCKOUT:
            return rate_limited(dialect, str(math.ceil(left_s)), fault.plan, fault.limit_type)
        case FaultKind.RENDER_TIMEOUT:
            return error_reply(dialect, 400, fault.message or "Render timeout, try requesting fewer or smaller images")
        case FaultKind.HTML:
            return Reply(fault.status or 200, _HTML, "text/html; charset=utf-8")
        case FaultKind.REDIRECT:
            return Reply(302, b"", headers=(("Location", fault.location),))
        case FaultKind.EMPTY:
            return Reply(200, b"")
        case FaultKind.RESET:
            return Reply(0, b"", ending=Ending.RESET)
        case FaultKind.CLOSE:
            return Reply(0, b"", ending=Ending.CLOSE)
    return None


def spoiled(fault: Fault, reply: Reply) -> Reply:
    """A true answer as the fault leaves it."""
    match fault.kind:
        case FaultKind.SLOW:
            return replace(reply, delay_s=fault.seconds)
        case FaultKind.TRUNCATE:
            return replace(reply, ending=Ending.CUT)
        case FaultKind.GARBLE:
            return replace(reply, body=reply.body[: len(reply.body) // 2] + b'\0\xff{"<')
        case FaultKind.NULL_RENDER if reply.status == 200:
            body: Json = json.loads(reply.body)
            for id_ in fault.node_ids or tuple(body["images"]):
                body["images"].update({id_: None} if id_ in body["images"] else {})
            return replace(reply, body=json.dumps(body).encode())
    return reply
