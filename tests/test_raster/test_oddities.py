"""What is odd about renders, and what is not."""

import hashlib
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from exfig_rx.model import Problem
from exfig_rx.pictures import Blob, Picture, RenderFormat, RenderSpec, Variant
from exfig_rx.raster.oddities import oddities

SVG = 'xmlns="http://www.w3.org/2000/svg"'
Keep = Callable[[bytes], Blob]


@dataclass(frozen=True)
class Images:
    """The block of a config."""

    key: str = "ios.images"
    noun: str = "image"


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    def kept(content: bytes) -> Blob:
        digest = hashlib.sha256(content).hexdigest()
        (tmp_path / digest).write_bytes(content)
        return Blob(str(tmp_path / digest), len(content), digest)

    return kept


def png(width: int, height: int, *, rows: bytes | None = None) -> bytes:
    """An RGBA picture; without `rows` it is all header, padded so that it looks full."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    if rows is None:
        return head + chunk(b"IDAT", b"\x01" * min(2000, width * height))
    return head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def clear(width: int, height: int) -> bytes:
    return png(width, height, rows=bytes((width * 4 + 1) * height))


def svg(inside: str) -> bytes:
    return f'<svg {SVG} width="24" height="24" viewBox="0 0 24 24" fill="none">\n{inside}\n</svg>\n'.encode()


def odd(renders: Mapping[RenderSpec, Blob], *, drawn_here: bool = False) -> tuple[Problem, ...]:
    light = Variant("Kx7", "1:2", "boats/big boat", renders=renders)
    return oddities(Images(), Picture("bigBoat", "boats/big boat", (light,)), drawn_here=drawn_here)


def pngs(keep: Keep, sizes: Mapping[float, tuple[int, int]]) -> tuple[Problem, ...]:
    return odd({RenderSpec(RenderFormat.PNG, scale): keep(png(*size)) for scale, size in sizes.items()})


def drawing(keep: Keep, inside: str, *, drawn_here: bool = False) -> list[str]:
    spec = RenderSpec(RenderFormat.SVG)
    return [problem.code for problem in odd({spec: keep(svg(inside))}, drawn_here=drawn_here)]


def test_a_problem_says_which_image_where_and_what_to_do(keep: Keep) -> None:
    (problem,) = odd({RenderSpec(RenderFormat.PNG, 2.0): keep(clear(64, 48))})
    assert problem.code == "picture.blank"
    assert problem.message == "image 'boats/big boat' is blank"
    link = "https://www.figma.com/design/Kx7?node-id=1-2"
    assert problem.hint == f"See whether its layers are visible in Figma. {link}"
    place = problem.location
    assert place is not None
    assert (place.key, place.figma_file, place.node_id, place.node_name) == (
        "ios.images", "Kx7", "1:2", "boats/big boat",
    )  # fmt: skip


def test_each_variant_speaks_for_itself_and_once(keep: Keep) -> None:
    blank = {RenderSpec(RenderFormat.PNG, scale): keep(clear(int(8 * scale), 8 * int(scale))) for scale in (1.0, 2.0)}
    fine = {RenderSpec(RenderFormat.SVG): keep(svg('<path d="M0 0H9"/>'))}
    light, dark = Variant("Kx7", "1:2", "boat", renders=fine), Variant("Kx7", "1:3", "boat-dark", renders=blank)
    problems = oddities(Images(), Picture("boat", "boat", (light,), (dark,)))
    assert [problem.message for problem in problems] == ["image 'boat-dark' is blank"]


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<g/>",
        '<!-- <path d="M0 0H9"/> -->',
        '<defs><path id="a" d="M0 0H9"/></defs>',
        '<g clip-path="url(#c)"></g><defs><clipPath id="c"><path d="M0 0H9V9"/></clipPath></defs>',
        '<mask id="m"><rect width="9" height="9"/></mask><g mask="url(#m)"></g>',
        '<defs><g><path d="M0 0H9"/></g></defs><title>&lt;path /></title>',
    ],
)
def test_an_svg_without_a_shape_in_view_is_blank(keep: Keep, inside: str) -> None:
    assert drawing(keep, inside) == ["picture.blank"]


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0H9"/>',
        "<rect\nwidth='9' height='9'/>",
        '<g clip-path="url(#c)"><circle r="3"/></g><defs><clipPath id="c"><path d="M0 0"/></clipPath></defs>',
        '<defs><path id="a" d="M0 0H9"/></defs><use href="#a"/>',
        '<mask id="m"><rect width="9" height="9"/></mask><g mask="url(#m)"><path d="M0 0H9"/></g>',
        '<!-- nothing --><s:path xmlns:s="http://www.w3.org/2000/svg" d="M0 0H9"/>',
        '<foreignObject width="9" height="9"><div/></foreignObject>',
        '<style>.a { fill: red }</style><ellipse class="a" rx="3" ry="3"/>',
        "<defs><g></defs><path",
    ],
)
def test_an_svg_with_a_shape_is_never_called_blank(keep: Keep, inside: str) -> None:
    assert drawing(keep, inside) == []


def test_text_matters_only_where_it_is_drawn_here(keep: Keep) -> None:
    shape = '<path d="M0 0H9"/>'
    text = "<text>A</text>"
    assert drawing(keep, shape + text) == []
    assert drawing(keep, shape + text, drawn_here=True) == ["picture.text"]
    assert drawing(keep, f"{shape}<defs>{text}</defs><!-- {text} -->", drawn_here=True) == []


def test_a_large_svg_is_read_only_where_it_is_drawn_here(keep: Keep) -> None:
    padding = f"<!--{'x' * 5000}-->"
    assert drawing(keep, padding) == []
    assert drawing(keep, padding, drawn_here=True) == ["picture.blank"]


@pytest.mark.parametrize(
    "sizes",
    [
        {1.0: (24, 24), 2.0: (48, 48), 3.0: (72, 72)},
        {1.0: (25, 17), 1.5: (38, 26), 2.0: (50, 34), 3.0: (75, 51), 4.0: (100, 68)},
        {1.0: (25, 17), 2.0: (49, 33), 3.0: (74, 50)},
        {2.0: (5, 5)},
        {1.0: (1, 1), 4.0: (2, 5)},
        {1.0: (25, 25), 4.0: (95, 105)},
        {1.0: (4000, 4000)},
        {1.0: (1000, 900), 3.0: (3000, 2700)},
    ],
)
def test_sizes_that_differ_by_rounding_go_together(keep: Keep, sizes: dict[float, tuple[int, int]]) -> None:
    assert pngs(keep, sizes) == ()


@pytest.mark.parametrize(
    "sizes",
    [
        {1.0: (24, 24), 2.0: (48, 52)},
        {1.0: (24, 24), 3.0: (24, 24)},
        {1.0: (24, 24), 2.0: (24, 48)},
        {1.0: (24, 24), 2.0: (5656, 5657)},
    ],
)
def test_a_scale_of_another_size_is_named(keep: Keep, sizes: dict[float, tuple[int, int]]) -> None:
    (problem,) = pngs(keep, sizes)
    (scale, (width, height)) = max(sizes.items())
    assert problem.code == "picture.wrong-size"
    assert problem.message == (
        "image 'boats/big boat' has sizes that don't go together: "
        f"24 x 24 pixels at scale 1, {width} x {height} pixels at scale {scale:g}"
    )


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({1.0: (4000, 3000), 2.0: (6531, 4898)}, "was scaled down by Figma, to 6531 x 4898 pixels at scale 2"),
        ({1.0: (4000, 3000), 2.0: (6689, 5016)}, "was scaled down by Figma, to 6689 x 5016 pixels at scale 2"),
        (
            {1.0: (3000, 3000), 2.0: (5656, 5656), 3.0: (5656, 5656)},
            "was scaled down by Figma, to 5656 x 5656 pixels at scale 3",
        ),
        ({1.0: (9000, 100), 2.0: (16_384, 182)}, "was scaled down by Figma, to 16384 x 182 pixels at scale 2"),
        ({3.0: (5656, 5657)}, "was probably scaled down by Figma, to 5656 x 5657 pixels at scale 3"),
    ],
)
def test_what_figma_scaled_down_is_named(keep: Keep, sizes: dict[float, tuple[int, int]], said: str) -> None:
    (problem,) = pngs(keep, sizes)
    assert problem.code == "picture.scaled-down"
    assert problem.message == f"image 'boats/big boat' {said}: the most are 32 megapixels"


def test_renders_that_are_no_pictures_are_left_to_others(keep: Keep) -> None:
    assert odd({RenderSpec(RenderFormat.PNG, 1.0): keep(b"<html>"), RenderSpec(RenderFormat.PDF): keep(b"%PDF")}) == ()
