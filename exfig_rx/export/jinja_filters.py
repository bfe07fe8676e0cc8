"""Jinja's filters and methods of texts, each within the budget of its rendering.

In: Jinja's own table of filters. Out: one whose filters count what they go through and refuse what would grow without
end; Stencil's filters are in it, too. Rule: what a small argument can blow up is made here; what depends on chance or
prints Python's insides is left out.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial, wraps
from itertools import chain

from jinja2 import Environment, pass_environment
from jinja2.filters import FILTERS as ORIGINALS
from jinja2.filters import make_attrgetter
from jinja2.runtime import Undefined

from exfig_rx.export import stencil_filters as stencil
from exfig_rx.export.jinja_counting import jinja_text
from exfig_rx.export.template_faults import TemplateFault
from exfig_rx.export.template_limits import Budget
from exfig_rx.export.template_text import commented, json_text

_LEFT_OUT = frozenset({"random", "pprint", "xmlattr", "urlize", "filesizeformat"})
_FROM_TEXT = """
    capitalize center e escape forceescape lower safe string striptags title trim truncate upper urlencode wordcount
    wordwrap
"""
_TEXTUAL = frozenset(_FROM_TEXT.split())
"""Filters that turn a value into text first."""

_QUICK = frozenset({"attr", "count", "d", "default", "first", "last", "length", "list", "reverse"})
"""Filters that don't look at each item, or do so without asking Python."""

_SIZED = frozenset({"batch", "center", "round", "slice", "truncate", "wordwrap"})
"""Filters whose numbers say how much to make."""

_PLACE = re.compile(r"%(?:\(\w*\))?[-+ #0]*(?P<width>\*|\d*)(?:\.(?P<digits>\*|\d*))?")

_UNCHANGED_SIZE = """
    capitalize casefold count endswith find index isalnum isalpha isascii isdecimal isdigit isidentifier islower
    isnumeric isspace istitle isupper lower lstrip partition removeprefix removesuffix rfind rindex rpartition rsplit
    rstrip split splitlines startswith strip swapcase title upper
"""
_TEXT_METHODS = frozenset(_UNCHANGED_SIZE.split())
_MAPPING_METHODS = frozenset(("get", "items", "keys", "values"))
_LIST_METHODS = frozenset(("count", "index"))


def filters(budget: Budget) -> dict[str, Callable[..., object]]:
    """The filters of Jinja templates, those of Stencil that Jinja does not have, and exfig's own."""
    table: dict[str, Callable[..., object]] = {
        name: _guarded(name, original, budget) for name, original in ORIGINALS.items() if name not in _LEFT_OUT
    }
    for name, known in stencil.FILTERS.items():
        if name.isidentifier() and name not in table:
            table[name] = _from_stencil(known, budget)
    return table | {
        "commented": lambda text: budget.taken(commented(jinja_text(text, budget))),
        "format": partial(_format, budget),
        "indent": partial(_indent, budget),
        "join": _joining(budget),
        "json": lambda value: _json(value, budget),
        "replace": partial(_replace, budget),
        "sum": _summing(budget),
        "tojson": lambda value: _json(value, budget),
    }


def is_known_method(value: object, name: str) -> bool:
    """Whether templates may use `value.name`; numbers, texts, lists and dictionaries offer what can't grow."""
    match value:
        case str():
            return name in _TEXT_METHODS
        case Mapping():
            return name in _MAPPING_METHODS
        case list() | tuple():
            return name in _LIST_METHODS
        case int() | float() | bytes() | range() | set() | frozenset():
            return False
        case _:
            return True


def text_method(value: object, name: str, budget: Budget) -> Callable[..., object] | None:
    """A method of texts that grows, within the budget; None if `name` is none of them."""
    if not isinstance(value, str):
        return None
    match name:
        case "replace":
            return partial(_replace, budget, value)
        case "join":
            return lambda values: _joined(values, value, budget)
        case "ljust" | "rjust" | "center" | "zfill":
            return partial(_padded, budget, value, name)
        case _:
            return None


def formatted(text: str, values: object, budget: Budget) -> str:
    """`text % values`, if its widths are ones that somebody may mean."""
    for place in _PLACE.finditer(text):
        for number in (place["width"], place["digits"]):
            if number == "*":
                hint = "write the width as a number"
                raise TemplateFault("template.too-large", "formats with a width from elsewhere (*)", hint)
            # Ten digits say too much already; longer ones need not be read.
            budget.width(int((number or "0")[:10]))
    many = values if isinstance(values, tuple) else (values,)
    shown = tuple(jinja_text(value, budget) if isinstance(value, list | tuple) else value for value in many)
    longest = max((len(value) for value in shown if isinstance(value, str)), default=0)
    if isinstance(values, Mapping):
        budget.weigh(values)
        longest = max((len(value) for value in values.values() if isinstance(value, str)), default=0)
    if text.count("%") * longest > 1024:
        budget.take(len(text) + text.count("%") * longest)
    return budget.taken(text % (values if isinstance(values, Mapping) else shown))


