"""Arguments and environment to a command: defaults, variables, and one clear line for each mistake."""

import subprocess
import sys

import pytest

from exfig_rx.cli.options import FIGMA_URL, Batch, ServeSandbox, Shown, parse
from exfig_rx.errors import UsageError
from exfig_rx.settings import Color, OnConflict, Plan, Settings


def settings(*argv: str, **environ: str) -> Settings:
    command = parse(["batch", *argv], environ)
    assert isinstance(command, Batch)
    return command.settings


def message(*argv: str, **environ: str) -> str:
    with pytest.raises(UsageError) as caught:
        parse(argv, environ)
    (problem,) = caught.value.problems
    return f"{problem.message} {problem.hint}".strip()


def test_defaults_are_the_documented_ones() -> None:
    plain = settings("configs")
    assert plain.paths == ("configs",)
    assert (plain.parallel, plain.max_retries, plain.max_wait_s) == (3, 4, 300.0)
    assert (plain.rate_limit, plain.plan, plain.timeout_s, plain.report) == (None, None, None, None)
    assert (plain.on_conflict, plain.color, plain.figma_url) == (OnConflict.ASK, Color.AUTO, FIGMA_URL)
    assert not any((plain.recursive, plain.fail_fast, plain.sandbox, plain.quiet, plain.verbose))


def test_help_states_every_option_with_its_default() -> None:
    command = parse(["batch", "--help"], {})
    assert isinstance(command, Shown)
    blocks = command.text.split("\n  -")[1:]
    assert len(blocks) == 22
    for block in blocks:
        assert "(default: " in " ".join(block.split()) or "--help" in block


def test_options_are_read_wherever_they_stand() -> None:
    mixed = settings("a.yaml", "-p", "5", "b", "--plan", "enterprise", "--on-conflict=abort", "--report", "out.json")
    assert mixed.paths == ("a.yaml", "b")
    assert (mixed.parallel, mixed.plan, mixed.on_conflict) == (5, Plan.ENTERPRISE, OnConflict.ABORT)
    assert mixed.report == "out.json"


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("EXFIG_PARALLEL", "7", "parallel", 7),
        ("EXFIG_FAIL_FAST", "true", "fail_fast", True),
        ("EXFIG_FAIL_FAST", "0", "fail_fast", False),
        ("EXFIG_MAX_WAIT", "12.5", "max_wait_s", 12.5),
        ("EXFIG_ON_CONFLICT", "continue", "on_conflict", OnConflict.CONTINUE),
        ("FIGMA_API_URL", " http://127.0.0.1:9 ", "figma_url", "http://127.0.0.1:9"),
        ("EXFIG_FIGMA_URL", "http://127.0.0.1:8", "figma_url", "http://127.0.0.1:8"),
    ],
)
def test_an_option_also_reads_its_variable(variable: str, text: str, name: str, value: object) -> None:
    assert getattr(settings(**{variable: text}), name) == value


def test_an_argument_beats_its_variable() -> None:
    assert settings("--parallel", "2", EXFIG_PARALLEL="7").parallel == 2
    assert settings("--figma-url", "http://localhost:1", FIGMA_API_URL="http://localhost:2").figma_url.endswith(":1")


@pytest.mark.parametrize(
    ("argv", "parts"),
    [
        (["batch", "--parallel", "0"], ["--parallel", "at least 1", "found 0"]),
        (["batch", "--parallel", "two"], ["--parallel", "whole number", "'two'"]),
        (["batch", "--max-wait", "nan"], ["--max-wait", "found nan"]),
        (["batch", "--timeout", "-1"], ["--timeout", "seconds above 0"]),
        (["batch", "--plan", "enterprize"], ["--plan", "Did you mean enterprise?"]),
        (["batch", "--paralel", "3"], ["unknown option --paralel", "Did you mean --parallel?"]),
        (["batch", "--ratelimit=3"], ["unknown option --ratelimit", "Did you mean --rate-limit?"]),
        (["batch", "-q", "-v"], ["--quiet", "--verbose", "exclude"]),
        (["batch", "--report"], ["--report", "expected one argument"]),
        (["bacth"], ["unknown command bacth", "Did you mean batch?"]),
        (["--verson"], ["unknown option --verson", "Did you mean --version?"]),
        (["sandbox", "--port", "70000"], ["--port", "found 70000"]),
    ],
)
def test_a_mistake_is_told_with_what_to_type_instead(argv: list[str], parts: list[str]) -> None:
    text = message(*argv)
    assert all(part in text for part in parts), text


def test_a_wrong_variable_is_named() -> None:
    assert message("batch", EXFIG_PARALLEL="none").startswith("EXFIG_PARALLEL: expected a whole number")
    assert message("batch", EXFIG_SANDBOX="perhaps") == "EXFIG_SANDBOX: expected true or false, found 'perhaps'"


def test_options_of_the_older_tool_are_taken_and_remembered() -> None:
    old = settings("configs", "--cache", "--cache-path", "x.json", "--concurrent-downloads", "9", "--resume")
    assert old.paths == ("configs",)
    assert old.retired == ("--cache", "--resume", "--cache-path")
    assert old.concurrent_downloads == 9


def test_the_size_of_assets_is_given_in_megabytes() -> None:
    assert settings("configs").most_asset_bytes == 64 * 2**20
    assert settings("configs", "--max-asset-size", "1").most_asset_bytes == 2**20
    assert message("batch", "--max-asset-size", "0").startswith("argument --max-asset-size: expected a whole number")


def test_the_sandbox_takes_a_port() -> None:
    assert parse(["sandbox", "--port", "8123"], {}) == ServeSandbox(8123)


def test_version_and_help_load_nothing_heavy() -> None:
    heavy = ("reactivex", "requests", "rich", "pydantic", "jinja2", "yaml", "watchfiles")
    script = (
        "import sys; from exfig_rx.__main__ import main; "
        f"code = main(sys.argv[1:]); print([m for m in {heavy!r} if m in sys.modules]); sys.exit(code)"
    )
    for argv in (["--version"], ["batch", "--help"]):
        done = subprocess.run([sys.executable, "-c", script, *argv], capture_output=True, text=True, check=True)
        assert done.stdout.endswith("[]\n"), done.stdout
