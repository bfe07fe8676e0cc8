"""SVG files that are stored as Figma sent them.

In: their bytes. Out: nothing, or a `DesignError`. Rule: what would blow up whoever opens it is not passed on.
"""

from exfig_rx.vector.markup import parse_markup

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def refuse_entities(content: bytes) -> None:
    """Raise DesignError for an SVG that declares entities: a few lines of them expand to gigabytes."""
    # Only these can hold a declaration, and all others need not be parsed to be copied.
    if b"<!ENTITY" in content or content.startswith(_UTF16):
        parse_markup(content)
