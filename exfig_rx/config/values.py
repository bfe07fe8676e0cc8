"""The types of keys: what a scalar's text means to the key that holds it.

In: nodes of the YAML tree (plain Python values pass through). Out: typed values, or an error with `expected` or
`message`, and a `hint`. Rule: text is taken as written (`007`, `on`, `2024-01-01` stay text); numbers and bools are
read only where a key wants one, and only without quotes.
"""

import posixpath
import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import CoreSchema

from exfig_rx.config.excerpt import is_token, quoted
from exfig_rx.config.nodes import MappingNode, Scalar, SequenceNode
from exfig_rx.config.regexps import RegexpError, compile_icu

_WHOLE = re.compile(r"[+-]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|0|[1-9][0-9_]*)")
_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 40
_LONGEST_PATH = 1_000
_DEEPEST_PATH = 100
_UNPRINTABLE = frozenset(("Cc", "Cs", "Zl", "Zp"))


def expected(what: str, hint: str = "") -> NoReturn:
    """The value is not of the key's type; what was found is added where the value is known."""
    raise PydanticCustomError("expected", "{expected}", {"expected": what, "hint": hint})


def wrong(code: str, message: str, hint: str, offset: int = 0) -> NoReturn:
    """The value is of the right type and can't be meant; `offset` is the character of it that is at fault."""
    raise PydanticCustomError("wrong", "{message}", {"code": code, "message": message, "hint": hint, "offset": offset})


def read_text(value: object) -> object:
    """The text of a scalar."""
    if type(value) is Scalar:
        return expected("text") if value.is_null else value.text
    return expected("text") if isinstance(value, (MappingNode, SequenceNode)) else value


def read_flag(value: object) -> object:
    """`true`, `yes`, `on` or `false`, `no`, `off` in any letter case, without quotes."""
    if type(value) is Scalar:
        flag = value.flag
        return expected("a bool without quotes", "Write true or false.") if flag is None else flag
    return _no_collection(value, "a bool without quotes")


def read_whole(value: object) -> object:
    """A whole number: decimal, `0x`, `0o` or a leading zero (octal), `0b`; `_` between digits."""
    what = "a whole number without quotes"
    if type(value) is not Scalar:
        return _no_collection(value, what)
    text = value.text
    if value.style or len(text) > _LONGEST_NUMBER or not _WHOLE.fullmatch(text):
        if _NUMBER.fullmatch(text) and text.rstrip("0").endswith("."):
            return expected(what, f"Write {text.rstrip('0')[:-1]}.")
        return expected(what)
    digits = text.replace("_", "").lower()
    octal = re.fullmatch(r"([+-]?)0o?([0-7]+)", digits)
    try:
        return int(octal[1] + octal[2], 8) if octal else int(digits, 0)
    except ValueError:
        return expected(what)


