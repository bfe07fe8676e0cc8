"""Asking again: which failures, after which waits.

In: a `Send`. Out: a `Send` that survives passing failures, and a `RequestRetried` event for each. Rule: only errors
that say so of themselves (`retryable`) are retried.
"""

from collections.abc import Callable
from dataclasses import replace

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops

from exfig_rx.backoff import longest_wait_s
from exfig_rx.errors import ExfigError, FigmaUnavailable
from exfig_rx.events import Event, RequestRetried
from exfig_rx.model import Request, Response, Send


def retrying(
    send: Send,
    *,
    max_retries: int,
    reactor: abc.SchedulerBase,
    emit: Callable[[Event], None],
    random: Callable[[], float],
) -> Send:
    """`send` with at most `max_retries` retries; `random` gives numbers from 0 to 1."""

    def attempt(request: Request, retries: int) -> Observable[Response]:
        def failed(error: Exception, _: Observable[Response]) -> Observable[Response]:
            if not isinstance(error, ExfigError) or not error.retryable:
                return rx.throw(error)
            if retries >= max_retries:
                return rx.throw(_given_up(error, retries))
            wait_s = random() * longest_wait_s(retries + 1)
            emit(_event(request, error, retries + 1, wait_s, reactor.to_seconds(reactor.now)))
            return rx.timer(wait_s, scheduler=reactor).pipe(ops.flat_map(lambda _: attempt(request, retries + 1)))

        return send(request).pipe(ops.catch(failed))

    return lambda request: attempt(request, 0)


def _event(request: Request, error: ExfigError, attempt: int, wait_s: float, at: float) -> RequestRetried:
    reason = error.problems[0].message
    return RequestRetried(at, request.charged_to, request.tier, request.what, reason, attempt, wait_s)


def _given_up(error: ExfigError, retries: int) -> ExfigError:
    if not retries:
        return error
    first, *rest = error.problems
    told = replace(first, message=f"{first.message} (asked {retries + 1} times)")
    return FigmaUnavailable(told, *rest, status=getattr(error, "status", None))
