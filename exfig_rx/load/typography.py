"""From the published text styles of a Figma file to named, validated text styles.

In: a `TypographyEntry` and what its file holds. Out: `LoadedTextStyles`, or one `DesignError` with every problem of the
entry. Rule: a style has one set of values and no modes; its description is no platform but Apple's dynamic type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exfig_rx.config.typography_entries import TypographyEntry
from exfig_rx.errors import DesignError
from exfig_rx.load.final_names import paired_and_named
from exfig_rx.load.left_out import unpublished
from exfig_rx.load.naming import key_name
from exfig_rx.load.pairing import Asset, Sets, Subject
from exfig_rx.load.wording import counted, node_link, quoted
from exfig_rx.model import FileStyles, Location, Platform, Problem, Style
from exfig_rx.text_styles import TextStyle, TypeStyle

DYNAMIC_TYPES: Final = (
    "Large Title",
    "Title 1",
    "Title 2",
    "Title 3",
    "Headline",
    "Body",
    "Callout",
    "Subhead",
    "Footnote",
    "Caption 1",
    "Caption 2",
)
"""Descriptions that name a text style of Apple's Dynamic Type, as they must be written (ExFig 1.3.2)."""

_MEANT: Final = {word.casefold(): word for word in DYNAMIC_TYPES} | {
    "subheadline": "Subhead",
    "title": "Title 1",
    "caption": "Caption 1",
}


@dataclass(frozen=True, slots=True)
class LoadedTextStyles:
    """The text styles of one entry, in the order of their key names, and what people should know about them."""

    styles: tuple[TextStyle, ...]
    warnings: tuple[Problem, ...] = ()


def text_styles(entry: TypographyEntry, files: Mapping[str, FileStyles]) -> LoadedTextStyles:
    """The text styles of `entry` from `files`, which hold `entry.file`. Raises DesignError with all problems."""
    subject = Subject(entry.key, entry.noun)
    file = files[entry.file]
    published = [style for style in file.styles if style.type == "TEXT"]
    if not published:
        others = f"it publishes {counted(len(file.styles), 'style')}, none of them a text style" if file.styles else ""
        raise DesignError(unpublished("styles", entry.file, subject, others))
    types = {style.node_id: _type(file, style) for style in published}
    typed = [(style, type_) for style in published for type_ in [types[style.node_id]] if type_ is not None]
    left_out = [_left_out(style, file, subject) for style in published if types[style.node_id] is None]
    if not typed:
        raise DesignError(*left_out)
    nameless = [_no_font(style, file.file_key, subject) for style, type_ in typed if not type_.font_name.strip()]
    named = paired_and_named(
        Sets([_asset(style, type_, file.file_key) for style, type_ in typed]),
        entry.platform,
        entry.names,
        subject,
        names_files=False,
        known=nameless,
    )
    descriptions = {style.node_id: style.description for style in published}
    styles = tuple(
        TextStyle(
            name,
            item.light.original,
            item.light.value,
            _dynamic_type(descriptions[item.light.node_id]),
            item.light.file_key,
            item.light.node_id,
        )
        for name, item in named.pairs
    )
    near = _near_misses(published, file.file_key, subject) if entry.platform is Platform.IOS else []
    return LoadedTextStyles(styles, (*left_out, *named.warnings, *near))


def _type(file: FileStyles, style: Style) -> TypeStyle | None:
    node = file.nodes.get(style.node_id)
    return node.type if node is not None else None


def _asset(style: Style, type_: TypeStyle, file_key: str) -> Asset[TypeStyle]:
    return Asset(key_name(style.name), style.name, style.name, file_key, style.node_id, type_)


def _dynamic_type(description: str) -> str:
    return description if description in DYNAMIC_TYPES else ""


def _located(style: Style, file_key: str, subject: Subject) -> Location:
    return Location(key=subject.entry_key, figma_file=file_key, node_id=style.node_id, node_name=style.name)


def _left_out(style: Style, file: FileStyles, subject: Subject) -> Problem:
    node = file.nodes.get(style.node_id)
    why = "has no layer in Figma's answer" if node is None else "has no font size above zero"
    return Problem(
        "design.no-type",
        f"{quoted(style.name)} {why} and is left out",
        f"publish it anew, or open it in Figma: {node_link(file.file_key, style.node_id)}",
        _located(style, file.file_key, subject),
    )


def _no_font(style: Style, file_key: str, subject: Subject) -> Problem:
    return Problem(
        "design.no-font",
        f"text style {quoted(style.name)} has neither a PostScript name nor a font family",
        f"give it a font in Figma: {node_link(file_key, style.node_id)}",
        _located(style, file_key, subject),
    )


def _near_misses(styles: Sequence[Style], file_key: str, subject: Subject) -> list[Problem]:
    """A warning for each description that nearly names a dynamic type, and so names none."""
    problems = []
    for style in styles:
        meant = _MEANT.get(" ".join(style.description.split()).casefold())
        if meant is not None and style.description != meant:
            problems.append(
                Problem(
                    "design.dynamic-type",
                    f"text style {quoted(style.name)} does not scale with the system: its description "
                    f"{quoted(style.description)} is not exactly {quoted(meant)}",
                    f"write {meant} as its description in Figma: {node_link(file_key, style.node_id)}",
                    _located(style, file_key, subject),
                )
            )
    return problems
