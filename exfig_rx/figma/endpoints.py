"""Figma's REST endpoints as pure functions: what to ask, and what the answer means.

In: file keys and node ids; decoded bodies. Out: `Request`s; styles, nodes, components, addresses of renders. Rule:
whatever Figma adds or leaves out is survived (unknown words, missing fields, null nodes); only an answer of another
shape is an error. Shapes: https://github.com/figma/rest-api-spec
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from exfig_rx.errors import FigmaRefused
from exfig_rx.figma.answers import channel, file_path, mapping, odd_answer, text
from exfig_rx.figma.typography import type_style
from exfig_rx.model import ConfigId, Location, Lookup, Paint, Problem, Request, Rgba, Style, StyleNode, Tier
from exfig_rx.pictures import Component, FileComponents, RenderFormat, RenderSpec

STYLE_NODES: Final = 500
"""Nodes of styles in the first request: each is small, a few hundred bytes."""

RENDERS: Final = {RenderFormat.SVG: 200, RenderFormat.PDF: 100, RenderFormat.PNG: 40, RenderFormat.JPG: 40}
"""Renders in the first request. Figma gives up on a request after about 55 s, and answers no URL beyond 8 kB."""

LARGE_SCALE: Final = 3.0
"""Pixels per point from which on half as many renders go into the first request."""

ADDRESS_GOOD_FOR_S: Final = 7 * 86_400.0
"""How long an address of a render is used again. Figma says 30 days; a dead one is asked anew in any case."""


def styles(file_key: str, config: ConfigId) -> Request:
    """The published styles of a file (tier 3, no pages); of no use without their nodes, which are tier 1."""
    return _library(file_key, "styles", config)


def components(file_key: str, config: ConfigId) -> Request:
    """The published components of a file (tier 3, no pages); of no use without their renders, which are tier 1."""
    return _library(file_key, "components", config)


def style_nodes(file_key: str) -> Lookup[StyleNode]:
    """The nodes behind styles (tier 1)."""
    return Lookup(
        Tier.ONE,
        f"{file_path(file_key)}/nodes",
        file_key,
        noun="style node",
        parse=partial(parse_style_nodes, file_key=file_key),
        portion=STYLE_NODES,
        items="nodes",
    )


def renders(file_key: str, spec: RenderSpec, attempt: int = 1) -> Lookup[str]:
    """The addresses of renders (tier 1); of an `attempt` after the first, Figma is asked again.

    The picture is the whole box of the node, and an SVG is as it was drawn: without ids, and with its strokes.
    """
    is_raster = spec.format in (RenderFormat.PNG, RenderFormat.JPG)
    query = [("format", str(spec.format)), ("use_absolute_bounds", "true")]
    if is_raster:
        query.append(("scale", f"{spec.scale:g}"))
    if spec.format is RenderFormat.SVG:
        query += [("svg_include_id", "false"), ("svg_simplify_stroke", "false")]
    portion = RENDERS[spec.format]
    return Lookup(
        Tier.ONE,
        f"/v1/images/{quote(file_key, safe='')}",
        file_key,
        noun=f"{spec.format.upper()} render",
        parse=partial(parse_renders, file_key=file_key),
        query=tuple(query),
        portion=portion // 2 if is_raster and spec.scale >= LARGE_SCALE else portion,
        optional=True,
        attempt=attempt,
        items="images",
        good_for_s=ADDRESS_GOOD_FOR_S,
    )


def parse_styles(body: Mapping[str, Any], file_key: str = "") -> tuple[Style, ...]:
    """The styles of a `/styles` answer; items without id or name are left out. Raises FigmaRefused."""
    return tuple(_styles(_items(body, "styles", file_key)))


def parse_components(body: Mapping[str, Any], file_key: str) -> FileComponents:
    """The components of a `/components` answer; items without id or name are left out. Raises FigmaRefused."""
    return FileComponents(file_key, tuple(_components(_items(body, "components", file_key))))


def parse_renders(body: Mapping[str, Any], file_key: str = "") -> dict[str, str | None]:
    """The addresses in an `/images` answer by node id; None where Figma could not render. Raises FigmaRefused."""
    images = body.get("images")
    if not isinstance(images, Mapping):
        raise odd_answer("map of images", file_key)
    if not images and (said := text(body.get("err"))):
        raise FigmaRefused(
            Problem(
                "figma.not-rendered",
                f"Figma could render nothing: {said}",
                "try again later; if it stays so, look at the file in Figma",
                Location(figma_file=file_key) if file_key else None,
            ),
            status=200,
        )
    return {_node_id(node_id): text(url) or None for node_id, url in images.items()}


def parse_style_nodes(body: Mapping[str, Any], file_key: str = "") -> dict[str, StyleNode | None]:
    """The nodes of a `/nodes` answer by id; None where Figma has no such node. Raises FigmaRefused."""
    nodes = body.get("nodes")
    if not isinstance(nodes, Mapping):
        raise odd_answer("map of nodes", file_key)
    return {(key := text(node_id)): _node(key, entry) for node_id, entry in nodes.items()}


def _library(file_key: str, what: str, config: ConfigId) -> Request:
    """A question about what a file publishes."""
    return Request(
        Tier.THREE,
        f"{file_path(file_key)}/{what}",
        (),
        config,
        file_key,
        what=f"{what} of file {file_key}",
        rank=0,
        leads_to=Tier.ONE,
        lasting=True,
    )


def _items(body: Mapping[str, Any], what: str, file_key: str) -> Sequence[Any]:
    """The list in an answer about what a file publishes."""
    meta = body.get("meta")
    items = meta.get(what) if isinstance(meta, Mapping) else None
    if not isinstance(items, list):
        raise odd_answer(f"list of {what}", file_key)
    return items


def _styles(items: Sequence[Any]) -> Iterator[Style]:
    for item in items:
        match item:
            case {"node_id": str(node_id), "name": str(name)}:
                yield Style(text(node_id), text(name), text(item.get("style_type")), text(item.get("description")))


def _components(items: Sequence[Any]) -> Iterator[Component]:
    for item in items:
        match item:
            case {"node_id": str(node_id), "name": str(name)} if node_id:
                frame = mapping(item.get("containing_frame"))
                # `containingStateGroup` is the older name of the same thing.
                set_ = mapping(frame.get("containingComponentSet")) or mapping(frame.get("containingStateGroup"))
                yield Component(
                    _node_id(node_id),
                    text(name),
                    text(item.get("description")),
                    text(frame.get("name")),
                    text(frame.get("pageName")),
                    _node_id(set_.get("nodeId")),
                    text(set_.get("name")),
                    _node_id(frame.get("nodeId")),
                )


def _node_id(value: Any) -> str:
    """A node id as the API writes it: links have a hyphen for the colon."""
    written = text(value)
    return written if ":" in written else written.replace("-", ":")


def _node(node_id: str, entry: Any) -> StyleNode | None:
    document = entry.get("document") if isinstance(entry, Mapping) else None
    if not isinstance(document, Mapping):
        return None
    fills = document.get("fills")
    paints = tuple(_paint(fill) for fill in fills if isinstance(fill, Mapping)) if isinstance(fills, list) else ()
    # A color's node can carry a style, too: what it is worth is decided by the type of the published style.
    return StyleNode(node_id, text(document.get("name")), paints, type_style(mapping(document.get("style"))))


def _paint(fill: Mapping[str, Any]) -> Paint:
    kind = text(fill.get("type"))
    color = fill.get("color")
    visible = fill.get("visible") is not False
    if kind != "SOLID" or not isinstance(color, Mapping):
        return Paint(kind, None, visible)
    red, green, blue = (channel(color.get(name), 0.0) for name in "rgb")
    alpha = channel(color.get("a"), 1.0) * channel(fill.get("opacity"), 1.0)
    return Paint(kind, Rgba(red, green, blue, alpha), visible)
