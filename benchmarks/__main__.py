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

from benchmarks import scheduling
from exfig_rx.batch.discovery import RejectedConfig, find_configs, load_config
from exfig_rx.sandbox.design import Design
from exfig_rx.sandbox.server import Sandbox
from exfig_rx.vector.drawable import vector_drawable
from exfig_rx.vector.lowering import lowered
from exfig_rx.vector.svg import parse_svg

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
    """One measured ratio and the bound it should keep; None where there is none."""

    name: str
    value: float
    bound: float | None
    unit: str = "x"
    digits: int = 2

    @property
    def is_above(self) -> bool:
        """Whether it is worse than it should be."""
        return self.bound is not None and round(self.value, self.digits) > self.bound


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


def scheduler() -> list[Row]:
    """The request scheduler, most of it exact, in virtual time."""
    return [Row(*row) for row in scheduling.rows()]


PLAIN_ICON = b"""<svg width="24" height="24" viewBox="0 0 24 24" fill="none" xmlns="http://www.w3.org/2000/svg">
<path fill-rule="evenodd" clip-rule="evenodd" d="M12 2C6.47715 2 2 6.47715 2 12C2 17.5228 6.47715 22 12 22C17.5228 22 22
17.5228 22 12C22 6.47715 17.5228 2 12 2ZM9 9H15V15H9V9Z" fill="#0B3C49"/>
<path d="M5 6H9" stroke="#0B3C49" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
"""


def drawables() -> Row:
    """Plain icons from SVG to VectorDrawable, on one core."""
    count = 3000
    taken = min(seconds(lambda: [vector_drawable(lowered(parse_svg(PLAIN_ICON))) for _ in range(count)]) for _ in "123")
    return Row("SVG to VectorDrawable, a plain icon on one core", taken / count * 1e6, 200.0, " µs")


def main() -> int:
    """Measure everything and print a table."""
    keys = ("BenchLight0000000000001", "BenchDark00000000000002")
    colors = [{"id": f"1:{n}", "name": f"brand/tone {n}", "fill": f"#{n * 991 % 2**24:06X}"} for n in range(40)]
    design = Design.of({"files": {key: {"name": key, "colors": colors} for key in keys}})
    with tempfile.TemporaryDirectory() as directory, Sandbox(design) as sandbox:
        root = Path(directory)
        environ = os.environ | {
            "FIGMA_API_URL": sandbox.url,
            "FIGMA_PERSONAL_TOKEN": "sandbox",
            "XDG_STATE_HOME": str(root / "state"),
        }
        rows = [*start_up(root, environ, keys), memory(root, environ, keys), validation(root)]
    rows += [*scheduler(), drawables()]
    width = max(len(row.name) for row in rows)
    for row in rows:
        bound = "" if row.bound is None else f"  (at most {row.bound:g}{row.unit})  {'ABOVE' if row.is_above else 'ok'}"
        sys.stdout.write(f"{row.name:<{width}}  {row.value:9.{row.digits}f}{row.unit}{bound}\n")
    return int(any(row.is_above for row in rows))


if __name__ == "__main__":
    sys.exit(main())
