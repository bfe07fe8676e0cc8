"""Renderers: colors, icons and images become files, ready to be written.

In: the colors of one entry, or the pictures of all entries of one platform, and templates. Out: `Rendered`. What every
renderer promises, and one suite tests: pure (but for reading templates and blobs); the same bytes for the same assets,
in whatever order they come; no file outside the places that the config names; files that parse in their language
whatever a designer called an asset; and one `DesignError` with every asset that can't be exported. A platform's
modules are imported when it is first exported: few runs need all of them, and each costs a short run some of its time.
"""

from collections.abc import Sequence
from dataclasses import replace

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import (
    Android,
    AndroidColors,
    AndroidTypography,
    Flutter,
    FlutterColors,
    Ios,
    IosColors,
    IosTypography,
    Web,
    WebColors,
)
from exfig_rx.config.typography_entries import TypographyEntry
from exfig_rx.export.pictures import Exists, PictureSet
from exfig_rx.export.templates import Templates
from exfig_rx.model import Platform, Rendered, ThemedColor
from exfig_rx.text_styles import TextStyle


def render_colors(entry: ColorEntry, colors: tuple[ThemedColor, ...], templates: Templates) -> Rendered:
    """The files of one color entry, and what people should know about them.

    Paths are as configured, joined with `/`, relative to the output root. Raises DesignError if names can't be
    exported, ConfigError if a key is missing that this output needs, TemplateError if a user's template fails.
    """
    match entry.section, entry.settings:
        case Ios() as section, IosColors() as settings:
            from exfig_rx.export.ios import render_ios_colors

            return render_ios_colors(entry, section, settings, colors, templates)
        case Android() as section, AndroidColors() as settings:
            from exfig_rx.export.android import render_android_colors

            return render_android_colors(entry, section, settings, colors, templates)
        case Flutter() as section, FlutterColors() as settings:
            from exfig_rx.export.flutter import render_flutter_colors

            return render_flutter_colors(entry, section, settings, colors, templates)
        case Web() as section, WebColors() as settings:
            from exfig_rx.export.web import render_web_colors

            return render_web_colors(entry, section, settings, colors, templates)
        case section, settings:
            raise ValueError(f"{entry.key}: {type(settings).__name__} inside {type(section).__name__}")


def name_in_code(entry: ColorEntry, color: ThemedColor) -> str:
    """What the code of `entry` calls `color`; its final name on platforms whose code syntax is not written to Figma."""
    if not isinstance(entry.settings, IosColors):
        return color.name
    from exfig_rx.export.ios import swift_name

    return swift_name(color, entry.settings)


def render_typography(entry: TypographyEntry, styles: tuple[TextStyle, ...], templates: Templates) -> Rendered:
    """The files of the text styles of one platform. Raises as `render_colors` does."""
    match entry.section, entry.settings:
        case Ios() as section, IosTypography() as settings:
            from exfig_rx.export.ios_typography import render_ios_typography

            return render_ios_typography(entry, section, settings, styles, templates)
        case Android() as section, AndroidTypography() as settings:
            from exfig_rx.export.android_typography import render_android_typography

            return render_android_typography(entry, section, settings, styles, templates)
        case section, settings:
            raise ValueError(f"{entry.key}: {type(settings).__name__} inside {type(section).__name__}")


def render_pictures(
    platform: Platform, sets: Sequence[PictureSet], templates: Templates, exists: Exists, *, can_heic: bool
) -> Rendered:
    """The files of all icons and images of one platform and config, and what people should know about them.

    Entries that share a folder or a file give it together. `exists` tells whether an earlier run left a file,
    `can_heic` whether HEIC can be made. Raises DesignError if names can't be exported, ConfigError if entries
    contradict each other, TemplateError if a user's template fails.
    """
    match platform:
        case Platform.IOS:
            from exfig_rx.export.ios_pictures import render_ios_pictures

            return render_ios_pictures(sets, templates, exists, can_heic=can_heic)
        case Platform.ANDROID:
            from exfig_rx.export.android_pictures import render_android_pictures

            return render_android_pictures(sets, templates, exists)
        case Platform.FLUTTER:
            from exfig_rx.export.flutter_pictures import render_flutter_pictures

            return render_flutter_pictures(sets, templates, exists)
        case Platform.WEB:
            from exfig_rx.export.web_pictures import render_web_pictures

            return render_web_pictures(sets, templates, exists)


def rehearse_pictures(platform: Platform, sets: Sequence[PictureSet], templates: Templates) -> None:
    """Everything that can fail before there is a render: names and templates. Raises as `render_pictures` does."""
    without_renders = [
        replace(one, pictures=tuple(replace(picture, is_kept=True) for picture in one.pictures)) for one in sets
    ]
    render_pictures(platform, without_renders, templates, lambda _: True, can_heic=True)
