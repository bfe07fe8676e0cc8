"""Arguments and `EXFIG_*` variables to a command.

In: argv and the environment. Out: `Batch`, `ServeSandbox` or `Shown` (text for stdout). Rule: every mistake is a
`UsageError` of one line that says what to type instead; nothing is started here.
"""

import argparse
import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from exfig_rx import __version__
from exfig_rx.errors import UsageError
from exfig_rx.model import Problem
from exfig_rx.settings import Color, OnConflict, Plan, Settings

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


@dataclass(frozen=True, slots=True)
class Batch:
    """`exfig batch`."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class ServeSandbox:
    """`exfig sandbox`; port 0 takes a free one."""

    port: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Text to print: help or version."""

    text: str


Command: TypeAlias = Batch | ServeSandbox | Shown


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> Command:
    """The command that `argv` asks for, options from `EXFIG_<NAME>` where `argv` has none. Raises UsageError."""
    top = _top()
    if not argv or argv[0] in ("-h", "--help", "help"):
        return Shown(top.format_help())
    if argv[0] in ("-V", "--version"):
        return Shown(f"exfig {__version__}\n")
    name, rest = argv[0], argv[1:]
    if name not in COMMANDS:
        what = "option" if name.startswith("-") else "command"
        raise _wrong(f"unknown {what} {name}", _nearest(name, [*COMMANDS, "--version", "--help"]))
    parser, build = COMMANDS[name]()
    if any(word in ("-h", "--help") for word in _options_of(rest)):
        return Shown(parser.format_help())
    return build(parser, rest, environ)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _wrong(message, f"See: {self.prog} --help")


def _wrong(message: str, hint: str = "") -> UsageError:
    return UsageError(Problem("usage.wrong", message, hint))


def _nearest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else ""


def _options_of(argv: Sequence[str]) -> Sequence[str]:
    return argv[: argv.index("--")] if "--" in argv else argv


def _top() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="exfig",
        description="Export Figma designs into iOS, Android, Flutter and Web code, many configs at once.",
        epilog="Run `exfig COMMAND --help` for the options of a command.",
        add_help=False,
    )
    parser.add_argument("command", metavar="COMMAND", help="batch: export configs; sandbox: serve a Figma to play with")
    parser.add_argument("-V", "--version", action="store_true", help="print the version")
    parser.add_argument("-h", "--help", action="store_true", help="print this help")
    return parser


def _number(kind: type[int] | type[float], least: float, what: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected {what}, found {text!r}") from None
        if not math.isfinite(value) or value < least:
            raise argparse.ArgumentTypeError(f"expected {what}, found {text}")
        return value

    return read


_AT_LEAST_ONE = _number(int, 1, "a whole number of at least 1")
_FROM_ZERO = _number(int, 0, "a whole number of at least 0")
_SECONDS = _number(float, 0.001, "seconds above 0")
_WAIT = _number(float, 0, "seconds, at least 0")


def _word(words: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        try:
            return words(text)
        except ValueError:
            near = _nearest(text, list(words))
            expected = f"expected {', '.join(words)}, found {text!r}"
            raise argparse.ArgumentTypeError(f"{expected}. {near}" if near else expected) from None

    return read


def _batch() -> tuple[argparse.ArgumentParser, Callable[..., Command]]:
    parser = _Parser(
        prog="exfig batch",
        description="Export every config in one run: one shared request budget, files changed only when all is ready.",
        epilog="The token is read from FIGMA_PERSONAL_TOKEN, the address also from FIGMA_API_URL. "
        "Each option also reads EXFIG_<NAME>, such as EXFIG_PARALLEL. "
        "Exit codes: 0 all succeeded, 1 a config failed, 2 wrong usage, 3 output conflict, 70 internal error, "
        "130 interrupted, 143 terminated.",
        add_help=False,
        allow_abbrev=False,
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=32, width=100),
    )
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        metavar="PATH",
        help="config files and directories of them (default: exfig.yaml or figma-export.yaml here, else ./configs/)",
    )
    add("-p", "--parallel", type=_AT_LEAST_ONE, default=3, metavar="N", help="configs at once (default: 3)")
    add("--recursive", action="store_true", help="look into subdirectories too (default: no)")
    add("--fail-fast", action="store_true", help="stop everything at the first failure (default: no)")
    add("--report", metavar="FILE", help="write a JSON report; - for standard output (default: none)")
    add(
        "--rate-limit",
        type=_AT_LEAST_ONE,
        metavar="N",
        help="tier-1 requests a minute; the other tiers scale with it (default: by plan)",
    )
    add(
        "--burst",
        type=_AT_LEAST_ONE,
        default=3,
        metavar="N",
        help="requests of a tier that may leave at once after a quiet time (default: 3)",
    )
    add(
        "--plan",
        type=_word(Plan),
        metavar="PLAN",
        help=f"Figma plan that owns the files: {', '.join(Plan)} "
        "(default: what Figma's refusals taught, else professional)",
    )
    add(
        "--max-wait",
        type=_WAIT,
        default=300.0,
        metavar="SECONDS",
        help="longest pause that Figma may ask for before configs fail instead (default: 300)",
    )
    add(
        "--ignore-lockout",
        action="store_true",
        help="ask Figma although an earlier run was told to wait for hours or days (default: no)",
    )
    add(
        "--max-retries",
        type=_FROM_ZERO,
        default=4,
        metavar="N",
        help="retries of a request after a server or network error (default: 4)",
    )
    add(
        "--timeout",
        type=_SECONDS,
        metavar="SECONDS",
        help="per request; renders get at least 75 (default: figma.timeout of the configs, else 30)",
    )
    add(
        "--on-conflict",
        type=_word(OnConflict),
        default=OnConflict.ASK,
        metavar="WORD",
        help="when configs would write the same path: ask, continue or abort (default: ask)",
    )
    add(
        "--strict",
        action="store_true",
        help="fail a config if a picture can't be rendered, or loses something in its format (default: warn)",
    )
    add(
        "--concurrent-downloads",
        type=_AT_LEAST_ONE,
        default=20,
        metavar="N",
        help="downloads at once, of all configs together (default: 20)",
    )
    add(
        "--max-asset-size",
        type=_AT_LEAST_ONE,
        default=64,
        metavar="MB",
        help="largest download in megabytes; a larger one fails its config (default: 64)",
    )
    add(
        "--output-root",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="where relative output paths start (default: the working directory)",
    )
    add("--figma-url", metavar="URL", help=f"address of the API (default: FIGMA_API_URL, else {FIGMA_URL})")
    add("--sandbox", action="store_true", help="use a built-in Figma with sample designs; no token (default: no)")
    add("-q", "--quiet", action="store_true", help="print errors and the last line only (default: no)")
    add("-v", "--verbose", action="store_true", help="print every request too (default: no)")
    add("--color", type=_word(Color), default=Color.AUTO, metavar="WHEN", help="auto, always or never (default: auto)")
    add("-h", "--help", action="store_true", help="print this help")
    for flag, count in RETIRED.items():
        if count:
            add(flag, action="append", dest="retired", help=argparse.SUPPRESS)
        else:
            add(flag, action="append_const", const=flag, dest="retired", help=argparse.SUPPRESS)
    return parser, _build_batch


