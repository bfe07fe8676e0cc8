"""Speed and memory, as ratios taken in one run: `make bench`.

Each row measures two things in turns (A B A B …), so that a machine that slows down slows both; the ratio is that of
the medians. Exit code 1 when a ratio is above its bound.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

from exfig_rx.batch.discovery import RejectedConfig, find_configs, load_config
from exfig_rx.sandbox.design import Design
from exfig_rx.sandbox.server import Sandbox

IMPORTS = [sys.executable, "-c", "import reactivex, requests, rich, yaml"]
EXFIG = [sys.executable, "-m", "exfig_rx"]

SMALL = """\
figma:
  lightFileId: {light}
  darkFileId: {dark}
common:
  colors:
    nameValidateRegexp: '^(.+)$'
web:
  output: site-{number}
  colors: {{}}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured ratio and the bound it should keep."""

    name: str
    value: float
    bound: float
    unit: str = "x"


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(ours: Callable[[], object], theirs: Callable[[], object], runs: int) -> float:
    """Median of `ours` over median of `theirs`, both run in turns after one warm-up."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return statistics.median(pair[0] for pair in pairs) / statistics.median(pair[1] for pair in pairs)


def run(command: list[str], environ: dict[str, str] | None = None, cwd: Path | None = None) -> None:
    subprocess.run(command, check=True, env=environ, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def write_configs(directory: Path, count: int, light: str, dark: str) -> None:
    directory.mkdir(parents=True)
    for number in range(count):
        (directory / f"app-{number:04}.yaml").write_text(SMALL.format(light=light, dark=dark, number=number))


def start_up(root: Path, environ: dict[str, str], keys: tuple[str, str]) -> list[Row]:
    write_configs(root / "twenty", 20, *keys)
    batch = [*EXFIG, "batch", "twenty", "--rate-limit", "6000"]
    return [
        Row("exfig --version / imports", ratio(lambda: run([*EXFIG, "--version"]), lambda: run(IMPORTS), 9), 0.5),
        Row(
            "batch of 20 small configs / imports",
            ratio(lambda: run(batch, environ, root), lambda: run(IMPORTS), 9),
            4.0,
        ),
    ]


def memory(root: Path, environ: dict[str, str], keys: tuple[str, str]) -> Row:
    """Peak memory of a batch of 200 configs; measured in a child of its own, whose only child it is."""
    write_configs(root / "many", 200, *keys)
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", script, *EXFIG, "batch", "many", "--rate-limit", "6000"]
    out = subprocess.run(command, check=True, env=environ, cwd=root, capture_output=True, text=True).stdout
    unit = 1 if sys.platform == "darwin" else 1024
    return Row("peak memory of a batch of 200 configs", int(out) * unit / 1e6, 150.0, " MB")


def validation(root: Path) -> Row:
    """Configs of the size that projects have; for the smallest ones the fixed costs of a file weigh more."""
    usual = (Path(__file__).parent / "usual.yaml").read_text()
    (root / "thousand").mkdir()
    for number in range(1000):
        (root / "thousand" / f"app-{number:04}.yaml").write_text(usual)
    texts = [path.read_bytes() for path in sorted((root / "thousand").iterdir())]

    def ours() -> None:
        for config in find_configs(["thousand"], recursive=False, directory=root):
            loaded = load_config(config, root)
            if isinstance(loaded, RejectedConfig):
                raise SystemExit(f"the bench config is rejected: {loaded.problems}")

    def theirs() -> None:
        for text in texts:
            yaml.load(text, yaml.CSafeLoader)

    return Row("1,000 usual configs read and validated / yaml.load(CSafeLoader)", ratio(ours, theirs, 5), 6.0)


def main() -> int:
    """Measure everything and print a table."""
    keys = ("BenchLight0000000000001", "BenchDark00000000000002")
    colors = [{"id": f"1:{n}", "name": f"brand/tone {n}", "fill": f"#{n * 991 % 2**24:06X}"} for n in range(40)]
    design = Design.of({"files": {key: {"name": key, "colors": colors} for key in keys}})
    with tempfile.TemporaryDirectory() as directory, Sandbox(design) as sandbox:
        root = Path(directory)
        environ = os.environ | {"FIGMA_API_URL": sandbox.url, "FIGMA_PERSONAL_TOKEN": "sandbox"}
        rows = [*start_up(root, environ, keys), memory(root, environ, keys), validation(root)]
    width = max(len(row.name) for row in rows)
    for row in rows:
        verdict = "ok" if row.value <= row.bound else "ABOVE"
        sys.stdout.write(
            f"{row.name:<{width}}  {row.value:8.2f}{row.unit}  (at most {row.bound:g}{row.unit})  {verdict}\n"
        )
    return int(any(row.value > row.bound for row in rows))


if __name__ == "__main__":
    sys.exit(main())
