"""How much an SVG may be, told from its bytes: elements, depth, attributes, and what its references multiply.

In: the bytes of a document. Out: in words what is too much, "" if nothing is. Rule: whoever shows the document works
for each reference anew, so what a `use` stands for counts wherever it is used; a plain icon costs microseconds.
"""

import re
from typing import Final
from xml.parsers import expat

MOST_ELEMENTS: Final = 50_000
MOST_DEPTH: Final = 64
"""Elements inside one another; renderers recurse, and some of them end with their stack at four times as many."""

MOST_ATTRIBUTES: Final = 1_000
"""Of one element; renderers take quadratic time for them."""

TOO_MUCH: Final = (
    f"more than {MOST_ELEMENTS} elements, or {MOST_DEPTH} inside one another, those that are used included, "
    f"or {MOST_ATTRIBUTES} attributes on one"
)

_HOLDERS: Final = frozenset({"mask", "clipPath", "pattern", "marker", "filter"})
"""Elements that others show by `url(#id)`, with all that is in them."""

_REFERRING: Final = re.compile(rb"<(?:[^\s<>/:]+:)?(use|feImage|mask|clipPath|pattern|marker|filter)\b")
_URL: Final = re.compile(r"""url\(\s*['"]?\s*#([^'"()\s]+)""")
_FEW: Final = 2
"""Holders that can't multiply much in a document with few tags."""


def excess(content: bytes, encoding: str | None = None) -> str:
    """What of an SVG is too much, or "".

    `encoding` is what its reader takes it for, whatever the document says. Bytes that are no XML show nothing.
    """
    if not _may_be_much(content):
        return ""
    reader = _Reader(encoding)
    try:
        reader.read(content)
        reader.shown(reader.elements[0], 1)
    except (expat.ExpatError, ValueError, LookupError):
        return ""
    except _TooMuch:
        return TOO_MUCH
    return ""


def _may_be_much(content: bytes) -> bool:
    # whatever holds another has two tags
    if content.count(b"<") > 2 * MOST_DEPTH or content.count(b"=") > MOST_ATTRIBUTES or b"\0" in content[:4]:
        return True
    if b"url(" not in content and b"use" not in content and b"feImage" not in content:
        return False
    found = _REFERRING.findall(content)
    return len(found) > _FEW or b"use" in found or b"feImage" in found


class _TooMuch(Exception):
    pass


class _Element:
    """An element, what is in it, the ids that it refers to, and what it comes to once that is known."""

    __slots__ = ("children", "count", "height", "is_open", "links", "tag", "urls")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.children: list[_Element] = []
        self.links: list[str] = []
        self.urls: list[str] = []
        self.count = self.height = 0
        self.is_open = False


class _Reader:
    def __init__(self, encoding: str | None) -> None:
        self.elements: list[_Element] = []
        self._by_id: dict[str, _Element] = {}
        self._open: list[_Element] = []
        self._parser = expat.ParserCreate(encoding)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, content: bytes) -> None:
        """Reads a whole document."""
        self._parser.Parse(content, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = _Element(name.rpartition(":")[2])
        self.elements.append(element)
        if len(self.elements) > MOST_ELEMENTS or len(self._open) >= MOST_DEPTH or len(attributes) > MOST_ATTRIBUTES:
            raise _TooMuch
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)
        for key, value in attributes.items():
            if key == "id":
                self._by_id.setdefault(value, element)
            elif "url(" in value:
                element.urls += _URL.findall(value)
            elif element.tag in ("use", "feImage") and key.rpartition(":")[2] == "href":
                element.links.append(value.strip().removeprefix("#"))

    def _end(self, _: str) -> None:
        self._open.pop()

    def shown(self, element: _Element, depth: int) -> int:
        """How many elements an element shows, itself included. Raises _TooMuch, also for how deep they are."""
        if depth + element.height > MOST_DEPTH:
            raise _TooMuch
        if element.is_open or element.count:
            return element.count  # what refers to itself is not shown by anybody
        element.is_open = True
        targets = [self._by_id.get(id_) for id_ in element.links]
        targets += [one for id_ in element.urls if (one := self._by_id.get(id_)) is not None and one.tag in _HOLDERS]
        count = 1
        for inner in (*element.children, *(one for one in targets if one is not None)):
            count += self.shown(inner, depth + 1)
            element.height = max(element.height, inner.height + 1)
        element.is_open = False
        if count > MOST_ELEMENTS:
            raise _TooMuch
        element.count = count
        return count
