"""What a config takes from earlier runs, over a real cache and a Figma that is a function, in virtual time."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler

from exfig_rx.batch.carrying import MOST_OLDER, is_worth_hashing
from exfig_rx.batch.memory import UNRENDERED_GOOD_FOR_S, Memory
from exfig_rx.batch.renders import Needed
from exfig_rx.errors import DesignError, FigmaUnavailable
from exfig_rx.figma.api import FigmaApi
from exfig_rx.figma.refusals import refusal
from exfig_rx.figma.versions import NO_SCOPE
from exfig_rx.model import ConfigId, FileVersion, Location, Problem, Request, Response, Tier
from exfig_rx.pictures import Component, FileComponents, RenderFormat, RenderSpec
from exfig_rx.scheduling.coalescer import Coalescer
from exfig_rx.settings import Caching
from tests.answering import filled
from tests.test_state.caches import KEY, SVG, Runs

T = TypeVar("T")

ONE = ConfigId("/one.yaml", "one.yaml", "one.yaml")
OTHER = ConfigId("/other.yaml", "other.yaml", "other.yaml")
PNG = RenderSpec(RenderFormat.PNG, 2.0)

LATENCY_S = 1.0
SETTLE_S = 0.05

FRAMES = {"2:0": ("2:1", "2:2"), "3:0": ("3:1",)}
"""The components in each frame."""

COMPONENTS = FileComponents(
    KEY, tuple(Component(id_, f"icon {id_}", frame_id=frame) for frame, ids in FRAMES.items() for id_ in ids)
)
ICONS: Needed = {(KEY, SVG): ["2:1", "2:2"]}

DOWN = FigmaUnavailable(Problem("figma.server-error", "down"), status=500)


class Figma:
    """A `Send` over one file: `looks` is how each component is drawn in each version, the last one being the newest.

    `asked` is path, ids and version of each request. `failures` by the version that is asked for, "" for the newest.
    """

    def __init__(self, **looks: Mapping[str, str]) -> None:
        self.looks = {name.removeprefix("v"): drawn for name, drawn in looks.items()}
        self.asked: list[tuple[str, str, str]] = []
        self.requests: list[Request] = []
        self.failures: dict[str, Exception] = {}
        self.time = TestScheduler()

    def __call__(self, request: Request) -> Observable[Response]:
        def answer(_: object) -> Observable[Response]:
            query = dict(request.query)
            asked = (request.path.rpartition(KEY)[2], query.get("ids", ""), query.get("version", ""))
            self.asked.append(asked)
            self.requests.append(request)
            failure = self.failures.get(asked[0] if asked[0] != "/nodes" else asked[2])
            body = self._body(request.path, *asked[1:])
            answer = Response(200, request.digest(body) if request.digest else body)
            wait = rx.timer(LATENCY_S, scheduler=self.time)
            return wait.pipe(ops.flat_map(lambda _: rx.of(answer) if failure is None else rx.throw(failure)))

        return rx.defer(answer)

    def _body(self, path: str, ids: str, version: str) -> Mapping[str, Any]:
        newest = list(self.looks)[-1]
        if not path.endswith("/nodes"):
            file = {"name": "Icons", "version": newest}
            return {"file": file} if path.endswith("/meta") else file
        return {"nodes": {id_: {"document": _tree(id_, self.looks[version or newest])} for id_ in ids.split(",")}}


def _tree(id_: str, drawn: Mapping[str, str]) -> dict[str, Any]:
    if id_ not in FRAMES:
        return {"id": id_, "type": "COMPONENT", "size": {"x": 24, "y": 24}, "fills": [drawn.get(id_, "same")]}
    return {"id": id_, "type": "FRAME", "children": [_tree(child, drawn) for child in FRAMES[id_]]}


class Run:
    """One run of a project; `looks` counts what went to its cache."""

    def __init__(
        self, runs: Runs, figma: Figma, caching: Caching = Caching.ON, forgetful: Collection[ConfigId] = ()
    ) -> None:
        self.looks = 0
        self.time = figma.time
        self.cache = runs.start()
        self.store = runs.store()
        self.memory = Memory(self.cache, self._on_shelf, self.store.keep, caching, forgetful)
        coalescer = Coalescer(filled(figma), reactor=self.time, settle_s=SETTLE_S, emit=lambda event: None)
        self.api = FigmaApi(figma, coalescer)

    def _on_shelf(self, work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
        def look(_: object) -> Observable[T]:
            self.looks += 1
            return rx.of(work())

        return rx.defer(look)

    def begin(self, stream: Observable[T]) -> list[T | Exception]:
        """A list in which all that a stream gives appears, its error last."""
        found: list[T | Exception] = []
        stream.subscribe(found.append, found.append, scheduler=self.time)
        return found

    def of(self, stream: Observable[T]) -> list[T | Exception]:
        found = self.begin(stream)
        self.time.advance_by(10.0)
        return found

    def versions(self, config: ConfigId = ONE, costly: Collection[str] = ()) -> list[Any]:
        return self.of(self.memory.versions([KEY], costly, config, self.api))

    def carry(self, needed: Needed = ICONS, config: ConfigId = ONE) -> Observable[None]:
        return self.memory.carried(needed, {KEY: COMPONENTS}, config, self.api)

    def confirm(self, config: ConfigId = ONE, needed: Needed = ICONS) -> None:
        """The end of gathering."""
        assert self.of(self.memory.confirmed(needed, config, self.api)) == [None]

    def found(self, *ids: str, spec: RenderSpec = SVG, config: ConfigId = ONE) -> dict[str, bytes]:
        """The renders that are there, by node."""
        (there,) = self.of(self.memory.renders(KEY, spec, ids, config))
        assert isinstance(there, Mapping)
        return {id_: blob.read() for id_, blob in there.items() if blob is not None}

    def unrendered(self, *ids: str) -> set[str]:
        """Those that an earlier run found Figma can't render."""
        (there,) = self.of(self.memory.renders(KEY, SVG, ids, ONE))
        assert isinstance(there, Mapping)
        return {id_ for id_, blob in there.items() if blob is None}

    def keep(self, config: ConfigId = ONE, spec: RenderSpec = SVG, /, **contents: bytes) -> None:
        """Keeps renders: `n1_2=b"…"` is that of node 1:2."""
        blobs = {node[1:].replace("_", ":"): self.store.keep(content) for node, content in contents.items()}
        assert self.of(self.memory.keep_renders(KEY, spec, blobs, config)) == [None]


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    started = Runs(tmp_path)
    yield started
    started.end()
    assert started.problems == []


