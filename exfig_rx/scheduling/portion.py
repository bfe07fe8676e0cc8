"""How many ids travel in one request: by number, which adapts to what Figma can take, and by length of the address.

In: what became of earlier requests, those of earlier runs, too. Out: the ids of the next one. Rule: what was too much
for a file and a format is not tried again in that size, and a request always takes at least one id.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from exfig_rx.model import Lookup

LONGEST_URL: Final = 7_500
"""Bytes of an address with percent-escapes; Figma's front refuses those of more than 8 kB with 413."""

_HOST_BYTES: Final = 100
"""Left for scheme, host and port."""


def url_room(lookup: Lookup[Any]) -> int:
    """Bytes that the ids of a request may take."""
    query = urlencode((*lookup.query, ("ids", "")))
    return LONGEST_URL - _HOST_BYTES - len(lookup.path) - len(query)


class Portion:
    """The portion of one kind of lookup: halved when it was too much, grown by half when a full one was answered.

    It starts at `first` ids and never grows beyond twice as many, nor to a size that failed; `most` is what it may
    grow to after an earlier run (None: nothing failed there), and `keep` is told what it may after a failure.
    """

    def __init__(self, first: int, most: int | None, keep: Callable[[int], None]) -> None:
        self._most = 2 * first if most is None else max(1, min(most, 2 * first))
        self.size = min(first, self._most)
        self._keep = keep

    def of(self, ids: Iterable[str], room: int) -> list[str]:
        """As many of `ids`, from the first on, as go together in `room` bytes."""
        taken: list[str] = []
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
        self._keep(self._most)

    def succeeded(self, count: int) -> None:
        """So many ids were answered together."""
        if count >= self.size:
            self.size = min(self._most, self.size + max(1, self.size // 2))


class Portions:
    """One `Portion` for each file and kind of lookup, whatever else its parameters are.

    `remembered` is what portions may grow to after earlier runs, by file and kind; `keep` is told of each new one.
    """

    def __init__(
        self,
        remembered: Mapping[tuple[str, str], int] | None = None,
        keep: Callable[[str, str, int], None] | None = None,
    ) -> None:
        self._remembered = remembered or {}
        self._keep = keep
        self._portions: dict[tuple[str, str], Portion] = {}

    def of(self, lookup: Lookup[Any]) -> Portion:
        """The portion that lookups of this file and kind share; those that begin with other sizes are other kinds."""
        file_key, kind = lookup.file_key, f"{lookup.noun}, {lookup.portion}"
        portion = self._portions.get((file_key, kind))
        if portion is None:

            def keep(most: int) -> None:
                if self._keep is not None:
                    self._keep(file_key, kind, most)

            portion = Portion(lookup.portion, self._remembered.get((file_key, kind)), keep)
            self._portions[file_key, kind] = portion
        return portion
