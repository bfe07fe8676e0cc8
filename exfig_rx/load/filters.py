"""Which assets are meant: the name filter of the command line, and words in a description.

In: a filter text and raw names; descriptions. Out: yes or no; the platforms that a description names. Rule: filters see
the name as it is in Figma, slashes and all; description words count only as whole words, in any letter case.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from exfig_rx.model import Platform

_LINE_BREAKS = "\n\v\f\r\x85\u2028\u2029"
_PLATFORM = re.compile(rf"\b(?:{'|'.join(Platform)})\b", re.IGNORECASE)
_NONE = re.compile(r"\bnone\b", re.IGNORECASE)
_RTL = re.compile(r"\brtl\b", re.IGNORECASE)


def matches(filter_text: str, raw_name: str) -> bool:
    """Whether any piece of the comma list `filter_text` is the name, `*` standing for any run of characters.

    `*` crosses `/` but no line break; everything else is literal and case-sensitive; blanks round a piece don't count.
    """
    return any(pattern.fullmatch(unicodedata.normalize("NFC", raw_name)) for pattern in _patterns(filter_text))


def wildcard(piece: str) -> re.Pattern[str]:
    """What `piece` stands for as a whole, `*` being any run of characters but line breaks."""
    first, *rest = map(re.escape, piece.split("*"))
    if not rest:
        return re.compile(first)
    *middle, last = rest
    # The leftmost place is always right for a middle part, so each is atomic: no filter takes exponential time.
    gaps = "".join(f"(?>[^{_LINE_BREAKS}]*?{part})" for part in middle)
    return re.compile(f"{first}{gaps}[^{_LINE_BREAKS}]*{last}")


def nearest(filter_text: str, raw_names: Iterable[str]) -> tuple[str, ...]:
    """Names that a filter which matched nothing may have meant, each once, the likeliest of each piece first."""
    names = sorted(set(raw_names))
    near = [name for piece in _pieces(filter_text) for name in get_close_matches(piece.replace("*", ""), names)]
    return tuple(dict.fromkeys(near))


def named_platforms(description: str) -> frozenset[Platform]:
    """The platforms that a description limits its asset to; empty means all."""
    return frozenset(Platform(word.lower()) for word in _PLATFORM.findall(description))


def is_left_out(description: str) -> bool:
    """Whether a description says `none`: for no platform at all."""
    return _NONE.search(description) is not None


def is_mirrored(description: str) -> bool:
    """Whether a description says `rtl`: mirrored in right-to-left languages."""
    return _RTL.search(description) is not None


def _pieces(filter_text: str) -> tuple[str, ...]:
    """The pieces of a filter, trimmed, without empty ones."""
    return tuple(piece for piece in (part.strip(" \t") for part in filter_text.split(",")) if piece)


@lru_cache(maxsize=16)
def _patterns(filter_text: str) -> tuple[re.Pattern[str], ...]:
    return tuple(wildcard(unicodedata.normalize("NFC", piece)) for piece in _pieces(filter_text))
