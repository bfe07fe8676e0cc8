"""The one writer: all or nothing, unchanged files untouched, nothing left behind."""

import errno
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exfig_rx.errors import OutputError
from exfig_rx.model import FileCounts, OutputFile, SharedSection, WhenMissing
from exfig_rx.output.transaction import Staged, Task, begin, commit, discard, stage


def never() -> bool:
    return False


def write(root: Path, **files: str) -> FileCounts:
    return commit(staged(root, files)).counts


def staged(root: Path, files: dict[str, str], sections: Sequence[SharedSection] = ()) -> Staged:
    """An export up to its commit."""
    return stage(begin(Task(made(files), sections), root), never)


def made(files: dict[str, str]) -> list[OutputFile]:
    return [OutputFile(name.replace("__", "/"), text.encode()) for name, text in files.items()]


def tree(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}


def everything(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


def failure(root: Path, files: dict[str, str]) -> str:
    """The text of the error that writing `files` gives, after checking that nothing changed."""
    before, names = tree(root), everything(root)
    with pytest.raises(OutputError) as caught:
        write(root, **files)
    assert tree(root) == before
    assert everything(root) == names
    (problem,) = caught.value.problems
    return f"{problem.message} {problem.hint}"


def test_new_changed_and_unchanged_files_are_counted(tmp_path: Path) -> None:
    assert write(tmp_path, a="1", sub__b="2") == FileCounts(created=2)
    assert write(tmp_path, a="1", sub__b="3", c="4") == FileCounts(created=1, updated=1, unchanged=1)
    assert tree(tmp_path) == {"a": "1", "c": "4", "sub/b": "3"}


def test_an_unchanged_file_keeps_its_time_and_inode(tmp_path: Path) -> None:
    write(tmp_path, a="1")
    os.utime(tmp_path / "a", (1, 1))
    before = (tmp_path / "a").stat()
    write(tmp_path, a="1")
    after = (tmp_path / "a").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_staging_changes_nothing_and_discarding_leaves_no_trace(tmp_path: Path) -> None:
    write(tmp_path, a="1")
    names = everything(tmp_path)
    export = staged(tmp_path, {"a": "2", "deep/er/b": "3"})
    assert (tmp_path / "a").read_text() == "1"
    assert not (tmp_path / "deep").exists()
    assert everything(tmp_path) > names
    discard(export)
    assert everything(tmp_path) == names


def test_a_cancelled_staging_stops_at_the_next_file_and_leaves_no_trace(tmp_path: Path) -> None:
    asked = iter([False, False, True])
    export = stage(begin(Task(made({"x/a": "1", "x/b": "2", "x/c": "3"})), tmp_path), lambda: next(asked))
    assert next(asked, None) is None
    with pytest.raises(ValueError, match="cancelled"):
        commit(export)
    assert everything(tmp_path) == set()


def test_a_file_keeps_its_mode_and_a_new_one_follows_the_umask(tmp_path: Path) -> None:
    write(tmp_path, script="1")
    (tmp_path / "script").chmod(0o750)
    write(tmp_path, script="2")
    assert stat.S_IMODE((tmp_path / "script").stat().st_mode) == 0o750
    mask = os.umask(0o027)
    try:
        write(tmp_path, fresh="1")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "fresh").stat().st_mode) == 0o640


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/file").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real/file")
    write(tmp_path, link="new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real/file").read_text() == "new"


def test_a_directory_where_the_file_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    text = failure(tmp_path, {"a": "1", "b": "2"})
    assert "can't write b: a directory is where the file should be; the old files are intact" in text
    assert "Move the directory away" in text


def test_a_file_where_a_directory_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    assert "is a file, not a directory" in failure(tmp_path, {"a": "1", "out__b": "2"})


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    assert "too long" in failure(tmp_path, {"a": "1", "x" * 300: "2"})
    assert "not a path of a file" in failure(tmp_path, {"a": "1", "b\0c": "2"})
    assert "not a path of a file" in failure(tmp_path, {"a": "1", "b/": "2"})


