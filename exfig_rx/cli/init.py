"""`exfig init`: a first config, with comments.

In: platforms and a Figma file, from the command line or asked on a terminal. Out: a new file, and what to do next.
Rule: nothing is asked where nobody answers, and nothing is overwritten.
"""

import sys
from pathlib import Path

from exfig_rx.cli.arguments import wrong
from exfig_rx.cli.commands import Init
from exfig_rx.cli.config_options import platforms_of
from exfig_rx.cli.new_file import refuse_existing, write_new
from exfig_rx.config.starter import file_id_of, starter_config
from exfig_rx.model import Platform
from exfig_rx.ui.question import ask

_ALL = ", ".join(Platform)


def run(command: Init) -> int:
    """Write the config; the exit code is 0. Raises UsageError."""
    path = Path(command.output)
    refuse_existing(path)
    text = starter_config(_platforms(command), file_id_of(_file_id(command)))
    write_new(path, text.encode())
    named = "" if path.name == command.output == "exfig.yaml" else f" {command.output}"
    sys.stdout.write(f"Wrote {command.output}. Next: look at its paths, then exfig batch{named}\n")
    return 0


def _platforms(command: Init) -> tuple[Platform, ...]:
    if command.platforms:
        return command.platforms
    if not _somebody_answers():
        raise wrong("no platform given", f"Name some of {_ALL}, such as: exfig init ios android --file-id ID")
    answer = ask(f"Platforms, some of {_ALL}: ").replace(",", " ").split()
    if not answer:
        raise wrong("no platform given", f"Name some of {_ALL}.")
    return platforms_of(answer)


def _file_id(command: Init) -> str:
    if command.file_id is not None:
        return command.file_id
    if not _somebody_answers():
        raise wrong("no Figma file given", "Write --file-id with the id or the URL of the file.")
    return ask("Figma file, its id or URL: ")


def _somebody_answers() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
