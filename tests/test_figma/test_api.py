"""What the pipelines ask: how many questions, for which nodes, and what they get together."""

from collections.abc import Mapping
from typing import Any

import reactivex as rx
from reactivex import Observable
from reactivex.testing import TestScheduler

from exfig_rx.errors import FigmaError, FigmaUnavailable
from exfig_rx.model import ConfigId, FileStyles, Paint, Problem, Request, Response, Rgba, Send, Style, StyleNode, Tier
from exfig_rx.pictures import Component, FileComponents, RenderFormat, RenderSpec
from tests.answering import api_over

ONE = ConfigId("/one.yaml", "one.yaml", "one.yaml")
OTHER = ConfigId("/other.yaml", "other.yaml", "other.yaml")
INK = Paint("SOLID", Rgba(0.0, 0.0, 0.0, 1.0))


class Figma:
    """A `Send` over one file with `styles` as (id, type), which are its components, too.

    `requests` is what was asked; `gone` ids have no node and no render.
    """

    def __init__(self, styles: list[tuple[str, str]], gone: frozenset[str] = frozenset()) -> None:
        self._styles = styles
        self._gone = gone
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Observable[Response]:
        def answer(_: object) -> Observable[Response]:
            self.requests.append(request)
            return rx.of(Response(200, self._body(request)))

        return rx.defer(answer)

    def _body(self, request: Request) -> Mapping[str, Any]:
        if request.path.endswith("/styles"):
            items = [{"node_id": key, "name": f"n {key}", "style_type": kind} for key, kind in self._styles]
            return {"meta": {"styles": items}}
        if request.path.endswith("/components"):
            return {"meta": {"components": [{"node_id": key, "name": f"n {key}"} for key, _ in self._styles]}}
        ids = dict(request.query)["ids"].split(",")
        if request.path.startswith("/v1/images/"):
            return {"err": None, "images": {key: None if key in self._gone else f"https://cdn/{key}" for key in ids}}
        black = [{"type": "SOLID", "color": {"r": 0, "g": 0, "b": 0, "a": 1}}]
        return {"nodes": {key: None if key in self._gone else {"document": {"fills": black}} for key in ids}}


def outcome(send: Send, *configs: ConfigId) -> tuple[list[FileStyles], list[Exception]]:
    """What each of `configs` (or one) gets that asks for the styles of one file, through one API."""
    values: list[FileStyles] = []
    errors: list[Exception] = []
    time = TestScheduler()
    api = api_over(send, time)
    for config in configs or (ONE,):
        api.styles("Key", ("FILL",), config).subscribe(values.append, errors.append, scheduler=time)
    time.advance_to(1.0)
    return values, errors


def test_styles_come_with_the_nodes_of_the_colors_among_them_in_two_requests() -> None:
    figma = Figma([("2:1", "FILL"), ("1:1", "FILL"), ("3:1", "TEXT"), ("4:1", "SOUND")], gone=frozenset({"2:1"}))
    values, errors = outcome(figma)
    styles = (
        Style("2:1", "n 2:1", "FILL"),
        Style("1:1", "n 1:1", "FILL"),
        Style("3:1", "n 3:1", "TEXT"),
        Style("4:1", "n 4:1", "SOUND"),
    )
    nodes = {"1:1": StyleNode("1:1", "", (INK,)), "2:1": None}
    assert (values, errors) == ([FileStyles("Key", styles, nodes)], [])
    assert [(request.tier, request.path, request.query, request.charged_to) for request in figma.requests] == [
        (Tier.THREE, "/v1/files/Key/styles", (), ONE),
        (Tier.ONE, "/v1/files/Key/nodes", (("ids", "1:1,2:1"),), ONE),
    ]


def test_nodes_of_several_types_of_styles_come_with_one_request() -> None:
    figma = Figma([("2:1", "FILL"), ("3:1", "TEXT"), ("4:1", "GRID")])
    values: list[FileStyles] = []
    time = TestScheduler()
    api_over(figma, time).styles("Key", ("FILL", "TEXT"), ONE).subscribe(values.append, scheduler=time)
    time.advance_to(1.0)
    assert [set(value.nodes) for value in values] == [{"2:1", "3:1"}]
    assert [request.query for request in figma.requests] == [(), (("ids", "2:1,3:1"),)]


def test_nothing_is_asked_before_somebody_subscribes() -> None:
    figma = Figma([("1:1", "FILL")])
    api_over(figma, TestScheduler()).styles("Key", ("FILL",), ONE)
    assert figma.requests == []


def test_a_file_without_color_styles_costs_one_request_and_has_no_nodes() -> None:
    for styles in ([], [("3:1", "TEXT")]):
        figma = Figma(styles)
        values, errors = outcome(figma)
        assert ([dict(value.nodes) for value in values], errors, len(figma.requests)) == ([{}], [], 1)


