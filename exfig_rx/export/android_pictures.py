"""Icons and images for Android: names checked, then drawables of every kind, then Kotlin for Compose.

In: the pictures of all entries of one config. Out: `Rendered`. Rules: all names of all entries are checked before the
first picture is read; what `vectorLoss: fail` forbids to lose fails the config, with every picture that lost it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from exfig_rx.config.schema import AndroidIcons, AndroidImages
from exfig_rx.errors import ConfigError
from exfig_rx.export.android_drawables import raster_drawables, raster_warnings, vector_drawables
from exfig_rx.export.android_targets import Targets, name_problems, rename_warnings, targets_of
from exfig_rx.export.compose_icons import icons_file, image_vectors
from exfig_rx.export.names import refuse
from exfig_rx.export.pictures import Exists, Made, PictureSet, joined_up, writes_code
from exfig_rx.export.templates import Templates
from exfig_rx.model import Location, OutputFile, Problem, Rendered


def render_android_pictures(sets: Sequence[PictureSet], templates: Templates, exists: Exists) -> Rendered:
    """The files of all `android.icons` and `android.images` entries of one config.

    Raises DesignError if names can't be exported, or a drawing lost what `vectorLoss: fail` forbids to lose;
    ConfigError if entries contradict each other; TemplateError if a user's template fails.
    """
    entries = [targets_of(one) for one in sets]
    packages = _packages(entries)
    refuse(name_problems(entries))
    made = [_made(targets, exists) for targets in entries]
    refuse(
        [
            loss
            for targets, one in zip(entries, made, strict=True)
            if targets.settings.vector_loss == "fail"
            for loss in one.losses
        ]
    )
    whole = joined_up(made)
    return Rendered(
        (*whole.files, *_icons_files(entries, made, packages, templates)),
        tuple(warning for targets in entries for warning in _warnings(targets)),
        whole.losses,
        whole.failures,
        whole.rasters,
    )


def _made(targets: Targets, exists: Exists) -> Made:
    entry, folder, names = targets.entry, targets.folder, targets.names
    match targets.settings:
        case AndroidIcons() as settings if targets.is_code:
            return image_vectors(entry, settings, folder, names, exists)
        case AndroidImages(format="png" | "webp") as settings:
            return raster_drawables(entry, settings, folder, names, exists)
        case _:
            return vector_drawables(entry, folder, names, exists)


def _warnings(targets: Targets) -> Iterator[Problem]:
    yield from rename_warnings(targets)
    if isinstance(targets.settings, AndroidImages) and targets.settings.format != "svg":
        yield from raster_warnings(targets.entry, targets.settings, targets.names)


def _packages(entries: Sequence[Targets]) -> dict[str, list[int]]:
    """Which entries write each `Icons.kt` together. Raises ConfigError if they want different ones."""
    packages: dict[str, list[int]] = defaultdict(list)
    for index, targets in enumerate(entries):
        if targets.icons_path is not None:
            packages[targets.icons_path].append(index)
    for path, (first, *others) in packages.items():
        for other in others:
            if _icons_of(entries[first]).compose_material != _icons_of(entries[other]).compose_material:
                raise ConfigError(_two_materials(path, entries[first].entry.key, entries[other].entry.key))
    return packages


def _icons_of(targets: Targets) -> AndroidIcons:
    assert isinstance(targets.settings, AndroidIcons)
    return targets.settings


def _two_materials(path: str, first: str, second: str) -> Problem:
    return Problem(
        "config.same-target",
        f"{first} and {second} both write {path}, with different versions of Material",
        f"give both the same composeMaterial, or set {second}.composePackageName to a package of its own",
        Location(key=f"{second}.composeMaterial"),
    )


def _icons_files(
    entries: Sequence[Targets], made: Sequence[Made], packages: Mapping[str, Sequence[int]], templates: Templates
) -> Iterator[OutputFile]:
    for path, indices in packages.items():
        if not any(writes_code(made[index]) for index in indices):
            continue
        resources = [entries[index].names[icon] for index in indices for icon in made[index].members]
        first = entries[indices[0]]
        yield icons_file(path, first.section, _icons_of(first), resources, templates)
