"""From published color styles and text styles to design tokens.

In: where the styles are, and the styles of files by key. Out: `LoadedTokens`. Rule: tokens are for no platform, so
names of platforms in descriptions mean nothing here; the word none still keeps a color out.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from exfig_rx.config.entries import SingleStyleFile, StyleFiles
from exfig_rx.config.token_entries import TokenEntry
from exfig_rx.errors import DesignError
from exfig_rx.load.colors import color_values
from exfig_rx.load.left_out import unpublished
from exfig_rx.load.pairing import Asset, Mode, Pair, Sets, Subject, pair
from exfig_rx.load.styles import color_styles, files_by_mode
from exfig_rx.load.token_values import BASE, Held, LoadedTokens, Token, TokenType
from exfig_rx.load.wording import counted, node_link, quoted
from exfig_rx.model import FileStyles, Location, Platform, Problem, Rgba, Style

MODE_NAMES: Final = {
    Mode.LIGHT: "Light",
    Mode.DARK: "Dark",
    Mode.LIGHT_HC: "Contrast Light",
    Mode.DARK_HC: "Contrast Dark",
}
"""What the modes of color styles are called in token files, as in those of ExFig 2."""

_INSTEAD: Final = {Mode.DARK: Mode.LIGHT, Mode.LIGHT_HC: Mode.LIGHT, Mode.DARK_HC: Mode.DARK}
"""The mode whose value a color has in a mode that it has no value of its own for."""


def color_tokens(
    entry: TokenEntry, source: StyleFiles | SingleStyleFile, files: Mapping[str, FileStyles], subject: Subject
) -> LoadedTokens:
    """The color styles of `source`. Raises DesignError with all problems."""
    light = files_by_mode(source)[Mode.LIGHT]
    published = color_styles(source, files)
    if not any(style.type == "FILL" for style in files[light].styles):
        if entry.is_picky:
            number = len(files[light].styles)
            detail = f"it publishes {counted(number, 'style')}, none of them a color" if number else ""
            raise DesignError(unpublished("styles", light, subject, detail))
        return LoadedTokens(())
    values = color_values(published, subject)
    sets = _for_all_platforms(values.sets(source))
    # Without words about platforms, what is paired is the same for each of them.
    paired = pair(sets, Platform.WEB, subject)
    if problems := (*values.errors, *paired.errors):
        raise DesignError(*problems)
    by_mode = {Mode.LIGHT: sets.light, Mode.DARK: sets.dark, Mode.LIGHT_HC: sets.light_hc, Mode.DARK_HC: sets.dark_hc}
    modes = [mode for mode, assets in by_mode.items() if assets and (mode is not Mode.DARK_HC or sets.dark is not None)]
    descriptions = {(item.file_key, item.style.node_id): item.style.description for item in published}
    tokens = tuple(_color(item, modes, descriptions) for item in paired.pairs)
    names = tuple(MODE_NAMES[mode] for mode in modes) if len(modes) > 1 else ()
    return LoadedTokens(tokens, names, (*values.warnings, *paired.warnings))


def text_tokens(entry: TokenEntry, file: FileStyles, subject: Subject) -> LoadedTokens:
    """The text styles of `file`, the ones without a type left out. Raises DesignError with all problems."""
    published = [style for style in file.styles if style.type == "TEXT"]
    if not published and entry.is_picky:
        number = len(file.styles)
        detail = f"it publishes {counted(number, 'style')}, none of them a text style" if number else ""
        raise DesignError(unpublished("styles", file.file_key, subject, detail))
    tokens: list[Token] = []
    left_out: list[Problem] = []
    for style in published:
        node = file.nodes.get(style.node_id)
        if node is None or node.type is None:
            left_out.append(_without_type(style, file.file_key, "has no type in Figma's answer", subject))
        elif not (node.type.family.strip() or node.type.post_script_name.strip()):
            left_out.append(_without_type(style, file.file_key, "has no font", subject))
        else:
            id_ = (file.file_key, style.node_id)
            held = {BASE: Held(node.type)}
            tokens.append(
                Token(style.name, TokenType.TYPOGRAPHY, id_, held, description=style.description, place="text styles")
            )
    return LoadedTokens(tuple(tokens), (), tuple(left_out))


def _for_all_platforms(sets: Sets[Rgba]) -> Sets[Rgba]:
    def free(assets: "tuple[Asset[Rgba], ...]") -> "tuple[Asset[Rgba], ...]":
        return tuple(replace(asset, platforms=frozenset()) for asset in assets)

    dark = None if sets.dark is None else free(tuple(sets.dark))
    light, light_hc, dark_hc = (free(tuple(each)) for each in (sets.light, sets.light_hc, sets.dark_hc))
    return replace(sets, light=light, dark=dark, light_hc=light_hc, dark_hc=dark_hc)


def _color(item: Pair[Rgba], modes: list[Mode], descriptions: Mapping[tuple[str, str], str]) -> Token:
    own = {Mode.LIGHT: item.light, Mode.DARK: item.dark, Mode.LIGHT_HC: item.light_hc, Mode.DARK_HC: item.dark_hc}
    there = {mode: asset for mode, asset in own.items() if asset is not None}
    values = {BASE: Held(item.light.value)}
    for mode in modes:
        nearest = mode
        while nearest not in there:
            nearest = _INSTEAD[nearest]
        values[MODE_NAMES[mode]] = Held(there[nearest].value)
    light = item.light
    id_ = (light.file_key, light.node_id)
    own_modes = frozenset(MODE_NAMES[mode] for mode in there)
    return Token(light.name, TokenType.COLOR, id_, values, own_modes, descriptions.get(id_, ""), place="color styles")


def _without_type(style: Style, file_key: str, why: str, subject: Subject) -> Problem:
    return Problem(
        "design.no-type",
        f"{quoted(style.name)} {why} and is left out",
        f"publish it anew, or open it in Figma: {node_link(file_key, style.node_id)}",
        Location(key=subject.entry_key, figma_file=file_key, node_id=style.node_id, node_name=style.name),
    )
