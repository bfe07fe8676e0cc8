"""Colors for Android: resource files for day and night, and functions for Compose.

In: the colors of one entry under their snake_case names. Out: `values/colors.xml`, `values-night/colors.xml` (all
colors, as soon as one has a dark value), `Colors.kt`. Rule: every name is one that aapt and Kotlin accept; high
contrast has no place in Android's resources.
"""

from collections.abc import Callable

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import Android, AndroidColors, NameStyle
from exfig_rx.errors import ConfigError
from exfig_rx.export.android_names import kotlin_identifier, kotlin_package, resource_name, script_fault
from exfig_rx.export.channels import hex_argb, hex_rgb
from exfig_rx.export.files import joined, text_file
from exfig_rx.export.names import clashes, faults, in_order, name_fault, refuse, renamed
from exfig_rx.export.templates import Templates
from exfig_rx.export.theme_attributes import attribute_faults, attribute_warnings, theme_sections
from exfig_rx.load.naming import styled
from exfig_rx.model import Location, OutputFile, Problem, Rendered, Rgba, ThemedColor


def render_android_colors(
    entry: ColorEntry, section: Android, settings: AndroidColors, colors: tuple[ThemedColor, ...], templates: Templates
) -> Rendered:
    """The XML and Kotlin files of one `android.colors` entry. Raises as `render_colors` does."""
    kotlin_path = colors_kotlin_path(section, settings)
    theme = settings.theme_attributes if settings.theme_attributes and settings.theme_attributes.enabled else None
    ordered = in_order(colors)
    named = [(name, color) for color in ordered for name in [resource_name(color.name)] if name is not None]
    refuse(
        [
            *faults(entry, ordered, name_fault),
            *faults(entry, ordered, script_fault),
            *clashes(entry, named, "resource"),
            *(_function_clashes(entry, named) if kotlin_path is not None else ()),
            *(attribute_faults(entry, theme, named) if theme is not None else ()),
        ]
    )
    files: list[OutputFile] = []
    if not settings.xml_disabled:
        files += _xml_files(section, settings, named, templates)
    if kotlin_path is not None:
        files.append(text_file(kotlin_path, _kotlin(section, settings, named, templates)))
    changed = [(color, name) for name, color in named if name != color.name]
    sections = theme_sections(entry, section, theme, named) if theme is not None else ()
    warnings = [
        *renamed(entry, changed, "resource name"),
        *(attribute_warnings(entry, theme, named) if theme is not None else ()),
        *(_nothing_written(entry, files) if theme is None else ()),
    ]
    return Rendered(tuple(files), tuple(warnings), sections=sections)


_Named = list[tuple[str, ThemedColor]]


def _function(resource: str) -> str:
    return styled(resource, NameStyle.CAMEL)


def _function_clashes(entry: ColorEntry, named: _Named) -> list[Problem]:
    functions = [(_function(name), color) for name, color in named]
    return clashes(entry, functions, "Kotlin function", lambda color: resource_name(color.name) or "")


def _xml_files(section: Android, settings: AndroidColors, named: _Named, templates: Templates) -> list[OutputFile]:
    def rendered(folder: str, value: Callable[[ThemedColor], Rgba]) -> OutputFile:
        listed = [{"name": name, "hex": _xml_hex(value(color))} for name, color in named]
        text = templates.render("colors.xml", {"colors": listed})
        return text_file(joined(section.main_res, folder, settings.xml_output_file_name), text)

    files = [rendered("values", lambda color: color.light)]
    if any(color.dark is not None for _, color in named):
        files.append(rendered("values-night", _dark))
    return files


def _dark(color: ThemedColor) -> Rgba:
    return color.dark or color.light


def _xml_hex(value: Rgba) -> str:
    """Alpha is left out only where it is exactly 1: 0.999 shows as FF."""
    return f"#{hex_rgb(value)}" if value.alpha >= 1 else f"#{hex_argb(value)}"


def colors_kotlin_path(section: Android, settings: AndroidColors) -> str | None:
    """Where the Kotlin file of colors goes; None if the config does not ask for one."""
    if settings.compose_package_name is None:
        return None
    if settings.color_kotlin is not None:
        return settings.color_kotlin
    if section.main_src is None or section.resource_package is None:
        return None
    return joined(section.main_src, settings.compose_package_name.replace(".", "/"), "Colors.kt")


def _kotlin(section: Android, settings: AndroidColors, named: _Named, templates: Templates) -> str:
    if section.resource_package is None and not templates.overridden("Colors.kt"):
        raise ConfigError(
            Problem(
                "config.missing-key",
                "android.resourcePackage is missing, and Colors.kt has to import the class R from it",
                "add the package of your R class, such as resourcePackage: com.example.app",
                Location(key="android.resourcePackage"),
            )
        )
    return templates.render(
        "Colors.kt",
        {
            "package": kotlin_package(settings.compose_package_name or ""),
            "xmlResourcePackage": section.resource_package and kotlin_package(section.resource_package),
            "colors": [_kotlin_color(name, color) for name, color in named],
        },
    )


def _kotlin_color(name: str, color: ThemedColor) -> dict[str, str]:
    light, dark = hex_argb(color.light), hex_argb(_dark(color))
    return {
        "functionName": kotlin_identifier(_function(name)),
        "name": name,
        "lightHex": f"0x{light}",
        "darkHex": f"0x{dark}",
        "lightHexRaw": light,
        "darkHexRaw": dark,
    }


def _nothing_written(entry: ColorEntry, files: list[OutputFile]) -> list[Problem]:
    if files:
        return []
    return [
        Problem(
            "config.no-output",
            f"{entry.key} writes nothing: xmlDisabled is true, and nothing asks for Kotlin",
            "add composePackageName, with mainSrc and resourcePackage under android, or remove xmlDisabled",
            Location(key=f"{entry.key}.xmlDisabled"),
        )
    ]
