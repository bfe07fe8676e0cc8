"""The config dialect as typed, frozen models: one class per block, one field per key, defaults included."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class NameStyle(StrEnum):
    """The words of every `nameStyle` key."""

    CAMEL = "camelCase"
    SNAKE = "snake_case"
    PASCAL = "PascalCase"
    KEBAB = "kebab-case"
    SCREAMING = "SCREAMING_SNAKE_CASE"


class Block(BaseModel):
    """A mapping of the config. Attribute names are the keys in snake_case; exceptions carry an alias."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class NameRegexps(Block):
    """`nameValidateRegexp` and `nameReplaceRegexp`."""

    name_validate_regexp: str | None = None
    name_replace_regexp: str | None = None


class VariablesSource(NameRegexps):
    """Colors from variables: `common.variablesColors`, and inside each list-form color entry."""

    tokens_file_id: str
    tokens_collection_name: str
    light_mode_name: str
    dark_mode_name: str | None = None
    light_hc_mode_name: str | None = Field(default=None, alias="lightHCModeName")
    dark_hc_mode_name: str | None = Field(default=None, alias="darkHCModeName")
    primitives_mode_name: str | None = None


class ColorEntryBlock(NameRegexps):
    """What every color entry may hold: in the list form its own source, in the object form none of these keys."""

    tokens_file_id: str | None = None
    tokens_collection_name: str | None = None
    light_mode_name: str | None = None
    dark_mode_name: str | None = None
    light_hc_mode_name: str | None = Field(default=None, alias="lightHCModeName")
    dark_hc_mode_name: str | None = Field(default=None, alias="darkHCModeName")
    primitives_mode_name: str | None = None

    def variables_source(self) -> VariablesSource | None:
        """The entry's own source, or None in the object form."""
        if self.tokens_file_id is None:
            return None
        own = {name: getattr(self, name) for name in VariablesSource.model_fields}
        return VariablesSource.model_validate(own)


class Figma(Block):
    """`figma`."""

    light_file_id: str | None = None
    dark_file_id: str | None = None
    light_high_contrast_file_id: str | None = None
    dark_high_contrast_file_id: str | None = None
    timeout: float | None = None
    rate_limit: int | None = None


class Cache(Block):
    """`common.cache`."""

    enabled: bool = False
    path: str | None = None


class CommonColors(NameRegexps):
    """`common.colors`."""

    use_single_file: bool = False
    dark_mode_suffix: str = "_dark"
    light_hc_mode_suffix: str = Field(default="_lightHC", alias="lightHCModeSuffix")
    dark_hc_mode_suffix: str = Field(default="_darkHC", alias="darkHCModeSuffix")


class CommonIcons(NameRegexps):
    """`common.icons`."""

    figma_frame_name: str = "Icons"
    use_single_file: bool = False
    dark_mode_suffix: str = "_dark"
    strict_path_validation: bool = False


class CommonImages(NameRegexps):
    """`common.images`."""

    figma_frame_name: str = "Illustrations"
    use_single_file: bool = False
    dark_mode_suffix: str = "_dark"


class CommonTypography(NameRegexps):
    """`common.typography`."""


class Common(Block):
    """`common`."""

    cache: Cache | None = None
    colors: CommonColors | None = None
    variables_colors: VariablesSource | None = None
    icons: CommonIcons | None = None
    images: CommonImages | None = None
    typography: CommonTypography | None = None


class IosColors(ColorEntryBlock):
    """`ios.colors`."""

    use_color_assets: bool
    assets_folder: str | None = None
    name_style: NameStyle
    group_using_namespace: bool = False
    color_swift: str | None = None
    swiftui_color_swift: str | None = None
    sync_code_syntax: bool = False
    code_syntax_template: str | None = None


class IosIcons(NameRegexps):
    """`ios.icons`."""

    figma_frame_name: str | None = None
    format: Literal["pdf", "svg"]
    assets_folder: str
    name_style: NameStyle
    preserves_vector_representation: tuple[str, ...] = ()
    image_swift: str | None = None
    swift_ui_image_swift: str | None = Field(default=None, alias="swiftUIImageSwift")
    code_connect_swift: str | None = None
    render_mode: Literal["default", "original", "template"] = "template"
    render_mode_default_suffix: str | None = None
    render_mode_original_suffix: str | None = None
    render_mode_template_suffix: str | None = None


class HeicOptions(Block):
    """`heicOptions`."""

    encoding: Literal["lossy", "lossless"] = "lossy"
    quality: int = 90


class WebpOptions(Block):
    """`webpOptions`."""

    encoding: Literal["lossy", "lossless"]
    quality: int = 90


class IosImages(NameRegexps):
    """`ios.images`."""

    figma_frame_name: str | None = None
    assets_folder: str
    name_style: NameStyle
    scales: tuple[float, ...] = (1, 2, 3)
    image_swift: str | None = None
    swift_ui_image_swift: str | None = Field(default=None, alias="swiftUIImageSwift")
    code_connect_swift: str | None = None
    source_format: Literal["png", "svg"] = "png"
    output_format: Literal["png", "heic"] = "png"
    heic_options: HeicOptions | None = None
    render_mode: Literal["default", "original", "template"] | None = None
    render_mode_default_suffix: str | None = None
    render_mode_original_suffix: str | None = None
    render_mode_template_suffix: str | None = None


