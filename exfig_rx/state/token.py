"""What all runs of a user share about a token: the last minute's sends, plans, refusals, and sizes that were too much.

In: a folder, the API's address, the token. Out: a `Ledger` in one SQLite file. Rules: the token is stored as a salted
hash alone; any number of processes may write at once, and be killed at any moment; a broken file is made anew; where
nothing can be stored the run goes on alone and says so once. On disk times are those of the clock on the wall, which
all runs share; what is heard is in the run's own time, and never later than now, whoever sets that clock.
"""

import hashlib
import os
import secrets
import sqlite3
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from exfig_rx.model import Location, Problem, Tier
from exfig_rx.scheduling.ledger import NOTHING_NEW, News, Refusal, Sent
from exfig_rx.settings import Settings
from exfig_rx.state.shared_file import SharedFile

FILE_NAME: Final = "tokens-2.sqlite3"
"""With the version of the schema, so that versions of exfig side by side don't take one another's for broken."""

KEPT_S: Final = 120.0
"""Sends, and that a run waits, are kept for two minutes; only the last one counts."""

PORTION_KEPT_S: Final = 7 * 86_400.0
"""How long a size that was too much is remembered: designs change, and Figma gets faster."""

_SCHEMA: Final = """
CREATE TABLE salt (value BLOB NOT NULL);
CREATE TABLE log (
    id INTEGER PRIMARY KEY, token BLOB NOT NULL, run TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL,
    tier INTEGER NOT NULL, made REAL NOT NULL, until REAL NOT NULL, sent REAL NOT NULL DEFAULT 0,
    plan TEXT NOT NULL DEFAULT '', limit_type TEXT NOT NULL DEFAULT '', upgrade_host TEXT NOT NULL DEFAULT '',
    what TEXT NOT NULL DEFAULT '', most INTEGER NOT NULL DEFAULT 0
);
"""
# One log of all kinds: 'sent', 'waits', 'plan' of a file, 'refused' of what left at `sent`, 'portion' of `most` ids.
# A row counts until `until`. The newest is never deleted, so ids only grow, and tell what a run has not heard of.

_KEEP: Final = """
INSERT INTO log (token, run, kind, file, tier, made, until, sent, plan, limit_type, upgrade_host, what, most)
VALUES (:token, :run, :kind, :file, :tier, :made, :until, :sent, :plan, :limit_type, :upgrade_host, :what, :most)
"""
_NOTHING: Final[Mapping[str, str | float]] = {
    "tier": 0,
    "sent": 0.0,
    "plan": "",
    "limit_type": "",
    "upgrade_host": "",
    "what": "",
    "most": 0,
}


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


def open_ledger(
    settings: Settings,
    address: str,
    token: str,
    *,
    now_s: Callable[[], float],
    wall_s: Callable[[], float],
    warn: Callable[[Problem], None],
) -> "TokenLedger":
    """The ledger of this user for a run; what the options overrule is forgotten. Arguments as in `TokenLedger`."""
    folder = state_folder(os.environ, sys.platform)
    ledger = TokenLedger(folder, address, token, now_s=now_s, wall_s=wall_s, warn=warn)
    if settings.plan is not None or settings.rate_limit is not None or settings.ignore_lockout:
        ledger.forget_plans()
    if settings.ignore_lockout:
        ledger.forget_refusals()
    return ledger


def recall(
    settings: Settings, address: str, token: str, *, now_s: Callable[[], float], wall_s: Callable[[], float]
) -> News:
    """What is remembered of a token; nothing of the sandbox's. Arguments as in `TokenLedger`."""
    if settings.sandbox:
        return NOTHING_NEW
    folder = state_folder(os.environ, sys.platform)
    ledger = TokenLedger(folder, address, token, now_s=now_s, wall_s=wall_s, warn=lambda _: None)
    try:
        return ledger.recall()
    finally:
        ledger.close()


