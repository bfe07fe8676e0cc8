"""The options of the commands that talk to Figma, as one `Settings`: `batch`, one section of one config, `doctor`.

In: the words after the command's name, the environment. Out: `Batch`, `Single` or `Doctor`. Rule: an option means the
same wherever it is known; a command that lacks one has `batch`'s default.
"""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from exfig_rx.cli.arguments import (
    AT_LEAST_ONE,
    Build,
    Parser,
    add_help,
    parse_known,
    some_of,
    word,
    wrong,
)
from exfig_rx.cli.commands import Batch, Command, Doctor, Single
from exfig_rx.cli.option_groups import (
    FIGMA_URL,
    RETIRED,
    add_address,
    add_cache_options,
    add_color,
    add_figma_options,
    add_no_sync,
    add_output_options,
    add_screen_options,
    add_timeout,
    add_wait,
)
from exfig_rx.cli.watch_options import add_events, add_watch_options, watching_of
from exfig_rx.settings import Caching, OnConflict, Section, Settings

FILTERED = (Section.COLORS, Section.ICONS, Section.IMAGES, Section.TYPOGRAPHY)
"""Sections whose assets can be picked by name."""

_WHERE_FROM = (
    "The token is read from FIGMA_PERSONAL_TOKEN, the address also from FIGMA_API_URL. "
    "Each option also reads EXFIG_<NAME>, such as EXFIG_{}. "
)
_EXIT_CODES = (
    "Exit codes: 0 all succeeded, 1 a config failed, 2 wrong usage, 3 output conflict, 70 internal error, "
    "130 interrupted, 143 terminated."
)


