"""What becomes of kept things in time, and that a run beside it loses nothing."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exfig_rx.model import FileVersion
from exfig_rx.pictures import Blob
from exfig_rx.state.upkeep import KeptFile, Trimmed
from tests.test_state.caches import KEY, LARGE, PNG, SVG, URL, Runs, confirm


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    started = Runs(tmp_path)
    yield started
    started.end()


def large_files(runs: Runs) -> list[Path]:
    return [path for path in (runs.folder / "blobs").glob("??/*") if path.is_file()]


def test_answers_of_all_but_two_versions_are_dropped(runs: Runs) -> None:
    cache = runs.start()
    for version in ("1", "2", "3"):
        cache.saw(FileVersion(KEY, version))
        cache.keep_answer(KEY, version, "q", {"v": version})
        cache.keep_items(KEY, version, "q", {"1:1": version})
        cache.keep_hashes(KEY, version, {"1:1": version})
        cache.saw(FileVersion("Other", version))
        cache.saw(FileVersion("Empty", version))
    cache.saw(FileVersion(KEY, "4"))
    cache.keep_answer("Other", "1", "q", {})
    assert cache.trim().versions == 1
    assert [cache.answer(KEY, version, "q") for version in "123"] == [None, {"v": "2"}, {"v": "3"}]
    assert cache.items(KEY, "1", "q", ["1:1"]) == cache.hashes(KEY, "1", ["1:1"]) == {}
    assert cache.items(KEY, "2", "q", ["1:1"]) == {"1:1": "2"}
    assert cache.answer("Other", "1", "q") == {}, "it is the only version of its file with anything"
    cache.keep_answer(KEY, "3", "q2", {})
    assert cache.latest(KEY) == FileVersion(KEY, "3")
    assert cache.latest("Empty") == FileVersion("Empty", "3")
    assert cache.trim() == Trimmed(0, 0, 0)


def test_among_old_renders_too_only_the_newest_of_a_node_stays(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a1", n1_2=b"b1")
    runs.keep("2", n1_1=b"a2")
    runs.keep("3", n1_3=b"c3")
    runs.keep("4", n1_3=b"c4")
    assert runs.start().trim().blobs == 1
    assert runs.found("1", "1:1", "1:2") == {"1:2": b"b1"}
    assert runs.found("2", "1:1") == {"1:1": b"a2"}


def test_old_renders_stay_where_there_is_no_newer_one_to_carry(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a1", n1_2=b"b1")
    runs.start().keep_hashes(KEY, "1", {"1:1": "x", "1:2": "y"})
    runs.keep("2", n1_1=b"a2")
    runs.keep("3", n1_1=b"a3")
    runs.keep("3", PNG, n1_2=b"png")
    cache = runs.start()
    trimmed = cache.trim()
    assert trimmed.blobs == 1
    assert runs.found("1", "1:1", "1:2") == {"1:2": b"b1"}
    assert cache.hashes(KEY, "1", ["1:1", "1:2"]) == {"1:2": "y"}
    older = cache.rendered_before(KEY, "4", {SVG: ["1:2"]})
    assert older is not None and older.version == "1"
    runs.keep("4", n1_2=b"b4")
    assert cache.trim().blobs == 2, "now there are newer ones of all three"
    assert runs.found("1", "1:2") == runs.found("2", "1:1") == {}


def test_a_render_that_may_be_of_a_later_version_takes_no_older_one_away(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a1", n1_2=b"b1")
    for version in "2345":
        cache = runs.start()
        cache.saw(FileVersion(KEY, version))
        cache.keep_renders(KEY, version, SVG, {"1:1": runs.blob(version.encode())})
        cache.keep_hashes(KEY, version, {"1:1": version})
    cache.keep_unrendered(KEY, "2", SVG, ["1:3"])
    cache.keep_renders(KEY, "1", SVG, {"1:4": runs.blob(b"d")})
    assert runs.start().trim().blobs == 3
    assert runs.found("1", "1:1", "1:2", "1:4") == {"1:1": b"a1", "1:2": b"b1"}, "no newer one may be carried"
    assert [runs.found(version, "1:1") for version in "2345"] == [{}, {}, {"1:1": b"4"}, {"1:1": b"5"}]
    assert cache.hashes(KEY, "2", ["1:1"]) == {} and cache.unrendered(KEY, "2", SVG, ["1:3"]) == set()
    assert [cache.unconfirmed(KEY, version) is None for version in "12345"] == [True] * 3 + [False] * 2
    confirm(cache, "4")
    assert runs.start().trim().blobs == 1
    assert runs.found("1", "1:1", "1:2") == {"1:2": b"b1"}


def test_bytes_beyond_the_bound_go_and_those_used_last_stay(runs: Runs) -> None:
    for number, content in enumerate((b"a" * 1000, b"b" * 1000, b"c" * 1000, LARGE)):
        runs.keep("1", **{f"n1_{number}": content})
        runs.now_s += 10
    assert runs.found("1", "1:0") == {"1:0": b"a" * 1000}
    cache = runs.start(most_bytes=len(LARGE) + 2000)
    assert cache.trim().blobs == 1
    assert runs.found("1", "1:0", "1:1", "1:2", "1:3") == {
        "1:0": b"a" * 1000,
        "1:2": b"c" * 1000,
        "1:3": LARGE,
    }
    runs.now_s += 10
    runs.keep("1", n1_0=b"a" * 1000)
    trimmed = runs.start(most_bytes=1000).trim()
    assert trimmed.blobs == 2
    assert trimmed.freed_bytes > len(LARGE)
    assert large_files(runs) == []
    assert set(runs.found("1", "1:0", "1:2", "1:3")) == {"1:0"}
    assert runs.start().info().renders == 1
    assert runs.problems == []


def test_what_this_very_run_has_used_counts_when_it_tidies_up(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a" * 1000)
    runs.now_s += 10
    runs.keep("1", n1_2=b"b" * 1000)
    runs.now_s += 10
    cache = runs.start(most_bytes=1000)
    cache.renders(KEY, "1", SVG, ["1:1"], runs.store().keep)
    assert cache.trim().blobs == 1
    assert set(runs.found("1", "1:1", "1:2")) == {"1:1"}


def test_the_room_of_small_bytes_goes_back_to_the_disk(runs: Runs) -> None:
    runs.keep("1", **{f"n1_{n}": os.urandom(10_000) for n in range(300)})
    cache = runs.start(most_bytes=0)
    before = cache.info().bytes
    freed = cache.trim().freed_bytes
    assert freed > 3_000_000
    assert cache.info().bytes == before - freed < 300_000


def test_nothing_of_a_running_export_is_taken_away(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=LARGE)
    export = runs.start()
    blobs = export.renders(KEY, "1", SVG, ["1:1", "1:2"], runs.store().keep)
    assert runs.start(most_bytes=0).trim().blobs == 2
    assert (runs.start().info().blobs, runs.start().info().files) == (0, ())
    assert (blobs["1:1"].read(), blobs["1:2"].read()) == (b"a", LARGE)
    # what is gone was neither missing nor damaged
    assert runs.found("1", "1:1", "1:2") == {}
    export.keep_renders(KEY, "1", SVG, blobs)
    assert runs.found("1", "1:1", "1:2") == {"1:1": b"a", "1:2": LARGE}
    assert runs.problems == []


def test_bytes_that_come_back_between_two_steps_of_a_collection_stay(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.keep("1", n1_1=b"a", n1_2=LARGE)
    collector, other = runs.start(most_bytes=0), runs.start()
    blobs = {"1:1": runs.blob(b"a"), "1:2": runs.blob(LARGE)}
    read = collector._index.read

    def kept_just_after(work: Callable[[sqlite3.Connection], object]) -> object:
        named = read(work)
        other.keep_renders(KEY, "1", SVG, blobs)
        return named

    monkeypatch.setattr(collector._index, "read", kept_just_after)
    assert collector.trim().blobs == 0
    assert runs.found("1", "1:1", "1:2") == {"1:1": b"a", "1:2": LARGE}
    assert runs.problems == []


def test_bytes_that_are_dropped_while_they_are_looked_for_are_no_damage(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.keep("1", n1_1=b"a", n1_2=LARGE)
    export = runs.start()
    take = export._blobs.take

    def late(sizes: dict[str, int], keep: object) -> tuple[dict[str, Blob], set[str]]:
        runs.start(most_bytes=0).trim()
        return take(sizes, keep)  # type: ignore[arg-type]

    monkeypatch.setattr(export._blobs, "take", late)
    assert export.renders(KEY, "1", SVG, ["1:1", "1:2"], runs.store().keep) == {}
    assert runs.problems == []


def test_orphans_of_killed_runs_are_collected(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=LARGE)
    (large,) = large_files(runs)
    orphan = large.with_name("ab" + "0" * 62)
    orphan = orphan.parent.parent / "ab" / orphan.name
    orphan.parent.mkdir()
    orphan.write_bytes(b"left")
    part = large.with_name("1234-0.part")
    part.write_bytes(b"half")
    stranger = large.with_name("notes.txt")
    stranger.write_bytes(b"not ours")
    cache = runs.start()
    runs.now_s = part.stat().st_ctime + 3599
    assert cache.trim().blobs == 1
    assert (orphan.exists(), part.exists(), large.exists()) == (False, True, True)
    runs.now_s += 2
    cache.trim()
    assert (part.exists(), stranger.exists()) == (False, True)
    assert runs.found("1", "1:1", "1:2") == {"1:1": b"a", "1:2": LARGE}


def test_an_unfinished_run_of_which_nothing_is_left_is_forgotten(runs: Runs) -> None:
    for version in ("1", "2", "3"):
        died = runs.start()
        died.saw(FileVersion(KEY, version))
        died.keep_items(KEY, version, "q", {"1:1": 1})
        died.keep_renders(KEY, version, SVG, {"1:1": runs.blob(b"a")})
    cache = runs.start()
    assert cache.info().unfinished == 3
    cache.trim()
    assert cache.info().unfinished == 2
    assert cache.items(KEY, "2", "q", ["1:1"]) == {"1:1": 1}


def test_upkeep_holds_for_all_addresses_and_info_tells_them_apart(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a")
    runs.keep("2", n1_1=b"a")
    sandbox = runs.start(address="http://127.0.0.1:1")
    sandbox.saw(FileVersion(KEY, "9", "Sandbox"))
    sandbox.keep_renders(KEY, "9", SVG, {"1:1": runs.blob(b"a")})
    info = runs.start(address="").info()
    assert info.files == (
        KeptFile("http://127.0.0.1:1", KEY, "Sandbox", ("9",), 1),
        KeptFile(URL, KEY, "Harbor icons", ("2", "1"), 2),
    )
    assert (info.renders, info.blobs, info.answers, info.items) == (3, 1, 0, 0)


def test_clearing_leaves_nothing_but_what_is_not_ours(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=LARGE)
    cache = runs.start()
    cache.keep_answer(KEY, "1", "q", {})
    cache.keep_hashes(KEY, "1", {"1:1": "x"})
    cache.keep_unrendered(KEY, "1", SVG, ["1:3"])
    (runs.folder / "state.sqlite3").write_bytes(b"manifest")
    assert cache.clear() > len(LARGE)
    info = cache.info()
    assert (info.answers, info.renders, info.blobs, info.files, info.unfinished) == (0, 0, 0, (), 0)
    assert large_files(runs) == []
    assert (runs.folder / "state.sqlite3").read_bytes() == b"manifest"
    assert (cache.latest(KEY), cache.unconfirmed(KEY, "1")) == (None, None)
    assert cache.unrendered(KEY, "1", SVG, ["1:3"]) == set()
    cache.end_run()
    cache.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a")})
    assert runs.found("1", "1:1") == {"1:1": b"a"}
    assert runs.problems == []
