"""What a project remembers of Figma: kept by one run, found by the next, and never taken for anything else."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from exfig_rx.download.store import StoreError
from exfig_rx.model import FileVersion
from exfig_rx.pictures import Blob, RenderFormat, RenderSpec
from exfig_rx.state.cache import Cache, is_there
from exfig_rx.state.renders import Older
from tests.test_state.caches import KEY, LARGE, PNG, SVG, URL, Runs, confirm, same


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    started = Runs(tmp_path)
    yield started
    started.end()
    assert started.problems == []


# ── versions ──


def test_the_version_that_was_seen_last_is_the_newest_whatever_its_number(runs: Runs) -> None:
    cache = runs.start()
    assert cache.latest(KEY) is None
    cache.saw(FileVersion(KEY, "20", "Old name"))
    cache.saw(FileVersion(KEY, "7", "Harbor"))
    cache.saw(FileVersion("Other", "99", "Else"))
    assert runs.start().latest(KEY) == FileVersion(KEY, "7", "Harbor")
    cache.saw(FileVersion(KEY, "20", "New name"))
    assert runs.start().latest(KEY) == FileVersion(KEY, "20", "New name")


def test_a_version_of_which_something_is_kept_goes_before_one_that_was_only_seen(runs: Runs) -> None:
    cache = runs.start()
    cache.saw(FileVersion(KEY, "1", "Harbor"))
    cache.keep_items(KEY, "1", "nodes", {"1:2": {}})
    cache.saw(FileVersion(KEY, "2", "Harbor"))
    assert cache.latest(KEY) == FileVersion(KEY, "1", "Harbor")
    cache.keep_answer(KEY, "2", "styles", {})
    assert cache.latest(KEY) == FileVersion(KEY, "2", "Harbor")


def test_a_version_that_is_the_newest_already_is_not_written_again(runs: Runs) -> None:
    cache = runs.start()
    cache.saw(FileVersion(KEY, "1", "Harbor"))
    cache.close()
    before = (runs.folder / "cache.sqlite3").read_bytes()
    again = runs.start()
    again.saw(FileVersion(KEY, "1", "Harbor"))
    again.close()
    assert (runs.folder / "cache.sqlite3").read_bytes() == before


# ── answers ──


def test_an_answer_is_found_by_its_question_version_file_and_address(runs: Runs) -> None:
    body = {"meta": {"components": [{"name": "ic/24/bell ☂", "x": [1, 2.5, None, True]}]}}
    runs.start().keep_answer(KEY, "1", "/components?", body)
    cache = runs.start()
    assert cache.answer(KEY, "1", "/components?") == body
    assert cache.answer(KEY, "1", "/styles?") is None
    assert cache.answer(KEY, "2", "/components?") is None
    assert cache.answer("Other", "1", "/components?") is None
    assert runs.start(address="http://127.0.0.1:8123").answer(KEY, "1", "/components?") is None


def test_the_answer_that_came_last_counts(runs: Runs) -> None:
    cache = runs.start()
    cache.keep_answer(KEY, "1", "styles", {"a": 1})
    cache.keep_answer(KEY, "1", "styles", {"b": 2})
    assert cache.answer(KEY, "1", "styles") == {"b": 2}


def test_half_characters_and_depths_that_json_can_hold_do_no_harm(runs: Runs) -> None:
    cache = runs.start()
    half = "\ud800"
    cache.saw(FileVersion(KEY, "1" + half, "Harbor " + half))
    cache.keep_answer(KEY, "1" + half, "q" + half, {"name": half})
    cache.keep_items(KEY, "1" + half, "q" + half, {"1:2": half, "1:" + half: half})
    cache.keep_hashes(KEY, "1" + half, {half: "x"})
    assert cache.latest(KEY) == FileVersion(KEY, "1?", "Harbor ?")
    assert cache.answer(KEY, "1" + half, "q" + half) == {"name": half}
    assert cache.items(KEY, "1" + half, "q" + half, ["1:2", "1:" + half]) == {"1:2": half}
    assert cache.hashes(KEY, "1" + half, [half]) == {}
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    cache.keep_answer(KEY, "2", "q", {"deep": deep})
    cache.keep_items(KEY, "2", "q", {"1:2": deep})
    assert cache.answer(KEY, "2", "q") is None
    assert cache.items(KEY, "2", "q", ["1:2"]) == {}


def test_items_are_found_by_id_as_far_as_they_are_there(runs: Runs) -> None:
    runs.start().keep_items(KEY, "1", "nodes", {"1:1": {"name": "ink"}, "1:2": None, "1:3": "text"})
    cache = runs.start()
    assert cache.items(KEY, "1", "nodes", ["1:1", "1:2", "1:9"]) == {"1:1": {"name": "ink"}, "1:2": None}
    assert cache.items(KEY, "1", "images", ["1:1"]) == cache.items(KEY, "2", "nodes", ["1:1"]) == {}
    cache.keep_items(KEY, "1", "nodes", {"1:1": {"name": "new"}})
    assert cache.items(KEY, "1", "nodes", ["1:1", "1:3"]) == {"1:1": {"name": "new"}, "1:3": "text"}


def test_an_item_can_be_too_old_and_one_of_tomorrow_is_of_unknown_age(runs: Runs) -> None:
    cache = runs.start()
    cache.keep_items(KEY, "1", "images", {"1:1": "https://cdn/1"})
    runs.now_s += 100
    assert cache.items(KEY, "1", "images", ["1:1"], 100) == {"1:1": "https://cdn/1"}
    assert cache.items(KEY, "1", "images", ["1:1"], 99) == {}
    runs.now_s -= 101
    assert cache.items(KEY, "1", "images", ["1:1"], 99) == {}
    assert cache.items(KEY, "1", "images", ["1:1"]) == {"1:1": "https://cdn/1"}


def test_thousands_of_ids_are_one_question(runs: Runs) -> None:
    cache = runs.start()
    items = {f"1:{n}": n for n in range(5000)}
    cache.keep_items(KEY, "1", "nodes", items)
    assert cache.items(KEY, "1", "nodes", list(items)) == items


def test_hashes_are_of_one_version(runs: Runs) -> None:
    runs.start().keep_hashes(KEY, "1", {"1:1": "aa", "1:2": "bb"})
    cache = runs.start()
    cache.keep_hashes(KEY, "2", {"1:1": "cc"})
    assert cache.hashes(KEY, "1", ["1:1", "1:2", "1:3"]) == {"1:1": "aa", "1:2": "bb"}
    assert cache.hashes(KEY, "2", ["1:1", "1:2"]) == {"1:1": "cc"}


# ── renders ──


def test_a_render_is_found_by_its_node_spec_version_file_and_address(runs: Runs) -> None:
    runs.keep("1", n1_1=b"<svg/>", n1_2=LARGE)
    assert runs.found("1", "1:1", "1:2", "1:3") == {"1:1": b"<svg/>", "1:2": LARGE}
    assert runs.found("2", "1:1") == {}
    assert runs.found("1", "1:1", spec=PNG) == {}
    assert runs.start().renders("Other", "1", SVG, ["1:1"], runs.store().keep) == {}
    assert runs.start(address="http://127.0.0.1:1").renders(KEY, "1", SVG, ["1:1"], runs.store().keep) == {}


def test_scales_and_whatever_else_figma_was_told_keep_renders_apart(runs: Runs, tmp_path: Path) -> None:
    runs.keep("1", PNG, n1_1=b"three")
    assert runs.found("1", "1:1", spec=RenderSpec(RenderFormat.PNG, 2.0)) == {}
    assert runs.found("1", "1:1", spec=RenderSpec(RenderFormat.JPG, 3.0)) == {}
    assert runs.found("1", "1:1", spec=PNG) == {"1:1": b"three"}
    otherwise = Cache(
        runs.folder,
        URL,
        "run",
        scratch=tmp_path,
        wall_s=lambda: 0.0,
        warn=runs.problems.append,
        most_bytes=1,
        asked=lambda spec: f"{spec.format}&outline=false",
    )
    assert otherwise.renders(KEY, "1", PNG, ["1:1"], runs.store().keep) == {}
    otherwise.close()


def test_equal_bytes_are_kept_once(runs: Runs) -> None:
    same = b"x" * 100_000
    runs.keep("1", **{f"n1_{n}": same for n in range(50)})
    runs.keep("2", n1_1=same, n1_2=LARGE, n1_3=LARGE)
    info = runs.start().info()
    assert (info.renders, info.blobs, info.blob_bytes) == (53, 2, len(same) + len(LARGE))
    assert info.bytes < len(same) + len(LARGE) + 200_000


def test_bytes_come_from_the_disk_once_a_run(runs: Runs) -> None:
    runs.keep("1", n1_1=b"same", n1_2=b"same", n1_3=LARGE)
    cache, store = runs.start(), runs.store()
    kept: list[bytes] = []

    def keep(content: bytes) -> object:
        kept.append(content)
        return store.keep(content)

    first = cache.renders(KEY, "1", SVG, ["1:1", "1:2", "1:3"], keep)  # type: ignore[arg-type]
    assert cache.renders(KEY, "1", SVG, ["1:2", "1:3"], keep) == {  # type: ignore[arg-type]
        "1:2": first["1:2"],
        "1:3": first["1:3"],
    }
    assert first["1:1"] is first["1:2"]
    assert kept == [b"same"]


def test_what_was_let_go_of_is_handed_out_anew(runs: Runs) -> None:
    contents = {"1:1": b"small", "1:2": LARGE}
    runs.keep("1", n1_1=b"small", n1_2=LARGE)
    cache, store = runs.start(), runs.store()
    first = cache.renders(KEY, "1", SVG, ["1:1", "1:2"], store.keep)
    store.clear()
    cache.let_go()
    assert not any(Path(blob.path).exists() for blob in first.values())
    again = cache.renders(KEY, "1", SVG, ["1:1", "1:2"], store.keep)
    assert {node: blob.read() for node, blob in again.items()} == contents


def test_bytes_for_which_the_run_has_no_room_stay_in_the_cache(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=b"b")

    def full(content: bytes) -> Blob:
        raise StoreError("No space left on device")

    assert runs.start().renders(KEY, "1", SVG, ["1:1", "1:2"], full) == {}
    assert runs.codes() == ["cache.unusable"] and "No space left" in runs.problems.pop().message
    assert runs.found("1", "1:1", "1:2") == {"1:1": b"a", "1:2": b"b"}


def test_bytes_that_are_there_already_are_not_read(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=LARGE)
    again = {"1:1": runs.blob(b"a"), "1:2": runs.blob(LARGE)}
    for blob in again.values():
        Path(blob.path).unlink()
    runs.start().keep_renders(KEY, "2", SVG, again)
    assert runs.found("2", "1:1", "1:2") == {"1:1": b"a", "1:2": LARGE}


def test_more_bytes_than_fit_into_memory_go_in_portions(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exfig_rx.state.blobs._MOST_BYTES_AT_ONCE", 1000)
    contents = {f"n1_{n}": bytes([n]) * 400 for n in range(20)}
    cache = runs.start()
    blobs = [runs.blob(content) for content in contents.values()]
    portions = [sum(prepared.sizes.values()) for prepared in cache._blobs.prepare(blobs)]
    assert (max(portions), sum(portions)) == (1200, 8000)
    runs.keep("1", **contents)
    read, sizes = cache._blobs._read, list[int]()

    def reading(digests: Sequence[str]) -> list[tuple[str, bytes]] | None:
        sizes.append(len(digests))
        return read(digests)

    monkeypatch.setattr(cache._blobs, "_read", reading)
    found = cache.renders(KEY, "1", SVG, [f"1:{n}" for n in range(20)], runs.store().keep)
    assert sorted(blob.read() for blob in found.values()) == sorted(contents.values())
    assert (max(sizes), sum(sizes)) == (3, 20)


# ── from version to version ──


def test_the_newest_version_that_can_help_is_named(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=b"b")
    runs.keep("2", n1_1=b"a2")
    runs.keep("2", PNG, n1_3=b"c")
    cache = runs.start()

    def before(version: str, wanted: dict[RenderSpec, list[str]], *passed: str) -> str | None:
        older = cache.rendered_before(KEY, version, wanted, passed)
        return older.version if older is not None else None

    assert before("3", {SVG: ["1:1", "1:2"]}) == "2"
    assert before("3", {SVG: ["1:1", "1:2"]}, "2") == "1"
    assert before("3", {SVG: ["1:1", "1:2"]}, "2", "1") is None
    assert before("3", {SVG: ["1:2"]}) == "1"
    assert before("3", {SVG: ["1:9"], PNG: ["1:3"]}) == "2"
    assert before("3", {SVG: ["1:3"], PNG: ["1:1"]}) is None
    assert before("2", {SVG: ["1:1"]}) is None, "version 2 lacks nothing"
    assert before("2", {SVG: ["1:1", "1:2"]}) == "1"
    assert cache.rendered_before("Other", "3", {SVG: ["1:1"]}) is None


def test_it_is_told_what_is_lacking_and_what_of_it_is_there(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=b"b", n1_3=b"c")
    runs.keep("2", n1_1=b"a2")
    older = runs.start().rendered_before(KEY, "2", {SVG: ["1:1", "1:2", "1:9"], PNG: ["1:1"]})
    assert older == Older("1", {SVG: {"1:2"}, PNG: set()}, {SVG: ["1:2", "1:9"], PNG: ["1:1"]})


def test_renders_are_carried_node_by_node_in_all_formats(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=b"b", n1_3=LARGE)
    runs.keep("1", PNG, n1_1=b"png")
    runs.keep("2", n1_1=b"own")
    cache = runs.start()
    same(cache, "1", "2", "1:1", "1:3", "1:9")
    assert cache.carry(KEY, "1", "2", ["1:1", "1:3", "1:9"]) == 2
    assert cache.carry(KEY, "7", "2", ["1:2"]) == 0
    assert runs.found("2", "1:1", "1:2", "1:3") == {"1:1": b"own", "1:3": LARGE}
    assert runs.found("2", "1:1", spec=PNG) == {"1:1": b"png"}
    assert cache.carry(KEY, "2", "3", ["1:1"]) == 0, "nothing is known of that version"
    same(cache, "2", "3", "1:1")
    assert cache.carry(KEY, "2", "3", ["1:1", "1:3"]) == 2
    assert runs.found("3", "1:1", "1:3") == {"1:1": b"own"}


def test_only_equal_hashes_carry(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=b"b", n1_3=b"c")
    cache = runs.start()
    cache.keep_hashes(KEY, "1", {"1:1": "x", "1:2": "y", "1:3": "z"}, are_confirmed=True)
    cache.keep_hashes(KEY, "2", {"1:1": "x", "1:2": "changed"}, are_confirmed=True)
    assert cache.carry(KEY, "1", "2", ["1:1", "1:2", "1:3"]) == 1
    assert runs.found("2", "1:1", "1:2", "1:3") == {"1:1": b"a"}


# ── what may be of a later version than it claims ──


def test_a_render_counts_for_other_versions_when_its_own_was_the_newest_after_it(runs: Runs) -> None:
    cache = runs.start()
    cache.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a")})
    last = cache.unconfirmed(KEY, "1")
    assert last is not None and cache.unconfirmed(KEY, "2") is cache.unconfirmed("Other", "1") is None
    same(cache, "1", "2", "1:1", "1:2")
    cache.keep_renders(KEY, "1", SVG, {"1:2": runs.blob(b"b")})
    assert runs.found("1", "1:1", "1:2") == {"1:1": b"a", "1:2": b"b"}, "for its own it counts at once"
    assert cache.rendered_before(KEY, "2", {SVG: ["1:1", "1:2"]}) is None
    assert cache.carry(KEY, "1", "2", ["1:1", "1:2"]) == 0
    cache.confirm(KEY, "1", last)
    assert cache.carry(KEY, "1", "2", ["1:1", "1:2"]) == 1, "the other came after Figma was asked"
    confirm(cache, "1")
    assert cache.unconfirmed(KEY, "1") is None and cache.carry(KEY, "1", "2", ["1:1", "1:2"]) == 1


def test_a_batch_that_was_confirmed_says_nothing_of_later_ones(runs: Runs) -> None:
    one, other = runs.start(), runs.start()
    one.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a")})
    last = one.unconfirmed(KEY, "1")
    assert last is not None
    confirm(other, "1")
    other.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"b")})
    one.confirm(KEY, "1", last)
    assert one.unconfirmed(KEY, "1") is not None and one.rendered_before(KEY, "2", {SVG: ["1:1"]}) is None


def test_an_equal_render_that_comes_again_need_not_be_confirmed_again(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a")
    cache = runs.start()
    cache.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a")})
    assert cache.unconfirmed(KEY, "1") is None
    cache.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a"), "1:2": runs.blob(b"b")})
    assert cache.unconfirmed(KEY, "1") is not None
    cache.keep_renders(KEY, "1", SVG, {"1:2": runs.blob(b"b")})
    older = cache.rendered_before(KEY, "2", {SVG: ["1:1", "1:2"]})
    assert older is not None and older.there == {SVG: {"1:1"}}, "of the other one it is as unknown as before"
    cache.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"new")})
    assert cache.rendered_before(KEY, "2", {SVG: ["1:1", "1:2"]}) is None


def test_what_is_carried_is_as_sure_as_the_hash_that_it_goes_by(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a")
    cache = runs.start()
    cache.keep_hashes(KEY, "1", {"1:1": "x"}, are_confirmed=True)
    cache.keep_hashes(KEY, "2", {"1:1": "x"})
    assert cache.carry(KEY, "1", "2", ["1:1"]) == 1
    same(cache, "2", "3", "1:1")
    assert cache.carry(KEY, "2", "3", ["1:1"]) == 0
    confirm(cache, "2")
    assert cache.carry(KEY, "2", "3", ["1:1"]) == 1


def test_a_hash_that_may_be_of_a_later_version_replaces_none_that_is_sure(runs: Runs) -> None:
    cache = runs.start()
    cache.keep_hashes(KEY, "1", {"1:1": "x", "1:2": "x"})
    cache.keep_hashes(KEY, "1", {"1:1": "sure"}, are_confirmed=True)
    confirm(cache, "1")
    cache.keep_hashes(KEY, "1", {"1:1": "later", "1:2": "later", "1:3": "later"})
    assert cache.hashes(KEY, "1", ["1:1", "1:2", "1:3"]) == {"1:1": "sure", "1:2": "x", "1:3": "later"}
    assert cache.hashes(KEY, "1", ["1:1", "1:2", "1:3"], are_confirmed=True) == {"1:1": "sure", "1:2": "x"}
    confirm(cache, "1")
    cache.keep_hashes(KEY, "1", {"1:1": "later"})
    assert cache.unconfirmed(KEY, "1") is None, "there is nothing new to confirm"


# ── nodes that Figma can't render ──


def test_what_figma_cant_render_is_known_for_that_version_and_spec_until_it_is_old(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a")
    runs.start().keep_unrendered(KEY, "2", SVG, ["1:1", "1:2"])
    cache = runs.start()
    assert cache.unrendered(KEY, "2", SVG, ["1:1", "1:9"]) == {"1:1"}
    assert cache.unrendered(KEY, "1", SVG, ["1:1"]) == cache.unrendered(KEY, "2", PNG, ["1:1"]) == set()
    assert cache.rendered_before(KEY, "2", {SVG: ["1:1"]}) is None, "an older picture would not be this one"
    runs.now_s += 100
    assert cache.unrendered(KEY, "2", SVG, ["1:1"], 100) == {"1:1"}
    assert cache.unrendered(KEY, "2", SVG, ["1:1"], 99) == set()
    runs.now_s -= 101
    assert cache.unrendered(KEY, "2", SVG, ["1:1"], 99) == set(), "one of tomorrow is of unknown age"
    cache.keep_renders(KEY, "2", SVG, {"1:1": runs.blob(b"b")})
    assert cache.unrendered(KEY, "2", SVG, ["1:1", "1:2"]) == {"1:2"}, "now it could"


def test_what_an_unfinished_run_found_that_figma_cant_render_goes_with_it(runs: Runs) -> None:
    died = runs.start()
    died.keep_unrendered(KEY, "1", SVG, ["1:1"])
    died.close()
    runs.start().forget_unfinished()
    assert runs.start().unrendered(KEY, "1", SVG, ["1:1"]) == set()


# ── runs ──


def test_what_an_unfinished_run_got_is_found_until_somebody_wants_it_forgotten(runs: Runs) -> None:
    whole = runs.start()
    whole.keep_answer(KEY, "1", "whole", {})
    whole.end_run()
    died = runs.start()
    died.keep_answer(KEY, "1", "answer", {})
    died.keep_items(KEY, "1", "items", {"1:1": 1})
    died.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a")})
    confirm(died, "1")
    same(died, "1", "2", "1:1")
    died.carry(KEY, "1", "2", ["1:1"])
    died.close()
    resumed = runs.start()
    assert (died.has_kept, resumed.has_kept) == (True, False)
    assert resumed.answer(KEY, "1", "answer") == {}
    assert runs.found("2", "1:1") == {"1:1": b"a"}
    assert resumed.info().unfinished == 1
    resumed.keep_answer(KEY, "1", "own", {})
    assert resumed.info().unfinished == 2
    resumed.forget_unfinished()
    assert resumed.info().unfinished == 1
    assert resumed.answer(KEY, "1", "answer") is None
    assert resumed.items(KEY, "1", "items", ["1:1"]) == {}
    assert runs.found("1", "1:1") == runs.found("2", "1:1") == {}
    assert resumed.answer(KEY, "1", "whole") == resumed.answer(KEY, "1", "own") == {}
    resumed.end_run()
    runs.start().forget_unfinished()
    assert resumed.answer(KEY, "1", "own") == {}
    assert resumed.info().unfinished == 0


def test_a_run_that_went_on_with_renders_of_an_unfinished_one_makes_them_its_own(runs: Runs) -> None:
    died = runs.start()
    died.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a"), "1:2": runs.blob(b"b")})
    resumed = runs.start()
    confirm(resumed, "1")
    same(resumed, "1", "2", "1:1")
    resumed.carry(KEY, "1", "2", ["1:1"])
    resumed.end_run()
    runs.start().forget_unfinished()
    assert runs.found("2", "1:1", "1:2") == {"1:1": b"a"}
    assert runs.found("1", "1:1", "1:2") == {}


def test_what_is_kept_is_for_its_owner_alone_and_known_to_be_there(runs: Runs) -> None:
    assert not is_there(runs.folder)
    runs.keep("1", n1_1=b"a", n1_2=LARGE)
    assert is_there(runs.folder)
    assert runs.folder.stat().st_mode & 0o777 == 0o700
    files = [path for path in runs.folder.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in files if path.suffix == ".sqlite3"} == {0}
    (runs.folder / "cache.sqlite3").unlink()
    assert is_there(runs.folder), "bytes alone are something to clear, too"
