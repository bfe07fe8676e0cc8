"""Ids of many configs in few requests, in virtual time: who takes what when, who gets what, and what it costs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import pytest
import reactivex as rx
from hypothesis import given, settings
from hypothesis import strategies as st
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler

from exfig_rx.errors import FigmaError, FigmaRefused, FigmaUnavailable, LockedOut
from exfig_rx.events import Event, RequestRetried, RequestShared
from exfig_rx.figma.retry import retrying
from exfig_rx.model import ConfigId, Lookup, Problem, Request, Response, Tier
from exfig_rx.scheduling.coalescer import Coalescer, settle_s
from exfig_rx.scheduling.limits import Limits
from exfig_rx.scheduling.portion import Portions
from exfig_rx.scheduling.scheduler import RequestScheduler
from tests.test_scheduling.figma import A, B, C, at_once, config, no_jitter, too_many
from tests.virtual_time import Timeline, do_at, now, run_until, timeline

Answers = dict[str, str | None]


def read(body: Mapping[str, Any]) -> dict[str, str | None]:
    if "odd" in body:
        raise FigmaRefused(Problem("figma.odd-answer", "odd"), status=200)
    return dict(body["values"])


def lookup(file: str = "Key", *, portion: int = 200, optional: bool = False, scale: str = "1") -> Lookup[str]:
    query = (("scale", scale),)
    return Lookup(Tier.ONE, f"/v1/images/{file}", file, "render", read, query, portion=portion, optional=optional)


@dataclass
class World:
    """A coalescer over the real scheduler and retries; Figma answers `id` with `ID`, but None for ids in `gone`.

    `failures` are used up by the first requests; more than `most` ids at once are a render timeout.
    """

    per_min: int = 600
    latency_s: float = 1.0
    settle: float = 0.0
    linger_s: float = 0.0
    most: int = 10_000
    gone: frozenset[str] = frozenset()
    failures: list[Exception | Response] = field(default_factory=list)
    time: TestScheduler = field(default_factory=TestScheduler)
    sent: list[tuple[float, str, str]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    cancelled: int = 0
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        limits = Limits((self.per_min, self.per_min, self.per_min), "test")
        self.scheduler = RequestScheduler(self.send, limits, reactor=self.time, jitter=no_jitter)
        patient = retrying(
            self.scheduler, max_retries=2, reactor=self.time, emit=self.events.append, random=lambda: 1.0
        )
        self.look_up = Coalescer(
            patient, reactor=self.time, settle_s=self.settle, emit=self.events.append, linger_s=self.linger_s
        )

    def send(self, request: Request) -> Observable[Response]:
        ids = dict(request.query)["ids"].split(",")
        self.requests.append(request)
        payer = request.charged_to.name.removesuffix(".yaml") if request.charged_to is not None else ""
        self.sent.append((now(self.time), payer, " ".join(ids)))
        over = False

        def answer(_: int) -> Observable[Response]:
            nonlocal over
            over = True
            if self.failures:
                return at_once(self.failures.pop(0))
            if len(ids) > self.most:
                return at_once(FigmaRefused(Problem("figma.render-timeout", "too many"), status=400))
            self.answered.update(ids)
            return at_once(Response(200, {"values": {id_: None if id_ in self.gone else id_.upper() for id_ in ids}}))

        def end() -> None:
            self.cancelled += not over

        timer = rx.timer(self.latency_s, scheduler=self.time)
        return timer.pipe(ops.flat_map(answer), ops.finally_action(end))

    def ask(
        self, ids: str, who: ConfigId = A, *, at: float | None = None, of: Lookup[str] | None = None
    ) -> Timeline[Answers]:
        return timeline(self.time, self.look_up(of or lookup(), ids.split(), who), at=at)

    @property
    def shared(self) -> list[str]:
        """Names of the configs that a request was saved for."""
        return [event.config.name for event in self.events if isinstance(event, RequestShared) and event.config]


def coalescer(world: World, portions: Portions) -> Coalescer:
    return Coalescer(world.scheduler, reactor=world.time, settle_s=0.0, emit=world.events.append, portions=portions)


def got(answer: Timeline[Answers]) -> Answers:
    """All parts of an answer; no id comes twice."""
    whole: Answers = {}
    for part in answer.values:
        assert not whole.keys() & part.keys()
        whole |= part
    return whole


# ── together ──


def test_ids_of_configs_that_ask_at_once_go_in_one_request() -> None:
    world = World()
    first, second = world.ask("a b"), world.ask("b c", B)
    run_until(world.time, 10)
    assert world.sent == [(0, "a", "a b c")]
    assert (got(first), got(second)) == ({"a": "A", "b": "B"}, {"b": "B", "c": "C"})
    assert (first.completed_at, second.completed_at) == (1, 1)


def test_what_was_asked_once_is_known_for_the_rest_of_the_run() -> None:
    world = World(gone=frozenset("b"))
    world.ask("a b")
    late = world.ask("b a", C, at=5)
    more = world.ask("a d", B, at=6)
    run_until(world.time, 10)
    assert late == [(5, {"b": None, "a": "A"})]
    assert late.completed_at == 5
    assert more == [(6, {"a": "A"}), (7, {"d": "D"})]
    assert world.sent == [(0, "a", "a b"), (6, "b", "d")]


def test_ids_that_are_on_their_way_are_waited_for_and_not_asked_again() -> None:
    world = World()
    world.ask("a")
    late = world.ask("a", B, at=0.5)
    run_until(world.time, 10)
    assert late == [(1, {"a": "A"})]
    assert len(world.sent) == 1


def test_other_files_and_other_parameters_never_mix() -> None:
    world = World()
    for of in (lookup("One"), lookup("Two"), lookup("One", scale="2")):
        world.ask("a", of=of)
    run_until(world.time, 10)
    asked = [(request.path, dict(request.query)["scale"]) for request in world.requests]
    assert asked == [("/v1/images/One", "1"), ("/v1/images/Two", "1"), ("/v1/images/One", "2")]


def test_ids_that_become_known_while_a_request_waits_join_it() -> None:
    world = World(per_min=10)
    for number in range(3):
        world.ask("x", C, of=lookup(f"Burst{number}"))
    world.ask("a", A, at=1)
    joined = world.ask("b", B, at=4)
    run_until(world.time, 8)
    assert world.sent[3:] == [(6, "a", "a b")]
    assert joined == [(7, {"b": "B"})]


def test_the_config_whose_turn_it_is_goes_first_and_fills_up_with_others_in_their_order() -> None:
    world = World()
    of = lookup(portion=4)
    world.ask("c1 c2 c3", C, of=of)
    world.ask("a1 a2 a3", A, of=of)
    world.ask("b1 b2 b3", B, of=of)
    run_until(world.time, 10)
    assert [(payer, ids) for _, payer, ids in world.sent] == [
        ("c", "a1 c1 c2 c3"),
        ("a", "a2 a3 b1 b2"),
        ("b", "b3"),
    ]


def test_a_config_whose_ids_all_went_with_another_leaves_the_line() -> None:
    world = World(per_min=10)
    answers = [world.ask("a b", who) for who in (A, B, C)]
    run_until(world.time, 100)
    assert len(world.sent) == 1
    assert all(got(answer) == {"a": "A", "b": "B"} for answer in answers)


def test_nothing_is_asked_for_no_ids() -> None:
    world = World()
    answer = world.ask("")
    run_until(world.time, 10)
    assert (answer, answer.completed_at, world.sent) == ([], 0, [])


def test_an_id_that_is_named_twice_is_one() -> None:
    world = World()
    answer = world.ask("a a b")
    run_until(world.time, 10)
    assert got(answer) == {"a": "A", "b": "B"}
    assert world.sent == [(0, "a", "a b")]


def test_those_who_ask_within_the_settling_time_go_together() -> None:
    world = World(settle=0.05)
    world.ask("a")
    world.ask("b", B, at=0.04)
    world.ask("c", C, at=0.2)
    run_until(world.time, 10)
    assert world.sent == [(0.05, "a", "a b"), (0.25, "c", "c")]


def test_settling_takes_a_hundredth_of_the_spacing_and_at_most_50_ms() -> None:
    assert [settle_s(spacing) for spacing in (0.01, 1.0, 6.0, 60.0)] == [0.0001, 0.01, 0.05, 0.05]


def test_twenty_configs_with_overlapping_ids_of_two_files_need_no_more_requests_than_one_would() -> None:
    world = World()
    wanted = {number: [f"{(number * 13 + i) % 300}" for i in range(90)] for number in range(20)}
    answers = [
        (ids, timeline(world.time, world.look_up(lookup(file, portion=50), ids, config(str(number)))))
        for number, ids in wanted.items()
        for file in ("One", "Two")
    ]
    run_until(world.time, 100)
    distinct = len({id_ for ids in wanted.values() for id_ in ids})
    assert len(world.sent) <= 2 * -(-distinct // 50)
    assert all(got(answer).keys() == set(ids) for ids, answer in answers)
    assert set(world.answered.values()) == {2}


# ── portions ──


def test_more_ids_than_a_portion_go_in_several_requests_which_grow_when_answered() -> None:
    world = World(per_min=10, latency_s=0.5)
    ids = " ".join(f"{number:03}" for number in range(40))
    answer = world.ask(ids, of=lookup(portion=4))
    run_until(world.time, 60)
    assert [len(sent.split()) for _, _, sent in world.sent] == [4, 4, 4, 6, 8, 8, 6]
    assert len(got(answer)) == 40


def test_an_address_never_gets_longer_than_figma_takes() -> None:
    world = World()
    ids = [f"I{number}:1;22:{number};333:4" for number in range(600)]
    answer = timeline(world.time, world.look_up(lookup(portion=1000), ids, A))
    run_until(world.time, 60)
    lengths = [len(request.path) + len(urlencode(request.query)) for request in world.requests]
    assert len(lengths) > 1
    assert all(length <= 7_400 for length in lengths)
    assert all(length > 7_200 for length in lengths[:-1])
    assert len(got(answer)) == 600


def test_one_id_goes_however_long_it_is() -> None:
    world = World()
    answer = world.ask("x" * 9000)
    run_until(world.time, 10)
    assert len(got(answer)) == 1


@pytest.mark.parametrize("code", ["figma.render-timeout", "figma.too-large"])
def test_too_many_ids_at_once_are_asked_in_halves(code: str) -> None:
    world = World(failures=[FigmaRefused(Problem(code, "too many"), status=400)])
    answer = world.ask("a b c d")
    run_until(world.time, 10)
    assert [ids for _, _, ids in world.sent] == ["a b c d", "a b", "c d"]
    assert got(answer) == {"a": "A", "b": "B", "c": "C", "d": "D"}
    assert answer.completed_at is not None


def test_a_size_that_failed_is_not_tried_again() -> None:
    world = World(per_min=10, most=6)
    answer = world.ask(" ".join(f"{number:03}" for number in range(60)), of=lookup(portion=8))
    run_until(world.time, 200)
    sizes = [len(ids.split()) for _, _, ids in world.sent]
    assert sizes[:5] == [8, 8, 8, 4, 6]  # the burst left before the first of it failed
    assert max(sizes[3:]) == 6
    assert len(got(answer)) == 60


def test_what_was_too_much_for_a_file_and_format_counts_for_other_parameters_and_attempts_too() -> None:
    world = World(per_min=60, most=6)
    ids = " ".join(f"{number:03}" for number in range(12))
    world.ask(ids, of=lookup(portion=8))
    run_until(world.time, 60)
    before = len(world.sent)
    world.ask(ids, of=lookup(portion=8, scale="2"))
    world.ask(ids, of=replace(lookup(portion=8), attempt=2))
    other = world.ask(ids, of=lookup("Other", portion=8))
    run_until(world.time, 120)
    sizes = {
        (request.path, dict(request.query)["scale"]): len(dict(request.query)["ids"].split(","))
        for request in reversed(world.requests[before:])
    }
    assert sizes[("/v1/images/Key", "2")] <= 6
    assert sizes[("/v1/images/Other", "1")] == 8
    assert len(got(other)) == 12


def test_a_size_that_failed_is_kept_for_later_runs_and_they_begin_below_it() -> None:
    kept: dict[tuple[str, str], int] = {}
    world = World(per_min=60, most=5)
    world.look_up = coalescer(world, Portions(keep=lambda file, kind, most: kept.update({(file, kind): most})))
    ids = " ".join(f"{number:03}" for number in range(12))
    world.ask(ids, of=lookup(portion=8))
    run_until(world.time, 60)
    assert kept == {("Key", "render, 8"): 4}  # eight were too many, and then six
    later = World(per_min=60, most=5)
    later.look_up = coalescer(later, Portions(kept))
    answer = later.ask(ids, of=lookup(portion=8))
    run_until(later.time, 60)
    assert [len(sent.split()) for _, _, sent in later.sent] == [4, 4, 4]
    assert len(got(answer)) == 12


def test_a_single_id_that_is_too_much_is_none_where_that_is_allowed_and_fails_those_who_want_it_elsewhere() -> None:
    world = World(most=0)
    allowed = world.ask("a", of=lookup(optional=True))
    run_until(world.time, 10)
    assert got(allowed) == {"a": None}
    world = World(failures=[FigmaRefused(Problem("figma.render-timeout", "too big"), status=400)])
    failed = world.ask("a")
    run_until(world.time, 10)
    assert isinstance(failed.error, FigmaRefused)
    assert len(world.sent) == 1


def test_one_huge_id_among_others_fails_alone() -> None:
    world = World()
    huge = FigmaRefused(Problem("figma.render-timeout", "too big"), status=400)
    world.failures = [huge, huge]
    both = world.ask("a b", of=lookup(optional=True))
    run_until(world.time, 60)
    assert [ids for _, _, ids in world.sent] == ["a b", "a", "b"]
    assert got(both) == {"a": None, "b": "B"}


# ── failures ──

GONE = FigmaRefused(Problem("figma.not-found", "no such file"), status=404)
DOWN = FigmaUnavailable(Problem("figma.server-error", "down"), status=500)


def test_a_failure_is_everybodys_who_wanted_those_ids_and_is_not_repeated() -> None:
    world = World(failures=[GONE])
    of = lookup(portion=2)
    first, second = world.ask("a b", of=of), world.ask("b", B, of=of)
    other = world.ask("c", C, of=of)
    late = world.ask("b z", C, at=5, of=of)
    run_until(world.time, 10)
    assert (first.error, second.error, late.error) == (GONE, GONE, GONE)
    assert (first.failed_at, second.failed_at, late.failed_at) == (1, 1, 5)
    assert got(other) == {"c": "C"}
    assert [ids for _, _, ids in world.sent] == ["a b", "c"]


def test_ids_that_arrive_before_a_retry_go_along() -> None:
    world = World(failures=[DOWN])
    first = world.ask("a")
    second = world.ask("b", B, at=1.5)
    run_until(world.time, 1.4)
    assert isinstance(world.events[0], RequestRetried)
    run_until(world.time, 20)
    assert world.sent == [(0, "a", "a"), (1.5, "b", "b"), (2, "a", "a")]
    assert (got(first), got(second)) == ({"a": "A"}, {"b": "B"})


def test_a_failed_request_is_not_sent_again_by_somebody_else_before_its_wait_is_over() -> None:
    world = World(per_min=1, failures=[DOWN])
    world.ask("a")
    world.ask("b", B, at=30)
    run_until(world.time, 200)
    assert [ids for _, _, ids in world.sent] == ["a", "b", "a"]


def test_a_429_loses_nothing_and_asks_nothing_twice() -> None:
    world = World(per_min=60, failures=[too_many(10)])
    first, second = world.ask("a b"), world.ask("c", B, at=5)
    run_until(world.time, 60)
    assert got(first) == {"a": "A", "b": "B"}
    assert got(second) == {"c": "C"}
    assert world.answered == Counter("abc")
    # A has had its turn, so B goes first, and takes along what was refused
    assert world.sent == [(0, "a", "a b"), (11, "b", "a b c")]


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("configs", [1, 2, 5])
def test_ids_that_are_refused_five_times_in_a_row_fail_whoever_asks_for_them(configs: int, same: bool) -> None:
    world = World(failures=[too_many(60) for _ in range(50)])
    asked = [
        world.ask(" ".join(f"{0 if same else number}:{index}" for index in range(50)), config(str(number)))
        for number in range(configs)
    ]
    run_until(world.time, 5000)
    refused = Counter(id_ for _, _, ids in world.sent for id_ in ids.split())
    assert set(refused.values()) == {5}
    for answer in asked:
        assert isinstance(answer.error, FigmaError)
        assert answer.error.problems[0].code == "figma.refused-repeatedly"


def test_ids_that_came_along_with_those_that_fail_wait_for_another_request() -> None:
    world = World(failures=[too_many(60) for _ in range(5)])
    old = world.ask("a")
    late = world.ask("b", B, at=200)
    run_until(world.time, 1000)
    assert [ids for _, _, ids in world.sent] == ["a", "a", "a", "a", "a b", "b"]
    assert isinstance(old.error, FigmaError)
    assert got(late) == {"b": "B"}


def test_refusals_of_ids_that_nobody_waits_for_any_more_do_not_count_when_they_are_asked_anew() -> None:
    world = World(failures=[too_many(60) for _ in range(4)])
    answered, gone = world.ask("a"), world.ask("b", B)
    do_at(world.time, 200, gone.dispose)
    run_until(world.time, 400)
    assert got(answered) == {"a": "A"}
    world.failures = [too_many(60) for _ in range(4)]
    again = world.ask("b", C)
    run_until(world.time, 1000)
    assert got(again) == {"b": "B"}


def test_a_refused_request_whose_file_gets_locked_meanwhile_fails_once() -> None:
    world = World(failures=[too_many(10), too_many(100_000, plan="pro")])
    of = lookup(portion=1)
    first, second = world.ask("a", of=of), world.ask("b", B, of=of)
    run_until(world.time, 60)
    assert isinstance(first.error, LockedOut)
    assert isinstance(second.error, LockedOut)
    assert len(world.sent) == 2


def test_a_failure_that_stays_fails_with_its_own_words() -> None:
    world = World(failures=[DOWN, DOWN, DOWN])
    answer = world.ask("a")
    run_until(world.time, 60)
    assert isinstance(answer.error, FigmaUnavailable)
    assert "asked 3 times" in answer.error.problems[0].message


def test_an_answer_that_makes_no_sense_fails_those_who_asked() -> None:
    world = World(failures=[Response(200, {"odd": True})])
    answer = world.ask("a")
    run_until(world.time, 10)
    assert isinstance(answer.error, FigmaError)
    assert answer.error.problems[0].code == "figma.odd-answer"


def test_a_lock_out_fails_what_is_behind_it_and_takes_back_nothing() -> None:
    world = World(failures=[Response(200, {"values": {"a": "A"}}), too_many(100_000, plan="pro")])
    known = world.ask("a")
    run_until(world.time, 5)
    locked = world.ask("b")
    run_until(world.time, 10)
    also = world.ask("c", B)
    still = world.ask("a", C)
    run_until(world.time, 20)
    assert isinstance(locked.error, LockedOut)
    assert isinstance(also.error, LockedOut)
    assert (got(known), got(still)) == ({"a": "A"}, {"a": "A"})
    assert len(world.sent) == 2


# ── leaving ──


def test_one_of_several_who_leaves_changes_nothing_for_the_others() -> None:
    world = World()
    first, second = world.ask("a b"), world.ask("b", B)
    do_at(world.time, 0.5, first.dispose)
    run_until(world.time, 10)
    assert first == []
    assert got(second) == {"b": "B"}
    assert world.cancelled == 0


def test_ids_that_nobody_wants_any_more_are_not_sent() -> None:
    world = World(per_min=10)
    for number in range(3):
        world.ask("x", C, of=lookup(f"Burst{number}"))
    gone = world.ask("a b", A, at=1)
    stays = world.ask("b c", B, at=1)
    do_at(world.time, 3, gone.dispose)
    run_until(world.time, 20)
    assert world.sent[3:] == [(6, "b", "b c")]
    assert got(stays) == {"b": "B", "c": "C"}


def test_when_all_have_left_before_the_permit_nothing_goes() -> None:
    world = World(settle=1.0)
    answers = [world.ask("a"), world.ask("a", B)]
    for answer in answers:
        do_at(world.time, 0.5, answer.dispose)
    run_until(world.time, 20)
    assert world.sent == []


def test_when_all_have_left_on_the_way_the_request_is_cancelled_and_may_be_asked_anew() -> None:
    world = World()
    answers = [world.ask("a"), world.ask("a", B)]
    for answer in answers:
        do_at(world.time, 0.5, answer.dispose)
    run_until(world.time, 5)
    assert world.cancelled == 1
    again = world.ask("a", C)
    run_until(world.time, 10)
    assert got(again) == {"a": "A"}


def test_whoever_is_answered_may_ask_for_more_at_that_moment_or_leave() -> None:
    world = World(latency_s=1.0)
    more: list[Timeline[Answers]] = []
    parts: list[Answers] = []

    def take(part: Answers) -> None:
        parts.append(part)
        more.append(world.ask("a c", B))
        subscription.dispose()

    subscription = world.look_up(lookup(portion=1), ["a", "b"], A).subscribe(take)
    run_until(world.time, 10)
    assert parts == [{"a": "A"}]
    assert got(more[0]) == {"a": "A", "c": "C"}


# ── what it saves ──


def test_a_saved_request_is_counted_for_each_config_that_would_have_needed_its_own() -> None:
    world = World()
    of = lookup(portion=2)
    world.ask("a b c d", A, of=of)
    world.ask("a b", B, of=of)
    world.ask("c", C, of=of)
    run_until(world.time, 10)
    assert len(world.sent) == 2
    # A and C paid for one each; A would have needed two alone, B one
    assert [(payer, ids) for _, payer, ids in world.sent] == [("a", "a b"), ("c", "c d")]
    assert Counter(world.shared) == {"a.yaml": 1, "b.yaml": 1}
    world.ask("a b c d", config("late"), of=of)
    run_until(world.time, 20)
    assert world.shared.count("late.yaml") == 2


# ── all of it ──


@dataclass(frozen=True)
class Wish:
    """An ask of the property below; times in tenths of a second."""

    who: int
    ids: Sequence[int]
    at: int
    leaves_after: int | None


wishes = st.lists(
    st.builds(
        Wish,
        who=st.integers(0, 3),
        ids=st.lists(st.integers(0, 30), max_size=12),
        at=st.integers(1, 300),
        leaves_after=st.one_of(st.none(), st.none(), st.integers(0, 80)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=120, deadline=None)
@given(
    wishes=wishes,
    per_min=st.sampled_from([5, 10, 60, 600]),
    portion=st.integers(1, 8),
    most=st.integers(1, 12),
    settle=st.sampled_from([0.0, 0.05]),
    failures=st.lists(st.sampled_from([DOWN, too_many(3), too_many(None), too_many(0)]), max_size=3),
)
def test_everybody_gets_exactly_what_they_asked_for_and_no_id_is_answered_twice(
    wishes: list[Wish], per_min: int, portion: int, most: int, settle: float, failures: list[Exception]
) -> None:
    world = World(per_min=per_min, settle=settle, most=most, failures=[*failures], gone=frozenset({"7"}))
    of = lookup(portion=portion)
    asked: list[tuple[Wish, Timeline[Answers]]] = []
    for wish in wishes:
        answer = world.ask(" ".join(map(str, wish.ids)), config("abcd"[wish.who]), at=wish.at / 10, of=of)
        asked.append((wish, answer))
        if wish.leaves_after is not None:
            do_at(world.time, (wish.at + wish.leaves_after) / 10, answer.dispose)
    run_until(world.time, 100_000)
    for wish, answer in asked:
        whole = got(answer)
        assert whole.items() <= {str(id_): None if id_ == 7 else str(id_) for id_ in wish.ids}.items()
        if wish.leaves_after is None and answer.error is None:
            assert whole.keys() == set(map(str, wish.ids))
            assert answer.completed_at is not None
        assert answer.error is None or isinstance(answer.error, FigmaUnavailable)
    if all(wish.leaves_after is None for wish in wishes):
        assert set(world.answered.values()) <= {1}
        assert world.cancelled == 0
    for request in world.requests:
        assert 1 <= len(dict(request.query)["ids"].split(",")) <= 2 * portion
        assert "" not in dict(request.query)["ids"].split(",")


def test_ids_that_nobody_waits_for_any_more_linger_for_whoever_comes_right_behind() -> None:
    world = World(linger_s=3, latency_s=2.0)
    first = timeline(world.time, world.look_up(lookup(), ["a", "b"], A))
    do_at(world.time, 1, first.dispose)
    second = timeline(world.time, world.look_up(lookup(), ["a", "b"], A), at=1.5)
    run_until(world.time, 100)
    assert first == []
    assert second.values == [{"a": "A", "b": "B"}]
    assert len(world.sent) == 1


def test_ids_that_nobody_comes_for_are_let_go() -> None:
    world = World(linger_s=3, latency_s=20.0)
    first = timeline(world.time, world.look_up(lookup(), ["a"], A))
    do_at(world.time, 1, first.dispose)
    run_until(world.time, 100)
    assert world.cancelled == 1
