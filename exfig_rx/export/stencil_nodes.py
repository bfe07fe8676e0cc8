"""The parts of a Stencil template that stand for themselves: text, values, conditions, loops, names.

In: a `Run`, which knows what names mean. Out: text, piece by piece. Rule: each does what its tag does in Stencil 0.15
or, for `set` and `map`, in StencilSwiftKit 2.10.
"""

from dataclasses import dataclass

from exfig_rx.export.stencil_expressions import Expression
from exfig_rx.export.stencil_run import Callable, Leap, Nodes, Run
from exfig_rx.export.stencil_values import Pair, items
from exfig_rx.export.template_text import printed

FILTERED = "filter_value"
"""The name that the text of a `{% filter %}` has."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text as it is."""

    line: int
    column: int
    content: str

    def render(self, run: Run, out: list[str]) -> Leap | None:
        run.budget.take(len(self.content))
        out.append(self.content)
        return None


@dataclass(frozen=True, slots=True)
class Print:
    """`{{ value if condition else other }}`; `other` counts where the condition is false."""

    line: int
    column: int
    value: Expression
    condition: Expression | None = None
    other: Expression | None = None

    def render(self, run: Run, out: list[str]) -> Leap | None:
        shown: Expression | None = self.value
        if self.condition is not None and not self.condition.test(run):
            shown = self.other
        if shown is not None:
            out.append(run.budget.taken(printed(_shown(shown.value(run)), run.budget)))
        return None


def _shown(value: object) -> object:
    return None if isinstance(value, Callable) else value


@dataclass(frozen=True, slots=True)
class If:
    """`{% if %}`, `{% elif %}`, `{% else %}`: the first branch that is true; a branch without condition always is."""

    line: int
    column: int
    branches: tuple[tuple[Expression | None, Nodes], ...]

    def render(self, run: Run, out: list[str]) -> Leap | None:
        for condition, nodes in self.branches:
            if condition is None or condition.test(run):
                return run.scoped({}, nodes, out)
        return None


@dataclass(frozen=True, slots=True)
class For:
    """`{% label: for names in values where condition %}`, with what is printed if there are no values."""

    line: int
    column: int
    names: tuple[str, ...]
    values: Expression
    where: Expression | None
    body: Nodes
    empty: Nodes
    label: str | None

    def render(self, run: Run, out: list[str]) -> Leap | None:
        found = items(self.values.value(run))
        if self.where is not None:
            found = [item for item in found if self._is_wanted(item, self.where, run)]
        if not found:
            return run.scoped({}, self.empty, out)
        outer = run.find("forloop")
        labelled = {key: loop for key, loop in outer.items() if _has_label(loop)} if isinstance(outer, dict) else {}
        for index, item in enumerate(found):
            run.budget.step(2)  # a pass takes about three times as long as one in Jinja
            loop = self._loop(index, len(found), labelled)
            run.scopes.append({"forloop": loop})
            leap = run.scoped(self._named(item), self.body, out)
            run.scopes.pop()
            if leap is None:
                continue
            if leap.label is not None and leap.label != self.label:
                return leap
            if leap.is_break:
                break
        return None

    def _loop(self, index: int, length: int, labelled: dict[str, object]) -> dict[str, object]:
        """What `forloop` means in a pass; loops around it that have a label are under that."""
        loop: dict[str, object] = {
            "first": index == 0,
            "last": index == length - 1,
            "counter": index + 1,
            "counter0": index,
            "length": length,
        }
        if self.label is not None:
            loop["label"] = self.label
            loop[self.label] = dict(loop)
        return labelled | loop

    def _is_wanted(self, item: object, where: Expression, run: Run) -> bool:
        run.budget.step()
        run.scopes.append(self._named(item))
        wanted = where.test(run)
        run.scopes.pop()
        return wanted

    def _named(self, item: object) -> dict[str, object]:
        values: tuple[object, ...] = item if isinstance(item, Pair) else (item,)
        return {name: value for name, value in zip(self.names, values, strict=False) if name != "_"}


def _has_label(loop: object) -> bool:
    return isinstance(loop, dict) and "label" in loop


@dataclass(frozen=True, slots=True)
class Jump:
    """`{% break %}`, `{% continue %}`, with or without a label."""

    line: int
    column: int
    leap: Leap

    def render(self, run: Run, out: list[str]) -> Leap | None:
        return self.leap


@dataclass(frozen=True, slots=True)
class Filter:
    """`{% filter chain %}…{% endfilter %}`; `chain` gets the text as its value from `filled`."""

    line: int
    column: int
    chain: Expression
    nodes: Nodes

    def render(self, run: Run, out: list[str]) -> Leap | None:
        text, leap = run.text(self.nodes)
        run.scopes.append({FILTERED: text})
        out.append(run.budget.taken(printed(self.chain.value(run), run.budget)))
        run.scopes.pop()
        return leap


@dataclass(frozen=True, slots=True)
class Set:
    """`{% set name value %}`, or the text up to `{% endset %}`."""

    line: int
    column: int
    name: str
    value: Expression | None
    nodes: Nodes = ()

    def render(self, run: Run, out: list[str]) -> Leap | None:
        leap = None
        if self.value is not None:
            made = self.value.value(run)
        else:
            made, leap = run.text(self.nodes)
        run.scopes[-1][self.name] = made
        return leap


@dataclass(frozen=True, slots=True)
class Map:
    """`{% map values into name using item %}`: a list of what the nodes print for each value."""

    line: int
    column: int
    values: Expression
    name: str
    item: str | None
    nodes: Nodes

    def render(self, run: Run, out: list[str]) -> Leap | None:
        values = self.values.value(run)
        if not isinstance(values, list | tuple) or not values:
            return None
        made: list[object] = []
        for index, item in enumerate(values):
            last = index == len(values) - 1
            names: dict[str, object] = {"maploop": {"counter": index, "first": index == 0, "last": last, "item": item}}
            if self.item is not None:
                names[self.item] = item
            run.scopes.append(names)
            made.append(run.text(self.nodes)[0])
            run.scopes.pop()
        run.scopes[-1][self.name] = made
        return None
