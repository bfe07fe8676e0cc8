"""Stencil templates of other tools, as they are: text to a program that `Run` renders.

In: the text of a `.stencil` file. Out: a `Program`, or a `TemplateFault` with line and column. Rule: Stencil's meaning,
not Jinja's; what Stencil would skip in silence and what it does not know is a fault that names the right form.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeAlias

from exfig_rx.export import stencil_nodes as nodes
from exfig_rx.export import stencil_parts as parts
from exfig_rx.export.stencil_expressions import Expression
from exfig_rx.export.stencil_lexer import Kind, Piece, pieces, words
from exfig_rx.export.stencil_reading import AS_JINJA, condition, filtered, named, printable, resolvable
from exfig_rx.export.stencil_run import Host, Leap, Node, Nodes, Program, Run
from exfig_rx.export.template_faults import TemplateFault
from exfig_rx.export.template_limits import Budget

__all__ = ["Host", "Program", "parse", "program", "render"]

_NAME = re.compile(r"[^\W\d][\w-]*")
_DEEPEST = 40
_ENDS = {
    "if": ("endif",),
    "ifnot": ("endif",),
    "for": ("endfor",),
    "block": ("endblock",),
    "filter": ("endfilter",),
    "set": ("endset",),
    "macro": ("endmacro",),
    "map": ("endmap",),
}
_FORMS = {
    "elseif": "write {% elif condition %}",
    "raw": 'write {{ "{{" }} to print braces',
    "now": "the date would change the file at each export; write it as text",
    "with": "{% set name value %} inside {% if true %} is gone behind it",
    "from": '{% import "file" %} brings all macros of a file',
    "do": "Stencil has nothing to change",
}
_FORM_OF = {
    "import": '{% import "file" %}',
    "extends": '{% extends "file" %}',
    "block": "{% block name %}…{% endblock %}",
    "filter": "{% filter name:arguments %}…{% endfilter %}",
}


def program(file: str, source: str) -> Program:
    """The template in `file`. Raises TemplateError if it can't be read as Stencil."""
    try:
        return Program(file, source, parse(source))
    except TemplateFault as fault:
        raise fault.error(file, source) from None


def render(program: Program, context: Mapping[str, object], host: Host, budget: Budget) -> str:
    """What `program` prints. Raises TemplateError."""
    out: list[str] = []
    Run(host, budget, context).inside(program, program.nodes, out)
    return "".join(out)


@lru_cache(maxsize=256)
def parse(source: str) -> Nodes:
    """The parts of a template. Raises TemplateFault with line and column."""
    parser = _Parser(list(pieces(source)))
    return parser.all()


