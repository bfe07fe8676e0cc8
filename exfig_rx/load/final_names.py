"""Assets of all modes to pairs under their final names, with every fault of the sets and of the names.

In: the sets of one entry and its `NameRules`. Out: final names with their pairs, and warnings; or one `DesignError`.
Rule: every light name is validated, also of assets for other platforms, while final names matter only where they are
used; all problems come together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from exfig_rx.config.entries import NameRules
from exfig_rx.errors import DesignError
from exfig_rx.load.naming import final_name, is_valid, name_fault
from exfig_rx.load.pairing import Asset, Pair, Sets, Subject, case_collisions, collisions, pair
from exfig_rx.load.wording import quoted
from exfig_rx.model import Location, Platform, Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named(Generic[T]):
    """The pairs for one platform under their final names, in the order of their key names, and what to tell."""

    pairs: tuple[tuple[str, Pair[T]], ...]
    warnings: tuple[Problem, ...]


def paired_and_named(
    sets: Sets[T],
    platform: Platform,
    rules: NameRules,
    subject: Subject,
    *,
    names_files: bool,
    known: Sequence[Problem] = (),
    hint: str = "",
) -> Named[T]:
    """Pair the assets and name the pairs.

    `names_files`: names that differ only in letter case are errors, not warnings. `hint` is what could be done about
    equal names. Raises DesignError with all problems, those `known` before included.
    """
    paired = pair(sets, platform, subject)
    errors = (*known, *paired.errors)
    try:
        named = tuple((final_name(item.light.name, rules), item) for item in paired.pairs)
        faults = _faults(named, sets.light, rules, subject)
    except DesignError as fault:
        # A pattern that can't be used says nothing about single names, but the other problems stand.
        located = (replace(problem, location=Location(key=subject.entry_key)) for problem in fault.problems)
        raise DesignError(*located, *errors) from fault
    assets = [(name, item.light) for name, item in named if not name_fault(name)]
    how = _how_named(rules)
    advice = "; ".join(
        part for part in ("or change nameReplaceRegexp, which makes them alike" if rules.replace else "", hint) if part
    )
    alike = case_collisions(assets, how, advice, subject)
    faults += (*collisions(assets, how, advice, subject), *(alike if names_files else ()))
    if faults or errors:
        raise DesignError(*faults, *errors)
    return Named(named, (*paired.warnings, *(() if names_files else alike)))


def nameless(asset: Asset[T], without: str, subject: Subject) -> Problem:
    """The error about an asset whose name is nothing but what was cut off: "its suffix"."""
    return Problem(
        "design.invalid-name",
        f"{quoted(asset.original)}: nothing is left of it without {without}",
        f"open it in Figma: {asset.link}",
        asset.located(subject),
    )


def _faults(
    named: Sequence[tuple[str, Pair[T]]], light: Sequence[Asset[T]], rules: NameRules, subject: Subject
) -> list[Problem]:
    """An error for each name that can't be used."""
    invalid = [_invalid(asset, rules, subject) for asset in light if not is_valid(asset.key, rules)]
    unusable = [
        _unusable(item.light, name, fault, rules, subject) for name, item in named if (fault := name_fault(name))
    ]
    return [*invalid, *unusable]


def _how_named(rules: NameRules) -> str:
    replaced = f" after nameReplaceRegexp {quoted(rules.replace)}" if rules.validate and rules.replace else ""
    return f"in {rules.style}{replaced}"


def _invalid(asset: Asset[T], rules: NameRules, subject: Subject) -> Problem:
    checked = f" (checked as {quoted(asset.key)})" if asset.key != asset.original else ""
    return Problem(
        "design.invalid-name",
        f"{quoted(asset.original)}{checked} does not match nameValidateRegexp {quoted(rules.validate or '')}",
        f"rename it in Figma: {asset.link}, or change nameValidateRegexp",
        asset.located(subject),
    )


def _unusable(asset: Asset[T], name: str, fault: str, rules: NameRules, subject: Subject) -> Problem:
    return Problem(
        "design.invalid-name",
        f"{quoted(asset.original)} becomes {quoted(name)} {_how_named(rules)}: {fault}",
        f"rename it in Figma: {asset.link}",
        asset.located(subject),
    )
