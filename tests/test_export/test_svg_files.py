"""SVGs of a few lines that would cost gigabytes or minutes, and those that only look like it."""

import pytest

from exfig_rx.errors import DesignError
from exfig_rx.export.svg_files import refuse_bombs

HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def doubled(steps: int, fan: int) -> bytes:
    """Groups each of which uses the one before it `fan` times."""
    groups = [b'<g id="a0"><path d="M0 0h1"/></g>']
    groups += [b'<g id="a%d">' % n + b'<use xlink:href="#a%d"/>' % (n - 1) * fan + b"</g>" for n in range(1, steps)]
    return HEAD + b"".join(groups) + b"</svg>"


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD + b"<text>&a;</text></svg>",
        HEAD + b"<g>" * 20_000 + b"</g>" * 20_000 + b"</svg>",
        HEAD + b"<g " + b" ".join(b'a%d="1"' % n for n in range(1_001)) + b"/></svg>",
        doubled(10, 10),
        doubled(10, 10).replace(b"xlink:href", b"href"),
        doubled(10, 10)
        .replace(b"<use", b"<s:use")
        .replace(HEAD, HEAD[:-1] + b' xmlns:s="http://www.w3.org/2000/svg">'),
    ],
    ids=["entities", "depth", "attributes", "use", "use by href", "use with a prefix"],
)
def test_a_bomb_is_refused(content: bytes) -> None:
    with pytest.raises(DesignError):
        refuse_bombs(content)


@pytest.mark.parametrize(
    "content",
    [
        HEAD + b'<path d="M0 0h1"/></svg>',
        HEAD + b'<path d="M0 0h1"/>' * 10_000 + b"</svg>",
        HEAD + b"<g>" * 60 + b"</g>" * 60 + b'<rect width="1" height="1"/>' * 100 + b"</svg>",
        doubled(4, 10),
        HEAD + b'<g id="a"><use href="#a"/></g></svg>',
        b"not an SVG at all",
    ],
    ids=["icon", "many", "nested", "some uses", "a use of itself", "no XML"],
)
def test_what_only_looks_like_one_passes(content: bytes) -> None:
    refuse_bombs(content)
