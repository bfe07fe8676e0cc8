"""Swift for icons and images: properties of UIImage and SwiftUI's Image, and views for Figma's Code Connect.

In: the pictures of one entry that are in the catalog. Out: the files that its config asks for. Rule: a picture is one
member, whatever modes and idioms it has; no two pictures of a file are declared under one name.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.config.schema import Ios, IosIcons, IosImages
from exfig_rx.export.files import text_file
from exfig_rx.export.names import clashes, unicode_identifier
from exfig_rx.export.swift import SwiftProperty, bundle_variables, property_clashes, swift_property
from exfig_rx.export.templates import Templates, swift_literal
from exfig_rx.load.wording import node_link
from exfig_rx.model import OutputFile, Problem
from exfig_rx.pictures import Picture

Settings: TypeAlias = IosIcons | IosImages


def writes_extensions(settings: Settings) -> bool:
    """Whether the config asks for properties of UIImage or Image."""
    return settings.image_swift is not None or settings.swift_ui_image_swift is not None


def picture_properties(pictures: Iterable[Picture]) -> tuple[SwiftProperty[Picture], ...]:
    """A property for each picture, by how it is declared: keywords with their backticks."""
    found = (swift_property(picture, picture.name, "swift_image_types") for picture in pictures)
    return tuple(sorted(found, key=lambda item: item.declared))


def extensions(
    section: Ios, settings: Settings, properties: Sequence[SwiftProperty[Picture]], templates: Templates
) -> tuple[OutputFile, ...]:
    """The extensions of UIImage and Image that the config asks for."""
    files = []
    for path, template, is_objc in (
        # SwiftUI's Image is a struct, which Objective-C can't see.
        (settings.image_swift, "UIImage+extension.swift", section.add_objc_attribute),
        (settings.swift_ui_image_swift, "Image+extension.swift", False),
    ):
        if path is not None:
            images = [{"name": item.declared, "lookup": item.lookup} for item in properties]
            variables = {**bundle_variables(section), "addObjcPrefix": is_objc, "images": images}
            files.append(text_file(path, templates.render(template, variables)))
    return tuple(files)


def code_connect(settings: Settings, pictures: Sequence[Picture], templates: Templates) -> tuple[OutputFile, ...]:
    """The views that tie pictures to their nodes in Figma, in the order of `pictures`; no file without any."""
    if settings.code_connect_swift is None or not pictures:
        return ()
    assets = [_asset(picture) for picture in pictures]
    return (text_file(settings.code_connect_swift, templates.render("CodeConnect.figma.swift", {"assets": assets})),)


def declaration_clashes(
    entry: PictureEntry, settings: Settings, pictures: Iterable[Picture], reported: Callable[[Picture], str]
) -> list[Problem]:
    """One error for each name under which one file would declare several pictures; `reported` as in `clashes`."""
    properties = picture_properties(pictures) if writes_extensions(settings) else ()
    found = property_clashes(entry, properties, reported)
    if settings.code_connect_swift is None:
        return found
    identifiers = {item.asset: item.identifier for item in properties}
    structs = [(_struct_name(picture), picture) for picture in pictures]
    return [*found, *clashes(entry, structs, "struct", identifiers.__getitem__ if identifiers else reported)]


def _asset(picture: Picture) -> dict[str, str]:
    node_id = picture.link_id or picture.node_id
    return {
        "name": picture.name,
        "lookup": swift_literal(picture.name),
        "structName": _struct_name(picture),
        "nodeId": node_id.replace(":", "-"),
        "fileId": picture.file_key,
        "figmaUrl": node_link(picture.file_key, node_id),
    }


def _struct_name(picture: Picture) -> str:
    return unicode_identifier(f"Asset_{picture.name}")
