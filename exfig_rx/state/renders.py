"""Renders that are kept: which bytes Figma made of a node, by version of its file and by how it was asked.

In: renders of a run by node. Out: those that need not be made again. Rules: what comes out is whole; a render whose
bytes are gone or damaged is as one that never was; between two versions renders are carried where hashes tell that
nothing changed, which copies no byte.
"""

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from exfig_rx.pictures import Blob, RenderSpec
from exfig_rx.state.blobs import Blobs, Keep, Prepared
from exfig_rx.state.index import Complaints, Index, clean, listed, node_ids


@dataclass(frozen=True, slots=True)
class Older:
    """An older version with renders that a newer one lacks: by spec, what is `there` of all that is `lacking`."""

    version: str
    there: Mapping[RenderSpec, Collection[str]]
    lacking: Mapping[RenderSpec, Collection[str]]


_CARRY: Final = """
INSERT OR IGNORE INTO render (version, asked, node, run, digest, batch)
SELECT now.version, old.asked, old.node, ?, old.digest, now.batch
FROM sure_render AS old
JOIN sure_hash AS before ON before.version = old.version AND before.node = old.node
JOIN hash AS now ON now.node = old.node AND now.hash = before.hash
WHERE old.version = ? AND now.version = ? AND old.node IN (SELECT value FROM json_each(?))
"""


