"""`exfig colors` and the like: one config, found where it lies."""

from pathlib import Path

import pytest

from exfig_rx.__main__ import main
from tests.test_cli.conftest import Project, file_key


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and a token that nobody is asked about."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_config_that_lies_here_is_exported(project: Project) -> None:
    project.web("figma-export.yaml", file_key(1), "out/old")
    done = project.run("colors")
    assert done.code == 0, done.stderr
    assert list(project.files()) == ["old/theme.css", "old/variables.ts"]
    project.web("exfig.yaml", file_key(2), "out/new")
    project.web("configs/other.yaml", file_key(3), "out/other")
    assert project.run("colors", "--quiet").code == 0
    assert {path.split("/")[0] for path in project.files()} == {"old", "new"}


def test_a_config_is_named_with_i(project: Project) -> None:
    project.web("exfig.yaml", file_key(1), "out/here")
    project.web("configs/other.yaml", file_key(2), "out/other")
    done = project.run("colors", "-i", "configs/other.yaml")
    assert done.code == 0, done.stderr
    assert {path.split("/")[0] for path in project.files()} == {"other"}


@pytest.mark.parametrize(
    ("argv", "part"),
    [
        (["icons"], "no config here: neither exfig.yaml nor figma-export.yaml. Name one: -i FILE"),
        (["icons", "-i", "configs"], "configs is a directory, not a config"),
        (["icons", "-i", "missing.yaml"], "no such file or directory: missing.yaml"),
        (["icons", "-i", "configs/a.yaml"], "no Figma token: set FIGMA_PERSONAL_TOKEN"),
    ],
)
def test_what_is_wrong_before_the_run_is_told(
    here: Path, capsys: pytest.CaptureFixture[str], argv: list[str], part: str
) -> None:
    (here / "configs").mkdir()
    (here / "configs/a.yaml").write_text("web: { output: out, icons: {} }\n")
    assert main(argv) == 2
    assert part in capsys.readouterr().err
