"""Who goes next: one lane per config, served in turns; within a lane lower rank first, then order of arrival.

Items go in with their lane; `pop` gives the head of the lane that has had the fewest turns. Turns are counted, so a
lane that was served out of turn waits until the others have caught up; a lane that was empty starts level with the
others and saves nothing up. So no lane waits for more than one request of each other lane before its own. A lane of
weight n is charged a n-th of a turn for each item, so it is served n times as often (stride scheduling).
Every operation costs O(log n); removed items are dropped when they surface or when half of a lane is dead.
"""

import heapq
from collections.abc import Callable, Hashable, Iterator, Mapping
from itertools import count
from typing import Final, Generic, TypeVar

T = TypeVar("T")

TURN: Final = 720_720
"""A turn in the unit that turns are counted in; divisible by all weights up to 16, so that theirs are exact."""


class _Account:
    """What a lane has had, in units of `TURN`."""

    __slots__ = ("turns",)

    def __init__(self, turns: int) -> None:
        self.turns = turns


class Turns:
    """The turns that lanes have had, on one scale for all queues that share them.

    `round` are the turns of the lane that was served last, before it was served: where a new lane joins in.
    """

    __slots__ = ("_accounts", "round")

    def __init__(self) -> None:
        self._accounts: dict[Hashable, _Account] = {}
        self.round = 0

    def of(self, lane: Hashable) -> _Account:
        """The account of a lane; a new one starts level with the others."""
        account = self._accounts.get(lane)
        if account is None:
            account = self._accounts[lane] = _Account(self.round)
        return account


class Ticket(Generic[T]):
    """A place in the queue; `item` is what waits there. `waiting` is False once popped or removed."""

    __slots__ = ("_lane", "item", "waiting")

    def __init__(self, lane: "_Lane[T]", item: T) -> None:
        self._lane = lane
        self.item = item
        self.waiting = True


class _Lane(Generic[T]):
    """The queue of one config.

    `heap` holds (0 for a refused item, else 1; rank; arrival; ticket), dead tickets included; `live` counts the
    others. `lined_up_at` are the turns of its valid entry in the rota, -1 if there is none.
    """

    __slots__ = ("account", "heap", "key", "lined_up_at", "live")

    def __init__(self, key: Hashable, account: _Account) -> None:
        self.key = key
        self.account = account
        self.heap: list[tuple[int, int, int, Ticket[T]]] = []
        self.live = 0
        self.lined_up_at = -1

    def take(self) -> Ticket[T]:
        while True:
            ticket = heapq.heappop(self.heap)[3]
            if ticket.waiting:
                return ticket

    def head(self) -> Ticket[T]:
        while not self.heap[0][3].waiting:
            heapq.heappop(self.heap)
        return self.heap[0][3]

    def drop_dead(self) -> None:
        if len(self.heap) > 2 * self.live:
            self.heap = [entry for entry in self.heap if entry[3].waiting]
            heapq.heapify(self.heap)


