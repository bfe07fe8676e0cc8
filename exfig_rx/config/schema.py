"""The config dialect as typed, frozen models: one class per block, one field per key, defaults included.

In: mappings of the YAML tree, or plain Python values. Out: models. Rule: attribute names are the keys in snake_case,
values that would mean something else to somebody else are refused by the types of `values`. What a key is for, and a
usual value of it, is written in `keys.yaml`, beside the class that declares it.
"""

from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from exfig_rx.config.nodes import MappingNode, child_key
from exfig_rx.config.values import (
    WORD,
    AndroidScales,
    Entries,
    FileId,
    FileName,
    FilePath,
    Flag,
    FlutterScales,
    Folder,
    Identifier,
    IosScales,
    Material,
    Name,
    OwnTree,
    Package,
    PathRole,
    Percent,
    Positive,
    Precision,
    Regexp,
    Replacement,
    Seconds,
    Several,
    Text,
    Texts,
    ThemeFile,
    Tree,
)


class NameStyle(StrEnum):
    """The words of every `nameStyle` key."""

    CAMEL = "camelCase"
    SNAKE = "snake_case"
    PASCAL = "PascalCase"
    KEBAB = "kebab-case"
    SCREAMING = "SCREAMING_SNAKE_CASE"


Style: TypeAlias = Annotated[NameStyle, WORD]
VectorFormat: TypeAlias = Annotated[Literal["pdf", "svg"], WORD]
ImageFormat: TypeAlias = Annotated[Literal["svg", "png", "webp"], WORD]
SourceFormat: TypeAlias = Annotated[Literal["png", "svg"], WORD]
CatalogFormat: TypeAlias = Annotated[Literal["png", "heic"], WORD]
Encoding: TypeAlias = Annotated[Literal["lossy", "lossless"], WORD]
RenderMode: TypeAlias = Annotated[Literal["default", "original", "template"], WORD]
ComposeFormat: TypeAlias = Annotated[Literal["resourceReference", "imageVector"], WORD]
VariantNames: TypeAlias = Annotated[Literal["variant", "set"], WORD]
OnLoss: TypeAlias = Annotated[Literal["warn", "fail"], WORD]
CurrentColor: TypeAlias = Annotated[Literal["off", "auto", "all"], WORD]
AssetImport: TypeAlias = Annotated[Literal["none", "relative"], WORD]
Split: TypeAlias = Annotated[Literal["none", "mode"], WORD]
TokenKind: TypeAlias = Annotated[Literal["colors", "numbers", "strings", "typography"], WORD]


