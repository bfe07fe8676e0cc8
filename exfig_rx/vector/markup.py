"""XML to a tree of elements, hardened: no entities, and limits on depth, elements and text.

In: the bytes of an SVG. Out: the root element. Rule: what is not SVG's own (metadata, editors' namespaces) is left out
here; a document that could blow up is refused before it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from exfig_rx.errors import DesignError
from exfig_rx.model import Problem

MOST_BYTES: Final = 16 * 2**20
MOST_ELEMENTS: Final = 50_000
MOST_DEPTH: Final = 100

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"


@dataclass(slots=True)
class Element:
    """One element: its tag and attributes without namespace prefixes, its children, and the text directly in it."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def everything(self) -> Iterator["Element"]:
        """This element and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.everything()


def parse_markup(content: bytes) -> Element:
    """The root element of an SVG document. Raises DesignError for anything that is none, or is too much."""
    if len(content) > MOST_BYTES:
        raise _broken(f"it has {len(content)} bytes, more than {MOST_BYTES}")
    reader = _Reader()
    try:
        reader.read(content)
    except expat.ExpatError as error:
        raise _broken(f"line {error.lineno}, column {error.offset + 1}: {expat.ErrorString(error.code)}") from None
    except (ValueError, LookupError) as error:  # an encoding that does not exist, or does not fit
        raise _broken(str(error)) from None
    if reader.root is None or reader.root.tag != "svg":
        raise _broken("its root is not <svg>")
    return reader.root


def _broken(what: str) -> DesignError:
    return DesignError(Problem("vector.broken", f"not a usable SVG: {what}", "Export it from Figma again."))


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        # depth inside an element that is not SVG's; 0: none
        self._foreign = 0
        self._count = 0
        # prefixes that stand for SVG and XLink; almost always none and `xlink`
        self._prefixes = {"": _SVG, "xlink": _XLINK, "svg": _SVG}

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = _no_entities
        parser.Parse(content, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._foreign:
            self._foreign += 1
            return
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= MOST_DEPTH:
            raise _broken(f"more than {MOST_ELEMENTS} elements, or more than {MOST_DEPTH} inside one another")
        if any(key.startswith("xmlns") for key in attributes):
            for key, value in attributes.items():
                if key == "xmlns" or key.startswith("xmlns:"):
                    self._prefixes[key[6:]] = value
        prefix, _, tag = name.rpartition(":")
        if self._prefixes.get(prefix) != _SVG:
            self._foreign = 1
            return
        element = Element(tag, self._own(attributes))
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _own(self, attributes: dict[str, str]) -> dict[str, str]:
        if not any(":" in key for key in attributes):
            attributes.pop("xmlns", None)
            return attributes
        own = {key: value for key, value in attributes.items() if ":" not in key and key != "xmlns"}
        for key, value in attributes.items():
            prefix, _, name = key.partition(":")
            if name == "href" and self._prefixes.get(prefix) == _XLINK:
                own.setdefault("href", value)
        return own

    def _end(self, _: str) -> None:
        if self._foreign:
            self._foreign -= 1
        else:
            self._open.pop()

    def _text(self, text: str) -> None:
        if self._open and not self._foreign:
            self._open[-1].text += text


def _no_entities(name: str, *_: object) -> None:
    raise _broken(f"it declares the entity {name[:40]!r}")
