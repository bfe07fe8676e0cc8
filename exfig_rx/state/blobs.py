"""Bytes that are kept beyond a run, under their SHA-256: small ones in one SQLite file, large ones as files.

In: `Blob`s of a run, digests. Out: `Blob`s of this run. Rules: bytes are checked against their digest whenever they are
read; a blob that was handed out stays whatever others drop; bytes come and go only while the index is held, so that
what it says is there is there. SQLite for small ones, as a file each costs more than to read or write what is in it.
"""

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final, Protocol

from exfig_rx.download.store import StoreError
from exfig_rx.pictures import Blob
from exfig_rx.state.index import BUSY_S, Complaints, listed
from exfig_rx.state.shared_file import SharedFile

FOLDER_NAME: Final = "blobs"
SMALL_NAME: Final = "small.sqlite3"

MOST_SMALL_BYTES: Final = 256 * 1024
"""Larger blobs are files of their own."""

_MOST_BYTES_AT_ONCE: Final = 16 * 2**20
"""How many bytes of small blobs are in memory together."""

AT_ONCE: Final = 500
"""How many small blobs are read or dropped in one go."""

_SCHEMA: Final = "CREATE TABLE content (digest TEXT NOT NULL UNIQUE, bytes BLOB NOT NULL);"

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = re.compile(r"[0-9]+-[0-9]+\.part")

_numbers = count()


class _Damaged(Exception):
    """Bytes are not those that their name says."""


class Keep(Protocol):
    """How bytes become a blob of this run, as in `download.store.Store.keep`."""

    def __call__(self, content: bytes) -> Blob: ...


class Prepared:
    """Blobs that are about to be kept: bytes of small ones, and large ones as files beside their place, by digest."""

    __slots__ = ("large", "sizes", "small")

    def __init__(self) -> None:
        self.small: dict[str, bytes] = {}
        self.large: dict[str, Path] = {}
        self.sizes: dict[str, int] = {}


