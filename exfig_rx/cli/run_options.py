"""The options of the commands that talk to Figma, as one `Settings`: `batch`, one section of one config, `doctor`.

In: the words after the command's name, the environment. Out: `Batch`, `Single` or `Doctor`. Rule: an option means the
same wherever it is known; a command that lacks one has `batch`'s default.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exfig_rx.cli.arguments import (
    AT_LEAST_ONE,
    FROM_ZERO,
    SECONDS,
    WAIT,
    Build,
    Parser,
    add_help,
    parse_known,
    some_of,
    word,
    wrong,
)
from exfig_rx.cli.commands import Batch, Command, Doctor, Single
from exfig_rx.settings import Color, OnConflict, Plan, Section, Settings

FIGMA_URL = "https://api.figma.com"
"""Figma's public API (https://developers.figma.com/docs/rest-api/)."""

RETIRED = {
    "--cache": 0,
    "--no-cache": 0,
    "--force": 0,
    "--resume": 0,
    "--experimental-granular-cache": 0,
    "--cache-path": 1,
}
"""Options of the older ExFig that scripts still pass, with the number of their arguments."""

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
    _add_no_sync(parser)
    _add_output_options(parser)
    _add_figma_options(parser)
    _add_screen_options(parser)
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
        _add_no_sync(parser)
    _add_output_options(parser)
    _add_figma_options(parser)
    _add_screen_options(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        parsed = parse_known(parser, argv, environ)
        name_filter = getattr(parsed, "name_filter", None)
        if name_filter is not None:
            _check_filter(name_filter, section)
        paths = (parsed.input,) if parsed.input else ()
        values = {**vars(parsed), "paths": paths, "only": frozenset((section,))}
        return Single(_settings(values, argv, environ))

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
    _add_wait(parser)
    _add_timeout(parser)
    _add_address(parser)
    _add_color(parser)
    add_help(parser)

    def build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
        return Doctor(_settings(vars(parse_known(parser, argv, environ)), argv, environ))

    return parser, build


# Groups of options


def _add_no_sync(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-sync",
        action="store_true",
        help="leave names in Figma as they are, and say what would be written (default: no)",
    )


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--report", metavar="FILE", help="write a JSON report; - for standard output (default: none)")
    add(
        "--output-root",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="where relative output paths start (default: the working directory)",
    )
    add(
        "--strict",
        action="store_true",
        help="fail a config if a picture can't be rendered, or loses something in its format (default: warn)",
    )
    add(
        "--concurrent-downloads",
        type=AT_LEAST_ONE,
        default=20,
        metavar="N",
        help="downloads at once, of all configs together (default: 20)",
    )
    add(
        "--max-asset-size",
        type=AT_LEAST_ONE,
        default=64,
        metavar="MB",
        help="largest download in megabytes; a larger one fails its config (default: 64)",
    )


def _add_figma_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--rate-limit",
        type=AT_LEAST_ONE,
        metavar="N",
        help="tier-1 requests a minute; the other tiers scale with it (default: by plan)",
    )
    add(
        "--burst",
        type=AT_LEAST_ONE,
        default=3,
        metavar="N",
        help="requests of a tier that may leave at once after a quiet time (default: 3)",
    )
    add(
        "--plan",
        type=word(Plan),
        choices=list(Plan),
        metavar="PLAN",
        help=f"Figma plan that owns the files: {', '.join(Plan)} "
        "(default: what Figma's refusals taught, else professional)",
    )
    _add_wait(parser)
    add(
        "--ignore-lockout",
        action="store_true",
        help="ask Figma although an earlier run was told to wait for hours or days (default: no)",
    )
    add(
        "--max-retries",
        type=FROM_ZERO,
        default=4,
        metavar="N",
        help="retries of a request after a server or network error (default: 4)",
    )
    _add_timeout(parser)
    _add_address(parser)


def _add_wait(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-wait",
        type=WAIT,
        default=300.0,
        metavar="SECONDS",
        help="longest pause that Figma may ask for before configs fail instead (default: 300)",
    )


def _add_timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout",
        type=SECONDS,
        metavar="SECONDS",
        help="per request; renders get at least 75 (default: figma.timeout of the configs, else 30)",
    )


def _add_address(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--figma-url", metavar="URL", help=f"address of the API (default: FIGMA_API_URL, else {FIGMA_URL})")
    add("--sandbox", action="store_true", help="use a built-in Figma with sample designs; no token (default: no)")


def _add_color(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--color",
        type=word(Color),
        choices=list(Color),
        default=Color.AUTO,
        metavar="WHEN",
        help="auto, always or never (default: auto)",
    )


def _add_screen_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("-q", "--quiet", action="store_true", help="print errors and the last line only (default: no)")
    add("-v", "--verbose", action="store_true", help="print every request too (default: no)")
    _add_color(parser)
    add_help(parser)
    for flag, count in RETIRED.items():
        if count:
            add(flag, action="append", dest="retired", help=argparse.SUPPRESS)
        else:
            add(flag, action="append_const", const=flag, dest="retired", help=argparse.SUPPRESS)


# From values to settings


def _build_batch(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
    return Batch(_settings(vars(parse_known(parser, argv, environ)), argv, environ))


def _check_filter(name_filter: str, section: Section) -> None:
    if name_filter.lower().endswith((".yaml", ".yml")):
        raise wrong(f"FILTER is for names of {section}, not for a config", f"Write -i {name_filter}.")
    if not name_filter.strip(", \t"):
        raise wrong("the filter is empty", "Write names as they are in Figma, such as 'ic/24/*', or leave it out.")


def _settings(values: Mapping[str, Any], argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """`values` by the names of options, the others as `batch` has them."""
    chosen = {**vars(batch_parser()[0].parse_args([])), **values}
    if chosen["quiet"] and chosen["verbose"]:
        raise wrong("--quiet and --verbose exclude each other")
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
    )
