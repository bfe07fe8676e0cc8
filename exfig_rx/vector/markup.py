"""XML to a tree of elements, hardened: no entities, and limits on depth, elements and text.

In: the bytes of an SVG. Out: the root element. Rule: what is not SVG's own (metadata, editors' namespaces, and unless
asked for HTML) is left out here; a document that could blow up is refused before it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from exfig_rx.errors import DesignError
from exfig_rx.model import Problem
from exfig_rx.vector.limits import MOST_ATTRIBUTES, MOST_DEPTH, MOST_ELEMENTS, TOO_MUCH

MOST_BYTES: Final = 16 * 2**20

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_HTML: Final = "http://www.w3.org/1999/xhtml"
_TEXT_AT_ONCE: Final = 2**16

HTML_PREFIX: Final = "html:"
"""What the tags of HTML elements begin with."""


@dataclass(slots=True, eq=False)
class Element:
    """One element: its tag and attributes without namespace prefixes, its children, and the text before the first.

    `tail` is the text between its end and its next sibling.
    """

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""
    tail: str = ""

    def everything(self) -> Iterator["Element"]:
        """This element and all below it, in document order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            if element.children:
                waiting += reversed(element.children)


def parse_markup(content: bytes, *, with_html: bool = False) -> Element:
    """The root element of an SVG document, `with_html` with the HTML that it holds.

    Raises DesignError for anything that is none, or is too much.
    """
    if len(content) > MOST_BYTES:
        raise too_large(f"it has {len(content)} bytes, more than {MOST_BYTES}")
    reader = _Reader(with_html=with_html)
    try:
        reader.read(content)
    except expat.ExpatError as error:
        raise broken(f"line {error.lineno}, column {error.offset + 1}: {expat.ErrorString(error.code)}") from None
    except (ValueError, LookupError) as error:  # an encoding that does not exist, or does not fit
        raise broken(str(error)) from None
    if reader.root is None or reader.root.tag != "svg":
        raise broken("its root is not <svg>")
    return reader.root


def broken(what: str) -> DesignError:
    """The error for bytes that are no SVG."""
    return DesignError(Problem("vector.broken", f"not a usable SVG: {what}", "Export it from Figma again."))


def too_large(what: str) -> DesignError:
    """The error for an SVG that would cost too much time or memory."""
    hint = "Simplify it in Figma, or export it as an image."
    return DesignError(Problem("vector.too-large", f"this SVG is too large: {what}", hint))


class _Reader:
    def __init__(self, *, with_html: bool) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        # depth inside an element that is left out; 0: none
        self._foreign = 0
        self._count = 0
        self._tags = {_SVG: "", _HTML: HTML_PREFIX} if with_html else {_SVG: ""}
        # what prefixes stand for; almost always none and `xlink`, and both said at the root if at all
        self._prefixes = {"": _SVG, "xlink": _XLINK, "svg": _SVG}
        # of elements that declared prefixes: their depth, and what held around them
        self._outer: list[tuple[int, dict[str, str]]] = []

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = _TEXT_AT_ONCE
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = _no_entities
        parser.AttlistDeclHandler = _no_defaults
        parser.Parse(content, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._foreign:
            self._foreign += 1
            return
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= MOST_DEPTH or len(attributes) > MOST_ATTRIBUTES:
            raise too_large(TOO_MUCH)
        prefixes = self._prefixes
        names = " ".join(attributes)
        if "xmlns" in names:
            prefixes = self._declared(attributes, names)
        prefix, _, tag = name.rpartition(":")
        kind = self._tags.get(prefixes.get(prefix, ""))
        if kind is None:
            self._foreign = 1
            return
        if prefixes is not self._prefixes:
            self._outer.append((len(self._open), self._prefixes))
            self._prefixes = prefixes
        element = Element(kind + tag, self._own(attributes) if ":" in names else attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _declared(self, attributes: dict[str, str], names: str) -> dict[str, str]:
        """The prefixes that hold from here on; takes `xmlns` out of the attributes."""
        default = attributes.pop("xmlns", None)
        found = {} if default in (None, self._prefixes[""]) else {"": default}
        if ":" in names:
            found |= {key[6:]: value for key, value in attributes.items() if key.startswith("xmlns:")}
        if all(self._prefixes.get(prefix) == name for prefix, name in found.items()):
            return self._prefixes
        return self._prefixes | found

    def _own(self, attributes: dict[str, str]) -> dict[str, str]:
        """Attributes without a prefix, and `href`, which XLink's gives way to."""
        own = {key: value for key, value in attributes.items() if ":" not in key}
        for key, value in attributes.items():
            prefix, _, name = key.partition(":")
            if name == "href" and self._prefixes.get(prefix) == _XLINK:
                own.setdefault("href", value)
        return own

    def _end(self, _: str) -> None:
        if self._foreign:
            self._foreign -= 1
            return
        self._open.pop()
        if self._outer and self._outer[-1][0] == len(self._open):
            self._prefixes = self._outer.pop()[1]

    def _text(self, text: str) -> None:
        if not self._open or self._foreign:
            return
        parent = self._open[-1]
        if parent.children:
            parent.children[-1].tail += text
        else:
            parent.text += text


def _no_entities(name: str, *_: object) -> None:
    raise broken(f"it declares the entity {name[:40]!r}")


def _no_defaults(element: str, attribute: str, kind: str, default: str | None, _: object) -> None:
    """An attribute that a DOCTYPE gives to elements; without a value it does nothing."""
    if default is not None:
        raise broken(f"its DOCTYPE gives {attribute[:40]!r} to each <{element[:40]}>")
