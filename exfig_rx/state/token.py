"""What all runs of a user share about a token: the last minute's sends, plans learnt, pauses and lock-outs.

In: a folder, the API's address, the token. Out: a `Ledger` in one SQLite file. Rules: the token is stored as a salted
hash alone; any number of processes may write at once, and be killed at any moment; a broken file is made anew; where
nothing can be stored the run goes on alone and says so once. Clocks may be set: nothing stored is later than now.
"""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from exfig_rx.model import Location, Problem, Tier
from exfig_rx.scheduling.ledger import LockOut, Memory, News, Sent

T = TypeVar("T")

FILE_NAME: Final = "tokens-1.sqlite3"
"""With the version of the schema, so that versions of exfig side by side don't take one another's for broken."""

KEPT_US: Final = 120_000_000
"""Sends are kept for two minutes; only the last one counts."""

BUSY_S: Final = 2.0
"""How long another process may hold the file; it usually does for less than a millisecond."""

_BROKEN: Final = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""Codes of a file that is no database, or not ours; others mean that it can't be used now."""

_SCHEMA: Final = """
CREATE TABLE salt (value BLOB NOT NULL);
CREATE TABLE sends (
    id INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL, run TEXT NOT NULL,
    tier INTEGER NOT NULL, file TEXT NOT NULL, at_us INTEGER NOT NULL
);
CREATE TABLE plans (token BLOB, file TEXT, plan TEXT NOT NULL, PRIMARY KEY (token, file));
CREATE TABLE pauses (token BLOB PRIMARY KEY, made REAL NOT NULL, until REAL NOT NULL);
CREATE TABLE lock_outs (
    token BLOB, tier INTEGER, file TEXT, made REAL NOT NULL, until REAL NOT NULL,
    plan TEXT NOT NULL, limit_type TEXT NOT NULL, upgrade_host TEXT NOT NULL, PRIMARY KEY (token, tier, file)
);
PRAGMA user_version = 1;
"""


def state_folder(environ: Mapping[str, str], platform: str) -> Path:
    """Where this platform keeps the state of a user's programs; `platform` as in `sys.platform`.

    `XDG_STATE_HOME` wins everywhere (https://specifications.freedesktop.org/basedir-spec/latest/).
    """
    chosen = environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(chosen):
        return Path(chosen) / "exfig"
    home = Path(environ.get("HOME") or os.path.expanduser("~"))
    if platform == "darwin":
        return home / "Library" / "Application Support" / "exfig"
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "exfig"
    return home / ".local" / "state" / "exfig"


