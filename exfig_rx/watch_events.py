"""The events that only a run with `--watch` emits: what changed, which configs run again for it, and when.

Part of the closed set in `events`, where times and `config` are explained.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from exfig_rx.model import ConfigId, Problem


class Source(StrEnum):
    """Where a change was noticed."""

    FILES = "files"
    """A config, or what it reads, changed on disk."""
    POLL = "poll"
    """Figma was asked for the version of a file, and it was a new one."""
    WEBHOOK = "webhook"
    """Figma sent word."""
    PERSON = "person"
    """Somebody asked for it: a key, a signal."""


@dataclass(frozen=True, slots=True)
class WatchStarted:
    """The run stays, and exports again what changes. An edit counts when nothing followed it for `debounce_s` seconds.

    `webhook` is the address that Figma's word is awaited at; empty for none.
    """

    at: float
    debounce_s: float
    webhook: str = ""


@dataclass(frozen=True, slots=True)
class ChangeNoticed:
    """Something changed; `what` says it in few words, `configs` are those that run again for it, maybe none."""

    at: float
    source: Source
    what: str
    configs: tuple[ConfigId, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigQueued:
    """A config runs again as soon as it is its turn; `reason` says why, in few words."""

    at: float
    config: ConfigId
    reason: str


@dataclass(frozen=True, slots=True)
class ConfigHeld:
    """A config does not run until something is mended; what it exported before stays."""

    at: float
    config: ConfigId
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ConfigRemoved:
    """A config is gone; its files stay."""

    at: float
    config: ConfigId


@dataclass(frozen=True, slots=True)
class CycleStarted:
    """The first config runs after a time in which nothing did; `number` counts from 1."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class CycleEnded:
    """Nothing runs or waits any more."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class PollPlanned:
    """The versions of `files` files are asked for, each every `every_s` seconds; the next one at `next_at`.

    `next_at` is None, where there is nothing to ask for.
    """

    at: float
    next_at: float | None
    every_s: float
    files: int


@dataclass(frozen=True, slots=True)
class HookReceived:
    """Something came in at the webhook address; not `accepted` is what has a wrong passcode or makes no sense."""

    at: float
    what: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class WatchPaused:
    """Somebody wants changes to wait."""

    at: float


@dataclass(frozen=True, slots=True)
class WatchContinued:
    """Changes count again, those of meanwhile included."""

    at: float


WatchEvent: TypeAlias = (
    WatchStarted
    | ChangeNoticed
    | ConfigQueued
    | ConfigHeld
    | ConfigRemoved
    | CycleStarted
    | CycleEnded
    | PollPlanned
    | HookReceived
    | WatchPaused
    | WatchContinued
)
