"""Answers that an earlier run got: looked for before Figma is asked, and kept when it answers.

In: what sends and looks up, a `Shelf` on disk, the versions of files as they are known in this run. Out: the same two
seams. Rule: only what lasts as long as a file's version is kept, and under the version that was seen before it was
asked: what changes meanwhile is newer than it claims to be, never older.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.errors import ExfigError
from exfig_rx.figma.api import LookUp
from exfig_rx.model import ConfigId, Lookup, Request, Response, Send
from exfig_rx.reactor import Blocking

T = TypeVar("T")


class Shelf(Protocol):
    """Where answers are, by file, version and question; blocking."""

    def answer(self, file_key: str, version: str, question: str) -> Mapping[str, Any] | None: ...

    def keep_answer(self, file_key: str, version: str, question: str, body: Mapping[str, Any]) -> None: ...

    def items(
        self, file_key: str, version: str, question: str, ids: Sequence[str], max_age_s: float | None = None
    ) -> dict[str, Any]: ...

    def keep_items(self, file_key: str, version: str, question: str, items: Mapping[str, Any]) -> None: ...


class Remembered:
    """What a run takes from `shelf`, and leaves there.

    Args:
        shelf: used through `on_shelf` alone.
        on_shelf: runs blocking work on the one thread that has the shelf.
        version_of: the version of a file that holds for a config; None where nothing may be kept.
        reads: whether what is there is used; else everything is asked anew.
        trusts: whether lists of what a file has published count as long as its version is the same.
    """

    def __init__(
        self,
        shelf: Shelf,
        on_shelf: Blocking,
        version_of: Callable[[str, ConfigId | None], str | None],
        *,
        reads: bool,
        trusts: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._shelf = shelf
        self._on_shelf = on_shelf
        self._version_of = version_of
        self._reads = reads
        self._trusts = trusts
        # what lookups found on the shelf or at Figma in this run, by file, version and question
        self._found: dict[tuple[str, str, str], dict[str, Any]] = {}

    def asking(self, ask: Send) -> Send:
        """`ask` for answers that are needed as a whole."""

        def remembered(request: Request) -> Observable[Response]:
            version = self._version_of(request.file_key, request.charged_to) if request.lasting else None
            if version is None:
                return ask(request)
            question = _question(request.path, request.query)

            def kept(response: Response) -> Observable[Response]:
                keep = partial(self._shelf.keep_answer, request.file_key, version, question, response.body)
                return self._on_shelf(keep).pipe(ops.map(lambda _: response))

            def found(body: Mapping[str, Any] | None) -> Observable[Response]:
                return ask(request).pipe(ops.flat_map(kept)) if body is None else rx.of(Response(200, body))

            if not (self._reads and self._trusts(request.file_key)):
                return found(None)
            look = partial(self._shelf.answer, request.file_key, version, question)
            return self._on_shelf(look).pipe(ops.flat_map(found))

        return remembered

    def sending(self, send: Send) -> Send:
        """`send` for requests that carry ids of lookups: what comes is kept by id."""

        def remembered(request: Request) -> Observable[Response]:
            version = self._version_of(request.file_key, request.charged_to) if request.items else None
            if version is None:
                return send(request)
            question = _question(request.path, request.query)

            def kept(response: Response) -> Observable[Response]:
                items = response.body.get(request.items)
                if not isinstance(items, Mapping):
                    return rx.of(response)
                there = {id_: item for id_, item in items.items() if item is not None}
                keep = partial(self._shelf.keep_items, request.file_key, version, question, there)
                return self._on_shelf(keep).pipe(ops.map(lambda _: response))

            return send(request).pipe(ops.flat_map(kept))

        return remembered

    def looking_up(self, look_up: LookUp) -> LookUp:
        """`look_up` for the ids that are not on the shelf."""

        def remembered(lookup: Lookup[T], ids: Sequence[str], config: ConfigId) -> Observable[dict[str, T | None]]:
            readable = bool(self._reads and lookup.items and lookup.attempt == 1 and ids)
            version = self._version_of(lookup.file_key, config) if readable else None
            if version is None:
                return look_up(lookup, ids, config)
            question = _question(lookup.path, lookup.query)
            known: dict[str, T | None] = self._found.setdefault((lookup.file_key, version, question), {})
            unknown = [id_ for id_ in ids if id_ not in known]

            def keep(part: dict[str, T | None]) -> None:
                known.update((id_, value) for id_, value in part.items() if value is not None)

            def looked(items: dict[str, Any]) -> Observable[dict[str, T | None]]:
                keep(_parsed(lookup, items))
                rest = [id_ for id_ in ids if id_ not in known]
                there = {id_: known[id_] for id_ in ids if id_ in known}
                asked = look_up(lookup, rest, config).pipe(ops.do_action(keep)) if rest else rx.empty()
                return rx.concat(rx.of(there), asked) if there else asked

            if not unknown:
                return looked({})
            look = partial(self._shelf.items, lookup.file_key, version, question, unknown, lookup.good_for_s)
            return self._on_shelf(look).pipe(ops.flat_map(looked))

        return remembered


def _question(path: str, query: Sequence[tuple[str, str]]) -> str:
    """A question without the ids that it is about."""
    return f"{path}?{'&'.join(f'{name}={value}' for name, value in query if name != 'ids')}"


def _parsed(lookup: Lookup[T], items: Mapping[str, Any]) -> dict[str, T | None]:
    """What is on the shelf, as the lookup reads it; what it can't read is asked again."""
    try:
        return dict(lookup.parse({lookup.items: items})) if items else {}
    except ExfigError:
        return {}
