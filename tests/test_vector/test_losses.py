"""What the formats can't hold is drawn as near as can be, and named."""

import pytest

from exfig_rx.vector.drawable import vector_drawable
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.plain import PlainDrawing
from exfig_rx.vector.svg import parse_svg
from tests.test_vector.android_reader import drawable_to_svg
from tests.test_vector.corpus import RING, STAR, svg
from tests.test_vector.pictures import difference, drawn

DISC = '<circle cx="32" cy="32" r="20" fill="#0B7A75"/>'
HALF_TONES = "a mask with half-tones"
CROSSING = "a clip of outlines that cross one another"
TWO_GRAYS = '<rect width="30" height="64" fill="#888"/><rect x="30" width="30" height="64" fill="#fff"/>'


def plain(body: str) -> PlainDrawing:
    return lowered(parse_svg(svg(body).encode()))


def masked(inside: str, attributes: str = "") -> str:
    return f'<mask id="m" {attributes}>{inside}</mask><g mask="url(#m)">{DISC}</g>'


LOSSES = [
    ("<text>Hi</text>", "text"),
    ("<text><tspan>Hi</tspan></text>", "text"),
    ('<image href="data:,"/>', "an image"),
    ("<foreignObject/>", "foreignObject (an angular gradient, or HTML)"),
    ("<video/>", "<video>"),
    (f'<g filter="url(#f)">{DISC}</g>', "a filter"),
    (f'<g style="mix-blend-mode:multiply">{DISC}</g>', "blend mode multiply"),
    (f'<g clip-path="circle(9px)">{DISC}</g>', "clip-path circle"),
    ('<pattern id="p"/><path d="M0 0h9v9z" fill="url(#p)"/>', "a pattern as fill"),
    ('<pattern id="p"/><path d="M0 0h9v9z" stroke="url(#p) red"/>', "a pattern as stroke"),
    ('<path d="M0 0h9v9z" fill="red" marker-mid="url(#m)"/>', "markers"),
    ('<path d="M0 0h9v9z" stroke="red" vector-effect="non-scaling-stroke"/>', "a line that does not scale"),
    (f"<style>path:hover {{ fill: red }}</style>{DISC}", "the style of 'path:hover'"),
    (f"<style>g + path {{ fill: red }}</style>{DISC}", "the style of 'g + path'"),
    (f"<style>[d] {{ fill: red }}</style>{DISC}", "the style of '[d]'"),
    (f"<style>@media print {{ .a {{ fill: red }} }}</style>{DISC}", "the style of '@media print'"),
    (f"<style>@import url(a.css); .a {{ fill: red }}</style>{DISC}", "the style of '@import url(a.css)'"),
    ('<path d="M0 0h9v9z" fill="red"><animate attributeName="x"/></path>', "an animation"),
    ('<g><animateTransform attributeName="transform"/></g>', "an animation"),
    ('<path d="M0 0h9v9z" fill="color-mix(in srgb, red, blue)"/>', "the color color-mix(in srgb, red, blue)"),
    ('<path d="M0 0h9v9z" style="fill:var(--own)"/>', "the color var(--own)"),
    ('<path d="M0 0h9v9z" stroke="context-stroke" fill="none"/>', "the color context-stroke"),
    ('<g color="AccentColor"><path d="M0 0h9v9z" fill="currentColor"/></g>', "the color AccentColor"),
    ('<linearGradient id="mix"><stop stop-color="var(--own)"/><stop offset="1"/></linearGradient>'
     '<path d="M0 0h9v9z" fill="url(#mix)"/>', "the color var(--own)"),
    ('<path style="rotate:10deg" d="M0 0h9v9z" fill="red"/>', "the style rotate: 10deg"),
    ('<path style="transform:translate(50%)" d="M0 0h9v9z" fill="red"/>', "the style transform: translate(50%)"),
    ('<mask id="round" mask="url(#round)"><rect width="64" height="64" fill="white"/></mask>'
     f'<g mask="url(#round)">{DISC}</g>', "masks of masks"),
    ('<g id="me"><use href="#me"/></g>', "a <use> that uses itself"),
    ('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>', "a <use> that uses itself"),
    ('<use href="other.svg#a"/>', "a <use> of another document"),
    (f'<g opacity=".5">{DISC}<circle cx="40" cy="32" r="20" fill="#C8553D"/></g>',
     "the opacity of a group whose shapes overlap"),
    (f'<g opacity=".5">{DISC}<path d="M0 32H64" stroke="red" stroke-width="3"/></g>',
     "the opacity of a group whose shapes overlap"),
    ('<g opacity=".5"><path d="M8 8h40v40z" fill="red" stroke="blue"/></g>',
     "the opacity of a group whose shapes overlap"),
    ('<g opacity=".5">' + '<path d="M0 0h1v1z" fill="red"/>' * 201 + "</g>",
     "the opacity of a group whose shapes overlap"),
    ('<path d="M8 8h40v40z" fill="red" stroke="blue" opacity=".5"/>',
     "the opacity of a shape with a fill and a line"),
    (f'<path d="{STAR}" stroke="url(#figma)"/>', "an elliptic gradient along a line"),
    ('<path d="M0 9H64" stroke="red" stroke-dasharray=".001"/>', "dashes too fine to be seen"),
    ('<path d="M0 9H64" stroke="red" stroke-dasharray="4" pathLength="9"/>',
     "dashes by a length that a path claims to have"),
    (masked(TWO_GRAYS), HALF_TONES),
    (masked(f'<path d="{RING}" fill="url(#lin)"/>'), HALF_TONES),
    (masked(f'<g opacity=".5"><path d="{RING}" fill="white"/></g>'), HALF_TONES),
    (masked(f'<path d="{RING}" fill="white" filter="url(#f)"/>'), HALF_TONES),
    (masked(TWO_GRAYS.replace('fill="#888"', 'fill="#888" fill-opacity=".3"'), 'mask-type="alpha"'), HALF_TONES),
    (masked('<path d="M0 0h64v64z" fill="white" stroke="white"/>'), "a mask with a stroke"),
    (masked('<image href="data:,"/>'), "a mask with <image>"),
    ('<radialGradient id="off" fx=".2"><stop/><stop offset="1" stop-color="red"/></radialGradient>'
     '<path d="M0 0h64v64z" fill="url(#off)"/>', "the focus of a radial gradient"),
    ('<radialGradient id="off" fr=".2"><stop/><stop offset="1" stop-color="red"/></radialGradient>'
     '<path d="M0 0h64v64z" fill="url(#off)"/>', "the focus of a radial gradient"),
    ('<clipPath id="k"><path clip-rule="evenodd" d="M32 2L50 60L4 22H60L14 60Z"/></clipPath>'
     f'<g clip-path="url(#k)">{DISC}</g>', CROSSING),
    (masked('<circle cx="30" cy="30" r="16" fill="white"/><path d="M20 20H60V60H20Z" fill="black"/>'), CROSSING),
    ('<clipPath id="k"><text>Hi</text></clipPath>' f'<g clip-path="url(#k)">{DISC}</g>', "text in a clip path"),
    (f'<clipPath id="k"><path clip-path="url(#half)" d="{RING}"/></clipPath><g clip-path="url(#k)">{DISC}</g>',
     "a clip path inside a clip path"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "loss"), LOSSES)
