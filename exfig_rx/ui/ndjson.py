"""Events as lines of JSON (`--events ndjson`), for editors and other tools, in the schema of `events.schema.json`.

In: an event. Out: one object on one line, in ASCII. Rule: every field of every event is in it, under its name in camel
case; configs are their absolute paths, times are RFC 3339, values are those of the report.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import fields
from enum import IntEnum, StrEnum
from typing import Any, Final, TextIO

from reactivex import Observable, abc
from reactivex import operators as ops

from exfig_rx.events import Event, PhaseProgressed, RateSampled, RequestSent, RequestShared, TierRate
from exfig_rx.model import AssetCounts, ConfigId, Conflict, FileCounts, Problem
from exfig_rx.run_state import Step
from exfig_rx.ui.json_values import assets_json, conflict_json, files_json, problem_json, time_json
from exfig_rx.watch_events import PollPlanned

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


CHATTER: Final = (PhaseProgressed, PollPlanned, RateSampled, RequestSent, RequestShared)
"""Events that are left out where nobody keeps up with them."""

MOST_UNTOLD: Final = 1_000
"""So many of them may wait for whoever reads."""


class Teller:
    """Writes each event of a run to `stream`, on the thread of `scheduler`, which may be held up; so is nobody else.

    `broke` is called, on that thread, when nothing can be written there any more.
    """

    def __init__(self, stream: TextIO, scheduler: abc.SchedulerBase, broke: Callable[[OSError], None]) -> None:
        self._stream = stream
        self._scheduler = scheduler
        self._broke = broke
        # events that wait to be told; counted on two threads, so it is about right
        self._untold = 0

    def follow(self, steps: Observable[Step]) -> Observable[Step]:
        """Those of `steps` that are told, each when it is."""
        told = steps.pipe(ops.filter(self._is_told), ops.observe_on(self._scheduler))
        return told.pipe(ops.do_action(self._tell))

    def _is_told(self, step: Step) -> bool:
        event = step.event
        is_told = event is not None and not (self._untold > MOST_UNTOLD and isinstance(event, CHATTER))
        self._untold += is_told
        return is_told

    def _tell(self, step: Step) -> None:
        assert step.event is not None  # else it would not be told
        self._untold -= 1
        try:
            self._stream.write(event_line(step.event) + "\n")
            self._stream.flush()
        except OSError as error:
            # What is left in the buffer goes nowhere, at the end of the process neither.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            self._broke(error)


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
