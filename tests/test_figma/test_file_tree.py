"""Hashes of the components of a file, from Figma's trees: what is asked, and what comes of every answer."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import pytest
import reactivex as rx
from hypothesis import given
from hypothesis import strategies as st
from reactivex import Observable
from reactivex.testing import TestScheduler

from exfig_rx.errors import FigmaError
from exfig_rx.figma.api import FigmaApi
from exfig_rx.figma.client import HttpClient
from exfig_rx.figma.file_tree import frames, hashed, parse_hashes
from exfig_rx.load.node_hashes import node_hashes
from exfig_rx.model import ConfigId, Request, Response, Tier
from exfig_rx.sandbox import Design, Edit, Fault, FaultKind, Sandbox
from tests.answering import api_over
from tests.sandbox_designs import design_with_components

T = TypeVar("T")

ONE = ConfigId("/one.yaml", "one.yaml", "one.yaml")
OTHER = ConfigId("/other.yaml", "other.yaml", "other.yaml")


def test_frames_are_a_tier_1_question_for_outlines_in_one_version_or_the_newest() -> None:
    lookup = frames("../Key", "12")
    assert (lookup.tier, lookup.path, lookup.file_key) == (Tier.ONE, "/v1/files/..%2FKey/nodes", "../Key")
    assert dict(lookup.query) == {"geometry": "paths", "version": "12"}
    assert (lookup.noun, lookup.optional, lookup.items) == ("frame", True, "")
    assert lookup.timeout_s is not None
    assert lookup.timeout_s > 55
    assert frames("Key").query == (("geometry", "paths"),)
    assert frames("Key") != frames("Key", "12")


def component(id_: str, path: str = "M0 0Z") -> dict[str, Any]:
    outline = [{"path": path, "windingRule": "NONZERO"}]
    return {"id": id_, "type": "COMPONENT", "fillGeometry": outline, "relativeTransform": [[1, 0, 7], [0, 1, 7]]}


def frame(*children: dict[str, Any]) -> dict[str, Any]:
    return {"document": {"id": "9:1", "type": "FRAME", "children": [*children]}}


def test_of_a_tree_nothing_stays_but_the_hashes_of_its_components() -> None:
    full = frame(component("1:1"), component("1:2"))
    short = hashed({"name": "Icons", "nodes": {"9:1": full, "9:2": None, "9:3": frame()}})
    assert list(short) == ["hashes"]
    assert parse_hashes(short, "Key") == {"9:1": node_hashes(full["document"]), "9:2": None, "9:3": {}}
    assert set(parse_hashes(short)["9:1"] or {}) == {"1:1", "1:2"}


@pytest.mark.parametrize("nodes", [None, [], "nodes"])
def test_an_answer_without_nodes_names_the_file(nodes: Any) -> None:
    with pytest.raises(FigmaError) as caught:
        parse_hashes(hashed({"nodes": nodes}), "Key")
    [problem] = caught.value.problems
    assert (problem.code, problem.message) == ("figma.odd-answer", "Figma's answer holds no map of nodes")
    assert problem.location is not None
    assert problem.location.figma_file == "Key"


NAMES = st.sampled_from(["document", "children", "id", "type", "fillGeometry", "COMPONENT", "relativeTransform"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["9:1", "9:2"]), json_values))
def test_any_tree_is_survived(nodes: dict[str, Any]) -> None:
    assert set(parse_hashes(hashed({"nodes": nodes}))) == set(nodes)


# What the pipelines see


class Figma:
    """A `Send` over frames that hold one component each; digests as the client does."""

    def __init__(self, gone: frozenset[str] = frozenset()) -> None:
        self._gone = gone
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Observable[Response]:
        self.requests.append(request)
        ids = dict(request.query)["ids"].split(",")
        nodes = {id_: None if id_ in self._gone else frame(component(f"{id_}0")) for id_ in ids}
        assert request.digest is not None
        return rx.of(Response(200, request.digest({"nodes": nodes})))


def gathered(api: FigmaApi, time: TestScheduler, *asks: tuple[str | None, Sequence[str], ConfigId]) -> list[Any]:
    found: list[Any] = []
    for version, ids, config in asks:
        api.node_hashes("Key", version, ids, config).subscribe(found.append, found.append, scheduler=time)
    time.advance_to(time.to_seconds(time.now) + 1.0)
    return found


def test_configs_that_ask_for_frames_at_the_same_time_share_a_request_and_get_their_own() -> None:
    figma, time = Figma(gone=frozenset({"9:2"})), TestScheduler()
    one, other = gathered(api_over(figma, time), time, ("12", ["9:2", "9:1"], ONE), ("12", ["9:1", "9:3"], OTHER))
    assert (set(one), set(other)) == ({"9:10"}, {"9:10", "9:30"})
    [request] = figma.requests
    assert dict(request.query) == {"geometry": "paths", "version": "12", "ids": "9:1,9:2,9:3"}
    assert request.what == "3 frames of file Key"
    assert request.timeout_s is not None


def test_no_frames_cost_no_request_and_asking_twice_gives_two_answers() -> None:
    figma, time = Figma(), TestScheduler()
    api = api_over(figma, time)
    stream = api.node_hashes("Key", None, [], ONE)
    found: list[Any] = []
    for _ in range(2):
        stream.subscribe(found.append, scheduler=time)
    time.advance_to(time.to_seconds(time.now) + 1.0)
    assert (found, figma.requests) == ([{}, {}], [])
    assert found[0] is not found[1]


def test_more_frames_than_fit_into_a_request_come_as_one_value() -> None:
    figma, time = Figma(), TestScheduler()
    ids = [f"9:{number}" for number in range(1, 900)]
    [found] = gathered(api_over(figma, time), time, (None, ids, ONE))
    assert len(figma.requests) > 2
    assert len(found) == len(ids)


# Through HTTP


def at_once(work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
    return rx.from_callable(work)


DRAWINGS = {"bell": '<path d="M4 4h8v8z" fill="#112233"/>', "anchor": '<circle cx="12" cy="12" r="4" fill="#445566"/>'}


@pytest.fixture
def figma() -> Iterator[Sandbox]:
    with Sandbox(design_with_components("Key", {"Icons": DRAWINGS})) as running:
        yield running
    assert running.crashes == []


def hashes(figma: Sandbox, version: str | None = None) -> dict[str, str]:
    """Of all components in the file's only frame, by name."""
    client = HttpClient(figma.url, "figd_any", timeout_s=20, connections=1, blocking=at_once, wall_s=lambda: 0.0)
    time = TestScheduler()
    [found] = gathered(api_over(client, time), time, (version, ["2:1"], ONE))
    names = {component["id"]: component["name"] for *_, component in figma.design.files["Key"][-1].components()}
    return {names[id_]: hash_ for id_, hash_ in found.items()}


