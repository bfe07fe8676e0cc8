"""Name patterns and their replacements: does each `$n` meet a group, and does the pair do what it seems to.

In: the outline of a config. Out: findings. Rule: a replacement is checked against the pattern that it will meet, which
may stand in `common` while the replacement stands in an entry, or the other way round.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from exfig_rx.config.checks import NO_EFFECT
from exfig_rx.config.excerpt import Mark, quoted
from exfig_rx.config.findings import Findings
from exfig_rx.config.nodes import MappingNode
from exfig_rx.config.outline import EMPTY, Outline
from exfig_rx.config.regexps import RegexpError, compile_icu
from exfig_rx.model import Kind

VALIDATE, REPLACE = "nameValidateRegexp", "nameReplaceRegexp"
_GROUP = re.compile(r"\$([0-9])")
_BLOCKS = ("colors", "variablesColors", "icons", "images", "typography")


class Written(NamedTuple):
    """A pattern or replacement, and where it stands."""

    text: str
    mark: Mark
    key: str


def check_name_rules(outline: Outline, findings: Findings) -> None:
    """Check every pattern, and every pair that will meet."""
    for validate, replace in _pairs(outline):
        if validate is not None and _slash_outside_sets(validate.text):
            message = "this pattern has a `/`, and never matches: names have `_` where Figma shows `/`"
            findings.warning("config.regexp-slash", message, "Write `_`.", at=validate.mark, key=validate.key)
        if replace is not None:
            _check_pair(validate, replace, findings)


def _pairs(outline: Outline) -> Iterator[tuple[Written | None, Written | None]]:
    for name in _BLOCKS:
        block, key = outline.common.block(name) or EMPTY, f"common.{name}"
        replace = _written(block, REPLACE, key)
        entries = outline.of(Kind(name)) if name in ("icons", "images") else ()
        if any(entry.node.has(VALIDATE) for entry in entries) and not block.has(VALIDATE):
            replace = None  # it meets the patterns of the entries
        yield _written(block, VALIDATE, key), replace
    for entry in outline.entries:
        if entry.kind is Kind.COLORS:
            if entry.listed:
                yield _written(entry.node, VALIDATE, entry.key), _written(entry.node, REPLACE, entry.key)
        elif entry.node.has(VALIDATE) or entry.node.has(REPLACE):
            common, key = outline.common.block(entry.kind) or EMPTY, f"common.{entry.kind}"
            yield (
                _written(entry.node, VALIDATE, entry.key) or _written(common, VALIDATE, key),
                _written(entry.node, REPLACE, entry.key) or _written(common, REPLACE, key),
            )


def _written(block: MappingNode, name: str, key: str) -> Written | None:
    text = block.text(name)
    return None if text is None else Written(text, block.place(name), f"{key}.{name}")


def _check_pair(validate: Written | None, replace: Written, findings: Findings) -> None:
    if validate is None:
        message = f"{REPLACE} has no effect without {VALIDATE}"
        findings.warning(
            NO_EFFECT, message, "Add the pattern whose matches it replaces.", at=replace.mark, key=replace.key
        )
        return
    try:
        groups = compile_icu(validate.text).groups
    except RegexpError:
        return
    used = [int(number) for number in _GROUP.findall(replace.text)]
    if beyond := [number for number in used if number > groups]:
        have = {0: "no groups", 1: "one group, $1"}.get(groups, f"{groups} groups, $1 to ${groups}")
        message = f"${beyond[0]} is not there: the pattern {quoted(validate.text)} has {have}"
        hint = f"Put ( ) around the part of {validate.key} that ${beyond[0]} stands for."
        findings.error("config.replacement", message, hint, at=replace.mark, key=replace.key)
    elif replace.text and not used and validate.text.startswith("^") and validate.text.endswith("$"):
        message = f"every name that matches becomes {quoted(replace.text)}"
        hint = "Use $1 for what is in the first ( ) of the pattern."
        findings.warning("config.constant-replacement", message, hint, at=replace.mark, key=replace.key)


def _slash_outside_sets(pattern: str) -> bool:
    return "/" in re.sub(r"\\[^/]|\[(?:\\.|[^\]\\])*\]", "", pattern)