def rendered(runs: Runs, version: str = "1", /, **contents: bytes) -> None:
    """An earlier run that rendered 2:1 and 2:2, or what it is told, at a version."""
    runs.keep(version, SVG, **(contents or {"n2_1": b"a", "n2_2": b"b"}))


def seen(runs: Runs, figma: Figma, caching: Caching = Caching.ON, forgetful: Collection[ConfigId] = ()) -> Run:
    """A run that knows the version of the file; what that took is forgotten."""
    run = Run(runs, figma, caching, forgetful)
    run.versions(), run.versions(OTHER)
    figma.asked.clear()
    return run


def nodes(figma: Figma) -> list[tuple[str, str]]:
    """Ids and version of each request for frames."""
    assert all(path == "/nodes" for path, *_ in figma.asked)
    return [(ids, version) for _, ids, version in figma.asked]


# ── versions ──


def test_a_version_is_asked_once_a_run_and_known_to_later_ones(runs: Runs) -> None:
    figma = Figma(v5={})
    run = Run(runs, figma)
    assert run.memory.version_of(KEY, ONE) is None
    assert run.versions() == [FileVersion(KEY, "5", "Icons")] and run.versions(OTHER) == [FileVersion(KEY, "5")]
    assert figma.asked == [("/meta", "", "")]
    assert run.memory.version_of(KEY, OTHER) == run.memory.version_of(KEY, None) == "5"
    assert Run(runs, figma).cache.latest(KEY) == FileVersion(KEY, "5", "Icons")


