"""The folder of blobs: equal bytes are kept once, large ones as files under their SHA-256, small ones in packs.

In: bytes, whole or in pieces. Out: `Blob`s. Rules: a blob that was handed out is whole until `clear`; each thread
writes to a pack of its own, so that nothing is locked; a folder that takes no more is left for a temporary one, once.
Packs, because to make a file costs 40 microseconds where the file system is quick, and more than the whole download
where it is not (600, measured after many files had been deleted).
"""

import errno
import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from types import TracebackType
from typing import BinaryIO, Final, Self

from exfig_rx.download.kinds import HEAD_BYTES, TAIL_BYTES
from exfig_rx.model import Location, Problem
from exfig_rx.pictures import Blob

_PACK_HEAD: Final = b"exfig\n"
"""How a pack begins, so that no blob in it has the offset 0."""

_OF_THE_FOLDER: Final = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EIO)
)
"""Errors of a folder that is full, gone or closed to us; another one may do."""

_numbers = count()


class StoreError(Exception):
    """The folder can't be written or read; the text is the system's. `may_pass`: what comes now goes elsewhere."""

    def __init__(self, said: str, *, may_pass: bool = False) -> None:
        super().__init__(said)
        self.may_pass = may_pass


class Store:
    """Blobs below `folder`, which is made when it is not there.

    `warn` is told, once and on any thread, when that folder takes no more and a temporary one is used in its place.
    """

    def __init__(self, folder: str, warn: Callable[[Problem], None] | None = None) -> None:
        self._folder = folder
        self._warn = warn
        # one thread finds out that the folder takes no more
        self._lock = threading.Lock()
        self._temporary: str | None = None
        self._place = _Place(folder)
        with suppress(OSError):  # which shows when something is to be kept
            os.makedirs(folder, exist_ok=True)

    def keep(self, content: bytes) -> Blob:
        """`content`, which is small, as a blob. Raises StoreError."""
        place = self._place
        try:
            return place.keep(content)
        except OSError as error:
            moved = self._moved(place, error)
        with _system_errors():
            return moved.keep(content)

    def begin(self) -> "Part":
        """A blob that comes in pieces. Raises StoreError."""
        place = self._place
        try:
            path = place.beside("part")
        except OSError as error:
            place = self._moved(place, error)
            with _system_errors():
                path = place.beside("part")

        def refused(error: OSError) -> StoreError:
            try:
                self._moved(place, error)
            except StoreError as final:
                return final
            return StoreError(error.strerror or str(error), may_pass=True)

        return Part(path, place.finish, refused)

    def finish(self, part: "Part") -> Blob:
        """What is in `part` as a blob; the part is used up. Raises StoreError."""
        return part.finish()

    def clear(self) -> None:
        """Drop all that was kept; nobody may need any of it. What comes from now on goes to a fresh place."""
        with self._lock:
            place, self._place = self._place, _Place(self._temporary or self._folder)
        place.remove()

    def close(self) -> None:
        """Remove what does not go with the folder."""
        with self._lock:
            temporary, self._temporary = self._temporary, None
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)

    def _moved(self, place: "_Place", error: OSError) -> "_Place":
        """The place that is used from now on, as `place` refused. Raises StoreError where there is none."""
        with self._lock:
            if self._place is not place:
                return self._place
            if self._temporary is not None or error.errno not in _OF_THE_FOLDER:
                raise StoreError(error.strerror or str(error)) from error
            with _system_errors():
                self._temporary = tempfile.mkdtemp(prefix="exfig-")
            moved = self._place = _Place(self._temporary)
        if self._warn is not None:
            self._warn(_no_scratch(self._folder, error))
        return moved


