"""Messages for the main thread, from threads and signal handlers."""

import signal
import threading
from collections.abc import Iterator

import pytest

from exfig_rx.inbox import Inbox


@pytest.fixture
def inbox() -> Iterator[Inbox[int]]:
    """An inbox that hears of SIGUSR1."""
    box: Inbox[int] = Inbox()
    handler = signal.signal(signal.SIGUSR1, lambda number, _: box.put(number))
    woken_before = box.wake_on_signals()
    yield box
    signal.set_wakeup_fd(woken_before)
    signal.signal(signal.SIGUSR1, handler)


def test_messages_come_in_the_order_in_which_they_were_left(inbox: Inbox[int]) -> None:
    for number in range(100_000):  # more than the pipe beside it holds
        inbox.put(number)
    assert [inbox.get() for _ in range(100_000)] == list(range(100_000))


def test_a_signal_that_another_thread_receives_wakes_the_main_thread(inbox: Inbox[int]) -> None:
    for _ in range(20):
        thread = threading.Thread(target=lambda: signal.pthread_kill(threading.get_ident(), signal.SIGUSR1))
        thread.start()
        assert inbox.get() == signal.SIGUSR1
        thread.join()
