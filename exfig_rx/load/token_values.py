"""Design tokens as plain values: what a token is called, its type, and what it holds in each mode.

In: nothing. Out: values that loaders make and the exporter writes. Rule: every value is resolved, and beside it stands
the chain of aliases that led to it, so that whoever writes tokens may write an alias instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from exfig_rx.model import Problem, Rgba
from exfig_rx.text_styles import TypeStyle

BASE = ""
"""The key of the usual values: those of the first mode, or of the default mode of each collection."""

TokenId: TypeAlias = tuple[str, str]
"""The file of a token, and the id of its variable, or of the node of its style."""

TokenValue: TypeAlias = Rgba | float | str | TypeStyle


class TokenType(StrEnum):
    """The types of DTCG that Figma has values for (https://www.designtokens.org/tr/2025.10/format/#types)."""

    COLOR = "color"
    DIMENSION = "dimension"
    NUMBER = "number"
    FONT_FAMILY = "fontFamily"
    FONT_WEIGHT = "fontWeight"
    TYPOGRAPHY = "typography"


@dataclass(frozen=True, slots=True)
class Held:
    """A value in one mode. `chain` are the variables behind an alias, the nearest first; `alias` is its name."""

    value: TokenValue
    chain: tuple[TokenId, ...] = ()
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A token under its raw name in Figma.

    `values` by the name of the mode, `BASE` among them. `own_modes` are those of its own collection; in others it
    holds what its aliases lead to then. `place` tells people where in its file it is.
    """

    name: str
    type: TokenType
    id: TokenId
    values: Mapping[str, Held]
    own_modes: frozenset[str] = frozenset()
    description: str = ""
    scopes: tuple[str, ...] = ()
    is_hidden: bool = False
    place: str = ""

    def at(self, mode: str) -> Held:
        """What it holds in a mode, the usual value where that is no mode of it."""
        return self.values.get(mode) or self.values[BASE]


@dataclass(frozen=True, slots=True)
class LoadedTokens:
    """The tokens of one entry, the modes that they have, the usual one first, and what people should know."""

    tokens: tuple[Token, ...]
    modes: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
