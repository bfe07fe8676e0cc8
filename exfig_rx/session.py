"""One run from the outside: sources, batch and subscribers wired together, signals, and the exit code.

In: settings, token, configs. Out: files (by the pipelines), a screen, a summary, a report, an exit code. Rule: this is
the only place that subscribes; a bug anywhere ends the run with exit code 70 and a traceback, never silently.
"""

import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from random import random
from types import FrameType
from typing import TextIO, TypeAlias

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.disposable import CompositeDisposable
from reactivex.subject import ReplaySubject

from exfig_rx.batch.discovery import ValidConfig, discover
from exfig_rx.batch.pipeline import Services
from exfig_rx.batch.run import BatchOptions, Connection, batch
from exfig_rx.batch.stop import EXIT_CODES_BY_WEIGHT, INTERRUPTED, TERMINATED, Stop
from exfig_rx.download import open_pool
from exfig_rx.errors import OutputError
from exfig_rx.events import Event, RunEnded, Warned
from exfig_rx.figma.api import FigmaApi
from exfig_rx.figma.client import HttpClient, checked_address
from exfig_rx.figma.retry import retrying
from exfig_rx.fold import INITIAL, BatchState, Status, Step, reduce
from exfig_rx.model import ConfigId, Conflict, Problem, Tier
from exfig_rx.raster.draw import heic_available
from exfig_rx.raster.pool import Rasterizer
from exfig_rx.reactor import DaemonPool, Reactor, SteadyLoop
from exfig_rx.sandbox.server import Sandbox
from exfig_rx.scheduling.coalescer import Coalescer, settle_s
from exfig_rx.scheduling.ledger import NOTHING_NEW
from exfig_rx.scheduling.limits import Limits, resolve_limits, usual_plan
from exfig_rx.scheduling.portion import Portions
from exfig_rx.scheduling.scheduler import RequestScheduler
from exfig_rx.scheduling.single_flight import SingleFlight
from exfig_rx.settings import OnConflict, Settings
from exfig_rx.state.token import TokenLedger, open_ledger
from exfig_rx.ui.console import make_console
from exfig_rx.ui.problems import headline
from exfig_rx.ui.progress import Progress
from exfig_rx.ui.question import ask_to_continue
from exfig_rx.ui.report import report_text, write_report
from exfig_rx.ui.summary import print_summary

CONNECTIONS = 16
"""Requests to the API in flight at once; the scheduler gives no permit for one that would have to wait for a thread."""

WORKERS = 4
"""Threads that parse, render and write; Python runs one at a time, the others wait for disks."""

CLOSING_S = 0.8
"""Seconds that work in progress gets at the end to clean up after itself, so that Ctrl-C ends within one."""

BUG_EXIT_CODE = 70


class Finished:
    """The stream of steps has completed."""


Message: TypeAlias = "int | Exception | Finished"
"""What the main thread waits for: a signal number, a bug, or the end."""