class _Parser:
    def __init__(self, found: list[Piece]) -> None:
        self._pieces = found
        self._at = 0
        self._open: list[tuple[Piece, str]] = []
        self._labels: list[str | None] = []

    def all(self) -> Nodes:
        """Every part up to the end."""
        read, _ = self._until(())
        return read

    def _until(self, ends: tuple[str, ...]) -> tuple[Nodes, list[str]]:
        """The parts before the first tag of `ends`, and the words of that tag."""
        found: list[Node] = []
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            try:
                match piece.kind:
                    case Kind.TEXT:
                        found.append(nodes.Text(piece.line, piece.column, piece.text))
                    case Kind.VALUE:
                        found.append(_print(piece))
                    case Kind.TAG:
                        tag = words(piece.text)
                        if tag and tag[0] in ends:
                            return tuple(found), tag
                        found.append(self._tag(piece, tag))
            except TemplateFault as fault:
                raise fault.at(piece.line, piece.column) from None
        if ends:
            piece, name = self._open[-1]
            what = f"opens {{% {name} %}} that is never closed with {{% {_ENDS[name][0]} %}}"
            raise TemplateFault("template.syntax", what, "close it", piece.line, piece.column)
        return tuple(found), []

    def _enclosed(self, piece: Piece, name: str, *also: str) -> tuple[Nodes, list[str]]:
        """The parts up to the tag that closes `name`, or to one of `also`."""
        if len(self._open) >= _DEEPEST:
            raise _wrong(f"nests tags over {_DEEPEST} deep", "put the inner ones into another file, and include it")
        self._open.append((piece, name))
        read = self._until((*_ENDS[name], *also))
        self._open.pop()
        return read

    def _tag(self, piece: Piece, tag: list[str]) -> Node:
        if not tag:
            raise _wrong("has {% %} without a word", "remove it")
        label = None
        if tag[0].endswith(":") and len(tag) > 1:
            label, tag = tag[0][:-1], tag[1:]
        if tag[0] == "for":
            return self._for(piece, tag, label)
        reader = _READERS.get(tag[0])
        if reader is None:
            raise _unknown(tag[0], self._open[-1][1] if self._open else None)
        return reader(self, piece, tag)

    def _block(self, piece: Piece, tag: list[str]) -> Node:
        _require_one_word(tag)
        inner, _ = self._enclosed(piece, "block")
        return parts.Block(piece.line, piece.column, tag[1], inner)

    def _filter(self, piece: Piece, tag: list[str]) -> Node:
        _require_one_word(tag)
        chain = filtered(named(nodes.FILTERED), tag[1])
        inner, _ = self._enclosed(piece, "filter")
        return nodes.Filter(piece.line, piece.column, chain, inner)

    def _import(self, piece: Piece, tag: list[str]) -> Node:
        _require_one_word(tag)
        return parts.Import(piece.line, piece.column, named(tag[1]))

    def _for(self, piece: Piece, tag: list[str], label: str | None) -> Node:
        form = "{% for name in names where condition %} or {% for key, value in dictionary %}"
        if len(tag) > 4 and tag[4] == "if":
            raise _wrong("has 'if' in {% for %}", f"Stencil says 'where': {form}; {AS_JINJA}")
        if len(tag) < 4 or tag[2] != "in" or (len(tag) > 4 and (tag[4] != "where" or len(tag) == 5)):
            raise _wrong("has a {% for %} that Stencil can't read", form)
        names = tuple(_name(name.strip()) for name in tag[1].split(","))
        if len(names) > 2:
            raise _wrong(f"has {len(names)} names in {{% for %}}", form)
        values = resolvable(tag[3])
        where = condition(tag[5:]) if len(tag) > 5 else None
        self._labels.append(label)
        body, end = self._enclosed(piece, "for", "empty", "else")
        self._labels.pop()
        empty: Nodes = ()
        if end[0] == "else":
            raise _wrong("has {% else %} in {% for %}", f"Stencil says {{% empty %}}; {AS_JINJA}")
        if end[0] == "empty":
            empty, _ = self._enclosed(piece, "for")
        return nodes.For(piece.line, piece.column, names, values, where, body, empty, label)

    def _if(self, piece: Piece, tag: list[str]) -> Node:
        name = tag[0]
        test = condition(tag[1:])
        if name == "ifnot":
            if len(tag) != 2:
                raise _wrong("has more than a name in {% ifnot %}", "write {% if not ( … ) %}")
            test = condition(["not", *tag[1:]])
        branches: list[tuple[Expression | None, Nodes]] = []
        branch: Expression | None = test
        while True:
            inner, end = self._enclosed(piece, name, "elif", "else")
            branches.append((branch, inner))
            if end[0] == "endif":
                return nodes.If(piece.line, piece.column, tuple(branches))
            if branch is None or (end[0] == "elif" and name == "ifnot"):
                raise _wrong(f"has {{% {end[0]} %}} where {{% endif %}} should be", "close {% if %} first")
            if end[0] == "else" and len(end) > 1:
                raise _wrong(f"has {{% {' '.join(end)} %}}", "write {% elif condition %}")
            branch = condition(end[1:]) if end[0] == "elif" else None

    def _jump(self, piece: Piece, tag: list[str]) -> Node:
        label = tag[1] if len(tag) > 1 else None
        if not self._labels or len(tag) > 2:
            raise _wrong(f"has {{% {tag[0]} %}} outside of {{% for %}}", "it ends the loop that it stands in")
        if label is not None and label not in self._labels:
            raise _wrong(
                f"has {{% {tag[0]} {label} %}}, but no loop around it is called so", f"write {{% {label}: for …  %}}"
            )
        return nodes.Jump(piece.line, piece.column, Leap(tag[0] == "break", label))

    def _include(self, piece: Piece, tag: list[str]) -> Node:
        if not 2 <= len(tag) <= 3:
            raise _wrong(
                "has an {% include %} that Stencil can't read", '{% include "file" %} or {% include "file" key %}'
            )
        return parts.Include(piece.line, piece.column, named(tag[1]), tag[2] if len(tag) == 3 else None)

    def _extends(self, piece: Piece, tag: list[str]) -> Node:
        _require_one_word(tag)
        if self._open:
            raise _wrong("has {% extends %} inside another tag", "it stands at the top of a file")
        rest, _ = self._until(())
        if any(isinstance(node, parts.Extends) for node in rest):
            raise _wrong("has {% extends %} twice", "a template extends one other")
        blocks = tuple(node for node in rest if isinstance(node, parts.Block))
        return parts.Extends(piece.line, piece.column, named(tag[1]), blocks)

    def _set(self, piece: Piece, tag: list[str]) -> Node:
        if len(tag) > 3 or len(tag) < 2:
            form = "{% set name value %} or {% set name %}…{% endset %}"
            raise _wrong(
                "has a {% set %} that Stencil can't read", f"{form}; {AS_JINJA}, where it is {{% set name = value %}}"
            )
        if len(tag) == 3:
            return nodes.Set(piece.line, piece.column, _name(tag[1]), resolvable(tag[2]))
        inner, _ = self._enclosed(piece, "set")
        return nodes.Set(piece.line, piece.column, _name(tag[1]), None, inner)

    def _macro(self, piece: Piece, tag: list[str]) -> Node:
        if len(tag) < 2 or any("(" in word or word.endswith(",") for word in tag):
            form = "{% macro name a b %} and {% call name 1 2 %}"
            raise _wrong(f"has a {{% {tag[0]} %}} that Stencil can't read", f"{form}, without brackets; {AS_JINJA}")
        if tag[0] == "call":
            arguments = tuple(map(resolvable, tag[2:]))
            return parts.Call(piece.line, piece.column, named(tag[1]), tag[1], arguments)
        inner, _ = self._enclosed(piece, "macro")
        name, *parameters = map(_name, tag[1:])
        return parts.Macro(piece.line, piece.column, name, tuple(parameters), inner)

    def _map(self, piece: Piece, tag: list[str]) -> Node:
        if len(tag) not in {4, 6} or tag[2] != "into" or (len(tag) == 6 and tag[4] != "using"):
            raise _wrong("has a {% map %} that Stencil can't read", "{% map names into texts using name %}")
        inner, _ = self._enclosed(piece, "map")
        item = _name(tag[5]) if len(tag) == 6 else None
        return nodes.Map(piece.line, piece.column, resolvable(tag[1]), _name(tag[3]), item, inner)


