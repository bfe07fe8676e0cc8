"""Path data in fewer characters: the same picture, in any spelling of it, and errors that never add up."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exfig_rx.export.android_paths import decimals, rounded, shortened
from exfig_rx.vector.geometry import absolute, needs_rewriting
from exfig_rx.vector.geometry import commands as path_commands

number = st.integers(-3_000_000, 3_000_000).map(lambda steps: f"{steps / 10_000:g}")
radius = st.integers(1, 400_000).map(lambda steps: f"{steps / 10_000:g}")
flag = st.sampled_from("01")


def command(letters: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One command in either case."""
    return st.tuples(st.sampled_from(letters), *parts).map(" ".join)


commands = st.one_of(
    command("Mm", number, number),
    command("Ll", number, number),
    command("Hh", number),
    command("Vv", number),
    command("Cc", *[number] * 6),
    command("Ss", *[number] * 4),
    command("Qq", *[number] * 4),
    command("Tt", number, number),
    command("Zz"),
)
arcs = command("Aa", radius, radius, number, flag, flag, number, number)


def data_of(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Path data of any commands."""
    listed = st.lists(st.one_of(*parts), min_size=1, max_size=12)
    return st.tuples(command("Mm", number, number), listed).map(lambda both: " ".join((both[0], *both[1])))


def furthest(one: str, other: str) -> float:
    """How far the points of two path data are from one another at most."""
    first, second = absolute(one), absolute(other)
    assert [letter for letter, _ in first] == [letter for letter, _ in second]
    pairs = (pair for (_, a), (_, b) in zip(first, second, strict=True) for pair in zip(a, b, strict=True))
    return max((abs(a - b) for a, b in pairs), default=0.0)


@settings(deadline=None, max_examples=100)
@given(data_of(commands))
def test_without_loss_every_point_stays_where_it_is(d: str) -> None:
    assert furthest(d, shortened(d, decimals(d))) < 1e-6


@settings(deadline=None, max_examples=100)
@given(data_of(arcs))
def test_an_arc_keeps_its_radii_and_flags_and_the_spaces_around_them(d: str) -> None:
    short = shortened(d, decimals(d))
    assert not needs_rewriting(short)
    before, after = list(path_commands(d)), list(path_commands(short))
    assert [values[:5] for letter, values in after] == [values[:5] for letter, values in before]
    assert math.dist(absolute(short)[-1][1][-2:], absolute(d)[-1][1][-2:]) < 1e-6


@settings(deadline=None, max_examples=100)
@given(data_of(commands), st.integers(1, 4))
def test_rounding_moves_no_point_by_more_than_it_must(d: str, precision: int) -> None:
    # A reflected control point doubles the error of the one before, and is reflected again.
    reflected = sum(letter in "SsTt" for letter in d)
    assert furthest(d, rounded(d, precision)) <= 0.5 * 10**-precision * 3 ** (reflected + 1)
    if not reflected:
        assert furthest(d, rounded(d, precision)) <= 0.5 * 10**-precision + 1e-9


def test_errors_of_relative_steps_do_not_add_up() -> None:
    d = "M0 0" + "l.0049.0049" * 1000
    end = absolute(rounded(d, 2))[-1][1]
    assert math.dist(end, (4.9, 4.9)) < 0.01


def test_an_arc_that_is_not_exact_any_more_becomes_curves_and_keeps_its_shape() -> None:
    d = "M2.00049 12a10.00049 10.00049 0 0 1 20.00098 0s1.00049 2 3 4"
    short = rounded(d, 3)
    assert "a" not in short.lower() and "s" not in short.lower()
    assert furthest(d, short) <= 0.0006


@pytest.mark.parametrize(
    ("d", "short"),
    [
        ("M 3.0,4.50 L 20 19.0 L 21 19 Z", "M3 4.5L20 19h1z"),
        ("M0 0.5L-0.25 0.75L-.5 .5", "M0 .5L-.25.75-.5.5"),
        ("M1 1H9V9H1Z", "M1 1H9V9H1z"),
        ("m8 8h20v20h-20zl40 40", "M8 8H28V28H8zL48 48"),
        ("M8e0 .8e1L5.6e1 8", "M8 8H56"),
        ("M14 32a18 18 0 1118 18a6 6 0 0112-12z", "M14 32A18 18 0 1 1 32 50 6 6 0 0 1 44 38z"),
        ("M100.5 100.5L101.5 102 100.5 103.5", "M100.5 100.5l1 1.5-1 1.5"),
        ("", ""),
        ("M1 1L1e300 4", "M1 1L1e300 4"),
        ("M1 1L1e999 4", "M1 1L1e999 4"),
    ],
)
def test_of_two_spellings_the_shorter_is_written(d: str, short: str) -> None:
    assert shortened(d, decimals(d)) == short


def test_data_that_is_coarse_enough_stays_as_it_is_written() -> None:
    assert rounded("M 1.25,1.50 L 3.0 4", 2) == "M 1.25,1.50 L 3.0 4"
    assert rounded("M 1.25,1.50 L 3.0 4", 1) == "M1.2 1.5L3 4"