class Session:
    """One batch run; `run` may be called once."""

    def __init__(self, settings: Settings, token: str, configs: Sequence[ConfigId], directory: Path) -> None:
        self._settings = settings
        self._token = token
        self._configs = configs
        self._directory = directory
        # SimpleQueue.put may be called from a signal handler at any point of the main thread.
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        self._reactor = Reactor(self._inbox.put, workers=WORKERS)
        self._stop = Stop(self._reactor.scheduler)
        self._stdout = make_console(sys.stdout, settings.color)
        self._stderr = make_console(sys.stderr, settings.color)
        # Printing has its own thread: a terminal that nobody reads must not hold up the reactor.
        self._screen = SteadyLoop()
        self._progress = Progress(
            self._stderr,
            self._reactor.now_s,
            self._screen,
            quiet=settings.quiet,
            verbose=settings.verbose,
            tell_conflicts=settings.on_conflict is OnConflict.CONTINUE,
        )
        self._cleanups: list[Callable[[], None]] = []
        # when nothing works any more
        self._last_cleanups: list[Callable[[], None]] = []

    def run(self) -> int:
        """Run to the end, print the summary, write the report; returns the exit code."""
        previous = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            return self._run()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _run(self) -> int:
        latest = Step(None, INITIAL)
        steps = self._steps().pipe(ops.publish())
        subscriptions = CompositeDisposable()

        def keep(step: Step) -> None:
            nonlocal latest
            latest = step

        def finished() -> None:
            self._inbox.put(Finished())

        shown = steps.pipe(ops.do_action(keep), self._progress.follow)
        subscriptions.add(shown.subscribe(lambda _: None, self._inbox.put, finished))

        def connect() -> None:
            connection = steps.connect(self._reactor.scheduler)
            if connection is not None:
                subscriptions.add(connection)

        self._reactor.post(connect)

        bug = self._wait()
        self._progress.close()
        self._reactor.post(subscriptions.dispose)
        for cleanup in self._cleanups:
            cleanup()
        self._reactor.close(CLOSING_S)
        for cleanup in self._last_cleanups:
            cleanup()
        self._screen.dispose()
        return self._finish(latest.state, bug)

    def _wait(self) -> Exception | None:
        """Until the run has ended; the bug that ended it, if one did. Signals ask it to stop, a second one insists."""
        signals = 0
        while True:
            match self._inbox.get():
                case Finished():
                    return None
                case int(number):
                    signals += 1
                    reason = TERMINATED if number == signal.SIGTERM else INTERRUPTED
                    if signals > 1:
                        self._progress.abandon()
                        os._exit(reason.exit_code)
                    self._reactor.post(lambda reason=reason: self._stop.request(reason))  # type: ignore[misc]
                case bug:
                    return bug

    def _finish(self, state: BatchState, bug: Exception | None) -> int:
        if bug is not None:
            state = reduce(state, RunEnded(self._reactor.now_s(), BUG_EXIT_CODE, "internal error"))
        code = BUG_EXIT_CODE if bug is not None else state.exit_code or 0
        # The report first: whoever reads standard output may have gone.
        code = max(code, self._report(state), key=EXIT_CODES_BY_WEIGHT.index)
        if self._settings.report != "-":
            print_summary(self._stdout, state, quiet=self._settings.quiet, verbose=self._settings.verbose)
        if bug is not None:
            trace = "".join(traceback.format_exception(bug)).replace(self._token, "***")
            self._stderr.print(trace, markup=False, highlight=False)
            self._stderr.print("This is a bug in exfig, not in your configs. Please report it with the text above.")
        return code

    def _report(self, state: BatchState) -> int:
        """Write the report that was asked for; the exit code that follows from it."""
        report = self._settings.report
        try:
            if report == "-":
                _write(sys.stdout, report_text(state))
            elif report is not None:
                write_report(Path(report), state)
        except OutputError as error:
            for problem in error.problems:
                self._stderr.print(headline(problem), markup=False)
            return 1
        return 0

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._inbox.put(number)

    def _steps(self) -> Observable[Step]:
        """The run as steps: each event with the state after it, and `RunEnded` at the end."""
        settings = self._settings
        options = BatchOptions(settings.parallel, settings.fail_fast, settings.output_root, self._reactor.now_s())
        events = batch(
            self._configs,
            discover(self._configs, self._reactor.blocking, self._directory),
            options=options,
            connect=self._connect,
            decide=self._decide,
            blocking=self._reactor.blocking,
            stop=self._stop,
        )

        def fold(step: Step, event: Event) -> Step:
            return Step(event, reduce(step.state, event))

        def end(last: Step) -> Step:
            reason = self._stop.reason
            failed = 1 if any(config.status is Status.FAILED for config in last.state.configs) else 0
            code = max(failed, reason.exit_code if reason else 0, key=EXIT_CODES_BY_WEIGHT.index)
            return fold(last, RunEnded(self._reactor.now_s(), code, reason.text if reason else ""))

        def with_end(steps: Observable[Step]) -> Observable[Step]:
            return rx.merge(steps, steps.pipe(ops.last_or_default(Step(None, INITIAL)), ops.map(end)))

        return events.pipe(ops.scan(fold, Step(None, INITIAL)), ops.publish(with_end))

    def _connect(self, configs: Sequence[ValidConfig]) -> Connection:
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
        self._cleanups += [downloads.close, rasterizer.close]
        self._last_cleanups.append(lambda: shutil.rmtree(folder, ignore_errors=True))
        return Services(
            api,
            downloads,
            rasterizer,
            reactor.blocking,
            reactor.now_s,
            settings.output_root,
            can_heic=heic_available(),
            is_strict=settings.strict,
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
        sandbox = Sandbox(limits=limits)
        self._cleanups.append(sandbox.stop)
        return sandbox.start()

    def _decide(self, conflicts: tuple[Conflict, ...]) -> Observable[bool]:
        if self._settings.on_conflict is OnConflict.CONTINUE:
            return rx.of(True)
        interactive = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
        if self._settings.on_conflict is OnConflict.ABORT or not interactive:
            return rx.of(False)
        return self._reactor.blocking(lambda: ask_to_continue(self._stderr, conflicts))


def _notes(settings: Settings) -> list[Problem]:
    """What people should know about how they called us."""
    if not settings.retired:
        return []
    flags = ", ".join(settings.retired)
    return [Problem("usage.retired-option", f"{flags}: options of the older ExFig, without effect here")]


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()
