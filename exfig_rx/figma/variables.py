"""The variables of a file: what to ask Figma, and what the answer means.

In: a file key; the decoded body of `/variables/local`. Out: a `Request`; `FileVariables`. Rule: whatever Figma adds or
leaves out is survived, a value that is none of color, alias, number, text and truth value is left out, and only an
answer of another shape is an error. Shapes: https://developers.figma.com/docs/rest-api/variables-types/
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from exfig_rx.figma.answers import channel, file_path, mapping, odd_answer, text
from exfig_rx.model import ConfigId, Request, Rgba, Tier
from exfig_rx.variables import Alias, FileVariables, Variable, VariableCollection, VariableMode, VariableValue


def local_variables(file_key: str, config: ConfigId) -> Request:
    """All variables of a file and those of libraries that it uses (tier 2, no pages, Enterprise plans only)."""
    return Request(
        Tier.TWO,
        f"{file_path(file_key)}/variables/local",
        (),
        config,
        file_key,
        what=f"variables of file {file_key}",
        lasting=True,
    )


def parse_variables(body: Mapping[str, Any], file_key: str) -> FileVariables:
    """The collections and variables of a `/variables/local` answer. Raises FigmaRefused."""
    meta = mapping(body.get("meta"))
    collections, variables = meta.get("variableCollections"), meta.get("variables")
    if not isinstance(collections, Mapping):
        raise odd_answer("map of variable collections", file_key)
    if not isinstance(variables, Mapping):
        raise odd_answer("map of variables", file_key)
    found = {(key := text(id_)): _variable(key, item) for id_, item in variables.items() if isinstance(item, Mapping)}
    members: dict[str, list[str]] = {}
    for variable in found.values():
        members.setdefault(variable.collection_id, []).append(variable.id)
    return FileVariables(
        file_key,
        {
            (key := text(id_)): _collection(key, item, members.get(key, ()))
            for id_, item in collections.items()
            if isinstance(item, Mapping)
        },
        found,
    )


def _variable(id_: str, item: Mapping[str, Any]) -> Variable:
    return Variable(
        id_,
        text(item.get("name")),
        text(item.get("key")),
        text(item.get("variableCollectionId")),
        # The documentation and the OpenAPI file disagree about the name of this field.
        text(item.get("resolvedType")) or text(item.get("resolvedDataType")),
        _values(item.get("valuesByMode")),
        text(item.get("description")),
        item.get("remote") is True,
        item.get("hiddenFromPublishing") is True,
        item.get("deletedButReferenced") is True,
        _texts(item.get("scopes")),
        {text(platform): text(code) for platform, code in mapping(item.get("codeSyntax")).items() if text(code)},
    )


def _collection(id_: str, item: Mapping[str, Any], members: Any) -> VariableCollection:
    modes = tuple(_modes(item.get("modes")))
    # Extensions list what they inherit and what they add in fields of their own.
    listed = [
        name
        for field in ("variableIds", "inheritedVariableIds", "localVariableIds")
        for name in _texts(item.get(field))
    ]
    parent = text(item.get("parentVariableCollectionId"))
    if not parent and item.get("isExtension") is True:
        parent = text(item.get("rootVariableCollectionId"))
    return VariableCollection(
        id_,
        text(item.get("name")),
        text(item.get("key")),
        modes,
        text(item.get("defaultModeId")) or (modes[0].id if modes else ""),
        tuple(dict.fromkeys(listed)) or tuple(sorted(members)),
        item.get("remote") is True,
        item.get("hiddenFromPublishing") is True,
        parent if parent != id_ else "",
        {text(variable): _values(values) for variable, values in mapping(item.get("variableOverrides")).items()},
    )


def _modes(items: Any) -> Iterator[VariableMode]:
    for item in items if isinstance(items, list) else ():
        match item:
            case {"modeId": str(mode_id)} if mode_id:
                yield VariableMode(text(mode_id), text(item.get("name")), text(item.get("parentModeId")))


def _values(items: Any) -> dict[str, VariableValue]:
    values = {text(mode): _value(item) for mode, item in mapping(items).items()}
    return {mode: value for mode, value in values.items() if value is not None}


def _value(item: Any) -> VariableValue | None:
    match item:
        case str():
            return text(item)
        case bool():
            return item
        case int() | float():
            return _number(item)
        case {"type": "VARIABLE_ALIAS", "id": str(id_)}:
            return Alias(text(id_))
        case {"r": red, "g": green, "b": blue}:
            alpha = channel(item.get("a"), 1.0)
            return Rgba(channel(red, 0.0), channel(green, 0.0), channel(blue, 0.0), alpha)
    return None


def _number(item: float) -> float | None:
    try:
        number = float(item) + 0.0  # + 0.0: no minus zero, which prints as -0.0
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _texts(items: Any) -> tuple[str, ...]:
    return tuple(text(item) for item in items if isinstance(item, str)) if isinstance(items, list) else ()
