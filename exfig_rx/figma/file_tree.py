"""The trees of a file with all that is drawn in them, of which no more is kept than hashes.

In: file keys and node ids; decoded bodies. Out: a `Lookup`; hashes of components. Rule: trees are large, so they are
hashed where they arrive, off the reactor, and nobody holds them.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from exfig_rx.figma.answers import file_path, odd_answer, text
from exfig_rx.load.node_hashes import node_hashes
from exfig_rx.model import Lookup, Tier

FRAMES: Final = 100
"""Frames in the first request. One with a hundred icons takes about a megabyte; too much for Figma is halved."""

TIMEOUT_S: Final = 75.0
"""Figma needs longer for outlines than for anything but renders."""


def frames(file_key: str, version: str | None = None) -> Lookup[Mapping[str, str]]:
    """The hashes of all components in a frame, by node id (tier 1); in the newest version, if none is named.

    A component is a frame as well. One that Figma can't answer even alone is None.
    """
    return Lookup(
        Tier.ONE,
        f"{file_path(file_key)}/nodes",
        file_key,
        noun="frame",
        parse=partial(parse_hashes, file_key=file_key),
        query=(("geometry", "paths"), *((("version", version),) if version else ())),
        portion=FRAMES,
        optional=True,
        timeout_s=TIMEOUT_S,
        digest=hashed,
    )


def hashed(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A `/nodes` answer with the hashes in each tree in place of the tree; None where Figma has no such node."""
    nodes = body.get("nodes")
    if not isinstance(nodes, Mapping):
        return {}
    return {"hashes": {text(node_id): _hashes(entry) for node_id, entry in nodes.items()}}


def parse_hashes(body: Mapping[str, Any], file_key: str = "") -> Mapping[str, Mapping[str, str] | None]:
    """The hashes in each tree, by its node. Raises FigmaRefused."""
    hashes = body.get("hashes")
    if not isinstance(hashes, Mapping):
        raise odd_answer("map of nodes", file_key)
    return hashes


def _hashes(entry: Any) -> Mapping[str, str] | None:
    document = entry.get("document") if isinstance(entry, Mapping) else None
    return node_hashes(document) if isinstance(document, Mapping) else None
