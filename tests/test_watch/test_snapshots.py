"""Changes found by looking: nothing that the disk tells is overlooked."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from watchfiles import Change

from exfig_rx.watch.snapshots import differences, snapshot


def rewrite_within_the_same_second(file: Path) -> None:
    before = file.stat().st_mtime_ns
    os.utime(file, ns=(before, before // 10**9 * 10**9 + (before + 500_000_000) % 10**9))


def grow(file: Path) -> None:
    file.write_text("longer")


@pytest.mark.parametrize("edit", [rewrite_within_the_same_second, grow])
def test_an_edit_is_seen(tmp_path: Path, edit: Callable[[Path], None]) -> None:
    file = tmp_path / "app.yaml"
    file.write_text("1")
    before = snapshot([str(tmp_path)])
    edit(file)
    assert differences(before, snapshot([str(tmp_path)])) == {(Change.modified, str(file))}


def test_a_file_that_took_the_place_of_another_was_added(tmp_path: Path) -> None:
    file, new = tmp_path / "app.yaml", tmp_path / "new"
    file.write_text("1")
    before = snapshot([str(tmp_path)])
    new.write_text("2")
    os.replace(new, file)
    assert differences(before, snapshot([str(tmp_path)])) == {(Change.added, str(file))}


def test_what_comes_and_goes_is_seen_and_what_stays_is_not(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("1")
    (tmp_path / "same").write_text("1")
    (tmp_path / "sub").mkdir()
    before = snapshot([str(tmp_path)])
    (tmp_path / "old").unlink()
    (tmp_path / "new").write_text("1")
    (tmp_path / "sub" / "deep").write_text("1")
    assert differences(before, snapshot([str(tmp_path)])) == {
        (Change.deleted, str(tmp_path / "old")),
        (Change.added, str(tmp_path / "new")),
    }


def test_a_folder_that_went_was_deleted_with_what_was_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "app.yaml").write_text("1")
    before = snapshot([str(folder)])
    folder.rename(tmp_path / "old")
    assert differences(before, snapshot([str(folder)])) == {
        (Change.deleted, str(folder)),
        (Change.deleted, str(folder / "app.yaml")),
    }
