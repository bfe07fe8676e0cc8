"""What somebody may have meant by a word that nobody knows.

In: a key or a value as written. Out: advice. Rule: the same letters in another case come first, then the same key in
another block, then versions that know it, then what is written almost alike.
"""

import difflib
import re
from collections.abc import Iterable

from exfig_rx.config.keys import places_of_keys
from exfig_rx.config.nodes import MappingNode, Node
from exfig_rx.config.schema import blocks, keys_of

LATER_KEYS = frozenset(
    (
        "maxRetries",
        "concurrentDownloads",
        "figmaFileId",
        "suffixDarkMode",
        "variablesDarkMode",
        "sourceKind",
        "penpotSource",
        "tokensFile",
        "assetsFolderProvidesNamespace",
        "codeConnectKotlin",
    )
)
"""Keys of ExFig 2 and later."""

LATER_IN_ENTRIES = frozenset(("templatesPath", "xcassetsPath", "mainRes"))
"""Keys that stand in single entries in ExFig 2 and later, and in the platform's block here."""

EARLY_KEYS = {
    "generateComponents": "figma-export renamed it in 2020; today it is generateLabels.",
    "componentsDirectory": "figma-export renamed it in 2020; today it is labelsDirectory.",
    **dict.fromkeys(
        (
            "generateStyles",
            "generateTextStyles",
            "stylesDirectory",
            "textStylesDirectory",
            "textStyleSwift",
            "fontSystem",
        ),
        "figma-export dropped it in 2020; see generateLabels, labelsDirectory, labelStyleSwift and fontSwift.",
    ),
    **dict.fromkeys(
        ("useVariablesFromFileInstead", "variableFilePath", "variableGroupName"),
        "It was proposed for figma-export and never released; see common.variablesColors.",
    ),
}

_OTHER_WORDS = {
    "upper": "SCREAMING_SNAKE_CASE",
    "uppercase": "SCREAMING_SNAKE_CASE",
    "uppersnakecase": "SCREAMING_SNAKE_CASE",
    "constantcase": "SCREAMING_SNAKE_CASE",
    "macrocase": "SCREAMING_SNAKE_CASE",
    "uppercamelcase": "PascalCase",
    "lowercamelcase": "camelCase",
    "dashcase": "kebab-case",
    "lower": "snake_case",
    "lowercase": "snake_case",
}
_LONGEST = 60
"""Longer words resemble none of ours, and comparing them takes long."""


def nearest_word(found: str, words: Iterable[str]) -> str | None:
    """The word of `words` that `found` most probably means."""
    by_letters = {_letters(word): word for word in words}
    letters = _letters(found[:_LONGEST])
    other = _OTHER_WORDS.get(letters)
    if other in by_letters.values():
        return other
    near = difflib.get_close_matches(letters, by_letters, 1, 0.6)
    short = {_letters(word).removesuffix("case"): word for word in by_letters.values()}
    return short.get(letters) or (by_letters[near[0]] if near else None)


def advice_for_key(key: str, block: str, value: Node | None) -> str:
    """What to do about the unknown `key` of the block at the path `block`."""
    known = keys_of(blocks()[block]) if block in blocks() else frozenset()
    same = next((name for name in known if _letters(name) == _letters(key)), None)
    if same is not None:
        return f"Did you mean {same}?"
    if key in LATER_IN_ENTRIES and block.count(".") == 1:
        return f"It is known in ExFig 2 and later; here it belongs in {block.partition('.')[0]}."
    if key in places_of_keys():
        return f"It belongs {_places(key, block)}."
    if key in LATER_KEYS:
        return "It is known in ExFig 2 and later, not in this dialect." + _nearest_key(key, known, " ")
    if key in EARLY_KEYS:
        return EARLY_KEYS[key]
    if near := _nearest_key(key, known):
        return near
    elsewhere = difflib.get_close_matches(key[:_LONGEST], places_of_keys(), 1, 0.8)
    if elsewhere:
        return f"Did you mean {elsewhere[0]}? It belongs {_places(elsewhere[0], block)}."
    if isinstance(value, MappingNode) and block.endswith((".icons", ".images", ".colors")):
        return "Groups have no names here: write a list, each block with `- ` before its first key."
    return f"Known here: {', '.join(sorted(known))}."


def _nearest_key(key: str, known: Iterable[str], lead: str = "") -> str:
    near = difflib.get_close_matches(key[:_LONGEST], sorted(known), 1, 0.7)
    return f"{lead}Did you mean {near[0]}?" if near else ""


def _places(key: str, block: str) -> str:
    """The blocks that know `key`, those of the platform at hand first."""
    platform = block.partition(".")[0]
    homes = [path.rpartition(".")[0] for path in places_of_keys()[key]]
    near = [home for home in homes if home.partition(".")[0] == platform and platform != "common"]
    shown = near or homes
    if not shown[0]:
        return "at the top level"
    return "in " + (", ".join(shown[:-1]) + " or " + shown[-1] if len(shown) > 1 else shown[0])


def _letters(word: str) -> str:
    return re.sub(r"[\W_]", "", word).lower()
