"""What is left of generated code without its names and texts: its statements, which no name may add to.

Two files have one skeleton if they differ in nothing but names, texts that hold no code, comments and blanks; told by
parsers that are not ours.
"""

from typing import Any, Final
from xml.etree import ElementTree

import tinycss2
from tree_sitter import Node

from tests.test_export.grammars import assert_parses, parsed

_TEXTS: Final = frozenset({"line_string_literal", "string_literal", "string", "special_literal"})
_CODE_IN_TEXT: Final = frozenset(
    {"interpolated_expression", "interpolated_identifier", "template_substitution", "interpolation"}
)
_NAMES: Final = frozenset({"simple_identifier", "identifier", "type_identifier", "property_identifier"})


def skeleton(path: str, text: str) -> Any:
    """The skeleton of a file, in the language that the suffix of `path` names. Fails if it does not parse."""
    assert_parses(path, text)
    match path.rpartition(".")[2]:
        case "xml":
            return _element(ElementTree.fromstring(text.encode("utf-8")))
        case "json":
            return "data"
        case "css":
            rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
            return [(tinycss2.serialize(rule.prelude), list(map(_declared, _declarations(rule)))) for rule in rules]
        case _:
            return _statements(parsed(path, text))


def _statements(node: Node) -> Any:
    if node.type in _NAMES:
        return "name"
    if node.type in _TEXTS:
        code = [_statements(child) for child in node.children if child.type in _CODE_IN_TEXT]
        is_key = node.parent is not None and node.parent.child_by_field_name("key") == node
        return "name" if is_key and not code else ("text", code)
    children = [child for child in node.children if "comment" not in child.type]
    return (node.type, [_statements(child) for child in children]) if children else node.type


def _element(element: ElementTree.Element) -> Any:
    return (element.tag, sorted(element.attrib), [_element(child) for child in element])


def _declarations(rule: Any) -> Any:
    return tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)


def _declared(declaration: Any) -> Any:
    is_custom = declaration.type == "declaration" and declaration.name.startswith("--")
    return "custom property" if is_custom else declaration.type
