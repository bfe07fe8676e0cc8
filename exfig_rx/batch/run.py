"""Configs to events: validation and conflicts first, then at most `parallel` pipelines at once.

In: the configs of a run as they are read. Out: one stream of events, from `RunStarted` to the end of the last config.
Rule: every discovered config ends in exactly one event; the stream itself ends only by completing, or by a bug.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops

from exfig_rx.batch.conflicts import conflicting_with, find_conflicts
from exfig_rx.batch.discovery import LoadedConfig, RejectedConfig, ValidConfig
from exfig_rx.batch.pipeline import run_config
from exfig_rx.batch.services import Basis, Services
from exfig_rx.batch.stop import CONFLICTS, FAIL_FAST, Stop
from exfig_rx.events import (
    ConfigDiscovered,
    ConfigFailed,
    ConfigSkipped,
    ConflictsFound,
    Event,
    RunStarted,
)
from exfig_rx.figma.api import Scopes
from exfig_rx.model import ConfigId, Conflict
from exfig_rx.reactor import Blocking
from exfig_rx.scheduling.limits import Limits


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a run goes. `started_at` is epoch seconds; `output_root` is where relative output paths start."""

    parallel: int
    fail_fast: bool
    output_root: Path
    started_at: float


@dataclass(frozen=True, slots=True)
class Connection:
    """Figma, ready to be asked: the pipelines' services, the limits in force, and what the API stack announces.

    `last_words` is what it says when all configs are over.
    """

    services: Services
    limits: Limits
    events: Observable[Event]
    last_words: Observable[Event]


class Tidy(Protocol):
    """Drops what only the last cycle needed; nothing may be at work. `is_whole`: all was done that was to be done."""

    def __call__(self, *, is_whole: bool) -> Observable[None]: ...


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a run needs on top that stays.

    `renew` makes services anew, `regroup` gives those that are there to other configs, `tidy` is called between cycles.
    `glance` asks for the version of a file, once, at the lowest price; `next_opening` tells when the next lock-out
    ends, in epoch seconds; `scopes` what the token may ask.
    """

    renew: Callable[[Sequence[ValidConfig], Basis], Services]
    regroup: Callable[[Services, Sequence[ValidConfig]], Services]
    tidy: Tidy
    glance: Callable[[str], Observable[str | None]]
    next_opening: Callable[[], float | None]
    scopes: Scopes


@dataclass(frozen=True, slots=True)
class LastingConnection(Connection):
    """A connection for a run that stays: its first services, and how to make others."""

    renewal: Renewal


class Decide(Protocol):
    """Asks whether to go on although configs are in conflict; one bool on the reactor."""

    def __call__(self, conflicts: tuple[Conflict, ...]) -> Observable[bool]: ...


Connect = Callable[[Sequence[ValidConfig]], Connection]


def batch(
    configs: Sequence[ConfigId],
    loaded: Observable[LoadedConfig],
    *,
    options: BatchOptions,
    connect: Connect,
    decide: Decide,
    blocking: Blocking,
    stop: Stop,
) -> Observable[Event]:
    """The whole run. `connect` is called once, when it is known what the configs ask of Figma."""

    def run(files: list[LoadedConfig]) -> Observable[Event]:
        valid = [file for file in files if isinstance(file, ValidConfig)]
        rejected = [file for file in files if isinstance(file, RejectedConfig)]
        connection = connect(valid)
        now_s = connection.services.now_s
        limits = connection.limits
        if rejected and options.fail_fast:
            stop.request(FAIL_FAST)
        opening: list[Event] = [
            RunStarted(options.started_at, options.parallel, limits.per_min, limits.source),
            *(ConfigDiscovered(now_s(), config) for config in configs),
            *(ConfigFailed(now_s(), file.id, file.problems) for file in rejected),
        ]
        work: Observable[Event] = rx.concat(
            rx.from_iterable(opening),
            _checked(valid, options=options, services=connection.services, decide=decide, blocking=blocking, stop=stop),
            connection.last_words,
        )

        def announced(shared: Observable[Event]) -> Observable[Event]:
            return until_end_of(shared, connection.events)

        return work.pipe(ops.publish(announced))

    return loaded.pipe(ops.take_until(stop.signal), ops.to_list(), ops.flat_map(run))


def until_end_of(work: Observable[Event], announcements: Observable[Event]) -> Observable[Event]:
    """Both, until `work` ends."""
    ended = work.pipe(ops.ignore_elements(), ops.materialize())
    return rx.merge(announcements.pipe(ops.take_until(ended)), work)


def _checked(
    valid: Sequence[ValidConfig],
    *,
    options: BatchOptions,
    services: Services,
    decide: Decide,
    blocking: Blocking,
    stop: Stop,
) -> Observable[Event]:
    """Conflicts, the decision about them, and the configs after it."""

    def decided(conflicts: tuple[Conflict, ...]) -> Observable[Event]:
        groups = _groups(valid, conflicting_with(conflicts))
        work = _run_groups(groups, options=options, services=services, stop=stop)
        if not conflicts or stop.reason is not None:
            return work

        def go_on(answer: bool) -> Observable[Event]:
            if not answer and stop.reason is None:
                stop.request(CONFLICTS)
            return work

        answer = decide(conflicts).pipe(ops.take_until(stop.signal), ops.default_if_empty(False), ops.flat_map(go_on))
        return rx.concat(rx.of(ConflictsFound(services.now_s(), conflicts)), answer)

    pairs = [(file.id, file.config) for file in valid]
    return blocking(lambda: find_conflicts(pairs, options.output_root, only=services.selection.only)).pipe(
        ops.flat_map(decided)
    )


def _run_groups(
    groups: Sequence[Sequence[ValidConfig]], *, options: BatchOptions, services: Services, stop: Stop
) -> Observable[Event]:
    """At most `parallel` groups at once; the configs of one group run one after the other."""

    def one(valid: ValidConfig) -> Observable[Event]:
        def start(_: abc.SchedulerBase) -> Observable[Event]:
            if stop.reason is not None:
                return rx.of(ConfigSkipped(services.now_s(), valid.id, stop.reason.text))
            return run_config(valid, stop.signal, services)

        return rx.defer(start)

    def fail_fast(event: Event) -> None:
        if options.fail_fast and isinstance(event, ConfigFailed) and stop.reason is None:
            stop.request(FAIL_FAST)

    def in_turn(group: Sequence[ValidConfig]) -> Observable[Event]:
        return rx.concat(*map(one, group))

    return rx.from_iterable(groups).pipe(
        ops.map(in_turn),
        ops.merge(max_concurrent=options.parallel),
        ops.do_action(fail_fast),
    )


def _groups(
    valid: Sequence[ValidConfig], conflicting: Mapping[ConfigId, frozenset[ConfigId]]
) -> list[tuple[ValidConfig, ...]]:
    """Configs that are in conflict, directly or through others, together; list order within and between groups.

    A group takes one slot and runs in order, so conflicting configs never run at the same time and the later wins.
    """
    by_id = {file.id: file for file in valid}
    position = {file.id: index for index, file in enumerate(valid)}
    seen: set[ConfigId] = set()
    groups: list[tuple[ValidConfig, ...]] = []
    for file in valid:
        if file.id in seen:
            continue
        group = {file.id}
        edge = [file.id]
        while edge:
            new = conflicting.get(edge.pop(), frozenset()) - group
            group |= new
            edge += new
        seen |= group
        groups.append(tuple(by_id[member] for member in sorted(group, key=position.__getitem__)))
    return groups
