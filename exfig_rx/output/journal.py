"""What a commit writes down before it acts, so that whoever finds it half done can finish it: values, and a seam.

In: what a transaction is about to do. Out: rows that outlive the process. Rules: a row of `State.STAGING` is there
before anything is created, one of `State.SEALED` before anything of the old tree changes; a journal never raises, and
where it can't be written the commit goes on without it.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from exfig_rx.manifest import Record, Written


class State(StrEnum):
    """How far a transaction has come."""

    STAGING = "staging"
    """Files appear beside their targets; the old tree is as it was. Nothing remains to be done but to remove them."""
    SEALED = "sealed"
    """Everything is staged and on the disk; from here on it is finished."""
    TURNING_BACK = "turning-back"
    """The system refused a step; what was done is taken back."""


@dataclass(frozen=True, slots=True)
class Row:
    """One transaction of a run in the journal; `text` is a `Draft` while it is staging, then a `Plan`."""

    number: int
    config: str
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Where something may appear before the seal: names that begin with `prefix`, in `folders`."""

    prefix: str
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """A file as it was before the commit; `digest` is empty where nobody knew it."""

    size: int
    mtime_ns: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A staged file becomes `written.path`; `before` is what is there until then (None: nothing)."""

    staged: str
    written: Written
    before: Before | None = None

    @property
    def backup(self) -> str:
        """Where the old file is kept until everything is in place."""
        return f"{self.staged}-old"


@dataclass(frozen=True, slots=True)
class Deletion:
    """A file of ours that goes; it is set `aside` until everything is in place."""

    aside: str
    written: Written


@dataclass(frozen=True, slots=True)
class Listing:
    """Files of one folder, and the same as a text, as journal and manifest keep it (`texts.listing`)."""

    files: tuple[Written, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What later runs shall know of a commit.

    `written` are files that are new, or not as the manifest has them, by folder; `forgotten` are paths that are ours no
    more. `made` are folders that came with the files, `emptied` those that may go with them. `changed`: the tree is no
    longer as it was. `record` is kept under the name `sections`.
    """

    written: Mapping[str, Listing] = field(default_factory=dict)
    forgotten: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    changed: bool = True
    record: Record | None = None
    sections: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a commit does after the seal.

    `folders` are (staged, target): one that is not there yet comes into place with all that is in it. `inside` are
    these and all folders in them, and `nested` the files there, which need no step of their own; `single` do.
    """

    draft: Draft
    folders: tuple[tuple[str, str], ...]
    inside: tuple[tuple[str, str], ...]
    nested: tuple[Move, ...]
    single: tuple[Move, ...]
    deletions: tuple[Deletion, ...]
    outcome: Outcome

    @property
    def moves(self) -> tuple[Move, ...]:
        """All of them."""
        return (*self.nested, *self.single)


class Journal(Protocol):
    """The journal of one run, used on one thread unless a method says otherwise."""

    @property
    def run(self) -> str:
        """What no other run is called."""
        ...

    def begin(self, config: str, text: str) -> int | None:
        """Write down that a transaction stages files; None if nothing can be written down."""
        ...

    def seal(self, number: int, config: str, text: str) -> None:
        """Write down, for good, that it will be finished."""
        ...

    def turn_back(self, number: int) -> None:
        """Write down that it will be taken back."""
        ...

    def finish(self, number: int | None, config: str, outcome: Outcome) -> None:
        """Take it out of the journal, and keep what came of it, in one step."""
        ...

    def abandon(self, number: int) -> None:
        """Take it out of the journal, now or a little later; any thread may call this."""
        ...

    def folders_made(self, paths: Collection[str]) -> set[str]:
        """Those of `paths` that are folders which commits made."""
        ...


class Unfinished(Journal, Protocol):
    """A journal with the rows of other runs in it."""

    def adopt(self, is_alive: Callable[[str], bool]) -> tuple[Row, ...]:
        """The rows of runs that are not alive, oldest first; from now on they are this run's, and nobody else's."""
        ...


class Runs(Protocol):
    """The runs of a project."""

    @property
    def folder(self) -> Path:
        """Where they leave what others need; it is in the folder that paths are shown from."""
        ...

    def is_alive(self, run: str) -> bool:
        """Whether its process is still there."""
        ...

    def bury(self) -> None:
        """Remove what is left of runs that are not alive."""
        ...


class NoJournal:
    """A journal that nobody keeps: a commit that is killed stays as it is."""

    def __init__(self) -> None:
        self.run = secrets.token_hex(4)

    def begin(self, config: str, text: str) -> int | None:
        """Nothing is written down."""
        return None

    def seal(self, number: int, config: str, text: str) -> None:
        """Nothing is written down."""

    def turn_back(self, number: int) -> None:
        """Nothing is written down."""

    def finish(self, number: int | None, config: str, outcome: Outcome) -> None:
        """Nothing is kept."""

    def abandon(self, number: int) -> None:
        """Nothing was there."""

    def folders_made(self, paths: Collection[str]) -> set[str]:
        """Nobody knows."""
        return set()
