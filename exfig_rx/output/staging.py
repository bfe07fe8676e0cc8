"""Files on their way: written beside their targets, on the same disk, where nobody takes them for the real ones.

In: one file and where it goes. Out: a `Move`, or nothing where the target holds these bytes already. Rules: a folder
that is not there yet is staged as a whole, so that it comes into place in one step; nothing is written into a folder
that is not the one that was looked at in the beginning.
"""

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Final, TypeVar

from exfig_rx.manifest import Written
from exfig_rx.model import OutputFile
from exfig_rx.output.intact import digest_of
from exfig_rx.output.journal import Move
from exfig_rx.output.targets import Identity, Targets
from exfig_rx.pictures import Blob, Content

T = TypeVar("T")

_CHUNK: Final = 1 << 20
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(slots=True)
class Pile:
    """What is staged of one export: moves, files that need no change, and where the files of a folder are staged.

    `roots` are staged folders that become others, which are not there yet, and `inside` all folders in them, each after
    the one that it is in; both as (staged, target). `identities` tell the folders that were written into.
    """

    targets: Targets
    prefix: str
    moves: list[Move] = field(default_factory=list)
    unchanged: list[Written] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    roots: list[tuple[str, str]] = field(default_factory=list)
    inside: list[tuple[str, str]] = field(default_factory=list)
    identities: dict[str, Identity] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)

    def add(self, target: str, file: OutputFile, owners: tuple[str, ...], *, is_shared: bool = False) -> None:
        """Stage `file`, unless its target holds it already. Raises OSError."""
        folder, _, name = target.rpartition(os.sep)
        folder = folder or os.sep
        content = file.content
        if isinstance(content, Blob):
            size, digest = content.size, content.digest
        else:
            size, digest = len(content), hashlib.sha256(content).hexdigest()
        mode = None
        # What was not there in the beginning is looked at once more only where several configs write into one file.
        if (is_shared or folder not in self.targets.missing) and (old := _looked(target)) is not None:
            if old.st_size == size and _holds(target, content):
                stamp = (old.st_ctime_ns, old.st_ino)
                self.unchanged.append(Written(target, digest, size, old.st_mtime_ns, owners, is_shared, *stamp))
                return
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, "the file is read-only")
            mode = stat.S_IMODE(old.st_mode)
        place = self.places.get(folder) or self._place(folder)
        # In a folder of its own it has its own name, and comes into place with the folder.
        staged = f"{place}{os.sep}{name if place != folder else f'{self.prefix}{next(self.numbers)}'}"
        try:
            found = _written(staged, content, mode)
        except BaseException:  # also when the process is about to end: half a file must not stay
            with suppress(OSError):
                os.unlink(staged)
            raise
        stamp = (found.st_ctime_ns, found.st_ino)
        self.moves.append(Move(staged, Written(target, digest, size, found.st_mtime_ns, owners, is_shared, *stamp)))

    def discard(self) -> None:
        """Remove everything that is staged."""
        for move in self.moves:
            if os.path.dirname(move.staged) == os.path.dirname(move.written.path):
                with suppress(OSError):
                    os.unlink(move.staged)
        self.drop_roots()

    def drop_roots(self) -> None:
        """Remove what is left of folders that were staged as a whole."""
        for staged, _ in self.roots:
            shutil.rmtree(staged, ignore_errors=True)

    def check_folders(self) -> None:
        """Raises OSError where a folder is no longer the one that was written into."""
        for folder, identity in self.identities.items():
            _check_identity(folder, identity)

    def _place(self, folder: str) -> str:
        """Where files of `folder` are staged: there, or in a folder that becomes it."""
        missing = self.targets.missing
        if folder not in missing:
            identity = self.targets.folders[folder]
            _check_identity(folder, identity)
            self.identities[folder] = identity
            place = folder
        else:
            above, _, name = folder.rpartition(os.sep)
            above = above or os.sep
            place = self.places.get(above) or self._place(above)
            is_root = above not in missing
            place = os.path.join(place, f"{self.prefix}{next(self.numbers)}" if is_root else name)
            if is_root:
                self.roots.append((place, folder))
            os.mkdir(place)
            self.inside.append((place, folder))
        self.places[folder] = place
        return place


def check_regular(path: str, mode: int) -> None:
    """Raises IsADirectoryError unless `mode`, which is that of `path`, is that of a plain file."""
    if not stat.S_ISREG(mode):
        what = "a directory" if stat.S_ISDIR(mode) else "a device or pipe"
        raise IsADirectoryError(errno.EISDIR, f"{what} is where the file should be", path)


def _looked(target: str) -> os.stat_result | None:
    """What is there, which must be a plain file; None if nothing is."""
    try:
        found = os.stat(target)
    except FileNotFoundError:
        return None
    check_regular(target, found.st_mode)
    return found


def _check_identity(folder: str, identity: Identity) -> None:
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        raise OSError(errno.ESTALE, f"the folder {folder} was removed during the export") from None
    if (found.st_dev, found.st_ino) != identity:
        raise OSError(errno.ESTALE, f"the folder {folder} was replaced by another one during the export")


def _written(path: str, content: Content, mode: int | None) -> os.stat_result:
    """Writes a new file, and looks at it."""
    descriptor = os.open(path, _FLAGS, 0o666)
    try:
        if isinstance(content, bytes):
            _write(descriptor, content)
        elif content.size <= _CHUNK or content.offset:
            _write(descriptor, _whole(content))
        else:
            _copy(descriptor, content)
        if mode is not None:
            os.fchmod(descriptor, mode)
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)


def _stored(blob: Blob, read: Callable[[], T]) -> T:
    """What `read` gives, which reads `blob`; what is gone is not taken for a folder of the project."""
    try:
        return read()
    except FileNotFoundError:
        folder = os.path.dirname(blob.path)
        raise OSError(errno.EIO, f"what was stored of it is gone, as somebody removed {folder}") from None


def _write(descriptor: int, content: bytes) -> None:
    done = os.write(descriptor, content)
    while done < len(content):
        done += os.write(descriptor, memoryview(content)[done:])


def _copy(descriptor: int, blob: Blob) -> None:
    copied = 0
    with _stored(blob, lambda: open(blob.path, "rb", buffering=0)) as source:
        while chunk := source.read(_CHUNK):
            _write(descriptor, chunk)
            copied += len(chunk)
    _check_size(blob, copied)


def _whole(blob: Blob) -> bytes:
    content = _stored(blob, blob.read)
    _check_size(blob, len(content))
    return content


def _check_size(blob: Blob, size: int) -> None:
    if size != blob.size:
        raise OSError(errno.EIO, f"of the {blob.size} bytes that were stored of it, {size} are left")


def _holds(path: str, content: Content) -> bool:
    if isinstance(content, Blob):
        return digest_of(path) == content.digest
    with open(path, "rb", buffering=0) as stream:
        return stream.read() == content
