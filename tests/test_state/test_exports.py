"""What is known of exports: the journal, the manifest, records and claims, in one file that runs share."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.manifest import Record, Written
from exfig_rx.model import AssetCounts, Location, Problem
from exfig_rx.output.journal import Listing, Outcome, Row, State
from exfig_rx.output.texts import listing
from exfig_rx.state.exports import FILE_NAME, Exports
from exfig_rx.state.shared_file import SharedFile

APP, KIT = "/p/configs/app.yaml", "/p/configs/kit.yaml"
DIGEST = "ab" * 32


class Runs:
    """Runs of one project; `problems` is what they warned of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._open: list[Exports] = []

    def start(self, run: str = "one") -> Exports:
        exports = Exports(self.folder, run, self.problems.append)
        self._open.append(exports)
        return exports

    def end(self) -> None:
        for exports in self._open:
            exports.close()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    started = Runs(tmp_path / ".exfig")
    yield started
    started.end()


def file(
    path: str, digest: str = DIGEST, owners: tuple[str, ...] = ("web.icons[0]",), is_shared: bool = False
) -> Written:
    return Written(path, digest, 12, 1_790_000_000_123_456_789, owners, is_shared)


def written(*files: Written) -> dict[str, Listing]:
    folders = {one.path.rpartition("/")[0] for one in files}
    return {folder: listing(one for one in files if one.path.rpartition("/")[0] == folder) for folder in folders}


def record(fingerprint: str) -> Record:
    problem = Problem("a.b", "text", "hint", Location(file="x", line=3, key="k"))
    return Record(fingerprint, {"Key": "123"}, AssetCounts(icons=3), (problem, Problem("c", "d")))


def dead(_: str) -> bool:
    return False


def alive(_: str) -> bool:
    return True


# ── the journal ──


def test_rows_of_dead_runs_are_adopted_once_and_oldest_first(runs: Runs) -> None:
    old, new = runs.start("old"), runs.start("new")
    first, second, third = (old.begin(config, f"draft {config}") for config in (APP, KIT, APP))
    assert first is not None and second is not None and third is not None
    old.seal(second, KIT, "plan")
    old.turn_back(second)
    old.seal(third, APP, "plan too")
    assert new.adopt(alive) == ()
    assert new.adopt(dead) == (
        Row(first, APP, State.STAGING, f"draft {APP}"),
        Row(second, KIT, State.TURNING_BACK, "plan"),
        Row(third, APP, State.SEALED, "plan too"),
    )
    assert new.adopt(dead) == ()
    assert runs.start("third").adopt(lambda run: run == "new") == ()


def test_what_a_run_adopted_goes_to_the_next_one_if_it_dies_too(runs: Runs) -> None:
    number = runs.start("old").begin(APP, "draft")
    runs.start("new").adopt(dead)
    assert [row.number for row in runs.start("third").adopt(dead)] == [number]


def test_what_is_done_with_is_no_longer_there(runs: Runs) -> None:
    old = runs.start("old")
    first, second = old.begin(APP, "draft"), old.begin(KIT, "draft")
    assert first is not None and second is not None
    old.finish(first, APP, Outcome())
    old.abandon(second)
    old.close()
    assert runs.start("new").adopt(dead) == ()


def test_what_is_abandoned_goes_with_the_next_that_begins(runs: Runs) -> None:
    one = runs.start("old")
    for _ in range(3):
        number = one.begin(APP, "draft")
        assert number is not None
        one.abandon(number)
    assert [row.number for row in runs.start("new").adopt(dead)] == [number]


def test_a_seal_counts_in_a_file_that_was_made_anew_meanwhile(runs: Runs) -> None:
    old = runs.start("old")
    number = old.begin(APP, "draft")
    assert number is not None
    with sqlite3.connect(runs.folder / FILE_NAME) as database:
        database.execute("DELETE FROM journal")
    database.close()
    old.seal(number, APP, "plan")
    assert runs.start("new").adopt(dead) == (Row(number, APP, State.SEALED, "plan"),)


# ── the manifest ──


