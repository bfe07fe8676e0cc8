"""What becomes of kept things in time: what counts no more is dropped, and room is held to its bound.

In: the index, the bytes. Out: what was dropped, and what is there. Rules: a run that works at the same time loses
nothing that it has in hand, and nothing that it keeps from now on; nothing but the cache is touched.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final

from exfig_rx.state.blobs import AT_ONCE, FOLDER_NAME, Blobs
from exfig_rx.state.index import FILE_NAME, Index, listed

VERSIONS_KEPT: Final = 2
"""How many versions of a file are kept whole: the newest, and the one that its renders are carried from."""

PART_AGE_S: Final = 3600.0
"""How long bytes may be on their way into the cache; older ones are of a run that was killed."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What was dropped: versions of files, of which at least the answers; blobs; and the bytes that are free now."""

    versions: int
    blobs: int
    freed_bytes: int


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of Figma of which something is kept; `versions` newest first."""

    address: str
    file_key: str
    name: str
    versions: tuple[str, ...]
    renders: int


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What is there: sizes on disk in bytes, of all and of the pictures alone; counts; runs that have not ended."""

    bytes: int
    blob_bytes: int
    answers: int
    items: int
    renders: int
    blobs: int
    files: tuple[KeptFile, ...]
    unfinished: int


_CLEAR: Final = (
    "DELETE FROM answer",
    "DELETE FROM item",
    "DELETE FROM lookup",
    "DELETE FROM hash",
    "DELETE FROM render",
    "DELETE FROM unrendered",
    "DELETE FROM unconfirmed",
    "DELETE FROM blob",
    "DELETE FROM version",
    "DELETE FROM unfinished",
)

_NOTHING_LEFT: Final = """
DELETE FROM unfinished WHERE NOT EXISTS (SELECT 1 FROM answer WHERE run = unfinished.id)
AND NOT EXISTS (SELECT 1 FROM item WHERE run = unfinished.id)
AND NOT EXISTS (SELECT 1 FROM render WHERE run = unfinished.id)
AND NOT EXISTS (SELECT 1 FROM unrendered WHERE run = unfinished.id)
"""
"""Forgets runs that left nothing; one that is at work is entered again when it writes."""


_NOTHING_TO_CONFIRM: Final = """
DELETE FROM unconfirmed WHERE id NOT IN (SELECT batch FROM render) AND id NOT IN (SELECT batch FROM hash)
"""


class Upkeep:
    """Upkeep of the cache in `folder`; what it does holds for all addresses."""

    def __init__(self, folder: Path, index: Index, blobs: Blobs) -> None:
        self._folder = folder
        self._index = index
        self._blobs = blobs

    def trim(self, most_bytes: int, now_s: float) -> Trimmed:
        """Drops old versions, bytes that nobody refers to, and, beyond `most_bytes`, those that were used long ago."""
        before = self._size()
        dropped = self._index.transact(lambda database: _drop_rows(database, most_bytes))
        blobs = self._sweep()
        self._blobs.drop_parts(now_s - PART_AGE_S)
        if blobs or (dropped or 0):
            self._shrink()
        return Trimmed(dropped or 0, blobs, max(0, before - self._size()))

    def clear(self) -> int:
        """Drops everything; how many bytes are free now."""
        before = self._size()

        def work(database: sqlite3.Connection) -> None:
            for statement in _CLEAR:
                database.execute(statement)

        self._index.transact(work)
        self._sweep()
        self._blobs.drop_parts(float("inf"))
        self._shrink()
        return max(0, before - self._size())

    def info(self) -> CacheInfo:
        """What is there."""

        def work(database: sqlite3.Connection) -> CacheInfo:
            def number(statement: str) -> int:
                return int(database.execute(statement).fetchone()[0])

            return CacheInfo(
                self._size(),
                number("SELECT coalesce(sum(size), 0) FROM blob"),
                number("SELECT count(*) FROM answer"),
                number("SELECT count(*) FROM item"),
                number("SELECT count(*) FROM render JOIN blob USING (digest)"),
                number("SELECT count(*) FROM blob"),
                _files(database),
                number("SELECT count(*) FROM unfinished"),
            )

        return self._index.read(work) or CacheInfo(self._size(), 0, 0, 0, 0, 0, (), 0)

    def _sweep(self) -> int:
        """Drops the bytes that the index does not name, a few at a time; how many blobs they were."""

        def drop(database: sqlite3.Connection, among: Sequence[str]) -> int:
            rows = database.execute(
                "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT digest FROM blob)", (listed(among),)
            )
            gone = [digest for (digest,) in rows]
            self._blobs.drop(gone)
            return len(gone)

        stored = self._blobs.stored()
        if not stored:
            return 0
        named = self._index.read(lambda database: {row[0] for row in database.execute("SELECT digest FROM blob")})
        candidates = sorted(stored - named) if named is not None else []
        dropped = 0
        for start in range(0, len(candidates), AT_ONCE):
            portion = candidates[start : start + AT_ONCE]
            # Asked again while nobody else can keep anything: another run may have kept the same bytes just now.
            dropped += self._index.transact(partial(drop, among=portion)) or 0
        return dropped

    def _shrink(self) -> None:
        self._index.shrink()
        self._blobs.shrink()

    def _size(self) -> int:
        files = [*self._folder.glob(f"{FILE_NAME}*"), *(self._folder / FOLDER_NAME).rglob("*")]
        # What SQLite shares between processes is a file only by name.
        return sum(_size_of(path) for path in files if not path.name.endswith("-shm"))


