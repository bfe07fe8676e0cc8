"""What a commit notes, deletes and puts up with: the manifest, files of others, folders that change under it."""

import errno
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from exfig_rx.errors import OutputError
from exfig_rx.manifest import Record, Written
from exfig_rx.model import AssetCounts, FileCounts, OutputFile, Problem, SharedSection, WhenMissing
from exfig_rx.output.journal import Outcome
from exfig_rx.output.texts import read_draft, read_plan
from exfig_rx.output.transaction import Committed, Staged, Task, begin, commit, discard, stage
from exfig_rx.pictures import Blob, Content
from exfig_rx.state.exports import Exports

CONFIG = "/configs/app.yaml"


class Shop:
    """A project whose exports are noted."""

    def __init__(self, root: Path, exports: Exports) -> None:
        self.root = root
        self.exports = exports

    def task(
        self, files: Mapping[str, Content], sections: Collection[SharedSection] = (), *, prunes: bool = True
    ) -> Task:
        known = self.exports.manifest(CONFIG)
        return Task(
            [OutputFile(path, content) for path, content in files.items()],
            tuple(sections),
            owners=lambda path: (path.partition("/")[0],),
            known=known,
            prune=lambda produced: [one for path, one in known.items() if prunes and path not in produced],
            record=Record("f", {}, AssetCounts()),
            config=CONFIG,
        )

    def staged(self, files: Mapping[str, Content], sections: Collection[SharedSection] = ()) -> Staged:
        return stage(begin(self.task(files, sections), self.root, self.exports), lambda: False)

    def export(self, files: Mapping[str, Content], sections: Collection[SharedSection] = ()) -> Committed:
        return commit(self.staged(files, sections), durable=False)

    def known(self) -> dict[str, Written]:
        """The manifest, by path from the root."""
        return {os.path.relpath(path, self.root): one for path, one in self.exports.manifest(CONFIG).items()}

    def everything(self) -> set[str]:
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*")}

    def path(self, name: str) -> str:
        return str(self.root / name)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    (tmp_path / "root").mkdir()
    problems: list[Problem] = []
    exports = Exports(tmp_path / "state", "run", problems.append)
    yield Shop(tmp_path / "root", exports)
    assert exports.adopt(lambda run: False) == ()
    exports.close()
    other = Exports(tmp_path / "state", "other", problems.append)
    assert other.adopt(lambda run: False) == (), "a transaction is still in the journal"
    other.close()
    assert problems == []


def failure(work: Staged) -> str:
    with pytest.raises(OutputError) as caught:
        commit(work, durable=False)
    (problem,) = caught.value.problems
    return f"{problem.message} {problem.hint}"


# ── the manifest ──


def test_every_file_is_noted_as_it_is_on_the_disk(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"picture")
    (tmp_path / "pack").write_bytes(b"xxpicturexx")
    digest = sha256(b"picture").hexdigest()
    blob, part = Blob(str(tmp_path / "blob"), 7, digest), Blob(str(tmp_path / "pack"), 7, digest, 2)
    shop.export({"a/one": b"1", "b/two": blob, "b/three": part})
    for name, one in shop.known().items():
        found = os.stat(one.path)
        assert (one.size, one.mtime_ns) == (found.st_size, found.st_mtime_ns)
        assert one.digest == sha256(Path(one.path).read_bytes()).hexdigest()
        assert (one.owners, one.is_shared) == ((name[0],), False)
    assert set(shop.known()) == {"a/one", "b/two", "b/three"}
    assert (shop.root / "b/three").read_bytes() == b"picture"


def test_what_was_there_already_is_noted_too(shop: Shop) -> None:
    (shop.root / "a").write_bytes(b"1")
    assert shop.export({"a": b"1"}).counts == FileCounts(unchanged=1)
    assert shop.known()["a"].mtime_ns == (shop.root / "a").stat().st_mtime_ns
    os.utime(shop.root / "a", ns=(1, 1))
    assert shop.export({"a": b"1"}).counts == FileCounts(unchanged=1)
    assert shop.known()["a"].mtime_ns == 1


def test_a_file_of_the_user_is_noted_as_shared_and_never_deleted(shop: Shop) -> None:
    (shop.root / "attrs").write_text("<r>\n<!-- F: T -->\n<!-- E: T -->\n</r>")
    section = SharedSection("attrs", "k", "F", "E", "T", {"x": "<x/>"}, 0, WhenMissing.FAIL)
    shop.export({"a": b"1"}, [section])
    assert shop.known()["attrs"].is_shared
    assert shop.export({"a": b"1"}).counts == FileCounts(unchanged=1)
    assert (shop.root / "attrs").exists()


