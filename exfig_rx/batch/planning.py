"""What a config is going to make, as a pure function: a plan that costs no render.

In: entries, and what Figma's files list. Out: a `Plan`. Rule: whatever can be wrong with names, pairs and templates is
found before the first render is asked, and told all at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exfig_rx.batch.renders import Needed
from exfig_rx.config.entries import ColorEntry, SingleStyleFile, StyleFiles, color_entries
from exfig_rx.config.picture_entries import PictureEntry, picture_entries
from exfig_rx.config.schema import Config
from exfig_rx.errors import ExfigError
from exfig_rx.export import rehearse_pictures, render_colors
from exfig_rx.export.pictures import Exists, PictureSet
from exfig_rx.export.templates import Templates
from exfig_rx.load.colors import LoadedColors, needed_files, style_colors
from exfig_rx.load.pictures import LoadedPictures, load_pictures
from exfig_rx.load.renders import needed_renders
from exfig_rx.model import FileStyles, Platform, Problem, Rendered
from exfig_rx.pictures import FileComponents, RenderSpec


@dataclass(frozen=True, slots=True)
class Entries:
    """Everything that a config exports."""

    colors: tuple[ColorEntry, ...]
    pictures: tuple[PictureEntry, ...]

    @property
    def style_files(self) -> tuple[str, ...]:
        """The files whose styles are needed."""
        return tuple(dict.fromkeys(key for entry in self.colors for key in needed_files(entry.source)))

    @property
    def component_files(self) -> tuple[str, ...]:
        """The files whose components are needed."""
        return tuple(dict.fromkeys(key for entry in self.pictures for key in entry.source.files))


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the files of a config list, by file key."""

    styles: Mapping[str, FileStyles]
    components: Mapping[str, FileComponents]


@dataclass(frozen=True, slots=True)
class Plan:
    """The colors of a config as files, and its pictures by name, still without their renders."""

    colors: tuple[Rendered, ...]
    color_count: int
    sets: tuple[PictureSet, ...]
    warnings: tuple[Problem, ...]

    @property
    def needed(self) -> Needed:
        """The renders of all entries, those that several need once."""
        nodes: dict[tuple[str, RenderSpec], set[str]] = {}
        for one in self.sets:
            for key, ids in needed_renders(one.pictures, one.entry.specs).items():
                nodes.setdefault(key, set()).update(ids)
        return {key: sorted(ids) for key, ids in nodes.items()}


def entries_of(config: Config) -> Entries:
    """What this version exports of `config`."""
    colors = tuple(entry for entry in color_entries(config) if isinstance(entry.source, StyleFiles | SingleStyleFile))
    return Entries(colors, picture_entries(config))


def plan(entries: Entries, fetched: Fetched, exists: Exists, name_filter: str | None = None) -> Plan:
    """Load everything, render what needs no picture. Raises ExfigError with the problems of all entries together.

    `exists` tells whether an earlier run left a file. Assets that `name_filter` doesn't pick are kept: what an earlier
    run wrote of them stays, and code that lists all assets goes on to name them.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    colors: list[Rendered] = []
    distinct: set[tuple[str, str, str]] = set()
    sets: list[PictureSet] = []
    for entry in entries.colors:
        try:
            loaded = _colors(entry, fetched, name_filter)
            templates = Templates(entry.platform, entry.section.templates_path)
            rendered = render_colors(entry, loaded.colors, templates, exists)
        except ExfigError as error:
            problems += error.problems
            continue
        warnings += (*loaded.warnings, *rendered.warnings)
        colors.append(rendered)
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
    for platform, own in by_platform(sets).items():
        try:
            rehearse_pictures(platform, own, Templates(platform, own[0].entry.section.templates_path))
        except ExfigError as error:
            problems += error.problems
    if problems:
        raise ExfigError(*dict.fromkeys(problems))
    return Plan(tuple(colors), len(distinct), tuple(sets), tuple(warnings))


def _colors(entry: ColorEntry, fetched: Fetched, name_filter: str | None) -> LoadedColors:
    everything = style_colors(entry, fetched.styles)
    if name_filter is None:
        return everything
    picked = style_colors(entry, fetched.styles, name_filter)
    names = {color.name for color in picked.colors}
    colors = tuple(replace(color, is_kept=color.name not in names) for color in everything.colors)
    return LoadedColors(colors, picked.warnings)


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
