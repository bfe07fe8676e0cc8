"""Problems and conflicts in words: the one place that formats them for people.

In: `Problem`s and `Conflict`s. Out: Rich renderables and plain lines. Rule: place first, so that editors and terminals
can jump to it; then what is wrong; then the source line with a caret; then what to do.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from exfig_rx.model import Conflict, Location, Problem
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
    address = f"https://www.figma.com/design/{location.figma_file}"
    return f"{address}?node-id={location.node_id.replace(':', '-')}" if location.node_id else address


def full(problem: Problem, style: str) -> RenderableType:
    """The problem with its excerpt, hint and link, over several lines."""
    lines: list[RenderableType] = [Text(headline(problem), style=style, overflow="fold")]
    if problem.excerpt:
        excerpt = "\n".join("    " + _visible(line) for line in problem.excerpt.splitlines())
        lines.append(Text(excerpt, style="dim", no_wrap=True, overflow="ellipsis"))
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
    for (earlier, later), rows in groupby(_by_pair(conflicts), key=lambda row: (row.earlier, row.later)):
        shared = list(rows)
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


def _by_pair(conflicts: Sequence[Conflict]) -> list[Conflict]:
    first: dict[tuple[str, str], int] = {}
    for index, row in enumerate(conflicts):
        first.setdefault((row.earlier.path, row.later.path), index)
    return sorted(conflicts, key=lambda row: first[row.earlier.path, row.later.path])


def grouped(warnings: Sequence[tuple[str, Problem]]) -> Iterator[tuple[Problem, list[str]]]:
    """Equal warnings of several configs once, with the labels of the configs."""
    found: dict[tuple[str, str, str], tuple[Problem, list[str]]] = {}
    for label, problem in warnings:
        key = (problem.code, headline(problem), problem.hint)
        labels = found.setdefault(key, (problem, []))[1]
        if label and label not in labels:
            labels.append(label)
    yield from found.values()


def _visible(line: str) -> str:
    return safe(line.replace("\t", "    "))
