"""Many icons from one file: beside another tool, and ten times as many on four platforms.

In: a sandbox in a process of its own, exfig and the peers as commands. Out: rows. Rule: both tools export the same
icons from the same server, whole process, in turns.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from benchmarks.measuring import EXFIG, Row, peak_megabytes, ratio, run
from benchmarks.serve import FILE

PEERS = Path("build/peers")
"""Where `make peers` puts other tools."""

WEB = f"""\
figma: {{ lightFileId: {FILE} }}
web:
  output: web
  icons: {{ outputDirectory: code, svgDirectory: svg, generateReactComponents: false }}
"""

EVERYWHERE = f"""\
figma: {{ lightFileId: {FILE} }}
ios:
  xcassetsPath: ios/Assets.xcassets
  xcassetsInMainBundle: true
  icons: {{ format: svg, assetsFolder: Icons, nameStyle: camelCase, swiftUIImageSwift: ios/Image+Icons.swift }}
android:
  mainRes: android/res
  mainSrc: android/src
  resourcePackage: app.bench
  icons: {{ output: icons, composePackageName: app.bench.icons }}
flutter:
  output: flutter/lib
  icons: {{ output: flutter/icons }}
web:
  output: web
  icons: {{ outputDirectory: code, svgDirectory: svg }}
"""

ARGUMENTS = ["--rate-limit", "100000", "--burst", "100", "--concurrent-downloads", "30", "--quiet"]


@contextmanager
def served(icons: int) -> Iterator[str]:
    """The address of a sandbox with `icons` icons."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.serve", str(icons)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdin is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait()


def environment(root: Path, url: str) -> dict[str, str]:
    """What both tools need to find the sandbox."""
    token = "figd_bench"
    return {
        **os.environ,
        "FIGMA_PERSONAL_TOKEN": token,
        "FIGMA_TOKEN": token,
        "FIGMA_API_URL": url,
        "XDG_STATE_HOME": str(root / "state"),
    }


def beside_figma_export() -> list[Row]:
    """1,000 icons as SVG files, whole process, over the same with npm's @figma-export/cli."""
    name = "1,000 icons to SVG files, whole process / @figma-export/cli 6.4.0"
    cli = PEERS / "node_modules/@figma-export/cli/bin/run.js"
    if not cli.is_file() or shutil.which("node") is None:
        return [Row(f"{name}: not measured, `make peers` needs npm", float("nan"), None)]
    with tempfile.TemporaryDirectory() as folder, served(1000) as url:
        root = Path(folder)
        (root / "icons.yaml").write_text(WEB)
        environ = environment(root, url)
        peers = _patched(root, url)
        theirs = [
            "node", str(peers / "node_modules/@figma-export/cli/bin/run.js"), "components", FILE,
            "-O", str(peers / "node_modules/@figma-export/output-components-as-svg/dist/index.js"),
            "-c", "30", "-o",
        ]  # fmt: skip
        # a new folder each time: to make files where many were deleted is slow on some file systems
        folders = (str(root / f"run-{number}") for number in count())

        def with_exfig() -> None:
            shutil.rmtree(root / ".exfig", ignore_errors=True)  # each is a first run
            run([*EXFIG, "batch", "icons.yaml", *ARGUMENTS, "--output-root", next(folders)], environ, root)

        def with_figma_export() -> None:
            run([*theirs, next(folders)], environ, root)

        found = ratio(with_exfig, with_figma_export, 7)
        if any(len(list(made.rglob("*.svg"))) != 1000 for made in root.glob("run-*")):
            raise SystemExit("not the same work")
    return [Row(name, found, 0.7)]


def _patched(root: Path, url: str) -> Path:
    """A copy of the peers that asks `url` instead of Figma."""
    copy = root / "peers"
    shutil.copytree(PEERS, copy, symlinks=True)
    client = copy / "node_modules/@figma-export/core/dist/lib/client.js"
    client.write_text(client.read_text().replace("https://api.figma.com", url))
    return copy


def everywhere() -> list[Row]:
    """Icons of one file on four platforms: memory, and how time grows from 1,000 to 10,000."""
    times: dict[int, float] = {}
    rows: list[Row] = []
    for size in (1_000, 10_000):
        with tempfile.TemporaryDirectory() as folder, served(size) as url:
            root = Path(folder)
            (root / "icons.yaml").write_text(EVERYWHERE)
            environ = environment(root, url)
            command = [*EXFIG, "batch", "icons.yaml", *ARGUMENTS]
            start = time.perf_counter()
            if size == 10_000:
                memory = peak_megabytes(command, environ, root)
                rows.append(Row("10,000 icons, four platforms: peak memory", memory, 300.0, " MB"))
            else:
                run(command, environ, root)
            times[size] = time.perf_counter() - start
            rows.append(_asked(url, size, environ))
    growth = times[10_000] / times[1_000] / 10
    return [*rows, Row("10,000 icons / ten times 1,000 icons, four platforms, time", growth, 1.1)]


def _asked(url: str, icons: int, environ: Mapping[str, str]) -> Row:
    """Nodes that were asked to be rendered, over icons: each once, whatever the number of platforms."""
    script = (
        "import json, sys, urllib.request; log = json.load(urllib.request.urlopen(sys.argv[1] + '/sandbox/log'))\n"
        "entries = log['requests'] if isinstance(log, dict) else log\n"
        "print(sum(len(dict(e['query'])['ids'].split(',')) for e in entries if e['path'].startswith('/v1/images/')))"
    )
    done = subprocess.run([sys.executable, "-c", script, url], check=True, env=environ, capture_output=True, text=True)
    return Row(f"{icons:,} icons, four platforms: nodes rendered / icons", int(done.stdout) / icons, 1.0)
