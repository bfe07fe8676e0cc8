"""Design tokens as files of the DTCG format, version 2025.10.

In: the tokens of one entry, mode by mode. Out: one file with the other modes as extensions, or a self-contained file
for each mode and a resolver document. Rule: an alias is written only if whoever follows it in the same file comes to
the very value that the token has; otherwise the value itself is, and an extension says what it was an alias of.
(https://www.designtokens.org/tr/2025.10/format/, https://www.designtokens.org/tr/2025.10/resolver/)
"""

import json
import re
import struct
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from exfig_rx.config.ownership import RESOLVER_FILE
from exfig_rx.config.schema import NameStyle
from exfig_rx.config.token_entries import TokenEntry
from exfig_rx.errors import DesignError
from exfig_rx.export.channels import clamped, hex_rgb
from exfig_rx.export.files import component_fault, joined, text_file
from exfig_rx.export.token_tree import Placed, nested, placed, reference
from exfig_rx.load.naming import name_fault, styled
from exfig_rx.load.token_values import BASE, LoadedTokens, Token, TokenType, TokenValue
from exfig_rx.load.wording import quoted
from exfig_rx.model import Location, OutputFile, Problem, Rendered, Rgba
from exfig_rx.text_styles import TypeStyle

EXTENSION: Final = "com.exfig"
"""The key of our extensions, which ExFig 2 writes, too."""

AUTO_LINE_HEIGHT: Final = 1.2
"""Line height in units of the font size where the font decides; the format knows no `normal`."""

_SCHEMAS: Final = "https://www.designtokens.org/schemas/2025.10"
_VARIABLE: Final = "VariableID:"
_REFERENCE: Final = re.compile(r"\{([^{}]*)\}")
"""What Style Dictionary takes for an alias in any text, descriptions too, and fails of if nothing is called so."""


def render_tokens(entry: TokenEntry, loaded: LoadedTokens) -> Rendered:
    """The files of one entry. Raises DesignError with every name that can't be exported."""
    tree = placed(loaded.tokens, entry.settings.name_style, entry.key)
    output = entry.settings.output
    if entry.settings.split == "none":
        leaves = {path: _in_all_modes(token, tree, loaded.modes) for path, token in tree.tokens.items()}
        files = [_json_file(output, {"$schema": f"{_SCHEMAS}/format.json", **nested(leaves)})]
    else:
        names = _file_names(loaded, entry.key)
        files = [_mode_file(joined(output, name), mode, tree) for mode, name in names.items()]
        if len(names) > 1:
            files.append(_json_file(joined(output, RESOLVER_FILE), _resolver(names)))
    return Rendered(tuple(files), tree.warnings)


def _mode_file(path: str, mode: str, tree: Placed) -> OutputFile:
    leaves = {place: _leaf(token, mode, tree, {}) for place, token in tree.tokens.items()}
    return _json_file(path, {"$schema": f"{_SCHEMAS}/format.json", **nested(leaves)})


