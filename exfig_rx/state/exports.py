"""What is known of a project's exports: what is being written, what was written, and who has which paths now.

In: rows of the journal, files as commits left them, claims of runs. Out: the same, for this run and later ones. Rules:
one SQLite file that all runs of a project share; each instance is used on one thread; where it can't be written
nothing is known, and that is told once.
"""

import os
import sqlite3
from collections import defaultdict, deque
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from exfig_rx.manifest import Record, Written
from exfig_rx.model import Location, Problem
from exfig_rx.output.journal import Outcome, Row, State
from exfig_rx.output.texts import Unreadable, listing, read_listing, read_record, record_text
from exfig_rx.state.shared_file import SharedFile

FILE_NAME: Final = "state.sqlite3"

_SCHEMA: Final = """
CREATE TABLE journal (
    number INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, config BLOB NOT NULL, state TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE config (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
CREATE TABLE manifest (
    config INTEGER NOT NULL, folder BLOB NOT NULL, files TEXT NOT NULL, PRIMARY KEY (config, folder)
) WITHOUT ROWID;
CREATE INDEX manifest_by_folder ON manifest (folder);
CREATE TABLE folder (path BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE record (
    config BLOB NOT NULL, sections TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (config, sections)
) WITHOUT ROWID;
CREATE TABLE claims (
    run TEXT NOT NULL, config BLOB NOT NULL, who TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (run, config)
) WITHOUT ROWID
"""
# Paths are bytes, as the system has them: a name need not be text.


