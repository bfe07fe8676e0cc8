"""Which files belong to a run, in what order, and under what names."""

import os
from pathlib import Path

import pytest

from exfig_rx.batch.discovery import RejectedConfig, ValidConfig, find_configs, load_config
from exfig_rx.errors import UsageError
from exfig_rx.model import ConfigId

GOOD = """\
figma: {lightFileId: AbCdEfGhIjKlMnOpQrStUv}
web: {output: site, colors: {}}
"""


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(GOOD)


def found(root: Path, *paths: str, recursive: bool = False) -> list[str]:
    return [config.label for config in find_configs(paths, recursive=recursive, directory=root)]


def usage(root: Path, *paths: str) -> str:
    with pytest.raises(UsageError) as caught:
        find_configs(paths, recursive=False, directory=root)
    return str(caught.value)


def test_a_directory_stands_for_its_yaml_files_sorted_without_hidden_ones(tmp_path: Path) -> None:
    write(tmp_path, "c/b.yml", "c/a.yaml", "c/.hidden.yaml", "c/notes.txt", "c/Z.YAML", "c/sub/d.yaml")
    assert found(tmp_path, "c") == ["Z.YAML", "a.yaml", "b.yml"]


def test_subdirectories_are_read_on_request_and_hidden_ones_never(tmp_path: Path) -> None:
    write(tmp_path, "c/b.yaml", "c/sub/d.yaml", "c/.git/e.yaml")
    assert found(tmp_path, "c", recursive=True) == ["b.yaml", "d.yaml"]


def test_files_and_directories_mix_and_a_file_named_twice_runs_once(tmp_path: Path) -> None:
    write(tmp_path, "c/a.yaml", "c/b.yaml", "extra.conf")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "c/a.yaml")
    assert found(tmp_path, "c/b.yaml", "c", "./c/../c/b.yaml", "extra.conf", "link.yaml") == [
        "b.yaml",
        "a.yaml",
        "extra.conf",
    ]


def test_equal_names_in_different_folders_both_run_under_their_shortest_distinct_paths(tmp_path: Path) -> None:
    write(tmp_path, "x/ios/exfig.yaml", "y/ios/exfig.yaml", "y/web/exfig.yaml", "z.yaml")
    assert found(tmp_path, "x/ios", "y/ios", "y/web", "z.yaml") == [
        "x/ios/exfig.yaml",
        "y/ios/exfig.yaml",
        "web/exfig.yaml",
        "z.yaml",
    ]


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        (["exfig.yaml", "figma-export.yaml", "configs/a.yaml"], ["exfig.yaml"]),
        (["figma-export.yaml", "configs/a.yaml"], ["figma-export.yaml"]),
        (["configs/a.yaml", "configs/b.yaml"], ["a.yaml", "b.yaml"]),
    ],
)
def test_without_paths_the_default_file_or_directory_is_taken(
    tmp_path: Path, there: list[str], taken: list[str]
) -> None:
    write(tmp_path, *there)
    assert found(tmp_path) == taken


def test_what_does_not_exist_or_holds_nothing_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert usage(tmp_path, "nowhere") == "no such file or directory: nowhere"
    assert usage(tmp_path, "empty") == "no configs found in empty"
    assert "neither exfig.yaml nor figma-export.yaml nor a configs/ directory" in usage(tmp_path)


def test_an_identity_is_the_real_path_whatever_was_typed(tmp_path: Path) -> None:
    write(tmp_path, "c/a.yaml")
    (config,) = find_configs(["c/./a.yaml"], recursive=False, directory=tmp_path)
    assert config == ConfigId(os.path.realpath(tmp_path / "c/a.yaml"), "a.yaml", "a.yaml")


def test_a_file_is_loaded_as_a_valid_or_a_rejected_config(tmp_path: Path) -> None:
    write(tmp_path, "c/good.yaml")
    (tmp_path / "c/bad.yaml").write_text("figma: [")
    (tmp_path / "c/folder.yaml").mkdir()
    bad, folder, good = (
        load_config(config, tmp_path) for config in find_configs(["c"], recursive=False, directory=tmp_path)
    )
    assert isinstance(good, ValidConfig)
    assert isinstance(bad, RejectedConfig)
    assert isinstance(folder, RejectedConfig)
    assert bad.problems[0].location is not None
    assert bad.problems[0].location.file == "c/bad.yaml"
    assert "directory" in folder.problems[0].message
