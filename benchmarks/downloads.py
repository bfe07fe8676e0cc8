"""The download pool beside a bare urllib3 loop: many small SVGs from the loopback, without and with latency.

In: a server of a few lines in a process of its own, so that it shares no lock with what is measured. Out: rows. Rule:
both sides have the same number of connections and fetch the same bytes, in turns; ours also checks, hashes and stores.
"""

import asyncio
import gc
import subprocess
import sys
import tempfile
import threading
import tracemalloc
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from random import random

import urllib3

from benchmarks.measuring import Row, ratio, seconds
from exfig_rx.connections import Line
from exfig_rx.download import Download, DownloadPool, open_pool
from exfig_rx.download.failures import DownloadFailed, Trouble
from exfig_rx.download.store import Part, Store
from exfig_rx.model import ConfigId, Problem
from exfig_rx.pictures import Blob, RenderFormat
from exfig_rx.reactor import DaemonPool, Reactor

CONNECTIONS = 20
COUNT = 1_000
LATENCY_S = 0.08
PATIENCE_S = 120.0
CONFIG = ConfigId("/bench.yaml", "bench.yaml", "bench.yaml")

_SHAPE = "".join(f"M{n % 24} {n * 7 % 24}L{n * 5 % 24}.5 {n * 3 % 24}C1.5 2 3.25 4 5 6Z" for n in range(20))
_numbers = count()


# ── the server ──


def picture(target: str) -> bytes:
    """An icon of some 700 bytes; no two are the same."""
    return (
        '<svg width="24" height="24" viewBox="0 0 24 24" fill="none" xmlns="http://www.w3.org/2000/svg">\n'
        f'<path id="{target.strip("/")}" d="{_SHAPE}" fill="#0B3C49"/>\n</svg>\n'
    ).encode()


class _Talk(asyncio.Protocol):
    """Answers each GET of `/<milliseconds>/<name>` with its picture, after so long a wait."""

    _transport: asyncio.WriteTransport

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, self._received = self._received.split(b"\r\n\r\n", 1)
            target = head.split(b" ", 2)[1].decode()
            body = picture(target)
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            wait_ms = int(target.split("/")[1])
            if wait_ms:
                asyncio.get_running_loop().call_later(wait_ms / 1000, self._transport.write, answer)
            else:
                self._transport.write(answer)


async def serve() -> None:
    """Serve until standard input is closed; the port goes to standard output."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Talk, "127.0.0.1", 0, backlog=256)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def served() -> Iterator[str]:
    """The address of a server in a process of its own."""
    command = [sys.executable, "-c", "import asyncio; from benchmarks.downloads import serve; asyncio.run(serve())"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdin is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.stdin.close()
        process.wait()


# ── what is measured ──


def bare(urls: Sequence[str]) -> None:
    """The loop that one would write: threads, one `PoolManager`, bytes in memory."""
    with urllib3.PoolManager(maxsize=CONNECTIONS) as manager, ThreadPoolExecutor(CONNECTIONS) as threads:
        bodies = list(threads.map(lambda url: manager.request("GET", url).data, urls))
    assert min(map(len, bodies)) > 300


def pooled(urls: Sequence[str], root: Path) -> None:
    """The same with the pool."""
    reactor = Reactor(_fail, workers=1)
    pool = open_pool(
        Store(str(root / f"{next(_numbers)}")),
        connections=CONNECTIONS,
        most_bytes=1 << 26,
        reactor=reactor,
        max_retries=4,
        random=random,
    )
    found = fetched(reactor, pool, [Download(url, RenderFormat.SVG) for url in urls])
    assert sum(isinstance(result, Blob) for result in found.values()) == len(urls)
    pool.close()
    reactor.close(1.0)


def fetched(reactor: Reactor, pool: DownloadPool, wanted: Sequence[Download]) -> dict[Download, Blob | DownloadFailed]:
    """Everything that comes out of the pool."""
    found: dict[Download, Blob | DownloadFailed] = {}
    ended = threading.Event()

    def start() -> None:
        pool(wanted, CONFIG).subscribe(found.update, _fail, ended.set)

    reactor.post(start)
    assert ended.wait(PATIENCE_S)
    return found


def kilobytes_waiting(number: int) -> float:
    """Memory that a download takes while it waits for its turn, without its address."""
    wanted = [Download(f"https://pictures.invalid/{n}", RenderFormat.SVG) for n in range(number)]
    failed = Trouble(DownloadFailed(Problem("bench", "nothing is fetched")))
    begun: SimpleQueue[None] = SimpleQueue()
    go = threading.Event()
    taken = 0

    def fetch(_: Download, __: Line, ___: Part | None) -> Trouble:
        begun.put(None)
        go.wait()
        return failed

    def look() -> None:
        nonlocal taken
        for _ in range(CONNECTIONS):
            begun.get()
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        go.set()

    reactor, workers = Reactor(_fail, workers=1), DaemonPool(CONNECTIONS, "bench")
    pool = DownloadPool(fetch, workers=workers, connections=CONNECTIONS, reactor=reactor, max_retries=0, random=random)
    watching = threading.Thread(target=look)
    watching.start()
    gc.collect()
    tracemalloc.start()
    fetched(reactor, pool, wanted)
    watching.join()
    pool.close()
    reactor.close(1.0)
    return taken / number / 1000


def _fail(error: Exception) -> None:
    raise SystemExit(f"the bench failed: {error!r}")


def rows(runs: int = 7) -> list[Row]:
    """Speed without and with latency, and memory."""
    with served() as url, tempfile.TemporaryDirectory() as root:
        quick = [f"{url}/0/icon-{number}.svg" for number in range(COUNT)]
        late = [f"{url}/{LATENCY_S * 1000:.0f}/icon-{number}.svg" for number in range(COUNT)]
        beside_bare = ratio(lambda: pooled(quick, Path(root)), lambda: bare(quick), runs)
        least_s = COUNT * LATENCY_S / CONNECTIONS
        taken_s = seconds(lambda: pooled(late, Path(root)))
    return [
        Row(f"1,000 small SVGs downloaded / bare urllib3 loop, {CONNECTIONS} connections each", beside_bare, 1.5),
        Row("1,000 downloads of 80 ms each / downloads x latency / connections", taken_s / least_s, 1.15),
        Row("a download that waits, of 10,000", kilobytes_waiting(10_000), 3.0, " kB"),
    ]
