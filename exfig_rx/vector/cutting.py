"""Outlines that have to be cut: unions and differences of lines that cross one another, by skia-pathops.

In: layers as segments. Out: segments under the nonzero rule; None where skia-pathops (the extra `geometry`) is not
installed, or gives up. Rule: only what is lost without it comes here, so that all else is the same with it and without.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from exfig_rx.vector.drawing import Layer
from exfig_rx.vector.geometry import Segment

MOST_SEGMENTS: Final = 20_000
"""More are left as they are: the time that cutting takes grows faster than their number."""

_LETTERS: Final = "MLQ?CZ"
"""What skia's verbs are in path data; it makes no conics of what it gets from here."""


@lru_cache(maxsize=1)
def _library() -> Any:
    """skia-pathops, or None."""
    try:
        return import_module("pathops")
    except ImportError:
        return None


def clipped(placed: Sequence[Sequence[Segment]], layers: Sequence[Layer]) -> list[Segment] | None:
    """What shows of layers that are drawn one over the other: the outlines that show, less those that hide."""
    library = _library()
    if library is None or sum(map(len, placed)) > MOST_SEGMENTS:
        return None
    whole = library.Path()
    try:
        for segments, layer in zip(placed, layers, strict=True):
            kind = library.PathOp.UNION if layer.shows else library.PathOp.DIFFERENCE
            whole = library.op(whole, _path(library, segments, layer.rule), kind, fix_winding=True)
    except library.PathOpsError:
        return None
    return [(_LETTERS[verb], tuple(c for point in points for c in point)) for verb, points in whole]


def _path(library: Any, segments: Sequence[Segment], rule: str) -> Any:
    path = library.Path(fillType=library.FillType.EVEN_ODD if rule == "evenodd" else library.FillType.WINDING)
    draw = {"M": path.moveTo, "L": path.lineTo, "Q": path.quadTo, "C": path.cubicTo, "Z": path.close}
    for letter, values in segments:
        draw[letter](*values)
    return path
