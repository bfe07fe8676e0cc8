"""SVG files that are stored as Figma sent them.

In: their bytes. Out: nothing, or a `DesignError`. Rule: what would blow up whoever opens it is not passed on: entities,
elements inside one another without end, references that multiply.
"""

from typing import Final

from exfig_rx.vector.limits import excess
from exfig_rx.vector.markup import parse_markup, too_large

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def refuse_bombs(content: bytes) -> None:
    """Raise DesignError for an SVG of a few lines that costs gigabytes or minutes when it is shown."""
    # Only these can declare entities, and all others need not be parsed for that.
    if b"<!ENTITY" in content or content.startswith(_UTF16):
        parse_markup(content)
    what = excess(content)
    if what:
        raise too_large(what)
