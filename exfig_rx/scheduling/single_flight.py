"""Ask once: equal questions of a run share one request, and everybody gets its answer or its failure.

In: requests. Out: their answers, and a RequestShared event for each request saved. Rule: a question is asked again only
if everyone who waited for it has gone before it was answered. Only GETs are shared; anything else passes through.
One instance per run (per cycle when watching): it remembers every answer.
"""

from collections.abc import Callable, Hashable

import reactivex as rx
from reactivex import Notification, Observable, abc
from reactivex import operators as ops

from exfig_rx.events import Event, RequestShared
from exfig_rx.model import Request, Response, Send
from exfig_rx.scheduling.lingering import shared


class SingleFlight:
    """Wraps `ask` so that requests with the same key go once; is itself a `Send`.

    `emit` takes the events; `now` gives epoch seconds. Everything runs on the reactor, which is `clock`. What nobody
    waits for any more goes on for `linger_s` seconds.
    """

    def __init__(
        self,
        ask: Send,
        emit: Callable[[Event], None],
        now: Callable[[], float],
        clock: abc.SchedulerBase,
        linger_s: float = 0.0,
    ) -> None:
        self._ask = ask
        self._emit = emit
        self._now = now
        self._clock = clock
        self._linger_s = linger_s
        # answers and failures of this run
        self._done: dict[Hashable, Notification[Response]] = {}
        # questions that somebody waits for, replayed to whoever joins
        self._in_flight: dict[Hashable, Observable[Notification[Response]]] = {}

    def __call__(self, request: Request) -> Observable[Response]:
        """The answer to `request`, shared with all who ask the same in this run: cold.

        Fails for everyone with the error of the one request that went.
        """
        if request.method != "GET":
            return self._ask(request)
        answer: Observable[Notification[Response]] = rx.defer(lambda _: self._shared(request))
        return answer.pipe(ops.dematerialize())

    def _shared(self, request: Request) -> Observable[Notification[Response]]:
        key = request.key
        done = self._done.get(key)
        flight = self._in_flight.get(key)
        if done is not None or flight is not None:
            self._emit(RequestShared(self._now(), request.charged_to, request.tier, request.what))
        if done is not None:
            return rx.of(done)
        if flight is None:
            flight = self._in_flight[key] = self._launched(request)
        return flight

    def _launched(self, request: Request) -> Observable[Notification[Response]]:
        """One request as a replayed notification: connected to the first who asks, cancelled when the last has gone."""
        key = request.key

        def keep(answer: Notification[Response]) -> None:
            self._done[key] = answer

        flight = self._ask(request).pipe(
            ops.materialize(),
            ops.filter(_is_answer),
            ops.do_action(keep),
            ops.finally_action(lambda: self._forget(key)),
            ops.replay(buffer_size=1),
        )
        return shared(flight, self._linger_s, self._clock)

    def _forget(self, key: Hashable) -> None:
        self._in_flight.pop(key, None)


def _is_answer(notification: Notification[Response]) -> bool:
    """A value or an error; the completion behind a value says nothing more."""
    return notification.kind != "C"
