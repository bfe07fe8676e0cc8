"""Pictures from SVG on two cores: the pool of workers beside the same functions in one process.

In: 200 varied drawings at 3 scales. Out: rows. The start of the workers is part of the first row, as in a run; the
second row leaves it out. `python -m benchmarks.rasters` prints them alone.
"""

import hashlib
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.measuring import Row, seconds
from exfig_rx.model import ConfigId
from exfig_rx.pictures import Blob, Encoding, Raster, RenderFormat
from exfig_rx.raster.draw import Order, drawn
from exfig_rx.raster.pool import Rasterizer
from exfig_rx.reactor import Reactor

PICTURES = 200
SCALES = (1.0, 2.0, 3.0)
PROCESSES = 2
RUNS = 3
SPEED_UP = 1.7
CONFIG = ConfigId("/bench.yaml", "bench.yaml", "bench.yaml")


def drawing(seed: int) -> str:
    """A picture of a few milliseconds: overlapping curves, gradients, a clip, one translucent group."""
    chance = random.Random(seed)

    def point() -> str:
        return f"{chance.uniform(0, 32):.2f} {chance.uniform(0, 32):.2f}"

    curves = "".join(
        f'<path d="M{point()}C{point()} {point()} {point()}S{point()} {point()}Z" fill="url(#g{number % 3})" '
        f'stroke="#{chance.randrange(1 << 24):06x}" stroke-width="{chance.uniform(0.5, 2):.2f}"/>'
        for number in range(4)
    )
    gradients = "".join(
        f'<linearGradient id="g{number}" x1="0" y1="0" x2="32" y2="32" gradientUnits="userSpaceOnUse">'
        f'<stop stop-color="#{chance.randrange(1 << 24):06x}"/>'
        f'<stop offset="1" stop-color="#{chance.randrange(1 << 24):06x}"/></linearGradient>'
        for number in range(3)
    )
    return (
        '<svg width="32" height="32" viewBox="0 0 32 32" fill="none" xmlns="http://www.w3.org/2000/svg">'
        f'<g clip-path="url(#c)">{curves}<g opacity="0.5">{curves}</g></g>'
        f'<defs>{gradients}<clipPath id="c"><rect width="32" height="32" rx="8"/></clipPath></defs></svg>'
    )


def rasters(folder: Path) -> list[Raster]:
    """Every drawing at every scale, as PNG."""
    made = []
    for seed in range(PICTURES):
        content = drawing(seed).encode()
        path = folder / f"{seed}.svg"
        path.write_bytes(content)
        source = Blob(str(path), len(content), hashlib.sha256(content).hexdigest())
        made += [Raster(source, RenderFormat.SVG, Encoding.PNG, scale) for scale in SCALES]
    return made


def in_one_process(wanted: list[Raster], folder: Path) -> None:
    """What workers do, without workers."""
    folder.mkdir()
    for raster in wanted:
        order = Order(raster.source.path, raster.source_format, raster.encoding, raster.scale, 90, False)
        content = drawn(Path(order.path).read_bytes(), order)
        (folder / hashlib.sha256(content).hexdigest()).write_bytes(content)


class Pool:
    """A rasteriser on a reactor of its own."""

    def __init__(self, folder: Path) -> None:
        self._bugs: list[Exception] = []
        self._reactor = Reactor(self._bugs.append, workers=1)
        self._rasterizer = Rasterizer(str(folder), reactor=self._reactor, processes=PROCESSES)

    def make(self, wanted: list[Raster]) -> None:
        """All of them; a failure ends the bench."""
        done = threading.Event()
        made: dict[Raster, object] = {}
        stream = self._rasterizer(wanted, CONFIG)

        def subscribe() -> None:
            stream.subscribe(made.update, self._bugs.append, done.set)

        self._reactor.post(subscribe)
        done.wait()
        if self._bugs or not all(isinstance(made[raster], Blob) for raster in wanted):
            raise SystemExit(f"the bench's pictures are not made: {self._bugs}, {list(made.values())[:3]}")

    def close(self) -> None:
        """End workers and reactor."""
        self._rasterizer.close()
        self._reactor.close(1.0)


def rows() -> list[Row]:
    """Speed-ups with and without the start of workers, and what the parent spends on a picture."""
    alone, whole, warm, spent = [], [], [], []
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        wanted = rasters(root)
        drawn(Path(wanted[0].source.path).read_bytes(), Order("", "svg", "png", 1.0, 90, False))
        for _ in range(RUNS):
            alone.append(seconds(lambda: in_one_process(wanted, root / "alone")))
            pool = Pool(root / "pool")
            cpu = time.process_time()
            begun = seconds(lambda: pool.make(wanted[:PROCESSES]))  # noqa: B023
            rest = seconds(lambda: pool.make(wanted[PROCESSES:]))  # noqa: B023
            spent.append((time.process_time() - cpu) / len(wanted))
            pool.close()
            whole.append(begun + rest)
            warm.append(rest / (len(wanted) - PROCESSES) * len(wanted))
            shutil.rmtree(root / "alone")
            shutil.rmtree(root / "pool")
    single = statistics.median(alone)
    name = f"{PICTURES} SVGs at {len(SCALES)} scales, {PROCESSES} workers"
    return [
        Row(f"{name}: speed-up over one process", single / statistics.median(whole), SPEED_UP, at_least=True),
        Row(f"{name}: without the start of workers", single / statistics.median(warm), None),
        Row(f"{name}: one process", single * 1000 / PICTURES / len(SCALES), None, " ms a picture"),
        Row(f"{name}: CPU of the parent", statistics.median(spent) * 1e6, 1000.0, " µs a picture", 0),
    ]


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row.name:<60}  {row.value:9.{row.digits}f}{row.unit}\n")
