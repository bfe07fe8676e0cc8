"""`exfig batch --watch`: edits, designs that change, errors, conflicts, signals, as a user sees them."""

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exfig_rx.model import Tier
from exfig_rx.sandbox.design import Edit
from exfig_rx.sandbox.faults import Fault, FaultKind
from exfig_rx.sandbox.server import Sandbox
from tests.test_cli.conftest import Project, file_key
from tests.test_cli.watched import Watched


def css(project: Project, name: str) -> str:
    return project.files()[f"{name}/theme.css"]


def test_an_edit_exports_that_config_again_and_no_other(project: Project) -> None:
    project.webs(3)
    with Watched(project) as watch:
        watch.rests()
        assert sorted(watch.ended()) == ["app-00.yaml", "app-01.yaml", "app-02.yaml"]
        asked = len(project.asked())
        project.web("configs/app-01.yaml", file_key(1), "out/moved")
        watch.until("config-queued", reason="edited")
        watch.rests()
        assert watch.ended()[3:] == ["app-01.yaml"]
        assert "moved/theme.css" in project.files()
        # nothing has changed in Figma, as far as anybody knows
        assert len(project.asked()) == asked


def test_a_file_that_is_written_without_a_change_leads_to_nothing(project: Project) -> None:
    project.webs(2)
    with Watched(project) as watch:
        watch.rests()
        path = project.root / "configs/app-00.yaml"
        path.write_text(path.read_text())
        (project.root / "configs/app-01.yaml").touch()
        (project.root / "configs/.app-00.yaml.swp").write_text("x: [")
        (project.root / "configs/notes.txt").write_text("x")
        project.web("configs/app-02.yaml", file_key(2))
        watch.until("config-discovered", matches=lambda told: told["config"].endswith("app-02.yaml"))
        watch.rests()
        assert watch.ended()[2:] == ["app-02.yaml"]


def test_a_config_that_breaks_keeps_its_files_and_says_why_until_it_is_mended(project: Project) -> None:
    project.webs(2)
    with Watched(project) as watch:
        watch.rests()
        before = project.files()
        text = (project.root / "configs/app-00.yaml").read_text()
        project.write("configs/app-00.yaml", text + "flutter: {colors: [\n")
        failed = watch.until("config-failed")
        assert failed["config"].endswith("app-00.yaml")
        assert failed["problems"][0]["location"]["line"] >= 1
        assert project.files() == before
        project.write("configs/app-00.yaml", text.replace("out/app-00", "out/again"))
        watch.until("config-succeeded")
        assert "again/theme.css" in project.files()


def test_configs_come_and_go(project: Project) -> None:
    project.webs(1)
    with Watched(project) as watch:
        watch.rests()
        project.web("configs/app-05.yaml", file_key(5))
        watch.until("config-succeeded")
        files = project.files()
        (project.root / "configs/app-05.yaml").unlink()
        gone = watch.until("config-removed")
        assert gone["config"].endswith("app-05.yaml")
        assert project.files() == files


def test_a_watch_begins_in_an_empty_folder(project: Project) -> None:
    (project.root / "configs").mkdir()
    with Watched(project) as watch:
        watch.until("watch-started")
        project.web("configs/first.yaml", file_key(0))
        watch.until("config-succeeded")
        assert css(project, "first")


def write_in_place(path: Path, text: str) -> None:
    path.write_text(text)


def rename_over(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".tmp")
    beside.write_text(text)
    beside.replace(path)


def delete_and_create(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text)


def backup_and_create(path: Path, text: str) -> None:
    path.rename(path.with_name(path.name + "~"))
    path.write_text(text)


def swap_a_link(path: Path, text: str) -> None:
    target = path.parent / ".versions" / str(len(text))
    target.parent.mkdir(exist_ok=True)
    target.write_text(text)
    link = path.with_name(".link")
    link.symlink_to(target)
    link.replace(path)


@pytest.mark.parametrize("save", [write_in_place, rename_over, delete_and_create, backup_and_create, swap_a_link])
def test_each_way_in_which_editors_save_counts(project: Project, save: Callable[[Path, str], None]) -> None:
    path = project.web("configs/app.yaml", file_key(0))
    with Watched(project) as watch:
        watch.rests()
        save(path, path.read_text().replace("out/app", "out/saved"))
        watch.until("config-succeeded")
        assert "saved/theme.css" in project.files()


def test_a_template_counts_as_part_of_its_config(project: Project) -> None:
    project.webs(1)
    template = project.write("templates/web/colors.css.jinja", "/* one */\n")
    name = "configs/with.yaml"
    web = "web:\n  output: out/with\n  templatesPath: templates/web\n  colors: {}\n"
    project.write(name, f"figma:\n  lightFileId: {file_key(1)}\n{web}")
    with Watched(project) as watch:
        watch.rests()
        template.write_text("/* two */\n")
        watch.until("config-queued", reason="edited")
        watch.rests()
        assert watch.ended()[2:] == ["with.yaml"]


