"""One color out of the paints of a style's node."""

import pytest

from exfig_rx.load.paints import Solid, Unusable, solid_color
from exfig_rx.model import Paint, Rgba, StyleNode

RED, BLUE = Rgba(1, 0, 0, 0.5), Rgba(0, 0, 1)
RED_PAINT, BLUE_PAINT = Paint("SOLID", RED), Paint("SOLID", BLUE)
HIDDEN = Paint("SOLID", BLUE, visible=False)
GRADIENT = Paint("GRADIENT_LINEAR")


@pytest.mark.parametrize(
    ("fills", "wanted"),
    [
        pytest.param([RED_PAINT], Solid(RED), id="one solid paint"),
        pytest.param([HIDDEN, RED_PAINT], Solid(RED), id="a hidden paint first"),
        pytest.param([RED_PAINT, HIDDEN], Solid(RED), id="a hidden paint last"),
        pytest.param([RED_PAINT, BLUE_PAINT, GRADIENT], Solid(RED, 2), id="the first of several"),
        pytest.param([GRADIENT, RED_PAINT], Unusable("unsupported-paint", "is a linear gradient"), id="gradient first"),
        pytest.param([Paint("IMAGE")], Unusable("unsupported-paint", "is an image"), id="image"),
        pytest.param(
            [Paint("GLITTER")], Unusable("unsupported-paint", "is a paint of type 'GLITTER'"), id="unheard-of"
        ),
        pytest.param(
            [Paint("SOLID")], Unusable("unsupported-paint", "is a solid paint without a color"), id="no color"
        ),
        pytest.param([HIDDEN], Unusable("hidden-paint", "has hidden paints only"), id="all hidden"),
        pytest.param([], Unusable("no-paint", "has no paint"), id="no paint"),
    ],
)
def test_the_first_visible_paint_decides(fills: list[Paint], wanted: Solid | Unusable) -> None:
    assert solid_color(StyleNode("1:2", "Red", tuple(fills))) == wanted


def test_a_node_that_figma_lost_gives_no_color() -> None:
    assert solid_color(None) == Unusable("node-missing", "has no node in Figma's answer")
