"""Where the icons and images of Android go, and under which names: all that is known before the first is read.

In: the pictures of all entries of one config. Out: `Targets` of each entry, and every problem with names. Rule: no two
pictures share a resource, a Kotlin file (where letter case may not count) or a function, whichever entries they are of.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.config.schema import Android, AndroidIcons, AndroidImages
from exfig_rx.export.android import colors_kotlin_path
from exfig_rx.export.android_drawables import drawable_folder
from exfig_rx.export.android_names import (
    is_nine_patch,
    resource_name,
    script_fault,
    vector_fault,
    vector_name,
    without_nine,
    written_vector_name,
)
from exfig_rx.export.compose_icons import function_name, icons_path, vector_folder
from exfig_rx.export.files import component_fault, joined
from exfig_rx.export.names import clash, faults, in_order, name_fault, renamed, unusable
from exfig_rx.export.pictures import PictureSet
from exfig_rx.load.wording import counted, listed, quoted
from exfig_rx.model import Location, Problem
from exfig_rx.pictures import Picture

_LONGEST_SUFFIX = ".9.png"


@dataclass(frozen=True, slots=True)
class Targets:
    """One entry and where its pictures go.

    `pictures` are all of them in order, `names` those that have a legal name, and `changed` those whose name had to be
    made legal. `folder` is the Kotlin package of ImageVectors (`is_code`), else the folder that holds `drawable`.
    `icons_path`: the `Icons.kt` that names them, None for none.
    """

    entry: PictureEntry
    section: Android
    settings: AndroidIcons | AndroidImages
    pictures: tuple[Picture, ...]
    names: Mapping[Picture, str]
    changed: tuple[tuple[Picture, str], ...]
    folder: str
    is_code: bool = False
    icons_path: str | None = None

    @property
    def what(self) -> str:
        """What a name of it names."""
        return "Kotlin name" if self.is_code else "resource name"


_Owner: TypeAlias = tuple[Targets, Picture]


def targets_of(one: PictureSet) -> Targets:
    """Where the pictures of an entry go. Raises ConfigError if the config does not say."""
    section, settings = one.entry.section, one.entry.settings
    assert isinstance(section, Android)
    assert isinstance(settings, AndroidIcons | AndroidImages)
    pictures = in_order(one.pictures)
    names: dict[Picture, str] = {}
    changed: list[tuple[Picture, str]] = []
    for picture in pictures:
        legal, written = _named(settings, picture)
        if legal is not None:
            names[picture] = legal
            if legal != written:
                changed.append((picture, legal))
    known = (one.entry, section, settings, pictures, names, tuple(changed))
    match settings:
        case AndroidIcons(compose_format="imageVector"):
            return Targets(*known, vector_folder(one.entry, section, settings), is_code=True)
        case AndroidIcons():
            return Targets(*known, drawable_folder(section, settings), icons_path=icons_path(section, settings))
        case AndroidImages():
            return Targets(*known, drawable_folder(section, settings))


def name_problems(entries: Sequence[Targets]) -> tuple[Problem, ...]:
    """Every error in the names of all entries."""
    return (
        *(problem for one in entries for problem in _faults(one)),
        *_shared_paths(entries),
        *_shared_functions(entries),
        *_taken_files(entries),
    )


def rename_warnings(targets: Targets) -> list[Problem]:
    """At most one warning, about all pictures whose names are not those that ExFig 1.3.2 would write."""
    return renamed(targets.entry, targets.changed, targets.what)


def _named(settings: AndroidIcons | AndroidImages, picture: Picture) -> tuple[str | None, str]:
    """The legal name, None if there is none; and the name as it would be if every name were legal."""
    match settings:
        case AndroidIcons(compose_format="imageVector"):
            return vector_name(picture.name), written_vector_name(picture.name)
        case AndroidIcons():
            return resource_name(picture.name, "ic"), picture.name
        case AndroidImages(format="svg"):
            return resource_name(picture.name, "img"), picture.name
        case AndroidImages():
            name = without_nine(picture.name) if is_nine_patch(picture) else picture.name
            return resource_name(name, "img"), name


def _faults(targets: Targets) -> Iterator[Problem]:
    def length_fault(picture: Picture) -> str:
        return component_fault(targets.names[picture], _LONGEST_SUFFIX)

    entry = targets.entry
    yield from faults(entry, targets.pictures, name_fault)
    yield from faults(entry, targets.pictures, script_fault)
    if targets.is_code:
        yield from faults(entry, targets.pictures, vector_fault)
    yield from faults(entry, targets.names, length_fault)


def _shared_paths(entries: Sequence[Targets]) -> Iterator[Problem]:
    """Errors about pictures that would be one resource or one file; entries that export the same are one error."""
    owners: dict[str, list[_Owner]] = defaultdict(list)
    for targets in entries:
        for picture, name in targets.names.items():
            file = f"{name}.kt" if targets.is_code else name
            owners[joined(targets.folder, file).casefold()].append((targets, picture))
    doubled: dict[tuple[str, str], list[_Owner]] = defaultdict(list)
    for same in owners.values():
        if len(same) > 1 and len({(picture.file_key, picture.node_id) for _, picture in same}) > 1:
            yield _clash(same, _shared(same))
        elif len(same) > 1:
            doubled[same[0][0].entry.key, same[1][0].entry.key].append(same[1])
    for (first, second), owned in doubled.items():
        yield _doubled(first, second, owned)


def _clash(owners: Sequence[_Owner], verb: str) -> Problem:
    return clash(owners[1][0].entry, [picture for _, picture in owners], verb)


def _shared(owners: Sequence[_Owner]) -> str:
    """What pictures of one path become."""
    names = dict.fromkeys(targets.names[picture] for targets, picture in owners)
    if not owners[0][0].is_code:
        return f"become the resource {quoted(next(iter(names)))}"
    files = listed([quoted(f"{name}.kt") for name in names])
    return f"become the file {files}" if len(names) == 1 else f"become files that differ in letter case only ({files})"


def _doubled(first: str, second: str, owners: Sequence[_Owner]) -> Problem:
    targets = owners[0][0]
    key = "composePackageName" if targets.is_code else "output"
    names = listed([quoted(picture.original_name) for _, picture in owners])
    return Problem(
        "config.same-target",
        f"{first} and {second} both write {counted(len(owners), targets.entry.noun)} to {targets.folder}: {names}",
        f"give one of them another {key}, or another frame",
        Location(key=f"{second}.{key}"),
    )


def _shared_functions(entries: Sequence[Targets]) -> Iterator[Problem]:
    """Errors about different drawables whose functions in one `Icons.kt` would be one."""
    owners: dict[tuple[str, str], dict[str, _Owner]] = defaultdict(dict)
    for targets in entries:
        if targets.icons_path is not None:
            for picture, name in targets.names.items():
                owners[targets.icons_path, function_name(name)].setdefault(name, (targets, picture))
    for (_, function), by_name in owners.items():
        if len(by_name) > 1:
            yield _clash(tuple(by_name.values()), f"become the Kotlin function {quoted(function)}")


def _taken_files(entries: Sequence[Targets]) -> Iterator[Problem]:
    """Errors about ImageVectors in files that hold the functions of drawables or colors."""
    taken = {targets.icons_path for targets in entries}
    taken |= {colors_kotlin_path(one.section, colors) for one in entries for colors in one.section.colors}
    folded = {path.casefold() for path in taken if path is not None}
    for targets in entries:
        for picture, name in targets.names.items() if targets.is_code else ():
            if joined(targets.folder, f"{name}.kt").casefold() in folded:
                yield unusable(targets.entry, picture, f"{name}.kt holds the functions of its package")
