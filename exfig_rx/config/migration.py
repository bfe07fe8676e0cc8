"""A config of an older tool in today's spelling: text to text, and what was changed.

In: the bytes of a config. Out: the new text, and a note for each change. Rules: what is changed and how follows from
the rules of `dialect`, so that a migrated config means what the old one did, which is checked; every other byte stays
as it is; a secret is left out, wherever its text stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from exfig_rx.config.dialect import CREDENTIAL_IN_FILE, RULES, Dropped, Refused, Renamed, Rule, in_our_spelling
from exfig_rx.config.excerpt import START, Mark, SourceText, without_tokens
from exfig_rx.config.findings import Findings
from exfig_rx.config.foreign import foreign, is_free
from exfig_rx.config.layout import Edit, Entry, Layout, edited
from exfig_rx.config.nodes import MappingNode, Node, Scalar, SequenceNode, child_key
from exfig_rx.config.source import Document, read_document
from exfig_rx.config.syntax import explain
from exfig_rx.errors import ConfigError
from exfig_rx.model import Problem

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_IN_PLACE_OF_SECRETS = "REMOVED"
_SHORTEST_SECRET = 8
"""Shorter texts may stand elsewhere by chance, and are no tokens."""


@dataclass(frozen=True, slots=True)
class Migration:
    """The new config, and what is new in it; a note that begins with `left` names what was not changed."""

    data: bytes
    notes: tuple[Problem, ...]


def migrate(data: bytes, label: str) -> Migration:
    """`data`, which people know as `label`, in today's spelling. Raises ConfigError for what is no config."""
    document = read_document(data, label)
    if (other := foreign(document.root, document.source)) is not None:
        raise ConfigError(other)
    if document.problems:
        raise ConfigError(*document.problems)
    rewriting = _Rewriting(document)
    text = rewriting.text()
    _check(document, text)
    without = rewriting.without_secrets(text)
    mark = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b""
    return Migration(mark + without.encode(), tuple(rewriting.notes))


@dataclass(frozen=True, slots=True)
class _Use:
    """A key in a block that the config describes: `key` is its path, `rule` what the dialect makes of it, if anything.

    `clashes`: today's spelling stands in the same block, too.
    """

    name: str
    key: str
    mark: Mark
    value: Node
    rule: Rule | None
    clashes: bool


@dataclass(slots=True)
class _Rewriting:
    document: Document
    notes: list[Problem] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    edits: list[Edit] = field(default_factory=list)
    gone: list[Entry] = field(default_factory=list)

    @property
    def source(self) -> SourceText:
        return self.document.source

    def text(self) -> str:
        """The new text; fills `notes`."""
        try:
            layout = Layout(self.source.text)
        except yaml.YAMLError as error:
            raise ConfigError(explain(error, self.source)) from None
        for uses in _by_place(self.document.root):
            if any(use.rule is not None for use in uses):
                self._rewrite(uses, layout)
        by_mapping: dict[int, set[Entry]] = {}
        for entry in self.gone:
            by_mapping.setdefault(id(entry.siblings), set()).add(entry)
        removals = [edit for entries in by_mapping.values() for edit in layout.without(entries)]
        kept = [edit for edit in self.edits if not any(gone.start <= edit.start < gone.end for gone in self.gone)]
        return edited(self.source.text, [*kept, *removals])

    def without_secrets(self, text: str) -> str:
        """`text` without tokens: comments and other keys may repeat one. Fills `notes`."""
        masked = text
        for secret in sorted(self.secrets, key=len, reverse=True):
            if len(secret) >= _SHORTEST_SECRET:
                masked = masked.replace(secret, _IN_PLACE_OF_SECRETS)
        masked = without_tokens(masked, _IN_PLACE_OF_SECRETS)
        if masked != text:
            message = f"a token stands in other places, too; there it is {_IN_PLACE_OF_SECRETS} now"
            self.notes.append(self.source.problem("migration.change", message, at=START))
        return masked

    def _rewrite(self, uses: list[_Use], layout: Layout) -> None:
        """One key of the text, which may be used in several places through anchors."""
        use = next(use for use in uses if use.rule is not None)
        entry = layout.entry(use.mark)
        if isinstance(use.rule, Refused) and use.rule.message == CREDENTIAL_IN_FILE:
            self.secrets.update(_texts(use.value))
        if entry is None or any(other.rule != use.rule for other in uses):
            self._tell(use, f"left: what {use.name} stands for depends on where its anchor is used", "Write it out.")
            return
        match use.rule:
            case Renamed(new, convert) if not any(other.clashes for other in uses):
                self._rename(use, entry, layout, new, convert(use.value))
            case Dropped(why):
                self._remove(use, entry, layout, f"removed {use.name}, which has no effect: {why}")
            case Refused(message=message, hint=hint) if message == CREDENTIAL_IN_FILE:
                self._remove(use, entry, layout, f"removed {use.name}: {message}", hint)

    def _rename(self, use: _Use, entry: Entry, layout: Layout, new: str, value: Node | None) -> None:
        if value is None:
            self._remove(use, entry, layout, f"removed {use.name}, which asked for what is the default")
            return
        name = layout.renamed(entry, new)
        if value is use.value:
            self.edits.append(name)
            self._tell(use, f"{use.name} is now {new}")
            return
        written = _written(value)
        start = entry.end if entry.value is None else entry.value
        if (anchor := layout.anchor_in_use(start, entry.end)) is not None:
            self._tell_anchored(use, anchor)
            return
        self.edits += [name, layout.revalued(entry, written)]
        self._tell(use, f"{use.name} is now {new}: {written}")

    def _remove(self, use: _Use, entry: Entry, layout: Layout, message: str, hint: str = "") -> None:
        if (anchor := layout.anchor_in_use(entry.start, entry.end)) is not None:
            self._tell_anchored(use, anchor)
            return
        self.gone.append(entry)
        self._tell(use, message, hint)

    def _tell_anchored(self, use: _Use, anchor: str) -> None:
        self._tell(use, f"left: {use.name} holds the anchor &{anchor}, which is used elsewhere", "Move the anchor.")

    def _tell(self, use: _Use, message: str, hint: str = "") -> None:
        problem = self.source.problem("migration.change", message, hint, at=use.mark, key=use.key)
        self.notes.append(problem)


