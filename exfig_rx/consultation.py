"""Questions to Figma outside of a run, through the stack that a run has: `exfig doctor`, `exfig webhook`.

In: settings, token, what to ask. Out: answers as they come, on the main thread. Rule: as in `session`, whatever is
subscribed here ends here, and a bug is raised.
"""

from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import TypeVar

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.disposable import CompositeDisposable

from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.run import Connection
from exfig_rx.events import Event
from exfig_rx.inbox import Finished
from exfig_rx.reactor import WORKERS, Reactor
from exfig_rx.settings import Settings
from exfig_rx.stack import CLOSING_S, Stack

T = TypeVar("T")


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
