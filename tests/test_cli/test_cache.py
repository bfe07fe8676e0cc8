"""`exfig cache`: what is kept here is told, dropped, or held to its bound, and nothing else is touched."""

from collections.abc import Callable
from pathlib import Path

import pytest

from exfig_rx.__main__ import main
from exfig_rx.cli.commands import CacheAction, TendCache
from exfig_rx.cli.options import parse
from exfig_rx.errors import UsageError
from exfig_rx.model import FileVersion
from exfig_rx.sandbox import Fault, FaultKind, Sandbox
from exfig_rx.sandbox.design import Edit
from exfig_rx.settings import Color
from exfig_rx.ui.cache import megabytes
from tests.test_cli.conftest import Project, design, file_key
from tests.test_state.caches import KEY, Runs

Say = Callable[..., str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def runs(here: Path) -> Runs:
    """Runs in the working directory; each is at its end when a command starts."""
    return Runs(here)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """What `exfig cache ARGV` prints; its exit code is the one that is expected."""

    def run(*argv: str, code: int = 0) -> str:
        assert main(["cache", *argv]) == code
        return " ".join(capsys.readouterr().out.split())

    return run


@pytest.mark.parametrize("action", CacheAction)
def test_where_nothing_is_kept_that_is_said_and_nothing_is_made(here: Path, say: Say, action: str) -> None:
    assert say(action) == f"Nothing is kept: there is no cache in {here / '.exfig'}."
    assert list(here.iterdir()) == []


def test_info_tells_where_how_much_and_of_which_files(runs: Runs, say: Say) -> None:
    runs.keep("100", n1_1=b"a" * 2000)
    runs.keep("101", n1_1=b"b" * 2000, n1_2=b"b" * 2000)
    died = runs.start()
    died.saw(FileVersion("Other", "7", "Brand \x1b[31m\n"))
    died.keep_answer("Other", "7", "q", {})
    died.keep_items("Other", "7", "q", {"1:1": 1, "1:2": 2})
    runs.end()
    text = say("info")
    assert text.startswith(f"{runs.folder}: 0.")
    for part in (
        "MB, of which 0.0 MB are pictures 1 answer, 2 parts of answers, 3 renders in 2 pictures",
        "1 run did not end; what they got is used like the rest, unless --no-resume drops it",
        "File Name Versions, newest first Renders",
        f"{KEY} Harbor icons 101, 100 3",
        "Other Brand \\x1b[31m\\x0a 7 0",
    ):
        assert part in text, text
    assert "Address" not in text
    other = runs.start(address="http://127.0.0.1:1")
    other.keep_answer(KEY, "1", "q", {})
    other.close()
    assert "Address" in say("info")
    assert "http://127.0.0.1:1 1 0" in say("info")


def test_gc_drops_what_counts_no_more_and_what_is_beyond_the_size(
    runs: Runs, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("1", "2", "3"):
        cache = runs.start()
        cache.saw(FileVersion(KEY, version))
        cache.keep_answer(KEY, version, "q", {})
    runs.keep("3", **{f"n1_{number}": bytes([number]) * 200_000 for number in range(12)})
    runs.end()
    assert say("gc") == "Dropped 1 old version of files and 0 pictures; 0.0 MB are free again."
    assert say("gc", "--cache-size", "2").startswith("Dropped 0 old versions of files and 2 pictures; 0.4 MB")
    monkeypatch.setenv("EXFIG_CACHE_SIZE", "1")
    assert say("gc").startswith("Dropped 0 old versions of files and 5 pictures; 1.0 MB")
    assert say("info").count("of which 1.0 MB are pictures 2 answers") == 1


def test_clear_drops_the_cache_and_nothing_else(runs: Runs, say: Say) -> None:
    runs.keep("1", n1_1=b"a" * 200_000)
    (runs.folder / "state.sqlite3").write_bytes(b"manifest and journal")
    assert say("clear").startswith("The cache is empty; 0.2 MB are free again.")
    assert (runs.folder / "state.sqlite3").read_bytes() == b"manifest and journal"
    assert "0 renders in 0 pictures" in say("info")


def test_a_broken_cache_is_made_anew_and_that_is_told(runs: Runs, say: Say) -> None:
    runs.keep("1", n1_1=b"a")
    (runs.folder / "cache.sqlite3").write_bytes(b"broken" * 1000)
    assert "cache.sqlite3 was damaged (file is not a database)" in say("info")
    assert say("info").startswith(f"{runs.folder}: 0.")


def test_a_cache_that_cant_be_used_is_a_failure(runs: Runs, say: Say) -> None:
    (runs.folder / "cache.sqlite3").mkdir(parents=True)
    for action in CacheAction:
        text = say(action, code=1)
        assert text.startswith(f"what Figma answers can't be kept in {runs.folder}: ")
        assert "Look at the rights of the folder" in text
        assert "free again" not in text


@pytest.fixture
def figma_project(tmp_path: Path, figma: Callable[..., Sandbox]) -> Project:
    """One config that was exported, and a design that changed since."""
    project = Project(tmp_path, figma(design(1)))
    project.webs(1)
    assert project.run("batch", "configs").code == 0
    project.sandbox.edit(Edit(file_key(0), "ink", {"fill": "#C8553D"}))
    return project


def warned(project: Project) -> tuple[dict[str, str], bool]:
    """What an offline run is told, by code; and whether the files are those of the first version."""
    assert project.run("batch", "configs", "--offline", "--report", "report.json").code == 0
    (result,) = project.report()["results"]
    return {one["code"]: one["message"] for one in result["warnings"]}, "#0b3c49" in str(project.files()).lower()


def test_offline_after_a_run_that_kept_nothing_says_that_files_may_go_back(figma_project: Project) -> None:
    assert warned(figma_project) == ({}, True)
    assert figma_project.run("batch", "configs", "--no-cache").code == 0
    told, went_back = warned(figma_project)
    assert set(told) == {"offline.may-go-back"} and went_back
    assert f"of file {file_key(0)}; they came from an export of which nothing was kept" in told["offline.may-go-back"]
    assert warned(figma_project) == ({}, True)


def test_offline_after_a_run_that_got_no_further_than_the_version_says_that_there_is_a_newer_one(
    figma_project: Project,
) -> None:
    figma_project.sandbox.faults.append(Fault(FaultKind.STATUS, match="*/styles", status=400, times=None))
    assert figma_project.run("batch", "configs").code == 1
    told, is_old = warned(figma_project)
    assert set(told) == {"offline.older-version"} and is_old


def test_the_words_of_the_command_are_read_as_those_of_others() -> None:
    assert parse(["cache", "gc", "--cache-size", "5", "--color", "never"], {}) == TendCache(
        CacheAction.GC, 5 * 2**20, Color.NEVER
    )
    assert parse(["cache", "info"], {"EXFIG_CACHE_SIZE": "7"}) == TendCache(CacheAction.INFO, 7 * 2**20, Color.AUTO)
    assert parse(["cache", "clear"], {}) == TendCache(CacheAction.CLEAR, 2**30, Color.AUTO)
    for argv, part in (
        (["cache"], "ACTION"),
        (["cache", "clean"], "Did you mean clear?"),
        (["cache", "clear", "--cache-size=5"], "--cache-size is for exfig cache gc"),
        (["cache", "gc", "--cache-size", "0"], "at least 1"),
        (["cache", "gc", "x"], "one argument too many: x"),
    ):
        with pytest.raises(UsageError) as caught:
            parse(argv, {})
        assert part in f"{caught.value.problems[0].message} {caught.value.problems[0].hint}"


def test_sizes_are_megabytes_of_which_small_ones_have_a_decimal() -> None:
    assert [megabytes(size) for size in (0, 340_000, 99 * 2**20, 2**30)] == ["0.0 MB", "0.3 MB", "99.0 MB", "1,024 MB"]
