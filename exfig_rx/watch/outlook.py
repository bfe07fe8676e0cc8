"""Where changes come from, as a run that stays sees it: one value, so that a test can be another world.

In: nothing. Out: types. Rule: whatever listens, polls or waits for keys is behind one of these names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from reactivex import Observable

from exfig_rx.events import Event
from exfig_rx.watch.places import Matters, Root
from exfig_rx.wishes import Wish


@dataclass(frozen=True, slots=True)
class Moved:
    """A file of Figma has another version than what was made of it."""

    file_key: str
    version: str


@dataclass(frozen=True, slots=True)
class Told:
    """Figma sent word of a file; `is_published`: what it offers to others is new, whatever its version says."""

    file_key: str
    is_published: bool


Files: TypeAlias = Callable[[Sequence[Root], Matters], Observable[frozenset[str]]]
"""The paths below some roots that are touched and matter."""

Known: TypeAlias = Callable[[str], str | None]
"""The version of a file that everything was made of that takes something from it."""

Ask: TypeAlias = Callable[[str], Observable[str | None]]
"""Asks for the version of a file, at the lowest price."""


class Polls(Protocol):
    """New versions of `files`, of which `hints` say that they may have moved; so many requests a minute are allowed."""

    def __call__(
        self, files: Observable[frozenset[str]], hints: Observable[str], known: Known, ask: Ask, limit_per_min: int
    ) -> Observable[Event | Moved]: ...


@dataclass(frozen=True, slots=True)
class Outlook:
    """The sources of change: files on disk, versions in Figma, what Figma sends, what somebody wants.

    `notes` are what people should know about them. `is_polled`: versions are looked after; `webhook` is the address at
    which Figma's word is awaited.
    """

    files: Files
    polls: Polls
    hooks: Observable[Event | Told]
    wishes: Observable[Wish]
    notes: Observable[Event]
    is_polled: bool = False
    webhook: str = ""
