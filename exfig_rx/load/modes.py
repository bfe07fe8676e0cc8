"""Which collection of a file a config means, and which of its modes: by their exact names.

In: the variables of a file and a `VariablesSource`. Out: a collection, and its modes for light, dark and high contrast.
Rule: a name that means nothing, or more than one thing, is an error that lists what there is; no mode ever stands in
for another.
"""

from collections.abc import Iterable, Sequence
from unicodedata import normalize

from exfig_rx.config.nearest import nearest_word
from exfig_rx.config.schema import VariablesSource
from exfig_rx.errors import DesignError
from exfig_rx.load.pairing import Mode, Subject
from exfig_rx.load.wording import counted, listed, quoted
from exfig_rx.model import Location, Problem
from exfig_rx.variables import FileVariables, VariableCollection, VariableMode

KEYS = {
    Mode.LIGHT: "lightModeName",
    Mode.DARK: "darkModeName",
    Mode.LIGHT_HC: "lightHCModeName",
    Mode.DARK_HC: "darkHCModeName",
}
"""The config's key for the name of each mode."""


def named_collection(file: FileVariables, name: str, subject: Subject) -> VariableCollection:
    """The collection of that name, copies of libraries only where the file has none of its own.

    Raises DesignError if there is none, or if several are as good as each other.
    """
    same = [item for item in _in_order(file) if _is_called(name, item.name)]
    found = [item for item in same if not item.is_remote] or same
    if len(found) == 1:
        return found[0]
    where = Location(key=subject.entry_key, figma_file=file.file_key)
    if not found:
        message = f"collection {quoted(name)} not found in file {file.file_key}: it has {_collections(file)}"
        names = [item.name for item in _in_order(file)]
        hint = _meant(name, names, "set tokensCollectionName") if names else "is it the right file in tokensFileId?"
        raise DesignError(Problem("design.unknown-collection", message, hint, where))
    places = [
        f"{item.id} ({counted(len(item.variable_ids), 'variable')}, modes {_names(item.modes)})" for item in found
    ]
    whose = "of libraries " if found[0].is_remote else ""
    message = f"{len(found)} collections {whose}in file {file.file_key} are called {quoted(name)}: {listed(places)}"
    hint = "rename all but one in Figma"
    if found[0].is_remote:
        hint = "set tokensFileId to the file of the library whose collection is meant"
    raise DesignError(Problem("design.ambiguous-collection", message, hint, where))


def named_modes(collection: VariableCollection, source: VariablesSource, subject: Subject) -> dict[Mode, VariableMode]:
    """The modes that `source` names. Raises DesignError with a problem for each name that is not exactly one mode."""
    found: dict[Mode, VariableMode] = {}
    problems = []
    where = Location(key=subject.entry_key, figma_file=source.tokens_file_id)
    for mode, name in configured_modes(source).items():
        same = [item for item in collection.modes if _is_called(name, item.name)]
        if len(same) == 1:
            found[mode] = same[0]
        elif same:
            ids = listed([item.id for item in same])
            message = f"{len(same)} modes of collection {quoted(collection.name)} are called {quoted(name)}: {ids}"
            problems.append(Problem("design.ambiguous-mode", message, "rename all but one in Figma", where))
        else:
            problems.append(_unknown_mode(mode, name, collection, source, where))
    if problems:
        raise DesignError(*problems)
    return found


def configured_modes(source: VariablesSource) -> dict[Mode, str]:
    """The names of the modes that a source asks for."""
    names = {
        Mode.LIGHT: source.light_mode_name,
        Mode.DARK: source.dark_mode_name,
        Mode.LIGHT_HC: source.light_hc_mode_name,
        Mode.DARK_HC: source.dark_hc_mode_name,
    }
    return {mode: name for mode, name in names.items() if name is not None}


def unknown_primitives(files: Iterable[FileVariables], name: str | None, subject: Subject) -> tuple[Problem, ...]:
    """A warning about a `primitivesModeName` that no collection has: every alias then goes to another mode."""
    modes = {mode.name: None for file in files for item in _in_order(file) for mode in item.modes}
    if name is None or any(_is_called(name, mode) for mode in modes):
        return ()
    return (
        Problem(
            "design.unknown-primitives-mode",
            f"no collection has the mode {quoted(name)} of primitivesModeName; modes are {_listed(modes)}",
            _meant(name, modes, "set primitivesModeName"),
            Location(key=subject.entry_key),
        ),
    )


def _unknown_mode(
    mode: Mode, name: str, collection: VariableCollection, source: VariablesSource, where: Location
) -> Problem:
    hint = _meant(name, (item.name for item in collection.modes), f"set {KEYS[mode]}")
    return Problem(
        "design.unknown-mode",
        f"collection {quoted(collection.name)} has no mode {quoted(name)} ({KEYS[mode]}); its modes are "
        f"{_names(collection.modes)}",
        f"{hint} {_before(mode, collection, source)}",
        where,
    )


def _before(mode: Mode, collection: VariableCollection, source: VariablesSource) -> str:
    """What ExFig 1.3.2 made of it: the last mode without a key of its own was light, a name without a mode nothing."""
    elsewhere = set(configured_modes(source).values()) - {source.light_mode_name}
    taken = [item.name for item in collection.modes if item.name not in elsewhere]
    light = f"took {quoted(taken[-1])} for light" if taken else "found no light values"
    if mode is Mode.LIGHT:
        return f"ExFig 1.3.2 silently {light}"
    strange = f", and {light}" if not taken or taken[-1] != source.light_mode_name else ""
    return f"ExFig 1.3.2 silently exported no values for {mode}{strange}"


def _meant(name: str, there: Iterable[str], else_: str) -> str:
    near = nearest_word(name, there)
    return f"did you mean {quoted(near)}?" if near is not None else f"{else_} to one of these."


def _in_order(file: FileVariables) -> Sequence[VariableCollection]:
    """The collections by name; Figma lists them in another order each time."""
    return sorted(file.collections.values(), key=lambda item: (item.is_remote, item.name, item.id))


def _collections(file: FileVariables) -> str:
    if not file.collections:
        return "no collections of variables"
    return _listed(dict.fromkeys(item.name + (" (of a library)" if item.is_remote else "") for item in _in_order(file)))


def _names(modes: Iterable[VariableMode]) -> str:
    return _listed(mode.name for mode in modes)


def _listed(names: Iterable[str]) -> str:
    return listed([quoted(name) for name in names])


def _is_called(wanted: str, name: str) -> bool:
    return normalize("NFC", wanted) == normalize("NFC", name)
