"""What a config takes from earlier runs: the versions of its files, and renders that need not be made again.

In: file keys, the renders that are needed. Out: streams of what is there. Rules: a version is known before anything
else of its file is asked; what comes then counts for other versions only if it is still the newest afterwards; a
config that keeps nothing is asked as if nothing were there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.batch.carrying import Carrying, render_requests
from exfig_rx.batch.renders import Needed
from exfig_rx.errors import DesignError, ExfigError
from exfig_rx.figma.api import FigmaApi
from exfig_rx.figma.versions import Seen
from exfig_rx.model import ConfigId, FileVersion, Location, Problem, Tier
from exfig_rx.pictures import Blob, FileComponents, RenderSpec
from exfig_rx.reactor import Blocking
from exfig_rx.settings import Caching
from exfig_rx.state.blobs import Keep
from exfig_rx.state.cache import Cache

UNRENDERED_GOOD_FOR_S: Final = 86_400.0
"""How long it is believed that Figma can't render a node of a version, as it may have been out of order itself."""

LARGE_REQUESTS: Final = 3
"""Requests for renders from which on it is worth one of tier 1 to know that they count for other versions, too."""


class Memory:
    """The renders and versions that a run knows.

    Args:
        cache: used through `on_shelf` alone.
        on_shelf: runs blocking work on the one thread that has the cache.
        keep: takes small bytes in as a blob of this run.
        forgetful: configs that neither read nor keep anything.
        seen: versions that are known already; they are not asked for.
        distrusted: files of which Figma is asked anew, although their versions may be the same.
    """

    def __init__(
        self,
        cache: Cache,
        on_shelf: Blocking,
        keep: Keep,
        caching: Caching,
        forgetful: Collection[ConfigId] = (),
        *,
        seen: Mapping[str, str] | None = None,
        distrusted: Collection[str] = (),
    ) -> None:
        self._cache = cache
        self._on_shelf = on_shelf
        self._keep = keep
        self._caching = caching
        self._forgetful = frozenset(forgetful)
        # as this run saw them first
        self._versions: dict[str, str] = dict(seen or {})
        self._distrusted = frozenset(distrusted)
        # files that were changed while their renders were made
        self._moved: set[str] = set()

    def keeps(self, config: ConfigId) -> bool:
        """Whether anything of `config` is remembered."""
        return self._caching is not Caching.OFF and config not in self._forgetful

    def reads(self, config: ConfigId) -> bool:
        """Whether what is remembered counts for `config`."""
        return self._caching is not Caching.FORCE and self.keeps(config)

    @property
    def versions_seen(self) -> Mapping[str, str]:
        """The versions of files, as they are known by now."""
        return self._versions

    def leave_alone(self, forgetful: Collection[ConfigId]) -> None:
        """From now on these configs neither read nor keep anything."""
        self._forgetful = frozenset(forgetful)

    def trusts(self, file_key: str) -> bool:
        """Whether what was answered about a file counts as long as its version is the same."""
        return file_key not in self._distrusted

    def version_of(self, file_key: str, config: ConfigId | None) -> str | None:
        """The version of a file, where it is known and anything may be kept."""
        return self._versions.get(file_key) if config is None or self.keeps(config) else None

    # ── versions ──

    def versions(
        self, files: Iterable[str], costly: Collection[str], config: ConfigId, api: FigmaApi
    ) -> Observable[FileVersion | Problem]:
        """The versions of `files`, as far as Figma tells them, and what people should know about those it doesn't.

        What is wanted of the `costly` ones takes requests of tier 1, unless it is there.
        """
        if not self.keeps(config):
            return rx.empty()
        return rx.merge(*(self._version(key, key in costly, config, api) for key in dict.fromkeys(files)))

    def _version(
        self, file_key: str, is_costly: bool, config: ConfigId, api: FigmaApi
    ) -> Observable[FileVersion | Problem]:
        if file_key in self._versions:
            return rx.of(FileVersion(file_key, self._versions[file_key]))

        def learnt(version: FileVersion) -> FileVersion:
            # What was asked already was asked of the version that was seen first.
            first = self._versions.setdefault(file_key, version.version)
            return FileVersion(file_key, first, version.name)

        def stored() -> tuple[FileVersion, FileVersion | None]:
            latest = self._cache.latest(file_key)
            if latest is None:
                raise DesignError(_unknown(file_key))
            return latest, self._cache.newer(file_key, latest.version)

        def told(found: tuple[FileVersion, FileVersion | None]) -> Observable[FileVersion | Problem]:
            latest, newer = found
            known = rx.of(learnt(latest))
            return known if newer is None else rx.concat(rx.of(_older(latest, newer)), known)

        if self._caching is Caching.OFFLINE:
            return self._on_shelf(stored).pipe(ops.flat_map(told))

        def seen(answer: Seen) -> Observable[FileVersion | Problem]:
            told: list[FileVersion | Problem] = [answer.problem] if answer.problem is not None else []
            version = answer.version
            if version is None:
                return rx.from_iterable(told)
            told.append(learnt(version))
            return self._on_shelf(partial(self._cache.saw, version)).pipe(ops.flat_map(lambda _: rx.of(*told)))

        def ask(is_of_use: bool) -> Observable[Seen]:
            return api.version(file_key, config, None if is_of_use else Tier.ONE)

        look = self._on_shelf(partial(self._cache.has_paid, file_key)) if is_costly else rx.of(True)
        return look.pipe(ops.flat_map(ask), ops.flat_map(seen))

    # ── renders ──

    def renders(
        self, file_key: str, spec: RenderSpec, ids: Sequence[str], config: ConfigId
    ) -> Observable[Mapping[str, Blob | None]]:
        """The renders that are there, by node, None where Figma could not make one; one value."""
        version = self.version_of(file_key, config) if self.reads(config) else None
        if version is None:
            return rx.of({})
        max_age_s = None if self._caching is Caching.OFFLINE else UNRENDERED_GOOD_FOR_S

        def look() -> Mapping[str, Blob | None]:
            unrendered = self._cache.unrendered(file_key, version, spec, ids, max_age_s)
            return {**dict.fromkeys(unrendered), **self._cache.renders(file_key, version, spec, ids, self._keep)}

        return self._on_shelf(look)

    def keep_renders(
        self, file_key: str, spec: RenderSpec, blobs: Mapping[str, Blob], config: ConfigId
    ) -> Observable[None]:
        """Keeps renders, by node; one value."""
        version = self.version_of(file_key, config)
        if version is None or not blobs:
            return rx.of(None)
        return self._on_shelf(partial(self._cache.keep_renders, file_key, version, spec, blobs))

    def keep_unrendered(
        self, file_key: str, spec: RenderSpec, ids: Sequence[str], config: ConfigId
    ) -> Observable[None]:
        """Keeps which nodes Figma could not render; one value."""
        version = self.version_of(file_key, config)
        if version is None or not ids or self._caching is Caching.OFFLINE:
            return rx.of(None)
        return self._on_shelf(partial(self._cache.keep_unrendered, file_key, version, spec, ids))

    def carried(
        self, needed: Needed, components: Mapping[str, FileComponents], config: ConfigId, api: FigmaApi
    ) -> Observable[None]:
        """Lets renders of older versions count where nothing changed; one value, when all is settled."""
        if not self.reads(config) or self._caching is Caching.OFFLINE:
            return rx.of(None)

        def of_file(file_key: str, version: str, wanted: Mapping[RenderSpec, Sequence[str]]) -> Observable[None]:
            frames = {one.node_id: one.frame_id or one.node_id for one in components[file_key].components}
            return Carrying(file_key, version, wanted, frames, config, self._cache, self._on_shelf, api).done()

        return _all(of_file(*file) for file in self._by_file(needed, config))

    def confirmed(self, needed: Needed, config: ConfigId, api: FigmaApi) -> Observable[None]:
        """Lets what runs got of `needed` count for other versions, if Figma still tells the same one; one value.

        Who draws something and takes it back gives a file two versions that are equal, and between them a picture that
        belongs to neither. One request of tier 3 for each file of which anything is new, whichever config made it so.
        """
        if not self.keeps(config) or self._caching is Caching.OFFLINE:
            return rx.of(None)
        return _all(
            self._confirmed(*file, config, api) for file in self._by_file(needed, config) if file[0] not in self._moved
        )

    def _confirmed(
        self,
        file_key: str,
        version: str,
        wanted: Mapping[RenderSpec, Sequence[str]],
        config: ConfigId,
        api: FigmaApi,
    ) -> Observable[None]:
        is_large = render_requests(wanted) >= LARGE_REQUESTS

        def ask(last: int | None) -> Observable[None]:
            if last is None:
                return rx.empty()

            def seen(answer: Seen) -> Observable[None]:
                if answer.version is None:
                    return rx.empty()
                if answer.version.version != version:
                    self._moved.add(file_key)
                    return rx.empty()
                return self._on_shelf(partial(self._cache.confirm, file_key, version, last))

            # Its number tells the question apart: who finds the same batch the last one shares the answer.
            again = api.version_again(file_key, config, last, at_any_price=is_large)
            return again.pipe(ops.flat_map(seen), ops.catch(_unknown_yet))

        return self._on_shelf(partial(self._cache.unconfirmed, file_key, version)).pipe(ops.flat_map(ask))

    def _by_file(self, needed: Needed, config: ConfigId) -> list[tuple[str, str, dict[RenderSpec, Sequence[str]]]]:
        """The files of which a version is known: key, version, and what is needed of each."""
        by_file: dict[str, dict[RenderSpec, Sequence[str]]] = {}
        for (file_key, spec), ids in needed.items():
            by_file.setdefault(file_key, {})[spec] = ids
        return [
            (file_key, version, wanted)
            for file_key, wanted in by_file.items()
            if (version := self.version_of(file_key, config)) is not None
        ]


def _all(streams: Iterable[Observable[None]]) -> Observable[None]:
    """One value, when all are over."""
    return rx.merge(*streams).pipe(ops.ignore_elements(), ops.default_if_empty(None))


def _unknown_yet(error: Exception, _: object) -> Observable[None]:
    """Nothing is confirmed, and nothing fails for it."""
    return rx.empty() if isinstance(error, ExfigError) else rx.throw(error)


def _older(latest: FileVersion, newer: FileVersion) -> Problem:
    name = f" ({latest.name})" if latest.name else ""
    return Problem(
        "offline.older-version",
        f"this export is of version {latest.version} of file {latest.file_key}{name}; version {newer.version} was seen "
        "since, but nothing of it is in .exfig/",
        "run once without --offline",
        Location(figma_file=latest.file_key),
    )


def _unknown(file_key: str) -> Problem:
    return Problem(
        "offline.unknown-file",
        f"nothing of file {file_key} is in .exfig/",
        "run once without --offline",
        Location(figma_file=file_key),
    )
