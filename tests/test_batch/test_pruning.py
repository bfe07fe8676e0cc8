"""What goes of earlier exports, and what stays: rules on values, and one look at a real folder."""

from pathlib import Path

import pytest

from exfig_rx.batch.pruning import orphans, orphans_found, overwritten, owners_of, stale, taken_over
from exfig_rx.config.parse import parse_config
from exfig_rx.config.schema import Config
from exfig_rx.manifest import Written

CONFIG = """\
figma: { lightFileId: Key }
ios:
  xcassetsPath: ios/Assets.xcassets
  xcassetsInMainBundle: true
  icons:
    - { assetsFolder: Icons, format: svg, nameStyle: camelCase, imageSwift: ios/Icons.swift }
    - { assetsFolder: More, format: svg, nameStyle: camelCase }
web:
  output: web
  colors: { outputDirectory: theme }
  icons: { svgDirectory: svg, outputDirectory: code }
  images: { assetsDirectory: svg, outputDirectory: code }
tokens: { output: tokens/all.json }
"""


def config_of(text: str = CONFIG) -> Config:
    return parse_config(text.encode(), "a.yaml").config


def written(path: str, *owners: str, is_shared: bool = False) -> Written:
    return Written(path, "d", 1, 1, owners or ("web.icons",), is_shared)


def known(*files: Written) -> dict[str, Written]:
    return {file.path: file for file in files}


def names(files: tuple[Written, ...]) -> list[str]:
    return [file.path for file in files]


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("ios/Assets.xcassets/Icons/bell.imageset/Contents.json", ("ios.icons[0]",)),
        ("./ios/Assets.xcassets/More/Contents.json", ("ios.icons[1]",)),
        ("ios/Icons.swift", ("ios.icons[0]",)),
        ("web/svg/bell.svg", ("web.icons", "web.images")),
        ("web/code/index.ts", ("web.icons", "web.images")),
        ("tokens/all.json", ("tokens",)),
        ("somewhere/else.txt", ()),
    ],
)
def test_a_file_belongs_to_the_entries_whose_folder_it_is_in(path: str, owners: tuple[str, ...]) -> None:
    assert owners_of(config_of())(path) == owners


def test_what_this_run_does_not_make_goes() -> None:
    files = known(*(written(f"/{n}.svg") for n in range(9)), written("/old.svg"))
    produced = {f"/{n}.svg": ("web.icons",) for n in range(9)}
    left = stale(files, produced, {"web.icons"}, (), insists=False)
    assert names(left.files) == ["/old.svg"] and not left.problems


@pytest.mark.parametrize(
    ("file", "whole", "elsewhere"),
    [
        (written("/x", "web.icons"), set(), ()),  # a render failed, or nobody asked for these
        (written("/x", "web.icons", "web.images"), {"web.icons"}, ()),  # the other one may still need it
        (written("/x", "web.icons"), {"web.icons"}, ("/x",)),  # another config has it
        (written("/x", "web.icons", is_shared=True), {"web.icons"}, ()),  # a file of the user
    ],
)
def test_what_may_be_needed_stays(file: Written, whole: set[str], elsewhere: tuple[str, ...]) -> None:
    files = known(file, written("/y"))
    left = stale(files, {"/y": ("web.icons", "web.images")}, whole, elsewhere, insists=True)
    assert not left.files and not left.problems


def test_a_file_that_nobody_owns_stays() -> None:
    orphan = Written("/x", "d", 1, 1, ())
    assert not stale(known(orphan), {"/y": ("web.icons",)}, {"web.icons"}, (), insists=True).files


@pytest.mark.parametrize(("total", "gone", "held"), [(24, 4, False), (24, 5, True), (25, 5, False), (26, 6, True)])
def test_more_than_a_fifth_and_at_least_five_are_held_back(total: int, gone: int, held: bool) -> None:
    files = known(*(written(f"/{n:02}") for n in range(total)))
    produced = {f"/{n:02}": ("web.icons",) for n in range(gone, total)}
    left = stale(files, produced, {"web.icons"}, (), insists=False)
    assert (not left.files) == held and len(left.problems) == int(held)
    if held:
        (problem,) = left.problems
        assert f"{gone} files would" in problem.message and "--prune" in problem.hint
    assert len(stale(files, produced, {"web.icons"}, (), insists=True).files) == gone


def test_an_empty_list_from_figma_deletes_nothing() -> None:
    files = known(written("/a"), written("/b", "ios.icons[0]"))
    left = stale(files, {}, {"web.icons", "ios.icons[0]"}, (), insists=False)
    assert not left.files and [problem.location and problem.location.key for problem in left.problems] == [
        "ios.icons[0]",
        "web.icons",
    ]


def test_one_entry_that_loses_much_does_not_hold_back_others() -> None:
    files = known(*(written(f"/a{n}") for n in range(9)), *(written(f"/b{n}", "web.colors") for n in range(9)))
    produced = {"/a0": ("web.icons",), **{f"/b{n}": ("web.colors",) for n in range(8)}}
    left = stale(files, produced, {"web.icons", "web.colors"}, (), insists=False)
    assert names(left.files) == ["/b8"] and len(left.problems) == 1


def test_orphans_are_files_of_our_kinds_in_folders_of_our_own(tmp_path: Path) -> None:
    mine = tmp_path / "ios/Assets.xcassets/Icons/old.imageset"
    mine.mkdir(parents=True)
    (mine / "old.svg").write_text("<svg/>")
    (mine / "Contents.json").write_text("{}")
    (tmp_path / "ios/Assets.xcassets/Icons/notes.txt").write_text("mine")
    (tmp_path / "ios/Assets.xcassets/Icons/bell.svg").write_text("made now")
    (tmp_path / "ios/Assets.xcassets/Icons/link.svg").symlink_to(mine / "old.svg")
    (tmp_path / "ios/Icons.swift").write_text("a file, not a folder")
    (tmp_path / "web/code").mkdir(parents=True)
    (tmp_path / "web/code/own.svg").write_text("a folder that others write into")
    (tmp_path / "web/svg").mkdir()
    (tmp_path / "web/svg/unasked.svg").write_text("of an entry that was not exported whole")
    produced = {str(tmp_path / "ios/Assets.xcassets/Icons/bell.svg")}
    found = orphans(config_of(), {"ios.icons[0]", "ios.icons[1]"}, produced, tmp_path)
    assert [Path(file.path).name for file in found] == ["Contents.json", "old.svg"]
    assert found[1].size == 6 and found[1].owners == ("ios.icons[0]",)


def test_orphans_are_named_and_deleted_only_when_somebody_insists() -> None:
    files = (written("/a.svg"), written("/b.svg"))
    told = orphans_found(files, insists=False)
    assert not told.files and "2 files" in told.problems[0].message and "--prune" in told.problems[0].hint
    assert orphans_found(files, insists=True).files == files and not orphans_found(files, insists=True).problems
    assert not orphans_found((), insists=False).problems


def test_edited_files_are_named() -> None:
    assert not overwritten(()) and not taken_over(())
    assert "2 files" in overwritten(("/a", "/b"))[0].message and "/a, /b" in overwritten(("/a", "/b"))[0].message
    assert "1 file" in taken_over(("/a",))[0].message
