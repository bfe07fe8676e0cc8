"""From variables and published styles to the design tokens of one entry, mode by mode.

In: a `TokenEntry`, and what its files hold. Out: `LoadedTokens`, or one `DesignError` with every problem of the entry.
Rule: a token has a value in every mode, its own or the usual one, and knows what it is an alias of; how it is written
is none of this room's business.
"""

from collections.abc import Mapping, Sequence

from exfig_rx.config.token_entries import TokenEntry
from exfig_rx.errors import DesignError
from exfig_rx.load.pairing import Subject
from exfig_rx.load.token_styles import color_tokens, text_tokens
from exfig_rx.load.token_values import LoadedTokens
from exfig_rx.load.token_variables import variable_tokens
from exfig_rx.model import FileStyles, Location, Problem
from exfig_rx.variables import FileVariables


def load_tokens(
    entry: TokenEntry, styles: Mapping[str, FileStyles], variables: Mapping[str, FileVariables]
) -> LoadedTokens:
    """The tokens of `entry` from the files that `entry.style_files` and `entry.variable_files` name.

    Aliases into libraries are followed through the other `variables`. Raises DesignError with all problems.
    """
    parts: list[LoadedTokens] = []
    problems: list[Problem] = []
    subject = Subject(entry.key, "token")
    try:
        if entry.variables is not None:
            parts.append(variable_tokens(entry, entry.variables, variables, subject))
        elif entry.color_styles is not None:
            parts.append(color_tokens(entry, entry.color_styles, styles, Subject(entry.key, "color")))
    except DesignError as error:
        problems += error.problems
    try:
        if entry.text_file is not None:
            parts.append(text_tokens(entry, styles[entry.text_file], Subject(entry.key, "text style")))
    except DesignError as error:
        problems += error.problems
    if problems:
        raise DesignError(*problems)
    tokens = tuple(token for part in parts for token in part.tokens)
    warnings = tuple(warning for part in parts for warning in part.warnings)
    if not tokens:
        raise DesignError(_nothing(entry, warnings))
    modes = tuple(dict.fromkeys(mode for part in parts for mode in part.modes))
    return LoadedTokens(tokens, modes, warnings)


def _nothing(entry: TokenEntry, warnings: Sequence[Problem]) -> Problem:
    files = ", ".join(dict.fromkeys((*entry.variable_files, *entry.style_files)))
    return Problem(
        "design.no-tokens",
        f"nothing of {', '.join(sorted(entry.kinds))} is in file {files}"
        + "".join(f"; {warning.message}" for warning in warnings[:1]),
        "publish styles or add variables in Figma, or change kinds or tokensFileId",
        Location(key=entry.key),
    )
