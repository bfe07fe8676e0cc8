"""A watch: how long an edit takes to be in its files, what a watch at rest costs, what a storm of changes leads to.

In: a sandbox in this process, `exfig batch --watch` as a command. Out: rows. Rules: the time of an edit is from before
its `write` until the last of the files that it changes is another one; CPU is that of the watch, user and system; what
can be counted is counted, not measured.
"""

import json
import os
import pty
import random
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

from benchmarks.measuring import EXFIG, Row
from benchmarks.serve import icon
from exfig_rx.sandbox.design import Design
from exfig_rx.sandbox.server import Sandbox

FILES = 5
ICONS = 40
EDITS = 100
DEBOUNCE_S = 0.3
"""What `--debounce` is unless somebody chooses."""

REST_S = 20.0
"""How long it is measured what a watch at rest costs."""

STEP_S = 0.001
"""How often files are looked at that should be others by then."""

PATIENCE_S = 60.0

LIMITS = ("--rate-limit", "100000", "--burst", "1000")

CONFIG = """\
figma: {{ lightFileId: {file} }}
common:
  icons: {{ figmaFrameName: Icons }}
ios:
  xcassetsPath: {name}/ios/Assets.xcassets
  xcassetsInMainBundle: true
  addObjcAttribute: {flag}
  colors: {{ useColorAssets: true, assetsFolder: Colors, nameStyle: camelCase, colorSwift: {name}/ios/Colors.swift }}
  icons: {{ format: svg, assetsFolder: Icons, nameStyle: camelCase, imageSwift: {name}/ios/Icons.swift }}
android:
  mainRes: {name}/android/res
  mainSrc: {name}/android/src
  resourcePackage: app.{flag}
  colors: {{ composePackageName: app.{place} }}
  icons: {{ output: icons }}
"""
"""Colors and icons for two platforms; `flag` is in code of both, `place` is where some of it goes."""

PLACES = ("here", "there")

MOVING = 0.25
"""The part of the edits that moves a file, so that it is looked whether it meets another config's."""


def rows() -> list[Row]:
    """All of them."""
    return [*_edits(20), *_edits(100), *_at_rest(100), _storm(100, 1000)]


# ── a watch ──


class Watch:
    """`exfig batch configs --watch` below `root`, followed by its events; leaving it ends it."""

    def __init__(self, root: Path, environ: Mapping[str, str], *argv: str) -> None:
        self.process = subprocess.Popen(
            [*EXFIG, "batch", "configs", "--watch", "--events", "ndjson", *LIMITS, *argv],
            cwd=root,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._events: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def rests(self) -> list[dict[str, Any]]:
        """The events until nothing runs any more."""
        told: list[dict[str, Any]] = []
        while not told or told[-1]["event"] != "cycle-ended":
            told.append(self._events.get(timeout=PATIENCE_S))
        return told

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE_S)
        self._thread.join()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._events.put(json.loads(line))


@contextmanager
def _project(configs: int) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """A folder with so many configs, over a few files of Figma, and the environment in which they can be exported."""
    keys = [f"WatchBench{number:012}" for number in range(FILES)]
    colors = [{"id": f"1:{n}", "name": f"brand/tone {n}", "fill": f"#{n * 991 % 2**24:06X}"} for n in range(ICONS)]
    icons = {"id": "2:1", "name": "Icons", "components": [icon(number) for number in range(ICONS)]}
    file = {"colors": colors, "pages": [{"id": "0:1", "name": "Icons", "frames": [icons]}]}
    made = Design.of({"files": {key: {"name": key, **file} for key in keys}})
    with tempfile.TemporaryDirectory() as folder, Sandbox(made) as sandbox:
        root = Path(folder)
        (root / "configs").mkdir()
        for number in range(configs):
            _save(root, number)
        state = {"XDG_STATE_HOME": str(root / "state")}
        yield root, {**os.environ, "FIGMA_API_URL": sandbox.url, "FIGMA_PERSONAL_TOKEN": "figd_bench", **state}


def _save(root: Path, number: int, edit: int = 0, place: str = PLACES[0]) -> None:
    """Write a config in place; each edit gives other files than the one before."""
    file, name, flag = f"WatchBench{number % FILES:012}", f"out/app-{number:03}", "true" if edit % 2 else "false"
    (root / f"configs/app-{number:03}.yaml").write_text(CONFIG.format(file=file, name=name, flag=flag, place=place))


# ── how long an edit takes ──


