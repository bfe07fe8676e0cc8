"""What a run shares with the other runs of its project: opened before anything else, closed after everything else.

In: settings, a folder. Out: the doors to `.exfig/` that pipelines and the API stack go through. Rules: what an earlier
run left half done is set right first; where nothing can be kept the run goes on without it, and says so once; the
sandbox and runs that write no files leave nothing behind but what recovery needs.
"""

import gc
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reactivex import Observable

from exfig_rx.batch.claims import Claims
from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.memory import Memory
from exfig_rx.batch.services import Basis, Project
from exfig_rx.download.store import Store
from exfig_rx.figma import endpoints
from exfig_rx.figma.client import checked_address
from exfig_rx.figma.remembered import Remembered
from exfig_rx.model import ConfigId, Location, Problem
from exfig_rx.output.recovery import recover
from exfig_rx.pictures import RenderSpec
from exfig_rx.reactor import DaemonPool, Reactor
from exfig_rx.settings import Caching, Settings
from exfig_rx.state.cache import Cache
from exfig_rx.state.exports import Exports
from exfig_rx.state.project import ProjectFolder

FOLDER_NAME = ".exfig"

SANDBOX_ADDRESS = "sandbox"
"""The address under which what comes of the sandbox is kept; its port is another one each time."""


@dataclass(frozen=True, slots=True)
class View:
    """What configs that run at about the same time share: the doors to the project, and answers of earlier runs."""

    services: Project
    remembered: Remembered
    address: str


class ProjectState:
    """The state of a project while one run has it open.

    Args:
        settings: of the run.
        directory: holds `.exfig/`; None for a run that leaves no trace.
        reactor: where results come back.
        warn: told what people should know.
    """

    def __init__(
        self,
        settings: Settings,
        directory: Path | None,
        reactor: Reactor,
        warn: Callable[[Problem], None],
    ) -> None:
        self._caching = settings.caching
        self._temporary: list[str] = []
        self._is_idle = True
        # Two doors lead to one file, and whatever is wrong with it is told once.
        warn = _once(warn)
        self._shelf = DaemonPool(1, "exfig-state")
        # Configs can share files of the user, which a commit reads and writes: one at a time.
        self._commits = DaemonPool(1, "exfig-commit")
        self._folder = self._open_folder(directory, warn)
        run = self._folder.run
        records, journal = (Exports(self._folder.folder, run, warn) for _ in range(2))
        self._exports = (records, journal)
        settle = partial(recover, journal, self._folder)
        for problem in settle():
            warn(problem)
        self.address = SANDBOX_ADDRESS if settings.sandbox else checked_address(settings.figma_url)
        self._cache = Cache(
            self._folder.scratch / "sandbox" if settings.sandbox else self._folder.folder,
            self.address,
            run,
            scratch=self._folder.scratch,
            wall_s=reactor.wall_s,
            warn=warn,
            most_bytes=settings.cache_bytes,
            asked=_asked,
        )
        if settings.no_resume:
            self._cache.forget_unfinished()
        self.store = Store(str(self._folder.scratch), warn)
        self._on_shelf, self._committing = reactor.on(self._shelf), reactor.on(self._commits)
        self._claims = Claims(
            records,
            self._on_shelf,
            self._folder.is_alive,
            reactor.scheduler,
            settings.output_root,
            settings.on_conflict,
            later=self._shelf.submit,
            settle=lambda: self._committing(settle),
        )

    def view(self, configs: Sequence[ValidConfig], basis: Basis) -> View:
        """The project, as `configs` see it that start from the same `basis`."""
        forgetful = uncached(configs)
        caching = self._caching
        if caching is Caching.FORCE and not basis.is_first:
            caching = Caching.ON  # everything was made anew by then
        memory = Memory(
            self._cache,
            self._on_shelf,
            self.store.keep,
            caching,
            forgetful,
            seen=basis.versions,
            distrusted=basis.distrusted,
        )
        reads = caching in (Caching.ON, Caching.OFFLINE)
        remembered = Remembered(self._cache, self._on_shelf, memory.version_of, reads=reads, trusts=memory.trusts)
        records, journal = self._exports
        return View(
            Project(memory, self._claims, records, self._on_shelf, journal, self._committing), remembered, self.address
        )

    def tidy(self, *, is_whole: bool) -> Observable[None]:
        """Between two cycles of a run that stays: what was kept is held to its bound; one value.

        Nothing may be at work. `is_whole`: all that was to be done is done.
        """
        self.store.clear()

        def settle() -> None:
            self._settle_cache(is_whole=is_whole)
            self._cache.let_go()
            # Streams that are over are circles; the collector, as it is set for short runs, would let many pile up.
            gc.collect()

        return self._on_shelf(settle)

    @property
    def scratch(self) -> Path:
        """A folder that is gone with the run."""
        return self._folder.scratch

    def drain(self, timeout_s: float) -> None:
        """Let what has begun come to its end, for at most so many seconds each."""
        self._is_idle = all([self._commits.drain(timeout_s), self._shelf.drain(timeout_s)])

    def close(self, *, is_whole: bool) -> None:
        """Leave the project in order. `is_whole`: there is nothing to take up later.

        A thread that still works, as the disk does not answer, keeps its doors to the end: the next run sets right what
        is left.
        """
        if self._is_idle:
            self._settle_cache(is_whole=is_whole)
            self._cache.close()
            for exports in self._exports:
                exports.close()
            self._folder.close()
        self.store.close()
        for folder in self._temporary:
            shutil.rmtree(folder, ignore_errors=True)

    def _settle_cache(self, *, is_whole: bool) -> None:
        if not self._cache.has_kept:
            return
        if is_whole:
            self._cache.end_run()
        self._cache.trim()

    def _open_folder(self, directory: Path | None, warn: Callable[[Problem], None]) -> ProjectFolder:
        if directory is not None:
            try:
                return ProjectFolder.open(directory / FOLDER_NAME)
            except OSError as error:
                warn(_unusable(directory / FOLDER_NAME, error))
        return ProjectFolder.open(self._temporary_folder())

    def _temporary_folder(self) -> Path:
        folder = tempfile.mkdtemp(prefix="exfig-")
        self._temporary.append(folder)
        return Path(folder)


def _once(warn: Callable[[Problem], None]) -> Callable[[Problem], None]:
    told: set[Problem] = set()

    def tell(problem: Problem) -> None:
        if problem not in told:
            told.add(problem)
            warn(problem)

    return tell


def _asked(spec: RenderSpec) -> str:
    """All that Figma is told about a render but the node: what was asked otherwise is another picture."""
    return "&".join(f"{name}={value}" for name, value in endpoints.renders("", spec).query)


def uncached(configs: Sequence[ValidConfig]) -> list[ConfigId]:
    """Those of which nothing is to be remembered."""
    caches = [(file.id, file.config.common.cache if file.config.common is not None else None) for file in configs]
    return [config for config, cache in caches if cache is not None and not cache.enabled]


def _unusable(folder: Path, error: OSError) -> Problem:
    return Problem(
        "state.no-folder",
        f"nothing can be kept for the next run: {error.strerror or error}",
        "let exfig write there; without it each run asks Figma for everything, and can't set right what a crash left",
        Location(file=str(folder)),
    )
