"""Figma's JSON, read so that nothing in it can surprise: texts, numbers, maps, and the refusal of what has no shape.

In: what `json.loads` gave. Out: plain values of the type that is asked for. Rule: what Figma adds, leaves out or writes
oddly becomes a default; only an answer of another shape is an error.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from exfig_rx.errors import FigmaRefused
from exfig_rx.model import Location, Problem

LONGEST_TEXT: Final = 5_000
"""Characters of a text that count. To bring a hundred thousand combining marks into order takes a minute and a half."""


def file_path(file_key: str) -> str:
    """The path of a file's endpoints; a key can't leave its place in it."""
    return f"/v1/files/{quote(file_key, safe='')}"


def text(value: Any) -> str:
    """A text of bounded length, empty for anything else; half a surrogate pair, which no file and no URL can hold, is
    replaced.
    """
    if not isinstance(value, str):
        return ""
    cut = value[:LONGEST_TEXT]
    return cut if cut.isascii() else cut.encode(errors="replace").decode()


def mapping(value: Any) -> Mapping[str, Any]:
    """A map, empty for anything else."""
    return value if isinstance(value, Mapping) else {}


def channel(value: Any, default: float) -> float:
    """A number from 0 to 1, cut to that range; `default` for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return default
    return float(min(max(value, 0), 1)) + 0.0  # + 0.0: no minus zero, which prints as -0.000


def odd_answer(what: str, file_key: str) -> FigmaRefused:
    """The error about an answer that holds no `what` ("list of styles")."""
    return FigmaRefused(
        Problem(
            "figma.odd-answer",
            f"Figma's answer holds no {what}",
            "Is the address really Figma's API? Check FIGMA_API_URL and --figma-url.",
            Location(figma_file=file_key) if file_key else None,
        ),
        status=200,
    )
