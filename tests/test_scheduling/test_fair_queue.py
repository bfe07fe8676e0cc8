"""Whose turn it is."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.scheduling.fair_queue import TURN, FairQueue, Turns


def drained(queue: FairQueue[str]) -> list[str]:
    return [queue.pop() for _ in range(len(queue))]


def filled(**lanes: int) -> FairQueue[str]:
    queue: FairQueue[str] = FairQueue()
    for lane, length in lanes.items():
        for index in range(length):
            queue.push(lane, f"{lane}{index}")
    return queue


def test_lanes_take_turns_and_each_keeps_its_order() -> None:
    assert drained(filled(a=3, b=1, c=2)) == ["a0", "b0", "c0", "a1", "c1", "a2"]


def test_lower_rank_goes_first_within_a_lane_only() -> None:
    queue: FairQueue[str] = FairQueue()
    queue.push("a", "render", rank=5)
    queue.push("a", "metadata", rank=0)
    queue.push("b", "b-render", rank=9)
    assert drained(queue) == ["metadata", "b-render", "render"]


def test_a_refused_item_goes_before_everything_in_its_lane_and_before_nothing_in_others() -> None:
    queue = filled(a=2, b=2)
    first = queue.pop()
    queue.push_front("a", first, rank=9)
    assert drained(queue) == ["b0", "a0", "b1", "a1"]


def test_refused_items_keep_their_order_among_themselves() -> None:
    queue = filled(a=1)
    queue.push_front("a", "first refused")
    queue.push_front("a", "second refused")
    assert drained(queue) == ["first refused", "second refused", "a0"]


def test_a_lane_that_comes_late_starts_level_with_the_others() -> None:
    queue = filled(a=100)
    for _ in range(50):
        queue.pop()
    for index in range(3):
        queue.push("late", f"late{index}")
    assert drained(queue)[:6] == ["late0", "a50", "late1", "a51", "late2", "a52"]


def test_an_idle_lane_saves_no_turns_up() -> None:
    queue = filled(a=60, b=1)
    for _ in range(41):
        queue.pop()
    for index in range(20):
        queue.push("b", f"b{index}")
    assert Counter(item[0] for item in drained(queue)[:20]) == {"a": 10, "b": 10}


def test_a_lane_charged_out_of_turn_waits_until_the_others_have_caught_up() -> None:
    queue = filled(a=4, b=4)
    queue.charge("a", 2)
    assert drained(queue) == ["b0", "b1", "a0", "b2", "a1", "b3", "a2", "a3"]


def test_a_charge_for_an_empty_lane_counts_when_it_comes_back() -> None:
    queue = filled(b=3)
    queue.charge("a", 2)
    queue.push("a", "a0")
    assert drained(queue) == ["b0", "b1", "a0", "b2"]


def test_a_removed_item_is_gone_and_removing_twice_does_nothing() -> None:
    queue = filled(a=2)
    ticket = queue.push("b", "withdrawn")
    queue.remove(ticket)
    queue.remove(ticket)
    assert len(queue) == 2
    assert [ticket.item for ticket in queue] == ["a0", "a1"]
    assert drained(queue) == ["a0", "a1"]


def test_an_item_that_has_left_can_not_be_removed() -> None:
    queue: FairQueue[str] = FairQueue()
    ticket = queue.push("a", "served")
    queue.push("a", "next")
    queue.pop()
    queue.remove(ticket)
    assert drained(queue) == ["next"]


def test_nothing_comes_from_an_empty_queue() -> None:
    with pytest.raises(IndexError):
        FairQueue[str]().pop()


@given(lanes=st.integers(2, 8), lengths=st.integers(40, 60))
def test_shares_are_equal_over_every_stretch_in_which_all_have_work(lanes: int, lengths: int) -> None:
    queue = filled(**{chr(ord("a") + index): lengths for index in range(lanes)})
    served = [item[0] for item in drained(queue)]
    stretch = 5 * lanes
    for start in range(len(served) - stretch + 1):
        shares = Counter(served[start : start + stretch]).values()
        jain = sum(shares) ** 2 / (lanes * sum(share**2 for share in shares))
        assert jain >= 0.99


@pytest.mark.parametrize("weights", [[1, 2, 3], [1, 5, 2, 7], [16, 1, 1], [17, 1, 1], [1] * 10])
def test_weighted_shares_are_equal_over_every_stretch_of_five_rounds(weights: list[int]) -> None:
    """A round is as many turns as all weights together: each lane has its weight in turns of it."""
    names = "abcdefghij"[: len(weights)]
    queue: FairQueue[str] = FairQueue(dict(zip(names, weights, strict=True)))
    for name, weight in zip(names, weights, strict=True):
        for _ in range(20 * weight):
            queue.push(name, name)
    served = [queue.pop() for _ in range(20 * sum(weights))]
    stretch = 5 * sum(weights)
    for start in range(len(served) - stretch + 1):
        counts = Counter(served[start : start + stretch])
        shares = [counts[name] / weight for name, weight in zip(names, weights, strict=True)]
        assert sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares)) >= 0.99


def test_queues_that_share_turns_are_fair_together() -> None:
    turns = Turns()
    one, other = FairQueue[str](turns=turns), FairQueue[str](turns=turns)
    for index in range(6):
        one.push("both", f"one{index}")
        other.push("both", f"other{index}")
        other.push("single", f"single{index}")
    served = []
    while one and other:
        served.append(min(one, other, key=lambda queue: queue.turns_of_next).pop())
    assert served[:6] == ["one0", "single0", "one1", "single1", "one2", "single2"]


def test_what_a_lane_got_elsewhere_counts_when_its_turn_is_looked_at() -> None:
    turns = Turns()
    one, other = FairQueue[str](turns=turns), FairQueue[str](turns=turns)
    for lane in "ab":
        one.push(lane, lane)
        one.push(lane, lane)
    other.push("a", "a elsewhere")
    assert other.turns_of_next == 0
    other.pop()
    assert (one.turns_of_next, one.peek()) == (0, "b")
    assert drained(one) == ["b", "a", "b", "a"]
    assert turns.of("a").turns == turns.of("b").turns + TURN


steps = st.lists(
    st.one_of(
        st.tuples(st.just("push"), st.integers(0, 3), st.integers(0, 2)),
        st.tuples(st.just("front"), st.integers(0, 3), st.integers(0, 2)),
        st.tuples(st.just("remove"), st.integers(0, 30), st.just(0)),
        st.tuples(st.just("charge"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("pop"), st.just(0), st.just(0)),
    ),
    max_size=60,
)


@given(steps)
def test_whatever_goes_in_comes_out_once_in_the_order_of_its_lane(steps: list[tuple[str, int, int]]) -> None:
    queue: FairQueue[tuple[int, int, int, int]] = FairQueue()
    tickets, waiting = [], set()
    for number, (action, which, rank) in enumerate(steps):
        if action in ("push", "front"):
            item = (which, 0 if action == "front" else 1, rank, number)
            push = queue.push_front if action == "front" else queue.push
            tickets.append(push(which, item, rank))
            waiting.add(item)
        elif action == "remove" and which < len(tickets):
            queue.remove(tickets[which])
            waiting.discard(tickets[which].item)
        elif action == "charge":
            queue.charge(which, rank)
        elif action == "pop" and waiting:
            popped = queue.pop()
            assert popped == min(item for item in waiting if item[0] == popped[0])
            waiting.remove(popped)
        assert len(queue) == len(waiting)
        assert {ticket.item for ticket in queue} == waiting


def test_pushing_and_withdrawing_for_ever_leaves_nothing_behind() -> None:
    queue = filled(a=1)
    for index in range(5000):
        queue.remove(queue.push("a", f"a{index}"))
        queue.remove(queue.push("b", f"b{index}"))
    assert sum(len(lane.heap) for lane in queue._lanes.values()) < 10
    assert len(queue._rota) < 10
