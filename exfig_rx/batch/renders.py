"""The renders that a config needs: asked of Figma, downloaded as their addresses come, and what failed once more.

In: nodes by file and spec. Out: progress, and last one `Gathered`. Rules: nodes that Figma could not render are asked
once more, all together; so are addresses that have expired or lead to something else than a picture. What fails again
is told by its key, and the others go on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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

Outcome: TypeAlias = Blob | DownloadFailed | None
"""A render on disk, a download that failed, or None where Figma could not render the node."""

Outcomes: TypeAlias = dict[RenderKey, Outcome]


class Fetch(Protocol):
    """Downloads addresses for a config; answers in parts as they come."""

    def __call__(
        self, wanted: Sequence[Download], config: ConfigId
    ) -> Observable[Mapping[Download, Blob | DownloadFailed]]: ...


@dataclass(frozen=True, slots=True)
class Gathered:
    """What could be had, and why a download failed; keys that are in neither are nodes that Figma can't render."""

    renders: Mapping[RenderKey, Blob]
    failed: Mapping[RenderKey, Problem]


def gather(
    needed: Needed, config: ConfigId, api: FigmaApi, fetch: Fetch, progress: Callable[[int, int], Event]
) -> Observable[Event | Gathered]:
    """All renders of `needed`; `progress` takes how many are there, and of how many. Fails only if Figma refuses."""
    total = sum(len(ids) for ids in needed.values())
    if not total:
        return rx.of(Gathered({}, {}))

    def asked(what: Needed, attempt: int) -> Observable[Outcomes]:
        return rx.merge(*(_rendered(key, ids, config, api, fetch, attempt) for key, ids in what.items()))

    def once_more(outcomes: Outcomes) -> Observable[Gathered]:
        again = _again(outcomes)
        if not again:
            return rx.of(_gathered(outcomes))

        def joined(parts: list[Outcomes]) -> Gathered:
            return _gathered(_union([outcomes, *parts]))

        return asked(again, 2).pipe(ops.to_list(), ops.map(joined))

    def counted(there: int, part: Outcomes) -> int:
        return there + sum(isinstance(outcome, Blob) for outcome in part.values())

    def with_progress(parts: Observable[Outcomes]) -> Observable[Event | Gathered]:
        def told(there: int) -> Event:
            return progress(there, total)

        events = parts.pipe(ops.scan(counted, 0), ops.map(told))
        return rx.merge(events, parts.pipe(ops.to_list(), ops.map(_union), ops.flat_map(once_more)))

    return rx.concat(rx.of(progress(0, total)), asked(needed, 1).pipe(ops.publish(with_progress)))


def _rendered(
    key: tuple[str, RenderSpec], ids: Sequence[str], config: ConfigId, api: FigmaApi, fetch: Fetch, attempt: int
) -> Observable[Outcomes]:
    """The renders of one file in one spec, in parts as they come."""
    file_key, spec = key

    def fetched(urls: dict[str, str | None]) -> Observable[Outcomes]:
        return _fetched(file_key, spec, urls, config, fetch)

    return api.renders(file_key, spec, ids, config, attempt).pipe(ops.flat_map(fetched))


def _fetched(
    file_key: str, spec: RenderSpec, urls: Mapping[str, str | None], config: ConfigId, fetch: Fetch
) -> Observable[Outcomes]:
    """What became of the nodes of one answer: those without an address at once, the others as they are downloaded."""
    nodes: dict[Download, list[str]] = {}
    for node_id, url in urls.items():
        if url is not None:
            nodes.setdefault(Download(url, spec.format), []).append(node_id)
    without: Outcomes = {(file_key, node_id, spec): None for node_id, url in urls.items() if url is None}

    def by_node(results: Mapping[Download, Blob | DownloadFailed]) -> Outcomes:
        return {(file_key, node_id, spec): result for wanted, result in results.items() for node_id in nodes[wanted]}

    downloaded = fetch(tuple(nodes), config).pipe(ops.map(by_node)) if nodes else rx.empty()
    return rx.concat(rx.of(without), downloaded) if without else downloaded


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
    )
