"""A run that may ask nobody: what an earlier run got is answered, and what is missing is named."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import reactivex as rx
from reactivex import Observable
from reactivex.testing import TestScheduler

from exfig_rx.errors import FigmaUnavailable
from exfig_rx.figma import endpoints, offline
from exfig_rx.figma.api import FigmaApi
from exfig_rx.figma.remembered import Remembered
from exfig_rx.model import ConfigId, Location, Problem, Request, Tier
from exfig_rx.pictures import Component, FileComponents, RenderFormat, RenderSpec
from tests.test_state.caches import KEY, Runs

T = TypeVar("T")

ONE = ConfigId("/one.yaml", "one.yaml", "one.yaml")
SVG = RenderSpec(RenderFormat.SVG)


def outcome(stream: Observable[T]) -> list[T | Exception]:
    """What a stream gives, its error last."""
    found: list[T | Exception] = []
    time = TestScheduler()
    stream.subscribe(found.append, found.append, scheduler=time)
    time.advance_by(1.0)
    return found


def refused(stream: Observable[T]) -> Problem:
    """Why nothing came."""
    (error,) = outcome(stream)
    assert isinstance(error, FigmaUnavailable)
    (problem,) = error.problems
    assert (problem.code, problem.hint) == ("offline.missing-answer", "run once without --offline")
    return problem


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    started = Runs(tmp_path)
    yield started
    started.end()
    assert started.problems == []


def api(runs: Runs) -> FigmaApi:
    """Figma as the pipelines see it where nobody may ask, over what is kept of version 1."""

    def on_shelf(work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
        return rx.defer(lambda _: rx.of(work()))

    remembered = Remembered(runs.start(), on_shelf, lambda file_key, config: "1", reads=True)
    return FigmaApi(remembered.asking(offline.refuse), remembered.looking_up(offline.look_up_nothing))


def test_an_answer_that_is_missing_is_named_with_its_file() -> None:
    problem = refused(offline.refuse(endpoints.styles(KEY, ONE)))
    assert problem.message == f"not in .exfig/: styles of file {KEY}"
    assert problem.location == Location(figma_file=KEY)


def test_a_question_about_no_file_has_no_place() -> None:
    problem = refused(offline.refuse(Request(Tier.THREE, "/v1/me", what="who you are")))
    assert (problem.message, problem.location) == ("not in .exfig/: who you are", None)


def test_ids_that_nothing_goes_without_are_named_each() -> None:
    lookup = endpoints.style_nodes(KEY)
    assert refused(offline.look_up_nothing(lookup, ["1:1"], ONE)).message == (
        f"not in .exfig/: 1 style node of file {KEY}: 1:1"
    )
    assert refused(offline.look_up_nothing(lookup, ["1:1", "1:2"], ONE)).message == (
        f"not in .exfig/: 2 style nodes of file {KEY}: 1:1, 1:2"
    )


def test_renders_that_are_missing_are_none_as_the_config_knows_what_it_can_do_without() -> None:
    lookup = endpoints.renders(KEY, SVG)
    assert outcome(offline.look_up_nothing(lookup, ["1:1", "1:2"], ONE)) == [{"1:1": None, "1:2": None}]


def test_what_an_earlier_run_got_is_answered_and_only_the_rest_is_missing(runs: Runs) -> None:
    cache = runs.start()
    cache.keep_answer(
        KEY, "1", f"/v1/files/{KEY}/components?", {"meta": {"components": [{"node_id": "1:1", "name": "bell"}]}}
    )
    cache.keep_items(KEY, "1", f"/v1/files/{KEY}/nodes?", {"1:1": {"document": {"name": "ink"}}})
    style = [{"node_id": id_, "name": id_, "style_type": "FILL"} for id_ in ("1:1", "1:2")]
    cache.keep_answer(KEY, "1", f"/v1/files/{KEY}/styles?", {"meta": {"styles": style}})
    question = "&".join(f"{name}={value}" for name, value in endpoints.renders(KEY, SVG).query)
    cache.keep_items(KEY, "1", f"/v1/images/{KEY}?{question}", {"1:1": "https://cdn/1"})
    figma = api(runs)
    assert outcome(figma.components(KEY, ONE)) == [FileComponents(KEY, (Component("1:1", "bell"),))]
    assert outcome(figma.renders(KEY, SVG, ["1:2", "1:1"], ONE)) == [{"1:1": "https://cdn/1"}, {"1:2": None}]
    assert refused(figma.styles(KEY, ("FILL",), ONE)).message.endswith(f"1 style node of file {KEY}: 1:2")
    assert refused(figma.variables(KEY, ONE)).message == f"not in .exfig/: variables of file {KEY}"
