"""Which file a template's name means: one of the user's folder, else a built-in one.

In: a name as exporters and includes write it. Out: the text, where it is from, and which language it is in. Rule: the
user's folder is flat and never left, neither by a name nor by a link; the end of a file's name tells its language.
"""

import difflib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path

from exfig_rx.export.template_faults import GUIDE, TemplateFault, fail
from exfig_rx.model import Location, Platform

STENCIL_SUFFIX = ".stencil"

SUFFIXES = (".jinja", ".j2", STENCIL_SUFFIX)
"""What a user's template may end with, after its name; of several the first wins, so two tools can share a folder."""

LARGEST_TEMPLATE_BYTES = 1_000_000

LONGEST_NAME = 200
"""Characters of a template's name; file systems refuse longer ones."""

BUILT_IN = "<built-in>/"
"""What the file names of built-in templates begin with."""

_PART = ".include"
_MOST_NAMES = 30


class Dialect(StrEnum):
    """The language of a template."""

    JINJA = "jinja"
    STENCIL = "stencil"


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """The text of a template; `file` is its path, or begins with `BUILT_IN`."""

    file: str
    text: str
    dialect: Dialect


class TemplateFiles:
    """The templates of one platform. `texts` holds what was read, by file; errors show lines of it.

    `directory` is relative to the working directory. Raises TemplateError if it is no folder.
    """

    def __init__(self, platform: Platform, directory: str | None) -> None:
        self.texts: dict[str, str] = {}
        self._folder = None if directory is None else _folder(platform, directory)
        self._platform = platform

    def find(self, name: str, within: Dialect = Dialect.JINJA) -> TemplateSource | None:
        """The template `name`, None if there is none; a file without a known suffix is in the language of `within`.

        Raises TemplateFault if the name leads out of the folder, TemplateError if a link does or a file is unreadable.
        """
        own = self.own(name)
        if own is not None:
            return self._kept(TemplateSource(str(own), _read(own), _dialect(own.name, within)))
        known = self._known(name)
        if known is None:
            return None
        text = _built_in(self._platform)[known]
        return self._kept(TemplateSource(f"{BUILT_IN}{self._platform}/{known}.j2", text, Dialect.JINJA))

    def own(self, name: str) -> Path | None:
        """The user's file for template `name`. A name that is not built in may also be a file's whole name."""
        if name in {"", ".", ".."} or any(char in name for char in "/\\\0"):
            what = f"includes {name!r}, but a templatesPath is one flat folder"
            raise TemplateFault("template.outside", what, "put the file into the folder, and write its name alone")
        if len(name.encode(errors="replace")) > LONGEST_NAME:
            what = f"includes {name[:40]!r}…, a name of over {LONGEST_NAME} characters"
            raise TemplateFault("template.missing", what, "no file is called so")
        if self._folder is None:
            return None
        found = next((path for path in map(self._folder.joinpath, self._own_names(name)) if path.is_file()), None)
        if found is not None and not found.resolve().is_relative_to(self._folder.resolve()):
            what = f"template {found} is a link to a file outside its folder"
            fail("template.outside", what, "put a copy of the file there", Location(file=str(found)))
        return found

    def advice(self, name: str) -> str:
        """What can be included instead of `name`: all there is, or what is called alike if that is much."""
        built_in = set(_built_in(self._platform))
        own = {path.name for path in self._folder.iterdir() if path.is_file()} if self._folder is not None else set()
        names = sorted(built_in | own)
        if len(names) <= _MOST_NAMES:
            return f"there are {', '.join(names)}"
        alike = difflib.get_close_matches(name, names) or names[:_MOST_NAMES]
        return f"there are {', '.join(alike)} and {len(names) - len(alike)} others"

    def _kept(self, source: TemplateSource) -> TemplateSource:
        self.texts[source.file] = source.text
        return source

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
        return next((known for known in names if known in _built_in(self._platform)), None)


@cache  # each config and entry asks for them anew
def _built_in(platform: Platform) -> dict[str, str]:
    """The texts of the built-in templates of a platform, by name."""
    folder = resources.files("exfig_rx.export").joinpath("templates", platform)
    return {file.name.removesuffix(".j2"): file.read_text(encoding="utf-8") for file in folder.iterdir()}


def _dialect(file_name: str, within: Dialect) -> Dialect:
    name = file_name.removesuffix(_PART)
    if name.endswith(STENCIL_SUFFIX):
        return Dialect.STENCIL
    return Dialect.JINJA if name.endswith(SUFFIXES) else within


def _bare(name: str) -> str:
    """A template's name without the suffixes that includes and other tools write."""
    for suffix in (_PART, *SUFFIXES):
        name = name.removesuffix(suffix)
    return name


def _folder(platform: Platform, directory: str) -> Path:
    folder = Path(directory)
    key = f"{platform}.templatesPath"
    try:
        is_folder, is_there = folder.is_dir(), folder.exists()
    except OSError as error:
        what = f"the template folder {directory[:LONGEST_NAME]} can't be read: {error.strerror}"
        fail("template.no-folder", what, "write the path of a folder", Location(key=key))
    if not is_folder:
        is_what = "is a file" if is_there else "does not exist"
        hint = "it names a folder, relative to where exfig runs; without the key the built-in templates are used"
        fail(
            "template.no-folder", f"the template folder {directory} {is_what}", hint, Location(file=directory, key=key)
        )
    return folder


def _read(path: Path) -> str:
    place = Location(file=str(path))
    try:
        if path.stat().st_size > LARGEST_TEMPLATE_BYTES:
            fail("template.too-large", f"template {path} is over {LARGEST_TEMPLATE_BYTES:,} bytes", GUIDE, place)
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        fail("template.unreadable", f"template {path} can't be read: {error.strerror}", "check its permissions", place)
    except UnicodeDecodeError:
        fail("template.unreadable", f"template {path} is not UTF-8", "save it as UTF-8", place)