def test_a_loss_is_named_and_the_rest_is_drawn(body: str, loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exfig_rx.vector.cutting._library", lambda: None)  # as it is without the extra
    found = plain(f'{body}<path d="M60 60h4v4h-4z" fill="#0B3C49"/>')
    assert found.losses == (loss,)
    picture = drawn(drawable_to_svg(vector_drawable(found)))
    assert picture.getpixel((62, 62)) == (0x0B, 0x3C, 0x49, 255)


@pytest.mark.parametrize(
    "body",
    [
        f'<g opacity="1"><path d="{RING}" fill="red" stroke="blue"/></g>',
        f'<g opacity=".5"><path d="{RING}" fill="red"/></g>',
        '<g opacity=".5"><path d="M0 0h20v20h-20z" fill="red"/><path d="M20 0h20v20h-20z" fill="blue"/></g>',
        '<g opacity=".5"><path d="M0 0L60 60V50Z" fill="red"/><path d="M10 0L60 40V0Z" fill="blue"/></g>',
        '<g opacity=".5"><path d="M2 2L40 60" stroke="red"/><path d="M12 2L50 60" stroke="red"/></g>',
        '<path d="M0 0h9v9z" fill="transparent" stroke="red" opacity=".5"/>',
        '<text display="none">Hi</text>',
        '<text visibility="hidden">Hi</text>',
        "<text> </text>",
        '<g style="display:none"><image href="data:,"/></g>',
        '<g filter="none" mask="none" style="mix-blend-mode:normal"><path d="M0 0h9v9z" clip-path="none"/></g>',
        "<defs><text>Hi</text><image/></defs>",
        "<script>1</script><title>T</title><desc>D</desc><metadata/>",
        '<path d="M0 0h9v9z" fill="red" clip-path="initial" mask="unset" filter="initial"/>',
        '<path d="M0 0h9v9z" fill="var(--own, red)" stroke="oklch(0.6 0.2 20)"/>',
        '<a href="#"><path d="M0 0h9v9z" fill="red"/></a>',
        '<path d="M0 9H64" stroke="red" pathLength="9"/>',
        '<path d="M0 9H64" stroke="none" stroke-dasharray=".001"/>',
        '<path d="M0 0h9v9z" fill="red" marker-start="none"/>',
        "<style>@charset 'utf-8'; .a { fill: red }</style>",
    ],
)
def test_nothing_is_lost_where_nothing_is(body: str) -> None:
    assert plain(f"{body}{DISC}").losses == ()


def test_a_shape_whose_color_only_browsers_can_tell_is_black_instead_of_gone() -> None:
    found = plain('<path d="M8 8H56V56H8Z" fill="var(--own)"/>')
    assert drawn(drawable_to_svg(vector_drawable(found))).getpixel((32, 32)) == (0, 0, 0, 255)


def test_what_is_inside_of_nothing_is_not_drawn() -> None:
    assert plain(f'<clipPath id="none"/><g clip-path="url(#none)">{DISC}</g>').nodes == ()
    assert plain(f'<mask id="none"/><g mask="url(#none)">{DISC}</g>').nodes == ()


def test_a_loss_is_told_once() -> None:
    assert plain("<text>a</text><text>b</text>").losses == ("text",)


def test_dashes_that_nobody_can_see_look_as_they_do_from_afar() -> None:
    line = '<path d="M8 32H56" stroke="#000" stroke-width="30" stroke-dasharray="{}"/>'
    found = drawn(drawable_to_svg(vector_drawable(plain(line.format(".003 .001")))))
    assert difference(found, drawn(svg(line.format("none").replace("/>", ' stroke-opacity=".75"/>')))) < 0.5
