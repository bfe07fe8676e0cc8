"""What every exporter of icons and images shares: picture by picture, so that one that fails takes no other along.

In: the pictures of one entry, and how one is made. Out: files, the pictures that code may name, and what went wrong.
Rule: a picture that can't be made keeps the file that an earlier run wrote, and then its name in code, too; without
such a file it has neither.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from exfig_rx.config.picture_entries import PictureEntry
from exfig_rx.errors import DesignError
from exfig_rx.export.names import located
from exfig_rx.load.wording import listed, node_link, quoted
from exfig_rx.model import Location, OutputFile, Problem, RasterFile
from exfig_rx.pictures import Picture

Exists = Callable[[str], bool]
"""Whether an earlier run left a file at a path as configured."""


@dataclass(frozen=True, slots=True)
class PictureSet:
    """The pictures of one entry."""

    entry: PictureEntry
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """The files of one picture or of several, and what was lost on the way.

    `members` are the pictures that code may name, in the order in which they came.
    """

    files: tuple[OutputFile, ...] = ()
    rasters: tuple[RasterFile, ...] = ()
    members: tuple[Picture, ...] = ()
    losses: tuple[Problem, ...] = ()
    failures: tuple[Problem, ...] = ()


def make_each(
    entry: PictureEntry,
    pictures: Collection[Picture],
    make: Callable[[Picture], Made],
    main_path: Callable[[Picture], str],
    exists: Exists,
) -> Made:
    """Each picture on its own, all together as one.

    `make` gives the files of one picture whose renders are there, or raises DesignError. `main_path` is the file that
    must be there for code to name a picture that could not be made.
    """
    files: list[OutputFile] = []
    rasters: list[RasterFile] = []
    members: list[Picture] = []
    losses: list[Problem] = []
    failures: list[Problem] = []
    for picture in pictures:
        if not picture.is_kept:
            try:
                made = make(picture)
            except DesignError as error:
                failures += [about(entry, picture, problem) for problem in error.problems]
            else:
                files += made.files
                rasters += made.rasters
                losses += made.losses
                members.append(picture)
                continue
        if exists(main_path(picture)):
            members.append(picture)
    if pictures and not members:
        failures.insert(0, _nothing_made(entry, len(pictures)))
    return Made(tuple(files), tuple(rasters), tuple(members), tuple(losses), tuple(failures))


def writes_code(one: Made) -> bool:
    """Whether code of an entry has anything to name, or had nothing to begin with."""
    return bool(one.members) or not one.failures


def joined_up(parts: Sequence[Made]) -> Made:
    """Several as one."""
    return Made(
        tuple(file for part in parts for file in part.files),
        tuple(raster for part in parts for raster in part.rasters),
        tuple(member for part in parts for member in part.members),
        tuple(loss for part in parts for loss in part.losses),
        tuple(failure for part in parts for failure in part.failures),
    )


def loss(entry: PictureEntry, picture: Picture, format_name: str, lost: Sequence[str]) -> tuple[Problem, ...]:
    """At most one problem: what `format_name` ("VectorDrawable") can't hold of a picture."""
    if not lost:
        return ()
    return (
        Problem(
            "vector.loss",
            f"{entry.noun} {quoted(picture.original_name)}: {format_name} can't hold {listed(lost)}",
            f"simplify it in Figma, or export it as an image: {node_link(picture.file_key, picture.node_id)}",
            located(entry, picture),
        ),
    )


def _nothing_made(entry: PictureEntry, count: int) -> Problem:
    none = f"the only {entry.noun} could not be made" if count == 1 else f"none of {count} {entry.noun}s could be made"
    return Problem(
        "export.nothing-made",
        none,
        "if Figma shows them, run again later",
        Location(key=entry.key),
    )


def about(entry: PictureEntry, picture: Picture, problem: Problem) -> Problem:
    """`problem`, which names no picture, as one of `picture`: with its name, link and place."""
    link = node_link(picture.file_key, picture.node_id)
    return replace(
        problem,
        message=f"{entry.noun} {quoted(picture.original_name)}: {problem.message}",
        hint=f"{problem.hint} {link}".strip(),
        location=located(entry, picture),
    )
