"""Asset catalogs of Xcode: color sets, and what sets of every type share.

In: colors with up to four modes. Out: `Contents.json` of each color set and of each folder above it. Rule: every path
stays inside the entry's folder, and no two color sets share a folder on a disk that ignores letter case.
Format: https://developer.apple.com/library/archive/documentation/Xcode/Reference/xcode_ref-Asset_Catalog_Format/
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import IosColors
from exfig_rx.export.channels import hex_byte, three_digits
from exfig_rx.export.files import component_fault, joined, one_case, text_file
from exfig_rx.export.names import clash, clashes, faults, name_fault
from exfig_rx.model import OutputFile, Problem, Rgba, ThemedColor

Appearance = tuple[str, str]
"""One condition of the system under which a value of a set is used: which, and its value."""

DARK: Final[Appearance] = ("luminosity", "dark")
HIGH_CONTRAST: Final[Appearance] = ("contrast", "high")

_INFO: Final = {"author": "xcode", "version": 1}
_SUFFIX = ".colorset"
LONGEST_PATH_BYTES: Final = 900
"""What the folders of one color set may have together: macOS holds paths of 1,024 bytes, and the catalog is in one."""

_SET_FOLDER = re.compile(r"\.\w*set$", re.IGNORECASE)


def asset_parts(color: ThemedColor, settings: IosColors) -> tuple[str, ...]:
    """Folders and name of a color set: with namespaces those of the original name, else the final name alone."""
    if not settings.group_using_namespace:
        return (color.name,)
    return tuple(part for part in color.original_name.split("/") if part)


def asset_name(color: ThemedColor, settings: IosColors) -> str:
    """The name by which code looks the color set up."""
    return "/".join(asset_parts(color, settings))


def catalog_faults(entry: ColorEntry, settings: IosColors, colors: Sequence[ThemedColor]) -> list[Problem]:
    """Errors about names that can't be folders, and about color sets that would share one."""
    placed = [(asset_parts(color, settings), color) for color in colors]
    named = [(one_case("/".join(parts)), color) for parts, color in placed]
    return [
        *faults(entry, colors, lambda color: "" if name_fault(color) else _parts_fault(asset_parts(color, settings))),
        *clashes(entry, named, "color set"),
        *_spelling_clashes(entry, placed),
    ]


def catalog_files(folder: str, settings: IosColors, colors: Iterable[ThemedColor]) -> tuple[OutputFile, ...]:
    """The `Contents.json` of the catalog folder, of its namespaces, and of each color set, in that order."""
    placed = [(asset_parts(color, settings), color) for color in colors]
    spaces = sorted({parts[:depth] for parts, _ in placed for depth in range(1, len(parts))})
    return (
        folder_contents(folder),
        *(folder_contents(joined(folder, *space), namespace=True) for space in spaces),
        *(_color_set(joined(folder, *parts) + _SUFFIX, color) for parts, color in placed),
    )


def folder_contents(folder: str, *, namespace: bool = False) -> OutputFile:
    """The `Contents.json` of a plain folder, or of one whose name goes before those of its assets."""
    content: dict[str, object] = {"info": _INFO}
    if namespace:
        content["properties"] = {"provides-namespace": True}
    return _contents(folder, json.dumps(content, indent=2, separators=(",", " : ")) + "\n")


def set_contents(folder: str, content: Mapping[str, object]) -> OutputFile:
    """The `Contents.json` of the set in `folder`, without newline at its end."""
    return _contents(folder, json.dumps({**content, "info": _INFO}, indent=2, sort_keys=True, ensure_ascii=False))


def conditional(entry: Mapping[str, object], appearances: Iterable[Appearance]) -> dict[str, object]:
    """`entry` of a set with the `appearances` under which it counts; without any it always does."""
    listed = [{"appearance": name, "value": word} for name, word in appearances]
    return {**entry, "appearances": listed} if listed else dict(entry)


def _contents(folder: str, text: str) -> OutputFile:
    return text_file(f"{folder}/Contents.json", text)


def _color_set(folder: str, color: ThemedColor) -> OutputFile:
    return set_contents(folder, {"colors": [_mode_json(value, appearances) for value, appearances in _modes(color)]})


def _modes(color: ThemedColor) -> Iterator[tuple[Rgba, tuple[Appearance, ...]]]:
    every: tuple[tuple[Rgba | None, tuple[Appearance, ...]], ...] = (
        (color.light, ()),
        (color.dark, (DARK,)),
        (color.light_hc, (HIGH_CONTRAST,)),
        (color.dark_hc, (DARK, HIGH_CONTRAST)),
    )
    return ((value, appearances) for value, appearances in every if value is not None)


def _mode_json(value: Rgba, appearances: tuple[Appearance, ...]) -> dict[str, object]:
    entry = {
        "color": {
            "color-space": "srgb",
            "components": {
                "alpha": three_digits(value.alpha),
                "blue": f"0x{hex_byte(value.blue)}",
                "green": f"0x{hex_byte(value.green)}",
                "red": f"0x{hex_byte(value.red)}",
            },
        },
        "idiom": "universal",
    }
    return conditional(entry, appearances)


def _parts_fault(parts: tuple[str, ...]) -> str:
    if not parts:
        return "nothing is left of it between its slashes"
    size = len("/".join(parts).encode("utf-8", "replace"))
    if size > LONGEST_PATH_BYTES:
        return f"its path would have {size:,} bytes, and systems hold little more than {LONGEST_PATH_BYTES}"
    *folders, leaf = parts
    for name in folders:
        if fault := component_fault(name):
            return fault
        if _SET_FOLDER.search(name):
            return f"Xcode would take its folder {name} for an asset"
    return component_fault(leaf, _SUFFIX)


def _spelling_clashes(entry: ColorEntry, placed: Iterable[tuple[tuple[str, ...], ThemedColor]]) -> list[Problem]:
    """One error for each namespace that is spelled in several ways, which are one folder on most disks."""
    spelled: dict[str, dict[str, ThemedColor]] = {}
    for parts, color in placed:
        for depth in range(1, len(parts)):
            path = "/".join(parts[:depth])
            spelled.setdefault(one_case(path), {}).setdefault(path, color)
    return [
        clash(entry, list(spellings.values()), "lie in folders whose names differ only in letter case")
        for spellings in spelled.values()
        if len(spellings) > 1
    ]
