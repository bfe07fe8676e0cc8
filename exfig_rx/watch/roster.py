"""The configs of a run that stays, as they are on disk: who is new, who has changed, who is gone.

In: paths as typed, what was known, which paths were touched. Out: the configs, each read and validated. Rules: what
counts is content, not that somebody wrote it; a config that nobody touched is left as it was, even if it has changed,
since then somebody is still typing. All of it blocks.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from exfig_rx.batch.conflicts import conflicting_with
from exfig_rx.batch.discovery import LoadedConfig, RejectedConfig, ValidConfig, load_config, present_configs
from exfig_rx.batch.entries import Selection, entries_of
from exfig_rx.batch.unchanged import template_folders, templates
from exfig_rx.config.ownership import Owned, owned
from exfig_rx.config.source import read_source
from exfig_rx.errors import ConfigError
from exfig_rx.model import ConfigId, Conflict, Location, Problem
from exfig_rx.watch.places import Root

CONFIG_ENDS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Member:
    """A config, and what stands for all that it is read from; `files` are those of Figma that it takes.

    `standing` is the config as it was when it could last run: it is that one's files that are there.
    """

    loaded: LoadedConfig
    mark: str
    standing: ValidConfig | None = None
    templates: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    owned: tuple[Owned, ...] = ()

    @property
    def id(self) -> ConfigId:
        """Which config."""
        return self.loaded.id

    @property
    def valid(self) -> ValidConfig | None:
        """The config, if it can run."""
        return self.loaded if isinstance(self.loaded, ValidConfig) else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps it from running."""
        return self.loaded.problems if isinstance(self.loaded, RejectedConfig) else ()


Members = Mapping[ConfigId, Member]
"""All configs, in their order."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of configs between two looks."""

    added: tuple[ConfigId, ...] = ()
    edited: tuple[ConfigId, ...] = ()
    removed: tuple[ConfigId, ...] = ()


class Roster:
    """Looks at the configs that `paths` name, from `directory` on; `selection` is what is wanted of them."""

    def __init__(self, paths: Sequence[str], *, recursive: bool, directory: Path, selection: Selection) -> None:
        self._paths = paths
        self._recursive = recursive
        self._directory = directory
        self._selection = selection

    def look(self, known: Members, touched: Collection[str] | None = None, restless: Collection[str] = ()) -> Members:
        """The configs as they are now; None for `touched` looks at all of them anew.

        Those that are `restless` will be touched again, most likely, and are left as they were.
        """
        touch = None if touched is None else _Touch(touched)
        waiting = frozenset((*restless, *map(os.path.realpath, restless)))
        found: dict[ConfigId, Member] = {}
        for config in present_configs(self._paths, recursive=self._recursive, directory=self._directory):
            before = known.get(config)
            if before is not None:
                config = before.id  # under the name that people have seen
                is_left = config.path in waiting or not (touch is None or touch.may_be(config.path))
                found[config] = before if is_left else self._read(config, before)
            elif config.path not in waiting and (touch is None or touch.may_be(config.path)):
                found[config] = self._read(config, None)
        absent = [config for config in known if config.path in waiting and config not in found]
        return {config: found.get(config) or known[config] for config in _in_place(absent, list(found), list(known))}

    def roots(self, members: Members) -> tuple[Root, ...]:
        """Where changes can come from."""
        found: dict[str, bool] = {}
        for path in self._paths:
            full = os.path.join(self._directory, path)
            is_folder = os.path.isdir(full)
            folder = full if is_folder else os.path.dirname(full)
            found[folder] = found.get(folder, False) or (is_folder and self._recursive)
        for member in members.values():
            for folder in (os.path.dirname(member.id.path), *map(self._full, member.templates)):
                found.setdefault(folder, False)
        return tuple(Root(os.path.normpath(path), recursive) for path, recursive in sorted(found.items()))

    def matters(self, path: str, members: Members) -> bool:
        """Whether a touched path can have to do with a config: one, what it reads, or a folder on the way to it."""
        name = os.path.basename(path)
        if name.lower().endswith(CONFIG_ENDS) or "." not in name.lstrip("."):
            return True
        folder = os.path.dirname(path)
        return any(folder == self._full(each) for member in members.values() for each in member.templates)

    def _full(self, folder: str) -> str:
        return os.path.normpath(os.path.join(self._directory, folder))

    def _read(self, config: ConfigId, before: Member | None) -> Member:
        if before is not None and before.mark == _mark(before.valid, self._digest(config)):
            return before
        loaded = load_config(config, self._directory)
        if isinstance(loaded, RejectedConfig):
            # What it exported before stays, and with it its claim to those places.
            standing = before.standing if before is not None else None
            return Member(loaded, loaded.digest, standing, owned=owned(standing.config) if standing else ())
        return Member(
            loaded,
            _mark(loaded, loaded.digest),
            loaded,
            tuple(template_folders(loaded.config)),
            entries_of(loaded.config, self._selection).files,
            owned(loaded.config),
        )

    def _digest(self, config: ConfigId) -> str:
        """The SHA-256 of a config's file, in hex; empty if it can't be read."""
        try:
            return sha256(read_source(config.path, config.label)).hexdigest()
        except ConfigError:
            return ""


