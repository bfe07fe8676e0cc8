"""Pictures of a component in the formats of Figma's image endpoint.

In: a design and the path of a CDN link. Out: the bytes behind it. Rules: SVG is the drawing itself, in the frame that
Figma's export puts around it; PNG, JPG and PDF are one flat color of exactly the right size (nothing is rasterised
here), made with the standard library alone.
"""

import re
import struct
import zlib
from functools import lru_cache
from typing import Final

from exfig_rx.sandbox.design import Design, DesignFile, Json

MEDIA_TYPES: Final = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf"}
_SCALE = re.compile(r"\d(\.\d+)?")
_PAINTED = re.compile(r'(?:fill|stroke|stop-color)="#([0-9A-Fa-f]{6})"')


def picture(design: Design, path: str) -> tuple[bytes, str] | None:
    """The bytes and the media type behind a CDN link; None if there is nothing."""
    match path.split("/"):
        case ["", "cdn", key, version, *rest] if file := design.file(key, version):
            return _picture_of(file, tuple(rest))
    return None


@lru_cache(maxsize=4096)
def _picture_of(file: DesignFile, rest: tuple[str, ...]) -> tuple[bytes, str] | None:
    match rest:
        case ["thumbnail.png"]:
            return png(400, 225, (230, 236, 240)), MEDIA_TYPES["png"]
        case ["fills", name]:
            fill = file.source.get("images", {}).get(name.removesuffix(".png"))
            return (png(fill["size"][0], fill["size"][1], (130, 149, 165)), MEDIA_TYPES["png"]) if fill else None
        case [node_id, name]:
            scale, _, image_format = name.rpartition(".")
            component = _components_by_id(file).get(node_id)
            if component is None or image_format not in MEDIA_TYPES or not _SCALE.fullmatch(scale):
                return None
            return render(component, image_format, min(float(scale), 4)), MEDIA_TYPES[image_format]
    return None


@lru_cache(maxsize=64)
def _components_by_id(file: DesignFile) -> dict[str, Json]:
    return {component["id"]: component for *_, component in file.components()}


def other_than(media_type: str) -> bytes:
    """A picture of another format than `media_type`: a PNG, or an SVG for one."""
    return svg(24, 24, "") if media_type == MEDIA_TYPES["png"] else png(24, 24, (130, 149, 165))


def render(component: Json, image_format: str, scale: float) -> bytes:
    """The component as a file; `image_format` is a key of `MEDIA_TYPES`, `scale` counts for png and jpg only."""
    width, height = component.get("size", (24, 24))
    if image_format == "svg":
        return svg(width, height, str(component.get("svg", "")))
    found = _PAINTED.search(str(component.get("svg", "")))
    red, green, blue = bytes.fromhex(found.group(1) if found else "808080")
    if image_format == "pdf":
        return pdf(width, height, (red, green, blue))
    draw = png if image_format == "png" else jpg
    return draw(max(1, round(width * scale)), max(1, round(height * scale)), (red, green, blue))


def svg(width: float, height: float, markup: str) -> bytes:
    """`markup` in the `svg` element that Figma's export writes."""
    opening = f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" fill="none"'
    return f'{opening} xmlns="http://www.w3.org/2000/svg">\n{markup}\n</svg>\n'.encode()


def png(width: int, height: int, color: tuple[int, int, int]) -> bytes:
    """A flat PNG (https://www.w3.org/TR/png-3/): a palette of one color, one bit a pixel."""
    rows = (b"\0" * (1 + (width + 7) // 8)) * height
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)),
        (b"PLTE", bytes(color)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def jpg(width: int, height: int, color: tuple[int, int, int]) -> bytes:
    """A flat grey baseline JPEG (ITU-T T.81): the first block holds the brightness, all others say "the same"."""
    red, green, blue = color
    level = round(0.299 * red + 0.587 * green + 0.114 * blue) - 128
    magnitude = abs(level)
    size = magnitude.bit_length()
    amplitude = f"{level if level >= 0 else (1 << size) - 1 - magnitude:0{size}b}" if size else ""
    # One-symbol-per-length code tables: category 0 is "0", category n is n ones and a zero; end of block is "0".
    categories = bytes(range(9))
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    bits = "1" * size + "0" + amplitude + "0" + "00" * (blocks - 1)
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    segments = (
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        # A DC step of 8 cancels the factor 8 of the transform, so the coefficient is the level itself.
        (0xDB, b"\0" + b"\x08" * 64),
        (0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"),
        (0xC4, b"\x00" + bytes([1] * 9 + [0] * 7) + categories),
        (0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
        (0xDA, b"\1\1\0\0\x3f\0"),
    )
    head = b"".join(struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in segments)
    return b"\xff\xd8" + head + scan + b"\xff\xd9"


def pdf(width: float, height: float, color: tuple[int, int, int]) -> bytes:
    """A PDF of one page that is one filled rectangle."""
    red, green, blue = (channel / 255 for channel in color)
    drawing = f"{red:.4f} {green:.4f} {blue:.4f} rg 0 0 {width} {height} re f".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R /Resources << >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
    )
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n%s" % table
    return bytes(out + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
