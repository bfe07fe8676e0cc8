"""What a config is going to make, as a pure function: a plan that costs no render.

In: entries, and what Figma's files list. Out: a `Plan`. Rule: whatever can be wrong with names, pairs and templates is
found before the first render is asked, and told all at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exfig_rx.batch.renders import Needed
from exfig_rx.config.entries import ColorEntry, color_entries
from exfig_rx.config.picture_entries import PictureEntry, picture_entries
from exfig_rx.config.schema import Config, VariablesSource
from exfig_rx.config.typography_entries import TypographyEntry, typography_entries
from exfig_rx.errors import ExfigError
from exfig_rx.export import name_in_code, rehearse_pictures, render_colors, render_typography
from exfig_rx.export.pictures import Exists, PictureSet
from exfig_rx.export.templates import Templates
from exfig_rx.load.code_syntax import CodeSyntaxChange, code_syntax_changes, united_changes
from exfig_rx.load.colors import LoadedColors, needed_files, style_colors
from exfig_rx.load.pictures import LoadedPictures, load_pictures
from exfig_rx.load.renders import needed_renders
from exfig_rx.load.typography import text_styles
from exfig_rx.load.variables import needed_variable_files, variable_colors
from exfig_rx.model import AssetCounts, FileStyles, Kind, Platform, Problem, Rendered
from exfig_rx.pictures import FileComponents, RenderSpec
from exfig_rx.settings import Section
from exfig_rx.variables import FileVariables


@dataclass(frozen=True, slots=True)
class Entries:
    """Everything that a config exports."""

    colors: tuple[ColorEntry, ...]
    pictures: tuple[PictureEntry, ...]
    typography: tuple[TypographyEntry, ...]

    @property
    def style_files(self) -> Mapping[str, frozenset[str]]:
        """The files whose styles are needed, with the types (FILL, TEXT) of those whose nodes are."""
        found: dict[str, set[str]] = {}
        for entry in self.colors:
            for key in needed_files(entry.source):
                found.setdefault(key, set()).add("FILL")
        for text in self.typography:
            found.setdefault(text.file, set()).add("TEXT")
        return {key: frozenset(types) for key, types in found.items()}

    @property
    def variable_files(self) -> tuple[str, ...]:
        """The files whose variables are needed."""
        return tuple(dict.fromkeys(key for entry in self.colors for key in needed_variable_files(entry.source)))

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


@dataclass(frozen=True, slots=True)
class Plan:
    """The colors and text styles of a config as files, and its pictures by name, still without their renders."""

    rendered: tuple[Rendered, ...]
    counts: AssetCounts
    sets: tuple[PictureSet, ...]
    warnings: tuple[Problem, ...]
    code_names: tuple[CodeSyntaxChange, ...]

    @property
    def needed(self) -> Needed:
        """The renders of all entries, those that several need once."""
        nodes: dict[tuple[str, RenderSpec], set[str]] = {}
        for one in self.sets:
            for key, ids in needed_renders(one.pictures, one.entry.specs).items():
                nodes.setdefault(key, set()).update(ids)
        return {key: sorted(ids) for key, ids in nodes.items()}


def entries_of(config: Config, selection: Selection = EVERYTHING) -> Entries:
    """What of `config` is wanted."""
    return Entries(
        color_entries(config) if selection.wants(Kind.COLORS) else (),
        tuple(entry for entry in picture_entries(config) if selection.wants(entry.kind)),
        typography_entries(config) if selection.wants(Kind.TYPOGRAPHY) else (),
    )


def nothing_selected(entries: Entries, selection: Selection) -> tuple[Problem, ...]:
    """A warning where a config has nothing of what is wanted."""
    if not selection.only or any((entries.colors, entries.pictures, entries.typography)):
        return ()
    sections = " and no ".join(sorted(selection.only))
    return (Problem("config.nothing-selected", f"nothing is exported: there is no {sections} block in this config"),)


def plan(entries: Entries, fetched: Fetched, exists: Exists, name_filter: str | None = None) -> Plan:
    """Load everything, render what needs no picture. Raises ExfigError with the problems of all entries together.

    `exists` tells whether an earlier run left a file. Assets that `name_filter` doesn't pick are kept: what an earlier
    run wrote of them stays, and code that lists all assets goes on to name them.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    rendered: list[Rendered] = []
    code_names: list[CodeSyntaxChange] = []
    text_ids: set[tuple[str, str]] = set()
    distinct: set[tuple[str, str, str]] = set()
    sets: list[PictureSet] = []
    for entry in entries.colors:
        try:
            loaded = _colors(entry, fetched, name_filter)
            templates = Templates(entry.platform, entry.section.templates_path)
            files = render_colors(entry, loaded.colors, templates, exists)
        except ExfigError as error:
            problems += error.problems
            continue
        warnings += (*loaded.warnings, *files.warnings)
        rendered.append(files)
        if isinstance(entry.source, VariablesSource):
            tokens = fetched.variables[entry.source.tokens_file_id]
            code_names += code_syntax_changes(entry, tokens, loaded.colors, name_in_code)
        distinct |= {
            (color.file_key, color.node_id, color.original_name) for color in loaded.colors if not color.is_kept
        }
    for pictured in entries.pictures:
        try:
            pictures = _pictures(pictured, fetched, name_filter)
        except ExfigError as error:
            problems += error.problems
            continue
        warnings += pictures.warnings
        drawn = (replace(one, dark=()) for one in pictures.pictures) if pictured.light_only else pictures.pictures
        sets.append(PictureSet(pictured, tuple(drawn)))
    for text in entries.typography:
        try:
            texts = text_styles(text, fetched.styles)
            files = render_typography(text, texts.styles, Templates(text.platform, text.section.templates_path))
        except ExfigError as error:
            problems += error.problems
            continue
        warnings += (*texts.warnings, *files.warnings)
        rendered.append(files)
        text_ids |= {(style.file_key, style.node_id) for style in texts.styles}
    for platform, own in by_platform(sets).items():
        try:
            rehearse_pictures(platform, own, Templates(platform, own[0].entry.section.templates_path))
        except ExfigError as error:
            problems += error.problems
    if problems:
        raise ExfigError(*dict.fromkeys(problems))
    # With a filter, names that clash are not all there to be compared.
    changes = united_changes(code_names) if name_filter is None else ()
    counts = AssetCounts(colors=len(distinct), typography=len(text_ids))
    return Plan(tuple(rendered), counts, tuple(sets), tuple(warnings), changes)


