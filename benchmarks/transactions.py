"""What it costs to write a tree as one transaction, with its journal and manifest, beside writing files plainly.

4,000 files of about a kilobyte in 100 folders, as exports of icons are. Plain is what programs do that promise
nothing: a folder where it is missing, `open(path, "wb")`, one write. The sync for a power cut is measured apart.
"""

import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TypeAlias

from benchmarks.measuring import Row, seconds
from exfig_rx.model import OutputFile
from exfig_rx.output.transaction import Task, begin, commit, stage
from exfig_rx.state.exports import Exports

FILES = 4000
FOLDERS = 100
CONFIG = "/home/somebody/project/configs/app.yaml"
OWNERS = ("web.icons[0]",)

_Work: TypeAlias = Callable[[str], object]
"""Writes the tree of that name."""


def rows(runs: int = 7) -> Iterator[Row]:
    """A fresh tree, all files replaced, nothing changed; and what the sync adds."""
    with tempfile.TemporaryDirectory() as directory:
        bench = _Bench(Path(directory))
        try:
            yield Row("4,000 new files as a transaction / written plainly", bench.fresh(runs), 1.25)
            yield Row("4,000 files replaced by a transaction / written plainly", bench.replaced(runs), None)
            yield Row("4,000 unchanged files as a transaction / written plainly", bench.unchanged(runs), None)
            yield Row("4,000 new files synced before the commit / not synced", bench.synced(runs), None)
        finally:
            bench.exports.close()


class _Bench:
    """Two trees that are written in turns."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.exports = Exports(root / ".exfig", "bench", lambda problem: None)
        self._numbers = count()

    def fresh(self, runs: int) -> float:
        """Both into folders that are not there yet."""
        return self._ratio(runs, lambda at: self._transaction(at, 0), lambda at: self._plainly(at, 0))

    def replaced(self, runs: int) -> float:
        """Both over files of an earlier export."""
        return self._ratio(
            runs,
            lambda at: self._transaction(at, 1),
            lambda at: self._plainly(at, 1),
            lambda at: self._transaction(at, 0),
        )

    def unchanged(self, runs: int) -> float:
        """Both what is there already."""
        return self._ratio(
            runs,
            lambda at: self._transaction(at, 0),
            lambda at: self._plainly(at, 0),
            lambda at: self._transaction(at, 0),
        )

    def synced(self, runs: int) -> float:
        """A fresh tree with and without the sync."""
        return self._ratio(runs, lambda at: self._transaction(at, 0, durable=True), lambda at: self._transaction(at, 0))

    def _ratio(self, runs: int, ours: _Work, theirs: _Work, before: _Work = lambda at: None) -> float:
        """Median of `ours` over median of `theirs`, in turns, each on a tree of its own, after one warm-up."""

        def taken(work: _Work) -> float:
            at = f"tree-{next(self._numbers)}"
            before(at)
            time_s = seconds(lambda: work(at))
            shutil.rmtree(self.root / at)
            return time_s

        pairs = [(taken(ours), taken(theirs)) for _ in range(runs + 1)][1:]
        return statistics.median(pair[0] for pair in pairs) / statistics.median(pair[1] for pair in pairs)

    def _transaction(self, at: str, edition: int, *, durable: bool = False) -> None:
        config = f"{CONFIG}.{at}"
        task = Task(
            [OutputFile(path, content) for path, content in _files(at, edition)],
            owners=lambda _: OWNERS,
            known=self.exports.manifest(config),
            config=config,
        )
        commit(stage(begin(task, self.root, self.exports), lambda: False), durable=durable)

    def _plainly(self, at: str, edition: int) -> None:
        known = set()
        for path, content in _files(at, edition):
            folder = os.path.dirname(path)
            if folder not in known:
                os.makedirs(self.root / folder, exist_ok=True)
                known.add(folder)
            with open(f"{self.root}/{path}", "wb") as stream:
                stream.write(content)


def _files(at: str, edition: int) -> Iterator[tuple[str, bytes]]:
    for number in range(FILES):
        text = f"<svg><!-- {edition} {number} -->" + "<path/>" * 130 + "</svg>"
        yield f"{at}/set-{number % FOLDERS}/icon-{number}.svg", text.encode()
