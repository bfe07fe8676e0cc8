"""What the pipelines need of the world, as one value, so that a test can be another world.

In: nothing. Out: types. Rule: whatever blocks, waits or is shared by configs is behind one of these names.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from reactivex import Observable

from exfig_rx.batch.claims import Claims
from exfig_rx.batch.entries import EVERYTHING, Selection
from exfig_rx.batch.memory import Memory
from exfig_rx.batch.pruning import Neighbours
from exfig_rx.batch.renders import Fetch
from exfig_rx.figma.api import FigmaApi
from exfig_rx.model import ConfigId
from exfig_rx.pictures import Blob, Raster
from exfig_rx.raster.processes import RasterFailed
from exfig_rx.reactor import Blocking
from exfig_rx.state.exports import Exports

Pictures: TypeAlias = Mapping[Raster, Blob | RasterFailed]
"""What became of pictures that this machine draws."""


class Draw(Protocol):
    """Makes pictures for a config on this machine; answers in parts as they are done."""

    def __call__(self, wanted: Sequence[Raster], config: ConfigId) -> Observable[Pictures]: ...


@dataclass(frozen=True, slots=True)
class Project:
    """What is shared by the runs of a project.

    `records` is used through `on_shelf`, `journal` through `committing`: two doors to one file, each on one thread.
    """

    memory: Memory
    claims: Claims
    records: Exports
    on_shelf: Blocking
    journal: Exports
    committing: Blocking


@dataclass(frozen=True, slots=True)
class Basis:
    """What configs that run at about the same time start from.

    `versions` of files are known and not asked for; what `distrusted` files have published is asked anew, although
    their versions may be the same.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    distrusted: frozenset[str] = frozenset()
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """What a pipeline needs from the world.

    Figma, downloads, a rasteriser, workers, the project, a clock (epoch seconds), where files go, and what of a config
    is wanted. `can_heic`: HEIC can be written. `is_strict`: whatever is lost fails a config. `address` is that of the
    API. `insists`: what is left of earlier exports goes in any case. `is_offline`: nothing is asked.
    `neighbours` are all configs of the run.
    """

    api: FigmaApi
    fetch: Fetch
    draw: Draw
    blocking: Blocking
    project: Project
    now_s: Callable[[], float]
    output_root: Path
    can_heic: bool = False
    is_strict: bool = False
    selection: Selection = EVERYTHING
    address: str = ""
    insists: bool = False
    is_offline: bool = False
    neighbours: Neighbours = field(default_factory=Neighbours)
