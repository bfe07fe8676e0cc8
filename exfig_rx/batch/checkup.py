"""`exfig doctor` as a stream: what the configs need of Figma, asked at the lowest price, with a verdict for each.

In: configs as they were read, Figma, and what earlier runs learnt. Out: announcements and findings, in the order in
which people read them. Rule: a request that Figma refuses is a finding, not the end; but without a token that Figma
accepts nothing else is asked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.batch.discovery import LoadedConfig, RejectedConfig, ValidConfig
from exfig_rx.config.entries import color_entries
from exfig_rx.config.schema import Config, VariablesSource
from exfig_rx.config.token_entries import token_entries
from exfig_rx.errors import FigmaError
from exfig_rx.figma import checkup, versions
from exfig_rx.figma.checkup import Announcement, Answer, Finding, Verdict
from exfig_rx.figma.variables import local_variables, parse_variables
from exfig_rx.model import ConfigId, Request, Response
from exfig_rx.scheduling.ledger import News
from exfig_rx.scheduling.limits import LOW, ClockText, Limits, budget_of, local_time, locked_out

Told: TypeAlias = Announcement | Finding

_MOST_USERS = 3
_LIBRARY_SCOPE = "library_content:read"
_META_SCOPE = "file_metadata:read"
_VARIABLES_SCOPE = "file_variables:read"


class Ask(Protocol):
    """Sends one request, through all that paces and retries; fails with a FigmaError."""

    def __call__(self, request: Request) -> Observable[Response]: ...


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A Figma file, the configs that name it, and whether one of them reads its variables."""

    key: str
    configs: tuple[ConfigId, ...]
    has_variables: bool

    @property
    def users(self) -> str:
        """`in a.yaml, b.yaml and 2 more`."""
        labels = [config.label for config in self.configs]
        more = len(labels) - _MOST_USERS
        return f"in {', '.join(labels[:_MOST_USERS])}{f' and {more} more' if more > 0 else ''}"


def about_configs(loaded: Sequence[LoadedConfig]) -> Iterator[Finding]:
    """A finding for each config that can't run, and one for the others; one as well if there are none."""
    for file in loaded:
        if isinstance(file, RejectedConfig):
            count = len(file.problems)
            errors = f"{count} error{'' if count == 1 else 's'}"
            yield Finding(Verdict.FAIL, f"config {file.id.label}", errors, "exfig validate says which.")
    valid = sum(1 for file in loaded if isinstance(file, ValidConfig))
    if valid:
        yield Finding(Verdict.OK, "configs", f"{valid} valid")
    if not loaded:
        yield Finding(Verdict.OK, "configs", "none here, so no file is looked at", "Name some: exfig doctor PATH…")


def files_of(configs: Sequence[ValidConfig]) -> tuple[NamedFile, ...]:
    """The files that configs name, each once, in the order in which they are named."""
    users: dict[str, dict[ConfigId, None]] = {}
    with_variables: set[str] = set()
    for file in configs:
        for key in _style_files(file.config):
            users.setdefault(key, {})[file.id] = None
        for key in _variable_files(file.config):
            users.setdefault(key, {})[file.id] = None
            with_variables.add(key)
    return tuple(NamedFile(key, tuple(ids), key in with_variables) for key, ids in users.items())


def diagnosis(ask: Ask, files: Sequence[NamedFile], memory: News, limits: Limits, *, now_s: float) -> Observable[Told]:
    """All that Figma is asked, and then what is known without asking; cold. `now_s` is in epoch seconds."""
    return rx.concat(checks(ask, files), rx.from_iterable(about_plans(files, memory, limits, now_s=now_s)))


def checks(ask: Ask, files: Sequence[NamedFile]) -> Observable[Told]:
    """Token, scopes and files; cold. At most two requests of tier 3 for each file, and one of tier 2 in all."""

    def after_owner(answer: Answer) -> Observable[Told]:
        first: Observable[Told] = rx.of(checkup.about_owner(answer))
        return first if checkup.is_hopeless(answer) else rx.concat(first, _about_files(ask, files))

    return _answer(ask, checkup.me()).pipe(ops.flat_map(after_owner))


def about_plans(
    files: Sequence[NamedFile], memory: News, limits: Limits, *, now_s: float, clock_text: ClockText = local_time
) -> Iterator[Finding]:
    """What earlier refusals taught about plans, seats and lock-outs; Figma tells none of it otherwise."""
    keys = {file.key for file in files}
    by_plan: dict[str, list[str]] = {}
    for file in files:
        if (name := memory.plans.get(file.key)) is not None:
            by_plan.setdefault(name, []).append(file.key)
    for name, of_plan in by_plan.items():
        yield _about_plan(name, of_plan)
    unknown = len(keys) - sum(map(len, by_plan.values()))
    if unknown or not files:
        which = "plan and seat" if unknown == len(keys) else f"plan and seat of {unknown} more files"
        message = f"unknown until Figma refuses a request; the limits are those of {limits.source}"
        yield Finding(Verdict.OK, which, message)
    for refusal in memory.refusals:
        if refusal.until > now_s and (not refusal.file_key or refusal.file_key in keys):
            problem = locked_out(refusal, now_s=now_s, clock_text=clock_text).problems[0]
            yield Finding(Verdict.FAIL, f"tier {int(refusal.tier)}", problem.message, problem.hint)


