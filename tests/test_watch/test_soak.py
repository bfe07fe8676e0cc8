"""A watch over many changes while much goes wrong: nothing grows, and in the end every file is right.

`EXFIG_SOAK` says how many changes (`make soak`: 2,000), `EXFIG_SOAK_SEED` where the random numbers begin.
"""

import http.client
import json
import os
import random
import signal
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from exfig_rx.sandbox import Fault, FaultKind, Sandbox
from exfig_rx.sandbox.design import Design, Edit
from tests.test_cli.conftest import TOKEN, Project
from tests.test_cli.watched import Watched

CHANGES = int(os.environ.get("EXFIG_SOAK", "15"))
SEED = int(os.environ.get("EXFIG_SOAK_SEED", "8"))
IS_LONG = CHANGES >= 1000

SETTLED_AFTER = 200 if IS_LONG else CHANGES // 2
"""So many changes until everything has been used: pools have their threads, caches their size."""

MOST_GROWTH_KB = 5_000
"""How much larger the process may be at the end than then."""

MOST_DOWNLOADS = 4
MOST_SOCKETS = 16 + MOST_DOWNLOADS + 4
"""Connections to the API and to the storage are kept; and what the webhook and the reactor listen to."""

PASSCODE = "open sesame"
ARGV = (
    *("--debounce", "10", "--rate-limit", "600000", "--burst", "1000", "--concurrent-downloads", str(MOST_DOWNLOADS)),
    *("--prune", "--max-retries", "1" if IS_LONG else "0"),
    *("--webhook", "127.0.0.1:0", "--webhook-passcode-env", "HOOK"),
)
FILES = [f"Soak{n:018}" for n in range(4)]
APPS = 8
ICONS, IMAGES, COLORS = 6, 2, 5
STYLES = ("camelCase", "snake_case")

CONFIGS = (
    """\
ios:
  xcassetsPath: {out}/Assets.xcassets
  xcassetsInMainBundle: true
  colors: {{ useColorAssets: true, assetsFolder: Colors, nameStyle: {style}, colorSwift: {out}/Colors.swift }}
  icons: {{ format: svg, assetsFolder: Icons, nameStyle: {style}, imageSwift: {out}/Icons.swift }}
""",
    """\
android:
  mainRes: {out}/res
  mainSrc: {out}/src
  resourcePackage: app.soak
  colors: {{ composePackageName: app.soak.{word} }}
  icons: {{ output: icons }}
  images: {{ output: images, format: webp, sourceFormat: svg, scales: [1, 2] }}
""",
    """\
flutter:
  output: {out}/lib
  colors: {{ className: {word} }}
  icons: {{ output: {out}/icons, className: Icons{word} }}
  images: {{ output: {out}/images, format: png, scales: [1], className: Images{word} }}
""",
    """\
web:
  output: {out}
  colors: {{ cssFileName: {word}.css }}
  icons: {{ outputDirectory: code, svgDirectory: svg, nameStyle: {style} }}
""",
)
"""One a platform; `style` and `word` change names of files and what is in them."""


def config(app: int, variant: int, out: str = "") -> str:
    style, word = STYLES[variant % 2], ("Here", "There", "Elsewhere")[variant % 3]
    body = CONFIGS[app % 4].format(out=out or f"out/app-{app}", style=style, word=word)
    return f"# {variant}\nfigma: {{ lightFileId: {FILES[app % 4]} }}\n{body}"


def drawing(number: int) -> str:
    return f'<path d="M4 4H{8 + number % 12}V{9 + number % 7}H4Z" fill="#{number * 7919 % 2**24:06X}"/>'


def soaked_design() -> Design:
    def frame(number: int, name: str, kind: str, count: int) -> dict[str, Any]:
        made = [{"id": f"{number}:{n}", "name": f"{kind}/{n}", "svg": drawing(n)} for n in range(1, count + 1)]
        return {"id": f"{number}:0", "name": name, "components": made}

    frames = [frame(2, "Icons", "ic", ICONS), frame(3, "Illustrations", "img", IMAGES)]
    colors = [{"id": f"1:{n}", "name": f"tone {n}", "fill": f"#{n * 991:06X}"} for n in range(1, COLORS + 1)]
    file = {"colors": colors, "pages": [{"id": "0:1", "name": "Page", "frames": frames}]}
    return Design.of({"files": {key: {"name": key, **file} for key in FILES}})


