"""Small designs for tests: styles written as `name=#rrggbb`, and the entries that read them."""

from collections.abc import Mapping

from exfig_rx.config.entries import ColorEntry, ColorSource, NameRules, StyleFiles
from exfig_rx.config.schema import Android, AndroidColors, Flutter, FlutterColors, Ios, IosColors, NameStyle
from exfig_rx.model import FileStyles, Paint, Platform, Rgba, Style, StyleNode

WHITE = Rgba(1, 1, 1)
BLACK = Rgba(0, 0, 0)
RED = Rgba(1, 0, 0)
GRADIENT = (Paint("GRADIENT_LINEAR"),)


def solid(color: Rgba) -> tuple[Paint, ...]:
    """The fills of a plain color style."""
    return (Paint("SOLID", color),)


def figma_file(
    file_key: str, styles: Mapping[str, Rgba | tuple[Paint, ...] | None], descriptions: Mapping[str, str] | None = None
) -> FileStyles:
    """A file with one color style per name, node ids 1:0, 2:0, …; None is a style whose node is gone."""
    described = descriptions or {}
    made, nodes = [], {}
    for number, (name, value) in enumerate(styles.items(), 1):
        node_id = f"{number}:0"
        made.append(Style(node_id, name, "FILL", described.get(name, "")))
        fills = solid(value) if isinstance(value, Rgba) else value
        nodes[node_id] = None if fills is None else StyleNode(node_id, name, fills)
    return FileStyles(file_key, tuple(made), nodes)


def ios_entry(
    source: ColorSource | None = None, names: NameRules | None = None, *, color_assets: bool = True
) -> ColorEntry:
    """An iOS color entry that reads one light file L in camelCase, if not told otherwise."""
    settings = IosColors(use_color_assets=color_assets, name_style=NameStyle.CAMEL)
    section = Ios(xcassets_path="Assets.xcassets", xcassets_in_main_bundle=True, colors=(settings,))
    rules = names or NameRules(NameStyle.CAMEL)
    return ColorEntry(Platform.IOS, "ios.colors", source or StyleFiles("L"), rules, section, settings)


def android_entry(source: ColorSource | None = None) -> ColorEntry:
    """An Android color entry in snake_case."""
    settings = AndroidColors()
    section = Android(main_res="res", colors=(settings,))
    rules = NameRules(NameStyle.SNAKE)
    return ColorEntry(Platform.ANDROID, "android.colors", source or StyleFiles("L"), rules, section, settings)


def flutter_entry() -> ColorEntry:
    """A Flutter color entry in camelCase."""
    settings = FlutterColors()
    section = Flutter(output="lib", colors=(settings,))
    rules = NameRules(NameStyle.CAMEL)
    return ColorEntry(Platform.FLUTTER, "flutter.colors", StyleFiles("L"), rules, section, settings)
