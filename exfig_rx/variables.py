"""Variables of Figma as plain values: collections, modes, and what each variable holds in each mode.

In: nothing. Out: values that the client parses and the loaders resolve. Rule: everything is as Figma says it, ghosts
of other libraries and deleted variables included; what counts is decided where they are loaded. Shapes:
https://developers.figma.com/docs/rest-api/variables-types/
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from exfig_rx.model import Rgba


@dataclass(frozen=True, slots=True)
class Alias:
    """The value of another variable, by its id: `VariableID:1:2`, or `VariableID:<key>/1:2` of another library."""

    id: str


VariableValue: TypeAlias = Rgba | Alias | bool | float | str
"""What a variable holds in one mode; numbers are floats, bools are never numbers."""


@dataclass(frozen=True, slots=True)
class VariableMode:
    """One column of a collection; `parent_id` is the mode of the parent collection that an extension's mode is of."""

    id: str
    name: str
    parent_id: str = ""


@dataclass(frozen=True, slots=True)
class VariableCollection:
    """A collection; `variable_ids` in the order of Figma's table.

    `is_remote`: a ghost of another library. An extended collection has a `parent_id`, and in `overrides` (variable id,
    then mode id) what it says otherwise than its parent.
    """

    id: str
    name: str
    key: str
    modes: tuple[VariableMode, ...]
    default_mode_id: str
    variable_ids: tuple[str, ...]
    is_remote: bool = False
    is_hidden: bool = False
    parent_id: str = ""
    overrides: Mapping[str, Mapping[str, VariableValue]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable; `type` is Figma's word (COLOR, FLOAT, STRING, BOOLEAN, or one that is not known yet).

    `values` by mode id. `key` is the same in every file that lists the variable. `is_deleted`: gone, but still referred
    to. `code_syntax` by Figma's word for a platform (`iOS`, `ANDROID`, `WEB`).
    """

    id: str
    name: str
    key: str
    collection_id: str
    type: str
    values: Mapping[str, VariableValue]
    description: str = ""
    is_remote: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    scopes: tuple[str, ...] = ()
    code_syntax: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileVariables:
    """What `/variables/local` lists of one file, by id."""

    file_key: str
    collections: Mapping[str, VariableCollection]
    variables: Mapping[str, Variable]
