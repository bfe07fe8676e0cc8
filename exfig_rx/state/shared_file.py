"""One SQLite file that any number of processes write at once, and that each of them can do without.

In: a path, a schema. Out: transactions. Rules: nobody else comes between what a transaction reads and writes; a broken
file is made anew, once; where none can be used, every transaction gives None, and that is told once.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

BUSY_S: Final = 2.0
"""How long another process may hold the file; it usually does for less than a millisecond."""

_BROKEN: Final = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""Codes of a file that is no database, or not ours; others mean that it can't be used now."""


class SharedFile:
    """The file at `path`, made on first use, for its owner alone.

    Args:
        path: its folder is made, too.
        schema: statements that make an empty file ours.
        opened: called in the first transaction of each connection, also of that to a file made anew.
        unusable: told, once, why nothing can be stored.
    """

    def __init__(
        self,
        path: Path,
        schema: str,
        *,
        opened: Callable[[sqlite3.Connection], None],
        unusable: Callable[[str], None],
    ) -> None:
        self._path = path
        self._schema = schema
        self._opened = opened
        self._unusable = unusable
        # whether a broken file was already replaced in this run
        self._is_new = False
        self._database: sqlite3.Connection | None = None
        self._try(self._open)

    def transact(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `work` gives, as one transaction that no other process comes between; None if nothing can be stored."""
        while self._database is not None:
            try:
                with self._database as database:
                    database.execute("BEGIN IMMEDIATE")
                    return work(database)
            except sqlite3.Error as error:
                self.close()
                self._try(lambda error=error: self._made_anew(error))  # type: ignore[misc]
        return None

    def close(self) -> None:
        """Ends the use of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _try(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Opens the file, or goes on without it and says so."""
        try:
            self._database = connect()
        except (sqlite3.Error, OSError) as error:
            self._unusable(error.strerror if isinstance(error, OSError) and error.strerror else str(error))

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return self._connected()
        except sqlite3.Error as error:
            return self._made_anew(error)

    def _made_anew(self, error: sqlite3.Error) -> sqlite3.Connection:
        """A new file in place of a broken one. Raises `error` where that would not help, or did not before."""
        if self._is_new or error.sqlite_errorcode & 0xFF not in _BROKEN:
            raise error
        self._is_new = True
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._path.with_name(self._path.name + suffix).unlink()
        return self._connected()

    def _connected(self) -> sqlite3.Connection:
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        database = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            with _unless_busy():  # another process is about to do the same, and this one will see it
                database.execute("PRAGMA journal_mode = WAL")
            # a crash of the machine may cost what was stored last; a crash of the process costs nothing
            database.execute("PRAGMA synchronous = OFF")
            with database:
                database.execute("BEGIN IMMEDIATE")
                (is_ours,) = database.execute("PRAGMA user_version").fetchone()
                if not is_ours:
                    for statement in self._schema.split(";"):
                        database.execute(statement)
                    database.execute("PRAGMA user_version = 1")
                self._opened(database)
        except BaseException:
            database.close()
            raise
        return database


@contextmanager
def _unless_busy() -> Iterator[None]:
    """Passes over what fails only because somebody else has the file in hand; SQLite does not wait for everything."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
