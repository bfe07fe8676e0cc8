"""Renderers: the colors of one config entry become files, ready to be written.

In: a `ColorEntry`, its colors, its templates. Out: `Rendered`. What every renderer promises, and one suite tests:
pure (but for reading templates); the same bytes for the same colors, in whatever order they come; no file outside the
places that the config names; files that parse in their language whatever a designer called a color; and one
`DesignError` with every color that can't be exported.
"""

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import Android, AndroidColors, Flutter, FlutterColors, Ios, IosColors, Web, WebColors
from exfig_rx.export.android import render_android_colors
from exfig_rx.export.flutter import render_flutter_colors
from exfig_rx.export.ios import render_ios_colors
from exfig_rx.export.templates import Templates
from exfig_rx.export.web import render_web_colors
from exfig_rx.model import Rendered, ThemedColor


def render_colors(entry: ColorEntry, colors: tuple[ThemedColor, ...], templates: Templates) -> Rendered:
    """The files of one color entry, and what people should know about them.

    Paths are as configured, joined with `/`, relative to the output root. Raises DesignError if names can't be
    exported, ConfigError if a key is missing that this output needs, TemplateError if a user's template fails.
    """
    match entry.section, entry.settings:
        case Ios() as section, IosColors() as settings:
            return render_ios_colors(entry, section, settings, colors, templates)
        case Android() as section, AndroidColors() as settings:
            return render_android_colors(entry, section, settings, colors, templates)
        case Flutter() as section, FlutterColors() as settings:
            return render_flutter_colors(entry, section, settings, colors, templates)
        case Web() as section, WebColors() as settings:
            return render_web_colors(entry, section, settings, colors, templates)
        case section, settings:
            raise ValueError(f"{entry.key}: {type(settings).__name__} inside {type(section).__name__}")
