"""`exfig webhook`: Figma's webhooks registered, listed, removed.

In: what is wanted, the environment, configs if they say which files. Out: a table on standard output; exit code 1 if
something failed. Rules: what is there is looked at first; a request that makes something is sent once, as nobody knows
what became of one that was not answered; the passcode is in nothing that is printed.
"""

import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reactivex import Observable
from rich.console import Console

from exfig_rx.batch.discovery import ValidConfig, find_configs, load_config
from exfig_rx.batch.entries import entries_of
from exfig_rx.batch.run import Connection
from exfig_rx.cli.commands import HookEvent, TendWebhooks, WebhookAction
from exfig_rx.cli.passcode import passcode_of
from exfig_rx.cli.token import token_of
from exfig_rx.config.starter import file_id_of
from exfig_rx.consultation import consult
from exfig_rx.errors import FigmaError
from exfig_rx.figma import webhooks
from exfig_rx.figma.client import checked_address
from exfig_rx.figma.webhooks import Answered, Context, Webhook
from exfig_rx.fold import reduce
from exfig_rx.model import Problem, Request
from exfig_rx.reactor import Reactor
from exfig_rx.run_state import INITIAL, Step
from exfig_rx.session import BUG_EXIT_CODE
from exfig_rx.settings import Settings
from exfig_rx.ui.console import make_console
from exfig_rx.ui.plain import plain_lines
from exfig_rx.ui.problems import full
from exfig_rx.ui.webhooks import Row, table_view

DONE, FAILED = 0, 1


def run(command: TendWebhooks) -> int:
    """Do what is asked for, and print what became of it. Raises UsageError."""
    settings = command.settings
    checked_address(settings.figma_url)
    is_new = command.action is WebhookAction.REGISTER
    endpoint = webhooks.checked_endpoint(command.endpoint) if is_new else ""
    passcode = passcode_of(command.passcode_variable) if is_new else ""
    said = _Said()
    contexts = () if command.action is WebhookAction.REMOVE else _contexts(command, said)
    desk = _Desk(settings, token_of(settings), make_console(sys.stderr, settings.color), said)
    try:
        match command.action:
            case WebhookAction.LIST:
                desk.list(contexts)
            case WebhookAction.REMOVE:
                desk.remove(command.ids)
            case WebhookAction.REGISTER:
                desk.register(contexts, [one for one in HookEvent if one in command.event_types], endpoint, passcode)
    except Exception:  # a bug: it ends the command loudly, and without what is secret
        sys.stderr.write(_without(traceback.format_exc(), desk.token, passcode))
        return BUG_EXIT_CODE
    finally:  # also where somebody has enough of it: what is registered by then has an id
        _print(settings, said, passcode)
    return FAILED if said.problems else DONE


@dataclass(frozen=True, slots=True)
class _Said:
    """What there is to print in the end."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _contexts(command: TendWebhooks, said: _Said) -> Sequence[Context]:
    """What the webhooks are about. A config that is not valid is told, and left out. Raises UsageError."""
    named = [Context("file", file_id_of(file)) for file in command.files]
    named += [Context(kind, id_) for kind, id_ in (("project", command.project), ("team", command.team)) if id_]
    if named:
        return list(dict.fromkeys(named))
    directory = Path.cwd()
    found: dict[Context, None] = {}
    for id_ in find_configs(command.settings.paths, recursive=command.settings.recursive, directory=directory):
        config = load_config(id_, directory)
        if isinstance(config, ValidConfig):
            found.update((Context("file", key), None) for key in entries_of(config.config).files)
        else:
            said.problems.append(
                Problem("webhook.config", f"{id_.label} is not valid, and left out", "exfig validate says why.")
            )
    return list(found)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where Figma is asked, through all that paces."""

    settings: Settings
    token: str = field(repr=False)
    stderr: Console
    said: _Said

    def list(self, contexts: Sequence[Context]) -> None:
        for _, there in self._there(contexts):
            self.said.rows.extend(Row(hook, "active" if hook.is_active else "paused") for hook in there)

    def remove(self, ids: Sequence[str]) -> None:
        for id_, answered in zip(ids, self._ask([webhooks.removal(id_) for id_ in ids]), strict=True):
            if isinstance(answered.answer, FigmaError):
                self._failed(answered.request, answered.answer)
            else:
                gone = webhooks.parse_webhook(answered.answer.body)
                self.said.rows.append(Row(replace(gone, id=gone.id or id_), "removed"))

    def register(self, contexts: Sequence[Context], events: Sequence[str], endpoint: str, passcode: str) -> None:
        missing: list[tuple[str, Context]] = []
        for context, there in self._there(contexts):
            for event in events:
                hook = webhooks.equal_one(there, event, context, endpoint)
                if hook is None:
                    missing.append((event, context))
                else:
                    state = "there already" if hook.is_active else "there already, but paused: remove it first"
                    self.said.rows.append(Row(hook, state))
        reasons: dict[tuple[Context, str], Problem] = {}
        requests = [webhooks.registration(event, context, endpoint, passcode) for event, context in missing]
        for (event, context), answered in zip(missing, self._ask(requests, max_retries=0), strict=True):
            if isinstance(answered.answer, FigmaError):
                self.said.rows.append(Row(Webhook("", event, context, endpoint, ""), "failed"))
                problem = webhooks.explained(answered.request, answered.answer, context)
                # what holds for one event holds for the others: the rows say which, the reason is said once
                reasons.setdefault((context, problem.code), problem)
            else:
                made = webhooks.parse_webhook(answered.answer.body)
                self.said.rows.append(Row(Webhook(made.id, event, context, endpoint, made.status), "registered"))
        self.said.problems.extend(reasons.values())

    def _there(self, contexts: Sequence[Context]) -> Iterator[tuple[Context, Sequence[Webhook]]]:
        """What is registered, for each context of which Figma tells."""
        for context, answered in zip(contexts, self._ask([webhooks.listing(one) for one in contexts]), strict=True):
            try:
                if isinstance(answered.answer, FigmaError):
                    raise answered.answer
                yield context, webhooks.parse_webhooks(answered.answer.body, context.file_key)
            except FigmaError as error:
                self._failed(answered.request, error, context)

    def _failed(self, request: Request, error: FigmaError, context: Context | None = None) -> None:
        self.said.problems.append(webhooks.explained(request, error, context))

    def _ask(self, requests: Sequence[Request], max_retries: int | None = None) -> Iterator[Answered]:
        """The answers, in order; what the stack has to say of pauses and the like goes to standard error."""
        if not requests:
            return
        settings = self.settings if max_retries is None else replace(self.settings, max_retries=max_retries)

        def question(connection: Connection, _: Reactor) -> Observable[Answered]:
            return webhooks.answered(connection.services.api.answer, requests)

        for told in consult(settings, self.token, (), question):
            if isinstance(told, Answered):
                yield told
            else:
                for line in plain_lines(Step(told, reduce(INITIAL, told))):
                    self.stderr.print(line)


def _print(settings: Settings, said: _Said, passcode: str) -> None:
    stdout, stderr = (make_console(stream, settings.color) for stream in (sys.stdout, sys.stderr))
    if said.rows or not said.problems:
        stdout.print(table_view(said.rows))
    for problem in said.problems:
        stderr.print(full(replace(problem, message=_without(problem.message, passcode)), "red"))


def _without(text: str, *secrets: str) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return text
