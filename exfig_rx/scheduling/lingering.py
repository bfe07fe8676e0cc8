"""What nobody waits for any more is let go a little later, for somebody who comes right behind.

In: something that is asked for by several. Out: the same, with time. Rule: whoever edits a config in the middle of its
export asks the same again within a moment; what is on its way by then has been counted by Figma, and is worth keeping.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from reactivex import ConnectableObservable, Observable, abc
from reactivex.disposable import Disposable

T = TypeVar("T")

LINGER_S: Final = 3.0
"""Seconds for which a run that stays keeps what nobody waits for."""


def shared(source: "ConnectableObservable[T]", linger_s: float, clock: abc.SchedulerBase) -> Observable[T]:
    """`source`, connected to the first who subscribes, and cut when nobody has been there for `linger_s` seconds."""
    count = comings = 0
    connection: abc.DisposableBase | None = None

    def subscribe(observer: abc.ObserverBase[T], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
        nonlocal count, comings, connection
        count += 1
        comings += 1
        subscription = source.subscribe(observer)
        if connection is None:
            connection = source.connect(clock)

        def leave() -> None:
            nonlocal count
            subscription.dispose()
            count -= 1
            if count == 0:
                later(partial(cut, comings), linger_s, clock)

        return Disposable(leave)

    def cut(seen: int) -> None:
        # Who came and left again meanwhile has a time of its own.
        if count == 0 and comings == seen and connection is not None:
            connection.dispose()

    return Observable(subscribe)


def later(action: Callable[[], None], wait_s: float, clock: abc.SchedulerBase) -> None:
    """Does something in `wait_s` seconds; at once, if that is none."""

    def act(_: abc.SchedulerBase, __: Any = None) -> None:
        action()

    if wait_s <= 0:
        action()
    else:
        clock.schedule_relative(wait_s, act)
