"""Streams together, listened to at once.

In: streams. Out: one. Rule: when it is subscribed, all of them are, in order, before anything else happens, so that
what the last one sets off is heard by those before it. `rx.merge` takes a turn of the reactor to get there.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.reactor import at_once

T = TypeVar("T")


def merged(*streams: Observable[Any]) -> Observable[Any]:
    """All of them; completes with the last."""
    return at_once(*streams).pipe(ops.merge_all())


def split(
    news: Observable[Any], kind: type[T], of_kind: Callable[[Observable[T]], Observable[object]]
) -> Observable[Any]:
    """What is not of `kind`; what is, goes elsewhere, and nothing of that comes out."""

    def both(shared: Observable[Any]) -> Observable[Any]:
        others: Observable[Any] = shared.pipe(ops.filter(lambda one: not isinstance(one, kind)))
        ours: Observable[T] = shared.pipe(ops.filter(lambda one: isinstance(one, kind)))
        silent: Observable[Any] = of_kind(ours).pipe(ops.ignore_elements())
        return merged(others, silent)

    return news.pipe(ops.publish(both))
