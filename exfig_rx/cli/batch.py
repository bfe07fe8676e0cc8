"""`exfig batch`, and the commands for one section of one config: settings to exit code.

In: settings, the environment, the standard streams. Out: the exit code of the run. Rule: whatever can be known to be
wrong before the run (paths, token, address, report file) is found here, before any request.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from exfig_rx.batch.discovery import DEFAULT_FILES, chosen_paths, find_configs
from exfig_rx.cli.passcode import passcode_of
from exfig_rx.cli.token import token_of
from exfig_rx.errors import UsageError
from exfig_rx.figma.client import checked_address
from exfig_rx.model import ConfigId, Problem
from exfig_rx.session import Session
from exfig_rx.settings import Settings
from exfig_rx.ui.report import check_report_path


def run(settings: Settings) -> int:
    """Run one batch to its end. Raises UsageError before anything is started."""
    directory = _here()
    if settings.watching is not None:
        # configs may come later
        paths = chosen_paths(settings.paths, directory)
        return _run(replace(settings, paths=paths), (), directory)
    return _run(settings, find_configs(settings.paths, recursive=settings.recursive, directory=directory), directory)


def run_one(settings: Settings) -> int:
    """Run the one config that `settings.paths` names, or that lies here. Raises UsageError before it is started."""
    directory = _here()
    return _run(settings, (_one_config(settings.paths, directory),), directory)


def _run(settings: Settings, configs: Sequence[ConfigId], directory: Path) -> int:
    token = token_of(settings)
    checked_address(settings.figma_url)
    if settings.report is not None and settings.report != "-":
        check_report_path(Path(settings.report))
    variable = settings.watching.passcode_variable if settings.watching is not None else ""
    return Session(settings, token, configs, directory, passcode_of(variable) if variable else "").run()


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError(
            Problem("usage.no-directory", "the working directory is gone", "Go to where the configs are.")
        ) from None


def _one_config(paths: Sequence[str], directory: Path) -> ConfigId:
    path = paths[0] if paths else next((name for name in DEFAULT_FILES if (directory / name).exists()), None)
    if path is None:
        raise UsageError(
            Problem(
                "usage.no-configs",
                f"no config here: neither {' nor '.join(DEFAULT_FILES)}",
                "Name one: -i FILE; or write a first one: exfig init",
            )
        )
    if (directory / path).is_dir():
        raise UsageError(
            Problem("usage.not-a-file", f"{path} is a directory, not a config", "Use exfig batch for many configs.")
        )
    (config,) = find_configs((path,), recursive=False, directory=directory)
    return config
