"""The folder of blobs: equal bytes are kept once, small ones together, large ones as files of their own."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from exfig_rx.download.store import Store, StoreError
from tests.test_download.pictures import PNG, SVG, large_svg


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


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


def test_a_folder_that_is_gone_is_said_in_the_words_of_the_system(folder: Path) -> None:
    store = Store(str(folder))
    part = store.begin()
    folder.rmdir()
    with pytest.raises(StoreError, match="No such file"):
        store.keep(SVG)
    with pytest.raises(StoreError, match="No such file"), part:
        raise AssertionError("opened")
    with pytest.raises(StoreError, match="No such file"):
        store.finish(part)
