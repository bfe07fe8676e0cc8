"""Figma's REST endpoints as pure functions: what to ask, and what the answer means.

In: file keys and node ids; decoded bodies. Out: `Request`s; styles and nodes. Rule: whatever Figma adds or leaves out
is survived (unknown words, missing fields, null nodes); only an answer of another shape is an error.
Shapes: https://github.com/figma/rest-api-spec
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from exfig_rx.errors import FigmaRefused
from exfig_rx.model import ConfigId, Location, Lookup, Paint, Problem, Request, Rgba, Style, StyleNode, Tier

STYLE_NODES: Final = 500
"""Nodes of styles in the first request: each is small, a few hundred bytes."""


def styles(file_key: str, config: ConfigId) -> Request:
    """The published styles of a file (tier 3, no pages); of no use without their nodes, which are tier 1."""
    return Request(
        Tier.THREE,
        f"{_file(file_key)}/styles",
        (),
        config,
        file_key,
        what=f"styles of file {file_key}",
        rank=0,
        leads_to=Tier.ONE,
    )


def style_nodes(file_key: str) -> Lookup[StyleNode]:
    """The nodes behind styles (tier 1)."""
    return Lookup(
        Tier.ONE,
        f"{_file(file_key)}/nodes",
        file_key,
        noun="style node",
        parse=partial(parse_style_nodes, file_key=file_key),
        portion=STYLE_NODES,
    )


def parse_styles(body: Mapping[str, Any], file_key: str = "") -> tuple[Style, ...]:
    """The styles of a `/styles` answer; items without id or name are left out. Raises FigmaRefused."""
    meta = body.get("meta")
    items = meta.get("styles") if isinstance(meta, Mapping) else None
    if not isinstance(items, list):
        raise _odd("list of styles", file_key)
    return tuple(_styles(items))


def parse_style_nodes(body: Mapping[str, Any], file_key: str = "") -> dict[str, StyleNode | None]:
    """The nodes of a `/nodes` answer by id; None where Figma has no such node. Raises FigmaRefused."""
    nodes = body.get("nodes")
    if not isinstance(nodes, Mapping):
        raise _odd("map of nodes", file_key)
    return {(key := _text(node_id)): _node(key, entry) for node_id, entry in nodes.items()}


def _file(file_key: str) -> str:
    return f"/v1/files/{quote(file_key, safe='')}"


def _styles(items: Sequence[Any]) -> Iterator[Style]:
    for item in items:
        match item:
            case {"node_id": str(node_id), "name": str(name)}:
                yield Style(_text(node_id), _text(name), _text(item.get("style_type")), _text(item.get("description")))


def _node(node_id: str, entry: Any) -> StyleNode | None:
    document = entry.get("document") if isinstance(entry, Mapping) else None
    if not isinstance(document, Mapping):
        return None
    fills = document.get("fills")
    paints = tuple(_paint(fill) for fill in fills if isinstance(fill, Mapping)) if isinstance(fills, list) else ()
    return StyleNode(node_id, _text(document.get("name")), paints)


def _paint(fill: Mapping[str, Any]) -> Paint:
    kind = _text(fill.get("type"))
    color = fill.get("color")
    visible = fill.get("visible") is not False
    if kind != "SOLID" or not isinstance(color, Mapping):
        return Paint(kind, None, visible)
    red, green, blue = (_channel(color.get(name), 0.0) for name in "rgb")
    alpha = _channel(color.get("a"), 1.0) * _channel(fill.get("opacity"), 1.0)
    return Paint(kind, Rgba(red, green, blue, alpha), visible)


def _channel(value: Any, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return default
    return float(min(max(value, 0), 1)) + 0.0  # + 0.0: no minus zero, which prints as -0.000


def _text(value: Any) -> str:
    # JSON can hold half a surrogate pair, which no file and no URL can.
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _odd(what: str, file_key: str) -> FigmaRefused:
    return FigmaRefused(
        Problem(
            "figma.odd-answer",
            f"Figma's answer holds no {what}",
            "Is the address really Figma's API? Check FIGMA_API_URL and --figma-url.",
            Location(figma_file=file_key) if file_key else None,
        ),
        status=200,
    )
