"""What all parts of one SVG document share while it is read: styles, ids, the viewport, losses, and a budget.

In: the root element. Out: look-ups. Rule: what is done for a document is counted, so that none costs more than its
share, however its references fan out.
"""

from functools import cached_property
from typing import Final

from exfig_rx.vector import curves, geometry, shapes
from exfig_rx.vector.cascade import Style, StyleSheet, computed
from exfig_rx.vector.curves import Box
from exfig_rx.vector.geometry import Segment
from exfig_rx.vector.markup import Element, too_large
from exfig_rx.vector.matrices import IDENTITY, Matrix

MOST_STEPS: Final = 60_000
"""Elements drawn, outlines that clip, boxes measured; each use of a thing counts."""

MOST_PATH_DATA: Final = 4 * 2**20
"""Characters of path data behind those steps."""


_ANIMATIONS: Final = frozenset({"animate", "animateMotion", "animateTransform", "set"})


class Document:
    """One document. `view` is the size that percentages are of; `losses` is what a drawing can't hold, each once."""

    def __init__(self, root: Element, view: tuple[float, float]) -> None:
        self._elements = elements = list(root.everything())
        self.sheet = StyleSheet(root, elements)
        # of two with one id the first counts, as in browsers
        self.by_id = {element.attributes["id"]: element for element in reversed(elements) if "id" in element.attributes}
        self.view = view
        self.losses = self.sheet.losses
        if not _ANIMATIONS.isdisjoint([element.tag for element in elements]):
            self.lose("an animation")
        self._segments: dict[str, list[Segment]] = {}
        self._steps = 0
        self._data = 0

    def lose(self, what: str) -> None:
        """Notes something that a drawing can't hold."""
        self.losses[what] = None

    @cached_property
    def _parents(self) -> dict[Element, Element]:
        return {child: element for element in self._elements for child in element.children}

    def style_of(self, element: Element) -> Style:
        """The style of an element by where it stands, which is what masks, clips and gradients go by."""
        chain = [element]
        while (parent := self._parents.get(chain[-1])) is not None:
            chain.append(parent)
        style = Style()
        for one in reversed(chain):
            style = computed(style, self.sheet.declared(one), self.view)
        return style

    def target(self, href: str | None) -> Element | None:
        """The element that `#id` stands for."""
        return self.by_id.get(href[1:]) if href is not None and href.startswith("#") else None

    def spend(self, d: str = "") -> None:
        """Counts one step and the path data behind it. Raises DesignError when there are too many."""
        self._steps += 1
        self._data += len(d)
        if self._steps > MOST_STEPS or self._data > MOST_PATH_DATA:
            raise too_large(f"it draws more than {MOST_STEPS} things, or {MOST_PATH_DATA} characters of path data")

    def path_data(self, element: Element, *, is_dashed: bool = False) -> str | None:
        """The path data of a path or basic shape, counted; None if it is neither."""
        if element.tag == "path":
            d = element.attributes.get("d", "").strip()
            self.spend(d)
            return d
        self.spend(element.attributes.get("points", ""))
        return shapes.path_of(element.tag, element.attributes, self.view, is_dashed=is_dashed)

    def box(self, d: str, matrix: Matrix = IDENTITY) -> Box | None:
        """The box around path data under a matrix."""
        self.spend(d)
        segments = self._segments.get(d)
        if segments is None:
            segments = self._segments[d] = geometry.absolute(d)
        return curves.bounds(geometry.transformed(segments, matrix))
