"""The stack under the pipelines: Figma's API with everything that shares, paces and retries, downloads, rasters.

In: settings, the token, and the configs once they are read, whose needs decide budgets and time-outs. Out: a
`Connection`. Rule: whatever is opened here is closed by `close` and, when nothing works any more, by `remove`; nothing
here subscribes.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import random

import reactivex as rx
from reactivex import operators as ops
from reactivex.subject import ReplaySubject

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.entries import Selection
from exfig_rx.batch.pruning import Neighbours
from exfig_rx.batch.run import Connection
from exfig_rx.batch.services import Services
from exfig_rx.download import open_pool
from exfig_rx.events import Event, Warned
from exfig_rx.figma.api import FigmaApi
from exfig_rx.figma.client import HttpClient, checked_address
from exfig_rx.figma.retry import retrying
from exfig_rx.model import Problem, Tier
from exfig_rx.project import ProjectState
from exfig_rx.raster.draw import heic_available
from exfig_rx.raster.pool import Rasterizer
from exfig_rx.reactor import DaemonPool, Reactor
from exfig_rx.scheduling.coalescer import Coalescer, settle_s
from exfig_rx.scheduling.ledger import NOTHING_NEW, News
from exfig_rx.scheduling.limits import Limits, resolve_limits, usual_plan
from exfig_rx.scheduling.portion import Portions
from exfig_rx.scheduling.scheduler import RequestScheduler
from exfig_rx.scheduling.single_flight import SingleFlight
from exfig_rx.settings import Caching, Settings
from exfig_rx.state.token import TokenLedger, open_ledger

CONNECTIONS = 16
"""Requests to the API in flight at once; the scheduler gives no permit for one that would have to wait for a thread."""

OFFLINE = Limits((0, 0, 0), "offline")
"""The limits of a run that asks nothing."""

CLOSING_S = 0.8
"""Seconds that work in progress gets at the end to clean up after itself, so that Ctrl-C ends within one."""


class Stack:
    """Everything that a run talks to; `connect` may be called once.

    `directory` is where the project keeps its state; None for a run that writes no files.
    """

    def __init__(self, settings: Settings, token: str, reactor: Reactor, directory: Path | None = None) -> None:
        self._settings = settings
        self._directory = directory
        self._token = token
        self._reactor = reactor
        self._cleanups: list[Callable[[], None]] = []
        self._state: ProjectState | None = None

    def close(self) -> None:
        """End what works in the background."""
        for cleanup in self._cleanups:
            cleanup()

    def remove(self, *, is_whole: bool) -> None:
        """Remove what only this run needed; nothing may work any more. `is_whole`: it did all that it was to do."""
        if self._state is not None:
            self._state.close(is_whole=is_whole)

    def connect(self, configs: Sequence[ValidConfig]) -> Connection:
        """The API stack, inside out: HTTP, scheduler, retries, and on top what shares requests."""
        settings, reactor = self._settings, self._reactor
        # replayed, for what is said before anybody listens: connecting itself may have to tell something
        notices: ReplaySubject[Event] = ReplaySubject()

        def announce(event: Event) -> None:
            reactor.post(lambda: notices.on_next(event))

        state = self._state = ProjectState(
            settings,
            self._directory,
            reactor,
            configs,
            warn=lambda problem: announce(Warned(reactor.now_s(), None, problem)),
        )
        self._cleanups.append(lambda: state.drain(CLOSING_S))
        notes = rx.from_iterable([Warned(reactor.now_s(), None, problem) for problem in _notes(settings)])
        told = rx.merge(notes, notices.pipe(ops.as_observable()))
        if settings.caching is Caching.OFFLINE:
            from exfig_rx.figma import offline

            ask = SingleFlight(state.remembered.asking(offline.refuse), announce, reactor.now_s)
            api = FigmaApi(ask, state.remembered.looking_up(offline.look_up_nothing))
            return Connection(self._services(api, configs, state), OFFLINE, told, last_words=rx.empty())
        ledger = None if settings.sandbox else self._open_ledger(announce)
        memory = ledger.recall() if ledger is not None else NOTHING_NEW
        limits = self._limits(configs, memory)
        scheduler = self._scheduler(configs, limits, ledger, memory)
        patient = retrying(
            scheduler, max_retries=settings.max_retries, reactor=reactor.scheduler, emit=announce, random=random
        )
        portions = Portions(ledger.portions(), ledger.keep_portion) if ledger is not None else None
        look_up = Coalescer(
            state.remembered.sending(patient),
            reactor=reactor.scheduler,
            settle_s=settle_s(60 / limits.of(Tier.ONE)),
            emit=announce,
            portions=portions,
        )
        ask = SingleFlight(state.remembered.asking(patient), announce, reactor.now_s)
        api = FigmaApi(ask, state.remembered.looking_up(look_up))
        events = rx.merge(told, scheduler.events, scheduler.samples())
        services = self._services(api, configs, state)
        return Connection(services, limits, events, last_words=scheduler.samples().pipe(ops.take(1)))

    def _limits(self, configs: Sequence[ValidConfig], memory: News) -> Limits:
        return resolve_limits(
            rate_limit=self._settings.rate_limit,
            config_limits=[
                (file.id.label, file.config.figma.rate_limit)
                for file in configs
                if file.config.figma is not None and file.config.figma.rate_limit is not None
            ],
            plan=self._settings.plan,
            learnt=usual_plan(memory.plans.values()),
        )

    def _scheduler(
        self, configs: Sequence[ValidConfig], limits: Limits, ledger: TokenLedger | None, memory: News
    ) -> RequestScheduler:
        settings = self._settings
        scheduler = RequestScheduler(
            self._client(configs, limits),
            limits,
            reactor=self._reactor.scheduler,
            max_wait_s=settings.max_wait_s,
            burst=settings.burst,
            most_in_flight=CONNECTIONS,
            ledger=ledger,
            memory=memory,
        )
        for file in configs:
            scheduler.weigh(file.id, file.config.priority)
        return scheduler

    def _services(self, api: FigmaApi, configs: Sequence[ValidConfig], state: ProjectState) -> Services:
        """What pipelines need, with downloads and drawings in a folder that is gone with the run."""
        settings, reactor = self._settings, self._reactor
        downloads = open_pool(
            state.store,
            connections=settings.concurrent_downloads,
            most_bytes=settings.most_asset_bytes,
            reactor=reactor,
            max_retries=settings.max_retries,
            random=random,
            timeout_s=settings.timeout_s,
        )
        for file in configs:
            downloads.weigh(file.id, file.config.priority)
        rasterizer = Rasterizer(str(state.scratch), reactor=reactor)
        self._cleanups += [downloads.close, rasterizer.close]
        return Services(
            api,
            downloads,
            rasterizer,
            reactor.blocking,
            state.services,
            reactor.now_s,
            settings.output_root,
            can_heic=heic_available(),
            is_strict=settings.strict,
            selection=Selection(settings.only, settings.name_filter, settings.no_sync),
            address=state.address,
            insists=settings.prune,
            is_offline=settings.caching is Caching.OFFLINE,
            neighbours=Neighbours([(file.id, file.config) for file in configs], settings.output_root),
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
