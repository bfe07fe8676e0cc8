"""The folder of blobs: equal bytes are kept once, small ones together, large ones as files of their own."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from exfig_rx.download.store import Store, StoreError
from exfig_rx.model import Problem
from exfig_rx.pictures import Blob
from tests.test_download.pictures import PNG, SVG, large_svg


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_bytes_are_kept_under_their_digest_once(folder: Path) -> None:
    store = Store(str(folder))
    blobs = [store.keep(content) for content in (SVG, PNG, SVG)]
    assert blobs[0] == blobs[2]
    assert [blob.read() for blob in blobs] == [SVG, PNG, SVG]
    assert [blob.digest for blob in blobs[:2]] == [hashlib.sha256(one).hexdigest() for one in (SVG, PNG)]
    assert [blob.size for blob in blobs[:2]] == [len(SVG), len(PNG)]


def test_small_blobs_of_a_thread_share_a_file_and_say_where_they_begin(folder: Path) -> None:
    store = Store(str(folder))
    blobs = [store.keep(b"%d" % number) for number in range(100)]
    assert [blob.read() for blob in blobs] == [b"%d" % number for number in range(100)]
    assert len({blob.path for blob in blobs}) == len(names(folder)) == 1
    assert all(blob.offset for blob in blobs)


def test_threads_keep_side_by_side_and_equal_bytes_are_one_blob_for_all(folder: Path) -> None:
    store = Store(str(folder))
    contents = [b"%d" % (number % 50) for number in range(2000)]
    with ThreadPoolExecutor(4) as threads:
        blobs = list(threads.map(store.keep, contents))
    assert [blob.read() for blob in blobs] == contents
    assert len(set(blobs)) == 50


def test_a_blob_that_is_a_file_of_its_own_is_all_of_it(folder: Path) -> None:
    store = Store(str(folder))
    part = store.begin()
    with part:
        part.write(SVG)
    blob = store.finish(part)
    assert (blob.offset, blob.read()) == (0, SVG)
    assert names(folder) == [blob.digest]


def test_what_comes_in_pieces_is_the_same_blob(folder: Path) -> None:
    store = Store(str(folder))
    content = large_svg(300_000)
    part = store.begin()
    for start in range(0, len(content), 70_000):
        with part:
            part.write(content[start : start + 70_000])
    assert part.ends() == (content[: 1 << 16], content[-4096:])
    blob = store.finish(part)
    assert blob == store.keep(content)
    assert blob.digest == hashlib.sha256(content).hexdigest()
    assert names(folder) == [blob.digest]


def test_what_comes_in_pieces_a_second_time_is_the_blob_that_is_there(folder: Path) -> None:
    store = Store(str(folder))
    kept = store.keep(SVG)
    part = store.begin()
    with part:
        part.write(SVG)
    assert store.finish(part) == kept
    assert names(folder) == [os.path.basename(kept.path)]


def test_a_part_begins_anew(folder: Path) -> None:
    store = Store(str(folder))
    part = store.begin()
    with part:
        part.write(b"another picture, and a longer one")
        part.restart('"2"')
        part.write(SVG)
    assert (part.size, part.etag) == (len(SVG), '"2"')
    assert store.finish(part).read() == SVG


def test_a_part_that_is_discarded_leaves_nothing(folder: Path) -> None:
    store = Store(str(folder))
    part = store.begin()
    with part:
        part.write(SVG)
    part.discard()
    part.discard()
    assert names(folder) == []


# Over days


def in_pieces(store: Store, content: bytes) -> Blob:
    part = store.begin()
    with part:
        part.write(content)
    return store.finish(part)


def test_what_is_cleared_is_gone_and_what_comes_then_is_kept_anew(folder: Path) -> None:
    store = Store(str(folder))
    before = [store.keep(SVG), in_pieces(store, PNG)]
    (folder / "drawn").mkdir()  # of somebody else
    store.clear()
    assert os.listdir(folder) == ["drawn"]
    after = [store.keep(SVG), in_pieces(store, PNG)]
    assert [blob.read() for blob in after] == [SVG, PNG]
    assert not {blob.path for blob in before} & {blob.path for blob in after}


def test_what_was_begun_before_all_was_cleared_is_to_be_begun_again(folder: Path) -> None:
    store = Store(str(folder))
    part = store.begin()
    store.clear()
    with pytest.raises(StoreError) as caught, part:
        raise AssertionError("opened")
    assert caught.value.may_pass


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="nothing tells what is open")
def test_hundreds_of_rounds_leave_no_file_open_and_nothing_in_the_folder(folder: Path) -> None:
    store = Store(str(folder))
    with ThreadPoolExecutor(4) as threads:

        def round_(number: int) -> tuple[int, int]:
            contents = [b"%d-%d" % (number, each) for each in range(8)]
            assert [blob.read() for blob in threads.map(store.keep, contents)] == contents
            assert in_pieces(store, b"%d" % number * 100).read() == b"%d" % number * 100
            store.clear()
            return len(os.listdir("/proc/self/fd")), len(list(folder.rglob("*")))

        first, *others = (round_(number) for number in range(500))
    assert set(others) == {first} and first[1] == 0


# A folder that takes no more


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders go."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    yield tmp_path / "tmp"
    assert os.listdir(tmp_path / "tmp") == [], "a temporary folder is left"


def full(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """From now on these are full."""
    real = os.write

    def refusing(descriptor: int, content: bytes) -> int:
        if any(os.readlink(f"/proc/self/fd/{descriptor}").startswith(str(folder)) for folder in folders):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, content)

    monkeypatch.setattr(os, "write", refusing)


def test_a_folder_that_is_removed_is_left_for_a_temporary_one_and_that_is_said_once(
    folder: Path, elsewhere: Path
) -> None:
    told: list[Problem] = []
    store = Store(str(folder), told.append)
    store.keep(PNG)
    shutil.rmtree(folder)
    blobs = [store.keep(SVG), store.keep(PNG), in_pieces(store, SVG * 2)]
    assert [blob.read() for blob in blobs] == [SVG, PNG, SVG * 2]
    assert all(blob.path.startswith(str(elsewhere)) for blob in blobs) and not folder.exists()
    store.clear()
    assert store.keep(SVG).path.startswith(str(elsewhere))
    store.close()
    (problem,) = told
    assert problem.code == "state.no-scratch" and "No such file or directory" in problem.message
    assert problem.location is not None and problem.location.file == str(folder)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="nothing tells what is open")
def test_a_full_disk_is_left_by_all_threads_for_one_temporary_folder(
    folder: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Problem] = []
    store = Store(str(folder), told.append)
    before = store.keep(PNG)
    full(monkeypatch, folder)
    contents = [b"%d" % number for number in range(200)]
    with ThreadPoolExecutor(4) as threads:
        blobs = list(threads.map(store.keep, contents))
    assert [blob.read() for blob in (before, *blobs)] == [PNG, *contents]
    assert len(os.listdir(elsewhere)) == 1
    store.close()
    assert [problem.code for problem in told] == ["state.no-scratch"]


def test_pieces_that_find_no_room_are_to_be_fetched_again(folder: Path, elsewhere: Path) -> None:
    store = Store(str(folder), lambda problem: None)
    part = store.begin()
    shutil.rmtree(folder)
    with pytest.raises(StoreError, match="No such file") as caught, part:
        raise AssertionError("opened")
    assert caught.value.may_pass
    assert in_pieces(store, SVG).read() == SVG
    store.close()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="nothing tells what is open")
def test_where_nothing_takes_it_that_is_said_in_the_words_of_the_system(
    folder: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(folder))
    full(monkeypatch, folder, elsewhere)
    for _ in range(2):
        with pytest.raises(StoreError, match="No space left") as caught:
            store.keep(SVG)
        assert not caught.value.may_pass
    store.close()


def test_a_folder_that_can_not_be_made_is_none_that_is_needed(tmp_path: Path, elsewhere: Path) -> None:
    (tmp_path / "file").touch()
    store = Store(str(tmp_path / "file/blobs"), lambda problem: None)
    assert store.keep(SVG).read() == SVG
    store.close()
