"""What the formats can't hold is drawn as near as can be, and named."""

import pytest

from exfig_rx.errors import DesignError
from exfig_rx.vector.drawable import longest_path, vector_drawable
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.markup import MOST_DEPTH
from exfig_rx.vector.svg import parse_svg
from tests.test_vector.corpus import RING, STAR, svg
from tests.test_vector.pictures import drawable_to_svg, drawn

DISC = '<circle cx="32" cy="32" r="20" fill="#0B7A75"/>'


@pytest.mark.parametrize(
    ("body", "loss"),
    [
        ("<text>Hi</text>", "text"),
        ('<image href="data:,"/>', "an image"),
        ("<foreignObject/>", "foreignObject (an angular gradient, or HTML)"),
        ("<video/>", "<video>"),
        (f'<g filter="url(#f)">{DISC}</g>', "a filter"),
        (f'<g style="mix-blend-mode:multiply">{DISC}</g>', "blend mode multiply"),
        ('<pattern id="p"/><path d="M0 0h9v9z" fill="url(#p)"/>', "a pattern as fill"),
        ('<path d="M0 0h9v9z" fill="red" marker-start="url(#m)"/>', "markers"),
        (f"<style>g > path {{ fill: red }}</style>{DISC}", "the style of 'g > path'"),
        ('<g id="me"><use href="#me"/></g>', "a <use> that uses itself"),
        (f'<g opacity=".5">{DISC}<circle cx="40" cy="32" r="20" fill="#C8553D"/></g>',
         "the opacity of a group whose shapes overlap"),
        ('<path d="M8 8h40v40z" fill="red" stroke="blue" opacity=".5"/>',
         "the opacity of a shape with a fill and a line"),
        ('<g transform="skewX(30)"><path d="M8 8h40v40z" stroke="blue"/></g>', "a line under a skew"),
        (f'<path d="{STAR}" stroke="url(#figma)"/>', "an elliptic gradient along a line"),
        ('<mask id="m1"><path d="M0 0h64v64H0z" fill="#808080"/></mask><g mask="url(#m1)">' + DISC + "</g>",
         "a mask with half-tones"),
        ('<mask id="m2"><path d="M0 0h64v64z" fill="white" stroke="white"/></mask><g mask="url(#m2)">' + DISC + "</g>",
         "a mask with a stroke"),
        ('<radialGradient id="off" fx=".2"><stop/><stop offset="1" stop-color="red"/></radialGradient>'
         '<path d="M0 0h64v64z" fill="url(#off)"/>', "the focus of a radial gradient"),
        ('<clipPath id="k"><path clip-rule="evenodd" d="M32 2L50 60L4 22H60L14 60Z"/></clipPath>'
         f'<g clip-path="url(#k)">{DISC}</g>', "a clip of outlines that cross one another"),
    ],
)  # fmt: skip
def test_a_loss_is_named_and_the_rest_is_drawn(body: str, loss: str) -> None:
    plain = lowered(parse_svg(svg(f'{body}<path d="M60 60h4v4h-4z" fill="#0B3C49"/>').encode()))
    assert plain.losses == (loss,)
    picture = drawn(drawable_to_svg(vector_drawable(plain)))
    assert picture.getpixel((190, 190)) == (0x0B, 0x3C, 0x49, 255)


def test_nothing_is_lost_where_nothing_is() -> None:
    assert lowered(parse_svg(svg(f'<g opacity="1"><path d="{RING}" fill="red"/></g>').encode())).losses == ()


def test_what_is_inside_of_nothing_is_not_drawn() -> None:
    plain = lowered(parse_svg(svg(f'<clipPath id="none"/><g clip-path="url(#none)">{DISC}</g>').encode()))
    assert plain.nodes == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no element found"),
        (b"<html><body>Sign in</body></html>", "its root is not <svg>"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><path></svg>", "line 1, column 49: mismatched tag"),
        (b"\x89PNG\r\n\x1a\n", "not well-formed"),
        (b'<?xml version="1.0" encoding="nonsense"?><svg/>', "unknown encoding"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>', "it declares the entity 'a'"),
        (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>', "it declares the entity 'x'"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * (MOST_DEPTH + 1), "more than"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g/>" * 50_001 + b"</svg>", "more than 50000 elements"),
        (b"<svg>" + b" " * 2**24 + b"</svg>", "bytes, more than"),
    ],
)  # fmt: skip
def test_what_is_no_svg_is_refused_with_words(content: bytes, said: str) -> None:
    with pytest.raises(DesignError) as caught:
        parse_svg(content)
    (problem,) = caught.value.problems
    assert problem.code == "vector.broken"
    assert said in problem.message


def test_a_byte_order_mark_and_a_doctype_without_entities_do_no_harm() -> None:
    body = svg(DISC).encode()
    assert parse_svg(b"\xef\xbb\xbf" + body) == parse_svg(b"<!DOCTYPE svg>" + body) == parse_svg(body)


def test_the_longest_path_counts_clips_too() -> None:
    plain = lowered(parse_svg(svg('<g clip-path="url(#disc)"><path d="M0 0h64v64z" fill="red"/></g>').encode()))
    assert longest_path(plain) > 100
