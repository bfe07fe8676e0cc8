"""The stack under the pipelines: Figma's API with everything that shares, paces and retries, downloads, rasters.

In: settings, the token, and the configs once they are read, whose needs decide budgets and time-outs. Out: a
`Connection`. Rule: whatever is opened here is closed by `close` and, when nothing works any more, by `remove`; nothing
here subscribes.
"""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from random import random

import reactivex as rx
from reactivex import operators as ops
from reactivex.subject import ReplaySubject

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.pipeline import Services
from exfig_rx.batch.planning import Selection
from exfig_rx.batch.run import Connection
from exfig_rx.download import open_pool
from exfig_rx.events import Event, Warned
from exfig_rx.figma.api import FigmaApi
from exfig_rx.figma.client import HttpClient, checked_address
from exfig_rx.figma.retry import retrying
from exfig_rx.model import Problem, Tier
from exfig_rx.raster.draw import heic_available
from exfig_rx.raster.pool import Rasterizer
from exfig_rx.reactor import DaemonPool, Reactor
from exfig_rx.scheduling.coalescer import Coalescer, settle_s
from exfig_rx.scheduling.ledger import NOTHING_NEW
from exfig_rx.scheduling.limits import Limits, resolve_limits, usual_plan
from exfig_rx.scheduling.portion import Portions
from exfig_rx.scheduling.scheduler import RequestScheduler
from exfig_rx.scheduling.single_flight import SingleFlight
from exfig_rx.settings import Settings
from exfig_rx.state.token import TokenLedger, open_ledger

CONNECTIONS = 16
"""Requests to the API in flight at once; the scheduler gives no permit for one that would have to wait for a thread."""


CLOSING_S = 0.8
"""Seconds that work in progress gets at the end to clean up after itself, so that Ctrl-C ends within one."""


class Stack:
    """Everything that a run talks to; `connect` may be called once."""

    def __init__(self, settings: Settings, token: str, reactor: Reactor) -> None:
        self._settings = settings
        self._token = token
        self._reactor = reactor
        self._cleanups: list[Callable[[], None]] = []
        # when nothing works any more
        self._last_cleanups: list[Callable[[], None]] = []

    def close(self) -> None:
        """End what works in the background."""
        for cleanup in self._cleanups:
            cleanup()

    def remove(self) -> None:
        """Remove what only this run needed; nothing may work any more."""
        for cleanup in self._last_cleanups:
            cleanup()

    def connect(self, configs: Sequence[ValidConfig]) -> Connection:
        """The API stack, inside out: HTTP, scheduler, retries, and on top what shares requests."""
        settings, reactor = self._settings, self._reactor
        # replayed, for what is said before anybody listens: connecting itself may have to tell something
        notices: ReplaySubject[Event] = ReplaySubject()

        def announce(event: Event) -> None:
            reactor.post(lambda: notices.on_next(event))

        ledger = None if settings.sandbox else self._open_ledger(announce)
        memory = ledger.recall() if ledger is not None else NOTHING_NEW
        limits = resolve_limits(
            rate_limit=settings.rate_limit,
            config_limits=[
                (file.id.label, file.config.figma.rate_limit)
                for file in configs
                if file.config.figma is not None and file.config.figma.rate_limit is not None
            ],
            plan=settings.plan,
            learnt=usual_plan(memory.plans.values()),
        )
        scheduler = RequestScheduler(
            self._client(configs, limits),
            limits,
            reactor=reactor.scheduler,
            max_wait_s=settings.max_wait_s,
            burst=settings.burst,
            most_in_flight=CONNECTIONS,
            ledger=ledger,
            memory=memory,
        )
        for file in configs:
            scheduler.weigh(file.id, file.config.priority)
        patient = retrying(
            scheduler, max_retries=settings.max_retries, reactor=reactor.scheduler, emit=announce, random=random
        )
        portions = Portions(ledger.portions(), ledger.keep_portion) if ledger is not None else None
        spacing_s = 60 / limits.of(Tier.ONE)
        look_up = Coalescer(
            patient, reactor=reactor.scheduler, settle_s=settle_s(spacing_s), emit=announce, portions=portions
        )
        api = FigmaApi(SingleFlight(patient, announce, reactor.now_s), look_up)
        services = self._services(api, configs)
        notes = rx.from_iterable([Warned(reactor.now_s(), None, problem) for problem in _notes(settings)])
        events = rx.merge(notes, scheduler.events, notices.pipe(ops.as_observable()), scheduler.samples())
        return Connection(services, limits, events, last_words=scheduler.samples().pipe(ops.take(1)))

    def _services(self, api: FigmaApi, configs: Sequence[ValidConfig]) -> Services:
        """What pipelines need, and a folder for what they download and draw, which is gone with the run."""
        settings, reactor = self._settings, self._reactor
        folder = tempfile.mkdtemp(prefix="exfig-")
        downloads = open_pool(
            folder,
            connections=settings.concurrent_downloads,
            most_bytes=settings.most_asset_bytes,
            reactor=reactor,
            max_retries=settings.max_retries,
            random=random,
            timeout_s=settings.timeout_s,
        )
        for file in configs:
            downloads.weigh(file.id, file.config.priority)
        rasterizer = Rasterizer(folder, reactor=reactor)
        # Configs can share files of the user, which a commit reads and writes: one at a time.
        commits = DaemonPool(1, "exfig-commit")
        self._cleanups += [downloads.close, rasterizer.close, lambda: commits.drain(CLOSING_S)]
        self._last_cleanups.append(lambda: shutil.rmtree(folder, ignore_errors=True))
        return Services(
            api,
            downloads,
            rasterizer,
            reactor.blocking,
            reactor.on(commits),
            reactor.now_s,
            settings.output_root,
            can_heic=heic_available(),
            is_strict=settings.strict,
            selection=Selection(settings.only, settings.name_filter, settings.no_sync),
        )

    def _client(self, configs: Sequence[ValidConfig], limits: Limits) -> HttpClient:
        settings, reactor = self._settings, self._reactor
        blocks = [file.config.figma for file in configs if file.config.figma is not None]
        timeouts = [block.timeout for block in blocks if block.timeout is not None]
        return HttpClient(
            self._start_sandbox(limits.per_min) if settings.sandbox else settings.figma_url,
            self._token,
            timeout_s=settings.timeout_s or max(timeouts, default=None),
            connections=CONNECTIONS,
            blocking=reactor.on(DaemonPool(CONNECTIONS, "exfig-http")),
            wall_s=reactor.wall_s,
        )

    def _open_ledger(self, announce: Callable[[Event], None]) -> TokenLedger:
        """What other runs of this user sent and learnt with the same token at the same address."""
        reactor = self._reactor
        ledger = open_ledger(
            self._settings,
            checked_address(self._settings.figma_url),
            self._token,
            now_s=reactor.now_s,
            wall_s=reactor.wall_s,
            warn=lambda problem: announce(Warned(reactor.now_s(), None, problem)),
        )
        self._cleanups.append(lambda: reactor.post(ledger.close))
        return ledger

    def _start_sandbox(self, limits: tuple[int, int, int]) -> str:
        from exfig_rx.sandbox.server import Sandbox  # asyncio, which nothing else needs

        sandbox = Sandbox(limits=limits)
        self._cleanups.append(sandbox.stop)
        return sandbox.start()


def _notes(settings: Settings) -> list[Problem]:
    """What people should know about how they called us."""
    if not settings.retired:
        return []
    flags = ", ".join(settings.retired)
    return [Problem("usage.retired-option", f"{flags}: options of the older ExFig, without effect here")]
