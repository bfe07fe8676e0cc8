"""Where to look for changes below some roots: folders that are there, by their real names, and what leads to what.

In: roots, as named. Out: `Places`, and what a touched path in one of them means. Rules: each folder is watched once,
under its real name, since the system tells of it under one name only; subfolders are watched one by one, so that those
that nobody reads cost nothing; what is not there yet is awaited in the nearest folder that is. It only reads the disk.
"""

import os
import stat
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, TypeAlias

MOST_LINKS: Final = 40
"""Links that are followed one after the other, as in Linux."""

Matters: TypeAlias = Callable[[str], bool]
"""Whether anybody wants to know of a path; asked for folders, too. It is called off the reactor."""

_SCRATCH_FOLDERS: Final = frozenset({".git", ".exfig", ".hg", ".svn"})
_SCRATCH_ENDS: Final = ("~", ".swp", ".swo", ".swx", ".swpx", ".tmp", ".bak")
_SCRATCH_MARKS: Final = ("__jb_tmp__", "__jb_old__", "__jb_bak__")


@dataclass(frozen=True, slots=True)
class Root:
    """A file or folder to look after, as an absolute path; `recursive`: with what is in its subfolders.

    Hidden subfolders and links to folders are left out, as where configs are looked for.
    """

    path: str
    recursive: bool = False


def is_noise(path: str) -> bool:
    """Whether a path is of an editor, of version control or of exfig itself: never what somebody wrote."""
    return any(map(_is_scratch, PurePath(path).parts))


def _is_scratch(name: str) -> bool:
    return (
        name in _SCRATCH_FOLDERS
        or name == "4913"  # Vim asks the folder whether it may write there
        or name.startswith((".#", ".exfig-"))
        or (name.startswith("#") and name.endswith("#"))
        or name.endswith(_SCRATCH_ENDS)
        or any(mark in name for mark in _SCRATCH_MARKS)
    )


@dataclass(frozen=True, slots=True)
class Touched:
    """What a touched path means: `paths` to tell; whether the places may be others now; whether they surely are."""

    paths: frozenset[str] = frozenset()
    is_doubtful: bool = False
    is_torn: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """What is watched.

    `folders`: the names of each folder, by its real name. `whole`: names of folders of which every entry may matter.
    `leads`: for a path, the files that a change of it changes: itself, or what a link on it leads to. `identities`:
    device and inode of each name, None where nobody may look. `absent`: what is not there, as named.
    """

    folders: Mapping[str, frozenset[str]]
    whole: frozenset[str]
    leads: Mapping[str, frozenset[str]]
    identities: Mapping[str, tuple[int, int] | None]
    absent: frozenset[str]

    def have_moved(self) -> bool:
        """Whether a folder is another one by now, is gone, or what was absent is there: unmounted, renamed, swapped."""
        return any(_identity(name) != known for name, known in self.identities.items()) or any(
            map(os.path.exists, self.absent)
        )

    def touched(self, path: str, *, is_edit: bool, matters: Matters) -> Touched:
        """What a change of `path`, below a real name, means; `is_edit`: it was there before, and is."""
        if path in self.folders:
            return Touched(is_torn=not is_edit)
        folder, name = os.path.split(path)
        paths: set[str] = set()
        is_doubtful = False
        for seen in self.folders.get(folder, ()):
            visible = os.path.join(seen, name)
            led = self.leads.get(visible, frozenset())
            paths |= led
            is_link = os.path.islink(visible)
            is_doubtful |= bool(led) and (is_link or not is_edit)
            is_doubtful |= any(_is_on_the_way(visible, end) for end in self.absent)
            if seen not in self.whole or is_noise(name):
                continue
            is_folder = os.path.isdir(visible) and not is_link
            is_doubtful |= is_link or is_folder
            # that something is in a folder which was not there before is told of the thing, not of the folder
            if not (is_folder and is_edit) and matters(visible):
                paths.add(visible)
        return Touched(frozenset(paths), is_doubtful)


def places_of(roots: Sequence[Root], matters: Matters) -> Places:
    """Where to look for changes of `roots`, as the disk is now."""
    whole: set[str] = set()
    beside: set[str] = set()
    leads: defaultdict[str, set[str]] = defaultdict(set)
    absent: set[str] = set()

    def follow(file: str) -> None:
        beside.add(_nearest_folder(os.path.dirname(file)))
        for step, is_itself in trail(file):
            leads[step].add(file)
            if is_itself:
                beside.add(_nearest_folder(os.path.dirname(step)))

    for root in roots:
        mode = _mode(root.path)
        if mode is not None and stat.S_ISDIR(mode):
            for folder, links in _folders(root):
                whole.add(folder)
                for link in filter(matters, links):
                    follow(link)
        else:
            follow(root.path)
            if mode is None:
                absent.add(root.path)
    names = whole | beside
    identities = {name: _identity(name) for name in names}
    return Places(
        _by_real_name(name for name in names if identities[name] is not None),
        frozenset(whole),
        {path: frozenset(files) for path, files in leads.items()},
        identities,
        frozenset(absent),
    )


def trail(path: str) -> Iterator[tuple[str, bool]]:
    """Every link on the way that `path` leads, and where it ends; with each, whether it stands for the whole of `path`.

    The way may end at nothing. Of links that lead in a circle, the first ones are given.
    """
    here, *rest = PurePath(path).parts
    todo = rest[::-1]
    links = 0
    while todo:
        name = todo.pop()
        if name == os.pardir:
            here = os.path.dirname(here)
            continue
        if name == os.curdir:
            continue
        step = os.path.join(here, name)
        if links < MOST_LINKS and (target := _target(step)) is not None:
            links += 1
            yield step, not todo
            first, *more = PurePath(target).parts or (".",)
            if os.path.isabs(target):
                here = first
            else:
                more.insert(0, first)
            todo.extend(more[::-1])
        else:
            here = step
    yield here, True


def _target(path: str) -> str | None:
    try:
        return os.readlink(path)
    except OSError:  # not a link, or not there
        return None


def _folders(root: Root) -> Iterator[tuple[str, Collection[str]]]:
    """The folders of a root, each with the links to files in it; what can't be read is left out."""
    todo = [root.path]
    while todo:
        folder = todo.pop()
        links: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        if not entry.is_dir():
                            links.append(entry.path)
                    elif (
                        root.recursive
                        and not entry.name.startswith(".")
                        and entry.is_dir()
                        and not is_noise(entry.name)
                    ):
                        todo.append(entry.path)
        except OSError:  # gone meanwhile, or nobody may look: then its identity says so
            pass
        yield folder, links


def _by_real_name(names: Iterable[str]) -> Mapping[str, frozenset[str]]:
    folders: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        folders[os.path.realpath(name)].add(name)
    return {real: frozenset(found) for real, found in folders.items()}


def _mode(path: str) -> int | None:
    """What kind of thing is there, asked once, since it may become another at any moment; None for nothing."""
    try:
        return os.stat(path).st_mode
    except OSError:
        return None


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        found = os.stat(folder)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if os.access(folder, os.R_OK | os.X_OK) else None


def _nearest_folder(folder: str) -> str:
    """`folder`, or of those that it should be in the nearest that is there."""
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder


def _is_on_the_way(path: str, end: str) -> bool:
    return end == path or end.startswith(path + os.sep)
