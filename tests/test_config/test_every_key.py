"""Every key of the dialect changes what is exported, or says why it does not.

A case is the smallest config that has the key, and another value of it (`ABSENT`: the key is left out); what both
make of one design is compared: files, rasters, sections, renders that are asked, names for Figma, refusals.
"""

import copy
import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image

from exfig_rx.batch.entries import Fetched, entries_of
from exfig_rx.batch.export import finish
from exfig_rx.batch.planning import plan
from exfig_rx.batch.renders import Gathered
from exfig_rx.config.keys import WITHOUT_OUTPUT
from exfig_rx.config.parse import parse_config
from exfig_rx.config.schema import blocks, inner_block
from exfig_rx.errors import ExfigError
from exfig_rx.figma.endpoints import parse_components, parse_style_nodes, parse_styles
from exfig_rx.figma.variables import parse_variables
from exfig_rx.model import FileStyles
from exfig_rx.pictures import Blob, RenderFormat
from exfig_rx.sandbox import payloads
from exfig_rx.sandbox.design import Design, DesignFile

LIGHT, DARK, LIGHT_HC, DARK_HC = (f"EveryKeyFile00000000{n:02}" for n in range(4))
TOKENS, OTHER = "EveryKeyTokens00000010", "EveryKeyTokens00000011"
ABSENT: Final = object()

PLAIN = '<path d="M2.123456 2H22V22Z" fill="#0B3C49"/>'
LOSSY = '<filter id="f"><feGaussianBlur stdDeviation="2"/></filter><g filter="url(#f)"><path d="M2 2H22V22Z" fill="#0B3C49"/></g>'
LONG = f'<path d="M2 2{"L3.1234567 4.1234567L5 6" * 6000}Z" fill="#0B3C49"/>'


def frame(id_: str, name: str, *drawings: tuple[str, str], **sets: Any) -> dict[str, Any]:
    items = [{"id": f"{id_}:{n}", "name": item, "svg": svg} for n, (item, svg) in enumerate(drawings, 1)]
    return {"id": f"{id_}:0", "name": name, "components": items, **sets}


def library(fill: str, extra: Mapping[str, Any]) -> dict[str, Any]:
    variants = [
        {"id": "9:1", "name": "Size=S, Mirror=LTR", "svg": PLAIN},
        {"id": "9:2", "name": "Size=S, Mirror=RTL", "svg": PLAIN},
    ]
    states = {"sets": [{"id": "9:0", "name": "state", "components": variants}]}
    pages = [
        {
            "id": "0:1",
            "name": "One",
            "frames": [
                frame("2", "Icons", ("ic/bell", PLAIN), ("ic/bell_dark", PLAIN), ("ic/bell_night", PLAIN)),
                frame("3", "Illustrations", ("Hero", PLAIN), ("Hero_dark", PLAIN), ("Hero_night", PLAIN)),
                frame("4", "Lossy", ("ic/blur", LOSSY)),
                frame("5", "Long", ("ic/long", LONG)),
                frame("6", "Tint", ("ic/tint_o", PLAIN), ("ic/tint_d", PLAIN), ("ic/tint_t", PLAIN)),
                frame("8", "Variants", **states),
                frame("11", "Digits", ("icon24px", PLAIN)),
            ],
        },
        {
            "id": "0:2",
            "name": "Two",
            "frames": [frame("7", "Icons", ("ic/moon", PLAIN)), frame("10", "Illustrations", ("Sea", PLAIN))],
        },
    ]
    names = ("ink", "ink_dark", "ink_night", "ink_lightHC", "ink_darkHC", "ink_lh", "ink_dh", "card/fill")
    colors = [{"id": f"1:{n}", "name": name, "fill": fill} for n, name in enumerate(names, 1)]
    return {"name": "Library", "colors": colors, "pages": pages, **extra}


