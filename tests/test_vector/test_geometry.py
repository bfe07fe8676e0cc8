"""Path data, numbers and matrices."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.vector import curves, geometry
from exfig_rx.vector.matrices import IDENTITY, Matrix, inverse, multiplied
from exfig_rx.vector.transforms import matrix_of
from exfig_rx.vector.values import NONE, Color, PaintText, Reference, Word, color, length, paint

coordinates = st.floats(-500, 500).map(lambda value: round(value, 3))
matrices = st.tuples(*[st.floats(-3, 3).map(lambda value: round(value, 2))] * 6)


def paths() -> st.SearchStrategy[str]:
    counts = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "Z": 0}
    letters = st.sampled_from([*counts, *(letter.lower() for letter in counts)])

    def command(letter: str) -> st.SearchStrategy[str]:
        size = counts[letter.upper()]
        return st.lists(coordinates, min_size=size, max_size=size).map(
            lambda values: letter + ",".join(map(repr, values))
        )

    arc = st.tuples(coordinates, coordinates, coordinates, st.booleans(), st.booleans(), coordinates, coordinates).map(
        lambda v: f"A{v[0]} {v[1]} {v[2]} {int(v[3])}{int(v[4])} {v[5]},{v[6]}"
    )
    return st.lists(st.one_of(letters.flatmap(command), arc), max_size=12).map(lambda parts: "M1 2" + "".join(parts))


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_a_number_is_as_near_as_its_precision_and_in_its_shortest_form(value: float, precision: int) -> None:
    text = geometry.number(value, precision)
    assert abs(float(text) - value) <= 0.5 * 10**-precision + 1e-9
    assert text != "-0"
    assert "e" not in text
    assert not ("." in text and text.endswith(("0", ".")))


@given(paths())
def test_absolute_path_data_means_the_same_when_it_is_read_again(d: str) -> None:
    segments = geometry.absolute(d)
    again = geometry.absolute(geometry.path_text(segments, 9))
    assert [letter for letter, _ in again] == [letter for letter, _ in segments]
    for (_, one), (_, other) in zip(segments, again, strict=True):
        assert one == pytest.approx(other, abs=1e-6)


@given(st.text(alphabet="MmLlCcAaZzHhVv0123456789.,-+eE \n"))
def test_any_text_is_read_or_ends_early(text: str) -> None:
    for letter, values in geometry.absolute(text):
        assert letter in "MLCQZ"
        assert all(isinstance(value, float) for value in values)


@given(paths(), matrices)
def test_the_box_of_a_path_holds_all_its_points(d: str, matrix: Matrix) -> None:
    segments = geometry.transformed(geometry.absolute(d), matrix)
    box = curves.bounds(segments)
    assert box is not None
    for line in curves.flattened(segments):
        for x, y in line:
            assert box[0] - 1e-6 * (1 + abs(x)) <= x <= box[2] + 1e-6 * (1 + abs(x))
            assert box[1] - 1e-6 * (1 + abs(y)) <= y <= box[3] + 1e-6 * (1 + abs(y))


@given(matrices)
def test_an_inverse_undoes(matrix: Matrix) -> None:
    back = inverse(matrix)
    if back is not None:
        size = max(map(abs, matrix)) * max(map(abs, back))
        whole = multiplied(matrix, back)
        assert all(abs(one - other) <= 1e-9 * (1 + size) for one, other in zip(whole, IDENTITY, strict=True))


def test_an_arc_stays_on_its_circle_and_ends_where_it_should() -> None:
    arc = list(geometry.arc_curves((10.0, 0.0), (10, 10), 0, large=True, sweep=True, end=(0.0, -10.0)))
    points = [point for line in curves.flattened([("M", (10.0, 0.0)), *arc]) for point in line]
    assert points[-1] == pytest.approx((0, -10))
    assert all(math.hypot(*point) == pytest.approx(10, abs=0.01) for point in points)
    assert len(arc) == 3


@pytest.mark.parametrize(
    ("d", "unsafe"),
    [
        ("M1 1A6 6 0 0 1 2 2", False),
        ("M1 1a6,6,0,0,1,2,2", False),
        ("M1 1a6 6 0 1112 0", True),
        ("M1 1a6 6 0 01.5.5", True),
        ("M1 1a6 6 0 0 1-2-2", False),
        ("M1 1L2 2", False),
        ("M1 1a6 6 0 0 1 2 2 6 6 0 0112 2", True),
    ],
)
def test_flags_without_separators_are_found(d: str, unsafe: bool) -> None:
    assert geometry.needs_rewriting(d) is unsafe


@pytest.mark.parametrize(
    ("text", "rgb", "alpha"),
    [
        ("#0b3c49", 0x0B3C49, 1),
        ("#F0a", 0xFF00AA, 1),
        ("#F0a8", 0xFF00AA, 0x88 / 255),
        ("#0b3c4980", 0x0B3C49, 128 / 255),
        ("RGB(1,2,3)", 0x010203, 1),
        ("rgb(100% 0% 50%)", 0xFF0080, 1),
        ("rgba(1, 2, 3, 50%)", 0x010203, 0.5),
        ("rgb(300 -4 0 / .25)", 0xFF0000, 0.25),
        ("hsl(120deg, 100%, 25%)", 0x008000, 1),
        ("hsla(.5turn 100% 50% / .5)", 0x00FFFF, 0.5),
        ("color(srgb 1 .5 0)", 0xFF8000, 1),
        ("hwb(120 0% 0%)", 0x00FF00, 1),
        ("hwb(120 20% 40%)", 0x339933, 1),
        ("hwb(0 75% 75%)", 0x808080, 1),
        ("lab(54.29% 80.8 69.89)", 0xFF0000, 1),
        ("lab(29.57 68.3 -112.03 / 50%)", 0x0000FF, 0.5),
        ("lab(5% 0 0)", 0x111111, 1),
        ("lab(100% 0 0)", 0xFFFFFF, 1),
        ("lch(54.29% 106.84 40.85)", 0xFF0000, 1),
        ("oklab(0.86644 -0.233887 0.179498)", 0x00FF00, 1),
        ("OKLCH(62.796% 0.25768 29.234deg)", 0xFF0000, 1),
        ("oklch(45.2% 0.31321 264.05)", 0x0000FF, 1),
        ("oklch(1 0 none)", 0xFFFFFF, 1),
        ("oklch(0.9 0.5 140)", 0x00FF00, 1),
        ("DarkSlateGrey", 0x2F4F4F, 1),
        ("transparent", 0, 0),
    ],
)
def test_a_color_is_read_in_every_spelling(text: str, rgb: int, alpha: float) -> None:
    found = color(text)
    assert found is not None
    assert found.rgb == rgb
    assert found.alpha == pytest.approx(alpha)


@pytest.mark.parametrize(
    "text", ["", "#12", "#12345", "rgb(1,2)", "rgb(a,b,c)", "nonsense", "url(#a)", "hsl()", "lab(1 2)", "color()"]
)
def test_what_is_no_color_is_none(text: str) -> None:
    assert color(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("light-dark(red, blue)", Color(0xFF0000)),
        ("light-dark( rgb(1, 2, 3) , var(--x))", Color(0x010203)),
        ("var(--fill-0, #0B3C49)", Color(0x0B3C49)),
        ("var(--a, var(--b, none))", NONE),
        ("var(--a, url(#b))", Reference("b")),
        ("var(--a)", Word("var(--a)")),
        ("color-mix(in srgb, red, blue)", Word("color-mix(in srgb, red, blue)")),
        ("color(rec2020 1 0 0)", Word("color(rec2020 1 0 0)")),
        ("rgb(from red r g 0)", Word("rgb(from red r g 0)")),
        ("rgb(calc(1 + 2) 0 0)", Word("rgb(calc(1 + 2) 0 0)")),
        ("context-fill", Word("context-fill")),
        ("CanvasText", Word("CanvasText")),
        ("nonsense(3)", None),
        ("rgb(a, b, c)", None),
        ("color-mix(in srgb", None),
    ],
)
def test_a_paint_that_only_browsers_can_tell_is_its_text(text: str, found: PaintText | None) -> None:
    assert paint(text) == found


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_none(text: str) -> None:
    paint(text)
    color(text)
    length(text)
    matrix_of(text)


@pytest.mark.parametrize(
    ("text", "pixels"),
    [("12", 12), ("12px", 12), ("3pt", 4), ("1in", 96), ("50%", 40), ("2e1", 20), ("1cm ", 96 / 2.54)],
)
def test_lengths_are_pixels(text: str, pixels: float) -> None:
    assert length(text, 80.0) == pytest.approx(pixels)
