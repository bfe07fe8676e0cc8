"""What a config makes of its files, as pure functions: first a plan that costs no render, then the files themselves.

In: entries, and what Figma's files list; then the renders. Out: a `Plan`, then an `Export`. Rule: whatever can be wrong
with names, pairs and templates is found before the first render is asked, and told all at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from exfig_rx.batch.renders import Gathered, Needed, RenderKey
from exfig_rx.config.entries import ColorEntry, SingleStyleFile, StyleFiles, color_entries
from exfig_rx.config.picture_entries import PictureEntry, picture_entries
from exfig_rx.config.schema import Config
from exfig_rx.errors import DesignError, ExfigError
from exfig_rx.export import rehearse_pictures, render_colors, render_pictures
from exfig_rx.export.pictures import Exists, PictureSet, about
from exfig_rx.export.templates import Templates
from exfig_rx.load.colors import needed_files, style_colors
from exfig_rx.load.pictures import load_pictures
from exfig_rx.load.renders import needed_renders, with_renders
from exfig_rx.model import AssetCounts, FileStyles, Kind, Location, OutputFile, Platform, Problem, RasterFile, Rendered
from exfig_rx.pictures import FileComponents, Picture, RenderSpec
from exfig_rx.raster.oddities import oddities


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


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that one config makes: files, files whose pictures are still to be drawn, and what to tell."""

    files: tuple[OutputFile, ...]
    rasters: tuple[RasterFile, ...]
    counts: AssetCounts
    warnings: tuple[Problem, ...]


def entries_of(config: Config) -> Entries:
    """What this version exports of `config`."""
    colors = tuple(entry for entry in color_entries(config) if isinstance(entry.source, StyleFiles | SingleStyleFile))
    return Entries(colors, picture_entries(config))


