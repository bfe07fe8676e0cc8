"""One run from the outside: sources, batch and subscribers wired together, signals, and the exit code.

In: settings, token, configs. Out: files (by the pipelines), a screen, a summary, a report, an exit code. Rule: this is
the only place that subscribes; a bug anywhere ends the run with exit code 70 and a traceback, never silently.
"""

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias, TypeVar

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.disposable import CompositeDisposable

from exfig_rx.batch.discovery import discover
from exfig_rx.batch.entries import Selection
from exfig_rx.batch.run import BatchOptions, batch
from exfig_rx.batch.stop import EXIT_CODES_BY_WEIGHT, HUNG_UP, INTERRUPTED, TERMINATED, UNHEARD, Stop, StopReason
from exfig_rx.errors import OutputError
from exfig_rx.events import Event, RunEnded
from exfig_rx.fold import reduce
from exfig_rx.inbox import Finished, Inbox, Over
from exfig_rx.model import ConfigId, Conflict
from exfig_rx.reactor import WORKERS, Reactor, SteadyLoop, finished_within, over_a_net
from exfig_rx.run_state import INITIAL, BatchState, Status, Step
from exfig_rx.settings import OnConflict, Settings, Watching
from exfig_rx.stack import CLOSING_S, Stack
from exfig_rx.ui.console import make_console
from exfig_rx.ui.problems import headline
from exfig_rx.ui.progress import Progress
from exfig_rx.ui.question import ask_to_continue
from exfig_rx.ui.report import report_or_tell, report_text, write_report
from exfig_rx.ui.summary import print_summary
from exfig_rx.watch_events import CycleEnded
from exfig_rx.wishes import Reload

if TYPE_CHECKING:
    from exfig_rx.watching import Lookout

BUG_EXIT_CODE = 70

T = TypeVar("T")


Message: TypeAlias = "int | Exception | Over | Finished"
"""What the main thread waits for: a signal number, a bug, or the end."""


_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_SIGNALS_OF_A_WATCH = (
    *_SIGNALS,
    *(getattr(signal, name) for name in ("SIGHUP", "SIGTSTP") if hasattr(signal, name)),
)


