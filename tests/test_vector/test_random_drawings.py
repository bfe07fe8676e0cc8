"""Drawings that nobody thought of: what nothing is lost of looks right, and what looks wrong is said to."""

import re

from hypothesis import HealthCheck, given, settings

from exfig_rx.vector.compose import Place, image_vector
from exfig_rx.vector.drawable import vector_drawable
from exfig_rx.vector.jsx import jsx
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.svg import parse_svg
from tests.test_vector.android_reader import drawable_to_svg
from tests.test_vector.kotlin_reader import image_vector_to_svg
from tests.test_vector.pictures import difference, drawn
from tests.test_vector.trees import documents, hard_documents
from tests.test_vector.tsx_reader import component

MOST = 0.5
SIZE = 96
seldom = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NUMBER = re.compile(r'android:(?!pathData)\w+="(-?[\d.]+)(?:dp)?"')


@seldom
@given(documents)
def test_a_drawing_of_what_the_formats_hold_looks_the_same_in_each(source: str) -> None:
    plain = lowered(parse_svg(source.encode()))
    assert plain.losses == ()
    expected = drawn(source, SIZE)
    assert difference(expected, drawn(drawable_to_svg(vector_drawable(plain)), SIZE)) < MOST
    assert (
        difference(expected, drawn(image_vector_to_svg(image_vector(plain, "Icon", Place("app.icons"))), SIZE)) < MOST
    )
    if 'width="96"' not in source:  # the size of a component is up to whoever uses it
        made = jsx(source.encode(), "Bell")
        assert difference(expected, drawn(component(made.view_box, made.body), SIZE)) < MOST


@seldom
@given(hard_documents)
def test_a_picture_that_differs_has_a_loss_with_a_name(source: str) -> None:
    plain = lowered(parse_svg(source.encode()))
    found = difference(drawn(source, SIZE), drawn(drawable_to_svg(vector_drawable(plain)), SIZE))
    assert plain.losses or found < MOST


@seldom
@given(documents)
def test_the_same_bytes_give_the_same_text_in_the_shortest_numbers(source: str) -> None:
    xml = vector_drawable(lowered(parse_svg(source.encode())))
    assert xml == vector_drawable(lowered(parse_svg(source.encode())))
    for number in NUMBER.findall(xml):
        assert number == "0" or not re.fullmatch(r"-?0(\.0*)?|.*\.|.*\..*0|-?0\d.*", number), number
