"""What a second run asks and writes: nothing where nothing changed, and little where little did."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from exfig_rx.model import Tier
from exfig_rx.sandbox import Fault, FaultKind, Sandbox
from exfig_rx.sandbox.design import Design, DesignFile, Edit
from tests.test_cli.conftest import Project, file_key
from tests.test_cli.test_pictures import BELL, EVERYWHERE, FILE, WEB, downloads, pictures, rendered

Draw = Callable[..., Project]
OTHER = BELL.replace("#0B3C49", "#C8553D")
THIRTY = {f"ic/icon {n}": BELL.replace("4 4", f"4 {n / 10}") for n in range(30)}


@pytest.fixture
def draw(tmp_path: Any, figma: Callable[..., Sandbox]) -> Draw:
    """An empty project over a Figma with some icons (thirty, unless told) and images."""

    def make(icons: dict[str, str] | None = None, images: dict[str, str] | None = None) -> Project:
        return Project(tmp_path, figma(pictures(icons or THIRTY, images)))

    return make


def paths(project: Project) -> list[str]:
    """What was asked of the API, by the last part of each path."""
    return sorted(entry.path.rsplit("/", 1)[-1] for entry in project.asked())


def again(project: Project, *argv: str, **more: Any) -> dict[str, Any]:
    """One more run of all that is in `configs/`, with the log of the sandbox begun anew; its report."""
    project.sandbox.clear_log()
    done = project.run("batch", "configs", "--report", "report.json", *argv, **more)
    assert done.code == 0, done.stderr
    return project.report()


def unchanged(report: dict[str, Any]) -> list[bool]:
    return [result["unchanged"] for result in report["results"]]


def stamps(project: Project) -> dict[str, int]:
    """When each file was last touched."""
    return {name: os.stat(project.root / "out" / name).st_mtime_ns for name in project.files()}


def codes(report: dict[str, Any]) -> list[str]:
    return [warning["code"] for result in report["results"] for warning in result["warnings"]]


def without(project: Project, *names: str) -> None:
    """Somebody deletes components in Figma."""
    file = project.sandbox.design.files[FILE][-1]
    frames = [
        {**frame, "components": [one for one in frame["components"] if one["name"] not in names]}
        for frame in file.source["pages"][0]["frames"]
    ]
    source = {**file.source, "pages": [{**file.source["pages"][0], "frames": frames}]}
    after = DesignFile(FILE, source, str(int(file.version) + 7), file.last_modified)
    project.sandbox.design = Design({FILE: (*project.sandbox.design.files[FILE], after)})


# ── no change, no work ──


def test_a_run_after_a_run_asks_for_versions_alone(project: Project) -> None:
    project.webs(3)
    again(project)
    before = stamps(project)
    report = again(project)
    assert unchanged(report) == [True] * 3 and paths(project) == ["meta"] * 3
    assert set(project.tiers()) == {Tier.THREE} and stamps(project) == before
    assert [result["stats"]["colors"] for result in report["results"]] == [2, 2, 2]
    assert report["successCount"] == 3


def test_where_nothing_changed_no_loader_or_exporter_is_loaded(project: Project) -> None:
    project.webs(1)
    heavy = ("exfig_rx.batch.planning", "exfig_rx.batch.export", "exfig_rx.export", "exfig_rx.load.colors", "jinja2")
    script = (
        "import sys; from exfig_rx.__main__ import main; "
        f"code = main(sys.argv[1:]); print([m for m in {heavy!r} if m in sys.modules]); sys.exit(code)"
    )
    for loaded in list(heavy), []:
        command = [sys.executable, "-c", script, "batch", "configs", "--rate-limit", "6000", "--quiet"]
        done = subprocess.run(
            command, cwd=project.root, env=project.environ(), capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == str(loaded)


def test_configs_that_share_a_file_ask_for_its_version_once(project: Project) -> None:
    for n in range(4):
        project.web(f"configs/app-{n}.yaml", file_key(0))
    again(project)
    assert unchanged(again(project)) == [True] * 4 and paths(project) == ["meta"]


@pytest.mark.parametrize(
    "change",
    [
        lambda project: project.web("configs/app-00.yaml", file_key(0), "out/elsewhere"),
        lambda project: (project.root / "out/app-00/theme.css").unlink(),
        lambda project: (project.root / "out/app-00/theme.css").write_text("mine"),
    ],
    ids=["another output", "an output deleted", "an output edited"],
)
def test_what_changed_here_is_made_anew_without_asking_for_the_design(
    project: Project, change: Callable[[Project], object]
) -> None:
    project.webs(1)
    again(project)
    expected = set(project.files().values())
    change(project)
    assert unchanged(again(project)) == [False] and paths(project) == ["meta"]
    assert expected <= set(project.files().values())


def test_an_edited_output_is_overwritten_and_named(project: Project) -> None:
    project.webs(1)
    assert codes(again(project)) == []
    (project.root / "out/app-00/theme.css").write_text("mine")
    report = again(project)
    assert codes(report) == ["output.edited"] and "theme.css" in report["results"][0]["warnings"][0]["message"]


def test_a_template_is_part_of_what_may_change(project: Project) -> None:
    project.write("templates/theme.css.jinja", "as it was")
    project.write(
        "configs/a.yaml",
        f"figma: {{lightFileId: {file_key(0)}}}\nweb: {{output: out, templatesPath: templates, colors: {{}}}}\n",
    )
    again(project)
    assert unchanged(again(project)) == [True]
    project.write("templates/theme.css.jinja", "changed")
    assert unchanged(again(project)) == [False] and project.files()["theme.css"] == "changed"


@pytest.mark.parametrize("flag", ["--strict", "--output-root=other", "--no-sync"])
def test_an_option_that_changes_output_is_part_of_it(project: Project, flag: str) -> None:
    project.webs(1)
    again(project)
    assert unchanged(again(project, flag)) == [False] and paths(project) == ["meta"]


def test_a_config_that_failed_is_not_taken_for_exported(project: Project) -> None:
    project.webs(1)
    project.write(
        "configs/b.yaml",
        f"figma: {{lightFileId: {file_key(0)}}}\ncommon: {{colors: {{nameValidateRegexp: '^never$'}}}}\n"
        "web: {output: out/b, colors: {}}\n",
    )
    assert project.run("batch", "configs").code == 1
    project.write("configs/b.yaml", f"figma: {{lightFileId: {file_key(0)}}}\nweb: {{output: out/b, colors: {{}}}}\n")
    assert unchanged(again(project)) == [True, False] and "b/theme.css" in project.files()


def test_sections_are_known_by_a_run_of_all_and_all_are_not_by_a_run_of_one(draw: Draw) -> None:
    project = draw(images={"art": BELL})
    images = "  images: { outputDirectory: more, assetsDirectory: art }\n"
    project.write("configs/a.yaml", WEB + images)
    assert unchanged(again(project, "--only", "icons")) == [False]
    assert unchanged(again(project, "--only", "icons")) == [True]
    assert unchanged(again(project)) == [False]
    report = again(project, "--only", "images")
    assert unchanged(report) == [True]
    counts = report["results"][0]["stats"]
    assert (counts["images"], counts["icons"]) == (1, 0)


def test_a_filtered_run_marks_nothing_as_exported(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    project.write("exfig.yaml", WEB)
    assert project.run("icons", "ic/icon 1*", "--rate-limit", "6000").code == 0
    assert len(project.files()) < 30
    assert unchanged(again(project)) == [False] and len(project.files()) > 30


def test_warnings_are_told_again_while_nothing_changes(draw: Draw) -> None:
    project = draw(images={"art": '<text x="1" y="9">hi</text>'})
    project.write(
        "configs/a.yaml",
        f"figma: {{lightFileId: {FILE}}}\nandroid: {{mainRes: out/res, images: {{output: art, format: svg}}}}\n",
    )
    first = again(project)
    second = again(project)
    assert codes(first) and codes(second) == codes(first) and unchanged(second) == [True]


# ── little change, little work ──


def test_a_changed_color_costs_styles_and_nodes_and_no_render(draw: Draw) -> None:
    project = draw()
    file = project.sandbox.design.files[FILE][-1]
    colors = [{"id": "1:1", "name": "ink", "fill": "#0B3C49"}]
    project.sandbox.design = Design.of({"files": {FILE: {**file.source, "colors": colors}}})
    project.write("configs/a.yaml", WEB + "  colors: {}\n")
    again(project)
    project.sandbox.edit(Edit(FILE, "ink", {"fill": "#C8553D"}))
    assert unchanged(again(project)) == [False]
    # colors, hashes then and now; and whether the version is still the one that the hashes are of
    assert paths(project) == ["components", "meta", "meta", "nodes", "nodes", "nodes", "styles"]
    assert not rendered(project) and not downloads(project)
    project.sandbox.edit(Edit(FILE, "ink", {"fill": "#C8553F"}))
    again(project)
    # the old hashes are known by now
    assert paths(project) == ["components", "meta", "meta", "nodes", "nodes", "styles"]


def test_one_changed_icon_is_one_render_one_download_and_a_file_on_each_platform(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", EVERYWHERE)
    again(project)
    before, texts = stamps(project), project.files()
    project.sandbox.edit(Edit(FILE, "ic/icon 7", {"svg": OTHER}))
    assert unchanged(again(project)) == [False]
    assert rendered(project) == [["2:8"]] and len(downloads(project)) == 1
    touched = {name for name, stamp in stamps(project).items() if stamp != before[name]}
    assert touched == {
        "android/res/icons/drawable/ic_icon_7.xml",
        "flutter/icons/ic_icon_7.svg",
        "ios/Assets.xcassets/Icons/icIcon7.imageset/icIcon7.svg",
        "web/code/IcIcon7.tsx",
        "web/svg/ic_icon_7.svg",
    }
    assert {name for name, text in project.files().items() if text != texts[name]} == touched


def test_a_version_that_moves_without_a_change_renders_nothing(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    again(project)
    project.sandbox.edit(Edit(FILE, "", {}))
    again(project)
    assert not rendered(project) and not downloads(project)
    assert unchanged(again(project)) == [True] and paths(project) == ["meta"]


@dataclass(frozen=True)
class Moving(Design):
    """A design that somebody works on: each question sees the file in the next of these versions, then in the last."""

    looks: Iterator[int]

    @classmethod
    def seen(cls, design: Design, *versions: int) -> "Moving":
        """`design` as so many questions see it; the sandbox looks twice for each, for its limits and for its answer."""
        return cls(design.files, iter([version for version in versions for _ in range(2)]))

    def file(self, key: str, version: str = "") -> DesignFile | None:
        return super().file(key, version) if version else self.files[key][next(self.looks, -1)]


def test_a_picture_of_what_was_drawn_and_taken_back_during_a_run_does_not_last(draw: Draw) -> None:
    project = draw(icons={"ic/bell": BELL, "ic/wave": BELL})
    project.write("configs/a.yaml", WEB)
    project.sandbox.edit(Edit(FILE, "ic/bell", {"svg": OTHER}))
    project.sandbox.edit(Edit(FILE, "ic/bell", {"svg": BELL}))
    # the version, the list, the renders, the version
    project.sandbox.design = Moving.seen(project.sandbox.design, 0, 0, 1, 2)
    again(project)
    assert paths(project) == [FILE, "components", "meta", "meta"]
    assert "#C8553D" in project.files()["svg/ic_bell.svg"]
    again(project)
    assert rendered(project) == [["2:1", "2:2"]] and "#0B3C49" in project.files()["svg/ic_bell.svg"]
    project.sandbox.edit(Edit(FILE, "", {}))
    again(project)
    assert not rendered(project), "this time it was the same version before and after"


def test_what_an_export_of_some_left_behind_comes_from_the_version_before_it(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    again(project)
    project.sandbox.edit(Edit(FILE, "", {}))
    assert project.run("icons", "ic/icon 1*", "-i", "configs/a.yaml", "--rate-limit", "6000").code == 0
    project.sandbox.edit(Edit(FILE, "", {}))
    again(project)
    assert not rendered(project) and not downloads(project)


def test_a_node_that_figma_cant_render_is_asked_once_a_version(draw: Draw) -> None:
    project = draw(icons={"ic/bell": BELL, "ic/wave": BELL})
    project.write("configs/a.yaml", WEB)
    project.sandbox.faults.append(Fault(FaultKind.NULL_RENDER, "/v1/images/*", times=None, node_ids=("2:2",)))
    first = again(project)
    assert rendered(project) == [["2:1", "2:2"], ["2:2"]] and codes(first) == ["figma.not-rendered"]
    second = again(project)
    assert paths(project) == ["meta"] and unchanged(second) == [False]
    assert second["results"][0]["warnings"] == first["results"][0]["warnings"]
    assert project.run("batch", "configs", "--strict").code == 1 and not rendered(project)
    offline = again(project, "--offline")
    assert codes(offline) == ["figma.not-rendered"] and not paths(project)
    again(project, "--force")
    assert rendered(project) == [["2:1", "2:2"], ["2:2"]]
    project.sandbox.faults.clear()
    project.sandbox.edit(Edit(FILE, "", {}))
    # the other one goes along, as asking whether it has changed would be one more request
    assert codes(again(project)) == [] and rendered(project) == [["2:1", "2:2"]]
    assert "svg/ic_wave.svg" in project.files()


def test_a_new_platform_costs_no_request_but_that_for_the_version(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    again(project)
    project.write("configs/a.yaml", EVERYWHERE)
    again(project)
    assert paths(project) == ["meta"] and not downloads(project) and len(project.files()) > 120


# ── options ──


def test_force_asks_for_everything_anew_and_keeps_it(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    again(project)
    first = again(project, "--force")
    assert unchanged(first) == [False] and "components" in paths(project) and len(downloads(project)) == 30
    assert unchanged(again(project)) == [True]


def test_without_a_cache_nothing_is_read_and_nothing_kept(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    for _ in range(2):
        assert unchanged(again(project, "--no-cache")) == [False]
        assert paths(project) == [FILE, "components"] and len(downloads(project)) == 30
    assert unchanged(again(project)) == [False] and len(downloads(project)) == 30


def test_a_config_can_do_without_a_cache(project: Project) -> None:
    project.webs(1)
    config = project.root / "configs/app-00.yaml"
    config.write_text(config.read_text() + "common: { cache: { enabled: false } }\n")
    for _ in range(2):
        assert unchanged(again(project)) == [False] and "styles" in paths(project) and "meta" not in paths(project)


def test_offline_exports_what_is_there_and_asks_nothing(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    again(project)
    project.sandbox.edit(Edit(FILE, "ic/icon 7", {"svg": OTHER}))
    project.write("configs/a.yaml", EVERYWHERE)
    report = again(project, "--offline", env={"FIGMA_PERSONAL_TOKEN": ""})
    assert not project.sandbox.log and unchanged(report) == [False] and len(project.files()) > 120


def test_offline_says_what_is_missing(draw: Draw) -> None:
    project = draw(icons={"ic/bell": BELL, "ic/wave": BELL}, images={"art": BELL})
    project.write("configs/a.yaml", WEB)
    done = project.run("batch", "configs", "--offline")
    assert done.code == 1 and FILE in done.stdout and "without --offline" in done.stdout
    again(project)
    project.write("configs/a.yaml", WEB + "  images: { outputDirectory: more, assetsDirectory: art }\n")
    done = project.run("batch", "configs", "--offline")
    assert done.code == 1 and "'art' (svg)" in done.stdout and "ic/bell" not in done.stdout


# ── going on ──


def test_a_run_goes_on_where_the_last_one_failed(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    project.sandbox.faults.append(Fault(FaultKind.STATUS, "/cdn/*", status=503, times=None, after=20))
    assert project.run("batch", "configs", "--max-retries", "0").code == 1
    project.sandbox.faults.clear()
    again(project)
    # the second time for what the first run left: it is not known to be of this version until then
    assert paths(project) == ["meta", "meta"] and len(downloads(project)) == 10


def test_what_an_unfinished_run_left_can_be_dropped(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    project.sandbox.faults.append(Fault(FaultKind.STATUS, "/cdn/*", status=503, times=None, after=20))
    assert project.run("batch", "configs", "--max-retries", "0").code == 1
    project.sandbox.faults.clear()
    again(project, "--no-resume")
    assert "components" in paths(project) and len(downloads(project)) == 30


# ── what is left of earlier exports ──


def test_files_of_deleted_components_go(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", EVERYWHERE)
    again(project)
    without(project, "ic/icon 7")
    report = again(project)
    assert not [name for name in project.files() if "icon7" in name.lower().replace("_", "").replace("-", "")]
    assert not list((project.root / "out").rglob("*con7.imageset"))
    assert report["results"][0]["files"]["deleted"] >= 4 and codes(report) == []


def test_an_edited_file_is_kept_and_named(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    again(project)
    (mine,) = [name for name in project.files() if name.endswith("7.svg") and "17" not in name and "27" not in name]
    (project.root / "out" / mine).write_text("<svg/>")
    without(project, "ic/icon 7", "ic/icon 8")
    report = again(project)
    assert mine in project.files() and codes(report) == ["output.edited-kept"]
    assert codes(again(project)) == []


def test_much_at_once_goes_only_when_somebody_insists(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    again(project)
    count = len(project.files())
    without(project, *(f"ic/icon {n}" for n in range(12)))
    report = again(project)
    assert "output.held-back" in codes(report) and len(project.files()) == count
    assert "output.held-back" in codes(again(project))
    report = again(project, "--prune")
    assert codes(report) == [] and len(project.files()) < count - 12


def test_a_failed_render_deletes_nothing_of_its_entry(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    again(project)
    count = len(project.files())
    without(project, "ic/icon 7")
    project.sandbox.edit(Edit(FILE, "ic/icon 8", {"svg": OTHER}))
    project.sandbox.faults.append(Fault(FaultKind.NULL_RENDER, "/v1/images/*", times=None, node_ids=("2:9",)))
    again(project)
    assert len(project.files()) == count
    project.sandbox.faults.clear()
    again(project)
    assert len(project.files()) == count, "that nothing is known of it is known of this version, and lasts"
    again(project, "--force")
    assert len(project.files()) < count


def test_a_fresh_clone_lists_what_nobody_knows_and_deletes_it_when_asked(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    project.write("out/svg/left.svg", "<svg/>")
    report = again(project)
    assert codes(report) == ["output.orphans"] and "left.svg" in report["results"][0]["warnings"][0]["message"]
    for path in (project.root / ".exfig").glob("state.sqlite3*"):
        path.unlink()
    again(project, "--prune")
    assert "svg/left.svg" not in project.files()


def test_another_output_root_is_another_place(project: Project) -> None:
    project.webs(1)
    again(project)
    before = project.files()
    report = again(project, "--output-root", "other")
    assert codes(report) == [] and project.files() == before and unchanged(report) == [False]
    assert (project.root / "other/out/app-00/theme.css").exists()
    assert unchanged(again(project)) == unchanged(again(project, "--output-root", "other")) == [True]


def test_configs_that_swap_folders_lose_nothing(draw: Draw) -> None:
    project = draw()
    for folders in ("ab", "ba", "cb", "ca"):
        for name, folder in zip("ab", folders, strict=True):
            project.write(f"configs/{name}.yaml", WEB.replace("output: out", f"output: out/{folder}"))
        again(project, "--prune")
        counts = {folder: sum(name.startswith(f"{folder}/svg/") for name in project.files()) for folder in folders}
        assert counts == dict.fromkeys(folders, 30)


def test_where_links_lead_is_part_of_what_may_change(project: Project) -> None:
    project.webs(1)
    for name in "one", "two":
        (project.root / name).mkdir()
    (project.root / "out").symlink_to("one")
    again(project)
    (project.root / "out").unlink()
    (project.root / "out").symlink_to("two")
    assert unchanged(again(project)) == [False] and (project.root / "two/app-00/theme.css").exists()


def test_a_file_behind_a_link_is_not_deleted(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    brand = project.write("brand.svg", "<svg/>")
    project.write("out/svg/keep.txt", "")
    (project.root / "out/svg/ic_icon_7.svg").symlink_to(brand)
    again(project)
    without(project, "ic/icon 7")
    again(project)
    assert brand.exists()


def test_a_manifest_that_is_gone_is_no_proof(project: Project) -> None:
    project.webs(1)
    again(project)
    database = sqlite3.connect(project.root / ".exfig/state.sqlite3")
    database.execute("DELETE FROM manifest")
    database.commit()
    database.close()
    (project.root / "out/app-00/theme.css").unlink()
    assert unchanged(again(project)) == [False] and "app-00/theme.css" in project.files()


def test_orphans_go_when_somebody_insists_also_later(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    project.write("out/svg/left.svg", "<svg/>")
    assert codes(again(project)) == codes(again(project)) == ["output.orphans"]
    project.write("out/svg/new.txt", "mine")
    again(project, "--prune")
    assert "svg/left.svg" not in project.files() and "svg/new.txt" in project.files()


def test_held_back_files_that_somebody_deletes_are_forgotten(draw: Draw) -> None:
    project = draw()
    project.write("configs/a.yaml", WEB)
    again(project)
    without(project, *(f"ic/icon {n}" for n in range(12)))
    assert codes(again(project)) == ["output.held-back"]
    for n in range(12):
        for name in [name for name in project.files() if f"icon_{n}." in name or f"Icon{n}." in name]:
            (project.root / "out" / name).unlink()
    assert codes(again(project)) == []
    assert unchanged(again(project)) == [True]
