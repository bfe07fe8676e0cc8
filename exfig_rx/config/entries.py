"""What a config asks for, resolved: one `ColorEntry` per color block and platform, with its source and name rules.

In: a valid `Config`. Out: entries in the order in which they run. Rule: inheritance from `common` is decided here and
nowhere else; loaders and renderers see only what applies to them.
"""

from dataclasses import dataclass
from typing import TypeAlias

from exfig_rx.config.schema import (
    Android,
    AndroidColors,
    Common,
    CommonColors,
    Config,
    Figma,
    Flutter,
    FlutterColors,
    Ios,
    IosColors,
    NameStyle,
    VariablesSource,
    Web,
    WebColors,
)
from exfig_rx.model import Platform


@dataclass(frozen=True, slots=True)
class StyleFiles:
    """Colors from the published styles of one file per mode; None where a mode has no file."""

    light: str
    dark: str | None = None
    light_hc: str | None = None
    dark_hc: str | None = None


@dataclass(frozen=True, slots=True)
class SingleStyleFile:
    """Colors from the published styles of one file, modes told apart by a suffix of the raw name."""

    file: str
    dark_suffix: str
    light_hc_suffix: str
    dark_hc_suffix: str


ColorSource: TypeAlias = StyleFiles | SingleStyleFile | VariablesSource


@dataclass(frozen=True, slots=True)
class NameRules:
    """How a raw name becomes a final one: `validate` and `replace` as in `nameValidateRegexp`/`nameReplaceRegexp`."""

    style: NameStyle
    validate: str | None = None
    replace: str | None = None


FIXED_COLOR_STYLES = {
    Platform.ANDROID: NameStyle.SNAKE,
    Platform.FLUTTER: NameStyle.CAMEL,
    Platform.WEB: NameStyle.KEBAB,
}
"""Color names of these platforms have one style; only iOS lets the config choose."""

ColorSettings: TypeAlias = IosColors | AndroidColors | FlutterColors | WebColors
Section: TypeAlias = Ios | Android | Flutter | Web


@dataclass(frozen=True, slots=True)
class ColorEntry:
    """One color block of one platform. `key` is its path in the config, such as `ios.colors` or `web.colors[1]`."""

    platform: Platform
    key: str
    source: ColorSource
    names: NameRules
    section: Section
    settings: ColorSettings

    @property
    def noun(self) -> str:
        """What one asset of it is called."""
        return "color"


def needed_files(source: ColorSource) -> tuple[str, ...]:
    """The keys of the files whose published styles `source` reads, each once, the light one first."""
    match source:
        case StyleFiles(light, dark, light_hc, dark_hc):
            return tuple(dict.fromkeys(key for key in (light, dark, light_hc, dark_hc) if key is not None))
        case SingleStyleFile(file):
            return (file,)
        case VariablesSource():
            return ()


def needed_variable_files(source: ColorSource) -> tuple[str, ...]:
    """The keys of the files whose variables `source` reads."""
    return (source.tokens_file_id,) if isinstance(source, VariablesSource) else ()


def color_entries(config: Config) -> tuple[ColorEntry, ...]:
    """All color entries of `config`: platforms ios, android, flutter, web; list order within a platform."""
    return tuple(
        ColorEntry(platform, _key(platform, settings, index), source, names, section, settings)
        for platform, section in sections(config)
        for index, settings in enumerate(_colors(section))
        for source, names in [_source(config, platform, settings)]
    )


def sections(config: Config) -> tuple[tuple[Platform, Section], ...]:
    """The platforms that `config` exports to, with their blocks."""
    found = (
        (Platform.IOS, config.ios),
        (Platform.ANDROID, config.android),
        (Platform.FLUTTER, config.flutter),
        (Platform.WEB, config.web),
    )
    return tuple((platform, section) for platform, section in found if section is not None)


def _colors(section: Section) -> tuple[ColorSettings, ...]:
    return section.colors


def _key(platform: Platform, settings: ColorSettings, index: int) -> str:
    return f"{platform}.colors[{index}]" if settings.tokens_file_id is not None else f"{platform}.colors"


def _source(config: Config, platform: Platform, settings: ColorSettings) -> tuple[ColorSource, NameRules]:
    style = settings.name_style if isinstance(settings, IosColors) else FIXED_COLOR_STYLES[platform]
    own = settings.variables_source()
    if own is not None:
        return own, NameRules(style, own.name_validate_regexp, own.name_replace_regexp)
    common = config.common or Common()
    if common.variables_colors is not None:
        source = common.variables_colors
        return source, NameRules(style, source.name_validate_regexp, source.name_replace_regexp)
    colors = common.colors or CommonColors()
    return style_source(config), NameRules(style, colors.name_validate_regexp, colors.name_replace_regexp)


def style_source(config: Config) -> StyleFiles | SingleStyleFile:
    """Where the published color styles of `config` are."""
    colors = (config.common or Common()).colors or CommonColors()
    figma = config.figma or Figma()
    light = figma.light_file_id or ""
    if colors.use_single_file:
        return SingleStyleFile(light, colors.dark_mode_suffix, colors.light_hc_mode_suffix, colors.dark_hc_mode_suffix)
    return StyleFiles(light, figma.dark_file_id, figma.light_high_contrast_file_id, figma.dark_high_contrast_file_id)
