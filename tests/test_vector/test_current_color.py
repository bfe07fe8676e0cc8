"""Icons in the color of text: which drawings have one paint, and what of them takes the color."""

import re

import pytest

from exfig_rx.vector.current_color import CurrentColor, is_repainted, repaint
from exfig_rx.vector.markup import Element, parse_markup

PATH = '<path d="M0 0H9V9Z"/>'


def tree(body: str, root: str = 'fill="none"') -> Element:
    content = f'<svg viewBox="0 0 9 9" {root} xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    return parse_markup(content.encode(), with_html=True)


def path(paint: str) -> str:
    return f'<path d="M0 0H9V9Z" {paint}/>'


@pytest.mark.parametrize(
    "body",
    [
        path('fill="red"'),
        path('fill="red" stroke="#F00"') + path('style="fill: rgb(255, 0, 0)"'),
        path('fill="red" fill-opacity=".5"') + path('fill="red" opacity=".2"'),
        path('fill="red"') + path('fill="blue" display="none"') + path('fill="blue" visibility="hidden"'),
        path('fill="red"') + path('stroke="blue" stroke-width="0"') + path('fill="transparent"'),
        f'<g fill="blue">{path("fill=" + chr(34) + "red" + chr(34))}</g>',
        f'<g fill="red">{PATH}</g>',
        path('fill="red" mask="url(#m)"')
        + f'<mask id="m" fill="white">{path("fill=" + chr(34) + "blue" + chr(34))}</mask>',
        path('fill="red"') + f'<clipPath id="c">{path("fill=" + chr(34) + "white" + chr(34))}</clipPath>',
        f"<style>.a {{ fill: red }}</style>{path('class=' + chr(34) + 'a' + chr(34))}",
        f'<defs><g id="g">{PATH}</g></defs><use href="#g" fill="red"/>',
        f'<symbol id="g">{PATH}{path("fill=" + chr(34) + "red" + chr(34))}</symbol><use href="#g" fill="red"/>',
        f"<defs>{path('fill=' + chr(34) + 'blue' + chr(34))}</defs>" + path('fill="red"'),
    ],
)
def test_a_drawing_whose_paints_are_one_opaque_color_takes_the_color_of_text(body: str) -> None:
    assert is_repainted(tree(body), "auto")


@pytest.mark.parametrize(
    "body",
    [
        "",
        path('fill="red"') + path('fill="blue"'),
        path('fill="red" stroke="blue"'),
        path('fill="#FF000080"'),
        path('fill="red"') + path('fill="rgba(255, 0, 0, .5)"'),
        path('fill="url(#g)"') + '<linearGradient id="g"><stop stop-color="red"/></linearGradient>',
        path('fill="currentColor"'),
        path('fill="red"') + path('fill="currentColor"'),
        path('fill="red"') + '<image href="data:,"/>',
        path('fill="red"') + '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        path('fill="red"') + f'<defs><g id="g">{PATH}</g></defs><use href="#g" fill="blue"/>',
        '<g id="g"><use href="#g"/></g>',
    ],
)
def test_any_other_drawing_keeps_its_colors(body: str) -> None:
    assert not is_repainted(tree(body), "auto")


def test_what_nobody_filled_is_black_unless_the_root_says_none() -> None:
    assert is_repainted(tree(PATH, ""), "auto")
    assert not is_repainted(tree(PATH + path('fill="red"'), ""), "auto")
    assert is_repainted(tree(PATH + path('fill="red"')), "auto")


@pytest.mark.parametrize(("mode", "changes"), [("off", False), ("all", True)])
def test_the_other_modes_ask_nobody(mode: CurrentColor, *, changes: bool) -> None:
    assert is_repainted(tree(path('fill="red"') + path('fill="blue"')), mode) is changes


def test_a_chain_of_uses_does_not_take_forever() -> None:
    doubled = "".join(f'<g id="g{n}">{f"""<use href="#g{n + 1}"/>""" * 9}</g>' for n in range(2000))
    assert not is_repainted(tree(f"<defs>{doubled}</defs><use href='#g0'/>"), "auto")


def repainted(body: str) -> dict[str, dict[str, str]]:
    """The fills, strokes and styles of elements with an id."""
    root = tree(body)
    repaint(root)
    return {
        element.attributes["id"]: {
            name: re.sub(r"\s", "", text)
            for name, text in element.attributes.items()
            if name in ("fill", "stroke", "style", "stop-color", "flood-color")
        }
        for element in root.everything()
        if "id" in element.attributes
    }


def test_fills_and_strokes_change_and_nothing_else() -> None:
    assert repainted(
        '<g id="a" fill="red" stroke="none"><path id="b" fill="#00F" stroke="#fff"/></g>'
        '<path id="c" fill="url(#g) red" stroke="#FF000080"/><path id="d" fill="transparent" stroke="context-fill"/>'
        '<linearGradient id="g"><stop id="e" stop-color="red"/></linearGradient>'
        '<filter id="f"><feFlood id="h" flood-color="red"/></filter>'
    ) == {
        "a": {"fill": "currentColor", "stroke": "none"},
        "b": {"fill": "currentColor", "stroke": "currentColor"},
        "c": {"fill": "url(#g)red", "stroke": "#FF000080"},
        "d": {"fill": "transparent", "stroke": "context-fill"},
        "g": {},
        "e": {"stop-color": "red"},
        "f": {},
        "h": {"flood-color": "red"},
    }


def test_styles_change_where_they_have_the_last_word() -> None:
    assert repainted(
        "<style>.a { fill: red }</style>"
        '<path id="a" class="a" fill="blue"/><path id="b" class="a" style="fill: none; stroke: #00F"/>'
        '<path id="c" style="fill: #00F; fill: color(display-p3 0 0 1)"/>'
    ) == {
        "a": {"fill": "blue", "style": "fill:currentColor"},
        "b": {"style": "fill:none;stroke:#00F;stroke:currentColor"},
        "c": {"style": "fill:#00F;fill:color(display-p3001);fill:currentColor"},
    }


def test_what_masks_and_clip_paths_hold_keeps_its_light_and_shade() -> None:
    assert repainted(
        '<mask id="m" fill="white"><path id="a" fill="white"/><use href="#b"/></mask>'
        '<defs><g id="b" fill="white"><path id="c" fill="black"/></g></defs><path id="d" fill="red" mask="url(#m)"/>'
    ) == {
        "m": {"fill": "white"},
        "a": {"fill": "white"},
        "b": {"fill": "white"},
        "c": {"fill": "black"},
        "d": {"fill": "currentColor"},
    }
