"""Mistakes that converters are known for, each with what is written here instead."""

import re

import pytest

from exfig_rx.vector.compose import Place, image_vector
from exfig_rx.vector.drawable import vector_drawable
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.plain import PlainDrawing
from exfig_rx.vector.svg import parse_svg
from tests.test_vector.kotlin_reader import image_vector_to_svg

D = 'd="M2 2H22V22Z"'
STOPS = '<stop stop-color="red"/><stop offset="1" stop-color="blue"/>'
GRADIENT = f'<linearGradient id="a" {{}}>{STOPS}</linearGradient><path fill="url(#a)" {D}/>'


def plain(body: str, frame: str = 'viewBox="0 0 24 24" fill="none"') -> PlainDrawing:
    return lowered(parse_svg(f'<svg {frame} xmlns="http://www.w3.org/2000/svg">{body}</svg>'.encode()))


def attributes(body: str, frame: str = 'viewBox="0 0 24 24" fill="none"') -> list[str]:
    """What stands in a drawable, one `name=value` for each attribute, without the frame and path data that is given."""
    found = re.findall(r'android:(\w+)="([^"]*)"', vector_drawable(plain(body, frame)))
    return [f"{name}={value}" for name, value in found[4:] if f'{name}="{value}"' != f'pathData="{D[3:-1]}"']


