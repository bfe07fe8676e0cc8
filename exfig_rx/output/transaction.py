"""The one writer of project files: stage everything, write down what will happen, then let it happen.

In: the files of one config's export. Out: what changed on disk. Rules: until the journal has the plan, nothing of the
old tree changes; from then on it is carried out, by whoever finds it; a step that the system refuses takes back those
before it. Unchanged files are not touched, edited ones not deleted. Everything here blocks; see docs/transactions.md.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from exfig_rx.manifest import Record, Written
from exfig_rx.model import FileCounts, OutputFile, SharedSection
from exfig_rx.output import placing
from exfig_rx.output.faults import INTACT, not_written
from exfig_rx.output.journal import Draft, Journal, NoJournal, Plan
from exfig_rx.output.planning import Planned, planned
from exfig_rx.output.sections import with_section
from exfig_rx.output.staging import Pile, check_regular
from exfig_rx.output.targets import STAGED_PREFIX, Targets, resolved
from exfig_rx.output.texts import draft_text, plan_text

_numbers = count()


def _nobody(_: str) -> tuple[str, ...]:
    return ()


def _nobodys(_: Collection[str]) -> Collection[str]:
    return ()


def _nothing(_: Mapping[str, tuple[str, ...]]) -> Sequence[Written]:
    return ()


@dataclass(frozen=True, slots=True)
class Task:
    """What one config's export wants of the disk.

    `owners` tells the entries that a file belongs to, by its path as configured. `known` is the manifest of the config,
    by real path. `prune` is asked at the commit which files go, given all that are produced now (real path to owners),
    `contested`, last of all, which of these somebody else may be about to write, so that they stay, and `handed_over`
    which paths of the manifest are those of others by now. `record` is kept under the name `sections_key` if all goes
    well.
    """

    files: Sequence[OutputFile]
    sections: Sequence[SharedSection] = ()
    owners: Callable[[str], tuple[str, ...]] = _nobody
    known: Mapping[str, Written] = field(default_factory=dict)
    prune: Callable[[Mapping[str, tuple[str, ...]]], Sequence[Written]] = _nothing
    contested: Callable[[Collection[str]], Collection[str]] = _nobodys
    handed_over: Callable[[], Collection[str]] = tuple
    record: Record | None = None
    config: str = ""
    sections_key: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A task whose targets are known, and which stands in the journal under `number`, if there is one."""

    task: Task
    targets: Targets
    journal: Journal
    number: int | None
    draft: Draft
    root: Path


