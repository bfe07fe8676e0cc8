"""Names in generated code: what a language allows, which colors clash, and how to say so.

In: final names of colors. Out: legal identifiers, and problems that name file, node and color. Rule: a name that its
language allows goes through untouched, and no two colors ever share one.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from unicodedata import category, normalize

from exfig_rx.config.entries import ColorEntry
from exfig_rx.errors import DesignError
from exfig_rx.export.files import text_fault
from exfig_rx.load.wording import counted, listed, node_link, quoted
from exfig_rx.model import Location, Problem, ThemedColor


@cache
def reserved(kind: str) -> frozenset[str]:
    """The words of one list of `reserved_words.json`."""
    text = resources.files("exfig_rx.export").joinpath("reserved_words.json").read_text(encoding="utf-8")
    return frozenset(" ".join(json.loads(text)[kind]).split())


def in_order(colors: Iterable[ThemedColor]) -> tuple[ThemedColor, ...]:
    """`colors` by the code points of their final names; ties, which are errors, by where they come from."""
    return tuple(
        sorted(colors, key=lambda c: (normalize("NFC", c.name), c.original_name, c.file_key, c.node_id)),
    )


def ascii_identifier(name: str) -> str | None:
    """`name` in ASCII letters, digits and underscores: accents are dropped, punctuation becomes `_`.

    None if it holds a letter or number of another script, for which there is no one right spelling.
    """
    spelled = normalize("NFKD", name.replace("ß", "ss").replace("ẞ", "SS"))
    plain = [char for char in spelled if category(char) != "Mn"]
    if any(not char.isascii() and category(char)[0] in "LN" for char in plain):
        return None
    return "".join(char if char.isascii() and char.isalnum() else "_" for char in plain)


def unicode_identifier(name: str) -> str:
    """`name` with `_` for what no identifier holds (https://www.unicode.org/reports/tr31/), and before a digit."""
    cleaned = "".join(char if ("_" + char).isidentifier() else "_" for char in normalize("NFC", name))
    legal = cleaned if cleaned.isidentifier() else "_" + cleaned
    return "__" if legal == "_" else legal


def escaped(text: str, special: str) -> str:
    """`text` with a backslash before each backslash and each character of `special`."""
    return re.sub(f"[{re.escape(special)}\\\\]", r"\\\g<0>", text)


def located(entry: ColorEntry, color: ThemedColor) -> Location:
    """The place of `color` in Figma, for a problem of `entry`."""
    return Location(
        key=entry.key,
        figma_file=color.file_key or None,
        node_id=color.node_id or None,
        node_name=color.original_name,
    )


def unusable(entry: ColorEntry, color: ThemedColor, why: str) -> Problem:
    """The error about a color whose name can't be exported; `why` completes "can't be exported: "."""
    return Problem(
        "design.unusable-name",
        f"color {quoted(color.original_name)} (in code {quoted(color.name)}) can't be exported: {why}",
        _RENAME,
        located(entry, color),
    )


def faults(entry: ColorEntry, colors: Iterable[ThemedColor], why: Callable[[ThemedColor], str]) -> list[Problem]:
    """One error for each color that has a fault; `why` is empty for a sound one."""
    return [unusable(entry, color, fault) for color in colors for fault in [why(color)] if fault]


def name_fault(color: ThemedColor) -> str:
    """Why no platform can have the final name of `color`; empty if it can."""
    return text_fault(color.name) if color.name else "no letter or digit is left of it"


def clashes(
    entry: ColorEntry,
    named: Iterable[tuple[str, ThemedColor]],
    what: str,
    reported: Callable[[ThemedColor], str] | None = None,
) -> list[Problem]:
    """One error for each name that several colors would have; `what` says what it names ("Swift property").

    Colors for which `reported` gives the same text clash in another way as well, and are left to that error.
    """
    groups: dict[str, list[ThemedColor]] = {}
    for name, color in named:
        groups.setdefault(name, []).append(color)
    return [
        clash(entry, same, f"become the {what} {quoted(name)}")
        for name, same in groups.items()
        if len(same) > 1 and (reported is None or len(set(map(reported, same))) > 1)
    ]


def clash(entry: ColorEntry, colors: Sequence[ThemedColor], verb: str) -> Problem:
    """The error about colors that can't all be exported, each with its place; located at the second."""
    places = [f"{quoted(color.original_name)}{_place(color)}" for color in colors]
    links = [node_link(color.file_key, color.node_id) for color in colors if color.file_key and color.node_id]
    at = f": {listed(links)}" if links else ""
    return Problem(
        "design.duplicate-name",
        f"{counted(len(colors), 'color')} {verb}: {listed(places)}",
        f"rename all but one in Figma{at}",
        located(entry, colors[1]),
    )


def renamed(entry: ColorEntry, changes: Sequence[tuple[ThemedColor, str]], what: str) -> list[Problem]:
    """At most one warning, about all colors whose name had to change; `what` says what it names."""
    if not changes:
        return []
    shown = listed([f"{quoted(color.name)} to {quoted(new)}" for color, new in changes])
    return [
        Problem(
            "design.renamed",
            f"renamed {counted(len(changes), 'color')} to get a legal {what}: {shown}",
            _RENAME,
            located(entry, changes[0][0]),
        )
    ]


def refuse(problems: Sequence[Problem]) -> None:
    """Raise a DesignError with all `problems`, if there are any."""
    if problems:
        raise DesignError(*problems)


_RENAME = "rename it in Figma, or give it another name with nameValidateRegexp and nameReplaceRegexp"


def _place(color: ThemedColor) -> str:
    return f" (file {color.file_key}, node {color.node_id})" if color.file_key and color.node_id else ""