@pytest.mark.parametrize(
    ("mistake", "body", "written"),
    [
        ("fill=none is drawn black", f'<path {D} fill="none"/>', []),
        ("fill=none under a group is drawn black", f'<g fill="none"><path {D}/></g>', []),
        ("an unknown fill is drawn black", f'<path {D} fill="url(#nowhere)"/>', []),
        ("hsl is drawn black", f'<path {D} fill="hsl(120,100%,25%)"/>', ["fillColor=#008000"]),
        ("#RGBA is drawn black", f'<path {D} fill="#0f08"/>', ["fillColor=#8800FF00"]),
        ("most names are drawn black", f'<path {D} fill="peru"/>', ["fillColor=#CD853F"]),
        ("a line without a width is not seen", f'<path {D} stroke="red"/>', ["strokeColor=#FF0000", "strokeWidth=1"]),
        ("the opacity of lines is lost", f'<path {D} stroke="red" stroke-opacity=".5"/>',
         ["strokeColor=#FF0000", "strokeAlpha=0.5", "strokeWidth=1"]),
        ("opacity is for fills only", f'<path {D} stroke="red" opacity=".5"/>',
         ["strokeColor=#FF0000", "strokeAlpha=0.5", "strokeWidth=1"]),
        ("miter limits are lost", f'<path {D} stroke="red" stroke-miterlimit="8"/>',
         ["strokeColor=#FF0000", "strokeWidth=1", "strokeMiterLimit=8"]),
        ("dashes are lost", '<path d="M0 0H8" stroke="red" stroke-dasharray="3 2"/>',
         ["pathData=M0 0L3 0M5 0L8 0", "strokeColor=#FF0000", "strokeWidth=1"]),
        ("the opacity of a child replaces that of its group", f'<g opacity=".5"><path {D} fill="red" opacity=".5"/></g>',
         ["fillColor=#FF0000", "fillAlpha=0.25"]),
        ("fill-opacity beats opacity", f'<path {D} fill="red" opacity=".5" fill-opacity=".4"/>',
         ["fillColor=#FF0000", "fillAlpha=0.2"]),
        ("units are lost", f'<path {D} stroke="red" stroke-width="2px" opacity="50%"/>',
         ["strokeColor=#FF0000", "strokeAlpha=0.5", "strokeWidth=2"]),
        ("transforms of paths are lost", f'<path {D} fill="red" transform="translate(3 4)"/>',
         ["translateX=3", "translateY=4", "fillColor=#FF0000"]),
        ("the order of transforms is lost", f'<path {D} fill="red" transform="scale(2) translate(3 4)"/>',
         ["translateX=6", "translateY=8", "scaleX=2", "scaleY=2", "fillColor=#FF0000"]),
        ("of two transforms of a kind the last counts",
         f'<path {D} fill="red" transform="translate(1 1) rotate(90) translate(3 4)"/>',
         ["translateX=-3", "translateY=4", "rotation=90", "fillColor=#FF0000"]),
        ("skews are lost", f'<path {D} fill="red" transform="skewX(45)"/>',
         ["scaleX=1.618", "scaleY=0.618", "rotation=31.7175", "rotation=-58.2825", "fillColor=#FF0000"]),
        ("clips are looked for in the first defs only",
         f'<defs/><g clip-path="url(#k)"><path {D} fill="red"/></g><g><defs><clipPath id="k"><path d="M0 0H9V9z"/></clipPath></defs></g>',
         ["pathData=M0 0H9V9z", "fillColor=#FF0000"]),
        ("clips of anything but a path are lost",
         f'<clipPath id="k"><rect width="9" height="9"/></clipPath><g clip-path="url(#k)"><path {D} fill="red"/></g>',
         ["pathData=M0,0L9,0L9,9L0,9Z", "fillColor=#FF0000"]),
        ("all but the first path of a clip are lost",
         f'<clipPath id="k"><path d="M0 0H9V9z"/><path d="M12 0H20V9z"/></clipPath><g clip-path="url(#k)"><path {D} fill="red"/></g>',
         ["pathData=M0 0L9 0L9 9ZM12 0L20 0L20 9Z", "fillColor=#FF0000"]),
        ("clips of a path are lost",
         f'<clipPath id="k"><path d="M0 0H9V9z"/></clipPath><path clip-path="url(#k)" {D} fill="red"/>',
         ["pathData=M0 0H9V9z", "fillColor=#FF0000"]),
        ("the transform of what clips is lost",
         f'<clipPath id="k" transform="translate(1 2)"><path d="M0 0H9V9z"/></clipPath><path clip-path="url(#k)" {D} fill="red"/>',
         ["pathData=M1 2L10 2L10 11Z", "fillColor=#FF0000"]),
        ("a clip is repeated in the groups inside of it",
         f'<clipPath id="k"><path d="M0 0H9V9z"/></clipPath><g clip-path="url(#k)"><g transform="scale(2)"><path {D} fill="red"/></g></g>',
         ["pathData=M0 0H9V9z", "scaleX=2", "scaleY=2", "fillColor=#FF0000"]),
        ("a line inside of a shape comes out twice as wide",
         f'<mask id="m" fill="white"><path {D}/></mask><path {D} stroke="red" stroke-width="4" mask="url(#m)"/>',
         ["strokeColor=#FF0000", "strokeWidth=4"]),
        ("gradientUnits are ignored", GRADIENT.format(""),
         ["type=linear", "startX=2", "startY=2", "endX=22", "endY=2", "offset=0", "color=#FFFF0000", "offset=1",
          "color=#FF0000FF"]),
        ("the alpha of a stop's color is lost",
         f'<linearGradient id="a"><stop stop-color="#f008"/><stop offset="1" stop-opacity=".5"/></linearGradient><path {D} fill="url(#a)"/>',
         ["type=linear", "startX=2", "startY=2", "endX=22", "endY=2", "offset=0", "color=#88FF0000", "offset=1",
          "color=#80000000"]),
        ("what is used is dropped beside anything else", f'<use href="#p"/><defs><path id="p" {D} fill="red"/></defs><path {D} fill="red"/>',
         ["fillColor=#FF0000", "fillColor=#FF0000"]),
        ("nested documents and links are dropped", f'<a><path {D} fill="red"/></a>', ["fillColor=#FF0000"]),
        ("attributes beat style sheets", f'<style>.a{{fill:red}}</style><path class="a" {D} fill="blue"/>', ["fillColor=#FF0000"]),
        ("inside a group style sheets are lost", f'<style>.a{{fill:red}}</style><g><path class="a" {D}/></g>', ["fillColor=#FF0000"]),
        ("display-p3 is drawn black", f'<path {D} style="fill:#0B7A75;fill:color(display-p3 .1 .5 .45);fill-opacity:1"/>',
         ["fillColor=#0B7A75", "fillAlpha=1"]),
        ("currentColor is black", f'<g color="red"><path {D} fill="currentColor"/></g>', ["fillColor=#FF0000"]),
        ("what is hidden is shown", f'<path {D} fill="red" display="none"/><path {D} fill="red" visibility="hidden"/>', []),
        ("flags of arcs without separators fail the file", '<path d="M2 2a6 6 0 1112 0" fill="red"/>',
         ["pathData=M2 2a6 6 0 1 1 12 0", "fillColor=#FF0000"]),
        ("a rounded rect with ry alone has square corners", '<rect width="8" height="6" ry="3" fill="red"/>',
         ["pathData=M3,0L5,0C6.657,0 8,1.343 8,3L8,3C8,4.657 6.657,6 5,6L3,6C1.343,6 0,4.657 0,3L0,3C0,1.343 1.343,0 3,0Z",
          "fillColor=#FF0000"]),
        ("zero is written with a minus", f'<g transform="translate(-0.00001 5)"><path {D} fill="red"/></g>',
         ["translateX=0", "translateY=5", "fillColor=#FF0000"]),
    ],
)  # fmt: skip
def test_a_known_mistake_is_not_made(mistake: str, body: str, written: list[str]) -> None:
    assert attributes(body) == written, mistake
    assert plain(body).losses == ()


