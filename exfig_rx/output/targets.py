"""Where files of an export really go: each configured path to one real file, and none of them twice.

In: files and sections as configured, the output root. Out: the same by real target, with the folders they go into.
Rules: a link is written through; two spellings of one path, and two names that some disks take for one, are found out;
nothing is written, and each folder is looked at once.
"""

import errno
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exfig_rx.model import OutputFile, SharedSection
from exfig_rx.output.faults import fault, not_written

STAGED_PREFIX: Final = ".exfig-"
"""Names of files and folders on their way begin so."""

LONGEST_NAME_BYTES: Final = 255
"""What file systems of Linux, macOS and Windows allow in one path component."""

_LONGEST: Final = LONGEST_NAME_BYTES - len(STAGED_PREFIX)

Identity = tuple[int, int]
"""What tells a folder from every other one while the machine runs: its device and its number there."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Files and sections by real path, and the folders that they go into.

    `folders` are all folders on the way that are there, and `missing` those that are not.
    """

    files: Mapping[str, OutputFile]
    sections: Mapping[str, tuple[SharedSection, ...]]
    used: frozenset[str]
    folders: Mapping[str, Identity]
    missing: frozenset[str]


def resolved(files: Sequence[OutputFile], sections: Sequence[SharedSection], output_root: Path) -> Targets:
    """Where `files` and `sections` go; relative paths start at `output_root`. Raises OutputError."""
    folders = _Folders(os.path.join(os.getcwd(), output_root))
    found: dict[str, OutputFile] = {}
    for file in files:
        target = folders.target(file.path)
        other = found.get(target)
        if other is not None and other.content != file.content:
            raise fault("output.same-target", file.path, f"{other.path} and {file.path} are the same file")
        found[target] = file
    _check_case(found)
    shared: dict[str, list[SharedSection]] = {}
    for section in sections:
        target = folders.target(section.path)
        if target in found:
            message = f"{section.path} is written as a whole, and can't have a section of {section.name} in it"
            raise fault("output.same-target", section.path, message, f"change {section.key}")
        shared.setdefault(target, []).append(section)
    by_target = {target: tuple(own) for target, own in shared.items()}
    return Targets(found, by_target, frozenset(folders.used), folders.there, frozenset(folders.missing))


def _check_case(found: Mapping[str, OutputFile]) -> None:
    if len(set(map(str.casefold, found))) == len(found):
        return
    folded: dict[str, OutputFile] = {}
    for target, file in found.items():
        twin = folded.setdefault(target.casefold(), file)
        if twin is not file:
            raise fault(
                "output.case-collision",
                file.path,
                f"{twin.path} and {file.path} differ only in upper and lower case",
                "On macOS and Windows they would be one file: rename one of them in Figma, or use another name style.",
            )


def _check(path: str, name: str) -> None:
    if name in ("", ".", "..") or "\0" in path:
        raise fault("output.bad-path", path, f"not a path of a file: {path!r}")
    if len(path) <= _LONGEST and path.isascii():
        return
    for part in path.split("/"):
        if len(os.fsencode(part)) > _LONGEST:
            raise fault(
                "output.name-too-long",
                path,
                f"the name is too long for a file: {part[:60]}…",
                "Shorten it in Figma, or with nameReplaceRegexp.",
            )


class _Folders:
    """Real paths of folders; `there` and `missing` are those that were looked at, with all on the way to them.

    `used` are those that files go into.
    """

    def __init__(self, root: str) -> None:
        self.there: dict[str, Identity] = {}
        self.missing: set[str] = set()
        self.used: set[str] = set()
        self._root = root
        # by how they are configured
        self._configured: dict[str, str] = {}
        # by how they are spelled; empty while one is looked at, which a loop of links would do again
        self._real: dict[str, str] = {}

    def target(self, path: str) -> str:
        """The real path of a file. Raises OutputError."""
        above, slash, name = path.rpartition("/")
        _check(path, name)
        try:
            folder = self._configured.get(above + slash)
            if folder is None:
                folder = self._real_path(os.path.join(self._root, above + slash))
                self._configured[above + slash] = folder
                self.used.add(folder)
            target = f"{folder}{os.sep}{name}" if folder != os.sep else f"{os.sep}{name}"
            if folder not in self.missing and os.path.islink(target):
                target = os.path.realpath(target)
                folder = self._real_path(os.path.dirname(target))
                self.used.add(folder)
                target = os.path.join(folder, os.path.basename(target))
        except OSError as error:
            raise not_written(path, error) from None
        return target

    def _real_path(self, folder: str) -> str:
        found = self._real.get(folder)
        if found is None:
            self._real[folder] = ""
            found = self._real[folder] = self._look(folder)
        elif not found:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return found

    def _look(self, folder: str) -> str:
        parent, name = os.path.split(folder)
        if parent == folder:  # the root
            self.there.setdefault(folder, _identity(folder))
            return folder
        above = self._real_path(parent)
        if name in ("", "."):
            return above
        if name == "..":
            return os.path.dirname(above)
        path = os.path.join(above, name)
        if above in self.missing:
            self.missing.add(path)
            return path
        try:
            looked = os.lstat(path)
        except FileNotFoundError:
            self.missing.add(path)
            return path
        if stat.S_ISLNK(looked.st_mode):
            return self._real_path(os.path.realpath(path))
        if not stat.S_ISDIR(looked.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, f"{path} is a file, not a directory")
        self.there[path] = (looked.st_dev, looked.st_ino)
        return path


def _identity(folder: str) -> Identity:
    looked = os.stat(folder)
    return (looked.st_dev, looked.st_ino)
