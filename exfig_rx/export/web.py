"""Colors for the Web: custom properties in CSS, their names in TypeScript, and their values in JSON.

In: the colors of one entry under their kebab-case names. Out: the CSS and TypeScript file, the JSON file if the config
names one. Rule: the dark theme lists only what differs in it; alpha keeps every digit that Figma sent; high contrast
is left out.
"""

import re

from exfig_rx.config.entries import ColorEntry
from exfig_rx.config.schema import NameStyle, Web, WebColors
from exfig_rx.export.channels import byte, clamped, hex_rgb
from exfig_rx.export.files import joined, text_file
from exfig_rx.export.names import clashes, escaped, faults, in_order, name_fault, refuse
from exfig_rx.export.templates import Templates
from exfig_rx.load.naming import styled
from exfig_rx.model import Rendered, Rgba, ThemedColor

_UNSAFE = re.compile(r"(?![\w-])[\x00-\x7f]", re.ASCII)
"""What stands in an identifier of CSS only behind a backslash: all of ASCII but letters, digits, `_` and `-`."""


def render_web_colors(
    entry: ColorEntry, section: Web, settings: WebColors, colors: tuple[ThemedColor, ...], templates: Templates
) -> Rendered:
    """The CSS, TypeScript and JSON files of one `web.colors` entry. Raises as `render_colors` does."""
    ordered = in_order(colors)
    refuse(
        [
            *faults(entry, ordered, lambda color: name_fault(color) or _key_fault(color)),
            *clashes(entry, [(f"--{color.name}", color) for color in ordered], "custom property"),
            *clashes(entry, [(_key(color), color) for color in ordered], "TypeScript key", lambda color: color.name),
        ]
    )
    values = {
        "lightColors": [_value(color, color.light) for color in ordered],
        "darkColors": [_value(color, color.dark) for color in ordered if color.dark is not None],
        "hasDarkColors": any(color.dark is not None for color in ordered),
    }
    texts = [
        (settings.css_file_name, templates.render("theme.css", values)),
        (settings.ts_file_name, templates.render("variables.ts", {"colors": [_variable(color) for color in ordered]})),
    ]
    if settings.json_file_name is not None:
        texts.append((settings.json_file_name, templates.render("theme.json", values)))
    folder = joined(section.output, settings.output_directory or "")
    return Rendered(tuple(text_file(joined(folder, name), text) for name, text in texts))


def css_value(color: Rgba) -> str:
    """`#RRGGBB`, or `rgba()` where it is translucent."""
    if color.alpha >= 1:
        return f"#{hex_rgb(color)}"
    return f"rgba({byte(color.red)}, {byte(color.green)}, {byte(color.blue)}, {clamped(color.alpha)!r})"


def css_name(name: str) -> str:
    """`name` as the rest of a custom property after `--` (https://drafts.csswg.org/cssom/#serialize-an-identifier)."""
    return _UNSAFE.sub(r"\\\g<0>", name)


def literal(text: str) -> str:
    """A string of TypeScript."""
    return f"'{escaped(text, chr(39))}'"


def _value(color: ThemedColor, value: Rgba) -> dict[str, str]:
    return {"name": color.name, "cssName": css_name(color.name), "value": css_value(value)}


def _key(color: ThemedColor) -> str:
    return styled(color.name, NameStyle.CAMEL)


def _key_fault(color: ThemedColor) -> str:
    return "" if _key(color) else "no letter or digit is left of it"


def _variable(color: ThemedColor) -> dict[str, str]:
    camel = _key(color)
    name = css_name(color.name)
    return {
        "name": color.name,
        "camelName": camel,
        "cssName": name,
        "key": camel if camel.isidentifier() else literal(camel),
        "reference": literal(f"var(--{name})"),
    }
