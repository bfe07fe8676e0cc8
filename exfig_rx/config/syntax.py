"""What the YAML parser says, in words that say what to do.

In: an error of PyYAML and the text. Out: one `Problem` at the place where a person would look.
"""

import re

import yaml

from exfig_rx.config.excerpt import START, Mark, Place, SourceText, quoted
from exfig_rx.model import Problem

_BAD_CHARACTER = yaml.reader.Reader.NON_PRINTABLE
_SYNTAX = "config.yaml-syntax"
_INDENT = "Keys of one block start in the same column, with spaces only."

_WORDING = {
    "mapping values are not allowed": (
        "a second `: ` in one line, or a line that is indented too far",
        "Put quotes around a value that holds `: `. " + _INDENT,
    ),
    "did not find expected key": ("this line fits no block above it", _INDENT),
    "did not find expected '-' indicator": (
        "this line is neither an item of the list above nor outside of it",
        _INDENT,
    ),
    "expected <block end>": ("this line fits no block above it", _INDENT),
    "did not find expected <document start>": ("this line fits no block above it", _INDENT),
    "expected '<document start>'": ("this line fits no block above it", _INDENT),
    "could not find expected ':'": (
        "this line is no `key: value`",
        "Write `key: value`, with a space behind the colon.",
    ),
    "found unknown escape character": (
        "this backslash means nothing inside double quotes",
        "Put single quotes around regular expressions and Windows paths: '\\d+'.",
    ),
    "duplicate anchor": ("this anchor stands here twice", "Give each `&name` a name of its own."),
    "another document": (
        "a second YAML document begins here",
        "A config is one document: move what follows `---` into a file of its own.",
    ),
}
_UNCLOSED = {
    "quoted scalar": ("a quote that is never closed", "Close it, or write the value without quotes."),
    "flow mapping": (
        "a `{` that is never closed, or a missing comma inside it",
        "Entries stand between commas: { a: 1, b: 2 }.",
    ),
    "flow sequence": (
        "a `[` that is never closed, or a missing comma inside it",
        "Items stand between commas: [1, 2, 3].",
    ),
    "flow node": ("a `{` or `[` that is never closed", "Close it with `}` or `]`."),
}


def explain(error: yaml.YAMLError, source: SourceText) -> Problem:
    """Why `source` is not YAML."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return _bad_character(source)
    said = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark or START
    if (tab := _tab(source, mark)) is not None:
        message = "this line is indented with a tab"
        return source.problem("config.tab", message, "Indent with spaces: YAML allows no tabs there.", at=tab)
    if "undefined alias" in said:
        name = re.match(r"\*([^\s,\[\]{}]*)", source.lines[mark.line][mark.column :])
        message = f"the alias {quoted(name[0] if name else '*')} has no anchor"
        hint = "Define it above with `&name`, or put quotes around a value that begins with `*`."
        return source.problem("config.unknown-alias", message, hint, at=mark)
    for words, (message, hint) in _WORDING.items():
        if words in said:
            code = "config.two-documents" if words == "another document" else _SYNTAX
            return source.problem(code, message, hint, at=mark)
    for words, (message, hint) in _UNCLOSED.items():
        if words in said:
            return source.problem(_SYNTAX, message, hint, at=error.context_mark or mark)
    if "cannot start any token" in said and mark.line < len(source.lines):
        char = source.lines[mark.line][mark.column : mark.column + 1]
        message = f"a value can't begin with {quoted(char)}"
        return source.problem(_SYNTAX, message, "Put quotes around the value.", at=mark)
    return source.problem(_SYNTAX, f"not valid YAML: {said.strip()}", "", at=mark)


def _tab(source: SourceText, mark: Mark) -> Place | None:
    if mark.line >= len(source.lines):
        return None
    line = source.lines[mark.line]
    indent = line[: len(line) - len(line.lstrip())]
    return Place(mark.line, indent.index("\t")) if "\t" in indent else None


def _bad_character(source: SourceText) -> Problem:
    match = _BAD_CHARACTER.search(source.text)
    if match is None:
        return source.problem(_SYNTAX, "not valid YAML", "", at=START)
    message = f"a character that YAML does not allow: U+{ord(match[0]):04X}"
    hint = "Remove it; it is invisible in most editors, and often came along with a paste."
    return source.problem("config.bad-character", message, hint, at=source.place(match.start()))
