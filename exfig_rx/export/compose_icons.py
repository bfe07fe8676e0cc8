"""Icons for Jetpack Compose: one ImageVector a file, or one `Icons.kt` a package with a function for each drawable.

In: the icons of entries under their legal names. Out: Kotlin files. Rules: entries of one package share their
`Icons.kt`, each name once and sorted; an ImageVector is of the light drawing, and knows no night.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.config.schema import Android, AndroidIcons, NameStyle
from exfig_rx.errors import ConfigError
from exfig_rx.export.android_drawables import Names
from exfig_rx.export.android_names import kotlin_package
from exfig_rx.export.android_vectors import vector_picture
from exfig_rx.export.files import joined, text_file
from exfig_rx.export.pictures import Exists, Made, make_each
from exfig_rx.export.templates import Templates
from exfig_rx.load.naming import styled
from exfig_rx.model import Location, OutputFile, Problem
from exfig_rx.pictures import Picture
from exfig_rx.vector.compose import Place, image_vector

_MATERIAL: Final[Mapping[int, tuple[str, ...]]] = {
    2: (
        "androidx.compose.material.Icon",
        "androidx.compose.material.LocalContentAlpha",
        "androidx.compose.material.LocalContentColor",
    ),
    3: ("androidx.compose.material3.Icon",),
}
"""What `Icons.kt` imports of each version of Material: of 2 all that ExFig 1.3.2 imports, used or not."""


def package_folder(section: Android, settings: AndroidIcons) -> str | None:
    """The folder of an entry's package; None if the config asks for no Kotlin."""
    if settings.compose_package_name is None or section.main_src is None:
        return None
    return joined(section.main_src, settings.compose_package_name.replace(".", "/"))


def vector_folder(entry: PictureEntry, section: Android, settings: AndroidIcons) -> str:
    """The folder of an entry's ImageVectors. Raises ConfigError if the config names none."""
    folder = package_folder(section, settings)
    if folder is None:
        raise ConfigError(
            Problem(
                "config.missing-partner",
                f"{entry.key}: composeFormat: imageVector needs composePackageName, and android.mainSrc",
                "add them, or remove composeFormat",
                Location(key=f"{entry.key}.composeFormat"),
            )
        )
    return folder


def icons_path(section: Android, settings: AndroidIcons) -> str | None:
    """Where the functions of an entry's drawables go; None if the config asks for none."""
    folder = package_folder(section, settings)
    return None if folder is None or section.resource_package is None else joined(folder, "Icons.kt")


def function_name(resource: str) -> str:
    """The Kotlin function of a drawable: `ic_24_anchor` is `Ic24Anchor`."""
    return styled(resource, NameStyle.PASCAL)


def image_vectors(entry: PictureEntry, settings: AndroidIcons, folder: str, names: Names, exists: Exists) -> Made:
    """The Kotlin files of an entry's icons."""
    place = Place(
        kotlin_package(settings.compose_package_name or ""), kotlin_package(settings.compose_extension_target or "")
    )

    def made(picture: Picture) -> Made:
        vectors = vector_picture(entry, picture, "ImageVector", has_night=False)
        text = image_vector(vectors.light, names[picture], place, mirrored=picture.is_rtl)
        return Made(files=(text_file(path(picture), text),), losses=vectors.losses)

    def path(picture: Picture) -> str:
        return joined(folder, f"{names[picture]}.kt")

    return make_each(entry, names, made, path, exists)


def icons_file(
    path: str, section: Android, settings: AndroidIcons, resources: Iterable[str], templates: Templates
) -> OutputFile:
    """`Icons.kt` of one package, with a function for each of `resources`, once and in their order."""
    context = {
        "package": kotlin_package(settings.compose_package_name or ""),
        "xmlResourcePackage": kotlin_package(section.resource_package or ""),
        "materialImports": _MATERIAL[settings.compose_material],
        "icons": [{"name": name, "functionName": function_name(name)} for name in sorted(set(resources))],
    }
    return text_file(path, templates.render("Icons.kt", context))
