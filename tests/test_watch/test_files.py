"""Touched files, on a real disk: the ways in which editors, git and orchestrators write; and disks that don't play."""

import os
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest
import watchfiles
from reactivex import abc

from exfig_rx.model import Problem
from exfig_rx.reactor import Reactor
from exfig_rx.watch.files import MANY, Batch, FileWatcher, Root, Watch, _Guard

WAIT_S = 20.0


def is_yaml(path: str) -> bool:
    return path.endswith(".yaml")


class Seen:
    """What one watch told so far; the first thing is waited for, so that the watch is attached."""

    def __init__(self, reactor: Reactor, watcher: FileWatcher, roots: tuple[Root, ...], matters: Callable[[str], bool]):
        self.sets: SimpleQueue[frozenset[str]] = SimpleQueue()
        self.threads: set[str] = set()
        self._reactor = reactor
        self._subscription: list[abc.DisposableBase] = []

        def note(paths: frozenset[str]) -> None:
            self.threads.add(threading.current_thread().name)
            self.sets.put(paths)

        self.roots = {root.path for root in roots}
        stream = watcher.changes(roots, matters)
        reactor.post(lambda: self._subscription.append(stream.subscribe(note, on_error=bug)))
        self.until(*self.roots)

    def until(self, *paths: object) -> set[str]:
        """Everything told until all of `paths` were."""
        told: set[str] = set()
        while not {str(path) for path in paths} <= told:
            told |= self.sets.get(timeout=WAIT_S)
        return told

    def is_told(self, path: Path) -> bool:
        """Whether the next thing told of `path` is the path itself, rather than that all has to be looked at anew."""
        told: set[str] = set()
        while not told & {str(path), *self.roots}:
            told |= self.sets.get(timeout=WAIT_S)
        return str(path) in told

    def dispose(self) -> None:
        done = threading.Event()

        def end() -> None:
            for each in self._subscription:
                each.dispose()
            done.set()

        self._reactor.post(end)
        assert done.wait(WAIT_S)


def bug(error: Exception) -> None:
    raise error


def no_problem(problem: Problem) -> None:
    raise AssertionError(problem)


Look = Callable[..., Seen]


@pytest.fixture
def reactor() -> Iterator[Reactor]:
    bugs: list[Exception] = []
    it = Reactor(bugs.append, workers=1)
    yield it
    it.close(WAIT_S)
    assert bugs == []


@pytest.fixture(params=["events", "polls"])
def look(request: pytest.FixtureRequest, reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    """Watches that are ended with the test: once told by the system, once by looking."""
    monkeypatch.setattr("exfig_rx.watch.files.POLL_S", 0.03)
    monkeypatch.setattr("exfig_rx.watch.files.STEPS_A_LOOK", 3)
    open_: list[Seen] = []

    def start(*roots: Root, matters: Callable[[str], bool] = is_yaml) -> Seen:
        watcher = FileWatcher(reactor.post, no_problem, polls=request.param == "polls")
        open_.append(Seen(reactor, watcher, roots, matters))
        return open_[-1]

    yield start
    for seen in open_:
        seen.dispose()


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "app.yaml").write_text("a: 1\n")
    return folder


def rename_over(path: Path, text: str) -> None:
    """As most editors save."""
    new = path.with_name(f".{path.name}.tmp")
    new.write_text(text)
    os.replace(new, path)


def write_in_place(path: Path, text: str) -> None:
    path.write_text(text)


def delete_and_create(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text)


def move_away_and_create(path: Path, text: str) -> None:
    """As Vim saves with a backup."""
    path.rename(path.with_name(path.name + "~"))
    path.write_text(text)


def saved_until_told(seen: Seen, file: Path) -> None:
    """Every save is told in one way or the other, and in the end as what it is.

    They differ in size: within a tick of the disk's clock even inodes come back.
    """
    for number in range(1, 20):
        rename_over(file, "a" * number)
        if seen.is_told(file):
            return
    pytest.fail("all is looked at anew each time")


WAYS = [rename_over, write_in_place, delete_and_create, move_away_and_create]


