"""What may not be asked until when: a tier of a file that was refused for long, and of files known to share its plan.

In: refusals that nobody waits for, and files that were answered all the same. Out: what stands in the way of a request,
and whether a file is to be tried with care. Rule: as narrow as Figma's words allow; everything else goes on.
"""

from exfig_rx.model import Tier
from exfig_rx.scheduling.ledger import Refusal


class LockOuts:
    """The lock-outs of a token; each is looked at with the time, so none has to be ended."""

    def __init__(self) -> None:
        # by tier and file, and by tier and budget
        self._closed: dict[tuple[Tier, str, str], Refusal] = {}
        # files of unknown plan that were answered although their tier is closed for others
        self._proven: set[tuple[Tier, str]] = set()

    def __bool__(self) -> bool:
        """Whether there ever was one."""
        return bool(self._closed)

    def close(self, refusal: Refusal, budget: str | None) -> None:
        """Closes what was refused, and its tier for files of `budget` (None: not named); the later end holds."""
        for key in ((refusal.tier, "file", refusal.file_key), (refusal.tier, "budget", budget or "")):
            known = self._closed.get(key)
            # a request that is about no file closes that alone
            if (key[2] or key[1] == "file") and (known is None or known.until < refusal.until):
                self._closed[key] = refusal

    def on(self, tier: Tier, file_key: str, budget: str | None, now_s: float) -> Refusal | None:
        """What closes this tier for a file of this budget, None while it is open."""
        for kind, name in (("file", file_key), ("budget", budget)):
            refusal = self._closed.get((tier, kind, name)) if name is not None else None
            if refusal is not None and refusal.until > now_s:
                return refusal
        return None

    def any_of(self, tier: Tier, now_s: float) -> bool:
        """Whether anything of this tier is closed."""
        return any(refusal.tier is tier and refusal.until > now_s for refusal in self._closed.values())

    def next_opening(self, now_s: float) -> float | None:
        """When the next of those that are closed opens, in epoch seconds; None if nothing is closed."""
        return min((refusal.until for refusal in self._closed.values() if refusal.until > now_s), default=None)

    def is_unsure(self, tier: Tier, file_key: str, now_s: float) -> bool:
        """Whether a file of unknown plan may be one of those that are closed."""
        return (tier, file_key) not in self._proven and self.any_of(tier, now_s)

    def prove(self, tier: Tier, file_key: str) -> None:
        """A file of unknown plan was answered: it is none of those."""
        self._proven.add((tier, file_key))
