"""Names of variables that go back to Figma, once the files of a config are in place.

In: changes. Out: progress, and warnings. Rule: what Figma refuses is told and fails nothing, as the export is done;
who asks for no sync is told what it would have written.
"""

from collections.abc import Callable, Sequence

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.errors import ExfigError
from exfig_rx.events import Event
from exfig_rx.figma.api import FigmaApi
from exfig_rx.load.code_syntax import CodeSyntaxChange
from exfig_rx.load.wording import counted, file_link, listed, quoted
from exfig_rx.model import ConfigId, Location, Problem


def synced(
    changes: Sequence[CodeSyntaxChange],
    config: ConfigId,
    api: FigmaApi,
    *,
    progress: Callable[[int, int], Event],
    warned: Callable[[Problem], Event],
) -> Observable[Event]:
    """Write the names of all files, one file after the other; completes also when Figma refuses."""
    files = _by_file(changes)
    if not files:
        return rx.empty()

    def one(file_key: str, own: Sequence[CodeSyntaxChange]) -> Observable[Event]:
        names = {change.variable_id: change.code_syntax for change in own}

        def refused(error: Exception, _: Observable[Event]) -> Observable[Event]:
            if isinstance(error, ExfigError):
                return rx.from_iterable([warned(_refused(problem, own)) for problem in error.problems])
            return rx.throw(error)

        def told(count: int) -> Event:
            return progress(count, len(own))

        return api.write_code_syntax(file_key, names, config).pipe(ops.map(told), ops.catch(refused))

    return rx.concat(rx.of(progress(0, len(changes))), *(one(key, own) for key, own in files.items()))


def not_synced(changes: Sequence[CodeSyntaxChange]) -> tuple[Problem, ...]:
    """What would have been written, one note for each file."""
    return tuple(
        Problem(
            "sync.left-out",
            f"--no-sync: {counted(len(own), 'name')} not written to Figma: "
            + listed([f"{quoted(change.name)} as {quoted(change.text)}" for change in own]),
            f"without --no-sync Figma shows them in Dev Mode: {file_link(file_key)}",
            Location(key=own[0].key, figma_file=file_key),
        )
        for file_key, own in _by_file(changes).items()
    )


def _refused(problem: Problem, own: Sequence[CodeSyntaxChange]) -> Problem:
    return Problem(
        "sync.refused",
        f"the files are written, but {counted(len(own), 'name')} could not be written to Figma: {problem.message}",
        problem.hint,
        Location(key=f"{own[0].key}.syncCodeSyntax", figma_file=own[0].file_key),
    )


def _by_file(changes: Sequence[CodeSyntaxChange]) -> dict[str, list[CodeSyntaxChange]]:
    found: dict[str, list[CodeSyntaxChange]] = {}
    for change in changes:
        found.setdefault(change.file_key, []).append(change)
    return found