class TokenLedger:
    """A `Ledger` on disk.

    Args:
        folder: made on first use, for its owner alone.
        address: of the API; each has its own budgets.
        token: hashed with the file's salt, and forgotten.
        now_s: epoch seconds.
        warn: told, once, when nothing can be stored.
    """

    def __init__(
        self, folder: Path, address: str, token: str, *, now_s: Callable[[], float], warn: Callable[[Problem], None]
    ) -> None:
        self._path = folder / FILE_NAME
        self._secret = f"{address}\0{token}".encode()
        self._now_s = now_s
        self._warn = warn
        self._run = secrets.token_hex(8)
        self._token = b""
        # the last send of others that was heard of
        self._heard = 0
        # whether a broken file was already replaced in this run
        self._is_new = False
        self._database: sqlite3.Connection | None = None
        self._try(self._opened)

    # ── the Ledger ──

    def recall(self) -> Memory:
        """What earlier runs learnt, lock-outs that are over left out."""

        def read(database: sqlite3.Connection) -> Memory:
            plans = database.execute("SELECT file, plan FROM plans WHERE token = ?", (self._token,)).fetchall()
            locks = database.execute(
                "SELECT tier, file, until, plan, limit_type, upgrade_host FROM lock_outs WHERE token = ? AND until > ?",
                (self._token, self._now_s()),
            ).fetchall()
            return Memory(dict(plans), tuple(LockOut(Tier(tier), *rest) for tier, *rest in locks))

        return self._transact(read) or Memory()

    def claim(self, send: Sent, allowed: Callable[[News], bool]) -> bool:
        """Counts `send` if `allowed` says so, which is told what others did; nobody else decides meanwhile."""
        decided: list[bool] = []

        def decide(database: sqlite3.Connection) -> bool:
            decided.append(allowed(self._news(database)))
            if decided[-1]:
                self._store(database, send)
            return decided[-1]

        granted = self._transact(decide)
        if granted is not None:
            return granted
        return decided[-1] if decided else allowed(News())

    def learn(self, file_key: str, plan: str) -> None:
        """Keeps the budget that Figma named for a file."""
        self._write("INSERT OR REPLACE INTO plans VALUES (:token, :file, :plan)", file=file_key, plan=plan)

    def pause(self, until: float) -> None:
        """Lets no run send before `until` (epoch seconds); a later one stays."""
        self._write(
            "INSERT INTO pauses VALUES (:token, :now, :until) ON CONFLICT DO UPDATE "
            "SET made = excluded.made, until = excluded.until WHERE excluded.until > until",
            until=until,
        )

    def lock_out(self, lock_out: LockOut) -> None:
        """Keeps a lock-out until it is over."""
        self._write(
            "INSERT OR REPLACE INTO lock_outs VALUES (:token, :tier, :file, :now, :until, :plan, :limit_type, :host)",
            tier=int(lock_out.tier),
            file=lock_out.file_key,
            until=lock_out.until,
            plan=lock_out.plan,
            limit_type=lock_out.limit_type,
            host=lock_out.upgrade_host,
        )

    def forget_lock_outs(self) -> None:
        """Lets the next request find out whether they still hold."""
        self._write("DELETE FROM lock_outs WHERE token = :token")

    def close(self) -> None:
        """Ends the use of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    # ── reading and writing ──

    def _news(self, database: sqlite3.Connection) -> News:
        rows = database.execute(
            "SELECT id, tier, file, at_us FROM sends WHERE id > ? AND token = ? AND run != ? AND at_us > ? ORDER BY id",
            (self._heard, self._token, self._run, round(self._now_s() * 1e6) - KEPT_US),
        ).fetchall()
        if rows:
            self._heard = rows[-1][0]
        pause = database.execute("SELECT until FROM pauses WHERE token = ?", (self._token,)).fetchone()
        return News(tuple(Sent(Tier(tier), file, at_us) for _, tier, file, at_us in rows), pause[0] if pause else 0.0)

    def _store(self, database: sqlite3.Connection, send: Sent) -> None:
        row = database.execute(
            "INSERT INTO sends (token, run, tier, file, at_us) VALUES (?, ?, ?, ?, ?)",
            (self._token, self._run, int(send.tier), send.file_key, send.at_us),
        ).lastrowid
        if row is not None and row % 64 == 0:
            database.execute("DELETE FROM sends WHERE at_us < ?", (send.at_us - KEPT_US,))

    def _write(self, statement: str, **values: str | float) -> None:
        bound = {"token": self._token, "now": self._now_s(), **values}
        self._transact(lambda database: database.execute(statement, bound).rowcount)

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
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

    # ── opening ──

    def _try(self, opened: Callable[[], sqlite3.Connection]) -> None:
        """Opens the file, or goes on without it and says so."""
        try:
            self._database = opened()
        except (sqlite3.Error, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._warn(
                Problem(
                    "state.unusable",
                    f"what the token has sent can't be shared with other runs: {reason}",
                    "Runs beside or right after this one may exceed Figma's limit; let exfig write to that file.",
                    Location(file=str(self._path)),
                )
            )

    def _opened(self) -> sqlite3.Connection:
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
            database.execute("PRAGMA journal_mode = WAL")
            # a crash of the machine may cost the last sends; a crash of the process costs nothing
            database.execute("PRAGMA synchronous = OFF")
            with database:
                database.execute("BEGIN IMMEDIATE")
                (is_ours,) = database.execute("PRAGMA user_version").fetchone()
                if not is_ours:
                    for statement in _SCHEMA.split(";"):
                        database.execute(statement)
                    database.execute("INSERT INTO salt VALUES (?)", (secrets.token_bytes(16),))
                (salt,) = database.execute("SELECT value FROM salt").fetchone()
                self._token = hashlib.sha256(salt + self._secret).digest()
                self._believe_no_future(database)
        except BaseException:
            database.close()
            raise
        return database

    def _believe_no_future(self, database: sqlite3.Connection) -> None:
        """What was stored later than now was stored before the clock was set back: it counts from now."""
        now_s = self._now_s()
        database.execute("UPDATE sends SET at_us = :now WHERE at_us > :now", {"now": round(now_s * 1e6)})
        for table in ("pauses", "lock_outs"):
            statement = f"UPDATE {table} SET until = until - (made - :now), made = :now WHERE made > :now"  # noqa: S608
            database.execute(statement, {"now": now_s})
