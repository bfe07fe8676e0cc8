"""What is set right after a run died: it is said, and whatever somebody did meanwhile stays."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from exfig_rx.manifest import Written
from exfig_rx.model import Problem
from exfig_rx.output import placing
from exfig_rx.output.journal import Plan
from exfig_rx.output.recovery import recover
from exfig_rx.output.transaction import begin, stage
from exfig_rx.state.exports import Exports
from exfig_rx.state.project import ProjectFolder
from tests.crash.dying import dies
from tests.crash.world import CONFIG, World, made


@pytest.fixture
def world(tmp_path: Path) -> World:
    return made(tmp_path)


def died(world: World, step: str, at: int) -> None:
    """An export of the second edition dies before call number `at` of a step of the commit."""

    def work() -> None:
        real: Callable[..., object] = getattr(placing, step)
        calls = 0

        def dying(*args: object) -> object:
            nonlocal calls
            calls += 1
            if calls == at:
                os._exit(0)
            return real(*args)

        setattr(placing, step, dying)
        world.export(1)
        raise AssertionError("it lived")

    assert not dies(work, 10_000)


def died_staging(world: World) -> None:
    """An export of the second edition dies when some of its files are staged."""

    def work() -> None:
        project = ProjectFolder.open(world.root / ".exfig")
        exports = Exports(project.folder, project.run, lambda problem: None)
        asked = iter(range(6))
        opened = begin(world.task(1, exports.manifest(CONFIG)), world.root, exports)
        stage(opened, lambda: next(asked, None) is None and bool(os._exit(0)))

    assert not dies(work, 10_000)


def texts(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{problem.code}: {problem.message}" for problem in problems]


def test_an_export_that_died_while_it_was_staged_is_swept_away(world: World) -> None:
    before = world.tree()
    died_staging(world)
    assert texts(world.recover()) == [
        "output.recovered: removed 5 files that a run which was killed had not finished",
    ]
    assert world.tree() == before
    assert world.recover() == ()


def test_an_export_that_died_in_its_commit_is_finished(world: World) -> None:
    died(world, "place", 2)
    (problem,) = world.recover()
    assert texts((problem,)) == [
        "output.recovered: finished writing 12 files that a run which was killed had begun to write"
    ]
    assert problem.location is not None
    assert problem.location.file == CONFIG
    assert world.recover() == ()
    finished = world.tree(), world.noted()
    world.reset()
    world.export(1)
    assert finished == (world.tree(), world.noted())


def test_configs_are_named_as_seen_from_the_project(world: World) -> None:
    exports = Exports(world.root / ".exfig", "dead", lambda problem: None)
    assert exports.begin(str(world.root / "configs/a.yaml"), '[".exfig-x-", ["/nowhere"]]') is not None
    number = exports.begin(str(world.root / "configs/b.yaml"), "cut")
    assert number is not None
    exports.close()
    (problem,) = world.recover()
    assert problem.code == "output.not-recovered"
    assert problem.location is not None
    assert problem.location.file == "configs/b.yaml"
    assert world.recover() == ()


@pytest.mark.parametrize("path", ["out/changed.svg", "out/shorter.svg", "out/new.svg", "cat/b.imageset/b.png"])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_what_somebody_changed_after_the_crash_stays_and_is_named(world: World, path: str, at: int) -> None:
    before = known(world).get(path)
    died(world, "place", at)
    (world.root / path).parent.mkdir(exist_ok=True)
    (world.root / path).write_text("by hand")
    (done, left) = world.recover()
    assert done.code == "output.recovered"
    assert texts((left,)) == [
        f"output.left-alone: 1 file had been changed since that run was killed, and stays as it is: {path}"
    ]
    tree = world.tree()
    assert tree.pop(path) == "by hand"
    assert not [name for name in tree if ".exfig" in name]
    assert known(world).get(path) == before
    assert world.noted()[3] is None, "the record of an export that is not whole"
    committed = world.export(1)
    assert committed.counts.created + committed.counts.updated == 1
    finished = world.tree()
    world.reset()
    world.export(1)
    assert finished == world.tree()


def known(world: World) -> dict[str, Written]:
    """The manifest, by path from the root."""
    exports = Exports(world.root / ".exfig", "nobody", lambda problem: None)
    found = {os.path.relpath(path, world.root): one for path, one in exports.manifest(CONFIG).items()}
    exports.close()
    return found


def test_an_old_file_comes_back_that_was_out_of_its_place_without_a_new_one(world: World) -> None:
    def work() -> None:
        def refused(target: str, backup: str) -> None:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

        os.link = refused  # type: ignore[assignment]
        real = os.replace

        def dying(staged: str, target: str) -> None:
            real(staged, target)
            if target.endswith("-old"):
                os._exit(0)

        os.replace = dying  # type: ignore[assignment]
        world.export(1)

    assert not dies(work, 10_000)
    assert not (world.root / "out/changed.svg").exists()
    for path in world.root.glob("out/.exfig-*"):
        if not path.name.endswith("-old"):
            path.unlink()
    world.recover()
    assert world.tree()["out/changed.svg"] == "one"


def test_a_file_that_was_to_go_and_somebody_changed_after_the_crash_stays(world: World) -> None:
    died(world, "set_aside", 1)
    (world.root / "out/gone.svg").write_text("by hand")
    assert texts(world.recover())[1:] == [
        "output.left-alone: 1 file had been changed since that run was killed, and stays as it is: out/gone.svg"
    ]
    assert world.tree()["out/gone.svg"] == "by hand"


def test_what_somebody_deleted_or_restored_after_the_crash_is_written_all_the_same(world: World) -> None:
    died(world, "place", 1)
    (world.root / "out/changed.svg").unlink()
    (world.root / "out/shorter.svg").write_text("one and more")
    world.recover()
    finished = world.tree()
    world.reset()
    world.export(1)
    assert finished == world.tree()


def test_a_folder_or_link_in_the_way_after_the_crash_stays(world: World) -> None:
    died(world, "place", 1)
    (world.root / "out/changed.svg").unlink()
    (world.root / "out/changed.svg").mkdir()
    (world.root / "out/shorter.svg").unlink()
    (world.root / "out/shorter.svg").symlink_to(world.root / "out/mine.txt")
    (_, left) = world.recover()
    assert left.message.endswith("out/changed.svg, out/shorter.svg")
    assert (world.root / "out/mine.txt").read_text() == "mine"


def test_a_staged_file_that_did_not_survive_leaves_the_old_one(world: World) -> None:
    died(world, "place", 1)
    for path in world.root.glob("out/.exfig-*"):
        path.write_bytes(b"")
    (_, left) = world.recover()
    assert "out/changed.svg" in left.message
    assert world.tree()["out/changed.svg"] == "one"


def test_what_cant_be_finished_now_is_finished_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    died(world, "place", 2)

    def refused(staged: str, target: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refused)
        assert texts(world.recover()) == [
            "output.not-recovered: can't finish what a run which was killed had begun: "
            "out/shorter.svg: Permission denied"
        ]
    assert texts(world.recover())[0].startswith("output.recovered: finished")
    finished = world.tree()
    world.reset()
    world.export(1)
    assert finished == world.tree()


def test_two_that_recover_at_once_share_the_work(world: World) -> None:
    died(world, "place", 2)
    folder = world.root / ".exfig"
    projects = [ProjectFolder.open(folder) for _ in range(2)]
    doors = [Exports(folder, project.run, lambda problem: None) for project in projects]
    told = [recover(door, project) for door, project in zip(doors, projects, strict=True)]
    assert [len(problems) for problems in told] == [1, 0]
    for door, project in zip(doors, projects, strict=True):
        door.close()
        project.close()


def test_what_a_living_run_stages_is_its_own(world: World) -> None:
    project = ProjectFolder.open(world.root / ".exfig")
    exports = Exports(project.folder, project.run, lambda problem: None)
    opened = begin(world.task(1, exports.manifest(CONFIG)), world.root, exports)
    stage(opened, lambda: False)
    before = world.tree()
    assert world.recover() == ()
    assert world.tree() == before
    exports.close()
    project.close()


def test_a_step_back_is_finished_and_keeps_what_somebody_changed(world: World) -> None:
    old = world.tree()

    def work() -> None:
        def dying(plan: Plan) -> object:
            os._exit(0)

        os.replace = refusing_after(os.replace, 3)  # type: ignore[assignment]
        placing.take_back = dying  # type: ignore[assignment]
        world.export(1)

    assert not dies(work, 10_000)
    (world.root / "out/changed.svg").write_text("by hand")
    told = world.recover()
    assert [problem.code for problem in told] == ["output.recovered", "output.left-alone"]
    assert told[0].message.startswith("took back ")
    assert world.tree() == old | {"out/changed.svg": "by hand"}


def refusing_after(real: Callable[..., object], times: int) -> Callable[..., object]:
    """`real`, which the system refuses after so many calls."""
    calls = 0

    def call(*args: object) -> object:
        nonlocal calls
        calls += 1
        if calls > times:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(*args)

    return call