def plan(entries: Entries, fetched: Fetched) -> Plan:
    """Load everything, render what needs no picture. Raises ExfigError with the problems of all entries together."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    colors: list[Rendered] = []
    distinct: set[tuple[str, str, str]] = set()
    sets: list[PictureSet] = []
    for entry in entries.colors:
        try:
            loaded = style_colors(entry, fetched.styles)
            rendered = render_colors(entry, loaded.colors, Templates(entry.platform, entry.section.templates_path))
        except ExfigError as error:
            problems += error.problems
            continue
        warnings += (*loaded.warnings, *rendered.warnings)
        colors.append(rendered)
        distinct |= {(color.file_key, color.node_id, color.original_name) for color in loaded.colors}
    for pictured in entries.pictures:
        try:
            pictures = load_pictures(pictured, fetched.components)
        except ExfigError as error:
            problems += error.problems
            continue
        warnings += pictures.warnings
        drawn = (replace(one, dark=()) for one in pictures.pictures) if pictured.light_only else pictures.pictures
        sets.append(PictureSet(pictured, tuple(drawn)))
    for platform, own in _by_platform(sets).items():
        try:
            rehearse_pictures(platform, own, Templates(platform, own[0].entry.section.templates_path))
        except ExfigError as error:
            problems += error.problems
    if problems:
        raise ExfigError(*dict.fromkeys(problems))
    return Plan(tuple(colors), len(distinct), tuple(sets), tuple(warnings))


def finish(
    plan: Plan,
    gathered: Gathered,
    broken: Mapping[str, Problem],
    exists: Exists,
    *,
    can_heic: bool,
    is_strict: bool,
) -> Export:
    """The files of a planned config.

    `broken` are renders, by digest, that can't be drawn, and why. `exists` tells whether an earlier run left a file.
    With `is_strict` pictures that failed and what a format could not hold fail the config. Raises ExfigError.
    """
    _fail_if(_undownloaded(plan.sets, gathered.failed))
    failures: list[Problem] = []
    warnings: list[Problem] = []
    sets: list[PictureSet] = []
    for one in plan.sets:
        pictures, unrendered = with_renders(one.entry, one.pictures, gathered.renders)
        drawn, undrawn = _without_broken(one.entry, pictures, broken)
        failures += (*unrendered, *undrawn)
        drawn_here = one.entry.drawn_here
        warnings += [
            oddity
            for picture in drawn
            if not picture.has_failed
            for oddity in oddities(one.entry, picture, drawn_here=drawn_here)
        ]
        sets.append(PictureSet(one.entry, drawn))
    rendered = [*plan.colors, *_pictures(sets, failures, exists, can_heic=can_heic)]
    failures += [failure for part in rendered for failure in part.failures]
    losses = [loss for part in rendered for loss in part.losses]
    if is_strict:
        _fail_if((*failures, *losses))
    warnings += (*failures, *losses, *(warning for part in rendered[len(plan.colors) :] for warning in part.warnings))
    # Entries may share a folder, and then each brings its index: equal files are one file.
    files = {(file.path, file.content): file for part in rendered for file in part.files}
    rasters = dict.fromkeys(raster for part in rendered for raster in part.rasters)
    return Export(
        tuple(files.values()),
        tuple(rasters),
        AssetCounts(colors=plan.color_count, icons=_count(sets, Kind.ICONS), images=_count(sets, Kind.IMAGES)),
        _told_once((*plan.warnings, *warnings)),
    )


def _told_once(warnings: Iterable[Problem]) -> tuple[Problem, ...]:
    """Equal warnings of several entries as one that names them all."""
    found: dict[Problem, dict[str, None]] = {}
    for warning in warnings:
        place = warning.location
        anywhere = warning if place is None else replace(warning, location=replace(place, key=None))
        keys = found.setdefault(anywhere, {})
        if place is not None and place.key is not None:
            keys[place.key] = None
    return tuple(
        warning if not keys else replace(warning, location=replace(warning.location or Location(), key=", ".join(keys)))
        for warning, keys in found.items()
    )


def _pictures(
    sets: Sequence[PictureSet], failures: Sequence[Problem], exists: Exists, *, can_heic: bool
) -> list[Rendered]:
    """The pictures of each platform. Raises the problems of all together, with failures that may explain them."""
    problems: list[Problem] = []
    rendered: list[Rendered] = []
    for platform, own in _by_platform(sets).items():
        templates = Templates(platform, own[0].entry.section.templates_path)
        try:
            rendered.append(render_pictures(platform, own, templates, exists, can_heic=can_heic))
        except ExfigError as error:
            problems += error.problems
    if problems:
        raise ExfigError(*dict.fromkeys((*problems, *failures)))
    return rendered


def _by_platform(sets: Sequence[PictureSet]) -> dict[Platform, list[PictureSet]]:
    found: dict[Platform, list[PictureSet]] = {}
    for one in sets:
        found.setdefault(one.entry.platform, []).append(one)
    return found


def _fail_if(problems: Sequence[Problem]) -> None:
    if problems:
        raise DesignError(*dict.fromkeys(problems))


def _undownloaded(sets: Sequence[PictureSet], failed: Mapping[RenderKey, Problem]) -> list[Problem]:
    """An error for each render that Figma made and that could not be downloaded."""
    return [
        about(one.entry, picture, failed[key])
        for one in sets
        for picture in one.pictures
        for variant in picture.variants
        for spec in one.entry.specs
        if (key := (variant.file_key, variant.node_id, spec)) in failed
    ]


def _without_broken(
    entry: PictureEntry, pictures: Sequence[Picture], broken: Mapping[str, Problem]
) -> tuple[tuple[Picture, ...], list[Problem]]:
    """The pictures, those marked as failed that hold a broken render; and an error for each of these."""
    if not broken:
        return tuple(pictures), []
    found: list[Problem] = []
    marked: list[Picture] = []
    for picture in pictures:
        digests = dict.fromkeys(blob.digest for variant in picture.variants for blob in variant.renders.values())
        problems = [about(entry, picture, broken[digest]) for digest in digests if digest in broken]
        found += problems
        marked.append(replace(picture, has_failed=True) if problems else picture)
    return tuple(marked), found


def _count(sets: Sequence[PictureSet], kind: Kind) -> int:
    """Distinct pictures of a kind that were made."""
    return len(
        {
            (picture.file_key, picture.node_id)
            for one in sets
            if one.entry.kind is kind
            for picture in one.pictures
            if not picture.has_failed
        }
    )
