"""SVG inside React: plain icons stay as they are, everything else becomes what React accepts."""

import pytest
import tree_sitter
import tree_sitter_typescript
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.errors import DesignError
from exfig_rx.vector.current_color import CurrentColor
from exfig_rx.vector.jsx import Jsx, jsx
from exfig_rx.vector.markup import parse_markup
from exfig_rx.vector.react import literal, react_name
from tests.test_vector.corpus import corpus

SVG = "http://www.w3.org/2000/svg"


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
            "style={{ WebkitMask: 'none', msX: '1', '--own': '\\'a\\'' } as object}",
        ),
        ('style="fill: url(#a)" id="a"', "style={{ fill: 'url(#Bell-a)' }}"),
        ('data-name="{x}" style=""', "data-name={'{x}'}"),
        ('aria-label="a &lt; b &amp; c" style=""', "aria-label={'a < b & c'}"),
        ('letter-spacing="1" style=""', 'letterSpacing="1"'),
        ('transform-origin="4 4"', "style={{ transformOrigin: '4 4' } as object}"),
        ('style="mix-blend-mode:multiply;opacity:.5"', "style={{ mixBlendMode: 'multiply', opacity: '.5' }}"),
        ('style="mix-blend-mode:nonsense"', "style={{ mixBlendMode: 'nonsense' } as object}"),
        ('data-name="a\\b"', "data-name={'a\\\\b'}"),
    ],
)
def test_attributes_become_what_react_takes(attributes: str, written: str) -> None:
    assert written in inside(f'<path {attributes} d="M0 0"/>')


@pytest.mark.parametrize(
    "attribute",
    [
        'onclick="alert(1)"',
        'tabindex="0"',
        'stroke-linejoin="miter-clip"',
        'fill-rule="both"',
        'aria-level="3"',
        'key="k"',
        'data-a.b="1"',
        'xml:space="preserve"',
        'nonsense="1"',
    ],
)
def test_attributes_that_react_has_no_place_for_are_left_out(attribute: str) -> None:
    for around in ("", 'style="opacity:1" '):
        assert inside(f'<path {attribute} {around}d="M0 0"/>').startswith('<path d="M0 0"')


def test_elements_that_react_has_no_place_for_are_left_out_and_told() -> None:
    body = "<title>T</title><script>x</script><font-face/><a href='javascript:x'><path d='M0 0'/></a>"
    drawn = jsx(f'<svg viewBox="0 0 9 9" fill="none" xmlns="{SVG}">{body}</svg>'.encode(), "Bell")
    assert drawn.body == '<g>\n<path d="M0 0"/>\n</g>'
    assert drawn.losses == ("<script>", "<font-face>")


def test_comments_and_titles_are_left_out_and_style_sheets_become_strings() -> None:
    body = "<!-- {not} --><title>T</title><style>.a { fill: url(#g) }</style><path class='a' id='g' d='M0 0'/>"
    assert inside(body).splitlines() == [
        "<style>{'.Bell-a { fill: url(#Bell-g) }'}</style>",
        '<path className="Bell-a" id="Bell-g" d="M0 0"/>',
    ]


def test_a_style_sheet_has_none_of_svg_s_attributes() -> None:
    assert inside("<style type='text/css' fill='red' id='s'>.a{}</style><g class='a'/>").splitlines()[0] == (
        "<style type=\"text/css\">{'.Bell-a{}'}</style>"
    )


def test_a_style_sheet_paints_no_other_drawing_of_the_page() -> None:
    sheet = "@import url(http://example.com/a.css); path, svg > g, .a { fill: red } @media print { rect{fill:blue} }"
    made = jsx(
        f'<svg viewBox="0 0 24 24" fill="none" xmlns="http://www.w3.org/2000/svg"><style>{sheet}</style>'
        "<path class='a' d='M0 0'/></svg>".encode(),
        "Bell",
    )
    assert made.body.splitlines()[:2] == [
        '<g id="Bell-root">',
        "<style>{'#Bell-root path, #Bell-root > g, #Bell-root .Bell-a, #Bell-root.Bell-a { fill: red } "
        "@media print {#Bell-root rect{fill:blue}}'}</style>",
    ]
    assert made.losses == ("a style sheet from elsewhere (@import url(http://example.com/a.css))",)


def test_a_reference_to_elsewhere_is_left_out_and_told() -> None:
    made = jsx(
        b'<svg viewBox="0 0 24 24" xmlns="http://www.w3.org/2000/svg"><image href="http://example.com/a.png" width="4"/>'
        b'<image href="data:image/png;base64,AA==" width="4"/></svg>',
        "Bell",
    )
    assert "example.com" not in made.body and "data:image/png" in made.body
    assert made.losses == ("a reference to http://example.com/a.png",)