class _Place:
    """One folder of blobs, with what was kept in it, by digest."""

    def __init__(self, above: str) -> None:
        self._folder = f"{above}/{os.getpid()}-{next(_numbers)}.kept"
        self._here = _Here()
        self._kept: dict[str, Blob] = {}
        self._is_made = False

    def keep(self, content: bytes) -> Blob:
        """Raises OSError."""
        digest = hashlib.sha256(content).hexdigest()
        blob = self._kept.get(digest)
        if blob is None:
            pack = self._here.pack
            if pack is None:
                pack = self._here.pack = _Pack(self.beside("pack"))
            offset = pack.append(content)
            # Another thread may have kept the same bytes meanwhile; then everybody gets that one.
            blob = self._kept.setdefault(digest, Blob(pack.path, len(content), digest, offset))
        return blob

    def finish(self, path: str, size: int, digest: str) -> Blob:
        """The file at `path` as a blob. Raises OSError."""
        blob = self._kept.get(digest)
        if blob is not None:
            _remove(path)
            return blob
        blob = Blob(f"{self._folder}/{digest}", size, digest)
        os.replace(path, blob.path)
        return self._kept.setdefault(digest, blob)

    def beside(self, kind: str) -> str:
        """A path that nobody has; raises OSError where the folder can't be made."""
        if not self._is_made:
            # Not what is above: somebody who removed it does not want half of it back.
            with suppress(FileExistsError):
                os.mkdir(self._folder, 0o700)
            self._is_made = True
        return f"{self._folder}/{next(_numbers)}.{kind}"

    def remove(self) -> None:
        """Close the packs, whichever threads have them, as some systems remove no open file; and remove the folder."""
        self._here = _Here()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Pack:
    """A file of small blobs that one thread appends to; it is closed when that thread ends."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._size = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(path, flags, 0o600)
        self.append(_PACK_HEAD)

    def append(self, content: bytes) -> int:
        """Write `content` and tell where it begins. Raises OSError."""
        start = self._size
        rest = memoryview(content)
        while rest:
            written = os.write(self._descriptor, rest)
            self._size += written
            rest = rest[written:]
        # Whoever has a file open is not told that it was removed.
        if not os.fstat(self._descriptor).st_nlink and not os.path.exists(self.path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.path)
        return start

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            os.close(self._descriptor)


class _Here(threading.local):
    """The pack of this thread."""

    pack: _Pack | None = None


class Part:
    """The first `size` bytes of a blob, on disk; open for more while entered.

    `etag` tells the server which bytes they are of, so that it can send the rest; empty if it can't.
    """

    __slots__ = ("_file", "_finished", "_hash", "_refused", "etag", "path", "size")

    def __init__(
        self, path: str, finished: Callable[[str, int, str], Blob], refused: Callable[[OSError], StoreError]
    ) -> None:
        self.path = path
        self._finished = finished
        self._refused = refused
        self.size = 0
        self.etag = ""
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of what is there, in hex."""
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        with self._refusals():
            self._file = open(self.path, "ab")
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def restart(self, etag: str) -> None:
        """Forget what is there; what comes now is of `etag`. Raises StoreError."""
        assert self._file is not None
        with self._refusals():
            self._file.truncate(0)
        self.size, self.etag, self._hash = 0, etag, hashlib.sha256()

    def write(self, piece: bytes) -> None:
        """Append. Raises StoreError."""
        assert self._file is not None
        with self._refusals():
            self._file.write(piece)
            self._file.flush()
        self._hash.update(piece)
        self.size += len(piece)

    def ends(self) -> tuple[bytes, bytes]:
        """The first `HEAD_BYTES` and the last `TAIL_BYTES` of it. Raises StoreError."""
        with self._refusals(), open(self.path, "rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(max(0, self.size - TAIL_BYTES))
            return head, file.read()

    def finish(self) -> Blob:
        """It as a blob, which uses it up. Raises StoreError."""
        with self._refusals():
            return self._finished(self.path, self.size, self.digest)

    def discard(self) -> None:
        """Remove it from the disk."""
        _remove(self.path)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._refused(error) from error


@contextmanager
def _system_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(error.strerror or str(error)) from error


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def _no_scratch(folder: str, error: OSError) -> Problem:
    return Problem(
        "state.no-scratch",
        f"downloads go to a temporary folder for the rest of this run: {error.strerror or error}",
        "make room, or let exfig write there",
        Location(file=folder),
    )
