"""Files that renderers hand over: joined paths, encoded text, and names that a file system can hold.

In: path parts from the config, names from a design. Out: `OutputFile`s. Rule: parts of the config are joined as text
(a later part never restarts the path), and a name from a design is one path component or a fault, never a way out.
"""

import re
from unicodedata import category, normalize

from exfig_rx.model import OutputFile

LONGEST_NAME_BYTES = 255
"""What one path component may hold on ext4, APFS and NTFS (https://en.wikipedia.org/wiki/Comparison_of_file_systems)."""

_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of all text up to its end: code with one shows as other code than it is, and so do paths
(CVE-2021-42574, https://trojansource.codes). Marks such as U+200F turn nothing but themselves."""


def joined(first: str, *parts: str) -> str:
    """Path parts as one path with `/`: an absolute later part goes below the earlier ones, empty and `.` vanish."""
    kept = [part.strip("/") for part in parts if part.strip("/") not in {"", "."}]
    if not kept:
        return first
    return "/".join((first.rstrip("/"), *kept)) if first not in {"", "."} else "/".join(kept)


def text_file(path: str, text: str) -> OutputFile:
    """`text` as a file in UTF-8 with the line ends it has."""
    return OutputFile(path, text.encode("utf-8"))


def text_fault(name: str) -> str:
    """Why no generated text can hold `name`; empty if it can. Control characters and line breaks have no place."""
    strange = next(filter(is_strange, name), None)
    return "" if strange is None else f"it holds the unprintable character U+{ord(strange):04X}"


def is_strange(char: str) -> bool:
    """Whether a character has no place in generated text: it breaks lines, turns what follows, or is no character."""
    return category(char) in _UNPRINTABLE or char in _TURNING


def component_fault(name: str, suffix: str = "") -> str:
    """Why `name` with `suffix` can't be one path component; empty if it can.

    A backslash is a letter on most systems and a separator on Windows, so no side of it may be a step upwards.
    """
    if not name:
        return "it is empty"
    if "/" in name:
        return "it holds a slash"
    if any(part in {"", ".", ".."} for part in re.split(r"\\", name)):
        return "it would lead to another folder"
    if fault := text_fault(name):
        return fault
    size = len((name + suffix).encode("utf-8"))
    if size > LONGEST_NAME_BYTES:
        return f"its file name would have {size} bytes, and a file system holds {LONGEST_NAME_BYTES}"
    return ""


def one_case(path: str) -> str:
    """The same text for all spellings of a path that macOS and Windows take for one."""
    return normalize("NFC", normalize("NFC", path).casefold())
