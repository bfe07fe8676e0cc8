"""Small files of variables for tests: tables as in Figma, aliases by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from exfig_rx.model import Rgba
from exfig_rx.variables import Alias, FileVariables, Variable, VariableCollection, VariableMode, VariableValue

Cell: TypeAlias = Rgba | bool | float | str | None
"""A value as a test writes it: `{Theme/Ink}` is an alias, and so is `{VariableID:9:9}`; None is no value."""


@dataclass(frozen=True, slots=True)
class Table:
    """A collection: one cell per mode for each variable; `more` are other fields of its variables, by name."""

    name: str
    modes: Sequence[str]
    rows: Mapping[str, Sequence[Cell]]
    more: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    type: str = "COLOR"
    is_remote: bool = False
    default: int = 0


def tokens(*tables: Table, key: str = "K") -> FileVariables:
    """A file with these collections, `VariableCollectionId:1` and so on, whose modes are `1:0`, `1:1` and so on.

    Variables are `VariableID:1:0` and so on, and `VariableID:<name>/1:0` in tables of libraries, whose key is the name.
    """
    ids = {
        f"{table.name}/{name}": f"VariableID:{name + '/' if table.is_remote else ''}{number}:{row}"
        for number, table in reversed(list(enumerate(tables, 1)))
        for row, name in enumerate(table.rows)
    }
    collections: dict[str, VariableCollection] = {}
    variables: dict[str, Variable] = {}
    for number, table in enumerate(tables, 1):
        collection = _collection(number, table, key)
        own = [_variable(number, row, table, name, ids, key) for row, name in enumerate(table.rows)]
        collections[collection.id] = replace(collection, variable_ids=tuple(variable.id for variable in own))
        variables |= {variable.id: variable for variable in own}
    return FileVariables(key, collections, variables)


def extended(
    file: FileVariables,
    name: str,
    parent: str,
    overrides: Mapping[str, Mapping[str, Cell]],
    modes: Sequence[tuple[str, str]],
) -> FileVariables:
    """`file` with one more collection, which extends the one with the id `parent`.

    `modes` are names with the ids of the parent's modes; `overrides` by variable id, then name of the mode.
    """
    id_ = f"VariableCollectionId:{name}"
    made = tuple(VariableMode(f"{id_}/{mode_id}", mode, mode_id) for mode, mode_id in modes)
    by_name = {mode.name: mode.id for mode in made}
    values = {
        variable: {by_name[mode]: value for mode, cell in cells.items() if (value := _value(cell, {})) is not None}
        for variable, cells in overrides.items()
    }
    own = VariableCollection(id_, name, name, made, made[0].id, (), parent_id=parent, overrides=values)
    return replace(file, collections={**file.collections, id_: own})


def _collection(number: int, table: Table, key: str) -> VariableCollection:
    modes = tuple(VariableMode(f"{number}:{index}", name) for index, name in enumerate(table.modes))
    id_ = f"VariableCollectionId:{number}"
    default = modes[table.default].id
    return VariableCollection(id_, table.name, f"{key}-{number}", modes, default, (), is_remote=table.is_remote)


def _variable(number: int, row: int, table: Table, name: str, ids: Mapping[str, str], key: str) -> Variable:
    values = {f"{number}:{index}": _value(cell, ids) for index, cell in enumerate(table.rows[name])}
    variable = Variable(
        ids[f"{table.name}/{name}"] if table.is_remote else f"VariableID:{number}:{row}",
        name,
        name if table.is_remote else f"{key}-{number}-{row}",
        f"VariableCollectionId:{number}",
        table.type,
        {mode: value for mode, value in values.items() if value is not None},
        is_remote=table.is_remote,
    )
    return replace(variable, **table.more.get(name, {}))


def _value(cell: Cell, ids: Mapping[str, str]) -> VariableValue | None:
    if isinstance(cell, str) and cell.startswith("{"):
        target = cell.strip("{}")
        return Alias(ids.get(target, target))
    return cell
