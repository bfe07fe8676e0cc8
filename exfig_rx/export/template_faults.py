"""What is wrong with a template, before its file is known, and the error that it becomes.

In: a fault as the engines raise it, deep inside an expression. Out: a `TemplateError` with file, line, column and the
line itself. Rule: every fault says what to do; who knows the place adds it, the innermost place counts.
"""

from pathlib import Path
from typing import NoReturn

from exfig_rx.errors import TemplateError
from exfig_rx.model import Location, Problem

GUIDE = "docs/templates.md lists the templates, their variables, and what differs between Stencil and Jinja"
"""What to do where nothing better is known."""

ENDLESS_CALLS = "includes or calls itself without end"


class TemplateFault(Exception):
    """Something that the author of a template has to change.

    `code` is stable, `what` completes the sentence "template colors.xml …", `hint` says what to do. `line` and
    `column` count from 1; None as long as nobody knows them.
    """

    def __init__(
        self, code: str, what: str, hint: str = GUIDE, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.hint = hint
        self.line = line
        self.column = column

    def at(self, line: int, column: int | None = None) -> "TemplateFault":
        """The fault with its place, unless it has a nearer one already."""
        if self.line is None:
            self.line, self.column = line, column
        return self

    def error(self, file: str, source: str) -> TemplateError:
        """The fault as the error of the template in `file`, whose text is `source`."""
        place = Location(file=file, line=self.line, column=self.column)
        shown = "" if self.line is None else _excerpt(source, self.line, self.column)
        return TemplateError(Problem(self.code, f"template {Path(file).name} {self.what}", self.hint, place, shown))


def fail(code: str, message: str, hint: str, location: Location | None = None) -> NoReturn:
    """Raise a TemplateError with one problem that is not about a line of a template."""
    raise TemplateError(Problem(code, message, hint, location))


def _excerpt(source: str, line: int, column: int | None) -> str:
    lines = source.splitlines()
    if not 0 < line <= len(lines):
        return ""
    shown = lines[line - 1].rstrip()
    start = len(shown) - len(shown.lstrip()) if column is None else min(column - 1, len(shown))
    return f"{shown}\n{' ' * start}^"
