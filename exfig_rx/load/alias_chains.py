"""From aliases to values: what a variable holds in a mode, through collections, their extensions and files.

In: the variables of files by key, a collection and one of its modes. Out: a value with the chain of variables that
leads to it, or why there is none. Rule: every collection has one mode at a time, as on a canvas: the one that is asked
for has the mode that is asked for, every other one `primitives_mode`, else the mode of the same name, else its default;
so no value ever comes from a mode that nobody meant.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from unicodedata import normalize

from exfig_rx.load.wording import quoted
from exfig_rx.model import Rgba
from exfig_rx.variables import Alias, FileVariables, Variable, VariableCollection, VariableMode, VariableValue

LONGEST_CHAIN = 64
"""Variables that one chain may have; designs have three or four."""

_LONGEST_PATH = 10

PlainValue: TypeAlias = Rgba | bool | float | str
"""What is at the end of a chain."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A variable of a chain, and the file that lists it; one and the same object wherever a `Resolver` meets it."""

    file_key: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value; `chain` begins with the variable that was asked for and ends with the one that holds the value.

    A chain of one has no alias. A library's own variable that stands in for a dead copy of it stands in the chain, too.
    """

    value: PlainValue
    chain: tuple[Step, ...]

    @property
    def path(self) -> str:
        """The chain for people: `a -> b -> c`."""
        return _path(self.chain)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Why there is no value, as the end of a sentence; `code` is one of `alias-cycle`, `alias-depth`, `alias-target`
    and `no-value`. `chain` ends where it went wrong, `missing_id` is the target that nobody has.
    """

    code: str
    reason: str
    chain: tuple[Step, ...]
    missing_id: str = ""

    @property
    def path(self) -> str:
        """The chain for people: `a -> b -> VariableID:1:2`."""
        return _path(self.chain, self.missing_id)


Resolution: TypeAlias = Resolved | Unresolved


