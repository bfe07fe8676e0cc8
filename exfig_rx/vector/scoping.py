"""Style sheets of one drawing that leave the rest of a page alone.

In: a sheet, new names of ids and classes, and the id of the element around the drawing. Out: the sheet for that drawing
only, and what it may not load. Rule: where a selector holds none of the drawing's own names, all of them count below
the drawing's element alone; nothing is fetched from elsewhere.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

_BRACES: Final = re.compile(r"([{}])")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAMED: Final = re.compile(r"([.#])([\w-]+)")
_IMPORT: Final = re.compile(r"@import\b[^;{}]*;?", re.IGNORECASE)
_ROOT: Final = re.compile(r"(?:svg|:root)(?![\w-])")


def scoped(
    sheet: str, ids: Mapping[str, str], classes: Mapping[str, str], around: str | None
) -> tuple[str, tuple[str, ...]]:
    """`sheet` with its own names renamed and its selectors below `#around`, if given; and what is left out of it."""
    imports = [f"a style sheet from elsewhere ({' '.join(found[0].split())})" for found in _IMPORT.finditer(sheet)]
    parts = _BRACES.split(_IMPORT.sub("", sheet).strip())
    pairs = zip(parts, (*parts[1:], ""), strict=True)
    text = "".join(_prelude(part, ids, classes, around) if next_ == "{" else part for part, next_ in pairs)
    return text, tuple(imports)


def is_global(sheet: str, ids: Mapping[str, str], classes: Mapping[str, str]) -> bool:
    """Whether a selector of `sheet` holds none of the drawing's own names."""
    parts = _BRACES.split(_COMMENT.sub("", _IMPORT.sub("", sheet)))
    return any(
        not _is_own(selector, ids, classes)
        for part, next_ in pairwise(parts)
        if next_ == "{" and not part.strip().startswith("@")
        for selector in part.split(",")
    )


def _prelude(part: str, ids: Mapping[str, str], classes: Mapping[str, str], around: str | None) -> str:
    """What stands before a brace: selectors, or an at-rule, which stays."""

    def named(match: re.Match[str]) -> str:
        names = ids if match[1] == "#" else classes
        return match[1] + names.get(match[2], match[2])

    if around is None or part.strip().startswith("@"):
        return _NAMED.sub(named, part)
    # All selectors alike, so that none gains weight over another.
    selectors = []
    for selector in part.split(","):
        bare = _NAMED.sub(named, selector.strip())
        if (root := _ROOT.match(bare)) is not None:
            selectors.append(f"#{around}{bare[root.end() :]}")
            continue
        selectors.append(f"#{around} {bare}")
        if bare.startswith((".", "#")):
            selectors.append(f"#{around}{bare}")
    return ", ".join(selectors) + " "


def _is_own(selector: str, ids: Mapping[str, str], classes: Mapping[str, str]) -> bool:
    return any(name in (ids if kind == "#" else classes) for kind, name in _NAMED.findall(selector))
