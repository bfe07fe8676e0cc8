"""Figma's answers that are kept: whole ones, items of lookups by id, and hashes of nodes, each of one version.

In: decoded JSON. Out: the same. Rules: whole answers are compressed, and checked when they are read; an item can be too
old; what can't be read is dropped, and asked again.
"""

import json
import sqlite3
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from exfig_rx.state.index import Complaints, Index, clean, listed, node_ids

_LEVEL: Final = 1
"""The quickest compression; it leaves a sixth of what Figma sends."""


class Answers:
    """Answers in `index`; `wall_s` is the clock on the wall, in epoch seconds."""

    def __init__(self, index: Index, complaints: Complaints, *, wall_s: Callable[[], float]) -> None:
        self._index = index
        self._complaints = complaints
        self._wall_s = wall_s

    def answer(self, file_key: str, version: str, question: str) -> Mapping[str, Any] | None:
        """The answer to a question, None if it is not there."""

        def work(database: sqlite3.Connection) -> tuple[bytes] | None:
            found: tuple[bytes] | None = database.execute(
                "SELECT body FROM answer WHERE version = ? AND question = ?",
                (self._index.row_of(database, file_key, version), clean(question)),
            ).fetchone()
            return found

        row = self._index.read(work)
        if row is None:
            return None
        body = _unpacked(row[0])
        if body is None:
            self._drop(file_key, version, question)
        return body

    def _drop(self, file_key: str, version: str, question: str) -> None:
        self._complaints.damaged("a kept answer was damaged")
        self._index.transact(
            lambda database: database.execute(
                "DELETE FROM answer WHERE version = ? AND question = ?",
                (self._index.row_of(database, file_key, version), clean(question)),
            )
        )

    def keep_answer(self, file_key: str, version: str, question: str, body: Mapping[str, Any]) -> None:
        """Keeps an answer in place of an earlier one."""
        text = _text(body)
        if text is None:
            return
        packed = zlib.compress(text.encode(), _LEVEL)
        self._index.transact(
            lambda database: database.execute(
                "INSERT OR REPLACE INTO answer (version, question, run, body) VALUES (?, ?, ?, ?)",
                (
                    self._index.made_row_of(database, file_key, version),
                    clean(question),
                    self._index.run_of(database),
                    packed,
                ),
            )
        )

    def items(
        self, file_key: str, version: str, question: str, ids: Sequence[str], max_age_s: float | None
    ) -> dict[str, Any]:
        """Items by id, as far as they are there and no older than `max_age_s`."""
        now_s = self._wall_s()

        def work(database: sqlite3.Connection) -> list[tuple[str, float, str]]:
            row = self._index.row_of(database, file_key, version)
            lookup = _lookup(database, row, question) if row is not None else None
            return database.execute(
                "SELECT id, made, value FROM item WHERE lookup = ? AND id IN (SELECT value FROM json_each(?))",
                (lookup, listed(node_ids(ids))),
            ).fetchall()

        items: dict[str, Any] = {}
        for id_, made_s, text in self._index.read(work) or ():
            # One of tomorrow is of a clock that was set back since: nobody knows its age.
            if max_age_s is None or 0 <= now_s - made_s <= max_age_s:
                try:
                    items[id_] = json.loads(text)
                except (TypeError, ValueError):
                    self._complaints.damaged("a kept answer was damaged")
        return items

    def keep_items(self, file_key: str, version: str, question: str, items: Mapping[str, Any]) -> None:
        """Keeps items by id, in place of earlier ones."""
        now_s = self._wall_s()
        texts = {id_: text for id_ in node_ids(list(items)) if (text := _text(items[id_])) is not None}

        def work(database: sqlite3.Connection) -> None:
            row = self._index.made_row_of(database, file_key, version)
            run = self._index.run_of(database)
            lookup = _lookup(database, row, question)
            if lookup is None:
                lookup = database.execute(
                    "INSERT INTO lookup (version, question) VALUES (?, ?)", (row, clean(question))
                ).lastrowid
            database.executemany(
                "INSERT OR REPLACE INTO item (lookup, id, run, made, value) VALUES (?, ?, ?, ?, ?)",
                [(lookup, id_, run, now_s, text) for id_, text in texts.items()],
            )

        self._index.transact(work)

    def hashes(self, file_key: str, version: str, ids: Sequence[str], *, are_confirmed: bool = False) -> dict[str, str]:
        """Hashes of nodes, as far as they are there; only those that `are_confirmed`, where that is asked."""
        statement = (
            "SELECT node, hash FROM sure_hash WHERE version = ? AND node IN (SELECT value FROM json_each(?))"
            if are_confirmed
            else "SELECT node, hash FROM hash WHERE version = ? AND node IN (SELECT value FROM json_each(?))"
        )

        def work(database: sqlite3.Connection) -> dict[str, str]:
            row = self._index.row_of(database, file_key, version)
            return dict(database.execute(statement, (row, listed(node_ids(ids)))))

        return self._index.read(work) or {}

    def keep_hashes(
        self, file_key: str, version: str, hashes: Mapping[str, str], *, are_confirmed: bool = False
    ) -> None:
        """Keeps hashes of nodes. They `are_confirmed` if Figma was asked for this very version; else they replace none
        that are."""

        def work(database: sqlite3.Connection) -> None:
            row = self._index.made_row_of(database, file_key, version)
            batch = 0 if are_confirmed else self._index.new_batch(database, row)
            kept = database.executemany(
                "INSERT INTO hash (version, node, hash, batch) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET hash = excluded.hash, batch = excluded.batch "
                "WHERE excluded.batch = 0 OR (hash != excluded.hash AND batch IN (SELECT id FROM unconfirmed))",
                [(row, node, hashes[node], batch) for node in node_ids(list(hashes))],
            )
            if not kept.rowcount:
                database.execute("DELETE FROM unconfirmed WHERE id = ?", (batch,))

        if hashes:
            self._index.transact(work)


def _lookup(database: sqlite3.Connection, version: int, question: str) -> int | None:
    row = database.execute(
        "SELECT id FROM lookup WHERE version = ? AND question = ?", (version, clean(question))
    ).fetchone()
    return row[0] if row is not None else None


def _text(value: object) -> str | None:
    """JSON in ASCII; None of what is nested deeper than Python goes."""
    try:
        return json.dumps(value, separators=(",", ":"))
    except RecursionError:
        return None


def _unpacked(packed: bytes) -> Mapping[str, Any] | None:
    """The answer in `packed`; None if it is not what was kept."""
    try:
        body = json.loads(zlib.decompress(packed))
    except (RecursionError, TypeError, ValueError, zlib.error):
        return None
    return body if isinstance(body, Mapping) else None
