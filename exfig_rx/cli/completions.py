"""`exfig completions`: a script that lets a shell complete commands, options and their words.

In: the real parsers. Out: the script of shtab (https://docs.iterative.ai/shtab/) on standard output. Rule: nothing is
listed here that the parsers don't know.
"""

import argparse
import sys

import shtab

from exfig_rx.cli.commands import Shell
from exfig_rx.cli.options import COMMANDS

_PATHS = {"PATH": shtab.FILE, "FILE": shtab.FILE, "NEW": shtab.FILE, "DIR": shtab.DIRECTORY}
"""What to complete by what an option's value is called in the help."""


def run(shell: Shell) -> int:
    """Print the script; the exit code is 0."""
    sys.stdout.write(shtab.complete(whole_parser(), shell=shell) + "\n")
    return 0


def whole_parser() -> argparse.ArgumentParser:
    """All commands as subparsers of one parser."""
    top = argparse.ArgumentParser(prog="exfig", add_help=False)
    top.add_argument("-V", "--version", action="store_true", help="print the version")
    top.add_argument("-h", "--help", action="store_true", help="print help")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND")
    for name, entry in COMMANDS.items():
        parser, _ = entry.make()
        for action in parser._actions:
            if action.metavar in _PATHS:
                action.complete = _PATHS[action.metavar]  # type: ignore[attr-defined]
        subparsers.add_parser(
            name, parents=[parser], add_help=False, help=entry.summary, description=parser.description
        )
    return top
