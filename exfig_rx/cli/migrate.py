"""`exfig migrate`: an old config in today's spelling, as a new file.

In: the path of a config. Out: a new file, and on standard output what was changed and what is left to do. Rule: the old
file stays as it is, no file is overwritten, and the new one is judged as `exfig batch` would judge it.
"""

import sys
from pathlib import Path

from exfig_rx.batch.discovery import RejectedConfig, find_configs, load_config
from exfig_rx.cli.commands import Migrate
from exfig_rx.cli.config_options import NEW_CONFIG
from exfig_rx.cli.new_file import refuse_existing, write_new
from exfig_rx.config.migration import Migration, migrate
from exfig_rx.config.source import read_source
from exfig_rx.errors import ConfigError, UsageError
from exfig_rx.model import Problem
from exfig_rx.settings import Color
from exfig_rx.ui.console import make_console
from exfig_rx.ui.validation import Judged, print_judgement, print_migration

OLD_NAME = "figma-export"


def run(command: Migrate) -> int:
    """Write the new config; 1 if something in it is left to do, or nothing could be written. Raises UsageError."""
    old = Path(command.file)
    if not old.exists():
        raise UsageError(Problem("usage.no-such-path", f"no such file: {command.file}"))
    new = Path(command.output) if command.output else _named_after(old)
    refuse_existing(new)
    console = make_console(sys.stdout, Color.AUTO)
    try:
        migration = migrate(read_source(str(old), command.file), command.file)
    except ConfigError as error:
        print_judgement(console, [Judged(command.file, errors=error.problems)], (), quiet=False)
        return 1
    write_new(new, migration.data)
    directory = Path.cwd()
    (config,) = find_configs((str(new),), recursive=False, directory=directory)
    loaded = load_config(config, directory)
    left = loaded.problems if isinstance(loaded, RejectedConfig) else ()
    print_migration(console, migration.notes, left, f"Wrote {new}: {_outcome(migration, len(left))}")
    return 1 if left else 0


def _named_after(old: Path) -> Path:
    return old.with_name(NEW_CONFIG) if old.stem == OLD_NAME else old.with_suffix(f".migrated{old.suffix or '.yaml'}")


def _outcome(migration: Migration, left: int) -> str:
    count = len(migration.notes)
    changes = "the same text" if not count else f"{count} change{'' if count == 1 else 's'}"
    return f"{changes}; it is valid" if not left else f"{changes}; {left} error{'' if left == 1 else 's'} left"
