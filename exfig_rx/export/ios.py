"""Colors for iOS: color sets in an asset catalog, and Swift extensions of UIColor and SwiftUI's Color.

In: the colors of one entry. Out: `<folder>/…/<name>.colorset/Contents.json` with the folders' own `Contents.json`, and
Swift files that look the colors up, or hold their values. Rule: what a file can't hold of a color is told. `xcassets`
holds the catalog's side, `swift` what all Swift files share.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import Ios, IosColors
from exfig_rx.errors import ConfigError
from exfig_rx.export.channels import three_digits
from exfig_rx.export.files import joined, text_file
from exfig_rx.export.names import faults, in_order, located, name_fault, refuse, reserved
from exfig_rx.export.swift import (
    SwiftProperty,
    bundle_variables,
    bundle_warnings,
    project_note,
    property_clashes,
    renamed_properties,
    swift_property,
)
from exfig_rx.export.templates import Templates, swift_text
from exfig_rx.export.xcassets import asset_name, catalog_faults, catalog_files
from exfig_rx.load.wording import counted, listed, quoted
from exfig_rx.model import Location, OutputFile, Problem, Rendered, Rgba, ThemedColor


def render_ios_colors(
    entry: ColorEntry, section: Ios, settings: IosColors, colors: tuple[ThemedColor, ...], templates: Templates
) -> Rendered:
    """The catalog and Swift files of one `ios.colors` entry. Raises as `render_colors` does."""
    ordered = in_order(colors)
    properties = [_property(color, settings) for color in ordered]
    reported = partial(asset_name, settings=settings) if settings.use_color_assets else None
    refuse(
        [
            *faults(entry, ordered, name_fault),
            *(property_clashes(entry, properties, reported) if _writes_swift(settings) else ()),
            *(catalog_faults(entry, settings, ordered) if settings.use_color_assets else ()),
        ]
    )
    files = list(_catalog(entry, section, settings, ordered))
    swift = _swift_files(section, settings, properties, templates)
    warnings: list[Problem] = []
    if swift:
        warnings += renamed_properties(entry, properties)
        warnings += bundle_warnings(section)
        warnings += _swiftui_warnings(entry, settings, properties)
        warnings += project_note(section, swift)
    return Rendered((*files, *swift), tuple(warnings))


def swift_name(color: ThemedColor, settings: IosColors) -> str:
    """What Swift calls `color` after a dot, where keywords need no backticks; its final name if no Swift is written."""
    return _property(color, settings).identifier if _writes_swift(settings) else color.name


def _writes_swift(settings: IosColors) -> bool:
    return settings.color_swift is not None or settings.swiftui_color_swift is not None


_Property = SwiftProperty[ThemedColor]


def _property(color: ThemedColor, settings: IosColors) -> _Property:
    in_catalog = asset_name(color, settings)
    return swift_property(color, in_catalog, "swift_types", as_literal=settings.group_using_namespace)


def _catalog(
    entry: ColorEntry, section: Ios, settings: IosColors, ordered: tuple[ThemedColor, ...]
) -> tuple[OutputFile, ...]:
    if not settings.use_color_assets:
        return ()
    if not settings.assets_folder:
        raise ConfigError(
            Problem(
                "config.missing-key",
                f"{entry.key}.assetsFolder is missing, and useColorAssets is true",
                "add the folder of the catalog that the color sets go to, such as assetsFolder: Colors",
                Location(key=f"{entry.key}.assetsFolder"),
            )
        )
    return catalog_files(joined(section.xcassets_path, settings.assets_folder), settings, ordered)


def _swift_files(
    section: Ios, settings: IosColors, properties: Sequence[_Property], templates: Templates
) -> tuple[OutputFile, ...]:
    shared: dict[str, object] = {
        **bundle_variables(section),
        "useNamespace": settings.group_using_namespace,
        "colorFromAssetCatalog": settings.use_color_assets,
    }
    files = []
    if settings.color_swift is not None:
        uikit = {"addObjcPrefix": section.add_objc_attribute, "colors": [_uikit_color(item) for item in properties]}
        files.append(text_file(settings.color_swift, templates.render("UIColor+extension.swift", shared | uikit)))
    if settings.swiftui_color_swift is not None:
        swiftui = {"colors": [_color(item) for item in properties]}
        files.append(
            text_file(settings.swiftui_color_swift, templates.render("Color+extension.swift", shared | swiftui))
        )
    return tuple(files)


def _color(item: _Property) -> dict[str, object]:
    return {
        "name": item.declared,
        "originalName": swift_text(item.asset.original_name),
        "lookup": item.lookup,
        "hasDarkVariant": False,
        "light": None,
        "dark": None,
        **_numbers(item.asset.light),
    }


def _uikit_color(item: _Property) -> dict[str, object]:
    color = item.asset
    variants: dict[str, object] = {}
    if color.dark is not None:
        variants = {
            "hasDarkVariant": True,
            "light": {"name": item.declared, **_numbers(color.light)},
            "dark": {"name": item.declared, **_numbers(color.dark)},
        }
    return {**_color(item), **variants, "branches": _branches(color)}


def _numbers(value: Rgba) -> Mapping[str, str]:
    return {
        "red": three_digits(value.red),
        "green": three_digits(value.green),
        "blue": three_digits(value.blue),
        "alpha": three_digits(value.alpha),
    }


_DARK = "traitCollection.userInterfaceStyle == .dark"
_HIGH = "traitCollection.accessibilityContrast == .high"


def _branches(color: ThemedColor) -> list[Mapping[str, str]]:
    """The values besides light, each with the condition for it; the first condition that holds counts."""
    conditional = ((f"{_DARK} && {_HIGH}", color.dark_hc), (_DARK, color.dark), (_HIGH, color.light_hc))
    return [{"condition": condition, **_numbers(value)} for condition, value in conditional if value is not None]


def _swiftui_warnings(entry: ColorEntry, settings: IosColors, properties: Sequence[_Property]) -> list[Problem]:
    if settings.swiftui_color_swift is None:
        return []
    own = [item.asset for item in properties if item.identifier in reserved("swiftui_styles")]
    flat = [
        item.asset
        for item in properties
        if not settings.use_color_assets and any((item.asset.dark, item.asset.light_hc, item.asset.dark_hc))
    ]
    return [
        *_about(
            entry,
            own,
            "design.ambiguous-name",
            "like styles that SwiftUI brings, so code may not compile that uses them",
            "rename them in Figma, or with nameValidateRegexp and nameReplaceRegexp",
        ),
        *_about(
            entry,
            flat,
            "design.modes-lost",
            "in SwiftUI with the light value only, as colors in code have no dark or high-contrast values there",
            "set useColorAssets: true, or use the UIKit colors",
        ),
    ]


def _about(entry: ColorEntry, colors: Sequence[ThemedColor], code: str, what: str, hint: str) -> list[Problem]:
    """At most one warning about all `colors`; `what` completes "2 colors are "."""
    if not colors:
        return []
    are = "is" if len(colors) == 1 else "are"
    names = listed([quoted(color.name) for color in colors])
    return [Problem(code, f"{counted(len(colors), 'color')} {are} {what}: {names}", hint, located(entry, colors[0]))]