def test_a_file_that_is_named_twice_is_asked_once(runs: Runs) -> None:
    figma = Figma(v5={})
    run = Run(runs, figma)
    assert run.of(run.memory.versions([KEY, KEY], (), ONE, run.api)) == [FileVersion(KEY, "5", "Icons")]
    assert len(figma.asked) == 1


def test_the_version_that_was_seen_first_holds_for_the_whole_run(runs: Runs) -> None:
    figma = Figma(v5={})
    run = Run(runs, figma)
    early = run.begin(run.memory.versions([KEY], (), ONE, run.api))
    run.time.advance_by(LATENCY_S / 2)
    figma.looks["6"] = {}
    late = run.begin(run.memory.versions([KEY], (), OTHER, run.api))
    run.time.advance_by(LATENCY_S)
    assert early == late == [FileVersion(KEY, "5", "Icons")] and len(figma.asked) == 2


@pytest.mark.parametrize(("has_paid", "leads_to"), [(False, Tier.ONE), (True, None)])
def test_a_version_is_of_use_without_tier_1_only_where_something_is_kept(
    runs: Runs, has_paid: bool, leads_to: Tier | None
) -> None:
    if has_paid:
        rendered(runs)
    figma = Figma(v1={})
    Run(runs, figma).versions(costly=[KEY])
    Run(runs, figma).versions()
    assert [request.leads_to for request in figma.requests] == [leads_to, None]


def test_a_version_that_figma_does_not_tell_leaves_the_file_without_memory(runs: Runs) -> None:
    figma = Figma(v1={})
    figma.failures["/meta"] = refusal(Request(Tier.THREE, "/v1/files/x/meta", file_key=KEY), 404, "Not found")
    run = Run(runs, figma)
    assert run.versions() == [] and run.memory.version_of(KEY, ONE) is None
    run.keep(n2_1=b"a")
    looks = run.looks
    assert run.found("2:1") == {} and run.of(run.carry()) == [None]
    assert run.looks == looks and [path for path, *_ in figma.asked] == ["/meta"]


def test_what_a_version_cost_is_told_before_it(runs: Runs) -> None:
    figma = Figma(v1={})
    text = "Invalid scope(s): file_content:read. This endpoint requires the file_metadata:read scope"
    figma.failures["/meta"] = refusal(Request(Tier.THREE, "/v1/files/x/meta", file_key=KEY), 403, text)
    assert Run(runs, figma).versions() == [NO_SCOPE, FileVersion(KEY, "1", "Icons")]


# ── what is asked for ──


def test_what_is_rendered_is_there_for_the_next_run_of_the_same_version(runs: Runs) -> None:
    figma = Figma(v1={})
    seen(runs, figma).keep(n2_1=b"a")
    run = seen(runs, figma)
    assert run.found("2:1", "2:2") == {"2:1": b"a"} and run.found("2:1", spec=PNG) == {}
    looks = run.looks
    run.keep()
    assert run.looks == looks
    figma.looks["2"] = {}
    assert seen(runs, figma).found("2:1") == {}


def test_a_forgetful_config_leaves_no_trace_and_finds_none(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={})
    run = Run(runs, figma, forgetful=[ONE])
    assert run.versions() == [] and figma.asked == [] and run.looks == 0
    run.versions(OTHER)
    looks = run.looks
    assert run.memory.version_of(KEY, ONE) is None and run.found("2:1") == {}
    run.keep(n3_1=b"c")
    assert run.looks == looks
    assert run.found("2:1", "3:1", config=OTHER) == {"2:1": b"a"}


def test_off_nobody_looks_and_nothing_is_kept(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={})
    run = seen(runs, figma, Caching.OFF)
    assert run.found("2:1") == {}
    run.keep(n3_1=b"c")
    assert run.of(run.carry()) == [None] and run.looks == 0 and figma.asked == []
    assert seen(runs, figma).found("2:1", "3:1") == {"2:1": b"a"}


