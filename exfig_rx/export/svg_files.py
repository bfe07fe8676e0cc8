"""SVG files that are stored as Figma sent them.

In: their bytes. Out: nothing, or a `DesignError`. Rule: what would blow up whoever opens it is not passed on: entities,
elements inside one another without end, and `use` elements that multiply.
"""

import re
from typing import Final
from xml.parsers import expat

from exfig_rx.vector.markup import MOST_ATTRIBUTES, MOST_DEPTH, MOST_ELEMENTS, Element, parse_markup, too_large

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_USE: Final = re.compile(rb"<(?:[\w.-]+:)?use\b")
_FEW_TAGS: Final = 2 * MOST_DEPTH
"""Fewer tags can't be too deep, and most icons have fewer: they are not parsed to be copied."""

_SHORT_BYTES: Final = 4 * MOST_ATTRIBUTES
"""Fewer bytes can't hold too many attributes."""


def refuse_bombs(content: bytes) -> None:
    """Raise DesignError for an SVG of a few lines that costs gigabytes or minutes when it is shown."""
    if b"<!ENTITY" in content or content.startswith(_UTF16):
        parse_markup(content)
    if content.count(b"<") > _FEW_TAGS or len(content) > _SHORT_BYTES:
        _refuse_deep(content)
    if _USE.search(content):
        _refuse_multiplied(parse_markup(content))


def _refuse_deep(content: bytes) -> None:
    depth = 0

    def start(_: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH or len(attributes) > MOST_ATTRIBUTES:
            what = f"more than {MOST_DEPTH} elements inside one another, or {MOST_ATTRIBUTES} attributes on one"
            raise too_large(what)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        # What is no XML at all shows nothing, and costs nobody anything.
        return


def _refuse_multiplied(root: Element) -> None:
    """Count the elements that are shown once each `use` is what it refers to."""
    everything = list(root.everything())
    by_id: dict[str, Element] = {}
    for element in everything:
        by_id.setdefault(element.attributes.get("id", ""), element)
    known: dict[int, int] = {}
    open_: set[int] = set()

    def shown(element: Element) -> int:
        key = id(element)
        if key in known or key in open_:
            return known.get(key, 0)
        open_.add(key)
        count = 1 + sum(map(shown, element.children))
        target = by_id.get(element.attributes.get("href", "").strip().removeprefix("#"))
        if element.tag == "use" and target is not None:
            count += shown(target)
        open_.discard(key)
        if count > MOST_ELEMENTS:
            raise too_large(f"its <use> elements make more than {MOST_ELEMENTS} elements of it")
        known[key] = count
        return count

    shown(root)