class Blobs:
    """The bytes in `folder`/blobs; the files are opened when they are first needed, by the one thread that uses this.

    `scratch` is a folder of this run, in which large blobs stay while it lasts.
    """

    def __init__(self, folder: Path, scratch: Path, complaints: Complaints) -> None:
        self.folder = folder / FOLDER_NAME
        self._scratch = scratch
        self._complaints = complaints
        self._opened: SharedFile | None = None
        # what was read in this run, by digest
        self._taken: dict[str, Blob] = {}

    def close(self) -> None:
        """Ends the use of the files."""
        if self._opened is not None:
            self._opened.close()

    # ── reading ──

    def take(self, sizes: Mapping[str, int], keep: Keep) -> tuple[dict[str, Blob], set[str]]:
        """Blobs by digest, of those whose sizes are given; and the digests of those that are missing or damaged."""
        lost: set[str] = set()
        new = [digest for digest in sizes if digest not in self._taken]
        for part in _in_parts([digest for digest in new if sizes[digest] <= MOST_SMALL_BYTES], sizes):
            rows = self._read(part)
            if rows is not None:
                whole = {digest: content for digest, content in rows if _digest(content) == digest}
                lost.update(digest for digest in part if digest not in whole)
                self._take_small(whole, keep)
        for digest in new:
            if sizes[digest] > MOST_SMALL_BYTES:
                try:
                    self._taken[digest] = self._take_large(digest)
                except (FileNotFoundError, _Damaged):
                    lost.add(digest)
                except OSError as error:
                    self._complaints.unusable(error.strerror or str(error))
        return {digest: self._taken[digest] for digest in sizes if digest in self._taken}, lost

    def _take_small(self, contents: Mapping[str, bytes], keep: Keep) -> None:
        try:
            for digest, content in contents.items():
                self._taken[digest] = keep(content)
        except StoreError as error:
            self._complaints.unusable(str(error))

    def let_go(self) -> None:
        """Forget what was handed out, as it is there no more; nobody may need any of it."""
        for digest, blob in self._taken.items():
            if not blob.offset:
                _remove(self._scratch / digest)
        self._taken = {}

    def _read(self, digests: Sequence[str]) -> list[tuple[str, bytes]] | None:
        def work(database: sqlite3.Connection) -> list[tuple[str, bytes]]:
            rows = database.execute(
                "SELECT digest, bytes FROM content WHERE digest IN (SELECT value FROM json_each(?))", (listed(digests),)
            )
            return [(digest, content) for digest, content in rows if isinstance(content, bytes)]

        return self._small.read(work)

    def _take_large(self, digest: str) -> Blob:
        """A large blob under a name of this run's own, so that nobody takes it away. Raises OSError, _Damaged."""
        source = self._place(digest)
        path = self._scratch / source.name
        self._scratch.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            _link(source, path)
        with open(path, "rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            size = os.fstat(file.fileno()).st_size
        if found != digest:
            _remove(path)
            raise _Damaged
        return Blob(str(path), size, digest)

    # ── keeping ──

    def prepare(self, blobs: Sequence[Blob]) -> Iterator[Prepared]:
        """`blobs` in portions that fit into memory; a blob that can't be read is left out."""
        prepared, size = Prepared(), 0
        for blob in sorted(blobs, key=lambda blob: (blob.path, blob.offset)):
            digest = blob.digest
            try:
                if blob.size > MOST_SMALL_BYTES:
                    prepared.large[digest] = self._beside(digest, blob)
                else:
                    prepared.small[digest] = blob.read()
                    size += blob.size
            except OSError as error:
                self._complaints.unusable(error.strerror or str(error))
                continue
            prepared.sizes[digest] = blob.size
            if size > _MOST_BYTES_AT_ONCE:
                yield prepared
                prepared, size = Prepared(), 0
        yield prepared

    def _beside(self, digest: str, blob: Blob) -> Path:
        part = self._place(digest).with_name(f"{os.getpid()}-{next(_numbers)}.part")
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            if blob.offset:
                part.write_bytes(blob.read())
            else:
                _link(Path(blob.path), part)
        except OSError:
            _remove(part)
            raise
        return part

    def put(self, prepared: Prepared) -> list[str]:
        """Keeps what was prepared, while the caller holds the index; the digests of all that is there now."""

        def work(database: sqlite3.Connection) -> list[str]:
            database.executemany("INSERT OR IGNORE INTO content (digest, bytes) VALUES (?, ?)", prepared.small.items())
            return list(prepared.small)

        there = (self._small.transact(work) or []) if prepared.small else []
        for digest, part in prepared.large.items():
            try:
                os.replace(part, self._place(digest))
                there.append(digest)
            except OSError as error:
                self._complaints.unusable(error.strerror or str(error))
        return there

    def discard(self, prepared: Prepared) -> None:
        """Removes what `put` left: a name that is renamed over another one of the same file stays, too."""
        for part in prepared.large.values():
            _remove(part)

    # ── dropping ──

    def drop(self, digests: Sequence[str]) -> None:
        """Drops bytes, while the caller holds the index."""

        def work(database: sqlite3.Connection) -> None:
            database.executemany("DELETE FROM content WHERE digest = ?", [(digest,) for digest in digests])

        if self._opened is not None or self._small_path.exists():
            self._small.transact(work)
        for digest in digests:
            _remove(self._place(digest))

    def stored(self) -> set[str]:
        """The digests of all bytes that are there."""
        found: set[str] = set()
        if self._opened is not None or self._small_path.exists():
            rows = self._small.read(lambda database: database.execute("SELECT digest FROM content").fetchall())
            found.update(digest for (digest,) in rows or ())
        found.update(path.name for path in self._files() if _DIGEST.fullmatch(path.name))
        return found

    def drop_parts(self, older_than_s: float) -> None:
        """Drops what killed runs left half kept: parts that were last changed before then, in epoch seconds."""
        for path in self._files():
            with suppress(OSError):
                if _PART.fullmatch(path.name) and path.stat().st_ctime < older_than_s:
                    path.unlink()

    def shrink(self) -> None:
        """Gives the room of dropped small blobs back to the disk."""
        if self._opened is not None or self._small_path.exists():
            self._small.shrink()

    # ── where things are ──

    @property
    def _small_path(self) -> Path:
        return self.folder / SMALL_NAME

    @property
    def _small(self) -> SharedFile:
        if self._opened is None:
            complaints = self._complaints
            self._opened = SharedFile(
                self._small_path,
                _SCHEMA,
                opened=lambda database: _ignore(database.execute("SELECT digest, bytes FROM content LIMIT 0")),
                unusable=complaints.unusable,
                made_anew=lambda reason: complaints.damaged(f"{FOLDER_NAME}/{SMALL_NAME} was damaged ({reason})"),
                shrinks=True,
                busy_s=BUSY_S,
            )
        return self._opened

    def _place(self, digest: str) -> Path:
        """Where a large blob is: in `folder`, whatever a database that somebody else made calls a digest."""
        name = digest if _DIGEST.fullmatch(digest) else hashlib.sha256(digest.encode()).hexdigest()
        return self.folder / name[:2] / name

    def _files(self) -> Iterator[Path]:
        with suppress(OSError):
            for folder in sorted(self.folder.iterdir()):
                if len(folder.name) == 2 and folder.is_dir() and not folder.is_symlink():
                    yield from sorted(folder.iterdir())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _in_parts(digests: Sequence[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Portions for one statement, whose bytes fit into memory."""
    part: list[str] = []
    size = 0
    for digest in digests:
        part.append(digest)
        size += sizes[digest]
        if len(part) == AT_ONCE or size > _MOST_BYTES_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _link(source: Path, target: Path) -> None:
    """A second name of a file, or a copy where that can't be. Raises OSError, FileExistsError if `target` is there."""
    try:
        os.link(source, target)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        try:
            shutil.copyfile(source, target)
        except OSError:
            _remove(target)
            raise


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _ignore(_: object) -> None:
    """For what is done to see whether it can be."""