def test_a_record_is_kept_with_the_commit(shop: Shop) -> None:
    shop.export({"a": b"1"})
    assert shop.exports.record(CONFIG, "") == Record("f", {}, AssetCounts())


def test_a_file_that_was_changed_by_hand_is_overwritten_and_named(shop: Shop) -> None:
    shop.export({"a": b"1", "b": b"1", "c": b"1", "d": b"1"})
    (shop.root / "a").write_text("by hand")
    (shop.root / "b").write_text("1")
    (shop.root / "d").write_text("2")
    committed = shop.export({"a": b"2", "b": b"2", "c": b"2", "d": b"2"})
    assert committed == Committed(FileCounts(updated=3, unchanged=1), edited=(shop.path("a"),))
    assert shop.export({"a": b"2", "b": b"2", "c": b"2", "d": b"2"}) == Committed(FileCounts(unchanged=4))


def test_an_edit_between_staging_and_commit_is_named_too(shop: Shop) -> None:
    shop.export({"a": b"1"})
    work = shop.staged({"a": b"2"})
    (shop.root / "a").write_text("by hand")
    assert commit(work, durable=False).edited == (shop.path("a"),)


@pytest.mark.parametrize(("size", "offset"), [(7, 0), (7, 2), (2 << 20, 0)])
def test_a_picture_whose_bytes_somebody_removed_is_named_with_the_folder_that_they_were_in(
    shop: Shop, size: int, offset: int
) -> None:
    gone = Blob(shop.path("gone/blob"), size, "ab" * 32, offset)
    with pytest.raises(OutputError) as caught:
        shop.staged({"out/a": gone})
    (problem,) = caught.value.problems
    assert "out/a" in problem.message and f"somebody removed {shop.path('gone')}" in problem.message
    assert shop.everything() == set()
    shop.exports.finish(None, CONFIG, Outcome())


# ── what goes ──


def test_files_that_are_no_longer_made_go_with_the_folders_that_came_with_them(shop: Shop) -> None:
    (shop.root / "cat.xcassets/a.imageset").mkdir(parents=True)
    names = ["new/deep/x", "new/y", "cat.xcassets/a.imageset/a.png", "cat.xcassets/a.imageset/Contents.json"]
    shop.export({"stay": b"1", **dict.fromkeys(names, b"1")})
    committed = shop.export({"stay": b"1"})
    assert committed == Committed(FileCounts(unchanged=1, deleted=4))
    assert shop.everything() == {"stay", "cat.xcassets"}
    assert set(shop.known()) == {"stay"}
    shop.export({"new/z": b"1"})
    assert shop.everything() == {"new", "new/z", "cat.xcassets"}


def test_folders_that_were_there_or_hold_something_else_stay(shop: Shop) -> None:
    (shop.root / "theirs").mkdir()
    shop.export({"theirs/a": b"1", "ours/b": b"1", "set.colorset/c": b"1"})
    (shop.root / "ours/mine").write_text("mine")
    (shop.root / "set.colorset/mine").write_text("mine")
    assert shop.export({}).counts.deleted == 3
    assert shop.everything() == {"theirs", "ours", "ours/mine", "set.colorset", "set.colorset/mine"}


def test_what_somebody_changed_is_kept_named_and_ours_no_more(shop: Shop) -> None:
    shop.export(dict.fromkeys("abcd", b"1"))
    (shop.root / "a").write_text("by hand")
    (shop.root / "b").unlink()
    (shop.root / "b").symlink_to(shop.root / "c")
    (shop.root / "d").unlink()
    (shop.root / "d").mkdir()
    committed = shop.export({"c": b"1"})
    assert committed == Committed(FileCounts(unchanged=1), kept=tuple(map(shop.path, "abd")))
    assert shop.everything() == {"a", "b", "c", "d"}
    assert set(shop.known()) == {"c"}
    assert shop.export({"c": b"1"}).kept == ()


def test_what_is_gone_already_is_forgotten(shop: Shop) -> None:
    shop.export({"a/b/c": b"1", "d": b"1"})
    (shop.root / "a/b/c").unlink()
    (shop.root / "a/b").rmdir()
    assert shop.export({"d": b"1"}) == Committed(FileCounts(unchanged=1))
    assert set(shop.known()) == {"d"}


