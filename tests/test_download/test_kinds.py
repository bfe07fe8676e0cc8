"""What bytes are, whatever a server says they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.download.kinds import HEAD_BYTES, TAIL_BYTES, Mistaken, kind_of, mistaken
from exfig_rx.pictures import RenderFormat
from tests.test_download.pictures import JPG, OF_FORMAT, PDF, PNG, SVG

FORMATS = list(RenderFormat)


def wrong(format_: RenderFormat, body: bytes) -> Mistaken | None:
    return mistaken(format_, body[:HEAD_BYTES], body[-TAIL_BYTES:])


@pytest.mark.parametrize("format_", FORMATS)
def test_a_picture_is_what_it_is_and_nothing_else(format_: RenderFormat) -> None:
    for other, body in OF_FORMAT.items():
        found = wrong(format_, body)
        assert (found is None) == (other is format_)
        assert found is None or not found.is_cut


@pytest.mark.parametrize("format_", FORMATS)
def test_a_picture_that_ends_anywhere_before_its_end_is_found_out(format_: RenderFormat) -> None:
    body = OF_FORMAT[format_].rstrip()
    assert wrong(format_, body) is None
    for size in range(len(body)):
        assert wrong(format_, body[:size]) is not None


def test_a_picture_that_is_cut_is_told_from_one_that_is_none() -> None:
    assert wrong(RenderFormat.SVG, SVG[: len(SVG) // 2]) == Mistaken("an SVG", "an SVG", is_cut=True)
    assert wrong(RenderFormat.SVG, PNG) == Mistaken("a PNG", "an SVG")
    assert wrong(RenderFormat.PNG, b"") == Mistaken("nothing", "a PNG")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "nothing"),
        (SVG, "an SVG"),
        (b"\xef\xbb\xbf" + SVG, "an SVG"),
        (b'<?xml version="1.0"?>\n<!-- by <svg> hand -->\n' + SVG, "an SVG"),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">\n' + SVG, "an SVG"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>\n' + SVG, "an SVG"),
        (b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', "an SVG"),
        (b"<!-- " + b"licence " * 4000 + b"-->" + SVG, "an SVG"),
        (b"<svgs/>", "an XML document"),
        (b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', "an XML document"),
        (b"<!DOCTYPE html>\n<p>Please sign in", "an HTML page"),
        (b"\n<!-- x --><!doctype HTML SYSTEM 'about:legacy-compat'><html>", "an HTML page"),
        (b"<HTML><BODY><svg></svg>", "an HTML page"),
        (PNG, "a PNG"),
        (JPG, "a JPEG"),
        (PDF, "a PDF"),
        (b"GIF89a", "a GIF"),
        (b'{"err": "x"}', "JSON"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"no healthy upstream\n", "text"),
        (b"\x00\x01\x02", "something else"),
    ],
)
def test_bytes_have_a_name_that_people_know(body: bytes, kind: str) -> None:
    assert kind_of(body[:HEAD_BYTES]) == kind


def test_an_svg_may_be_one_empty_tag_or_end_with_remarks() -> None:
    assert wrong(RenderFormat.SVG, b'<svg xmlns="http://www.w3.org/2000/svg"/>\n') is None
    assert wrong(RenderFormat.SVG, SVG + b"<!-- made by hand -->\n") is None
    assert wrong(RenderFormat.SVG, b'<svg xmlns="http://www.w3.org/2000/svg"><path/>\n') is not None


@given(st.binary(max_size=200), st.sampled_from(FORMATS))
def test_whatever_comes_is_told_in_words_or_is_the_picture(body: bytes, format_: RenderFormat) -> None:
    found = wrong(format_, body)
    assert found is None or (found.found and found.wanted)


@pytest.mark.parametrize(
    "piece", [b"<!-- ", b"<!DOCTYPE ", b"<!DOCTYPE [", b"<?", b"] ", b"<svg ", b"</", b"<!", b" ", b"[]"]
)
def test_looking_takes_time_that_grows_with_the_size_alone(piece: bytes) -> None:
    body = piece * (HEAD_BYTES // len(piece))
    assert wrong(RenderFormat.SVG, body) is not None
    assert wrong(RenderFormat.SVG, b"<!DOCTYPE svg [" + body) is not None
