"""The stream of events: one line for every event there is, in the schema, in the words of the report."""

import json
from importlib import resources
from typing import Any, get_args

import jsonschema
from hypothesis import given

from exfig_rx import events as ev
from exfig_rx import watch_events as we
from exfig_rx.model import AssetCounts, ConfigId, Conflict, FileCounts, Location, Problem, Tier
from exfig_rx.ui.ndjson import event_line, event_name
from exfig_rx.ui.report import report
from tests.test_ui.events_strategy import events
from tests.test_ui.watches import T0, ids, state_after

SCHEMA: dict[str, Any] = json.loads(resources.files("exfig_rx.ui").joinpath("events.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
A, B = ids(2)
WRONG = Problem("config.word", "ungültig", "mend it", Location("a.yaml", 3, 5, "ios"))

ONE_OF_EACH: list[ev.Event] = [
    ev.RunStarted(T0, 3, (10, 25, 50), "--plan"),
    ev.ConfigDiscovered(T0, A),
    ev.ConflictsFound(T0, (Conflict("out/a.css", A, "web.colors", B, "web.colors"),)),
    ev.ConfigStarted(T0, A),
    ev.PhaseProgressed(T0, A, ev.Phase.FETCHING, 1, None),
    ev.RequestSent(T0, None, Tier.ONE, "styles"),
    ev.RequestShared(T0, A, Tier.TWO, "styles"),
    ev.RequestRetried(T0, A, Tier.THREE, "meta", "HTTP 503", 1, 1.23456),
    ev.Paused(T0, T0 + 42.5, "429", A),
    ev.Resumed(T0),
    ev.RateSampled(T0, (ev.TierRate(Tier.ONE, 4, 10, 2),), T0 + 1),
    ev.Warned(T0, None, WRONG),
    ev.ConfigSucceeded(T0, A, AssetCounts(colors=2, icons=1), FileCounts(created=1, deleted=4)),
    ev.ConfigFailed(T0, A, (WRONG,)),
    ev.ConfigSkipped(T0, A, "stopped"),
    ev.ConfigCancelled(T0, A, "stopped"),
    we.WatchStarted(T0, 0.3, "http://127.0.0.1:8787"),
    we.ChangeNoticed(T0, we.Source.FILES, "a.yaml edited", (A, B)),
    we.ConfigQueued(T0, A, "edited"),
    we.ConfigHeld(T0, A, (WRONG,)),
    we.ConfigRemoved(T0, A),
    we.CycleStarted(T0, 1),
    we.CycleEnded(T0, 1),
    we.PollPlanned(T0, T0 + 60, 60.0, 4),
    we.HookReceived(T0, "PING", True),
    we.WatchPaused(T0),
    we.WatchContinued(T0),
    ev.RunEnded(T0, 0),
]


def members() -> set[type]:
    return set(get_args(ev.Event))


def test_the_schema_has_every_event_and_no_other() -> None:
    assert {type(event) for event in ONE_OF_EACH} == members()
    named = {name for name, shape in SCHEMA["$defs"].items() if "event" in shape.get("properties", {})}
    assert named == {event_name(kind) for kind in members()}
    assert [one["$ref"] for one in SCHEMA["oneOf"]] == [f"#/$defs/{name}" for name in SCHEMA["$defs"] if name in named]


def test_every_event_is_one_line_in_the_schema() -> None:
    for event in ONE_OF_EACH:
        line = event_line(event)
        assert line.isascii()
        assert "\n" not in line
        document = json.loads(line)
        VALIDATOR.validate(document)
        assert list(document)[:2] == ["event", "at"]
        shape = SCHEMA["$defs"][document["event"]]
        assert set(shape["required"]) == set(shape["properties"]) == set(document)


@given(events)
def test_whatever_an_event_holds_its_line_keeps_the_schema(event: ev.Event) -> None:
    line = event_line(event)
    assert line.isascii()
    assert line.isprintable()
    VALIDATOR.validate(json.loads(line))


def test_what_is_in_a_line() -> None:
    lines = [json.loads(event_line(event)) for event in ONE_OF_EACH]
    by_name = {line.pop("event"): line for line in lines}
    at = "2026-09-21T14:13:20.000Z"
    assert by_name["config-succeeded"] == {
        "at": at,
        "config": "/c/app-000.yaml",
        "stats": {"colors": 2, "typography": 0, "tokens": 0, "icons": 1, "images": 0},
        "files": {"created": 1, "updated": 0, "unchanged": 0, "deleted": 4},
        "unchanged": False,
    }
    assert by_name["run-started"]["limitsPerMinute"] == {"tier1": 10, "tier2": 25, "tier3": 50}
    assert by_name["paused"]["until"] == "2026-09-21T14:14:02.500Z"
    assert by_name["request-retried"]["waitSeconds"] == 1.235
    assert by_name["rate-sampled"] == {
        "at": at,
        "tiers": [
            {"tier": 1, "sentLastMinute": 4, "limitPerMinute": 10, "queued": 2, "budget": "", "headroom": 6},
        ],
        "pausedUntil": "2026-09-21T14:13:21.000Z",
    }
    assert by_name["change-noticed"] == {
        "at": at,
        "source": "files",
        "what": "a.yaml edited",
        "configs": ["/c/app-000.yaml", "/c/app-001.yaml"],
    }
    assert by_name["poll-planned"] == {"at": at, "nextAt": "2026-09-21T14:14:20.000Z", "everySeconds": 60.0, "files": 4}


def test_problems_and_conflicts_are_those_of_the_report() -> None:
    failed, found = ev.ConfigFailed(T0, A, (WRONG,)), ONE_OF_EACH[2]
    document = report(state_after(ev.ConfigDiscovered(T0, A), failed, found))
    assert json.loads(event_line(failed))["problems"] == document["results"][0]["errorDetails"]
    assert json.loads(event_line(found))["conflicts"] == document["conflicts"]


def test_a_path_that_is_not_unicode_has_a_line() -> None:
    odd = ConfigId("/c/\udcff.yaml", "\udcff.yaml", "\udcff.yaml")
    assert json.loads(event_line(ev.ConfigStarted(T0, odd)))["config"] == "/c/\udcff.yaml"
