"""One config to its events: is there anything to do; fetch, plan, gather renders, make the files, stage, commit.

In: a valid config. Out: a cold stream of events that ends with exactly one of succeeded, failed or cancelled. Rule:
this is the only place that turns an `ExfigError` into an event; any other exception is a bug and goes on as one. Until
staging is done a stop cancels without a trace; a commit that has begun is finished.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.entries import Entries, Fetched, entries_of, nothing_selected
from exfig_rx.batch.pruning import overwritten, taken_over, waits_for_word
from exfig_rx.batch.renders import Gathered, gather
from exfig_rx.batch.services import Pictures, Services
from exfig_rx.batch.stop import StopReason
from exfig_rx.batch.syncing import not_synced, synced
from exfig_rx.batch.unchanged import counts_of, export_name, fingerprint, holds, real_places, standing_record
from exfig_rx.batch.writing import Prepared, Writing
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
from exfig_rx.manifest import Record
from exfig_rx.model import FileCounts, FileStyles, FileVersion, OutputFile, Problem
from exfig_rx.output.transaction import Committed
from exfig_rx.pictures import Blob, FileComponents, Raster
from exfig_rx.raster.processes import RasterFailed
from exfig_rx.reactor import at_once
from exfig_rx.variables import FileVariables

if TYPE_CHECKING:
    from exfig_rx.batch.export import Export
    from exfig_rx.batch.planning import Plan

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before Figma is asked for a design: versions of files, and what stands for all the rest.

    `record` is that of the last export, if nothing but the design can have changed since; it left so many `files`.
    """

    versions: Mapping[str, str]
    fingerprint: str
    record: Record | None = None
    files: int = 0


Step: TypeAlias = Event | Prepared

Listed: TypeAlias = FileStyles | FileComponents | FileVariables
"""What one file lists of one sort of asset."""


def run_config(valid: ValidConfig, stop: Observable[StopReason], services: Services) -> Observable[Event]:
    """The events of one config, from `ConfigStarted` to its end; it ends early when `stop` says why."""
    pipeline = _Pipeline(valid, services)

    def cancelled(reason: StopReason) -> Event:
        return ConfigCancelled(services.now_s(), valid.id, reason.text)

    def failed(error: Exception, _: Observable[Event]) -> Observable[Event]:
        if isinstance(error, ExfigError):
            return rx.of(ConfigFailed(services.now_s(), valid.id, error.problems))
        return rx.throw(error)

    def commit_prepared(step: Step) -> Observable[Event]:
        return pipeline.commit(step) if isinstance(step, Prepared) else at_once(step)

    last = (Prepared, ConfigSucceeded, ConfigCancelled)
    steps: Observable[Step] = rx.merge(pipeline.prepare(), stop.pipe(ops.map(cancelled)))
    return steps.pipe(
        ops.take_while(lambda step: not isinstance(step, last), inclusive=True),
        ops.map(commit_prepared),
        ops.merge_all(),  # `flat_map` also counts, which each event of each config would pay for
        ops.catch(failed),
        ops.finally_action(lambda: services.project.claims.release(valid)),
        ops.start_with(ConfigStarted(services.now_s(), valid.id)),
    )


