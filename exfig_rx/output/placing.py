"""What a commit does to the tree after the seal, step by step; and the same begun anew, forward or back.

In: a `Plan`. Out: files in place, or as before. Rules: each step is one that a process can die before or after; going
on and taking back look at the disk, not at what was done, so both can be begun again at any point; what is neither as
it was nor as we made it belongs to somebody else, and stays.
"""

import os
import shutil
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from exfig_rx.manifest import Written
from exfig_rx.output.intact import digest_of, holds, stamped
from exfig_rx.output.journal import Before, Deletion, Draft, Listing, Move, Plan
from exfig_rx.output.texts import listing

_FEW: Final = 4
"""Up to so many files are synced one by one; for more it is quicker to sync all that is not on the disk yet."""


@dataclass(slots=True)
class Settled:
    """What became of a plan: files that are as it wants them, and paths that somebody else changed, which stay."""

    done: int = 0
    left: list[str] = field(default_factory=list)


# ── the steps of a commit ──


def sync(plan: Plan) -> None:
    """Bring what is staged to the disk, so that a power cut after the seal loses nothing of it. Raises OSError."""
    moves = plan.moves
    if len(moves) > _FEW or not hasattr(os, "O_DIRECTORY"):
        if hasattr(os, "sync"):
            os.sync()
        return
    folders = {os.path.dirname(staged) for staged in (*(move.staged for move in moves), *dict(plan.folders))}
    folders.update(place for place, _ in plan.inside)
    for path in (*(move.staged for move in moves), *sorted(folders)):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def place(move: Move) -> None:
    """Rename one file into place, the old one being kept as its backup. Raises OSError."""
    target = move.written.path
    if move.before is not None:
        try:
            os.link(target, move.backup)
        except OSError:
            # No hard links here (some network and FAT disks): between two renames the target is missing.
            os.replace(target, move.backup)
    os.replace(move.staged, target)


def set_aside(deletion: Deletion) -> None:
    """Take a file out of its place. Raises OSError."""
    os.replace(deletion.written.path, deletion.aside)


def clear(plan: Plan) -> tuple[str, ...]:
    """Remove what was kept only until everything was in place, and folders that became empty, which it tells."""
    kept = [move.backup for move in plan.single if move.before is not None]
    for path in (*kept, *(deletion.aside for deletion in plan.deletions)):
        with suppress(OSError):
            os.unlink(path)
    gone = []
    for folder in plan.outcome.emptied:
        with suppress(OSError):
            os.rmdir(folder)
            gone.append(folder)
    return tuple(gone)


def noted(written: Mapping[str, Listing], plan: Plan) -> dict[str, Listing]:
    """Files that are in place now, with what tells later whether they were touched: a rename of their own does."""
    renamed = {move.written.path for move in plan.single}
    folders = {os.path.dirname(path) for path in renamed}
    return {
        folder: listing(stamped(file) if file.path in renamed else file for file in listed.files)
        if folder in folders
        else listed
        for folder, listed in written.items()
    }


# ── from any point ──


def go_on(plan: Plan) -> Settled:
    """Finish what was begun, from whatever point. Raises OSError."""
    settled = Settled()
    for staged, target in plan.folders:
        if os.path.isdir(staged) and not os.path.lexists(target):
            os.rename(staged, target)
    for move in plan.moves:
        if _finished(move):
            settled.done += 1
        else:
            settled.left.append(move.written.path)
    for deletion in plan.deletions:
        if not os.path.lexists(deletion.aside) and holds(deletion.written.path, deletion.written):
            set_aside(deletion)
        if os.path.lexists(deletion.written.path):
            settled.left.append(deletion.written.path)
        else:
            settled.done += 1
    clear(plan)
    sweep(plan.draft)
    return settled


def take_back(plan: Plan) -> Settled:
    """Make everything as it was, from whatever point; `done` counts files that were not. Raises OSError."""
    settled = Settled()
    for deletion in plan.deletions:
        if os.path.lexists(deletion.aside):
            if os.path.lexists(deletion.written.path):
                os.unlink(deletion.aside)
            else:
                os.replace(deletion.aside, deletion.written.path)
                settled.done += 1
    for move in reversed(plan.moves):
        _taken_back(move, settled)
    for folder in reversed(plan.outcome.made):
        with suppress(OSError):
            os.rmdir(folder)
    sweep(plan.draft)
    return settled


def sweep(draft: Draft) -> int:
    """Remove everything whose name begins as staged names do, and tell how many files that were. Raises OSError."""
    removed = 0
    for folder in draft.folders:
        try:
            found = [entry for entry in os.scandir(folder) if entry.name.startswith(draft.prefix)]
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                removed += sum(len(names) for _, _, names in os.walk(entry.path))
                shutil.rmtree(entry.path)
            else:
                removed += 1
                os.unlink(entry.path)
    return removed


class _There(Enum):
    """What is where a file of ours belongs."""

    NOTHING = 0
    OLD = 1
    OURS = 2
    OTHER = 3


def _finished(move: Move) -> bool:
    """Whether a file is in place now."""
    target = move.written.path
    there = _there(target, move.written, move.before)
    if there is _There.OURS:
        return True
    is_whole = holds(move.staged, move.written)
    if there is _There.NOTHING and not is_whole and os.path.lexists(move.backup):
        os.replace(move.backup, target)
    if there is _There.OTHER or not is_whole or not os.path.isdir(os.path.dirname(target)):
        return False
    os.replace(move.staged, target)
    return True


def _taken_back(move: Move, settled: Settled) -> None:
    target = move.written.path
    if move.before is None:
        if not os.path.lexists(move.staged) and os.path.lexists(target):
            if holds(target, move.written):
                os.unlink(target)
                settled.done += 1
            else:
                settled.left.append(target)
        return
    if not os.path.lexists(move.backup):
        return
    match _there(target, move.written, move.before):
        case _There.NOTHING | _There.OURS:
            os.replace(move.backup, target)
            settled.done += 1
        case _There.OTHER:
            settled.left.append(target)
        case _There.OLD:
            pass  # and the backup, which is the same file under another name, is swept away with the rest


def _there(path: str, written: Written, before: Before | None) -> _There:
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return _There.NOTHING
    if not stat.S_ISREG(found.st_mode):
        return _There.OTHER
    if before is not None and (found.st_size, found.st_mtime_ns) == (before.size, before.mtime_ns):
        return _There.OLD
    digest = digest_of(path)
    if digest == written.digest:
        return _There.OURS
    return _There.OLD if before is not None and digest == before.digest else _There.OTHER
