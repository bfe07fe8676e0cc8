"""Configs that failed for a reason that passes, in virtual time."""

import reactivex as rx
from reactivex import Observable
from reactivex.testing import TestScheduler

from exfig_rx.errors import FigmaRefused, FigmaUnavailable
from exfig_rx.events import ConfigFailed, ConfigSucceeded
from exfig_rx.model import AssetCounts, ConfigId, FileCounts, Problem
from exfig_rx.watch.recovery import AFTER_S, FIRST_S, MOST_S, Recovery
from exfig_rx.watch_events import ConfigQueued, ConfigRemoved
from tests.virtual_time import Timeline, do_at, run_until, timeline

A, B = (ConfigId(f"/{name}.yaml", f"{name}.yaml", f"{name}.yaml") for name in "ab")

DAY_S = 86_400.0


class Outage:
    """A network that is gone until `back_at`, and a lock-out that ends at `opens_at`."""

    def __init__(self, back_at: float = 0.0, opens_at: float | None = None) -> None:
        self.time = TestScheduler()
        self.back_at = back_at
        self.opens_at = opens_at
        self.glances: list[float] = []
        self.refusal: Exception | None = None
        self.recovery = Recovery(self._glance, lambda: self.opens_at, self.time, lambda: self.time.clock)
        self.recovered: Timeline[tuple[ConfigId, ...]] = timeline(self.time, self.recovery.recovered)

    def _glance(self, _: ConfigId) -> Observable[object]:
        self.glances.append(self.time.clock)
        if self.refusal is not None:
            return rx.throw(self.refusal)
        if self.time.clock < self.back_at:
            return rx.throw(FigmaUnavailable(Problem("figma.no-answer", "nobody answers")))
        return rx.of("1")

    def fails(self, at: float, config: ConfigId, *codes: str) -> None:
        problems = tuple(Problem(code, "it failed") for code in codes)
        do_at(self.time, at, lambda: self.recovery.saw(ConfigFailed(at, config, problems)))


def test_when_somebody_answers_again_all_that_failed_run_together() -> None:
    outage = Outage()
    outage.fails(10, A, "figma.no-answer")
    outage.fails(12, B, "figma.server-error", "download.cut")
    run_until(outage.time, 1000)
    assert outage.recovered == [(10 + FIRST_S, (A, B))]
    assert outage.glances == [10 + FIRST_S]


def test_one_small_question_is_asked_at_growing_intervals_however_many_failed() -> None:
    outage = Outage(back_at=DAY_S / 2)
    for number in range(100):
        outage.fails(10 + number / 100, ConfigId(f"/{number}", "", ""), "figma.no-answer")
    run_until(outage.time, DAY_S)
    waits = [after - before for before, after in zip([10.0, *outage.glances], outage.glances, strict=False)]
    assert waits[:6] == [15, 30, 60, 120, 240, 480]
    assert set(waits[6:]) == {MOST_S}
    assert len(outage.recovered) == 1
    assert len(outage.recovered.values[0]) == 100
    assert DAY_S / 2 <= outage.recovered.times[0] <= DAY_S / 2 + MOST_S


def test_after_a_success_the_next_outage_begins_with_a_short_wait() -> None:
    outage = Outage(back_at=100)
    outage.fails(0.5, A, "figma.no-answer")
    run_until(outage.time, 200)
    outage.recovery.saw(ConfigSucceeded(200, A, AssetCounts(), FileCounts()))
    outage.fails(300, A, "figma.no-answer")
    run_until(outage.time, 400)
    assert outage.recovered.times[-1] == 300 + FIRST_S


def test_what_fails_again_although_somebody_answers_waits_longer_each_time() -> None:
    outage = Outage()
    outage.fails(10, A, "download.no-answer")
    run_until(outage.time, 30)
    outage.fails(31, A, "download.no-answer")
    run_until(outage.time, 100)
    assert outage.recovered.times == [25, 61]


def test_the_end_of_a_lock_out_is_waited_for_without_a_question() -> None:
    outage = Outage(opens_at=3 * DAY_S)
    outage.fails(10, A, "figma.locked-out")
    outage.fails(11, B, "figma.locked-out")
    run_until(outage.time, 4 * DAY_S)
    assert outage.recovered == [(3 * DAY_S + AFTER_S, (A, B))]
    assert outage.glances == []


def test_what_does_not_pass_by_itself_waits_for_somebody_to_mend_it() -> None:
    outage = Outage()
    outage.fails(10, A, "figma.not-found")
    outage.fails(10, B, "figma.no-answer", "config.unknown-key")
    run_until(outage.time, DAY_S)
    assert outage.recovered == []


def test_a_config_that_is_gone_or_runs_anyway_is_not_run_for_it() -> None:
    outage = Outage()
    outage.fails(10, A, "figma.no-answer")
    outage.fails(10, B, "figma.no-answer")
    do_at(outage.time, 11, lambda: outage.recovery.saw(ConfigRemoved(11, A)))
    do_at(outage.time, 12, lambda: outage.recovery.saw(ConfigQueued(12, B, "edited")))
    run_until(outage.time, 1000)
    assert [configs for configs in outage.recovered.values if configs] == []


def test_a_refusal_is_an_answer_too() -> None:
    outage = Outage()
    outage.refusal = FigmaRefused(Problem("figma.missing-scope", "no scope"), status=403)
    outage.fails(10, A, "figma.no-answer")
    run_until(outage.time, 1000)
    assert outage.recovered == [(10 + FIRST_S, (A,))]


def test_a_lock_out_of_days_keeps_nobody_who_waits_for_something_else() -> None:
    outage = Outage(opens_at=4 * DAY_S)
    outage.fails(10, A, "figma.locked-out")
    outage.fails(60, B, "download.cut")
    run_until(outage.time, 1000)
    assert outage.recovered.times == [60 + FIRST_S]
