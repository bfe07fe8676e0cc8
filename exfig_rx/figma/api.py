"""What the pipelines ask of Figma, as streams of values.

In: file keys, and the config that asks. Out: cold streams. Rule: a question depends on the file alone, never on the
config, so that all configs of a run ask the same and one request answers them.
"""

from collections.abc import Mapping
from typing import TypeAlias

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from exfig_rx.figma import endpoints
from exfig_rx.model import ConfigId, FileStyles, Request, Response, Send, Style, StyleNode

Nodes: TypeAlias = Mapping[str, StyleNode | None]

_NONE: Nodes = {}


class FigmaApi:
    """Figma's files through `ask`, which sends, paces, retries and shares."""

    def __init__(self, ask: Send) -> None:
        self._ask = ask

    def fill_styles(self, file_key: str, config: ConfigId) -> Observable[FileStyles]:
        """The published styles of a file, and the nodes of its color styles; one value.

        One request, and one more for the nodes (several only where their ids don't fit into a URL).
        """

        def with_nodes(styles: tuple[Style, ...]) -> Observable[FileStyles]:
            ids = [style.node_id for style in styles if style.type == "FILL"]
            requests = endpoints.style_nodes(file_key, ids, config)

            def whole(nodes: Nodes) -> FileStyles:
                return FileStyles(file_key, styles, nodes)

            portions: Observable[Nodes] = rx.merge(*map(self._nodes, requests))
            return portions.pipe(ops.reduce(_union, _NONE), ops.map(whole))

        def listed(response: Response) -> tuple[Style, ...]:
            return endpoints.parse_styles(response.body, file_key)

        return self._ask(endpoints.styles(file_key, config)).pipe(ops.map(listed), ops.flat_map(with_nodes))

    def _nodes(self, request: Request) -> Observable[Nodes]:
        def found(response: Response) -> Nodes:
            return endpoints.parse_style_nodes(response.body, request.file_key)

        return self._ask(request).pipe(ops.map(found))


def _union(all_: Nodes, some: Nodes) -> Nodes:
    return {**all_, **some}