def test_two_files_that_are_one_are_told_apart(tmp_path: Path) -> None:
    assert "the same file" in failure(tmp_path, {"x/../a": "1", "a": "2"})
    assert "upper and lower case" in failure(tmp_path, {"Card.xml": "1", "card.xml": "2"})


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EROFS, "--output-root"),
        (errno.EACCES, "writable"),
        (errno.EDQUOT, "quota"),
    ],
)
def test_a_disk_that_refuses_while_staging_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    write(tmp_path, a="1", b="1")
    opened = failing(os.open, code, at=2)
    monkeypatch.setattr(os, "open", opened)
    text = failure(tmp_path, {"a": "2", "b": "2", "new__c": "2"})
    assert words in text
    assert os.strerror(code) in text


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_rename_that_fails_takes_back_those_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    write(tmp_path, a="1", b="1")
    renamed = failing(os.replace, errno.EACCES, at=at)
    monkeypatch.setattr(os, "replace", renamed)
    failure(tmp_path, {"a": "2", "b": "2", "new__c": "2"})


EMPTY = "<r>\n<!-- FROM: T -->\n<!-- TO: T -->\n<!-- FROM: U -->\n<!-- TO: U -->\n</r>"


def section(path: str, line: str, name: str = "T", when_missing: WhenMissing = WhenMissing.FAIL) -> SharedSection:
    """A section of one line between the markers `FROM: T` and `TO: T`."""
    return SharedSection(path, "the.key", "FROM", "TO", name, {line: line}, 0, when_missing)


def filled(t: str = "", u: str = "") -> str:
    """`EMPTY` with lines between its markers."""
    text = EMPTY.replace("FROM: T -->\n", f"FROM: T -->\n{t}")
    return text.replace("FROM: U -->\n", f"FROM: U -->\n{u}")


def shared(root: Path, files: dict[str, str], sections: Sequence[SharedSection]) -> FileCounts:
    return commit(staged(root, files, sections)).counts


def shared_failure(root: Path, files: dict[str, str], sections: Sequence[SharedSection]) -> str:
    """The text of the error, after checking that nothing changed."""
    before, names = tree(root), everything(root)
    with pytest.raises(OutputError) as caught:
        shared(root, files, sections)
    assert tree(root) == before
    assert everything(root) == names
    (problem,) = caught.value.problems
    return f"{problem.code} {problem.message} {problem.hint}"


def test_sections_are_written_with_the_files_and_counted(tmp_path: Path) -> None:
    write(tmp_path, attrs=EMPTY)
    sections = [section("attrs", "1"), section("styles", "2", when_missing=WhenMissing.SKIP)]
    assert shared(tmp_path, {"a": "1"}, sections) == FileCounts(created=1, updated=1)
    assert tree(tmp_path) == {"a": "1", "attrs": filled("1\n")}
    times = (tmp_path / "attrs").stat()
    assert shared(tmp_path, {"a": "1"}, sections) == FileCounts(unchanged=2)
    assert (tmp_path / "attrs").stat() == times


def test_sections_are_merged_into_what_the_file_holds_at_the_commit(tmp_path: Path) -> None:
    write(tmp_path, attrs=EMPTY)
    export = staged(tmp_path, {"a": "1"}, [section("attrs", "1")])
    shared(tmp_path, {}, [section("attrs", "2", "U")])
    commit(export)
    assert tree(tmp_path) == {"a": "1", "attrs": filled("1\n", "2\n")}


def test_two_sections_of_one_file_are_both_in_it_however_it_is_called(tmp_path: Path) -> None:
    write(tmp_path, res__attrs=EMPTY)
    (tmp_path / "link").symlink_to(tmp_path / "res/attrs")
    sections = [section("link", "1"), section("res/../res/attrs", "2", "U")]
    assert shared(tmp_path, {}, sections) == FileCounts(updated=1)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "res/attrs").read_text() == filled("1\n", "2\n")


def test_a_file_that_a_section_makes_gets_its_folder(tmp_path: Path) -> None:
    assert shared(tmp_path, {}, [section("new/attrs", "1", when_missing=WhenMissing.CREATE)]) == FileCounts(created=1)
    assert "\n1\n" in (tmp_path / "new/attrs").read_text()


def test_a_section_keeps_the_mode_of_its_file(tmp_path: Path) -> None:
    write(tmp_path, attrs=EMPTY)
    (tmp_path / "attrs").chmod(0o604)
    shared(tmp_path, {}, [section("attrs", "1")])
    assert stat.S_IMODE((tmp_path / "attrs").stat().st_mode) == 0o604


