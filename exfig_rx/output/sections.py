"""Sections of ours in files of the user: the lines between two comments, and not a byte beside them.

In: what a file holds, and a section. Out: what it shall hold, or None where there is nothing to do. Rule: everything
outside the markers stays byte for byte, with its encoding and its ends of lines; where the markers don't say plainly
what is ours, nothing is written.
"""

import re
from collections.abc import Iterator
from typing import Final, NoReturn

from exfig_rx.errors import OutputError
from exfig_rx.model import Location, Problem, SharedSection, WhenMissing

_NEW_FILE: Final = '<?xml version="1.0" encoding="utf-8"?>\n<resources>\n</resources>'
_NO_MARKUP: Final = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_CLOSING: Final = re.compile(r"</resources\s*>")

_DECLARATION: Final = re.compile(r"""<attr\s[^<>]*?\bname\s*=\s*(["'])(.*?)\1""")
_MOST_SHOWN: Final = 5
"""Markers of a file that a message shows."""


def with_section(before: bytes | None, section: SharedSection) -> bytes | None:
    """What the file shall hold, whose content is `before` (None: it is not there).

    None where it is missing and may be. Raises OutputError where the file is missing and must not be, where the markers
    are missing, doubled or in disorder, and where another section's markers stand between them.
    """
    if before is None:
        match section.when_missing:
            case WhenMissing.SKIP:
                return None
            case WhenMissing.FAIL:
                hint = f"make it, with {' and '.join(_comments(section))} where the lines of exfig belong"
                _fail(section, f"{section.path} does not exist, and theme attributes go into it", hint)
            case WhenMissing.CREATE:
                before = _NEW_FILE.encode()
    # Bytes that are no UTF-8 come back as they were.
    text = before.decode("utf-8", "surrogateescape")
    if "\0" in text:
        _fail(section, f"{section.path} is UTF-16", "save it as UTF-8")
    return _merged(text, section).encode("utf-8", "surrogateescape")


def _merged(text: str, section: SharedSection) -> str:
    start, end = _comments(section)
    own = next(_markers(text, section, re.escape(section.name)), None)
    if own is None and section.when_missing is WhenMissing.CREATE:
        text = _with_markers(text, section)
    text = _without_later(text, section)
    begin, finish = _only(text, start, section), _only(text, end, section)
    if finish < begin:
        _fail(section, f"{end} stands before {start} in {section.path}", "swap them", text, finish)
    begin += len(start)
    inside = text[begin:finish]
    if (strange := next(_markers(inside, section), None)) is not None:
        what = f"{strange[0]} stands between {start} and {end} in {section.path}"
        _fail(section, what, "move one section out of the other", text, begin + strange.start())
    newline = _newline(inside if "\n" in inside else text)
    # The end marker keeps the blanks before it, as somebody may have indented it.
    kept = inside[len(inside.rstrip(" \t")) :] if "\n" in inside else ""
    elsewhere = _declared(text[:begin] + text[finish:])
    ours = (line for name, line in section.lines.items() if name not in elsewhere or not _declares(line))
    lines = [" " * section.indent + line for line in sorted(ours)]
    return text[:begin] + newline + "".join(line + newline for line in lines) + kept + text[finish:]


def _declares(line: str) -> bool:
    """Whether a line may stand only once in all of a module's files: aapt refuses a second one."""
    return line.startswith("<attr ")


def _declared(text: str) -> frozenset[str]:
    """The attributes that `text` declares outside of comments."""
    return frozenset(found[2] for found in _DECLARATION.finditer(_NO_MARKUP.sub("", text)))


def _without_later(text: str, section: SharedSection) -> str:
    """`text` without declarations of `section` in sections whose names come after it.

    So the first of all sections by name has what several declare, whichever config commits first.
    """
    names = {name for name, line in section.lines.items() if _declares(line)}
    if not names:
        return text

    def kept(found: re.Match[str]) -> str:
        if found[2] <= section.name:
            return found[0]
        lines = found[3].splitlines(keepends=True)
        return found[1] + "".join(line for line in lines if names.isdisjoint(_declared(line))) + found[4]

    start, end = re.escape(section.start), re.escape(section.end)
    return re.sub(rf"(<!-- {start}: ([^\n]*?) -->)(.*?)(<!-- {end}: \2 -->)", kept, text, flags=re.DOTALL)


def _with_markers(text: str, section: SharedSection) -> str:
    """`text` with both markers before its last `</resources>`, among other sections there by name."""
    # What stands in comments is no markup; as many other characters in its place keep the positions.
    markup = _NO_MARKUP.sub(lambda found: "-" * len(found[0]), text)
    closing = max((found.start() for found in _CLOSING.finditer(markup)), default=None)
    if closing is None:
        hint = "is it a file of resources? Markers are written before the end of <resources>"
        _fail(section, f"{section.path} has no </resources>", hint)
    before = _until(text, closing)
    for found in reversed([*re.finditer(rf"<!-- {re.escape(section.start)}: ([^\n]*?) -->", before)]):
        # Several configs may make their sections in one file: its text must not depend on who comes first.
        rest, end = before[found.end() :].rstrip(), f"<!-- {section.end}: {found[1]} -->"
        if found[1] < section.name or not rest.endswith(end):
            break
        before = _until(text, found.start())
    newline, indent = _newline(text), " " * section.indent
    gap = "" if not before or before.endswith("\n") else newline
    markers = "".join(f"{indent}{marker}{newline}" for marker in _comments(section))
    return before + gap + markers + text[len(before) :]


def _until(text: str, at: int) -> str:
    """`text` before `at` and the blanks that indent it."""
    return text[:at].rstrip(" \t")


def _only(text: str, marker: str, section: SharedSection) -> int:
    """Where `marker` stands, which must be once."""
    found = [match.start() for match in re.finditer(re.escape(marker), text)]
    if not found:
        there = [*_markers(text, section)]
        shown = dict.fromkeys(match[0] for match in there[:_MOST_SHOWN])
        besides = f", but {', '.join(shown)}" if there else ""
        both = " and ".join(_comments(section))
        hint = f"the lines of exfig go between {both}: write these two where the lines belong, letter by letter"
        at = there[0].start() if there else None
        _fail(section, f"{section.path} has no {marker}{besides}", hint, text, at)
    if len(found) > 1:
        _fail(section, f"{section.path} has {marker} {len(found)} times", "leave one of them", text, found[1])
    return found[0]


def _markers(text: str, section: SharedSection, name: str = r"[^\n]*?") -> Iterator[re.Match[str]]:
    """Comments of `text` that read as the markers of `section`, of any name, however they are spaced."""
    words = "|".join(map(re.escape, (section.start, section.end)))
    return re.finditer(rf"<!--\s*(?:{words}):\s*{name}\s*-->", text)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _comments(section: SharedSection) -> tuple[str, str]:
    """The markers, as they must stand in the file."""
    return f"<!-- {section.start}: {section.name} -->", f"<!-- {section.end}: {section.name} -->"


def _fail(section: SharedSection, message: str, hint: str, text: str = "", at: int | None = None) -> NoReturn:
    line = text.count("\n", 0, at) + 1 if at is not None else None
    place = Location(file=section.path, line=line, key=section.key)
    raise OutputError(Problem("output.markers", f"{message}; nothing of this config was written", hint, place))