_Reader: TypeAlias = Callable[[_Parser, Piece, list[str]], Node]

_READERS: dict[str, _Reader] = {
    "if": _Parser._if,
    "ifnot": _Parser._if,
    "break": _Parser._jump,
    "continue": _Parser._jump,
    "include": _Parser._include,
    "import": _Parser._import,
    "extends": _Parser._extends,
    "block": _Parser._block,
    "filter": _Parser._filter,
    "set": _Parser._set,
    "macro": _Parser._macro,
    "call": _Parser._macro,
    "map": _Parser._map,
}


def _require_one_word(tag: list[str]) -> None:
    if len(tag) != 2:
        raise _wrong(f"has a {{% {tag[0]} %}} that Stencil can't read", f"{_FORM_OF[tag[0]]}; {AS_JINJA}")


def _print(piece: Piece) -> Node:
    tag = words(piece.text)
    if piece.text.startswith(("-", "+")) and len(piece.text) > 1 and piece.text[1] == " ":
        raise _wrong("has {{- or {{+", "Stencil controls white space in {%- -%} only")
    if len(tag) < 3 or tag[1] != "if":
        return nodes.Print(piece.line, piece.column, printable(tag))
    at = tag.index("else") if "else" in tag else len(tag)
    other = printable(tag[at + 1 :]) if at < len(tag) else None
    return nodes.Print(piece.line, piece.column, printable(tag[:1]), condition(tag[2:at]), other)


def _name(word: str) -> str:
    if _NAME.fullmatch(word):
        return word
    raise _wrong(f"has {word!r} where a name should be", "a name has letters, digits and _")


def _unknown(name: str, inside: str | None) -> TemplateFault:
    if inside is not None and (name.startswith("end") or name in {"else", "elif", "empty"}):
        return _wrong(
            f"has {{% {name} %}} inside {{% {inside} %}}", f"close that with {{% {_ENDS[inside][0]} %}} first"
        )
    if name.startswith("end") or name in {"else", "elif", "empty"}:
        return _wrong(f"has {{% {name} %}} that closes nothing", "look for the tag that it belongs to")
    known = "for, if, ifnot, include, extends, block, filter, set, macro, call, map, import, break and continue"
    return _wrong(f"has the tag {name!r}", _FORMS.get(name, f"the tags are {known}; {AS_JINJA}"))


def _wrong(what: str, hint: str) -> TemplateFault:
    return TemplateFault("template.syntax", what, hint)
