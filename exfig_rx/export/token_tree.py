"""The tree of a token file: names from Figma as nested groups that the format takes.

In: tokens under their raw names. Out: a path for each token, and paths as nested mappings. Rule: `/` makes groups; a
token that is a group as well is the `$root` of that group; characters that the format keeps for itself become `_`, and
two tokens at one path are an error that names both. (https://www.designtokens.org/tr/2025.10/format/#groups)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from unicodedata import normalize

from exfig_rx.config.schema import NameStyle
from exfig_rx.errors import DesignError
from exfig_rx.load.naming import styled
from exfig_rx.load.token_values import Token, TokenId
from exfig_rx.load.wording import counted, listed, node_words, quoted
from exfig_rx.model import Location, Problem

ROOT: Final = "$root"
"""The name of a token that has the name of its group."""

Path: TypeAlias = tuple[str, ...]

DEEPEST: Final = 50
"""Groups inside one another; readers of JSON stop far above it, and designers far below."""

_RESERVED: Final = re.compile(r"^\$|[{}.]|^__(?=proto__$)")
"""What names can't hold; and `__proto__`, which is no name to JavaScript: merged into an object, it changes others."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Tokens by their paths, in the order of these, and what people should know about names."""

    tokens: Mapping[Path, Token]
    paths: Mapping[TokenId, Path]
    warnings: tuple[Problem, ...] = ()


def placed(tokens: Sequence[Token], style: NameStyle | None, key: str) -> Placed:
    """Each token at its path. Raises DesignError with every name that can't be one, or is one twice."""
    named: dict[Path, list[Token]] = {}
    problems: list[Problem] = []
    changed: dict[str, str] = {}
    for token in tokens:
        plain = _parts(token.name, style)
        path = tuple(_RESERVED.sub("_", part) for part in plain)
        if not path or not all(path):
            problems.append(_nameless(token, style, key))
        elif len(path) > DEEPEST:
            problems.append(_too_deep(token, len(path), key))
        else:
            named.setdefault(path, []).append(token)
            if path != plain:
                changed[token.name] = "/".join(path)
    problems += [_clash(path, same, key) for path, same in sorted(named.items()) if len(same) > 1]
    if problems:
        raise DesignError(*problems)
    groups = {path[:depth] for path in named for depth in range(1, len(path))}
    found = {(*path, ROOT) if path in groups else path: same[0] for path, same in sorted(named.items())}
    return Placed(found, {token.id: path for path, token in found.items()}, _renamed(changed, key))


def reference(path: Path) -> str | None:
    """The alias of the token at `path`; None for the root of a group, which JSON Schema and tools read differently."""
    return None if path[-1] == ROOT else "{" + ".".join(path) + "}"


def nested(leaves: Mapping[Path, Mapping[str, Any]]) -> dict[str, Any]:
    """Leaves by path as nested mappings."""
    tree: dict[str, Any] = {}
    for path, leaf in leaves.items():
        group = tree
        for part in path[:-1]:
            group = group.setdefault(part, {})
        group[path[-1]] = leaf
    return tree


def _parts(name: str, style: NameStyle | None) -> Path:
    parts = (part.strip() for part in normalize("NFC", name).split("/"))
    return tuple(part if style is None else styled(part, style) for part in parts if part)


def _where(token: Token, key: str) -> Location:
    return Location(key=key, figma_file=token.id[0], node_id=token.id[1], node_name=token.name)


def _nameless(token: Token, style: NameStyle | None, key: str) -> Problem:
    how = f" in {style}" if style is not None else ""
    return Problem(
        "design.invalid-name",
        f"nothing is left of the name {quoted(token.name)}, or of a part of it{how}",
        "rename it in Figma",
        _where(token, key),
    )


def _too_deep(token: Token, depth: int, key: str) -> Problem:
    return Problem(
        "design.invalid-name",
        f"{quoted(token.name)} would be {depth:,} groups deep; the limit is {DEEPEST}",
        "rename it in Figma, with fewer slashes",
        _where(token, key),
    )


def _clash(path: Path, tokens: Sequence[Token], key: str) -> Problem:
    places = [
        f"{quoted(token.name)} ({token.place}, file {token.id[0]}, {node_words(token.id[1])})" for token in tokens
    ]
    return Problem(
        "design.duplicate-name",
        f"{counted(len(tokens), 'token')} would be {quoted('.'.join(path))}: {listed(places)}",
        "rename all but one in Figma, or write a list of tokens, each block with other kinds or another "
        "tokensCollectionName",
        _where(tokens[1], key),
    )


def _renamed(changed: Mapping[str, str], key: str) -> tuple[Problem, ...]:
    if not changed:
        return ()
    names = listed([f"{quoted(old)} is {quoted(new)}" for old, new in sorted(changed.items())])
    return (
        Problem(
            "design.token-names",
            f"{counted(len(changed), 'name')} changed, as names of tokens hold no {{ }} ., begin with no $, and are "
            f"not __proto__: {names}",
            "rename them in Figma, or set nameStyle",
            Location(key=key),
        ),
    )
