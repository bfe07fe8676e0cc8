"""Streams together, listened to at once.

In: streams. Out: one. Rule: when it is subscribed, all of them are, in order, before anything else happens, so that
what the last one sets off is heard by those before it. `rx.merge` takes a turn of the reactor to get there.
"""

from typing import Any

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.scheduler import ImmediateScheduler


def merged(*streams: Observable[Any]) -> Observable[Any]:
    """All of them; completes with the last."""
    return rx.from_iterable(streams, scheduler=ImmediateScheduler.singleton()).pipe(ops.merge_all())
