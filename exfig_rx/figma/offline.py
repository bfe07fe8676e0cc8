"""Figma when nobody may ask: every question that gets here was not answered by an earlier run.

In: requests and lookups. Out: an error that names what is missing; of renders, that there are none.
"""

from collections.abc import Sequence
from typing import TypeVar

import reactivex as rx
from reactivex import Observable

from exfig_rx.errors import FigmaUnavailable
from exfig_rx.model import ConfigId, Location, Lookup, Problem, Request, Response

T = TypeVar("T")


def refuse(request: Request) -> Observable[Response]:
    """Nothing is sent."""
    return rx.throw(_missing(request.what, request.file_key))


def look_up_nothing(lookup: Lookup[T], ids: Sequence[str], config: ConfigId) -> Observable[dict[str, T | None]]:
    """None for each id that may be missing; else an error, since the rest would be wrong without them."""
    if lookup.optional:
        return rx.of(dict.fromkeys(ids))
    noun = lookup.noun if len(ids) == 1 else f"{lookup.noun}s"
    return rx.throw(_missing(f"{len(ids)} {noun} of file {lookup.file_key}: {', '.join(ids)}", lookup.file_key))


def _missing(what: str, file_key: str) -> FigmaUnavailable:
    return FigmaUnavailable(
        Problem(
            "offline.missing-answer",
            f"not in .exfig/: {what}",
            "run once without --offline",
            Location(figma_file=file_key) if file_key else None,
        )
    )
