"""The words of a Stencil tag to an expression.

In: words, as `stencil_lexer` splits them. Out: an expression, or a `TemplateFault` about the words. Rule: as Stencil
0.15 reads them, with its binding (`in`, `or`, `and`, `not`, comparisons); what it would take for a strange name and
print as nothing is a fault that names the form in Jinja.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from exfig_rx.export.stencil_expressions import (
    Both,
    Expression,
    Filtered,
    Literal,
    Not,
    Path,
    Plain,
    Scope,
    Span,
)
from exfig_rx.export.stencil_filters import FILTERS
from exfig_rx.export.stencil_lexer import parts
from exfig_rx.export.stencil_values import literal
from exfig_rx.export.template_faults import TemplateFault

AS_JINJA = "or end the file's name with .jinja, which makes it a Jinja template"

_NAME = re.compile(r"[\w$@-]+")
_STEP = re.compile(r"\.(?P<name>[\w$@-]+)|\[(?P<key>[^\[\]]+(?:\[[^\[\]]*\][^\[\]]*)*)\]")
_BINDING = {"in": 5, "or": 6, "and": 7, "not": 8, "==": 10, "!=": 10, ">": 10, ">=": 10, "<": 10, "<=": 10}
_DEEPEST = 50
_MOST_WORDS = 500
_LONGEST_SHOWN = 60
_FORMS = {
    "length": "name.count",
    "count": "name.count",
    "first": "name.first",
    "last": "name.last",
    "upper": "uppercase",
    "lower": "lowercase",
    "title": "capitalize",
    "trim": "removeNewlines",
    "map": "{% map names into texts using name %}…{% endmap %}",
}
"""Filters of Jinja by what Stencil says instead."""


@dataclass(frozen=True, slots=True)
class FilteredByName(Plain):
    """A value after the filters that the text of `chain` names when it is rendered."""

    of: Expression
    chain: Expression

    def value(self, scope: Scope) -> object:
        scope.budget.step()
        value = self.of.value(scope)
        return value if value is None else filtered(Literal(value), str(self.chain.value(scope))).value(scope)


def named(text: str) -> Expression:
    """A literal, or a name with steps. Raises TemplateFault if it can be neither."""
    constant = literal(text)
    if constant is not None:
        return Literal(constant)
    head = _NAME.match(text)
    steps: list[str | Expression] = []
    at = head.end() if head is not None else -1
    while 0 <= at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            at = -1
            break
        steps.append(step["name"] if step["name"] is not None else named(step["key"].strip()))
        at = step.end()
    if head is None or at < 0 or len(steps) > _DEEPEST:
        shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
        raise TemplateFault("template.syntax", f"has {shown!r} where a name should be", _form_of(shown))
    return Path(head[0], tuple(steps))


def _form_of(text: str) -> str:
    """What to write for something that looks like Jinja."""
    if re.search(r"\w\(", text):
        return f'Stencil has no calls: a filter takes arguments after a colon, name|default:"x"; {AS_JINJA}'
    if re.search(r"[-+*/~%]", text):
        return f"Stencil does not calculate; {AS_JINJA}, where {{{{ {text} }}}} does"
    return f"a name has letters, digits, _ and steps such as .name, .0 and [key]; {AS_JINJA}"


def filtered(of: Expression, chain: str) -> Expression:
    """`of` after the filters of `chain`, which are separated by `|`."""
    made = of
    calls = parts(chain, "|")
    if len(calls) > _DEEPEST:
        raise TemplateFault("template.syntax", f"has over {_DEEPEST} filters in a row", "put a {% set %} between them")
    for call in calls:
        name, _, rest = (piece.strip() for piece in call.partition(":"))
        arguments = tuple(map(named, parts(rest, ",")))
        _require_filter(name, len(arguments))
        made = FilteredByName(made, arguments[0]) if name == "filter" else Filtered(made, name, arguments)
    return made


def _require_filter(name: str, count: int) -> None:
    known = FILTERS.get(name)
    least, most = (1, 1) if name == "filter" else (known.least, known.most) if known is not None else (0, 0)
    if known is None and name != "filter":
        what = f"uses the filter {name!r}, which Stencil does not have"
        raise TemplateFault("template.syntax", what, _filter_hint(name))
    if not least <= count <= most:
        takes = f"{least}" if least == most else f"{least} to {most}"
        hint = "arguments follow a colon, with commas between them"
        raise TemplateFault("template.syntax", f"gives filter {name} {count} arguments; it takes {takes}", hint)


def _filter_hint(name: str) -> str:
    if "(" in name:
        bare = name[: name.index("(")]
        return f"in Stencil, arguments follow a colon: {bare}:{name[name.index('(') + 1 :].rstrip(')')}; {AS_JINJA}"
    if _FORMS.get(name):
        return f"in Stencil that is {_FORMS[name]}; {AS_JINJA}"
    meant = difflib.get_close_matches(name, FILTERS, n=1)
    close = f"did you mean {meant[0]}? " if meant else ""
    return f"{close}its filters are {', '.join(sorted(FILTERS))}; {AS_JINJA}"


def resolvable(text: str) -> Expression:
    """A range, or a name or literal with filters."""
    ends = parts(text, "...")
    if len(ends) == 2:
        return Span(_unranged(ends[0]), _unranged(ends[1]))
    return _unranged(text)


def _unranged(text: str) -> Expression:
    bits = parts(text, "|")
    if not bits:
        raise TemplateFault("template.syntax", "has a tag without a name", "write the name of a value")
    return filtered(named(bits[0]), "|".join(bits[1:]))


def condition(words: Sequence[str]) -> Expression:
    """The condition that `words` write. Raises TemplateFault if they don't write one."""
    if len(words) > _MOST_WORDS:
        what = f"has a condition of over {_MOST_WORDS} words"
        raise TemplateFault("template.syntax", what, "put a {% set %} between its parts")
    return _Conditions(words).read()


