"""What React takes: names of elements and attributes, values of those that have a fixed set, and style objects.

In: names and texts as in SVG. Out: the same as in JSX, or that React's types (https://www.npmjs.com/package/@types/react)
have no place for them. Rule: what is let through compiles under `tsc --strict`.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Final

_TABLES: Final = json.loads(resources.files("exfig_rx.vector").joinpath("react.json").read_text(encoding="utf-8"))


def _words(lines: list[str]) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


TAGS: Final = _words(_TABLES["elements"])
"""Elements of SVG that React's types know and that draw something."""

_ATTRIBUTES: Final = _words(_TABLES["attributes"])

_VALUES: Final = {name: _words(lines) for name, lines in _TABLES["values"].items()}
"""Attributes of which React's types take only these values; browsers ignore all others, too."""

_PROPERTIES: Final = {name: _words(lines) for name, lines in _TABLES["properties"].items()}
"""Properties that a style object may hold as they are, with their values; empty for any text."""

_ARIA: Final = frozenset({"aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "aria-roledescription"})

STYLED: Final = frozenset({"mask-type", "text-overflow", "transform-origin", "white-space"})
"""Attributes of SVG 2 that React has only as properties of a style."""

_VENDORS: Final = frozenset({"webkit", "moz", "o", "ms"})
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_DATA = re.compile(r"data-[\w-]+", re.ASCII)


@lru_cache(maxsize=1024)
def react_name(name: str) -> str:
    """An attribute as React calls it: `stroke-width` is `strokeWidth`, `class` is `className`."""
    if name.startswith(("aria-", "data-")):
        return name
    if name == "class":
        return "className"
    return _camel(name)


def takes(name: str, text: str) -> bool:
    """Whether React's types take an attribute of SVG with this value."""
    if name not in _ATTRIBUTES and name not in _ARIA and not _DATA.fullmatch(name):
        return False
    return name not in _VALUES or text in _VALUES[name]


def style_object(properties: Mapping[str, str]) -> str:
    """Properties of CSS as an object for `style`; a cast stands behind what the types don't list."""
    inner = ", ".join(f"{_style_key(name)}: {literal(text)}" for name, text in properties.items())
    is_typed = all(
        name in _PROPERTIES and (not _PROPERTIES[name] or text in _PROPERTIES[name])
        for name, text in properties.items()
    )
    return f"{{ {inner} }}" if is_typed else f"{{ {inner} }} as object"


def literal(text: str) -> str:
    """A string of JavaScript."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'"


def _style_key(name: str) -> str:
    """A property in a style object: `maskType`, `WebkitMask`, `'--own'`."""
    if name.startswith("--"):
        return literal(name)
    vendor, _, rest = name[1:].partition("-")
    if name.startswith("-") and vendor in _VENDORS:
        prefix = vendor if vendor == "ms" else vendor.capitalize()
        key = prefix + "".join(part.capitalize() for part in rest.split("-"))
    else:
        key = _camel(name)
    return key if _WORD.fullmatch(key) else literal(key)


def _camel(name: str) -> str:
    first, *rest = re.split(r"[-:]", name)
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
