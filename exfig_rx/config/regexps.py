r"""Name patterns as the older tool reads them: ICU's syntax, compiled with the package `regex`.

In: the text of `nameValidateRegexp`. Out: a compiled pattern, or an error that says where the pattern breaks. The
engines agree on nearly everything (https://unicode-org.github.io/icu/userguide/strings/regexp.html); what differs is
rewritten here: `\Q..\E`, `\x{61}`, `\k<name>`, `\Z` (before a last line end) and `\z`. Compiling runs no pattern;
whoever matches sets a time limit, because patterns come from strangers' files.
"""

import re
from functools import lru_cache

import regex

MAX_LENGTH = 1_000
"""Characters a pattern may have; nobody writes longer ones by hand."""

_ESCAPE = re.compile(
    r"""\\(?: Q(?P<quoted>.*?)(?:\\E|\Z)
            | x\{(?P<hex>[0-9A-Fa-f]{1,8})\}
            | k<(?P<name>\w+)>
            | (?P<end>[Zz])
            | (?P<stray>E)
            | (?P<other>.) )""",
    re.VERBOSE | re.DOTALL,
)


class RegexpError(ValueError):
    """A pattern that does not compile: `reason` for people, `position` counts characters from 0."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} at character {position + 1}")
        self.reason = reason
        self.position = position


@lru_cache(maxsize=1_024)
def compile_icu(pattern: str) -> "regex.Pattern[str]":
    """Compile an ICU pattern. Raises RegexpError, a ValueError."""
    if len(pattern) > MAX_LENGTH:
        raise RegexpError(f"a pattern has at most {MAX_LENGTH} characters", MAX_LENGTH)
    translated, origins = _translated(pattern)
    try:
        return regex.compile(translated, regex.V1)
    except regex.error as error:
        position = error.pos if error.pos is not None else 0
        origin = origins[position] if position < len(origins) else len(pattern)
        raise RegexpError(str(error.msg), min(origin, len(pattern))) from None
    except (OverflowError, RecursionError, MemoryError, ValueError, LookupError, TypeError, AttributeError):
        raise RegexpError("the pattern is too complicated", 0) from None


def _translated(pattern: str) -> tuple[str, list[int]]:
    """The pattern in the syntax of `regex`, and for each of its characters where it comes from in `pattern`."""
    out: list[str] = []
    origins: list[int] = []
    at = 0
    while at < len(pattern):
        match = _ESCAPE.match(pattern, at)
        piece, end = (pattern[at], at + 1) if match is None else (_escape(match), match.end())
        out.append(piece)
        origins += [at] * len(piece)
        at = end
    return "".join(out), origins


def _escape(match: re.Match[str]) -> str:
    if (quoted := match["quoted"]) is not None:
        return str(regex.escape(quoted, special_only=False, literal_spaces=False))
    if (code := match["hex"]) is not None:
        return f"\\U{int(code, 16):08X}"
    if (name := match["name"]) is not None:
        return rf"\g<{name}>"
    if match["end"] is not None:
        return r"(?=\R?\Z)" if match["end"] == "Z" else r"\Z"
    return "" if match["stray"] is not None else match[0]
