"""Small libraries for tests: components by name, and the entries of icons and images that read them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from exfig_rx.config.entries import NameRules
from exfig_rx.config.picture_entries import PictureEntry, PictureSource
from exfig_rx.config.schema import Android, AndroidIcons, Ios, IosIcons, IosImages, NameStyle
from exfig_rx.model import Kind, Platform
from exfig_rx.pictures import Component, FileComponents, RenderFormat, RenderSpec

SOURCE = PictureSource("L", None, None, "Icons")
TWO_FILES = PictureSource("L", "D", None, "Icons")
SINGLE = PictureSource("L", None, "_dark", "Icons")
CAMEL = NameRules(NameStyle.CAMEL)
SNAKE = NameRules(NameStyle.SNAKE)
SVG = RenderSpec(RenderFormat.SVG)


def component(number: int, name: str, description: str = "", set_name: str = "", **more: str) -> Component:
    """A component in the frame Icons of the page Library, with the node id `<number>:0`, in a set of that name."""
    set_id = f"set {set_name}" if set_name else ""
    whole = Component(f"{number}:0", name, description, "Icons", "Library", set_id, set_name)
    return replace(whole, **more)


def library(
    file_key: str, *names: str, descriptions: Mapping[str, str] | None = None, set_name: str = ""
) -> FileComponents:
    """A file with one component per name, node ids 1:0, 2:0, …"""
    described = descriptions or {}
    made = [component(number, name, described.get(name, ""), set_name) for number, name in enumerate(names, 1)]
    return FileComponents(file_key, tuple(made))


def ios_icons(source: PictureSource = SOURCE, names: NameRules = CAMEL, **settings: Any) -> PictureEntry:
    """An entry of iOS icons, in camelCase if not told otherwise."""
    block = IosIcons(format="svg", assets_folder="Icons", name_style=names.style, **settings)
    section = Ios(xcassets_path="Assets.xcassets", xcassets_in_main_bundle=True, icons=(block,))
    return PictureEntry(Platform.IOS, Kind.ICONS, "ios.icons", source, names, (SVG,), section, block)


def ios_images(source: PictureSource = SOURCE, **settings: Any) -> PictureEntry:
    """An entry of iOS images at 1x, 2x and 3x."""
    block = IosImages(assets_folder="Images", name_style=NameStyle.CAMEL, **settings)
    section = Ios(xcassets_path="Assets.xcassets", xcassets_in_main_bundle=True, images=(block,))
    specs = tuple(RenderSpec(RenderFormat.PNG, scale) for scale in (1.0, 2.0, 3.0))
    return PictureEntry(Platform.IOS, Kind.IMAGES, "ios.images", source, CAMEL, specs, section, block)


def android_icons(source: PictureSource = SOURCE, names: NameRules = SNAKE) -> PictureEntry:
    """An entry of Android icons, in snake_case if not told otherwise."""
    block = AndroidIcons(output="icons")
    section = Android(main_res="res", icons=(block,))
    return PictureEntry(Platform.ANDROID, Kind.ICONS, "android.icons", source, names, (SVG,), section, block)
