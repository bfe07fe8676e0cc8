"""Which files and folders a config will own, from the config alone.

In: a valid `Config`. Out: every path with the key that claims it. Rule: each output of a renderer lies in a path that
is claimed here, so that overlaps between configs are known before the first request.
"""

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from exfig_rx.config.schema import Android, AndroidColors, Config, Flutter, Ios, Tokens, Web
from exfig_rx.model import Location, Problem

RESOLVER_FILE = "tokens.resolver.json"
"""The file beside those of the modes that tells which ones there are."""


class Claim(StrEnum):
    """How a path is owned."""

    FILE = "file"
    TREE = "tree"
    """A folder with everything in it."""
    NAMES = "names"
    """Files directly in a folder, named by Figma."""
    SHARED = "shared"
    """A file of the user in which one section is ours."""


@dataclass(frozen=True, slots=True)
class Owned:
    """One claim; `path` as configured, relative to the output root. `section` tells sections of a shared file apart.

    `is_merged`: a file that entries of one config write together.
    """

    path: str
    key: str
    claim: Claim
    section: str = ""
    is_merged: bool = False


def owned(config: Config) -> tuple[Owned, ...]:
    """Every claim of `config`, in the order of its keys."""
    found: list[Owned] = []
    if config.ios is not None:
        found += _ios(config.ios)
    if config.android is not None:
        found += _android(config.android)
    if config.flutter is not None:
        found += _flutter(config.flutter)
    if config.web is not None:
        found += _web(config.web)
    found += _tokens(config.tokens)
    return tuple(found)


def clashes_within(config: Config) -> tuple[Problem, ...]:
    """Files that two entries of `config` would both write; folders that entries share are merged instead.

    A file with a section of ours must not be generated as a whole.
    """
    by_path: dict[str, list[Owned]] = defaultdict(list)
    for claim in owned(config):
        if claim.claim in (Claim.FILE, Claim.SHARED):
            by_path[posixpath.normpath(claim.path)].append(claim)
    return tuple(
        Problem(
            "config.same-target",
            f"{first.key} and {second.key} both write {path}",
            f"Give one of them another name: set {second.key}.",
            Location(key=second.key),
        )
        for path, (first, *others) in by_path.items()
        for second in others
        if not _together(first, second)
    )


def _together(one: Owned, other: Owned) -> bool:
    """Whether both may have a part in the file: attributes are declared and set in sections of their own."""
    if one.claim is other.claim is Claim.SHARED:
        kinds = {claim.key.endswith(".attrsFile") for claim in (one, other)}
        return one.section != other.section or len(kinds) == 1
    return one.is_merged and other.is_merged


