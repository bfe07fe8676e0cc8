"""The filters of Stencil 0.15 and StencilSwiftKit 2.10 that templates of exporters use.

In: a value, arguments as values, and the budget of the rendering. Out: a value. Rule: results equal those of the
originals, oddities included (`titlecase` raises one letter, `camelToSnakeCase:false` is no text and counts as not
given); what they refuse is a fault that says what the filter takes.
"""

import posixpath
import re
import struct
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exfig_rx.export.stencil_swift import RESERVED_WORDS, swift_identifier
from exfig_rx.export.template_faults import TemplateFault
from exfig_rx.export.template_limits import Budget
from exfig_rx.export.template_patterns import replaced_by_pattern
from exfig_rx.export.template_text import commented, json_text, printed

Arguments = Sequence[object]

_LONG_UPPER = re.compile(r"([A-Z\d]+)([A-Z][a-z])")
_CAMEL = re.compile(r"([a-z\d])([A-Z])")
_CASE_IGNORED = frozenset({"Mn", "Me", "Cf", "Lm", "Sk"})
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


@dataclass(frozen=True, slots=True)
class StencilFilter:
    """What a filter does to a value; it takes `least` to `most` arguments."""

    apply: Callable[[object, Arguments, Budget], object]
    least: int = 0
    most: int = 0


def text_of(value: object, name: str, budget: Budget) -> str:
    """`value` as the text that filter `name` works on; numbers and truth values have one, lists and nothing don't."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return printed(value, budget)
    what = "nothing: the name before it is not there" if value is None else f"a {type(value).__name__}"
    hint = f'give it a text: name|default:""|{name}' if value is None else "it works on texts"
    raise TemplateFault("template.failed", f"gives filter {name} {what}", hint)


def _on_text(name: str, change: Callable[[str], str], most: int = 0) -> StencilFilter:
    """A filter from text to text without arguments."""

    def apply(value: object, arguments: Arguments, budget: Budget) -> object:
        return change(text_of(value, name, budget))

    return StencilFilter(apply, 0, most)


def _on_each(change: Callable[[str], str]) -> StencilFilter:
    """A filter that changes a text, or each item of a list; what is not there is an empty text."""

    def apply(value: object, arguments: Arguments, budget: Budget) -> object:
        if isinstance(value, list | tuple):
            return [change(printed(item, budget)) for item in value]
        return change(printed(value, budget))

    return StencilFilter(apply)


def _compares(name: str, holds: Callable[[str, str], bool]) -> StencilFilter:
    def apply(value: object, arguments: Arguments, budget: Budget) -> object:
        return holds(text_of(value, name, budget), text_of(arguments[0], name, budget))

    return StencilFilter(apply, 1, 1)


def capitalized(text: str) -> str:
    """Each letter that follows no other letter as a capital, all others small; `don't` is one word."""
    out = []
    after_letter = False
    for char in text:
        out.append(char.lower() if after_letter else char.title())
        if unicodedata.category(char) not in _CASE_IGNORED and char not in "'\u2019.:\u00b7":
            after_letter = char.isalpha()
    return "".join(out)


def upper_first(text: str) -> str:
    """The first letter as a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _lower_first_word(text: str) -> str:
    """`URLChooser` is `urlChooser`: of capitals in a row, the last one before a small letter begins the next word."""
    end = 0
    while end < len(text) and unicodedata.category(text[end]) in {"Lu", "Lt"}:
        end += 1
    if 1 < end < len(text) and unicodedata.category(text[end]) == "Ll":
        end -= 1
    return text[:end].lower() + text[end:]


def _snake(text: str) -> str:
    return _CAMEL.sub(r"\1_\2", _LONG_UPPER.sub(r"\1_\2", text)).replace("-", "_")


def snake_to_camel(text: str, *, strips: bool) -> str:
    """`snake_case` as `SnakeCase`; underscores in front stay unless `strips`."""
    if re.search("[a-z]", text):
        name = "".join(map(upper_first, text.split("_")))
    else:
        name = "".join(map(capitalized, _snake(text).split("_")))
    return name if strips else "_" * (len(text) - len(text.lstrip("_"))) + name


