"""Paths to configs: which files belong to a run, and each of them read and validated, as a stream.

In: paths as typed. Out: `ConfigId`s in the order in which they run; then one `LoadedConfig` for each. Rule: a file that
can't be read or is not valid is a value of the stream, never the end of it.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePath
from typing import TypeAlias

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.config.ownership import clashes_within
from exfig_rx.config.parse import misplaced_paths, parse_config
from exfig_rx.config.schema import Config
from exfig_rx.config.source import read_source
from exfig_rx.errors import ConfigError, UsageError
from exfig_rx.model import ConfigId, Location, Problem
from exfig_rx.reactor import Blocking

DEFAULT_FILES = ("exfig.yaml", "figma-export.yaml")
DEFAULT_DIRECTORY = "configs"


@dataclass(frozen=True, slots=True)
class ValidConfig:
    """A config that can run. `digest` is the SHA-256 of its file, in hex."""

    id: ConfigId
    config: Config
    warnings: tuple[Problem, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class RejectedConfig:
    """A config that can't run, and everything that is wrong with it. `digest` as above; empty if it can't be read."""

    id: ConfigId
    problems: tuple[Problem, ...]
    digest: str = ""


LoadedConfig: TypeAlias = ValidConfig | RejectedConfig


def find_configs(paths: Sequence[str], *, recursive: bool, directory: Path) -> tuple[ConfigId, ...]:
    """The configs that `paths` name, relative to `directory`, in order and each once.

    A directory stands for its `*.yaml` and `*.yml` files, sorted, without hidden ones. Without paths: `exfig.yaml` or
    `figma-export.yaml`, else `configs/`. Raises UsageError for a path that does not exist and when nothing is found.
    """
    typed = chosen_paths(paths, directory)
    configs = _named((file for path in typed for file in _files(path, recursive, directory)), directory)
    if not configs:
        raise UsageError(
            Problem(
                "usage.no-configs",
                f"no configs found in {', '.join(typed)}",
                "A config is a file that ends in .yaml or .yml; --recursive looks into subdirectories too.",
            )
        )
    return configs


def chosen_paths(paths: Sequence[str], directory: Path) -> tuple[str, ...]:
    """`paths`, or where configs usually are. Raises UsageError where there are none, and for a path that is missing."""
    typed = tuple(paths) or _default_paths(directory)
    for path in typed:
        if not (directory / path).exists():
            raise UsageError(Problem("usage.no-such-path", f"no such file or directory: {path}"))
    return typed


def present_configs(paths: Sequence[str], *, recursive: bool, directory: Path) -> tuple[ConfigId, ...]:
    """The configs that `paths` name and that are there by now, maybe none, as `find_configs` orders them."""

    def files(path: str) -> Iterator[str]:
        with suppress(UsageError):  # it comes, or comes back, or never does: no reason to end
            yield from _files(path, recursive, directory)

    _real_folder.cache_clear()  # links may lead elsewhere by now
    return _named((file for path in paths for file in files(path)), directory)


def _named(files: Iterable[str], directory: Path) -> tuple[ConfigId, ...]:
    """Each file once, under the shortest name that tells it from the others."""
    found: dict[str, str] = {}
    for file in files:
        found.setdefault(_real(file), file)
    labels = _labels([_shown(file, directory) for file in found.values()])
    return tuple(
        ConfigId(real, PurePath(file).name, label) for (real, file), label in zip(found.items(), labels, strict=True)
    )


def discover(configs: Sequence[ConfigId], blocking: Blocking, directory: Path) -> Observable[LoadedConfig]:
    """Each config read and validated, in order, off the reactor."""

    def load(config: ConfigId) -> Observable[LoadedConfig]:
        return blocking(lambda: load_config(config, directory))

    return rx.from_iterable(configs).pipe(ops.map(load), ops.merge(max_concurrent=1))


def load_config(config: ConfigId, directory: Path) -> LoadedConfig:
    """Read and validate one config file; problems name it relative to `directory`."""
    shown = _shown(config.path, directory)
    digest = ""
    try:
        data = read_source(config.path, shown)
        digest = sha256(data).hexdigest()
        parsed = parse_config(data, shown)
    except ConfigError as error:
        return RejectedConfig(config, error.problems, digest)
    if clashes := clashes_within(parsed.config):
        return RejectedConfig(config, tuple(_in_file(problem, shown) for problem in clashes), digest)
    here = os.path.dirname(shown) or "."
    misplaced = misplaced_paths(parsed, here, lambda path: os.path.exists(os.path.join(directory, path)))
    return ValidConfig(config, parsed.config, (*parsed.warnings, *misplaced), digest)


def _in_file(problem: Problem, shown: str) -> Problem:
    return replace(problem, location=replace(problem.location or Location(), file=shown))


def _real(file: str) -> str:
    folder, name = os.path.split(file)
    real = os.path.join(_real_folder(folder), name)
    return os.path.realpath(real) if os.path.islink(real) else real


@lru_cache(maxsize=256)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


def _default_paths(directory: Path) -> tuple[str, ...]:
    for name in (*DEFAULT_FILES, DEFAULT_DIRECTORY):
        if (directory / name).exists():
            return (name,)
    raise UsageError(
        Problem(
            "usage.no-configs",
            f"no config here: neither {' nor '.join(DEFAULT_FILES)} nor a {DEFAULT_DIRECTORY}/ directory",
            "Name the configs: exfig batch PATH…",
        )
    )


def _files(path: str, recursive: bool, directory: Path) -> Iterator[str]:
    full = directory / path
    try:
        if full.is_dir():
            yield from _yaml_files(str(full), recursive)
        elif full.exists():
            yield str(full)
        else:
            raise UsageError(Problem("usage.no-such-path", f"no such file or directory: {path}"))
    except OSError as error:
        raise UsageError(Problem("usage.unreadable-path", f"can't read {path}: {error.strerror}")) from error


def _yaml_files(directory: str, recursive: bool) -> Iterator[str]:
    entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.name.lower().endswith((".yaml", ".yml")):
            yield entry.path
        elif recursive and entry.is_dir(follow_symlinks=False):
            yield from _yaml_files(entry.path, recursive)


def _shown(file: str, directory: Path) -> str:
    path = os.path.normpath(file)
    return path.removeprefix(os.path.join(directory, ""))


def _labels(files: Sequence[str]) -> list[str]:
    """The shortest tail of each path that no other path of the list ends with."""
    parts = [PurePath(file).parts for file in files]
    depth = [1] * len(files)
    while True:
        tails = ["/".join(part[-n:]) for part, n in zip(parts, depth, strict=True)]
        taken = Counter(tails)
        longer = [i for i, tail in enumerate(tails) if taken[tail] > 1 and depth[i] < len(parts[i])]
        if not longer:
            return tails
        for i in longer:
            depth[i] += 1
