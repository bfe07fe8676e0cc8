"""The request scheduler in virtual time: makespan, requests, cost. Exact where it counts, so that no run is luck.

The lower bound of a makespan is the earliest schedule that obeys burst, spacing and window (60 s, without our margin),
the pauses, and the pace in force at each moment; it is computed here in another way than the scheduler works.
Costs are processor time of one core, user and system, the virtual clock's own included.
"""

import gc
import io
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler
from rich.console import Console

from exfig_rx.errors import RateLimited
from exfig_rx.events import ConfigDiscovered, ConfigStarted, Event, Paused, Resumed
from exfig_rx.fold import reduce
from exfig_rx.model import ConfigId, Lookup, Problem, Request, Response, Tier
from exfig_rx.reactor import Reactor, SteadyLoop
from exfig_rx.run_state import INITIAL, Step
from exfig_rx.scheduling.coalescer import Coalescer, settle_s
from exfig_rx.scheduling.limits import Limits
from exfig_rx.scheduling.portion import Portion
from exfig_rx.scheduling.scheduler import RequestScheduler
from exfig_rx.scheduling.single_flight import SingleFlight
from exfig_rx.state.token import TokenLedger
from exfig_rx.ui.progress import Progress

OK = Response(200, {})
LATENCY_S = 1.0
BURST = 3
FOREVER_S = 10_000_000.0


def config(number: int) -> ConfigId:
    return ConfigId(f"/{number}", f"{number}.yaml", f"{number}.yaml")


@dataclass
class Played:
    """What a scheduler did in virtual time: sends, changes of pace and pauses in seconds."""

    sends: list[float] = field(default_factory=list)
    paces: list[tuple[float, int]] = field(default_factory=list)
    pauses: list[tuple[float, float]] = field(default_factory=list)


def play(work: Sequence[int], limit: int, refused: frozenset[int] = frozenset()) -> Played:
    """`work[i]` requests of config i, all wanted at once; the sends of the numbers `refused` get a 429 of 30 s."""
    clock = TestScheduler()
    played = Played()
    paused_at: list[float] = []

    def now() -> float:
        return float(clock.to_seconds(clock.now))

    def send(_: Request) -> Observable[Response]:
        number = len(played.sends)
        played.sends.append(now())

        def answer(_: int) -> Observable[Response]:
            failure = RateLimited(retry_after_s=30.0)
            return rx.throw(failure, clock) if number in refused else rx.of(OK)

        return rx.timer(LATENCY_S, scheduler=clock).pipe(ops.flat_map(answer))

    def note_pace() -> None:
        pace = line.pacer.pace_per_hour
        if not played.paces or played.paces[-1][1] != pace:
            played.paces.append((now(), pace))

    def keep(event: Event) -> None:
        if isinstance(event, Paused):
            paused_at.append(now())
        elif isinstance(event, Resumed):
            played.pauses.append((paused_at[0], now()))
            paused_at.clear()
            note_pace()

    scheduler = RequestScheduler(send, Limits((limit, limit, limit), "bench"), reactor=clock, jitter=lambda: 0.0)
    line = scheduler._permits._budgets.line(Tier.ONE, "")
    scheduler.events.subscribe(keep)
    asked = [Request(Tier.ONE, "/v1/x", charged_to=config(i)) for i, count in enumerate(work) for _ in range(count)]

    note_pace()
    for request in asked:
        scheduler(request).subscribe(lambda _: note_pace())
    clock.advance_to(FOREVER_S)
    return played


