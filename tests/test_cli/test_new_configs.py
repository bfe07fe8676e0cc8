"""`exfig init`, `exfig migrate`, `exfig schema`: files and texts that people start from."""

import io
import json
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from exfig_rx.__main__ import main
from tests.test_cli.conftest import Project, file_key

FILE_ID = "Lb9HarborLibrary00000001"
SECRET = "figd_Abc-0123456789"
OLD = f"""\
# the old one
figma:
  lightFileId: {FILE_ID}
  personalAccessToken: {SECRET}
web:
  output: out
  colors: {{ cssFile: a.css }} # the file
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Terminal(io.StringIO):
    """Standard input with somebody who types."""

    def isatty(self) -> bool:
        return True


def somebody_types(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)


# init


def test_a_first_config_runs_as_it_is(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    assert main(["init", "web", "android", "--file-id", f"https://www.figma.com/design/{file_key(0)}/Harbor"]) == 0
    done = project.run("batch", "--quiet")
    assert done.code == 0, done.stdout
    assert (project.root / "src/design/theme.css").exists()
    assert (project.root / "app/src/main/res/values/colors.xml").exists()


def test_on_a_terminal_what_is_missing_is_asked(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    somebody_types(monkeypatch, "iOS, flutter", f"https://www.figma.com/file/{FILE_ID}/x")
    assert main(["init"]) == 0
    assert capsys.readouterr().err == "Platforms, some of ios, android, flutter, web: Figma file, its id or URL: "
    config = yaml.safe_load((here / "exfig.yaml").read_text())
    assert (list(config), config["figma"]["lightFileId"]) == (["figma", "ios", "flutter"], FILE_ID)


@pytest.mark.parametrize(
    ("argv", "typed", "part"),
    [
        (["init", "ios"], None, "no Figma file given"),
        (["init", "--file-id", FILE_ID], None, "no platform given. Name some of ios, android, flutter, web"),
        (["init", "--file-id", FILE_ID], "", "no platform given"),
        (["init", "--file-id", FILE_ID], "iso", "expected ios, android, flutter, web, found 'iso'. Did you mean ios?"),
        (["init", "windows", "--file-id", FILE_ID], None, "found 'windows'"),
        (["init", "ios", "--file-id", "1:2"], None, "found the node id"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_written(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    typed: str | None,
    part: str,
) -> None:
    if typed is not None:
        somebody_types(monkeypatch, typed)
    assert main(argv) == 2
    assert part in capsys.readouterr().err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    "command", [["init", "ios", "--file-id", FILE_ID], ["migrate", "old.yaml", "-o", "exfig.yaml"]]
)
def test_nothing_is_overwritten(here: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    (here / "old.yaml").write_text(OLD)
    (here / "exfig.yaml").write_text("mine")
    assert main(command) == 2
    assert "exfig.yaml is there already" in capsys.readouterr().err
    assert (here / "exfig.yaml").read_text() == "mine"
    (here / "exfig.yaml").unlink()
    (here / "exfig.yaml").symlink_to(here / "nowhere")
    assert main(command) == 2
    assert not (here / "nowhere").exists()


def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["init", "ios", "--file-id", FILE_ID, "-o"]
    assert main([*command, "configs/ios.yaml"]) == 0
    assert "exfig batch configs/ios.yaml" in capsys.readouterr().out
    assert main([*command, "configs/ios.yaml/deep/a.yaml"]) == 2
    assert "can't write configs/ios.yaml/deep" in capsys.readouterr().err


# migrate


def test_an_old_config_becomes_a_new_file_that_is_valid(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "figma-export.yaml").write_text(OLD)
    assert main(["migrate", "figma-export.yaml"]) == 0
    out = capsys.readouterr().out
    assert "figma-export.yaml:4:3 figma.personalAccessToken: removed" in out
    assert "figma-export.yaml:7:13 web.colors.cssFile: cssFile is now cssFileName" in out
    assert out.splitlines()[-1] == "Wrote exfig.yaml: 2 changes; it is valid"
    assert SECRET not in out
    assert (here / "figma-export.yaml").read_text() == OLD
    new = (here / "exfig.yaml").read_text()
    assert new == OLD.replace(f"  personalAccessToken: {SECRET}\n", "").replace("cssFile:", "cssFileName:")
    assert main(["validate"]) == 0
    assert capsys.readouterr().out.endswith("0 errors; 0 warnings\n")


def test_what_cannot_be_migrated_is_left_to_do(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = OLD.replace("web:", "common:\n  colors: { useVariables: true }\nweb:")
    (here / "old.yaml").write_text(old)
    assert main(["migrate", "old.yaml"]) == 1
    out = capsys.readouterr().out
    assert "Left to do by hand:" in out
    assert "old.migrated.yaml:" in out
    assert "common.variablesColors" in out
    assert out.splitlines()[-1] == "Wrote old.migrated.yaml: 2 changes; 1 error left"


@pytest.mark.parametrize(("text", "code"), [(None, 2), ("a: [", 1)])
def test_what_is_no_config_writes_nothing(here: Path, text: str | None, code: int) -> None:
    if text is not None:
        (here / "old.yaml").write_text(text)
    assert main(["migrate", "old.yaml"]) == code
    assert [path.name for path in here.iterdir()] == ([] if text is None else ["old.yaml"])


# schema


def test_the_schema_is_one_and_fits_a_config(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    main(["init", "ios", "android", "flutter", "web", "--file-id", FILE_ID])
    jsonschema.validate(yaml.safe_load((here / "exfig.yaml").read_text()), schema)