def _edits(configs: int) -> list[Row]:
    """Times beyond the debounce, of edits one after the other, each of a config at random."""
    chance = random.Random(configs)
    edits = Counter[int]()
    places = dict.fromkeys(range(configs), PLACES[0])
    taken: list[float] = []
    with _project(configs) as (root, environ), Watch(root, environ) as watch:
        watch.rests()
        for _ in range(EDITS):
            number = chance.randrange(configs)
            edits[number] += 1
            if chance.random() < MOVING:
                places[number] = PLACES[places[number] == PLACES[0]]
            time.sleep(chance.uniform(0.0, 0.05))  # anywhere between two looks of the watch
            taken.append(_edited(root, number, edits[number], places[number]) - DEBOUNCE_S)
            watch.rests()
    taken.sort()
    name = f"an edit, {configs} configs watched, from its write to its files, beyond the debounce"
    return [
        Row(f"{name}: median", statistics.median(taken) * 1000, 150.0, " ms", 0),
        Row(f"{name}: 99th of {EDITS}", taken[EDITS * 99 // 100 - 1] * 1000, 400.0, " ms", 0),
    ]


def _edited(root: Path, number: int, edit: int, place: str) -> float:
    """Seconds from before the write of a config until the files of both platforms are others."""
    app = root / f"out/app-{number:03}"
    changes = [app / "ios/Colors.swift", app / "ios/Icons.swift", app / f"android/src/app/{place}/Colors.kt"]
    before = [_inode(path) for path in changes]
    start = time.perf_counter()
    _save(root, number, edit, place)
    while any(_inode(path) in (0, was) for path, was in zip(changes, before, strict=True)):
        if time.perf_counter() > start + PATIENCE_S:
            raise SystemExit(f"an edit of app-{number:03} leads to nothing")
        time.sleep(STEP_S)
    return time.perf_counter() - start


def _inode(path: Path) -> int:
    """Which file stands there; 0 for none."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


# ── what a watch at rest costs ──


def _at_rest(configs: int) -> list[Row]:
    """Shares of a core, of watches that rest side by side."""
    if not Path("/proc/self/stat").exists():
        return []
    kinds: dict[str, Sequence[str]] = {"": (), ", --watch-figma": ("--watch-figma",)}
    with ExitStack() as stack:
        pids: dict[str, int] = {}
        for what, argv in kinds.items():
            root, environ = stack.enter_context(_project(configs))
            watch = stack.enter_context(Watch(root, environ, *argv))
            watch.rests()
            pids[what] = watch.process.pid
        root, environ = stack.enter_context(_project(configs))
        pids[", dashboard"] = stack.enter_context(_on_a_terminal(root, environ))
        time.sleep(2.0)  # what follows a cycle is done
        before = {what: _cpu_s(pid) for what, pid in pids.items()}
        start = time.perf_counter()
        time.sleep(REST_S)
        took_s = time.perf_counter() - start
        shares = {what: (_cpu_s(pid) - before[what]) / took_s for what, pid in pids.items()}
    name = f"CPU of a watch at rest, {configs} configs"
    return [Row(f"{name}{what}", share * 100, 0.5, " % of a core") for what, share in shares.items()]


@contextmanager
def _on_a_terminal(root: Path, environ: Mapping[str, str]) -> Iterator[int]:
    """A watch with its dashboard on a terminal that somebody reads; its process, once all is exported."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*EXFIG, "batch", "configs", "--watch", "--report", "report.json", *LIMITS],
        cwd=root,
        env={**environ, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    reader = threading.Thread(target=_read_all, args=(ours,))
    reader.start()
    try:
        until = time.monotonic() + PATIENCE_S
        while not (root / "report.json").exists() and time.monotonic() < until:
            time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_S)
        reader.join()
        os.close(ours)


def _read_all(terminal: int) -> None:
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:  # nobody has the other end any more
        pass


def _cpu_s(pid: int) -> float:
    """User and system seconds of a process so far, to a hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# ── a storm ──


def _storm(configs: int, changes: int) -> Row:
    """The most exports of one config that many changes lead to, as after a checkout."""
    with _project(configs) as (root, environ), Watch(root, environ) as watch:
        watch.rests()
        for change in range(changes):
            _save(root, change % configs, change // configs)
        told = watch.rests()
        _save(root, configs)  # a new config, behind all that the storm led to
        while not any(event["event"] == "config-discovered" for event in told):
            told += watch.rests()
    started = Counter(event["config"] for event in told if event["event"] == "config-started")
    if len(started) <= configs // 2:
        raise SystemExit("the storm was not noticed")
    most = float(max(started.values()))
    return Row(f"{changes:,} changes of {configs} configs at once: most exports of one", most, 1.0, "", 0)
