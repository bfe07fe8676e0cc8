"""A run that stays: sources of change in front of the pipelines, until it is stopped.

In: configs as they are on disk, changes of them and of designs, wishes. Out: one stream of events. Rule: nothing here
exports; a change becomes a wish that some configs run, and `jobs` decides when. Everything is on the reactor.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

import reactivex as rx
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.subject import Subject

from exfig_rx.batch.conflicts import conflicting_with
from exfig_rx.batch.discovery import ValidConfig
from exfig_rx.batch.pipeline import run_config
from exfig_rx.batch.run import BatchOptions, LastingConnection, until_end_of
from exfig_rx.batch.stop import CONFLICTS, Stop, StopReason
from exfig_rx.errors import ExfigError
from exfig_rx.events import ConfigDiscovered, ConfigFailed, ConflictsFound, Event, RunStarted
from exfig_rx.model import ConfigId, Conflict, Problem, Tier
from exfig_rx.reactor import Blocking
from exfig_rx.settings import OnConflict, Section
from exfig_rx.watch.debounce import debounced
from exfig_rx.watch.designs import Designs
from exfig_rx.watch.disk import Disk, Found, standing_configs
from exfig_rx.watch.editions import Editions
from exfig_rx.watch.jobs import Jobs
from exfig_rx.watch.outlook import Moved, Outlook, Told
from exfig_rx.watch.recovery import Recovery
from exfig_rx.watch.roster import Changes, Members, Roster, changes, held
from exfig_rx.watch.streams import merged, split
from exfig_rx.watch_events import (
    ChangeNoticed,
    ConfigHeld,
    ConfigRemoved,
    CycleEnded,
    Source,
    WatchContinued,
    WatchPaused,
    WatchStarted,
)
from exfig_rx.wishes import Quit, Reload, Rerun, TogglePause, Wish

QUIT: Final = StopReason("", 0)
"""Somebody has seen enough."""

_SHARED: Final = ("figma.", "download.")  # how codes of problems begin that all share who ask the same

MOST_NAMED: Final = 3
"""Configs that a notice names; more are counted."""


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How a run that stays goes: as a batch, and an edit counts when nothing followed it for `debounce_s` seconds."""

    batch: BatchOptions
    on_conflict: OnConflict
    only: frozenset[Section]
    debounce_s: float


def watch(
    roster: Roster,
    outlook: Outlook,
    *,
    options: WatchOptions,
    connect: Callable[[Sequence[ValidConfig]], LastingConnection],
    blocking: Blocking,
    clock: abc.SchedulerBase,
    stop: Stop,
) -> Observable[Event]:
    """The whole run. `connect` is called once, when it is known what the configs ask of Figma."""
    disk = Disk(
        roster,
        output_root=options.batch.output_root,
        only=options.only,
        debounce_s=options.debounce_s,
        blocking=blocking,
        clock=clock,
    )

    def begin(found: Found) -> Observable[Event]:
        connection = connect(standing_configs(found.members))
        announcements = connection.events
        engine = _Watch(disk, found, outlook, connection, options, clock, stop)
        events: Observable[Event] = rx.concat(engine.events(), connection.last_words)

        def announced(shared: Observable[Event]) -> Observable[Event]:
            return until_end_of(shared, announcements)

        return events.pipe(ops.publish(announced))

    return disk.first_look().pipe(ops.take_until(stop.signal), ops.flat_map(begin))


