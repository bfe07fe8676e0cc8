"""Speed and memory, as ratios taken in one run: `make bench`.

Each row measures two things in turns (A B A B …), so that a machine that slows down slows both; the ratio is that of
the medians. Exit code 1 when a ratio is beyond its bound.
"""

import compileall
import os
import shutil
import sys
import tempfile
from pathlib import Path

import yaml

from benchmarks import (
    downloads,
    hashing,
    icons,
    incremental,
    rasters,
    scheduling,
    transactions,
    variables,
    vectors,
    watching,
)
from benchmarks.measuring import EXFIG, Row, peak_megabytes, ratio, run
from exfig_rx.batch.discovery import RejectedConfig, find_configs, load_config
from exfig_rx.sandbox.design import Design
from exfig_rx.sandbox.server import Sandbox

IMPORTS = [sys.executable, "-c", "import reactivex, requests, rich, yaml"]

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


def write_configs(directory: Path, count: int, light: str, dark: str) -> None:
    directory.mkdir(parents=True)
    for number in range(count):
        (directory / f"app-{number:04}.yaml").write_text(SMALL.format(light=light, dark=dark, number=number))


def start_up(root: Path, environ: dict[str, str], keys: tuple[str, str]) -> list[Row]:
    write_configs(root / "twenty", 20, *keys)

    def batch() -> None:
        shutil.rmtree(root / ".exfig", ignore_errors=True)  # each is a first run
        run([*EXFIG, "batch", "twenty", "--rate-limit", "6000"], environ, root)

    return [
        Row("exfig --version / imports", ratio(lambda: run([*EXFIG, "--version"]), lambda: run(IMPORTS), 9), 0.5),
        Row(
            "batch of 20 small configs / imports",
            ratio(batch, lambda: run(IMPORTS), 9),
            4.0,
        ),
    ]


def memory(root: Path, environ: dict[str, str], keys: tuple[str, str]) -> Row:
    """Peak memory of a batch of 200 configs; measured in a child of its own, whose only child it is."""
    write_configs(root / "many", 200, *keys)
    shutil.rmtree(root / ".exfig", ignore_errors=True)
    taken = peak_megabytes([*EXFIG, "batch", "many", "--rate-limit", "6000"], environ, root)
    return Row("peak memory of a batch of 200 configs", taken, 150.0, " MB")


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


def main() -> int:
    """Measure everything and print a table."""
    # as installed: a process that may not write bytecode would compile what changed each time
    compileall.compile_dir("exfig_rx", quiet=1)
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
    rows += [*scheduler(), *variables.rows(), *hashing.rows(), *vectors.rows(), *rasters.rows(), *downloads.rows()]
    rows += [*transactions.rows(), *incremental.rows(), *watching.rows()]
    rows += [*icons.beside_figma_export(), *icons.everywhere()]
    width = max(len(row.name) for row in rows)
    for row in rows:
        sys.stdout.write(f"{row.name:<{width}}  {row.value:9.{row.digits}f}{row.unit}{_verdict(row)}\n")
    return int(any(row.is_off for row in rows))


def _verdict(row: Row) -> str:
    if row.bound is None:
        return ""
    side = "at least" if row.at_least else "at most"
    return f"  ({side} {row.bound:g}{row.unit})  {'OFF' if row.is_off else 'ok'}"


if __name__ == "__main__":
    sys.exit(main())
