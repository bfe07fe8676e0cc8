"""The Jinja rim: one template of one platform and its variables become text.

In: a template's name and variables that are ready to print. Out: text, or a `TemplateError` with file, line and what
to do. Rule: a user's folder overrides single templates and is never left; templates run sandboxed, and their loops and
output are bounded. The bounds catch accidents: who writes a template also writes the config.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from types import CodeType, TracebackType
from typing import NoReturn

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.sandbox import ImmutableSandboxedEnvironment

from exfig_rx.errors import ExfigError, TemplateError
from exfig_rx.export.names import escaped
from exfig_rx.model import Location, Platform, Problem

SUFFIXES = (".jinja", ".j2", ".stencil")
"""What a user's template may end with, after its name; of several the first wins, so two tools can share a folder."""

LARGEST_TEMPLATE_BYTES = 1_000_000
LONGEST_OUTPUT = 64_000_000
"""Characters of one generated file; a hundred thousand colors need less than half of that."""

MOST_LOOP_STEPS = 5_000_000
"""Steps of all loops of one rendering together; a loop inside a loop over a thousand colors takes a million."""

_GUIDE = "docs/templates.md lists the templates, their variables, and what differs from Stencil"
_BUILT_IN = "<built-in>/"
_PART = ".include"


class Templates:
    """The templates of one platform: the built-in ones, single ones overridden by files in `directory`.

    `directory` is relative to the working directory. Raises TemplateError if it is no folder. An instance renders one
    template at a time.
    """

    def __init__(self, platform: Platform, directory: str | None) -> None:
        self._loader = _Loader(platform, None if directory is None else _folder(platform, directory))
        self._environment = _Sandbox(self._loader)

    def overridden(self, name: str) -> bool:
        """Whether the user's folder brings its own template `name`."""
        return self._loader.own(name) is not None

    def render(self, name: str, context: Mapping[str, object]) -> str:
        """The text of template `name` (such as `colors.xml`). Raises TemplateError if a user's template is at fault."""
        self._environment.steps = 0
        try:
            text = "".join(_bounded(self._environment.get_template(name).generate(context)))
        except ExfigError:
            raise
        except Exception as error:
            self._explain(error)
        _require_utf8(text, self._loader.own(name) or Path(name))
        return text

    def _explain(self, error: Exception) -> NoReturn:
        """Raise what `error` means for the author of a template; an error inside a built-in one is a bug."""
        if isinstance(error, TemplateSyntaxError):
            file, line = error.filename or "", error.lineno
        else:
            file, line = _innermost(error.__traceback__, self._loader.files)
        if file not in self._loader.files or file.startswith(_BUILT_IN):
            raise error
        hint = _GUIDE
        match error:
            case TemplateSyntaxError():
                code, what = "template.syntax", f"does not compile: {error.message}"
            case TemplateNotFound():
                code, what = "template.missing", f"includes {str(error.name)!r}, which does not exist"
            case UndefinedError() if "'forloop'" in str(error):
                code, what = "template.undefined", "uses Stencil's 'forloop', which is called 'loop' in Jinja"
                hint = "write loop.first, loop.last, loop.index, loop.index0 and loop.length"
            case UndefinedError():
                code, what = "template.undefined", f"uses what is not there: {error}"
            case RecursionError():
                code, what = "template.recursion", "includes or calls itself without end"
            case _:
                code, what = "template.failed", f"fails: {error or type(error).__name__}"
        place = Location(file=file, line=line)
        problem = Problem(
            code, f"template {Path(file).name} {what}", hint, place, _excerpt(self._loader.files[file], line)
        )
        raise TemplateError(problem) from error


class _Compiled(BytecodeCache):
    """Compiled templates of this process, by name and source: each is compiled once, however many configs use it."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja as templates of other tools expect it: no trimming, no escaping, a missing name is an error."""

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            autoescape=False,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            finalize=_printed,
            bytecode_cache=_COMPILED,
            extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"],
        )
        self.filters |= {"commented": commented, "json": _json}
        self.steps = 0

    def count_step(self) -> None:
        """Called at each step of each loop."""
        self.steps += 1
        if self.steps > MOST_LOOP_STEPS:
            raise OverflowError(f"its loops took more than {MOST_LOOP_STEPS:,} steps")

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            count = nodes.Call(nodes.EnvironmentAttribute("count_step"), [], [], None, None)
            loop.body.insert(0, nodes.ExprStmt(count, lineno=loop.lineno).set_environment(self))
        return tree


