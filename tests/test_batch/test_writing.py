"""The way of one config's files to a real disk: what goes with them, what the next run is told, what a stop leaves."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
import reactivex as rx
from reactivex import Observable, abc
from reactivex.disposable import Disposable

from exfig_rx.batch.claims import claim_text
from exfig_rx.batch.conflicts import places_of
from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.entries import EVERYTHING, Selection
from exfig_rx.batch.export import Export
from exfig_rx.batch.services import Project, Services
from exfig_rx.batch.unchanged import ALL, export_name
from exfig_rx.batch.writing import Prepared, Writing
from exfig_rx.config.parse import parse_config
from exfig_rx.manifest import Record
from exfig_rx.model import AssetCounts, ConfigId, FileCounts, OutputFile, Problem
from exfig_rx.output.transaction import Staged
from exfig_rx.state.exports import Exports
from tests.answering import api_over
from tests.test_batch.world import World

T = TypeVar("T")

CONFIG = """\
figma: { lightFileId: Key }
web: { output: out, icons: { svgDirectory: svg, outputDirectory: code } }
"""
VALID = ValidConfig(ConfigId("/c/a.yaml", "a.yaml", "a.yaml"), parse_config(CONFIG.encode(), "a.yaml").config)
RECORD = Record("mark", {"Key": "1"}, AssetCounts(icons=1), (Problem("design.test", "said before"),))


class At:
    """One run's way to the disk below `root`; workers do nothing before they are told to."""

    def __init__(self, root: Path, project: Project, world: World) -> None:
        self.root = root
        self.valid = VALID
        self.work: list[Callable[[], object]] = []
        self.released: list[object] = []

        def now(work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
            return rx.defer(lambda _: rx.of(work()))

        self.services = Services(
            api_over(world.send, world.scheduler),
            lambda wanted, config: rx.never(),
            lambda wanted, config: rx.never(),
            self._later,
            replace(project, committing=now),
            world.now_s,
            root,
        )

    def _later(self, work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
        """As the reactor does it: what nobody waits for any more goes to `release`."""

        def subscribe(observer: abc.ObserverBase[T], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
            gone = Disposable()

            def go() -> None:
                result = work()
                if not gone.is_disposed:
                    observer.on_next(result)
                elif release is not None:
                    release(result)
                    self.released.append(result)

            self.work.append(go)
            return gone

        return Observable(subscribe)

    def prepared(self, export: Export, record: Record | None = RECORD) -> tuple[list[Prepared], abc.DisposableBase]:
        """What comes of staging, once `work` is done, and what stops it."""
        found: list[Prepared] = []
        return found, Writing(self.valid, self.services).prepared(export, record).subscribe(found.append)

    def export(
        self,
        *names: str,
        into: str = "out",
        selection: Selection = EVERYTHING,
        insists: bool = False,
        is_offline: bool = False,
    ) -> tuple[Prepared, int]:
        """One export of these icons, whole; what was prepared, and how many files it deleted."""
        self.services = replace(self.services, selection=selection, insists=insists, is_offline=is_offline)
        found, _ = self.prepared(made(*names, into=into))
        self.work.pop()()
        (prepared,) = found
        counts: list[FileCounts] = []
        Writing(self.valid, self.services).committed(prepared).subscribe(lambda done: counts.append(done.counts))
        return prepared, counts[0].deleted

    def files(self) -> set[str]:
        return {path.name for path in self.root.rglob("*") if path.is_file()}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[At]:
    world = World(tmp_path)
    (tmp_path / "root").mkdir()
    with world.project(tmp_path / ".exfig") as project:
        yield At(tmp_path / "root", project, world)


def made(*names: str, into: str = "out") -> Export:
    files = tuple(OutputFile(f"{into}/svg/{name}.svg", name.encode()) for name in names)
    return Export(files, (), (), AssetCounts(icons=len(files)), (), whole=frozenset({"web.icons"}), is_whole=True)


TEN = tuple("abcdefghij")


def test_files_that_are_made_no_more_go_with_the_commit_and_no_sooner(at: At) -> None:
    at.export(*TEN)
    found, _ = at.prepared(made(*TEN[:9]))
    at.work.pop()()
    assert found[0].leftovers == () and "j.svg" in at.files()
    assert at.export(*TEN[:9])[1] == 1
    assert at.files() == {f"{name}.svg" for name in TEN[:9]}


def test_where_names_are_filtered_nothing_is_left_over(at: At) -> None:
    at.export(*TEN)
    prepared, deleted = at.export("a", selection=Selection(name_filter="a"))
    assert (prepared.leftovers, deleted) == ((), 0) and len(at.files()) == 10


def test_what_is_said_of_leftovers_is_said_again_while_nothing_changes(at: At) -> None:
    at.export(*TEN)
    prepared, deleted = at.export(*TEN[:4])
    (held_back,) = prepared.leftovers
    assert (held_back.code, deleted) == ("output.held-back", 0)
    record = at.services.project.records.record(export_name(VALID, at.root), ALL)
    assert record == replace(RECORD, warnings=(*RECORD.warnings, held_back))
    assert at.export(*TEN[:4], insists=True)[1] == 6


def test_a_stop_in_the_middle_of_staging_ends_it_and_leaves_nothing(at: At) -> None:
    at.export("a")
    found, staging = at.prepared(made("a", "b", "c"))
    staging.dispose()
    at.work.pop()()
    (left,) = at.released
    assert isinstance(left, Staged) and not left.is_whole
    assert found == [] and at.files() == {"a.svg"}


# ── other configs, other runs ──


def config_at(path: Path, output: str = "out") -> ValidConfig:
    """A config that is on the disk."""
    path.write_text(CONFIG.replace("output: out,", f"output: {output},"))
    return ValidConfig(ConfigId(str(path), path.name, path.name), parse_config(path.read_bytes(), path.name).config)


def test_files_of_a_config_that_was_renamed_are_named_and_go_if_somebody_insists(at: At, tmp_path: Path) -> None:
    at.valid = config_at(tmp_path / "old.yaml")
    at.export(*TEN)
    (tmp_path / "old.yaml").rename(tmp_path / "new.yaml")
    at.valid = config_at(tmp_path / "new.yaml")
    prepared, deleted = at.export(*TEN[:9])
    (orphans,) = prepared.leftovers
    assert (orphans.code, deleted) == ("output.orphans", 0) and "j.svg" in orphans.message
    assert at.export(*TEN[:9], insists=True)[1] == 1


def test_files_of_a_config_that_is_only_not_part_of_this_run_stay_its_own(at: At, tmp_path: Path) -> None:
    at.valid = config_at(tmp_path / "theirs.yaml")
    at.export(*TEN)
    at.valid = config_at(tmp_path / "mine.yaml")
    prepared, deleted = at.export(*TEN[:9], insists=True)
    assert (prepared.leftovers, deleted) == ((), 0) and len(at.files()) == 10


def test_what_a_config_leaves_to_another_one_is_the_others_to_delete(at: At, tmp_path: Path) -> None:
    mover, stayer = config_at(tmp_path / "mover.yaml"), config_at(tmp_path / "stayer.yaml")
    for at.valid in (mover, stayer):
        at.export(*TEN)
    at.valid = config_at(tmp_path / "mover.yaml", "elsewhere")
    prepared, deleted = at.export(*TEN, into="elsewhere")
    assert (prepared.leftovers, deleted) == ((), 0) and (at.root / "out/svg/j.svg").exists()
    at.valid = stayer
    assert at.export(*TEN[:9])[1] == 1 and not (at.root / "out/svg/j.svg").exists()


def test_what_another_run_has_claimed_meanwhile_is_not_deleted(at: At, tmp_path: Path) -> None:
    at.export(*TEN)
    found, _ = at.prepared(made(*TEN[:9]))
    at.work.pop()()
    problems: list[Problem] = []
    other = Exports(tmp_path / ".exfig", "other", problems.append)
    places = places_of(config_at(tmp_path / "theirs.yaml").config, at.root)
    other.claim("theirs.yaml", claim_text(places), lambda text: False, lambda run: True)
    Writing(VALID, at.services).committed(found[0]).subscribe()
    assert "j.svg" in at.files()
    other.release("theirs.yaml")
    other.close()
    assert at.export(*TEN[:9])[1] == 1 and not problems


def test_offline_files_of_which_nothing_is_known_are_not_replaced_without_a_word(at: At) -> None:
    at.export("a", "b")
    assert at.export("a", is_offline=True)[0].leftovers == ()
    at.services.project.records.forget_record(export_name(VALID, at.root))
    prepared, _ = at.export("a", "b", "c", is_offline=True)
    (problem,) = prepared.leftovers
    assert problem.code == "offline.may-go-back" and "version 1 of file Key" in problem.message
    at.services.project.records.forget_record(export_name(VALID, at.root))
    assert at.export("a", "b", "c", is_offline=True)[0].leftovers == (), "nothing was replaced"
