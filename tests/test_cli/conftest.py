"""A project folder, a Figma on the loopback, and `exfig` as a process: what a user has, and nothing more."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from exfig_rx.model import Tier
from exfig_rx.sandbox.design import Design
from exfig_rx.sandbox.server import LoggedRequest, Sandbox
from tests.nursery import nursery

TOKEN = "figd_secret-0123456789"


def file_key(number: int) -> str:
    """A file key of its own for each number."""
    return f"Design{number:016}"


def colors(**values: str) -> dict[str, Any]:
    """A file whose published styles are `name="#RRGGBB"`; `__` in a name stands for a slash."""
    items = [
        {"id": f"1:{index}", "name": name.replace("__", "/"), "fill": value}
        for index, (name, value) in enumerate(values.items(), start=1)
    ]
    return {"name": "Colors", "colors": items}


def design(count: int = 12) -> Design:
    """Files `file_key(0…count-1)`, each with two colors."""
    return Design.of(
        {"files": {file_key(n): colors(ink="#0B3C49", surface__card=f"#{n:02X}F5F7FA") for n in range(count)}}
    )


@dataclass(frozen=True)
class Done:
    """A finished run."""

    code: int
    stdout: str
    stderr: str

    @property
    def last_line(self) -> str:
        return self.stdout.rstrip().splitlines()[-1]


@dataclass
class Project:
    """A working directory and a Figma."""

    root: Path
    sandbox: Sandbox

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def web(self, name: str, file: str, output: str | None = None) -> Path:
        """A config that exports the colors of `file` as CSS."""
        output = output or f"out/{Path(name).stem}"
        return self.write(name, f"figma:\n  lightFileId: {file}\nweb:\n  output: {output}\n  colors: {{}}\n")

    def webs(self, count: int) -> None:
        """Configs `configs/app-00.yaml…`, each of its own file."""
        for n in range(count):
            self.web(f"configs/app-{n:02}.yaml", file_key(n))

    def environ(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
        figma = {"FIGMA_PERSONAL_TOKEN": TOKEN, "FIGMA_API_URL": self.sandbox.url}
        return {**keep, **figma, "XDG_STATE_HOME": str(self.root / ".state"), **(extra or {})}

    def start(self, *argv: str, env: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "exfig_rx", *argv],
            cwd=self.root,
            env=self.environ(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *argv: str, env: Mapping[str, str] | None = None, rate_limit: int = 6000) -> Done:
        """`exfig ARGV` to its end; at a high limit unless told, so that no test waits for its turn."""
        limits = ["--rate-limit", str(rate_limit)] if argv[0] == "batch" and "--rate-limit" not in argv else []
        with TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            environ = self.environ(env)
            code, _ = nursery().run((*argv, *limits), self.root, environ, stdout=out, stderr=err, kill_after_s=50)
            stdout, stderr = out.read_text(), err.read_text()
        assert code != -signal.SIGKILL, f"it did not end: {stderr}"
        assert TOKEN not in stdout + stderr, "the token was shown"
        return Done(code, stdout, stderr)

    def report(self, name: str = "report.json") -> dict[str, Any]:
        text = (self.root / name).read_text()
        assert TOKEN not in text
        found: dict[str, Any] = json.loads(text)
        return found

    def asked(self) -> list[LoggedRequest]:
        """The requests that reached the API."""
        return [entry for entry in self.sandbox.log if entry.tier is not None]

    def tiers(self) -> Sequence[Tier | None]:
        return [entry.tier for entry in self.asked()]

    def files(self) -> dict[str, str]:
        """Every file below `out/`."""
        out = self.root / "out"
        return {str(path.relative_to(out)): path.read_text() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture
def figma() -> Iterator[Callable[..., Sandbox]]:
    """Starts sandboxes that end with the test."""
    started: list[Sandbox] = []

    def start(made: Design | None = None, **options: Any) -> Sandbox:
        sandbox = Sandbox(made or design(), accepted_tokens=[TOKEN], **options)
        sandbox.start()
        started.append(sandbox)
        return sandbox

    yield start
    for sandbox in started:
        sandbox.stop()
        assert sandbox.crashes == []


@pytest.fixture
def project(tmp_path: Path, figma: Callable[..., Sandbox]) -> Project:
    """An empty project and a Figma with twelve small files."""
    return Project(tmp_path, figma())