def _in_place(absent: Sequence[ConfigId], present: list[ConfigId], before: list[ConfigId]) -> list[ConfigId]:
    """`present` with each of the `absent` where it stood `before`: the earlier of two configs has the better right."""
    position = {config: index for index, config in enumerate(before)}
    for config in absent:
        behind = (at for at, one in enumerate(present) if position.get(one, -1) > position[config])
        present.insert(next(behind, len(present)), config)
    return present


class _Touch:
    """Paths that were touched."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = frozenset(paths)
        self._real = frozenset(map(os.path.realpath, paths))
        # a folder that came, went, or is a link that leads elsewhere now
        self._is_wide = any(not path.lower().endswith(CONFIG_ENDS) for path in paths)

    def may_be(self, path: str) -> bool:
        return self._is_wide or path in self._paths or path in self._real


def changes(before: Members, after: Members) -> Changes:
    """What became of configs."""
    return Changes(
        tuple(config for config in after if config not in before),
        tuple(config for config in after if config in before and after[config].mark != before[config].mark),
        tuple(config for config in before if config not in after),
    )


def claims_moved(before: Members, after: Members) -> bool:
    """Whether conflicts may have come or gone."""
    return [(config, member.owned) for config, member in before.items()] != [
        (config, member.owned) for config, member in after.items()
    ]


def held(conflicts: Sequence[Conflict], members: Members) -> dict[ConfigId, tuple[Problem, ...]]:
    """The configs that wait until their conflicts with earlier ones, that run, are solved; and with whom they are."""
    rivals = conflicting_with(conflicts)
    found: dict[ConfigId, tuple[Problem, ...]] = {}
    earlier: list[ConfigId] = []
    for config in members:
        in_the_way = [other for other in earlier if other in rivals.get(config, ())]
        if in_the_way:
            found[config] = tuple(
                _held(conflict) for conflict in conflicts if conflict.later == config and conflict.earlier in in_the_way
            )
        else:
            earlier.append(config)
    return found


def users_of(files: Collection[str], members: Members) -> Iterator[ConfigId]:
    """The configs that take anything from these files of Figma."""
    return (config for config, member in members.items() if not set(files).isdisjoint(member.files))


def _held(conflict: Conflict) -> Problem:
    return Problem(
        "conflict.held",
        f"{conflict.path} is written by {conflict.earlier.label} ({conflict.earlier_key}), too",
        "give one of them another place; this config runs as soon as they no longer meet",
        Location(file=conflict.later.label, key=conflict.later_key),
    )


def _mark(valid: ValidConfig | None, digest: str) -> str:
    """What stands for a config and all that it reads."""
    if valid is None:
        return digest
    whole = sha256(digest.encode())
    for name, content in templates(valid.config):
        whole.update(os.fsencode(name) + b"\0" + content)
    return whole.hexdigest()
