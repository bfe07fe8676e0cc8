"""Why assets are not exported, in words: nothing published, a filter without match, descriptions, nothing left.

In: names and what keeps them out. Out: problems of one entry. Rule: whoever finds an asset missing learns which step
took it away, and what to do in Figma or in the config.
"""

from collections.abc import Collection, Mapping, Sequence

from exfig_rx.load.filters import is_left_out, named_platforms, nearest
from exfig_rx.load.pairing import Subject
from exfig_rx.load.wording import LONGEST_LIST, counted, listed, one, platform_words, quoted
from exfig_rx.model import Location, Platform, Problem

LEFT_OUT = "design.left-out"
"""The code of the note about descriptions."""


def unpublished(what: str, file_key: str, subject: Subject, detail: str = "") -> Problem:
    """The error about a file that publishes none of `what` ("styles"); `detail` is what it does publish."""
    return Problem(
        f"design.no-{what}",
        f"published {what} not found in file {file_key}" + (f": {detail}" if detail else ""),
        f"publish the library in Figma (Assets, Libraries, Publish), or check the file id in the config: "
        f"https://www.figma.com/design/{file_key}",
        Location(key=subject.entry_key, figma_file=file_key),
    )


def filter_without_match(name_filter: str, raw_names: Collection[str], noun: str, subject: Subject) -> Problem:
    """The error about a name filter that picks none of the things called `noun`."""
    near = nearest(name_filter, raw_names)
    return Problem(
        "design.filter-without-match",
        f"the name filter {quoted(name_filter)} matches none of {counted(len(raw_names), noun)}",
        f"did you mean {listed([quoted(name) for name in near])}?" if near else "use * for any characters, / included",
        Location(key=subject.entry_key),
    )


def description_reason(description: str, platform: Platform) -> str:
    """What a description says that keeps its asset from `platform`: `none`, or other platforms; empty if nothing."""
    platforms = named_platforms(description)
    if is_left_out(description):
        return "none"
    return platform_words(platforms) if platforms and platform not in platforms else ""


def left_out_note(
    reasons: Mapping[str, str], platform: Platform, file_key: str, subject: Subject, hint: str = ""
) -> tuple[Problem, ...]:
    """At most one note, about the assets that their descriptions keep from `platform`: reasons by raw name.

    `hint` says which words keep an asset out, where it is not the usual ones.
    """
    if not reasons:
        return ()
    names = listed([f"{quoted(name)} ({reason})" for name, reason in reasons.items()])
    return (
        Problem(
            LEFT_OUT,
            f"{counted(len(reasons), subject.noun)} left out of {platform} because of descriptions in Figma: {names}",
            hint
            or f"a description with the word none, or with names of other platforms, keeps {one(subject.noun)} out",
            Location(key=subject.entry_key, figma_file=file_key),
        ),
    )


def nothing_left(platform: Platform, notes: Sequence[Problem], subject: Subject) -> Problem:
    """The error about an entry of which nothing is left; `notes` say why."""
    described = not notes or any(note.code == LEFT_OUT for note in notes)
    return Problem(
        f"design.no-{subject.noun}s",
        "; ".join([f"no {subject.noun} is left for {platform}", *(note.message for note in notes[:LONGEST_LIST])]),
        "change the descriptions in Figma, or remove this entry" if described else notes[0].hint,
        Location(key=subject.entry_key),
    )