class Block(BaseModel):
    """A mapping of the config. Attribute names are the keys in snake_case; exceptions carry an alias."""

    model_config = ConfigDict(  # built when first needed: only the whole file is ever validated, not each block
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def _nulls_are_absent(cls, value: object) -> object:
        if isinstance(value, MappingNode) and value.has_null:
            known = keys_of(cls)
            return {key: item for key, item in value.items() if value.has(key) or key not in known}
        return value


class NameRegexps(Block):
    """`nameValidateRegexp` and `nameReplaceRegexp`."""

    name_validate_regexp: Regexp | None = None
    name_replace_regexp: Replacement | None = None


class VariablesSource(NameRegexps):
    """Colors from variables: `common.variablesColors`, and inside each list-form color entry."""

    tokens_file_id: FileId
    tokens_collection_name: Name
    light_mode_name: Name
    dark_mode_name: Name | None = None
    light_hc_mode_name: Name | None = Field(default=None, alias="lightHCModeName")
    dark_hc_mode_name: Name | None = Field(default=None, alias="darkHCModeName")
    primitives_mode_name: Name | None = None


class ColorEntryBlock(NameRegexps):
    """What every color entry may hold: in the list form its own source, in the object form none of these keys."""

    tokens_file_id: FileId | None = None
    tokens_collection_name: Name | None = None
    light_mode_name: Name | None = None
    dark_mode_name: Name | None = None
    light_hc_mode_name: Name | None = Field(default=None, alias="lightHCModeName")
    dark_hc_mode_name: Name | None = Field(default=None, alias="darkHCModeName")
    primitives_mode_name: Name | None = None

    def variables_source(self) -> VariablesSource | None:
        """The entry's own source, or None in the object form."""
        if self.tokens_file_id is None:
            return None
        own = {name: getattr(self, name) for name in VariablesSource.model_fields}
        return VariablesSource.model_validate(own)


class Figma(Block):
    """`figma`."""

    light_file_id: FileId | None = None
    dark_file_id: FileId | None = None
    light_high_contrast_file_id: FileId | None = None
    dark_high_contrast_file_id: FileId | None = None
    timeout: Seconds | None = None
    rate_limit: Positive | None = None


class Cache(Block):
    """`common.cache`."""

    enabled: Flag = True
    path: FilePath | None = None


class CommonColors(NameRegexps):
    """`common.colors`."""

    use_single_file: Flag = False
    dark_mode_suffix: Name = "_dark"
    light_hc_mode_suffix: Name = Field(default="_lightHC", alias="lightHCModeSuffix")
    dark_hc_mode_suffix: Name = Field(default="_darkHC", alias="darkHCModeSuffix")


class CommonIcons(NameRegexps):
    """`common.icons`."""

    figma_frame_name: Name = "Icons"
    figma_page_name: Name | None = None
    use_single_file: Flag = False
    dark_mode_suffix: Name = "_dark"
    variant_names: VariantNames = "variant"
    rtl_property: Name | None = None
    strict_path_validation: Flag = False


class CommonImages(NameRegexps):
    """`common.images`."""

    figma_frame_name: Name = "Illustrations"
    figma_page_name: Name | None = None
    use_single_file: Flag = False
    dark_mode_suffix: Name = "_dark"
    variant_names: VariantNames = "variant"
    rtl_property: Name | None = None


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

    use_color_assets: Flag
    assets_folder: Tree | None = None
    name_style: Style
    group_using_namespace: Flag = False
    color_swift: FilePath | None = None
    swiftui_color_swift: FilePath | None = None
    sync_code_syntax: Flag = False
    code_syntax_template: Name | None = None


class IosIcons(NameRegexps):
    """`ios.icons`."""

    figma_frame_name: Name | None = None
    figma_page_name: Name | None = None
    format: VectorFormat
    assets_folder: Tree
    name_style: Style
    preserves_vector_representation: Texts = ()
    image_swift: FilePath | None = None
    swift_ui_image_swift: FilePath | None = Field(default=None, alias="swiftUIImageSwift")
    code_connect_swift: FilePath | None = None
    render_mode: RenderMode = "template"
    render_mode_default_suffix: Text | None = None
    render_mode_original_suffix: Text | None = None
    render_mode_template_suffix: Text | None = None


class HeicOptions(Block):
    """`heicOptions`."""

    encoding: Encoding = "lossy"
    quality: Percent = 90


class WebpOptions(Block):
    """`webpOptions`."""

    encoding: Encoding
    quality: Percent = 90


class IosImages(NameRegexps):
    """`ios.images`."""

    figma_frame_name: Name | None = None
    figma_page_name: Name | None = None
    assets_folder: Tree
    name_style: Style
    scales: IosScales = (1, 2, 3)
    image_swift: FilePath | None = None
    swift_ui_image_swift: FilePath | None = Field(default=None, alias="swiftUIImageSwift")
    code_connect_swift: FilePath | None = None
    source_format: SourceFormat = "png"
    output_format: CatalogFormat = "png"
    heic_options: HeicOptions | None = None
    render_mode: RenderMode | None = None
    render_mode_default_suffix: Text | None = None
    render_mode_original_suffix: Text | None = None
    render_mode_template_suffix: Text | None = None


class IosTypography(Block):
    """`ios.typography`."""

    name_style: Style
    generate_labels: Flag
    font_swift: FilePath | None = None
    swift_ui_font_swift: FilePath | None = Field(default=None, alias="swiftUIFontSwift")
    labels_directory: FilePath | None = None
    label_style_swift: FilePath | None = None


class Ios(Block):
    """`ios`."""

    xcodeproj_path: FilePath | None = None
    target: Name | None = None
    xcassets_path: FilePath
    xcassets_in_main_bundle: Flag
    xcassets_in_swift_package: Flag | None = None
    resource_bundle_names: Texts = ()
    add_objc_attribute: Flag = False
    templates_path: FilePath | None = None
    colors: Entries[IosColors] = ()
    icons: Entries[IosIcons] = ()
    images: Entries[IosImages] = ()
    typography: IosTypography | None = None


class NameTransform(Block):
    """`nameTransform` of theme attributes."""

    style: Style = NameStyle.PASCAL
    prefix: Text = "color"
    strip_prefixes: Texts = ()


class ThemeAttributes(Block):
    """`android.colors.themeAttributes`."""

    enabled: Flag = False
    theme_name: Name
    attrs_file: ThemeFile = "values/attrs.xml"
    styles_file: ThemeFile = "values/styles.xml"
    styles_night_file: ThemeFile = "values-night/styles.xml"
    marker_start: Name = "FIGMA COLORS MARKER START"
    marker_end: Name = "FIGMA COLORS MARKER END"
    auto_create_markers: Flag = False
    # not `NameTransform()`, which would build validators for this block alone whenever this module is imported
    name_transform: NameTransform = NameTransform.model_construct()


class AndroidColors(ColorEntryBlock):
    """`android.colors`."""

    xml_output_file_name: FileName = "colors.xml"
    xml_disabled: Flag = False
    compose_package_name: Package | None = None
    color_kotlin: FilePath | None = None
    theme_attributes: ThemeAttributes | None = None


class AndroidIcons(NameRegexps):
    """`android.icons`."""

    output: Tree
    figma_frame_name: Name | None = None
    figma_page_name: Name | None = None
    name_style: Style = NameStyle.SNAKE
    compose_package_name: Package | None = None
    compose_format: ComposeFormat = "resourceReference"
    compose_extension_target: Package | None = None
    strict_path_validation: Flag | None = None
    path_precision: Precision = 4
    vector_loss: OnLoss = "warn"
    compose_material: Material = 2


class AndroidImages(NameRegexps):
    """`android.images`."""

    output: Tree
    figma_frame_name: Name | None = None
    figma_page_name: Name | None = None
    format: ImageFormat
    scales: AndroidScales = (1, 1.5, 2, 3, 4)
    webp_options: WebpOptions | None = None
    source_format: SourceFormat = "png"
    vector_loss: OnLoss = "warn"


class AndroidTypography(Block):
    """`android.typography`."""

    name_style: Style
    compose_package_name: Package | None = None


class Android(Block):
    """`android`."""

    main_res: FilePath
    main_src: FilePath | None = None
    resource_package: Package | None = None
    templates_path: FilePath | None = None
    colors: Entries[AndroidColors] = ()
    icons: Entries[AndroidIcons] = ()
    images: Entries[AndroidImages] = ()
    typography: AndroidTypography | None = None


class FlutterColors(ColorEntryBlock):
    """`flutter.colors`."""

    output: FileName = "colors.dart"
    class_name: Identifier = "AppColors"


class FlutterIcons(NameRegexps):
    """`flutter.icons`."""

    output: OwnTree
    dart_file: FileName = "icons.dart"
    class_name: Identifier = "AppIcons"
    figma_frame_name: Name | None = None
    figma_page_name: Name | None = None
    name_style: Style = NameStyle.SNAKE


class FlutterImages(NameRegexps):
    """`flutter.images`."""

    output: OwnTree
    dart_file: FileName = "images.dart"
    class_name: Identifier = "AppImages"
    format: ImageFormat = "png"
    scales: FlutterScales = (1, 2, 3)
    webp_options: WebpOptions | None = None
    source_format: SourceFormat = "png"
    name_style: Style = NameStyle.SNAKE
    figma_frame_name: Name | None = None
    figma_page_name: Name | None = None


class Flutter(Block):
    """`flutter`."""

    output: FilePath
    templates_path: FilePath | None = None
    colors: Entries[FlutterColors] = ()
    icons: Entries[FlutterIcons] = ()
    images: Entries[FlutterImages] = ()


class WebColors(ColorEntryBlock):
    """`web.colors`."""

    output_directory: Folder | None = None
    css_file_name: FileName = "theme.css"
    ts_file_name: FileName = "variables.ts"
    json_file_name: FileName | None = None


class WebIcons(NameRegexps):
    """`web.icons`."""

    output_directory: Folder = "."
    svg_directory: Tree = "assets/icons"
    generate_react_components: Flag = True
    icon_size: Positive | None = None
    current_color: CurrentColor = "off"
    figma_frame_name: Name | None = None
    figma_page_name: Name | None = None
    name_style: Style = NameStyle.SNAKE


class WebImages(NameRegexps):
    """`web.images`."""

    output_directory: Folder = "."
    assets_directory: Tree = "assets/images"
    generate_react_components: Flag = True
    image_import: AssetImport = "none"
    image_base: Text | None = None
    figma_frame_name: Name | None = None
    figma_page_name: Name | None = None


class Web(Block):
    """`web`."""

    output: FilePath
    templates_path: FilePath | None = None
    colors: Entries[WebColors] = ()
    icons: Entries[WebIcons] = ()
    images: Entries[WebImages] = ()


class Tokens(Block):
    """`tokens`."""

    output: FilePath
    split: Split = "none"
    kinds: Several[TokenKind] | None = None
    name_style: Style | None = None
    tokens_file_id: FileId | None = None
    tokens_collection_name: Name | None = None
    mode_names: Several[Name] | None = None
    primitives_mode_name: Name | None = None


class Config(Block):
    """A whole config file."""

    figma: Figma | None = None
    common: Common | None = None
    ios: Ios | None = None
    android: Android | None = None
    flutter: Flutter | None = None
    web: Web | None = None
    tokens: Entries[Tokens] = ()
    priority: Positive = 1


@cache
def keys_of(block: type[Block]) -> frozenset[str]:
    """The keys of a block as they are written in YAML."""
    return frozenset(field.alias or name for name, field in block.model_fields.items())


@cache
def path_roles(block: type[Block]) -> dict[str, PathRole]:
    """The keys of a block that are paths."""
    found: dict[str, PathRole] = {}
    for name, field in block.model_fields.items():
        optional = [part for part in get_args(field.annotation) if get_args(part)]
        marks = [*field.metadata, *(mark for part in optional for mark in get_args(part))]
        roles = [mark for mark in marks if isinstance(mark, PathRole)]
        if roles:
            found[field.alias or name] = roles[0]
    return found


@cache
def blocks() -> dict[str, type[Block]]:
    """Every block by its key path without indices, the whole file being the empty path."""
    found: dict[str, type[Block]] = {"": Config}
    pending: list[tuple[str, type[Block]]] = [("", Config)]
    while pending:
        path, block = pending.pop(0)
        for name, field in block.model_fields.items():
            inner = inner_block(field.annotation)
            if inner is not None:
                found[child_key(path, field.alias or name)] = inner
                pending.append((child_key(path, field.alias or name), inner))
    return found


def inner_block(annotation: Any) -> type[Block] | None:
    """The block that a field's type holds: itself, optional, or in a tuple."""
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return annotation
    return next((found for part in get_args(annotation) if (found := inner_block(part)) is not None), None)
