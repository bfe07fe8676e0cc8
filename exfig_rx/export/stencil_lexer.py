"""A Stencil template as pieces: text, `{{ … }}`, `{% … %}`, and the words inside them.

In: the text of a template. Out: pieces with line and column, comments gone, whitespace control applied; and words as
Stencil splits them (https://stencil.fuller.li, 0.15): quotes keep spaces, `|`, `:` and `,` glue, brackets stand alone.
Rule: what Stencil would drop in silence, such as a tag that never ends, is a fault.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from exfig_rx.export.template_faults import TemplateFault

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_WORD = re.compile(r"""(?: "[^"]*" | '[^']*' | [^\s"'] | ["'] )+""", re.VERBOSE)
_QUOTED = r""" "[^"]*" | '[^']*' """
_GLUE = ("|", ":", ",")


class Kind(Enum):
    """What a piece is."""

    TEXT = "text"
    VALUE = "value"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a template; `text` is without the delimiters, `line` and `column` count from 1."""

    kind: Kind
    text: str
    line: int
    column: int


def pieces(source: str) -> Iterator[Piece]:
    """The pieces of `source` in order. Raises TemplateFault about a tag that does not end, or three braces that do."""
    at, line, line_start = 0, 1, 0
    trims = False
    while (opening := _OPENING.search(source, at)) is not None:
        start = opening.start()
        text = source[at:start]
        after = source[start + 2 : start + 3]
        is_tag = source[start + 1] == "%"
        text = text.lstrip() if trims else text
        text = text.rstrip() if is_tag and after == "-" else text
        if text:
            yield Piece(Kind.TEXT, text, line, at - line_start + 1)
        line += source.count("\n", at, start)
        line_start = max(line_start, source.rfind("\n", at, start) + 1)
        column = start - line_start + 1
        end, inside = _inside(source, start, line, column)
        trims = is_tag and source[end - 3] == "-" and end - start > 4
        match source[start + 1]:
            case "%":
                yield Piece(Kind.TAG, _joined(inside), line, column)
            case "{" if inside.startswith("{"):
                # Stencil itself looks for a variable called "{ x" here and prints only the brace that is left over.
                yield Piece(Kind.TEXT, "{", line, column)
                yield Piece(Kind.VALUE, _joined(inside[1:]), line, column + 1)
            case "{":
                yield Piece(Kind.VALUE, _joined(inside), line, column)
        line += source.count("\n", start, end)
        line_start = max(line_start, source.rfind("\n", start, end) + 1)
        at = end
    rest = source[at:].lstrip() if trims else source[at:]
    if rest:
        yield Piece(Kind.TEXT, rest, line, at - line_start + 1)


def words(text: str) -> list[str]:
    """The words of a tag, as Stencil splits them: `x | default : "a b"` is one, `(a` are two."""
    found: list[list[str]] = []
    for match in _WORD.finditer(text):
        word = match[0]
        before = found[-1][-1] if found else ""
        # `outer: for` is a label, where a colon does not glue.
        is_label = len(found) == 1 and before.endswith(":") and word == "for"
        if before and not is_label and (before.endswith(_GLUE) or word.startswith(_GLUE)):
            found[-1].append(word)
        else:
            found += [[part] for part in _without_brackets(word)]
    return ["".join(glued) for glued in found]


def parts(text: str, separator: str) -> list[str]:
    """`text` at each `separator` that stands outside quotes, without spaces around and without empty parts."""
    between = re.escape(separator)
    found = re.findall(rf"{between} | ((?: {_QUOTED} | (?!{between}) . )+)", text, re.VERBOSE | re.DOTALL)
    return [part.strip() for part in found if part.strip()]


def _inside(source: str, start: int, line: int, column: int) -> tuple[int, str]:
    """Where the tag at `start` ends, and what is in it."""
    opening = source[start : start + 2]
    closing = _CLOSING[opening]
    found = source.find(closing, start + (2 if opening == "{{" else 1))
    if found < 0:
        what = f"opens {opening} that is never closed with {closing}"
        hint = f'close it, or write {{{{ "{opening}" }}}} to print it'
        raise TemplateFault("template.syntax", what, hint, line, column)
    end = found + 2
    if source.startswith("{{{", start):
        if source[end : end + 1] != "}":
            what = "opens three braces and closes two"
            hint = 'write {{ "{" }} for a brace before a value: {{ "{" }}{{ name }}'
            raise TemplateFault("template.syntax", what, hint, line, column)
        # The brace that follows stays text.
        return end, source[start + 2 : found]
    inside = source[start + 2 : max(found, start + 2)]
    if opening == "{%":
        inside = inside.removeprefix("-") if inside[:1] == "-" else inside.removeprefix("+")
        inside = inside.removesuffix("-") if inside[-1:] == "-" else inside.removesuffix("+")
    return end, inside


def _joined(inside: str) -> str:
    """What is in a tag on one line; tags may go over several."""
    return " ".join(line.strip() for line in inside.split("\n") if line.strip())


def _without_brackets(word: str) -> list[str]:
    """Brackets around words of a condition are words of their own: `((a` are three."""
    opening = min(len(word) - len(word.lstrip("()")), len(word) - 1)
    inner = word[opening:]
    # A bracket that is opened inside the word looks like a call; whoever reads the word says so.
    excess = max(0, inner.count(")") - inner.count("("))
    closing = min(len(inner) - len(inner.rstrip("()")), len(inner) - 1, excess)
    end = len(inner) - closing
    return [*word[:opening], inner[:end], *inner[end:]]