class _Conditions:
    """Reads words as a condition, by how tightly operators bind (a Pratt parser)."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    def read(self) -> Expression:
        found = self._expression(0)
        if self._at < len(self._words):
            self._wrong(f"has {self._words[self._at]!r} where 'and', 'or' or an end should be")
        return found

    def _expression(self, binding: int) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._wrong(f"has a condition that nests over {_DEEPEST} deep")
        left = self._operand()
        while self._at < len(self._words) and binding < _BINDING.get(self._words[self._at], 0):
            operator = self._words[self._at]
            self._at += 1
            if operator == "not":
                self._wrong("has 'not' behind a name")
            left = Both(operator, left, self._expression(_BINDING[operator]))
        self._depth -= 1
        return left

    def _operand(self) -> Expression:
        if self._at >= len(self._words):
            self._wrong("has a condition that ends too early")
        word = self._words[self._at]
        self._at += 1
        if word == "not":
            return Not(self._expression(_BINDING["not"]))
        if word == "(":
            inner = self._expression(0)
            if self._at >= len(self._words) or self._words[self._at] != ")":
                self._wrong("opens a bracket that is never closed")
            self._at += 1
            return inner
        if word == ")" or word in _BINDING:
            self._wrong(f"has {word!r} without anything before it")
        return resolvable(word)

    def _wrong(self, what: str) -> None:
        hint = f"conditions are names with and, or, not, in, ==, !=, <, <=, >, >=, and spaces around each; {AS_JINJA}"
        raise TemplateFault("template.syntax", what, hint)


def printable(words: Sequence[str]) -> Expression:
    """What stands between `{{` and `}}`: a condition, which prints `true` or `false`, or a value with filters."""
    if any(word in _BINDING or word in "()" for word in words):
        return condition(words)
    if not words:
        raise TemplateFault("template.syntax", "has {{ }} without a name", "write the name of a value")
    return resolvable(" ".join(words))
