"""The files of one config on their way to the disk: what goes with them, what is left of earlier exports.

In: an export. Out: it staged, then committed. Rule: whatever is staged is either committed or discarded, also when
nobody waits for it any more.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.entries import entries_of
from exfig_rx.batch.pruning import (
    ORPHANS,
    Leftovers,
    lost,
    orphans,
    orphans_found,
    owners_of,
    stale,
    waits_for_word,
)
from exfig_rx.batch.services import Services
from exfig_rx.batch.unchanged import ALL, export_name, is_there, record_name
from exfig_rx.load.wording import listed
from exfig_rx.manifest import Record, Written
from exfig_rx.model import Problem
from exfig_rx.output.transaction import Committed, Opened, Staged, Task, begin, commit, discard, stage

if TYPE_CHECKING:
    from exfig_rx.batch.export import Export


@dataclass(frozen=True, slots=True)
class Prepared:
    """An export whose files are staged beside their targets, and what to tell about what is left of earlier ones."""

    export: "Export"
    staged: Staged
    leftovers: tuple[Problem, ...] = ()


class Writing:
    """The way of one config's files."""

    def __init__(self, valid: ValidConfig, services: Services) -> None:
        self._valid = valid
        self._services = services
        self._name = export_name(valid, services.output_root)

    def prepared(self, export: "Export", record: Record | None) -> Observable[Prepared]:
        """Everything staged; disposed in the middle, it stops at the next file and leaves nothing behind."""
        services = self._services
        cancelled = threading.Event()

        def staged(opened: tuple[Opened, tuple[Problem, ...], tuple[Problem, ...]]) -> Observable[Prepared]:
            task, told, told_of_changes = opened

            def prepared(done: Staged) -> Prepared:
                return Prepared(export, done, (*told, *(told_of_changes if done.pile.moves else ())))

            return services.blocking(lambda: stage(task, cancelled.is_set), discard).pipe(ops.map(prepared))

        work = services.project.committing(lambda: self._opened(export, record), lambda opened: discard(opened[0]))
        return work.pipe(ops.flat_map(staged), ops.finally_action(cancelled.set))

    def committed(self, prepared: Prepared) -> Observable[Committed]:
        """Everything in place; one value."""
        return self._services.project.committing(lambda: commit(prepared.staged))

    def _opened(
        self, export: "Export", record: Record | None
    ) -> tuple[Opened, tuple[Problem, ...], tuple[Problem, ...]]:
        """The transaction, what is told about files that it does not delete, and about those that it changes."""
        services, valid = self._services, self._valid
        journal = services.project.journal
        owners = owners_of(valid.config)
        known = journal.manifest(self._name)
        sections = record_name(services.selection.only)
        task = Task(export.files, export.sections, owners, known, config=self._name, sections_key=sections)
        opened = begin(task, services.output_root, journal)
        try:
            produced = {target: owners(file.path) for target, file in opened.targets.files.items()}
            leftovers = self._leftovers(export, known, produced)
            is_unsure = services.is_offline and known and not self._has_record()
        except BaseException:  # whatever it is goes on; what stands in the journal must not stay there
            discard(opened)
            raise
        if record is not None:
            record = replace(record, warnings=(*record.warnings, *leftovers.problems))
        claims = services.project.claims
        task = replace(
            task,
            prune=lambda _: leftovers.files,
            contested=lambda paths: claims.contested(journal, paths),
            handed_over=lambda: journal.others(self._name, leftovers.given_up, is_there),
            record=record,
        )
        return replace(opened, task=task), leftovers.problems, _may_go_back(record) if is_unsure else ()

    def _has_record(self) -> bool:
        """Whether it is known what the files on disk were made of."""
        names = {record_name(self._services.selection.only), ALL}
        return any(self._services.project.journal.record(self._name, name) is not None for name in names)

    def _leftovers(
        self, export: "Export", known: Mapping[str, Written], produced: Mapping[str, tuple[str, ...]]
    ) -> Leftovers:
        services, valid = self._services, self._valid
        journal, insists = services.project.journal, services.insists
        if services.selection.name_filter is not None:
            return Leftovers()
        entries = {one.key for one in entries_of(valid.config).all}

        def settled(owners: tuple[str, ...]) -> bool:
            return all(owner in export.whole or owner not in entries for owner in owners)

        forgotten = {file.path: file for file in lost(known, produced, settled)}
        left = {path: file for path, file in known.items() if path not in forgotten}
        candidates = [path for path in left if path not in produced]
        gone = stale(left, produced, export.whole, self._elsewhere(candidates), insists=insists)
        given_up = tuple(path for path in candidates if settled(left[path].owners))
        strange = Leftovers()
        record = journal.record(self._name, record_name(services.selection.only))
        if not known or (record is not None and waits_for_word(record.warnings, ORPHANS)):
            found = [
                file
                for file in orphans(valid.config, export.whole, produced, services.output_root)
                if file.path not in known
            ]
            elsewhere = self._elsewhere([file.path for file in found])
            strange = orphans_found([file for file in found if file.path not in elsewhere], insists=insists)
        files = (*forgotten.values(), *gone.files, *strange.files)
        return Leftovers(files, (*gone.problems, *strange.problems), given_up)

    def _elsewhere(self, paths: Sequence[str]) -> set[str]:
        """Those of `paths` that other configs have written, or are about to write."""
        if not paths:
            return set()
        written = self._services.project.journal.others(self._name, paths, is_there)
        return written | self._services.neighbours.others(self._valid.id, paths)


def _may_go_back(record: Record | None) -> tuple[Problem, ...]:
    versions = (
        () if record is None else (f"version {version} of file {key}" for key, version in record.versions.items())
    )
    return (
        Problem(
            "offline.may-go-back",
            "files on disk are replaced by those of "
            + (listed(tuple(versions)) or "what is in .exfig/")
            + "; they came from an export of which nothing was kept, and may have been newer",
            "run once without --offline and --no-cache",
        ),
    )
