"""The version of a file: how to ask for it at the lowest price, and what the answer means.

In: file keys; decoded bodies; refusals. Out: `Request`s, `FileVersion`s. Rule: a version that Figma does not tell is
unknown, and fails nothing: whatever is wrong with the file, the requests that follow meet it, too.
Shapes: https://developers.figma.com/docs/rest-api/file-endpoints/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from exfig_rx.errors import FigmaError, FigmaUnavailable, LockedOut
from exfig_rx.figma.answers import file_path, mapping, text
from exfig_rx.figma.refusals import NEW_TOKEN
from exfig_rx.model import ConfigId, FileVersion, Location, Problem, Request, Tier

NO_SCOPE: Final = Problem(
    "figma.no-metadata-scope",
    "the token may not ask for the version of a file, so each file costs a request of tier 1 to see whether it changed",
    f"Scope needed: file_metadata:read. {NEW_TOKEN}",
)
"""Told once in a run."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The version of a file as Figma tells it (None: it does not), and what people should know about how it was had."""

    version: FileVersion | None
    problem: Problem | None = None


def meta(file_key: str, config: ConfigId | None = None, leads_to: Tier | None = None, again: int = 0) -> Request:
    """Name and version of a file (tier 3); of no use if the tier that it `leads_to` is closed. `again` as there."""
    return Request(
        Tier.THREE,
        f"{file_path(file_key)}/meta",
        (),
        config,
        file_key,
        what=f"the version of file {file_key}",
        leads_to=leads_to,
        again=again,
    )


def shallow(file_key: str, config: ConfigId | None = None, again: int = 0) -> Request:
    """The same for a token without the scope for `meta`: the file with nothing but its pages (tier 1)."""
    return Request(
        Tier.ONE,
        file_path(file_key),
        (("depth", "1"),),
        config,
        file_key,
        what=f"the version of file {file_key}",
        again=again,
    )


def parse_version(body: Mapping[str, Any], file_key: str) -> FileVersion | None:
    """The version in an answer to `meta` or `shallow`; None where it holds none.

    Figma wraps the answer to `meta` in `file`, its OpenAPI document does not.
    """
    file = mapping(body.get("file")) or body
    version = file.get("version")
    if isinstance(version, int) and not isinstance(version, bool):
        version = str(version)
    return FileVersion(file_key, known, text(file.get("name"))) if (known := text(version)) else None


def lacks_scope(error: Exception) -> bool:
    """Whether the token has no scope for `meta`."""
    return isinstance(error, FigmaError) and error.problems[0].code == "figma.missing-scope"


def is_about_version(error: Exception, request: Request) -> bool:
    """Whether an error says no more than that the version stays unknown.

    Any other is about all requests to come: the token is not accepted, nobody answers, the limits are used up. Tier 1
    being locked is not, as what can be had without it goes on. A scope that `meta` lacks leads to `shallow`.
    """
    if not isinstance(error, FigmaError) or error.status is None:
        return False
    if isinstance(error, LockedOut) or lacks_scope(error):
        return request.tier is Tier.ONE
    return error.status != 429 and error.problems[0].code != "figma.invalid-token"


def not_told(error: Exception, request: Request) -> Problem | None:
    """What people should know where Figma failed, which took tries and time; None where it refused: it will again."""
    if not isinstance(error, FigmaUnavailable):
        return None
    return Problem(
        "figma.no-version",
        f"whether file {request.file_key} changed is not known, so everything of it is asked anew: "
        f"{error.problems[0].message}",
        "Run again later.",
        Location(figma_file=request.file_key),
    )
