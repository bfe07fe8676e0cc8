"""Renders that are kept: which bytes Figma made of a node, by version of its file and by how it was asked.

In: renders of a run by node. Out: those that need not be made again. Rules: what comes out is whole; a render whose
bytes are gone or damaged is as one that never was; between two versions renders are carried, which copies no byte.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from exfig_rx.pictures import Blob, RenderSpec
from exfig_rx.state.blobs import Blobs, Keep, Prepared
from exfig_rx.state.index import Complaints, Index, clean, listed, node_ids


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
            version_row = self._index.made_row_of(database, file_key, version)
            run_row = self._index.run_of(database)
            database.executemany(
                "INSERT OR REPLACE INTO render (version, asked, node, run, digest) VALUES (?, ?, ?, ?, ?)",
                [(version_row, clean(self._asked(spec)), node, run_row, digest) for node, digest in digests.items()],
            )

        for prepared in self._blobs.prepare([blob for digest, blob in by_digest.items() if digest not in known]):
            self._index.transact(partial(store, prepared=prepared))
            self._blobs.discard(prepared)
            self._told |= prepared.sizes.keys()
        self._touched |= known - self._told

    def rendered_before(self, file_key: str, version: str, wanted: Mapping[RenderSpec, Sequence[str]]) -> str | None:
        """The newest other version with a render of a node that `version` has none of; None if there is none."""

        def work(database: sqlite3.Connection) -> str | None:
            row = self._index.row_of(database, file_key, version)
            lacking: dict[str, list[str]] = {}
            for spec, ids in wanted.items():
                asked = clean(self._asked(spec))
                there = _nodes(database, row, asked, node_ids(ids))
                lacking[asked] = [id_ for id_ in node_ids(ids) if id_ not in there]
            for other, name in self._index.others(database, file_key, version):
                if any(_nodes(database, other, asked, ids) for asked, ids in lacking.items()):
                    return name
            return None

        return self._index.read(work)

    def carry(self, file_key: str, old: str, new: str, ids: Sequence[str]) -> int:
        """Lets all renders of `ids` at `old` count for `new`, too, where it has none of its own; how many there are."""

        def work(database: sqlite3.Connection) -> int:
            source = self._index.row_of(database, file_key, old)
            if source is None:
                return 0
            target = self._index.made_row_of(database, file_key, new)
            return database.execute(
                "INSERT OR IGNORE INTO render (version, asked, node, run, digest) "
                "SELECT ?, asked, node, ?, digest FROM render JOIN blob USING (digest) "
                "WHERE version = ? AND node IN (SELECT value FROM json_each(?))",
                (target, self._index.run_of(database), source, listed(node_ids(ids))),
            ).rowcount

        return self._index.transact(work) or 0

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


def _nodes(database: sqlite3.Connection, version: int | None, asked: str, ids: Sequence[str]) -> set[str]:
    """Those of `ids` with a render at a version."""
    rows = database.execute(
        "SELECT node FROM render JOIN blob USING (digest) "
        "WHERE version = ? AND asked = ? AND node IN (SELECT value FROM json_each(?))",
        (version, asked, listed(ids)),
    )
    return {node for (node,) in rows}
