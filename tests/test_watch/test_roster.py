"""The configs on disk, looked at again and again."""

import os
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

import pytest

from exfig_rx.batch.conflicts import find_conflicts
from exfig_rx.batch.entries import EVERYTHING
from exfig_rx.model import ConfigId
from exfig_rx.watch.disk import standing_configs
from exfig_rx.watch.roster import Members, Roster, changes, claims_moved, held, users_of


class Desk:
    """A folder of configs, and who is known of them."""

    def __init__(self, folder: Path, *, recursive: bool = False) -> None:
        self.folder = folder
        (folder / "configs").mkdir()
        self.roster = Roster(("configs",), recursive=recursive, directory=folder, selection=EVERYTHING)
        self.members: Members = {}

    def write(self, name: str, output: str = "out", file: str = "File0000000000000000001", more: str = "") -> Path:
        path = self.folder / "configs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"figma: {{lightFileId: {file}}}\nweb:\n  output: {output}\n{more}  colors: {{}}\n")
        return path

    def look(self, touched: Collection[str | Path] | None = None, restless: Collection[Path] = ()) -> tuple[str, ...]:
        """What became of whom, as `new a.yaml`."""
        paths = None if touched is None else [os.fspath(path) for path in touched]
        before, self.members = (
            self.members,
            self.roster.look(self.members, paths, [os.fspath(path) for path in restless]),
        )
        change = changes(before, self.members)
        words = (("new", change.added), ("edited", change.edited), ("gone", change.removed))
        return tuple(f"{word} {config.name}" for word, configs in words for config in configs)

    def named(self, name: str) -> ConfigId:
        return next(config for config in self.members if config.name == name)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path.resolve())


def test_who_is_new_edited_and_gone(desk: Desk) -> None:
    a, b = desk.write("a.yaml"), desk.write("b.yaml", "other")
    assert desk.look() == ("new a.yaml", "new b.yaml")
    desk.write("a.yaml", "elsewhere")
    b.unlink()
    c = desk.write("c.yaml", "third")
    assert desk.look([a, b, c]) == ("new c.yaml", "edited a.yaml", "gone b.yaml")


def test_what_is_written_without_a_change_is_no_change(desk: Desk) -> None:
    path = desk.write("a.yaml")
    desk.look()
    desk.write("a.yaml")
    os.utime(path)
    assert desk.look([path]) == ()


def test_what_nobody_touched_is_left_as_it_was(desk: Desk) -> None:
    a = desk.write("a.yaml")
    b = desk.write("b.yaml", "other")
    desk.look()
    desk.write("b.yaml", "half typed")
    desk.write("new.yaml", "half typed, too")
    assert desk.look([a]) == ()
    assert desk.look([b]) == ("edited b.yaml",)


def test_what_is_still_being_written_is_left_as_it_was_even_when_all_are_looked_at(desk: Desk) -> None:
    a, b = desk.write("a.yaml"), desk.write("b.yaml", "other")
    desk.look()
    desk.write("a.yaml", "half typed")
    b.unlink()
    assert desk.look(None, restless=[a, b]) == ()
    assert desk.look(None) == ("edited a.yaml", "gone b.yaml")


def test_a_folder_that_was_touched_is_a_reason_to_look_at_all(desk: Desk) -> None:
    a = desk.write("a.yaml")
    desk.look()
    desk.write("a.yaml", "elsewhere")
    assert desk.look([a.parent]) == ("edited a.yaml",)


def test_a_broken_config_is_there_with_its_problems(desk: Desk) -> None:
    path = desk.write("a.yaml")
    desk.look()
    path.write_text("web: [")
    assert desk.look([path]) == ("edited a.yaml",)
    member = desk.members[desk.named("a.yaml")]
    assert member.valid is None
    assert member.problems[0].location is not None


def test_a_config_that_can_not_be_read_is_there_and_comes_back(desk: Desk) -> None:
    path = desk.folder / "configs" / "a.yaml"
    path.mkdir()
    desk.look()
    assert desk.members[desk.named("a.yaml")].problems
    path.rmdir()
    desk.write("a.yaml")
    assert desk.look([path]) == ("edited a.yaml",)


def test_templates_are_part_of_a_config(desk: Desk) -> None:
    folder = desk.folder / "templates"
    folder.mkdir()
    template = folder / "colors.css.jinja"
    template.write_text("one")
    desk.write("a.yaml", more=f"  templatesPath: {folder}\n")
    desk.write("b.yaml", "other")
    desk.look()
    template.write_text("two")
    assert desk.look([template]) == ("edited a.yaml",)
    (folder / "more.jinja").write_text("x")
    assert desk.look([folder / "more.jinja"]) == ("edited a.yaml",)


def test_changes_are_listened_for_where_configs_and_templates_are(desk: Desk) -> None:
    folder = desk.folder / "templates"
    folder.mkdir()
    elsewhere = desk.folder / "elsewhere" / "real.yaml"
    elsewhere.parent.mkdir()
    desk.write("a.yaml", more=f"  templatesPath: {folder}\n").rename(elsewhere)
    (desk.folder / "configs" / "link.yaml").symlink_to(elsewhere)
    desk.look()
    roots = {root.path for root in desk.roster.roots(desk.members)}
    assert roots == {os.fspath(desk.folder / name) for name in ("configs", "elsewhere", "templates")}


