"""What of a config is wanted, and which files of Figma that takes: known before anything is asked or loaded.

In: a valid config, a selection. Out: its entries. Rule: light on purpose: a run in which nothing has changed loads no
more than this.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from exfig_rx.config.entries import ColorEntry, color_entries, needed_files, needed_variable_files
from exfig_rx.config.picture_entries import PictureEntry, picture_entries
from exfig_rx.config.schema import Config
from exfig_rx.config.token_entries import TokenEntry, token_entries
from exfig_rx.config.typography_entries import TypographyEntry, typography_entries
from exfig_rx.model import FileStyles, Kind, Problem
from exfig_rx.pictures import FileComponents
from exfig_rx.settings import Section
from exfig_rx.variables import FileVariables


@dataclass(frozen=True, slots=True)
class Entries:
    """Everything that a config exports."""

    colors: tuple[ColorEntry, ...]
    pictures: tuple[PictureEntry, ...]
    typography: tuple[TypographyEntry, ...]
    tokens: tuple[TokenEntry, ...]

    @property
    def all(self) -> tuple[ColorEntry | PictureEntry | TypographyEntry | TokenEntry, ...]:
        """Every one of them."""
        return (*self.colors, *self.pictures, *self.typography, *self.tokens)

    @property
    def files(self) -> tuple[str, ...]:
        """All files of Figma that are read."""
        return tuple(dict.fromkeys((*self.style_files, *self.variable_files, *self.component_files)))

    @property
    def style_files(self) -> Mapping[str, frozenset[str]]:
        """The files whose styles are needed, with the types (FILL, TEXT) of those whose nodes are."""
        found: dict[str, set[str]] = {}
        for entry in self.colors:
            for key in needed_files(entry.source):
                found.setdefault(key, set()).add("FILL")
        for text in self.typography:
            found.setdefault(text.file, set()).add("TEXT")
        for token in self.tokens:
            for key, types in token.style_files.items():
                found.setdefault(key, set()).update(types)
        return {key: frozenset(types) for key, types in found.items()}

    @property
    def variable_files(self) -> tuple[str, ...]:
        """The files whose variables are needed."""
        of_colors = (key for entry in self.colors for key in needed_variable_files(entry.source))
        return tuple(dict.fromkeys((*of_colors, *(key for token in self.tokens for key in token.variable_files))))

    @property
    def component_files(self) -> tuple[str, ...]:
        """The files whose components are needed."""
        return tuple(dict.fromkeys(key for entry in self.pictures for key in entry.source.files))


@dataclass(frozen=True, slots=True)
class Selection:
    """What of each config is wanted: sections (none: all of them), assets by name, and whether names go to Figma."""

    only: frozenset[Section] = frozenset()
    name_filter: str | None = None
    no_sync: bool = False

    def wants(self, section: str) -> bool:
        """Whether a section, such as `colors`, is wanted."""
        return not self.only or section in self.only


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the files of a config list, by file key."""

    styles: Mapping[str, FileStyles]
    components: Mapping[str, FileComponents]
    variables: Mapping[str, FileVariables]


def entries_of(config: Config, selection: Selection = EVERYTHING) -> Entries:
    """What of `config` is wanted."""
    return Entries(
        color_entries(config) if selection.wants(Kind.COLORS) else (),
        tuple(entry for entry in picture_entries(config) if selection.wants(entry.kind)),
        typography_entries(config) if selection.wants(Kind.TYPOGRAPHY) else (),
        token_entries(config) if selection.wants(Section.TOKENS) else (),
    )


def nothing_selected(entries: Entries, selection: Selection) -> tuple[Problem, ...]:
    """A warning where a config has nothing of what is wanted."""
    if not selection.only or any((entries.colors, entries.pictures, entries.typography, entries.tokens)):
        return ()
    sections = " and no ".join(sorted(selection.only))
    return (Problem("config.nothing-selected", f"nothing is exported: there is no {sections} block in this config"),)