class _Watch:
    """What a run that stays knows, and what it does about changes."""

    def __init__(
        self,
        disk: Disk,
        first: Found,
        outlook: Outlook,
        connection: LastingConnection,
        options: WatchOptions,
        clock: abc.SchedulerBase,
        stop: Stop,
    ) -> None:
        self._disk = disk
        self._first = first
        self._outlook = outlook
        # not the connection itself, whose services would stay with all that they have heard
        self._renewal = connection.renewal
        self._limits = connection.limits
        self._options = options
        self._clock = clock
        self._stop = stop
        self._now_s = connection.services.now_s
        self._members: Members = {}
        self._conflicts: tuple[Conflict, ...] = ()
        self._held: dict[ConfigId, tuple[Problem, ...]] = {}
        self._editions = Editions(connection.services, self._renewal, self._now_s, is_polled=outlook.is_polled)
        self._designs = Designs(self._editions, self._running_members, self._design_changed)
        self._jobs = Jobs(
            self._run, self._refused, self._rivals, parallel=options.batch.parallel, clock=clock, now_s=self._now_s
        )
        self._recovery = Recovery(self._glance, self._renewal.next_opening, clock, self._now_s)
        self._has_failed = False
        self._is_paused = False
        self._said: Subject[Event] = Subject()
        # the files of Figma that all configs take something from
        self._files: Subject[frozenset[str]] = Subject()
        self._hints: Subject[str] = Subject()
        # what is to be done between two cycles
        self._chores: Subject[Observable[None]] = Subject()

    def events(self) -> Observable[Event]:
        """Everything that happens, until it is stopped and the last config has ended."""
        limits, batch = self._limits, self._options.batch
        opening = RunStarted(batch.started_at, batch.parallel, limits.per_min, limits.source)
        going_on: Observable[Event] = merged(
            self._said,
            self._chores.pipe(ops.merge_all(), ops.ignore_elements()),
            self._jobs.events.pipe(ops.do_action(self._saw)),
            self._changes().pipe(ops.take_until(self._stop.signal)),
            self._stop.signal.pipe(ops.take(1), ops.do_action(self._end), ops.ignore_elements()),
            rx.defer(self._begin),
        )
        return rx.concat(rx.of(opening), going_on)

    def _changes(self) -> Observable[Event]:
        """The sources of change; only what they say of themselves comes out."""
        found = self._disk.found(self._outlook.files).pipe(ops.do_action(self._found), ops.catch(self._lost))
        wishes = self._outlook.wishes.pipe(ops.do_action(self._on_wish))
        recovered = self._recovery.recovered.pipe(ops.do_action(self._on_recovered))
        silent: Observable[Event] = merged(found, wishes, recovered).pipe(ops.ignore_elements())
        return merged(self._outlook.notes, silent, self._polled(), self._hooked())

    def _begin(self, _: abc.SchedulerBase) -> Observable[Event]:
        self._take_in(self._first)
        self._say(WatchStarted(self._now_s(), self._options.debounce_s, self._outlook.webhook))
        if self._conflicts and self._options.on_conflict is OnConflict.ABORT:
            self._stop.request(CONFLICTS)
            return rx.empty()
        self._run_again(self._members, "start")
        return rx.empty()

    def _end(self, reason: StopReason) -> None:
        self._jobs.stop(reason)
        self._said.on_completed()
        self._chores.on_completed()

    # ── configs on disk ──

    def _lost(self, error: Exception, _: Observable[Found]) -> Observable[Found]:
        """There is nothing left to look at."""
        if not isinstance(error, ExfigError):
            return rx.throw(error)
        self._stop.request(StopReason(error.problems[0].message, 1))
        return rx.empty()

    def _found(self, found: Found) -> None:
        change, released = self._take_in(found)
        parts = ((change.added, "new"), (change.edited, "edited"), (change.removed, "gone"))
        if words := [_listed(configs, word) for configs, word in parts if configs]:
            self._notice(Source.FILES, "; ".join(words), (*change.added, *change.edited, *released))
        self._run_again((*change.added, *change.edited), "edited", cancels=True)
        self._run_again(released, "its conflict is solved")

    def _take_in(self, found: Found) -> tuple[Changes, tuple[ConfigId, ...]]:
        """The configs as they are now: what has changed, and which are held no longer."""
        change = changes(self._members, found.members)
        self._members = found.members
        for config in change.removed:
            self._designs.forget(config)
            self._jobs.withdraw(config, ConfigRemoved(self._now_s(), config))
        self._say(*(ConfigDiscovered(self._now_s(), config) for config in change.added))
        released = self._hold(found.conflicts)
        files = frozenset(key for member in self._running_members().values() for key in member.files)
        self._editions.of(standing_configs(self._members), files)
        self._disk.know(found)
        self._files.on_next(files)
        return change, released

    def _hold(self, conflicts: tuple[Conflict, ...] | None) -> tuple[ConfigId, ...]:
        """Holds configs that write what others do; gives those that can run again."""
        if conflicts is None:
            return ()
        if conflicts != self._conflicts:
            self._conflicts = conflicts
            self._say(ConflictsFound(self._now_s(), conflicts))
        before = self._held
        if self._options.on_conflict is not OnConflict.CONTINUE:
            self._held = held(conflicts, self._members)
        for config, problems in self._held.items():
            if problems != before.get(config):
                self._jobs.withdraw(config, ConfigHeld(self._now_s(), config, problems))
        return tuple(config for config in before if config not in self._held and config in self._members)

    def _with_rivals(self, configs: Collection[ConfigId]) -> list[ConfigId]:
        """`configs`, and the later ones that write what they do: the later one wins."""
        rivals = conflicting_with(self._conflicts)
        order = {config: position for position, config in enumerate(self._members)}
        wanted = {config for config in configs if config in order}
        for config in tuple(wanted):
            wanted |= {other for other in rivals.get(config, ()) if order.get(other, -1) > order[config]}
        return [config for config in self._members if config in wanted]

    # ── designs in Figma ──

    def _polled(self) -> Observable[Event]:
        """New versions; what a poll says of itself comes out."""
        limit = self._limits.of(Tier.THREE)
        news = self._outlook.polls(self._files, self._hints, self._designs.known, self._renewal.glance, limit)
        return split(news, Moved, lambda moved: moved.pipe(ops.do_action(self._designs.moved)))

    def _hooked(self) -> Observable[Event]:
        """What Figma sends; of one file it may come several times."""

        def hint(word: Told) -> None:
            self._hints.on_next(word.file_key)

        def settled(words: Observable[Told]) -> Observable[object]:
            each: Observable[tuple[Told, ...]] = words.pipe(ops.do_action(hint), ops.map(lambda word: (word,)))
            quiet = debounced(each, self._options.debounce_s, self._clock)
            return quiet.pipe(ops.do_action(self._designs.told))

        return split(self._outlook.hooks, Told, settled)

    def _design_changed(self, source: Source, what: str, configs: Collection[ConfigId]) -> None:
        self._notice(source, what, configs)
        self._run_again(configs, "the design changed")

    # ── what somebody wants ──

    def _on_wish(self, wish: Wish) -> None:
        match wish:
            case Quit():
                self._stop.request(QUIT)
            case TogglePause():
                self._toggle_pause()
            case Reload():
                self._rerun(tuple(self._members), "reloaded")
                self._disk.look_again()
            case Rerun(config):
                self._rerun(tuple(self._members) if config is None else (config,), "asked for")
            case _:
                assert_never(wish)

    def _rerun(self, wanted: Collection[ConfigId], reason: str) -> None:
        configs = [config for config in wanted if config in self._running_members()]
        self._editions.doubt_all()
        self._notice(Source.PERSON, reason, configs)
        self._run_again(configs, reason)

    def _toggle_pause(self) -> None:
        self._is_paused = not self._is_paused
        if self._is_paused:
            self._designs.pause()
            self._disk.pause()
            self._say(WatchPaused(self._now_s()))
        else:
            self._say(WatchContinued(self._now_s()))
            self._designs.go_on()
            self._disk.go_on()

    # ── configs that run ──

    def _running_members(self) -> Members:
        """The configs that nothing holds."""
        return {config: member for config, member in self._members.items() if config not in self._held}

    def _run_again(self, configs: Collection[ConfigId], reason: str, *, cancels: bool = False) -> None:
        for config in self._with_rivals(configs):
            if config not in self._held:
                self._jobs.ask(config, reason, cancels=cancels)

    def _run(self, config: ConfigId, stop: Observable[StopReason]) -> Observable[Event]:
        valid = self._members[config].valid
        assert valid is not None  # else it was refused
        services = self._editions.current
        ended = ops.finally_action(lambda: self._designs.ran(config, services))
        return run_config(valid, stop, services).pipe(ended)

    def _refused(self, config: ConfigId) -> tuple[Event, ...]:
        problems = self._members[config].problems
        return (ConfigFailed(self._now_s(), config, problems),) if problems else ()

    def _rivals(self, config: ConfigId) -> Collection[ConfigId]:
        return conflicting_with(self._conflicts).get(config, ()) if self._conflicts else ()

    def _saw(self, event: Event) -> None:
        self._recovery.saw(event)
        self._designs.saw(event)
        if isinstance(event, ConfigFailed):
            self._has_failed = True
            if any(problem.code.startswith(_SHARED) for problem in event.problems):
                self._editions.spoil()
        if isinstance(event, CycleEnded):
            is_whole, self._has_failed = not self._has_failed, False
            self._chores.on_next(self._renewal.tidy(is_whole=is_whole))

    def _glance(self, config: ConfigId) -> Observable[object]:
        """Something small is asked for a config, to see whether anybody answers."""
        member = self._members.get(config)
        return self._renewal.glance(member.files[0]) if member is not None and member.files else rx.of(None)

    def _on_recovered(self, configs: Collection[ConfigId]) -> None:
        self._editions.doubt_all()
        self._notice(Source.POLL, "Figma can be asked again", configs)
        self._run_again(configs, "Figma can be asked again")

    # ── events ──

    def _notice(self, source: Source, what: str, configs: Collection[ConfigId]) -> None:
        self._say(ChangeNoticed(self._now_s(), source, what, tuple(dict.fromkeys(configs))))

    def _say(self, *events: Event) -> None:
        for event in events:
            self._said.on_next(event)


def _listed(configs: Collection[ConfigId], word: str) -> str:
    if len(configs) > MOST_NAMED:
        return f"{len(configs)} configs {word}"
    return f"{', '.join(config.label for config in configs)} {word}"