def test_files_are_known_by_config_with_all_that_was_said_of_them(runs: Runs) -> None:
    one = runs.start()
    svg, png = file("/p/out/a.svg"), file("/p/out/b.png", owners=("a", "b"))
    attrs = file("/p/res/attrs.xml", owners=(), is_shared=True)
    one.finish(None, APP, Outcome(written(svg, png, attrs)))
    one.finish(None, KIT, Outcome(written(file("/p/out/a.svg", "cd" * 32))))
    other = runs.start("other")
    assert other.manifest(APP) == {each.path: each for each in (svg, png, attrs)}
    assert other.manifest(KIT) == {"/p/out/a.svg": file("/p/out/a.svg", "cd" * 32)}
    assert other.manifest("/p/else.yaml") == {}
    assert other.others(APP, ["/p/out/a.svg", "/p/out/b.png"], alive) == {"/p/out/a.svg"}
    assert other.others(KIT, ["/p/out/b.png", "/p/new"], alive) == {"/p/out/b.png"}
    assert other.others(KIT, [], alive) == set()


def test_files_of_a_config_that_is_gone_are_nobodys_until_it_is_there_again(runs: Runs) -> None:
    one = runs.start()
    one.finish(None, APP, Outcome(written(file("/p/out/a.svg"), file("/p/out/b.svg"))))
    one.finish(None, KIT, Outcome(written(file("/p/out/b.svg"))))
    asked: list[str] = []

    def is_there(config: str) -> bool:
        asked.append(config)
        return config == KIT

    assert one.others("/p/else.yaml", ["/p/out/a.svg", "/p/out/b.svg"], is_there) == {"/p/out/b.svg"}
    assert sorted(asked) == [APP, KIT]
    assert one.others("/p/else.yaml", ["/p/out/c.svg"], is_there) == set() and len(asked) == 2
    assert one.others("/p/else.yaml", ["/p/out/a.svg"], alive) == {"/p/out/a.svg"}


def test_a_name_that_is_no_text_is_kept_as_it_is(runs: Runs) -> None:
    one = runs.start()
    strange = file("/p/\udcff/\udcfe.svg")
    one.finish(one.begin("/p/\udcff.yaml", "x"), "/p/\udcff.yaml", Outcome(written(strange), made=("/p/\udcff",)))
    assert one.manifest("/p/\udcff.yaml") == {strange.path: strange}
    assert one.folders_made(["/p/\udcff", "/p"]) == {"/p/\udcff"}


def test_a_row_that_cant_be_read_counts_as_nothing(runs: Runs) -> None:
    one = runs.start()
    one.finish(None, APP, Outcome(written(file("/p/a/x"), file("/p/b/y")), record=record("f")))
    with sqlite3.connect(runs.folder / FILE_NAME) as database:
        database.execute("UPDATE manifest SET files = '[[\"cut' WHERE folder = ?", (b"/p/a",))
        database.execute("UPDATE record SET text = '{}'")
    database.close()
    assert one.manifest(APP) == {"/p/b/y": file("/p/b/y")}
    assert one.record(APP, "") is None
    one.finish(None, APP, Outcome(written(file("/p/a/z"))))
    assert set(one.manifest(APP)) == {"/p/a/z", "/p/b/y"}


names = st.sampled_from(["/p/a/1", "/p/a/2", "/p/b/1", "/p/c/1", "/1"])
steps = st.lists(st.tuples(st.dictionaries(names, st.sampled_from(["aa", "bb"])), st.sets(names)), max_size=6)


@given(steps)
def test_the_manifest_is_what_all_commits_left_together(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[dict[str, str], set[str]]]
) -> None:
    exports = Exports(tmp_path_factory.mktemp("state"), "one", lambda problem: None)
    expected: dict[str, Written] = {}
    for new, gone in steps:
        files = {path: file(path, digest * 32, (digest,)) for path, digest in new.items() if path not in gone}
        folders: dict[str, list[Written]] = {}
        for one in files.values():
            folders.setdefault(one.path.rpartition("/")[0] or "/", []).append(one)
        rows = {folder: listing(own) for folder, own in folders.items()}
        exports.finish(None, APP, Outcome(rows, tuple(gone)))
        expected = {path: one for path, one in (expected | files).items() if path not in gone}
    assert exports.manifest(APP) == expected
    exports.close()


def test_folders_that_commits_made_are_known_until_they_go(runs: Runs) -> None:
    one = runs.start()
    one.finish(None, APP, Outcome(made=("/p/a", "/p/a/b")))
    assert one.folders_made(["/p", "/p/a", "/p/a/b"]) == {"/p/a", "/p/a/b"}
    one.finish(None, KIT, Outcome(emptied=("/p/a/b",)))
    assert one.folders_made(["/p", "/p/a", "/p/a/b"]) == {"/p/a"}


# ── records ──


