"""Paths of a config as written: what in them is not expanded, and which ones were meant from the config's folder.

In: the tree, or a parsed config and a way to ask the disk. Out: findings and warnings. Rule: relative paths start at
the working directory, and each is taken literally; this module only tells where somebody may have thought otherwise.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from exfig_rx.config.findings import Findings
from exfig_rx.config.nodes import MappingNode, SequenceNode, child_key
from exfig_rx.config.outline import Outline
from exfig_rx.config.schema import blocks, path_roles
from exfig_rx.config.values import PathRole
from exfig_rx.model import Location, Problem

_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class WrittenPath:
    """A path that starts at the working directory, as written, and where it stands."""

    text: str
    location: Location


def root_paths(outline: Outline, label: str) -> tuple[WrittenPath, ...]:
    """The paths of a config that start at the working directory."""
    return tuple(
        WrittenPath(text, Location(label, mark.line + 1, mark.column + 1, key))
        for node, name, key, role in _paths_of(outline.root, "", "")
        if role.root and (text := node.text(name)) is not None
        for mark in [node.place(name)]
    )


def misplaced(paths: Iterable[WrittenPath], config_dir: str, exists: Callable[[str], bool]) -> tuple[Problem, ...]:
    """A warning for each relative path whose parent is in `config_dir` but not in the working directory.

    `exists` answers for a path as seen from the working directory; `config_dir` is seen from there too.
    """
    return tuple(
        Problem(
            "config.misplaced-path",
            f"{path.text} is looked for in the working directory, where {parent} does not exist",
            f"It exists beside the config: write {posixpath.join(config_dir, path.text)}, or run from {config_dir}.",
            path.location,
        )
        for path in paths
        if not path.text.startswith(("/", "file:"))
        for parent in [posixpath.dirname(path.text.rstrip("/")) or path.text]
        if not exists(parent) and exists(posixpath.join(config_dir, parent))
    )


def check_paths(outline: Outline, findings: Findings) -> None:
    """Paths are taken as they are written: nothing in them is expanded or decoded."""
    if not any(sign in findings.source.text for sign in "%~$\\"):
        return
    for node, name, key, _ in _paths_of(outline.root, "", ""):
        text = node.text(name) or ""
        signs = {
            "a `%` escape": bool(_PERCENT.search(text)) and not text.startswith("file:"),
            "`~`": text.startswith("~"),
            "a variable": "$" in text,
            "a backslash": "\\" in text,
        }
        for what in (what for what, there in signs.items() if there):
            message = f"{what} is taken literally in a path"
            findings.warning(
                "config.literal-path", message, "Write the path as it is on disk.", at=node.place(name), key=key
            )


def _paths_of(node: MappingNode, path: str, shown: str) -> Iterator[tuple[MappingNode, str, str, PathRole]]:
    block = blocks().get(path)
    if block is None:
        return
    roles = path_roles(block)
    for name, value in node.items():
        key = child_key(shown, name)
        if name in roles:
            if node.text(name) is not None:
                yield node, name, key, roles[name]
        elif isinstance(value, MappingNode):
            yield from _paths_of(value, child_key(path, name), key)
        elif isinstance(value, SequenceNode):
            for index, item in enumerate(value):
                if isinstance(item, MappingNode):
                    yield from _paths_of(item, child_key(path, name), f"{key}[{index}]")