def _build_batch(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
    _read_environment(parser, environ)
    parsed, unknown = parser.parse_known_intermixed_args(argv)
    _refuse_unknown(parser, unknown)
    if parsed.quiet and parsed.verbose:
        raise _wrong("--quiet and --verbose exclude each other")
    retired = tuple(flag for flag in RETIRED if any(word.split("=")[0] == flag for word in argv))
    settings = Settings(
        paths=tuple(parsed.paths),
        recursive=parsed.recursive,
        parallel=parsed.parallel,
        fail_fast=parsed.fail_fast,
        report=parsed.report,
        rate_limit=parsed.rate_limit,
        burst=parsed.burst,
        plan=parsed.plan,
        max_wait_s=parsed.max_wait,
        ignore_lockout=parsed.ignore_lockout,
        max_retries=parsed.max_retries,
        timeout_s=parsed.timeout,
        on_conflict=parsed.on_conflict,
        strict=parsed.strict,
        concurrent_downloads=parsed.concurrent_downloads,
        most_asset_bytes=parsed.max_asset_size * 2**20,
        output_root=parsed.output_root,
        figma_url=parsed.figma_url or environ.get("FIGMA_API_URL", "").strip() or FIGMA_URL,
        sandbox=parsed.sandbox,
        quiet=parsed.quiet,
        verbose=parsed.verbose,
        color=parsed.color,
        retired=retired,
    )
    return Batch(settings)


def _sandbox() -> tuple[argparse.ArgumentParser, Callable[..., Command]]:
    parser = _Parser(
        prog="exfig sandbox",
        description="Serve a small Figma on this machine, with sample designs and real rate limits, until Ctrl-C.",
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--port",
        type=_number(int, 0, "a port number"),
        default=0,
        metavar="N",
        help="port to listen on (default: 0, any free one)",
    )
    parser.add_argument("-h", "--help", action="store_true", help="print this help")
    return parser, _build_sandbox


def _build_sandbox(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
    _read_environment(parser, environ)
    parsed, unknown = parser.parse_known_args(argv)
    _refuse_unknown(parser, unknown)
    if parsed.port > 65535:
        raise _wrong(f"argument --port: expected a port number, found {parsed.port}")
    return ServeSandbox(parsed.port)


COMMANDS = {"batch": _batch, "sandbox": _sandbox}


def _read_environment(parser: argparse.ArgumentParser, environ: Mapping[str, str]) -> None:
    """Let `EXFIG_<NAME>` take the place of each option's default."""
    for action in parser._actions:
        flag = next((option for option in action.option_strings if option.startswith("--")), None)
        if flag is None or action.dest in ("help", "retired"):
            continue
        name = "EXFIG_" + flag.removeprefix("--").upper().replace("-", "_")
        text = environ.get(name, "").strip()
        if not text:
            continue
        try:
            action.default = _flag(text) if action.nargs == 0 else action.type(text) if callable(action.type) else text
        except argparse.ArgumentTypeError as error:
            raise _wrong(f"{name}: {error}") from None


def _flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise argparse.ArgumentTypeError(f"expected true or false, found {text!r}")
    return words[text.lower()]


def _refuse_unknown(parser: argparse.ArgumentParser, unknown: Sequence[str]) -> None:
    if not unknown:
        return
    known = [
        option for action in parser._actions if action.help != argparse.SUPPRESS for option in action.option_strings
    ]
    word = unknown[0].split("=")[0]
    raise _wrong(f"unknown option {word}", _nearest(word, known) or f"See: {parser.prog} --help")