@pytest.mark.parametrize("save", WAYS)
def test_a_file_that_an_editor_saves_is_told_again_and_again_and_nothing_of_the_editor(
    configs: Path, look: Look, save: Callable[[Path, str], None]
) -> None:
    seen = look(Root(str(configs)), matters=lambda _: True)
    for text in ("a: 22\n", "a: 333\n"):
        save(configs / "app.yaml", text)
        assert seen.until(configs / "app.yaml") <= {str(configs), str(configs / "app.yaml")}


@pytest.mark.parametrize("save", WAYS)
def test_of_a_root_that_is_a_file_only_that_file_is_told(
    configs: Path, look: Look, save: Callable[[Path, str], None]
) -> None:
    seen = look(Root(str(configs / "app.yaml")))
    (configs / "other.yaml").write_text("b: 1\n")
    save(configs / "app.yaml", "a: 22\n")
    save(configs / "app.yaml", "a: 333\n")
    assert seen.until(configs / "app.yaml") == {str(configs / "app.yaml")}


def test_files_that_come_and_go_are_told(configs: Path, look: Look) -> None:
    seen = look(Root(str(configs)))
    (configs / "new.yaml").write_text("b: 1\n")
    seen.until(configs / "new.yaml")
    (configs / "app.yaml").unlink()
    seen.until(configs / "app.yaml")
    (configs / "new.yaml").rename(configs / "newer.yaml")
    seen.until(configs / "new.yaml", configs / "newer.yaml")


def test_what_does_not_matter_is_not_told(configs: Path, look: Look) -> None:
    seen = look(Root(str(configs)))
    (configs / "notes.txt").write_text("x")
    (configs / "app.yaml").write_text("a: 22\n")
    assert seen.until(configs / "app.yaml") <= {str(configs), str(configs / "app.yaml")}


def test_subfolders_are_looked_into_where_that_is_asked(configs: Path, look: Look) -> None:
    (configs / "sub").mkdir()
    seen, flat = look(Root(str(configs), recursive=True)), look(Root(str(configs)))
    (configs / "sub" / "deep.yaml").write_text("c: 1\n")
    seen.until(configs / "sub" / "deep.yaml")
    (configs / "app.yaml").write_text("a: 22\n")
    assert str(configs / "sub" / "deep.yaml") not in flat.until(configs / "app.yaml")


def test_a_new_subfolder_has_all_looked_at_anew_and_belongs_to_it(configs: Path, look: Look) -> None:
    seen = look(Root(str(configs), recursive=True))
    (configs / "sub" / "deeper").mkdir(parents=True)
    seen.until(configs)
    saved_until_told(seen, configs / "sub" / "deeper" / "deep.yaml")


