"""Runs of one user with one token: side by side, one after the other, after a lock-out, after a kill."""

import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exfig_rx.model import Tier
from exfig_rx.sandbox.faults import Fault, FaultKind
from exfig_rx.sandbox.server import Sandbox
from exfig_rx.stack import CONNECTIONS
from tests.test_cli.conftest import TOKEN, Project, design, file_key

ENOUGH = 1_000_000

LOCKED = Fault(FaultKind.LOCKOUT, match=f"*/{file_key(0)}/nodes", retry_after="396749", plan="starter", times=None)


def spaced(tmp_path: Path, figma: Callable[..., Sandbox]) -> Project:
    """A project whose Figma takes at most two requests of tier 1 in 0.75 s: what 120 a minute without burst keep to."""
    project = Project(tmp_path, figma(limits=(2, ENOUGH, ENOUGH), window_s=0.75))
    for number in range(6):
        project.web(f"{'left' if number < 3 else 'right'}/app-{number}.yaml", file_key(number))
    return project


def run_both(project: Project, *homes: str) -> list[int]:
    """Exit codes of two runs side by side, each with its own state folder if there are two."""
    started = [
        project.start(
            "batch",
            side,
            "--rate-limit",
            "120",
            "--burst",
            "1",
            "--parallel",
            "8",
            env={"XDG_STATE_HOME": str(project.root / home)},
        )
        for side, home in zip(("left", "right"), (homes * 2)[:2], strict=True)
    ]
    for process in started:
        process.communicate(timeout=50)
    return [process.returncode for process in started]


def refusals(project: Project) -> int:
    return sum(entry.status == 429 for entry in project.asked())


def test_two_runs_side_by_side_share_one_budget(tmp_path: Path, figma: Callable[..., Sandbox]) -> None:
    project = spaced(tmp_path, figma)
    assert run_both(project, ".state") == [0, 0]
    assert refusals(project) == 0
    assert project.tiers().count(Tier.ONE) == 6


def test_without_a_common_state_folder_they_would_not(tmp_path: Path, figma: Callable[..., Sandbox]) -> None:
    """The proof that the test above can fail."""
    project = spaced(tmp_path, figma)
    run_both(project, ".one", ".other")
    assert refusals(project) > 0


def sent_last_minute(project: Project) -> int:
    sent: int = project.report()["rateLimit"]["sentLastMinute"]["tier1"]
    return sent


def test_a_run_right_after_another_counts_what_that_one_sent(project: Project) -> None:
    project.webs(2)
    project.run("batch", "configs/app-00.yaml", "--report", "report.json")
    assert sent_last_minute(project) == 1
    project.run("batch", "configs/app-01.yaml", "--report", "report.json")
    assert sent_last_minute(project) == 2
    token = {"FIGMA_PERSONAL_TOKEN": f" {TOKEN} "}
    project.run("batch", "configs/app-00.yaml", "--force", "--report", "report.json", env=token)
    assert sent_last_minute(project) == 3


def codes(project: Project) -> dict[str, list[str]]:
    """The codes of each config's errors."""
    results: list[dict[str, Any]] = project.report()["results"]
    return {result["name"]: [problem["code"] for problem in result["errorDetails"]] for result in results}


def test_a_lock_out_is_told_at_once_by_the_next_run_and_costs_it_no_request(project: Project) -> None:
    project.sandbox.faults.append(LOCKED)
    project.web("configs/locked.yaml", file_key(0))
    project.web("configs/open.yaml", file_key(1))
    first = project.run("batch", "configs", "--report", "report.json")
    assert first.code == 1
    assert codes(project) == {"locked.yaml": ["figma.locked-out"], "open.yaml": []}
    project.sandbox.clear_log()
    again = project.run("batch", "configs", "--report", "report.json")
    assert again.code == 1
    assert codes(project) == {"locked.yaml": ["figma.locked-out"], "open.yaml": []}
    assert [entry.path for entry in project.asked() if file_key(0) in entry.path] == []
    assert "plan: starter" in again.stdout
    assert "--ignore-lockout" in again.stdout


