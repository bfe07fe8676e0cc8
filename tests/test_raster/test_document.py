"""SVG documents on their way to the renderer: whole pixels, nothing squeezed, nothing from outside."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.raster.document import Undrawable, framed

SVG = 'xmlns="http://www.w3.org/2000/svg"'
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def root(width: object, height: object, view_box: str) -> str:
    return f'width="{width}" height="{height}" viewBox="{view_box}" preserveAspectRatio="none"'


def refusal(document: str | bytes) -> Undrawable:
    with pytest.raises(Undrawable) as caught:
        framed(document.encode() if isinstance(document, str) else document, 1.0)
    return caught.value


def test_the_root_says_the_size_in_pixels_and_all_else_stays_as_it_was() -> None:
    document = (
        f'<?xml version="1.0"?><!-- <svg> -->\n<svg width="24" {SVG} \n viewBox="0 0 24 24" id = \'a>b\' height="24" '
        'data-note=" width=&quot;9&quot; "><path d="M0 0"/><svg width="2" height="2"/></svg>\n'
    )
    assert framed(document.encode(), 2.0).text == (
        f'<?xml version="1.0"?><!-- <svg> -->\n<svg {SVG} id = \'a>b\' data-note=" width=&quot;9&quot; " '
        f'{root(48, 48, "0 0 24 24")}><path d="M0 0"/><svg width="2" height="2"/></svg>\n'
    )


@pytest.mark.parametrize(
    ("attributes", "scale", "expected"),
    [
        ('width="24" height="24" viewBox="0 0 24 24"', 3, (72, 72, "0 0 24 24")),
        ('width="25" height="25" viewBox="0 0 25 25"', 1.5, (37, 37, "0 0 24.6666667 24.6666667")),
        ('width="0.4" height="9"', 1, (1, 9, "0 0 1 9")),
        ('width="24.6" height="24.4" viewBox="2 3 24.6 24.4"', 1, (24, 24, "2 3 24 24")),
        ('width="10.1" height="0.7"', 10, (101, 7, "0 0 10.1 0.7")),
        ('width="12" height="12" viewBox="0 0 24 24"', 2, (24, 24, "0 0 24 24")),
        ('viewBox="0 0 24 12"', 1, (24, 12, "0 0 24 12")),
        ('width="100%" height="100%" viewBox="0,0,24,12"', 1, (24, 12, "0 0 24 12")),
        ('width="48" viewBox="0 0 24 12"', 1, (48, 24, "0 0 24 12")),
        ('height="24" viewBox="0 0 24 12"', 1, (48, 24, "0 0 24 12")),
        ('width="1in" height="72pt"', 1, (96, 96, "0 0 96 96")),
        ('width="8"', 1, (8, 8, "0 0 8 8")),
        ("", 1, (24, 24, "0 0 24 24")),
        ('width="-5" height="0" viewBox="0 0 0 0"', 1, (24, 24, "0 0 24 24")),
        ('width="20" height="10" viewBox="0 0 10 10"', 1, (20, 10, "-5 0 20 10")),
        ('width="20" height="10" viewBox="0 0 10 10" preserveAspectRatio="xMinYMid"', 1, (20, 10, "0 0 20 10")),
        ('width="20" height="10" viewBox="0 0 10 10" preserveAspectRatio="xMaxYMax slice"', 1, (20, 10, "0 5 10 5")),
        ('width="20" height="10" viewBox="0 0 10 10" preserveAspectRatio="none"', 1, (20, 10, "0 0 10 10")),
    ],
)
def test_a_size_in_points_becomes_whole_pixels_without_squeezing(
    attributes: str, scale: float, expected: tuple[int, int, str]
) -> None:
    made = framed(f"<svg {' '.join((SVG, attributes)).strip()}></svg>".encode(), scale)
    assert made == (f"<svg {SVG} {root(*expected)}></svg>", *expected[:2])


@given(st.floats(0.01, 4096), st.floats(0.01, 4096), st.sampled_from([1.0, 1.5, 2.0, 3.0, 4.0]))
def test_a_point_is_as_many_pixels_as_the_scale_says(width: float, height: float, scale: float) -> None:
    made = framed(f'<svg {SVG} width="{width}" height="{height}"/>'.encode(), scale)
    view = made.text.split('viewBox="')[1].split('"')[0].split()
    for side, pixels, shown in ((width, made.width, view[2]), (height, made.height, view[3])):
        assert pixels == max(1, math.floor(side * scale + 1e-6))
        assert math.isclose(pixels / float(shown), scale, rel_tol=1e-6)


def test_a_byte_order_mark_and_a_prefix_of_svg_do_no_harm() -> None:
    made = framed(b'\xef\xbb\xbf<s:svg xmlns:s="http://www.w3.org/2000/svg" width="8" height="8"/>', 1.0)
    assert made.text == f'<s:svg xmlns:s="http://www.w3.org/2000/svg" {root(8, 8, "0 0 8 8")}/>'


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        '<!DOCTYPE svg [<!ENTITY % a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
)
def test_entities_are_refused(document: str) -> None:
    error = refusal(document)
    assert error.code == "raster.broken"
    assert error.message == "can't be drawn: it declares the entity 'a'"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("", "line 1, column 1: no element found"),
        ("<html/>", "its root is not <svg>"),
        ("<svg><g></svg>", "line 1, column 11: mismatched tag"),
        (b'<?xml version="1.0" encoding="latin-1"?><svg a="\xe9"/>', "line 1, column 49: not well-formed"),
    ],
)
def test_what_is_no_svg_is_refused_with_the_place(document: str | bytes, why: str) -> None:
    error = refusal(document)
    assert error.code == "raster.broken"
    assert error.message.startswith(f"not a usable SVG: {why}")


@pytest.mark.parametrize(
    "reference",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "http://127.0.0.1/x.png",
        "x.png",
        " /x.png",
        "data:image/png",
        "data:#,/x.png",
        "other.svg#id",
    ],
)
def test_references_to_the_outside_are_refused(reference: str) -> None:
    for element in ("image", "feImage", "use", "s:image"):
        for attribute in ("href", "xlink:href", "y:href"):
            document = (
                f'<svg {SVG} {XLINK} xmlns:s="http://www.w3.org/2000/svg"><{element} {attribute}="{reference}"/></svg>'
            )
            error = refusal(document)
            assert error.code == "raster.outside"
            assert repr(reference) in error.message


def test_references_to_the_inside_and_links_for_people_are_fine() -> None:
    document = (
        f'<svg {SVG} {XLINK}><a href="https://example.com"><use xlink:href="#x"/></a><use href=""/>'
        '<image href="data:image/png;base64,AAAA"/><image href=" DATA:,x"/></svg>'
    )
    assert framed(document.encode(), 1.0).width == 24


@pytest.mark.parametrize(
    "attributes",
    [
        'width="64" height="32" viewBox="0 0 20 20"',
        'width="64" height="32" viewBox="0 0 20 20" preserveAspectRatio="xMidYMid slice"',
        'width="5" height="5" viewBox="0 0 5 5"',
    ],
)
def test_percentages_stay_those_of_the_root_that_the_document_has(attributes: str) -> None:
    document = f'<svg {SVG} {attributes}><circle cx="50%" cy="50%" r="20%"/></svg><!-- end -->'
    text, width, height = framed(document.encode(), 1.5)
    sizes = f'width="{width}" height="{height}" viewBox="0 0 {width / 1.5:.9g} {height / 1.5:.9g}"'
    assert text.startswith(f'<svg xmlns="http://www.w3.org/2000/svg" {sizes}><svg {SVG}')
    inner = text.partition("><svg")[2].partition("><")[0]
    for attribute in attributes.split('" '):
        assert attribute.strip('"') in inner


@pytest.mark.parametrize(
    "inside", ["<g>" * 600 + "</g>" * 600, "<g " + " ".join(f'a{n}=""' for n in range(1_001)) + "/>"]
)
def test_what_the_renderer_would_break_or_wait_on_is_refused(inside: str) -> None:
    assert refusal(f"<svg {SVG}>{inside}</svg>").code == "raster.too-large"
