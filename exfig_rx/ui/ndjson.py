"""Events as lines of JSON (`--events ndjson`), for editors and other tools, in the schema of `events.schema.json`.

In: an event. Out: one object on one line, in ASCII. Rule: every field of every event is in it, under its name in camel
case; configs are their absolute paths, times are RFC 3339, values are those of the report.
"""

import json
import re
from dataclasses import fields
from enum import IntEnum, StrEnum
from typing import Any, Final

from exfig_rx.events import Event, TierRate
from exfig_rx.model import AssetCounts, ConfigId, Conflict, FileCounts, Problem
from exfig_rx.ui.json_values import assets_json, conflict_json, files_json, problem_json, time_json

TIMES: Final = frozenset({"at", "until", "next_at", "paused_until"})
"""Fields that hold epoch seconds."""

RENAMED: Final = {
    "limits_per_min": "limitsPerMinute",
    "limit_per_min": "limitPerMinute",
    "counts": "stats",
    "debounce_s": "debounceSeconds",
    "wait_s": "waitSeconds",
    "every_s": "everySeconds",
}
"""Fields that the report knows by other names, and those that carry a unit."""


def event_line(event: Event) -> str:
    """`{"event": "config-succeeded", "at": "2026-11-25T10:03:14.120Z", "config": "/abs/app.yaml", …}`."""
    return json.dumps({"event": event_name(type(event)), **_fields(event)})


def event_name(kind: type) -> str:
    """The name of an event in the stream: `config-succeeded` for `ConfigSucceeded`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


def _fields(value: Any) -> dict[str, Any]:
    return {
        RENAMED.get(field.name, _camel(field.name)): _field(field.name, getattr(value, field.name))
        for field in fields(value)
    }


def _field(name: str, value: Any) -> Any:
    if name in TIMES:
        return time_json(value)
    if name == "limits_per_min":
        return dict(zip(("tier1", "tier2", "tier3"), value, strict=True))
    return [_value(item) for item in value] if isinstance(value, tuple) else _value(value)


def _value(value: Any) -> Any:
    match value:
        case ConfigId():
            return value.path
        case Problem():
            return problem_json(value)
        case Conflict():
            return conflict_json(value)
        case AssetCounts():
            return assets_json(value)
        case FileCounts():
            return files_json(value)
        case TierRate():
            return {**_fields(value), "headroom": value.headroom}
        case StrEnum():
            return str(value)
        case IntEnum():
            return int(value)
        case None | bool() | int() | str():
            return value
        case float():
            return round(value, 3)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in the stream of events")


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
