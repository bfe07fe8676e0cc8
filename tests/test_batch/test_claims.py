"""Runs side by side, in virtual time: who writes the same paths waits, however long, or fails at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
import reactivex as rx
from reactivex import Observable
from reactivex.testing import TestScheduler

from exfig_rx.batch.claims import ASK_AGAIN_S, Claims
from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.config.parse import parse_config
from exfig_rx.errors import ConflictError
from exfig_rx.model import ConfigId, Problem
from exfig_rx.settings import OnConflict, Section
from exfig_rx.state.exports import Exports

T = TypeVar("T")

SETTLED = Problem("output.recovered", "set right")


class Runs:
    """Runs of one project, each with its claims, on one clock."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.time = TestScheduler()
        self.alive: set[str] = set()
        self.opened: list[Exports] = []
        self.settled = 0
        self.problems: list[Problem] = []

    def run(self, name: str, on_conflict: OnConflict = OnConflict.CONTINUE) -> Claims:
        exports = Exports(self.root / ".exfig", name, self.problems.append)
        self.opened.append(exports)
        self.alive.add(name)

        def blocking(work: Callable[[], T], release: Callable[[T], None] | None = None) -> Observable[T]:
            return rx.defer(lambda _: rx.of(work()))

        def settle() -> Observable[tuple[Problem, ...]]:
            self.settled += 1
            return rx.of((SETTLED,))

        return Claims(
            exports,
            blocking,
            self.alive.__contains__,
            self.time,
            self.root,
            on_conflict,
            later=lambda work: work(),
            settle=settle,
        )

    def ask(self, claims: Claims, config: ValidConfig, only: frozenset[Section] = frozenset()) -> "Heard":
        heard = Heard()
        heard.stop = (
            claims.taken(config, only)
            .subscribe(heard.told.append, heard.failed.append, heard.end, scheduler=self.time)
            .dispose
        )
        self.advance(0.01)
        return heard

    def advance(self, seconds: float) -> None:
        self.time.advance_by(seconds)


class Heard:
    def __init__(self) -> None:
        self.told: list[Problem] = []
        self.failed: list[Exception] = []
        self.is_over = False
        self.stop: Callable[[], None] = self.end

    def end(self) -> None:
        self.is_over = True

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.told]


@contextmanager
def runs_in(root: Path) -> Iterator[Runs]:
    runs = Runs(root)
    yield runs
    for exports in runs.opened:
        exports.close()
    assert not runs.problems


def config(name: str, output: str, more: str = "") -> ValidConfig:
    text = f"figma: {{lightFileId: Key}}\nweb: {{output: {output}, colors: {{}}{more}}}\n"
    return ValidConfig(ConfigId(f"/c/{name}", name, name), parse_config(text.encode(), name).config)


def test_nobody_waits_for_nobody(tmp_path: Path) -> None:
    with runs_in(tmp_path) as runs:
        heard = runs.ask(runs.run("one"), config("a.yaml", "out"))
        assert heard.is_over and not heard.told and runs.settled == 0


def test_who_writes_the_same_waits_until_the_other_is_done_and_is_told_once(tmp_path: Path) -> None:
    with runs_in(tmp_path) as runs:
        one, other = runs.run("one"), runs.run("other")
        mine = config("a.yaml", "out")
        assert runs.ask(one, mine).is_over
        heard = runs.ask(other, config("b.yaml", "./out/"))
        runs.advance(10.0)
        assert (heard.codes, heard.is_over) == (["conflict.waits"], False)
        one.release(mine)
        runs.advance(ASK_AGAIN_S)
        assert (heard.codes, heard.is_over) == (["conflict.waits", "output.recovered"], True)
        assert runs.settled == 1


def test_a_long_wait_is_no_deeper_than_a_short_one(tmp_path: Path) -> None:
    with runs_in(tmp_path) as runs:
        one, other = runs.run("one"), runs.run("other")
        mine = config("a.yaml", "out")
        runs.ask(one, mine)
        heard = runs.ask(other, mine)
        runs.advance(1200 * ASK_AGAIN_S)  # more looks than Python lets calls be nested
        one.release(mine)
        runs.advance(ASK_AGAIN_S)
        assert heard.is_over and not heard.failed


