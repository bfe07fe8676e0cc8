"""Which published styles are colors, and of which mode: by file, or by the suffix of their names.

In: a source and the styles of its files. Out: color styles with their mode and their name without its suffix. Rule: the
longest suffix wins, and a name is read as Figma has it, before any slash, pattern or style.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from exfig_rx.config.entries import ColorSource, SingleStyleFile, StyleFiles
from exfig_rx.config.schema import VariablesSource
from exfig_rx.load.filters import matches
from exfig_rx.load.naming import key_name
from exfig_rx.load.pairing import Mode
from exfig_rx.model import FileStyles, Style, StyleNode


@dataclass(frozen=True, slots=True)
class ColorStyle:
    """A published color style.

    `name` is its raw name without the suffix of its mode, `key` the key name of that, under which it meets the same
    color of other modes.
    """

    mode: Mode
    name: str
    key: str
    file_key: str
    style: Style
    node: StyleNode | None


def files_by_mode(source: ColorSource) -> dict[Mode, str]:
    """The keys of the files to read; a single file stands under light, whatever modes its names hold."""
    match source:
        case StyleFiles(light, dark, light_hc, dark_hc):
            files = {Mode.LIGHT: light, Mode.DARK: dark, Mode.LIGHT_HC: light_hc, Mode.DARK_HC: dark_hc}
            return {mode: key for mode, key in files.items() if key is not None}
        case SingleStyleFile(file):
            return {Mode.LIGHT: file}
        case VariablesSource():
            return {}


def color_styles(source: ColorSource, files: Mapping[str, FileStyles]) -> tuple[ColorStyle, ...]:
    """The color styles of `source`, in an order that does not depend on that of Figma's answer."""
    found = []
    for file_mode, file_key in files_by_mode(source).items():
        for style in files[file_key].styles:
            if style.type == "FILL":
                mode, name = (
                    _by_suffix(style.name, source) if isinstance(source, SingleStyleFile) else (None, style.name)
                )
                node = files[file_key].nodes.get(style.node_id)
                found.append(ColorStyle(mode or file_mode, name, key_name(name), file_key, style, node))
    modes = list(Mode)
    return tuple(sorted(found, key=lambda item: (item.key, modes.index(item.mode), item.file_key, item.style.node_id)))


def filtered(styles: tuple[ColorStyle, ...], filter_text: str) -> tuple[ColorStyle, ...]:
    """The styles that a name filter picks, each with all modes of the same color, suffixed or in other files."""
    picked = {item.key for item in styles if matches(filter_text, item.style.name) or matches(filter_text, item.name)}
    return tuple(item for item in styles if item.key in picked)


def _by_suffix(raw: str, source: SingleStyleFile) -> tuple[Mode, str]:
    """The mode of a raw name and what is left of the name without the suffix, the longest one that it ends with."""
    suffixes = {
        Mode.DARK: source.dark_suffix,
        Mode.LIGHT_HC: source.light_hc_suffix,
        Mode.DARK_HC: source.dark_hc_suffix,
    }
    name = normalize("NFC", raw)
    for mode, suffix in sorted(suffixes.items(), key=lambda item: -len(item[1])):
        ending = normalize("NFC", suffix)
        if ending and name.endswith(ending):
            return mode, name.removesuffix(ending)
    return Mode.LIGHT, raw
