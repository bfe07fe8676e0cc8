"""Changes of folders found by looking again and again, where the system tells of none: network mounts, containers.

In: folders. Out: batches of changes, as watchfiles gives them. Rule: a file has changed when anything that the disk
says of it has, to the nanosecond; watchfiles' own way to poll compares whole seconds, and so misses the second of two
edits.
"""

import os
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import TypeAlias

from watchfiles import Change

Batch: TypeAlias = set[tuple[Change, str]]

Marks: TypeAlias = Mapping[str, tuple[int, ...]]
"""What the disk says of each path: first device and inode; nothing of the folders that are looked at."""


def snapshot(folders: Iterable[str]) -> Marks:
    """The entries of `folders` as they are now, and the folders themselves; what can't be read is not there."""
    marks: dict[str, tuple[int, ...]] = {}
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                marks.setdefault(folder, ())
                for entry in entries:
                    marks[entry.path] = _mark(entry)
        except OSError:
            marks.pop(folder, None)
    return marks


def differences(before: Marks, after: Marks) -> Batch:
    """What became of paths between two looks; what another file stands for now was added, as in a rename."""
    changes: Batch = {(Change.deleted, path) for path in before if path not in after}
    for path, mark in after.items():
        known = before.get(path)
        if known is None or known[:2] != mark[:2]:
            changes.add((Change.added, path))
        elif known != mark:
            changes.add((Change.modified, path))
    return changes


def looked_at(
    folders: Iterable[str], *, is_over: Callable[[], bool], pause: Callable[[], object]
) -> Generator[Batch, None, None]:
    """The changes of the entries of `folders`, looked for after every `pause`, until `is_over`."""
    watched = tuple(folders)
    before = snapshot(watched)
    while not is_over():
        pause()
        after = snapshot(watched)
        if batch := differences(before, after):
            yield batch
        before = after


def _mark(entry: "os.DirEntry[str]") -> tuple[int, ...]:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:  # gone since its folder was read
        return ()
    if entry.is_dir(follow_symlinks=False):
        return (found.st_dev, found.st_ino)  # what is in it is told of itself
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
