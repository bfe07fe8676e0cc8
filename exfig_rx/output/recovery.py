"""What runs that died left half done: finished, or taken back, at the next start.

In: a journal with rows of runs that are no more. Out: the tree as a commit would have left it, or as it was; and what
was done, for people. Rules: several processes may do this at once, each row is one's alone; what somebody changed
meanwhile stays and is named; what can't be done now stays in the journal.
"""

import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from exfig_rx.model import Location, Problem
from exfig_rx.output import placing
from exfig_rx.output.journal import Listing, Outcome, Row, Runs, State, Unfinished
from exfig_rx.output.placing import Settled
from exfig_rx.output.texts import Unreadable, listing, read_draft, read_plan

_MOST_NAMED = 5
"""Paths that a message names."""


def recover(journal: Unfinished, runs: Runs) -> tuple[Problem, ...]:
    """Settle what dead runs left, and tell what was done; nothing to tell where there was nothing to do."""
    told = [problem for row in journal.adopt(runs.is_alive) for problem in _settled(row, journal, runs.folder.parent)]
    runs.bury()
    return tuple(told)


def _settled(row: Row, journal: Unfinished, directory: Path) -> list[Problem]:
    config = _relative(row.config, directory)
    place = Location(file=config)
    try:
        match row.state:
            case State.STAGING:
                removed = placing.sweep(read_draft(row.text))
                journal.abandon(row.number)
                if not removed:
                    return []
                what = f"removed {_files(removed)} that a run which was killed had not finished"
                return [Problem("output.recovered", what, "", place)]
            case State.SEALED:
                return _finished(row, journal, place, directory)
            case State.TURNING_BACK:
                settled = placing.take_back(read_plan(row.text))
                journal.abandon(row.number)
                what = f"took back {_files(settled.done)} that a run which was killed could not write completely"
                return [Problem("output.recovered", what, "", place), *_left(settled, place, directory)]
    except Unreadable as error:
        journal.abandon(row.number)
        message = f"can't read what a run which was killed noted about this config: {error}"
        hint = "if names that begin with .exfig- are among its files, delete these"
        return [Problem("output.not-recovered", message, hint, place)]
    except OSError as error:
        at = f"{_relative(error.filename, directory)}: " if isinstance(error.filename, str) else ""
        message = f"can't finish what a run which was killed had begun: {at}{error.strerror or error}"
        return [Problem("output.not-recovered", message, "the next run tries again", place)]


def _finished(row: Row, journal: Unfinished, place: Location, directory: Path) -> list[Problem]:
    plan = read_plan(row.text)
    settled = placing.go_on(plan)
    left = set(settled.left)
    outcome: Outcome = replace(
        plan.outcome,
        written=placing.noted({folder: _without(one, left) for folder, one in plan.outcome.written.items()}, plan),
        emptied=tuple(folder for folder in plan.outcome.emptied if not os.path.isdir(folder)),
        record=None if left else plan.outcome.record,
    )
    journal.finish(row.number, row.config, outcome)
    what = f"finished writing {_files(settled.done)} that a run which was killed had begun to write"
    return [Problem("output.recovered", what, "", place), *_left(settled, place, directory)]


def _without(listed: Listing, left: Collection[str]) -> Listing:
    if not any(file.path in left for file in listed.files):
        return listed
    return listing(file for file in listed.files if file.path not in left)


def _left(settled: Settled, place: Location, directory: Path) -> list[Problem]:
    if not settled.left:
        return []
    paths = [_relative(path, directory) for path in sorted(settled.left)]
    shown = ", ".join(paths[:_MOST_NAMED])
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    stay = "stays as it is" if len(paths) == 1 else "stay as they are"
    message = f"{_files(len(paths))} had been changed since that run was killed, and {stay}: {shown}{more}"
    return [Problem("output.left-alone", message, "the next export of this config writes them", place)]


def _files(number: int) -> str:
    return f"{number} file" if number == 1 else f"{number} files"


def _relative(path: str, directory: Path) -> str:
    """`path` as seen from `directory`, if it is in there."""
    try:
        return str(Path(path).relative_to(directory))
    except ValueError:
        return path
