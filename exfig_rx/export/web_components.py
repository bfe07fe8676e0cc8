"""React components of icons and images: their names, and their text.

In: a picture, where its file and its component are. Out: the name of the component, and its file. Rule: a component is
called by the picture's PascalCase name wherever that is one, and every component of a folder can be imported.
"""

import posixpath

from exfig_rx.config.schema import NameStyle, WebIcons, WebImages
from exfig_rx.export.names import escaped
from exfig_rx.export.templates import Templates
from exfig_rx.export.web import literal
from exfig_rx.load.naming import styled
from exfig_rx.model import Kind
from exfig_rx.pictures import Picture
from exfig_rx.vector.jsx import Jsx

DEFAULT_SIZE = 24
"""Pixels."""

_TYPES = frozenset({"IconProps", "ImageProps"})
_FILES = frozenset({"index", "types"})
"""What the folder's own files are called; without their suffix, as in imports, and where letter case may not count."""


def component_name(kind: Kind, name: str) -> str:
    """The component of a picture, empty if nothing is left of its name; `Icon` or `Image` stands before a digit.

    So it does where the folder has the name already, for its types or files.
    """
    pascal = styled(name, NameStyle.PASCAL)
    legal = "".join(char if ("_" + char).isidentifier() else "_" for char in pascal)
    if legal[:1].isalpha() and legal not in _TYPES and legal.casefold() not in _FILES:
        return legal
    return f"{'Icon' if kind is Kind.ICONS else 'Image'}{legal}" if legal else ""


def is_renamed(component: str, name: str) -> bool:
    """Whether a component is not called as its picture is, leading digits aside."""
    pascal = styled(name, NameStyle.PASCAL)
    return component != pascal and not (pascal[:1].isdecimal() and pascal.isalnum())


def icon_component(name: str, drawing: Jsx, settings: WebIcons, templates: Templates) -> str:
    """The component of an icon."""
    return templates.render(
        "Icon.tsx",
        {
            "componentName": name,
            "viewBox": drawing.view_box,
            "svgContent": drawing.body,
            "size": settings.icon_size or DEFAULT_SIZE,
        },
    )


def image_component(
    name: str, picture: Picture, path: str, folder: str, settings: WebImages, templates: Templates
) -> str:
    """The component of an image whose file is at `path`, for a component in `folder`."""
    is_imported = settings.image_import == "relative"
    file = posixpath.basename(path)
    return templates.render(
        "Image.tsx",
        {
            "componentName": name,
            "name": escaped(picture.name, "'"),
            "assetPath": "url" if is_imported else literal(f"{settings.image_base or ''}{file}"),
            "importPath": literal(_relative(path, folder)) if is_imported else "",
        },
    )


def _relative(path: str, folder: str) -> str:
    """`path` as a module in `folder` imports it."""
    relative = posixpath.relpath(path, folder or ".")
    return relative if relative.startswith("../") else f"./{relative}"
