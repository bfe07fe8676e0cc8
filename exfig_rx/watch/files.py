"""What people write to disk, as a stream: which paths below some roots were touched.

In: roots, and which paths matter. Out: sets of absolute paths, on the reactor. Rules: that a path was touched is all
that is told, whatever the system said of it, since editors write in many ways; whenever the watch begins, or had to
begin anew, the roots themselves are told, for nobody knows what happened before; nothing on disk ends the watch.
"""

import platform
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from functools import partial
from typing import Final, Protocol

import reactivex as rx
import watchfiles
from reactivex import Observable, abc
from reactivex.disposable import Disposable
from reactivex.internal.exceptions import DisposedException

from exfig_rx.model import Problem
from exfig_rx.watch.places import Matters, Places, Root, places_of
from exfig_rx.watch.snapshots import Batch, looked_at

STEP_MS: Final = 25
"""What happens within that time is told together; watchfiles wakes so often, which is what an idle watch costs."""

LONGEST_MS: Final = 50
"""What goes on for longer is told in parts; it takes a step more to see that it goes on."""

POLL_S: Final = 1.0
"""How often files are looked at, where the system tells of no change."""

STEPS_A_LOOK: Final = 40
"""After so many steps it is looked whether the folders are still those that are watched."""

LONGEST_PAUSE_S: Final = 1.0
"""Waited at most before what failed is tried again."""

MANY: Final = 4_096
"""Of so many changes at once the system may have dropped some."""


class Watch(Protocol):
    """`watchfiles.watch`, as far as it is used here."""

    def __call__(
        self,
        *paths: str,
        watch_filter: None,
        debounce: int,
        step: int,
        stop_event: "_Guard",
        rust_timeout: int,
        debug: bool,
        raise_interrupt: bool,
        force_polling: bool,
        recursive: bool,
        ignore_permission_denied: bool,
    ) -> Generator[Batch, None, None]: ...


class FileWatcher:
    """Tells of touched files.

    `post` runs an action on the reactor (`Reactor.post`). `tell` gets, on the reactor and once, the problem that the
    system tells of no changes, whereupon files are looked at again and again (`polls`), now and in later streams.
    """

    def __init__(
        self,
        post: Callable[[Callable[[], None]], None],
        tell: Callable[[Problem], None],
        *,
        polls: bool = False,
        watch: Watch = watchfiles.watch,
    ) -> None:
        self._post = post
        self._tell = tell
        # no event crosses from Windows to Linux there
        self._polls = polls or "microsoft-standard" in platform.release().lower()
        self._watch = watch

    def changes(self, roots: Sequence[Root], matters: Matters) -> Observable[frozenset[str]]:
        """Touched paths of `roots` for which `matters` holds, and never those of editors (`places.is_noise`).

        First come the roots themselves: from then on nothing is missed. They come again when something had to be
        attached anew: a folder that came, went or was replaced. A root that is a file is told under its own name when
        what it leads to was touched; so are links to files in a folder. The stream never ends; its thread is gone soon
        after it is disposed.
        """

        def subscribe(
            observer: abc.ObserverBase[frozenset[str]], _: abc.SchedulerBase | None = None
        ) -> abc.DisposableBase:
            gone = threading.Event()
            attendant = _Attendant(tuple(roots), matters, gone, lambda paths: self._send(gone, observer, paths))

            def run() -> None:
                try:
                    self._attend(attendant)
                except Exception as error:
                    bug = error
                    self._on_reactor(lambda: None if gone.is_set() else observer.on_error(bug))

            threading.Thread(target=run, name="exfig-watch", daemon=True).start()
            return Disposable(gone.set)

        return rx.create(subscribe)

    def _send(self, gone: threading.Event, observer: abc.ObserverBase[frozenset[str]], paths: frozenset[str]) -> None:
        self._on_reactor(lambda: None if gone.is_set() else observer.on_next(paths))

    def _on_reactor(self, action: Callable[[], None]) -> None:
        with suppress(DisposedException):  # then the run is over
            self._post(action)

    # ── on a thread of its own ──

    def _attend(self, attendant: "_Attendant") -> None:
        """Attaches to the places of some roots as often as it takes."""
        failures = 0
        lenient = False
        while not attendant.gone.is_set():
            guard = attendant.look()
            try:
                with closing(self._batches(attendant, guard, lenient)) as batches:
                    for batch in batches:
                        if attendant.is_over(guard, batch):
                            break
                failures = 0
            except PermissionError:
                lenient = True
                failures = 0 if guard.is_attached else failures + 1
            except (
                OSError,
                RuntimeError,
            ) as error:  # the latter from the watcher itself, e.g. for names in no encoding
                failures = 0 if guard.is_attached else failures + 1
                if failures > 1 and not isinstance(error, FileNotFoundError) and not self._polls:
                    self._give_up_events(error)
            if failures > 0:
                attendant.gone.wait(min(LONGEST_PAUSE_S, STEP_MS / 1000 * 2.0**failures))

    def _batches(self, attendant: "_Attendant", guard: "_Guard", lenient: bool) -> Generator[Batch, None, None]:
        """Every option is given, since watchfiles reads those that are not from its own environment variables."""
        if self._polls:
            pause = partial(attendant.gone.wait, POLL_S)
            return looked_at(guard.places.folders, is_over=partial(guard.is_set, looks=True), pause=pause)
        return self._watch(
            *guard.places.folders,
            watch_filter=None,
            debounce=LONGEST_MS,
            step=STEP_MS,
            stop_event=guard,
            rust_timeout=0,  # what arrives as it times out is lost
            debug=False,
            raise_interrupt=False,
            force_polling=False,
            recursive=False,
            ignore_permission_denied=lenient,
        )

    def _give_up_events(self, error: Exception) -> None:
        self._polls = True
        problem = Problem(
            "watch.no-events",
            f"the system does not tell of changed files: {error}; they are looked at every second instead",
            "Raise fs.inotify.max_user_watches and fs.inotify.max_user_instances (sysctl), or ask for it with --poll.",
        )
        self._on_reactor(lambda: self._tell(problem))


