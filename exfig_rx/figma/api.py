"""What the pipelines ask of Figma, as streams of values.

In: file keys, and the config that asks. Out: cold streams. Rule: a question depends on the file alone, never on the
config, so that all configs of a run ask the same and one request answers them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.figma import endpoints, file_tree, versions
from exfig_rx.figma.code_syntax import write_code_syntax
from exfig_rx.figma.variables import local_variables, parse_variables
from exfig_rx.figma.versions import Seen
from exfig_rx.model import ConfigId, FileStyles, Lookup, Problem, Request, Response, Send, Style, StyleNode, Tier
from exfig_rx.pictures import FileComponents, RenderSpec
from exfig_rx.variables import FileVariables

T = TypeVar("T")


class LookUp(Protocol):
    """Answers a lookup for some ids, in parts, for the config that pays; None where Figma has nothing."""

    def __call__(self, lookup: Lookup[T], ids: Sequence[str], config: ConfigId) -> Observable[dict[str, T | None]]: ...


@dataclass(slots=True)
class Scopes:
    """What a run has learnt of what its token may ask: `lacks_metadata`, if Figma refused a version for that."""

    lacks_metadata: bool = False


class FigmaApi:
    """Figma's files through `ask` and `look_up`, which send, pace, retry and share; `scopes` are of the whole run."""

    def __init__(self, ask: Send, look_up: LookUp, scopes: Scopes | None = None) -> None:
        self._ask = ask
        self._look_up = look_up
        self._scopes = Scopes() if scopes is None else scopes
        # what was read of each file, with the answer that it was read of
        self._read: dict[tuple[Callable[..., object], str], tuple[object, Any]] = {}

    def answer(self, request: Request) -> Observable[Response]:
        """The answer to a request that none of the methods below makes; one value."""
        return self._ask(request)

    def version(self, file_key: str, config: ConfigId, leads_to: Tier | None = None) -> Observable[Seen]:
        """The version of a file; one value, one request.

        Of tier 3; but where the token has no scope for that, of tier 1, and that is told with the first version. It is
        not asked if the tier that it `leads_to` is closed.
        """

        def at_a_price(problem: Problem | None) -> Observable[Seen]:
            def told(seen: Seen) -> Seen:
                return Seen(seen.version, problem)

            return self._seen(versions.shallow(file_key, config)).pipe(ops.map(told))

        def refused(error: Exception, _: object) -> Observable[Seen]:
            if not versions.lacks_scope(error):
                return rx.throw(error)
            problem = None if self._scopes.lacks_metadata else versions.NO_SCOPE
            self._scopes.lacks_metadata = True
            return at_a_price(problem)

        def ask(_: object) -> Observable[Seen]:
            if self._scopes.lacks_metadata:
                return at_a_price(None)
            return self._seen(versions.meta(file_key, config, leads_to)).pipe(ops.catch(refused))

        return rx.defer(ask)

    def version_again(self, file_key: str, config: ConfigId, again: int, *, at_any_price: bool) -> Observable[Seen]:
        """The version of a file as it is by now; one value, at most one request for each number `again`.

        Where the token has no scope for tier 3, it is unknown, unless it may be had `at_any_price`.
        """

        def ask(_: object) -> Observable[Seen]:
            if not self._scopes.lacks_metadata:
                return self._seen(versions.meta(file_key, config, again=again))
            return self._seen(versions.shallow(file_key, config, again)) if at_any_price else rx.of(Seen(None))

        return rx.defer(ask)

    def _seen(self, request: Request) -> Observable[Seen]:
        def read(response: Response) -> Seen:
            return Seen(versions.parse_version(response.body, request.file_key))

        def refused(error: Exception, _: object) -> Observable[Seen]:
            if not versions.is_about_version(error, request):
                return rx.throw(error)
            return rx.of(Seen(None, versions.not_told(error, request)))

        return self._ask(request).pipe(ops.map(read), ops.catch(refused))

    def node_hashes(
        self, file_key: str, version: str | None, ids: Sequence[str], config: ConfigId
    ) -> Observable[dict[str, str]]:
        """Hashes of all components in some frames, by node id; one value.

        In a `version` of the file, or in the newest (None). What no hash can tell is left out.
        """

        def union(all_: dict[str, str], part: dict[str, Mapping[str, str] | None]) -> dict[str, str]:
            for hashes in part.values():
                all_ |= hashes or {}
            return all_

        def gathered(_: object) -> Observable[dict[str, str]]:
            found: dict[str, str] = {}
            return self._look_up(file_tree.frames(file_key, version), ids, config).pipe(ops.reduce(union, found))

        return rx.defer(gathered)

    def styles(self, file_key: str, types: Collection[str], config: ConfigId) -> Observable[FileStyles]:
        """The published styles of a file, and the nodes of those of `types` (FILL, TEXT, …); one value.

        One request, and one more for the nodes (several only where their ids don't fit into one).
        """

        def with_nodes(styles: tuple[Style, ...]) -> Observable[FileStyles]:
            ids = [style.node_id for style in styles if style.type in types]

            def whole(nodes: dict[str, StyleNode | None]) -> FileStyles:
                return FileStyles(file_key, styles, nodes)

            return _whole(self._look_up(endpoints.style_nodes(file_key), ids, config)).pipe(ops.map(whole))

        def listed(response: Response) -> tuple[Style, ...]:
            return self._read_once(endpoints.parse_styles, response, file_key)

        return self._ask(endpoints.styles(file_key, config)).pipe(ops.map(listed), ops.flat_map(with_nodes))

    def components(self, file_key: str, config: ConfigId) -> Observable[FileComponents]:
        """The published components of a file; one value, one request."""

        def listed(response: Response) -> FileComponents:
            return self._read_once(endpoints.parse_components, response, file_key)

        return self._ask(endpoints.components(file_key, config)).pipe(ops.map(listed))

    def variables(self, file_key: str, config: ConfigId) -> Observable[FileVariables]:
        """The variables of a file and of the libraries that it uses; one value, one request."""

        def listed(response: Response) -> FileVariables:
            return self._read_once(parse_variables, response, file_key)

        return self._ask(local_variables(file_key, config)).pipe(ops.map(listed))

    def write_code_syntax(
        self, file_key: str, names: Mapping[str, Mapping[str, str]], config: ConfigId
    ) -> Observable[int]:
        """Give variables of a file, by id, their names in code; one value: how many there are."""

        def count(_: list[Response]) -> int:
            return len(names)

        written = rx.concat(*map(self._ask, write_code_syntax(file_key, names, config)))
        return written.pipe(ops.to_list(), ops.map(count))

    def renders(
        self, file_key: str, spec: RenderSpec, ids: Sequence[str], config: ConfigId, attempt: int = 1
    ) -> Observable[dict[str, str | None]]:
        """The addresses of renders by node id, in parts as they come; None where Figma could not render a node.

        What was asked in another `attempt` is asked anew.
        """
        return self._look_up(endpoints.renders(file_key, spec, attempt), ids, config)

    def _read_once(self, parse: Callable[[Mapping[str, Any], str], T], response: Response, file_key: str) -> T:
        """What `parse` makes of an answer about a file: all configs of a run get the same answer, and one reads it."""
        known: tuple[object, T] | None = self._read.get((parse, file_key))
        if known is None or known[0] is not response.body:
            known = self._read[parse, file_key] = (response.body, parse(response.body, file_key))
        return known[1]


def _whole(parts: Observable[dict[str, T | None]]) -> Observable[dict[str, T | None]]:
    """All parts of an answer as one map; an empty one for no ids."""

    def union(all_: dict[str, T | None], part: dict[str, T | None]) -> dict[str, T | None]:
        return {**all_, **part}

    nothing: dict[str, T | None] = {}
    return parts.pipe(ops.reduce(union, nothing))
