"""Pictures as drawings that Android's vectors hold: numbers rounded, path data kept below the limit of its tools.

In: the pictures of an entry with their SVG. Out: plain drawings, and what was lost. Rule: numbers of the design stay as
written unless the config sets pathPrecision; path data over the limit is first shortened without loss, then rounded to
three decimals, and what still is over it is named, or fails the picture where paths are strict.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from exfig_rx.config.picture_entries import SVG, PictureEntry
from exfig_rx.config.schema import AndroidIcons
from exfig_rx.errors import DesignError
from exfig_rx.export.android_paths import decimals, rounded, shortened, with_paths
from exfig_rx.export.names import located
from exfig_rx.export.pictures import loss
from exfig_rx.load.wording import node_link, quoted
from exfig_rx.model import Problem
from exfig_rx.pictures import Blob, Picture
from exfig_rx.vector.drawable import LONGEST_PATH, longest_path
from exfig_rx.vector.geometry import PRECISION
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.plain import PlainDrawing
from exfig_rx.vector.svg import parse_svg

LAST_PRECISION: Final = 3
"""Decimals of path data that fits in no other way; a thousandth of a unit is seen on no screen."""


@dataclass(frozen=True, slots=True)
class VectorPicture:
    """A picture's drawings for day and night, and what they lost, as problems."""

    light: PlainDrawing
    dark: PlainDrawing | None
    losses: tuple[Problem, ...]


def vector_picture(entry: PictureEntry, picture: Picture, format_name: str, *, has_night: bool = True) -> VectorPicture:
    """The drawings of a picture; `format_name` ("VectorDrawable") is what holds them, the dark one if it `has_night`.

    Raises DesignError for an SVG that can't be read, and for path data over the limit where paths are strict.
    """
    precision = _precision(entry)
    light = _drawing(picture.light[0].renders[SVG], precision)
    dark = _drawing(picture.dark[0].renders[SVG], precision) if has_night and picture.dark else None
    drawings = [light] if dark is None else [light, dark]
    lost = dict.fromkeys(name for drawing in drawings for name in drawing.losses)
    losses = loss(entry, picture, format_name, tuple(lost))
    longest = max(map(longest_path, drawings))
    if longest > LONGEST_PATH:
        losses = (*losses, _too_long(entry, picture, longest))
    return VectorPicture(light, dark, losses)


def _precision(entry: PictureEntry) -> int | None:
    """The decimals that the config asks for; None where it says nothing: 4 for numbers that have to be made."""
    settings = entry.settings
    if isinstance(settings, AndroidIcons) and "path_precision" in settings.model_fields_set:
        return settings.path_precision
    return None


def _drawing(svg: Blob, precision: int | None) -> PlainDrawing:
    drawing = lowered(parse_svg(svg.read()), PRECISION if precision is None else precision)
    if precision is not None:
        drawing = with_paths(drawing, partial(rounded, precision=precision))
    return with_paths(drawing, _fitted) if longest_path(drawing) > LONGEST_PATH else drawing


def _fitted(d: str) -> str:
    """`d` if it is below the limit, else as little changed as brings it there."""
    if len(d.encode()) <= LONGEST_PATH:
        return d
    exact = decimals(d)
    text = shortened(d, exact)
    return text if len(text) <= LONGEST_PATH else shortened(d, min(LAST_PRECISION, exact))


def _too_long(entry: PictureEntry, picture: Picture, size: int) -> Problem:
    """What is to be told of path data over the limit. Raises it where paths are strict."""
    what = f"one path has {size:,} bytes of data, more than the {LONGEST_PATH:,} that Android builds with"
    hint = "split the shape in Figma, simplify it, or export it as an image:"
    if entry.strict_paths:
        raise DesignError(Problem("vector.path-too-long", what, hint))
    return Problem(
        "vector.path-too-long",
        f"{entry.noun} {quoted(picture.original_name)}: {what}",
        f"{hint} {node_link(picture.file_key, picture.node_id)}",
        located(entry, picture),
    )
