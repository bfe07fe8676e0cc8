"""From a name in Figma to a name in code: slash rule, regexps, words, style.

In: a raw name and an entry's `NameRules`. Out: the final name, always in NFC, or a `DesignError` about a pattern. Rule:
final names are an interface that people's code is written against, so they equal the names of ExFig 1.3.2, its
shortcuts included; reserved words are the exporters' business.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple, NoReturn

import regex

from exfig_rx.config.entries import NameRules
from exfig_rx.config.regexps import compile_icu
from exfig_rx.config.schema import NameStyle
from exfig_rx.errors import DesignError
from exfig_rx.load.wording import quoted
from exfig_rx.model import Problem

MATCH_TIMEOUT_S = 1.0
"""How long a pattern may work on one name; patterns come from strangers' files."""

_GROUP = re.compile(r"\$([0-9])")
_CLUSTERS = regex.compile(r"\X")
_LETTER = regex.compile(r"\p{Alphabetic}")
_NUMBER = regex.compile(r"\P{Numeric_Type=None}")
_CASED = regex.compile(r"\p{Cased}")
_LOWER = regex.compile(r"\p{Lowercase}")
_UPPER = regex.compile(r"\p{Uppercase}")


def key_name(raw: str) -> str:
    """The name under which assets pair: in NFC, `a/a` is `a`, and every other slash is an underscore."""
    name = unicodedata.normalize("NFC", raw)
    parts = [part for part in name.split("/") if part]
    if len(parts) == 2 and parts[0] == parts[1]:
        return parts[0]
    return name.replace("/", "_")


def is_valid(key: str, rules: NameRules) -> bool:
    """Whether the validate pattern is found anywhere in the key name; without a pattern every name is valid.

    Raises DesignError if the pattern is broken or takes too long.
    """
    if rules.validate is None:
        return True
    try:
        return _compiled(rules.validate).search(key, timeout=MATCH_TIMEOUT_S) is not None
    except TimeoutError:
        _too_slow(rules.validate, key)


def final_name(raw: str, rules: NameRules) -> str:
    """The name in code of the asset that Figma calls `raw`; it may come out empty, see `name_fault`.

    Raises DesignError if a pattern is broken, takes too long, or lacks a group that the replacement asks for.
    """
    return unicodedata.normalize("NFC", styled(_replaced(key_name(raw), rules), rules.style))


def name_fault(name: str) -> str:
    """Why `name` can be neither a file nor an identifier anywhere; empty if it can."""
    if not name.strip("_-"):
        return "no letter or digit is left of it"
    if name in {".", ".."}:
        return "it would name a directory"
    return ""


@lru_cache(maxsize=8192)  # many configs export one design, and an exporter asks for a name several times
def styled(text: str, style: NameStyle) -> str:
    """`text` in a name style. Texts that already are in snake or kebab case stay as they are, digits and all."""
    match style:
        case NameStyle.CAMEL:
            return _camel(text)
        case NameStyle.PASCAL:
            return "".join(words(text))
        case NameStyle.SNAKE:
            return _snake(text)
        case NameStyle.KEBAB:
            return _kebab(text)
        case NameStyle.SCREAMING:
            return "_".join(words(text)).upper()


def words(text: str) -> tuple[str, ...]:
    """The capitalised words of `text`: a word begins at a capital, at a digit after a letter, or after a separator.

    Lower-case letters after digits stay in the digits' word (`24px` is one, `24Px`), capitals in a row form one
    (`URLSession` is `Urlsession`), and each letter of a script without case is its own.
    """
    found: list[list[_Character]] = []
    previous = _NOTHING
    for cluster in _CLUSTERS.findall(text):
        here = _character(cluster)
        joins = (
            (here.lower and (previous.letter or previous.number))
            or (here.number and previous.number)
            or (here.upper and previous.upper)
        )
        if found and joins:
            found[-1].append(here)
        elif here.letter or here.number:
            found.append([here])
        previous = here
    return tuple(_capitalised(word) for word in found)


