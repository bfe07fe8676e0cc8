"""One picture: pixels that are true to the drawing, bytes that are equal each time, and no way out of it."""

import base64
import io
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import resvg_py
from PIL import Image, ImageChops, ImageCms, ImageFont, ImageStat

from exfig_rx.raster.document import Undrawable
from exfig_rx.raster.draw import Order, drawn, heic_available
from exfig_rx.vector.limits import MOST_DEPTH

SVG = 'xmlns="http://www.w3.org/2000/svg"'
DISC = f"""<svg {SVG} width="25" height="25" viewBox="0 0 25 25" fill="none">
<circle cx="12.5" cy="12.5" r="12" fill="#0A84FF" fill-opacity="0.5"/><path d="M3 20L20 3" stroke="#123"/></svg>"""


def made(source: str | bytes, encoding: str, scale: float = 1.0, quality: int = 90, *, lossless: bool = False) -> bytes:
    is_text = isinstance(source, str)
    content = source.encode() if isinstance(source, str) else source
    return drawn(content, Order("", "svg" if is_text else "png", encoding, scale, quality, lossless))


def pixels(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGBA")


def farthest(left: Image.Image, right: Image.Image) -> int:
    """The largest difference of a channel, on black ground."""
    black = Image.new("RGBA", left.size, "black")
    one, other = (Image.alpha_composite(black, picture).convert("RGB") for picture in (left, right))
    return max(high for _, high in ImageChops.difference(one, other).getextrema())  # type: ignore[misc]


def png(image: Image.Image, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", **options)
    return stream.getvalue()


def noise(width: int = 48, height: int = 32) -> Image.Image:
    """Every color and every alpha, hidden colors included."""
    data = bytes((x * 97 + y * 31 + x * y * c) % 256 for y in range(height) for x in range(width) for c in (1, 3, 5, 7))
    return Image.frombytes("RGBA", (width, height), data)


def refusal(*args: Any, **options: Any) -> Undrawable:
    with pytest.raises(Undrawable) as caught:
        made(*args, **options)
    return caught.value


def test_a_picture_is_cut_to_whole_pixels_and_drawn_at_exactly_its_scale() -> None:
    inside = DISC.partition(">")[2].rpartition("<")[0]
    scaled = f'<svg {SVG} width="37" height="37" fill="none"><g transform="scale(1.5)">{inside}</g></svg>'
    picture = pixels(made(DISC, "png", 1.5))
    assert picture.size == (37, 37)
    assert farthest(picture, pixels(made(scaled, "png"))) <= 2


@pytest.mark.parametrize("encoding", ["png", "jpg", "webp", "heic"])
def test_equal_orders_give_equal_bytes(encoding: str) -> None:
    first = made(DISC, encoding, 3)
    assert made(DISC, encoding, 3) == first
    assert pixels(first).size == (75, 75) if encoding != "heic" else first[4:12] == b"ftypheic"


def test_alpha_is_straight() -> None:
    red = f'<svg {SVG} width="4" height="4"><path d="M0 0H4V4H0Z" fill="#F00" fill-opacity="0.5"/></svg>'
    for encoding in ("png", "webp"):
        assert pixels(made(red, encoding, lossless=True)).getpixel((1, 1)) == (255, 0, 0, 128)


def test_jpg_is_on_white() -> None:
    half = f'<svg {SVG} width="16" height="8"><path d="M0 0H8V8H0Z" fill="#000" fill-opacity="0.5"/></svg>'
    picture = pixels(made(half, "jpg", quality=100))
    assert picture.getpixel((2, 4)) == (127, 127, 127, 255)
    assert picture.getpixel((13, 4)) == (255, 255, 255, 255)


def test_edges_between_colors_stay_sharp_in_jpg() -> None:
    halves = '<path d="M0 0H17V8H0Z" fill="#F00"/><path d="M17 0H32V8H17Z" fill="#00F"/>'
    picture = pixels(made(f'<svg {SVG} width="32" height="8">{halves}</svg>', "jpg", quality=95))
    for x, color in ((15, (255, 0, 0)), (16, (255, 0, 0)), (17, (0, 0, 255)), (18, (0, 0, 255))):
        found = picture.getpixel((x, 4))
        assert isinstance(found, tuple)
        assert all(abs(ours - theirs) < 30 for ours, theirs in zip(found, color, strict=False))


def test_lossless_webp_keeps_every_visible_pixel_and_not_the_hidden_colors() -> None:
    source = noise()
    picture = pixels(made(png(source), "webp", lossless=True))
    hidden = []
    for place in ((x, y) for x in range(source.width) for y in range(source.height)):
        ours, theirs = picture.getpixel(place), source.getpixel(place)
        assert isinstance(ours, tuple)
        assert isinstance(theirs, tuple)
        if theirs[3]:
            assert ours == theirs
        else:
            hidden.append(ours == theirs)
    assert hidden
    assert sum(hidden) < len(hidden) / 2


@pytest.mark.parametrize("encoding", ["webp", "jpg", "heic"])
def test_more_quality_is_more_bytes_and_closer_to_the_source(encoding: str) -> None:
    source = f"""<svg {SVG} width="64" height="64"><defs><linearGradient id="g"><stop stop-color="#f40"/>
    <stop offset="1" stop-color="#04f"/></linearGradient></defs><rect width="64" height="64" fill="url(#g)"/></svg>"""
    sizes = [len(made(source, encoding, 2, quality)) for quality in (-3, 0, 50, 100, 200)]
    assert sizes[0] == sizes[1] < sizes[2] < sizes[3] == sizes[4]


def test_lossless_ignores_quality() -> None:
    for encoding in ("webp", "jpg", "heic"):
        assert made(DISC, encoding, 2, 10, lossless=True) == made(DISC, encoding, 2, 90, lossless=True)


def test_heic_holds_the_picture_with_its_alpha() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    source = pixels(made(DISC, "png", 4))
    lossless, lossy = (pixels(made(DISC, "heic", 4, lossless=exact)) for exact in (True, False))
    assert lossless.size == (100, 100)
    assert lossless.getchannel("A").tobytes() == source.getchannel("A").tobytes()
    assert farthest(lossless, source) <= 2
    assert 2 < farthest(lossy, source) < 60


def test_without_its_extra_heic_is_refused_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert heic_available()
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert not heic_available()
    error = refusal(DISC, "heic")
    assert (error.code, error.hint) == ("raster.no-heic", "pip install 'exfig-rx[heic]'")


def test_a_png_keeps_its_size_and_its_color_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    source = png(noise(), icc_profile=profile)
    for encoding in ("webp", "png"):
        picture = Image.open(io.BytesIO(made(source, encoding, 3.0)))
        assert picture.size == (48, 32)
        assert picture.info["icc_profile"] == profile


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_png_of_any_kind_is_read(mode: str) -> None:
    source = Image.new("RGB", (8, 8), "white").convert(mode)
    assert pixels(made(png(source), "webp", lossless=True)).getpixel((3, 3)) == (255, 255, 255, 255)


def test_an_opaque_picture_has_no_alpha_channel() -> None:
    opaque, clear = (made(png(Image.new("RGBA", (8, 8), color)), "heic") for color in ("#F00F", "#F00E"))
    assert b"auxC" not in opaque
    assert b"auxC" in clear


def test_a_transparent_color_of_a_palette_stays_transparent() -> None:
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    assert pixels(made(png(image, transparency=1), "webp", lossless=True)).getpixel((3, 3)) == (0, 0, 0, 0)


def header(width: int, height: int) -> bytes:
    """A PNG that promises much and holds nothing."""
    data = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(b"IHDR" + data))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(data)) + b"IHDR" + data + crc


