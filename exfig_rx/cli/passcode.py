"""The passcode of webhooks, from an environment variable that the user names: the only place that reads it.

In: the name of the variable, the environment. Out: the passcode. Rule: as with the token, it is handed on and never
shown, and there is no option for it, as options end up in histories.
"""

import os
from collections.abc import Mapping
from typing import Final

from exfig_rx.errors import UsageError
from exfig_rx.model import Problem

LONGEST: Final = 100
"""Characters that Figma allows."""


def passcode_of(variable: str, environ: Mapping[str, str] = os.environ) -> str:
    """The passcode in `variable`, without white space around it. Raises UsageError, which does not show it."""
    passcode = environ.get(variable, "").strip()
    if not passcode:
        message = f"no passcode: {variable} is not set, or empty"
        hint = f"Without one anybody could call. For example: export {variable}=$(openssl rand -hex 32)"
        raise UsageError(Problem("usage.no-passcode", message, hint))
    if len(passcode) > LONGEST or not passcode.isprintable():
        message = f"the passcode in {variable} is longer than {LONGEST} characters, or holds some that can't be printed"
        hint = f"Figma takes no other. For example: export {variable}=$(openssl rand -hex 32)"
        raise UsageError(Problem("usage.passcode", message, hint))
    return passcode
