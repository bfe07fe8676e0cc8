"""`exfig webhook` against a real server: what it registers, what it prints, what it never prints, and its exit code."""

import argparse
import json
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from exfig_rx.__main__ import main
from exfig_rx.cli.commands import HookEvent, TendWebhooks, WebhookAction
from exfig_rx.cli.options import parse
from exfig_rx.cli.passcode import passcode_of
from exfig_rx.cli.watch_options import parse_address
from exfig_rx.errors import UsageError
from exfig_rx.model import Tier
from exfig_rx.sandbox import Edit
from exfig_rx.sandbox.faults import Fault, FaultKind
from exfig_rx.watch.webhook import Hook, Ignored, address_of, hooks, listen
from tests.test_cli.conftest import TOKEN, Project, file_key

PASSCODE = "geheim-0123456789"
HERE = "https://hooks.example.com/figma"
TO = ("--endpoint", HERE, "--passcode-env", "HOOK_PASSCODE")

Tend = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tend(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tend:
    """Runs `exfig webhook ARGV` in the project: exit code, standard output, standard error."""
    monkeypatch.chdir(project.root)
    for name, value in project.environ({"HOOK_PASSCODE": PASSCODE, "COLUMNS": "160"}).items():
        monkeypatch.setenv(name, value)

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(["webhook", *argv, "--rate-limit", "6000"])  # no test waits for its turn
        streams = capsys.readouterr()
        for secret in (TOKEN, PASSCODE):
            assert secret not in streams.out + streams.err
        return code, streams.out, " ".join(streams.err.split())

    return run


def rows(out: str) -> list[list[str]]:
    """The words of each row, without the headings."""
    return [line.split() for line in out.splitlines()[1:]]


def sent(project: Project) -> list[tuple[str, str]]:
    return [(entry.method, entry.path) for entry in project.asked()]


def test_webhooks_are_registered_for_every_file_that_configs_name_once(project: Project, tend: Tend) -> None:
    project.web("configs/a.yaml", file_key(1))
    project.web("configs/b.yaml", file_key(2))
    project.web("configs/c.yaml", file_key(1))
    code, out, err = tend("register", "configs", *TO, "--event-types", "FILE_UPDATE")
    assert (code, err) == (0, "")
    assert [row[1:] for row in rows(out)] == [
        ["FILE_UPDATE", "file", file_key(1), HERE, "registered"],
        ["FILE_UPDATE", "file", file_key(2), HERE, "registered"],
    ]
    assert project.tiers() == [Tier.TWO] * 4
    code, out, _ = tend("list")
    assert [(row[3], row[5]) for row in rows(out)] == [(file_key(1), "active"), (file_key(2), "active")]


def test_what_is_there_is_not_registered_again(project: Project, tend: Tend) -> None:
    assert tend("register", "--file", file_key(1), *TO, "--event-types", "LIBRARY_PUBLISH")[0] == 0
    code, out, _ = tend("register", "--file", file_key(1), *TO)
    assert code == 0
    assert [(row[1], " ".join(row[5:])) for row in rows(out)] == [
        ("LIBRARY_PUBLISH", "there already"),
        ("FILE_VERSION_UPDATE", "registered"),
        ("FILE_UPDATE", "registered"),
    ]
    project.sandbox.clear_log()
    assert tend("register", "--file", file_key(1), *TO)[0] == 0
    assert sent(project) == [("GET", "/v2/webhooks")]


def test_a_paused_one_is_told_and_left(project: Project, tend: Tend) -> None:
    hook = {"event_type": "FILE_UPDATE", "context": "file", "context_id": file_key(1), "passcode": "x"}
    body = json.dumps({**hook, "endpoint": HERE, "status": "PAUSED"}).encode()
    project.sandbox._webhooks.answer("POST", "/v2/webhooks", {}, body, project.sandbox.design)
    code, out, _ = tend("register", "--file", file_key(1), *TO, "--event-types", "FILE_UPDATE")
    assert (code, rows(out)[0][5:]) == (0, ["there", "already,", "but", "paused:", "remove", "it", "first"])
    assert rows(tend("list", "--file", file_key(1))[1])[0][5] == "paused"


def test_links_projects_and_teams_are_understood(project: Project, tend: Tend) -> None:
    link = f"https://www.figma.com/design/{file_key(3)}/Harbor?node-id=1-2"
    where = ("--file", link, "--project", "55", "--team", "77")
    code, out, _ = tend("register", *where, *TO, "--event-types", "FILE_UPDATE")
    assert code == 0
    assert [row[2:4] for row in rows(out)] == [["file", file_key(3)], ["project", "55"], ["team", "77"]]


def test_webhooks_are_removed_by_their_ids_and_those_that_are_not_there_are_told(tend: Tend) -> None:
    _, out, _ = tend("register", "--file", file_key(1), *TO)
    ids = [row[0] for row in rows(out)]
    code, out, err = tend("remove", *ids, "98", "99")
    assert (code, [row[0] for row in rows(out)]) == (1, ids)
    assert {row[-1] for row in rows(out)} == {"removed"}
    assert "Figma has no webhook 98" in err
    assert "Figma has no webhook 99" in err
    assert tend("list", "--file", file_key(1))[1] == "No webhooks.\n"


def test_a_limit_that_is_reached_is_said_once_with_what_to_do(tend: Tend) -> None:
    assert tend("register", "--file", file_key(1), *TO, "--event-types", "FILE_UPDATE")[0] == 0
    code, out, err = tend("register", "--file", file_key(1), "--endpoint", f"{HERE}/2", *TO[2:])
    assert code == 1
    assert [row[-1] for row in rows(out)] == ["registered", "registered", "failed"]
    assert err.count("The limit of 3 webhooks per file is reached") == 1
    assert f"exfig webhook list --file {file_key(1)}" in err
    code, out, err = tend("register", "--file", file_key(1), "--endpoint", f"{HERE}/3", *TO[2:])
    assert [row[-1] for row in rows(out)] == ["failed"] * 3
    assert err.count("The limit of 3 webhooks per file is reached") == 1


def test_a_registration_that_was_not_answered_is_not_sent_again(project: Project, tend: Tend) -> None:
    one = ("register", "--file", file_key(1), *TO, "--event-types", "FILE_UPDATE")
    # the third request is the registration: the list is asked twice, as that harms nobody
    project.sandbox.faults.append(Fault(FaultKind.STATUS, "/v2/webhooks", status=503))
    project.sandbox.faults.append(Fault(FaultKind.TRUNCATE, "/v2/webhooks", after=1))
    code, _, err = tend(*one)
    assert code == 1
    assert "It may be there all the same: run the command again, which registers nothing twice." in err
    assert [method for method, _ in sent(project)] == ["GET", "GET", "POST"]
    code, out, _ = tend(*one)
    assert (code, rows(out)[0][5:]) == (0, ["there", "already"])


@pytest.mark.parametrize(
    ("status", "message", "said"),
    [
        (403, "Only admins", "Figma does not let this token see the webhooks of team 77: Only admins"),
        (403, "Invalid scope(s)", "Scope needed: webhooks:read."),
        (403, "Invalid token", "Figma does not accept the token"),
        (400, f"odd passcode {PASSCODE}", "odd passcode ***"),
    ],
)
def test_refusals_are_said_with_what_to_do(project: Project, tend: Tend, status: int, message: str, said: str) -> None:
    project.sandbox.faults.append(Fault(FaultKind.STATUS, "/v2/*", status=status, message=message))
    code, out, err = tend("register", "--team", "77", *TO)
    assert (code, out, said in err) == (1, "", True), err


def test_a_config_that_is_not_valid_is_left_out_and_told(project: Project, tend: Tend) -> None:
    project.web("configs/a.yaml", file_key(1))
    project.write("configs/b.yaml", "web: { output: out, colours: {} }\n")
    code, out, err = tend("register", *TO, "--event-types", "FILE_UPDATE")
    assert (code, len(rows(out))) == (1, 1)
    assert "b.yaml is not valid, and left out" in err


def test_a_bug_is_told_without_what_is_secret(tend: Tend, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"a bug with {PASSCODE} and {TOKEN}")

    monkeypatch.setattr("exfig_rx.figma.webhooks.registration", broken)
    code, _, err = tend("register", "--file", file_key(1), *TO)
    assert code == 70
    assert "a bug with *** and ***" in err


def test_what_is_registered_reaches_a_watch(project: Project, tend: Tend) -> None:
    heard: SimpleQueue[Hook | Ignored] = SimpleQueue()
    listening = listen("127.0.0.1", 0)
    end = hooks(listening, PASSCODE, lambda action: action()).subscribe(heard.put)
    try:
        code, *_ = tend("register", "--file", file_key(1), "--endpoint", address_of(listening), *TO[2:])
        assert code == 0
        assert [heard.get(timeout=20) for _ in range(3)] == [Hook("PING")] * 3
        project.sandbox.edit(Edit(file_key(1)))
        told = [heard.get(timeout=20) for _ in range(2)]
        assert told == [Hook(name, file_key(1), "Colors") for name in ("FILE_UPDATE", "LIBRARY_PUBLISH")]
    finally:
        end.dispose()


def test_the_built_in_figma_needs_no_token(tend: Tend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIGMA_PERSONAL_TOKEN")
    code, out, _ = tend("register", "--sandbox", "--team", "7", *TO)
    assert (code, len(rows(out))) == (0, 3)


# How it is asked for


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["register"], "needs --endpoint"),
        (["register", "--endpoint", HERE], "needs --passcode-env"),
        (["register", "a.yaml", "--file", "x", *TO], "exclude each other"),
        (["remove"], "needs ids of webhooks"),
        (["rename"], "expected register, list, remove"),
        (["list", "--event-types", "PING"], "expected LIBRARY_PUBLISH"),
        (["list", "--file", " , "], "expected keys of files"),
    ],
)
def test_mistakes_are_said_in_a_line(argv: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse(["webhook", *argv], {})


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["register", "--file", "x", "--endpoint", "http://a.b", *TO[2:]], "the endpoint is not https"),
        (["register", "--file", "x", "--endpoint", HERE, "--passcode-env", "NOBODY"], "no passcode: NOBODY is not set"),
        (["list", "--file", "https://www.figma.com/"], "--file|file id|Figma"),
        (["list", "nowhere.yaml"], "no such file or directory"),
    ],
)
def test_what_can_t_be_meant_is_said_before_figma_is_asked(
    project: Project, tend: Tend, argv: list[str], said: str
) -> None:
    code, out, err = tend(*argv)
    assert (code, out) == (2, "")
    assert any(part in err for part in said.split("|"))
    assert project.asked() == []