@pytest.mark.parametrize(
    ("source", "encoding", "scale"),
    [
        (f'<svg {SVG} width="5462" height="1"/>', "png", 3),
        (f'<svg {SVG} width="5000" height="5000"/>', "png", 2.1),
        (f'<svg {SVG} width="1e9" height="1e9"/>', "jpg", 1),
        (f'<svg {SVG} width="4096" height="1"/>', "webp", 4),
        (header(16_385, 1), "webp", 1),
        (header(2**31 - 1, 2**31 - 1), "webp", 1),
    ],
)
def test_too_many_pixels_are_refused_before_they_are_made(source: str | bytes, encoding: str, scale: float) -> None:
    error = refusal(source, encoding, scale)
    assert error.code == "raster.too-large"
    assert error.message.endswith("pixels a side and 100 megapixels")


def test_the_longest_side_allowed_is_drawn() -> None:
    assert pixels(made(f'<svg {SVG} width="4096" height="1"/>', "png", 4)).size == (16_384, 4)


def test_files_of_the_machine_are_never_drawn(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(png(Image.new("RGB", (8, 8), "red")))
    image = f'<image width="8" height="8" href="{secret}"/>'
    filtered = f'<filter id="f"><feImage href="{secret}"/></filter><rect width="8" height="8" filter="url(#f)"/>'
    for reading in (image, filtered):
        assert refusal(f'<svg {SVG} width="8" height="8">{reading}</svg>', "png").code == "raster.outside"
    inner = base64.b64encode(f'<svg {SVG} width="8" height="8">{image}</svg>'.encode()).decode()
    nested = f'<image width="8" height="8" href="data:image/svg+xml;base64,{inner}"/>'
    picture = pixels(made(f'<svg {SVG} width="8" height="8">{nested}</svg>', "png"))
    assert picture.getbbox() is None


def test_an_embedded_picture_is_drawn() -> None:
    data = base64.b64encode(png(Image.new("RGB", (8, 8), "red"))).decode()
    source = f'<svg {SVG} width="8" height="8"><image width="8" height="8" href="data:image/png;base64,{data}"/></svg>'
    assert pixels(made(source, "png")).getpixel((4, 4)) == (255, 0, 0, 255)


def test_fonts_of_the_machine_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    font = ImageFont.load_default()
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert isinstance(font.path, io.BytesIO)
    fonts = tmp_path / ".local/share/fonts"
    fonts.mkdir(parents=True)
    (fonts / "machine.ttf").write_bytes(font.path.getvalue())
    monkeypatch.setenv("HOME", str(tmp_path))
    source = f'<svg {SVG} width="40" height="20"><text x="2" y="16" font-family="Aileron">Text</text></svg>'
    assert pixels(made(source, "png")).getbbox() is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html>not found</html>", "it is not a PNG"),
        (header(8, 8), "not a usable PNG"),
        (png(Image.new("RGBA", (64, 64), "red"))[:-40], "not a usable PNG"),
        (png(Image.new("I;16", (8, 8))), "its pixels are I;16"),
    ],
)
def test_what_is_no_png_is_refused(content: bytes, why: str) -> None:
    error = refusal(content, "webp")
    assert error.code == "raster.broken"
    assert why in error.message