def _about_plan(name: str, keys: Sequence[str]) -> Finding:
    budget = budget_of(name)
    seat = ", View or Collab seat" if name.endswith(LOW) else ""
    plan = "a plan that is not named" if name == LOW else f"plan {name.partition('/')[0]}"
    message = f"{plan}{seat}: {', '.join(keys[:_MOST_USERS])}"
    if len(keys) > _MOST_USERS:
        message += f" and {len(keys) - _MOST_USERS} more"
    if budget is None or budget.tier1_per_month is None:
        return Finding(Verdict.OK, "plan and seat", message)
    hint = (
        f"Figma allows up to {budget.tier1_per_month} requests of tier 1 a month there: use the token of a Dev or Full "
        "seat, and files of a paid team."
    )
    return Finding(Verdict.WARN, "plan and seat", message, hint)


def _about_files(ask: Ask, files: Sequence[NamedFile]) -> Observable[Told]:
    parts: list[Observable[Told]] = [_about_file(ask, file) for file in files]
    if files:
        parts += [_about_library(ask, files[0]), rx.of(checkup.not_asked())]
    with_variables = next((file for file in files if file.has_variables), None)
    if with_variables is not None:
        parts.append(_about_variables(ask, with_variables))
    return rx.concat(*parts) if parts else rx.empty()


def _about_file(ask: Ask, file: NamedFile) -> Observable[Told]:
    """By its facts; where the token lacks the scope for those, by what it publishes."""

    def judge(answer: Answer) -> Observable[Told]:
        scope = checkup.about_scope(_META_SCOPE, answer)
        if scope is None or isinstance(answer, Response):
            return rx.of(checkup.about_file(file.key, file.users, answer))
        published = _answer(ask, checkup.library(file.key))
        return rx.concat(
            rx.of(scope), _map(published, lambda found: checkup.about_library(file.key, file.users, found))
        )

    return _answer(ask, versions.meta(file.key)).pipe(ops.flat_map(judge))


def _about_library(ask: Ask, file: NamedFile) -> Observable[Told]:
    """The scope that all exports need but those of variables."""

    def judge(answer: Answer) -> Observable[Told]:
        found = checkup.about_scope(_LIBRARY_SCOPE, answer)
        return rx.of(found) if found is not None else rx.empty()

    return _answer(ask, checkup.library(file.key)).pipe(ops.flat_map(judge))


def _about_variables(ask: Ask, file: NamedFile) -> Observable[Told]:
    def judge(answer: Answer) -> Finding:
        if isinstance(answer, FigmaError):
            return checkup.about_scope(_VARIABLES_SCOPE, answer) or checkup.about_variables(file.key, answer)
        try:
            return checkup.about_variables(file.key, parse_variables(answer.body, file.key))
        except FigmaError as error:
            return checkup.about_variables(file.key, error)

    said: Observable[Told] = rx.of(Announcement(f"one tier 2 request: the variables of file {file.key}"))
    return rx.concat(said, _map(_answer(ask, local_variables(file.key, file.configs[0])), judge))


def _answer(ask: Ask, request: Request) -> Observable[Answer]:
    """The answer or the refusal, as a value; a bug goes on as one."""

    def caught(error: Exception, _: object) -> Observable[Answer]:
        return rx.of(error) if isinstance(error, FigmaError) else rx.throw(error)

    answered: Observable[Answer] = ask(request).pipe(ops.map(_as_answer))
    return answered.pipe(ops.catch(caught))


def _as_answer(response: Response) -> Answer:
    return response


def _map(answers: Observable[Answer], judge: Callable[[Answer], Finding]) -> Observable[Told]:
    return answers.pipe(ops.map(judge))


def _style_files(config: Config) -> Iterator[str]:
    figma = config.figma
    if figma is not None:
        keys = (
            figma.light_file_id,
            figma.dark_file_id,
            figma.light_high_contrast_file_id,
            figma.dark_high_contrast_file_id,
        )
        yield from (key for key in keys if key is not None)


def _variable_files(config: Config) -> Iterator[str]:
    for entry in color_entries(config):
        if isinstance(entry.source, VariablesSource):
            yield entry.source.tokens_file_id
    for token in token_entries(config):
        yield from token.variable_files
