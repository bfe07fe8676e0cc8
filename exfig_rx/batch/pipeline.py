"""One config to its events: fetch, plan, gather renders, make the files, stage, commit.

In: a valid config. Out: a cold stream of events that ends with exactly one of succeeded, failed or cancelled. Rule:
this is the only place that turns an `ExfigError` into an event; any other exception is a bug and goes on as one. Until
staging is done a stop cancels without a trace; a commit that has begun is finished.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.export import Export, finish
from exfig_rx.batch.planning import EVERYTHING, Entries, Fetched, Plan, Selection, entries_of, nothing_selected, plan
from exfig_rx.batch.renders import Fetch, Gathered, gather
from exfig_rx.batch.stop import Stop, StopReason
from exfig_rx.batch.syncing import not_synced, synced
from exfig_rx.errors import ExfigError
from exfig_rx.events import (
    ConfigCancelled,
    ConfigFailed,
    ConfigStarted,
    ConfigSucceeded,
    Event,
    Phase,
    PhaseProgressed,
    Warned,
)
from exfig_rx.figma.api import FigmaApi
from exfig_rx.model import ConfigId, FileCounts, FileStyles, OutputFile, Problem
from exfig_rx.output.transaction import Staged, commit, discard, stage
from exfig_rx.pictures import Blob, FileComponents, Raster
from exfig_rx.raster.processes import RasterFailed
from exfig_rx.reactor import Blocking
from exfig_rx.variables import FileVariables

T = TypeVar("T")


Pictures: TypeAlias = Mapping[Raster, Blob | RasterFailed]
"""What became of pictures that this machine draws."""


class Draw(Protocol):
    """Makes pictures for a config on this machine; answers in parts as they are done."""

    def __call__(self, wanted: Sequence[Raster], config: ConfigId) -> Observable[Pictures]: ...


@dataclass(frozen=True, slots=True)
class Services:
    """What a pipeline needs from the world.

    Figma, downloads, a rasteriser, workers, one more that commits one config at a time, a clock (epoch seconds), where
    files go, whether HEIC can be written, whether whatever is lost fails a config, and what of it is wanted.
    """

    api: FigmaApi
    fetch: Fetch
    draw: Draw
    blocking: Blocking
    committing: Blocking
    now_s: Callable[[], float]
    output_root: Path
    can_heic: bool = False
    is_strict: bool = False
    selection: Selection = EVERYTHING


@dataclass(frozen=True, slots=True)
class Prepared:
    """An export whose files are staged beside their targets."""

    export: Export
    staged: Staged


Step: TypeAlias = Event | Prepared

Listed: TypeAlias = FileStyles | FileComponents | FileVariables
"""What one file lists of one sort of asset."""


def run_config(valid: ValidConfig, stop: Stop, services: Services) -> Observable[Event]:
    """The events of one config, from `ConfigStarted` to its end."""
    pipeline = _Pipeline(valid, services)

    def cancelled(reason: StopReason) -> Event:
        return ConfigCancelled(services.now_s(), valid.id, reason.text)

    def failed(error: Exception, _: Observable[Event]) -> Observable[Event]:
        if isinstance(error, ExfigError):
            return rx.of(ConfigFailed(services.now_s(), valid.id, error.problems))
        return rx.throw(error)

    def commit_prepared(step: Step) -> Observable[Event]:
        return pipeline.commit(step) if isinstance(step, Prepared) else rx.of(step)

    steps: Observable[Step] = rx.merge(pipeline.prepare(), stop.signal.pipe(ops.map(cancelled)))
    return steps.pipe(
        ops.take_while(lambda step: not isinstance(step, Prepared | ConfigCancelled), inclusive=True),
        ops.flat_map(commit_prepared),
        ops.catch(failed),
        ops.start_with(ConfigStarted(services.now_s(), valid.id)),
    )


class _Pipeline:
    """The stages of one config, each a cold stream that ends in the next one."""

    def __init__(self, valid: ValidConfig, services: Services) -> None:
        self._valid = valid
        self._services = services

    def prepare(self) -> Observable[Step]:
        """Everything up to the commit: progress, warnings, and last the one `Prepared`."""
        entries = entries_of(self._valid.config, self._services.selection)
        return rx.concat(
            rx.of(*map(self._warned, (*self._valid.warnings, *nothing_selected(entries, self._services.selection)))),
            _then(self._fetched(entries), Fetched, lambda fetched: self._planned(entries, fetched)),
        )

    def commit(self, prepared: Prepared) -> Observable[Event]:
        """Everything into place, and the last event."""
        total = len(prepared.export.files)

        def succeeded(files: FileCounts) -> Observable[Event]:
            def end(_: object) -> Observable[Event]:
                return rx.of(ConfigSucceeded(self._services.now_s(), self._valid.id, prepared.export.counts, files))

            return rx.concat(self._synced(prepared.export), rx.defer(end))

        sections, root = prepared.export.sections, self._services.output_root
        work = self._services.committing(lambda: commit(prepared.staged, sections, root))
        done = work.pipe(ops.flat_map(succeeded))
        return rx.concat(rx.of(self._progress(Phase.WRITING, total, total)), done)

    def _synced(self, export: Export) -> Observable[Event]:
        """The names that go back to Figma, or what would have gone."""
        if self._services.selection.no_sync:
            return rx.from_iterable(map(self._warned, not_synced(export.code_names)))
        return synced(
            export.code_names,
            self._valid.id,
            self._services.api,
            progress=lambda done, total: self._progress(Phase.SYNCING, done, total),
            warned=self._warned,
        )

    # ── from Figma ──

    def _fetched(self, entries: Entries) -> Observable[Event | Fetched]:
        """What every file lists that the entries need, with progress."""
        api, config = self._services.api, self._valid.id
        asked: list[Observable[Listed]] = [
            *(api.styles(key, types, config) for key, types in entries.style_files.items()),
            *(api.variables(key, config) for key in entries.variable_files),
            *(api.components(key, config) for key in entries.component_files),
        ]
        if not asked:
            return rx.of(Fetched({}, {}, {}))

        def with_progress(lists: Observable[Listed]) -> Observable[Event | Fetched]:
            counted = lists.pipe(
                ops.map_indexed(lambda _, index: self._progress(Phase.FETCHING, index + 1, len(asked)))
            )
            return rx.merge(counted, lists.pipe(ops.to_list(), ops.map(_by_file)))

        return rx.concat(
            rx.of(self._progress(Phase.FETCHING, 0, len(asked))), rx.merge(*asked).pipe(ops.publish(with_progress))
        )

    def _planned(self, entries: Entries, fetched: Fetched) -> Observable[Step]:
        """Names and pairs, and then the renders that they need."""

        def gathered(planned: Plan) -> Observable[Step]:
            renders = gather(
                planned.needed,
                self._valid.id,
                self._services.api,
                self._services.fetch,
                lambda done, total: self._progress(Phase.DOWNLOADING, done, total),
            )
            return _then(renders, Gathered, lambda there: self._made(planned, there, {}))

        return self._services.blocking(lambda: plan(entries, fetched, self._services.selection.name_filter)).pipe(
            ops.flat_map(gathered)
        )

    # ── to files ──

    def _made(self, planned: Plan, gathered: Gathered, broken: Mapping[str, Problem]) -> Observable[Step]:
        """The files; made anew without the renders that turn out to be broken when they are drawn."""
        services = self._services

        def make() -> Export:
            return finish(
                planned, gathered, broken, self._exists, can_heic=services.can_heic, is_strict=services.is_strict
            )

        def drawn(export: Export) -> Observable[Step]:
            def complete(pictures: Pictures) -> Observable[Step]:
                failed = {
                    raster.source.digest: result.problem
                    for raster, result in pictures.items()
                    if isinstance(result, RasterFailed)
                }
                if failed:
                    return self._made(planned, gathered, {**broken, **failed})
                return self._staged(_with_pictures(export, pictures))

            return _then(self._drawn(export), dict, complete)

        return rx.concat(
            rx.of(self._progress(Phase.RENDERING, 0, None)), services.blocking(make).pipe(ops.flat_map(drawn))
        )

    def _drawn(self, export: Export) -> Observable[Event | dict[Raster, Blob | RasterFailed]]:
        """The pictures that this machine draws, with progress."""
        wanted = tuple(dict.fromkeys(file.raster for file in export.rasters))
        if not wanted:
            return rx.of({})

        def counted(done: int, part: Pictures) -> int:
            return done + len(part)

        def told(done: int) -> Event:
            return self._progress(Phase.RENDERING, done, len(wanted))

        def with_progress(parts: Observable[Pictures]) -> Observable[Event | dict[Raster, Blob | RasterFailed]]:
            events = parts.pipe(ops.scan(counted, 0), ops.map(told))
            return rx.merge(events, parts.pipe(ops.to_list(), ops.map(_union)))

        return self._services.draw(wanted, self._valid.id).pipe(ops.publish(with_progress))

    def _staged(self, export: Export) -> Observable[Step]:
        """Every file beside its target; disposed in the middle, it stops at the next file and leaves nothing behind."""
        services = self._services

        def prepared(staged: Staged) -> Step:
            return Prepared(export, staged)

        def start(_: object) -> Observable[Step]:
            cancelled = threading.Event()
            work = services.blocking(lambda: stage(export.files, services.output_root, cancelled.is_set), discard)
            return work.pipe(ops.finally_action(cancelled.set), ops.map(prepared))

        return rx.concat(
            rx.of(*map(self._warned, export.warnings), self._progress(Phase.WRITING, 0, len(export.files))),
            rx.defer(start),
        )

    def _exists(self, path: str) -> bool:
        return (self._services.output_root / path).is_file()

    # ── events ──

    def _progress(self, phase: Phase, done: int, total: int | None) -> Event:
        return PhaseProgressed(self._services.now_s(), self._valid.id, phase, done, total)

    def _warned(self, problem: Problem) -> Event:
        return Warned(self._services.now_s(), self._valid.id, problem)


def _then(steps: Observable[Any], kind: type[T], go: Callable[[T], Observable[Step]]) -> Observable[Step]:
    """`steps`, the one of `kind` among them replaced by what `go` makes of it."""
    return steps.pipe(ops.flat_map(lambda step: go(step) if isinstance(step, kind) else rx.of(step)))


def _by_file(lists: Sequence[Listed]) -> Fetched:
    return Fetched(
        {one.file_key: one for one in lists if isinstance(one, FileStyles)},
        {one.file_key: one for one in lists if isinstance(one, FileComponents)},
        {one.file_key: one for one in lists if isinstance(one, FileVariables)},
    )


def _union(parts: Sequence[Pictures]) -> dict[Raster, Blob | RasterFailed]:
    return {raster: result for part in parts for raster, result in part.items()}


def _with_pictures(export: Export, pictures: Pictures) -> Export:
    """`export` with its pictures as files."""
    blobs = ((file.path, pictures[file.raster]) for file in export.rasters)
    drawn = tuple(OutputFile(path, blob) for path, blob in blobs if isinstance(blob, Blob))
    return replace(export, files=(*export.files, *drawn), rasters=())
