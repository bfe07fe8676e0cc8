"""A place in a config's text, as people see it: `file:line:column`, the source line, a caret below it.

In: the text and 0-based marks of the YAML parser. Out: `Problem`s with 1-based locations. Rule: whatever looks like a
secret is masked in every message, hint and excerpt, also while the file is not even valid YAML.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from exfig_rx.model import Location, Problem

MASK = "••••••"
_WIDEST = 100
"""Longer source lines are cut around the caret."""

_LINE_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""What YAML 1.1 calls a line break (https://yaml.org/spec/1.1/#id871136), so that lines count as the parser's do."""

_HIDDEN_KEY = r"(?:(?:figma_?)?(?:personal_?)?(?:access_?|api_?|auth_?)?token|api_?key|password|secret)"
_HIDDEN_VALUE = re.compile(
    rf"(?i)(?<![\w-]){_HIDDEN_KEY}[\"']?[ \t]*+:(?:\s++|#.*+\n|&\S++\s|!!\w++\s|[|>][-+0-9]*+[ \t]*+\n)*+"
    r"(\"(?:[^\"\\]|\\.)*\"?|'(?:[^']|'')*'?|[^\s,}#]+)"
)
_ANCHORED = r"&{}\s+[\"']?([^\s\"',}}]+)"
_FIGMA_TOKEN = re.compile(r"\bfig[a-z]{1,3}_[A-Za-z0-9_-]{8,}")
"""Figma's tokens begin with `figd_` (personal), `figu_`, `figur_` and the like."""


class Mark(Protocol):
    """A 0-based line and column."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Place(NamedTuple):
    """A mark of our own making."""

    line: int
    column: int


START = Place(0, 0)


def is_secret_key(key: str) -> bool:
    """Whether a key of this name holds a secret."""
    return re.fullmatch(_HIDDEN_KEY, key, re.IGNORECASE) is not None


def is_token(text: str) -> bool:
    """Whether `text` holds a Figma access token."""
    return _FIGMA_TOKEN.search(text) is not None


def without_tokens(text: str, instead: str) -> str:
    """`text` with `instead` for each Figma access token."""
    return _FIGMA_TOKEN.sub(instead, text)


def quoted(text: str, limit: int = 60) -> str:
    """`text` in double quotes on one line, at most `limit` characters of it, nothing in it a terminal could obey."""
    cut = text if len(text) <= limit else text[:limit] + "…"
    return '"' + "".join(_visible(char) for char in cut) + '"'


@dataclass(frozen=True)
class SourceText:
    """The text of one config; `label` is what people know the file by."""

    label: str
    text: str = field(repr=False)

    @cached_property
    def lines(self) -> list[str]:
        """The lines as the YAML parser counts them, without their breaks."""
        return _LINE_BREAKS.split(self.text)

    @cached_property
    def _secrets(self) -> tuple[str, ...]:
        return tuple(sorted(_secrets_of(self.text), key=len, reverse=True))

    def problem(self, code: str, message: str, hint: str = "", *, at: Mark, key: str | None = None) -> Problem:
        """A problem at `at`, which is moved to the end of the text if it lies behind it."""
        place = self._inside(at)
        location = Location(self.label, place.line + 1, place.column + 1, self._masked(key) if key else None)
        return Problem(code, self._masked(message), self._masked(hint), location, self._excerpt(place))

    def place(self, index: int) -> Place:
        """The place of the character at `index`."""
        before = _LINE_BREAKS.split(self.text[:index])
        return Place(len(before) - 1, len(before[-1]))

    @cached_property
    def _last_line(self) -> int:
        return max((number for number, line in enumerate(self.lines) if line.strip()), default=0)

    def _inside(self, mark: Mark) -> Place:
        if mark.line <= self._last_line:
            return Place(mark.line, min(mark.column, len(self.lines[mark.line])))
        return Place(self._last_line, len(self.lines[self._last_line].rstrip()))

    def _masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _FIGMA_TOKEN.sub(MASK, text)

    def _excerpt(self, place: Place) -> str:
        line = self.lines[place.line]
        if not line.strip():
            return ""
        shown, caret = self._masked(line), len(self._masked(line[: place.column]))
        start = max(0, caret - _WIDEST // 2) if len(shown) > _WIDEST else 0
        lead, tail = "…" if start else "", "…" if len(shown) > start + _WIDEST else ""
        text = lead + "".join(_visible(char, tab=" ") for char in shown[start : start + _WIDEST])
        return f"{text.rstrip()}{tail}\n{' ' * _width(text[: caret - start + len(lead)])}^"


def _secrets_of(text: str) -> set[str]:
    found: set[str] = set()
    for match in _HIDDEN_VALUE.finditer(text):
        value = match[1].strip("\"'")
        if value.startswith("*"):
            anchored = re.search(_ANCHORED.format(re.escape(value[1:])), text)
            value = anchored[1] if anchored else ""
        if value not in ("", "~", "null") and not value.startswith("{") and not value.endswith(":"):
            found.update((value, *(word for word in value.split() if len(word) > 4)))
    return found


def _visible(char: str, tab: str = r"\t") -> str:
    if char == "\t":
        return tab
    if char.isprintable():
        return char
    return r"\n" if char == "\n" else "?"


def _width(text: str) -> int:
    """Columns of a terminal that `text` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
