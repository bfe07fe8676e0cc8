"""Expressions of Stencil: names, literals, ranges, filters, conditions.

In: a scope, where names have values. Out: a value, or whether it is true. Rule: as Stencil 0.15 evaluates them; what
grows or takes long is counted.
"""

from dataclasses import dataclass
from typing import Protocol

from exfig_rx.export.stencil_filters import FILTERS
from exfig_rx.export.stencil_values import contains, equal, member, number, truth
from exfig_rx.export.template_faults import TemplateFault
from exfig_rx.export.template_limits import Budget


class Scope(Protocol):
    """Where names have values."""

    budget: Budget

    def find(self, name: str) -> object:
        """The value of `name`, None if it has none."""
        ...


class Expression(Protocol):
    """What has a value in a scope; `is_plain` unless it compares or combines others."""

    @property
    def is_plain(self) -> bool: ...

    def value(self, scope: Scope) -> object: ...

    def test(self, scope: Scope) -> bool: ...


class Plain:
    """An expression that names a value; it is true if that is."""

    __slots__ = ()
    is_plain = True

    def value(self, scope: Scope) -> object:
        raise NotImplementedError

    def test(self, scope: Scope) -> bool:
        return truth(self.value(scope))


class Condition:
    """An expression that is true or false, and prints as that."""

    __slots__ = ()
    is_plain = False

    def value(self, scope: Scope) -> object:
        return "true" if self.test(scope) else "false"

    def test(self, scope: Scope) -> bool:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Literal(Plain):
    """A text, number or truth value."""

    constant: object

    def value(self, scope: Scope) -> object:
        return self.constant


@dataclass(frozen=True, slots=True)
class Path(Plain):
    """`name.step[key]`: a value of the scope, and what is in it."""

    name: str
    steps: tuple[str | Expression, ...] = ()

    def value(self, scope: Scope) -> object:
        current = scope.find(self.name)
        for step in self.steps:
            if current is None:
                return None
            current = member(current, step if isinstance(step, str) else _key(step, scope))
        return current


def _key(step: Expression, scope: Scope) -> str:
    key = step.value(scope)
    if isinstance(key, str | int):
        return str(key)
    raise TemplateFault("template.failed", "uses a name between [ ] that is not there", "it stands for a key or number")


@dataclass(frozen=True, slots=True)
class Span(Plain):
    """`1...3`: whole numbers, both ends included, downwards if the first is the larger."""

    first: Expression
    last: Expression

    def value(self, scope: Scope) -> object:
        first, last = (number(end.value(scope)) for end in (self.first, self.last))
        if first is None or last is None:
            what = "has a range whose ends are not both numbers"
            raise TemplateFault("template.failed", what, 'write the ends as numbers: 1...3, or names|default:"…"')
        start, end = int(first), int(last)
        scope.budget.items(abs(end - start) + 1)
        return list(range(start, end + 1)) if start <= end else list(range(start, end - 1, -1))


@dataclass(frozen=True, slots=True)
class Filtered(Plain):
    """A value after the filter `name`."""

    of: Expression
    name: str
    arguments: tuple[Expression, ...]

    def value(self, scope: Scope) -> object:
        value = self.of.value(scope)
        scope.budget.step()
        arguments = [argument.value(scope) for argument in self.arguments]
        made = FILTERS[self.name].apply(value, arguments, scope.budget)
        if isinstance(made, str):
            scope.budget.take(len(made))
        else:
            scope.budget.measure(made)
        return made


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """True if `of` is not."""

    of: Expression

    def test(self, scope: Scope) -> bool:
        return not self.of.test(scope)


@dataclass(frozen=True, slots=True)
class Both(Condition):
    """Two expressions around `operator`, one of the infix words of conditions."""

    operator: str
    left: Expression
    right: Expression

    def test(self, scope: Scope) -> bool:
        if self.operator == "and":
            return self.left.test(scope) and self.right.test(scope)
        if self.operator == "or":
            return self.left.test(scope) or self.right.test(scope)
        # Conditions have no value to compare; Stencil takes every such comparison for false.
        if not (self.left.is_plain and self.right.is_plain):
            return self.operator == "!="
        left, right = self.left.value(scope), self.right.value(scope)
        scope.budget.measure(left)
        scope.budget.measure(right)
        return _compared(self.operator, left, right)


def _compared(operator: str, left: object, right: object) -> bool:
    if operator == "in":
        return contains(right, left)
    if operator in {"==", "!="}:
        return equal(left, right) == (operator == "==")
    less, more = number(left), number(right)
    if less is None or more is None:
        return False
    return {"<": less < more, "<=": less <= more, ">": less > more, ">=": less >= more}[operator]
