"""Style sheets and inline styles: what is declared, and what is a rule."""

import pytest

from exfig_rx.vector.cascade import Style, StyleSheet, computed
from exfig_rx.vector.markup import parse_markup
from exfig_rx.vector.stylesheet import declarations


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("fill:red", [("fill", "red", False)]),
        (" Fill : red ; stroke:#FFF;", [("fill", "red", False), ("stroke", "#FFF", False)]),
        ("fill: red !important; stroke: blue ! IMPORTANT", [("fill", "red", True), ("stroke", "blue", True)]),
        (
            "a: 'x;y'; b: \"(;\"; c: url(data:;x)",
            [("a", "'x;y'", False), ("b", '"(;"', False), ("c", "url(data:;x)", False)],
        ),
        ("a: calc((1 + 2) * 3); b: 1", [("a", "calc((1 + 2) * 3)", False), ("b", "1", False)]),
        ("--own: a:b", [("--own", "a:b", False)]),
        ("/* x: y; */ fill: red /* z */", [("fill", "red", False)]),
        ("nothing; a b: c; : d; ;", []),
        ("a: 'open; b: c", [("a", "'open", False), ("b", "c", False)]),
        ("a: (open; b: c", [("a", "(open", False), ("b", "c", False)]),
    ],
)
def test_declarations_end_at_semicolons_outside_of_quotes_and_brackets(
    text: str, declared: list[tuple[str, str, bool]]
) -> None:
    assert list(declarations(text)) == declared


@pytest.mark.parametrize(
    ("sheet", "fill"),
    [
        (".a { fill: red }", "red"),
        ("path, .b { fill: red } .b { fill: blue }", "red"),
        ("/* .a { fill: blue } */ .a { fill: red }", "red"),
        ("/* open /* .a { fill: blue } */ .a { fill: red } /* .a { fill: blue }", "red"),
        ("<!-- .a { fill: red } -->", "red"),
        ("@media print { .a { fill: blue } .c { fill: blue } } .a { fill: red }", "red"),
        ("@charset 'utf-8'; .a { fill: red }", "red"),
        ("} .a { fill: red }", "red"),
        ("#b { fill: blue } .a.c { fill: red } .a { fill: blue }", "red"),
        ("* { fill: red }", "red"),
        ("*.a { fill: red } * { fill: blue }", "red"),
        (".a { fill: blue } .a { fill: red }", "red"),
        (".a { fill: red !important } .a.c { fill: blue }", "red"),
        ("g > .a { fill: red }", "red"),
        ("g>.a{fill:red}", "red"),
        ("svg .a { fill: red } .a { fill: blue }", "red"),
        ("svg #g path.a { fill: red } .a { fill: blue }", "red"),
        ("svg > g > path { fill: red }", "red"),
        (".a { fill: red; fill: nonsense }", "red"),
        (".a { fill: red } .c { fill: wet(3) }", "red"),
        (".a { fill: red } .c { fill: inherit }", "inherit"),
        (".a { fill #red; fill: red; fill: }", "red"),
        (".a { FILL: red }", "red"),
        (".a { fill: red; fill: color(display-p3 1 0 0) }", "red"),
        (".a { fill: color(display-p3 1 0 0) }", "color(display-p3 1 0 0)"),
        (".a { fill: red", None),
        ("{ fill: red }", None),
        (".a > .c { fill: red }", None),
        ("svg > path { fill: red }", None),
        ("g g path { fill: red }", None),
        ("rect path { fill: red }", None),
        (".a:hover { fill: red }", None),
        (".a + .a, .a ~ .a, [d] { fill: red }", None),
    ],
)
def test_of_the_rules_that_fit_the_most_specific_wins(sheet: str, fill: str | None) -> None:
    root = parse_markup(
        f'<svg xmlns="http://www.w3.org/2000/svg"><style><![CDATA[{sheet}]]></style>'
        '<g id="g"><path class="a c"/></g></svg>'.encode()
    )
    assert StyleSheet(root).declared(root.children[1].children[0]).get("fill") == fill


