"""The index of what is kept of Figma: its tables, versions of files, and the runs that have not ended.

In: the project's folder, the API's address. Out: transactions on `cache.sqlite3`. Rules: every row is of one version of
one file at one address; a row tells which run wrote it, so that what an unfinished one left can be told apart; what is
wrong with the file is said once, and the run goes on.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from exfig_rx.model import FileVersion, Problem
from exfig_rx.state.shared_file import SharedFile

FILE_NAME: Final = "cache.sqlite3"

BUSY_S: Final = 10.0
"""How long another process may hold a file of the cache, such as one that collects garbage."""

_SCHEMA: Final = """
CREATE TABLE version (
    id INTEGER PRIMARY KEY, address TEXT NOT NULL, file TEXT NOT NULL, version TEXT NOT NULL, name TEXT NOT NULL,
    seen INTEGER NOT NULL, UNIQUE (address, file, version)
);
CREATE TABLE unfinished (id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL UNIQUE);
CREATE TABLE answer (
    version INTEGER NOT NULL, question TEXT NOT NULL, run INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (version, question)
);
CREATE TABLE lookup (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, question TEXT NOT NULL, UNIQUE (version, question)
);
CREATE TABLE item (
    lookup INTEGER NOT NULL, id TEXT NOT NULL, run INTEGER NOT NULL, made REAL NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (lookup, id)
) WITHOUT ROWID;
CREATE TABLE hash (
    version INTEGER NOT NULL, node TEXT NOT NULL, hash TEXT NOT NULL, batch INTEGER NOT NULL,
    PRIMARY KEY (version, node)
) WITHOUT ROWID;
CREATE TABLE render (
    version INTEGER NOT NULL, asked TEXT NOT NULL, node TEXT NOT NULL, run INTEGER NOT NULL, digest TEXT NOT NULL,
    batch INTEGER NOT NULL, PRIMARY KEY (version, asked, node)
) WITHOUT ROWID;
CREATE TABLE unrendered (
    version INTEGER NOT NULL, asked TEXT NOT NULL, node TEXT NOT NULL, run INTEGER NOT NULL, made REAL NOT NULL,
    PRIMARY KEY (version, asked, node)
) WITHOUT ROWID;
CREATE TABLE unconfirmed (id INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL);
CREATE TABLE blob (
    digest TEXT PRIMARY KEY, size INTEGER NOT NULL, is_large INTEGER NOT NULL, used REAL NOT NULL
) WITHOUT ROWID;
CREATE VIEW sure_hash AS SELECT * FROM hash WHERE batch NOT IN (SELECT id FROM unconfirmed);
CREATE VIEW sure_render AS SELECT render.* FROM render JOIN blob USING (digest)
    WHERE batch NOT IN (SELECT id FROM unconfirmed);
CREATE VIEW kept AS SELECT id, address, file, version, name, seen,
    EXISTS (SELECT 1 FROM answer WHERE answer.version = version.id)
    OR EXISTS (SELECT 1 FROM render WHERE render.version = version.id)
    OR EXISTS (SELECT 1 FROM lookup JOIN item ON item.lookup = lookup.id WHERE lookup.version = version.id)
    AS has_content FROM version;
