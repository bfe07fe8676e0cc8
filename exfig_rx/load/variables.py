"""From the color variables of a collection to named, paired, validated colors.

In: a `ColorEntry` whose source is a collection, and the variables of files by key. Out: `LoadedColors`, as from styles,
or one `DesignError` with every problem of the entry. Rule: a color has its value in exactly the modes that the config
names; what can't be resolved is an error that shows the chain, never a color less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import IosColors, VariablesSource
from exfig_rx.errors import DesignError
from exfig_rx.load.alias_chains import Column, PlainValue, Resolution, Resolved, Resolver, Step
from exfig_rx.load.colors import LoadedColors, themed
from exfig_rx.load.filters import matches, named_platforms
from exfig_rx.load.final_names import paired_and_named
from exfig_rx.load.left_out import filter_without_match, left_out_note, nothing_left
from exfig_rx.load.modes import named_collection, named_modes, unknown_primitives
from exfig_rx.load.naming import key_name
from exfig_rx.load.pairing import Asset, Mode, Sets, Subject
from exfig_rx.load.wording import counted, listed, platform_words, quoted
from exfig_rx.model import Location, Platform, Problem, Rgba
from exfig_rx.variables import FileVariables, Variable, VariableCollection


def variable_colors(
    entry: ColorEntry, files: Mapping[str, FileVariables], name_filter: str | None = None
) -> LoadedColors:
    """The colors of `entry` from `files`, which hold every key of `needed_variable_files(entry.source)`.

    Aliases into libraries are followed through the other `files`. `name_filter` picks colors by raw name. Raises
    DesignError with all problems.
    """
    source = entry.source
    if not isinstance(source, VariablesSource):
        raise TypeError(f"{entry.key} does not read variables")
    subject = Subject(entry.key, "color")
    file = files[source.tokens_file_id]
    collection = named_collection(file, source.tokens_collection_name, subject)
    modes = named_modes(collection, source, subject)
    resolver = Resolver(files, file.file_key, source.primitives_mode_name)
    wanted = _wanted(_colors(resolver.variables(collection), collection, file, subject), name_filter, subject)

    columns = {mode: resolver.column(collection, item.id) for mode, item in modes.items()}
    names = {mode: item.name for mode, item in modes.items()}
    values = _values(wanted, columns, names, entry.platform, f"collection {quoted(collection.name)}", subject)
    names_files = isinstance(entry.settings, IosColors) and entry.settings.use_color_assets
    named = paired_and_named(
        values.sets(), entry.platform, entry.names, subject, names_files=names_files, known=values.errors
    )
    note = _left_out_note(wanted, entry.platform, file.file_key, subject)
    if not named.pairs:
        raise DesignError(nothing_left(entry.platform, note, subject))
    warnings = (
        *copied(collection, file, subject),
        *unlisted(resolver.unlisted(collection), collection, file, subject),
        *unknown_primitives(files.values(), source.primitives_mode_name, subject),
    )
    return LoadedColors(tuple(themed(name, item) for name, item in named.pairs), (*warnings, *named.warnings, *note))


@dataclass(slots=True)
class _Values:
    """The assets of each mode that the config names, and what could not be resolved."""

    assets: dict[Mode, list[Asset[Rgba]]]
    errors: list[Problem] = field(default_factory=list)

    def sets(self) -> Sets[Rgba]:
        """The sets to pair."""
        return Sets(
            light=self.assets.get(Mode.LIGHT, ()),
            dark=self.assets.get(Mode.DARK),
            light_hc=self.assets.get(Mode.LIGHT_HC, ()),
            dark_hc=self.assets.get(Mode.DARK_HC, ()),
        )


def _colors(
    steps: Sequence[Step], collection: VariableCollection, file: FileVariables, subject: Subject
) -> tuple[Step, ...]:
    """The variables that are colors and have not been deleted; an error if there are none."""
    colors = tuple(step for step in steps if _is_color(step.variable) and not step.variable.is_deleted)
    if not colors:
        kinds = sorted({step.variable.type or "no type" for step in steps if not step.variable.is_deleted})
        held = f": its variables are {', '.join(kinds)}" if kinds else ", and no other variable"
        raise DesignError(
            Problem(
                "design.no-colors",
                f"collection {quoted(collection.name)} of file {file.file_key} holds no color variable{held}",
                "set tokensCollectionName to a collection with colors",
                Location(key=subject.entry_key, figma_file=file.file_key),
            )
        )
    return colors


def _is_color(variable: Variable) -> bool:
    if variable.type:
        return variable.type == "COLOR"
    return any(isinstance(value, Rgba) for value in variable.values.values())


def _wanted(colors: tuple[Step, ...], name_filter: str | None, subject: Subject) -> tuple[Step, ...]:
    if name_filter is None:
        return colors
    picked = tuple(step for step in colors if matches(name_filter, step.variable.name))
    if not picked:
        names = [step.variable.name for step in colors]
        raise DesignError(filter_without_match(name_filter, names, "color variable", subject))
    return picked


def _values(
    steps: Sequence[Step],
    columns: Mapping[Mode, Column],
    names: Mapping[Mode, str],
    platform: Platform,
    place: str,
    subject: Subject,
) -> _Values:
    """Each variable as an asset per mode; what other platforms can't have is no error of this one."""
    values = _Values({mode: [] for mode in columns})
    for step in steps:
        variable = step.variable
        name, key, platforms = variable.name, key_name(variable.name), named_platforms(variable.description)
        colors = {mode: column.plain(step) for mode, column in columns.items()}
        broken = [mode for mode, color in colors.items() if not isinstance(color, Rgba)]
        if broken and (not platforms or platform in platforms):
            values.errors += _broken(step, {mode: columns[mode].value(step) for mode in broken}, names, subject)
        for mode, color in colors.items():
            # With a color in some modes only it would be reported as missing in the others, too.
            if isinstance(color, Rgba) and not broken:
                asset = Asset(key, name, name, step.file_key, variable.id, color, platforms, place)
                values.assets[mode].append(asset)
    return values


