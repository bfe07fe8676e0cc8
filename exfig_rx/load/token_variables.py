"""From the variables of a file to design tokens: collections, modes, types by scope.

In: where the variables are, and the variables of files by key. Out: `LoadedTokens`. Rule: while a mode is looked at,
every collection is in the mode of that name, else in its default mode, as on a canvas; so the tokens of one mode agree
with each other, and an alias may stand for its value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from exfig_rx.config.nearest import nearest_word
from exfig_rx.config.token_entries import TokenEntry, TokenVariables
from exfig_rx.errors import DesignError
from exfig_rx.load.alias_chains import Resolution, Resolved, Resolver, Step
from exfig_rx.load.modes import named_collection, unknown_primitives
from exfig_rx.load.pairing import Subject
from exfig_rx.load.token_values import BASE, Held, LoadedTokens, Token, TokenType, TokenValue
from exfig_rx.load.variables import UNRESOLVED_HINTS, copied, unlisted
from exfig_rx.load.wording import counted, listed, quoted
from exfig_rx.model import Location, Problem, Rgba
from exfig_rx.variables import FileVariables, Variable, VariableCollection

_KINDS: Final = {"COLOR": "colors", "FLOAT": "numbers", "STRING": "strings"}
_LENGTHS: Final = frozenset(
    (
        "ALL_SCOPES",
        "WIDTH_HEIGHT",
        "GAP",
        "CORNER_RADIUS",
        "STROKE_FLOAT",
        "EFFECT_FLOAT",
        "FONT_SIZE",
        "LINE_HEIGHT",
        "LETTER_SPACING",
        "PARAGRAPH_SPACING",
        "PARAGRAPH_INDENT",
    )
)
"""Scopes of numbers that are pixels (https://developers.figma.com/docs/rest-api/variables-types/#variablescope)."""

_FONTS: Final = frozenset(("FONT_FAMILY", "FONT_STYLE", "FONT_WEIGHT"))

_WEIGHTS: Final = {
    **dict.fromkeys(("thin", "hairline"), 100.0),
    **dict.fromkeys(("extralight", "ultralight"), 200.0),
    "light": 300.0,
    **dict.fromkeys(("normal", "regular", "book"), 400.0),
    "medium": 500.0,
    **dict.fromkeys(("semibold", "demibold"), 600.0),
    "bold": 700.0,
    **dict.fromkeys(("extrabold", "ultrabold"), 800.0),
    **dict.fromkeys(("black", "heavy"), 900.0),
    **dict.fromkeys(("extrablack", "ultrablack"), 950.0),
}
"""Styles of fonts that are nothing but a weight."""


def variable_tokens(
    entry: TokenEntry, source: TokenVariables, files: Mapping[str, FileVariables], subject: Subject
) -> LoadedTokens:
    """The tokens of `source` that are of the kinds of `entry`. Raises DesignError with all problems."""
    file = files[source.file]
    collections = _collections(file, source, subject)
    modes = _modes(collections, source, subject)
    resolver = Resolver(files, file.file_key, source.primitives_mode)
    view = _View(resolver, source.modes[0] if source.modes else BASE, modes)
    tokens: list[Token] = []
    untyped: dict[str, str] = {}
    problems: list[Problem] = []
    for collection in collections:
        for step in resolver.variables(collection):
            variable = step.variable
            if variable.is_deleted or not _is_wanted(variable, entry):
                continue
            if not _has_type(variable):
                untyped[variable.name] = "a truth value" if variable.type == "BOOLEAN" else "a text"
                continue
            found = view.of(step, collection)
            if faults := _faults(step, found, subject):
                problems += faults
            elif (token := _token(step, collection, found, frozenset(view.own(collection)))) is not None:
                tokens.append(token)
            else:
                untyped[variable.name] = "a font style"
    if problems:
        raise DesignError(*problems)
    notes = [
        note
        for collection in collections
        for note in (
            *copied(collection, file, subject),
            *unlisted(resolver.unlisted(collection), collection, file, subject),
        )
    ]
    notes += unknown_primitives(files.values(), source.primitives_mode, subject)
    return LoadedTokens(tuple(tokens), modes, (*notes, *_untyped(untyped, file, subject)))


@dataclass(frozen=True, slots=True)
class _View:
    """The modes in which variables are looked at; `usual` is the name of the usual one, empty for the defaults."""

    resolver: Resolver
    usual: str
    modes: tuple[str, ...]

    def of(self, step: Step, collection: VariableCollection) -> dict[str, Resolution]:
        """What a variable of the collection holds in each mode, and usually."""
        return {
            mode: self.resolver.column(collection, _mode_id(collection, name), name).value(step)
            for mode, name in ((BASE, self.usual), *((mode, mode) for mode in self.modes))
        }

    def own(self, collection: VariableCollection) -> Iterable[str]:
        """The modes that the collection has itself."""
        there = {normalize("NFC", mode.name) for mode in collection.modes}
        return (mode for mode in self.modes if normalize("NFC", mode) in there)


def _mode_id(collection: VariableCollection, name: str) -> str:
    wanted = normalize("NFC", name)
    own = (mode.id for mode in collection.modes if normalize("NFC", mode.name) == wanted)
    return next(own, collection.default_mode_id)


def _collections(file: FileVariables, source: TokenVariables, subject: Subject) -> Sequence[VariableCollection]:
    """The collection that is named, else all of the file's own that extend no other."""
    if source.collection is not None:
        return (named_collection(file, source.collection, subject),)
    found = [item for item in file.collections.values() if not item.is_remote and not item.parent_id]
    if not found:
        raise DesignError(
            Problem(
                "design.no-collections",
                f"file {file.file_key} has no collection of variables of its own",
                "is it the right file in tokensFileId? Copies of a library are read if tokensCollectionName names one",
                Location(key=subject.entry_key, figma_file=file.file_key),
            )
        )
    return sorted(found, key=lambda item: (item.name, item.id))


def _modes(collections: Sequence[VariableCollection], source: TokenVariables, subject: Subject) -> tuple[str, ...]:
    """The modes to export: those that are named, else those of all collections that have several, defaults first."""
    where = Location(key=subject.entry_key, figma_file=source.file)
    there = dict.fromkeys(normalize("NFC", mode.name) for item in collections for mode in item.modes)
    wanted = tuple(dict.fromkeys(normalize("NFC", mode) for mode in source.modes))
    problems = [
        Problem(
            "design.unknown-mode",
            f"no collection has the mode {quoted(mode)}; modes are {listed([quoted(name) for name in there])}",
            f"did you mean {quoted(near)}?" if (near := nearest_word(mode, there)) else "name one of these",
            where,
        )
        for mode in wanted
        if mode not in there
    ]
    if not wanted:
        several = [item for item in collections if len(item.modes) > 1]
        ordered = (
            mode for item in several for mode in sorted(item.modes, key=lambda mode: mode.id != item.default_mode_id)
        )
        wanted = tuple(dict.fromkeys(normalize("NFC", mode.name) for mode in ordered))
    for item in collections:
        names = [normalize("NFC", mode.name) for mode in item.modes]
        problems += [
            Problem(
                "design.ambiguous-mode",
                f"{names.count(name)} modes of collection {quoted(item.name)} are called {quoted(name)}",
                "rename all but one in Figma",
                where,
            )
            for name in wanted
            if names.count(name) > 1
        ]
    if problems:
        raise DesignError(*problems)
    return wanted


def _is_wanted(variable: Variable, entry: TokenEntry) -> bool:
    """Whether a variable is of a kind that is exported; without `kinds`, those without any are looked at, too."""
    kind = _KINDS.get(variable.type)
    return not entry.is_picky and variable.type == "BOOLEAN" if kind is None else kind in entry.kinds


_HOLDS: Final[Mapping[str, tuple[type, str]]] = {
    "COLOR": (Rgba, "color"),
    "FLOAT": (float, "number"),
    "STRING": (str, "text"),
}


def _faults(step: Step, found: Mapping[str, Resolution], subject: Subject) -> list[Problem]:
    """An error for each way in which a variable has no value, with the modes in which it has none that way."""
    kind, noun = _HOLDS[step.variable.type]
    faults: dict[tuple[str, str, str], list[str]] = {}
    for mode, resolution in found.items():
        if isinstance(resolution, Resolved):
            if isinstance(resolution.value, kind):
                continue
            reason, last = f"is no {noun}", quoted(resolution.chain[-1].variable.name)
            fault = ("not-a-" + noun.replace(" ", "-"), f"{last} {reason} ({resolution.path})", "let both be of a kind")
        else:
            last = quoted(resolution.chain[-1].variable.name)
            text = f"{last} {resolution.reason} ({resolution.path})"
            fault = (resolution.code, text, UNRESOLVED_HINTS[resolution.code])
        faults.setdefault(fault, []).extend([quoted(mode)] if mode else [])
    where = Location(
        key=subject.entry_key, figma_file=step.file_key, node_id=step.variable.id, node_name=step.variable.name
    )
    return [
        Problem(
            f"design.{code}",
            f"{quoted(step.variable.name)} has no {noun}{f' in mode {listed(modes)}' if modes else ''}: {text}",
            hint,
            where,
        )
        for (code, text, hint), modes in faults.items()
    ]


def _token(
    step: Step, collection: VariableCollection, found: Mapping[str, Resolution], own_modes: frozenset[str]
) -> Token | None:
    """A variable as a token; None where the format has no type for it."""
    variable = step.variable
    held = {mode: _held(resolution) for mode, resolution in found.items() if isinstance(resolution, Resolved)}
    type_ = _type(variable, [item.value for item in held.values()])
    if type_ is None:
        return None
    if type_ is TokenType.FONT_WEIGHT and variable.type == "STRING":
        held = {mode: Held(_weight(item.value) or 0.0, item.chain, item.alias) for mode, item in held.items()}
    return Token(
        variable.name,
        type_,
        (step.file_key, variable.id),
        held,
        own_modes,
        variable.description,
        variable.scopes,
        variable.is_hidden or collection.is_hidden,
        f"collection {quoted(collection.name)}",
    )


def _held(found: Resolved) -> Held:
    behind = found.chain[1:]
    return Held(
        found.value,
        tuple((step.file_key, step.variable.id) for step in behind),
        behind[0].variable.name if behind else "",
    )


def _has_type(variable: Variable) -> bool:
    """Whether the format has a type for what a variable may hold: of texts only names and styles of fonts."""
    return variable.type in ("COLOR", "FLOAT") or (variable.type == "STRING" and bool(_FONTS & {*variable.scopes}))


def _type(variable: Variable, values: Sequence[TokenValue]) -> TokenType | None:
    """What a variable is, by its type, its scopes and what it holds; without scopes a number is pixels."""
    scopes = frozenset(variable.scopes)
    match variable.type:
        case "COLOR":
            return TokenType.COLOR
        case "FLOAT":
            if not scopes or scopes & _LENGTHS:
                return TokenType.DIMENSION
            is_weight = scopes == {"FONT_WEIGHT"} and all(
                isinstance(value, float) and 1 <= value <= 1000 for value in values
            )
            return TokenType.FONT_WEIGHT if is_weight else TokenType.NUMBER
        case "STRING":
            if "FONT_FAMILY" in scopes:
                return TokenType.FONT_FAMILY
            if all(map(_weight, values)):
                return TokenType.FONT_WEIGHT
    return None


def _weight(style: TokenValue) -> float | None:
    letters = "".join(filter(str.isalpha, style.casefold())) if isinstance(style, str) else ""
    return _WEIGHTS.get(letters)


def _untyped(names: Mapping[str, str], file: FileVariables, subject: Subject) -> tuple[Problem, ...]:
    if not names:
        return ()
    what = listed([f"{quoted(name)} ({kind})" for name, kind in sorted(names.items())])
    return (
        Problem(
            "design.untyped-tokens",
            f"{counted(len(names), 'variable')} left out, as tokens have no type for them: {what}",
            "limit the scope of fonts in Figma to font family, or font weight or style; to be told nothing, name kinds",
            Location(key=subject.entry_key, figma_file=file.file_key),
        ),
    )
