"""What a planned config makes of its renders, as pure functions: all its files, and what to tell.

In: a `Plan`, and the renders that could be had. Out: an `Export`. Rule: a picture that could not be had takes nothing
along but itself, unless whoever asked is strict; what several entries make alike is made once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exfig_rx.batch.planning import Plan, by_platform, told_once
from exfig_rx.batch.renders import Gathered, RenderKey
from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.errors import DesignError, ExfigError
from exfig_rx.export import render_pictures
from exfig_rx.export.pictures import Exists, PictureSet, about
from exfig_rx.export.templates import Templates
from exfig_rx.export.theme_attributes import united
from exfig_rx.load.code_syntax import CodeSyntaxChange
from exfig_rx.load.renders import with_renders
from exfig_rx.model import AssetCounts, Kind, OutputFile, Problem, RasterFile, Rendered, SharedSection
from exfig_rx.pictures import Picture
from exfig_rx.raster.oddities import oddities


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that one config makes: files, files whose pictures are still to be drawn, sections in files of the
    user, what to tell, and the names of variables that go back to Figma.

    `whole` are the keys of the entries of which nothing is left out; `is_whole`: those are all of them.
    """

    files: tuple[OutputFile, ...]
    rasters: tuple[RasterFile, ...]
    sections: tuple[SharedSection, ...]
    counts: AssetCounts
    warnings: tuple[Problem, ...]
    code_names: tuple[CodeSyntaxChange, ...] = ()
    whole: frozenset[str] = frozenset()
    is_whole: bool = False


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
    Pictures that failed fail the config if nothing else is left of it. With `is_strict` they always do, as does what a
    format could not hold. Raises ExfigError.
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
            if not picture.is_kept
            for oddity in oddities(one.entry, picture, drawn_here=drawn_here)
        ]
        sets.append(PictureSet(one.entry, drawn))
    rendered = [*plan.rendered, *_pictures(sets, failures, exists, can_heic=can_heic)]
    failures += [failure for part in rendered for failure in part.failures]
    losses = [loss for part in rendered for loss in part.losses]
    # Entries may share a folder, and then each brings its index: equal files are one file.
    files = {(file.path, file.content): file for part in rendered for file in part.files}
    rasters = dict.fromkeys(raster for part in rendered for raster in part.rasters)
    if is_strict or not (files or rasters):
        _fail_if((*failures, *losses))
    warnings += (*failures, *losses, *(warning for part in rendered[len(plan.rendered) :] for warning in part.warnings))
    untouched = frozenset(
        one.entry.key for one in sets if not failures and not any(picture.is_kept for picture in one.pictures)
    )
    return Export(
        tuple(files.values()),
        tuple(rasters),
        united([section for part in rendered for section in part.sections]),
        replace(plan.counts, icons=_count(sets, Kind.ICONS), images=_count(sets, Kind.IMAGES)),
        told_once((*plan.warnings, *warnings)),
        plan.code_names,
        plan.whole | untouched,
        is_whole=len(untouched) == len(sets),
    )


def _pictures(
    sets: Sequence[PictureSet], failures: Sequence[Problem], exists: Exists, *, can_heic: bool
) -> list[Rendered]:
    """The pictures of each platform. Raises the problems of all together, with failures that may explain them."""
    problems: list[Problem] = []
    rendered: list[Rendered] = []
    for platform, own in by_platform(sets).items():
        templates = Templates(platform, own[0].entry.section.templates_path)
        try:
            rendered.append(render_pictures(platform, own, templates, exists, can_heic=can_heic))
        except ExfigError as error:
            problems += error.problems
    if problems:
        raise ExfigError(*dict.fromkeys((*problems, *failures)))
    return rendered


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
        marked.append(replace(picture, is_kept=True) if problems else picture)
    return tuple(marked), found


def _count(sets: Sequence[PictureSet], kind: Kind) -> int:
    """Distinct pictures of a kind that were made."""
    return len(
        {
            (picture.file_key, picture.node_id)
            for one in sets
            if one.entry.kind is kind
            for picture in one.pictures
            if not picture.is_kept
        }
    )
