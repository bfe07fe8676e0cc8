"""The token of a run, from the environment: the only place that reads it.

In: settings, the environment. Out: the token. Rule: it is handed on and never shown; the sandbox
needs none, and neither does who asks nobody.
"""

import os
from collections.abc import Mapping

from exfig_rx.errors import UsageError
from exfig_rx.figma.client import checked_token
from exfig_rx.model import Problem
from exfig_rx.settings import Caching, Settings

SANDBOX_TOKEN = "figd_sandbox"  # noqa: S105  (opens nothing)
TOKEN_VARIABLE = "FIGMA_PERSONAL_TOKEN"  # noqa: S105  (the name of the variable, not a secret)


def token_of(settings: Settings, environ: Mapping[str, str] = os.environ) -> str:
    """The token to send. Raises UsageError where there is none, or one that can't be right."""
    if settings.sandbox or settings.caching is Caching.OFFLINE:
        return SANDBOX_TOKEN
    token = environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        raise UsageError(
            Problem(
                "usage.no-token",
                f"no Figma token: set {TOKEN_VARIABLE}",
                "Make one in Figma under Settings, Security, Personal access tokens, with read access to file content "
                "and library content; or try --sandbox, which needs none.",
            )
        )
    return checked_token(token)