class Session:
    """One run; `run` may be called once. `passcode` is what Figma's word has to come with.

    Raises UsageError where the address for that word can't be had.
    """

    def __init__(
        self, settings: Settings, token: str, configs: Sequence[ConfigId], directory: Path, passcode: str = ""
    ) -> None:
        self._settings = settings
        self._token = token
        self._configs = configs
        self._directory = directory
        self._inbox: Inbox[Message] = Inbox()
        self._reactor = Reactor(self._inbox.put, workers=WORKERS)
        self._stop = Stop(self._reactor.scheduler)
        # steps that somebody has seen; and whether somebody who follows the run never came to its end
        self._seen = 0
        self._is_stuck = False
        self._has_terminal = any(
            stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)
        )
        self._stdout = make_console(sys.stdout, settings.color)
        self._stderr = make_console(sys.stderr, settings.color)
        # Printing has its own threads: a terminal or pipe that nobody reads must not hold up the reactor.
        self._screen = SteadyLoop()
        self._pipe = SteadyLoop()
        self._lookout = _lookout(settings.watching, self._reactor, passcode)
        self._progress = Progress(
            self._stderr,
            self._reactor.now_s,
            over_a_net(self._screen, self._inbox.put),
            # Lines of JSON on a terminal and a screen that is drawn there would be in each other's way.
            quiet=settings.quiet or (settings.tells_events and sys.stdout.isatty()),
            verbose=settings.verbose,
            tell_conflicts=settings.on_conflict is OnConflict.CONTINUE,
            watching=settings.watching,
            wish=self._lookout.wish if self._lookout is not None else None,
        )
        self._stack = Stack(settings, token, self._reactor, directory)

    def run(self) -> int:
        """Run to the end, print the summary, write the report; returns the exit code."""
        numbers = _SIGNALS if self._lookout is None else _SIGNALS_OF_A_WATCH
        # What whoever started us wants ignored stays so: `nohup` outlives its terminal.
        heard = [number for number in numbers if number in _SIGNALS or signal.getsignal(number) != signal.SIG_IGN]
        previous = {number: signal.signal(number, self._on_signal) for number in heard}
        woken_before = self._inbox.wake_on_signals()
        try:
            state, bug = self._run()
        finally:
            # Before the last words: whoever does not read them can still be told to end.
            signal.set_wakeup_fd(woken_before)
            for number, handler in previous.items():
                signal.signal(number, handler)
        code = self._finish(state, bug)
        if self._is_stuck:
            # A thread holds a stream that the interpreter would want to flush, and abort where it can't.
            os._exit(code)
        return code

    def _run(self) -> tuple[BatchState, Exception | None]:
        """The run until nothing works any more: its last state, and the bug that ended it, if one did."""
        latest = Step(None, INITIAL)
        steps = self._steps().pipe(ops.publish())
        subscriptions = CompositeDisposable()

        def keep(step: Step) -> None:
            nonlocal latest
            latest = step

        def finished() -> None:
            self._inbox.put(Finished())

        def over() -> None:
            self._inbox.put(Over())

        kept = steps.pipe(ops.do_action(keep, on_completed=over))
        shown: Observable[object] = kept.pipe(ops.publish(self._followers))
        subscriptions.add(shown.subscribe(self._note_seen, self._inbox.put, finished))

        def connect() -> None:
            connection = steps.connect(self._reactor.scheduler)
            if connection is not None:
                subscriptions.add(connection)

        self._reactor.post(connect)

        bug = self._wait()
        self._is_stuck = self._is_stuck or not finished_within(CLOSING_S, self._progress.close)
        self._reactor.post(subscriptions.dispose)
        self._stack.close()
        self._reactor.close(CLOSING_S)
        self._stack.remove(is_whole=bug is None and latest.state.exit_code == 0)
        self._screen.dispose()
        self._pipe.dispose()
        return latest.state, bug

    def _followers(self, steps: Observable[Step]) -> Observable[object]:
        """Everybody who follows the run; it is over when all of them have seen its end."""
        followers: list[Observable[Any]] = [self._progress.follow(steps)]
        if self._settings.tells_events:
            from exfig_rx.ui.ndjson import Teller

            loop = over_a_net(self._pipe, self._inbox.put)
            followers.append(Teller(sys.stdout, loop, self._unheard).follow(steps))
        if self._lookout is not None:
            ends = steps.pipe(ops.filter(_is_between))
            followers.append(ends.pipe(ops.map(self._report_between), ops.merge(max_concurrent=1)))
        return rx.merge(*followers)

    def _wait(self) -> Exception | None:
        """Until the run has ended; the bug that ended it, if one did. Signals ask it to stop, a second one insists."""
        signals = seen = 0
        is_over = False
        while True:
            # Whoever wants it to end does not wait for those who read no more; those who are only slow come to the end.
            is_patient = not is_over or (self._stop.reason is None and not signals)
            match self._inbox.get(None if is_patient else CLOSING_S):
                case Finished():
                    return None
                case None if self._seen == seen:
                    self._is_stuck = True
                    return None
                case None:
                    seen = self._seen
                case Over():
                    is_over = True
                case int(number) if number in _SIGNALS:
                    signals += 1
                    reason = TERMINATED if number == signal.SIGTERM else INTERRUPTED
                    if signals > 1:
                        finished_within(CLOSING_S, self._progress.abandon)
                        os._exit(reason.exit_code)
                    self._end(reason)
                case int(number):
                    self._on_other_signal(number)
                case bug:
                    return bug

    def _note_seen(self, _: object) -> None:
        self._seen += 1

    def _unheard(self, error: OSError) -> None:
        """Standard output takes no more events."""
        is_gone = isinstance(error, BrokenPipeError)
        self._end(UNHEARD if is_gone else StopReason(f"standard output can't be written: {error.strerror}", 1))

    def _end(self, reason: StopReason) -> None:
        self._reactor.post(lambda: self._stop.request(reason))

    def _on_other_signal(self, number: int) -> None:
        """What a run that stays does about signals that end others."""
        if number == signal.SIGTSTP:
            self._progress.suspend()
            os.kill(os.getpid(), signal.SIGSTOP)  # until somebody continues us
            self._progress.resume()
        elif self._has_terminal:
            self._end(HUNG_UP)
        elif self._lookout is not None:
            self._lookout.wish(Reload())

    def _finish(self, state: BatchState, bug: Exception | None) -> int:
        if bug is not None:
            state = reduce(state, RunEnded(self._reactor.now_s(), BUG_EXIT_CODE, "internal error"))
        code = BUG_EXIT_CODE if bug is not None else state.exit_code or 0
        # The report first: whoever reads standard output may have gone.
        code = max(code, self._report(state), key=EXIT_CODES_BY_WEIGHT.index)
        if self._settings.report != "-":
            console = self._stderr if self._settings.tells_events else self._stdout
            show = partial(print_summary, console, state, quiet=self._settings.quiet, verbose=self._settings.verbose)
            if self._is_stuck:
                finished_within(CLOSING_S, show)
            else:
                show()
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

    def _report_between(self, step: Step) -> Observable[object]:
        """Writes the report of a run that goes on, where one was asked for."""
        report, lookout = self._settings.report, self._lookout
        if report is None or lookout is None:
            return rx.empty()

        return self._reactor.blocking(lambda: report_or_tell(Path(report), step.state, lookout.note))

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._inbox.put(number)

    def _steps(self) -> Observable[Step]:
        """The run as steps: each event with the state after it, and `RunEnded` at the end."""
        events = self._batch() if self._lookout is None else self._watch(self._lookout)

        def fold(step: Step, event: Event) -> Step:
            return Step(event, reduce(step.state, event))

        def end(last: Step) -> Step:
            reason = self._stop.reason
            failed = 1 if any(config.status is Status.FAILED for config in last.state.configs) else 0
            if self._lookout is not None:
                failed = 0  # whoever ends it has seen them fail
            code = max(failed, reason.exit_code if reason else 0, key=EXIT_CODES_BY_WEIGHT.index)
            return fold(last, RunEnded(self._reactor.now_s(), code, reason.text if reason else ""))

        def with_end(steps: Observable[Step]) -> Observable[Step]:
            return rx.merge(steps, steps.pipe(ops.last_or_default(Step(None, INITIAL)), ops.map(end)))

        return events.pipe(ops.scan(fold, Step(None, INITIAL)), ops.publish(with_end))

    def _batch(self) -> Observable[Event]:
        """A run that ends by itself."""
        return batch(
            self._configs,
            discover(self._configs, self._reactor.blocking, self._directory),
            options=self._options(),
            connect=self._stack.connect,
            decide=self._decide,
            blocking=self._reactor.blocking,
            stop=self._stop,
        )

    def _watch(self, lookout: "Lookout") -> Observable[Event]:
        """A run that stays."""
        from exfig_rx.watch.roster import Roster
        from exfig_rx.watch.watch import WatchOptions, watch

        settings = self._settings
        selection = Selection(settings.only, None, settings.no_sync)
        return watch(
            Roster(settings.paths, recursive=settings.recursive, directory=self._directory, selection=selection),
            lookout.outlook(),
            options=WatchOptions(self._options(), settings.on_conflict, settings.only, lookout.debounce_s),
            connect=self._stack.connect,
            blocking=self._reactor.blocking,
            clock=self._reactor.scheduler,
            stop=self._stop,
        )

    def _options(self) -> BatchOptions:
        settings = self._settings
        return BatchOptions(settings.parallel, settings.fail_fast, settings.output_root, self._reactor.now_s())

    def _decide(self, conflicts: tuple[Conflict, ...]) -> Observable[bool]:
        if self._settings.on_conflict is OnConflict.CONTINUE:
            return rx.of(True)
        interactive = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
        if self._settings.on_conflict is OnConflict.ABORT or not interactive:
            return rx.of(False)
        return self._reactor.blocking(lambda: ask_to_continue(self._stderr, conflicts))


def _is_between(step: Step) -> bool:
    """Whether everything rests for the moment."""
    return isinstance(step.event, CycleEnded)


def _lookout(watching: Watching | None, reactor: Reactor, passcode: str) -> "Lookout | None":
    if watching is None:
        return None
    from exfig_rx.watching import Lookout  # a run that ends by itself does without all that stands behind it

    return Lookout(watching, reactor, passcode)


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()