class _Pipeline:
    """The stages of one config, each a cold stream that ends in the next one."""

    def __init__(self, valid: ValidConfig, services: Services) -> None:
        self._valid = valid
        self._services = services
        self._writing = Writing(valid, services)

    def prepare(self) -> Observable[Step]:
        """Everything up to the commit: progress, warnings, last the one `Prepared`, or that nothing was to be done."""
        selection = self._services.selection
        entries = entries_of(self._valid.config, selection)

        def go_on(known: Known) -> Observable[Step]:
            record = known.record
            if record is not None and holds(record, entries.files, known.versions) and self._trusts(entries):
                return self._unchanged(record, known.files)
            return _then(self._fetched(entries), Fetched, lambda fetched: self._planned(entries, fetched, known))

        return rx.concat(
            rx.of(*map(self._warned, (*self._valid.warnings, *nothing_selected(entries, selection)))),
            self._services.project.claims.taken(self._valid, selection.only).pipe(ops.map(self._warned)),
            _then(self._known(entries), Known, go_on),
        )

    def commit(self, prepared: Prepared) -> Observable[Event]:
        """Everything into place, and the last event."""
        export = prepared.export
        total = len(export.files)

        def succeeded(committed: Committed) -> Observable[Event]:
            def end(_: object) -> Observable[Event]:
                return rx.of(ConfigSucceeded(self._services.now_s(), self._valid.id, export.counts, committed.counts))

            told = (*overwritten(committed.edited), *taken_over(committed.kept))
            return rx.concat(rx.of(*map(self._warned, told)), self._synced(export), rx.defer(end))

        done = self._writing.committed(prepared).pipe(ops.flat_map(succeeded))
        return rx.concat(rx.of(self._progress(Phase.WRITING, total, total)), done)

    def _synced(self, export: "Export") -> Observable[Event]:
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

    # ── from earlier runs ──

    def _known(self, entries: Entries) -> Observable[Event | Known]:
        """The versions of all files, and the record that may hold."""
        services, valid = self._services, self._valid
        project = services.project

        def look(versions: Mapping[str, str]) -> Known:
            options = (services.address, os.path.abspath(services.output_root), services.is_strict, services.can_heic,
                       services.selection.no_sync)  # fmt: skip
            mark = fingerprint(valid, (*options, *real_places(valid.config, services.output_root)))
            selection = services.selection
            may_hold = project.memory.reads(valid.id) and selection.name_filter is None
            if not may_hold or not versions:
                return Known(versions, mark)
            name = export_name(valid, services.output_root)
            record, files = standing_record(project.records, name, selection.only, mark)
            if record is not None and services.insists and waits_for_word(record.warnings):
                record = None
            return Known(versions, mark, record, files)

        def collected(found: Sequence[FileVersion | Problem]) -> Observable[Event | Known]:
            versions = {one.file_key: one.version for one in found if isinstance(one, FileVersion)}
            told = [self._warned(one) for one in found if isinstance(one, Problem)]
            known = project.on_shelf(lambda: look(versions))
            return rx.concat(rx.from_iterable(told), known)

        costly = {*entries.style_files, *entries.component_files}
        versions = project.memory.versions(entries.files, costly, valid.id, services.api)
        return versions.pipe(ops.to_list(), ops.flat_map(collected))

    def _trusts(self, entries: Entries) -> bool:
        """Whether equal versions mean equal designs."""
        return all(map(self._services.project.memory.trusts, entries.files))

    def _unchanged(self, record: Record, files: int) -> Observable[Step]:
        """The end of a config that has nothing to do; what it was told of last time still holds."""
        counts = counts_of(record.counts, self._services.selection.only)
        end = ConfigSucceeded(
            self._services.now_s(), self._valid.id, counts, FileCounts(unchanged=files), unchanged=True
        )
        return rx.concat(rx.of(*map(self._warned, record.warnings)), rx.of(end))

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

    def _planned(self, entries: Entries, fetched: Fetched, known: Known) -> Observable[Step]:
        """Names and pairs, and then the renders that they need."""
        services, config = self._services, self._valid.id
        memory = services.project.memory

        def gathered(planned: "Plan") -> Observable[Step]:
            def progress(done: int, total: int) -> Event:
                return self._progress(Phase.DOWNLOADING, done, total)

            def made(there: Gathered) -> Observable[Step]:
                if services.is_offline:
                    from exfig_rx.batch.offline import check_offline

                    check_offline(planned.sets, there.renders.keys() | there.unrendered)
                confirmed = memory.confirmed(planned.needed, config, services.api)
                return confirmed.pipe(ops.flat_map(lambda _: self._made(planned, there, {}, known)))

            carried = memory.carried(planned.needed, fetched.components, config, services.api)
            renders = carried.pipe(
                ops.flat_map(lambda _: gather(planned.needed, config, services.api, services.fetch, memory, progress))
            )
            return _then(renders, Gathered, made)

        def work() -> "Plan":
            # Late: a run in which nothing has changed needs no loader or exporter, which would be a tenth of its CPU.
            from exfig_rx.batch.planning import plan

            return plan(entries, fetched, services.selection.name_filter)

        return services.blocking(work).pipe(ops.flat_map(gathered))

    # ── to files ──

    def _made(
        self, planned: "Plan", gathered: Gathered, broken: Mapping[str, Problem], known: Known
    ) -> Observable[Step]:
        """The files; made anew without the renders that turn out to be broken when they are drawn."""
        services = self._services

        def make() -> "Export":
            from exfig_rx.batch.export import finish  # as above

            return finish(
                planned, gathered, broken, self._exists, can_heic=services.can_heic, is_strict=services.is_strict
            )

        def drawn(export: "Export") -> Observable[Step]:
            def complete(pictures: Pictures) -> Observable[Step]:
                failed = {
                    raster.source.digest: result.problem
                    for raster, result in pictures.items()
                    if isinstance(result, RasterFailed)
                }
                if failed:
                    return self._made(planned, gathered, {**broken, **failed}, known)
                return self._staged(_with_pictures(export, pictures), known)

            return _then(self._drawn(export), dict, complete)

        return rx.concat(
            rx.of(self._progress(Phase.RENDERING, 0, None)), services.blocking(make).pipe(ops.flat_map(drawn))
        )

    def _drawn(self, export: "Export") -> Observable[Event | dict[Raster, Blob | RasterFailed]]:
        """The pictures that this machine draws, with progress."""
        wanted = tuple(dict.fromkeys(file.raster for file in export.rasters))
        if not wanted:
            return rx.of({})

        def begun(_: abc.SchedulerBase) -> Observable[Event | dict[Raster, Blob | RasterFailed]]:
            pictures: dict[Raster, Blob | RasterFailed] = {}
            # One pass: what was drawn already comes at once, before a second listener would be there.
            parts = self._services.draw(wanted, self._valid.id).pipe(ops.do_action(pictures.update))
            return rx.concat(parts.pipe(ops.map(lambda _: told(len(pictures)))), rx.of(pictures))

        def told(done: int) -> Event:
            return self._progress(Phase.RENDERING, done, len(wanted))

        return rx.defer(begun)

    def _staged(self, export: "Export", known: Known) -> Observable[Step]:
        """Every file beside its target, with what people should know about them."""

        def told(prepared: Prepared) -> Observable[Step]:
            return at_once(*map(self._warned, prepared.leftovers), prepared)

        return rx.concat(
            rx.of(*map(self._warned, export.warnings), self._progress(Phase.WRITING, 0, len(export.files))),
            self._writing.prepared(export, self._record(export, known)).pipe(ops.flat_map(told)),
        )

    def _record(self, export: "Export", known: Known) -> Record | None:
        """What lets the next run find that nothing has changed; None where it has to look again."""
        selection = self._services.selection
        is_pending = bool(export.code_names) and not selection.no_sync
        if not export.is_whole or is_pending or selection.name_filter is not None or not known.versions:
            return None
        return Record(known.fingerprint, known.versions, export.counts, export.warnings)

    def _exists(self, path: str) -> bool:
        return (self._services.output_root / path).is_file()

    # ── events ──

    def _progress(self, phase: Phase, done: int, total: int | None) -> Event:
        return PhaseProgressed(self._services.now_s(), self._valid.id, phase, done, total)

    def _warned(self, problem: Problem) -> Event:
        return Warned(self._services.now_s(), self._valid.id, problem)


def _then(steps: Observable[Any], kind: type[T], go: Callable[[T], Observable[Step]]) -> Observable[Step]:
    """`steps`, the one of `kind` among them replaced by what `go` makes of it."""
    # Cheaper than `flat_map`, as above. At once: whoever stops the run in between would leave staged files to nobody.
    return steps.pipe(ops.map(lambda step: go(step) if isinstance(step, kind) else at_once(step)), ops.merge_all())


def _by_file(lists: Sequence[Listed]) -> Fetched:
    return Fetched(
        {one.file_key: one for one in lists if isinstance(one, FileStyles)},
        {one.file_key: one for one in lists if isinstance(one, FileComponents)},
        {one.file_key: one for one in lists if isinstance(one, FileVariables)},
    )


def _with_pictures(export: "Export", pictures: Pictures) -> "Export":
    """`export` with its pictures as files."""
    blobs = ((file.path, pictures[file.raster]) for file in export.rasters)
    drawn = tuple(OutputFile(path, blob) for path, blob in blobs if isinstance(blob, Blob))
    return replace(export, files=(*export.files, *drawn), rasters=())
