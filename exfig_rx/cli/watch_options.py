"""The options of a run that stays: what it watches, and how it lets people know.

In: a parser; the values of its options. Out: the same parser with more options; a `Watching`. Rule: an option that does
nothing without `--watch` is refused without it, since somebody meant something by it.
"""

import argparse
import re
from collections.abc import Mapping
from typing import Any, Final

from exfig_rx.cli.arguments import number, word, wrong
from exfig_rx.settings import Caching, EventFormat, Watching

POLL_S: Final = 30.0
"""Seconds between two looks at the version of a file, where no number is given."""

_MILLISECONDS = number(int, 0, "milliseconds, a whole number from 0 to 60000", most=60_000)
_PERIOD = number(float, 1, "seconds, at least 1 and at most a day", most=86_400.0)

LOOPBACK: Final = "127.0.0.1"
"""Where a watch listens unless it is told otherwise: on this machine alone."""

_ADDRESS: Final = re.compile(r"(?:(?P<host>[^\s:/\[\]@]+|\[(?P<v6>[0-9A-Fa-f:.]+(?:%\w+)?)\])?:)?(?P<port>[0-9]{1,5})")

_NEED_WATCH: Final = ("debounce", "poll", "watch_figma", "webhook", "webhook_passcode_env", "bell", "notify")


def parse_address(text: str) -> tuple[str, int]:
    """`HOST:PORT`, `:PORT` or `PORT` as host and port; port 0 is any free one. Raises ArgumentTypeError."""
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or int(found["port"]) > 65_535:
        raise argparse.ArgumentTypeError(f"expected HOST:PORT, or :PORT for this machine alone, found {text!r}")
    return found["v6"] or found["host"] or LOOPBACK, int(found["port"])


def add_watch_options(parser: argparse.ArgumentParser) -> None:
    """Whether and how to stay."""
    add = parser.add_argument
    add("--watch", action="store_true", help="stay, and export again what changes (default: no)")
    add(
        "--debounce",
        type=_MILLISECONDS,
        metavar="MS",
        help="with --watch: an edit counts when nothing followed it for so many milliseconds (default: 300)",
    )
    add(
        "--poll",
        action="store_true",
        help="with --watch: look at files again and again, where the system tells of no changes, as on network mounts "
        "(default: no)",
    )
    add(
        "--watch-figma",
        type=_period,
        nargs="?",
        const=POLL_S,
        metavar="SECONDS",
        help="with --watch: ask Figma for the version of each file that often, at most for a third of the tier-3 limit "
        f"(default: no; without a number: {POLL_S:g})",
    )
    add(
        "--webhook",
        type=parse_address,
        metavar="HOST:PORT",
        help="with --watch: await Figma's webhooks there; without a host on this machine alone (default: no)",
    )
    add(
        "--webhook-passcode-env",
        metavar="NAME",
        help="the environment variable that holds the passcode of the webhooks (default: none)",
    )
    add("--bell", action="store_true", help="with --watch: ring the terminal's bell when an export fails (default: no)")
    add("--notify", action="store_true", help="with --watch: a notice of the desktop as well (default: no)")


def add_events(parser: argparse.ArgumentParser) -> None:
    """Whether to tell events."""
    parser.add_argument(
        "--events",
        type=word(EventFormat),
        choices=list(EventFormat),
        metavar="FORMAT",
        help="write each event to standard output; ndjson: as a line of JSON (default: none)",
    )


def watching_of(chosen: Mapping[str, Any], caching: Caching) -> Watching | None:
    """How to stay; None for a run that ends by itself. Raises UsageError where options don't go together."""
    if not chosen["watch"]:
        alone = next((name for name in _NEED_WATCH if chosen[name]), None)
        if alone is not None:
            raise wrong(f"--{alone.replace('_', '-')} does nothing without --watch")
        return None
    if chosen["fail_fast"]:
        raise wrong("--watch and --fail-fast exclude each other", "A watch goes on whatever fails.")
    if chosen["report"] == "-":
        raise wrong("--report - is for runs that end", "Name a file, which a watch writes anew after each cycle.")
    if caching is Caching.OFFLINE and (chosen["watch_figma"] or chosen["webhook"]):
        raise wrong("--offline asks Figma nothing, so it can't follow changes there")
    if bool(chosen["webhook"]) != bool(chosen["webhook_passcode_env"]):
        raise wrong(
            "--webhook and --webhook-passcode-env need each other", "Without a passcode anybody could make exfig run."
        )
    return Watching(
        debounce_s=(300 if chosen["debounce"] is None else chosen["debounce"]) / 1000,
        polls_files=chosen["poll"],
        figma_s=chosen["watch_figma"],
        webhook=chosen["webhook"],
        passcode_variable=chosen["webhook_passcode_env"] or "",
        bell=chosen["bell"],
        notice=chosen["notify"],
    )


def _period(text: str) -> float:
    try:
        return float(_PERIOD(text))
    except argparse.ArgumentTypeError as error:
        # a path that stands behind it, most likely
        raise argparse.ArgumentTypeError(
            f"{error}. Write --watch-figma={POLL_S:g}, or put it behind the paths"
        ) from None
