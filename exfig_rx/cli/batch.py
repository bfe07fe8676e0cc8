"""`exfig batch`: settings to exit code.

In: settings, the environment, the standard streams. Out: the exit code of the run. Rule: whatever can be known to be
wrong before the run (paths, token, address, report file) is found here, before any request.
"""

import os
from pathlib import Path

from exfig_rx.batch.discovery import find_configs
from exfig_rx.errors import UsageError
from exfig_rx.figma.client import checked_address, checked_token
from exfig_rx.model import Problem
from exfig_rx.session import Session
from exfig_rx.settings import Settings
from exfig_rx.ui.report import check_report_path

SANDBOX_TOKEN = "figd_sandbox"  # noqa: S105  (opens nothing)
TOKEN_VARIABLE = "FIGMA_PERSONAL_TOKEN"  # noqa: S105  (the name of the variable, not a secret)


def run(settings: Settings) -> int:
    """Run one batch to its end. Raises UsageError before anything is started."""
    directory = Path.cwd()
    configs = find_configs(settings.paths, recursive=settings.recursive, directory=directory)
    token = _token(settings)
    checked_address(settings.figma_url)
    if settings.report is not None and settings.report != "-":
        check_report_path(Path(settings.report))
    return Session(settings, token, configs, directory).run()


def _token(settings: Settings) -> str:
    if settings.sandbox:
        return SANDBOX_TOKEN
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        raise UsageError(
            Problem(
                "usage.no-token",
                f"no Figma token: set {TOKEN_VARIABLE}",
                "Make one in Figma under Settings, Security, Personal access tokens, with read access to file content "
                "and library content; or try --sandbox, which needs none.",
            )
        )
    return checked_token(token)
