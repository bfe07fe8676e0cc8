"""The reactor: one thread for everything, results of workers back on it, bugs never lost."""

import threading
import weakref
from collections.abc import Iterator
from queue import SimpleQueue

import pytest
from reactivex import Observable

from exfig_rx.reactor import DaemonPool, Reactor

WAIT_S = 20.0


@pytest.fixture
def bugs() -> SimpleQueue[Exception]:
    return SimpleQueue()


@pytest.fixture
def reactor(bugs: SimpleQueue[Exception]) -> Iterator[Reactor]:
    it = Reactor(bugs.put, workers=2)
    yield it
    it.close(WAIT_S)


def outcome(reactor: Reactor, stream: Observable[object]) -> list[tuple[str, object, str]]:
    """What `stream` does when it is subscribed on the reactor, with the name of the thread that said so."""
    seen: list[tuple[str, object, str]] = []
    done = threading.Event()

    def note(what: str, value: object) -> None:
        seen.append((what, value, threading.current_thread().name))
        if what != "next":
            done.set()

    def subscribe() -> None:
        stream.subscribe(
            lambda value: note("next", value), lambda error: note("error", error), lambda: note("end", None)
        )

    reactor.post(subscribe)
    assert done.wait(WAIT_S)
    return seen


def test_blocking_work_runs_on_a_worker_and_its_result_comes_back_on_the_reactor(reactor: Reactor) -> None:
    home: SimpleQueue[str] = SimpleQueue()
    reactor.post(lambda: home.put(threading.current_thread().name))
    loop = home.get(timeout=WAIT_S)
    result, end = outcome(reactor, reactor.blocking(lambda: threading.current_thread().name))
    assert str(result[1]).startswith("exfig-work")
    assert (result[2], end[2]) == (loop, loop)


def test_an_exception_of_a_worker_is_an_error_of_the_stream(reactor: Reactor) -> None:
    ((what, error, _),) = outcome(reactor, reactor.blocking(lambda: 1 // 0))
    assert what == "error"
    assert isinstance(error, ZeroDivisionError)


def test_a_result_that_nobody_waits_for_any_more_is_released(reactor: Reactor) -> None:
    go = threading.Event()
    begun = threading.Event()
    released: SimpleQueue[str] = SimpleQueue()

    def work() -> str:
        begun.set()
        assert go.wait(WAIT_S)
        return "staged"

    def subscribe_and_dispose() -> None:
        subscription = reactor.blocking(work, released.put).subscribe(lambda _: pytest.fail("disposed"))
        assert begun.wait(WAIT_S)
        subscription.dispose()
        go.set()

    reactor.post(subscribe_and_dispose)
    assert released.get(timeout=WAIT_S) == "staged"


def test_work_that_has_not_begun_is_withdrawn(reactor: Reactor) -> None:
    go = threading.Event()
    ran: list[str] = []

    def busy() -> None:
        assert go.wait(WAIT_S)

    def subscribe_all() -> None:
        for _ in range(2):
            reactor.blocking(busy).subscribe()
        reactor.blocking(lambda: ran.append("withdrawn")).subscribe().dispose()
        go.set()

    reactor.post(subscribe_all)
    outcome(reactor, reactor.blocking(lambda: None))
    assert ran == []


def test_a_bug_on_the_reactor_reaches_the_net_and_the_loop_lives_on(
    reactor: Reactor, bugs: SimpleQueue[Exception]
) -> None:
    def bug() -> None:
        raise KeyError("bug")

    reactor.post(bug)
    assert isinstance(bugs.get(timeout=WAIT_S), KeyError)
    assert outcome(reactor, reactor.blocking(lambda: "alive"))[0][1] == "alive"


def test_a_pool_drains_what_it_was_given() -> None:
    pool = DaemonPool(3, "test")
    futures = [pool.submit(pow, 2, n) for n in range(50)]
    pool.drain(WAIT_S)
    assert [future.result() for future in futures] == [2**n for n in range(50)]


def test_a_pool_tells_whether_it_came_to_rest() -> None:
    go_on = threading.Event()
    pool = DaemonPool(1, "test")
    pool.submit(go_on.wait)
    assert pool.drain(0.0) is False
    go_on.set()
    assert pool.drain(WAIT_S) is True


def test_a_thread_without_work_holds_nothing_of_its_last_piece() -> None:
    class Picture:
        pass

    def draw(picture: Picture) -> None:
        assert picture

    pool = DaemonPool(1, "test")
    picture = Picture()
    is_gone = threading.Event()
    weakref.finalize(picture, is_gone.set)
    pool.submit(draw, picture)
    del picture
    assert is_gone.wait(10)
    pool.shutdown()
