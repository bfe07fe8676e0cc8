"""Faults on demand: which requests go wrong, how, and how often, as plain data.

In: `Fault` values, appended in process or sent as JSON. Out: for each request the first fault that fits. Rules: faults
are tried in the order in which they came; each is used up by `times` requests; a lock-out lasts until its time is over
and counts its `Retry-After` down, as Figma's do.
"""

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from exfig_rx.model import Tier


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    """An error answer with `status` and `message`, in the dialect of the endpoint."""
    RESET = "reset"
    """The connection is reset (TCP RST) instead of an answer."""
    CLOSE = "close"
    """The connection is closed in order, without a byte of answer."""
    TRUNCATE = "truncate"
    """The true answer ends in the middle, although its length promised more."""
    GARBLE = "garble"
    """An answer of the promised length that is not what it says it is: broken JSON, broken SVG."""
    EMPTY = "empty"
    """Status 200 and no body."""
    HTML = "html"
    """An HTML page with `status` (200 unless set), as proxies and sign-in pages send."""
    REDIRECT = "redirect"
    """302 to `location`."""
    SLOW = "slow"
    """The true answer, `seconds` late."""
    RATE_LIMIT = "rate_limit"
    """429 with `retry_after`, `plan` and `limit_type`."""
    LOCKOUT = "lockout"
    """As `rate_limit`, for every fitting request until `retry_after` seconds after the first one."""
    EXPIRED = "expired"
    """A picture's link is refused with 403, in the words of the storage."""
    WRONG_TYPE = "wrong_type"
    """A picture of another format than its link and its media type say."""
    ENTITY_BOMB = "entity_bomb"
    """An SVG of a few hundred bytes whose entities unfold to gigabytes."""
    NESTED_BOMB = "nested_bomb"
    """An SVG of 100,000 groups inside one another."""
    NULL_RENDER = "null_render"
    """GET images answers null for `node_ids` (all, if empty)."""
    RENDER_TIMEOUT = "render_timeout"
    """GET images answers 400 "Render timeout"; combine with `min_ids`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `match` is a glob for the path (`/v1/images/*`, `/cdn/*`), `tier` narrows it to one tier.

    `times` requests meet it (None: all, for good), after the first `after` fitting ones passed; `min_ids` restricts
    it to requests for at least so many ids. `retry_after` is the header's raw text, None leaves the header out.
    """

    kind: FaultKind
    match: str = "*"
    tier: Tier | None = None
    times: int | None = 1
    after: int = 0
    min_ids: int = 0
    status: int = 0
    message: str = ""
    seconds: float = 0.0
    retry_after: str | None = "30"
    plan: str = "pro"
    limit_type: str = "high"
    location: str = ""
    node_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind is FaultKind.LOCKOUT and not re.fullmatch(r"\d+(\.\d+)?", self.retry_after or ""):
            raise ValueError(f"a lock-out lasts a number of seconds, not {self.retry_after!r}")

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> "Fault":
        """A fault from its JSON form (the field names above); raises ValueError with a sentence for people."""
        names = {field.name for field in fields(cls)}
        if unknown := sorted(set(source) - names):
            raise ValueError(f"unknown fault field {unknown[0]!r}; possible are {', '.join(sorted(names))}")
        if source.get("kind") not in tuple(FaultKind):
            raise ValueError(f"unknown fault kind {source.get('kind')!r}; possible are {', '.join(FaultKind)}")
        values = {**source, "kind": FaultKind(source["kind"])}
        for name in ("match", "message", "plan", "limit_type", "location"):
            values[name] = str(values.get(name, getattr(_DEFAULTS, name)))
        for name in ("after", "min_ids", "status"):
            values[name] = _number(name, values.get(name, 0), int)
        values["seconds"] = _number("seconds", values.get("seconds", 0), float)
        if values.get("tier") is not None:
            values["tier"] = Tier(_number("tier", values["tier"], int))
        if values.get("times", 1) is not None:
            values["times"] = _number("times", values.get("times", 1), int)
        if values.get("retry_after", "30") is not None:
            values["retry_after"] = str(values.get("retry_after", "30"))
        if not isinstance(values.get("node_ids", []), list):
            raise ValueError("fault field 'node_ids' must be a list")
        values["node_ids"] = tuple(map(str, values.get("node_ids", ())))
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """The JSON form, the fields that differ from the default only."""
        return {name: value for name, value in asdict(self).items() if value != getattr(_DEFAULTS, name)} | {
            "kind": self.kind.value
        }


_DEFAULTS = Fault(FaultKind.STATUS)


def _number(name: str, value: Any, kind: type[int] | type[float]) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | kind) or value < 0:
        raise ValueError(f"fault field {name!r} must be a number of 0 or more, not {value!r}")
    return kind(value)


@dataclass(slots=True)
class _Pending:
    fault: Fault
    left: int | None
    to_pass: int
    ends_at_s: float | None = None


class Faults:
    """The faults that are still to come, in order. Safe to fill from one thread while another serves."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._pending = [_pending(fault) for fault in faults]

    def append(self, fault: Fault) -> None:
        """Adds `fault` behind those that wait."""
        with self._lock:
            self._pending.append(_pending(fault))

    def extend(self, faults: Iterable[Fault]) -> None:
        """Adds several, in order."""
        for fault in faults:
            self.append(fault)

    def clear(self) -> None:
        """Forgets all of them, lock-outs too."""
        with self._lock:
            self._pending.clear()

    def __len__(self) -> int:
        return len(self._pending)

    def __iter__(self) -> Iterator[Fault]:
        return iter([pending.fault for pending in self._pending])

    def take(self, path: str, tier: Tier | None, id_count: int, now_s: float) -> tuple[Fault, float] | None:
        """The fault that this request meets, with the seconds a lock-out still lasts (else 0); None if all is well."""
        if not self._pending:
            return None
        with self._lock:
            self._pending = [one for one in self._pending if one.ends_at_s is None or one.ends_at_s > now_s]
            for pending in self._pending:
                if _fits(pending.fault, path, tier, id_count):
                    if pending.to_pass > 0:
                        pending.to_pass -= 1
                        continue
                    return self._use(pending, now_s)
        return None

    def _use(self, pending: _Pending, now_s: float) -> tuple[Fault, float]:
        fault = pending.fault
        if fault.kind is FaultKind.LOCKOUT:
            if pending.ends_at_s is None:
                pending.ends_at_s = now_s + float(fault.retry_after or 0)
            return fault, pending.ends_at_s - now_s
        if pending.left is not None:
            pending.left -= 1
            if pending.left <= 0:
                self._pending.remove(pending)
        return fault, 0.0


def _pending(fault: Fault) -> _Pending:
    return _Pending(fault, fault.times, fault.after)


def _fits(fault: Fault, path: str, tier: Tier | None, id_count: int) -> bool:
    return (
        (fault.tier is None or fault.tier is tier)
        and id_count >= fault.min_ids
        and fnmatchcase(path, fault.match)
        and path.startswith(_WHERE.get(fault.kind, ""))
    )


_WHERE = {
    FaultKind.EXPIRED: "/cdn/",
    FaultKind.WRONG_TYPE: "/cdn/",
    FaultKind.ENTITY_BOMB: "/cdn/",
    FaultKind.NESTED_BOMB: "/cdn/",
    FaultKind.NULL_RENDER: "/v1/images/",
    FaultKind.RENDER_TIMEOUT: "/v1/images/",
}
"""How the paths begin that a fault fits; the others fit everywhere."""