def font(size: float) -> dict[str, Any]:
    return {
        "fontFamily": "Inter",
        "fontSize": size,
        "lineHeightPx": size * 2,
        "lineHeightUnit": "PIXELS",
        "letterSpacing": 1,
    }


def tokens(fill: str) -> dict[str, Any]:
    modes = ["Light", "Dark", "LightHC", "DarkHC", "Odd"]
    values = [fill, "#000002", "#000003", "#000004", "{Base/sea}"]
    theme = {
        "id": "VariableCollectionId:1:1",
        "name": "Theme",
        "modes": [{"id": f"1:{n}", "name": name} for n, name in enumerate(modes)],
        "variables": [
            {"id": "VariableID:1:2", "name": "ink", "values": values},
            {"id": "VariableID:1:3", "name": "link/text", "values": ["{Base/sea}"] * 5},
        ],
    }
    other = {**theme, "id": "VariableCollectionId:3:1", "name": "Charts"}
    other["variables"] = [{"id": "VariableID:3:2", "name": "bar", "values": ["#111111"] * 5}]
    base = {
        "id": "VariableCollectionId:2:1",
        "name": "Base",
        "modes": [{"id": "2:0", "name": "First"}, {"id": "2:1", "name": "Second"}],
        "variables": [{"id": "VariableID:2:2", "name": "sea", "values": ["#0000AA", "#0000BB"]}],
    }
    return {"name": "Tokens", "plan": "enterprise", "collections": [theme, other, base]}


@cache
def design() -> Design:
    texts = {"texts": [{"id": "13:1", "name": "Body/Text", "description": "Body", "font": font(17)}]}
    files = {key: library(fill, {}) for key, fill in ((DARK, "#222222"), (LIGHT_HC, "#333333"), (DARK_HC, "#444444"))}
    files |= {LIGHT: library("#111111", texts), TOKENS: tokens("#000001"), OTHER: tokens("#00000A")}
    return Design.of({"files": files})


@cache
def styles_of(key: str) -> FileStyles:
    file = design().file(key)
    assert file is not None
    nodes = {id_: {"document": node} for id_, node in payloads.style_nodes(file).items()}
    return FileStyles(key, parse_styles({"meta": payloads.styles(file)}, key), parse_style_nodes({"nodes": nodes}, key))