def test_a_section_that_has_no_place_leaves_everything_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, attrs=EMPTY, old="1")
    files = {"old": "2", "new__a": "1"}
    good = section("made/attrs", "1", when_missing=WhenMissing.CREATE)
    text = shared_failure(tmp_path, files, [section("attrs", "1"), good, section("attrs", "1", "V")])
    assert text.startswith("output.markers attrs has no <!-- FROM: V -->")
    assert "styles does not exist" in shared_failure(tmp_path, files, [good, section("styles", "1")])


def test_a_section_inside_another_one_is_not_lost_without_a_word(tmp_path: Path) -> None:
    write(tmp_path, attrs="<!-- OUT: T -->\n<!-- FROM: T -->\n<!-- TO: T -->\n<!-- END: T -->")
    around = SharedSection("attrs", "k", "OUT", "END", "T", {}, 0, WhenMissing.FAIL)
    assert "has no <!-- FROM: T -->" in shared_failure(tmp_path, {}, [section("attrs", "1"), around])


def test_a_file_is_not_both_generated_and_shared(tmp_path: Path) -> None:
    text = shared_failure(tmp_path, {"attrs": EMPTY}, [section("./attrs", "1")])
    assert text == (
        "output.same-target ./attrs is written as a whole, and can't have a section of T in it change the.key"
    )


def test_a_name_that_no_shared_file_can_have_is_told(tmp_path: Path) -> None:
    assert "not a path of a file" in shared_failure(tmp_path, {"a": "1"}, [section("b\0c", "1")])
    assert "too long" in shared_failure(tmp_path, {"a": "1"}, [section("x" * 300, "1")])


def test_a_directory_or_a_device_where_a_shared_file_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "attrs").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, what in (("attrs", "a directory"), ("pipe", "a device or pipe")):
        text = shared_failure(tmp_path, {"a": "1"}, [section(name, "1")])
        assert f"can't write {name}: {what} is where the file should be" in text


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_rename_that_fails_takes_back_sections_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    write(tmp_path, a="1", attrs=EMPTY, styles=EMPTY)
    monkeypatch.setattr(os, "replace", failing(os.replace, errno.EACCES, at=at))
    shared_failure(tmp_path, {"a": "2"}, [section("attrs", "1"), section("styles", "1")])


def test_without_hard_links_a_failed_rename_is_taken_back_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a="1", b="1")
    monkeypatch.setattr(os, "link", failing(os.link, errno.EPERM, at=1, times=99))
    assert write(tmp_path, a="2", b="1") == FileCounts(updated=1, unchanged=1)
    monkeypatch.setattr(os, "replace", failing(os.replace, errno.EACCES, at=2))
    failure(tmp_path, {"a": "3", "b": "3"})


def failing(real: Callable[..., object], code: int, *, at: int, times: int = 1) -> Callable[..., object]:
    """`real`, but its calls number `at` to `at + times - 1` fail with `code`."""
    calls = 0

    def call(*args: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if at <= calls < at + times:
            raise OSError(code, os.strerror(code))
        return real(*args, **options)

    return call


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["1", "2"])),
    st.dictionaries(
        st.sampled_from(["a", "b", "c", "d", "n/e", "n/m/f"]), st.sampled_from(["1", "2", "3"]), min_size=1
    ),
    st.integers(1, 14),
)
def test_the_tree_is_wholly_old_or_wholly_new_whichever_call_fails(
    tmp_path_factory: pytest.TempPathFactory, old: dict[str, str], new: dict[str, str], at: int
) -> None:
    root = tmp_path_factory.mktemp("tree")
    write(root, **old)
    before = tree(root)
    with pytest.MonkeyPatch.context() as patch:
        calls = 0

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def call(*args: object, **options: object) -> object:
                nonlocal calls
                calls += 1
                if calls == at:
                    raise OSError(errno.EIO, "input/output error")
                return real(*args, **options)

            return call

        for name in ("open", "mkdir", "link", "replace"):
            patch.setattr(os, name, counted(getattr(os, name)))
        try:
            commit(staged(root, new))
        except OutputError:
            assert tree(root) == before
        else:
            assert tree(root) == {**before, **new}
    assert not [name for name in everything(root) if ".exfig-" in name]
