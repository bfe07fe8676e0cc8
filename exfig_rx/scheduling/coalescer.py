"""Ask together, as late as possible: ids of any config travel in one request, put in when its permit is granted.

In: lookups with ids. Out: answers by id, as they come, and a RequestShared event for each request saved. Rules: an id
is asked once a run, and its answer or failure is everybody's; each config with ids that wait has its own place in line,
so that fairness is the scheduler's; a request takes the ids of the config whose turn it is first, then those of others.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Final, TypeVar

from reactivex import Observable, abc
from reactivex.disposable import Disposable

from exfig_rx.events import Event
from exfig_rx.model import ConfigId, Lookup, Send
from exfig_rx.scheduling.lingering import later
from exfig_rx.scheduling.pool import Ask, Pool
from exfig_rx.scheduling.portion import Portions

T = TypeVar("T")

MOST_SETTLE_S: Final = 0.05
"""The longest that ids wait for those of other configs before they line up."""


def settle_s(spacing_s: float) -> float:
    """Seconds that ids wait for company before they line up: a hundredth of the time between two requests."""
    return min(MOST_SETTLE_S, spacing_s / 100)


class Coalescer:
    """Answers lookups in as few requests as it can; one a run.

    Args:
        send: sends a request, calling its `fill` at the moment when it may go, and again each time it goes again.
        reactor: the scheduler on which everything here runs.
        settle_s: seconds that ids wait for those of other configs before they line up.
        emit: takes the events.
        portions: how many ids of a file and format go together; None begins with what nobody has tried.
        linger_s: seconds for which ids that nobody waits for any more stay in line and on their way.
    """

    def __init__(
        self,
        send: Send,
        *,
        reactor: abc.SchedulerBase,
        settle_s: float,
        emit: Callable[[Event], None],
        portions: Portions | None = None,
        linger_s: float = 0.0,
    ) -> None:
        self._send = send
        self._reactor = reactor
        self._settle_s = settle_s
        self._emit = emit
        self._portions = Portions() if portions is None else portions
        self._linger_s = linger_s
        # all that was ever asked in this run, by what makes two lookups the same
        self._pools: dict[Hashable, Pool] = {}

    def __call__(self, lookup: Lookup[T], ids: Sequence[str], config: ConfigId) -> Observable[dict[str, T | None]]:
        """The answers to `ids` for `config`, in parts as they come: cold; completes when all are answered.

        None is the answer for an id that Figma does not have. Disposing withdraws ids that nobody else wants.
        Fails with the error of the first request that failed for one of these ids.
        """

        def subscribe(
            observer: abc.ObserverBase[dict[str, T | None]], _: abc.SchedulerBase | None = None
        ) -> abc.DisposableBase:
            key = (lookup.path, lookup.query, lookup.attempt)
            pool = self._pools.get(key)
            if pool is None:
                pool = self._pools[key] = Pool(
                    lookup,
                    self._send,
                    self._portions.of(lookup),
                    reactor=self._reactor,
                    settle_s=self._settle_s,
                    emit=self._emit,
                )
            place = pool.ask(Ask(config, dict.fromkeys(ids), observer))
            # An observer that is disposed hears nothing more; its ids may still be somebody else's.
            return Disposable(lambda: later(place.dispose, self._linger_s, self._reactor))

        return Observable(subscribe)
