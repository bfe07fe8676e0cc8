"""Answers of earlier runs, over a real cache: what is looked for before Figma is asked, what is kept after."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
import reactivex as rx
from reactivex import Observable
from reactivex.testing import TestScheduler

from exfig_rx.errors import DesignError, FigmaUnavailable
from exfig_rx.figma import endpoints
from exfig_rx.figma.api import FigmaApi
from exfig_rx.figma.remembered import Remembered
from exfig_rx.model import ConfigId, Lookup, Problem, Request, Response, Tier
from exfig_rx.pictures import RenderFormat, RenderSpec
from exfig_rx.scheduling.coalescer import Coalescer
from tests.answering import filled
from tests.test_state.caches import KEY, Runs

T = TypeVar("T")

ONE = ConfigId("/one.yaml", "one.yaml", "one.yaml")
OTHER = ConfigId("/other.yaml", "other.yaml", "other.yaml")
SVG = RenderSpec(RenderFormat.SVG)
RENDERS = f"/v1/images/{KEY}?{'&'.join(f'{name}={value}' for name, value in endpoints.renders(KEY, SVG).query)}"
"""The question about SVGs, as the cache knows it."""


class Figma:
    """A `Send`: what it says carries `mark`; of `gone` nodes it has nothing; `asked` is path and ids."""

    def __init__(self, mark: str = "1", gone: frozenset[str] = frozenset()) -> None:
        self.mark = mark
        self.gone = gone
        self.asked: list[tuple[str, str]] = []
        self.down: Exception | None = None

    def __call__(self, request: Request) -> Observable[Response]:
        def answer(_: object) -> Observable[Response]:
            self.asked.append((request.path.rsplit("/", 1)[-1], dict(request.query).get("ids", "")))
            return rx.of(Response(200, self._body(request))) if self.down is None else rx.throw(self.down)

        return rx.defer(answer)

    def _body(self, request: Request) -> Mapping[str, Any]:
        if request.path.endswith("/components"):
            return {"meta": {"components": [{"node_id": "1:1", "name": self.mark}]}}
        if request.path.endswith("/meta"):
            return {"file": {"version": self.mark}}
        ids = dict(request.query).get("ids", "").split(",")
        if request.path.startswith("/v1/images/"):
            return {"images": {id_: None if id_ in self.gone else f"https://cdn/{id_}/{self.mark}" for id_ in ids}}
        return {"nodes": {id_: {"document": {"id": id_, "name": self.mark, "size": {}}} for id_ in ids}}


class Run:
    """The API stack of one run; `looks` counts what went to the shelf."""

    def __init__(
        self,
        runs: Runs,
        figma: Figma,
        version_of: Callable[[str, ConfigId | None], str | None],
        *,
        reads: bool = True,
    ) -> None:
        self.time = TestScheduler()
        self.looks = 0
        self.remembered = Remembered(runs.start(), self._on_shelf, version_of, reads=reads)
        coalescer = Coalescer(
            self.remembered.sending(filled(figma)), reactor=self.time, settle_s=0.0, emit=lambda event: None
        )
        self.look_up = self.remembered.looking_up(coalescer)
        self.api = FigmaApi(self.remembered.asking(figma), self.look_up)

    def _on_shelf(self, work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
        def look(_: object) -> Observable[T]:
            self.looks += 1
            return rx.of(work())

        return rx.defer(look)

    def of(self, stream: Observable[T]) -> list[T | Exception]:
        """What a stream gives, its error last."""
        found: list[T | Exception] = []
        stream.subscribe(found.append, found.append, scheduler=self.time)
        self.time.advance_by(1.0)
        return found

    def components(self, config: ConfigId = ONE) -> list[str]:
        """The names of components that the file has."""
        return [one.name for list_ in self.of(self.api.components(KEY, config)) for one in list_.components]  # type: ignore[union-attr]

    def renders(self, *ids: str, attempt: int = 1, spec: RenderSpec = SVG, config: ConfigId = ONE) -> dict[str, Any]:
        """The addresses of renders, by node."""
        parts = self.of(self.api.renders(KEY, spec, ids, config, attempt))
        return {id_: url for part in parts for id_, url in part.items()}  # type: ignore[union-attr]


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    started = Runs(tmp_path)
    yield started
    started.end()
    assert started.problems == []


def at(version: str | None) -> Callable[[str, ConfigId | None], str | None]:
    """The file has this version, whoever asks."""
    return lambda file_key, config: version if file_key == KEY and config in (ONE, OTHER) else None


def url(id_: str, mark: str = "1") -> str:
    return f"https://cdn/{id_}/{mark}"


# ── found and kept ──


def test_what_one_run_asked_the_next_one_finds(runs: Runs) -> None:
    figma = Figma()
    first = Run(runs, figma, at("1"))
    assert first.components() == ["1"] and first.renders("1:1", "1:2") == {"1:1": url("1:1"), "1:2": url("1:2")}
    assert figma.asked == [("components", ""), (KEY, "1:1,1:2")]
    figma.mark = "newer"
    second = Run(runs, figma, at("1"))
    assert second.components() == ["1"] and second.renders("1:2", "1:1") == {"1:1": url("1:1"), "1:2": url("1:2")}
    assert len(figma.asked) == 2


def test_nodes_that_were_kept_are_read_as_those_that_come(runs: Runs) -> None:
    lookup = endpoints.style_nodes(KEY)
    figma = Figma()
    come, kept = (Run(runs, figma, at("1")) for _ in range(2))
    assert come.of(come.look_up(lookup, ["1:1"], ONE)) == kept.of(kept.look_up(lookup, ["1:1"], ONE))
    assert figma.asked == [("nodes", "1:1")]


def test_another_version_is_asked_and_the_one_before_stays(runs: Runs) -> None:
    figma = Figma()
    for version in ("1", "2", "1"):
        figma.mark = version
        run = Run(runs, figma, at(version))
        assert run.components() == [version] and run.renders("1:1") == {"1:1": url("1:1", version)}
    assert len(figma.asked) == 4


def test_what_is_asked_in_another_way_is_another_question(runs: Runs) -> None:
    figma = Figma()
    Run(runs, figma, at("1")).renders("1:1")
    png = RenderSpec(RenderFormat.PNG, 2.0)
    for spec in (png, RenderSpec(RenderFormat.PNG, 3.0), png):
        Run(runs, figma, at("1")).renders("1:1", spec=spec)
    assert len(figma.asked) == 3
    run = Run(runs, figma, at("1"))
    for scale in (2.0, 4.0):
        run.renders("1:1", spec=RenderSpec(RenderFormat.PNG, scale))
    assert len(figma.asked) == 4


def test_without_a_version_nobody_looks_and_nothing_is_kept(runs: Runs) -> None:
    figma = Figma()
    run = Run(runs, figma, at(None))
    assert run.components() == ["1"] and run.renders("1:1") == {"1:1": url("1:1")} and run.looks == 0
    figma.mark = "2"
    run = Run(runs, figma, at("1"))
    assert run.components() == ["2"] and run.renders("1:1") == {"1:1": url("1:1", "2")}


def test_the_version_is_that_which_holds_for_whoever_asks(runs: Runs) -> None:
    figma = Figma()

    def for_one(file_key: str, config: ConfigId | None) -> str | None:
        return "1" if (file_key, config) == (KEY, ONE) else None

    run = Run(runs, figma, for_one)
    run.components(OTHER), run.renders("1:2", config=OTHER)
    assert run.looks == 0
    run.components(ONE), run.renders("1:1", config=ONE)
    assert run.looks == 4  # each looked for, and kept


def test_a_run_that_reads_nothing_asks_anew_and_keeps_it(runs: Runs) -> None:
    figma = Figma()
    run = Run(runs, figma, at("1"))
    run.components(), run.renders("1:1")
    figma.mark = "2"
    run = Run(runs, figma, at("1"), reads=False)
    assert run.components() == ["2"] and run.renders("1:1") == {"1:1": url("1:1", "2")}
    figma.mark = "3"
    run = Run(runs, figma, at("1"))
    assert run.components() == ["2"] and run.renders("1:1") == {"1:1": url("1:1", "2")}


def test_a_failure_is_not_kept(runs: Runs) -> None:
    figma = Figma()
    figma.down = FigmaUnavailable(Problem("figma.server-error", "down"))
    run = Run(runs, figma, at("1"))
    assert run.of(run.api.components(KEY, ONE)) == run.of(run.api.renders(KEY, SVG, ["1:1"], ONE)) == [figma.down]
    figma.down = None
    run = Run(runs, figma, at("1"))
    assert run.components() == ["1"] and run.renders("1:1") == {"1:1": url("1:1")}


def test_what_does_not_last_is_neither_looked_for_nor_kept(runs: Runs) -> None:
    figma = Figma()
    run = Run(runs, figma, at("1"))
    run.of(run.api.version(KEY, ONE))
    run.of(run.api.node_hashes(KEY, None, ["2:0"], ONE))
    change = Request(Tier.THREE, f"/v1/files/{KEY}/variables", (), ONE, KEY, method="POST", body=b"{}")
    run.of(run.api.answer(change))
    assert run.looks == 0 and [what for what, _ in figma.asked] == ["meta", "nodes", "variables"]


# ── by id ──


def test_only_the_ids_that_are_missing_are_asked(runs: Runs) -> None:
    figma = Figma()
    Run(runs, figma, at("1")).renders("1:1", "1:3")
    figma.mark = "2"
    run = Run(runs, figma, at("1"))
    assert run.of(run.api.renders(KEY, SVG, ["1:1", "1:2", "1:3"], ONE)) == [
        {"1:1": url("1:1"), "1:3": url("1:3")},
        {"1:2": url("1:2", "2")},
    ]
    assert figma.asked == [(KEY, "1:1,1:3"), (KEY, "1:2")]


def test_what_is_known_in_this_run_is_not_looked_for_again(runs: Runs) -> None:
    figma = Figma()
    Run(runs, figma, at("1")).renders("1:1")
    run = Run(runs, figma, at("1"))
    run.renders("1:1", "1:2")
    looks = run.looks
    assert run.renders("1:2", "1:1", config=OTHER) == {"1:1": url("1:1"), "1:2": url("1:2")}
    assert run.looks == looks and len(figma.asked) == 2


def test_no_ids_are_no_question(runs: Runs) -> None:
    figma = Figma()
    run = Run(runs, figma, at("1"))
    assert run.renders() == {} and run.looks == 0 and figma.asked == []


def test_what_figma_does_not_have_is_not_kept(runs: Runs) -> None:
    figma = Figma(gone=frozenset({"1:2"}))
    assert Run(runs, figma, at("1")).renders("1:1", "1:2") == {"1:1": url("1:1"), "1:2": None}
    assert runs.start().items(KEY, "1", RENDERS, ["1:1", "1:2"]) == {"1:1": url("1:1")}
    figma.gone = frozenset()
    assert Run(runs, figma, at("1")).renders("1:1", "1:2") == {"1:1": url("1:1"), "1:2": url("1:2")}
    assert figma.asked[1:] == [(KEY, "1:2")]


def test_a_second_attempt_neither_reads_nor_keeps_anything(runs: Runs) -> None:
    figma = Figma()
    Run(runs, figma, at("1")).renders("1:1")
    figma.mark = "2"
    for asked in (2, 3):
        run = Run(runs, figma, at("1"))
        assert run.renders("1:1") == {"1:1": url("1:1")}  # which leads nowhere any more
        looks = run.looks
        assert run.renders("1:1", attempt=2) == {"1:1": url("1:1", "2")}
        assert run.looks == looks and len(figma.asked) == asked


def test_an_address_is_used_no_longer_than_it_is_good(runs: Runs) -> None:
    figma = Figma()
    Run(runs, figma, at("1")).renders("1:1")
    figma.mark = "2"
    runs.now_s += endpoints.ADDRESS_GOOD_FOR_S
    assert Run(runs, figma, at("1")).renders("1:1") == {"1:1": url("1:1")}
    runs.now_s += 1
    assert Run(runs, figma, at("1")).renders("1:1") == {"1:1": url("1:1", "2")}


def test_items_that_make_no_sense_are_asked_again(runs: Runs) -> None:
    figma = Figma()
    runs.start().keep_items(KEY, "1", RENDERS, {"1:1": "https://cdn/kept", "1:2": [7]})
    assert Run(runs, figma, at("1")).renders("1:1", "1:2") == {"1:1": "https://cdn/kept", "1:2": url("1:2")}
    assert figma.asked == [(KEY, "1:2")]


def test_items_that_can_not_be_read_are_asked_again(runs: Runs) -> None:
    def parse(body: Mapping[str, Any]) -> dict[str, str | None]:
        if body["nodes"] == {"1:1": "old"}:
            raise DesignError(Problem("design.test", "not as it was"))
        return dict.fromkeys(body["nodes"], "read")

    runs.start().keep_items(KEY, "1", "/v1/files/Key/nodes?", {"1:1": "old"})
    figma = Figma()
    run = Run(runs, figma, at("1"))
    lookup = Lookup(Tier.ONE, "/v1/files/Key/nodes", KEY, "node", parse, items="nodes")
    assert run.of(run.look_up(lookup, ["1:1"], ONE)) == [{"1:1": "read"}]
    assert figma.asked == [("nodes", "1:1")]
