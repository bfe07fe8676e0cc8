"""The scheduler beside the obvious alternatives, in virtual time: the table and the picture in docs/scheduler.md.

One load for all: twenty apps export overlapping icons of two files while a catalog of forty big frames is in the queue
before them, at ten requests a minute, against a Figma that enforces that limit over every 60 s. `make docs` makes both.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from unittest.mock import patch

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.testing import TestScheduler

from benchmarks.scheduling import FOREVER_S, Figma, config, renders, wanted
from exfig_rx.model import Request, Response, Send, Tier
from exfig_rx.scheduling import pacer
from exfig_rx.scheduling.coalescer import Coalescer, settle_s
from exfig_rx.scheduling.limits import Limits
from exfig_rx.scheduling.scheduler import RequestScheduler

LIMIT = 10
APPS = 20
FRAMES = 40


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to schedule; `color` and `width` are those of its line, wide ones below so that all are seen."""

    name: str
    color: str
    width: float
    burst: int = 3
    window: bool = True
    fair: bool = True
    together: bool = True


STRATEGIES = (
    Strategy("exfig", "#7fd1cb", 7),
    Strategy("bucket of 10, no window", "#c8553d", 2, burst=LIMIT, window=False),
    Strategy("first come, first served", "#6c5b9e", 3.5, fair=False),
    Strategy("no coalescing", "#b08900", 1.5, together=False),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: tier 1 sends and refusals, and when each app was done, in seconds."""

    sends: tuple[float, ...]
    refused: tuple[float, ...]
    apps_done: tuple[float, ...]
    end: float

    @property
    def most_in_a_minute(self) -> int:
        """The fullest 60 s."""
        return max(sum(start <= at < start + 60 for at in self.sends) for start in self.sends)


def outcome(strategy: Strategy) -> Outcome:
    """Plays the load with one strategy."""
    clock = TestScheduler()
    figma = Figma(clock, limit=LIMIT)
    apps_done: list[float] = []
    everything: list[float] = []
    with _window(strategy.window):
        limits = Limits((LIMIT, 25, 50), "bench")
        scheduler = RequestScheduler(
            figma.send, limits, reactor=clock, burst=strategy.burst, jitter=lambda: 0.0, max_wait_s=3600
        )

        def send(request: Request) -> Observable[Response]:
            # one lane for all is a queue in order of arrival
            return scheduler(request if strategy.fair else replace(request, charged_to=None))

        shared = _coalescer(send, clock)

        def app(number: int) -> Observable[object]:
            look_up = shared if strategy.together else _coalescer(send, clock)
            asked = [look_up(renders(file), ids, config(number)) for file, ids in wanted(number).items()]
            return rx.merge(*asked).pipe(ops.finally_action(lambda: apps_done.append(figma.now())))

        frames: list[Observable[object]] = [
            send(Request(Tier.ONE, f"/v1/images/Catalog/{number}", charged_to=config(-1), file_key="Catalog"))
            for number in range(FRAMES)
        ]
        work = rx.merge(*frames, *map(app, range(APPS))).pipe(
            ops.finally_action(lambda: everything.append(figma.now()))
        )
        work.subscribe(scheduler=clock)
        clock.advance_to(FOREVER_S)
    sends = tuple(at for at, request in figma.sent if request.tier is Tier.ONE)
    return Outcome(sends, tuple(figma.refused), tuple(apps_done), everything[0])


def _coalescer(send: Send, clock: TestScheduler) -> Coalescer:
    return Coalescer(send, reactor=clock, settle_s=settle_s(60 / LIMIT), emit=lambda _: None)


@contextmanager
def _window(kept: bool) -> Iterator[None]:
    """Without the window rule, the pacer is a plain token bucket."""
    if kept:
        yield
    else:
        with patch.object(pacer, "_window_ready", lambda _: 0):
            yield


def outcomes() -> list[tuple[Strategy, Outcome]]:
    """All strategies with what came of them."""
    return [(strategy, outcome(strategy)) for strategy in STRATEGIES]


def table(found: Sequence[tuple[Strategy, Outcome]]) -> str:
    """As Markdown."""
    lines = [
        "| strategy | requests of tier 1 | refused (429) | most in 60 s | first app done | all apps done | all done |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {strategy.name} | {len(one.sends)} | {len(one.refused)} | {one.most_in_a_minute} "
        f"| {one.apps_done[0]:.0f} s | {max(one.apps_done):.0f} s | {one.end:.0f} s |"
        for strategy, one in found
    ]
    return "\n".join(lines)


# ── the picture ──

WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 50, 20, 20, 70


def picture(found: Sequence[tuple[Strategy, Outcome]]) -> str:
    """Requests over time, one line for each strategy, as SVG."""
    longest = max(one.end for _, one in found)
    most = max(len(one.sends) for _, one in found)

    def x(at: float) -> str:
        return f"{LEFT + at / longest * (WIDTH - LEFT - RIGHT):.1f}"

    def y(count: float) -> str:
        return f"{HEIGHT - BOTTOM - count / most * (HEIGHT - TOP - BOTTOM):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for minute in range(0, int(longest / 60) + 1, 2):
        parts.append(f'<path d="M{x(minute * 60)} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{x(minute * 60)}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{minute} min</text>')
    for count in range(0, most + 1, 20):
        parts.append(f'<path d="M{LEFT} {y(count)}H{WIDTH - RIGHT}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(count)}" dy="4" text-anchor="end">{count}</text>')
    for index, (strategy, one) in enumerate(found):
        steps = "".join(f"H{x(at)}V{y(number)}" for number, at in enumerate(one.sends, start=1))
        parts.append(
            f'<path d="M{x(0)} {y(0)}{steps}H{x(one.end)}" fill="none" stroke="{strategy.color}" '
            f'stroke-width="{strategy.width}"/>'
        )
        for at in one.refused:
            count = sum(sent <= at for sent in one.sends)
            parts.append(
                f'<text x="{x(at)}" y="{y(count)}" dy="4" text-anchor="middle" fill="{strategy.color}">✕</text>'
            )
        done = max(one.apps_done)
        parts.append(
            f'<circle cx="{x(done)}" cy="{y(sum(at <= done for at in one.sends))}" r="5" fill="{strategy.color}"/>'
        )
        left = LEFT + index * 175
        parts.append(f'<path d="M{left} {HEIGHT - 34}h22" stroke="{strategy.color}" stroke-width="{strategy.width}"/>')
        parts.append(f'<text x="{left + 28}" y="{HEIGHT - 30}">{strategy.name}</text>')
    parts.append(
        f'<text x="{LEFT}" y="{HEIGHT - 8}" fill="#555">requests of tier 1 sent over time; '
        "● all apps done, ✕ refused with 429</text>"
    )
    return "\n".join([*parts, "</svg>\n"])
