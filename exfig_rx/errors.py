"""Every failure that people can meet, in one tree; formatting for people happens in `ui` alone.

    ExfigError                    one or more problems, each with code, message, hint, location
    ├── UsageError                wrong options, paths, token missing; exit code 2
    ├── ConfigError               a config that can't be read or is not valid
    ├── ConflictError             configs that would write the same path; exit code 3
    ├── DesignError               what Figma holds does not fit the config: names, pairs, missing styles
    ├── TemplateError             a template that is broken or does too much
    ├── OutputError               files that can't be written
    └── FigmaError                the API said no, or did not answer
        ├── FigmaRefused          400, 401, 403, 404, 413: asking again won't help
        ├── FigmaUnavailable      5xx, reset, time-out, cut or garbled answer: `retryable`
        ├── RateLimited           429: the scheduler waits and asks again
        └── LockedOut             429 for longer than anyone waits

Anything else that escapes is a bug: it ends the run with exit code 70 and a traceback.
"""

from typing import ClassVar

from exfig_rx.model import Location, Problem


class ExfigError(Exception):
    """A failure with its problems, at least one.

    `retryable` says whether the same request may be tried again as it is.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("an ExfigError needs at least one problem")
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems: tuple[Problem, ...] = problems


class UsageError(ExfigError):
    """The command line or environment is wrong; nothing was started."""


class ConfigError(ExfigError):
    """A config file that can't be read, parsed or validated."""


class ConflictError(ExfigError):
    """Two configs would own the same output path."""


class DesignError(ExfigError):
    """The design does not give what the config asks for."""


class TemplateError(ExfigError):
    """A template does not compile, fails, or exceeds its limits."""


class OutputError(ExfigError):
    """Files could not be staged or moved into place; the old ones are intact."""


class FigmaError(ExfigError):
    """A request to Figma failed. `status` is the HTTP status, None when there was no answer."""

    def __init__(self, *problems: Problem, status: int | None = None) -> None:
        super().__init__(*problems)
        self.status = status


class FigmaRefused(FigmaError):
    """Figma understood and said no."""


class FigmaUnavailable(FigmaError):
    """Figma did not answer properly; the same request may succeed later."""

    retryable = True


class RateLimited(FigmaError):
    """HTTP 429, as received.

    `retry_after_s` is seconds to wait as Figma gave them (None: absent or unreadable); `plan` and `limit_type` are
    the header values (`pro`, `low`, ...), empty when absent; `upgrade_url` is the paywall link, empty when absent.
    """

    def __init__(
        self,
        *,
        retry_after_s: float | None,
        plan: str = "",
        limit_type: str = "",
        upgrade_url: str = "",
        location: Location | None = None,
    ) -> None:
        super().__init__(
            Problem("figma.rate-limited", "Figma asked to wait (HTTP 429)", "", location),
            status=429,
        )
        self.retry_after_s = retry_after_s
        self.plan = plan
        self.limit_type = limit_type
        self.upgrade_url = upgrade_url


class LockedOut(FigmaError):
    """Figma asked to wait longer than `--max-wait`; `until` is the wall-clock end in epoch seconds."""

    def __init__(self, problem: Problem, *, until: float) -> None:
        super().__init__(problem, status=429)
        self.until = until
