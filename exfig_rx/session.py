"""One run from the outside: sources, batch and subscribers wired together, signals, and the exit code.

In: settings, token, configs. Out: files (by the pipelines), a screen, a summary, a report, an exit code. Rule: this is
the only place that subscribes; a bug anywhere ends the run with exit code 70 and a traceback, never silently.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import TextIO, TypeAlias, TypeVar

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.disposable import CompositeDisposable

from exfig_rx.batch.discovery import ValidConfig, discover
from exfig_rx.batch.run import BatchOptions, Connection, batch
from exfig_rx.batch.stop import EXIT_CODES_BY_WEIGHT, INTERRUPTED, TERMINATED, Stop
from exfig_rx.errors import OutputError
from exfig_rx.events import Event, RunEnded
from exfig_rx.fold import INITIAL, BatchState, Status, Step, reduce
from exfig_rx.inbox import Inbox
from exfig_rx.model import ConfigId, Conflict
from exfig_rx.reactor import Reactor, SteadyLoop
from exfig_rx.settings import OnConflict, Settings
from exfig_rx.stack import CLOSING_S, Stack
from exfig_rx.ui.console import make_console
from exfig_rx.ui.problems import headline
from exfig_rx.ui.progress import Progress
from exfig_rx.ui.question import ask_to_continue
from exfig_rx.ui.report import report_text, write_report
from exfig_rx.ui.summary import print_summary

WORKERS = 4
"""Threads that parse, render and write; Python runs one at a time, the others wait for disks."""

BUG_EXIT_CODE = 70

T = TypeVar("T")


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
        self._inbox: Inbox[Message] = Inbox()
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
        self._stack = Stack(settings, token, self._reactor, directory)

    def run(self) -> int:
        """Run to the end, print the summary, write the report; returns the exit code."""
        previous = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        woken_before = self._inbox.wake_on_signals()
        try:
            return self._run()
        finally:
            signal.set_wakeup_fd(woken_before)
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
        self._stack.close()
        self._reactor.close(CLOSING_S)
        self._stack.remove(is_whole=bug is None and latest.state.exit_code == 0)
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
            connect=self._stack.connect,
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

    def _decide(self, conflicts: tuple[Conflict, ...]) -> Observable[bool]:
        if self._settings.on_conflict is OnConflict.CONTINUE:
            return rx.of(True)
        interactive = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
        if self._settings.on_conflict is OnConflict.ABORT or not interactive:
            return rx.of(False)
        return self._reactor.blocking(lambda: ask_to_continue(self._stderr, conflicts))


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()


def consult(
    settings: Settings,
    token: str,
    configs: Sequence[ValidConfig],
    question: Callable[[Connection, Reactor], Observable[T]],
) -> Iterator[T | Event]:
    """Ask something through the stack that a run has, and yield what comes, with the events of the stack in between.

    `question` is called once, on the reactor. A bug is raised here; leaving the loop ends everything.
    """
    inbox: SimpleQueue[T | Event | Exception | Finished] = SimpleQueue()
    reactor = Reactor(inbox.put, workers=WORKERS)
    stack = Stack(settings, token, reactor)
    subscriptions = CompositeDisposable()

    def start() -> None:
        connection = stack.connect(configs)

        def with_events(answers: Observable[T]) -> Observable[T | Event]:
            ended = answers.pipe(ops.ignore_elements(), ops.materialize())
            events: Observable[T | Event] = connection.events.pipe(ops.take_until(ended))
            return rx.merge(events, answers)

        heard = question(connection, reactor).pipe(ops.publish(with_events))
        done = heard.subscribe(inbox.put, inbox.put, lambda: inbox.put(Finished()), scheduler=reactor.scheduler)
        subscriptions.add(done)

    reactor.post(start)
    try:
        while not isinstance(message := inbox.get(), Finished):
            if isinstance(message, Exception):
                raise message
            yield message
    finally:
        reactor.post(subscriptions.dispose)
        stack.close()
        reactor.close(CLOSING_S)
        stack.remove(is_whole=False)
