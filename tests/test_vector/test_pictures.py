"""What is generated looks like the design: each format drawn back, beside resvg's picture of the source."""

import pytest

from exfig_rx.vector.compose import Place, image_vector
from exfig_rx.vector.drawable import vector_drawable
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.svg import parse_svg
from tests.test_vector.android_reader import drawable_to_svg
from tests.test_vector.corpus import corpus
from tests.test_vector.kotlin_reader import image_vector_to_svg
from tests.test_vector.pictures import difference, drawn, reference, size_for

CORPUS = dict(corpus())
MOST = 0.5
"""Mean difference in 255ths."""


def test_the_corpus_is_as_large_as_it_is_meant_to_be() -> None:
    assert len(CORPUS) == len(list(corpus())) >= 150


@pytest.mark.parametrize("name", CORPUS)
def test_drawable_and_image_vector_look_like_the_svg(name: str) -> None:
    source = CORPUS[name]
    plain = lowered(parse_svg(source.encode()))
    expected, size = reference(source), size_for(source)
    assert plain.losses == ()
    assert difference(expected, drawn(drawable_to_svg(vector_drawable(plain)), size)) < MOST
    kotlin = image_vector(plain, "Icon", Place("app.icons", "app.Icons"))
    assert difference(expected, drawn(image_vector_to_svg(kotlin), size)) < MOST
