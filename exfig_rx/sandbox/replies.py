"""Replies of the API, of the storage of pictures and of their faults, as HTTP answers.

In: an error of an endpoint, a picture, or a fault. Out: a `Reply`. Rule: errors speak the dialect of their endpoint,
and 429 has the headers that Figma documents, whether a limit or a fault is behind it.
"""

import json
import math
import re
import zlib
from dataclasses import replace
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from exfig_rx.sandbox import api, renders
from exfig_rx.sandbox.design import Json
from exfig_rx.sandbox.faults import Fault, FaultKind
from exfig_rx.sandbox.wire import Ending, Reply

_UPGRADE_LINK = "https://www.figma.com/files?api_paywall=true"
_BOMB_LEVELS = 10
_BOMB_DEPTH = 100_000
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
_STORAGE_ERROR = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{text}</Message></Error>'
_STORAGE_CODES = {403: "AccessDenied", 404: "NoSuchKey", 500: "InternalError", 503: "SlowDown"}
_HTML = b"<!DOCTYPE html>\n<html><head><title>Please sign in</title></head><body>Please sign in</body></html>\n"


def json_reply(status: int, body: Any) -> Reply:
    """`body` as JSON."""
    return Reply(status, json.dumps(body).encode())


def error_reply(dialect: api.Dialect, status: int, text: str) -> Reply:
    """An error in the words of the endpoint."""
    if dialect is api.Dialect.STORAGE:
        code = _STORAGE_CODES.get(status, "Error")
        return Reply(status, _STORAGE_ERROR.format(code=code, text=escape(text)).encode(), "application/xml")
    return json_reply(status, api.error_body(dialect, status, text))


def picture_reply(body: bytes, media_type: str, asked_range: str = "", if_range: str = "") -> Reply:
    """A picture, or the part of it that `asked_range` (a header's text) names if it is still the one of `if_range`."""
    etag = f'"{zlib.crc32(body):08x}"'
    headers = (("ETag", etag), ("Accept-Ranges", "bytes"))
    part = _RANGE.fullmatch(asked_range) if asked_range and if_range in ("", etag) else None
    if part is None:
        return Reply(200, body, media_type, headers)
    start, end = int(part[1]), min(int(part[2] or len(body)), len(body) - 1)
    if start > end:
        return replace(
            error_reply(api.Dialect.STORAGE, 416, "The requested range is not satisfiable"),
            headers=(("Content-Range", f"bytes */{len(body)}"),),
        )
    where = ("Content-Range", f"bytes {start}-{end}/{len(body)}")
    return Reply(206, body[start : end + 1], media_type, (*headers, where))


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
        case FaultKind.EXPIRED:
            return error_reply(api.Dialect.STORAGE, 403, "Request has expired")
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
        case FaultKind.WRONG_TYPE:
            return replace(reply, body=renders.other_than(reply.media_type))
        case FaultKind.ENTITY_BOMB:
            return replace(reply, body=_entity_bomb())
        case FaultKind.NESTED_BOMB:
            return replace(reply, body=_nested_bomb())
        case FaultKind.NULL_RENDER if reply.status == 200:
            body: Json = json.loads(reply.body)
            for id_ in fault.node_ids or tuple(body["images"]):
                body["images"].update({id_: None} if id_ in body["images"] else {})
            return replace(reply, body=json.dumps(body).encode())
    return reply


@lru_cache(maxsize=1)
def _entity_bomb() -> bytes:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, _BOMB_LEVELS))
    return (
        f'<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY e0 "M0 0h24v24H0z">{steps}]>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text>&e{_BOMB_LEVELS - 1};</text></svg>\n'
    ).encode()


@lru_cache(maxsize=1)
def _nested_bomb() -> bytes:
    inside = b"<g>" * _BOMB_DEPTH + b"</g>" * _BOMB_DEPTH
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">' + inside + b"</svg>\n"
