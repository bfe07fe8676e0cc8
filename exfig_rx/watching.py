"""The sources of change of a run that stays, opened and closed: the disk, polls, Figma's word, whoever sits there.

In: settings, the reactor, wishes and notes from any thread. Out: an `Outlook`. Rule: nothing here subscribes; what a
source needs is opened when somebody listens to it, but for the webhook's address, which is taken before the run begins.
"""

import socket
from random import random
from typing import assert_never

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.subject import Subject

from exfig_rx.events import Event, Warned
from exfig_rx.model import Problem
from exfig_rx.reactor import Reactor
from exfig_rx.settings import Watching
from exfig_rx.watch.files import FileWatcher
from exfig_rx.watch.outlook import Ask, Known, Moved, Outlook, Told
from exfig_rx.watch_events import ChangeNoticed, HookReceived, PollPlanned, Source
from exfig_rx.wishes import Wish


class Lookout:
    """Everything that can make configs run again.

    `passcode` is what Figma's word has to come with. Raises UsageError where the address for it can't be had.
    """

    def __init__(self, watching: Watching, reactor: Reactor, passcode: str = "") -> None:
        self._watching = watching
        self._reactor = reactor
        self._passcode = passcode
        self._listening = _listening(watching)
        self._wishes: Subject[Wish] = Subject()
        self._notes: Subject[Event] = Subject()

    @property
    def debounce_s(self) -> float:
        """An edit counts when nothing followed it for so many seconds."""
        return self._watching.debounce_s

    def wish(self, wish: Wish) -> None:
        """Somebody wants something; any thread may call this."""
        self._reactor.post(lambda: self._wishes.on_next(wish))

    def note(self, problem: Problem) -> None:
        """People should know something; any thread may call this."""
        self._reactor.post(lambda: self._notes.on_next(Warned(self._reactor.now_s(), None, problem)))

    def outlook(self) -> Outlook:
        """All sources as one value."""
        watcher = FileWatcher(self._reactor.post, self.note, polls=self._watching.polls_files)
        hooks, address = self._hooks()
        return Outlook(
            watcher.changes,
            self._polls,
            hooks,
            self._wishes.pipe(ops.as_observable()),
            self._notes.pipe(ops.as_observable()),
            is_polled=self._watching.figma_s is not None,
            webhook=address,
        )

    def _polls(
        self, files: Observable[frozenset[str]], hints: Observable[str], known: Known, ask: Ask, limit_per_min: int
    ) -> Observable[Event | Moved]:
        period_s = self._watching.figma_s
        if period_s is None:
            return rx.never()
        from exfig_rx.watch import polling

        def told(look: polling.Look) -> Event | Moved:
            now_s = self._reactor.now_s()
            match look:
                case polling.Moved():
                    return Moved(look.file_key, look.version)
                case polling.Planned():
                    return PollPlanned(now_s, look.next_at, look.every_s, look.files)
                case polling.Reachable():
                    return ChangeNoticed(now_s, Source.POLL, "Figma answers again")
                case polling.Raised() | polling.Unreachable():
                    return Warned(now_s, None, look.problem)
                case _:
                    assert_never(look)

        looks = polling.polled(
            files, ask, known=known, nudges=hints, period_s=period_s, limit_per_min=limit_per_min,
            scheduler=self._reactor.scheduler, random=random,
        )  # fmt: skip
        return looks.pipe(ops.map(told))

    def _hooks(self) -> tuple[Observable[Event | Told], str]:
        if self._listening is None:
            return rx.never(), ""
        from exfig_rx.watch import webhook

        def told(heard: webhook.Heard) -> Observable[Event | Told]:
            now_s = self._reactor.now_s()
            if isinstance(heard, webhook.Ignored):
                return rx.of(HookReceived(now_s, heard.what, accepted=False))
            what = f"{heard.event_type} of file {heard.file_name or heard.file_key}"
            received = HookReceived(now_s, what if heard.file_key else heard.event_type, accepted=True)
            if not heard.file_key:
                return rx.of(received)
            return rx.of(received, Told(heard.file_key, heard.event_type == "LIBRARY_PUBLISH"))

        heard = webhook.hooks(self._listening, self._passcode, self._reactor.post)
        news: Observable[Event | Told] = heard.pipe(ops.map(told), ops.merge_all())
        exposed = webhook.exposed(self._listening)
        notes: list[Event] = [Warned(self._reactor.now_s(), None, exposed)] if exposed is not None else []
        return rx.concat(rx.from_iterable(notes), news), webhook.address_of(self._listening)


def _listening(watching: Watching) -> socket.socket | None:
    if watching.webhook is None:
        return None
    from exfig_rx.watch.webhook import listen

    return listen(*watching.webhook)
