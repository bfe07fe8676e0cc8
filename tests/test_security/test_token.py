"""The token goes to Figma and nowhere else: real commands with a token that is easy to find, and a search of it all."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from exfig_rx.sandbox import Fault, FaultKind, Sandbox
from tests.test_cli.conftest import TOKEN, Done, Project, design, file_key

SPELLINGS = (TOKEN.encode(), TOKEN.encode().hex().encode(), base64.b64encode(TOKEN.encode()), TOKEN.encode("utf-16-le"))

BROKEN = """\
import os, sys
import exfig_rx.export.web
from exfig_rx.__main__ import main
def broken(*given, **named):
    raise RuntimeError("a bug that holds " + os.environ["FIGMA_PERSONAL_TOKEN"])
exfig_rx.export.web.render_web_colors = broken
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project whose home, state and temporary folder lie inside it, so that nothing is written elsewhere."""
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    with Sandbox(design(3), accepted_tokens=[TOKEN]) as sandbox:
        made = Project(tmp_path, sandbox)
        made.web("configs/a.yaml", file_key(0))
        made.web("configs/b.yaml", file_key(1))
        yield made


def inside(project: Project) -> dict[str, str]:
    """The folders of the user, within the project."""
    return {name: str(project.root / folder) for name, folder in (("HOME", "home"), ("TMPDIR", "tmp"))}


def searched(project: Project, *argv: str) -> Done:
    """A command to its end; the token is in nothing that it said or wrote."""
    done = project.run(*argv, env=inside(project))
    for spelling in SPELLINGS:
        assert spelling not in (done.stdout + done.stderr).encode()
    assert found_in(project.root) == []
    return done


def found_in(root: Path) -> list[str]:
    """The files below `root` that hold the token in any spelling, in their names or bytes."""
    files = [Path(folder, name) for folder, _, names in os.walk(root) for name in names]
    assert files
    return [str(file) for file in files if any(one in str(file).encode() + file.read_bytes() for one in SPELLINGS)]


def test_a_file_with_the_token_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite3").write_bytes(b"\0\1" + TOKEN.encode() + b"\2")
    assert found_in(tmp_path) == [str(tmp_path / "state.sqlite3")]


def test_a_run_with_retries_and_pauses_shows_it_nowhere(project: Project) -> None:
    project.sandbox.faults.append(Fault(FaultKind.STATUS, "*/styles", status=500, message=f"sorry, {TOKEN}"))
    project.sandbox.faults.append(Fault(FaultKind.RATE_LIMIT, "*/nodes", retry_after="0"))
    done = searched(project, "batch", "configs", "-v", "--report", "report.json")
    assert done.code == 0, done.stdout + done.stderr
    assert "2 configs" in done.stdout or "2 succeeded" in done.stdout
    assert all(entry.token_sent for entry in project.asked())
    assert searched(project, "batch", "configs", "--offline", "-v").code == 0


@pytest.mark.parametrize("status", [400, 403])
def test_a_refusal_that_repeats_it_is_told_without_it(project: Project, status: int) -> None:
    project.sandbox.faults.append(Fault(FaultKind.STATUS, times=None, status=status, message=f"Invalid token {TOKEN}"))
    done = searched(project, "batch", "configs", "-v", "--report", "report.json", "--max-retries", "0")
    assert done.code == 1
    assert "***" in (project.root / "report.json").read_text()


def test_a_redirect_that_repeats_it_is_told_without_it(project: Project) -> None:
    there = f"http://127.0.0.1:1/{TOKEN}?t={TOKEN}"
    project.sandbox.faults.append(Fault(FaultKind.REDIRECT, times=None, location=there))
    assert searched(project, "batch", "configs", "-v", "--report", "report.json", "--max-retries", "0").code == 1


def test_the_trace_of_a_bug_is_told_without_it(project: Project) -> None:
    run = [sys.executable, "-c", BROKEN, "batch", "configs", "-v", "--report", "report.json"]
    env = project.environ(inside(project))
    done = subprocess.run(run, cwd=project.root, env=env, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 70
    assert "a bug that holds ***" in done.stderr
    assert TOKEN not in done.stdout + done.stderr
    assert found_in(project.root) == []


@pytest.mark.parametrize("command", ["doctor", "validate"])
def test_other_commands_show_it_nowhere(project: Project, command: str) -> None:
    project.write("exfig.yaml", (project.root / "configs/a.yaml").read_text())
    assert searched(project, command, *(["exfig.yaml"] if command == "validate" else [])).code == 0


@pytest.mark.parametrize("command", ["batch", "validate", "doctor"])
def test_configs_that_hold_it_are_told_without_it(project: Project, command: str) -> None:
    lines = ("  lightFileId: {}", "  token: {}", "  personalAccessToken: '{}'", "  # {}\n  x: ]")
    configs = [
        project.write(f"held/{number}.yaml", f"figma:\n{line.format(TOKEN)}\nweb:\n  output: out\n  colors: {{}}\n")
        for number, line in enumerate(lines)
    ]
    done = project.run(command, "held", env=inside(project))
    assert done.code != 0 and TOKEN not in done.stdout + done.stderr
    for config in configs:
        config.unlink()
    assert found_in(project.root) == []
