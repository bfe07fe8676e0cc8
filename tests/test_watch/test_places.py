"""Where a watch looks, and what touched paths mean there."""

import os
from pathlib import Path

import pytest

from exfig_rx.watch.places import Root, Touched, is_noise, places_of, trail


def everything(_: str) -> bool:
    return True


def test_the_trail_of_a_plain_file_is_the_file(tmp_path: Path) -> None:
    assert list(trail(str(tmp_path / "app.yaml"))) == [(str(tmp_path / "app.yaml"), True)]


def test_the_trail_names_every_link_and_the_end(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    (tmp_path / "data").symlink_to("./v1")
    (tmp_path / "app.yaml").symlink_to(f"{tmp_path}/v1/../data/app.yaml")
    assert list(trail(str(tmp_path / "app.yaml"))) == [
        (str(tmp_path / "app.yaml"), True),
        (str(tmp_path / "data"), False),
        (str(tmp_path / "v1" / "app.yaml"), True),
    ]


def test_the_trail_of_links_in_a_circle_ends(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    assert len(list(trail(str(tmp_path / "one")))) < 100


def test_hidden_subfolders_scratch_and_links_to_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("sub/deeper", ".git/objects", ".hidden", "far"):
        (tmp_path / "repo" / name).mkdir(parents=True)
    (tmp_path / "repo" / "link").symlink_to("far")
    found = places_of([Root(str(tmp_path / "repo"), recursive=True)], everything)
    assert {os.path.relpath(name, tmp_path / "repo") for name in found.folders} == {".", "sub", "sub/deeper", "far"}


def test_a_folder_in_which_something_was_written_is_not_told_itself(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    found = places_of([Root(str(tmp_path))], everything)
    sub = str(tmp_path / "sub")
    assert found.touched(sub, is_edit=True, matters=everything) == Touched(is_doubtful=True)
    assert found.touched(sub, is_edit=False, matters=everything) == Touched(frozenset({sub}), is_doubtful=True)


def test_a_watched_folder_that_went_is_not_watched_any_more_even_if_it_is_there_again(tmp_path: Path) -> None:
    found = places_of([Root(str(tmp_path))], everything)
    assert found.touched(str(tmp_path), is_edit=False, matters=everything).is_torn
    assert not found.have_moved()


@pytest.mark.parametrize(
    "name",
    [
        ".#app.yaml",
        "#app.yaml#",
        "app.yaml~",
        ".app.yaml.swp",
        ".app.yaml.swx",
        "4913",
        ".app.yaml.tmp",
        "app.yaml.bak",
        "app.yaml___jb_tmp___",
        "app.yaml___jb_old___",
        ".git/index",
        ".exfig/state.db",
        ".exfig-1a2b.yaml",
    ],
)
def test_what_editors_and_tools_leave_for_a_moment_is_noise(name: str) -> None:
    assert is_noise(f"/repo/configs/{name}")


@pytest.mark.parametrize("name", ["app.yaml", "4913.yaml", "template.jinja", "#1.yaml", "git/app.yaml", "exfig.yaml"])
def test_what_people_write_is_not_noise(name: str) -> None:
    assert not is_noise(f"/repo/configs/{name}")
