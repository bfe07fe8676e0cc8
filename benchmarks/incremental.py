"""Runs after a first one: what they cost when nothing changed, and when one icon did.

In: a sandbox in this process, exfig as a command. Out: rows. Rule: CPU is that of the whole child, user and system;
requests and files are counted, not measured.
"""

import os
import resource
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.icons import EVERYWHERE
from benchmarks.measuring import EXFIG, Row, run
from benchmarks.serve import FILE, design
from exfig_rx.sandbox.design import Design, Edit
from exfig_rx.sandbox.server import Sandbox

CONFIGS = 50
FILES = 5
RUNS = 5

OWN_IMPORTS = [sys.executable, "-c", "import gc; gc.disable(); import exfig_rx.cli.batch, exfig_rx.stack"]
"""What `exfig batch` has imported before it does anything, without the search for garbage, as there."""

LIMITS = ["--rate-limit", "100000", "--burst", "1000", "--quiet"]


def rows() -> list[Row]:
    """All of them."""
    return [*_nothing_changed(), *_one_icon_changed()]


def cpu_s(work: Callable[[], object]) -> float:
    """User and system seconds of the children of `work`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _environment(root: Path, sandbox: Sandbox) -> Mapping[str, str]:
    state = {"XDG_STATE_HOME": str(root / "state")}
    return {**os.environ, "FIGMA_API_URL": sandbox.url, "FIGMA_PERSONAL_TOKEN": "figd_bench", **state}


def _nothing_changed() -> list[Row]:
    keys = [f"BenchFile{number:014}" for number in range(FILES)]
    colors = [{"id": f"1:{n}", "name": f"brand/tone {n}", "fill": f"#{n * 991 % 2**24:06X}"} for n in range(40)]
    made = Design.of({"files": {key: {"name": key, "colors": colors} for key in keys}})
    with tempfile.TemporaryDirectory() as folder, Sandbox(made) as sandbox:
        root = Path(folder)
        (root / "configs").mkdir()
        for number in range(CONFIGS):
            text = f"figma: {{lightFileId: {keys[number % FILES]}}}\nweb: {{output: site-{number}, colors: {{}}}}\n"
            (root / f"configs/app-{number:02}.yaml").write_text(text)
        environ = _environment(root, sandbox)

        def batch() -> None:
            run([*EXFIG, "batch", "configs", *LIMITS], environ, root)

        first, imports, again = [], [], []
        for _ in range(RUNS):
            shutil.rmtree(root / ".exfig", ignore_errors=True)
            for number in range(CONFIGS):
                shutil.rmtree(root / f"site-{number}", ignore_errors=True)
            first.append(cpu_s(batch))
            sandbox.clear_log()
            again.append(cpu_s(batch))
            asked = len(sandbox.log)
            imports.append(cpu_s(lambda: run(OWN_IMPORTS, environ, root)))
    name = f"no-op batch of {CONFIGS} configs over {FILES} files"
    took = statistics.median(again)
    return [
        Row(f"{name}: requests", float(asked), float(FILES), "", 0),
        Row(f"{name}: CPU / that of exfig's own imports", took / statistics.median(imports), 2.0),
        Row(f"{name}: CPU / that of the first run", took / statistics.median(first), 0.5),
    ]


def _one_icon_changed() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, Sandbox(design(1000)) as sandbox:
        root = Path(folder)
        (root / "icons.yaml").write_text(EVERYWHERE)
        environ = _environment(root, sandbox)

        def batch() -> None:
            run([*EXFIG, "batch", "icons.yaml", *LIMITS], environ, root)

        batch()
        before = _stamps(root)
        sandbox.edit(Edit(FILE, "3:500", {"svg": '<path d="M3 3H21V21H3Z" fill="#C8553D"/>'}))
        sandbox.clear_log()
        batch()
        after = _stamps(root)
        asked = [entry.path for entry in sandbox.log]
        touched = [path for path, stamp in after.items() if before.get(path) != stamp]
    name = "one icon of 1,000 changed, four platforms"
    return [
        Row(f"{name}: requests for renders", float(sum(path.startswith("/v1/images/") for path in asked)), 1.0, "", 0),
        Row(f"{name}: downloads", float(sum(path.startswith("/cdn/") for path in asked)), 1.0, "", 0),
        Row(f"{name}: files touched (the Web has an SVG and a component)", float(len(touched)), 5.0, "", 0),
    ]


def _stamps(root: Path) -> dict[str, int]:
    folders = [root / name for name in ("ios", "android", "flutter", "web")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.stat().st_mtime_ns for path in files}