def _by_place(root: MappingNode) -> list[list[_Use]]:
    """The uses of each key of the text, in source order."""
    found: dict[tuple[int, int], list[_Use]] = {}
    for use in _uses(root, "", ""):
        found.setdefault((use.mark.line, use.mark.column), []).append(use)
    return [found[place] for place in sorted(found)]


def _uses(node: MappingNode, path: str, shown: str) -> Iterator[_Use]:
    rules = RULES.get(path, {})
    for name, value in node.items():
        if not path and is_free(name):
            continue
        rule = rules.get(name)
        clashes = isinstance(rule, Renamed) and rule.new in node
        yield _Use(name, child_key(shown, name), node.marks[name], value, rule, clashes)
        inner, inner_shown = child_key(path, name), child_key(shown, name)
        if isinstance(value, MappingNode):
            yield from _uses(value, inner, inner_shown)
        elif isinstance(value, SequenceNode):
            for index, item in enumerate(value):
                if isinstance(item, MappingNode):
                    yield from _uses(item, inner, f"{inner_shown}[{index}]")


def _check(document: Document, text: str) -> None:
    """The new text means what the old one did. Raises ConfigError."""
    try:
        same = _meaning(read_document(text.encode(), document.source.label)) == _meaning(document)
    except ConfigError:
        same = False
    if not same:
        message = "this config can't be rewritten without changing what it means"
        hint = "Keys of merged blocks (`<<`) may be in the way: exfig validate names what is to be written anew."
        raise ConfigError(document.source.problem("migration.not-safe", message, hint, at=document.root.mark))


def _meaning(document: Document) -> Any:
    """The config in today's spelling as plain values, without secrets, and which keys have two spellings."""
    findings = Findings(document.source)
    ours = in_our_spelling(document.root, findings)
    doubled = {problem.location for problem in findings.errors if problem.code == "config.two-spellings"}
    keys = {location.key for location in doubled if location is not None}
    return {key: _plain(value) for key, value in ours.items() if not is_free(key)}, keys


def _plain(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node]
    return node.text, bool(node.style)


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield from (node.text, *node.text.split())


def _written(node: Node) -> str:
    """A converted value as YAML."""
    if isinstance(node, Scalar):
        escaped = node.text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"' if node.style else node.text
    if isinstance(node, SequenceNode):
        return f"[{', '.join(map(_written, node))}]"
    raise TypeError("no rule makes a mapping")