class Resolver:
    """Follows aliases from the file `home` through `files`, which may hold the libraries that it uses.

    A variable is looked for in the answer that refers to it, then, by its key, in the other files.
    """

    def __init__(self, files: Mapping[str, FileVariables], home: str, primitives_mode: str | None = None) -> None:
        self._files = files
        self._home = home
        self._primitives = None if primitives_mode is None else normalize("NFC", primitives_mode)
        self._steps: dict[tuple[str, str], Step] = {}
        self._columns: dict[tuple[str, str, str | None], Column] = {}
        self._originals: dict[str, tuple[str, str]] | None = None
        self._parents: dict[str, tuple[str, VariableCollection]] | None = None

    def value(self, variable: Variable, mode_id: str) -> Resolution:
        """What `variable` of the file `home` holds in a mode of its own collection; any type of variable."""
        step = self.find(self._home, variable.id) or Step(self._home, variable)
        collection = self.collection_of(step)
        if collection is None:
            return _no_collection(step)
        return self.column(collection, mode_id).value(step)

    def column(self, collection: VariableCollection, mode_id: str, name: str | None = None) -> "Column":
        """One mode of a collection of the file `home`, an extension included.

        `name` is what the modes of other collections are called then, where it is not the name of this one.
        """
        key = (collection.id, mode_id, name)
        if key not in self._columns:
            self._columns[key] = Column(self, (self._home, collection), mode_id, name)
        return self._columns[key]

    def variables(self, collection: VariableCollection) -> tuple[Step, ...]:
        """The variables of a collection of `home` in the order of Figma's table, then those only its parents list."""
        found = (self.find(file_key, id_) for file_key, id_ in self._ids(collection))
        return tuple({(step.file_key, step.variable.id): step for step in found if step is not None}.values())

    def unlisted(self, collection: VariableCollection) -> tuple[str, ...]:
        """The ids of a collection of `home` that no file knows a variable of."""
        ids = self._ids(collection)
        return tuple(dict.fromkeys(id_ for file_key, id_ in ids if self.find(file_key, id_) is None))

    def find(self, file_key: str, variable_id: str) -> Step | None:
        """The variable that a file means by an id; None if no file has it."""
        key = (file_key, variable_id)
        step = self._steps.get(key)
        if step is None:
            variable = self._files[file_key].variables.get(variable_id)
            step = Step(file_key, variable) if variable is not None else self.original(_key_in(variable_id))
            if step is not None:
                self._steps[key] = step
        return step

    def original(self, key: str) -> Step | None:
        """The variable of that key where it is at home; of several files the first by key."""
        if self._originals is None:
            self._originals = {}
            for file_key in sorted(self._files):
                for id_, variable in sorted(self._files[file_key].variables.items()):
                    if variable.key and not variable.is_remote:
                        self._originals.setdefault(variable.key, (file_key, id_))
        place = self._originals.get(key)
        return self.find(*place) if place is not None else None

    def lineage(self, file_key: str, collection: VariableCollection, mode_id: str) -> "tuple[Level, ...]":
        """The collection in a mode, then its parents, each in the mode that the extension's is of."""
        levels: list[Level] = []
        for file, level in self._generations(file_key, collection):
            if levels:
                mode = next((mode for mode in levels[-1].collection.modes if mode.id == mode_id), None)
                mode_id = _parent_mode(mode, level)
            levels.append(Level(file, level, mode_id, _overrides(level, mode_id)))
        return tuple(levels)

    def mode_of(self, collection: VariableCollection, name: str) -> str:
        """The id of the mode that a collection has while the mode called `name` is asked of another one."""
        by_name = {normalize("NFC", mode.name): mode.id for mode in reversed(collection.modes)}
        for wanted in (self._primitives, name):
            if wanted in by_name:
                return by_name[wanted]
        return collection.default_mode_id

    def collection_of(self, step: Step) -> VariableCollection | None:
        """The collection of a variable, in the same file."""
        return self._files[step.file_key].collections.get(step.variable.collection_id)

    def _ids(self, collection: VariableCollection) -> tuple[tuple[str, str], ...]:
        levels = self._generations(self._home, collection)
        return tuple(dict.fromkeys((file_key, id_) for file_key, level in levels for id_ in level.variable_ids))

    def _generations(self, file_key: str, collection: VariableCollection) -> Iterator[tuple[str, VariableCollection]]:
        """A collection and what it extends, each with its file, to the root; one that extends itself ends there."""
        seen: set[tuple[str, str]] = set()
        level: tuple[str, VariableCollection] | None = (file_key, collection)
        while level is not None and (level[0], level[1].id) not in seen:
            yield level
            seen.add((level[0], level[1].id))
            level = self._collection(level[0], level[1].parent_id)

    def _collection(self, file_key: str, collection_id: str) -> tuple[str, VariableCollection] | None:
        own = self._files[file_key].collections.get(collection_id)
        if own is not None or not collection_id:
            return (file_key, own) if own is not None else None
        if self._parents is None:
            self._parents = {}
            for file in sorted(self._files):
                for _, collection in sorted(self._files[file].collections.items()):
                    if collection.key and not collection.is_remote:
                        self._parents.setdefault(collection.key, (file, collection))
        return self._parents.get(_key_in(collection_id))


@dataclass(frozen=True, slots=True)
class Level:
    """A collection in a mode, with what an extension says otherwise in it, by variable id and by variable key."""

    file_key: str
    collection: VariableCollection
    mode_id: str
    overrides: Mapping[str, VariableValue]