@pytest.mark.parametrize(
    ("attributes", "fill", "opacity"),
    [
        ('fill="blue"', "blue", None),
        ('fill="blue" class="a"', "red", None),
        ('fill="blue" class="a" style="fill:lime"', "lime", None),
        ('class="b" style="fill:lime"', "gold", None),
        ('class="b" style="fill:lime!important"', "lime", None),
        ('fill="blue" style="fill:nonsense"', "blue", None),
        ('fill="blue" style="fill:color(display-p3 0 0 1)"', "blue", None),
        ('fill="nonsense" style="fill:color(srgb 0 0 1)"', "color(srgb 0 0 1)", None),
        ('opacity=".5" style="opacity:half"', None, ".5"),
        ('opacity=".5" style="opacity:40%"', None, "40%"),
    ],
)
def test_an_attribute_gives_way_to_a_sheet_and_a_sheet_to_the_element(
    attributes: str, fill: str | None, opacity: str | None
) -> None:
    sheet = ".a { fill: red } .b { fill: gold !important }"
    root = parse_markup(
        f'<svg xmlns="http://www.w3.org/2000/svg"><style>{sheet}</style><path {attributes}/></svg>'.encode()
    )
    declared = StyleSheet(root).declared(root.children[1])
    assert (declared.get("fill"), declared.get("opacity")) == (fill, opacity)


def test_what_nobody_understands_leaves_the_value_of_the_parent() -> None:
    parent = computed(Style(), {"fill": "#0B3C49", "stroke-width": "3", "fill-rule": "EvenOdd"})
    broken = {"fill": "wet", "stroke-width": "-1", "fill-rule": "odd", "stroke-miterlimit": "0", "visibility": "maybe"}
    assert computed(parent, broken) == parent
    assert (parent.fill_rule, parent.stroke_width, parent.fill_is_stated) == ("evenodd", 3.0, True)


def test_percentages_of_lines_are_of_the_diagonal() -> None:
    style = computed(
        Style(), {"stroke-width": "10%", "stroke-dasharray": "5% 2", "stroke-dashoffset": "-1%"}, (50.0, 50.0)
    )
    assert (style.stroke_width, style.dashes, style.dash_offset) == (5.0, (2.5, 2.0), -0.5)


def test_the_initial_value_is_what_holds_where_nobody_says_anything() -> None:
    parent = computed(Style(), {"fill": "red", "stroke": "red", "stroke-width": "4", "visibility": "hidden"})
    reset = computed(parent, dict.fromkeys(("fill", "stroke", "stroke-width", "visibility"), " Initial "))
    assert reset == Style(fill_is_stated=True)
    assert computed(parent, dict.fromkeys(("fill", "stroke-width"), "unset")) == parent


@pytest.mark.parametrize(
    ("attributes", "declared"),
    [
        ('fill="red" style="fill:initial"', {"fill": "initial"}),
        ('fill="red" style="fill:unset"', {"fill": "unset"}),
        ('opacity=".5" style="opacity:initial"', {}),
        ('clip-path="url(#a)" style="clip-path:revert"', {}),
        ('fill="red" style="fill:oklch(0.6 0.2 20)"', {"fill": "red"}),
        ('fill="none" style="fill:oklch(0.6 0.2 20)"', {"fill": "oklch(0.6 0.2 20)"}),
        ('style="transform: rotate(9deg)"', {"transform": "rotate(9.0)"}),
        ('style="transform: rotate(9)" transform="scale(2)"', {"transform": "scale(2)"}),
    ],
)
def test_keywords_and_wider_colors_count_as_in_browsers(attributes: str, declared: dict[str, str]) -> None:
    root = parse_markup(f'<svg xmlns="http://www.w3.org/2000/svg"><path {attributes}/></svg>'.encode())
    assert StyleSheet(root).declared(root.children[0]) == declared


@pytest.mark.parametrize(
    ("element", "losses"),
    [
        ('<path style="rotate:10deg"/>', ["the style rotate: 10deg"]),
        ('<path style="scale:2;translate:1px"/>', ["the style scale: 2", "the style translate: 1px"]),
        ('<path style="rotate:none;scale:1;translate:initial"/>', []),
        ('<path style="transform:perspective(4px)"/>', ["the style transform: perspective(4px)"]),
        ('<path style="transform-box:fill-box"/>', ["the style transform-box: fill-box"]),
        ('<path style="transform-box:view-box"/>', []),
        ('<path style="mask-image:url(#m)"/>', ["the style mask-image: url(#m)"]),
        ('<circle style="r:4px"/>', ["the style r: 4px"]),
        ('<circle style="r:4px" r="4"/>', []),
        ('<path style="width:4px"/>', []),
        ('<svg style="width:4px"/>', []),
        ('<path rotate="4" scale="2" style="fill:red"/>', []),
    ],
)
def test_what_only_style_sheets_can_say_of_a_shape_is_told(element: str, losses: list[str]) -> None:
    root = parse_markup(f'<svg xmlns="http://www.w3.org/2000/svg">{element}</svg>'.encode())
    sheet = StyleSheet(root)
    sheet.declared(root.children[0])
    assert list(sheet.losses) == losses
