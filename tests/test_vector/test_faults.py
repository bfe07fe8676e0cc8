"""Bytes that nobody drew: bombs, garbage, numbers beyond all bounds. Each is refused in words, or costs little."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exfig_rx.errors import DesignError
from exfig_rx.vector.compose import Place, image_vector
from exfig_rx.vector.drawable import longest_path, vector_drawable
from exfig_rx.vector.drawing import Drawing
from exfig_rx.vector.limits import MOST_ATTRIBUTES, MOST_DEPTH, MOST_ELEMENTS
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.markup import MOST_BYTES
from exfig_rx.vector.svg import parse_svg
from tests.test_vector.android_reader import drawable_to_svg
from tests.test_vector.corpus import RING, STAR, corpus, svg
from tests.test_vector.kotlin_reader import image_vector_to_svg

XML = "xmlns='http://www.w3.org/2000/svg'"
DISC = '<circle cx="32" cy="32" r="20" fill="#0B7A75"/>'
NINE = '<rect width="9" height="9"/>'

pytestmark = pytest.mark.timeout(20)


def written(content: bytes) -> str:
    """The XML of a drawing; both formats are read back as Android would, if they are not very long."""
    drawing = parse_svg(content)
    assert isinstance(drawing, Drawing)
    plain = lowered(drawing)
    xml = vector_drawable(plain)
    assert "inf" not in xml
    assert "nan" not in xml.lower().replace("android", "")
    if len(xml) < 50_000 and longest_path(plain) < 32_767:
        drawable_to_svg(xml)
        image_vector_to_svg(image_vector(plain, "Icon", Place("app.icons")))
    return xml


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no element found"),
        (b" \n", "no element found"),
        (b"\0\0\0\0", "not well-formed"),
        (b"<html><body>Sign in</body></html>", "its root is not <svg>"),
        (b"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Error 503</title>", "not well-formed"),
        (b'{"err":"Not found","status":404}', "not well-formed"),
        (b"<svg xmlns='urn:other'/>", "its root is not <svg>"),
        (f"<svg {XML}><path></svg>".encode(), "line 1, column 49: mismatched tag"),
        (f"<svg {XML}><path d='M0".encode(), "unclosed token"),
        (f"<svg {XML}><path d='1' d='2'/></svg>".encode(), "duplicate attribute"),
        (f"<svg {XML}/><svg {XML}/>".encode(), "junk after document element"),
        (f"<svg {XML}>\0</svg>".encode(), "not well-formed"),
        (b"\x89PNG\r\n\x1a\n", "not well-formed"),
        (b"%PDF-1.7", "unclosed token"),
        (b"\x1f\x8b\x08\0", "not well-formed"),
        (f"<svg {XML}>\xe4</svg>".encode("latin-1"), "not well-formed"),
        (f"<?xml version='1.0' encoding='nonsense'?><svg {XML}/>".encode(), "unknown encoding"),
        (f"<?xml version='1.0' encoding='shift_jis'?><svg {XML}/>".encode(), "multi-byte encodings are not supported"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>', "it declares the entity 'a'"),
        (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>', "it declares the entity 'x'"),
        (b'<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]><svg/>', "it declares the entity 'x'"),
        (f'<!DOCTYPE svg [<!ATTLIST g id CDATA "{"a" * 999}">]><svg {XML}><g/></svg>'.encode(), "its DOCTYPE gives 'id'"),
        (f"<svg {XML}>&x;</svg>".encode(), "undefined entity"),
    ],
)  # fmt: skip
def test_what_is_no_svg_is_refused_with_words(content: bytes, said: str) -> None:
    with pytest.raises(DesignError) as caught:
        parse_svg(content)
    (problem,) = caught.value.problems
    assert problem.code == "vector.broken"
    assert said in problem.message


def fan(levels: int, each: int, leaf: str) -> str:
    """Groups that use one another: each^levels leaves."""
    defs = f'<g id="u0">{leaf}</g>'
    for level in range(levels):
        use = f'<use href="#u{level}"/>'
        defs += f'<g id="u{level + 1}">{use * each}</g>'
    return f'<defs>{defs}</defs><use href="#u{levels}"/>'


def chain(length: int, leaf: str) -> str:
    """Groups of which each uses the one before, 60 deep in themselves."""
    defs = f'<g id="u0">{leaf}</g>'
    for level in range(length):
        defs += f'<g id="u{level + 1}">{"<g>" * 50}<use href="#u{level}"/>{"</g>" * 50}</g>'
    return f'<defs>{defs}</defs><use href="#u{length}"/>'


def numbered(count: int) -> str:
    """So many attributes."""
    return " ".join(f"a{n}=''" for n in range(count))


TOO_LARGE = {
    "bytes": lambda: b"<svg>" + b" " * MOST_BYTES + b"</svg>",
    "elements": lambda: f"<svg {XML}>{'<g/>' * (MOST_ELEMENTS + 1)}</svg>".encode(),
    "depth": lambda: f"<svg {XML}>{'<g>' * MOST_DEPTH}".encode(),
    "attributes": lambda: svg(f"<g {numbered(MOST_ATTRIBUTES + 1)}/>").encode(),
    "uses that fan out": lambda: svg(fan(9, 10, DISC)).encode(),
    "uses of nothing that fan out": lambda: svg(fan(40, 2, "")).encode(),
    "uses inside one another": lambda: svg(chain(3, DISC)).encode(),
    "path data": lambda: svg(f'<path d="M0 0{"L1 1" * 2_200_000}"/>').encode(),
    "path data, used again": lambda: svg(fan(2, 30, f'<path d="M0 0{"L1 1" * 4000}"/>')).encode(),
    "boxes of path data": lambda: svg(fan(2, 30, f'<path fill="url(#box)" d="M0 0{"L1 1" * 2000}"/>')).encode(),
    "points": lambda: svg(f'<polygon points="{"1 2 " * 2_200_000}"/>').encode(),
    "outlines of clips": lambda: svg(
        f'<clipPath id="k">{NINE * 300}</clipPath>' + f'<g clip-path="url(#k)">{DISC}</g>' * 300
    ).encode(),
    "veils of masks": lambda: svg(
        f'<mask id="m">{NINE * 300}</mask>' + f'<g mask="url(#m)">{DISC}</g>' * 300
    ).encode(),
    "boxes of boxes": lambda: svg(
        '<g clip-path="url(#boxed)">' * 60 + DISC * 2000 + "</g>" * 60
    ).encode(),
    "stops": lambda: svg(
        f'<linearGradient id="g">{"<stop/>" * 900}</linearGradient>' + '<path fill="url(#g)" d="M0 0h9v9z"/>' * 300
    ).encode(),
    "selectors": lambda: svg(f"<style>{'a ' * 30_000}{{}}</style>{DISC * 50}").encode(),
    "style sheets": lambda: svg(f"<style>{'.a{}' * 100_000}</style>{DISC}").encode(),
    "rules": lambda: svg(f"<style>{'.a{fill:red}' * 900}</style>{DISC * 2000}").encode(),
}  # fmt: skip


@pytest.mark.parametrize("bomb", TOO_LARGE)
def test_what_would_take_too_much_is_refused(bomb: str) -> None:
    make: Callable[[], bytes] = TOO_LARGE[bomb]
    with pytest.raises(DesignError) as caught:
        parse_svg(make())
    (problem,) = caught.value.problems
    assert problem.code == "vector.too-large"
    assert problem.hint


LONG = 100_000
HEAVY = {
    "a clip of thousands": f'<clipPath id="k">{NINE * 5000}</clipPath><g clip-path="url(#k)">{DISC}</g>',
    "a clip of one long line": f'<clipPath id="k"><path clip-rule="evenodd" d="{"M0 0L9 9L0 9Z" * 20_000}"/></clipPath>'
    f'<g clip-path="url(#k)">{DISC}</g>',
    "a mask of thousands": f'<mask id="m" fill="white">{NINE * 5000}</mask><g mask="url(#m)">{DISC}</g>',
    "opacities inside one another": '<g opacity=".9">' * 60 + DISC * 500 + "</g>" * 60,
    "an opacity over long lines": f'<g opacity=".5"><path d="M0 0{"L1 1" * 100_000}"/>{DISC}</g>',
    "dashes too fine": f'<path d="{RING}" stroke="red" stroke-dasharray="1e-9"/>',
    "dashes too many": f'<path d="{STAR}" stroke="red" stroke-dasharray="{"1 2 " * 9000}"/>',
    "dashes of a long line": f'<path d="M0 0{"l9 9" * 50_000}" stroke="red" stroke-dasharray="4"/>',
    "dashes by far off": f'<path d="{RING}" stroke="red" stroke-dasharray="4" stroke-dashoffset="1e8"/>',
    "a line to the end of the world": '<path d="M0 0L1e308 1e308" stroke="red" stroke-dasharray="4"/>',
    "clips of clips": "".join(
        f'<clipPath id="k{n}" clip-path="url(#k{n + 1})"><rect width="9" height="9"/></clipPath>' for n in range(99)
    )
    + f'<g clip-path="url(#k0)">{DISC}</g>',
    "a clip of itself": f'<clipPath id="k" clip-path="url(#k)"><rect width="9" height="9"/></clipPath><g clip-path="url(#k)">{DISC}</g>',
    "masks of masks": "".join(
        f'<mask id="k{n}" mask="url(#k{n + 1})"><rect width="9" height="9" fill="white"/></mask>' for n in range(99)
    )
    + f'<g mask="url(#k0)">{DISC}</g>',
    "variables in variables": f'<path d="{STAR}" fill="{"var(--a," * 9999}red{")" * 9999}"/>',
    "functions in styles": f'<path d="{STAR}" style="transform:{"scale(2)" * 9999}x;fill:{"lab(" * 9999}"/>',
    "fonts in fonts": '<g font-size="1000em">' * 40 + f'<circle r="1em"/>{DISC}' + "</g>" * 40,
    "uses in clips": '<clipPath id="k"><use href="#a"/></clipPath><use id="a" href="#b"/><use id="b" href="#a"/>'
    f'<g clip-path="url(#k)">{DISC}</g>',
    "heirs in a ring": '<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/><path fill="url(#a)" d="M0 0h9v9z"/>',
    "digits": f'<path d="M{"1" * LONG} 2{"3" * LONG}x"/><rect width="{"1" * LONG}x"/><path transform="scale({"1" * LONG})"/>',
    "blanks in path data": f'<path d="M0 0{" " * LONG}x"/><polygon points="0{" " * LONG}x"/>',
    "blanks in colors": f'<path d="{STAR}" fill="rgb({" " * LONG}"/><path d="{STAR}" fill="url(#a{" " * LONG}"/>',
    "open brackets": f'<path d="{STAR}" transform="{"matrix(" * (LONG // 7)}" style="{"a:(" * (LONG // 3)}"/>',
    "open quotes": f'''<path d="{STAR}" style="{"a:'" * (LONG // 3)}"/>''',
    "words in styles": f'<path d="{STAR}" style="{"a" * LONG}"/><path d="{STAR}" style="{" " * LONG}x"/>',
    "words in sheets": f"<style>{'a' * 50_000}</style><style>{'a{' * 25_000}</style><style>{'/*' * 25_000}</style>"
    f"<style>{'.a' * 25_000}{{}}</style><style>{'@a;' * 16_000}</style>",
    "selectors that begin again and again": f"<style>x {'* ' * 40}g {{}}</style>{'<g>' * 60}{DISC}{'</g>' * 60}",
    "text": f"<text>{'<tspan/>a' * 9000}</text>",
}


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_heavy_but_allowed_costs_little(name: str) -> None:
    written(svg(f"{HEAVY[name]}{DISC}").encode())


DEEP = MOST_DEPTH - 2


def test_the_deepest_document_fits_on_the_stack_of_a_caller_who_has_used_a_third_of_it() -> None:
    source = svg('<g transform="skewX(1)" opacity=".9">' * DEEP + DISC + "</g>" * DEEP).encode()

    def deeper(frames: int) -> str:
        return deeper(frames - 1) if frames else written(source)

    assert deeper(300).count("<group") == 2 * DEEP


def test_more_groups_than_anybody_draws_are_refused() -> None:
    clips = '<clipPath id="k" clip-path="url(#disc)"><circle cx="30" cy="32" r="24"/></clipPath>'
    group = '<g transform="skewX(1)" clip-path="url(#k)">'
    with pytest.raises(DesignError) as caught:
        written(svg(clips + group * DEEP + DISC + "</g>" * DEEP).encode())
    assert caught.value.problems[0].code == "vector.too-large"


NUMBERS = (
    "1e308",
    "-1e308",
    "1e999",
    "1e-308",
    "NaN",
    "Infinity",
    "1e9",
    "0",
    "-0",
    "9" * 400,
    "." + "9" * 400,
    "1e",
    "--1",
    "%",
)
PLACES = (
    '<path d="M0 0L{n} 9L9 {n}A{n} {n} {n} 0 1 {n} {n}C{n} 0 0 {n} 9 9Q{n} {n} 1 1Z" fill="url(#lin)" stroke="url(#figma)"/>',
    '<path d="m0 0l{n} 9l{n} {n}t{n} {n}s{n} 0 9 {n}z" opacity="{n}" fill-opacity="{n}" stroke="red" stroke-width="{n}"/>',
    '<rect x="{n}" y="{n}" width="{n}" height="{n}" rx="{n}"/><circle cx="{n}" r="{n}"/><ellipse rx="{n}" ry="3"/>',
    '<polygon points="{n} 0 9 {n} {n} {n}" fill="url(#box)"/><line x2="{n}" stroke="red"/>',
    '<g transform="matrix({n} 0 0 {n} {n} {n})"><g transform="rotate({n}) skewX({n}) scale({n})">' + DISC + "</g></g>",
    '<g transform="scale({n})">' * 40 + f'<g opacity=".5">{DISC}{DISC}</g>' + "</g>" * 40,
    '<g transform="scale({n} 1)">' * 9 + f'<g clip-path="url(#two)">{DISC}</g>' + "</g>" * 9,
    '<path d="M0 0H60" stroke="red" stroke-dasharray="{n} 3" stroke-dashoffset="{n}" stroke-miterlimit="{n}"/>',
    '<linearGradient id="g" x1="{n}" x2="{n}" gradientTransform="scale({n})"><stop offset="{n}"/><stop offset="1"/></linearGradient>'
    f'<path d="{STAR}" fill="url(#g)"/>',
    '<radialGradient id="g" r="{n}" cx="{n}" gradientTransform="matrix({n} 1 2 {n} 0 0)"><stop/><stop offset="1"/></radialGradient>'
    f'<path d="{STAR}" fill="url(#g)"/>',
    '<use href="#sign" x="{n}" width="{n}" height="{n}"/><svg x="{n}" width="{n}" viewBox="{n} 0 {n} 9">' + DISC + "</svg>",
    '<path d="M0 0h9v9z" fill="rgb({n},{n},{n})" stroke="hsl({n} {n}% {n}% / {n})" color="color(display-p3 {n} {n} {n})"/>',
    '<mask id="m" maskUnits="userSpaceOnUse" x="{n}" width="{n}"><rect width="{n}" height="9" fill="white" fill-opacity="{n}"/></mask>'
    f'<g mask="url(#m)">{DISC}</g>',
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_numbers_beyond_all_bounds_are_written_within_them(place: str) -> None:
    for number in NUMBERS:
        written(svg(place.replace("{n}", number)).encode())


@pytest.mark.parametrize("number", NUMBERS)
def test_sizes_beyond_all_bounds_are_as_if_they_were_not_there(number: str) -> None:
    for frame in (
        f'width="{number}" height="24" viewBox="0 0 24 24"',
        f'viewBox="0 {number} 24 {number}"',
        f'width="{number}"',
    ):
        drawing = parse_svg(svg(DISC, frame).encode())
        assert 0 < drawing.width < 1e9
        written(svg(DISC, frame).encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1251", "us-ascii"])
def test_any_encoding_that_says_its_name_is_read(encoding: str) -> None:
    body = svg(f"<title>T</title>{DISC}")
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{body}'
    assert parse_svg(declared.encode(encoding)) == parse_svg(body.encode())


def test_a_byte_order_mark_and_a_doctype_without_entities_do_no_harm() -> None:
    body = svg(DISC).encode()
    assert parse_svg(b"\xef\xbb\xbf" + body) == parse_svg(b"<!DOCTYPE svg>" + body) == parse_svg(body)


DOCUMENTS = sorted({source for _, source in corpus()})
SCRAPS = """" ' < > /> & &amp; &#0; - . , e9 1e999 % url(#lin) # ( ) M A z NaN \0 <g> </g> <use/> id='lin' none inherit ; { }"""
JUNK = st.one_of(
    st.sampled_from(["", " ", *SCRAPS.split()]),
    st.text(max_size=3),
    st.binary(max_size=3).map(lambda raw: raw.decode("latin-1")),
)
MUTATIONS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), JUNK), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(DOCUMENTS), MUTATIONS)
def test_a_document_that_is_broken_anywhere_is_drawn_or_refused(
    source: str, mutations: list[tuple[float, int, str]]
) -> None:
    for place, length, junk in mutations:
        at = int(place * len(source))
        source = source[:at] + junk + source[at + length :]
    try:
        written(source.encode(errors="replace"))
    except DesignError as error:
        assert all(problem.code.startswith("vector.") for problem in error.problems)


@given(st.binary(max_size=60))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(DesignError, match="not a usable SVG"):
        parse_svg(content)