def file_of(key: str) -> DesignFile:
    file = design().file(key)
    assert file is not None
    return file


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where renders lie, and a folder of templates that print nothing but their name."""
    folder = tmp_path_factory.mktemp("renders")
    (folder / "templates").mkdir()
    for name in ("UIColor+extension.swift", "colors.xml", "colors.dart", "theme.css"):
        (folder / "templates" / f"{name}.jinja").write_text(name)
    return folder


def blob(folder: Path, name: str, content: bytes) -> Blob:
    path = folder / name.replace(":", "-").replace("/", "-")
    path.write_bytes(content)
    return Blob(str(path), len(content), name)


def outcome(config: Mapping[str, Any], folder: Path) -> object:
    """What a config makes of the design, as a value to compare."""
    # JSON is YAML.
    try:
        parsed = parse_config(json.dumps(config).encode(), "config.yaml").config
        entries = entries_of(parsed)
        fetched = Fetched(
            {key: styles_of(key) for key in entries.style_files},
            {
                key: parse_components({"meta": payloads.components(file_of(key), "")}, key)
                for key in entries.component_files
            },
            {key: parse_variables({"meta": payloads.variables(file_of(key))}, key) for key in entries.variable_files},
        )
        planned = plan(entries, fetched)
        drawn = {
            (file, node, spec): blob(
                folder, f"{file}{node}{spec.format}{spec.scale:g}", render(file, node, spec.format, spec.scale)
            )
            for (file, spec), nodes in planned.needed.items()
            for node in nodes
        }
        export = finish(planned, Gathered(drawn, {}), {}, lambda _: False, can_heic=True, is_strict=False)
    except ExfigError as error:
        return [problem.code for problem in error.problems]
    files = {
        file.path: file.content if isinstance(file.content, bytes) else file.content.digest for file in export.files
    }
    return (
        files, sorted(map(repr, export.rasters)), [(one, dict(one.lines)) for one in export.sections],
        {key: list(ids) for key, ids in planned.needed.items()}, export.code_names,
    )  # fmt: skip


def render(file: str, node: str, format_: RenderFormat, scale: float) -> bytes:
    if format_ is RenderFormat.PNG:
        stream = io.BytesIO()
        size = max(1, int(24 * scale))
        Image.new("RGBA", (size, size), (1, 2, 3, 255)).save(stream, "PNG")
        return stream.getvalue()
    if format_ is RenderFormat.PDF:
        return b"%PDF-1.4 " + node.encode()
    found = {item["id"]: item["svg"] for _, _, _, item in file_of(file).components()}
    return f'<svg width="24" height="24" viewBox="0 0 24 24" fill="none" xmlns="http://www.w3.org/2000/svg">{found[node]}</svg>'.encode()


SOURCE = {"tokensFileId": TOKENS, "tokensCollectionName": "Theme", "lightModeName": "Light"}
NAMES = {"nameValidateRegexp": "^(.*)$", "nameReplaceRegexp": "x_$1"}
FIGMA: dict[str, Any] = {"figma": {"lightFileId": LIGHT}}
IOS: dict[str, Any] = {"xcassetsPath": "A.xcassets", "xcassetsInMainBundle": True}
IOS_COLORS: dict[str, Any] = {
    "useColorAssets": True,
    "assetsFolder": "C",
    "nameStyle": "camelCase",
    "colorSwift": "U.swift",
}
IOS_ICONS: dict[str, Any] = {"format": "svg", "assetsFolder": "I", "nameStyle": "camelCase", "imageSwift": "I.swift"}
IOS_IMAGES: dict[str, Any] = {"assetsFolder": "P", "nameStyle": "camelCase", "imageSwift": "P.swift", "scales": [1]}
IOS_TEXT: dict[str, Any] = {
    "nameStyle": "camelCase",
    "generateLabels": True,
    "labelsDirectory": "L",
    "fontSwift": "F.swift",
}
ANDROID: dict[str, Any] = {"mainRes": "res", "mainSrc": "src", "resourcePackage": "app.x"}
THEME: dict[str, Any] = {"enabled": True, "themeName": "T"}
BASES: dict[str, dict[str, Any]] = {
    "figma": {"ios": {**IOS, "colors": {**IOS_COLORS}}},
    "common.colors": {"ios": {**IOS, "colors": {**IOS_COLORS}}},
    "common.variablesColors": {"common": {"variablesColors": {**SOURCE, **NAMES}}, "ios": {**IOS, "colors": {**IOS_COLORS}}},
    "common.icons": {"android": {**ANDROID, "icons": {"output": "i"}}},
    "common.images": {"android": {**ANDROID, "images": {"output": "i", "format": "svg"}}},
    "common.typography": {"ios": {**IOS, "typography": {**IOS_TEXT}}},
    "ios": {"ios": {**IOS, "colors": {**IOS_COLORS}}},
    "ios.colors": {"ios": {**IOS, "colors": [{**IOS_COLORS, **SOURCE, **NAMES}]}},
    "ios.icons": {"ios": {**IOS, "icons": [{**IOS_ICONS}]}},
    "ios.images": {"ios": {**IOS, "images": [{**IOS_IMAGES}]}},
    "ios.images.heicOptions": {"ios": {**IOS, "images": [{**IOS_IMAGES, "outputFormat": "heic", "heicOptions": {"quality": 80}}]}},
    "ios.typography": {"ios": {**IOS, "typography": {**IOS_TEXT}}},
    "android": {"android": {**ANDROID, "colors": {"composePackageName": "app.ui"}}},
    "android.colors": {"android": {**ANDROID, "colors": [{**SOURCE, **NAMES}]}},
    "android.colors.themeAttributes": {"android": {**ANDROID, "colors": [{**SOURCE, "themeAttributes": THEME}]}},
    "android.colors.themeAttributes.nameTransform": {"android": {**ANDROID, "colors": [{**SOURCE, "themeAttributes": {**THEME, "nameTransform": {"prefix": "tint"}}}]}},
    "android.icons": {"android": {**ANDROID, "icons": [{"output": "i"}]}},
    "android.images": {"android": {**ANDROID, "images": [{"output": "i", "format": "webp"}]}},
    "android.images.webpOptions": {"android": {**ANDROID, "images": [{"output": "i", "format": "webp", "webpOptions": {"encoding": "lossy", "quality": 80}}]}},
    "android.typography": {"android": {**ANDROID, "typography": {"nameStyle": "snake_case"}}},
    "flutter": {"flutter": {"output": "lib", "colors": {}}},
    "flutter.colors": {"flutter": {"output": "lib", "colors": [{**SOURCE, **NAMES}]}},
    "flutter.icons": {"flutter": {"output": "lib", "icons": [{"output": "i"}]}},
    "flutter.images": {"flutter": {"output": "lib", "images": [{"output": "i"}]}},
    "flutter.images.webpOptions": {"flutter": {"output": "lib", "images": [{"output": "i", "format": "webp", "webpOptions": {"encoding": "lossy", "quality": 80}}]}},
    "web": {"web": {"output": "w", "colors": {}}},
    "web.colors": {"web": {"output": "w", "colors": [{**SOURCE, **NAMES}]}},
    "web.icons": {"web": {"output": "w", "icons": [{"outputDirectory": "c"}]}},
    "web.images": {"web": {"output": "w", "images": [{"outputDirectory": "c"}]}},
    "tokens": {"common": {"variablesColors": {**SOURCE}}, "tokens": [{"output": "t.json", "tokensFileId": TOKENS}]},
}  # fmt: skip
"""A config for each block, without `figma`; lists have one entry."""

USUAL: dict[str, Any] = {
    "nameValidateRegexp": "^nothing$", "nameReplaceRegexp": "y_$1", "tokensFileId": OTHER, "tokensCollectionName": "Charts",
    "lightModeName": "Dark", "darkModeName": "Dark", "lightHCModeName": "LightHC", "darkHCModeName": "DarkHC",
    "primitivesModeName": "Second", "nameStyle": "SCREAMING_SNAKE_CASE", "figmaFrameName": "Tint", "figmaPageName": "Two",
    "useSingleFile": True, "variantNames": "set", "rtlProperty": "Mirror", "outputDirectory": "o", "output": "other",
    "className": "Other", "composePackageName": "app.other", "templatesPath": "TEMPLATES", "assetsFolder": "Z",
    "imageSwift": "Z.swift", "swiftUIImageSwift": "Z.swift", "codeConnectSwift": "Z.figma.swift", "dartFile": "z.dart",
    "generateReactComponents": False, "codeSyntaxTemplate": "UIColor.{name}", "scales": [2], "sourceFormat": "svg", "quality": 50, "encoding": "lossless",
}  # fmt: skip
"""Another value of keys that many blocks have."""

NEEDED: dict[str, dict[str, Any]] = {
    "nameReplaceRegexp": {"nameValidateRegexp": "^(.*)$"},
    "darkHCModeName": {"darkModeName": "Dark", "lightHCModeName": "LightHC"},
    "codeSyntaxTemplate": {"syncCodeSyntax": True, "codeSyntaxTemplate": "Color.{name}"},
}
"""What else a key needs beside it in its block."""

CASES: dict[str, tuple[Any, Mapping[str, Any]]] = {
    "figma.lightFileId": (DARK, {}), "figma.darkFileId": (DARK, {}), "figma.lightHighContrastFileId": (LIGHT_HC, {}),
    "figma.darkHighContrastFileId": (DARK_HC, {"figma.darkFileId": DARK, "figma.lightHighContrastFileId": LIGHT_HC}),
    "common.colors.darkModeSuffix": ("_night", {"common.colors.useSingleFile": True}),
    "common.colors.lightHCModeSuffix": ("_lh", {"common.colors.useSingleFile": True}),
    "common.colors.darkHCModeSuffix": ("_dh", {"common.colors.useSingleFile": True}),
    "common.icons.darkModeSuffix": ("_night", {"common.icons.useSingleFile": True}),
    "common.icons.variantNames": ("set", {"common.icons.figmaFrameName": "Variants", "common.icons.rtlProperty": "Mirror"}),
    "common.icons.rtlProperty": ("Mirror", {"common.icons.figmaFrameName": "Variants"}),
    "common.icons.strictPathValidation": (True, {"common.icons.figmaFrameName": "Long"}),
    "common.images.darkModeSuffix": ("_night", {"common.images.useSingleFile": True}),
    "common.images.variantNames": ("set", {"common.images.figmaFrameName": "Variants", "common.images.rtlProperty": "Mirror"}),
    "common.images.rtlProperty": ("Mirror", {"common.images.figmaFrameName": "Variants"}),
    "ios.xcassetsPath": ("B.xcassets", {}), "ios.xcassetsInMainBundle": (False, {}),
    "ios.xcassetsInSwiftPackage": (True, {"ios.xcassetsInMainBundle": False}),
    "ios.resourceBundleNames": (["K_UI"], {"ios.xcassetsInMainBundle": False, "ios.xcassetsInSwiftPackage": True}),
    "ios.addObjcAttribute": (True, {}),
    "ios.colors.useColorAssets": (False, {}), "ios.colors.groupUsingNamespace": (True, {}),
    "ios.colors.colorSwift": ("Z.swift", {}), "ios.colors.swiftuiColorSwift": ("Z.swift", {}),
    "ios.colors.syncCodeSyntax": (True, {"ios.colors.codeSyntaxTemplate": "Color.{name}"}),
    "ios.icons.format": ("pdf", {}), "ios.icons.preservesVectorRepresentation": (["*"], {}),
    "ios.icons.renderMode": ("original", {}),
    "ios.icons.renderModeDefaultSuffix": ("_d", {"ios.icons.figmaFrameName": "Tint"}),
    "ios.icons.renderModeOriginalSuffix": ("_o", {"ios.icons.figmaFrameName": "Tint"}),
    "ios.icons.renderModeTemplateSuffix": ("_t", {"ios.icons.figmaFrameName": "Tint", "ios.icons.renderMode": "original"}),
    "ios.images.outputFormat": ("heic", {}), "ios.images.renderMode": ("original", {}),
    "ios.typography.generateLabels": (False, {}), "ios.typography.fontSwift": ("Z.swift", {}),
    "ios.typography.swiftUIFontSwift": ("Z.swift", {}), "ios.typography.labelsDirectory": ("Z", {}),
    "ios.typography.labelStyleSwift": ("Z.swift", {}),
    "android.mainRes": ("other", {}), "android.mainSrc": ("other", {}), "android.resourcePackage": ("app.y", {}),
    "android.colors.xmlOutputFileName": ("z.xml", {}), "android.colors.colorKotlin": ("Z.kt", {"android.colors.composePackageName": "a.b"}),
    "android.colors.xmlDisabled": (True, {"android.colors.composePackageName": "a.b"}),
    "android.colors.themeAttributes.enabled": (False, {}), "android.colors.themeAttributes.themeName": ("Other", {}),
    "android.colors.themeAttributes.attrsFile": ("values/z.xml", {}),
    "android.colors.themeAttributes.stylesFile": ("values/z.xml", {}),
    "android.colors.themeAttributes.stylesNightFile": ("values-night/z.xml", {}),
    "android.colors.themeAttributes.markerStart": ("ZS", {}), "android.colors.themeAttributes.markerEnd": ("ZE", {}),
    "android.colors.themeAttributes.autoCreateMarkers": (True, {}),
    "android.colors.themeAttributes.nameTransform.style": ("snake_case", {}),
    "android.colors.themeAttributes.nameTransform.prefix": ("z", {}),
    "android.colors.themeAttributes.nameTransform.stripPrefixes": (["link_"], {}),
    "android.icons.nameStyle": ("camelCase", {}), "web.icons.nameStyle": ("PascalCase", {"web.icons.figmaFrameName": "Digits"}),
    "android.icons.composeFormat": ("imageVector", {"android.icons.composePackageName": "a.b"}),
    "android.icons.composeExtensionTarget": ("a.Z", {"android.icons.composePackageName": "a.b", "android.icons.composeFormat": "imageVector"}),
    "android.icons.strictPathValidation": (True, {"android.icons.figmaFrameName": "Long"}),
    "android.icons.pathPrecision": (1, {}), "android.icons.vectorLoss": ("fail", {"android.icons.figmaFrameName": "Lossy"}),
    "android.icons.composeMaterial": (3, {"android.icons.composePackageName": "a.b"}),
    "android.images.format": ("png", {}),
    "android.images.vectorLoss": ("fail", {"android.images.figmaFrameName": "Lossy", "android.images.format": "svg"}),
    "flutter.images.format": ("webp", {}),
    "tokens.output": ("z.json", {}), "tokens.split": ("none", {"tokens.output": "t", "tokens.split": "mode"}), "tokens.kinds": (["colors"], {}),
    "tokens.nameStyle": ("PascalCase", {}), "tokens.modeNames": (["Dark"], {}),
    "web.colors.cssFileName": ("z.css", {}), "web.colors.tsFileName": ("z.ts", {}), "web.colors.jsonFileName": ("z.json", {}),
    "web.icons.svgDirectory": ("z", {}), "web.icons.iconSize": (16, {}), "web.icons.currentColor": ("all", {}),
    "web.images.assetsDirectory": ("z", {}), "web.images.imageImport": ("relative", {}), "web.images.imageBase": ("/z/", {}),
}  # fmt: skip
"""Another value of a key, and what must be set on both sides for it to count."""


def leaves() -> list[str]:
    """Every key that holds a value."""
    return [
        f"{path}.{field.alias or name}".lstrip(".")
        for path, block in blocks().items()
        for name, field in block.model_fields.items()
        if inner_block(field.annotation) is None
    ]


def put(config: dict[str, Any], path: str, value: object) -> None:
    *way, last = path.split(".")
    at: Any = config
    for part in way:
        at = at.setdefault(part, {})
        at = at[0] if isinstance(at, list) else at
    if value is ABSENT:
        at.pop(last, None)
    else:
        at[last] = value


def pair(path: str, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The config without and with another value of a key."""
    block, _, key = path.rpartition(".")
    value, needed = CASES.get(
        path, (USUAL.get(key), {f"{block}.{name}": one for name, one in NEEDED.get(key, {}).items()})
    )
    assert value is not None, (
        f"{path}: write another value of it into CASES or USUAL, or its reason into WITHOUT_OUTPUT"
    )
    base = copy.deepcopy({**FIGMA, **BASES[block]})
    for other, its_value in needed.items():
        put(base, other, its_value)
    changed = copy.deepcopy(base)
    put(changed, path, str(folder / "templates") if value == "TEMPLATES" else value)
    return base, changed


@pytest.mark.parametrize("path", [path for path in leaves() if path not in WITHOUT_OUTPUT])
def test_a_key_changes_what_is_exported(path: str, shelf: Path) -> None:
    base, changed = pair(path, shelf)
    before = outcome(base, shelf)
    assert not isinstance(before, list), f"the config without {path} is refused: {before}"
    assert outcome(changed, shelf) != before


def test_every_reason_is_about_a_key_that_there_is() -> None:
    assert set(WITHOUT_OUTPUT) <= set(leaves())
