"""The configs on disk, looked at whenever something around them was touched and it has been quiet for a moment.

In: paths that are touched. Out: the configs as they are then, one look after the other. Rules: what is looked for is
content (see `roster`), so nothing depends on how somebody saves; looks that come while changes are to wait are one
look afterwards.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.subject import Subject

from exfig_rx.batch.conflicts import find_conflicts
from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.errors import OutputError
from exfig_rx.model import Conflict, Problem
from exfig_rx.reactor import Blocking
from exfig_rx.settings import Section
from exfig_rx.watch.debounce import debounced
from exfig_rx.watch.outlook import Files
from exfig_rx.watch.places import Root
from exfig_rx.watch.roster import Members, Roster, claims_moved
from exfig_rx.watch.streams import merged

_NOWHERE: Final = Problem(
    "watch.no-directory", "the working directory is gone", "start exfig again where the configs are now"
)


@dataclass(frozen=True, slots=True)
class Found:
    """The configs after a look at them; `conflicts` is None where they are as they were."""

    members: Members
    conflicts: tuple[Conflict, ...] | None
    roots: tuple[Root, ...]


class Disk:
    """The configs of `roster`, whose outputs go below `output_root`; of each, some sections `only`.

    An edit counts when nothing followed it for `debounce_s` seconds by `clock`.
    """

    def __init__(
        self,
        roster: Roster,
        *,
        output_root: Path,
        only: frozenset[Section],
        debounce_s: float,
        blocking: Blocking,
        clock: abc.SchedulerBase,
    ) -> None:
        self._roster = roster
        self._output_root = output_root
        self._only = only
        self._debounce_s = debounce_s
        self._blocking = blocking
        self._clock = clock
        self._members: Members = {}
        # paths that were touched and around which it is not quiet yet
        self._restless: set[str] = set()
        self._is_paused = False
        self._has_put_off = False
        self._roots: Subject[tuple[Root, ...]] = Subject()
        self._looks: Subject[Collection[str] | None] = Subject()

    def first_look(self) -> Observable[Found]:
        """The configs at the beginning; one value."""
        return self._looked(None)

    def found(self, files: Files) -> Observable[Found]:
        """The configs after each change; `files` tells of paths that are touched."""

        def matters(path: str) -> bool:
            return self._roster.matters(path, self._members)

        def below(roots: tuple[Root, ...]) -> Observable[frozenset[str]]:
            return files(roots, matters)

        paths: Observable[frozenset[str]] = self._roots.pipe(
            ops.distinct_until_changed(), ops.map(below), ops.switch_latest(), ops.do_action(self._restless.update)
        )
        quiet = debounced(paths, self._debounce_s, self._clock).pipe(ops.do_action(self._restless.difference_update))
        looks: Observable[Found] = merged(quiet, self._looks).pipe(ops.map(self._looked), ops.merge(max_concurrent=1))
        return looks

    def know(self, found: Found) -> None:
        """What the next look is compared with, and where changes are listened for."""
        self._members = found.members
        self._roots.on_next(found.roots)

    def look_again(self) -> None:
        """Look at all configs anew."""
        self._looks.on_next(None)

    def pause(self) -> None:
        """Let changes wait from now on."""
        self._is_paused = True

    def go_on(self) -> None:
        """Take up what has changed meanwhile."""
        self._is_paused = False
        if self._has_put_off:
            self._has_put_off = False
            self.look_again()

    def _looked(self, touched: Collection[str] | None) -> Observable[Found]:
        def start(_: abc.SchedulerBase) -> Observable[Found]:
            if self._is_paused:
                self._has_put_off = True
                return rx.empty()
            return self._blocking(partial(self._look, self._members, touched, frozenset(self._restless)))

        return rx.defer(start)

    def _look(self, known: Members, touched: Collection[str] | None, restless: frozenset[str]) -> Found:
        try:
            return self._looked_at(known, touched, restless)
        except OSError as error:
            if _is_somewhere():
                raise
            raise OutputError(_NOWHERE) from error

    def _looked_at(self, known: Members, touched: Collection[str] | None, restless: frozenset[str]) -> Found:
        members = self._roster.look(known, touched, restless)
        conflicts = None
        if claims_moved(known, members):
            pairs = [(file.id, file.config) for file in standing_configs(members)]
            conflicts = find_conflicts(pairs, self._output_root, only=self._only)
        return Found(members, conflicts, self._roster.roots(members))


def _is_somewhere() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True


def standing_configs(members: Members) -> list[ValidConfig]:
    """Those that can run, and of others what they were when they last could; in order."""
    return [member.standing for member in members.values() if member.standing is not None]
