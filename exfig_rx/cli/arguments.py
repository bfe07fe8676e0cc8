"""How arguments are read: parsers that speak in one line, the types of options, and `EXFIG_<NAME>`.

In: argv words and variables. Out: values. Rule: every mistake is a `UsageError` of one line that says what to type
instead; what is heavy to import is not imported here.
"""

import argparse
import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NoReturn, TypeAlias, TypeVar

from exfig_rx.cli.commands import Command
from exfig_rx.errors import UsageError
from exfig_rx.model import Problem

Build: TypeAlias = Callable[[argparse.ArgumentParser, Sequence[str], Mapping[str, str]], Command]
"""What makes a command of its parser, the words after its name, and the environment. Raises UsageError."""

Word = TypeVar("Word", bound=StrEnum)


class Parser(argparse.ArgumentParser):
    """A parser of one command; `-h` is read before it, so that help is shown whatever else is wrong."""

    def __init__(self, prog: str, description: str, epilog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            add_help=False,
            allow_abbrev=False,
            formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=32, width=100),
        )

    def error(self, message: str) -> NoReturn:
        """Says what is wrong, instead of usage and exit."""
        raise wrong(message, f"See: {self.prog} --help")


def wrong(message: str, hint: str = "") -> UsageError:
    """The error about a command line."""
    return UsageError(Problem("usage.wrong", message, hint))


def nearest(word: str, known: Sequence[str]) -> str:
    """`Did you mean …?`, or nothing."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else ""


def add_help(parser: argparse.ArgumentParser) -> None:
    """The last option of every command."""
    parser.add_argument("-h", "--help", action="store_true", help="print this help")


def asks_for_help(argv: Sequence[str]) -> bool:
    """Whether one of the options is `--help`."""
    options = argv[: argv.index("--")] if "--" in argv else argv
    return "-h" in options or "--help" in options


# Types of options


def number(kind: type[int] | type[float], least: float, what: str, most: float = math.inf) -> Callable[[str], Any]:
    """A finite number from `least` to `most`."""

    def read(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected {what}, found {text!r}") from None
        if not math.isfinite(value) or not least <= value <= most:
            raise argparse.ArgumentTypeError(f"expected {what}, found {text}")
        return value

    return read


AT_LEAST_ONE = number(int, 1, "a whole number of at least 1")
FROM_ZERO = number(int, 0, "a whole number of at least 0")
SECONDS = number(float, 0.001, "seconds above 0, at most a day", most=86_400.0)
WAIT = number(float, 0, "seconds, at least 0")


def word(words: type[Word]) -> Callable[[str], Word]:
    """One of `words`, exact case."""

    def read(text: str) -> Word:
        try:
            return words(text)
        except ValueError:
            near = nearest(text, list(words))
            expected = f"expected {', '.join(words)}, found {text!r}"
            raise argparse.ArgumentTypeError(f"{expected}. {near}" if near else expected) from None

    return read


def some_of(words: type[Word]) -> Callable[[str], frozenset[Word]]:
    """A comma list of `words`, at least one."""
    read_one = word(words)

    def read(text: str) -> frozenset[Word]:
        pieces = [piece for piece in (part.strip() for part in text.split(",")) if piece]
        if not pieces:
            raise argparse.ArgumentTypeError(f"expected some of {', '.join(words)}, found {text!r}")
        return frozenset(map(read_one, pieces))

    return read


# From words to values


def parse_known(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """The values of all options and arguments, wherever they stand. Raises UsageError."""
    read_environment(parser, environ)
    parsed, unknown = parser.parse_known_intermixed_args(argv)
    if unknown:
        _refuse(parser, unknown[0])
    return parsed


def read_environment(parser: argparse.ArgumentParser, environ: Mapping[str, str]) -> None:
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
            raise wrong(f"{name}: {error}") from None


def _flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise argparse.ArgumentTypeError(f"expected true or false, found {text!r}")
    return words[text.lower()]


def _refuse(parser: argparse.ArgumentParser, unknown: str) -> NoReturn:
    see = f"See: {parser.prog} --help"
    if not unknown.startswith("-"):
        raise wrong(f"one argument too many: {unknown}", see)
    known = [
        option for action in parser._actions if action.help != argparse.SUPPRESS for option in action.option_strings
    ]
    option = unknown.split("=")[0]
    raise wrong(f"unknown option {option}", nearest(option, known) or see)