class _Attendant:
    """One stream's share: what its roots are, and what batches of changes mean for them."""

    def __init__(
        self, roots: Sequence[Root], matters: Matters, gone: threading.Event, emit: Callable[[frozenset[str]], None]
    ) -> None:
        self.gone = gone
        self._roots = roots
        self._matters = matters
        self._emit = emit
        self._all = frozenset(root.path for root in roots)

    def look(self) -> "_Guard":
        """Where to attach now."""
        return _Guard(self._places(), self.gone, self._attached)

    def _attached(self, places: Places) -> bool:
        """Whether to attach anew, since folders came while it was done: they are looked at now, but not watched."""
        self._emit(self._all)
        return self._places() != places

    def _places(self) -> Places:
        return places_of(self._roots, self._matters)

    def is_over(self, guard: "_Guard", batch: Batch) -> bool:
        """Tells of a batch; whether other places have to be watched now."""
        paths = set(self._all) if len(batch) >= MANY else set()
        is_doubtful = is_torn = False
        for change, path in batch:
            is_edit = change is watchfiles.Change.modified
            touched = guard.places.touched(path, is_edit=is_edit, matters=self._matters)
            paths |= touched.paths
            is_doubtful |= touched.is_doubtful
            is_torn |= touched.is_torn
        if paths:
            self._emit(frozenset(paths))
        return is_torn or (is_doubtful and self._places() != guard.places)


class _Guard:
    """What watchfiles asks, at every step, whether to stop: it does when folders are no longer those it is attached to.

    The first time it asks, it has just been attached.
    """

    def __init__(self, places: Places, gone: threading.Event, attached: Callable[[Places], bool]) -> None:
        self.places = places
        self.is_attached = False
        self._gone = gone
        self._attached = attached
        self._steps = 0

    def is_set(self, *, looks: bool = False) -> bool:
        """Whether to stop; `looks`: at the folders, too, although they were looked at a moment ago."""
        if self._gone.is_set():
            return True
        if not self.is_attached:
            self.is_attached = True
            if self._attached(self.places):
                return True
        self._steps += 1
        return (looks or self._steps % STEPS_A_LOOK == 1) and self.places.have_moved()


__all__ = ["Batch", "FileWatcher", "Matters", "Root", "Watch"]
