"""What a Stencil template is while it is rendered: programs, scopes, and what ends a loop early.

In: the parts of a template, which add their text piece by piece. Out: the text, or a fault with the innermost place.
Rule: scopes are dynamic, as in Stencil: what is set inside a tag is gone behind it, and whatever is called sees the
names of its caller.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from exfig_rx.export.template_faults import ENDLESS_CALLS, TemplateFault
from exfig_rx.export.template_limits import DEEPEST_CALLS, Budget


class Leap(NamedTuple):
    """A `break` or `continue` on its way to its loop; without a label that is the innermost one."""

    is_break: bool
    label: str | None


class Node(Protocol):
    """A part of a template; `line` and `column` are where it begins."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...

    def render(self, run: "Run", out: list[str]) -> Leap | None:
        """Add the text of the node to `out`; a leap ends what encloses it."""
        ...


Nodes = tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A template that was read: where it is from, its text, and its parts."""

    file: str
    source: str
    nodes: Nodes


@dataclass(frozen=True, slots=True, eq=False)
class Callable:
    """The value that a macro's name has: its parameters and parts, and the template they stand in."""

    parameters: tuple[str, ...]
    nodes: Nodes
    home: Program


class Host(Protocol):
    """Where a run finds other templates."""

    def program(self, name: str) -> Program | None:
        """The Stencil template `name`, None if it is in another language. Raises TemplateFault if there is none."""
        ...

    def foreign(self, name: str, context: Mapping[str, object]) -> str:
        """What the template `name` of another language prints."""
        ...


class Run:
    """One rendering: the scopes, innermost last, and what it has used of its budget."""

    def __init__(self, host: Host, budget: Budget, context: Mapping[str, object]) -> None:
        self.host = host
        self.budget = budget
        self.blocks: dict[str, list[tuple[Program, Node]]] | None = None
        self.scopes: list[dict[str, object]] = [dict(context)]
        self._programs: list[Program] = []

    @property
    def program(self) -> Program:
        """The template whose parts are being rendered."""
        return self._programs[-1]

    def find(self, name: str) -> object:
        """The value of `name` in the innermost scope that has it."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def names(self) -> dict[str, object]:
        """All names that have values, for templates of other languages."""
        return {
            name: value for scope in self.scopes for name, value in scope.items() if not isinstance(value, Callable)
        }

    def scoped(self, names: dict[str, object], nodes: Nodes, out: list[str]) -> Leap | None:
        """Render `nodes` with `names` on top of all others."""
        self.scopes.append(names)
        leap = self.rendered(nodes, out)
        self.scopes.pop()
        return leap

    def rendered(self, nodes: Nodes, out: list[str]) -> Leap | None:
        """Render `nodes` one after the other; a fault gets the place of the innermost one."""
        self.budget.step(1 + len(nodes) // 16)
        for node in nodes:
            try:
                leap = node.render(self, out)
            except TemplateFault as fault:
                raise fault.at(node.line, node.column) from fault.__cause__
            except RecursionError:
                raise TemplateFault("template.recursion", ENDLESS_CALLS).at(node.line, node.column) from None
            if leap is not None:
                return leap
        return None

    def inside(self, program: Program, nodes: Nodes, out: list[str]) -> Leap | None:
        """Render `nodes`, which stand in `program`; their faults become errors of its file."""
        if len(self._programs) >= DEEPEST_CALLS:
            raise TemplateFault("template.recursion", ENDLESS_CALLS, f"the limit is {DEEPEST_CALLS} inside one another")
        self._programs.append(program)
        try:
            return self.rendered(nodes, out)
        except TemplateFault as fault:
            raise fault.error(program.file, program.source) from fault.__cause__
        finally:
            self._programs.pop()

    def text(self, nodes: Nodes) -> tuple[str, Leap | None]:
        """What `nodes` print, kept apart."""
        out: list[str] = []
        leap = self.rendered(nodes, out)
        return self.budget.taken("".join(out)), leap
