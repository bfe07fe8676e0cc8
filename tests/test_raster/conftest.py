"""What tests of workers stand on: a reactor, sources on disk, and pipes that hold a worker at a known place."""

import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from exfig_rx.model import ConfigId
from exfig_rx.pictures import Blob, Encoding, Raster, RenderFormat
from exfig_rx.raster.pool import Outcome, Rasterizer
from exfig_rx.reactor import Reactor

WAIT_S = 20.0
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="{}"><rect width="8" height="8"/></svg>'

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched through /proc")


def config(name: str = "app") -> ConfigId:
    return ConfigId(f"/{name}.yaml", f"{name}.yaml", name)


def children() -> set[int]:
    """The processes that this one has started and that have not been waited for."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread of another test that has just ended
            found.update(map(int, (task / "children").read_text().split()))
    return found


@dataclass
class Sources:
    """SVGs in a folder, each as a raster to make of it."""

    folder: Path

    def raster(self, content: str, encoding: Encoding = Encoding.PNG, scale: float = 1.0) -> Raster:
        path = self.folder / hashlib.sha256(content.encode()).hexdigest()
        path.write_text(content)
        return Raster(Blob(str(path), len(content), path.name), RenderFormat.SVG, encoding, scale)

    def numbered(self, *numbers: int) -> list[Raster]:
        return [self.raster(SVG.format(number)) for number in numbers]

    def held(self, name: str) -> "Held":
        """A picture whose bytes a worker waits for."""
        path = self.folder / name
        os.mkfifo(path)
        return Held(path, Raster(Blob(str(path), 0, name), RenderFormat.SVG, Encoding.PNG))


@dataclass
class Held:
    """A worker that reads `raster` waits until it is let go."""

    path: Path
    raster: Raster

    def let_go(self, content: str = SVG.format(1)) -> None:
        """Wait until a worker is at it, then give it the picture."""
        with open(self.path, "w") as pipe:
            pipe.write(content)

    def meet(self) -> int:
        """Wait until a worker is at it; the write end of the pipe, which keeps it there."""
        return os.open(self.path, os.O_WRONLY)


@dataclass
class Asking:
    """What a subscription has seen."""

    parts: list[Mapping[Raster, Outcome]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    dispose: Callable[[], None] = lambda: None

    @property
    def outcomes(self) -> dict[Raster, Outcome]:
        return {raster: outcome for part in self.parts for raster, outcome in part.items()}

    def all(self) -> dict[Raster, Outcome]:
        """Everything, once it is complete."""
        assert self.done.wait(WAIT_S), f"only {len(self.outcomes)} pictures came"
        return self.outcomes


class Drawing:
    """Rasterisers on a reactor, and what they are asked."""

    def __init__(self, folder: Path, reactor: Reactor) -> None:
        self.folder = folder
        self._reactor = reactor
        self._open: list[Rasterizer] = []
        # pictures in the order in which they came, whoever asked
        self.arrived: list[Raster] = []

    def rasterizer(self, processes: int = 1, time_limit_s: float = WAIT_S) -> Rasterizer:
        made = Rasterizer(str(self.folder), reactor=self._reactor, processes=processes, time_limit_s=time_limit_s)
        self._open.append(made)
        return made

    def ask(self, rasterizer: Rasterizer, wanted: Sequence[Raster], who: str = "app") -> Asking:
        """Subscribed when this returns."""
        asking = Asking()
        subscribed = threading.Event()

        def keep(part: Mapping[Raster, Outcome]) -> None:
            asking.parts.append(part)
            self.arrived += part

        def subscribe() -> None:
            stream = rasterizer(wanted, config(who))
            subscription = stream.subscribe(keep, on_completed=asking.done.set)
            asking.dispose = lambda: self.on_reactor(subscription.dispose)
            subscribed.set()

        self._reactor.post(subscribe)
        assert subscribed.wait(WAIT_S)
        return asking

    def on_reactor(self, action: Callable[[], None]) -> None:
        """Run and wait."""
        done = threading.Event()

        def run() -> None:
            action()
            done.set()

        self._reactor.post(run)
        assert done.wait(WAIT_S)

    def close(self) -> None:
        for rasterizer in self._open:
            rasterizer.close()


@pytest.fixture
def drawing(tmp_path: Path) -> Iterator[Drawing]:
    bugs: list[Exception] = []
    reactor = Reactor(bugs.append, workers=1)
    it = Drawing(tmp_path / "made", reactor)
    yield it
    it.close()
    reactor.close(WAIT_S)
    assert bugs == []


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    folder = tmp_path / "sources"
    folder.mkdir()
    return Sources(folder)