@pytest.mark.parametrize(
    ("sheet", "written"),
    [
        ("path { fill: red }", "#Bell-root path { fill: red }"),
        (".a { fill: red }", ".Bell-a { fill: red }"),
        (".a path { fill: red }", ".Bell-a path { fill: red }"),
        (".a, path { fill: red }", "#Bell-root .Bell-a, #Bell-root.Bell-a, #Bell-root path { fill: red }"),
        ("path:not(.a){fill:red}", "#Bell-root path:not(.Bell-a){fill:red}"),
        (":is(g, path){fill:red}", "#Bell-root :is(g, path){fill:red}"),
        (":root path{fill:red}", "#Bell-root path{fill:red}"),
        ("svg{fill:red} svg-x{fill:red}", "#Bell-root{fill:red} #Bell-root svg-x{fill:red}"),
        ("/* } */ path{fill:red/* { */}", "#Bell-root path{fill:red }"),
        ("@media (a){@supports (b:c){path{fill:red}}}", "@media (a){@supports (b:c){#Bell-root path{fill:red}}}"),
        ("@charset 'utf-8'; .a{fill:red}", ".Bell-a{fill:red}"),
        (".a{content:'};{'}", ".Bell-a{content:'};{'}"),
        (
            ".a{fill:url(#g);mask:url(data:image/png;base64,AA)}",
            ".Bell-a{fill:url(#g);mask:url(data:image/png;base64,AA)}",
        ),
        (
            "@keyframes spin{from{fill:red}50.5%,to{fill:blue}} .a{animation:spin 1s;-webkit-animation-name:spin}",
            "@keyframes Bell-spin{from{fill:red}50.5%,to{fill:blue}} "
            ".Bell-a{animation:Bell-spin 1s;-webkit-animation-name:Bell-spin}",
        ),
    ],
)
def test_a_rule_counts_for_its_own_drawing_alone(sheet: str, written: str) -> None:
    drawn = sheeted(sheet)
    assert f"<style>{{{literal(written)}}}</style>" in drawn.body
    assert drawn.losses == ()


@pytest.mark.parametrize(
    ("sheet", "written", "loss"),
    [
        (".a{fill:red;background:url(//x.y/z)}", ".Bell-a{fill:red}", "a reference to url(//x.y/z)"),
        (".a{fill:red;mask:url( 'x.svg#m')}", ".Bell-a{fill:red}", "a reference to url( 'x.svg#m')"),
        (".a{fill:red;mask:image-set('x.png' 1x)}", ".Bell-a{fill:red}", "a reference to image-set('x.png' 1x)"),
        (".a{fill:red;mask:u\\72l(x)}", ".Bell-a{fill:red}", "a reference to u\\72l(x)"),
        ("@font-face{src:url(x)} .a{fill:red}", ".Bell-a{fill:red}", "the style of '@font-face'"),
        ("@keyframes k{to{mask:url(x)}}", "@keyframes Bell-k{to{}}", "a reference to url(x)"),
        ("@namespace url(x); .a{}", ".Bell-a{}", "a style sheet from elsewhere (@namespace url(x))"),
        (".a{g{fill:red}} .a{}", ".Bell-a{}", "the style of '.a'"),
        (".a\\:b{fill:red} .a{}", ".Bell-a{}", "the style of '.a\\\\:b'"),
        (".a{fill:red}} path{fill:blue}", ".Bell-a{fill:red}", "a style sheet that can't be read"),
        ('.a{} .a{fill:url(#a"b);} path{fill:red} .a{x:url(d"}', ".Bell-a{}", "a style sheet that can't be read"),
        (".a{} .a{fill:'red} path{fill:red}", ".Bell-a{}", "a style sheet that can't be read"),
        (".a{} .a(b{fill:red} path{fill:red}", ".Bell-a{}", "a style sheet that can't be read"),
        (".a{} path{fill:red", ".Bell-a{}", "a style sheet that can't be read"),
    ],
)
def test_what_a_sheet_would_fetch_or_nobody_can_read_is_left_out_and_told(sheet: str, written: str, loss: str) -> None:
    drawn = sheeted(sheet)
    assert f"<style>{{{literal(written)}}}</style>" in drawn.body
    assert drawn.losses == (loss,)


def sheeted(sheet: str) -> Jsx:
    body = f"<style><![CDATA[{sheet}]]></style><path class='a' fill='red' d='M0 0'/>"
    return jsx(f'<svg viewBox="0 0 9 9" fill="none" xmlns="{SVG}">{body}</svg>'.encode(), "Bell")


def test_the_element_around_a_drawing_has_an_id_of_its_own() -> None:
    body = "<style>path{fill:red}</style><path id='root' d='M0 0' fill='red'/>"
    lines = inside(body).splitlines()
    assert (lines[0], lines[2]) == ('<g id="Bell-root-">', '<path id="Bell-root" d="M0 0" fill="red"/>')


