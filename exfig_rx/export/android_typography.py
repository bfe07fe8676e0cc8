"""Typography for Android: a resource file of styles, and text styles for Compose.

In: the text styles of one entry. Out: `values/typography.xml`, and `Typography.kt` where the config asks for it. Rule:
sizes are sp; letter spacing is em in XML and sp in Compose; fonts are resources that the app brings under their
PostScript names in lower case.
"""

import re
from typing import Final

from exfig_rx.config.schema import Android, AndroidTypography
from exfig_rx.config.typography_entries import TypographyEntry
from exfig_rx.export.android_names import kotlin_identifier, kotlin_package, resource_name
from exfig_rx.export.channels import rounded
from exfig_rx.export.files import joined, text_file
from exfig_rx.export.names import (
    ascii_identifier,
    clashes,
    faults,
    in_order,
    name_fault,
    refuse,
    renamed,
    reserved,
    unicode_identifier,
)
from exfig_rx.export.templates import Templates
from exfig_rx.load.wording import listed, quoted
from exfig_rx.model import Location, OutputFile, Problem, Rendered
from exfig_rx.text_styles import TextStyle

_FILE: Final = "values/typography.xml"


def render_android_typography(
    entry: TypographyEntry,
    section: Android,
    settings: AndroidTypography,
    styles: tuple[TextStyle, ...],
    templates: Templates,
) -> Rendered:
    """The files of `android.typography`. Raises as `render_typography` does."""
    ordered = in_order(styles)
    refuse([*faults(entry, ordered, name_fault), *faults(entry, ordered, _font_fault)])
    in_xml = [(_style_name(style.name), style) for style in ordered]
    writes_kotlin = _kotlin_path(section, settings) is not None
    in_kotlin = [(_property(style.name), style) for style in ordered] if writes_kotlin else []
    refuse([*clashes(entry, in_xml, "style"), *_property_clashes(entry, in_kotlin)])
    files = [_xml(section, in_xml, templates)]
    if (path := _kotlin_path(section, settings)) is not None:
        files.append(text_file(path, _kotlin(section, settings, in_kotlin, templates)))
    warnings = renamed(entry, [(style, name) for name, style in in_xml if name != style.name], "style name")
    if in_kotlin:
        changed = [(style, name) for name, style in in_kotlin if name != style.name]
        warnings += renamed(entry, changed, "Kotlin property")
    return Rendered(tuple(files), (*warnings, *_same_font(entry, ordered)))


def _xml(section: Android, named: list[tuple[str, TextStyle]], templates: Templates) -> OutputFile:
    items = [
        {
            "name": name,
            "fontFamily": f"@font/{_font(style)}",
            "textSize": style.type.size_px,
            "letterSpacing": _em(style),
        }
        for name, style in named
    ]
    return text_file(joined(section.main_res, _FILE), templates.render("typography.xml", {"textStyles": items}))


def _kotlin_path(section: Android, settings: AndroidTypography) -> str | None:
    """Where the Kotlin file goes; None if the config does not ask for one."""
    package = settings.compose_package_name
    if package is None or section.main_src is None or section.resource_package is None:
        return None
    return joined(section.main_src, package.replace(".", "/"), "Typography.kt")


def _kotlin(
    section: Android, settings: AndroidTypography, named: list[tuple[str, TextStyle]], templates: Templates
) -> str:
    items = []
    for name, style in named:
        type_ = style.type
        variables: dict[str, object] = {
            "name": _declared(name),
            "fontFamily": _font(style),
            "fontSize": type_.size_px,
            "letterSpacing": type_.letter_spacing_px,
            "lineHeight": type_.line_height_px,
        }
        items.append(variables)
    return templates.render(
        "Typography.kt",
        {
            "package": kotlin_package(settings.compose_package_name or ""),
            "xmlResourcePackage": kotlin_package(section.resource_package or ""),
            "textStyles": items,
        },
    )


def _em(style: TextStyle) -> str:
    """Letter spacing in em with two decimals, without a minus before zero."""
    return f"{rounded(style.type.letter_spacing_px / style.type.size_px, 2):.2f}"


def _font(style: TextStyle) -> str:
    """The font as a resource: `Inter-SemiBold` is `inter_semibold`. Fonts without one have a fault."""
    return resource_name(style.type.font_name, "font") or ""


def _font_fault(style: TextStyle) -> str:
    if _font(style):
        return ""
    return f"its font {quoted(style.type.font_name)} has no name in a-z, 0-9 and _, which Android's resources need"


def _style_name(name: str) -> str:
    """`name` as a style resource: letters, digits and underscores, since a dot would name a parent."""
    plain = ascii_identifier(name) or unicode_identifier(name)
    legal = plain if re.match(r"[^\W\d_]", plain) else f"style_{plain}"
    return f"{legal}_" if legal in reserved("java") else legal


def _property(name: str) -> str:
    """`name` as a property of an object, which hides the types that its own initializer needs."""
    legal = unicode_identifier(name)
    if not legal.strip("_"):
        return _style_name(name)
    return f"{legal}_" if legal in reserved("kotlin_text_styles") else legal


def _declared(name: str) -> str:
    """The property as its declaration spells it: between backticks if it is a keyword, or holds more than ASCII.

    Kotlin takes letters of all scripts as they are; not every tool that reads Kotlin does.
    """
    return kotlin_identifier(name) if name.isascii() else f"`{name}`"


def _property_clashes(entry: TypographyEntry, named: list[tuple[str, TextStyle]]) -> list[Problem]:
    """Errors about properties of one name, and about those that share a getter: `body` and `Body` are `getBody`."""
    getters = [(f"get{name[0].upper()}{name[1:]}", style) for name, style in named]
    return [
        *clashes(entry, named, "Kotlin property", lambda style: _style_name(style.name)),
        *clashes(entry, getters, "Kotlin getter", lambda style: _property(style.name)),
    ]


def _same_font(entry: TypographyEntry, styles: tuple[TextStyle, ...]) -> list[Problem]:
    """A warning for fonts that become one resource although they are several."""
    by_resource: dict[str, set[str]] = {}
    for style in styles:
        by_resource.setdefault(_font(style), set()).add(style.type.font_name)
    return [
        Problem(
            "design.same-font",
            f"the fonts {listed([quoted(name) for name in sorted(names)])} become one resource, @font/{resource}",
            "use only one of them in Figma",
            Location(key=entry.key),
        )
        for resource, names in by_resource.items()
        if len(names) > 1
    ]
