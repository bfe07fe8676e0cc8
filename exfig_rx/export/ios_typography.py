"""Typography for iOS: fonts for UIKit and SwiftUI, and labels that bring their text style along.

In: the text styles of one entry. Out: Swift files. Rule: each style is a static function of its name; what a style
scales with is Apple's text style that its description names. Labels need the UIKit fonts.
"""

from collections.abc import Mapping
from typing import Final

from exfig_rx.config.schema import Ios, IosTypography
from exfig_rx.config.typography_entries import TypographyEntry
from exfig_rx.export.channels import rounded
from exfig_rx.export.files import joined, text_fault, text_file
from exfig_rx.export.names import faults, in_order, name_fault, refuse
from exfig_rx.export.swift import SwiftProperty, project_note, property_clashes, renamed_properties, swift_property
from exfig_rx.export.templates import Templates, swift_literal
from exfig_rx.load.wording import quoted
from exfig_rx.model import Location, OutputFile, Problem, Rendered
from exfig_rx.text_styles import TextStyle

_UIKIT: Final[Mapping[str, str]] = {
    "Large Title": "largeTitle",
    "Title 1": "title1",
    "Title 2": "title2",
    "Title 3": "title3",
    "Headline": "headline",
    "Body": "body",
    "Callout": "callout",
    "Subhead": "subheadline",
    "Footnote": "footnote",
    "Caption 1": "caption1",
    "Caption 2": "caption2",
}
"""Members of UIFont.TextStyle (https://developer.apple.com/documentation/uikit/uifont/textstyle)."""

_SWIFTUI: Final[Mapping[str, str]] = {**_UIKIT, "Title 1": "title", "Caption 1": "caption"}
"""Members of Font.TextStyle (https://developer.apple.com/documentation/swiftui/font/textstyle)."""

_Style = SwiftProperty[TextStyle]


def render_ios_typography(
    entry: TypographyEntry, section: Ios, settings: IosTypography, styles: tuple[TextStyle, ...], templates: Templates
) -> Rendered:
    """The Swift files of `ios.typography`. Raises as `render_typography` does."""
    ordered = in_order(styles)
    properties = [swift_property(style, style.name, "swift_fonts") for style in ordered]
    refuse(
        [
            *faults(entry, ordered, name_fault),
            *faults(entry, ordered, _font_fault),
            *property_clashes(entry, properties, None),
        ]
    )
    refuse(_class_clashes(entry, properties, settings))
    files = [*_fonts(section, settings, properties, templates), *_labels(settings, properties, templates)]
    warnings = [*renamed_properties(entry, properties), *_labels_without_fonts(settings), *project_note(section, files)]
    return Rendered(tuple(files), tuple(warnings) if files else ())


def _font_fault(style: TextStyle) -> str:
    """Why no literal can hold the font of `style`; empty if one can."""
    fault = text_fault(style.type.font_name)
    return f"its font {quoted(style.type.font_name)} has no place in code: {fault}" if fault else ""


def _fonts(section: Ios, settings: IosTypography, properties: list[_Style], templates: Templates) -> list[OutputFile]:
    files = []
    if settings.font_swift is not None:
        uikit: dict[str, object] = {
            "addObjcPrefix": section.add_objc_attribute,
            "textStyles": [_font(item, _UIKIT) for item in properties],
        }
        files.append(text_file(settings.font_swift, templates.render("UIFont+extension.swift", uikit)))
    if settings.swift_ui_font_swift is not None:
        swiftui = {"textStyles": [_font(item, _SWIFTUI) for item in properties]}
        files.append(text_file(settings.swift_ui_font_swift, templates.render("Font+extension.swift", swiftui)))
    return files


def _font(item: _Style, dynamic_types: Mapping[str, str]) -> dict[str, object]:
    style = item.asset
    return {
        "name": item.declared,
        # Between quotes in every template: what could end the literal is escaped here.
        "fontName": swift_literal(style.type.font_name)[1:-1],
        "fontSize": style.type.size_px,
        "supportsDynamicType": bool(style.dynamic_type),
        "type": dynamic_types.get(style.dynamic_type, ""),
    }


def _labels(settings: IosTypography, properties: list[_Style], templates: Templates) -> list[OutputFile]:
    if not settings.generate_labels or settings.labels_directory is None:
        return []
    styles = [_label(item) for item in properties]
    separate = settings.label_style_swift is not None
    folder = settings.labels_directory
    files = [
        text_file(
            joined(folder, "Label.swift"),
            templates.render("Label.swift", {"styles": styles, "separateStyles": separate}),
        ),
        text_file(joined(folder, "LabelStyle.swift"), templates.render("LabelStyle.swift", {})),
    ]
    if settings.label_style_swift is not None:
        text = templates.render("LabelStyle+extension.swift", {"styles": styles})
        files.append(text_file(settings.label_style_swift, text))
    return files


def _label(item: _Style) -> dict[str, object]:
    type_ = item.asset.type
    return {
        "className": _class_name(item),
        "varName": item.declared,
        "size": type_.size_px,
        "supportsDynamicType": bool(item.asset.dynamic_type),
        "type": _UIKIT.get(item.asset.dynamic_type, ""),
        "tracking": rounded(type_.letter_spacing_px, 3),
        "lineHeight": type_.line_height_px or 0.0,
        "textCase": str(type_.case),
    }


def _class_name(item: _Style) -> str:
    name = item.identifier[0].upper() + item.identifier[1:]
    # A class `UILabel` would inherit from itself by way of `Label`.
    return f"{name}_" if name == "UI" else name


def _class_clashes(entry: TypographyEntry, properties: list[_Style], settings: IosTypography) -> list[Problem]:
    """Errors about labels of one class: `heading` and `Heading` are two functions, but one `HeadingLabel`."""
    if not settings.generate_labels:
        return []
    classes = [SwiftProperty(item.asset, f"{_class_name(item)}Label", item.lookup) for item in properties]
    return property_clashes(entry, classes, None)


def _labels_without_fonts(settings: IosTypography) -> list[Problem]:
    if not settings.generate_labels or settings.font_swift is not None:
        return []
    return [
        Problem(
            "config.missing-partner",
            "labels call functions of UIFont, and ios.typography.fontSwift, which would hold them, is not set",
            "set fontSwift, or write these functions by hand",
            Location(key="ios.typography.fontSwift"),
        )
    ]
