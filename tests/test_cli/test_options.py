"""Arguments and environment to a command: defaults, variables, and one clear line for each mistake."""

import subprocess
import sys
from dataclasses import replace

import pytest

from exfig_rx.cli.commands import (
    Batch,
    Complete,
    Doctor,
    Init,
    Migrate,
    ServeSandbox,
    Shell,
    Shown,
    ShowSchema,
    Single,
    Validate,
)
from exfig_rx.cli.option_groups import FIGMA_URL
from exfig_rx.cli.options import COMMANDS, parse
from exfig_rx.errors import UsageError
from exfig_rx.model import Kind, Platform
from exfig_rx.settings import Caching, Color, OnConflict, Plan, Section, Settings


def settings(*argv: str, **environ: str) -> Settings:
    command = parse(["batch", *argv], environ)
    assert isinstance(command, Batch)
    return command.settings


def one(*argv: str, **environ: str) -> Settings:
    command = parse(argv, environ)
    assert isinstance(command, Single)
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
    assert not any((plain.recursive, plain.fail_fast, plain.sandbox, plain.quiet, plain.verbose, plain.no_sync))
    assert (plain.only, plain.name_filter) == (frozenset(), None)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_states_every_option_with_its_default(name: str) -> None:
    command = parse([name, "--help"], {})
    assert isinstance(command, Shown)
    assert command.text.startswith(f"usage: exfig {name}")
    blocks = command.text.split("\n  -")[1:]
    assert len(blocks) == {"batch": 39, "colors": 26, "icons": 25, "tokens": 25, "doctor": 7}.get(name, len(blocks))
    for block in blocks:
        assert "(default: " in " ".join(block.split()) or "--help" in block


def test_the_overview_names_every_command() -> None:
    command = parse([], {})
    assert isinstance(command, Shown)
    assert parse(["--help"], {}) == command
    for name, entry in COMMANDS.items():
        assert f"  {name} " in command.text
        assert entry.summary in command.text


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
        (["batch", "--timeout", "1e308"], ["--timeout", "at most a day"]),
        (["batch", "--plan", "enterprize"], ["--plan", "Did you mean enterprise?"]),
        (["batch", "--paralel", "3"], ["unknown option --paralel", "Did you mean --parallel?"]),
        (["batch", "--ratelimit=3"], ["unknown option --ratelimit", "Did you mean --rate-limit?"]),
        (["batch", "-q", "-v"], ["--quiet", "--verbose", "exclude"]),
        (["batch", "--report"], ["--report", "expected one argument"]),
        (["batch", "--only", "colors,icnos"], ["--only", "'icnos'", "Did you mean icons?"]),
        (["batch", "--only", ","], ["--only", "expected some of colors"]),
        (["bacth"], ["unknown command bacth", "Did you mean batch?"]),
        (["validat"], ["Did you mean validate?"]),
        (["color"], ["Did you mean colors?"]),
        (["migrate-config"], ["Did you mean migrate?"]),
        (["xyz"], ["unknown command xyz", "Commands: batch, colors,"]),
        (["colors", "configs/a.yaml"], ["FILTER is for names of colors", "Write -i configs/a.yaml."]),
        (["icons", " , "], ["the filter is empty"]),
        (["icons", "a", "b"], ["one argument too many: b", "See: exfig icons --help"]),
        (["tokens", "a"], ["one argument too many: a"]),
        (["tokens", "--parallel", "3"], ["unknown option --parallel"]),
        (["images", "--no-sync"], ["unknown option --no-sync"]),
        (["validate", "--sandbox"], ["unknown option --sandbox"]),
        (["completions", "fish"], ["SHELL", "expected bash, zsh, tcsh, found 'fish'"]),
        (["completions"], ["SHELL", "required"]),
        (["migrate"], ["FILE", "required"]),
        (["init", "io"], ["found 'io'", "Did you mean ios?"]),
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


@pytest.mark.parametrize(
    ("argv", "caching"),
    [
        ([], Caching.ON),
        (["--force"], Caching.FORCE),
        (["--no-cache"], Caching.OFF),
        (["--offline"], Caching.OFFLINE),
    ],
)
def test_a_run_uses_what_earlier_ones_got_unless_told(argv: list[str], caching: Caching) -> None:
    assert settings(*argv).caching is caching


