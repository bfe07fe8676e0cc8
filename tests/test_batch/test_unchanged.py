"""Whether a config has nothing to do: what its fingerprint stands for, and when the record of its last export holds."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exfig_rx.batch import unchanged
from exfig_rx.batch.discovery import ValidConfig, load_config
from exfig_rx.batch.unchanged import (
    ALL,
    counts_of,
    export_name,
    fingerprint,
    holds,
    is_there,
    record_name,
    standing_record,
)
from exfig_rx.manifest import Record, Written
from exfig_rx.model import AssetCounts, ConfigId, OutputFile
from exfig_rx.output.transaction import Task, begin, commit, stage
from exfig_rx.settings import Section
from exfig_rx.state.exports import Exports

CONFIG = """\
figma: { lightFileId: Key }
ios: { xcassetsPath: A.xcassets, xcassetsInMainBundle: true, templatesPath: templates/ios }
web: { output: out, colors: {}, templatesPath: templates }
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config with some templates, in the directory in which the command runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(CONFIG)
    (tmp_path / "templates/ios").mkdir(parents=True)
    (tmp_path / "templates/theme.css.jinja").write_text("a")
    (tmp_path / "templates/ios/Color.swift.stencil").write_text("b")
    return tmp_path


def loaded(project: Path, name: str = "a.yaml") -> ValidConfig:
    config = load_config(ConfigId(str(project / name), name, name), project)
    assert isinstance(config, ValidConfig)
    return config


def mark(project: Path, *options: object) -> str:
    return fingerprint(loaded(project), options)


# ── the fingerprint ──


def test_equal_input_has_one_fingerprint_in_hex(project: Path) -> None:
    assert mark(project, "https://api.figma.com", True) == mark(project, "https://api.figma.com", True)
    assert len(bytes.fromhex(mark(project))) == 32


@pytest.mark.parametrize(
    "change",
    [
        lambda project: (project / "a.yaml").write_text(f"{CONFIG}# a comment\n"),
        lambda project: (project / "templates/theme.css.jinja").write_text("c"),
        lambda project: (project / "templates/ios/Color.swift.stencil").write_text("c"),
        lambda project: (project / "templates/new.css.jinja").write_text(""),
        lambda project: (project / "templates/theme.css.jinja").unlink(),
        lambda project: (project / "templates/theme.css.jinja").rename(project / "templates/them.css.jinja"),
        lambda project: (project / "templates/part.j2").write_text(""),
        lambda project: (project / "templates/licence.txt").write_text("it may be included"),
        lambda project: os.rename(project / "templates", project / "gone"),
    ],
    ids=[
        "config",
        "template",
        "another template",
        "added",
        "removed",
        "renamed",
        "a part",
        "plain text",
        "all of them gone",
    ],
)
def test_whatever_changes_in_config_or_templates_changes_it(project: Path, change: Callable[[Path], object]) -> None:
    before = mark(project)
    change(project)
    assert mark(project) != before


def test_where_one_template_ends_and_the_next_begins_is_part_of_it(project: Path) -> None:
    one, other = (project / "templates" / name for name in ("a.jinja", "b.jinja"))
    one.write_text("x"), other.write_text("")
    before = mark(project)
    one.write_text(""), other.write_text("x")
    assert mark(project) != before


def test_what_no_template_can_include_is_no_part_of_it(project: Path) -> None:
    before = mark(project)
    (project / "templates/folder").mkdir()
    (project / "templates/folder/theme.css.jinja").write_text("")
    (project / "elsewhere.jinja").write_text("")
    os.utime(project / "templates/theme.css.jinja", (1, 1))
    assert mark(project) == before


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="no file that not even root can read")
def test_a_template_that_can_not_be_read_is_part_of_it_and_no_error(project: Path) -> None:
    before = mark(project)
    (project / "templates/odd.jinja").symlink_to("/proc/self/mem")
    assert mark(project) != before


@pytest.mark.parametrize("options", [(), ("a",), ("a", "c"), ("a", True), ("b", "a")])
def test_each_option_is_part_of_it_in_its_place(project: Path, options: tuple[object, ...]) -> None:
    assert mark(project, *options) != mark(project, "a", "b")


@pytest.mark.parametrize(("name", "value"), [("__version__", "0.0.0"), ("FORMAT", -1)])
def test_another_program_is_another_fingerprint(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    before = mark(project)
    monkeypatch.setattr(unchanged, name, value)
    assert mark(project) != before


# ── files ──


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Exports]:
    exports = Exports(tmp_path / ".exfig", "run", lambda problem: pytest.fail(problem.message))
    yield exports
    exports.close()


RECORD = Record("mark", {"Key": "7"}, AssetCounts(colors=2))