def test_by_force_nothing_is_read_and_all_is_kept(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={}, v2={})
    run = Run(runs, figma, Caching.FORCE)
    assert run.versions() == [FileVersion(KEY, "2", "Icons")]
    assert run.of(run.carry()) == [None] and run.found("2:1") == {} and len(figma.asked) == 1
    run.keep(n2_1=b"new")
    assert run.found("2:1") == {}
    assert seen(runs, figma).found("2:1") == {"2:1": b"new"}


def test_offline_the_newest_version_that_is_kept_counts_and_nothing_is_asked(runs: Runs) -> None:
    rendered(runs)
    rendered(runs, "2", n2_1=b"new")
    figma = Figma(v3={})
    run = Run(runs, figma, Caching.OFFLINE)
    assert run.versions(costly=[KEY]) == [FileVersion(KEY, "2", "Harbor icons")]
    assert run.of(run.carry()) == [None]
    assert run.found("2:1", "2:2") == {"2:1": b"new"} and figma.asked == []


def test_offline_it_is_told_that_a_newer_version_was_seen_of_which_nothing_is_there(runs: Runs) -> None:
    rendered(runs, "2")
    runs.start().saw(FileVersion(KEY, "3", "Harbor icons, again"))
    run = Run(runs, Figma(v3={}), Caching.OFFLINE)
    problem, version = run.versions()
    assert version == FileVersion(KEY, "2", "Harbor icons")
    assert (problem.code, problem.location) == ("offline.older-version", Location(figma_file=KEY))
    assert f"version 2 of file {KEY} (Harbor icons); version 3 was seen since" in problem.message
    assert run.versions(OTHER) == [FileVersion(KEY, "2")]


def test_offline_a_file_that_nobody_has_seen_is_an_error_that_names_it(runs: Runs) -> None:
    (error,) = Run(runs, Figma(v1={}), Caching.OFFLINE).versions()
    assert isinstance(error, DesignError)
    (problem,) = error.problems
    assert problem.code == "offline.unknown-file" and KEY in problem.message
    assert (problem.hint, problem.location) == ("run once without --offline", Location(figma_file=KEY))


# ── from one version to the next ──


def test_renders_of_nodes_that_did_not_change_are_carried_and_the_others_are_not(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={}, v2={"2:2": "changed"})
    run = seen(runs, figma)
    assert run.of(run.carry()) == [None]
    assert nodes(figma) == [("2:0", "1"), ("2:0", "")]
    assert run.found("2:1", "2:2") == {"2:1": b"a"}


def test_all_specs_of_a_node_are_carried_with_one_question_for_each_version(runs: Runs) -> None:
    rendered(runs)
    runs.keep("1", PNG, n2_1=b"png", n3_1=b"other")
    figma = Figma(v1={}, v2={})
    run = seen(runs, figma)
    run.of(run.carry({(KEY, SVG): ["2:1", "2:2"], (KEY, PNG): ["3:1", "2:1"]}))
    assert nodes(figma) == [("2:0,3:0", "1"), ("2:0,3:0", "")]
    assert run.found("2:1", "2:2") == {"2:1": b"a", "2:2": b"b"}
    assert run.found("2:1", "3:1", spec=PNG) == {"2:1": b"png", "3:1": b"other"}


def test_the_hashes_of_a_version_are_asked_once_for_good(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={}, v2={"2:2": "changed"})
    run = seen(runs, figma)
    run.of(run.carry())
    run.keep(n2_2=b"new")
    run.confirm()
    figma.looks["3"] = {"2:1": "changed", "2:2": "changed"}
    run = seen(runs, figma)
    run.of(run.carry())
    assert nodes(figma) == [("2:0", "")]
    assert run.found("2:1", "2:2") == {"2:2": b"new"}