class IosTypography(Block):
    """`ios.typography`."""

    name_style: NameStyle
    generate_labels: bool
    font_swift: str | None = None
    swift_ui_font_swift: str | None = Field(default=None, alias="swiftUIFontSwift")
    labels_directory: str | None = None
    label_style_swift: str | None = None


class Ios(Block):
    """`ios`."""

    xcodeproj_path: str | None = None
    target: str | None = None
    xcassets_path: str
    xcassets_in_main_bundle: bool
    xcassets_in_swift_package: bool | None = None
    resource_bundle_names: tuple[str, ...] = ()
    add_objc_attribute: bool = False
    templates_path: str | None = None
    colors: tuple[IosColors, ...] = ()
    icons: tuple[IosIcons, ...] = ()
    images: tuple[IosImages, ...] = ()
    typography: IosTypography | None = None


class NameTransform(Block):
    """`nameTransform` of theme attributes."""

    style: NameStyle = NameStyle.PASCAL
    prefix: str = "color"
    strip_prefixes: tuple[str, ...] = ()


class ThemeAttributes(Block):
    """`android.colors.themeAttributes`."""

    enabled: bool = False
    theme_name: str
    attrs_file: str = "values/attrs.xml"
    styles_file: str = "values/styles.xml"
    styles_night_file: str = "values-night/styles.xml"
    marker_start: str = "FIGMA COLORS MARKER START"
    marker_end: str = "FIGMA COLORS MARKER END"
    auto_create_markers: bool = False
    name_transform: NameTransform = NameTransform()


class AndroidColors(ColorEntryBlock):
    """`android.colors`."""

    xml_output_file_name: str = "colors.xml"
    xml_disabled: bool = False
    compose_package_name: str | None = None
    color_kotlin: str | None = None
    theme_attributes: ThemeAttributes | None = None


class AndroidIcons(NameRegexps):
    """`android.icons`."""

    output: str
    figma_frame_name: str | None = None
    name_style: NameStyle = NameStyle.SNAKE
    compose_package_name: str | None = None
    compose_format: Literal["resourceReference", "imageVector"] = "resourceReference"
    compose_extension_target: str | None = None
    strict_path_validation: bool | None = None
    path_precision: int = 4


class AndroidImages(NameRegexps):
    """`android.images`."""

    output: str
    figma_frame_name: str | None = None
    format: Literal["svg", "png", "webp"]
    scales: tuple[float, ...] = (1, 1.5, 2, 3, 4)
    webp_options: WebpOptions | None = None
    source_format: Literal["png", "svg"] = "png"


class AndroidTypography(Block):
    """`android.typography`."""

    name_style: NameStyle
    compose_package_name: str | None = None


class Android(Block):
    """`android`."""

    main_res: str
    main_src: str | None = None
    resource_package: str | None = None
    templates_path: str | None = None
    colors: tuple[AndroidColors, ...] = ()
    icons: tuple[AndroidIcons, ...] = ()
    images: tuple[AndroidImages, ...] = ()
    typography: AndroidTypography | None = None


class FlutterColors(ColorEntryBlock):
    """`flutter.colors`."""

    output: str = "colors.dart"
    class_name: str = "AppColors"


class FlutterIcons(NameRegexps):
    """`flutter.icons`."""

    output: str
    dart_file: str = "icons.dart"
    class_name: str = "AppIcons"
    figma_frame_name: str | None = None
    name_style: NameStyle = NameStyle.SNAKE


class FlutterImages(NameRegexps):
    """`flutter.images`."""

    output: str
    dart_file: str = "images.dart"
    class_name: str = "AppImages"
    format: Literal["svg", "png", "webp"] = "png"
    scales: tuple[float, ...] = (1, 2, 3)
    webp_options: WebpOptions | None = None
    source_format: Literal["png", "svg"] = "png"
    name_style: NameStyle = NameStyle.SNAKE
    figma_frame_name: str | None = None


class Flutter(Block):
    """`flutter`."""

    output: str
    templates_path: str | None = None
    colors: tuple[FlutterColors, ...] = ()
    icons: tuple[FlutterIcons, ...] = ()
    images: tuple[FlutterImages, ...] = ()


class WebColors(ColorEntryBlock):
    """`web.colors`."""

    output_directory: str | None = None
    css_file_name: str = "theme.css"
    ts_file_name: str = "variables.ts"
    json_file_name: str | None = None


class WebIcons(NameRegexps):
    """`web.icons`."""

    output_directory: str = "."
    svg_directory: str = "assets/icons"
    generate_react_components: bool = True
    icon_size: int | None = None
    figma_frame_name: str | None = None
    name_style: NameStyle = NameStyle.SNAKE


class WebImages(NameRegexps):
    """`web.images`."""

    output_directory: str = "."
    assets_directory: str = "assets/images"
    generate_react_components: bool = True
    figma_frame_name: str | None = None


class Web(Block):
    """`web`."""

    output: str
    templates_path: str | None = None
    colors: tuple[WebColors, ...] = ()
    icons: tuple[WebIcons, ...] = ()
    images: tuple[WebImages, ...] = ()


class Config(Block):
    """A whole config file."""

    figma: Figma | None = None
    common: Common | None = None
    ios: Ios | None = None
    android: Android | None = None
    flutter: Flutter | None = None
    web: Web | None = None
    priority: int = 1
