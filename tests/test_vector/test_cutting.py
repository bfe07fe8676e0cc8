"""Outlines that cross: cut where skia-pathops is installed, told where it is not."""

import pytest

from exfig_rx.vector import cutting
from exfig_rx.vector.drawable import vector_drawable
from exfig_rx.vector.drawing import Layer
from exfig_rx.vector.geometry import absolute
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.matrices import IDENTITY
from exfig_rx.vector.plain import PlainDrawing
from exfig_rx.vector.svg import parse_svg
from tests.test_vector.android_reader import drawable_to_svg
from tests.test_vector.corpus import corpus, svg
from tests.test_vector.pictures import LARGE, difference, drawn

PENTAGRAM = "M32 2L50 60L4 22H60L14 60Z"
DISC = '<circle cx="32" cy="32" r="24" fill="#0B7A75"/>'
MASK = '<mask id="k" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64">'
CROSSING = {
    "evenodd": f'<clipPath id="k"><path clip-rule="evenodd" d="{PENTAGRAM}"/></clipPath><g clip-path="url(#k)">{DISC}</g>',
    "evenodd and another": f'<clipPath id="k"><path clip-rule="evenodd" d="{PENTAGRAM}"/><circle cx="32" cy="32" r="8"/></clipPath>'
    f'<g clip-path="url(#k)">{DISC}</g>',
    "a difference": f'{MASK}<circle cx="30" cy="30" r="16" fill="white"/><path d="M20 20H60V60H20Z" fill="#000"/></mask><g mask="url(#k)">{DISC}</g>',
    "a line outside of a star": f'{MASK}<rect width="64" height="64" fill="white"/><path d="{PENTAGRAM}" fill="#000" fill-rule="evenodd"/></mask>'
    f'<path d="{PENTAGRAM}" stroke="#123" stroke-width="6" mask="url(#k)"/>',
}


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_library", lambda: None)


def made(source: str) -> PlainDrawing:
    return lowered(parse_svg(source.encode()))


@pytest.mark.usefixtures("without")
@pytest.mark.parametrize("name", CROSSING)
def test_without_the_library_a_crossing_is_told(name: str) -> None:
    assert made(svg(CROSSING[name])).losses == ("a clip of outlines that cross one another",)


@pytest.mark.parametrize("name", CROSSING)
def test_with_the_library_a_crossing_is_cut(name: str) -> None:
    pytest.importorskip("pathops")
    plain = made(svg(CROSSING[name]))
    assert plain.losses == ()
    back = drawable_to_svg(vector_drawable(plain))
    assert difference(drawn(svg(CROSSING[name]), LARGE), drawn(back, LARGE)) < 0.5


def test_what_needs_no_cutting_is_the_same_with_the_library_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = [vector_drawable(made(source)) for _, source in corpus()]
    monkeypatch.setattr(cutting, "_library", lambda: None)
    assert with_it == [vector_drawable(made(source)) for _, source in corpus()]


def test_too_much_is_not_cut() -> None:
    segments = absolute("M0 0" + "L9 9" * cutting.MOST_SEGMENTS)
    assert cutting.clipped([segments], [Layer("", IDENTITY, "evenodd")]) is None
