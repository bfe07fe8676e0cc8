"""A small project with an export of two editions, which differ in every way that a tree can change."""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from exfig_rx.errors import OutputError
from exfig_rx.manifest import Record, Written
from exfig_rx.model import AssetCounts, OutputFile, Problem, SharedSection, WhenMissing
from exfig_rx.output.recovery import recover
from exfig_rx.output.transaction import Committed, Task, begin, commit, stage
from exfig_rx.state.exports import FILE_NAME, Exports
from exfig_rx.state.project import ProjectFolder

CONFIG = "/project/configs/app.yaml"
EDITIONS: tuple[dict[str, str], ...] = (
    {
        "out/kept.svg": "kept",
        "out/changed.svg": "one",
        "out/shorter.svg": "one and more",
        "out/gone.svg": "gone",
        "cat/a.imageset/Contents.json": "{}",
        "cat/a.imageset/a.png": "picture",
        "only/here/one.svg": "one",
    },
    {
        "out/kept.svg": "kept",
        "out/changed.svg": "two",
        "out/shorter.svg": "two",
        "out/new.svg": "new",
        "new/deep/er/b.svg": "b",
        "new/deep/c.svg": "c",
        "cat/b.imageset/Contents.json": "{}",
        "cat/b.imageset/b.png": "picture",
    },
)
ATTRS = "<r>\n<!-- FROM: T -->\n<!-- TO: T -->\n</r>\n"


@dataclass(frozen=True, slots=True)
class World:
    """The project at `root`; `template` is what `reset` makes of it."""

    root: Path
    template: Path

    def reset(self) -> None:
        """As it was when it was kept, with all times."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.template, self.root, symlinks=True)

    def keep(self) -> None:
        """What `reset` goes back to is what is there now."""
        shutil.rmtree(self.template, ignore_errors=True)
        shutil.copytree(self.root, self.template, symlinks=True)

    def export(self, edition: int, *, durable: bool = False) -> Committed:
        """One run that exports an edition, and recovers first what others left."""
        problems: list[Problem] = []
        project = ProjectFolder.open(self.root / ".exfig")
        exports = Exports(project.folder, project.run, problems.append)
        try:
            recover(exports, project)
            opened = begin(self.task(edition, exports.manifest(CONFIG)), self.root, exports)
            return commit(stage(opened, lambda: False), durable=durable)
        finally:
            exports.close()
            project.close()
            assert problems == []

    def refused(self, edition: int) -> None:
        """As `export`, where the system refuses something."""
        try:
            self.export(edition)
        except OutputError:
            return
        raise AssertionError("it was not refused")

    def recover(self) -> tuple[Problem, ...]:
        """One run that does nothing else."""
        project = ProjectFolder.open(self.root / ".exfig")
        exports = Exports(project.folder, project.run, lambda problem: None)
        try:
            return recover(exports, project)
        finally:
            exports.close()
            project.close()

    def task(self, edition: int, known: Mapping[str, Written]) -> Task:
        """What an edition wants of the disk; whatever is no longer in it goes."""
        files = EDITIONS[edition]
        section = SharedSection(
            "attrs.xml", "k", "FROM", "TO", "T", {f"edition-{edition}": f"<e{edition}/>"}, 2, WhenMissing.FAIL
        )
        return Task(
            [OutputFile(path, content.encode()) for path, content in files.items()],
            [section],
            owners=lambda path: (path.partition("/")[0],),
            known=known,
            prune=lambda produced: [file for path, file in known.items() if path not in produced],
            record=Record(f"fingerprint {edition}", {"file": str(edition)}, AssetCounts(icons=len(files))),
            config=CONFIG,
        )

    def tree(self) -> dict[str, str | None]:
        """All that is there but our own folder: files with their text, folders with None."""
        found: dict[str, str | None] = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if not name.startswith(".exfig/") and name != ".exfig":
                found[name] = None if path.is_dir() else path.read_text()
        return found

    def noted(self) -> tuple[object, ...]:
        """What later runs know: files and their digests, folders, the record; and rows of the journal, of which none
        should be left."""
        exports = Exports(self.root / ".exfig", "nobody", lambda problem: None)
        try:
            files = {path: (one.digest, one.owners) for path, one in exports.manifest(CONFIG).items()}
            stale = [
                path for path, one in exports.manifest(CONFIG).items() if os.stat(path).st_mtime_ns != one.mtime_ns
            ]
            record = exports.record(CONFIG, "")
        finally:
            exports.close()
        database = sqlite3.connect(self.root / ".exfig" / FILE_NAME)
        folders = sorted(database.execute("SELECT path FROM folder").fetchall())
        journal = database.execute("SELECT state FROM journal").fetchall()
        database.close()
        return files, stale, folders, record and record.fingerprint, journal


def made(directory: Path) -> World:
    """A world in which the first edition was exported, and somebody has files of their own."""
    world = World(directory / "world", directory / "template")
    (world.root / "out").mkdir(parents=True)
    (world.root / "cat").mkdir()
    (world.root / "out/mine.txt").write_text("mine")
    (world.root / "attrs.xml").write_text(ATTRS)
    world.export(0)
    world.keep()
    return world