def read_number(value: object) -> object:
    """A finite decimal number; `1:30`, `.inf` and `.nan` are none."""
    what = "a number without quotes"
    if type(value) is not Scalar:
        return _no_collection(value, what)
    if value.style or len(value.text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(value.text):
        return expected(what)
    number = float(value.text.replace("_", ""))
    return number if number < float("inf") else expected(what)


def read_list(value: object) -> object:
    """A list; a single value is not wrapped."""
    if type(value) is Scalar:
        item = quoted(value.text) if value.style else value.text
        parts = [part.strip() for part in value.text.split(",")]
        listed = ", ".join(parts) if all(_NUMBER.fullmatch(part) for part in parts) else item
        return expected("a list", f"Write [{listed}].")
    return expected("a list") if isinstance(value, MappingNode) else value


def read_entries(value: object) -> object:
    """A list of entries, or one entry on its own; which one is decided by the node, never by what is inside."""
    if isinstance(value, MappingNode):
        return [value]
    if isinstance(value, SequenceNode) and not value:
        return wrong("config.empty-list", "an empty list exports nothing", "Remove the key, or add an entry.")
    return expected("a block of keys, or a list of such blocks") if type(value) is Scalar else value


def _no_collection(value: object, what: str) -> object:
    return expected(what) if isinstance(value, (MappingNode, SequenceNode)) else value


# Text with a rule

_FIGMA_URL = re.compile(r"figma\.com/(?:file|design|proto|board)/([A-Za-z0-9]+)(?:/branch/([A-Za-z0-9]+))?")
_NODE_ID = re.compile(r"I?[0-9]+[:-][0-9]+(?:;[0-9]+:[0-9]+)*")
_FILE_ID = re.compile(r"[A-Za-z0-9_-]+")
_SAMPLE_ID = re.compile(
    r"<.*>|\{.*\}|\$.*|x+|\.+|…|todo"
    r"|(?:your|my|the)?[-_ ]?(?:figma)?[-_ ]?(?:light|dark|tokens)?[-_ ]?file[-_ ]?(?:id|key)"
    r"|(?:your|my)[-_ ].*|shPilWnVdJfo10YF12345|KfF6DnJTWHGZzC9Nm12345",
    re.IGNORECASE,
)
_WHERE_IDS_ARE = "The id is the part of the file's URL between /design/ and the next slash."


def id_in_url(text: str) -> str | None:
    """The file id in the URL of a Figma file, that of the branch where it names one; None if it is no such URL."""
    url = _FIGMA_URL.search(text)
    return (url[2] or url[1]) if url else None


def check_file_id(text: str) -> str:
    """A Figma file id, not what people paste instead."""
    if is_token(text):
        wrong(
            "config.secret",
            "this is an access token, not a file id",
            "Remove it here, and revoke it in Figma's settings.",
        )
    if in_url := id_in_url(text):
        wrong("config.file-id", "expected a file id, found a Figma URL", f"Write {in_url}, the id in this URL.")
    if _NODE_ID.fullmatch(text):
        wrong("config.file-id", f"expected a file id, found the node id {quoted(text)}", _WHERE_IDS_ARE)
    if _SAMPLE_ID.fullmatch(text):
        hint = "Variables are not expanded here. " if text.startswith("$") else ""
        wrong("config.file-id", f"still the sample value {quoted(text)}", hint + _WHERE_IDS_ARE)
    if not _FILE_ID.fullmatch(text):
        wrong("config.file-id", f"expected a file id of letters and digits, found {quoted(text)}", _WHERE_IDS_ARE)
    return text


def check_regexp(text: str) -> str:
    """A pattern that compiles."""
    try:
        compile_icu(text)
    except RegexpError as error:
        where = "at its end" if error.position >= len(text) else f"at its character {error.position + 1}"
        hint = "The syntax is that of ICU regular expressions."
        wrong("config.regexp", f"this pattern does not compile: {error.reason} {where}", hint, error.position)
    return text


_BACK_REFERENCE = re.compile(r"\\([0-9])|\$\{([0-9])\}")


def check_replacement(text: str) -> str:
    """A replacement that writes its groups as `$1`."""
    if found := _BACK_REFERENCE.search(text):
        number = found[1] or found[2]
        message = f"{found[0]} is not a group here but plain text"
        wrong("config.replacement", message, f"Write ${number}.", found.start())
    return text


def check_name(text: str) -> str:
    """Text that may not be empty."""
    return text if text.strip() else expected("text that is not empty")


def _some(items: tuple[Any, ...]) -> tuple[Any, ...]:
    return items or wrong("config.empty-list", "an empty list", "Remove the key, or add an item.")


_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def check_package(text: str) -> str:
    """Names with dots between them: a package, or a class in one."""
    what = "a package of letters, digits, _ and dots"
    return text if _DOTTED.fullmatch(text) else expected(what, "Write it as in code, such as app.reef.theme.")


def check_identifier(text: str) -> str:
    """The name of a class."""
    return text if text.isidentifier() else expected("a class name of letters, digits and _")


def check_path(text: str) -> str:
    """A path as it stands, taken literally; of a `file://` URL the path in it."""
    if text.startswith("file:"):
        text = unquote(urlsplit(text).path)
    if strange := next((char for char in text if unicodedata.category(char) in _UNPRINTABLE), None):
        wrong("config.path", f"a path with the unprintable character U+{ord(strange):04X}", "Write it without.")
    if len(text) > _LONGEST_PATH or text.count("/") > _DEEPEST_PATH:
        message = f"a path of {len(text):,} characters in {text.count('/') + 1:,} parts"
        hint = f"Write one of at most {_LONGEST_PATH:,} characters, in at most {_DEEPEST_PATH} folders."
        wrong("config.path", message, hint)
    return text if text.strip() else wrong("config.path", "an empty path", "Write a path, or remove the key.")


def check_relative(text: str) -> str:
    """A path below another key's folder; `..` may climb."""
    check_path(text)
    if text.startswith("/"):
        wrong(
            "config.path", f"expected a relative path, found {quoted(text)}", f"Write {text.lstrip('/') or 'a name'}."
        )
    return text


def check_inside(text: str) -> str:
    """A path that stays inside another key's folder."""
    check_relative(text)
    if ".." in text.split("/"):
        wrong("config.path", f"{quoted(text)} leaves its folder", "Write a path without `..`.")
    return text


def check_file(text: str) -> str:
    """A file inside another key's folder."""
    if posixpath.normpath(check_inside(text)) == "." or text.endswith("/"):
        wrong("config.path", f"expected the name of a file, found {quoted(text)}", "Write a file name.")
    return text


def check_tree(text: str) -> str:
    """A folder of ours inside another key's folder."""
    return check_inside(check_own_tree(text))


def check_own_tree(text: str) -> str:
    """A folder that the export may call its own: never the working directory, its parents or the root."""
    path = posixpath.normpath(check_path(text))
    if path.strip("/") in ("", ".") or path.endswith(".."):
        message = f"{quoted(text)} is a folder that is not ours alone: the export would clear it"
        wrong("config.path", message, "Name a folder for this export, such as Icons.")
    return text


# Types

ANY_SCALAR = WithJsonSchema({"type": ["string", "number", "boolean"]})
"""YAML editors see `007` as a number; a text key takes it all the same."""

Text = Annotated[str, BeforeValidator(read_text), ANY_SCALAR]
Name = Annotated[str, AfterValidator(check_name), BeforeValidator(read_text), ANY_SCALAR]
FileId = Annotated[
    str,
    AfterValidator(check_file_id),
    BeforeValidator(read_text),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}),
]
Regexp = Annotated[str, AfterValidator(check_regexp), BeforeValidator(read_text), ANY_SCALAR]
Replacement = Annotated[str, AfterValidator(check_replacement), BeforeValidator(read_text), ANY_SCALAR]
Package = Annotated[str, AfterValidator(check_package), BeforeValidator(read_text)]
Identifier = Annotated[str, AfterValidator(check_identifier), BeforeValidator(read_text)]
Flag = Annotated[bool, BeforeValidator(read_flag)]
Whole = Annotated[int, BeforeValidator(read_whole)]
Positive = Annotated[int, Field(ge=1), BeforeValidator(read_whole)]
Percent = Annotated[int, Field(ge=0, le=100), BeforeValidator(read_whole)]
Precision = Annotated[int, Field(ge=1, le=6), BeforeValidator(read_whole)]
Material = Annotated[int, Field(ge=2, le=3), BeforeValidator(read_whole)]
Seconds = Annotated[float, Field(gt=0, le=86_400), BeforeValidator(read_number)]
"""Up to a day: clocks of sockets overflow far above it."""
WORD = BeforeValidator(read_text)
"""Beside a `Literal` or an enum: one of its words, exact case."""
Texts = Annotated[tuple[Text, ...], BeforeValidator(read_list)]
Item = TypeVar("Item")
Several = Annotated[tuple[Item, ...], AfterValidator(_some), BeforeValidator(read_list), Field(min_length=1)]
"""A list with something in it."""


