"""What a Jinja template does, counted: calls of the budget are put into its tree before it is compiled.

In: the parsed tree of a template. Out: the same tree with calls of the filters below at each place where work or text
can grow: loops, macros, blocks, branches, `~`, list literals, slices, comparisons. Rule: no template can name them.
"""

from collections.abc import Callable

from jinja2 import Environment, nodes, pass_context
from jinja2.runtime import Context, Undefined
from jinja2.visitor import NodeTransformer

from exfig_rx.export.template_faults import TemplateFault
from exfig_rx.export.template_limits import Budget
from exfig_rx.export.template_text import printed

# Names with spaces: a template can't write them.
_COUNT, _JOIN, _WEIGH, _MEASURE = "count this", "join these", "weigh this", "measure this"


def jinja_text(value: object, budget: Budget) -> str:
    """The text of a value of a Jinja template. Raises UndefinedError for a name that is not there."""
    if isinstance(value, Undefined):
        return str(value)
    if callable(value):
        raise TemplateFault("template.failed", "prints a method or macro", "write () behind its name to call it")
    return printed(value, budget)


def counted(tree: nodes.Template, environment: Environment) -> nodes.Template:
    """`tree` with the calls that count."""
    _Counting(environment).visit(tree)
    return tree


def counting_filters(budget: Budget) -> dict[str, Callable[..., object]]:
    """The filters that a counted tree calls."""

    @pass_context  # which also keeps Jinja from calling it while it compiles
    def count(context: Context, steps: int, characters: int) -> None:
        budget.step(steps)
        budget.take(characters)

    def join(*values: object) -> str:
        texts = [jinja_text(value, budget) for value in values]
        budget.take(sum(map(len, texts)))
        return "".join(texts)

    def weigh(value: object) -> object:
        budget.weigh(value)
        return value

    def measure(value: object) -> object:
        budget.measure(value)
        return value

    return {_COUNT: count, _JOIN: join, _WEIGH: weigh, _MEASURE: measure}


class _Counting(NodeTransformer):
    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def visit(self, node: nodes.Node, *args: object, **kwargs: object) -> nodes.Node:
        """`node` with everything in it counted, or the call that counts it."""
        self.generic_visit(node)
        for name, value in node.iter_fields():
            if name == "body" or (name == "else_" and value):
                value.insert(0, self._count(node, value))
        match node:
            case nodes.Concat():
                first, *rest = node.nodes
                return self._filter(_JOIN, first, rest, node)
            case nodes.List() | nodes.Dict() if node.items:
                return self._filter(_WEIGH, node, [], node)
            case nodes.Tuple() if node.items and node.ctx == "load":
                return self._filter(_WEIGH, node, [], node)
            case nodes.Getitem() if isinstance(node.arg, nodes.Slice):
                return self._filter(_MEASURE, node, [], node)
            case nodes.Compare():
                node.expr = self._filter(_MEASURE, node.expr, [], node)
                for operand in node.ops:
                    operand.expr = self._filter(_MEASURE, operand.expr, [], node)
        return node

    def _count(self, node: nodes.Node, body: list[nodes.Node]) -> nodes.Node:
        """A statement that counts one pass of `body`: its text, a step, and more if it is long."""
        size = characters = 0
        pending = list(body)
        while pending:
            inner = pending.pop()
            size += 1
            if isinstance(inner, nodes.TemplateData):
                characters += len(inner.data)
            # Bodies further in count themselves.
            pending += inner.iter_child_nodes(exclude=("body", "else_", "elif_"))
        call = self._filter(_COUNT, nodes.Const(1 + size // 64), [nodes.Const(characters)], node)
        return nodes.ExprStmt(call, lineno=node.lineno).set_environment(self._environment)

    def _filter(self, name: str, value: nodes.Expr, arguments: list[nodes.Expr], place: nodes.Node) -> nodes.Filter:
        made = nodes.Filter(value, name, arguments, [], None, None, lineno=place.lineno)
        made.set_environment(self._environment)
        return made
