"""What somebody at a watch wants of it, as plain values: from keys and signals, to whoever runs configs.

Nothing flows in.
"""

from dataclasses import dataclass
from typing import TypeAlias

from exfig_rx.model import ConfigId


@dataclass(frozen=True, slots=True)
class Rerun:
    """Run a config again, or all of them (None), whether anything changed or not."""

    config: ConfigId | None


@dataclass(frozen=True, slots=True)
class Reload:
    """Look at all configs anew, and run those that changed."""


@dataclass(frozen=True, slots=True)
class TogglePause:
    """Let changes wait from now on; or, if they wait already, take them up."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the watch, as nothing is wrong."""


Wish: TypeAlias = Rerun | Reload | TogglePause | Quit
