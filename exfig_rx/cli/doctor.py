"""`exfig doctor`: is the token good, are the files reached, what is known of plan and seat.

In: settings, the environment, configs if there are any. Out: a verdict for each on standard output; exit code 1 if one
failed. Rule: what needs no network is looked at first, and without a token nothing is asked of Figma.
"""

import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from reactivex import Observable

from exfig_rx.batch.checkup import Told, about_configs, diagnosis, files_of
from exfig_rx.batch.discovery import (
    DEFAULT_DIRECTORY,
    DEFAULT_FILES,
    LoadedConfig,
    ValidConfig,
    find_configs,
    load_config,
)
from exfig_rx.batch.run import Connection
from exfig_rx.cli.token import token_of
from exfig_rx.consultation import consult
from exfig_rx.errors import UsageError
from exfig_rx.figma.checkup import Announcement, Finding, Verdict, about_token
from exfig_rx.figma.client import checked_address
from exfig_rx.fold import reduce
from exfig_rx.reactor import Reactor
from exfig_rx.run_state import INITIAL, Step
from exfig_rx.session import BUG_EXIT_CODE
from exfig_rx.settings import Settings
from exfig_rx.state.token import recall
from exfig_rx.ui.checkup import Row, last_line
from exfig_rx.ui.console import make_console
from exfig_rx.ui.plain import plain_lines

Tell = Callable[[Told], None]


def run(settings: Settings) -> int:
    """Look at everything and print it; 1 if something failed. Raises UsageError for paths that lead nowhere."""
    checked_address(settings.figma_url)
    loaded = _loaded(settings, Path.cwd())
    stdout = make_console(sys.stdout, settings.color)
    findings: list[Finding] = []

    def tell(told: Told) -> None:
        if isinstance(told, Announcement):
            stdout.print(f"      asking: {told.text}", style="dim")
            return
        findings.append(told)
        stdout.print(Row(told), end="")

    token = _token(settings, tell)
    for finding in about_configs(loaded):
        tell(finding)
    if token is not None:
        try:
            _ask_figma(settings, token, [file for file in loaded if isinstance(file, ValidConfig)], tell)
        except Exception:  # a bug: it ends the command loudly, and without the token
            sys.stderr.write(traceback.format_exc().replace(token, "***"))
            return BUG_EXIT_CODE
    stdout.print(last_line(findings), style="bold")
    return 1 if any(finding.verdict is Verdict.FAIL for finding in findings) else 0


def _loaded(settings: Settings, directory: Path) -> Sequence[LoadedConfig]:
    """The configs; none where none is named and none lies here."""
    if not settings.paths and not any((directory / name).exists() for name in (*DEFAULT_FILES, DEFAULT_DIRECTORY)):
        return ()
    configs = find_configs(settings.paths, recursive=settings.recursive, directory=directory)
    return [load_config(config, directory) for config in configs]


def _token(settings: Settings, tell: Tell) -> str | None:
    """The token, if one can be sent at all."""
    try:
        token = token_of(settings)
    except UsageError as error:
        problem = error.problems[0]
        tell(Finding(Verdict.FAIL, "token", problem.message, problem.hint))
        return None
    finding = about_token(token)
    tell(finding)
    return token if finding.verdict is not Verdict.FAIL else None


def _ask_figma(settings: Settings, token: str, configs: Sequence[ValidConfig], tell: Tell) -> None:
    stderr = make_console(sys.stderr, settings.color)

    def question(connection: Connection, reactor: Reactor) -> Observable[Told]:
        memory = recall(
            settings, checked_address(settings.figma_url), token, now_s=reactor.now_s, wall_s=reactor.wall_s
        )
        ask = connection.services.api.answer
        return diagnosis(ask, files_of(configs), memory, connection.limits, now_s=reactor.now_s())

    for told in consult(settings, token, configs, question):
        if isinstance(told, Announcement | Finding):
            tell(told)
        else:
            for line in plain_lines(Step(told, reduce(INITIAL, told))):
                stderr.print(line)