@pytest.mark.parametrize(
    ("element", "loss"),
    [
        ('<path fill="url(http://x.y/z#a)" d="M0 0"/>', "a reference to url(http://x.y/z#a)"),
        ("<path style='mask:url(\"//x.y\");fill:red' d='M0 0'/>", 'a reference to url("//x.y")'),
        ('<use href="icons.svg#a"/>', "a reference to icons.svg#a"),
        ('<image href="//x.y/z.png"/>', "a reference to //x.y/z.png"),
        ('<image><set attributeName="xlink:href" to="http://x.y/"/></image>', "an animated reference"),
    ],
)
def test_nothing_is_fetched_from_elsewhere(element: str, loss: str) -> None:
    drawn = jsx(f'<svg viewBox="0 0 9 9" fill="none" xmlns="{SVG}">{element}</svg>'.encode(), "Bell")
    assert "x.y" not in drawn.body and ".svg" not in drawn.body
    assert drawn.losses == (loss,)


def test_an_icon_with_a_sheet_takes_the_color_of_text_wherever_its_root_says_so() -> None:
    body = "<style>svg path { fill: #0B3C49 }</style><path d='M0 0'/>"
    content = f'<svg viewBox="0 0 9 9" fill="none" xmlns="{SVG}">{body}</svg>'.encode()
    assert "style={{ fill: 'currentColor' }}" in jsx(content, "Bell", "auto").body


def test_the_names_in_a_style_sheet_are_those_of_the_elements_and_its_colors_stay() -> None:
    sheet = "#a, path.b:hover{fill:#abc} @media (min-width:1.5px){.b{fill:red}}"
    body = f"<style>{sheet}</style><path id='a' d='M0 0'/><path class='b  other' d='M0 0'/><path id='abc' d='M0 0'/>"
    first, *paths = inside(body).splitlines()
    assert first == (
        "<style>{'#Bell-a, path.Bell-b:hover{fill:#abc} @media (min-width:1.5px){.Bell-b{fill:red}}'}</style>"
    )
    assert paths[1] == '<path className="Bell-b Bell-other" d="M0 0"/>'


def test_text_keeps_its_order_and_its_blanks() -> None:
    body = '<text y="9">a {b} <tspan x="2">c</tspan> d<tspan/>\n</text>'
    assert inside(body) == "<text y=\"9\">{'a {b} '}<tspan x=\"2\">{'c'}</tspan>{' d'}<tspan/>{'\\n'}</text>"


def test_html_inside_is_kept_as_figma_paints_angular_gradients_with_it() -> None:
    style = "background:conic-gradient(red 0deg,blue 360deg);clip-path:url(#c)"
    html = f'<div xmlns="http://www.w3.org/1999/xhtml" style="{style}" title="t"></div>'
    body = f'<foreignObject x="1"><!-- -->{html}</foreignObject><path d="M0 0"/><clipPath id="c"/>'
    assert inside(body).splitlines() == [
        '<foreignObject x="1">',
        "<div style={{ background: 'conic-gradient(red 0deg,blue 360deg)', clipPath: 'url(#Bell-c)' } as object}/>",
        "</foreignObject>",
        '<path d="M0 0"/>',
        '<clipPath id="Bell-c"/>',
    ]


def test_elements_of_other_kinds_end_where_they_end() -> None:
    html = '<div xmlns="http://www.w3.org/1999/xhtml"><p/></div>'
    editor = '<i:pgf xmlns:i="urn:i" xmlns="urn:j"><path/></i:pgf>'
    content = f'<svg viewBox="0 0 9 9" xmlns="{SVG}"><g>{html}{editor}</g><path d="M0 0"/></svg>'.encode()
    assert [element.tag for element in parse_markup(content).everything()] == ["svg", "g", "path"]
    with_html = parse_markup(content, with_html=True)
    assert [element.tag for element in with_html.everything()] == ["svg", "g", "html:div", "html:p", "path"]


@pytest.mark.parametrize(
    ("root", "group"),
    [
        ('fill="none" stroke-linecap="round"', '<g strokeLinecap="round">'),
        ('fill="red" opacity=".5"', '<g fill="red" opacity=".5">'),
        ('fill="none" display="none"', '<g display="none">'),
        (
            'fill="none" transform="rotate(9)" transform-origin="4 4"',
            "<g transform=\"rotate(9)\" style={{ transformOrigin: '4 4' } as object}>",
        ),
        ('fill="none" style="opacity:.5"', "<g style={{ opacity: '.5' }}>"),
        ('fill="none" clip-path="url(#c)" aria-hidden="true" data-x="1" id="i" class="c" version="1.1"', None),
        ("", '<g fill="black">'),
    ],
)
def test_what_the_root_says_of_its_children_is_kept(root: str, group: str | None) -> None:
    written = inside('<path d="M0 0H9" stroke="red"/>', f'viewBox="0 0 24 24" {root}')
    expected = group or '<g clipPath="url(#c)">'
    assert written == f'{expected}\n<path d="M0 0H9" stroke="red"/>\n</g>'


