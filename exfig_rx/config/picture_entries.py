"""What a config asks for, resolved: one `PictureEntry` per block of icons or images, with source, names and renders.

In: a valid `Config`. Out: entries in the order in which they run. Rule: inheritance from `common` and what follows from
formats is decided here and nowhere else; loaders and exporters see only what applies to them.
"""

from dataclasses import dataclass
from typing import TypeAlias

from exfig_rx.config.entries import NameRules, Section, sections
from exfig_rx.config.schema import (
    AndroidIcons,
    AndroidImages,
    Common,
    CommonIcons,
    CommonImages,
    Config,
    Figma,
    FlutterIcons,
    FlutterImages,
    IosIcons,
    IosImages,
    NameStyle,
    WebIcons,
    WebImages,
)
from exfig_rx.model import Kind, Platform
from exfig_rx.pictures import RenderFormat, RenderSpec

PictureSettings: TypeAlias = (
    IosIcons | IosImages | AndroidIcons | AndroidImages | FlutterIcons | FlutterImages | WebIcons | WebImages
)

SVG = RenderSpec(RenderFormat.SVG)


@dataclass(frozen=True, slots=True)
class PictureSource:
    """Where the components of an entry are.

    `dark_file` is None where dark variants have no file of their own; `dark_suffix`, where given, is the end of the
    names of dark variants in the light file. `page` is None for any page. `named_by_set`: variants are called by their
    component set and values. `rtl_property` names the variant property of right-to-left drawings, None for the word
    `rtl` in descriptions.
    """

    light_file: str
    dark_file: str | None
    dark_suffix: str | None
    frame: str
    page: str | None = None
    named_by_set: bool = False
    rtl_property: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The keys of the files that it reads, each once, the light one first."""
        return tuple(dict.fromkeys(key for key in (self.light_file, self.dark_file) if key is not None))


@dataclass(frozen=True, slots=True)
class PictureEntry:
    """One block of icons or images of one platform. `key` is its path in the config, such as `ios.icons[1]`.

    `specs` are the renders that each of its drawings needs, at least one. `strict_paths`: an icon whose path data is
    over Android's limit fails.
    """

    platform: Platform
    kind: Kind
    key: str
    source: PictureSource
    names: NameRules
    specs: tuple[RenderSpec, ...]
    section: Section
    settings: PictureSettings
    strict_paths: bool = False

    @property
    def light_only(self) -> bool:
        """Whether dark drawings have no place in this output."""
        return _light_only(self.settings)

    @property
    def drawn_here(self) -> bool:
        """Whether SVGs become pixels on this machine."""
        settings = self.settings
        if not isinstance(settings, IosImages | AndroidImages | FlutterImages) or self.specs != (SVG,):
            return False
        return isinstance(settings, IosImages) or settings.format != "svg"

    @property
    def noun(self) -> str:
        """What one asset of it is called."""
        return "icon" if self.kind is Kind.ICONS else "image"


def picture_entries(config: Config) -> tuple[PictureEntry, ...]:
    """All entries of icons, then all of images: platforms ios, android, flutter, web; list order within a platform."""
    common = config.common or Common()
    return tuple(
        _entry(config, kind, shared, platform, section, index)
        for kind, shared in (
            (Kind.ICONS, common.icons or CommonIcons()),
            (Kind.IMAGES, common.images or CommonImages()),
        )
        for platform, section in sections(config)
        for index in range(len(_blocks(section, kind)))
    )


def _blocks(section: Section, kind: Kind) -> tuple[PictureSettings, ...]:
    return section.icons if kind is Kind.ICONS else section.images


def _entry(
    config: Config, kind: Kind, common: CommonIcons | CommonImages, platform: Platform, section: Section, index: int
) -> PictureEntry:
    blocks = _blocks(section, kind)
    settings = blocks[index]
    key = f"{platform}.{kind}[{index}]" if len(blocks) > 1 else f"{platform}.{kind}"
    return PictureEntry(
        platform, kind, key, _source(config, common, settings), _names(common, settings), _specs(settings), section,
        settings, _strict_paths(common, settings),
    )  # fmt: skip


def _source(config: Config, common: CommonIcons | CommonImages, settings: PictureSettings) -> PictureSource:
    figma = config.figma or Figma()
    return PictureSource(
        figma.light_file_id or "",
        None if common.use_single_file or _light_only(settings) else figma.dark_file_id,
        common.dark_mode_suffix if common.use_single_file else None,
        settings.figma_frame_name or common.figma_frame_name,
        settings.figma_page_name or common.figma_page_name,
        common.variant_names == "set",
        common.rtl_property,
    )


def _light_only(settings: PictureSettings) -> bool:
    """An ImageVector has no dark variant."""
    return isinstance(settings, AndroidIcons) and settings.compose_format == "imageVector"


def _names(common: CommonIcons | CommonImages, settings: PictureSettings) -> NameRules:
    """An entry's own regexps, each on its own, else those of `common`."""
    return NameRules(
        getattr(settings, "name_style", NameStyle.SNAKE),
        settings.name_validate_regexp or common.name_validate_regexp,
        settings.name_replace_regexp or common.name_replace_regexp,
    )


def _strict_paths(common: CommonIcons | CommonImages, settings: PictureSettings) -> bool:
    """An entry's own word, else that of `common`; only icons of Android have one."""
    if not isinstance(settings, AndroidIcons) or not isinstance(common, CommonIcons):
        return False
    own = settings.strict_path_validation
    return common.strict_path_validation if own is None else own


def _specs(settings: PictureSettings) -> tuple[RenderSpec, ...]:
    match settings:
        case IosIcons(format="pdf"):
            return (RenderSpec(RenderFormat.PDF),)
        case IosImages(source_format="png", scales=scales):
            return _pngs(scales)
        case AndroidImages(format="png" | "webp", source_format="png", scales=scales):
            return _pngs(scales)
        case FlutterImages(format="png" | "webp", source_format="png", scales=scales):
            return _pngs(scales)
        case _:
            return (SVG,)


def _pngs(scales: tuple[float, ...]) -> tuple[RenderSpec, ...]:
    return tuple(RenderSpec(RenderFormat.PNG, float(scale)) for scale in dict.fromkeys(scales))