def test_records_are_kept_by_sections_and_go_when_the_tree_changes(runs: Runs) -> None:
    one = runs.start()
    one.finish(None, APP, Outcome(record=record("all")))
    one.finish(None, APP, Outcome(changed=False, record=record("icons"), sections="icons"))
    one.finish(None, KIT, Outcome(record=record("kit")))
    assert one.record(APP, "") == record("all")
    assert one.record(APP, "icons") == record("icons")
    assert one.record(APP, "colors") is None
    one.finish(None, APP, Outcome(record=record("icons 2"), sections="icons"))
    assert one.record(APP, "") is None
    assert one.record(APP, "icons") == record("icons 2")
    one.finish(None, APP, Outcome(changed=False))
    assert one.record(APP, "icons") == record("icons 2")
    one.forget_record(APP)
    assert one.record(APP, "icons") is None
    assert one.record(KIT, "") == record("kit")


# ── claims ──


def test_what_another_run_claims_is_its_own_until_it_is_given_up(runs: Runs) -> None:
    one, other = runs.start("one"), runs.start("other")
    asked: list[str] = []

    def clashes(text: str) -> bool:
        asked.append(text)
        return text == "out"

    assert one.claim(APP, "out", clashes, alive) is None
    assert one.claim(KIT, "elsewhere", clashes, alive) is None
    assert asked == []
    assert (other.claim(APP, "out", clashes, alive) or "").startswith("process ")
    assert other.claim(KIT, "third", lambda text: text == "third", alive) is None
    one.release(APP)
    assert other.claim(APP, "out", clashes, alive) is None


def test_what_others_claim_can_be_asked_without_claiming_anything(runs: Runs) -> None:
    one, other = runs.start("one"), runs.start("other")
    one.claim(APP, "out", alive, alive)
    other.claim(KIT, "elsewhere", lambda text: False, alive)
    assert (other.claimed(alive), one.claimed(alive), one.claimed(dead)) == (("out",), ("elsewhere",), ())


def test_claims_of_dead_runs_are_nobodys(runs: Runs) -> None:
    assert runs.start("dead").claim(APP, "out", alive, alive) is None
    assert runs.start("one").claim(APP, "out", alive, dead) is None
    assert runs.start("dead").claim(APP, "out", alive, alive) is not None


# ── the file ──


def test_a_broken_file_is_made_anew_and_that_is_said(runs: Runs) -> None:
    runs.folder.mkdir()
    (runs.folder / FILE_NAME).write_bytes(b"no database" * 1000)
    one = runs.start()
    assert [problem.code for problem in runs.problems] == ["state.exports-lost"]
    assert one.begin(APP, "draft") is not None


def test_a_file_of_another_program_is_made_anew_and_that_is_said(runs: Runs) -> None:
    runs.folder.mkdir()
    with sqlite3.connect(runs.folder / FILE_NAME) as database:
        database.execute("CREATE TABLE theirs (x)")
        database.execute("PRAGMA user_version = 7")
    database.close()
    one = runs.start()
    assert [problem.code for problem in runs.problems] == ["state.exports-lost"]
    one.finish(None, APP, Outcome(written(file("/p/a"))))
    assert set(one.manifest(APP)) == {"/p/a"}


def test_where_nothing_can_be_stored_everything_goes_on_and_that_is_said_once(runs: Runs) -> None:
    runs.folder.write_text("a file")
    one = runs.start()
    assert [problem.code for problem in runs.problems] == ["state.exports-unusable"]
    assert one.begin(APP, "draft") is None
    one.seal(1, APP, "plan")
    one.turn_back(1)
    one.finish(None, APP, Outcome(written(file("/p/a")), record=record("f")))
    one.abandon(1)
    assert (one.manifest(APP), one.others(APP, ["/p/a"], alive), one.folders_made(["/p"])) == ({}, set(), set())
    assert (one.record(APP, ""), one.claim(APP, "x", alive, alive), one.adopt(dead)) == (None, None, ())
    one.close()
    assert len(runs.problems) == 1


def test_a_seal_is_on_the_disk_when_it_is_told(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    one = runs.start()
    number = one.begin(APP, "draft")
    assert number is not None
    levels: list[int] = []
    real = SharedFile.transact

    def watched(file: SharedFile, work: Callable[[sqlite3.Connection], object], *, durable: bool = False) -> object:
        def look(database: sqlite3.Connection) -> object:
            levels.extend(database.execute("PRAGMA synchronous").fetchone())
            return work(database)

        return real(file, look, durable=durable)

    monkeypatch.setattr(SharedFile, "transact", watched)
    one.seal(number, APP, "plan")
    one.finish(number, APP, Outcome())
    assert levels == [2, 0], "FULL for the seal, OFF for the rest"
