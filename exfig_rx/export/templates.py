"""The front door of templates: one template of one platform and its variables become text.

In: a template's name and variables that are ready to print. Out: text, or a `TemplateError` with file, line and what
to do. Rule: a user's folder overrides single templates and is never left; a file in Stencil means what Stencil says,
every other one is Jinja; both are bounded. The bounds catch accidents: who writes a template also writes the config.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from exfig_rx.export import template_limits
from exfig_rx.export.template_faults import TemplateFault, fail
from exfig_rx.export.template_files import Dialect, TemplateFiles
from exfig_rx.export.template_text import commented, swift_literal, swift_text
from exfig_rx.model import Location, Platform

if TYPE_CHECKING:
    from exfig_rx.export.jinja_sandbox import JinjaTemplates
    from exfig_rx.export.stencil import Program

__all__ = ["Templates", "commented", "swift_literal", "swift_text"]


class Templates:
    """The templates of one platform: the built-in ones, single ones overridden by files in `directory`.

    `directory` is relative to the working directory. Raises TemplateError if it is no folder. An instance renders one
    template at a time.
    """

    def __init__(self, platform: Platform, directory: str | None) -> None:
        self._files = TemplateFiles(platform, directory)
        self._budget = template_limits.Budget()
        self._programs: dict[str, Program | None] = {}

    def overridden(self, name: str) -> bool:
        """Whether the user's folder brings its own template `name`."""
        return self._files.own(name) is not None

    def render(self, name: str, context: Mapping[str, object]) -> str:
        """The text of template `name` (such as `colors.xml`). Raises TemplateError if a user's template is at fault."""
        self._budget.start()
        text = "".join(_bounded(self._pieces(name, context), name))
        _require_utf8(text, self._files.own(name) or Path(name))
        return text

    def program(self, name: str) -> "Program | None":
        """The Stencil template `name`, None if it is Jinja. Raises TemplateFault if there is none."""
        from exfig_rx.export import stencil  # both languages are imported where a template is written in them

        if name in self._programs:
            return self._programs[name]
        found = self._files.find(name, Dialect.STENCIL)
        if found is None:
            what = f"includes {name!r}, which does not exist"
            raise TemplateFault("template.missing", what, self._files.advice(name))
        is_stencil = found.dialect is Dialect.STENCIL
        self._programs[name] = stencil.program(found.file, found.text) if is_stencil else None
        return self._programs[name]

    def foreign(self, name: str, context: Mapping[str, object]) -> str:
        """What the Jinja template `name`, which a Stencil one includes, prints."""
        return "".join(_bounded(self._jinja.pieces(name, context), name))

    def _pieces(self, name: str, context: Mapping[str, object]) -> Iterator[str]:
        found = self._files.find(name)
        if found is not None and found.dialect is Dialect.STENCIL:
            return iter((self._stencil(name, context),))
        return self._jinja.pieces(name, context)

    def _stencil(self, name: str, context: Mapping[str, object]) -> str:
        """What the Stencil template `name` prints, by itself or where a Jinja template includes it."""
        from exfig_rx.export import stencil

        program = self.program(name)
        assert program is not None, f"{name} was found as a Stencil template before"
        return stencil.render(program, context, self, self._budget)

    @cached_property
    def _jinja(self) -> "JinjaTemplates":
        from exfig_rx.export.jinja_sandbox import JinjaTemplates

        return JinjaTemplates(self._files, self._budget, self._stencil)


def _bounded(pieces: Iterator[str], name: str) -> Iterator[str]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > template_limits.LONGEST_OUTPUT:
            what = f"template {name} prints more than {template_limits.LONGEST_OUTPUT:,} characters"
            fail("template.too-large", what, "look at its loops", Location(file=name))
        yield piece


def _require_utf8(text: str, file: Path) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        what = f"template {file.name} prints the character U+{ord(text[error.start]):04X}, which no text file can hold"
        fail("template.failed", what, "escapes such as \\ud800 stand for half a character", Location(file=str(file)))
