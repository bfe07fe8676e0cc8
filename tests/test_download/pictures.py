"""Small pictures of each format, whole and well made; and what lies in a folder of blobs."""

import os
from pathlib import Path

from exfig_rx.pictures import Blob, RenderFormat
from exfig_rx.sandbox import renders

SVG = renders.svg(24, 24, '<path d="M4 4h16v16H4z" fill="#0B3C49"/>')
PDF = renders.pdf(24, 24, (11, 60, 73))
PNG = renders.png(24, 24, (11, 60, 73))
JPG = renders.jpg(24, 24, (11, 60, 73))

OF_FORMAT = {RenderFormat.SVG: SVG, RenderFormat.PDF: PDF, RenderFormat.PNG: PNG, RenderFormat.JPG: JPG}


def large_svg(size: int) -> bytes:
    """An SVG of about `size` bytes, in which no two kilobytes are the same."""
    return renders.svg(24, 24, "".join(f'<path d="M{n} {n * 7}h1v1z" fill="#0B3C49"/>\n' for n in range(size // 46)))


def files_but_packs(folder: str | os.PathLike[str]) -> list[str]:
    """The names of what is a file of its own, in whatever place below the folder."""
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file() and path.suffix != ".pack")


def own_file_of(blob: Blob) -> list[str]:
    """The name of its file, if that is its own."""
    return [] if blob.offset else [blob.digest]
