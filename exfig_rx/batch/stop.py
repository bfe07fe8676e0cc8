"""The one way to end a run before its work is done: fail-fast, conflicts, Ctrl-C, SIGTERM.

In: requests to stop. Out: a reason that says what becomes of configs not yet started, and a signal that cancels
running ones. Rule: once a reason is set nothing new starts; commits that have begun are finished.
"""

from dataclasses import dataclass

from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.subject import Subject

EXIT_CODES_BY_WEIGHT = (0, 1, 3, 2, 143, 130, 70)
"""Of several reasons to end, the later in this list decides the exit code."""


@dataclass(frozen=True, slots=True)
class StopReason:
    """Why a run ends early: a sentence for people, and the exit code it asks for."""

    text: str
    exit_code: int


FAIL_FAST = StopReason("stopped by --fail-fast", 1)
CONFLICTS = StopReason("stopped because of output conflicts", 3)
INTERRUPTED = StopReason("interrupted", 130)
TERMINATED = StopReason("terminated", 143)
HUNG_UP = StopReason("the terminal is gone", 143)
UNHEARD = StopReason("nobody reads standard output any more", 1)


class Stop:
    """Whether and why a run is ending. Touched on the reactor only."""

    def __init__(self, scheduler: abc.SchedulerBase) -> None:
        self.reason: StopReason | None = None
        self._scheduler = scheduler
        self._requests: Subject[StopReason] = Subject()

    @property
    def signal(self) -> Observable[StopReason]:
        """Emits when a stop is requested; hot, so it says nothing about requests made earlier."""
        return self._requests.pipe(ops.as_observable())

    def request(self, reason: StopReason) -> None:
        """Start nothing new from now on, and cancel what runs as soon as the current notification is through.

        The heaviest reason is kept (see `EXIT_CODES_BY_WEIGHT`).
        """
        self.reason = max((reason, self.reason or reason), key=_weight)
        self._scheduler.schedule(lambda *_: self._requests.on_next(reason))


def _weight(reason: StopReason) -> int:
    return EXIT_CODES_BY_WEIGHT.index(reason.exit_code)