def _json_file(path: str, content: Mapping[str, Any]) -> OutputFile:
    return text_file(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def _file_names(loaded: LoadedTokens, key: str) -> dict[str, str]:
    """The file of each mode; one for the usual values where there are no modes."""
    names: dict[str, str] = {}
    for mode in loaded.modes:
        words = styled(mode, NameStyle.KEBAB)
        same = next((other for other, name in names.items() if name.startswith(f"{words}.")), None)
        fault = name_fault(words) or component_fault(words, ".tokens.json")
        if fault or same is not None:
            why = fault or f"it would be in the same file as mode {quoted(same or '')}"
            message = f"mode {quoted(mode)} can't name a file: {why}"
            hint = "rename it in Figma, name others in modeNames, or write split: none"
            place = Location(key=key, figma_file=loaded.tokens[0].id[0])
            raise DesignError(Problem("design.mode-name", message, hint, place))
        names[mode] = f"{words}.tokens.json"
    return names or {BASE: "default.tokens.json"}


def _resolver(names: Mapping[str, str]) -> dict[str, Any]:
    contexts = {mode: [{"$ref": quote(name)}] for mode, name in names.items()}
    return {
        "$schema": f"{_SCHEMAS}/resolver.json",
        "version": "2025.10",
        "modifiers": {"mode": {"contexts": contexts, "default": next(iter(names))}},
        "resolutionOrder": [{"$ref": "#/modifiers/mode"}],
    }


def _in_all_modes(token: Token, tree: Placed, modes: tuple[str, ...]) -> dict[str, Any]:
    """A token with its usual value; modes that are its own, or in which it is another one, as an extension."""
    usual = _written(token, BASE, tree)
    values = {mode: _written(token, mode, tree) for mode in modes}
    told = {mode: value for mode, value in values.items() if mode in token.own_modes or value != usual}
    several = len(told) > 1 or any(value != usual for value in told.values())
    return _leaf(token, BASE, tree, {"modes": told} if several else {})


def _leaf(token: Token, mode: str, tree: Placed, more: Mapping[str, Any]) -> dict[str, Any]:
    held = token.at(mode)
    value = _written(token, mode, tree)
    file_key, id_ = token.id
    extension: dict[str, Any] = {
        "fileId": file_key,
        "variableId" if id_.startswith(_VARIABLE) else "nodeId": id_,
    }
    if held.alias and not isinstance(value, str):
        extension["aliasOf"] = held.alias
    if token.scopes and token.scopes != ("ALL_SCOPES",):
        extension["scopes"] = list(token.scopes)
    if token.is_hidden:
        extension["hidden"] = True
    if isinstance(held.value, TypeStyle):
        extension |= _beyond(held.value)
    leaf: dict[str, Any] = {"$type": str(token.type), "$value": value}
    if token.description.strip():
        leaf["$description"] = _REFERENCE.sub(r"(\1)", token.description)
    return {**leaf, "$extensions": {EXTENSION: {**extension, **more}}}


def _written(token: Token, mode: str, tree: Placed) -> Any:
    """The alias of what a token points to, or its value."""
    held = token.at(mode)
    path = tree.paths.get(held.chain[0]) if held.chain else None
    if path is not None:
        target = tree.tokens[path]
        ahead = target.at(mode)
        # The target's own chain is shorter each time, so aliases can't go round in a circle.
        is_same = ahead.chain == held.chain[1:] and ahead.value == held.value and target.type is token.type
        if is_same and (alias := reference(path)) is not None:
            return alias
    return _plain(held.value, token.type)


def _plain(value: TokenValue, type_: TokenType) -> Any:
    match value:
        case Rgba():
            return _color(value)
        case TypeStyle():
            return _typography(value)
        case str():
            # An array of names can't be taken for an alias, whatever the font is called.
            return [value]
        case float():
            return _pixels(value) if type_ is TokenType.DIMENSION else _number(value)


def _color(color: Rgba) -> dict[str, Any]:
    components = [_number(clamped(channel)) for channel in (color.red, color.green, color.blue)]
    value: dict[str, Any] = {"colorSpace": "srgb", "components": components}
    if color.alpha < 1:
        value["alpha"] = _number(clamped(color.alpha))
    return {**value, "hex": f"#{hex_rgb(color).lower()}"}


def _typography(style: TypeStyle) -> dict[str, Any]:
    height = style.line_height_px
    is_auto = height is None or style.size_px <= 0
    return {
        "fontFamily": [style.family.strip() or style.post_script_name],
        "fontSize": _pixels(style.size_px),
        "fontWeight": _number(min(max(style.weight, 1), 1000)),
        "letterSpacing": _pixels(round(style.letter_spacing_px, 4)),
        "lineHeight": AUTO_LINE_HEIGHT if is_auto else _number(round((height or 0) / style.size_px, 4)),
    }


def _beyond(style: TypeStyle) -> dict[str, Any]:
    """What a text style has and the format has no place for, in Figma's words."""
    told = {
        "postScriptName": style.post_script_name,
        "lineHeight": "auto" if style.line_height_px is None else "",
        "textCase": style.figma_case,
        "textDecoration": style.decoration,
        "italic": style.is_italic,
        "paragraphSpacing": _number(style.paragraph_spacing_px),
    }
    return {name: value for name, value in told.items() if value not in ("", "ORIGINAL", "NONE", 0)}


def _pixels(number: float) -> dict[str, Any]:
    return {"value": _number(number), "unit": "px"}


def _number(number: float) -> float | int:
    """A number in the fewest digits that are the same 32-bit float, as which Figma keeps it: 0.2, not 0.200000003."""
    if number == int(number):
        return int(number)
    kept = _single(number)
    if kept == number:
        for digits in range(1, 10):
            shorter = float(f"{number:.{digits}g}")
            if _single(shorter) == number:
                return shorter
    return number


def _single(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return number
