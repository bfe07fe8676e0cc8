"""Patterns that templates bring: `replace` with a regular expression, as ICU understands it.

In: a text, a pattern and a replacement with `$1`. Out: the text with all matches replaced. Rule: a pattern comes from a
stranger's file, so its time and its result are bounded.
"""

import regex

from exfig_rx.config.regexps import RegexpError, compile_icu
from exfig_rx.export import template_limits as limits
from exfig_rx.export.template_faults import TemplateFault

_REPLACEMENT = regex.compile(r"\\(?P<literal>.)|\$(?P<group>[0-9]+)|(?P<plain>[^\\$]+|.)", regex.DOTALL)


def replaced_by_pattern(text: str, pattern: str, replacement: str, budget: limits.Budget) -> str:
    """`text` with each match of `pattern` replaced; in `replacement`, `$1` is a group and a backslash takes words as
    they are. Raises TemplateFault if the pattern is broken, takes too long, or lacks the group.
    """
    budget.step(20 + len(text) // 64)
    try:
        compiled = compile_icu(pattern)
    except RegexpError as error:
        what = f"has the pattern {pattern!r}, which does not compile: {error}"
        raise TemplateFault("template.failed", what, "patterns are written as in ICU") from None
    parts = _parts(replacement, compiled.groups)

    def filled(match: "regex.Match[str]") -> str:
        return budget.taken("".join(part if isinstance(part, str) else match[part] or "" for part in parts))

    try:
        return budget.taken(compiled.sub(filled, text, timeout=limits.REGEX_TIMEOUT_S))
    except TimeoutError:
        what = f"has the pattern {pattern!r}, which takes longer than {limits.REGEX_TIMEOUT_S:g} s"
        hint = "look for repetitions inside repetitions, such as (a+)+"
        raise TemplateFault("template.endless", what, hint) from None


def _parts(replacement: str, groups: int) -> list[str | int]:
    """The literal texts of a replacement, and the numbers of groups between them."""
    found: list[str | int] = []
    for match in _REPLACEMENT.finditer(replacement):
        if match["group"] is None:
            found.append(match["literal"] or match["plain"] or "")
            continue
        # The longest number that is a group; digits behind it are text.
        digits = match["group"]
        length = next((n for n in range(min(len(digits), 3), 0, -1) if int(digits[:n]) <= groups), 0)
        if not length:
            what = f"has the replacement {replacement!r}, whose pattern has {groups} groups"
            raise TemplateFault("template.failed", what, r"write \$ for a dollar sign")
        found += [int(digits[:length]), digits[length:]]
    return found
