"""Names in generated code: what a language allows, which assets clash, and how to say so.

In: final names of colors, icons and images. Out: legal identifiers, and problems that name file, node and asset.
Rule: a name that its language allows goes through untouched, and no two assets of a kind ever share one.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Protocol, TypeVar
from unicodedata import category, normalize

from exfig_rx.errors import DesignError
from exfig_rx.export.files import text_fault
from exfig_rx.load.wording import counted, listed, node_link, node_words, quoted
from exfig_rx.model import Location, Problem


class Entry(Protocol):
    """The block of a config that problems are about: its key path, and the noun for one asset of it."""

    @property
    def key(self) -> str: ...
    @property
    def noun(self) -> str: ...


class Named(Protocol):
    """An asset: its final name, its name in Figma, and where it is there."""

    @property
    def name(self) -> str: ...
    @property
    def original_name(self) -> str: ...
    @property
    def file_key(self) -> str: ...
    @property
    def node_id(self) -> str: ...


N = TypeVar("N", bound=Named)

LONGEST_NAME = 1_000
"""Characters of a name in code; nobody types a longer one, and compilers that stop at one stop far above it."""


@cache
def reserved(kind: str) -> frozenset[str]:
    """The words of one list of `reserved_words.json`."""
    text = resources.files("exfig_rx.export").joinpath("reserved_words.json").read_text(encoding="utf-8")
    return frozenset(" ".join(json.loads(text)[kind]).split())


def in_order(assets: Iterable[N]) -> tuple[N, ...]:
    """`assets` by the code points of their final names; ties, which are errors, by where they come from."""
    return tuple(
        sorted(assets, key=lambda c: (normalize("NFC", c.name), c.original_name, c.file_key, c.node_id)),
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


def located(entry: Entry, asset: Named) -> Location:
    """The place of `asset` in Figma, for a problem of `entry`."""
    return Location(
        key=entry.key,
        figma_file=asset.file_key or None,
        node_id=asset.node_id or None,
        node_name=asset.original_name,
    )


def unusable(entry: Entry, asset: Named, why: str) -> Problem:
    """The error about an asset whose name can't be exported; `why` completes "can't be exported: "."""
    return Problem(
        "design.unusable-name",
        f"{entry.noun} {quoted(asset.original_name)} (in code {quoted(asset.name)}) can't be exported: {why}",
        _RENAME,
        located(entry, asset),
    )


def faults(entry: Entry, assets: Iterable[N], why: Callable[[N], str]) -> list[Problem]:
    """One error for each asset that has a fault; `why` is empty for a sound one."""
    return [unusable(entry, asset, fault) for asset in assets for fault in [why(asset)] if fault]


def name_fault(asset: Named) -> str:
    """Why no platform can have the final name of `asset`; empty if it can."""
    if len(asset.name) > LONGEST_NAME:
        return f"it would have {len(asset.name):,} characters, and {LONGEST_NAME:,} are enough for a name in code"
    return text_fault(asset.name) if asset.name else "no letter or digit is left of it"


def clashes(
    entry: Entry,
    named: Iterable[tuple[str, N]],
    what: str,
    reported: Callable[[N], str] | None = None,
) -> list[Problem]:
    """One error for each name that several assets would have; `what` says what it names ("Swift property").

    Assets for which `reported` gives the same text clash in another way as well, and are left to that error.
    """
    groups: dict[str, list[N]] = {}
    for name, asset in named:
        groups.setdefault(name, []).append(asset)
    return [
        clash(entry, same, f"become the {what} {quoted(name)}")
        for name, same in groups.items()
        if len(same) > 1 and (reported is None or len(set(map(reported, same))) > 1)
    ]


def clash(entry: Entry, assets: Sequence[Named], verb: str) -> Problem:
    """The error about assets that can't all be exported, each with its place; located at the second."""
    places = [f"{quoted(asset.original_name)}{_place(asset)}" for asset in assets]
    links = [node_link(asset.file_key, asset.node_id) for asset in assets if asset.file_key and asset.node_id]
    at = f": {listed(links)}" if links else ""
    return Problem(
        "design.duplicate-name",
        f"{counted(len(assets), entry.noun)} {verb}: {listed(places)}",
        f"rename all but one in Figma{at}",
        located(entry, assets[1]),
    )


def renamed(entry: Entry, changes: Sequence[tuple[Named, str]], what: str) -> list[Problem]:
    """At most one warning, about all assets whose name had to change; `what` says what it names."""
    if not changes:
        return []
    shown = listed([f"{quoted(asset.name)} to {quoted(new)}" for asset, new in changes])
    return [
        Problem(
            "design.renamed",
            f"renamed {counted(len(changes), entry.noun)} to get a legal {what}: {shown}",
            _RENAME,
            located(entry, changes[0][0]),
        )
    ]


def refuse(problems: Sequence[Problem]) -> None:
    """Raise a DesignError with all `problems`, if there are any."""
    if problems:
        raise DesignError(*problems)


_RENAME = "rename it in Figma, or give it another name with nameValidateRegexp and nameReplaceRegexp"


def _place(asset: Named) -> str:
    return f" (file {asset.file_key}, {node_words(asset.node_id)})" if asset.file_key and asset.node_id else ""
