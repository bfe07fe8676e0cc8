"""What is odd about the renders of a picture: nothing in it, not the size it should have, text that can't be drawn.

In: a picture whose renders are there. Out: one problem for each oddity of each variant, with node and link. Rule: it
is cheap where all is well (a header for a PNG, a glance at an SVG), and it never calls a picture blank that is not.
"""

import os
import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from exfig_rx.export.names import Entry
from exfig_rx.load.wording import listed, node_link, quoted
from exfig_rx.model import Location, Problem
from exfig_rx.pictures import Blob, Picture, RenderFormat, Variant
from exfig_rx.raster.png import HEADER_BYTES, is_blank, may_be_blank, size_of

FIGMAS_MOST_PIXELS: Final = (32_000_000, 32 * 2**20)
"""Figma scales larger renders down (https://developers.figma.com/docs/rest-api/file-endpoints/#get-images-endpoint);
what it calls 32 megapixels may be either."""

FIGMAS_LONGEST_SIDE: Final = 16_384

_LARGEST_BLANK_SVG: Final = 4096
"""Bytes: a document without a shape has little to say; clip paths and masks that are left over stay below this."""

_SHAPES: Final = frozenset(
    {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image", "use", "text", "foreignObject"}
)
_ASIDE: Final = frozenset(
    {"defs", "clipPath", "mask", "symbol", "pattern", "filter", "marker", "style", "title", "desc", "metadata"}
)
_A_SHAPE: Final = re.compile(rb"<(?:\w+:)?(?:%s)[\s/>]" % "|".join(sorted(_SHAPES)).encode())
_SOMETHING_ASIDE: Final = re.compile(rb"<[!?]|<(?:\w+:)?(?:%s)[\s/>]" % "|".join(sorted(_ASIDE)).encode())
_A_TEXT: Final = re.compile(rb"<(?:\w+:)?text[\s/>]")


def oddities(entry: Entry, picture: Picture, *, drawn_here: bool = False) -> tuple[Problem, ...]:
    """What people should know about the renders of `picture`; `drawn_here`: its SVG becomes pixels on this machine."""
    return tuple(problem for variant in picture.variants for problem in _odd(entry, variant, drawn_here))


def _odd(entry: Entry, variant: Variant, drawn_here: bool) -> Iterator[Problem]:
    sizes: dict[float, tuple[int, int]] = {}
    blank = has_text = False
    for spec, blob in variant.renders.items():
        if spec.format is RenderFormat.PNG:
            header = _start(blob, HEADER_BYTES)
            size = size_of(header)
            if size is not None:
                sizes[spec.scale] = size
            blank = blank or (may_be_blank(header, blob.size) and is_blank(blob.read()))
        elif spec.format is RenderFormat.SVG and (drawn_here or blob.size <= _LARGEST_BLANK_SVG):
            svg = _start(blob, blob.size)
            blank = blank or not _draws(svg)
            has_text = has_text or (drawn_here and _writes(svg))
    if blank:
        yield _problem(entry, variant, "picture.blank", "is blank", "See whether its layers are visible in Figma.")
    if has_text:
        yield _problem(
            entry, variant, "picture.text", "has text, which is left out: fonts of this machine are not used",
            "Outline the text in Figma, or let Figma render it: sourceFormat: png.",
        )  # fmt: skip
    yield from _odd_sizes(entry, variant, sizes)


def _draws(svg: bytes) -> bool:
    """Whether there is a shape outside of definitions and comments."""
    first = _A_SHAPE.search(svg)
    if first is None:
        return False
    if _SOMETHING_ASIDE.search(svg, 0, first.start()) is None:
        return True
    tags = _tags_in_view(svg)
    return tags is None or not tags.isdisjoint(_SHAPES)


def _writes(svg: bytes) -> bool:
    """Whether there is text outside of definitions and comments."""
    return _A_TEXT.search(svg) is not None and "text" in (_tags_in_view(svg) or ())


def _tags_in_view(svg: bytes) -> set[str] | None:
    """The elements outside of definitions; None for what can't be read, of which others complain."""
    tags: set[str] = set()
    aside = 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal aside
        tag = name.rpartition(":")[2]
        if aside or tag in _ASIDE:
            aside += 1
        else:
            tags.add(tag)

    def end(_: str) -> None:
        nonlocal aside
        aside = max(0, aside - 1)

    def refuse(*_: object) -> None:
        raise ValueError("entities")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, refuse
    try:
        parser.Parse(svg, True)
    except (expat.ExpatError, ValueError):
        return None
    return tags


def _odd_sizes(entry: Entry, variant: Variant, sizes: dict[float, tuple[int, int]]) -> Iterator[Problem]:
    """At most one problem: sizes that don't go with one another; that of the smallest scale is taken as right."""
    if not sizes:
        return
    least, most = min(sizes), max(sizes)
    wrong = [scale for scale in sorted(sizes) if not _fits(sizes[scale], sizes[least], scale / least)]
    shrunk = [scale for scale in wrong if _is_cut(sizes[scale]) and sizes[scale][0] < sizes[least][0] * scale / least]
    if shrunk or (not wrong and _is_cut(sizes[most])):
        scale = shrunk[-1] if shrunk else most
        how = "was scaled down by Figma" if shrunk else "was probably scaled down by Figma"
        yield _problem(
            entry, variant, "picture.scaled-down",
            f"{how}, to {_written(sizes[scale])} at scale {scale:g}: the most are 32 megapixels",
            "Make it smaller, or export it at smaller scales.",
        )  # fmt: skip
    elif wrong:
        all_sizes = listed([f"{_written(sizes[scale])} at scale {scale:g}" for scale in sorted(sizes)])
        yield _problem(
            entry, variant, "picture.wrong-size", f"has sizes that don't go together: {all_sizes}",
            "Run again; if it stays so, give it a size of whole points in Figma.",
        )  # fmt: skip


def _fits(size: tuple[int, int], least: tuple[int, int], times: float) -> bool:
    """Whether both are one size, each rounded to whole pixels in any way."""
    return all(abs(side - small * times) <= times + 1 for side, small in zip(size, least, strict=True))


def _is_cut(size: tuple[int, int]) -> bool:
    """Whether Figma's limits may have made it that large: within a row and a column of the most pixels."""
    pixels = size[0] * size[1]
    return max(size) == FIGMAS_LONGEST_SIDE or any(abs(pixels - most) <= sum(size) for most in FIGMAS_MOST_PIXELS)


def _written(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]} pixels"


def _start(blob: Blob, count: int) -> bytes:
    # three system calls and no objects between them: this runs once for every file of a run
    descriptor = os.open(blob.path, os.O_RDONLY)
    try:
        return os.pread(descriptor, min(count, blob.size), blob.offset)
    finally:
        os.close(descriptor)


def _problem(entry: Entry, variant: Variant, code: str, what: str, hint: str) -> Problem:
    return Problem(
        code,
        f"{entry.noun} {quoted(variant.name)} {what}",
        f"{hint} {node_link(variant.file_key, variant.node_id)}",
        Location(key=entry.key, figma_file=variant.file_key, node_id=variant.node_id, node_name=variant.name),
    )