@pytest.mark.parametrize("of_its_own", [False, True], ids=["in the same run", "in a later one"])
def test_what_one_config_learnt_of_a_frame_another_one_need_not_ask(runs: Runs, of_its_own: bool) -> None:
    rendered(runs)
    figma = Figma(v1={}, v2={"2:1": "changed"})
    run = seen(runs, figma)
    run.of(run.carry({(KEY, SVG): ["2:1"]}))
    run = seen(runs, figma) if of_its_own else run
    figma.asked.clear()
    run.of(run.carry({(KEY, SVG): ["2:2"]}, OTHER))
    assert figma.asked == [] and run.found("2:1", "2:2") == {"2:2": b"b"}


def test_frames_of_configs_that_ask_together_travel_in_one_request(runs: Runs) -> None:
    rendered(runs, n2_1=b"a", n3_1=b"c")
    figma = Figma(v1={}, v2={})
    run = seen(runs, figma)
    one = run.begin(run.carry({(KEY, SVG): ["2:1"]}))
    run.time.advance_by(SETTLE_S / 2)
    other = run.begin(run.carry({(KEY, SVG): ["3:1"]}, OTHER))
    run.time.advance_by(10.0)
    assert one == other == [None]
    assert sorted(nodes(figma)) == [("2:0,3:0", ""), ("2:0,3:0", "1")]
    assert run.found("2:1", "3:1") == {"2:1": b"a", "3:1": b"c"}


def test_a_component_outside_of_any_frame_is_asked_for_itself(runs: Runs) -> None:
    rendered(runs, n9_1=b"alone")
    figma = Figma(v1={}, v2={})
    run = seen(runs, figma)
    alone = FileComponents(KEY, (Component("9:1", "alone"),))
    run.of(run.memory.carried({(KEY, SVG): ["9:1"]}, {KEY: alone}, ONE, run.api))
    assert nodes(figma) == [("9:1", "1"), ("9:1", "")] and run.found("9:1") == {"9:1": b"alone"}


@pytest.mark.parametrize("refused", [("1",), ("",), ("1", "")], ids=["the old version", "the new one", "both"])
def test_without_hashes_everything_is_rendered_anew(runs: Runs, refused: Sequence[str]) -> None:
    rendered(runs)
    figma = Figma(v1={}, v2={})
    figma.failures.update(dict.fromkeys(refused, DOWN))
    run = seen(runs, figma)
    assert run.of(run.carry()) == [None]
    assert len(nodes(figma)) == 2 and run.found("2:1", "2:2") == {}
    figma.failures.clear()
    figma.asked.clear()
    again = seen(runs, figma)
    again.of(again.carry())
    assert nodes(figma) == [("2:0", version) for version in ("1", "") if version in refused]
    assert again.found("2:1", "2:2") == {"2:1": b"a", "2:2": b"b"}


def test_a_bug_is_not_taken_for_a_refusal(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={}, v2={})
    bug = ZeroDivisionError()
    figma.failures[""] = bug
    run = seen(runs, figma)
    assert run.of(run.carry()) == [bug]


@pytest.mark.parametrize("version", [None, "1"], ids=["nothing was rendered", "it is of the same version"])
def test_nothing_is_asked_where_no_other_version_has_what_is_needed(runs: Runs, version: str | None) -> None:
    if version is not None:
        rendered(runs, version)
    figma = Figma(v1={})
    run = seen(runs, figma)
    assert run.of(run.carry()) == [None] and figma.asked == []


def test_nothing_is_asked_for_a_config_that_needs_no_pictures_or_forgets_them(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={}, v2={})
    run = seen(runs, figma, forgetful=[ONE])
    looks = run.looks
    assert run.of(run.carry()) == run.of(run.carry({}, OTHER)) == [None]
    assert figma.asked == [] and run.looks == looks


