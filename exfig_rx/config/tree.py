"""The parser's nodes to ours: aliases shared, merges resolved, duplicate keys reported.

In: a composed YAML document. Out: the top node, and what is wrong with it. Rule: an alias costs nothing here, but what
it stands for is counted each time it is used, so a tree that would explode is refused before anyone walks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from exfig_rx.config.excerpt import Mark, SourceText, quoted
from exfig_rx.config.findings import MOST_PROBLEMS
from exfig_rx.config.nodes import MappingNode, Node, Scalar, SequenceNode, child_key
from exfig_rx.errors import ConfigError
from exfig_rx.model import Problem

MAX_NODES = 100_000
"""Values a document may have, each alias counted as often as it is used."""

MAX_DEPTH = 64

UNTAGGED = "?"
"""The tag that the composer gives to nodes without one."""

_YAML = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset((UNTAGGED, "!", *(_YAML + name for name in ("int", "float", "bool", "null", "map", "seq"))))
_TEXT_TAG = _YAML + "str"
_MERGE = "<<"


def too_many(source: SourceText, at: Mark) -> Problem:
    """A document with more than `MAX_NODES` values."""
    message = f"more than {MAX_NODES:,} values, aliases counted each time they are used"
    hint = "A config has a few hundred. Aliases of aliases multiply: write out what is meant."
    return source.problem("config.too-many-values", message, hint, at=at)


def too_deep(source: SourceText, at: Mark) -> Problem:
    """A document whose values are nested more than `MAX_DEPTH` levels deep."""
    message = f"nested more than {MAX_DEPTH} levels deep"
    return source.problem("config.too-deep", message, "A config needs about six levels.", at=at)


@dataclass(slots=True)
class _Read:
    node: Node
    size: int
    depth: int


class TreeReader:
    """Turns composed nodes into ours; `problems` collects what can be told without knowing any key."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._done: dict[int, _Read | None] = {}
        self._merged = 0
        self.problems: list[Problem] = []

    def read(self, top: yaml.Node) -> Node:
        """The whole tree. Raises ConfigError if it is too large, too deep, or contains itself."""
        return self._read(top, "").node

    def _read(self, raw: yaml.Node, key: str) -> _Read:
        if isinstance(raw, yaml.ScalarNode):
            return _Read(self._scalar(raw, key), 1, 1)
        known = self._done.get(id(raw), _MISSING)
        if known is None:
            message = "an anchor that contains itself"
            problem = self._source.problem(
                "config.endless-alias", message, "Remove the alias.", at=raw.start_mark, key=key
            )
            raise ConfigError(problem)
        if known is not _MISSING:
            return known
        self._done[id(raw)] = None
        read = self._collection(raw, key)
        if read.size > MAX_NODES:
            raise ConfigError(too_many(self._source, raw.start_mark))
        if read.depth > MAX_DEPTH:
            raise ConfigError(too_deep(self._source, raw.start_mark))
        self._done[id(raw)] = read
        return read

    def _scalar(self, raw: yaml.ScalarNode, key: str) -> Scalar:
        tag = raw.tag
        if tag == _TEXT_TAG:
            return Scalar(raw.value, raw.style or '"', raw.start_mark)
        if tag not in _PLAIN_TAGS:
            self._unknown_tag(raw, key)
        return Scalar(raw.value, raw.style or "", raw.start_mark)

    def _collection(self, raw: yaml.Node, key: str) -> _Read:
        if raw.tag not in _PLAIN_TAGS:
            self._unknown_tag(raw, key)
        if isinstance(raw, yaml.SequenceNode):
            items = [self._read(item, f"{key}[{index}]") for index, item in enumerate(raw.value)]
            return _grown(SequenceNode([item.node for item in items], raw.start_mark), items)
        return self._mapping(raw, key)

    def _mapping(self, raw: yaml.Node, path: str) -> _Read:
        values: dict[str, Node] = {}
        marks: dict[str, Mark] = {}
        reads: list[_Read] = []
        merged: _Read | None = None
        for raw_key, raw_value in raw.value:
            name = raw_key.value
            if not isinstance(raw_key, yaml.ScalarNode):
                message = (
                    f"a key is a word, found {'a list' if isinstance(raw_key, yaml.SequenceNode) else 'a mapping'}"
                )
                hint = "Put quotes around a value that begins with [ or {."
                self._report("config.odd-key", message, hint, raw_key.start_mark, path)
                continue
            if name in marks:
                self._duplicate(name, marks[name], raw_key.start_mark, path)
                continue
            marks[name] = raw_key.start_mark
            read = self._read(raw_value, child_key(path, name))
            reads.append(read)
            if name == _MERGE and not raw_key.style:
                merged = read
            else:
                values[name] = read.node
        if merged is not None:
            place = marks.pop(_MERGE)
            for source in self._merge_sources(merged.node, place, path):
                self._count_merged(source)
                for name, value in source.items():
                    if name not in values:
                        values[name], marks[name] = value, source.marks[name]
        return _grown(MappingNode(values.items(), raw.start_mark, marks), reads)

    def _count_merged(self, source: MappingNode) -> None:
        """A merge copies keys, so what all merges copy is capped as they go, not when the tree is done."""
        self._merged += len(source)
        if self._merged > MAX_NODES:
            raise ConfigError(too_many(self._source, source.mark))

    def _merge_sources(self, node: Node, at: Mark, path: str) -> Iterator[MappingNode]:
        for source in node if isinstance(node, SequenceNode) else (node,):
            if isinstance(source, MappingNode):
                yield source
            else:
                message, hint = (
                    "`<<` takes a mapping, or a list of mappings",
                    "Write `<<: *name` with the anchor of a mapping.",
                )
                self._report("config.odd-merge", message, hint, at, child_key(path, _MERGE))

    def _duplicate(self, name: str, first: Mark, second: Mark, path: str) -> None:
        message = f"the key {quoted(name)} stands here twice, first in line {first.line + 1}, column {first.column + 1}"
        hint = "Keep one of them." if name != _MERGE else "Write one `<<: [*first, *second]`."
        self._report("config.duplicate-key", message, hint, second, child_key(path, name))

    def _unknown_tag(self, raw: yaml.Node, key: str) -> None:
        tag = raw.tag.replace(_YAML, "!!")
        self._report(
            "config.odd-tag", f"the YAML tag {tag} means nothing in a config", "Remove it.", raw.start_mark, key
        )

    def _report(self, code: str, message: str, hint: str, at: Mark, key: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(self._source.problem(code, message, hint, at=at, key=key))


_MISSING = _Read(SequenceNode((), None), 0, 0)  # type: ignore[arg-type]


def _grown(node: Node, parts: list[_Read]) -> _Read:
    size = 1 + sum(part.size for part in parts)
    return _Read(node, size, 1 + max((part.depth for part in parts), default=0))
