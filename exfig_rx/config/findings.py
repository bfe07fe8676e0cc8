"""What is wrong with one config, and what is only odd, collected while it is read.

In: findings in any order. Out: errors and warnings in source order, each once. Rule: a fault in a block of `common`
that no output uses is a warning; a config is not refused for what it does not need.
"""

from collections.abc import Iterable

from exfig_rx.config.excerpt import Mark, SourceText
from exfig_rx.model import Location, Problem

MOST_PROBLEMS = 100
"""Errors that are told one by one; a file with more is no config."""


class Findings:
    """The problems of one source text."""

    def __init__(self, source: SourceText, errors: Iterable[Problem] = ()) -> None:
        self.source = source
        self.errors: list[Problem] = list(errors)
        self.warnings: list[Problem] = []
        self.untold = 0
        """Errors that were counted only."""

    def error(self, code: str, message: str, hint: str = "", *, at: Mark, key: str) -> None:
        """The config can't run like this."""
        self.errors.append(self.source.problem(code, message, hint, at=at, key=key))

    def warning(self, code: str, message: str, hint: str = "", *, at: Mark, key: str) -> None:
        """The config can run, but somebody may have meant something else."""
        self.warnings.append(self.source.problem(code, message, hint, at=at, key=key))

    def excuse(self, unused: Iterable[str]) -> tuple[str, ...]:
        """Turn errors below the key paths `unused` into warnings; gives the paths that had errors."""
        faulty: set[str] = set()
        remaining: list[Problem] = []
        paths = tuple(unused)
        for problem in self.errors:
            path = next((path for path in paths if _below(problem, path)), None)
            if path is None:
                remaining.append(problem)
            else:
                faulty.add(path)
                self.warnings.append(problem)
        self.errors = remaining
        return tuple(path for path in paths if path in faulty)

    def sorted_errors(self) -> tuple[Problem, ...]:
        """The errors in source order."""
        errors = _sorted(self.errors)
        untold = self.untold + len(errors[MOST_PROBLEMS:])
        if not untold:
            return errors
        location = Location(self.source.label)
        rest = Problem("config.more-errors", f"and {untold:,} more errors", "Is this a config?", location)
        return (*errors[:MOST_PROBLEMS], rest)

    def sorted_warnings(self) -> tuple[Problem, ...]:
        """The warnings in source order."""
        return _sorted(self.warnings)[:MOST_PROBLEMS]


def _below(problem: Problem, path: str) -> bool:
    key = problem.location.key if problem.location else None
    return key is not None and problem.code != "config.secret" and (key + ".").startswith(path + ".")


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    by_place: dict[tuple[int, int, str, str], Problem] = {}
    for problem in problems:
        line, column = _place(problem)
        by_place.setdefault((line, column, problem.code, problem.message), problem)
    return tuple(sorted(by_place.values(), key=_place))


def _place(problem: Problem) -> tuple[int, int]:
    location = problem.location
    return (location.line or 0, location.column or 0) if location else (0, 0)
