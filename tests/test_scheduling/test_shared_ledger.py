"""Two runs of one user with one token, in one virtual time: together they keep the rules of one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from reactivex.testing import TestScheduler

from exfig_rx.events import Paused
from exfig_rx.model import Tier
from exfig_rx.scheduling.ledger import LockOut, News, Sent
from exfig_rx.scheduling.limits import Limits
from exfig_rx.scheduling.scheduler import RequestScheduler
from tests.test_scheduling.figma import A, Figma, no_jitter, request, too_many
from tests.test_scheduling.test_guarantees import room_at
from tests.virtual_time import run_until, timeline

LIMITS = Limits((10, 25, 50), "test")


@dataclass
class Shared:
    """What the disk would hold."""

    sends: list[tuple[object, Sent]] = field(default_factory=list)
    paused_until: float = 0.0
    plans: dict[str, str] = field(default_factory=dict)
    lock_outs: list[LockOut] = field(default_factory=list)


class MemoryLedger:
    """A `Ledger` without a disk; one for each run."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._heard = 0

    def claim(self, send: Sent, allowed: Callable[[News], bool]) -> bool:
        shared = self._shared
        news = tuple(sent for run, sent in shared.sends[self._heard :] if run is not self)
        self._heard = len(shared.sends)
        if not allowed(News(news, shared.paused_until)):
            return False
        shared.sends.append((self, send))
        return True

    def learn(self, file_key: str, plan: str) -> None:
        self._shared.plans[file_key] = plan

    def lock_out(self, lock_out: LockOut) -> None:
        self._shared.lock_outs.append(lock_out)

    def pause(self, until: float) -> None:
        self._shared.paused_until = max(until, self._shared.paused_until)


def run_of(figma: Figma, shared: Shared, limits: Limits = LIMITS) -> RequestScheduler:
    return RequestScheduler(figma.send, limits, reactor=figma.time, jitter=no_jitter, ledger=MemoryLedger(shared))


def test_two_runs_side_by_side_send_what_one_may() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time)
    runs = [run_of(figma, shared), run_of(figma, shared)]
    for name, run in zip("ab", runs, strict=True):
        for _ in range(7):
            timeline(time, run(request(name)))
    run_until(time, 70)
    assert [at for at, _ in figma.sent] == [0, 0, 0, 6, 12, 18, 24, 30, 36, 42, 60.4, 60.4, 60.4, 66.4]


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
    assert (pause.at, pause.until) == (5, 20)
    assert pause.reason == "HTTP 429 for another run with this token"


def test_what_refusals_teach_is_handed_on() -> None:
    time, shared = TestScheduler(), Shared()
    figma = Figma(time, answers={"a": [too_many(5, plan="org", limit_type="high"), too_many(9999, plan="org")]})
    timeline(time, run_of(figma, shared, Limits((20, 100, 150), "test", "enterprise"))(request("a", file_key="Key")))
    run_until(time, 60)
    assert shared.plans == {"Key": "organization"}
    assert [(lock.tier, lock.file_key, lock.plan) for lock in shared.lock_outs] == [(Tier.ONE, "Key", "org")]
    assert shared.paused_until == 5


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
        assert at == max(wanted[index], room_at(times[:index], limit, burst))
