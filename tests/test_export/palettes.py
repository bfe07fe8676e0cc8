"""Entries and colors for the renderers' tests, and what a rendering is as plain text."""

from collections.abc import Mapping
from typing import TypeAlias

from exfig_rx.config.entries import FIXED_COLOR_STYLES, ColorEntry, NameRules, Section, StyleFiles
from exfig_rx.config.schema import Android, Flutter, Ios, NameStyle, Web
from exfig_rx.export import render_colors
from exfig_rx.export.templates import Templates
from exfig_rx.model import OutputFile, Platform, Rendered, Rgba, ThemedColor

Keys: TypeAlias = Mapping[str, object]

WATER = Rgba(0.1803921568627451, 0.5254901960784314, 0.6705882352941176)
VEIL = Rgba(WATER.red, WATER.green, WATER.blue, 0.8)
NIGHT = Rgba(0.043137254901960784, 0.2235294117647059, 0.32941176470588235)
STARK = Rgba(0, 0, 0)
BRIGHT = Rgba(1, 1, 1)

IOS_ASSETS: Keys = {"useColorAssets": True, "assetsFolder": "Palette", "nameStyle": "camelCase"}
IOS_CODE: Keys = {"useColorAssets": False, "nameStyle": "camelCase"}


def ios(colors: Keys = IOS_ASSETS, **section: object) -> ColorEntry:
    """An entry with `xcassetsPath` App/Assets.xcassets, in the main bundle unless `section` says otherwise."""
    keys = {"xcassetsPath": "App/Assets.xcassets", "xcassetsInMainBundle": True, **section, "colors": [colors]}
    model = Ios.model_validate(keys)
    return _entry(Platform.IOS, model, model.colors[0].name_style)


def android(colors: Keys | None = None, **section: object) -> ColorEntry:
    """An entry with `mainRes` app/res."""
    return _entry(Platform.ANDROID, Android.model_validate({"mainRes": "app/res", **section, "colors": [colors or {}]}))


def flutter(colors: Keys | None = None, **section: object) -> ColorEntry:
    """An entry with `output` lib/gen."""
    return _entry(Platform.FLUTTER, Flutter.model_validate({"output": "lib/gen", **section, "colors": [colors or {}]}))


def web(colors: Keys | None = None, **section: object) -> ColorEntry:
    """An entry with `output` web."""
    return _entry(Platform.WEB, Web.model_validate({"output": "web", **section, "colors": [colors or {}]}))


def _entry(platform: Platform, section: Section, style: NameStyle | None = None) -> ColorEntry:
    rules = NameRules(style or FIXED_COLOR_STYLES[platform])
    return ColorEntry(platform, f"{platform}.colors", StyleFiles("FileOfLight"), rules, section, section.colors[0])


def color(
    name: str,
    light: Rgba = WATER,
    dark: Rgba | None = None,
    light_hc: Rgba | None = None,
    dark_hc: Rgba | None = None,
    *,
    original: str | None = None,
    node: str = "1:1",
) -> ThemedColor:
    """A color of the file `FileOfLight`; its original name is its final one if not given."""
    raw = name if original is None else original
    return ThemedColor(name, raw, light, dark, light_hc, dark_hc, file_key="FileOfLight", node_id=node)


def rendered(entry: ColorEntry, *colors: ThemedColor) -> Rendered:
    """What the renderer of the entry's platform makes of `colors`."""
    return render_colors(entry, colors, Templates(entry.platform, entry.section.templates_path))


def text_of(file: OutputFile) -> str:
    """The text of a generated file."""
    assert isinstance(file.content, bytes)
    return file.content.decode("utf-8")


def texts(entry: ColorEntry, *colors: ThemedColor) -> dict[str, str]:
    """The files of a rendering as text, by path."""
    return {file.path: text_of(file) for file in rendered(entry, *colors).files}


def body(text: str, first: str) -> str:
    """What follows the header of a file: `text` from `first` on."""
    assert first in text, text
    return text[text.index(first) :]
