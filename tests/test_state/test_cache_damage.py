"""A cache that broke, was tampered with, or can't be written: found out, said once, and the run goes on."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from exfig_rx.model import FileVersion
from exfig_rx.state.shared_file import SharedFile
from tests.test_state.caches import KEY, LARGE, SVG, Runs


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    started = Runs(tmp_path)
    yield started
    started.end()


def large_file(runs: Runs) -> Path:
    (path,) = [path for path in (runs.folder / "blobs").glob("??/*") if path.is_file()]
    return path


def change(path: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(path) as database:
        database.execute(statement, values)
    database.close()


@pytest.mark.parametrize("content", [LARGE[:-1], LARGE[:-1] + b"!", b""])
def test_a_large_blob_that_was_cut_or_altered_is_dropped_and_said_once(runs: Runs, content: bytes) -> None:
    runs.keep("1", n1_1=LARGE, n1_2=b"a")
    path = large_file(runs)
    path.unlink()  # the run that kept it has a name for the same file
    path.write_bytes(content)
    assert runs.found("1", "1:1", "1:2") == {"1:2": b"a"}
    assert not path.exists()
    assert runs.codes() == ["cache.damaged"]
    assert runs.problems[0].message.startswith(f"a kept render was missing or damaged in {runs.folder}")
    assert runs.found("1", "1:1") == {}
    assert runs.codes() == ["cache.damaged"], "what was dropped is not missing any more"
    runs.keep("1", n1_1=LARGE)
    assert runs.found("1", "1:1") == {"1:1": LARGE}


def test_blobs_that_are_missing_or_altered_are_said_together(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a", n1_2=b"b", n1_3=b"c", n1_4=LARGE)
    small = runs.folder / "blobs/small.sqlite3"
    change(small, "UPDATE content SET bytes = x'00' WHERE bytes = ?", b"a")
    change(small, "UPDATE content SET bytes = 'b' WHERE bytes = ?", b"b")
    large_file(runs).unlink()
    cache = runs.start()
    assert set(cache.renders(KEY, "1", SVG, ["1:1", "1:2", "1:3", "1:4"], runs.store().keep)) == {"1:3"}
    assert cache.rendered_before(KEY, "2", {SVG: ["1:1", "1:2", "1:4"]}) is None
    assert [problem.message.split(" in ")[0] for problem in runs.problems] == ["3 kept renders were missing or damaged"]
    cache.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a"), "1:4": runs.blob(LARGE)})
    assert runs.found("1", "1:1", "1:4") == {"1:1": b"a", "1:4": LARGE}


def test_a_damaged_answer_is_asked_again(runs: Runs) -> None:
    cache = runs.start()
    cache.keep_answer(KEY, "1", "a", {"x": "y" * 100})
    cache.keep_answer(KEY, "1", "b", {})
    cache.keep_items(KEY, "1", "c", {"1:1": {}, "1:2": {}})
    index = runs.folder / "cache.sqlite3"
    change(index, "UPDATE answer SET body = substr(body, 1, 10) WHERE question = 'a'")
    change(index, "UPDATE answer SET body = 'text' WHERE question = 'b'")
    change(index, "UPDATE item SET value = '{' WHERE id = '1:1'")
    cache.keep_answer(KEY, "1", "d", [])  # type: ignore[arg-type]
    assert cache.answer(KEY, "1", "a") is None
    assert cache.answer(KEY, "1", "b") is None
    assert cache.answer(KEY, "1", "d") is None
    assert runs.codes() == ["cache.damaged"]
    assert runs.start().answer(KEY, "1", "a") is None, "it is gone, and was said already"
    assert cache.items(KEY, "1", "c", ["1:1", "1:2"]) == {"1:2": {}}
    assert runs.codes() == ["cache.damaged"]
    cache.keep_answer(KEY, "1", "a", {"again": True})
    assert cache.answer(KEY, "1", "a") == {"again": True}


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
@pytest.mark.parametrize("name", ["cache.sqlite3", "blobs/small.sqlite3"])
def test_a_broken_file_is_made_anew_and_said_once(runs: Runs, name: str, content: bytes) -> None:
    runs.keep("1", n1_1=b"a", n1_2=b"b")
    runs.end()
    (runs.folder / name).write_bytes(content)
    cache = runs.start()
    assert cache.renders(KEY, "1", SVG, ["1:1", "1:2"], runs.store().keep) == {}
    cache.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a")})
    cache.close()
    assert runs.found("1", "1:1") == {"1:1": b"a"}
    assert runs.codes() == ["cache.damaged"]
    assert name in runs.problems[0].message


def test_a_file_that_breaks_during_the_run_is_made_anew(runs: Runs) -> None:
    cache = runs.start()
    cache.keep_answer(KEY, "1", "q", {})
    change(runs.folder / "cache.sqlite3", "DROP TABLE answer")
    assert cache.answer(KEY, "1", "q") is None
    cache.keep_answer(KEY, "1", "q", {"new": 1})
    assert runs.start().answer(KEY, "1", "q") == {"new": 1}
    assert runs.codes() == ["cache.damaged"]


def test_the_database_of_something_else_is_made_anew(runs: Runs) -> None:
    runs.folder.mkdir()
    with sqlite3.connect(runs.folder / "cache.sqlite3") as database:
        database.execute("CREATE TABLE version (id INTEGER PRIMARY KEY, song TEXT)")
        database.execute("PRAGMA user_version = 1")
    database.close()
    runs.keep("1", n1_1=b"a")
    assert runs.found("1", "1:1") == {"1:1": b"a"}
    assert runs.codes() == ["cache.damaged"]


def test_a_full_disk_ends_writing_and_not_reading(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a")
    cache = runs.start()
    cache.keep_answer(KEY, "1", "q", {"x": 1})
    fill(cache._index._file)
    cache.keep_answer(KEY, "1", "r", {"x": os.urandom(100_000).hex()})
    cache.saw(FileVersion(KEY, "2"))
    cache.keep_renders(KEY, "1", SVG, {"1:2": runs.blob(b"b"), "1:3": runs.blob(LARGE)})
    cache.trim()
    assert cache.answer(KEY, "1", "q") == {"x": 1}
    assert cache.answer(KEY, "1", "r") is None
    blobs = cache.renders(KEY, "1", SVG, ["1:1", "1:2", "1:3"], runs.store().keep)
    assert {node: blob.read() for node, blob in blobs.items()} == {"1:1": b"a"}
    assert runs.codes() == ["cache.unusable"]
    assert "is full" in runs.problems[0].message
    assert list((runs.folder / "blobs").glob("??/*")) == [], "no half of a blob is left"


def test_bytes_for_which_there_is_no_room_are_not_taken_for_kept(runs: Runs) -> None:
    cache = runs.start()
    cache.renders(KEY, "1", SVG, ["1:1"], runs.store().keep)
    fill(cache._blobs._small)
    cache.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(os.urandom(100_000))})
    assert cache.info().renders == 0
    assert runs.codes() == ["cache.unusable"]


def test_why_a_file_is_of_no_use_is_said_once_though_it_is_first_full_and_then_broken(tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "one.sqlite3"
    file = SharedFile(path, "CREATE TABLE one (x)", opened=lambda _: None, unusable=said.append)
    fill(file)
    assert file.transact(lambda database: database.execute("INSERT INTO one VALUES (zeroblob(99999))")) is None
    for _ in range(2):
        change(path, "DROP TABLE one")
        found = file.read(lambda database: database.execute("SELECT count(*) FROM one").fetchone())
    assert found is None
    assert said == ["database or disk is full"]
    file.close()


def fill(file: SharedFile) -> None:
    """Lets no page be added to a file."""
    assert file._database is not None
    (pages,) = file._database.execute("PRAGMA page_count").fetchone()
    file._database.execute(f"PRAGMA max_page_count = {pages}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cant_be_written_is_said_once_and_the_run_goes_on(runs: Runs) -> None:
    runs.folder.mkdir(mode=0o500)
    unusable(runs)


def test_a_file_where_the_folder_should_be_is_said_once(runs: Runs) -> None:
    runs.folder.write_text("not a folder")
    unusable(runs)


def unusable(runs: Runs) -> None:
    cache = runs.start()
    cache.saw(FileVersion(KEY, "1"))
    cache.keep_answer(KEY, "1", "q", {})
    cache.keep_items(KEY, "1", "q", {"1:1": 1})
    cache.keep_hashes(KEY, "1", {"1:1": "x"})
    cache.keep_renders(KEY, "1", SVG, {"1:1": runs.blob(b"a"), "1:2": runs.blob(LARGE)})
    assert cache.latest(KEY) is None
    assert cache.answer(KEY, "1", "q") is None
    assert cache.items(KEY, "1", "q", ["1:1"]) == cache.hashes(KEY, "1", ["1:1"]) == {}
    assert cache.renders(KEY, "1", SVG, ["1:1"], runs.store().keep) == {}
    assert cache.rendered_before(KEY, "2", {SVG: ["1:1"]}) is None
    assert cache.carry(KEY, "1", "2", ["1:1"]) == 0
    cache.keep_unrendered(KEY, "1", SVG, ["1:1"])
    cache.confirm(KEY, "1", 1)
    assert (cache.unrendered(KEY, "1", SVG, ["1:1"]), cache.unconfirmed(KEY, "1")) == (set(), None)
    cache.forget_unfinished()
    cache.trim()
    cache.clear()
    assert cache.info().files == ()
    cache.end_run()
    cache.close()
    assert runs.codes() == ["cache.unusable"]
    assert str(runs.folder) in runs.problems[0].message


def test_where_files_have_one_name_only_large_blobs_are_copied(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", no_links)
    runs.keep("1", n1_1=LARGE)
    assert runs.found("1", "1:1") == {"1:1": LARGE}
    shutil.rmtree(runs.folder / "runs")

    def no_room(_: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", no_room)
    assert runs.found("1", "1:1") == {}
    assert runs.codes() == ["cache.unusable"]
    assert [path for path in runs.folder.rglob("*") if path.is_file() and path.read_bytes() == b"half"] == []
    monkeypatch.undo()
    assert runs.found("1", "1:1") == {"1:1": LARGE}, "it was never damaged"


def test_large_bytes_in_a_pack_become_a_file_or_leave_none(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = runs.store().keep(LARGE)
    write = Path.write_bytes

    def no_room(path: Path, _: bytes) -> int:
        write(path, b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_room)
    runs.start().keep_renders(KEY, "1", SVG, {"1:1": packed})
    assert not list((runs.folder / "blobs").glob("??/*"))
    assert runs.codes() == ["cache.unusable"]
    monkeypatch.undo()
    runs.start().keep_renders(KEY, "1", SVG, {"1:1": packed})
    assert runs.found("1", "1:1") == {"1:1": LARGE}


def test_bytes_that_cant_be_read_now_are_not_taken_for_lost(runs: Runs) -> None:
    runs.keep("1", n1_1=b"a")
    small = runs.folder / "blobs/small.sqlite3"
    aside = small.rename(runs.root / "aside")
    small.mkdir()
    assert runs.found("1", "1:1") == {}
    assert runs.codes() == ["cache.unusable"]
    small.rmdir()
    aside.rename(small)
    assert runs.found("1", "1:1") == {"1:1": b"a"}


def test_a_database_made_to_lead_elsewhere_leads_nowhere(runs: Runs) -> None:
    victim = runs.root / "victim"
    victim.write_bytes(b"precious")
    runs.keep("1", n1_1=LARGE)
    index = runs.folder / "cache.sqlite3"
    change(index, "UPDATE blob SET digest = ?", f"../{victim.name}")
    change(index, "UPDATE render SET digest = ?", f"../{victim.name}")
    assert runs.found("1", "1:1") == {}
    runs.start().clear()
    assert victim.read_bytes() == b"precious"
    elsewhere = runs.root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ("a" * 64)).write_bytes(b"precious")
    (runs.folder / "blobs/aa").symlink_to(elsewhere)
    runs.start().clear()
    assert len(list(elsewhere.iterdir())) == 1
