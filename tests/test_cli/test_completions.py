"""`exfig completions`: scripts made of the real parsers, and one of them in a real shell."""

import shutil
import subprocess
from pathlib import Path

import pytest

from exfig_rx.__main__ import main
from exfig_rx.cli.commands import Shell
from exfig_rx.cli.options import COMMANDS

COMPLETE = """
source {script}
COMP_WORDS=({words}); COMP_CWORD=$(({count} - 1)); COMP_LINE="{words}"; COMP_POINT=${{#COMP_LINE}}
_shtab_exfig
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completions", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shell", Shell)
def test_every_command_and_option_is_known_and_hidden_ones_are_not(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    text = script(shell, capsys)
    for word in (*COMMANDS, "--on-conflict", "--file-id", "--rate-limit"):
        assert word.removeprefix("--") in text, word
    assert "--experimental-granular-cache" not in text


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("exfig val", {"validate"}),
        ("exfig batch --on-", {"--on-conflict"}),
        ("exfig batch --on-conflict a", {"ask", "abort"}),
        ("exfig colors --no-s", {"--no-sync"}),
        ("exfig batch a.y", {"a.yaml"}),
        ("exfig migrate a.y", {"a.yaml"}),
        ("exfig completions z", {"zsh"}),
    ],
)
def test_bash_completes(words: str, expected: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").touch()
    (tmp_path / "exfig.bash").write_text(script("bash", capsys))
    text = COMPLETE.format(script=tmp_path / "exfig.bash", words=words, count=len(words.split()))
    done = subprocess.run(["bash", "-c", text], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == expected, done.stderr