def test_ignore_lockout_asks_figma_again_and_what_it_answers_counts_from_then_on(project: Project) -> None:
    fault = Fault(FaultKind.LOCKOUT, match="*/nodes", retry_after="396749", plan="", limit_type="", times=None)
    project.sandbox.faults.append(fault)
    project.webs(1)
    assert project.run("batch", "configs").code == 1
    project.sandbox.faults.clear()
    assert project.run("batch", "configs").code == 1
    assert project.run("batch", "configs", "--ignore-lockout").code == 0
    assert project.run("batch", "configs").code == 0


def test_the_state_holds_no_token(project: Project) -> None:
    project.webs(1)
    project.run("batch", "configs")
    files = [path for path in (project.root / ".state").rglob("*") if path.is_file()]
    assert files
    assert not any(TOKEN.encode() in path.read_bytes() for path in files)


def test_a_state_folder_that_can_not_be_used_costs_a_warning_and_nothing_else(project: Project) -> None:
    project.webs(2)
    (project.root / "blocked").write_text("")
    done = project.run("batch", "configs", env={"XDG_STATE_HOME": str(project.root / "blocked")})
    assert done.code == 0
    text = " ".join(done.stdout.split())
    assert text.count("what the token has sent can't be shared with other runs") == 1


def test_the_built_in_sandbox_leaves_no_state(project: Project) -> None:
    project.web("configs/a.yaml", "HarborLight00000000001")
    assert project.run("batch", "configs", "--sandbox").code == 0
    assert not (project.root / ".state").exists()


def test_a_killed_run_leaves_a_state_that_the_next_one_uses(tmp_path: Path, figma: Callable[..., Sandbox]) -> None:
    slow = Fault(FaultKind.SLOW, match="*/nodes", seconds=30, times=None)
    project = Project(tmp_path, figma(design(2), faults=[slow]))
    project.webs(2)
    process = project.start("batch", "configs", "--rate-limit", "6000")
    while Tier.ONE not in project.tiers() and process.poll() is None:
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=50)
    project.sandbox.faults.clear()
    assert project.run("batch", "configs/app-00.yaml", "--report", "report.json").code == 0
    assert sent_last_minute(project) >= 2


@pytest.mark.parametrize("burst", ["0", "-1", "x"])
def test_a_burst_that_makes_no_sense_is_refused(project: Project, burst: str) -> None:
    done = project.run("batch", "configs", f"--burst={burst}")
    assert done.code == 2
    assert "--burst" in done.stderr + done.stdout


def test_a_file_of_a_lower_plan_goes_at_its_own_pace_and_is_named_in_the_report(project: Project) -> None:
    fault = Fault(FaultKind.RATE_LIMIT, match=f"*/{file_key(0)}/nodes", retry_after="1", plan="pro")
    project.sandbox.faults.append(fault)
    project.webs(2)
    limits = ("--plan", "enterprise", "--rate-limit", "600")
    done = project.run("batch", "configs", *limits, "--report", "report.json")
    assert done.code == 0
    assert f"Figma counts file {file_key(0)} against another plan (professional)" in done.stdout
    lower = project.report()["rateLimit"]["lowerPlans"]["professional"]
    assert lower["limitsPerMinute"]["tier1"] == 10
    assert lower["sentLastMinute"]["tier1"] == 2


def test_a_plan_that_was_learnt_is_dropped_for_one_that_is_asked_for(project: Project) -> None:
    project.sandbox.faults.append(LOCKED)
    project.webs(1)
    assert project.run("batch", "configs").code == 1
    project.sandbox.faults.clear()
    asked = ("--ignore-lockout", "--plan", "enterprise", "--report", "report.json")
    project.start("batch", "configs", *asked).communicate(timeout=50)
    assert codes(project) == {"app-00.yaml": []}
    limits = project.report()["rateLimit"]
    assert (limits["source"], limits["lowerPlans"]) == ("plan enterprise", {})


def test_a_file_that_begins_on_a_lower_plan_is_named_by_the_next_run(project: Project) -> None:
    project.sandbox.faults.append(LOCKED)
    project.webs(2)
    project.start("batch", "configs").communicate(timeout=50)
    process = project.start("batch", "configs")
    stdout, _ = process.communicate(timeout=50)
    told = f"Figma counts file {file_key(0)} against another plan (starter)"
    assert " ".join(stdout.split()).count(told) == 1


