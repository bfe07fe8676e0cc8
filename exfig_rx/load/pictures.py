"""From the published components of Figma files to named, paired, validated icons and images.

In: a `PictureEntry` and what its files publish. Out: `LoadedPictures`, whose renders are still to be made, or one
`DesignError` with every problem of the entry. Rule: components of one name, but for idiom and mode, are one picture;
two that can't be told apart are an error, never merged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.errors import DesignError
from exfig_rx.load.components import components_in_frame
from exfig_rx.load.drawings import Drawing, drawings, files_by_mode, filtered
from exfig_rx.load.final_names import nameless, paired_and_named
from exfig_rx.load.left_out import description_reason, filter_without_match, left_out_note, nothing_left
from exfig_rx.load.pairing import Asset, Mode, Pair, Sets, Subject, same_name
from exfig_rx.load.wording import quoted
from exfig_rx.model import Problem
from exfig_rx.pictures import FileComponents, Picture, Variant

_Group: TypeAlias = tuple[Drawing, ...]
"""The drawings of one picture in one mode, one for each idiom: that without idiom first."""


@dataclass(frozen=True, slots=True)
class LoadedPictures:
    """The pictures of one entry, in the order of their key names, and what people should know about them."""

    pictures: tuple[Picture, ...]
    warnings: tuple[Problem, ...] = ()


def load_pictures(
    entry: PictureEntry, files: Mapping[str, FileComponents], name_filter: str | None = None
) -> LoadedPictures:
    """The pictures of `entry` from `files`, which hold every key of `entry.source.files`.

    `name_filter` picks pictures by raw name, each with all its modes and idioms. Raises DesignError with all problems.
    """
    subject = Subject(entry.key, entry.noun, "drawing")
    found = drawings(entry, components_in_frame(entry, files, subject), subject)
    wanted = found.drawings if name_filter is None else filtered(found.drawings, name_filter)
    if name_filter is not None and not wanted:
        names = [item.raw_name for item in found.drawings]
        raise DesignError(filter_without_match(name_filter, names, entry.noun, subject))

    judged = [(item, description_reason(item.component.description, entry.platform)) for item in wanted]
    kept = [item for item, reason in judged if not reason]
    left_out = [(item, reason) for item, reason in judged if reason]
    assets, errors = _assets(kept, entry, subject)
    named = paired_and_named(
        _sets(assets, left_out, entry),
        entry.platform,
        entry.names,
        subject,
        names_files=True,
        known=errors,
        hint=_hint(kept, entry),
    )
    reasons = {item.raw_name: reason for item, reason in left_out}
    note = left_out_note(reasons, entry.platform, entry.source.light_file, subject)
    if not named.pairs:
        raise DesignError(nothing_left(entry.platform, (*note, *found.warnings), subject))
    pictures = tuple(_picture(name, item) for name, item in named.pairs)
    return LoadedPictures(pictures, (*found.warnings, *named.warnings, *note))


def _assets(
    kept: Sequence[Drawing], entry: PictureEntry, subject: Subject
) -> tuple[dict[Mode, list[Asset[_Group]]], tuple[Problem, ...]]:
    """The pictures of each mode, and errors about drawings that can't be told apart or have no name left."""
    assets: dict[Mode, list[Asset[_Group]]] = {mode: [] for mode in Mode}
    errors: list[Problem] = []
    groups: dict[tuple[Mode, str, str], dict[str, list[Drawing]]] = {}
    for item in kept:
        if item.name:
            # The render mode is one for a whole picture, so drawings that ask for different ones are two of a name.
            group = groups.setdefault((item.mode, item.name, item.render_mode), {})
            group.setdefault(item.idiom, []).append(item)
        else:
            without = "its idiom and suffix" if item.idiom else "its suffix"
            errors.append(nameless(_asset((item,)), without, subject))
    for (mode, _, _), by_idiom in groups.items():
        idioms = [by_idiom[idiom] for idiom in sorted(by_idiom)]
        errors += [
            same_name([_asset((item,)) for item in same], mode, subject, _hint(same, entry))
            for same in idioms
            if len(same) > 1
        ]
        assets[mode].append(_asset(tuple(same[0] for same in idioms)))
    # One file can stand for two modes; it is told once.
    return assets, tuple(dict.fromkeys(errors))


def _asset(group: _Group) -> Asset[_Group]:
    first = group[0]
    component = first.component
    place = ", ".join(
        f"{noun} {quoted(name)}" for noun, name in (("set", component.set_name), ("page", component.page)) if name
    )
    return Asset(first.key, first.name, first.raw_name, first.file_key, component.node_id, group, place=place)


def _sets(
    assets: Mapping[Mode, Sequence[Asset[_Group]]], left_out: Sequence[tuple[Drawing, str]], entry: PictureEntry
) -> Sets[_Group]:
    """The sets to pair: a single file always has a dark mode, though it may be empty."""
    reasons: dict[Mode, dict[str, str]] = {mode: {} for mode in Mode}
    for item, reason in left_out:
        reasons[item.mode][item.key] = "is described as none" if reason == "none" else f"is for {reason}"
    has_dark = entry.source.dark_suffix is not None or Mode.DARK in files_by_mode(entry)
    return Sets(assets[Mode.LIGHT], assets[Mode.DARK] if has_dark else None, left_out=reasons)


def _hint(items: Sequence[Drawing], entry: PictureEntry) -> str:
    """What tells variants of several sets apart."""
    sets = {item.component.set_id for item in items if item.component.set_id}
    if entry.source.named_by_set or len(sets) < 2:
        return ""
    return f"or set variantNames: set in common.{entry.kind}, which calls variants by their component sets"


def _picture(name: str, item: Pair[_Group]) -> Picture:
    light = item.light.value
    first = light[0]
    return Picture(
        name,
        first.name,
        tuple(map(_variant, light)),
        tuple(map(_variant, item.dark.value)) if item.dark is not None else (),
        first.component.set_id or first.component.node_id,
        first.render_mode,
        any(drawing.is_rtl for drawing in light),
    )


def _variant(item: Drawing) -> Variant:
    return Variant(item.file_key, item.component.node_id, item.component.name, item.idiom)
