"""The Jinja rim: templates of the user and built-in ones, sandboxed, within a budget.

In: a template's name and its context. Out: text, piece by piece, or a `TemplateError` with file and line. Rule: as in
templates of other tools nothing is trimmed or escaped; a missing name is an error; keys come before methods. Jinja is
imported with this module, which happens when a first template is rendered.
"""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from types import CodeType, TracebackType
from typing import Any, NoReturn

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from exfig_rx.errors import ExfigError
from exfig_rx.export.jinja_counting import counted, counting_filters, jinja_text
from exfig_rx.export.jinja_filters import filters, formatted, is_known_method, text_method
from exfig_rx.export.template_faults import ENDLESS_CALLS, GUIDE, TemplateFault
from exfig_rx.export.template_files import BUILT_IN, Dialect, TemplateFiles
from exfig_rx.export.template_limits import Budget

Foreign = Callable[[str, Mapping[str, object]], str]
"""What the template `name` of another language prints."""

_GLOBALS = ("dict", "cycler", "joiner", "namespace")

_STENCIL_FORMS = (
    (r"\bforloop\b", "in Jinja 'forloop' is 'loop': loop.first, loop.last, loop.index, loop.index0, loop.length"),
    (r"\|\s*!", "in Jinja that is: if not (name|contains(…))"),
    (r"\|\s*\w+\s*:", 'in Jinja, arguments stand in brackets: name|default("x")'),
    (r"\{%[-+]?\s*empty\b", "in Jinja {% empty %} is {% else %}"),
    (r"\{%[-+]?\s*ifnot\b", "in Jinja {% ifnot name %} is {% if not name %}"),
    (r"\{%[-+]?\s*for\b[^%]*\bwhere\b", "in Jinja 'where' is 'if': {% for name in names if condition %}"),
    (r"\.\.\.", "in Jinja 1...3 is range(1, 4)"),
    (r"\{%[-+]?\s*call\s+\w+\s+\w", "in Jinja {% call name 1 2 %} is {{ name(1, 2) }}"),
    (r"\{%[-+]?\s*macro\s+\w+(?!\s*\()", "in Jinja {% macro name a b %} is {% macro name(a, b) %}"),
    (r"\{%[-+]?\s*set\s+\w+\s+[^=\s%-]", "in Jinja {% set name value %} is {% set name = value %}"),
    (r"\{%[-+]?\s*map\b", "in Jinja {% map %} is the filter map, or a loop"),
    (r"\{%[-+]?\s*import\s+\S+\s*[-+]?%", 'in Jinja {% import "file" %} is {% from "file" import name %}'),
    (r"\{\{\{", 'in Jinja a brace before a value is {{ "{" }}{{ name }}'),
    (r"\bblock\.super\b", "in Jinja {{ block.super }} is {{ super() }}"),
    (r"\.count\b", "in Jinja names.count is names|length"),
    (r"\.(first|last)\b", "in Jinja names.first and names.last are names|first and names|last"),
    (r"\|\s*uppercase\b", "in Jinja uppercase is upper"),
    (r"\|\s*lowercase\b", "in Jinja lowercase is lower"),
)
"""What a line of Stencil looks like, and how Jinja says it."""