def test_older_versions_have_what_the_one_before_has_not(runs: Runs) -> None:
    rendered(runs)
    runs.keep("2", PNG, n3_1=b"c2")
    figma = Figma(v1={}, v2={"3:1": "changed"}, v3={"2:2": "changed", "3:1": "changed"})
    run = seen(runs, figma)
    run.of(run.carry({(KEY, SVG): ["2:1", "2:2"], (KEY, PNG): ["3:1"]}))
    assert nodes(figma) == [("3:0", "2"), ("3:0", ""), ("2:0", "1"), ("2:0", "")]
    assert run.found("2:1", "2:2") == {"2:1": b"a"} and run.found("3:1", spec=PNG) == {"3:1": b"c2"}


def test_what_was_changed_and_changed_back_is_found_where_no_hash_has_to_be_asked_for_it(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={}, v2={"2:1": "changed"})
    run = seen(runs, figma)
    run.of(run.carry())
    run.keep(n2_1=b"changed")
    run.confirm()
    figma.looks["3"] = {}
    run = seen(runs, figma)
    run.of(run.carry())
    assert nodes(figma) == [("2:0", "")]
    assert run.found("2:1", "2:2") == {"2:1": b"a", "2:2": b"b"}


def test_no_hash_of_yet_older_versions_is_asked_of_what_has_changed(runs: Runs) -> None:
    rendered(runs, "1")
    rendered(runs, "2", n2_1=b"a2", n2_2=b"b2")
    figma = Figma(v1={}, v2={}, v3={"2:1": "changed"})
    run = seen(runs, figma)
    run.of(run.carry())
    assert nodes(figma) == [("2:0", "2"), ("2:0", "")] and run.found("2:1", "2:2") == {"2:2": b"b2"}


def test_so_many_older_versions_are_looked_at_and_no_more(runs: Runs) -> None:
    older = [str(number) for number in range(1, MOST_OLDER + 2)]
    for version in older:
        rendered(runs, version, n2_1=version.encode())
    run = seen(runs, Figma(v9={}))
    for version in ("9", *older):
        run.cache.keep_hashes(KEY, version, {"2:1": version if version in older[2:] else "same"}, are_confirmed=True)
    run.of(run.carry({(KEY, SVG): ["2:1"]}))
    assert run.found("2:1") == {"2:1": b"2"}, "the last one that is looked at"
    run.cache.keep_hashes(KEY, "2", {"2:1": "changed"}, are_confirmed=True)
    run = seen(runs, Figma(v9={}, v10={}))
    run.cache.keep_hashes(KEY, "10", {"2:1": "same"}, are_confirmed=True)
    run.cache.keep_hashes(KEY, "9", {"2:1": "changed"}, are_confirmed=True)
    run.of(run.carry({(KEY, SVG): ["2:1"]}))
    assert run.found("2:1") == {}, "version 1 would do, but is too old"


# ── where hashing costs more than rendering ──


@pytest.mark.parametrize(
    ("svgs", "pngs", "lacking", "frames", "is_worth"),
    [
        (1000, 0, 1000, 1, True),
        (1000, 0, 1000, 1000, False),
        (30, 0, 30, 1, True),
        (30, 0, 31, 1, False),
        (200, 0, 201, 1, True),
        (100, 0, 100, 100, True),
        (101, 0, 101, 101, False),
        (0, 100, 100, 300, True),
        (0, 100, 100, 301, False),
        (0, 0, 5, 0, True),
    ],
    ids=[
        "all in one frame save five requests",
        "each on its own, ten requests against five",
        "one request against one, and nothing is downloaded",
        "the new one takes a request in any case, and the others fit into it",
        "all but the new one fit into a request that need not be",
        "a hundred frames go together",
        "two requests against one",
        "40 PNGs go together, so that three requests are saved",
        "four requests against three",
        "nothing has to be asked",
    ],
)
def test_hashes_are_asked_only_where_that_takes_no_more_requests_than_it_can_save(
    svgs: int, pngs: int, lacking: int, frames: int, is_worth: bool
) -> None:
    spec = PNG if pngs else SVG
    ids = [f"1:{number}" for number in range(lacking)]
    assert is_worth_hashing({spec: ids}, ids[: svgs or pngs], frames) is is_worth


