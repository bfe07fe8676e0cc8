"""Where the icons and images of iOS go, and under which names: all that is known before the first is made.

In: the pictures of all entries of one config. Out: `Targets` of each entry, and every error about names. Rule: no two
pictures share an image set, and none a property or a struct in one file; entries of one folder make one catalog.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.config.schema import Ios, IosIcons, IosImages
from exfig_rx.export.files import joined, one_case
from exfig_rx.export.image_sets import FileNames, ImageFile, image_files, set_fault, set_folder
from exfig_rx.export.names import faults, in_order, name_fault
from exfig_rx.export.picture_paths import Owner, plain, shared_path_problems, shared_paths
from exfig_rx.export.pictures import PictureSet
from exfig_rx.export.swift_pictures import declaration_clashes
from exfig_rx.model import Problem
from exfig_rx.pictures import Encoding, Picture


@dataclass(frozen=True, slots=True)
class Targets:
    """One entry, its pictures in order, and where they go.

    `folder` is their folder of the catalog. `encoding` is what rasters become, None for vectors.
    """

    entry: PictureEntry
    section: Ios
    settings: IosIcons | IosImages
    pictures: tuple[Picture, ...]
    folder: str
    names: FileNames
    encoding: Encoding | None = None

    @property
    def identity(self) -> str:
        """The same text for all spellings of its folder."""
        return one_case(plain(self.folder))

    def files(self, picture: Picture) -> tuple[ImageFile, ...]:
        """The files of one of its pictures."""
        return image_files(picture, self.names)

    def set_folder(self, picture: Picture) -> str:
        """The folder of the set of one of its pictures."""
        return set_folder(self.folder, picture)

    def contents_path(self, picture: Picture) -> str:
        """The file that is there if the set of one of its pictures is."""
        return f"{self.set_folder(picture)}/Contents.json"


def targets_of(one: PictureSet, *, can_heic: bool) -> Targets:
    """Where the pictures of an entry go; PNG takes the place of HEIC where that can't be made."""
    section, settings = one.entry.section, one.entry.settings
    assert isinstance(section, Ios)
    assert isinstance(settings, IosIcons | IosImages)
    folder = joined(section.xcassets_path, settings.assets_folder)
    known = (one.entry, section, settings, in_order(one.pictures), folder)
    if isinstance(settings, IosIcons):
        return Targets(*known, FileNames(settings.format))
    encoding = Encoding.HEIC if settings.output_format == "heic" and can_heic else Encoding.PNG
    scales = tuple(sorted({int(scale) for scale in settings.scales}))
    return Targets(*known, FileNames(encoding, scales, is_terse=settings.source_format == "svg"), encoding)


def name_problems(entries: Sequence[Targets]) -> tuple[Problem, ...]:
    """Every error in the names of all entries."""
    return (
        *(problem for targets in entries for problem in _faults(targets)),
        *shared_path_problems(shared_paths(_owner(one, picture) for one in entries for picture in one.pictures)),
        *(
            problem
            for one in entries
            for problem in declaration_clashes(one.entry, one.settings, one.pictures, lambda it: one_case(it.name))
        ),
    )


def _faults(targets: Targets) -> list[Problem]:
    def fault(picture: Picture) -> str:
        return name_fault(picture) or set_fault(picture, targets.names)

    return faults(targets.entry, targets.pictures, fault)


def _owner(targets: Targets, picture: Picture) -> Owner:
    """Its set stands for all files in it."""
    return Owner(targets.entry, picture, (plain(targets.contents_path(picture)),))