FAULTS: tuple[Callable[[int], Fault], ...] = (
    lambda times: Fault(FaultKind.STATUS, "/v1/*", status=500, times=times),
    lambda times: Fault(FaultKind.STATUS, "/cdn/*", status=503, times=times),
    lambda times: Fault(FaultKind.RESET, "/v1/*", times=times),
    lambda times: Fault(FaultKind.RESET, "/cdn/*", times=times),
    lambda times: Fault(FaultKind.CLOSE, "*", times=times),
    lambda times: Fault(FaultKind.TRUNCATE, "/cdn/*", times=times),
    lambda times: Fault(FaultKind.TRUNCATE, "/v1/*", times=times),
    lambda times: Fault(FaultKind.GARBLE, "/v1/*", times=times),
    lambda times: Fault(FaultKind.GARBLE, "/cdn/*", times=times),
    lambda times: Fault(FaultKind.EMPTY, "/cdn/*", times=times),
    lambda times: Fault(FaultKind.HTML, "/v1/*", times=times),
    lambda times: Fault(FaultKind.EXPIRED, times=times),
    lambda times: Fault(FaultKind.WRONG_TYPE, times=times),
    lambda times: Fault(FaultKind.NULL_RENDER, node_ids=("2:1", "3:1"), times=times),
    lambda times: Fault(FaultKind.RENDER_TIMEOUT, min_ids=3, times=times),
    lambda times: Fault(FaultKind.RATE_LIMIT, "/v1/*", retry_after="0", times=times),
)


class Held(NamedTuple):
    """What a process holds while it rests."""

    kilobytes: int
    threads: int
    files: int
    sockets: int


def held(pid: int) -> Held:
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    leads_to: list[str] = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since
            leads_to.append(os.readlink(path))
    sockets = sum(place.startswith("socket:") for place in leads_to)
    return Held(int(status["VmRSS"].split()[0]), int(status["Threads"]), len(leads_to) - sockets, sockets)


