"""Values of the journal and of the manifest as JSON, and back.

In: values, or texts that this program wrote. Out: texts, or values. Rule: a text that does not read as its value
raises `Unreadable`, whatever is wrong with it.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any, TypeVar

from exfig_rx.manifest import Record, Written
from exfig_rx.model import AssetCounts, Location, Problem
from exfig_rx.output.journal import Before, Deletion, Draft, Listing, Move, Outcome, Plan
from exfig_rx.output.targets import STAGED_PREFIX

T = TypeVar("T")


class Unreadable(Exception):
    """A text is not what this program writes."""


# ── the manifest ──


def listing(files: Iterable[Written]) -> Listing:
    """Files of one folder with their text; who they belong to is in it once, as most belong to the same."""
    files = tuple(files)
    owners: dict[tuple[str, ...], int] = {}
    rows = [
        (
            file.path.rpartition(os.sep)[2],
            file.digest,
            file.size,
            file.mtime_ns,
            owners.setdefault(file.owners, len(owners)),
            int(file.is_shared),
            *(() if file.ctime_ns is None else (file.ctime_ns, file.inode)),
        )
        for file in files
    ]
    return Listing(files, _dumped([[*owners], rows]))


def read_listing(folder: str, text: str) -> Listing:
    """The files in `folder` whose text is `text`. Raises Unreadable."""
    return _read(text, lambda found: Listing(tuple(_files(folder, found)), text))


def record_text(record: Record) -> str:
    """A record as JSON."""
    return _dumped(_plain(record))


def read_record(text: str) -> Record:
    """The record that `record_text` made a text of. Raises Unreadable."""
    return _read(text, _record)


# ── the journal ──


def draft_text(draft: Draft) -> str:
    """A draft as JSON."""
    return _dumped([draft.prefix, draft.folders])


def read_draft(text: str) -> Draft:
    """The draft that `draft_text` made a text of. Raises Unreadable."""
    return _read(text, _draft)


def plan_text(plan: Plan) -> str:
    """A plan as JSON."""
    outcome = plan.outcome
    before = [_before(move.before) for move in plan.single]
    return _dumped(
        {
            "draft": [plan.draft.prefix, plan.draft.folders],
            "folders": plan.folders,
            "inside": plan.inside,
            "single": [(move.staged, move.written.path, then) for move, then in zip(plan.single, before, strict=True)],
            "deletions": [
                (one.aside, os.path.dirname(one.aside), listing([one.written]).text) for one in plan.deletions
            ],
            "written": {folder: listed.text for folder, listed in outcome.written.items()},
            "forgotten": outcome.forgotten,
            "made": outcome.made,
            "emptied": outcome.emptied,
            "record": None if outcome.record is None else _plain(outcome.record),
            "sections": outcome.sections,
        }
    )


def read_plan(text: str) -> Plan:
    """The plan that `plan_text` made a text of. Raises Unreadable."""
    return _read(text, _plan)


# ── both ──


def _dumped(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), check_circular=False)


def _read(text: str, build: Callable[[Any], T]) -> T:
    try:
        return build(json.loads(text))
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Unreadable(str(error)) from error


def _files(folder: str, found: Any) -> Iterator[Written]:
    names, rows = found
    owners = [tuple(map(str, one)) for one in names]
    for name, digest, size, mtime_ns, number, is_shared, *stamp in rows:
        yield Written(_joined(folder, name), digest, size, mtime_ns, owners[number], bool(is_shared), *stamp)


def _joined(folder: str, name: str) -> str:
    return f"{folder}{os.sep}{name}" if folder != os.sep else f"{os.sep}{name}"


def _draft(found: Any) -> Draft:
    prefix, folders = found
    # Whatever begins with it will be removed.
    if not isinstance(prefix, str) or not prefix.startswith(STAGED_PREFIX) or prefix == STAGED_PREFIX:
        raise ValueError(f"no prefix of staged names: {prefix!r}")
    return Draft(prefix, tuple(map(str, folders)))


def _before(before: Before | None) -> tuple[int, int, str] | None:
    return None if before is None else (before.size, before.mtime_ns, before.digest)


def _plan(found: Any) -> Plan:
    written = {folder: read_listing(folder, text) for folder, text in found["written"].items()}
    by_path = {file.path: file for listed in written.values() for file in listed.files}
    inside = tuple((str(place), str(target)) for place, target in found["inside"])
    return Plan(
        _draft(found["draft"]),
        tuple((str(staged), str(target)) for staged, target in found["folders"]),
        inside,
        tuple(
            Move(_joined(place, os.path.basename(file.path)), file)
            for place, target in inside
            if target in written
            for file in written[target].files
        ),
        tuple(
            Move(str(staged), by_path[path], None if before is None else Before(*before))
            for staged, path, before in found["single"]
        ),
        tuple(Deletion(str(aside), *read_listing(folder, text).files) for aside, folder, text in found["deletions"]),
        Outcome(
            written,
            tuple(map(str, found["forgotten"])),
            tuple(map(str, found["made"])),
            tuple(map(str, found["emptied"])),
            changed=True,
            record=None if found["record"] is None else _record(found["record"]),
            sections=str(found["sections"]),
        ),
    )


def _plain(record: Record) -> dict[str, object]:
    return {
        "fingerprint": record.fingerprint,
        "versions": dict(record.versions),
        "counts": asdict(record.counts),
        "warnings": [asdict(warning) for warning in record.warnings],
    }


def _record(found: Any) -> Record:
    return Record(
        str(found["fingerprint"]),
        {str(key): str(version) for key, version in found["versions"].items()},
        AssetCounts(**found["counts"]),
        tuple(map(_problem, found["warnings"])),
    )


def _problem(found: Any) -> Problem:
    place = found.pop("location")
    return Problem(**found, location=None if place is None else Location(**place))
