"""Arguments and `EXFIG_*` variables to a command: which commands there are, and which one is meant.

In: argv and the environment. Out: a command, or `Shown` (text for stdout). Rule: every mistake is a `UsageError` of one
line that says what to type instead; nothing is started here.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from exfig_rx import __version__
from exfig_rx.cli import config_options, run_options, webhook_options
from exfig_rx.cli.arguments import Build, asks_for_help, nearest, wrong
from exfig_rx.cli.commands import Command, Shown
from exfig_rx.settings import Section


class Entry(NamedTuple):
    """A command in one line, and what makes its parser."""

    summary: str
    make: Callable[[], tuple[argparse.ArgumentParser, Build]]


COMMANDS: Final[Mapping[str, Entry]] = {
    "batch": Entry("export every config, in one run", run_options.batch_parser),
    **{
        str(section): Entry(summary, partial(run_options.section_parser, section))
        for section, summary in (
            (Section.COLORS, "export the colors of one config"),
            (Section.ICONS, "export the icons of one config"),
            (Section.IMAGES, "export the images of one config"),
            (Section.TYPOGRAPHY, "export the text styles of one config"),
            (Section.TOKENS, "export the design tokens of one config"),
        )
    },
    "validate": Entry("say what is wrong with configs, without Figma", config_options.validate_parser),
    "doctor": Entry("look at the token, its rights, and the files it reaches", run_options.doctor_parser),
    "init": Entry("write a first config", config_options.init_parser),
    "migrate": Entry("write a config of an older tool in today's spelling", config_options.migrate_parser),
    "cache": Entry("tend what earlier runs kept of Figma", config_options.cache_parser),
    "webhook": Entry("have Figma tell a watch what changed", webhook_options.webhook_parser),
    "schema": Entry("print the JSON Schema of configs, for editors", config_options.schema_parser),
    "completions": Entry("print what lets a shell complete commands", config_options.completions_parser),
    "sandbox": Entry("serve a small Figma to play with", config_options.sandbox_parser),
}
"""Every command, in the order in which people meet them."""


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> Command:
    """The command that `argv` asks for, options from `EXFIG_<NAME>` where `argv` has none. Raises UsageError."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        return Shown(overview())
    if argv[0] in ("-V", "--version"):
        return Shown(f"exfig {__version__}\n")
    name, rest = argv[0], argv[1:]
    if name not in COMMANDS:
        what = "option" if name.startswith("-") else "command"
        near = nearest(name, [*COMMANDS, "--version", "--help"])
        raise wrong(f"unknown {what} {name}", near or f"Commands: {', '.join(COMMANDS)}.")
    parser, build = COMMANDS[name].make()
    if asks_for_help(rest):
        return Shown(parser.format_help())
    return build(parser, rest, environ)


def overview() -> str:
    """What `exfig --help` prints."""
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name:{width}}  {entry.summary}" for name, entry in COMMANDS.items())
    return (
        "usage: exfig COMMAND [OPTIONS]\n\n"
        "Export Figma designs into iOS, Android, Flutter and Web code, many configs at once.\n\n"
        f"commands:\n{lines}\n\n"
        "options:\n  -V, --version  print the version\n  -h, --help     print this help\n\n"
        "Run `exfig COMMAND --help` for the options of a command.\n"
    )
