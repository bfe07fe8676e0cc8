"""`exfig batch` from outside: what a user types, what the screen says, what is on disk, what Figma was asked."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from exfig_rx.sandbox.faults import Fault, FaultKind
from exfig_rx.sandbox.server import Sandbox
from tests.test_cli.conftest import Project, design, file_key


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def most_at_once(results: list[dict[str, Any]]) -> int:
    spans = [(moment(result["startTime"]), moment(result["endTime"])) for result in results]
    return max(sum(1 for begin, end in spans if begin <= at < end) for at, _ in spans)


# ── what runs ──


def test_a_directory_of_configs_is_exported_in_one_run(project: Project) -> None:
    project.webs(4)
    done = project.run("batch", "configs")
    assert done.code == 0
    assert sorted(project.files()) == sorted(
        f"app-{n:02}/{name}" for n in range(4) for name in ("theme.css", "variables.ts")
    )
    assert "--surface-card: rgba(3, 245, 247" in project.files()["app-03/theme.css"]
    assert done.last_line.startswith("Batch complete: 4 succeeded, 0 failed in ")


def test_files_and_directories_mix(project: Project) -> None:
    project.webs(2)
    project.web("extra/one.yaml", file_key(5))
    done = project.run("batch", "extra/one.yaml", "configs", "configs/app-00.yaml")
    assert done.last_line.startswith("Batch complete: 3 succeeded, 0 failed")


def test_without_paths_the_configs_directory_is_taken(project: Project) -> None:
    project.webs(1)
    assert project.run("batch").code == 0


def test_invalid_configs_fail_with_their_places_and_the_others_run(project: Project) -> None:
    project.webs(2)
    project.write("configs/broken.yaml", "figma: [\n")
    project.write("configs/typo.yaml", "figma:\n  lightFileID: abc\nweb:\n  output: x\n  colors: {}\n")
    done = project.run("batch", "configs", "--report", "report.json")
    assert done.code == 1
    assert "configs/typo.yaml:2:3" in done.stdout
    assert "lightFileId" in done.stdout
    assert "configs/broken.yaml:" in done.stdout
    report = project.report()
    assert [(r["name"], r["status"]) for r in report["results"]] == [
        ("app-00.yaml", "succeeded"),
        ("app-01.yaml", "succeeded"),
        ("broken.yaml", "failed"),
        ("typo.yaml", "failed"),
    ]
    assert 2 in [detail["location"]["line"] for detail in report["results"][3]["errorDetails"]]


@pytest.mark.parametrize("parallel", [1, 3, 5])
def test_parallel_is_the_number_of_configs_at_once(project: Project, parallel: int) -> None:
    project.webs(8)
    project.sandbox.faults.append(Fault(FaultKind.SLOW, match="*/styles", seconds=0.15, times=None))
    project.run("batch", "configs", "--parallel", str(parallel), "--report", "report.json")
    report = project.report()
    assert report["successCount"] == 8
    assert most_at_once(report["results"]) == parallel


def test_one_that_fails_does_not_stop_the_others(project: Project) -> None:
    project.webs(3)
    project.web("configs/app-00.yaml", "NoSuchFileNoSuchFile00")
    done = project.run("batch", "configs")
    assert done.code == 1
    assert done.last_line.startswith("Batch complete: 2 succeeded, 1 failed in ")
    assert "NoSuchFileNoSuchFile00" in done.stdout
    assert sorted({name.split("/")[0] for name in project.files()}) == ["app-01", "app-02"]


def test_all_can_fail(project: Project) -> None:
    project.webs(3)
    done = project.run("batch", "configs", env={"FIGMA_PERSONAL_TOKEN": "figd_wrong"})
    assert done.code == 1
    assert done.last_line.startswith("Batch complete: 0 succeeded, 3 failed in ")
    assert "token" in done.stdout
    assert len(project.asked()) == 3


def test_fail_fast_ends_the_run_and_every_config_is_accounted_for(project: Project) -> None:
    project.webs(8)
    project.web("configs/app-00.yaml", "NoSuchFileNoSuchFile00")
    project.sandbox.faults.append(Fault(FaultKind.SLOW, match="/v1/files/Design*", seconds=5, times=None))
    done = project.run("batch", "configs", "--fail-fast", "--report", "report.json")
    assert done.code == 1
    report = project.report()
    counts = [report[f"{name}Count"] for name in ("success", "failure", "cancelled", "skipped")]
    assert counts == [0, 1, 2, 5]
    assert report["duration"] < 4
    assert project.files() == {}
    assert done.last_line.startswith("Batch complete: 0 succeeded, 1 failed, 5 skipped, 2 cancelled in ")


# ── Figma, politely ──


def test_the_limit_holds_over_all_configs(tmp_path: Path, figma: Callable[..., Sandbox]) -> None:
    project = Project(tmp_path, figma(limits=(600, 1500, 3000)))
    project.webs(12)
    done = project.run("batch", "configs", "--parallel", "12", rate_limit=600)
    assert done.code == 0
    assert {entry.status for entry in project.asked()} == {200}


def test_many_configs_of_one_file_ask_once(project: Project) -> None:
    for n in range(10):
        project.web(f"configs/app-{n}.yaml", file_key(0))
    done = project.run("batch", "configs", "--report", "report.json")
    assert done.code == 0
    assert [entry.path.rsplit("/", 1)[1] for entry in project.asked()] == ["meta", "styles", "nodes"]
    assert all(result["stats"]["colors"] == 2 for result in project.report()["results"])


def test_a_429_pauses_all_configs_until_its_time_is_over(project: Project) -> None:
    project.webs(6)
    project.sandbox.faults.append(Fault(FaultKind.RATE_LIMIT, match="*/styles", retry_after="1", after=1))
    done = project.run("batch", "configs", "--parallel", "6", "--report", "report.json")
    assert done.code == 0
    statuses = [entry.status for entry in project.asked()]
    refused_at = project.asked()[statuses.index(429)].at_s
    assert not [entry for entry in project.asked() if refused_at + 0.3 < entry.at_s < refused_at + 1.0]
    assert "Figma asked to wait" in done.stderr
    assert project.report()["rateLimit"]["pauses"] == 1


def test_a_lock_out_fails_what_needs_it_with_one_clear_error(project: Project) -> None:
    project.webs(2)
    project.sandbox.faults.append(
        Fault(FaultKind.LOCKOUT, match="*/nodes", retry_after="396749", plan="pro", limit_type="low", times=None)
    )
    done = project.run("batch", "configs")
    assert done.code == 1
    assert "locked" in done.stdout
    assert "low" in done.stdout


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.STATUS, match="*/styles", status=503),
        Fault(FaultKind.RESET, match="*/styles"),
        Fault(FaultKind.CLOSE, match="*/nodes"),
        Fault(FaultKind.TRUNCATE, match="*/nodes"),
        Fault(FaultKind.GARBLE, match="*/nodes"),
        Fault(FaultKind.HTML, match="*/styles"),
    ],
    ids=lambda fault: str(fault.kind),
)
def test_a_passing_fault_is_retried_and_told(project: Project, fault: Fault) -> None:
    project.webs(1)
    project.sandbox.faults.append(fault)
    done = project.run("batch", "configs", "--report", "report.json")
    assert done.code == 0, done.stdout
    assert project.report()["results"][0]["requests"]["retries"] == 1
    assert "retry" in done.stderr.lower()


def test_retries_end_and_the_error_says_what_happened(project: Project) -> None:
    project.webs(1)
    project.sandbox.faults.append(Fault(FaultKind.STATUS, match="*/styles", status=500, times=None))
    done = project.run("batch", "configs", "--max-retries", "1")
    assert done.code == 1
    assert [entry.path.rsplit("/", 1)[1] for entry in project.asked()].count("styles") == 2
    assert "500" in done.stdout


def test_the_token_goes_to_no_other_host(project: Project, figma: Callable[..., Sandbox]) -> None:
    elsewhere = figma()
    project.webs(1)
    project.sandbox.faults.append(
        Fault(FaultKind.REDIRECT, match="*/styles", location=f"{elsewhere.url}/v1/me", times=None)
    )
    done = project.run("batch", "configs")
    assert done.code == 1
    assert elsewhere.log == []


# ── conflicts ──


def test_a_conflict_off_a_terminal_stops_before_any_request(project: Project) -> None:
    project.webs(1)
    project.web("configs/again.yaml", file_key(1), "./out/../out/app-00/")
    done = project.run("batch", "configs", "--report", "report.json")
    assert done.code == 3
    assert project.asked() == []
    assert project.files() == {}
    assert "--on-conflict" in done.stdout + done.stderr
    assert "theme.css" in done.stdout
    report = project.report()
    assert report["exitCode"] == 3
    assert [result["status"] for result in report["results"]] == ["skipped", "skipped"]
    assert report["conflicts"]


def test_on_conflict_continue_warns_and_the_later_config_wins(project: Project) -> None:
    project.web("configs/a.yaml", file_key(1), "out/same")
    project.web("configs/b.yaml", file_key(2), "out/same")
    done = project.run("batch", "configs", "--on-conflict", "continue", "--parallel", "2")
    assert done.code == 0
    assert "rgba(2, 245, 247" in project.files()["same/theme.css"]
    assert "theme.css" in done.stdout


def test_without_conflicts_nothing_is_said_of_them(project: Project) -> None:
    project.webs(2)
    done = project.run("batch", "configs")
    assert "conflict" not in (done.stdout + done.stderr).lower()


# ── what people see, and the report ──


def test_progress_goes_to_stderr_and_the_summary_to_stdout(project: Project) -> None:
    project.webs(2)
    done = project.run("batch", "configs")
    assert "app-00.yaml" in done.stderr
    assert "2 colors" in done.stdout
    assert "Batch complete" not in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_quiet_says_the_last_line_and_errors_only(project: Project) -> None:
    project.webs(1)
    done = project.run("batch", "configs", "--quiet")
    assert done.stderr == ""
    assert len(done.stdout.strip().splitlines()) == 1


def test_verbose_names_every_request(project: Project) -> None:
    project.webs(1)
    done = project.run("batch", "configs", "--verbose")
    assert "styles" in done.stderr
    assert "nodes" in done.stderr


def test_the_report_can_go_to_stdout_alone(project: Project) -> None:
    project.webs(1)
    done = project.run("batch", "configs", "--report", "-")
    assert json.loads(done.stdout)["successCount"] == 1


def test_the_report_holds_requests_files_and_times(project: Project) -> None:
    project.webs(2)
    project.run("batch", "configs", "--report", "report.json")
    report = project.report()
    assert report["totalConfigs"] == report["successCount"] == 2
    assert report["requests"]["tier1"] == 2
    assert report["requests"]["tier3"] == 4
    result = report["results"][0]
    assert result["files"] == {"created": 2, "updated": 0, "unchanged": 0, "deleted": 0}
    assert result["stats"] == {"colors": 2, "typography": 0, "icons": 0, "images": 0, "tokens": 0}
    assert report["startTime"].endswith("Z")
    assert 0 <= sum(result["timings"].values()) <= report["duration"] + 0.5


def test_a_second_run_changes_no_file(project: Project) -> None:
    project.webs(1)
    project.run("batch", "configs")
    target = project.root / "out/app-00/theme.css"
    before = target.stat().st_mtime_ns
    project.run("batch", "configs", "--report", "report.json")
    assert target.stat().st_mtime_ns == before
    assert project.report()["results"][0]["files"]["unchanged"] == 2


def test_a_report_that_can_not_be_written_is_found_before_the_run(project: Project) -> None:
    project.webs(1)
    done = project.run("batch", "configs", "--report", "no/such/folder/report.json")
    assert done.code == 2
    assert "no/such/folder" in done.stderr
    assert project.asked() == []


def test_the_report_is_written_although_nobody_reads_the_summary(project: Project) -> None:
    project.webs(3)
    process = project.start("batch", "configs", "--report", "report.json", "--rate-limit", "6000")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    shown = process.stderr.read()
    process.stderr.close()
    process.wait(30)
    assert "Traceback" not in shown
    assert project.report()["successCount"] == 3


def test_a_report_that_fails_at_the_end_is_told_and_is_no_success(project: Project) -> None:
    project.webs(1)
    gone = project.root / "reports"
    gone.mkdir()
    project.sandbox.faults.append(Fault(FaultKind.SLOW, match="*", seconds=0.7, times=None))
    process = project.start("batch", "configs", "--report", "reports/report.json", "--rate-limit", "6000")
    assert process.stderr is not None
    for line in process.stderr:
        if "started" in line:
            break
    gone.rmdir()
    _, shown = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "reports/report.json can't be written" in shown
    assert "Traceback" not in shown


def test_options_of_the_older_tool_give_one_notice(project: Project) -> None:
    project.webs(2)
    done = project.run("batch", "configs", "--cache", "--concurrent-downloads", "20")
    assert done.code == 0
    assert done.stdout.count("--cache") == 1


def test_configs_of_equal_name_are_told_apart(project: Project) -> None:
    project.web("a/exfig.yaml", file_key(0), "out/a")
    project.web("b/exfig.yaml", file_key(1), "out/b")
    done = project.run("batch", "a", "b", "--report", "report.json")
    assert done.code == 0
    assert "a/exfig.yaml" in done.stdout
    assert "b/exfig.yaml" in done.stdout
    assert {result["name"] for result in project.report()["results"]} == {"exfig.yaml"}


def test_output_root_is_where_relative_outputs_start(project: Project) -> None:
    project.webs(1)
    project.run("batch", "configs", "--output-root", "elsewhere")
    assert (project.root / "elsewhere/out/app-00/theme.css").exists()
    assert not (project.root / "out").exists()


# ── mistakes of the command line ──


@pytest.mark.parametrize(
    ("argv", "environ", "part"),
    [
        (["batch", "configs", "--parallel", "0"], {}, "--parallel"),
        (["batch", "nowhere"], {}, "no such file or directory: nowhere"),
        (["batch", "empty"], {}, "no configs found in empty"),
        (["batch", "configs"], {"FIGMA_PERSONAL_TOKEN": " "}, "FIGMA_PERSONAL_TOKEN"),
        (["batch", "configs", "--figma-url", "http://example.com"], {}, "https"),
        (["batch", "configs", "--figma-url", "nonsense"], {}, "nonsense"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_exit_code_2(
    project: Project, argv: list[str], environ: dict[str, str], part: str
) -> None:
    project.webs(1)
    (project.root / "empty").mkdir()
    done = project.run(*argv, env=environ)
    assert done.code == 2
    assert part in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert project.asked() == []


def test_the_embedded_sandbox_needs_neither_token_nor_address(project: Project) -> None:
    project.web("configs/a.yaml", "nothing-yet")
    done = project.run("batch", "configs", "--sandbox", env={"FIGMA_PERSONAL_TOKEN": "", "FIGMA_API_URL": ""})
    assert done.code == 1
    assert project.asked() == []


# ── ends ──


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_cancels_cleanly_with_summary_and_report(project: Project, number: int, code: int) -> None:
    project.webs(5)
    project.sandbox.faults.append(Fault(FaultKind.SLOW, match="*", seconds=30, times=None))
    process = project.start("batch", "configs", "--report", "report.json", "--rate-limit", "600")
    assert process.stderr is not None
    for line in process.stderr:
        if "app-02" in line:
            break
    process.send_signal(number)
    stdout, _ = process.communicate(timeout=20)
    assert process.returncode == code
    report = project.report()
    assert report["exitCode"] == code
    assert [result["status"] for result in report["results"]] == ["cancelled"] * 3 + ["skipped"] * 2
    assert "Batch complete: 0 succeeded, 0 failed, 2 skipped, 3 cancelled" in stdout
    assert project.files() == {}


def test_a_small_config_is_served_among_the_first_however_much_its_neighbours_want(
    tmp_path: Path, figma: Callable[..., Sandbox]
) -> None:
    project = Project(tmp_path, figma(design(13)))
    modes = ("lightFileId", "darkFileId", "lightHighContrastFileId", "darkHighContrastFileId")
    for big in range(3):
        files = ", ".join(f"{mode}: {file_key(4 * big + n)}" for n, mode in enumerate(modes))
        project.write(f"configs/{big}.yaml", f"figma: {{{files}}}\nflutter: {{output: out/{big}, colors: {{}}}}\n")
    project.web("configs/small.yaml", file_key(12))
    done = project.run("batch", "configs", "--parallel", "4", rate_limit=600)
    assert done.code == 0
    order = [file_key(12) in entry.path for entry in project.asked() if entry.path.endswith("/nodes")]
    assert len(order) == 13
    assert order.index(True) <= 6


def test_spacing_follows_the_rate_limit(project: Project) -> None:
    project.webs(6)
    project.run("batch", "configs", "--parallel", "6", rate_limit=120)
    times = [entry.at_s for entry in project.asked() if entry.path.endswith("/nodes")]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(gap > 0.4 for gap in gaps[3:])


@pytest.mark.parametrize("stream", ["stderr", "stdout"])
def test_a_run_goes_on_to_its_end_when_nobody_reads_what_it_says(project: Project, stream: str) -> None:
    project.webs(12)
    process = project.start("batch", "configs", "--rate-limit", "6000", "--report", "report.json", "--verbose")
    with process:
        pipe = process.stderr if stream == "stderr" else process.stdout
        assert pipe is not None
        if stream == "stderr":
            pipe.readline()
        pipe.close()
        assert process.wait(30) == 0
    assert project.report()["successCount"] == 12
    assert len(project.files()) == 24


def test_a_reader_that_is_slow_hears_the_end(project: Project) -> None:
    project.webs(12)
    process = project.start("batch", "configs", "--rate-limit", "6000", "--events", "ndjson", "--verbose")
    with process:
        assert process.stdout is not None
        for _ in range(4):  # as long as these take, it reads nothing
            project.run("batch", "configs")
        assert json.loads(process.stdout.read().splitlines()[-1])["event"] == "run-ended"
        assert process.wait(30) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full is needed")
def test_a_full_disk_behind_a_stream_is_no_bug(project: Project) -> None:
    project.webs(2)
    argv = [sys.executable, "-m", "exfig_rx", "batch", "configs", "--rate-limit", "6000"]
    with open("/dev/full", "w") as full:
        run = partial(subprocess.run, cwd=project.root, env=project.environ(), text=True, timeout=30)
        assert run(argv, stderr=full, stdout=subprocess.DEVNULL).returncode == 0
        told = run([*argv, "--events", "ndjson", "--force"], stdout=full, stderr=subprocess.PIPE)
    assert told.returncode == 1
    assert "standard output can't be written: No space left on device" in told.stderr


def test_whoever_has_read_enough_sees_no_traceback(project: Project) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as broken:
        done = subprocess.run(
            [sys.executable, "-m", "exfig_rx", "schema"], stdout=broken, stderr=subprocess.PIPE, text=True, timeout=30
        )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_working_directory_that_is_gone_is_said(project: Project) -> None:
    gone = project.root / "gone"
    gone.mkdir()
    script = 'rmdir "$PWD"; exec "$0" -m exfig_rx batch configs'
    done = subprocess.run(
        ["sh", "-c", script, sys.executable],
        cwd=gone,
        env=project.environ(),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert "the working directory is gone" in done.stderr
