"""The API stack over a `Send` of a test: nothing paces, lookups are filled when they go."""

import reactivex as rx
from reactivex import Observable, abc

from exfig_rx.events import Event
from exfig_rx.figma.api import FigmaApi
from exfig_rx.model import Request, Response, Send
from exfig_rx.scheduling.coalescer import Coalescer


def filled(send: Send) -> Send:
    """`send` as a scheduler with endless limits: each request is filled, and goes at once."""

    def go(request: Request) -> Observable[Response]:
        def start(_: object) -> Observable[Response]:
            return send(request.late.fill() if request.late is not None else request)

        return rx.defer(start)

    return go


def api_over(send: Send, reactor: abc.SchedulerBase, emitted: list[Event] | None = None) -> FigmaApi:
    """Figma as the pipelines see it, answered by `send`."""
    events: list[Event] = [] if emitted is None else emitted
    return FigmaApi(send, Coalescer(filled(send), reactor=reactor, settle_s=0.0, emit=events.append))
