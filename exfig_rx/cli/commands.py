"""The commands of `exfig` as values: what a command line asks for, before anything is done about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from exfig_rx.model import Platform
from exfig_rx.settings import Color, Settings


class Shell(StrEnum):
    """A shell that completions can be made for."""

    BASH = "bash"
    ZSH = "zsh"
    TCSH = "tcsh"


class CacheAction(StrEnum):
    """What to do with the cache."""

    INFO = "info"
    CLEAR = "clear"
    GC = "gc"


class WebhookAction(StrEnum):
    """What to do about webhooks."""

    REGISTER = "register"
    LIST = "list"
    REMOVE = "remove"


class HookEvent(StrEnum):
    """What Figma can tell a watch of."""

    LIBRARY_PUBLISH = "LIBRARY_PUBLISH"
    FILE_VERSION_UPDATE = "FILE_VERSION_UPDATE"
    FILE_UPDATE = "FILE_UPDATE"


@dataclass(frozen=True, slots=True)
class Batch:
    """`exfig batch`."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class Single:
    """`exfig colors` and the like: one config, of which `settings.paths` names the file or nothing, and one section."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class Validate:
    """`exfig validate`; `paths` as typed."""

    paths: tuple[str, ...]
    recursive: bool
    quiet: bool
    color: Color


@dataclass(frozen=True, slots=True)
class Doctor:
    """`exfig doctor`; configs are optional."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class ShowSchema:
    """`exfig schema`."""


@dataclass(frozen=True, slots=True)
class Init:
    """`exfig init`; what is not given (no platforms, no `file_id`) is asked for. `file_id` may be a URL."""

    platforms: tuple[Platform, ...]
    file_id: str | None
    output: str


@dataclass(frozen=True, slots=True)
class Migrate:
    """`exfig migrate`; without an `output` the new file is named after the old one."""

    file: str
    output: str | None


@dataclass(frozen=True, slots=True)
class Complete:
    """`exfig completions`."""

    shell: Shell


@dataclass(frozen=True, slots=True)
class ServeSandbox:
    """`exfig sandbox`; port 0 takes a free one."""

    port: int


@dataclass(frozen=True, slots=True)
class TendCache:
    """`exfig cache`; `most_bytes` of pictures are left by `gc`."""

    action: CacheAction
    most_bytes: int
    color: Color


@dataclass(frozen=True, slots=True)
class TendWebhooks:
    """`exfig webhook`: of the files of configs, where neither `files` (keys or links) nor `project` or `team` is given.

    `endpoint`, `passcode_variable` and `event_types` are for `register`, `ids` for `remove`.
    """

    action: WebhookAction
    settings: Settings
    files: tuple[str, ...]
    project: str
    team: str
    endpoint: str
    passcode_variable: str
    event_types: frozenset[HookEvent]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Text to print: help or version."""

    text: str


Command: TypeAlias = (
    Batch
    | Single
    | Validate
    | Doctor
    | ShowSchema
    | Init
    | Migrate
    | Complete
    | ServeSandbox
    | TendCache
    | TendWebhooks
    | Shown
)