@dataclass(frozen=True, slots=True)
class PathRole:
    """Marks a key as a path; `root` says that it starts at the working directory, not below another key's folder."""

    root: bool


_ROOT, _BELOW = PathRole(root=True), PathRole(root=False)
_PATH_TEXT = WithJsonSchema({"type": "string", "minLength": 1})

FilePath = Annotated[str, AfterValidator(check_path), BeforeValidator(read_text), _PATH_TEXT, _ROOT]
OwnTree = Annotated[str, AfterValidator(check_own_tree), BeforeValidator(read_text), _PATH_TEXT, _ROOT]
Tree = Annotated[str, AfterValidator(check_tree), BeforeValidator(read_text), _PATH_TEXT, _BELOW]
Folder = Annotated[str, AfterValidator(check_inside), BeforeValidator(read_text), _PATH_TEXT, _BELOW]
FileName = Annotated[str, AfterValidator(check_file), BeforeValidator(read_text), _PATH_TEXT, _BELOW]
ThemeFile = Annotated[str, AfterValidator(check_relative), BeforeValidator(read_text), _PATH_TEXT, _BELOW]


def _one_of(*allowed: float) -> AfterValidator:
    words = [f"{number:g}" for number in allowed]

    def check(number: float) -> float:
        return number if number in allowed else expected(f"{', '.join(words[:-1])} or {words[-1]}")

    return AfterValidator(check)


def _not_empty(scales: tuple[float, ...]) -> tuple[float, ...]:
    hint = "Remove the key for the usual ones."
    return scales if scales else wrong("config.empty-list", "an empty list of scales", hint)


_IosScale = Annotated[float, _one_of(1, 2, 3), BeforeValidator(read_number), WithJsonSchema({"enum": [1, 2, 3]})]
_AndroidScale = Annotated[
    float, _one_of(1, 1.5, 2, 3, 4), BeforeValidator(read_number), WithJsonSchema({"enum": [1, 1.5, 2, 3, 4]})
]
IosScales = Annotated[tuple[_IosScale, ...], AfterValidator(_not_empty), BeforeValidator(read_list)]
AndroidScales = Annotated[tuple[_AndroidScale, ...], AfterValidator(_not_empty), BeforeValidator(read_list)]
FlutterScales = IosScales


class EntriesForm:
    """Shows a tuple of entries in the JSON Schema as what it is in YAML: one block, or a list of them."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        listed = handler(schema)
        entry = listed["items"]
        return {"anyOf": [entry, {"type": "array", "items": entry, "minItems": 1}]}


Entry = TypeVar("Entry")
Entries = Annotated[tuple[Entry, ...], BeforeValidator(read_entries), EntriesForm()]
