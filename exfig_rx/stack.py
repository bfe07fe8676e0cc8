"""The stack under the pipelines: Figma's API with everything that shares, paces and retries, downloads, rasters.

In: settings, the token, and the configs once they are read, whose needs decide budgets and time-outs. Out: a
`LastingConnection`. Rule: whatever is opened here is closed by `close` and, when nothing works any more, by `remove`;
nothing here subscribes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import random

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.subject import ReplaySubject

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.entries import Selection
from exfig_rx.batch.pruning import Neighbours
from exfig_rx.batch.run import LastingConnection, Renewal
from exfig_rx.batch.services import Basis, Services
from exfig_rx.download import DownloadPool, open_pool
from exfig_rx.errors import FigmaUnavailable
from exfig_rx.events import Event, Warned
from exfig_rx.figma import versions
from exfig_rx.figma.api import FigmaApi, LookUp, Scopes
from exfig_rx.figma.client import HttpClient, checked_address
from exfig_rx.figma.remembered import Remembered
from exfig_rx.figma.retry import retrying
from exfig_rx.model import ConfigId, Problem, Response, Send, Tier
from exfig_rx.project import ProjectState, View, uncached
from exfig_rx.raster.draw import heic_available
from exfig_rx.raster.pool import Rasterizer
from exfig_rx.reactor import DaemonPool, Reactor
from exfig_rx.scheduling.coalescer import Coalescer, settle_s
from exfig_rx.scheduling.ledger import NOTHING_NEW, News
from exfig_rx.scheduling.limits import Limits, resolve_limits, usual_plan
from exfig_rx.scheduling.lingering import LINGER_S
from exfig_rx.scheduling.portion import Portions
from exfig_rx.scheduling.scheduler import RequestScheduler
from exfig_rx.scheduling.single_flight import SingleFlight
from exfig_rx.settings import Caching, Settings
from exfig_rx.state.token import TokenLedger, open_ledger

CONNECTIONS = 16
"""Requests to the API in flight at once; the scheduler gives no permit for one that would have to wait for a thread."""

OFFLINE = Limits((0, 0, 0), "offline")
"""The limits of a run that asks nothing."""

EARLY = 100
"""Events that wait for somebody to listen, at most."""

CLOSING_S = 0.8
"""Seconds that work in progress gets at the end to clean up after itself, so that Ctrl-C ends within one."""


@dataclass(frozen=True, slots=True)
class _Figma:
    """The way to Figma, open for the whole run: `ask` waits, goes and asks again, `look_up` makes one that joins ids.

    `glance` asks once, without a second try.
    """

    ask: Send
    glance: Send
    look_up: Callable[[Remembered], LookUp]
    weigh: Callable[[ConfigId, int], None]
    next_opening: Callable[[], float | None]
    limits: Limits
    events: Observable[Event]
    last_words: Observable[Event]
    scopes: Scopes = field(default_factory=Scopes)


class Stack:
    """Everything that a run talks to; `connect` may be called once.

    `directory` is where the project keeps its state; None for a run that writes no files.
    """

    def __init__(self, settings: Settings, token: str, reactor: Reactor, directory: Path | None = None) -> None:
        self._settings = settings
        self._directory = directory
        self._token = token
        self._reactor = reactor
        # A run that ends has nobody who comes right behind.
        self._linger_s = LINGER_S if settings.watching is not None else 0.0
        self._can_heic = heic_available()
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

    def connect(self, configs: Sequence[ValidConfig]) -> LastingConnection:
        """The API stack, inside out: HTTP, scheduler, retries, and on top what shares requests."""
        settings, reactor = self._settings, self._reactor
        # replayed, for what is said before anybody listens: connecting itself may have to tell something
        notices: ReplaySubject[Event] = ReplaySubject(EARLY)

        def announce(event: Event) -> None:
            reactor.post(lambda: notices.on_next(event))

        def warn(problem: Problem) -> None:
            announce(Warned(reactor.now_s(), None, problem))

        state = self._state = ProjectState(settings, self._directory, reactor, warn)
        self._cleanups.append(lambda: state.drain(CLOSING_S))
        downloads, rasterizer = self._open_pools(state)
        is_offline = settings.caching is Caching.OFFLINE
        figma = _offline() if is_offline else self._open_figma(configs, announce)

        def weigh(configs: Sequence[ValidConfig]) -> None:
            for file in configs:
                figma.weigh(file.id, file.config.priority)
                downloads.weigh(file.id, file.config.priority)

        def regroup(services: Services, configs: Sequence[ValidConfig]) -> Services:
            weigh(configs)
            services.project.memory.leave_alone(uncached(configs))
            return replace(services, neighbours=self._neighbours(configs))

        def renew(configs: Sequence[ValidConfig], basis: Basis) -> Services:
            weigh(configs)
            view = state.view(configs, basis)
            asked = view.remembered.asking(figma.ask)
            ask = SingleFlight(asked, announce, reactor.now_s, reactor.scheduler, self._linger_s)
            api = FigmaApi(ask, view.remembered.looking_up(figma.look_up(view.remembered)), figma.scopes)
            return self._services(api, configs, view, downloads, rasterizer)

        def tidy(*, is_whole: bool) -> Observable[None]:
            downloads.forget()
            rasterizer.forget()
            return state.tidy(is_whole=is_whole)

        notes = rx.from_iterable([Warned(reactor.now_s(), None, problem) for problem in _notes(settings)])
        renewal = Renewal(renew, regroup, tidy, partial(_glance, figma.glance), figma.next_opening, figma.scopes)
        return LastingConnection(
            renew(configs, Basis(is_first=True)),
            figma.limits,
            rx.merge(notes, notices.pipe(ops.as_observable()), figma.events),
            figma.last_words,
            renewal,
        )

    def _open_figma(self, configs: Sequence[ValidConfig], announce: Callable[[Event], None]) -> _Figma:
        settings, reactor = self._settings, self._reactor
        ledger = None if settings.sandbox else self._open_ledger(announce)
        memory = ledger.recall() if ledger is not None else NOTHING_NEW
        limits = self._limits(configs, memory)
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
        patient = retrying(
            scheduler, max_retries=settings.max_retries, reactor=reactor.scheduler, emit=announce, random=random
        )
        linger_s = self._linger_s
        portions = Portions(ledger.portions(), ledger.keep_portion) if ledger is not None else Portions()

        def look_up(remembered: Remembered) -> LookUp:
            return Coalescer(
                remembered.sending(patient),
                reactor=reactor.scheduler,
                settle_s=settle_s(60 / limits.of(Tier.ONE)),
                emit=announce,
                portions=portions,
                linger_s=linger_s,
            )

        return _Figma(
            patient,
            scheduler,
            look_up,
            scheduler.weigh,
            scheduler.next_opening,
            limits,
            rx.merge(scheduler.events, scheduler.samples()),
            last_words=scheduler.samples().pipe(ops.take(1)),
        )

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

    def _open_pools(self, state: ProjectState) -> tuple[DownloadPool, Rasterizer]:
        """Downloads and drawings, in a folder that is gone with the run."""
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
        drawn = state.scratch / "drawn"
        drawn.mkdir()
        rasterizer = Rasterizer(str(drawn), reactor=reactor)
        self._cleanups += [downloads.close, rasterizer.close]
        return downloads, rasterizer

    def _services(
        self, api: FigmaApi, configs: Sequence[ValidConfig], view: View, fetch: DownloadPool, draw: Rasterizer
    ) -> Services:
        settings, reactor = self._settings, self._reactor
        return Services(
            api,
            fetch,
            draw,
            reactor.blocking,
            view.services,
            reactor.now_s,
            settings.output_root,
            can_heic=self._can_heic,
            is_strict=settings.strict,
            selection=Selection(settings.only, settings.name_filter, settings.no_sync),
            address=view.address,
            insists=settings.prune,
            is_offline=settings.caching is Caching.OFFLINE,
            neighbours=self._neighbours(configs),
        )

    def _neighbours(self, configs: Sequence[ValidConfig]) -> Neighbours:
        return Neighbours([(file.id, file.config) for file in configs], self._settings.output_root)

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


def _glance(send: Send, file_key: str) -> Observable[str | None]:
    """The version of a file in one request of tier 3; None where Figma does not tell it."""
    request = versions.meta(file_key)

    def read(response: Response) -> str | None:
        seen = versions.parse_version(response.body, file_key)
        return seen.version if seen is not None else None

    def refused(error: Exception, _: object) -> Observable[str | None]:
        is_version = versions.is_about_version(error, request) and not isinstance(error, FigmaUnavailable)
        return rx.of(None) if is_version else rx.throw(error)

    return send(request).pipe(ops.map(read), ops.catch(refused))


def _offline() -> _Figma:
    from exfig_rx.figma import offline

    return _Figma(
        offline.refuse,
        offline.refuse,
        lambda _: offline.look_up_nothing,
        weigh=lambda *_: None,
        next_opening=lambda: None,
        limits=OFFLINE,
        events=rx.empty(),
        last_words=rx.empty(),
    )


def _notes(settings: Settings) -> list[Problem]:
    """What people should know about how they called us."""
    if not settings.retired:
        return []
    flags = ", ".join(settings.retired)
    return [Problem("usage.retired-option", f"{flags}: options of the older ExFig, without effect here")]
