"""What runs of configs share that happen at about the same time: answers of Figma, and versions of files.

In: the configs as they are, and word of new versions. Out: the services for whatever runs next. Rules: one edition as
long as nothing is known to have changed in Figma, so that an edit of a config asks nothing twice; versions that nobody
looks after are asked anew after `FRESH_S`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.run import Renewal
from exfig_rx.batch.services import Basis, Services

FRESH_S: Final = 30.0
"""Seconds for which the version of a file is taken as it was, where no poll looks after it …"""

FRESH_DEAR_S: Final = 600.0
"""… and where to ask for it takes a request of tier 1."""


class Editions:
    """The services of a run that stays.

    Args:
        first: for whatever starts at the beginning.
        renewal: makes others.
        now_s: gives epoch seconds.
        is_polled: whether somebody looks for new versions and tells.
    """

    def __init__(self, first: Services, renewal: Renewal, now_s: Callable[[], float], *, is_polled: bool) -> None:
        self._renewal = renewal
        self._now_s = now_s
        self._is_polled = is_polled
        self._configs: Sequence[ValidConfig] = ()
        self._made_at = now_s()
        self._is_spoilt = False
        self.current = first
        """For whatever starts now."""

    def of(self, configs: Sequence[ValidConfig], files: Collection[str]) -> None:
        """These are the configs from now on, which take something from `files`."""
        self._configs = configs
        fresh_s = FRESH_DEAR_S if self._renewal.scopes.lacks_metadata else FRESH_S
        # whose version nobody knows, nobody looks after
        is_looked_after = self._is_polled and all(key in self.versions for key in files)
        if not is_looked_after and self._now_s() >= self._made_at + fresh_s:
            self._renew({}, frozenset())
        elif self._is_spoilt:
            self._renew(self.versions, frozenset())
        else:
            self.current = self._renewal.regroup(self.current, configs)

    def spoil(self) -> None:
        """An answer was a failure, which whoever runs now shares; whoever runs later asks again."""
        self._is_spoilt = True

    def moved(self, versions: Mapping[str, str]) -> None:
        """Files have new versions."""
        self._renew({**self.versions, **versions}, frozenset())

    def doubted(self, files: frozenset[str], published: frozenset[str] = frozenset()) -> None:
        """Something may have changed in `files`; what they have `published` has, whatever their versions are."""
        self._renew({key: version for key, version in self.versions.items() if key not in files}, published)

    def doubt_all(self) -> None:
        """Anything may have changed."""
        self._renew({}, frozenset())

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of files, as far as they are known."""
        seen: Mapping[str, str] = self.current.project.memory.versions_seen
        return seen

    def _renew(self, versions: Mapping[str, str], distrusted: frozenset[str]) -> None:
        self._made_at = self._now_s()
        self._is_spoilt = False
        self.current = self._renewal.renew(self._configs, Basis(dict(versions), distrusted))
