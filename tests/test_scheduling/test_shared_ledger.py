"""Two runs of one user with one token, in one virtual time: together they keep the rules of one."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

import pytest
import reactivex as rx
from hypothesis import given, settings
from hypothesis import strategies as st
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler

from exfig_rx.errors import LockedOut
from exfig_rx.events import Paused, RequestSent, Warned
from exfig_rx.model import Request, Response, Tier
from exfig_rx.scheduling.budgets import COURTESY_US
from exfig_rx.scheduling.ledger import News, Refusal, Sent
from exfig_rx.scheduling.limits import Limits, asked_wait_s
from exfig_rx.scheduling.scheduler import RequestScheduler
from tests.test_scheduling.figma import OK, A, Figma, at_once, request, too_many
from tests.test_scheduling.test_guarantees import room_at
from tests.virtual_time import now, run_until, timeline

T = TypeVar("T")

LIMITS = Limits((10, 25, 50), "test")


@dataclass(frozen=True)
class Waits:
    """That somebody waits to send this."""

    send: Sent


@dataclass
class Shared:
    """What the disk would hold, with who wrote it."""

    log: list[tuple[object, Sent | Refusal | tuple[str, str] | Waits]] = field(default_factory=list)

    def of(self, kind: type[T]) -> list[T]:
        """All entries of a kind."""
        return [entry for _, entry in self.log if isinstance(entry, kind)]


class MemoryLedger:
    """A `Ledger` without a disk; one for each run."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._heard = 0

    def recall(self) -> News:
        log = self._shared.log
        new = [entry for run, entry in log[self._heard :] if run is not self]
        self._heard = len(log)
        return News(
            tuple(entry for entry in new if isinstance(entry, Sent)),
            tuple(entry.send for entry in new if isinstance(entry, Waits)),
            dict(entry for entry in new if isinstance(entry, tuple)),
            tuple(entry for entry in new if isinstance(entry, Refusal)),
        )

    def claim(self, send: Sent, allowed: Callable[[News], bool]) -> bool:
        if not allowed(self.recall()):
            return False
        self._shared.log.append((self, send))
        return True

    def wait(self, send: Sent) -> None:
        self._shared.log.append((self, Waits(send)))

    def learn(self, file_key: str, plan: str, until: float) -> None:
        self._shared.log.append((self, (file_key, plan)))

    def refused(self, refusal: Refusal) -> None:
        self._shared.log.append((self, refusal))


def run_of(figma: Figma, shared: Shared, limits: Limits = LIMITS, jitter: float = 0.0) -> RequestScheduler:
    return RequestScheduler(figma.send, limits, reactor=figma.time, jitter=lambda: jitter, ledger=MemoryLedger(shared))


def test_two_runs_side_by_side_send_what_one_may() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time)
    runs = [run_of(figma, shared), run_of(figma, shared)]
    for name, run in zip("ab", runs, strict=True):
        for _ in range(7):
            timeline(time, run(request(name)))
    run_until(time, 70)
    expected = [0, 0, 0, 6, 12, 18, 24, 30, 36, 42, 60.4, 60.4, 60.4, 66.4]
    assert [at for at, _ in figma.sent] == pytest.approx(expected, abs=COURTESY_US / 1e6 * 4)
    assert figma.names.count("a") == figma.names.count("b")


def test_a_run_right_after_another_goes_on_where_that_one_stopped() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time)
    for _ in range(3):
        timeline(time, run_of(figma, shared)(request("first")))
    run_until(time, 1)
    for _ in range(2):
        timeline(time, run_of(figma, shared)(request("second")))
    run_until(time, 30)
    assert figma.sent == [(0, "first"), (0, "first"), (0, "first"), (6, "second"), (12, "second")]


def test_a_429_of_one_run_holds_up_the_other() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time, answers={"a": [too_many(20)]})
    first, second = run_of(figma, shared), run_of(figma, shared)
    events = timeline(time, second.events)
    timeline(time, first(request("a")))
    timeline(time, second(request("b")), at=5)
    run_until(time, 60)
    assert next(at for at, what in figma.sent if what == "b") >= 20
    (pause,) = [event for event in events.values if isinstance(event, Paused)]
    # half a second later than the one that was refused, which goes first
    assert (pause.at, pause.until) == (5, 20.5)
    assert figma.names == ["a", "a", "b"]
    assert pause.reason == "HTTP 429 for another run with this token"


def test_after_a_429_all_runs_come_back_at_the_lowered_pace_the_refused_one_first_and_share_it() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time, 1.0, answers={"a": [too_many(60)]})
    first, second = run_of(figma, shared, jitter=0.3), run_of(figma, shared, jitter=0.1)
    for _ in range(20):
        timeline(time, first(request("a")))
        timeline(time, second(request("b")), at=2)
    run_until(time, 300)
    before, after = figma.sent[:3], figma.sent[3:]
    assert [what for _, what in before] == ["a", "a", "a"]
    assert after[0] == (60 + 1 + 0.3, "a")
    # one send in the bucket, as for one run, and a pace that was lowered and climbs for both
    spacings = [later - earlier for (earlier, _), (later, _) in pairwise(after[:8])]
    assert all(6 < spacing < 60 / 7 for spacing in spacings)
    # they take turns, although the pace of one is at times a little ahead of the other's
    for stretch in (after[:6], after[:12], after[:24]):
        shares = Counter(what for _, what in stretch)
        assert abs(shares["a"] - shares["b"]) <= 2