class Soak:
    """A watch, and somebody who changes things."""

    def __init__(self, project: Project, watch: Watched) -> None:
        self._project = project
        self._watch = watch
        self._address = ""
        self._chance = random.Random(SEED)
        self._count = 0
        self.variants = dict.fromkeys(range(APPS), 0)

    def begin(self) -> None:
        self._address = self._watch.until("watch-started")["webhook"].removeprefix("http://").rstrip("/")
        self._watch.rests()

    def change(self) -> None:
        """One change at random, in weather at random, and what comes of it."""
        chance = self._chance
        self._count += 1
        self._watch.told.clear()
        faults = self._project.sandbox.faults
        faults.clear()
        for _ in range(chance.choice((0, 1, 1, 2))):
            faults.append(chance.choice(FAULTS)(chance.choice((1, 1, 2))))
        chance.choice(
            (self._edit, self._edit, self._break, self._replace, self._meet, *(self._draw,) * 4, self._redraw)
            if self._count % 25
            else (self._reload,)
        )()

    def mend(self) -> None:
        """Good weather; whatever failed is exported."""
        self._project.sandbox.faults.clear()
        for app in self.variants:
            self._write(app)
        for _ in range(3):
            self._watch.told.clear()
            self._reload()
            if len(self._watch.ended()) == APPS:
                return
        raise AssertionError(f"it does not recover: {self._watch.told}")

    # ── changes ──

    def _path(self, app: int) -> Path:
        return self._project.root / f"configs/app-{app}.yaml"

    def _write(self, app: int, text: str = "") -> None:
        path = self._path(app)
        if self._count % 2:
            beside = path.with_suffix(".tmp")
            beside.write_text(text or config(app, self.variants[app]))
            beside.replace(path)
        else:
            path.write_text(text or config(app, self.variants[app]))

    def _queued(self, app: int) -> None:
        self._watch.until("config-queued", matches=lambda told: told["config"].endswith(f"/app-{app}.yaml"))

    def _edit(self) -> None:
        app = self._chance.randrange(APPS)
        self.variants[app] += 1
        self._write(app)
        self._queued(app)
        if self._chance.random() < 0.3:  # and again, while it runs
            self.variants[app] += 1
            self._write(app)
            self._queued(app)
        self._watch.rests()

    def _break(self) -> None:
        app = self._chance.randrange(APPS)
        self._write(app, f"# {self._count}\nweb: [")
        self._watch.until("config-failed", matches=lambda told: told["config"].endswith(f"/app-{app}.yaml"))
        self.variants[app] += 1
        self._write(app)
        self._queued(app)
        self._watch.rests()

    def _replace(self) -> None:
        app = self._chance.randrange(APPS)
        self._path(app).unlink()
        self._watch.until("config-removed", matches=lambda told: told["config"].endswith(f"/app-{app}.yaml"))
        self._write(app)
        self._queued(app)
        self._watch.rests()

    def _meet(self) -> None:
        app = self._chance.randrange(4, APPS)
        self._write(app, config(app, self.variants[app], f"out/app-{app - 4}"))
        self._watch.until("config-held")
        self._write(app)
        self._queued(app)
        self._watch.rests()

    def _draw(self) -> None:
        node, change = self._chance.choice(
            (
                (f"1:{self._chance.randint(1, COLORS)}", {"fill": f"#{self._count * 104729 % 2**24:06X}"}),
                (f"2:{self._chance.randint(1, ICONS)}", {"svg": drawing(self._count)}),
                (f"3:{self._chance.randint(1, IMAGES)}", {"svg": drawing(self._count)}),
            )
        )
        self._tell(self._chance.choice(FILES), node, change)

    def _redraw(self) -> None:
        """Back to what it was at first."""
        number = self._chance.randint(1, ICONS)
        self._tell(self._chance.choice(FILES), f"2:{number}", {"svg": drawing(number)})

    def _tell(self, file: str, node: str, change: dict[str, Any]) -> None:
        self._project.sandbox.edit(Edit(file, node, change))
        word = {"event_type": "LIBRARY_PUBLISH", "file_key": file, "file_name": file, "passcode": PASSCODE}
        for body in (word, {**word, "passcode": "wrong"}):
            connection = http.client.HTTPConnection(self._address, timeout=10)
            connection.request("POST", "/", json.dumps(body))
            assert connection.getresponse().status == 200
            connection.close()
        self._watch.until("change-noticed", source="webhook")
        self._watch.rests()

    def _reload(self) -> None:
        self._watch.process.send_signal(signal.SIGHUP)
        self._watch.until("change-noticed", source="person")
        self._watch.rests()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Sandbox(soaked_design(), accepted_tokens=[TOKEN]) as sandbox:
        project = Project(tmp_path / "watched", sandbox)
        for app in range(APPS):
            project.write(f"configs/app-{app}.yaml", config(app, 0))
        yield project
        assert sandbox.crashes == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="what a process holds is read from /proc")
def test_a_watch_neither_grows_nor_errs(project: Project, tmp_path: Path) -> None:
    trace: list[Held] = []
    with Watched(project, *ARGV, env={"HOOK": PASSCODE}) as watch:
        soak = Soak(project, watch)
        soak.begin()
        for number in range(1, CHANGES + 1):
            soak.change()
            trace.append(held(watch.process.pid))
            if IS_LONG and number % 100 == 0:
                print(f"{number} changes: {trace[-1]}", file=sys.stderr)
        soak.mend()
        assert watch.end() == 130
    window = min(20, (CHANGES - SETTLED_AFTER) // 2)
    then, now = (median_of(part) for part in (trace[SETTLED_AFTER:][:window], trace[-window:]))
    assert (now.threads, now.files) == (then.threads, then.files)
    assert max(one.sockets for one in trace) <= MOST_SOCKETS
    if IS_LONG:
        assert now.kilobytes - then.kilobytes < MOST_GROWTH_KB
    assert differences(outputs(project), outputs(exported_afresh(soak.variants, tmp_path, project.sandbox))) == []


def median_of(part: Sequence[Held]) -> Held:
    return Held(*(statistics.median_low(values) for values in zip(*part, strict=True)))


def exported_afresh(variants: Mapping[int, int], folder: Path, sandbox: Sandbox) -> Project:
    fresh = Project(folder / "fresh", sandbox)
    for app, variant in variants.items():
        fresh.write(f"configs/app-{app}.yaml", config(app, variant))
    assert fresh.run("batch", "configs").code == 0
    return fresh


def outputs(project: Project) -> dict[str, bytes]:
    out = project.root / "out"
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def differences(found: Mapping[str, bytes], expected: Mapping[str, bytes]) -> list[str]:
    return [name for name in {**found, **expected} if found.get(name) != expected.get(name)]
