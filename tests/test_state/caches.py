"""Runs that share the cache of one project, with their bytes and their clock."""

import hashlib
from pathlib import Path

from exfig_rx.download.store import Store
from exfig_rx.model import FileVersion, Problem
from exfig_rx.pictures import Blob, RenderFormat, RenderSpec
from exfig_rx.state.blobs import MOST_SMALL_BYTES
from exfig_rx.state.cache import Cache

URL = "https://api.figma.com"
KEY = "Harbor0000000000000001"
SVG = RenderSpec(RenderFormat.SVG)
PNG = RenderSpec(RenderFormat.PNG, 3.0)
LARGE = b"large" * MOST_SMALL_BYTES


def confirm(cache: Cache, version: str) -> None:
    """Figma tells the same version once more."""
    if (last := cache.unconfirmed(KEY, version)) is not None:
        cache.confirm(KEY, version, last)


def same(cache: Cache, old: str, new: str, *nodes: str) -> None:
    """Hashes that tell that nothing changed in these nodes from one version to another."""
    for version in old, new:
        cache.keep_hashes(KEY, version, dict.fromkeys(nodes, "same"), are_confirmed=True)


class Runs:
    """Caches in one `.exfig`; `problems` is what they warned of, `now_s` what the clock on the wall says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".exfig"
        self.now_s = 1_790_000_000.0
        self.problems: list[Problem] = []
        self._open: list[Cache] = []
        self._count = 0

    def start(self, *, address: str = URL, most_bytes: int = 2**30) -> Cache:
        """The cache of another run."""
        self._count += 1
        run = f"run{self._count}"
        cache = Cache(
            self.folder,
            address,
            run,
            scratch=self.folder / "runs" / run / "scratch",
            wall_s=lambda: self.now_s,
            warn=self.problems.append,
            most_bytes=most_bytes,
        )
        self._open.append(cache)
        return cache

    def store(self) -> Store:
        """Where a run keeps what it downloads."""
        self._count += 1
        return Store(str(self.root / f"store{self._count}"))

    def blob(self, content: bytes) -> Blob:
        """`content` as a run downloads it."""
        store = self.store()
        if len(content) <= MOST_SMALL_BYTES:
            return store.keep(content)
        with store.begin() as part:
            part.write(content)
        return store.finish(part)

    def keep(self, version: str, spec: RenderSpec = SVG, /, **contents: bytes) -> None:
        """A run that sees a version before and after it keeps renders: `n1_2=b"…"` is that of node 1:2."""
        cache = self.start()
        cache.saw(FileVersion(KEY, version, "Harbor icons"))
        blobs = {node[1:].replace("_", ":"): self.blob(content) for node, content in contents.items()}
        cache.keep_renders(KEY, version, spec, blobs)
        confirm(cache, version)
        cache.end_run()
        cache.close()

    def found(self, version: str, *ids: str, spec: RenderSpec = SVG) -> dict[str, bytes]:
        """What a new run finds of renders: bytes by node."""
        cache = self.start()
        blobs = cache.renders(KEY, version, spec, ids, self.store().keep)
        cache.close()
        for blob in blobs.values():
            assert hashlib.sha256(blob.read()).hexdigest() == blob.digest
            assert len(blob.read()) == blob.size
        return {node: blob.read() for node, blob in blobs.items()}

    def codes(self) -> list[str]:
        """Codes of the warnings so far."""
        return [problem.code for problem in self.problems]

    def end(self) -> None:
        for cache in self._open:
            cache.close()