class _Loader(BaseLoader):
    """Finds a template in the user's folder, then among the built-in ones; `files` is what it has read."""

    def __init__(self, platform: Platform, folder: Path | None) -> None:
        self.files: dict[str, str] = {}
        self._folder = folder
        self._built_in = resources.files("exfig_rx.export").joinpath("templates", platform)
        self._prefix = f"{_BUILT_IN}{platform}/"

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        own = self.own(template)
        name = self._known(template)
        if own is not None:
            source, file = _read(own), str(own)
        elif name is not None:
            built_in = self._built_in.joinpath(f"{name}.j2")
            source, file = built_in.read_text(encoding="utf-8"), f"{self._prefix}{name}.j2"
        else:
            raise TemplateNotFound(template)
        self.files[file] = source
        return source, file, None

    def own(self, name: str) -> Path | None:
        """The user's file for template `name`. A name that is not built in may also be a file's whole name."""
        if name in {"", ".", ".."} or any(char in name for char in "/\\\0"):
            _fail("template.outside", f"a template includes {name!r}, but a templatesPath is one flat folder", _GUIDE)
        if self._folder is None:
            return None
        found = next((path for path in map(self._folder.joinpath, self._own_names(name)) if path.is_file()), None)
        if found is not None and not found.resolve().is_relative_to(self._folder.resolve()):
            what = f"template {found} is a link to a file outside its folder"
            _fail("template.outside", what, "put a copy of the file there", Location(file=str(found)))
        return found

    def _own_names(self, name: str) -> list[str]:
        """What the user's file for template `name` may be called; the first that is there counts."""
        known, bare = self._known(name), _bare(name)
        names = [bare + suffix for suffix in SUFFIXES]
        if name.endswith(_PART):
            parts = [bare + end for suffix in SUFFIXES for end in (_PART + suffix, suffix + _PART)]
            # A part that is built in is never the whole, which may include it.
            names = parts if known == bare + _PART else [*parts, *names]
        return names if known is not None else [name, *names]

    def _known(self, name: str) -> str | None:
        """What the built-in template is called that `name` means, if there is one."""
        names = [_bare(name) + _PART, _bare(name)] if name.endswith(_PART) else [_bare(name)]
        return next((known for known in names if self._built_in.joinpath(f"{known}.j2").is_file()), None)


def commented(text: str) -> str:
    """`text` with `//` before each line that has none yet, without blank lines at its ends."""
    lines = text.strip().split("\n")
    return "\n".join(line if line.startswith("//") else f"// {line}".rstrip() for line in lines)


def swift_literal(text: str) -> str:
    """`text` as a Swift string literal, quotes included."""
    return f'"{escaped(text, chr(34))}"'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _printed(value: object) -> object:
    """How `{{ value }}` prints: as in Stencil, nothing for None, `true`, and lists of strings as Swift writes them."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list() | tuple():
            return f"[{', '.join(swift_literal(item) if isinstance(item, str) else str(item) for item in value)}]"
        case _:
            return value


def _bounded(pieces: Iterator[str]) -> Iterator[str]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > LONGEST_OUTPUT:
            _fail(
                "template.too-large", f"a template printed more than {LONGEST_OUTPUT:,} characters", "look at its loops"
            )
        yield piece


def _bare(name: str) -> str:
    """A template's name without the suffixes that includes and other tools write."""
    for suffix in (_PART, *SUFFIXES):
        name = name.removesuffix(suffix)
    return name


def _folder(platform: Platform, directory: str) -> Path:
    folder = Path(directory)
    if not folder.is_dir():
        is_what = "is a file" if folder.exists() else "does not exist"
        key = f"{platform}.templatesPath"
        hint = "it names a folder, relative to where exfig runs; without the key the built-in templates are used"
        _fail(
            "template.no-folder", f"the template folder {directory} {is_what}", hint, Location(file=directory, key=key)
        )
    return folder


def _read(path: Path) -> str:
    place = Location(file=str(path))
    try:
        if path.stat().st_size > LARGEST_TEMPLATE_BYTES:
            _fail("template.too-large", f"template {path} is over {LARGEST_TEMPLATE_BYTES:,} bytes", _GUIDE, place)
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        _fail("template.unreadable", f"template {path} can't be read: {error.strerror}", "check its permissions", place)
    except UnicodeDecodeError:
        _fail("template.unreadable", f"template {path} is not UTF-8", "save it as UTF-8", place)


def _require_utf8(text: str, file: Path) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        what = f"template {file.name} prints the character U+{ord(text[error.start]):04X}, which no text file can hold"
        _fail("template.failed", what, "escapes such as \\ud800 stand for half a character", Location(file=str(file)))


def _fail(code: str, message: str, hint: str, location: Location | None = None) -> NoReturn:
    raise TemplateError(Problem(code, message, hint, location))


def _innermost(traceback: TracebackType | None, files: Mapping[str, str]) -> tuple[str, int]:
    """File and line of the last step inside a template; Jinja gives such frames the template's own name."""
    found = ("", 0)
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename in files:
            found = (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _excerpt(source: str, line: int) -> str:
    lines: Sequence[str] = source.splitlines()
    if not 0 < line <= len(lines):
        return ""
    shown = lines[line - 1].rstrip()
    start = len(shown) - len(shown.lstrip())
    return f"{shown}\n{' ' * start}^"
