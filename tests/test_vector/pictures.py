"""SVG to pixels, and how far two pictures are from one another."""

import io
import re
from functools import cache

import resvg_py
from PIL import Image, ImageChops, ImageStat

SIZE, LARGE = 64, 256
"""Pixels of a picture's width."""


def drawn(svg: str, size: int = SIZE) -> Image.Image:
    """The pixels of an SVG, on transparent ground."""
    png = resvg_py.svg_to_bytes(svg_string=svg, width=size, dpi=96, languages=["en"], skip_system_fonts=True)
    return Image.open(io.BytesIO(bytes(png))).convert("RGBA")


@cache
def reference(source: str, size: int = 0) -> Image.Image:
    """What an SVG of the corpus should look like; as large as it has to be, unless `size` says so."""
    return drawn(known(source), size or size_for(source))


def known(source: str) -> str:
    """A document that resvg understands as browsers do."""
    # it does not know display-p3, and takes it for no color at all instead of what stands before
    return re.sub(r"[\w-]+:\s*color\(display-p3[^)]*\)", "", source).removeprefix("\ufeff")


def size_for(source: str) -> int:
    """resvg measures lines by what can be seen: only in a large picture are its dashes where they should be."""
    return LARGE if "dasharray" in source else SIZE


def difference(left: Image.Image, right: Image.Image) -> float:
    """The mean difference of two pictures in 255ths, on white and on black ground."""
    if left.size != right.size:
        return 255.0
    means = []
    for ground in ("white", "black"):
        under = Image.new("RGBA", left.size, ground)
        one, other = (Image.alpha_composite(under, picture).convert("RGB") for picture in (left, right))
        means.append(sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3)
    return max(means)


class Svg:
    """An SVG that a reader writes: placed groups, clips, gradients in the space of what they paint."""

    def __init__(self) -> None:
        self._defs: list[str] = []

    def gradient(self, kind: str, places: dict[str, str], stops: list[tuple[str, str]], spread: str) -> str:
        """A paint; stops are offset and AARRGGBB."""
        id_ = f"g{len(self._defs)}"
        attributes = " ".join(f'{name}="{value}"' for name, value in places.items())
        inner = "".join(
            f'<stop offset="{offset}" stop-color="#{argb[2:]}" stop-opacity="{int(argb[:2], 16) / 255}"/>'
            for offset, argb in stops
        )
        self._defs.append(
            f'<{kind}Gradient id="{id_}" gradientUnits="userSpaceOnUse" spreadMethod="{spread}" {attributes}>'
            f"{inner}</{kind}Gradient>"
        )
        return f"url(#{id_})"

    def group(self, body: str, clip: str | None, numbers: dict[str, float]) -> str:
        """What Android does with a group: translate · (pivot) rotate · scale, a clip inside of that."""
        if clip is not None:
            id_ = f"c{len(self._defs)}"
            self._defs.append(f'<clipPath id="{id_}"><path d="{clip}"/></clipPath>')
            body = f'<g clip-path="url(#{id_})">{body}</g>'
        x, y, px, py = (numbers.get(name, 0.0) for name in ("x", "y", "pivotX", "pivotY"))
        scale = f"scale({numbers.get('scaleX', 1.0)} {numbers.get('scaleY', 1.0)})"
        turn = f"rotate({numbers.get('rotation', 0.0)})"
        return f'<g transform="translate({x + px} {y + py}) {turn} {scale} translate({-px} {-py})">{body}</g>'

    def whole(self, width: str, height: str, view: tuple[str, str], body: str) -> str:
        """The document."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {view[0]} {view[1]}" preserveAspectRatio="none">'
            f"<defs>{''.join(self._defs)}</defs>{body}</svg>"
        )