def _entries(platform: str, kind: str, entries: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """Each entry with its key path; an index only where the config has (or may have) a list."""
    for index, entry in enumerate(entries):
        listed = len(entries) > 1 or getattr(entry, "tokens_file_id", None) is not None
        yield (f"{platform}.{kind}[{index}]" if listed else f"{platform}.{kind}"), entry


def _joined(*parts: str | None) -> str:
    return "/".join(part.rstrip("/") or "/" if i == 0 else part.strip("/") for i, part in enumerate(parts) if part)


def _files(key: str, paths: dict[str, str | None]) -> Iterator[Owned]:
    for name, path in paths.items():
        if path:
            yield Owned(path, f"{key}.{name}", Claim.FILE)


def _ios(ios: Ios) -> Iterator[Owned]:
    for key, colors in _entries("ios", "colors", ios.colors):
        if colors.use_color_assets and colors.assets_folder:
            yield Owned(_joined(ios.xcassets_path, colors.assets_folder), f"{key}.assetsFolder", Claim.TREE)
        yield from _files(key, {"colorSwift": colors.color_swift, "swiftuiColorSwift": colors.swiftui_color_swift})
    for kind, entries in (("icons", ios.icons), ("images", ios.images)):
        for key, entry in _entries("ios", kind, entries):
            yield Owned(_joined(ios.xcassets_path, entry.assets_folder), f"{key}.assetsFolder", Claim.TREE)
            yield from _files(
                key,
                {
                    "imageSwift": entry.image_swift,
                    "swiftUIImageSwift": entry.swift_ui_image_swift,
                    "codeConnectSwift": entry.code_connect_swift,
                },
            )
    if ios.typography is not None:
        type_ = ios.typography
        key = "ios.typography"
        yield from _files(key, {"fontSwift": type_.font_swift, "swiftUIFontSwift": type_.swift_ui_font_swift})
        if type_.generate_labels and type_.labels_directory:
            for name in ("Label.swift", "LabelStyle.swift"):
                yield Owned(_joined(type_.labels_directory, name), f"{key}.labelsDirectory", Claim.FILE)
            yield from _files(key, {"labelStyleSwift": type_.label_style_swift})


def _android(android: Android) -> Iterator[Owned]:
    for key, colors in _entries("android", "colors", android.colors):
        yield from _android_colors(android, key, colors)
    for key, icons in _entries("android", "icons", android.icons):
        package = _package(android, icons.compose_package_name)
        if icons.compose_format == "imageVector":
            if package:
                yield Owned(package, f"{key}.composePackageName", Claim.NAMES)
            continue
        for folder in ("drawable", "drawable-night"):
            yield Owned(_joined(android.main_res, icons.output, folder), f"{key}.output", Claim.TREE)
        if package and android.resource_package:
            yield Owned(_joined(package, "Icons.kt"), f"{key}.composePackageName", Claim.FILE, is_merged=True)
    for key, images in _entries("android", "images", android.images):
        folders = ("drawable", "drawable-night") if images.format == "svg" else ("",)
        for folder in folders:
            yield Owned(_joined(android.main_res, images.output, folder), f"{key}.output", Claim.TREE)
    if android.typography is not None:
        key = "android.typography"
        yield Owned(_joined(android.main_res, "values/typography.xml"), key, Claim.FILE)
        package = _package(android, android.typography.compose_package_name)
        if package and android.resource_package:
            yield Owned(_joined(package, "Typography.kt"), f"{key}.composePackageName", Claim.FILE)


def _android_colors(android: Android, key: str, colors: AndroidColors) -> Iterator[Owned]:
    if not colors.xml_disabled:
        for folder in ("values", "values-night"):
            path = _joined(android.main_res, folder, colors.xml_output_file_name)
            yield Owned(path, f"{key}.xmlOutputFileName", Claim.FILE)
    if colors.compose_package_name:
        package = _package(android, colors.compose_package_name)
        if colors.color_kotlin:
            yield Owned(colors.color_kotlin, f"{key}.colorKotlin", Claim.FILE)
        elif package and android.resource_package:
            yield Owned(_joined(package, "Colors.kt"), f"{key}.composePackageName", Claim.FILE)
    theme = colors.theme_attributes
    if theme is not None and theme.enabled:
        files = {"attrsFile": theme.attrs_file, "stylesFile": theme.styles_file}
        for name, path in {**files, "stylesNightFile": theme.styles_night_file}.items():
            section = f"{theme.marker_start}: {theme.theme_name}"
            yield Owned(_joined(android.main_res, path), f"{key}.themeAttributes.{name}", Claim.SHARED, section)


def _package(android: Android, name: str | None) -> str | None:
    return _joined(android.main_src, name.replace(".", "/")) if android.main_src and name else None


def _flutter(flutter: Flutter) -> Iterator[Owned]:
    for key, colors in _entries("flutter", "colors", flutter.colors):
        yield Owned(_joined(flutter.output, colors.output), f"{key}.output", Claim.FILE)
    for kind, entries in (("icons", flutter.icons), ("images", flutter.images)):
        for key, entry in _entries("flutter", kind, entries):
            yield Owned(_joined(flutter.output, entry.dart_file), f"{key}.dartFile", Claim.FILE)
            yield Owned(_joined(entry.output), f"{key}.output", Claim.TREE)


def _web(web: Web) -> Iterator[Owned]:
    for key, colors in _entries("web", "colors", web.colors):
        names = {"cssFileName": colors.css_file_name, "tsFileName": colors.ts_file_name}
        for name, file in {**names, "jsonFileName": colors.json_file_name}.items():
            if file:
                yield Owned(_joined(web.output, colors.output_directory, file), f"{key}.{name}", Claim.FILE)
    for kind, entries in (("icons", web.icons), ("images", web.images)):
        for key, entry in _entries("web", kind, entries):
            assets, name = (
                (entry.svg_directory, "svgDirectory")
                if kind == "icons"
                else (entry.assets_directory, "assetsDirectory")
            )
            yield Owned(_joined(web.output, assets), f"{key}.{name}", Claim.TREE)
            if entry.generate_react_components:
                directory = _joined(web.output, entry.output_directory)
                yield Owned(directory, f"{key}.outputDirectory", Claim.NAMES)
                for file in ("index.ts", "types.ts"):
                    yield Owned(_joined(directory, file), f"{key}.outputDirectory", Claim.FILE, is_merged=True)


def _tokens(blocks: tuple[Tokens, ...]) -> Iterator[Owned]:
    for index, block in enumerate(blocks):
        key = f"tokens[{index}].output" if len(blocks) > 1 else "tokens.output"
        if block.split == "none":
            yield Owned(block.output, key, Claim.FILE)
        else:
            yield Owned(block.output, key, Claim.NAMES)
            yield Owned(_joined(block.output, RESOLVER_FILE), key, Claim.FILE)