def _flag(arguments: Arguments, default: bool, name: str) -> bool:
    """The truth value of a first argument that is a text; anything else counts as not given, as in the original."""
    word = arguments[0] if arguments else None
    if not isinstance(word, str):
        return default
    if word.lower() in _TRUE | _FALSE:
        return word.lower() in _TRUE
    hint = f'it takes "true" or "false": {name}:"true"'
    raise TemplateFault("template.failed", f"gives filter {name} {word!r}", hint)


def _mode(arguments: Arguments, at: int, modes: tuple[str, ...], name: str) -> str:
    """The word at `at` of the arguments, one of `modes`; the first is the default."""
    mode = arguments[at] if len(arguments) > at and arguments[at] is not None else modes[0]
    if mode in modes:
        return str(mode)
    raise TemplateFault("template.failed", f"gives filter {name} the mode {mode!r}", f"it knows {', '.join(modes)}")


def _camel_to_snake(value: object, arguments: Arguments, budget: Budget) -> object:
    text = _snake(text_of(value, "camelToSnakeCase", budget))
    return text.lower() if _flag(arguments, True, "camelToSnakeCase") else text


def _snake_to_camel(value: object, arguments: Arguments, budget: Budget) -> object:
    strips = _flag(arguments, False, "snakeToCamelCase")
    return snake_to_camel(text_of(value, "snakeToCamelCase", budget), strips=strips)


def _swift_identifier(value: object, arguments: Arguments, budget: Budget) -> object:
    text = text_of(value, "swiftIdentifier", budget)
    match _mode(arguments, 0, ("normal", "valid", "pretty"), "swiftIdentifier"):
        case "valid":
            return swift_identifier(text)
        case "normal":
            return swift_identifier(text, first_letter=upper_first)
        case _:
            pretty = snake_to_camel(swift_identifier(text, first_letter=upper_first), strips=True)
            return swift_identifier(pretty)


def _remove_newlines(value: object, arguments: Arguments, budget: Budget) -> object:
    text = text_of(value, "removeNewlines", budget)
    if _mode(arguments, 0, ("all", "leading"), "removeNewlines") == "all":
        return "".join(text.split())
    return "".join(line.lstrip(" \t") for line in text.splitlines()).strip(" \t")


def _default(value: object, arguments: Arguments, budget: Budget) -> object:
    if value is not None:
        return value
    return next((argument for argument in arguments if argument is not None), None)


def _join(value: object, arguments: Arguments, budget: Budget) -> object:
    if not isinstance(value, list | tuple):
        return value
    between = printed(arguments[0], budget) if arguments else ""
    texts = [printed(item, budget) for item in value]
    budget.take(sum(map(len, texts)) + len(between) * max(0, len(texts) - 1))
    return between.join(texts)


def _split(value: object, arguments: Arguments, budget: Budget) -> object:
    if not isinstance(value, str):
        return value
    between = printed(arguments[0], budget) if arguments else " "
    budget.items(value.count(between) + 1 if between else 1)
    return value.split(between) if between else [value]


def indented(text: str, indentation: str, budget: Budget, *, first: bool) -> str:
    """`text` with `indentation` before each line that is not empty; before the first one only if `first`."""
    lines = text.split("\n")
    budget.take(len(text) + len(lines) * len(indentation))
    head = (indentation if first else "") + lines[0]
    return "\n".join([head, *(indentation + line if line else "" for line in lines[1:])])


def _indent(value: object, arguments: Arguments, budget: Budget) -> object:
    defaults: Arguments = (4, " ", False)
    width, char, first = (*arguments, *defaults[len(arguments) :])
    if not (type(width) is int and isinstance(char, str) and isinstance(first, bool)):
        hint = 'it takes a width, a text and whether the first line counts: indent:2," ",true'
        raise TemplateFault("template.failed", "gives filter indent what it can't use", hint)
    budget.width(width)
    budget.take(len(char) * max(0, width))
    return indented(printed(value, budget), char * width, budget, first=first)


