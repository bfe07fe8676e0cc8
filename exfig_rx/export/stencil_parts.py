"""The parts of a Stencil template that lead elsewhere: other files, blocks of files that extend it, macros.

In: a `Run`, which finds other templates. Out: text, piece by piece. Rule: a fault inside another file is an error of
that file; Jinja templates can be included, but have no blocks or macros that Stencil knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from exfig_rx.export.stencil_expressions import Expression
from exfig_rx.export.stencil_run import Callable, Leap, Nodes, Program, Run
from exfig_rx.export.template_faults import TemplateFault


@dataclass(frozen=True, slots=True)
class Include:
    """`{% include "file" key %}`: another template sees all names, and those of the dictionary `key` on top."""

    line: int
    column: int
    name: Expression
    key: str | None

    def render(self, run: Run, out: list[str]) -> Leap | None:
        name = _template_name(self.name, run)
        inner = None if self.key is None else run.find(self.key)
        run.scopes.append({str(key): value for key, value in inner.items()} if isinstance(inner, Mapping) else {})
        program = run.host.program(name)
        leap = None
        if program is None:
            out.append(run.budget.taken(run.host.foreign(name, run.names())))
        else:
            leap = run.inside(program, program.nodes, out)
        run.scopes.pop()
        return leap


@dataclass(frozen=True, slots=True)
class Import:
    """`{% import "file" %}`: the macros and values of another template, whose text is dropped."""

    line: int
    column: int
    name: Expression

    def render(self, run: Run, out: list[str]) -> Leap | None:
        program = _stencil(self.name, run, "imports")
        run.inside(program, program.nodes, [])
        return None


@dataclass(frozen=True, slots=True)
class Block:
    """`{% block name %}`: a part that templates which extend this one may replace; `{{ block.super }}` is this one."""

    line: int
    column: int
    name: str
    nodes: Nodes

    def render(self, run: Run, out: list[str]) -> Leap | None:
        waiting = run.blocks.get(self.name) if run.blocks is not None else None
        if not waiting:
            text, leap = run.text(self.nodes)
            out.append(text)
            _remember(run, self.name, text)
            return leap
        program, block = waiting.pop(0)
        original: list[str] = []
        self.render(run, original)
        run.scopes.append({"block": {"super": "".join(original)}})
        leap = run.inside(program, (block,), out)
        run.scopes.pop()
        return leap


def _remember(run: Run, name: str, text: str) -> None:
    """What a block printed can be printed again, as `{{ block.name }}`."""
    known = run.scopes[0].get("block")
    if isinstance(known, dict):
        known[name] = text
    else:
        run.scopes.insert(0, {"block": {name: text}})


@dataclass(frozen=True, slots=True)
class Extends:
    """`{% extends "file" %}`: another template with some of its blocks replaced."""

    line: int
    column: int
    name: Expression
    blocks: tuple[Block, ...]

    def render(self, run: Run, out: list[str]) -> Leap | None:
        base = _stencil(self.name, run, "extends")
        outer = run.blocks
        run.blocks = {} if outer is None else outer
        for block in {block.name: block for block in self.blocks}.values():
            run.blocks.setdefault(block.name, []).append((run.program, block))
        run.scopes.append({})
        leap = run.inside(base, base.nodes, out)
        run.scopes.pop()
        run.blocks = outer
        return leap


@dataclass(frozen=True, slots=True)
class Macro:
    """`{% macro name parameters %}`: parts that can be called."""

    line: int
    column: int
    name: str
    parameters: tuple[str, ...]
    nodes: Nodes

    def render(self, run: Run, out: list[str]) -> Leap | None:
        run.scopes[-1][self.name] = Callable(self.parameters, self.nodes, run.program)
        return None


@dataclass(frozen=True, slots=True)
class Call:
    """`{% call name arguments %}`: what a macro prints here."""

    line: int
    column: int
    name: Expression
    shown: str
    arguments: tuple[Expression, ...]

    def render(self, run: Run, out: list[str]) -> Leap | None:
        macro = self.name.value(run)
        if not isinstance(macro, Callable):
            raise TemplateFault("template.undefined", f"calls {self.shown!r}, which is no macro", "define it before")
        if len(macro.parameters) != len(self.arguments):
            what = f"calls {self.shown} with {len(self.arguments)} arguments; it takes {len(macro.parameters)}"
            raise TemplateFault("template.failed", what, f"{{% call {self.shown} {' '.join(macro.parameters)} %}}")
        values = [argument.value(run) for argument in self.arguments]
        run.scopes.append(dict(zip(macro.parameters, values, strict=True)))
        leap = run.inside(macro.home, macro.nodes, out)
        run.scopes.pop()
        return leap


def _template_name(expression: Expression, run: Run) -> str:
    name = expression.value(run)
    if isinstance(name, str):
        return name
    raise TemplateFault("template.missing", "includes a file by a name that is not there", 'write "name.stencil"')


def _stencil(expression: Expression, run: Run, verb: str) -> Program:
    """The template that is imported or extended; a Jinja template has no parts that Stencil knows."""
    name = _template_name(expression, run)
    program = run.host.program(name)
    if program is None:
        what = f"{verb} {name!r}, which is a Jinja template"
        raise TemplateFault("template.failed", what, "write both in the same language; include works across them")
    return program
