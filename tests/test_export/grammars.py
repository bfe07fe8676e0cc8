"""Whether generated text parses in its language, asked of parsers that are not ours."""

import json
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree

import tinycss2
import tree_sitter_dart_orchard
import tree_sitter_kotlin
import tree_sitter_swift
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

_LANGUAGES = {
    "swift": tree_sitter_swift.language,
    "kt": tree_sitter_kotlin.language,
    "dart": tree_sitter_dart_orchard.language,
    "ts": tree_sitter_typescript.language_typescript,
    "tsx": tree_sitter_typescript.language_tsx,
}


def assert_parses(path: str, text: str) -> None:
    """Fail with the first fault if `text` is not valid in the language that the suffix of `path` names."""
    match path.rpartition(".")[2]:
        case "xml":
            ElementTree.fromstring(text.encode("utf-8"))
        case "json":
            json.loads(text)
        case "css":
            assert not list(_css_faults(text)), list(_css_faults(text))
        case _:
            fault = next(_faults(parsed(path, text)), None)
            assert fault is None, f"{path}, line {fault.start_point[0] + 1}: {text.splitlines()[fault.start_point[0]]}"


def parsed(path: str, text: str) -> Node:
    """The syntax tree of `text`, in the language of code that the suffix of `path` names."""
    return _parser(path.rpartition(".")[2]).parse(text.encode("utf-8")).root_node


@cache
def _parser(suffix: str) -> Parser:
    return Parser(Language(_LANGUAGES[suffix]()))


def _faults(node: Node) -> Iterator[Node]:
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from _faults(child)


def _css_faults(text: str) -> Iterator[str]:
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            yield f"not a rule: {rule.type}"
            continue
        for declaration in tinycss2.parse_blocks_contents(rule.content, skip_whitespace=True):
            if declaration.type != "declaration":
                yield f"not a declaration: {declaration.serialize()}"
