"""Bytes of a config file to a tree of nodes that know their line and column.

In: a path, then bytes. Out: the text and its nodes, or a ConfigError. Rule: nothing that a stranger's file holds costs
more than its few megabytes: size, depth and what aliases expand to are capped, and duplicate keys are never swallowed.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from exfig_rx.config.excerpt import START, Mark, SourceText
from exfig_rx.config.nodes import MappingNode, SequenceNode
from exfig_rx.config.syntax import explain
from exfig_rx.config.tree import MAX_DEPTH, MAX_NODES, UNTAGGED, TreeReader, too_deep, too_many
from exfig_rx.errors import ConfigError
from exfig_rx.model import Location, Problem

MAX_BYTES = 5_000_000
_BYTE_ORDER_MARK = "\ufeff"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Document:
    """A config's text, its top mapping, and what is wrong with it as YAML (duplicate keys and the like)."""

    source: SourceText
    root: MappingNode
    problems: tuple[Problem, ...]


def read_source(path: str, label: str) -> bytes:
    """The bytes of the file at `path`, which people know as `label`. Raises ConfigError; reads at most `MAX_BYTES`."""
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            _reject("config.is-directory", "this is a directory, not a config file", "Name a file inside it.", label)
        if not stat.S_ISREG(kind):
            _reject("config.not-a-file", "this is not a regular file", "Save the config as an ordinary file.", label)
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        hint = "Check the permissions of the file." if isinstance(error, PermissionError) else ""
        _reject("config.unreadable", f"can't read this file: {error.strerror or error}", hint, label)
    if len(data) > MAX_BYTES:
        _reject_size(label)
    return data


def read_document(data: bytes, label: str) -> Document:
    """The tree of a YAML text in UTF-8. Raises ConfigError when there is no mapping to go on with."""
    if len(data) > MAX_BYTES:
        _reject_size(label)
    source = SourceText(label, _decoded(data, label))
    top = _composed(source)
    if top is None or (isinstance(top, yaml.ScalarNode) and not top.value and not top.style):
        hint = "A config has at least one section, such as `ios:`."
        raise ConfigError(source.problem("config.empty", "this file is empty", hint, at=START))
    reader = TreeReader(source)
    root = reader.read(top)
    if not isinstance(root, MappingNode):
        found = "a list" if isinstance(root, SequenceNode) else "a single value"
        hint = "A config begins with keys such as `figma:`, `common:` or `ios:`, without dashes before them."
        raise ConfigError(
            source.problem("config.not-a-mapping", f"expected a mapping at the top, found {found}", hint, at=root.mark)
        )
    return Document(source, root, tuple(reader.problems))


def _decoded(data: bytes, label: str) -> str:
    try:
        return data.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        text = SourceText(label, data.decode("utf-8", errors="replace").removeprefix(_BYTE_ORDER_MARK))
        place = text.place(len(data[: error.start].decode("utf-8").removeprefix(_BYTE_ORDER_MARK)))
        wide = data.startswith(_UTF_16)
        message = (
            "this file is UTF-16, not UTF-8"
            if wide
            else f"not UTF-8: the byte 0x{data[error.start]:02x} can't stand here"
        )
        problem = text.problem("config.not-utf8", message, "Save the file as UTF-8.", at=START if wide else place)
        raise ConfigError(problem) from None


class _Hooks:
    """What the composer asks about each node: nothing is resolved here, but depth and number are watched."""

    depth = 0
    nodes = 0

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return UNTAGGED

    def descend_resolver(self, parent: Any, index: Any) -> None:
        self.depth += 1
        self.nodes += 1
        if self.depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise _TooBigError(self.depth > MAX_DEPTH, parent.start_mark if parent is not None else START)

    def ascend_resolver(self) -> None:
        self.depth -= 1


class _TooBigError(Exception):
    def __init__(self, deep: bool, mark: Mark) -> None:
        super().__init__()
        self.deep = deep
        self.mark = mark


class _PythonComposer(_Hooks, yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser, yaml.composer.Composer):
    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)
        yaml.composer.Composer.__init__(self)


try:
    from yaml._yaml import CParser

    class _FastComposer(_Hooks, CParser):
        """libyaml's parser; its recursion has no limit of its own, the hooks stop it before the stack ends."""

    _Composer: Any = _FastComposer
except ImportError:  # PyYAML was built without libyaml
    _Composer = _PythonComposer


def _composed(source: SourceText) -> "yaml.Node | None":
    try:
        composer = _Composer(source.text)
        try:
            root: yaml.Node | None = composer.get_single_node()
            return root
        finally:
            composer.dispose()
    except _TooBigError as error:
        raise ConfigError((too_deep if error.deep else too_many)(source, error.mark)) from None
    except yaml.YAMLError as error:
        raise ConfigError(explain(error, source)) from None


def _reject(code: str, message: str, hint: str, label: str) -> NoReturn:
    raise ConfigError(Problem(code, message, hint, Location(label)))


def _reject_size(label: str) -> NoReturn:
    message = f"this file is larger than {MAX_BYTES // 1_000_000} MB"
    _reject("config.too-large", message, "A config has a few kilobytes; is this another kind of file?", label)