def test_all_events_are_wanted_unless_some_are_named() -> None:
    command = parse(["webhook", "register", *TO], {"EXFIG_TEAM": "77"})
    assert isinstance(command, TendWebhooks)
    assert (command.action, command.event_types) == (WebhookAction.REGISTER, frozenset(HookEvent))
    assert (command.team, command.files, command.ids, command.settings.paths) == ("77", (), (), ())


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (":8787", ("127.0.0.1", 8787)),
        ("8787", ("127.0.0.1", 8787)),
        (" 0.0.0.0:8787 ", ("0.0.0.0", 8787)),
        ("localhost:80", ("localhost", 80)),
        ("hooks.example.com:65535", ("hooks.example.com", 65535)),
        ("[::1]:8787", ("::1", 8787)),
        (":0", ("127.0.0.1", 0)),
    ],
)
def test_an_address_is_a_host_and_a_port_or_a_port_of_this_machine(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["", ":", "host", "host:", ":65536", ":-1", "::1:80", "http://host:80", "host:80/", "a b:80", "me@host:80", ":²"],
)
def test_any_other_address_is_refused(text: str) -> None:

    with pytest.raises(argparse.ArgumentTypeError, match="expected HOST:PORT"):
        parse_address(text)


def test_the_passcode_is_read_from_the_environment_without_white_space_around_it() -> None:
    assert passcode_of("P", {"P": f" {PASSCODE}\n"}) == PASSCODE
    assert passcode_of("P", {"P": "p" * 100}) == "p" * 100


@pytest.mark.parametrize("value", ["", "  \n", "p" * 101, "secret\nsecret", "secret\udcff"])
def test_a_passcode_that_can_t_be_one_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        passcode_of("P", {"P": value})
    said = str(caught.value.problems)
    assert "openssl" in said
    assert "secret" not in said
    assert "ppp" not in said