def test_configs_that_ask_at_the_same_time_get_their_nodes_from_one_request() -> None:
    figma = Figma([("1:1", "FILL"), ("2:1", "FILL")])
    values, _ = outcome(figma, ONE, OTHER)
    assert [len(value.nodes) for value in values] == [2, 2]
    assert [request.query for request in figma.requests] == [(), (), (("ids", "1:1,2:1"),)]


def test_an_answer_that_several_configs_share_is_read_once_and_another_one_anew() -> None:
    time = TestScheduler()
    shared, newer = (Response(200, {"meta": {"components": [{"node_id": "1:1", "name": name}]}}) for name in "ab")
    answers = iter((shared, shared, newer))
    api = api_over(lambda _: rx.of(next(answers)), time)
    (first,), (second,), (third,) = (gathered(api.components("Key", who), time)[0] for who in (ONE, OTHER, ONE))
    assert first is second
    assert (first.components[0].name, third.components[0].name) == ("a", "b")


def test_more_nodes_than_fit_into_a_url_come_together_as_one_value() -> None:
    figma = Figma([(f"{number}:1", "FILL") for number in range(2000)])
    values, _ = outcome(figma)
    assert len(figma.requests) > 2
    assert [len(value.nodes) for value in values] == [2000]


def test_an_answer_of_another_shape_names_the_file() -> None:
    values, (error,) = outcome(lambda _: rx.of(Response(200, {"meta": []})))
    assert values == []
    assert isinstance(error, FigmaError)
    (problem,) = error.problems
    assert (problem.code, problem.message) == ("figma.odd-answer", "Figma's answer holds no list of styles")
    assert problem.location is not None
    assert problem.location.figma_file == "Key"


def test_a_failed_request_fails_the_stream_with_its_own_error() -> None:
    down = FigmaUnavailable(Problem("figma.server-error", "down"))
    assert outcome(lambda _: rx.throw(down)) == ([], [down])


def gathered(stream: Observable[Any], time: TestScheduler) -> tuple[list[Any], list[Exception]]:
    """What a stream gives within a second."""
    values: list[Any] = []
    errors: list[Exception] = []
    stream.subscribe(values.append, errors.append, scheduler=time)
    time.advance_to(time.to_seconds(time.now) + 1.0)
    return values, errors


def test_components_come_as_one_value_from_one_request() -> None:
    figma = Figma([("2:1", ""), ("1:1", "")])
    time = TestScheduler()
    values, errors = gathered(api_over(figma, time).components("Key", ONE), time)
    listed = FileComponents("Key", (Component("2:1", "n 2:1"), Component("1:1", "n 1:1")))
    assert (values, errors) == ([listed], [])
    assert [(request.path, request.charged_to) for request in figma.requests] == [("/v1/files/Key/components", ONE)]


def test_an_answer_without_a_list_of_components_names_the_file() -> None:
    time = TestScheduler()
    values, (error,) = gathered(api_over(lambda _: rx.of(Response(200, {})), time).components("Key", ONE), time)
    assert values == []
    assert isinstance(error, FigmaError)
    assert error.problems[0].message == "Figma's answer holds no list of components"


def test_renders_come_by_node_and_those_of_another_spec_or_attempt_are_asked_anew() -> None:
    figma = Figma([], gone=frozenset({"2:1"}))
    time = TestScheduler()
    api = api_over(figma, time)
    svg, png = RenderSpec(RenderFormat.SVG), RenderSpec(RenderFormat.PNG, 2.0)
    answer = {"1:1": "https://cdn/1:1", "2:1": None}
    for _ in range(2):  # the second time everything is known
        assert gathered(api.renders("Key", svg, ["2:1", "1:1"], ONE), time) == ([answer], [])
    assert gathered(api.renders("Key", svg, ["2:1"], ONE, 2), time) == ([{"2:1": None}], [])
    assert gathered(api.renders("Key", png, ["1:1"], OTHER), time) == ([{"1:1": "https://cdn/1:1"}], [])
    assert [(request.tier, request.path, dict(request.query)["ids"]) for request in figma.requests] == [
        (Tier.ONE, "/v1/images/Key", "1:1,2:1"),
        (Tier.ONE, "/v1/images/Key", "2:1"),
        (Tier.ONE, "/v1/images/Key", "1:1"),
    ]


def test_many_renders_come_in_parts_as_figma_answers() -> None:
    figma = Figma([])
    time = TestScheduler()
    ids = [f"{number}:1" for number in range(90)]
    spec = RenderSpec(RenderFormat.PNG, 3.0)
    values, errors = gathered(api_over(figma, time).renders("Key", spec, ids, ONE), time)
    assert errors == []
    assert len(values) == len(figma.requests) > 1
    assert sorted(key for part in values for key in part) == sorted(ids)
