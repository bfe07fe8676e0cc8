"""One config to its events: fetch, load and render, stage, commit.

In: a valid config. Out: a cold stream of events that ends with exactly one of succeeded, failed or cancelled. Rule:
this is the only place that turns an `ExfigError` into an event; any other exception is a bug and goes on as one. Until
staging is done a stop cancels without a trace; a commit that has begun is finished.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.stop import Stop, StopReason
from exfig_rx.config.entries import ColorEntry, SingleStyleFile, StyleFiles, color_entries
from exfig_rx.config.pending import not_exported_yet
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
from exfig_rx.export import render_colors
from exfig_rx.export.templates import Templates
from exfig_rx.figma.api import FigmaApi
from exfig_rx.load.colors import needed_files, style_colors
from exfig_rx.model import AssetCounts, FileCounts, FileStyles, OutputFile, Problem
from exfig_rx.output.transaction import Staged, commit, discard, stage
from exfig_rx.pictures import Content
from exfig_rx.reactor import Blocking


@dataclass(frozen=True, slots=True)
class Services:
    """What a pipeline needs from the world: Figma, workers, a clock (epoch seconds), and where files go."""

    api: FigmaApi
    blocking: Blocking
    now_s: Callable[[], float]
    output_root: Path


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that one config makes, still in memory."""

    files: tuple[OutputFile, ...]
    counts: AssetCounts
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An export whose files are staged beside their targets."""

    export: Export
    staged: Staged


Step: TypeAlias = Event | Prepared
Fetched: TypeAlias = Mapping[str, FileStyles]


def run_config(valid: ValidConfig, stop: Stop, services: Services) -> Observable[Event]:
    """The events of one config, from `ConfigStarted` to its end."""

    def cancelled(reason: StopReason) -> Event:
        return ConfigCancelled(services.now_s(), valid.id, reason.text)

    def failed(error: Exception, _: Observable[Event]) -> Observable[Event]:
        if isinstance(error, ExfigError):
            return rx.of(ConfigFailed(services.now_s(), valid.id, error.problems))
        return rx.throw(error)

    def commit_prepared(step: Step) -> Observable[Event]:
        return _commit(valid, step, services) if isinstance(step, Prepared) else rx.of(step)

    steps: Observable[Step] = rx.merge(_prepare(valid, services), stop.signal.pipe(ops.map(cancelled)))
    return steps.pipe(
        ops.take_while(lambda step: not isinstance(step, Prepared | ConfigCancelled), inclusive=True),
        ops.flat_map(commit_prepared),
        ops.catch(failed),
        ops.start_with(ConfigStarted(services.now_s(), valid.id)),
    )


def _prepare(valid: ValidConfig, services: Services) -> Observable[Step]:
    """Everything up to the commit: progress, warnings, and last the one `Prepared`."""
    config = valid.config
    entries = tuple(entry for entry in color_entries(config) if isinstance(entry.source, StyleFiles | SingleStyleFile))

    def progress(phase: Phase, done: int, total: int) -> Event:
        return PhaseProgressed(services.now_s(), valid.id, phase, done, total)

    def warned(problem: Problem) -> Event:
        return Warned(services.now_s(), valid.id, problem)

    def staged(export: Export) -> Observable[Step]:
        files = len(export.files)

        def prepared(done: Staged) -> Step:
            return Prepared(export, done)

        return rx.concat(
            rx.of(*map(warned, export.warnings), progress(Phase.WRITING, 0, files)),
            _stage(export, services).pipe(ops.map(prepared)),
        )

    def rendered(fetched: Fetched) -> Observable[Step]:
        return rx.concat(
            rx.of(progress(Phase.RENDERING, 0, len(entries))),
            services.blocking(lambda: render(entries, fetched)).pipe(ops.flat_map(staged)),
        )

    pending = not_exported_yet(config)
    return rx.concat(
        rx.of(*map(warned, (*valid.warnings, *pending))),
        _fetch(valid, entries, services, progress, rendered),
    )


def _fetch(
    valid: ValidConfig,
    entries: tuple[ColorEntry, ...],
    services: Services,
    progress: Callable[[Phase, int, int], Event],
    then: Callable[[Fetched], Observable[Step]],
) -> Observable[Step]:
    """The styles of every file that `entries` need, with progress, and then what `then` makes of them all."""
    keys = tuple(dict.fromkeys(key for entry in entries for key in needed_files(entry.source)))
    if not keys:
        return then({})

    def counted(fetched: Fetched) -> Event:
        return progress(Phase.FETCHING, len(fetched), len(keys))

    def with_progress(all_fetched: Observable[Fetched]) -> Observable[Step]:
        return rx.merge(all_fetched.pipe(ops.map(counted)), all_fetched.pipe(ops.last(), ops.flat_map(then)))

    asked = [services.api.fill_styles(key, valid.id) for key in keys]
    nothing: Fetched = {}
    gathered: Observable[Fetched] = rx.merge(*asked).pipe(
        ops.scan(lambda fetched, one: {**fetched, one.file_key: one}, nothing)
    )
    return rx.concat(rx.of(progress(Phase.FETCHING, 0, len(keys))), gathered.pipe(ops.publish(with_progress)))


def render(entries: tuple[ColorEntry, ...], fetched: Fetched) -> Export:
    """Load and render every entry. Pure but for reading templates; raises the problems of all entries together."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    files: dict[tuple[str, Content], OutputFile] = {}
    colors: set[tuple[str, str, str]] = set()
    for entry in entries:
        try:
            loaded = style_colors(entry, fetched)
            rendered = render_colors(entry, loaded.colors, Templates(entry.platform, entry.section.templates_path))
        except ExfigError as error:
            problems += error.problems
            continue
        warnings += (*loaded.warnings, *rendered.warnings)
        # Entries may share a catalog folder, and then both bring its index: equal files are one file.
        files |= {(file.path, file.content): file for file in rendered.files}
        colors |= {(color.file_key, color.node_id, color.original_name) for color in loaded.colors}
    if problems:
        raise ExfigError(*dict.fromkeys(problems))
    return Export(tuple(files.values()), AssetCounts(colors=len(colors)), tuple(dict.fromkeys(warnings)))


def _stage(export: Export, services: Services) -> Observable[Staged]:
    """Stage on a worker; disposed in the middle, it stops at the next file and leaves nothing behind."""

    def start(_: object) -> Observable[Staged]:
        cancelled = threading.Event()
        work = services.blocking(lambda: stage(export.files, services.output_root, cancelled.is_set), discard)
        return work.pipe(ops.finally_action(cancelled.set))

    return rx.defer(start)


def _commit(valid: ValidConfig, prepared: Prepared, services: Services) -> Observable[Event]:
    total = len(prepared.export.files)

    def succeeded(files: FileCounts) -> Event:
        return ConfigSucceeded(services.now_s(), valid.id, prepared.export.counts, files)

    return services.blocking(lambda: commit(prepared.staged)).pipe(
        ops.map(succeeded),
        ops.start_with(PhaseProgressed(services.now_s(), valid.id, Phase.WRITING, total, total)),
    )
