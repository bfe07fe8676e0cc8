"""What a PNG says without a picture library."""

import io
from typing import Any

import pytest
from PIL import Image

from exfig_rx.raster.png import HEADER_BYTES, is_blank, may_be_blank, size_of


def png(image: Image.Image, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", **options)
    return stream.getvalue()


def clear(width: int, height: int, mode: str = "RGBA") -> Image.Image:
    return Image.new(mode, (width, height))


@pytest.mark.parametrize("size", [(1, 1), (16_384, 3), (300, 7)])
def test_the_size_is_in_the_first_bytes(size: tuple[int, int]) -> None:
    assert size_of(png(clear(*size))[:HEADER_BYTES]) == size


def test_what_is_no_png_has_no_size() -> None:
    whole = png(clear(3, 4))
    for header in (b"", whole[:20], b"\xff\xd8\xff" + whole[3:], whole[:12] + b"IDAT" + whole[16:]):
        assert size_of(header) is None
    assert size_of(whole[:16] + bytes(8) + whole[24:]) is None
    assert not may_be_blank(b"GIF89a", 10)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("size", [(1, 1), (640, 480), (3, 4000), (5000, 9)])
def test_a_picture_with_nothing_in_it_is_blank(mode: str, size: tuple[int, int]) -> None:
    content = png(clear(*size, mode))
    assert may_be_blank(content[:HEADER_BYTES], len(content))
    assert is_blank(content)


@pytest.mark.parametrize("place", [(0, 0), (639, 479), (320, 240)])
def test_one_faint_pixel_is_enough(place: tuple[int, int]) -> None:
    image = clear(640, 480)
    image.putpixel(place, (0, 0, 0, 1))
    assert not is_blank(png(image))


def test_an_opaque_picture_is_not_blank_whatever_its_color() -> None:
    for mode in ("RGB", "L", "1", "P"):
        assert not is_blank(png(clear(64, 64, mode)))
    assert not is_blank(png(Image.new("RGBA", (64, 64), "white")))


def test_a_picture_that_is_cut_off_or_garbled_is_not_called_blank() -> None:
    content = png(clear(640, 480))
    start = content.index(b"IDAT") + 4
    assert not is_blank(content[: len(content) // 2])
    assert not is_blank(content[:start] + b"nonsense" + content[start + 8 :])
    assert not is_blank(b"")


def test_a_picture_that_claims_to_be_huge_is_not_unpacked() -> None:
    content = png(clear(4, 4))
    assert not is_blank(content[:16] + b"\x7f\xff\xff\xff" * 2 + content[24:])
    assert not is_blank(png(clear(16_385, 1)))


def test_rows_in_another_order_are_not_read() -> None:
    content = png(clear(1, 1))
    assert is_blank(content)
    assert not is_blank(content[:28] + b"\1" + content[29:])


def test_a_picture_with_something_in_it_is_too_large_to_be_looked_into() -> None:
    image = clear(640, 480)
    for x in range(0, 640, 2):
        for y in range(x % 5, 480, 5):
            image.putpixel((x, y), (x % 256, y % 256, x * y % 256, 255))
    content = png(image)
    assert not may_be_blank(content[:HEADER_BYTES], len(content))
