"""The options of the commands that need no Figma: `validate`, `schema`, `init`, `migrate`, `cache` and others.

In: the words after the command's name, the environment. Out: a command.
"""

import argparse
from collections.abc import Mapping, Sequence

from exfig_rx.cli.arguments import Build, Parser, add_help, number, parse_known, word, wrong
from exfig_rx.cli.commands import (
    CacheAction,
    Command,
    Complete,
    Init,
    Migrate,
    ServeSandbox,
    Shell,
    ShowSchema,
    TendCache,
    Validate,
)
from exfig_rx.cli.option_groups import add_cache_size, add_color
from exfig_rx.model import Platform

NEW_CONFIG = "exfig.yaml"
"""The name that the other commands look for."""


def validate_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig validate`."""
    parser = Parser(
        "exfig validate",
        "Read configs and say everything that is wrong with them, and which would write the same paths. "
        "Needs no token, asks nothing of Figma, and writes nothing.",
        "Exit codes: 0 all configs are valid, 1 one is not, 2 wrong usage, 3 all are valid, but some would write the "
        "same paths.",
    )
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        metavar="PATH",
        help="config files and directories of them (default: exfig.yaml or figma-export.yaml here, else ./configs/)",
    )
    add("--recursive", action="store_true", help="look into subdirectories too (default: no)")
    add("-q", "--quiet", action="store_true", help="print errors and the last line only (default: no)")
    add_color(parser)
    add_help(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        parsed = parse_known(parser, argv, environ)
        return Validate(tuple(parsed.paths), parsed.recursive, parsed.quiet, parsed.color)

    return parser, build


def schema_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig schema`."""
    parser = Parser(
        "exfig schema",
        "Print the JSON Schema of configs (draft 2020-12), for editors.",
        "Write exfig schema > exfig.schema.json, and as the first line of a config: "
        "# yaml-language-server: $schema=exfig.schema.json",
    )
    add_help(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        parse_known(parser, argv, environ)
        return ShowSchema()

    return parser, build


def init_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig init`."""
    parser = Parser(
        "exfig init",
        "Write a first config, with comments. What is not given is asked for on a terminal. "
        "A file that is there is never overwritten.",
    )
    add = parser.add_argument
    # No type: argparse would call the word by the name of the function.
    add("platforms", nargs="*", metavar="PLATFORM", help=f"what to export to: {', '.join(Platform)} (default: asked)")
    add("--file-id", metavar="ID", help="the Figma file: its id, or its URL (default: asked)")
    add("-o", "--output", default=NEW_CONFIG, metavar="FILE", help=f"the new file (default: {NEW_CONFIG})")
    add_help(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        parsed = parse_known(parser, argv, environ)
        return Init(platforms_of(parsed.platforms), parsed.file_id, parsed.output)

    return parser, build


def platforms_of(words: Sequence[str]) -> tuple[Platform, ...]:
    """Platforms by their names in any letter case, each once, in the order of configs. Raises UsageError."""
    read = word(Platform)
    try:
        found = {read(text.lower()) for text in words}
    except argparse.ArgumentTypeError as error:
        raise wrong(f"platform: {error}") from None
    return tuple(platform for platform in Platform if platform in found)


def migrate_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig migrate`."""
    parser = Parser(
        "exfig migrate",
        "Write a config of figma-export or of an older ExFig anew, in today's spelling and with its comments, as a new "
        "file. A file that is there is never overwritten.",
        "Exit codes: 0 the new config is valid, 1 something in it is left to do by hand, 2 wrong usage.",
    )
    add = parser.add_argument
    add("file", metavar="FILE", help="the old config")
    add(
        "-o",
        "--output",
        metavar="NEW",
        help=f"the new file (default: {NEW_CONFIG} beside a figma-export.yaml, else FILE with .migrated before .yaml)",
    )
    add_help(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        parsed = parse_known(parser, argv, environ)
        return Migrate(parsed.file, parsed.output)

    return parser, build


def completions_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig completions`."""
    parser = Parser(
        "exfig completions",
        "Print a script that lets a shell complete commands and options.",
        "For example: exfig completions bash > ~/.local/share/bash-completion/completions/exfig; "
        "exfig completions zsh > _exfig in a directory of $fpath.",
    )
    parser.add_argument(
        "shell", type=word(Shell), choices=list(Shell), metavar="SHELL", help=f"one of {', '.join(Shell)}"
    )
    add_help(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        return Complete(parse_known(parser, argv, environ).shell)

    return parser, build


def cache_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig cache`."""
    parser = Parser(
        "exfig cache",
        "Tend what earlier runs kept of Figma in .exfig/ here: info says what it is, clear drops all of it, gc drops "
        "what counts no more and what is beyond --cache-size, as every run does at its end. What exfig knows of the "
        "files that it wrote is not touched.",
        "Exit codes: 0 done, also where nothing is kept; 1 the cache can't be used; 2 wrong usage.",
    )
    parser.add_argument(
        "action",
        type=word(CacheAction),
        choices=list(CacheAction),
        metavar="ACTION",
        help=f"one of {', '.join(CacheAction)}",
    )
    add_cache_size(parser)
    add_color(parser)
    add_help(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        parsed = parse_known(parser, argv, environ)
        sized = any(written.split("=")[0] == "--cache-size" for written in argv)
        if sized and parsed.action is not CacheAction.GC:
            raise wrong("--cache-size is for exfig cache gc", f"Leave it out of exfig cache {parsed.action}.")
        return TendCache(parsed.action, parsed.cache_size * 2**20, parsed.color)

    return parser, build


def sandbox_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig sandbox`."""
    parser = Parser(
        "exfig sandbox",
        "Serve a small Figma on this machine, with sample designs and real rate limits, until Ctrl-C.",
    )
    parser.add_argument(
        "--port",
        type=number(int, 0, "a port number"),
        default=0,
        metavar="N",
        help="port to listen on (default: 0, any free one)",
    )
    add_help(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        port: int = parse_known(parser, argv, environ).port
        if port > 65535:
            raise wrong(f"argument --port: expected a port number, found {port}")
        return ServeSandbox(port)

    return parser, build