def test_ways_of_using_it_exclude_each_other() -> None:
    assert message("batch", "--offline", "--force").startswith("--force and --offline exclude each other")
    assert settings(EXFIG_OFFLINE="1").caching is Caching.OFFLINE


def test_what_is_kept_is_given_in_megabytes_and_leftovers_go_when_asked() -> None:
    assert (settings().cache_bytes, settings("--cache-size", "3").cache_bytes) == (2**30, 3 * 2**20)
    assert (settings().prune, settings("--prune").prune) == (False, True)
    assert (settings().no_resume, settings("--no-resume").no_resume) == (False, True)


@pytest.mark.parametrize("section", Section)
def test_one_section_of_one_config_is_a_batch_with_only_that(section: Section) -> None:
    assert one(section) == replace(settings(), only=frozenset((section,)))
    named = one(section, "-i", "a.yaml", "--sandbox", "--timeout", "9", "--force", "--cache", EXFIG_PARALLEL="x")
    assert named.paths == ("a.yaml",)
    assert (named.sandbox, named.timeout_s, named.retired) == (True, 9.0, ("--cache",))
    assert named.caching is Caching.FORCE
    assert one(section, EXFIG_INPUT="b.yaml", EXFIG_TIMEOUT="8").paths == ("b.yaml",)


def test_sections_are_the_kinds_and_tokens() -> None:
    assert [str(section) for section in Section] == [*Kind, "tokens"]
    assert settings("--only", "icons, colors").only == {Section.ICONS, Section.COLORS}
    assert settings(EXFIG_ONLY="typography").only == {Section.TYPOGRAPHY}


@pytest.mark.parametrize("section", ["colors", "icons", "images"])
def test_a_filter_is_a_list_of_names_wherever_it_stands(section: str) -> None:
    assert one(section, "ic/24/*, logo").name_filter == "ic/24/*, logo"
    assert one(section, "-i", "a.yaml", "Ink", "-q").name_filter == "Ink"


def test_names_in_figma_can_be_left_alone() -> None:
    assert settings("--no-sync").no_sync
    assert one("colors", "--no-sync").no_sync
    assert one("colors", EXFIG_NO_SYNC="1").no_sync


def test_the_commands_without_figma_take_what_they_need() -> None:
    assert parse(["validate", "a", "b", "--recursive"], {}) == Validate(("a", "b"), True, False, Color.AUTO)
    assert parse(["validate", "-q"], {"EXFIG_COLOR": "never"}) == Validate((), False, True, Color.NEVER)
    assert parse(["schema"], {}) == ShowSchema()
    assert parse(["init"], {}) == Init((), None, "exfig.yaml")
    assert parse(["init", "Web", "ios", "web", "--file-id", "x", "-o", "a.yaml"], {}) == Init(
        (Platform.IOS, Platform.WEB), "x", "a.yaml"
    )
    assert parse(["migrate", "old.yaml", "-o", "new.yaml"], {}) == Migrate("old.yaml", "new.yaml")
    assert parse(["completions", "zsh"], {}) == Complete(Shell.ZSH)


def test_the_doctor_takes_configs_and_an_address() -> None:
    doctor = parse(["doctor", "a.yaml", "--figma-url", "http://localhost:1", "--max-wait", "0"], {})
    assert isinstance(doctor, Doctor)
    assert doctor.settings == replace(
        settings("a.yaml", "--figma-url", "http://localhost:1", "--max-wait", "0"), quiet=False
    )


def test_the_sandbox_takes_a_port() -> None:
    assert parse(["sandbox", "--port", "8123"], {}) == ServeSandbox(8123)


def test_version_and_help_load_nothing_heavy() -> None:
    heavy = ("reactivex", "requests", "rich", "pydantic", "jinja2", "yaml", "watchfiles", "shtab", "ruamel")
    script = (
        "import sys; from exfig_rx.__main__ import main; "
        f"code = main(sys.argv[1:]); print([m for m in {heavy!r} if m in sys.modules]); sys.exit(code)"
    )
    for argv in (["--version"], ["--help"], ["batch", "--help"]):
        done = subprocess.run([sys.executable, "-c", script, *argv], capture_output=True, text=True, check=True)
        assert done.stdout.endswith("[]\n"), done.stdout
