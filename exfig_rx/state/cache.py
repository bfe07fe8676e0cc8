"""What a project remembers of Figma: versions of files, answers, hashes of nodes, and renders with their bytes.

In: what a run asks and gets. Out: what an earlier run got. Rules: everything is of one version of a file at one
address, so that nothing old is taken for new; losing any of it costs requests and nothing else; whatever is wrong with
the disk is said once, and the run goes on without. All of it blocks, on one thread; see docs/cache.md.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from exfig_rx.model import FileVersion, Problem
from exfig_rx.pictures import Blob, RenderSpec
from exfig_rx.state.answers import Answers
from exfig_rx.state.blobs import FOLDER_NAME, Blobs, Keep
from exfig_rx.state.index import FILE_NAME, Complaints, Index
from exfig_rx.state.renders import Older, Renders
from exfig_rx.state.upkeep import CacheInfo, Trimmed, Upkeep


def is_there(folder: Path) -> bool:
    """Whether anything was ever kept in `folder`."""
    return (folder / FILE_NAME).exists() or (folder / FOLDER_NAME).exists()


def plainly(spec: RenderSpec) -> str:
    """A render as text, where Figma is told nothing but format and scale."""
    return f"{spec.format}@{spec.scale:g}"


class Cache:
    """The cache in `folder`, which is made when it is not there.

    Args:
        folder: `.exfig/` of the project.
        address: of the API; what one host answered is not what another one would.
        run: names this run.
        scratch: a folder of this run, on the same disk; large blobs stay there while it lasts.
        wall_s: the clock on the wall, in epoch seconds.
        warn: told, once each, when nothing can be kept, and when something was damaged.
        most_bytes: how many bytes of renders `trim` leaves.
        asked: tells renders of one node apart: format, scale, and all else that Figma was told.
    """

    def __init__(
        self,
        folder: Path,
        address: str,
        run: str,
        *,
        scratch: Path,
        wall_s: Callable[[], float],
        warn: Callable[[Problem], None],
        most_bytes: int,
        asked: Callable[[RenderSpec], str] = plainly,
    ) -> None:
        self._wall_s = wall_s
        self._most_bytes = most_bytes
        complaints = Complaints(folder, warn)
        self._index = Index(folder, address, run, complaints)
        blobs = Blobs(folder, scratch, complaints)
        self._blobs = blobs
        self._answers = Answers(self._index, complaints, wall_s=wall_s)
        self._renders = Renders(self._index, blobs, complaints, asked=asked, wall_s=wall_s)
        self._upkeep = Upkeep(folder, self._index, blobs)

    # ── versions ──

    def latest(self, file_key: str) -> FileVersion | None:
        """The newest version of which anything is kept; where nothing is, the newest that a run saw."""
        return self._index.latest(file_key)

    def newer(self, file_key: str, version: str) -> FileVersion | None:
        """The newest version that a run saw, if that is another one."""
        return self._index.newer(file_key, version)

    def saw(self, version: FileVersion) -> None:
        """Makes a version the newest of its file."""
        self._index.saw(version)

    # ── answers ──

    def answer(self, file_key: str, version: str, question: str) -> Mapping[str, Any] | None:
        """The answer to a question about a version of a file; None if it is not there."""
        return self._answers.answer(file_key, version, question)

    def keep_answer(self, file_key: str, version: str, question: str, body: Mapping[str, Any]) -> None:
        """Keeps an answer, in place of an earlier one."""
        self._answers.keep_answer(file_key, version, question, body)

    def items(
        self, file_key: str, version: str, question: str, ids: Sequence[str], max_age_s: float | None = None
    ) -> dict[str, Any]:
        """Items of a lookup by id, as far as they are there and no older than `max_age_s`."""
        return self._answers.items(file_key, version, question, ids, max_age_s)

    def keep_items(self, file_key: str, version: str, question: str, items: Mapping[str, Any]) -> None:
        """Keeps items of a lookup, in place of earlier ones."""
        self._answers.keep_items(file_key, version, question, items)

    def hashes(self, file_key: str, version: str, ids: Sequence[str], *, are_confirmed: bool = False) -> dict[str, str]:
        """Hashes of nodes, as far as they are there; only those that `are_confirmed`, where that is asked."""
        return self._answers.hashes(file_key, version, ids, are_confirmed=are_confirmed)

    def keep_hashes(
        self, file_key: str, version: str, hashes: Mapping[str, str], *, are_confirmed: bool = False
    ) -> None:
        """Keeps hashes of nodes; they `are_confirmed` if Figma was asked for this very version."""
        self._answers.keep_hashes(file_key, version, hashes, are_confirmed=are_confirmed)

    # ── renders ──

    def renders(self, file_key: str, version: str, spec: RenderSpec, ids: Sequence[str], keep: Keep) -> dict[str, Blob]:
        """The renders of `ids` that are there, whole, by node; small ones through `keep`, whose errors are raised."""
        return self._renders.get(file_key, version, spec, ids, keep)

    def keep_renders(self, file_key: str, version: str, spec: RenderSpec, blobs: Mapping[str, Blob]) -> None:
        """Keeps renders by node; equal bytes are kept once."""
        self._renders.keep(file_key, version, spec, blobs)

    def unrendered(
        self, file_key: str, version: str, spec: RenderSpec, ids: Sequence[str], max_age_s: float | None = None
    ) -> set[str]:
        """Those of `ids` that Figma could not render, as was found no longer than `max_age_s` ago."""
        return self._renders.unrendered(file_key, version, spec, ids, max_age_s)

    def keep_unrendered(self, file_key: str, version: str, spec: RenderSpec, ids: Sequence[str]) -> None:
        """Keeps which nodes Figma could not render."""
        self._renders.keep_unrendered(file_key, version, spec, ids)

    def rendered_before(
        self,
        file_key: str,
        version: str,
        wanted: Mapping[RenderSpec, Sequence[str]],
        passed: Collection[str] = (),
    ) -> Older | None:
        """The newest other version, of those not `passed`, with a render that `version` lacks and that may count."""
        return self._renders.rendered_before(file_key, version, wanted, passed)

    def carry(self, file_key: str, old: str, new: str, ids: Sequence[str]) -> int:
        """Lets renders of `old` count for `new`, too, where hashes of both are kept and equal; how many that are."""
        return self._renders.carry(file_key, old, new, ids)

    def unconfirmed(self, file_key: str, version: str) -> int | None:
        """The last batch of renders or hashes of which nobody knows yet that it is not of a later version."""
        return self._index.unconfirmed(file_key, version)

    def confirm(self, file_key: str, version: str, last: int) -> None:
        """Batches up to the `last` one may count for other versions: theirs was still the newest after them."""
        self._index.confirm(file_key, version, last)

    def has_paid(self, file_key: str) -> bool:
        """Whether anything of a file is kept that took scarce requests: items of lookups, renders."""
        return self._index.has_paid(file_key)

    def let_go(self) -> None:
        """Forgets which bytes were handed out, as they are there no more; nobody may need any of them."""
        self._renders.let_go()

    # ── runs ──

    @property
    def has_kept(self) -> bool:
        """Whether this run has kept anything; else there is nothing to trim either."""
        return self._index.has_written

    def end_run(self) -> None:
        """This run has ended; without this, what it kept stays resume data."""
        self._renders.tell_use()
        self._index.end_run()

    def forget_unfinished(self) -> None:
        """Drops what was kept by runs that have not ended; nothing of this one."""
        self._index.forget_unfinished()

    # ── upkeep, for all addresses ──

    def trim(self) -> Trimmed:
        """Drops what counts no more: all but two versions of a file, bytes that nobody needs or that don't fit."""
        self._renders.tell_use()
        return self._upkeep.trim(self._most_bytes, self._wall_s())

    def info(self) -> CacheInfo:
        """What is there."""
        return self._upkeep.info()

    def clear(self) -> int:
        """Drops everything; how many bytes are free now."""
        return self._upkeep.clear()

    def close(self) -> None:
        """Ends the use of the cache; a run that did not `end_run` leaves resume data."""
        self._renders.tell_use()
        self._blobs.close()
        self._index.close()
