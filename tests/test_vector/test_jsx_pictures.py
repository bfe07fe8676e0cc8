"""A React component looks like the SVG that it is made of."""

import re

import pytest

from exfig_rx.vector.jsx import jsx
from tests.test_vector.corpus import corpus
from tests.test_vector.pictures import difference, drawn, known, reference, size_for
from tests.test_vector.tsx_reader import component

MOST = 0.5
OF_ONE_SHAPE = {
    name: source
    for name, source in corpus()
    if not name.startswith("frame: ") and re.search(r'<svg (width="64" height="64" )?viewBox="0 0 64 64"', source)
}
"""Those whose size is that of their viewBox: the size of a component is up to whoever uses it."""


@pytest.mark.parametrize("name", OF_ONE_SHAPE)
def test_a_component_looks_like_the_svg(name: str) -> None:
    source = OF_ONE_SHAPE[name]
    made = jsx(source.encode(), "Bell")
    assert made.losses == ()
    back = known(component(made.view_box, made.body))
    assert difference(reference(source), drawn(back, size_for(source))) < MOST