class Exports:
    """The journal, the manifest, the records and the claims of the project whose `.exfig` is `folder`.

    Args:
        folder: made on first use, for its owner alone.
        run: what no other run is called; in the journal and on claims.
        warn: told, once, when nothing can be stored, or when what was there was broken and is lost.
    """

    def __init__(self, folder: Path, run: str, warn: Callable[[Problem], None]) -> None:
        self._path = folder / FILE_NAME
        self._run = run
        self._warn = warn
        # rows that are done with, as threads other than ours say
        self._abandoned: deque[int] = deque()
        self._file = SharedFile(self._path, _SCHEMA, opened=_look, unusable=self._unusable, made_anew=self._lost)

    @property
    def run(self) -> str:
        """What no other run is called."""
        return self._run

    def close(self) -> None:
        """End the use of the file."""
        if self._abandoned:
            self._file.transact(self._drop_abandoned)
        self._file.close()

    # ── the journal ──

    def begin(self, config: str, text: str) -> int | None:
        """Write down that a transaction stages files; None if nothing can be written down."""

        def write(database: sqlite3.Connection) -> int | None:
            self._drop_abandoned(database)
            statement = "INSERT INTO journal (run, config, state, text) VALUES (?, ?, ?, ?)"
            return database.execute(statement, (self._run, os.fsencode(config), State.STAGING, text)).lastrowid

        return self._file.transact(write)

    def seal(self, number: int, config: str, text: str) -> None:
        """Write down, for good, that it will be finished."""

        def write(database: sqlite3.Connection) -> bool:
            # The row is written as a whole: the file may have been made anew since the transaction began.
            row = (number, self._run, os.fsencode(config), State.SEALED, text)
            database.execute("INSERT OR REPLACE INTO journal VALUES (?, ?, ?, ?, ?)", row)
            return True

        self._file.transact(write, durable=True)

    def turn_back(self, number: int) -> None:
        """Write down that it will be taken back."""
        self._execute("UPDATE journal SET state = ? WHERE number = ?", (State.TURNING_BACK, number))

    def finish(self, number: int | None, config: str, outcome: Outcome) -> None:
        """Take it out of the journal, and keep what came of it, in one step."""

        def write(database: sqlite3.Connection) -> bool:
            self._drop_abandoned(database)
            database.execute("DELETE FROM journal WHERE number = ?", (number,))
            _keep(database, os.fsencode(config), outcome)
            return True

        self._file.transact(write)

    def abandon(self, number: int) -> None:
        """Take it out of the journal with the next one that begins or ends, or in the end; any thread may call this."""
        self._abandoned.append(number)

    def adopt(self, is_alive: Callable[[str], bool]) -> tuple[Row, ...]:
        """The rows of runs that are not alive, oldest first; from now on they are this run's, and nobody else's."""

        def take(database: sqlite3.Connection) -> tuple[Row, ...]:
            runs = [run for (run,) in database.execute("SELECT DISTINCT run FROM journal WHERE run != ?", (self._run,))]
            dead = [run for run in runs if not is_alive(run)]
            found: list[Row] = []
            for run in dead:
                statement = "SELECT number, config, state, text FROM journal WHERE run = ?"
                for number, config, state, text in database.execute(statement, (run,)):
                    is_known = state in set(State)
                    row = Row(number, os.fsdecode(config), State(state) if is_known else State.SEALED, text)
                    found.append(row if is_known else replace(row, text=""))  # which nobody can read, and that is told
                database.execute("UPDATE journal SET run = ? WHERE run = ?", (self._run, run))
            return tuple(sorted(found, key=lambda row: row.number))

        return self._file.transact(take) or ()

    # ── the manifest ──

    def manifest(self, config: str) -> dict[str, Written]:
        """The files that exports of `config` left, by real path."""

        def read(database: sqlite3.Connection) -> list[tuple[bytes, str]]:
            statement = (
                "SELECT folder, files FROM manifest JOIN config ON config.id = manifest.config WHERE config.path = ?"
            )
            return database.execute(statement, (os.fsencode(config),)).fetchall()

        rows = self._file.read(read) or []
        return {file.path: file for folder, text in rows for file in _files(folder, text)}

    def others(self, config: str, paths: Collection[str], is_there: Callable[[str], bool]) -> set[str]:
        """Those of `paths` that exports of other configs left, as far as these are still there.

        What one left that is gone is nobody's, but stays noted: with another branch it may be there again.
        """
        folders = {os.path.dirname(path) for path in paths}

        def read(database: sqlite3.Connection) -> list[tuple[bytes, bytes, str]]:
            statement = (
                "SELECT config.path, folder, files FROM manifest JOIN config ON config.id = manifest.config "
                "WHERE folder = ? AND config.path != ?"
            )
            ours = os.fsencode(config)
            return [row for folder in folders for row in database.execute(statement, (os.fsencode(folder), ours))]

        found: dict[bytes, set[str]] = defaultdict(set)
        for other, folder, text in (self._file.read(read) or []) if folders else []:
            found[other].update(file.path for file in _files(folder, text))
        theirs = [own & set(paths) for other, own in found.items() if own & set(paths) and is_there(os.fsdecode(other))]
        return set().union(*theirs)

    def folders_made(self, paths: Collection[str]) -> set[str]:
        """Those of `paths` that are folders which commits made."""

        def read(database: sqlite3.Connection) -> set[str]:
            statement = "SELECT 1 FROM folder WHERE path = ?"
            return {path for path in paths if database.execute(statement, (os.fsencode(path),)).fetchone()}

        return self._file.read(read) or set()

    # ── records ──

    def record(self, config: str, sections: str) -> Record | None:
        """What was kept under the name `sections` when `config` was exported whole, if that still holds."""

        def read(database: sqlite3.Connection) -> str | None:
            statement = "SELECT text FROM record WHERE config = ? AND sections = ?"
            row = database.execute(statement, (os.fsencode(config), sections)).fetchone()
            return None if row is None else str(row[0])

        text = self._file.read(read)
        with suppress(Unreadable):
            return None if text is None else read_record(text)
        return None

    def forget_record(self, config: str) -> None:
        """Let `config` count as never exported whole; its files stay known."""
        self._execute("DELETE FROM record WHERE config = ?", (os.fsencode(config),))

    # ── claims ──

    def claim(
        self, config: str, text: str, clashes: Callable[[str], bool], is_alive: Callable[[str], bool]
    ) -> str | None:
        """Claim for this run what `text` says; None if that is done, else who has something of it now.

        `clashes` is asked about what other runs that are alive claimed. Where nothing can be stored, nobody asks.
        """

        def take(database: sqlite3.Connection) -> str | None:
            statement = "SELECT DISTINCT run FROM claims WHERE run != ?"
            for (run,) in database.execute(statement, (self._run,)).fetchall():
                if not is_alive(run):
                    database.execute("DELETE FROM claims WHERE run = ?", (run,))
            statement = "SELECT who, text FROM claims WHERE run != ? ORDER BY run, config"
            for who, theirs in database.execute(statement, (self._run,)):
                if clashes(theirs):
                    return str(who)
            ours = (self._run, os.fsencode(config), f"process {os.getpid()}", text)
            database.execute("INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?)", ours)
            return None

        return self._file.transact(take)

    def claimed(self, is_alive: Callable[[str], bool]) -> tuple[str, ...]:
        """What other runs that are alive have claimed, as they said it."""

        def read(database: sqlite3.Connection) -> list[tuple[str, str]]:
            return database.execute("SELECT run, text FROM claims WHERE run != ?", (self._run,)).fetchall()

        return tuple(text for run, text in self._file.read(read) or () if is_alive(run))

    def release(self, config: str) -> None:
        """Give up what was claimed for `config`."""
        self._execute("DELETE FROM claims WHERE run = ? AND config = ?", (self._run, os.fsencode(config)))

    # ── the file ──

    def _execute(self, statement: str, values: tuple[object, ...]) -> None:
        self._file.transact(lambda database: database.execute(statement, values).rowcount)

    def _drop_abandoned(self, database: sqlite3.Connection) -> bool:
        numbers = [*self._abandoned]
        database.executemany("DELETE FROM journal WHERE number = ?", [(number,) for number in numbers])
        for number in numbers:
            self._abandoned.remove(number)
        return True

    def _unusable(self, reason: str) -> None:
        self._warn(
            Problem(
                "state.exports-unusable",
                f"what is exported can't be noted: {reason}",
                "If this run is killed in the middle of writing, nobody can finish it, and the next one starts from "
                "nothing; let exfig write to that file.",
                Location(file=str(self._path)),
            )
        )

    def _lost(self, reason: str) -> None:
        self._warn(
            Problem(
                "state.exports-lost",
                f"what was known of earlier exports was broken, and is begun anew: {reason}",
                "Files that are no longer exported are not recognized as such; look for them once.",
                Location(file=str(self._path)),
            )
        )