@dataclass(frozen=True, slots=True)
class Staged:
    """Files waiting beside their targets; or not, where staging was cancelled."""

    opened: Opened
    pile: Pile
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did.

    `edited` are files that somebody had changed since they were written, and that are as exported again; `kept` are
    files that were to go, and stay, as somebody changed them. Both are real paths.
    """

    counts: FileCounts
    edited: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def begin(task: Task, output_root: Path, journal: Journal | None = None) -> Opened:
    """Find out where everything goes, and write down where something will appear, before it does.

    Relative paths start at `output_root`. Runs on the thread of the journal. Raises OutputError.
    """
    targets = resolved(task.files, task.sections, output_root)
    journal = journal or NoJournal()
    # Staged things appear in folders that are there: those of the targets, or above the missing ones.
    folders = {_there(folder, targets) for folder in targets.used}
    draft = Draft(f"{STAGED_PREFIX}{journal.run}-{next(_numbers)}-", tuple(sorted(folders)))
    return Opened(task, targets, journal, journal.begin(task.config, draft_text(draft)), draft, output_root)


def stage(opened: Opened, cancelled: Callable[[], bool]) -> Staged:
    """Write every file that differs from what is on disk beside its target.

    `cancelled` is asked before each file; when it says so, nothing is left behind, nor when OutputError is raised.
    """
    staged = Staged(opened, Pile(opened.targets, opened.draft.prefix))
    path = ""
    try:
        for target, file in opened.targets.files.items():
            if cancelled():
                discard(staged)
                return Staged(opened, Pile(opened.targets, opened.draft.prefix), is_whole=False)
            path = file.path
            staged.pile.add(target, file, opened.task.owners(path), is_shared=os.path.islink(opened.root / path))
    except OSError as error:
        discard(staged)
        raise not_written(path, error) from None
    except BaseException:  # whatever it is goes on, and nothing is left behind
        discard(staged)
        raise
    return staged


def discard(staged: Opened | Staged) -> None:
    """Remove everything that was staged; any thread may do so."""
    if isinstance(staged, Staged):
        staged.pile.discard()
        staged = staged.opened
    if staged.number is not None:
        staged.journal.abandon(staged.number)


def commit(staged: Staged, *, durable: bool = True) -> Committed:
    """Put everything into place, and delete what is to go. Raises OutputError after taking it back: all or nothing.

    Before that, sections are merged into what their files hold at this moment, so nobody else may commit to these files
    meanwhile. Runs on the thread of the journal. `durable`: a power cut finds the tree as it was, or as it shall be.
    """
    if not staged.is_whole:
        raise ValueError("what was cancelled can't be committed")
    opened = staged.opened
    number, config = opened.number, opened.task.config
    try:
        _merge(staged)
        found = _planned(staged)
        if found.plan.outcome.changed and durable:
            _sync(found.plan)
        found = _uncontested(found, opened.task)
        plan, outcome = found.plan, found.plan.outcome
        if outcome.changed and number is not None:
            opened.journal.seal(number, config, plan_text(plan))
    except BaseException:  # as above: the tree is as it was
        discard(staged)
        raise
    if outcome.changed:
        _carry_out(found, opened)
        outcome = replace(outcome, emptied=placing.clear(plan), written=placing.noted(outcome.written, plan))
        staged.pile.drop_roots()
    opened.journal.finish(number, config, outcome)
    updated = sum(move.before is not None for move in plan.single)
    created = len(staged.pile.moves) - updated
    counts = FileCounts(created, updated, len(staged.pile.unchanged), len(plan.deletions))
    return Committed(counts, found.edited, found.kept)


def _merge(staged: Staged) -> None:
    """Stage the files of the user with their sections."""
    opened = staged.opened
    for target, own in opened.targets.sections.items():
        path = own[0].path
        try:
            content = _text_of_user(target)
            for section in own:
                content = with_section(content, section)
            for section in own[:-1]:
                # A section that stood inside a later one is gone now, and so are its markers, which is an error.
                with_section(content, section)
            if content is not None:
                staged.pile.add(target, OutputFile(path, content), opened.task.owners(path), is_shared=True)
        except OSError as error:
            raise not_written(path, error) from None


def _text_of_user(target: str) -> bytes | None:
    """What a file of the user holds; None if it is not there."""
    try:
        check_regular(target, os.stat(target).st_mode)
        with open(target, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def _sync(plan: Plan) -> None:
    try:
        placing.sync(plan)
    except OSError as error:
        raise not_written(plan.draft.folders[0], error) from None


def _planned(staged: Staged) -> Planned:
    opened, task = staged.opened, staged.opened.task
    try:
        staged.pile.check_folders()
        found = planned(staged.pile, opened.draft, task.known, task.prune, opened.journal)
    except OSError as error:
        raise not_written(_shown(error.filename or task.config, opened), error) from None
    outcome = found.plan.outcome
    forgotten = (*outcome.forgotten, *task.handed_over())
    outcome = replace(outcome, forgotten=forgotten, record=task.record, sections=task.sections_key)
    return replace(found, plan=replace(found.plan, outcome=outcome))


def _uncontested(found: Planned, task: Task) -> Planned:
    """Without the deletions of what another run claims at this moment; without a record, so that it is looked at again.

    Asked right before the seal: what another run claims later it stages later still, and then finds the file gone.
    """
    plan, outcome = found.plan, found.plan.outcome
    theirs = set(task.contested([one.written.path for one in plan.deletions]) if plan.deletions else ())
    if not theirs:
        return found
    deletions = tuple(one for one in plan.deletions if one.written.path not in theirs)
    outcome = replace(
        outcome,
        forgotten=tuple(path for path in outcome.forgotten if path not in theirs),
        changed=bool(plan.moves or deletions),
        record=None,
    )
    return replace(found, plan=replace(plan, deletions=deletions, outcome=outcome))


def _carry_out(found: Planned, opened: Opened) -> None:
    """Every step of the plan; taken back if the system refuses one."""
    plan, path = found.plan, ""
    try:
        for place, path in plan.folders:
            os.replace(place, path)
        for move in plan.single:
            path = move.written.path
            placing.place(move)
        for deletion in plan.deletions:
            path = deletion.written.path
            placing.set_aside(deletion)
    except BaseException as error:  # half a commit is taken back, whatever broke it
        if opened.number is not None:
            opened.journal.turn_back(opened.number)
        also = _taken_back(plan, opened)
        if isinstance(error, OSError):
            raise not_written(_shown(path, opened), error, also) from None
        raise


def _taken_back(plan: Plan, opened: Opened) -> str:
    """What became of the files that were in place already."""
    try:
        placing.take_back(plan)
    except OSError as error:
        again = ", which the next run tries again" if opened.number is not None else ""
        return f"and what was done can't be taken back ({error.strerror or error}){again}"
    if opened.number is not None:
        opened.journal.abandon(opened.number)
    return INTACT


def _shown(path: str, opened: Opened) -> str:
    """A real path as it is configured, where it is."""
    file = opened.targets.files.get(path)
    section = opened.targets.sections.get(path)
    return file.path if file is not None else section[0].path if section is not None else path


def _there(folder: str, targets: Targets) -> str:
    """The nearest folder that is there."""
    while folder in targets.missing:
        folder = os.path.dirname(folder)
    return folder