"""
# `seen` is a number that grows with each version that a run meets, whatever clocks say; 0 where none has met it.
# `blob` tells which bytes are there; a render whose blob is gone counts as not there.
# `batch` is what was kept at once. As long as it is `unconfirmed`, nobody knows whether the version was still the same
# when Figma answered: it counts for that version alone. What is sure may count for others, too. Numbers are never used
# again; 0 needs no confirmation.

_FORGET_UNFINISHED: Final = (
    "DELETE FROM answer WHERE run IN (SELECT id FROM unfinished WHERE run != ?)",
    "DELETE FROM item WHERE run IN (SELECT id FROM unfinished WHERE run != ?)",
    "DELETE FROM render WHERE run IN (SELECT id FROM unfinished WHERE run != ?)",
    "DELETE FROM unrendered WHERE run IN (SELECT id FROM unfinished WHERE run != ?)",
    "DELETE FROM unfinished WHERE run != ?",
)

_OURS: Final = (
    "SELECT id, address, file, version, name, seen FROM version LIMIT 0",
    "SELECT id, run FROM unfinished LIMIT 0",
    "SELECT version, question, run, body FROM answer LIMIT 0",
    "SELECT id, version, question FROM lookup LIMIT 0",
    "SELECT lookup, id, run, made, value FROM item LIMIT 0",
    "SELECT version, node, hash, batch FROM hash LIMIT 0",
    "SELECT version, asked, node, run, digest, batch FROM render LIMIT 0",
    "SELECT version, asked, node, run, made FROM unrendered LIMIT 0",
    "SELECT id, version FROM unconfirmed LIMIT 0",
    "SELECT version, node, hash, batch FROM sure_hash LIMIT 0",
    "SELECT version, asked, node, run, digest, batch FROM sure_render LIMIT 0",
    "SELECT digest, size, is_large, used FROM blob LIMIT 0",
    "SELECT id, address, file, version, name, seen, has_content FROM kept LIMIT 0",
)
"""What fails where the file is of something else."""


class Complaints:
    """Says each kind of trouble with `folder` once."""

    def __init__(self, folder: Path, warn: Callable[[Problem], None]) -> None:
        self._folder = folder
        self._warn = warn
        self._said: set[str] = set()

    def unusable(self, reason: str) -> None:
        """Nothing can be kept."""
        self._say(
            "cache.unusable",
            f"what Figma answers can't be kept in {self._folder}: {reason}",
            "Look at the rights of the folder, and at the room on the disk; until then every run asks for everything.",
        )

    def damaged(self, what: str) -> None:
        """Something that was kept is not as it was left, and was dropped."""
        self._say(
            "cache.damaged",
            f"{what} in {self._folder}, and was dropped",
            "It is fetched from Figma again. If this comes back, check the disk.",
        )

    def _say(self, code: str, message: str, hint: str) -> None:
        if code not in self._said:
            self._said.add(code)
            self._warn(Problem(code, message, hint))


class Index:
    """`cache.sqlite3` in `folder`, for what `address` answers in `run`; one thread uses it.

    `has_written`: whether this run has kept anything since it last ended.
    """

    def __init__(self, folder: Path, address: str, run: str, complaints: Complaints) -> None:
        self._address = address
        self._run = run
        self.has_written = False
        self._file = SharedFile(
            folder / FILE_NAME,
            _SCHEMA,
            opened=_check,
            unusable=complaints.unusable,
            made_anew=lambda reason: complaints.damaged(f"{FILE_NAME} was damaged ({reason})"),
            shrinks=True,
            # Bytes have their digests, but nothing tells whose they are after half of a page was written.
            synchronous="NORMAL",
            busy_s=BUSY_S,
        )
        self.read = self._file.read
        self.transact = self._file.transact
        self.shrink = self._file.shrink
        self.close = self._file.close

    # ── versions ──

    def latest(self, file_key: str) -> FileVersion | None:
        """The newest version of which anything is kept; where nothing is, the newest that a run met."""

        def work(database: sqlite3.Connection) -> FileVersion | None:
            row = database.execute(
                "SELECT version, name FROM kept WHERE address = ? AND file = ? "
                "ORDER BY has_content DESC, seen DESC, id DESC LIMIT 1",
                (self._address, file_key),
            ).fetchone()
            return FileVersion(file_key, *row) if row is not None else None

        return self.read(work)

    def newer(self, file_key: str, version: str) -> FileVersion | None:
        """The newest version that a run met, if that is another one."""

        def work(database: sqlite3.Connection) -> FileVersion | None:
            row = database.execute(
                "SELECT version, name, seen FROM version WHERE address = ? AND file = ? "
                "ORDER BY seen DESC, id DESC LIMIT 1",
                (self._address, file_key),
            ).fetchone()
            return FileVersion(file_key, *row[:2]) if row is not None and row[2] and row[0] != clean(version) else None

        return self.read(work)

    def saw(self, seen: FileVersion) -> None:
        """Makes a version the newest of its file."""
        version, name = clean(seen.version), clean(seen.name)
        key = (self._address, seen.file_key)
        newest = self.read(
            lambda database: database.execute(
                "SELECT version, name FROM version WHERE address = ? AND file = ? ORDER BY seen DESC LIMIT 1", key
            ).fetchone()
        )
        if newest == (version, name):
            return
        self.transact(
            lambda database: database.execute(
                "INSERT INTO version (address, file, version, name, seen) "
                "VALUES (?, ?, ?, ?, (SELECT coalesce(max(seen), 0) + 1 FROM version)) "
                "ON CONFLICT DO UPDATE SET name = excluded.name, seen = excluded.seen",
                (*key, version, name),
            )
        )

    def has_paid(self, file_key: str) -> bool:
        """Whether items of lookups or renders of a file are there, in whatever version."""
        statement = (
            "SELECT 1 FROM version WHERE address = ? AND file = ? AND ("
            "EXISTS (SELECT 1 FROM lookup WHERE lookup.version = version.id) OR "
            "EXISTS (SELECT 1 FROM render WHERE render.version = version.id)) LIMIT 1"
        )
        found = self.read(lambda database: database.execute(statement, (self._address, file_key)).fetchone())
        return found is not None

    def row_of(self, database: sqlite3.Connection, file_key: str, version: str) -> int | None:
        """The row of a version, None where it is not known."""
        row = database.execute(
            "SELECT id FROM version WHERE address = ? AND file = ? AND version = ?",
            (self._address, file_key, clean(version)),
        ).fetchone()
        return row[0] if row is not None else None

    def made_row_of(self, database: sqlite3.Connection, file_key: str, version: str) -> int:
        """The row of a version, made where it is not known."""
        row = self.row_of(database, file_key, version)
        if row is not None:
            return row
        made = database.execute(
            "INSERT INTO version (address, file, version, name, seen) VALUES (?, ?, ?, '', 0)",
            (self._address, file_key, clean(version)),
        ).lastrowid
        assert made is not None
        return made

    def others(self, database: sqlite3.Connection, file_key: str, version: str) -> list[tuple[int, str]]:
        """The other versions of a file, newest first."""
        return database.execute(
            "SELECT id, version FROM version WHERE address = ? AND file = ? AND version != ? "
            "ORDER BY seen DESC, id DESC",
            (self._address, file_key, clean(version)),
        ).fetchall()

    # ── batches ──

    def new_batch(self, database: sqlite3.Connection, version: int) -> int:
        """A batch of a version, unconfirmed."""
        return database.execute("INSERT INTO unconfirmed (version) VALUES (?)", (version,)).lastrowid or 0

    def unconfirmed(self, file_key: str, version: str) -> int | None:
        """The last batch of a version that is unconfirmed; None if there is none."""

        def work(database: sqlite3.Connection) -> int | None:
            row = self.row_of(database, file_key, version)
            last: int | None
            (last,) = database.execute("SELECT max(id) FROM unconfirmed WHERE version = ?", (row,)).fetchone()
            return last

        return self.read(work)

    def confirm(self, file_key: str, version: str, last: int) -> None:
        """All batches of a version up to the `last` one are what they claim to be."""
        self.transact(
            lambda database: database.execute(
                "DELETE FROM unconfirmed WHERE version = ? AND id <= ?",
                (self.row_of(database, file_key, version), last),
            )
        )

    # ── runs ──

    def run_of(self, database: sqlite3.Connection) -> int:
        """The row of this run, for what it writes; from the first time on it counts as one that has not ended."""
        self.has_written = True
        row = database.execute("SELECT id FROM unfinished WHERE run = ?", (self._run,)).fetchone()
        if row is not None:
            return int(row[0])
        return database.execute("INSERT INTO unfinished (run) VALUES (?)", (self._run,)).lastrowid or 0

    def end_run(self) -> None:
        """This run has ended: its rows count like those of all that have."""
        if self.has_written:
            self.transact(lambda database: database.execute("DELETE FROM unfinished WHERE run = ?", (self._run,)))
            self.has_written = False

    def forget_unfinished(self) -> None:
        """Drops what runs wrote that have not ended, but for this one."""

        def work(database: sqlite3.Connection) -> None:
            for statement in _FORGET_UNFINISHED:
                database.execute(statement, (self._run,))

        self.transact(work)


def listed(values: Sequence[str] | Sequence[int]) -> str:
    """`values` as one parameter of a statement, for `json_each`."""
    return json.dumps(values)


def clean(text: str) -> str:
    """`text` as it can be stored: half a character, which JSON can hold, becomes a question mark."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def node_ids(ids: Sequence[str]) -> list[str]:
    """Those of `ids` that can be kept; ids of Figma's nodes are ASCII."""
    return [id_ for id_ in ids if id_.isascii()]


def _check(database: sqlite3.Connection) -> None:
    for statement in _OURS:
        database.execute(statement)
