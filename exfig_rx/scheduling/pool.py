"""The ids of one lookup, from all configs: who waits for which, what is on its way, and what is known.

In: asks, and what becomes of requests. Out: answers by id, as they come. Rules: an id is on one way at a time, and its
answer or failure is everybody's; each config with ids that wait has a place in line, and leaves it when it has none.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, TypeAlias, TypeVar

from reactivex import abc
from reactivex.disposable import Disposable, SingleAssignmentDisposable

from exfig_rx.errors import ExfigError
from exfig_rx.events import Event, RequestShared
from exfig_rx.model import ConfigId, Lookup, Request, Response, Send
from exfig_rx.scheduling.limits import MOST_REFUSALS
from exfig_rx.scheduling.portion import Portion, url_room

T = TypeVar("T")

TOO_MUCH: Final = frozenset({"figma.too-large", "figma.render-timeout"})
"""Codes of the problems that fewer ids at once may solve."""

Answer: TypeAlias = dict[str, Any]


@dataclass(eq=False, slots=True)
class Ask(Generic[T]):
    """One caller: `left` are its ids without an answer, in order."""

    config: ConfigId
    left: dict[str, None]
    observer: abc.ObserverBase[Any]


@dataclass(eq=False, slots=True)
class _Place:
    """A request of a config: in line while `taken` is empty, then on its way with these ids."""

    config: ConfigId
    pool: "Pool"
    sending: SingleAssignmentDisposable = field(default_factory=SingleAssignmentDisposable)
    taken: list[str] = field(default_factory=list)

    def fill(self) -> Request:
        return self.pool.fill(self)

    def refused(self) -> int:
        return self.pool.refused(self)

    def empty(self) -> None:
        self.pool.empty(self)


class Pool:
    """The ids of one lookup; arguments as in `Coalescer`."""

    def __init__(
        self,
        lookup: Lookup[Any],
        send: Send,
        portion: Portion,
        *,
        reactor: abc.SchedulerBase,
        settle_s: float,
        emit: Callable[[Event], None],
    ) -> None:
        self._lookup = lookup
        self._send = send
        self._reactor = reactor
        self._settle_s = settle_s
        self._emit = emit
        self._portion = portion
        self._url_room = url_room(lookup)
        # what this run knows
        self._answers: Answer = {}
        self._failures: dict[str, Exception] = {}
        # who waits, by config, and for each id that is not known
        self._asks: dict[ConfigId, list[Ask[Any]]] = {}
        self._wanted: dict[str, list[Ask[Any]]] = {}
        # wanted ids that are on no way, in the order in which they were asked
        self._pending: dict[str, None] = {}
        # how often wanted ids were refused, in whichever request; an answer ends it, since nobody asks again
        self._refusals: dict[str, int] = {}
        # places in line of each config with pending ids, at least one; and the requests on their way
        self._lined_up: dict[ConfigId, list[_Place]] = {}
        self._flying: set[_Place] = set()
        self._settling = False
        # requests that each config would have needed alone, less those that it paid for
        self._saved: dict[ConfigId, int] = {}

    # ── asking and leaving ──

    def ask(self, ask: Ask[Any]) -> abc.DisposableBase:
        """Takes `ask` in; the disposable withdraws it."""
        failure = next((self._failures[id_] for id_ in ask.left if id_ in self._failures), None)
        if failure is not None:
            ask.observer.on_error(failure)
            return Disposable()
        config = ask.config
        self._saved[config] = self._saved.get(config, 0) - (-len(ask.left) // self._lookup.portion)
        self._asks.setdefault(config, []).append(ask)
        for id_ in ask.left:
            if id_ not in self._answers:
                wanted = self._wanted.setdefault(id_, [])
                if not wanted:
                    self._pending[id_] = None
                wanted.append(ask)
        self._settle()
        self._deliver([ask])
        return Disposable(lambda: self._leave(ask))

    def _leave(self, ask: Ask[Any]) -> None:
        """Forgets an ask that is answered, failed or disposed, with the ids that nobody else wants."""
        asks = self._asks.get(ask.config, [])
        if ask not in asks:
            return
        asks.remove(ask)
        if not asks:
            del self._asks[ask.config]
        for id_ in ask.left:
            wanted = self._wanted.get(id_, [])
            if ask in wanted:
                wanted.remove(ask)
                if not wanted:
                    del self._wanted[id_]
                    self._pending.pop(id_, None)
                    self._refusals.pop(id_, None)
        self._withdraw()

    def _withdraw(self) -> None:
        """Leaves the line for configs without pending ids, and ends requests that nobody waits for."""
        for config, places in list(self._lined_up.items()):
            if next(self._pending_of(config), None) is None:
                del self._lined_up[config]
                for place in places:
                    place.sending.dispose()
        for place in list(self._flying):
            if not any(id_ in self._wanted for id_ in place.taken):
                self._flying.discard(place)
                place.sending.dispose()

    # ── lining up ──

    def _settle(self) -> None:
        """Lines up a little later, so that those who ask at about the same time go together."""
        if self._settling or not self._pending:
            return
        self._settling = True

        def settled(_: abc.SchedulerBase, __: object = None) -> None:
            self._settling = False
            self._line_up()

        self._reactor.schedule_relative(self._settle_s, settled)

    def _line_up(self) -> None:
        """A place for each config that has pending ids and none yet."""
        for config in list(self._asks):
            if config not in self._lined_up and next(self._pending_of(config), None) is not None:
                place = _Place(config, self)
                self._lined_up[config] = [place]
                self._start(place)

    def _start(self, place: _Place) -> None:
        request = replace(self._request(place.config, []), late=place)
        place.sending.disposable = self._send(request).subscribe(
            lambda response: self._answered(place, response),
            lambda error: self._failed(place, error),
            scheduler=self._reactor,
        )

    def _pending_of(self, config: ConfigId) -> Iterator[str]:
        return (id_ for ask in self._asks.get(config, ()) for id_ in ask.left if id_ in self._pending)

    # ── a request: filled when it may go, answered or failed ──

    def fill(self, place: _Place) -> Request:
        """The request as it goes now; one that goes again after a failure is filled anew."""
        if place.taken:
            self._put_back(place)
        else:
            self._leave_line(place)
            self._flying.add(place)
            self._saved[place.config] = self._saved.get(place.config, 0) - 1
        place.taken = self._take(place.config)
        self._withdraw()
        if not self._settling:
            self._line_up()
        return self._request(place.config, place.taken)

    def refused(self, place: _Place) -> int:
        """Counts a 429 for each id that it carried; the most that one of them has had in a row.

        Where that is too many, those ids fail with the request, and what travelled with them waits for another one.
        """
        for id_ in place.taken:
            self._refusals[id_] = self._refusals.get(id_, 0) + 1
        most = max((self._refusals[id_] for id_ in place.taken), default=0)
        if most >= MOST_REFUSALS:
            given_up = [id_ for id_ in place.taken if self._refusals[id_] >= MOST_REFUSALS]
            place.taken = [id_ for id_ in place.taken if self._refusals[id_] < MOST_REFUSALS]
            self._put_back(place)
            place.taken = given_up
            self._settle()
        return most

    def empty(self, place: _Place) -> None:
        """It was refused, and is in line again: what it carried may go with whoever's turn comes first."""
        if place not in self._flying:  # nobody waits for it any more, or it can't go again
            return
        self._flying.discard(place)
        self._saved[place.config] += 1
        self._lined_up.setdefault(place.config, []).append(place)
        self._put_back(place)
        self._line_up()
        self._withdraw()

    def _leave_line(self, place: _Place) -> None:
        places = self._lined_up[place.config]
        places.remove(place)
        if not places:
            del self._lined_up[place.config]

    def _take(self, config: ConfigId) -> list[str]:
        """A portion of the pending ids, those of `config` first."""
        taken = self._portion.of(dict.fromkeys((*self._pending_of(config), *self._pending)), self._url_room)
        for id_ in taken:
            del self._pending[id_]
        return taken

    def _request(self, config: ConfigId, ids: Sequence[str]) -> Request:
        lookup = self._lookup
        count = f"{len(ids)} " if ids else ""
        return Request(
            lookup.tier,
            lookup.path,
            (*lookup.query, ("ids", ",".join(sorted(ids)))),
            config,
            lookup.file_key,
            what=f"{count}{lookup.noun}{'' if len(ids) == 1 else 's'} of file {lookup.file_key}",
            rank=lookup.rank,
            timeout_s=lookup.timeout_s,
            items=lookup.items if lookup.attempt == 1 else "",
            digest=lookup.digest,
        )

    def _put_back(self, place: _Place) -> None:
        """Its ids wait again, before all others."""
        back = dict.fromkeys(id_ for id_ in place.taken if id_ in self._wanted)
        self._pending = {**back, **self._pending}
        place.taken = []

    def _answered(self, place: _Place, response: Response) -> None:
        try:
            values = self._lookup.parse(response.body)
        except ExfigError as error:
            self._failed(place, error)
            return
        self._flying.discard(place)
        self._portion.succeeded(len(place.taken))
        self._know({id_: values.get(id_) for id_ in place.taken})

    def _know(self, answers: Answer) -> None:
        self._answers |= answers
        asks = dict.fromkeys(ask for id_ in answers for ask in self._wanted.pop(id_, ()))
        self._deliver(list(asks))

    def _failed(self, place: _Place, error: Exception) -> None:
        self._flying.discard(place)
        taken = place.taken
        if not taken:  # locked out before it could go; what others get is theirs to find out
            self._leave_line(place)
            self._end(self._asks.get(place.config, ()), error)
            return
        if isinstance(error, ExfigError) and error.problems[0].code in TOO_MUCH:
            self._portion.failed(len(taken))
            if len(taken) > 1:
                self._put_back(place)
                self._line_up()
                return
            if self._lookup.optional:
                self._know({taken[0]: None})
                return
        self._failures |= dict.fromkeys(taken, error)
        self._end(dict.fromkeys(ask for id_ in taken for ask in self._wanted.get(id_, ())), error)

    # ── telling ──

    def _deliver(self, asks: Sequence[Ask[Any]]) -> None:
        """Gives each ask what is known of its ids; those without any left are over."""
        parts = [(ask, {id_: self._answers[id_] for id_ in ask.left if id_ in self._answers}) for ask in asks]
        done: list[Ask[Any]] = []
        for ask, part in parts:
            for id_ in part:
                del ask.left[id_]
            if not ask.left:
                self._leave(ask)
                done.append(ask)
        self._tell_saved(done)
        for ask, part in parts:
            if part:
                ask.observer.on_next(part)
            if ask in done:
                ask.observer.on_completed()

    def _tell_saved(self, done: Sequence[Ask[Any]]) -> None:
        lookup = self._lookup
        for config in dict.fromkeys(ask.config for ask in done):
            if config not in self._asks:
                at = self._reactor.to_seconds(self._reactor.now)
                for _ in range(self._saved.pop(config, 0)):
                    self._emit(RequestShared(at, config, lookup.tier, f"{lookup.noun}s of file {lookup.file_key}"))

    def _end(self, asks: Sequence[Ask[Any]] | dict[Ask[Any], None], error: Exception) -> None:
        ended = list(asks)
        for ask in ended:
            self._leave(ask)
        for ask in ended:
            ask.observer.on_error(error)