class FairQueue(Generic[T]):
    """A queue that is max-min fair over its lanes; lanes are any hashable values, usually configs.

    `weights` are read at each turn; a lane that is not among them has weight 1. Queues with the same `turns` are fair
    together: what a lane got in one counts in the others.
    """

    def __init__(self, weights: Mapping[Hashable, int] | None = None, turns: Turns | None = None) -> None:
        self._weights = {} if weights is None else weights
        self._turns = Turns() if turns is None else turns
        self._lanes: dict[Hashable, _Lane[T]] = {}
        # (turns, order, lane) of lanes with something waiting; stale once the lane's turns differ or it is empty
        self._rota: list[tuple[int, int, _Lane[T]]] = []
        self._order = count()
        self._live = 0

    def __len__(self) -> int:
        return self._live

    def __iter__(self) -> Iterator[Ticket[T]]:
        """The waiting tickets, in no particular order; a snapshot per lane, so removing while iterating is fine."""
        for lane in list(self._lanes.values()):
            yield from [entry[3] for entry in lane.heap if entry[3].waiting]

    def push(self, lane: Hashable, item: T, rank: int = 0) -> Ticket[T]:
        """Queues `item` behind those of its lane with the same or a lower `rank`."""
        return self._enter(lane, item, 1, rank)

    def push_front(self, lane: Hashable, item: T, rank: int = 0) -> Ticket[T]:
        """Queues `item` before everything in its lane that was not pushed to the front itself."""
        return self._enter(lane, item, 0, rank)

    @property
    def turns_of_next(self) -> int:
        """What the lane whose turn it is has had: of queues that share turns, the one with the fewest is due.

        Raises:
            IndexError: if nothing waits.
        """
        return self._next().account.turns

    def peek(self) -> T:
        """The item that `pop` would take now.

        Raises:
            IndexError: if nothing waits.
        """
        return self._next().head().item

    def pop(self) -> T:
        """Takes the next item and charges one turn to its lane.

        Raises:
            IndexError: if nothing waits.
        """
        lane = self._next()
        heapq.heappop(self._rota)
        lane.lined_up_at = -1
        self._turns.round = lane.account.turns
        ticket = lane.take()
        self._leave(ticket)
        self._charge(lane, 1)
        return ticket.item

    def take_all(self, wanted: Callable[[T], bool]) -> list[tuple[int, T]]:
        """Removes all waiting items that are `wanted`, without a turn; (rank, item) in the order of one single lane."""
        found = [
            (entry[:3], entry[3])
            for lane in self._lanes.values()
            for entry in lane.heap
            if entry[3].waiting and wanted(entry[3].item)
        ]
        for _, ticket in found:
            self.remove(ticket)
        return [(place[1], ticket.item) for place, ticket in sorted(found, key=lambda pair: pair[0])]

    def remove(self, ticket: Ticket[T]) -> None:
        """Withdraws an item; does nothing if it has left already."""
        if ticket.waiting:
            self._leave(ticket)
            ticket._lane.drop_dead()

    def charge(self, lane: Hashable, turns: int = 1) -> None:
        """Counts `turns` against a lane, also for what it got without waiting for its turn."""
        self._charge(self._lane(lane), turns)

    def _charge(self, lane: _Lane[T], turns: int) -> None:
        lane.account.turns += max(1, turns * TURN // self._weights.get(lane.key, 1))
        self._line_up(lane)

    def _next(self) -> _Lane[T]:
        """The lane whose turn it is, at the top of the rota."""
        if not self._live:
            raise IndexError("nothing waits in this queue")
        while True:
            turns, _, lane = self._rota[0]
            if turns == lane.lined_up_at and lane.live and turns == lane.account.turns:
                return lane
            heapq.heappop(self._rota)
            if turns == lane.lined_up_at:
                lane.lined_up_at = -1
                self._line_up(lane)  # it has had a turn in another queue meanwhile

    def _enter(self, key: Hashable, item: T, front: int, rank: int) -> Ticket[T]:
        lane = self._lane(key)
        ticket = Ticket(lane, item)
        if not lane.live:
            lane.account.turns = max(lane.account.turns, self._turns.round)
        lane.live += 1
        self._live += 1
        heapq.heappush(lane.heap, (front, rank, next(self._order), ticket))
        if lane.live == 1:
            self._line_up(lane)
        return ticket

    def _leave(self, ticket: Ticket[T]) -> None:
        ticket.waiting = False
        ticket._lane.live -= 1
        self._live -= 1

    def _lane(self, key: Hashable) -> _Lane[T]:
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane(key, self._turns.of(key))
        return lane

    def _line_up(self, lane: _Lane[T]) -> None:
        turns = lane.account.turns
        if lane.live and lane.lined_up_at != turns:
            lane.lined_up_at = turns
            heapq.heappush(self._rota, (turns, next(self._order), lane))