class TokenLedger:
    """A `Ledger` on disk.

    Args:
        folder: made on first use, for its owner alone.
        address: of the API; each has its own budgets.
        token: hashed with the file's salt, and forgotten.
        now_s: epoch seconds of this run, which never go back.
        wall_s: epoch seconds of the clock on the wall.
        warn: told, once, when nothing can be stored.
    """

    def __init__(
        self,
        folder: Path,
        address: str,
        token: str,
        *,
        now_s: Callable[[], float],
        wall_s: Callable[[], float],
        warn: Callable[[Problem], None],
    ) -> None:
        self._folder = folder
        self._secret = f"{address}\0{token}".encode()
        self._now_s = now_s
        self._wall_s = wall_s
        self._warn = warn
        self._run = secrets.token_hex(8)
        self._token = b""
        # the last row that was heard of, and when that was; 0 before the first time
        self._heard = 0
        self._heard_at_s = 0.0
        self._file = SharedFile(folder / FILE_NAME, _SCHEMA, opened=self._opened, unusable=self._unusable)

    # ── the Ledger ──

    def recall(self) -> News:
        """What other runs sent and learnt, as far as it still counts; `claim` brings what they do from now on."""
        return self._file.transact(lambda database: self._news(database, self._now_s())) or NOTHING_NEW

    def claim(self, send: Sent, allowed: Callable[[News], bool]) -> bool:
        """Counts `send` if `allowed` says so, which is told what others did; nobody else decides meanwhile."""
        granted: bool | None = None

        def decide(database: sqlite3.Connection) -> bool:
            nonlocal granted
            granted = allowed(self._news(database, send.at_us / 1e6))
            if granted:
                self._count(database, send)
            return granted

        stored = self._file.transact(decide)
        if stored is not None:
            return stored
        return allowed(NOTHING_NEW) if granted is None else granted

    def wait(self, send: Sent) -> None:
        """Tells other runs that this one waits."""
        self._keep("waits", send.file_key, send.at_us / 1e6 + KEPT_S, tier=int(send.tier))

    def learn(self, file_key: str, plan: str, until: float) -> None:
        """Keeps the budget that Figma named for a file until then."""
        self._keep("plan", file_key, until, plan=plan)

    def refused(self, refusal: Refusal) -> None:
        """Keeps a refusal until it is over."""
        self._keep(
            "refused",
            refusal.file_key,
            refusal.until,
            tier=int(refusal.tier),
            sent=refusal.sent_at + self._ahead_s(),
            plan=refusal.plan,
            limit_type=refusal.limit_type,
            upgrade_host=refusal.upgrade_host,
        )

    def keep_portion(self, file_key: str, what: str, most: int) -> None:
        """Keeps how many ids of a file may travel together after more of them were too much."""
        self._keep("portion", file_key, self._now_s() + PORTION_KEPT_S, what=what, most=most)

    def portions(self) -> dict[tuple[str, str], int]:
        """How many ids may travel together, by file and what they are asked for."""

        def read(database: sqlite3.Connection) -> dict[tuple[str, str], int]:
            statement = (
                "SELECT file, what, most FROM log WHERE kind = 'portion' AND token = ? AND until > ? ORDER BY id"
            )
            rows = database.execute(statement, (self._token, self._wall_s())).fetchall()
            return {(file_key, what): most for file_key, what, most in rows}

        return self._file.transact(read) or {}

    def forget_plans(self) -> None:
        """Lets refusals teach them anew."""
        self._end("plan")

    def forget_refusals(self) -> None:
        """Lets the next request find out whether they still hold."""
        self._end("refused")

    def close(self) -> None:
        """Ends the use of the file."""
        self._file.close()

    # ── reading and writing ──

    def _news(self, database: sqlite3.Connection, now_s: float) -> News:
        (last,) = database.execute("SELECT max(id) FROM log").fetchone()
        heard, since_s = self._heard, self._heard_at_s
        if last is None or last == heard:
            self._heard_at_s = now_s
            return NOTHING_NEW
        now_s, wall_s = self._now_s(), self._wall_s()  # others may have kept us waiting
        self._heard, self._heard_at_s = last, now_s
        rows = database.execute(
            "SELECT kind, file, tier, made, until, sent, plan, limit_type, upgrade_host FROM log "
            "WHERE id > ? AND token = ? AND run != ? ORDER BY id",
            (heard, self._token, self._run),
        ).fetchall()
        sends: dict[str, list[Sent]] = {"sent": [], "waits": []}
        plans: dict[str, str] = {}
        refusals: list[Refusal] = []
        for kind, file_key, tier, made, until, sent, plan, limit_type, upgrade_host in rows:
            # it was written since this run last looked, whatever two clocks say
            made_s = min(now_s, max(since_s, now_s - (wall_s - made)))
            until_s = made_s + (until - made)
            if until_s <= now_s:
                continue
            match kind:
                case "sent" | "waits":
                    sends[kind].append(Sent(Tier(tier), file_key, round(made_s * 1e6)))
                case "plan":
                    plans[file_key] = plan
                case "refused":
                    sent_s = made_s - (made - sent)
                    refusals.append(Refusal(Tier(tier), file_key, until_s, plan, limit_type, upgrade_host, sent_s))
        return News(tuple(sends["sent"]), tuple(sends["waits"]), plans, tuple(refusals))

    def _count(self, database: sqlite3.Connection, send: Sent) -> None:
        made = self._wall_s()
        row = database.execute(
            "INSERT INTO log (token, run, kind, file, tier, made, until) VALUES (?, ?, 'sent', ?, ?, ?, ?)",
            (self._token, self._run, send.file_key, int(send.tier), made, made + KEPT_S),
        ).lastrowid
        if row is not None:
            self._heard = row
            if row % 64 == 0:
                database.execute("DELETE FROM log WHERE until < ? AND id < ?", (made, row))

    def _keep(self, kind: str, file_key: str, until: float, **more: str | float) -> None:
        values = {"token": self._token, "run": self._run, "kind": kind, "file": file_key}
        times = {"made": self._wall_s(), "until": until + self._ahead_s()}
        self._file.transact(lambda database: database.execute(_KEEP, {**_NOTHING, **values, **times, **more}).rowcount)

    def _ahead_s(self) -> float:
        """Seconds by which the clock on the wall is ahead of this run's."""
        return self._wall_s() - self._now_s()

    def _end(self, kind: str) -> None:
        statement = "UPDATE log SET until = 0 WHERE kind = ? AND token = ?"
        self._file.transact(lambda database: database.execute(statement, (kind, self._token)).rowcount)

    # ── the file ──

    def _opened(self, database: sqlite3.Connection) -> None:
        """Knows the token by its hash; what lies in the future was stored before a clock was set back: it is of now."""
        if database.execute("SELECT count(*) FROM salt").fetchone() == (0,):
            database.execute("INSERT INTO salt VALUES (?)", (secrets.token_bytes(16),))
        (salt,) = database.execute("SELECT value FROM salt").fetchone()
        self._token = hashlib.sha256(salt + self._secret).digest()
        self._heard = 0
        database.execute(
            "UPDATE log SET until = until - (made - :now), sent = sent - (made - :now), made = :now WHERE made > :now",
            {"now": self._wall_s()},
        )

    def _unusable(self, reason: str) -> None:
        self._warn(
            Problem(
                "state.unusable",
                f"what the token has sent can't be shared with other runs: {reason}",
                "Runs beside or right after this one may exceed Figma's limit; let exfig write to that file.",
                Location(file=str(self._folder / FILE_NAME)),
            )
        )
