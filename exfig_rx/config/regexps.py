r"""Name patterns as the older tool reads them: ICU's syntax, compiled with the package `regex`.

In: the text of `nameValidateRegexp`. Out: a compiled pattern, or an error that says where the pattern breaks. The
engines agree on nearly everything (https://unicode-org.github.io/icu/userguide/strings/regexp.html); what differs is
rewritten here: `\Q..\E`, `\x{61}`, `\k<name>`, `\Z` (before a last line end) and `\z`. Patterns come from strangers'
files: what would take gigabytes is refused before it is compiled, and whoever matches sets a time limit.
"""

import re
from functools import lru_cache

import regex

MAX_LENGTH = 1_000
"""Characters a pattern may have; nobody writes longer ones by hand."""

MOST_REPEATED = 50_000
"""Characters, with counted repeats written out, as the engine has them in memory: `(?:ab){9}` has 18."""

_ESCAPE = re.compile(
    r"""\\(?: Q(?P<quoted>.*?)(?:\\E|\Z)
            | x\{(?P<hex>[0-9A-Fa-f]{1,8})\}
            | k<(?P<name>\w+)>
            | (?P<end>[Zz])
            | (?P<stray>E)
            | (?P<other>.) )""",
    re.VERBOSE | re.DOTALL,
)

_PIECE = r"""(?P<call>\(\?(?:R|[+-]?[0-9]+|&\w+|P>\w+)\)) | (?P<comment>\(\?\#[^)]*\)?)
    | (?P<open>\() | (?P<close>\)) | (?P<or>\|) | \{(?P<least>[0-9]+)(?:,[0-9]*)?\} | (?P<loop>[*+?])
    | (?P<atom>\\(?:[pPN]\{[^}]*\}|.) | \[\^?\]?(?:\\.|\[(?:\\.|[^\]\\])*\]|[^\[\]\\])*\] | .)"""
_PLAIN = re.compile(_PIECE, re.VERBOSE | re.DOTALL)
_SPACED = re.compile(rf"(?P<blank>\s+|\#[^\n]*) | {_PIECE}", re.VERBOSE | re.DOTALL)
"""The pieces of a pattern with the flag `x`, in which blanks and comments mean nothing."""
_SPACED_FLAG = re.compile(r"\(\?[A-Za-z]*x")


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
    _require_small(translated, origins)
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


def _require_small(translated: str, origins: list[int]) -> None:
    """Raise RegexpError for counted repeats that multiply, and for patterns that call themselves, which ICU has not."""
    open_groups: list[int] = [0]
    last = 0
    pieces = _SPACED if _SPACED_FLAG.search(translated) else _PLAIN
    for piece in pieces.finditer(translated):
        if piece["call"] is not None:
            raise RegexpError("a pattern can't call itself or its groups", origins[piece.start()])
        if piece["open"] is not None:
            open_groups.append(0)
            last = 0
        elif piece["close"] is not None:
            last = open_groups.pop() if len(open_groups) > 1 else last
            open_groups[-1] += last
        elif piece["least"] is not None:
            more = last * (max(int(piece["least"]), 1) - 1)
            open_groups[-1] += more
            last += more
        elif piece["atom"] is not None:
            last = 1
            open_groups[-1] += last
        if max(open_groups) > MOST_REPEATED:
            raise RegexpError(f"its repeats come to more than {MOST_REPEATED:,} characters", origins[piece.start()])