def test_nothing_is_deleted_behind_a_folder_that_became_a_link(shop: Shop) -> None:
    shop.export({"out/a": b"1"})
    (shop.root / "out").rename(shop.root / "moved")
    (shop.root / "out").symlink_to(shop.root / "moved")
    assert shop.export({}).kept == (shop.path("out/a"),)
    assert (shop.root / "moved/a").exists()


def test_a_file_whose_name_only_changes_its_case_is_not_deleted_where_that_is_the_same_file(shop: Shop) -> None:
    shop.export({"Card": b"1"})
    os.link(shop.root / "Card", shop.root / "card")  # as on a disk that ignores case: two names, one file
    assert shop.export({"card": b"1"}) == Committed(FileCounts(unchanged=1))
    assert set(shop.known()) == {"card"}
    assert (shop.root / "card").exists()


def test_a_pruned_file_comes_back_when_a_later_step_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.export({"a": b"1", "b": b"1", "c": b"1"})
    work = shop.staged({"a": b"2"})
    real, calls = os.replace, iter(range(2))

    def refusing(staged: str, target: str) -> None:
        if next(calls, None) is None:
            monkeypatch.undo()
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(staged, target)

    monkeypatch.setattr(os, "replace", refusing)
    assert "can't write" in failure(work)
    assert {name: (shop.root / name).read_text() for name in shop.everything()} == {"a": "1", "b": "1", "c": "1"}
    assert shop.export({"a": b"2"}).counts == FileCounts(updated=1, deleted=2)


def test_what_another_run_claims_at_the_last_moment_stays_and_is_looked_at_again(shop: Shop) -> None:
    shop.export(dict.fromkeys("abc", b"1"))
    asked: list[list[str]] = []

    def contested(paths: Collection[str]) -> list[str]:
        asked.append([os.path.basename(path) for path in paths])
        return [shop.path("b")]

    def export(*names: str) -> Committed:
        task = replace(shop.task(dict.fromkeys(names, b"1")), contested=contested)
        return commit(stage(begin(task, shop.root, shop.exports), lambda: False), durable=False)

    assert export("a") == Committed(FileCounts(unchanged=1, deleted=1))
    assert shop.everything() == set(shop.known()) == {"a", "b"} and shop.exports.record(CONFIG, "") is None
    assert export("a") == Committed(FileCounts(unchanged=1))
    assert shop.everything() == set(shop.known()) == {"a", "b"}
    assert shop.export({"a": b"1"}).counts.deleted == 1
    export("a")
    assert asked == [["b", "c"], ["b"]]


def test_what_is_of_another_config_by_now_is_forgotten_and_stays(shop: Shop) -> None:
    shop.export({"a": b"1", "b": b"1"})
    task = replace(shop.task({"a": b"1"}, prunes=False), handed_over=lambda: [shop.path("b")])
    assert commit(stage(begin(task, shop.root, shop.exports), lambda: False)).counts == FileCounts(unchanged=1)
    assert shop.everything() == {"a", "b"} and set(shop.known()) == {"a"}


# ── order ──


class Watching:
    """A journal that looks at the tree whenever something is written down."""

    run = "watching"

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen: list[tuple[str, dict[str, str], set[str]]] = []
        self.plans: list[str] = []

    def look(self, what: str) -> None:
        files = {str(path.relative_to(self.root)): path for path in self.root.rglob("*")}
        ours = {name for name in files if ".exfig-" in name}
        self.seen.append(
            (
                what,
                {name: path.read_text() for name, path in files.items() if path.is_file() and name not in ours},
                ours,
            )
        )

    def begin(self, config: str, text: str) -> int | None:
        self.draft = read_draft(text)
        self.look("begin")
        return 1

    def seal(self, number: int, config: str, text: str) -> None:
        self.plans.append(text)
        self.look("seal")

    def turn_back(self, number: int) -> None:
        self.look("turn back")

    def finish(self, number: int | None, config: str, outcome: Outcome) -> None:
        self.look("finish")

    def abandon(self, number: int) -> None:
        self.look("abandon")

    def folders_made(self, paths: Collection[str]) -> set[str]:
        return set()


