"""The rules of the house, each with its reason; a broken one says why it is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import exfig_rx

PACKAGE = Path(exfig_rx.__file__).parent
MODULES = {
    path.relative_to(PACKAGE.parent).with_suffix("").as_posix().replace("/", "."): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

LAYERS = (
    ("__main__",),
    ("cli",),
    ("session", "consultation"),
    ("stack", "watching"),
    ("project",),
    ("watch",),
    ("batch", "ui"),
    ("state", "scheduling", "figma", "download", "raster", "output"),
    ("load", "export", "vector", "config"),
    ("fold",),
    ("run_state",),
    ("cycles",),
    ("reactor", "sandbox", "backoff", "connections", "silence", "inbox"),
    ("events", "errors", "settings", "wishes"),
    ("watch_events",),
    ("model", "pictures", "text_styles", "variables", "manifest"),
)
"""Rooms from top to bottom; a room imports from its own layer and below."""

FORBIDDEN = (
    ("ui", "exfig_rx.batch", "screens draw the fold of events; they never reach back into the engine"),
    ("watch", "exfig_rx.ui", "a watch emits events and knows of no screen"),
    ("batch", "exfig_rx.ui", "the engine emits events and knows of no screen"),
    ("scheduling", "exfig_rx.figma", "the scheduler gets its sender as a parameter, so its tests need no HTTP"),
    ("scheduling", "exfig_rx.config", "budgets know nothing of config files"),
    ("scheduling", "exfig_rx.state", "the scheduler knows its ledger by what it does, not where it is kept"),
    ("scheduling", "sqlite3", "the scheduler knows no disk"),
    ("state", "reactivex", "the state is blocking code, called for a moment at a time"),
    ("state", "requests", "HTTP lives in figma.client"),
    ("state", "exfig_rx.figma", "what is kept is JSON and bytes; whoever asks knows what they mean"),
    ("figma", "exfig_rx.scheduling", "requests don't know that they are paced"),
    ("figma", "exfig_rx.config", "the client knows Figma, not our dialect"),
    ("download", "exfig_rx.figma", "downloads know addresses; whoever asks knows what they were for"),
    ("download", "exfig_rx.config", "downloads know nothing of config files"),
    ("download", "requests", "downloads need no session: no cookies, no token, no netrc"),
    ("load", "reactivex", "loading is a pure function"),
    ("load", "requests", "loading is a pure function"),
    ("export", "reactivex", "rendering is a pure function"),
    ("export", "requests", "rendering is a pure function"),
    ("vector", "reactivex", "a drawing becomes text by a pure function"),
    ("vector", "requests", "a drawing becomes text by a pure function"),
    ("vector", "exfig_rx.config", "vector work knows SVG, not our dialect"),
    ("config", "reactivex", "reading a config is a pure function"),
    ("config", "requests", "a config is checked without a network"),
    ("raster", "requests", "pictures are made of bytes that are here already"),
    ("raster", "exfig_rx.figma", "pictures are made of bytes that are here already"),
    ("raster", "multiprocessing", "workers start without importing what their parent runs"),
    ("output", "reactivex", "the transaction is blocking code that runs on a worker"),
    ("batch", "requests", "HTTP lives in figma.client"),
    ("scheduling", "requests", "HTTP lives in figma.client"),
    *(
        (room, "rich", "only ui formats for people")
        for room in (
            "batch",
            "config",
            "connections",
            "download",
            "events",
            "errors",
            "export",
            "figma",
            "fold",
            "load",
            "model",
            "output",
            "raster",
            "sandbox",
            "scheduling",
            "session",
            "consultation",
            "stack",
            "watching",
            "watch",
            "state",
            "vector",
            "reactor",
        )
    ),
)

ONLY_IN: tuple[tuple[str, set[str], str], ...] = (
    (
        r"\.subscribe\(",
        # The last four are operators: they subscribe to a source on behalf of whoever subscribed to them.
        {
            "session.py",
            "consultation.py",
            "scheduling/scheduler.py",
            "scheduling/pool.py",
            "scheduling/lingering.py",
            "watch/debounce.py",
            "watch/polling.py",
        },
        "subscriptions live in one place, which ends them",
    ),
    (r"(?<![\w.])print\(", set(), "printing is ui's work"),
    (r"time\.sleep\(", set(), "waiting goes through a scheduler, or virtual time can't test it"),
    (r"datetime\.now\(|time\.time\(", {"reactor.py"}, "the clock is injected"),
    (
        r"from reactivex.subject import",
        # In a watch, what a config leads to begins another turn: that is where the circle is closed.
        {
            "stack.py",
            "watching.py",
            "batch/stop.py",
            "scheduling/scheduler.py",
            "watch/disk.py",
            "watch/jobs.py",
            "watch/recovery.py",
            "watch/watch.py",
        },
        "subjects stand at borders only",
    ),
)

LONG_MODULES = {
    "config/schema.py": "one short class for each block of the dialect; the shape is seen best in one piece",
}
"""Modules of more than 350 lines, each with the reason why it is one room."""


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def depth_of(room: str) -> int:
    return next(depth for depth, rooms in enumerate(LAYERS) if room in rooms)


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) not in ("", "__init__")])
def test_imports_point_down(module: str) -> None:
    depth = depth_of(room_of(module))
    for name in imports_of(MODULES[module]):
        room = room_of(name) if name.startswith("exfig_rx.") else ""
        assert not room or depth_of(room) >= depth, f"{module} imports {name}, which lies above it"


@pytest.mark.parametrize(("room", "target", "why"), FORBIDDEN)
def test_a_forbidden_import_is_not_there(room: str, target: str, why: str) -> None:
    for module, path in MODULES.items():
        if room_of(module) == room:
            found = [name for name in imports_of(path) if name == target or name.startswith(target + ".")]
            assert not found, f"{module} imports {found[0]}: {why}"


def test_the_sandbox_knows_the_model_alone() -> None:
    for module, path in MODULES.items():
        if room_of(module) == "sandbox":
            ours = {name for name in imports_of(path) if name.startswith("exfig_rx.")}
            strange = {name for name in ours if room_of(name) not in ("sandbox", "model")}
            assert not strange, f"{module} imports {strange}: a stand-in that shares code with us shares our mistakes"


@pytest.mark.parametrize(("pattern", "homes", "why"), ONLY_IN)
def test_an_effect_stays_in_its_home(pattern: str, homes: set[str], why: str) -> None:
    for path in MODULES.values():
        name = path.relative_to(PACKAGE).as_posix()
        if name not in homes and not name.startswith("sandbox/"):
            hit = re.search(pattern, path.read_text(encoding="utf-8"))
            assert hit is None, f"{name} has {hit.group() if hit else ''!r}: {why}"


def test_modules_fit_on_a_few_screens() -> None:
    for path in MODULES.values():
        name = path.relative_to(PACKAGE).as_posix()
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 350 or name in LONG_MODULES, (
            f"{name} has {lines} lines: split it, or say here why it is one room"
        )


def test_the_map_in_the_package_names_every_module() -> None:
    named = set(re.findall(r"[\w/]+\.py", exfig_rx.__doc__ or ""))
    there = {path.relative_to(PACKAGE).as_posix() for path in MODULES.values() if path.name != "__init__.py"}
    assert named == there


@pytest.mark.parametrize("path", list(MODULES.values()), ids=list(MODULES))
def test_a_module_tells_its_story_in_at_most_eight_lines(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    story = ast.get_docstring(tree) or ""
    assert story.strip(". "), f"{path} says nothing at its top"
    if path.name != "__init__.py" and path.name != "errors.py":
        assert story.count("\n") < 8, f"{path} needs more than eight lines to say what it does"
