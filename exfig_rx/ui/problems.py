"""Problems and conflicts in words: the one place that formats them for people.

In: `Problem`s and `Conflict`s. Out: Rich renderables and plain lines. Rule: place first, so that editors and terminals
can jump to it; then what is wrong; then the source line with a caret; then what to do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from exfig_rx.load.wording import file_link, node_link
from exfig_rx.model import ConfigId, Conflict, Location, Problem
from exfig_rx.ui.wording import safe

MOST_PATHS = 6
"""Paths of one pair of configs that the conflict table lists; the rest is counted."""


class Indented:
    """`content`, wrapped within the width that is left, behind `by` spaces; no white space at the ends of lines."""

    def __init__(self, content: RenderableType, by: int) -> None:
        self._content = content
        self._by = by

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        inner = options.update(width=max(1, options.max_width - self._by))
        for line in console.render_lines(self._content, inner, pad=False):
            yield Segment(" " * self._by)
            yield from line
            yield Segment.line()


class Excerpt:
    """A source line and the caret below it; where the width does not hold them, the part around the caret."""

    def __init__(self, text: str) -> None:
        self._lines = [_visible(line) for line in text.splitlines()]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width
        caret = max(0, self._lines[-1].find("^"))
        start = max(0, caret - room // 2) if max(map(len, self._lines)) > room else 0
        cut = "~" if options.ascii_only else "…"
        for line in self._lines:
            part = line[start : start + room]
            if start and part.strip() and not line[:start].isspace():
                part = cut + part[1:]
            if len(line) > start + room:
                part = part[:-1] + cut
            yield Text(part, style="dim", no_wrap=True, overflow="crop")


def headline(problem: Problem) -> str:
    """The problem in one line: `configs/a.yaml:14:5 ios.icons[1].format: expected pdf or svg, found "png"`."""
    where = place(problem.location) if problem.location is not None else ""
    message = " ".join(safe(line).strip() for line in problem.message.splitlines())
    return f"{where}: {message}" if where else message


def place(location: Location) -> str:
    """Where it is: file, line, column and key, or Figma file and node."""
    parts = []
    if location.file is not None:
        spot = [str(number) for number in (location.line, location.column) if number is not None]
        parts.append(":".join([safe(location.file), *spot]))
    if location.key:
        parts.append(safe(location.key))
    if location.node_name:
        parts.append(f'"{safe(location.node_name)}"')
    return " ".join(parts)


def link(location: Location | None) -> str:
    """The address of a Figma node, or of its file; empty when the place is not in Figma."""
    if location is None or location.figma_file is None:
        return ""
    return node_link(location.figma_file, location.node_id) if location.node_id else file_link(location.figma_file)


def full(problem: Problem, style: str) -> RenderableType:
    """The problem with its excerpt, hint and link, over several lines."""
    lines: list[RenderableType] = [Text(headline(problem), style=style, overflow="fold")]
    if problem.excerpt:
        lines.append(Indented(Excerpt(problem.excerpt), 4))
    if problem.hint:
        lines.append(Indented(Text(safe(problem.hint)), 4))
    address = link(problem.location)
    if address and address not in problem.hint:
        lines.append(Indented(Text(address, style="dim", overflow="fold"), 4))
    return Group(*lines)


def conflict_table(conflicts: Sequence[Conflict]) -> RenderableType:
    """Who would overwrite whom: a row for each pair of configs, with the paths they share and the keys."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Path", "Earlier", "Later, which wins"):
        table.add_column(heading, overflow="fold")
    for (earlier, later), shared in conflicts_by_pair(conflicts).items():
        for index, row in enumerate(shared[:MOST_PATHS]):
            names = (earlier.label, later.label) if index == 0 else ("", "")
            table.add_row(
                safe(row.path),
                f"{safe(names[0])} {safe(row.earlier_key)}".strip(),
                f"{safe(names[1])} {safe(row.later_key)}".strip(),
            )
        if len(shared) > MOST_PATHS:
            table.add_row(f"and {len(shared) - MOST_PATHS} more", "", "")
    return table


def conflicts_by_pair(conflicts: Sequence[Conflict]) -> dict[tuple[ConfigId, ConfigId], list[Conflict]]:
    """The conflicts of each pair of configs together, pairs in the order in which they first appear."""
    pairs: dict[tuple[ConfigId, ConfigId], list[Conflict]] = {}
    for conflict in conflicts:
        pairs.setdefault((conflict.earlier, conflict.later), []).append(conflict)
    return pairs


def grouped(warnings: Sequence[tuple[str, Problem]]) -> Iterator[tuple[Problem, dict[str, list[str]]]]:
    """Equal warnings of several configs once, with the labels of the configs by the keys that it is about.

    What is odd about a design is the same whichever entries read it: such warnings come without their key.
    """
    found: dict[tuple[Problem, str], tuple[Problem, dict[str, list[str]]]] = {}
    for label, problem in warnings:
        where = problem.location
        shown, keys = problem, ""
        if where is not None and where.figma_file is not None and where.file is None:
            named = where.node_name is not None and safe(where.node_name) in safe(problem.message)
            shown = replace(problem, location=replace(where, key=None, node_name=None if named else where.node_name))
            keys = where.key or ""
        labels = found.setdefault((replace(shown, excerpt=""), headline(shown)), (shown, {}))[1].setdefault(keys, [])
        if label and label not in labels:
            labels.append(label)
    yield from found.values()


def _visible(line: str) -> str:
    return safe(line.replace("\t", "    "))
