"""The options of `exfig webhook`: which webhooks to look after, and how.

In: the words after the command's name, the environment. Out: `TendWebhooks`.
"""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from exfig_rx.cli.arguments import Build, Parser, add_help, parse_known, some_of, word, wrong
from exfig_rx.cli.commands import Command, HookEvent, TendWebhooks, WebhookAction
from exfig_rx.cli.option_groups import add_color, add_figma_options
from exfig_rx.cli.run_options import settings_of


def webhook_parser() -> tuple[argparse.ArgumentParser, Build]:
    """`exfig webhook`."""
    parser = Parser(
        "exfig webhook",
        "Have Figma tell a watch what changed: register webhooks for the files of configs, or for a file, project or "
        "team; list them; remove them by their ids. What is there already is not registered again.",
        "The passcode is read from the variable that --passcode-env names. The token is read from "
        "FIGMA_PERSONAL_TOKEN; it needs the scopes webhooks:read and webhooks:write. "
        "Exit codes: 0 done, 1 something failed, 2 wrong usage.",
    )
    add = parser.add_argument
    add(
        "action",
        type=word(WebhookAction),
        choices=list(WebhookAction),
        metavar="ACTION",
        help=f"one of {', '.join(WebhookAction)}",
    )
    add(
        "what",
        nargs="*",
        metavar="PATH",
        help="configs whose files are meant (default: as exfig batch); for remove: ids of webhooks",
    )
    add(
        "--file", type=_some_keys, default=(), metavar="KEYS", help="files by key or link, a comma list (default: none)"
    )
    add("--project", metavar="ID", help="all files of a project (default: none)")
    add("--team", metavar="ID", help="all files of a team (default: none)")
    add("--recursive", action="store_true", help="look into subdirectories too (default: no)")
    add("--endpoint", metavar="URL", help="where Figma is to send its notices: https (default: none)")
    add("--passcode-env", metavar="NAME", help="variable that holds the passcode (default: none)")
    add(
        "--event-types",
        type=some_of(HookEvent),
        default=frozenset(HookEvent),
        metavar="TYPES",
        help=f"a comma list of {', '.join(HookEvent)} (default: all)",
    )
    add_figma_options(parser)
    add_color(parser)
    add_help(parser)
    return parser, _build


def _some_keys(text: str) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(key for key in (part.strip() for part in text.split(",")) if key))
    if not keys:
        raise argparse.ArgumentTypeError(f"expected keys of files, found {text!r}")
    return keys


def _build(parser: argparse.ArgumentParser, argv: Sequence[str], environ: Mapping[str, str]) -> Command:
    parsed = parse_known(parser, argv, environ)
    is_removal = parsed.action is WebhookAction.REMOVE
    _check(parsed, is_removal=is_removal)
    values: Mapping[str, Any] = {**vars(parsed), "paths": () if is_removal else parsed.what}
    return TendWebhooks(
        parsed.action,
        settings_of(values, argv, environ),
        files=parsed.file,
        project=parsed.project or "",
        team=parsed.team or "",
        endpoint=parsed.endpoint or "",
        passcode_variable=parsed.passcode_env or "",
        event_types=parsed.event_types,
        ids=tuple(parsed.what) if is_removal else (),
    )


def _check(parsed: argparse.Namespace, *, is_removal: bool) -> None:
    if is_removal:
        if not parsed.what:
            raise wrong("exfig webhook remove needs ids of webhooks", "exfig webhook list shows them.")
        return
    if parsed.what and (parsed.file or parsed.project or parsed.team):
        raise wrong("configs and --file, --project or --team exclude each other", f"Leave out {parsed.what[0]}.")
    if parsed.action is WebhookAction.REGISTER:
        for option, meaning in (("endpoint", "where Figma is to send its notices"), ("passcode_env", "the passcode")):
            if not getattr(parsed, option):
                flag = "--" + option.replace("_", "-")
                raise wrong(f"exfig webhook register needs {flag}, for {meaning}", "See: exfig webhook --help")
