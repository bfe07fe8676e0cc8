"""What values mean in Stencil: what is in them, whether they are true, equal, or numbers.

In: values of a context: texts, numbers, truth values, lists, dictionaries, None for what is not there. Out: a value or
a truth value. Rule: as Stencil 0.15 does it, where a missing name is never an error and equals only another one.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MOST_DIGITS = 300


class Pair(NamedTuple):
    """An item of a loop over a dictionary."""

    key: str
    value: object


def literal(word: str) -> object:
    """The text, number or truth value that `word` writes, None if it is a name."""
    if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
        return word[1:-1]
    if len(word) > _MOST_DIGITS:
        return None
    if _INTEGER.fullmatch(word):
        return int(word)
    if _NUMBER.fullmatch(word) and math.isfinite(float(word)):
        return float(word)
    return {"true": True, "false": False}.get(word)


def member(value: object, name: str) -> object:
    """What `value.name` is: an entry, an item by number, `first`, `last` or `count`; None if there is no such thing."""
    match value:
        case Mapping():
            # Stencil's `count` wins over an entry of that name; no context of ours has one.
            return value[name] if name in value else len(value) if name == "count" else None
        case str() | list() | tuple():
            return _item(value, name)
        case _:
            return None


def _item(values: Sequence[object], name: str) -> object:
    if name == "count":
        return len(values)
    if name in {"first", "last"}:
        return values[0 if name == "first" else -1] if values else None
    if _INTEGER.fullmatch(name) and len(name) < _MOST_DIGITS:
        return values[int(name)] if 0 <= int(name) < len(values) else None
    return None


def truth(value: object) -> bool:
    """Whether `value` is true: numbers above zero, and texts, lists and dictionaries that are not empty."""
    match value:
        case None:
            return False
        case bool():
            return value
        case int() | float():
            return value > 0
        case str() | list() | tuple() | Mapping():
            return len(value) > 0
        case _:
            return True


def equal(left: object, right: object) -> bool:
    """Whether two values are equal: numbers, texts, truth values, or both missing. Lists never are."""
    if left is None or right is None:
        return left is right
    for kind in (bool, int | float, str):
        if isinstance(left, kind) or isinstance(right, kind):
            is_same_kind = isinstance(left, kind) and isinstance(right, kind)
            return is_same_kind and left == right
    return False


def number(value: object) -> int | float | None:
    """`value` if it is a number; truth values are none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def contains(values: object, value: object) -> bool:
    """What `value in values` says: an item of a list, or a piece of a text."""
    if isinstance(values, list | tuple):
        return any(equal(item, value) for item in values if item is not None)
    if isinstance(values, str) and isinstance(value, str):
        return value in values
    return values is None and value is None


def items(value: object) -> Sequence[object]:
    """What a loop goes over: a list, or the entries of a dictionary by key; nothing else has items."""
    match value:
        case list() | tuple():
            return value
        case Mapping():
            return [Pair(str(key), value[key]) for key in sorted(value, key=str)]
        case _:
            return ()
