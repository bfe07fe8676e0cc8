"""Where the entries of a YAML text stand, and how to change one without touching a byte of another.

In: a text that the parser took. Out: entries by the place of their key; edits that rename a key, replace a value, or
remove entries. Rule: all comments outside of what is removed stay, and what is left is YAML still.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

import yaml

from exfig_rx.config.excerpt import Mark


class Edit(NamedTuple):
    """Put `text` in place of the characters from `start` to before `end`."""

    start: int
    end: int
    text: str


class Form(Enum):
    """How a mapping is written: a line for each key, `{a: 1}`, or the one pair `[a: 1]` without braces."""

    BLOCK = auto()
    FLOW = auto()
    PAIR = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A key and its value: characters from `start` to before `end`, the key to before `key_end`.

    `value` is where the value begins, None without one. `siblings` are all entries of the mapping, this one among them.
    """

    start: int
    key_end: int
    value: int | None
    end: int
    form: Form
    siblings: Sequence["Entry"] = field(repr=False)


def edited(text: str, edits: Sequence[Edit]) -> str:
    """`text` with all `edits` made; none overlaps another."""
    parts, done = [], 0
    for edit in sorted(edits):
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, text[done:]])


class Layout:
    """The entries of one text. Raises yaml.YAMLError if it is no YAML."""

    def __init__(self, text: str) -> None:
        self.text = text
        tokens = yaml.scan(text, Loader=yaml.SafeLoader)
        self._tokens = [token for token in tokens if token.end_mark.index > token.start_mark.index]
        self._starts = [token.start_mark.index for token in self._tokens]
        self._entries: dict[tuple[int, int], Entry] = {}
        top = yaml.compose(text, Loader=yaml.SafeLoader)
        for mapping in _mappings(top):
            self._add(mapping)

    def entry(self, key: Mark) -> Entry | None:
        """The entry whose key stands at that mark."""
        return self._entries.get((key.line, key.column))

    def anchor_in_use(self, start: int, end: int) -> str | None:
        """The name of an anchor between `start` and `end` that an alias elsewhere stands for."""
        inside = {t.value for t in self._between(start, end) if isinstance(t, yaml.AnchorToken)}
        if not inside:
            return None
        outside = (
            t.value for t in self._tokens if isinstance(t, yaml.AliasToken) and not start <= t.start_mark.index < end
        )
        return next((name for name in outside if name in inside), None)

    def renamed(self, entry: Entry, key: str) -> Edit:
        """The key under another name."""
        return Edit(entry.start, entry.key_end, key)

    def revalued(self, entry: Entry, value: str) -> Edit:
        """The value written anew."""
        if entry.value is None:
            return Edit(entry.end, entry.end, f" {value}")
        return Edit(entry.value, entry.end, value)

    def without(self, gone: Collection[Entry]) -> list[Edit]:
        """The edits that take away some entries of one mapping."""
        siblings = next(iter(gone)).siblings
        kept = [entry for entry in siblings if entry not in gone]
        removed = [entry for entry in siblings if entry in gone]
        if removed[0].form is Form.FLOW:
            return self._without_in_flow(removed, kept)
        if not kept:
            # A block that has lost all its keys is empty, not absent.
            first, *others = removed
            return [Edit(first.start, first.end, "{}"), *map(self._line_of, others)]
        return self._without_in_block(removed, kept)

    def _without_in_block(self, removed: Sequence[Entry], kept: Sequence[Entry]) -> list[Edit]:
        first = removed[0]
        if not self._indent(first).isspace() and self._indent(first):  # after the dash of a list
            following = next(entry for entry in kept if entry.start > first.start)
            between = [entry for entry in removed if entry.start < following.start]
            if not self._rest(first.start, following.start, between).strip():
                others = [entry for entry in removed if entry not in between]
                return [Edit(first.start, following.start, ""), *map(self._line_of, others)]
        return list(map(self._line_of, removed))

    def _without_in_flow(self, removed: Sequence[Entry], kept: Sequence[Entry]) -> list[Edit]:
        last_kept = kept[-1] if kept else None
        tail = [entry for entry in removed if last_kept is None or entry.start > last_kept.start]
        edits = [self._with_comma(entry) for entry in removed if entry not in tail]
        if tail and last_kept is not None and not self._rest(last_kept.end, tail[-1].end, tail).strip(", \t\r\n"):
            return [*edits, Edit(last_kept.end, tail[-1].end, "")]
        return [*edits, *map(self._with_comma, tail)]

    def _with_comma(self, entry: Entry) -> Edit:
        """An entry of a flow mapping and the comma after it, and the blanks up to the next entry."""
        comma = re.compile(r"\s*,").match(self.text, entry.end)
        end = comma.end() if comma else entry.end
        following = next((other.start for other in entry.siblings if other.start >= end), end)
        return Edit(entry.start, following if not self.text[end:following].strip() else end, "")

    def _line_of(self, entry: Entry) -> Edit:
        """The lines of an entry of a block mapping; of the last one, a comment stays."""
        indent = self._indent(entry)
        line_end = self.text.find("\n", entry.end)
        line_end = len(self.text) if line_end < 0 else line_end
        comment = self.text[entry.end : line_end]
        if comment.strip():
            return Edit(entry.start, entry.end + len(comment) - len(comment.lstrip()), "")
        if indent.strip():
            return Edit(entry.start, entry.end, "")
        return Edit(entry.start - len(indent), min(line_end + 1, len(self.text)), "")

    def _indent(self, entry: Entry) -> str:
        return self.text[self.text.rfind("\n", 0, entry.start) + 1 : entry.start]

    def _rest(self, start: int, end: int, entries: Sequence[Entry]) -> str:
        """What stands between `start` and `end` beside `entries`."""
        return edited(self.text[:end], [Edit(entry.start, entry.end, "") for entry in entries])[start:]

    def _add(self, mapping: yaml.MappingNode) -> None:
        form = Form.BLOCK
        if mapping.flow_style:
            form = Form.FLOW if self.text[mapping.end_mark.index - 1] == "}" else Form.PAIR
        starts = [key.start_mark.index for key, _ in mapping.value]
        bounds = [*starts[1:], mapping.end_mark.index - (form is Form.FLOW)][: len(starts)]
        entries: list[Entry] = []
        for (key, _), bound in zip(mapping.value, bounds, strict=True):
            tokens = self._between(key.start_mark.index, bound)
            if not tokens:  # the key is an alias, which no rule knows
                return
            if form is Form.FLOW and len(tokens) > 1 and isinstance(tokens[-1], yaml.FlowEntryToken):
                tokens = tokens[:-1]
            start, last = tokens[0].start_mark.index, tokens[-1]
            written = self.text[
                last.start_mark.index : last.end_mark.index
            ].rstrip()  # of a block scalar, no blank lines
            after_colon = [i for i, token in enumerate(tokens) if isinstance(token, yaml.ValueToken)][:1]
            value = tokens[after_colon[0] + 1 : after_colon[0] + 2] if after_colon else []
            entries.append(
                Entry(
                    start,
                    key.end_mark.index,
                    value[0].start_mark.index if value else None,
                    last.start_mark.index + len(written),
                    form,
                    entries,
                )
            )
            self._entries[key.start_mark.line, key.start_mark.column] = entries[-1]

    def _between(self, start: int, end: int) -> Sequence[yaml.Token]:
        return self._tokens[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


def _mappings(top: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    """Every mapping once, those behind anchors too."""
    pending: list[yaml.Node] = [top] if top is not None else []
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield node
            pending += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            pending += node.value
