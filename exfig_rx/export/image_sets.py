"""Image sets of an Xcode asset catalog: which files a picture has, what they are called, where they are shown.

In: a picture, and how the files of its entry are called. Out: its files in the order of the catalog, and the
`Contents.json` that lists them. Rule: a file is listed under the very name that it has on disk, and a raster only where
Xcode has a slot for it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exfig_rx.export.files import component_fault, one_case
from exfig_rx.export.xcassets import DARK, conditional, set_contents
from exfig_rx.load.wording import listed, quoted
from exfig_rx.model import OutputFile
from exfig_rx.pictures import Picture, Variant

UNIVERSAL: Final = "universal"

SLOTS: Final[Mapping[str, tuple[int, ...]]] = {
    "car": (2, 3),
    "ipad": (1, 2),
    "iphone": (1, 2, 3),
    "mac": (1, 2),
    "tv": (1, 2),
    UNIVERSAL: (1, 2, 3),
    "watch": (2,),
}
"""The idioms that Xcode knows, each with the scales that it has slots for; vectors have one slot for each idiom."""

_SUFFIX = ".imageset"


@dataclass(frozen=True, slots=True)
class FileNames:
    """How the files of an entry are called.

    `scales` are in pixels per point and ascending; vectors have none. `is_terse`: as ExFig 1.3.2 calls what it draws
    itself, without `@1x`, and without the `L` of a light drawing that has a dark one.
    """

    suffix: str
    scales: tuple[int, ...] = ()
    is_terse: bool = False


@dataclass(frozen=True, slots=True)
class ImageFile:
    """One file of an image set: its name, the drawing in it, and where it is shown; `scale` is None for vectors."""

    name: str
    variant: Variant
    idiom: str
    is_dark: bool = False
    scale: int | None = None


def image_files(picture: Picture, names: FileNames) -> tuple[ImageFile, ...]:
    """The files of a picture: light, then dark; of each universal, then the other idioms; then by scale."""
    return tuple(sorted(_files(picture, names), key=_rank))


def unplaced(picture: Picture, files: Sequence[ImageFile]) -> tuple[Variant, ...]:
    """The drawings of a picture that none of its `files` holds, as Xcode has no slot for them."""
    placed = {file.variant for file in files}
    return tuple(variant for variant in picture.variants if variant not in placed)


def doubled(files: Sequence[ImageFile]) -> tuple[Variant, ...]:
    """The drawings that are for the same slot as others."""
    by_slot: dict[tuple[bool, str, int | None], list[Variant]] = defaultdict(list)
    for file in files:
        by_slot[file.is_dark, file.idiom, file.scale].append(file.variant)
    return tuple(dict.fromkeys(one for same in by_slot.values() if len(same) > 1 for one in same))


def set_folder(folder: str, picture: Picture) -> str:
    """The folder of a picture's set in the catalog folder."""
    return f"{folder}/{picture.name}{_SUFFIX}"


def set_fault(picture: Picture, names: FileNames) -> str:
    """Why a disk can't hold the set of a picture; empty if it can."""
    if fault := component_fault(picture.name, _SUFFIX):
        return fault
    files = [file.name for file in image_files(picture, names)]
    for file in files:
        if fault := component_fault(file):
            return f"its file {quoted(file)} can't be written: {fault}"
    # Idioms that nobody knows may differ only in letter case.
    if len(set(map(one_case, files))) < len(files):
        return f"on most disks two of its drawings would be one file: {listed([quoted(file) for file in files])}"
    return ""


def image_set(
    folder: str, files: Sequence[ImageFile], intent: str = "", *, is_mirrored: bool = False, keeps_vectors: bool = False
) -> OutputFile:
    """The `Contents.json` of the set in `folder`.

    `intent` is how the picture is rendered, `original` or `template`; anything else leaves that to where it is used.
    `is_mirrored` from right to left; `keeps_vectors` for sizes other than its own.
    """
    properties: dict[str, object] = {}
    if keeps_vectors:
        properties["preserves-vector-representation"] = True
    if intent in {"original", "template"}:
        properties["template-rendering-intent"] = intent
    content: dict[str, object] = {"images": [_listed(file, is_mirrored=is_mirrored) for file in files]}
    return set_contents(folder, content | ({"properties": properties} if properties else {}))


def _files(picture: Picture, names: FileNames) -> Iterator[ImageFile]:
    for variants, is_dark in ((picture.light, False), (picture.dark, True)):
        for variant in variants:
            idiom = variant.idiom or UNIVERSAL
            letter = "D" if is_dark else "L" if picture.dark and not names.is_terse else ""
            stem = f"{picture.name}{variant.idiom and '~'}{variant.idiom}{letter}"
            if not names.scales:
                known = idiom if idiom in SLOTS else UNIVERSAL
                yield ImageFile(f"{stem}.{names.suffix}", variant, known, is_dark)
            for scale in names.scales:
                if scale in SLOTS.get(idiom, ()):
                    at = "" if scale == 1 and names.is_terse else f"@{scale}x"
                    yield ImageFile(f"{stem}{at}.{names.suffix}", variant, idiom, is_dark, scale)


def _rank(file: ImageFile) -> tuple[bool, bool, str, str, int]:
    return (file.is_dark, file.idiom != UNIVERSAL, file.idiom, file.variant.idiom, file.scale or 0)


def _listed(file: ImageFile, *, is_mirrored: bool) -> dict[str, object]:
    entry: dict[str, object] = {"filename": file.name, "idiom": file.idiom}
    if is_mirrored:
        # The direction in which it is drawn: Xcode mirrors it for the other one.
        entry["language-direction"] = "left-to-right"
    if file.scale is not None:
        entry["scale"] = f"{file.scale}x"
    return conditional(entry, (DARK,) if file.is_dark else ())