def test_a_storm_of_changes_exports_each_config_once(project: Project) -> None:
    project.webs(4)
    with Watched(project, "--debounce", "800") as watch:
        watch.rests()
        for n in range(250):
            for app in range(4):
                project.web(f"configs/app-{app:02}.yaml", file_key(app), f"out/storm-{app}-{n}")
        watch.rests()
        project.web("configs/app-99.yaml", file_key(5))
        watch.until("config-succeeded", matches=lambda told: told["config"].endswith("app-99.yaml"))
        again = [name for name in watch.ended()[4:] if name != "app-99.yaml"]
        assert len(again) == len(set(again))


def test_configs_that_meet_are_held_until_they_no_longer_do(project: Project) -> None:
    project.webs(2)
    with Watched(project) as watch:
        watch.rests()
        before = css(project, "app-01")
        project.web("configs/app-01.yaml", file_key(1), "out/app-00")
        held = watch.until("config-held")
        assert held["config"].endswith("app-01.yaml")
        assert "app-00.yaml" in held["problems"][0]["message"]
        project.web("configs/app-01.yaml", file_key(1), "out/free")
        watch.until("config-succeeded")
        assert css(project, "free") == before


def test_a_conflict_at_the_start_ends_a_watch_where_it_was_asked_to(project: Project) -> None:
    project.web("configs/a.yaml", file_key(0), "out/same")
    project.web("configs/b.yaml", file_key(1), "out/same")
    with Watched(project, "--on-conflict", "abort") as watch:
        assert watch.process.wait(30) == 3
    assert project.asked() == []


def test_a_design_that_changes_is_exported_again_where_it_is_used(
    figma: Callable[..., Sandbox], tmp_path: Path
) -> None:
    project = Project(tmp_path, figma())
    project.webs(3)
    with Watched(project, "--watch-figma=1") as watch:
        watch.rests()
        project.sandbox.edit(Edit(file_key(1), "ink", {"fill": "#FF0000"}))
        noticed = watch.until("change-noticed", source="poll")
        assert [path.rpartition("/")[2] for path in noticed["configs"]] == ["app-01.yaml"]
        watch.rests()
        assert watch.ended()[3:] == ["app-01.yaml"]
        assert "#ff0000" in css(project, "app-01").lower()
        # of the others nothing was asked but their versions
        others = [entry.path for entry in project.asked()[-4:] if file_key(1) not in entry.path]
        assert all(path.endswith("/meta") for path in others)


