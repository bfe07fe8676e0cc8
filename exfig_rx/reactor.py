"""The one thread on which everything happens, and the pools that work for it.

In: blocking work. Out: its result, back on the reactor. Rule: queues, notifications and caches are touched on the
reactor only, so nothing here or elsewhere needs a lock; an exception that nobody handles goes to `on_bug`, once.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import Any, Final, ParamSpec, Protocol, TypeVar

import reactivex as rx
from reactivex import Observable, abc
from reactivex.disposable import Disposable
from reactivex.internal.exceptions import DisposedException
from reactivex.scheduler import CatchScheduler, EventLoopScheduler, ImmediateScheduler

T = TypeVar("T")
P = ParamSpec("P")


WORKERS: Final = 4
"""Threads that parse, render and write; Python runs one at a time, the others wait for disks."""


class Blocking(Protocol):
    """Runs blocking work elsewhere and emits its result on the reactor; `release` gets a result nobody waited for."""

    def __call__(self, work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]: ...


class Reactor:
    """An event loop and a pool of `workers` threads for blocking work.

    `on_bug` is called on the loop's thread with the first exception that no observer handled. All threads are
    daemons: a blocked system call never holds up the end of the process.
    """

    def __init__(self, on_bug: Callable[[Exception], None], *, workers: int) -> None:
        self._loop = SteadyLoop()
        self._pool = DaemonPool(workers, "exfig-work")
        self.scheduler = over_a_net(self._loop, on_bug)

    def now_s(self) -> float:
        """Wall-clock time in epoch seconds, steady while the process runs."""
        return float(self._loop.now.timestamp())

    def wall_s(self) -> float:
        """The clock on the wall in epoch seconds, for what other processes read; somebody may set it at any time."""
        return time.time()

    def post(self, action: Callable[[], None]) -> None:
        """Run `action` on the reactor, after what is already waiting there. Any thread may call this."""
        self.scheduler.schedule(lambda *_: action())

    def on(self, pool: Executor) -> Blocking:
        """`blocking` on another pool than the reactor's own."""

        def blocking(work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
            return self._blocking(pool, work, release)

        return blocking

    def blocking(self, work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
        """A cold stream that runs `work` on the pool and emits its result, or its exception, on the reactor.

        Disposing it withdraws work that has not begun; the result of work that has goes to `release`, on the pool,
        so that nothing staged is left behind.
        """
        return self._blocking(self._pool, work, release)

    def _blocking(self, pool: Executor, work: Callable[[], T], release: Callable[[T], None] | None) -> Observable[T]:
        def subscribe(observer: abc.ObserverBase[T], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
            disposed = False

            def arrive(future: Future[T]) -> None:
                error = future.exception()
                if disposed:
                    if error is None and release is not None:
                        pool.submit(release, future.result())
                elif error is not None:
                    if not isinstance(error, Exception):
                        raise error
                    observer.on_error(error)
                else:
                    observer.on_next(future.result())
                    observer.on_completed()

            def hand_over(future: Future[T]) -> None:
                if future.cancelled():
                    return
                try:
                    self.post(lambda: arrive(future))
                except DisposedException:
                    # The run is over; only the trace of the work has to go.
                    if release is not None and future.exception() is None:
                        release(future.result())

            def dispose() -> None:
                nonlocal disposed
                disposed = True
                future.cancel()

            future = pool.submit(work)
            future.add_done_callback(hand_over)
            return Disposable(dispose)

        return rx.create(subscribe)

    def close(self, timeout_s: float) -> None:
        """Let the pool finish what it has, for at most `timeout_s` seconds, and end the loop."""
        self._pool.drain(timeout_s)
        self._loop.dispose()


def over_a_net(loop: abc.SchedulerBase, on_bug: Callable[[Exception], None]) -> abc.SchedulerBase:
    """`loop`, whose thread would end without a word with the first exception that nobody handled."""

    def net(bug: Exception) -> bool:
        on_bug(bug)
        return True

    return CatchScheduler(loop, net)


def at_once(*values: T) -> Observable[T]:
    """`values`, in the very moment in which somebody subscribes; `rx.of` takes a turn of the reactor for each."""
    return rx.from_iterable(values, scheduler=ImmediateScheduler.singleton())


def finished_within(timeout_s: float, action: Callable[[], None]) -> bool:
    """Does something that may never come to an end, such as writing where nobody reads; whether it did in time."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    thread.join(timeout_s)
    return not thread.is_alive()


class DaemonPool(Executor):
    """At most `workers` daemon threads, started on demand.

    `ThreadPoolExecutor` joins its threads when the interpreter ends, so one hanging read would hold up Ctrl-C.
    """

    def __init__(self, workers: int, name: str) -> None:
        self._workers = workers
        self._name = name
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue `fn`; it starts when a thread is free."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # the future carries it to whoever waits
                future.set_exception(error)
            else:
                future.set_result(result)

        self._queue.put(run)
        if len(self._threads) < self._workers:
            thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
            thread.start()  # before it is listed: what is listed may be joined at any moment
            self._threads.append(thread)
        return future

    def drain(self, timeout_s: float) -> bool:
        """Take no more work and wait until the queue is empty and idle, for at most `timeout_s` seconds; is it?"""
        for _ in self._threads:
            self._queue.put(None)
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As `Executor.shutdown`; threads are daemons, so `wait=False` is always safe."""
        self.drain(3600.0 if wait else 0.0)

    def _work(self) -> None:
        while (task := self._queue.get()) is not None:
            task()
            del task  # else what it worked on would stay until there is something else to do


class SteadyLoop(EventLoopScheduler):
    """An event loop whose clock starts at wall-clock time and then runs with the monotonic clock.

    With the wall clock itself, a timer does not fire while somebody has set the clock back. The time that the machine
    sleeps counts, so that a run of days knows what day it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self._started_at = datetime.now(UTC)
        self._started_monotonic = _monotonic_s()

    @property
    def now(self) -> Any:
        """Aware UTC time, steady."""
        return self._started_at + timedelta(seconds=_monotonic_s() - self._started_monotonic)


_CLOCK: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def _monotonic_s() -> float:
    """Seconds since some moment, those in which the machine slept included."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
