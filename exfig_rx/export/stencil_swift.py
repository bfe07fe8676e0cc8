"""What Swift says about names, for the filters of Stencil templates.

In: any text. Out: an identifier, or whether a word is reserved. Rule: the sets are those of StencilSwiftKit 2.10, from
the grammar of Swift (https://docs.swift.org/swift-book/documentation/the-swift-programming-language/lexicalstructure).
"""

import re
from collections.abc import Callable
from functools import cache

_WORDS = """
    Any Protocol Self Type as associatedtype associativity break case catch class continue convenience default defer
    deinit didSet do dynamic else enum extension fallthrough false fileprivate final for func get guard if import in
    indirect infix init inout internal is lazy left let mutating nil none nonmutating open operator optional override
    postfix precedence prefix private protocol public repeat required rethrows return right self set static struct
    subscript super switch throw throws true try typealias unowned var weak where while willSet _
    #available #colorLiteral #column #else #elseif #endif #file #fileLiteral #function #if #imageLiteral #line
    #selector #sourceLocation
"""

RESERVED_WORDS = frozenset(_WORDS.split())
"""Words that the filter `escapeReservedKeywords` puts between backticks; more than Swift reserves."""

_HEAD = (
    "a-zA-Z_\u00a8\u00aa\u00ad\u00af\u00b2-\u00b5\u00b7-\u00ba\u00bc-\u00be\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff"
    "\u0370-\u167f\u1681-\u180d\u180f-\u1dbf\u1e00-\u1fff\u200b-\u200d\u202a-\u202e\u203f\u2040\u2054\u2060-\u20cf"
    "\u2100-\u218f\u2460-\u24ff\u2776-\u2793\u2c00-\u2dff\u2e80-\u2fff\u3004-\u3007\u3021-\u302f\u3031-\ud7ff"
    "\uf900-\ufd3d\ufd40-\ufdcf\ufdf0-\ufe1f\ufe30-\ufe44\ufe47-\ufffd"
    + "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 15))
)
_TAIL = "0-9\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"


def swift_identifier(text: str, first_letter: Callable[[str], str] = str) -> str:
    """`text` with underscores for what no identifier has, and one in front if it begins with a digit.

    `first_letter` changes each part between such characters.
    """
    starts, other = _patterns()
    name = "_".join(first_letter(part) for part in other.split(text))
    return f"_{name}" if name and not starts.match(name) else name


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What an identifier begins with, and what it never has; compiled late, because that takes 8 ms."""
    return re.compile(f"[{_HEAD}]"), re.compile(f"[^{_HEAD}{_TAIL}]")
