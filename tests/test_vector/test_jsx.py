"""SVG inside React: plain icons stay as they are, everything else becomes what React accepts."""

import pytest
import tree_sitter
import tree_sitter_typescript
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.errors import DesignError
from exfig_rx.vector.jsx import jsx, react_name
from tests.test_vector.corpus import corpus


def inside(body: str, root: str = 'width="24" height="24" viewBox="0 0 24 24" fill="none"') -> str:
    return jsx(f'<svg {root} xmlns="http://www.w3.org/2000/svg">{body}</svg>'.encode(), "Bell").body


def test_a_plain_icon_keeps_its_bytes_but_for_the_names_of_attributes() -> None:
    body = (
        '\n<path fill-rule="evenodd"  d="M3 4L20 19" fill="#0B3C49"/>\n'
        '<g class=\'a\'>\n  <path d="M5 6H9" stroke-width="2" data-class="b-c" />\n</g>\n'
    )
    assert inside(body) == (
        '<path fillRule="evenodd"  d="M3 4L20 19" fill="#0B3C49"/>\n'
        '<g className=\'a\'>\n  <path d="M5 6H9" strokeWidth="2" data-class="b-c" />\n</g>'
    )


def test_ids_and_all_that_points_to_them_get_the_name_of_the_component() -> None:
    body = (
        '<g clip-path="url(#c)"><path fill="url(#g) red" d="M0 0h9v9z"/><use href="#p"/></g>'
        '<defs><clipPath id="c"><path id="p" d="M0 0h9v9z"/></clipPath><linearGradient id="g"/></defs>'
    )
    assert inside(body).splitlines() == [
        '<g clipPath="url(#Bell-c)">',
        '<path fill="url(#Bell-g) red" d="M0 0h9v9z"/>',
        '<use href="#Bell-p"/>',
        "</g>",
        "<defs>",
        '<clipPath id="Bell-c">',
        '<path id="Bell-p" d="M0 0h9v9z"/>',
        "</clipPath>",
        '<linearGradient id="Bell-g"/>',
        "</defs>",
    ]


@pytest.mark.parametrize(
    ("attributes", "written"),
    [
        ('style="mask-type:alpha"', "style={{ maskType: 'alpha' }}"),
        ('mask-type="alpha"', "style={{ maskType: 'alpha' }}"),
        (
            'style="fill:#0B7A75;fill:color(display-p3 0 .5 .4);fill-opacity:1"',
            "style={{ fill: '#0B7A75', fillOpacity: '1' }}",
        ),
        (
            "style=\"-webkit-mask: none; -ms-x: 1; --own: 'a'\"",
            "style={{ WebkitMask: 'none', msX: '1', '--own': '\\'a\\'' }}",
        ),
        ('style="fill: url(#a)" id="a"', "style={{ fill: 'url(#Bell-a)' }}"),
        ('data-name="{x}" style=""', "data-name={'{x}'}"),
        ('aria-label="a &lt; b &amp; c" style=""', "aria-label={'a < b & c'}"),
        ('letter-spacing="1" style=""', 'letterSpacing="1"'),
    ],
)
def test_attributes_become_what_react_takes(attributes: str, written: str) -> None:
    assert written in inside(f'<path {attributes} d="M0 0"/>')


def test_comments_and_titles_are_left_out_and_style_sheets_become_strings() -> None:
    body = "<!-- {not} --><title>T</title><style>.a { fill: url(#g) }</style><path class='a' id='g' d='M0 0'/>"
    assert inside(body).splitlines() == [
        "<style>{'.a { fill: url(#Bell-g) }'}</style>",
        '<path className="a" id="Bell-g" d="M0 0"/>',
    ]


def test_what_the_root_says_of_its_children_is_kept() -> None:
    root = 'viewBox="0 0 24 24" fill="none" stroke-linecap="round"'
    assert inside('<path d="M0 0H9" stroke="red"/>', root) == (
        '<g strokeLinecap="round">\n<path d="M0 0H9" stroke="red"/>\n</g>'
    )


@pytest.mark.parametrize(
    ("root", "view_box"),
    [
        ('viewBox="0 0 24 24"', "0 0 24 24"),
        ("viewBox=' -1,2 3 4 '", "-1,2 3 4"),
        ('width="24px" height="1in"', "0 0 24 96"),
    ],
)
def test_the_view_box_is_that_of_the_root_or_its_size(root: str, view_box: str) -> None:
    assert jsx(f'<svg {root} xmlns="http://www.w3.org/2000/svg"/>'.encode(), "Bell").view_box == view_box


@pytest.mark.parametrize("root", ["", 'width="100%" height="100%"', 'width="24"', 'viewBox="0 0 24"'])
def test_an_svg_without_a_size_is_refused(root: str) -> None:
    with pytest.raises(DesignError, match="neither a viewBox nor a size"):
        jsx(f'<svg {root} xmlns="http://www.w3.org/2000/svg"/>'.encode(), "Bell")


def test_names_of_attributes_are_reacts() -> None:
    names = ["stroke-width", "xlink:href", "class", "data-a-b", "aria-hidden", "viewBox", "xml:space"]
    expected = ["strokeWidth", "xlinkHref", "className", "data-a-b", "aria-hidden", "viewBox", "xmlSpace"]
    assert [react_name(name) for name in names] == expected


TSX = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_tsx()))


def parses(body: str) -> bool:
    return not TSX.parse(f"export const A = () => (<svg>{body}</svg>);".encode()).root_node.has_error


@pytest.mark.parametrize("name", [name for name, _ in corpus()])
def test_every_document_of_the_corpus_is_tsx(name: str) -> None:
    content = dict(corpus())[name].encode()
    if name != "no size" and "viewBox" in content.decode():
        assert parses(jsx(content, "Bell").body)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20))
def test_any_text_of_a_designer_is_tsx(text: str) -> None:
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    assert parses(inside(f'<g data-name="{quoted}"><text style="font-family: {quoted}">{quoted}</text></g>'))
