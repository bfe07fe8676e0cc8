"""The one writer of project files: stage everything beside its target, then rename.

In: the files of one config's export. Out: counts of what changed on disk. Rules: before the first rename nothing of the
old tree has changed; each rename is atomic; if one fails, those before it are taken back. Unchanged files are not
touched. Everything here blocks and runs on a worker; see docs/transactions.md.
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

from exfig_rx.errors import OutputError
from exfig_rx.model import FileCounts, Location, OutputFile, Problem, SharedSection
from exfig_rx.output.sections import with_section
from exfig_rx.pictures import Content

STAGED_PREFIX = ".exfig-"
"""Names of files on their way begin so; one that a killed process left behind may be deleted."""

LONGEST_NAME_BYTES = 255
"""What file systems of Linux, macOS and Windows allow in one path component."""

_CHUNK: Final = 1 << 18

_numbers = count()


class Cancelled(Exception):
    """Staging was asked to stop."""


@dataclass(frozen=True, slots=True)
class Move:
    """One file that is ready: `staged` becomes `target`, which exists already if `replaces`."""

    staged: str
    target: str
    replaces: bool


@dataclass(slots=True)
class Staged:
    """Files waiting beside their targets, directories made for them, and how many files need no change."""

    moves: list[Move] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    unchanged: int = 0


def stage(files: Sequence[OutputFile], output_root: Path, cancelled: Callable[[], bool]) -> Staged:
    """Write every file that differs from what is on disk beside its target.

    Relative paths start at `output_root`. `cancelled` is asked before each file. Raises OutputError, and leaves nothing
    behind when it does; so it does when cancelled.
    """
    staged = Staged()
    try:
        for path, file in _resolved(files, output_root).items():
            if cancelled():
                raise Cancelled
            with _located(file.path):
                _stage_one(path, file, staged)
    except Cancelled:
        discard(staged)
        return Staged()
    except BaseException:
        discard(staged)
        raise
    return staged


def commit(staged: Staged, sections: Sequence[SharedSection] = (), output_root: Path = Path()) -> FileCounts:
    """Rename everything into place. Raises OutputError after taking back what was renamed: all or nothing.

    Before the first rename `sections` are merged into what their files hold at this moment, so nobody else may commit
    to these files meanwhile.
    """
    done: list[tuple[Move, str | None]] = []
    try:
        for target, file in _merged(sections, output_root, staged).items():
            with _located(file.path):
                _stage_one(target, file, staged)
        for move in staged.moves:
            with _located(move.target):
                done.append((move, _put_in_place(move)))
    except BaseException:
        _take_back(done)
        discard(staged)
        raise
    for _, backup in done:
        if backup is not None:
            with suppress(OSError):
                os.unlink(backup)
    updated = sum(move.replaces for move in staged.moves)
    return FileCounts(created=len(staged.moves) - updated, updated=updated, unchanged=staged.unchanged)


def _merged(sections: Sequence[SharedSection], output_root: Path, staged: Staged) -> dict[str, OutputFile]:
    """The files of the user with their sections, by real target."""
    found: dict[str, list[SharedSection]] = {}
    for section in sections:
        _check_path(section.path)
        with _located(section.path):
            found.setdefault(os.path.realpath(output_root / section.path), []).append(section)
    generated = {move.target for move in staged.moves}
    merged: dict[str, OutputFile] = {}
    for target, own in found.items():
        path = own[0].path
        if target in generated:
            message = f"{path} is written as a whole, and can't have a section of {own[0].name} in it"
            raise _error("output.same-target", path, message, f"change {own[0].key}")
        with _located(path):
            content = _text_of_user(target)
        for section in own:
            content = with_section(content, section)
        for section in own[:-1]:
            # A section that stood inside a later one is gone now, and so are its markers, which is an error.
            with_section(content, section)
        if content is not None:
            merged[target] = OutputFile(path, content)
    return merged


def _text_of_user(target: str) -> bytes | None:
    """What a file of the user holds; None if it is not there."""
    try:
        _check_regular(os.stat(target).st_mode)
        with open(target, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def discard(staged: Staged) -> None:
    """Remove what was staged, and the directories made for it that are empty."""
    for move in staged.moves:
        with suppress(OSError):
            os.unlink(move.staged)
    for directory in reversed(staged.made):
        with suppress(OSError):
            os.rmdir(directory)


def _resolved(files: Sequence[OutputFile], output_root: Path) -> dict[str, OutputFile]:
    """Files by real target, so that a link is written through and two spellings of one path are found out."""
    found: dict[str, OutputFile] = {}
    for file in files:
        _check_path(file.path)
        with _located(file.path):
            target = os.path.realpath(output_root / file.path)
        other = found.get(target)
        if other is not None and other.content != file.content:
            raise _error("output.same-target", file.path, f"{other.path} and {file.path} are the same file", "")
        found[target] = file
    folded: dict[str, OutputFile] = {}
    for target, file in found.items():
        twin = folded.setdefault(target.casefold(), file)
        if twin is not file:
            raise _error(
                "output.case-collision",
                file.path,
                f"{twin.path} and {file.path} differ only in upper and lower case",
                "On macOS and Windows they would be one file: rename one of them in Figma, or use another name style.",
            )
    return found


def _check_path(path: str) -> None:
    if not path or "\0" in path or path.endswith("/"):
        raise _error("output.bad-path", path, f"not a path of a file: {path!r}", "")
    for part in path.split("/"):
        if len(os.fsencode(part)) > LONGEST_NAME_BYTES - len(STAGED_PREFIX):
            raise _error(
                "output.name-too-long",
                path,
                f"the name is too long for a file: {part[:60]}…",
                "Shorten it in Figma, or with nameReplaceRegexp.",
            )


def _stage_one(target: str, file: OutputFile, staged: Staged) -> None:
    try:
        mode = os.stat(target).st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = None
    if mode is not None:
        _check_regular(mode)
    if mode is not None and _holds(target, file.content):
        staged.unchanged += 1
        return
    directory = os.path.dirname(target)
    _make_directories(directory, staged)
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is read-only")
    beside = os.path.join(directory, f"{STAGED_PREFIX}{os.getpid()}-{next(_numbers)}")
    staged.moves.append(Move(beside, target, mode is not None))
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with open(descriptor, "wb") as stream:
        _write(file.content, stream)
        if mode is not None:
            os.fchmod(stream.fileno(), stat.S_IMODE(mode))


def _check_regular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = "a directory" if stat.S_ISDIR(mode) else "a device or pipe"
        raise IsADirectoryError(21, f"{what} is where the file should be")


def _write(content: Content, stream: BinaryIO) -> None:
    if isinstance(content, bytes):
        stream.write(content)
    elif content.offset:
        stream.write(content.read())
    else:
        with open(content.path, "rb") as source:
            shutil.copyfileobj(source, stream, _CHUNK)


def _holds(path: str, content: Content) -> bool:
    size = os.path.getsize(path)
    if isinstance(content, bytes):
        if size != len(content):
            return False
        with open(path, "rb") as stream:
            return stream.read() == content
    if size != content.size:
        return False
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == content.digest


def _make_directories(directory: str, staged: Staged) -> None:
    missing = []
    while not os.path.isdir(directory):
        missing.append(directory)
        directory = os.path.dirname(directory)
    for path in reversed(missing):
        try:
            os.mkdir(path)
        except FileExistsError:
            # Another config's export made it in this very moment, or a file is in the way.
            if not os.path.isdir(path):
                raise NotADirectoryError(20, f"{path} is a file, not a directory") from None
        else:
            staged.made.append(path)


def _put_in_place(move: Move) -> str | None:
    """Rename one file; returns where the old one is kept until all are in place."""
    if not move.replaces:
        os.replace(move.staged, move.target)
        return None
    backup = f"{move.staged}-old"
    try:
        os.link(move.target, backup)
        linked = True
    except OSError:
        # No hard links here (some network and FAT disks): the target is missing for the moment between two renames.
        os.replace(move.target, backup)
        linked = False
    try:
        os.replace(move.staged, move.target)
    except OSError:
        # Renaming one hard link of a file over another does nothing, so a linked backup has to be removed.
        if linked:
            os.unlink(backup)
        else:
            os.replace(backup, move.target)
        raise
    return backup


def _take_back(done: Sequence[tuple[Move, str | None]]) -> None:
    for move, backup in reversed(done):
        with suppress(OSError):
            if backup is None:
                os.unlink(move.target)
            else:
                os.replace(backup, move.target)


@contextmanager
def _located(path: str) -> Iterator[None]:
    """Turn what the system says into an error that names the file and says what to do."""
    try:
        yield
    except OSError as error:
        hint = {
            13: "Check who owns the directory and whether it is writable.",
            20: "Move the file away, or change the output path.",
            21: "Move the directory away, or change the output path.",
            28: "Free some space and run again.",
            30: "The disk is mounted read-only; --output-root can point elsewhere.",
            36: "Shorten the name in Figma, or with nameReplaceRegexp.",
            122: "Free some space within the quota and run again.",
        }.get(error.errno or 0, "")
        reason = error.strerror or str(error)
        raise _error(
            "output.not-written", path, f"can't write {path}: {reason}; the old files are intact", hint
        ) from None


def _error(code: str, path: str, message: str, hint: str) -> OutputError:
    return OutputError(Problem(code, message, hint, Location(file=path)))
