"""The folder of blobs: equal bytes are kept once, large ones as files under their SHA-256, small ones in packs.

In: bytes, whole or in pieces. Out: `Blob`s. Rules: a blob that was handed out is whole; each thread writes to a pack
of its own, so that nothing is locked. Packs, because to make a file costs 40 microseconds where the file system is
quick, and more than the whole download where it is not (600, measured after many files had been deleted).
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from types import TracebackType
from typing import BinaryIO, Final, Self

from exfig_rx.download.kinds import HEAD_BYTES, TAIL_BYTES
from exfig_rx.pictures import Blob

_PACK_HEAD: Final = b"exfig\n"
"""How a pack begins, so that no blob in it has the offset 0."""

_numbers = count()


class StoreError(Exception):
    """The folder can't be written or read; the text is the system's."""


class Store:
    """Blobs in `folder`, which is made when it is not there."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._here = _Here()
        # everything that was kept, by digest
        self._kept: dict[str, Blob] = {}
        os.makedirs(folder, exist_ok=True)

    def keep(self, content: bytes) -> Blob:
        """`content`, which is small, as a blob. Raises StoreError."""
        digest = hashlib.sha256(content).hexdigest()
        blob = self._kept.get(digest)
        if blob is None:
            with _system_errors():
                pack = self._here.pack
                if pack is None:
                    pack = self._here.pack = _Pack(self._beside("pack"))
                offset = pack.append(content)
            # Another thread may have kept the same bytes meanwhile; then everybody gets that one.
            blob = self._kept.setdefault(digest, Blob(pack.path, len(content), digest, offset))
        return blob

    def begin(self) -> "Part":
        """A blob that comes in pieces."""
        return Part(self._beside("part"))

    def finish(self, part: "Part") -> Blob:
        """What is in `part` as a blob; the part is used up. Raises StoreError."""
        blob = self._kept.get(part.digest)
        if blob is not None:
            part.discard()
            return blob
        blob = Blob(f"{self._folder}/{part.digest}", part.size, part.digest)
        with _system_errors():
            os.replace(part.path, blob.path)
        return self._kept.setdefault(blob.digest, blob)

    def _beside(self, kind: str) -> str:
        return f"{self._folder}/{os.getpid()}-{next(_numbers)}.{kind}"


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

    __slots__ = ("_file", "_hash", "etag", "path", "size")

    def __init__(self, path: str) -> None:
        self.path = path
        self.size = 0
        self.etag = ""
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of what is there, in hex."""
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        with _system_errors():
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
        with _system_errors():
            self._file.truncate(0)
        self.size, self.etag, self._hash = 0, etag, hashlib.sha256()

    def write(self, piece: bytes) -> None:
        """Append. Raises StoreError."""
        assert self._file is not None
        with _system_errors():
            self._file.write(piece)
            self._file.flush()
        self._hash.update(piece)
        self.size += len(piece)

    def ends(self) -> tuple[bytes, bytes]:
        """The first `HEAD_BYTES` and the last `TAIL_BYTES` of it. Raises StoreError."""
        with _system_errors(), open(self.path, "rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(max(0, self.size - TAIL_BYTES))
            return head, file.read()

    def discard(self) -> None:
        """Remove it from the disk."""
        _remove(self.path)


@contextmanager
def _system_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(error.strerror or str(error)) from error


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