def _broken(step: Step, found: Mapping[Mode, Resolution], names: Mapping[Mode, str], subject: Subject) -> list[Problem]:
    """An error for each way in which a variable has no color, with the modes in which it has none that way."""
    modes: dict[tuple[str, str, str], list[str]] = {}
    for mode, resolution in found.items():
        modes.setdefault(_fault(resolution), []).append(quoted(names[mode]))
    where = Location(
        key=subject.entry_key, figma_file=step.file_key, node_id=step.variable.id, node_name=step.variable.name
    )
    return [
        Problem(
            f"design.{code}",
            f"{quoted(step.variable.name)} has no color in mode {listed(list(dict.fromkeys(in_modes)))}: {reason}",
            hint,
            where,
        )
        for (code, reason, hint), in_modes in modes.items()
    ]


UNRESOLVED_HINTS = {
    "alias-cycle": "give one of them a color of its own in Figma",
    "alias-depth": "let it point nearer to the color in Figma",
    "alias-target": "the target was deleted, or belongs to a library: point it to a variable that is there, or set "
    "tokensFileId to the library's own file",
    "no-value": "give it a value in Figma",
}
"""What to do about a variable without a value, by the code of `Unresolved`."""


def _fault(found: Resolution) -> tuple[str, str, str]:
    """Code, reason and hint of a resolution that gives no color."""
    path = f" ({found.path})" if found.path != found.chain[0].variable.name else ""
    last = quoted(found.chain[-1].variable.name)
    if isinstance(found, Resolved):
        return "not-a-color", f"{last} is {_kind(found.value)}{path}", "give it a color in Figma"
    subject = quoted(found.chain[0].variable.name) if found.code == "alias-depth" else last
    return found.code, f"{subject} {found.reason}{path}", UNRESOLVED_HINTS[found.code]


def _kind(value: PlainValue) -> str:
    if isinstance(value, bool):
        return "a truth value"
    return "a number" if isinstance(value, float) else "a text"


def _left_out_note(wanted: Sequence[Step], platform: Platform, file_key: str, subject: Subject) -> tuple[Problem, ...]:
    """What descriptions keep from the platform; of variables the word none keeps nothing out."""
    reasons = {
        step.variable.name: platform_words(platforms)
        for step in wanted
        if (platforms := named_platforms(step.variable.description)) and platform not in platforms
    }
    hint = "a description with names of other platforms keeps a variable out"
    return left_out_note(reasons, platform, file_key, subject, hint)


def copied(collection: VariableCollection, file: FileVariables, subject: Subject) -> tuple[Problem, ...]:
    """A note where a file has only a copy of the collection."""
    if not collection.is_remote:
        return ()
    return (
        Problem(
            "design.copied-collection",
            f"file {file.file_key} holds only a copy of collection {quoted(collection.name)}, with the "
            f"{counted(len(collection.variable_ids), 'variable')} that it uses",
            "set tokensFileId to the file of the library, which has all of them",
            Location(key=subject.entry_key, figma_file=file.file_key),
        ),
    )


def unlisted(
    ids: Sequence[str], collection: VariableCollection, file: FileVariables, subject: Subject
) -> tuple[Problem, ...]:
    """A note about variables of the collection that nobody knows."""
    if not ids:
        return ()
    return (
        Problem(
            "design.unlisted-variables",
            f"{counted(len(ids), 'variable')} of collection {quoted(collection.name)} not in Figma's answer about file "
            f"{file.file_key}: {listed(ids)}",
            "they may be deleted; what is inherited from a library is read where an entry names the library's file",
            Location(key=subject.entry_key, figma_file=file.file_key),
        ),
    )
