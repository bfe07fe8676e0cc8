"""Colors for Flutter: one Dart file.

In: the colors of one entry under their camelCase names. Out: a class of constants and one for dark values, or, as soon
as a color has a high-contrast value, one class with four colors a constant. Rule: every constant is a public Dart
identifier that neither the language nor its class has taken.
"""

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import Flutter, FlutterColors
from exfig_rx.export.channels import hex_argb
from exfig_rx.export.files import joined, text_file
from exfig_rx.export.names import ascii_identifier, clashes, faults, in_order, name_fault, refuse, renamed, reserved
from exfig_rx.export.templates import Templates
from exfig_rx.model import Rendered, Rgba, ThemedColor


def render_flutter_colors(
    entry: ColorEntry, section: Flutter, settings: FlutterColors, colors: tuple[ThemedColor, ...], templates: Templates
) -> Rendered:
    """The Dart file of one `flutter.colors` entry. Raises as `render_colors` does."""
    ordered = in_order(colors)
    unified = any(color.light_hc is not None or color.dark_hc is not None for color in ordered)
    taken = taken_names(settings.class_name) | {f"{settings.class_name}Dark"}
    taken |= reserved("dart_fields") if unified else frozenset()
    named = [(name, color) for color in ordered for name in [constant_name(color.name, taken)] if name is not None]
    refuse(
        [
            *faults(entry, ordered, name_fault),
            *faults(entry, ordered, lambda color: script_fault(color.name)),
            *clashes(entry, named, "constant"),
        ]
    )
    dark = [(name, color.dark) for name, color in named if color.dark is not None]
    context = {
        "className": settings.class_name,
        "isUnifiedMode": unified,
        "colors": [{"name": name, "hex": _hex(color.light)} for name, color in named],
        "darkColors": [{"name": name, "hex": _hex(value)} for name, value in dark],
        "hasDarkColors": bool(dark),
        "unifiedColors": [_four(name, color) for name, color in named] if unified else [],
    }
    file = text_file(joined(section.output, settings.output), templates.render("colors.dart", context))
    changed = [(color, name) for name, color in named if name.rstrip("_") != color.name.rstrip("_")]
    return Rendered((file,), tuple(renamed(entry, changed, "Dart constant")))


def constant_name(name: str, taken: frozenset[str]) -> str | None:
    """`name` as a public Dart constant, or None if it is of another script: Dart's identifiers are ASCII.

    A `$` goes before a leading digit or underscore (which would make it private), a `_` behind a name that is `taken`.
    """
    plain = ascii_identifier(name)
    if not plain:
        return None
    public = plain if plain[0].isalpha() else f"${plain}"
    return f"{public}_" if public in taken else public


def taken_names(class_name: str) -> frozenset[str]:
    """The names that no constant of a class can have: reserved words, what every class has, and its own."""
    return reserved("dart") | reserved("dart_members") | {class_name}


def script_fault(name: str) -> str:
    """Why Dart can't have `name`; empty if it can, and for an empty one, which is another fault."""
    if not name or ascii_identifier(name):
        return ""
    return "Dart names are made of a-z, A-Z, 0-9, _ and $, and other scripts have no one spelling in these"


def _hex(value: Rgba) -> str:
    return f"0x{hex_argb(value)}"


def _four(name: str, color: ThemedColor) -> dict[str, str]:
    """What a color lacks falls back: dark to light, light high contrast to light, dark high contrast to dark."""
    dark = color.dark or color.light
    return {
        "name": name,
        "lightHex": _hex(color.light),
        "darkHex": _hex(dark),
        "lightHCHex": _hex(color.light_hc or color.light),
        "darkHCHex": _hex(color.dark_hc or dark),
    }
