"""Killed before each single call that changes something: after recovery the tree is wholly old or wholly new."""

import errno
import os
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from tests.crash.dying import dies
from tests.crash.world import World, made

MOST_POINTS = 400


@pytest.fixture
def world(quick_path: Path) -> World:
    return made(quick_path)


def every_point(world: World, work: Callable[[], object], check: Callable[[int], None]) -> int:
    """Kills `work` at each of its points, `check`ing each time what is left; tells how many there are."""
    for at in range(MOST_POINTS):
        world.reset()
        if not dies(work, at):
            return at
        check(at)
    raise AssertionError("it never comes to its end")


def outcome(world: World, work: Callable[[], object]) -> tuple[object, object]:
    """What `work` leaves when nothing disturbs it."""
    world.reset()
    work()
    return world.tree(), world.noted()


def test_a_killed_export_is_finished_or_never_was(world: World) -> None:
    old, new = world.tree(), outcome(world, lambda: world.export(1))
    ends = []

    def check(at: int) -> None:
        told = world.recover()
        tree = world.tree()
        assert tree in (old, new[0]), f"neither old nor new when killed before call {at}"
        assert not os.listdir(world.root / ".exfig/runs")
        ends.append((tree == old, [problem.code for problem in told]))
        world.export(1)
        assert (world.tree(), world.noted()) == new, f"another tree after one more export, when killed before call {at}"

    points = every_point(world, lambda: world.export(1, durable=True), check)
    assert points > 50
    changes = [here for (here, _), (then, _) in pairwise(ends) if here != then]
    assert changes == [True], "there is one moment from which on it is finished"
    assert all(codes in ([], ["output.recovered"]) for _, codes in ends)
    assert sum(bool(codes) for _, codes in ends) > 20


def test_a_first_export_that_is_killed_is_finished_or_never_was(quick_path: Path) -> None:
    world = World(quick_path / "world", quick_path / "template")
    world.root.mkdir()
    (world.root / "attrs.xml").write_text("<r>\n<!-- FROM: T -->\n<!-- TO: T -->\n</r>\n")
    world.keep()
    old, new = world.tree(), outcome(world, lambda: world.export(1))

    def check(at: int) -> None:
        world.recover()
        assert world.tree() in (old, new[0]), f"neither old nor new when killed before call {at}"
        world.export(1)
        assert (world.tree(), world.noted()) == new

    assert every_point(world, lambda: world.export(1), check) > 30


@pytest.mark.parametrize("refused_at", [2, 8])
def test_a_refused_export_that_is_killed_while_it_is_taken_back_is_taken_back(world: World, refused_at: int) -> None:
    old, new = world.tree(), outcome(world, lambda: world.export(1))

    def work() -> None:
        os.replace = refusing(os.replace, at=refused_at)  # type: ignore[assignment]
        world.refused(1)

    def check(at: int) -> None:
        world.recover()
        assert world.tree() in (old, new[0]), f"neither old nor new when killed before call {at}"
        world.export(1)
        assert (world.tree(), world.noted()) == new

    assert every_point(world, work, check) > 40


def test_without_hard_links_a_killed_export_is_finished_or_never_was(world: World) -> None:
    old, new = world.tree(), outcome(world, lambda: world.export(1))

    def work() -> None:
        os.link = refusing(os.link, at=1, times=99)  # type: ignore[assignment]
        world.export(1)

    def check(at: int) -> None:
        world.recover()
        assert world.tree() in (old, new[0]), f"neither old nor new when killed before call {at}"

    assert every_point(world, work, check) > 40


def test_a_recovery_that_is_killed_is_finished_by_the_next_one(world: World) -> None:
    old, new = world.tree(), outcome(world, lambda: world.export(1))
    points = every_point(world, lambda: world.export(1), lambda at: None)
    for first in range(24, points, 14):
        for second in range(MOST_POINTS):
            world.reset()
            assert dies(partial(world.export, 1), first)
            ended = not dies(world.recover, second)
            world.recover()
            assert world.tree() in (old, new[0]), f"neither old nor new when killed at {first}, then at {second}"
            if ended:
                break
        world.export(1)
        assert (world.tree(), world.noted()) == new


def refusing(real: Callable[..., object], *, at: int, times: int = 1) -> Callable[..., object]:
    """`real`, but from its call number `at` on, the system refuses `times` calls."""
    calls = 0

    def call(*args: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if at <= calls < at + times:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(*args, **options)

    return call