def test_nothing_appears_before_the_draft_and_nothing_changes_before_the_seal(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    old = {"a": "old"}
    journal = Watching(tmp_path)
    files = [OutputFile("a", b"new"), OutputFile("b/c", b"new")]
    commit(stage(begin(Task(files), tmp_path, journal), lambda: False))
    (begun, sealed, finished) = journal.seen
    assert begun == ("begin", old, set())
    assert sealed[:2] == ("seal", old)
    assert {os.path.dirname(tmp_path / name) for name in sealed[2] if "/" not in name} <= set(journal.draft.folders)
    assert all(name.startswith(journal.draft.prefix) for name in sealed[2])
    assert finished == ("finish", {"a": "new", "b/c": "new"}, set())
    plan = read_plan(journal.plans[0])
    assert [move.written.path for move in plan.moves] == [str(tmp_path / "b/c"), str(tmp_path / "a")]


def test_where_nothing_changes_nothing_is_sealed(tmp_path: Path) -> None:
    journal = Watching(tmp_path)
    task = Task([OutputFile("a", b"1")])
    commit(stage(begin(task, tmp_path), lambda: False))
    commit(stage(begin(task, tmp_path, journal), lambda: False))
    assert [what for what, _, _ in journal.seen] == ["begin", "finish"]


def test_an_export_that_is_given_up_before_it_is_staged_is_out_of_the_journal(tmp_path: Path) -> None:
    journal = Watching(tmp_path)
    discard(begin(Task([OutputFile("a", b"1")]), tmp_path, journal))
    assert [what for what, _, _ in journal.seen] == ["begin", "abandon"]


def test_a_refused_commit_is_written_down_as_turned_back_before_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").write_text("old")
    journal = Watching(tmp_path)
    work = stage(begin(Task([OutputFile("a", b"new"), OutputFile("b", b"new")]), tmp_path, journal), lambda: False)
    real, calls = os.replace, iter(range(1))

    def refusing(staged: str, target: str) -> None:
        if next(calls, None) is None and not target.endswith("a"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(staged, target)

    monkeypatch.setattr(os, "replace", refusing)
    assert "the old files are intact" in failure(work)
    assert [what for what, _, _ in journal.seen] == ["begin", "seal", "turn back", "abandon"]
    assert journal.seen[2][1] == {"a": "new", "b": "old"}
    assert journal.seen[3][1:] == ({"a": "old", "b": "old"}, set())


def test_what_cant_be_taken_back_is_said_and_stays_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        (tmp_path / name).write_text("old")
    journal = Watching(tmp_path)
    work = stage(begin(Task([OutputFile("a", b"new"), OutputFile("b", b"new")]), tmp_path, journal), lambda: False)
    real, calls = os.replace, iter(range(1))

    def refusing(staged: str, target: str) -> None:
        if next(calls, None) is None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(staged, target)

    monkeypatch.setattr(os, "replace", refusing)
    text = failure(work)
    assert "what was done can't be taken back (Input/output error), which the next run tries again" in text
    assert "intact" not in text
    assert [what for what, _, _ in journal.seen] == ["begin", "seal", "turn back"]


# ── folders that change ──


def test_a_folder_that_is_replaced_by_a_link_meanwhile_is_not_written_through(shop: Shop, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (shop.root / "out").mkdir()
    (shop.root / "out/a").write_text("old")

    def swap() -> None:
        (shop.root / "out").rename(shop.root / "was")
        (shop.root / "out").symlink_to(elsewhere)

    work = shop.staged({"out/a": b"new"})
    swap()
    text = failure(work)
    assert "out was replaced by another one during the export" in text
    assert "Run again" in text
    assert list(elsewhere.iterdir()) == []
    assert (shop.root / "was/a").read_text() == "old"


@pytest.mark.parametrize("is_link", [True, False])
def test_a_folder_that_is_replaced_before_anything_is_staged_is_not_written_into(
    shop: Shop, tmp_path: Path, is_link: bool
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (shop.root / "out").mkdir()
    opened = begin(shop.task({"out/a": b"1", "out/deep/b": b"1"}), shop.root, shop.exports)
    (shop.root / "out").rename(shop.root / "was")
    if is_link:
        (shop.root / "out").symlink_to(elsewhere)
    else:
        (shop.root / "out").mkdir()
    with pytest.raises(OutputError, match="was replaced by another one during the export"):
        stage(opened, lambda: False)
    assert list(elsewhere.iterdir()) == []
    assert shop.everything() == {"out", "was"}


def test_a_folder_that_is_removed_meanwhile_is_told(shop: Shop) -> None:
    (shop.root / "out").mkdir()
    opened = begin(shop.task({"out/a": b"1"}), shop.root, shop.exports)
    (shop.root / "out").rmdir()
    with pytest.raises(OutputError, match="was removed during the export; the old files are intact"):
        stage(opened, lambda: False)


def test_two_exports_that_make_one_folder_both_get_into_it(shop: Shop) -> None:
    one = shop.staged({"new/a": b"1", "new/one/a": b"1", "new/both/a": b"1"})
    other = stage(
        begin(Task([OutputFile(f"new/{name}", b"2") for name in ("b", "two/b", "both/b")]), shop.root, shop.exports),
        lambda: False,
    )
    commit(one, durable=False)
    commit(other, durable=False)
    assert {name for name in shop.everything() if (shop.root / name).is_file()} == {
        *("new/a", "new/one/a", "new/both/a"),
        *("new/b", "new/two/b", "new/both/b"),
    }
    assert not [name for name in shop.everything() if ".exfig-" in name]


def test_a_file_that_appears_before_the_commit_comes_back_if_it_is_refused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = shop.staged({"a": b"1", "b": b"1"})
    (shop.root / "a").write_text("by hand")
    real, calls = os.replace, iter(range(1))

    def refusing(staged: str, target: str) -> None:
        if next(calls, None) is None:
            monkeypatch.undo()
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(staged, target)

    monkeypatch.setattr(os, "replace", refusing)
    failure(work)
    assert shop.everything() == {"a"}
    assert (shop.root / "a").read_text() == "by hand"


def test_something_in_the_way_at_the_commit_is_told(shop: Shop) -> None:
    work = shop.staged({"a": b"1", "new/b": b"1"})
    (shop.root / "a").mkdir()
    assert "can't write a: a directory is where the file should be" in failure(work)
    work = shop.staged({"c": b"1", "new/b": b"1"})
    (shop.root / "new").write_text("a file")
    assert "new is a file, not a directory" in failure(work)
    assert shop.everything() == {"a", "new"}


# ── links ──


def test_links_that_lead_nowhere_are_told_or_followed(shop: Shop) -> None:
    (shop.root / "loop").symlink_to(shop.root / "loop")
    (shop.root / "one").symlink_to(shop.root / "two/x")
    (shop.root / "two").symlink_to(shop.root / "one")
    for name in ("loop/a", "one/a", "two/a"):
        with pytest.raises(OutputError, match="Too many levels of symbolic links"):
            shop.staged({name: b"1"})
    with pytest.raises(OutputError, match="Too many levels of symbolic links"):
        shop.staged({"loop": b"1"})
    (shop.root / "dangling").symlink_to(shop.root / "made/later")
    shop.export({"dangling/a": b"1", "x/../b": b"1"})
    assert (shop.root / "made/later/a").read_text() == "1"
    assert (shop.root / "b").read_text() == "1"


# ── bytes ──


def test_a_picture_that_was_cut_short_since_it_was_stored_is_told(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"pict")
    blob = Blob(str(tmp_path / "blob"), 7, sha256(b"picture").hexdigest())
    for short in (blob, Blob(blob.path, 7, blob.digest, 2), Blob(blob.path, 3 << 20, blob.digest)):
        with pytest.raises(OutputError, match=r"bytes that were stored of it, [24] are left"):
            shop.staged({"new/a": short})
    assert shop.everything() == set()


def test_a_large_picture_is_copied_in_pieces(shop: Shop, tmp_path: Path) -> None:
    content = os.urandom(3 << 20) + b"x"
    (tmp_path / "blob").write_bytes(content)
    shop.export({"a": Blob(str(tmp_path / "blob"), len(content), sha256(content).hexdigest())})
    assert (shop.root / "a").read_bytes() == content


def test_a_disk_that_is_full_in_the_middle_of_a_file_leaves_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.export({"a": b"old"})
    real, room = os.write, 10

    def full(descriptor: int, content: bytes) -> int:
        nonlocal room
        part = bytes(content)[:room]
        if not part:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        room -= len(part)
        return real(descriptor, part)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OutputError, match="No space left on device") as caught:
            shop.staged({"a": b"new", "b": b"more than there is room for"})
    assert caught.value.problems[0].hint == "Free some space and run again."
    assert shop.everything() == {"a"}
    monkeypatch.setattr(os, "write", lambda descriptor, content: real(descriptor, bytes(content)[:3]))
    shop.export({"b": b"written in many steps"})
    assert (shop.root / "b").read_text() == "written in many steps"


def test_a_sync_that_fails_leaves_the_old_files(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    work = shop.staged({"new/a": b"1"})

    def broken(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OutputError, match="Input/output error; the old files are intact"):
        commit(work)
    assert shop.everything() == set()
