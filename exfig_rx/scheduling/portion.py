"""How many ids travel in one request: by number, which adapts to what Figma can take, and by the length of the address.

In: what became of earlier requests. Out: the ids of the next one. Rule: what was too much once is not tried again in
that size, and a request always takes at least one id.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote_plus, urlencode

from exfig_rx.model import Lookup

LONGEST_URL: Final = 7_500
"""Bytes of an address with percent-escapes; Figma's front refuses those of more than 8 kB with 413."""

_HOST_BYTES: Final = 100
"""Left for scheme, host and port."""


class Portion:
    """The portion of one lookup: halved when it was too much, grown by half when a full one was answered.

    It starts at `lookup.portion` ids and never grows beyond twice as many, nor to a size that failed.
    """

    def __init__(self, lookup: "Lookup[object]") -> None:
        self.size = lookup.portion
        self._most = 2 * lookup.portion
        query = urlencode((*lookup.query, ("ids", "")))
        self._room = LONGEST_URL - _HOST_BYTES - len(lookup.path) - len(query)

    def of(self, ids: Iterable[str]) -> list[str]:
        """As many of `ids`, from the first on, as go together."""
        taken: list[str] = []
        room = self._room
        for id_ in ids:
            room -= len(quote_plus(id_)) + len("%2C")
            if taken and (len(taken) >= self.size or room < 0):
                break
            taken.append(id_)
        return taken

    def failed(self, count: int) -> None:
        """So many ids were too many."""
        self.size = max(1, min(self.size, count // 2))
        self._most = max(self.size, min(self._most, count * 3 // 4))

    def succeeded(self, count: int) -> None:
        """So many ids were answered together."""
        if count >= self.size:
            self.size = min(self._most, self.size + max(1, self.size // 2))