def _colors(entry: ColorEntry, fetched: Fetched, name_filter: str | None) -> LoadedColors:
    everything = _loaded_colors(entry, fetched, None)
    if name_filter is None:
        return everything
    picked = _loaded_colors(entry, fetched, name_filter)
    names = {color.name for color in picked.colors}
    colors = tuple(replace(color, is_kept=color.name not in names) for color in everything.colors)
    return LoadedColors(colors, picked.warnings)


def _loaded_colors(entry: ColorEntry, fetched: Fetched, name_filter: str | None) -> LoadedColors:
    if isinstance(entry.source, VariablesSource):
        return variable_colors(entry, fetched.variables, name_filter)
    return style_colors(entry, fetched.styles, name_filter)


def _pictures(entry: PictureEntry, fetched: Fetched, name_filter: str | None) -> LoadedPictures:
    everything = load_pictures(entry, fetched.components)
    if name_filter is None:
        return everything
    picked = load_pictures(entry, fetched.components, name_filter)
    names = {picture.name for picture in picked.pictures}
    pictures = tuple(replace(picture, is_kept=picture.name not in names) for picture in everything.pictures)
    return LoadedPictures(pictures, picked.warnings)


def by_platform(sets: Sequence[PictureSet]) -> dict[Platform, list[PictureSet]]:
    found: dict[Platform, list[PictureSet]] = {}
    for one in sets:
        found.setdefault(one.entry.platform, []).append(one)
    return found
