"""Which configs a change in Figma is about, and which editions of answers it ends.

In: new versions, and word that Figma sends. Out: wishes that configs run. Rules: a config runs for a version once,
whatever comes of it; what comes while somebody wants changes to wait is taken up together afterwards.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from exfig_rx.batch.services import Services
from exfig_rx.events import ConfigFailed, ConfigSucceeded, Event
from exfig_rx.model import ConfigId
from exfig_rx.watch.editions import Editions
from exfig_rx.watch.outlook import Moved, Told
from exfig_rx.watch.roster import Members, users_of
from exfig_rx.watch_events import Source

Changed: TypeAlias = Callable[[Source, str, Collection[ConfigId]], None]
"""Runs configs for a change in Figma: where it was noticed, and what it is, in few words."""


class Designs:
    """The designs that configs are made of.

    Args:
        editions: what runs share, which a change ends.
        members: the configs as they are.
        changed: runs configs again.
    """

    def __init__(self, editions: Editions, members: Callable[[], Members], changed: Changed) -> None:
        self._editions = editions
        self._members = members
        self._changed = changed
        # the version of each file that a config was last run with, or was to be
        self._made_of: dict[ConfigId, dict[str, str]] = {}
        # configs whose last run failed
        self._failed: set[ConfigId] = set()
        self._is_paused = False
        # files that changed while changes were to wait; and whether they have published something
        self._put_off: dict[str, bool] = {}

    def known(self, file_key: str) -> str | None:
        """The version of a file that all configs were run with that take anything from it.

        None if none of them has run yet; if they were run with several, or one failed without any, none of these.
        """
        found: set[str | None] = set()
        for config in users_of((file_key,), self._members()):
            unknown = "" if config in self._failed else None
            found.add(self._made_of.get(config, {}).get(file_key, unknown))
        found.discard(None)
        return found.pop() if len(found) == 1 else "" if found else None

    def ran(self, config: ConfigId, services: Services) -> None:
        """A run of `config` with these services has ended."""
        member = self._members().get(config)
        if member is not None:
            seen = services.project.memory.versions_seen
            made_of = {key: seen[key] for key in member.files if key in seen}
            self._made_of.setdefault(config, {}).update(made_of)

    def saw(self, event: Event) -> None:
        """Takes in how configs fare."""
        match event:
            case ConfigFailed():
                self._failed.add(event.config)
            case ConfigSucceeded():
                self._failed.discard(event.config)
            case _:
                pass

    def forget(self, config: ConfigId) -> None:
        """There is no such config any more."""
        self._made_of.pop(config, None)
        self._failed.discard(config)

    def moved(self, news: Moved) -> None:
        """A file has a new version."""
        if self._is_paused:
            self._put_off.setdefault(news.file_key, False)
            return
        behind = [
            config
            for config in users_of((news.file_key,), self._members())
            if self._made_of.get(config, {}).get(news.file_key) != news.version
        ]
        if behind:
            self._editions.moved({news.file_key: news.version})
            for config in behind:
                self._made_of.setdefault(config, {})[news.file_key] = news.version
            self._changed(Source.POLL, f"file {news.file_key} has a new version", behind)

    def told(self, words: Collection[Told]) -> None:
        """Figma sent word, of one file maybe several times."""
        files: dict[str, bool] = {}
        for word in words:
            files[word.file_key] = files.get(word.file_key, False) or word.is_published
        self._doubt(files, Source.WEBHOOK)

    def pause(self) -> None:
        """Let changes wait from now on."""
        self._is_paused = True

    def go_on(self) -> None:
        """Take up what has changed meanwhile."""
        self._is_paused = False
        files, self._put_off = self._put_off, {}
        self._doubt(files, Source.POLL)

    def _doubt(self, files: Mapping[str, bool], source: Source) -> None:
        if self._is_paused:
            for key, is_published in files.items():
                self._put_off[key] = self._put_off.get(key, False) or is_published
            return
        configs = tuple(users_of(files, self._members()))
        if configs:
            published = frozenset(key for key, is_published in files.items() if is_published)
            self._editions.doubted(frozenset(files), published)
            self._changed(source, f"something changed in file {', '.join(files)}", configs)
