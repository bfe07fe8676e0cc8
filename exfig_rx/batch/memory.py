"""What a config takes from earlier runs: the versions of its files, and renders that need not be made again.

In: file keys, the renders that are needed. Out: streams of what is there. Rules: a version is known before anything
else of its file is asked; renders of an older version count for the new one where the node's hash tells that nothing
in it changed; a config that keeps nothing is asked as if nothing were there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

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


class Memory:
    """The renders and versions that a run knows.

    Args:
        cache: used through `on_shelf` alone.
        on_shelf: runs blocking work on the one thread that has the cache.
        keep: takes small bytes in as a blob of this run.
        forgetful: configs that neither read nor keep anything.
    """

    def __init__(
        self,
        cache: Cache,
        on_shelf: Blocking,
        keep: Keep,
        caching: Caching,
        forgetful: Collection[ConfigId] = (),
    ) -> None:
        self._cache = cache
        self._on_shelf = on_shelf
        self._keep = keep
        self._caching = caching
        self._forgetful = frozenset(forgetful)
        # as this run saw them first
        self._versions: dict[str, str] = {}

    def keeps(self, config: ConfigId) -> bool:
        """Whether anything of `config` is remembered."""
        return self._caching is not Caching.OFF and config not in self._forgetful

    def reads(self, config: ConfigId) -> bool:
        """Whether what is remembered counts for `config`."""
        return self._caching is not Caching.FORCE and self.keeps(config)

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

        def stored(latest: FileVersion | None) -> FileVersion:
            if latest is None:
                raise DesignError(_unknown(file_key))
            return learnt(latest)

        if self._caching is Caching.OFFLINE:
            return self._on_shelf(partial(self._cache.latest, file_key)).pipe(ops.map(stored))

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
    ) -> Observable[Mapping[str, Blob]]:
        """The renders that are there, by node; one value."""
        version = self.version_of(file_key, config) if self.reads(config) else None
        if version is None:
            return rx.of({})
        return self._on_shelf(partial(self._cache.renders, file_key, version, spec, ids, self._keep))

    def keep_renders(
        self, file_key: str, spec: RenderSpec, blobs: Mapping[str, Blob], config: ConfigId
    ) -> Observable[None]:
        """Keeps renders, by node; one value."""
        version = self.version_of(file_key, config)
        if version is None or not blobs:
            return rx.of(None)
        return self._on_shelf(partial(self._cache.keep_renders, file_key, version, spec, blobs))

    def carried(
        self, needed: Needed, components: Mapping[str, FileComponents], config: ConfigId, api: FigmaApi
    ) -> Observable[None]:
        """Lets renders of older versions count where nothing changed; one value, when all is settled."""
        by_file: dict[str, dict[RenderSpec, Sequence[str]]] = {}
        for (file_key, spec), ids in needed.items():
            by_file.setdefault(file_key, {})[spec] = ids
        if not self.reads(config) or self._caching is Caching.OFFLINE:
            return rx.of(None)
        files = [
            self._carried(file_key, version, wanted, components[file_key], config, api)
            for file_key, wanted in by_file.items()
            if (version := self.version_of(file_key, config)) is not None
        ]
        return rx.merge(*files).pipe(ops.ignore_elements(), ops.default_if_empty(None))

    def _carried(
        self,
        file_key: str,
        version: str,
        wanted: Mapping[RenderSpec, Sequence[str]],
        components: FileComponents,
        config: ConfigId,
        api: FigmaApi,
    ) -> Observable[None]:
        cache = self._cache
        ids = sorted({id_ for each in wanted.values() for id_ in each})
        frames = {one.node_id: one.frame_id or one.node_id for one in components.components}

        def before() -> tuple[str, dict[str, str], dict[str, str]] | None:
            old = cache.rendered_before(file_key, version, wanted)
            if old is None:
                return None
            return old, cache.hashes(file_key, old, ids), cache.hashes(file_key, version, ids)

        def hashed(known: Mapping[str, str], at: str | None) -> Observable[dict[str, str]]:
            missing = dict.fromkeys(frames.get(id_, id_) for id_ in ids if id_ not in known)
            if not missing:
                return rx.of(dict(known))

            def refused(error: Exception, _: object) -> Observable[dict[str, str]]:
                # Whatever is wrong, the renders that follow meet it, too; without hashes they are all made anew.
                return rx.of({}) if isinstance(error, ExfigError) else rx.throw(error)

            def joined(found: dict[str, str]) -> dict[str, str]:
                return {**found, **known}

            return api.node_hashes(file_key, at, tuple(missing), config).pipe(ops.map(joined), ops.catch(refused))

        def compared(old: str, both: tuple[dict[str, str], dict[str, str]]) -> Observable[None]:
            then, now = both

            def settle() -> None:
                cache.keep_hashes(file_key, old, then)
                cache.keep_hashes(file_key, version, now)
                cache.carry(file_key, old, version, [id_ for id_ in ids if id_ in now and now[id_] == then.get(id_)])

            return self._on_shelf(settle)

        def asked(found: tuple[str, dict[str, str], dict[str, str]] | None) -> Observable[None]:
            if found is None:
                return rx.of(None)
            old, then, now = found
            return rx.zip(hashed(then, old), hashed(now, None)).pipe(ops.flat_map(partial(compared, old)))

        return self._on_shelf(before).pipe(ops.flat_map(asked))


def _unknown(file_key: str) -> Problem:
    return Problem(
        "offline.unknown-file",
        f"nothing of file {file_key} is in .exfig/",
        "run once without --offline",
        Location(figma_file=file_key),
    )
