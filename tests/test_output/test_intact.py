"""Whether a file still has the bytes that a commit gave it: what is believed, and what is looked at."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from exfig_rx.manifest import Written
from exfig_rx.model import OutputFile
from exfig_rx.output.intact import holds, is_intact
from exfig_rx.output.transaction import Task, begin, commit, stage
from exfig_rx.state.exports import Exports

CONFIG = "/configs/app.yaml"


def exported(root: Path, content: bytes = b"picture", *, into: str = "out") -> Written:
    """What is known of a file that was exported: alone into a folder, or with a folder of its own."""
    exports = Exports(root / ".exfig", "run", lambda problem: pytest.fail(problem.message))
    task = Task([OutputFile(f"{into}/a.svg", content)], config=CONFIG, known=exports.manifest(CONFIG))
    commit(stage(begin(task, root, exports), lambda: False), durable=False)
    found = exports.manifest(CONFIG)[str(root / into / "a.svg")]
    exports.close()
    return found


@pytest.mark.parametrize("is_there", [False, True], ids=["a new folder", "a folder that is there"])
def test_a_file_that_nobody_touched_is_not_even_read(tmp_path: Path, is_there: bool) -> None:
    if is_there:
        (tmp_path / "out").mkdir()
    file = exported(tmp_path)
    assert is_intact(file) and is_intact(replace(file, digest="unknown"))
    again = exported(tmp_path)
    assert again == file


def test_a_file_that_was_there_with_the_same_bytes_is_not_read_again_either(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.svg").write_bytes(b"picture")
    assert is_intact(replace(exported(tmp_path), digest="unknown"))


def as_edited(path: Path) -> None:
    path.write_bytes(b"erutcip")


def as_replaced(path: Path) -> None:
    shutil.copy2(path, path.with_name("b"))
    path.with_name("b").write_bytes(b"erutcip")
    path.with_name("b").rename(path)


@pytest.mark.parametrize("edit", [as_edited, as_replaced])
def test_an_edit_of_the_same_size_under_the_old_time_is_seen(tmp_path: Path, edit: Callable[[Path], None]) -> None:
    file = exported(tmp_path)
    edit(Path(file.path))
    os.utime(file.path, ns=(file.mtime_ns, file.mtime_ns))
    while os.stat(file.path).st_ctime_ns == file.ctime_ns:  # the clock of some file systems ticks every 4 ms
        os.utime(file.path, ns=(file.mtime_ns, file.mtime_ns))
    assert os.stat(file.path).st_mtime_ns == file.mtime_ns and os.stat(file.path).st_size == file.size
    assert not is_intact(file)


def copied(path: Path) -> None:
    shutil.copy2(path, path.with_name("b"))
    path.with_name("b").rename(path)


@pytest.mark.parametrize(
    "touch", [lambda path: os.utime(path, (1, 1)), lambda path: path.chmod(0o600), copied], ids=["time", "mode", "copy"]
)
def test_a_file_that_was_only_touched_is_read_and_found_intact(tmp_path: Path, touch: Callable[[Path], None]) -> None:
    file = exported(tmp_path)
    touch(Path(file.path))
    assert is_intact(file) and not is_intact(replace(file, digest="another"))


def test_a_file_of_which_an_older_program_noted_less_is_read(tmp_path: Path) -> None:
    file = replace(exported(tmp_path), ctime_ns=None, inode=None)
    assert is_intact(file) and not is_intact(replace(file, digest="another"))
    assert exported(tmp_path).ctime_ns is not None


def test_what_is_gone_or_of_another_size_is_not_intact(tmp_path: Path) -> None:
    file = exported(tmp_path)
    Path(file.path).write_text("longer than before")
    os.utime(file.path, ns=(file.mtime_ns, file.mtime_ns))
    assert not is_intact(file) and not holds(file.path, file)
    os.unlink(file.path)
    assert not is_intact(file) and not holds(file.path, file)
    os.mkdir(file.path)
    assert not is_intact(replace(file, size=os.stat(file.path).st_size)) and not holds(file.path, file)


def test_where_it_counts_the_bytes_are_read_whatever_the_times_say(tmp_path: Path) -> None:
    file = exported(tmp_path)
    assert holds(file.path, file)
    assert is_intact(replace(file, digest="another")) and not holds(file.path, replace(file, digest="another"))
    (tmp_path / "link").symlink_to(file.path)
    assert not holds(str(tmp_path / "link"), file)
