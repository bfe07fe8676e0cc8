"""Which published components an entry is about: those in its frame, on its page.

In: a `PictureEntry` and what its files publish. Out: components by file, each node once, in an order that does not
depend on Figma's answer; or one `DesignError` for all files that have none. Rule: names of frames and pages count as
they are, letter case and blanks included, and one that is not there is answered with those that are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from unicodedata import normalize

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.errors import DesignError
from exfig_rx.load.left_out import unpublished
from exfig_rx.load.pairing import Subject
from exfig_rx.load.wording import counted, listed, quoted
from exfig_rx.model import Location, Problem
from exfig_rx.pictures import Component, FileComponents


def components_in_frame(
    entry: PictureEntry, files: Mapping[str, FileComponents], subject: Subject
) -> dict[str, tuple[Component, ...]]:
    """The components of the entry's frame in each of its files, at least one in each.

    Equal frame names on several pages are one frame, where no page is asked for. Raises DesignError.
    """
    found: dict[str, tuple[Component, ...]] = {}
    problems: list[Problem] = []
    for key in entry.source.files:
        selected = _selected(entry, files[key], subject)
        if isinstance(selected, Problem):
            problems.append(selected)
        else:
            found[key] = selected
    if problems:
        raise DesignError(*problems)
    return found


def _selected(entry: PictureEntry, file: FileComponents, subject: Subject) -> tuple[Component, ...] | Problem:
    """The components of one file, or why there are none."""
    source = entry.source
    if not file.components:
        return unpublished("components", file.file_key, subject)
    framed = [component for component in file.components if _same(component.frame, source.frame)]
    if not framed:
        return _frame_missing(source.frame, file, subject)
    paged = [component for component in framed if source.page is None or _same(component.page, source.page)]
    if not paged:
        return _page_missing(source.page or "", source.frame, framed, file.file_key, subject)
    by_node: dict[str, Component] = {}
    for component in sorted(paged, key=_order):
        by_node.setdefault(component.node_id, component)
    return tuple(by_node.values())


def _order(component: Component) -> tuple[str, ...]:
    return (component.page, component.set_name, component.name, component.node_id, component.description)


def _same(name: str, wanted: str) -> bool:
    return name == wanted or normalize("NFC", name) == normalize("NFC", wanted)


def _frame_missing(frame: str, file: FileComponents, subject: Subject) -> Problem:
    frames = [component.frame for component in file.components if component.frame]
    return Problem(
        "design.frame-not-found",
        f"frame {quoted(frame)} not found in file {file.file_key}, "
        f"which publishes {counted(len(file.components), 'component')}",
        f"{_others(frame, frames, 'frame')} (figmaFrameName)"
        if frames
        else f"none of its components is in a frame: put them into a frame named {quoted(frame)}",
        Location(key=subject.entry_key, figma_file=file.file_key),
    )


def _page_missing(page: str, frame: str, framed: Iterable[Component], file_key: str, subject: Subject) -> Problem:
    pages = [component.page for component in framed]
    return Problem(
        "design.page-not-found",
        f"frame {quoted(frame)} is in file {file_key}, but not on page {quoted(page)}",
        f"{_others(page, pages, 'page')} (figmaPageName)",
        Location(key=subject.entry_key, figma_file=file_key),
    )


def _others(wanted: str, names: Iterable[str], noun: str) -> str:
    """The names that may be meant, else all there are, with the number of components in each."""
    counts = Counter(names)
    near = _near(wanted, counts)
    shown = listed([f"{quoted(name)} ({counted(counts[name], 'component')})" for name in near or sorted(counts)])
    return f"did you mean the {noun} {shown}?" if near else f"there {'is' if len(counts) == 1 else 'are'} {shown}"


def _near(wanted: str, names: Iterable[str]) -> list[str]:
    """The names that are like `wanted` but for letter case, blanks, or a few letters; the likeliest first."""
    by_letters: dict[str, list[str]] = {}
    for name in sorted(names):
        by_letters.setdefault(_letters(name), []).append(name)
    return [name for letters in get_close_matches(_letters(wanted), by_letters) for name in by_letters[letters]]


def _letters(name: str) -> str:
    return normalize("NFC", name).casefold().strip()