def test_components_without_a_frame_are_rendered_anew_where_their_hashes_would_cost_more(runs: Runs) -> None:
    ids = [f"9:{number}" for number in range(101)]
    alone = FileComponents(KEY, tuple(Component(id_, f"icon {id_}") for id_ in ids))
    runs.keep("1", SVG, **{f"n{id_.replace(':', '_')}": b"a" for id_ in ids})
    figma = Figma(v1={}, v2={})
    run = seen(runs, figma)
    assert run.of(run.memory.carried({(KEY, SVG): ids}, {KEY: alone}, ONE, run.api)) == [None]
    assert figma.asked == [] and run.found(*ids) == {}
    few = ids[:100]
    run.of(run.memory.carried({(KEY, SVG): few}, {KEY: alone}, ONE, run.api))
    assert len(figma.asked) == 2 and len(run.found(*ids)) == 100


# ── renders of a version that was the newest before them, and perhaps not after them ──


def test_a_picture_of_what_was_taken_back_is_never_carried(runs: Runs) -> None:
    figma = Figma(v1={})
    run = seen(runs, figma)
    figma.looks["2"] = {"2:1": "drawn by mistake"}
    run.keep(n2_1=b"mistake", n2_2=b"b")
    run.confirm()
    assert run.found("2:1") == {"2:1": b"mistake"}, "what this run has, it has"
    figma.looks["3"] = {}
    run = seen(runs, figma)
    run.of(run.carry())
    assert figma.asked == [] and run.found("2:1", "2:2") == {}


def test_a_hash_of_what_was_taken_back_carries_nothing(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={}, v2={"2:1": "changed"})
    run = seen(runs, figma)
    figma.looks["3"] = {}
    run.of(run.carry())
    run.confirm()
    assert run.found("2:1") == {"2:1": b"a"}, "as it was at the moment when Figma was asked"
    figma.looks["4"] = {"2:1": "changed"}
    run = seen(runs, figma)
    run.of(run.carry())
    assert run.found("2:1", "2:2") == {"2:2": b"b"}
    assert ("2:0", "") in nodes(figma)


def test_whether_anything_moved_is_asked_once_of_each_file_and_only_if_something_is_new(runs: Runs) -> None:
    figma = Figma(v1={})
    run = seen(runs, figma)
    run.confirm()
    assert figma.asked == []
    run.keep(n2_1=b"a")
    stream = run.memory.confirmed(ICONS, ONE, run.api)
    other = run.memory.confirmed(ICONS, OTHER, run.api)
    assert [run.begin(stream), run.begin(other)] == [[], []]
    run.time.advance_by(10.0)
    assert [(request.path.rpartition("/")[2], request.tier) for request in figma.requests[1:]] == [
        ("meta", Tier.THREE)
    ] * 2
    assert len({request.key for request in figma.requests}) == 2, "single flight makes one of the two equal ones"
    figma.asked.clear()
    run.confirm(OTHER)
    run.keep(n2_1=b"a")
    run.confirm()
    assert figma.asked == []
    run.keep(n2_1=b"b")
    run.confirm()
    assert len(figma.asked) == 1 and len({request.key for request in figma.requests}) == 3


def test_what_a_run_that_died_left_is_confirmed_by_the_next_one(runs: Runs) -> None:
    figma = Figma(v1={})
    seen(runs, figma).keep(n2_1=b"a", n2_2=b"b")
    run = seen(runs, figma)
    run.of(run.carry())
    run.confirm()
    figma.looks["2"] = {}
    run = seen(runs, figma)
    run.of(run.carry())
    assert run.found("2:1", "2:2") == {"2:1": b"a", "2:2": b"b"}


def test_a_file_that_has_moved_is_not_asked_again(runs: Runs) -> None:
    figma = Figma(v1={})
    run = seen(runs, figma)
    run.keep(n2_1=b"a")
    figma.looks["2"] = {}
    run.confirm()
    run.keep(n2_2=b"b")
    run.confirm(OTHER)
    assert [path for path, *_ in figma.asked] == ["/meta"]