def exported(
    records: Exports, root: Path, name: str = "a.yaml", sections: str = ALL, record: Record = RECORD
) -> dict[str, Written]:
    """An export of two files that leaves `record`; the files as it left them."""
    files = [OutputFile(f"out/{file}", file.encode()) for file in ("one.css", "other.css")]
    task = Task(files, known=records.manifest(name), record=record, config=name, sections_key=sections)
    commit(stage(begin(task, root, records), lambda: False), durable=False)
    return {os.path.basename(path): file for path, file in records.manifest(name).items()}


# ── the record ──

ICONS = frozenset((Section.ICONS,))
NONE: frozenset[Section] = frozenset()


def test_the_record_stands_while_all_files_do(records: Exports, tmp_path: Path) -> None:
    other = exported(records, tmp_path)["other.css"]
    assert standing_record(records, "a.yaml", NONE, "mark") == (RECORD, 2)
    assert standing_record(records, "a.yaml", NONE, "another mark") == (None, 0)
    assert standing_record(records, "b.yaml", NONE, "mark") == (None, 0)
    Path(other.path).write_text("edited")
    assert standing_record(records, "a.yaml", NONE, "mark") == (None, 0)


def test_a_record_of_all_is_one_of_each_section_and_not_the_other_way_round(records: Exports, tmp_path: Path) -> None:
    exported(records, tmp_path, "all.yaml")
    exported(records, tmp_path, "icons.yaml", record_name(ICONS))
    assert standing_record(records, "all.yaml", ICONS, "mark") == (RECORD, 2)
    assert standing_record(records, "icons.yaml", ICONS, "mark") == (RECORD, 2)
    for sections in (NONE, frozenset((Section.COLORS,)), ICONS | {Section.COLORS}):
        assert standing_record(records, "icons.yaml", sections, "mark") == (None, 0)


def test_of_two_records_that_of_the_sections_goes_first_and_an_old_one_does_not_count(
    records: Exports, tmp_path: Path
) -> None:
    exported(records, tmp_path)
    newer = replace(RECORD, versions={"Key": "8"})
    exported(records, tmp_path, sections=record_name(ICONS), record=newer)
    assert standing_record(records, "a.yaml", ICONS, "mark") == (newer, 2)
    exported(records, tmp_path, sections=record_name(ICONS), record=replace(newer, fingerprint="old"))
    assert standing_record(records, "a.yaml", ICONS, "mark") == (RECORD, 2)


def test_sections_have_one_name_in_whatever_order_they_come() -> None:
    both = (Section.ICONS, Section.COLORS)
    assert record_name(frozenset(both)) == record_name(frozenset(both[::-1])) == "colors,icons"
    assert record_name(ICONS) == "icons" and record_name(NONE) == ALL


def test_files_in_another_place_are_those_of_another_export(project: Path) -> None:
    config = loaded(project)
    assert export_name(config, Path(".")) == export_name(config, project) == str(project / "a.yaml")
    assert export_name(config, Path("other")) == export_name(config, project / "other") != config.id.path


def test_the_config_of_an_export_is_there_wherever_its_files_went(project: Path) -> None:
    (project / "b in c.yaml").write_text(CONFIG)
    for name in ("a.yaml", "b in c.yaml"):
        config = loaded(project, name)
        names = [export_name(config, root) for root in (project, Path("other"), Path("x in y in z"))]
        assert all(map(is_there, names))
        (project / name).unlink()
        assert not any(map(is_there, names))


@pytest.mark.parametrize(
    ("versions", "stands"),
    [
        ({"Key": "7", "Other": "1"}, True),
        ({"Key": "8", "Other": "1"}, False),
        ({"Key": "7"}, False),
        ({}, False),
    ],
    ids=["all as they were", "one moved", "one unknown", "all unknown"],
)
def test_a_record_holds_for_the_versions_that_it_was_made_of(versions: dict[str, str], stands: bool) -> None:
    record = replace(RECORD, versions={"Key": "7", "Other": "1", "Former": "3"})
    assert holds(record, ("Key", "Other"), versions) is stands


def test_a_record_holds_for_no_file_that_it_does_not_know() -> None:
    assert not holds(RECORD, ("Key", "New"), {"Key": "7", "New": "1"})
    assert not holds(RECORD, ("Key", "New"), {"Key": "7"})


def test_counts_are_those_of_the_sections_that_are_asked_for() -> None:
    counts = AssetCounts(colors=1, typography=2, icons=3, images=4, tokens=5)
    assert counts_of(counts, NONE) == counts
    assert counts_of(counts, ICONS) == AssetCounts(icons=3)
    assert counts_of(counts, frozenset((Section.TOKENS, Section.COLORS))) == AssetCounts(colors=1, tokens=5)
