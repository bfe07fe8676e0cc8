"""What a commit will do, decided in full before it does anything.

In: what is staged, what the manifest knows, what is to go. Out: a `Plan`. Rules: a file goes only while it holds what
we wrote; what is found at this moment, not in the beginning, is what the plan has to put up with.
"""

import errno
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from exfig_rx.manifest import Written
from exfig_rx.output.intact import digest_of, has_bytes, holds
from exfig_rx.output.journal import Before, Deletion, Draft, Journal, Listing, Move, Outcome, Plan
from exfig_rx.output.staging import Pile, check_regular
from exfig_rx.output.texts import listing

_EMPTIED: Final = (".imageset", ".colorset")
"""Folders that mean nothing without files."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what people should know (real paths): files that somebody had changed, and such that stay."""

    plan: Plan
    edited: tuple[str, ...]
    kept: tuple[str, ...]


def planned(
    pile: Pile,
    draft: Draft,
    known: Mapping[str, Written],
    prune: Callable[[Mapping[str, tuple[str, ...]]], Sequence[Written]],
    journal: Journal,
) -> Planned:
    """The plan for what is in `pile`; without a record. Raises OSError."""
    folders, inside = _folders(pile)
    whole = dict(inside)
    nested: list[Move] = []
    single: list[Move] = []
    edited: list[str] = []
    for move in pile.moves:
        if move.staged.rpartition(os.sep)[0] in whole:
            nested.append(move)
        else:
            single.append(replace(move, before=_before(move.written.path, known, edited)))
    deletions, gone, kept = _deletions(pile, draft, known, prune)
    outcome = Outcome(
        _news((*(move.written for move in pile.moves), *pile.unchanged), known),
        (*(deletion.written.path for deletion in deletions), *gone),
        tuple(whole.values()),
        _emptied(deletions, journal),
        changed=bool(pile.moves or deletions),
    )
    plan = Plan(draft, folders, inside, tuple(nested), tuple(single), deletions, outcome)
    return Planned(plan, tuple(edited), kept)


def _news(files: Iterable[Written], known: Mapping[str, Written]) -> dict[str, Listing]:
    """What the manifest does not have so, by folder."""
    found: dict[str, list[Written]] = defaultdict(list)
    for file in files:
        if known.get(file.path) != file:
            found[file.path.rpartition(os.sep)[0] or os.sep].append(file)
    return {folder: listing(own) for folder, own in found.items()}


def _folders(pile: Pile) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Staged folders that become others as a whole, and these with all folders in them; (staged, target) each."""
    moved: list[tuple[str, str]] = []
    inside: dict[str, str] = {}
    for place, target in pile.inside:
        if os.path.dirname(place) in inside:
            inside[place] = target
        elif not os.path.lexists(target):
            inside[place] = target
            moved.append((place, target))
        elif not os.path.isdir(target):
            raise NotADirectoryError(errno.ENOTDIR, f"{target} is a file, not a directory")
    return tuple(moved), tuple(inside.items())


def _before(target: str, known: Mapping[str, Written], edited: list[str]) -> Before | None:
    """What is there now; listed as edited if it is not what the manifest knows."""
    if not os.access(target, os.F_OK):
        return None
    found = os.lstat(target)
    check_regular(target, found.st_mode)
    ours = known.get(target)
    digest = ""
    if ours is not None and not ours.is_shared:
        is_ours = has_bytes(ours, found)
        digest = ours.digest if is_ours else digest_of(target)
        if not is_ours:
            edited.append(target)
    return Before(found.st_size, found.st_mtime_ns, digest)


def _deletions(
    pile: Pile,
    draft: Draft,
    known: Mapping[str, Written],
    prune: Callable[[Mapping[str, tuple[str, ...]]], Sequence[Written]],
) -> tuple[tuple[Deletion, ...], list[str], tuple[str, ...]]:
    """Files to delete; paths that are not there or not ours any more; and of these, those that somebody changed."""
    files = (*(move.written for move in pile.moves), *pile.unchanged)
    produced = {written.path: written.owners for written in files}
    deletions: list[Deletion] = []
    gone: list[str] = []
    kept: list[str] = []
    folded: dict[str, str] | None = None
    for written in {one.path: one for one in prune(produced)}.values():
        path = written.path
        if path in produced or written.is_shared:
            continue
        folded = folded or {one.casefold(): one for one in produced}
        match _still(written, folded.get(path.casefold())):
            case True:
                aside = f"{os.path.dirname(path)}{os.sep}{draft.prefix}{next(pile.numbers)}"
                deletions.append(Deletion(aside, written))
            case False:
                gone.append(path)
                kept.append(path)
            case None:
                gone.append(path)
    return tuple(deletions), gone, tuple(kept)


def _still(written: Written, twin: str | None) -> bool | None:
    """Whether a file is as it was written; None if it is not there, or is the same file as its `twin`."""
    path = written.path
    try:
        os.lstat(path)
        if twin is not None and os.path.lexists(twin) and os.path.samefile(path, twin):
            return None
        # A folder above it that is a link now leads to files that we never wrote.
        return os.path.realpath(path) == path and holds(path, written)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return False  # nobody can tell what is in it


def _emptied(deletions: Iterable[Deletion], journal: Journal) -> tuple[str, ...]:
    """Folders that may go once they are empty, each before the one that it is in."""
    chains = {chain[0]: chain for chain in map(_above, deletions)}
    made = journal.folders_made({folder for chain in chains.values() for folder in chain}) if chains else set()

    def going() -> Iterator[str]:
        for chain in chains.values():
            for folder in chain:
                if folder not in made and not folder.endswith(_EMPTIED):
                    break
                yield folder

    return tuple(sorted(set(going()), key=len, reverse=True))


def _above(deletion: Deletion) -> list[str]:
    return [str(folder) for folder in PurePath(deletion.written.path).parents]