class Renders:
    """Renders in `index`, with their bytes in `blobs`.

    `asked` tells renders of one node apart: format, scale, and all else that Figma was told. `wall_s` is the clock on
    the wall, in epoch seconds.
    """

    def __init__(
        self,
        index: Index,
        blobs: Blobs,
        complaints: Complaints,
        *,
        asked: Callable[[RenderSpec], str],
        wall_s: Callable[[], float],
    ) -> None:
        self._index = index
        self._blobs = blobs
        self._complaints = complaints
        self._asked = asked
        self._wall_s = wall_s
        # digests whose time of last use is still to be written, and those where it was
        self._touched: set[str] = set()
        self._told: set[str] = set()

    def get(self, file_key: str, version: str, spec: RenderSpec, ids: Sequence[str], keep: Keep) -> dict[str, Blob]:
        """The renders of `ids` that are there, by node."""

        def work(database: sqlite3.Connection) -> list[tuple[str, str, int]]:
            return database.execute(
                "SELECT node, digest, size FROM render JOIN blob USING (digest) "
                "WHERE version = ? AND asked = ? AND node IN (SELECT value FROM json_each(?))",
                (self._index.row_of(database, file_key, version), clean(self._asked(spec)), listed(node_ids(ids))),
            ).fetchall()

        rows = self._index.read(work) or []
        sizes = {digest: size for _, digest, size in rows}
        blobs, lost = self._blobs.take(sizes, keep)
        self._touched |= blobs.keys() - self._told
        if lost:
            self._forget(sorted(lost))
        return {node: blobs[digest] for node, digest, _ in rows if digest in blobs}

    def _forget(self, digests: Sequence[str]) -> None:
        """Drops what turned out to be missing or damaged; what others dropped meanwhile was neither."""

        def work(database: sqlite3.Connection) -> int:
            self._blobs.drop(digests)
            return database.executemany("DELETE FROM blob WHERE digest = ?", [(digest,) for digest in digests]).rowcount

        count = self._index.transact(work) or 0
        if count > 0:
            what = "a kept render was" if count == 1 else f"{count} kept renders were"
            self._complaints.damaged(f"{what} missing or damaged")

    def keep(self, file_key: str, version: str, spec: RenderSpec, blobs: Mapping[str, Blob]) -> None:
        """Keeps renders by node; bytes that are there already are not read."""
        digests = {node: blobs[node].digest for node in node_ids(list(blobs))}
        by_digest = {blob.digest: blob for blob in blobs.values()}
        known = self._index.read(lambda database: _known(database, list(by_digest))) or set()
        now_s = self._wall_s()

        def store(database: sqlite3.Connection, prepared: Prepared) -> None:
            rows = [
                (digest, prepared.sizes[digest], digest in prepared.large, now_s)
                for digest in self._blobs.put(prepared)
            ]
            database.executemany(
                "INSERT INTO blob (digest, size, is_large, used) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET used = excluded.used",
                rows,
            )
            self._enter(database, file_key, version, clean(self._asked(spec)), digests)

        for prepared in self._blobs.prepare([blob for digest, blob in by_digest.items() if digest not in known]):
            self._index.transact(partial(store, prepared=prepared))
            self._blobs.discard(prepared)
            self._told |= prepared.sizes.keys()
        self._touched |= known - self._told

    def _enter(
        self, database: sqlite3.Connection, file_key: str, version: str, asked: str, digests: Mapping[str, str]
    ) -> None:
        """Makes renders those of their nodes. Equal ones stay in their batch, as they say nothing new."""
        row = self._index.made_row_of(database, file_key, version)
        of_these = (row, asked, listed(list(digests)))
        before = dict(
            database.execute(
                "SELECT node, digest FROM render "
                "WHERE version = ? AND asked = ? AND node IN (SELECT value FROM json_each(?))",
                of_these,
            )
        )
        batch = self._index.new_batch(database, row) if digests.items() - before.items() else 0
        run = self._index.run_of(database)
        database.executemany(
            "INSERT INTO render (version, asked, node, run, digest, batch) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET run = excluded.run, digest = excluded.digest, "
            "batch = iif(digest = excluded.digest, batch, excluded.batch)",
            [(row, asked, node, run, digest, batch) for node, digest in digests.items()],
        )
        database.execute(
            "DELETE FROM unrendered WHERE version = ? AND asked = ? AND node IN (SELECT value FROM json_each(?))",
            of_these,
        )

    # ── nodes that Figma can't render ──

    def unrendered(
        self, file_key: str, version: str, spec: RenderSpec, ids: Sequence[str], max_age_s: float | None
    ) -> set[str]:
        """Those of `ids` that Figma could not render, as was found no longer than `max_age_s` ago."""
        now_s = self._wall_s()

        def work(database: sqlite3.Connection) -> list[tuple[str, float]]:
            row = self._index.row_of(database, file_key, version)
            return database.execute(
                "SELECT node, made FROM unrendered "
                "WHERE version = ? AND asked = ? AND node IN (SELECT value FROM json_each(?))",
                (row, clean(self._asked(spec)), listed(ids)),
            ).fetchall()

        # As with answers, one of tomorrow is of unknown age.
        found = self._index.read(work) or ()
        return {node for node, made_s in found if max_age_s is None or 0 <= now_s - made_s <= max_age_s}

    def keep_unrendered(self, file_key: str, version: str, spec: RenderSpec, ids: Sequence[str]) -> None:
        """Keeps which nodes Figma could not render."""

        def work(database: sqlite3.Connection) -> None:
            row = self._index.made_row_of(database, file_key, version)
            run = self._index.run_of(database)
            asked, now_s = clean(self._asked(spec)), self._wall_s()
            database.executemany(
                "INSERT OR REPLACE INTO unrendered (version, asked, node, run, made) VALUES (?, ?, ?, ?, ?)",
                [(row, asked, node, run, now_s) for node in node_ids(ids)],
            )

        self._index.transact(work)

    # ── from version to version ──

    def rendered_before(
        self, file_key: str, version: str, wanted: Mapping[RenderSpec, Sequence[str]], passed: Collection[str]
    ) -> Older | None:
        """The newest other version with a render that may count for `version`, which has none of its own.

        Versions that were `passed` are left out, and so are nodes that Figma can't render in `version`.
        """

        def work(database: sqlite3.Connection) -> Older | None:
            row = self._index.row_of(database, file_key, version)
            lacking: dict[RenderSpec, list[str]] = {}
            for spec, ids in wanted.items():
                known = self._known_of(database, row, spec, ids)
                lacking[spec] = [id_ for id_ in node_ids(ids) if id_ not in known]
            for other, name in self._index.others(database, file_key, version):
                if name not in passed:
                    there = {spec: self._counting(database, other, spec, ids) for spec, ids in lacking.items()}
                    if any(there.values()):
                        return Older(name, there, lacking)
            return None

        return self._index.read(work)

    def _known_of(
        self, database: sqlite3.Connection, row: int | None, spec: RenderSpec, ids: Sequence[str]
    ) -> set[str]:
        """Those of `ids` of which a version needs no render of another one."""
        of_these = (row, clean(self._asked(spec)), listed(node_ids(ids)))
        return {
            node
            for (node,) in database.execute(
                "SELECT node FROM render JOIN blob USING (digest) "
                "WHERE version = ? AND asked = ? AND node IN (SELECT value FROM json_each(?)) "
                "UNION ALL SELECT node FROM unrendered "
                "WHERE version = ? AND asked = ? AND node IN (SELECT value FROM json_each(?))",
                of_these * 2,
            )
        }

    def _counting(self, database: sqlite3.Connection, row: int, spec: RenderSpec, ids: Sequence[str]) -> set[str]:
        """Those of `ids` of which a version has a render that may count for others."""
        found = database.execute(
            "SELECT node FROM sure_render WHERE version = ? AND asked = ? AND node IN (SELECT value FROM json_each(?))",
            (row, clean(self._asked(spec)), listed(ids)),
        )
        return {node for (node,) in found}

    def carry(self, file_key: str, old: str, new: str, ids: Sequence[str]) -> int:
        """Lets renders at `old` count for `new`, too, where it has none of its own; how many there are.

        Of those nodes among `ids` whose hashes are kept for both versions, and equal. The renders are then confirmed
        when the hashes at `new` are.
        """

        def work(database: sqlite3.Connection) -> int:
            source = self._index.row_of(database, file_key, old)
            target = self._index.row_of(database, file_key, new)
            if source is None or target is None:
                return 0
            return database.execute(
                _CARRY, (self._index.run_of(database), source, target, listed(node_ids(ids)))
            ).rowcount

        return self._index.transact(work) or 0

    def let_go(self) -> None:
        """Forget what was handed out, as it is there no more; nobody may need any of it."""
        self.tell_use()
        self._told = set()
        self._blobs.let_go()

    def tell_use(self) -> None:
        """Writes down which bytes this run has used, so that others go first when room is needed."""
        if self._touched:
            rows = [(self._wall_s(), digest) for digest in self._touched]
            self._index.transact(
                lambda database: database.executemany("UPDATE blob SET used = ? WHERE digest = ?", rows)
            )
            self._told |= self._touched
            self._touched = set()


def _known(database: sqlite3.Connection, digests: Sequence[str]) -> set[str]:
    """Those of `digests` whose bytes are there."""
    rows = database.execute(
        "SELECT digest FROM blob WHERE digest IN (SELECT value FROM json_each(?))", (listed(digests),)
    )
    return {digest for (digest,) in rows}
