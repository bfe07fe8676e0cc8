"""What a PNG says without a picture library: its size, and whether anything is in it.

In: bytes. Out: pixels, or a verdict. Source: https://www.w3.org/TR/png-3/. Rule: memory stays small whatever the
file says of itself.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

LONGEST_SIDE: Final = 16_384
MOST_PIXELS: Final = 100_000_000
"""Larger pictures are not drawn or decoded here: 100 megapixels are 400 MB."""

HEADER_BYTES: Final = 33
"""Signature and first chunk: all that `size_of` and `may_be_blank` read."""

_CHANNELS_WITH_ALPHA: Final = {4: 2, 6: 4}
_CHUNK: Final = 1 << 16


def size_of(header: bytes) -> tuple[int, int] | None:
    """Width and height in pixels from the first 33 bytes; None if these are not of a PNG."""
    if len(header) < HEADER_BYTES or not header.startswith(SIGNATURE) or header[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", header, 16)
    return (width, height) if width and height else None


def may_be_blank(header: bytes, size: int) -> bool:
    """Whether a file of `size` bytes is so small for its pixels that nothing may be in it."""
    pixels = size_of(header)
    return pixels is not None and size < pixels[0] * pixels[1] * 4 / 500 + 400


def is_blank(content: bytes) -> bool:
    """Whether every pixel is transparent black, which is what renderers leave where nothing is drawn.

    Only of 8-bit PNGs with an alpha channel that are not interlaced, as Figma and resvg write them; others are not.
    """
    size = size_of(content)
    if size is None or size[0] * size[1] > MOST_PIXELS or max(size) > LONGEST_SIDE:
        return False
    depth, kind, _, _, interlaced = content[24:29]
    channels = _CHANNELS_WITH_ALPHA.get(kind)
    if channels is None or depth != 8 or interlaced:
        return False
    return _is_zero(content, size[0] * channels + 1, size[1])


def _is_zero(content: bytes, row: int, rows: int) -> bool:
    """Whether all rows are zero behind their first byte, the filter; filters make zeros of zeros, all of them."""
    inflate = zlib.decompressobj()
    rest = b""
    seen = 0
    try:
        for part in _data(content):
            while part:
                rest += inflate.decompress(part, _CHUNK)
                part = inflate.unconsumed_tail
                whole = len(rest) // row * row
                for start in range(0, whole, row):
                    if rest.count(0, start + 1, start + row) != row - 1:
                        return False
                seen += whole // row
                rest = rest[whole:]
    except zlib.error:
        return False
    return seen == rows


def _data(content: bytes) -> Iterator[bytes]:
    """The compressed picture, chunk by chunk."""
    at = len(SIGNATURE)
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if name == b"IDAT":
            yield content[at + 8 : at + 8 + length]
        at += 12 + length
