"""Icons and images for iOS: image sets in an asset catalog, and Swift that looks them up.

In: the pictures of all entries of one config. Out: `Rendered`. Rules: all names of all entries are checked before the
first picture is made; bytes of Figma's renders stay as they came; a set is written whole or not at all, and code names
only sets that are there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from unicodedata import normalize

from exfig_rx.config.picture_entries import SVG
from exfig_rx.config.schema import HeicOptions, IosIcons, IosImages
from exfig_rx.errors import DesignError
from exfig_rx.export.image_sets import ImageFile, image_set
from exfig_rx.export.ios_slots import no_slot, same_name_warnings, slot_warnings
from exfig_rx.export.ios_targets import Targets, name_problems, targets_of
from exfig_rx.export.names import refuse
from exfig_rx.export.pictures import Exists, Made, PictureSet, joined_up, make_each, writes_code
from exfig_rx.export.svg_files import refuse_bombs
from exfig_rx.export.swift import bundle_warnings, project_note, renamed_properties
from exfig_rx.export.swift_pictures import code_connect, extensions, picture_properties, writes_extensions
from exfig_rx.export.templates import Templates
from exfig_rx.export.xcassets import folder_contents
from exfig_rx.load.filters import wildcard
from exfig_rx.load.wording import listed
from exfig_rx.model import Location, OutputFile, Problem, RasterFile, Rendered
from exfig_rx.pictures import Encoding, Picture, Raster, RenderFormat, RenderSpec


def render_ios_pictures(
    sets: Sequence[PictureSet], templates: Templates, exists: Exists, *, can_heic: bool
) -> Rendered:
    """The files of all `ios.icons` and `ios.images` entries of one config.

    `can_heic`: HEIC can be made here; else PNG takes its place. Raises DesignError if names can't be exported,
    TemplateError if a user's template fails.
    """
    entries = [targets_of(one, can_heic=can_heic) for one in sets]
    refuse(name_problems(entries))
    made = [_made(targets, exists) for targets in entries]
    there = [(targets, one) for targets, one in zip(entries, made, strict=True) if writes_code(one)]
    swift = [file for targets, one in there for file in _swift(targets, one, templates)]
    whole = joined_up(made)
    return Rendered(
        (*_folders([targets for targets, _ in there]), *whole.files, *swift),
        tuple(_warnings(entries, made, swift, can_heic=can_heic)),
        whole.losses,
        whole.failures,
        whole.rasters,
    )


def _folders(entries: Sequence[Targets]) -> Iterator[OutputFile]:
    by_identity: dict[str, str] = {}
    for targets in entries:
        by_identity.setdefault(targets.identity, targets.folder)
    return map(folder_contents, by_identity.values())


def _made(targets: Targets, exists: Exists) -> Made:
    settings = targets.settings
    is_icon = isinstance(settings, IosIcons)
    kept = settings.preserves_vector_representation if isinstance(settings, IosIcons) else ()
    patterns = [wildcard(normalize("NFC", pattern)) for pattern in kept]

    def made(picture: Picture) -> Made:
        files = targets.files(picture)
        if all(file.is_dark for file in files):
            raise DesignError(no_slot(targets))
        folder = targets.set_folder(picture)
        contents = image_set(
            folder,
            files,
            picture.render_mode or settings.render_mode or "",
            is_mirrored=is_icon and picture.is_rtl,
            keeps_vectors=any(pattern.fullmatch(picture.name) for pattern in patterns),
        )
        written = [_written(targets, f"{folder}/{file.name}", file) for file in files]
        return Made(
            (contents, *(file for file in written if isinstance(file, OutputFile))),
            tuple(file for file in written if isinstance(file, RasterFile)),
        )

    return make_each(targets.entry, targets.pictures, made, targets.contents_path, exists)


def _written(targets: Targets, path: str, file: ImageFile) -> OutputFile | RasterFile:
    """One file of a set: Figma's own bytes, or what is still to be made of them.

    Raises DesignError for an SVG that is not safe to pass on.
    """
    settings, encoding = targets.settings, targets.encoding
    if isinstance(settings, IosIcons) or encoding is None:
        (spec, *_) = targets.entry.specs
        if spec == SVG:
            refuse_bombs(file.variant.renders[spec].read())
        return OutputFile(path, file.variant.renders[spec])
    scale = float(file.scale or 1)
    spec = SVG if settings.source_format == "svg" else RenderSpec(RenderFormat.PNG, scale)
    source = file.variant.renders[spec]
    if spec.format is RenderFormat.PNG and encoding is Encoding.PNG:
        return OutputFile(path, source)
    raster = Raster(source, spec.format, encoding, scale if spec == SVG else 1.0)
    if encoding is Encoding.HEIC:
        options = settings.heic_options or HeicOptions()
        raster = replace(raster, quality=options.quality, is_lossless=options.encoding == "lossless")
    return RasterFile(path, raster)


def _swift(targets: Targets, made: Made, templates: Templates) -> tuple[OutputFile, ...]:
    properties = picture_properties(made.members)
    return (
        *extensions(targets.section, targets.settings, properties, templates),
        *code_connect(targets.settings, made.members, templates),
    )


def _warnings(
    entries: Sequence[Targets], made: Sequence[Made], swift: Sequence[OutputFile], *, can_heic: bool
) -> Iterator[Problem]:
    for targets, one in zip(entries, made, strict=True):
        yield from slot_warnings(targets)
        if writes_extensions(targets.settings):
            yield from renamed_properties(targets.entry, picture_properties(one.members))
    yield from same_name_warnings(entries)
    if not can_heic:
        yield from _no_heic(entries)
    if swift:
        # All entries of a config are in one block `ios`.
        section = entries[0].section
        if any(writes_extensions(targets.settings) for targets in entries):
            yield from bundle_warnings(section)
        yield from project_note(section, swift)


def _no_heic(entries: Sequence[Targets]) -> Iterator[Problem]:
    """At most one warning, about all entries that ask for HEIC."""
    keys = [
        targets.entry.key
        for targets in entries
        if isinstance(targets.settings, IosImages) and targets.settings.output_format == "heic"
    ]
    if keys:
        yield Problem(
            "ios.no-heic",
            f"HEIC can't be written here, so PNG takes its place: {listed(keys)}",
            "pip install 'exfig-rx[heic]', or remove outputFormat: heic",
            Location(key=f"{keys[0]}.outputFormat"),
        )