def test_a_lock_out_that_is_short_enough_for_a_longer_wait_is_waited_for(project: Project) -> None:
    fault = Fault(FaultKind.RATE_LIMIT, match="*/nodes", retry_after="2")
    project.sandbox.faults.append(fault)
    project.webs(1)
    assert project.run("batch", "configs", "--max-wait", "1").code == 1
    project.sandbox.clear_log()
    assert project.run("batch", "configs", "--max-wait", "60").code == 0
    assert project.tiers().count(Tier.ONE) == 1


def test_the_pause_of_a_killed_run_that_waited_for_long_is_a_lock_out_for_others_which_can_be_ignored(
    project: Project,
) -> None:
    fault = Fault(FaultKind.RATE_LIMIT, match="*/nodes", retry_after="90000")
    project.sandbox.faults.append(fault)
    project.webs(1)
    process = project.start("batch", "configs", "--rate-limit", "6000", "--max-wait", "100000")
    assert process.stderr is not None
    while "asked to wait" not in (line := process.stderr.readline()) and line:
        pass
    process.kill()
    process.communicate(timeout=50)
    again = project.run("batch", "configs", "--report", "report.json")
    assert again.code == 1
    assert codes(project) == {"app-00.yaml": ["figma.locked-out"]}
    assert project.tiers().count(Tier.ONE) == 1
    assert project.run("batch", "configs", "--ignore-lockout").code == 0


def test_nothing_waits_for_a_connection_behind_its_permit_into_a_pause(
    tmp_path: Path, figma: Callable[..., Sandbox]
) -> None:
    count = 3 * CONNECTIONS
    faults = [
        # one of those that go when the first ones have been answered
        Fault(FaultKind.RATE_LIMIT, match="*/nodes", retry_after="1", after=CONNECTIONS + 2),
        Fault(FaultKind.SLOW, match="*/nodes", seconds=0.3, times=None),
    ]
    project = Project(tmp_path, figma(design(count), faults=faults))
    project.webs(count)
    done = project.run("batch", "configs", "--burst", "100", "--parallel", str(count))
    assert done.code == 0
    nodes = [entry for entry in project.asked() if entry.tier is Tier.ONE]
    assert len(nodes) == count + 1
    refused_at = next(entry.at_s for entry in nodes if entry.status == 429)
    assert [entry.path for entry in nodes if refused_at + 0.2 < entry.at_s < refused_at + 1] == []
    assert sum(entry.at_s > refused_at + 1 for entry in nodes) >= CONNECTIONS


def test_a_size_that_was_too_much_is_not_tried_again_by_the_next_run(project: Project) -> None:
    text = "Request too large. If applicable, filter by query params."
    fault = Fault(FaultKind.STATUS, match="*/nodes", min_ids=2, status=400, message=text, times=None)
    project.sandbox.faults.append(fault)
    project.webs(1)
    assert project.run("batch", "configs").code == 0
    assert project.tiers().count(Tier.ONE) == 3
    project.sandbox.clear_log()
    assert project.run("batch", "configs", "--force").code == 0
    assert project.tiers().count(Tier.ONE) == 2


def test_a_config_of_priority_three_is_served_three_times_as_often(project: Project) -> None:
    keys = ("lightFileId", "darkFileId", "lightHighContrastFileId", "darkHighContrastFileId")
    for start, name, priority in ((0, "a", ""), (4, "b", "priority: 3\n")):
        files = "".join(f"  {key}: {file_key(start + number)}\n" for number, key in enumerate(keys))
        web = f"web:\n  output: out/{name}\n  colors: {{}}\n"
        project.write(f"configs/{name}.yaml", f"{priority}figma:\n{files}{web}")
    done = project.run("batch", "configs", "--burst", "1", rate_limit=300)
    assert done.code == 0
    order = [entry.path for entry in project.asked() if entry.tier is Tier.ONE]
    names = ["b" if any(file_key(number) in path for number in range(4, 8)) else "a" for path in order]
    assert Counter(names) == {"a": 4, "b": 4}
    assert Counter(names[:5])["b"] >= 3