class Column:
    """One mode of one collection: the values of all variables while it is chosen. Made by `Resolver.column`."""

    def __init__(
        self, resolver: Resolver, asked: tuple[str, VariableCollection], mode_id: str, name: str | None = None
    ) -> None:
        self._resolver = resolver
        self._levels = resolver.lineage(*asked, mode_id)
        if name is None:
            name = next((mode.name for mode in asked[1].modes if mode.id == mode_id), "")
        self._name = normalize("NFC", name)
        # Every level of the collection that is asked for has its mode, wherever a chain comes back to it.
        self._chosen: dict[tuple[str, str], Sequence[Level]] = {
            (level.file_key, level.collection.id): self._levels for level in self._levels
        }
        self._hops: dict[Step, PlainValue | Step | Unresolved] = {}
        # what stands for dead copies
        self._instead: dict[Step, Step] = {}

    def plain(self, step: Step) -> PlainValue | None:
        """What a variable holds, without its chain; None where `value` says why there is nothing."""
        for _ in range(LONGEST_CHAIN):
            ahead = self._hops.get(step)
            if ahead is None:
                ahead = self._hop(step)
            if not isinstance(ahead, Step):
                return None if isinstance(ahead, Unresolved) else ahead
            step = ahead
        return None

    def value(self, step: Step) -> Resolution:
        """What a variable holds, and the chain to it."""
        chain: dict[Step, None] = {}
        while True:
            ahead = self._hop(step)
            step = self._instead.get(step, step)
            if step in chain:
                return Unresolved("alias-cycle", "is an alias that leads back to itself", (*chain, step))
            chain[step] = None
            if isinstance(ahead, Unresolved):
                return replace(ahead, chain=tuple(chain))
            if not isinstance(ahead, Step):
                return Resolved(ahead, tuple(chain))
            if len(chain) == LONGEST_CHAIN:
                reason = f"is an alias over more than {LONGEST_CHAIN} variables"
                return Unresolved("alias-depth", reason, tuple(chain))
            step = ahead

    def _hop(self, step: Step) -> PlainValue | Step | Unresolved:
        """What is next after a variable; after a copy that is a dead end, what is next in the library's own file."""
        found = self._hops.get(step)
        if found is None:
            found = self._ahead(step)
            if isinstance(found, Unresolved) and step.variable.is_remote:
                own = self._resolver.original(step.variable.key)
                if own is not None:
                    self._instead[step] = own
                    found = self._ahead(own)
            self._hops[step] = found
        return found

    def _ahead(self, step: Step) -> PlainValue | Step | Unresolved:
        """What a variable itself holds, an alias as the variable that it means."""
        variable = step.variable
        levels = self._chosen.get((step.file_key, variable.collection_id)) or self._choose(step)
        if not levels:
            return _no_collection(step)
        for level in levels:
            # Files count their ids alike: only a key says the same in all of them.
            is_here = level.file_key == step.file_key
            value = level.overrides.get(variable.id if is_here else variable.key)
            if value is None and is_here:
                value = variable.values.get(level.mode_id)
            if value is not None:
                if not isinstance(value, Alias):
                    return value
                target = self._resolver.find(level.file_key, value.id)
                if target is None:
                    reason = "is an alias to a variable that Figma's answer does not list"
                    return Unresolved("alias-target", reason, (), value.id)
                return target
        first = levels[0]
        mode = next((mode.name for mode in first.collection.modes if mode.id == first.mode_id), first.mode_id)
        return Unresolved("no-value", f"has no value in mode {quoted(mode)} of {quoted(first.collection.name)}", ())

    def _choose(self, step: Step) -> Sequence[Level]:
        """The mode of a collection that a chain meets for the first time; nothing where Figma lists no collection."""
        collection = self._resolver.collection_of(step)
        if collection is None:
            return ()
        mode_id = self._resolver.mode_of(collection, self._name)
        levels = self._resolver.lineage(step.file_key, collection, mode_id)
        self._chosen[step.file_key, collection.id] = levels
        return levels


def _no_collection(step: Step) -> Unresolved:
    return Unresolved("no-value", "belongs to a collection that Figma's answer does not list", (step,))


def _parent_mode(mode: VariableMode | None, parent: VariableCollection) -> str:
    """The id of the parent's mode that an extension's mode is of: the one it names, else the one of the same name."""
    if mode is None:
        return ""
    if any(own.id == mode.parent_id for own in parent.modes):
        return mode.parent_id
    return next((own.id for own in parent.modes if own.name == mode.name), "")


def _overrides(collection: VariableCollection, mode_id: str) -> dict[str, VariableValue]:
    """What an extension says otherwise in a mode; the key of a variable is the same in every file, its id is not."""
    found: dict[str, VariableValue] = {}
    for id_, values in collection.overrides.items():
        if mode_id in values:
            found[id_] = values[mode_id]
            if key := _key_in(id_):
                found[key] = values[mode_id]
    return found


def _key_in(id_: str) -> str:
    """The key in an id of another library, `VariableID:<key>/1:2`; empty in others."""
    key, slash, _ = id_.partition(":")[2].partition("/")
    return key if slash else ""


def _path(chain: Sequence[Step], missing_id: str = "") -> str:
    """Names with arrows, the middle of a long chain cut out; a variable of another file with the key of it."""
    home = chain[0].file_key
    names = [
        quoted(step.variable.name)[1:-1] + (f" (file {step.file_key})" if step.file_key != home else "")
        for step in chain
    ]
    if len(names) > _LONGEST_PATH:
        half = _LONGEST_PATH // 2
        names = [*names[:half], f"… {len(names) - 2 * half} more …", *names[-half:]]
    return " -> ".join([*names, missing_id] if missing_id else names)