def test_a_config_behind_a_link_changes_with_its_target_and_with_the_link(desk: Desk) -> None:
    one, two = desk.write("../one.yml"), desk.write("../two.yml", "other")
    link = desk.folder / "configs" / "link.yaml"
    link.symlink_to(one)
    desk.look()
    one.write_text(one.read_text().replace("out", "elsewhere"))
    assert desk.look([one]) == ("edited link.yaml",)
    link.unlink()
    link.symlink_to(two)
    assert desk.look([link]) == ("new link.yaml", "gone link.yaml")


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("configs/x.yaml", True),
        ("configs/x.YML", True),
        ("configs/..data", True),
        ("configs/sub", True),
        ("out/a.svg", False),
        ("templates/a.jinja", True),
        ("configs/notes.txt", False),
    ],
)
def test_only_what_can_have_to_do_with_a_config_matters(desk: Desk, name: str, does: bool) -> None:
    (desk.folder / "templates").mkdir()
    desk.write("a.yaml", more="  templatesPath: templates\n")
    desk.look()
    assert desk.roster.matters(os.fspath(desk.folder / name), desk.members) is does


def test_folders_below_count_where_that_is_asked_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path.resolve(), recursive=True)
    path = desk.write("deep/er/a.yaml")
    assert desk.look() == ("new a.yaml",)
    recursive = {root.path: root.recursive for root in desk.roster.roots(desk.members)}
    assert recursive[os.fspath(desk.folder / "configs")]
    path.unlink()
    assert desk.look([path]) == ("gone a.yaml",)


def conflicts_of(desk: Desk) -> dict[str, list[str]]:
    pairs = [(file.id, file.config) for file in standing_configs(desk.members)]
    found = held(find_conflicts(pairs, desk.folder), desk.members)
    return {config.name: [problem.message for problem in problems] for config, problems in found.items()}


def test_of_configs_that_meet_the_first_runs_and_the_others_are_held(desk: Desk) -> None:
    for name, output in (("a.yaml", "same"), ("b.yaml", "same"), ("c.yaml", "same"), ("d.yaml", "free")):
        desk.write(name, output)
    desk.look()
    assert set(conflicts_of(desk)) == {"b.yaml", "c.yaml"}
    assert all("a.yaml" in message for messages in conflicts_of(desk).values() for message in messages)


def test_whoever_meets_only_one_that_is_held_runs(desk: Desk) -> None:
    desk.write("a.yaml", "one")
    more = "flutter: {{output: {}, colors: {{}}}}\n"
    b = desk.write("b.yaml", "one")
    b.write_text(b.read_text() + more.format("two"))
    c = desk.write("c.yaml", "three")
    c.write_text(c.read_text() + more.format("two"))
    desk.look()
    assert set(conflicts_of(desk)) == {"b.yaml"}


def test_conflicts_are_looked_for_only_when_places_have_moved(desk: Desk) -> None:
    path = desk.write("a.yaml")
    desk.look()
    before = desk.members
    path.write_text(path.read_text() + "# more\n")
    desk.look([path])
    assert not claims_moved(before, desk.members)
    desk.write("a.yaml", "elsewhere")
    desk.look([path])
    assert claims_moved(before, desk.members)


def test_the_users_of_a_file_of_figma(desk: Desk) -> None:
    desk.write("a.yaml", "one", "File0000000000000000001")
    desk.write("b.yaml", "two", "File0000000000000000002")
    desk.look()
    assert [config.name for config in users_of(["File0000000000000000002"], desk.members)] == ["b.yaml"]


def test_what_is_still_being_written_keeps_its_place_among_the_others(desk: Desk) -> None:
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        desk.write(name, name[0])
    desk.look()
    desk.write("c.yaml", "elsewhere")
    desk.look([desk.folder / "configs" / "c.yaml"], restless=[desk.folder / "configs" / "a.yaml"])
    assert [config.name for config in desk.members] == ["a.yaml", "b.yaml", "c.yaml"]


def test_a_config_that_breaks_keeps_its_claim_to_what_it_exported(desk: Desk) -> None:
    a = desk.write("a.yaml", "same")
    desk.write("b.yaml", "same")
    desk.look()
    a.write_text("web: [")
    desk.look([a])
    pairs = [(file.id, file.config) for file in standing_configs(desk.members)]
    assert set(held(find_conflicts(pairs, desk.folder), desk.members)) == {desk.named("b.yaml")}


def test_what_is_no_ordinary_file_holds_nothing_up(desk: Desk) -> None:
    os.mkfifo(desk.folder / "configs" / "pipe.yaml")
    (desk.folder / "configs" / "zeros.yaml").symlink_to("/dev/zero")
    desk.write("a.yaml")
    desk.look()
    desk.look()
    assert [len(member.problems) for member in desk.members.values()] == [0, 1, 1]


def test_a_mark_is_of_the_bytes_that_were_read(desk: Desk) -> None:
    path = desk.write("a.yaml")
    path.write_text("web: [")
    desk.look()
    assert desk.members[desk.named("a.yaml")].mark == sha256(b"web: [").hexdigest()


def test_what_is_away_for_a_moment_keeps_its_place(desk: Desk) -> None:
    paths = [desk.write(name, name[0]) for name in ("a.yaml", "b.yaml", "c.yaml", "d.yaml")]
    desk.look()
    paths[0].unlink()
    paths[2].unlink()
    assert desk.look([desk.folder / "configs"], restless=[paths[0], paths[2]]) == ()
    assert [config.name for config in desk.members] == ["a.yaml", "b.yaml", "c.yaml", "d.yaml"]
