"""Random SVGs for hypothesis: trees of what the formats can express, and documents that are broken at random."""

from hypothesis import strategies as st

from tests.test_vector.corpus import DEFS

coordinate = st.integers(-40, 680).map(lambda tenths: f"{tenths / 10:g}")
number = st.integers(1, 300).map(lambda tenths: f"{tenths / 10:g}")
color = st.sampled_from(
    ["#0B3C49", "#0B7A75", "#F4D35E", "#C8553D", "black", "rgb(200 80 60)", "#12345680", "hsl(200 60% 40%)"]
)
gradient = st.sampled_from(
    [
        f"url(#{name})"
        for name in ("lin", "box", "tilt", "skew", "heir", "mirror", "again", "one", "rad", "radbox", "figma")
    ]
)
share = st.sampled_from(["1", ".8", "50%", ".25"])
clips = st.sampled_from(["whole", "half", "disc", "turned", "ring", "boxed", "both", "used"])

COUNTS = {
    "L": 2,
    "H": 1,
    "V": 1,
    "C": 6,
    "S": 4,
    "Q": 4,
    "T": 2,
    "l": 2,
    "h": 1,
    "v": 1,
    "c": 6,
    "s": 4,
    "q": 4,
    "t": 2,
}


def _command(letter: str) -> st.SearchStrategy[str]:
    values = coordinate if letter.isupper() else st.integers(-300, 300).map(lambda tenths: f"{tenths / 10:g}")
    return st.tuples(*[values] * COUNTS[letter]).map(lambda numbers: letter + " ".join(numbers))


arcs = st.tuples(
    number,
    number,
    st.sampled_from(["0", "30", "-45"]),
    st.sampled_from(["0", "1"]),
    st.sampled_from(["0", "1"]),
    coordinate,
    coordinate,
)
commands = st.one_of(
    st.sampled_from(sorted(COUNTS)).flatmap(_command),
    arcs.map(lambda v: f"A{v[0]} {v[1]} {v[2]} {v[3]}{v[4]}{v[5]} {v[6]}"),
)
contours = st.tuples(
    coordinate, coordinate, st.lists(commands, min_size=1, max_size=5), st.sampled_from(["", "z"])
).map(lambda v: f"M{v[0]},{v[1]}{''.join(v[2])}{v[3]}")
path_data = st.lists(contours, min_size=1, max_size=2).map("".join)

transforms = st.lists(
    st.one_of(
        st.tuples(coordinate, coordinate).map(lambda v: f"translate({v[0]} {v[1]})"),
        st.integers(-180, 180).map(lambda v: f"rotate({v})"),
        st.integers(-180, 180).map(lambda v: f"rotate({v} 32 32)"),
        st.sampled_from(
            ["scale(.5)", "scale(-1 1)", "scale(1.3 .7)", "skewX(20)", "skewY(-15)", "matrix(.8 .3 -.2 .9 4 6)"]
        ),
    ),
    min_size=1,
    max_size=2,
).map(" ".join)

fills = st.one_of(
    st.tuples(st.one_of(color, gradient), st.sampled_from(["nonzero", "evenodd"]), share).map(
        lambda v: f'fill="{v[0]}" fill-rule="{v[1]}" fill-opacity="{v[2]}"'
    ),
    color.map(lambda v: f'style="fill:{v}"'),
    st.just(""),
)
linear = st.sampled_from([f"url(#{name})" for name in ("lin", "box", "tilt", "mirror", "rad")])
lines = st.tuples(
    st.one_of(color, linear).map(lambda paint: f'stroke="{paint}"'),
    st.sampled_from(["1", "2.5", "6"]).map(lambda width: f'stroke-width="{width}"'),
    st.sampled_from(["butt", "round", "square"]).map(lambda cap: f'stroke-linecap="{cap}"'),
    st.sampled_from(["miter", "round", "bevel"]).map(lambda join: f'stroke-linejoin="{join}"'),
    share.map(lambda opacity: f'stroke-opacity="{opacity}"'),
).map(" ".join)
shapes = st.one_of(
    path_data.map(lambda d: f'<path d="{d}"'),
    st.tuples(coordinate, coordinate, number, number).map(
        lambda v: f'<rect x="{v[0]}" y="{v[1]}" width="{v[2]}" height="{v[3]}"'
    ),
    st.tuples(coordinate, coordinate, number).map(lambda v: f'<circle cx="{v[0]}" cy="{v[1]}" r="{v[2]}"'),
    st.lists(coordinate, min_size=4, max_size=8).map(lambda v: f'<polygon points="{" ".join(v)}"'),
    st.just('<use href="#dot"'),
)


def _attribute(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.just(""), values.map(lambda value: f'{name}="{value}"'))


painted = st.one_of(
    st.tuples(fills, _attribute("opacity", share)).map(" ".join),
    st.tuples(lines, _attribute("opacity", share)).map(lambda v: f'fill="none" {" ".join(v)}'),
    st.tuples(fills, lines).map(" ".join),
)
placed = st.tuples(
    _attribute("transform", transforms), _attribute("clip-path", clips.map(lambda id_: f"url(#{id_})"))
).map(" ".join)
leaves = st.tuples(shapes, painted, placed).map(lambda v: f"{' '.join(v)}/>")
"""Shapes that no format loses anything of: an opacity has either a fill or a line under it."""

nodes = st.recursive(
    leaves,
    lambda inner: st.tuples(placed, st.lists(inner, min_size=1, max_size=3)).map(
        lambda v: f"<g {v[0]}>{''.join(v[1])}</g>"
    ),
    max_leaves=5,
)


def _document(body: list[str], frame: str) -> str:
    return f'<svg {frame} xmlns="http://www.w3.org/2000/svg">{"".join(body)}<defs>{DEFS}</defs></svg>'


frames = st.sampled_from(
    [
        'width="64" height="64" viewBox="0 0 64 64"',
        'viewBox="-8 4 80 60"',
        'width="96" height="64" viewBox="0 0 64 64" fill="none"',
    ]
)
documents = st.builds(_document, st.lists(nodes, min_size=1, max_size=3), frames)
"""Documents of which nothing is lost."""

see_through = st.tuples(share, st.lists(st.one_of(leaves, nodes), min_size=1, max_size=4)).map(
    lambda v: f'<g opacity="{v[0]}">{"".join(v[1])}</g>'
)
rules = st.sampled_from(["nonzero", "evenodd"])
crossing = st.tuples(rules, st.lists(path_data.map(lambda d: f'<path d="{d}"/>'), min_size=1, max_size=3)).map(
    lambda v: f'<clipPath id="k" clip-rule="{v[0]}">{"".join(v[1])}</clipPath>'
)
veils = st.tuples(path_data, st.sampled_from(["white", "black", "#888", "#fff8"])).map(
    lambda v: f'<path d="{v[0]}" fill="{v[1]}"/>'
)
veiled = st.lists(veils, max_size=3).map(
    lambda v: f'<mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64">{"".join(v)}</mask>'
)
hard = st.one_of(
    see_through,
    st.tuples(shapes, fills, lines, share).map(lambda v: f'{v[0]} {v[1]} {v[2]} opacity="{v[3]}"/>'),
    st.tuples(crossing, leaves).map(lambda v: f'{v[0]}<g clip-path="url(#k)">{v[1]}</g>'),
    st.tuples(veiled, leaves).map(lambda v: f'{v[0]}<g mask="url(#m)">{v[1]}</g>'),
)
hard_documents = st.builds(_document, st.lists(hard, min_size=1, max_size=1), frames)
"""Documents of which something may be lost."""
