"""Small pieces of text that several views share: counts, seconds, safe names.

In: values. Out: plain text. Rule: names come from files and from designers, so control characters never reach a screen.
"""

import math
import time
import unicodedata

from rich.cells import cell_len, set_cell_size

from exfig_rx.model import AssetCounts, FileCounts


def safe(text: str) -> str:
    """`text` without control characters (line ends included), which terminals would obey."""
    return "".join(
        char if char.isprintable() or unicodedata.category(char) == "Zs" else f"\\x{ord(char):02x}" for char in text
    )


def seconds(value: float) -> str:
    """`12.3 s`, above a minute `2 min 05 s`, above an hour `1 h 02 min`."""
    value = max(0.0, value)
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def countdown(value: float) -> str:
    """Seconds that are left, rounded up: `42 s`, `5 min 03 s`."""
    left = max(0, math.ceil(value))
    return f"{left} s" if left < 60 else f"{left // 60} min {left % 60:02} s"


def asset_counts(counts: AssetCounts) -> str:
    """`17 colors, 120 icons`; `nothing` when all are zero."""
    pairs = (
        (counts.colors, "color", "colors"),
        (counts.icons, "icon", "icons"),
        (counts.images, "image", "images"),
        (counts.typography, "text style", "text styles"),
        (counts.tokens, "token", "tokens"),
    )
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in pairs if n) or "nothing"


def file_counts(files: FileCounts) -> str:
    """`2 new, 1 changed, 5 unchanged`; `none` when there are none."""
    pairs = (
        (files.created, "new"),
        (files.updated, "changed"),
        (files.unchanged, "unchanged"),
        (files.deleted, "deleted"),
    )
    return ", ".join(f"{n} {word}" for n, word in pairs if n) or "none"


def clock(at: float) -> str:
    """The hand of a clock here at `at` epoch seconds: `14:05:33`."""
    return time.strftime("%H:%M:%S", time.localtime(at))


def rough(value: float) -> str:
    """Seconds as people say them who need not know: `7 s`, `20 s`, `3 min`, `2 h 05 min`, `3 d 4 h`."""
    value = max(0.0, value)
    if value < 60:
        return f"{int(value // 10 * 10) or int(value)} s"
    minutes = int(value // 60)
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h {minutes % 60:02} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"


def ago(value: float) -> str:
    """How long ago something was, `value` being seconds: `just now`, `20 s ago`, `3 min ago`, `2 d ago`."""
    if value < 10:
        return "just now"
    words = rough(value).split(" ")
    return f"{words[0]} {words[1]} ago"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 request`, `3 requests`; `many` where the plural is not `one` with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def shortened(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in at most `width` columns (a Chinese character takes two), cut in the middle."""
    if cell_len(text) <= width:
        return text
    keep = width - cell_len(ellipsis)
    if keep <= 0:
        return set_cell_size(text, max(0, width))
    head = set_cell_size(text, keep // 2)
    tail = text
    while cell_len(tail) > keep - cell_len(head):
        tail = tail[1:]
    return head + ellipsis + tail
