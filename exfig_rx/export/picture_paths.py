"""Paths of pictures: as they are written, and who else writes them.

In: folders of a config; the files that each picture of each entry is to have. Out: plain folders, and errors. Rule: no
two pictures share a file, where letter case may not count, whichever entries they are of.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.export.files import one_case
from exfig_rx.export.names import clash
from exfig_rx.load.wording import counted, listed, node_link, quoted
from exfig_rx.model import Location, Problem
from exfig_rx.pictures import Picture


@dataclass(frozen=True, slots=True)
class Owner:
    """A picture of an entry, and the paths of all its files."""

    entry: PictureEntry
    picture: Picture
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedPath:
    """Pictures that would write one file, and the ways in which they spell its path."""

    owners: tuple[Owner, ...]
    spellings: tuple[str, ...]

    @property
    def pictures(self) -> frozenset[Picture]:
        """The pictures without their entries."""
        return frozenset(owner.picture for owner in self.owners)


def plain(path: str) -> str:
    """`path` without `.` and empty parts, so that one folder is one text; empty for the working directory."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return ("/" if path.startswith("/") else "") + "/".join(parts)


def shared_paths(owners: Iterable[Owner]) -> tuple[SharedPath, ...]:
    """Every file that several pictures would write; of several that the same pictures share, the first."""
    by_path: dict[str, dict[int, tuple[Owner, str]]] = defaultdict(dict)
    for index, owner in enumerate(owners):
        for path in owner.paths:
            by_path[one_case(path)].setdefault(index, (owner, path))
    found: dict[tuple[int, ...], SharedPath] = {}
    for owned in by_path.values():
        if len(owned) > 1:
            pairs = owned.values()
            shared = SharedPath(tuple(owner for owner, _ in pairs), tuple(dict.fromkeys(path for _, path in pairs)))
            found.setdefault(tuple(owned), shared)
    return tuple(found.values())


def shared_path_problems(shared: Iterable[SharedPath]) -> Iterator[Problem]:
    """An error for each; entries that export the same pictures to the same place are one error."""
    doubled: dict[tuple[str, str], list[Picture]] = defaultdict(list)
    for one in shared:
        first, second, *_ = one.owners
        nodes = {(owner.picture.file_key, owner.picture.node_id) for owner in one.owners}
        if first.entry.key == second.entry.key:
            yield clash(second.entry, [owner.picture for owner in one.owners], _verb(one.spellings))
        elif len(nodes) == 1:
            doubled[first.entry.key, second.entry.key].append(second.picture)
        else:
            yield _across_entries(one, first.entry.key, second.entry.key)
    for (first_key, second_key), pictures in doubled.items():
        names = listed([quoted(picture.original_name) for picture in pictures])
        yield Problem(
            "config.same-target",
            f"{first_key} and {second_key} both write the files of {counted(len(pictures), 'drawing')}: {names}",
            "give one of them another folder, or another frame",
            Location(key=second_key),
        )


def _across_entries(shared: SharedPath, first_key: str, second_key: str) -> Problem:
    """The error about different drawings of two entries that would be one file."""
    named = [f"{quoted(owner.picture.original_name)} of {owner.entry.key}" for owner in shared.owners]
    links = [node_link(owner.picture.file_key, owner.picture.node_id) for owner in shared.owners]
    picture = shared.owners[1].picture
    return Problem(
        "config.same-target",
        f"{first_key} and {second_key} share a folder, and {counted(len(named), 'drawing')} {_verb(shared.spellings)}: "
        f"{listed(named)}",
        f"give one of the entries another folder, or rename one in Figma: {listed(links)}",
        Location(key=second_key, figma_file=picture.file_key, node_id=picture.node_id, node_name=picture.original_name),
    )


def _verb(spellings: tuple[str, ...]) -> str:
    if len(spellings) == 1:
        return f"become the file {quoted(spellings[0])}"
    return f"become files whose names differ only in letter case: {listed([quoted(path) for path in spellings])}"