def test_the_report_is_written_after_each_cycle_with_what_went_before(project: Project) -> None:
    project.webs(2)
    with Watched(project, "--report", "report.json") as watch:
        watch.rests()
        project.web("configs/app-00.yaml", file_key(0), "out/second")
        watch.rests()
        assert watch.end() == 130
    report = project.report()
    cycles = report["watch"]["history"]
    assert [cycle["number"] for cycle in cycles] == [1, 2]
    assert cycles[1]["succeeded"] == 1
    assert report["totalConfigs"] == 2 == report["successCount"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_a_watch(project: Project, number: signal.Signals, code: int) -> None:
    project.webs(2)
    with Watched(project) as watch:
        watch.rests()
        assert watch.end(number) == code
    assert not (project.root / ".exfig" / "runs").exists() or not os.listdir(project.root / ".exfig" / "runs")


def test_a_hang_up_looks_at_everything_anew_where_there_is_no_terminal(project: Project) -> None:
    project.webs(2)
    with Watched(project) as watch:
        watch.rests()
        asked = len(project.asked())
        watch.process.send_signal(signal.SIGHUP)
        watch.until("config-queued", reason="reloaded")
        watch.rests()
        assert sorted(watch.ended()[2:]) == ["app-00.yaml", "app-01.yaml"]
        assert [entry.path.rpartition("/")[2] for entry in project.asked()[asked:]] == ["meta", "meta"]


def test_when_nobody_reads_the_events_it_ends(project: Project) -> None:
    project.webs(1)
    process = project.start("batch", "configs", "--watch", "--events", "ndjson", "--rate-limit", "6000")
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 1


def post(address: str, body: dict[str, Any]) -> int:
    import http.client

    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request("POST", "/", json.dumps(body), {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_word_from_figma_exports_what_has_changed(project: Project) -> None:
    project.webs(3)
    argv = ("--webhook", "127.0.0.1:0", "--webhook-passcode-env", "HOOK")
    with Watched(project, *argv, env={"HOOK": "open sesame"}) as watch:
        address = watch.until("watch-started")["webhook"].removeprefix("http://").rstrip("/")
        watch.rests()
        project.sandbox.edit(Edit(file_key(2), "ink", {"fill": "#00FF00"}))
        word = {"event_type": "LIBRARY_PUBLISH", "file_key": file_key(2), "file_name": "Colors", "timestamp": "now"}
        assert post(address, {**word, "passcode": "wrong"}) == 200
        assert watch.until("hook-received")["accepted"] is False
        for _ in range(3):
            assert post(address, {**word, "passcode": "open sesame"}) == 200
        watch.rests()
        assert watch.ended()[3:] == ["app-02.yaml"]
        assert "#00ff00" in css(project, "app-02").lower()


def test_options_of_a_watch_are_refused_without_it(project: Project) -> None:
    project.webs(1)
    for argv in (["--poll"], ["--watch-figma=5"], ["--debounce", "5"]):
        done = project.run("batch", "configs", *argv)
        assert (done.code, "--watch" in done.stderr) == (2, True)
    for argv in (["--fail-fast"], ["--report", "-"], ["--offline", "--watch-figma=5"], ["--webhook", "1"]):
        assert project.run("batch", "configs", "--watch", *argv).code == 2


def test_a_publication_is_looked_at_although_the_version_is_the_same(project: Project) -> None:
    project.webs(2)
    with Watched(project, "--webhook", "127.0.0.1:0", "--webhook-passcode-env", "HOOK", env={"HOOK": "x"}) as watch:
        address = watch.until("watch-started")["webhook"].removeprefix("http://").rstrip("/")
        watch.rests()
        asked = len(project.asked())
        word = {"event_type": "LIBRARY_PUBLISH", "file_key": file_key(1), "passcode": "x"}
        assert post(address, word) == 200
        watch.rests()
        anew = [entry.path.rpartition("/")[2] for entry in project.asked()[asked:]]
        assert anew == ["meta", "styles"]


def test_a_mistake_in_a_config_gives_its_files_to_nobody(project: Project) -> None:
    project.web("configs/a.yaml", file_key(0), "out/same")
    project.web("configs/b.yaml", file_key(1), "out/same")
    with Watched(project) as watch:
        watch.rests()
        before = project.files()
        project.write("configs/a.yaml", "web: [")
        watch.until("config-failed")
        project.web("configs/c.yaml", file_key(2))
        watch.until("config-succeeded", matches=lambda told: told["config"].endswith("c.yaml"))
        assert {name: text for name, text in project.files().items() if name.startswith("same/")} == before
        assert "b.yaml" not in watch.ended()


def test_of_configs_that_may_meet_the_later_one_wins_after_each_change(project: Project) -> None:
    project.web("configs/a.yaml", file_key(0), "out/same")
    project.web("configs/b.yaml", file_key(1), "out/same")
    with Watched(project, "--on-conflict", "continue", "--watch-figma=1") as watch:
        watch.rests()
        theirs = project.files()
        project.sandbox.edit(Edit(file_key(0), "ink", {"fill": "#FF0000"}))
        watch.rests()
        assert watch.ended() == ["a.yaml", "b.yaml", "a.yaml", "b.yaml"]
        assert project.files() == theirs


def test_a_watch_ends_in_time_although_nobody_reads_its_events(project: Project) -> None:
    project.webs(12)
    process = project.start("batch", "configs", "--watch", "--events", "ndjson", "--rate-limit", "6000")
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(4):
            process.send_signal(signal.SIGHUP)
            project.run("batch", "configs")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 143


def test_a_watch_whose_directory_is_gone_says_so_and_ends(project: Project) -> None:
    root = project.root / "moved" / "here"
    inner = Project(root, project.sandbox)
    inner.webs(1)
    with Watched(inner) as watch:
        watch.rests()
        shutil.rmtree(root)
        assert watch.process.wait(30) == 1
    assert "the working directory is gone" in watch.stderr


def test_edits_in_the_middle_of_an_export_ask_figma_nothing_twice(project: Project) -> None:
    project.sandbox.faults.append(Fault(FaultKind.SLOW, match="*/nodes", seconds=1.5, times=None))
    project.webs(1)
    with Watched(project) as watch:
        watch.until("request-sent", tier=1)
        for n in range(3):
            project.web("configs/app-00.yaml", file_key(0), f"out/edit-{n}")
            watch.until("config-cancelled")
        watch.until("config-succeeded")
        assert [entry.path.rpartition("/")[2] for entry in project.asked() if entry.tier is Tier.ONE] == ["nodes"]
        assert "edit-2/theme.css" in project.files()


def test_a_typo_costs_nobody_a_request(project: Project) -> None:
    project.webs(2)
    with Watched(project, "--no-cache", "--watch-figma=600") as watch:
        watch.rests()
        paid = len([entry for entry in project.asked() if entry.tier is Tier.ONE])
        text = (project.root / "configs/app-00.yaml").read_text()
        project.write("configs/app-00.yaml", "web: [")
        watch.until("config-failed")
        project.write("configs/app-00.yaml", text)
        watch.until("config-succeeded")
        project.web("configs/app-01.yaml", file_key(1), "out/elsewhere")
        watch.until("config-succeeded")
        assert len([entry for entry in project.asked() if entry.tier is Tier.ONE]) == paid