def test_an_svg_that_the_renderer_refuses_is_a_problem_of_that_picture() -> None:
    error = refusal(f'<svg {SVG} width="8" height="8"><unknown:rect/></svg>', "png")
    assert error.code == "raster.broken"
    assert error.message.startswith("can't be drawn: ")


def test_uses_that_multiply_are_refused_before_the_renderer_meets_them() -> None:
    uses = "".join(f'<g id="a{n}">' + f'<use href="#a{n + 1}"/>' * 10 + "</g>" for n in range(9))
    error = refusal(f'<svg {SVG} width="8" height="8">{uses}<rect id="a9" width="1" height="1"/></svg>', "png")
    assert error.code == "raster.too-large"
    assert error.hint


def test_the_deepest_document_that_is_allowed_fits_on_the_renderer_s_stack() -> None:
    """A crash would end the test run; the depth is counted with what is used."""
    within = "<g opacity='.9'>" * (MOST_DEPTH - 2) + '<rect width="8" height="8"/>' + "</g>" * (MOST_DEPTH - 2)
    assert made(f'<svg {SVG} width="8" height="8">{within}</svg>', "png")
    uses = "".join(f'<g id="a{n}"><use href="#a{n + 1}"/></g>' for n in range(MOST_DEPTH))
    assert refusal(f'<svg {SVG} width="8" height="8">{uses}<rect id="a{MOST_DEPTH}"/></svg>', "png").code == (
        "raster.too-large"
    )


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize(
    "root",
    [
        'viewBox="0 0 20 20"',
        'viewBox="2 3 20 20" preserveAspectRatio="xMinYMax slice" x="9" y="9"',
        'viewBox="0 0 20 20" preserveAspectRatio="none" fill="lime"',
        'style="fill:lime"',
    ],
)
def test_percentages_are_of_what_the_document_says(root: str, scale: float) -> None:
    shapes = '<rect width="50%" height="25%"/><circle cx="75%" cy="50%" r="20%" stroke="red" stroke-width="3%"/>'
    document = f'<svg {SVG} width="64" height="32" {root}>{shapes}</svg>'
    expected = resvg_py.svg_to_bytes(svg_string=document, width=round(64 * scale), skip_system_fonts=True)
    assert distance(pixels(made(document, "png", scale)), pixels(bytes(expected))) < 0.5


def test_percentages_stay_where_a_size_is_cut_to_whole_pixels() -> None:
    percent, numbers = (
        f'<svg {SVG} width="5" height="5"><circle cx="{half}" cy="{half}" r="{most}" fill="red"/></svg>'
        for half, most in (("50%", "40%"), ("2.5", "2"))
    )
    assert distance(pixels(made(percent, "png", 1.5)), pixels(made(numbers, "png", 1.5))) < 0.5


def distance(left: Image.Image, right: Image.Image) -> float:
    assert left.size == right.size
    return max(ImageStat.Stat(ImageChops.difference(left, right)).mean)
