"""What is wrong with one config, and what is only odd, collected while it is read.

In: findings in any order. Out: errors and warnings in source order, each once. Rule: a fault in a block of `common`
that no output uses is a warning; a config is not refused for what it does not need.
"""

from collections.abc import Iterable

from exfig_rx.config.excerpt import Mark, SourceText
from exfig_rx.model import Problem

MOST_PROBLEMS = 100
"""Problems of one kind that are told in full; a file with more is no config."""


class Findings:
    """The problems of one source text."""

    def __init__(self, source: SourceText, errors: Iterable[Problem] = ()) -> None:
        self.source = source
        self.errors: list[Problem] = list(errors)
        self.warnings: list[Problem] = []

    def error(self, code: str, message: str, hint: str = "", *, at: Mark, key: str) -> None:
        """The config can't run like this."""
        self.errors.append(self.source.problem(code, message, hint, at=at, key=key))

    def warning(self, code: str, message: str, hint: str = "", *, at: Mark, key: str) -> None:
        """The config can run, but somebody may have meant something else."""
        self.warnings.append(self.source.problem(code, message, hint, at=at, key=key))

    def excuse(self, unused: Iterable[str]) -> tuple[str, ...]:
        """Turn errors below the key paths `unused` into warnings; gives the paths that had errors."""
        paths = tuple(unused)
        faulty = {path: [problem for problem in self.errors if _below(problem, path)] for path in paths}
        excused = [problem for problems in faulty.values() for problem in problems]
        self.errors = [problem for problem in self.errors if problem not in excused]
        self.warnings += excused
        return tuple(path for path, problems in faulty.items() if problems)

    def sorted_errors(self) -> tuple[Problem, ...]:
        """The errors in source order."""
        return _sorted(self.errors)

    def sorted_warnings(self) -> tuple[Problem, ...]:
        """The warnings in source order."""
        return _sorted(self.warnings)


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