def test_what_the_root_says_is_inherited() -> None:
    frame = 'viewBox="0 0 24 24" fill="none" stroke="red" stroke-width="3"'
    assert attributes(f"<path {D}/>", frame) == ["strokeColor=#FF0000", "strokeWidth=3"]


def test_percentages_of_heights_are_of_the_height() -> None:
    body = GRADIENT.format('gradientUnits="userSpaceOnUse" x2="0" y2="50%"')
    assert attributes(body, 'viewBox="0 0 24 12"')[1:5] == ["startX=0", "startY=0", "endX=0", "endY=6"]


def test_the_origin_of_the_view_box_counts() -> None:
    assert attributes(f'<path {D} fill="red"/>', 'viewBox="-4 6 24 24"') == [
        "translateX=4",
        "translateY=-6",
        "fillColor=#FF0000",
    ]


def test_a_drawing_is_not_stretched_to_its_size() -> None:
    xml = vector_drawable(plain(f'<path {D} fill="red"/>', 'width="48" height="24" viewBox="0 0 24 24"'))
    assert 'android:viewportWidth="48"' in xml
    assert 'android:translateX="12"' in xml


def test_an_ellipse_of_colors_is_not_a_circle() -> None:
    gradient = f'<radialGradient id="a">{STOPS}</radialGradient><path d="M0 0H20V10H0Z" fill="url(#a)"/>'
    assert attributes(gradient)[:3] == ["translateX=10", "translateY=5", "scaleY=0.5"]


@pytest.mark.parametrize(
    "body",
    [
        f'<clipPath id="k"><circle cx="9" cy="9" r="5"/></clipPath><g clip-path="url(#k)"><path {D} fill="red"/></g>',
        f'<path {D} fill="red" fill-rule="nonzero"/>',
        f'<path {D} stroke="red" opacity=".5"/>',
        GRADIENT.format('spreadMethod="repeat"'),
        f'<path fill="red" d="M0 0&quot;) ; evil(&quot;"/><clipPath id="k"><path d="M0 0h9v9&quot;$x"/></clipPath><g clip-path="url(#k)"><path {D} fill="red"/></g>',
    ],
)  # fmt: skip
def test_kotlin_imports_all_that_it_needs_and_holds_nothing_else(body: str) -> None:
    kotlin = image_vector(plain(body), "Icon", Place("app.icons"))
    image_vector_to_svg(kotlin)
    assert "evil" not in kotlin
    assert "PathData {" not in kotlin