def _look(database: sqlite3.Connection) -> None:
    """Fails where the file is somebody else's."""
    database.execute("SELECT 1 FROM journal, config, manifest, folder, record, claims LIMIT 1").fetchone()


def _files(folder: bytes, text: str) -> tuple[Written, ...]:
    """The files of a row; none if it can't be read, as if it had never been there."""
    with suppress(Unreadable):
        return read_listing(os.fsdecode(folder), text).files
    return ()


def _keep(database: sqlite3.Connection, config: bytes, outcome: Outcome) -> None:
    database.execute("INSERT OR IGNORE INTO config (path) VALUES (?)", (config,))
    (number,) = database.execute("SELECT id FROM config WHERE path = ?", (config,)).fetchone()
    gone: dict[str, set[str]] = defaultdict(set)
    for path in outcome.forgotten:
        gone[os.path.dirname(path)].add(path)
    for folder in {**outcome.written, **gone}:
        key = (number, os.fsencode(folder))
        row = database.execute("SELECT files FROM manifest WHERE config = ? AND folder = ?", key).fetchone()
        new = outcome.written.get(folder)
        if row is not None or new is None:
            before = {file.path: file for file in _files(key[1], row[0])} if row is not None else {}
            after = before | {file.path: file for file in (new.files if new is not None else ())}
            new = listing(file for path, file in after.items() if path not in gone[folder])
        if new.files:
            database.execute("INSERT OR REPLACE INTO manifest VALUES (?, ?, ?)", (*key, new.text))
        else:
            database.execute("DELETE FROM manifest WHERE config = ? AND folder = ?", key)
    database.executemany("INSERT OR IGNORE INTO folder VALUES (?)", [(os.fsencode(path),) for path in outcome.made])
    database.executemany("DELETE FROM folder WHERE path = ?", [(os.fsencode(path),) for path in outcome.emptied])
    if outcome.changed:
        # What other records told of the tree need not be so any more.
        database.execute("DELETE FROM record WHERE config = ?", (config,))
    if outcome.record is not None:
        row = (config, outcome.sections, record_text(outcome.record))
        database.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", row)
