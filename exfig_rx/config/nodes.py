"""A YAML document as plain mappings, lists and scalars that know where they stand.

They are `dict` and `list`, so that the models read them as they are. A scalar keeps its source text: what it means
depends on the key that holds it (`007` is a name for one key, a number for another). Rule: nobody changes a node; who
needs another one makes a copy.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from exfig_rx.config.excerpt import Mark

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""Plain scalars that mean "not there" (https://yaml.org/type/null.html)."""

TRUE = frozenset(("true", "yes", "on"))
FALSE = frozenset(("false", "no", "off"))
"""Plain scalars that are a bool, in any letter case."""


@dataclass(slots=True, unsafe_hash=True)
class Scalar:
    """A value as written. `style` is its YAML quote (`'`, `"`, `|`, `>`) and empty for a plain one."""

    text: str
    style: str
    mark: Mark

    @property
    def is_null(self) -> bool:
        """Whether nothing is written here."""
        return not self.style and self.text in NULLS

    @property
    def flag(self) -> bool | None:
        """The bool that is written here, None if it is none."""
        word = "" if self.style else self.text.lower()
        return True if word in TRUE else False if word in FALSE else None


class SequenceNode(list["Node"]):
    """A list, and the mark of its first character."""

    __slots__ = ("mark",)

    def __init__(self, items: Iterable["Node"], mark: Mark) -> None:
        super().__init__(items)
        self.mark = mark


class MappingNode(dict[str, "Node"]):
    """A mapping, the mark of its first character, and the marks of its keys. Merged keys stand where they come from.

    `has_null` is true if a value is a null.
    """

    __slots__ = ("has_null", "mark", "marks")

    def __init__(self, items: Iterable[tuple[str, "Node"]], mark: Mark, marks: dict[str, Mark]) -> None:
        super().__init__(items)
        self.mark = mark
        self.marks = marks
        self.has_null = any(type(value) is Scalar and value.is_null for value in self.values())

    def has(self, key: str) -> bool:
        """Whether `key` has a value that is not null."""
        value = self.get(key)
        return value is not None and not (type(value) is Scalar and value.is_null)

    def block(self, key: str) -> "MappingNode | None":
        """The mapping at `key`."""
        value = self.get(key)
        return value if isinstance(value, MappingNode) else None

    def text(self, key: str) -> str | None:
        """The text at `key`; None if there is none."""
        value = self.get(key)
        return value.text if type(value) is Scalar and not value.is_null else None

    def flag(self, key: str) -> bool:
        """Whether a bool is written at `key` that is true."""
        value = self.get(key)
        return type(value) is Scalar and value.flag is True

    def says_no(self, key: str) -> bool:
        """Whether a bool is written at `key` that is false."""
        value = self.get(key)
        return type(value) is Scalar and value.flag is False

    def place(self, key: str) -> Mark:
        """Where the value of `key` stands, the mapping itself if it has no such key."""
        value = self.get(key)
        return self.mark if value is None else value.mark

    def key_place(self, key: str) -> Mark:
        """Where `key` itself stands, the mapping itself if it has no such key."""
        return self.marks.get(key, self.mark)


Node: TypeAlias = Scalar | SequenceNode | MappingNode


def child_key(path: str, key: str) -> str:
    """The key path of `key` in the block at `path`, the root being empty."""
    return f"{path}.{key}" if path else key
