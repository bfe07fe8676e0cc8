"""Theme attributes of Android: an attribute for each color, which themes set to the color's resource.

In: the colors of one entry under their resource names. Out: sections for `attrs.xml`, `styles.xml` and its night
variant, which the commit puts between the markers of the theme. Rule: attributes are declared and set by the very same
names; the night file has the same lines, as the resource itself changes at night.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import Android, NameStyle, NameTransform, ThemeAttributes
from exfig_rx.errors import DesignError
from exfig_rx.export.files import joined
from exfig_rx.export.names import clashes, faults, reserved
from exfig_rx.load.naming import styled
from exfig_rx.load.wording import quoted
from exfig_rx.model import Location, Problem, SharedSection, ThemedColor, WhenMissing

_LEGAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
"""What aapt takes for the name of an attribute."""

_DECLARING: Final = "attrsFile"
"""The key of the file that declares attributes; the others set them."""

_ATTRIBUTES_INDENT: Final = 4
_ITEMS_INDENT: Final = 8


def theme_sections(
    entry: ColorEntry, section: Android, theme: ThemeAttributes, named: Sequence[tuple[str, ThemedColor]]
) -> tuple[SharedSection, ...]:
    """The sections of one theme; `named` are the colors with the names of their resources."""
    attributes: dict[str, str] = {}
    for name, _ in named:
        attributes.setdefault(attribute_name(name, theme.name_transform), name)
    declared = {attribute: f'<attr name="{attribute}" format="color" />' for attribute in attributes}
    items = {attribute: f'<item name="{attribute}">@color/{name}</item>' for attribute, name in attributes.items()}
    create = WhenMissing.CREATE if theme.auto_create_markers else WhenMissing.FAIL
    files = (
        (_DECLARING, theme.attrs_file, declared, _ATTRIBUTES_INDENT, create),
        ("stylesFile", theme.styles_file, items, _ITEMS_INDENT, WhenMissing.FAIL),
        ("stylesNightFile", theme.styles_night_file, items, _ITEMS_INDENT, WhenMissing.SKIP),
    )
    return tuple(
        SharedSection(
            joined(section.main_res, path),
            f"{entry.key}.themeAttributes.{key}",
            theme.marker_start,
            theme.marker_end,
            theme.theme_name,
            lines,
            indent,
            when_missing,
        )
        for key, path, lines, indent, when_missing in files
    )


def attribute_faults(
    entry: ColorEntry, theme: ThemeAttributes, named: Sequence[tuple[str, ThemedColor]]
) -> list[Problem]:
    """Errors about attributes that aapt would not take."""
    attributes = {color: attribute_name(name, theme.name_transform) for name, color in named}

    def fault(color: ThemedColor) -> str:
        attribute = attributes[color]
        legal = _LEGAL.fullmatch(attribute) and attribute not in reserved("java")
        return "" if legal else f"its theme attribute would be called {quoted(attribute)}"

    return faults(entry, [color for _, color in named], fault)


def attribute_warnings(
    entry: ColorEntry, theme: ThemeAttributes, named: Sequence[tuple[str, ThemedColor]]
) -> list[Problem]:
    """Colors that would share an attribute: the first one has it."""
    attributes = [(attribute_name(name, theme.name_transform), color) for name, color in named]
    return [
        replace(
            problem, code="design.shared-attribute", message=f"{problem.message}; themes set it to the first of them"
        )
        for problem in clashes(entry, attributes, "theme attribute")
    ]


def attribute_name(resource: str, transform: NameTransform) -> str:
    """The attribute of a color: the first listed prefix cut, the style applied, the prefix put before."""
    cut = next((prefix for prefix in transform.strip_prefixes if prefix and resource.startswith(prefix)), "")
    bare = resource.removeprefix(cut) or resource
    prefix = transform.prefix
    match transform.style:
        case NameStyle.CAMEL if not prefix:
            return styled(bare, NameStyle.CAMEL)
        case NameStyle.CAMEL | NameStyle.PASCAL:
            return prefix + styled(bare, NameStyle.PASCAL)
        case NameStyle.SNAKE:
            parts = (prefix, styled(bare, NameStyle.SNAKE))
            return "_".join(part for part in parts if part)
        case NameStyle.KEBAB:
            parts = (prefix, styled(bare, NameStyle.KEBAB))
            return "-".join(part for part in parts if part)
        case NameStyle.SCREAMING:
            parts = (prefix.upper(), styled(bare, NameStyle.SCREAMING))
            return "_".join(part for part in parts if part)


def united(sections: Iterable[SharedSection]) -> tuple[SharedSection, ...]:
    """Sections of several entries: those between the same markers of one file as one, each attribute declared once.

    Raises DesignError where two entries give one attribute different values.
    """
    found: dict[tuple[str, ...], SharedSection] = {}
    problems: list[Problem] = []
    for section in sections:
        place = (posixpath.normpath(section.path), section.start, section.end, section.name)
        other = found.get(place)
        if other is None:
            found[place] = section
            continue
        problems += [
            Problem(
                "config.same-target",
                f"{other.key} and {section.key} both set the theme attribute {name} in {section.path}, to different "
                f"values: {other.lines[name]} and {line}",
                "give one of the two entries another themeName, or another prefix in nameTransform",
                Location(key=section.key),
            )
            for name, line in section.lines.items()
            if other.lines.get(name, line) != line
        ]
        found[place] = replace(other, lines={**other.lines, **section.lines})
    if problems:
        raise DesignError(*problems)
    return tuple(_declared_once(found.values()))


def _declared_once(sections: Iterable[SharedSection]) -> Iterator[SharedSection]:
    """`sections`, but what a theme declares is left out of the sections of the themes after it.

    A second declaration in a folder of resources breaks the build: "Found item Attr/… more than one time".
    """
    declared: dict[str, set[str]] = {}
    for section in sections:
        if not section.key.endswith(f".{_DECLARING}"):
            yield section
            continue
        there = declared.setdefault(posixpath.dirname(posixpath.normpath(section.path)), set())
        lines = {name: line for name, line in section.lines.items() if name not in there}
        there.update(lines)
        yield replace(section, lines=lines)
