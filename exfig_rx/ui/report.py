"""The JSON report of a run, in the schema of `report.schema.json` (see docs/report.md).

In: the state. Out: a document, and a file that is written as a whole or not at all. Rule: every discovered config is in
it, and the counts add up to the total.
"""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from exfig_rx.cycles import Cycle, WatchState
from exfig_rx.errors import OutputError, UsageError
from exfig_rx.events import Phase, TierRate
from exfig_rx.model import Location, Problem
from exfig_rx.run_state import BatchState, ConfigState, Export, Status
from exfig_rx.ui.json_values import assets_json, conflict_json, files_json, problem_json, time_json
from exfig_rx.ui.problems import headline

SCHEMA_VERSION = 1


def report(state: BatchState) -> dict[str, Any]:
    """The report as a JSON object."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "startTime": time_json(state.started_at),
        "endTime": time_json(state.ended_at),
        "duration": _span(state.started_at, state.ended_at),
        "totalConfigs": len(state.by_id),
        "successCount": state.count(Status.SUCCEEDED),
        "failureCount": state.count(Status.FAILED),
        "skippedCount": state.count(Status.SKIPPED),
        "cancelledCount": state.count(Status.CANCELLED),
        "heldCount": state.count(Status.HELD),
        "waitingCount": state.count(Status.WAITING),
        "runningCount": state.count(Status.RUNNING),
        "exitCode": state.exit_code,
        "reason": state.reason or None,
        "rateLimit": _rate_limit(state),
        "requests": {
            "tier1": state.requests.tier1,
            "tier2": state.requests.tier2,
            "tier3": state.requests.tier3,
            "downloads": sum(config.downloads for config in state.configs),
            "retries": state.requests.retries,
            "shared": state.requests.shared,
        },
        "conflicts": [conflict_json(conflict) for conflict in state.conflicts],
        "warnings": [problem_json(problem) for problem in state.warnings],
        "results": [_result(config) for config in state.configs],
        "watch": None if state.watch is None else _watch(state.watch),
    }


def _rate_limit(state: BatchState) -> dict[str, Any]:
    rates = state.rate.of_run if state.rate is not None else ()
    lower = state.rate.of_lower_plans if state.rate is not None else ()
    return {
        "source": state.limit_source,
        "limitsPerMinute": dict(zip(("tier1", "tier2", "tier3"), state.limits_per_min, strict=True)),
        "sentLastMinute": _by_tier(rates, lambda rate: rate.sent_last_minute),
        "headroom": _by_tier(rates, lambda rate: rate.headroom),
        "lowerPlans": {
            name: {
                "limitsPerMinute": _by_tier(lower, lambda rate: rate.limit_per_min, name),
                "sentLastMinute": _by_tier(lower, lambda rate: rate.sent_last_minute, name),
            }
            for name in dict.fromkeys(rate.budget for rate in lower)
        },
        "pauses": state.pauses,
        "pausedSeconds": round(state.paused_s, 3),
    }


def _by_tier(rates: Sequence[TierRate], number: Callable[[TierRate], int], budget: str = "") -> dict[str, int]:
    return {f"tier{int(rate.tier)}": number(rate) for rate in rates if rate.budget == budget}


def report_text(state: BatchState) -> str:
    """The report as text, with a final newline.

    ASCII alone: file names need not be Unicode, nor standard output UTF-8, and neither may cost anyone the report.
    """
    return json.dumps(report(state), indent=2) + "\n"


def check_report_path(path: Path) -> None:
    """Find out before the run whether the report can be written. Raises UsageError."""
    if path.is_dir():
        raise _unwritable(path, "it is a directory")
    if not path.parent.is_dir():
        raise _unwritable(path, f"there is no directory {path.parent}")
    beside = _is_special(path) or os.access(path.parent, os.W_OK)
    if not beside or (path.exists() and not os.access(path, os.W_OK)):
        raise _unwritable(path, "permission denied")


def write_report(path: Path, state: BatchState) -> None:
    """Write the report beside `path` and rename it into place. Raises OutputError; an old report then stays.

    A pipe or a device is written to as it is: renaming a file over /dev/null would take it away from everybody.
    """
    target = Path(os.path.realpath(path))
    staged = target.with_name(f".exfig-report-{os.getpid()}")
    try:
        if _is_special(path):
            path.write_text(report_text(state), encoding="utf-8")
        else:
            staged.write_text(report_text(state), encoding="utf-8")
            staged.replace(target)
    except OSError as error:
        with suppress(OSError):
            staged.unlink()
        reason = error.strerror or str(error)
        raise OutputError(
            Problem("output.report", f"the report {path} can't be written: {reason}", "", Location(file=str(path)))
        ) from None


def report_or_tell(path: Path, state: BatchState, tell: Callable[[Problem], None]) -> None:
    """`write_report` for a run that goes on, whatever comes of it."""
    try:
        write_report(path, state)
    except OutputError as error:
        for problem in error.problems:
            tell(problem)


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _unwritable(path: Path, reason: str) -> UsageError:
    return UsageError(Problem("usage.report", f"the report {path} can't be written: {reason}"))


def _result(config: ConfigState) -> dict[str, Any]:
    requests = config.requests
    return {
        "name": config.id.name,
        "path": config.id.path,
        "status": str(config.status),
        "success": config.status is Status.SUCCEEDED,
        "unchanged": config.unchanged,
        "startTime": time_json(config.started_at),
        "endTime": time_json(config.ended_at),
        "duration": _span(config.started_at, config.ended_at),
        "error": headline(config.problems[0]) if config.problems else None,
        "errorDetails": [problem_json(problem) for problem in config.problems],
        "reason": config.reason or None,
        "warnings": [problem_json(problem) for problem in config.warnings],
        "stats": assets_json(config.counts),
        "files": files_json(config.files),
        "requests": {
            "tier1": requests.tier1,
            "tier2": requests.tier2,
            "tier3": requests.tier3,
            "downloads": config.downloads,
            "retries": requests.retries,
            "shared": requests.shared,
        },
        "timings": _timings(config),
        "lastExport": _last_export(config.last),
    }


def _last_export(last: Export | None) -> dict[str, Any] | None:
    if last is None:
        return None
    return {"time": time_json(last.at), "stats": assets_json(last.counts), "files": files_json(last.files)}


def _watch(watch: WatchState) -> dict[str, Any]:
    return {
        "since": time_json(watch.since),
        "cycles": watch.cycles,
        "hooksAccepted": watch.hooks_accepted,
        "hooksIgnored": watch.hooks_ignored,
        "history": [_cycle(cycle) for cycle in watch.history],
    }


def _cycle(cycle: Cycle) -> dict[str, Any]:
    return {
        "number": cycle.number,
        "startTime": time_json(cycle.started_at),
        "endTime": time_json(cycle.ended_at),
        "duration": _span(cycle.started_at, cycle.ended_at),
        "reasons": list(cycle.reasons),
        "succeeded": cycle.succeeded,
        "unchanged": cycle.unchanged,
        "failed": cycle.failed,
        "cancelled": cycle.cancelled,
        "files": files_json(cycle.files),
        "requests": dict(zip(("tier1", "tier2", "tier3"), cycle.requests, strict=True)),
    }


def _timings(config: ConfigState) -> dict[str, float]:
    found: dict[Phase, float] = {}
    for phase, spent in config.phase_times:
        found[phase] = found.get(phase, 0.0) + spent
    return {str(phase): round(spent, 3) for phase, spent in found.items()}


def _span(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else round(max(0.0, end - start), 3)
