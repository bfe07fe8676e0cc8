"""Renders that come from older versions of a file to a newer one, where hashes of nodes tell that nothing changed.

In: the renders that a config needs of one file. Out: a stream that is over when all is settled. Rules: hashes are asked
only where that takes no more requests than it can save; a render counts only if both hashes are known and equal; what
changed since an older version is looked for in yet older ones, but no hash is asked for that.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.errors import ExfigError
from exfig_rx.figma import endpoints, file_tree
from exfig_rx.figma.api import FigmaApi
from exfig_rx.model import ConfigId
from exfig_rx.pictures import RenderSpec
from exfig_rx.reactor import Blocking
from exfig_rx.state.cache import Cache
from exfig_rx.state.renders import Older

MOST_OLDER: Final = 3
"""How many older versions are looked at. Two are kept whole; of others there is what neither of them has."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is there before anything is asked: an older version's renders, and hashes by node in it and in this one."""

    older: Older
    then: Mapping[str, str]
    now: Mapping[str, str]

    @property
    def ids(self) -> list[str]:
        """The nodes whose renders may come from the older version."""
        return sorted({id_ for ids in self.older.there.values() for id_ in ids})

    def is_equal(self, id_: str) -> bool:
        """Whether it is known that a node did not change."""
        return id_ in self.now and self.now[id_] == self.then.get(id_)


@dataclass(frozen=True, slots=True)
class Carrying:
    """How renders of one file come to a `version` of it, for one config.

    `wanted` are the nodes that are needed in each spec; `frames` names the frame in which a component is, or itself.
    """

    file_key: str
    version: str
    wanted: Mapping[RenderSpec, Sequence[str]]
    frames: Mapping[str, str]
    config: ConfigId
    cache: Cache
    on_shelf: Blocking
    api: FigmaApi

    def done(self) -> Observable[None]:
        """One value, when nothing more can be carried."""
        return self._from_older((), frozenset())

    def _from_older(self, passed: tuple[str, ...], settled: frozenset[str]) -> Observable[None]:
        """From the next older version on; of `settled` nodes nothing is asked any more."""
        if len(passed) == MOST_OLDER:
            return rx.of(None)

        def compare(look: Look | None) -> Observable[None]:
            if look is None:
                return rx.of(None)
            go_on = partial(self._from_older, (*passed, look.older.version))
            return self._compared(look, settled).pipe(ops.flat_map(go_on))

        return self.on_shelf(partial(self._look, passed)).pipe(ops.flat_map(compare))

    def _look(self, passed: tuple[str, ...]) -> Look | None:
        older = self.cache.rendered_before(self.file_key, self.version, self.wanted, passed)
        if older is None:
            return None
        ids = Look(older, {}, {}).ids
        then = self.cache.hashes(self.file_key, older.version, ids, are_confirmed=True)
        return Look(older, then, self.cache.hashes(self.file_key, self.version, ids))

    def _compared(self, look: Look, settled: frozenset[str]) -> Observable[frozenset[str]]:
        """Carries what can come from one older version; the nodes that are settled then."""
        unknown = [id_ for id_ in look.ids if id_ not in settled and not (id_ in look.then and id_ in look.now)]
        then = self._frames(id_ for id_ in unknown if id_ not in look.then)
        now = self._frames(id_ for id_ in unknown if id_ not in look.now)
        lacking = {
            spec: [id_ for id_ in ids if id_ not in look.older.there[spec] or not look.is_equal(id_)]
            for spec, ids in look.older.lacking.items()
        }
        if not is_worth_hashing(lacking, unknown, max(len(then), len(now))):
            then = now = ()

        def settle(found: tuple[dict[str, str], dict[str, str]]) -> Observable[frozenset[str]]:
            return self.on_shelf(partial(self._settle, look, *found, settled, is_asked=bool(now)))

        both = rx.zip(self._hashed(then, look.older.version), self._hashed(now, None))
        return both.pipe(ops.flat_map(settle))

    def _settle(
        self,
        look: Look,
        then: Mapping[str, str],
        now: Mapping[str, str],
        settled: frozenset[str],
        *,
        is_asked: bool,
    ) -> frozenset[str]:
        """Keeps hashes, and carries; the nodes are settled that changed, or have no hash although it `is_asked`."""
        old = look.older.version
        self.cache.keep_hashes(self.file_key, old, then, are_confirmed=True)
        self.cache.keep_hashes(self.file_key, self.version, now)
        self.cache.carry(self.file_key, old, self.version, look.ids)
        known = Look(look.older, {**then, **look.then}, {**now, **look.now})
        return settled | {
            id_ for id_ in look.ids if (id_ in known.then if id_ in known.now else is_asked) and not known.is_equal(id_)
        }

    def _frames(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.frames.get(id_, id_) for id_ in ids))

    def _hashed(self, frames: tuple[str, ...], version: str | None) -> Observable[dict[str, str]]:
        """Hashes of all components in frames, in a version or in the newest; none where Figma does not tell."""
        if not frames:
            return rx.of({})

        def refused(error: Exception, _: object) -> Observable[dict[str, str]]:
            # Whatever is wrong, the renders that follow meet it, too; without hashes they are all made anew.
            return rx.of({}) if isinstance(error, ExfigError) else rx.throw(error)

        return self.api.node_hashes(self.file_key, version, frames, self.config).pipe(ops.catch(refused))


def is_worth_hashing(lacking: Mapping[RenderSpec, Collection[str]], unknown: Collection[str], frames: int) -> bool:
    """Whether hashes of so many frames take no more requests than they can save, if none of the nodes changed.

    `lacking` are the nodes to render in each spec; those among them that are `unknown` need not be, if hashes tell so.
    """
    spared = frozenset(unknown)
    best = {spec: [id_ for id_ in ids if id_ not in spared] for spec, ids in lacking.items()}
    return _requests(frames, file_tree.FRAMES) <= render_requests(lacking) - render_requests(best)


def render_requests(wanted: Mapping[RenderSpec, Collection[str]]) -> int:
    """How many requests it takes to render nodes in each spec, as long as Figma manages the first portions."""
    return sum(_requests(len(ids), endpoints.renders("", spec).portion) for spec, ids in wanted.items())


def _requests(count: int, portion: int) -> int:
    return -(-count // portion)
