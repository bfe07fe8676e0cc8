"""What is left of earlier exports and belongs to none of today's files, as pure functions but for one look at the disk.

In: the manifest of a config, what this run makes, which entries it exported whole. Out: files to delete, and what to
tell about those that stay. Rules: only files that an earlier run of this config wrote; never where a filter, a failed
render or a section left out could be the reason; much at once only when somebody insists.
"""

import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from exfig_rx.batch.conflicts import real_paths
from exfig_rx.config.ownership import Claim, Owned, owned
from exfig_rx.config.schema import Config
from exfig_rx.load.wording import counted, listed
from exfig_rx.manifest import Written
from exfig_rx.model import ConfigId, Location, Problem
from exfig_rx.output.intact import digest_of, is_intact

MOST_PART: Final = 5
"""At most one in so many files of an entry goes at once …"""

FEW: Final = 5
"""… unless they are fewer than this."""

KINDS: Final = frozenset({".svg", ".png", ".jpg", ".pdf", ".webp", ".heic", ".xml"})
"""Ends of the names of files that exporters put into folders of their own."""

HELD_BACK: Final = "output.held-back"
ORPHANS: Final = "output.orphans"

_ENTRY = re.compile(r"tokens(?:\[\d+\])?|\w+\.\w+(?:\[\d+\])?")
_SETS = (".imageset", ".colorset")


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Files to delete, and what to tell of others; paths that the config makes no more, which others may have."""

    files: tuple[Written, ...] = ()
    problems: tuple[Problem, ...] = ()
    given_up: tuple[str, ...] = ()


def waits_for_word(problems: Iterable[Problem], *codes: str) -> bool:
    """Whether files are left that go if somebody insists, for these reasons or for any."""
    return any(problem.code in (codes or (HELD_BACK, ORPHANS)) for problem in problems)


class Neighbours:
    """The places of all configs of a run, so that none deletes what another is about to write."""

    def __init__(self, configs: Sequence[tuple[ConfigId, Config]] = (), output_root: Path = Path()) -> None:
        self._configs = configs
        self._output_root = output_root
        # by real path; made when it is first asked for
        self._claimants: dict[str, set[ConfigId]] | None = None

    def others(self, config: ConfigId, paths: Iterable[str]) -> set[str]:
        """Those of `paths` that are in a place of another config; blocking."""
        if self._claimants is None:
            found: dict[str, set[ConfigId]] = defaultdict(set)
            real_path = real_paths()
            for one, claims in self._configs:
                for claim in owned(claims):
                    found[real_path(os.path.join(self._output_root, claim.path))].add(one)
            self._claimants = found
        return {path for path in paths if any(self._claimants.get(place, set()) - {config} for place in _around(path))}


def _around(path: str) -> Iterator[str]:
    """A path, and the folders that it is in."""
    yield path
    while (above := os.path.dirname(path)) != path:
        path = above
        yield path


def owners_of(config: Config) -> Callable[[str], tuple[str, ...]]:
    """Tells the entries that a file belongs to, by its path as configured; several where entries share a folder."""
    files: dict[str, set[str]] = defaultdict(set)
    folders: dict[str, set[str]] = defaultdict(set)
    for claim in owned(config):
        own = folders if claim.claim in (Claim.TREE, Claim.NAMES) else files
        own[posixpath.normpath(claim.path)].add(_entry(claim))

    @cache
    def owners_of_folder(path: str) -> frozenset[str]:
        above = posixpath.dirname(path)
        return frozenset(folders.get(path, ())) | (owners_of_folder(above) if above != path else frozenset())

    def owners(path: str) -> tuple[str, ...]:
        path = posixpath.normpath(path)
        return tuple(sorted(owners_of_folder(posixpath.dirname(path)) | files.get(path, set())))

    return owners


def stale(
    known: Mapping[str, Written],
    produced: Mapping[str, Collection[str]],
    whole: Collection[str],
    elsewhere: Collection[str],
    *,
    insists: bool,
) -> Leftovers:
    """What of `known` goes, as this run makes only `produced`, which holds the entries of each file (by real path).

    `whole` are the entries that were exported without leaving anything out, `elsewhere` are files of other configs.
    """
    gone = [
        file
        for path, file in known.items()
        if path not in produced
        and path not in elsewhere
        and not file.is_shared
        and file.owners
        and all(owner in whole for owner in file.owners)
    ]
    if insists or not gone:
        return Leftovers(tuple(gone))
    made = {owner for owners in produced.values() for owner in owners}
    leaving = {owner for file in gone for owner in file.owners}
    held = {owner for owner in leaving if owner not in made or _is_much(owner, gone, known)}
    return Leftovers(
        tuple(file for file in gone if held.isdisjoint(file.owners)),
        tuple(_held_back(owner, [file.path for file in gone if owner in file.owners]) for owner in sorted(held)),
    )


def lost(
    known: Mapping[str, Written], produced: Collection[str], settled: Callable[[tuple[str, ...]], bool]
) -> tuple[Written, ...]:
    """What of `known` is not there any more, or is somebody's own by now, and not produced either; blocking.

    `settled` tells by its owners whether nothing of this run speaks for a file.
    """
    return tuple(
        file for path, file in known.items() if path not in produced and settled(file.owners) and not is_intact(file)
    )


def orphans(
    config: Config, whole: Collection[str], produced: Collection[str], output_root: Path
) -> tuple[Written, ...]:
    """Files in folders of `config` that nothing is known of, and that this run does not produce; blocking."""
    found: dict[str, Written] = {}
    for claim in owned(config):
        if claim.claim is Claim.TREE and _entry(claim) in whole:
            for path in _files(os.path.realpath(output_root / claim.path)):
                if path not in produced and path not in found:
                    found[path] = _read(path, _entry(claim))
    return tuple(found[path] for path in sorted(found))


def orphans_found(files: Sequence[Written], *, insists: bool) -> Leftovers:
    """What becomes of orphans: they are named, or deleted if somebody insists."""
    if insists or not files:
        return Leftovers(tuple(files))
    paths = [_shown(file.path) for file in files]
    return Leftovers(
        (),
        (
            Problem(
                ORPHANS,
                f"{counted(len(paths), 'file')} in folders of this config came from no export of a config that is "
                f"still there, and this one does not make them: {listed(paths)}",
                "run with --prune to delete them",
                Location(key=files[0].owners[0]),
            ),
        ),
    )


def taken_over(paths: Sequence[str]) -> tuple[Problem, ...]:
    """The note that files were to go, and stay, as somebody changed them."""
    if not paths:
        return ()
    shown = [_shown(path) for path in paths]
    return (
        Problem(
            "output.edited-kept",
            f"{counted(len(paths), 'file')} no longer exported, but changed by somebody since, and so kept: "
            f"{listed(shown)}",
            "delete what is not needed by hand",
        ),
    )


def overwritten(paths: Sequence[str]) -> tuple[Problem, ...]:
    """The note that files had been changed since they were written, and are as exported again."""
    if not paths:
        return ()
    return (
        Problem(
            "output.edited",
            f"{counted(len(paths), 'file')} had been changed by somebody, and {'is' if len(paths) == 1 else 'are'} as "
            f"exported again: {listed([_shown(path) for path in paths])}",
            "change the design, the config or a template instead",
        ),
    )


def _entry(claim: Owned) -> str:
    found = _ENTRY.match(claim.key)
    return found.group() if found else claim.key


def _is_much(owner: str, gone: Iterable[Written], known: Mapping[str, Written]) -> bool:
    going = sum(owner in file.owners for file in gone)
    total = sum(owner in file.owners for file in known.values())
    return going >= FEW and going * MOST_PART > total


def _held_back(owner: str, paths: Sequence[str]) -> Problem:
    return Problem(
        HELD_BACK,
        f"{counted(len(paths), 'file')} would be deleted at once, and stay: {listed([_shown(path) for path in paths])}",
        "if they are meant to go, run with --prune; if not, look at the frame in Figma",
        Location(key=owner),
    )


def _files(folder: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(where, name)
            ours = os.path.splitext(name)[1].lower() in KINDS or (name == "Contents.json" and where.endswith(_SETS))
            if ours and os.path.isfile(path) and not os.path.islink(path):
                yield path


def _read(path: str, owner: str) -> Written:
    found = os.stat(path)
    return Written(path, digest_of(path), found.st_size, found.st_mtime_ns, (owner,))


def _shown(path: str) -> str:
    """A path as people type it here."""
    shown = os.path.relpath(path)
    return path if shown.startswith("../..") else shown
