"""Which names of generated code go back to Figma's variables, for developers who look at the design.

In: the exported colors of an entry, and the variables of its file. Out: changes, or nothing where Figma shows the name
already. Rule: only the file's own color variables that were exported, under the very names that the code has; what
other platforms say of a variable is sent along as it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import IosColors
from exfig_rx.errors import DesignError
from exfig_rx.load.wording import quoted
from exfig_rx.model import Location, Problem, ThemedColor
from exfig_rx.variables import FileVariables

_IOS: Final = "iOS"
"""Figma's word for the platform."""


@dataclass(frozen=True, slots=True)
class CodeSyntaxChange:
    """What a variable of `file_key` is to be called in code: `code_syntax` by Figma's word for the platform, all of it.

    `text` is what is new, `key` the entry that wants it.
    """

    file_key: str
    variable_id: str
    name: str
    text: str
    code_syntax: Mapping[str, str]
    key: str


def code_syntax_changes(
    entry: ColorEntry,
    file: FileVariables,
    colors: Sequence[ThemedColor],
    name_in_code: Callable[[ColorEntry, ThemedColor], str],
) -> tuple[CodeSyntaxChange, ...]:
    """The changes for the colors of `entry`, in their order; none unless it asks for them.

    `name_in_code` is what generated code calls a color. Colors that this run only keeps, and those of another file or
    library, are left alone.
    """
    settings = entry.settings
    if not isinstance(settings, IosColors) or not settings.sync_code_syntax or not settings.code_syntax_template:
        return ()
    found = []
    for color in colors:
        variable = file.variables.get(color.node_id) if color.file_key == file.file_key else None
        if variable is None or variable.is_remote or variable.is_deleted:
            continue
        text = settings.code_syntax_template.replace("{name}", name_in_code(entry, color))
        if variable.code_syntax.get(_IOS) != text:
            syntax = {**variable.code_syntax, _IOS: text}
            found.append(CodeSyntaxChange(file.file_key, variable.id, variable.name, text, syntax, entry.key))
    return tuple(found)


def united_changes(changes: Iterable[CodeSyntaxChange]) -> tuple[CodeSyntaxChange, ...]:
    """The changes of several entries, each variable once. Raises DesignError where two want different texts."""
    found: dict[tuple[str, str], CodeSyntaxChange] = {}
    problems = []
    for change in changes:
        other = found.setdefault((change.file_key, change.variable_id), change)
        if other.text != change.text:
            problems.append(
                Problem(
                    "config.two-code-names",
                    f"{other.key} calls the variable {quoted(change.name)} {quoted(other.text)} in Figma, "
                    f"and {change.key} {quoted(change.text)}",
                    f"a variable has one name for iOS: remove syncCodeSyntax from {other.key} or {change.key}",
                    Location(key=f"{change.key}.syncCodeSyntax", figma_file=change.file_key, node_name=change.name),
                )
            )
    if problems:
        raise DesignError(*problems)
    return tuple(found.values())
