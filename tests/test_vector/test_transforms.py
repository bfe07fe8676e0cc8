"""Transforms of attributes and of style sheets, about any origin."""

import pytest

from exfig_rx.vector.matrices import close_to
from exfig_rx.vector.svg import parse_svg
from exfig_rx.vector.transforms import in_attribute_syntax, matrix_of, transform_of
from tests.test_vector.corpus import RING, svg

PATH = f'<path d="{RING}" fill="teal" {{}}/>'


@pytest.mark.parametrize(
    ("style", "attribute"),
    [
        ("translate(10px, 20px)", "translate(10 20)"),
        ("translate(1in)", "translate(96)"),
        ("translateX(4px) translateY(-3pt)", "translate(4 0) translate(0 -4)"),
        ("scale(2)", "scale(2)"),
        ("scale(2, .5) scaleX(50%)", "scale(2 .5) scale(.5 1)"),
        ("rotate(45deg)", "rotate(45)"),
        ("Rotate(.25turn) rotateZ(100grad)", "rotate(180)"),
        ("skewX(20deg)", "skewX(20)"),
        ("skew(10deg, 20deg)", "matrix(1 .36397 .17633 1 0 0)"),
        ("matrix(1, 2, 3, 4, 5, 6)", "matrix(1 2 3 4 5 6)"),
        (" none ", ""),
        ("translate(0)", ""),
    ],
)
def test_style_sheets_spell_functions_in_their_own_way(style: str, attribute: str) -> None:
    spelled = in_attribute_syntax(style)
    assert spelled is not None
    assert close_to(
        tuple(round(value, 5) for value in matrix_of(spelled)),  # type: ignore[arg-type]
        tuple(round(value, 5) for value in matrix_of(attribute)),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "style",
    [
        "", "rotate(45)", "translate(10, 20)", "translate(50%)", "translate(1px) x", "scale(2px)", "scale(1, 2, 3)",
        "matrix(1, 2)", "rotate3d(1, 1, 1, 4deg)", "translateZ(4px)", "perspective(9px)", "translate(calc(1px + 2px))",
        "rotate(var(--x))", "translate()",
    ],
)  # fmt: skip
def test_what_attributes_can_not_say_is_none(style: str) -> None:
    assert in_attribute_syntax(style) is None


@pytest.mark.parametrize(
    ("origin", "point"),
    [
        ("30 20", "30 20"),
        ("30px 20px", "30 20"),
        ("50% 25%", "32 12"),
        ("center", "32 24"),
        ("left", "0 24"),
        ("bottom", "32 48"),
        ("top right", "64 0"),
        ("right top 4px", "64 0"),
        ("10px bottom", "10 48"),
        ("", "0 0"),
        ("somewhere", "0 0"),
        ("1 2 3 4", "0 0"),
    ],
)
def test_a_transform_is_about_its_origin(origin: str, point: str) -> None:
    x, y = point.split()
    for text in ("rotate(30)", "scale(2 3) rotate(4)"):
        found = transform_of({"transform": text, "transform-origin": origin}, (64.0, 48.0))
        assert found is not None
        expected = matrix_of(f"translate({x} {y}) {text} translate(-{x} -{y})")
        assert close_to(found.matrix, expected)
        assert close_to(
            matrix_of(" ".join(f"{name}({' '.join(map(str, values))})" for name, values in found.steps)), expected
        )


def test_a_turn_about_an_origin_stays_a_turn() -> None:
    found = transform_of({"transform": "rotate(45)", "transform-origin": "30 20"}, (64.0, 64.0))
    assert found is not None
    assert found.steps == (("rotate", (45.0, 30.0, 20.0)),)


@pytest.mark.parametrize(
    ("styled", "plain"),
    [
        ('style="transform: rotate(30deg)"', 'transform="rotate(30)"'),
        ('style="transform: rotate(30deg)" transform="scale(2)"', 'transform="rotate(30)"'),
        ('style="transform: none" transform="scale(2)"', ""),
        ('style="transform: unset" transform="scale(2)"', ""),
        ('style="transform-origin: 9px 8px" transform="scale(2)"', 'transform="scale(2)" transform-origin="9 8"'),
        ('class="moved"', 'transform="translate(3 4)"'),
    ],
)
def test_a_style_moves_as_an_attribute_does(styled: str, plain: str) -> None:
    sheet = "<style>.moved { transform: translate(3px, 4px) }</style>"
    for around in (
        "{}",
        "<g {0}>{1}</g>",
        '<clipPath id="k">{}</clipPath><path clip-path="url(#k)" d="M0 0H60V60H0Z"/>',
    ):
        one, other = (
            parse_svg(svg(sheet + around.format(attributes, PATH.format("")) if "{0}" in around
                          else sheet + around.format(PATH.format(attributes))).encode())
            for attributes in (styled, plain)
        )  # fmt: skip
        assert one == other
    root, other = (parse_svg(svg(sheet + PATH.format(""), root=attributes).encode()) for attributes in (styled, plain))
    assert root == other
