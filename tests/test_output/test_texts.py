"""Values of journal and manifest as texts: whatever they hold comes back, and nothing else is taken for them."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.manifest import Record, Written
from exfig_rx.model import AssetCounts, Location, Problem
from exfig_rx.output.journal import Before, Deletion, Draft, Move, Outcome, Plan
from exfig_rx.output.texts import (
    Unreadable,
    draft_text,
    listing,
    plan_text,
    read_draft,
    read_listing,
    read_plan,
    read_record,
    record_text,
)

names = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=()), min_size=1, max_size=8)
files = st.builds(
    Written,
    names.map(lambda name: f"/p/{name}"),
    st.just("ab" * 32),
    st.integers(0, 2**40),
    st.integers(0, 2**62),
    st.lists(names, max_size=2).map(tuple),
    st.booleans(),
    *2 * (st.integers(0, 2**62),),
)


@given(st.lists(files, max_size=5, unique_by=lambda one: one.path))
def test_a_listing_comes_back(found: list[Written]) -> None:
    assert read_listing("/p", listing(found).text).files == tuple(found)


def test_a_listing_of_an_older_program_is_read() -> None:
    (old,) = read_listing("/p", '[[["web"]],[["a","ff",1,2,0,0]]]').files
    assert old == Written("/p/a", "ff", 1, 2, ("web",))
    assert read_listing("/p", listing([old]).text).files == (old,)
    with pytest.raises(Unreadable):
        read_listing("/p", '[[["web"]],[["a","ff",1,2,0,0,3,4,5]]]')


@given(names, st.lists(names))
def test_a_draft_comes_back(prefix: str, folders: list[str]) -> None:
    draft = Draft(f".exfig-{prefix}", tuple(folders))
    assert read_draft(draft_text(draft)) == draft


def test_a_record_comes_back() -> None:
    problems = (
        Problem("a.b", "m", "h", Location("f", 1, 2, "k", "file", "1:2", "node"), "ex\ncerpt"),
        Problem("c", "d"),
    )
    record = Record("f", {"Key": "1", "Else": "2"}, AssetCounts(1, 2, 3, 4, 5), problems)
    assert read_record(record_text(record)) == record


def plan() -> Plan:
    one, two = (Written(f"/p/new/{name}", "ab" * 32, 3, 4, ("web",)) for name in ("one", "two"))
    deep = Written("/p/new/deep/three", "cd" * 32, 5, 6)
    over, fresh, same = (Written(f"/p/out/{name}", "ef" * 32, 7, 8) for name in ("over", "fresh", "same"))
    gone = Written("/p/old/gone", "01" * 32, 9, 10, ("ios", "web"))
    return Plan(
        Draft(".exfig-r-0-", ("/p", "/p/out", "/p/old")),
        (("/p/.exfig-r-0-0", "/p/new"),),
        (("/p/.exfig-r-0-0", "/p/new"), ("/p/.exfig-r-0-0/deep", "/p/new/deep")),
        (
            Move("/p/.exfig-r-0-0/one", one),
            Move("/p/.exfig-r-0-0/two", two),
            Move("/p/.exfig-r-0-0/deep/three", deep),
        ),
        (
            Move("/p/out/.exfig-r-0-1", over, Before(11, 12, "23" * 32)),
            Move("/p/out/.exfig-r-0-2", fresh),
        ),
        (Deletion("/p/old/.exfig-r-0-3", gone),),
        Outcome(
            {"/p/new": listing([one, two]), "/p/new/deep": listing([deep]), "/p/out": listing([over, fresh, same])},
            ("/p/old/gone",),
            ("/p/new", "/p/new/deep"),
            ("/p/old",),
            record=Record("f", {}, AssetCounts()),
            sections="icons",
        ),
    )


def test_a_plan_comes_back() -> None:
    assert read_plan(plan_text(plan())) == plan()


@pytest.mark.parametrize("read", [read_draft, read_plan, read_record, lambda text: read_listing("/p", text)])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "{}",
        "[]",
        "[1, 2]",
        "null",
        '{"draft": 3}',
        '"text"',
        "[[[]], [[1]]]",
    ],
)
def test_what_is_no_text_of_ours_is_said_to_be_none(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


@pytest.mark.parametrize("text", ['["", ["/p"]]', '[".exfig-", ["/p"]]', '["icon", ["/p"]]', '[[], ["/p"]]', "[3, []]"])
def test_a_draft_that_would_have_files_of_others_removed_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        read_draft(text)


@given(st.data())
def test_a_plan_with_a_part_missing_is_none(data: st.DataObject) -> None:
    found = json.loads(plan_text(plan()))
    del found[data.draw(st.sampled_from(sorted(found)))]
    with pytest.raises(Unreadable):
        read_plan(json.dumps(found))