def _guarded(name: str, original: Callable[..., object], budget: Budget) -> Callable[..., object]:
    """A filter that counts what it gets and gives. The value is the first argument, or follows what Jinja passes."""
    at = 1 if hasattr(original, "jinja_pass_arg") else 0

    @wraps(original, assigned=())  # of the original only the marks that tell Jinja what to pass
    def guarded(*arguments: object, **named: object) -> object:
        budget.step()
        value, *rest = arguments[at:]
        for argument in (value, *rest, *named.values()):
            budget.measure(argument)
        if name not in _QUICK and isinstance(value, list | tuple | range | Mapping):
            budget.step(len(value) // 2)
        if name in _SIZED:
            for argument in (*rest, *named.values()):
                budget.width(len(argument) if isinstance(argument, str) else argument)
        if name in _TEXTUAL and isinstance(value, list | tuple | Mapping):
            value = jinja_text(value, budget)
        made = original(*arguments[:at], value, *rest, **named)
        if isinstance(made, str):
            budget.take(len(made))
        elif isinstance(made, list | tuple):
            budget.items(len(made))
        else:
            budget.measure(made)
        return made

    return guarded


def _from_stencil(known: stencil.StencilFilter, budget: Budget) -> Callable[..., object]:
    def apply(value: object, *arguments: object) -> object:
        budget.step()
        if not known.least <= len(arguments) <= known.most:
            raise TypeError(f"it takes {known.least} to {known.most} arguments, not {len(arguments)}")
        made = known.apply(value, arguments, budget)
        return budget.taken(made) if isinstance(made, str) else made

    return apply


def _json(value: object, budget: Budget) -> str:
    return jinja_text(value, budget) if isinstance(value, Undefined) else budget.taken(json_text(value, budget))


def _format(budget: Budget, value: object, *arguments: object, **named: object) -> str:
    if arguments and named:
        raise TypeError("format takes values in order or by name, not both")
    return formatted(jinja_text(value, budget), named or arguments, budget)


def _indent(budget: Budget, text: object, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    budget.step()
    budget.width(len(width) if isinstance(width, str) else width)
    indentation = width if isinstance(width, str) else " " * width
    lines = jinja_text(text, budget).split("\n")
    budget.take(sum(map(len, lines)) + len(lines) * (len(indentation) + 1))
    rest = [indentation + line if line or blank else line for line in lines[1:]]
    return "\n".join([indentation + lines[0] if first else lines[0], *rest])


def _replace(budget: Budget, text: object, old: object, new: object, count: int | None = None) -> str:
    """Python's `replace`, which finds an empty `old` between all letters."""
    budget.step()
    value, before, after = (jinja_text(each, budget) for each in (text, old, new))
    found = value.count(before) if count is None or count < 0 else min(count, value.count(before))
    budget.take(len(value) + found * max(0, len(after) - len(before)))
    return value.replace(before, after, -1 if count is None else count)


def _joining(budget: Budget) -> Callable[..., object]:
    @pass_environment
    def join(environment: Environment, values: Iterable[object], d: object = "", attribute: str | None = None) -> str:
        chosen = values if attribute is None else map(make_attrgetter(environment, attribute), values)
        return _joined(chosen, jinja_text(d, budget), budget)

    return join


def _joined(values: Iterable[object], between: str, budget: Budget) -> str:
    texts = []
    for value in values:
        budget.step()
        texts.append(budget.taken(jinja_text(value, budget)))
    budget.take(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


def _summing(budget: Budget) -> Callable[..., object]:
    @pass_environment
    def total(
        environment: Environment, values: Iterable[object], attribute: str | None = None, start: object = 0
    ) -> object:
        chosen = list(values if attribute is None else map(make_attrgetter(environment, attribute), values))
        budget.items(len(chosen))
        if isinstance(start, list) and all(isinstance(each, list) for each in chosen):
            lists = [start, *(each for each in chosen if isinstance(each, list))]
            budget.items(sum(map(len, lists)))
            return list(chain.from_iterable(lists))
        if not all(isinstance(each, int | float) for each in (start, *chosen)):
            raise TypeError("sum adds numbers, or lists with start=[]")
        return sum((each for each in chosen if isinstance(each, int | float)), start if isinstance(start, int) else 0)

    return total


def _padded(budget: Budget, text: str, method: str, width: int, fill: str = " ") -> object:
    budget.width(width)
    return text.zfill(width) if method == "zfill" else getattr(text, method)(width, fill)