class _Character(NamedTuple):
    """A grapheme cluster and what the word rules ask about it; `letter` and `number` go by its first code point."""

    text: str
    letter: bool
    number: bool
    cased: bool
    lower: bool
    upper: bool


_NOTHING = _Character("", letter=False, number=False, cased=False, lower=False, upper=False)


@lru_cache(maxsize=4096)
def _character(cluster: str) -> _Character:
    single = len(cluster) == 1
    keeps_lower, keeps_upper = cluster == cluster.lower(), cluster == cluster.upper()
    cased = bool(single and _CASED.match(cluster)) or not (keeps_lower and keeps_upper)
    return _Character(
        cluster,
        letter=_LETTER.match(cluster) is not None,
        number=_NUMBER.match(cluster) is not None,
        cased=cased,
        lower=bool(single and _LOWER.match(cluster)) or (cased and keeps_lower),
        upper=bool(single and _UPPER.match(cluster)) or (cased and keeps_upper),
    )


def _capitalised(word: list[_Character]) -> str:
    # Character by character: `str.lower` of a whole word would turn a sigma at its end into a final sigma.
    after_cased = False
    parts = []
    for char in word:
        parts.append(char.text.lower() if after_cased else char.text.title())
        after_cased = char.cased
    return "".join(parts)


def _camel(text: str) -> str:
    chars = [_character(cluster) for cluster in _CLUSTERS.findall(text)]
    if chars and chars[0].lower and all(char.letter for char in chars):
        return text
    first, *rest = words(text) or ("",)
    return "".join((first.lower(), *rest))


def _snake(text: str) -> str:
    unspaced = "_".join(part for part in text.split(" ") if part)
    for candidate in (text, text.replace("-", "_"), unspaced):
        if _is_flat(candidate, "_"):
            return candidate
    return "_".join(words(unspaced)).lower()


def _kebab(text: str) -> str:
    for candidate in (text, text.replace("_", "-")):
        if _is_flat(candidate, "-"):
            return candidate
    return "-".join(words(text)).lower()


def _is_flat(text: str, separator: str) -> bool:
    """Whether everything but the separator is lower case or a number."""
    chars = (_character(cluster) for cluster in _CLUSTERS.findall(text) if cluster != separator)
    return all(char.lower or char.number for char in chars)


def _replaced(key: str, rules: NameRules) -> str:
    """Every match of the validate pattern becomes the replacement text; the rest of the name stays."""
    if rules.validate is None or rules.replace is None:
        return key
    parts: list[str] = []
    end = 0
    try:
        for match in _compiled(rules.validate).finditer(key, timeout=MATCH_TIMEOUT_S):
            parts += (key[end : match.start()], _expanded(rules.replace, match, rules.validate))
            end = match.end()
    except TimeoutError:
        _too_slow(rules.validate, key)
    return unicodedata.normalize("NFC", "".join((*parts, key[end:])))


def _expanded(template: str, match: "regex.Match[str]", pattern: str) -> str:
    """`template` with `$0` to `$9` (one digit each) filled in; a group that took no part is empty."""

    def group(reference: re.Match[str]) -> str:
        number = int(reference[1])
        if number > match.re.groups:
            raise DesignError(
                Problem(
                    "design.regexp-group",
                    f"nameReplaceRegexp {quoted(template)} asks for ${number}, but {quoted(pattern)} has no such group",
                    "put parentheses round the part of nameValidateRegexp that you mean; $0 is the whole match",
                )
            )
        return match[number] or ""

    return _GROUP.sub(group, template)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "regex.Pattern[str]":
    try:
        return compile_icu(pattern)
    except ValueError as error:
        problem = Problem("design.regexp-broken", f"nameValidateRegexp {quoted(pattern)} is not a regexp: {error}")
        raise DesignError(problem) from error


def _too_slow(pattern: str, key: str) -> NoReturn:
    raise DesignError(
        Problem(
            "design.regexp-too-slow",
            f"nameValidateRegexp {quoted(pattern)} is still searching {quoted(key)} after {MATCH_TIMEOUT_S:g} s",
            "avoid repeats inside repeats such as (a+)+: they try every way to split the name",
        )
    ) from None
