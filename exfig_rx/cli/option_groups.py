"""Groups of options that several commands of a run share.

In: a parser. Out: the same parser with more options. Rule: an option is defined once, so that it means the same
wherever it is known.
"""

import argparse
from pathlib import Path
from typing import Final

from exfig_rx.cli.arguments import AT_LEAST_ONE, FROM_ZERO, SECONDS, WAIT, add_help, word
from exfig_rx.settings import Color, Plan

FIGMA_URL: Final = "https://api.figma.com"
"""Figma's public API (https://developers.figma.com/docs/rest-api/)."""

RETIRED: Final = {
    "--cache": 0,
    "--resume": 0,
    "--experimental-granular-cache": 0,
    "--cache-path": 1,
}
"""Options of the older ExFig that scripts still pass, with the number of their arguments."""


def add_no_sync(parser: argparse.ArgumentParser) -> None:
    """Whether names go back to Figma."""
    parser.add_argument(
        "--no-sync",
        action="store_true",
        help="leave names in Figma as they are, and say what would be written (default: no)",
    )


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """What becomes of the files."""
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
        "--prune",
        action="store_true",
        help="delete what is left of earlier exports also where it is much, or may be of somebody else (default: no)",
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


def add_cache_options(parser: argparse.ArgumentParser) -> None:
    """What is used of earlier runs, and what is kept."""
    add = parser.add_argument
    add("--force", action="store_true", help="ask Figma for everything anew, and export all of it (default: no)")
    add("--no-cache", action="store_true", help="neither use nor keep what is in .exfig/ (default: no)")
    add("--offline", action="store_true", help="ask Figma nothing: export the newest design in .exfig/ (default: no)")
    add("--no-resume", action="store_true", help="drop what runs got that did not end (default: go on with it)")
    add_cache_size(parser)


def add_cache_size(parser: argparse.ArgumentParser) -> None:
    """How much is kept."""
    parser.add_argument(
        "--cache-size",
        type=AT_LEAST_ONE,
        default=1024,
        metavar="MB",
        help="most megabytes of pictures to keep in .exfig/ (default: 1024)",
    )


def add_figma_options(parser: argparse.ArgumentParser) -> None:
    """How Figma is asked."""
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
    add_wait(parser)
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
    add_timeout(parser)
    add_address(parser)


def add_wait(parser: argparse.ArgumentParser) -> None:
    """How long a pause may be."""
    parser.add_argument(
        "--max-wait",
        type=WAIT,
        default=300.0,
        metavar="SECONDS",
        help="longest pause that Figma may ask for before configs fail instead (default: 300)",
    )


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """How long a request may take."""
    parser.add_argument(
        "--timeout",
        type=SECONDS,
        metavar="SECONDS",
        help="per request; renders get at least 75 (default: figma.timeout of the configs, else 30)",
    )


def add_address(parser: argparse.ArgumentParser) -> None:
    """Whom to ask."""
    add = parser.add_argument
    add("--figma-url", metavar="URL", help=f"address of the API (default: FIGMA_API_URL, else {FIGMA_URL})")
    add("--sandbox", action="store_true", help="use a built-in Figma with sample designs; no token (default: no)")


def add_color(parser: argparse.ArgumentParser) -> None:
    """When to color."""
    parser.add_argument(
        "--color",
        type=word(Color),
        choices=list(Color),
        default=Color.AUTO,
        metavar="WHEN",
        help="auto, always or never (default: auto)",
    )


def add_screen_options(parser: argparse.ArgumentParser) -> None:
    """What is printed; and the options of the older tool, which are known and do nothing."""
    add = parser.add_argument
    add("-q", "--quiet", action="store_true", help="print errors and the last line only (default: no)")
    add("-v", "--verbose", action="store_true", help="print every request too (default: no)")
    add_color(parser)
    add_help(parser)
    for flag, count in RETIRED.items():
        if count:
            add(flag, action="append", dest="retired", help=argparse.SUPPRESS)
        else:
            add(flag, action="append_const", const=flag, dest="retired", help=argparse.SUPPRESS)
