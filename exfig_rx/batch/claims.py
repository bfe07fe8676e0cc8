"""Runs side by side: what a config writes belongs to one run at a time.

In: a config, a table that all runs of a project share. Out: a stream that waits until the config has its paths for
itself, or fails where waiting is not wanted. Rule: a claim ends with its config, or with the process that made it.
"""

import json
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops

from exfig_rx.batch.conflicts import Place, clash, places_of
from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.config.ownership import Claim
from exfig_rx.errors import ConflictError
from exfig_rx.model import Problem
from exfig_rx.reactor import Blocking
from exfig_rx.settings import OnConflict, Section
from exfig_rx.state.exports import Exports

ASK_AGAIN_S: Final = 0.25
"""Seconds between two looks at whether the other run is done."""


class Claims:
    """The claims of one run.

    Args:
        exports: used through `on_shelf` alone.
        on_shelf: runs blocking work on the one thread that has the table.
        is_alive: whether a run goes on.
        clock: where waiting happens.
        on_conflict: fails at once where it says `abort`.
        later: runs work on that thread that nobody waits for.
        settle: sets right what a run that is over left half done; one value, what to tell.
    """

    def __init__(
        self,
        exports: Exports,
        on_shelf: Blocking,
        is_alive: Callable[[str], bool],
        clock: abc.SchedulerBase,
        output_root: Path,
        on_conflict: OnConflict,
        later: Callable[[Callable[[], None]], object],
        settle: Callable[[], Observable[tuple[Problem, ...]]],
    ) -> None:
        self._exports = exports
        self._on_shelf = on_shelf
        self._is_alive = is_alive
        self._clock = clock
        self._output_root = output_root
        self._on_conflict = on_conflict
        self._later = later
        self._settle = settle

    def taken(self, valid: ValidConfig, only: frozenset[Section]) -> Observable[Problem]:
        """Completes when `valid` has its paths for itself; tells once if it has to wait. Fails with ConflictError."""
        config = valid.id.path

        def take() -> str | None:
            places = places_of(valid.config, self._output_root, only)
            return self._exports.claim(config, claim_text(places), partial(_clashes, places), self._is_alive)

        def told(rival: str | None) -> Observable[Problem]:
            if rival is None:
                return rx.empty()
            if self._on_conflict is OnConflict.ABORT:
                return rx.throw(ConflictError(_refused(rival)))
            # Whoever was waited for may have been killed.
            settled = self._settle().pipe(ops.flat_map(rx.from_iterable))
            return rx.concat(rx.of(_waits(rival)), asked_again(), settled)

        def asked_again() -> Observable[Any]:
            looks: Observable[object] = rx.interval(ASK_AGAIN_S, scheduler=self._clock)
            rivals: Observable[str | None] = looks.pipe(ops.map(lambda _: self._on_shelf(take)), ops.exclusive())
            return rivals.pipe(ops.take_while(bool), ops.ignore_elements())

        return self._on_shelf(take).pipe(ops.flat_map(told))

    def contested(self, exports: Exports, paths: Collection[str]) -> set[str]:
        """Those of `paths` that another run may be about to write; blocking, on the thread of `exports`."""
        theirs = [place for text in exports.claimed(self._is_alive) for place in _read(text)]
        return {path for path in paths if any(_may_write(place, path) for place in theirs)}

    def release(self, valid: ValidConfig) -> None:
        """Gives the paths back."""
        self._later(partial(self._exports.release, valid.id.path))


def _clashes(ours: tuple[Place, ...], theirs: str) -> bool:
    return clash([place._replace(section="") for place in ours], _read(theirs)) is not None


def _may_write(place: Place, path: str) -> bool:
    """Whether what is claimed includes a file: in doubt, as with the case of letters, it does."""
    own = tuple(part.casefold() for part in place.parts)
    parts = tuple(normalize("NFC", path).casefold().split("/"))
    return own in (parts, parts[:-1]) or (place.claim is Claim.TREE and parts[: len(own)] == own)


def claim_text(places: tuple[Place, ...]) -> str:
    """What a config claims, as other runs read it."""
    # Sections of one file are merged by one process at a time: between runs they are in each other's way.
    return json.dumps([[list(place.parts), place.claim, "", place.path] for place in places])


def _read(text: str) -> list[Place]:
    return [Place(tuple(parts), 1, "", Claim(claim), section, path) for parts, claim, section, path in json.loads(text)]


def _refused(rival: str) -> Problem:
    return Problem(
        "conflict.other-run",
        f"another exfig ({rival}) is writing the files of this config",
        "wait until it is done, or run with --on-conflict continue, which waits for it",
    )


def _waits(rival: str) -> Problem:
    return Problem("conflict.waits", f"waiting for another exfig ({rival}) that writes the files of this config")