def test_a_version_that_nobody_tells_confirms_nothing_and_fails_nothing(runs: Runs) -> None:
    figma = Figma(v1={})
    run = seen(runs, figma)
    run.keep(n2_1=b"a")
    for failure in DOWN, refusal(Request(Tier.THREE, "/v1/files/x/meta", file_key=KEY), 404, "Not found"):
        figma.failures["/meta"] = failure
        run.confirm()
    figma.failures.clear()
    figma.looks["2"] = {}
    run = seen(runs, figma)
    run.of(run.carry())
    assert figma.asked == [] and run.found("2:1") == {}


def test_a_bug_while_a_version_is_confirmed_is_one(runs: Runs) -> None:
    figma = Figma(v1={})
    run = seen(runs, figma)
    run.keep(n2_1=b"a")
    bug = ZeroDivisionError()
    figma.failures["/meta"] = bug
    assert run.of(run.memory.confirmed(ICONS, ONE, run.api)) == [bug]


@pytest.mark.parametrize(("count", "asked"), [(400, []), (401, [("", "", "")])])
def test_without_the_scope_only_what_took_many_requests_is_worth_one_of_tier_1(
    runs: Runs, count: int, asked: list[object]
) -> None:
    figma = Figma(v1={})
    text = "Invalid scope(s): file_content:read. This endpoint requires the file_metadata:read scope"
    figma.failures["/meta"] = refusal(Request(Tier.THREE, "/v1/files/x/meta", file_key=KEY), 403, text)
    run = seen(runs, figma)
    run.keep(n2_1=b"a")
    run.confirm(needed={(KEY, SVG): [f"2:{number}" for number in range(count)]})
    assert figma.asked == asked and (run.cache.unconfirmed(KEY, "1") is None) is bool(asked)


def test_nothing_is_confirmed_of_what_nobody_keeps(runs: Runs) -> None:
    figma = Figma(v1={})
    seen(runs, figma).keep(n2_1=b"a")
    for caching, forgetful in ((Caching.OFF, []), (Caching.OFFLINE, []), (Caching.ON, [ONE])):
        run = seen(runs, figma, caching, forgetful)
        looks = run.looks
        run.confirm()
        assert run.looks == looks and figma.asked == []
    run = seen(runs, figma, Caching.FORCE)
    run.confirm()
    assert [path for path, *_ in figma.asked] == ["/meta"] and run.cache.unconfirmed(KEY, "1") is None


# ── nodes that Figma can't render ──


def test_a_node_that_figma_cant_render_is_known_for_that_version_and_for_a_day(runs: Runs) -> None:
    figma = Figma(v1={})
    run = seen(runs, figma)
    run.keep(n2_2=b"b")
    assert run.of(run.memory.keep_unrendered(KEY, SVG, ["2:1"], ONE)) == [None]
    assert run.unrendered("2:1", "2:2") == seen(runs, figma).unrendered("2:1", "2:2") == {"2:1"}
    assert seen(runs, figma, Caching.FORCE).unrendered("2:1") == set()
    runs.now_s += UNRENDERED_GOOD_FOR_S + 1
    assert seen(runs, figma).unrendered("2:1") == set()
    assert seen(runs, figma, Caching.OFFLINE).unrendered("2:1") == {"2:1"}, "who may not ask believes it"
    figma.looks["2"] = {}
    assert seen(runs, figma).unrendered("2:1") == set()


def test_who_asks_nothing_finds_out_nothing_of_what_figma_cant_render(runs: Runs) -> None:
    rendered(runs)
    figma = Figma(v1={})
    for caching in Caching.OFFLINE, Caching.OFF:
        run = seen(runs, figma, caching)
        assert run.of(run.memory.keep_unrendered(KEY, SVG, ["3:1"], ONE)) == [None]
    assert seen(runs, figma).unrendered("3:1") == set()
