"""What bytes are, by looking at them: a server's word for it is not taken.

In: the beginning and the end of a body. Out: what is wrong with them as a picture of one format, or nothing. Rule: it
finds what is something else and what ends early, in time that grows with the two pieces; it does not parse.
"""

import re
from dataclasses import dataclass

from exfig_rx.pictures import RenderFormat

HEAD_BYTES = 1 << 16
"""How much of the beginning is looked at; an SVG may open with a long comment or document type."""

TAIL_BYTES = 1 << 12

_BEFORE_ROOT = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\b[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_SVG_ROOT = re.compile(rb"<(?:[\w.-]+:)?svg[\s/>]")
_SVG_END = re.compile(rb"</(?:[\w.-]+:)?svg\s*>")
_EMPTY_SVG = re.compile(rb"<(?:[\w.-]+:)?svg\b[^<>]*/>\s*\Z")
_BOM = b"\xef\xbb\xbf"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG"),
    (b"\xff\xd8\xff", "a JPEG"),
    (b"%PDF-", "a PDF"),
    (b"GIF8", "a GIF"),
    (b"RIFF", "a WebP"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"{", "JSON"),
)

NOTHING = "nothing"
_NAMES = {RenderFormat.SVG: "an SVG", RenderFormat.PDF: "a PDF", RenderFormat.PNG: "a PNG", RenderFormat.JPG: "a JPEG"}


@dataclass(frozen=True, slots=True)
class Mistaken:
    """The bytes are `found` where `wanted` was asked for (`an HTML page`, `an SVG`); `is_cut`: right, but not whole."""

    found: str
    wanted: str
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """There are no bytes."""
        return self.found == NOTHING


def mistaken(format_: RenderFormat, head: bytes, tail: bytes) -> Mistaken | None:
    """What is wrong with bytes that should be a `format_`; None if nothing is.

    `head` is the first `HEAD_BYTES` of them at most, `tail` the last `TAIL_BYTES`; both are all of a short body.
    """
    wanted = _NAMES[format_]
    found = kind_of(head)
    if found != wanted:
        return Mistaken(found, wanted)
    return None if _is_whole(format_, head, tail) else Mistaken(found, wanted, is_cut=True)


def kind_of(head: bytes) -> str:
    """What bytes that begin with `head` are, as people call it: `a PNG`, `an HTML page`, `nothing`."""
    if not head:
        return NOTHING
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    return _markup(head.removeprefix(_BOM))


def _markup(text: bytes) -> str:
    at = 0
    while between := _BEFORE_ROOT.match(text, at):
        at = between.end()
    if _SVG_ROOT.match(text, at):
        return "an SVG"
    start = text[at : at + 256].lower()
    if b"<!doctype html" in text[:at].lower() or start.startswith((b"<html", b"<head", b"<body", b"<!doctype html")):
        return "an HTML page"
    if start.startswith(b"<"):
        return "an XML document"
    return "text" if _is_text(start) else "something else"


def _is_text(start: bytes) -> bool:
    # whatever is below a blank, but for line ends and tabs, is in no text
    return not any(byte < 0x20 and byte not in b"\t\r\n" for byte in start)


def _is_whole(format_: RenderFormat, head: bytes, tail: bytes) -> bool:
    match format_:
        case RenderFormat.SVG:
            return _SVG_END.search(tail) is not None or _EMPTY_SVG.search(head) is not None
        case RenderFormat.PNG:
            return b"IEND\xaeB`\x82" in tail
        case RenderFormat.JPG:
            return b"\xff\xd9" in tail
        case RenderFormat.PDF:
            return b"%%EOF" in tail
