"""One picture: the bytes of an SVG or PNG become the bytes of a PNG, JPG, WebP or HEIC.

Pure, and meant for a worker process: the libraries behind it hold the interpreter's lock for long, and can take a
process down. They are imported when first needed. Rule: equal orders give equal bytes; alpha is straight; colors keep
the profile of their source; fonts of the machine don't count (Figma's exports hold outlines).
"""

import importlib.util
import io
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from exfig_rx.raster.document import Undrawable, framed
from exfig_rx.raster.png import HEADER_BYTES, LONGEST_SIDE, MOST_PIXELS, size_of

if TYPE_CHECKING:
    from PIL.Image import Image

_LONGEST_WEBP: Final = 16_383  # 14 bits, https://developers.google.com/speed/webp/docs/riff_container
_SMALLER: Final = "Make it smaller in Figma, or export it at a smaller scale."
_KNOWN_MODES: Final = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})


class Order(NamedTuple):
    """What to make of the file at `path`, or of its `size` bytes from `offset` on; the words are those of `Raster`."""

    path: str
    source_format: str
    encoding: str
    scale: float
    quality: int
    is_lossless: bool
    offset: int = 0
    size: int = 0


def heic_available() -> bool:
    """Whether HEIC can be written here: the extra `heic` is installed. Imports nothing."""
    return importlib.util.find_spec("pillow_heif") is not None


def drawn(content: bytes, order: Order) -> bytes:
    """The picture as ordered. Raises Undrawable."""
    if order.encoding == "heic" and not heic_available():
        raise Undrawable("raster.no-heic", "can't be written as HEIC here", "pip install 'exfig-rx[heic]'")
    match order.source_format:
        case "svg":
            png = _rendered(content, order)
            if order.encoding == "png":
                return png
        case "png":
            _check_size(size_of(content[:HEADER_BYTES]), order.encoding)
            png = content
        case other:
            raise Undrawable("raster.broken", f"can't be decoded: {other} is not read here", "")
    return _encoded(_decoded(png), order)


def _rendered(svg: bytes, order: Order) -> bytes:
    import resvg_py

    document = framed(svg, order.scale)
    size = (document.width, document.height)
    _check_size(size, order.encoding)
    try:
        png = resvg_py.svg_to_bytes(svg_string=document.text, skip_system_fonts=True)
    except ValueError as error:
        raise Undrawable("raster.broken", f"can't be drawn: {error}", "Export it from Figma again.") from None
    if size_of(png[:HEADER_BYTES]) != size:
        raise Undrawable("raster.broken", "can't be drawn: its style sheet changes its size", "Export it from Figma.")
    return png


def _check_size(size: tuple[int, int] | None, encoding: str) -> None:
    if size is None:
        raise _broken("it is not a PNG")
    longest = _LONGEST_WEBP if encoding == "webp" else LONGEST_SIDE
    if max(size) > longest or size[0] * size[1] > MOST_PIXELS:
        limits = f"{longest:,} pixels a side and {MOST_PIXELS // 1_000_000} megapixels"
        raise Undrawable(
            "raster.too-large", f"can't be made: {size[0]:,} x {size[1]:,} pixels, the most are {limits}", _SMALLER
        )


def _decoded(png: bytes) -> "Image":
    """The pixels as RGB, or as RGBA if anything is transparent."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # checked already, by our own limit
    try:
        image: Image.Image = Image.open(io.BytesIO(png), formats=["PNG"])
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise _broken(str(error)) from None
    if image.mode not in _KNOWN_MODES:
        raise _broken(f"its pixels are {image.mode}")
    profile = image.info.get("icc_profile")
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info = {"icc_profile": profile} if profile else {}
    return image


def _encoded(image: "Image", order: Order) -> bytes:
    profile = image.info.get("icc_profile")
    quality = min(100, max(0, order.quality))
    options: dict[str, Any]
    match order.encoding:
        case "png":
            options = {"format": "PNG"}
        case "webp":
            options = {"format": "WEBP", "method": 4, "exact": False}
            options |= {"lossless": True} if order.is_lossless else {"quality": quality}
        case "jpg":
            image = _on_white(image)
            # full resolution for colors: drawings have sharp edges between them
            options = {"format": "JPEG", "quality": 100 if order.is_lossless else quality, "subsampling": 0}
        case "heic":
            import pillow_heif

            pillow_heif.register_heif_opener()
            options = {"format": "HEIF", "quality": quality}
            if order.is_lossless:
                # as good as lossless: YCbCr rounds to one step; RGB inside HEVC is not read everywhere
                options |= {"quality": -1, "chroma": 444}
        case other:
            raise Undrawable("raster.broken", f"can't be encoded as {other}", "")
    if profile:
        options["icc_profile"] = profile
    stream = io.BytesIO()
    image.save(stream, **options)
    return stream.getvalue()


def _on_white(image: "Image") -> "Image":
    from PIL import Image

    if image.mode == "RGB":
        return image
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image).convert("RGB")


def _broken(what: str) -> Undrawable:
    return Undrawable("raster.broken", f"not a usable PNG: {what}", "Export it from Figma again.")