class _Compiled(BytecodeCache):
    """Compiled templates of this process, by name and source: each is compiled once, however many configs use it."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class JinjaTemplates(ImmutableSandboxedEnvironment):
    """The Jinja templates of `files`; `foreign` renders what they include in another language."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, files: TemplateFiles, budget: Budget, foreign: Foreign) -> None:
        super().__init__(
            loader=_Loader(files, foreign),
            autoescape=False,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            finalize=self._printed,
            bytecode_cache=_COMPILED,
            extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"],
        )
        self._budget = budget
        self._files = files
        self.globals = {"range": self._range, **{name: self.globals[name] for name in _GLOBALS}}
        self.filters = {**filters(budget), **counting_filters(budget)}

    def pieces(self, name: str, context: Mapping[str, object]) -> Iterator[str]:
        """The text of template `name`. Raises TemplateError if a user's template is at fault."""
        try:
            yield from self.get_template(name).generate(context)
        except ExfigError:
            raise
        except Exception as error:  # a template can raise anything; a bug in a built-in one goes on as it is
            self._explain(error)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute`; an entry of a dictionary counts before its methods."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return text_method(obj, attribute, self._budget) or super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`obj[argument]`."""
        if isinstance(argument, str) and (method := text_method(obj, argument, self._budget)) is not None:
            return method
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether templates may use an attribute of a Python object."""
        return super().is_safe_attribute(obj, attr, value) and is_known_method(obj, attr)

    def wrap_str_format(self, value: Any) -> None:
        """Texts have no `format` here: its widths can't be told in advance."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An operator whose result may be much larger than what it is made of."""
        self._budget.step()
        match operator:
            case "%" if isinstance(left, str):
                return formatted(left, right, self._budget)
            case "*":
                self._require_product(left, right)
                self._require_product(right, left)
            case "**" if isinstance(left, int) and isinstance(right, int):
                self._budget.bits(left.bit_length() * max(0, right))
            case "+" if isinstance(left, str) and isinstance(right, str):
                self._budget.take(len(left) + len(right))
            case "+" if isinstance(left, list | tuple) and isinstance(right, list | tuple):
                self._budget.items(len(left) + len(right))
        return super().call_binop(context, operator, left, right)

    def call(self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of a macro, a method or a function."""
        self._budget.step()
        for argument in args:
            self._budget.measure(argument)
        made = super().call(__context, __obj, *args, **kwargs)
        if isinstance(made, str):
            self._budget.take(len(made))
        elif isinstance(made, list | tuple):
            self._budget.items(len(made))
        return made

    def _require_product(self, value: object, times: object) -> None:
        if not isinstance(times, int):
            return
        match value:
            case str():
                self._budget.take(len(value) * max(0, times))
            case list() | tuple():
                self._budget.items(len(value) * max(0, times))
            case int():
                self._budget.bits(value.bit_length() + times.bit_length())

    def _range(self, *ends: int) -> range:
        numbers = range(*ends)
        self._budget.items(len(numbers))
        return numbers

    def _printed(self, value: object) -> str:
        return self._budget.taken(jinja_text(value, self._budget))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return counted(super()._parse(source, name, filename), self)

    def _explain(self, error: Exception) -> NoReturn:
        """Raise what `error` means for the author of a template; an error inside a built-in one is a bug."""
        file, line = _innermost(error.__traceback__, self._files.texts)
        if isinstance(error, TemplateSyntaxError):
            file, line = error.filename or "", error.lineno
        if file not in self._files.texts or file.startswith(BUILT_IN):
            raise error
        source = self._files.texts[file]
        fault = _fault(error, self._files, _line(source, line))
        raise fault.at(line).error(file, source) from error


class _Loader(BaseLoader):
    """Templates as Jinja wants them; those in another language are loaded as ones that print what `foreign` says."""

    def __init__(self, files: TemplateFiles, foreign: Foreign) -> None:
        self._files = files
        self._foreign = foreign

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        found = self._files.find(template)
        if found is None:
            raise TemplateNotFound(template)
        return found.text, found.file, None

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        found = self._files.find(name)
        if found is not None and found.dialect is not Dialect.JINJA:
            return self._bridge(environment, name, found.file, globals or {})
        try:
            return super().load(environment, name, globals)
        except TemplateSyntaxError as error:
            # Some of Jinja's own errors mix up file and name.
            error.filename = error.filename if found is None else found.file
            raise
        except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
            # Python's compiler and Jinja's parser give up where tags or brackets nest too deeply.
            if found is None or found.file.startswith(BUILT_IN):
                raise
            what = "nests tags or brackets too deeply"
            fault = TemplateFault("template.syntax", what, "put inner parts into files of their own, and include them")
            raise fault.at(1).error(found.file, found.text) from error

    def _bridge(self, environment: Environment, name: str, file: str, names: MutableMapping[str, Any]) -> Template:
        def root(context: Context) -> Iterator[str]:
            if context.blocks:
                what = f"extends {name!r}, which is a Stencil template"
                raise TemplateFault(
                    "template.failed", what, "write both in the same language; include works across them"
                )
            yield self._foreign(name, context.get_all())

        module = {"name": name, "__file__": file, "root": root, "blocks": {}, "debug_info": ""}
        return environment.template_class.from_module_dict(environment, module, names)


def _fault(error: Exception, files: TemplateFiles, line: str) -> TemplateFault:
    """What `error`, raised in a line of a template, means for its author."""
    hint = next((form for pattern, form in _STENCIL_FORMS if re.search(pattern, line)), None)
    stencil = f"{hint}; or end the file's name with .stencil, which makes it a Stencil template" if hint else GUIDE
    match error:
        case TemplateFault() if error.code == "template.failed" and hint:
            return TemplateFault(error.code, error.what, stencil)
        case TemplateFault():
            return error
        case TemplateSyntaxError():
            return TemplateFault("template.syntax", f"does not compile: {error.message}", stencil)
        case TemplateNotFound():
            what = f"includes {str(error.name)!r}, which does not exist"
            return TemplateFault("template.missing", what, files.advice(str(error.name)))
        case UndefinedError():
            return TemplateFault("template.undefined", f"uses what is not there: {error}", stencil)
        case RecursionError():
            return TemplateFault("template.recursion", ENDLESS_CALLS)
        case _:
            return TemplateFault("template.failed", f"fails: {error or type(error).__name__}", stencil)


def _line(source: str, line: int) -> str:
    lines = source.splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _innermost(traceback: TracebackType | None, files: Mapping[str, str]) -> tuple[str, int]:
    """File and line of the last step inside a template; Jinja gives such frames the template's own name."""
    found = ("", 0)
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename in files:
            found = (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found