def test_a_symlink_is_told_when_it_leads_elsewhere_and_when_what_it_leads_to_is_saved(
    configs: Path, tmp_path: Path, look: Look
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("one.yaml", "two.yaml"):
        (elsewhere / name).write_text("a: 1\n")
    link = configs / "link.yaml"
    link.symlink_to("../elsewhere/one.yaml")
    for root in (Root(str(configs)), Root(str(link))):
        seen = look(root)
        rename_over(elsewhere / "one.yaml", "a: 22\n")
        seen.until(link)
        swapped = configs / ".link.tmp"
        swapped.symlink_to(elsewhere / "two.yaml")
        os.replace(swapped, link)
        seen.is_told(link)
        for number in range(10, 30):
            rename_over(elsewhere / "two.yaml", "a" * number)
            if seen.is_told(link):
                break
        else:
            pytest.fail("it is never told that the new target was saved")
        seen.dispose()
        link.unlink()
        link.symlink_to("../elsewhere/one.yaml")


def test_a_config_map_that_is_swapped_as_a_whole_has_its_files_told(tmp_path: Path, look: Look) -> None:
    mount = tmp_path / "mount"
    for version in ("..2024_1", "..2024_2"):
        (mount / version).mkdir(parents=True)
        (mount / version / "app.yaml").write_text(f"a: {version}\n")
    (mount / "..data").symlink_to("..2024_1")
    (mount / "app.yaml").symlink_to("..data/app.yaml")
    seen = look(Root(str(mount)))
    (mount / "..data_tmp").symlink_to("..2024_2")
    os.replace(mount / "..data_tmp", mount / "..data")
    shutil.rmtree(mount / "..2024_1")
    seen.is_told(mount / "app.yaml")
    saved_until_told(seen, mount / "other.yaml")


def test_a_folder_under_two_names_is_told_under_both(configs: Path, tmp_path: Path, look: Look) -> None:
    other = tmp_path / "other"
    other.symlink_to(configs)
    seen = look(Root(str(configs)), Root(str(other)))
    (configs / "app.yaml").write_text("a: 22\n")
    seen.until(configs / "app.yaml", other / "app.yaml")


@pytest.mark.parametrize("way", ["deleted", "moved away", "its parent moved away", "swapped"])
def test_a_folder_that_is_replaced_is_looked_at_anew_and_watched_again(tmp_path: Path, look: Look, way: str) -> None:
    configs = tmp_path / "repo" / "configs"
    configs.mkdir(parents=True)
    if way == "swapped":
        (tmp_path / "next").mkdir()
        (tmp_path / "link").symlink_to(configs)
        configs = tmp_path / "link"
    seen = look(Root(str(configs)))
    match way:
        case "deleted":
            shutil.rmtree(configs)
        case "moved away":
            configs.rename(tmp_path / "old")
        case "its parent moved away":
            configs.parent.rename(tmp_path / "old")
        case _:
            (tmp_path / "new").symlink_to("next")
            os.replace(tmp_path / "new", configs)
    configs.mkdir(parents=True, exist_ok=True)
    saved_until_told(seen, configs / "app.yaml")


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_root_that_is_not_there_is_told_when_it_comes_and_watched_from_then_on(
    tmp_path: Path, look: Look, kind: str
) -> None:
    root = tmp_path / "far" / "off" / ("configs" if kind == "folder" else "app.yaml")
    seen = look(Root(str(root)))
    root.parent.mkdir(parents=True)
    file = root / "app.yaml" if kind == "folder" else root
    file.parent.mkdir(exist_ok=True)
    file.write_text("a: 1\n")
    seen.is_told(root)
    saved_until_told(seen, file)


def test_a_thousand_changes_are_told_in_few_sets_and_none_is_missed(configs: Path, look: Look) -> None:
    seen = look(Root(str(configs)))
    files = [configs / f"{number}.yaml" for number in range(1_000)]
    for file in files:
        file.write_text("a: 1\n")
    sets = 0
    missing = set(map(str, files))
    while missing:
        missing -= seen.sets.get(timeout=WAIT_S)
        sets += 1
    assert sets < 100


def test_everything_is_told_on_the_reactor_and_the_thread_ends_with_the_stream(reactor: Reactor, configs: Path) -> None:
    before = set(threading.enumerate())
    seen = Seen(reactor, FileWatcher(reactor.post, no_problem), (Root(str(configs)),), is_yaml)
    (watch,) = (thread for thread in set(threading.enumerate()) - before if thread.name == "exfig-watch")
    assert watch.daemon
    seen.dispose()
    watch.join(WAIT_S)
    assert not watch.is_alive()
    assert watch.name not in seen.threads


def test_a_stream_ends_quietly_after_the_reactor_has(configs: Path) -> None:
    reactor = Reactor(lambda error: pytest.fail(str(error)), workers=1)
    before = set(threading.enumerate())
    seen = Seen(reactor, FileWatcher(reactor.post, no_problem), (Root(str(configs)),), is_yaml)
    (watch,) = (thread for thread in set(threading.enumerate()) - before if thread.name == "exfig-watch")
    reactor.close(WAIT_S)
    (configs / "app.yaml").write_text("a: 22\n")
    for subscription in seen._subscription:
        subscription.dispose()
    watch.join(WAIT_S)
    assert not watch.is_alive()


@pytest.mark.parametrize(
    "failure",
    [
        OSError("OS file watch limit reached."),
        RuntimeError("Error creating recommended watcher: Too many open files (os error 24)"),
    ],
)
def test_where_the_system_has_no_events_left_files_are_looked_at_and_that_is_told_once(
    reactor: Reactor, configs: Path, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exfig_rx.watch.files.POLL_S", 0.03)
    problems: list[Problem] = []
    polls: list[bool] = []

    def watch(*paths: str, force_polling: bool, **options: object) -> Generator[Batch, None, None]:
        polls.append(force_polling)
        raise failure

    watcher = FileWatcher(reactor.post, problems.append, watch=watch)
    for text in ("a: 22\n", "a: 333\n"):
        seen = Seen(reactor, watcher, (Root(str(configs)),), is_yaml)
        (configs / "app.yaml").write_text(text)
        seen.until(configs / "app.yaml")
        seen.dispose()
    assert [problem.code for problem in problems] == ["watch.no-events"]
    assert "max_user_watches" in problems[0].hint
    assert polls == [False, False]


class Script:
    """A stand-in for watchfiles that does one thing after the other, each as it is attached anew."""

    def __init__(self, *acts: Exception | Batch) -> None:
        self._acts = list(acts)
        self.lenient: list[bool] = []

    def __call__(self, *paths: str, stop_event: _Guard, **options: object) -> Generator[Batch, None, None]:
        self.lenient.append(bool(options["ignore_permission_denied"]))
        act = self._acts.pop(0) if self._acts else set()
        if isinstance(act, Exception):
            raise act
        if stop_event.is_set():
            return
        yield act
        while not stop_event.is_set():
            threading.Event().wait(0.001)


@pytest.mark.parametrize(
    "failures",
    [
        [FileNotFoundError("gone between two looks")] * 4,
        [RuntimeError("Unable to decode path")],
        [PermissionError("no entry")],
    ],
)
def test_a_failure_of_the_watch_is_followed_by_another_try_and_told_to_nobody(
    reactor: Reactor, configs: Path, failures: list[Exception]
) -> None:
    script: Watch = Script(*failures)
    seen = Seen(reactor, FileWatcher(reactor.post, no_problem, watch=script), (Root(str(configs)),), is_yaml)
    seen.dispose()


def test_folders_that_nobody_may_read_are_left_out_at_the_second_try(reactor: Reactor, configs: Path) -> None:
    script = Script(PermissionError("no entry"))
    seen = Seen(reactor, FileWatcher(reactor.post, no_problem, watch=script), (Root(str(configs)),), is_yaml)
    seen.dispose()
    assert script.lenient == [False, True]


def test_a_folder_that_comes_while_the_watch_is_attached_is_watched_too(reactor: Reactor, configs: Path) -> None:
    attached: list[tuple[str, ...]] = []

    def watch(*paths: str, **options: object) -> Generator[Batch, None, None]:
        attached.append(paths)
        (configs / "sub").mkdir(exist_ok=True)
        yield from Script()(*paths, **options)  # type: ignore[arg-type]

    root = Root(str(configs), recursive=True)
    seen = Seen(reactor, FileWatcher(reactor.post, no_problem, watch=watch), (root,), is_yaml)
    seen.until(configs)
    seen.dispose()
    assert [len(paths) for paths in attached] == [1, 2]


def test_so_many_changes_that_some_may_be_lost_have_all_looked_at_anew(reactor: Reactor, configs: Path) -> None:
    storm = {(watchfiles.Change.modified, f"{configs}/{number}.txt") for number in range(MANY)}
    seen = Seen(reactor, FileWatcher(reactor.post, no_problem, watch=Script(storm)), (Root(str(configs)),), is_yaml)
    assert seen.until(configs) == {str(configs)}
    seen.dispose()


def test_the_environment_of_watchfiles_changes_nothing(
    reactor: Reactor, configs: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "true")
    monkeypatch.setenv("WATCHFILES_POLL_DELAY_MS", "3600000")
    monkeypatch.setenv("WATCHFILES_DEBUG", "1")
    seen = Seen(reactor, FileWatcher(reactor.post, no_problem), (Root(str(configs)),), is_yaml)
    (configs / "app.yaml").write_text("a: 22\n")
    seen.until(configs / "app.yaml")
    seen.dispose()
    assert capfd.readouterr() == ("", "")