def earliest_end(played: Played, limit: int) -> float:
    """When the last of as many sends could have gone at the earliest, under the rules in force at each moment."""
    paces = [*played.paces, (float("inf"), 0)]
    times: list[float] = []
    level, at = float(BURST), 0.0
    for _ in played.sends:
        while True:
            index = max(i for i, (since, _) in enumerate(paces) if since <= at)
            pace, until = paces[index][1] / 3600, paces[index + 1][0]
            in_force = min(limit, max(1, paces[index][1] // 60))
            ready = at + max(0.0, 1.0 - level) / pace
            if len(times) >= in_force:
                ready = max(ready, times[-in_force] + 60.0)
            pause = next(
                ((start, end) for start, end in played.pauses if at <= start < ready or start <= at < end), None
            )
            stop = min(until, pause[0] if pause is not None and pause[0] > at else float("inf"))
            if pause is not None and pause[0] <= at:
                # after a refusal the bucket holds one send at most
                level, at = min(1.0, level + (pause[1] - at) * pace), pause[1]
                continue
            if ready <= stop:
                level = min(BURST, level + (ready - at) * pace) - 1.0
                at = ready
                times.append(at)
                break
            level, at = min(BURST, level + (stop - at) * pace), stop
    return times[-1]


def makespans() -> dict[str, float]:
    """The worst ratio of makespan to lower bound, without and with 429s."""
    worst = {"without 429s": 0.0, "with 429s": 0.0}
    for limit in (10, 15, 20, 600):
        for configs in (3, 10, 50):
            most = 20 if limit < 100 else 120
            for work in ([most // 2] * configs, [most * configs, *[1] * (configs - 1)]):
                plain = play(work, limit)
                ratio = plain.sends[-1] / earliest_end(plain, limit)
                worst["without 429s"] = max(worst["without 429s"], ratio)
                total = sum(work)
                stormy = play(work, limit, frozenset({total // 5, total // 2, total // 2 + 1, total * 4 // 5}))
                paused = sum(end - start for start, end in stormy.pauses)
                ratio = (stormy.sends[-1] - paused) / (earliest_end(stormy, limit) - paused)
                worst["with 429s"] = max(worst["with 429s"], ratio)
    return worst


# ── requests ──


@dataclass
class Figma:
    """Two files whose icons configs share: answers lists and renders, and counts what was asked."""

    clock: TestScheduler
    sent: list[tuple[float, Request]] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    limit: int | None = None

    def now(self) -> float:
        return float(self.clock.to_seconds(self.clock.now))

    def send(self, request: Request) -> Observable[Response]:
        self.sent.append((self.now(), request))
        if request.tier is Tier.ONE and self.limit is not None:
            within = [at for at, one in self.sent if one.tier is Tier.ONE and at > self.now() - 60]
            if len(within) > self.limit:
                self.refused.append(self.now())
                return rx.throw(RateLimited(retry_after_s=within[-self.limit] + 60 - self.now()), self.clock)
        return rx.timer(LATENCY_S, scheduler=self.clock).pipe(ops.map(lambda _: Response(200, self._body(request))))

    def _body(self, request: Request) -> dict[str, object]:
        ids = dict(request.query).get("ids", "")
        return {"images": {id_: f"https://cdn/{id_}" for id_ in ids.split(",")}}


def renders(file: str) -> Lookup[str]:
    """The SVG renders of a file."""
    path = f"/v1/images/{file}"
    query = (("format", "svg"),)
    return Lookup(Tier.ONE, path, file, "render", parse=lambda body: dict(body["images"]), query=query, portion=200)


def wanted(number: int) -> dict[str, list[str]]:
    """The icons of config `number`: a third of each of two files of 1,500 icons, overlapping with its neighbours."""
    return {
        file: [f"{size}:{(number * 37 * size + i) % 1500}" for i in range(500)]
        for file, size in (("One", 1), ("Two", 2))
    }


def minimum(numbers: Sequence[int], *, grow: bool) -> tuple[int, int]:
    """The fewest requests for these configs: for metadata, and for renders.

    In portions of 200; or in portions that grow to 300 and 400, one after the other, as each allows the next.
    """
    distinct: dict[str, set[str]] = {}
    for number in numbers:
        for file, ids in wanted(number).items():
            distinct.setdefault(file, set()).update(ids)
    requests = 0
    for wanted_ids in distinct.values():
        left, size = len(wanted_ids), 200
        while left > 0:
            requests, left = requests + 1, left - size
            size = min(400, size + size // 2) if grow else size
    return len(distinct), requests


def export(figma: Figma, configs: int, parallel: int, limit: int, *, grow: bool = True) -> tuple[int, int, float]:
    """Metadata and render requests, and seconds, of `configs` with overlapping icons, `parallel` at once.

    Without `grow`, portions stay at 200 however well Figma takes them.
    """
    with nullcontext() if grow else patch.object(Portion, "succeeded", lambda *_: None):
        return _export(figma, configs, parallel, limit)


def _export(figma: Figma, configs: int, parallel: int, limit: int) -> tuple[int, int, float]:
    clock = figma.clock
    limits = Limits((limit, limit * 5 // 2, limit * 5), "bench")
    scheduler = RequestScheduler(figma.send, limits, reactor=clock, jitter=lambda: 0.0)
    ask = SingleFlight(scheduler, lambda _: None, figma.now, clock)
    look_up = Coalescer(scheduler, reactor=clock, settle_s=settle_s(60 / limit), emit=lambda _: None)
    ended: list[float] = []

    def one(number: int) -> Observable[object]:
        def file(key: str, ids: list[str]) -> Observable[object]:
            listing = Request(Tier.THREE, f"/v1/files/{key}/components", charged_to=config(number), file_key=key)
            return ask(listing).pipe(ops.flat_map(lambda _: look_up(renders(key), ids, config(number))))

        return rx.merge(*(file(key, ids) for key, ids in wanted(number).items())).pipe(
            ops.finally_action(lambda: ended.append(figma.now()))
        )

    rx.from_iterable(range(configs)).pipe(ops.map(one), ops.merge(max_concurrent=parallel)).subscribe(scheduler=clock)
    clock.advance_to(FOREVER_S)
    assert len(ended) == configs
    tier1 = sum(request.tier is Tier.ONE for _, request in figma.sent)
    return len(figma.sent) - tier1, tier1, max(ended)


# ── cost ──


def admissions_per_second(limit: int = 600, configs: int = 50, each: int = 600) -> float:
    """Permits given in a second of processor time."""
    return _per_second(limit, configs, each, lambda scheduler, who: scheduler.admit(who, Tier.ONE))


def shared_admissions_per_second(limit: int = 600, configs: int = 50, each: int = 600) -> float:
    """The same with the ledger on disk that all runs of a user share: each permit is a transaction."""
    with TemporaryDirectory() as folder:

        def ledger(clock: TestScheduler) -> TokenLedger:
            def now_s() -> float:
                return clock.to_seconds(clock._clock)

            return TokenLedger(Path(folder), "https://api", "token", now_s=now_s, wall_s=now_s, warn=_fail)

        return _per_second(limit, configs, each, lambda scheduler, who: scheduler.admit(who, Tier.ONE), ledger)


def _fail(problem: Problem) -> None:
    raise AssertionError(problem.message)


def requests_per_second(limit: int = 600, configs: int = 50, each: int = 600) -> float:
    """Permits given and used in a second of processor time, by a sender that answers at once."""

    def ask(scheduler: RequestScheduler, who: ConfigId) -> Observable[Response]:
        return scheduler(Request(Tier.ONE, "/v1/x", charged_to=who))

    return _per_second(limit, configs, each, ask)


def _per_second(
    limit: int,
    configs: int,
    each: int,
    ask: Callable[[RequestScheduler, ConfigId], Observable[Any]],
    ledger: Callable[[TestScheduler], TokenLedger] | None = None,
) -> float:
    clock = TestScheduler()
    shared = None if ledger is None else ledger(clock)
    scheduler = RequestScheduler(lambda _: rx.of(OK), Limits((limit,) * 3, "bench"), reactor=clock, ledger=shared)
    for index in range(configs):
        for _ in range(each):
            ask(scheduler, config(index)).subscribe()
    gc.collect()
    start = time.process_time()
    clock.advance_to(FOREVER_S)
    taken = time.process_time() - start
    if shared is not None:
        shared.close()
    return configs * each / taken


def queued_megabytes(count: int = 100_000) -> float:
    """What this process has taken at most, with `count` requests in the queue; for a process of its own."""
    scheduler = RequestScheduler(lambda _: rx.never(), Limits((1, 1, 1), "bench"), reactor=TestScheduler())
    request = [Request(Tier.ONE, "/v1/x", charged_to=config(index)) for index in range(50)]
    kept = [scheduler(request[index % 50]).subscribe() for index in range(count)]
    assert len(kept) == count
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def idle(*, live: bool, seconds: float = 4.0) -> tuple[float, float]:
    """CPU seconds and wake-ups of a second of waiting for a permit, with the rate sample, on the real reactor.

    What is to be seen is drawn in memory: in lines, or `live` as on a terminal.
    """
    reactor = Reactor(lambda bug: sys.exit(repr(bug)), workers=1)
    scheduler = RequestScheduler(lambda _: rx.of(OK), Limits((1, 1, 1), "bench"), reactor=reactor.scheduler)
    screen = SteadyLoop()
    console = Console(file=io.StringIO(), force_terminal=live, width=80, height=24, _environ={"TERM": "xterm"})
    progress = Progress(console, reactor.now_s, screen, quiet=False, verbose=False, tell_conflicts=False)
    begin = (ConfigDiscovered(0, config(0)), ConfigStarted(0, config(0)))

    def folded(before: Step, event: Event) -> Step:
        return Step(event, reduce(before.state, event))

    def start() -> None:
        events: Observable[Event] = rx.merge(rx.of(*begin), scheduler.events, scheduler.samples())
        progress.follow(events.pipe(ops.scan(folded, Step(None, INITIAL)))).subscribe()
        for _ in range(50):
            scheduler(Request(Tier.ONE, "/v1/x")).subscribe()

    reactor.post(start)
    time.sleep(1.5)
    before, switches = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
    time.sleep(seconds)
    used = time.process_time() - before
    woken = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw - switches - 1
    progress.close()
    reactor.close(0.1)
    screen.dispose()
    return used / seconds, woken / seconds


# ── rows ──


def rows() -> Iterator[tuple[str, float, float | None, str, int]]:
    """What is measured: name, value, bound (None: none), unit, digits. All but the last eight are exact."""
    for (name, ratio), most in zip(makespans().items(), (1.02, 1.05), strict=True):
        yield f"makespan / lower bound, worst of 24 loads {name}", ratio, most, "x", 4
    bounds: tuple[tuple[int, float | None], ...] = ((20, 1.10), (3, None))
    for parallel, bound in bounds:
        for limit in (10, 600):
            where = f"20 configs, icons of 2 files, --parallel {parallel}, --rate-limit {limit}"
            for grow, portions in ((False, "portions of 200"), (True, "portions that grow")):
                fewest = minimum(range(20), grow=grow)
                asked = export(Figma(TestScheduler()), 20, parallel, limit, grow=grow)
                if not grow:
                    yield f"{where}: metadata / minimum", asked[0] / fewest[0], 1.0, "x", 2
                yield f"{where}: renders in {portions} / minimum", asked[1] / fewest[1], None if grow else bound, "x", 2
    yield "a permit, on one core", 1e6 / admissions_per_second(), 50.0, " µs", 2
    yield "a permit with the shared ledger, on one core", 1e6 / shared_admissions_per_second(), 50.0, " µs", 2
    yield "a permit and its request, on one core", 1e6 / requests_per_second(), None, " µs", 2
    yield "100,000 requests queued, whole process", _in_a_child("queued_megabytes()"), 200.0, " MB", 2
    for live, where in ((False, "in a pipe"), (True, "on a terminal")):
        cpu, woken = idle(live=live)
        yield f"CPU of a run that waits {where}", cpu * 100, 0.5, " %", 2
        yield f"wake-ups of a run that waits {where}, a second", woken, 2.0, "", 2


def _in_a_child(expression: str) -> float:
    """A number measured in a process of its own."""
    script = f"from benchmarks import scheduling; print(scheduling.{expression})"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return float(done.stdout)
