"""One SQLite file that any number of processes write at once, and that each of them can do without.

In: a path, a schema. Out: transactions. Rules: nobody else comes between what a transaction reads and writes; a broken
file is made anew, once; where none can be used, every transaction gives None, and that is told once. Where writing
alone fails, such as on a full disk, reading goes on.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal, TypeVar

T = TypeVar("T")

BUSY_S: Final = 2.0
"""How long another process may hold the file; it usually does for less than a millisecond."""

_PAGES: Final = 1000
"""How many pages go back to the disk at once."""

_BROKEN: Final = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""Codes of a file that is no database, or not ours; others mean that it can't be used now."""


class SharedFile:
    """The file at `path`, made on first use, for its owner alone.

    Args:
        path: its folder is made, too.
        schema: statements that make an empty file ours.
        opened: called in the first transaction of each connection, also of that to a file made anew.
        unusable: told, once, why nothing can be stored.
        made_anew: told why the file had to be, so that what it held is lost.
        shrinks: whether `shrink` shall work; it costs a little room, and counts for an empty file alone.
        synchronous: what a crash of the machine may cost: the file (OFF), what was stored last (NORMAL), or nothing
            (FULL); a crash of the process costs nothing.
        busy_s: how long others may hold the file before it counts as unusable.
    """

    def __init__(
        self,
        path: Path,
        schema: str,
        *,
        opened: Callable[[sqlite3.Connection], None],
        unusable: Callable[[str], None],
        made_anew: Callable[[str], None] | None = None,
        shrinks: bool = False,
        synchronous: Literal["OFF", "NORMAL", "FULL"] = "OFF",
        busy_s: float = BUSY_S,
    ) -> None:
        self._path = path
        self._schema = schema
        self._opened = opened
        self._unusable = unusable
        self._tell_made_anew = made_anew
        self._shrinks = shrinks
        self._synchronous = synchronous
        self._busy_s = busy_s
        # whether writing failed, so that it is not tried again in this run
        self._only_reads = False
        # whether a broken file was already replaced in this run
        self._is_new = False
        self._database: sqlite3.Connection | None = None
        self._try(self._open)

    def transact(self, work: Callable[[sqlite3.Connection], T], *, durable: bool = False) -> T | None:
        """What `work` gives, as one transaction that no other process comes between; None if nothing can be stored.

        `durable`: a crash of the machine does not undo it.
        """
        while self._database is not None and not self._only_reads:
            try:
                with self._synced(durable):
                    return self._transaction("BEGIN IMMEDIATE", work)
            except sqlite3.Error as error:
                if self._may_be_made_anew(error):
                    self._replace(error)
                else:
                    self._only_reads = True
                    self._unusable(str(error))
        return None

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `work` finds, which writes nothing and sees one moment of the file; None if it can't be read."""
        while self._database is not None:
            try:
                return self._transaction("BEGIN", work)
            except sqlite3.Error as error:
                self._replace(error)
        return None

    def shrink(self) -> None:
        """Gives room that is no longer used back to the disk, in steps for which nobody waits long."""

        def step(database: sqlite3.Connection) -> int:
            (before,) = database.execute("PRAGMA freelist_count").fetchone()
            database.execute(f"PRAGMA incremental_vacuum({_PAGES})").fetchall()
            (after,) = database.execute("PRAGMA freelist_count").fetchone()
            return int(before - after)

        while self.transact(step):
            pass
        if self._database is not None and not self._only_reads:
            with _unless_busy():
                self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Ends the use of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    @contextmanager
    def _synced(self, is_wanted: bool) -> Iterator[None]:
        """Brings what is stored meanwhile to the disk, where that is wanted."""
        assert self._database is not None
        if is_wanted:
            self._database.execute("PRAGMA synchronous = FULL")
        yield
        if is_wanted:
            self._database.execute("PRAGMA synchronous = OFF")

    def _transaction(self, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
        assert self._database is not None
        # SQLite would refuse it with the error of a broken file.
        assert not self._database.in_transaction, "one thread at a time, and no transaction within another one"
        with self._database as database:
            database.execute(begin)
            return work(database)

    def _replace(self, error: sqlite3.Error) -> None:
        """A new file in place of a broken one, or none at all."""
        self.close()
        self._try(lambda: self._made_anew(error))

    def _try(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Opens the file, or goes on without it and says so."""
        try:
            self._database = connect()
        except (sqlite3.Error, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            if not self._only_reads:
                self._unusable(reason)

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return self._connected()
        except sqlite3.Error as error:
            return self._made_anew(error)

    def _made_anew(self, error: sqlite3.Error) -> sqlite3.Connection:
        """A new file in place of a broken one. Raises `error` where that would not help, or did not before."""
        if not self._may_be_made_anew(error):
            raise error
        self._is_new = True
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._path.with_name(self._path.name + suffix).unlink()
        database = self._connected()
        if self._tell_made_anew is not None:
            self._tell_made_anew(str(error))
        return database

    def _may_be_made_anew(self, error: sqlite3.Error) -> bool:
        return not self._is_new and _code(error) in _BROKEN

    def _connected(self) -> sqlite3.Connection:
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        database = sqlite3.connect(self._path, timeout=self._busy_s, isolation_level=None, check_same_thread=False)
        try:
            if self._shrinks and not self._path.stat().st_size:  # it would be written again whenever it is said
                database.execute("PRAGMA auto_vacuum = INCREMENTAL")
            with _unless_busy():  # another process is about to do the same, and this one will see it
                database.execute("PRAGMA journal_mode = WAL")
            database.execute(f"PRAGMA synchronous = {self._synchronous}")
            with database:
                database.execute("BEGIN IMMEDIATE")
                (is_ours,) = database.execute("PRAGMA user_version").fetchone()
                if not is_ours:
                    for statement in self._schema.split(";"):
                        database.execute(statement)
                    database.execute("PRAGMA user_version = 1")
                self._opened(database)
        except BaseException:  # whatever it is goes on; the connection must not
            database.close()
            raise
        return database


def _code(error: sqlite3.Error) -> int:
    """SQLite's code; errors of the Python module have none. Raises those that are mistakes in our own calls."""
    if hasattr(error, "sqlite_errorcode"):
        return error.sqlite_errorcode & 0xFF
    if isinstance(error, sqlite3.OperationalError):
        return sqlite3.SQLITE_CORRUPT  # a text that is no UTF-8
    raise error


@contextmanager
def _unless_busy() -> Iterator[None]:
    """Passes over what fails only because somebody else has the file in hand; SQLite does not wait for everything."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if _code(error) != sqlite3.SQLITE_BUSY:
            raise
