"""What a storage of pictures may send in place of an icon: bombs, scripts, ways to files of this machine."""

from pathlib import Path

import pytest
from tree_sitter import Node

from exfig_rx.errors import ExfigError
from tests.test_export.grammars import assert_parses, parsed
from tests.test_security.designs import Thing, design, exported

SHAPES = ("ios-icons", "android-icons", "android-vectors", "flutter-icons", "web-icons")
START = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24">'
END = "</svg>"
PATH = '<path d="M4 4H20V20Z" fill="#0B3C49"/>'
HERE = "http://127.0.0.1:1/"

_ENTITIES = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
_USES = "".join(f'<g id="a{n}">' + f'<use xlink:href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 12))

LITERALS = ("string", "string_literal", "comment", "line_comment", "multiline_comment")

BOMBS = {
    "entities that multiply": f'<!DOCTYPE svg [<!ENTITY a "aaaa">{_ENTITIES}]>{START}<text>&j;</text>{END}',
    "a file of this machine": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "/etc/passwd">]>{START}<text>&x;</text>{END}',
    "a file of the net": f'<!DOCTYPE svg SYSTEM "{HERE}" [<!ENTITY % x SYSTEM "{HERE}">%x;]>{START}{PATH}{END}',
    "groups without end": START + "<g>" * 50_000 + PATH + "</g>" * 50_000 + END,
    "uses that multiply": f'{START}<defs><g id="a0">{PATH}</g>{_USES}</defs><use xlink:href="#a11"/>{END}',
}
GARBLED = {"half a drawing": START + PATH, "another picture": "GIF89a", "nothing": ""}

CODE = {
    "an expression in a text": "<text>{evil()}</text>" + PATH,
    "an expression in an attribute": PATH.replace("/>", ' id="{evil()}" data-x="{`${evil()}`}"/>'),
    "the end of an attribute": PATH.replace("/>", ' id="&quot; data-evil={evil()} x=&quot;"/>'),
    "the end of an element": "<text>&lt;/svg>&lt;evil>evil()&lt;/evil></text>" + PATH,
    "a comment": "<!-- */} evil() {/* -->" + PATH,
    "plain data": "<title><![CDATA[</title>{evil()}<evil/>]]></title>" + PATH,
    "a script": "<script>evil()</script>" + PATH,
    "a handler": PATH.replace("/>", ' onclick="evil()" onload="evil()"/>'),
    "an instruction": "<?php evil() ?>" + PATH,
    "a style": "<style>*{} .a{fill:url(evil:x)} {evil()}</style>" + PATH,
    "a style of one element": PATH.replace("/>", ' style="x:}}{evil();background:url(evil:x)"/>'),
    "a link": f'<a xlink:href="javascript:evil()">{PATH}</a>',
    "a picture elsewhere": f'<image href="{HERE}evil.png" width="9" height="9"/>{PATH}',
    "a page": f'<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="{HERE}evil"/></foreignObject>{PATH}',
}


def refused(shape: str, drawing: str, shelf: Path) -> None:
    """The one icon can't be made, and why is told with its node."""
    with pytest.raises(ExfigError) as caught:
        exported(shape, design([Thing("bell")]), shelf, drawing=drawing.encode())
    about = [problem for problem in caught.value.problems if problem.location and problem.location.node_id]
    assert about and all(problem.message.isprintable() and problem.hint for problem in about)
    assert "root:" not in repr(about)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("what", list(BOMBS))
def test_a_bomb_is_refused_wherever_icons_go(shape: str, what: str, tmp_path: Path) -> None:
    refused(shape, BOMBS[what], tmp_path)


@pytest.mark.parametrize("shape", ["android-icons", "android-vectors", "web-icons"])
@pytest.mark.parametrize("what", list(GARBLED))
def test_what_is_no_drawing_is_refused_where_it_is_read(shape: str, what: str, tmp_path: Path) -> None:
    refused(shape, GARBLED[what], tmp_path)


@pytest.mark.parametrize("shape", ["android-icons", "android-vectors", "web-icons"])
@pytest.mark.parametrize("what", list(CODE))
def test_a_drawing_brings_no_code_along(shape: str, what: str, tmp_path: Path) -> None:
    files = exported(shape, design([Thing("bell")]), tmp_path, drawing=(START + CODE[what] + END).encode()).files
    made = [(file.path, file.content.decode()) for file in files if isinstance(file.content, bytes)]
    assert made
    for path, text in made:
        assert_parses(path, text)
        assert not any(way in text for way in (HERE, "javascript:", "onclick", "onload", "<script", "<iframe"))
        said = outside_of_literals(parsed(path, text)) if path.endswith((".tsx", ".ts", ".kt")) else text
        assert "evil" not in said, text


def outside_of_literals(node: Node) -> str:
    """The code of a tree without what stands in its literals and comments."""
    if node.type in LITERALS or not node.children:
        return "" if node.type in LITERALS else (node.text or b"").decode()
    return " ".join(map(outside_of_literals, node.children))