def test_who_does_not_want_to_wait_fails_at_once(tmp_path: Path) -> None:
    with runs_in(tmp_path) as runs:
        runs.ask(runs.run("one"), config("a.yaml", "out"))
        heard = runs.ask(runs.run("other", OnConflict.ABORT), config("a.yaml", "out"))
        (error,) = heard.failed
        assert isinstance(error, ConflictError) and error.problems[0].code == "conflict.other-run"
        assert "--on-conflict continue" in error.problems[0].hint and "process" in error.problems[0].message


def test_the_dead_have_nothing(tmp_path: Path) -> None:
    with runs_in(tmp_path) as runs:
        runs.ask(runs.run("one"), config("a.yaml", "out"))
        runs.alive.discard("one")
        assert runs.ask(runs.run("other"), config("a.yaml", "out")).is_over


def test_a_run_does_not_wait_for_itself_nor_for_other_paths(tmp_path: Path) -> None:
    with runs_in(tmp_path) as runs:
        one = runs.run("one")
        runs.ask(one, config("a.yaml", "out"))
        assert runs.ask(one, config("b.yaml", "out")).is_over
        assert runs.ask(runs.run("other"), config("c.yaml", "elsewhere")).is_over


def test_only_what_is_exported_is_claimed(tmp_path: Path) -> None:
    with runs_in(tmp_path) as runs:
        whole = config("a.yaml", "out", ", icons: {svgDirectory: svg, outputDirectory: code}")
        runs.ask(runs.run("one"), whole, frozenset((Section.COLORS,)))
        assert runs.ask(runs.run("other"), whole, frozenset((Section.ICONS,))).is_over
        assert not runs.ask(runs.run("third"), whole).is_over


@pytest.mark.parametrize("is_around", [True, False], ids=["into it", "around it"])
def test_a_folder_that_another_run_fills_is_its_own_with_all_that_is_in_it(tmp_path: Path, is_around: bool) -> None:
    around = config("a.yaml", "out", ", icons: {svgDirectory: svg, outputDirectory: code}")
    configs = (around, config("b.yaml", "out/svg/deep"))[:: 1 if is_around else -1]
    with runs_in(tmp_path) as runs:
        runs.ask(runs.run("one"), configs[0])
        assert runs.ask(runs.run("other"), configs[1]).codes == ["conflict.waits"]


@pytest.mark.parametrize(
    ("path", "is_theirs"),
    [
        ("out/svg/a.svg", True),
        ("OUT/svg/deep/a.svg", True),
        ("out/theme.css", True),
        ("out/other.css", False),
        ("outer/svg/a.svg", False),
    ],
)
def test_what_another_run_may_be_about_to_write_is_contested(tmp_path: Path, path: str, is_theirs: bool) -> None:
    with runs_in(tmp_path) as runs:
        theirs = config("a.yaml", "out", ", icons: {svgDirectory: svg, outputDirectory: code}")
        one, other = runs.run("one"), runs.run("other")
        runs.ask(one, theirs)
        target = str(tmp_path / path)
        exports = runs.opened[1]
        assert other.contested(exports, [target]) == ({target} if is_theirs else set())
        assert one.contested(runs.opened[0], [target]) == set()
        runs.alive.discard("one")
        assert other.contested(exports, [target]) == set()


def test_who_waits_no_longer_takes_nothing(tmp_path: Path) -> None:
    with runs_in(tmp_path) as runs:
        one, mine = runs.run("one"), config("a.yaml", "out")
        runs.ask(one, mine)
        runs.ask(runs.run("other"), mine).stop()
        one.release(mine)
        runs.advance(10 * ASK_AGAIN_S)
        assert runs.ask(runs.run("third"), mine).is_over