def test_shapes_that_all_say_what_fills_them_need_no_word_of_the_root() -> None:
    assert inside('<path d="M0 0H9" fill="red"/>', 'viewBox="0 0 24 24"') == '<path d="M0 0H9" fill="red"/>'


@pytest.mark.parametrize(
    ("root", "view_box"),
    [
        ('viewBox="0 0 24 24"', "0 0 24 24"),
        ("viewBox=' -1,2 3 4 '", "-1,2 3 4"),
        ('width="24px" height="1in"', "0 0 24 96"),
        ('viewBox="0 0 1e1 .5"', "0 0 1e1 .5"),
        ('viewBox="0\n0 24\t24"', "0 0 24 24"),
        ('viewBox="0 0 9 9 &quot; onload={x}" width="7" height="7"', "0 0 7 7"),
        ('viewBox="0 0 0 0" width="7" height="7"', "0 0 7 7"),
    ],
)
def test_the_view_box_is_that_of_the_root_or_its_size(root: str, view_box: str) -> None:
    assert jsx(f'<svg {root} xmlns="http://www.w3.org/2000/svg"/>'.encode(), "Bell").view_box == view_box


@pytest.mark.parametrize(
    "root", ["", 'width="1e999" height="9"', 'width="100%" height="100%"', 'width="24"', 'viewBox="0 0 24"']
)
def test_an_svg_without_a_size_is_refused(root: str) -> None:
    with pytest.raises(DesignError, match="neither a viewBox nor a size"):
        jsx(f'<svg {root} xmlns="http://www.w3.org/2000/svg"/>'.encode(), "Bell")


ICON = (
    '<path fill-rule="evenodd" d="M3 4" fill="#0B3C49"/><g fill=\'none\'><path stroke="#0b3c49" d="M5 6"/></g>'
    '<rect class="a" fill="none"/>'
)


@pytest.mark.parametrize(
    ("mode", "changes"),
    [
        ("off", {}),
        ("auto", {'"#0B3C49"': '"currentColor"', '"#0b3c49"': '"currentColor"'}),
        ("all", {'"#0B3C49"': '"currentColor"', '"#0b3c49"': '"currentColor"'}),
    ],
)
def test_a_plain_icon_in_the_color_of_text_changes_in_its_colors_alone(
    mode: CurrentColor, changes: dict[str, str]
) -> None:
    expected = inside(ICON)
    for old, new in changes.items():
        expected = expected.replace(old, new)
    content = f'<svg viewBox="0 0 24 24" fill="none" xmlns="{SVG}">{ICON}</svg>'.encode()
    assert jsx(content, "Bell", mode).body == expected


@pytest.mark.parametrize(
    "body",
    [
        f"<style>{'a' * 200_000}</style>",
        f"<style>{'/*' * 100_000}</style>",
        f'<path style="{"a" * 200_000}"/>',
        f'<path style="fill:{"(" * 50_000}"/>',
        f'<path fill="{"url(#" * 40_000}"/>',
        f'<path fill="rgb({" " * 200_000}x"/>',
        f'<path fill="rgb(0 0 0 / {"1" * 200_000}x)" stroke-width="{"1" * 50_000}x"/>',
    ],
)
def test_long_texts_of_strangers_do_not_take_time_that_grows_with_their_square(body: str) -> None:
    content = f'<svg viewBox="0 0 9 9" fill="none" xmlns="{SVG}">{body}<path fill="red"/></svg>'.encode()
    assert 'fill="currentColor"' in jsx(content, "Bell", "auto").body  # or the test runs out of its time


def test_names_of_attributes_are_reacts() -> None:
    names = ["stroke-width", "xlink:href", "class", "data-a-b", "aria-hidden", "viewBox", "xml:space"]
    expected = ["strokeWidth", "xlinkHref", "className", "data-a-b", "aria-hidden", "viewBox", "xmlSpace"]
    assert [react_name(name) for name in names] == expected


TSX = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_tsx()))


def parses(body: str) -> bool:
    return not TSX.parse(f"export const A = () => (<svg>{body}</svg>);".encode()).root_node.has_error


CORPUS = dict(corpus())


@pytest.mark.parametrize("name", list(CORPUS))
def test_every_document_of_the_corpus_is_tsx(name: str) -> None:
    drawn = jsx(CORPUS[name].encode(), "Bell")
    assert parses(drawn.body) and drawn.losses == ()


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20))
def test_any_text_of_a_designer_is_tsx(text: str) -> None:
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    assert parses(inside(f'<g data-name="{quoted}"><text style="font-family: {quoted}">{quoted}</text></g>'))
