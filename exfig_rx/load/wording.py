"""How problems of a design name things: quoted names, short lists, links to nodes.

In: text that strangers wrote in Figma, lists of any length. Out: one bounded line for a message or hint. Rule: a name
shows as it is, but never breaks the line, never hides in blanks, and never makes a message long.
"""

from collections.abc import Collection, Sequence
from urllib.parse import quote

from exfig_rx.model import Platform

LONGEST_NAME = 80
"""Characters of a name that a message shows."""

_VARIABLE = "VariableID:"

LONGEST_LIST = 10
"""Items of a list that a message shows."""


def quoted(name: str) -> str:
    """`name` in single quotes, on one line, cut to 80 characters; what can't be printed shows as an escape."""
    cut = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in cut)
    return f"'{shown}'"


def listed(items: Sequence[str]) -> str:
    """`items` with commas, the first ten of them, and how many more there are."""
    more = len(items) - LONGEST_LIST
    shown = ", ".join(items[:LONGEST_LIST])
    return f"{shown} and {more} more" if more > 0 else shown


def counted(number: int, noun: str) -> str:
    """`1 color`, `2 colors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def one(noun: str) -> str:
    """`a color`, `an icon`."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def platform_words(platforms: Collection[Platform]) -> str:
    """`ios and web`, in the order in which platforms are exported."""
    return " and ".join(platform for platform in Platform if platform in platforms)


def file_link(file_key: str) -> str:
    """The address that opens a file in Figma."""
    return f"https://www.figma.com/design/{quote(file_key, safe='')}"


def node_link(file_key: str, node_id: str) -> str:
    """The address that opens a node in Figma, a variable in its file; in links the colon of a node id is a hyphen."""
    if node_id.startswith(_VARIABLE):
        return file_link(file_key)
    return f"{file_link(file_key)}?node-id={quote(node_id.replace(':', '-'), safe='')}"


def node_words(node_id: str) -> str:
    """`node 1:2`; the id of a variable says itself what it is."""
    return node_id if node_id.startswith(_VARIABLE) else f"node {node_id}"