def test_a_run_with_one_request_has_its_turn_beside_one_that_has_a_hundred() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time)
    many, single = run_of(figma, shared), run_of(figma, shared)
    for _ in range(100):
        timeline(time, many(request("many")))
    for at in (1.0, 100.0, 200.0):
        timeline(time, single(request("single")), at=at)
    run_until(time, 300)
    # at the first time that there is room, or at the second where the other run did not know of it yet
    for arrived, left in zip((1, 100, 200), [at for at, what in figma.sent if what == "single"], strict=True):
        assert sum(arrived < at < left for at, _ in figma.sent) <= 1


def test_a_run_hears_of_a_lock_out_and_of_plans_that_another_was_told_of_meanwhile() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time, answers={"a": [too_many(9999, plan="starter")]})
    first, second = run_of(figma, shared), run_of(figma, shared)
    events = timeline(time, second.events)
    timeline(time, first(request("a", file_key="Key")))
    locked = timeline(time, second(request("b", file_key="Key")), at=100)
    styles = timeline(time, second(request("styles", file_key="Key", tier=Tier.THREE, leads_to=Tier.ONE)), at=101)
    other = timeline(time, second(request("c", file_key="Other")), at=102)
    run_until(time, 200)
    assert isinstance(locked.error, LockedOut)
    assert isinstance(styles.error, LockedOut)
    assert other.values == [OK]
    assert figma.names == ["a", "c"]
    notes = [event.problem.code for event in events.values if isinstance(event, Warned)]
    assert notes == ["figma.lower-plan"]


def test_what_refusals_teach_is_handed_on() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time, answers={"a": [too_many(5, plan="org", limit_type="high"), too_many(9999, plan="org")]})
    timeline(time, run_of(figma, shared, Limits((20, 100, 150), "test", "enterprise"))(request("a", file_key="Key")))
    run_until(time, 60)
    assert dict(shared.of(tuple)) == {"Key": "organization"}
    told = [(refusal.tier, refusal.file_key, refusal.plan, refusal.until) for refusal in shared.of(Refusal)]
    assert told == [(Tier.ONE, "Key", "org", 5), (Tier.ONE, "Key", "org", pytest.approx(9999, abs=20))]


def test_a_claim_that_others_held_up_is_made_anew_since_it_would_leave_later_than_it_was_counted() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time)

    class Held(MemoryLedger):
        """Somebody else writes for five seconds, once."""

        def claim(self, send: Sent, allowed: Callable[[News], bool]) -> bool:
            if send.at_us == 1_000_000:
                MemoryLedger(shared).claim(Sent(Tier.TWO, "", 1_000_000), lambda _: True)
                time._clock = time.to_seconds(time._clock) + 5
            return super().claim(send, allowed)

    run = RequestScheduler(figma.send, LIMITS, reactor=time, jitter=lambda: 0.0, ledger=Held(shared))
    events = timeline(time, run.events)
    timeline(time, run(request("a")), at=1)
    run_until(time, 10)
    assert figma.sent == [(6, "a")]
    assert [event.at for event in events.values if isinstance(event, RequestSent)] == [6]


@given(
    limit=st.integers(1, 25),
    burst=st.integers(1, 4),
    arrivals=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 400)), min_size=1, max_size=50),
)
def test_however_many_runs_there_are_they_keep_the_pace_of_one_and_idle_no_more(
    limit: int, burst: int, arrivals: list[tuple[int, int]]
) -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time)
    limits = Limits((limit, limit, limit), "test")
    runs = [
        RequestScheduler(figma.send, limits, reactor=time, burst=burst, ledger=MemoryLedger(shared)) for _ in range(3)
    ]
    for index, tenths in arrivals:
        timeline(time, runs[index](request("x", A)), at=tenths / 10)
    run_until(time, 100_000)
    times = [round(at * 1_000_000) for at, _ in figma.sent]
    wanted = sorted(tenths * 100_000 for _, tenths in arrivals)
    assert len(times) == len(arrivals)
    for index, at in enumerate(times):
        room = max(wanted[index], room_at(times[:index], limit, burst))
        assert room <= at <= room + COURTESY_US


@settings(max_examples=60, deadline=None)
@given(
    limit=st.integers(1, 25),
    arrivals=st.lists(
        st.tuples(st.integers(0, 1), st.integers(1, 400), st.sampled_from([0.0, 0.5, 3.0])), min_size=1, max_size=30
    ),
    refusals=st.dictionaries(st.integers(1, 30), st.sampled_from([0.0, 1.0, 7.0, 40.0, None]), max_size=4),
)
def test_two_runs_keep_window_and_pauses_of_one_and_answer_everybody(
    limit: int, arrivals: list[tuple[int, int, float]], refusals: dict[int, float | None]
) -> None:
    time, shared = TestScheduler(), Shared()
    times: list[float] = []
    closed_until = 0.0

    def send(asked: Request) -> Observable[Response]:
        assert now(time) >= closed_until
        times.append(now(time))
        number = len(times)

        def answer(_: int) -> Observable[Response]:
            nonlocal closed_until
            if number not in refusals:
                return at_once(OK)
            wait_s = asked_wait_s(refusals[number], 0.0)
            closed_until = max(closed_until, now(time) + wait_s)
            return at_once(too_many(refusals[number]))

        return rx.timer(latency_s[asked.what], scheduler=time).pipe(ops.flat_map(answer))

    latency_s = {str(number): latency for number, (_, _, latency) in enumerate(arrivals)}
    limits = Limits((limit, limit, limit), "test")
    runs = [
        RequestScheduler(send, limits, reactor=time, jitter=lambda: 0.25, ledger=MemoryLedger(shared)) for _ in "ab"
    ]
    answers = [
        timeline(time, runs[run](request(str(number), A)), at=tenths / 10)
        for number, (run, tenths, _) in enumerate(arrivals)
    ]
    run_until(time, 100_000)
    assert all(answer.values == [OK] for answer in answers)
    for earlier, later in zip(times, times[limit:], strict=False):
        assert later - earlier >= 60
