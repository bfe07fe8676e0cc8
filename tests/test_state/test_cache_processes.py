"""Several processes on the cache of one project: none sees half of what another one does, whenever one is killed."""

import subprocess
import sys
from pathlib import Path

from exfig_rx.state.cache import Cache
from tests.test_state.caches import KEY, SVG, Runs

SCRIPT = """
import sys, time
from pathlib import Path
from exfig_rx.download.store import Store
from exfig_rx.model import FileVersion
from exfig_rx.pictures import RenderFormat, RenderSpec
from exfig_rx.state.cache import Cache

folder, what, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
scratch = folder / "runs" / what
store = Store(str(scratch / "store"))
svg = RenderSpec(RenderFormat.SVG)

def content(version, node):
    text = f"{node} at {version // 3} ".encode()
    return text * 60_000 if node == "1:0" else text * 300

def warn(problem):
    print("WARNED", problem.message, flush=True)

for round in range(rounds):
    cache = Cache(folder, "https://api.figma.com", what, scratch=scratch, wall_s=time.time, warn=warn,
                  most_bytes=200_000 if what == "gc" else 2**30)
    if what == "gc":
        cache.trim()
    else:
        version, nodes = str(round), [f"1:{n}" for n in range(12)]
        cache.saw(FileVersion("Harbor0000000000000001", version))
        found = cache.renders("Harbor0000000000000001", version, svg, nodes, store.keep)
        for node, blob in found.items():
            assert blob.read() == content(round, node), (round, node)
        blobs = {}
        for node in nodes:
            with store.begin() as part:
                part.write(content(round, node))
            blobs[node] = store.finish(part)
        cache.keep_renders("Harbor0000000000000001", version, svg, blobs)
        key, following = "Harbor0000000000000001", str(round + 1)
        cache.keep_hashes(key, version, dict.fromkeys(nodes, version), are_confirmed=True)
        cache.keep_hashes(key, following, dict.fromkeys(nodes, version))
        cache.confirm(key, version, cache.unconfirmed(key, version) or 0)
        cache.carry(key, version, following, nodes if (round + 1) % 3 else [])
        cache.end_run()
    cache.close()
    print(round, flush=True)
"""


def start(folder: Path, what: str, rounds: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), what, str(rounds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_exports_and_a_collector_side_by_side_find_nothing_but_what_was_kept(tmp_path: Path) -> None:
    folder = tmp_path / ".exfig"
    working = [start(folder, what, 12) for what in ("one", "two", "gc")]
    for process in working:
        out, _ = process.communicate(timeout=50)
        assert out.split() == [str(number) for number in range(12)], out
        assert process.returncode == 0


def test_a_process_that_is_killed_leaves_whole_things_only(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for number, what in enumerate(("one", "gc", "two", "three")):
        process = start(runs.folder, what, 1000)
        assert process.stdout is not None
        for _ in range(number + 2):
            assert "WARNED" not in process.stdout.readline()
        process.kill()
        process.communicate(timeout=50)
    cache = runs.start()
    for kept in cache.info().files:
        for version in kept.versions:
            nodes = [f"1:{n}" for n in range(12)]
            for node, blob in cache.renders(KEY, version, SVG, nodes, runs.store().keep).items():
                assert blob.read().startswith(f"{node} at {int(version) // 3} ".encode())
    assert named(cache) <= cache._blobs.stored(), "the index names bytes that are not there"
    cache.trim()
    assert cache._blobs.stored() == named(cache)
    assert runs.problems == []
    runs.end()


def named(cache: Cache) -> set[str]:
    rows = cache._index.read(lambda database: database.execute("SELECT digest FROM blob").fetchall())
    return {digest for (digest,) in rows or ()}
