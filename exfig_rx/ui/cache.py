"""What `exfig cache` says: what is kept of Figma, and what was dropped of it.

In: counts and sizes. Out: renderables. Rule: names of files come from designers, so they are made safe.
"""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from exfig_rx.state.upkeep import CacheInfo, KeptFile, Trimmed
from exfig_rx.ui.wording import safe


def nothing_view(folder: str) -> RenderableType:
    """No run ever kept anything here."""
    return _line(f"Nothing is kept: there is no cache in {folder}.")


def info_view(folder: str, info: CacheInfo) -> RenderableType:
    """What is there: where, how much, of which files, and what unfinished runs left."""
    parts: list[RenderableType] = [
        _line(f"{folder}: {megabytes(info.bytes)}, of which {megabytes(info.blob_bytes)} are pictures"),
        _line(
            f"{_count(info.answers, 'answer')}, {_count(info.items, 'part')} of answers, "
            f"{_count(info.renders, 'render')} in {_count(info.blobs, 'picture')}"
        ),
    ]
    if info.unfinished:
        runs = _count(info.unfinished, "run")
        parts.append(_line(f"{runs} did not end; what they got is used like the rest, unless --no-resume drops it"))
    if info.files:
        parts.append(_files(info.files))
    return Group(*parts)


def cleared_view(freed_bytes: int) -> RenderableType:
    """Everything was dropped."""
    return _line(f"The cache is empty; {megabytes(freed_bytes)} are free again.")


def trimmed_view(trimmed: Trimmed) -> RenderableType:
    """What counted no more was dropped."""
    return _line(
        f"Dropped {_count(trimmed.versions, 'old version')} of files and {_count(trimmed.blobs, 'picture')}; "
        f"{megabytes(trimmed.freed_bytes)} are free again."
    )


def megabytes(size: int) -> str:
    """A size in bytes as megabytes of 2^20: `0.3 MB`, `1,024 MB`."""
    value = size / 2**20
    return f"{value:.1f} MB" if value < 100 else f"{value:,.0f} MB"


def _files(files: Sequence[KeptFile]) -> Table:
    """A row for each file; the address where there are several."""
    by_address = len({file.address for file in files}) > 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("File", "Name", *(["Address"] if by_address else []), "Versions, newest first"):
        table.add_column(heading, overflow="fold")
    table.add_column("Renders", justify="right")
    for file in files:
        address = [safe(file.address)] if by_address else []
        versions = ", ".join(map(safe, file.versions))
        table.add_row(safe(file.file_key), safe(file.name), *address, versions, f"{file.renders:,}")
    return table


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _line(text: str) -> Text:
    return Text(safe(text), overflow="fold")
