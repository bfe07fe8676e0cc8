"""`exfig validate`: read configs, and say everything that is wrong with them.

In: paths, the disk. Out: text on standard output, an exit code. Rule: no token, no network, nothing written; each
config is judged exactly as `exfig batch` would judge it before its first request.
"""

import sys
from pathlib import Path

from exfig_rx.batch.conflicts import find_conflicts
from exfig_rx.batch.discovery import RejectedConfig, ValidConfig, find_configs, load_config
from exfig_rx.cli.commands import Validate
from exfig_rx.ui.console import make_console
from exfig_rx.ui.validation import Judged, print_judgement

VALID, INVALID, IN_CONFLICT = 0, 1, 3


def run(command: Validate) -> int:
    """Judge all configs; the exit code says the worst. Raises UsageError for paths that lead nowhere."""
    directory = Path.cwd()
    configs = find_configs(command.paths, recursive=command.recursive, directory=directory)
    loaded = [load_config(config, directory) for config in configs]
    valid = [file for file in loaded if isinstance(file, ValidConfig)]
    conflicts = find_conflicts([(file.id, file.config) for file in valid], Path())
    print_judgement(
        make_console(sys.stdout, command.color),
        [
            Judged(file.id.label, errors=file.problems)
            if isinstance(file, RejectedConfig)
            else Judged(file.id.label, warnings=file.warnings)
            for file in loaded
        ],
        conflicts,
        quiet=command.quiet,
    )
    if len(valid) < len(loaded):
        return INVALID
    return IN_CONFLICT if conflicts else VALID
