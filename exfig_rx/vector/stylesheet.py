"""Style sheets: which declarations of `<style>` elements an element gets.

In: the elements of a document. Out: declarations for each, weakest first. Rules: types, ids and classes with descendant
and child combinators count as CSS says; whatever else a selector holds, and every at-rule, is named instead of guessed;
reading takes time that grows with the text, and no more. Source: https://www.w3.org/TR/selectors-3/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exfig_rx.vector.markup import Element, too_large

Declaration = tuple[str, str, bool]
"""Name, value, and whether it is `!important`."""

MOST_TEXT: Final = 2**18
"""Characters of all style sheets together."""

MOST_MATCHES: Final = 1_000_000
"""Rules times elements, above which a document is refused."""

_NAME = re.compile(r"[-\w]+")
_QUOTED = re.compile(r"[\"'(]")
_PIECE = re.compile(r"[^;\"'(]+|\"[^\"]*\"|'[^']*'|\([^()]*\)|.", re.DOTALL)
_BLOCK = re.compile(r"[{}]")
_COMPOUND = re.compile(r"(\*|[A-Za-z_][\w-]*+)?+((?:[.#][\w-]++)*+)")
_COMBINATOR = re.compile(r"\s*+>\s*+|\s++")


def declarations(text: str) -> Iterator[Declaration]:
    """What a `style` attribute, or the inside of a rule, declares; what is no declaration is left out."""
    text = _without_comments(text)
    parts = [""]
    if _QUOTED.search(text):
        for piece in _PIECE.findall(text):
            if piece == ";":
                parts.append("")
            else:
                parts[-1] += piece
    else:
        parts = text.split(";")
    for part in parts:
        name, colon, value = part.partition(":")
        name = name.strip()
        if colon and _NAME.fullmatch(name):
            cut, mark, rest = value.rpartition("!")
            is_important = bool(mark) and rest.strip().lower() == "important"
            yield name.lower(), (cut if is_important else value).strip(), is_important


def _without_comments(text: str) -> str:
    if "/*" not in text and "--" not in text:
        return text
    first, *rest = text.replace("<!--", "").replace("-->", "").split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


@dataclass(frozen=True, slots=True)
class _Compound:
    """A selector without combinators: tag ("" for any), ids and classes that an element must have."""

    tag: str
    ids: frozenset[str]
    classes: frozenset[str]

    def fits(self, element: Element) -> bool:
        attributes = element.attributes
        return (
            (not self.tag or self.tag == element.tag)
            and (not self.ids or self.ids == {attributes.get("id")})
            and (not self.classes or self.classes <= set(attributes.get("class", "").split()))
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    """`steps` lead from the element outwards: a compound, and whether it has to be the parent itself."""

    specificity: tuple[int, int, int]
    subject: _Compound
    steps: tuple[tuple[_Compound, bool], ...]
    declared: tuple[Declaration, ...]

    def fits(self, element: Element, ancestors: list[Element]) -> bool:
        if not self.subject.fits(element):
            return False
        reached = {len(ancestors)}  # where the steps so far can have led
        for compound, is_parent in self.steps:
            ahead = {at - 1 for at in reached if at} if is_parent else range(max(reached))
            reached = {at for at in ahead if compound.fits(ancestors[at])}
            if not reached:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Matches:
    """What all style sheets of a document say to its elements, the weakest first; `lost` is what they say in vain."""

    declared: Mapping[Element, Sequence[Declaration]]
    lost: tuple[str, ...]


NO_MATCHES: Final = Matches({}, ())


def matches(root: Element, texts: Sequence[str]) -> Matches:
    """The rules in `texts` for `root` and all below it. Raises DesignError for too many of both."""
    if sum(map(len, texts)) > MOST_TEXT:
        raise too_large(f"its style sheets have more than {MOST_TEXT} characters")
    lost: list[str] = []
    rules = sorted((rule for text in texts for rule in _rules(text, lost)), key=lambda rule: rule.specificity)
    if sum(len(rule.steps) + 1 for rule in rules) * sum(1 for _ in root.everything()) > MOST_MATCHES:
        raise too_large("its style sheets have too many rules for so many elements")
    declared: dict[Element, Sequence[Declaration]] = {}
    waiting: list[tuple[Element, int]] = [(root, 0)]
    ancestors: list[Element] = []
    while waiting:
        element, depth = waiting.pop()
        del ancestors[depth:]
        found = [one for rule in rules if rule.fits(element, ancestors) for one in rule.declared]
        if found:
            declared[element] = found
        ancestors.append(element)
        waiting += [(child, depth + 1) for child in element.children]
    return Matches(declared, tuple(lost))


# ── reading ──


def _rules(text: str, lost: list[str]) -> Iterator[_Rule]:
    for selectors, body in _blocks(_without_comments(text), lost):
        declared = tuple(declarations(body))
        for selector in selectors.split(","):
            rule = _rule(selector.strip(), declared)
            if rule is not None:
                yield rule
            elif selector.strip():
                lost.append(selector.strip())


def _blocks(text: str, lost: list[str]) -> Iterator[tuple[str, str]]:
    """Selectors and bodies of plain rules; at-rules are left out with all that is in them."""
    depth, start, prelude = 0, 0, ""
    for match in _BLOCK.finditer(text):
        if match[0] == "{":
            if depth == 0:
                prelude, start = _after_statements(text[start : match.start()], lost), match.end()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                if prelude.startswith("@"):
                    lost.append(prelude)
                elif prelude:
                    yield prelude, text[start : match.start()]
                start = match.end()
        else:
            start = match.end()


def _after_statements(text: str, lost: list[str]) -> str:
    """What stands after at-rules without a block (`@import …;`)."""
    *statements, rest = text.split(";")
    lost += [statement.strip() for statement in statements if statement.strip().startswith("@import")]
    return rest.strip()


def _rule(selector: str, declared: tuple[Declaration, ...]) -> _Rule | None:
    compounds: list[_Compound] = []
    are_parents: list[bool] = []
    ids = classes = tags = 0
    at = 0
    while match := _COMPOUND.match(selector, at):
        if not match[0]:
            return None
        names = re.findall(r"([.#])([\w-]+)", match[2])
        tag = match[1] if match[1] and match[1] != "*" else ""
        found = _Compound(
            tag,
            frozenset(name for mark, name in names if mark == "#"),
            frozenset(name for mark, name in names if mark == "."),
        )
        compounds.append(found)
        ids, classes, tags = ids + len(found.ids), classes + len(found.classes), tags + bool(tag)
        at = match.end()
        if at == len(selector):
            steps = tuple(zip(compounds[-2::-1], reversed(are_parents), strict=True))
            return _Rule((ids, classes, tags), compounds[-1], steps, declared)
        combinator = _COMBINATOR.match(selector, at)
        if combinator is None:
            return None
        are_parents.append(">" in combinator[0])
        at = combinator.end()
    return None