def replaced(text: str, old: str, new: str, budget: Budget) -> str:
    """`text` with `new` for each `old`; nothing is found between letters, so an empty `old` changes nothing."""
    if not old:
        return text
    budget.take(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _replace(value: object, arguments: Arguments, budget: Budget) -> object:
    text = text_of(value, "replace", budget)
    old, new = (text_of(argument, "replace", budget) for argument in arguments[:2])
    if _mode(arguments, 2, ("normal", "regex"), "replace") == "regex":
        return replaced_by_pattern(text, old, new, budget)
    return replaced(text, old, new, budget)


def _base_name(text: str) -> str:
    return "/" if text and not text.strip("/") else posixpath.basename(text.rstrip("/"))


def _directory(text: str) -> str:
    return posixpath.dirname(posixpath.normpath(text)) or "."


def _hex_to_int(value: object, arguments: Arguments, budget: Budget) -> object:
    text = text_of(value, "hexToInt", budget)
    budget.bits(4 * len(text))
    return int(text, 16) if re.fullmatch(r"[+-]?[0-9A-Fa-f]+", text) else None


def _number(value: object, name: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise TemplateFault("template.failed", f"gives filter {name} what is no number", f"{name} works on numbers")


def _int_to_float(value: object, arguments: Arguments, budget: Budget) -> object:
    return _single(_single(_number(value, "int255toFloat")) / 255)


def _percent(value: object, arguments: Arguments, budget: Budget) -> object:
    return f"{int(_single(_single(_number(value, 'percent')) * 100))}%"


def _single(value: float) -> float:
    """`value` in single precision, which the originals count in, as the shortest decimal that means it."""
    try:
        (single,) = struct.unpack("<f", packed := struct.pack("<f", value))
    except OverflowError:
        raise TemplateFault("template.failed", "counts with a number that is too large") from None
    return next(short for digits in range(1, 18) if struct.pack("<f", short := float(f"{single:.{digits}g}")) == packed)


_BASE: dict[str, StencilFilter] = {
    "basename": _on_text("basename", _base_name),
    "camelToSnakeCase": StencilFilter(_camel_to_snake, 0, 1),
    "capitalize": _on_each(capitalized),
    "commented": _on_text("commented", commented),
    "contains": _compares("contains", lambda text, piece: piece in text),
    "default": StencilFilter(_default, 1, 9),
    "dirname": _on_text("dirname", _directory),
    "escapeReservedKeywords": _on_text(
        "escapeReservedKeywords", lambda text: f"`{text}`" if text in RESERVED_WORDS else text
    ),
    "hasPrefix": _compares("hasPrefix", str.startswith),
    "hasSuffix": _compares("hasSuffix", str.endswith),
    "hexToInt": StencilFilter(_hex_to_int),
    "indent": StencilFilter(_indent, 0, 3),
    "int255toFloat": StencilFilter(_int_to_float),
    "join": StencilFilter(_join, 0, 1),
    "json": StencilFilter(lambda value, _, budget: json_text(value, budget)),
    "lowerFirstLetter": _on_text("lowerFirstLetter", _lower_first),
    "lowerFirstWord": _on_text("lowerFirstWord", _lower_first_word),
    "lowercase": _on_each(str.lower),
    "percent": StencilFilter(_percent),
    "removeNewlines": StencilFilter(_remove_newlines, 0, 1),
    "replace": StencilFilter(_replace, 2, 3),
    "snakeToCamelCase": StencilFilter(_snake_to_camel, 0, 1),
    "split": StencilFilter(_split, 0, 1),
    "swiftIdentifier": StencilFilter(_swift_identifier, 0, 1),
    "titlecase": _on_text("titlecase", upper_first),
    "upperFirstLetter": _on_text("upperFirstLetter", upper_first),
    "uppercase": _on_each(str.upper),
}


def _negated(name: str) -> StencilFilter:
    original = _BASE[name]
    return StencilFilter(lambda *call: not original.apply(*call), original.least, original.most)


FILTERS = _BASE | {f"!{name}": _negated(name) for name in ("contains", "hasPrefix", "hasSuffix")}
"""Filters by name. `json` and `commented` are exfig's own; `filter`, which names another one, is not here."""
