"""`exfig validate`: everything that is wrong, without a token and without a network."""

from pathlib import Path

import pytest

from exfig_rx.__main__ import main

GOOD = "figma:\n  lightFileId: Harbor0000000000000001\nweb:\n  output: {output}\n  colors: {{}}\n"
BAD = "figma:\n  lightFileId: 12:34\nweb:\n  output: out\n  icons: {{ nameStyle: snakeCase }}\n  colours: {{}}\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory; no variable of Figma's is set."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str, output: str = "out") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.format(output=output))


def test_every_error_of_every_file_is_told_with_its_place(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "configs/a.yaml", BAD)
    write(here / "configs/b.yaml", GOOD)
    write(here / "configs/c.yaml", "web: [")
    assert main(["validate", "configs"]) == 1
    out = capsys.readouterr().out
    for part in (
        "configs/a.yaml:2:16 figma.lightFileId: expected a file id, found the node id",
        "configs/a.yaml:5:23 web.icons.nameStyle: expected",
        "configs/a.yaml:6:3 web.colours: ",
        "configs/c.yaml:1:",
        "    " + " " * 15 + "^",
    ):
        assert part in out, out
    assert out.splitlines()[-1] == "3 configs: 1 valid, 2 invalid; 4 errors; 0 warnings"


def test_configs_that_share_paths_are_told_and_have_a_code_of_their_own(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here / "a.yaml", GOOD)
    write(here / "b.yaml", GOOD, "./out/")
    assert main(["validate", "a.yaml", "b.yaml"]) == 3
    out = capsys.readouterr().out
    assert "would write the same paths" in out
    assert "out/theme.css" in out
    assert out.splitlines()[-1].endswith("1 pair of configs in conflict")
    write(here / "c.yaml", BAD)
    assert main(["validate", "."]) == 1


def test_warnings_are_told_unless_it_shall_be_quiet_and_fail_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here / "exfig.yaml", GOOD + "common: {{ cache: {{ path: x }} }}\n")
    assert main(["validate"]) == 0
    out = capsys.readouterr().out
    assert "common.cache.path: cache.path has no effect" in out
    assert out.splitlines()[-1] == "1 config: 1 valid, 0 invalid; 0 errors; 1 warning"
    assert main(["validate", "--quiet"]) == 0
    assert capsys.readouterr().out == "1 config: 1 valid, 0 invalid; 0 errors; 1 warning\n"


def test_folders_are_read_deep_only_when_asked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "all/one.yaml", GOOD, "out/1")
    write(here / "all/deep/two.yaml", GOOD, "out/2")
    assert main(["validate", "all"]) == 0
    assert capsys.readouterr().out.startswith("1 config:")
    assert main(["validate", "all", "--recursive"]) == 0
    assert capsys.readouterr().out.startswith("2 configs:")


def test_a_path_that_leads_nowhere_is_wrong_usage(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "missing.yaml"]) == 2
    assert main(["validate"]) == 2
    assert "missing.yaml" in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_colors_come_when_asked_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "a.yaml", BAD)
    main(["validate", "a.yaml", "--color", "always"])
    assert "\x1b[31m" in capsys.readouterr().out
    main(["validate", "a.yaml"])
    assert "\x1b" not in capsys.readouterr().out
