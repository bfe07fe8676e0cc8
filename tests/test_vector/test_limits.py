"""How much an SVG may be: what references multiply counts, and what only looks like much passes."""

import pytest

from exfig_rx.vector.limits import MOST_ATTRIBUTES, MOST_DEPTH, MOST_ELEMENTS, TOO_MUCH, excess

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def document(body: str) -> bytes:
    return f"<svg {SVG}>{body}</svg>".encode()


def steps(count: int, step: str) -> bytes:
    """Elements of which each refers to the one before, the first to nothing; `{n}` and `{before}` are their ids."""
    return document("".join(step.format(n=f"a{n}", before=f"a{n - 1}") for n in range(count)))


def numbered(count: int) -> str:
    """So many attributes."""
    return " ".join(f'a{n}=""' for n in range(count))


def used(use: str, tag: str = "g", count: int = 9) -> bytes:
    """So many elements, each with `use` ten times in it."""
    return steps(count, f'<{tag} id="{{n}}">{use * 10}</{tag}>')


def fan(attribute: str, each: int = 10, tag: str = "mask") -> bytes:
    """Nine `tag` elements, each with `each` shapes that have the one before as their `attribute`."""
    shape = f'<path {attribute}="url(#{{before}})" d="M0 0h9v9z"/>'
    return steps(9, f'<{tag} id="{{n}}">{shape * each}</{tag}>')


TOO_LARGE = {
    "elements": document("<g/>" * MOST_ELEMENTS),
    "depth": document("<g>" * MOST_DEPTH + "</g>" * MOST_DEPTH),
    "attributes": document(f"<g {numbered(MOST_ATTRIBUTES + 1)}/>"),
    "uses that multiply": used('<use href="#{before}"/>'),
    "uses of old": used('<use xlink:href=" #{before}"/>'),
    "uses with a prefix": used('<s:use xmlns:s="urn:s" href="#{before}"/>'),
    "pictures of filters": used('<feImage href="#{before}"/>', "filter"),
    "uses inside one another": steps(MOST_DEPTH, '<g id="{n}"><use href="#{before}"/></g>'),
    "masks": fan("mask"),
    "clips": fan("clip-path", tag="clipPath"),
    "patterns": fan("fill", tag="pattern"),
    "patterns in styles": used("<g style=\"fill: url( '#{before}')\"/>", "pattern"),
    "masks inside one another": fan("mask", each=1).replace(b"<path", b"<g>" * 6 + b"<path").replace(
        b"/>", b"/>" + b"</g>" * 6
    ),
    "UTF-16": used('<use href="#{before}"/>').decode().encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_is_too_much_is_said_in_words(name: str) -> None:
    assert excess(TOO_LARGE[name]) == TOO_MUCH


PASSING = {
    "an icon": document('<path d="M0 0h1"/>'),
    "a large drawing": document('<path d="M0 0h1"/>' * 20_000),
    "a deep one": document("<g>" * (MOST_DEPTH - 1) + "</g>" * (MOST_DEPTH - 1)),
    "all attributes": document(f"<g {numbered(MOST_ATTRIBUTES)}/>" * 2),
    "a clip for many": document('<clipPath id="c"><rect/></clipPath>' + '<g clip-path="url(#c)"><path/></g>' * 9_000),
    "a gradient for many": document(
        f'<linearGradient id="g">{"<stop/>" * 90}</linearGradient>' + '<path fill="url(#g)"/>' * 900
    ),
    "some uses": used('<use href="#{before}"/>', count=4),
    "a use of itself": document('<g id="a"><use href="#a"/><use href="#a"/></g>'),
    "uses of one another": document('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g><use href="#b"/>'),
    "uses of nothing": document('<use href="#none"/><use/><g mask="url(#none)"/>'),
    "a picture that is embedded": document(
        f'<pattern id="p"><use href="#i"/></pattern><image id="i" href="data:{"=" * 9_999}"/>'
    ),
    "no XML": b"<" * 999,
    "nothing": b"",
    "an encoding that is none": b'<?xml version="1.0" encoding="none"?>' + document("<g/>" * 999),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSING)
def test_what_only_looks_like_much_passes(name: str) -> None:
    assert excess(PASSING[name]) == ""


def test_a_document_counts_as_its_reader_takes_it_not_as_it_says() -> None:
    bomb = b'<?xml version="1.0" encoding="utf-16"?>' + TOO_LARGE["depth"]
    assert (excess(bomb), excess(bomb, "utf-8")) == ("", TOO_MUCH)