def batch_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig batch`."""
    parser = Parser(
        "exfig batch",
        "Export every config in one run: one shared request budget, files changed only when all is ready.",
        _WHERE_FROM.format("PARALLEL") + _EXIT_CODES,
    )
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        metavar="PATH",
        help="config files and directories of them (default: exfig.yaml or figma-export.yaml here, else ./configs/)",
    )
    add("-p", "--parallel", type=AT_LEAST_ONE, default=3, metavar="N", help="configs at once (default: 3)")
    add("--recursive", action="store_true", help="look into subdirectories too (default: no)")
    add(
        "--only",
        type=some_of(Section),
        default=frozenset(),
        metavar="SECTIONS",
        help=f"a comma list of what to export: {', '.join(Section)} (default: all)",
    )
    add("--fail-fast", action="store_true", help="stop everything at the first failure (default: no)")
    add(
        "--on-conflict",
        type=word(OnConflict),
        choices=list(OnConflict),
        default=OnConflict.ASK,
        metavar="WORD",
        help="when configs would write the same path: ask, continue or abort (default: ask)",
    )
    add_no_sync(parser)
    add_output_options(parser)
    add_cache_options(parser)
    add_figma_options(parser)
    add_watch_options(parser)
    add_events(parser)
    add_screen_options(parser)
    return parser, _build_batch


def section_parser(section: Section) -> tuple[argparse.ArgumentParser, Build]:
    """`exfig colors` and the like."""
    what = {Section.TYPOGRAPHY: "text styles", Section.TOKENS: "design tokens"}.get(section, str(section))
    parser = Parser(
        f"exfig {section}",
        f"Export the {what} of one config: as exfig batch does, with this section alone.",
        _WHERE_FROM.format("TIMEOUT") + _EXIT_CODES,
    )
    if section in FILTERED:
        parser.add_argument(
            "name_filter",
            nargs="?",
            metavar="FILTER",
            help="only these names, as they are in Figma: a comma list, * for any characters, such as 'ic/24/*'; "
            + (
                "what an earlier run made of the others stays (default: all)"
                if section in (Section.ICONS, Section.IMAGES)
                else "files that hold others, too, are written whole (default: all)"
            ),
        )
    parser.add_argument(
        "-i", "--input", metavar="FILE", help="the config (default: exfig.yaml, else figma-export.yaml)"
    )
    if section is Section.COLORS:
        add_no_sync(parser)
    add_output_options(parser)
    add_cache_options(parser)
    add_figma_options(parser)
    add_screen_options(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        parsed = parse_known(parser, argv, environ)
        name_filter = getattr(parsed, "name_filter", None)
        if name_filter is not None:
            _check_filter(name_filter, section)
        paths = (parsed.input,) if parsed.input else ()
        values = {**vars(parsed), "paths": paths, "only": frozenset((section,))}
        return Single(settings_of(values, argv, environ))

    return parser, build


def doctor_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig doctor`."""
    parser = Parser(
        "exfig doctor",
        "Look at the token, the configs and the files they name, and say what is wrong and what to do. It costs a few "
        "tier 3 requests, and one of tier 2 where colors come from variables.",
        _WHERE_FROM.format("TIMEOUT") + "Exit codes: 0 nothing failed, 1 something did, 2 wrong usage.",
    )
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        metavar="PATH",
        help="config files and directories of them (default: as exfig batch; none at all looks at the token alone)",
    )
    add("--recursive", action="store_true", help="look into subdirectories too (default: no)")
    add_wait(parser)
    add_timeout(parser)
    add_address(parser)
    add_color(parser)
    add_help(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        return Doctor(settings_of(vars(parse_known(parser, argv, environ)), argv, environ))

    return parser, build


# From values to settings


def _build_batch(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
    return Batch(settings_of(vars(parse_known(parser, argv, environ)), argv, environ))


def _check_filter(name_filter: str, section: Section) -> None:
    if name_filter.lower().endswith((".yaml", ".yml")):
        raise wrong(f"FILTER is for names of {section}, not for a config", f"Write -i {name_filter}.")
    if not name_filter.strip(", \t"):
        raise wrong("the filter is empty", "Write names as they are in Figma, such as 'ic/24/*', or leave it out.")


def settings_of(values: Mapping[str, Any], argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """`values` by the names of options, the others as `batch` has them. Raises UsageError."""
    chosen = {**vars(batch_parser()[0].parse_args([])), **values}
    if chosen["quiet"] and chosen["verbose"]:
        raise wrong("--quiet and --verbose exclude each other")
    if chosen["events"] is not None and chosen["report"] == "-":
        raise wrong("--events and --report - both want standard output", "Name a file for the report.")
    caching = _caching(chosen)
    return Settings(
        paths=tuple(chosen["paths"]),
        recursive=chosen["recursive"],
        parallel=chosen["parallel"],
        fail_fast=chosen["fail_fast"],
        report=chosen["report"],
        rate_limit=chosen["rate_limit"],
        burst=chosen["burst"],
        plan=chosen["plan"],
        max_wait_s=chosen["max_wait"],
        ignore_lockout=chosen["ignore_lockout"],
        max_retries=chosen["max_retries"],
        timeout_s=chosen["timeout"],
        on_conflict=chosen["on_conflict"],
        strict=chosen["strict"],
        concurrent_downloads=chosen["concurrent_downloads"],
        most_asset_bytes=chosen["max_asset_size"] * 2**20,
        output_root=chosen["output_root"],
        figma_url=chosen["figma_url"] or environ.get("FIGMA_API_URL", "").strip() or FIGMA_URL,
        sandbox=chosen["sandbox"],
        quiet=chosen["quiet"],
        verbose=chosen["verbose"],
        color=chosen["color"],
        retired=tuple(flag for flag in RETIRED if any(written.split("=")[0] == flag for written in argv)),
        only=chosen["only"],
        name_filter=chosen.get("name_filter"),
        no_sync=chosen["no_sync"],
        caching=caching,
        no_resume=chosen["no_resume"],
        prune=chosen["prune"],
        watching=watching_of(chosen, caching),
        tells_events=chosen["events"] is not None,
        cache_bytes=chosen["cache_size"] * 2**20,
    )


def _caching(chosen: Mapping[str, Any]) -> Caching:
    words = {"force": Caching.FORCE, "no_cache": Caching.OFF, "offline": Caching.OFFLINE}
    asked = [name for name in words if chosen[name]]
    if len(asked) > 1:
        raise wrong(f"{' and '.join('--' + name.replace('_', '-') for name in asked)} exclude each other")
    return words[asked[0]] if asked else Caching.ON
