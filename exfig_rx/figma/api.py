"""What the pipelines ask of Figma, as streams of values.

In: file keys, and the config that asks. Out: cold streams. Rule: a question depends on the file alone, never on the
config, so that all configs of a run ask the same and one request answers them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, TypeVar

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.figma import endpoints
from exfig_rx.figma.code_syntax import write_code_syntax
from exfig_rx.figma.variables import local_variables, parse_variables
from exfig_rx.model import ConfigId, FileStyles, Lookup, Request, Response, Send, Style, StyleNode
from exfig_rx.pictures import FileComponents, RenderSpec
from exfig_rx.variables import FileVariables

T = TypeVar("T")


class LookUp(Protocol):
    """Answers a lookup for some ids, in parts, for the config that pays; None where Figma has nothing."""

    def __call__(self, lookup: Lookup[T], ids: Sequence[str], config: ConfigId) -> Observable[dict[str, T | None]]: ...


class FigmaApi:
    """Figma's files through `ask` and `look_up`, which send, pace, retry and share."""

    def __init__(self, ask: Send, look_up: LookUp) -> None:
        self._ask = ask
        self._look_up = look_up

    def answer(self, request: Request) -> Observable[Response]:
        """The answer to a request that none of the methods below makes; one value."""
        return self._ask(request)

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
            return endpoints.parse_styles(response.body, file_key)

        return self._ask(endpoints.styles(file_key, config)).pipe(ops.map(listed), ops.flat_map(with_nodes))

    def components(self, file_key: str, config: ConfigId) -> Observable[FileComponents]:
        """The published components of a file; one value, one request."""

        def listed(response: Response) -> FileComponents:
            return endpoints.parse_components(response.body, file_key)

        return self._ask(endpoints.components(file_key, config)).pipe(ops.map(listed))

    def variables(self, file_key: str, config: ConfigId) -> Observable[FileVariables]:
        """The variables of a file and of the libraries that it uses; one value, one request."""

        def listed(response: Response) -> FileVariables:
            return parse_variables(response.body, file_key)

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


def _whole(parts: Observable[dict[str, T | None]]) -> Observable[dict[str, T | None]]:
    """All parts of an answer as one map; an empty one for no ids."""

    def union(all_: dict[str, T | None], part: dict[str, T | None]) -> dict[str, T | None]:
        return {**all_, **part}

    nothing: dict[str, T | None] = {}
    return parts.pipe(ops.reduce(union, nothing))