@pytest.mark.parametrize(
    "change",
    [
        {"svg": '<path d="M4 4h8v9z" fill="#112233"/>'},
        {"svg": '<path d="M4 4h8v8z" fill="#112234"/>'},
        {"svg": '<path d="M4 4h8v8z" fill="#112233" transform="rotate(45)"/>'},
        {"visible": False},
        {"opacity": 0.5},
    ],
)
def test_an_edit_changes_the_hash_of_what_it_edits_and_the_old_version_keeps_its_own(
    figma: Sandbox, change: dict[str, Any]
) -> None:
    first = figma.design.files["Key"][0].version
    before = hashes(figma)
    assert set(before) == set(DRAWINGS)
    assert hashes(figma, first) == before
    second = figma.edit(Edit("Key", "bell", change))
    after = hashes(figma)
    assert after["anchor"] == before["anchor"]
    assert after["bell"] != before["bell"]
    assert (hashes(figma, first), hashes(figma, second)) == (before, after)


@pytest.mark.parametrize("change", [{"x": 400, "y": -20.5}, {"description": "rings"}, {}])
def test_an_edit_that_no_picture_shows_moves_the_version_alone(figma: Sandbox, change: dict[str, Any]) -> None:
    before = hashes(figma)
    figma.edit(Edit("Key", "bell" if change else "", change))
    assert hashes(figma) == before


def test_a_version_that_figma_does_not_have_fails(figma: Sandbox) -> None:
    client = HttpClient(figma.url, "figd_any", timeout_s=20, connections=1, blocking=at_once, wall_s=lambda: 0.0)
    time = TestScheduler()
    [error] = gathered(api_over(client, time), time, ("1", ["2:1"], ONE))
    assert isinstance(error, FigmaError)
    assert error.status == 404


def test_a_frame_too_large_for_figma_even_alone_has_no_hashes(figma: Sandbox) -> None:
    message = "Request too large. If applicable, filter by query params."
    figma.faults.append(Fault(FaultKind.STATUS, match="/v1/files/Key/nodes", status=400, message=message))
    assert hashes(figma) == {}


def test_every_component_of_the_bundled_design_has_a_hash(sandbox: Sandbox) -> None:
    client = HttpClient(sandbox.url, "figd_any", timeout_s=20, connections=1, blocking=at_once, wall_s=lambda: 0.0)
    for key, (file, *_) in Design.bundled().files.items():
        components = list(file.components())
        time = TestScheduler()
        found: list[dict[str, str]] = []
        ids = list(dict.fromkeys(frame["id"] for _, frame, *_ in components))
        api_over(client, time).node_hashes(key, None, ids, ONE).subscribe(found.append, scheduler=time)
        time.advance_to(time.to_seconds(time.now) + 1.0)
        assert [set(one) for one in found] == [{component["id"] for *_, component in components}]
