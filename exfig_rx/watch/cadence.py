"""When to ask for the version of which file, as a pure function of what was asked and what came of it.

In: files, moments, results of looks. Out: who is next, and when. Rules: looks are spread evenly over the period; any
minute has at most a third of the budget; what does not change for long is asked less often; after a time in which
nothing could be asked, the files come one by one, never in a herd. All times are whole microseconds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from heapq import heapify, heappush, heapreplace
from typing import Final, NamedTuple

SECOND_US: Final = 1_000_000
MINUTE_US: Final = 60 * SECOND_US

SHARE: Final = 3
"""One in so many requests of the budget may be a look."""

SLOWER_AFTER: Final = ((4 * 60 * MINUTE_US, 8), (60 * MINUTE_US, 4), (10 * MINUTE_US, 2))
"""A file that has not changed for so long is asked after so many periods."""

LONGEST_US: Final = 10 * MINUTE_US
"""Whatever else would slow down looks, a file is asked after this time, unless the period itself is longer."""

FIRST_PAUSE_US: Final = 10 * SECOND_US
"""After a failure nothing is asked for so long, then twice as long, and so on up to `LONGEST_US`."""


def gap_us(limit_per_min: float) -> int:
    """The time between two looks, so that any minute has at most a third of `limit_per_min`, or at most one."""
    looks = int(limit_per_min // SHARE)
    return -(-MINUTE_US // looks) if looks else round(MINUTE_US * SHARE / limit_per_min)


@dataclass(frozen=True, slots=True)
class Watched:
    """A file: its place in the period (0 to 1), when it is due, since when nothing changed.

    It is not looked at before `held_us`.
    """

    phase: float
    due_us: int
    since_us: int
    held_us: int = 0


class Turn(NamedTuple):
    """Who is looked at next, and when."""

    at_us: int
    file: str


@dataclass(frozen=True, slots=True)
class Cadence:
    """How files are looked at every `asked_us`, at most one every `gap_us`.

    `last_us`: the last look; `failures`: so many looks failed one after the other, so none before `resume_us`.
    """

    asked_us: int
    gap_us: int
    files: Mapping[str, Watched] = field(default_factory=dict)
    last_us: int | None = None
    failures: int = 0
    resume_us: int = 0

    @property
    def period_us(self) -> int:
        """The time between two looks at a file that changes: what was asked for, or what the budget allows."""
        return max(self.asked_us, len(self.files) * self.gap_us)

    @property
    def shortest_us(self) -> int:
        """The time between two looks at the file that is asked most often, as of its last look."""
        now_us = self.last_us or 0
        return min((self._interval_us(file, now_us) for file in self.files.values()), default=self.period_us)

    def next(self) -> Turn | None:
        """Whose turn it is; None where there are no files."""
        if not self.files:
            return None
        key, file = min(self.files.items(), key=lambda item: (item[1].due_us, item[0]))
        earliest_us = self.resume_us if self.last_us is None else max(self.resume_us, self.last_us + self.gap_us)
        return Turn(max(file.due_us, earliest_us), key)

    # ── which files ──

    def of(self, keys: frozenset[str], now_us: int) -> "Cadence":
        """These files from now on. New ones get the widest gaps between the others, and so their first look there."""
        stay = {key: file for key, file in self.files.items() if key in keys}
        new = sorted(keys - stay.keys())
        state = replace(self, files={**stay, **dict.fromkeys(new, Watched(0.0, now_us, now_us))})
        phases = (
            _even_phases(len(new), now_us, state.period_us)
            if not stay
            else _in_gaps((file.phase for file in stay.values()), len(new))
        )
        files = {
            key: state._moved(file, now_us) if self.period_us != state.period_us else file for key, file in stay.items()
        }
        for key, phase in zip(new, phases, strict=True):
            file = Watched(phase, 0, now_us)
            files[key] = replace(file, due_us=state._slot_us(file, now_us + 1))
        return replace(state, files=files)

    def _moved(self, file: Watched, now_us: int) -> Watched:
        """The same file in a period of another length; what is due stays due."""
        if file.due_us <= now_us:
            return file
        return replace(file, due_us=self._slot_us(file, max(now_us + 1, file.due_us - self.period_us // 2)))

    # ── what becomes of looks ──

    def asked(self, now_us: int) -> "Cadence":
        """A look begins."""
        return replace(self, last_us=now_us)

    def answered(self, key: str, now_us: int, *, changed: bool, jitter: float = 0.0) -> "Cadence":
        """A look got a version; if those before had failed, the others that are due come one by one from now on.

        `jitter` is from 0 to 1, and moves the next look of the file by up to a fifth of the distance between two looks.
        """
        state = replace(self, failures=0, resume_us=0)
        if self.failures:
            state = state._spread(now_us, now_us)
        if key not in state.files:
            return state
        file = replace(state.files[key], held_us=0)
        if changed:
            file = replace(file, since_us=now_us)
        return state._with(key, state._later(file, now_us, jitter))

    def failed(self, key: str, now_us: int, *, jitter: float = 0.0) -> "Cadence":
        """A look failed, as any other would have: all wait.

        The next try is another file, should it be the fault of this one. `jitter` is from 0 to 1, and shortens the wait
        by up to a quarter.
        """
        wait_us = min(LONGEST_US, FIRST_PAUSE_US * 2 ** min(self.failures, 16))
        state = replace(self, failures=self.failures + 1, resume_us=now_us + int(wait_us * (1 - jitter / 4)))
        return state._with(key, state._later(state.files[key], now_us, 0.0)) if key in state.files else state

    def put_off(self, key: str, until_us: int, now_us: int, *, held: bool) -> "Cadence":
        """A file is not looked at before `until_us`; `held`: not even for a nudge."""
        if key not in self.files:
            return self
        file = self.files[key]
        due_us = self._slot_us(file, max(until_us, now_us + 1))
        return self._with(key, replace(file, due_us=due_us, held_us=until_us if held else 0))

    def nudged(self, key: str, now_us: int) -> "Cadence":
        """Something hints that a file changed: it is asked as soon as the budget allows, and more often again."""
        if key not in self.files:
            return self
        file = self.files[key]
        due_us = max(min(file.due_us, now_us), file.held_us)
        state = self._with(key, replace(file, due_us=due_us, since_us=now_us))
        return replace(state, resume_us=min(state.resume_us, now_us))

    def awake(self, now_us: int) -> "Cadence":
        """After a time in which nothing was asked, such as a sleep of the computer: what is long overdue is spread."""
        return self._spread(now_us, now_us - self.period_us)

    # ── places in the period ──

    def _spread(self, now_us: int, before_us: int) -> "Cadence":
        """Files that were due before `before_us` are due when their place comes again."""
        if all(file.due_us >= before_us for file in self.files.values()):
            return self
        return replace(
            self,
            files={
                key: replace(file, due_us=self._slot_us(file, now_us + 1)) if file.due_us < before_us else file
                for key, file in self.files.items()
            },
        )

    def _later(self, file: Watched, now_us: int, jitter: float) -> Watched:
        """The file with its next turn: its place in the period that is nearest to one interval from now."""
        at_us = self._slot_us(file, now_us + self._interval_us(file, now_us) - self.period_us // 2)
        return replace(file, due_us=at_us + int(jitter * self.period_us / len(self.files) / 5))

    def _interval_us(self, file: Watched, now_us: int) -> int:
        quiet_us = now_us - file.since_us
        times = next((times for after_us, times in SLOWER_AFTER if quiet_us >= after_us), 1)
        return min(times * self.period_us, max(LONGEST_US, self.period_us))

    def _slot_us(self, file: Watched, from_us: int) -> int:
        """The first moment from `from_us` on at which the place of the file comes."""
        return from_us + (int(file.phase * self.period_us) - from_us) % self.period_us

    def _with(self, key: str, file: Watched) -> "Cadence":
        return replace(self, files={**self.files, key: file})


def _even_phases(count: int, now_us: int, period_us: int) -> list[float]:
    """Even places in a period, of which the first comes half a distance from now."""
    start = now_us % period_us / period_us
    return [(start + (index + 0.5) / count) % 1.0 for index in range(count)]


def _in_gaps(taken: Iterable[float], count: int) -> list[float]:
    """`count` more places, each in the middle of the widest gap that is left."""
    circle = sorted(taken)
    gaps = [(start - end, start) for start, end in zip(circle, [*circle[1:], circle[0] + 1.0], strict=True)]
    heapify(gaps)  # the widest is the most negative
    found: list[float] = []
    for _ in range(count):
        width, start = gaps[0]
        middle = start - width / 2
        heapreplace(gaps, (width / 2, start))
        heappush(gaps, (width / 2, middle))
        found.append(middle % 1.0)
    return found