def _drop_rows(database: sqlite3.Connection, most_bytes: int) -> int:
    """Drops rows that count no more, and those of blobs for which there is no room; how many versions it took."""
    versions = database.execute(
        "SELECT address, file, id, has_content FROM kept ORDER BY address, file, seen DESC, id DESC"
    ).fetchall()
    dropped = 0
    for _, of_file in groupby(versions, key=lambda row: row[:2]):
        rows = list(of_file)
        newest = rows[0][2]
        whole = [row[2] for row in rows if row[3]][:VERSIONS_KEPT]
        newer = list(whole)
        for row in rows:
            version = row[2]
            if version in whole:
                continue
            dropped += row[3] and _drop_answers(database, version)
            if _drop_renders(database, version, newer):
                newer.append(version)
            elif version != newest:
                database.execute("DELETE FROM version WHERE id = ?", (version,))
    database.execute("DELETE FROM blob WHERE digest NOT IN (SELECT digest FROM render)")
    _make_room(database, most_bytes)
    database.execute("DELETE FROM render WHERE digest NOT IN (SELECT digest FROM blob)")
    database.execute(_NOTHING_TO_CONFIRM)
    database.execute(_NOTHING_LEFT)
    return dropped


def _drop_answers(database: sqlite3.Connection, version: int) -> bool:
    """Drops answers and items of a version; whether there were any."""
    count = database.execute("DELETE FROM answer WHERE version = ?", (version,)).rowcount
    count += database.execute(
        "DELETE FROM item WHERE lookup IN (SELECT id FROM lookup WHERE version = ?)", (version,)
    ).rowcount
    database.execute("DELETE FROM lookup WHERE version = ?", (version,))
    return count > 0


def _drop_renders(database: sqlite3.Connection, version: int, newer: Sequence[int]) -> bool:
    """Drops renders of a version of which there are newer ones, and hashes without a render; whether any are left.

    What is left may still be carried: a config that was not exported for some versions is not rendered anew. So one
    that may not be carried goes, and does not stand for one that may; and nobody asks any more what can't be rendered.
    """
    database.execute("DELETE FROM render WHERE version = ? AND batch IN (SELECT id FROM unconfirmed)", (version,))
    database.execute(
        "DELETE FROM render WHERE version = ? AND EXISTS (SELECT 1 FROM sure_render AS other "
        "WHERE other.version IN (SELECT value FROM json_each(?)) "
        "AND other.asked = render.asked AND other.node = render.node)",
        (version, listed(newer)),
    )
    database.execute("DELETE FROM unrendered WHERE version = ?", (version,))
    database.execute(
        "DELETE FROM hash WHERE version = ? AND node NOT IN (SELECT node FROM render WHERE version = ?)",
        (version, version),
    )
    return database.execute("SELECT 1 FROM render WHERE version = ? LIMIT 1", (version,)).fetchone() is not None


def _make_room(database: sqlite3.Connection, most_bytes: int) -> None:
    """Drops the blobs that were used long ago until the others fit."""
    (total,) = database.execute("SELECT coalesce(sum(size), 0) FROM blob").fetchone()
    gone: list[tuple[bytes]] = []
    for digest, size in (
        database.execute("SELECT digest, size FROM blob ORDER BY used, digest") if total > most_bytes else ()
    ):
        if total <= most_bytes:
            break
        total -= size
        gone.append((digest,))
    database.executemany("DELETE FROM blob WHERE digest = ?", gone)


def _files(database: sqlite3.Connection) -> tuple[KeptFile, ...]:
    rows = database.execute(
        "SELECT address, file, name, version, (SELECT count(*) FROM render WHERE render.version = kept.id) "
        "FROM kept WHERE has_content ORDER BY address, file, seen DESC, id DESC"
    ).fetchall()
    files = []
    for (address, file_key), of_file in groupby(rows, key=lambda row: row[:2]):
        versions = list(of_file)
        name = next((row[2] for row in versions if row[2]), "")
        files.append(
            KeptFile(address, file_key, name, tuple(row[3] for row in versions), sum(row[4] for row in versions))
        )
    return tuple(files)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
