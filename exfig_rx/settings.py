"""What the user asked for, from arguments and environment, as one value.

Light on purpose: `--help` and `--version` must not load what a run needs.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class OnConflict(StrEnum):
    """What to do when two configs would own one path."""

    ASK = "ask"
    CONTINUE = "continue"
    ABORT = "abort"


class Color(StrEnum):
    """When to color output."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Plan(StrEnum):
    """A Figma plan with its own rate limits."""

    STARTER = "starter"
    PROFESSIONAL = "professional"
    ORGANIZATION = "organization"
    ENTERPRISE = "enterprise"


class Section(StrEnum):
    """A part of configs that a run can be limited to: the kinds of assets, and design tokens."""

    COLORS = "colors"
    ICONS = "icons"
    IMAGES = "images"
    TYPOGRAPHY = "typography"
    TOKENS = "tokens"


class Caching(StrEnum):
    """What a run takes from earlier ones, and leaves to later ones."""

    ON = "on"
    FORCE = "force"
    """Everything is asked anew, and kept."""
    OFF = "off"
    """Nothing is read and nothing is kept."""
    OFFLINE = "offline"
    """Nothing is asked."""


class EventFormat(StrEnum):
    """How events are told to other programs."""

    NDJSON = "ndjson"


@dataclass(frozen=True, slots=True)
class Watching:
    """A run that stays and exports again what changes.

    An edit counts when nothing followed it for `debounce_s` seconds. `polls_files`: files are looked at again and
    again, where the system tells of no change. `figma_s`: seconds between two looks at the version of a file; None for
    none. `webhook` is the host and port at which Figma's word is awaited; `passcode_variable` names the environment
    variable that holds the passcode. `bell` and `notice`: a sound, a notice of the desktop when an export fails.
    """

    debounce_s: float = 0.3
    polls_files: bool = False
    figma_s: float | None = None
    webhook: tuple[str, int] | None = None
    passcode_variable: str = ""
    bell: bool = False
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """A batch run as asked for.

    `paths` as typed; `rate_limit` in tier-1 requests a minute, `burst` in requests that may leave at once; `max_wait_s`
    and `timeout_s` in seconds; `strict`: what pictures lose fails their config; `most_asset_bytes` is the largest
    download; `report` is a file, `-` for standard output, or None; `retired` are options of the older ExFig that mean
    nothing here. `only` limits the run to some sections, none meaning all; `name_filter` to assets by their names in
    Figma, as in `load.filters`; `no_sync` leaves the names that Figma shows in code as they are.

    `caching` says what of earlier runs is used; `no_resume`: what unfinished runs got is dropped first; `prune`: files
    are deleted that exfig would ask about; `cache_bytes` bounds the pictures that are kept for later runs.

    `watching` is None for a run that ends by itself; `tells_events`: events go to standard output, a line of JSON each.
    """

    paths: tuple[str, ...]
    recursive: bool
    parallel: int
    fail_fast: bool
    report: str | None
    rate_limit: int | None
    burst: int
    plan: Plan | None
    max_wait_s: float
    ignore_lockout: bool
    max_retries: int
    timeout_s: float | None
    on_conflict: OnConflict
    strict: bool
    concurrent_downloads: int
    most_asset_bytes: int
    output_root: Path
    figma_url: str
    sandbox: bool
    quiet: bool
    verbose: bool
    color: Color
    retired: tuple[str, ...] = ()
    only: frozenset[Section] = frozenset()
    name_filter: str | None = None
    no_sync: bool = False
    caching: Caching = Caching.ON
    no_resume: bool = False
    prune: bool = False
    cache_bytes: int = 2**30
    watching: Watching | None = None
    tells_events: bool = False
