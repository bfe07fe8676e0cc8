"""The renders that a config needs: those at hand, others asked of Figma and downloaded as their addresses come.

In: nodes by file and spec. Out: progress, and last one `Gathered`. Rules: what was downloaded is kept at once; nodes
that Figma could not render are asked once more, all together, and then no more in later runs; so are addresses that
have expired or lead to something else than a picture. What fails again is told by its key, and the others go on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.download import Download, DownloadFailed
from exfig_rx.events import Event
from exfig_rx.figma.api import FigmaApi
from exfig_rx.model import ConfigId, Problem
from exfig_rx.pictures import Blob, RenderSpec

RenderKey: TypeAlias = tuple[str, str, RenderSpec]
"""File, node and spec."""

Needed: TypeAlias = Mapping[tuple[str, RenderSpec], Sequence[str]]
"""Node ids by file and spec."""


class Unrendered(Enum):
    """What is known without asking."""

    KNOWN = "Figma could not render the node in an earlier run"


Outcome: TypeAlias = Blob | DownloadFailed | Unrendered | None
"""A render on disk, a download that failed, or None where Figma could not render the node."""

Outcomes: TypeAlias = dict[RenderKey, Outcome]


class Fetch(Protocol):
    """Downloads addresses for a config; answers in parts as they come."""

    def __call__(
        self, wanted: Sequence[Download], config: ConfigId
    ) -> Observable[Mapping[Download, Blob | DownloadFailed]]: ...


class Kept(Protocol):
    """Renders of earlier runs, by node."""

    def renders(
        self, file_key: str, spec: RenderSpec, ids: Sequence[str], config: ConfigId
    ) -> Observable[Mapping[str, Blob | None]]:
        """Those that are there, and None for those that Figma could not make; one value."""
        ...

    def keep_renders(
        self, file_key: str, spec: RenderSpec, blobs: Mapping[str, Blob], config: ConfigId
    ) -> Observable[None]:
        """Keeps more of them; one value."""
        ...

    def keep_unrendered(
        self, file_key: str, spec: RenderSpec, ids: Sequence[str], config: ConfigId
    ) -> Observable[None]:
        """Keeps which nodes Figma could not render; one value."""
        ...


@dataclass(frozen=True, slots=True)
class Gathered:
    """What could be had, and why a download failed; keys that are in neither are nodes that Figma can't render.

    `unrendered` are those of which an earlier run has found that out.
    """

    renders: Mapping[RenderKey, Blob]
    failed: Mapping[RenderKey, Problem]
    unrendered: frozenset[RenderKey] = frozenset()


def gather(
    needed: Needed, config: ConfigId, api: FigmaApi, fetch: Fetch, kept: Kept, progress: Callable[[int, int], Event]
) -> Observable[Event | Gathered]:
    """All renders of `needed`; `progress` takes how many are there, and of how many. Fails only if Figma refuses."""
    total = sum(len(ids) for ids in needed.values())
    if not total:
        return rx.of(Gathered({}, {}))
    gathering = _Gathering(config, api, fetch, kept)

    def asked(what: Needed, attempt: int) -> Observable[Outcomes]:
        return rx.merge(*(gathering.rendered(*key, ids, attempt) for key, ids in what.items()))

    def once_more(outcomes: Outcomes) -> Observable[Gathered]:
        again = _again(outcomes)
        if not again:
            return rx.of(_gathered(outcomes))

        def joined(parts: list[Outcomes]) -> Observable[Gathered]:
            whole = _union([outcomes, *parts])
            return gathering.noted(whole).pipe(ops.map(lambda _: _gathered(whole)))

        return asked(again, 2).pipe(ops.to_list(), ops.flat_map(joined))

    def counted(there: int, part: Outcomes) -> int:
        return there + sum(isinstance(outcome, Blob) for outcome in part.values())

    def with_progress(parts: Observable[Outcomes]) -> Observable[Event | Gathered]:
        def told(there: int) -> Event:
            return progress(there, total)

        events = parts.pipe(ops.scan(counted, 0), ops.map(told))
        return rx.merge(events, parts.pipe(ops.to_list(), ops.map(_union), ops.flat_map(once_more)))

    return rx.concat(rx.of(progress(0, total)), asked(needed, 1).pipe(ops.publish(with_progress)))


@dataclass(frozen=True, slots=True)
class _Gathering:
    """The renders of one config on their way."""

    config: ConfigId
    api: FigmaApi
    fetch: Fetch
    kept: Kept

    def rendered(self, file_key: str, spec: RenderSpec, ids: Sequence[str], attempt: int) -> Observable[Outcomes]:
        """The renders of one file in one spec, in parts as they come; a second attempt uses nothing kept."""
        if attempt > 1:
            return self._asked(file_key, spec, ids, attempt)

        def found(there: Mapping[str, Blob | None]) -> Observable[Outcomes]:
            known: Outcomes = {
                (file_key, node_id, spec): Unrendered.KNOWN if blob is None else blob for node_id, blob in there.items()
            }
            rest = [node_id for node_id in ids if node_id not in there]
            asked = self._asked(file_key, spec, rest, attempt) if rest else rx.empty()
            return rx.concat(rx.of(known), asked) if known else asked

        return self.kept.renders(file_key, spec, ids, self.config).pipe(ops.flat_map(found))

    def noted(self, outcomes: Mapping[RenderKey, Outcome]) -> Observable[None]:
        """Keeps which nodes Figma could not render; one value.

        Where it rendered none at all, there is something wrong with Figma rather than with the nodes.
        """
        nodes: dict[tuple[str, RenderSpec], list[str]] = {}
        for (file_key, node_id, spec), outcome in outcomes.items():
            if outcome is None:
                nodes.setdefault((file_key, spec), []).append(node_id)
        some = {(file_key, spec) for (file_key, _, spec), outcome in outcomes.items() if isinstance(outcome, Blob)}
        kept = [self.kept.keep_unrendered(*key, ids, self.config) for key, ids in nodes.items() if key in some]
        return rx.merge(*kept).pipe(ops.ignore_elements(), ops.default_if_empty(None))

    def _asked(self, file_key: str, spec: RenderSpec, ids: Sequence[str], attempt: int) -> Observable[Outcomes]:
        def fetched(urls: dict[str, str | None]) -> Observable[Outcomes]:
            return self._fetched(file_key, spec, urls)

        return self.api.renders(file_key, spec, ids, self.config, attempt).pipe(ops.flat_map(fetched))

    def _fetched(self, file_key: str, spec: RenderSpec, urls: Mapping[str, str | None]) -> Observable[Outcomes]:
        """What became of the nodes of one answer: those without an address at once, others as they are downloaded."""
        nodes: dict[Download, list[str]] = {}
        for node_id, url in urls.items():
            if url is not None:
                nodes.setdefault(Download(url, spec.format), []).append(node_id)
        without: Outcomes = {(file_key, node_id, spec): None for node_id, url in urls.items() if url is None}

        def by_node(results: Mapping[Download, Blob | DownloadFailed]) -> dict[str, Blob | DownloadFailed]:
            return {node_id: result for wanted, result in results.items() for node_id in nodes[wanted]}

        def told(results: dict[str, Blob | DownloadFailed]) -> Observable[Outcomes]:
            blobs = {node_id: result for node_id, result in results.items() if isinstance(result, Blob)}
            part: Outcomes = {(file_key, node_id, spec): result for node_id, result in results.items()}
            keep = self.kept.keep_renders(file_key, spec, blobs, self.config)
            return rx.concat(rx.of(part), keep.pipe(ops.flat_map(nothing)))

        def nothing(_: None) -> Observable[Outcomes]:
            return rx.empty()

        downloaded = self.fetch(tuple(nodes), self.config) if nodes else rx.empty()
        outcomes = downloaded.pipe(ops.map(by_node), ops.flat_map(told))
        return rx.concat(rx.of(without), outcomes) if without else outcomes


def _again(outcomes: Mapping[RenderKey, Outcome]) -> dict[tuple[str, RenderSpec], list[str]]:
    """What a second request may mend."""
    again: dict[tuple[str, RenderSpec], list[str]] = {}
    for (file_key, node_id, spec), outcome in outcomes.items():
        if outcome is None or (isinstance(outcome, DownloadFailed) and outcome.asks_anew):
            again.setdefault((file_key, spec), []).append(node_id)
    return again


def _union(parts: Sequence[Outcomes]) -> Outcomes:
    whole: Outcomes = {}
    for part in parts:
        whole.update(part)
    return whole


def _gathered(outcomes: Mapping[RenderKey, Outcome]) -> Gathered:
    return Gathered(
        {key: outcome for key, outcome in outcomes.items() if isinstance(outcome, Blob)},
        {key: outcome.problem for key, outcome in outcomes.items() if isinstance(outcome, DownloadFailed)},
        frozenset(key for key, outcome in outcomes.items() if outcome is Unrendered.KNOWN),
    )
