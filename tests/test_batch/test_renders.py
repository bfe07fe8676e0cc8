"""Renders of a config in virtual time: asked, downloaded as they come, and what failed asked once more, together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler

from exfig_rx.batch.renders import Gathered, Needed, gather
from exfig_rx.download import Download, DownloadFailed
from exfig_rx.errors import FigmaRefused
from exfig_rx.events import Event, Phase, PhaseProgressed
from exfig_rx.model import ConfigId, Problem, Request, Response
from exfig_rx.pictures import Blob, RenderFormat, RenderSpec
from tests.answering import api_over

ONE = ConfigId("/one.yaml", "one.yaml", "one.yaml")
SVG = RenderSpec(RenderFormat.SVG)
BIG = RenderSpec(RenderFormat.PNG, 2.0)
EXPIRED = DownloadFailed(Problem("download.expired", "gone"), 403, asks_anew=True)
BROKEN = DownloadFailed(Problem("download.no-answer", "nobody there"))


def blob(url: str) -> Blob:
    """The bytes behind an address."""
    return Blob(f"/blobs/{url}", 1, url)


@dataclass
class Kept:
    """What earlier runs left, and what this one leaves."""

    there: dict[tuple[str, str, RenderSpec], Blob | None] = field(default_factory=dict)

    def renders(
        self, file_key: str, spec: RenderSpec, ids: Sequence[str], config: ConfigId
    ) -> Observable[Mapping[str, Blob | None]]:
        return rx.of({id_: self.there[file_key, id_, spec] for id_ in ids if (file_key, id_, spec) in self.there})

    def keep_renders(
        self, file_key: str, spec: RenderSpec, blobs: Mapping[str, Blob], config: ConfigId
    ) -> Observable[None]:
        self.there |= {(file_key, id_, spec): blob for id_, blob in blobs.items()}
        return rx.of(None)

    def keep_unrendered(
        self, file_key: str, spec: RenderSpec, ids: Sequence[str], config: ConfigId
    ) -> Observable[None]:
        self.there |= {(file_key, id_, spec): None for id_ in ids}
        return rx.of(None)


@dataclass
class World:
    """Figma that knows some nodes, and a CDN; `asked` are the requests, `fetched` the downloads, each with its time."""

    urls: Callable[[str, int], str | None] = lambda node, attempt: f"https://cdn/{node}?{attempt}"
    outcome: Callable[[str], Blob | DownloadFailed] = blob
    latency_s: Callable[[int], float] = lambda ids: 1.0
    refusal: Exception | None = None
    time: TestScheduler = field(default_factory=TestScheduler)
    asked: list[tuple[float, str, list[str]]] = field(default_factory=list)
    fetched: list[tuple[float, list[str]]] = field(default_factory=list)
    attempts: dict[str, int] = field(default_factory=dict)
    kept: "Kept" = field(default_factory=lambda: Kept())
    events: list[Event] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    gathered: list[Gathered] = field(default_factory=list)

    def now(self) -> float:
        return self.time.to_seconds(self.time.now)

    def send(self, request: Request) -> Observable[Response]:
        if self.refusal is not None:
            return rx.throw(self.refusal)
        query = dict(request.query)
        ids = query["ids"].split(",")
        self.asked.append((self.now(), f"{request.file_key} {query['format']} {query.get('scale', '')}".strip(), ids))
        for id_ in ids:
            self.attempts[id_] = self.attempts.get(id_, 0) + 1
        answer = Response(200, {"err": None, "images": {id_: self.urls(id_, self.attempts[id_]) for id_ in ids}})
        return rx.timer(self.latency_s(len(ids)), scheduler=self.time).pipe(ops.map(lambda _: answer))

    def fetch(
        self, wanted: Sequence[Download], config: ConfigId
    ) -> Observable[Mapping[Download, Blob | DownloadFailed]]:
        self.fetched.append((self.now(), [one.url for one in wanted]))
        results = {one: self.outcome(one.url) for one in wanted}
        return rx.timer(0.5, scheduler=self.time).pipe(ops.map(lambda _: results))

    def gather(self, needed: Needed) -> Gathered:
        """The one thing that comes out; its progress is in `events`."""

        def took(step: Event | Gathered) -> None:
            (self.gathered if isinstance(step, Gathered) else self.events).append(step)  # type: ignore[arg-type]

        stream = gather(needed, ONE, api_over(self.send, self.time), self.fetch, self.kept, self.progress)
        stream.subscribe(took, self.errors.append, scheduler=self.time)
        self.time.advance_to(60.0)
        assert len(self.gathered) == 1 or self.errors
        return self.gathered[0] if self.gathered else Gathered({}, {})

    def progress(self, done: int, total: int) -> Event:
        return PhaseProgressed(self.now(), ONE, Phase.DOWNLOADING, done, total)

    @property
    def counts(self) -> list[tuple[int, int | None]]:
        return [(event.done, event.total) for event in self.events if isinstance(event, PhaseProgressed)]


def test_each_file_and_spec_is_asked_and_downloaded_and_counted() -> None:
    world = World()
    gathered = world.gather({("F", SVG): ["1:1", "1:2"], ("G", BIG): ["2:1"]})
    assert [(what, ids) for _, what, ids in world.asked] == [("F svg", ["1:1", "1:2"]), ("G png 2", ["2:1"])]
    assert gathered.renders == {
        ("F", "1:1", SVG): blob("https://cdn/1:1?1"),
        ("F", "1:2", SVG): blob("https://cdn/1:2?1"),
        ("G", "2:1", BIG): blob("https://cdn/2:1?1"),
    }
    assert gathered.failed == {}
    assert world.counts == [(0, 3), (2, 3), (3, 3)]


def test_nodes_without_a_render_are_asked_once_more_all_in_one_request() -> None:
    world = World(urls=lambda node, attempt: None if attempt == 1 and node != "1:2" else f"https://cdn/{node}")
    gathered = world.gather({("F", SVG): ["1:1", "1:2", "1:3"]})
    assert [ids for _, _, ids in world.asked] == [["1:1", "1:2", "1:3"], ["1:1", "1:3"]]
    assert sorted(node for _, node, _ in gathered.renders) == ["1:1", "1:2", "1:3"]


def test_a_node_that_fails_twice_is_in_neither_list_and_is_not_asked_again() -> None:
    world = World(urls=lambda node, attempt: None if node == "1:1" else f"https://cdn/{node}")
    gathered = world.gather({("F", SVG): ["1:1", "1:2"]})
    assert [ids for _, _, ids in world.asked] == [["1:1", "1:2"], ["1:1"]]
    assert (list(gathered.renders), gathered.failed) == ([("F", "1:2", SVG)], {})


def test_an_expired_address_is_replaced_once_by_a_new_one() -> None:
    world = World(outcome=lambda url: EXPIRED if url == "https://cdn/1:1?1" else blob(url))
    gathered = world.gather({("F", SVG): ["1:1", "1:2"]})
    assert [ids for _, _, ids in world.asked] == [["1:1", "1:2"], ["1:1"]]
    assert gathered.renders["F", "1:1", SVG] == blob("https://cdn/1:1?2")
    assert gathered.failed == {}


def test_an_address_that_expires_again_and_a_server_that_is_gone_are_told() -> None:
    world = World(outcome=lambda url: EXPIRED if "1:1" in url else BROKEN if "1:2" in url else blob(url))
    gathered = world.gather({("F", SVG): ["1:1", "1:2", "1:3"]})
    assert [ids for _, _, ids in world.asked] == [["1:1", "1:2", "1:3"], ["1:1"]]  # a new address would not help 1:2
    assert gathered.failed == {("F", "1:1", SVG): EXPIRED.problem, ("F", "1:2", SVG): BROKEN.problem}
    assert list(gathered.renders) == [("F", "1:3", SVG)]


def test_nodes_of_one_address_are_downloaded_once() -> None:
    world = World(urls=lambda node, attempt: "https://cdn/same")
    gathered = world.gather({("F", SVG): ["1:1", "1:2"]})
    assert [urls for _, urls in world.fetched] == [["https://cdn/same"]]
    assert set(gathered.renders.values()) == {blob("https://cdn/same")}
    assert len(gathered.renders) == 2


def test_downloads_begin_with_the_first_answer_and_not_with_the_last() -> None:
    world = World(latency_s=lambda ids: 1.0 if ids == 50 else 20.0)
    world.gather({("F", SVG): [f"1:{number}" for number in range(250)]})
    assert sorted(len(ids) for _, _, ids in world.asked) == [50, 200]
    assert [(at, len(urls)) for at, urls in world.fetched] == [(1.0, 50), (20.0, 200)]


def test_a_refusal_of_figma_ends_it() -> None:
    world = World(refusal=FigmaRefused(Problem("figma.not-found", "no such file"), status=404))
    world.gather({("F", SVG): ["1:1"]})
    assert world.errors == [world.refusal]


def test_nothing_needed_is_nothing_asked() -> None:
    world = World()
    assert world.gather({}) == Gathered({}, {})
    assert (world.asked, world.counts) == ([], [])


def test_what_is_at_hand_is_not_asked_and_what_comes_is_kept() -> None:
    world = World(kept=Kept({("F", "1:1", SVG): blob("old")}))
    gathered = world.gather({("F", SVG): ["1:1", "1:2"]})
    assert [ids for _, _, ids in world.asked] == [["1:2"]]
    assert gathered.renders[("F", "1:1", SVG)] == blob("old")
    assert world.kept.there[("F", "1:2", SVG)] == blob("https://cdn/1:2?1")
    assert world.counts == [(0, 2), (1, 2), (2, 2)]


def test_what_is_all_at_hand_is_asked_of_nobody() -> None:
    world = World(kept=Kept({("F", "1:1", SVG): blob("old")}))
    assert world.gather({("F", SVG): ["1:1"]}).renders == {("F", "1:1", SVG): blob("old")}
    assert not world.asked and not world.fetched


def test_a_failed_download_is_not_kept() -> None:
    world = World(outcome=lambda url: BROKEN)
    world.gather({("F", SVG): ["1:1"]})
    assert not world.kept.there


def test_what_figma_cant_render_is_kept_where_it_rendered_anything_else_alike() -> None:
    world = World(urls=lambda node, attempt: None if node in ("1:1", "2:1", "2:2") else f"https://cdn/{node}")
    world.gather({("F", SVG): ["1:1", "1:2"], ("F", BIG): ["1:1", "1:2"], ("G", SVG): ["2:1", "2:2"]})
    kept = {key for key, blob in world.kept.there.items() if blob is None}
    assert kept == {("F", "1:1", SVG), ("F", "1:1", BIG)}, "in file G something is wrong with Figma itself"


def test_what_is_known_not_to_be_rendered_is_asked_no_more_and_told_apart() -> None:
    world = World(kept=Kept({("F", "1:1", SVG): None}))
    gathered = world.gather({("F", SVG): ["1:1", "1:2"]})
    assert [ids for _, _, ids in world.asked] == [["1:2"]]
    assert (list(gathered.renders), gathered.failed) == ([("F", "1:2", SVG)], {})
    assert gathered.unrendered == {("F", "1:1", SVG)}
    assert world.counts == [(0, 2), (0, 2), (1, 2)]


def test_where_all_that_is_needed_is_known_not_to_be_rendered_nothing_is_asked() -> None:
    world = World(kept=Kept({("F", "1:1", SVG): None}))
    assert world.gather({("F", SVG): ["1:1"]}) == Gathered({}, {}, frozenset({("F", "1:1", SVG)}))
    assert world.asked == []
