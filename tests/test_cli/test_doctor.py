"""`exfig doctor` against a real server: what it prints, what it asks, and its exit code."""

from collections.abc import Callable

import pytest

from exfig_rx.__main__ import main
from exfig_rx.model import Tier
from exfig_rx.sandbox.faults import Fault, FaultKind
from exfig_rx.sandbox.server import Sandbox
from tests.test_cli.conftest import TOKEN, Project, file_key

Doctor = Callable[..., tuple[int, str]]


@pytest.fixture
def doctor(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Runs the doctor in the project: exit code and what it printed."""
    monkeypatch.chdir(project.root)
    for name, value in project.environ().items():
        monkeypatch.setenv(name, value)

    def run(*argv: str) -> tuple[int, str]:
        code = main(["doctor", *argv])
        streams = capsys.readouterr()
        assert TOKEN not in streams.out + streams.err
        return code, streams.out

    return run


def test_a_healthy_project_passes_at_the_price_of_tier_3(project: Project, doctor: Doctor) -> None:
    project.web("exfig.yaml", file_key(1))
    code, out = doctor()
    assert code == 0, out
    assert "ok    token: looks like a personal access token\n" in out
    assert "ok    configs: 1 valid\n" in out
    assert f'ok    file {file_key(1)}: "Colors", as viewer; in exfig.yaml\n' in out
    assert "unknown until Figma refuses" in out
    assert out.splitlines()[-1] == "7 ok, 0 to look at, 0 failed"
    assert project.tiers() == [Tier.THREE] * 3


def test_without_any_config_the_token_alone_is_looked_at(project: Project, doctor: Doctor) -> None:
    code, out = doctor()
    assert code == 0
    assert "none here" in out
    assert [entry.path for entry in project.asked()] == ["/v1/me"]


def test_what_fails_is_told_with_what_to_do_and_has_exit_code_1(project: Project, doctor: Doctor) -> None:
    project.web("configs/a.yaml", "NoSuchFile000000000001")
    project.write("configs/b.yaml", "web: { output: out, colours: {} }\n")
    code, out = doctor()
    assert code == 1
    assert "fail  config b.yaml: " in out
    assert "fail  file NoSuchFile000000000001: Figma has no file NoSuchFile000000000001" in out
    assert "      The key is the part after /design/ or /file/" in out


def test_a_token_that_figma_refuses_or_that_is_not_there_fails(
    project: Project, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.web("exfig.yaml", file_key(1))
    monkeypatch.setenv("FIGMA_PERSONAL_TOKEN", "figd_wrong")
    code, out = doctor()
    assert (code, "fail  account: Figma does not accept the token" in out) == (1, True)
    asked = len(project.asked())
    monkeypatch.delenv("FIGMA_PERSONAL_TOKEN")
    code, out = doctor()
    assert (code, "fail  token: no Figma token: set FIGMA_PERSONAL_TOKEN" in out) == (1, True)
    assert len(project.asked()) == asked


def test_what_an_export_learnt_of_the_plan_is_known_to_the_doctor(
    project: Project, doctor: Doctor, figma: Callable[..., Sandbox]
) -> None:
    project.web("exfig.yaml", file_key(1))
    project.sandbox.faults.append(
        Fault(FaultKind.LOCKOUT, match="*/nodes", retry_after="90000", plan="starter", limit_type="low")
    )
    assert project.run("batch").code == 1
    code, out = doctor()
    assert code == 1
    assert f"warn  plan and seat: plan starter: {file_key(1)}" in out
    assert "fail  tier 1: Figma locked this token out of tier 1 requests" in out


def test_the_built_in_figma_needs_no_token(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIGMA_PERSONAL_TOKEN")
    code, out = doctor("--sandbox")
    assert code == 0, out
